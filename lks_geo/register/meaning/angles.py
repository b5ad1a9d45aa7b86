"""One written angle -> every way to read it. Knows notations, no province: which reading is meant is decided elsewhere.

An `Angle` is unsigned; its sign and axis are what the writer said with a minus, a letter or a word, None if nothing.
Clean notations (decimal, degrees-minutes-seconds, scientific) give one angle without repairs; damaged ones (digits
glued, degree sign turned into 0, symbols lost) give every reading that the digits allow, each naming its repairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
    dict.fromkeys("°º˚∘⁰", _DEGREES)
    | dict.fromkeys("'’‘′´`ʹ‛ʼ‵＇", _MINUTES)
    | dict.fromkeys('"”“″˝ʺ„‟〃＂', _SECONDS)
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("()[]{}<>±~", " ")
    | dict.fromkeys("\r\n\t|", ";")
)
_MISREAD_AS = {
    "Â°": _DEGREES, "Âº": _DEGREES, "Ë\u0161": _DEGREES, "â€²": _MINUTES, "â€™": _MINUTES, "â€˜": _MINUTES,
    "â€³": _SECONDS, "â€œ": _SECONDS, "â€\x9d": _SECONDS, "â€“": "-", "âˆ’": "-",
}  # fmt: skip
"""Symbols in UTF-8 that a program took for cp1252."""
_MISREAD = re.compile("|".join(map(re.escape, _MISREAD_AS)))
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
    for (axis, sign), words in {
        (LAT, -1): "s ls south selatan",
        (LAT, 1): "n u lu north utara",
        (LON, 1): "e t bt east timur",
        (LON, -1): "w b bb west barat",
    }.items()
    for word in words.split()
}
_AXES = {
    word: axis
    for axis, words in {LAT: "lat latitude lintang ltg y", LON: "lon long lng longitude bujur bjr x"}.items()
    for word in words.split()
}
_NOISE = frozenset(
    ("garis", "koordinat", "kordinat", "titik", "gps", "lokasi", "wgs", "dd", "dms", "dan", "coordinate", "coordinates")
)

_WORD = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"(\d+)(?:[.,](\d*))?°?|[.,](\d+)°?")
_SCIENTIFIC = re.compile(r"([+-]?)(\d+(?:[.,]\d+)?)e([+-]?\d{1,2})")
_USUAL = re.compile(r"(-?)(\d{1,3})\s*°\s*(\d{1,2})\s*'\s*(\d{1,2}(?:[.,]\d+)?)\s*\"\s*(ls|lu|bt|bb|s|n|e|w)?")
_GROUPS = re.compile(r"\d+(?:[.,]\d+){2,}")
_NUMBERS = re.compile(r"(\d+(?:[.,]\d+)?)([^\d.,]*)")
_MARKS = re.compile(r"[\s°'\":;/\-]*")
_LETTER_UNITS = re.compile(r"\d\s*(?:d|deg|derajat|der|o)\W*\d.*\d\s*s(?:\W|s\b|$)")
_DOTTED_SIDE = re.compile(r"\b([lb])(?:\s*\.\s*|\s)([sutb])\b\.?")
_TWICE = re.compile(r"([.,°])\1+")
_ODD_DEGREES = re.compile(r"(?<=\d)\s*[\ufffd?*^]+\s*(?=\d)")
_POINT_AFTER_SIGN = re.compile(r"(?<=\d)\s*°\s*[.,](?=\d)")
_INNER_BLANK = re.compile(r"(?<=\d)\s*\.\s+(?=\d)|(?<=\d)\s+[.,](?=\d)")


def clean(text: str) -> str:
    """Symbols of every kind as ° ' " - and line breaks as ";", compatibility letters, lower case, no outer blanks."""
    if "Â" in text or "â" in text:
        text = _MISREAD.sub(lambda found: _MISREAD_AS[found[0]], text)
    text = unicodedata.normalize("NFKC", text.translate(_SYMBOLS)).casefold().replace("''", _SECONDS)
    text = _DOTTED_SIDE.sub(r"\1\2", text).strip(" ;,=:")
    text = _TWICE.sub(r"\1", text)
    if text[:1] in (_MINUTES, _SECONDS):
        quote, text = text[0], text[1:].lstrip()
        text = text.removesuffix(quote) if text.count(quote) == 1 else text
    return _ODD_DEGREES.sub(_DEGREES, _POINT_AFTER_SIGN.sub(".", text))


def read_angle(text: str) -> list[Angle]:
    """Every reading of one angle in a text that went through `clean`; empty if it is none."""
    plain = _plain(text)
    if plain is not None:
        return [plain, *_glued(*plain.digits, plain.sign, None)]
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        return _usual(*usual.groups())
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is not None:
        return _scientific(*scientific.groups())
    words = _words(text)
    if words is None:
        return []
    body, axis, side = words
    body = _INNER_BLANK.sub(".", body.strip(" .,:;=/"))
    minus = "-" in body[: len(body) - len(body.lstrip("+- "))] or body.endswith("-")
    body = body.strip("+- :=")
    sign = -1 if minus else side
    conflict = minus and side == 1
    found = _body(body)
    return [replace(angle, sign=sign, axis=axis, conflict=conflict) for angle in found]


