"""A comparison, of two registers or over the years, as a file: .csv and .json for programs, .xlsx for people.

The table of changes is a file of pairs too: `--pairs` reads it back once its column `keputusan` is filled in. The CSV
has a second one beside it: `<name>-cakupan.csv`, the gains of every area; over the years `<name>-langkah.csv`, what
each step changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.comparing.changes import CHANGE_COLUMNS, FACTS, Comparison
from lks_geo.comparing.gains import CAUSES, GAIN_COLUMNS, status_table
from lks_geo.comparing.sides import DISGUISED_COLUMNS
from lks_geo.files import whole_file, whole_files
from lks_geo.messages import Message, Texts
from lks_geo.render import style
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column, status_names
from lks_geo.render.frames import plain, stamps, write_csv_file
from lks_geo.render.workbook import share_lines
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import counted_note, reach_notes
from lks_geo.said.headlines import sentence
from lks_geo.said.what_changed import (
    Years,
    changes_shown,
    class_counts,
    compared_files,
    comparison_notes,
    counts_sentence,
    gains_shown,
    headline,
    highest_share,
    line_names,
    people_sentence,
    step_sentence,
    step_table,
    year_notes,
    year_sentence,
    year_table,
)
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, Coverage

_PEOPLE = ("sasaran", "luas_km2", "terjangkau", "terjangkau_lama", "terjangkau_baru", "bertambah", "berkurang", *CAUSES)
_KINDS = dict.fromkeys(_PEOPLE, "people") | {
    "jarak_km": "km", "bit": "ratio", "selisih_bit": "ratio", "cakupan_lama": "share", "cakupan_baru": "share",
    "desa": "count", "desa_menjadi_terlayani": "count", "desa_kehilangan_layanan": "count", "lks_lama": "count",
    "lks_baru": "count", "lama": "count", "kini": "count", "alasan": "long", "lks": "count",
    "desa_belum_terlayani": "count", "desa_diketahui": "count", "baris_lama": "count", "baris_baru": "count",
    "cakupan": "share",
} | {f"{fact}_{end}": "text" for fact in FACTS for end in ("lama", "baru")}  # fmt: skip
_FOLDED = (
    "kode_lama", "kode_baru", *(f"{fact}_{end}" for fact in FACTS for end in ("lama", "baru")), "bit", "selisih_bit",
)  # fmt: skip
"""Folded at the end of the sheet of changes and not printed: `alasan` says what they come to."""
_NUMBERS = {"km": "#,##0.0", "ratio": "0.0", "share": "0.0%"}


def write_comparison(
    path: Path, comparison: Comparison, *, overwrite: bool = False, csv_style: str = "intl"
) -> list[Path]:
    """Write the comparison; the suffix decides the format. Returns the files written."""
    beside = areas_beside(path)
    if beside is not None:
        return _write_csv({path: changes_frame(comparison), beside: gains_frame(comparison)}, overwrite, csv_style)
    with whole_file(path, overwrite=overwrite) as temporary:
        if path.suffix.lower() == ".json":
            _write_json(temporary, as_json(comparison))
        else:
            _write_workbook(temporary, comparison)
    return [path]


def write_years(path: Path, years: Years, *, overwrite: bool = False, csv_style: str = "intl") -> list[Path]:
    """Write the line over the years; the suffix decides the format. Returns the files written."""
    beside = areas_beside(path, "langkah")
    if beside is not None:
        return _write_csv({path: year_table(years), beside: step_table(years)}, overwrite, csv_style)
    with whole_file(path, overwrite=overwrite) as temporary:
        if path.suffix.lower() == ".json":
            _write_json(temporary, _years_as_json(years))
        else:
            _write_years_workbook(temporary, years)
    return [path]


def _write_csv(frames: Mapping[Path, pd.DataFrame], overwrite: bool, style: str) -> list[Path]:
    with whole_files(*frames, overwrite=overwrite) as temporary:
        for path, frame in zip(temporary, frames.values(), strict=True):
            write_csv_file(path, frame, style=style)
    return list(frames)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def areas_beside(path: Path, what: str = "cakupan") -> Path | None:
    """The second file of a CSV: the gains of every area (`cakupan`), or each step over the years (`langkah`)."""
    return path.with_name(f"{path.stem}-{what}.csv") if path.suffix.lower() == ".csv" else None


def changes_frame(comparison: Comparison) -> pd.DataFrame:
    """The changes in view: classes as text, then the reasons."""
    texts = Texts(comparison.settings.lang)
    changes = changes_shown(comparison)
    frame = changes[list(CHANGE_COLUMNS)].reset_index(drop=True)
    frame["kelas"] = ["; ".join(kinds) for kinds in changes["kelas"]]
    for name in frame.columns:
        if name not in ("jarak_km", "bit", "selisih_bit") and not isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = pd.array([_text(value) for value in plain(frame[name])], dtype="str")
    for name in ("jarak_km", "bit", "selisih_bit"):
        frame[name] = frame[name].astype(float).replace(float("inf"), float("nan"))
    frame["alasan"] = pd.array([_reasons(reasons, texts) for reasons in changes["alasan"]], dtype="str")
    return frame


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "ya" if value else "tidak"
        case _:
            return str(value)


def _reasons(reasons: Any, texts: Texts) -> str | None:
    return "; ".join(texts(reason) for reason in reasons) or None if isinstance(reasons, tuple) else None


def gains_frame(comparison: Comparison) -> pd.DataFrame:
    """The gains in view, level by level; without single desa where they could tell which LKS was left unnamed."""
    levels = [level for level in LEVELS if level != "desa" or not comparison.unnamed]
    return pd.concat([gains_shown(comparison, level) for level in levels], ignore_index=True)[list(GAIN_COLUMNS)]


def disguised_frame(comparison: Comparison) -> pd.DataFrame:
    """The disguised LKS in view, counted."""
    rows, wanted, chosen = comparison.disguised, comparison.settings.kabupaten, comparison.chosen
    if wanted:
        rows = rows[rows["kode_kecamatan"].str[:5].isin(wanted)]
    if chosen:
        rows = rows[rows["kelompok"].isin(chosen)]
    return rows[list(DISGUISED_COLUMNS)].reset_index(drop=True)


def bridge_frame(comparison: Comparison) -> pd.DataFrame:
    """The old codes that either register uses, what they mean today, and how many rows state them."""
    boundaries, counts = comparison.new.boundaries, (comparison.old.register.bridged, comparison.new.register.bridged)
    names = pd.concat([boundaries.names(level)["nama"] for level in LEVELS])
    rows = [
        {"kode_lama": one.code, "nama_lama": one.name, "kode_baru": one.now, "nama": names.get(one.now)}
        | {f"baris_{end}": count.get(one.code, 0) for end, count in zip(("lama", "baru"), counts, strict=True)}
        for one in boundaries.former
        if any(one.code in count for count in counts)
    ]
    return pd.DataFrame(rows, columns=["kode_lama", "nama_lama", "kode_baru", "nama", "baris_lama", "baris_baru"])


def told(comparison: Comparison, *, meeting: bool = False) -> list[str]:
    """What must stand beside the tables: stamps, counts, headline and people per group, notes, assumptions."""
    settings = comparison.settings
    texts = Texts(settings.lang)
    marks = marks_of(comparison.old, comparison.new)
    counts = sentence(texts, counts_sentence(comparison))
    lines = [*map(texts, marks), f"{compared_files(comparison)}: {counts}"]
    for group in comparison.new.groups:
        parts = [headline(comparison, group.key), people_sentence(comparison, group.key)]
        lines.append(" ".join(sentence(texts, part) for part in parts if part is not None))
    notes = [*comparison_notes(comparison, meeting=meeting), *reach_notes(settings), counted_note(settings)]
    return [*lines, *(sentence(texts, note) for note in notes)]


def told_of_years(years: Years, *, meeting: bool = False) -> list[str]:
    """What must stand beside the line: the line of each group, what each step changed, notes, assumptions."""
    last = years.steps[-1]
    texts, settings = Texts(last.settings.lang), last.settings
    lines = [year_sentence(years, group.key) for group in last.new.groups]
    lines += [step_sentence(years, at) for at in range(len(years.steps))]
    lines += [*year_notes(years, meeting=meeting), *reach_notes(settings), counted_note(settings)]
    return [sentence(texts, line) for line in lines]


def marks_of(*coverages: Coverage) -> tuple[Message, ...]:
    """DATA CONTOH if any register is invented; INTERNAL."""
    either = next((coverage for coverage in coverages if coverage.example), coverages[-1])
    return stamps(either.register.source, internal=either.settings.internal)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything, as programs read it; nulls where not known."""
    sources = {"lama": comparison.old.register.source, "baru": comparison.new.register.source}
    return {
        "sumber": {end: {"nama": source.name, "sha256": source.sha256} for end, source in sources.items()},
        "catatan": told(comparison),
        "lks": _records(changes_frame(comparison)),
        "cakupan": _records(gains_frame(comparison)),
        "status": _records(status_frame(comparison)),
        "disamarkan": _records(disguised_frame(comparison)),
        "jembatan": _records(bridge_frame(comparison)),
    }


