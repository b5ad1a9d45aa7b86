"""Which places count, whom they serve and how far they reach; and how many and how large they are in each desa.

A place whose activity is not known does not count as active. An accreditation without an expiry date counts as valid,
because old certificates often carry none; how many that concerns is told in a note. A filter on the system
(dalam/luar panti) looks at each service, so a place may count for one group and not for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray
from lks_geo.measure.levels import Level
from lks_geo.measure.nearby import IntArray
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import PARENT_COLUMNS, TOTAL, PlaceTotals, Register

RANKS = ("A", "B", "C")
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The places in use, sorted by id, and the services of those that count.

    Per place: `id`, `lon`, `lat` (NaN: it reaches nobody), `desa` (position among the desa, -1 outside all), `capacity`
    (people, NaN = not known), `sure` (neither doubtful nor at an approximate location), `counted`.
    Per service, that is per counted place and group it serves: `place` and `group` (positions) and `reach_km`.
    """

    id: npt.NDArray[np.object_]
    lon: FloatArray
    lat: FloatArray
    desa: IntArray
    capacity: FloatArray
    sure: BoolArray
    counted: BoolArray
    place: IntArray
    group: IntArray
    reach_km: FloatArray

    def reaching(self, group: int) -> IntArray:
        """Positions in the service arrays of those that serve the group from a known point, in order of place id."""
        return np.flatnonzero((self.group == group) & ~np.isnan(self.lon[self.place]))


def places_in_use(register: Register, settings: Settings) -> pd.DataFrame:
    """The places of the register, sorted by id, with `dihitung`: whether each passes the filters of the settings."""
    places = register.places.sort_values("id", kind="stable")
    keep = np.ones(len(places), dtype=bool)
    if settings.active_only and register.status_recorded:
        keep &= _is(places["aktif"], True)
    if settings.accredited:
        expired = (places["berlaku_sampai"] < pd.Timestamp(settings.day)).to_numpy(dtype=bool)
        keep &= places["akreditasi"].isin(RANKS).to_numpy(dtype=bool) & ~expired
    if settings.legal_entity is not None:
        keep &= _is(places["badan_hukum"], settings.legal_entity)
    if settings.developments:
        keep &= places["perkembangan"].isin(settings.developments).to_numpy(dtype=bool)
    if settings.system:
        serves = [any(system == settings.system for _, system in services) for services in places["layanan"]]
        keep &= np.array(serves, dtype=bool)
    return places.assign(dihitung=keep)


def _is(flags: pd.Series[bool], wanted: bool) -> BoolArray:
    """Whether each flag is known to be `wanted`."""
    return (flags.astype("boolean") == wanted).fillna(False).to_numpy(dtype=bool)


def supply(places: pd.DataFrame, desa: pd.Index[str], settings: Settings) -> Supply:
    """The `Supply` of places as `places_in_use` gives them, for the desa whose codes are `desa`."""
    counted = places["dihitung"].to_numpy(dtype=bool)
    lon, lat = (places[name].to_numpy(dtype=float, na_value=np.nan).copy() for name in ("bujur", "lintang"))
    nowhere = ~located(places, "titik", "perkiraan", "luar_wilayah") | np.isnan(lon) | np.isnan(lat)
    lon[nowhere] = lat[nowhere] = np.nan
    place, group, reach_km = _services(places, counted, settings)
    return Supply(
        id=places["id"].to_numpy(dtype=object),
        lon=lon,
        lat=lat,
        desa=desa.get_indexer(pd.Index(places["kode_desa"])).astype(np.int64),
        capacity=places["kapasitas"].to_numpy(dtype=float, na_value=np.nan),
        sure=~(doubtful(places) | located(places, "perkiraan")),
        counted=counted,
        place=place,
        group=group,
        reach_km=reach_km,
    )


def _services(places: pd.DataFrame, counted: BoolArray, settings: Settings) -> tuple[IntArray, IntArray, FloatArray]:
    """Per counted place and group: the largest reach of its services that pass the filter on the system."""
    position = {group.key: number for number, group in enumerate(settings.groups)}
    reach = {
        (group.key, system): settings.reach_of(group, system)
        for group in settings.groups
        for system in (None, "dalam", "luar")
    }
    rows: list[tuple[int, int, float]] = []
    layanan = places["layanan"].to_numpy(dtype=object)
    for place in np.flatnonzero(counted):
        farthest: dict[int, float] = {}
        for key, system in layanan[place]:
            if key in position and settings.system in (None, system):
                group = position[key]
                farthest[group] = max(farthest.get(group, 0.0), reach[key, system])
        rows += [(int(place), group, km) for group, km in farthest.items()]
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def count_in_desa(of: Supply, desa: int, groups: int) -> IntArray:
    """Counted places per desa and group (desa x groups), by where they stand."""
    cell, inside = _cells(of, groups)
    return np.bincount(cell[inside], minlength=desa * groups).reshape(desa, groups)


