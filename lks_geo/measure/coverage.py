"""From a register, areas and people to one coverage table.

The order of work: which places count, how each desa is reached, then the same arithmetic at all four levels.
What each column means stands in `catalogue.MEASURES`. Then views of a coverage: some of its kabupaten, groups and
levels; and how the share served grows with reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.catalogue import MEASURES
from lks_geo.geo import FloatArray
from lks_geo.measure.area_values import Level, classify, coverage_share, deciding_share, level_of, per_1000, rank_needs
from lks_geo.measure.desa_values import (
    DesaValues,
    nearest_places,
    notes_again,
    reached_shares,
    shares_at_reaches,
    travel_by_road,
    value_desa,
)
from lks_geo.measure.ground import Ground, survey
from lks_geo.measure.supply import Presence, count_declared, filter_notes, place_totals, places_in_use, supply_of
from lks_geo.settings import Settings
from lks_geo.tables import KEY_COLUMNS, LEVELS, Boundaries, Coverage, Population, Register, RegisterFrame
from lks_geo.thrift import begun, give_back

AnyArray = npt.NDArray[Any]


def measure_coverage(
    register: Register,
    boundaries: Boundaries,
    population: Population,
    settings: Settings,
    *,
    ground: Ground | None = None,
) -> Coverage:
    """All measures for every area of all four levels and every group of the settings.

    `ground`: that of these boundaries and people, if known. `settings.kabupaten` is not applied: `restrict` does that.
    """
    keys = [group.key for group in settings.groups]
    places = places_in_use(register, settings)
    supply = supply_of(places, boundaries.desa.index, settings)
    places = places.assign(kelompok_dihitung=pd.Series(supply.groups_of_places(keys), index=places.index, dtype=object))
    levels = {key: level_of(boundaries, key) for key in LEVELS}
    target = target_of(population, boundaries, settings)
    estimated = population.estimated(keys).reindex(boundaries.desa.index).to_numpy(dtype=float)
    valued = begun(lambda: value_desa(ground or survey(boundaries, population), supply, target, boundaries, settings))
    presence = Presence(places, supply, levels, len(keys))
    declared = count_declared(places, supply, levels, len(keys))
    desa = valued()
    give_back()
    silent = boundaries.desa["kode_kabupaten"].isin(unreported_kabupaten(register, boundaries, settings)).to_numpy()
    columns: dict[str, dict[str, AnyArray]] = {}
    unserved = np.empty(0)
    for key, level in levels.items():
        columns[key] = _measures(level, desa, presence, silent, settings) | {
            "lks_melapor": declared[key],
            "sasaran_perkiraan": level.total(estimated) > 0,
        }
        if level.is_desa:
            unserved = (columns[key]["status"] == "belum_terlayani").astype(float)
            columns[key] |= _of_desa_only(columns[key], desa)
        else:
            columns[key] |= {
                "lks_disamarkan": presence.disguised(level),
                "lks_tanpa_titik": presence.pointless(level),
            }
        columns[key]["desa_belum_terlayani"] = level.total(unserved)
    return Coverage(
        table=_table(levels, columns, settings),
        places=RegisterFrame(places),
        measures=MEASURES,
        settings=settings,
        boundaries=boundaries,
        population=population,
        register=register,
        totals=place_totals(places, keys),
        notes=(*filter_notes(places, register, settings), *desa.notes),
        unreported=unreported_kabupaten(register, boundaries, settings),
    )


def target_of(population: Population, boundaries: Boundaries, settings: Settings) -> FloatArray:
    """People of each desa and group (desa x groups), NaN where not known; a group the file lacks is not known."""
    keys = [group.key for group in settings.groups]
    return population.table.reindex(index=boundaries.desa.index, columns=keys).to_numpy(dtype=float, na_value=np.nan)


def unreported_kabupaten(register: Register, boundaries: Boundaries, settings: Settings) -> tuple[str, ...]:
    """Codes of the kabupaten of which the register has no row, unless it is said to be complete."""
    if settings.register_complete:
        return ()
    return tuple(sorted(set(boundaries.desa["kode_kabupaten"].dropna().unique()) - register.reported))


def _measures(
    level: Level, desa: DesaValues, presence: Presence, silent: npt.NDArray[np.bool_], settings: Settings
) -> dict[str, AnyArray]:
    """The measures that every level has, each an array of areas x groups; `silent`: desa that nobody reports."""
    known, size = level.known(desa.target), level.size()[:, None]
    target, reached, reached_low = (
        np.where(known > 0, level.total(people), np.nan)
        for people in (desa.target, desa.target * desa.share, desa.target * desa.share_sure)
    )
    share, share_low = (level.mean(part, desa.area_km2[:, None]) for part in (desa.share, desa.share_sure))
    coverage, complete = coverage_share(target, reached, share), known == size
    count, capacity = presence.places(level), presence.capacity(level)
    deciding = deciding_share(target, complete, coverage, share)
    unreported = level.total(silent.astype(float))[:, None] == size
    return {
        "jumlah_lks": count,
        "sasaran": target,
        "sasaran_lengkap": complete,
        "desa_diketahui": known,
        "jarak_km": level.mean_by_people(desa.km, desa.target, desa.area_km2),
        "pangsa_terjangkau": share,
        "terjangkau": reached,
        "cakupan": coverage,
        "cakupan_terendah": coverage_share(target, reached_low, share_low),
        "cakupan_dari_luas": np.isnan(target),
        "belum_terjangkau": target - reached,
        "kapasitas": capacity,
        "rasio_lks_per_1000": per_1000(count, target),
        "rasio_kapasitas_per_1000": per_1000(capacity, target),
        "akses_2sfca": level.mean_by_people(desa.access, desa.target, desa.area_km2),
        "jumlah_desa": np.broadcast_to(size, target.shape),
        "status": classify(target, complete, (count > 0) & level.is_desa, deciding, settings.threshold, unreported),
    }


def _of_desa_only(columns: Mapping[str, AnyArray], desa: DesaValues) -> dict[str, AnyArray]:
    ranks = _ranks(columns["status"], columns["belum_terjangkau"], desa.km)
    return {"lks_terdekat": desa.nearest, "prioritas": ranks}


def _ranks(status: AnyArray, unreached: FloatArray, km: FloatArray) -> FloatArray:
    """`prioritas` of the desa, group by group; NaN where there is no need."""
    ranks = [rank_needs(*columns) for columns in zip(status.T, unreached.T, km.T, strict=True)]
    rank = np.column_stack(ranks).astype(float)
    return np.where(rank > 0, rank, np.nan)


def _table(
    levels: Mapping[str, Level], columns: Mapping[str, Mapping[str, AnyArray]], settings: Settings
) -> pd.DataFrame:
    """One row per level, area and group; a measure that a level does not have is NA there."""
    groups = [group.key for group in settings.groups]
    areas = pd.concat([level.names.assign(level=key) for key, level in levels.items()]).reset_index(names="kode")
    table = areas[list(KEY_COLUMNS[:-1])].take(np.repeat(np.arange(len(areas)), len(groups))).reset_index(drop=True)
    filled: dict[str, object] = {"kelompok": pd.array(groups * len(areas), dtype="str")}
    for measure in MEASURES:
        parts = [
            columns[key][measure.key].ravel()
            if measure.key in columns[key]
            else np.full(len(level.names) * len(groups), None)
            for key, level in levels.items()
        ]
        filled[measure.key] = _typed(pd.Series(np.concatenate(parts)), measure.kind)
    return pd.concat([table, pd.DataFrame(filled)], axis=1)


def _typed(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Counts as Int64, flags as boolean, texts as str, all others as float64."""
    match kind:
        case "count":
            numbers = values.to_numpy(dtype="float64", na_value=np.nan)
            none = np.isnan(numbers)
            return pd.Series(pd.arrays.IntegerArray(np.where(none, 0, numbers).astype(np.int64), none))
        case "flag":
            return values.astype("boolean")
        case "text":
            return values.astype("str")
        case _:
            return values.astype("float64")


