"""Names of areas, folded so that every way of writing one name gives one key; and the other names that areas go by.

Decides: case, accents, spaces, hyphens, full stops and all forms of apostrophe say nothing; "Desa", "Kel.", "Kec.",
"Kab." before a name say only its level; a Roman numeral at the end is a number; "Tim.", "Sel.", "Kep." are short
forms. `marks` are the parts of a name that tell sisters apart ("Leling Barat", "Leling Utara"), so that two names with
different marks are never similar.

Gets wrong: a "Kota" in front is kept as part of the name (Kota Bogor and Kabupaten Bogor are two areas); who writes it
without one is asked when both exist.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

APOSTROPHES = "'’‘ʼʻ`´′ʹ＇\u02bd\u201b\u0060"

PREFIXES = {
    "desa": frozenset({"desa", "ds", "kel", "kelurahan", "des"}),
    "kecamatan": frozenset({"kec", "kecamatan", "distrik"}),
    "kabupaten": frozenset({"kab", "kabupaten"}),
    "provinsi": frozenset({"prov", "provinsi", "propinsi", "prop"}),
}
"""Words in front of a name that say its level."""

SHORT_FORMS = {
    "kep": "kepulauan",
    "tim": "timur",
    "tmr": "timur",
    "brt": "barat",
    "bar": "barat",
    "sel": "selatan",
    "slt": "selatan",
    "ut": "utara",
    "utr": "utara",
    "tgh": "tengah",
    "teng": "tengah",
}

ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "provinsi": {"Sulawesi Barat": ("Sulbar", "Sul Barat", "West Sulawesi")},
    "kabupaten": {
        "Pasangkayu": ("Mamuju Utara", "Matra"),
        "Mamuju Tengah": ("Mateng",),
        "Polewali Mandar": ("Polman", "Polmas", "Polewali Mamasa", "Polewali"),
    },
    "kecamatan": {
        "Tutar": ("Tubbi Taramanu",),
        "Allu": ("Alu",),
        "Tammerodo Sendana": ("Tammerodo", "Tammeroddo"),
        "Tubo Sendana": ("Tubo",),
        "Simboro": ("Simboro dan Kepulauan", "Simboro dan", "Simboro Kepulauan"),
        "Kepulauan Bala Balakang": ("Bala Balakang",),
    },
    "desa": {
        "Baruga Dhua": ("Baruga Dua",),
        "Adolang Dhua": ("Adolang Dua",),
        "Mosso Dhua": ("Mosso Dua",),
        "Lalatedzong": ("Lalatedong",),
        "Sepporakki": ("Sepporraki", "Sepporaki"),
        "Ba'ba Tapua": ("Ba'pa Tapua",),
        "Pasma Mambu": ("Pasapa' Mambu",),
        "Salukayu": ("Salokayu I",),
        "Pakava": ("Pakawa",),
        "Sondonglayu": ("Sondong Lajuk",),
        "Mokallang": ("Lembangmokallang",),
    },
}
"""Other names in use (BPS spellings, old names, abbreviations), by level and official name."""

VARIANTS: dict[str, tuple[str, str]] = {
    "76.04.02.2004": ("Katumbangan Lemo", "Lemo"),
    "76.04.05.2012": ("Poda-Poda", "Poda"),
}
"""Short names of desa that are sure within their kecamatan only: code -> official name, short name."""

ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
"""Numerals at the end of a name."""

_MARK = re.compile(r"(utara|selatan|timur|barat|tengah|dhua|dua|tua|baru|indah|utama|atas|bawah|\d+)$")
_SEPARATORS = re.compile(r"[\W_]+")


@cache
def fold(text: str) -> str:
    """Words of `text` in lower case, without accents and apostrophes, split by one space."""
    plain = unicodedata.normalize("NFKD", text.translate(_NO_APOSTROPHES)).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", plain).strip()


_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)


@cache
def bare(text: str, level: str) -> str:
    """`text` folded, without the words in front that say its level; a name of such words only stays as it is."""
    words = fold(text).split(" ")
    start = 0
    while start < len(words) - 1 and words[start] in PREFIXES[level]:
        start += 1
    return " ".join(words[start:])


@cache
def key(text: str, level: str) -> str:
    """The key by which names of one level are compared: no spaces, numerals as digits, short forms written out."""
    words = bare(text, level).split(" ")
    if len(words) > 1 and words[-1] in ROMAN and any(len(word) > 1 for word in words[:-1]):
        words[-1] = ROMAN[words[-1]]
    last = len(words) - 1
    words = [SHORT_FORMS.get(word, word) if i == last or word == "kep" else word for i, word in enumerate(words)]
    return "".join(words)


@cache
def marks(name_key: str) -> tuple[str, ...]:
    """The endings of a key that tell sister areas apart: `("barat",)` for `lelingbarat`."""
    found: list[str] = []
    while (match := _MARK.search(name_key)) and match.start() > 0:
        found.append(match[1])
        name_key = name_key[: match.start()]
    return tuple(found)


@cache
def aliases_of(level: str, name: str) -> tuple[str, ...]:
    """Keys of the other names of an area, by its official name."""
    return _ALIAS_KEYS.get((level, key(name, level)), ())


_ALIAS_KEYS = {
    (level, key(official, level)): tuple(key(other, level) for other in others)
    for level, names in ALIASES.items()
    for official, others in names.items()
}
