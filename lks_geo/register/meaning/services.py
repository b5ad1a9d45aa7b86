"""One multi-valued service cell -> the groups it serves, by which system; nothing is dropped and nothing guessed.

The cell is read as a row of words. At each place the longest known phrase is taken (`service_words`, and the words of
the settings' groups, which win), so that "LUAR PANTI" is not "PANTI" and "Gelandangan dan Pengemis" is one name, while
"anak dan lansia" are two. A system word ("dalam panti", "_LP") belongs to the groups before it in the same item; if it
opens the item, to those that follow ("Dalam panti: anak, lansia; luar panti: napza").

Unknown words are reported, as written. What stands in one item with a known group ("Kessos Lansia", "Lansia (non
anak)") is only left over (`rest`), unless it follows a word for people ("korban ...") or names a system; alone in its
item it is unknown, and so is what a cell denies that names no group at all ("bukan anak"). Only slips of a letter are
mended, and said so (`inferred`).
A denial ("bukan anak", "tidak melayani lansia", "anak: tidak") holds from its word to the end of the item (comma,
semicolon, line); one that ends the item, or stands alone behind a colon, denies the whole item. "Anak tidak mampu" and
"bukan panti" deny no group.

What it gets wrong: "anak, lansia dalam panti" gives only lansia the system; ages and counts in the cell are ignored;
"anak dan lansia tidak" takes both as denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lks_geo.register.meaning.lexicon import (
    BREAKS,
    INSIDE,
    OUTSIDE,
    STRONG_IN_NAMES,
    SYSTEM_PHRASES,
    Lexicon,
    Meaning,
    lexicon_of,
    matched,
    mended,
    phrases_at,
    phrases_of,
    tokens_of,
)
from lks_geo.settings import Settings
from lks_geo.sheets.folding import fold, is_empty_marker

Service = tuple[str, str | None]
"""(group key, "dalam" | "luar" | None)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesReading:
    """What a service cell says.

    `services` in the order of the settings' groups; `other`: known services outside the groups, by name; `general`:
    known words that name no group ("rehabilitasi sosial"); `systems`: systems told without any group; `unknown`: words
    not understood, as written; `rest`: words beside a known group that say nothing of whom is served; `inferred`: (as
    written, as understood) of misspelt words. `empty`: nothing is written.
    """

    services: tuple[Service, ...] = ()
    other: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    inferred: tuple[tuple[str, str], ...] = ()
    empty: bool = False


@dataclass(slots=True)
class _Cell:
    """What has been read so far of one cell, and of the item (between separators) in hand.

    `pending`: groups of the item that wait for a system, with the system their own name implies. `prefix`: systems that
    opened the item; it `lasts` over commas after a colon, and over a list if the colon ends its line.
    """

    services: list[Service] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    pending: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    weak: list[Meaning] = field(default_factory=list)
    before: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    content: bool = False
    prefix: tuple[str, ...] = ()
    used: bool = False
    lasts: str = ""


def read_services(text: str | None, settings: Settings) -> ServicesReading:
    """The services of one cell (see the module's docstring)."""
    if text is None or is_empty_marker(text):
        return ServicesReading(empty=True)
    lexicon = lexicon_of(settings.groups)
    tokens, inferred = mended(tokens_of(text), lexicon)
    tokens, denied = _without_denied(tokens, lexicon)
    cell = _Cell()
    for words, meaning in matched(tokens, lexicon.phrases, lexicon.longest):
        if words[0] in BREAKS:
            _separate(cell, words[0])
        elif meaning is None:
            cell.unknown.append(" ".join(words))
            cell.content = True
        elif meaning.systems and not (meaning.groups or meaning.other):
            _take_system(cell, meaning.systems)
        else:
            _take(cell, meaning)
    _separate(cell, ";")
    known = bool(cell.services or cell.other)
    if not (known or cell.general or cell.systems or cell.unknown or denied):
        return ServicesReading(unknown=(" ".join(text.split()),))
    beside = [words for words in dict.fromkeys(cell.unknown) if known and _is_left_over(words.split(), tokens, lexicon)]
    unknown = [words for words in dict.fromkeys(cell.unknown) if words not in beside]
    rest, unknown = ([*denied, *beside], unknown) if known else (beside, [*denied, *unknown])
    unknown = list(dict.fromkeys(_with_general(words, tokens, lexicon) for words in unknown))
    return ServicesReading(
        services=_in_order(cell.services, lexicon.order),
        other=tuple(dict.fromkeys(cell.other)),
        general=tuple(dict.fromkeys(cell.general)),
        systems=tuple(system for system in (INSIDE, OUTSIDE) if system in cell.systems),
        unknown=_as_written(unknown, text),
        rest=_as_written(rest, text),
        inferred=inferred,
    )


_PEOPLE = frozenset(
    ("korban", "penyandang", "penderita", "eks", "mantan", "bekas", "orang", "warga", "victims", "people")
)
"""Words after which an unknown one names people, and so perhaps a group."""


