"""Village codes as files write them, brought to one form. Decided once per layer, never per row.

Kemendagri codes are dotted (76.05.01.1001), BPS codes are ten digits (7601010001). Dots mean Kemendagri. Ten digits
alone are Kemendagri if every last block starts with 1 (kelurahan), 2 (desa) or 3 (desa adat), else BPS. Gets wrong:
a BPS layer of a few desa all of whose kecamatan codes end in 1, 2 or 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.tables import PARENT_COLUMNS

SHOWN = 5
"""How many examples an error lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSystem:
    """A way to number areas: the length of the code of each upper level, which is how a desa code begins."""

    key: str
    lengths: dict[str, int]


KEMENDAGRI = CodeSystem(key="kemendagri", lengths={"kecamatan": 8, "kabupaten": 5, "provinsi": 2})
BPS = CodeSystem(key="bps", lengths={"kecamatan": 7, "kabupaten": 4, "provinsi": 2})


def read_codes(cells: pd.Series[str], where: str) -> tuple[pd.Series[str], CodeSystem]:
    """The village codes of a layer in one form, and their system.

    `cells` are the raw cells (text or numbers, no NA); letters in front (ID7601010001) and a `.0` behind are dropped.
    A code that is not ten digits, one that occurs twice, and BPS codes among dotted ones are errors which list the
    first of them.
    """
    text = cells.astype("str").str.strip().str.replace(r"^[A-Za-z]+|\.0$", "", regex=True)
    digits = text.str.replace(r"[.\s]", "", regex=True)
    wrong = ~digits.str.fullmatch(r"\d{10}")
    if wrong.any():
        raise LksGeoError.of("boundaries.bad_codes", where=where, n=int(wrong.sum()), found=listed(cells[wrong]))
    twice = digits[digits.duplicated()]
    if len(twice):
        raise LksGeoError.of("boundaries.duplicate_codes", where=where, n=len(twice), found=listed(twice))
    like_kemendagri = digits.str[6].isin(["1", "2", "3"])
    dotted = text.str.contains(".", regex=False)
    if dotted.any() and not like_kemendagri.all():
        raise LksGeoError.of("boundaries.mixed_codes", where=where, found=listed(cells[~like_kemendagri]))
    if like_kemendagri.all():
        return digits.str.replace(r"(\d\d)(\d\d)(\d\d)(\d{4})", r"\1.\2.\3.\4", regex=True), KEMENDAGRI
    return digits, BPS


def parent_codes(codes: pd.Series[str], system: CodeSystem) -> pd.DataFrame:
    """The codes of kecamatan, kabupaten and provinsi that each village code begins with."""
    return pd.DataFrame(
        {column: codes.str[: system.lengths[level]] for level, column in PARENT_COLUMNS.items()}, index=codes.index
    )


def listed(values: pd.Series[str] | list[str]) -> str:
    """The first few of `values`, as an error shows them."""
    shown = [str(value) for value in values[:SHOWN]]
    return ", ".join(shown) + (" …" if len(values) > SHOWN else "")
