"""Readers of single cells: status, legal form, development, accreditation, dates, counts. Text in, a small reading out.

Every reader takes any text (or None) and never raises. `understood` is False when something stands in the cell that
the reader does not know; a blank cell or an empty marker (`is_empty_marker`) is understood and has no value.
Nothing is guessed by similarity: "aktif sampai 2019", "kurang aktif", two ranks or two numbers in one cell are not
understood. What they get wrong: "Tidak terakreditasi" is taken as the rank TTA although some offices mean "belum";
"2,022" as a count is two thousand (people have no decimals); a five-digit number in a date cell is an Excel serial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lks_geo.register.meaning.dates import DATE_WORDS, DateReading, dates_in
from lks_geo.sheets.folding import fold, is_empty_marker, read_tick

_WORDS = re.compile(r"[^\W\d_]+|\d+")  # "terakreditasi", "2023"


@dataclass(frozen=True, slots=True)
class StatusReading:
    """`active` None: not known. Understood and None: the cell is blank or says that it is not known."""

    active: bool | None
    understood: bool


@dataclass(frozen=True, slots=True)
class LegalReading:
    """Whether the place is a legal entity (berbadan hukum)."""

    legal: bool | None
    understood: bool


@dataclass(frozen=True, slots=True)
class DevelopmentReading:
    """`stage`: tumbuh, berkembang, mandiri or None."""

    stage: str | None
    understood: bool


@dataclass(frozen=True, slots=True)
class AccreditationReading:
    """`rank`: A, B, C, TTA, belum or None. `year` of the decision and last day of validity if the cell tells them.

    `expired` is True when the cell says so in words. "Terakreditasi" without a rank: None and not understood.
    """

    rank: str | None
    understood: bool
    year: int | None = None
    expires: date | None = None
    expired: bool = False


_NEGATORS = frozenset(("tidak", "tdk", "tak", "non", "bukan", "belum", "blm", "not", "tanpa"))
_BETWEEN = frozenset(("lagi", "lks", "sedang", "dalam", "masih", "memiliki", "punya", "mempunyai", "ada", "bisa"))

_ACTIVE = frozenset(
    ("aktif", "active", "beroperasi", "operasional", "operasi", "berjalan", "jalan", "operational", "operating")
)
_INACTIVE = frozenset(
    ("nonaktif", "inaktif", "inactive", "pasif", "vakum", "vacum", "vacuum", "tutup", "ditutup", "bubar", "dibubarkan",
     "berhenti", "dibekukan", "dicabut", "closed", "nonoperasional", "terhenti", "mati")
)  # fmt: skip
_STATUS_FILLERS = frozenset(
    ("lks", "status", "masih", "sudah", "telah", "sedang", "saat", "ini", "sekarang", "dan", "sementara", "sejak",
     "tahun", "th", "thn", "lagi", "dalam", "kondisi", "keadaan", "lembaga", "yg", "yang", "total", "suri")
)  # fmt: skip
_STATUS_UNKNOWN = frozenset(
    ("tidak jelas", "tidak tahu", "belum jelas", "belum diverifikasi", "belum dicek", "belum didata", "perlu dicek",
     "status tidak diketahui", "tidak diketahui statusnya", "not known")
)  # fmt: skip


_STATUS_ANSWERS = dict.fromkeys(("masih", "masih ada"), True) | dict.fromkeys(
    ("sudah tidak", "sdh tidak", "sudah tdk", "tidak lagi", "sudah tidak ada", "tidak masih"), False
)
"""Whole cells that answer "Masih aktif?"."""


def read_status(text: str | None) -> StatusReading:
    """Whether the place works: "Aktif", "sudah tidak aktif", "Beroperasi", "Bukan LKS Operasional", 1, 0, "vakum"."""
    folded = fold(text)
    if is_empty_marker(folded) or folded in _STATUS_UNKNOWN:
        return StatusReading(None, True)
    active = _STATUS_ANSWERS.get(folded, read_tick(folded))
    if active is None:
        active = _judge(_WORDS.findall(folded), _ACTIVE, _INACTIVE, _STATUS_FILLERS)
    return StatusReading(active, active is not None)


def names_status(text: str | None) -> bool:
    """Whether the words alone say that it is about working or not ("Vakum", "Tidak aktif", but not "Ya" or "1")."""
    return read_status(text).active is not None and read_tick(text) is None


def _judge(words: list[str], good: frozenset[str], bad: frozenset[str], fillers: frozenset[str]) -> bool | None:
    """What the words say if every one is known and all say the same; a negator turns the next good word over."""
    verdicts: set[bool] = set()
    negated = False
    for word in words:
        if word in _NEGATORS:
            negated = True
        elif word in good:
            verdicts.add(not negated)
            negated = False
        elif word in bad:
            if negated:
                return None
            verdicts.add(False)
        elif negated and word in _BETWEEN:
            continue
        elif not (word in fillers or _is_year(word)):
            return None
    return verdicts.pop() if len(verdicts) == 1 and not negated else None


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1900 <= int(word) <= 2100


_LEGAL = frozenset(("berbadan", "kemenkumham", "kumham", "menkumham", "kemenkum", "ahu", "terdaftar"))
_LEGAL_FILLERS = frozenset(
    ("badan", "hukum", "sk", "ada", "sudah", "telah", "lks", "no", "nomor", "nmr", "tahun", "tgl", "tanggal", "lengkap",
     "pengesahan", "ri", "memiliki", "punya", "mempunyai", "yayasan", "perkumpulan", "status", "dari", "di", "pada",
     "akta", "notaris", "dan", "ah")
)  # fmt: skip
_LEGAL_YES = frozenset(("bh", "badan hukum", "yayasan", "legal", "legal entity", "berbadan hukum"))
_LEGAL_NO = frozenset(
    ("tbh", "non bh", "non badan hukum", "tidak", "bukan badan hukum", "tidak ada badan hukum", "belum ada", "proses",
     "dalam proses", "sedang proses", "sedang diproses", "sedang diurus", "masih proses", "dalam pengurusan",
     "tidak punya", "belum punya", "not legal", "belum badan hukum", "tidak badan hukum", "tanpa badan hukum")
)  # fmt: skip


def read_legal(text: str | None) -> LegalReading:
    """Whether it is a legal entity: "Berbadan Hukum", "Belum berbadan hukum", "ada SK Kemenkumham", "AHU-0012.AH.01".

    A yayasan is one by law; a perkumpulan or a mere notary's deed need not be, so they alone are not understood.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return LegalReading(None, True)
    plain = " ".join(_WORDS.findall(folded))
    legal = read_tick(folded)
    if plain in _LEGAL_YES or plain in _LEGAL_NO:
        legal = plain in _LEGAL_YES
    elif legal is None:
        words = [word for word in plain.split() if not word.isdecimal()]
        legal = _judge(words, _LEGAL - {"terdaftar"}, frozenset(), _LEGAL_FILLERS)
    return LegalReading(legal, legal is not None)


