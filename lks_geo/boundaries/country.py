"""The areas of the whole country by code and name: 38 provinces, 514 kabupaten and kota, 7,285 kecamatan (2025).

Names only, no shapes: what an area outside the map is called, that a name is one of another province, and which code a
village has of which only names are known: that of the shipped village, else a provisional one in its kecamatan.
Gets wrong: what was founded, renamed or split after Kepmendagri 300.2.2-2138/2025, and names that were in use before.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

import pandas as pd
from rapidfuzz import fuzz, process

from lks_geo.sheets.folding import compact
from lks_geo.shipped import AREA_NAMES, BOUNDARIES

KIND = r"(?i)^(?:kecamatan|kec\.?|kabupaten|kab\.?|provinsi|prov\.?)\s+"  # "Kec. Mambi"
"""What some layers write before the names of upper levels; the name alone is kept. "Kota" is part of the name."""

SIMILAR, APART = 80.0, 8.0
"""How similar (0-100) a name must be to that of the area it is taken for, and by how much it must lead the next one."""

PROVISIONAL = "9"
"""The seventh digit of provisional codes: Kemendagri gives 1 (kelurahan), 2 (desa) and 3 (desa adat)."""

OWN = {"provinsi": (98, 98), "kabupaten": (80, 99), "kecamatan": (60, 99)}
"""First and last number that an area gets of which not even the name is known; Kemendagri's are all lower (2025)."""

_LENGTHS = {"provinsi": 2, "kabupaten": 5, "kecamatan": 8}


@cache
def country_names(level: str) -> Mapping[str, str]:
    """Kemendagri code with dots -> name, for "provinsi", "kabupaten" or "kecamatan".

    Names are as boundaries have them: "Mamasa" for a kabupaten, "Kota Palopo" for a city.
    """
    return {code: name for code, name in _listed_names() if len(code) == _LENGTHS[level]}


@cache
def _listed_names() -> list[tuple[str, str]]:
    """Code and name of every area of the list."""
    with AREA_NAMES.open(encoding="utf-8", newline="") as stream:
        heads, *lines = csv.reader(stream)
    code, name = heads.index("kode"), heads.index("nama")
    return [(line[code], line[name].removeprefix("Kabupaten ")) for line in lines]


@cache
def shipped_villages() -> pd.DataFrame:
    """The villages that ship: `kode`, `digits`, `nama`, `folded` name, `kode_bps`, `kecamatan`, `kabupaten`."""
    columns = ["kode", "level", "nama", "kode_bps", "kecamatan", "kabupaten"]
    table = pd.read_parquet(BOUNDARIES, columns=columns)
    table = table[table["level"] == "desa"].drop(columns="level")
    folded = table["nama"].map(compact)
    return table.assign(digits=table["kode"].str.replace(".", "", regex=False), folded=folded)


def upper_names(level: str, length: int, *, bps: bool) -> Mapping[str, str]:
    """Code (its first `length` letters of a village's) -> name of the kecamatan, kabupaten or provinsi.

    Of BPS codes those of Sulawesi Barat are known, and the provinces but for Papua, whose codes differ.
    """
    if not bps:
        return country_names(level)
    if level == "provinsi":
        return {code: name for code, name in country_names(level).items() if code < PAPUA}
    known = shipped_villages().dropna(subset=["kode_bps"])
    return dict(zip(known["kode_bps"].str[:length], known[level], strict=True))


PAPUA = "91"
"""The first province of Papua; from there on Kemendagri and BPS number provinces differently."""


def found_codes(table: pd.DataFrame, blank: pd.Series[bool], *, bps: bool) -> pd.Series[str]:
    """Digits for areas without a code, by row: the shipped village of their BPS code and name, or of their name and
    kecamatan; BPS codes if `bps`, else Kemendagri's."""
    known = shipped_villages()
    taken = set(table.loc[~blank, "kode"])
    code_of = known["kode_bps" if bps else "digits"].set_axis(known["folded"])
    by_bps = {code: code_of.iloc[[at]] for at, code in enumerate(known["kode_bps"]) if isinstance(code, str)}
    inside = {
        names: code_of.iloc[at] for names, at in _folded_parents(known).groupby(_folded_parents(known)).indices.items()
    }
    names, codes, parents = _column(table, "nama"), _column(table, "kode_bps"), _folded_parents(table)
    found: dict[int, str] = {}
    for at in table.index[blank & names.notna()]:
        candidates = by_bps.get(codes[at]) if isinstance(codes[at], str) else inside.get(parents[at])
        code = None if candidates is None else _called(compact(names[at]), candidates)
        if code is not None and code not in taken:
            found[at] = code
            taken.add(code)
    return pd.Series(found, dtype="str")


