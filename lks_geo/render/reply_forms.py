"""What an office gets to fill in: a cover sheet, one line per question, and hidden what was sent. And what the owner of
the register is told of the answers, as two sheets of the new register.

Everything is locked without a password but the yellow cells. The hidden sheet is the base on which answers are merged
later; each line also carries a code, so that a sheet that was saved as text can be read back. Same register, same
bytes; no row has its number here (see `exchange.questions`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.exchange.new_register import NewSheet, Received
from lks_geo.exchange.questions import OpenRegister, Parcel, Question, field_name, place_of, raw_texts, titles_of
from lks_geo.exchange.replies import BASE_HEAD, BASE_MARK, NOT_TAKEN, Change, code_of
from lks_geo.files import whole_folder
from lks_geo.messages import Texts, catalogue_entries
from lks_geo.register.reading.fields import MARK
from lks_geo.register.template import CHOICES
from lks_geo.render import style
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column
from lks_geo.render.frames import stamps
from lks_geo.render.manifest import note_files, unchanged_files
from lks_geo.settings import Settings
from lks_geo.tables import Register

_FIXED_DAY = date(2000, 1, 1)
_COVER = (22.0, 40.0, 40.0)
_WIDTHS = {
    "no": 5.0, "nama": 27.0, "id": 11.0, "wilayah": 25.0, "kolom": 16.0, "isi": 19.0, "sebab": 46.0, "jawaban": 24.0,
    "catatan": 22.0, "kode": 9.0,
}  # fmt: skip
"""Columns of the sheet to fill in, and how wide they are."""
_FIRST, _HEAD = 4, 3
_YELLOW, _PALE = "#FFF2B3", "#FFFBEA"
_LISTS, _BASE = "Daftar", "Dasar"
_FREE = ("kelompok", "jenis_layanan")
_PROTECTION = {
    "format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A workbook to send: its file name and what it asks."""

    file: str
    parcel: Parcel


_SENT = ".kiriman-internal.json"
"""In the folder of the letters, beside them: what was sent, to clear it away before the next ones."""


def letters(parcels: Sequence[Parcel], *, internal: bool) -> tuple[Letter, ...]:
    """The name of each office's file: perbaikan-mamuju.xlsx; that of sensitive rows ends in -internal.xlsx."""
    taken: set[str] = set()
    found = []
    for parcel in parcels:
        parts = ["sensitif"] if parcel.sensitive else [parcel.name or "kabupaten-belum-jelas", parcel.office or ""]
        stem = "-".join(["perbaikan", *(slug for part in parts if (slug := _slug(part)))])
        ending = "-internal" if parcel.sensitive or internal else ""
        name = next(
            name
            for name in (f"{stem}{n}{ending}.xlsx" for n in ("", *(f"-{step}" for step in range(2, 10_000))))
            if name not in taken
        )
        taken.add(name)
        found.append(Letter(file=name, parcel=parcel))
    return tuple(found)


