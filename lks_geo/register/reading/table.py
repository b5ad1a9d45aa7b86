"""Finds the tables of a register in a sheet: which lines below a header are rows, and which are not.

A line is passed over only if it is blank, repeats the header, numbers the columns, is a section heading ("KECAMATAN
MAMBI", "A. LKS ANAK"), a total (a total word and otherwise only numbers), a note, or belongs to the signature block.
Whatever else has a filled field is a row: a doubtful line is kept and judged later, never lost.

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
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lks_geo.register.reading.fields import FIELDS, ORDINALS
from lks_geo.register.reading.folding import fold
from lks_geo.register.reading.header import Header, cell_text, find_header, header_at, serves
from lks_geo.register.reading.heading_words import Parts
from lks_geo.register.reading.headings import Headings, may_serve
from lks_geo.register.reading.sheet import Sheet

PASSED_OVER = ("title", "header", "column_numbers", "section", "total", "note", "signature", "blank")
"""Kinds of lines that are no rows, in the order in which they are told."""

_AREAS = ("kabupaten", "kecamatan", "desa")

_TOTAL_ALONE = re.compile(
    r"^(?:grand |sub ?)?(?:total|jumlah|jml)\b"
    r"(?: (?:total|seluruhnya|keseluruhan|seluruh|semua|akhir|umum|lks|lembaga|klien|data)"
    r"| (?:kab|kec|kota|prov|kabupaten|kecamatan|provinsi|desa)\b.*)*(?: \d+)?$"
)
_AMOUNT = re.compile(r"[\d ]*(?:orang|org|jiwa|lks|lembaga|unit)?")
_MONTHS = "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
_SIGNATURE = re.compile(
    r"^(?:(?:di|me)ngetahui|diketahui|mengetahui|nip \d|nip$|ttd$|an kepala|a n kepala"
    r"|(?:plt |plh |pj )?kepala (?:dinas|bidang|seksi|upt)|(?:dibuat|disusun|diperiksa|disetujui|disahkan) oleh"
    rf"|yang (?:membuat|mendata)|petugas (?:pendata|entri)|[a-z ]{{3,30}} \d{{1,2}} (?:{_MONTHS}) \d{{4}}$)\b"
)
_NOTE = re.compile(r"^(?:sumber|keterangan|ket|catatan|note|source|notes|nb)\b")
_TITLE = re.compile(
    r"^(?:daftar|data|rekap|rekapitulasi|tabel|lampiran|tahun|bulan|periode|laporan|pemerintah|dinas)\b"
)
_STARRED = re.compile(r"^\*+\s*(?:\)|(?!.*\b(?:panti|lks\w*|yayasan|rumah|balai|lembaga|ipwl)\b))", re.IGNORECASE)
"""A note behind an asterisk; a starred name of an institution is none."""
_LETTERED = re.compile(r"^\s*\(?(?:[A-Z]|[IVXL]{1,5})\s*[.)]\s*(\S.*)$", re.IGNORECASE)
_LETTER = re.compile(r"^\s*\(?(?:[A-Z]|[IVXL]{1,5})\s*[.)]*\s*$", re.IGNORECASE)
_ENUMERATOR = re.compile(r"^(?:[a-z]|[ivxl]{1,5}|\d{1,2})$")
_AREA_WORDS = "kabupaten|kab|kota|kecamatan|kec|desa|kelurahan|kel|provinsi|prov"
_SECTION = re.compile(rf"^(?:[a-z] |[ivxl]{{1,5}} |\d{{1,2}} )?({_AREA_WORDS})(?: kota)? (.+)$")
_AREA_NAME = re.compile(
    rf"^\W*(?:[a-z]|[ivxl]{{1,5}}|\d{{1,2}})?\W*(?:{_AREA_WORDS})\b(?:\s*/\s*kota)?[\s.:]*(.+?)\W*$", re.IGNORECASE
)
_SECTION_FIELDS = {
    "kabupaten": "kabupaten", "kab": "kabupaten", "kota": "kabupaten", "kecamatan": "kecamatan", "kec": "kecamatan",
    "desa": "desa", "kelurahan": "desa", "kel": "desa",
}  # fmt: skip
_LARGE = ("kabupaten", "kab", "kecamatan", "kec", "provinsi", "prov")
"""Area words with which no LKS name starts ("Desa Taruna" could be one)."""


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


def find_tables(sheet: Sheet, headings: Headings) -> tuple[list[Table], Header | None]:
    """The register tables of a sheet from top to bottom, and the best header found (also if it is not complete)."""
    if sheet.headings is not None:
        parts = tuple((heading,) for heading in sheet.headings)
        header = Header(first=-1, last=-1, headings=parts, claims=tuple(map(headings.near_claim, parts)))
        return ([_plain_table(sheet, header)] if header.complete else []), header
    tables: list[Table] = []
    best = find_header(sheet, headings)
    following, start = (best if best and best.complete else None), 0
    area: Mapping[str, str] = {}
    while following:
        table, following, area = _table_below(sheet, following, start, area, headings)
        tables.append(table)
        start = following.first if following else start
    return tables, best


def _plain_table(sheet: Sheet, header: Header) -> Table:
    """A table whose columns have names: every record is a row, also a blank one (its number must be accounted for)."""
    filled = sheet.cells.notna().to_numpy().any(axis=1)
    blank = int((~filled).sum())
    return Table(
        sheet=sheet, header_lines=(), headings=header.headings, lines=np.flatnonzero(filled).astype(np.int64),
        passed_over={"blank": blank} if blank else {},
    )  # fmt: skip


def _table_below(
    sheet: Sheet, header: Header, start: int, area: Mapping[str, str], headings: Headings
) -> tuple[Table, Header | None, Mapping[str, str]]:
    """The rows below a header up to the next header of other columns or the end of the sheet; that header; and the area
    that holds at the end (`area`: at the start)."""
    reader = _Lines(sheet, header, headings)
    passed: Counter[str] = Counter()
    given = dict(area)
    for line in range(start, header.first):
        text = [cell_text(value) for value in sheet.cells.iloc[line] if isinstance(value, str)]
        passed["title" if text else "blank"] += 1
        given |= _metadata(text)
    kinds = np.full(len(sheet.cells), "row", dtype=object)
    kinds[~reader.filled.any(axis=1)] = "blank"
    areas: list[tuple[int, dict[str, str]]] = [(header.last + 1, given)]
    end, following, closing, last = len(sheet.cells), None, False, header.last
    for line in reader.suspects():
        closing = closing and not reader.plain[last:line].any()
        kind, found = reader.kind(line, closing=closing)
        if found:
            end, following = line, found
            break
        closing = kind == "signature" or (closing and kind not in ("header", "row"))
        kinds[line], last = kind, line
        if kind == "section" and (named := reader.area(line)):
            areas.append((line, _nested(areas[-1][1], named)))
    body = kinds[header.last + 1 : end]
    passed.update(Counter(kind for kind in body.tolist() if kind != "row"))
    lines = (np.flatnonzero(body == "row") + header.last + 1).astype(np.int64)
    table = Table(
        sheet=sheet, header_lines=tuple(range(header.first, header.last + 1)), headings=header.headings, lines=lines,
        passed_over={kind: passed[kind] for kind in PASSED_OVER if passed[kind]}, given=_given(areas, lines),
    )  # fmt: skip
    return table, following, areas[-1][1]


def _metadata(texts: Sequence[str]) -> dict[str, str]:
    """What a line says of the area: "KABUPATEN: MAMASA" in one cell, "KABUPATEN" and ": MAMASA" in two, or nothing but
    "KABUPATEN MAMASA"."""
    for position, text in enumerate(texts):
        word = fold(text)
        if word in _SECTION_FIELDS and position + 1 < len(texts):
            name = texts[position + 1].strip(" :")
            if not name and position + 2 < len(texts):
                name = texts[position + 2].strip(" :")
            return {_SECTION_FIELDS[word]: name} if name else {}
        if (":" in text or len(texts) == 1) and (area := _area_in(text)):
            return area
    return {}


def _area_in(text: str) -> dict[str, str]:
    """The area that a text like "A. Kecamatan: Mambi" names, by field."""
    word, name = _SECTION.match(fold(text)), _AREA_NAME.match(text)
    if not word or not name or word[1] not in _SECTION_FIELDS:
        return {}
    return {_SECTION_FIELDS[word[1]]: re.sub(r"\s+tahun\b.*$", "", name[1], flags=re.IGNORECASE)}


def _nested(before: Mapping[str, str], area: Mapping[str, str]) -> dict[str, str]:
    """The areas that hold after a section heading: a new kabupaten ends the kecamatan before it."""
    level = next(iter(area))
    return {name: text for name, text in before.items() if _AREAS.index(name) < _AREAS.index(level)} | dict(area)


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
        claims = {column: claim for column, claim in enumerate(header.claims) if claim}
        self.fields = list(claims)
        self.name = min(
            (column for column in claims if claims[column].field == "nama"), key=lambda c: (claims[c].rank, c)
        )
        self.services = [
            column for column, part in enumerate(header.headings)
            if (column in claims and serves([claims[column].field])) or may_serve(part)
        ]  # fmt: skip
        self.ordinals = [column for column, part in enumerate(header.headings) if part and fold(part[-1]) in ORDINALS]
        self.repeats = [
            [fold(cell_text(value)) for value in sheet.cells.iloc[line]]
            for line in range(header.first, header.last + 1)
        ]
        self.across = {
            top: (left, right) for top, left, _, right in sheet.merged or () if top > header.last and right - left >= 2
        }

    def suspects(self) -> Iterator[int]:
        """The filled lines that may be none of the rows."""
        for line in np.flatnonzero(~self.plain & self.filled.any(axis=1)).tolist():
            if line > self.header.last:
                yield line

    @cached_property
    def plain(self) -> npt.NDArray[np.bool_]:
        """The lines that are rows without doubt: they have a name that looks like one, and two more fields."""
        lower = self.sheet.cells.iloc[:, self.name].str.lower()
        odd = (
            lower.str.match(r"\W*(?:grand |sub ?)?(?:total|jumlah|jml|\d{1,2}\W*$)").fillna(False).to_numpy(dtype=bool)
        )
        known = {text.casefold() for row in self.header_texts() for text in row if text}
        odd = odd | lower.isin(known | _field_words()).to_numpy(dtype=bool)
        plain = self.filled[:, self.name] & (self.filled[:, self.fields].sum(axis=1) >= 3) & ~odd
        return np.asarray(plain, dtype=np.bool_)

    def header_texts(self) -> list[list[str]]:
        return [
            [cell_text(value) for value in self.sheet.cells.iloc[line]]
            for line in range(self.header.first, self.header.last + 1)
        ]

    def kind(self, line: int, *, closing: bool) -> tuple[str, Header | None]:
        """What a suspect line is; and the header that starts here if it is one of other columns."""
        filled = np.flatnonzero(self.filled[line]).tolist()
        texts = {column: cell_text(self.sheet.cells.iat[line, column]) for column in filled}
        folded = {column: fold(text) for column, text in texts.items()}
        if self._repeats(folded):
            return "header", None
        if len(filled) >= 2 and self._is_new(line):
            header = header_at(self.sheet, self.headings.claim, line)
            if header.complete:
                return "header", header
        if _counts_up(list(folded.values())):
            return "column_numbers", None
        return self._kind_of_text(line, folded, closing=closing), None

    def area(self, line: int) -> dict[str, str]:
        """The area that a section heading names."""
        for column in np.flatnonzero(self.filled[line]).tolist():
            if area := _area_in(cell_text(self.sheet.cells.iat[line, column])):
                return area
        return _metadata([cell_text(self.sheet.cells.iat[line, c]) for c in np.flatnonzero(self.filled[line]).tolist()])

    def _kind_of_text(self, line: int, folded: Mapping[int, str], *, closing: bool) -> str:
        words = {column: text for column, text in folded.items() if not _is_number(text)}
        fields = [column for column in folded if column in self.fields]
        if not words:
            return "row" if fields else "blank"
        if self._is_total(folded):
            return "total"
        if kind := self._of_one_text(line):
            return kind
        numbered = any(_is_number(folded.get(column, "x")) for column in self.ordinals)
        if self.name in folded and any(column in folded for column in self.services):
            return "row"
        alone = {column: text for column, text in words.items() if not _ENUMERATOR.match(text)}
        if self._is_section(line, folded, alone):
            return "section"
        if numbered and self.name in folded:
            return "row"
        few = len(fields) <= 3 and not any(column in folded for column in self.services)
        if few and (closing or any(_SIGNATURE.search(text) for text in words.values())):
            return "signature"
        if len(alone) == 1 and len(folded) <= 2:
            (column, text), *_ = alone.items()
            if _NOTE.match(text) or _TITLE.match(text):
                return "note"
            if column not in self.fields:
                return "section"
        return "row" if fields else "note"

    def _of_one_text(self, line: int) -> str | None:
        """What a line of one text is: a note behind an asterisk, or a lettered section of services ("A. LKS ANAK")."""
        columns = np.flatnonzero(self.filled[line]).tolist()
        *before, last = columns
        text = cell_text(self.sheet.cells.iat[line, last])
        if len(before) > 1 or any(column in self.fields for column in before):
            return None
        if last in self.fields and last != self.name:
            return None
        if not before and _STARRED.match(text):
            return "note"
        letter = before and _LETTER.match(cell_text(self.sheet.cells.iat[line, before[0]]))
        lettered = _LETTERED.match(text) if not before else None
        named = lettered[1] if lettered else text if letter else ""
        return "section" if named and self.headings.names_services(named) else None

    def _is_section(self, line: int, folded: Mapping[int, str], alone: Mapping[int, str]) -> bool:
        """A line of one text that names an area or spans the table, or of an area word and a name beside it."""
        if len(alone) == 2 and len(folded) <= 3 and self.name not in folded:
            return next(iter(alone.values())) in _SECTION_FIELDS
        if len(alone) != 1 or len(folded) > 2:
            return False
        (column, text), *_ = alone.items()
        if self._spans_name(line, column):
            return True
        area = _SECTION.match(text)
        return area is not None and (column != self.name or area[1] in _LARGE)

    def _spans_name(self, line: int, column: int) -> bool:
        left, right = self.across.get(line, (-1, -1))
        return left == column and left <= self.name <= right

    def _is_total(self, folded: Mapping[int, str]) -> bool:
        words = {column: text for column, text in folded.items() if not _AMOUNT.fullmatch(text)}
        if not words or not all(_TOTAL_ALONE.match(text) for text in words.values()):
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
        claims = [
            self.headings.claim((cell_text(value),)) for value in self.sheet.cells.iloc[line] if isinstance(value, str)
        ]
        return sum(claim is not None for claim in claims) >= 2


@cache
def _field_words() -> set[str]:
    """Headings of all fields, lower case: a name cell that holds one is not the name of an LKS."""
    return {words for spec in FIELDS for words in (spec.title_id.casefold(), *spec.synonyms)}


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether the cells are 1, 2, 3 ... (some may be left out): the numbers of the columns."""
    if len(texts) < 3 or not all(text.isdigit() and len(text) <= 2 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers[0] <= 2 and all(before < after for before, after in pairwise(numbers))


def _is_number(text: str) -> bool:
    return text.replace(" ", "").isdigit() or text == ""
