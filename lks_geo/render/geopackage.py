"""The coverage as a GeoPackage: every polygon once, the numbers once, and a view for each level and group.

`desa`, `kecamatan`, `kabupaten`, `provinsi` hold the polygons, `cakupan` the long table of numbers, `desa_lansia` and
its like join both (views, EPSG:4326): a GIS opens them as layers. Each view has its styles in `layer_styles`, so that
QGIS draws the status at once; titles of the columns, what was assumed and where the numbers come from are in the
metadata. `lks` holds the places that may be listed. Version 1.2 of the standard, which old offices' QGIS reads too.

The styles have the classes, colours and words of all other maps. The status is a renderer of categories; the other
measures are rules, because the graduated renderer of QGIS leaves areas without a value undrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from lks_geo.catalogue import MAPPED
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.render import style
from lks_geo.render.frames import PLACE_COLUMNS, levels_shown, place_points, table_frame, table_notes
from lks_geo.said.assumptions import definition, estimate_note, method, sources
from lks_geo.said.headlines import sentence
from lks_geo.settings import Settings
from lks_geo.tables import KEY_COLUMNS, LEVELS, UNREPORTED, Coverage

NUMBERS, PLACES = "cakupan", "lks"
_VERSION = "1.2"
_PAGE_BYTES = 1024  # polygons leave a fifth of larger pages empty
_AREA_KEYS = ("kode", "kode_bps", "nama", "kecamatan", "kabupaten")

STYLED = ("status", "cakupan", "jarak_km")
"""The measures that have a style, the one that QGIS draws first in front."""

_BRUSHES = {style.NO_DATA: "b_diagonal", UNREPORTED: "dense6"}

_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
"""The table as QGIS makes it."""

_COLUMN_TABLE = """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""
_CONSTRAINT_TABLE = """
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))
"""
"""Two tables of the standard's schema extension."""

_ABOUT_LAYERS = {
    "gpkg_contents": "data_type, NULL, '', last_change, min_x, min_y, max_x, max_y, srs_id",
    "gpkg_geometry_columns": "column_name, geometry_type_name, srs_id, z, m",
}
"""What a view has like the polygons it shows, behind its name: table of the standard -> columns."""

_METADATA_OF_VIEW = """
INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id)
SELECT reference_scope, ?, timestamp, md_file_id FROM gpkg_metadata_reference WHERE table_name = ?
"""


def write_geopackage(path: Path, coverage: Coverage) -> None:
    """Write the GeoPackage; equal coverage and day give equal bytes."""
    with fixed_clock(coverage.settings):
        _write_tables(path, coverage)
    with closing(sqlite3.connect(path)) as database:
        with database:
            _Described(database, coverage).write()
        database.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        database.execute("VACUUM")


