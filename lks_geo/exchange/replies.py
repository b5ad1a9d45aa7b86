"""What the offices sent back, and what of it goes into the register: a three-way merge, cell by cell.

A reply is told by the codes of its lines; the hidden sheet says what was sent. Saved as text it has lost that one, and
what stood in the cell is read from the line itself. A line belongs to the row of the register with its key; if the row
was changed since, to the one with its id and a like name, or the only one of its name.

Decides, for each cell that was asked: `taken`; `same` (the register says so already); `blank`; `differs` (two replies
contradict each other: none counts); `changed` (the register says something else than what was sent: it stays);
`refused` (read by the rules of the register the answer says nothing); `lost` (no such row); `unwritable` (see
`register_edits`). Nothing else in a reply is used: lines, columns and notes of the office are listed.
Gets wrong: an answer that can be read but is not true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from lks_geo.errors import LksGeoError
from lks_geo.exchange.questions import POINT, OpenRegister, Question, raw_texts, with_answers
from lks_geo.messages import LANGUAGES, Message, Texts, msg
from lks_geo.register.identity import SAME_ID_NAME, name_key
from lks_geo.register.issues import NO_ANSWER
from lks_geo.register.reading.fields import FIELD_BY_KEY, MARK
from lks_geo.register.reading.raw import RawRegister
from lks_geo.sheets.folding import fold, read_tick
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.sheet import Sheet

BASE_MARK = "lks-geo kirim"
BASE_HEAD = ("kode", "nama", "id", "wilayah", "isi")
OUTCOMES = ("taken", "same", "blank", "differs", "changed", "refused", "lost", "unwritable")
NOT_TAKEN = frozenset(("differs", "refused"))
"""Outcomes of answers that the office must give again."""
OPEN = NOT_TAKEN | {"blank"}
"""Outcomes that leave a question open."""
_CODE = re.compile(r"([0-9a-f]{12}(?:x\d+)?)-([a-z_]+(?::[\w:]+)?)")  # "0123456789ab-desa"
_SHOWN = ("nama", "id", "wilayah", "isi", "jawaban", "catatan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of a reply: which cell was asked, what stood there (`before`), what the office wrote (None: nothing)."""

    file: str
    key: str
    field: str
    name: str | None
    identity: str | None
    where: str
    before: str | None
    after: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A file that came back: to whom it was sent (`place`), its answers, and what must be told about it."""

    file: str
    place: str
    answers: tuple[Answer, ...]
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one answer. `row`: position in the register, None if there is no such row; `now`: what the
    register says; `files`: who answered so; `reason`: why it was not taken."""

    row: int | None
    answer: Answer
    now: str | None
    outcome: str
    files: tuple[str, ...]
    reason: Message | None = None


Judge = Callable[[Mapping[tuple[int, str], str]], Mapping[tuple[int, str], Message]]
"""From answers by row and field to those that cannot be taken, and why."""


def code_of(question: Question) -> str:
    """What stands on each line of a form: the row's key, the field."""
    return f"{question.key}-{question.field}"


def read_replies(paths: Sequence[Path], keys: Collection[str]) -> tuple[list[Reply], list[tuple[str, Message]]]:
    """The replies in the order of their names, and the files that are none, with the reason; `LksGeoError` if none is.

    `keys`: the row keys of the register as it is now; a reply of which some are unknown is told.
    """
    replies, refused = [], []
    for path in sorted(paths, key=lambda path: (path.name, str(path))):
        try:
            replies.append(_read_reply(path))
        except LksGeoError as error:
            refused.append((path.name, error.message))
    if not replies:
        raise LksGeoError(refused[0][1])
    return [_dated(reply, keys) for reply in replies], refused


def _dated(reply: Reply, keys: Collection[str]) -> Reply:
    found = sum(answer.key in keys for answer in reply.answers)
    if found == len(reply.answers):
        return reply
    remark = msg("exchange.other_register", path=reply.file, found=found, n=len(reply.answers))
    return replace(reply, remarks=(remark, *reply.remarks))


