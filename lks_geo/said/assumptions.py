"""What was assumed, left out and used, in words: reach, the way distance is measured, filters, sources, certainty.

One function says each thing; every output prints what it gives. With several reaches the settings of the coverage in
use decide, so that text and numbers agree.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from lks_geo import shipped
from lks_geo.catalogue import Measure
from lks_geo.messages import Message, Texts, fact, msg
from lks_geo.said.areas import AreaTotals, area_totals, listed, rows_shown
from lks_geo.settings import Settings
from lks_geo.tables import TOTAL, Boundaries, Coverage, PlaceTotals, Source, source_of

SYSTEMS = ("dalam", "luar", None)
BY_ROAD = ("jarak_km", "pangsa_terjangkau")
"""The measures that mean something else with a road network."""

HOME_PROVINCE = "76"
"""The province whose agency is the default of the settings."""


def distance_way(settings: Settings) -> Message:
    """How distance and reach are measured, to follow a noun: "garis lurus" or "lewat jalan"."""
    return msg("said.way_straight" if settings.roads is None else "said.way_roads")


def distance_note(settings: Settings) -> Message:
    """What the star at a distance means: "* jarak garis lurus ke LKS terdekat yang dihitung"."""
    return msg("said.distance_note", way=distance_way(settings))


def reach_note(settings: Settings, group: str) -> Message:
    """The reach assumed for a group, by system where it differs."""
    inside, outside, other = _reaches(settings, group)
    way = distance_way(settings)
    if inside == outside == other:
        return msg("said.reach", km=other, way=way)
    return msg("said.reach_by_system", inside=inside, outside=outside, other=other, way=way)


def reach_notes(settings: Settings) -> list[Message]:
    """The reach of all groups: one sentence if it is the same, else each with the names of its groups."""
    by_reach: dict[tuple[float, ...], list[str]] = {}
    for group in settings.groups:
        by_reach.setdefault(_reaches(settings, group.key), []).append(group.key)
    if len(by_reach) == 1:
        return [reach_note(settings, settings.groups[0].key)]
    return [
        msg("said.reach_of", groups=_names(settings, keys), reach=reach_note(settings, keys[0]))
        for keys in by_reach.values()
    ]


def _reaches(settings: Settings, group: str) -> tuple[float, float, float]:
    inside, outside, other = (settings.reach_of(settings.group(group), system) for system in SYSTEMS)
    return inside, outside, other


def _names(settings: Settings, keys: list[str]) -> str:
    return ", ".join(settings.group(key).name(settings.lang) for key in keys)


def definition(measure: Measure, settings: Settings) -> str:
    """What a measure means in this run: with a road network, distance is that of the road."""
    text = measure.definition(settings.lang)
    if settings.roads is None or measure.key not in BY_ROAD:
        return text
    return Texts(settings.lang)(f"said.{measure.key}_by_road")


def counted_note(settings: Settings) -> Message:
    """Which places count: "LKS yang dihitung: hanya LKS aktif; hanya yang berbadan hukum"."""
    texts = Texts(settings.lang)
    return msg("said.filters", filters="; ".join(texts(note) for note in settings.filter_notes()))


def stamp(coverage: Coverage) -> Message | None:
    """DATA CONTOH or INTERNAL, whichever must be printed (both, if both)."""
    internal = coverage.settings.internal
    if coverage.example and internal:
        return msg("said.two_stamps", first=msg("style.example"), second=msg("style.internal"))
    if coverage.example:
        return msg("style.example")
    return msg("style.internal") if internal else None


def said_beside(coverage: Coverage, *, cures: bool = False) -> list[Message]:
    """What must be said wherever numbers of this coverage are shown: stamps, method, what was left out; `cures`: and
    what to do about it."""
    settings = coverage.settings
    marks = [msg("style.example")] if coverage.example else []
    marks += [msg("style.internal")] if settings.internal else []
    method = (*reach_notes(settings), counted_note(settings))
    return [*marks, *method, *general_notes(coverage), *disguise_notes(coverage), *run_notes(coverage, cures=cures)]


def general_notes(coverage: Coverage) -> list[Message]:
    """What holds for every group: kabupaten that are not reported, estimates, a register without status."""
    notes = [note for note in (view_reported_part(coverage),) if note is not None]
    notes += [note for note in (estimate_note(coverage),) if note is not None]
    if not coverage.register.status_recorded:
        notes.append(msg("style.status_not_recorded"))
    return notes


def estimate_note(coverage: Coverage) -> Message | None:
    """That target numbers are estimates, all of them or those of some groups and areas; None if all are counts."""
    estimated, known = coverage.estimated()
    if not estimated:
        return None
    if estimated == known:
        return msg("said.estimated")
    texts, parts = Texts(coverage.settings.lang), []
    for group in coverage.groups:
        some, of = coverage.estimated(group.key)
        if some:
            parts.append(texts("said.estimated_of", name=group.name(texts.lang), some=some, of=of))
    return msg("said.estimated_part", parts="; ".join(parts))


def estimate_word(coverage: Coverage) -> Message | None:
    """The same in few words, for a line of a page."""
    estimated, known = coverage.estimated()
    if not estimated:
        return None
    return msg("style.estimate" if estimated == known else "style.estimate_part")


def certainty_notes(coverage: Coverage, group: str) -> list[Message]:
    """How sure the numbers of one group are: disguised, doubtful and approximate places, places in no area."""
    total = coverage.totals.get(group)
    if total is None:
        return []
    notes = [note for note in (disguise_note(coverage, group),) if note is not None]
    if total.doubtful or total.approximate:
        kind = "both" if total.doubtful and total.approximate else "doubtful" if total.doubtful else "approximate"
        notes.append(
            msg(f"said.uncertain_{kind}", doubtful=total.doubtful, approximate=total.approximate, total=total.counted)
        )
    if total.tanpa_titik:
        notes.append(msg("said.without_point", n=total.tanpa_titik))
    return notes


def run_notes(coverage: Coverage, *, cures: bool = False) -> list[Message]:
    """What was said while the inputs were read and the measures made; `cures`: and the switches that mend it."""
    notes = [*coverage.register.notes, *coverage.notes, *coverage.population.notes, *coverage.boundaries.notes]
    return notes if cures else list(map(fact, notes))


def sources(coverage: Coverage, *, licence: bool = False) -> list[Message]:
    """Where boundaries, people and places come from, with year (and licence), and what the settings name besides."""
    people, base, day = coverage.population.source, coverage.population.base, coverage.settings.register_day
    register = _cite(coverage.register.source, licence=licence)
    cited = _cite(people, licence=licence) if people.name else msg("said.source_nothing")
    lines = [
        msg("said.source_boundaries", name=_cite(coverage.boundaries.source, licence=licence)),
        msg("said.source_population", name=cited),
        *([] if base is None else [msg("said.source_estimate", name=_cite(base, licence=licence))]),
        msg("said.source_register_of" if day else "said.source_register", name=register, day=day),
        *(msg("said.plain", text=text) for text in coverage.settings.sources),
    ]
    return [*lines, msg("said.source_example")] if coverage.example else lines


def _cite(source: Source, *, licence: bool) -> Message:
    known = _shipped().get(source.sha256)
    text = known or source.origin or source.name
    facts = [fact for fact in ("" if known else source.vintage, source.licence if licence else "") if fact]
    return msg("said.cite" if facts else "said.plain", text=text, vintage="; ".join(facts))


@cache
def _shipped() -> dict[str, Message]:
    """What the files that come along rest on, by their checksum."""
    files = {"boundaries": shipped.BOUNDARIES, "people": shipped.POPULATION}
    return {source_of(path).sha256: msg(f"said.shipped_{name}") for name, path in files.items()}


def method(settings: Settings, group: str | None = None) -> list[Message]:
    """Reach (of one group, or of all), filters, where people are taken to live, and from when an area is reached."""
    return [
        *(reach_notes(settings) if group is None else [reach_note(settings, group)]),
        counted_note(settings),
        msg(f"said.model_{'point' if settings.roads else settings.population_model}"),
        msg("said.threshold", share=settings.threshold),
    ]


def page_notes(
    coverage: Coverage, group: str | None = None, *, distances: bool = False
) -> list[tuple[Message, list[Message]]]:
    """What every map and report owes its reader, headed: sources, method, projection, remarks with the date.

    `group` None is for a page on all groups; `distances` explains the star at distances.
    """
    settings, every = coverage.settings, group is None
    star = [distance_note(settings)] if distances else []
    certainty = _page_remarks(coverage) if group is None else certainty_notes(coverage, group)
    return [
        (msg("said.head_sources"), sources(coverage, licence=every)),
        (msg("said.head_method"), [*method(settings, group), *star]),
        (msg("said.head_projection"), [projection(coverage.boundaries.crs_m)]),
        (
            msg("said.head_remarks"),
            [msg("said.indicative"), *general_notes(coverage), *certainty, edition(settings)],
        ),
    ]


def _page_remarks(coverage: Coverage) -> list[Message]:
    """`run_notes` but, where no disguised LKS is shown, the one on how these make LKS be called."""
    disguised = any(coverage.totals[group.key].disguised for group in coverage.groups if group.key in coverage.totals)
    return [note for note in run_notes(coverage) if disguised or note.key != "register.note_running_ids"]


def dates(settings: Settings) -> Message:
    """From when the register is, and the day this was made, which are never the same thing."""
    key = "said.dates" if settings.register_day else "said.dates_unknown"
    return msg(key, day=settings.register_day, made=settings.day)


def data_year(settings: Settings) -> str:
    """The year of the register; the year this is made where its date is not known."""
    return str((settings.register_day or settings.day).year)


def edition(settings: Settings) -> Message:
    """The edition of a page, the day it was made, and whose it is."""
    return msg("said.edition", year=str(settings.day.year), day=settings.day, agency=settings.agency)


def projection(crs_m: str) -> Message:
    """Projection and datum in words."""
    code = crs_m.removeprefix("EPSG:")
    if code.startswith(("326", "327")) and len(code) == 5:
        return msg("said.utm", zone=code[3:] + ("S" if code[2] == "7" else "U"), epsg=code)
    return msg("said.projected", crs=crs_m)


def agency_of(settings: Settings, boundaries: Boundaries) -> str:
    """The agency to print: that of the settings; elsewhere than in Sulawesi Barat, unless one is set, the province.

    Only the name of the province is sure; what its agency is called, its settings say (`instansi`).
    """
    provinces = boundaries.names("provinsi")["nama"]
    if settings.agency != Settings().agency or list(provinces.index) == [HOME_PROVINCE]:
        return settings.agency
    if len(provinces) > 3:
        return "Indonesia"
    return ", ".join(f"Provinsi {name.removeprefix('Provinsi ')}" for name in provinces)


def known_part(known: int, desa: int) -> Message:
    """ " (30 dari 648 desa)", with the blank before it: follows a number of people or a share that rests on the known
    desa of an area. Nothing where all are known, or none (then there is no such number)."""
    return msg("said.known_part", known=known, desa=desa) if 0 < known < desa else msg("said.nothing")


def share_part(totals: AreaTotals) -> Message:
    """What a share of a group rests on, to follow the name of the group or the share: `known_part`, or " (luas)" where
    it is one of the area because the people are not known."""
    of_area = totals.by_area and totals.share is not None
    return msg("said.of_area") if of_area else known_part(totals.desa_known, totals.desa)


def named_share(coverage: Coverage, group: str) -> str:
    """The name of a group with `share_part`, over a column or beside a line of its shares."""
    texts = Texts(coverage.settings.lang)
    return coverage.settings.group(group).name(texts.lang) + texts(share_part(area_totals(coverage, group)))


def row_known_part(row: pd.Series[Any]) -> Message:
    """`known_part` of a row of the coverage table."""
    known, desa = row["desa_diketahui"], row["jumlah_desa"]
    return msg("said.nothing") if pd.isna(known) or pd.isna(desa) else known_part(int(known), int(desa))


def reported_part(totals: AreaTotals) -> Message | None:
    """ "4 dari 6 kabupaten ada dalam register (tanpa Majene, Mamasa)"; None where all are."""
    if not totals.unreported:
        return None
    return msg("said.reported_part", n=totals.reported, total=totals.kabupaten, names=listed(totals.unreported))


def view_reported_part(coverage: Coverage) -> Message | None:
    """`reported_part` of all that is shown."""
    return reported_part(area_totals(coverage, coverage.groups[0].key)) if coverage.unreported else None


def disguise_note(coverage: Coverage, group: str, kabupaten: str | None = None) -> Message | None:
    """ "3 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)": wherever figures of desa of such a group
    stand; None where none is disguised."""
    if kabupaten is None:
        number = coverage.totals[group].disguised if group in coverage.totals else 0
    else:
        number = int(rows_shown(coverage, "kabupaten", group, kabupaten)["lks_disamarkan"].sum())
    return msg("said.disguised", n=number) if number else None


def register_part(coverage: Coverage, group: str = TOTAL) -> Message:
    """ "Dari 169 LKS dalam register, 130 dihitung": of the kabupaten and groups shown."""
    total = coverage.totals[group]
    return msg("said.register_part", used=total.used, n=total.counted)


def places_part(total: PlaceTotals) -> Message:
    """Where the counted places are, so that they add up."""
    return msg(
        "said.places_part", n=total.counted, inside=total.in_areas, pointless=total.tanpa_titik,
        outside=total.luar_wilayah,
    )  # fmt: skip


def disguise_notes(coverage: Coverage, kabupaten: str | None = None) -> tuple[Message, ...]:
    """`disguise_note` of every group that has one, led by its name."""
    notes = [(group, disguise_note(coverage, group.key, kabupaten)) for group in coverage.groups]
    lang = coverage.settings.lang
    return tuple(msg("said.placed", place=group.name(lang), finding=note) for group, note in notes if note is not None)


def view_notes(coverage: Coverage, kabupaten: str | None = None) -> tuple[Message, ...]:
    """What must stand beside any table of desa in view: kabupaten that are not reported, groups with disguised LKS."""
    reported = view_reported_part(coverage)
    return (*([reported] if reported else []), *disguise_notes(coverage, kabupaten))
