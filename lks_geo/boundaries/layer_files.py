"""The layers in any file of boundaries: a shapefile, a geodatabase, a zip with folders, a folder, KML, TopoJSON.

`open_layers` gives every layer that has shapes, as it is written: no heading is known here, nothing is mended. What
can't be read is told by what is seen in the bytes (empty, a web page, half a shapefile). Text is UTF-8 where its bytes
are UTF-8, else cp1252, whatever a label says. A ring that is left open is closed.
Gets wrong: names in an old code page other than cp1252 that no .cpg names.
"""

from __future__ import annotations

import json
import os
import struct
import warnings
import zipfile
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from lks_geo.boundaries.polygon_repair import refuse_many_corners
from lks_geo.errors import LksGeoError
from lks_geo.geo import named_crs
from lks_geo.messages import Message, msg
from lks_geo.sheets.features import cells_and_size
from lks_geo.vetting import (
    ARCHIVES,
    COLLECTION,
    LOOK,
    PARQUET,
    READABLE,
    TEXT,
    DataSet,
    fault_of_file,
    fault_of_size,
    largest,
    memory_of,
    sets_in_archive,
    size_of,
    some,
)

TABLES = (".csv", ".txt", ".xlsx", ".xls", ".ods")  # hold no shapes
MOST_LAYERS = 1_000
"""Layers of a file; files with layers in a folder or archive."""
MOST_CELLS = 20_000_000
"""Rows of a layer times its columns and the shape."""
_MOST_MEMORY = 5_000_000_000
"""Bytes that all readings of a text may take: it is read anew for each of its layers."""
IN_DEGREES = (".topojson", ".kml", ".js")  # longitude and latitude (WGS 84) where they don't say otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLayer:
    """One layer: `where` as a person finds it ("batas.gpkg: desa"), `name` as `--layer` calls it.

    `frame` has the columns as written and `geometry` without a CRS; `crs` is what the layer names, None if nothing,
    and `crs_fault` says that what it names can't be understood. `own`: made by this program. `closed`: row positions
    whose rings were left open.
    """

    where: str
    name: str
    frame: gpd.GeoDataFrame
    crs: pyproj.CRS | None
    crs_fault: bool = False
    own: bool = False
    closed: tuple[int, ...] = ()
    notes: tuple[Message, ...] = ()


def open_layers(path: Path) -> list[RawLayer]:
    """All layers with shapes of a file, folder or archive, in the order of their names; `LksGeoError` if none."""
    if not path.exists():
        raise LksGeoError.of("boundaries.missing", path=str(path))
    datasets = _bounded(_datasets(path), path.name)
    layers = [layer for dataset in datasets for layer in _layers(dataset, several=len(datasets) > 1)]
    if not layers:
        raise LksGeoError.of("boundaries.no_geometry", where=path.name)
    return layers


def _bounded(found: Iterator[DataSet], where: str) -> list[DataSet]:
    """The data sets of a file, folder or archive, if they are not too many, and together not too large."""
    datasets: list[DataSet] = []
    sizes: Counter[int] = Counter()
    for dataset in found:
        sizes[most := largest(dataset.suffix)] += dataset.size
        datasets.append(dataset)
        if len(datasets) > MOST_LAYERS:
            raise LksGeoError.of("boundaries.too_many_layers", where=where, most=MOST_LAYERS)
        if sizes[most] > most and len(datasets) > 1:
            raise LksGeoError.of(
                "boundaries.unreadable", where=where, reason=fault_of_size(sizes[most], dataset.suffix)
            )
    return datasets


