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
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

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
    html = page(variants)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(html.encode("utf-8"))


def page(variants: Variants) -> str:
    """The whole page as text."""
    content = {name: write_json(block) for name, block in blocks(variants).items()}
    shell = Shell(lang=variants.start.settings.lang, style=styles(), script=script(), content=content)
    return _TEMPLATES.get_template("document.html").render(shell=shell)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What the templates fill in."""

    lang: str
    style: str
    script: str
    content: Mapping[str, str]

    @property
    def words(self) -> dict[str, Any]:
        """Catalogue texts for the fixed parts of the page."""
        return words(self.lang)

    @property
    def policy(self) -> str:
        """The content security policy of the page."""
        rules = (
            "default-src 'none'",
            f"script-src '{digest(self.script)}'",
            f"style-src '{digest(self.style)}'",
            f"img-src data: blob: {TILES['host']}",
            "base-uri 'none'",
            "form-action 'none'",
        )
        return "; ".join(rules)


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


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
