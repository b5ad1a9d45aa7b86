"""Everything a person reads, in Bahasa Indonesia and English, by key.

One TOML file per room (`register.toml` holds the keys `register.*`), each entry with `id` and `en`, so that a missing
translation is seen at once. `en_one` is the English singular, used when the parameter `n` is 1. Placeholders are those
of `str.format`; numbers and dates among the parameters are written the way the language writes them: `{n}` 1.234,
`{km:1}` 12,5 (one decimal), `{km:g}` 12,25 (as many decimals as it has), `{share:%1}` 12,5 %, a date 24 November 2026.
A nested `Message` is rendered; of texts from outside no sign commands a terminal.

A file is read when its first key is asked for, so `--help` reads one.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import tomli

LANGUAGES = ("id", "en")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # signs that no document can hold
_NOT_SHOWN = re.compile(rf"(?!\r){CONTROL.pattern}")  # "\x1b[2J", which a terminal would obey
_FOLDER = Path(__file__).resolve().parent
_LOCALES = {"id": "id_ID", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Message:
    """A text not yet put in a language: the key of a catalogue entry and what fills its placeholders."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    fact: bool = False
    """Without what to do about it: the sentences that name a switch of the program (see `fact`)."""

    def __str__(self) -> str:
        return Texts()(self)


def msg(key: str, /, **params: object) -> Message:
    """A `Message`, in one short call."""
    return Message(key, params)


def fact(message: Message) -> Message:
    """What a message says, without the cure, for material that people see who don't run the program."""
    return replace(message, fact=True)


_SENTENCE = re.compile(r"(?<=[.!?]) ")  # "not used. Use it with"
_SWITCH = re.compile(r"(?<!\S)--[a-z]")  # "--column"


def _without_cure(text: str) -> str:
    """A text of the catalogue without sentences, behind the first, that name a switch."""
    first, *others = _SENTENCE.split(text)
    return " ".join((first, *(sentence for sentence in others if not _SWITCH.search(sentence))))


@dataclass(frozen=True, slots=True)
class Texts:
    """Puts messages in one language: `Texts("en")("map.title", group="Lansia")`. An unknown key is a `KeyError`."""

    lang: str = "id"

    def __call__(self, message: Message | str, /, **params: object) -> str:
        if isinstance(message, str):
            message = Message(message, params)
        entry = _entry(message.key)
        text = entry[self.lang]
        if self.lang == "en" and message.params.get("n") == 1:
            text = entry.get("en_one", text)
        if message.fact:
            text = _without_cure(text)
        return "".join(
            literal + ("" if name is None else _shown(self, message.params[name], form))
            for literal, name, form in _pieces(text)
        )

    def number(self, value: float, digits: int = 0) -> str:
        """`value` with thousands separators and `digits` decimals: 1.234,5 in Indonesian. Halves: see `rounded`."""
        return _written(repr(float(value)), digits, "#,##0" + ("." + "0" * digits if digits else ""), self.lang)

    def plain(self, value: float) -> str:
        """`value` with as many decimals as it has (at most six): 12,5 or 10."""
        return _written(repr(float(value)), 6, "#,##0.######", self.lang)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share 0-1 as per cent: 12,5 % in Indonesian, 12.5% in English. A small share is never shown as 0 ("<1 %"),
        nor one just short of all as 100 (">99 %"); a share that counts as 0 (below 0.0005) is."""
        sign, least = "\u00a0%" if self.lang == "id" else "%", 10.0**-digits / 100
        if 0.0005 < share < least / 2:
            return f"<{self.number(least * 100, digits)}{sign}"
        if 1 - least / 2 <= share < 1:
            return f">{self.number(100 - least * 100, digits)}{sign}"
        return self.number(share * 100, digits) + sign

    def date(self, day: date) -> str:
        """A day in words: 24 November 2026."""
        from babel.dates import format_date

        return format_date(day, format="d MMMM y", locale=_LOCALES[self.lang])


def rounded(value: float, digits: int = 0) -> Decimal:
    """`value` as shown with `digits` decimals, halves away from zero: 2.5 is 3, 1.005 with two digits 1.01.

    Browsers (`Intl.NumberFormat`) and spreadsheets do the same: all read the shortest decimal that means the number.
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@lru_cache(maxsize=10_000)
def _written(number: str, digits: int, pattern: str, lang: str) -> str:
    """A number as a language writes it; many are said again and again."""
    from babel.numbers import format_decimal

    return format_decimal(rounded(float(number), digits), format=pattern, locale=_LOCALES[lang])


@cache
def _pieces(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """Each literal part of a text with the name and the form of the placeholder behind it. Names only, so that no
    attribute or item of a value can be reached."""
    return tuple((literal, name, form or "") for literal, name, form, _ in string.Formatter().parse(text))


def _shown(texts: Texts, value: Any, form: str) -> str:
    """The value of a placeholder in the language of `texts`; `form`: what stands behind the colon."""
    match value:
        case Message():
            return texts(value)
        case str():
            return value if value.isprintable() else _NOT_SHOWN.sub("\ufffd", value)
        case bool():
            return str(value)
        case date():
            return texts.date(value)
        case Real() if form == "g":
            return texts.plain(float(value))
        case Real() if form.startswith("%"):
            return texts.percent(float(value), int(form[1:] or 0))
        case Integral() | Real():
            return texts.number(value, int(form or 0))  # type: ignore[arg-type]  # numpy numbers too
        case _:
            return _shown(texts, str(value), "")


def _entry(key: str) -> Mapping[str, str]:
    room, _, rest = key.partition(".")
    entry: Any = _catalogue(room)
    for part in rest.split("."):
        entry = entry[part]
    if not isinstance(entry, dict) or "id" not in entry:
        raise KeyError(key)
    return entry


@cache
def _catalogue(room: str) -> Mapping[str, Any]:
    path = _FOLDER / f"{room}.toml"
    if not path.is_file():
        raise KeyError(f"{room}.*")
    return tomli.loads(path.read_text(encoding="utf-8"))


def catalogue_rooms() -> list[str]:
    """The names of all catalogue files (for the test that finds untranslated entries)."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def catalogue_entries(room: str) -> dict[str, Mapping[str, str]]:
    """All entries of one catalogue file by full key."""
    entries: dict[str, Mapping[str, str]] = {}

    def walk(prefix: str, node: Mapping[str, Any]) -> None:
        if all(isinstance(value, str) for value in node.values()):
            entries[prefix] = node
            return
        for name, child in node.items():
            walk(f"{prefix}.{name}", child)

    walk(room, _catalogue(room))
    return entries