def _datasets(path: Path) -> Iterator[DataSet]:
    """The file itself, or what can be read in a folder or archive."""
    suffix = path.suffix.casefold()
    if path.is_dir() and suffix != ".gdb":
        found = _in_folder(path)
        if not found:
            names = sorted(file.name for file in path.rglob("*") if file.is_file())
            raise LksGeoError.of("files.nothing_inside", where=path.name, found=some(names))
        for file in found:
            yield from _datasets(file)
    elif path.is_file() and suffix in ARCHIVES and zipfile.is_zipfile(path):
        yield from sets_in_archive(path)
    else:
        yield DataSet(
            name=path.name, path=str(path), suffix=suffix, beside=lambda other: _read_beside(path, other),
            size=size_of(path), fault=fault_of_file(path),
        )  # fmt: skip


def _in_folder(folder: Path) -> list[Path]:
    """The files to read in a folder and those below it; a geodatabase is one, and what lies in it is not."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.casefold() in (*READABLE, *ARCHIVES)]
    return [file for file in files if not any(part.suffix.casefold() == ".gdb" for part in file.parents)]


def _read_beside(path: Path, suffix: str) -> bytes | None:
    """The bytes of the file of the same name with another ending, in any case (DESA.DBF)."""
    if not path.parent.is_dir():
        return None
    for file in path.parent.iterdir():
        if file.stem == path.stem and file.suffix.casefold() == suffix:
            return file.read_bytes()
    return None


def _layers(dataset: DataSet, *, several: bool) -> Iterator[RawLayer]:
    if dataset.suffix in TABLES:
        return
    try:
        if dataset.fault is not None:
            raise LksGeoError.of("boundaries.unreadable", where=dataset.name, reason=_reason(dataset))
        with warnings.catch_warnings(action="ignore"):
            yield from _parquet_layers(dataset) if dataset.suffix in PARQUET else _ogr_layers(dataset, several=several)
    except LksGeoError:
        raise
    except Exception as error:  # drivers raise whatever they like; the user needs one line
        raise LksGeoError.of("boundaries.unreadable", where=dataset.name, reason=_reason(dataset)) from error


def _reason(dataset: DataSet) -> Message:
    """What a file that can't be read is, as far as its bytes tell."""
    if dataset.fault is not None:
        return dataset.fault
    missing = [part for part in (".dbf", ".shx") if dataset.suffix == ".shp" and dataset.beside(part) is None]
    return msg("boundaries.reason_half", found=", ".join(missing)) if missing else msg("boundaries.reason_damaged")


def _parquet_layers(dataset: DataSet) -> Iterator[RawLayer]:
    content: Any = dataset.path
    if dataset.path.startswith("/vsi"):
        content = BytesIO(dataset.beside(dataset.suffix) or b"")
    metadata = pq.read_schema(content).metadata or {}
    if b"geo" not in metadata:
        return
    refuse_large_parquet(pq.read_metadata(content), dataset.name)
    frame = gpd.read_parquet(content)
    crs = frame.crs
    frame = frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame
    if any(frame.index.names):
        frame = frame.reset_index()
    yield RawLayer(
        where=dataset.name, name=Path(dataset.name).stem, own=b"lks_geo" in metadata, crs=crs,
        frame=frame.set_crs(None, allow_override=True),  # type: ignore[call-overload]
    )  # fmt: skip


def _ogr_layers(dataset: DataSet, *, several: bool) -> Iterator[RawLayer]:
    try:
        yield from list(_read_layers(dataset, dataset.path, several=several))
    except pyogrio.errors.CRSError as error:  # of a broken .prj; all else of the shapefile is read without it
        if dataset.suffix != ".shp":
            raise LksGeoError.of("boundaries.bad_crs", where=dataset.name) from error
        with TemporaryDirectory() as folder:
            bare = Path(folder) / "layer.shp"
            for suffix in (".shp", ".shx", ".dbf", ".cpg"):
                if (content := dataset.beside(suffix)) is not None:
                    bare.with_suffix(suffix).write_bytes(content)
            layers = list(_read_layers(dataset, str(bare), several=several))
        yield from (replace(layer, crs_fault=True) for layer in layers)


