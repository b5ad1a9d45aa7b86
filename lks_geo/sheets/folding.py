"""Text of cells in forms that can be compared, and the cells that say only "nothing" or "yes" and "no".

`fold` keeps every sign, for values ("25-30", "± 20"); `words` keeps only letters and digits, for names, and
`split_words` for headings; `compact` is `words` without blanks, the form in which headings are equal.

An empty marker is a text that offices write where they have nothing to write ("-", "Belum tersedia", "#N/A").
"Belum ada" is none: it is an answer (of an accreditation, of a point), and zero is a number.
Gets wrong: a column of ticks in which "-" means yes, or "x" means no.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

EMPTY_MARKERS = frozenset(
    """
    n/a|na|n.a|nan|nat|null|none|nil|nihil|kosong|blank|unknown|#n/a|#ref!|#value!|#name?|#div/0!
    tidak ada|tdk ada|tidakada|tidak ada data|tidak ada alamat|tidak ada keterangan|belum ada data|data belum ada
    belum tersedia|tidak tersedia|blm tersedia|belum diisi|belum terisi|tidak diisi|tidak diketahui|tdk diketahui
    belum diketahui|tidak terdata|belum terdata|data tidak tersedia|data belum tersedia
    """.replace("\n", "|").replace("|    ", "|").strip("| ").split("|")
)  # fmt: skip
"""Folded texts that say "nothing here"."""

TICKS = {
    True: ("v", "vv", "x", "o", "*", "✓", "✔", "√", "☑", "☒", "✅", "●", "•", "1", "1.0", "ya", "y", "iya", "yes",
           "true", "benar", "ada", "sudah"),
    False: ("", "0", "0.0", "tidak", "tdk", "tak", "t", "no", "n", "false", "salah", "bukan", "belum", "blm", "☐",
            "✗", "✘", "❌", "✖"),
}  # fmt: skip
"""What stands in a cell of yes and no, folded. Empty markers mean no as well, except the asterisk, which is a tick."""

_BEGINS_NO_MARKER = frozenset(string.ascii_letters + string.digits).difference(
    *((marker[0], marker[0].upper()) for marker in EMPTY_MARKERS)
)
"""Letters and digits with which a cell cannot be empty: most cells are told by their first letter."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_APOSTROPHES = str.maketrans("", "", "'’‘ʼʻ`´′ʹ＇\u02bd\u201b")
_PLAIN = {code: " " if not chr(code).isalnum() else chr(code).lower() for code in range(128)} | {39: None, 96: None}
"""What `words` makes of the signs of ASCII: two are apostrophes, and go."""
_NOTHING = re.compile(r"[\s\-._?*~=/\\:,;()\[\]]*")  # "-", "...", "(?)"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")  # between the words of "namaLembaga"
_NO_WORD = re.compile(r"[\W_]+")  # "/" and "*" in "Nama_LKS/Panti*"
_MEANING = {text: answer for answer, texts in TICKS.items() for text in texts}


def fold(text: str | None) -> str:
    """Lower case, compatibility characters and dashes unified, runs of white space as one blank."""
    if not isinstance(text, str):
        return ""
    if not text.isascii():  # most cells are, and need no more than the rest
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(text.casefold().split())


@lru_cache(maxsize=1 << 18)
def words(text: str) -> str:
    """The words in lower case, without accents, apostrophes and other signs: "Nama_LKS*" is "nama lks"."""
    if text.isascii():  # most are, and are told much sooner
        return " ".join(text.translate(_PLAIN).split())
    plain = text.translate(_APOSTROPHES).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NO_WORD.sub(" ", plain).strip()


def split_words(text: str) -> str:
    """`words` of a heading, where programs write "namaLKS". (In a name, "mAMUJU" is only a slip of the shift key.)"""
    return words(_CAMEL.sub(" ", text))


def compact(text: str) -> str:
    """`words(text)` without blanks."""
    return words(text).replace(" ", "")


def is_empty_marker(text: str | None) -> bool:
    """Whether a cell says nothing: blank, only punctuation ("-", "...") or a word for it ("Belum tersedia")."""
    if text and text[0] in _BEGINS_NO_MARKER:
        return False
    folded = fold(text)
    return not folded or _NOTHING.fullmatch(folded) is not None or folded.strip(" .-()") in EMPTY_MARKERS


def read_tick(text: str | None) -> bool | None:
    """A cell of yes and no: True for V, ✓, x, Ya, 1; False for blank, 0, "-", "Tidak"; None for anything else."""
    answer = _MEANING.get(fold(text).strip(" .()[]!\ufe0f"))
    return answer if answer or not is_empty_marker(text) else False
