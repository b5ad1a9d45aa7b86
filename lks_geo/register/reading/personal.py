"""What may name a person: columns dropped on reading, and numbers masked inside the text that is kept.

A column goes by its heading (identity number, telephone, name or home of a head or contact, bank account, e-mail, tax
number), or by its content (most cells are telephone or identity numbers). A telephone, identity or account number or
an e-mail address that stands inside a kept cell is replaced by MASK, in whatever column it stands.

Decides for caution: the telephone of an institution is dropped as well. Sixteen digits that stand alone count as an
identity number, also in groups, unless the groups are years. A number counts as a telephone only if it is
an Indonesian mobile number, a landline written with its area code, or is introduced by a word ("HP", "telp", "WA").
Codes and coordinates are not touched: in a coordinate column only what cannot be digits of one is masked.
A column called "Alamat" is that of the institution, also beside columns of persons; the home of a person is told by its
heading ("Alamat Rumah", "Alamat Ketua"). A person's name inside an address stays.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.messages import Message, msg
from lks_geo.sheets.folding import split_words
from lks_geo.sheets.sheet import read_each, texts_of

MASK = "[…]"


def _any(words: str) -> str:
    """A pattern for any of the words between commas; a space may be missing."""
    return "(?:" + "|".join(word.strip().replace(" ", r"\s?") for word in words.split(",")) + ")"


_PERSON = _any("""ketua, pimpinan, pemimpin, pengurus, pengelola, penanggung jawab, pj, direktur, kepala, pengasuh,
    pendiri, pemilik, sekretaris, bendahara, petugas, narahubung, operator, notaris, contact person,
    person in charge, head,
    chairman, director, manager, owner, founder, pendamping, pembina, pengawas, kontak person""")
_HEADINGS = {
    "identity": _any("""nik, no nik, nikk, ktp, e ktp, kk, no kk, kartu keluarga, nomor induk kependudukan,
        no identitas, nomor identitas, kartu identitas, nip, nuptk, paspor, passport, id card"""),
    "tax": "npwp",
    "phone": _any("""hp, no hp, telp, telpon, telepon, tlp, tlpn, telephone, tel, phone, mobile, ponsel, handphone,
        hape,
        wa, no wa, whatsapp, whats app, kontak, contact, cp, seluler, fax, faks"""),
    "bank": _any("rekening, no rek, rek bank, bank, bank account"),
    "email": _any("e mail, surel"),
    "birth": _any("tanggal lahir, tgl lahir, tempat lahir, ttl, date of birth"),
    "media": _any("facebook, instagram, medsos, media sosial"),
}
"""Words of headings by reason; the reason is a catalogue key `sheets.personal_<reason>`."""
_NAME = re.compile(  # "nama ketua lks", "nama lengkap", "ketua nama"
    rf"^(?:(?:nama|nm|name of|name of the) )?(?:lengkap )?{_PERSON}(?: (?:dan )?{_PERSON})*"
    r"(?: (?:lks|lembaga|panti|yayasan|cabang|harian|umum|pelaksana|nama))?(?: (?:of )?\w+)?$"
    r"|^nama (?:lengkap|anak|klien|penerima manfaat|kepala|ibu|bapak|orang)\b|\bcontact person\b|^penanggung jawab\b"
    rf"|^{_PERSON} (?:nama|alamat|jabatan|nama lengkap)\b|\b(?:nama|alamat|jabatan) {_PERSON}\b"
)
_HOME = re.compile(  # "alamat rumah ketua", "domisili pimpinan", "tempat tinggal", "alamat orang tua"
    r"\b(?:alamat|domisili|desa|kelurahan|kecamatan|koordinat)(?: (?:rumah|tinggal|tempat tinggal))? "
    rf"(?:{_PERSON}|klien|penerima manfaat|orang tua|wali|siswa|santri|anak asuh)\b"
    r"|\balamat (?:rumah|tinggal|tempat tinggal)$|^tempat tinggal$|\bhome address\b"
)
_COUNTS = re.compile(r"^(?:jumlah|jml|total|banyaknya|number of|tahun|masa)\b")  # "jumlah pengurus"

# "0812-3456-7890", "+62 812 3456 7890"
_PHONE = r"(?<![\w.,])(?:\+?62[\s.-]?|0)8\d{2}(?:[\s.-]?\d{3,4}){2}(?:[\s.-]?\d{1,2})?(?!\w|[.,]\d)"
_WORDS = r"(?:hp|telp?|telepon|telpon|tlpn?|phone|wa|whatsapp|cp|fax|faks)"  # "telp"
_INTRODUCED = rf"\b(?:no\.?\s*)?{_WORDS}(?![^\W\d_])[\s.:/-]*\+?\(?\d[\d\s()./-]{{3,}}\d"  # "HP: 0428 21345"
_ACCOUNT = r"\b(?:no\.?\s*)?rek(?:ening)?(?![^\W\d_])[^\d\n]{0,25}\d[\d .-]{4,}\d"  # "rek. BRI 0123-01-012345"
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]+)+"  # "panti@contoh.id"
_LANDLINE = (  # "(0426) 21345", "0426-21345"
    r"\(0\d{2,3}\)(?=(?:[\s.-]*\d){5})[\s.-]*\d{2,8}(?:[\s.-]\d{2,4}){0,2}(?!\d)"
    r"|(?<![\d.,])0\d{2,3}[\s/-]\d{5,8}(?![\d.,])"
)
_SIXTEEN = r"(?<!\d)(?<!\d[.,])\d(?:[ .-]?\d){15}(?![.,]?\d)"  # "7601 0141 0170 0001"
_PROVINCES = "1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]"
_BORN = r"(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{2}"
"""Day (of women + 40), month, year."""
_NIK = rf"(?<!\d)(?:{_PROVINCES})\d{{4}}{_BORN}\d{{4}}(?!\d)"  # "7601014101700001"
# a cell that is nothing else: "081234567890 / 081234567891"
_WHOLE = re.compile(rf"\W*(?:{_NIK}|{_SIXTEEN}|{_PHONE}|8[1-9]\d{{8,10}})\W*(?:[/,;\s]\s*(?:{_PHONE})\W*)*")
_INSIDE = re.compile(  # any of them in a text: "Jl. Mawar, HP 081234567890"
    rf"(?P<email>{_EMAIL})|{_INTRODUCED}|{_ACCOUNT}|{_NIK}|(?P<sixteen>{_SIXTEEN})|{_PHONE}|{_LANDLINE}", re.IGNORECASE
)
_VALUE = re.compile(rf"^8[1-9]\d{{8,10}}$|{_INSIDE.pattern}", re.IGNORECASE)  # "81234567890", its zero lost
_COORDINATE = re.compile(  # "7601014101700001"
    rf"^\W*(?:{_NIK}|(?!9[5-9]|1[0-4])(?:{_PROVINCES})(?:[0-2]\d|7\d)\d{{12}}|{_PHONE})\W*$|{_INTRODUCED}"
)
"""In a coordinate cell: alone, a telephone number or sixteen digits that begin like a regency's code and not like a
longitude whose decimal point was lost."""
_BETWEEN = re.compile(r"[ .-]")  # between the groups of "7601 0141 0170 0001"
_YEAR = re.compile(r"(?:19|20)\d\d")  # "2019"
_MAYBE = r"@|(?:[0-9][ \t\r\n().,/-]{0,3}){5}"
_PERHAPS = (  # the beginnings of all that is masked: "@", "081", "+62 8", "HP", "rek", "(0426", "0426-21345", 16 digits
    r"(?i)@|^\W*8[1-9]|(?:62[\pZ\pC\s.-]?|0)8\p{Nd}{2}|hp|tel|tlp|phone|wa|cp|fa[xk]|rek"
    r"|\(0\p{Nd}{2}|0\p{Nd}{2,3}[\pZ\pC\s/-]\p{Nd}{5}|(?:\p{Nd}[ .-]?){16}"
)
"""Two quick tests: cells that fail one of them hold nothing personal."""
_DEGREES = r"^-?[0-9]{1,3}[.,][0-9]{1,12}$"  # "-2.826508", which is nothing else

Kind = Literal["text", "value", "coordinate"]
"""What a column holds: free text or codes, one value (no code: some begin with 81), or coordinates."""
_PATTERNS: dict[Kind, re.Pattern[str]] = {"text": _INSIDE, "value": _VALUE, "coordinate": _COORDINATE}


def by_heading(*parts: str) -> Message | None:
    """Why a column of this heading (upper rows first) is personal, or None."""
    words = split_words(" ".join(parts))
    if _COUNTS.search(words):
        return None
    for kind, pattern in _HEADINGS.items():
        if re.search(rf"\b{pattern}\b", words):  # "no hp pengurus"
            return msg(f"sheets.personal_{kind}")
    if _NAME.search(words):
        return msg("sheets.personal_name")
    if _HOME.search(words):
        return msg("sheets.personal_home")
    return None


def by_content(cells: pd.Series) -> Message | None:
    """Why a column with these cells (text) is personal, or None: more than half are telephone or identity numbers."""
    filled = cells.dropna()
    if filled.empty:
        return None
    sample = filled.iloc[:: max(1, len(filled) // 2000)]
    if sum(_WHOLE.fullmatch(text) is not None for text in sample) * 2 > len(sample):
        return msg("sheets.personal_content")
    return None


def mask(cells: pd.Series, kind: Kind = "text") -> tuple[pd.Series, int]:
    """The cells with what is personal inside replaced by MASK, and in how many cells that was."""
    texts = pa.array(cells, from_pandas=True)
    maybe = np.ones(len(texts), dtype=np.bool_)
    for test, passes in ((_DEGREES, False), (_MAYBE, True), (_PERHAPS, True)):
        matched = pc.match_substring_regex(texts.filter(pa.array(maybe)), test)
        maybe[maybe] = np.asarray(pc.fill_null(pc.equal(matched, passes), False), dtype=np.bool_)
    if not maybe.any():
        return cells, 0
    before = cells[maybe]
    after = pd.Series(
        read_each(texts_of(before), partial(_PATTERNS[kind].sub, _masked)), index=before.index, dtype="str"
    )
    changed = after[after != before]
    if changed.empty:
        return cells, 0
    masked = cells.copy()
    masked.loc[changed.index] = changed
    return masked, len(changed)


def _masked(match: re.Match[str]) -> str:
    """MASK, unless sixteen digits in groups are something else: years, a pair of coordinates, a list of codes."""
    digits = match.groupdict().get("sixteen")
    if digits is None:
        return MASK
    groups, marks = _BETWEEN.split(digits), set(_BETWEEN.findall(digits))
    years = all(map(_YEAR.fullmatch, groups))
    odd = len(groups) > 1 and (("." in marks and len(marks) > 1) or not all(2 <= len(group) <= 8 for group in groups))
    return digits if years or odd else MASK