def _read_layers(dataset: DataSet, path: str, *, several: bool) -> Iterator[RawLayer]:
    source: str | bytes = path
    encoding: str | None = None
    notes: tuple[Message, ...] = ()
    if dataset.suffix == ".shp":
        _refuse_shared_shapes(dataset)
        encoding, notes = _table_encoding(dataset)
    elif dataset.suffix in TEXT:
        source, notes = _plain_text(dataset)
    elif dataset.suffix == ".gml":
        source = dataset.beside(".gml") or path  # beside a file, GDAL would write what it found out (.gfs)
    shaped = _shaped(dataset, source)
    for at, name, known in shaped:  # by number: content that is in memory has another name each time
        where = f"{dataset.name}: {name}" if len(shaped) > 1 else dataset.name
        own = (isinstance(source, str) or dataset.suffix == ".gml") and (len(shaped) > 1 or not several)
        title = name if own else Path(dataset.name).stem
        facts = known or pyogrio.read_info(source, at, encoding, force_feature_count=True)
        _refuse_many_cells(int(facts["features"]) * (len(facts["fields"]) + 1), where)
        yield _read(dataset, source, at, where, title, encoding, notes if at == shaped[0][0] else ())


def _shaped(dataset: DataSet, source: str | bytes) -> list[tuple[int, str, dict[str, Any] | None]]:
    """The layers with shapes: number, name, and what is known of each. Of long texts, which are read to their end for
    that, what is known is asked for at once."""
    if isinstance(source, str) and dataset.suffix in TEXT and _is_collection(dataset):
        facts = pyogrio.read_info(source, layer=0)
        return [(0, str(facts["layer_name"]), facts)] if facts["geometry_type"] is not None else []
    layers = pyogrio.list_layers(source)
    content = filter(None, map(dataset.beside, [dataset.suffix]))  # only read for a text
    again = len(layers) * memory_of(content, dataset.suffix) if len(layers) > 1 else 0
    if len(layers) > MOST_LAYERS or again > _MOST_MEMORY:
        raise LksGeoError.of("boundaries.too_many_layers", where=dataset.name, most=MOST_LAYERS)
    return [(at, str(name), None) for at, (name, geometry) in enumerate(layers) if geometry is not None]


def _is_collection(dataset: DataSet) -> bool:
    """Whether a text is GeoJSON of one layer, and not of a kind that may have several."""
    start = (dataset.beside(dataset.suffix) or b"")[:LOOK]
    return COLLECTION.match(start) is not None and b"conformsTo" not in start


def _refuse_many_cells(cells: int, where: str) -> None:
    if cells > MOST_CELLS:
        raise LksGeoError.of("boundaries.too_many_cells", where=where, n=cells, most=MOST_CELLS)


def refuse_large_parquet(facts: pq.FileMetaData, where: str) -> None:
    """An error if a file of areas has too many cells, or says that it unfolds to more than a file may have."""
    cells, size = cells_and_size(facts)
    _refuse_many_cells(cells, where)
    if fault := fault_of_size(size, PARQUET[0]):
        raise LksGeoError.of("boundaries.unreadable", where=where, reason=fault)


def _read(
    dataset: DataSet,
    source: str | bytes,
    layer: int,
    where: str,
    title: str,
    encoding: str | None,
    notes: tuple[Message, ...],
) -> RawLayer:
    """One layer of GDAL; rings that don't close are closed, each known by its row."""
    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull})  # what it has to say, the notes say
    meta, _, wkb, columns = pyogrio.raw.read(source, layer=layer, encoding=encoding)
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    broken = np.flatnonzero(shapely.is_missing(shapes) & np.array([part is not None for part in wkb], dtype=bool))
    shapes[broken] = shapely.from_wkb(wkb[broken], on_invalid="fix")
    closed = tuple(int(at) for at in broken if shapes[at] is not None and not shapes[at].is_empty)
    headings = [f"{name}_" if name == "geometry" else str(name) for name in meta["fields"]]
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(len(wkb)))
    frame.columns = pd.Index(headings, dtype="object")
    crs, fault = named_crs(meta["crs"])
    if crs is None and not fault and (dataset.suffix in IN_DEGREES or _is_topology(dataset)):
        crs = pyproj.CRS("EPSG:4326")
    return RawLayer(
        where=where, name=title, crs=crs, crs_fault=fault, closed=closed, notes=notes,
        frame=gpd.GeoDataFrame(frame, geometry=shapes),
    )  # fmt: skip


