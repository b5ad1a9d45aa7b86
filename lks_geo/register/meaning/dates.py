"""Dates as Indonesian offices write them: 11/9/2025 (day first), "12 Mei 2025", "Bulan Mei 2025", 2025, Excel days.

What it gets wrong: a two-digit year is always 20xx; 9/23/2025 is read month first because nothing else exists, while
4/5/2025 is the fourth of May even when an American program wrote it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from lks_geo.register.meaning.cells import fold, is_empty_marker


@dataclass(frozen=True, slots=True)
class DateReading:
    """`kind`: hari (exact day), bulan or tahun (only the month or year is told; `value` is its last day, or the first
    if asked), terbalik (month before day, certain because the other order does not exist), selamanya (no end: None)."""

    value: date | None
    understood: bool
    kind: str = "hari"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar mrt", "april apr",
            "mei may", "juni june jun", "juli july jul", "agustus august agu agt ags aug agst",
            "september sept sep", "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
DATE_WORDS = frozenset(
    ("bulan", "bln", "tahun", "thn", "th", "tanggal", "tgl", "berlaku", "sampai", "dengan", "hingga", "s", "d", "sd",
     "s.d", "exp", "expired", "masa", "akhir", "senin", "selasa", "rabu", "kamis", "jumat", "jum", "at", "sabtu",
     "minggu", "ahad", "pada", "until", "valid", "thru", "to", "mulai", "dari", "sejak", "wib", "wita", "wit")
)  # fmt: skip
_FOREVER = frozenset(("seumur hidup", "selamanya", "tidak terbatas", "tanpa batas", "permanen"))
_EXCEL_DAY_0 = date(1899, 12, 30)

_MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = r"(?:[t ]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)?"
_DATE = re.compile(
    rf"""(?<!\d)(?:
    \b(?P<month2>{_MONTH_NAME})\.?\s+(?P<day2>\d{{1,2}}),?\s+(?P<year2>\d{{4}})
    |(?:(?P<day>\d{{1,2}})[\s\-/.,]*|\b)(?P<month>{_MONTH_NAME})[\s\-/.,'’]*(?P<year>\d{{4}}|\d{{2}})
    |(?P<year3>\d{{4}})[-/.](?P<month3>\d{{1,2}})(?:[-/.](?P<day3>\d{{1,2}}))?(?![\d/.\-]){_TIME}
    |(?P<day4>\d{{1,2}})\s*[/.\-]\s*(?P<month4>\d{{1,2}})\s*[/.\-]\s*(?P<year4>\d{{4}}|\d{{2}}){_TIME}
    |(?P<month5>\d{{1,2}})\s*[/.\-]\s*(?P<year5>\d{{4}})
    |(?P<year6>(?:19|20)\d\d)
    )(?!\d)""",
    re.VERBOSE,
)


def read_date(text: str | None, *, end: bool = True) -> DateReading:
    """A date as offices write it; of several (a period "12 Mei 2022 s/d 12 Mei 2027") the last, or the first.

    Day before month. "Mei 2025" and "2025" are the last day of that month or year if `end`, else the first. A bare
    number from 20000 to 80000 is an Excel day.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return DateReading(None, True)
    if folded in _FOREVER:
        return DateReading(None, True, "selamanya")
    if re.fullmatch(r"[2-7]\d{4}(?:\.\d+)?", folded):
        return DateReading(_EXCEL_DAY_0 + timedelta(days=int(folded[:5])), True)
    dates, rest = dates_in(folded, end=end)
    strange = [
        word for word in re.findall(r"[a-z.]+|\d+", rest) if word.strip(".") and word.strip(".") not in DATE_WORDS
    ]
    if not dates or strange or None in dates:
        return DateReading(None, False)
    known = [found for found in dates if found is not None]
    return (max if end else min)(known, key=lambda found: (found.value is not None, found.value))


def dates_in(folded: str, *, end: bool) -> tuple[list[DateReading | None], str]:
    """All dates of a text (None: looks like one but does not exist), and the text without them."""
    found: list[DateReading | None] = []

    def take(match: re.Match[str]) -> str:
        parts = {name.rstrip("23456"): value for name, value in match.groupdict().items() if value is not None}
        month, day = parts.get("month"), parts.get("day")
        number = None if month is None else _MONTHS[month] if month in _MONTHS else int(month)
        found.append(_date_of(parts["year"], number, None if day is None else int(day), end=end))
        return " "

    return found, _DATE.sub(take, folded)


def _date_of(year_text: str, month: int | None, day: int | None, *, end: bool) -> DateReading | None:
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    kind = "tahun" if month is None else "bulan" if day is None else "hari"
    if month is None:
        month = 12 if end else 1
    elif day is not None and month > 12 >= day:
        day, month, kind = month, day, "terbalik"
    if not (1900 <= year <= 2100 and 1 <= month <= 12):
        return None
    last = monthrange(year, month)[1]
    if day is None:
        day = last if end else 1
    return DateReading(date(year, month, day), True, kind) if 1 <= day <= last else None
