"""Areas by code, and cells that list areas. Whether bare digits are Kemendagri or BPS is decided once for a file.

`NOTATIONS` holds every way to write a code, with an example; any other text is damaged or no code: reported, not used.

Decides the system by what only one system can have (blocks, seven digits), else by which reading agrees with the names
of the rows, else by which list has all the codes; if that does not settle it, digits without dots are not used at all.
In a list (`cakupan_wilayah`) a part names its level ("Kecamatan Mambi", "Desa Bela") or is a code; a part without
either has the level of the part before it, else it must be the name of one area only. Desa are looked for in the
kecamatan named last, then in the row's own kecamatan and kabupaten, then everywhere if the name exists once.

Gets wrong: a file of bare digits without any names whose codes all exist in one list only, but were meant in the other;
a list that counts desa without saying so after a kecamatan ("Kecamatan Mambi, Bela") is read as kecamatan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from lks_geo.register.areas.area_names import CODE_FIELDS, PREFIXES, marked_names
from lks_geo.register.areas.gazetteer import EVERYWHERE, Gazetteer
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.folding import words as fold
from lks_geo.sheets.sheet import column
from lks_geo.tables import LEVELS, Former

KEMENDAGRI, BPS, DIGITS, BROKEN = "kemendagri", "bps", "angka", "rusak"

_SEPARATORS = re.compile(r"[.\-\s/]+")  # "76.04", "76-04", "76 04"
_EXCEL_TAIL = re.compile(r"(?<=\d{4})[.,]0+$")  # "7604011001.0"
_THOUSANDS = re.compile(r"\d([.,])\d{3}\1\d{3}(\1\d{3})?|\d[.,]\d{3}")  # "7.604.011.001", "7,604"

NOTATIONS = tuple(
    (re.compile(pattern, re.ASCII), form, example)
    for pattern, form, example in (
        (r" ?\d{2} \d{2}( \d{2}( \d{4})?)? ?", KEMENDAGRI, "76-04-01-1001"),
        (r" ?\d{2} \d{2} \d{3}( \d{3})? ?", BPS, "76.04.010.001"),
        (r"\d{7}", BPS, "7604010"),
        (r" ?\d{2} ?|\d{4}|\d{6}|\d{10}", DIGITS, "7.604.011.001"),
    )
)
"""The blocks of digits that a code is written in (here one blank apart; bare digits with a sign are none), what
it can be, and an example."""

DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}", re.ASCII)  # "76.04.01.1001", as the map writes a desa


@dataclass(frozen=True, slots=True)
class CodeReading:
    """The digits of a code and what they can be: `form` KEMENDAGRI, BPS, DIGITS (either) or BROKEN."""

    digits: str
    form: str


def read_code(text: str | None) -> CodeReading | None:
    """A code cell; None if it says nothing. Notation only, no list of areas is asked."""
    if text is None or is_empty_marker(text):
        return None
    if DOTTED.fullmatch(text):
        return CodeReading(text.replace(".", ""), KEMENDAGRI)
    plain = _EXCEL_TAIL.sub("", text.strip().lstrip("'`’").strip())
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", "")
    blocks = _SEPARATORS.sub(" ", plain)
    form = next((form for pattern, form, _ in NOTATIONS if pattern.fullmatch(blocks)), BROKEN)
    digits = blocks.replace(" ", "")
    return CodeReading(digits if digits.isascii() and digits.isdecimal() else plain, form)


def area_of(reading: CodeReading, system: str | None, gazetteer: Gazetteer) -> str | None:
    """The Kemendagri code of the area that a code means in a file of `system` (None: undecided); None if nentry."""
    form = system if reading.form == DIGITS else reading.form
    if len(reading.digits) == 2 or form == KEMENDAGRI:
        return gazetteer.by_digits.get(reading.digits)
    return gazetteer.by_bps.get(reading.digits) if form == BPS else None


def bridged_codes(cells: pd.DataFrame, former: Sequence[Former], gazetteer: Gazetteer) -> dict[str, int]:
    """The old codes that rows state and that no area has today, and how many rows state each."""
    today = {code.replace(".", "") for code in gazetteer.areas} | {area.bps for area in gazetteer.areas.values()}
    old = {digits: one.code for one in former if (digits := one.code.replace(".", "")) not in today}
    found: Counter[str] = Counter()
    for field in CODE_FIELDS if old else ():
        for text, rows in Counter(column(cells, field)).items():
            reading = read_code(text)
            if reading is not None and reading.digits in old:
                found[old[reading.digits]] += rows
    return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEvidence:
    """A code with what else its row says: names as (level, text), the desa of its point, and how many rows say so."""

    reading: CodeReading
    names: tuple[tuple[str, str], ...] = ()
    point: str | None = None
    rows: int = 1


def decide_system(evidence: Iterable[CodeEvidence], gazetteer: Gazetteer) -> str | None:
    """The system of a file's bare digits: KEMENDAGRI, BPS, or None if nothing settles it."""
    entries = list(evidence)
    certain = dict.fromkeys((KEMENDAGRI, BPS), 0)
    for entry in entries:
        if entry.reading.form in certain and area_of(entry.reading, None, gazetteer):
            certain[entry.reading.form] += entry.rows
    if certain[KEMENDAGRI] != certain[BPS]:
        return max(certain, key=lambda system: certain[system])
    return _likelier(
        [entry for entry in entries if entry.reading.form == DIGITS and len(entry.reading.digits) > 2], gazetteer
    )


