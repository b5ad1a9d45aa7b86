"""From a register, areas and people to one coverage table; and views of it.

The order of work: which places count, how each desa is reached, then the same arithmetic at all four levels.
What each column means stands in `catalogue.MEASURES`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray
from lks_geo.measure.catalogue import MEASURES
from lks_geo.measure.declared import count_declared
from lks_geo.measure.findings import Findings, by_road, find, reached
from lks_geo.measure.ground import survey
from lks_geo.measure.levels import Level, level
from lks_geo.measure.people import cover, deciding_share, per_1000
from lks_geo.measure.presence import (
    count_pointless,
    notes,
    places_in_use,
    supply,
    totals,
)
from lks_geo.measure.status import classify, rank_needs
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, TOTAL, Boundaries, Coverage, Population, Register, RegisterFrame

AnyArray = npt.NDArray[Any]

KEYS = ("level", "kode", "kode_bps", "nama", "kecamatan", "kabupaten", "kelompok")
"""The columns of a coverage table before the measures."""


def measure_coverage(
    register: Register, boundaries: Boundaries, population: Population, settings: Settings
) -> Coverage:
    """All measures of DESIGN section 5 for every area of all four levels and every group of the settings.

    Sensitive groups are not masked yet: `safeguard.protect` does that. `settings.kabupaten` is not applied: `restrict`.
    """
    places = places_in_use(register, settings)
    of = supply(places, boundaries.desa.index, settings)
    levels = {key: level(boundaries, key) for key in LEVELS}
    target = target_of(population, boundaries, settings)
    found = find(survey(boundaries, population), of, target, boundaries, settings)
    declared = count_declared(places, of, levels, len(settings.groups))
    pointless = count_pointless(places, of, levels, len(settings.groups))
    columns, unserved = {}, np.empty(0)
    for key, one in levels.items():
        columns[key] = _measures(one, found, settings) | {"lks_melapor": declared[key]}
        if one.is_desa:
            unserved = (columns[key]["status"] == "belum_terlayani").astype(float)
            columns[key] |= _of_desa_only(columns[key], found)
        else:
            columns[key]["lks_tanpa_titik"] = pointless[key]
        columns[key]["desa_belum_terlayani"] = one.total(unserved)
    return Coverage(
        table=_table(levels, columns, settings),
        places=RegisterFrame(places.sort_index()),
        measures=MEASURES,
        settings=settings,
        boundaries=boundaries,
        population=population,
        register=register,
        totals=totals(places, of, settings),
        notes=(*notes(places, settings), *found.notes),
    )


def target_of(population: Population, boundaries: Boundaries, settings: Settings) -> FloatArray:
    """People of each desa and group (desa x groups), NaN where not known; a group the file lacks is not known."""
    keys = [group.key for group in settings.groups]
    return population.table.reindex(index=boundaries.desa.index, columns=keys).to_numpy(dtype=float, na_value=np.nan)


def _measures(one: Level, found: Findings, settings: Settings) -> dict[str, AnyArray]:
    """The measures that every level has, each an array of areas x groups."""
    known, size = one.known(found.target), one.size()[:, None]
    target, reached, reached_low = (
        np.where(known > 0, one.total(people), np.nan)
        for people in (found.target, found.target * found.share, found.target * found.share_low)
    )
    share, share_low = (one.mean(part, found.area_km2[:, None]) for part in (found.share, found.share_low))
    coverage, complete = cover(target, reached, share), known == size
    count = one.total(found.count.astype(float))
    capacity = np.where(one.known(found.capacity) > 0, one.total(found.capacity), np.nan)
    deciding = deciding_share(target, complete, coverage, share)
    return {
        "jumlah_lks": count,
        "sasaran": target,
        "sasaran_lengkap": complete,
        "jarak_km": one.mean_by_people(found.km, found.target, found.area_km2),
        "pangsa_terjangkau": share,
        "terjangkau": reached,
        "cakupan": coverage,
        "cakupan_terendah": cover(target, reached_low, share_low),
        "cakupan_dari_luas": np.isnan(target),
        "belum_terjangkau": target - reached,
        "kapasitas": capacity,
        "rasio_lks_per_1000": per_1000(count, target),
        "rasio_kapasitas_per_1000": per_1000(capacity, target),
        "akses_2sfca": one.mean_by_people(found.access, found.target, found.area_km2),
        "jumlah_desa": np.broadcast_to(size, target.shape),
        "status": classify(target, complete, (count > 0) & one.is_desa, deciding, settings.threshold),
    }


def _of_desa_only(columns: Mapping[str, AnyArray], found: Findings) -> dict[str, AnyArray]:
    ranks = [
        rank_needs(status, unreached, km)
        for status, unreached, km in zip(columns["status"].T, columns["belum_terjangkau"].T, found.km.T, strict=True)
    ]
    rank = np.column_stack(ranks).astype(float)
    return {"lks_terdekat": found.nearest, "prioritas": np.where(rank > 0, rank, np.nan)}


def _table(
    levels: Mapping[str, Level], columns: Mapping[str, Mapping[str, AnyArray]], settings: Settings
) -> pd.DataFrame:
    """One row per level, area and group; a measure that a level does not have is NA there."""
    groups = [group.key for group in settings.groups]
    areas = pd.concat([one.names.assign(level=key) for key, one in levels.items()]).reset_index(names="kode")
    table = areas[list(KEYS[:-1])].take(np.repeat(np.arange(len(areas)), len(groups))).reset_index(drop=True)
    filled: dict[str, object] = {"kelompok": pd.array(groups * len(areas), dtype="str")}
    for measure in MEASURES:
        parts = [
            columns[key][measure.key].ravel()
            if measure.key in columns[key]
            else np.full(len(one.names) * len(groups), None)
            for key, one in levels.items()
        ]
        filled[measure.key] = _typed(pd.Series(np.concatenate(parts)), measure.kind)
    return pd.concat([table, pd.DataFrame(filled)], axis=1)


def _typed(values: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Counts as Int64, flags as boolean, texts as str, all others as float64."""
    match kind:
        case "count":
            return values.astype("float64").astype("Int64")
        case "flag":
            return values.astype("boolean")
        case "text":
            return values.astype("str")
        case _:
            return values.astype("float64")