_STAGES = {
    "tumbuh": "tumbuh", "bertumbuh": "tumbuh", "growing": "tumbuh", "pertumbuhan": "tumbuh",
    "berkembang": "berkembang", "developing": "berkembang", "kembang": "berkembang", "perkembangan": "berkembang",
    "mandiri": "mandiri", "self-reliant": "mandiri", "independent": "mandiri", "reliant": "mandiri",
}  # fmt: skip
_STAGE_FILLERS = frozenset(
    ("lks", "sudah", "sedang", "masih", "tahap", "kategori", "telah", "self", "status", "lembaga")
)


def read_development(text: str | None) -> DevelopmentReading:
    """The stage: tumbuh, berkembang or mandiri, alone or among harmless words ("LKS sudah mandiri")."""
    folded = fold(text)
    if is_empty_marker(folded):
        return DevelopmentReading(None, True)
    stage = _only_meaning(_WORDS.findall(folded), _STAGES, _STAGE_FILLERS)
    return DevelopmentReading(stage, stage is not None)


def _only_meaning(words: list[str], meanings: dict[str, str], fillers: frozenset[str]) -> str | None:
    """What the words mean if all that mean something mean the same and the others are harmless."""
    meant = {meanings[word] for word in words if word in meanings}
    strange = any(word not in meanings and word not in fillers for word in words)
    return meant.pop() if len(meant) == 1 and not strange else None


