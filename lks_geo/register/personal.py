"""What may name a person: columns dropped on reading, and numbers masked inside the text that is kept.

A column goes by its heading (identity number, telephone, name of a head or contact, bank account, e-mail, tax number),
or by its content (most cells are telephone or identity numbers). A telephone or identity number that stands inside a
kept text cell (address, name) is replaced by MASK.

Decides for caution: the telephone of an institution is dropped as well. A number counts as a telephone only if it is
an Indonesian mobile number or is introduced by a word ("HP", "telp", "WA"); codes, ids and coordinates are not touched.
A landline without such a word stays, and a person's name inside an address stays.
"""

from __future__ import annotations

import re

import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.register.folding import fold

MASK = "[…]"

_PERSON = r"(?:ketua|pimpinan|pemimpin|pengurus|pengelola|penanggung\s*jawab|pj|direktur|kepala|pengasuh|pendiri|pemilik|sekretaris|bendahara|petugas|narahubung|operator|notaris|contact person|person in charge|head|chairman|director|manager|owner|founder|pendamping|pembina|pengawas|ketua yayasan|kontak person)"  # noqa: E501
_HEADINGS = {
    "identity": re.compile(r"\b(?:nik|no\s?nik|nikk|ktp|e ktp|kk|no\s?kk|kartu keluarga|nomor induk kependudukan|identitas|nip|nuptk|sim|paspor|passport|id card)\b"),
    "tax": re.compile(r"\bnpwp\b"),
    "phone": re.compile(r"\b(?:hp|no\s?hp|nohp|telp|telpon|telepon|tlp|tlpn|telephone|tel|phone|mobile|ponsel|handphone|hape|wa|no\s?wa|whatsapp|kontak|contact|cp|seluler|fax|faks|nomor kontak)\b"),
    "bank": re.compile(r"\b(?:rekening|no\s?rek|norek|rek bank|bank|bank account)\b"),
    "email": re.compile(r"\b(?:e ?mail|surel)\b"),
    "birth": re.compile(r"\b(?:tanggal lahir|tgl lahir|tempat lahir|ttl|tempat tanggal lahir|date of birth|umur|usia)$"),
    "media": re.compile(r"\b(?:facebook|instagram|medsos|media sosial)\b"),
}  # fmt: skip
_NAME = re.compile(
    rf"^(?:nama |nm |name of (?:the )?)?(?:lengkap )?{_PERSON}(?: (?:lks|lembaga|panti|yayasan|cabang|harian|umum|pelaksana|nama))?(?: \w+)?$"
    r"|^nama (?:lengkap|anak|klien|penerima manfaat|kepala|ibu|bapak|orang)\b|\bcontact person\b|^penanggung jawab\b"
    rf"|^{_PERSON} (?:nama|alamat|jabatan|nama lengkap)\b|\b(?:nama|alamat|jabatan) {_PERSON}\b"
)
_COUNTS = re.compile(r"^(?:jumlah|jml|total|banyaknya|number of|tahun|masa)\b")

_PHONE = r"(?<![\w.,])(?:\+?62[\s.-]?|0)8\d{2}(?:[\s.-]?\d{3,4}){2}(?:[\s.-]?\d{1,2})?(?![\w])(?![.,]\d)"
_INTRODUCED = r"\b(?:no\.?\s*)?(?:hp|telp?|telepon|telpon|tlp|wa|whatsapp|phone|cp)\b[\s.:/-]*\+?\(?\d[\d\s()./-]{5,}\d"
_NIK = r"(?<!\d)(?:1[1-9]|2[1]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])\d{4}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{2}\d{4}(?!\d)"  # noqa: E501
_WHOLE = re.compile(rf"^\W*(?:{_NIK}|{_PHONE})\W*(?:[/,;\s]\s*(?:{_PHONE})\W*)*$")
_INSIDE = re.compile(rf"{_NIK}|{_PHONE}|{_INTRODUCED}", re.IGNORECASE)
_MAYBE = r"\d{4}|\d[\s.-]\d"
"""A cheap test: cells without it hold no such number."""


def by_heading(*parts: str) -> Message | None:
    """Why a column of this heading (upper rows first) is personal, or None."""
    words = fold(" ".join(parts))
    if _COUNTS.search(words):
        return None
    for kind, pattern in _HEADINGS.items():
        if pattern.search(words):
            return msg(f"sheets.personal_{kind}")
    if _NAME.search(words):
        return msg("sheets.personal_name")
    return None


def by_content(cells: pd.Series) -> Message | None:
    """Why a column with these cells (text) is personal, or None: more than half are telephone or identity numbers."""
    filled = cells.dropna()
    if filled.empty:
        return None
    sample = filled.iloc[:: max(1, len(filled) // 2000)]
    if int(sample.str.fullmatch(_WHOLE.pattern).sum()) * 2 > len(sample):
        return msg("sheets.personal_content")
    return None


def mask(cells: pd.Series) -> tuple[pd.Series, int]:
    """The cells with telephone and identity numbers inside replaced by MASK, and in how many cells that was."""
    maybe = cells.str.contains(_MAYBE, regex=True).fillna(False).to_numpy(dtype=bool)
    if not maybe.any():
        return cells, 0
    before = cells[maybe]
    after = pd.Series([_INSIDE.sub(MASK, text) for text in before], index=before.index, dtype="str")
    changed = after[after != before]
    if changed.empty:
        return cells, 0
    masked = cells.copy()
    masked.loc[changed.index] = changed
    return masked, len(changed)
