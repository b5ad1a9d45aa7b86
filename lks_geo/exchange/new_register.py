"""The register with the answers in it: a copy of its file in which only the answered cells differ.

A field that no column has gets a column at the right of its table, filled for all rows that have the value from a
section heading or a title. A cell that holds for others (merged downward, or written only where an area begins) is
first written out for each of them, so that one answer changes one row only. What was written is read back.
Gets wrong: nothing in silence. What cannot be written is told: a value that is spread over several columns (degrees,
minutes, seconds; `Aktif | Tidak`), a formula that others share, a new column of a table beside another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lks_geo.errors import LksGeoError
from lks_geo.exchange.questions import POINT, WHERE, OpenRegister, Parcel, Question, RegisterFile, raw_texts
from lks_geo.exchange.replies import OPEN, Change, Reply, is_same, judge_by, merge, read_replies, taken_of
from lks_geo.exchange.workbook_patch import WorkbookPatch, is_patchable, lines_above, plain_workbook
from lks_geo.files import whole_file
from lks_geo.messages import Message
from lks_geo.register.meaning.coordinates import AXES
from lks_geo.register.reading.answers import gathered
from lks_geo.register.reading.assignment import serves
from lks_geo.register.reading.fields import FIELD_BY_KEY, MARK
from lks_geo.register.reading.headings import Headings
from lks_geo.register.reading.raw import RawRegister, read_register
from lks_geo.register.template import COLUMNS
from lks_geo.settings import Settings
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.personal import MASK, masked
from lks_geo.sheets.sheet import Sheet, cell_text
from lks_geo.sheets.sheet_tables import Table, find_tables
from lks_geo.tables import Register

NUMBERS = frozenset(one.field for one in COLUMNS if one.kind in ("degrees", "count"))
"""Fields that are written as numbers."""
Cleaner = Callable[[RawRegister, bool], Register]
"""Cleans a register: as everyone is told, or (True) with nothing disguised."""
NewSheet = tuple[str, Sequence[Sequence[str | int | None]], Sequence[float]]
"""A name, lines of cells, widths of columns."""
Reporter = Callable[["Received"], Sequence[NewSheet]]
COPIED = ("kabupaten", "kecamatan", "desa")
"""Fields that a new column takes from section headings and titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A cell to write: `line` and `column` from 0 in the sheet at position `page` of the file. `row`: the row of the
    register, None for a heading; `copied`: only written out what held for the row already."""

    page: int
    line: int
    column: int
    value: str
    row: int | None = None
    field: str | None = None
    copied: bool = False


@dataclass(frozen=True, kw_only=True)
class TablePlace:
    """A table in its sheet: `page` the sheet, `left` its first column there, `start` the position of its first row in
    the register, `fields` the columns of the sheet that hold each field, `spread` fields that cannot be written in one
    cell."""

    page: int
    table: Table
    left: int
    start: int
    fields: Mapping[str, tuple[int, ...]]
    spread: frozenset[str]

    def holds(self, row: int) -> bool:
        """Whether a row of the register stands in this table."""
        return self.start <= row < self.start + len(self.table.lines)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of the replies: `changes`, remarks on `replies`, files that are none (`strangers`), the rows still to
    be answered by office (`waiting`: parcel, the open questions, whether a reply of it came), counts of outcomes
    `before` and `after`, cells written besides (`copied`), whether formulas may have old results, cells (row, field)
    that read otherwise than they should (`odd`)."""

    changes: tuple[Change, ...]
    replies: tuple[Reply, ...]
    strangers: tuple[tuple[str, Message], ...]
    waiting: tuple[tuple[Parcel, tuple[Question, ...], bool], ...]
    copied: tuple[Edit, ...]
    has_formulas: bool
    before: Mapping[str, int]
    after: Mapping[str, int] = field(default_factory=dict)
    odd: tuple[tuple[int, str], ...] = ()

    def count(self, outcome: str) -> int:
        """How many answers came to this outcome."""
        return sum(change.outcome == outcome for change in self.changes)


