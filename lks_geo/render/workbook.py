"""`cakupan.xlsx`: the coverage as a workbook that a head of office can read, print and filter.

The sheets of areas hold every column of the CSV: the ones that meetings ask for in front, the others folded behind the
[+] of the outline. Rows stand group by group. Cells whose value is not known are blank, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.book import FIRST_ROW, HEAD, Book
from lks_geo.render.book_columns import GROUP_NUMBER, Column, number_format, status_names
from lks_geo.render.frames import stamps, table_frame
from lks_geo.render.method_sheet import write_method
from lks_geo.render.profile_sheets import write_places_sheet, write_profile_sheet, write_training_sheet
from lks_geo.render.quality_report import colour_outcomes
from lks_geo.render.quality_rows import fault_counts, outcome_title, reconciled
from lks_geo.render.summary_sheet import write_summary
from lks_geo.said.areas import place_name, unserved_lists
from lks_geo.said.assumptions import definition, distance_way, known_part, named_share, reach_notes, view_notes
from lks_geo.said.profile import rows_in_view
from lks_geo.said.small_tables import share_by_reach
from lks_geo.tables import KEY_COLUMNS, Coverage

SHEETS = (
    "profil", "pembinaan", "kabupaten", "kecamatan", "desa", "belum_terlayani", "lks", "mutu", "kepekaan", "metode",
)  # fmt: skip
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
        "lks_disamarkan", "desa_diketahui", "sasaran", "terjangkau", "belum_terjangkau", "cakupan", "jarak_km",
    ),
    "kabupaten": (
        "kode", "nama", "kelompok", "status", "jumlah_desa", "desa_belum_terlayani", "jumlah_lks", "lks_disamarkan",
        "desa_diketahui", "sasaran", "terjangkau", "belum_terjangkau", "cakupan", "jarak_km",
    ),
}  # fmt: skip
"""The columns in front, by level; all others follow, folded."""

_SUMMED = {
    "jumlah_desa", "desa_belum_terlayani", "desa_diketahui", "jumlah_lks", "lks_disamarkan", "lks_tanpa_titik",
    "sasaran", "terjangkau", "belum_terjangkau", "kapasitas",
}  # fmt: skip
"""The columns whose numbers may be added up within a group."""

_LINES = ("#16222E", "#6E1036", "#C97A1B", "#1D4B66", "#77539B", "#357B7C")
_MARKS = ("circle", "square", "triangle", "diamond", "x", "plus")


def write_workbook(path: Path, coverage: Coverage, *, overwrite: bool = False) -> None:
    """Write the whole workbook."""
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
            else:
                _WRITERS[key](book, sheet, coverage)
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
            help=definition(measure, coverage.settings),
            summed=measure.key in _SUMMED,
            share_of=("terjangkau", "sasaran") if measure.key == "cakupan" else None,
        )
    front = [key for key in _FRONT[level] if key in by_key]
    rest = [key for key in by_key if key not in front]
    return [by_key[key] for key in front] + [replace(by_key[key], folded=True) for key in rest]


def _by_group(frame: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    order = {group.key: place for place, group in enumerate(coverage.groups)}
    return frame.sort_values("kelompok", key=lambda keys: keys.map(order), kind="stable", ignore_index=True)


def _group_breaks(frame: pd.DataFrame) -> list[int]:
    groups = frame["kelompok"].to_numpy(dtype=object)
    return [int(place) for place in np.flatnonzero(groups[1:] != groups[:-1]) + 1]


def _area_sheet(book: Book, sheet: Any, coverage: Coverage, level: str) -> None:
    texts = book.texts
    table = table_frame(coverage)
    frame = _by_group(table[table["level"] == level], coverage)
    title = texts("workbook.level_title", level=texts(f"workbook.sheet_{level}"), area=place_name(coverage))
    frame["status"] = status_names(frame["status"], texts)
    columns = area_columns(coverage, texts, level)
    if level != "desa":
        columns = [_with_known_part(column, frame, texts) for column in columns]
    _measured_sheet(book, sheet, coverage, columns, frame, title, back=True)


def _with_known_part(column: Column, frame: pd.DataFrame, texts: Texts) -> Column:
    """The column of the desa whose target is known, its numbers shown as "(30 dari 648 desa)" where some are not."""
    if column.key != "desa_diketahui":
        return column
    pairs = zip(frame["desa_diketahui"], frame["jumlah_desa"], strict=True)
    parts = [texts(known_part(known, desa)).strip() for known, desa in pairs]
    numbers = tuple(f'"{text}"' if text else column.number for text in parts)
    width = max(11.0, *(len(text) * 1.1 for text in parts)) if any(parts) else None
    return replace(column, numbers=numbers, width=width)


def _measured_sheet(
    book: Book, sheet: Any, coverage: Coverage, columns: list[Column], frame: pd.DataFrame, title: str, *, back: bool
) -> None:
    """A table sheet with the sums of its filter above the titles, frozen, filtered, and coloured like the map."""
    texts, groups = book.texts, {group.key: group for group in coverage.groups}
    breaks, order = _group_breaks(frame), {key: place for place, key in enumerate(groups, start=1)}
    number = Column(key=GROUP_NUMBER, title=texts("workbook.group_number"), kind="count", number="0", folded=True)
    columns = [*columns, number]
    frame = frame.assign(**{GROUP_NUMBER: frame["kelompok"].map(order)})
    frame["kelompok"] = frame["kelompok"].map({key: group.name(texts.lang) for key, group in groups.items()})
    keys = [column.key for column in columns]
    back_to = texts("workbook.sheet_ringkasan") if back else None
    book.heading(sheet, title, back=back_to, notes=[texts(note) for note in view_notes(coverage)])
    sums = "workbook.sum_with_unreported" if coverage.unreported and "status" in keys else "workbook.sum"
    last = book.table(sheet, HEAD[0], columns, frame, keys=True, sums=sums, breaks=breaks) - 1
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, *HEAD, fixed=keys.index("nama") + 1)
    if len(frame):
        if "status" in keys:
            book.colour_status(sheet, keys.index("status"), FIRST_ROW - 1, last)
            if coverage.unreported:
                book.fade_unreported(sheet, keys.index("status"), FIRST_ROW - 1, last, len(keys))
        if "cakupan" in keys:
            book.colour_share(sheet, keys.index("cakupan"), FIRST_ROW - 1, last)


def _unserved_sheet(book: Book, sheet: Any, coverage: Coverage, *, top: int | None = None, back: bool = True) -> None:
    texts = book.texts
    frame = unserved_lists(coverage, top=top)
    known = {column.key: replace(column, folded=False) for column in area_columns(coverage, texts, "desa")}
    for key in ("no", "nama_lks_terdekat"):
        known[key] = Column(key=key, title=texts(f"workbook.column_{key}"), kind="count" if key == "no" else "text")
    columns = [known[key] for key in frame.columns if key != "kode_bps"]
    title = texts("workbook.unserved_title", area=place_name(coverage), n=len(frame))
    _measured_sheet(book, sheet, coverage, columns, frame, title, back=back)


def _quality_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    """How the register was read: counts only, because not only its owner reads this workbook."""
    texts, register = book.texts, coverage.register
    counts = fault_counts(register, coverage.boundaries, coverage.settings.kabupaten)
    frame = counts.assign(
        hasil=[outcome_title(outcome, texts) for outcome in counts["hasil"]],
        jenis=[texts(f"register.kind_{kind}") for kind in counts["jenis"]],
        kabupaten_asal=counts["kabupaten_asal"].fillna(texts("quality.sheet_no_kabupaten")),
    )
    columns = [
        Column(key="kabupaten_asal", title=texts("quality.column_kabupaten_asal"), width=28),
        Column(key="hasil", title=texts("quality.column_hasil"), width=14),
        Column(key="jenis", title=texts("quality.column_jenis"), kind="long", width=70),
        Column(key="jumlah", title=texts("quality.column_catatan"), kind="count", number="#,##0", width=12),
    ]
    book.heading(sheet, texts("quality.title", name=register.source.name), back=book.names[0])
    widths = [column.width or 0 for column in columns]
    notes, disguised = reconciled(register, texts, coverage.settings.kabupaten), rows_in_view(coverage)["disamarkan"]
    notes += [texts("quality.disguised_rows", n=disguised)] if disguised else []
    row = 2
    for note in (*notes, texts("quality.rows_elsewhere")):
        row = book.note(sheet, row, note, widths=widths)
    last = book.table(sheet, row, columns, frame)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, row, row)
    if len(frame):
        colour_outcomes(book, sheet, 1, row + 1, last - 1)


def _sensitivity_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    """Fill the sheet from `coverage.sensitivity`: one row per reach, one column per group, shares 0-1."""
    if coverage.sensitivity is None:
        raise ValueError("the coverage carries no sensitivity table")
    texts = book.texts
    wide, groups = share_by_reach(coverage, coverage.sensitivity)
    frame = wide.reset_index().rename_axis(columns=None)
    names = {group.key: named_share(coverage, group.key) for group in groups}
    columns = [
        Column(key="jangkauan_km", title=texts("workbook.reach_km"), kind="km", number="0.##", width=16),
        *(Column(key=key, title=name, kind="share", number="0.0%", width=16) for key, name in names.items()),
    ]
    book.heading(sheet, texts("workbook.sensitivity_title"), back=texts("workbook.sheet_ringkasan"))
    book.widths(sheet, columns, frame)
    widths = [16.0] * max(len(columns), 5)
    settings = coverage.settings
    reaches = "; ".join(map(texts, reach_notes(settings)))
    note = texts("workbook.sensitivity_note", way=distance_way(settings), reaches=reaches)
    book.note(sheet, 2, note, widths=widths)
    below = book.table(sheet, 3, columns, frame, filters=False)
    chart = share_lines(book, sheet, range(4, 4 + len(frame)), list(names.values()))
    chart.set_title({"name": book.texts("workbook.sensitivity_title"), "name_font": {"size": 12}})
    chart.set_x_axis({"name": book.texts("workbook.reach_km"), "min": 0, "major_gridlines": {"visible": False}})
    sheet.insert_chart(below + 1, 0, chart, {"object_position": 1})


def share_lines(book: Book, sheet: Any, rows: range, names: Sequence[str], *, kind: str = "scatter") -> Any:
    """A native chart of shares on a sheet, one line per column from the second on; the first says where along the line
    a row stands: numbers (`scatter`) or names (`line`)."""
    chart = book.chart(kind, "straight_with_markers" if kind == "scatter" else "")
    first, last, tab = rows[0], rows[-1], sheet.get_name()
    for place, name in enumerate(names, start=1):
        colour = _LINES[(place - 1) % len(_LINES)]
        mark = {"type": _MARKS[(place - 1) % len(_MARKS)], "size": 6, "fill": {"color": colour}}
        chart.add_series(
            {
                "name": name,
                "categories": [tab, first, 0, last, 0],
                "values": [tab, first, place, last, place],
                "line": {"color": colour, "width": 1.75},
                "marker": mark | {"border": {"color": colour}},
            }
        )
    ruled = {"visible": True, "line": {"color": style.RULE}}
    chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1, "major_gridlines": ruled})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 360})
    return chart


_WRITERS: dict[str, Callable[[Book, Any, Coverage], None]] = {
    "belum_terlayani": _unserved_sheet, "lks": write_places_sheet, "mutu": _quality_sheet,
    "kepekaan": _sensitivity_sheet, "metode": write_method, "profil": write_profile_sheet,
    "pembinaan": write_training_sheet,
}  # fmt: skip
