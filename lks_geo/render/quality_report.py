"""The quality report of a register, for its owner: as a workbook to send back to the offices, as CSV, as JSON.

The workbook holds a summary, one list per kabupaten, then every row of the register.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import Texts, msg
from lks_geo.render import style
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column
from lks_geo.render.frames import write_csv_file
from lks_geo.render.quality_rows import (
    field_title,
    issues_frame,
    outcome_title,
    passed_over_text,
    quality_head,
    quality_lines,
    quality_stamps,
    reconciled,
    rows_frame,
)
from lks_geo.tables import LOCATIONS, OUTCOMES, Boundaries, Register

_FIXED_DAY = date(2000, 1, 1)
_WIDTHS = (36.0, 44.0, 16.0, 16.0, 16.0)
_ROWS_FRONT = (
    "hasil", "lembar", "nomor", "id", "nama", "masalah", "kelompok", "aktif", "desa", "kecamatan", "kabupaten",
    "lokasi",
)  # fmt: skip
"""The columns of the list of all rows that are not folded; a very long list has these only."""
_LONG_LIST = 20_000
_IF_ANY = ("lembar", "id", "desa", "kecamatan", "sebelum", "sesudah")
"""Columns that a list of remarks leaves out when they say nothing."""
_LIST_LETTERS = 255
"""The longest list of choices that a cell can carry in itself."""
_OUTCOME_COLOURS = {"ditolak": "#E9C9D3", "meragukan": "#F6E7C8", "diperbaiki": "#E6EEF3"}


def write_quality(
    path: Path, register: Register, *, boundaries: Boundaries,
    lang: str = "id", overwrite: bool = False, internal: bool = False,
) -> None:  # fmt: skip
    """Write the quality report of a register; the suffix (.xlsx, .csv, .json) decides the form.

    `internal` says that sensitive rows are shown, and stamps the report.
    """
    suffix = path.suffix.lower()
    if suffix not in {".xlsx", ".csv", ".json"}:
        raise RequestError(
            msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=".xlsx, .csv, .json")
        )
    texts = Texts(lang)
    stamps = quality_stamps(register, texts, internal=internal)
    with whole_file(path, overwrite=overwrite) as temporary:
        if suffix == ".json":
            with temporary.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(_json_parts(register, lang, internal=internal))
        elif suffix == ".csv":
            write_csv_file(temporary, rows_frame(register, texts).assign(cap=" · ".join(stamps)))
        else:
            _write_workbook(temporary, register, boundaries, texts, stamps)


def _json_parts(register: Register, lang: str, *, internal: bool) -> Iterator[str]:
    """JSON with one line per row of the register: quick to write and to compare."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    head = quality_head(register, lang=lang, internal=internal)
    yield "{" + ",\n".join(f'"{name}": {encode(value)}' for name, value in head.items())
    yield ',\n"baris": [\n'
    for number, row in enumerate(quality_lines(register, lang=lang)):
        yield (",\n" if number else "") + encode(row)
    yield "\n]}\n"


def _write_workbook(
    path: Path, register: Register, boundaries: Boundaries, texts: Texts, stamps: tuple[str, ...]
) -> None:
    issues = issues_frame(register, boundaries, texts)
    remarks = issues_frame(register, boundaries, texts, remarks=True)
    everything = rows_frame(register, texts)
    title = texts("quality.title", name=register.source.name)
    size = everything.size + issues.size + remarks.size
    with Book(path=path, texts=texts, title=title, agency="", day=_FIXED_DAY, stamps=stamps, cells=size) as book:
        summary = book.sheet(texts("quality.sheet_summary"), colour=style.ACCENT)
        parts = _per_kabupaten(book, issues, boundaries)
        if len(remarks):
            _issue_sheet(book, texts("quality.sheet_remarks"), remarks, texts("quality.remarks_title"), answers=False)
        rejected = everything[everything["hasil"] == "ditolak"]
        if len(rejected):
            _rows_sheet(book, texts("quality.sheet_rejected"), rejected, texts("quality.rejected_title"), fold=False)
        _rows_sheet(book, texts("quality.sheet_rows"), everything, texts("quality.rows_title"), fold=True)
        _summary(book, summary, register, issues, parts)


def issue_columns(texts: Texts, *, answers: bool) -> list[Column]:
    """The columns of a list of remarks; with `answers` an empty one to fill in."""
    wide = {"pesan": 44.0, "sebelum": 17.0, "sesudah": 17.0, "isian": 34.0, "nama": 25.0}
    names = ["hasil", "lembar", "nomor", "id", "nama", "desa", "kecamatan", "kolom", "pesan", "sebelum", "sesudah"]
    names += ["isian"] if answers else []
    columns = [
        Column(
            key=name,
            title=texts(f"quality.column_{name}"),
            kind="count" if name == "nomor" else "long" if name in wide else "text",
            number="0",
            width=wide.get(name),
        )
        for name in names
    ]
    if answers:
        columns.append(Column(key="jawaban", title=texts("quality.column_jawaban"), kind="answer", width=24))
    return columns


