"""Any readable layer of desa (OGR format or GeoParquet) as the desa table: headings, codes, names and shapes put right.

Headings are found by a table of names. Codes are decided once per layer, never per row: Kemendagri codes are dotted
(76.05.01.1001), BPS codes are ten digits (7601010001); dots mean Kemendagri, ten digits alone are Kemendagri if every
last block starts with 1 (kelurahan), 2 (desa) or 3 (desa adat), else BPS. Shapes become valid polygons that meet
exactly; every mend gives a note. Gets wrong: a BPS layer of a few desa all of whose kecamatan codes end in 1, 2 or 3.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.tables import AREA_COLUMNS, LEVELS, PARENT_COLUMNS, DesaFrame

Shapes = npt.NDArray[np.object_]

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kode": ("kode", "kode_desa", "kdepum", "village_code", "adm4_pcode", "iddesa"),
    "nama": ("nama", "nama_desa", "desa", "namobj", "wadmkd", "village", "adm4_en", "adm4_name", "nmdesa"),
    "kecamatan": ("kecamatan", "nama_kecamatan", "wadmkc", "district", "adm3_en", "adm3_name", "nmkec"),
    "kabupaten": ("kabupaten", "nama_kabupaten", "wadmkk", "regency", "adm2_en", "adm2_name", "nmkab"),
    "provinsi": ("provinsi", "nama_provinsi", "wadmpr", "province", "adm1_en", "adm1_name", "nmprov"),
    "kode_bps": ("kode_bps",),
}
"""Headings (lower case) by field, first the project's own, then those of BIG, OCHA and BPS layers."""

KIND = re.compile(r"^(?:kecamatan|kec\.?|kabupaten|kab\.?|provinsi|prov\.?)\s+", re.IGNORECASE)  # "Kec. Mambi"
"""What some layers write before the names of upper levels; the name alone is kept. "Kota" is part of the name."""

COVERAGE_LIMIT = 12_000
"""Layers of more desa are not checked for overlaps: it takes 6 s for the whole country, and mending them 30 s."""

GAP_DEGREES = 2e-4
"""Gaps narrower than this (about 20 m) between the desa of an imported layer are closed; wider ones may be lakes."""

SHOWN = 5
"""How many examples an error lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSystem:
    """A way to number areas: the length of the code of each upper level, which is how a desa code begins."""

    key: str
    lengths: dict[str, int]


KEMENDAGRI = CodeSystem(key="kemendagri", lengths={"kecamatan": 8, "kabupaten": 5, "provinsi": 2})
BPS = CodeSystem(key="bps", lengths={"kecamatan": 7, "kabupaten": 4, "provinsi": 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Polygons after mending (EPSG:4326, None where nothing usable was found) and what was done."""

    shapes: Shapes
    notes: tuple[Message, ...]


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
    heading_of = {field: _heading(raw, field, wanted.get(field)) for field in HEADINGS}
    missing = [field for field in ("kode", "nama") if heading_of[field] is None]
    if missing:
        headings = [str(name) for name in raw.columns if name != raw.geometry.name]
        raise LksGeoError.of(
            "boundaries.no_column", where=path.name, name=", ".join(missing), found=", ".join(headings) or "–"
        )
    columns = {field: _text(raw[heading]) for field, heading in heading_of.items() if heading is not None}
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


