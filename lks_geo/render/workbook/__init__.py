"""`cakupan.xlsx`: the coverage as a workbook that a head of office can read, print and filter.

The sheets of areas hold every column of the CSV: the ones that meetings ask for in front, the others folded behind the
[+] of the outline. Rows stand group by group. Cells whose value is not known are blank, never 0.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.book.columns import Column, status_names
from lks_geo.render.book.writer import Book
from lks_geo.render.cells import number_format, stamps
from lks_geo.render.frames import places_frame, shown, table_frame, unserved_frame
from lks_geo.render.quality.sheets import write_issue_overview
from lks_geo.render.workbook.method import write_method
from lks_geo.render.workbook.sensitivity import write_sensitivity
from lks_geo.render.workbook.summary import write_summary
from lks_geo.said.area_names import place_name
from lks_geo.tables import KEY_COLUMNS, Coverage

SHEETS = ("kabupaten", "kecamatan", "desa", "belum_terlayani", "lks", "mutu", "kepekaan", "metode")
"""The sheets after the summary, in their order (catalogue keys `workbook.sheet_*`).

Sheets of levels that the coverage does not have are left out, and so is `kepekaan` without its table.
"""

_FRONT = {
    "desa": (
        "kode", "nama", "kecamatan", "kabupaten", "kelompok", "status", "prioritas", "jumlah_lks", "sasaran",
        "terjangkau", "belum_terjangkau", "cakupan", "jarak_km", "lks_terdekat",
    ),
    "kecamatan": (
        "kode", "nama", "kabupaten", "kelompok", "status", "jumlah_desa", "desa_belum_terlayani", "jumlah_lks",
        "sasaran", "terjangkau", "belum_terjangkau", "cakupan", "jarak_km",
    ),
    "kabupaten": (
        "kode", "nama", "kelompok", "status", "jumlah_desa", "desa_belum_terlayani", "jumlah_lks",
        "sasaran", "terjangkau", "belum_terjangkau", "cakupan", "jarak_km",
    ),
}  # fmt: skip
"""The columns in front, by level; all others follow, folded."""

_PLACE_KINDS = {
    "dihitung": "flag", "aktif": "flag", "badan_hukum": "flag", "berlaku_sampai": "date", "kapasitas": "people",
    "klien": "people", "lintang": "degrees", "bujur": "degrees", "nomor": "count",
}  # fmt: skip
_PLACE_NUMBERS = {"lintang": "0.000000", "bujur": "0.000000", "nomor": "0"}
_PLACE_FRONT = (
    "id", "nama", "kelompok", "sistem", "dihitung", "aktif", "badan_hukum", "perkembangan", "akreditasi",
    "berlaku_sampai", "kapasitas", "desa", "kecamatan", "kabupaten", "lokasi", "hasil",
)  # fmt: skip


def write_workbook(path: Path, coverage: Coverage, *, overwrite: bool = False) -> None:
    """Write the whole workbook. The coverage is protected first if it is not yet."""
    coverage = shown(coverage)
    texts = Texts(coverage.settings.lang)
    with whole_file(path, overwrite=overwrite) as temporary, _book(temporary, coverage, texts) as book:
        summary = book.sheet(texts("workbook.sheet_ringkasan"), colour=style.ACCENT)
        absent = {level for level in _FRONT if level not in set(coverage.table["level"])}
        if coverage.sensitivity is None:
            absent.add("kepekaan")
        names: dict[str, str] = {}
        for key in (key for key in SHEETS if key not in absent):
            sheet = book.sheet(texts(f"workbook.sheet_{key}"))
            names[key] = sheet.get_name()
            if key in _FRONT:
                _area_sheet(book, sheet, coverage, key)
            elif key == "belum_terlayani":
                _unserved_sheet(book, sheet, coverage)
            elif key == "lks":
                _places_sheet(book, sheet, coverage)
            elif key == "mutu":
                write_issue_overview(book, sheet, coverage.register, coverage.boundaries)
            elif key == "kepekaan":
                write_sensitivity(book, sheet, coverage)
            else:
                write_method(book, sheet, coverage)
        write_summary(book, summary, coverage, names)


def write_unserved_workbook(path: Path, coverage: Coverage, *, top: int | None = None) -> None:
    """Write the list of unserved desa alone as a workbook to `path` (a temporary file of the caller)."""
    texts = Texts(coverage.settings.lang)
    with _book(path, coverage, texts) as book:
        _unserved_sheet(book, book.sheet(texts("workbook.sheet_belum_terlayani")), coverage, top=top, back=False)


def _book(path: Path, coverage: Coverage, texts: Texts) -> Book:
    settings = coverage.settings
    marks = stamps(coverage.register.source, internal=settings.internal)
    return Book(
        path=path,
        texts=texts,
        title=settings.title or texts("workbook.title", area=place_name(coverage)),
        agency=settings.agency,
        day=settings.day,
        stamps=tuple(texts(mark) for mark in marks),
        cells=int(coverage.table.size),
    )


def area_columns(coverage: Coverage, texts: Texts, level: str) -> list[Column]:
    """The columns of the sheet of a level: the front ones, then all others folded."""
    lang = coverage.settings.lang
    by_key = {key: Column(key=key, title=texts(f"workbook.column_{key}")) for key in KEY_COLUMNS}
    for measure in coverage.measures:
        unit = measure.unit(lang)
        with_unit = (
            unit and measure.kind in {"people", "km", "ratio"} and unit.casefold() not in measure.title(lang).casefold()
        )
        by_key[measure.key] = Column(
            key=measure.key,
            title=f"{measure.title(lang)} ({unit})" if with_unit else measure.title(lang),
            kind=measure.kind,
            number=number_format(measure),
            help=measure.definition(lang),
        )
    front = [key for key in _FRONT[level] if key in by_key]
    rest = [key for key in by_key if key not in front]
    return [by_key[key] for key in front] + [replace(by_key[key], folded=True) for key in rest]


def _by_group(frame: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    order = {group.key: place for place, group in enumerate(coverage.groups)}
    rows = frame.assign(_group=frame["kelompok"].map(order))
    return rows.sort_values("_group", kind="stable").drop(columns="_group").reset_index(drop=True)


def _group_breaks(frame: pd.DataFrame) -> list[int]:
    groups = frame["kelompok"].to_numpy(dtype=object)
    return [int(place) for place in np.flatnonzero(groups[1:] != groups[:-1]) + 1]


def _area_sheet(book: Book, sheet: Any, coverage: Coverage, level: str) -> None:
    texts = book.texts
    table = table_frame(coverage)
    frame = _by_group(table[table["level"] == level], coverage)
    frame["status"] = status_names(frame["status"], texts)
    columns = area_columns(coverage, texts, level)
    title = texts("workbook.level_title", level=texts(f"workbook.sheet_{level}"), area=place_name(coverage))
    _measured_sheet(book, sheet, columns, frame, title, back=True)


def _measured_sheet(
    book: Book, sheet: Any, columns: list[Column], frame: pd.DataFrame, title: str, *, back: bool
) -> None:
    """A table sheet with titles in row 3 and keys in row 4, frozen, filtered, and coloured like the map."""
    keys = [column.key for column in columns]
    book.heading(sheet, title, back=book.texts("workbook.sheet_ringkasan") if back else None)
    last = book.table(sheet, 2, columns, frame, keys=True, breaks=_group_breaks(frame)) - 1
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 3, fixed=keys.index("nama") + 1 if "nama" in keys else 0)
    if len(frame):
        if "status" in keys:
            book.colour_status(sheet, keys.index("status"), 4, last)
        if "cakupan" in keys:
            book.colour_share(sheet, keys.index("cakupan"), 4, last)


def _unserved_sheet(book: Book, sheet: Any, coverage: Coverage, *, top: int | None = None, back: bool = True) -> None:
    texts = book.texts
    frame = unserved_frame(coverage, top=top)
    known = {column.key: column for column in area_columns(coverage, texts, "desa")}
    columns = [
        Column(key="nama_lks_terdekat", title=texts("workbook.column_nama_lks_terdekat"))
        if key == "nama_lks_terdekat"
        else Column(
            key=key, title=known[key].title, kind=known[key].kind, number=known[key].number, help=known[key].help
        )
        for key in frame.columns
        if key not in {"kode_bps", "status"}
    ]
    title = texts("workbook.unserved_title", area=place_name(coverage), n=len(frame))
    _measured_sheet(book, sheet, columns, frame, title, back=back)


def _places_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    texts = book.texts
    frame = places_frame(coverage)
    for key in ("lokasi", "hasil"):
        frame[key] = frame[key].map({one: texts(f"workbook.{key}_{one}") for one in frame[key].dropna().unique()})
    order = [*_PLACE_FRONT, *(key for key in frame.columns if key not in _PLACE_FRONT)]
    columns = [
        Column(
            key=key,
            title=texts(f"workbook.place_{key}"),
            kind=_PLACE_KINDS.get(key, "text"),
            number=_PLACE_NUMBERS.get(key, "#,##0"),
            folded=key not in _PLACE_FRONT,
        )
        for key in order
    ]
    book.heading(sheet, texts("workbook.places_title", n=len(frame)), back=texts("workbook.sheet_ringkasan"))
    book.table(sheet, 2, columns, frame, keys=True)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 3, fixed=2)
