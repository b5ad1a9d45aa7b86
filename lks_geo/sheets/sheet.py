"""A sheet of cells: the text of each, and what kind of value it was in the file.

Numbers become text without loss or exponent (7604010001, not 7.6E+09; 76.1 stays 76.1, and "76.10" written as text
stays so), dates ISO (2026-05-01), times 02:40:24, booleans TRUE/FALSE. Number formats are not seen: a number shown as
76.10 is read as 76.1, and its kind says that it was a number. What only guards a text is not part of it (="76.10" is
76.10), signs that are not seen (directions of writing, soft hyphens, commands to a terminal) are dropped, and the \\N
of databases is blank.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.personal import masked

Reading = TypeVar("Reading")

BLANKS = (
    " \t\r\n\v\f\x00\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""What is stripped from both ends of a cell; a cell of these alone is blank."""

MOST_SHEETS = 500
"""Sheets of a workbook, or layers of a GeoPackage: one for each of 38 provinces, every month of a year, are fewer."""

_LONGEST_LINE = 16_000_000
"""Bytes without a line end that no line of a table has."""

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column (positions in the sheet's cells)."""


class CellKind(IntEnum):
    """What a cell is in the file. A CSV knows only text and errors. FORMULA: a formula whose result the file does not
    store; ERROR: an error such as #N/A. The text of both is NA, but they are not blank."""

    BLANK = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    TRUTH = 4
    FORMULA = 5
    ERROR = 6


_KINDS: dict[type, CellKind] = {
    float: CellKind.NUMBER, int: CellKind.NUMBER, bool: CellKind.TRUTH, dt.date: CellKind.DATE,
    dt.datetime: CellKind.DATE, dt.time: CellKind.DATE, dt.timedelta: CellKind.DATE, pd.Timestamp: CellKind.DATE,
}  # fmt: skip
"""Kinds of the values that readers of files give; any other value is text."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A block of cells: `texts` (RangeIndex, columns 0..n-1, str, NA if blank), and the `CellKind` of each in `kinds`
    (same shape)."""

    texts: pd.DataFrame
    kinds: npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: its cells (see `Cells`), the row number of each line as the file's own program shows it, the merged
    ranges (None: the format does not tell), and the headings if the format names its columns.

    Geo files have two columns more at the end, without heading: the point's latitude and longitude (`point` is True).
    `rough`: the lines of such a file whose shape is no point, so that the point is only one inside it. `delimiter`: of
    delimited text; programs write a semicolon where the comma is the decimal sign. `hidden`: the sheet is hidden;
    `hidden_lines`: lines that are hidden or filtered out. `remarks`: what was met on reading that people must know.
    """

    name: str | None
    cells: pd.DataFrame
    kinds: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.int64]
    merged: tuple[Merge, ...] | None = None
    headings: tuple[str, ...] | None = None
    point: bool = False
    rough: npt.NDArray[np.bool_] | None = None
    hidden: bool = False
    hidden_lines: npt.NDArray[np.bool_] | None = None
    delimiter: str | None = None
    remarks: tuple[Message, ...] = ()

    def line(self, line: int) -> list[str]:
        """The texts of a line, "" where blank."""
        return [cell_text(column[line]) for column in self._columns]

    def text(self, line: int, column: int) -> str:
        """The text of a cell, "" if it is blank."""
        return cell_text(self._columns[column][line])

    @property
    def called(self) -> str | None:
        """Its name without what is personal, to be shown."""
        return masked(self.name) if self.name else None

    def within(self, file: str) -> str:
        """The file and, if it has sheets, which of them, to be shown."""
        return f"{file}, {self.called}" if self.name else file

    @cached_property
    def _columns(self) -> list[Any]:
        """The arrays of the columns: to ask the table for one cell takes far longer."""
        return [self.cells[name].array for name in self.cells.columns]


def cell_text(value: object) -> str:
    """A cell's text, "" if it is blank."""
    return value if isinstance(value, str) else ""


def texts_of(series: pd.Series) -> list[str | None]:
    """The values of a text column, None where not known; where many are equal, they are one object, which saves memory
    and time."""
    if not isinstance(series.dtype, pd.StringDtype):
        return [value if isinstance(value, str) else None for value in series.tolist()]
    values = series.array
    few = values[:: len(values) // _LOOKED_AT + 1]
    if len(values) > _LOOKED_AT and 10 * len(few.unique()) > 9 * len(few):
        return values.to_numpy(dtype=object, na_value=None).tolist()  # type: ignore[no-any-return]
    codes, distinct = pd.factorize(values)
    texts = np.array([*distinct.to_numpy(dtype=object), None], dtype=object)
    return texts[codes].tolist()  # type: ignore[no-any-return]


_LOOKED_AT = 5_000
"""So many values tell whether nearly all of a column differ."""


def column(cells: pd.DataFrame, field: str) -> list[str | None]:
    """The cells of a field; all None if the file has no such column."""
    return texts_of(cells[field]) if field in cells.columns else [None] * len(cells)


def blanked(texts: Sequence[str | None]) -> list[str | None]:
    """The texts without those that say nothing ("-", "Belum tersedia")."""
    kept = {text: None if text is None or is_empty_marker(text) else text for text in dict.fromkeys(texts)}
    return [kept[text] for text in texts]


def read_each(texts: Sequence[str | None], reader: Callable[[str | None], Reading]) -> list[Reading]:
    """One reading per text, in order; texts that are equal are read once."""
    known = {text: reader(text) for text in dict.fromkeys(texts)}
    return [known[text] for text in texts]


def as_text(value: object) -> str | None:
    """One value of a file as text, None if it is blank."""
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


def cells_of(columns: Sequence[Sequence[object]], lines: int) -> Cells:
    """Columns of values as cells."""
    texts: dict[int, pd.Series] = {}
    kinds = np.full((lines, len(columns)), CellKind.TEXT, dtype=np.uint8)
    for position, column in enumerate(columns):
        types = set(map(type, column))
        if types & _KINDS.keys():
            kinds[:, position] = [_KINDS.get(value.__class__, CellKind.TEXT) for value in column]
        plain = column if types <= {str, type(None)} else [_plain_text(value) for value in column]
        stripped, errors = _stripped(plain)
        texts[position] = stripped
        kinds[stripped.isna().to_numpy(), position] = CellKind.BLANK
        kinds[errors, position] = CellKind.ERROR
    return Cells(texts=pd.DataFrame(texts, index=pd.RangeIndex(lines), columns=range(len(columns))), kinds=kinds)


def _plain_text(value: object) -> object:
    """A cell as text, quickly for the two most frequent kinds; text is stripped later."""
    kind = value.__class__
    if kind is str:
        return value
    return _number(value) if kind is float else as_text(value)  # type: ignore[arg-type]  # a float by its class


def _stripped(texts: Sequence[object]) -> tuple[pd.Series, npt.NDArray[np.bool_]]:
    """Texts without blanks around them and what only guards them, NA if nothing is left; and which of them are errors
    of a formula, whose text is NA."""
    trimmed = pc.utf8_trim(pa.array(texts, type=pa.large_string()), characters=BLANKS)
    if pc.any(pc.match_substring_regex(trimmed, _UNSEEN)).as_py():
        trimmed = pc.replace_substring_regex(trimmed, _UNSEEN, "")
    if pc.any(pc.starts_with(trimmed, "=")).as_py():
        bare = pc.replace_substring(pc.replace_substring_regex(trimmed, _GUARDED, r"\1"), '""', '"')
        trimmed = pc.if_else(
            pc.match_substring_regex(trimmed, _GUARDED), pc.utf8_trim(bare, characters=BLANKS), trimmed
        )
    errors = pc.is_in(trimmed, _ERRORS)
    blank = pc.or_(pc.is_in(trimmed, _BLANKS), errors)
    texts_or_none = pc.if_else(blank, None, trimmed)
    return pd.Series(pd.array(texts_or_none, dtype="str")), errors.to_numpy(zero_copy_only=False)


_UNSEEN = r"[\p{Cf}\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"  # the mark for "right to left" in "2°\u202a30'", "\x1b"
_GUARDED = r'(?s)^=\s*"(.*)"$'  # ="76.05"
_ERRORS = pa.array(
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
     "#CONNECT!", "#GETTING_DATA", "#BUSY!", "#ERROR!", "#UNKNOWN!", "#n/a"], type=pa.large_string(),
)  # fmt: skip
"""What office programs write where a formula fails."""
_BLANKS = pa.array(["", "\\N"], type=pa.large_string())


def cell_name(line: int, column: int) -> str:
    """How office programs call a cell: "B7" for line 6, column 1."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{line + 1}"


def refuse_many_sheets(count: int, name: str) -> None:
    """An error if a file of this name has too many sheets."""
    if count > MOST_SHEETS:
        raise LksGeoError.of("sheets.too_many_sheets", path=name, n=count, most=MOST_SHEETS)


def refuse_long_lines(content: bytes, name: str) -> None:
    """An error if a line of a text is so long that to cut it would take far more memory than the text."""
    for start in range(0, len(content) - _LONGEST_LINE + 1, _LONGEST_LINE):
        end = start + _LONGEST_LINE
        if content.find(b"\n", start, end) < 0 and content.find(b"\r", start, end) < 0:
            line = content.count(b"\n", 0, start) + 1
            raise LksGeoError.of("files.long_line", path=name, line=line, most=_LONGEST_LINE // 1_000_000)


def _number(value: float) -> str | None:
    if not math.isfinite(value):
        return None
    if value == int(value) and abs(value) < 1e18:
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def far_cells(names: Sequence[str]) -> Message:
    """The remark on cells that were not read because they stand far away."""
    return msg("sheets.far_cells", n=len(names), cells=", ".join(names[:3]) + (" …" if len(names) > 3 else ""))
