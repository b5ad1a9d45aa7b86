"""The first sheet: what a head of office must know, alone and in one page, with links to the details.

Its numbers are rows of the coverage table (`findings` picks them), never sums of its own rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lks_geo.render import style
from lks_geo.render.export import unserved_frame
from lks_geo.render.findings import facts, headline, kabupaten_codes, place_name, reach_note, short_place
from lks_geo.render.workbook_sheet import Book
from lks_geo.tables import TOTAL, Coverage

FIRST_ROW = 5
"""The number of the first row of data in the sheets of tables, as Excel counts."""

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
    reach = {texts(reach_note(coverage, group.key)) for group in coverage.groups}
    line = [texts("workbook.as_of", day=coverage.settings.day), *map(texts, coverage.settings.filter_notes())]
    if len(reach) == 1:
        line += sorted(reach)
    if coverage.population_estimated:
        line.append(texts("style.estimate"))
    sheet.write_string(2, 0, " · ".join(line), book.format(font_color=style.INK_SOFT))
    if book.stamps:
        last = len(widths) - 1
        look = book.format(bold=True, font_size=12, font_color=style.STATUS_COLOURS["belum_terlayani"], border=2,
                           border_color=style.STATUS_COLOURS["belum_terlayani"], align="center")  # fmt: skip
        sheet.merge_range(1, last - 2, 1, last, " · ".join(book.stamps), look)
    return 4


def _headlines(book: Book, sheet: Any, row: int, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    for group in coverage.groups:
        found = facts(coverage, group.key)
        finding = texts(headline(coverage, group.key))
        if found.target and found.there:
            finding = texts(
                "workbook.headline_people", finding=finding, people=found.there, share=found.there / found.target
            )
        else:
            finding = texts("workbook.headline_plain", finding=finding)
        row = book.note(sheet, row, finding, lead=f"{group.name(texts.lang)}:", widths=widths, font_size=11)
    return row


def _groups(book: Book, sheet: Any, row: int, coverage: Coverage, *, names: Mapping[str, str], width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_group"), columns=width)
    titles = (
        "group",
        "counted",
        "desa",
        "unserved",
        "unserved_share",
        "target",
        "reached",
        "unreached",
        "share",
        "share_low",
    )
    sheet.set_row(row, 42)
    for place, title in enumerate(titles):
        sheet.write_string(row, place, texts(f"workbook.summary_{title}"), book.head())
    first = row + 1
    groups = unserved_frame(coverage)["kelompok"]
    first_rows = {str(key): int(place) for place, key in groups.drop_duplicates().items()}  # type: ignore[call-overload]
    for group in coverage.groups:
        row += 1
        found = facts(coverage, group.key)
        cells = (
            (found.counted, "#,##0"), (found.desa, "#,##0"), (found.unserved, "#,##0"),
            (found.unserved / found.desa if found.desa else None, "0.0%"), (found.target, "#,##0"),
            (found.reached, "#,##0"), (found.unreached, "#,##0"), (found.share, "0.0%"), (found.share_low, "0.0%"),
        )  # fmt: skip
        _cells(book, sheet, row, group.name(texts.lang), cells)
        if "belum_terlayani" in names:
            book.link(
                sheet, row, len(titles), names["belum_terlayani"], texts("workbook.see_list"),
                cell=f"A{FIRST_ROW + first_rows.get(group.key, 0)}", font_size=9, indent=1,
            )  # fmt: skip
    book.colour_share(sheet, 8, first, row)
    return row + 1


def _kabupaten(book: Book, sheet: Any, row: int, coverage: Coverage, *, width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_kabupaten"), columns=width)
    head = book.head()
    sheet.merge_range(row, 0, row + 1, 0, texts("workbook.summary_area"), head)
    sheet.merge_range(row, 1, row + 1, 1, texts("workbook.summary_desa"), head)
    sheet.set_row(row, 30)
    sheet.set_row(row + 1, 30)
    for place, group in enumerate(coverage.groups):
        column = 2 + 2 * place
        sheet.merge_range(row, column, row, column + 1, group.name(texts.lang), head)
        sheet.write_string(row + 1, column, texts("workbook.summary_unserved_short"), head)
        sheet.write_string(row + 1, column + 1, texts("workbook.summary_share"), head)
    first = row + 2
    row += 1
    at = {group.key: coverage.at("kabupaten", group.key) for group in coverage.groups}
    for code in kabupaten_codes(coverage):
        row += 1
        cells: list[tuple[Any, str]] = []
        for rows in at.values():
            one = rows.loc[code]
            cells += [(one["desa_belum_terlayani"], "#,##0"), (one["cakupan"], "0.0%")]
        name = short_place(str(next(iter(at.values())).loc[code, "nama"]))
        size = next(iter(at.values())).loc[code, "jumlah_desa"]
        _cells(book, sheet, row, name, ((size, "#,##0"), *cells))
    last = row
    if len(kabupaten_codes(coverage)) > 1:
        row += 1
        _total_row(book, sheet, row, coverage)
    for place in range(len(coverage.groups)):
        book.colour_share(sheet, 3 + 2 * place, first, last)
    return row + 1


def _total_row(book: Book, sheet: Any, row: int, coverage: Coverage) -> None:
    found = [facts(coverage, group.key) for group in coverage.groups]
    cells: list[tuple[Any, str]] = [(found[0].desa, "#,##0")]
    for one in found:
        cells += [(one.unserved, "#,##0"), (one.share, "0.0%")]
    _cells(book, sheet, row, place_name(coverage), tuple(cells), bold=True, top=1, top_color=style.CONTROL)


def _places(book: Book, sheet: Any, row: int, coverage: Coverage, width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.places"), columns=width)
    titles = (
        "group",
        "used",
        "counted",
        "in_areas",
        "tanpa_titik",
        "luar_wilayah",
        "approximate",
        "doubtful",
        "status_unknown",
    )
    sheet.set_row(row, 42)
    for place, title in enumerate(titles):
        sheet.write_string(row, place, texts(f"workbook.summary_{title}"), book.head())
    names = {group.key: group.name(texts.lang) for group in coverage.groups} | {TOTAL: texts("workbook.all_places")}
    for key, name in names.items():
        if key not in coverage.totals:
            continue
        row += 1
        total = coverage.totals[key]
        cells = tuple((getattr(total, title), "#,##0") for title in titles[1:])
        extra = {"bold": True, "top": 1, "top_color": style.CONTROL} if key == TOTAL else {}
        _cells(book, sheet, row, name, cells, **extra)
    small = book.format(font_size=9, font_color=style.INK_SOFT, italic=True)
    sheet.write_string(row + 1, 0, texts("workbook.places_add_up"), small)
    return row + 2


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
        by_reach.setdefault(texts(reach_note(coverage, group.key)), []).append(group.name(texts.lang))
    for reach, groups in by_reach.items():
        lines.append(texts("workbook.note_reach", reach=reach, groups=", ".join(groups) if len(by_reach) > 1 else ""))
    lines.append(texts("workbook.note_filters", filters="; ".join(map(texts, settings.filter_notes()))))
    lines.append(texts("workbook.note_status", threshold=settings.threshold))
    if not coverage.register.status_recorded:
        lines.append(texts("style.status_not_recorded").capitalize() + ".")
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
