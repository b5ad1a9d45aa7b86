"""What is personal inside a text is masked: what RULES (personal_rules.py) find becomes MASK; its label stays.

Decides for caution: what is left of a cell of free text that held nothing else is blank.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.sheets.personal_rules import LABEL_WORDS, RULES, WHOLE, Kind, Rule, Unless

MASK = "[…]"

_PLAIN = {code: to for codes, to in (
    ((0xA0, 0xAD, *range(0x2000, 0x2010), 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF), " "),
    ((0x2010, 0x2011, 0x2012, 0x2212, 0xFE63, 0xFF0D), "-"), ((0x2013, 0x2014, 0x2015), "–"),
    ((0xB7, 0x2022, 0x2024, 0xFF0E), "."), ((0xFF20,), "@"), ((0xFF1A,), ":"), ((0xFF0B,), "+"),
    ((0x2044, 0xFF0F), "/"),
) for code in codes}  # fmt: skip
_PLAIN |= {zero + digit: str(digit) for zero in (0xFF10, 0x660, 0x6F0, 0x966) for digit in range(10)}
"""One mark for each kind of blank, dash and digit, so that places in plain text are places in the text."""
_ODD = "[" + "".join(map(chr, sorted(_PLAIN))) + "]"
_SHORT = 1_000
"""Letters of a text in which `re` looks for hints: ".*" in one would take it the square of the length."""
_DEGREES_ALONE = r"^-?[0-9]{1,3}[.,][0-9]{1,12}$"  # "-2.826508"


_NUMBERS = re.compile(
    r"(?P<kept>^\s*-\d+\s*$|\S+://\S+"  # "-26734512"
    r"|(?:19|20)\d\d-\d\d-\d\d(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d(?!\d)"  # "2026-05-01"
    r"|(?<![\d.])\d\d\.\d\d\.\d\d\.\d{4}(?![.-]?\d)"  # "76.05.01.1001"
    r"|(?<!\d)\d{1,3}[.,]\d{3,}(?!\d|\.\d|e)|(?<!\d)\d{6,7}[.,]\d{1,3}(?![.,]?\d)"  # "118.88934", "741234.5"
    r"|(?<!\d)(?:\d{6}[ ;,]{1,3}\d{7}|\d{7}[ ;,]{1,3}\d{6})(?!\d))"  # "741234 9704512"
    r"|\d[.,]\d{3,}e\+?1\d|\d(?:[ ._/()-]{0,3}[\dol]){6,}[ ._/()-]{0,3}\d",  # "1,52001E+12", "152 0012-345678"
    re.IGNORECASE,
)


def without_numbers(text: str) -> str:
    """A text with its numbers of eight digits and more replaced by MASK, but for degrees, metres, dates and links."""
    found = _NUMBERS.finditer(text.translate(_PLAIN))
    return _cut(text, [match.span() for match in found if match["kept"] is None])


def is_number(text: str) -> bool:
    """Whether a cell is nothing but telephone or identity numbers."""
    return WHOLE.fullmatch(text.translate(_PLAIN)) is not None


def mask(cells: pd.Series, kind: Kind = "text") -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """The cells with what is personal inside replaced by MASK, and the rows where that was."""
    rules = _rules(kind)
    texts = pa.array(cells, from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    maybe = _having(texts, _DEGREES_ALONE, np.ones(len(texts), dtype=np.bool_), wanted=False)
    maybe = _having(texts, f"{_ODD}|(?i:{_any_hint(rules)})", maybe)
    found = pc.dictionary_encode(texts.filter(pa.array(maybe)))
    after = _masked(before := found.dictionary.to_pylist(), rules)
    changed, at = np.array(before, dtype=object) != np.array(after, dtype=object), found.indices.to_numpy()
    masked, rows = cells.copy(), np.flatnonzero(maybe)[changed[at]]
    masked.iloc[rows] = np.array(after, dtype=object)[at[changed[at]]]
    return masked, rows


Guarded = tuple[pd.Series, int, pd.Series | None]
"""A column with what is personal masked, in how many cells, and of names what tells apart those that are now equal."""


def guarded(columns: Sequence[pd.Series], kind: Kind) -> list[Guarded]:
    """Each of the columns, of one length and kind; free text that says nothing else is blank. Columns of few cells are
    looked through together: to make the patterns ready takes longer."""
    size = len(columns[0])
    if len(columns) == 1 or not 0 < size <= _FEW_CELLS:
        found = [mask(cells, kind) for cells in columns]
    else:
        together, rows = mask(pd.concat(columns, ignore_index=True), kind)
        starts = range(0, len(together), size)
        found = [(together.iloc[at : at + size], rows[rows // size == at // size]) for at in starts]
    return [
        _told_apart(cells, after.set_axis(cells.index), len(rows), kind)
        for cells, (after, rows) in zip(columns, found, strict=True)
    ]


_FEW_CELLS = 5_000
"""So many cells of each column are few."""


def _told_apart(cells: pd.Series, after: pd.Series, count: int, kind: Kind) -> Guarded:
    if not count:
        return after, 0, None
    if kind == "name":
        marks = [_taken(before, text) for before, text in zip(_texts(cells), _texts(after), strict=True)]
        return after, count, pd.Series(marks, index=cells.index, dtype="str")
    nothing = [kind == "text" and _says_nothing(text) for text in _texts(after)]
    return after.mask(np.array(nothing, dtype=np.bool_)), count, None


def _texts(cells: pd.Series) -> list[str | None]:
    return cells.astype(object).where(cells.notna(), None).tolist()


def _says_nothing(text: str | None) -> bool:
    """Whether a masked text says no more than what kind of thing was masked: "Ketua: […]"."""
    return text is not None and MASK in text and LABEL_WORDS.fullmatch(text) is not None


def _taken(text: str | None, after: str | None) -> str | None:
    """A mark for the names that were taken out of a text, equal where they are; None if it was none, but numbers."""
    if not text or not after or text == after:
        return None
    left = set(after.casefold().split())
    taken = [word.strip(".,:;()") for word in text.casefold().split() if word not in left]
    names = sorted(word for word in taken if word.isalpha() and not LABEL_WORDS.fullmatch(word))
    return hashlib.sha256(" ".join(names).encode("utf-8", "replace")).hexdigest()[:16] if names else None


@lru_cache(10_000)
def masked(text: str, kind: Kind = "text") -> str:
    """One text (a title, a heading, the name of a sheet) with what is personal replaced by MASK."""
    if len(text) < _SHORT and text.isascii() and not _hints(kind).search(text):
        return text
    return _masked([text.encode("utf-8", "replace").decode()], _rules(kind))[0]  # "?" for half a sign


def masked_stem(name: str) -> str:
    """The name of a file with what is personal before its ending replaced by MASK."""
    stem, dot, ending = name.rpartition(".")
    for gap in ("_", "_-"):  # "register_Pak_Budi", "register-Pak-Budi"
        words = (stem or ending).translate(dict.fromkeys(map(ord, gap), " "))
        if masked(words) != words:
            return masked(words) + (dot + ending if stem else "")
    return name


@cache
def _rules(kind: Kind) -> tuple[Rule, ...]:
    """The rules for a kind of column."""
    return tuple(rule for rule in RULES if kind in rule.kinds)


@cache
def _pattern(rule: Rule) -> re.Pattern[str]:
    return re.compile(rule.pattern, re.IGNORECASE)


def _any_hint(rules: Sequence[Rule]) -> str:
    return "|".join(f"(?:{rule.hint})" for rule in rules)


@cache
def _hints(kind: Kind) -> re.Pattern[str]:
    return re.compile(_any_hint(_rules(kind)), re.IGNORECASE)


def _having(
    texts: pa.Array, pattern: str, among: npt.NDArray[np.bool_], *, wanted: bool = True
) -> npt.NDArray[np.bool_]:
    """Which of the texts `among` have the pattern (or have it not)."""
    if not among.any():
        return among
    matched = pc.match_substring_regex(texts.filter(pa.array(among)), pattern)
    having = among.copy()
    having[among] = np.asarray(pc.fill_null(pc.equal(matched, wanted), False), dtype=np.bool_)
    return having


def _masked(texts: Sequence[str], rules: Sequence[Rule]) -> list[str]:
    """The texts with what the rules find replaced."""
    after = list(texts)
    plain = [text if text.isascii() else text.translate(_PLAIN) for text in texts]
    array = pa.array(plain, pa.string())
    for rule in rules:
        hits = np.asarray(pc.match_substring_regex(array, f"(?i){rule.hint}"), dtype=np.bool_)
        for at in np.flatnonzero(hits).tolist():
            if spans := _spans(_pattern(rule), rule.unless, plain[at]):
                same = after[at] is plain[at]
                after[at] = _cut(after[at], spans)
                plain[at] = after[at] if same else _cut(plain[at], spans)
    return after


def _spans(pattern: re.Pattern[str], unless: Unless, text: str) -> list[tuple[int, int]]:
    """Where a rule finds something in a plain text, without its label."""
    spans: list[tuple[int, int]] = []
    start = 0
    while match := pattern.search(text, start):
        if unless and unless(text, match):
            start = match.start() + 1
            continue
        first = max(match.start(), match.end("label") if "label" in pattern.groupindex else 0)
        spans.append((first, first + len(text[first : match.end()].rstrip())))
        start = match.end()
    return spans


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with MASK in place of the spans."""
    for start, end in reversed(spans):
        text = text[:start] + MASK + text[end:]
    return text