def _slug(text: str) -> str:
    """A text as a part of a file name: "UPTD Wil. II" is "uptd-wil-ii"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]  # ". " of "Wil. II"


def write_letters(
    folder: Path, found: Sequence[Letter], register: Register, titles: Mapping[str, str], settings: Settings, *,
    overwrite: bool,
) -> None:  # fmt: skip
    """All workbooks into `folder`, or none. `titles`: field -> heading of the register. Those of an earlier time that
    nobody has written into since go."""
    with whole_folder(folder, overwrite=overwrite, replaced=unchanged_files(folder, _SENT)) as temporary:
        for letter in found:
            _write(temporary / letter.file, letter, register, titles, settings)
        note_files(temporary, _SENT)


def _write(path: Path, letter: Letter, register: Register, titles: Mapping[str, str], settings: Settings) -> None:
    texts, parcel = Texts(settings.lang), letter.parcel
    internal = parcel.sensitive or settings.internal
    marks = tuple(texts(mark) for mark in stamps(register.source, internal=internal))
    title = texts("exchange.title", place=place_of(parcel, texts))
    with Book(path=path, texts=texts, title=title, agency=settings.agency, day=_FIXED_DAY, stamps=marks) as book:
        cover = book.sheet(texts("exchange.sheet_cover"), landscape=False, colour=style.ACCENT)
        form = book.sheet(texts("exchange.sheet_form"), colour="#E0B400")
        lists = _lists(book, parcel.questions)
        _cover(book, cover, letter, settings)
        _form(book, form, letter, titles, lists)
        _base(book, letter, texts)
        cover.protect("", _PROTECTION)
        form.protect("", _PROTECTION)


def _cover(book: Book, sheet: Any, letter: Letter, settings: Settings) -> None:
    texts, parcel = book.texts, letter.parcel
    for place, width in enumerate(_COVER):
        sheet.set_column(place, place, width)
    book.heading(sheet, book.title)
    row = 2
    due = texts.date(settings.send_due) if settings.send_due else texts("exchange.no_due")
    facts = (
        ("to", settings.send_to or texts("exchange.no_to", place=place_of(parcel, texts))),
        ("from", settings.agency), ("due", due),
        ("return", settings.send_back or texts("exchange.no_return")),
        ("asked", texts("exchange.asked", n=len(parcel.rows), cells=len(parcel.questions))),
        ("file", letter.file),
    )  # fmt: skip
    rule = {"bottom": 1, "bottom_color": style.RULE, "valign": "top"}
    for key, text in facts:
        sheet.write_string(row, 0, texts(f"exchange.fact_{key}"), book.format(bold=True, **rule))
        bold = key in ("due", "return")
        sheet.merge_range(row, 1, row, 2, text, book.format(text_wrap=True, bold=bold, **rule))
        sheet.set_row(row, 16 * max(1, -(-len(text) // 78)) + 3)
        row += 1
    if parcel.sensitive:
        row = book.note(sheet, row + 1, texts("exchange.sensitive_warning"), widths=_COVER, bold=True,
                        font_color="#9B1C31")  # fmt: skip
    row = book.section(sheet, row + 1, texts("exchange.how"), columns=len(_COVER))
    for step in ("yellow", "choose", "unknown", "save", "persons"):
        row = book.note(sheet, row, texts(f"exchange.step_{step}"), widths=_COVER, font_size=11)
    row += 1
    sheet.write_string(row, 0, texts("exchange.yellow"), book.format(bg_color=_YELLOW, border=1, align="center"))
    sheet.merge_range(row, 1, row, 2, texts("exchange.yellow_means"), book.format())
    sheet_name = texts("exchange.sheet_form")
    book.link(sheet, row + 2, 0, sheet_name, texts("exchange.go", sheet=sheet_name), font_size=12, bold=True)


def _lists(book: Book, questions: Sequence[Question]) -> dict[tuple[str, ...], str]:
    """Fills the hidden sheet with every different list of choices; gives the range of each."""
    from xlsxwriter.utility import xl_col_to_name

    sheet = book.sheet(_LISTS)
    sheet.hide()
    ranges: dict[tuple[str, ...], str] = {}
    for options in dict.fromkeys(question.options for question in questions if question.options):
        column = len(ranges)
        for row, word in enumerate(options):
            sheet.write_string(row, column, word)
        letter = xl_col_to_name(column)
        ranges[options] = f"={_LISTS}!${letter}$1:${letter}${len(options)}"
    return ranges


def _form(
    book: Book, sheet: Any, letter: Letter, titles: Mapping[str, str], lists: Mapping[tuple[str, ...], str]
) -> None:
    texts, questions = book.texts, letter.parcel.questions
    frame = pd.DataFrame([_line(question, titles, texts) for question in questions], columns=[*_WIDTHS])
    for at, (before, question) in enumerate(pairwise(questions), start=1):
        if (before.row, before.why) == (question.row, question.why):
            frame.loc[at, "sebab"] = texts("exchange.as_above")
    numbers = {row: n for n, row in enumerate(letter.parcel.rows, start=1)}
    frame["no"] = [numbers[question.row] for question in questions]
    if frame["id"].isna().all():
        frame = frame.drop(columns="id")
    long = {"nama", "wilayah", "sebab", "isi", "kolom"}
    columns = [
        Column(
            key=name, title=texts(f"exchange.column_{name}"), width=width, number="0",
            kind="count" if name == "no" else "long" if name in long else "text",
        )
        for name, width in _WIDTHS.items()
        if name in frame
    ]  # fmt: skip
    places = {column.key: place for place, column in enumerate(columns)}
    book.heading(sheet, book.title)
    hint = book.format(bold=True, bg_color=_YELLOW)
    sheet.merge_range(2, 0, 2, places["isi"], texts("exchange.form_hint"), hint)
    sheet.set_row(2, 18)
    breaks = [at for at, question in enumerate(questions) if at and question.row != questions[at - 1].row]
    book.table(sheet, _HEAD, columns, frame, breaks=breaks)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, _HEAD, _HEAD, fixed=places["nama"] + 1)
    box = {"locked": False, "border": 1, "border_color": "#C9A400", "text_wrap": True, "valign": "top"}
    fill = book.format(**box, bg_color=_YELLOW, num_format="@", font_size=11)
    note = book.format(**box, bg_color=_PALE, num_format="@")
    small = book.format(font_size=6, font_color=style.INK_FAINT, valign="top")
    for line, question in enumerate(questions, start=_FIRST):
        sheet.write_blank(line, places["jawaban"], None, fill)
        sheet.write_blank(line, places["catatan"], None, note)
        sheet.write_string(line, places["kode"], code_of(question), small)
        sheet.data_validation(line, places["jawaban"], line, places["jawaban"], _rule(question, lists, texts))
    last = _FIRST + len(questions) - 1
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST + 1}:Z{last + 1}"})
    sheet.set_selection(_FIRST, places["jawaban"], _FIRST, places["jawaban"])
    sheet.print_area(0, 0, last, places["catatan"])


def _line(question: Question, titles: Mapping[str, str], texts: Texts) -> dict[str, Any]:
    why = [texts(reason) for reason in question.why]
    if question.confirm and question.options:
        why.append(texts("exchange.confirm"))
    return {
        "nama": question.name or texts("exchange.nameless"), "id": question.identity, "wilayah": question.where,
        "kolom": titles.get(question.field) or field_name(question.field, texts), "isi": question.before,
        "sebab": "\n".join(why), "jawaban": None, "catatan": None, "kode": None,
    }  # fmt: skip


def _rule(question: Question, lists: Mapping[tuple[str, ...], str], texts: Texts) -> dict[str, Any]:
    """The drop-down of a cell and what is said when it is chosen. Only lists that are all there is are enforced."""
    name = question.field
    hint = f"hint_{name}" if f"template.hint_{name}" in catalogue_entries("template") else ""
    if name in ("lintang", "bujur", "koordinat"):
        message = texts(f"exchange.hint_{name}")
    elif question.options:
        message = texts("exchange.hint_several" if name in _FREE else "exchange.hint_list")
    else:
        message = texts(f"template.{hint}") if hint else texts("exchange.hint_text")
    said = {"input_title": field_name(name, texts)[:32], "input_message": message[:255]}
    if not question.options:
        return {"validate": "any", **said}
    closed = name in CHOICES or name.startswith(MARK)
    kind = "stop" if closed else "information" if name in _FREE else "warning"
    error = {"error_title": texts("template.not_valid"), "error_message": texts("exchange.hint_list")}
    return {"validate": "list", "source": lists[question.options], "error_type": kind, **said, **error}


def _base(book: Book, letter: Letter, texts: Texts) -> None:
    """The hidden sheet with what was sent."""
    sheet = book.sheet(_BASE)
    sheet.hide()
    parcel = letter.parcel
    head = {
        BASE_MARK: "1", "versi": version("lks-geo"), "berkas": letter.file,
        "tempat": place_of(parcel, texts), "kabupaten": parcel.code or "", "kantor": parcel.office or "",
        "sensitif": "1" if parcel.sensitive else "",
    }  # fmt: skip
    for row, (key, text) in enumerate(head.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, text)
    for column, key in enumerate(BASE_HEAD):
        sheet.write_string(len(head), column, key)
    for row, question in enumerate(parcel.questions, start=len(head) + 1):
        cells = (
            code_of(question),
            question.name,
            question.identity,
            question.where,
            question.before,
        )
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write_string(row, column, cell)
    sheet.protect("", _PROTECTION)


def change_sheets(received: Received, opened: OpenRegister, texts: Texts) -> list[NewSheet]:
    """The two sheets of the new register that say what became of every answer, and who has not answered."""
    log, waiting = [*_log_lines(received, opened, texts)], [*_waiting_lines(received, opened, texts)]
    return [
        (texts("exchange.sheet_log"), log, (16, 8, 30, 20, 24, 24, 30, 46, 24)),
        (texts("exchange.sheet_waiting"), waiting, (28, 24, 16, 8, 32, 46)),
    ]


def _log_lines(received: Received, opened: OpenRegister, texts: Texts) -> Iterator[Sequence[str | int | None]]:
    """Title, blank, headings; then every answer, every cell written besides, every remark on a file."""
    titles, names = titles_of(opened.raw), raw_texts(opened.raw, "nama")
    head = ("sheet", "row", "about", "field", "before", "answer", "file", "outcome", "note")
    yield from (
        [texts("exchange.log_title", name=opened.raw.source.name)],
        [],
        [texts(f"exchange.log_{name}") for name in head],
    )
    for change in received.changes:
        outcome, answer = texts(f"exchange.outcome_{change.outcome}"), change.answer
        yield [
            *_where(change.row, opened), answer.name, titles.get(answer.field) or field_name(answer.field, texts),
            change.now, answer.after, ", ".join(change.files),
            f"{outcome} {texts(change.reason)}" if change.reason else outcome, answer.note,
        ]  # fmt: skip
    for edit in received.copied:
        name = edit.field or ""
        yield [*_where(edit.row, opened), None if edit.row is None else names[edit.row],
               titles.get(name) or field_name(name, texts), None, edit.value, None,
               texts("exchange.outcome_copied"), None]  # fmt: skip
    remarks = [(reply.file, texts(remark)) for reply in received.replies for remark in reply.remarks]
    for file, text in (*remarks, *((file, texts(reason)) for file, reason in received.strangers)):
        yield [*[None] * 6, file, text, None]


def _where(row: int | None, opened: OpenRegister) -> tuple[str | None, int | None]:
    """The sheet and number of a row."""
    return (None, None) if row is None else (
        raw_texts(opened.raw, "lembar")[row], int(opened.raw.cells["nomor"].iloc[row])
    )  # fmt: skip


def _waiting_lines(received: Received, opened: OpenRegister, texts: Texts) -> Iterator[Sequence[str | int | None]]:
    """Title, blank, headings; then an office and a row each."""
    titles = titles_of(opened.raw)
    failed: dict[tuple[int | None, str], list[Change]] = {}
    for change in received.changes:
        if change.outcome in NOT_TAKEN:
            failed.setdefault((change.row, change.answer.field), []).append(change)

    def told(question: Question) -> str:
        """The entry, and why what was answered could not be taken."""
        name, changes = (
            titles.get(question.field) or field_name(question.field, texts),
            failed.get((question.row, question.field)),
        )
        if not changes:
            return name
        why = texts(changes[0].reason or f"exchange.outcome_{changes[0].outcome}")
        return f"{name} ({' / '.join(f'“{one.answer.after}”' for one in changes)}: {why})"

    head = ("place", "state", "sheet", "row", "about", "open")
    yield from ([texts("exchange.waiting_title")], [], [texts(f"exchange.log_{name}") for name in head])
    if not received.waiting:
        yield [texts("exchange.nobody_waits")]
    for parcel, questions, came in received.waiting:
        state = texts("exchange.partly" if came else "exchange.no_reply")
        for row, of_row in groupby(questions, key=lambda one: one.row):
            left = [*of_row]
            not_taken = any((one.row, one.field) in failed for one in left)
            became = texts("exchange.not_taken") if not_taken else state
            fields = "; ".join(map(told, left)) if not_taken else ", ".join(map(told, left))
            yield [place_of(parcel, texts), became, *_where(row, opened), left[0].name, fields]
