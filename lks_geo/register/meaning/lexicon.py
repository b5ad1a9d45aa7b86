"""Words of service cells: cutting a cell into words, and finding the longest known phrase at each place.

The known phrases are those of `service_words` and the words of the settings' groups. Words of the user's own groups win
over the table; a word that two such groups claim means both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat
from pathlib import Path

import tomli
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lks_geo.catalogue import DEFAULT_GROUPS, Group
from lks_geo.settings import SYSTEMS
from lks_geo.sheets.folding import fold

INSIDE, OUTSIDE = SYSTEMS

_WORDS = tomli.loads(Path(__file__).with_name("service_words.toml").read_text(encoding="utf-8"))

GROUP_PHRASES: dict[str, str] = _WORDS["group"]
"""Group keys (separated by blanks) -> phrases, separated by `|` or a line break."""

RESIDENTIAL_PHRASES: dict[str, str] = _WORDS["residential"]
"""Phrases that name a home and so the group and the system `dalam`."""

ADULTS = "dewasa"
"""Another service only where no group is named ("disabilitas dewasa" is one of disabilitas)."""

OTHER_PHRASES: dict[str, str] = _WORDS["other"]
"""Known services outside the groups: their name in reports -> phrases."""

SYSTEM_PHRASES: dict[tuple[str, ...], str] = {tuple(key.split()): phrases for key, phrases in _WORDS["system"].items()}
"""Systems -> phrases."""

GENERAL: str = _WORDS["words"]["general"]
"""Known words that name no group."""

NOISE_WORDS: str = _WORDS["words"]["noise"]
"""Words (separated by blanks) that may stand beside a known phrase without meaning anything more."""

SPELLINGS: dict[str, str] = _WORDS["spelling"]
"""Other spellings of single words, and words written as one."""

FALSE_FRIENDS = frozenset(("kecamatan", "rencana", "kurban", "pelayaran", "berencana"))
"""Right words that look like a misspelt known one."""

STRONG_IN_NAMES: str = _WORDS["words"]["strong_in_names"]
"""Phrases that tell the service even within the name of an institution."""

TELLING: dict[str, str] = _WORDS["telling"]
"""Phrases by which a place itself tells that it serves victims of violence: see the table."""


NOISE = frozenset(NOISE_WORDS.split())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says: groups, another service, systems. `general`: it counts only where nothing else is told."""

    groups: tuple[str, ...] = ()
    other: str | None = None
    general: str | None = None
    systems: tuple[str, ...] = ()


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases with their meanings, all their words, the long words, the length of the longest phrase in words, and
    the groups' keys in order."""

    phrases: Mapping[Phrase, Meaning]
    words: frozenset[str]
    long: tuple[str, ...]
    longest: int
    order: tuple[str, ...]


def phrases_of(text: str) -> Iterator[Phrase]:
    """The phrases of a table entry, each as its words."""
    for line in text.splitlines():
        for phrase in line.split("|"):
            if phrase.strip():
                yield tuple(phrase.split())


@lru_cache(maxsize=16)
def lexicon_of(groups: tuple[Group, ...]) -> Lexicon:
    """All phrases: the frozen table, then the words of the default groups, then those of the user's own groups."""
    phrases = dict(_table({group.key for group in groups}))
    usual = {group.key for group in DEFAULT_GROUPS}
    phrases |= _claims(group for group in groups if group.key in usual)
    phrases |= _claims(group for group in groups if group.key not in usual)
    words = frozenset(word for phrase in phrases for word in phrase) | NOISE | BREAKS
    long = tuple(sorted(word for word in words if len(word) >= _LONG_WORD))
    return Lexicon(phrases, words, long, max(map(len, phrases)), tuple(group.key for group in groups))


def _table(keys: set[str]) -> Iterator[tuple[Phrase, Meaning]]:
    """The phrases of the frozen table; later ones win. A group that is not among `keys` is another service."""
    for phrase in phrases_of(GENERAL):
        yield phrase, Meaning(general=" ".join(phrase))
    for name, listed in OTHER_PHRASES.items():
        yield from zip(phrases_of(listed), repeat(Meaning(other=name, general=name if name == ADULTS else None)))
    for table, systems in ((GROUP_PHRASES, ()), (RESIDENTIAL_PHRASES, (INSIDE,))):
        for named, listed in table.items():
            known = tuple(key for key in named.split() if key in keys)
            meaning = Meaning(groups=known, other=None if known else named, systems=systems)
            yield from zip(phrases_of(listed), repeat(meaning))
    for both, listed in SYSTEM_PHRASES.items():
        yield from zip(phrases_of(listed), repeat(Meaning(systems=both)))


def _claims(groups: Iterable[Group]) -> dict[Phrase, Meaning]:
    """The words of groups; what several claim means all of them."""
    claimed: dict[Phrase, tuple[str, ...]] = {}
    for group in groups:
        for phrase in words_of(group):
            claimed[phrase] = (*claimed.get(phrase, ()), group.key)
    return {phrase: Meaning(groups=keys) for phrase, keys in claimed.items()}


def words_of(group: Group) -> Iterator[Phrase]:
    """The phrases by which a group is called: its key, its names and its words."""
    for text in (group.key, group.name_id, group.name_en, group.short_id, group.short_en, *group.words):
        phrase = tuple(token for token in tokens_of(text) if token not in BREAKS)
        if phrase:
            yield phrase


