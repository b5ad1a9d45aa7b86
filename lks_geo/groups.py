"""The population groups that LKS serve: the five defaults (`groups.toml`); a settings file can change or add some.

`words` are the words of registers that mean the group, folded to lower case; the service table of the register room
reads them beside the official service names.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

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


def named_group(key: str, name_id: str, name_en: str) -> Group:
    """A group of which only the names are known."""
    return Group(
        key=key, name_id=name_id, name_en=name_en, short_id=name_id.lower(), short_en=name_en.lower(),
        definition_id=name_id, definition_en=name_en, words=(key, name_id.casefold()),
    )  # fmt: skip


SYMBOLS = ("circle", "square", "triangle", "diamond", "cross")

DEFAULT_GROUPS = tuple(
    Group(key=key, **facts | {"words": tuple(facts["words"])})
    for key, facts in tomllib.loads(files(__package__).joinpath("groups.toml").read_text(encoding="utf-8")).items()
)
