"""Writes the empty register: one sheet to fill in with drop-down lists, one that says how, and the hidden lists.

The words of the lists are those that the readers of the register understand, in the language of the settings, and the
names of areas are those of the boundaries in use: what is chosen from the lists passes the check without a remark.
Kecamatan follow the chosen kabupaten, desa the chosen kecamatan. Several groups are typed with `;` between them, so
that list does not refuse other text. The examples stand in the guide, one per column, where no row can be taken for an
LKS.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import Texts, msg
from lks_geo.register.reading.fields import FIELD_BY_KEY
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries

ROWS = 1000
"""Rows with drop-downs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One column of the register sheet: field, width in characters, and the kind of cell."""

    field: str
    width: int
    kind: str = "text"
    needed: bool = False


COLUMNS = (
    _Column(field="id", width=11),
    _Column(field="nama", width=32, needed=True),
    _Column(field="kelompok", width=27, kind="list", needed=True),
    _Column(field="sistem", width=20, kind="list"),
    _Column(field="status_aktif", width=13, kind="list"),
    _Column(field="kabupaten", width=20, kind="list"),
    _Column(field="kecamatan", width=20, kind="list"),
    _Column(field="desa", width=22, kind="list"),
    _Column(field="alamat", width=32),
    _Column(field="lintang", width=12, kind="degrees"),
    _Column(field="bujur", width=12, kind="degrees"),
    _Column(field="badan_hukum", width=21, kind="list"),
    _Column(field="perkembangan", width=18, kind="list"),
    _Column(field="akreditasi", width=19, kind="list"),
    _Column(field="berlaku_sampai", width=17, kind="date"),
    _Column(field="kapasitas", width=12, kind="count"),
    _Column(field="klien", width=12, kind="count"),
    _Column(field="cakupan_wilayah", width=32),
)
CHOICES = {
    "sistem": ("inside", "outside", "both"),
    "status_aktif": ("active", "not_active"),
    "badan_hukum": ("legal", "not_legal"),
    "perkembangan": ("growing", "developing", "independent"),
    "akreditasi": ("rank_a", "rank_b", "rank_c", "rank_tta", "rank_none"),
}
"""Field -> catalogue keys `template.choice_*` of its list."""
GUIDE_WIDTHS = (27, 8, 62, 34, 34)
_LINE = 15.5
"""Height of a line of text in points."""
_AREAS = ("kabupaten", "kecamatan", "desa")
_LISTS = "Daftar"


def write_template(path: Path, boundaries: Boundaries, settings: Settings, *, overwrite: bool = False) -> None:
    """An empty register (.xlsx) in the language of `settings`, with the groups of `settings` and the areas of
    `boundaries` in its lists. Another ending is a `RequestError`."""
    import xlsxwriter

    if path.suffix.casefold() != ".xlsx":
        raise RequestError(msg("template.only_xlsx", path=path.name))
    texts = Texts(settings.lang)
    with whole_file(path, overwrite=overwrite) as temporary, xlsxwriter.Workbook(temporary) as book:
        book.set_properties({"title": texts("template.title"), "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001  # office files know no time zones
        styles = cell_styles(book)
        register = book.add_worksheet(texts("template.sheet_register"))
        guide = book.add_worksheet(texts("template.sheet_guide"))
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        sources = _write_lists(lists, boundaries, settings, texts)
        _write_register(register, sources, boundaries, texts, styles)
        _write_guide(guide, boundaries, settings, texts, styles)
        register.activate()


def choices(field: str, settings: Settings) -> list[str]:
    """The words of a field's list, without the areas."""
    if field == "kelompok":
        return [group.name(settings.lang) for group in settings.groups]
    return [Texts(settings.lang)(f"template.choice_{key}") for key in CHOICES[field]]


