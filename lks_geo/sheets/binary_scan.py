"""What the records of a binary workbook (.xls, .xlsb) say before its cells are read: see `sheet_scan`, which does the
same for .xlsx. Cells far away are not cut out here: such a sheet is refused, and the cell is named.

Gets wrong: a formula of an .xls whose stored value is an empty text counts as one without a value if no formula of the
sheet has any other value, because that is what programs write which do not compute.
"""

from __future__ import annotations

import struct
import zipfile
from array import array
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

from lks_geo.errors import LksGeoError
from lks_geo.sheets.sheet_scan import (
    MOST_CELLS,
    Position,
    SheetScan,
    cell_name,
    is_sparse,
    near_cells,
    refuse_unfolding,
)

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