def _per_kabupaten(book: Book, issues: pd.DataFrame, boundaries: Boundaries) -> dict[str | None, str]:
    """One sheet per kabupaten with remarks, by code (None: not known); returns the name of each sheet."""
    parts: dict[str | None, str] = {}
    texts = book.texts
    names = boundaries.names("kabupaten")["nama"]
    offices: list[tuple[str | None, str | None]] = [*zip(names.index, names, strict=True), (None, None)]
    for code, name in offices:
        faults = _own(issues, code)
        if faults.any():
            title = texts("quality.no_kabupaten_title") if name is None else texts("quality.kabupaten_title", name=name)
            parts[code] = _issue_sheet(book, name or texts("quality.sheet_no_kabupaten"), issues[faults], title)
    return parts


def _own(issues: pd.DataFrame, code: str | None) -> pd.Series[bool]:
    """The remarks of the office of one kabupaten. By code: Kota X and Kabupaten X are two offices."""
    return issues["kode_asal"].isna() if code is None else issues["kode_asal"] == code


def _issue_sheet(book: Book, name: str, issues: pd.DataFrame, title: str, *, answers: bool = True) -> str:
    texts = book.texts
    frame = issues.reset_index(drop=True).assign(jawaban=None)
    frame["hasil"] = [outcome_title(outcome, texts) for outcome in frame["hasil"]]
    columns = [
        column
        for column in issue_columns(texts, answers=answers)
        if column.key not in _IF_ANY or frame[column.key].notna().any()
    ]
    sheet = book.sheet(name)
    book.heading(sheet, title, back=texts("quality.sheet_summary"))
    last = book.table(sheet, 2, columns, frame)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 2)
    colour_outcomes(book, sheet, 0, 3, last - 1)
    if answers:
        _offer(book, sheet, len(columns) - 1, frame["pilihan"])
    written: str = sheet.get_name()
    return written


def _offer(book: Book, sheet: Any, column: int, choices: pd.Series[Any]) -> None:
    """Drop-downs with what may be meant, in the cells for answers; any other answer is taken too."""
    for line, offered in enumerate(choices, start=3):
        if isinstance(offered, tuple) and len(",".join(offered)) <= _LIST_LETTERS:
            hint = {"input_title": book.texts("quality.offered"), "error_type": "information", "show_error": False}
            sheet.data_validation(line, column, line, column, {"validate": "list", "source": list(offered), **hint})


def colour_outcomes(book: Book, sheet: Any, column: int, first: int, last: int) -> None:
    """Light colours for the outcomes that need a look."""
    for outcome, colour in _OUTCOME_COLOURS.items():
        sheet.conditional_format(
            first, column, last, column,
            {
                "type": "cell", "criteria": "==", "value": f'"{outcome_title(outcome, book.texts)}"',
                "format": book.look(bg_color=colour),
            },
        )  # fmt: skip


def _rows_sheet(book: Book, name: str, rows: pd.DataFrame, title: str, *, fold: bool) -> None:
    texts = book.texts
    frame = rows.reset_index(drop=True)
    frame["hasil"] = [outcome_title(outcome, texts) for outcome in frame["hasil"]]
    frame["lokasi"] = frame["lokasi"].map({location: texts(f"workbook.lokasi_{location}") for location in LOCATIONS})
    kinds = {"nomor": "count", "kapasitas": "people", "klien": "people", "lintang": "degrees", "bujur": "degrees"}
    kinds |= {"aktif": "flag", "badan_hukum": "flag", "masalah": "long"}
    numbers = {"nomor": "0", "lintang": "0.000000", "bujur": "0.000000"}
    columns = [
        Column(
            key=column,
            title=field_title(column, texts),
            kind=kinds.get(column, "text"),
            number=numbers.get(column, "#,##0"),
            width=60 if column == "masalah" else None,
            folded=fold and column not in _ROWS_FRONT,
        )
        for column in (*_ROWS_FRONT, *(() if fold and len(frame) > _LONG_LIST else frame.columns))
        if frame[column].notna().any() or column in {"id", "nama", "masalah"}
    ]
    columns = list({column.key: column for column in columns}.values())
    sheet = book.sheet(name)
    book.heading(sheet, title, back=texts("quality.sheet_summary"))
    last = book.table(sheet, 2, columns, frame)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 2)
    colour_outcomes(book, sheet, 0, 3, max(last - 1, 3))


def _summary(book: Book, sheet: Any, register: Register, issues: pd.DataFrame, parts: dict[str | None, str]) -> None:
    texts = book.texts
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    book.heading(sheet, book.title)
    row = book.note(sheet, 2, reconciled(register, texts)[0], widths=_WIDTHS)
    if register.rows["disamarkan"].any():
        row = book.note(sheet, row, texts("quality.disguised_how_to"), widths=_WIDTHS)
    if parts:
        row = book.note(sheet, row, texts("quality.how_to"), widths=_WIDTHS)
    if not register.status_recorded:
        row = book.note(sheet, row, texts("style.status_not_recorded"), widths=_WIDTHS)
    for note in register.notes:
        row = book.note(sheet, row, texts(note), widths=_WIDTHS)
    row = _outcome_table(book, sheet, row + 1, register.counts)
    row = _kabupaten_table(book, sheet, row + 1, issues, parts)
    row = _headings_table(book, sheet, row + 1, register)
    row = _dropped_table(book, sheet, row + 1, register)
    _sheets_table(book, sheet, row + 1, register)


