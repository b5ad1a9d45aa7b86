"""What comes with the program: the measures (`measures.toml`) and the population groups (`groups.toml`).

Measures: one entry per column of the coverage table, in the order of its columns. Everything that says what a number
means reads it: legends, help, the method sheet, docs. No number is computed here.

Groups: the five defaults; a settings file can change or add some. Their `words` are those of registers that mean the
group, folded to lower case; the service table of the register room reads them beside the official service names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLook:
    """How maps show a measure: five colours from light (good) to dark (gap), and four rising breaks between them.

    A value on a break belongs to the class above it. No `breaks`: none, then the quartiles of the level shown.
    `title_*` (on paper) and `switch_*` (on the interactive map) stand where the title of the measure would not do.
    """

    ramp: tuple[str, ...] = ()
    breaks: tuple[float, ...] = ()
    title_id: str = ""
    title_en: str = ""
    switch_id: str = ""
    switch_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One column of the coverage table: what it is called, its unit, what it means, who defined it, how it is shown.

    `kind`: count | people | share | km | ratio | text | flag. `digits`: decimals on display. `gap_high`: True if a high
    value means a worse served area, None if it has no such order. `map`: None for a measure that maps do not show.
    """

    key: str
    title_id: str
    title_en: str
    unit_id: str
    unit_en: str
    definition_id: str
    definition_en: str
    kind: str
    digits: int = 0
    source: str = ""
    gap_high: bool | None = None
    map: MapLook | None = None

    def title(self, lang: str) -> str:
        return self.title_en if lang == "en" else self.title_id

    def unit(self, lang: str) -> str:
        return self.unit_en if lang == "en" else self.unit_id

    def definition(self, lang: str) -> str:
        return self.definition_en if lang == "en" else self.definition_id

    def map_title(self, lang: str) -> str:
        """The title of a printed map."""
        own = self.map and (self.map.title_en if lang == "en" else self.map.title_id)
        return own or self.title(lang)

    def switch(self, lang: str) -> str:
        """The name on the switch of the interactive map."""
        own = self.map and (self.map.switch_en if lang == "en" else self.map.switch_id)
        return own or self.title(lang)


def _measure(key: str, facts: dict[str, Any]) -> Measure:
    look = facts.pop("map", None)
    ramp, breaks = (tuple(look.pop(name, ())) if look else () for name in ("ramp", "breaks"))
    return Measure(key=key, map=None if look is None else MapLook(ramp=ramp, breaks=breaks, **look), **facts)


_TABLE = tomli.loads(Path(__file__).with_name("measures.toml").read_text(encoding="utf-8"))
MEASURES = tuple(_measure(key, facts) for key, facts in _TABLE.items())
"""All measures, in the order of the columns of `Coverage.table`."""

MAPPED = {one.key: one for one in sorted(MEASURES, key=lambda one: one.key != "status") if one.map}
"""The measures that maps can show, in the order of the switch: the status first."""

SYMBOL_COLOUR = "#16222E"
"""The ink of all map symbols unless a group says otherwise: shapes tell groups apart, also in grey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One population group (kelompok sasaran).

    `reach_km` None means the reach of the settings; `reach_inside_km`/`reach_outside_km` are for residential (dalam
    panti) and home-based (luar panti) services. `symbol` is one of the five map symbols, `colour`
    (#RRGGBB) its fill. Nobody learns where in its kecamatan a place of a `sensitive` group stands.
    """

    key: str
    name_id: str
    name_en: str
    short_id: str
    short_en: str
    definition_id: str
    definition_en: str
    words: tuple[str, ...] = ()
    symbol: str = "circle"
    colour: str = SYMBOL_COLOUR
    reach_km: float | None = None
    reach_inside_km: float | None = None
    reach_outside_km: float | None = None
    sensitive: bool = False

    def name(self, lang: str) -> str:
        """The full name: "Penyandang disabilitas"."""
        return self.name_en if lang == "en" else self.name_id

    def short(self, lang: str) -> str:
        """The name inside a sentence, lower case: "penyandang disabilitas"."""
        return self.short_en if lang == "en" else self.short_id

    def definition(self, lang: str) -> str:
        """Who belongs to the group."""
        return self.definition_en if lang == "en" else self.definition_id


OWN_COLOURS = ("#7A2E5D", "#1D4B66", "#6B4A12", "#2F5233")
"""Inks of the groups that settings add, in turn: all five shapes are taken by the usual groups. Dark and apart."""


def named_group(key: str, name_id: str, name_en: str, nth: int = 0) -> Group:
    """The `nth` group of the user's own, of which only the names are known."""
    return Group(
        key=key, name_id=name_id, name_en=name_en, short_id=_within(name_id), short_en=_within(name_en),
        definition_id=name_id, definition_en=name_en, words=(key, name_id.casefold()),
        symbol=SYMBOLS[nth % len(SYMBOLS)], colour=OWN_COLOURS[nth % len(OWN_COLOURS)],
    )  # fmt: skip


def _within(name: str) -> str:
    """A name inside a sentence: lower case, but abbreviations stay ("Orang dengan HIV", "ODGJ")."""
    return " ".join(word if word.isupper() else word.lower() for word in name.split())


SYMBOLS = ("circle", "square", "triangle", "diamond", "cross")

DEFAULT_GROUPS = tuple(
    Group(key=key, **facts | {"words": tuple(facts["words"])})
    for key, facts in tomli.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8")).items()
)
