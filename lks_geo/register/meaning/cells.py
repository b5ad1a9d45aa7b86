"""What all readers of cells share: folding text, telling an empty cell, reading each different text once.

An empty marker is a text that offices write where they have nothing to write ("-", "Belum tersedia", "#N/A").
"Belum ada" is none: it is an answer (of an accreditation, of a point), and zero is a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
_NOTHING = re.compile(r"[\s\-._?*~=/\\:,;()\[\]]*")


def fold(text: str | None) -> str:
    """Lower case, compatibility characters and dashes unified, runs of white space as one blank."""
    if not isinstance(text, str):
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).casefold().split())


def is_empty_marker(text: str | None) -> bool:
    """Whether a cell says nothing: blank, only punctuation ("-", "...") or a word for it ("Belum tersedia")."""
    folded = fold(text)
    return not folded or _NOTHING.fullmatch(folded) is not None or folded.strip(" .-()") in EMPTY_MARKERS


def by_unique(series: pd.Series, reader: Callable[[str | None], Reading]) -> list[Reading]:
    """`reader` applied to each different text of `series` once; one reading per row, in order (NA is read as None)."""
    codes, texts = pd.factorize(series)
    readings = [*(reader(text) for text in texts), reader(None)]
    return [readings[code] for code in codes]
