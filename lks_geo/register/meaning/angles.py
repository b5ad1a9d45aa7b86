"""One written angle -> every way to read it. Knows notations, no province: which reading is meant is decided elsewhere.

An `Angle` is unsigned; its sign and axis are what the writer said with a minus, a letter or a word, None if nothing.
Clean notations (decimal, degrees-minutes-seconds, scientific) give one angle without repairs; damaged ones (digits
glued, degree sign turned into 0, symbols lost) give every reading that the digits allow, each naming its repairs: see
the tables `GLUED`, `DOTTED` and `MARKED`, where every notation has its pattern, its reading and an example.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import NamedTuple

LAT, LON = "lat", "lon"


@dataclass(frozen=True, slots=True)
class Angle:
    """One reading: `value` >= 0 in degrees, `sign` -1, 1 or None (not written), `axis` "lat", "lon" or None.

    `form`: desimal, bulat (an integer), dms, and for glued digits angka_desimal or angka_dms. `digits`: all digits of
    a decimal or integer with the number of those before the point. `conflict`: a minus beside the letter of the other
    side (then `sign` is the minus).
    """

    value: float
    form: str
    precision: float
    sign: int | None = None
    axis: str | None = None
    repairs: tuple[str, ...] = ()
    digits: tuple[str, int] = ("", 0)
    conflict: bool = False


_DEGREES, _MINUTES, _SECONDS = "°", "'", '"'
_SYMBOLS = str.maketrans(
    dict.fromkeys("°º˚∘⁰ª˙", _DEGREES)
    | dict.fromkeys("'’‘′´`ʹ‛ʼ‵＇", _MINUTES)
    | dict.fromkeys('"”“″˝ʺ„‟〃＂', _SECONDS)
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | (dict.fromkeys("()[]{}<>±~", " ") | dict.fromkeys("\r\n\t|", ";"))
)
_MISREAD_AS = {
    garbled: symbol
    for symbol, texts in {
        _DEGREES: "Â° Âº Ë\u0161 ┬░ ┬║ ¬∞", _MINUTES: "â€² â€™ â€˜ ΓÇ▓ ΓÇÖ ‚Ä≤ ‚Äô",
        _SECONDS: "â€³ â€œ â€\x9d ΓÇ│ ΓÇ¥ ‚Ä≥ ‚Äù", "-": "â€“ âˆ’",
    }.items()
    for garbled in texts.split(" ")
}  # fmt: skip
"""Symbols in UTF-8 that a program took for cp1252, for a code page of DOS or of the Macintosh."""
_MISREAD = re.compile("|".join(map(re.escape, _MISREAD_AS)))  # "2Â°40â€²"
_UNITS = {
    word: symbol
    for symbol, words in {
        _DEGREES: "d o deg degs degree degrees der derajat drjt",
        _MINUTES: "m min mins minute minutes menit mnt",
        _SECONDS: "sec secs second seconds detik dtk det",
    }.items()
    for word in words.split()
}
_SIDES = {
    word: (axis, sign)
    for axis, sign, words in (
        (LAT, -1, "s ls south selatan"), (LAT, 1, "n u lu north utara"),
        (LON, 1, "e t bt east timur"), (LON, -1, "w b bb west barat"),
    )
    for word in words.split()
}  # fmt: skip
_AXES = dict.fromkeys(("lat", "latitude", "lintang", "ltg", "y"), LAT)
_AXES |= dict.fromkeys(("lon", "long", "lng", "longitude", "bujur", "bjr", "x"), LON)
_NOISE = frozenset(
    ("garis", "koordinat", "kordinat", "titik", "gps", "lokasi", "wgs", "dd", "dms", "dan", "coordinate", "coordinates")
)

TIDYING = (
    (re.compile(r"\b([lb])(?:\s*\.\s*|\s)([sutb])\b\.?"), r"\1\2", "2,67 l. s.", "2,67 ls"),
    (re.compile(r"([.,°])\1+"), r"\1", "2..67", "2.67"),
    (re.compile(r"(?<=\d)\s*°\s*[.,](?=\d)"), ".", "118°.88", "118.88"),
    (re.compile(r"(?<=\d)\s*[\ufffd?*^#_ø§¡∞░¤¿¦¬]+"), _DEGREES, "2?40?30.5? ls", "2°40°30.5° ls"),
)
"""What typing and copying do to an angle, in order: what is found, what takes its place, a text before and after."""


def clean(text: str) -> str:
    """Symbols of every kind, also `&deg;`, as ° ' " - and line breaks as ";", compatibility letters, lower case, no
    outer blanks, nothing that cannot be seen."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = _MISREAD.sub(lambda misread: _MISREAD_AS[misread[0]], text)
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = unicodedata.normalize("NFKC", text.translate(_SYMBOLS)).casefold().replace("''", _SECONDS).strip(" ;,=:")
    if text[:1] in (_MINUTES, _SECONDS):
        quote, text = text[0], text[1:].lstrip()
        text = text.removesuffix(quote) if text.count(quote) == 1 else text
    for pattern, instead, _, _ in TIDYING:
        text = pattern.sub(instead, text)
    return text