def _plain(text: str) -> Angle | None:
    """A bare signed decimal or integer."""
    unsigned = text.lstrip("+-")
    sign = -1 if "-" in text[: len(text) - len(unsigned)] else None
    match = _PLAIN.fullmatch(unsigned)
    return None if match is None else replace(_number(*match.groups()), sign=sign)


def _number(whole: str | None, decimals: str | None, only_decimals: str | None) -> Angle:
    whole = (whole or "0")[:18]
    decimals = (decimals or only_decimals or "")[:18]
    return Angle(
        value=float(f"{whole}.{decimals or 0}"),
        form="desimal" if decimals else "bulat",
        precision=10.0 ** -len(decimals),
        digits=(whole + decimals, len(whole)),
    )


def _usual(minus: str, degrees: str, minutes: str, seconds: str, side: str | None) -> list[Angle]:
    """2°40'30" LS, the notation met most, without going through its words and marks one by one."""
    axis, sign = _SIDES[side] if side else (None, None)
    conflict = bool(minus) and sign == 1
    found = _dms(degrees, minutes, seconds, ())
    return [replace(one, sign=-1 if minus else sign, axis=axis, conflict=conflict) for one in found]


def _scientific(sign: str, mantissa: str, exponent: str) -> list[Angle]:
    """1.188934E+02, as a number whose significant digits say how coarse it is."""
    mantissa = mantissa.replace(",", ".")
    places, value = int(exponent) - len(mantissa.partition(".")[2]), float(f"{mantissa}e{exponent}")
    signed = -1 if sign == "-" else None
    if value <= 180:
        return [Angle(value, "desimal", 10.0**places, sign=signed)]
    digits = mantissa.replace(".", "")
    return [replace(angle, precision=max(angle.precision, 1e-6)) for angle in _glued(digits, len(digits), signed, None)]


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


def _body(body: str) -> list[Angle]:
    """Readings of digits and marks without sign and words."""
    plain = _PLAIN.fullmatch(body)
    if plain is not None:
        number = _number(*plain.groups())
        return [number, *_glued(*number.digits, None, None)]
    if _GROUPS.fullmatch(body):
        return list(_grouped(re.split(r"[.,]", body), re.findall(r"[.,]", body)))
    numbers = [match.groups() for match in _NUMBERS.finditer(body)]
    spelled = "".join(number + marks for number, marks in numbers) == body
    if not spelled or not 1 <= len(numbers) <= 3 or not all(_MARKS.fullmatch(marks) for _, marks in numbers):
        return []
    return list(_sexagesimal([number for number, _ in numbers], ["".join(marks.split()) for _, marks in numbers]))


def _grouped(groups: list[str], separators: list[str]) -> Iterator[Angle]:
    """Several points or commas: thousands (2.673.451), degrees.minutes.seconds (2.40.30), or a stray separator."""
    lengths = [len(group) for group in groups[1:]]
    if len(set(separators)) == 1 and all(length <= 2 for length in lengths[:2]) and len(groups) <= 4:
        sexagesimal = list(_dms(groups[0], groups[1], ".".join(groups[2:]), ("simbol_dms_salah",)))
        if sexagesimal:
            yield from sexagesimal
            return
    digits = "".join(groups)
    if separators[-1] != separators[0] and set(groups[-1]) == {"0"}:
        digits = "".join(groups[:-1])
    yield from _glued(digits, len(digits), None, ("titik_desimal_hilang",))


def _dms(degrees: str, minutes: str, seconds: str, repairs: tuple[str, ...], form: str = "dms") -> Iterator[Angle]:
    """The angle if its parts are within their ranges; 60 seconds are let through, as rounding programs write them."""
    if not degrees.isdecimal() or len(degrees) > 4 or (seconds and not minutes.isdecimal()):
        return
    if any(len(re.split(r"[.,]", part)[0]) > 2 for part in (minutes, seconds)):
        return
    minute, second = (float((part or "0").replace(",", ".")) for part in (minutes, seconds))
    if minute >= 60 or second > 60 or int(degrees) > 180:
        return
    last = seconds or minutes
    decimals = len(last) - max(last.find("."), last.find(",")) - 1 if not last.isdecimal() else 0
    precision = (1 / 3600 if seconds else 1 / 60) * 10.0**-decimals
    yield Angle(int(degrees) + minute / 60 + second / 3600, form, precision, repairs=repairs)


_CLEAN_MARKS = (
    {"°", ":", "", "-", "°:", "°-", "/"},
    {"'", ":", "", "-", "':", "'-", "/"},
    {'"', "'", "", '"-'},
)


