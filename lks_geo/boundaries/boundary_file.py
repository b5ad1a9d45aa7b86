"""The boundary file of this project, and the areas in use: loads them, makes a clean file of any source, describes one.

A boundary file is one GeoParquet with all levels and its facts, so that loading needs no work: columns `kode`, `level`
(LEVELS and `sekitar`, the outlines around), AREA_COLUMNS, `geometry` (EPSG:4326). The facts are JSON under FILE_KEY in
the file's own metadata. Same content, same versions: same bytes. Any other layer of desa is mended in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from lks_geo import shipped
from lks_geo.boundaries.polygon_repair import COVERAGE_LIMIT, GAP_DEGREES, check_desa
from lks_geo.errors import LksGeoError
from lks_geo.files import refuse_existing, whole_file
from lks_geo.geo import area_m2, utm_crs
from lks_geo.messages import Message, msg
from lks_geo.tables import AREA_COLUMNS, LEVELS, Boundaries, Source, source_of
from lks_geo.thrift import give_back, waited
from lks_geo.vetting import DAMAGES

if TYPE_CHECKING:
    from lks_geo.boundaries.layer_fields import LayerChoice

NEIGHBOURS = "sekitar"
FILE_KEY = b"lks_geo"
FILE_FORMAT = 1

ROWS_AT_ONCE = 10_000
"""How many areas are written at a time: a second or two, so that Ctrl-C is answered."""

WIDE_DEGREES = 12.0
"""Data wider than this (two UTM zones) fits no UTM zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What a boundary file says about itself, as free text; `notes`: what its making mended and left out."""

    source: str = ""
    vintage: str = ""
    licence: str = ""
    accuracy: str = ""
    notes: tuple[Message, ...] = ()
    format: int = FILE_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryFacts:
    """What is in use: `counts` per level, `with_bps` desa that have a BPS code, `area_km2` on the ellipsoid, `bounds`
    west, south, east, north in degrees. `valid`: all desa are valid polygons; `coverage`: they neither overlap nor miss
    each other (None = too many to check)."""

    counts: Mapping[str, int]
    neighbours: int
    with_bps: int
    source: Source
    described: str
    accuracy: str
    crs: str
    crs_m: str
    area_km2: float
    bounds: tuple[float, float, float, float]
    valid: bool
    coverage: bool | None
    notes: tuple[Message, ...]


def load_boundaries(path: Path | None) -> Boundaries:
    """The areas of a file; None is the file that ships with the project.

    A file made by `boundaries import` brings all levels and was cleaned when it was made. Any other layer needs `kode`
    (Kemendagri or BPS, of desa) and `nama`; its geometry is mended in memory (see `notes`), names of upper levels are
    their codes if it has none. No CRS, bad or duplicate codes, no usable polygon: `LksGeoError`.
    """
    path = path or shipped.BOUNDARIES
    facts = read_facts(path)
    if facts is None:
        from lks_geo.boundaries.desa_layer import desa_of
        from lks_geo.boundaries.layer_fields import read_source

        layer = waited(lambda: desa_of(read_source(path), path.name, gap_degrees=GAP_DEGREES))
        return Boundaries(
            desa=layer.desa,
            neighbours=layer.ground.assign(nama="")[["nama", "geometry"]],
            source=source_of(path),
            crs_m=crs_in_metres(layer.desa),
            notes=layer.notes,
        )
    levels = waited(partial(read_levels, path))
    desa = levels.pop("desa")
    if desa.empty:
        raise LksGeoError.of("boundaries.empty", where=path.name)
    neighbours = levels.pop(NEIGHBOURS)
    return Boundaries(
        desa=check_desa(desa, valid=path == shipped.BOUNDARIES),  # those that ship are tested
        neighbours=neighbours[["nama", "geometry"]],
        source=replace(source_of(path), origin=facts.source, vintage=facts.vintage, licence=facts.licence),
        crs_m=crs_in_metres(desa),
        notes=facts.notes,
        dissolved={level: levels[level] for level in LEVELS[1:]},
    )


def crs_in_metres(shapes: gpd.GeoDataFrame) -> str:
    """A projected CRS in metres for the data: the UTM zone of its middle.

    Data wider than WIDE_DEGREES (several provinces, the country) gets a Lambert azimuthal equal-area projection centred
    on it: areas are exact, lengths up to 2 % off at the edges of Indonesia, so lengths there belong on the ellipsoid.
    """
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    lon, lat = (west + east) / 2, (south + north) / 2
    if east - west <= WIDE_DEGREES:
        return utm_crs(lon, lat)
    return f"+proj=laea +lat_0={np.round(lat)} +lon_0={np.round(lon)} +datum=WGS84 +units=m +no_defs"


def import_boundaries(
    sources: Sequence[Path],
    output: Path,
    *,
    overwrite: bool,
    choice: LayerChoice | None = None,
    facts: FileFacts | None = None,
    progress: Callable[[Message], None] | None = None,
) -> Boundaries:
    """Makes one boundary file (GeoParquet, all levels) of one or more layers of desa, and loads it.

    Codes keep their system (Kemendagri dotted, or BPS). Features of one code and one name are joined, overlaps and
    narrow gaps between desa are closed, the upper levels are joined from the desa. The notes of the result say what was
    mended and left out; they stay in the file.
    """
    say = progress or (lambda _step: None)
    if output.suffix.lower() not in (".parquet", ".geoparquet"):
        raise LksGeoError.of("boundaries.not_parquet", path=str(output))
    if not sources:
        raise LksGeoError.of("boundaries.no_source")
    refuse_existing(output, overwrite=overwrite)
    where = ", ".join(path.name for path in sources)
    levels, notes = _all_levels(sources, where, choice, say)
    facts = facts or FileFacts()
    say(msg("boundaries.step_write", name=output.name))
    write_levels(output, levels, replace(facts, source=facts.source or where, notes=notes), overwrite=overwrite)
    del levels  # the country is a gigabyte
    give_back()
    return load_boundaries(output)


def _all_levels(
    sources: Sequence[Path], where: str, choice: LayerChoice | None, say: Callable[[Message], None]
) -> tuple[dict[str, gpd.GeoDataFrame], tuple[Message, ...]]:
    """The areas of every level, made of the sources, and what was mended and left out."""
    from lks_geo.boundaries.desa_layer import desa_of
    from lks_geo.boundaries.layer_fields import read_source

    layers = []
    for path in sources:
        say(msg("boundaries.step_read", name=path.name))
        layers += waited(partial(read_source, path, choice))
    say(msg("boundaries.step_clean", n=sum(len(layer.table) for layer in layers)))
    layer = waited(partial(desa_of, layers, where, gap_degrees=GAP_DEGREES, join=True, whole=True))
    del layers  # the country is a gigabyte, and here it would be held twice
    give_back()
    say(msg("boundaries.step_join"))
    nowhere = Source(name=where, sha256="")
    desa_only = Boundaries(desa=layer.desa, neighbours=layer.ground, source=nowhere, crs_m="")
    levels = {level: waited(partial(desa_only.level, level)) for level in LEVELS}
    give_back()
    if len(layer.ground):
        levels[NEIGHBOURS] = layer.ground.set_index("kode").assign(nama="").reindex(columns=[*AREA_COLUMNS, "geometry"])
    return levels, layer.notes


def describe(path: Path | None, boundaries: Boundaries) -> BoundaryFacts:
    """The facts that `boundaries info` shows. `path`: the file that `boundaries` were loaded from, None = shipped."""
    facts = read_facts(path or shipped.BOUNDARIES) or FileFacts()
    desa = boundaries.desa
    shapes = desa.geometry.to_numpy()
    west, south, east, north = (float(edge) for edge in desa.total_bounds)
    return BoundaryFacts(
        counts={level: len(boundaries.names(level)) for level in LEVELS},
        neighbours=len(boundaries.neighbours),
        with_bps=int(desa["kode_bps"].notna().sum()),
        source=boundaries.source,
        described=facts.source,
        accuracy=facts.accuracy,
        crs="EPSG:4326",
        crs_m=boundaries.crs_m,
        area_km2=float(waited(lambda: area_m2(shapely.normalize(shapes))).sum()) / 1e6,
        bounds=(west, south, east, north),
        valid=bool(waited(partial(shapely.is_valid, shapes)).all()),
        coverage=bool(shapely.coverage_is_valid(shapes)) if len(shapes) <= COVERAGE_LIMIT else None,
        notes=boundaries.notes,
    )


def read_facts(path: Path) -> FileFacts | None:
    """The facts of a boundary file of this project; None if the file is anything else."""
    if path.suffix.lower() not in (".parquet", ".geoparquet") or not path.is_file():
        return None
    try:
        metadata = pq.read_schema(path).metadata or {}
        facts = json.loads(metadata[FILE_KEY])
    except (KeyError, OSError, pa.ArrowException, ValueError):
        return None
    if not isinstance(facts, dict) or facts.get("format") != FILE_FORMAT:
        raise LksGeoError.of("boundaries.newer_format", where=path.name)
    notes = tuple(map(_message, facts.get("notes", [])))
    return FileFacts(notes=notes, **{name: facts.get(name, "") for name in _FACT_NAMES})


_FACT_NAMES = ("source", "vintage", "licence", "accuracy")


def _message(stored: Mapping[str, Any]) -> Message:
    """A message as it stands in a file; messages inside it too."""
    params = {name: _message(value) if isinstance(value, dict) else value for name, value in stored["params"].items()}
    return Message(str(stored["key"]), params)


def read_levels(path: Path) -> dict[str, gpd.GeoDataFrame]:
    """All levels of a boundary file, `sekitar` too, each with index `kode`, AREA_COLUMNS and `geometry`."""
    try:
        with pq.ParquetFile(path) as file:
            if path != shipped.BOUNDARIES:
                from lks_geo.boundaries.layer_files import refuse_large_parquet

                refuse_large_parquet(file.metadata, path.name)
            table = _geo_table(file.read()).set_index("kode")
        return {level: table.loc[table["level"] == level].drop(columns="level") for level in (*LEVELS, NEIGHBOURS)}
    except (*DAMAGES, AttributeError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        damaged = msg("boundaries.reason_damaged")
        raise LksGeoError.of("boundaries.unreadable", where=path.name, reason=damaged) from error


def _geo_table(written: pa.Table) -> gpd.GeoDataFrame:
    """A table with a column `geometry` of WKB, as GeoParquet says that it is. (What `gpd.read_parquet` gives; it looks
    for files that are parts of a table, which took as long as all the rest.)"""
    crs = json.loads(written.schema.metadata[b"geo"])["columns"]["geometry"].get("crs", "OGC:CRS84")
    parts = [shapely.from_wkb(part.to_numpy(zero_copy_only=False)) for part in written["geometry"].chunks]
    shapes = np.concatenate([np.empty(0, dtype=object), *parts])
    return gpd.GeoDataFrame(written.drop_columns("geometry").to_pandas(), geometry=shapes, crs=_code_of(crs))


def _code_of(crs: Any) -> Any:
    """The code of a CRS that says it, in place of its whole definition, which each thread reads anew."""
    said = crs.get("id") if isinstance(crs, dict) else None
    return f"{said['authority']}:{said['code']}" if said else crs


def write_levels(
    path: Path, levels: Mapping[str, gpd.GeoDataFrame], facts: FileFacts, *, overwrite: bool = False
) -> None:
    """Writes a boundary file, whole or not at all. `levels`: LEVELS and, if there are any, `sekitar`."""
    frames = []
    for level in (*LEVELS, NEIGHBOURS):
        if level in levels:
            frame = levels[level].sort_index()[[*AREA_COLUMNS, "geometry"]]
            frame.insert(0, "level", level)
            frames.append(frame)
    table = gpd.GeoDataFrame(pd.concat(frames), crs="EPSG:4326").rename_axis("kode").reset_index()
    table[["kode", "level", *AREA_COLUMNS]] = table[["kode", "level", *AREA_COLUMNS]].astype("str")
    parts = [table.iloc[start : start + ROWS_AT_ONCE] for start in range(0, len(table), ROWS_AT_ONCE)]
    schema = _schema(table, json.dumps(asdict(facts), ensure_ascii=False))
    with (
        whole_file(path, overwrite=overwrite) as target,
        pq.ParquetWriter(target, schema, compression="zstd", compression_level=9) as writer,
    ):
        for part in parts:
            writer.write_table(waited(partial(_arrow, part)).cast(schema))


def _schema(table: gpd.GeoDataFrame, facts: str) -> pa.Schema:
    """The columns and metadata of GeoParquet for a table that is written in parts."""
    schema = _arrow(table.iloc[:1]).schema
    geo = json.loads(schema.metadata[b"geo"])
    geo["columns"]["geometry"] |= {
        "bbox": table.total_bounds.tolist(), "geometry_types": sorted(map(str, table.geom_type.dropna().unique())),
    }  # fmt: skip
    return schema.with_metadata({**schema.metadata, b"geo": json.dumps(geo).encode(), FILE_KEY: facts.encode()})


def _arrow(table: gpd.GeoDataFrame) -> pa.Table:
    """A table as GeoParquet has it, with its metadata."""
    buffer = BytesIO()
    table.to_parquet(buffer, index=False, compression=None)
    return pq.read_table(pa.BufferReader(buffer.getbuffer()))