_PLAIN = re.compile(r"(\d+)(?:[.,](\d*))?°?|[.,](\d+)°?")  # "118,8934", ".85"
_USUAL = re.compile(  # "2°40'30,5\" ls"
    r"(-?)(\d{1,3})\s*°\s*(\d{1,2})\s*'\s*(\d{1,2}(?:[.,]\d+)?)\s*\"\s*(ls|lu|bt|bb|s|n|e|w)?"
)
_SCIENTIFIC = re.compile(r"([+-]?)(\d+(?:[.,]\d+)?)e([+-]?\d{1,2})")  # "1.188934e+02"
_INNER_BLANK = re.compile(r"(?<=\d)\s*\.\s+(?=\d)|(?<=\d)\s+[.,](?=\d)")  # "118. 88", "118 ,88"


def read_angle(text: str) -> list[Angle]:
    """Every reading of one angle in a text that went through `clean`; empty if it is none."""
    unsigned = text.lstrip("+-")
    if plain := _PLAIN.fullmatch(unsigned):
        return _told(_plain(plain), -1 if "-" in text[: len(text) - len(unsigned)] else None)
    if usual := _USUAL.fullmatch(text):
        minus, degrees, minutes, seconds, letters = usual.groups()
        axis, side = _SIDES[letters] if letters else (None, None)
        return _told(_dms(degrees, minutes, seconds, ()), side, axis, minus=bool(minus))
    if scientific := _SCIENTIFIC.fullmatch(text):
        return _scientific(*scientific.groups())
    words = _words(text)
    if words is None:
        return []
    body, axis, side = words
    body = _INNER_BLANK.sub(".", body.strip(" .,:;=/"))
    minus = "-" in body[: len(body) - len(body.lstrip("+- "))] or body.endswith("-")
    return _told(_body(body.strip("+- :=")), side, axis, minus=minus)


def _told(angles: Iterable[Angle], side: int | None, axis: str | None = None, *, minus: bool = False) -> list[Angle]:
    """The angles with the sign and the axis that the writer told; a minus wins over the letter of the other side."""
    sign, conflict = (-1, side == 1) if minus else (side, False)
    return [replace(angle, sign=sign, axis=axis, conflict=conflict) for angle in angles]


def _plain(match: re.Match[str]) -> list[Angle]:
    """A bare decimal or integer, and what its digits can be if a point is lost."""
    whole, decimals, only_decimals = match.groups()
    whole = (whole or "0")[:18]
    decimals = (decimals or only_decimals or "")[:18]
    number = Angle(
        value=float(f"{whole}.{decimals or 0}"),
        form="desimal" if decimals else "bulat",
        precision=10.0 ** -len(decimals),
        digits=(whole + decimals, len(whole)),
    )
    return [number, *_glued(whole + decimals, len(whole))]


