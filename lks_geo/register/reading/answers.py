"""Answers that are spread over headings, and the texts that answer for a field.

Values that have a reader of their own (status, legal form, accreditation, stage) are told by that reader, all other
fields by what their cells look like (`fields.HINTS`); what a column is as a whole, `column_content` says.

Columns whose headings are the answers to one question (`Status` over `Aktif | Tidak Aktif`, `Akreditasi` over
`A | B | C`, also without the question) become one column with the word that is ticked; several ticks become "A / B",
which no reader takes for one answer. `Lintang` over `Derajat | Menit | Detik` becomes one column `2° 40' 24"`. A
heading that names one side ("Lintang (LS)", "Bujur Timur") lends it to the cells that write neither sign nor letter.
The gathered column takes the place of the first; the others keep their places, without heading and blank.

Gets wrong: an answer that stands in one column alone is a heading like any other; "N" is no side, because offices write
it for the axis.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from lks_geo.register.meaning.services import read_system
from lks_geo.register.meaning.values import names_status, read_accreditation, read_development, read_legal, read_status
from lks_geo.register.reading.fields import HINTS, MARK, SERVICE_FIELDS
from lks_geo.register.reading.heading_words import exact, is_remark, is_status
from lks_geo.sheets.folding import fold, read_tick, split_words
from lks_geo.sheets.header import SURE, Claim, Parts

Test = Callable[[str], bool]


def _no(_: str) -> bool:
    return False


class Answers(NamedTuple):
    """Whether a text is an answer of a field: as a `cell` of a column; as a heading `below` the question ("Ya" under
    "Badan Hukum"); as a heading `alone`, whose words must say which question they answer."""

    cell: Test
    below: Test
    alone: Test = _no


_NO = frozenset(("tidak", "tdk", "non", "belum", "bukan", "no"))
"""Headings that deny the one at their left ("Aktif | Tidak")."""
_RANKS = frozenset(("a", "b"))
"""Headings that ranks have among them, where nothing above says what is ranked."""
_ANSWERS = {
    "status_aktif": Answers(
        cell=names_status, below=lambda text: read_status(text).active is not None, alone=names_status,
    ),
    "badan_hukum": Answers(
        cell=lambda text: read_legal(text).legal is not None or "badan hukum" in fold(text),
        below=lambda text: read_legal(text).legal is not None,
        alone=lambda text: read_legal(text).legal is not None and "badan hukum" in fold(text),
    ),
    "akreditasi": Answers(
        cell=lambda text: read_accreditation(text).rank is not None or "akreditasi" in fold(text),
        below=lambda text: read_accreditation(text).rank is not None,
        alone=lambda text: read_accreditation(text).rank is not None and fold(text) not in _NO,
    ),
    "perkembangan": Answers(
        cell=lambda text: read_development(text).stage is not None,
        below=lambda text: read_development(text).stage is not None,
        alone=lambda text: read_development(text).stage is not None,
    ),
    "sistem": Answers(
        cell=lambda text: HINTS["sistem"].search(text.strip().casefold()) is not None,
        below=lambda text: bool(read_system(text)),
        alone=lambda text: bool(read_system(text)) and "panti" in text.casefold(),
    ),
}  # fmt: skip
READERS = {name: answers.cell for name, answers in _ANSWERS.items() if name not in HINTS}
"""Whether a cell is a value of a field, for the fields that have a reader of values."""


_UNITS = {
    **dict.fromkeys(("derajat", "der", "deg", "degree", "degrees", "d"), "°"),
    **dict.fromkeys(("menit", "mnt", "min", "minute", "minutes", "m"), "'"),
    **dict.fromkeys(("detik", "dtk", "sec", "second", "seconds", "s"), '"'),
    "arah": "",
}
_SYMBOLS = {"°": "°", "º": "°", "'": "'", "’": "'", "′": "'", '"': '"', "”": '"', "″": '"', "''": '"'}
_SIDES = {  # "lintang ls", "koordinat s", "bujur timur"
    "lintang": {"LS": r"\bls\b|\blintang selatan\b|\b(?:koordinat|lat|latitude) s$", "LU": r"\blu\b|\blintang utara\b"},
    "bujur": {"BT": r"\bbt\b|\bbujur timur\b", "BB": r"\bbb\b|\bbujur barat\b"},
}
_UNSIGNED = re.compile(r"(\d{1,3})(?:[.,°º:\s]|['’′]).*")  # "2.9", "119°6'"
_NO_SIDE = re.compile(r"[+\-−–]|[^\W\d_]")  # "-" of "-2.9", "L" of "2.9 LS"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Headings and cells of a table after gathering; `claims`: the fields of the gathered columns."""

    headings: tuple[Parts, ...]
    cells: pd.DataFrame
    claims: Mapping[int, Claim] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Columns that are one value: their positions, how a row's cells become it, its heading and its field if known."""

    positions: tuple[int, ...]
    words: tuple[str, ...]
    join: Callable[[Sequence[str], Sequence[str | None]], str | None]
    heading: Parts
    claim: Claim | None = None