def _is_left_over(words: Sequence[str], tokens: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether unknown words stand in one item with a known group, and can be no group themselves."""
    place = _place(words, tokens)
    if place is None or words[-1] == "panti" or (place and tokens[place - 1] in _PEOPLE):
        return False
    return _names_group(_item_at(place, len(words), tokens), lexicon)


def _with_general(words: str, tokens: Sequence[str], lexicon: Lexicon) -> str:
    """Unknown words with the general ones of their item, if it says nothing else: "dapur umum", not "dapur"."""
    told = words.split()
    place = _place(told, tokens)
    item = [] if place is None else list(_item_at(place, len(told), tokens))
    meanings = [meaning for _, meaning in matched(item, lexicon.phrases, lexicon.longest)]
    plain = all(meaning is None or meaning.general for meaning in meanings)
    return " ".join(item) if item and plain else words


def _place(words: Sequence[str], tokens: Sequence[str]) -> int | None:
    """Where words stand one after the other in a cell."""
    size = len(words)
    return next((at for at in range(len(tokens)) if list(tokens[at : at + size]) == list(words)), None)


def _item_at(place: int, size: int, tokens: Sequence[str]) -> Sequence[str]:
    """The item of a cell, between separators, that holds `size` words from `place` on."""
    ends = [at for at, token in enumerate(tokens) if token == "&" or token in BREAKS]
    start = max((at + 1 for at in ends if at < place), default=0)
    return tokens[start : min((at for at in ends if at >= place + size), default=len(tokens))]


def _as_written(found: Sequence[str], text: str) -> tuple[str, ...]:
    """Folded words in the spelling of the cell, where they stand there one after the other."""
    ways = [r"[\W_]+".join(map(re.escape, words.split())) for words in found]
    matches = [re.search(rf"(?<!\w){way}(?!\w)", text, re.IGNORECASE) for way in ways]  # "bengkel[\W_]+motor"
    return tuple(match[0] if match else words for match, words in zip(matches, found, strict=True))


def _in_order(services: Iterable[Service], order: tuple[str, ...]) -> tuple[Service, ...]:
    """Each once, groups in the order of the settings; a group with a known system drops its entry without one."""
    distinct = set(services)
    known = {key for key, system in distinct if system}
    kept = [service for service in distinct if service[1] or service[0] not in known]
    return tuple(sorted(kept, key=lambda service: (order.index(service[0]), service[1] or "")))


def _take(cell: _Cell, meaning: Meaning) -> None:
    """A phrase that names groups or another service; a `weak` one counts only where the item names nothing else."""
    if meaning.general is not None:
        cell.weak.append(meaning)
        return
    cell.content = True
    cell.named += meaning.groups
    if meaning.other is not None:
        cell.other.append(meaning.other)
        cell.pending.append(("", ()))
    for group in meaning.groups:
        if cell.prefix:
            cell.services += [(group, system) for system in cell.prefix]
            cell.used = True
        else:
            cell.pending.append((group, meaning.systems))


def _take_system(cell: _Cell, systems: tuple[str, ...]) -> None:
    """A system: of the groups that wait for one, else of those that follow."""
    if cell.pending:
        cell.services += [(group, system) for group, _ in cell.pending if group for system in systems]
        cell.pending.clear()
        return
    _drop_prefix(cell)
    cell.prefix, cell.used, cell.lasts = systems, False, ""


def _drop_prefix(cell: _Cell) -> None:
    """Ends the reign of an opening system; one that met no group belongs to the item before, or stands alone."""
    if cell.prefix and not cell.used:
        owners = cell.named or (() if cell.content else cell.before)
        cell.services += [(group, system) for group in owners for system in cell.prefix]
        cell.systems += [] if owners else list(cell.prefix)
    cell.prefix, cell.used, cell.lasts = (), False, ""


def _separate(cell: _Cell, separator: str) -> None:
    """The end of an item, or a colon."""
    if separator == ":":
        cell.lasts = "," if cell.prefix and not cell.used else cell.lasts
        return
    cell.services += [(group, system) for group, systems in cell.pending if group for system in systems or (None,)]
    _take_weak(cell)
    if separator == ";" and cell.lasts == "," and not cell.used:
        cell.lasts = ";"
    if cell.lasts != ";" and (separator == ";" or cell.lasts != ","):
        _drop_prefix(cell)
    cell.before = cell.named or cell.before
    cell.pending, cell.weak, cell.named, cell.content = [], [], (), False


def _take_weak(cell: _Cell) -> None:
    """What counts only where the item names no group: adults, and where it says nothing else, general words."""
    for meaning in [] if cell.named else cell.weak:
        if meaning.other is not None:
            cell.other.append(meaning.other)
        elif meaning.general and not cell.content:
            cell.general.append(meaning.general)


def services_in_name(name: str | None, settings: Settings) -> tuple[Service, ...]:
    """A hint for rows without a readable service: what the name of the institution says ("LKSA Harapan").

    Only words that name an institution's kind count, never plain ones: "Yayasan Anak Bangsa" says nothing.
    """
    lexicon = lexicon_of(settings.groups)
    strong = {phrase: lexicon.phrases[phrase] for phrase in _STRONG if phrase in lexicon.phrases}
    services: list[Service] = []
    for _, meaning in matched(tokens_of(name or ""), strong, lexicon.longest):
        if meaning is not None:
            services += [(group, system) for group in meaning.groups for system in meaning.systems or (None,)]
    return _in_order(services, lexicon.order)


_STRONG = frozenset(phrases_of(STRONG_IN_NAMES))


def read_system(text: str | None) -> tuple[str, ...]:
    """The systems of a sistem cell: ("dalam",), ("luar",), both, or none if it says neither."""
    answer = _SYSTEM_ANSWERS.get(fold(text).strip(" ."))
    if answer is not None:
        return answer
    meanings = [meaning for _, meaning in matched(tokens_of(text or ""), _SYSTEMS, 6) if meaning is not None]
    return tuple(system for system in (INSIDE, OUTSIDE) if any(system in meaning.systems for meaning in meanings))


_SYSTEM_ANSWERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("keduanya", "kedua duanya", "kedua-duanya", "dua duanya"), (INSIDE, OUTSIDE)),
    INSIDE: (INSIDE,),
    OUTSIDE: (OUTSIDE,),
}
"""Whole cells that tell the system without its "panti"."""
_SYSTEMS = {
    phrase: Meaning(systems=systems) for systems, listed in SYSTEM_PHRASES.items() for phrase in phrases_of(listed)
}

_NOT = frozenset(("tidak", "bukan", "belum", "tak", "blm", "not"))
DENIALS = _NOT | frozenset(("non", "selain", "kecuali", "except"))
"""Words that deny what follows them."""
_SERVING = frozenset(
    ("melayani", "menangani", "menerima", "menampung", "membina", "mengurus", "mengasuh", "merawat", "untuk", "bagi",
     "termasuk", "ada", "serve", "serving", "for", "lagi")
)  # fmt: skip
_BEFORE_GROUP = frozenset(("lks", "layanan", "kelompok", "para", "penyandang", "korban", "khusus", "yang"))
_JOINING = frozenset(("&", "yang", "tetapi", "tapi", "namun"))


def _without_denied(tokens: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """The words of a cell without those of denied items, and the denied words as text."""
    kept: list[str] = []
    denied: list[str] = []
    start = 0
    for end in range(len(tokens) + 1):
        if end < len(tokens) and tokens[end] not in BREAKS:
            continue
        item = list(tokens[start:end])
        if len(item) == 1 and item[0] in _NOT and kept[-1:] == [":"]:
            item = [*_last_item(kept), ":", *item]
            del kept[len(kept) - len(item) + 1 :]
        place = _denial(item, lexicon)
        if place is not None and _names_group(item[place:], lexicon):
            denied.append(" ".join(item[place:]).replace(" :", ":"))
            item = item[:place]
            while item and item[-1] in _JOINING:
                item.pop()
        kept += [*item, *tokens[end : end + 1]]
        start = end + 1
    return kept, denied


def _last_item(kept: Sequence[str]) -> list[str]:
    """The words of the item that a colon has just closed."""
    words = list(kept[:-1])
    first = max((at + 1 for at, word in enumerate(words) if word in BREAKS), default=0)
    return words[first:]


def _denial(item: Sequence[str], lexicon: Lexicon) -> int | None:
    """Where a denial begins in an item, None if nothing is denied."""
    if len(item) > 1 and item[-1] in _NOT:
        return 0
    return next((place for place in range(len(item) - 1) if _denies(item, place, lexicon)), None)


def _denies(item: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Whether the word at a place, not the last, denies what follows: a group, or that it is served."""
    if item[place] not in DENIALS or _meanings(item, place, lexicon):
        return False
    after = place + 1
    if item[after] in _SERVING and item[place] in _NOT:
        return True
    while after < len(item) - 1 and item[after] in _BEFORE_GROUP and not _meanings(item, after, lexicon):
        after += 1
    return bool(_meanings(item, after, lexicon)) and _names_group(item[after:], lexicon)


def _meanings(words: Sequence[str], place: int, lexicon: Lexicon) -> list[Meaning]:
    """The meanings of all known phrases that begin at a place."""
    return [meaning for _, meaning in phrases_at(words, place, lexicon.phrases, lexicon.longest)]


def _names_group(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether any phrase among the words names a group or another service."""
    every = (meaning for place in range(len(words)) for meaning in _meanings(words, place, lexicon))
    return any(meaning.groups or meaning.other for meaning in every)
