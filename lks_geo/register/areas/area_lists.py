"""Lists of areas in one cell: the declared service area (`cakupan_wilayah`), as codes or names with their level.

Decides: a part names its level ("Kecamatan Mambi", "Desa Bela") or is a code; a part without either has the level
of the part before it, else it must be the name of one area only. Desa are looked for in the kecamatan named last, then
in the row's own kecamatan and kabupaten, then everywhere if the name exists once.
Gets wrong: a list that counts desa without saying so after a kecamatan ("Kecamatan Mambi, Bela") is read as kecamatan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lks_geo.register.areas.codes import BROKEN, CodeReading, area_of, read_code
from lks_geo.register.areas.gazetteer import EVERYWHERE, Gazetteer
from lks_geo.register.areas.name_cells import marked_names
from lks_geo.register.areas.names import PREFIXES, fold
from lks_geo.register.meaning.cells import is_empty_marker

_ALL_OF = re.compile(r"^(?:se|seluruh|semua|wilayah|sekitar|di|dalam|kec\.?\s+di)\s*[- ]\s*(?=\w)", re.IGNORECASE)
_PART_ENDS = re.compile(r"\s*(?:[;,/\n&+]|\bdan\b)\s*", re.IGNORECASE)
_LEVEL_OF = {word: level for level, words in PREFIXES.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaList:
    """Codes of the areas named (each once, in the order written), parts taken by similarity, parts not understood."""

    codes: tuple[str, ...] = ()
    similar: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


def read_area_list(text: str | None, near: str | None, system: str | None, gazetteer: Gazetteer) -> AreaList:
    """The areas that a cell lists. `near`: the area of the row itself, where its desa names are looked for first."""
    if text is None or is_empty_marker(text):
        return AreaList()
    codes: list[str] = []
    similar: list[tuple[str, str]] = []
    unknown: list[str] = []
    level, inside = None, near
    for written in re.split(r"\s*[;\n]\s*|\s*:\s*", text):
        whole = _qualified(written, inside, gazetteer) or _name(written, level, inside, gazetteer)
        parts = [written] if whole else _PART_ENDS.split(written)
        for part in (part for part in parts if not is_empty_marker(part)):
            found = (
                _code(part, system, gazetteer)
                or _qualified(part, inside, gazetteer)
                or _name(part, level, inside, gazetteer)
            )
            if found is None:
                unknown.append(part)
                continue
            code, sure = found
            codes.append(code)
            if not sure:
                similar.append((part, code))
            level = gazetteer.areas[code].level
            inside = code if level != "desa" else inside
    return AreaList(codes=tuple(dict.fromkeys(codes)), similar=tuple(similar), unknown=tuple(unknown))


def codes_in(text: str | None) -> tuple[CodeReading, ...]:
    """The codes that a cell lists, whatever they mean."""
    if text is None or not any(letter.isdecimal() for letter in text):
        return ()
    readings = (read_code(part) for part in _PART_ENDS.split(text))
    return tuple(reading for reading in readings if reading is not None and reading.form != BROKEN)


def _qualified(part: str, near: str | None, gazetteer: Gazetteer) -> tuple[str, bool] | None:
    """The area of a name with the areas above it, "Desa Rangas Kec. Simboro"; None if it is not written like that."""
    if _PART_ENDS.search(part.strip()):
        return None
    names = marked_names(part)
    inside, found = EVERYWHERE, None
    for level in ("kabupaten", "kecamatan", "desa"):
        if level in names:
            found = _name(f"{level} {names[level]}", None, inside or near, gazetteer)
            if found is None or (inside and not gazetteer.holds(inside, found[0])):
                return None
            inside = found[0]
    return found if len(names.keys() - {"provinsi"}) > 1 else None


def _code(part: str, system: str | None, gazetteer: Gazetteer) -> tuple[str, bool] | None:
    reading = read_code(part)
    if reading is None or reading.form == BROKEN:
        return None
    area = area_of(reading, system, gazetteer)
    return None if area is None else (area, True)


def _name(part: str, level: str | None, near: str | None, gazetteer: Gazetteer) -> tuple[str, bool] | None:
    """The area of a name, and whether it is exact; None if it is unknown or could be several."""
    text = _ALL_OF.sub("", part.strip())
    words = fold(text).split(" ")
    said = _LEVEL_OF.get(words[0]) if len(words) > 1 else None
    levels = (said,) if said else ((level,) if level else ()) + ("desa", "kecamatan", "kabupaten", "provinsi")
    scopes = _scopes(near, gazetteer)
    for one in dict.fromkeys(levels):
        for scope in scopes:
            exact = gazetteer.exact(one, text, scope)
            if len(exact) == 1 and (said or one == level or _only_level(text, exact[0], gazetteer)):
                return exact[0], True
            if exact:
                break
    if said and near and not gazetteer.exact(said, text):
        for scope in scopes[:-1]:
            similar = gazetteer.similar(said, text, scope)
            if len(similar) == 1:
                return similar[0], False
    return None


def _scopes(near: str | None, gazetteer: Gazetteer) -> tuple[str, ...]:
    return (*((near, *gazetteer.areas[near].above) if near else ()), EVERYWHERE)


def _only_level(text: str, code: str, gazetteer: Gazetteer) -> bool:
    """Whether a name without a level word belongs to areas of one level only."""
    own = gazetteer.areas[code].level
    return not any(
        gazetteer.exact(level, text) for level in ("desa", "kecamatan", "kabupaten", "provinsi") if level != own
    )
