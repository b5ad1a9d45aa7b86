"""Ages as tables of people write them, and how brackets of ages make up a group.

Decides: "U5" reaches to the next such column; ages of single years that leave years out ("0", "5", "10") are the
beginnings of brackets; "> 60" begins at 60, or at 61 where another bracket ends at 60. A bracket of at most five years
that straddles the edge of a group gives its share by years: 3/5 of 15-19 are under 18, which is an estimate.
Gets wrong: people of one bracket are not spread evenly over its years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from typing import NamedTuple

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
