"""What the XML of a workbook (.xlsx) says before its cells are read: how far they reach, and what their values hide.

The reader of workbooks makes a dense table of all that lies between the first and the last cell, and takes a formula
without a stored value, or an error, for a blank cell. So each worksheet is looked through first, as bytes in pieces:

- a few cells far away from all others are cut out of the copy that is read; those that are more than blanks are told;
- formulas whose result is not stored, error cells and hidden rows are named. A formula that is only a text or a number
  (`="76.05"`) has a value;
- what would unfold to more than the limits below is refused, with the cure.

Gets wrong: cells that do not say where they stand (`r`), which no known office program writes; they cannot be far away.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import numpy.typing as npt
from lxml import etree  # type: ignore[import-untyped]

from lks_geo.errors import LksGeoError
from lks_geo.sheets.sheet import cell_name, refuse_many_sheets

LARGEST_FILE, LARGEST_UNFOLDED, LARGEST_TEXT = 200_000_000, 1_000_000_000, 1_000_000_000
"""Bytes of a file, of a packed file once it is unpacked, and of the text of a sheet's cells."""
_HELD = {"sharedstrings": 2, "styles": 10, "workbook": 20}
"""How many times parts count that are held whole, as bytes or as a tree, by the beginning of their names."""
MOST_CELLS, LONGEST_CELL = 10_000_000, 100_000
"""Filled cells of a sheet, and characters of a cell; a register of 200,000 rows and 40 columns has 8,000,000 cells."""
_SPARSE, _LARGEST_AREA, MOST_COLUMNS = 4_000_000, 20_000_000, 2_000
"""Cells that a table may have if few of them are filled, or at all, and columns."""

Position = tuple[int, int]
"""Line and column of a cell, from 0."""

_FAR = 1 << 30
"""Line and column of cells beyond any sheet ("ZZZZZZZZ2"): the reader would take memory until the process ends."""
_PIECE = 4_000_000
"""Bytes of a worksheet that are looked through at a time."""
_LONGEST_ROW = 64_000_000
"""Bytes of one row."""
_COLUMN_GAP, _ROW_GAP = 50, 1000
"""So many empty columns or rows beside a table end it, where cells farther off would make it too large."""

_ROW = re.compile(rb"""<(?:\w+:)?row\s([^>]*)>""")  # <row r="7" hidden="1">
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)""")  # r="7"
_IS_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)""")  # hidden="1"
_USUAL_CELL = re.compile(rb"""<c r="([A-Z]+)(\d+)"[^>/]*(/?)>""")  # <c r="B7" s="2">, or with "/" a blank one
_FILLED = re.compile(  # <c r="B7" s="2">, not <c r="B7" s="2"/>, which is blank
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'](?:[^>]*[^>/])?>"""
)
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]+)(\d+)["']""")  # r="B7"
_TYPE = re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")  # t="str"
_ERROR = re.compile(rb"""<(?:\w+:)?c\s([^>]*\bt=["']e["'][^>]*)>""")  # <c r="B7" t="e">
_FORMULA = re.compile(  # <c r="B7"><f>SUM(A1:A3)</f><v>6</v>
    rb"""<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)<))?"""
)
_LITERAL = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([-+]?\d+(?:\.\d+)?))\s*')  # "76.05"
_SHARED_CELL = re.compile(  # <c r="B7" t="s"><v>12</v>
    rb"""<(?:\w+:)?c\s[^>]*\bt=["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d+)"""
)
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")  # <si>, the start of each shared text
_WHOLE_CELL = re.compile(  # <c r="XFD9" t="s"><v>3</v></c>
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'](?:[^>]*/>|"""
    rb"""[^>]*[^>/]>(?:(?!</?(?:\w+:)?c\b).)*</(?:\w+:)?c>)""",
    re.DOTALL,
)
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]*)<")  # <v>3</v>, <t>LKS</t>
_RECALCULATE = re.compile(rb"""\bfullCalcOnLoad=["'](?:1|true)""")  # the mark of workbooks that no office program saved


