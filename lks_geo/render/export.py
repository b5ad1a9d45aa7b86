"""The coverage as tables: CSV, GeoPackage, GeoJSON, GeoParquet, XLSX, and the list of unserved desa.

Tables are long: one row per level, area and group, full precision, NA blank. In the GIS formats each row carries the
full-resolution polygon of its area; the GeoPackage has one layer per level (filter it by `kelompok`) and the points of
the places that may be listed in `lks`. What must be known to read the numbers stands in the metadata of these formats.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import Message, Texts, msg
from lks_geo.render.frames import places_frame, stamps, table_frame, write_csv_file
from lks_geo.render.workbook import write_unserved_workbook, write_workbook
from lks_geo.said.areas import unserved_lists
from lks_geo.said.totals import disguise_note, view_notes, view_reported_part
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, Coverage

_AREAS_AT_ONCE = 2_000


def write_table(path: Path, coverage: Coverage, *, overwrite: bool = False, csv_style: str = "intl") -> None:
    """Write the coverage table; the suffix decides the format. An unknown suffix is a `RequestError`."""
    if path.suffix.lower() == ".xlsx":
        write_workbook(path, coverage, overwrite=overwrite)
        return
    writers: dict[str, Callable[[Path, Coverage], None]] = {
        ".csv": lambda target, measured: write_csv_file(target, table_frame(measured), style=csv_style),
        ".gpkg": _write_gpkg,
        ".geojson": _write_geojson,
        ".parquet": _write_parquet,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        allowed = ", ".join([".csv", ".xlsx", *list(writers)[1:]])
        raise RequestError(msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=allowed))
    with whole_file(path, overwrite=overwrite) as temporary:
        writer(temporary, coverage)


def write_unserved(
    path: Path, coverage: Coverage, *, overwrite: bool = False, csv_style: str = "intl", top: int | None = None
) -> None:
    """Write the list of unserved desa of every group as .csv or .xlsx: the first `top`, or all."""
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise RequestError(msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=".csv, .xlsx"))
    with whole_file(path, overwrite=overwrite) as temporary:
        if suffix == ".csv":
            write_csv_file(temporary, _noted_list(coverage, top), style=csv_style)
        else:
            write_unserved_workbook(temporary, coverage, top=top)


def _noted_list(coverage: Coverage, top: int | None) -> pd.DataFrame:
    """The unserved desa, each with what must stand beside its numbers in `catatan`."""
    texts = Texts(coverage.settings.lang)
    general = [*_marks(coverage), view_reported_part(coverage)]
    notes = {
        group.key: " · ".join(texts(note) for note in (*general, disguise_note(coverage, group.key)) if note)
        for group in coverage.groups
    }
    listed = unserved_lists(coverage, top=top)
    return listed.assign(catatan=listed["kelompok"].map(notes).astype("str"))


def table_notes(coverage: Coverage) -> list[str]:
    """What a table must say beside its numbers: stamps, kabupaten not reported, disguised places."""
    texts = Texts(coverage.settings.lang)
    return [texts(note) for note in (*_marks(coverage), *view_notes(coverage))]


def _marks(coverage: Coverage) -> tuple[Message, ...]:
    return stamps(coverage.register.source, internal=coverage.settings.internal)


def level_frame(coverage: Coverage, level: str) -> gpd.GeoDataFrame:
    """The long table of one level with the polygon of each area (EPSG:4326)."""
    table = table_frame(coverage)
    rows = table[table["level"] == level]
    shapes = coverage.boundaries.level(level).geometry
    return gpd.GeoDataFrame(rows, geometry=shapes.reindex(rows["kode"]).set_axis(rows.index), crs=shapes.crs)


def _levels(coverage: Coverage) -> list[str]:
    present = set(coverage.table["level"].unique())
    return [level for level in LEVELS if level in present]


def _all_levels(coverage: Coverage) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat([level_frame(coverage, level) for level in _levels(coverage)], ignore_index=True))


def _write_gpkg(path: Path, coverage: Coverage) -> None:
    import pyogrio

    notes = table_notes(coverage)
    about = {f"catatan_{place}": note for place, note in enumerate(notes, start=1)}
    with fixed_clock(coverage.settings):
        for level in _levels(coverage):
            pyogrio.write_dataframe(
                level_frame(coverage, level), path, layer=level, driver="GPKG",
                layer_metadata=about, DESCRIPTION=" · ".join(notes),
            )  # fmt: skip
        pyogrio.write_dataframe(
            place_points(coverage), path, layer="lks", driver="GPKG", geometry_type="Point",
            layer_metadata=about, DESCRIPTION=" · ".join(notes),
        )  # fmt: skip


def place_points(coverage: Coverage) -> gpd.GeoDataFrame:
    """The places that may be listed and have a point (PLACE_COLUMNS + Point, EPSG:4326)."""
    places = places_frame(coverage)
    located = places[places["lintang"].notna() & places["bujur"].notna()]
    points = gpd.points_from_xy(located["bujur"], located["lintang"])
    return gpd.GeoDataFrame(located, geometry=points, crs="EPSG:4326")


def _write_geojson(path: Path, coverage: Coverage) -> None:
    import pyogrio

    pyogrio.write_dataframe(
        _all_levels(coverage), path, layer="cakupan", driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION="7",
        DESCRIPTION=" · ".join(table_notes(coverage)),
    )  # fmt: skip


def _write_parquet(path: Path, coverage: Coverage) -> None:
    """GeoParquet 1.0, in parts of `_AREAS_AT_ONCE` areas, so that a whole country fits into memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = {"encoding": "WKB", "geometry_types": [], "crs": pyproj.CRS.from_epsg(4326).to_json_dict()}
    geo: dict[str, Any] = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = table_frame(coverage)
    fields = pa.Schema.from_pandas(table, preserve_index=False).append(pa.field("geometry", pa.binary()))
    notes = json.dumps(table_notes(coverage), ensure_ascii=False)
    schema = fields.with_metadata({**(fields.metadata or {}), "geo": json.dumps(geo), "catatan": notes})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for level in _levels(coverage):
            rows = table[table["level"] == level]
            shapes = coverage.boundaries.level(level).geometry
            codes = rows["kode"].unique()
            for start in range(0, len(codes), _AREAS_AT_ONCE):
                areas = pd.Index(codes[start : start + _AREAS_AT_ONCE])
                part = rows[rows["kode"].isin(areas)]
                polygons = pa.array(shapely.to_wkb(np.asarray(shapes.reindex(areas))).tolist(), pa.binary())
                columns = pa.Table.from_pandas(part, schema=fields.remove(len(fields) - 1), preserve_index=False)
                repeated = polygons.take(pa.array(areas.get_indexer(part["kode"])))
                writer.write_table(columns.append_column("geometry", repeated).cast(schema))


@contextmanager
def fixed_clock(settings: Settings) -> Iterator[None]:
    """Lets GDAL stamp files with the day of the settings instead of now, so that equal input gives equal bytes."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{settings.day.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
