"""The population groups that LKS serve. The five defaults; a settings file can change them or add more.

`words` are the words of registers that mean the group, folded to lower case; the service table of the register room
reads them beside the official service names.
"""

from __future__ import annotations

from dataclasses import dataclass

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


SYMBOLS = ("circle", "square", "triangle", "diamond", "cross")

DEFAULT_GROUPS = (
    Group(
        key="anak",
        name_id="Anak",
        name_en="Children",
        short_id="anak",
        short_en="children",
        definition_id="penduduk berusia di bawah 18 tahun (UU 35/2014)",
        definition_en="people under 18 (Law 35/2014)",
        words=("anak", "balita", "bayi", "remaja", "yatim", "piatu", "children", "child"),
        symbol="circle",
    ),
    Group(
        key="lansia",
        name_id="Lansia",
        name_en="Older people",
        short_id="lansia",
        short_en="older people",
        definition_id="penduduk berusia 60 tahun ke atas (UU 13/1998)",
        definition_en="people aged 60 and over (Law 13/1998)",
        words=("lansia", "lanjut usia", "usia lanjut", "jompo", "elderly", "older people"),
        symbol="square",
    ),
    Group(
        key="disabilitas",
        name_id="Penyandang disabilitas",
        name_en="People with disabilities",
        short_id="penyandang disabilitas",
        short_en="people with disabilities",
        definition_id="orang dengan keterbatasan fisik, intelektual, mental, atau sensorik jangka panjang (UU 8/2016)",
        definition_en="people with long-term physical, intellectual, mental or sensory impairments (Law 8/2016)",
        words=("disabilitas", "difabel", "tuna netra", "tuna rungu", "tuna daksa", "tuna grahita", "disability"),
        symbol="triangle",
    ),
    Group(
        key="napza",
        name_id="Korban NAPZA",
        name_en="Victims of drug abuse",
        short_id="korban penyalahgunaan NAPZA",
        short_en="victims of drug abuse",
        definition_id="korban penyalahgunaan narkotika, psikotropika, dan zat adiktif lain",
        definition_en="victims of the abuse of narcotics, psychotropics and other addictive substances",
        words=("napza", "narkoba", "narkotika", "adiksi", "ipwl", "drugs"),
        symbol="diamond",
    ),
    Group(
        key="kekerasan",
        name_id="Korban kekerasan",
        name_en="Victims of violence",
        short_id="korban tindak kekerasan",
        short_en="victims of violence",
        definition_id="korban tindak kekerasan dan trauma",
        definition_en="victims of violence and trauma",
        words=("kekerasan", "traumatik", "trauma", "perdagangan orang", "trafficking", "violence"),
        symbol="cross",
        sensitive=True,
    ),
)
