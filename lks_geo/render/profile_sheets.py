"""The LKS in sheets: the list of those that may be listed, the register's own profile, the list for the next training.

Profile and list for training are files of their own as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.files import whole_file, whole_files
from lks_geo.messages import Message, Texts
from lks_geo.render import style
from lks_geo.render.book import HEAD, Book
from lks_geo.render.book_columns import Column
from lks_geo.render.frames import (
    disguised_frame,
    places_frame,
    plain,
    stamped,
    stamps,
    style_for_people,
    table_notes,
    write_csv_file,
    write_csv_for_people,
)
from lks_geo.said.areas import place_name
from lks_geo.said.headlines import sentence
from lks_geo.said.profile import (
    PROFILE_COLUMNS,
    TRAINING_COLUMNS,
    WHOLE,
    profile_headline,
    profile_notes,
    profile_table,
    row_names,
    training_headline,
    training_list,
)
from lks_geo.tables import TOTAL, Coverage

_TEXTS = {"kode", "kabupaten", "kelompok"}
_TRAINING_KINDS = {"no": "count", "berlaku_sampai": "date", "bergantung": "people", "alasan": "long"}
_CHARTED = ("tumbuh", "berkembang", "mandiri")
_CHART_COLOURS = ("#C97A1B", "#77539B", "#1D4B66")


_PLACE_KINDS = {
    "dihitung": "flag", "aktif": "flag", "badan_hukum": "flag", "berlaku_sampai": "date", "kapasitas": "people",
    "klien": "people", "lintang": "degrees", "bujur": "degrees",
}  # fmt: skip
_VALUES = ("dalam", "luar", "tumbuh", "berkembang", "mandiri", "belum")
"""The values of a place that are words, not ranks: `workbook.value_<value>`."""
_PLACE_NUMBERS = {"lintang": "0.000000", "bujur": "0.000000"}
_PLACE_FRONT = (
    "id", "nama", "kelompok", "sistem", "dihitung", "aktif", "badan_hukum", "perkembangan", "akreditasi",
    "berlaku_sampai", "kapasitas", "desa", "kecamatan", "kabupaten", "lokasi", "hasil",
)  # fmt: skip


def write_places_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    """The places that may be listed, then, in sums, those that may not."""
    texts = book.texts
    frame = places_frame(coverage)
    for key in ("lokasi", "hasil"):
        frame[key] = frame[key].map({value: texts(f"workbook.{key}_{value}") for value in frame[key].dropna().unique()})
    words = {group.key: group.name(texts.lang) for group in coverage.settings.groups}
    words |= {value: texts(f"workbook.value_{value}") for value in _VALUES}
    for key in ("kelompok", "sistem", "perkembangan", "akreditasi"):
        frame[key] = frame[key].map(partial(_in_words, words), na_action="ignore")
    order = [*_PLACE_FRONT, *(key for key in frame.columns if key not in _PLACE_FRONT)]
    columns = [
        Column(
            key=key,
            title=texts(f"workbook.place_{key}"),
            kind=_PLACE_KINDS.get(key, "text"),
            number=_PLACE_NUMBERS.get(key, "#,##0"),
            folded=key not in _PLACE_FRONT,
            summed=key in ("kapasitas", "klien"),
        )
        for key in order
    ]
    book.heading(sheet, texts("workbook.places_title", n=len(frame)), back=texts("workbook.sheet_ringkasan"))
    below = book.table(sheet, HEAD[0], columns, frame, keys=True, sums="workbook.sum")
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, *HEAD, fixed=2)
    disguised = disguised_frame(coverage)
    if len(disguised):
        _disguised_table(book, sheet, below + 1, coverage, disguised)


def _in_words(words: Mapping[str, str], cell: str) -> str:
    """The values of a cell ("anak; lansia") in words; one without a word stays as it is."""
    return "; ".join(words.get(value, value) for value in cell.split("; "))


def _disguised_table(book: Book, sheet: Any, row: int, coverage: Coverage, sums: pd.DataFrame) -> None:
    texts = book.texts
    names = {group.key: group.name(texts.lang) for group in coverage.groups}
    row = book.section(sheet, row, texts("workbook.disguised_title"), columns=len(sums.columns))
    # The columns are as wide as those of the places above: id, name, groups, system.
    columns = [
        Column(key="kabupaten", title=texts("workbook.place_kabupaten")),
        Column(key="nama", title=texts("workbook.place_kecamatan")),
        Column(key="kelompok", title=texts("workbook.column_kelompok")),
        Column(key="lks_disamarkan", title=texts("workbook.column_disguised"), kind="count", number="#,##0"),
    ]
    book.table(sheet, row, columns, sums.assign(kelompok=sums["kelompok"].map(names)), filters=False)


def write_profile_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    """The profile: rows of all LKS in front, then those of each group; a native chart of the stages."""
    texts = book.texts
    frame = named_profile(coverage)
    columns = [
        Column(
            key=key, title=texts(f"profile.column_{key}"), kind="text" if key in _TEXTS else "count", number="#,##0",
            folded=key == "kode" or (key.endswith("_diketahui") and not frame[key].any()),
        )
        for key in PROFILE_COLUMNS
    ]  # fmt: skip
    columns = [*columns[1:3], columns[0], *columns[3:]]
    title = texts("profile.title", area=place_name(coverage))
    book.heading(sheet, title, back=_summary(book), notes=(texts(profile_headline(coverage)),))
    book.widths(sheet, columns, frame)
    below = book.table(sheet, 2, columns, frame, breaks=_area_breaks(frame))
    book.repeat_head(sheet, 2, 2, fixed=2)
    row = _notes(book, sheet, below + 1, profile_notes(coverage))
    sheet.insert_chart(row + 1, 0, _stages(book, sheet, frame, columns), {"object_position": 1})


def write_training_sheet(book: Book, sheet: Any, coverage: Coverage) -> None:
    """The list for the next training, a line above each kabupaten."""
    texts, frame = book.texts, named_training(coverage)
    columns = [
        Column(
            key=key, title=texts(f"profile.column_{key}"), kind=_TRAINING_KINDS.get(key, "text"), number="#,##0",
            width=54 if key == "alasan" else None,
        )
        for key in TRAINING_COLUMNS
        if key != "kode_kabupaten"
    ]  # fmt: skip
    book.heading(sheet, texts(training_headline(coverage)), back=_summary(book))
    book.widths(sheet, columns, frame)
    below = book.table(sheet, 2, columns, frame, breaks=_area_breaks(frame))
    book.repeat_head(sheet, 2, 2, fixed=1)
    _notes(book, sheet, below + 1, profile_notes(coverage, listed=True))


def write_profile(
    path: Path, coverage: Coverage, *, overwrite: bool = False, csv_style: str | None = None
) -> list[Path]:
    """Profile and list as .xlsx, .json, or .csv (the list beside it, `<name>-pembinaan.csv`); returns what is made.

    The CSV is for people, with a first line on what it is; `csv_style` "raw" (or "intl") makes it for programs.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        beside = path.with_name(f"{path.stem}-pembinaan.csv")
        with whole_files(path, beside, overwrite=overwrite) as (first, second):
            if style := style_for_people(csv_style, coverage.settings.lang):
                _write_for_people(first, second, coverage, style)
            else:
                write_csv_file(first, stamped(profile_table(coverage), coverage), style="raw")
                write_csv_file(second, stamped(_as_cells(training_list(coverage)), coverage), style="raw")
        return [path, beside]
    with whole_file(path, overwrite=overwrite) as temporary:
        if suffix == ".json":
            text = json.dumps(_as_json(coverage), ensure_ascii=False, indent=2, allow_nan=False)
            temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
        else:
            _write_workbook(temporary, coverage)
    return [path]


