"""The columns of a sheet: what they are, how wide and high they must be, and their values as cells.

Widths are estimated from the content, because no spreadsheet is at hand when the file is written; they err on the wide
side. Texts stay texts, also those that a spreadsheet could take for a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lks_geo.catalogue import Measure
from lks_geo.messages import Texts
from lks_geo.render.frames import plain
from lks_geo.tables import STATUSES

NUMBERS = {"count", "people", "share", "km", "ratio", "degrees", "date"}
"""The kinds of columns whose cells are numbers."""

_FORMATS = {"count": "#,##0", "people": "#,##0", "share": "0.0%"}
_RISKY_START = re.compile(r"[=+\-@\x00-\x1f\x7f-\x9f]")  # "=1+1"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # the slash in "Kab. A/B"
_MAX_CELL = 32_000
_MAX_SHEET_NAME = 31
_PER_WIDTH = 1.12
"""Characters of running text, at 10 points, per unit of column width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: `kind` is that of a Measure or date | degrees | long (wrapped text)
    | answer (empty, to be filled in).

    `key` names the frame's column, `number` is its number format (`numbers`: one for each row, where they differ),
    `help` is shown when the title is selected,
    `folded` columns stand behind the [+] of the outline. `width` None: from the content. `summed` columns have the sum
    of the rows that a filter leaves above their title; `share_of`: the columns whose sums a share divides.
    """

    key: str
    title: str
    kind: str = "text"
    number: str = "General"
    numbers: tuple[str, ...] = ()
    help: str = ""
    folded: bool = False
    width: float | None = None
    summed: bool = False
    share_of: tuple[str, str] | None = None


def cell_values(values: pd.Series[Any], kind: str, texts: Texts) -> list[Any]:
    """The values of a column as cells: None where NA, plain Python numbers, texts, days; flags in words."""
    cells = plain(values)
    match kind:
        case "flag":
            yes, no = texts("workbook.yes"), texts("workbook.no")
            return [None if cell is None else yes if cell else no for cell in cells]
        case "date":
            return [None if cell is None else cell.to_pydatetime() for cell in cells]
        case _ if kind in NUMBERS:
            return cells
        case _:
            return [None if cell is None else str(cell) for cell in cells]


def status_names(values: pd.Series[Any], texts: Texts) -> pd.Series[Any]:
    """Status keys as the names that the map shows."""
    return values.map({key: texts(f"style.status_{key}") for key in STATUSES}).astype("string")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and what it gives before anything is filtered."""

    formula: str
    value: float | str


GROUP_NUMBER = "urutan_kelompok"
"""The column that tells rows of one group from those of another; sums stay blank while several are seen."""


def filtered_sums(
    columns: Sequence[Column], frame: pd.DataFrame, first: int, label: str, texts: Texts
) -> dict[int, Formula]:
    """Place of column -> the formula above its title, for rows that begin at `first`: of what a filter leaves, the
    sums and shares of sums, blank where nothing is known; in front how many rows (message `label`)."""
    if frame.empty:
        return {}
    places = {column.key: place for place, column in enumerate(columns)}
    cells = {key: _cells(place, first, len(frame)) for key, place in places.items()}
    group = cells.get(GROUP_NUMBER)
    one = f"SUBTOTAL(104,{group})=SUBTOTAL(105,{group})" if group else "TRUE"
    alone = group is None or frame[GROUP_NUMBER].nunique() == 1
    sums: dict[int, Formula] = {}
    for key, place in places.items():
        column, cell = columns[place], cells[key]
        if column.summed:
            known = pd.to_numeric(frame[key]).dropna()
            value = float(known.sum()) if alone and len(known) else ""
            sums[place] = Formula(f'=IF(AND({one},SUBTOTAL(102,{cell})>0),SUBTOTAL(109,{cell}),"")', value)
        elif column.share_of:
            part, whole = (f"SUBTOTAL(109,{cells[name]})" for name in column.share_of)
            some, every = (float(pd.to_numeric(frame[name]).sum()) for name in column.share_of)
            sums[place] = Formula(
                f'=IF(AND({one},{whole}>0),{part}/{whole},"")', some / every if alone and every else ""
            )
    rows = f'"&SUBTOTAL(103,{cells["nama"]})&"'
    told, several = (f'"{texts(key, n=rows)}"' for key in (label, "workbook.sum_one_group"))
    shown = texts(label if alone else "workbook.sum_one_group", n=int(frame["nama"].notna().sum()))
    return {0: Formula(f"=IF({one},{told},{several})", shown)} | sums


def _cells(place: int, first: int, rows: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(first, place, first + rows - 1, place))


def text_lines(text: str, width: float) -> int:
    """How many lines a wrapped text of 10 points takes in a column of this width."""
    room = max(int(width * _PER_WIDTH), 1)
    return sum(max(1, -(-len(part) // room)) for part in text.split("\n"))


def row_heights(columns: Sequence[Column], data: Sequence[Sequence[Any]], rows: int) -> dict[int, float]:
    lines = [1] * rows
    for column, values in zip(columns, data, strict=True):
        if column.kind == "long":
            for row, value in enumerate(values):
                if value is not None:
                    lines[row] = max(lines[row], text_lines(value, column.width or 60))
    return {row: min(count * 13.2 + 3, 400) for row, count in enumerate(lines) if count > 1}


def title_lines(column: Column, frame: pd.DataFrame) -> int:
    width = width_of(column, frame)
    lines, room = 1, width - 1
    for word in column.title.split():
        if room < len(word) + 1 and room < width - 1:
            lines, room = lines + 1, width - 1
        room -= (len(word) + 1) * 1.15
    return lines


def width_of(column: Column, frame: pd.DataFrame) -> float:
    if column.width is not None:
        return column.width
    longest_word = max((len(word) for word in column.title.split()), default=4)
    need = max(longest_word * 1.08 + 2.2, 7.5)
    values = frame[column.key]
    if column.kind in NUMBERS and column.kind != "date":
        numbers = pd.to_numeric(values).abs()
        top = numbers.sum() if column.summed else numbers.max()
        decimals = len(column.number.partition(".")[2].strip("%"))
        digits = 1 if pd.isna(top) or top < 1 else len(f"{float(top):.0f}")
        return max(need, digits * 1.35 + decimals + 3)
    if column.kind == "date":
        return max(need, 12)
    if len(values) == 0:
        return need
    lengths = values.dropna().astype("string").str.len()
    usual = float(lengths.quantile(0.98)) if len(lengths) > 200 else float(lengths.max()) if len(lengths) else 0
    return min(max(need, usual * 1.05 + 2.6), 60 if column.kind == "long" else 42)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def is_risky(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula."""
    return _RISKY_START.match(text) is not None


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
    return shortened(str(value), _MAX_CELL)


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that spreadsheets accept and that is not `taken` yet (they compare without case)."""
    base = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip() or "-"
    if base.casefold() in {"history", "riwayat"}:  # Excel keeps this name for itself
        base += " -"
    used = {name.casefold() for name in taken}
    name, step = base[:_MAX_SHEET_NAME].rstrip(), 1
    while name.casefold() in used:
        step += 1
        ending = f" ({step})"
        name = base[: _MAX_SHEET_NAME - len(ending)].rstrip() + ending
    return name
