"""What each line below a header is: a record, or one of the lines that are none.

Most lines are plain records (a key and two more fields). The others go through `LINE_RULES`: the first that fits
decides. What fits no other and has a filled field is a record: a doubtful line is kept and judged later, never lost.
Gets wrong: a key merged or alone on its line that reads like a heading ("Kec. ...", "LKS ANAK") is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lks_geo.sheets.folding import split_words
from lks_geo.sheets.header import Header, Vocabulary, header_at
from lks_geo.sheets.sheet import Sheet

PASSED_OVER = ("title", "header", "column_numbers", "instruction", "section", "total", "note", "signature", "blank")
"""Kinds of lines that are no records, in the order in which they are told."""

ORDINALS = ("no", "nomor", "no urut", "nomor urut", "urut", "urutan", "nmr", "number", "")
"""Headings of the running number ("#" has no word at all): no field, not worth a word."""

LOCAL_WORDS = {
    "desa": ("kalurahan", "nagari", "gampong", "pekon", "tiyuh"),
    "kecamatan": ("distrik", "kapanewon", "kemantren"),
}
"""What a desa or kecamatan is in some provinces (Yogyakarta, Aceh, Papua ...), in words that begin few other names."""

AREA_FIELDS = {
    "kabupaten": "kabupaten", "kab": "kabupaten", "kota": "kabupaten", "kecamatan": "kecamatan", "kec": "kecamatan",
    "desa": "desa", "kelurahan": "desa", "kel": "desa",
    **{word: level for level, words in LOCAL_WORDS.items() for word in words},
}  # fmt: skip
"""Words that stand before the name of an area -> its field."""
_AREA_WORDS = "|".join((*AREA_FIELDS, "provinsi", "prov"))
_LARGE = ("kabupaten", "kab", "kecamatan", "kec", "provinsi", "prov", *LOCAL_WORDS["kecamatan"])
"""Area words with which no LKS name starts ("Desa Taruna" could be one)."""

_TOTAL = re.compile(  # "grand total", "sub total kec mambi", "jumlah lks aktif", "mamasa total", "rata rata"
    r"^(?:sub ?total\b.*|rata rata(?: \w+)?|persentase(?: \w+)?|[\w ]{2,40} (?:grand |sub ?)?total"
    r"|(?:grand )?(?:total|jumlah|jml)(?: (?:total|seluruhnya|keseluruhan|seluruh|semua|akhir|umum|[a-h]|[ivxl]{1,5})"
    r"| (?:lks|lembaga|panti|klien|data|kab|kec|kota|prov|kabupaten|kecamatan|provinsi|desa)\b.*)*(?: \d+)?)$"
)
_ODD_KEY = (  # "#org", "(3)", "b", "-", "rata-rata", "mamasa total"
    r"#|\W*(?:(?:grand |sub ?)?(?:total|jumlah|jml)|rata|persen|(?:\d{1,2}|[a-z])?\W*$)|.*\btotal\W*$"
)
_SUM = re.compile(r"^(?:total|jumlah|jml) (.+)$")  # "jumlah mamuju"
_AMOUNT = re.compile(r"[\d ]*(?:orang|org|jiwa|lks|lembaga|unit)?")  # "1 020 orang"
_MONTHS = "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
_SIGNATURE = re.compile(  # "mengetahui", "kepala dinas sosial", "nip 19700101", "mamuju 3 maret 2025"
    r"^(?:(?:di|me)ngetahui|diketahui|mengetahui|nip \d|nip$|ttd$|an kepala|a n kepala"
    r"|(?:plt |plh |pj )?kepala (?:dinas|bidang|seksi|upt)|(?:dibuat|disusun|diperiksa|disetujui|disahkan) oleh"
    rf"|yang (?:membuat|mendata)|petugas (?:pendata|entri)|[a-z ]{{3,30}} \d{{1,2}} (?:{_MONTHS}) \d{{4}}$)\b"
)
_NOTE = re.compile(  # "sumber dinas sosial", "ket data sementara", "rekap tahun 2025"
    r"^(?:sumber|keterangan|ket|catatan|note|source|notes|nb"
    r"|daftar|data|rekap|rekapitulasi|tabel|lampiran|tahun|bulan|periode|laporan|pemerintah|dinas)\b"
)
_STARRED = re.compile(  # "*) belum diverifikasi"; the starred name of an institution, "* Panti Mawar", is none
    r"^\*+\s*(?:\)|(?!.*\b(?:panti|lks\w*|yayasan|rumah|balai|lembaga|ipwl)\b))", re.IGNORECASE
)
_LEGEND = re.compile(r"^\W*[\w /.()-]{1,40}=\s*\S")  # "Aktif = melapor tiap semester"
_LISTED = re.compile(r"^\s*[-–•]\s+\S")  # "- data per Desember"
_LEGEND_TITLE = re.compile(r"^(?:keterangan|ket|catatan|note|notes|nb)\b")  # "keterangan"
_INSTRUCTION = re.compile(  # "diisi nama lengkap", "pilih salah satu", "wajib", "select_one"
    r"\b(?:diisi|isi|isilah|isikan|pilih|pilihan|tulis|tuliskan|wajib|opsional|contoh|misal|misalnya|format|sesuai"
    r"|lihat|angka|teks|text|string|integer|decimal|numeric|required|optional|select one|select multiple|geopoint"
    r"|dd mm yyyy|otomatis|maksimal|minimal)\b"
)
_SAMPLE = re.compile(r"^\W*(?:contoh|cth|misal|misalnya)\s*(?:[:=]|$)", re.IGNORECASE)  # "Contoh: LKS Melati"
_LETTERED = re.compile(r"^\s*\(?(?:[A-Z]|[IVXL]{1,5})\s*[.)]\s*(\S.*)$", re.IGNORECASE)  # "II) Lanjut Usia"
_LETTER = re.compile(r"^\s*\(?(?:[A-Z]|[IVXL]{1,5})\s*[.)]*\s*$", re.IGNORECASE)  # "C."
_COUNTED = re.compile(r"(?i)^\s*\(?(?:[A-Z]|[IVXL]{1,5}|\d{1,2})(?:\s*[.)]\s*|\s+)(?=\S)")  # "B. Anak", "2 Anak"
_BESIDE_GROUP = re.compile(  # "DAFTAR LKS ANAK KABUPATEN MAMUJU", "kekerasan terhadap perempuan"
    rf"(?i)^(?:daftar|data|rekap\w*|tabel)\b|\b(?:terhadap|akibat)\b|\b(?:{'|'.join(_LARGE)}|kota|tahun)\b.*$"
)
_INSTITUTION = re.compile(  # words with which an LKS may be called: "Panti Jompo", "Bina Remaja", "LKSA"
    r"(?i)\b(?:panti|yayasan|yay|rumah|pondok|bina|slb\w*|lksa\w*|lkslu|lkspd|lpks|balai|sentra|griya|wisma|posyandu"
    r"|taman|pusat|ps[a-z]{2,3}|rp[a-z]{2}|upt\w*|p2tp2a|ipwl)\b"
)
_ENUMERATOR = re.compile(r"^(?:[a-z]|[ivxl]{1,5}|\d{1,2})$")  # "a", "iv", "12"
SECTION = re.compile(  # "a kecamatan mambi", "kabupaten kota mamuju"
    rf"^(?:[a-z] |[ivxl]{{1,5}} |\d{{1,2}} )?({_AREA_WORDS})(?: kota)? (.+)$"
)


class Lines:
    """The lines of a sheet below a header."""

    def __init__(self, sheet: Sheet, header: Header, vocabulary: Vocabulary) -> None:
        self.sheet, self.header, self.vocabulary = sheet, header, vocabulary
        self.filled = sheet.cells.notna().to_numpy()
        claims = {column: claim for column, claim in enumerate(header.claims) if claim}
        self.fields = list(claims)
        self.key = min(
            (column for column in claims if claims[column].field == vocabulary.key), key=lambda c: (claims[c].rank, c)
        )
        self.services = [
            column for column, parts in enumerate(header.headings) if vocabulary.serves(parts, claims.get(column))
        ]  # fmt: skip
        self.ordinals = [column for column, parts in enumerate(header.headings) if parts and is_ordinal(parts[-1])]
        self.headings = [sheet.line(line) for line in range(header.first, header.last + 1)]
        self.repeats = [[split_words(text) for text in texts] for texts in self.headings]
        self.across = {
            top: (left, right) for top, left, _, right in sheet.merged or () if top > header.last and right - left >= 2
        }

    def suspects(self) -> Iterator[int]:
        """The filled lines that may be no record: those not plain, and the first two below the headings, where tags
        and instructions stand."""
        first = np.arange(len(self.plain)) <= self.header.last + 2
        for line in np.flatnonzero((~self.plain | first) & self.filled.any(axis=1)).tolist():
            if line > self.header.last:
                yield line

    @cached_property
    def plain(self) -> npt.NDArray[np.bool_]:
        """The lines that are records without doubt: their key looks like one, and they have two more fields."""
        lower, is_name = self.sheet.cells.iloc[:, self.key].str.lower(), self.vocabulary.is_field_name
        known = {text.casefold() for texts in self.headings for text in texts if text}
        names = {text for text in lower.dropna().unique().tolist() if text in known or is_name(text)}
        odd = lower.str.match(_ODD_KEY).fillna(False).to_numpy(dtype=bool) | lower.isin(names).to_numpy(dtype=bool)
        plain = self.filled[:, self.key] & (self.filled[:, self.fields].sum(axis=1) >= 3) & ~odd
        return np.asarray(plain, dtype=np.bool_)

    @cached_property
    def end(self) -> int:
        """The line below the last plain record."""
        return int(np.flatnonzero(self.plain).max(initial=self.header.last)) + 1

    def kind(self, number: int, *, closing: str) -> tuple[str, Header | None]:
        """What a suspect line is; and the header that starts here if it is one of other columns. `closing`: see
        `Line`."""
        line = Line(self, number, closing=closing)
        if self.plain[number]:
            return ("instruction" if _instructs(line) else "row"), None
        if self._repeats(line.folded):
            return "header", None
        if len(line.texts) >= 2 and self._is_new(line):
            header = header_at(self.sheet, self.vocabulary, self.vocabulary.claim, number)
            lower = (Line(self, below, closing=closing).folded for below in range(number + 1, header.last + 1))
            # a record may seem to head the repeated headings below it ("Jumlah Kasih", "Aktif" over "Nama", "Status")
            if header.complete and not any(map(self._repeats, lower)):
                return "header", header
        return line.rule.kind, None

    def closing_after(self, number: int, kind: str, closing: str) -> str:
        """The block at the end of the table that holds below a line of a kind: "signature", "note" (from
        "Keterangan:" on) or ""."""
        if kind == "signature":
            return kind
        if kind == "note" and number >= self.end:
            opens = any(_LEGEND_TITLE.match(split_words(text)) for text in self.sheet.line(number))
            return "note" if opens else closing
        return closing if kind not in ("header", "row") else ""

    def _repeats(self, folded: Mapping[int, str]) -> bool:
        for row in self.repeats:
            same = sum(column < len(row) and row[column] == text != "" for column, text in folded.items())
            if same >= 2 and same * 5 >= len(folded) * 4:
                return True
        return False

    def _is_new(self, line: Line) -> bool:
        """Whether a line looks like a header of its own: several exact headings in one row."""
        return sum(self.vocabulary.claim((text,)) is not None for text in line.texts.values()) >= 2


class Line:
    """A line in question, as the rules look at it: its texts and words by column; `worded`: the words of cells that are
    not only a number; `telling`: those that are more than "a." or "IV"; `closing`: the block that it may belong to
    ("signature", "note", or "")."""

    def __init__(self, below: Lines, number: int, *, closing: str) -> None:
        filled = np.flatnonzero(below.filled[number]).tolist()
        self.below, self.number, self.closing = below, number, closing
        self.texts = {column: below.sheet.text(number, column) for column in filled}
        self.folded = {column: split_words(text) for column, text in self.texts.items()}
        self.worded = {column: text for column, text in self.folded.items() if not _is_number(text)}
        self.telling = {column: text for column, text in self.worded.items() if not _ENUMERATOR.match(text)}
        self.fields = [column for column in filled if column in below.fields]
        self.key = self.texts.get(below.key, "")
        served = (self.texts[column] for column in below.services if column in self.texts)
        self.has_service = any(self.key or below.vocabulary.is_served(text) for text in served)

    @property
    def alone(self) -> tuple[int, str] | None:
        """Column and words of the only cell that tells something, beside a number or letter at most."""
        return next(iter(self.telling.items())) if len(self.telling) == 1 and len(self.folded) <= 2 else None

    @property
    def last(self) -> tuple[str, str]:
        """Of a line that says one thing, outside the fields or as its key: the text before it, and its text."""
        *before, last = self.texts
        if len(before) > 1 or any(column in self.fields for column in before):
            return "", ""
        outside = last not in self.fields or last == self.below.key
        return (self.texts[before[0]] if before else "", self.texts[last]) if outside else ("", "")

    @cached_property
    def rule(self) -> LineRule:
        """The rule that decides what the line is; the last one takes every line."""
        return next(rule for rule in LINE_RULES if rule.test(self))


class LineRule(NamedTuple):
    """Lines that pass `test` are of a `kind` (one of PASSED_OVER, or "row"). `example`: such a line below the headings
    "No | Nama LKS | Layanan | Kecamatan | Kapasitas" ("" where those cannot show it)."""

    kind: str
    test: Callable[[Line], bool]
    example: str


def _numbers_columns(line: Line) -> bool:
    """1, 2, 3 ... (some may be left out), or a, b, c."""
    texts = list(line.folded.values())
    if len(texts) >= 3 and "".join(texts) in "abcdefghijklmnopqrstuvwxyz":
        return all(len(text) == 1 for text in texts)
    if len(texts) < 3 or not all(text.isdigit() and len(text) <= 2 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers[0] <= 2 and all(before < after for before, after in pairwise(numbers))


def _instructs(line: Line) -> bool:
    """Right below the headings: tags ("#org+name"), an example, or words for whoever fills the table in."""
    if line.number > line.below.header.last + 2 or len(line.texts) < 2:
        return False
    if _SAMPLE.match(line.key):
        return True
    tags = sum(text.startswith("#") for text in line.texts.values())
    told = sum(_INSTRUCTION.search(text) is not None for text in line.folded.values())
    return tags == len(line.texts) or told * 2 > len(line.texts)


def _is_total(line: Line) -> bool:
    """A total word in each cell that is no amount; as the key it must stand alone."""
    texts = {column: text for column, text in line.folded.items() if not _AMOUNT.fullmatch(text)}
    if not texts or not all(_TOTAL.match(text) or _sums_area(text, line) for text in texts.values()):
        return False
    return next(iter(texts)) != line.below.key or len(texts) == 1


def _is_lettered(line: Line) -> bool:
    """A letter and words of the vocabulary, in one cell or two."""
    before, text = line.last
    lettered = _LETTERED.match(text) if not before else None
    named = lettered[1] if lettered else text if before and _LETTER.match(before) else ""
    return bool(named) and line.below.vocabulary.names_section(named)


def _names_group(line: Line) -> bool:
    """Words of the vocabulary alone on a line, not among services; as the key, none with which a record may be called
    ("LKS Anak" beside a running number, unlike "LKS ANAK")."""
    column, text = next(iter(line.texts.items()))
    plain = _BESIDE_GROUP.sub("", _COUNTED.sub("", text, count=1))
    if len(line.texts) != 1 or column in line.below.services or "=" in text or any(map(str.isdigit, plain)):
        return False
    if column == line.below.key and (_INSTITUTION.search(text) or (line.below.ordinals and not text.isupper())):
        return False
    return line.below.vocabulary.names_section(plain)


def _is_area_beside(line: Line) -> bool:
    """An area word, and a name in another cell."""
    beside = len(line.telling) == 2 and len(line.folded) <= 3 and not line.key
    return beside and next(iter(line.telling.values())) in AREA_FIELDS


def _is_merged_across(line: Line) -> bool:
    """One text, merged over the key's column."""
    left, right = line.below.across.get(line.number, (-1, -1))
    return line.alone is not None and line.alone[0] == left and left <= line.below.key <= right