def provisional_codes(table: pd.DataFrame, *, own: bool) -> tuple[pd.Series[str], list[str]]:
    """Digits for villages of which no code is known, by row: the code of their kecamatan, PROVISIONAL and their place
    in the alphabet; and the names of the kecamatan of no list which, if `own`, got a number of their own (OWN).

    The same names give the same codes; rows whose kecamatan is not known have none.
    """
    listed = _kecamatan_codes(table)
    kecamatan = listed.fillna(_own_kecamatan(table, listed.isna())) if own else listed
    unlisted = _column(table, "kecamatan")[listed.isna() & kecamatan.notna()]
    names = _column(table, "nama").map(compact, na_action="ignore").where(kecamatan.notna()).dropna()
    rank = names.groupby(kecamatan[names.index]).rank(method="dense").astype("int64")
    return kecamatan[names.index] + PROVISIONAL + rank.astype("str").str.zfill(3), sorted(set(unlisted))


def _own_kecamatan(table: pd.DataFrame, unlisted: pd.Series[bool]) -> pd.Series[str]:
    """Six digits for kecamatan of no list, by row: within their kabupaten and province if those are known by name."""
    names = {level: _column(table, level).fillna("").str.replace(KIND, "", regex=True).map(compact) for level in OWN}
    rows = unlisted & names["kecamatan"].ne("")
    above = pd.Series("", index=table.index[rows], dtype="str")
    for level, (first, last) in OWN.items():
        known = {compact(name): code.replace(".", "") for code, name in country_names(level).items()}
        name = names[level][rows]
        rank = name.groupby(above).rank(method="dense").astype("int64") + first - 1
        above = (above + rank.astype("str").str.zfill(2)).where(rank <= last)
        if level != "kecamatan":
            above = name.map(known).astype("str").fillna(above)
    return above.reindex(table.index)


def _kecamatan_codes(table: pd.DataFrame) -> pd.Series[str]:
    """Six digits of the kecamatan of each row: its own code of the country's list, else by its and its kabupaten's
    names."""
    names = {code.replace(".", ""): name for code, name in country_names("kecamatan").items()}
    kabupaten = {code.replace(".", ""): name for code, name in country_names("kabupaten").items()}
    listed = pd.DataFrame({
        "kode": list(names), "kecamatan": list(names.values()), "kabupaten": [kabupaten[code[:4]] for code in names]
    })  # fmt: skip
    codes = listed["kode"].set_axis(listed["kecamatan"].map(compact))
    upper = listed["kabupaten"].map(compact)
    inside = {name: codes.iloc[at] for name, at in upper.groupby(upper).indices.items()}
    written = _column(table, "kode_kecamatan")
    own, above = (
        _column(table, level).str.replace(KIND, "", regex=True).fillna("").map(compact)
        for level in ("kecamatan", "kabupaten")
    )
    called = [
        _called(name, inside[kab]) if name and kab in inside else None for name, kab in zip(own, above, strict=True)
    ]
    return written.where(written.isin(listed["kode"])).fillna(pd.Series(called, index=table.index, dtype="str"))


def _column(table: pd.DataFrame, field: str) -> pd.Series[str]:
    """A field of a table, all NA if it has none."""
    return table[field] if field in table else pd.Series(pd.NA, index=table.index, dtype="str")


def _folded_parents(table: pd.DataFrame) -> pd.Series[str]:
    """Kecamatan and kabupaten of each row, folded; the kabupaten without its kind."""
    kecamatan, kabupaten = (
        _column(table, field).str.replace(KIND, "", regex=True).fillna("").map(compact)
        for field in ("kecamatan", "kabupaten")
    )
    return kecamatan + "/" + kabupaten


def _called(name: str, codes: pd.Series[str]) -> str | None:
    """The code of the area of that name, or of the one similar name that leads clearly."""
    if name in codes.index:
        return str(codes[name]) if isinstance(codes[name], str) else None
    near = process.extract(name, list(codes.index), scorer=fuzz.ratio, score_cutoff=SIMILAR - APART, limit=2)
    sure = near and near[0][1] >= SIMILAR and (len(near) == 1 or near[0][1] - near[1][1] >= APART)
    return str(codes[near[0][0]]) if sure else None
