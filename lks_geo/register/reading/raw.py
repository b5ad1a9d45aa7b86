"""From a file to the raw register: every row as text cells by field, no value judged yet.

The order: open the file and find the tables (the room `sheets`), match the headings (headings.py), drop what names
persons (personal.py), and put the rows of all sheets one below the other. Values are read in later rooms; here nothing
is repaired, and nothing is lost: each line is a row or is counted in `SheetReport.passed_over`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.register.meaning.coordinates import AXES, located
from lks_geo.register.meaning.pairs import COUNTRY, Box
from lks_geo.register.reading.answers import coalesced, completed, gathered
from lks_geo.register.reading.assignment import Assignment, serves, title
from lks_geo.register.reading.column_content import by_content, guarded_columns
from lks_geo.register.reading.fields import FIELD_BY_KEY, FIELD_KEYS
from lks_geo.register.reading.headings import SAID, TAKEN, Headings
from lks_geo.settings import Settings, unknown
from lks_geo.sheets.header import Header
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.personal import masked
from lks_geo.sheets.sheet import CellKind, Sheet, cell_name
from lks_geo.sheets.sheet_tables import Table, find_tables
from lks_geo.tables import SheetReport, Source, source_of

TITLES = "judul"
"""The column of what stands above a table, line by line, behind what stands above each of the tables above it."""
PARTS = "\n\n"


@dataclass(frozen=True, kw_only=True)
class RawRegister:
    """A register as its cells say it.

    `cells`: RangeIndex, one row per register row in file order. `lembar` (sheet, NA if the file has none), `nomor`
    (int64, row number as the file's program shows it; csv: line where the record starts; features and records: from 1),
    then one str column per field that any sheet has (text as written, stripped, NA if blank), in the order of
    `FIELD_KEYS`, then the check-mark columns `tanda:<group key>`, or `tanda:<group key>:dalam` / `:luar` where the
    heading names the system; then `bagian`, the words of section headings that are no areas ("B. LKS LANJUT USIA"),
    `judul`, the lines above the table (see TITLES), and what columns of no service say of services (see SAID).
    A field that no sheet has is no column; a sheet without it has NA there (`sheets` says which sheet has what).
    Dates are ISO text (2026-05-01), times 02:40:24, booleans TRUE/FALSE. Geo files: `lintang`/`bujur` come from the
    geometry (full precision); attributes that name another point stand in `koordinat` (see `coordinates`).

    `notes`: remarks on the file as a whole (ambiguous headings, two columns for one field, hidden sheets, masked
    numbers). `unread`: row position and field of cells whose value the file does not tell -> formula or error. `spare`:
    the columns of no field by heading, only to see what they could be, the first rows of each table (NA in the others).
    `beside`: the rows of the sheets that were not picked, as `cells`; only to tell which of the picked rows are secret.
    """

    cells: pd.DataFrame
    sheets: tuple[SheetReport, ...]
    source: Source
    notes: tuple[Message, ...] = ()
    unread: Mapping[tuple[int, str], CellKind] = field(default_factory=dict)
    spare: pd.DataFrame = field(default_factory=pd.DataFrame)
    beside: pd.DataFrame = field(default_factory=pd.DataFrame)

    def whole(self) -> RawRegister:
        """The register with the rows beside it at its end."""
        cells = pd.concat([self.cells, self.beside], ignore_index=True)
        texts = cells.columns.difference(["nomor"])
        return replace(self, cells=cells.astype(dict.fromkeys(texts, "str")), beside=pd.DataFrame())


@dataclass(frozen=True, kw_only=True)
class _Part:
    """The rows of one table, with what is to be reported."""

    cells: pd.DataFrame
    report: SheetReport
    notes: tuple[Message, ...]
    unread: Mapping[tuple[int, str], CellKind]
    spare: pd.DataFrame

    def is_register(self, *, served: bool) -> bool:
        """Whether each row says what it is called and, if it matters, whom it serves."""
        return "nama" in self.cells.columns and (not served or serves(self.cells.columns))


_opened: dict[Path, list[Sheet]] = {}


def open_ahead(path: Path) -> None:
    """Opens a file that `read_register` will read once it is known where its coordinates lie."""
    _opened[path] = open_sheets(path)


def read_register(
    path: Path, *, sheet: str | None = None, columns: Mapping[str, str] | None = None, settings: Settings,
    served: bool = True, box: Box = COUNTRY,
) -> RawRegister:  # fmt: skip
    """The register in a file; without `served` also a table of places that does not say whom they serve.

    `sheet` picks one sheet by name; `columns` maps a field key (or a group key, for its check-mark column) to the
    heading that holds it; `box`: where coordinates lie. `LksGeoError`: no such file or register, else `RequestError`.
    """
    headings = Headings(settings, columns, served=served)
    pages = _opened.pop(path, None) or open_sheets(path)
    sheets = _picked(pages, sheet)
    parts: list[_Part] = []
    reports: list[SheetReport] = []
    notes: list[Message] = []
    headers: list[tuple[Sheet, Header]] = []
    for page in sheets:
        tables, header = find_tables(page, headings)
        for table in tables:
            _refuse_unstored_names(table, path)
        read = [_part(table, headings, box) for table in tables]
        of_page = [part for part in read if part.is_register(served=served)]
        others = [part.report for part in read if not part.is_register(served=served)]
        parts += of_page
        reports.append(_joined(page, [part.report for part in of_page], others))
        headers += [(page, header)] if header else []
        notes += [*(note for part in of_page for note in part.notes), *_remarks(page, header, read=bool(of_page))]
    if not parts:
        raise _no_register(path, sheets, headers, headings)
    seen = {name for part in parts for name in part.cells.columns}
    headings.check_overrides(seen, [parts for _, header in headers for parts in header.headings])
    cells = _stacked(parts)
    if cells.empty:
        raise LksGeoError.of("sheets.no_rows", path=path.name)
    starts = np.cumsum([0, *(len(part.cells) for part in parts)]).tolist()
    unread = {
        (start + row, name): kind
        for start, part in zip(starts, parts, strict=False)
        for (row, name), kind in part.unread.items()
    }
    return RawRegister(
        cells=cells, sheets=tuple(reports), source=source_of(path), notes=_once(notes), unread=unread,
        spare=pd.concat([part.spare for part in parts], ignore_index=True),
        beside=_beside([one for one in pages if all(one is not page for page in sheets)], headings, box, served=served),
    )  # fmt: skip


def _beside(pages: Sequence[Sheet], headings: Headings, box: Box, *, served: bool) -> pd.DataFrame:
    """The rows of the sheets that were not picked, one below the other; empty if there are none."""
    read = [_part(table, headings, box) for page in pages for table in find_tables(page, headings)[0]]
    parts = [part for part in read if part.is_register(served=served)]
    return _stacked(parts) if parts else pd.DataFrame()


def _remarks(sheet: Sheet, header: Header | None, *, read: bool) -> list[Message]:
    """What is to be said of a sheet: hidden but read, or not read though it looks like a register."""
    if read:
        return [*sheet.remarks, *([msg("sheets.hidden_sheet")] if sheet.hidden else [])]
    unread = bool(header and "nama" in header.claimed and len(header.claimed) >= 3 and sheet.name)
    return [msg("sheets.sheet_without_service", name=sheet.called)] if unread else []


def _once(notes: Sequence[Message]) -> tuple[Message, ...]:
    """Each remark once, in order; hidden rows of all sheets together. No sheet is named: it may be called as an LKS."""
    hidden = sum(int(str(note.params["n"])) for note in notes if note.key == "sheets.hidden_rows")
    told = (msg(note.key, n=hidden) if note.key == "sheets.hidden_rows" else note for note in notes)
    return tuple({f"{note.key} {sorted(note.params.items())}": note for note in told}.values())


def _picked(sheets: list[Sheet], name: str | None) -> list[Sheet]:
    if name is None:
        return sheets
    picked = [sheet for sheet in sheets if (sheet.name or "").strip().casefold() == name.strip().casefold()]
    if not picked:
        raise unknown("sheets.unknown_sheet", name, [masked(sheet.name) for sheet in sheets if sheet.name] or ["-"])
    return picked


def _part(table: Table, headings: Headings, box: Box) -> _Part:
    """The rows of one table as fields."""
    sheet = table.sheet
    records = table.records()
    rows = records.texts
    spread = gathered(table.headings, rows, headings.is_fixed)
    assignment = headings.assign(spread.headings, spread.cells, spread.claims)
    notes = [*assignment.notes, *_told_of_lines(table)]
    dropped = {title(spread.headings[p]) or f"#{p + 1}": reason for p, reason in assignment.dropped.items()}
    cells = {
        name: coalesced(name, [completed(spread.cells.iloc[:, p], name, spread.headings[p]) for p in positions])
        for name, positions in assignment.fields.items()
    }
    used = {
        name: " + ".join(title(spread.headings[p]) for p in positions)
        for name, positions in sorted(assignment.fields.items(), key=lambda item: _order(item[0]))
    }
    unread = _unread(cells, assignment, records.kinds)
    notes += _told_of_cells(unread, used)
    if sheet.point:
        notes += _locate(table, rows.iloc[:, -2:], cells, used)
    _give_areas(table, cells)
    _guard(cells, used, dropped, notes, box)
    said = headings.said_beside(assignment, spread.headings, spread.cells)
    if said is not None:
        cells[SAID] = said
    above = (*table.above, (*table.over, *table.titles))
    if any(titles := ["\n".join(masked(" ".join(text.split())) for text in texts) for texts in above]):
        cells[TITLES] = pd.Series([PARTS.join(titles)] * len(rows), dtype="str")
    frame = pd.DataFrame(
        {"lembar": pd.Series([sheet.called] * len(rows), dtype="str"), "nomor": sheet.numbers[table.lines]} | cells
    )
    report = SheetReport(
        name=sheet.called, header_rows=tuple(int(sheet.numbers[line]) for line in table.header_lines),
        columns=used, unused=assignment.unused_titles(spread.headings), dropped=dropped,
        passed_over=table.passed_over, rows=len(rows),
    )  # fmt: skip
    spare = assignment.spare(spread.headings, spread.cells)
    return _Part(cells=frame, report=report, notes=tuple(notes), unread=unread, spare=spare)


def _refuse_unstored_names(table: Table, path: Path) -> None:
    """An error if names of LKS are formulas whose values the file does not tell."""
    keys = [at for at, claim in enumerate(table.header.claims) if claim and claim.field == Headings.key]
    for column in keys[:1]:
        below = np.flatnonzero(table.sheet.kinds[:, column] == CellKind.FORMULA)
        below = below[below > table.header.last]
        if len(below):
            cells = ", ".join(cell_name(int(table.sheet.numbers[line]) - 1, column) for line in below[:3].tolist())
            more = " …" if len(below) > 3 else ""
            raise LksGeoError.of("sheets.formula_names", where=table.sheet.within(path.name), cells=cells + more)


def _told_of_lines(table: Table) -> list[Message]:
    """Remarks on hidden rows, and on values that hold for the rows below them."""
    notes: list[Message] = []
    for column, origin in table.outline.items():
        count = int((origin != np.arange(len(origin))).sum())
        notes.append(msg("sheets.filled_down", heading=title(table.headings[column]), n=count))
    hidden = table.sheet.hidden_lines
    if hidden is not None and (count := int(hidden[table.lines].sum())):
        notes.append(msg("sheets.hidden_rows", n=count))
    return notes


def _unread(
    cells: Mapping[str, pd.Series], assignment: Assignment, kinds: npt.NDArray[np.uint8]
) -> dict[tuple[int, str], CellKind]:
    """Row and field of the blank cells that are formulas without a stored value, or errors."""
    found: dict[tuple[int, str], CellKind] = {}
    for name, positions in assignment.fields.items():
        of_field = kinds[:, list(positions)]
        blank = cells[name].isna().to_numpy()
        for kind in (CellKind.FORMULA, CellKind.ERROR):
            rows = np.flatnonzero(blank & (of_field == kind).any(axis=1))
            found |= {(row, name): kind for row in rows.tolist()}
    return found


def _told_of_cells(unread: Mapping[tuple[int, str], CellKind], used: Mapping[str, str]) -> list[Message]:
    """One remark per column on cells whose values the file does not tell."""
    counts = Counter((name, kind) for (_, name), kind in unread.items())
    keys = {CellKind.FORMULA: "sheets.formula_cells", CellKind.ERROR: "sheets.error_cells"}
    return [msg(keys[kind], heading=used[name], n=count) for (name, kind), count in counts.items()]


def _locate(
    table: Table, points: pd.DataFrame, cells: dict[str, pd.Series], used: dict[str, str]
) -> tuple[Message, ...]:
    """Puts the points of a geo file into the coordinate columns. Gives remarks."""
    sheet = table.sheet
    rough = sheet.rough if sheet.rough is not None else np.zeros(len(sheet.cells), dtype=np.bool_)
    stated = {name: cells[name] for name in AXES if name in cells}
    merged = located(points, stated, rough[table.lines])
    cells.update(merged.cells)
    if merged.by_geometry.any():
        used |= {name: " + ".join(["geometry", *([used[name]] if name in used else [])]) for name in AXES[:2]}
    for name in ("lintang", "bujur"):
        used.setdefault(name, "geometry")
    return merged.notes


def _give_areas(table: Table, cells: dict[str, pd.Series]) -> None:
    """Puts in what section headings say, where the column is absent or blank in the whole section."""
    for name, texts in table.areas.items():
        area = pd.Series(list(texts), dtype="str")
        if name not in cells:
            if area.notna().any():
                cells[name] = area
            continue
        section = (area.fillna("") != area.fillna("").shift()).cumsum()
        blank = cells[name].isna().groupby(section).transform("all")
        cells[name] = cells[name].where(~blank, area)


def _guard(
    cells: dict[str, pd.Series], used: dict[str, str], dropped: dict[str, Message], notes: list[Message], box: Box
) -> None:
    """Keeps personal numbers out of the text that is kept: drops an id column of them, masks them elsewhere."""
    if "id" in cells and (reason := by_content(cells["id"])):
        del cells["id"]
        dropped[used.pop("id")] = reason
    masked_cells, counts, taken = guarded_columns(cells, box)
    cells |= masked_cells | ({} if taken is None else {TAKEN: taken})
    notes += [msg("sheets.masked", heading=used.get(name, name), n=count) for name, count in counts.items()]


def _joined(sheet: Sheet, reports: Sequence[SheetReport], others: Sequence[SheetReport]) -> SheetReport:
    """One report per sheet, empty if it has no register: its tables together; the lines of `others` are passed over."""
    if not reports:
        return SheetReport(name=sheet.called, header_rows=(), columns={})
    columns: dict[str, str] = {}
    dropped: dict[str, Message] = {}
    lines = dict.fromkeys(row for report in reports for row in report.header_rows)
    passed: Counter[str] = Counter()
    for report in reports:
        columns = {**report.columns, **columns}
        dropped = {**report.dropped, **dropped}
        passed.update(report.passed_over)
    for report in others:
        passed += Counter(report.passed_over) + Counter(header=len(report.header_rows), note=report.rows)
    return SheetReport(
        name=sheet.called, header_rows=tuple(lines), columns=columns,
        unused=tuple(dict.fromkeys(name for report in reports for name in report.unused)), dropped=dropped,
        passed_over=passed, rows=sum(report.rows for report in reports),
    )  # fmt: skip


def _stacked(parts: Sequence[_Part]) -> pd.DataFrame:
    """The rows of all tables, one below the other, columns in the order of the fields."""
    order = sorted({name for part in parts for name in part.cells.columns} - {"lembar", "nomor"}, key=_order)
    cells = pd.concat([part.cells.reindex(columns=["lembar", "nomor", *order]) for part in parts], ignore_index=True)
    return cells.astype(dict.fromkeys(("lembar", *order), "str"))


def _order(name: str) -> tuple[int, str]:
    """Fields in the order of their table, then check-mark columns."""
    return (FIELD_KEYS.index(name), "") if name in FIELD_BY_KEY else (len(FIELD_KEYS), name)


def _no_register(
    path: Path, sheets: Sequence[Sheet], headers: Sequence[tuple[Sheet, Header]], headings: Headings
) -> LksGeoError:
    """Why the file has no register: no cell, no heading, or a needed column missing."""
    if not any(len(sheet.cells) for sheet in sheets):
        return LksGeoError.of("sheets.no_cells", path=path.name)
    if not headers:
        return LksGeoError.of("sheets.no_header", path=path.name)
    sheet, header = max(headers, key=lambda pair: len(pair[1].claimed))
    names = list(dict.fromkeys(text for parts in header.headings if (text := title(parts))))
    headings.check_overrides(header.claimed, header.headings)
    serving = any(map(headings.serves, header.headings, header.claims))
    missing = "name" if serving else "service" if "nama" in header.claimed else "both"
    return LksGeoError.of(f"sheets.no_{missing}", where=sheet.within(path.name), headings=", ".join(names[:30]))