def receive(
    source: RegisterFile, target: Path, files: Sequence[Path], opened: OpenRegister, settings: Settings, *,
    clean: Cleaner, asked: Sequence[Parcel], told: Reporter, overwrite: bool,
) -> Received:  # fmt: skip
    """Writes the register with the answers of the files as `target` (.xlsx, whole or not at all).

    `asked` is what `parcels` asks of the register as it is now; `told` makes the sheets that say what became of it.
    `LksGeoError` if no file is a reply, or the register cannot be changed cell by cell.
    """
    raw = opened.raw
    replies, strangers = read_replies(files, opened.keys)
    changes = merge(opened, replies, judge_by(lambda cells: clean(cells, True).issues, raw))
    book = _Book(source, opened, settings)
    changes, edits = book.written(changes)
    taken = taken_of(changes)
    answered = {(change.row, change.answer.field) for change in changes if change.outcome not in OPEN}
    answered |= {(change.row, other) for change in changes if change.outcome in ("taken", "same")
                 and change.answer.field in WHERE for other in WHERE}  # fmt: skip
    came = {change.row for change in changes}
    open_questions = (
        (parcel, tuple(one for one in parcel.questions if (one.row, one.field) not in answered)) for parcel in asked
    )
    received = Received(
        changes=tuple(changes), replies=tuple(replies), strangers=tuple(strangers),
        waiting=tuple((parcel, left, not came.isdisjoint(parcel.rows)) for parcel, left in open_questions if left),
        copied=tuple(edit for edit in edits if edit.copied), has_formulas=bool(taken) and book.patch.has_formulas(),
        before=opened.told.counts,
    )  # fmt: skip
    for name, lines, widths in told(received):
        book.patch.add_sheet(name, lines, widths)
    with whole_file(target, overwrite=overwrite) as temporary:
        temporary.write_bytes(book.patch.content())
        again, odd = _read_back(replace(source, path=temporary), target.name, raw, taken, settings)
        after = clean(again, False)
        mended = {row for row, _ in taken}
        bared = opened.told.rows["disamarkan"] & ~after.rows["disamarkan"]
        if not mended.issuperset(np.flatnonzero(bared).tolist()):
            raise LksGeoError.of("exchange.no_longer_disguised", path=target.name, name=source.path.stem)
    return replace(received, after=after.counts, odd=tuple(odd))


class _Book:
    """The workbook of the new register: a copy of the register's own, or its cells in a plain one."""

    def __init__(self, source: RegisterFile, opened: OpenRegister, settings: Settings) -> None:
        self._opened, self._lang = opened, settings.lang
        self._pages, self._places = table_places(source, opened.raw, settings)
        content = source.path.read_bytes()
        plain = not is_patchable(content)
        tables = [(place.table.sheet, place.fields.get(POINT[0])) for place in self._places]
        by_shape = any(sheet.point and at == (sheet.cells.shape[1] - 2,) for sheet, at in tables)
        axes = [FIELD_BY_KEY[axis].title(settings.lang) for axis in POINT] if by_shape else []
        self.patch = WorkbookPatch(plain_workbook(self._pages, "Register", axes) if plain else content)
        self._names = [page.name or "Register" for page in self._pages]
        self._above = [lines_above(page) if plain else 0 for page in self._pages]

    def written(self, changes: Sequence[Change]) -> tuple[list[Change], list[Edit]]:
        """Writes the answers that are taken. Gives the changes, with those that cannot be written, and the cells."""
        taken = taken_of(changes)
        edits, unwritable = edits_of(taken, self._opened, self._pages, self._places, self._lang)
        for edit in edits:
            if edit.field is not None and self.patch.shares_formula(self._names[edit.page], self._spot(edit)):
                same_field = {at for at in taken if at[1] == edit.field}
                unwritable |= same_field if edit.copied or edit.row is None else {(edit.row, edit.field)}
        unwritable |= {(row, axis) for row, name in unwritable if name in POINT for axis in POINT}
        changes = [
            replace(change, outcome="unwritable") if (change.row, change.answer.field) in unwritable else change
            for change in changes
        ]
        edits, _ = edits_of(taken_of(changes), self._opened, self._pages, self._places, self._lang)
        for page, name in enumerate(self._names):
            of_page = [edit for edit in edits if edit.page == page]
            heads = [self._spot(edit) for edit in of_page if edit.row is None]
            if of_page:
                cells = {self._spot(edit): _typed(edit) for edit in of_page}
                self.patch.set_cells(name, cells, like={spot: (spot[0], spot[1] - 1) for spot in heads if spot[1]})
        return changes, edits

    def _spot(self, edit: Edit) -> tuple[int, int]:
        return edit.line + self._above[edit.page], edit.column


