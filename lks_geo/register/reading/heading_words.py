"""What the words of one heading mean, without looking at the cells below: exact synonyms, check marks, similar words.

Headings are compared folded (case, punctuation, spaces), with the usual abbreviations written out. A heading is tried
as a whole, then without brackets, qualifiers ("... LKS") and leading words ("Alamat ..."). "Lintang/Latitude" names one
field twice and is that field. A check-mark column is a heading that the reader of services understands to the last
word as one group ("LKS Anak Luar Panti").

Programs write more around a heading: the path of a form ("grup/lokasi/desa"), whose last part is the heading; the
source and kind of an area column in any order ("bps_nama_kecamatan", "kab_kota.nama"); an axis with words before or
behind it ("POINT_X", "_gps_latitude"), which counts only if the cells are such numbers. Forms ask ("Apakah LKS masih
aktif?"): the words of the question are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz, process

from lks_geo.register.meaning.services import read_services
from lks_geo.register.reading.fields import AMBIGUOUS, FIELDS, MARK, OTHER, SERVICE_FIELDS
from lks_geo.settings import Settings
from lks_geo.sheets.folding import compact, split_words
from lks_geo.sheets.header import SURE, Claim, Parts
from lks_geo.sheets.line_kinds import AREA_FIELDS, ORDINALS
from lks_geo.tables import LEVELS

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
_REMARK = re.compile(  # "ket", "kondisi saat ini"
    r"^(?:keterangan|ket|catatan|kondisi|keadaan)(?: (?:lks|lembaga|panti|status|saat ini|sekarang|terakhir|terkini))*$"
)
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

_QUESTION = frozenset(
    ("apakah", "adakah", "berapa", "berapakah", "siapa", "siapakah", "apa", "apasaja", "dimana", "dimanakah", "mana",
     "manakah", "bagaimana", "kapan", "sebutkan", "tuliskan", "isikan", "mohon", "silakan", "pilih", "pilihlah",
     "is", "what", "which", "where", "how")
)  # fmt: skip
_OF_QUESTIONS = _QUESTION | frozenset(
    ("saja", "yang", "anda", "bapak", "ibu", "saudara", "di", "ke", "sampai", "hingga", "saat", "ini", "sekarang",
     "kini", "sudah", "telah", "masih", "tersebut", "berada", "terletak", "memiliki", "dimiliki", "mempunyai", "punya",
     "secara", "oleh", "the", "still", "of", "your", "dari", "untuk")
)  # fmt: skip
"""Words that a question asks with; they are left out of a heading that holds one of _QUESTION or "masih"."""
_ACTIVITY = frozenset(("aktif", "nonaktif", "beroperasi", "berjalan", "berfungsi", "active", "operating"))
_OF_ACTIVITY = frozenset(
    ("status", "sts", "keaktifan", "ya", "tidak", "non", "belum", "sudah", "tutup", "vakum", "masih", "atau", "yes",
     "no")
)  # fmt: skip
_WORK = frozenset(("melayani", "memberikan", "menjalankan", "layanan", "pelayanan", "kegiatan", "kegiatannya", "tahun"))
"""Words that a heading that asks for activity may hold beside it, and what a question says of the work."""
_INSTITUTION = frozenset(("lks", "lksa", "lembaga", "panti", "yayasan", "institusi", "organisasi", "institution"))

_LEVEL_WORDS = {
    **AREA_FIELDS, "district": "kecamatan", "subdistrict": "kecamatan",
    **dict.fromkeys(("ds", "village", "desakelurahan", "kelurahandesa", "desakel", "kampung", "negeri"), "desa"),
    **dict.fromkeys(("kabkota", "kabupatenkota", "regency", "city"), "kabupaten"),
    **dict.fromkeys(("provinsi", "prov", "propinsi", "province"), "provinsi"),
}  # fmt: skip
_NAME_WORDS = frozenset(("nama", "nm", "name", "label", "text", "teks"))
_CODE_WORDS = frozenset(("kode", "kd", "code", "id", "nomor"))
_SOURCES = {"kemendagri": 0, "dagri": 0, "permendagri": 0, "dukcapil": 1, "big": 1, "kemensos": 1, "pum": 1, "bps": 10}
"""Where an area column comes from, and how much later than others its source is taken."""
_AROUND = frozenset(
    ("wilayah", "administrasi", "adm", "lokasi", "alamat", "domisili", "lks", "lksa", "lembaga", "panti", "yayasan",
     "properties", "attributes", "address", "data", "atau", "dan", "or", "and", "tempat", "admin")
)  # fmt: skip
_PATH = re.compile(r"[\w\-]+(?:[/:.][\w\-]+)+")  # "grup_1/lokasi/desa", "kab_kota.nama", "grup:desa"
_LISTED = re.compile(r"\s*[/,&+()]\s*")  # ", " of "Desa, Kecamatan"
_PATH_ENDS = re.compile(r"[/:.]")  # "/"
_LATITUDE = frozenset(("latitude", "lat", "lintang", "latitud", "latitute", "y", "ycoord", "northing"))
_LONGITUDE = frozenset(("longitude", "long", "lng", "lon", "bujur", "longitud", "longtitude", "x", "xcoord", "easting"))

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
    if text.strip() == "_id":  # the number that KoboToolbox gives an answer: an id if there is no other
        return Claim("id", SURE + 60)
    tokens = words.split()
    asked = _without_question(tokens)
    ways = ((0, tokens), (SURE, _trimmed(tokens)), (SURE + 10, asked), (SURE + 20, _trimmed(asked)))
    for extra, kept in ways[: 4 if trim else 1]:
        entry = _table().get(_key(kept))
        of_whom = asked != tokens and kept in (["nama"], ["name"])
        if entry and tokens[0] == "alamat":
            of_whom |= entry[0] in ("klien", *SERVICE_FIELDS)
        if entry and not of_whom and not (extra and entry[0] == "alamat" and "nama" in tokens):
            return Claim(entry[0], entry[1] + extra)
    if trim and _asks_activity(tokens):
        return Claim("status_aktif", SURE + 30)
    field, source = _area(tokens) if trim else (None, "")
    return Claim(field, SURE + 30 + _SOURCES.get(source, 5)) if field else None


def source_of(heading: str) -> str:
    """Where an area column says that it comes from ("bps"); "" if it is none or says nothing."""
    return _area(split_words(heading).split())[1]


def _area(tokens: Sequence[str]) -> tuple[str | None, str]:
    """The field and source of an area column whose every word is of a level, a name or code, a source, or around it;
    ("", ...) for an area of which no field is made (the code of a province)."""
    levels = {level for word in tokens if (level := _LEVEL_WORDS.get(word))}
    rest = [word for word in tokens if word not in _LEVEL_WORDS and word not in _AROUND]
    if len(levels) != 1 or not all(word in _NAME_WORDS or word in _CODE_WORDS or word in _SOURCES for word in rest):
        return None, ""
    source = next((word for word in rest if word in _SOURCES), "")
    level = levels.pop()
    if not _CODE_WORDS.isdisjoint(rest):
        return "" if level == "provinsi" else f"kode_{level}", source
    return level, source


def of_levels(text: str) -> Claim | None:
    """The smallest area of a heading that names several, as its cells do: "Desa/Kecamatan", "Wilayah (Desa, Kec.)"."""
    tokens = [token for part in _LISTED.split(text) for token in split_words(part).split() if token not in _AROUND]
    levels = {_LEVEL_WORDS.get(token, "") for token in tokens}
    smallest = next((level for level in LEVELS if level in levels), None)
    return Claim(smallest, SURE + 35) if smallest and len(levels) > 1 and "" not in levels else None


def _without_question(tokens: list[str]) -> list[str]:
    """The words of a heading that asks ("apakah lks masih aktif"), without those of the question."""
    if "masih" not in tokens and _QUESTION.isdisjoint(tokens):
        return tokens
    kept = [token for token in tokens if token not in _OF_QUESTIONS]
    while len(kept) > 1 and kept[0] in _INSTITUTION:
        kept.pop(0)
    return kept


def _asks_activity(tokens: Sequence[str]) -> bool:
    """Whether a heading asks for nothing but activity: "status lks aktif non aktif", "8 apakah panti masih aktif
    melayani"; "tidak aktif" is an answer."""
    if not tokens or tokens[0] in ("tidak", "non", "belum", "nonaktif"):
        return False
    asks = "masih" in tokens or not _QUESTION.isdisjoint(tokens)
    beside = _INSTITUTION | _OF_ACTIVITY | (_OF_QUESTIONS | _WORK if asks else frozenset())
    telling = {token for token in tokens if token not in beside and not token.isdigit()}
    return bool(telling) and telling <= _ACTIVITY


