"""Excel and OpenDocument files (.xls, .xlsx, .xlsb, .ods) as sheets, whatever their ending says.

Each is looked through first (`sheet_scan`; a binary one, .xls or .xlsb, here): cells far away, formulas without a
stored value and error cells are known before the values are read. Of a binary one cells far away are not cut out: such
a sheet is refused, and the cell is named. Hidden rows and columns are read like others.
Gets wrong: a formula of an .xls whose stored value is an empty text counts as one without a value if no formula of the
sheet has any other value, because that is what programs write which do not compute.
"""

from __future__ import annotations

import io
import struct
import zipfile
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from lxml import etree  # type: ignore[import-untyped]

from lks_geo.errors import LksGeoError
from lks_geo.sheets.markup_tables import read_open_document
from lks_geo.sheets.sheet import CellKind, Cells, Sheet, cell_name, cells_of, far_cells, refuse_many_sheets
from lks_geo.sheets.sheet_scan import (
    MOST_CELLS,
    Position,
    SheetScan,
    is_sparse,
    near_cells,
    refuse_unfolding,
    scan_workbook,
)

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
        book = calamine.CalamineWorkbook.from_filelike(stream)
        refuse_many_sheets(len(book.sheets_metadata), path.name)
        return _sheets(book, scans)
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


_END = 0xFFFFFFFA
"""Sector numbers from here on end a chain."""

_END_OF_PART, _PASSWORD, _NAME, _ROW, _FORMULA, _TRUTH = 0x0A, 0x2F, 0x85, 0x208, 0x06, 0x205
_CELLS = {0x203: 4, 0xFD: 4, 0x27E: 4, 0x204: 4, 0xD6: 4, _FORMULA: 4, _TRUTH: 4, 0xBD: 0}
"""Records of filled cells in an .xls: number, text, packed number, labels, formula, truth or error, several numbers."""
_ERROR, _EMPTY = 2, 3
"""What a formula gives that is no number."""
_XLSB_ROW, _XLSB_BLANK, _XLSB_LAST, _XLSB_ERRORS = 0, 1, 11, (3, 11)


def scan_xls(content: bytes, name: str) -> dict[str, SheetScan]:
    """What each sheet says, by name. What cannot be followed is left to the reader."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise LksGeoError.of("sheets.password", path=name)
    starts: dict[int, str] = {}
    try:
        stream = _workbook_stream(content)
        for code, data in _records(stream, 0):
            if code == _PASSWORD:
                raise LksGeoError.of("sheets.password", path=name)
            if code == _NAME:
                starts[struct.unpack_from("<I", data)[0]] = _sheet_title(data)
        refuse_many_sheets(len(starts), name)
        return {title: _scan_sheet(stream, start, f"{name}, {title}") for start, title in starts.items()}
    except (struct.error, IndexError, KeyError, ValueError):
        return {}


def refuse_sparse_xlsb(stream: IO[bytes], name: str) -> None:
    """An error if a sheet of an .xlsb has filled cells far from its others."""
    with zipfile.ZipFile(stream) as archive:
        refuse_unfolding(archive, name)
        for info in archive.infolist():
            if info.filename.casefold().startswith("xl/worksheets/sheet"):
                _refuse_sparse(_xlsb_cells(archive.read(info)), name)
    stream.seek(0)


def _refuse_sparse(cells: array[int], where: str) -> None:
    """`cells`: line and column of each filled cell, one after the other."""
    positions = np.asarray(cells, dtype=np.int64).reshape(-1, 2)
    if len(positions) > MOST_CELLS:
        raise LksGeoError.of("sheets.too_many_cells", where=where, most=MOST_CELLS)
    if not len(positions):
        return
    height, width = (np.ptp(positions, axis=0) + 1).tolist()
    if is_sparse(height, width, len(positions)):
        far = positions[~near_cells(positions, where)][-1].tolist()
        raise LksGeoError.of("sheets.far_cell", where=where, cell=cell_name(*far))


def _scan_sheet(stream: bytes, start: int, where: str) -> SheetScan:
    scan = SheetScan()
    cells = array("l")
    empty: list[Position] = []
    computed = False
    for code, data in _records(stream, start):
        if code == _ROW and data[12] & 0x20:
            scan.hidden.append(struct.unpack_from("<H", data)[0])
        if code not in _CELLS:
            continue
        line, column = struct.unpack_from("<HH", data)
        cells.extend((line, column))
        if code == 0xBD:
            cells.extend((line, struct.unpack_from("<H", data, len(data) - 2)[0]))
        is_value = code != _FORMULA or data[12:14] != b"\xff\xff"
        if (code == _TRUTH and data[7]) or (not is_value and data[6] == _ERROR):
            scan.errors.append((line, column))
        if not is_value and data[6] == _EMPTY:
            empty.append((line, column))
        else:
            computed |= code == _FORMULA
    if not computed:
        scan.formulas += empty
    _refuse_sparse(cells, where)
    return scan


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Code and data of the records of one part of an .xls, up to its end."""
    at = start
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        yield code, stream[at + 4 : at + 4 + size]
        if code == _END_OF_PART:
            return
        at += 4 + size


