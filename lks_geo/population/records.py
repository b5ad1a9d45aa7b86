"""Reads a table of an office (.csv, .xlsx, .xls, .ods) as records under their headings; decides nothing about meaning.

Encoding (UTF-8 with or without BOM, else cp1252), separator and the line of the headings are found. Gets wrong: a CSV
in another encoding shows odd letters in names; codes and numbers are not affected.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lks_geo.errors import LksGeoError

TEXT_SUFFIXES = (".csv", ".txt")
SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
CODE = "kode"
HEADER_WITHIN = 20
"""Title lines above the headings are passed over, at most this many."""

SHOWN = 5

Cell = str | float | bool | None
Line = tuple[int, list[Cell]]
"""Row number in the file, and the cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A table: headings (lower case, blanks as `_`), and for each record its row number in the file and its cells.

    `semicolons`: the file is a CSV with semicolons, as spreadsheets write where the comma is the decimal sign.
    """

    headings: tuple[str, ...]
    numbers: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    semicolons: bool

    def column(self, heading: str) -> list[Cell]:
        """The cells under a heading (the first column of that name)."""
        at = self.headings.index(heading)
        return [row[at] for row in self.cells]


def read_records(path: Path) -> Records:
    """The first table of a file that has a heading `kode`; an `LksGeoError` if there is none or it has no records."""
    if not path.is_file():
        raise LksGeoError.of("population.missing", path=str(path))
    suffix = path.suffix.lower()
    if suffix not in TEXT_SUFFIXES + SHEET_SUFFIXES:
        raise LksGeoError.of("population.wrong_kind", where=path.name)
    try:
        tables, semicolons = _text_lines(path) if suffix in TEXT_SUFFIXES else (_sheets(path), False)
    except Exception as error:  # readers raise whatever they like; the user needs one line
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise LksGeoError.of("population.unreadable", where=path.name, reason=reason) from error
    for lines in tables:
        at = _header_at(lines)
        if at is not None:
            return _records(lines, at, path.name, semicolons=semicolons)
    seen = [str(cell) for _, row in tables[0][:1] for cell in row if cell] if tables else []
    raise LksGeoError.of("population.no_code", where=path.name, found=listed(seen) or "–")


def _records(lines: Sequence[Line], at: int, where: str, *, semicolons: bool) -> Records:
    headings = tuple(_heading(cell) for cell in lines[at][1])
    width = len(headings)
    held = [(number, row) for number, row in lines[at + 1 :] if any(cell not in (None, "") for cell in row[:width])]
    if not held:
        raise LksGeoError.of("population.empty", where=where)
    return Records(
        headings=headings,
        numbers=tuple(number for number, _ in held),
        cells=tuple(tuple((row + [None] * width)[:width]) for _, row in held),
        semicolons=semicolons,
    )


def _text_lines(path: Path) -> tuple[list[list[Line]], bool]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    separator = _separator(text)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    lines: list[Line] = []
    start = 1
    for record in reader:
        lines.append((start, [cell.strip() or None for cell in record]))
        start = reader.line_num + 1
    return [lines], separator == ";"


def _separator(text: str) -> str:
    """The sign that occurs most in the line of the headings."""
    for line in text.splitlines()[:HEADER_WITHIN]:
        if CODE in (_heading(cell.strip('" ')) for cell in re.split(r"[;,\t]", line)):
            return max(";,\t", key=line.count)
    return ","


def _sheets(path: Path) -> list[list[Line]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    return [[(number, [_cell(cell) for cell in row]) for number, row in enumerate(sheet, 1)] for sheet in sheets]


def _cell(value: object) -> Cell:
    match value:
        case bool():
            return value
        case int() | float():
            return float(value)
        case _:
            return str(value).strip() or None


def _heading(cell: Cell) -> str:
    return str(cell or "").strip().casefold().replace(" ", "_")


def _header_at(lines: Sequence[Line]) -> int | None:
    return next((at for at, (_, row) in enumerate(lines[:HEADER_WITHIN]) if CODE in map(_heading, row)), None)


def listed(values: Sequence[str]) -> str:
    """The first few of `values`, as an error shows them."""
    return "; ".join(values[:SHOWN]) + (" …" if len(values) > SHOWN else "")
