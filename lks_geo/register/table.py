"""Finds the tables of a register in a sheet: where the header stands, which lines are rows, which are not.

A header is one to three rows whose cells name fields, `nama` and a service (or check marks) among them. Below it, a line
is passed over only if it is blank, repeats the header, numbers the columns, is a section heading ("KECAMATAN MAMBI"), a
total (a total word and otherwise only numbers), a note, or belongs to the signature block. Whatever else has a filled
field is a row: a doubtful line is kept and judged later, never lost.

What a section heading or a line above the header says of kabupaten, kecamatan or desa holds for the rows below, where
the column is absent or blank in the whole section. A merged cell holds for all rows that it spans. A cell that is only
blank stays blank.
Gets wrong: a name merged or alone on its line that reads like a section heading ("Kec. ...") is taken for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.register.fields import MARK, SERVICE_FIELDS
from lks_geo.register.folding import fold
from lks_geo.register.headings import Headings, Parts
from lks_geo.register.sheets import Merge, Sheet

PASSED_OVER = ("title", "header", "column_numbers", "section", "total", "note", "signature", "blank")
"""Kinds of lines that are no rows, in the order in which they are told."""

_SEARCHED = 200
"""Lines in which a header is looked for before a sheet counts as one without."""
_AREAS = ("kabupaten", "kecamatan", "desa")

_TOTAL = re.compile(r"^(?:grand |sub ?)?(?:total|jumlah|jml)\b")
_TOTAL_ALONE = re.compile(
    r"^(?:grand |sub ?)?(?:total|jumlah|jml)(?: (?:total|seluruhnya|keseluruhan|seluruh|semua|akhir|umum|lks|lembaga|klien|data)| (?:kab|kec|kota|prov|kabupaten|kecamatan|provinsi|desa)\b.*)*$"  # noqa: E501
)
_SIGNATURE = re.compile(
    r"^(?:di|me)ngetahui\b|^diketahui\b|^mengetahui\b|^nip \d|^nip$|^(?:plt |plh |pj )?kepala (?:dinas|bidang|seksi|desa|upt)\b|^an kepala\b|^a n kepala\b"
    r"|^(?:dibuat|disusun|diperiksa|disetujui|disahkan) oleh\b|^yang (?:membuat|mendata)\b|^petugas (?:pendata|entri)\b|^ttd$"
    r"|^[a-z ]{3,30} \d{1,2} (?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember) \d{4}$"
)
_NOTE = re.compile(r"^(?:sumber|keterangan|ket|catatan|note|source|notes|nb)\b")
_TITLE = re.compile(r"^(?:daftar|data|rekap|rekapitulasi|tabel|lampiran|tahun|bulan|periode|laporan|pemerintah|dinas)\b")
_ENUMERATOR = re.compile(r"^(?:[a-z]|[ivxl]{1,5}|\d{1,2})$")
_SECTION = re.compile(
    r"^(?:[a-z] |[ivxl]{1,5} |\d{1,2} )?(kabupaten|kab|kota|kecamatan|kec|desa|kelurahan|kel|provinsi|prov)(?: kota)? (.+)$"
)
_SECTION_FIELDS = {
    "kabupaten": "kabupaten", "kab": "kabupaten", "kota": "kabupaten", "kecamatan": "kecamatan", "kec": "kecamatan",
    "desa": "desa", "kelurahan": "desa", "kel": "desa", "provinsi": "provinsi", "prov": "provinsi",
}  # fmt: skip
_AREA_NAME = re.compile(
    r"^\W*(?:[A-Za-z]|[IVXLivxl]{1,5}|\d{1,2})?\W*(?:kabupaten|kab|kota|kecamatan|kec|desa|kelurahan|kel|provinsi|prov)\b"
    r"(?:\s*/\s*kota)?[\s.:]*(.+?)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its headings by column, the rows below it (`lines`: positions in the sheet), and what was passed over.

    `given`: field -> text per row (None where nothing is given), from section headings and lines above the header.
    """

    sheet: Sheet
    header_lines: tuple[int, ...]
    headings: tuple[Parts, ...]
    lines: npt.NDArray[np.int64]
    passed_over: Mapping[str, int]
    given: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Header:
    """Header rows first..last of a sheet, the heading of each column, and the fields that these claim by exact words."""

    first: int
    last: int
    headings: tuple[Parts, ...]
    claimed: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether it names `nama` and a service, so that the table is a register."""
        return "nama" in self.claimed and any(name in SERVICE_FIELDS or name.startswith(MARK) for name in self.claimed)


def find_tables(sheet: Sheet, headings: Headings) -> tuple[list[Table], Header | None]:
    """The register tables of a sheet from top to bottom, and the best header found (also if it is not complete)."""
    if sheet.headings is not None:
        parts = tuple((heading,) for heading in sheet.headings)
        claimed = frozenset(claim.field for part in parts if (claim := headings.claim(part)))
        header = Header(first=-1, last=-1, headings=parts, claimed=claimed)
        return ([_plain_table(sheet, header)] if header.complete else []), header
    tables: list[Table] = []
    best = find_header(sheet, headings, 0)
    header = best if best and best.complete else None
    start = 0
    while header:
        table, following = _table_below(sheet, header, start, headings)
        tables.append(table)
        header, start = following, following.first if following else start
    return tables, best


def find_header(sheet: Sheet, headings: Headings, start: int) -> Header | None:
    """The first complete header from line `start` on, else the one that names most fields (at least two), else None."""
    best: Header | None = None
    window = sheet.cells.iloc[start : start + _SEARCHED]
    for line in np.flatnonzero(window.notna().to_numpy().sum(axis=1) >= 2) + start:
        header = _header_at(sheet, headings, int(line))
        if header.complete and not (best and best.complete and len(best.claimed) >= len(header.claimed)):
            if best and best.complete and header.first > best.last:
                break
            best = header
        elif best and best.complete and header.first > best.last:
            break
        elif len(header.claimed) >= 2 and (best is None or len(header.claimed) > len(best.claimed)):
            best = header if not (best and best.complete) else best
    return best


def _header_at(sheet: Sheet, headings: Headings, first: int) -> Header:
    """The header of one to three rows that starts at a line: the one that claims most, at a tie the shortest."""
    forced = max(
        [bottom for top, _, bottom, _ in sheet.merged or () if top == first and first < bottom <= first + 2], default=first
    )
    candidates: list[Header] = []
    for last in range(first, min(first + 3, len(sheet.cells))):
        parts = _stacked(sheet, first, last)
        claimed = [claim.field for part in parts if (claim := headings.claim(part))]
        candidates.append(Header(first=first, last=last, headings=parts, claimed=frozenset(claimed)))
    best = max(candidates, key=lambda header: (header.complete, len(header.claimed), -header.last))
    longer = [header for header in candidates if header.last == forced]
    return longer[0] if longer and longer[0].complete and best.last < forced else best


def _stacked(sheet: Sheet, first: int, last: int) -> tuple[Parts, ...]:
    """The heading of each column over lines first..last, upper cells spread over the columns that they head."""
    grid = [[_cell(value) for value in sheet.cells.iloc[line]] for line in range(first, last + 1)]
    for row in range(len(grid) - 1):
        _spread(grid, row, sheet.merged, first)
    return tuple(tuple(dict.fromkeys(text for row in grid if (text := row[column]))) for column in range(len(grid[0])))


def _spread(grid: list[list[str]], row: int, merged: Sequence[Merge] | None, first: int) -> None:
    """Fills an upper header row to the right: over merged cells, or over blanks above filled cells if none are known."""
    spans = [(left, right) for top, left, _, right in merged or () if top == first + row and right > left]
    for left, right in spans:
        for column in range(left + 1, min(right + 1, len(grid[row]))):
            grid[row][column] = grid[row][left]
    if spans or merged:
        return
    for column in range(1, len(grid[row])):
        below = [any(lower[at] for lower in grid[row + 1 :]) for at in (column - 1, column)]
        if not grid[row][column] and all(below):
            grid[row][column] = grid[row][column - 1]


def _cell(value: object) -> str:
    return value if isinstance(value, str) else ""


def _plain_table(sheet: Sheet, header: Header) -> Table:
    """A table whose columns have names: every record is a row, also a blank one (its number must be accounted for)."""
    filled = sheet.cells.notna().to_numpy().any(axis=1)
    blank = int((~filled).sum())
    return Table(
        sheet=sheet, header_lines=(), headings=header.headings, lines=np.flatnonzero(filled).astype(np.int64),
        passed_over={"blank": blank} if blank else {},
    )  # fmt: skip


def _table_below(sheet: Sheet, header: Header, start: int, headings: Headings) -> tuple[Table, Header | None]:
    """The rows below a header up to the next header of other columns (returned as well) or the end of the sheet."""
    reader = _Lines(sheet, header, headings)
    passed: Counter[str] = Counter()
    given: dict[str, str] = {}
    for line in range(start, header.first):
        text = [_cell(value) for value in sheet.cells.iloc[line] if isinstance(value, str)]
        passed["title" if text else "blank"] += 1
        given |= _metadata(text)
    kinds = np.full(len(sheet.cells), "row", dtype=object)
    areas: list[tuple[int, dict[str, str]]] = [(header.last + 1, given)]
    end, following, closing = len(sheet.cells), None, False
    for line in reader.suspects():
        kind, found = reader.kind(line, closing=closing)
        if found:
            end, following = line, found
            break
        closing = kind == "signature" or (closing and kind not in ("header", "row"))
        kinds[line] = kind
        if kind == "section" and (area := reader.area(line)):
            areas.append((line, _nested(areas[-1][1], area)))
    body = kinds[header.last + 1 : end]
    passed.update(Counter(kind for kind in body.tolist() if kind != "row"))
    lines = (np.flatnonzero(body == "row") + header.last + 1).astype(np.int64)
    table = Table(
        sheet=sheet, header_lines=tuple(range(header.first, header.last + 1)), headings=header.headings, lines=lines,
        passed_over={kind: passed[kind] for kind in PASSED_OVER if passed[kind]}, given=_given(areas, lines),
    )  # fmt: skip
    return table, following


def _metadata(texts: Sequence[str]) -> dict[str, str]:
    """What a line above the header says of the area: "KABUPATEN: MAMASA" in one cell or "KABUPATEN" | ": MAMASA" in two."""
    for position, text in enumerate(texts):
        word = fold(text)
        if word in _SECTION_FIELDS and position + 1 < len(texts):
            name = texts[position + 1].strip(" :")
            if not name and position + 2 < len(texts):
                name = texts[position + 2].strip(" :")
            return {_SECTION_FIELDS[word]: name} if name else {}
        if (match := _SECTION.match(word)) and (name := _AREA_NAME.match(text)) is not None and ":" in text:
            return {_SECTION_FIELDS[match[1]]: name[1]}
    return {}


def _nested(before: Mapping[str, str], area: Mapping[str, str]) -> dict[str, str]:
    """The areas that hold after a section heading: a new kabupaten ends the kecamatan before it."""
    level = next(iter(area))
    order = ("provinsi", *_AREAS)
    return {name: text for name, text in before.items() if order.index(name) < order.index(level)} | dict(area)


def _given(
    areas: Sequence[tuple[int, Mapping[str, str]]], lines: npt.NDArray[np.int64]
) -> dict[str, tuple[str | None, ...]]:
    starts = np.array([line for line, _ in areas])
    section = np.searchsorted(starts, lines, side="right") - 1
    names = dict.fromkeys(name for _, area in areas for name in area)
    return {name: tuple(areas[at][1].get(name) for at in section.tolist()) for name in names}


class _Lines:
    """Tells what each line below a header is."""

    def __init__(self, sheet: Sheet, header: Header, headings: Headings) -> None:
        self.sheet, self.header, self.headings = sheet, header, headings
        self.filled = sheet.cells.notna().to_numpy()
        claims = [headings.claim(part) for part in header.headings]
        self.fields = [column for column, claim in enumerate(claims) if claim]
        self.name = next(column for column, claim in enumerate(claims) if claim and claim.field == "nama")
        self.services = [
            column for column, claim in enumerate(claims)
            if claim and (claim.field in SERVICE_FIELDS or claim.field.startswith(MARK))
        ]  # fmt: skip
        self.repeats = [
            [fold(_cell(value)) for value in sheet.cells.iloc[line]] for line in range(header.first, header.last + 1)
        ]
        self.across = {
            top: (left, right) for top, left, _, right in sheet.merged or () if top > header.last and right - left >= 2
        }

    def suspects(self) -> Iterator[int]:
        """The lines that may be none of the rows; all others have a name and two more fields that say so."""
        names = self.sheet.cells.iloc[:, self.name]
        lower = names.str.lower()
        odd = lower.str.match(r"\W*(?:grand |sub ?)?(?:total|jumlah|jml|\d{1,2}\W*$)").fillna(False).to_numpy(dtype=bool)
        known = {text.casefold() for row in self.header_texts() for text in row if text}
        odd = odd | lower.isin(known | _name_headings()).to_numpy(dtype=bool)
        plain = self.filled[:, self.name] & (self.filled[:, self.fields].sum(axis=1) >= 3) & ~odd
        for line in np.flatnonzero(~plain):
            if line > self.header.last:
                yield int(line)

    def header_texts(self) -> list[list[str]]:
        return [
            [_cell(value) for value in self.sheet.cells.iloc[line]]
            for line in range(self.header.first, self.header.last + 1)
        ]

    def kind(self, line: int, *, closing: bool) -> tuple[str, Header | None]:
        """What a suspect line is; and the header that starts here if it is one of other columns."""
        filled = np.flatnonzero(self.filled[line]).tolist()
        if not filled:
            return "blank", None
        texts = {column: _cell(self.sheet.cells.iat[line, column]) for column in filled}
        folded = {column: fold(text) for column, text in texts.items()}
        if self._repeats(folded):
            return "header", None
        if len(filled) >= 2 and self._is_new(line):
            header = _header_at(self.sheet, self.headings, line)
            if header.complete:
                return "header", header
        if _counts_up(list(folded.values())):
            return "column_numbers", None
        return self._kind_of_text(line, folded, closing=closing), None

    def area(self, line: int) -> dict[str, str]:
        """The area that a section heading names."""
        for column in np.flatnonzero(self.filled[line]).tolist():
            text = _cell(self.sheet.cells.iat[line, column])
            if (match := _SECTION.match(fold(text))) and (name := _AREA_NAME.match(text)):
                return {_SECTION_FIELDS[match[1]]: name[1]}
        return _metadata([_cell(self.sheet.cells.iat[line, c]) for c in np.flatnonzero(self.filled[line]).tolist()])

    def _kind_of_text(self, line: int, folded: Mapping[int, str], *, closing: bool) -> str:
        words = [text for text in folded.values() if not _is_number(text)]
        if not words:
            return "row" if any(column in self.fields for column in folded) else "blank"
        if self._is_total(folded):
            return "total"
        serves = any(column in folded for column in self.services)
        if self.name in folded and serves:
            return "row"
        few = len(folded) <= 3
        if few and not serves and any(_SIGNATURE.search(text) for text in words):
            return "signature"
        fields = [column for column in folded if column in self.fields]
        if closing and len(fields) <= 3 and not serves:
            return "signature"
        alone = [text for text in words if not _ENUMERATOR.match(text)]
        if len(alone) == 1 and len(folded) <= 2:
            text = alone[0]
            column = next(column for column in folded if folded[column] == text)
            if self._spans_name(line, column) or _SECTION.match(text):
                return "section"
            if _NOTE.match(text) or _TITLE.match(text):
                return "note"
            if column not in self.fields:
                return "section"
        if len(alone) == 2 and len(folded) <= 3 and alone[0] in _SECTION_FIELDS and self.name not in folded:
            return "section"
        return "row" if fields else "note"

    def _spans_name(self, line: int, column: int) -> bool:
        left, right = self.across.get(line, (-1, -1))
        return left == column and left <= self.name <= right

    def _is_total(self, folded: Mapping[int, str]) -> bool:
        words = {column: text for column, text in folded.items() if text and not _is_number(text)}
        first = next(iter(words.values()), "")
        if not _TOTAL.match(first) or any(not _TOTAL_ALONE.match(text) and text != "orang" for text in words.values()):
            return False
        return next(iter(words)) != self.name or len(words) == 1

    def _repeats(self, folded: Mapping[int, str]) -> bool:
        for row in self.repeats:
            same = sum(column < len(row) and row[column] == text != "" for column, text in folded.items())
            if same >= 2 and same * 5 >= len(folded) * 4:
                return True
        return False

    def _is_new(self, line: int) -> bool:
        """Whether a line looks like a header of its own: several exact headings in one row."""
        claims = [self.headings.claim((_cell(value),)) for value in self.sheet.cells.iloc[line] if isinstance(value, str)]
        return sum(claim is not None for claim in claims) >= 2


def _name_headings() -> set[str]:
    from lks_geo.register.fields import FIELDS

    return {words for spec in FIELDS for words in (spec.title_id.casefold(), *spec.synonyms)}


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether the cells are 1, 2, 3 ...: the numbers of the columns."""
    if len(texts) < 3 or not all(text.isdigit() and len(text) <= 2 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers[0] <= 2 and all(after == before + 1 for before, after in zip(numbers, numbers[1:], strict=False))


def _is_number(text: str) -> bool:
    return text.replace(" ", "").isdigit() or text == ""