_RANKS = {"a": "A", "b": "B", "c": "C", "tta": "TTA", "tt": "TTA"}
_RANK_FILLERS = frozenset(
    ("terakreditasi", "akreditasi", "akreditas", "peringkat", "predikat", "nilai", "grade", "rank", "status", "lks",
     "sangat", "amat", "baik", "cukup", "sekali", "memuaskan", "accredited", "kategori", "masih", "tipe", "type", "sk",
     "balks")
) | DATE_WORDS  # fmt: skip
_NOT_RANKED = dict.fromkeys(
    ("belum", "blm", "belum ada", "belum terakreditasi", "belum akreditasi", "belum diakreditasi", "blm terakreditasi",
     "blm akreditasi", "tidak", "no", "n", "not yet", "not accredited", "belum pernah", "belum pernah akreditasi",
     "belum pernah diakreditasi", "proses", "sedang proses", "dalam proses", "sedang diproses", "proses akreditasi",
     "sedang proses akreditasi", "dalam proses akreditasi", "masih proses", "masih dalam proses", "sedang dalam proses",
     "diajukan", "pengajuan", "sedang diajukan", "sedang pengajuan", "draft", "usulan", "diusulkan", "visitasi",
     "menunggu", "menunggu hasil", "belum mengajukan"),
    "belum",
) | dict.fromkeys(
    ("tidak terakreditasi", "tdk terakreditasi", "tidak lulus", "tidak lulus akreditasi"), "TTA"
)  # fmt: skip
"""Whole cells that tell the outcome without a rank."""
_EXPIRED = re.compile(  # "sudah habis masa berlakunya"
    r"\b(?:kedaluwarsa|kadaluwarsa|kadaluarsa|kedaluarsa|expired|(?:sudah )?habis(?: masa)?(?: berlaku(?:nya)?)?)\b"
)


