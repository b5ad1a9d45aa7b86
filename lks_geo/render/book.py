"""How a sheet looks and prints: one table writer, one set of formats, one page set-up for every workbook we write.

Numbers stay numbers, texts stay texts (never formulas or links). A table has its titles in one row; where the columns
are those of the CSV, their keys stand above in a hidden row, for programs. The only formulas are the sums of the rows
that a filter leaves; rows of several groups are never added up, because people of one may be people of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.catalogue import MAPPED
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.book_columns import (
    NUMBERS,
    Column,
    cell_values,
    date_format,
    filtered_sums,
    is_risky,
    row_heights,
    sheet_name,
    sheet_text,
    shortened,
    text_lines,
    title_lines,
    width_of,
)
from lks_geo.tables import STATUSES, UNREPORTED

FONT = "Calibri"
_TO_FILL = "#FFF6D6"
HEAD = (2, 4)
"""The rows, from 0, of a sheet of coverage or places from the keys to the titles; the sums of a filter between."""
FIRST_ROW = 6
"""The number of its first row of data, as Excel counts."""
MANY_CELLS = 1_500_000
"""Above this, rows go to disk as they are written: every sheet must be written from top to bottom."""


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
            "constant_memory": self.cells > MANY_CELLS,
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
        """A new sheet, set up for A4, one page wide; title, name of the sheet, stamps, page numbers in the margins."""
        sheet = self._file.add_worksheet(sheet_name(name, self.names))
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        stamp = " · ".join(self.stamps)
        sheet.set_header(f'&L&8{_margin(self.title)} · &A&R&8&"{FONT},Bold"{_margin(stamp)}')
        page = self.texts("workbook.page", page="&P", pages="&N")
        sheet.set_footer(f"&L&8{_margin(self.agency)}&C&8{_margin(stamp)}&R&8{page}")
        if colour:
            sheet.set_tab_color(colour)
        return sheet

    def look(self, **properties: Any) -> Any:
        """A format for conditional formatting: these properties only."""
        return self._file.add_format(properties)

    def chart(self, kind: str, subtype: str) -> Any:
        """A native chart, to be filled and put on a sheet."""
        return self._file.add_chart({"type": kind, "subtype": subtype})

    def head(self) -> Any:
        """The format of column titles."""
        return self.format(
            bold=True, font_color="#FFFFFF", bg_color=style.ACCENT, text_wrap=True, border=1, border_color=style.RULE,
            align="center",
        )  # fmt: skip

    def heading(self, sheet: Any, text: str, *, back: str | None = None, notes: Sequence[str] = ()) -> None:
        """The first two lines of a sheet: its title, then a link back to the first sheet, the stamps and notes."""
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, text, self.format(bold=True, font_size=14))
        if back:
            self.link(sheet, 1, 0, back, f"← {back}")
        mark = self.format(bold=True, font_color=style.STATUS_COLOURS["belum_terlayani"])
        plain = self.format(font_color=style.INK_SOFT)
        stamp, note, column = " · ".join(self.stamps), " · ".join(notes), 2 if back else 0
        if stamp and note:
            sheet.write_rich_string(1, column, mark, stamp, plain, f"   {note}")
        elif stamp or note:
            sheet.write_string(1, column, stamp or note, mark if stamp else plain)

    def link(
        self, sheet: Any, row: int, column: int, target: str, text: str, *, cell: str = "A1", **properties: Any
    ) -> None:
        """A link to a cell of another sheet."""
        look = self.format(font_color=style.FOCUS, underline=1, **properties)
        place = target.replace("'", "''")
        sheet.write_url(row, column, f"internal:'{place}'!{cell}", look, string=text)

    def section(self, sheet: Any, row: int, text: str, *, columns: int = 1) -> int:
        """A heading inside a sheet, ruled over `columns`; returns the row below."""
        look = self.format(bold=True, font_size=12, font_color=style.ACCENT, bottom=2, bottom_color=style.ACCENT)
        sheet.set_row(row, 20)
        sheet.write_string(row, 0, text, look)
        for column in range(1, columns):
            sheet.write_blank(row, column, None, look)
        return row + 1

    def note(
        self, sheet: Any, row: int, text: str, *, widths: Sequence[float], lead: str = "", **properties: Any
    ) -> int:
        """A paragraph over the columns of these widths, `lead` in bold before it; returns the row below."""
        look = self.format(text_wrap=True, **{"valign": "top"} | properties)
        size = properties.get("font_size", 10)
        lines = text_lines(lead + text, sum(widths) * 10 / size)
        sheet.set_row(row, lines * size * 1.36 + 3)
        sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        if lead:
            sheet.write_rich_string(row, 0, self.format(**properties, bold=True), lead, " " + text, look)
        else:
            sheet.write_string(row, 0, sheet_text(text), look)
        return row + 1

    def table(
        self, sheet: Any, row: int, columns: Sequence[Column], frame: pd.DataFrame, *,
        keys: bool = False, sums: str = "", filters: bool = True, breaks: Iterable[int] = (),
    ) -> int:  # fmt: skip
        """Write from `row` on: keys (hidden), the sums of what is filtered (said by message `sums`), titles, rows;
        returns the row below. Rows in `breaks` get a line above."""
        head = self.head()
        if keys:
            sheet.set_row(row, None, None, {"hidden": True})
            for place, column in enumerate(columns):
                sheet.write_string(row, place, column.key, self.format(font_size=7))
            row += 1
        if sums:
            for place, cell in filtered_sums(columns, frame, row + 2, sums, self.texts).items():
                look = self.format(bold=True, num_format=columns[place].number, bg_color=style.ACCENT_WASH)
                sheet.write_formula(row, place, cell.formula, look, cell.value)
            row += 1
        sheet.set_row(row, 16 + 13 * (max((title_lines(column, frame) for column in columns), default=1) - 1) + 2)
        for place, column in enumerate(columns):
            sheet.write_string(row, place, column.title, head)
            if column.help:
                hint = {"input_title": shortened(column.title, 32), "input_message": shortened(column.help, 255)}
                sheet.data_validation(row, place, row, place, {"validate": "any", **hint})
        first = row + 1
        self._body(sheet, first, columns, frame, set(breaks))
        if filters and len(frame):
            sheet.autofilter(first - 1, 0, first + len(frame) - 1, max(len(columns) - 1, 0))
        return first + len(frame)

    def widths(self, sheet: Any, columns: Sequence[Column], frame: pd.DataFrame) -> None:
        """Set the widths of the columns of the sheet's main table, and fold the folded ones."""
        for place, column in enumerate(columns):
            options = {"level": 1, "hidden": True} if column.folded else {}
            sheet.set_column(place, place, width_of(column, frame), None, options)
        if any(column.folded for column in columns):
            sheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})

    def repeat_head(self, sheet: Any, first: int, last: int, *, fixed: int = 0) -> None:
        """Freeze all rows down to `last` and the first `fixed` columns, and print rows `first`-`last` on every page."""
        sheet.freeze_panes(last + 1, fixed)
        sheet.repeat_rows(first, last)

    def colour_status(self, sheet: Any, column: int, first: int, last: int) -> None:
        """The colours of the map on the cells that hold the names of the status classes."""
        for key in STATUSES:
            look = self.look(bg_color=style.STATUS_COLOURS[key], font_color=style.ink_on(style.STATUS_COLOURS[key]))
            name = self.texts(f"style.status_{key}").replace('"', '""')
            sheet.conditional_format(
                first, column, last, column, {"type": "cell", "criteria": "==", "value": f'"{name}"', "format": look}
            )

    def fade_unreported(self, sheet: Any, status: int, first: int, last: int, columns: int) -> None:
        """Grey, and no colour of a class, for the numbers of areas that the register does not report."""
        name = self.texts(f"style.status_{UNREPORTED}").replace('"', '""')
        rule = {"type": "formula", "criteria": f'={_cell(first, status)}="{name}"', "stop_if_true": True}
        sheet.conditional_format(
            first, status + 1, last, columns - 1, rule | {"format": self.look(font_color=style.INK_FAINT)}
        )

    def colour_share(self, sheet: Any, column: int, first: int, last: int) -> None:
        """The colours of the map on the numbers of a share of people reached (blank cells stay white)."""
        look = MAPPED["cakupan"].map
        assert look is not None
        cell = _cell(first, column)
        for colour, bound in zip(look.ramp[::-1], (*look.breaks, None), strict=True):
            rule = f"=ISNUMBER({cell})" if bound is None else f"=AND(ISNUMBER({cell}),{cell}<{bound})"
            look = self.look(bg_color=colour, font_color=style.ink_on(colour))
            sheet.conditional_format(
                first, column, last, column,
                {"type": "formula", "criteria": rule, "format": look, "stop_if_true": True},
            )  # fmt: skip

    def _body(self, sheet: Any, first: int, columns: Sequence[Column], frame: pd.DataFrame, breaks: set[int]) -> None:
        tall = any(column.kind == "long" for column in columns)
        looks = [self._looks(column, tall=tall) for column in columns]
        data = [cell_values(frame[column.key], column.kind, self.texts) for column in columns]
        heights = row_heights(columns, data, len(frame))
        for offset in range(len(frame)):
            row = first + offset
            if offset in heights:
                sheet.set_row(row, heights[offset])
            for place, (column, values) in enumerate(zip(columns, data, strict=True)):
                special = replace(column, number=column.numbers[offset]) if column.numbers else None
                look = self._looks(special, tall=tall) if special else looks[place]
                _write(sheet, (row, place), column, values[offset], look[offset in breaks])

    def _looks(self, column: Column, *, tall: bool) -> tuple[_Look, _Look]:
        """The formats of a column's cells: of ordinary rows, and of rows with a line above."""
        properties: dict[str, Any] = {"bottom": 1, "bottom_color": style.RULE, "valign": "top" if tall else "vcenter"}
        match column.kind:
            case "date":
                properties["num_format"] = date_format(self.texts.lang)
            case "flag":
                properties["align"] = "center"
            case "answer":
                properties |= {"bg_color": _TO_FILL, "border": 1, "border_color": style.RULE}
            case kind if kind in NUMBERS:
                properties["num_format"] = column.number
            case kind:
                properties |= {"indent": 1, "align": "left", "text_wrap": kind == "long"}
        ruled = properties | {"top": 1, "top_color": style.CONTROL}
        return (
            (self.format(**properties), self.format(**properties, quote_prefix=True)),
            (self.format(**ruled), self.format(**ruled, quote_prefix=True)),
        )


_Look = tuple[Any, Any]
"""The format of a cell, and the one for a text that looks like a formula (it keeps its quote mark when edited)."""


def _write(sheet: Any, cell: tuple[int, int], column: Column, value: Any, look: _Look) -> None:
    if value is None:
        if not column.folded:
            sheet.write_blank(*cell, None, look[0])
    elif column.kind == "date":
        sheet.write_datetime(*cell, value, look[0])
    elif column.kind in NUMBERS:
        sheet.write_number(*cell, value, look[0])
    else:
        sheet.write_string(*cell, sheet_text(value), look[is_risky(value)])


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return f"${xl_rowcol_to_cell(row, column)}"


def _margin(text: str) -> str:
    """A text for a header or footer; a leading digit would be read as part of the font size before it."""
    return (" " if text[:1].isdigit() else "") + text[:90].replace("&", "&&")