def _read_reply(path: Path) -> Reply:
    sheets = open_sheets(path)
    base = next((sheet for sheet in sheets if len(sheet.cells) and sheet.text(0, 0) == BASE_MARK), None)
    forms = [(sheet, *found) for sheet in sheets if sheet is not base and (found := _form_of(sheet))]
    head, sent = _base_of(base) if base is not None else ({}, {})
    if not forms and (base is None or sent):
        raise LksGeoError.of("exchange.not_ours", path=path.name)
    if not forms:
        return Reply(file=path.name, place=head["tempat"], answers=())
    sheet, header, columns = forms[0]
    if "jawaban" not in columns:
        raise LksGeoError.of("exchange.no_answers", path=path.name)
    answers, extra = [], []
    seen: Counter[str] = Counter()
    for line in range(header + 1, len(sheet.cells)):
        shown = {name: sheet.text(line, at) or None for name, at in columns.items()}
        code = _CODE.fullmatch(shown.get("kode") or "")
        if not code:
            if any(sheet.line(line)):
                extra.append(" · ".join(text for text in sheet.line(line) if text)[:120])
            continue
        seen[code[0]] += 1
        told = sent.get(code[0], {name: shown.get(name) for name in BASE_HEAD})
        answers.append(Answer(
            file=path.name, key=code[1], field=code[2], name=told["nama"], identity=told["id"],
            where=told["wilayah"] or "", before=told["isi"], after=shown["jawaban"], note=shown.get("catatan"),
        ))  # fmt: skip
    remarks = [msg("exchange.without_base", path=path.name)] if base is None else []
    remarks += [msg("exchange.extra_line", path=path.name, text=text) for text in extra]
    remarks += _extra_columns(path.name, sheet, header, columns)
    if gone := len(sent.keys() - seen.keys()):
        remarks.append(msg("exchange.lines_gone", path=path.name, n=gone))
    place = head.get("tempat") or path.name
    return Reply(file=path.name, place=place, answers=tuple(answers), remarks=tuple(remarks))