def _sexagesimal(numbers: list[str], marks: list[str]) -> Iterator[Angle]:
    """Degrees, minutes and seconds with marks between them, and the ways in which the marks get lost."""
    degrees, minutes, seconds = (*numbers, "", "")[:3]
    if marks[0] in ("'", ";", ":", '"') and len(numbers) < 3:
        yield from _lost_degree_sign(degrees, minutes, marks)
    if len(numbers) == 1:
        return
    last = len(numbers) - 1
    tidy = all(mark in _CLEAN_MARKS[place] for place, mark in enumerate(marks[:-1])) and (
        marks[last] in (_CLEAN_MARKS[2] if last == 2 else _CLEAN_MARKS[1])
    )
    tidy = tidy and (last == 2 or _DEGREES in marks[0])
    if marks[0] not in ("'", '"') or last == 2:
        yield from _dms(degrees, minutes, seconds, () if tidy else ("simbol_dms_salah",))
    if marks[0] == "" and last == 2 and len(degrees) > 1 and degrees[-1] == "0":
        yield from _dms(degrees[:-1], minutes, seconds, ("derajat_jadi_nol",))
    if last == 1 and minutes.isdecimal() and len(minutes) > 2 and degrees.isdecimal() and len(degrees) <= 3:
        digits = degrees + minutes
        yield Angle(
            float(f"{degrees}.{minutes}"), "angka_desimal", 10.0 ** -len(minutes),
            repairs=("titik_desimal_hilang",), digits=(digits, len(degrees)),
        )  # fmt: skip
        if _MINUTES in marks[1]:
            yield from _dms(degrees, f"{minutes[:2]}.{minutes[2:]}", "", ("titik_desimal_hilang",))
    if not any(marks) and all(number.isdecimal() for number in numbers) and all(len(n) == 3 for n in numbers[1:]):
        digits = "".join(numbers)
        yield from _glued(digits, len(digits), None, None)


def _lost_degree_sign(first: str, second: str, marks: list[str]) -> Iterator[Angle]:
    """`11808'59"`: the digits before the minute mark hold degrees and minutes, a 0 or nothing standing for the sign."""
    if not first.isdecimal() or len(first) > 7:
        return
    for place in range(1, len(first) - 1):
        if first[place] == "0" and len(first) - place - 1 <= 2:
            yield from _dms(first[:place], first[place + 1 :], second, ("derajat_jadi_nol",))
    for minutes in (1, 2):
        yield from _dms(first[:-minutes], first[-minutes:], second, ("simbol_dms_hilang",))
    if second and marks[0] in ("'", '"'):
        yield from _dms(first, second, "", ("simbol_dms_salah",))
        if marks[0] == "'" and len(first) <= 2:
            yield from _dms("0", first, second, ("derajat_hilang",))


_DMS_DIGITS = (re.compile(r"(\d{2,3})([0-5]\d)([0-5]\d)"), re.compile(r"(\d)([0-5]\d)([0-5]\d)"))
_DM_DIGITS = re.compile(r"(\d{1,3})([0-5]\d)")


def _glued(digits: str, before: int, sign: int | None, repairs: tuple[str, ...] | None) -> Iterator[Angle]:
    """Digits whose point or marks are lost, `before` of them standing before a point that may be written.

    `repairs` None: a bare integer or decimal (decimals only beyond 180, where they cannot be meant).
    """
    whole = before == len(digits)
    if len(digits) < 3 or (repairs is None and not whole and int(digits[:before]) <= 180):
        return
    yield from _pointed(digits, sign, "titik_desimal_hilang")
    if not whole or not 3 <= len(digits) <= 7:
        return
    lost = ("simbol_dms_hilang",)
    parts = [match.groups() for pattern in _DMS_DIGITS if (match := pattern.fullmatch(digits))]
    for degrees, minutes, seconds in parts:
        yield from (replace(angle, sign=sign) for angle in _dms(degrees, minutes, seconds, lost, "angka_dms"))
    short = _DM_DIGITS.fullmatch(digits)
    if short is not None and (len(digits) < 5 or int(short[1]) > 90):
        yield from (replace(angle, sign=sign) for angle in _dms(short[1], short[2], "", lost, "angka_dms"))


def _pointed(digits: str, sign: int | None, repair: str) -> Iterator[Angle]:
    """A decimal point after the first, second or third digit, and before the first (a leading 0 is lost as well)."""
    for place in range(min(4, len(digits))):
        if place > 1 and digits[0] == "0" and place > 2:
            continue
        value = float(f"{digits[:place] or 0}.{digits[place:]}")
        named = (repair,) if place else (repair, "nol_depan_hilang")
        if value <= 180 and (place or digits[0] != "0"):
            yield Angle(value, "angka_desimal", 10.0 ** (place - len(digits)), sign=sign, repairs=named)


def shifted(angle: Angle) -> list[Angle]:
    """The readings of a written decimal whose point stands at a wrong place: 11.88934 for 118.8934."""
    digits, before = angle.digits
    if angle.form != "desimal" or not digits.strip("0") or digits[0] == "0":
        return []
    moved = _pointed(digits, angle.sign, "titik_desimal_bergeser")
    return [
        replace(one, axis=angle.axis, conflict=angle.conflict, digits=angle.digits)
        for one in moved
        if abs(one.value - angle.value) > 1e-12 and before and "nol_depan_hilang" not in one.repairs
    ]