def _sheet_title(data: bytes) -> str:
    size, wide = data[6], data[7] & 1
    return data[8 : 8 + size * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _workbook_stream(content: bytes) -> bytes:
    """The stream "Workbook" of a compound file."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small = 1 << struct.unpack_from("<H", content, 32)[0]
    directory, _, cutoff, small_table = struct.unpack_from("<IIII", content, 48)
    table_sectors = [number for number in struct.unpack_from("<109I", content, 76) if number < _END]
    more = struct.unpack_from("<I", content, 68)[0]
    while more < _END and len(table_sectors) * sector <= len(content):
        *numbers, more = struct.unpack_from(f"<{sector // 4}I", content, (more + 1) * sector)
        table_sectors += [number for number in numbers if number < _END]
    table = np.concatenate([np.frombuffer(_sector(content, at, sector), dtype="<u4") for at in table_sectors])

    def chain(start: int, links: npt.NDArray[np.uint32], source: bytes, size: int, first: int) -> bytes:
        parts: list[bytes] = []
        at = start
        while at < _END and len(parts) <= len(links):
            parts.append(source[(at + first) * size : (at + first + 1) * size])
            at = int(links[at])
        return b"".join(parts)

    entries = chain(directory, table, content, sector, 1)
    streams: dict[str, tuple[int, int]] = {}
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        title = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        streams.setdefault(title, struct.unpack_from("<II", entries, at + 116))
    start, size = streams.get("Workbook") or streams["Book"]
    if size >= cutoff:
        return chain(start, table, content, sector, 1)[:size]
    small_links = np.frombuffer(chain(small_table, table, content, sector, 1), dtype="<u4")
    return chain(start, small_links, chain(streams["Root Entry"][0], table, content, sector, 1), small, 0)[:size]


def _sector(content: bytes, number: int, size: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _xlsb_cells(content: bytes) -> array[int]:
    """Line and column of each filled cell of a worksheet of an .xlsb, one after the other."""
    cells = array("l")
    at, line = 0, 0
    while at < len(content):
        code, at = _packed(content, at, 2)
        size, at = _packed(content, at, 4)
        if code == _XLSB_ROW and size >= 4:
            line = int.from_bytes(content[at : at + 4], "little")
        elif _XLSB_BLANK < code <= _XLSB_LAST and size >= 4:
            cells.extend((line, int.from_bytes(content[at : at + 4], "little")))
        at += size
    return cells


def _packed(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to `most` bytes of seven bits, and where it ends."""
    number = 0
    for shift in range(most):
        byte = content[at] if at < len(content) else 0
        number |= (byte & 0x7F) << (7 * shift)
        at += 1
        if byte < 0x80:
            break
    return number, at
