"""How a sheet looks and prints: one table writer, one set of formats, one page set-up for every workbook we write.

Numbers stay numbers, texts stay texts (never formulas or links). A table has its titles in one row and, where the
columns are those of the CSV, their keys in small print below. Column widths are estimated from the content, because
the file is written without a spreadsheet at hand; they err on the wide side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.messages import Texts, msg
from lks_geo.render import style
from lks_geo.render.cells import date_format, is_risky, sheet_name, sheet_text
from lks_geo.tables import STATUSES

FONT = "Calibri"
_MANY_CELLS = 1_500_000
_NUMBERS = {"count", "people", "share", "km", "ratio", "degrees", "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: `kind` is that of a Measure or date | degrees | long (wrapped text).

    `key` names the frame's column, `number` is its number format, `help` is shown when the title is selected,
    `folded` columns stand behind the [+] of the outline. `width` None: from the content.
    """

    key: str
    title: str
    kind: str = "text"
    number: str = "General"
    help: str = ""
    folded: bool = False
    width: float | None = None


@dataclass(kw_only=True)
class Book:
    """A workbook in the making. Formats are made once per set of properties; sheet names are unique."""

    path: Path
    texts: Texts
    title: str
    agency: str
    day: date
    stamps: tuple[str, ...] = ()
    cells: int = 0
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict, init=False)
    _file: Any = field(init=False)

    def __post_init__(self) -> None:
        import xlsxwriter

        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": self.cells > _MANY_CELLS,
            "nan_inf_to_errors": False,
        }
        self._file = xlsxwriter.Workbook(str(self.path), options)
        created = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).replace(tzinfo=None)
        self._file.set_properties({"title": self.title, "author": self.agency, "created": created})
        self._file.set_size(24_000, 14_000)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._file.close()
        else:
            self._file.fileclosed = True

    def format(self, **properties: Any) -> Any:
        """The cell format with these xlsxwriter properties over the base font."""
        wanted = {"font_name": FONT, "font_size": 10, "font_color": style.INK, "valign": "vcenter"} | properties
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._file.add_format(wanted)
        return self._formats[key]

    @property
    def names(self) -> list[str]:
        """The names of the sheets so far."""
        return [sheet.get_name() for sheet in self._file.worksheets()]

    def sheet(self, name: str, *, landscape: bool = True, colour: str | None = None) -> Any:
        """A new sheet, set up for A4, one page wide, with page numbers, title and stamps in the margins."""
        sheet = self._file.add_worksheet(sheet_name(name, self.names))
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_default_row(16)
        stamp = " · ".join(self.stamps)
        sheet.set_header(f"&L&8{_margin(self.title)}&R&8&\"{FONT},Bold\"{_margin(stamp)}")
        page = self.texts("workbook.page", page="&P", pages="&N")
        sheet.set_footer(f"&L&8{_margin(self.agency)}&C&8{_margin(stamp)}&R&8{page}")
        if colour:
            sheet.set_tab_color(colour)
        return sheet

    def heading(self, sheet: Any, row: int, text: str, *, back: str | None = None) -> None:
        """The title line of a sheet in column A, with the stamps and a link back to the first sheet."""
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, text, self.format(bold=True, font_size=14))
        if back:
            sheet.write_url(
                row + 1, 0, f"internal:'{back}'!A1",
                self.format(font_color=style.FOCUS, underline=1, font_size=9), string=f"← {back}",
            )  # fmt: skip
        if self.stamps:
            sheet.write_string(
                row + 1, 2, " · ".join(self.stamps), self.format(bold=True, font_color=style.STATUS_COLOURS["belum_terlayani"])
            )

    def table(
        self, sheet: Any, row: int, columns: Sequence[Column], frame: pd.DataFrame, *,
        keys: bool = False, filters: bool = True, breaks: Iterable[int] = (),
    ) -> int:  # fmt: skip
        """Write titles (and keys) at `row`, then the rows; returns the row below. Rows in `breaks` get a line above."""
        head = self.format(
            bold=True, font_color="#FFFFFF", bg_color=style.ACCENT, text_wrap=True, border=1, border_color=style.RULE,
            align="center",
        )  # fmt: skip
        small = self.format(font_size=7, font_color=style.INK_FAINT, bg_color=style.ACCENT_WASH, align="center")
        sheet.set_row(row, 16 + 13 * (max((_title_lines(column, frame) for column in columns), default=1) - 1) + 2)
        for place, column in enumerate(columns):
            sheet.write_string(row, place, column.title, head)
            if keys:
                sheet.write_string(row + 1, place, column.key, small)
            if column.help:
                sheet.data_validation(
                    row, place, row, place,
                    {"validate": "any", "input_title": column.title[:32], "input_message": _shortened(column.help, 255)},
                )  # fmt: skip
        first = row + (2 if keys else 1)
        self._body(sheet, first, columns, frame, set(breaks))
        if filters and len(frame):
            sheet.autofilter(first - 1, 0, first + len(frame) - 1, max(len(columns) - 1, 0))
        return first + len(frame)

    def widths(self, sheet: Any, columns: Sequence[Column], frame: pd.DataFrame) -> None:
        """Set the widths of the columns of the sheet's main table, and fold the folded ones."""
        for place, column in enumerate(columns):
            options = {"level": 1, "hidden": True} if column.folded else {}
            sheet.set_column(place, place, _width(column, frame), None, options)
        if any(column.folded for column in columns):
            sheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})

    def repeat_head(self, sheet: Any, row: int, last: int, columns: Sequence[Column], *, fixed: int) -> None:
        """Freeze all rows down to `last` and the first `fixed` columns, and print rows `row`-`last` on every page."""
        sheet.freeze_panes(last + 1, fixed)
        sheet.repeat_rows(row, last)
        sheet.print_area(0, 0, sheet.dim_rowmax or last, max(len(columns) - 1, 0))

    def colour_status(self, sheet: Any, column: int, first: int, last: int) -> None:
        """The colours of the map on the cells that hold the names of the status classes."""
        for key in STATUSES:
            look = self._file.add_format(
                {"bg_color": style.STATUS_COLOURS[key], "font_color": "#FFFFFF" if key == STATUSES[0] else style.INK}
            )
            name = self.texts(f"style.status_{key}").replace('"', '""')
            sheet.conditional_format(
                first, column, last, column, {"type": "cell", "criteria": "==", "value": f'"{name}"', "format": look}
            )

    def colour_share(self, sheet: Any, column: int, first: int, last: int) -> None:
        """The colours of the map on the numbers of a share of people reached (blank cells stay white)."""
        dark_first = style.RAMPS["cakupan"][::-1]
        bounds = (0.0005, *style.SHARE_BREAKS[::-1], None)
        cell = _cell(first, column)
        for colour, bound in zip(dark_first, bounds, strict=True):
            rule = f"=ISNUMBER({cell})" if bound is None else f"=AND(ISNUMBER({cell}),{cell}<{bound})"
            look = self._file.add_format({"bg_color": colour, "font_color": _ink_on(colour)})
            sheet.conditional_format(
                first, column, last, column,
                {"type": "formula", "criteria": rule, "format": look, "stop_if_true": True},
            )  # fmt: skip

    def _body(self, sheet: Any, first: int, columns: Sequence[Column], frame: pd.DataFrame, breaks: set[int]) -> None:
        looks = [self._looks(column) for column in columns]
        data = [cell_values(frame[column.key], column.kind, self.texts) for column in columns]
        writers = [
            sheet.write_datetime if column.kind == "date" else sheet.write_number if column.kind in _NUMBERS else None
            for column in columns
        ]
        for offset in range(len(frame)):
            row, ruled = first + offset, offset in breaks
            for place, (values, look, write) in enumerate(zip(data, looks, writers, strict=True)):
                value, (plain, line) = values[offset], look
                if value is None:
                    if ruled:
                        sheet.write_blank(row, place, None, line)
                elif write:
                    write(row, place, value, line if ruled else plain)
                else:
                    self.text(sheet, row, place, value, line if ruled else plain)

    def text(self, sheet: Any, row: int, column: int, value: str, look: Any) -> None:
        """Write a text as text; one that looks like a formula keeps its quote mark when it is edited."""
        if is_risky(value):
            look = self.format(quote_prefix=True, text_wrap=True)
        sheet.write_string(row, column, sheet_text(value), look)

    def _looks(self, column: Column) -> tuple[Any, Any]:
        properties: dict[str, Any] = {"bottom": 4, "bottom_color": style.RULE}
        if column.kind == "date":
            properties["num_format"] = date_format(self.texts.lang)
        elif column.kind in _NUMBERS:
            properties["num_format"] = column.number
        elif column.kind == "long":
            properties |= {"text_wrap": True, "valign": "top"}
        if column.kind == "flag":
            properties["align"] = "center"
        return self.format(**properties), self.format(**properties, top=1, top_color=style.CONTROL)