@dataclass(kw_only=True)
class SheetScan:
    """What one worksheet says: error cells, formulas without a stored value, the values of formulas that are only a
    text or number, hidden rows (from 0), and the names of the cells that were cut out."""

    errors: list[Position] = field(default_factory=list)
    formulas: list[Position] = field(default_factory=list)
    literals: dict[Position, str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    cut: tuple[str, ...] = ()

    def leave_out_of(self, near: npt.NDArray[np.int64]) -> None:
        """Forgets what stands beyond the cells that are read."""
        last, end = near.max(axis=0).tolist()
        self.errors = [at for at in self.errors if at[0] <= last and at[1] <= end]
        self.formulas = [at for at in self.formulas if at[0] <= last and at[1] <= end]
        self.literals = {at: text for at, text in self.literals.items() if at[0] <= last and at[1] <= end}
        self.hidden = [line for line in self.hidden if line <= last]


@dataclass(frozen=True, kw_only=True)
class WorkbookScan:
    """The workbook to read (without far cells), and what each worksheet says, by name."""

    stream: IO[bytes]
    sheets: dict[str, SheetScan]


def scan_workbook(stream: IO[bytes], name: str) -> WorkbookScan:
    """Looks through the worksheets of an .xlsx; `name`: the file, for errors.

    Raises `LksGeoError` where a limit is passed, and what `zipfile` and `lxml` raise for a damaged file.
    """
    with zipfile.ZipFile(stream) as archive:
        refuse_unfolding(archive, name)
        recalculated = _RECALCULATE.search(_member(archive, "xl/workbook.xml")) is not None
        scans: dict[str, SheetScan] = {}
        cut: dict[str, bytes] = {}
        for title, member in _worksheets(archive, name).items():
            scans[title] = scan = SheetScan()
            where = f"{name}, {title}"
            sparse = _scan(archive, member, scan, where, recalculated=recalculated)
            if sparse is not None:
                near = sparse[near_cells(sparse, where)]
                cut[member], scan.cut = _without_far(archive, member, near)
                scan.leave_out_of(near)
        stream = _copied(archive, cut) if cut else stream
    stream.seek(0)
    return WorkbookScan(stream=stream, sheets=scans)


def refuse_unfolding(archive: zipfile.ZipFile, name: str) -> None:
    """An error if a packed file says of itself that it unfolds, or that its parts are held, beyond the limits."""
    files = [(re.split(r"[\\/]", info.filename)[-1], info.file_size) for info in archive.infolist()]
    unpacked = sum(size for _, size in files)
    held = sum(size * _HELD.get(part.partition(".")[0].casefold(), 1) for part, size in files)
    if held > LARGEST_UNFOLDED:
        key, size = ("unfolds", unpacked) if unpacked > LARGEST_UNFOLDED else ("needs", held)
        raise LksGeoError.of(f"sheets.{key}", path=name, n=size // 1_000_000, most=LARGEST_UNFOLDED // 1_000_000)


def is_sparse(height: int, width: int, filled: int) -> bool:
    """Whether a table would be large although few of its cells are filled, or too large anyhow."""
    return width > MOST_COLUMNS or (area := height * width) > _LARGEST_AREA or (area > _SPARSE and area > 4 * filled)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the workbook, whatever the case of its name; empty if there is none."""
    wanted = name.casefold()
    found = next((info for info in archive.infolist() if info.filename.casefold().replace("\\", "/") == wanted), None)
    return archive.read(found) if found else b""


def _worksheets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Name of each worksheet -> the part that holds it. An error that names the file if they are too many."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    names = {info.filename.casefold().replace("\\", "/"): info.filename for info in archive.infolist()}
    targets = {
        str(link.get("Id")): posixpath.normpath(posixpath.join("/xl", str(link.get("Target", ""))))[1:].casefold()
        for link in etree.fromstring(_member(archive, "xl/_rels/workbook.xml.rels"), parser)
    }
    listed = list(etree.fromstring(_member(archive, "xl/workbook.xml"), parser).iter("{*}sheet"))
    refuse_many_sheets(len(listed), name)
    found: dict[str, str] = {}
    for sheet in listed:
        link = next((str(value) for key, value in sheet.items() if str(key).endswith("}id")), "")
        if (part := names.get(targets.get(link, ""))) is not None:
            found[str(sheet.get("name"))] = part
    return found


def _pieces(archive: zipfile.ZipFile, member: str, where: str = "") -> Iterator[bytes]:
    """The bytes of a worksheet in pieces that end with a row."""
    rest = b""
    with archive.open(member) as stream:
        while read := stream.read(_PIECE):
            rest += read
            end = max(rest.rfind(b"/row>"), rest.rfind(b":row>")) + 5
            if end > 4:
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > _LONGEST_ROW:
                raise LksGeoError.of("sheets.too_many_cells", where=where or member, most=MOST_CELLS)
    yield rest


def _scan(
    archive: zipfile.ZipFile, member: str, scan: SheetScan, where: str, *, recalculated: bool
) -> npt.NDArray[np.int64] | None:
    """Fills `scan`; gives the cells of a sheet that must be cut (their positions, shape (n, 2)), else None."""
    columns: set[bytes] = set()
    first, last, count = _FAR, 0, 0
    zeros: list[Position] = []
    computed = False
    for piece in _pieces(archive, member, where):
        references = _filled(piece)
        columns.update(letters for letters, _ in references)
        count += len(references)
        if count > MOST_CELLS:
            raise LksGeoError.of("sheets.too_many_cells", where=where, most=MOST_CELLS)
        rows = [_line(number) for number in {number for _, number in references}]
        first, last = min([first, *rows]), max([last, *rows])
        scan.hidden += _hidden_rows(piece) if b"hidden" in piece else []
        if b't="e' in piece or b"t='e" in piece:
            scan.errors += [at for match in _ERROR.finditer(piece) if (at := _position(match[1]))]
        if b"<f" in piece or b":f" in piece:
            for match in _FORMULA.finditer(piece):
                computed |= _judge_formula(match, scan, zeros)
    if recalculated and zeros and not computed:
        scan.formulas += zeros
    _refuse_long_texts(archive, member, count, where)
    numbers = [_column_number(letters) for letters in columns] or [0]
    width = max(numbers) - min(numbers) + 1
    return _positions(archive, member) if is_sparse(last - first + 1, width, count) else None


def _filled(piece: bytes) -> list[tuple[bytes, bytes]]:
    """Letters and number of each filled cell. Where all cells begin as office programs write them, a pattern that
    knows no other way finds them in a third of the time."""
    signs = np.frombuffer(piece, dtype=np.uint8)
    at = np.flatnonzero(signs[1:-1] == ord("c")) + 1
    begun = np.isin(signs[at - 1], list(b"<:")) & np.isin(signs[at + 1], list(b" \t\n\r\v\f"))
    usual = _USUAL_CELL.findall(piece)
    return [cell[:2] for cell in usual if not cell[2]] if len(usual) == begun.sum() else _FILLED.findall(piece)


def _hidden_rows(piece: bytes) -> list[int]:
    hidden = (match[1] for match in _ROW.finditer(piece) if _IS_HIDDEN.search(match[1]))
    return [_line(number[1]) for attributes in hidden if (number := _NUMBER.search(attributes))]


def _judge_formula(match: re.Match[bytes], scan: SheetScan, zeros: list[Position]) -> bool:
    """Notes a formula without a stored value, or whose value is 0 (it may not be computed); whether it has another."""
    attributes, formula, value = match.groups()
    kind, at = _TYPE.search(attributes), _position(attributes)
    if at is None or (kind and kind[1] == b"str" and value is not None):
        return value not in (None, b"", b"0")
    if value and value != b"0":
        return True
    literal = _LITERAL.fullmatch(html.unescape((formula or b"").decode("utf-8", "replace")))
    if literal:
        scan.literals[at] = literal[2] or (literal[1] or "").replace('""', '"')
    elif value:
        zeros.append(at)
    else:
        scan.formulas.append(at)
    return False


def _position(attributes: bytes) -> Position | None:
    found = _REFERENCE.search(attributes)
    return (_line(found[2]), _column_number(found[1])) if found else None


def _line(number: bytes) -> int:
    return min(int(number[:12]) - 1, _FAR)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:6].upper():
        number = number * 26 + letter - 64
    return min(number - 1, _FAR)


def _refuse_long_texts(archive: zipfile.ZipFile, member: str, count: int, where: str) -> None:
    """An error if shared texts are more than cells may be, or, written out in every cell that has them, too long."""
    shared = _member(archive, "xl/sharedStrings.xml")
    found = zip(_SHARED_TEXT.finditer(shared), range(MOST_CELLS + 1), strict=False)
    sizes = np.diff(np.fromiter((match.start() for match, _ in found), dtype=np.int64), append=len(shared))
    if len(sizes) > MOST_CELLS:
        raise LksGeoError.of("sheets.too_many_texts", where=where, most=MOST_CELLS)
    if not len(sizes) or int(sizes.max()) * count <= LARGEST_TEXT:
        return
    total = 0
    for piece in _pieces(archive, member):
        used = np.array([int(number) for number in _SHARED_CELL.findall(piece)], dtype=np.int64)
        total += int(sizes[used[used < len(sizes)]].sum())
        if total > LARGEST_TEXT:
            raise LksGeoError.of("sheets.unfolds", path=where, n=total // 1_000_000, most=LARGEST_TEXT // 1_000_000)


def _positions(archive: zipfile.ZipFile, member: str) -> npt.NDArray[np.int64]:
    """Line and column of each filled cell."""
    pieces = _pieces(archive, member)
    found = [(_line(number), _column_number(letters)) for piece in pieces for letters, number in _FILLED.findall(piece)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def near_cells(positions: npt.NDArray[np.int64], where: str) -> npt.NDArray[np.bool_]:
    """Which of the cells of a sparse sheet stand together: those between two wide gaps in the columns that are most;
    if that does not help, in the rows as well. An error that names a cell if the rest is too large yet."""
    near = np.ones(len(positions), dtype=np.bool_)
    for axis, gap in ((1, _COLUMN_GAP), (0, _ROW_GAP)):
        if not _too_large(positions[near]):
            break
        used = np.unique(positions[near, axis])
        ends = used[np.flatnonzero(np.diff(used) > gap)]
        group = np.searchsorted(ends, positions[:, axis])
        near &= group == np.bincount(group[near]).argmax()
    if _too_large(positions[near]):
        columns = len(np.unique(positions[near, 1]))
        if columns > MOST_COLUMNS:
            raise LksGeoError.of("sheets.too_wide", where=where, n=columns, most=MOST_COLUMNS)
        raise LksGeoError.of("sheets.far_cell", where=where, cell=cell_name(*positions[near].max(axis=0).tolist()))
    return near


def _too_large(positions: npt.NDArray[np.int64]) -> bool:
    height, width = (np.ptp(positions, axis=0) + 1).tolist()
    return is_sparse(height, width, len(positions))


def _without_far(archive: zipfile.ZipFile, member: str, near: npt.NDArray[np.int64]) -> tuple[bytes, tuple[str, ...]]:
    """The worksheet with no other cells than those near, and the names of the others that are more than blanks."""
    kept = {(line, column) for line, column in near.tolist()}
    texts = _SHARED_TEXT.split(_member(archive, "xl/sharedStrings.xml"))[1:]
    told: list[str] = []

    def keep(match: re.Match[bytes]) -> bytes:
        line, column = _line(match[2]), _column_number(match[1])
        if (line, column) in kept:
            return match[0]
        if _says_something(match[0], texts):
            told.append(cell_name(line, column))
        return b""

    return b"".join(_WHOLE_CELL.sub(keep, piece) for piece in _pieces(archive, member)), tuple(told)


def _says_something(cell: bytes, texts: list[bytes]) -> bool:
    """Whether a cell holds more than blanks."""
    if b"<f" in cell or b":f" in cell:
        return True
    words = b"".join(_CONTENT.findall(cell))
    kind = _TYPE.search(cell)
    if kind and kind[1] == b"s" and words.strip().isdigit() and int(words) < len(texts):
        words = b"".join(_CONTENT.findall(texts[int(words)]))
    return bool(html.unescape(words.decode("utf-8", "replace")).strip())


def _copied(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> io.BytesIO:
    """The workbook with some parts replaced."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for info in archive.infolist():
            if not info.is_dir():
                target.writestr(info.filename, changed.get(info.filename) or archive.read(info))
    return copy