def _form_of(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The line of the headings of a form, and its columns; None if the sheet has no lines with codes."""
    cells = sheet.cells
    marked = {at: cells[at].str.fullmatch(_CODE).fillna(False).to_numpy(dtype=bool) for at in cells.columns}
    at = max(marked, key=lambda at: int(marked[at].sum()), default=None)
    if at is None or not marked[at].any():
        return None
    wanted = {fold(Texts(lang)(f"exchange.column_{name}")): name for lang in LANGUAGES for name in _SHOWN}
    named: dict[int, dict[str, int]] = {}
    for line in range(int(np.flatnonzero(marked[at])[0])):
        texts = [fold(cell) for cell in sheet.line(line)]
        named[line] = {wanted[text]: place for place, text in enumerate(texts) if text in wanted}
    header = max(named, key=lambda line: (len(named[line]), line), default=None)
    return None if header is None else (header, {**named[header], "kode": int(at)})


def _base_of(sheet: Sheet) -> tuple[dict[str, str], dict[str, dict[str, str | None]]]:
    """The facts of the hidden sheet, and what was sent by code."""
    head: dict[str, str] = {}
    sent: dict[str, dict[str, str | None]] = {}
    for line in range(len(sheet.cells)):
        cells = sheet.line(line)
        if _CODE.fullmatch(cells[0]):
            padded = [*cells, *[""] * len(BASE_HEAD)]
            sent[cells[0]] = {name: text or None for name, text in zip(BASE_HEAD, padded, strict=False)}
        elif cells[0]:
            head[cells[0]] = cells[1]
    return head, sent


def _extra_columns(file: str, sheet: Sheet, header: int, columns: Mapping[str, int]) -> Iterator[Message]:
    """What the office wrote beside the columns of the form."""
    known = {
        fold(Texts(lang)(f"exchange.column_{name}")) for lang in LANGUAGES for name in ("no", "kolom", "sebab", "kode")
    }
    for at in set(range(sheet.cells.shape[1])) - set(columns.values()):
        heading = sheet.text(header, at)
        count = int(sheet.cells[at].iloc[header + 1 :].notna().sum())
        if count and fold(heading) not in known:
            yield msg("exchange.extra_column", path=file, name=heading or "-", n=count)


class _Finder:
    """The rows of the register as it is now, by what a reply says of them."""

    def __init__(self, opened: OpenRegister) -> None:
        self._keys = {key: row for row, key in enumerate(opened.keys)}
        self._names = [name_key(name) for name in raw_texts(opened.raw, "nama")]
        self._by_name = _only(self._names)
        self._by_id = _only([fold(text) for text in raw_texts(opened.raw, "id")])

    def row(self, answer: Answer) -> int | None:
        """The row that an answer is about."""
        if answer.key in self._keys:
            return self._keys[answer.key]
        name = name_key(answer.name)
        by_id = self._by_id.get(fold(answer.identity))
        if by_id is not None and fuzz.ratio(name, self._names[by_id]) >= SAME_ID_NAME:
            return by_id
        return self._by_name.get(name)


def _only(texts: Sequence[str]) -> dict[str, int]:
    """The rows of the texts that stand on one row only."""
    counts = Counter(texts)
    return {text: row for row, text in enumerate(texts) if text and counts[text] == 1}


def merge(opened: OpenRegister, replies: Sequence[Reply], judge: Judge) -> list[Change]:
    """What becomes of every answer, by row and field."""
    finder = _Finder(opened)
    asked: dict[tuple[int, str] | tuple[str, str, str], list[Answer]] = {}
    for answer in (answer for reply in replies for answer in reply.answers):
        row = finder.row(answer)
        known = row is not None and (answer.field in FIELD_BY_KEY or answer.field.startswith(MARK))
        asked.setdefault(
            (row, answer.field) if known and row is not None else ("", answer.key, answer.field), []
        ).append(answer)
    now = {name: raw_texts(opened.shown, name) for name in {at[-1] for at in asked}}
    changes: list[Change] = []
    for at, answers in asked.items():
        place = at if len(at) == 2 else None
        changes += _decided(place[0] if place else None, answers, now[place[1]][place[0]] if place else None)
    changes = _whole_points(changes)
    faults = judge(taken_of(changes))
    judged = (
        replace(change, outcome="refused", reason=faults[change.row, change.answer.field])
        if change.outcome == "taken" and change.row is not None and (change.row, change.answer.field) in faults
        else change
        for change in changes
    )
    return sorted(judged, key=_order)


def taken_of(changes: Iterable[Change]) -> dict[tuple[int, str], str]:
    """The answers that are taken, by row and field."""
    return {
        (change.row, change.answer.field): change.answer.after or ""
        for change in changes
        if change.outcome == "taken" and change.row is not None
    }


def _order(change: Change) -> tuple[bool, int, str, str, str]:
    row = -1 if change.row is None else change.row
    return change.row is None, row, change.answer.key, change.answer.field, change.answer.after or ""


def _decided(row: int | None, answers: Sequence[Answer], now: str | None) -> Iterator[Change]:
    """What becomes of the answers to one question, before they are judged."""
    filled = [answer for answer in answers if answer.after is not None]
    if not filled:
        yield _change(row, answers, now, "blank")
        return
    different: list[list[Answer]] = []
    for answer in filled:
        alike = next((group for group in different if is_same(group[0].after, answer.after)), None)
        if alike is None:
            different.append([answer])
        else:
            alike.append(answer)
    for group in different:
        if row is None:
            yield _change(row, group, now, "lost")
        elif len(different) > 1:
            yield _change(row, group, now, "differs")
        elif is_same(group[0].after, now):
            yield _change(row, group, now, "same")
        else:
            kept = any(is_same(answer.before, now) for answer in group)
            yield _change(row, group, now, "taken" if kept else "changed")


def _change(row: int | None, answers: Sequence[Answer], now: str | None, outcome: str) -> Change:
    files = tuple(dict.fromkeys(answer.file for answer in answers))
    notes = " / ".join(dict.fromkeys(answer.note for answer in answers if answer.note)) or None
    return Change(row=row, answer=replace(answers[0], note=notes), now=now, outcome=outcome, files=files)


def _whole_points(changes: Sequence[Change]) -> list[Change]:
    """Without half a point: an axis is not taken if the answer to the other one is not."""
    failed = {
        (change.row, other)
        for change in changes
        for other in POINT
        if change.answer.field in POINT and other != change.answer.field and change.outcome in ("differs", "changed")
    }
    return [
        replace(change, outcome="refused", reason=msg("exchange.half_point"))
        if change.outcome == "taken" and (change.row, change.answer.field) in failed
        else change
        for change in changes
    ]


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two cells say the same: case, blanks and the decimal sign apart."""
    if fold(one) == fold(other):
        return True
    numbers = [_number(text) for text in (one, other)]
    return None not in numbers and numbers[0] == numbers[1]


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").strip().replace(",", "."))
    except ValueError:
        return None


def judge_by(read: Callable[[RawRegister], Iterable], raw: RawRegister) -> Judge:  # type: ignore[type-arg]
    """Judges answers by the remarks that the register would get with them; `read` gives the remarks (`Issue`)."""

    def judge(answers: Mapping[tuple[int, str], str]) -> dict[tuple[int, str], Message]:
        faults: dict[tuple[int, str], Message] = {
            at: msg("exchange.no_tick")
            for at, text in answers.items()
            if at[1].startswith(MARK) and read_tick(text) is None
        }
        if not answers:
            return faults
        for issue in read(with_answers(raw, answers)):
            if issue.jenis not in NO_ANSWER or issue.kolom is None:
                continue
            meant = (*POINT, "koordinat") if issue.kolom in (*POINT, "koordinat") else (issue.kolom,)
            faults |= {(issue.posisi, name): issue.pesan for name in meant if (issue.posisi, name) in answers}
        return faults

    return judge
