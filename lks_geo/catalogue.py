"""The table of measures: one entry per column of the coverage table, in the order of its columns (`measures.toml`).

Everything that says what a number means reads it: legends, help, the method sheet, docs. No number is computed here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


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


_TABLE = tomllib.loads(files(__package__).joinpath("measures.toml").read_text(encoding="utf-8"))
MEASURES = tuple(_measure(key, facts) for key, facts in _TABLE.items())
"""All measures, in the order of the columns of `Coverage.table`."""

MAPPED = {one.key: one for one in sorted(MEASURES, key=lambda one: one.key != "status") if one.map}
"""The measures that maps can show, in the order of the switch: the status first."""
