"""What one cell of a table of people says: a whole number of people, none, not known, or a fault.

Counts are whole, so a point or comma before three digits groups thousands, whatever the degrees of the same file do.
A dash means none, three dots and blank mean not known, as in the tables of BPS; footnote marks say nothing.
Gets wrong: whole numbers written with three decimals (900,000) among none that shows it; `doubtful` refuses those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from lks_geo.sheets.folding import fold, is_empty_marker
from lks_geo.sheets.sheet import CellKind, Cells, cell_text

NUMBER, NONE, UNKNOWN, BLANK = "angka", "nihil", "tak_diketahui", "kosong"
TEXT, NEGATIVE, FRACTION, BROKEN = "teks", "negatif", "pecahan", "rusak"
FAULTS = (TEXT, NEGATIVE, FRACTION, BROKEN)
"""Verdicts that stop the table."""


class Count(NamedTuple):
    """The people of a cell (None: not known) and the verdict on it."""

    people: float | None
    verdict: str


_FOOTNOTE = re.compile(  # "0 ¹", "12*", "1.234 a)"
    r"\s*(?:[\u00b9\u00b2\u00b3\u2070-\u2079]+\)?|[*†‡]+\)?|(?<=\s)[a-z\d]\))$", re.IGNORECASE
)
_DASHES = re.compile(r"-+")  # "-", "--"
_NIL = frozenset(("nihil", "nil", "tidak ada", "tdk ada", "tidakada"))
_GROUPED = re.compile(  # "1.234", "12 345", "1.234.567,0"
    r"([1-9]\d{0,2})((?:\.\d{3})+|(?:,\d{3})+|(?:[\s'’]\d{3})+)(?:[.,]0{1,2})?"
)
_WHOLE = re.compile(r"(0|[1-9]\d*)(?:[.,]0+)?")  # "900", "900.0"
_FRACTION = re.compile(r"\d[\d.,\s]*[.,]\d+(?:e[-+]?\d+)?|\d+ ?%", re.IGNORECASE)  # "12,5", "0.345", "35 %"
_NEGATIVE = re.compile(r"-\s*\d[\d.,\s]*")  # "-3"

_TEXT_RULES: tuple[tuple[Callable[[str], object], str, str], ...] = (
    (_DASHES.fullmatch, NONE, "-"),
    (lambda text: text in _NIL, NONE, "Nihil"),
    (lambda text: text.startswith("#"), BROKEN, "#N/A"),
    (is_empty_marker, UNKNOWN, "..."),
    (_GROUPED.fullmatch, NUMBER, "1.234"),
    (_WHOLE.fullmatch, NUMBER, "900"),
    (_NEGATIVE.fullmatch, NEGATIVE, "-3"),
    (_FRACTION.fullmatch, FRACTION, "12,5"),
    (lambda _: True, TEXT, "banyak"),
)
"""Test of a folded text, verdict, example: the first that fits decides."""

TEXT_RULES: Sequence[tuple[str, str]] = tuple((verdict, example) for _, verdict, example in _TEXT_RULES)


@cache
def read_count(text: str, kind: int = CellKind.TEXT) -> Count:
    """The people that a cell counts. `kind`: its `CellKind`."""
    name = CellKind(kind).name
    if name in ("FORMULA", "ERROR"):
        return Count(None, BROKEN)
    if not text:
        return Count(None, BLANK)
    if kind == CellKind.NUMBER:
        value = float(text)
        return Count(value, NEGATIVE if value < 0 else NUMBER if value.is_integer() else FRACTION)
    if kind != CellKind.TEXT:
        return Count(None, TEXT)
    plain = fold(_FOOTNOTE.sub("", text) or text)
    verdict = next(verdict for test, verdict, _ in _TEXT_RULES if test(plain))
    if verdict == NONE:
        return Count(0.0, NONE)
    if verdict != NUMBER:
        return Count(None, verdict)
    grouped = _GROUPED.fullmatch(plain)
    digits = re.sub(r"\D", "", grouped[1] + grouped[2]) if grouped else re.split("[.,]", plain)[0]
    return Count(float(digits), NUMBER)


def read_counts(cells: Cells, at: int) -> list[Count]:
    """What the cells of column `at` say."""
    kinds = cells.kinds[:, at].tolist()
    return [read_count(cell_text(text), kind) for text, kind in zip(cells.texts.iloc[:, at], kinds, strict=True)]


_THREE_ZEROS = re.compile(r"[1-9]\d{0,2}[.,]000")  # "900.000"
_THREE_DECIMALS = re.compile(r"\d{4,}[.,]\d{3}|0[.,]\d{3}")  # "1234.000", "0,900"


def doubtful(texts: Iterable[str]) -> bool:
    """Whether "900.000" in these cells of text may as well be 900 people: it does if another cell shows three
    decimals, or if every number ends so."""
    numbers = {text for text in texts if any(map(str.isdigit, text))}
    zeros = {text for text in numbers if _THREE_ZEROS.fullmatch(text)}
    return bool(zeros) and (any(map(_THREE_DECIMALS.fullmatch, numbers)) or (len(zeros) > 1 and zeros == numbers))


def read_degrees(text: str) -> float | None:
    """A degree with a decimal point or comma; None if it is none."""
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return None
