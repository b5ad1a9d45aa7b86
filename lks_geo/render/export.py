"""The coverage as tables: CSV, GeoPackage, GeoJSON, GeoParquet, XLSX, and the list of unserved desa.

Tables are long: one row per level, area and group, full precision, NA blank. In GeoJSON and GeoParquet each row carries
the full-resolution polygon of its area. What must be known to read the numbers stands in the metadata of these formats.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from lks_geo.errors import RequestError
from lks_geo.files import whole_file, whole_files
from lks_geo.messages import Message, Texts, msg, rounded
from lks_geo.render.frames import (
    levels_shown,
    stamped,
    stamps,
    style_for_people,
    table_frame,
    table_notes,
    with_arrow_texts,
    write_csv_file,
    write_csv_for_people,
)
from lks_geo.render.geopackage import write_geopackage
from lks_geo.render.workbook import area_columns, write_unserved_workbook, write_workbook
from lks_geo.said.areas import place_name, unserved_lists
from lks_geo.said.assumptions import counted_note, disguise_note, reach_notes, sources, view_reported_part
from lks_geo.tables import KEY_COLUMNS, Coverage
from lks_geo.thrift import give_back, made_ahead

if TYPE_CHECKING:
    import pyarrow as pa

_AREAS_AT_ONCE, _POINTS_AT_ONCE = 2_000, 1_000_000
_EDGES = ("xmin", "ymin", "xmax", "ymax")
LARGE_BYTES = 10_000_000
"""A GeoJSON above this opens slowly everywhere."""


def write_table(
    path: Path, coverage: Coverage, *, overwrite: bool = False, csv_style: str = "intl", reaches: Path | None = None
) -> None:
    """Write the coverage table; the suffix decides the format. An unknown suffix is a `RequestError`. `reaches`: a CSV
    in the same folder for what other reaches would mean, of formats that have no place for it."""
    if path.suffix.lower() == ".xlsx":
        write_workbook(path, coverage, overwrite=overwrite)
        return
    writers: dict[str, Callable[[Path, Coverage], None]] = {
        ".csv": lambda target, measured: write_csv_file(
            target, stamped(table_frame(measured), measured), style=csv_style
        ),
        ".gpkg": write_geopackage,
        ".geojson": _write_geojson,
        ".parquet": _write_parquet,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        allowed = ", ".join([".csv", ".xlsx", *list(writers)[1:]])
        raise RequestError(msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=allowed))
    sensitivity = coverage.sensitivity
    if reaches is None or sensitivity is None:
        with whole_file(path, overwrite=overwrite) as temporary:
            writer(temporary, coverage)
        return
    with whole_files(path, reaches, overwrite=overwrite) as (temporary, beside):
        writer(temporary, coverage)
        write_csv_file(beside, stamped(sensitivity, coverage), style=csv_style)


def write_unserved(
    path: Path, coverage: Coverage, *, overwrite: bool = False, csv_style: str | None = None, top: int | None = None
) -> None:
    """Write the list of unserved desa of every group as .csv or .xlsx: the first `top`, or all.

    The CSV is for people, as the office's spreadsheet opens it, unless `csv_style` is "raw" (or "intl"): a first line
    on what it is, headings and numbers as read. "id" asks for semicolon and decimal comma whatever the language.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise RequestError(msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=".csv, .xlsx"))
    with whole_file(path, overwrite=overwrite) as temporary:
        if suffix == ".xlsx":
            write_unserved_workbook(temporary, coverage, top=top)
        elif style := style_for_people(csv_style, coverage.settings.lang):
            _write_list_for_people(temporary, coverage, top, style)
        else:
            write_csv_file(temporary, noted_list(coverage, top), style="raw")


def unserved_for_people(coverage: Coverage, top: int | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """The list as it stands in the workbook: names of groups, rounded numbers; and the titles of its columns."""
    texts, frame = Texts(coverage.settings.lang), noted_list(coverage, top)
    titles = {column.key: column.title for column in area_columns(coverage, texts, "desa")}
    titles |= {key: texts(f"workbook.column_{key}") for key in ("no", "nama_lks_terdekat")}
    titles["catatan"] = texts("export.column_notes")
    names = {group.key: group.name(texts.lang) for group in coverage.groups}
    digits = {measure.key: measure.digits for measure in coverage.measures}
    for key in ("sasaran", "belum_terjangkau", "jarak_km"):
        shown = [None if pd.isna(value) else float(rounded(value, digits[key])) for value in frame[key]]
        frame[key] = pd.Series(shown, index=frame.index, dtype="float64").astype("float64" if digits[key] else "Int64")
    frame["kelompok"] = frame["kelompok"].map(names).astype("str")
    frame = frame.drop(columns=["kode_bps", "lks_terdekat"])
    return frame, {str(key): titles[str(key)] for key in frame}


def _write_list_for_people(path: Path, coverage: Coverage, top: int | None, style: str) -> None:
    """The list for people with a first line on what it is."""
    texts, (frame, titles) = Texts(coverage.settings.lang), unserved_for_people(coverage, top)
    notes = [*reach_notes(coverage.settings), counted_note(coverage.settings), *sources(coverage)]
    facts = [*table_notes(coverage), *map(texts, notes), texts("said.made", day=coverage.settings.day)]
    title = texts("workbook.unserved_title", area=place_name(coverage), n=len(frame))
    write_csv_for_people(path, frame, [*titles.values()], [title, *facts], style=style)


def noted_list(coverage: Coverage, top: int | None) -> pd.DataFrame:
    """The unserved desa, each with what must stand beside its numbers in `catatan`."""
    texts = Texts(coverage.settings.lang)
    general = [*_marks(coverage), view_reported_part(coverage)]
    notes = {
        group.key: " · ".join(texts(note) for note in (*general, disguise_note(coverage, group.key)) if note)
        for group in coverage.groups
    }
    listed = unserved_lists(coverage, top=top)
    return listed.assign(catatan=listed["kelompok"].map(notes).astype("str"))


def _marks(coverage: Coverage) -> tuple[Message, ...]:
    return stamps(coverage.register.source, internal=coverage.settings.internal)


def level_frame(coverage: Coverage, level: str) -> gpd.GeoDataFrame:
    """The long table of one level with the polygon of each area (EPSG:4326)."""
    table = table_frame(coverage)
    rows = table[table["level"] == level]
    shapes = coverage.boundaries.level(level).geometry
    return gpd.GeoDataFrame(rows, geometry=shapes.reindex(rows["kode"]).set_axis(rows.index), crs=shapes.crs)


def _all_levels(coverage: Coverage) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        pd.concat([level_frame(coverage, level) for level in levels_shown(coverage)], ignore_index=True)
    )