def _outcome_table(book: Book, sheet: Any, row: int, counts: dict[str, int]) -> int:
    texts = book.texts
    frame = pd.DataFrame(
        {
            "hasil": [outcome_title(outcome, texts) for outcome in OUTCOMES],
            "arti": [texts(f"quality.meaning_{outcome}") for outcome in OUTCOMES],
            "jumlah": [counts[outcome] for outcome in OUTCOMES],
        }
    )
    return _small_table(
        book, sheet, row, texts("quality.by_outcome"), frame=frame, kinds={"arti": "long", "jumlah": "count"}
    )


def _kabupaten_table(book: Book, sheet: Any, row: int, issues: pd.DataFrame, parts: dict[str | None, str]) -> int:
    texts = book.texts
    if not parts:
        return book.note(sheet, row, texts("quality.nothing_to_send"), widths=_WIDTHS, bold=True)
    row = book.section(sheet, row, texts("quality.by_kabupaten"), columns=len(_WIDTHS))
    worst = [outcome for outcome in reversed(OUTCOMES) if outcome != "diterima"]
    titles = [
        texts("quality.column_kabupaten_asal"),
        texts("quality.remarks"),
        *(outcome_title(kind, texts) for kind in worst),
    ]
    for place, title in enumerate(titles):
        sheet.write_string(row, place, title, book.head())
    number = book.format(num_format="#,##0", align="right", bottom=1, bottom_color=style.RULE)
    for code, target in parts.items():
        row += 1
        faults = issues[_own(issues, code)]
        book.link(sheet, row, 0, target, target, bottom=1, bottom_color=style.RULE)
        sheet.write_number(row, 1, len(faults), number)
        rows = faults.drop_duplicates("posisi")["hasil"].value_counts()
        for place, outcome in enumerate(worst, start=2):
            sheet.write_number(row, place, int(rows.get(outcome, 0)), number)
    return row + 1


def _headings_table(book: Book, sheet: Any, row: int, register: Register) -> int:
    texts = book.texts
    lines = [
        {"judul": heading, "isi": field_title(name, texts), "lembar": report.name}
        for report in register.sheets
        for name, heading in report.columns.items()
    ]
    lines += [
        {"judul": heading, "isi": texts("quality.unused"), "lembar": report.name}
        for report in register.sheets
        for heading in report.unused
    ]
    frame = _sheets_together(pd.DataFrame(lines, columns=["judul", "isi", "lembar"]))
    return _small_table(book, sheet, row, texts("quality.headings"), frame=frame)


def _sheets_together(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines that say the same of several sheets as one line that names them all."""
    said = [name for name in lines if name != "lembar"]
    sheets = lines.fillna({"lembar": ""}).groupby(said, sort=False)["lembar"].agg(", ".join)
    return sheets.reset_index()


def _dropped_table(book: Book, sheet: Any, row: int, register: Register) -> int:
    texts = book.texts
    lines = [
        {"judul": heading, "alasan": texts(why), "lembar": report.name}
        for report in register.sheets
        for heading, why in report.dropped.items()
    ]
    if not lines:
        return book.note(sheet, row, texts("quality.no_dropped"), widths=_WIDTHS)
    frame = _sheets_together(pd.DataFrame(lines, columns=["judul", "alasan", "lembar"]))
    return _small_table(book, sheet, row, texts("quality.dropped"), frame=frame, kinds={"alasan": "long"})


def _sheets_table(book: Book, sheet: Any, row: int, register: Register) -> int:
    texts = book.texts
    frame = pd.DataFrame(
        {
            "lembar": [report.name or register.source.name for report in register.sheets],
            "dilewati": [passed_over_text(report, texts) or texts("quality.none") for report in register.sheets],
            "baris": [report.rows for report in register.sheets],
            "baris_judul": [", ".join(map(str, report.header_rows)) for report in register.sheets],
        }
    )
    return _small_table(
        book, sheet, row, texts("quality.sheets"), frame=frame, kinds={"baris": "count", "dilewati": "long"}
    )


def _small_table(
    book: Book, sheet: Any, row: int, title: str, *, frame: pd.DataFrame, kinds: dict[str, str] | None = None
) -> int:
    row = book.section(sheet, row, title, columns=len(_WIDTHS))
    columns: Sequence[Column] = [
        Column(
            key=name,
            title=book.texts(f"quality.column_{name}"),
            kind=(kinds or {}).get(name, "text"),
            number="#,##0",
            width=width,
        )
        for name, width in zip(frame.columns, _WIDTHS, strict=False)
    ]
    return book.table(sheet, row, columns, frame, filters=False)
