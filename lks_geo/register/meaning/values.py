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

from lks_geo.register.meaning.cells import by_unique, fold, is_empty_marker
from lks_geo.register.meaning.counts import CountReading, read_count
from lks_geo.register.meaning.dates import DATE_WORDS, DateReading, dates_in, read_date

__all__ = [
    "AccreditationReading",
    "CountReading",
    "DateReading",
    "DevelopmentReading",
    "LegalReading",
    "StatusReading",
    "by_unique",
    "fold",
    "is_empty_marker",
    "names_status",
    "read_accreditation",
    "read_count",
    "read_date",
    "read_development",
    "read_legal",
    "read_status",
]

_WORDS = re.compile(r"[^\W\d_]+|\d+")


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


_YES = frozenset(("ya", "y", "yes", "true", "benar", "1", "v", "✓", "✔", "√", "☑", "sudah", "ada"))
_NO = frozenset(("tidak", "tdk", "tak", "no", "n", "false", "0", "bukan", "belum", "blm"))
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


def read_status(text: str | None) -> StatusReading:
    """Whether the place works: "Aktif", "sudah tidak aktif", "Beroperasi", "Bukan LKS Operasional", 1, 0, "vakum"."""
    folded = fold(text)
    if is_empty_marker(folded) or folded in _STATUS_UNKNOWN:
        return StatusReading(None, True)
    active = _yes_or_no(folded)
    if active is None:
        active = _judge(_WORDS.findall(folded), _ACTIVE, _INACTIVE, _STATUS_FILLERS)
    return StatusReading(active, active is not None)


def names_status(text: str | None) -> bool:
    """Whether the words alone say that it is about working or not ("Vakum", "Tidak aktif", but not "Ya" or "1")."""
    return read_status(text).active is not None and _yes_or_no(fold(text)) is None


def _yes_or_no(folded: str) -> bool | None:
    answer = folded.strip(" .!()").removesuffix(".0")
    return True if answer in _YES else False if answer in _NO else None


def _judge(words: list[str], good: frozenset[str], bad: frozenset[str], fillers: frozenset[str]) -> bool | None:
    """What the words say if every one is known and all say the same; a negator turns the next good word over."""
    found: set[bool] = set()
    negated = False
    for word in words:
        if word in _NEGATORS:
            negated = True
        elif word in good:
            found.add(not negated)
            negated = False
        elif word in bad:
            if negated:
                return None
            found.add(False)
        elif negated and word in _BETWEEN:
            continue
        elif not (word in fillers or _is_year(word)):
            return None
    return found.pop() if len(found) == 1 and not negated else None


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
    legal = _yes_or_no(folded)
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
    words = _WORDS.findall(folded)
    stages = {_STAGES[word] for word in words if word in _STAGES}
    strange = [word for word in words if word not in _STAGES and word not in _STAGE_FILLERS]
    stage = stages.pop() if len(stages) == 1 and not strange else None
    return DevelopmentReading(stage, stage is not None)


_RANKS = {"a": "A", "b": "B", "c": "C", "tta": "TTA", "tt": "TTA"}
_RANK_FILLERS = frozenset(
    ("terakreditasi", "akreditasi", "akreditas", "peringkat", "predikat", "nilai", "grade", "rank", "status", "lks",
     "sangat", "amat", "baik", "cukup", "sekali", "memuaskan", "accredited", "kategori", "masih", "tipe", "type", "sk",
     "balks")
) | DATE_WORDS  # fmt: skip
_NOT_YET = frozenset(
    ("belum", "blm", "belum ada", "belum terakreditasi", "belum akreditasi", "belum diakreditasi", "blm terakreditasi",
     "blm akreditasi", "tidak", "no", "n", "not yet", "not accredited", "belum pernah", "belum pernah akreditasi",
     "belum pernah diakreditasi", "proses", "sedang proses", "dalam proses", "sedang diproses", "proses akreditasi",
     "sedang proses akreditasi", "dalam proses akreditasi", "masih proses", "masih dalam proses", "sedang dalam proses",
     "diajukan", "pengajuan", "sedang diajukan", "sedang pengajuan", "draft", "usulan", "diusulkan", "visitasi",
     "menunggu", "menunggu hasil", "belum mengajukan")
)  # fmt: skip
_FAILED = frozenset(("tidak terakreditasi", "tdk terakreditasi", "tidak lulus", "tidak lulus akreditasi"))
_EXPIRED = re.compile(
    r"\b(?:kedaluwarsa|kadaluwarsa|kadaluarsa|kedaluarsa|expired|(?:sudah )?habis(?: masa)?(?: berlaku(?:nya)?)?)\b"
)


def read_accreditation(text: str | None) -> AccreditationReading:
    """The rank, and the year or end of validity if they stand in the same cell: "Terakreditasi B", "A (2023)",
    "B s/d 12 Mei 2027", "A 2023-2028", "TTA", "sedang proses". Two ranks, or none in "Terakreditasi": not understood.
    """
    folded = fold(text)
    if is_empty_marker(folded):
        return AccreditationReading(None, True)
    expired = _EXPIRED.search(folded) is not None
    folded = _EXPIRED.sub(" ", folded) if expired else folded
    dates, rest = dates_in(folded, end=True)
    plain = " ".join(re.findall(r"[^\W\d_]+|\d+", rest))
    if plain in _NOT_YET or plain in _FAILED:
        return AccreditationReading("TTA" if plain in _FAILED else "belum", True)
    words = plain.split()
    ranks = {_RANKS[word] for word in words if word in _RANKS}
    strange = [word for word in words if word not in _RANKS and word not in _RANK_FILLERS]
    if len(ranks) != 1 or strange or None in dates:
        return AccreditationReading(None, False)
    return AccreditationReading(ranks.pop(), True, *_validity(folded, [found for found in dates if found]), expired)


def _validity(folded: str, dates: list[DateReading]) -> tuple[int | None, date | None]:
    """Year of the decision and last day: one date is the decision unless a word ("s/d", "berlaku") makes it the end."""
    days = sorted(found.value for found in dates if found.value)
    if not days:
        return None, None
    ends = re.search(r"\b(?:s\s*[./]?\s*d|sd|sampai|hingga|berlaku|exp|until|valid|to)\b", folded) is not None
    if len(days) == 1:
        return (None, days[0]) if ends else (days[0].year, None)
    return days[0].year, days[-1]