def _names_area(line: Line) -> bool:
    """One text that begins with an area word; as the key, one with which no name begins."""
    column, text = line.alone or (-1, "")
    area = SECTION.match(text)
    return area is not None and (column != line.below.key or area[1] in _LARGE)


def _sums_area(text: str, line: Line) -> bool:
    """ "Jumlah Mamuju"."""
    found = _SUM.match(text)
    return found is not None and line.below.vocabulary.area_level(found[1]) is not None


def _is_bare_area(line: Line) -> bool:
    """The name of a large area and nothing else."""
    return line.alone is not None and line.below.vocabulary.area_level(line.alone[1]) is not None


def _is_legend(line: Line) -> bool:
    """Below the last plain record: what signs mean, and what follows "Keterangan"."""
    text = line.texts[line.alone[0]] if line.alone else ""
    legend = line.closing == "note" or _LEGEND.match(text) or _LISTED.match(text)
    return line.number >= line.below.end and bool(text and legend)


def _is_numbered(line: Line) -> bool:
    return any(_is_number(line.folded.get(column, "x")) for column in line.below.ordinals)


def _is_signature(line: Line) -> bool:
    signs = line.closing == "signature" or any(map(_SIGNATURE.search, line.worded.values()))
    return len(line.fields) <= 3 and not line.has_service and signs


