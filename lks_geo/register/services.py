"""One multi-valued service cell -> the groups it serves, by which system; nothing is dropped and nothing guessed.

The cell is read as a row of words. At each place the longest known phrase is taken (`service_words`, and the words of
the settings' groups, which win), so that "LUAR PANTI" is not "PANTI" and "Gelandangan dan Pengemis" is one name, while
"anak dan lansia" are two. A system word ("dalam panti", "_LP") belongs to the groups before it in the same item; if it
opens the item, to those that follow ("Dalam panti: anak, lansia; luar panti: napza").

Unknown words are reported. Only a long word with one or two wrong letters is mended, and said so (`inferred`).
What it gets wrong: "anak, lansia dalam panti" gives only lansia the system; ages and counts in the cell are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lks_geo.groups import DEFAULT_GROUPS, Group
from lks_geo.register.cells import fold, is_empty_marker
from lks_geo.register.service_words import (
    GENERAL,
    GROUP_PHRASES,
    INSIDE,
    NOISE,
    OTHER_PHRASES,
    OUTSIDE,
    RESIDENTIAL_PHRASES,
    STRONG_IN_NAMES,
    SYSTEM_PHRASES,
)
from lks_geo.settings import Settings

Service = tuple[str, str | None]
"""(group key, "dalam" | "luar" | None)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesReading:
    """What a service cell says.

    `services` in the order of the settings' groups; `other`: known services outside the groups, by name; `general`:
    known words that name no group ("rehabilitasi sosial"); `systems`: systems told without any group; `unknown`: words
    not understood, as written; `inferred`: (as written, as understood) of misspelt words. `empty`: nothing is written.
    """

    services: tuple[Service, ...] = ()
    other: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    inferred: tuple[tuple[str, str], ...] = ()
    empty: bool = False


@dataclass(frozen=True, slots=True)
class _Meaning:
    groups: tuple[str, ...] = ()
    other: str | None = None
    general: bool = False
    systems: tuple[str, ...] = ()


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: Mapping[Phrase, _Meaning]
    vocabulary: tuple[str, ...]
    longest: int
    order: tuple[str, ...]


def _phrases(text: str) -> Iterator[Phrase]:
    for line in text.splitlines():
        for phrase in line.split("|"):
            if phrase.strip():
                yield tuple(phrase.split())


@lru_cache(maxsize=16)
def _lexicon(groups: tuple[Group, ...]) -> _Lexicon:
    """All phrases: the frozen table, then the words of the default groups, then those of the user's own groups."""
    keys = {group.key for group in groups}
    phrases: dict[Phrase, _Meaning] = {phrase: _Meaning(general=True) for phrase in _phrases(GENERAL)}
    for name, listed in OTHER_PHRASES.items():
        phrases |= dict.fromkeys(_phrases(listed), _Meaning(other=name))
    for table, systems in ((GROUP_PHRASES, ()), (RESIDENTIAL_PHRASES, (INSIDE,))):
        for named, listed in table.items():
            known = tuple(key for key in named.split() if key in keys)
            meaning = _Meaning(groups=known, systems=systems) if known else _Meaning(other=named, systems=systems)
            phrases |= dict.fromkeys(_phrases(listed), meaning)
    for both, listed in SYSTEM_PHRASES.items():
        phrases |= dict.fromkeys(_phrases(listed), _Meaning(systems=both))
    usual = {group.key for group in DEFAULT_GROUPS}
    for own in (False, True):
        claimed: dict[Phrase, tuple[str, ...]] = {}
        for group in groups:
            if (group.key not in usual) == own:
                for phrase in _words_of(group):
                    claimed[phrase] = (*claimed.get(phrase, ()), group.key)
        phrases |= {phrase: _Meaning(groups=found) for phrase, found in claimed.items()}
    words = {word for phrase in phrases for word in phrase} | NOISE
    long = tuple(sorted(word for word in words if len(word) >= _LONG_WORD))
    return _Lexicon(phrases, long, max(map(len, phrases)), tuple(group.key for group in groups))


def _words_of(group: Group) -> Iterator[Phrase]:
    for text in (group.key, group.name_id, group.name_en, group.short_id, group.short_en, *group.words):
        phrase = tuple(token for token in _tokens(text) if token not in _BREAKS)
        if phrase:
            yield phrase


_TOKEN = re.compile(r"[^\W\d_]+\d*[^\W\d_]*|\d+|[;\n,:&+/]|(?<=\d)[.)]")
_BREAKS = frozenset((";", ",", ":"))
_NUMBERING = re.compile(r"(?:^|(?<=[\s;,]))\(?(?:\d{1,2}|[a-h])[.)](?=\s|[^\W\d])")
_SOFT = {"&": "&", "+": "&", "/": "&", "dan": "&", "and": "&"}


def _tokens(text: str) -> list[str]:
    """Words, and the separators `;` (hard: line break, numbering), `,`, `:` and `&` (soft: dan, &, /, +)."""
    lines = ";".join(fold(line) for line in re.split(r"[\r\n|]+", text))
    numbered = _NUMBERING.sub(" ; ", lines)
    found = [_SOFT.get(token, token) for token in _TOKEN.findall(numbered)]
    return [token for token in found if token not in (".", ")")]


@dataclass(slots=True)
class _Sheet:
    """What has been read so far of one cell."""

    services: list[Service] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    inferred: list[tuple[str, str]] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    prefix: tuple[str, ...] = ()
    prefix_lasts: bool = False


def read_services(text: str | None, settings: Settings) -> ServicesReading:
    """The services of one cell (see the module's docstring)."""
    if text is None or is_empty_marker(text):
        return ServicesReading(empty=True)
    lexicon = _lexicon(settings.groups)
    tokens, inferred = _mended(_tokens(text), lexicon)
    sheet = _Sheet(inferred=inferred)
    for kind, words, meaning in _matched(tokens, lexicon):
        if kind == "break":
            _end_item(sheet, words[0])
        elif meaning is not None:
            _take(sheet, " ".join(words).replace("&", "dan"), meaning)
        else:
            sheet.unknown.append(" ".join(words))
    _end_item(sheet, ";")
    reading = _reading(sheet, lexicon.order)
    nothing = not (reading.services or reading.other or reading.general or reading.systems or reading.unknown)
    return ServicesReading(unknown=(" ".join(text.split()),)) if nothing else reading
