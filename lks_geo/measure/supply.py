"""Which places count, whom they serve and how far they reach; and how many and how large they are in each area.

A place whose activity is not known does not count as active. An accreditation without an expiry date counts as valid,
because old certificates often carry none; how many that concerns is told in a note. A filter on the system
(dalam/luar panti) looks at each service, so a place may count for one group and not for another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray, IntArray, distinct_rows
from lks_geo.measure.area_values import Level
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, PARENT_COLUMNS, TOTAL, PlaceTotals, Register
from lks_geo.thrift import kept

RANKS = ("A", "B", "C")
BoolArray = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The places in use, sorted by id, and the services of those that count.

    Per place: `id`, `lon`, `lat` (NaN: it reaches nobody), `desa` (position among the desa, -1 outside all), `capacity`
    (people, NaN = not known), `sure` (neither doubtful nor at an approximate location), `disguised`, `counted`.
    Per service, that is per counted place and group it serves: `place` and `group` (positions) and `reach_km`.
    """

    id: npt.NDArray[np.object_]
    lon: FloatArray
    lat: FloatArray
    desa: IntArray
    capacity: FloatArray
    sure: BoolArray
    disguised: BoolArray
    counted: BoolArray
    place: IntArray
    group: IntArray
    reach_km: FloatArray

    def reaching(self, group: int) -> IntArray:
        """Positions in the service arrays of those that serve the group from a known point, in order of place id."""
        return np.flatnonzero((self.group == group) & ~np.isnan(self.lon[self.place]))

    def groups_of_places(self, keys: Collection[str]) -> list[tuple[str, ...]]:
        """Per place the keys of the groups that it counts for."""
        names = list(keys)
        served: list[list[int]] = [[] for _ in self.id]
        for place, group in zip(self.place, self.group, strict=True):
            served[place].append(group)
        return [tuple(names[group] for group in sorted(groups)) for groups in served]


def places_in_use(register: Register, settings: Settings) -> pd.DataFrame:
    """The places of the register, sorted by id, with `dihitung`: whether each passes the filters of the settings."""
    places = kept(register, "by id", lambda: register.places.sort_values("id", kind="stable"))
    keep = np.ones(len(places), dtype=bool)
    if settings.active_only and register.status_recorded:
        keep &= _is(places["aktif"], True)
    if settings.accredited:
        keep &= accredited(places, settings)
    if settings.legal_entity is not None:
        keep &= _is(places["badan_hukum"], settings.legal_entity)
    if settings.developments:
        keep &= places["perkembangan"].isin(settings.developments).to_numpy(dtype=bool)
    if settings.system:
        serves = [any(system == settings.system for _, system in services) for services in places["layanan"]]
        keep &= np.array(serves, dtype=bool)
    return places.assign(dihitung=keep)


def filter_choices(register: Register, settings: Settings) -> dict[tuple[bool, bool], Settings]:
    """The settings by (active only, accredited only), those of `settings` first; a filter that changes nothing in this
    register (no status recorded, no accreditation recorded) has one choice only."""
    active = (True, False) if register.status_recorded else (settings.active_only,)
    accredited = (False, True) if register.places["akreditasi"].isin(RANKS).any() else (settings.accredited,)
    keys = [(settings.active_only, settings.accredited), *product(active, accredited)]
    return {key: replace(settings, active_only=key[0], accredited=key[1]) for key in dict.fromkeys(keys)}


def accredited(places: pd.DataFrame, settings: Settings) -> BoolArray:
    """Whether each place has rank A, B or C that has not expired on the day; without an expiry date it is valid."""
    expired = (places["berlaku_sampai"] < pd.Timestamp(settings.day)).to_numpy(dtype=bool)
    return places["akreditasi"].isin(RANKS).to_numpy(dtype=bool) & ~expired


def _is(flags: pd.Series[bool], wanted: bool) -> BoolArray:
    """Whether each flag is known to be `wanted`."""
    return (flags.astype("boolean") == wanted).fillna(False).to_numpy(dtype=bool)


