"""Excel and OpenDocument files (.xls, .xlsx, .xlsb, .ods) as sheets, whatever their ending says.

Each is looked through first (`sheet_scan`, `binary_scan`): cells far away, formulas without a stored value and error
cells are known before the values are read. Hidden rows and columns are read like others.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from lxml import etree  # type: ignore[import-untyped]

from lks_geo.errors import LksGeoError
from lks_geo.sheets.binary_scan import refuse_sparse_xlsb, scan_xls
from lks_geo.sheets.markup_tables import read_open_document
from lks_geo.sheets.sheet import CellKind, Cells, Sheet, cells_of
from lks_geo.sheets.sheet_scan import SheetScan, far_cells, scan_workbook

_BATCH = 20_000
"""Lines that are turned into cells at a time, so that a large sheet is not held twice."""
_WIDEST_MARGIN = 200
"""Blank columns at the left of a table beyond which its columns are not counted from the first of the sheet."""


def read_workbook(path: Path) -> list[Sheet]:
    """The worksheets of an Excel or OpenDocument file (chart sheets and macros are none)."""
    import python_calamine as calamine

    content = path.read_bytes()
    try:
        stream: Any = io.BytesIO(content)
        scans: dict[str, SheetScan] = {}
        if content.startswith(b"PK"):
            parts = _parts(stream)
            if "content.xml" in parts:
                return read_open_document(stream, path.name)
            if "xl/workbook.bin" in parts:
                refuse_sparse_xlsb(stream, path.name)
            else:
                scan = scan_workbook(stream, path.name)
                stream, scans = scan.stream, scan.sheets
        else:
            scans = scan_xls(content, path.name)
        return _sheets(calamine.CalamineWorkbook.from_filelike(stream), scans)
    except calamine.PasswordError as error:
        raise LksGeoError.of("sheets.password", path=path.name) from error
    except (calamine.CalamineError, zipfile.BadZipFile, etree.LxmlError, *_DAMAGES) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error
    except BaseException as error:
        if error.__class__.__name__ != "PanicException":
            raise
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error


_DAMAGES = (ValueError, OverflowError, KeyError, IndexError, EOFError, NotImplementedError, RuntimeError)
"""What the readers raise for a damaged file."""


def _parts(stream: io.BytesIO) -> set[str]:
    """The names of the parts of a packed file."""
    with zipfile.ZipFile(stream) as archive:
        names = {info.filename.casefold().replace("\\", "/") for info in archive.infolist()}
    stream.seek(0)
    return names


def _sheets(book: Any, scans: dict[str, SheetScan]) -> list[Sheet]:
    import python_calamine as calamine

    worksheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    return [
        _worksheet(
            book.get_sheet_by_name(meta.name),
            scans.get(meta.name) or SheetScan(),
            hidden=meta.visible != calamine.SheetVisibleEnum.Visible,
        )
        for meta in worksheets
    ]


def _worksheet(sheet: Any, scan: SheetScan, *, hidden: bool) -> Sheet:
    left = sheet.start[1] if sheet.start else 0
    width = (sheet.end[1] + 1 - left) if sheet.end else 0
    blocks = [cells_of(list(zip(*batch, strict=True)), len(batch)) for batch in _batches(sheet.iter_rows())]
    dropped = left if left > _WIDEST_MARGIN else 0
    cells = _with_scan(_stacked(blocks, width, left - dropped), scan, dropped)
    merged = [((top, a - dropped), (bottom, b - dropped)) for (top, a), (bottom, b) in sheet.merged_cell_ranges or ()]
    lines = len(cells.texts)
    hidden_lines = np.zeros(lines, dtype=np.bool_)
    hidden_lines[[line for line in scan.hidden if line < lines]] = True
    return Sheet(
        name=sheet.name, cells=cells.texts, kinds=cells.kinds, numbers=np.arange(1, lines + 1, dtype=np.int64),
        merged=tuple((*first, *last) for first, last in merged), hidden=hidden,
        hidden_lines=hidden_lines, remarks=(far_cells(scan.cut),) if scan.cut else (),
    )  # fmt: skip


def _with_scan(cells: Cells, scan: SheetScan, dropped: int) -> Cells:
    """The cells with what the reader does not tell: errors, formulas without a stored value, and those that are only a
    text. They may stand below or beside all that has a value. `dropped`: blank columns left out at the left."""
    told: dict[tuple[int, int], int] = {(line, at - dropped): CellKind.FORMULA for line, at in scan.formulas}
    told |= {(line, at - dropped): CellKind.ERROR for line, at in scan.errors}
    literals = {(line, at - dropped): text for (line, at), text in scan.literals.items()}
    told |= dict.fromkeys(literals, CellKind.TEXT)
    if not told:
        return cells
    lines, columns = (max(at[axis] for at in told) + 1 for axis in (0, 1))
    height, width = cells.texts.shape
    texts = cells.texts.reindex(index=range(max(lines, height)), columns=range(max(columns, width))).astype("str")
    kinds: npt.NDArray[np.uint8] = np.pad(cells.kinds, ((0, max(lines - height, 0)), (0, max(columns - width, 0))))
    for column in {at[1] for at in told}:
        of_column = {line: kind for (line, other), kind in told.items() if other == column}
        kinds[list(of_column), column] = list(of_column.values())
        values = pd.Series({line: literals.get((line, column)) for line in of_column}, dtype="str")
        texts[column] = texts[column].where(~texts.index.isin(list(of_column)), values.reindex(texts.index))
    return Cells(texts=texts, kinds=kinds)


def _stacked(blocks: list[Cells], width: int, left: int) -> Cells:
    """Blocks one below the other, with the blank columns before them that the reader leaves out."""
    if not blocks:
        texts = pd.DataFrame(columns=range(left + width), dtype="str")
        return Cells(texts=texts, kinds=np.zeros((0, left + width), dtype=np.uint8))
    texts = pd.concat([block.texts for block in blocks], ignore_index=True)
    kinds = np.concatenate([block.kinds for block in blocks])
    if left:
        texts = texts.rename(columns=lambda column: column + left)
        blank = pd.DataFrame({at: pd.Series(pd.NA, index=texts.index, dtype="str") for at in range(left)})
        texts = pd.concat([blank, texts], axis=1)
        kinds = np.pad(kinds, ((0, 0), (left, 0)))
    return Cells(texts=texts, kinds=kinds)


def _batches(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