def _is_topology(dataset: DataSet) -> bool:
    """Whether a file of JSON is TopoJSON; GDAL knows it only if its type stands first."""
    content = (dataset.beside(dataset.suffix) or b"") if dataset.suffix in (".json", ".topojson") else b""
    return b'"Topology"' in content and b'"arcs"' in content


def _refuse_shared_shapes(dataset: DataSet) -> None:
    """An error if the index of a shapefile lists more bytes than it has (rows that share one shape), or too many."""
    index = dataset.beside(".shx") or b""
    words = np.frombuffer(index[100 : len(index) - (len(index) - 100) % 8], dtype=">u4")[1::2]
    if 2 * int(words.sum(dtype=np.int64)) > dataset.size:
        raise LksGeoError.of("boundaries.unreadable", where=dataset.name, reason=msg("boundaries.reason_damaged"))
    corner = 24 if index[32:33] > b"\x09" else 16  # bytes, with or without a height
    refuse_many_corners(2 * words.astype(np.int64) // corner, dataset.name)


def _table_encoding(dataset: DataSet) -> tuple[str | None, tuple[Message, ...]]:
    """The encoding of a shapefile's names (None: as GDAL thinks), by their bytes; a note where a label says else."""
    table = dataset.beside(".dbf") or b""
    label = (dataset.beside(".cpg") or b"").decode("ascii", "ignore").strip()
    rows, start, width = struct.unpack_from("<IHH", table, 4) if len(table) >= 32 else (0, 0, 0)
    _refuse_many_cells(rows, dataset.name)
    body = table[start : start + rows * width]
    if body.isascii():
        return None, ()
    utf8 = _is_utf8(body, width)
    says_utf8 = label.casefold().replace("-", "") == "utf8"
    if (utf8 and says_utf8) or (not utf8 and label and not says_utf8):
        return None, ()
    encoding = "UTF-8" if utf8 else "cp1252"
    return encoding, (msg("boundaries.note_encoding", where=dataset.name, found=encoding, label=label or "–"),)


def _is_utf8(body: bytes, width: int) -> bool:
    """Whether the records are UTF-8; a letter cut in half at the end of a field is forgiven in one record of ten."""
    records = [body[at : at + width] for at in range(0, len(body), max(width, 1))]
    wide = [record for record in records if not record.isascii()]
    return sum(map(_decodes, wide)) >= 0.9 * len(wide)


def _decodes(record: bytes) -> bool:
    """Whether bytes are UTF-8; of many, a part at a time."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(record), LOOK):
            decoder.decode(record[start : start + LOOK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _plain_text(dataset: DataSet) -> tuple[str | bytes, tuple[Message, ...]]:
    """The path of a text file, or its content as UTF-8 without the script around it ("var desa = {...};")."""
    content = dataset.beside(dataset.suffix) or b""
    plain = _decodes(content) and not content.startswith(b"\xef\xbb\xbf") and dataset.suffix != ".js"
    if plain and not _is_topology(dataset):
        return dataset.path, ()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig" if _decodes(content) else "cp1252"
    text = content.decode(encoding, "replace")
    if dataset.suffix == ".js":
        text = text[text.find("{") :].rstrip().rstrip(";")
    if _is_topology(dataset):
        text = json.dumps({"type": "Topology"} | json.loads(text))
    told = encoding == "cp1252"
    notes = (msg("boundaries.note_encoding", where=dataset.name, found=encoding, label="–"),) if told else ()
    return text.encode(), notes
