"""Writes the empty table of people: a row per desa of the boundaries, a column per group, and a sheet that says how.

What is left blank keeps the estimate, so the table may be filled in bit by bit. Numbers are checked while they are
typed; whether a row is an estimate is chosen from a list.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import Texts, msg
from lks_geo.population.people_words import PEOPLE
from lks_geo.register.template import cell_styles, row_height
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries

AREA_FIELDS = (("kode", 15), ("desa", 24), ("kecamatan", 22), ("kabupaten", 20))
"""Columns that are filled in already, and their widths in characters."""
_NUMBER_WIDTH, _REMARK_WIDTH = 14, 18
_GUIDE_WIDTHS = (28, 92)
_STEPS = ("blank", "whole", "estimate", "other", "check")


def write_population_template(
    path: Path, boundaries: Boundaries, settings: Settings, *, overwrite: bool = False
) -> None:
    """A table of people to fill in (.xlsx) in the language of `settings`. Another ending is a `RequestError`."""
    import xlsxwriter

    if path.suffix.casefold() != ".xlsx":
        raise RequestError(msg("template.only_xlsx", path=path.name))
    texts = Texts(settings.lang)
    with whole_file(path, overwrite=overwrite) as temporary, xlsxwriter.Workbook(temporary) as book:
        book.set_properties({"title": texts("template.people_title"), "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001  # office files know no time zones
        styles = cell_styles(book)
        table, guide = (
            book.add_worksheet(texts("template.people_sheet")),
            book.add_worksheet(texts("template.sheet_guide")),
        )
        _write_table(table, boundaries, settings, texts, styles)
        _write_guide(guide, settings, texts, styles)


def _write_table(sheet: Any, boundaries: Boundaries, settings: Settings, texts: Texts, styles: dict[str, Any]) -> None:
    names = boundaries.names("desa").rename(columns={"nama": "desa"}).rename_axis("kode").reset_index()
    keys = [PEOPLE, *(group.key for group in settings.groups)]
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 34)
    for column, (field, width) in enumerate(AREA_FIELDS):
        sheet.set_column(column, column, width, styles["text"])
        sheet.write_string(0, column, field.capitalize(), styles["needed"])
        for row, text in enumerate(names[field].fillna(""), start=1):
            sheet.write_string(row, column, text, styles["text"])
    for column, field in enumerate(keys, start=len(AREA_FIELDS)):
        sheet.set_column(column, column, _NUMBER_WIDTH, styles["count"])
        sheet.write_string(0, column, field.capitalize(), styles["head"])
        hint = texts("template.people_hint")
        sheet.data_validation(1, column, len(names), column, {
            "validate": "integer", "criteria": ">=", "value": 0, "error_type": "stop",
            "input_title": field.capitalize()[:32], "input_message": hint, "error_title": texts("template.not_valid"),
            "error_message": hint,
        })  # fmt: skip
    last = len(AREA_FIELDS) + len(keys)
    sheet.set_column(last, last, _REMARK_WIDTH, styles["list"])
    sheet.write_string(0, last, "Keterangan", styles["head"])
    source = [texts("template.people_counted"), texts("template.people_estimate")]
    sheet.data_validation(1, last, len(names), last, {"validate": "list", "source": source, "error_type": "warning"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_guide(sheet: Any, settings: Settings, texts: Texts, styles: dict[str, Any]) -> None:
    for number, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, texts("template.people_title"), styles["title"])
    row = 2
    for step in _STEPS:
        text = texts(f"template.people_step_{step}")
        sheet.merge_range(row, 0, row, len(_GUIDE_WIDTHS) - 1, text, styles["wrap"])
        sheet.set_row(row, row_height([text], [sum(_GUIDE_WIDTHS)]) + 4)
        row += 1
    meanings = {PEOPLE: texts("template.people_all")} | {
        group.key: group.definition(settings.lang) for group in settings.groups
    }
    for number, (field, meaning) in enumerate(meanings.items(), start=row + 1):
        sheet.set_row(number, row_height([meaning], [_GUIDE_WIDTHS[1]]))
        sheet.write_string(number, 0, field.capitalize(), styles["bold"])
        sheet.write_string(number, 1, meaning, styles["cell"])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
