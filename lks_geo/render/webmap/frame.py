"""The frame of the page: its words, groups, measures, classes, assumptions and sources, ready for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lks_geo.messages import Message, Texts, catalogue_entries, msg
from lks_geo.render.style import (
    DISTANCE_BREAKS_KM,
    MAP_MEASURES,
    NO_DATA,
    SHARE_BREAKS,
    measure_classes,
    ratio_breaks,
)
from lks_geo.settings import Settings
from lks_geo.tables import TOTAL, Coverage

SEAS = {"76": (("laut_makassar", 118.05, -2.15), ("laut_mandar", 118.98, -3.72))}
"""Names of seas by the code of the province: catalogue key, longitude, latitude."""

TILES = {
    "url": "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
    "host": "https://*.basemaps.cartocdn.com",
    "credit": "© OpenStreetMap, © CARTO",
}
"""The online base map of the switch. Its tiles may be used by pages opened from a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The coverages of one page by key ("10": active only, not only accredited) and the one it starts with."""

    by_key: Mapping[str, Coverage]
    start_key: str
    start_group: str

    @property
    def start(self) -> Coverage:
        return self.by_key[self.start_key]

    @classmethod
    def of(cls, variants: Mapping[tuple[bool, bool], Coverage], group: str | None = None) -> Variants:
        """Variants as `write_map` gets them; the start is the one whose key says what its settings say."""
        by_key = {f"{active:d}{accredited:d}": variants[active, accredited] for active, accredited in sorted(variants)}
        own = next(iter(variants.values())).settings
        start = f"{own.active_only:d}{own.accredited:d}"
        keys = [one.key for one in own.groups]
        return cls(
            by_key=by_key,
            start_key=start if start in by_key else next(iter(by_key)),
            start_group=own.group(group).key if group else "lansia" if "lansia" in keys else keys[0],
        )


def frame_block(variants: Variants, levels: list[str]) -> dict[str, Any]:
    """Everything small that the page shows beside areas and places."""
    start = variants.start
    settings = start.settings
    lang = settings.lang
    texts = Texts(lang)
    return {
        "lang": lang,
        "title": settings.title or texts("webmap.judul"),
        "agency": settings.agency,
        "region": region(start),
        "provinces": sorted(set(start.boundaries.names("desa")["provinsi"].dropna())),
        "day": settings.day.isoformat(),
        "stamps": stamps(start, texts),
        "caveats": [_capital(texts(note)) for note in caveats(start)],
        "notes": [_capital(texts(note)).rstrip(".") for note in notes(start)],
        "sources": [texts(line) for line in sources(start)],
        "levels": levels,
        "groups": [_group(start, group.key, texts) for group in start.groups],
        "start": {"variant": variants.start_key, "group": variants.start_group},
        "variants": {
            key: {"filters": [texts(note) for note in coverage.settings.filter_notes()]} | _counted(coverage)
            for key, coverage in variants.by_key.items()
        },
        "threshold": settings.threshold,
        "columns": list(start.table.columns),
        "measures": {
            measure.key: {
                "title": measure.title(lang),
                "unit": measure.unit(lang),
                "digits": measure.digits,
                "kind": measure.kind,
                "numeric": measure.kind not in ("text", "flag"),
            }
            for measure in start.measures
            if measure.key in start.table.columns
        },
        "maps": _maps(start, texts),
        "seas": [
            {"name": texts(f"webmap.{name}"), "lon": lon, "lat": lat}
            for province in sorted(set(start.boundaries.names("desa")["kode_provinsi"].dropna()))
            for name, lon, lat in SEAS.get(str(province), ())
        ],
        "tiles": TILES,
        "texts": words(lang),
    }


def _counted(coverage: Coverage) -> dict[str, Any]:
    """How many places there are, and how many count for each group; nothing of the kind for protected groups."""
    totals = coverage.totals
    shown = [group.key for group in coverage.groups]
    by_group = {
        key: {
            "counted": totals[key].counted,
            "pointless": totals[key].tanpa_titik,
            "approximate": totals[key].approximate,
        }
        for key in shown
        if key in totals
    }
    return {"used": totals[TOTAL].used, "counted": totals[TOTAL].counted, "byGroup": by_group}


def words(lang: str) -> dict[str, Any]:
    """The catalogue of the page in one language, placeholders kept; `[text, singular]` where English has a singular."""
    found: dict[str, Any] = {}
    for key, entry in catalogue_entries("webmap").items():
        name = key.removeprefix("webmap.")
        found[name] = [entry["en"], entry["en_one"]] if lang == "en" and "en_one" in entry else entry[lang]
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def region(coverage: Coverage) -> str:
    """What the page is about: the province, or the kabupaten if fewer than all are shown."""
    names = coverage.boundaries.names("desa")
    kabupaten = coverage.table.loc[coverage.table["level"] == "kabupaten", "nama"].drop_duplicates().astype(str)
    if len(kabupaten) and len(kabupaten) < names["kode_kabupaten"].nunique():
        listed = [name if name.startswith(("Kabupaten", "Kota")) else f"Kabupaten {name}" for name in kabupaten[:3]]
        return ", ".join(listed)
    return ", ".join(sorted(set(names["provinsi"].dropna().astype(str)))[:3])


def stamps(coverage: Coverage, texts: Texts) -> list[str]:
    """DATA CONTOH and INTERNAL, as far as they apply."""
    found = [texts("style.example")] if coverage.example else []
    return [*found, texts("style.internal")] if coverage.settings.internal else found


def caveats(coverage: Coverage) -> list[Message]:
    """What stands under every map: estimates, missing status, indicative borders."""
    found = []
    if coverage.population_estimated:
        found.append(msg("style.estimate"))
    if not coverage.register.status_recorded:
        found.append(msg("style.status_not_recorded"))
    return [*found, msg("style.indicative")]


def notes(coverage: Coverage) -> list[Message]:
    """What else the numbers rest on: how people are spread, and what the measures had to assume."""
    return [msg(f"webmap.model_{coverage.settings.population_model}"), *coverage.notes]


def sources(coverage: Coverage) -> list[Message]:
    """Where boundaries, people and places come from, with year."""
    borders = coverage.boundaries.source
    lines = [
        msg("webmap.sumber_batas", name=_named(borders.name, borders.vintage, borders.licence)),
        msg("webmap.sumber_sasaran", name=_named(coverage.population.source.name, coverage.population.source.vintage)),
        msg("webmap.sumber_lks", name=coverage.register.source.name),
    ]
    return [*lines, *(msg("webmap.sumber_lain", name=name) for name in coverage.settings.sources)]


def _named(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def reach_note(settings: Settings, key: str) -> Message:
    """The reach of a group in words, with its two systems where they differ."""
    group = settings.group(key)
    inside, outside = settings.reach_of(group, "dalam"), settings.reach_of(group, "luar")
    if inside == outside:
        return msg("webmap.jangkauan", km=inside)
    return msg("webmap.jangkauan_sistem", inside=inside, outside=outside)


def _group(coverage: Coverage, key: str, texts: Texts) -> dict[str, Any]:
    group = coverage.settings.group(key)
    lang = coverage.settings.lang
    return {
        "key": key,
        "name": group.name(lang),
        "short": group.short(lang),
        "definition": group.definition(lang),
        "symbol": group.symbol,
        "colour": group.colour,
        "guarded": False,
        "reach": texts(reach_note(coverage.settings, key)),
        "reachKm": coverage.settings.reach_of(group, None),
    }


def _maps(coverage: Coverage, texts: Texts) -> list[dict[str, Any]]:
    """The measures of the switch with their classes, gap first, and the breaks that `classes.js` sorts values by."""
    fixed = {"status": (), "jarak_km": DISTANCE_BREAKS_KM, "cakupan": (0.0005, *SHARE_BREAKS[::-1])}
    found = []
    for measure in MAP_MEASURES:
        if measure not in coverage.table.columns:
            continue
        entry: dict[str, Any] = {"key": measure, "title": texts(f"webmap.ukuran_{measure}"), "noData": NO_DATA}
        if measure in fixed:
            entry |= {"breaks": list(fixed[measure]), "classes": _classes(measure, (), texts)}
        else:
            by_group = {group.key: _breaks(coverage, measure, group.key) for group in coverage.groups}
            entry["byGroup"] = {
                key: {"breaks": list(breaks), "classes": _classes(measure, breaks, texts)}
                for key, breaks in by_group.items()
            }
        found.append(entry)
    return found


def _breaks(coverage: Coverage, measure: str, group: str) -> tuple[float, float, float]:
    table = coverage.table
    rows = table[(table["level"] == "kecamatan") & (table["kelompok"] == group)]
    low, middle, high = sorted(ratio_breaks(rows[measure].astype("float64")))
    return (high, middle, low)


def _classes(measure: str, breaks: tuple[float, ...], texts: Texts) -> list[dict[str, str]]:
    return [
        {"key": one.key, "label": texts(one.label), "colour": one.colour} for one in measure_classes(measure, breaks)
    ]
