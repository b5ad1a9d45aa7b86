"""What the headings of tables of people mean: areas, the people counted, their sex and age, and the year.

A heading counts people only if it is understood to its last word: "Lansia (60+)" is a group, "Lansia terlantar" and
"Kepadatan penduduk" are not. A group with an age other than its own ("Anak 0-4") is a bracket of ages. Headings of
areas are those of the register.
Gets wrong: a heading of usual words that an office means differently; `population check` shows what was understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.messages import Message, msg
from lks_geo.population.people_cells import OPEN, Age, take_age
from lks_geo.register.reading.heading_words import exact
from lks_geo.settings import Settings
from lks_geo.sheets.folding import compact, fold, split_words
from lks_geo.sheets.header import Claim, Parts, Vocabulary

PEOPLE = "penduduk"
"""Everybody, whatever the age."""
BARE = "jumlah"
"""A heading that says no more than "Jumlah": the other columns of the table decide."""
VALUE = "orang:"
"""Field of a column that counts people, before its heading."""

SEX, AGE, YEAR, ITEM, UNIT, REMARK = "jenis_kelamin", "umur", "tahun", "kelompok", "satuan", "keterangan"
NAME = "nama"
"""A name that does not say of which level it is: it is compared with the code of its row."""
CODES = ("kode_desa", "kode_kecamatan", "kode_kabupaten")
AREAS = (NAME, "kode_desa", "kode_kecamatan", "kode_kabupaten", "desa", "kecamatan", "kabupaten", "provinsi")
POINT = ("lintang", "bujur")
KEYS = ("kode_desa", "desa", "kode_kecamatan", "kecamatan")
"""The columns by which rows are found, the finest and surest first."""

SHOWN = 5
"""How many rows or cells a message names."""

_ALSO = {
    "kode_desa": "kode, kode kel, no kel, desano, kode kelurahan desa, kode desa kelurahan, adm4 pcode, kdepum,"
    "kode wilayah desa",
    "kode_kecamatan": "kode kec, idkec, id kec, adm3 pcode",
    "kode_kabupaten": "kode kab, kode kabkota, idkab, adm2 pcode",
    NAME: "nama, wilayah, nama wilayah, nama daerah",
    "desa": "namobj, wadmkd, nmdesa, nama desa kelurahan, desa dan kelurahan, kecamatan desa, kecamatan dan desa,"
    "kecamatan desa kelurahan, nama kecamatan desa",
    "kecamatan": "wadmkc, nmkec, nama kec",
    "kabupaten": "wadmkk, nmkab, nama kab",
    SEX: "jenis kelamin, sex, gender, jk",
    AGE: "umur, usia, kelompok umur, kelompok usia, golongan umur, rentang umur, rentang usia, age, age group",
    YEAR: "tahun, tahun data, year, periode, periode tahun",
    ITEM: "kelompok, kelompok sasaran, kategori, indikator, uraian, variabel, jenis data, group",
    UNIT: "satuan, unit",
    REMARK: "keterangan, ket, catatan, remark",
}  # fmt: skip
_FIELDS = {compact(word): field for field, words in _ALSO.items() for word in words.split(",")}
_BPS_HEAD = re.compile(r"^(?:bps|kemendagri) kode ")  # "bps kode desa kelurahan"

GROUP_WORDS = {
    "anak": ("anak anak", "children", "child"),
    "lansia": ("lanjut usia", "usia lanjut", "manula", "older persons", "elderly"),
    "disabilitas": ("difabel", "penyandang cacat", "people with disability", "disability", "disabilities"),
    "napza": ("korban napza", "penyalahguna napza", "korban penyalahgunaan napza"),
    "kekerasan": ("korban kekerasan", "korban tindak kekerasan"),
}
"""Words that mean the people of a usual group, beside its key and names. (Words of services mean less: "balita".)"""

GROUP_AGES = {"anak": (Age(0, 17),), "lansia": (Age(60, OPEN), Age(60, -2))}
"""Ages that a heading of the group may name; groups that ages make up."""

_SEXES = {
    "L": ("l", "lk", "laki", "lakilaki", "pria", "male", "males", "men", "boys"),
    "P": ("p", "pr", "perempuan", "wanita", "female", "females", "women", "girls"),
}
_SEX_OF = {word: sex for sex, words in _SEXES.items() for word in words}
_TOTALS = frozenset(
    ("jumlah", "jml", "jlh", "jum", "total", "banyaknya", "nilai", "value", "semua", "seluruh", "both", "sexes", "all")
)
_EVERYBODY = frozenset(("penduduk", "jiwa", "population", "people", "persons"))
_FILLERS = frozenset(
    ("orang", "org", "dan", "kelompok", "umur", "usia", "age", "aged", "ages", "tahun", "thn", "th", "years", "year",
     "number", "of", "the", "sasaran", "menurut", "golongan", "data", "yang", "berusia", "berumur", "jenis", "kelamin")
)  # fmt: skip
_NICKNAMES = frozenset(("balita", "bayi", "remaja", "produktif", "muda", "tua", "dewasa", "pra", "u"))
"""Words for an age that count only where the age stands beside them."""
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b(?!-\d{2}-\d{2})")  # "2024", not the year of "2024-09-05"
_BARE_AGE = re.compile(r"\d{1,3}")  # "17"


def listed(values: Sequence[str]) -> str:
    """The first few of `values`, as a message shows them."""
    return "; ".join(values[:SHOWN]) + (" …" if len(values) > SHOWN else "")


def item_name(item: str, settings: Settings) -> Message:
    """The name of a group, or "penduduk"."""
    if item in (PEOPLE, BARE):
        return msg("population.said_people")
    return msg("population.said_group", name=settings.group(item).name(settings.lang))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Whom a number counts: `item` a group key, PEOPLE or BARE; `sex` "L", "P" or "" (both); `age` None: all ages.

    `odd_age`: a group's heading names an age that is not quite its own ("Anak 0-18").
    """

    item: str
    sex: str = ""
    age: Age | None = None
    year: int | None = None
    odd_age: bool = False