def supply_of(places: pd.DataFrame, desa: pd.Index[str], settings: Settings) -> Supply:
    """The `Supply` of places as `places_in_use` gives them, for the desa whose codes are `desa`."""
    counted = places["dihitung"].to_numpy(dtype=bool)
    lon, lat = (places[name].to_numpy(dtype=float, na_value=np.nan).copy() for name in ("bujur", "lintang"))
    nowhere = located(places, "tanpa_titik") | np.isnan(lon) | np.isnan(lat)
    lon[nowhere] = lat[nowhere] = np.nan
    place, group, reach_km = _services(places, counted, settings)
    return Supply(
        id=places["id"].to_numpy(dtype=object),
        lon=lon,
        lat=lat,
        desa=desa.get_indexer(pd.Index(places["kode_desa"])).astype(np.int64),
        capacity=places["kapasitas"].to_numpy(dtype=float, na_value=np.nan),
        sure=~(doubtful(places) | located(places, "perkiraan", "disamarkan")),
        disguised=located(places, "disamarkan"),
        counted=counted, place=place, group=group, reach_km=reach_km,
    )  # fmt: skip


def _services(places: pd.DataFrame, counted: BoolArray, settings: Settings) -> tuple[IntArray, IntArray, FloatArray]:
    """Per counted place and group: the largest reach of its services that pass the filter on the system."""
    kind, kinds = pd.factorize(places["layanan"].to_numpy(dtype=object)[counted])
    farthest = [_farthest(services, settings) for services in kinds]
    size = np.array([*map(len, farthest)], dtype=np.int64)
    row = np.repeat(np.arange(len(kind)), size[kind])
    turn = np.arange(len(row)) - np.searchsorted(row, row)
    flat = np.array([pair for found in farthest for pair in found.items()], dtype=float).reshape(-1, 2)
    group, reach_km = flat[(np.cumsum(size) - size)[kind[row]] + turn].T
    return np.flatnonzero(counted)[row], group.astype(np.int64), reach_km.copy()


def _farthest(services: Iterable[tuple[str, str | None]], settings: Settings) -> dict[int, float]:
    """The largest reach (km) by number of the group, of the services that pass the filter on the system."""
    found: dict[int, float] = {}
    for number, group in enumerate(settings.groups):
        systems = [system for key, system in services if key == group.key and settings.system in (None, system)]
        if systems:
            found[number] = max(settings.reach_of(group, system) for system in systems)
    return found


class Presence:
    """How many counted places stand in each area and how many people they have room for, at every level.

    Places in a desa are summed upward; disguised ones are added from the kecamatan up, and those of which only the
    area is known are counted apart (`pointless`). All are arrays of areas x groups.
    """

    def __init__(self, places: pd.DataFrame, supply: Supply, levels: Mapping[str, Level], groups: int) -> None:
        self._supply, self._levels, self._groups = supply, levels, groups
        self._codes = _codes_above(places, levels)
        self._disguised = supply.disguised
        outside = located(places, "luar_wilayah")
        self._pointless = (supply.desa < 0) & ~supply.disguised & ~outside

    def places(self, level: Level, chosen: BoolArray | None = None) -> FloatArray:
        """`jumlah_lks`: counted places that serve the group and stand in the area; of the `chosen` ones, if given."""
        flags = np.ones(len(self._supply.id)) if chosen is None else chosen.astype(float)
        count = level.total(self._per_desa(flags))
        return count if level.is_desa else count + self._above(level, self._disguised, flags)

    def disguised(self, level: Level) -> FloatArray:
        """`lks_disamarkan`: counted places that are somewhere in the area (above the desa)."""
        return self._above(level, self._disguised, np.ones(len(self._supply.id)))

    def pointless(self, level: Level) -> FloatArray:
        """`lks_tanpa_titik`: counted places of which only the area is known (above the desa).

        A place of which not even the kabupaten is known counts in the province, if there is only one.
        """
        return self._above(level, self._pointless, np.ones(len(self._supply.id)))

    def capacity(self, level: Level) -> FloatArray:
        """`kapasitas`: the sum of the known capacities (people); NaN where none is known.

        A place that serves several groups gives its full capacity to each: registers do not say how it is shared.
        """
        known = ~np.isnan(self._supply.capacity)
        amount = np.nan_to_num(self._supply.capacity)
        total, known_count = (level.total(self._per_desa(values)) for values in (amount, known.astype(float)))
        if not level.is_desa:
            total = total + self._above(level, self._disguised, amount)
            known_count = known_count + self._above(level, self._disguised, known.astype(float))
        return np.where(known_count > 0, total, np.nan)

    def _per_desa(self, values: FloatArray) -> FloatArray:
        return self._sums(self._supply.desa, values, len(self._levels["desa"].names))

    def _above(self, level: Level, chosen: BoolArray, values: FloatArray) -> FloatArray:
        area = np.where(chosen, level.names.index.get_indexer(pd.Index(self._codes[level.key])), -1)
        return self._sums(area, values, len(level.names))

    def _sums(self, area: IntArray, values: FloatArray, size: int) -> FloatArray:
        """Sums over the counted services of `values` (one per place) by area (position, -1 = none) and group."""
        supply, groups = self._supply, self._groups
        where = area[supply.place]
        inside = where >= 0
        cell = (where * groups + supply.group)[inside]
        weights = values[supply.place][inside]
        sums = np.bincount(cell, weights=weights, minlength=size * groups)
        return np.asarray(sums.reshape(size, groups), dtype=np.float64)


