"""What a service cell denies: "bukan anak", "tidak melayani lansia", "anak: tidak" name a group that is not served.

A denial holds from its word to the end of the item (comma, semicolon, line); one that ends the item, or stands alone
behind a colon, denies the whole item. "Anak tidak mampu" and "bukan panti" deny no group.
Gets wrong: "anak dan lansia tidak" takes both as denied.
"""

from __future__ import annotations

from collections.abc import Sequence

from lks_geo.register.meaning.lexicon import BREAKS, Lexicon

_NOT = frozenset(("tidak", "bukan", "belum", "tak", "blm", "not"))
_NOT_THESE = _NOT | frozenset(("non", "selain", "kecuali", "except"))
_SERVING = frozenset(
    ("melayani", "menangani", "menerima", "menampung", "membina", "mengurus", "mengasuh", "merawat", "untuk", "bagi",
     "termasuk", "ada", "serve", "serving", "for", "lagi")
)  # fmt: skip
_BEFORE_GROUP = frozenset(("lks", "layanan", "kelompok", "para", "penyandang", "korban", "khusus", "yang"))
_JOINING = frozenset(("&", "yang", "tetapi", "tapi", "namun"))


def without_denied(tokens: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[str]]:
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
    for place, word in enumerate(item[:-1]):
        if word not in _NOT_THESE or _known(item, place, lexicon):
            continue
        after = place + 1
        if item[after] in _SERVING and word in _NOT:
            return place
        while after < len(item) - 1 and item[after] in _BEFORE_GROUP and not _known(item, after, lexicon):
            after += 1
        if _known(item, after, lexicon) and _names_group(item[after:], lexicon):
            return place
    return None


def _known(words: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Whether a known phrase begins at a place."""
    lengths = range(1, min(lexicon.longest, len(words) - place) + 1)
    return any(tuple(words[place : place + length]) in lexicon.phrases for length in lengths)


def _names_group(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether any phrase among the words names a group or another service."""
    for place in range(len(words)):
        for length in range(1, min(lexicon.longest, len(words) - place) + 1):
            meaning = lexicon.phrases.get(tuple(words[place : place + length]))
            if meaning is not None and (meaning.groups or meaning.other):
                return True
    return False
