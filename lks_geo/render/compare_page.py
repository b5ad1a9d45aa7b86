"""A comparison as one HTML page: the difference map, both registers side by side, what changed and by which cause.

One file that fetches nothing: data travels as JSON and is put in place as text, a security policy lets only this script
and style run. Areas are desa, or kecamatan where numbers of single desa could tell which LKS was left unnamed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
import shapely

from lks_geo.comparing.changes import Comparison
from lks_geo.comparing.gains import CAUSES
from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.borders import drawing, drawn_neighbours, far_islands
from lks_geo.render.compare_table import changes_frame, marks_of, told
from lks_geo.render.frames import plain
from lks_geo.render.webmap.map_ground import TOLERANCE_M, drawn_areas
from lks_geo.render.webmap.page_data import write_json
from lks_geo.render.webmap.page_file import TEMPLATES, digest, joined
from lks_geo.said.areas import place_name
from lks_geo.said.headlines import sentence
from lks_geo.said.what_changed import area_changes, gains_shown, headline, people_sentence
from lks_geo.tables import STATUSES

_PAGE_WORDS = (
    "difference", "side_by_side", "view", "group", "reached", "by_cause", "most_changed", "what_changed", "all_kinds",
    "kind_filter", "notes", "zoom_in", "zoom_out", "zoom_all", "hint",
)  # fmt: skip
_MOST = 60
"""Areas beyond this are on the map only."""


def write_comparison_page(path: Path, comparison: Comparison, *, overwrite: bool = False) -> None:
    """Writes the page."""
    html = page(comparison)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(html.encode("utf-8"))


def page(comparison: Comparison) -> str:
    """The comparison as one HTML page: difference map, both registers side by side, what changed."""
    names = ("ACCENT", "ACCENT_WASH", "CONTROL", "FOCUS", "INK", "INK_SOFT", "LAND", "RULE", "SEA")
    colours = ";".join(f"--{name.lower().replace('_', '-')}:{getattr(style, name)}" for name in names)
    sheet = f":root{{{colours}}}\n" + (TEMPLATES / "css" / "compare.css").read_text(encoding="utf-8")
    script, content = joined(("dom", "compare")), _page_content(comparison)
    rules = ("default-src 'none'", f"script-src '{digest(script)}'", f"style-src '{digest(sheet)}'")
    loader = jinja2.FileSystemLoader(TEMPLATES)
    shell = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return shell.get_template("compare.html").render(
        lang=comparison.settings.lang, title=content["title"], style=sheet, script=script,
        policy="; ".join((*rules, "base-uri 'none'", "form-action 'none'")), content=write_json(content),
    )  # fmt: skip


def _page_content(comparison: Comparison) -> dict[str, Any]:
    """What the page shows. Areas are desa, or kecamatan where single desa could tell which LKS was left unnamed."""
    new, settings = comparison.new, comparison.settings
    texts, level = Texts(settings.lang), "kecamatan" if comparison.unnamed else "desa"
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
    lines = told(comparison)[len(marks_of(comparison)) :]
    first = 1 + len(new.groups)
    return {
        "lang": settings.lang,
        "title": settings.title or texts("comparing.page_title", place=place_name(new)),
        "stamps": [texts(mark) for mark in marks_of(comparison)],
        "texts": words,
        "levelName": texts("comparing.page_level", n=len(codes), level=texts(f"style.level_{level}")),
        "box": [
            float(value)
            for value in (west - margin, south - margin, east - west + 2 * margin, north - south + 2 * margin)
        ],
        "areas": [
            {
                "name": row.nama,
                "where": _where(row, level),
                "d": _path(shape),
                "middle": shapely.get_coordinates(shapely.point_on_surface(shape))[0].round().tolist(),
            }
            for row, shape in zip(areas.names.itertuples(), shapes, strict=True)
        ],
        "land": _land(areas.grid.shapes(drawn_neighbours(new.boundaries).to_numpy()), (west, south, east, north)),
        "outline": "".join(
            map(_path, areas.grid.shapes(drawing(new.boundaries, "kabupaten", TOLERANCE_M).geometry.to_numpy()))
        ),
        "kinds": {
            "change": [
                {"label": texts(f"comparing.change_{key}"), "colour": colour}
                for key, colour in style.CHANGE_COLOURS.items()
            ],
            "before": (
                statuses := [
                    {"label": texts(f"style.status_{key}"), "colour": style.STATUS_COLOURS[key]} for key in STATUSES
                ]
            ),
            "now": statuses,
        },
        "groups": [_page_group(comparison, group.key, gains, codes, texts) for group in new.groups],
        "counts": lines[0],
        "changes": _page_changes(comparison, texts),
        "notes": lines[first:],
    }


def _where(row: Any, level: str) -> str:
    return f"{row.kecamatan}, {row.kabupaten}" if level == "desa" else str(row.kabupaten)


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
    causes = gains_shown(comparison, "kabupaten")
    causes = causes[causes["kelompok"] == group]
    names = ("bertambah", "berkurang", *CAUSES)
    statuses = {key: at for at, key in enumerate(STATUSES)}
    return {
        "name": comparison.settings.group(group).name(texts.lang),
        "headline": sentence(texts, headline(comparison, group)),
        "people": sentence(texts, people) if people is not None else "",
        "unit": texts("comparing.unit_km2" if rows["satuan"].eq("km2").any() else "comparing.unit_people"),
        "change": [places[key] for key in change],
        "before": [statuses.get(key, -1) for key in plain(rows["status_lama"])],
        "now": [statuses.get(key, -1) for key in plain(rows["status_baru"])],
        "numbers": [
            [None if np.isnan(value) else round(value, 1) for value in pair] for pair in numbers.to_numpy(float)
        ],
        "most": most.sort_values(ascending=False, kind="stable").head(_MOST).index.tolist(),
        "causes": {
            "heads": [texts("comparing.column_kabupaten"), *(texts(f"comparing.column_{name}") for name in names)],
            "rows": [
                [row["nama"], *(texts.number(round(row[name]) + 0) if pd.notna(row[name]) else "–" for name in names)]
                for row in causes.to_dict("records")
            ],
        },
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
