"""The area names that a row states, taken from its cells: one cell may name several levels.

Decides: "Desa Bela Kec. Tapalang" in one cell fills the blank cells of the other levels; an address speaks for the
levels that have no cell of their own, if the row states neither a desa nor a code, and only where it names the level.
Gets wrong: an address that names the kecamatan of a landmark instead of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lks_geo.register.areas.codes import CODE_FIELDS
from lks_geo.register.meaning.cells import is_empty_marker
from lks_geo.tables import LEVELS

Names = dict[str, str]
"""Level -> the name that the row states; levels without one are left out."""

_LEVEL_WORDS = {
    "desa": "desa|ds|kelurahan|kel",
    "kecamatan": "kecamatan|kec",
    "kabupaten": "kabupaten|kab",
    "provinsi": "provinsi|propinsi|prov",
}
_LEVEL_WORD = re.compile(
    r"\b(?:" + "|".join(rf"(?P<{level}>{words})" for level, words in _LEVEL_WORDS.items()) + r")\b\.?\s*:?\s*", re.I
)
_NAME_END = re.compile(r"[,;/\n()]|\s-\s|\.(?=\s|$)|\b(?:rt|rw|no|jl|dusun|lingkungan|kode pos)\b", re.I)


def marked_names(text: str) -> Names:
    """The area names that stand behind a word for their level, "Kel. Binanga, Kec. Mamuju": the first of each level."""
    found: Names = {}
    hits = list(_LEVEL_WORD.finditer(text))
    ends = [hit.start() for hit in hits[1:]] + [len(text)]
    for hit, end in zip(hits, ends[: len(hits)], strict=True):
        level = hit.lastgroup or ""
        name = _NAME_END.split(text[hit.end() : end], maxsplit=1)[0].strip()
        if name:
            found.setdefault(level, name)
    return found


_CODE = re.compile(r"[(\[]?\s*(?<![\d.])(\d{2}(?:\.\d{2}){0,2}(?:\.\d{4})?|\d{10})(?![\d.])\s*[)\]]?\s*")
_CODE_DIGITS = {"desa": 10, "kecamatan": 6, "kabupaten": 4}


def without_codes(cells: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """The cells with codes that stand in a cell of names moved to the code column of their level, if that is blank:
    `Batu Matoru (76.01.12.2006)`."""
    moved: dict[str, str | None] = {}
    for level, digits in _CODE_DIGITS.items():
        text = cells.get(level)
        hit = _CODE.search(text) if text and any(letter.isdecimal() for letter in text) else None
        if text is None or hit is None or len(hit[1].replace(".", "")) != digits:
            continue
        moved[level] = (text[: hit.start()] + " " + text[hit.end() :]).strip(" -,;:/") or None
        column = f"kode_{level}"
        if not cells.get(column):
            moved[column] = hit[1]
    return {**cells, **moved} if moved else cells


def names_of(cells: Mapping[str, str | None]) -> tuple[Names, tuple[str, ...]]:
    """The stated names by level, and which of them come from the address because their own cells are blank."""
    told = {level: text for level in LEVELS if (text := cells.get(level)) and not is_empty_marker(text)}
    names = dict(told)
    for level, text in told.items():
        parts = marked_names(text)
        head = _NAME_END.split(_LEVEL_WORD.split(text, maxsplit=1)[0], maxsplit=1)[0].strip() if parts else ""
        if len(parts) > 1 or (parts and (head or level not in parts)):
            names[level] = parts.pop(level, head) or text
            names = parts | names
    address = cells.get("alamat")
    if not address or "desa" in names or any(cells.get(column) for column in CODE_FIELDS):
        return names, ()
    filled = {level: part for level, part in marked_names(address).items() if level not in names}
    return names | filled, tuple(filled)
