"""The first sheet: what a head of office must know, alone and in one page, with links to the details.

Its numbers are rows of the coverage table (`findings` picks them), never sums of its own rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lks_geo.render import style
from lks_geo.render.book.writer import Book
from lks_geo.render.frames import unserved_frame
from lks_geo.said.area_names import place_name, short_place
from lks_geo.said.assumptions import reach_note
from lks_geo.said.headlines import headline
from lks_geo.said.totals import AreaTotals, area_totals
from lks_geo.tables import TOTAL, Coverage

FIRST_ROW = 5
"""The number of the first row of data in the sheets of tables, as Excel counts."""

_WHOLE, _SHARE = "#,##0", "0.0%"
_SHARE_BY_AREA = '0.0%"*"'
"""A share of the area, not of people: marked, and explained below the table."""

_GROUP_TITLES = (
    "group", "counted", "desa", "unserved", "unserved_share", "target", "reached", "unreached", "share", "share_low",
)  # fmt: skip
_PLACE_TITLES = (
    "group", "used", "counted", "in_areas", "tanpa_titik", "luar_wilayah", "approximate", "doubtful", "status_unknown",
)  # fmt: skip
_FIRST = 27.0
_OTHER = 11.5
_LEAST_COLUMNS = 11
_PAGE_WIDTH = 119.0
"""Column widths that fill an A4 page in landscape at full size, also where a wider font stands in for Calibri."""


def write_summary(book: Book, sheet: Any, coverage: Coverage, names: Mapping[str, str]) -> None:
    """Fill the sheet. `names`: sheet key -> name of the sheets that exist, for the links."""
    width = max(_LEAST_COLUMNS, 2 + 2 * len(coverage.groups))
    widths = [_FIRST, *[_OTHER] * (width - 1)]
    for place, one in enumerate(widths):
        sheet.set_column(place, place, one)
    row = _title(book, sheet, coverage, widths)
    row = _headlines(book, sheet, row, coverage, widths)
    row = _groups(book, sheet, row + 1, coverage, names=names, width=width)
    if "kabupaten" in names:
        row = _kabupaten(book, sheet, row + 1, coverage, width=width)
    sheet.set_print_scale(max(10, min(100, int(_PAGE_WIDTH / (sum(widths) + 4) * 100))))
    sheet.set_h_pagebreaks([row])
    row = _places(book, sheet, row + 1, coverage, width)
    row = _notes(book, sheet, row + 1, coverage, widths)
    _contents(book, sheet, row + 1, names, width)
    sheet.activate()


def _title(book: Book, sheet: Any, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    sheet.write_string(0, 0, coverage.settings.agency, book.format(font_size=9, font_color=style.INK_SOFT))
    sheet.set_row(1, 28)
    sheet.write_string(1, 0, book.title, book.format(bold=True, font_size=18))
    if book.stamps:
        wine, last = style.STATUS_COLOURS["belum_terlayani"], len(widths) - 1
        look = book.format(bold=True, font_size=12, font_color=wine, border=2, border_color=wine, align="center")
        sheet.merge_range(1, last - 2, 1, last, " · ".join(book.stamps), look)
    reach = {texts(reach_note(coverage.settings, group.key)) for group in coverage.groups}
    line = [texts("workbook.as_of", day=coverage.settings.day), *map(texts, coverage.settings.filter_notes())]
    if len(reach) == 1:
        line += sorted(reach)
    if coverage.population_estimated:
        line.append(texts("style.estimate"))
    sheet.write_string(2, 0, " · ".join(line), book.format(font_color=style.INK_SOFT))
    return 4


def _headlines(book: Book, sheet: Any, row: int, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    if "desa" not in set(coverage.table["level"]):
        return row
    for group in coverage.groups:
        found = area_totals(coverage, group.key)
        finding = texts(headline(coverage, group.key))
        key = "workbook.headline_plain"
        if found.target and found.there:
            key = "workbook.headline_people"
        share = (found.there or 0) / (found.target or 1)
        line = texts(key, finding=finding, people=found.there or 0, share=share)
        row = book.note(sheet, row, line, lead=f"{group.name(texts.lang)}:", widths=widths, font_size=11)
    return row


def _groups(book: Book, sheet: Any, row: int, coverage: Coverage, *, names: Mapping[str, str], width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_group"), columns=width)
    _titles(book, sheet, row, _GROUP_TITLES)
    first, places = row + 1, unserved_frame(coverage)["kelompok"].tolist()
    by_area = False
    for group in coverage.groups:
        row += 1
        found = area_totals(coverage, group.key)
        desa, unserved = desa_counts(coverage, group.key, found)
        share = _SHARE_BY_AREA if found.by_area else _SHARE
        by_area = by_area or (found.by_area and found.share is not None)
        cells = (
            (found.counted, _WHOLE), (desa, _WHOLE), (unserved, _WHOLE), (unserved / desa if desa else None, _SHARE),
            (found.target, _WHOLE), (found.reached, _WHOLE), (found.unreached, _WHOLE), (found.share, share),
            (found.share_low, share),
        )  # fmt: skip
        _cells(book, sheet, row, group.name(texts.lang), cells)
        if "belum_terlayani" in names and group.key in places:
            book.link(
                sheet, row, len(_GROUP_TITLES), names["belum_terlayani"], texts("workbook.see_list"),
                cell=f"A{FIRST_ROW + places.index(group.key)}", font_size=9, indent=1,
            )  # fmt: skip
    book.colour_share(sheet, 8, first, row)
    return _footnote(book, sheet, row + 1, "workbook.by_area") if by_area else row + 1


def desa_counts(coverage: Coverage, group: str, found: AreaTotals) -> tuple[int, int]:
    """How many desa are shown and how many of them are unserved, also where the table has no desa rows."""
    return found.desa, found.desa_unserved


def _kabupaten(book: Book, sheet: Any, row: int, coverage: Coverage, *, width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_kabupaten"), columns=width)
    _kabupaten_titles(book, sheet, row, coverage)
    first = row + 2
    row += 1
    at = [coverage.at("kabupaten", group.key) for group in coverage.groups]
    for code in at[0].index:
        row += 1
        cells: list[tuple[Any, str]] = [(at[0].loc[code, "jumlah_desa"], _WHOLE)]
        for rows in at:
            one = rows.loc[code]
            share = _SHARE_BY_AREA if pd.isna(one["sasaran"]) else _SHARE
            cells += [(one["desa_belum_terlayani"], _WHOLE), (one["cakupan"], share)]
        _cells(book, sheet, row, short_place(str(at[0].loc[code, "nama"])), tuple(cells))
    for place in range(len(coverage.groups)):
        book.colour_share(sheet, 3 + 2 * place, first, row)
    if len(at[0]) > 1:
        row += 1
        _total_row(book, sheet, row, coverage)
    return row + 1


def _kabupaten_titles(book: Book, sheet: Any, row: int, coverage: Coverage) -> None:
    texts, head = book.texts, book.head()
    sheet.set_row(row, 30)
    sheet.set_row(row + 1, 30)
    for column in (0, 1):
        sheet.write_blank(row, column, None, head)
    for place, group in enumerate(coverage.groups):
        sheet.merge_range(row, 2 + 2 * place, row, 3 + 2 * place, group.name(texts.lang), head)
    titles = ["area", "desa", *["unserved", "share"] * len(coverage.groups)]
    for column, title in enumerate(titles):
        sheet.write_string(row + 1, column, texts(f"workbook.summary_{title}"), head)


def _total_row(book: Book, sheet: Any, row: int, coverage: Coverage) -> None:
    cells: list[tuple[Any, str]] = []
    for group in coverage.groups:
        found = area_totals(coverage, group.key)
        desa, unserved = desa_counts(coverage, group.key, found)
        cells = cells or [(desa, _WHOLE)]
        cells += [(unserved, _WHOLE), (found.share, _SHARE_BY_AREA if found.by_area else _SHARE)]
    _cells(book, sheet, row, place_name(coverage), tuple(cells), bold=True, top=1, top_color=style.CONTROL)


def _places(book: Book, sheet: Any, row: int, coverage: Coverage, width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.places"), columns=width)
    _titles(book, sheet, row, _PLACE_TITLES)
    names = {group.key: group.name(texts.lang) for group in coverage.groups} | {TOTAL: texts("workbook.all_places")}
    for key, name in names.items():
        if key not in coverage.totals:
            continue
        row += 1
        total = coverage.totals[key]
        cells = tuple((getattr(total, title), _WHOLE) for title in _PLACE_TITLES[1:])
        extra = {"bold": True, "top": 1, "top_color": style.CONTROL} if key == TOTAL else {}
        _cells(book, sheet, row, name, cells, **extra)
    return _footnote(book, sheet, row + 1, "workbook.places_add_up")


def _titles(book: Book, sheet: Any, row: int, titles: tuple[str, ...]) -> None:
    sheet.set_row(row, 42)
    for place, title in enumerate(titles):
        sheet.write_string(row, place, book.texts(f"workbook.summary_{title}"), book.head())


def _footnote(book: Book, sheet: Any, row: int, key: str) -> int:
    sheet.write_string(row, 0, book.texts(key), book.format(font_size=9, font_color=style.INK_SOFT, italic=True))
    return row + 1


def _notes(book: Book, sheet: Any, row: int, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.read_this"), columns=len(widths))
    for line in summary_notes(book, coverage):
        row = book.note(sheet, row, f"•  {line}", widths=widths)
    return row


def summary_notes(book: Book, coverage: Coverage) -> list[str]:
    """What must be known to read the numbers: assumptions, filters, estimates, what blank means."""
    texts, settings = book.texts, coverage.settings
    lines = []
    by_reach: dict[str, list[str]] = {}
    for group in coverage.groups:
        by_reach.setdefault(texts(reach_note(coverage.settings, group.key)), []).append(group.name(texts.lang))
    for reach, groups in by_reach.items():
        lines.append(texts("workbook.note_reach", reach=reach, groups=", ".join(groups) if len(by_reach) > 1 else ""))
    lines.append(texts("workbook.note_filters", filters="; ".join(map(texts, settings.filter_notes()))))
    lines.append(texts("workbook.note_status", threshold=settings.threshold))
    if not coverage.register.status_recorded:
        lines.append(texts("style.status_not_recorded").capitalize() + ".")
    lines.append(texts("workbook.note_low"))
    if coverage.population_estimated:
        lines.append(texts("workbook.note_estimate"))
    if any(group.sensitive for group in coverage.groups):
        key = "workbook.note_sensitive_shown" if settings.show_sensitive else "workbook.note_sensitive"
        lines.append(texts(key, groups=", ".join(g.name(texts.lang) for g in coverage.groups if g.sensitive)))
    lines.append(texts("workbook.note_blank"))
    lines.append(texts("style.indicative") + ".")
    return lines


def _contents(book: Book, sheet: Any, row: int, names: Mapping[str, str], width: int) -> None:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.contents"), columns=width)
    plain = book.format(font_color=style.INK_SOFT)
    for key, name in names.items():
        book.link(sheet, row, 0, name, name)
        sheet.write_string(row, 1, texts(f"workbook.about_{key}"), plain)
        row += 1


def _cells(book: Book, sheet: Any, row: int, name: str, cells: tuple[tuple[Any, str], ...], **properties: Any) -> None:
    rule = {"bottom": 1, "bottom_color": style.RULE} | properties
    sheet.write_string(row, 0, name, book.format(**rule))
    for column, (value, number) in enumerate(cells, start=1):
        look = book.format(num_format=number, align="right", **rule)
        if value is None or pd.isna(value):
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, float(value), look)
