"""What all readers of cells share: folding text, telling an empty cell, columns as plain lists of text, each different
text read once.

An empty marker is a text that offices write where they have nothing to write ("-", "Belum tersedia", "#N/A").
"Belum ada" is none: it is an answer (of an accreditation, of a point), and zero is a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

Reading = TypeVar("Reading")

EMPTY_MARKERS = frozenset(
    """
    n/a|na|n.a|nan|nat|null|none|nil|nihil|kosong|blank|unknown|#n/a|#ref!|#value!|#name?|#div/0!
    tidak ada|tdk ada|tidakada|tidak ada data|tidak ada alamat|tidak ada keterangan|belum ada data|data belum ada
    belum tersedia|tidak tersedia|blm tersedia|belum diisi|belum terisi|tidak diisi|tidak diketahui|tdk diketahui
    belum diketahui|tidak terdata|belum terdata|data tidak tersedia|data belum tersedia
    """.replace("\n", "|").replace("|    ", "|").strip("| ").split("|")
)  # fmt: skip
"""Folded texts that say "nothing here"."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_NOTHING = re.compile(r"[\s\-._?*~=/\\:,;()\[\]]*")  # "-", "...", "(?)"


def fold(text: str | None) -> str:
    """Lower case, compatibility characters and dashes unified, runs of white space as one blank."""
    if not isinstance(text, str):
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).casefold().split())


def is_empty_marker(text: str | None) -> bool:
    """Whether a cell says nothing: blank, only punctuation ("-", "...") or a word for it ("Belum tersedia")."""
    folded = fold(text)
    return not folded or _NOTHING.fullmatch(folded) is not None or folded.strip(" .-()") in EMPTY_MARKERS


def texts_of(series: pd.Series) -> list[str | None]:
    """The values of a text column, None where not known."""
    return [value if isinstance(value, str) else None for value in series.tolist()]


def column(cells: pd.DataFrame, field: str) -> list[str | None]:
    """The cells of a field; all None if the file has no such column."""
    return texts_of(cells[field]) if field in cells.columns else [None] * len(cells)


def blanked(texts: Sequence[str | None]) -> list[str | None]:
    """The texts without those that say nothing ("-", "Belum tersedia")."""
    kept = {text: None if text is None or is_empty_marker(text) else text for text in dict.fromkeys(texts)}
    return [kept[text] for text in texts]


def read_each(texts: Sequence[str | None], reader: Callable[[str | None], Reading]) -> list[Reading]:
    """One reading per text, in order; texts that are equal are read once."""
    known = {text: reader(text) for text in dict.fromkeys(texts)}
    return [known[text] for text in texts]