def cell_values(values: pd.Series[Any], kind: str, texts: Texts) -> list[Any]:
    """The values of a column as cells: None where NA, plain Python numbers, texts, days; flags in words."""
    if kind == "flag":
        yes, no = texts("workbook.yes"), texts("workbook.no")
        return [None if pd.isna(value) else yes if value else no for value in values]
    if kind == "date":
        return [None if pd.isna(value) else pd.Timestamp(value).to_pydatetime() for value in values]
    if kind in _NUMBERS:
        numbers = pd.to_numeric(values).astype("Float64")
        return [None if value is pd.NA or value != value else value for value in numbers.tolist()]
    return [None if value is None or value is pd.NA or value != value else str(value) for value in values.tolist()]


def status_names(values: pd.Series[Any], texts: Texts) -> pd.Series[Any]:
    """Status keys as the names that the map shows."""
    return values.map({key: texts(f"style.status_{key}") for key in STATUSES}).astype("string")


def text_lines(text: str, characters: float) -> int:
    """How many lines a wrapped text takes at a width in characters."""
    return sum(max(1, -(-len(part) // max(int(characters), 1))) for part in text.split("\n"))


def _title_lines(column: Column, frame: pd.DataFrame) -> int:
    width = _width(column, frame)
    lines, room = 1, width - 1
    for word in column.title.split():
        if room < len(word) + 1 and room < width - 1:
            lines, room = lines + 1, width - 1
        room -= len(word) + 1.2
    return lines


def _width(column: Column, frame: pd.DataFrame) -> float:
    if column.width is not None:
        return column.width
    longest_word = max((len(word) for word in column.title.split()), default=4)
    need = max(longest_word * 1.15 + 2.5, 7.5)
    values = frame[column.key]
    if column.kind in _NUMBERS and column.kind != "date":
        top = pd.to_numeric(values).abs().max()
        decimals = len(column.number.partition(".")[2].strip("%"))
        digits = 1 if pd.isna(top) or top < 1 else len(f"{float(top):.0f}")
        return max(need, digits * 1.35 + decimals + 3)
    if column.kind == "date":
        return max(need, 18)
    if len(values) == 0:
        return need
    lengths = values.dropna().astype("string").str.len()
    usual = float(lengths.quantile(0.98)) if len(lengths) > 200 else float(lengths.max()) if len(lengths) else 0
    return min(max(need, usual * 1.08 + 2), 60 if column.kind == "long" else 42)


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return f"${xl_rowcol_to_cell(row, column)}"


def _ink_on(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#FFFFFF" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else style.INK


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _margin(text: str) -> str:
    return text.replace("&", "&&")[:90]


def settings_rows(public: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Settings as (key, value) texts, without the groups."""
    rows = []
    for key, value in public.items():
        if key == "groups":
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        rows.append((key, "" if shown is None else str(shown)))
    return rows


def stamp_texts(texts: Texts, keys: Iterable[Any]) -> tuple[str, ...]:
    """Stamps as words."""
    return tuple(texts(key) if not isinstance(key, str) else texts(msg(key)) for key in keys)