def gathered(headings: Sequence[Parts], cells: pd.DataFrame, fixed: Callable[[Parts], bool]) -> Spread:
    """The table with the columns of each spread value made one. `fixed`: headings that must stay as they are."""
    groups = [*_angles(headings, fixed), *_ticked(headings, cells, fixed)]
    if not groups:
        return Spread(headings=tuple(headings), cells=cells)
    new_headings, new_cells, claims = list(headings), cells.copy(), {}
    for group in groups:
        first, *others = group.positions
        rows = zip(*(_texts(cells.iloc[:, position]) for position in group.positions), strict=True)
        new_cells[first] = pd.Series([group.join(group.words, row) for row in rows], index=cells.index, dtype="str")
        new_headings[first] = group.heading
        for position in others:
            new_headings[position] = ()
            new_cells[position] = pd.Series(None, index=cells.index, dtype="str")
        if group.claim:
            claims[first] = group.claim
    return Spread(headings=tuple(new_headings), cells=new_cells, claims=claims)


def completed(cells: pd.Series, name: str, parts: Parts) -> pd.Series:
    """The cells of a field with what they leave to their heading: the side of an axis, the words of "A" and "TA"."""
    return _spelt_out(cells) if name == "status_aktif" else _with_side(cells, name, parts)


def _with_side(cells: pd.Series, name: str, parts: Parts) -> pd.Series:
    """Cells of `lintang` or `bujur` with the one side that the heading names, where they write neither sign nor letter.

    Digits without any mark stay as they are: they may be metres, or have lost their decimal point.
    """
    words = split_words(" ".join(parts))
    sides = [side for side, pattern in _SIDES.get(name, {}).items() if re.search(pattern, words)]  # "ls"
    if len(sides) != 1:
        return cells
    texts = [text if text is None or not _lacks_side(text) else f"{text} {sides[0]}" for text in _texts(cells)]
    return pd.Series(texts, index=cells.index, dtype="str")


_SHORT_ANSWERS = (
    {"a": "Aktif"} | dict.fromkeys(("ta", "t", "n", "non", "tdk", "tidak"), "Tidak aktif"),
    {"ada": "Aktif"} | dict.fromkeys(("tidak ada", "tdk ada"), "Tidak aktif"),
)
"""What short answers mean in a column of activity that has no others, the first among them."""


def short_answers(cells: pd.Series) -> dict[str, str]:
    """The meanings of the texts of a column, if they are short answers of activity; else none."""
    texts = {fold(text) for text in cells.dropna().unique()}
    fitting = (meanings for meanings in _SHORT_ANSWERS if next(iter(meanings)) in texts and texts <= meanings.keys())
    return {text: meaning for text, meaning in next(fitting, {}).items() if text in texts}


def _spelt_out(cells: pd.Series) -> pd.Series:
    meanings = short_answers(cells)
    if not meanings:
        return cells
    return pd.Series([text and meanings[fold(text)] for text in _texts(cells)], index=cells.index, dtype="str")


def _lacks_side(text: str) -> bool:
    degrees = _UNSIGNED.fullmatch(text)
    return degrees is not None and int(degrees[1]) <= 180 and not _NO_SIDE.search(text)


def _texts(cells: pd.Series) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in cells]


def _runs(keys: Sequence[object]) -> Iterator[tuple[int, ...]]:
    """Positions of neighbours with the same key (None belongs to no run), two or more."""
    start = 0
    for at in range(1, len(keys) + 1):
        if at == len(keys) or keys[at] != keys[start]:
            if keys[start] is not None and at - start > 1:
                yield tuple(range(start, at))
            start = at


