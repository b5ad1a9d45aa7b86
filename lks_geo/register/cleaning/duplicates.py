"""One institution on several rows: which row counts, which are replaced, which only look alike.

Decides: rows of one id, or of one folded name within 200 m or in one desa, are one institution if they serve the same
(services overlap) and no sure statement excludes it: another stated kabupaten, another official number, for rows that
only share a name another stated kecamatan too. The newest year of each service counts, at a tie the row that
contradicts itself least; an older row is replaced by a newer one that shares a service with it. Similar names at one
place with overlapping services are a doubt, all but the first; on one point they are so whatever they serve. Names that
differ in their number only ("Melati I", "Melati II") are two institutions, and so are two names at one address.

Gets wrong: an institution that moved farther than 200 m into another desa without an id counts twice; so does one that
was renamed entirely.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import inf, isfinite, isnan
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from lks_geo.geo import ecef_km, linked, near_each_other
from lks_geo.register.identity import (
    SAME_ID_NAME,
    SAME_PLACE_KM,
    SIMILAR_NAME,
    core_key,
    digits_of,
    name_key,
    similar_pairs,
)
from lks_geo.sheets.sheet import texts_of
from lks_geo.thrift import once_each

CROWD = 1000
"""More rows than this in one desa are compared by how their names begin, so that time stays in proportion."""

SAME_POINT_DEGREES = 1e-5
"""About 1 m: points no farther apart are one."""

_NEAR_DEGREES = 0.002
"""More degrees of latitude than `SAME_PLACE_KM`: points farther apart need no measuring."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # "2025" of "LKS/057/2025", a running number
OFFICIAL_DIGITS = 6
"""From how many digits an id is an official number, which no two institutions share and no institution has two of."""

_UPPER, _FACTS = ("kabupaten", "kecamatan"), ("aktif", "akreditasi", "kapasitas")