def _scientific(sign: str, mantissa: str, exponent: str) -> list[Angle]:
    """1.188934E+02, as a number whose significant digits say how coarse it is."""
    mantissa = mantissa.replace(",", ".")
    places, value = int(exponent) - len(mantissa.partition(".")[2]), float(f"{mantissa}e{exponent}")
    angles = [Angle(value, "desimal", 10.0**places)]
    if value > 180:
        digits = mantissa.replace(".", "")
        angles = [replace(angle, precision=max(angle.precision, 1e-6)) for angle in _glued(digits, len(digits))]
    return _told(angles, -1 if sign == "-" else None)


_WORD = re.compile(r"[^\W\d_]+")  # "lintang"
_LETTER_UNITS = re.compile(r"\d\s*(?:d|deg|derajat|der|o)\W*\d.*\d\s*s(?:\W|s\b|$)")  # "2d40m30s"


def _words(text: str) -> tuple[str, str | None, int | None] | None:
    """The text without its words, the axis and side they name; None if a word is unknown or two contradict."""
    letters_are_units = _LETTER_UNITS.search(text) is not None
    axes: set[str] = set()
    sides: set[int] = set()
    pieces: list[str] = []
    start = 0
    for match in _WORD.finditer(text):
        word = match[0]
        pieces.append(text[start : match.start()])
        start = match.end()
        if letters_are_units and word in ("s", "ss") and text[: match.start()].rstrip()[-1:].isdecimal():
            pieces.append(_SECONDS)
            letters_are_units = False
            word = "s" if word == "ss" else "dd"
        if word in _SIDES:
            axes.add(_SIDES[word][0])
            sides.add(_SIDES[word][1])
        elif word in _AXES:
            axes.add(_AXES[word])
        elif word in _UNITS:
            pieces.append(_UNITS[word])
        elif word not in _NOISE:
            return None
    if len(axes) > 1 or len(sides) > 1:
        return None
    return "".join([*pieces, text[start:]]), next(iter(axes), None), next(iter(sides), None)


_PARTS = re.compile(r"(\d{1,4}) (?:(\d{1,2}) )?(\d{1,2}(?:[.,](\d+))?)")  # "2 40 30,5", "2 40.5"


def _dms(degrees: str, minutes: str, seconds: str, repairs: tuple[str, ...], form: str = "dms") -> Iterator[Angle]:
    """The angle if its parts are within their ranges; 60 seconds are let through, as rounding programs write them."""
    parts = _PARTS.fullmatch(f"{degrees} {minutes} {seconds}".rstrip())
    if parts is None:
        return
    whole_minutes, last, decimals = parts[2], float(parts[3].replace(",", ".")), len(parts[4] or "")
    minute, second, unit = (last, 0.0, 1 / 60) if whole_minutes is None else (float(whole_minutes), last, 1 / 3600)
    if minute < 60 and second <= 60 and int(degrees) <= 180:
        value = int(degrees) + minute / 60 + second / 3600
        yield Angle(value, form, unit * 10.0**-decimals, repairs=repairs)


