"""Opens a file of any supported kind as sheets of text cells, with the row numbers that the file's own program shows.

What the file is, its first bytes decide (an .xls that is text is read as text); the ending only says whether it is
supported. Numbers become text without loss or exponent (7604010001, not 7.6E+09; 76.1 stays 76.1, and "76.10" written
as text stays so), dates ISO (2026-05-01), times 02:40:24, booleans TRUE/FALSE; error cells (#N/A) are blank.
Number formats are not seen: a number shown as 76.10 is read as 76.1, and `numeric` says that the cell was a number.
Hidden rows and columns are read like others; hidden sheets too, and they are named.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.errors import LksGeoError

SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".geojson", ".gpkg", ".parquet")
"""Kinds of files that are supported, as told to people."""
_ALSO = (".xlsm", ".xlsb", ".json", ".txt", ".tsv")

BLANKS = (
    " \t\r\n\v\f\x00\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""What is stripped from both ends of a cell; a cell of these alone is blank."""

_BATCH = 20_000
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column (positions in the sheet's cells)."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: `cells` (RangeIndex, columns 0..n-1, str, NA if blank), the row number of each line, which cells were
    real numbers, the merged ranges (None: the format does not tell), and the headings if the format names its columns.

    Geo files have two columns more at the end, without heading: the point's latitude and longitude (`point` is True).
    `rough`: the lines of such a file whose shape is no point, so that the point is only one inside it.
    """

    name: str | None
    cells: pd.DataFrame
    numbers: npt.NDArray[np.int64]
    numeric: npt.NDArray[np.bool_]
    merged: tuple[Merge, ...] | None = None
    headings: tuple[str, ...] | None = None
    point: bool = False
    rough: npt.NDArray[np.bool_] | None = None
    hidden: bool = False


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


def as_text(value: object) -> str | None:
    """One cell as text, None if it is blank."""
    match value:
        case str():
            return value.strip(BLANKS) or None
        case None:
            return None
        case bool() | np.bool_():
            return "TRUE" if value else "FALSE"
        case float() | np.floating():
            return _number(float(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
        case dt.date():
            return value.isoformat()
        case dt.timedelta():
            seconds = round(value.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case dt.time():
            return value.isoformat("auto" if value.microsecond else "seconds")
        case list() | tuple() | np.ndarray():
            return "; ".join(text for item in value if (text := as_text(item))) or None
        case _:
            return str(value).strip(BLANKS) or None


def text_frame(columns: Sequence[Sequence[object]], lines: int) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Columns of cells as a frame of text, and which cells were real numbers."""
    texts: dict[int, pd.Series] = {}
    numeric = np.zeros((lines, len(columns)), dtype=np.bool_)
    for position, column in enumerate(columns):
        kinds = set(map(type, column))
        if kinds & {float, int}:
            numeric[:, position] = [value.__class__ is float or value.__class__ is int for value in column]
        plain = column if kinds <= {str, type(None)} else [_plain_text(value) for value in column]
        texts[position] = _stripped(plain)
    return pd.DataFrame(texts, index=pd.RangeIndex(lines), columns=range(len(columns))), numeric


def _plain_text(value: object) -> object:
    """A cell as text, quickly for the two most frequent kinds; text is stripped later."""
    kind = value.__class__
    if kind is str:
        return value
    return _number(value) if kind is float else as_text(value)  # type: ignore[arg-type]  # a float by its class


def _stripped(texts: Sequence[object]) -> pd.Series:
    """Texts without blanks around them, NA if nothing is left."""
    trimmed = pc.utf8_trim(pa.array(texts, type=pa.large_string()), characters=BLANKS)
    texts_or_none = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    return pd.Series(pd.array(texts_or_none, dtype="str"))


def _number(value: float) -> str | None:
    if not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 1e18:
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def _reader(head: bytes, suffix: str) -> Callable[[Path], list[Sheet]]:
    """The reader that fits the first bytes of the file."""
    from lks_geo.register.reading import delimited, features

    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PAR1"):
        return features.read_parquet
    if head.startswith(b"SQLite format 3\x00"):
        return features.read_geopackage
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _read_workbook
    if suffix in (".geojson", ".json"):
        return features.read_json
    if suffix in (".gpkg", ".parquet") or (suffix in (".xlsx", ".ods", ".xlsm", ".xlsb") or b"\x00\x00" in head[:64]):
        return _not_what_it_says
    if start[:1] == b"<":
        return _is_web_page
    return delimited.read_delimited


def _not_what_it_says(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold())


def _is_web_page(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.web_page", path=path.name)


def _neighbour(path: Path) -> object:
    """A hint that names the nearest file beside a missing one."""
    from difflib import get_close_matches

    from lks_geo.messages import msg

    try:
        names = sorted(other.name for other in path.parent.iterdir() if other.suffix.casefold() in (*SUFFIXES, *_ALSO))
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.75)
    return msg("settings.nearest", name=near[0]) if near else ""


def _read_workbook(path: Path) -> list[Sheet]:
    """The worksheets of an Excel or OpenDocument file (chart sheets and macros are none)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        worksheets = [
            (meta.name, meta.visible != calamine.SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        spans = _spans(path) if path.suffix.casefold() == ".ods" else {}
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
    frames: list[pd.DataFrame] = []
    masks: list[npt.NDArray[np.bool_]] = []
    left = sheet.start[1] if sheet.start else 0
    width = (sheet.end[1] + 1 - left) if sheet.end else 0
    for batch in _batches(sheet.iter_rows()):
        frame, mask = text_frame(list(zip(*batch, strict=True)), len(batch))
        frames.append(frame)
        masks.append(mask)
    cells = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=range(width), dtype="str")
    numeric = np.concatenate(masks) if masks else np.zeros((0, width), dtype=np.bool_)
    if left:
        cells = cells.rename(columns=lambda column: column + left)
        cells = cells.reindex(columns=range(left + cells.shape[1])).astype("str")
        numeric = np.pad(numeric, ((0, 0), (left, 0)))
    merged = spans if sheet.merged_cell_ranges is None else tuple((*a, *b) for a, b in sheet.merged_cell_ranges)
    numbers = np.arange(1, len(cells) + 1, dtype=np.int64)
    return Sheet(name=sheet.name, cells=cells, numbers=numbers, numeric=numeric, merged=merged, hidden=hidden)


def _batches(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _spans(path: Path) -> dict[str, tuple[Merge, ...]]:
    """The merged ranges of an OpenDocument file, by sheet (its reader does not give them)."""
    from lks_geo.register.reading.opendocument import merged_ranges

    return merged_ranges(path)
