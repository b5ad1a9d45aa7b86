"""A comparison as a file: .csv and .json for programs, .xlsx for people.

The table of changes is a file of pairs too: `--pairs` reads it back once its column `keputusan` is filled in. The CSV
has a second one beside it, `<name>-cakupan.csv`, with the gains of every area.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.comparing.changes import CHANGE_COLUMNS, FACTS, Comparison
from lks_geo.comparing.gains import CAUSES, GAIN_COLUMNS, status_table
from lks_geo.comparing.sides import DISGUISED_COLUMNS
from lks_geo.files import whole_file
from lks_geo.messages import Message, Texts
from lks_geo.render import style
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column, status_names
from lks_geo.render.frames import plain, stamps, write_csv_file
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import counted_note, reach_notes
from lks_geo.said.headlines import sentence
from lks_geo.said.what_changed import (
    changes_shown,
    comparison_notes,
    counts_sentence,
    gains_shown,
    headline,
    people_sentence,
)
from lks_geo.tables import LEVELS

SUFFIXES = (".csv", ".xlsx", ".json")

_PEOPLE = ("sasaran", "terjangkau_lama", "terjangkau_baru", "bertambah", "berkurang", *CAUSES)
_KINDS = dict.fromkeys(_PEOPLE, "people") | {
    "jarak_km": "km", "bit": "ratio", "selisih_bit": "ratio", "cakupan_lama": "share", "cakupan_baru": "share",
    "desa": "count", "desa_menjadi_terlayani": "count", "desa_kehilangan_layanan": "count", "lks_lama": "count",
    "lks_baru": "count", "lama": "count", "kini": "count", "alasan": "long",
} | {f"{fact}_{end}": "text" for fact in FACTS for end in ("lama", "baru")}  # fmt: skip
_NUMBERS = {"km": "#,##0.0", "ratio": "0.0", "share": "0.0%"}


def write_comparison(
    path: Path, comparison: Comparison, *, overwrite: bool = False, csv_style: str = "intl"
) -> list[Path]:
    """Write the comparison; the suffix decides the format. Returns the files written."""
    beside = areas_beside(path)
    with whole_file(path, overwrite=overwrite) as temporary:
        match path.suffix.lower():
            case ".csv":
                write_csv_file(temporary, changes_frame(comparison), style=csv_style)
            case ".json":
                text = json.dumps(as_json(comparison), ensure_ascii=False, indent=1, allow_nan=False)
                temporary.write_text(text + "\n", encoding="utf-8")
            case _:
                _write_workbook(temporary, comparison)
    if beside is None:
        return [path]
    with whole_file(beside, overwrite=overwrite) as temporary:
        write_csv_file(temporary, gains_frame(comparison), style=csv_style)
    return [path, beside]


def areas_beside(path: Path) -> Path | None:
    """The second file of a CSV: the gains of every area."""
    return path.with_name(f"{path.stem}-cakupan.csv") if path.suffix.lower() == ".csv" else None


def changes_frame(comparison: Comparison) -> pd.DataFrame:
    """The changes in view: classes as text, then the reasons."""
    texts = Texts(comparison.settings.lang)
    changes = changes_shown(comparison)
    frame = changes[list(CHANGE_COLUMNS)].reset_index(drop=True)
    frame["kelas"] = ["; ".join(kinds) for kinds in changes["kelas"]]
    for name in frame.columns:
        if name not in ("jarak_km", "bit", "selisih_bit"):
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
    rows, wanted = comparison.disguised, comparison.settings.kabupaten
    if wanted:
        rows = rows[rows["kode_kecamatan"].str[:5].isin(wanted)]
    return rows[list(DISGUISED_COLUMNS)].reset_index(drop=True)


def told(comparison: Comparison, *, meeting: bool = False) -> list[str]:
    """What must stand beside the tables: stamps, counts, headline and people per group, notes, assumptions."""
    settings = comparison.settings
    texts = Texts(settings.lang)
    marks = marks_of(comparison)
    lines = [texts(mark) for mark in marks] + [sentence(texts, counts_sentence(comparison))]
    for group in comparison.new.groups:
        parts = [headline(comparison, group.key), people_sentence(comparison, group.key)]
        lines.append(" ".join(sentence(texts, part) for part in parts if part is not None))
    notes = [*comparison_notes(comparison, meeting=meeting), *reach_notes(settings), counted_note(settings)]
    return [*lines, *(sentence(texts, note) for note in notes)]


def marks_of(comparison: Comparison) -> tuple[Message, ...]:
    """DATA CONTOH if either register is invented; INTERNAL."""
    either = comparison.old if comparison.old.example else comparison.new
    return stamps(either.register.source, internal=comparison.settings.internal)


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
    }


def status_frame(comparison: Comparison) -> pd.DataFrame:
    """How many desa in view went from which status to which."""
    return status_table(gains_shown(comparison, "desa"))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): plain(frame[name]) for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _write_workbook(path: Path, comparison: Comparison) -> None:
    settings = comparison.settings
    texts = Texts(settings.lang)
    marks = marks_of(comparison)
    title = settings.title or texts("workbook.title", area=place_name(comparison.new))
    book = Book(
        path=path, texts=texts, title=title, agency=settings.agency, day=settings.day,
        stamps=tuple(texts(mark) for mark in marks),
    )  # fmt: skip
    names = {group.key: group.name(texts.lang) for group in comparison.new.groups}
    status, areas = status_frame(comparison), gains_frame(comparison)
    for frame in (status, areas):
        frame["kelompok"] = frame["kelompok"].map(names)
        for name in ("status_lama", "status_baru"):
            frame[name] = status_names(frame[name], texts)
    with book:
        lines = told(comparison)[len(marks) :]
        first = 1 + len(comparison.new.groups)
        _sheet(book, "changes", changes_frame(comparison), lines[:first], lines[first:])
        _sheet(book, "areas", areas)
        _sheet(book, "status", status)
        disguised = disguised_frame(comparison).rename(columns={"baru": "kini"})
        if len(disguised):
            _sheet(book, "disguised", disguised)


def _sheet(book: Book, name: str, frame: pd.DataFrame, top: Sequence[str] = (), below: Sequence[str] = ()) -> None:
    """A sheet: what it says, the table, what must be known to read it."""
    texts = book.texts
    columns = [
        Column(
            key=key, title=texts(f"comparing.column_{key}"), kind=_KINDS.get(key, "text"),
            number=_NUMBERS.get(_KINDS.get(key, ""), "#,##0"),
        )
        for key in map(str, frame.columns)
    ]  # fmt: skip
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