LINE_RULES = (
    LineRule("column_numbers", _numbers_columns, "1 | 2 | 3 | 4 | 5"),
    LineRule("instruction", _instructs, "| diisi nama | pilih satu |"),
    LineRule("row", lambda line: line.below.vocabulary.is_key(line.key), ""),
    LineRule("section", _names_group, " | LKS KORBAN KEKERASAN | | |"),
    LineRule("signature", lambda line: line.closing == "signature" and not line.key and len(line.texts) == 1, ""),
    LineRule("row", lambda line: not line.worded and any(map(line.folded.get, line.fields)), "7 | | | | 20"),
    LineRule("blank", lambda line: not line.worded, "7 | - | - | - | -"),
    LineRule("total", _is_total, " | Sub Total Kec. Mambi | | | 20"),
    LineRule("note", lambda line: not line.last[0] and bool(_STARRED.match(line.last[1])), " | *) belum dicek | | |"),
    LineRule("section", _is_lettered, "A. | LKS ANAK | | |"),
    LineRule("row", lambda line: bool(line.key) and line.has_service, " | Mengetahui Hati | Anak | |"),
    LineRule("section", _is_area_beside, "Kecamatan | | | Mambi |"),
    LineRule("section", _is_merged_across, ""),
    LineRule("section", _names_area, "I | KECAMATAN MAMBI | | |"),
    LineRule("row", lambda line: bool(line.key) and _is_numbered(line), "4 | Desa Taruna | | |"),
    LineRule("section", _is_bare_area, " | MAMUJU TENGAH | | |"),
    LineRule("note", _is_legend, ""),
    LineRule("signature", _is_signature, " | | | Mamuju, 3 Mei 2026 |"),
    LineRule("note", lambda line: line.alone is not None and bool(_NOTE.match(line.alone[1])), "Sumber: BPS | | | |"),
    LineRule("section", lambda line: line.alone is not None and line.alone[0] not in line.fields, "Baru | | | |"),
    LineRule("row", lambda line: bool(line.fields), " | Panti Melati | | |"),
    LineRule("note", lambda _: True, "lihat juga | | | | | lampiran"),
)
"""What a line is: the first that fits decides; "Mengetahui Hati", with a service, is a record before signatures."""


def is_ordinal(heading: str) -> bool:
    """Whether a heading is that of the running number."""
    return split_words(heading) in ORDINALS


def _is_number(text: str) -> bool:
    return text.replace(" ", "").isdigit() or text == ""
