"""What may name a person inside a text, and is found: telephones, identity, tax and account numbers, e-mail
addresses, accounts of social media, and names that are labelled ("Ketua: ...", "a.n. ...") or follow "Bu", "Pak" and
the like; the label stays. RULES is the table, person_words.toml the words, tests/spellings.py what each is to find and
to leave.

Decides for caution: the telephone of an institution is masked as well, and so are sixteen digits that stand alone, also
in groups, unless the groups are years. Codes and coordinates are not touched: in a coordinate cell only what cannot be
digits of one is masked. An institution or a street that bears a person's name keeps it ("LKS Ibu Kartini", "Jl. Pak
Kasih"). A name without label or form of address stays, for it looks like any other word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import tomli

Kind = Literal["text", "name", "code", "value", "coordinate"]
"""What a column holds: free text, names of institutions and areas, codes and ids, one value, or coordinates."""


def any_of(words: str) -> str:
    """A pattern for any of the words between commas; a space may be missing."""
    return "(?:" + "|".join(word.strip().replace(" ", r"[\s-]?") for word in words.split(",")) + ")"


_FACTS = tomli.loads(Path(__file__).with_name("person_words.toml").read_text(encoding="utf-8"))
_WORDS = {kind: any_of(" ".join(words.replace(".", r"\.").split())) for kind, words in _FACTS.items()}

# Patterns see plain text (see _PLAIN), whatever its case. _GAP: what stands between the digits of one number.
_GAP, _DIGIT = r"[\s._()\[\]*~–-]", "[0-9ol]"  # "0812 - 3456", "o8l2"
_APART = rf"(?:{_GAP}{{1,3}}|\s?/\s?)"
_MOBILE = (  # "0812-3456-7890", "+62(0)812 3456 7890", "08 12 34 56 78 90", "62812…"
    rf"(?:\+{_GAP}?62{_GAP}{{0,3}}(?:0{_GAP}{{0,2}})?|\(62\){_GAP}?|(?:00)?62{_GAP}{{0,2}}(?:\(0\){_GAP}?)?"
    rf"|(?:[(\[](?=\d{{3,4}}[)\]]))?[0o][ -]?)"
    rf"8(?={_GAP}{{0,3}}[1-9l])(?:[1-9]\d[,:|=']\d{{4}}[,:|=']\d{{3,5}}(?!\d)|{_DIGIT}{{8,11}}(?!\d)"
    rf"|{_DIGIT}{{1,2}}(?:{_APART}{_DIGIT}{{3}}){{3}}(?!\d)"
    rf"|{_DIGIT}{{1,3}}{_APART}{_DIGIT}{{3,4}}{_APART}{_DIGIT}{{3,5}}(?:[.-]\d{{1,4}})?(?!\d)"
    rf"|(?:{_GAP}{{0,3}}{_DIGIT}){{8,11}})(?!\d)"
)
_BARE_MOBILE = (  # "81234567890", "812-3456-7890"; no code of Ambon ("8171021001")
    r"(?<![\w.,+-])(?<!rp )(?<!rp\. )8(?:1[1-9](?<!17)|17(?![12]\d\d[0-2]\d{3}(?!\d))|2[1-38]|3[1-38]|5[1-35-9]|7[7-9]"
    r"|8[1-9]|9[5-9])(?:\d{7,9}(?:\.0)?|[ .-]\d{4}[ .-]\d{3,5}|[ -]\d{3}[ -]\d{4,5})(?![\w-]|[.,]\d)"
)
_HALF = (  # "0812xxxx", "0812-xxxx-1234", "(0426) xxxxx"
    r"(?<![\w.,])(?:(?:\+?62[\s.-]?|0)8\d{1,8}|\(?0[2-9]\d{1,2}\)?)[\s./-]{0,2}\d{0,4}"
    r"(?:[x*•#?]{3,}|[x*•#?]{2}(?=[\s-]?\d)|(?:\.{3,}|…)(?=\d))(?:[\s.-]?[\dx*•#?]{1,6}){0,3}(?![^\W_])"
)
_ROUNDED = r"(?<![\w.,])[1-9][.,]\d{3,}e\+?1[0-7](?!\w)"  # "8,1234567E+10", as spreadsheets shorten long numbers
_BRACKETED = r"\(0[2-9]\d{1,2}\)[\s._–-]{0,3}\d{2,8}(?:[\s.-]\d{2,4}){0,2}(?!\d)"  # "(0426) 21345"
_LANDLINE = (  # "0426-21345", "042621345", "+62 426 21345"
    _BRACKETED
    + r"|0[2-79]\d{1,2}(?:\s?[\s/._–-]\s?\d{5,8}|[\s-]\d{3,4}[\s.-]\d{3,4})(?!\d|/(?:19|20)\d\d)(?:/\d{5,8})?"
    rf"|0[2-79]\d{{7,9}}(?![\w/-])|\+62{_GAP}{{0,2}}(?:\(?0\)?)?[2-79]\d{{1,2}}{_GAP}{{0,2}}\d{{2,4}}[\s.-]?\d{{3,4}}(?!\d)"
)
_CALL = (  # "telp", "hub."
    r"(?:h\.?p|telp?|telepon|telpon|tlpn?|phone|handphone|whatsapp|c\.?p|fax|faks|hotline|call\s?center"
    r"|wa|hub(?:ungi)?|sms|kontak|contact(?:\s?person)?|cs|seluler|mobile)"
)
_NUMBER = r"\+?\(?\d[\d\s()./_–-]{3,30}\d"  # "0428 21345"
_NAME_WORD = r"(?!(?:kode|kodepos|pos|no|nomor|rt|rw|jl|jln|jalan|km|sk|tahun|blok)\b)[^\W\d_]{1,20}"  # "Wati"
_INTRODUCED = (  # "HP: 0428 21345", "cp: Wati 08132222", "hub. Bu Wati (0813) 2222"
    rf"(?<![^\W_])(?:no\.?\s?)?{_CALL}(?![^\W\d_])[\s.:/-]{{0,5}}(?:{_NUMBER}"
    rf"|(?:{_NAME_WORD}[\s.:,/(-]{{1,3}}){{1,4}}\(?\+?[0o68(]{_NUMBER})"
)
_WORDED = r"(?:(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)[\s,.-]{0,3}){7,14}"  # "nol delapan"
_AT, _DOT = r"\s{0,2}(?:@|[(\[{]\s?[ae]t\s?[)\]}])\s{0,2}", r"\s?(?:\.|[(\[{]\s?(?:dot|titik)\s?[)\]}])\s?"  # "[at]"
_AT_HOST = (
    r"[\w.+-]{1,64}\s?(?:\(a\)|\[a\]|\sat\s)\s?[a-z][\w-]{2,30}(?:\.[a-z]{2,9}){1,3}\b|"  # "sari(a)contoh.id"
    r"[\w.+-]{1,64}@[a-z][\w-]{3,64}|[\w.+-]{1,64}\s+at\s+[\w-]{2,30}\s+(?:dot|titik)\s+\w{2,9}"  # "x at y dot id"
)
_EMAIL = (
    rf"[\w.+-]{{1,64}}{_AT}(?![\d.])[\w-]{{1,64}}(?:{_DOT}[a-z][\w-]{{1,24}}){{1,4}}|{_AT_HOST}"  # "panti(at)contoh.id"
)
_LINK = (
    rf"(?:https?://)?(?<!\w)(?:[\w-]{{1,20}}\.)?(?<![\w-]){_WORDS['site']}/\S*"  # "https://wa.me/62812…", "bit.ly/x"
)
_MEDIA = r"\b(?:ig|fb|instagram|facebook|tiktok|twitter|telegram)"  # "IG"
_HANDLE = (  # "IG: panti_x", "@panti_x"
    rf"(?P<label>{_MEDIA}(?:\s?[:=]\s?|\s))@?(?=\w)[^,;()\n]+|(?<![\w/.@])@[a-z_][\w.]{{2,29}}"
)
_ADDRESS = (  # "email: panti_x"
    r"(?P<label>\b(?:e-?mail|surel)\s?[:=]\s?)(?!(?:ada|tidak|tdk|belum|blm|nihil|kosong)\b)(?=[^\W\d_])[^\s,;()\[\]]{3,}"
)
_TAX = (  # "01.234.567.8-901.000", "NPWP: 0123456789"
    r"(?<![\d.])\d\d[ .]\d{3}[ .]\d{3}[ .]\d[ .-]\d{3}[ .]\d{3}(?!\d)|(?P<label>\bnpwp[\s.:=-]{0,4})\d[\d .-]{7,25}\d"
)
_SIXTEEN = r"(?<!\d)(?<!\d[.,])\d(?:[ ._-]?\d){15}(?![.,]?\d)"  # "7601 0141 0170 0001"
_PROVINCES = "1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]"
_BORN = r"(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{2}"  # day (of women + 40), month, year
_NIK = rf"(?<!\d)(?:{_PROVINCES})\d{{4}}{_BORN}\d{{4}}(?!\d)"  # "7601014101700001"
_MISTYPED = r"(?<!\w)(?=(?:[oil ._-]{0,4}\d){12})[\doil](?:[ ._-]?[\doil]){15}(?!\w)"  # "76O1O14101700001"
_SERVANT = (  # "198001012005011001", "19800101 200501 1 001": the number of a civil servant
    r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?P<gap>[ .-]?)(?:19|20)\d\d(?:0[1-9]|1[0-2])"
    r"(?P=gap)[12](?P=gap)\d{3}(?!\d)"
)
_IDENTITY = r"(?P<label>(?<![^\W_])(?:nik|ktp|kk|paspor|sim|nip)[\s.:=-]{0,4})\d[\dol .-]{5,30}\d"  # "KTP: 760101…"
_GROUPED = r"\d{4}[ .-]\d\d[ .-]\d{6}[ .-]\d\d[ .-]\d(?!\d)"  # "0012-01-034567-50-8"
_HYPHENED = (  # "152-00-1234567-8", "01-234567-01"
    r"(?<![\w./-])(?!(?:19|20)\d\d-)(?:\d{2,4}-\d{2,3}-\d{5,10}(?:-\d)?|\d{2,4}-\d{6,8}-\d{1,2})(?![\w/-])"
)
_BANK = rf"(?:\bbank\s+[a-z]{{3,12}}(?:\s[a-z]{{3,8}})?|\b{_WORDS['bank']})\b"  # "BRI"
_ACCOUNT = (  # "rek. BRI 0123-01-012345", "a/c 012345", "BNI 0123456789", "0123456789 (BNI"
    r"(?:\bno\.?\s?)?(?<![^\W_])(?:no)?rek(?:ening|g)?(?![^\W\d_])[^\d\n]{0,25}\d[\d .-]{4,40}\d"
    rf"|\ba/c\W{{0,3}}\d[\d .-]{{4,40}}\d|{_BANK}[^\d\n]{{0,25}}\d(?:[ .-]?\d){{8,19}}"
    rf"|(?<![\d.,])\d(?:[ .-]?\d){{8,19}}[\s(]{{1,3}}{_BANK}|(?<!\d){_GROUPED}"
)
_LONG = r"(?<![\w.,/-])(?:0\d{9,14}|\d{15}|(?!9[4-9]|1[0-4])\d{11,14})(?![\w/-]|[.,]\d)"  # "012345678901000"
_FAMILY = "(?!9[5-9]|1[0-4])(?:" + _PROVINCES + r")(?:[0-2]\d|7\d)\d{12}"  # "7601014199990001"
_ALONE = rf"^\W{{0,9}}(?:{_NIK}|{_FAMILY}|{_MOBILE}|(?<!-)0\d{{9,14}}(?!\d))\W{{0,9}}$"  # "081234567890"
_BARE_ALONE = (  # "81234567890", "-1.197 81234567890": no longitude, and no latitude without minus and point
    rf"(?:^\W{{0,3}}(?<!-)|(?<=\d\s)){_BARE_MOBILE}(?=\W{{0,3}}$)"
)
_PARTED_NIK = (  # "76.01.01.410170.0001"
    rf"(?<!\d)(?:{_PROVINCES})(?P<part>[ .-])\d\d(?P=part)\d\d(?P=part){_BORN}(?P=part)\d{{4}}(?!\d)"
)
_BESIDE = (  # "-1.197 081311118888", "-1.197 7601014101700001", "hp wati 0813"
    rf"(?<![\w.,])(?:\+?62|0)8[1-9]\d{{7,10}}(?![\w.,])|(?<=\d\s)(?:{_NIK}|{_FAMILY}|0\d{{9,14}})(?![\w.,])"
    rf"|(?<![^\W_]){_CALL}(?![^\W\d_])\W{{0,5}}(?:{_NAME_WORD}\W{{1,3}}){{0,4}}\+?\d[\d .-]{{2,20}}"
)
_NO_DEGREES = (  # before "0812-3456-7890", "+62 426 21345"; not "-08.12345678", "095.31234", "3,081234"
    r"(?<![\w–-])(?:(?<!\d[.,])|(?<=\d{4},))"
    r"(?=\+\s?62|\(62|[(\[]?0(?!9[5-9][.,]|\d{8}(?!\d))\d\d|o\d\d|(?:00)?62[ -]?8)"
)
_FOURS = r"(?<![\w.,-])(?:\d{4}(?P<mark>[ ._-])(?:\d{4}(?P=mark)){2}|\d{6}(?P<dash>[ ._-])\d{6}(?P=dash))\d{4}(?![\w-])"
"""What is no coordinate where it is all of a cell (_ALONE) or beside one; _FAMILY is no longitude without point;
_FOURS is "7601 0141 9999 0001", "760101-419999-0001"."""

WHOLE = re.compile(  # a cell that is nothing else: "081234567890 / 081234567891"
    rf"\W*(?:{_NIK}|{_SIXTEEN}|{_MOBILE}|8[1-9]\d{{8,10}})\W*(?:[/,;\s]\s*(?:{_MOBILE})\W*)*", re.IGNORECASE
)

_END = r"(?!\s(?:jl|jln|jalan|dusun|desa|kel|kec|kab|kota|rt|rw|no|nomor|tgl|tanggal|alamat|lorong|hp|telp)\b)"
"""A name ends before " Jl. Poros"."""
_DEGREE = r"(?:,\s?(?:[sma]\.\s?[a-z]{1,4}\.?(?:\s?[a-z]{1,2}\.?)?|se|sh|st|mm|mh|skm|amd)(?![\w:]))*"  # ", S.Sos"
_BEFORE = r"(?:(?:h|hj|drs?|dra|ir|prof|kh|ust)\b\.?\s?){0,4}+"  # "Drs. H. "
_REST = rf"[^\W\d_](?:{_END}[^,;()\[\]\n|:]){{0,80}}{_DEGREE}"  # "Sari Wati, S.Sos"
_NOBODY = rf"(?!(?:{_WORDS['nobody']}|lks\w*)\b)"  # "Yayasan Kasih", "belum ada"
_OFFICE = r"(?!(?:kepala|ketua|pimpinan|bagian|bidang|bupati|gubernur|camat|kades|lurah|wali)\b)"  # "u.p. Kepala Dinas"
_ROLE = rf"(?:{_WORDS['role']}|wali(?=[^–-]{{0,40}}[:=]))"  # "Wali: Sari"; not the village in "Sambali Wali - Wali"
_LABELLED = (  # "Ketua LKS: Sari Wati", "Pengurus - Sari"
    rf"(?P<label>\b(?!kepala keluarga){_ROLE}\.?(?:[ /&][^\W\d_]{{2,15}}){{0,3}}"
    rf"(?:\s{{0,3}}[:=]\s{{0,3}}|\s-\s{{1,3}}|\s?–\s{{0,3}}){_BEFORE}){_NOBODY}{_REST}"
)
# "PJ. Sari"
_MARKED = rf"(?P<label>(?<![^\W_]){_WORDS['mark']}(?:\.\s?|\s){_BEFORE}){_NOBODY}{_OFFICE}(?-i:(?=[A-Z])){_REST}"
_FOR = (  # "a.n. Sari", "AN: Sari", "u.p. Sari", "up: Sari"
    rf"(?P<label>(?<![^\W_])(?:(?:a\s?\.\s?n\.?|a/n\.?|an\.|atas\s+nama|u\.\s?p\.?|u/p|up\.)[\s:]+|(?:an|up)\s?:\s?)"
    rf"{_BEFORE}){_NOBODY}{_OFFICE}{_REST}"
)
_BARE_FOR = (  # ", an Sari", "[…] an Sari"; not "Panti Asuhan An Nur", "1980 an"
    rf"(?P<label>(?:(?:^|[,;(\n])\s{{0,2}}(?-i:an|a n)|\[…\]\W{{1,3}}an)\s{_BEFORE}){_NOBODY}{_OFFICE}"
    rf"(?-i:(?=[A-Z])){_REST}"
)
_WITH_NUMBER = (  # "Ketua Sari Wati, […]": a role, a name, what was a telephone; "Ketua Sari" alone may be an office
    rf"(?P<label>\b{_WORDS['head']}\s{_BEFORE}){_NOBODY}{_OFFICE}(?-i:(?=[A-Z]))[^\W\d_]{{2,20}}"
    r"(?:\s[^\W\d_]{2,20}){0,3}"
    r"(?=\W{1,4}\[…\])"
)
_AT_HOME = (  # "d/a Sari Wati", "c/o Sari"; not "d/a Jl. Poros 3"
    rf"(?P<label>(?<![^\W_])(?:d\s?/\s?a|d\.a|c/o)[.:]?\s{{1,3}}{_BEFORE}){_NOBODY}"
    rf"(?!(?:{_WORDS['place']}|{_WORDS['address']}|ibu|bapak)(?![^\W\d_])){_REST}"
)
_NAMED = rf"(?P<label>(?:^|[,;(\n])\s{{0,3}}nama\s?[:=]\s?{_BEFORE}){_NOBODY}{_REST}"  # "Nama: Sari Wati"
_NOTARY = rf"(?P<label>\bnotaris\s+)(?!(?:di|no|nomor|tgl|tanggal|tahun|yang|dan)\b){_REST}"  # "notaris Sari Wati SH"
_NO_NAME = rf"(?!{_WORDS['no_name']}\b)"  # "ibu hamil", "Ibu Kota"
_ADDRESSED = (  # "Bu Wati", "Bapak H. Budi", "Ketua Hj. Sari", "rumah H. Budi"
    rf"(?P<label>\b(?:(?:{_WORDS['address']}|bp(?=\.))\b\.?|(?:ny|tn|nn|dg|dr)\.|(?:ibu|bapak|ny|tn)(?=\s(?-i:[A-Z])))"
    rf"\s{_BEFORE}|\b(?:{_ROLE}|rumah|kediaman|milik)\.?\s(?:(?:h|hj|drs|dra|dr|ir)\.\s?|(?:ibu|bapak)\s){{1,4}}){_NO_NAME}{_REST}"
)
_LOWER = (  # "bapak budi", "Jl. Poros, ibu wati"
    rf"(?P<label>(?:^|[,;:(\n]|\b(?:samping|depan|belakang|dekat|sebelah|dengan))\s{{0,3}}(?:ibu|bapak)\s{_BEFORE})"
    rf"{_NO_NAME}{_REST}"
)

LABEL_WORDS = re.compile(  # all that is left of "Ketua: […]", "HP […]"
    rf"(?:[\W\d_]|\b(?:{_ROLE}|{_WORDS['mark']}|{_WORDS['address']}|{_CALL}|ibu|bapak|rumah|nama|nik|ktp|kk|npwp|nip|e?mail|surel"
    rf"|rek|no|atas|an?|n|u|d|up|hj?|dr[sa]?|ir|{_MEDIA[2:]})\b)*",
    re.IGNORECASE,
)

_DATE = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d(?!\d)")  # "08-12-2024 15"
_METRES = re.compile(r"628\d{3}\W{1,3}(?:8[89]|9\d)\d{5}(?!\d)")  # "628937 9599904" of "50M 628937 9599904"
_DEGREES = re.compile(r"\d{1,3} [0-5]?\d [0-5]?\d[.,]\d")  # "08 12 34.56"
_MINUTES = re.compile(r"\d\d[ .]\d\d[ .,]\d")  # "08 12.34" behind "2 ", "08.12.2001" behind "76."
_FRACTION = re.compile(  # before the digits of "-2.0812…", "118.89, 2,0812…", "Lat 2.08…"
    r"(?i)(?:^|[-–:;=(]|\d[.,]?\s|\b(?:l[su]|bt|lat|long?|lintang|bujur)\.?\s)\s?\d{1,3}[.,]$"
)
_OFFICIAL = re.compile(
    r"(?i)\b(?:sk|kep|kpts|akta|izin|ahu|nib|npsn|nspp|nsm|reg|id|kode)\b[\w. ]{0,16}[:-]?\s?$"
)  # "NIB "
_BETWEEN = re.compile(r"[ ._-]")  # between the groups of "7601 0141 0170 0001"
_YEAR = re.compile(r"(?:19|20)\d\d")  # "2019"
_PART = re.compile(r"[,;()\[\]\n|]")  # between the parts of a cell
_STREET, _INSTITUTION = rf"\b{_WORDS['street']}\b\.?\s", rf"\b{_WORDS['institution']}\b"  # "Jl. ", "Panti"
_BEARER = re.compile(  # what bears the name behind it: "Jl. ", "Panti Asuhan "; not "Panti X rumah "
    rf"(?i)(?:{_STREET}|{_INSTITUTION}(?!.*\b(?:rumah|ketua|pimpinan)\s$).*)$"
)
_CALLED = re.compile(rf"(?i){_INSTITUTION}\s$")  # before "Pengurus - Karya" in "LKS Pengurus - Karya"
_STAMP = re.compile(r"\D{0,30}20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\D?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?\D?")
_DATED = re.compile(  # "Mandiri 2023 2024 01", "BRI 01-02-2023"
    r"\D{0,60}(?:(?:(?:19|20)\d\d|\d{1,2})(?:[ .-]{1,3}|$)){2,9}"
)


def _is_part(text: str, match: re.Match[str]) -> bool:
    """Whether the digits are a part of something else: a fraction, a longer or an official number."""
    before = text[max(0, match.start() - 40) : match.start()]
    stamp = _STAMP.fullmatch(match[0]) is not None
    return bool(before[-1:].isdigit() or stamp or _FRACTION.search(before) or _OFFICIAL.search(before))


def _is_no_phone(text: str, match: re.Match[str]) -> bool:
    """Whether digits like those of a telephone are a date, degrees, a decree of a year, or a part of something else."""
    digits, before = match[0], text[max(0, match.start() - 2) : match.start()]
    decree = "/" in digits and _YEAR.fullmatch(digits.rpartition("/")[2])
    behind = before[:1].isdigit() and before[1:] in (" ", ".") and _MINUTES.match(digits)
    written = any(other.match(digits) for other in (_DATE, _DEGREES, _METRES))
    return bool(decree or behind or written or _is_part(text, match))


def _are_groups(text: str, match: re.Match[str]) -> bool:
    """Whether sixteen digits are something else: years, a pair of coordinates, a list of codes."""
    groups, marks = _BETWEEN.split(match[0]), set(_BETWEEN.findall(match[0]))
    odd = len(groups) > 1 and (("." in marks and len(marks) > 1) or not all(2 <= len(group) <= 8 for group in groups))
    years = [group for group in groups if _YEAR.fullmatch(group)]
    return odd or bool(years and all(group in years or len(group) < 3 for group in groups))


def _is_dated(text: str, match: re.Match[str]) -> bool:
    """Whether the digits behind a word are days or years ("LKS Mandiri 2023 2024", "WhatsApp 20241126 081234")."""
    return bool(_DATED.fullmatch(match[0].strip()) or _STAMP.fullmatch(match[0].strip()))


def _is_called_so(text: str, match: re.Match[str]) -> bool:
    """Whether an institution is called by the word before a dash ("LKS Pengurus - Karya")."""
    return (
        not {*":="} & {*match["label"]} and _CALLED.search(text[max(0, match.start() - 40) : match.start()]) is not None
    )


def _is_borne(text: str, match: re.Match[str]) -> bool:
    """Whether a street or an institution bears the name."""
    return _BEARER.search(_PART.split(text[max(0, match.start() - 80) : match.start()])[-1]) is not None


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the name is that of the institution itself, or borne by it."""
    return (match.start() < 120 and not _PART.search(text[: match.start()])) or _is_borne(text, match)