def _codes_above(places: pd.DataFrame, levels: Mapping[str, Level]) -> dict[str, pd.Series]:
    """The code of the area of each level above the desa in which each place lies."""
    provinces = levels["kabupaten"].names[PARENT_COLUMNS["provinsi"]]
    only = provinces.iloc[0] if provinces.nunique() == 1 else None
    return {
        "kecamatan": places["kode_kecamatan"],
        "kabupaten": places["kode_kabupaten"],
        "provinsi": places["kode_kabupaten"].map(provinces).fillna(only),
    }


def place_totals(places: pd.DataFrame, groups: Collection[str]) -> Mapping[str, PlaceTotals]:
    """How the counted places add up: one entry per group, and all places once under `TOTAL`.

    `places`: with `dihitung` and `kelompok_dihitung`. A companion (the withheld service of a place with a public
    address) counts for its group only.
    """
    return totals_of_parts(places, groups, [np.ones(len(places), dtype=bool)])[0]


def totals_of_parts(
    places: pd.DataFrame, groups: Collection[str], parts: Sequence[BoolArray]
) -> list[Mapping[str, PlaceTotals]]:
    """`place_totals` of each of the parts, flags of the places."""
    facts = {how: located(places, how) for how in ("luar_wilayah", "tanpa_titik", "perkiraan", "disamarkan")}
    facts |= {"doubtful": doubtful(places), "status_unknown": places["aktif"].isna().to_numpy(dtype=bool)}
    primary = ~places["pendamping"].to_numpy(dtype=bool)
    use = {TOTAL: (primary, primary & places["dihitung"].to_numpy(dtype=bool))}
    for key in groups:
        serves, counts = ([key in keys for keys in places[name]] for name in ("kelompok", "kelompok_dihitung"))
        use[key] = np.array(serves, dtype=bool), np.array(counts, dtype=bool)
    return [{key: _total(facts, used & part, count & part) for key, (used, count) in use.items()} for part in parts]


def _total(facts: Mapping[str, BoolArray], used: BoolArray, counted: BoolArray) -> PlaceTotals:
    outside, nowhere = facts["luar_wilayah"], facts["tanpa_titik"]
    flags = {
        "used": used, "counted": counted, "in_areas": counted & ~nowhere & ~outside, "tanpa_titik": counted & nowhere,
        "luar_wilayah": counted & outside, "doubtful": counted & facts["doubtful"],
        "approximate": counted & facts["perkiraan"], "disguised": counted & facts["disamarkan"],
        "status_unknown": used & facts["status_unknown"],
    }  # fmt: skip
    return PlaceTotals(**{name: int(flag.sum()) for name, flag in flags.items()})


def located(places: pd.DataFrame, *how: str) -> BoolArray:
    """Whether the location of each place is one of `how` (see tables.LOCATIONS)."""
    codes, names = kept(places, "lokasi", lambda: pd.factorize(places["lokasi"]))
    return np.isin(codes, [code for code, name in enumerate(names) if name in how])


def doubtful(places: pd.DataFrame) -> BoolArray:
    """Whether each place needs a check."""
    return (places["hasil"] == "meragukan").to_numpy(dtype=bool)


_UNREAD = frozenset(("isian_tak_terbaca", "sistem_tak_dikenal"))
"""Remarks on cells that stand for a value which nobody could read."""


