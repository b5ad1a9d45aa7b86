"""Excel and OpenDocument files (.xls, .xlsx, .ods) as sheets. Hidden rows and columns are read like others.

The merged ranges of an .ods file, which its reader does not tell, come from the table elements of content.xml, read as
a stream; a file whose content.xml cannot be read so has none, because merged ranges only help.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse

import numpy as np
import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.sheets.sheet import Cells, Merge, Sheet, cells_of

_BATCH = 20_000
"""Lines that are turned into cells at a time, so that a large sheet is not held twice."""

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LARGEST = 30_000_000
"""Bytes of content.xml beyond which merged ranges are not looked for (a register is some kilobytes)."""


def read_workbook(path: Path) -> list[Sheet]:
    """The worksheets of an Excel or OpenDocument file (chart sheets and macros are none)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        worksheets = [
            (meta.name, meta.visible != calamine.SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        spans = _merged_ranges(path) if path.suffix.casefold() == ".ods" else {}
        return [
            _worksheet(book.get_sheet_by_name(name), hidden=hidden, spans=spans.get(name))
            for name, hidden in worksheets
        ]
    except calamine.PasswordError as error:
        raise LksGeoError.of("sheets.password", path=path.name) from error
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error
    except BaseException as error:
        if error.__class__.__name__ != "PanicException":
            raise
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error


def _worksheet(sheet, *, hidden: bool, spans: tuple[Merge, ...] | None) -> Sheet:  # type: ignore[no-untyped-def]
    left = sheet.start[1] if sheet.start else 0
    width = (sheet.end[1] + 1 - left) if sheet.end else 0
    blocks = [cells_of(list(zip(*batch, strict=True)), len(batch)) for batch in _batches(sheet.iter_rows())]
    cells = _stacked(blocks, width, left)
    merged = (
        spans
        if sheet.merged_cell_ranges is None
        else tuple((*first, *last) for first, last in sheet.merged_cell_ranges)
    )
    numbers = np.arange(1, len(cells.texts) + 1, dtype=np.int64)
    return Sheet(
        name=sheet.name, cells=cells.texts, kinds=cells.kinds, numbers=numbers, merged=merged, hidden=hidden
    )  # fmt: skip


def _stacked(blocks: list[Cells], width: int, left: int) -> Cells:
    """Blocks one below the other, with the blank columns before them that the reader leaves out."""
    if not blocks:
        texts = pd.DataFrame(columns=range(left + width), dtype="str")
        return Cells(texts=texts, kinds=np.zeros((0, left + width), dtype=np.uint8))
    texts = pd.concat([block.texts for block in blocks], ignore_index=True)
    kinds = np.concatenate([block.kinds for block in blocks])
    if left:
        texts = texts.rename(columns=lambda column: column + left)
        texts = texts.reindex(columns=range(left + texts.shape[1])).astype("str")
        kinds = np.pad(kinds, ((0, 0), (left, 0)))
    return Cells(texts=texts, kinds=kinds)


def _batches(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _merged_ranges(path: Path) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """Sheet name -> (first row, first column, last row, last column) of each merged range, counted from 0."""
    ranges: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("content.xml").file_size > _LARGEST:
                return ranges
            with archive.open("content.xml") as stream:
                for _, element in iterparse(stream):
                    if element.tag == f"{_TABLE}table":
                        ranges[element.get(f"{_TABLE}name", "")] = tuple(_merges_of(element))
                        element.clear()
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, ValueError):
        return {}
    return ranges


def _merges_of(table: Element) -> list[tuple[int, int, int, int]]:
    ranges: list[tuple[int, int, int, int]] = []
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
            right = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
            if down > 1 or right > 1:
                ranges.append((row, column, row + down - 1, column + right - 1))
            column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        row += int(line.get(f"{_TABLE}number-rows-repeated", "1"))
    return ranges
