"""Writes laid-out sheets as .csv, .xlsx, .xls or .ods, with merged cells and hidden rows (for registers.py)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(kw_only=True)
class Grid:
    """One sheet: cells by row, merged ranges (first row, first column, last row, last column), hidden rows."""

    name: str
    cells: list[list[Any]]
    merges: list[tuple[int, int, int, int]]
    hidden: set[int]

    def lines_before(self, row: int) -> int:
        """Lines of text that the rows above take (a cell may hold several)."""
        return sum(1 + max((str(cell).count("\n") for cell in line), default=0) for line in self.cells[:row])


def write_file(path: Path, grids: Sequence[Grid], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """The sheets as a file; its ending decides the format (.csv takes the first sheet)."""
    match path.suffix:
        case ".csv":
            _write_csv(path, grids[0], delimiter, encoding)
        case ".xlsx":
            _write_xlsx(path, grids)
        case ".xls":
            _write_xls(path, grids)
        case ".ods":
            _write_ods(path, grids)


def _write_csv(path: Path, grid: Grid, delimiter: str, encoding: str) -> None:
    with path.open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter).writerows(
            [["" if c is None else c for c in line] for line in grid.cells]
        )


def _write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for grid in grids:
            sheet = book.add_worksheet(grid.name)
            for row, line in enumerate(grid.cells):
                for column, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            for top, left, bottom, right in grid.merges:
                sheet.merge_range(top, left, bottom, right, grid.cells[top][left])
            for row in grid.hidden:
                sheet.set_row(row, None, None, {"hidden": True})


def _write_xls(path: Path, grids: Sequence[Grid]) -> None:
    import xlwt

    book = xlwt.Workbook()
    for grid in grids:
        sheet = book.add_sheet(grid.name, cell_overwrite_ok=True)
        for row, line in enumerate(grid.cells):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheet.write(row, column, cell)
        for top, left, bottom, right in grid.merges:
            sheet.merge(top, bottom, left, right)
    book.save(str(path))


def _write_ods(path: Path, grids: Sequence[Grid]) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for grid in grids:
        table = Table(name=grid.name)
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
        covered = {
            (r, c) for t, le, b, ri in grid.merges for r in range(t, b + 1) for c in range(le, ri + 1)
        } - spans.keys()
        for row, line in enumerate(grid.cells):
            element = TableRow()
            for column, cell in enumerate(line):
                down, across = spans.get((row, column), (1, 1))
                kind = CoveredTableCell if (row, column) in covered else TableCell
                values: dict[str, Any] = (
                    {"numberrowsspanned": down, "numbercolumnsspanned": across} if down * across > 1 else {}
                )
                if isinstance(cell, int | float):
                    values |= {"valuetype": "float", "value": cell}
                elif cell is not None:
                    values |= {"valuetype": "string"}
                made = kind(**values)
                if cell is not None:
                    made.addElement(P(text=str(cell)))
                element.addElement(made)
            table.addElement(element)
        book.spreadsheet.addElement(table)
    book.save(str(path))
