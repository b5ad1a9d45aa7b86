"""When two rows may be one institution: names as they are compared, and how near and how similar is enough.

Decides: a name is compared without case, blanks, punctuation and a rank in brackets; its core also without the words
that half of all LKS bear. Names that differ in their number only ("Melati I", "Melati II") are two institutions.

Gets wrong: an institution that was renamed entirely is another one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from lks_geo.boundaries.country import country_names
from lks_geo.register.areas.area_names import ROMAN
from lks_geo.sheets.folding import compact
from lks_geo.sheets.folding import words as fold

SAME_PLACE_KM = 0.2
"""Rows of one name no farther apart are one institution."""

SIMILAR_NAME = 88.0
"""Least similarity (0-100) of two names, without the words that half of all LKS bear."""

SAME_ID_NAME = 70.0
"""Least similarity of the names of two rows with one id, if they are to be one institution."""

LONG_NAME = 2
"""From how many words a name is looked for in the cells of others."""

_WORD = re.compile(r"[^\W_]+")  # "Melati" and "2" of "Melati 2"
_RANK = re.compile(r"[(\[]\s*(?:akreditasi\s*)?(?:a|b|c|tta)\s*[)\]]\s*$", re.IGNORECASE)  # "Panti X (akreditasi B)"
_BRACKETED_END = re.compile(r"[(\[][^()\[\]]*[)\]]\W*$")  # "(LKSA)" of "Yayasan Melati (LKSA)"
_LEGAL = frozenset(("yayasan", "yay", "yys", "yas", "ysn", "perkumpulan", "perk", "lks", "lksa", "lembaga"))
_STREETS = frozenset(("jl", "jln", "jalan", "gang", "gg", "lorong", "lr", "desa", "kelurahan", "dusun"))
_ANY_DIGIT = re.compile(r"\d")  # "2" of "melati2"
_COMMON = frozenset(
    ("lks", "lksa", "lkslu", "lkspd", "lksld", "psaa", "yayasan", "yay", "yys", "panti", "asuhan", "sosial", "lembaga",
     "kesejahteraan", "anak", "lansia", "lanjut", "usia", "jompo", "werdha", "wreda", "tresna", "disabilitas", "rumah",
     "balai", "pondok", "pesantren", "pusat", "ipwl", "rehabilitasi")
)  # fmt: skip


@lru_cache(maxsize=1 << 18)
def name_key(name: str | None) -> str:
    """A name of an institution as it is compared: no case, blanks, punctuation, nor a rank in brackets at the end."""
    return compact(_without(_RANK, name or ""))


def _without(end: re.Pattern[str], name: str) -> str:
    """A name without what stands in brackets at its end; most hold no bracket, which is seen sooner."""
    return end.sub("", name) if "(" in name or "[" in name else name


def core_words(name: str | None) -> tuple[str, ...]:
    """The words of a name that tell institutions apart: without those that say what kind of place it is."""
    words = [word for word in fold(_without(_RANK, name or "")).split(" ") if word and word not in _COMMON]
    if len(words) > 1:
        words[-1] = ROMAN.get(words[-1], words[-1])
    return tuple(words)


def core_key(name: str | None) -> str:
    """`core_words` as one word; of a name that has none the whole name."""
    return "".join(core_words(name)) or name_key(name)


@lru_cache(maxsize=1 << 18)
def kin_key(name: str | None) -> str | None:
    """What names of one institution have in common that are written with another legal form or kind of place ("Yay.
    Melati Putih", "YAYASAN MELATI PUTIH (LKSA)"): None if that is too little, or the name of an area."""
    bare = _without(_BRACKETED_END, name or "")
    core = core_words(bare)
    told = core if not core or len(core) >= LONG_NAME else (word for word in fold(bare).split() if word not in _LEGAL)
    key = "".join(told)
    return None if not key or key in _area_keys() else key


def forget_names() -> None:
    """Lets go of what is known of the names of a register, when all its rows are read: of 200,000 a tenth of a
    gigabyte."""
    for known in (name_key, kin_key, fold):
        known.cache_clear()


@cache
def _area_keys() -> frozenset[str]:
    return frozenset(compact(name) for level in ("kabupaten", "kecamatan") for name in country_names(level).values())


def similar_pairs(names: Sequence[str], least: float) -> list[tuple[int, int]]:
    """Positions (first, second) of all pairs of names that are at least so similar (0-100)."""
    scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
    pairs: tuple[npt.NDArray[np.int64], ...] = np.nonzero(np.triu(scores, 1))
    return list(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


def digits_of(name: str) -> str:
    """The digits of a name; two names that differ in them are two institutions."""
    return "".join(_ANY_DIGIT.findall(name))


def spoken_names(names: Iterable[str | None]) -> frozenset[tuple[str, ...]]:
    """The names that are long enough to be known again within other texts, as their words."""
    return frozenset(name for text in names if len(name := tuple(fold(text or "").split())) >= LONG_NAME)


def spoken_cores(names: Iterable[str | None]) -> frozenset[tuple[str, ...]]:
    """The `core_words` of names, without what stands in brackets at their end, that are long enough likewise."""
    cores = (core_words(_BRACKETED_END.sub("", text or "")) for text in names if kin_key(text))
    return frozenset(core for core in cores if len(core) >= LONG_NAME)


def spoken_words(texts: Iterable[str | None]) -> list[tuple[str, ...]]:
    """The folded words of each text, for `naming`; many texts share words, so each is kept once."""
    return [tuple(map(sys.intern, fold(text or "").split())) for text in texts]


def naming(
    texts: Sequence[tuple[str, ...]], names: Collection[tuple[str, ...]], *, streets: bool = True
) -> npt.NDArray[np.bool_]:
    """Which texts, as `spoken_words` has them, hold one of the names: "samping Yayasan Kasih Bunda" tells where that
    stands. Without `streets` a street of that name does not count."""
    first, longest = {name[0] for name in names}, max(map(len, names), default=0)
    found = np.zeros(len(texts), dtype=bool)
    for row, told in enumerate(texts):
        starts = [at for at, word in enumerate(told) if word in first and (streets or told[at - 1] not in _STREETS)]
        found[row] = any(told[at : at + size] in names for at in starts for size in range(LONG_NAME, longest + 1))
    return found


def unnamed(text: str, names: Collection[tuple[str, ...]], longest: int, *, own: bool = False) -> str:
    """A text with "…" in place of each of the names, of at most `longest` words; `own`: it is a name itself, which may
    begin like another one."""
    spans = [match.span() for match in _WORD.finditer(text)]
    for at in range(1 if own else 0, len(spans)):
        for end in range(min(at + longest + 2, len(spans)), at + LONG_NAME - 1, -1):
            low, high = spans[at][0], spans[end - 1][1]
            if tuple(fold(text[low:high]).split()) in names:
                return f"{text[:low]}…{unnamed(text[high:], names, longest)}"
    return text
