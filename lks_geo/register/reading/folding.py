"""Headings and words of sheets in a form that can be compared: no case, accents, punctuation or double spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OTHER = re.compile(r"[^0-9a-z#]+")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """`text` in lower-case words: "Nama_LKS*" and "namaLKS" are both "nama lks"."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _OTHER.sub(" ", plain.casefold()).strip()


def compact(text: str) -> str:
    """`fold(text)` without spaces, the form in which headings are equal."""
    return fold(text).replace(" ", "")
