"""One institution on several rows: which row counts, which are replaced, which only look alike.

Decides: rows of one id, or of one folded name within 200 m or in one desa, are one institution if they serve the same
(services overlap); the newest year counts, the others are replaced by it. Similar names at one place with overlapping
services are a doubt, all but the first. Names that differ in their number only ("Melati I", "Melati II") are two
institutions, and so are two names at one address.

Gets wrong: an institution that moved farther than 200 m into another desa without an id counts twice; so does one that
was renamed entirely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from lks_geo.geo import ecef_km
from lks_geo.register.names import ROMAN, fold

SAME_PLACE_KM = 0.2
SIMILAR_NAME = 88.0
"""Least similarity (0-100) of two names, without the words that half of all LKS bear."""

_RANK = re.compile(r"[\(\[]\s*(?:akreditasi\s*)?(?:a|b|c|tta)\s*[\)\]]\s*$", re.IGNORECASE)
_COMMON = frozenset(
    ("lks", "lksa", "lkslu", "lkspd", "lksld", "psaa", "yayasan", "yay", "panti", "asuhan", "sosial", "lembaga", "kesejahteraan", "anak", "lansia", "lanjut",
     "usia", "jompo", "werdha", "wreda", "tresna", "disabilitas", "rumah", "balai", "pondok", "pesantren", "pusat", "ipwl", "rehabilitasi")
)  # fmt: skip

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """Positions of rows: `replaced` row -> the row that counts instead; `unclear` rows that count although another row of
    the same year says something else -> that row; `alike` row -> the earlier row whose name is similar."""

    replaced: dict[int, int]
    unclear: dict[int, int]
    alike: dict[int, int]


def name_key(name: str | None) -> str:
    """A name of an institution as it is compared: no case, blanks, punctuation; without a rank in brackets at the end."""
    return fold(_RANK.sub("", name or "")).replace(" ", "")


def core_key(name: str | None) -> str:
    """The part of a name that tells institutions apart: without the words that say what kind of place it is."""
    words = [word for word in fold(_RANK.sub("", name or "")).split(" ") if word and word not in _COMMON]
    if len(words) > 1:
        words[-1] = ROMAN.get(words[-1], words[-1])
    return "".join(words) or name_key(name)


def find_duplicates(rows: pd.DataFrame, content: Sequence[str]) -> Duplicates:
    """Duplicates among `rows`.

    `rows`: RangeIndex, `id_tertulis`, `nama` (text or None), `layanan` (tuple of (group, system)), `layanan_lain` (tuple),
    `aktif`, `akreditasi`, `kapasitas`, `lokasi`, `lintang`, `bujur`, `kode_desa`, `tahun`, `berlaku_sampai`. Rows without a name take no part. `content` is a
    text of all cells of each row: rows are ordered by what they say before where they stand.
    """
    named = np.flatnonzero(rows["nama"].notna())
    table = rows.iloc[named].reset_index(drop=True)
    table["kunci"] = [name_key(name) for name in table["nama"]]
    served = [_served(*row) for row in zip(table["layanan"], table["layanan_lain"], strict=True)]
    newest = _ranked(table, [content[row] for row in named])
    same = _components(len(table), [*_same_id(table, served), *_same_name(table, served)])
    replaced: dict[int, int] = {}
    unclear: dict[int, int] = {}
    for members in same:
        best = min(members, key=newest.__getitem__)
        for other in members:
            if other != best:
                replaced[int(named[other])] = int(named[best])
        rivals = [one for one in members if one != best and _contradicts(table, best, one)]
        if rivals:
            unclear[int(named[best])] = int(named[min(rivals, key=newest.__getitem__)])
    left = np.array([position for position, row in enumerate(named) if row not in replaced], dtype=np.int64)
    alike = {int(named[one]): int(named[first]) for one, first in _alike(table, served, left)}
    return Duplicates(replaced=replaced, unclear=unclear, alike=alike)


def _served(services: tuple[tuple[str, str | None], ...], others: tuple[str, ...]) -> frozenset[str]:
    """What a row serves, as words to compare; one without any service serves "?"."""
    return frozenset({group for group, _ in services} | set(others)) or frozenset({"?"})


def _ranked(table: pd.DataFrame, content: Sequence[str]) -> list[tuple[float, float, int, str, int]]:
    """Sort keys, best row first: newest year, latest expiry, most told, then what it says, then where it stands."""
    year = table["tahun"].astype("Float64").fillna(-1).to_numpy(dtype=float)
    expiry = table["berlaku_sampai"].to_numpy("datetime64[D]")
    day = np.where(np.isnat(expiry), -1, expiry.astype(np.int64)).astype(float)
    told = [-len(text) for text in content]
    return list(zip(-year, -day, told, content, range(len(table)), strict=True))


def _same_id(table: pd.DataFrame, served: list[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of one id that are one institution: services overlap, and the name or the place agrees."""
    given = table.index[table["id_tertulis"].notna()]
    for _, members in table.loc[given].groupby("id_tertulis", sort=False):
        if len(members) > 1:
            yield from _by_service(members.index.to_numpy(), served, lambda rows: _akin(table, rows))