def filter_notes(places: pd.DataFrame, register: Register, settings: Settings) -> tuple[Message, ...]:
    """What the filters had to assume, and how many places each left out because its field could not be read."""
    filters = {
        "akreditasi": settings.accredited,
        "badan_hukum": settings.legal_entity is not None,
        "perkembangan": bool(settings.developments),
        "sistem": settings.system is not None,
    }
    lines = set(zip(places["lembar"].fillna(""), places["nomor"], strict=True)) if any(filters.values()) else set()
    unread = Counter(
        issue.kolom
        for issue in register.issues
        if issue.jenis in _UNREAD and issue.kolom is not None and (issue.lembar or "", issue.nomor) in lines
    )
    notes = [
        msg("measure.unread", n=unread[field], field=msg(f"measure.field_{field}"))
        for field, used in filters.items()
        if used and unread[field]
    ]
    undated = int((places["dihitung"] & places["berlaku_sampai"].isna()).sum()) if settings.accredited else 0
    return (*notes, *([msg("measure.no_expiry", n=undated)] if undated else []))


def count_declared(
    places: pd.DataFrame, supply: Supply, levels: Mapping[str, Level], groups: int
) -> dict[str, IntArray]:
    """`lks_melapor` for each level (areas x groups)."""
    declares = any(isinstance(codes, tuple) and codes for codes in places["cakupan_wilayah"])
    ancestors = _ancestors(levels) if declares else {}
    rows, code = _declarations(places, supply, ancestors)
    return {key: _at_level(key, rows, code, levels, ancestors, groups) for key in levels}


def _ancestors(levels: Mapping[str, Level]) -> dict[str, dict[str, str]]:
    """Of every area code the code of the area of each level that it is or lies in."""
    areas: dict[str, dict[str, str]] = {}
    for position, key in enumerate(LEVELS):
        names = levels[key].names
        upper = [(above, names[PARENT_COLUMNS[above]].to_numpy(dtype=object)) for above in LEVELS[position + 1 :]]
        for row, code in enumerate(names.index):
            areas[code] = {key: code} | {above: codes[row] for above, codes in upper}
    return areas


def _declarations(
    places: pd.DataFrame, supply: Supply, ancestors: Mapping[str, Mapping[str, str]]
) -> tuple[IntArray, Codes]:
    """Place, group and depth (position among LEVELS) of each declared code, and the code; none inside another one of
    the same place."""
    declared = places["cakupan_wilayah"].to_numpy(dtype=object)
    rows: list[tuple[int, int, int]] = []
    known: list[str] = []
    for place, group in zip(supply.place.tolist(), supply.group.tolist(), strict=True):
        codes = {code for code in declared[place] if code in ancestors} if isinstance(declared[place], tuple) else set()
        for code in codes:
            lineage = ancestors[code]
            if not any(above in codes for above in lineage.values() if above != code):
                rows.append((place, group, LEVELS.index(next(iter(lineage)))))
                known.append(code)
    return np.array(rows, dtype=np.int64).reshape(-1, 3), np.array(known, dtype=object)


def _at_level(
    key: str, rows: IntArray, code: Codes, levels: Mapping[str, Level], ancestors: Mapping[str, Mapping[str, str]],
    groups: int,
) -> IntArray:  # fmt: skip
    """Places with a code at or below the level (once per area), plus those with a code above it."""
    depth, names = LEVELS.index(key), levels[key].names
    below = rows[:, 2] <= depth
    area = names.index.get_indexer(pd.Index([ancestors[one][key] for one in code[below]]))
    _, group, at = distinct_rows(np.column_stack([rows[below, :2], area]))[0].T
    counts = _count(at, group, len(names), groups)
    for above in LEVELS[depth + 1 :]:
        wide = rows[:, 2] == LEVELS.index(above)
        if wide.any():
            index = levels[above].names.index
            per_code = _count(index.get_indexer(pd.Index(code[wide])), rows[wide, 1], len(index) + 1, groups)
            counts += per_code[index.get_indexer(pd.Index(names[PARENT_COLUMNS[above]]))]
    return counts


def _count(row: IntArray, column: IntArray, rows: int, columns: int) -> IntArray:
    counts = np.zeros((rows, columns), dtype=np.int64)
    np.add.at(counts, (row, column), 1)
    return counts
