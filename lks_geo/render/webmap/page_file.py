"""The page around the data: our own templates, filled; and the same as a folium map without any default asset.

Everything is inlined: Leaflet from the installed XStatic package, our style sheets and our scripts. The scripts under
`templates/js` are ES modules for the reader and the linter; here they are joined in `SCRIPTS` order inside one
function, without their import and export words, so that no build step is needed.

A content security policy lets only these very scripts and styles run and nothing be fetched, except pictures of the
online base map when its switch is on. Ids are fixed, so the same input gives the same bytes. Data never passes through
a template that would evaluate it (branca compiles the text of an `Element`, so the folium map gives out finished text).
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from lks_geo.catalogue import MAPPED
from lks_geo.files import whole_file
from lks_geo.measure import AtReach
from lks_geo.render import style
from lks_geo.render.webmap.page_data import blocks, write_json
from lks_geo.render.webmap.page_frame import TILES, Variants, words
from lks_geo.tables import UNREPORTED, Coverage

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from lks_geo.siting.planning import Plan

TEMPLATES = Path(__file__).resolve().parent / "templates"
SCRIPTS = (
    "columns", "data", "words", "state", "model", "difference", "classes", "rings", "dom", "layout", "symbols",
    "projection",
    "painter_svg", "painter_canvas", "spans", "labels", "setting", "discs", "places", "phrases", "plan", "legend",
    "insets", "pointer", "mapview", "finding", "profile", "ranking", "cards", "search", "controls", "share", "csv",
    "basemap", "printing", "main",
)  # fmt: skip
STYLES = ("base", "layout", "map", "overlay", "panel", "narrow", "print")
_IMPORT = re.compile(r"^import\s[^;]*;\n", re.MULTILINE)  # "import { el } from './dom.js';"
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)  # "export function el("
_ASIDE = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n|^[ \t]+", re.MULTILINE | re.DOTALL)
"""What only the reader of the sources needs: "/** Comments on lines of their own. */", and the indent of a line."""


def write_map(
    path: Path,
    variants: Mapping[tuple[bool, bool], Coverage],
    *,
    overwrite: bool,
    group: str | None = None,
    gains: Mapping[tuple[bool, bool], pd.DataFrame] | None = None,
    reaches: Mapping[tuple[bool, bool], Mapping[float, AtReach]] | None = None,
) -> None:
    """Writes the interactive map.

    The key of a variant is (active only, accredited only); the page starts with the one its settings name and can
    switch between those given. All must cover the same areas. `group` is the one that the page opens with (default: the
    elderly, else the first). `gains`: per variant the people whom one more LKS in each desa would reach.
    `reaches`: per variant and reach (km) what depends on it; without them the page has no switch of the reach.
    """
    _write(path, Variants.from_coverages(variants, group, gains, reaches), overwrite=overwrite)


def write_plan_map(path: Path, plan: Plan, *, overwrite: bool) -> None:
    """Writes a plan as the interactive map, with a switch between today and the plan."""
    _write(path, Variants.of_plan(plan), overwrite=overwrite)


def _write(path: Path, variants: Variants, *, overwrite: bool) -> None:
    text = page(variants)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def page(variants: Variants) -> str:
    """The whole page as text."""
    lang, style_sheets, scripts = variants.start.settings.lang, styles(), script()
    made = {
        "LANG": lang,
        "POLICY": policy(scripts, style_sheets),
        "STYLE": style_sheets,
        "SCRIPT": scripts,
        "DATA": "\n".join(_island(name, write_json(block)) for name, block in blocks(variants).items()),
    }
    said = {name: html.escape(word) for name, word in words(lang).items() if isinstance(word, str)}
    template = Template((TEMPLATES / "page.html").read_text(encoding="utf-8"))
    return template.substitute(said | made | {f"ICON_{name}": _icon(path) for name, path in _ICONS.items()})


def _island(name: str, block: str) -> str:
    """A block of data in the page, which no browser runs."""
    return f'<script type="application/json" id="data-{name}">{block}</script>'


def _icon(path: str) -> str:
    return f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{path}"/></svg>\n'


_ICONS = {
    "FOLD": "M3 5h14M3 10h14M3 15h14",
    "SEARCH": "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM12.6 12.6L17 17",
    "COPY": "M8 12l4-4M9 5.5l1.5-1.5a3.5 3.5 0 0 1 5 5L14 10.5M11 14.5L9.5 16a3.5 3.5 0 0 1-5-5L6 9.5",
    "PNG": "M3 6h3l1.5-2h5L14 6h3v10H3zM10 8.2a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8z",
    "CSV": "M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16h12",
    "PRINT": "M6 7V3h8v4M6 14H4V8h12v6h-2M6 12h8v5H6z",
    "WHOLE": "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
}
"""The pictures of the buttons, as paths of SVG on a square of 20."""


def chart(variants: Variants) -> folium.Map:
    """The page as a folium map, which shows itself in a notebook. Folium costs a fifth of a second: `page` is without.

    What is added to the map is not shown: the page draws its own layers, and lets no other script run.
    """
    import folium
    from branca.element import Figure

    text = page(variants)

    class Finished(Figure):
        def render(self, **_kwargs: object) -> str:
            return text

    offline = folium.Map(tiles=None)
    Finished().add_child(offline)
    return offline


def policy(scripts: str, style_sheets: str) -> str:
    """The content security policy of the page: only these scripts and styles, and pictures of the base map."""
    rules = (
        "default-src 'none'",
        f"script-src '{digest(scripts)}'",
        f"style-src '{digest(style_sheets)}'",
        f"img-src data: blob: {TILES['host']}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def styles() -> str:
    """All style sheets: Leaflet's, the colours of the shared style, ours."""
    leaflet = re.sub(r"url\(images/[^)]*\)", "none", _leaflet("leaflet.css"))  # "url(images/layers.png)"
    sheets = [(TEMPLATES / "css" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES]
    return _ASIDE.sub("", "\n".join([leaflet, _colours(), *sheets]))


def script() -> str:
    """Leaflet and our modules, joined."""
    return f"{_leaflet('leaflet.js')}\n{joined(SCRIPTS)}"


def joined(names: Sequence[str]) -> str:
    """Our modules of these names as one function."""
    parts = []
    for name in names:
        module = (TEMPLATES / "js" / f"{name}.js").read_text(encoding="utf-8")
        parts.append(_ASIDE.sub("", _EXPORT.sub("", _IMPORT.sub("", module))).strip())
    modules = "\n".join(parts)
    return f"(function () {{\n'use strict';\n{modules}\n}})();"


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    text = (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE).strip()  # its last line


_VARIABLES = (
    "INK", "INK_SOFT", "INK_FAINT", "RULE", "CONTROL", "ACCENT", "ACCENT_WASH", "FOCUS", "SEA", "LAND", "COAST",
    "SEA_LABEL", "LAND_LABEL", "SELECTED",
)  # fmt: skip


def _colours() -> str:
    """The colours of the shared style as CSS variables, and one rule per class of each measure."""
    variables = [f"--{name.lower().replace('_', '-')}:{getattr(style, name)}" for name in _VARIABLES]
    named = {"gap": "belum_terlayani", "partly": "terjangkau_sebagian", "met": "terjangkau"}
    variables += [f"--{name}:{style.STATUS_COLOURS[status]}" for name, status in named.items()]
    variables += [f"--hatch-line:{style.HATCH}", f"--dots-paper:{style.STATUS_COLOURS[UNREPORTED]}"]
    rules = [
        f":root{{{';'.join(variables)}}}",
        f".{style.NO_DATA}{{fill:var(--hatch,url(#hatch));background:var(--no-data)}}",
        f".{UNREPORTED}{{fill:var(--dots,url(#dots));background:var(--unreported)}}",
        f".fills :is(.{style.NO_DATA},.{UNREPORTED}){{fill:transparent}}",
    ]
    for measure in MAPPED:
        classes = [kind for kind in style.measure_classes(measure, (1.0, 2.0, 3.0, 4.0)) if kind.key != UNREPORTED]
        rules += [f".{measure}-{kind.key}{{fill:{kind.colour};background-color:{kind.colour}}}" for kind in classes]
    rules += [
        f".beda-{key}{{fill:{shade};background-color:{shade}}}" for key, shade in style.DIFFERENCE_COLOURS.items()
    ]
    return "\n".join(rules)