def _is_article(text: str, match: re.Match[str]) -> bool:
    """Whether it belongs to the name of an institution ("Panti Asuhan An. Nur", "Yayasan Atas Nama Cinta")."""
    return match[0][:3].casefold() in ("an.", "ata") and _is_borne(text, match)


Unless = Callable[[str, re.Match[str]], bool] | None
_FREE: tuple[Kind, ...] = ("text", "name", "value")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to write what is personal: what `pattern` finds in plain text is masked, but for its group `label`, and
    unless it is something else. `hint`: a quick pattern that every such cell has, for RE2 and `re`. `kinds`: of which
    columns."""

    hint: str
    pattern: str
    unless: Unless = None
    kinds: tuple[Kind, ...] = get_args(Kind)


_CALLS = r"\b(?:h\.?p|te?lp|tel|phone|handphone|whatsapp|c\.?p|fa[xk]|hotline|call|wa|hub|sms|[kc]onta[kc]|cs|sel|mob)"
_FORMS = (
    rf"\b{_WORDS['address']}\b|\bbp\.|[nt][ny]\.|\bdg\.|\b(?:ibu|bapak|ny|tn)\s(?-i:[A-Z])|\bh\.|\bhj\.|\bdr[sa]?\.|\bir\."
    r"|\b(?:rumah|kediaman|milik|ketua)\s(?:ibu|bapak)"
)
RULES = (
    Rule(rf"{_WORDS['site']}/", _LINK),
    Rule(r"@|[(\[{]\s?(?:[ae]t|a)\s?[)\]}]|\sat\s", _EMAIL),
    Rule(rf"{_MEDIA}\b|@[a-z_]", _HANDLE),
    Rule(r"mail|surel", _ADDRESS),
    Rule(r"npwp|\d\d[ .]\d{3}[ .]\d{3}[ .]\d", _TAX),
    Rule(r"(?:nik|ktp|kk|paspor|sim|nip)[\s.:=-]{0,4}\d", _IDENTITY),
    Rule(rf"rek|a/c|{_BANK}|\d{{4}}[ .-]\d\d[ .-]\d{{6}}", _ACCOUNT, _is_dated),
    Rule(rf"(?s:{_CALLS}.*\d)", _INTRODUCED, _is_dated),
    Rule(r"(?:19|20)\d{6}[ .-]?(?:19|20)\d{4}", _SERVANT),
    Rule(r"\d{16}", _NIK, kinds=("text", "name", "value", "code")),
    Rule(r"(?:[\doil][ ._-]?){15}[\doil]", rf"(?=[\d ._-]{{0,17}}[oil])(?:{_MISTYPED})", kinds=(*_FREE, "code")),
    Rule(r"(?:\d[ ._-]?){16}", _SIXTEEN, _are_groups, kinds=("text", "name", "value", "code")),
    Rule(
        rf"(?:62[\s._()\[\]*~–0-]{{0,6}}|[0o][ -]?)8(?:[\s._()\[\]*~/,:|='–-]{{0,3}}{_DIGIT}){{7}}",
        _MOBILE,
        _is_no_phone,
        _FREE,
    ),
    Rule(r"\d{10}|62\W{1,3}8|08\d{2,3}[ -]", rf"(?<![\w.,/-]){_MOBILE}(?![\w/-])", _is_no_phone, ("code",)),
    Rule(r"0\d{2,9}\)?[\s./-]{0,2}\d{0,4}(?:[x*•#?]{2}|\.{3}|…)|62[\s.-]?8\d{1,8}", _HALF, kinds=_FREE),
    Rule(r"\de\+?1\d", _ROUNDED, kinds=("text", "name", "value", "code")),
    Rule(r"8[1-9]\d[ .-]?\d{3,4}[ .-]?\d{3}", _BARE_MOBILE, kinds=_FREE),
    Rule(r"\(0\d{2,3}\)|0[2-79]\d{1,2}[\s/._–-]{1,3}\d{3}|0[2-79]\d{7}|\+62", _LANDLINE, _is_no_phone, _FREE),
    Rule(r"\(0\d{2,3}\)", _BRACKETED, kinds=("code", "coordinate")),
    Rule(r"\d{2}-\d{2,}-?\d", _HYPHENED, _is_part, _FREE),
    Rule(
        r"(?:nol|kosong|satu|dua|tiga|lima)[\s,.-]{1,3}(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan)",
        _WORDED,
    ),
    Rule(r"\d{10}", _LONG, _is_part, ("text", "name")),
    Rule(r"(?:[0-9ol][\s._()\[\]*~/–-]{0,3}){9}", _ALONE, _is_no_phone, ("coordinate",)),
    Rule(r"0\d{2}|o\d{2}|62", rf"{_NO_DEGREES}(?:{_MOBILE}|{_LANDLINE}|{_HALF})", _is_no_phone, ("coordinate",)),
    Rule(r"\d{4}[ ._-]\d{4}|\d{6}[ ._-]\d{6}", _FOURS, _are_groups, ("coordinate",)),
    Rule(r"8[1-9]\d[ .-]?\d{3,4}[ .-]?\d{3}", _BARE_ALONE, kinds=("coordinate",)),
    Rule(r"\d[ .-]\d{6}[ .-]\d{4}", _PARTED_NIK, kinds=("coordinate",)),
    Rule(rf"8[1-9]\d{{7}}|\d{{10}}|{_CALLS}", _BESIDE, kinds=("coordinate",)),
    Rule(rf"\b(?:{_WORDS['role']}|wali)\b", _LABELLED, _is_called_so),
    Rule(rf"\b{_WORDS['mark']}[.\s]", _MARKED, kinds=("text", "value", "coordinate")),
    Rule(r"a\s?\.\s?n|a/n|\ban\s?[.:]|atas\s+nama|u\.\s?p|u/p|\bup[.:\s]", _FOR, _is_article),
    Rule(r"(?:^|[,;(\n\d])\W{0,3}a ?n\s", _BARE_FOR, kinds=("text", "value")),
    Rule(rf"{_WORDS['head']}\s.*\d", _WITH_NUMBER, kinds=("text", "value", "coordinate")),
    Rule(r"nama\s?[:=]", _NAMED, kinds=("text", "coordinate")),
    Rule(r"notaris", _NOTARY),
    Rule(_FORMS, _ADDRESSED, _is_borne, ("text", "value", "code", "coordinate")),
    Rule(_FORMS, _ADDRESSED, _is_name, ("name",)),
    Rule(r"ibu|bapak", _LOWER, kinds=("text", "coordinate")),
    Rule(r"\bd\s?/\s?a|d\.a|c/o", _AT_HOME, kinds=("text", "coordinate")),
)
"""In this order: a later rule sees what the earlier ones left."""