def read_sex(text: str) -> str | None:
    """The sex that a cell names: "L", "P", "" for both; None if it is no such word."""
    tokens = set(split_words(text).split())
    sexes = {_SEX_OF[token] for token in tokens if token in _SEX_OF}
    if tokens - set(_SEX_OF) - _TOTALS - _FILLERS - _EVERYBODY or not tokens:
        return None
    return sexes.pop() if len(sexes) == 1 else ""


def read_age(text: str) -> tuple[Age | None, bool]:
    """The age that a cell of a column of ages names (None: all ages), and whether it was understood."""
    folded = fold(text)
    if _BARE_AGE.fullmatch(folded):
        return Age(int(folded), int(folded)), True
    age, rest = take_age(folded)
    tokens = set(split_words(rest).split())
    return age, not tokens - _TOTALS - _FILLERS - _EVERYBODY - _NICKNAMES and bool(age or tokens)


class PeopleWords(Vocabulary):
    """The words of tables of people under given settings (groups); `key` is one of KEYS."""

    def __init__(self, settings: Settings, key: str = KEYS[0]) -> None:
        self.key = key
        self.settings = settings
        self._claims: dict[Parts, Claim | None] = {}

    def with_key(self, key: str) -> PeopleWords:
        """The same words for tables whose rows are found by another column."""
        return PeopleWords(self.settings, key)

    @cached_property
    def _items(self) -> tuple[tuple[str, str], ...]:
        """Words and the group that they mean, the longest first."""
        usual = {group.key: group for group in DEFAULT_GROUPS}
        words: dict[str, str] = {}
        for group in self.settings.groups:
            own = () if usual.get(group.key) == group else group.words
            names = (group.key, group.name_id, group.name_en, group.short_id, group.short_en)
            for name in (*names, *GROUP_WORDS.get(group.key, ()), *own):
                words.setdefault(split_words(name), group.key)
        return tuple(sorted(words.items(), key=lambda word: -len(word[0])))

    def claim(self, parts: Parts) -> Claim | None:
        """The field of a heading: an area, what tells rows apart, or people (VALUE and the heading)."""
        if parts not in self._claims:
            self._claims[parts] = self._claim(parts)
        return self._claims[parts]

    def _claim(self, parts: Parts) -> Claim | None:
        if not parts:
            return None
        if self.meaning(" ".join(parts)) and not self._field(" ".join(parts)):
            return Claim(VALUE + compact(" ".join(parts)), 0)
        for text in dict.fromkeys((" ".join(parts), parts[-1])):
            if field := self._field(text):
                return field
        return None

    def _field(self, text: str) -> Claim | None:
        words = _BPS_HEAD.sub("kode ", split_words(text))
        own = _FIELDS.get(compact(words))
        if own:
            return Claim(own, 0)
        claim = exact(words)
        return claim if claim and claim.field in (*AREAS, *POINT) else None

    def meaning(self, text: str) -> Meaning | None:
        """Whom a heading counts; None unless every word of it is understood."""
        folded = fold(text).replace("laki-laki", "laki").replace("l+p", "l p")
        if "%" in folded:
            return None
        years = set(_YEAR.findall(folded))
        age, rest = take_age(_YEAR.sub(" ", folded))
        tokens = f" {split_words(rest)} "
        item = next((group for words, group in self._items if f" {words} " in tokens), None)
        while found := next((words for words, group in self._items if group == item and f" {words} " in tokens), None):
            tokens = tokens.replace(f" {found} ", " ")
        kept = set(tokens.split())
        allowed = _TOTALS | _EVERYBODY | _FILLERS | _SEX_OF.keys() | (_NICKNAMES if age else frozenset())
        if kept - allowed or len(years) > 1 or not (item or age or years or kept - _FILLERS):
            return None
        sexes = {_SEX_OF[token] for token in kept if token in _SEX_OF}
        named = item or (PEOPLE if age or sexes or kept & _EVERYBODY else BARE)
        meaning = Meaning(
            item=named, sex=sexes.pop() if len(sexes) == 1 else "", age=age, year=int(years.pop()) if years else None
        )
        return _of_own_age(meaning)

    def groups_in(self, title: str) -> list[str]:
        """The groups that a title (split into words) names."""
        return list(dict.fromkeys(group for words, group in self._items if f" {words} " in f" {title} "))

    def names_everybody(self, title: str) -> bool:
        """Whether a title (split into words) speaks of people."""
        return not _EVERYBODY.isdisjoint(title.split())

    def is_nameless(self, parts: Parts) -> bool:
        """Whether a heading of people names neither a group nor everybody: "L", "0-4", "Jumlah"."""
        words = split_words(" ".join(parts))
        return not (set(words.split()) & _EVERYBODY or self.groups_in(words))

    def row_meaning(self, cells: Mapping[str, str]) -> Meaning | None:
        """Whom a row counts by its cells of sex, age, year, group and unit (BARE: no group said); None if one of them
        is not understood."""
        meaning = Meaning(item=BARE)
        if cells.get(ITEM):
            named = self.meaning(cells[ITEM])
            if named is None:
                return None
            meaning = named
        if cells.get(UNIT) and set(split_words(cells[UNIT]).split()) - _EVERYBODY - {"orang", "org"}:
            return None
        if cells.get(SEX):
            sex = read_sex(cells[SEX])
            if sex is None:
                return None
            meaning = replace(meaning, sex=sex)
        if cells.get(AGE):
            age, understood = read_age(cells[AGE])
            if not understood:
                return None
            meaning = _of_own_age(replace(meaning, age=age))
        if cells.get(YEAR):
            years = set(_YEAR.findall(cells[YEAR]))
            if len(years) != 1:
                return None
            meaning = replace(meaning, year=int(years.pop()))
        return meaning

    def is_field_name(self, text: str) -> bool:
        """Whether a text is a heading."""
        return compact(text) in _FIELDS

    def is_complete(self, headings: Sequence[Parts], claims: Sequence[Claim | None]) -> bool:
        """Whether a header has the key and counts people."""
        return super().is_complete(headings, claims) and any(
            claim and claim.field.startswith(VALUE) for claim in claims
        )

    def serves(self, _parts: Parts, claim: Claim | None) -> bool:
        """Whether a column counts people."""
        return claim is not None and claim.field.startswith(VALUE)

    def is_served(self, text: str) -> bool:
        """Whether a cell can be a number of people."""
        return not any(map(str.isalpha, text))

    def is_key(self, text: str) -> bool:
        """Whether a text is like the code of an area."""
        return self.key.startswith("kode") and _CODE.fullmatch(text) is not None


_CODE = re.compile(r"['’`]?(?:id)?(?:\d[\s.-]*){4,}", re.IGNORECASE)  # "76.05.01.1001", "ID7605", "7605"


def _of_own_age(meaning: Meaning) -> Meaning:
    """A group that ages make up: without an age that is its own, a bracket of everybody for any other."""
    if meaning.age is None or meaning.item not in GROUP_AGES:
        return meaning
    if meaning.age in GROUP_AGES[meaning.item]:
        return replace(meaning, age=None)
    if meaning.item == "anak" and meaning.age == Age(0, 18):
        return replace(meaning, age=None, odd_age=True)
    return replace(meaning, item=PEOPLE)
