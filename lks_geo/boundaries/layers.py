"""Any readable layer of desa (OGR format or GeoParquet) as the desa table. Headings are found by a table of names."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from lks_geo.boundaries.codes import BPS, CodeSystem, listed, parent_codes, read_codes
from lks_geo.boundaries.shapes import to_coverage, to_polygons
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.tables import AREA_COLUMNS, LEVELS, PARENT_COLUMNS, DesaFrame, check_desa

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kode": ("kode", "kode_desa", "kdepum", "village_code", "adm4_pcode", "iddesa"),
    "nama": ("nama", "nama_desa", "desa", "namobj", "wadmkd", "village", "adm4_en", "adm4_name", "nmdesa"),
    "kecamatan": ("kecamatan", "nama_kecamatan", "wadmkc", "district", "adm3_en", "adm3_name", "nmkec"),
    "kabupaten": ("kabupaten", "nama_kabupaten", "wadmkk", "regency", "adm2_en", "adm2_name", "nmkab"),
    "provinsi": ("provinsi", "nama_provinsi", "wadmpr", "province", "adm1_en", "adm1_name", "nmprov"),
    "kode_bps": ("kode_bps",),
}
"""Headings (lower case) by field, first the project's own, then those of BIG, OCHA and BPS layers."""


KIND = re.compile(r"^(?:kecamatan|kec\.?|kabupaten|kab\.?|provinsi|prov\.?)\s+", re.IGNORECASE)
"""What some layers write before the names of upper levels; the name alone is kept. "Kota" is part of the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The desa of one or more files, ready to use, and what was mended."""

    desa: DesaFrame
    system: CodeSystem
    notes: tuple[Message, ...]


def read_layer(path: Path, code_column: str | None = None, name_column: str | None = None) -> gpd.GeoDataFrame:
    """One file as `kode`, `nama`, the optional fields and `geometry` in EPSG:4326; nothing mended yet."""
    raw = _read(path, code_column)
    if raw.crs is None:
        raise LksGeoError.of("boundaries.no_crs", where=path.name)
    if raw.empty:
        raise LksGeoError.of("boundaries.empty", where=path.name)
    wanted = {"kode": code_column, "nama": name_column}
    found = {field: _heading(raw, field, wanted.get(field)) for field in HEADINGS}
    missing = [field for field in ("kode", "nama") if found[field] is None]
    if missing:
        headings = [str(name) for name in raw.columns if name != raw.geometry.name]
        raise LksGeoError.of(
            "boundaries.no_column", where=path.name, name=", ".join(missing), found=", ".join(headings) or "–"
        )
    columns = {field: _text(raw[heading]) for field, heading in found.items() if heading is not None}
    layer = gpd.GeoDataFrame(columns, geometry=raw.geometry.to_crs("EPSG:4326").to_numpy(), crs="EPSG:4326")
    west, south, east, north = layer.total_bounds
    if np.isfinite(west) and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise LksGeoError.of("boundaries.wrong_crs", where=path.name, found=raw.crs.name)
    return layer


def desa_of(layer: gpd.GeoDataFrame, where: str, gap_degrees: float = 0.0) -> Layer:
    """The desa table of a layer: codes in one form, parents from the codes, shapes mended; errors say the cure."""
    notes: list[Message] = []
    blank = layer["kode"].isna()
    if blank.any():
        notes.append(msg("boundaries.note_no_code", n=int(blank.sum())))
        layer = layer[~blank]
    polygons = to_polygons(layer.geometry.to_numpy())
    usable = np.array([shape is not None for shape in polygons.shapes], dtype=bool)
    if not usable.any():
        raise LksGeoError.of("boundaries.no_polygon", where=where)
    codes, system = read_codes(layer["kode"], where)
    if not usable.all():
        lost = codes[~usable]
        notes.append(msg("boundaries.note_no_polygon", n=len(lost), found=listed(lost)))
    coverage = to_coverage(polygons.shapes[usable], gap_degrees)
    table = _area_columns(layer[usable], codes[usable], system, notes)
    table.index = pd.Index(codes[usable], name="kode", dtype="str")
    desa = gpd.GeoDataFrame(table, geometry=coverage.shapes, crs="EPSG:4326").sort_index()
    return Layer(desa=check_desa(desa), system=system, notes=(*notes, *polygons.notes, *coverage.notes))


def _area_columns(
    layer: gpd.GeoDataFrame, codes: pd.Series[str], system: CodeSystem, notes: list[Message]
) -> pd.DataFrame:
    table = parent_codes(codes, system)
    unnamed = [level for level in PARENT_COLUMNS if level not in layer]
    if unnamed:
        notes.append(msg("boundaries.note_no_names", names=", ".join(unnamed)))
    for level, column in PARENT_COLUMNS.items():
        named = table[column] if level in unnamed else layer[level].str.replace(KIND, "", regex=True)
        table[level] = named.fillna(table[column])
    table["nama"] = layer["nama"].fillna(codes)
    if system is BPS:
        table["kode_bps"] = codes
    else:
        table["kode_bps"] = layer.get("kode_bps", pd.NA)
    return table[list(AREA_COLUMNS)].astype("str")


def _read(path: Path, code_column: str | None) -> gpd.GeoDataFrame:
    if not path.exists():
        raise LksGeoError.of("boundaries.missing", path=str(path))
    try:
        with warnings.catch_warnings(action="ignore"):
            raw = _open(path, code_column)
    except Exception as error:  # drivers raise whatever they like; the user needs one line
        raise LksGeoError.of("boundaries.unreadable", where=path.name, reason=_first_line(error)) from error
    if not isinstance(raw, gpd.GeoDataFrame):
        raise LksGeoError.of("boundaries.no_geometry", where=path.name)
    if "level" in raw and raw["level"].isin(LEVELS[1:]).any():
        raw = raw[raw["level"] == LEVELS[0]]
    return raw


def _open(path: Path, code_column: str | None) -> pd.DataFrame:
    if path.suffix.lower() not in (".parquet", ".geoparquet"):
        return gpd.read_file(path, engine="pyogrio", layer=_choose_layer(path, code_column))
    if b"geo" in (pq.read_schema(path).metadata or {}):
        return gpd.read_parquet(path)
    return pd.DataFrame()


def _choose_layer(path: Path, code_column: str | None) -> str | None:
    """The layer of a many-layered file that has a code column; nothing to choose if there is one layer or none fits."""
    import pyogrio

    names = [str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    if len(names) < 2:
        return None
    wanted = {code_column.casefold()} if code_column else set(HEADINGS["kode"])
    for name in names:
        if wanted & {str(field).casefold() for field in pyogrio.read_info(path, layer=name)["fields"]}:
            return name
    return names[0]


def _heading(raw: gpd.GeoDataFrame, field: str, chosen: str | None) -> str | None:
    by_lower = {str(name).casefold(): str(name) for name in reversed(list(raw.columns)) if name != raw.geometry.name}
    candidates = (chosen.casefold(),) if chosen else HEADINGS[field]
    return next((by_lower[name] for name in candidates if name in by_lower), None)


def _text(cells: pd.Series[str]) -> np.ndarray:
    """Cells as text without blanks around them, None where empty; whole numbers without a decimal part."""
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        text = cells.astype("Int64").astype("str").str.strip()
    else:
        text = cells.astype("str").str.strip()
    return text.mask(text == "").to_numpy()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