def _typed(edit: Edit) -> str | float:
    """What goes into the cell: a number where the field is one and the text is written as one."""
    text = edit.value.strip()
    if edit.row is not None and edit.field in NUMBERS:
        with suppress(ValueError):
            return float(text.replace(",", "."))
    return text


def _read_back(
    source: RegisterFile, name: str, raw: RawRegister, answers: Mapping[tuple[int, str], str], settings: Settings
) -> tuple[RawRegister, list[tuple[int, str]]]:
    """The new register as it is read, and the cells (row, field) that it reads otherwise than they should be.
    `LksGeoError` if it has other rows."""
    again = read_register(source.path, sheet=source.sheet, columns=source.columns, settings=settings)
    if len(again.cells) != len(raw.cells):
        raise LksGeoError.of("exchange.other_rows", path=name, n=len(again.cells), before=len(raw.cells))
    odd: list[tuple[int, str]] = []
    names = [column for column in raw.cells.columns if column in FIELD_BY_KEY or column.startswith(MARK)]
    for column in dict.fromkeys((*names, *(column for _, column in answers))):
        before, after = raw_texts(raw, column), raw_texts(again, column)
        for row, (one, other) in enumerate(zip(before, after, strict=True)):
            wanted = masked(answers[row, column]) if (row, column) in answers else one  # as every cell is read
            unread = column in AXES and MASK in (wanted or "")  # beside an answer it may be read
            if not is_same(wanted, other) and not unread and not (wanted is None and column in COPIED):
                odd.append((row, column))
    return replace(again, source=replace(again.source, name=name)), odd


def table_places(source: RegisterFile, raw: RawRegister, settings: Settings) -> tuple[list[Sheet], list[TablePlace]]:
    """All sheets of a register, and its tables in the order of its rows. `LksGeoError` if one is text in one column."""
    headings, path, sheet = Headings(settings, source.columns), source.path, source.sheet
    pages = open_sheets(path)
    places: list[TablePlace] = []
    start = 0
    for number, page in enumerate(pages):
        if sheet is not None and (page.name or "").strip().casefold() != sheet.strip().casefold():
            continue
        tables, _ = find_tables(page, headings)
        beside = 0
        for table in tables:
            left = _left_of(page, table.sheet, beside)
            if left is None:
                raise LksGeoError.of("exchange.one_column", path=path.name)
            beside = left
            found = _place(number, table, left, start, headings)
            if "nama" in found.fields and serves(found.fields):
                places.append(found)
                start += len(table.lines)
    if start != len(raw.cells):
        raise LksGeoError.of("exchange.not_found_again", path=path.name)
    return pages, places


def _left_of(page: Sheet, block: Sheet, first: int) -> int | None:
    """The first column, from `first` on, of a block of columns of a sheet."""
    width = block.cells.shape[1]
    if block is page or block.cells is page.cells:
        return 0
    for left in range(first, page.cells.shape[1] - width + 1):
        if np.array_equal(page.kinds[:, left : left + width], block.kinds) and all(
            page.cells[left + at].equals(block.cells[at].rename(left + at)) for at in range(width)
        ):
            return left
    return None


def _place(number: int, table: Table, left: int, start: int, headings: Headings) -> TablePlace:
    rows = table.records().texts
    joined = gathered(table.headings, rows, headings.is_fixed)
    assigned = headings.assign(joined.headings, joined.cells, joined.claims)
    emptied = {at for at, (new, old) in enumerate(zip(joined.headings, table.headings, strict=True)) if new != old}
    columns = {name: tuple(left + at for at in found) for name, found in assigned.fields.items()}
    if table.sheet.point and {*POINT, "koordinat"}.isdisjoint(columns):
        columns |= {axis: (rows.shape[1] - 2 + at,) for at, axis in enumerate(POINT)}
    spread = {name for name, positions in assigned.fields.items() if not emptied.isdisjoint(positions)}
    return TablePlace(page=number, table=table, left=left, start=start, fields=columns, spread=frozenset(spread))