def _angles(headings: Sequence[Parts], fixed: Callable[[Parts], bool]) -> Iterator[_Group]:
    """Degrees, minutes and seconds side by side under the name of one axis."""
    units = [None if fixed(parts) else _unit(parts) for parts in headings]
    for run in _runs([unit and unit[0] for unit in units]):
        symbols = tuple(unit[2] for position in run if (unit := units[position]))
        if symbols[0] == "°" and len(set(symbols)) == len(symbols):
            heading = next(unit[1] for position in run if (unit := units[position]))
            yield _Group(positions=run, words=symbols, join=_angle, heading=heading)


def _unit(parts: Parts) -> tuple[str, Parts, str] | None:
    """Axis, heading of the axis and unit of a heading like ("Lintang", "Derajat") or "Lintang Derajat"."""
    if not parts:
        return None
    tokens = split_words(" ".join(parts)).split()
    unit = _SYMBOLS.get(parts[-1].strip(" ()"))
    if unit is None:
        unit = _UNITS.get(tokens[-1]) if tokens else None
        tokens = tokens[:-1]
    claim = exact(" ".join(tokens)) or exact(" ".join(parts[-2:-1]))
    if unit is None or claim is None or claim.field not in ("lintang", "bujur"):
        return None
    return claim.field, parts[:-1] or (" ".join(tokens).title(),), unit


def _angle(units: Sequence[str], cells: Sequence[str | None]) -> str | None:
    written = [f"{text.strip(' °º’′”″')}{unit}" for unit, text in zip(units, cells, strict=True) if text]
    return " ".join(written) or None


def _ticked(headings: Sequence[Parts], cells: pd.DataFrame, fixed: Callable[[Parts], bool]) -> Iterator[_Group]:
    """Neighbours whose headings are different answers to one question, and whose cells are ticks."""
    uppers = [None if fixed(parts) or not parts else split_words(" ".join(parts[:-1])) for parts in headings]
    for name in _ANSWERS:
        answers = [upper if _answers(name, headings[at]) else None for at, upper in enumerate(uppers)]
        for at in range(1, len(answers)):
            same = uppers[at] is not None and answers[at] is None and uppers[at] == answers[at - 1]
            if same and split_words(headings[at][-1]) in _NO:
                answers[at] = uppers[at]
        for run in _runs(answers):
            words = tuple(headings[position][-1] for position in run)
            if name == "akreditasi" and not uppers[run[0]] and not set(map(split_words, words)) >= _RANKS:
                continue
            columns = [_texts(cells.iloc[:, position]) for position in run]
            if len(set(map(split_words, words))) == len(words) and all(map(_is_ticked, words, columns)):
                heading = (*headings[run[0]][:-1], " / ".join(words))
                yield _Group(positions=run, words=words, join=_answer, heading=heading, claim=Claim(name, SURE - 10))
                for position in run:
                    uppers[position] = None


def _answers(name: str, parts: Parts) -> bool:
    """Whether a heading is an answer for a field, by what stands above it."""
    if not parts:
        return False
    upper, word = " ".join(parts[:-1]), parts[-1]
    above = exact(upper)
    if above and above.field == name:
        return _ANSWERS[name].below(word)
    if is_status(upper) and name != "sistem":
        return _ANSWERS[name].below(word)
    open_question = not split_words(upper) or is_remark(upper) or bool(above and above.field in SERVICE_FIELDS)
    return open_question and _ANSWERS[name].alone(word)


def _is_ticked(word: str, cells: Sequence[str | None]) -> bool:
    """Whether nearly all cells of a column are ticks, or repeat its heading."""
    filled = [text for text in cells if text]
    ticks = sum(read_tick(text) is not None or split_words(text) == split_words(word) for text in filled)
    return ticks * 10 >= len(filled) * 9


def _answer(words: Sequence[str], cells: Sequence[str | None]) -> str | None:
    """The words ticked; a cell that is no tick stands as it is, so that the reader finds it unclear."""
    ticked = [
        word if read_tick(text) or split_words(text) == split_words(word) else text
        for word, text in zip(words, cells, strict=True)
        if text and (read_tick(text) is not False)
    ]
    return " / ".join(ticked) or None


def coalesced(name: str, columns: Sequence[pd.Series]) -> pd.Series:
    """One column from the columns of a field: the first filled cell; of check marks the first that does not mean no."""
    cells = columns[0]
    for other in columns[1:]:
        gives_way = cells.isna()
        if name.startswith(MARK):
            gives_way |= cells.map(read_tick, na_action="ignore").eq(False).fillna(False) & other.notna()
        cells = cells.where(~gives_way, other)
    return cells
