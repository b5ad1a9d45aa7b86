"""Cells that are safe to open and that read the way the language writes: texts, numbers, sheet names, stamps.

A text that starts with `= + - @` or a control character would be run as a formula when a spreadsheet opens a CSV; it
gets a leading apostrophe there and stays plain text in XLSX. Values are never rounded here: digits are for display.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.messages import Message, msg
from lks_geo.tables import Measure, Source

CSV_STYLES = {"intl": (",", "."), "id": (";", ",")}
"""Style -> delimiter and decimal sign."""

_RISKY_START = r"^[=+\-@\x00-\x1f\x7f-\x9f]"
_MAX_CELL = 32_000
_MAX_SHEET_NAME = 31
_FORMATS = {"count": "#,##0", "people": "#,##0", "share": "0.0%"}


def is_risky(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula."""
    return re.match(_RISKY_START, text) is not None


def csv_text(frame: pd.DataFrame, *, style: str) -> pd.DataFrame:
    """Every cell as the text that the CSV holds: NA blank, true/false, full precision, whole numbers without ".0"."""
    _, decimal = CSV_STYLES[style]
    cells = {}
    for name in frame.columns:
        column = pa.array(frame[name], from_pandas=True)
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        text = column.cast(pa.string())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            text = pc.if_else(
                pc.match_substring_regex(text, _RE2_RISKY_START), pc.binary_join_element_wise("'", text, ""), text
            )
        elif pa.types.is_floating(column.type) and decimal != ".":
            text = pc.replace_substring(text, ".", decimal)
        cells[str(name)] = text.to_pandas()
    return pd.DataFrame(cells, columns=[str(name) for name in frame.columns])


_RE2_RISKY_START = r"^[=+\-@\x{0}-\x{1f}\x{7f}-\x{9f}]"


def joined(values: object, between: str = "; ") -> str | None:
    """A tuple of texts as one cell; None if there is nothing in it."""
    return between.join(map(str, values)) or None if isinstance(values, tuple) else None


def systems(layanan: object) -> str | None:
    """The systems (dalam, luar) of a place's services as one cell; None if none is recorded."""
    services = layanan if isinstance(layanan, tuple) else ()
    return joined(tuple(sorted({system for _, system in services if system})))


def plain(column: pd.Series[Any]) -> list[Any]:
    """The cells of a column as plain Python values: None for NA, else texts, numbers, flags, timestamps, tuples."""
    return column.astype(object).where(column.notna(), None).tolist()


def number_format(measure: Measure) -> str:
    """The spreadsheet number format of a measure; separators follow the reader's own Excel."""
    if measure.kind in _FORMATS:
        return _FORMATS[measure.kind]
    return "#,##0" + ("." + "0" * measure.digits if measure.digits else "")


def date_format(lang: str) -> str:
    """Days in the language of the file, whatever Excel speaks: 1 Mei 2027, 17 Agt 2027."""
    return f"[$-{'421' if lang == 'id' else '809'}]d mmm yyyy"


def sheet_text(value: object) -> str:
    """A text that fits a spreadsheet cell; one that is too long ends in an ellipsis."""
    text = str(value)
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - 1] + "…"


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that spreadsheets accept and that is not `taken` yet (they compare without case)."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'").strip() or "-"
    if base.casefold() in {"history", "riwayat"}:
        base += " -"
    used = {name.casefold() for name in taken}
    name, step = base[:_MAX_SHEET_NAME].rstrip(), 1
    while name.casefold() in used:
        step += 1
        ending = f" ({step})"
        name = base[: _MAX_SHEET_NAME - len(ending)].rstrip() + ending
    return name


def stamps(*sources: Source, internal: bool) -> tuple[Message, ...]:
    """What every page must say: that an input is invented, that sensitive groups are shown."""
    found = [msg("style.example")] if any(source.example for source in sources) else []
    return (*found, msg("style.internal")) if internal else tuple(found)
