"""What cells and headings of a table of people say in numbers: how many people, and of which ages.

Counts: a whole number of people, none, not known, or a fault. Counts are whole, so a point or comma before three digits
groups thousands, whatever the degrees of the same file do. A dash means none, three dots and blank mean not known, as
in the tables of BPS; footnote marks say nothing.
Ages: "U5" reaches to the next such column; ages of single years that leave years out ("0", "5", "10") are the
beginnings of brackets; "> 60" begins at 60, or at 61 where another bracket ends at 60. A bracket of at most five years
that straddles the edge of a group gives its share by years: 3/5 of 15-19 are under 18, which is an estimate.
Gets wrong: whole numbers written with three decimals (900,000) among none that shows it; `doubtful` refuses those.
People of one bracket are not spread evenly over its years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from lks_geo.sheets.folding import fold, is_empty_marker
from lks_geo.sheets.sheet import CellKind, Cells, texts_of

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
    texts = texts_of(cells.texts.iloc[:, at])
    return [read_count(text or "", kind) for text, kind in zip(texts, kinds, strict=True)]


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


OPEN = 999
"""The last year of a bracket without end ("75+")."""

UNTIL_NEXT, ABOVE = -1, -2
"""Ends that the other brackets of the table decide: of "U5", and of "> 60"."""

WIDEST = 5
"""Years of a bracket that may be divided between two groups."""


class Age(NamedTuple):
    """The years from `low` to `high`, both included (or OPEN, UNTIL_NEXT, ABOVE)."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}+" if self.high in (OPEN, ABOVE) else f"{self.low}-{self.high}"


Making = Callable[[int, int], Age]

_WORD = r"(?:kelompok |gol(?:ongan)? )?(?:umur|usia|age)"
_YEARS = r"(?:tahun|thn|th|years?|yrs?)?"
AGE_RULES: tuple[tuple[re.Pattern[str], Making, str], ...] = tuple(
    (re.compile(pattern), making, example)
    for pattern, making, example in (
        (r"\d{4}-(\d{2})-(\d{2})(?: 00:00:00)?", lambda a, b: Age(min(a, b), max(a, b)), "2026-05-09"),
        (rf"(\d{{1,3}}) ?{_YEARS} ?(?:-|s/d|s\.d\.?|sd|sampai(?: dengan)?|hingga|to) ?(\d{{1,3}})\b", Age, "0 - 4"),
        (rf"{_WORD} (\d{{1,3}}) (\d{{1,3}})\b", Age, "umur 0 4"),
        (r"(?:>=|≥|=>|minimal) ?(\d{1,3})()\b", lambda a, _: Age(a, OPEN), ">= 75"),
        (rf"\b(\d{{1,3}})() ?{_YEARS} ?(?:\+|ke ?-?atas\b|(?:and|atau|dan) (?:over|above|lebih|older)\b|lebih\b|dst\b)",
         lambda a, _: Age(a, OPEN), "75 tahun ke atas"),
        (r"(?:>|di ?atas|lebih dari|over) ?(\d{1,3})()\b", lambda a, _: Age(a, ABOVE), "> 75"),
        (r"(?:<=|≤|=<|maksimal) ?(\d{1,3})()\b", lambda a, _: Age(0, a), "<= 4"),
        (r"(?:<|di ?bawah|kurang dari|under) ?(\d{1,3})()\b", lambda a, _: Age(0, a - 1), "< 18"),
        (r"\bu ?(\d{1,3})()\b", lambda a, _: Age(a, UNTIL_NEXT), "U5"),
        (rf"{_WORD} (\d{{1,3}})()\b", lambda a, _: Age(a, a), "umur 7"),
        (r"\b(\d{1,3})() ?(?:tahun|thn|th|years?)\b", lambda a, _: Age(a, a), "7 tahun"),
    )
)  # fmt: skip
"""Ways to write an age (folded): pattern of one or two years, what they mean, an example. The first that fits counts;
a date is a bracket that a spreadsheet took for one ("5-9")."""
_UNDERSCORE = re.compile(r"(?<=\d)_(?=\d)")  # between the years of "0_4"


def take_age(text: str) -> tuple[Age | None, str]:
    """The age that a folded text names, and the text without it."""
    text = _UNDERSCORE.sub("-", text).replace("_", " ")
    for pattern, making, _ in AGE_RULES:
        if match := pattern.search(text):
            low, high = int(match[1]), int(match[2] or 0)
            age = making(low, high)
            end = age.low if age.high < 0 else age.high
            if age.low <= end and low <= 130:
                return age, f"{text[: match.start()]} {text[match.end() :]}"
            return None, text
    return None, text


def settled(ages: Collection[Age]) -> dict[Age, Age]:
    """What each age of a table means beside the others: no end but years and OPEN."""
    starts = sorted({age.low for age in ages if age.high == UNTIL_NEXT})
    single = sorted({age.low for age in ages if age.low == age.high})
    if len(single) > 1 and all(after - before > 1 for before, after in pairwise(single)):
        starts = single
    ends = dict(zip(starts, [after - 1 for after in starts[1:]] + [OPEN], strict=True)) if starts else {}
    last = {age.high for age in ages}
    meaning: dict[Age, Age] = {}
    for age in ages:
        if age.low in ends and age.high in (UNTIL_NEXT, age.low):
            meaning[age] = Age(age.low, ends[age.low])
        elif age.high == ABOVE:
            meaning[age] = Age(age.low + (age.low in last), OPEN)
        else:
            meaning[age] = age
    return meaning


Parts = tuple[tuple[Age, float], ...]
"""Brackets, and the share of each that belongs."""


def make_up(ages: Iterable[Age], low: int, high: int) -> Parts | None:
    """The brackets that make up the years `low` to `high` (OPEN: without end), finest first; None if they don't.

    Only the last one may go beyond `high`; then its share is an estimate.
    """
    by_low: dict[int, list[Age]] = {}
    for age in sorted(ages):
        by_low.setdefault(age.low, []).append(age)
    return _filled(by_low, low, high, divide=False) or _filled(by_low, low, high, divide=True)


def _filled(by_low: dict[int, list[Age]], low: int, high: int, *, divide: bool) -> Parts | None:
    for age in by_low.get(low, ()):
        if age.high == high:
            return ((age, 1.0),)
        if age.high < high:
            rest = _filled(by_low, age.high + 1, high, divide=divide)
            if rest is not None:
                return ((age, 1.0), *rest)
        elif divide and age.high - low < WIDEST:
            return ((age, (high - low + 1) / (age.high - low + 1)),)
    return None
