"""Area codes in cells: Kemendagri dotted or not, or BPS; which of the two is decided once for the whole file.

| written | read as |
|---|---|
| `76.04.01.1001`, `76-04-01-1001`, `76 04 01 1001` | Kemendagri: the blocks are 2, 2, 2, 4 digits long |
| `76.04.010.001`, `7604010` (7 digits) | BPS: the blocks are 2, 2, 3, 3 digits long |
| `7604011001`, `7604`, `760401`, `7604011001.0`, `7.604.011.001` | digits only: the system of the file |
| `7,604E+09`, `76.1`, letters | damaged or no code: reported, not used |

Decides the system by what only one system can have (blocks, seven digits), else by which reading agrees with the names
of the rows, else by which list has all the codes; if that does not settle it, digits without dots are not used at all.
Gets wrong: a file of bare digits without any names whose codes all exist in one list only, but were meant in the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.meaning.cells import is_empty_marker

KEMENDAGRI, BPS, DIGITS, BROKEN = "kemendagri", "bps", "angka", "rusak"

CODE_FIELDS = {"kode_desa": "desa", "kode_kecamatan": "kecamatan", "kode_kabupaten": "kabupaten"}
"""Code columns and the level that each names."""

_BLOCKS = {
    (2,): DIGITS,
    (2, 2): KEMENDAGRI,
    (2, 2, 2): KEMENDAGRI,
    (2, 2, 2, 4): KEMENDAGRI,
    (2, 2, 3): BPS,
    (2, 2, 3, 3): BPS,
}
_LENGTHS = frozenset({2, 4, 6, 7, 10})
_EXCEL_TAIL = re.compile(r"(?<=\d{4})[.,]0+$")
_THOUSANDS = re.compile(r"\d([.,])\d{3}\1\d{3}(\1\d{3})?|\d([.,])\d{3}")


@dataclass(frozen=True, slots=True)
class CodeReading:
    """The digits of a code and what they can be: `form` KEMENDAGRI, BPS, DIGITS (either) or BROKEN."""

    digits: str
    form: str


def read_code(text: str | None) -> CodeReading | None:
    """A code cell; None if it says nothing. Notation only, no list of areas is asked."""
    if text is None or is_empty_marker(text):
        return None
    plain = _EXCEL_TAIL.sub("", text.strip().lstrip("'`’").strip())
    if _THOUSANDS.fullmatch(plain):
        plain = re.sub(r"[.,]", "", plain)
    if plain.isascii() and plain.isdecimal():
        if len(plain) == 7:
            return CodeReading(plain, BPS)
        return CodeReading(plain, DIGITS if len(plain) in _LENGTHS else BROKEN)
    blocks = [block for block in re.split(r"[.\-\s/]+", plain.rstrip(".")) if block]
    if blocks and all(block.isascii() and block.isdecimal() for block in blocks):
        form = _BLOCKS.get(tuple(len(block) for block in blocks), BROKEN)
        return CodeReading("".join(blocks), form)
    return CodeReading(plain, BROKEN)


def area_of(reading: CodeReading, system: str | None, gazetteer: Gazetteer) -> str | None:
    """The Kemendagri code of the area that a code means in a file of `system` (None: undecided); None if none."""
    form = system if reading.form == DIGITS else reading.form
    if len(reading.digits) == 2 or form == KEMENDAGRI:
        return gazetteer.by_digits.get(reading.digits)
    return gazetteer.by_bps.get(reading.digits) if form == BPS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEvidence:
    """A code with what else its row says: names as (level, text), the desa of its point, and how many rows say so."""

    reading: CodeReading
    names: tuple[tuple[str, str], ...] = ()
    point: str | None = None
    rows: int = 1


def decide_system(evidence: Iterable[CodeEvidence], gazetteer: Gazetteer) -> str | None:
    """The system of a file's bare digits: KEMENDAGRI, BPS, or None if nothing settles it."""
    told = list(evidence)
    certain = dict.fromkeys((KEMENDAGRI, BPS), 0)
    for one in told:
        if one.reading.form in certain and area_of(one.reading, None, gazetteer):
            certain[one.reading.form] += one.rows
    if certain[KEMENDAGRI] != certain[BPS]:
        return max(certain, key=lambda form: certain[form])
    bare = [one for one in told if one.reading.form == DIGITS and len(one.reading.digits) > 2]
    agree, against, known = _weigh(bare, gazetteer)
    best, other = (KEMENDAGRI, BPS) if agree[KEMENDAGRI] >= agree[BPS] else (BPS, KEMENDAGRI)
    if agree[best] > agree[other]:
        return best if agree[best] * 2 >= against[best] else None
    if agree[best] and min(against.values()) == 0 < max(against.values()):
        return min(against, key=lambda form: against[form])
    if max(against.values()):
        return None
    total = sum(one.rows for one in bare)
    whole = [system for system in (KEMENDAGRI, BPS) if known[system] == total]
    return whole[0] if total and len(whole) == 1 else None


def _weigh(bare: list[CodeEvidence], gazetteer: Gazetteer) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Rows that agree with, speak against, and whose code exists in, each system: by their names, else their points."""
    agree, against, known = ({KEMENDAGRI: 0, BPS: 0} for _ in range(3))
    for one in bare:
        for system in (KEMENDAGRI, BPS):
            code = area_of(one.reading, system, gazetteer)
            if code is None:
                continue
            verdict = agrees(code, one.names, gazetteer)
            if verdict is None and one.point is not None:
                verdict = gazetteer.holds(code, one.point)
            known[system] += one.rows
            agree[system] += one.rows * (verdict is True)
            against[system] += one.rows * (verdict is False)
    return agree, against, known


def agrees(code: str, names: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> bool | None:
    """Whether the area and those above it bear the names that a row states; None if no name can be compared."""
    verdicts = []
    for level, text in names:
        own = gazetteer.upper(code, level)
        if own is not None and gazetteer.named(own):
            verdicts.append(own in gazetteer.exact(level, text) or gazetteer.alike(level, text, own))
    return all(verdicts) if verdicts else None