@contextmanager
def fixed_clock(settings: Settings) -> Iterator[None]:
    """Lets GDAL stamp files with the day of the settings instead of now, so that equal input gives equal bytes."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _instant(settings)})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _instant(settings: Settings) -> str:
    return f"{settings.day.isoformat()}T00:00:00.000Z"


def _write_tables(path: Path, coverage: Coverage) -> None:
    """What is stored: polygons per level, the long table, the places."""
    import pyogrio

    table = table_frame(coverage)
    notes = {f"catatan_{place}": note for place, note in enumerate(table_notes(coverage), start=1)}

    def write(frame: Any, layer: str, **options: Any) -> None:
        pyogrio.write_dataframe(
            frame, path, layer=layer, driver="GPKG", layer_metadata=notes or None,
            dataset_options={"VERSION": _VERSION}, **options,
        )  # fmt: skip

    for level in levels_shown(coverage):
        areas = table[table["level"] == level].drop_duplicates("kode")[list(_AREA_KEYS)]
        shapes = coverage.boundaries.level(level).geometry
        polygons = shapes.reindex(areas["kode"]).set_axis(areas.index)
        options = {"GEOMETRY_NAME": "geom", "FID": "fid"}
        write(gpd.GeoDataFrame(areas, geometry=polygons, crs=shapes.crs), level, layer_options=options)
    write(table, NUMBERS)
    points = place_points(coverage)
    points["berlaku_sampai"] = points["berlaku_sampai"].astype(pd.ArrowDtype(pa.date32()))  # a day, not an instant
    options = {"GEOMETRY_NAME": "geom", "FID": "fid"}
    write(points, PLACES, geometry_type="Point", layer_options=options, use_arrow=True)


class _Described:
    """What makes tables into layers that explain themselves: views, titles, notes, styles."""

    def __init__(self, database: sqlite3.Connection, coverage: Coverage) -> None:
        self.database, self.coverage = database, coverage
        self.texts = Texts(coverage.settings.lang)
        self.instant = _instant(coverage.settings)
        self.measures = [measure.key for measure in coverage.measures]
        self.titles = {lang: _column_titles(coverage, Texts(lang)) for lang in LANGUAGES}

    def write(self) -> None:
        """Everything, in the order in which the tables refer to each other."""
        run = self.database.execute
        run(f"CREATE UNIQUE INDEX {NUMBERS}_baris ON {NUMBERS} (kelompok, kode)")
        for table in (_COLUMN_TABLE, _CONSTRAINT_TABLE, _STYLE_TABLE):
            run(table)
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            extension = (table, None, "gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema")
            self._insert("gpkg_extensions", [(*extension, "read-write")])
        run(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, ?, ?, ?)",
            ("layer_styles", "attributes", "layer_styles", self.instant),
        )
        for level in levels_shown(self.coverage):
            self._titles(level, _AREA_KEYS)
            self._about(level, "export.layer_areas", level=level)
            for group in self.coverage.groups:
                self._view(level, group.key)
        self._titles(NUMBERS, (*KEY_COLUMNS, *self.measures), _meanings(self.coverage))
        self._about(NUMBERS, "export.layer_numbers")
        self._titles(PLACES, PLACE_COLUMNS)
        self._about(PLACES, "export.layer_places")
        self._styles(PLACES, [("export.layer_places", lang, place_style(Texts(lang))) for lang in LANGUAGES])

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self.database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)

    def _view(self, level: str, group: str) -> None:
        """One layer: the polygons of a level with the numbers of one group (columns as in the long table)."""
        name, run = f"{level}_{group}", self.database.execute
        value = _quoted(group, "'")
        shown = ", ".join(f'n."{column}"' for column in (*KEY_COLUMNS, *self.measures))
        run(
            f'CREATE VIEW {_quoted(name)} AS SELECT a.fid AS OGC_FID, a.geom AS geom, {shown} FROM "{level}" AS a '
            f"JOIN {NUMBERS} AS n ON n.kelompok = {value} AND n.kode = a.kode"
        )
        for table, columns in _ABOUT_LAYERS.items():
            run(f"INSERT INTO {table} SELECT ?, {columns} FROM {table} WHERE table_name = ?", (name, level))
        if table_notes(self.coverage):
            run(_METADATA_OF_VIEW, (name, level))
        self._titles(name, (*KEY_COLUMNS, *self.measures))
        self._about(name, "export.layer_group", group=group, level=level)
        styles = [
            (f"export.style_{measure}", lang, area_style(self.coverage, measure, group, Texts(lang), self.titles[lang]))
            for measure in STYLED
            for lang in LANGUAGES
        ]
        self._styles(name, styles)

    def _titles(self, table: str, columns: Iterable[str], meanings: Mapping[str, str] | None = None) -> None:
        """The titles of columns: what a GIS shows instead of their keys; and what they mean."""
        titles, known = self.titles[self.texts.lang], meanings or {}
        if table == PLACES:
            titles = {column: self.texts(f"workbook.place_{column}") for column in columns}
        self._insert(
            "gpkg_data_columns",
            ((table, column, titles[column], titles[column], known.get(column), None, None) for column in columns),
        )

    def _about(self, table: str, title: str, *, group: str | None = None, level: str = "") -> None:
        """The title of a layer, unique in the file, and what must be known to read it."""
        texts, coverage = self.texts, self.coverage
        name = coverage.settings.group(group).name(texts.lang) if group else ""
        words = texts(title, group=name, level=texts(f"style.level_{level}") if level else "")
        notes = [*table_notes(coverage, group), *map(texts, sources(coverage))]
        if table not in LEVELS:
            estimate = estimate_note(coverage)
            assumed = [*method(coverage.settings, group), *([estimate] if estimate else [])]
            notes += [sentence(texts, note) for note in assumed]
        notes.append(texts("said.made", day=coverage.settings.day))
        self.database.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ?, last_change = ? WHERE table_name = ?",
            (words, " · ".join(notes), self.instant, table),
        )

    def _styles(self, table: str, styles: list[tuple[str, str, str]]) -> None:
        """Styles of one layer (name, language, QML); the first in the language of the run is the one QGIS takes."""
        own = next(place for place, (_, lang, _) in enumerate(styles) if lang == self.texts.lang)
        self._insert(
            "layer_styles",
            (
                (None, "", "", table, "geom", f"{Texts(lang)(name)} ({lang})", qml, "", place == own, "", "", None,
                 self.instant)
                for place, (name, lang, qml) in enumerate(styles)
            ),
        )  # fmt: skip


def _quoted(name: str, sign: str = '"') -> str:
    """A name of SQL, or with another sign a text, whatever stands in it (groups are named by the settings)."""
    return f"{sign}{name.replace(sign, sign * 2)}{sign}"


def _column_titles(coverage: Coverage, texts: Texts) -> dict[str, str]:
    """Column of the long table -> its title with the unit."""
    titles = {key: texts(f"workbook.column_{key}") for key in KEY_COLUMNS}
    for measure in coverage.measures:
        unit = measure.unit(texts.lang)
        titles[measure.key] = measure.title(texts.lang) + (
            f" ({unit})" if unit not in measure.title(texts.lang) else ""
        )
    return titles


def _meanings(coverage: Coverage) -> dict[str, str]:
    """Column of the long table -> what it means in this run."""
    texts = Texts(coverage.settings.lang)
    keys = {key: texts(f"workbook.definition_{key}") for key in KEY_COLUMNS}
    return keys | {measure.key: definition(measure, coverage.settings) for measure in coverage.measures}


def area_style(coverage: Coverage, measure: str, group: str, texts: Texts, titles: Mapping[str, str]) -> str:
    """The QML of one layer of areas: its classes by `measure`, named in the language of `texts`.

    `titles` (column -> title) go into the style of the status only: the others leave the titles that stand.
    """
    if measure == "status":
        return _document(_categories(texts), titles)
    breaks = style.class_breaks(measure, coverage.at("kecamatan", group)[measure])
    return _document(_rules(measure, breaks, texts))


def place_style(texts: Texts) -> str:
    """The QML of the places: one small dark mark."""
    renderer = Xml.Element("renderer-v2", {"type": "singleSymbol"})
    symbol = Xml.SubElement(Xml.SubElement(renderer, "symbols"), "symbol", {"type": "marker", "name": "0"})
    properties = {
        "name": "circle", "color": _rgb(style.INK), "outline_color": "255,255,255,255", "outline_width": "0.3",
        "outline_style": "solid", "size": "2.2", "size_unit": "MM",
    }  # fmt: skip
    _layer(symbol, "SimpleMarker", properties)
    return _document(renderer)


def _document(renderer: Xml.Element, titles: Mapping[str, str] | None = None) -> str:
    root = Xml.Element("qgis", {"version": "3.16.0", "styleCategories": "Symbology|Fields" if titles else "Symbology"})
    root.append(renderer)
    if titles:
        aliases = Xml.SubElement(root, "aliases")
        for column, title in titles.items():
            Xml.SubElement(aliases, "alias", {"field": column, "name": title})
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{Xml.tostring(root, encoding='unicode')}"


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
