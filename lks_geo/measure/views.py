"""Views of a coverage: some of its kabupaten, groups and levels; and how the share served grows with reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from lks_geo.measure.coverage import target_of, unreported_kabupaten
from lks_geo.measure.desa_values import reached_shares, travel_by_road
from lks_geo.measure.ground import survey
from lks_geo.measure.levels import Level
from lks_geo.measure.status import coverage_share
from lks_geo.measure.supply import place_totals, places_in_use, supply_of
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Coverage, Population, Register, RegisterFrame


def restrict(
    coverage: Coverage, *, kabupaten: Collection[str] = (), groups: Collection[str] = (), levels: Collection[str] = ()
) -> Coverage:
    """A coverage that shows only some kabupaten (codes), groups (keys) and levels; empty = all.

    No number of the table changes; `totals` and `unreported` become those of the view. With `kabupaten` the province
    rows go, and of the places those stay that stand there (or whose kabupaten is only known) or are the nearest of a
    desa there, though these are in no total. With `groups` the places lose their other services and those that have
    none left go.
    """
    table, places, settings = coverage.table, coverage.places, coverage.settings
    sensitivity = coverage.sensitivity
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


def reach_sensitivity(
    register: Register,
    boundaries: Boundaries,
    population: Population,
    settings: Settings,
    reaches_km: Sequence[float],
) -> pd.DataFrame:
    """How the share served grows with reach, because reach is an assumption.

    One row per reach and group over all reported kabupaten, or those of `settings.kabupaten`: `jangkauan_km`,
    `kelompok`, `sasaran`, `terjangkau`, `cakupan` (see MEASURES). Each reach is used for all groups and systems alike.
    """
    places = places_in_use(register, settings)
    ground, target = survey(boundaries, population), target_of(population, boundaries, settings)
    kabupaten = boundaries.desa["kode_kabupaten"]
    asked = kabupaten.isin(settings.kabupaten) | (not settings.kabupaten)
    summed = (asked & ~kabupaten.isin(unreported_kabupaten(register, boundaries, settings))).to_numpy(dtype=np.int64)
    whole = Level(key="view", names=pd.DataFrame(index=["view"]), area_of_desa=summed - 1)
    groups = settings.groups
    road = travel_by_road(ground, supply_of(places, boundaries.desa.index, settings), boundaries, settings)
    parts = []
    for reach in sorted(set(reaches_km)):
        plain = tuple(replace(group, reach_km=None, reach_inside_km=None, reach_outside_km=None) for group in groups)
        uniform = replace(settings, reach_km=float(reach), groups=plain)
        share = reached_shares(ground, supply_of(places, boundaries.desa.index, uniform), uniform, road).all
        known = whole.known(target) > 0
        people, served = (np.where(known, whole.total(part), np.nan) for part in (target, target * share))
        covered = coverage_share(people, served, whole.mean(share, ground.area_km2[:, None]))
        columns = {"sasaran": people[0], "terjangkau": served[0], "cakupan": covered[0]}
        parts.append(
            pd.DataFrame({"jangkauan_km": float(reach), "kelompok": [group.key for group in groups], **columns})
        )
    return pd.concat(parts, ignore_index=True)
