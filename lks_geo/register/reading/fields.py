"""The fields of a register: what each is called, and by which headings offices write it.

`FIELDS` is the one table of headings. Synonyms are written as people read them; they are compared without case, spaces
and punctuation (`headings.py`), earlier ones win over later ones. `AMBIGUOUS` holds the short headings that mean
different things in different offices; the cells below decide (`HINTS`), else the heading is reported and not used.
`OTHER` are headings that look like a field and are none, so that similarity never claims them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tomli

from lks_geo.sheets.personal_rules import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field: `key` in code and on the command line, title on screen and in the template, seen headings.

    `kind`: what its cells are, in which personal data may hide (see sheets/personal.py).
    """

    key: str
    title_id: str
    title_en: str
    synonyms: tuple[str, ...] = ()
    kind: Kind = "value"

    def title(self, lang: str) -> str:
        """The title in a language."""
        return self.title_en if lang == "en" else self.title_id


def _words(text: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(" ".join(word.split()) for word in text.split(",") if word.strip())


_FACTS = tomli.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))

FIELDS = tuple(
    FieldSpec(key=key, **facts | {"synonyms": _words(facts.get("synonyms", ""))})
    for key, facts in _FACTS["field"].items()
)
"""Every field that the register room knows. The template writes the titles, so titles are headings as well."""

FIELD_KEYS = tuple(field.key for field in FIELDS)
FIELD_BY_KEY = {field.key: field for field in FIELDS}


def kind_of(name: str) -> Kind:
    """What personal numbers may look like in a field."""
    return FIELD_BY_KEY[name].kind if name in FIELD_BY_KEY else "value"


SERVICE_FIELDS = ("kelompok", "jenis_layanan")
"""A register needs `nama` and one of these, or check-mark columns."""

MARK = "tanda:"
"""Column prefix of check-mark columns: `tanda:anak`; `tanda:anak:dalam` or `:luar` where the heading says so."""

OTHER = _words(_FACTS["other"]["headings"])
"""Seen headings that are none of the fields."""

AMBIGUOUS: dict[str, tuple[str, ...]] = {heading: tuple(keys) for heading, keys in _FACTS["ambiguous"].items()}
"""Headings that mean one of several fields. A heading that is also an exact synonym is taken by that field unless every
cell speaks for another one. An empty tuple: never used."""

_SERVICE_WORDS = (  # "lks anak", "lanjut usia", "tuna netra"
    r"\b(?:anak|balita|asuhan|yatim|werdha|wreda|odgj|abh|ampk|lansia|lanjut usia|jompo|disabilitas|difabel|napza"
    r"|narkoba|kekerasan|trauma|tuna \w+|odha|gepeng|gelandangan|lks-?\s?(?:a|lu|pd)|lkspd|ipwl|penyandang)\b"
)
HINTS = {
    "id": re.compile(r"^(?=.*[a-z])(?=.*\d)[a-z0-9./ _-]{2,30}$"),  # "lks-012/2020"
    "sistem": re.compile(  # "dalam panti", "layanan luar lembaga", "lp"
        r"^\W*(?:(?:sistem|layanan|lks)\s+)?(?:(?:dalam|luar|non)[\s-]*(?:panti|lembaga)|panti|dp|lp)\W*$"
    ),
    "jenis_layanan": re.compile(_SERVICE_WORDS),  # "lks anak"
    "kelompok": re.compile(_SERVICE_WORDS),  # "anak; lansia"
    "klien": re.compile(r"\d"),  # "25 orang"
    "kode_desa": re.compile(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$|^\d{10}$"),  # "76.05.01.1001"
    "kode_kecamatan": re.compile(r"^\d{2}\.\d{2}\.\d{2}$|^\d{6,7}$"),  # "76.05.01"
    "kode_kabupaten": re.compile(r"^\d{2}\.\d{2}$|^\d{4}$"),  # "76.05"
    "koordinat": re.compile(r"-?\d+[.,°]\d+.*\d|!3d-?\d"),  # "-2.9, 119.1"; "...!3d-2.9!4d119.1" of a link
    "alamat": re.compile(
        r"\b(?:jl|jln|jalan|desa|ds|kel|kelurahan|kec|dusun|lingkungan|rt|no)\b"
    ),  # "jl. melati no. 3"
}
"""What the cells (lower case) of an ambiguous column look like; for values with a reader see `answers.READERS`."""
