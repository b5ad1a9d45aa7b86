"""The coverage as a GeoPackage: every polygon once, the numbers once, and a view for each level and group.

`desa`, `kecamatan`, `kabupaten`, `provinsi` hold the polygons, `cakupan` the long table of numbers, `desa_lansia` and
its like join both (views, EPSG:4326): a GIS opens them as layers. Each view has its styles in `layer_styles`, so that
QGIS draws the status at once; titles of the columns, what was assumed and where the numbers come from are in the
metadata. `lks` holds the places that may be listed. Version 1.2 of the standard, which old offices' QGIS reads too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from lks_geo.messages import LANGUAGES, Texts
from lks_geo.render.frames import PLACE_COLUMNS, levels_shown, place_points, table_frame, table_notes
from lks_geo.render.qgis import PLACES, STYLED, area_style, column_titles, layer_title, place_style, qml
from lks_geo.said.assumptions import definition, estimate_note, method, sources
from lks_geo.said.headlines import sentence
from lks_geo.settings import Settings
from lks_geo.tables import KEY_COLUMNS, LEVELS, Coverage

NUMBERS = "cakupan"
_VERSION = "1.2"
_PAGE_BYTES = 1024  # polygons leave a fifth of larger pages empty
_AREA_KEYS = ("kode", "kode_bps", "nama", "kecamatan", "kabupaten")

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
        self.titles = {lang: column_titles(coverage, Texts(lang)) for lang in LANGUAGES}

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
        self._styles(PLACES, [("export.layer_places", lang, qml(place_style(Texts(lang)))) for lang in LANGUAGES])

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
            (
                f"export.style_{measure}",
                lang,
                qml(area_style(self.coverage, measure, group, Texts(lang), self.titles[lang])),
            )
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
        words = layer_title(coverage, texts, title, level, group)
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
                (None, "", "", table, "geom", f"{Texts(lang)(name)} ({lang})", look, "", place == own, "", "", None,
                 self.instant)
                for place, (name, lang, look) in enumerate(styles)
            ),
        )  # fmt: skip


def _quoted(name: str, sign: str = '"') -> str:
    """A name of SQL, or with another sign a text, whatever stands in it (groups are named by the settings)."""
    return f"{sign}{name.replace(sign, sign * 2)}{sign}"


def _meanings(coverage: Coverage) -> dict[str, str]:
    """Column of the long table -> what it means in this run."""
    texts = Texts(coverage.settings.lang)
    keys = {key: texts(f"workbook.definition_{key}") for key in KEY_COLUMNS}
    return keys | {measure.key: definition(measure, coverage.settings) for measure in coverage.measures}