_TOKEN = re.compile(r"[^\W\d_]+(?:\d+[^\W\d_]*)*|\d+|[;,:&+/]")  # "anak", "p2tp2a", "26", "&"
BREAKS = frozenset((";", ",", ":"))
_NUMBERING = re.compile(  # "1. Anak", "b) Lansia"
    r"(?:^|(?<=[\s;,]))(?<!lks )\(?(?:\d{1,2}|[a-h])[.)](?=\s|[^\W\d])"
)
_LINE_ENDS = re.compile(r"[\r\n|]+")  # "Anak | Lansia"
_NUMBERED = re.compile(r"(?<=[^\W\d_]{4})(?=\d{1,3}\b)")  # between "Aman" and "2"
_SOFT = {"&": "&", "+": "&", "/": "&", "dan": "&", "and": "&"}


def tokens_of(text: str) -> list[str]:
    """Words, and the separators `;` (hard: line break, numbering), `,`, `:` and `&` (soft: dan, &, /, +)."""
    lines = ";".join(fold(line) for line in _LINE_ENDS.split(text))
    numbered = _NUMBERING.sub(" ; ", lines)
    tokens = (_SOFT.get(token) or SPELLINGS.get(token) or token for token in _TOKEN.findall(numbered))
    return [word for spelled in tokens for word in spelled.split()]


def matched(
    tokens: list[str], phrases: Mapping[Phrase, Meaning], longest: int
) -> Iterator[tuple[Phrase, Meaning | None]]:
    """The longest known phrase at each place, separators, and runs of unknown words (None).

    "Panti" behind an unknown word belongs to that word: it may say that it is none ("ekstra panti").
    """
    place = 0
    strange: list[str] = []
    while place < len(tokens):
        token = tokens[place]
        length, meaning = next(phrases_at(tokens, place, phrases, longest), (1, None))
        if strange and token == "panti" and length == 1:
            meaning = None
        unknown = meaning is None and token not in NOISE and token not in BREAKS and token != "&"
        if unknown and not token.isdecimal():
            strange.append(token)
        elif strange:
            yield tuple(strange), None
            strange = []
        if meaning is not None or token in BREAKS:
            yield tuple(tokens[place : place + length]), meaning
        place += length
    if strange:
        yield tuple(strange), None


def phrases_at(
    words: Sequence[str], place: int, phrases: Mapping[Phrase, Meaning], longest: int
) -> Iterator[tuple[int, Meaning]]:
    """The known phrases that begin at a place, the longest first, each with its length in words."""
    for length in range(min(longest, len(words) - place), 0, -1):
        meaning = phrases.get(tuple(words[place : place + length]))
        if meaning is not None:
            yield length, meaning


_LONG_WORD = 6
_VERY_LONG_WORD = 10
_SHORT_WORD = 4
_TWICE = re.compile(r"([a-z])\1+")  # "annak"
_USIA = sorted("usia")


def mended(tokens: list[str], lexicon: Lexicon) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """The words with slips of a letter (two in a very long word) put right where only one known word is so near; a
    letter typed twice also in short words, and mixed letters in "lanjut usia"."""
    mixed = {token for before, token in pairwise(tokens) if before == "lanjut" and sorted(token) == _USIA}
    right: dict[str, str] = {}
    for token in tokens:
        if token not in lexicon.words:
            word = "usia" if token in mixed else _near_word(token, lexicon) or _typed_twice(token, lexicon)
            right |= {token: word} if word else {}
    return [right.get(token, token) for token in tokens], tuple(right.items())


def _typed_twice(token: str, lexicon: Lexicon) -> str | None:
    once = _TWICE.sub(r"\1", token)
    return once if once != token and len(once) >= _SHORT_WORD and once in lexicon.words else None


def _near_word(token: str, lexicon: Lexicon) -> str | None:
    if len(token) < _LONG_WORD or token in FALSE_FRIENDS:
        return None
    allowed = 2 if len(token) >= _VERY_LONG_WORD else 1
    near = [
        (int(distance), word)
        for word, distance, _ in process.extract(
            token, lexicon.long, scorer=OSA.distance, score_cutoff=allowed, limit=3
        )
        if word[0] == token[0] and (distance <= 1 or len(word) >= _VERY_LONG_WORD)
    ]
    best = [word for distance, word in near if distance == min(near)[0]]
    return best[0] if len(best) == 1 else None


def speaker(
    phrases: Mapping[Phrase, Meaning], harmless: Mapping[Phrase, Meaning] | None = None
) -> Callable[[str | None], bool]:
    """Whether a text says one of the phrases, and not a longer one that is `harmless`. A cheap look for the longest
    word of each comes first, because nearly all texts say none."""
    if not phrases:
        return lambda _text: False
    hints = re.compile(hints_of(phrases))
    known = {**(harmless or {}), **phrases}
    longest = max(map(len, known))

    def speaks(text: str | None) -> bool:
        if not text or not hints.search(fold(text)):
            return False
        tokens = tokens_of(_NUMBERED.sub(" ", " ".join(text.split())))  # a name may be broken over two lines
        return any(phrase in phrases for phrase, meaning in matched(tokens, known, longest) if meaning is not None)

    return speaks


def hints_of(phrases: Collection[Phrase]) -> str:
    """A pattern that all texts have which say one of the phrases: "kekerasan|shelter|k\\W*d\\W*r\\W*t"."""
    return "|".join(sorted({_hint(phrase) for phrase in phrases})) or "$^"


def _hint(phrase: Phrase) -> str:
    word = max(phrase, key=len)
    written = [short for short, whole in SPELLINGS.items() if word in whole.split()]
    if len(word) == 1:
        return r"\W*".join(map(re.escape, phrase))
    return "|".join(map(re.escape, (word, *written)))
