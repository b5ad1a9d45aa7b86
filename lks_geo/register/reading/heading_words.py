"""What the words of one heading mean, without looking at the cells below: exact synonyms, check marks, similar words.

Headings are compared folded (case, punctuation, spaces), with the usual abbreviations written out. A heading is tried
as a whole, then without brackets, qualifiers ("... LKS") and leading words ("Alamat ..."). "Lintang/Latitude" names one
field twice and is that field. A check-mark column is a heading that the reader of services understands to the last
word as one group ("LKS Anak Luar Panti").
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from lks_geo.register.meaning.services import read_services
from lks_geo.register.reading.fields import AMBIGUOUS, FIELDS, MARK, OTHER
from lks_geo.settings import Settings
from lks_geo.sheets.folding import compact, split_words
from lks_geo.sheets.header import SURE, Claim, Parts
from lks_geo.sheets.line_kinds import ORDINALS

BY_CONTENT, BY_SIMILARITY = 500, 1000
SIMILAR = 86.0
"""Least similarity (0-100) of a heading to a synonym; the second best field must be MARGIN below."""
MARGIN = 8.0

_BRACKETS = re.compile(r"\([^)]*\)")  # "Lintang (LU/LS)"
_FOR = re.compile(r"\b(?:melayani|menangani|untuk|bagi|serves)\b", re.IGNORECASE)  # "Melayani anak"
_WAYS = re.compile(r"[/|\n]")  # "Lintang/Latitude"
_STATUS = re.compile(  # "status lks", "data status saat ini"
    r"^(?:(?:data|identitas|profil|informasi|umum) )*(?:(?:lks|lembaga|panti) )?(?:status|sts)"
    r"(?: (?:lks|lksa|lembaga|panti|yayasan|orsos|saat ini|sekarang|terakhir|terkini))*$"
)
_REMARK = re.compile(r"^(?:keterangan|ket|catatan)(?: (?:lks|lembaga|panti|status))?$")  # "ket"
_CONTACT = re.compile(  # "alamat dan no telp"
    r"\b(?:dan|no|nomor|telp|telpon|telepon|tlp|hp|wa|kontak|email|fax|phone)\b"
)
_SHORT = {
    "jml": "jumlah", "jlh": "jumlah", "jum": "jumlah", "tgl": "tanggal", "thn": "tahun", "th": "tahun", "nomor": "no",
    "kordinat": "koordinat", "pelayanan": "layanan", "propinsi": "provinsi", "lembaga": "lks",
}  # fmt: skip
"""Words that count as the same in headings."""
_QUALIFIERS = frozenset(
    ("lks", "lembaga", "panti", "lksa", "institusi", "yayasan", "kantor", "lengkap", "orsos", "wajib", "diisi")
)
_LEADS = ("nama", "alamat", "lokasi", "data", "wilayah", "administrasi", "letak", "identitas", "profil")
_NOT_MARKS = frozenset(("umur", "usia", "bantuan", "asuh", "binaan", "jumlah", "nama"))
_GENDERS = {
    "klien_pria": ("pria", "laki laki", "laki", "l", "lk", "male", "m"),
    "klien_perempuan": ("perempuan", "wanita", "p", "pr", "female", "f"),
    "klien": ("jumlah", "total", "jml", "l p", "orang"),
}

_AXES = dict.fromkeys(("n", "s", "ls", "lu"), "lintang") | dict.fromkeys(("e", "w", "bt", "bb"), "bujur")
_LEGAL = re.compile(r"\b(?:kemenkumham|kumham|kemenkum|ahu|pengesahan|badan hukum)\b")  # "sk kemenkumham"
"""Words below "Legalitas" whose column tells whether the LKS is a legal entity."""


_VALUES = ("status_aktif", "badan_hukum", "akreditasi", "perkembangan")
_CHOICES = frozenset(
    ("ya", "tidak", "y", "t", "ada", "sudah", "belum", "aktif", "nonaktif", "non", "v", "x", "a", "b", "c", "tta")
)


def exact(text: str, *, trim: bool = True) -> Claim | None:
    """The field of a heading; `trim`: also without qualifiers, leading words or a leading number."""
    words = split_words(text)
    if words in OTHER:
        return None
    tokens = words.split()
    for extra, kept in ((0, tokens), (SURE, _trimmed(tokens))) if trim else ((0, tokens),):
        entry = _table().get(_key(kept))
        if entry and not (extra and entry[0] == "alamat" and "nama" in tokens):
            return Claim(entry[0], entry[1] + extra)
    return None


def is_status(heading: str) -> bool:
    """Whether a heading says no more than "status": whether the LKS works, unless the cells speak of another field."""
    return _STATUS.match(split_words(without_brackets(heading))) is not None


def is_remark(heading: str) -> bool:
    """Whether a heading is one of remarks ("Ket."), which may hold nothing but the status."""
    return _REMARK.match(split_words(heading)) is not None


def without_brackets(text: str) -> str:
    """A heading without "(LU/LS)" and the like."""
    return _BRACKETS.sub(" ", text)


def said_twice(text: str) -> Claim | None:
    """The field of a heading that names it in two ways ("Lintang/Latitude")."""
    ways = [way for way in _WAYS.split(text) if split_words(way)]
    claims = [exact(way) for way in ways]
    fields = {claim.field if claim else None for claim in claims}
    field = fields.pop() if len(ways) > 1 and len(fields) == 1 else None
    return Claim(field, SURE + 30) if field else None


def with_contact(text: str) -> Claim | None:
    """The address of a column "Alamat / No. Telp": it is kept, and the numbers in it are masked."""
    words = split_words(text)
    rest = " ".join(_CONTACT.sub(" ", words).split())
    claim = exact(rest) if rest != words else None
    return Claim(claim.field, claim.rank + SURE) if claim and claim.field == "alamat" else None


def mark(text: str, settings: Settings) -> Claim | None:
    """The check-mark column of a heading that names one group, and perhaps a system, and nothing else."""
    tokens = split_words(text).split()
    if not tokens or len(tokens) > 8 or _NOT_MARKS & set(tokens) - ({"usia"} if "lanjut" in tokens else set()):
        return None
    reading = read_services(_FOR.sub(" ", text), settings)
    groups = {group for group, _ in reading.services}
    if len(groups) != 1 or reading.unknown or reading.inferred or reading.other:
        return None
    systems = {system for _, system in reading.services}
    system = systems.pop() if len(systems) == 1 else None
    return Claim(f"{MARK}{groups.pop()}" + (f":{system}" if system else ""), SURE)


def _is_choice(text: str) -> bool:
    """Whether a lower heading only lists the answers ("Ada/Tidak")."""
    words = split_words(text).split()
    return len(words) > 1 and "/" in text and _CHOICES.issuperset(words)


def below(parts: Parts, settings: Settings) -> Claim | None:
    """What the upper rows of a heading make of its lowest one."""
    upper, last = " ".join(parts[:-1]), parts[-1]
    above, word = exact(upper), split_words(last)
    if above and above.field == "klien":
        return next((Claim(name, 200) for name, words in _GENDERS.items() if word in words), None)
    if above and above.field == "cakupan_wilayah":
        return Claim("cakupan_wilayah", 250 + ("kecamatan" in word) + 2 * ("kabupaten" in word))
    if above and above.field == "koordinat" and (axis := _AXES.get(word)):
        return Claim(axis, 200)
    if above and above.field == "badan_hukum" and _LEGAL.search(word):
        return Claim("badan_hukum", 230)
    if above and above.field in _VALUES and (word == "status" or _is_choice(last)):
        return Claim(above.field, 240)
    if split_words(upper) in OTHER:
        return None
    if claim := mark(last, settings):
        return claim
    lowest = exact(last)
    return Claim(lowest.field, lowest.rank + 200) if lowest else None


def similar(parts: Parts, settings: Settings) -> list[Claim]:
    """The field whose synonym is nearest to a heading, or several if the next is hardly farther, or none.

    A misspelt heading has as many words as the right one, or blanks are missing altogether.
    """
    whole, tokens = split_words(" ".join(parts)), split_words(parts[-1]).split() if parts else []
    words = "".join(tokens)
    if len(words) < 4 or whole in AMBIGUOUS or whole in ORDINALS or any(mark(token, settings) for token in tokens):
        return []
    best: dict[str, float] = {}
    near = process.extract(words, list(_choices()), scorer=fuzz.ratio, limit=12, score_cutoff=SIMILAR - MARGIN)
    for choice, score, _ in near:
        field, count = _choices()[choice]
        if count == len(tokens) or min(count, len(tokens)) == 1:
            best.setdefault(field, score)
    if not best or max(best.values()) < SIMILAR or next(iter(best)) == "":
        return []
    least = max(best.values()) - MARGIN
    return [Claim(name, BY_SIMILARITY + int(100 - score)) for name, score in best.items() if score > least and name]


def _key(tokens: list[str]) -> str:
    return "".join(_SHORT.get(token, token) for token in tokens)


@cache
def _table() -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for spec in FIELDS:
        for rank, words in enumerate((spec.title_id, spec.title_en, *spec.synonyms, spec.key)):
            for key in (_key(split_words(words).split()), compact(words)):
                table.setdefault(key, (spec.key, min(1 + rank, SURE - 1)))
    return table


def _trimmed(tokens: list[str]) -> list[str]:
    words = list(tokens)
    while len(words) > 1 and (words[0].isdigit() or len(words[0]) == 1):
        words.pop(0)
    while len(words) > 1 and words[-1] in _QUALIFIERS:
        words.pop()
    while len(words) > 1 and words[0] in _LEADS and _key(words) not in _table():
        words.pop(0)
    return words


@cache
def _choices() -> dict[str, tuple[str, int]]:
    """Headings long enough to be similar -> field ("" for headings of no field) and number of words."""
    named = [(words, spec.key) for spec in FIELDS for words in (spec.title_id, spec.title_en, *spec.synonyms)]
    choices: dict[str, tuple[str, int]] = {}
    for words, field in [*named, *((words, "") for words in (*OTHER, *AMBIGUOUS))]:
        tokens = split_words(words).split()
        if len(words) >= 5:
            choices.setdefault("".join(tokens), (field, len(tokens)))
    return choices
