"""Finds the tables of a sheet: which lines below a header are records, and what stands around them.

A line is passed over only if `line_kinds` finds that it is none; each is counted by kind. What a section heading
("KECAMATAN MAMBI") or a line above the header says of kabupaten, kecamatan or desa holds for the records below, where
the column is absent or blank in the whole section. A merged cell holds for all lines that it spans. A cell that is only
blank stays blank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lks_geo.sheets.folding import split_words
from lks_geo.sheets.header import Header, Parts, Vocabulary, find_header, named_header
from lks_geo.sheets.line_kinds import AREA_FIELDS, PASSED_OVER, SECTION, Lines
from lks_geo.sheets.sheet import Cells, Sheet

HEADING = "bagian"
"""What a section is called, if that is no area ("B. LKS LANJUT USIA")."""
_NESTED = (HEADING, "kabupaten", "kecamatan", "desa")
_AREA_NAME = re.compile(  # "A. Kecamatan: Mambi", "KABUPATEN MAMUJU TAHUN 2026"
    rf"^\W*(?:[a-z]|[ivxl]{{1,5}}|\d{{1,2}})?\W*(?:{'|'.join(AREA_FIELDS)})\b(?:\s*/\s*kota)?[\s.:]*(.+?)\W*$",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"\s+tahun\b.*$", re.IGNORECASE)  # " TAHUN 2026"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its headings by column, what each claims, its records (`lines`: positions in the sheet), and what was
    passed over.

    `given`: field or HEADING -> text per record (None where nothing is given), from section headings and lines above
    the header.
    """

    sheet: Sheet
    header_lines: tuple[int, ...]
    header: Header
    lines: npt.NDArray[np.int64]
    passed_over: Mapping[str, int]
    areas: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[Parts, ...]:
        """The heading of each column."""
        return self.header.headings

    def records(self) -> Cells:
        """The cells of the records, each cell merged downward repeated over the lines that it spans."""
        cells = _filled_down(self.sheet, max(self.header_lines, default=-1))
        return Cells(texts=cells.texts.iloc[self.lines].reset_index(drop=True), kinds=cells.kinds[self.lines])


def find_tables(sheet: Sheet, vocabulary: Vocabulary) -> tuple[list[Table], Header | None]:
    """The tables of a sheet from top to bottom, and the best header found (also if it is not complete)."""
    if sheet.headings is not None:
        header = named_header(sheet.headings, vocabulary)
        return ([_named_table(sheet, header)] if header.complete else []), header
    tables: list[Table] = []
    best = find_header(sheet, vocabulary)
    following, start = (best if best and best.complete else None), 0
    area: Mapping[str, str] = {}
    while following:
        table, following, area = _table_below(sheet, following, start, area, vocabulary)
        tables.append(table)
        start = following.first if following else start
    return tables, best


def _named_table(sheet: Sheet, header: Header) -> Table:
    """A table whose columns have names: every filled line is a record; a blank one must be accounted for as well."""
    filled = sheet.cells.notna().to_numpy().any(axis=1)
    blank = int((~filled).sum())
    return Table(
        sheet=sheet, header_lines=(), header=header, lines=np.flatnonzero(filled).astype(np.int64),
        passed_over={"blank": blank} if blank else {},
    )  # fmt: skip


