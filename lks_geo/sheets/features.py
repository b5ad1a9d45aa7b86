"""Reads files whose columns have names: GeoJSON, JSON records, GeoPackage and (Geo)Parquet.

Each feature is a row, numbered from 1; the point's latitude and longitude (EPSG:4326, full precision) follow as two
columns. Anything but a point is represented by a point inside it, which is only roughly its place (`Sheet.rough`).
Coordinates in another CRS are projected.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.sheets.sheet import Sheet, cells_of, refuse_many_sheets
from lks_geo.sheets.sheet_scan import LARGEST_UNFOLDED, MOST_CELLS
from lks_geo.vetting import fault_of_file, fault_of_name

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData


@dataclass(frozen=True, slots=True)
class _Points:
    """One longitude and latitude per shape (NaN if it has none), shape (n, 2); which are only points inside a shape."""

    lon_lat: npt.NDArray[np.float64]
    rough: npt.NDArray[np.bool_]


def read_json(path: Path) -> list[Sheet]:
    """The features of a GeoJSON file, or the records of a JSON list."""
    try:
        text = path.read_bytes().decode("utf-8-sig").encode("utf-8", "replace")
        content = json.loads(text)
        if b"\\ud" in text.lower():  # half a sign ("\\ud800"), which no output can hold
            content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise LksGeoError.of("sheets.not_json", path=path.name, line=getattr(error, "lineno", "–")) from error
    if isinstance(content, dict) and content.get("type") == "Feature":
        content = {"features": [content]}
    records = content.get("features") if isinstance(content, dict) else content
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise LksGeoError.of("sheets.not_features", path=path.name)
    spatial = isinstance(content, dict)
    rows = [(record.get("properties") or {}) if spatial else record for record in records]
    if not all(isinstance(row, dict) for row in rows):
        raise LksGeoError.of("sheets.not_features", path=path.name)
    headings = list(dict.fromkeys(str(name) for row in rows for name in row))
    columns: list[list[object]] = [[_plain(row.get(name)) for row in rows] for name in headings]
    if not spatial:
        return [_sheet(None, headings, columns, len(rows), None)]
    points = _json_points([record.get("geometry") for record in records], _declared_crs(content), path)
    return [_sheet(None, headings, columns, len(rows), points)]


def read_geopackage(path: Path) -> list[Sheet]:
    """The layers of a GeoPackage; with one layer the sheet has no name."""
    import pyogrio
    from pyogrio.errors import DataSourceError, FieldError

    if (fault := fault_of_file(path)) is not None:
        raise LksGeoError.of("sheets.not_opened", path=path.name, reason=fault)
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        refuse_many_sheets(len(layers), path.name)
        return [_layer(path, name, named=len(layers) > 1) for name in layers]
    except (DataSourceError, FieldError, RuntimeError, ValueError) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error


def read_parquet(path: Path) -> list[Sheet]:
    """The rows of a Parquet file, with the point of each if it is a GeoParquet file."""
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    if (fault := fault_of_name(path)) is not None:
        raise LksGeoError.of("sheets.not_opened", path=path.name, reason=fault)
    try:
        spatial = b"geo" in (pq.read_schema(path).metadata or {})
        cells, size = cells_and_size(pq.read_metadata(path))
        if cells > MOST_CELLS:
            raise LksGeoError.of("sheets.too_many_cells", where=path.name, most=MOST_CELLS)
        if size > LARGEST_UNFOLDED:
            most = LARGEST_UNFOLDED // 1_000_000
            raise LksGeoError.of("sheets.unfolds", path=path.name, n=size // 1_000_000, most=most)
        frame: pd.DataFrame = gpd.read_parquet(path) if spatial else pd.read_parquet(path)
    except (pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error
    return [_from_frame(path, None, frame)]


def cells_and_size(facts: FileMetaData) -> tuple[int, int]:
    """Rows times columns of a Parquet file, and the bytes that it says it unfolds to."""
    groups = (facts.row_group(number) for number in range(facts.num_row_groups))
    return facts.num_rows * facts.num_columns, sum(group.total_byte_size for group in groups)


def _layer(path: Path, name: str, *, named: bool) -> Sheet:
    import pyogrio

    frame = pyogrio.read_dataframe(path, layer=name, on_invalid="ignore")
    return _from_frame(path, name if named else None, pd.DataFrame(frame) if "geometry" not in frame else frame)


def _from_frame(path: Path, name: str | None, frame: pd.DataFrame) -> Sheet:
    import geopandas as gpd

    points = None
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry
        points = _points(shapes.to_numpy(), shapes.crs.to_wkt() if shapes.crs else None, path)
        frame = pd.DataFrame(frame.drop(columns=shapes.name))
    if not isinstance(frame.index, pd.RangeIndex) and any(frame.index.names):
        frame = frame.reset_index()
    columns = [_objects(frame.iloc[:, position]) for position in range(frame.shape[1])]
    return _sheet(name, [str(heading) for heading in frame.columns], columns, len(frame), points)


def _objects(column: pd.Series) -> list[object]:
    """A column as plain Python values, None where NA."""
    values: Sequence[object] = column.astype("object").tolist()
    missing = column.isna().tolist()
    return [None if gone else value for value, gone in zip(values, missing, strict=True)]


def _sheet(
    name: str | None,
    headings: list[str],
    columns: list[list[object]],
    rows: int,
    points: _Points | None,
) -> Sheet:
    if points is not None:
        headings = [*headings, "", ""]
        columns = [*columns, points.lon_lat[:, 1].tolist(), points.lon_lat[:, 0].tolist()]
    cells = cells_of(columns, rows)
    numbers = np.arange(1, rows + 1, dtype=np.int64)
    return Sheet(
        name=name, cells=cells.texts, kinds=cells.kinds, numbers=numbers, headings=tuple(headings),
        point=points is not None, rough=None if points is None else points.rough,
    )  # fmt: skip


def _plain(value: object) -> object:
    """A JSON value that is no number, text or list of these, as JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _declared_crs(content: dict[str, Any]) -> str | None:
    """The CRS that older GeoJSON files name, None for longitude and latitude."""
    crs = content.get("crs")
    name = (
        crs.get("properties", {}).get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else None
    )
    return str(name) if name and "CRS84" not in str(name) else None


