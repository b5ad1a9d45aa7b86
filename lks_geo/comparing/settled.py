"""Pairs that a person settled: the file of `--pairs`, which an earlier comparison wrote or somebody typed.

Decides: a line names an LKS of the old and one of the new register by id, and by name if there is one; "sama" (or no
answer column at all) joins, "beda" parts. A line whose second LKS stands in the old register is of the year before: it
hands on the id that lasts. Gets wrong: an id that was given anew to an LKS of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lks_geo.comparing.sides import Side
from lks_geo.errors import LksGeoError
from lks_geo.geo import IntArray
from lks_geo.register.identity import name_key
from lks_geo.sheets.folding import fold
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.sheet import Sheet

ANSWERS = {
    True: ("sama", "ya", "y", "same", "yes"),
    False: ("beda", "tidak", "bukan", "t", "different", "no"),
}
"""What stands in the column of answers, folded."""
_HEAD = 60
"""How far down the headings may stand."""
_COLUMNS = ("id_lama", "nama_lama", "id_baru", "nama_baru", "keputusan", "id_tetap")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """`same`, `other`: positions (old, new) of settled pairs, shape (n, 2). `lasting`: position in the old register ->
    the id that lasts. `unknown`: answered lines whose LKS are in neither register."""

    same: IntArray
    other: IntArray
    lasting: dict[int, str]
    unknown: int = 0


NOTHING = Settled(same=np.empty((0, 2), dtype=np.int64), other=np.empty((0, 2), dtype=np.int64), lasting={})


def read_settled(path: Path, old: Side, new: Side) -> Settled:
    """What a file says about the pairs of these registers; a file without `id_lama` and `id_baru` is an error."""
    lines = _lines(path)
    pairs: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    lasting: dict[int, str] = {}
    unknown = 0
    known = _Finder(old), _Finder(new)
    for line in lines.to_dict("records"):
        first = known[0].find(line["id_lama"], line["nama_lama"])
        second = known[1].find(line["id_baru"], line["nama_baru"])
        answer = _answer(line["keputusan"], path)
        if answer is not None and first is not None and second is not None:
            pairs[answer].add((first, second))
        later = known[0].find(line["id_baru"], line["nama_baru"])
        unknown += answer is not None and later is None and (first is None or second is None)
        owner = later if later is not None else first
        if owner is not None and line["id_tetap"]:
            lasting.setdefault(owner, line["id_tetap"])
    _refuse_twice(pairs[True], path, old, new)
    same, other = (np.array(sorted(pairs[answer]), dtype=np.int64).reshape(-1, 2) for answer in (True, False))
    return Settled(same=same, other=other, lasting=lasting, unknown=unknown)


class _Finder:
    """LKS of one register by id and name."""

    def __init__(self, side: Side) -> None:
        self.names = [name_key(name) if isinstance(name, str) else "" for name in side.places["nama"]]
        self.at = {str(text).casefold(): row for row, text in enumerate(side.places["id"])}
        for row, text in enumerate(side.texts["id"]):
            if text is not None:
                self.at.setdefault(text, row)

    def find(self, written: str, name: str) -> int | None:
        row = self.at.get(written.casefold())
        return None if row is None or (name and name_key(name) != self.names[row]) else row


def _lines(path: Path) -> pd.DataFrame:
    """The lines of the first sheet with the needed headings: text, "" where blank, columns _COLUMNS."""
    for sheet in open_sheets(path):
        for head in range(-1 if sheet.headings else 0, min(len(sheet.cells), _HEAD)):
            titles = [fold(text) for text in (sheet.headings or ()) if head < 0] or [*_titles(sheet, head)]
            if {"id_lama", "id_baru"} <= set(titles):
                cells = sheet.cells.iloc[head + 1 :].fillna("")
                found = {name: cells.iloc[:, titles.index(name)].map(_plain) for name in _COLUMNS if name in titles}
                table = pd.DataFrame(found).reindex(columns=list(_COLUMNS))
                table["keputusan"] = table["keputusan"].fillna("" if "keputusan" in titles else "sama")
                return table.fillna("")
    raise LksGeoError.of("comparing.no_pairs", path=path.name)


def _titles(sheet: Sheet, head: int) -> Iterator[str]:
    return (fold(text) for text in sheet.line(head))


def _plain(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from reading a formula."""
    return text.strip().removeprefix("'")


def _answer(text: str, path: Path) -> bool | None:
    folded = fold(text)
    if not folded:
        return None
    for answer, words in ANSWERS.items():
        if folded in words:
            return answer
    raise LksGeoError.of("comparing.not_answer", path=path.name, found=text)


def _refuse_twice(pairs: set[tuple[int, int]], path: Path, old: Side, new: Side) -> None:
    """One LKS is one LKS: a file that joins it to two is an error that names it."""
    for end, side in ((0, old), (1, new)):
        rows = [pair[end] for pair in pairs]
        twice = sorted({row for row in rows if rows.count(row) > 1}) if len(set(rows)) < len(rows) else []
        if twice:
            raise LksGeoError.of("comparing.settled_twice", path=path.name, id=str(side.places["id"].iloc[twice[0]]))