def _table_below(
    sheet: Sheet, header: Header, start: int, area: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[Table, Header | None, Mapping[str, str]]:
    """The records below a header up to the next header of other columns or the end of the sheet; that header; and the
    area that holds at the end (`area`: at the start)."""
    below = Lines(sheet, header, vocabulary)
    passed: Counter[str] = Counter()
    area_above = dict(area)
    for line in range(start, header.first):
        texts = [text for text in sheet.line(line) if text]
        passed["title" if texts else "blank"] += 1
        area_above |= _area_of_line(texts)
    kinds = np.full(len(sheet.cells), "row", dtype=object)
    kinds[~below.filled.any(axis=1)] = "blank"
    areas: list[tuple[int, dict[str, str]]] = [(header.last + 1, area_above)]
    end, following, closing, last = len(sheet.cells), None, False, header.last
    for line in below.suspects():
        closing = closing and not below.plain[last:line].any()
        kind, other = below.kind(line, closing=closing)
        if other:
            end, following = line, other
            break
        closing = kind == "signature" or (closing and kind not in ("header", "row"))
        kinds[line], last = kind, line
        if kind == "section":
            texts = [text for text in sheet.line(line) if text]
            areas.append((line, _nested(areas[-1][1], _area_of_section(texts) or {HEADING: " ".join(texts)})))
    body = kinds[header.last + 1 : end]
    passed.update(Counter(kind for kind in body.tolist() if kind != "row"))
    lines = (np.flatnonzero(body == "row") + header.last + 1).astype(np.int64)
    table = Table(
        sheet=sheet, header_lines=tuple(range(header.first, header.last + 1)), header=header, lines=lines,
        passed_over={kind: passed[kind] for kind in PASSED_OVER if passed[kind]}, areas=_areas_of_records(areas, lines),
    )  # fmt: skip
    return table, following, areas[-1][1]


def _area_of_section(texts: Sequence[str]) -> dict[str, str]:
    """The area that a section heading names."""
    return next((area for text in texts if (area := _area_in(text))), None) or _area_of_line(texts)


def _area_of_line(texts: Sequence[str]) -> dict[str, str]:
    """What a line says of the area: "KABUPATEN: MAMASA" in one cell, "KABUPATEN" and ": MAMASA" in two, or nothing but
    "KABUPATEN MAMASA"."""
    for position, text in enumerate(texts):
        word = split_words(text)
        if word in AREA_FIELDS and position + 1 < len(texts):
            name = next((name for text in texts[position + 1 : position + 3] if (name := text.strip(" :"))), "")
            return {AREA_FIELDS[word]: name} if name else {}
        if (":" in text or len(texts) == 1) and (area := _area_in(text)):
            return area
    return {}


def _area_in(text: str) -> dict[str, str]:
    """The area that a text like "A. Kecamatan: Mambi" names, by field."""
    word, name = SECTION.match(split_words(text)), _AREA_NAME.match(text)
    if not word or not name or word[1] not in AREA_FIELDS:
        return {}
    return {AREA_FIELDS[word[1]]: _YEAR_BEHIND.sub("", name[1])}


def _nested(before: Mapping[str, str], area: Mapping[str, str]) -> dict[str, str]:
    """What holds after a section heading: a new kabupaten ends the kecamatan before it; other words hold until the
    next heading of other words, whatever areas come between."""
    level = next(iter(area))
    if level == HEADING:
        return dict(before) | dict(area)
    return {name: text for name, text in before.items() if _NESTED.index(name) < _NESTED.index(level)} | dict(area)


def _areas_of_records(
    areas: Sequence[tuple[int, Mapping[str, str]]], lines: npt.NDArray[np.int64]
) -> dict[str, tuple[str | None, ...]]:
    starts = np.array([line for line, _ in areas])
    section = np.searchsorted(starts, lines, side="right") - 1
    names = dict.fromkeys(name for _, area in areas for name in area)
    return {name: tuple(areas[at][1].get(name) for at in section.tolist()) for name in names}


def _filled_down(sheet: Sheet, last: int) -> Cells:
    """The sheet's cells with each cell merged downward below line `last` repeated over the lines that it spans."""
    below = [span for span in sheet.merged or () if span[2] > span[0] > last]
    if not below:
        return Cells(texts=sheet.cells, kinds=sheet.kinds)
    texts, kinds = sheet.cells.copy(), sheet.kinds.copy()
    for column in {left for _, left, _, _ in below if left < texts.shape[1]}:
        origin = np.arange(len(texts))
        for top, left, bottom, _ in below:
            if left == column and top < len(texts):
                origin[top : bottom + 1] = top
        texts[column] = texts[column].array.take(origin)
        kinds[:, column] = kinds[origin, column]
    return Cells(texts=texts, kinds=kinds)