def _write_for_people(profile: Path, training: Path, coverage: Coverage, style: str) -> None:
    """Both tables with their titles, in words, each below a line on what it is."""
    texts = Texts(coverage.settings.lang)
    trained = named_training(coverage).drop(columns="kode_kabupaten")
    trained["berlaku_sampai"] = trained["berlaku_sampai"].dt.strftime("%Y-%m-%d")
    trained["bergantung"] = trained["bergantung"].round().astype("Int64")
    tables = (
        (profile, named_profile(coverage), texts("profile.title", area=place_name(coverage)), False),
        (training, trained, texts(training_headline(coverage)), True),
    )
    for path, frame, title, listed in tables:
        notes = [sentence(texts, note) for note in profile_notes(coverage, listed=listed)]
        facts = [*table_notes(coverage), *notes, texts("said.made", day=coverage.settings.day)]
        titles = [texts(f"profile.column_{key}") for key in frame]
        write_csv_for_people(path, frame, titles, [title, *facts], style=style)


def _write_workbook(path: Path, coverage: Coverage) -> None:
    settings, texts = coverage.settings, Texts(coverage.settings.lang)
    marks = stamps(coverage.register.source, internal=settings.internal)
    title = texts("profile.title", area=place_name(coverage))
    with Book(
        path=path, texts=texts, title=title, agency=settings.agency, day=settings.day,
        stamps=tuple(texts(mark) for mark in marks),
    ) as book:  # fmt: skip
        first, second = (book.sheet(texts(f"workbook.sheet_{name}")) for name in ("profil", "pembinaan"))
        write_profile_sheet(book, first, coverage)
        write_training_sheet(book, second, coverage)