def edits_of(
    answers: Mapping[tuple[int, str], str], opened: OpenRegister, pages: Sequence[Sheet],
    places: Sequence[TablePlace], lang: str,
) -> tuple[list[Edit], set[tuple[int, str]]]:  # fmt: skip
    """The cells to write for these answers (row, field), and the answers that cannot be written."""
    edits: dict[tuple[int, int, int], Edit] = {}
    unwritable: set[tuple[int, str]] = set()
    new: dict[tuple[int, str], int] = {}
    right = [_right_edge(page) for page in pages]
    last_left = {place.page: place.left for place in places}
    for (row, name), text in sorted(answers.items()):
        place = next(place for place in places if place.holds(row))
        if name in place.spread or (name not in place.fields and place.left < last_left[place.page]):
            unwritable.add((row, name))
            continue
        line = int(place.table.lines[row - place.start])
        if name in place.fields:
            column = _column_of(place, name, row)
            _put(edits, _written_out(place, pages[place.page], line, column, name))
        else:
            column = new.get((place.page, name), right[place.page])
            if (place.page, name) not in new:
                new[place.page, name] = column
                right[place.page] += 1
            heading = (place.page, place.table.header_lines[0] if place.table.header_lines else -1, column)
            if heading not in edits:
                _put(edits, _new_column(place, name, column, opened, lang))
        edit = Edit(page=place.page, line=line, column=column, value=text, row=row, field=name)
        edits[edit.page, edit.line, edit.column] = edit
    return list(edits.values()), unwritable


def _right_edge(page: Sheet) -> int:
    """The first column at the right of all that is filled."""
    filled = np.flatnonzero(page.cells.notna().to_numpy().any(axis=0))
    return int(filled[-1]) + 1 if len(filled) else 0


def _put(edits: dict[tuple[int, int, int], Edit], more: Iterator[Edit]) -> None:
    for edit in more:
        edits.setdefault((edit.page, edit.line, edit.column), edit)


def _column_of(place: TablePlace, name: str, row: int) -> int:
    """The column that holds the value of a row: of several the first that is filled."""
    columns = place.fields[name]
    cells = place.table.records().texts
    at = row - place.start
    return next((column for column in columns if cell_text(cells[column - place.left][at])), columns[0])


def _written_out(place: TablePlace, page: Sheet, line: int, column: int, name: str) -> Iterator[Edit]:
    """What holds for other rows, too, written in each of them, before one of them is changed."""
    table, at = place.table, column - place.left
    records = table.records().texts[at]
    rows = {int(line): row for row, line in enumerate(table.lines)}
    held: set[int] = set()
    origin = table.outline.get(at)
    if origin is not None:
        held |= set(rows)
    for top, left, bottom, right in page.merged or ():
        if left <= column <= right and top <= line <= bottom and bottom > top:
            held |= {other for other in range(top, bottom + 1) if other in rows}
    for other in sorted(held):
        text = cell_text(records[rows[other]])
        if text and not is_same(text, page.text(other, column)):
            yield Edit(
                page=place.page, line=other, column=column, value=text, row=place.start + rows[other], field=name,
                copied=True,
            )  # fmt: skip


def _new_column(place: TablePlace, name: str, column: int, opened: OpenRegister, lang: str) -> Iterator[Edit]:
    """The heading of a new column, and the values that the rows have from elsewhere."""
    line = place.table.header_lines[0] if place.table.header_lines else -1
    title = FIELD_BY_KEY[name].title(lang) if name in FIELD_BY_KEY else name
    yield Edit(page=place.page, line=line, column=column, value=title, field=name)
    if name not in COPIED:
        return
    known = raw_texts(opened.raw, name)
    stated = opened.whole.rows[name].tolist()
    for at, other in enumerate(place.table.lines.tolist()):
        row = place.start + at
        text = known[row] or cell_text(stated[row])
        if text:
            yield Edit(page=place.page, line=other, column=column, value=text, row=row, field=name, copied=True)
