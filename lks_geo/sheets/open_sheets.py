"""Opens a file of any supported kind as sheets of text cells, with the row numbers that the file's own program shows.

What the file is, its first bytes decide (an .xls that is text is read as text); the ending only says whether it is
supported. Hidden sheets are read like others, and they are named.

Delimited text is read here: comma, semicolon or tab; UTF-8 with or without BOM, UTF-16 with BOM, or cp1252. The
delimiter is the one that cuts the first records into the most columns of equal number. A record may run over several
lines inside quotes; its number is the line where it starts. An unclosed quote, which would swallow the rows below it,
is an error that names the line.
Gets wrong: text in another encoding shows odd letters in names; codes and numbers are not affected.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.sheets.features import read_geopackage, read_json, read_parquet
from lks_geo.sheets.sheet import BLANKS, Sheet, cells_of
from lks_geo.sheets.workbooks import read_workbook

SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".geojson", ".gpkg", ".parquet")
"""Kinds of files that are supported, as told to people."""
_ALSO = (".xlsm", ".xlsb", ".json", ".txt", ".tsv")

DELIMITERS = (";", ",", "\t")
_SAMPLE = 60
"""Records by which the delimiter is told."""
_LONGEST = 60
"""Lines in one record beyond which a quote was left open."""


def open_sheets(path: Path) -> list[Sheet]:
    """All sheets of a file. Every trouble with the file is one `LksGeoError` that says the cure."""
    suffix = path.suffix.casefold()
    if not path.exists():
        raise LksGeoError.of("sheets.missing", path=str(path), hint=_neighbour(path))
    if path.is_dir():
        raise LksGeoError.of("sheets.folder", path=str(path))
    if suffix not in (*SUFFIXES, *_ALSO):
        raise LksGeoError.of("sheets.unsupported", path=path.name, found=suffix or "-", allowed=", ".join(SUFFIXES))
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        if not head.strip(b"\x00 \r\n\t"):
            raise LksGeoError.of("sheets.empty_file", path=path.name)
        return _reader(head, suffix)(path)
    except PermissionError as error:
        raise LksGeoError.of("sheets.not_allowed", path=path.name) from error
    except (OSError, MemoryError) as error:
        raise LksGeoError.of("sheets.unreadable", path=path.name, reason=str(error)) from error


def _reader(head: bytes, suffix: str) -> Callable[[Path], list[Sheet]]:
    """The reader that fits the first bytes of the file."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, reader in _SIGNATURES.items():
        if head.startswith(signature):
            return reader
    if suffix in (".geojson", ".json"):
        return read_json
    if suffix in _BINARY or b"\x00\x00" in head[:64]:
        return _not_what_it_says
    return _is_web_page if start[:1] == b"<" else _read_delimited


def _not_what_it_says(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold())


def _is_web_page(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.web_page", path=path.name)


def _neighbour(path: Path) -> Message | str:
    """A hint that names the nearest file beside a missing one."""
    from difflib import get_close_matches

    try:
        names = sorted(other.name for other in path.parent.iterdir() if other.suffix.casefold() in (*SUFFIXES, *_ALSO))
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.75)
    return msg("settings.nearest", name=near[0]) if near else ""


def _read_delimited(path: Path) -> list[Sheet]:
    """The one sheet of a text file (name None)."""
    text = _decoded(path.read_bytes())
    declared, text, skipped = _declared(text)
    delimiter = declared or _delimiter(text)
    records, starts = _records(text, delimiter, path)
    width = max((len(record) for record in records), default=0)
    for record in records:
        if len(record) < width:
            record.extend([""] * (width - len(record)))
    cells = cells_of(list(zip(*records, strict=True)), len(records))
    numbers = np.array(starts, dtype=np.int64) + skipped
    return [Sheet(name=None, cells=cells.texts, kinds=cells.kinds, numbers=numbers, delimiter=delimiter)]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _declared(text: str) -> tuple[str | None, str, int]:
    """The delimiter of a first line "sep=;" (as Excel writes it), the text after it, and the lines taken off."""
    first, _, rest = text.partition("\n")
    mark = first.strip(BLANKS.replace("\t", "")).strip('"')
    if mark.casefold().startswith("sep=") and len(mark) == 5 and mark[4] in DELIMITERS:
        return mark[4], rest, 1
    return None, text, 0


def _delimiter(text: str) -> str:
    sample = text[:200_000]
    scores: dict[str, tuple[int, int]] = {}
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        with suppress(csv.Error):
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(cell.strip() for cell in record):
                    widths[len(record)] += 1
                if widths.total() >= _SAMPLE:
                    break
        several = {width: count for width, count in widths.items() if width > 1}
        width = max(several, key=lambda width: (several[width] * min(width, 8), width), default=1)
        scores[delimiter] = (several.get(width, 0) * min(width, 8), width)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _records(text: str, delimiter: str, path: Path) -> tuple[list[list[str]], list[int]]:
    records: list[list[str]] = []
    starts: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for record in reader:
            if reader.line_num - line > _LONGEST:
                raise LksGeoError.of("sheets.open_quote", path=path.name, line=line)
            records.append(record)
            starts.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=line) from None
    last_is_long = bool(records) and any("\n" in cell for cell in records[-1])
    if last_is_long and text.count('"') % 2:
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=starts[-1])
    return records, starts


_SIGNATURES: dict[bytes, Callable[[Path], list[Sheet]]] = {
    b"PAR1": read_parquet,
    b"SQLite format 3\x00": read_geopackage,
    b"PK\x03\x04": read_workbook,  # .xlsx, .ods: zip archives
    b"\xd0\xcf\x11\xe0": read_workbook,  # .xls: a compound file
}
"""How files of each kind begin."""
_BINARY = (".gpkg", ".parquet", ".xlsx", ".ods", ".xlsm", ".xlsb")
"""Endings of files that are never text. (.xls often is.)"""