def status_frame(comparison: Comparison) -> pd.DataFrame:
    """How many desa in view went from which status to which."""
    return status_table(gains_shown(comparison, "desa"))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): plain(frame[name]) for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _years_as_json(years: Years) -> dict[str, Any]:
    marks = map(Texts(years.steps[-1].settings.lang), marks_of(*years.coverages))
    steps = _records(step_table(years))
    sources = [coverage.register.source for coverage in years.coverages]
    return {
        "sumber": [{"nama": source.name, "sha256": source.sha256} for source in sources],
        "catatan": [*marks, *told_of_years(years)],
        "tahun": _records(year_table(years)),
        "langkah": steps,
        "lks": [{"urutan": at + 1} | class_counts(step) for at, step in enumerate(years.steps)],
    }


def _write_workbook(path: Path, comparison: Comparison) -> None:
    settings = comparison.settings
    texts = Texts(settings.lang)
    marks = marks_of(comparison.old, comparison.new)
    book = _book(path, comparison.old, comparison.new)
    names = settings.group_names
    status, areas = status_frame(comparison), gains_frame(comparison)
    areas["satuan"] = _units(areas, texts)
    for frame in (status, areas):
        frame["kelompok"] = frame["kelompok"].map(names)
        for name in ("status_lama", "status_baru"):
            frame[name] = status_names(frame[name], texts)
    with book:
        lines = told(comparison)[len(marks) :]
        first = 1 + len(comparison.new.groups)
        changes = changes_frame(comparison)
        for name in ("kelompok_lama", "kelompok_baru"):
            changes[name] = _named_groups(changes[name], comparison.settings)
        changes = changes[[*(name for name in changes if name not in _FOLDED), *_FOLDED]]
        _sheet(book, "changes", changes, lines[:first], lines[first:])
        _sheet(book, "areas", areas)
        _sheet(book, "status", status)
        disguised = disguised_frame(comparison).rename(columns={"baru": "kini"})
        disguised["kelompok"] = _named_groups(disguised["kelompok"], comparison.settings)
        if len(disguised):
            _sheet(book, "disguised", disguised)
        if len(bridge := bridge_frame(comparison)):
            _sheet(book, "bridge", bridge)