def _likelier(bare: list[CodeEvidence], gazetteer: Gazetteer) -> str | None:
    """The system that the rows of bare digits speak for: by what agrees, what contradicts, what exists."""
    agree, against, known = _weigh(bare, gazetteer)
    best, other = (KEMENDAGRI, BPS) if agree[KEMENDAGRI] >= agree[BPS] else (BPS, KEMENDAGRI)
    if agree[best] > agree[other]:
        return best if agree[best] * 2 >= against[best] else None
    if agree[best] and min(against.values()) == 0 < max(against.values()):
        return min(against, key=lambda system: against[system])
    total = sum(entry.rows for entry in bare)
    whole = [system for system in known if known[system] == total]
    return whole[0] if total and len(whole) == 1 and not max(against.values()) else None


def _weigh(bare: list[CodeEvidence], gazetteer: Gazetteer) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Rows that agree with, speak against, and whose code exists in, each system: by their names, else their points."""
    agree, against, known = ({KEMENDAGRI: 0, BPS: 0} for _ in range(3))
    for entry in bare:
        for system in (KEMENDAGRI, BPS):
            code = area_of(entry.reading, system, gazetteer)
            if code is None:
                continue
            verdict = agrees(code, entry.names, gazetteer)
            if verdict is None and entry.point is not None:
                verdict = gazetteer.holds(code, entry.point)
            known[system] += entry.rows
            agree[system] += entry.rows * (verdict is True)
            against[system] += entry.rows * (verdict is False)
    return agree, against, known


def agrees(code: str, names: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> bool | None:
    """Whether the area and those above it bear the names that a row states; None if no name can be compared."""
    verdicts = []
    for level, text in names:
        area = gazetteer.upper(code, level)
        if area is not None and gazetteer.named(area):
            verdicts.append(area in gazetteer.exact(level, text) or gazetteer.alike(level, text, area))
    return all(verdicts) if verdicts else None


_ALL_OF = re.compile(  # "se-Kabupaten Mamasa", "seluruh kecamatan"
    r"^(?:se|seluruh|semua|wilayah|sekitar|di|dalam|kec\.?\s+di)\s*[- ]\s*(?=\w)", re.IGNORECASE
)
_LIST_ENDS = re.compile(r"\s*[;\n]\s*|\s*:\s*")  # "Kec. Mambi: Bela; "
_PART_ENDS = re.compile(r"\s*(?:[;,/\n&+]|\bdan\b)\s*", re.IGNORECASE)  # "Mambi dan Bela, "
_LEVEL_OF = {word: level for level, words in PREFIXES.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaList:
    """Codes of the areas named (each once, in the order written), those of them that no code or word of their level
    names, parts taken by similarity, parts not understood."""

    codes: tuple[str, ...] = ()
    unworded: frozenset[str] = frozenset()
    similar: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


class Named(NamedTuple):
    """An area that a part of a list means, whether by its very name or code, and by a code or with a word ("Desa")."""

    code: str
    exact: bool = True
    worded: bool = True


def read_area_list(text: str | None, near: str | None, system: str | None, gazetteer: Gazetteer) -> AreaList:
    """The areas that a cell lists. `near`: the area of the row itself, where its desa names are looked for first."""
    if text is None or is_empty_marker(text):
        return AreaList()
    codes: dict[str, bool] = {}
    similar: list[tuple[str, str]] = []
    unknown: list[str] = []
    level, inside = None, near
    for written in _LIST_ENDS.split(text):
        whole = _qualified(written, inside, gazetteer) or _name(written, level, inside, gazetteer)
        parts = [written] if whole else _PART_ENDS.split(written)
        for part in (part for part in parts if not is_empty_marker(part)):
            area = (
                _code(part, system, gazetteer)
                or _qualified(part, inside, gazetteer)
                or _name(part, level, inside, gazetteer)
            )
            if area is None:
                unknown.append(part)
                continue
            codes[area.code] = codes.get(area.code, False) or area.worded
            if not area.exact:
                similar.append((part, area.code))
            level = gazetteer.areas[area.code].level
            inside = area.code if level != "desa" else inside
    unworded = frozenset(code for code, worded in codes.items() if not worded)
    return AreaList(codes=tuple(codes), unworded=unworded, similar=tuple(similar), unknown=tuple(unknown))


def codes_in(text: str | None) -> tuple[CodeReading, ...]:
    """The codes that a cell lists, whatever they mean."""
    if text is None or not any(letter.isdecimal() for letter in text):
        return ()
    readings = (read_code(part) for part in _PART_ENDS.split(text))
    return tuple(reading for reading in readings if reading is not None and reading.form != BROKEN)


def _qualified(part: str, near: str | None, gazetteer: Gazetteer) -> Named | None:
    """The area of a name with the areas above it, "Desa Rangas Kec. Simboro"; None if it is not written like that."""
    names = {} if _PART_ENDS.search(part.strip()) else marked_names(part)
    if len(names.keys() - {"provinsi"}) < 2:
        return None
    outer, area = EVERYWHERE, None
    for level in (level for level in ("kabupaten", "kecamatan", "desa") if level in names):
        area = _name(f"{level} {names[level]}", None, outer or near, gazetteer)
        if area is None or (outer and not gazetteer.holds(outer, area.code)):
            return None
        outer = area.code
    return area


def _code(part: str, system: str | None, gazetteer: Gazetteer) -> Named | None:
    reading = read_code(part)
    code = None if reading is None or reading.form == BROKEN else area_of(reading, system, gazetteer)
    return None if code is None else Named(code)


def _name(part: str, level_before: str | None, near: str | None, gazetteer: Gazetteer) -> Named | None:
    """The area of a name; None if it is unknown or could be several."""
    text = _ALL_OF.sub("", part.strip())
    words = fold(text).split(" ")
    marked = _LEVEL_OF.get(words[0]) if len(words) > 1 else None
    scopes = (*((near, *gazetteer.areas[near].above) if near else ()), EVERYWHERE)
    expected = marked or level_before
    for level in (marked,) if marked else dict.fromkeys((level_before or LEVELS[0], *LEVELS)):
        exact = next((codes for scope in scopes if (codes := gazetteer.exact(level, text, scope))), ())
        if len(exact) == 1 and (level == expected or _only_level(text, level, gazetteer)):
            return Named(exact[0], worded=marked is not None)
    if marked and near and not gazetteer.exact(marked, text):
        similar = (gazetteer.similar(marked, text, scope) for scope in scopes[:-1])
        return next((Named(codes[0], exact=False) for codes in similar if len(codes) == 1), None)
    return None


def _only_level(text: str, level: str, gazetteer: Gazetteer) -> bool:
    """Whether a name without a level word belongs to areas of one level only."""
    return not any(gazetteer.exact(other, text) for other in LEVELS if other != level)
