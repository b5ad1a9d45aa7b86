"""The sheet "Metode & sumber": what each number means, what was assumed, what went in, how sure it is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lks_geo.messages import Texts
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column
from lks_geo.render.quality_rows import reconciled
from lks_geo.render.summary_sheet import summary_notes
from lks_geo.said.assumptions import certainty_notes, definition, reach_note, run_notes
from lks_geo.said.headlines import sentence
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
    row = _lines(book, sheet, row + 1, "workbook.assumptions", summary_notes(coverage, texts))
    row = _inputs(book, sheet, row + 1, coverage)
    row = _lines(book, sheet, row + 1, "workbook.certainty", _uncertainty(coverage, texts))
    row = _lines(book, sheet, row + 1, "workbook.input_notes", _input_notes(coverage, texts))
    _settings(book, sheet, row + 1, coverage)


def _uncertainty(coverage: Coverage, texts: Texts) -> list[str]:
    """How many places and rows are unsure, over all and per group."""
    total = coverage.totals[TOTAL]
    lines = [
        texts(
            "workbook.certainty_all", counted=total.counted, doubtful=total.doubtful, approximate=total.approximate,
            disguised=total.disguised, tanpa_titik=total.tanpa_titik, luar_wilayah=total.luar_wilayah,
        )
    ]  # fmt: skip
    lines += reconciled(coverage.register, texts, coverage.settings.kabupaten)
    for group in coverage.groups:
        notes = " ".join(sentence(texts, note) for note in certainty_notes(coverage, group.key))
        if notes:
            lines.append(f"{group.name(texts.lang)}: {notes}")
    lines.append(texts("workbook.certainty_range"))
    return lines


def _input_notes(coverage: Coverage, texts: Texts) -> list[str]:
    """What was said while the inputs were read and the measures made, and further sources named by the settings."""
    lines = [texts(note) for note in run_notes(coverage)]
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
    rows += [
        (measure.key, measure.title(lang), measure.unit(lang), definition(measure, coverage.settings), measure.source)
        for measure in coverage.measures
    ]
    return _table(
        book, sheet, row, "workbook.measures", names=("key", "title", "unit", "definition", "source"), rows=rows
    )


def _groups(book: Book, sheet: Any, row: int, coverage: Coverage) -> int:
    texts, settings = book.texts, coverage.settings
    rows = []
    for group in coverage.groups:
        reach = texts(reach_note(settings, group.key))
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
    if coverage.population.base is not None:
        inputs.append(("estimate", coverage.population.base, ""))
    rows = []
    for key, source, size in inputs:
        about = [source.vintage, source.licence]
        about += [texts("workbook.estimated")] if source.estimated else []
        about += [texts("style.example")] if source.example else []
        about += [] if source.name else [texts("said.source_nothing")]
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
    from lks_geo.settings_file import SETTINGS

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