def capacity_in_desa(of: Supply, desa: int, groups: int) -> FloatArray:
    """Sum of the known capacities per desa and group (desa x groups, people); NaN where none is known.

    A place that serves several groups gives its full capacity to each: registers do not say how it is shared.
    """
    cell, inside = _cells(of, groups)
    capacity = of.capacity[of.place]
    known = inside & ~np.isnan(capacity)
    total = np.bincount(cell[known], weights=capacity[known], minlength=desa * groups)
    none_known = np.bincount(cell[known], minlength=desa * groups) == 0
    return np.where(none_known, np.nan, total).reshape(desa, groups)


def _cells(of: Supply, groups: int) -> tuple[IntArray, BoolArray]:
    where = of.desa[of.place]
    return where * groups + of.group, where >= 0


def count_pointless(places: pd.DataFrame, of: Supply, levels: Mapping[str, Level], groups: int) -> dict[str, IntArray]:
    """`lks_tanpa_titik` of the levels above the desa (areas x groups): counted places of which only the area is known.

    A place of which not even the kabupaten is known counts in the province, if there is only one.
    """
    pointless = ((of.desa < 0) & ~located(places, "luar_wilayah"))[of.place]
    place, group = of.place[pointless], of.group[pointless]
    provinces = levels["kabupaten"].names[PARENT_COLUMNS["provinsi"]]
    only = provinces.iloc[0] if provinces.nunique() == 1 else None
    code = {
        "kecamatan": places["kode_kecamatan"],
        "kabupaten": places["kode_kabupaten"],
        "provinsi": places["kode_kabupaten"].map(provinces).fillna(only),
    }
    found = {}
    for key, codes in code.items():
        index = levels[key].names.index
        area = index.get_indexer(pd.Index(codes))[place]
        cell = (area * groups + group)[area >= 0]
        found[key] = np.bincount(cell, minlength=len(index) * groups).reshape(len(index), groups)
    return found


def totals(places: pd.DataFrame, of: Supply, settings: Settings) -> Mapping[str, PlaceTotals]:
    """How the counted places add up: one entry per group, and all places once under `TOTAL`."""
    found = {TOTAL: _total(places, of, np.ones(len(places), dtype=bool), of.counted)}
    for number, group in enumerate(settings.groups):
        serves = np.fromiter((group.key in keys for keys in places["kelompok"]), dtype=bool, count=len(places))
        counted = np.zeros(len(places), dtype=bool)
        counted[of.place[of.group == number]] = True
        found[group.key] = _total(places, of, serves, counted)
    return found


def _total(places: pd.DataFrame, of: Supply, used: BoolArray, counted: BoolArray) -> PlaceTotals:
    outside, inside = located(places, "luar_wilayah"), of.desa >= 0
    return PlaceTotals(
        used=int(used.sum()),
        counted=int(counted.sum()),
        in_areas=int((counted & inside).sum()),
        tanpa_titik=int((counted & ~inside & ~outside).sum()),
        luar_wilayah=int((counted & ~inside & outside).sum()),
        doubtful=int((counted & doubtful(places)).sum()),
        approximate=int((counted & located(places, "perkiraan")).sum()),
        status_unknown=int((used & places["aktif"].isna().to_numpy(dtype=bool)).sum()),
    )


def located(places: pd.DataFrame, *how: str) -> BoolArray:
    """Whether the location of each place is one of `how` (see tables.LOCATIONS)."""
    return places["lokasi"].isin(how).to_numpy(dtype=bool)


def doubtful(places: pd.DataFrame) -> BoolArray:
    """Whether each place needs a check."""
    return (places["hasil"] == "meragukan").to_numpy(dtype=bool)


def notes(places: pd.DataFrame, settings: Settings) -> tuple[Message, ...]:
    """What the filters had to assume."""
    if not settings.accredited:
        return ()
    undated = int((places["dihitung"] & places["berlaku_sampai"].isna()).sum())
    return (msg("measure.no_expiry", n=undated),) if undated else ()
