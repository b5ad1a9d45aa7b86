"""Dates as Indonesian offices write them: 11/9/2025 (day first), "12 Mei 2025", "Bulan Mei 2025", 2025, Excel days.

What it gets wrong: a two-digit year is always 20xx; 9/23/2025 is read month first because nothing else exists, while
4/5/2025 is the fourth of May even when an American program wrote it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from lks_geo.sheets.folding import fold, is_empty_marker


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
_TIME = r"(?:[t ]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)?"  # " 00:00:00"
DATES = (
    (rf"\b(?P<month>{_MONTH_NAME})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})", "may 12, 2025"),
    (
        rf"(?:(?P<day>\d{{1,2}})[\s\-/.,]*|\b)(?P<month>{_MONTH_NAME})[\s\-/.,'’]*(?P<year>\d{{4}}|\d{{2}})",
        "12 mei 2025",
    ),
    (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?![\d/.\-])" + _TIME,
        "2025-05-12 00:00:00",
    ),
    (
        r"(?P<day>\d{1,2})\s*[/.\-]\s*(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4}|\d{2})" + _TIME,
        "12/5/2025",
    ),
    (r"(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4})", "05/2025"),
    (r"(?P<year>(?:19|20)\d\d)", "2025"),
)
"""Ways to write a date, in the order in which they are tried, each with 12 May 2025, or its month or year."""

_DATE = re.compile(
    r"(?<!\d)(?:"
    + "|".join(re.sub(r"P<(\w+)>", rf"P<\g<1>{n}>", form) for n, (form, _) in enumerate(DATES))
    + r")(?!\d)"
)  # "P<day>" becomes "P<day0>": a name may stand once only
_EXCEL_DAY = re.compile(r"[2-7]\d{4}(?:\.\d+)?")  # "45789", "45789.5"
_WORDS = re.compile(r"[a-z.]+|\d+")  # "s.d", "berlaku"


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
    if _EXCEL_DAY.fullmatch(folded):
        return DateReading(_EXCEL_DAY_0 + timedelta(days=int(folded[:5])), True)
    dates, rest = dates_in(folded, end=end)
    words = {word.strip(".") for word in _WORDS.findall(rest)} - {""}
    known = [reading for reading in dates if reading is not None]
    if not known or len(known) < len(dates) or not words <= DATE_WORDS:
        return DateReading(None, False)
    return (max if end else min)(known, key=lambda reading: (reading.value is not None, reading.value))


def dates_in(folded: str, *, end: bool) -> tuple[list[DateReading | None], str]:
    """All dates of a text (None: looks like one but does not exist), and the text without them."""
    readings: list[DateReading | None] = []

    def take(match: re.Match[str]) -> str:
        parts = {name[:-1]: text for name, text in match.groupdict().items() if text is not None}
        year, month, day = parts["year"], parts.get("month"), parts.get("day")
        number = None if month is None else _MONTHS.get(month) or int(month)
        whole_year = int(year) + (2000 if len(year) == 2 else 0)
        readings.append(_date_of(whole_year, number, None if day is None else int(day), end=end))
        return " "

    return readings, _DATE.sub(take, folded)


def _date_of(year: int, month: int | None, day: int | None, *, end: bool) -> DateReading | None:
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