def _write_geojson(path: Path, coverage: Coverage) -> None:
    import pyogrio

    pyogrio.write_dataframe(
        _all_levels(coverage), path, layer="cakupan", driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION="7",
        DESCRIPTION=" · ".join(table_notes(coverage)),
    )  # fmt: skip


def _write_parquet(path: Path, coverage: Coverage) -> None:
    """GeoParquet 1.1, in parts of `_AREAS_AT_ONCE` areas or `_POINTS_AT_ONCE` of their points, so that a whole country
    fits into memory.

    Neighbours stand together and each row has its `bbox`, so that a reader of one corner passes over the rest.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [*KEY_COLUMNS, *(measure.key for measure in coverage.measures)]
    table = with_arrow_texts(coverage.table[columns])
    fields = pa.Schema.from_pandas(table.iloc[:1], preserve_index=False)
    box = pa.struct([(edge, pa.float64()) for edge in _EDGES])
    whole = fields.append(pa.field("bbox", box)).append(pa.field("geometry", pa.binary()))
    notes = json.dumps(table_notes(coverage), ensure_ascii=False)
    schema = whole.with_metadata({**(fields.metadata or {}), "geo": json.dumps(_geo(coverage)), "catatan": notes})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for level in levels_shown(coverage):
            parts = (
                _with_shapes(pa.Table.from_pandas(table.iloc[rows], fields, preserve_index=False), areas, area, box)
                for areas, rows, area in _neighbours_together(coverage, level)
            )
            for part in made_ahead(parts):
                writer.write_table(part.cast(schema))
                del part
            give_back()


def _with_shapes(
    table: pa.Table, areas: npt.NDArray[np.object_], area: npt.NDArray[np.int64], box: pa.StructType
) -> pa.Table:
    """A table with its columns `bbox` and `geometry`; `area`: which of the areas each row has."""
    import pyarrow as pa

    edges = [pa.array(edge) for edge in shapely.bounds(areas).T]
    boxes = pa.StructArray.from_arrays(edges, fields=list(box))
    polygons = pa.array(shapely.to_wkb(areas).tolist(), pa.binary())
    for name, values in (("bbox", boxes), ("geometry", polygons)):
        table = table.append_column(name, values.take(pa.array(area)))
    return table


def _neighbours_together(
    coverage: Coverage, level: str
) -> Iterator[tuple[npt.NDArray[np.object_], npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """The areas of a level in parts of neighbours: their shapes, the rows of the table of coverage that are theirs, and
    which of the shapes each row has. No part is too large to be held a second time."""
    rows = np.flatnonzero((coverage.table["level"] == level).to_numpy(dtype=bool))
    codes, first = pd.factorize(coverage.table["kode"].iloc[rows])
    shapes = gpd.GeoSeries(coverage.boundaries.level(level).geometry.reindex(first))
    along = np.argsort(shapes.hilbert_distance().to_numpy(), kind="stable")
    place = np.argsort(along)[codes]
    order = np.argsort(place, kind="stable")
    points = np.cumsum(shapely.get_num_coordinates(shapes.to_numpy()[along]))
    part = np.maximum(np.arange(len(along)) // _AREAS_AT_ONCE, points // _POINTS_AT_ONCE)
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    for start, end in zip(starts, (*starts[1:], len(along)), strict=True):
        own = order[slice(*np.searchsorted(place[order], (start, end)))]
        yield shapes.to_numpy()[along[start:end]], rows[own], place[own] - start


def _geo(coverage: Coverage) -> dict[str, Any]:
    """The metadata `geo` of GeoParquet 1.1."""
    shown = [coverage.boundaries.level(level).geometry for level in levels_shown(coverage)]
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({kind for shapes in shown for kind in shapes.geom_type.unique()}),
        "crs": pyproj.CRS.from_epsg(4326).to_json_dict(),
        "bbox": [float(edge) for edge in shown[0].total_bounds] if shown else [],
        "covering": {"bbox": {edge: ["bbox", edge] for edge in _EDGES}},
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
