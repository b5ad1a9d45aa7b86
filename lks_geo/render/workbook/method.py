"""The sheet "Metode & sumber": what each number means, what was assumed, what went in, how sure it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lks_geo.render.book.columns import Column
from lks_geo.render.book.writer import Book
from lks_geo.render.workbook.summary import summary_notes
from lks_geo.said.assumptions import certainty_notes
from lks_geo.tables import KEY_COLUMNS, TOTAL, Coverage, Source

_WIDTHS = (27.0, 34.0, 16.0, 78.0, 40.0)


def write_method(book: Book, sheet: Any, coverage: Coverage) -> None:
    """Fill the sheet; each part can be written by itself."""
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    texts = book.texts
    book.heading(sheet, texts("workbook.method_heading"), back=texts("workbook.sheet_ringkasan"))
    row = _measures(book, sheet, 3, coverage)
    row = _groups(book, sheet, row + 1, coverage)
    row = _lines(book, sheet, row + 1, "workbook.assumptions", summary_notes(book, coverage))
    row = _inputs(book, sheet, row + 1, coverage)
    row = _lines(book, sheet, row + 1, "workbook.certainty", uncertainty_lines(book, coverage))
    row = _lines(book, sheet, row + 1, "workbook.input_notes", input_notes(book, coverage))
    _settings(book, sheet, row + 1, coverage)


def uncertainty_lines(book: Book, coverage: Coverage) -> list[str]:
    """How many places and rows are unsure, over all and per group."""
    texts = book.texts
    lines = []
    total = coverage.totals.get(TOTAL)
    if total is not None:
        lines.append(
            texts("workbook.certainty_all", counted=total.counted, doubtful=total.doubtful,
                  approximate=total.approximate, tanpa_titik=total.tanpa_titik, luar_wilayah=total.luar_wilayah)
        )  # fmt: skip
    counts = coverage.register.counts
    lines.append(
        texts("workbook.certainty_rows", n=counts["baris"], **{k: v for k, v in counts.items() if k != "baris"})
    )
    for group in coverage.groups:
        notes = " ".join(texts(note) for note in certainty_notes(coverage, group.key))
        if notes:
            lines.append(f"{group.name(texts.lang)}: {notes}")
    lines.append(texts("workbook.certainty_range"))
    return lines


def input_notes(book: Book, coverage: Coverage) -> list[str]:
    """What was said while the inputs were read and the measures made, and further sources named by the settings."""
    texts = book.texts
    said = [
        *coverage.boundaries.notes, *coverage.population.notes, *coverage.register.notes, *coverage.notes,
    ]  # fmt: skip
    lines = [texts(note) for note in said]
    if coverage.population.unknown_codes:
        codes = coverage.population.unknown_codes
        lines.append(texts("workbook.unknown_codes", n=len(codes), codes=", ".join(codes[:20])))
    return list(
        dict.fromkeys([*lines, *(texts("workbook.further_source", name=name) for name in coverage.settings.sources)])
    )


def _table(book: Book, sheet: Any, row: int, title: str, *, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> int:
    texts = book.texts
    row = book.section(sheet, row, texts(title), columns=len(_WIDTHS))
    frame = pd.DataFrame(rows, columns=list(names))
    columns = [
        Column(key=name, title=texts(f"workbook.method_{name}"), kind="long", width=width)
        for name, width in zip(names, _WIDTHS, strict=False)
    ]
    return book.table(sheet, row, columns, frame, filters=False)


def _measures(book: Book, sheet: Any, row: int, coverage: Coverage) -> int:
    texts, lang = book.texts, coverage.settings.lang
    rows: list[tuple[Any, ...]] = [
        (key, texts(f"workbook.column_{key}"), "", texts(f"workbook.definition_{key}"), "") for key in KEY_COLUMNS
    ]
    rows += [(one.key, one.title(lang), one.unit(lang), one.definition(lang), one.source) for one in coverage.measures]
    return _table(
        book, sheet, row, "workbook.measures", names=("key", "title", "unit", "definition", "source"), rows=rows
    )


def _groups(book: Book, sheet: Any, row: int, coverage: Coverage) -> int:
    texts, settings = book.texts, coverage.settings
    rows = []
    for group in coverage.groups:
        reaches = {system: settings.reach_of(group, system) for system in ("dalam", "luar", None)}
        reach = (
            texts("workbook.km", km=reaches[None])
            if len(set(reaches.values())) == 1
            else texts("workbook.km_by_system", inside=reaches["dalam"], outside=reaches["luar"], other=reaches[None])
        )
        sensitive = texts("workbook.sensitive") if group.sensitive else ""
        rows.append((group.key, group.name(settings.lang), reach, group.definition(settings.lang), sensitive))
    return _table(
        book, sheet, row, "workbook.groups", names=("group", "title", "reach", "who", "protection"), rows=rows
    )


def _inputs(book: Book, sheet: Any, row: int, coverage: Coverage) -> int:
    texts = book.texts
    counts = coverage.register.counts
    inputs: list[tuple[str, Source, str]] = [
        ("register", coverage.register.source, texts("workbook.rows", n=counts["baris"])),
        ("boundaries", coverage.boundaries.source, texts("workbook.villages", n=len(coverage.boundaries.desa))),
        ("population", coverage.population.source, texts("workbook.villages", n=len(coverage.population.table))),
    ]
    rows = []
    for key, source, size in inputs:
        about = [source.vintage, source.licence]
        about += [texts("workbook.estimated")] if source.estimated else []
        about += [texts("style.example")] if source.example else []
        rows.append((texts(f"workbook.input_{key}"), source.name, size, "; ".join(filter(None, about)), source.sha256))
    return _table(book, sheet, row, "workbook.inputs", names=("input", "file", "size", "about", "sha256"), rows=rows)


def _lines(book: Book, sheet: Any, row: int, title: str, lines: list[str]) -> int:
    if not lines:
        return row - 1
    row = book.section(sheet, row, book.texts(title), columns=len(_WIDTHS))
    for line in lines:
        row = book.note(sheet, row, f"•  {line}", widths=_WIDTHS)
    return row


def _settings(book: Book, sheet: Any, row: int, coverage: Coverage) -> int:
    from lks_geo.settings import SETTINGS

    texts = book.texts
    rows = []
    for spec in SETTINGS:
        text = _setting_text(book, coverage.settings.public()[spec.target])
        unit = "km" if spec.key.endswith("_km") else ""
        rows.append((spec.key, text, unit, texts(f"settings.help_{spec.key}")))
    return _table(book, sheet, row, "workbook.settings", names=("setting", "value", "unit", "meaning"), rows=rows)


def _setting_text(book: Book, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return book.texts("workbook.yes" if value else "workbook.no")
        case float():
            return book.texts.plain(value)
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