def _json_points(geometries: list[object], crs: str | None, path: Path) -> _Points:
    import shapely

    shapes = shapely.from_geojson(
        [json.dumps(shape) if isinstance(shape, dict) and shape.get("type") else None for shape in geometries],
        on_invalid="ignore",
    )
    return _points(np.asarray(shapes, dtype=object), crs, path)


def _points(shapes: npt.NDArray[Any], crs: str | None, path: Path) -> _Points:
    """One longitude and latitude per shape (NaN if it has none), shape (n, 2)."""
    import pyproj
    import shapely

    lon_lat = np.full((len(shapes), 2), np.nan)
    is_point = shapely.get_type_id(shapes) == 0
    one_of_many = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    has_area = ~is_point & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    rough = np.asarray(has_area & ~one_of_many, dtype=np.bool_)
    inside = shapes.copy()
    inside[shapely.is_empty(shapes)] = None  # an empty point has no x to ask for
    inside[has_area] = shapely.point_on_surface(shapes[has_area])
    lon_lat[:, 0], lon_lat[:, 1] = shapely.get_x(inside), shapely.get_y(inside)
    known = np.isfinite(lon_lat).all(axis=1)
    if crs is None:
        if known.any() and float(np.abs(lon_lat[known]).max()) > 360:
            raise LksGeoError.of("sheets.no_crs", path=path.name)
        return _Points(lon_lat, rough)
    try:
        transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise LksGeoError.of("sheets.no_crs", path=path.name) from error
    if not pyproj.CRS(crs).equals("EPSG:4326", ignore_axis_order=True):
        lon_lat[known] = np.column_stack(transformer.transform(lon_lat[known, 0], lon_lat[known, 1]))
        lon_lat[~np.isfinite(lon_lat).all(axis=1)] = np.nan
    return _Points(lon_lat, rough)
