"""What became of each desa between two vintages of boundaries: kept, renamed, recoded, split, merged, moved.

Two desa are one by their code (Kemendagri, or BPS on both sides) if name or ground agree; else by name inside one
kabupaten where the ground touches; else by ground. What is left of the new ones was split from the old desa that holds
most of them, what is left of the old ones went into the new desa that holds most of them. Shares are of the old desa.
Gets wrong: borders that only another source draws differently: they are called moved.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz

from lks_geo.errors import LksGeoError
from lks_geo.files import whole_file
from lks_geo.geo import IntArray
from lks_geo.sheets.folding import compact
from lks_geo.tables import Boundaries, Former
from lks_geo.thrift import waited
from lks_geo.vetting import refuse_absent

KINDS = (
    "tetap", "ganti_nama", "ganti_kode", "ganti_kode_nama", "batas_berubah", "pecah", "gabung", "hilang", "baru",
)  # fmt: skip
"""Kept, renamed, recoded, both, border moved, split, merged, gone, new."""

COLUMNS = ("kode_lama", "nama_lama", "kode_baru", "nama_baru", "jenis", "pangsa_luas", "pangsa_penduduk")

SAME_NAME = 80.0
"""Similarity (0-100) of two names of one village."""

HALF = 0.5
"""The share of its ground by which a desa is part of another."""

MOVED = 0.8
"""A desa that keeps less than this share of its ground, or gets as much of its ground anew, has moved its border."""

SOME = 0.02
"""Shares of ground below this are two pens, not two villages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overlap:
    """Pairs of an old and a new desa (positions) that share ground, and which share of each it is."""

    old: IntArray
    new: IntArray
    of_old: dict[tuple[int, int], float]
    of_new: dict[tuple[int, int], float]


def bridge(old: Boundaries, new: Boundaries, people: pd.Series[float] | None = None) -> pd.DataFrame:
    """One row per pair of an old and a new desa, columns COLUMNS, sorted by code.

    `people`: inhabitants of the new desa by code (NaN = not known). `pangsa_luas` and `pangsa_penduduk` are the shares
    (0-1) of the old desa that the new one took over; of a split they add up to 1. NA where not known.
    """
    overlap = waited(lambda: _overlap(old, new))
    same = _same(old.desa, new.desa, overlap)
    rows = sorted(set(_rows(old, new, overlap, same)))
    table = pd.DataFrame(rows, columns=["i", "j", "jenis"])
    return _with_shares(table, old.desa, new.desa, overlap, people)


def _overlap(old: Boundaries, new: Boundaries) -> _Overlap:
    """Ground shared, in degrees: shares don't need metres inside one desa."""
    before, after = old.desa.geometry.to_numpy(), new.desa.geometry.to_numpy()
    one, two = shapely.STRtree(after).query(before, predicate="intersects")
    shared = shapely.area(shapely.intersection(before[one], after[two]))
    of_old, of_new = shared / shapely.area(before)[one], shared / shapely.area(after)[two]
    kept = np.flatnonzero((of_old >= SOME) | (of_new >= SOME))
    pairs = list(zip(one[kept].tolist(), two[kept].tolist(), strict=True))
    return _Overlap(
        old=one[kept], new=two[kept], of_old=dict(zip(pairs, of_old[kept].tolist(), strict=True)),
        of_new=dict(zip(pairs, of_new[kept].tolist(), strict=True)),
    )  # fmt: skip


def _same(old: pd.DataFrame, new: pd.DataFrame, overlap: _Overlap) -> dict[int, int]:
    """Old position -> new position of the desa that are one and the same: by code, then name, then ground."""
    same: dict[int, int] = {}
    for candidates in (_by_code(old, new, overlap), _by_name(old, new, overlap), _by_ground(overlap)):
        taken = set(same.values())
        fresh = [(i, j) for i, j in candidates if i not in same and j not in taken]
        olds, news = Counter(i for i, _ in fresh), Counter(j for _, j in fresh)
        same |= {i: j for i, j in fresh if olds[i] == 1 and news[j] == 1}
    return same


def _by_code(old: pd.DataFrame, new: pd.DataFrame, overlap: _Overlap) -> Iterator[tuple[int, int]]:
    """Equal codes of one system, if the names are similar or half of the ground is common: codes are given anew."""
    for before, after in ((old.index, new.index), (old["kode_bps"], new["kode_bps"])):
        at = {code: j for j, code in enumerate(after) if isinstance(code, str)}
        for i, code in enumerate(before):
            j = at.get(code) if isinstance(code, str) else None
            if j is not None and (_alike(old, new, i, j) or overlap.of_old.get((i, j), 0.0) >= HALF):
                yield i, j


def _alike(old: pd.DataFrame, new: pd.DataFrame, i: int, j: int) -> bool:
    one, two = compact(str(old["nama"].iloc[i])), compact(str(new["nama"].iloc[j]))
    return one == two or fuzz.ratio(one, two) >= SAME_NAME


def _by_name(old: pd.DataFrame, new: pd.DataFrame, overlap: _Overlap) -> Iterator[tuple[int, int]]:
    """Equal names on ground that is partly the same."""
    for i, j in zip(overlap.old.tolist(), overlap.new.tolist(), strict=True):
        if compact(str(old["nama"].iloc[i])) == compact(str(new["nama"].iloc[j])):
            yield i, j


