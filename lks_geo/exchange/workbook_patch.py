"""Changes cells of an .xlsx and adds sheets, and leaves every other byte of it as it is.

Programs that read a whole workbook and write it anew lose what they do not know: pictures, charts, stored results of
formulas. Here only the parts that change are touched. Results of formulas that hang on a changed cell are old until an
office program opens the file, which works them out (`fullCalcOnLoad`).
Gets wrong: nothing is drawn anew, so a picture of a table stays that of the old one.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from lks_geo.sheets.sheet import CellKind, Sheet, cell_name

Place = tuple[int, int]
"""Line and column, from 0."""

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")  # "AB12"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")  # <f>A2+1</f>
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def is_patchable(content: bytes) -> bool:
    """Whether the bytes are a workbook that can be changed here: .xlsx, or .xlsm, whose macros stay."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def plain_workbook(sheets: Sequence[Sheet], name: str, axes: Sequence[str]) -> bytes:
    """The cells of a file of another kind as a workbook: texts as texts, numbers as numbers, merged as there; a file
    whose columns have names gets a first line of them. `name`: of a sheet that has none; `axes`: headings of the point
    of a geometry (none: its columns get no heading)."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  # office files know no time zones
        for sheet in sheets:
            page = book.add_worksheet((sheet.name or name)[:31])
            first = lines_above(sheet)
            headings = list(sheet.headings or ())
            if sheet.point and axes:
                headings = [*headings, "", ""][: sheet.cells.shape[1]]
                headings[-2:] = axes
            for column, heading in enumerate(headings):
                page.write_string(0, column, heading)
            for top, left, bottom, right in sheet.merged or ():
                page.merge_range(top, left, bottom, right, "")
            for column in range(sheet.cells.shape[1]):
                for line, (text, kind) in enumerate(zip(sheet.cells[column], sheet.kinds[:, column], strict=True)):
                    _write_plain(page, line + first, column, text, kind)
            if sheet.hidden:
                page.hide()
    return stream.getvalue()


def lines_above(sheet: Sheet) -> int:
    """How many lines a plain workbook has above the first line of a sheet: that of the names of the columns."""
    return 0 if sheet.headings is None else 1


def _write_plain(page: Any, line: int, column: int, text: object, kind: int) -> None:
    if kind in (CellKind.FORMULA, CellKind.ERROR):
        page.write_string(line, column, "#N/A")
    elif isinstance(text, str):
        if kind == CellKind.NUMBER:
            page.write_number(line, column, float(text))
        else:
            page.write_string(line, column, text)


class WorkbookPatch:
    """An .xlsx whose cells are changed. `names`: its sheets in their order."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._parts = {info: archive.read(info) for info in archive.infolist()}
        self._new: dict[str, bytes] = {}
        self._trees: dict[str, Any] = {}
        self._book = self._tree("xl/workbook.xml")
        self._relations = self._tree("xl/_rels/workbook.xml.rels")
        self._space = etree.QName(self._book).namespace
        targets = {node.get("Id"): node.get("Target") for node in self._relations}
        self._sheets = {
            node.get("name"): posixpath.normpath(posixpath.join("xl", targets[self._id(node)])).lstrip("/")
            for node in self._book.find(self._tag("sheets"))
        }
        self._lines: dict[str, dict[int, Any]] = {}
        self._drops_formula = False

    @property
    def names(self) -> list[str]:
        """The names of its sheets."""
        return [*self._sheets]

    def _id(self, node: Any) -> str:
        return str(next(value for key, value in node.attrib.items() if key.endswith("}id")))

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def _tree(self, name: str) -> Any:
        if name not in self._trees:
            content = next(content for info, content in self._parts.items() if info.filename.lstrip("/") == name)
            self._trees[name] = etree.fromstring(content, _PARSER)
        return self._trees[name]

    def has_formulas(self) -> bool:
        """Whether any sheet has a formula, whose stored result may be old once a cell is changed."""
        parts = set(self._sheets.values())
        return any(
            info.filename.lstrip("/") in parts and _FORMULA.search(content) for info, content in self._parts.items()
        )

    def shares_formula(self, sheet: str, place: Place) -> bool:
        """Whether other cells hang on the formula of a cell, so that it must stay."""
        cell = _cell(self._rows(sheet).get(place[0]), place)
        found = None if cell is None else cell.find(self._tag("f"))
        return found is not None and found.get("t") in ("shared", "array") and found.get("ref") is not None

    def _rows(self, sheet: str) -> dict[int, Any]:
        """The rows of a sheet by line; rows and cells that leave out where they stand get it written."""
        if sheet in self._lines:
            return self._lines[sheet]
        data = self._tree(self._sheets[sheet]).find(self._tag("sheetData"))
        rows = self._lines[sheet] = {}
        line = -1
        for row in data:
            line = int(row.get("r")) - 1 if row.get("r") else line + 1
            row.set("r", str(line + 1))
            rows[line] = row
            column = -1
            for cell in row:
                column = _place_of(cell.get("r"))[1] if cell.get("r") else column + 1
                cell.set("r", cell_name(line, column))
        return rows

    def set_cells(
        self, sheet: str, cells: Mapping[Place, str | float], *, like: Mapping[Place, Place] | None = None
    ) -> None:
        """Writes texts and numbers, keeps the looks of the cells; merged ranges that a cell lies in are undone. `like`:
        for new cells the place of the cell whose looks they take."""
        tree = self._tree(self._sheets[sheet])
        data = tree.find(self._tag("sheetData"))
        self._unmerge(tree, cells)
        rows = self._rows(sheet)
        for place, value in sorted(cells.items()):
            row = rows.get(place[0])
            if row is None:
                row = rows[place[0]] = etree.Element(self._tag("row"), r=str(place[0] + 1))
                at = next((n for n, other in enumerate(data) if int(other.get("r")) > place[0] + 1), len(data))
                data.insert(at, row)
            row.attrib.pop("spans", None)
            cell = _cell(row, place)
            if cell is None:
                cell = etree.Element(self._tag("c"), r=cell_name(*place))
                at = next((n for n, other in enumerate(row) if _place_of(other.get("r"))[1] > place[1]), len(row))
                row.insert(at, cell)
                model = (like or {}).get(place)
                looks = None if model is None else _cell(rows.get(model[0]), model)
                if looks is not None and looks.get("s"):
                    cell.set("s", looks.get("s"))
            self._drops_formula |= cell.find(self._tag("f")) is not None
            self._fill(cell, value)
        dimension = tree.find(self._tag("dimension"))
        if dimension is not None:
            tree.remove(dimension)

    def _fill(self, cell: Any, value: str | float) -> None:
        for child in list(cell):
            cell.remove(child)
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
            text.text = _CONTROL.sub("", value)
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        else:
            cell.attrib.pop("t", None)
            etree.SubElement(cell, self._tag("v")).text = repr(value)

    def _unmerge(self, tree: Any, cells: Iterable[Place]) -> None:
        merged = tree.find(self._tag("mergeCells"))
        if merged is None:
            return
        for node in list(merged):
            first, _, last = node.get("ref").partition(":")
            (top, left), (bottom, right) = _place_of(first), _place_of(last or first)
            if any(top <= line <= bottom and left <= column <= right for line, column in cells):
                merged.remove(node)
        merged.set("count", str(len(merged)))
        if not len(merged):
            tree.remove(merged)

    def add_sheet(self, wanted: str, lines: Sequence[Sequence[str | int | None]], widths: Sequence[float]) -> None:
        """A sheet at the end; its first line is a title, the third holds the headings."""
        taken = {name.casefold() for name in self._sheets}
        name = next(
            n for n in (wanted, *(f"{wanted} {step}" for step in range(2, 10_000))) if n.casefold() not in taken
        )
        number = len(self._sheets) + 1
        part = f"xl/worksheets/perubahan{number}.xml"
        title, head, body = self._looks()
        root = etree.Element(self._tag("worksheet"), nsmap={None: self._space})
        properties = etree.SubElement(root, self._tag("sheetPr"))
        etree.SubElement(properties, self._tag("pageSetUpPr"), fitToPage="1")
        views = etree.SubElement(root, self._tag("sheetViews"))
        view = etree.SubElement(views, self._tag("sheetView"), workbookViewId="0", showGridLines="0")
        etree.SubElement(view, self._tag("pane"), ySplit="3", topLeftCell="A4", activePane="bottomLeft", state="frozen")
        columns = etree.SubElement(root, self._tag("cols"))
        for at, width in enumerate(widths, start=1):
            etree.SubElement(columns, self._tag("col"), min=str(at), max=str(at), width=str(width), customWidth="1")
        data = etree.SubElement(root, self._tag("sheetData"))
        for line, values in enumerate(lines):
            row = etree.SubElement(data, self._tag("row"), r=str(line + 1))
            for column, value in enumerate(values):
                if value is not None:
                    look = title if line == 0 else head if line == 2 else body if line > 2 else "0"
                    cell = etree.SubElement(row, self._tag("c"), r=cell_name(line, column), s=look)
                    self._fill(cell, value)
        etree.SubElement(root, self._tag("pageMargins"), left="0.4", right="0.4", top="0.6", bottom="0.6", header="0.3",
                         footer="0.3")  # fmt: skip
        etree.SubElement(root, self._tag("pageSetup"), paperSize="9", orientation="landscape", fitToHeight="0")
        self._new[part] = _bytes(root)
        self._sheets[name] = part
        self._register(name, part)

    def _register(self, name: str, part: str) -> None:
        """Names a new sheet where the workbook lists its parts."""
        relation = f"lksgeo{len(self._sheets)}"
        kind = f"{_RELATION}/worksheet"
        etree.SubElement(
            self._relations, f"{{{_RELATIONS}}}Relationship", Id=relation, Type=kind, Target=part.removeprefix("xl/")
        )
        sheets = self._book.find(self._tag("sheets"))
        node = etree.SubElement(sheets, self._tag("sheet"), name=name)
        node.set("sheetId", str(max(int(other.get("sheetId") or 0) for other in sheets) + 1))
        node.set(f"{{{_RELATION}}}id", relation)
        types = self._tree("[Content_Types].xml")
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=_SHEET_TYPE)

    def _looks(self) -> tuple[str, str, str]:
        """The numbers of three looks of cells, added to those of the workbook: title, heading, wrapped text."""
        names = [info.filename for info in self._parts]
        if "xl/styles.xml" not in names:
            return "0", "0", "0"
        styles = self._tree("xl/styles.xml")
        fonts, fills, looks = (styles.find(self._tag(name)) for name in ("fonts", "fills", "cellXfs"))
        if fonts is None or fills is None or looks is None:
            return "0", "0", "0"
        bold = len(fonts)
        for size in ("14", "10"):
            font = etree.SubElement(fonts, self._tag("font"))
            etree.SubElement(font, self._tag("b"))
            etree.SubElement(font, self._tag("sz"), val=size)
            etree.SubElement(font, self._tag("name"), val="Calibri")
        fill = etree.SubElement(fills, self._tag("fill"))
        pattern = etree.SubElement(fill, self._tag("patternFill"), patternType="solid")
        etree.SubElement(pattern, self._tag("fgColor"), rgb="FFDCE8EE")
        first = len(looks)
        for font_id, fill_id, wrap in ((bold, 0, "0"), (bold + 1, len(fills) - 1, "1"), (0, 0, "1")):
            look = etree.SubElement(
                looks, self._tag("xf"), numFmtId="0", fontId=str(font_id), fillId=str(fill_id), borderId="0",
                applyFont="1", applyFill="1", applyAlignment="1",
            )  # fmt: skip
            etree.SubElement(look, self._tag("alignment"), wrapText=wrap, vertical="top")
        for group in (fonts, fills, looks):
            group.set("count", str(len(group)))
        return str(first), str(first + 1), str(first + 2)

    def content(self) -> bytes:
        """The bytes of the changed workbook; same changes, same bytes."""
        self._calculate_on_load()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for info, content in self._parts.items():
                name = info.filename.lstrip("/")
                if self._drops_formula and name == "xl/calcChain.xml":
                    continue
                changed = _bytes(self._trees[name]) if name in self._trees else content
                archive.writestr(info, changed, zipfile.ZIP_DEFLATED)
            for name, content in self._new.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _calculate_on_load(self) -> None:
        """Has office programs work out all formulas on opening the file; drops the list of formulas if one is gone."""
        calc = self._book.find(self._tag("calcPr"))
        if calc is None:
            calc = etree.Element(self._tag("calcPr"))
            last = max(at for at, node in enumerate(self._book) if etree.QName(node).localname in _BEFORE_CALC)
            self._book.insert(last + 1, calc)
        calc.set("fullCalcOnLoad", "1")
        if self._drops_formula:
            for tree, key in ((self._relations, "Target"), (self._tree("[Content_Types].xml"), "PartName")):
                for node in [node for node in tree if (node.get(key) or "").endswith("calcChain.xml")]:
                    tree.remove(node)


def _bytes(tree: Any) -> bytes:
    content: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def _cell(row: Any, place: Place) -> Any:
    if row is None:
        return None
    wanted = cell_name(*place)
    return next((cell for cell in row if cell.get("r") == wanted), None)


def _place_of(name: str) -> Place:
    found = _REFERENCE.fullmatch(name.replace("$", ""))
    assert found is not None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
