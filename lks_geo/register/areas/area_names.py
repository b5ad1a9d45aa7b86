"""Names of areas: which ones the cells of a row state, one key for every way of writing a name, other names in use.

Decides: "Desa Bela Kec. Tapalang" in one cell fills the blank cells of the other levels.
Of a name itself case, accents, spaces, hyphens, full stops and all forms of apostrophe say nothing; "Desa", "Kel.",
"Kec.", "Kab." before a name say only its level; a Roman numeral at the end is a number; "Tim.", "Sel.", "Kep." are
short forms. `marks` are the parts of a name that tell sisters apart ("Leling Barat", "Leling Utara"), so that two names
with different marks are never similar.

Gets wrong: a "Kota" in front is kept as part of the name (Kota Bogor and Kabupaten Bogor are two areas); who writes it
without one is asked when both exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli

from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.folding import words as fold
from lks_geo.sheets.line_kinds import LOCAL_WORDS
from lks_geo.tables import LEVELS

PREFIXES = {
    "desa": frozenset({"desa", "ds", "kel", "kelurahan", "des", *LOCAL_WORDS["desa"]}),
    "kecamatan": frozenset({"kec", "kecamatan", *LOCAL_WORDS["kecamatan"]}),
    "kabupaten": frozenset({"kab", "kabupaten"}),
    "provinsi": frozenset({"prov", "provinsi", "propinsi", "prop"}),
}
"""Words in front of a name that say its level."""

SHORT_FORMS = {
    "kep": "kepulauan", "tim": "timur", "tmr": "timur", "brt": "barat", "bar": "barat", "sel": "selatan",
    "slt": "selatan", "ut": "utara", "utr": "utara", "tgh": "tengah", "teng": "tengah",
}  # fmt: skip

_OTHER_NAMES = tomli.loads(Path(__file__).with_name("area_aliases.toml").read_text(encoding="utf-8"))

ALIASES: dict[str, dict[str, list[str]]] = _OTHER_NAMES["alias"]
"""Other names in use (BPS spellings, old names, abbreviations), by level and official name."""

VARIANTS: dict[str, list[str]] = _OTHER_NAMES["variant"]
"""Short names of desa that are sure within their kecamatan only: code -> official name, short name."""

ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
"""Numerals at the end of a name."""

ABROAD: dict[str, list[str]] = _OTHER_NAMES["abroad"]
"""Short names of provinces and kabupaten of the country, by official name."""

CODE_FIELDS = {"kode_desa": "desa", "kode_kecamatan": "kecamatan", "kode_kabupaten": "kabupaten"}
"""Code columns and the level that each names."""

_MARK = re.compile(  # "lelingbarat", "salupangkang4"
    r"(utara|selatan|timur|barat|tengah|dhua|dua|tua|baru|indah|utama|atas|bawah|\d+)$"
)


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
    endings: list[str] = []
    while (match := _MARK.search(name_key)) and match.start() > 0:
        endings.append(match[1])
        name_key = name_key[: match.start()]
    return tuple(endings)


@cache
def aliases_of(level: str, name: str) -> tuple[str, ...]:
    """Keys of the other names of an area, by its official name."""
    return _ALIAS_KEYS.get((level, key(name, level)), ())


_ALIAS_KEYS = {
    (level, key(official, level)): tuple(key(other, level) for other in others)
    for level, names in ALIASES.items()
    for official, others in names.items()
}

Names = dict[str, str]
"""Level -> the name that the row states; levels without one are left out."""

_LEVEL_WORDS = {
    "desa": "|".join(("desa", "ds", "kelurahan", "kel", *LOCAL_WORDS["desa"])),
    "kecamatan": "|".join(("kecamatan", "kec", *LOCAL_WORDS["kecamatan"])),
    "kabupaten": "kabupaten|kab",
    "provinsi": "provinsi|propinsi|prov",
}
LEVEL_WORD = re.compile(  # "Kec. ", "Desa : "
    r"\b(?:" + "|".join(rf"(?P<{level}>{words})" for level, words in _LEVEL_WORDS.items()) + r")\b\.?\s*:?\s*", re.I
)
_NAME_END = re.compile(  # "Binanga, ", "Binanga RT 1", "Binanga - Mamuju"
    r"[,;/\n()]|\s-\s|\.(?=\s|$)|\b(?:rt|rw|no|jl|dusun|lingkungan|kode pos)\b", re.I
)


def _until_end(text: str) -> str:
    """The name at the beginning of a text."""
    return _NAME_END.split(text, maxsplit=1)[0].strip()


def marked_names(text: str) -> Names:
    """The area names that stand behind a word for their level, "Kel. Binanga, Kec. Mamuju": the first of each level."""
    names: Names = {}
    words = list(LEVEL_WORD.finditer(text))
    ends = [word.start() for word in words[1:]] + [len(text)]
    for word, end in zip(words, ends[: len(words)], strict=True):
        name = _until_end(text[word.end() : end])
        if name:
            names.setdefault(word.lastgroup or "", name)
    return names


_CODE = re.compile(  # "(76.01.12.2006)", "7601122006"
    r"[(\[]?\s*(?<![\d.])(\d{2}(?:\.\d{2}){0,2}(?:\.\d{4})?|\d{10})(?![\d.])\s*[)\]]?\s*"
)
_TWO_DIGITS = re.compile(r"\d\d")  # "76", without which nothing is a code
_CODE_DIGITS = {"desa": 10, "kecamatan": 6, "kabupaten": 4}


def without_codes(cells: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """The cells with codes that stand in a cell of names moved to the code column of their level, if that is blank:
    `Batu Matoru (76.01.12.2006)`."""
    moved: dict[str, str | None] = {}
    for level, digits in _CODE_DIGITS.items():
        text = cells.get(level)
        code = _CODE.search(text) if text and _TWO_DIGITS.search(text) else None
        if text is None or code is None or len(code[1].replace(".", "")) != digits:
            continue
        moved[level] = (text[: code.start()] + " " + text[code.end() :]).strip(" -,;:/") or None
        column = f"kode_{level}"
        if not cells.get(column):
            moved[column] = code[1]
    return {**cells, **moved} if moved else cells


def names_of(cells: Mapping[str, str | None]) -> Names:
    """The names that the cells of a row state, by level; "Desa Bela Kec. Tapalang" in one cell names two."""
    texts = {level: text for level in LEVELS if (text := cells.get(level)) and not is_empty_marker(text)}
    names = dict(texts)
    for level, text in texts.items():
        name, others = _own_and_others(level, text)
        names = others | names | {level: name}
    return names


@cache
def is_plain(text: str, level: str) -> bool:
    """Whether a cell of names is only the name of its own level, with or without a word for it."""
    cells = {level: text}
    return without_codes(cells) is cells and names_of(cells) == cells


def _own_and_others(level: str, text: str) -> tuple[str, Names]:
    """The name that a cell of `level` means, and the names of other levels that stand in it."""
    parts = marked_names(text)
    head = _until_end(LEVEL_WORD.split(text, maxsplit=1)[0]) if parts else ""
    if not parts or (len(parts) == 1 and level in parts and not head):
        return text, {}
    return parts.pop(level, head) or text, parts