def last_of_path(heading: str, settings: Settings) -> Claim | None:
    """The field that the last part of a path names, or its last two; a group ticked below a question of services is its
    check-mark column. A bare name or id counts only below parts that speak of the institution or of nothing."""
    question, slash, answer = without_brackets(heading).rpartition("/")
    asked = exact(question) if slash else None
    if asked and asked.field in SERVICE_FIELDS and (ticked := mark(answer, settings)):
        return Claim(ticked.field, SURE + 40)
    if not _PATH.fullmatch(heading.strip(" _")):
        return None
    parts = [part for part in _PATH_ENDS.split(heading.strip(" _")) if split_words(part)]
    if len(parts) < 2:
        return None
    above = exact(parts[-2])
    if above and above.field in SERVICE_FIELDS and (ticked := mark(parts[-1].replace("_", " "), settings)):
        return Claim(ticked.field, SURE + 40)
    claim = exact(" ".join(parts[-2:])) or exact(parts[-1])
    if claim and claim.field in ("nama", "id") and split_words(parts[-1]) in ("nama", "name", "id"):
        known = _AROUND | _INSTITUTION | {"group", "grup", "identitas", "profil", "umum", "info", "informasi", "form"}
        around = {word.rstrip("0123456789") for part in parts[:-1] for word in split_words(part).split()}
        return Claim(claim.field, SURE + 50) if around - {""} <= known else None
    return Claim(claim.field, claim.rank + SURE + 40) if claim else None


def axis(heading: str) -> tuple[str, str] | None:
    """The axis that the first or last word of a heading names, and the other words: ("bujur", "point") of "POINT_X"."""
    words = split_words(_PATH_ENDS.sub(" ", heading)).split()
    for position in (-1, 0) if words else ():
        word = words[position]
        for name, known in (("lintang", _LATITUDE), ("bujur", _LONGITUDE)):
            if word in known:
                return name, " ".join(words[:-1] if position else words[1:])
    return None


def is_status(heading: str) -> bool:
    """Whether a heading says no more than "status": whether the LKS works, unless the cells speak of another field."""
    bare = _STATUS.match(split_words(without_brackets(heading)))
    return bare is not None and not _asks_activity(split_words(heading).split())


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
    if len(groups) != 1 or reading.unknown or reading.rest or reading.inferred or reading.other:
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
    if _area(whole.split())[0] == "":
        return []
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