def _akin(table: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of one id whose names are similar or which stand in one desa."""
    if len(rows) > _MANY:
        yield from _chained(table, rows, "kunci")
        return
    for i, one in enumerate(rows):
        for two in rows[i + 1 :]:
            close = fuzz.ratio(table["kunci"].iat[one], table["kunci"].iat[two]) >= SAME_ID_NAME
            desa = table["kode_desa"].iat[one]
            if close or (isinstance(desa, str) and desa == table["kode_desa"].iat[two]):
                yield int(one), int(two)


_MANY = 60
SAME_ID_NAME = 70.0


def _same_name(table: pd.DataFrame, served: list[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of one folded name, in one desa or within 200 m, whose services overlap."""
    repeated = table["kunci"].duplicated(keep=False) & (table["kunci"] != "")
    for _, members in table[repeated].groupby("kunci", sort=False):
        yield from _by_service(members.index.to_numpy(), served, lambda rows: _at_one_place(table, rows))


def _by_service(rows, served, pairs_of) -> Iterator[tuple[int, int]]:  # type: ignore[no-untyped-def]
    """`pairs_of` the rows that share a service, service by service."""
    by_service: dict[str, list[int]] = {}
    for row in rows:
        for service in served[row]:
            by_service.setdefault(service, []).append(int(row))
    for service in sorted(by_service):
        if len(by_service[service]) > 1:
            yield from pairs_of(np.array(by_service[service]))


def _at_one_place(table: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    yield from _chained(table, rows, "kode_desa")
    yield from _near(table, rows)


def _chained(table: pd.DataFrame, rows: npt.NDArray[np.int64], column: str) -> Iterator[tuple[int, int]]:
    """Neighbouring pairs of the rows that have one value in a column: enough to join them all."""
    values = table[column].to_numpy(dtype=object)[rows]
    last: dict[str, int] = {}
    for row, value in zip(rows, values, strict=True):
        if isinstance(value, str):
            if value in last:
                yield last[value], int(row)
            last[value] = int(row)


def _near(table: pd.DataFrame, rows: npt.NDArray[np.int64]) -> Pairs:
    """Pairs of rows whose points are within 200 m; rows on the very same point are chained first."""
    lon, lat = (table[name].to_numpy(dtype=float)[rows] for name in ("bujur", "lintang"))
    real = np.isfinite(lon) & np.isfinite(lat) & np.isin(table["lokasi"].to_numpy(dtype=object)[rows], _POINTS)
    rows, lon, lat = rows[real], lon[real], lat[real]
    if len(rows) < 2:
        return []
    spots, first, spot = np.unique(np.column_stack([lon, lat]), axis=0, return_index=True, return_inverse=True)
    pairs = [(int(rows[first[at]]), int(row)) for row, at in zip(rows, spot.ravel(), strict=True) if rows[first[at]] != row]
    if len(spots) > 1:
        close = cKDTree(ecef_km(spots[:, 0], spots[:, 1])).query_pairs(SAME_PLACE_KM, output_type="ndarray")
        pairs += [(int(rows[first[a]]), int(rows[first[b]])) for a, b in close]
    return pairs


_POINTS = ("titik", "luar_wilayah")


def _components(size: int, pairs: Pairs) -> list[list[int]]:
    """Groups of two and more positions that pairs join."""
    if not pairs:
        return []
    ends = np.array(pairs)
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    groups: dict[int, list[int]] = {}
    for position in np.unique(ends):
        groups.setdefault(int(label[position]), []).append(int(position))
    return list(groups.values())


def _contradicts(table: pd.DataFrame, best: int, other: int) -> bool:
    """Whether two rows of one institution tell different things and no date says which is newer."""
    for when in ("tahun", "berlaku_sampai"):
        one, two = table[when].iat[best], table[when].iat[other]
        if not pd.isna(one) and not pd.isna(two) and one != two:
            return False
    for what in ("aktif", "akreditasi", "kapasitas", "kode_desa"):
        one, two = table[what].iat[best], table[what].iat[other]
        if not pd.isna(one) and not pd.isna(two) and one != two:
            return True
    return set(table["layanan"].iat[best]) != set(table["layanan"].iat[other])


def _alike(table: pd.DataFrame, served: list[frozenset[str]], left: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """(row, earlier row) with similar but not equal names at one place and overlapping services; each row once."""
    core = np.array([core_key(name) for name in table["nama"]], dtype=object)
    order = {int(row): rank for rank, row in enumerate(sorted(left, key=lambda row: _first_key(table, int(row))))}
    seen: set[int] = set()
    for rows in _neighbourhoods(table, left, core):
        for one, two in _similar_pairs(core, rows):
            early, late = sorted((one, two), key=order.__getitem__)
            if late not in seen and served[one] & served[two] and _digits(core[one]) == _digits(core[two]):
                seen.add(late)
                yield late, early


def _first_key(table: pd.DataFrame, row: int) -> tuple[bool, str, int]:
    """What comes first among rows that look alike: the lower id, else the upper row."""
    given = table["id_tertulis"].iat[row]
    return (pd.isna(given), "" if pd.isna(given) else str(given), row)


def _neighbourhoods(
    table: pd.DataFrame, left: npt.NDArray[np.int64], core: npt.NDArray[np.object_]
) -> Iterator[npt.NDArray[np.int64]]:
    """Sets of rows that stand at one place: in one desa, or around one point."""
    desa = table["kode_desa"].to_numpy(dtype=object)
    by_desa: dict[str, list[int]] = {}
    for row in left:
        if isinstance(desa[row], str):
            by_desa.setdefault(desa[row], []).append(int(row))
    for code in sorted(by_desa):
        yield from _blocks(by_desa[code], core)
    for one, two in sorted(_near(table, left)):
        if desa[one] != desa[two]:
            yield np.array([one, two])


def _blocks(rows: list[int], core: npt.NDArray[np.object_]) -> Iterator[npt.NDArray[np.int64]]:
    """The rows of a desa; a crowd is split by how the names begin, so that time stays in proportion."""
    if len(rows) <= _CROWD:
        yield np.array(rows)
        return
    by_start: dict[str, list[int]] = {}
    for row in rows:
        by_start.setdefault(core[row][:4], []).append(row)
    for start in sorted(by_start):
        for at in range(0, len(by_start[start]), _CROWD):
            yield np.array(by_start[start][at : at + _CROWD])


_CROWD = 1000


def _similar_pairs(core: npt.NDArray[np.object_], rows: npt.NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    names = list(core[rows])
    scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=SIMILAR_NAME, dtype=np.uint8)
    for i, j in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
        yield int(rows[i]), int(rows[j])


def _digits(text: str) -> str:
    return "".join(re.findall(r"\d", text))
