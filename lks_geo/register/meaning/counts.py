"""Numbers of people as offices write them: "25", "±25 anak", "25 org", "2.022", "25-30", "25 (dua puluh lima)".

What it gets wrong: "2,022" is two thousand and twenty-two, because people have no decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lks_geo.register.meaning.cells import fold, is_empty_marker


@dataclass(frozen=True, slots=True)
class CountReading:
    """A number of people. `kind`: tepat (exact), perkiraan ("±25"), rentang ("25-30": `value` is the low end, `high`
    the other)."""

    value: int | None
    understood: bool
    kind: str = "tepat"
    high: int | None = None


_UNITS = frozenset(
    ("orang", "org", "anak", "jiwa", "klien", "lansia", "pm", "penerima", "manfaat", "penghuni", "santri", "warga",
     "binaan", "siswa", "people", "persons", "person", "children", "tempat", "tidur", "tt", "bed", "beds", "kapasitas",
     "jumlah", "total", "asuh", "penyandang", "disabilitas", "wbs", "balita", "pasien", "residen", "kelayan", "peserta")
)  # fmt: skip
_ABOUT = frozenset(
    ("±", "+/-", "+-", "~", "≈", ">", "<", "≥", "≤", ">=", "<=", "sekitar", "kurang", "lebih", "kira", "kira-kira",
     "kurang-lebih", "kl", "hampir", "maks", "maksimal", "minimal", "min", "max", "dari", "an", "about", "ca", "c")
)  # fmt: skip
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]0+)?|\d+(?:[.,]0+)?"
_COUNT = re.compile(
    rf"(?P<before>\+/?-|[^\d\-−]*)\s*(?P<low>{_NUMBER})(?:\s*(?:-|s/d|s\.d\.?|sd|sampai|hingga|to)\s*(?P<high>{_NUMBER}))?(?P<after>\D*)"
)
_MOST_PEOPLE = 100_000


def read_count(text: str | None) -> CountReading:
    """A number of people: "25", "±25 anak", "25 org", "2.022", "25-30", "25 (dua puluh lima)".

    Negative, money, words alone, decimals, two values in one cell, or a unit that is not people (KK, kamar): not
    understood. A range counts with its low end.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return CountReading(None, True)
    match = _COUNT.fullmatch(folded)
    if match is None:
        return CountReading(None, False)
    low = _whole(match["low"])
    high = _whole(match["high"]) if match["high"] else low
    words = re.findall(r"[^\W\d_]+|[^\w\s]+", f"{match['before']} {match['after']}")
    spelled = [word for word in words if word in _SPELLED]
    strange = [word for word in words if word not in _KNOWN and word.strip("().,;:/*-")]
    if strange or not low <= high <= _MOST_PEOPLE or (spelled and _spelled_number(spelled) != low):
        return CountReading(None, False)
    if high > low:
        return CountReading(low, True, "rentang", high)
    return CountReading(low, True, "tepat" if _ABOUT.isdisjoint(words) else "perkiraan")


_UNITS_SPELLED = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SPELLED = {word: value for value, word in enumerate(_UNITS_SPELLED)} | {
    "sepuluh": 10, "sebelas": 11, "seratus": 100, "belas": 0, "puluh": 10, "ratus": 100, "seribu": 1000, "ribu": 1000,
}  # fmt: skip

_KNOWN = _UNITS | _ABOUT | frozenset(_SPELLED)


def _spelled_number(words: list[str]) -> int:
    """The number of a numeral repeated in words, as letters do: "25 (dua puluh lima)". Up to 9,999."""
    total = last = 0
    for word in words:
        if word == "belas":
            total, last = total + 10 + last, 0
        elif word in ("puluh", "ratus", "ribu"):
            total, last = total + last * _SPELLED[word], 0
        else:
            total, last = total + (last if last >= 10 else 0), _SPELLED[word]
    return total + last


def _whole(text: str) -> int:
    """The integer of a matched number: separators before three digits are thousands, zeros after one are decimals."""
    groups = re.split(r"[.,]", text)
    if len(groups) > 1 and len(groups[-1]) != 3 and set(groups[-1]) == {"0"}:
        groups.pop()
    return int("".join(groups))