def _units(frame: pd.DataFrame, texts: Texts) -> pd.Series[Any]:
    return frame["satuan"].map({"orang": texts("comparing.unit_people"), "km2": texts("comparing.unit_km2")})


def _named_groups(column: pd.Series[Any], settings: Settings) -> pd.Series[Any]:
    """Texts of services, "anak; lansia; LDS", with the names of the groups instead of their keys."""
    names, texts = settings.group_names, column.fillna("")
    return texts.map(lambda text: "; ".join(names.get(part, part) for part in text.split("; ")) or None)


def _book(path: Path, *coverages: Coverage) -> Book:
    settings, texts = coverages[-1].settings, Texts(coverages[-1].settings.lang)
    title = settings.title or texts("workbook.title", area=place_name(coverages[-1]))
    stamped = tuple(map(texts, marks_of(*coverages)))
    return Book(path=path, texts=texts, title=title, agency=settings.agency, day=settings.day, stamps=stamped)


def _write_years_workbook(path: Path, years: Years) -> None:
    table, steps = year_table(years), step_table(years)
    book, names = _book(path, *years.coverages), line_names(years)
    for frame in (table, steps):
        frame["kelompok"] = frame["kelompok"].map(names)
        frame["satuan"] = _units(frame, book.texts)
    lines, groups = told_of_years(years), len(names)
    with book:
        sheet = book.sheet(book.texts("comparing.sheet_years"), colour=style.ACCENT)
        _years_sheet(book, sheet, table, lines[:groups], lines[groups:])
        _sheet(book, "year_areas", table.drop(columns=["urutan", "level"]))
        _sheet(book, "steps", steps.drop(columns="urutan"))


