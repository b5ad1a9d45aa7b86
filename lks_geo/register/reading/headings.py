"""Which heading is which field: exact synonyms first, similarity only where it leaves no doubt.

A heading may stand in several rows ("Koordinat" over "Lintang"): it is tried as a whole, then as what its upper row
makes of it ("Ketua" over "Nama" names a person, "Jumlah Klien" over "L" counts men), then by its lowest row.

Decides: the first synonym wins over later ones, the left column over the right one; what the cells of a table make of
it, `assignment` says. `--column` wins over all.
Gets wrong: a heading that is a synonym but means something else here. What was matched is shown; `--column` overrides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from lks_geo.boundaries.country import country_names
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.meaning.services import read_services
from lks_geo.register.reading.assignment import Assignment, Columns, serves, title
from lks_geo.register.reading.column_content import personal_heading
from lks_geo.register.reading.fields import AMBIGUOUS, FIELD_BY_KEY, FIELD_KEYS, FIELDS, MARK, SERVICE_FIELDS
from lks_geo.register.reading.heading_words import (
    below,
    exact,
    last_of_path,
    mark,
    of_levels,
    said_twice,
    similar,
    with_contact,
    without_brackets,
)
from lks_geo.settings import Settings, unknown
from lks_geo.sheets.folding import compact, read_tick, split_words
from lks_geo.sheets.header import Claim, Parts, Vocabulary
from lks_geo.sheets.line_kinds import is_ordinal

_IS_VALUE = re.compile(r"(?:[^\W\d_]{0,4}\W?)(?:[\W_]*\d){5,}[\W_]*")  # "76.05.01.1001", "-2.673451", "LKS-00012"
"""Nothing but five digits and more, behind some letters at most: no heading."""

TAKEN = "nama_diambil"
"""Column of marks: names of institutions are not the same if other persons' names were masked in them."""

SAID = "disebut"
"""The column of what `Headings.said_beside` finds: it is only asked for words of sensitive groups."""
_NO_MARKS = frozenset(key for key in FIELD_KEYS if not key.startswith("klien"))
_COUNT = re.compile(r"0*[1-9]\d{0,4}(?:[.,]0+)?(?:\s*[a-z]+)?")  # "12", "3 orang"


@lru_cache(maxsize=10_000)
def _is_said(text: str) -> bool:
    """Whether a cell says that what stands above it holds: a tick, or a number of people."""
    return read_tick(text) is True or _COUNT.fullmatch(text.casefold()) is not None


@cache
def _field_names() -> frozenset[str]:
    """Headings of all fields, lower case."""
    return frozenset(name for spec in FIELDS for name in (spec.title_id.casefold(), *spec.synonyms))


@cache
def _area_levels() -> dict[str, str]:
    """Names of kabupaten and kecamatan, compact -> level; the larger area where both have the name."""
    levels = {compact(name): level for level in ("kecamatan", "kabupaten") for name in country_names(level).values()}
    return {name: level for name, level in levels.items() if len(name) > 3}