def named_profile(coverage: Coverage) -> pd.DataFrame:
    """The profile with names for groups."""
    table, keys = profile_table(coverage), (TOTAL, *(group.key for group in coverage.groups))
    return table.assign(kelompok=table["kelompok"].map(dict(zip(keys, row_names(coverage), strict=True))))


def named_training(coverage: Coverage) -> pd.DataFrame:
    """The list for the next training with names for groups and reasons, in the language of the run."""
    frame, texts = training_list(coverage), Texts(coverage.settings.lang)
    names = {group.key: group.name(texts.lang) for group in coverage.groups}
    reasons = frame["alasan"].map(lambda keys: "; ".join(texts(f"profile.reason_{key}") for key in keys))
    groups = frame["kelompok"].map(lambda keys: "; ".join(names.get(key, key) for key in keys))
    ranks = frame["akreditasi"].replace({"belum": texts("workbook.value_belum")})
    return frame.assign(alasan=reasons.astype("str"), kelompok=groups.astype("str"), akreditasi=ranks)


def _as_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Tuples as one cell, days as days."""
    joined = {name: frame[name].map("; ".join).astype("str") for name in ("kelompok", "alasan")}
    return frame.assign(**joined, berlaku_sampai=frame["berlaku_sampai"].dt.strftime("%Y-%m-%d"))


def _as_json(coverage: Coverage) -> dict[str, Any]:
    texts = Texts(coverage.settings.lang)
    marks = stamps(coverage.register.source, internal=coverage.settings.internal)
    trained = training_list(coverage)
    days = trained["berlaku_sampai"].dt.strftime("%Y-%m-%d")
    tables = {"profil": profile_table(coverage), "pembinaan": trained.assign(berlaku_sampai=days)}
    return {
        "cap": [texts(mark) for mark in marks],
        "tanggal": coverage.settings.day.isoformat(),
        "catatan": [sentence(texts, note) for note in profile_notes(coverage, listed=True)],
        **{name: _records(frame) for name, frame in tables.items()},
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One object per row, None where not known."""
    cells = [plain(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*cells, strict=True)]


def _summary(book: Book) -> str | None:
    """The sheet to go back to, where there is one."""
    name = book.texts("workbook.sheet_ringkasan")
    return name if name in book.names else None


def _area_breaks(frame: pd.DataFrame) -> list[int]:
    areas = frame["kabupaten"].fillna("").tolist()  # blank: off the map
    return [place for place in range(1, len(areas)) if areas[place] != areas[place - 1]]


def _notes(book: Book, sheet: Any, row: int, notes: Sequence[Message]) -> int:
    look = book.format(font_color=style.INK_SOFT)
    for note in notes:
        sheet.write_string(row, 0, sentence(book.texts, note), look)
        row += 1
    return row


def _stages(book: Book, sheet: Any, frame: pd.DataFrame, columns: list[Column]) -> Any:
    """The stages of each group over all in view, as a native chart of bars."""
    groups = int((frame["kode"] == WHOLE).sum())
    keys, tab, first = [column.key for column in columns], sheet.get_name(), 3
    chart = book.chart("bar", "percent_stacked")
    for key, colour in zip(_CHARTED, _CHART_COLOURS, strict=True):
        place = keys.index(key)
        chart.add_series(
            {
                "name": book.texts(f"profile.column_{key}"),
                "categories": [tab, first, 1, first + groups - 1, 1],
                "values": [tab, first, place, first + groups - 1, place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "font": {"color": style.ink_on(colour)}},
            }
        )
    chart.set_title({"name": book.texts("profile.chart"), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "0%", "label_position": "high"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 640, "height": 320})
    return chart