def restrict(
    coverage: Coverage, *, kabupaten: Collection[str] = (), groups: Collection[str] = (), levels: Collection[str] = ()
) -> Coverage:
    """A coverage that shows only some kabupaten (codes), groups (keys) and levels; empty = all.

    No number of the table changes; `totals`, `notes`, `unreported` become those of the view. With `kabupaten` province
    rows go, and of the places those stay that stand there (or whose kabupaten is only known) or are the nearest of a
    desa there, though these are in no total. With `groups` the places lose their other services and those that have
    none left go. A table of reaches is of all that was in view, so it goes with `kabupaten`.
    """
    table, places, settings = coverage.table, coverage.places, coverage.settings
    sensitivity = None if kabupaten else coverage.sensitivity
    if levels:
        table = table[table["level"].isin(levels)]
    if groups:
        table = table[table["kelompok"].isin(groups)]
        settings = replace(settings, groups=tuple(group for group in settings.groups if group.key in groups))
        if sensitivity is not None:
            sensitivity = sensitivity[sensitivity["kelompok"].isin(groups)].reset_index(drop=True)
        places = _serving(places, set(groups))
    inside = np.ones(len(places), dtype=bool)
    shown = settings.kabupaten
    if kabupaten:
        table = table[table["kode"].isin(_inside(coverage.boundaries, kabupaten))]
        settings = replace(settings, kabupaten=tuple(kabupaten))
        shown = settings.kabupaten
    if shown:
        near = table["lks_terdekat"].dropna()
        places = RegisterFrame(places[places["kode_kabupaten"].isin(shown) | places["id"].isin(near)])
        inside = places["kode_kabupaten"].isin(shown).to_numpy()
    return replace(
        coverage,
        table=table.reset_index(drop=True),
        places=places,
        settings=settings,
        totals=place_totals(places[inside], [group.key for group in settings.groups]),
        sensitivity=sensitivity,
        notes=(
            *filter_notes(places[inside], coverage.register, settings),
            *notes_again(coverage.notes, target_of(coverage.population, coverage.boundaries, settings), settings),
        ),
        unreported=tuple(code for code in coverage.unreported if not shown or code in shown),
    )