def read_codes(cells: pd.Series[str], where: str) -> tuple[pd.Series[str], CodeSystem]:
    """The village codes of a layer in one form, and their system.

    `cells` are the raw cells (text or numbers, no NA); letters in front (ID7601010001) and a `.0` behind are dropped.
    A code that is not ten digits, one that occurs twice, and BPS codes among dotted ones are errors which list the
    first of them.
    """
    text = cells.astype("str").str.strip()
    text = text.str.replace(r"^[A-Za-z]+|\.0$", "", regex=True)  # "ID7605011001", "7605011001.0"
    digits = text.str.replace(r"[.\s]", "", regex=True)  # "76.05.01.1001", "76 05 01 1001"
    wrong = ~digits.str.fullmatch(r"\d{10}")  # "7605011001"
    if wrong.any():
        raise LksGeoError.of("boundaries.bad_codes", where=where, n=int(wrong.sum()), found=listed(cells[wrong]))
    twice = digits[digits.duplicated()]
    if len(twice):
        raise LksGeoError.of("boundaries.duplicate_codes", where=where, n=len(twice), found=listed(twice))
    like_kemendagri = digits.str[6].isin(["1", "2", "3"])
    dotted = text.str.contains(".", regex=False)
    if dotted.any() and not like_kemendagri.all():
        raise LksGeoError.of("boundaries.mixed_codes", where=where, found=listed(cells[~like_kemendagri]))
    if like_kemendagri.all():  # "7605011001" becomes "76.05.01.1001"
        return digits.str.replace(r"(\d\d)(\d\d)(\d\d)(\d{4})", r"\1.\2.\3.\4", regex=True), KEMENDAGRI
    return digits, BPS


def parent_codes(codes: pd.Series[str], system: CodeSystem) -> pd.DataFrame:
    """The codes of kecamatan, kabupaten and provinsi that each village code begins with."""
    return pd.DataFrame(
        {column: codes.str[: system.lengths[level]] for level, column in PARENT_COLUMNS.items()}, index=codes.index
    )


def listed(values: pd.Series[str] | list[str]) -> str:
    """The first few of `values`, as an error shows them."""
    shown = [str(value) for value in values[:SHOWN]]
    return ", ".join(shown) + (" …" if len(values) > SHOWN else "")


def to_polygons(shapes: Shapes) -> Mended:
    """Two-dimensional valid (Multi)Polygons; lines and points are left out, None where no polygon is left."""
    flat = shapely.force_2d(shapes)
    present = ~(shapely.is_missing(flat) | shapely.is_empty(flat))
    invalid = present & ~shapely.is_valid(flat)
    flat[invalid] = shapely.make_valid(flat[invalid], method="structure", keep_collapsed=False)
    for at in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(flat[at])
        flat[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    usable = (shapely.get_dimensions(flat) == 2) & ~shapely.is_empty(flat)
    flat[~usable] = None
    notes = (msg("boundaries.note_invalid", n=int(invalid.sum())),) if invalid.any() else ()
    return Mended(shapes=flat, notes=notes)


def to_coverage(shapes: Shapes, gap_degrees: float = 0.0) -> Mended:
    """The polygons as a coverage: no overlaps, shared borders the same point by point, narrow gaps closed.

    Layers larger than COVERAGE_LIMIT are returned as they are, with a note.
    """
    if len(shapes) > COVERAGE_LIMIT:
        return Mended(shapes=shapes, notes=(msg("boundaries.note_unchecked", n=len(shapes)),))
    if not gap_degrees and shapely.coverage_is_valid(shapes):
        return Mended(shapes=shapes, notes=())
    with np.errstate(invalid="ignore"):
        touched = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
        cleaned = shapely.coverage_clean(shapes, gap_width=gap_degrees)  # type: ignore[attr-defined]  # new in 2.2
    lost = shapely.is_empty(cleaned) | ~shapely.is_valid(cleaned)
    cleaned[lost] = shapes[lost]
    return Mended(shapes=cleaned, notes=(msg("boundaries.note_coverage", n=touched),) if touched else ())


def check_desa(frame: gpd.GeoDataFrame) -> DesaFrame:
    """A frame as `DesaFrame`, or an `LksGeoError` naming every fault at once."""
    faults: list[str] = []
    missing = [name for name in (*AREA_COLUMNS, "geometry") if name not in frame.columns]
    if missing:
        faults.append(f"columns missing: {', '.join(missing)}")
    if frame.index.name != "kode" or not frame.index.is_unique or not frame.index.is_monotonic_increasing:
        faults.append("the index must be kode: unique and sorted")
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        faults.append("the CRS must be EPSG:4326")
    if not faults and not bool(frame.geometry.is_valid.all()):
        faults.append("invalid polygons")
    if faults:
        raise LksGeoError.of("boundaries.not_usable", faults="; ".join(faults))
    return DesaFrame(frame)