def read_accreditation(text: str | None) -> AccreditationReading:
    """The rank, and the year or end of validity if they stand in the same cell: "Terakreditasi B", "A (2023)",
    "B s/d 12 Mei 2027", "A 2023-2028", "TTA", "sedang proses". Two ranks, or none in "Terakreditasi": not understood.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return AccreditationReading(None, True)
    rest = _EXPIRED.sub(" ", folded)
    dates, words_left = dates_in(rest, end=True)
    words = _WORDS.findall(words_left)
    outcome = _NOT_RANKED.get(" ".join(words))
    if outcome is not None:
        return AccreditationReading(outcome, True)
    rank = _only_meaning(words, _RANKS, _RANK_FILLERS)
    if rank is None or None in dates:
        return AccreditationReading(None, False)
    return AccreditationReading(rank, True, *_validity(rest, dates), expired=rest != folded)


_VALID_UNTIL = re.compile(r"\b(?:s\s*[./]?\s*d|sd|sampai|hingga|berlaku|exp|until|valid|to)\b")  # "s/d", "berlaku"


def _validity(folded: str, dates: list[DateReading | None]) -> tuple[int | None, date | None]:
    """Year of the decision and last day: one date is the decision unless a word ("s/d", "berlaku") makes it the end."""
    days = sorted(reading.value for reading in dates if reading and reading.value)
    if not days:
        return None, None
    if len(days) == 1:
        return (None, days[0]) if _VALID_UNTIL.search(folded) else (days[0].year, None)
    return days[0].year, days[-1]


@dataclass(frozen=True, slots=True)
class CountReading:
    """A number of people. `kind`: tepat (exact), perkiraan ("±25"), rentang ("25-30": `value` is the low end, `high`
    the other)."""

    value: int | None
    understood: bool
    kind: str = "tepat"
    high: int | None = None


_UNITS = frozenset(
    ("orang", "org", "anak", "jiwa", "klien", "lansia", "pm", "penerima", "manfaat", "penghuni", "santri", "warga",
     "binaan", "siswa", "people", "persons", "person", "children", "tempat", "tidur", "tt", "bed", "beds", "kapasitas",
     "jumlah", "total", "asuh", "penyandang", "disabilitas", "wbs", "balita", "pasien", "residen", "kelayan", "peserta")
)  # fmt: skip
_ABOUT = frozenset(
    ("±", "+/-", "+-", "~", "≈", ">", "<", "≥", "≤", ">=", "<=", "sekitar", "kurang", "lebih", "kira", "kira-kira",
     "kurang-lebih", "kl", "hampir", "maks", "maksimal", "minimal", "min", "max", "dari", "an", "about", "ca", "c")
)  # fmt: skip
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]0+)?|\d+(?:[.,]0+)?"  # "2.022", "25,0"
_COUNT = re.compile(  # "± 25-30 anak"
    rf"(?P<before>\+/?-|[^\d\-−]*)\s*(?P<low>{_NUMBER})"
    rf"(?:\s*(?:-|s/d|s\.d\.?|sd|sampai|hingga|to)\s*(?P<high>{_NUMBER}))?(?P<after>\D*)"
)
_WORDS_AND_SIGNS = re.compile(r"[^\W\d_]+|[^\w\s]+")  # "kurang", "±"
_MOST_PEOPLE = 100_000


def read_count(text: str | None) -> CountReading:
    """A number of people: "25", "±25 anak", "25 org", "2.022", "25-30", "25 (dua puluh lima)".

    Negative, money, words alone, decimals, two values in one cell, or a unit that is not people (KK, kamar): not
    understood. A range counts with its low end.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return CountReading(None, True)
    match = _COUNT.fullmatch(folded)
    if match is None:
        return CountReading(None, False)
    low = _whole(match["low"])
    high = _whole(match["high"] or match["low"])
    words = _WORDS_AND_SIGNS.findall(f"{match['before']} {match['after']}")
    if not low <= high <= _MOST_PEOPLE or not _tell_people(words, low):
        return CountReading(None, False)
    if high > low:
        return CountReading(low, True, "rentang", high)
    return CountReading(low, True, "tepat" if _ABOUT.isdisjoint(words) else "perkiraan")


def _tell_people(words: list[str], number: int) -> bool:
    """Whether the words beside a number are known ones, and a number among them is the same."""
    spelled = [word for word in words if word in _SPELLED]
    known = all(word in _KNOWN or not word.strip("().,;:/*-") for word in words)
    return known and (not spelled or _spelled_number(spelled) == number)


_UNITS_SPELLED = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SPELLED = {word: value for value, word in enumerate(_UNITS_SPELLED)} | {
    "sepuluh": 10, "sebelas": 11, "seratus": 100, "belas": 0, "puluh": 10, "ratus": 100, "seribu": 1000, "ribu": 1000,
}  # fmt: skip

_KNOWN = _UNITS | _ABOUT | frozenset(_SPELLED)


def _spelled_number(words: list[str]) -> int:
    """The number of a numeral repeated in words, as letters do: "25 (dua puluh lima)". Up to 9,999."""
    total = last = 0
    for word in words:
        if word == "belas":
            total, last = total + 10 + last, 0
        elif word in ("puluh", "ratus", "ribu"):
            total, last = total + last * _SPELLED[word], 0
        else:
            total, last = total + (last if last >= 10 else 0), _SPELLED[word]
    return total + last


def _whole(text: str) -> int:
    """The integer of a matched number: separators before three digits are thousands, zeros after one are decimals."""
    groups = re.split(r"[.,]", text)  # "2.022,00"
    if len(groups) > 1 and len(groups[-1]) != 3 and set(groups[-1]) == {"0"}:
        groups.pop()
    return int("".join(groups))