def _inside(boundaries: Boundaries, kabupaten: Collection[str]) -> set[str]:
    desa = boundaries.desa[boundaries.desa["kode_kabupaten"].isin(kabupaten)]
    return {*desa.index, *desa["kode_kecamatan"], *kabupaten}


def _serving(places: RegisterFrame, groups: Collection[str]) -> RegisterFrame:
    kept = places.assign(
        layanan=places["layanan"].map(lambda services: tuple(service for service in services if service[0] in groups)),
        kelompok=places["kelompok"].map(lambda keys: tuple(key for key in keys if key in groups)),
        kelompok_dihitung=places["kelompok_dihitung"].map(lambda keys: tuple(key for key in keys if key in groups)),
    )
    return RegisterFrame(kept[kept["kelompok"].map(bool).astype(bool)])


AtReach = dict[str, dict[str, AnyArray]]
"""By level: `pangsa_terjangkau, terjangkau, status, desa_belum_terlayani` and, of desa, `prioritas`; areas x groups."""
MANY_DESA = 1500
"""More desa make an interactive map too large to hold all reaches."""


def measure_at_reaches(
    register: Register,
    boundaries: Boundaries,
    population: Population,
    views: Sequence[Settings],
    reaches_km: Sequence[float],
) -> list[dict[float, AtReach]]:
    """What depends on reach, for each of `views` by reach (km), the same reach for all groups and systems.

    The numbers of `measure_coverage` with that reach, to rounding, for all areas of the boundaries. `views`: settings
    that differ in their filters only. Nothing along roads, for more than MANY_DESA, or at the reach of the settings.
    """
    settings = views[0]
    own = {settings.reach_of(group, system) for group in settings.groups for system in (None, "dalam", "luar")}
    reaches_km = [km for km in reaches_km if own != {km}]
    if settings.roads is not None or len(boundaries.desa) > MANY_DESA:
        return []
    ground, target = survey(boundaries, population), target_of(population, boundaries, settings)
    levels = {key: level_of(boundaries, key) for key in LEVELS if key != "provinsi"}
    silent = boundaries.desa["kode_kabupaten"].isin(unreported_kabupaten(register, boundaries, settings)).to_numpy()
    used = [places_in_use(register, view) for view in views]
    supplies = [supply_of(places, boundaries.desa.index, settings) for places in used]
    shares = shares_at_reaches(ground, supplies, reaches_km, settings)
    found = []
    for places, supply, by_reach in zip(used, supplies, shares, strict=True):
        count = Presence(places, supply, levels, target.shape[1]).places(levels["desa"])
        km = nearest_places(ground, supply, target.shape[1])[0]
        of_levels = {
            reach: {
                key: _at_reach(level, target, share, ground.area_km2, count > 0, silent, settings)
                for key, level in levels.items()
            }
            for reach, share in by_reach.items()
        }
        for columns in of_levels.values():
            desa = columns["desa"]
            desa["prioritas"] = _ranks(desa["status"], target - desa["terjangkau"], km)
            unserved = (desa["status"] == "belum_terlayani").astype(float)
            for key, level in levels.items():
                columns[key]["desa_belum_terlayani"] = level.total(unserved)
        found.append(of_levels)
    return found


