"""How QGIS shows the GeoPackage: the styles of its layers, and a project file beside it that opens them all.

The styles have the classes, colours and words of all other maps. The status is a renderer of categories; the other
measures are rules, because the graduated renderer of QGIS leaves areas without a value undrawn. The project names the
GeoPackage by its path beside it, so that both can be moved together; nothing in it is tied to a version after 3.16.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np

from lks_geo.catalogue import MAPPED
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.frames import levels_shown, stamps, table_notes
from lks_geo.said.areas import place_name, rows_of
from lks_geo.tables import KEY_COLUMNS, UNREPORTED, Coverage

PLACES = "lks"
"""The layer of places."""

STYLED = ("status", "cakupan", "jarak_km")
"""The measures that have a style, the one that QGIS draws first in front."""

_BRUSHES = {style.NO_DATA: "b_diagonal", UNREPORTED: "dense6"}

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.16.0"
_ID = "lks_geo_layer_"
"""What the ids of layers begin with: QGIS gives those of ten letters or fewer another one, and loses the layer."""

_PROPERTIES = (("Paths", "Absolute", "bool", "false"), ("SpatialRefSys", "ProjectionsEnabled", "int", "1"))
"""Files are named by where they stand beside the project; the reference system of the project counts."""


def write_project(path: Path, coverage: Coverage, geopackage: str) -> None:
    """Writes a project file of QGIS (.qgs) about the GeoPackage of that name beside it: a folder of layers for each
    group, by status, the finest level of the first group in view, and the places."""
    texts = Texts(coverage.settings.lang)
    marks = map(texts, stamps(coverage.register.source, internal=coverage.settings.internal))
    title = " – ".join([texts("export.project", place=place_name(coverage)), *marks])
    root = Xml.Element("qgis", {"version": _VERSION, "projectname": title})
    Xml.SubElement(root, "title").text = title
    _reference_system(Xml.SubElement(root, "projectCrs"))
    tree, canvas = Xml.SubElement(root, "layer-tree-group"), Xml.SubElement(root, "mapcanvas", {"name": "theMapCanvas"})
    _extent(canvas, coverage)
    layers, properties = Xml.SubElement(root, "projectlayers"), Xml.SubElement(root, "properties")
    titles = column_titles(coverage, texts)
    _layer_of(tree, layers, PLACES, texts("export.layer_places"), "Point", geopackage, place_style(texts), shown=True)
    for group in coverage.groups:
        folder = _folder(tree, group.name(texts.lang), shown=group is coverage.groups[0])
        for level in levels_shown(coverage):
            name = layer_title(coverage, texts, "export.layer_group", level, group.key)
            look = area_style(coverage, STYLED[0], group.key, texts, titles)
            shown = level == levels_shown(coverage)[0]
            _layer_of(folder, layers, f"{level}_{group.key}", name, "Polygon", geopackage, look, shown=shown)
    for scope, key, kind, value in _PROPERTIES:
        Xml.SubElement(Xml.SubElement(properties, scope), key, {"type": kind}).text = value
    about = Xml.SubElement(root, "projectMetadata")
    Xml.SubElement(about, "title").text = title
    Xml.SubElement(about, "abstract").text = " · ".join(table_notes(coverage))
    path.write_text(qml(root) + "\n", encoding="utf-8", newline="\n")


def _folder(tree: Xml.Element, name: str, *, shown: bool) -> Xml.Element:
    facts = {"name": name, "checked": "Qt::Checked" if shown else "Qt::Unchecked", "expanded": str(int(shown))}
    return Xml.SubElement(tree, "layer-tree-group", facts)


def _layer_of(
    tree: Xml.Element, layers: Xml.Element, table: str, name: str, geometry: str, geopackage: str, look: Xml.Element,
    *, shown: bool,
) -> None:  # fmt: skip
    """One layer of the GeoPackage, drawn by the style `look`: its line in the tree, and what it is."""
    source = f"./{geopackage}|layername={table}"
    facts = {"id": _ID + table, "name": name, "source": source, "providerKey": "ogr", "expanded": str(int(shown))}
    Xml.SubElement(tree, "layer-tree-layer", facts | {"checked": "Qt::Checked" if shown else "Qt::Unchecked"})
    layer = Xml.SubElement(layers, "maplayer", {"type": "vector", "geometry": geometry})
    for key, text in (("id", _ID + table), ("datasource", source), ("layername", name)):
        Xml.SubElement(layer, key).text = text
    _reference_system(Xml.SubElement(layer, "srs"))
    Xml.SubElement(layer, "provider", {"encoding": "UTF-8"}).text = "ogr"
    layer.extend(look)


def _reference_system(holder: Xml.Element) -> None:
    """Degrees (EPSG:4326), as the layers are; QGIS reads the name only beside its own number of it."""
    named = Xml.SubElement(holder, "spatialrefsys")
    for key, text in (("srsid", "3452"), ("authid", "EPSG:4326")):
        Xml.SubElement(named, key).text = text


def _extent(canvas: Xml.Element, coverage: Coverage) -> None:
    """What the map shows first: all areas of the coverage, in degrees."""
    level = levels_shown(coverage)[0]
    codes = coverage.table.loc[coverage.table["level"] == level, "kode"].unique()
    edges = coverage.boundaries.level(level).geometry.reindex(codes).total_bounds
    Xml.SubElement(canvas, "units").text = "degrees"
    extent = Xml.SubElement(canvas, "extent")
    for edge, value in zip(
        ("xmin", "ymin", "xmax", "ymax"), np.asarray(edges, dtype=float).round(6).tolist(), strict=True
    ):
        Xml.SubElement(extent, edge).text = repr(value)
    _reference_system(Xml.SubElement(canvas, "destinationsrs"))


def layer_title(coverage: Coverage, texts: Texts, key: str, level: str = "", group: str | None = None) -> str:
    """The title of a layer, unique in the file."""
    name = coverage.settings.group(group).name(texts.lang) if group else ""
    return texts(key, group=name, level=texts(f"style.level_{level}") if level else "")


def column_titles(coverage: Coverage, texts: Texts) -> dict[str, str]:
    """Column of the long table -> its title with the unit."""
    titles = {key: texts(f"workbook.column_{key}") for key in KEY_COLUMNS}
    for measure in coverage.measures:
        unit = measure.unit(texts.lang)
        titles[measure.key] = measure.title(texts.lang) + (
            f" ({unit})" if unit not in measure.title(texts.lang) else ""
        )
    return titles


def qml(root: Xml.Element) -> str:
    """A style or project as the text that QGIS reads."""
    return _DOCTYPE + Xml.tostring(root, encoding="unicode")


def area_style(coverage: Coverage, measure: str, group: str, texts: Texts, titles: Mapping[str, str]) -> Xml.Element:
    """The style of one layer of areas: its classes by `measure`, named in the language of `texts`.

    `titles` (column -> title) go into the style of the status only: the others leave the titles that stand.
    """
    if measure == "status":
        return _document(_categories(texts), titles)
    breaks = style.class_breaks(measure, rows_of(coverage, "kecamatan", group)[measure])
    return _document(_rules(measure, breaks, texts))


def place_style(texts: Texts) -> Xml.Element:
    """The style of the places: one small dark mark."""
    renderer = Xml.Element("renderer-v2", {"type": "singleSymbol"})
    symbol = Xml.SubElement(Xml.SubElement(renderer, "symbols"), "symbol", {"type": "marker", "name": "0"})
    properties = {
        "name": "circle", "color": _rgb(style.INK), "outline_color": "255,255,255,255", "outline_width": "0.3",
        "outline_style": "solid", "size": "2.2", "size_unit": "MM",
    }  # fmt: skip
    _layer(symbol, "SimpleMarker", properties)
    return _document(renderer)


def _document(renderer: Xml.Element, titles: Mapping[str, str] | None = None) -> Xml.Element:
    root = Xml.Element("qgis", {"version": _VERSION, "styleCategories": "Symbology|Fields" if titles else "Symbology"})
    root.append(renderer)
    if titles:
        aliases = Xml.SubElement(root, "aliases")
        for column, title in titles.items():
            Xml.SubElement(aliases, "alias", {"field": column, "name": title})
    return root


def _categories(texts: Texts) -> Xml.Element:
    renderer = Xml.Element("renderer-v2", {"type": "categorizedSymbol", "attr": "status"})
    categories, symbols = Xml.SubElement(renderer, "categories"), Xml.SubElement(renderer, "symbols")
    for place, one in enumerate((*style.status_classes(), style.no_data_class())):
        value = "" if one.key == style.NO_DATA else one.key  # "" catches all other values, NULL among them
        facts = {"symbol": str(place), "value": value, "type": "string", "label": texts(one.label), "render": "true"}
        Xml.SubElement(categories, "category", facts)
        _fill(symbols, str(place), one)
    return renderer


def _rules(measure: str, breaks: tuple[float, ...], texts: Texts) -> Xml.Element:
    renderer = Xml.Element("renderer-v2", {"type": "RuleRenderer"})
    rules, symbols = Xml.SubElement(renderer, "rules", {"key": "rules"}), Xml.SubElement(renderer, "symbols")
    unreported = f"\"status\" = '{UNREPORTED}'"
    reported = f'("status" IS NULL OR "status" <> \'{UNREPORTED}\')'
    conditions = [(one, f"{reported} AND {test}") for one, test in _conditions(measure, breaks)]
    conditions.append((style.no_data_class(), f'{reported} AND "{measure}" IS NULL'))
    conditions.append((style.unreported_class(), unreported))
    for place, (one, condition) in enumerate(conditions):
        facts = {"symbol": str(place), "filter": condition, "label": texts(one.label), "key": f"rule{place}"}
        Xml.SubElement(rules, "rule", facts)
        _fill(symbols, str(place), one)
    return renderer


def _conditions(measure: str, breaks: tuple[float, ...]) -> list[tuple[style.MapClass, str]]:
    """Each class of a measure, gap first, with the values it holds; a value on a break belongs to the class above."""
    edges = [None, *breaks, None]
    tests = [_between(measure, low, high) for low, high in pairwise(edges)]
    high_is_gap = MAPPED[measure].gap_high
    return list(zip(style.measure_classes(measure, breaks), tests[::-1] if high_is_gap else tests, strict=True))


def _between(measure: str, low: float | None, high: float | None) -> str:
    """ "cakupan" >= 0.25 AND "cakupan" < 0.5; the break just above 0 is written as such."""
    tests = []
    if low is not None:
        tests.append(f'"{measure}" > 0' if low == style.ABOVE_NONE else f'"{measure}" >= {low!r}')
    if high is not None:
        tests.append(f'"{measure}" <= 0' if high == style.ABOVE_NONE else f'"{measure}" < {high!r}')
    return " AND ".join(tests)


def _fill(symbols: Xml.Element, name: str, one: style.MapClass) -> None:
    """The symbol of a class: its colour, and its pattern over it."""
    symbol = Xml.SubElement(symbols, "symbol", {"type": "fill", "name": name, "alpha": "1"})
    outline = {"outline_color": _rgb(style.CONTROL), "outline_width": "0.1", "outline_style": "solid"}
    _layer(symbol, "SimpleFill", {"color": _rgb(one.colour), "style": "solid", **outline})
    if one.key in _BRUSHES:
        pattern = {"color": _rgb(style.HATCH), "style": _BRUSHES[one.key], "outline_style": "no"}
        _layer(symbol, "SimpleFill", pattern)


def _layer(symbol: Xml.Element, kind: str, properties: dict[str, str]) -> None:
    layer = Xml.SubElement(symbol, "layer", {"class": kind, "enabled": "1"})
    for key, value in properties.items():
        Xml.SubElement(layer, "prop", {"k": key, "v": value})


def _rgb(colour: str) -> str:
    """ "#6E1036" as "110,16,54,255"."""
    return ",".join(str(part) for part in (*bytes.fromhex(colour.removeprefix("#")), 255))
