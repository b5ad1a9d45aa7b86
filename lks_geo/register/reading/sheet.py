"""A sheet of text cells, and how any cell becomes text.

Numbers become text without loss or exponent (7604010001, not 7.6E+09; 76.1 stays 76.1, and "76.10" written as text
stays so), dates ISO (2026-05-01), times 02:40:24, booleans TRUE/FALSE; error cells (#N/A) are blank. Number formats are
not seen: a number shown as 76.10 is read as 76.1, and `numeric` says that the cell was a number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

BLANKS = (
    " \t\r\n\v\f\x00\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""What is stripped from both ends of a cell; a cell of these alone is blank."""

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