def _at_reach(
    level: Level,
    target: FloatArray,
    share: FloatArray,
    area_km2: FloatArray,
    present: npt.NDArray[np.bool_],
    silent: npt.NDArray[np.bool_],
    settings: Settings,
) -> dict[str, AnyArray]:
    known, size = level.known(target), level.size()[:, None]
    people, reached = (np.where(known > 0, level.total(part), np.nan) for part in (target, target * share))
    mean = level.mean(share, area_km2[:, None])
    coverage, complete = coverage_share(people, reached, mean), known == size
    deciding = deciding_share(people, complete, coverage, mean)
    there = present if level.is_desa else np.zeros(people.shape, dtype=bool)
    unreported = level.total(silent.astype(float))[:, None] == size
    status = classify(people, complete, there, deciding, settings.threshold, unreported)
    return {"pangsa_terjangkau": mean, "terjangkau": reached, "status": status}


def one_reach(settings: Settings, reach_km: float) -> Settings:
    """The settings with the same reach for all groups and systems."""
    groups = settings.groups
    plain = tuple(replace(group, reach_km=None, reach_inside_km=None, reach_outside_km=None) for group in groups)
    return replace(settings, reach_km=float(reach_km), groups=plain)


def reach_sensitivity(
    register: Register, boundaries: Boundaries, population: Population, settings: Settings,
    reaches_km: Sequence[float], views: Sequence[Collection[str]],
) -> list[pd.DataFrame]:  # fmt: skip
    """How the share served grows with reach, because reach is an assumption; a table for each of `views`.

    A view is some kabupaten (codes; none: all), of which the reported count. One row per reach and group:
    `jangkauan_km, kelompok, sasaran, terjangkau, cakupan` (see MEASURES). A reach is for all groups and systems.
    """
    places, target = places_in_use(register, settings), target_of(population, boundaries, settings)
    ground = survey(boundaries, population)
    road = travel_by_road(ground, supply_of(places, boundaries.desa.index, settings), boundaries, settings)
    kabupaten, groups = boundaries.desa["kode_kabupaten"], [group.key for group in settings.groups]
    told = ~kabupaten.isin(unreported_kabupaten(register, boundaries, settings))
    summed = [(told & (kabupaten.isin(view) | (not view))).to_numpy(dtype=np.int64) for view in views]
    levels = [Level(key="view", names=pd.DataFrame(index=["view"]), area_of_desa=inside - 1) for inside in summed]
    parts: list[list[pd.DataFrame]] = [[] for _ in views]
    for reach in sorted(set(map(float, reaches_km))):
        uniform = one_reach(settings, reach)
        share = reached_shares(ground, supply_of(places, boundaries.desa.index, uniform), uniform, road).all
        for level, part in zip(levels, parts, strict=True):
            known = level.known(target) > 0
            people, served = (np.where(known, level.total(sums), np.nan) for sums in (target, target * share))
            covered = coverage_share(people, served, level.mean(share, ground.area_km2[:, None]))
            columns = {"kelompok": groups, "sasaran": people[0], "terjangkau": served[0], "cakupan": covered[0]}
            part.append(pd.DataFrame({"jangkauan_km": reach, **columns}))
    return [pd.concat(part, ignore_index=True) for part in parts]