Pair = tuple[int, int]
Contents = Callable[[Sequence[int]], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """By row position: `replaced` row -> the row that counts instead; `unclear` a row that counts although another row
    of no other year says something else -> that row; `alike` row -> the first of the rows with a similar name."""

    replaced: dict[int, int]
    unclear: dict[int, int]
    alike: dict[int, int]


class _Entry(NamedTuple):
    """What is compared of one row. `homes`: the kabupaten and kecamatan that it states, `places`: where it lies;
    `doubtful`: point and words contradict each other. `when`: year and day of expiry, or NaN; `facts` must agree."""

    row: int
    id: str | None
    key: str
    core: str
    served: frozenset[str]
    services: tuple[tuple[str, str | None], ...]
    desa: str | None
    homes: tuple[str | None, str | None]
    places: tuple[str | None, str | None]
    lon: float
    lat: float
    doubtful: bool
    when: tuple[float, float]
    facts: tuple[object, ...]


def find_duplicates(
    rows: pd.DataFrame, content: Contents, doubtful: Collection[int] = (), apart: Sequence[str | None] = ()
) -> Duplicates:
    """Duplicates among `rows`; rows without a name take no part.

    `rows`: RangeIndex, `id_tertulis`, `nama`, `layanan`, `layanan_lain`, `aktif`, `akreditasi`, `kapasitas`, `lokasi`,
    `lintang`, `bujur`, `kode_desa`, `kode_kecamatan`, `kode_kabupaten`, `kecamatan_tertulis`, `kabupaten_tertulis`,
    `disamarkan`, `tahun`, `berlaku_sampai`. `content`: from row positions to all cells of each of these rows as one
    text, so that rows are ordered by what they say before where they stand. `doubtful`: positions of rows whose point
    and words contradict each other. `apart`: of each row a mark of what was taken out of its name; names with
    other marks are other names.
    """
    entries = _entries(rows, doubtful, apart or [None] * len(rows))
    replaced: dict[int, int] = {}
    unclear: dict[int, int] = {}
    institutions = _components(len(entries), [*_same_id(entries), *_same_name(entries)])
    asked = [entries[member].row for members in institutions for member in members]
    said = dict(zip(asked, content(asked), strict=True))
    for members in institutions:
        for best, others in _newest([entries[member] for member in members], said):
            replaced |= {other.row: best.row for other in others}
            rivals = [other for other in others if _contradicts(best, other)]
            if rivals:
                unclear[best.row] = rivals[0].row
    left = [entry for entry in entries if entry.row not in replaced]
    return Duplicates(replaced=replaced, unclear=unclear, alike=dict(_alike(left)))


def _entries(rows: pd.DataFrame, doubtful: Collection[int], apart: Sequence[str | None]) -> list[_Entry]:
    names, ids, desa = (texts_of(rows[name]) for name in ("nama", "id_tertulis", "kode_desa"))
    real = rows["lokasi"].isin(["titik", "luar_wilayah"])
    lon, lat = (rows[name].where(real).tolist() for name in ("bujur", "lintang"))
    year = rows["tahun"].astype("Float64").to_numpy(dtype=float, na_value=np.nan).tolist()
    expiry = rows["berlaku_sampai"].to_numpy("datetime64[s]")
    day = np.where(np.isnat(expiry), np.nan, expiry.astype(np.int64)).tolist()
    when = once_each(zip(year, day, strict=True))
    facts = once_each(zip(*(rows[name].astype(object).tolist() for name in _FACTS), strict=True))
    hidden, marks = rows["disamarkan"].tolist(), [mark or "" for mark in apart]
    places = once_each(zip(*(texts_of(rows[f"kode_{level}"]) for level in _UPPER), strict=True))
    homes = once_each(zip(*(texts_of(rows[f"{level}_tertulis"]) for level in _UPPER), strict=True))
    stated_services = once_each(zip(rows["layanan"].tolist(), rows["layanan_lain"].tolist(), strict=True))
    served = {said: frozenset({*(group for group, _ in said[0]), *said[1]} or {"?"}) for said in set(stated_services)}
    return [
        _Entry(
            row=row, id=ids[row], key=name_key(names[row]) + marks[row], core=core_key(names[row]), desa=desa[row],
            served=served[services], services=services[0],
            homes=places[row] if hidden[row] else homes[row], places=places[row],
            doubtful=row in doubtful and not hidden[row], lon=lon[row], lat=lat[row],
            when=when[row], facts=values,
        )
        for row, (services, values) in enumerate(zip(stated_services, facts, strict=True))
        if names[row] is not None
    ]  # fmt: skip


def _newest_first(entry: _Entry, content: str) -> tuple[float, float, bool, int, str, int]:
    """Sort key: newest year, latest expiry, no contradiction, most told, then what it says, then where it stands."""
    year, day = (-inf if isnan(value) else value for value in entry.when)
    return (-year, -day, entry.doubtful, -len(content), content, entry.row)


def _newest(members: Iterable[_Entry], said: Mapping[int, str]) -> list[tuple[_Entry, list[_Entry]]]:
    """The rows of one institution that count, each with those that it replaces: older ones that share a service."""
    kept: list[tuple[_Entry, list[_Entry]]] = []
    for entry in sorted(members, key=lambda entry: _newest_first(entry, said[entry.row])):
        newer = next((others for best, others in kept if best.served & entry.served), None)
        if newer is None:
            kept.append((entry, []))
        else:
            newer.append(entry)
    return kept


def _contradicts(first: _Entry, second: _Entry) -> bool:
    """Whether two rows of one institution tell different things and no date says which is newer."""
    if any(not isnan(old) and not isnan(new) and old != new for old, new in zip(first.when, second.when, strict=True)):
        return False
    facts = zip((*first.facts, first.desa), (*second.facts, second.desa), strict=True)
    return set(first.services) != set(second.services) or any(
        _known(old) and _known(new) and old != new for old, new in facts
    )


def _known(value: object) -> bool:
    return not (value is None or value is pd.NA or (isinstance(value, float) and isnan(value)))


def _same_id(entries: list[_Entry]) -> Iterator[Pair]:
    """Pairs of one id that are one institution: services overlap, and the name or the desa agrees."""
    for members in _grouped(entries, range(len(entries)), lambda entry: entry.id):
        for shared in (part for home in _by_home(entries, members, 0) for part in _by_service(entries, home)):
            yield from _chained(entries, shared, lambda entry: entry.key)
            yield from _chained(entries, shared, lambda entry: entry.desa)
            if len(shared) <= CROWD:
                yield from _similar(entries, shared, SAME_ID_NAME, lambda entry: entry.key)


def _same_name(entries: list[_Entry]) -> Iterator[Pair]:
    """Pairs of one folded name, in one desa or within 200 m, whose services overlap."""
    for members in _grouped(entries, range(len(entries)), lambda entry: entry.key or None):
        homes = (
            kecamatan for kabupaten in _by_home(entries, members, 0) for kecamatan in _by_home(entries, kabupaten, 1)
        )
        numbers = (number for home in homes for number in _by_number(entries, home))
        for shared in (part for number in numbers for part in _by_service(entries, number)):
            yield from _chained(entries, shared, lambda entry: entry.desa)
            yield from _near(entries, shared)


def _grouped(
    entries: list[_Entry], members: Iterable[int], value: Callable[[_Entry], str | None]
) -> Iterator[list[int]]:
    """Sets of two and more members with one value."""
    groups: dict[str, list[int]] = {}
    for member in members:
        shared = value(entries[member])
        if shared is not None:
            groups.setdefault(shared, []).append(member)
    yield from (group for group in groups.values() if len(group) > 1)


def _by_home(entries: list[_Entry], members: list[int], level: int) -> Iterator[list[int]]:
    """Sets of two and more members that may stand in one kabupaten (level 0) or kecamatan (1): all, unless they state
    several; then those that state none belong to where they lie."""
    stated = {entries[member].homes[level] for member in members} - {None}
    if len(stated) < 2:
        yield members
        return
    yield from _grouped(entries, members, lambda entry: entry.homes[level] or entry.places[level] or "")


def _by_number(entries: list[_Entry], members: list[int]) -> Iterator[list[int]]:
    """Sets of two and more members that no two official numbers tell apart."""
    numbers = {number for member in members if (number := _official(entries[member].id))}
    if len(numbers) < 2:
        yield members
        return
    yield from _grouped(entries, members, lambda entry: _official(entry.id) or "")


def _official(number: str | None) -> str | None:
    """An id that is long enough to be given by an authority, and not by the one who lists, its year apart."""
    digits = sum(map(str.isdigit, _YEAR.sub("", number or "")))
    return number if digits >= OFFICIAL_DIGITS else None


def _by_service(entries: list[_Entry], members: list[int]) -> Iterator[list[int]]:
    """Sets of two and more members that share a service, one set per service."""
    groups: dict[str, list[int]] = {}
    if len({entries[member].served for member in members}) == 1:
        yield members
        return
    for member in members:
        for service in entries[member].served:
            groups.setdefault(service, []).append(member)
    yield from (groups[service] for service in sorted(groups) if len(groups[service]) > 1)


def _chained(entries: list[_Entry], members: list[int], value: Callable[[_Entry], str | None]) -> Iterator[Pair]:
    """Neighbouring pairs with one value: enough to join them all."""
    for group in _grouped(entries, members, value):
        yield from pairwise(group)


def _near(entries: list[_Entry], members: Sequence[int]) -> Iterator[Pair]:
    """Pairs whose points are within 200 m; those on the very same point are joined to the first of them."""
    spots: dict[tuple[float, float], int] = {}
    for member in members:
        spot = (entries[member].lon, entries[member].lat)
        if isfinite(spot[0]) and (first := spots.setdefault(spot, member)) != member:
            yield first, member
    lats = sorted(lat for _, lat in spots)
    if any(upper - lower < _NEAR_DEGREES for lower, upper in pairwise(lats)):
        at, firsts = np.array(list(spots)), list(spots.values())
        close = near_each_other(ecef_km(at[:, 0], at[:, 1]), SAME_PLACE_KM)
        yield from ((firsts[low], firsts[high]) for low, high in close.tolist())


def _similar(entries: list[_Entry], members: list[int], least: float, value: Callable[[_Entry], str]) -> Iterator[Pair]:
    pairs = similar_pairs([value(entries[member]) for member in members], least)
    yield from ((members[first], members[other]) for first, other in pairs)


def _components(size: int, pairs: list[Pair]) -> list[list[int]]:
    """Groups of two and more positions that pairs join."""
    if not pairs:
        return []
    ends = np.array(pairs)
    label = linked(ends, size)
    groups: dict[int, list[int]] = {}
    for position in np.unique(ends).tolist():
        groups.setdefault(int(label[position]), []).append(position)
    return list(groups.values())


def _alike(left: list[_Entry]) -> Iterator[Pair]:
    """(row, first row) with similar names at one place and overlapping services; each row once."""
    ordered = sorted(left, key=lambda entry: (entry.id is None, entry.id or "", entry.row))
    seen: set[int] = set()
    numbered = (some for at_place in _neighbourhoods(ordered) for some in _by_digits(ordered, at_place))
    for members in numbered:
        for first, other in sorted(_similar(ordered, members, SIMILAR_NAME, lambda entry: entry.core)):
            entry_a, entry_b = ordered[first], ordered[other]
            if other not in seen and _one_place(entry_a, entry_b):
                seen.add(other)
                yield entry_b.row, entry_a.row


def _by_digits(entries: list[_Entry], members: list[int]) -> Iterator[list[int]]:
    """Sets of two and more members whose names bear the same digits."""
    yield from _grouped(entries, members, lambda entry: digits_of(entry.core))


def _one_place(first: _Entry, second: _Entry) -> bool:
    """Whether two similar names may be one institution: they state no other kabupaten or kecamatan, and services
    overlap, or they stand on the very same point."""
    if any(one and two and one != two for one, two in zip(first.homes, second.homes, strict=True)):
        return False
    if first.served & second.served:
        return True
    on_point = abs(first.lat - second.lat) <= SAME_POINT_DEGREES and abs(first.lon - second.lon) <= SAME_POINT_DEGREES
    return on_point and first.key != second.key and fuzz.ratio(first.key, second.key) >= SIMILAR_NAME


def _neighbourhoods(entries: list[_Entry]) -> Iterator[list[int]]:
    """Sets of rows that stand at one place, in order: in one desa, or on both sides of a border around one point."""
    for members in _grouped(entries, range(len(entries)), lambda entry: entry.desa):
        if len(members) <= CROWD:
            yield members
            continue
        for block in _grouped(entries, members, lambda entry: entry.core[:4]):
            yield from (block[at : at + CROWD] for at in range(0, len(block), CROWD))
    for first, second in sorted(_near(entries, _by_borders(entries))):
        if entries[first].desa != entries[second].desa:
            yield sorted((first, second))


_ALONG = np.array([2**40, 2**20, 1])
"""One number for the three of a cube: each is far less than half of 2^20, so that no two cubes have the same."""


def _by_borders(entries: list[_Entry]) -> list[int]:
    """Entries with a point of another desa in the same cube of `SAME_PLACE_KM` or one beside it, in order: all others
    have no neighbour across a border, however many stand together."""
    placed = [position for position, entry in enumerate(entries) if isfinite(entry.lon)]
    if not placed:
        return []
    lon, lat = (np.array([getattr(entries[position], axis) for position in placed]) for axis in ("lon", "lat"))
    desa = pd.factorize(pd.Series([entries[position].desa for position in placed], dtype="str"))[0]
    corner = np.floor(ecef_km(lon, lat) / SAME_PLACE_KM).astype(np.int64)
    cubes, cube = np.unique(corner @ _ALONG, return_inverse=True)
    least, most = np.full(len(cubes), len(desa)), np.full(len(cubes), -1)
    np.minimum.at(least, cube, desa)
    np.maximum.at(most, cube, desa)
    mixed = np.zeros(len(cubes), dtype=bool)
    for step in product((-1, 0, 1), repeat=3):
        wanted = cubes + np.array(step) @ _ALONG
        beside = np.searchsorted(cubes, wanted).clip(max=len(cubes) - 1)
        known = cubes[beside] == wanted
        mixed[known] |= (least[beside[known]] != least[known]) | (most[beside[known]] != least[known])
    mixed |= least != most
    return [position for position, is_mixed in zip(placed, mixed[cube].tolist(), strict=True) if is_mixed]
