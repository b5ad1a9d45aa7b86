"""The first sheet: what a head of office must know, alone and in one page, with links to the details.

Its numbers are rows of the coverage table and the totals that every output shares; its sentences are those of the map
and the slides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.book import FIRST_ROW, Book
from lks_geo.said.areas import area_totals, place_name, rows_shown, short_place, unserved_lists
from lks_geo.said.assumptions import (
    counted_note,
    dates,
    estimate_note,
    estimate_word,
    known_part,
    reach_notes,
    row_known_part,
    view_notes,
    view_reported_part,
)
from lks_geo.said.headlines import headline, sentence, support
from lks_geo.tables import TOTAL, UNREPORTED, Coverage

_WHOLE, _SHARE = "#,##0", "0.0%"
_SHARE_BY_AREA = '0.0%"*"'
"""A share of the area, not of people: marked, and explained below the table."""
_SHARE_OF_KNOWN = '0.0%"†"'
"""A share of the people of some desa only: marked, and explained below the table."""

_GROUP_TITLES = (
    "group", "counted", "desa", "unserved", "unserved_share", "target", "reached", "unreached", "share", "share_low",
)  # fmt: skip
_PLACE_TITLES = (
    "group", "used", "counted", "in_areas", "disguised", "tanpa_titik", "luar_wilayah", "approximate", "doubtful",
    "status_unknown",
)  # fmt: skip
_FIRST = 27.0
_OTHER = 11.5
_LEAST_COLUMNS = 11
_LONG = 600
"""More rows of desa than these fill over ten pages."""
_PAGE_WIDTH = 119.0
"""Column widths that fill an A4 page in landscape at full size, also where a wider font stands in for Calibri."""


def write_summary(book: Book, sheet: Any, coverage: Coverage, names: Mapping[str, str]) -> None:
    """Fill the sheet. `names`: sheet key -> name of the sheets that exist, for the links."""
    width = max(_LEAST_COLUMNS, 2 + 2 * len(coverage.groups))
    widths = [_FIRST, *[_OTHER] * (width - 1)]
    for place, column_width in enumerate(widths):
        sheet.set_column(place, place, column_width)
    row = _title(book, sheet, coverage, widths)
    row = _headlines(book, sheet, row, coverage, widths)
    row = _groups(book, sheet, row + 1, coverage, names=names, width=width)
    if "kabupaten" in names:
        row = _kabupaten(book, sheet, row + 1, coverage, width=width)
    sheet.set_print_scale(max(10, min(100, int(_PAGE_WIDTH / (sum(widths) + 4) * 100))))
    sheet.set_h_pagebreaks([row])
    row = _places(book, sheet, row + 1, coverage, width)
    row = _notes(book, sheet, row + 1, coverage, widths)
    _contents(book, sheet, row + 1, names, width, int((coverage.table["level"] == "desa").sum()))
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
    reaches = reach_notes(coverage.settings)
    line = [dates(coverage.settings), *coverage.settings.filter_notes()]
    line += reaches if len(reaches) == 1 else []
    line += [word for word in (estimate_word(coverage),) if word is not None]
    sheet.write_string(2, 0, " · ".join(map(texts, line)), book.format(font_color=style.INK_SOFT))
    return 4


def _headlines(book: Book, sheet: Any, row: int, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    reported = view_reported_part(coverage)
    if reported:
        wine = style.STATUS_COLOURS["belum_terlayani"]
        line = sentence(texts, reported)
        row = book.note(sheet, row, line, widths=widths, font_size=11, bold=True, font_color=wine)
    if "desa" not in set(coverage.table["level"]):
        return row
    for group in coverage.groups:
        notes = (headline(coverage, group.key), *support(coverage, group.key))
        # The names stand once, above all groups.
        sentences = [sentence(texts, note) for note in notes if note.key != "said.unreported_names"]
        row = book.note(sheet, row, " ".join(sentences), lead=f"{group.name(texts.lang)}:", widths=widths, font_size=11)
    return row


def _groups(book: Book, sheet: Any, row: int, coverage: Coverage, *, names: Mapping[str, str], width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_group"), columns=width)
    _titles(book, sheet, row, _GROUP_TITLES)
    first, listed = row + 1, unserved_lists(coverage)["kelompok"].tolist()
    marks = _Marks(width)
    for group in coverage.groups:
        row += 1
        total = area_totals(coverage, group.key)
        number = marks.mark(total.by_area, group.name(texts.lang), texts(known_part(total.desa_known, total.desa)))
        cells = (
            (total.counted, _WHOLE), (total.desa, _WHOLE), (total.desa_unserved, _WHOLE),
            (total.desa_unserved / total.desa if total.desa else None, _SHARE), (total.target, _WHOLE),
            (total.reached, _WHOLE), (total.unreached, _WHOLE), (total.share, number), (total.share_low, number),
        )  # fmt: skip
        _cells(book, sheet, row, group.name(texts.lang), cells)
        if "belum_terlayani" in names and group.key in listed:
            book.link(
                sheet, row, len(_GROUP_TITLES), names["belum_terlayani"], texts("workbook.see_list"),
                cell=f"A{FIRST_ROW + listed.index(group.key)}", font_size=9, indent=1,
            )  # fmt: skip
    book.colour_share(sheet, 8, first, row)
    return marks.explain(book, sheet, row + 1)


class _Marks:
    """The marks on the shares of a table and, below it, what they mean."""

    def __init__(self, width: int) -> None:
        self.widths = [_FIRST, *[_OTHER] * (width - 1)]
        self.by_area = False
        self.incomplete: dict[str, list[str]] = {}

    def mark(self, by_area: bool, name: str, part: str, group: str = "") -> str:
        """The number format of a share; `part` is " (30 dari 648 desa)" if the target of the area is incomplete."""
        if part:
            self.incomplete.setdefault(f"{name}{part}", []).append(group)
            return _SHARE_OF_KNOWN
        self.by_area = self.by_area or by_area
        return _SHARE_BY_AREA if by_area else _SHARE

    def explain(self, book: Book, sheet: Any, row: int) -> int:
        """Write the footnotes; returns the row below."""
        if self.by_area:
            row = _footnote(book, sheet, row, book.texts("workbook.by_area"))
        if self.incomplete:
            parts = [
                f"{part}: {', '.join(groups)}" if any(groups) else part for part, groups in self.incomplete.items()
            ]
            line = book.texts("workbook.of_known", parts="; ".join(parts))
            row = book.note(sheet, row, line, widths=self.widths, font_size=9, italic=True, font_color=style.INK_SOFT)
        return row


def _kabupaten(book: Book, sheet: Any, row: int, coverage: Coverage, *, width: int) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.by_kabupaten"), columns=width)
    _kabupaten_titles(book, sheet, row, coverage)
    first = row + 2
    row += 1
    marks = _Marks(width)
    by_group = {group.name(texts.lang): rows_shown(coverage, "kabupaten", group.key) for group in coverage.groups}
    rows = next(iter(by_group.values()))
    for code, area in zip(rows.index, rows.to_dict("records"), strict=True):
        row += 1
        name = short_place(str(area["nama"]))
        cells: list[tuple[Any, str]] = [(area["jumlah_desa"], _WHOLE)]
        if area["status"] == UNREPORTED:
            _cells(book, sheet, row, name, tuple(cells))
            look = book.format(italic=True, font_color=style.INK_SOFT, bottom=1, bottom_color=style.RULE)
            sheet.write_string(row, 2, texts(f"style.status_{UNREPORTED}"), look)
            continue
        for group, of_group in by_group.items():
            values = of_group.loc[code]
            number = marks.mark(bool(pd.isna(values["sasaran"])), name, texts(row_known_part(values)), group)
            cells += [(values["desa_belum_terlayani"], _WHOLE), (values["cakupan"], number)]
        _cells(book, sheet, row, name, tuple(cells))
    for place in range(len(coverage.groups)):
        book.colour_share(sheet, 3 + 2 * place, first, row)
    if len(rows) > 1:
        row += 1
        _total_row(book, sheet, row, coverage, marks)
    return marks.explain(book, sheet, row + 1)


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


def _total_row(book: Book, sheet: Any, row: int, coverage: Coverage, marks: _Marks) -> None:
    """The sum of the reported kabupaten."""
    texts, name = book.texts, place_name(coverage)
    cells: list[tuple[Any, str]] = []
    for group in coverage.groups:
        total = area_totals(coverage, group.key)
        part = texts(known_part(total.desa_known, total.desa))
        cells = cells or [(total.desa, _WHOLE)]
        cells += [
            (total.desa_unserved, _WHOLE),
            (total.share, marks.mark(total.by_area, name, part, group.name(texts.lang))),
        ]
    _cells(book, sheet, row, name, tuple(cells), bold=True, top=1, top_color=style.CONTROL)


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
    return _footnote(book, sheet, row + 1, texts("workbook.places_add_up"))


def _titles(book: Book, sheet: Any, row: int, titles: tuple[str, ...]) -> None:
    sheet.set_row(row, 42)
    for place, title in enumerate(titles):
        sheet.write_string(row, place, book.texts(f"workbook.summary_{title}"), book.head())


def _footnote(book: Book, sheet: Any, row: int, text: str) -> int:
    sheet.write_string(row, 0, text, book.format(font_size=9, font_color=style.INK_SOFT, italic=True))
    return row + 1


def _notes(book: Book, sheet: Any, row: int, coverage: Coverage, widths: list[float]) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.read_this"), columns=len(widths))
    for line in summary_notes(coverage, texts):
        row = book.note(sheet, row, f"•  {line}", widths=widths)
    return row


def summary_notes(coverage: Coverage, texts: Texts) -> list[str]:
    """What must be known to read the numbers: assumptions, filters, estimates, what blank means."""
    settings = coverage.settings
    notes = (*view_notes(coverage), *reach_notes(settings), counted_note(settings))
    lines = [sentence(texts, note) for note in notes]
    lines.append(texts("workbook.note_status", threshold=settings.threshold))
    if not coverage.register.status_recorded:
        lines.append(texts("style.status_not_recorded").capitalize() + ".")
    lines.append(texts("workbook.note_low"))
    note = estimate_note(coverage)
    if note is not None:
        lines.append(texts("workbook.note_estimate", note=note))
    if settings.internal:
        lines.append(texts("workbook.note_internal"))
    elif coverage.totals[TOTAL].disguised:
        lines.append(texts("workbook.note_disguised"))
    lines.append(texts("workbook.note_blank"))
    lines.append(texts("style.indicative") + ".")
    return lines


def _contents(book: Book, sheet: Any, row: int, names: Mapping[str, str], width: int, rows: int) -> None:
    texts = book.texts
    row = book.section(sheet, row, texts("workbook.contents"), columns=width)
    plain = book.format(font_color=style.INK_SOFT)
    for key, name in names.items():
        book.link(sheet, row, 0, name, name)
        sheet.write_string(row, 1, texts(f"workbook.about_{key}"), plain)
        row += 1
    long = [names[key] for key in ("desa", "belum_terlayani") if key in names]
    if long and rows > _LONG:
        sheet.write_string(row, 0, texts("workbook.note_print", sheets=", ".join(long), rows=rows), plain)


def _cells(book: Book, sheet: Any, row: int, name: str, cells: tuple[tuple[Any, str], ...], **properties: Any) -> None:
    rule = {"bottom": 1, "bottom_color": style.RULE} | properties
    sheet.write_string(row, 0, name, book.format(**rule))
    for column, (value, number) in enumerate(cells, start=1):
        look = book.format(num_format=number, align="right", **rule)
        if value is None or pd.isna(value):
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, float(value), look)
