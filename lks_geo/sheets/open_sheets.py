"""Opens a file of any supported kind as sheets of text cells, with the row numbers that the file's own program shows.

What the file is, its first bytes decide (an .xls may be text or a web page, a .csv a workbook); the ending only says
whether it is supported. Hidden sheets are read like others, and they are named.

Delimited text is read here: comma, semicolon, tab or bar; UTF-8 with or without BOM, UTF-16, cp1252, or a code page of
DOS or the Macintosh, which the sign for degrees gives away. The delimiter is the one that cuts the first records into
the most columns of equal number, the headings among them. A record may run over several lines inside quotes; its
number is the line where it starts.
An unclosed quote, which would swallow the rows below it, is an error that names the line.
Gets wrong: text in another encoding shows odd letters in names; codes and numbers are not affected.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.sheets.features import read_geopackage, read_json, read_parquet
from lks_geo.sheets.markup_tables import read_markup
from lks_geo.sheets.sheet import BLANKS, Cells, Sheet, cells_of, refuse_long_lines
from lks_geo.sheets.sheet_scan import LARGEST_FILE, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS
from lks_geo.sheets.workbooks import read_workbook
from lks_geo.vetting import refuse_device

SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".geojson", ".gpkg", ".parquet")
"""Kinds of files that are supported, as told to people."""
_ALSO = (".xlsm", ".xlsb", ".json", ".txt", ".tsv")

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE = 60
"""Records by which the delimiter is told."""
_LONGEST = 60
"""Lines in one record beyond which a quote was left open."""
_BATCH = 20_000
"""Records that are turned into cells at a time."""

_CODE_PAGES = (  # how the sign for degrees is written where text is no UTF-8: "2\xf849'35", "2\xa149'35"
    (re.compile(rb"\d[\xf8\xa7]\s?\d"), re.compile(rb"\d\xb0"), "cp850"),
    (re.compile(rb"\d\xa1\s?\d"), re.compile(rb"\d\xb0"), "mac-roman"),
)
"""What speaks for a code page, what speaks against it, and its name."""


def open_sheets(path: Path) -> list[Sheet]:
    """All sheets of a file. Every trouble with the file is one `LksGeoError` that says the cure."""
    suffix = path.suffix.casefold()
    if not path.exists():
        raise LksGeoError.of("sheets.missing", path=str(path), hint=_neighbour(path))
    if path.is_dir():
        raise LksGeoError.of("sheets.folder", path=str(path))
    refuse_device(path)
    if suffix not in (*SUFFIXES, *_ALSO):
        raise LksGeoError.of("sheets.unsupported", path=path.name, found=suffix or "-", allowed=", ".join(SUFFIXES))
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise LksGeoError.of("sheets.too_large", path=path.name, most=LARGEST_FILE // 1_000_000)
        with path.open("rb") as stream:
            head = stream.read(4096)
        if not head.strip(b"\x00 \r\n\t"):
            raise LksGeoError.of("sheets.empty_file", path=path.name)
        sheets = _reader(head, suffix)(path)
    except PermissionError as error:
        raise LksGeoError.of("sheets.not_allowed", path=path.name) from error
    except (OSError, MemoryError, RecursionError) as error:
        raise LksGeoError.of("sheets.unreadable", path=path.name) from error
    for sheet in sheets:
        _refuse_unwieldy(sheet, path)
    return sheets


def _refuse_unwieldy(sheet: Sheet, path: Path) -> None:
    """An error if a sheet is too wide, or one of its cells too long, to be the table of an office."""
    where = f"{path.name}, {sheet.name}" if sheet.name else path.name
    if sheet.cells.shape[1] > MOST_COLUMNS:
        raise LksGeoError.of("sheets.too_wide", where=where, n=sheet.cells.shape[1], most=MOST_COLUMNS)
    for column in sheet.cells:
        lengths = pc.utf8_length(sheet.cells[column].array.__arrow_array__())
        if (pc.max(lengths).as_py() or 0) > LONGEST_CELL:
            number = int(sheet.numbers[pc.index(lengths, pc.max(lengths)).as_py()])
            raise LksGeoError.of("sheets.long_cell", where=where, line=number, most=LONGEST_CELL)


def _reader(head: bytes, suffix: str) -> Callable[[Path], list[Sheet]]:
    """The reader that fits the first bytes of the file."""
    for signature, reader in _SIGNATURES.items():
        if head.startswith(signature):
            return reader
    if suffix in (".geojson", ".json") or _JSON.match(head):
        return read_json
    if suffix in _NEVER_TEXT or head.startswith(b"PK") or (_wide_encoding(head) is None and b"\x00\x00" in head[:64]):
        return _not_what_it_says
    return _read_text


def _not_what_it_says(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold())


def _neighbour(path: Path) -> Message | str:
    """A hint that names the nearest file beside a missing one."""
    from difflib import get_close_matches

    try:
        beside = (other for other in path.parent.iterdir() if other.suffix.casefold() in (*SUFFIXES, *_ALSO))
        names = sorted(other.name for other in beside if other.is_file())
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.75)
    return msg("settings.nearest", name=near[0]) if near else ""


def _read_text(path: Path) -> list[Sheet]:
    """The sheets of a text file, which may be a web page."""
    content = path.read_bytes()
    encoding = _encoding(content)
    start = content[:4096].decode(encoding, errors="replace").lstrip("\ufeff" + BLANKS)
    if start.startswith("<"):
        return read_markup(content.decode(_declared_encoding(start) or encoding, errors="replace"), path)
    return [_delimited(content, encoding, path)]


def _delimited(content: bytes, encoding: str, path: Path) -> Sheet:
    """The one sheet of a text file (name None)."""
    sample = content[:200_000].decode(encoding, errors="replace").removeprefix("\ufeff")
    declared, sample, skipped = _declared(sample)
    refuse_long_lines(content, path.name)
    delimiter = declared or _delimiter(sample)
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_long(content, sample, delimiter, path)
    lines = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")
    for _ in range(skipped):
        lines.readline()
    quoted = '"'.encode("ascii") in content
    blocks: list[Cells] = []
    starts: list[int] = []
    width = 0
    for batch, numbers in _batches(lines, delimiter, path, quoted=quoted):
        for record in batch:
            while len(record) > width and not record[-1].strip(BLANKS):
                record.pop()
        width = max([width, *map(len, batch)])
        starts += numbers
        if width > MOST_COLUMNS:
            raise LksGeoError.of("sheets.too_wide", where=path.name, n=width, most=MOST_COLUMNS)
        if width * len(starts) > MOST_CELLS:
            raise LksGeoError.of("sheets.too_many_cells", where=path.name, most=MOST_CELLS)
        for record in batch:
            record.extend([""] * (width - len(record)))
        blocks.append(cells_of(list(zip(*batch, strict=True)), len(batch)))
    texts = pd.concat([block.texts.reindex(columns=range(width)) for block in blocks], ignore_index=True).astype("str")
    kinds = np.concatenate([np.pad(block.kinds, ((0, 0), (0, width - block.kinds.shape[1]))) for block in blocks])
    numbers_shown = np.array(starts, dtype=np.int64) + skipped
    return Sheet(name=None, cells=texts, kinds=kinds, numbers=numbers_shown, delimiter=delimiter)


def _refuse_long(content: bytes, sample: str, delimiter: str, path: Path) -> None:
    """An error if a text has too many cells, before it is read: the line ends outside of quotes are counted, and the
    columns of its beginning."""
    size, inside, lines = 16_000_000, 0, 0
    if len(content) < MOST_CELLS:
        return
    for start in range(0, len(content), size):
        signs = np.frombuffer(content, dtype=np.uint8, count=min(size, len(content) - start), offset=start)
        quoted = np.bitwise_xor.accumulate((signs == ord('"')).astype(np.uint8)) ^ inside
        lines += int(np.count_nonzero((signs == ord("\n")) & (quoted == 0)))
        inside = int(quoted[-1])
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    with suppress(csv.Error):
        widths = [max((at for at, cell in enumerate(cells, 1) if cell.strip(BLANKS)), default=0) for cells in records]
        if max(widths[:_SAMPLE], default=0) * lines > MOST_CELLS:
            raise LksGeoError.of("sheets.too_many_cells", where=path.name, most=MOST_CELLS)


def cut_column(sheet: Sheet) -> Sheet | None:
    """A sheet whose lines are delimited text in one cell (a CSV that was opened with another list separator), cut into
    columns; None if it is not like that. What the other separator had cut off already is joined again."""
    filled = sheet.cells.notna().to_numpy()
    lines = np.flatnonzero(filled.any(axis=1))
    if len(lines) < 2 or filled[:, 1:].any(axis=1).sum() * 2 > len(lines):
        return None
    joined = [";".join(text for text in sheet.line(line) if text) for line in lines.tolist()]
    delimiter = _delimiter("\n".join(joined[:_SAMPLE]))
    try:
        records = [next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []) for text in joined]
    except csv.Error:
        return None
    (width, often), *_ = Counter(map(len, records)).most_common(1)
    if width < 3 or often * 10 < len(records) * 6:
        return None
    most = max(map(len, records))
    rows: list[list[str]] = [[""] * most for _ in range(len(sheet.cells))]
    for line, record in zip(lines.tolist(), records, strict=True):
        rows[line][: len(record)] = record
    cells = cells_of(list(zip(*rows, strict=True)), len(rows))
    return replace(sheet, cells=cells.texts, kinds=cells.kinds, merged=None, delimiter=delimiter)


def _encoding(content: bytes) -> str:
    """The encoding of a text."""
    wide = _wide_encoding(content[:4096])
    if wide:
        return wide
    reader = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), 4_000_000):
            reader.decode(content[start : start + 4_000_000])
        reader.decode(b"", final=True)
    except UnicodeDecodeError:
        pages = (name for seen, against, name in _CODE_PAGES if seen.search(content) and not against.search(content))
        return next(pages, "cp1252")
    return "utf-8-sig"


def _wide_encoding(head: bytes) -> str | None:
    """UTF-32 by its mark; UTF-16 by its mark or, without one, by the zeros in every other byte."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the first begins as UTF-16 does
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    half = len(head) // 2
    zeros = [head[start::2].count(0) for start in (0, 1)]
    for few, many, name in ((zeros[0], zeros[1], "utf-16-le"), (zeros[1], zeros[0], "utf-16-be")):
        if many > half * 0.6 and few < half * 0.05:
            return name
    return None


