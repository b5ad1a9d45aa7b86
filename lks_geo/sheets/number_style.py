"""Numbers as offices write them. The roles of point and comma are decided once per file, never per cell."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lks_geo.sheets.sheet import CellKind

_ONE_SIGN = re.compile(r"-?(\d+)([.,])(\d+)")  # "12,5", "1.234"
_GROUPED = {sign: re.compile(rf"-?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in ".,"}  # "1.234.567"
_SPACES = re.compile(r"[\s\u00a0\u202f]")  # between the digits of "1 234"
_WHOLE = re.compile(r"[-+]?\d+")  # "-12"
_FRACTION = re.compile(r"\d*(?:[eE][-+]?\d+)?")  # "5" of "12,5"; "2e3" of "1,2e3"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """What a file's decimal sign is; `doubtful` if its cells fit a decimal and a thousands sign equally well."""

    decimal: str
    doubtful: bool = False

    def read(self, text: str, kind: int = CellKind.TEXT) -> float | None:
        """The number of a cell of a `CellKind`, None for a blank one; `ValueError` for text, true/false, infinity."""
        if not text:
            return None
        return _finite(float(text)) if kind == CellKind.NUMBER else self._parse(text)

    def _parse(self, text: str) -> float:
        thousands = "," if self.decimal == "." else "."
        whole, _, fraction = _SPACES.sub("", text).partition(self.decimal)
        if thousands in whole and _GROUPED[thousands].fullmatch(whole):
            whole = whole.replace(thousands, "")
        if not _WHOLE.fullmatch(whole) or not _FRACTION.fullmatch(fraction):
            raise ValueError(text)
        return _finite(float(f"{whole}.{fraction or '0'}"))


def number_style(texts: Iterable[str], *, semicolons: bool) -> NumberStyle:
    """The style that the cells of text of a file agree on (not those that are numbers in the file).

    A sign that is followed by other than three digits is the decimal sign; one that occurs twice in a cell, or before
    the other sign, groups thousands. Where only cells like 1.234 occur, a semicolon-separated file has a decimal comma;
    otherwise the style is doubtful.
    """
    decimal: set[str] = set()
    unclear: set[str] = set()
    for text in texts:
        if "." in text and "," in text:
            decimal.add(max(".,", key=text.rfind))
        elif number := _ONE_SIGN.fullmatch(text):
            clear = len(number[3]) != 3 or len(number[1]) > 3 or number[1] == "0"
            (decimal if clear else unclear).add(number[2])
        elif text.count(".") > 1 or text.count(",") > 1:
            decimal.add("," if "." in text else ".")
    if len(decimal) == 1:
        return NumberStyle(decimal=decimal.pop())
    if decimal:
        return NumberStyle(decimal=".", doubtful=True)
    if semicolons:
        return NumberStyle(decimal=",", doubtful="," in unclear)
    return NumberStyle(decimal=".", doubtful=bool(unclear))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return number