def cell_styles(book: Any) -> dict[str, Any]:
    """How the cells of an empty table look, by kind."""
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    head = {**base, "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#B8C4CE"}
    return {
        "needed": book.add_format({**head, "bg_color": "#12506B", "font_color": "#FFFFFF"}),
        "head": book.add_format({**head, "bg_color": "#DCE8EE", "font_color": "#12324A"}),
        "text": book.add_format({**base, "num_format": "@"}),
        "list": book.add_format({**base, "num_format": "@"}),
        "degrees": book.add_format({**base, "num_format": "0.000000"}),
        "date": book.add_format({**base, "num_format": "dd/mm/yyyy"}),
        "count": book.add_format({**base, "num_format": "0"}),
        "title": book.add_format({**base, "bold": True, "font_size": 16, "font_color": "#12506B"}),
        "wrap": book.add_format({**base, "text_wrap": True}),
        "cell": book.add_format({**base, "text_wrap": True, "border": 1, "border_color": "#D5DDE3"}),
        "bold": book.add_format({**base, "bold": True, "text_wrap": True, "border": 1, "border_color": "#D5DDE3"}),
    }


def _write_lists(sheet: Any, boundaries: Boundaries, settings: Settings, texts: Texts) -> dict[str, str]:
    """Fills the hidden sheet; gives the formula of each list, for row 2 of the register."""
    desa = boundaries.names("desa").sort_values(["kabupaten", "kecamatan", "nama"], kind="stable")
    kecamatan = desa[["kabupaten", "kecamatan"]].drop_duplicates()
    columns: list[Sequence[str]] = [
        desa["kabupaten"].drop_duplicates().tolist(),
        kecamatan["kabupaten"].tolist(), kecamatan["kecamatan"].tolist(),
        (desa["kabupaten"] + " / " + desa["kecamatan"]).tolist(), desa["nama"].tolist(),
    ]  # fmt: skip
    sources: dict[str, str] = {}
    for field in ("kelompok", *CHOICES):
        columns.append(choices(field, settings))
        sources[field] = _range(len(columns) - 1, len(columns[-1]))
    for column, words in enumerate(columns):
        for row, word in enumerate(words):
            sheet.write_string(row, column, word)
    at = {column.field: f"${_letter(number)}2" for number, column in enumerate(COLUMNS)}
    both = f'{at["kabupaten"]}&" / "&{at["kecamatan"]}'
    sources["kabupaten"] = _range(0, len(columns[0]))
    sources["kecamatan"] = _dependent(at["kabupaten"], key=1, words=2, rows=len(columns[1]))
    sources["desa"] = _dependent(both, key=3, words=4, rows=len(columns[3]))
    return sources


def _range(column: int, rows: int) -> str:
    letter = _letter(column)
    return f"={_LISTS}!${letter}$1:${letter}${max(rows, 1)}"


def _dependent(chosen: str, *, key: int, words: int, rows: int) -> str:
    """The formula of the words whose key is the chosen one; the lists are sorted, so they stand together."""
    keys = _range(key, rows)[1:]
    return f"=OFFSET({_LISTS}!${_letter(words)}$1,MATCH({chosen},{keys},0)-1,0,COUNTIF({keys},{chosen}),1)"


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _write_register(
    sheet: Any, sources: dict[str, str], boundaries: Boundaries, texts: Texts, styles: dict[str, Any]
) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 34)
    for number, column in enumerate(COLUMNS):
        heading = FIELD_BY_KEY[column.field].title(texts.lang) + (" *" if column.needed else "")
        sheet.set_column(number, number, column.width, styles[column.kind])
        sheet.write_string(0, number, heading, styles["needed" if column.needed else "head"])
        if rule := _rule(column, sources, boundaries, texts):
            sheet.data_validation(1, number, ROWS, number, rule)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _rule(column: _Column, sources: dict[str, str], boundaries: Boundaries, texts: Texts) -> dict[str, Any] | None:
    """The check of a column's cells in Excel. It warns; only a choice from a closed list is enforced."""
    hint = texts(f"template.hint_{column.field}")
    hints = {
        "input_title": FIELD_BY_KEY[column.field].title(texts.lang)[:32], "input_message": hint,
        "error_title": texts("template.not_valid"), "error_message": hint,
    }  # fmt: skip
    west, south, east, north = boundaries.desa.total_bounds
    low, high = (south, north) if column.field == "lintang" else (west, east)
    match column.kind:
        case "list" if column.field == "kelompok":
            return {**hints, "validate": "list", "source": sources["kelompok"], "error_type": "information"}
        case "list":
            closed = column.field not in _AREAS
            return {
                **hints,
                "validate": "list",
                "source": sources[column.field],
                "error_type": "stop" if closed else "warning",
            }
        case "degrees":
            bounds = {"minimum": round(float(low) - 0.5, 1), "maximum": round(float(high) + 0.5, 1)}
            return {**hints, "validate": "decimal", "criteria": "between", **bounds, "error_type": "warning"}
        case "date":
            return {**hints, "validate": "date", "criteria": ">", "value": dt.date(2000, 1, 1), "error_type": "warning"}
        case "count":
            return {**hints, "validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning"}
        case _:
            return {**hints, "validate": "any"}