def _declared_encoding(start: str) -> str | None:
    """The encoding that a web page or XML file names."""
    found = re.search(r"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", start, re.IGNORECASE)  # charset="utf-8"
    try:
        return codecs.lookup(found[1]).name if found else None
    except LookupError:
        return None


def _declared(text: str) -> tuple[str | None, str, int]:
    """The delimiter of a first line "sep=;" (as Excel writes it), the text after it, and the lines taken off."""
    first, _, rest = text.partition("\n")
    mark = first.strip(BLANKS.replace("\t", "")).strip('"')
    if mark.casefold().startswith("sep=") and len(mark) == 5 and mark[4] in DELIMITERS:
        return mark[4], rest, 1
    return None, text, 0


def _delimiter(text: str) -> str:
    """The delimiter that cuts the most; of two that do nearly as well the one whose table begins first, because no
    heading holds the signs of an address ("Binanga; Mamuju")."""
    cuts = {delimiter: _cut_by(delimiter, text[:200_000]) for delimiter in DELIMITERS}
    most = max(cuts.values())
    good = [delimiter for delimiter in DELIMITERS if cuts[delimiter][0] * 2 > most[0]] or list(DELIMITERS)
    return max(good, key=lambda delimiter: (-cuts[delimiter][2], cuts[delimiter], text.count(delimiter)))