def _years_sheet(book: Book, sheet: Any, table: pd.DataFrame, top: Sequence[str], below: Sequence[str]) -> None:
    """The lines of the groups as a table and a native chart, and what must be known to read them."""
    whole = table[table["level"] == "semua"]
    groups = list(dict.fromkeys(whole["kelompok"]))
    shares = whole.pivot(index="urutan", columns="kelompok", values="cakupan")[groups]
    registers = whole.drop_duplicates("urutan").set_index("urutan")["register"]
    frame = pd.concat([registers, shares], axis=1).reset_index(drop=True)
    columns = [Column(key="register", title=book.texts("comparing.column_register"), kind="text", width=24)]
    columns += [Column(key=name, title=name, kind="share", number=_NUMBERS["share"], width=16) for name in groups]
    book.heading(sheet, book.texts("comparing.sheet_years"))
    book.widths(sheet, columns, frame)
    widths = [24.0, *[16.0] * max(len(groups), 5)]
    row = 2
    for line in top:
        row = book.note(sheet, row, line, widths=widths)
    head = row + 1
    row = book.table(sheet, head, columns, frame, filters=False) + 1
    chart = share_lines(book, sheet, range(head + 1, head + 1 + len(frame)), groups, kind="line")
    ruled = {"visible": True, "line": {"color": style.RULE}}
    axis = {"num_format": "0%", "min": 0, "max": (end := highest_share(table)), "major_unit": end / 5}
    chart.set_y_axis(axis | {"major_gridlines": ruled})
    chart.set_title({"name": book.texts("comparing.years_chart"), "name_font": {"size": 12}})
    sheet.insert_chart(row, 0, chart, {"object_position": 1})
    row += 19
    for line in below:
        row = book.note(sheet, row, line, widths=widths)


def _columns(book: Book, frame: pd.DataFrame) -> list[Column]:
    return [
        Column(
            key=key, title=book.texts(f"comparing.column_{key}"), kind=_KINDS.get(key, "text"),
            number=_NUMBERS.get(_KINDS.get(key, ""), "#,##0"), folded=key in _FOLDED,
        )
        for key in map(str, frame.columns)
    ]  # fmt: skip


def _sheet(book: Book, name: str, frame: pd.DataFrame, top: Sequence[str] = (), below: Sequence[str] = ()) -> None:
    """A sheet: what it says, the table, what must be known to read it."""
    texts = book.texts
    columns = _columns(book, frame)
    sheet = book.sheet(texts(f"comparing.sheet_{name}"), colour=style.ACCENT if top else None)
    book.heading(sheet, texts(f"comparing.sheet_{name}"))
    widths = [14.0] * min(len(columns), 10)
    row = 2
    for line in top:
        row = book.note(sheet, row, line, widths=widths)
    last = book.table(sheet, row, columns, frame, keys=True) + 1
    for line in below:
        last = book.note(sheet, last, line, widths=widths)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, row, row + 1)