def _write_guide(sheet: Any, boundaries: Boundaries, settings: Settings, texts: Texts, styles: dict[str, Any]) -> None:
    for number, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, texts("template.title"), styles["title"])
    row = 2
    for step in ("one_row", "lists", "groups", "point", "personal", "check"):
        text = texts(f"template.step_{step}")
        sheet.merge_range(row, 0, row, len(GUIDE_WIDTHS) - 1, text, styles["wrap"])
        sheet.set_row(row, row_height([text], [sum(GUIDE_WIDTHS)]) + 4)
        row += 1
    row += 1
    heads = ("column", "must", "how", "example_1", "example_2")
    for number, head in enumerate(heads):
        sheet.write_string(row, number, texts(f"template.{head}"), styles["head"])
    examples = _examples(boundaries, settings, texts)
    for number, column in enumerate(COLUMNS, start=row + 1):
        cells = (
            FIELD_BY_KEY[column.field].title(texts.lang), texts("template.yes") if column.needed else "",
            texts(f"template.hint_{column.field}"), *(example[column.field] for example in examples),
        )  # fmt: skip
        sheet.set_row(number, row_height(cells, GUIDE_WIDTHS))
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text, styles["bold" if place == 0 else "cell"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def row_height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """The height of a row whose cells wrap at these widths (in characters)."""
    return _LINE * max(math.ceil(len(text) / width) for text, width in zip(texts, widths, strict=True) if text)


def _examples(boundaries: Boundaries, settings: Settings, texts: Texts) -> list[dict[str, str]]:
    """Two invented LKS at real desa of the boundaries, as one would type them."""
    names = boundaries.names("desa")
    rows: list[dict[str, str]] = []
    for number, place in enumerate((0, len(names) // 2), start=1):
        row = names.iloc[place]
        point = boundaries.desa.geometry.iloc[place].representative_point()
        first, second, *_ = choices("kelompok", settings) * 2
        words = {field: choices(field, settings)[min(number, 2) - 1] for field in CHOICES}
        rows.append({
            **words, "id": f"LKS-{number:03}", "nama": texts(f"template.example_name_{number}"),
            "kelompok": first if number == 1 else f"{first}; {second}", "kabupaten": row["kabupaten"],
            "kecamatan": row["kecamatan"], "desa": row["nama"], "alamat": texts(f"template.example_address_{number}"),
            "lintang": texts.number(point.y, 6), "bujur": texts.number(point.x, 6),
            "berlaku_sampai": texts("template.example_date"), "kapasitas": str(20 + 10 * number),
            "klien": str(15 + 10 * number),
            "cakupan_wilayah": texts("template.example_area", kecamatan=row["kecamatan"], desa=row["nama"]),
        })  # fmt: skip
    return rows
