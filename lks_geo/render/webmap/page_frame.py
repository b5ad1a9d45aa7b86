"""The frame of the page: its words, groups, measures, classes, assumptions and sources, ready for the browser.

What the numbers say is said by `lks_geo.said`; where the page has to fill in numbers itself, it gets the template of
the same sentence (`SAID`), so that the map says what all other outputs say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from lks_geo.catalogue import MAPPED
from lks_geo.measure import AtReach, one_reach
from lks_geo.measure.supply import totals_of_parts
from lks_geo.messages import Message, Texts, catalogue_entries, fact, msg
from lks_geo.render.style import (
    DIFFERENCE_COLOURS,
    NO_DATA,
    MapClass,
    class_breaks,
    embedded_emblem,
    measure_classes,
    unreported_class,
)
from lks_geo.render.webmap.plan_layer import AFTER, coverages, plan_block, site_names
from lks_geo.said.areas import DISGUISED, nearest_names, rows_of
from lks_geo.said.assumptions import distance_way, estimate_word, reach_note, sources
from lks_geo.tables import KEY_COLUMNS, TOTAL, Coverage, PlaceTotals

if TYPE_CHECKING:
    from lks_geo.siting.planning import Plan

SEAS = {"76": (("laut_makassar", 118.05, -2.15), ("laut_mandar", 118.98, -3.72))}
"""Names of seas by the code of the province: catalogue key, longitude, latitude."""

TILES = {
    "url": "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
    "host": "https://*.basemaps.cartocdn.com",
    "credit": "© OpenStreetMap, © CARTO",
}
"""The online base map of the switch. Its tiles may be used by pages opened from a file."""

SAID = {
    "bagian_diketahui": "said.known_part",
    "bagian_dilaporkan": "said.reported_part",
    "catatan_disamarkan": "said.disguised",
}
"""Sentences that the page fills in by itself, as the outputs on paper have them: name on the page -> catalogue key."""

LISTS = {
    "prioritas": (
        "no", "prioritas", "kode", "nama", "kecamatan", "kabupaten", "sasaran", "belum_terjangkau", "jarak_km",
        "nama_lks_terdekat",
    ),
    "tambahan": (
        "prioritas", "kode", "nama", "kecamatan", "kabupaten", "sasaran", "belum_terjangkau", "tambahan_satu_lks",
        "jarak_km", "nama_lks_terdekat",
    ),
    "atas": (
        "kode", "nama", "kabupaten", "desa_belum_terlayani", "jumlah_desa", "desa_diketahui", "sasaran",
        "belum_terjangkau", "cakupan", "jarak_km",
    ),
    "beda": ("no", "kode", "nama", "kecamatan", "kabupaten", "sasaran", "belum_terjangkau", "jarak_km"),
}  # fmt: skip
"""Columns of the downloads: unserved desa by priority or by what an LKS there would add, and areas that hold some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The coverages of one page by key ("10": active only, not only accredited) and the one it starts with.

    `gains`: by key, of desa x groups, how many people one more LKS in the desa would reach. `reaches`: by key
    and reach (km), what depends on it. `plan`: the page shows it.
    """

    by_key: Mapping[str, Coverage]
    start_key: str
    start_group: str
    gains: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    reaches: Mapping[str, Mapping[float, AtReach]] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def start(self) -> Coverage:
        return self.by_key[self.start_key]

    @classmethod
    def from_coverages(
        cls,
        variants: Mapping[tuple[bool, bool], Coverage],
        group: str | None = None,
        gains: Mapping[tuple[bool, bool], pd.DataFrame] | None = None,
        reaches: Mapping[tuple[bool, bool], Mapping[float, AtReach]] | None = None,
    ) -> Variants:
        """Variants as `write_map` gets them; the start is the one whose key says what its settings say."""
        by_key = {f"{active:d}{accredited:d}": variants[active, accredited] for active, accredited in sorted(variants)}
        settings = next(iter(variants.values())).settings
        start = f"{settings.active_only:d}{settings.accredited:d}"
        keys = [choice.key for choice in settings.groups]
        return cls(
            by_key=by_key,
            start_key=start if start in by_key else next(iter(by_key)),
            start_group=settings.group(group).key if group else "lansia" if "lansia" in keys else keys[0],
            gains={f"{active:d}{accredited:d}": table for (active, accredited), table in (gains or {}).items()},
            reaches={f"{active:d}{accredited:d}": by_km for (active, accredited), by_km in (reaches or {}).items()},
        )

    @classmethod
    def of_plan(cls, plan: Plan) -> Variants:
        """The page of a plan; it opens with the sites."""
        return cls(by_key=coverages(plan), start_key=AFTER, start_group=plan.before.groups[0].key, plan=plan)


def frame_block(variants: Variants, levels: list[str]) -> dict[str, Any]:
    """Everything small that the page shows beside areas and places."""
    start = variants.start
    settings = start.settings
    lang = settings.lang
    texts = Texts(lang)
    return {
        "lang": lang,
        "title": settings.title or texts("webmap.judul_rencana" if variants.plan else "webmap.judul"),
        "agency": settings.agency,
        **({"address": settings.address} if settings.address else {}),
        **({"emblem": embedded_emblem(settings.emblem)} if settings.emblem is not None else {}),
        "region": region(start),
        "provinces": sorted(set(start.boundaries.names("desa")["provinsi"].dropna())),
        "day": settings.day.isoformat(),
        "stamps": stamps(start, texts),
        "caveats": [_sentence(texts(note)) for note in caveats(start)],
        "notes": [_sentence(texts(note)) for note in notes(start)],
        "sources": [texts(line) for line in sources(start)],
        "byRoad": settings.roads is not None,
        "distanceWords": texts(distance_way(settings)),
        "reaches": _reaches(variants, texts),
        "levels": levels,
        "groups": [_group(start, group.key, texts) for group in start.groups],
        "start": {"variant": variants.start_key, "group": variants.start_group},
        "variants": {
            key: {"filters": _filters(variants, key, texts), "totals": totals(coverage)}
            for key, coverage in variants.by_key.items()
        },
        "namesNotListed": names_not_listed(variants),
        "plan": plan_block(variants.plan) if variants.plan else None,
        "measures": _measures(start),
        "listColumns": {kind: _headings(start, names, texts) for kind, names in LISTS.items()},
        "maps": _maps(start, levels, texts),
        "unreportedClass": _class(unreported_class(), texts),
        "seas": [
            {"name": texts(f"webmap.{name}"), "lon": lon, "lat": lat}
            for province in sorted(set(start.boundaries.names("desa")["kode_provinsi"].dropna()))
            for name, lon, lat in SEAS.get(str(province), ())
        ],
        "tiles": TILES,
        "texts": words(lang),
    }


def totals(coverage: Coverage) -> dict[str, Any]:
    """How the places of all that is shown add up (key ""), and those of each kabupaten (its code)."""
    keys = [group.key for group in coverage.groups]
    table = coverage.table
    codes = table.loc[table["level"] == "kabupaten", "kode"].drop_duplicates().astype(str)
    where = coverage.places["kode_kabupaten"].to_numpy(dtype=object)
    counted = totals_of_parts(coverage.places, keys, [where == code for code in codes])
    return {"": _totals(coverage.totals, keys)} | {
        code: _totals(part, keys) for code, part in zip(codes, counted, strict=True)
    }


def _totals(counts: Mapping[str, PlaceTotals], keys: list[str]) -> dict[str, Any]:
    shown = ("used", "counted", "tanpa_titik", "approximate", "disguised")

    def plain(total: PlaceTotals) -> dict[str, int]:
        return {name: number for name, number in asdict(total).items() if name in shown}

    return {"all": plain(counts[TOTAL]), "groups": {key: plain(counts[key]) for key in keys}}


def _filters(variants: Variants, key: str, texts: Texts) -> list[str]:
    """What narrows the places counted in a variant (no activity where none is recorded); the sites added to them."""
    told = [texts(note) for note in variants.by_key[key].settings.filter_notes()]
    if not variants.start.register.status_recorded:
        told[0] = texts("webmap.semua_lks")
    if variants.plan and key == AFTER:
        told.append(texts("webmap.dengan_lokasi", n=len(variants.plan.sites)))
    return told


def names_not_listed(variants: Variants) -> dict[str, str]:
    """What the cards call the disguised places, and the sites of a plan, that are the nearest of some desa."""
    names = nearest_names(variants.start)
    nearest = pd.concat([coverage.table["lks_terdekat"] for coverage in variants.by_key.values()])
    disguised = {place: names[place] for place in sorted(nearest.dropna().unique()) if place.startswith(DISGUISED)}
    return disguised | (site_names(variants.plan) if variants.plan else {})


def words(lang: str) -> dict[str, Any]:
    """The catalogue of the page in one language, placeholders kept; `[text, singular]` where English has a singular."""
    entries = {key.removeprefix("webmap."): entry for key, entry in catalogue_entries("webmap").items()}
    sentences = catalogue_entries("said")
    entries |= {name: sentences[key] for name, key in SAID.items()}
    singular = lang == "en"
    return {
        name: [entry["en"], entry["en_one"]] if singular and "en_one" in entry else entry[lang]
        for name, entry in entries.items()
    }


def _sentence(text: str) -> str:
    return (text[:1].upper() + text[1:]).rstrip(".")


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
    lines = [texts("style.example")] if coverage.example else []
    return [*lines, texts("style.internal")] if coverage.settings.internal else lines


def caveats(coverage: Coverage) -> list[Message]:
    """What stands under every map: estimates, missing status, indicative borders."""
    messages = []
    messages += [word for word in (estimate_word(coverage),) if word is not None]
    if not coverage.register.status_recorded:
        messages.append(msg("style.status_not_recorded"))
    return [*messages, msg("style.indicative")]


def notes(coverage: Coverage) -> list[Message]:
    """What else the numbers rest on: how people are spread, and what the measures had to assume."""
    settings = coverage.settings
    return [msg(f"said.model_{'point' if settings.roads else settings.population_model}"), *map(fact, coverage.notes)]


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
        "reach": texts(reach_note(coverage.settings, key)),
        "km": {system or "": coverage.settings.reach_of(group, system) for system in (None, "dalam", "luar")},
    }


def _reaches(variants: Variants, texts: Texts) -> list[dict[str, str]]:
    """The choices of the reach switch: key ("" is that of the settings), label, and the words about the assumption."""
    settings = variants.start.settings
    kilometres = next((sorted(by_km) for by_km in variants.reaches.values()), [])
    if not kilometres:
        return []
    found = []
    for km in kilometres:
        plain = one_reach(settings, km)
        label = texts("webmap.jangkauan_km", km=km)
        found.append({"key": f"{km:g}", "label": label, "said": texts(reach_note(plain, plain.groups[0].key))})
    own = {settings.reach_of(group, system) for group in settings.groups for system in (None, "dalam", "luar")}
    if len(own) > 1:
        return [{"key": "", "label": texts("webmap.jangkauan_pengaturan"), "said": ""}, *found]
    used = min(own)
    ours = {"key": "", "label": texts("webmap.jangkauan_km", km=used), "said": ""}
    place = sum(km < used for km in kilometres)
    return [*found[:place], ours, *[one for one in found[place:] if one["key"] != f"{used:g}"]]


def _measures(coverage: Coverage) -> dict[str, Any]:
    """How each column of the table is shown; those `ofPeople` rest on the desa whose people are known."""
    lang = coverage.settings.lang
    return {
        measure.key: {
            "title": measure.title(lang),
            "unit": measure.unit(lang),
            "digits": measure.digits,
            "kind": measure.kind,
            "numeric": measure.kind not in ("text", "flag"),
            "ofPeople": measure.kind == "people" or measure.key in ("cakupan", "cakupan_terendah"),
        }
        for measure in coverage.measures
        if measure.key in coverage.table.columns
    }


def _headings(coverage: Coverage, names: tuple[str, ...], texts: Texts) -> list[dict[str, str]]:
    measures = {measure.key: measure for measure in coverage.measures}

    def title(name: str) -> str:
        if name in ("no", "tambahan_satu_lks"):
            return texts(f"webmap.{name}")
        if name in KEY_COLUMNS or name not in measures:
            return texts(f"workbook.column_{name}")
        lang = coverage.settings.lang
        unit = f" ({measures[name].unit(lang)})" if measures[name].kind in ("share", "km") else ""
        return measures[name].title(lang) + unit

    return [{"name": name, "title": title(name)} for name in names]


def _maps(coverage: Coverage, levels: list[str], texts: Texts) -> list[dict[str, Any]]:
    """The measures of the switch with their classes, gap first, and the breaks that `classes.js` sorts values by."""
    found = []
    rows = {(level, group.key): rows_of(coverage, level, group.key) for level in levels for group in coverage.groups}
    for key, measure in MAPPED.items():
        if key not in coverage.table.columns:
            continue
        entry: dict[str, Any] = {"key": key, "title": measure.switch(texts.lang), "noData": NO_DATA}
        schemes = {
            group.key: {level: _scheme(key, rows[level, group.key][key], texts) for level in levels}
            for group in coverage.groups
        }
        first, *others = (scheme for by_level in schemes.values() for scheme in by_level.values())
        same = all(scheme == first for scheme in others)
        found.append(entry | {"gapHigh": measure.gap_high is True} | (first if same else {"byGroup": schemes}))
    return [*found, _difference(texts)] if len(coverage.groups) > 1 else found


def _difference(texts: Texts) -> dict[str, Any]:
    """The map of two groups at once; its classes name both groups, so that the page says them."""
    classes = [{"key": key, "label": "", "colour": colour} for key, colour in DIFFERENCE_COLOURS.items()]
    return {"key": "beda", "title": texts("webmap.beda"), "noData": NO_DATA, "classes": classes}


def _scheme(measure: str, values: pd.Series[Any], texts: Texts) -> dict[str, Any]:
    breaks = class_breaks(measure, values)
    return {"breaks": list(breaks), "classes": [_class(kind, texts) for kind in measure_classes(measure, breaks)]}


def _class(kind: MapClass, texts: Texts) -> dict[str, str]:
    return {"key": kind.key, "label": texts(kind.label), "colour": kind.colour}