class Notation(NamedTuple):
    """A way to write an angle: its pattern, what a match of it is read as, and an example."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Iterator[Angle]]
    example: str


def _as_dms(*repairs: str, form: str = "dms") -> Callable[[re.Match[str]], Iterator[Angle]]:
    """Reads the groups `d` (without it 0), `m`, `s` as degrees, minutes, seconds; `f`: decimals of the minutes."""

    def read(match: re.Match[str]) -> Iterator[Angle]:
        parts = match.groupdict("")
        minutes = f"{parts['m']}.{parts['f']}" if "f" in parts else parts["m"]
        return _dms(parts.get("d", "0"), minutes, parts.get("s", ""), repairs, form)

    return read


def _as_decimal(match: re.Match[str]) -> Iterator[Angle]:
    """Whole degrees and decimals with something else than a point between them."""
    whole, decimals = match["d"], match["f"]
    yield Angle(
        float(f"{whole}.{decimals}"), "angka_desimal", 10.0 ** -len(decimals),
        repairs=("titik_desimal_hilang",), digits=(whole + decimals, len(whole)),
    )  # fmt: skip


def _as_digits(match: re.Match[str]) -> Iterator[Angle]:
    """Digits in groups that mean nothing."""
    digits = "".join(letter for letter in match["digits"] if letter.isdecimal())
    return _glued(digits, len(digits))


_lost_marks = _as_dms("simbol_dms_hilang", form="angka_dms")
GLUED = (
    Notation(re.compile(r"(?P<d>\d{2,3})(?P<m>[0-5]\d)(?P<s>[0-5]\d)"), _lost_marks, "1184315"),
    Notation(re.compile(r"(?P<d>\d)(?P<m>[0-5]\d)(?P<s>[0-5]\d)"), _lost_marks, "24030"),
    Notation(re.compile(r"(?P<d>\d{1,2}|09[1-9]|[1-9]\d\d)(?P<m>[0-5]\d)"), _lost_marks, "11843"),
)
"""Digits alone, as degrees and minutes, with or without seconds: every notation that fits is a reading."""


def _glued(digits: str, before: int) -> Iterator[Angle]:
    """Digits whose point or marks are lost, `before` of them standing before a point that may be written (a decimal
    is only read like this beyond 180 degrees, where it cannot be meant)."""
    whole = before == len(digits)
    if len(digits) < 3 or (not whole and int(digits[:before]) <= 180):
        return
    yield from _pointed(digits, "titik_desimal_hilang")
    if whole:
        yield from _every_reading(digits, GLUED)


def _every_reading(text: str, notations: Iterable[Notation]) -> Iterator[Angle]:
    for notation in notations:
        if match := notation.pattern.fullmatch(text):
            yield from notation.read(match)


def _pointed(digits: str, repair: str) -> Iterator[Angle]:
    """A decimal point after the first, second or third digit, and before the first (a leading 0 is lost as well)."""
    for place in range(min(4, len(digits))):
        if digits[0] == "0" and place not in (1, 2):
            continue
        value = float(f"{digits[:place] or 0}.{digits[place:]}")
        repairs = (repair,) if place else (repair, "nol_depan_hilang")
        if value <= 180:
            yield Angle(value, "angka_desimal", 10.0 ** (place - len(digits)), repairs=repairs)


def shifted(angle: Angle) -> list[Angle]:
    """The readings of a written decimal whose point stands at a wrong place: 11.88934 for 118.8934."""
    digits, before = angle.digits
    if angle.form != "desimal" or not digits.strip("0") or digits[0] == "0" or not before:
        return []
    return [
        replace(moved, sign=angle.sign, axis=angle.axis, conflict=angle.conflict, digits=angle.digits)
        for moved in _pointed(digits, "titik_desimal_bergeser")
        if abs(moved.value - angle.value) > 1e-12 and "nol_depan_hilang" not in moved.repairs
    ]


_wrong_marks = _as_dms("simbol_dms_salah")
DOTTED = (
    Notation(re.compile(r"(?P<d>\d+)([.,])(?P<m>\d{1,2})\2(?P<s>\d{1,2}(?:\2\d+)?)"), _wrong_marks, "2.40.30"),
    Notation(re.compile(r"(?P<digits>\d+([.,])\d+(?:[.,]\d+)*)(?!\2)[.,]0+"), _as_digits, "2.673.451,00"),
    Notation(re.compile(r"(?!\d+([.,])[\d.,]*(?!\1)[.,]0+$)(?P<digits>\d+(?:[.,]\d+){2,})"), _as_digits, "118.889.34"),
)
"""Several points or commas: the first notation that gives a reading counts."""

_NUMBER = r"\d+(?:[.,]\d+)?"
_MARK = r"[°'\":;/\-]"
_GAP = rf"(?:{_MARK}+| )"
_END = rf"{_MARK}*"
_TIDY_2 = rf"{_NUMBER}°[:-]?{_NUMBER}(?:'[:-]?|[:/-])?"
_TIDY_3 = rf"{_NUMBER}(?:°[:-]?|[: /-]){_NUMBER}(?:'[:-]?|[: /-]){_NUMBER}(?:\"-?|')?"
_D, _M, _S = r"(?P<d>\d+)", rf"(?P<m>{_NUMBER})", rf"(?P<s>{_NUMBER})"
_NO_DEGREE_SIGN = rf"['\";:](?:{_S}{_END})?"

MARKED = tuple(
    Notation(re.compile(pattern), read, example)
    for pattern, read, example in (
        (rf"{_D}0(?P<m>\d\d){_NO_DEGREE_SIGN}", _as_dms("derajat_jadi_nol"), "118043'15\""),
        (rf"{_D}0(?P<m>\d){_NO_DEGREE_SIGN}", _as_dms("derajat_jadi_nol"), "11808'59\""),
        (rf"{_D}(?P<m>\d){_NO_DEGREE_SIGN}", _as_dms("simbol_dms_hilang"), "24'30\""),
        (rf"{_D}(?P<m>\d\d){_NO_DEGREE_SIGN}", _as_dms("simbol_dms_hilang"), "11843'15\""),
        (rf"{_D}['\"]{_M}{_END}", _wrong_marks, "118'43\""),
        (rf"(?P<m>\d{{1,2}})'{_S}{_END}", _as_dms("derajat_hilang"), "40'30\""),
        (rf"(?={_TIDY_2}$){_D}{_GAP}{_M}{_END}", _as_dms(), "2°40,5'"),
        (rf"(?={_TIDY_3}$){_D}{_GAP}{_M}{_GAP}{_S}{_END}", _as_dms(), "2:40:30"),
        (rf"(?!{_TIDY_2}$){_D}(?!['\"]\d){_GAP}{_M}{_END}", _wrong_marks, "2 40,5"),
        (rf"(?!{_TIDY_3}$){_D}{_GAP}{_M}{_GAP}{_S}{_END}", _wrong_marks, "2'40'30"),
        (rf"{_D}0 {_M}{_GAP}{_S}{_END}", _as_dms("derajat_jadi_nol"), "1180 43 15"),
        (rf"(?P<d>\d{{1,3}}){_GAP}(?P<f>\d{{3,}}){_END}", _as_decimal, "118°8934"),
        (rf"(?P<d>\d{{1,3}}){_GAP}(?P<m>\d\d)(?P<f>\d+){_END}'{_END}", _as_dms("titik_desimal_hilang"), "118°53604'"),
        (r"(?P<digits>\d+(?: \d{3}){1,2})", _as_digits, "118 889 340"),
    )
)
"""Up to three numbers with marks between them, and the ways in which marks get lost: every notation that fits is a
reading. The text has no blanks but one where nothing else stands between two numbers."""

_MARKED_TEXT = re.compile(rf"{_NUMBER}(?:[\s°'\":;/\-]+{_NUMBER}){{0,2}}[\s°'\":;/\-]*")  # "2 ° 40 ' 30,5"
_BLANKS_AT_MARK = re.compile(rf"\s*({_MARK})\s*")  # " ° "


def _body(body: str) -> list[Angle]:
    """Readings of digits and marks without sign and words."""
    if plain := _PLAIN.fullmatch(body):
        return _plain(plain)
    for notation in DOTTED:
        match = notation.pattern.fullmatch(body)
        if match and (angles := list(notation.read(match))):
            return angles
    if not _MARKED_TEXT.fullmatch(body):
        return []
    return list(_every_reading(" ".join(_BLANKS_AT_MARK.sub(r"\1", body).split()), MARKED))
