"""Finds the tables of a sheet: which lines below a header are records, and what stands around them.

A line is passed over only if `line_kinds` finds that it is none; each is counted by kind. What a section heading
("KECAMATAN MAMBI") or a line above the header says of kabupaten, kecamatan or desa holds for the records below, where
the column is absent or blank in the whole section. A merged cell holds for all lines that it spans. Tables side by side
are tables of their own, and so is delimited text that stands in one column.

A column of provinces, kabupaten or kecamatan that is filled only where a new one begins (an outline) holds for the
records below: its first record is filled, two or more names stand in it and none twice (within one above it), and most
are followed by blanks. Any other cell that is only blank stays blank; one that repeats the cell above in words or signs
("sda", "idem", a quotation mark) holds it.
Gets wrong: a column that an office began to fill in here and there, each name once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.sheets.folding import compact, split_words
from lks_geo.sheets.header import Header, Parts, Vocabulary, find_header, named_header
from lks_geo.sheets.line_kinds import AREA_FIELDS, PASSED_OVER, SECTION, Lines
from lks_geo.sheets.open_sheets import cut_column
from lks_geo.sheets.sheet import CellKind, Cells, Sheet, cell_text

HEADING = "bagian"
"""What a section is called, if that is no area ("B. LKS LANJUT USIA")."""
_NESTED = (HEADING, "kabupaten", "kecamatan", "desa")
_OUTLINED = ("provinsi", "kabupaten", "kecamatan")
"""Fields that may be written only where a new area begins, from the largest to the smallest."""
_AREA_NAME = re.compile(  # "A. Kecamatan: Mambi", "KABUPATEN MAMUJU TAHUN 2026"
    rf"^\W*(?:[a-z]|[ivxl]{{1,5}}|\d{{1,2}})?\W*(?:{'|'.join(AREA_FIELDS)})\b(?:\s*/\s*kota)?[\s.:]*(.+?)\W*$",
    re.IGNORECASE,
)
_DITTO = r"""(?i)[\s.-]*(?:["”“″〃]|''|s\.?\s?d\.?\s?a|idem|ditto|sama dengan (?:di )?atas)[\s.-]*$"""  # "s.d.a."
_YEAR_BEHIND = re.compile(r"\s+tahun\b.*$", re.IGNORECASE)  # " TAHUN 2026"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its headings by column, what each claims, its records (`lines`: positions in the sheet), and what was
    passed over.

    `areas`: field or HEADING -> text per record (None where nothing is given), from section headings and lines above
    the header. `titles`: the texts above the header, from top to bottom; `over`: those beside them that hold for it as
    well; `above`: those of the tables above it, the nearest last.
    """

    sheet: Sheet
    header_lines: tuple[int, ...]
    header: Header
    lines: npt.NDArray[np.int64]
    passed_over: Mapping[str, int]
    areas: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def headings(self) -> tuple[Parts, ...]:
        """The heading of each column."""
        return self.header.headings

    @cached_property
    def written(self) -> Cells:
        """The cells of the records as written, each cell merged downward repeated over the lines that it spans."""
        cells = _filled_down(self.sheet, max(self.header_lines, default=-1))
        return Cells(texts=cells.texts.iloc[self.lines].reset_index(drop=True), kinds=cells.kinds[self.lines])

    @cached_property
    def outline(self) -> Mapping[int, npt.NDArray[np.int64]]:
        """Columns that are filled only where a new area begins, or that say "the same" -> the record whose cell holds,
        for each record."""
        cells = self.written
        found: dict[int, npt.NDArray[np.int64]] = {}
        above = np.zeros(len(self.lines), dtype=np.int64)
        columns = {claim.field: at for at, claim in reversed(list(enumerate(self.header.claims))) if claim}
        for column in (columns[name] for name in _OUTLINED if name in columns and name not in self.areas):
            filled = cells.kinds[:, column] != CellKind.BLANK
            if filled.all():
                continue
            names = [compact(cell_text(text)) for text in cells.texts[column]]
            if _is_outline(names, filled, above, below_another=bool(found)):
                above = found[column] = np.maximum.accumulate(np.where(filled, np.arange(len(names)), 0))
        same = {column: _above(cells.texts[column]) for column in columns.values() if column not in found}
        return found | {column: origin for column, origin in same.items() if origin is not None}

    def records(self) -> Cells:
        """The cells of the records, each cell merged downward or in an outline repeated over the lines it holds for."""
        cells = self.written
        if not self.outline:
            return cells
        texts, kinds = cells.texts.copy(), cells.kinds.copy()
        for column, origin in self.outline.items():
            texts[column] = texts[column].array.take(origin)
            kinds[:, column] = kinds[origin, column]
        return Cells(texts=texts, kinds=kinds)

    def without(self, gone: npt.NDArray[np.bool_], kind: str) -> Table:
        """The table with some of its records passed over as lines of a kind."""
        if not gone.any():
            return self
        passed = dict(self.passed_over) | {kind: self.passed_over.get(kind, 0) + int(gone.sum())}
        kept = np.flatnonzero(~gone).tolist()
        return replace(
            self, lines=self.lines[~gone], passed_over={name: passed[name] for name in PASSED_OVER if name in passed},
            areas={name: tuple(texts[at] for at in kept) for name, texts in self.areas.items()},
        )  # fmt: skip


def _above(cells: pd.Series) -> npt.NDArray[np.int64] | None:
    """The record whose cell holds for each record of a column in which some say "the same"; None if none does."""
    dittos = [*filter(re.compile(_DITTO).match, cells.dropna().unique().tolist())]
    same = cells.isin(dittos).to_numpy()
    return None if not dittos or same[0] else np.maximum.accumulate(np.where(same, 0, np.arange(len(same))))


def _is_outline(
    names: Sequence[str], filled: npt.NDArray[np.bool_], above: npt.NDArray[np.int64], *, below_another: bool
) -> bool:
    """Whether a column is written only where a new area begins. `above`: where the area above begins, per record."""
    starts = np.flatnonzero(filled)
    if len(names) < 3 or not len(starts) or len(starts) == len(names):
        return False
    begins = np.unique(above)
    twice = len({(above[at], names[at]) for at in starts.tolist()}) < len(starts)
    several = below_another or 2 <= len(starts) <= len(names) / 2
    return bool(filled[begins].all()) and not twice and several


def find_tables(sheet: Sheet, vocabulary: Vocabulary) -> tuple[list[Table], Header | None]:
    """The tables of a sheet from top to bottom, and the best header found (also if it is not complete)."""
    if sheet.headings is not None:
        header = named_header(sheet.headings, vocabulary)
        return ([_named_table(sheet, header)] if header.complete else []), header
    best = find_header(sheet, vocabulary)
    if not (best and best.complete) and (cut := cut_column(sheet)) is not None:
        of_cut = find_header(cut, vocabulary)
        if of_cut and of_cut.complete:
            sheet, best = cut, of_cut
    if not best or not best.complete:
        return [], best
    starts = _starts_beside(sheet, best, vocabulary)
    if len(starts) == 1:
        return _tables_down(sheet, best, {}, vocabulary), best
    return _tables_beside(sheet, best, starts, vocabulary), best


def _tables_down(sheet: Sheet, first: Header, area: Mapping[str, str], vocabulary: Vocabulary) -> list[Table]:
    """The tables of a sheet one below the other. `area`: what holds for all of them."""
    tables: list[Table] = []
    following: Header | None = first
    start = 0
    above: list[tuple[str, ...]] = []
    while following:
        table, following, area = _table_below(sheet, following, start, area, vocabulary)
        tables.append(replace(table, above=tuple(above)))
        start = following.first if following else start
        last = max((*table.header_lines, *table.lines[-1:].tolist()))
        above += [table.titles, tuple(text for line in range(last + 1, start) for text in sheet.line(line) if text)]
    return tables


def _starts_beside(sheet: Sheet, header: Header, vocabulary: Vocabulary) -> list[int]:
    """The first columns of tables side by side: each has the heading of the key, and all that a table needs."""
    names = [compact(" ".join(parts)) for parts in header.headings]
    first, *others = [at for at, claim in enumerate(header.claims) if claim and claim.field == vocabulary.key]
    starts = [0]
    for at in others:
        back = 0
        while back < first and names[at - back - 1] and names[at - back - 1] == names[first - back - 1]:
            back += 1
        gap = [column for column in range(starts[-1] + 1, at) if not names[column] and _is_blank(sheet, column)]
        if names[at] == names[first] or gap:
            starts.append(max([at - back, *(column + 1 for column in gap)]) if names[at] != names[first] else at - back)
    spans = list(pairwise([*starts, len(names)]))
    whole = all(vocabulary.is_complete(header.headings[a:b], header.claims[a:b]) for a, b in spans)
    return starts if whole else [0]


def _is_blank(sheet: Sheet, column: int) -> bool:
    return bool(sheet.cells[column].isna().all())


def _tables_beside(sheet: Sheet, header: Header, starts: Sequence[int], vocabulary: Vocabulary) -> list[Table]:
    """The tables of each of several blocks of columns; lines above and between are counted with the first block."""
    area: dict[str, str] = {}
    for line in range(header.first):
        area |= _area_of_line([text for text in sheet.line(line) if text])
    tables: list[Table] = []
    for left, right in pairwise([*starts, sheet.cells.shape[1]]):
        block = _columns_of(sheet, left, right)
        first = find_header(block, vocabulary)
        if first is None or not first.complete:
            continue
        over = tuple(_titles_beside(sheet, first.first, left, right))
        for table in _tables_down(block, first, area, vocabulary):
            passed = {kind: n for kind, n in table.passed_over.items() if not left or kind not in ("title", "blank")}
            tables.append(replace(table, over=over, passed_over=passed))
    return tables


def _titles_beside(sheet: Sheet, end: int, left: int, right: int) -> Iterator[str]:
    """What lines above a block of columns say only outside it, and mean for it as well: the nearest text to the left,
    or the only one of its line, unless that is merged over other columns."""
    merged = {(top, start): last for top, start, _, last in sheet.merged or ()}
    for line in range(end):
        texts = {at: text for at, text in enumerate(sheet.line(line)) if text}
        near = max((at for at in texts if at < left), default=max(texts) if len(texts) == 1 else -1)
        elsewhere = (line, near) in merged and not near < left <= merged[line, near]
        if near in texts and not elsewhere and not any(left <= at < right for at in texts):
            yield texts[near]


def _columns_of(sheet: Sheet, left: int, right: int) -> Sheet:
    """Some columns of a sheet as one of its own."""
    merged = tuple(
        (top, max(start, left) - left, bottom, min(end, right - 1) - left)
        for top, start, bottom, end in sheet.merged or ()
        if start < right and end >= left
    )
    return replace(
        sheet, cells=sheet.cells.iloc[:, left:right].set_axis(range(right - left), axis=1),
        kinds=sheet.kinds[:, left:right], merged=None if sheet.merged is None else merged,
    )  # fmt: skip


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
    titles: list[str] = []
    for line in range(start, header.first):
        texts = [text for text in sheet.line(line) if text]
        titles += texts
        passed["title" if texts else "blank"] += 1
        area_above |= _area_of_line(texts)
    kinds = np.full(len(sheet.cells), "row", dtype=object)
    kinds[~below.filled.any(axis=1)] = "blank"
    areas: list[tuple[int, dict[str, str]]] = [(header.last + 1, area_above)]
    end, following, closing, last = len(sheet.cells), None, "", header.last
    for line in below.suspects():
        closing = "" if below.plain[last:line].any() else closing
        kind, other = below.kind(line, closing=closing)
        if other:
            end, following = line, other
            break
        closing = below.closing_after(line, kind, closing)
        kinds[line], last = kind, line
        if kind == "section":
            texts = [text for text in sheet.line(line) if text]
            named = _area_of_section(texts) or _bare_area(texts, vocabulary) or {HEADING: " ".join(texts)}
            areas.append((line, _nested(areas[-1][1], named)))
    body = kinds[header.last + 1 : end]
    passed.update(Counter(kind for kind in body.tolist() if kind != "row"))
    lines = (np.flatnonzero(body == "row") + header.last + 1).astype(np.int64)
    table = Table(
        sheet=sheet, header_lines=tuple(range(header.first, header.last + 1)), header=header, lines=lines,
        passed_over={kind: passed[kind] for kind in PASSED_OVER if passed[kind]}, areas=_areas_of_records(areas, lines),
        titles=tuple(dict.fromkeys(titles)),
    )  # fmt: skip
    return table, following, areas[-1][1]


def _area_of_section(texts: Sequence[str]) -> dict[str, str]:
    """The area that a section heading names."""
    return next((area for text in texts if (area := _area_in(text))), None) or _area_of_line(texts)


def _bare_area(texts: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The area of a section heading that is nothing but its name."""
    levels = ((vocabulary.area_level(split_words(text)), text) for text in texts)
    return next(({level: text} for level, text in levels if level), {})


def _area_of_line(texts: Sequence[str]) -> dict[str, str]:
    """What a line says of the area: "KABUPATEN: MAMASA" in one cell or two, or nothing but "KABUPATEN MAMASA"."""
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
