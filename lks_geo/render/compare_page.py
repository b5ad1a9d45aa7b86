"""A comparison with maps, or over the years with lines: one HTML page, or slides for a meeting.

The page: the difference, both registers side by side, what changed and by which cause. One file that fetches nothing:
data travels as JSON and is put in place as text, a security policy lets only this script and style run. Slides: one per
group with its difference map and the table of causes, and what to know. Areas are desa, or kecamatan where numbers of
single desa could tell which LKS was left unnamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
import shapely

from lks_geo.comparing.changes import Comparison
from lks_geo.comparing.gains import CAUSES, most_changed
from lks_geo.files import whole_file
from lks_geo.messages import Texts, msg
from lks_geo.render import style
from lks_geo.render.borders import PAGE_M, drawing, drawn_neighbours, far_islands
from lks_geo.render.compare_table import changes_frame, marks_of, told, told_of_years
from lks_geo.render.figure.topic import Topic
from lks_geo.render.frames import plain
from lks_geo.render.slides.charts import add_legend, add_lines
from lks_geo.render.slides.deck import Deck
from lks_geo.render.slides.layouts import Area, change_areas
from lks_geo.render.slides.parts import add_table, add_text
from lks_geo.render.webmap.map_ground import drawn_areas
from lks_geo.render.webmap.page_data import write_json
from lks_geo.render.webmap.page_file import TEMPLATES, digest, joined
from lks_geo.said.areas import area_changes, place_name
from lks_geo.said.headlines import sentence
from lks_geo.said.small_tables import Column, SmallTable
from lks_geo.said.what_changed import (
    Years,
    compared_files,
    gains_shown,
    headline,
    highest_share,
    in_view,
    line_names,
    people_sentence,
    step_numbers,
    year_numbers,
    year_table,
)
from lks_geo.tables import STATUSES, Coverage

_PAGE_WORDS = (
    "difference", "side_by_side", "view", "group", "reached", "by_cause", "most_changed", "what_changed", "all_kinds",
    "kind_filter", "notes", "zoom_in", "zoom_out", "zoom_all", "hint",
)  # fmt: skip
_MOST = 60
"""Areas beyond this are on the map only."""


def write_comparison_page(path: Path, comparison: Comparison, *, overwrite: bool = False) -> None:
    """Writes the page."""
    _write(path, page(comparison).encode("utf-8"), overwrite)


def write_comparison_slides(path: Path, comparison: Comparison, *, overwrite: bool = False) -> None:
    """Writes the slides."""
    new, first = comparison.new, most_changed(gains_shown(comparison, _level(comparison)))
    deck = _deck((comparison.old, in_view(comparison, new)))
    for group in sorted(new.groups, key=lambda group: group.key != first):
        _group_slide(deck, comparison, group.key)
    texts = deck.texts
    lines = told(comparison, meeting=True)[len(marks_of(comparison.old, comparison.new)) :]
    slide, body = deck.slide("notes", texts("comparing.page_notes"), lines[0])
    add_text(slide, body, lines[1 + len(new.groups) :], (16, 15, 14, 13, 12, 11, 10), name="text")
    _write(path, deck.data(), overwrite)


def write_years_page(path: Path, years: Years, *, overwrite: bool = False) -> None:
    """Writes the line over the years as a page of tables."""
    last = years.steps[-1]
    texts, groups = Texts(last.settings.lang), len(last.new.groups)
    sheet = _style_sheet("years")
    lines = told_of_years(years, meeting=True)
    html = _shell("years.html").render(
        lang=texts.lang, title=last.settings.title or texts("comparing.years_title", place=place_name(last.new)),
        style=sheet, policy=_policy(style=sheet), stamps=[texts(mark) for mark in marks_of(*years.coverages)],
        lines=lines[:groups], notes=lines[groups:], caption=texts("comparing.years_whole"), table=year_numbers(years),
        steps_title=texts("comparing.years_steps"), steps=step_numbers(years),
        notes_title=texts("comparing.page_notes"),
    )  # fmt: skip
    _write(path, html.encode("utf-8"), overwrite)


def write_years_slides(path: Path, years: Years, *, overwrite: bool = False) -> None:
    """Writes the line over the years as slides: the shares as a native chart, the numbers, the steps, the notes."""
    deck, groups = _deck(years.coverages), len(years.steps[-1].new.groups)
    texts, lines = deck.texts, told_of_years(years, meeting=True)
    title = texts("comparing.years_title", place=place_name(deck.coverage))
    slide, body = deck.slide("wide", title, lines[0] if groups == 1 else "")
    rows = year_table(years)
    shares = rows[rows["level"] == "semua"].groupby("kelompok")["cakupan"].apply(plain)
    series = {name: shares[key] for key, name in line_names(years).items()}
    words = {"title": texts("comparing.years_chart"), "alt": " ".join(lines[:groups])}
    add_lines(slide, body, years.names, series, **words, highest=highest_share(rows))
    for group, line in zip(deck.coverage.groups, lines, strict=False):
        slide, body = deck.slide("tables", line, group=group.key)
        upper, lower = body.rows(0.5, 0.5, gap=0.3)
        for area, table in ((upper, year_numbers(years, group.key)), (lower, step_numbers(years, group.key))):
            add_table(slide, area, table, line, tallest=0.45)
    slide, body = deck.slide("notes", texts("comparing.page_notes"), "")
    add_text(slide, body, lines[groups:], (16, 15, 14, 13, 12, 11, 10, 9), name="text")
    _write(path, deck.data(), overwrite)


def _write(path: Path, content: bytes, overwrite: bool) -> None:
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(content)


def _deck(coverages: Sequence[Coverage]) -> Deck:
    """A new deck about the last of the coverages; DATA CONTOH if any is invented."""
    last = coverages[-1]
    source = replace(last.register.source, example=any(coverage.example for coverage in coverages))
    return Deck.open(replace(last, register=replace(last.register, source=source)), None)


def _group_slide(deck: Deck, comparison: Comparison, group: str) -> None:
    """The headline of a group, its difference map with legend, gains and losses per kabupaten and cause."""
    texts, people = deck.texts, people_sentence(comparison, group)
    finding = headline(comparison, group)
    slide, body = deck.slide(
        "change", sentence(texts, finding),
        f"{compared_files(comparison)}. {sentence(texts, people) if people else ''}".strip(), group=group,
    )  # fmt: skip
    frame, legend, right = change_areas(body)
    topic = _ChangeTopic(coverage=deck.coverage, group=group, level=_level(comparison), comparison=comparison)
    deck.map(slide, frame, topic, alt=msg("comparing.alt_map", finding=finding), ranks=0)
    add_legend(slide, legend, topic)
    heads, rows = _causes_table(comparison, group, texts)
    share = 0.7 / (len(heads) - 1)
    columns = tuple(Column(head, share if at else 0.3, bool(at)) for at, head in enumerate(heads))
    table = SmallTable(columns, tuple(map(tuple, rows)))
    high = add_table(slide, right, table, texts("comparing.page_by_cause"), tallest=0.5)
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    unit = "unit_km2" if _in_km2(comparison, group) else "unit_people"
    words = texts("comparing.causes_caption", unit=texts(f"comparing.{unit}"))
    add_text(slide, below, [words, sentence(texts, msg("comparing.causes"))], (14, 13, 12, 11, 10), name="text")


@dataclass(frozen=True, kw_only=True)
class _ChangeTopic(Topic):
    """A map of what became of each area."""

    comparison: Comparison

    @cached_property
    def class_of(self) -> pd.Series[str]:
        rows = self.comparison.gains
        rows = rows[(rows["level"] == self.level) & (rows["kelompok"] == self.group)].set_index("kode")
        return area_changes(rows.reindex(self.names.index)).replace({"unknown": style.NO_DATA})

    @cached_property
    def classes(self) -> tuple[style.MapClass, ...]:
        kinds = [
            style.MapClass(key=key, colour=colour, label=msg(f"comparing.change_{key}"))
            for key, colour in style.CHANGE_COLOURS.items()
            if key != "unknown"
        ]
        unknown = style.MapClass(key=style.NO_DATA, colour=style.NO_DATA_COLOUR, label=msg("comparing.change_unknown"))
        return (*kinds, unknown)


def _level(comparison: Comparison) -> str:
    return "kecamatan" if comparison.unnamed else "desa"


def _in_km2(comparison: Comparison, group: str) -> bool:
    rows = comparison.gains
    return bool(rows.loc[rows["kelompok"] == group, "satuan"].eq("km2").any())


def _causes_table(comparison: Comparison, group: str, texts: Texts) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: what each kabupaten gained and lost, in all and by cause."""
    names = ("bertambah", "berkurang", *CAUSES)
    rows = gains_shown(comparison, "kabupaten")
    rows = rows[rows["kelompok"] == group]
    heads = [texts("comparing.column_kabupaten"), *(texts(f"comparing.column_{name}") for name in names)]
    cells = [
        [row["nama"], *(texts.number(round(row[name]) + 0) if pd.notna(row[name]) else "–" for name in names)]
        for row in rows.to_dict("records")
    ]
    return heads, cells