def restrict(
    coverage: Coverage, *, kabupaten: Collection[str] = (), groups: Collection[str] = (), levels: Collection[str] = ()
) -> Coverage:
    """A coverage that shows only some kabupaten (codes), groups (keys) and levels; empty = all. No number changes.

    With `kabupaten` the province rows go, and of the places those stay that stand there (or whose kabupaten is only
    known) or are the nearest of a desa there. With `groups` the places lose their other services and those that have
    none left go. Mask first (`safeguard.protect`): a `ValueError` if a sensitive group would go unmasked, because the
    settings would forget that it is one.
    """
    table, places, settings = coverage.table, coverage.places, coverage.settings
    sensitivity = coverage.sensitivity
    if levels:
        table = table[table["level"].isin(levels)]
    if groups:
        gone = [group.key for group in settings.groups if group.sensitive and group.key not in groups]
        if gone and not coverage.masked and not settings.show_sensitive:
            raise ValueError(f"mask the coverage before leaving out {gone}")
        table = table[table["kelompok"].isin(groups)]
        settings = replace(settings, groups=tuple(group for group in settings.groups if group.key in groups))
        if sensitivity is not None:
            sensitivity = sensitivity[sensitivity["kelompok"].isin(groups)].reset_index(drop=True)
        places = _serving(places, set(groups))
    if kabupaten:
        table = table[table["kode"].isin(_inside(coverage.boundaries, kabupaten))]
        settings = replace(settings, kabupaten=tuple(kabupaten))
        near = table["lks_terdekat"].dropna()
        places = RegisterFrame(places[places["kode_kabupaten"].isin(kabupaten) | places["id"].isin(near)])
    kept = {key: total for key, total in coverage.totals.items() if not groups or key in (*groups, TOTAL)}
    return replace(
        coverage,
        table=table.reset_index(drop=True),
        places=places,
        settings=settings,
        totals=kept,
        sensitivity=sensitivity,
    )


def _inside(boundaries: Boundaries, kabupaten: Collection[str]) -> set[str]:
    desa = boundaries.desa[boundaries.desa["kode_kabupaten"].isin(kabupaten)]
    return {*desa.index, *desa["kode_kecamatan"], *kabupaten}


def _serving(places: RegisterFrame, groups: Collection[str]) -> RegisterFrame:
    kept = places.assign(
        layanan=places["layanan"].map(lambda services: tuple(one for one in services if one[0] in groups)),
        kelompok=places["kelompok"].map(lambda keys: tuple(key for key in keys if key in groups)),
    )
    return RegisterFrame(kept[kept["kelompok"].map(bool).astype(bool)])


def reach_sensitivity(
    register: Register,
    boundaries: Boundaries,
    population: Population,
    settings: Settings,
    reaches_km: Sequence[float],
) -> pd.DataFrame:
    """How the share served grows with reach, because reach is an assumption.

    One row per reach and group over all areas, or those of `settings.kabupaten`: `jangkauan_km`, `kelompok`, `sasaran`,
    `terjangkau`, `cakupan` (see MEASURES). Each reach is used for all groups and systems alike.
    """
    places = places_in_use(register, settings)
    ground, target = survey(boundaries, population), target_of(population, boundaries, settings)
    asked = boundaries.desa["kode_kabupaten"].isin(settings.kabupaten).to_numpy() | (not settings.kabupaten)
    whole = Level(key="semua", names=pd.DataFrame(index=["semua"]), area_of_desa=asked.astype(np.int64) - 1)
    groups = settings.groups
    road = by_road(ground, supply(places, boundaries.desa.index, settings), boundaries, settings)
    parts = []
    for reach in sorted(set(reaches_km)):
        plain = tuple(replace(one, reach_km=None, reach_inside_km=None, reach_outside_km=None) for one in groups)
        uniform = replace(settings, reach_km=float(reach), groups=plain)
        of = supply(places, boundaries.desa.index, uniform)
        share, _, _ = reached(ground, of, uniform, road)
        known = whole.known(target) > 0
        people, served = (np.where(known, whole.total(part), np.nan) for part in (target, target * share))
        covered = cover(people, served, whole.mean(share, ground.area_km2[:, None]))
        columns = {"sasaran": people[0], "terjangkau": served[0], "cakupan": covered[0]}
        parts.append(pd.DataFrame({"jangkauan_km": float(reach), "kelompok": [one.key for one in groups], **columns}))
    return pd.concat(parts, ignore_index=True)