def _cut_by(delimiter: str, sample: str) -> tuple[int, int, int]:
    """How well a delimiter cuts a text: cells in records of the commonest width, that width, and the first of two
    such records, one below the other."""
    widths: list[int] = []
    with suppress(csv.Error):
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in record):
                widths.append(len(record))
            if len(widths) >= _SAMPLE:
                break
    several = Counter(width for width in widths if width > 1)
    width = max(several, key=lambda width: (several[width] * min(width, 8), width), default=1)
    pairs = (at for at, two in enumerate(pairwise(widths)) if two == (width, width))
    return several[width] * min(width, 8), width, next(pairs, len(widths))


def _batches(
    lines: io.TextIOBase, delimiter: str, path: Path, *, quoted: bool
) -> Iterator[tuple[list[list[str]], list[int]]]:
    """The records of a text and the line where each starts, some at a time."""
    if quoted:
        yield from _quoted_batches(lines, delimiter, path)
        return
    reader = csv.reader(lines, delimiter=delimiter)
    first, records = 1, [[""]] * _BATCH
    while len(records) == _BATCH:
        try:
            records = list(islice(reader, _BATCH))
        except csv.Error:
            line = reader.line_num
            raise LksGeoError.of("sheets.long_cell", where=path.name, line=line, most=LONGEST_CELL) from None
        yield records, list(range(first, first + len(records)))
        first += len(records)


def _quoted_batches(lines: io.TextIOBase, delimiter: str, path: Path) -> Iterator[tuple[list[list[str]], list[int]]]:
    """As `_batches`, where a record may run over several lines."""
    records: list[list[str]] = []
    starts: list[int] = []
    quotes = 0

    def counted() -> Iterator[str]:
        nonlocal quotes
        for text in lines:
            if reader.line_num - line >= _LONGEST:
                raise LksGeoError.of("sheets.open_quote", path=path.name, line=line)
            quotes += text.count('"')
            yield text

    reader = csv.reader(counted(), delimiter=delimiter)
    line = 1
    try:
        for record in reader:
            if len(records) == _BATCH:
                yield records, starts
                records, starts = [], []
            records.append(record)
            starts.append(line)
            line = reader.line_num + 1
    except csv.Error:
        if reader.line_num <= line:
            raise LksGeoError.of("sheets.long_cell", where=path.name, line=line, most=LONGEST_CELL) from None
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=line) from None
    last_is_long = bool(records) and any("\n" in cell for cell in records[-1])
    if last_is_long and quotes % 2:
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=starts[-1])
    yield records, starts


_SIGNATURES: dict[bytes, Callable[[Path], list[Sheet]]] = {
    b"PAR1": read_parquet,
    b"SQLite format 3\x00": read_geopackage,
    b"PK\x03\x04": read_workbook,  # .xlsx, .ods: zip archives
    b"\xd0\xcf\x11\xe0": read_workbook,  # .xls: a compound file
}
"""How files of each kind begin."""
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"]*"\s*:')  # {"type": "FeatureCollection"
_NEVER_TEXT = (".gpkg", ".parquet")
"""Endings of files that are never text. (Workbooks often are.)"""