@cache
def _own_path() -> re.Pattern[str]:
    """A heading below a group of the form that `template --kind kobo` makes, whatever sign the export puts between."""
    groups = {text for key in ("identitas", "layanan", "lokasi", "legalitas") for text in (
        key, *(Texts(lang)(f"template.kobo_{key}") for lang in LANGUAGES))}  # fmt: skip
    names = "|".join(re.escape(name) for name in sorted(groups, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?i)(?:{names})\s*(?:[/_.:|]| - |-)\s*(.+)")  # "layanan_status_aktif", "Lokasi / Kecamatan"


class Headings(Vocabulary):
    """The `Vocabulary` of registers under given settings (groups) and overrides (field -> heading). Keeps what it has
    read."""

    key = "nama"

    def __init__(self, settings: Settings, overrides: Mapping[str, str] | None = None, *, served: bool = True) -> None:
        self.served = served
        self._settings = settings
        self._overrides, self._absent = _checked_overrides(overrides or {}, settings)
        self._wholes = {override.whole: override.field for override in self._overrides.values()}
        self._claims: dict[Parts, Claim | None] = {}

    def claim(self, parts: Parts) -> Claim | None:
        """The field that the heading names by an exact synonym or an override, or None (also for personal columns)."""
        if parts not in self._claims:
            self._claims[parts] = self._claim(parts)
        return self._claims[parts]

    def near_claim(self, parts: Parts) -> Claim | None:
        """As `claim`, or the field of the one similar synonym ("Nama Lembga")."""
        claim = self.claim(parts)
        if claim or personal_heading(*parts):
            return claim
        near = similar(parts, self._settings)
        return near[0] if len(near) == 1 else None

    def serves(self, parts: Parts, claim: Claim | None) -> bool:
        """Whether a column holds services, or may do so once its cells are seen ("Tipe LKS")."""
        named = claim is not None and serves([claim.field])
        return named or not set(SERVICE_FIELDS).isdisjoint(AMBIGUOUS.get(split_words(" ".join(parts)), ()))

    def is_complete(self, headings: Sequence[Parts], claims: Sequence[Claim | None]) -> bool:
        """Whether a header names the LKS and, unless nobody asks whom it serves, what may be a service."""
        served = not self.served or any(map(self.serves, headings, claims))
        return super().is_complete(headings, claims) and served

    def is_field_name(self, text: str) -> bool:
        """Whether a text (lower case) is a heading of some field."""
        return text in _field_names()

    def is_fixed(self, parts: Parts) -> bool:
        """Whether an override names the heading."""
        claim = self.claim(parts)
        return claim is not None and claim.rank <= 0

    def names_section(self, text: str) -> bool:
        """Whether a text says to its last word which services or systems are meant, and so is no name of an LKS."""
        reading = read_services(text, self._settings)
        known = reading.services or reading.other or reading.systems
        return bool(known) and not (reading.unknown or reading.rest or reading.inferred)

    def area_level(self, text: str) -> str | None:
        """The level of a kabupaten or kecamatan of the country that a text is the bare name of."""
        return _area_levels().get(compact(text))

    def assign(
        self, headings: Sequence[Parts], cells: pd.DataFrame, known: Mapping[int, Claim] | None = None
    ) -> Assignment:
        """The fields of a table's columns. `cells`: the text of its rows, one column per heading; `known`: what is
        settled before."""
        claims = {position: claim for position, parts in enumerate(headings) if (claim := self.claim(parts))}
        return Columns(headings, cells, self._settings, self._absent, claims | dict(known or {})).assignment()

    def said_beside(self, assignment: Assignment, headings: Sequence[Parts], cells: pd.DataFrame) -> pd.Series | None:
        """What columns that are not used as services say of them all the same, whatever was overridden: the cells
        below headings of services, and the headings of those that are ticked or count somebody."""
        used = {position: name for name, at in assignment.fields.items() for position in at}
        said: list[list[str]] = [[] for _ in range(len(cells))]
        for position, parts in enumerate(headings):
            if used.get(position) in SERVICE_FIELDS or position in assignment.dropped or not any(parts):
                continue
            claim = self._named(parts) or next(iter(similar(parts, self._settings)), None)
            numbers, different = pd.factorize(cells.iloc[:, position])
            words: dict[int, str] = dict(enumerate(different.tolist()))
            if not self.serves(parts, claim) or (claim and claim.field.startswith(MARK)):
                if used.get(position) in _NO_MARKS or (claim and claim.field == used.get(position)):
                    continue
                words = {number: " ".join(parts) for number, text in words.items() if _is_said(text)}
            for row in np.flatnonzero(np.isin(numbers, list(words))).tolist():
                said[row].append(words[numbers[row]])
        if not any(said):
            return None
        return pd.Series([" ; ".join(found) or None for found in said], index=cells.index, dtype="str")

    def check_overrides(self, fields: Collection[str], headings: Sequence[Parts]) -> None:
        """A `RequestError` if an override's heading is in no table (`fields`: the fields that have a column)."""
        written = {key for parts in headings for key in _ways_to_write(parts)}
        names = sorted({text for parts in headings if (text := title(parts))})
        for key, override in self._overrides.items():
            if override.field not in fields or written.isdisjoint((key, override.whole)):
                name = override.field.removeprefix(MARK)
                raise unknown("sheets.unknown_heading", override.heading, names, field=name)

    def _claim(self, parts: Parts) -> Claim | None:
        for key in _ways_to_write(parts):
            if override := self._overrides.get(key):
                return Claim(override.field, -override.trust)
            if field := self._wholes.get(key):
                return Claim(field, 0)
        claim = self._named(parts)
        return None if claim and claim.field in self._absent else claim

    def _named(self, parts: Parts) -> Claim | None:
        """The field that the words of a heading name, whatever was overridden."""
        if _IS_VALUE.fullmatch("".join(parts)):
            return None
        last = parts[-1] if parts else ""
        if is_ordinal(" ".join(parts)) or is_ordinal(last):
            return None
        text = " ".join(parts)
        if claim := exact(text, trim=False) or mark(text, self._settings) or with_contact(text):
            return claim
        if len(parts) == 1 and (own := _own_path().fullmatch(text.strip())):
            return self._named((own[1],))
        if personal_heading(*parts):
            return None
        bare = without_brackets(text)
        if claim := exact(text) or mark(bare, self._settings) or exact(bare) or said_twice(text) or of_levels(text):
            return claim
        if len(parts) == 1 and (claim := last_of_path(last, self._settings)):
            return claim
        return below(parts, self._settings) if len(parts) > 1 else None


def _ways_to_write(parts: Parts) -> tuple[str, ...]:
    """How an override may write a heading: as a whole, or one of its rows, the lowest first."""
    ways = (" ".join(parts), *parts[-1:], *parts)
    return tuple(dict.fromkeys(key for text in ways if (key := compact(text))))


@dataclass(frozen=True, slots=True)
class _Override:
    """A heading that `--column` names for a field; the larger `trust` is used first. `whole`: the list that it stands
    in, compact, which may be a heading itself."""

    field: str
    heading: str
    trust: int
    whole: str


def _checked_overrides(overrides: Mapping[str, str], settings: Settings) -> tuple[dict[str, _Override], set[str]]:
    """Compact heading -> override, and the fields that the register does not have (`field=`).

    "A|B" names two headings, the more trusted first. A group key stands for its check-mark column.
    """
    known = [spec.key for spec in FIELDS] + [group.key for group in settings.groups]
    by_heading: dict[str, _Override] = {}
    absent: set[str] = set()
    for name, text in overrides.items():
        if name not in known:
            raise unknown("sheets.unknown_field", name, known)
        field = name if name in FIELD_BY_KEY else f"{MARK}{name}"
        ways = [way for way in (part.strip() for part in text.split("|")) if way]
        if not ways:
            absent.add(field)
        for trust, heading in enumerate(reversed(ways)):
            by_heading[compact(heading)] = _Override(field, heading, trust, compact(text))
    return by_heading, absent
