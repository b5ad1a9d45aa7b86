"""Sheets of files whose tables are markup: OpenDocument (.ods), web pages that are called .xls, and the XML that Excel
wrote in 2003 under the same name. They are read as streams of cells, so that cells far away cost nothing.

Hidden rows are read and named; merged cells are told by their ranges. Of a web page all tables stand one below the
other, as Excel shows them.
Gets wrong: a table inside a cell of a web page, which is read as text.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
from lxml import etree, html  # type: ignore[import-untyped]

from lks_geo.errors import LksGeoError
from lks_geo.sheets.sheet import MOST_SHEETS, CellKind, Merge, Sheet, cell_name, cells_of, far_cells, refuse_many_sheets
from lks_geo.sheets.sheet_scan import (
    LONGEST_CELL,
    MOST_CELLS,
    is_sparse,
    near_cells,
    refuse_unfolding,
)

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MANIFEST = "META-INF/manifest.xml"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")  # "PT02H40M24S"
_MOST_REPEATED = 2_000_000
"""Cells that one row with a number of repetitions may stand for: a column filled down to the end of a sheet, twice."""
_MOST_BLANKS = 20
"""Blanks that one element stands for, so that no text is longer than what was read."""
_TEXT_START, _TABLE_START, _PIECE = b"<text:p", re.compile(rb"<(?:\w+:)?table\s"), 4_000_000
"""How the text of a cell begins, and the bytes that are looked through at a time."""
_WIDEST, _TALLEST = 16_384, 1_048_576
"""Columns and rows of the largest sheet that office programs have."""


@dataclass(kw_only=True)
class _Page:
    """The cells of one sheet while it is read: values by column, down to the last filled line of each."""

    where: str
    name: str | None
    hidden: bool = False
    columns: dict[int, list[object]] = field(default_factory=dict)
    merged: list[Merge] = field(default_factory=list)
    hidden_lines: list[int] = field(default_factory=list)
    unstored: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0

    def put(self, line: int, values: Sequence[tuple[int, object]]) -> None:
        """Writes values, at least one, into a line, each with its column, from left to right; an error if too many."""
        self.count += len(values)
        if self.count > MOST_CELLS or not 0 <= line < _TALLEST or values[0][0] < 0 or values[-1][0] >= _WIDEST:
            raise LksGeoError.of("sheets.too_many_cells", where=self.where, most=MOST_CELLS)
        for column, value in values:
            cells = self.columns.setdefault(column, [])
            if len(cells) < line:
                cells += [None] * (line - len(cells))
            cells[line : line + 1] = (value,)

    def sheet(self) -> Sheet:
        """The sheet, without cells far away from all others."""
        far = self._take_far_cells()
        lines = max(map(len, self.columns.values()), default=0)
        width = max(self.columns, default=-1) + 1
        columns = [self.columns.get(at, []) for at in range(width)]
        cells = cells_of([[*values, *[None] * (lines - len(values))] for values in columns], lines)
        for line, column in self.unstored:
            if line < lines and column < width and cells.kinds[line, column] == CellKind.BLANK:
                cells.kinds[line, column] = CellKind.FORMULA
        hidden = np.zeros(lines, dtype=np.bool_)
        hidden[[line for line in self.hidden_lines if line < lines]] = True
        return Sheet(
            name=self.name, cells=cells.texts, kinds=cells.kinds, numbers=np.arange(1, lines + 1, dtype=np.int64),
            merged=tuple(self.merged), hidden=self.hidden, hidden_lines=hidden,
            remarks=(far_cells(far),) if far else (),
        )  # fmt: skip

    def _take_far_cells(self) -> list[str]:
        """Takes out the cells far away where the table would be too large; their names."""
        width = max(self.columns, default=0) - min(self.columns, default=0) + 1
        if not is_sparse(max(map(len, self.columns.values()), default=0), width, self.count):
            return []
        filled = [(at, column) for column, cells in self.columns.items() for at, cell in enumerate(cells) if cell]
        positions = np.array(filled, dtype=np.int64)
        near = near_cells(positions, self.where)
        for line, column in positions[~near].tolist():
            self.columns[column][line] = None
        for column, cells in list(self.columns.items()):
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                del self.columns[column]
        return [cell_name(line, column) for line, column in positions[~near].tolist()]


def read_open_document(stream: IO[bytes], name: str) -> list[Sheet]:
    """The sheets of an .ods. Raises what `zipfile` and `lxml` raise for a damaged file."""
    with zipfile.ZipFile(stream) as archive:
        refuse_unfolding(archive, name)
        if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
            raise LksGeoError.of("sheets.password", path=name)
        _refuse_many_texts(archive, name)
        with archive.open("content.xml") as content:
            pages = _open_document_pages(content, name)
            sheets = [page.sheet() for page in islice(pages, MOST_SHEETS)]
            if next(pages, None) is not None:
                refuse_many_sheets(max(_count_of_tables(archive), MOST_SHEETS + 1), name)
        return sheets


def _count_of_tables(archive: zipfile.ZipFile) -> int:
    with archive.open("content.xml") as content:
        return sum(len(_TABLE_START.findall(piece)) for piece in iter(lambda: content.read(_PIECE), b""))


def _refuse_many_texts(archive: zipfile.ZipFile, name: str) -> None:
    """An error if a large sheet has too many texts, or one without end, before they are read one by one."""
    if archive.getinfo("content.xml").file_size < MOST_CELLS * len(_TEXT_START):
        return
    count, rest = 0, b""
    with archive.open("content.xml") as content:
        while piece := content.read(_PIECE):
            count += (rest + piece).count(_TEXT_START)
            rest = piece[1 - len(_TEXT_START) :]
            if b"<" not in piece:
                raise LksGeoError.of("sheets.long_cell", where=name, line="–", most=LONGEST_CELL)
            if count > MOST_CELLS:
                raise LksGeoError.of("sheets.too_many_cells", where=name, most=MOST_CELLS)


def _open_document_pages(content: IO[bytes], name: str) -> Iterator[_Page]:
    tags = (f"{_TABLE}table", f"{_TABLE}table-row", f"{_STYLE}style")
    unseen: set[str] = set()
    page: _Page | None = None
    line = 0
    for event, element in etree.iterparse(
        content, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True, huge_tree=True
    ):
        if event == "end" and element.tag == tags[2]:
            if any(part.get(f"{_TABLE}display") == "false" for part in element):
                unseen.add(str(element.get(f"{_STYLE}name")))
        elif event == "start" and element.tag == tags[0]:
            title = str(element.get(f"{_TABLE}name", ""))
            hidden = element.get(f"{_TABLE}style-name") in unseen
            page, line = _Page(where=f"{name}, {title}", name=title, hidden=hidden), 0
        elif event == "end" and element.tag == tags[0]:
            if page:
                yield page
            page = None
            element.clear()
        elif event == "end" and page:
            line += _open_document_row(page, element, line)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # what was read is not kept


def _open_document_row(page: _Page, row: etree._Element, line: int) -> int:
    """Puts a row into the page; gives the number of lines that it stands for."""
    repeated = _whole(row.attrib, f"{_TABLE}number-rows-repeated")
    values: list[tuple[int, object]] = []
    column = 0
    for cell in row.iterchildren(*_CELLS):
        facts = dict(cell.items())
        times = down = right = 1
        if len(facts) > 1 or _VALUE_TYPE not in facts:
            times, down, right = (_whole(facts, name) for name in _SIZES)
        if down > 1 or right > 1:
            page.merged.append((line, column, line + down - 1, column + right - 1))
        value = _open_document_value(cell, facts)
        if value is not None and times == 1:
            values.append((column, value))
        elif value is not None:
            values += [(at, value) for at in range(column, min(column + times, _WIDEST + 1))]
        elif facts.get(_FORMULA) and not facts.get(_VALUE_TYPE):
            page.unstored.append((line, column))
        column += times
    if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
        page.hidden_lines += range(line, min(line + repeated, _TALLEST))
    if repeated > 1 and len(values) * repeated > _MOST_REPEATED:
        raise LksGeoError.of("sheets.too_many_cells", where=page.where, most=_MOST_REPEATED)
    for at in range(line, line + repeated if values else line):
        page.put(at, values)
    return repeated


def _whole(facts: Mapping[str, str], name: str) -> int:
    stated = facts.get(name)
    return max(int(stated), 1) if stated else 1


def _open_document_value(cell: etree._Element, facts: Mapping[str, str]) -> object:
    """The value of a cell with these attributes, None if it is blank."""
    kind = facts.get(_VALUE_TYPE, "")
    stated = facts.get(_STATED.get(kind, _VALUE))
    if stated:
        if kind in ("float", "percentage", "currency"):
            return float(stated)
        if kind == "boolean":
            return stated == "true"
        if kind == "date":
            moment = dt.datetime.fromisoformat(stated.rstrip("Z"))
            return moment if "T" in stated else moment.date()
        if kind == "time" and (parts := _DURATION.fullmatch(stated)):
            hours, minutes, seconds = map(int, parts.groups())
            of_day = hours < 24 and minutes < 60 and seconds < 60
            return dt.time(hours, minutes, seconds) if of_day else dt.timedelta(0, seconds, 0, 0, minutes, hours)
    paragraphs = [_paragraph(part) if len(part) else part.text or "" for part in cell.iterchildren(_TEXT_PART)]
    return "\n".join(paragraphs).strip() or stated or None


_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SIZES = tuple(f"{_TABLE}number-{what}" for what in ("columns-repeated", "rows-spanned", "columns-spanned"))
_FORMULA, _TEXT_PART, _VALUE = f"{_TABLE}formula", f"{_TEXT}p", f"{_OFFICE}value"
_VALUE_TYPE = f"{_VALUE}-type"
_STATED = {kind: f"{_OFFICE}{kind}-value" for kind in ("boolean", "date", "time", "string")}
"""Attribute of the value of a cell, by its type; of all others _VALUE."""
_SIGNS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def _paragraph(element: etree._Element) -> str:
    """The text of a paragraph, with the blanks that are elements."""
    parts = [element.text or ""]
    for part in element:
        sign = _SIGNS.get(str(part.tag))
        parts.append(sign * min(int(part.get(f"{_TEXT}c") or 1), _MOST_BLANKS) if sign else _paragraph(part))
        parts.append(part.tail or "")
    return "".join(parts)


def read_markup(text: str, path: Path) -> list[Sheet]:
    """The sheets of a web page, or of an XML workbook of 2003; an error if it holds no table."""
    pages: list[_Page] = []
    try:
        if _SHEET.strip("{}") in text[:4096]:
            pages = _xml_workbook(text, path.name)
        elif "<table" in text.casefold():
            pages = [_web_page(text, path.name)]
    except (etree.LxmlError, ValueError) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error
    if not any(page.count for page in pages):
        is_workbook = _SHEET.strip("{}") in text[:4096]
        raise LksGeoError.of("sheets.no_cells" if is_workbook else "sheets.web_page", path=path.name)
    return [page.sheet() for page in pages]


def _web_page(text: str, name: str) -> _Page:
    page = _Page(where=name, name=None)
    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # <?xml version="1.0"?>
    tree = html.document_fromstring(without_declaration, parser=html.HTMLParser(huge_tree=True, no_network=True))
    for cut in tree.iter("br"):
        cut.tail = _CUT + (cut.tail or "")
    line = 0
    for table in tree.iter("table"):
        if any(True for _ in table.iterancestors("table")):
            continue
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        _put_rows(page, line, ([cell for cell in row if cell.tag in ("td", "th")] for row in rows), _web_cell)
        line += len(rows)
    return page


Box = tuple[object, int, int, int | None]
"""What a cell of markup says: its value, how many rows and columns it takes, and its column if it states one."""


def _web_cell(cell: etree._Element) -> Box:
    down, right = (_span(cell.get(name)) for name in ("rowspan", "colspan"))
    lines = "".join(cell.itertext()).split(_CUT)
    return "\n".join(" ".join(line.split()) for line in lines).strip() or None, down, right, None


_CUT = "\u2028"
"""Stands for <br> until blanks are made one."""


def _span(text: str | None) -> int:
    return min(max(int(text), 1), 1000) if text and text.strip().isdigit() else 1


def _put_rows(
    page: _Page, line: int, rows: Iterator[list[etree._Element]], read: Callable[[etree._Element], Box]
) -> None:
    """Puts rows of cells into the page, each cell into the next column that no cell above reaches into."""
    taken: dict[int, int] = {}
    for at, cells in enumerate(rows, start=line):
        column = 0
        for cell in cells:
            value, down, right, stated = read(cell)
            column = column if stated is None else stated
            while stated is None and taken.get(column, -1) >= at:
                column += 1
            if down > 1 or right > 1:
                page.merged.append((at, column, at + down - 1, column + right - 1))
                taken |= dict.fromkeys(range(column, column + right), at + down - 1)
            if value is not None:
                page.put(at, [(column, value)])
            column += right


def _xml_workbook(text: str, name: str) -> list[_Page]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    tree = etree.fromstring(text.encode(), parser)
    pages: list[_Page] = []
    worksheets = list(tree.iter(f"{_SHEET}Worksheet"))
    refuse_many_sheets(len(worksheets), name)
    for worksheet in worksheets:
        title = str(worksheet.get(f"{_SHEET}Name", ""))
        options = worksheet.find(".//{urn:schemas-microsoft-com:office:excel}Visible")
        page = _Page(where=f"{name}, {title}", name=title, hidden=options is not None)
        line = -1
        for row in worksheet.iter(f"{_SHEET}Row"):
            line = int(row.get(f"{_SHEET}Index") or line + 2) - 1
            if row.get(f"{_SHEET}Hidden") == "1":
                page.hidden_lines.append(line)
            _put_rows(page, line, iter([list(row.iter(f"{_SHEET}Cell"))]), _xml_cell)
            line += int(row.get(f"{_SHEET}Span") or 0)
        pages.append(page)
    return pages


def _xml_cell(cell: etree._Element) -> Box:
    data = cell.find(f"{_SHEET}Data")
    text = "" if data is None else "".join(data.itertext())
    stated = cell.get(f"{_SHEET}Index")
    down, right = (_span(str(1 + int(cell.get(f"{_SHEET}{name}") or 0))) for name in ("MergeDown", "MergeAcross"))
    kind = None if data is None else data.get(f"{_SHEET}Type")
    value: object = text or None
    if text and kind == "Number":
        value = float(text)
    elif text and kind == "DateTime":
        value = dt.datetime.fromisoformat(text)
    elif text and kind == "Boolean":
        value = text == "1"
    return value, down, right, int(stated) - 1 if stated else None
