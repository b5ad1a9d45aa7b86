"""The boundary file of this project: one GeoParquet with all levels and its facts, so that loading needs no work.

Columns `kode`, `level` (LEVELS and `sekitar`, the outlines around), AREA_COLUMNS, `geometry` (EPSG:4326). The facts
are JSON under FILE_KEY in the file's own metadata. Same content, same versions: same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lks_geo.errors import LksGeoError
from lks_geo.files import whole_file
from lks_geo.tables import AREA_COLUMNS, LEVELS

NEIGHBOURS = "sekitar"
FILE_KEY = b"lks_geo"
FILE_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What a boundary file says about itself, as free text."""

    source: str = ""
    vintage: str = ""
    licence: str = ""
    accuracy: str = ""
    format: int = FILE_FORMAT


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
    return FileFacts(**{name: facts.get(name, "") for name in ("source", "vintage", "licence", "accuracy")})


def read_levels(path: Path) -> dict[str, gpd.GeoDataFrame]:
    """All levels of a boundary file, `sekitar` too, each with index `kode`, AREA_COLUMNS and `geometry`."""
    try:
        table = gpd.read_parquet(path).set_index("kode")
        return {level: table.loc[table["level"] == level].drop(columns="level") for level in (*LEVELS, NEIGHBOURS)}
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        raise LksGeoError.of("boundaries.unreadable", where=path.name, reason=str(error)[:200]) from error


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
    buffer = BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd")
    arrow = pq.read_table(BytesIO(buffer.getvalue()))
    metadata = {**(arrow.schema.metadata or {}), FILE_KEY: json.dumps(asdict(facts), ensure_ascii=False).encode()}
    with whole_file(path, overwrite=overwrite) as target:
        pq.write_table(
            arrow.replace_schema_metadata(metadata),
            target,
            compression="zstd",
            compression_level=19,
            row_group_size=1 << 20,
        )