def _by_ground(overlap: _Overlap) -> Iterator[tuple[int, int]]:
    """Half of each is the other."""
    for pair, share in overlap.of_old.items():
        if share >= HALF and overlap.of_new[pair] >= HALF:
            yield pair


def _rows(old: Boundaries, new: Boundaries, overlap: _Overlap, same: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """(old, new, kind) of every desa of both sides; -1 where there is none."""
    of_new: dict[int, int] = {}
    for (i, j), share in overlap.of_new.items():
        if share >= HALF and j not in same.values():
            of_new[j] = i
    split: dict[int, list[int]] = defaultdict(list)
    for j, i in of_new.items():
        split[i].append(j)
    merged = {i: j for (i, j), share in overlap.of_old.items() if share >= HALF and i not in same and i not in split}
    for i in range(len(old.desa)):
        if i in split:
            parts = [*split[i], *([same[i]] if i in same else [])]
            yield from ((i, j, "pecah") for j in parts)
        elif i in merged:
            yield i, merged[i], "gabung"
        elif i in same:
            absorbs = same[i] in merged.values()
            yield i, same[i], "gabung" if absorbs else _kind(old.desa, new.desa, overlap, i, same[i])
        else:
            yield i, -1, "hilang"
    known = {*same.values(), *of_new, *merged.values()}
    yield from ((-1, j, "baru") for j in range(len(new.desa)) if j not in known)


def _kind(old: pd.DataFrame, new: pd.DataFrame, overlap: _Overlap, i: int, j: int) -> str:
    """What a desa that stays one changed: its code, its name, else its border."""
    code = old.index[i] == new.index[j] or old["kode_bps"].iloc[i] == new["kode_bps"].iloc[j]
    name = compact(str(old["nama"].iloc[i])) == compact(str(new["nama"].iloc[j]))
    if not code or not name:
        return "ganti_nama" if code else "ganti_kode" if name else "ganti_kode_nama"
    kept = min(overlap.of_old.get((i, j), 0.0), overlap.of_new.get((i, j), 0.0))
    return "tetap" if kept >= MOVED else "batas_berubah"


def _with_shares(
    table: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame, overlap: _Overlap, people: pd.Series[float] | None
) -> pd.DataFrame:
    pairs = list(zip(table["i"], table["j"], strict=True))
    both = (table["i"] >= 0) & (table["j"] >= 0)
    area = pd.Series([overlap.of_old.get(pair, np.nan) for pair in pairs], index=table.index)
    known = people.reindex(new.index).to_numpy() if people is not None else np.full(len(new), np.nan)
    living = [known[j] * overlap.of_new.get((i, j), np.nan) if j >= 0 else np.nan for i, j in pairs]
    split = table["jenis"] == "pecah"
    shares = {"pangsa_luas": area, "pangsa_penduduk": pd.Series(living, index=table.index)}
    for name, values in shares.items():
        whole = values.groupby(table["i"]).transform(lambda parts: parts.sum(skipna=False))
        shares[name] = (values / whole).where(split, 1.0).where(both)
    columns = {
        "kode_lama": [old.index[i] if i >= 0 else None for i in table["i"]],
        "nama_lama": [old["nama"].iloc[i] if i >= 0 else None for i in table["i"]],
        "kode_baru": [new.index[j] if j >= 0 else None for j in table["j"]],
        "nama_baru": [new["nama"].iloc[j] if j >= 0 else None for j in table["j"]],
        "jenis": table["jenis"].tolist(),
    }
    whole_table = pd.DataFrame(columns | shares)[list(COLUMNS)]
    return whole_table.sort_values(["kode_lama", "kode_baru"], ignore_index=True, na_position="last")


def write_bridge(path: Path, table: pd.DataFrame, *, overwrite: bool) -> None:
    """The bridge as CSV: comma, point, UTF-8 with BOM, blank where not known."""
    with whole_file(path, overwrite=overwrite) as target:
        table.to_csv(target, index=False, encoding="utf-8-sig", float_format="%.6g", lineterminator="\n")


def read_bridge(path: Path) -> tuple[Former, ...]:
    """The old codes and names of a bridge that have ground today, those of a split once for each part.

    The share of a part is that of its people, else of its ground.
    """
    refuse_absent(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LksGeoError.of("boundaries.bridge_unreadable", where=path.name) from error
    if not rows or not {"kode_lama", "nama_lama", "kode_baru", "jenis"} <= set(rows[0]):
        raise LksGeoError.of("boundaries.bridge_unreadable", where=path.name)
    kept = [row for row in rows if row["kode_lama"] and row["kode_baru"]]
    times = Counter(row["kode_lama"] for row in kept)
    try:
        return tuple(
            Former(
                code=row["kode_lama"], name=row["nama_lama"], now=row["kode_baru"],
                share=1.0 if times[row["kode_lama"]] == 1 else _share(row),
            )
            for row in kept
        )  # fmt: skip
    except ValueError as error:
        raise LksGeoError.of("boundaries.bridge_unreadable", where=path.name) from error


def _share(row: dict[str, str]) -> float:
    return float(row.get("pangsa_penduduk") or row.get("pangsa_luas") or "nan")