def page(comparison: Comparison) -> str:
    """The comparison as one HTML page: difference map, both registers side by side, what changed."""
    sheet, script, content = _style_sheet("compare"), joined(("dom", "compare")), _page_content(comparison)
    return _shell("compare.html").render(
        lang=comparison.settings.lang, title=content["title"], style=sheet, script=script,
        policy=_policy(script=script, style=sheet), content=write_json(content),
    )  # fmt: skip


def _style_sheet(name: str) -> str:
    """A style sheet with the colours that all outputs share."""
    names = ("ACCENT", "ACCENT_WASH", "CONTROL", "FOCUS", "INK", "INK_SOFT", "LAND", "RULE", "SEA")
    colours = ";".join(f"--{name.lower().replace('_', '-')}:{getattr(style, name)}" for name in names)
    return f":root{{{colours}}}\n" + (TEMPLATES / "css" / f"{name}.css").read_text(encoding="utf-8")


def _policy(**allowed: str) -> str:
    """The security policy of a page: only these texts (script, style) run, and nothing is fetched."""
    rules = (f"{kind}-src '{digest(text)}'" for kind, text in allowed.items())
    return "; ".join(("default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"))


def _shell(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(name)


def _page_content(comparison: Comparison) -> dict[str, Any]:
    """What the page shows. Areas are desa, or kecamatan where single desa could tell which LKS was left unnamed."""
    new, settings = comparison.new, comparison.settings
    texts, level = Texts(settings.lang), _level(comparison)
    gains = gains_shown(comparison, level)
    inside = new.boundaries.names(level)
    if settings.kabupaten:
        inside = inside[inside["kode_kabupaten"].isin(settings.kabupaten)]
    codes = [str(code) for code in inside.index]
    areas = drawn_areas(new.boundaries, level, codes)
    shapes = areas.grid.shapes(areas.frame.geometry.to_numpy())
    far = far_islands(new.boundaries, level, areas.frame.index) > 0
    west, south, east, north = shapely.total_bounds(shapes[~far])
    margin = 0.04 * max(east - west, north - south)
    words = {name: texts(f"comparing.page_{name}") for name in _PAGE_WORDS}
    words |= {
        name: texts(f"comparing.page_{name}", name=coverage.register.source.name)
        for name, coverage in (("before", comparison.old), ("now", new))
    }
    words["hint"] += f" {texts('comparing.page_far')}" if far.any() else ""
    lines = told(comparison, meeting=True)[len(marks_of(comparison.old, comparison.new)) :]
    first = 1 + len(new.groups)
    statuses = [{"label": texts(f"style.status_{key}"), "colour": style.STATUS_COLOURS[key]} for key in STATUSES]
    return {
        "lang": settings.lang,
        "title": settings.title or texts("comparing.page_title", place=place_name(new)),
        "compared": compared_files(comparison),
        "stamps": [texts(mark) for mark in marks_of(comparison.old, comparison.new)],
        "texts": words,
        "levelName": texts("comparing.page_level", n=len(codes), level=texts(f"style.level_{level}")),
        "box": [
            float(value)
            for value in (west - margin, south - margin, east - west + 2 * margin, north - south + 2 * margin)
        ],
        "areas": [
            {
                "name": row.nama,
                "where": f"{row.kecamatan}, {row.kabupaten}" if level == "desa" else str(row.kabupaten),
                "d": _path(shape),
                "middle": shapely.get_coordinates(shapely.point_on_surface(shape))[0].round().tolist(),
            }
            for row, shape in zip(areas.names.itertuples(), shapes, strict=True)
        ],
        "land": _land(areas.grid.shapes(drawn_neighbours(new.boundaries).to_numpy()), (west, south, east, north)),
        "outline": "".join(
            map(_path, areas.grid.shapes(drawing(new.boundaries, "kabupaten", PAGE_M).geometry.to_numpy()))
        ),
        "kinds": {
            "change": [
                {"label": texts(f"comparing.change_{key}"), "colour": colour}
                for key, colour in style.CHANGE_COLOURS.items()
            ],
            "before": statuses,
            "now": statuses,
        },
        "start": [group.key for group in new.groups].index(most_changed(gains)),
        "groups": [_page_group(comparison, group.key, gains, codes, texts) for group in new.groups],
        "counts": lines[0],
        "changes": _page_changes(comparison, texts),
        "notes": lines[first:],
    }


def _land(shapes: Any, box: tuple[float, float, float, float]) -> str:
    """The land around, within a frame wide enough for every zoom."""
    west, south, east, north = box
    wide = max(east - west, north - south)
    return "".join(map(_path, shapely.clip_by_rect(shapes, west - wide, south - wide, east + wide, north + wide)))


def _path(shape: shapely.Geometry) -> str:
    """A shape of whole numbers as an SVG path of steps: "M10 20l5 0 0 5z"."""
    parts = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = shapely.get_coordinates(ring).astype(int)
        if len(points) > 3:
            steps = " ".join(f"{x} {y}" for x, y in np.diff(points[:-1], axis=0).tolist())
            parts.append(f"M{points[0, 0]} {points[0, 1]}l{steps}z")
    return "".join(parts)


def _page_group(
    comparison: Comparison, group: str, gains: pd.DataFrame, codes: list[str], texts: Texts
) -> dict[str, Any]:
    """What the page shows of one group: classes as positions (-1: none), people or km2 before and now."""
    rows = gains[gains["kelompok"] == group].set_index("kode").reindex(codes)
    change = area_changes(rows)
    places = {key: at for at, key in enumerate(style.CHANGE_COLOURS)}
    people = people_sentence(comparison, group)
    numbers = rows[["terjangkau_lama", "terjangkau_baru"]]
    most = (rows["bertambah"] + rows["berkurang"]).reset_index(drop=True)[
        ~change.isin(["same", "unknown"]).to_numpy(dtype=bool)
    ]
    heads, causes = _causes_table(comparison, group, texts)
    statuses = {key: at for at, key in enumerate(STATUSES)}
    return {
        "name": comparison.settings.group(group).name(texts.lang),
        "headline": sentence(texts, headline(comparison, group)),
        "people": sentence(texts, people) if people is not None else "",
        "unit": texts("comparing.unit_km2" if _in_km2(comparison, group) else "comparing.unit_people"),
        "change": [places[key] for key in change],
        "before": [statuses.get(key, -1) for key in plain(rows["status_lama"])],
        "now": [statuses.get(key, -1) for key in plain(rows["status_baru"])],
        "numbers": [
            [None if np.isnan(value) else round(value, 1) for value in pair] for pair in numbers.to_numpy(float)
        ],
        "most": most.sort_values(ascending=False, kind="stable").head(_MOST).index.tolist(),
        "causes": {"heads": heads, "rows": causes},
    }


def _page_changes(comparison: Comparison, texts: Texts) -> list[dict[str, Any]]:
    """The LKS that changed, in the order of the table; of doubtful ones both candidates."""
    frame = changes_frame(comparison)
    rows = frame[frame["kelas"] != "tetap"].astype(object).where(lambda table: table.notna(), None).to_dict("records")
    return [
        {
            "kinds": [texts(f"comparing.class_{kind}") for kind in row["kelas"].split("; ")],
            "name": " → ".join(dict.fromkeys(filter(None, (row["nama_lama"], row["nama_baru"]))))
            or texts("comparing.unnamed_lks"),
            "where": ", ".join(filter(None, (row["kecamatan"], row["kabupaten"]))),
            "why": row["alasan"] or "",
        }
        for row in rows
    ]
