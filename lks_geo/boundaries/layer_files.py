"""The layers in any file of boundaries: a shapefile, a geodatabase, a zip with folders, a folder, KML, TopoJSON.

`open_layers` gives every layer that has shapes, as it is written: no heading is known here, nothing is mended. What
can't be read is told by what is seen in the bytes (empty, a web page, half a shapefile). Text is UTF-8 where its bytes
are UTF-8, else cp1252, whatever a label says. A ring that is left open is closed.
Gets wrong: names in an old code page other than cp1252 that no .cpg names.
"""

from __future__ import annotations

import json
import os
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.vetting import ARCHIVES, fault_of_file, refuse_large_archive

PARQUET = (".parquet", ".geoparquet")
TEXT = (".geojson", ".json", ".topojson", ".js")
TABLES = (".csv", ".txt", ".xlsx", ".xls", ".ods")  # hold no shapes
READABLE = (*PARQUET, *TEXT, ".shp", ".gpkg", ".gdb", ".kml", ".gml", ".tab", ".mif", ".fgb", ".sqlite", ".geojsonl")
"""What is read, also in folders and archives."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dataset:
    """What GDAL or pyarrow opens: a path (also inside an archive) and the bytes of a file beside it, by its suffix."""

    name: str
    path: str
    suffix: str
    beside: Callable[[str], bytes | None]
    fault: Message | None = None  # why it may not be opened


def open_layers(path: Path) -> list[RawLayer]:
    """All layers with shapes of a file, folder or archive, in the order of their names; `LksGeoError` if none."""
    if not path.exists():
        raise LksGeoError.of("boundaries.missing", path=str(path))
    datasets = list(_datasets(path))
    layers = [layer for dataset in datasets for layer in _layers(dataset, several=len(datasets) > 1)]
    if not layers:
        raise LksGeoError.of("boundaries.no_geometry", where=path.name)
    return layers


def _datasets(path: Path) -> Iterator[_Dataset]:
    """The file itself, or what can be read in a folder or archive."""
    suffix = path.suffix.casefold()
    if path.is_dir() and suffix != ".gdb":
        found = _in_folder(path)
        if not found:
            raise LksGeoError.of("boundaries.nothing_inside", where=path.name, found=_some(_names_in(path)))
        for file in found:
            yield from _datasets(file)
    elif path.is_file() and suffix in ARCHIVES and zipfile.is_zipfile(path):
        yield from _in_archive(path)
    else:
        yield _Dataset(
            name=path.name, path=str(path), suffix=suffix, beside=lambda other: _read_beside(path, other),
            fault=fault_of_file(path),
        )  # fmt: skip


def _in_folder(folder: Path) -> list[Path]:
    """The files to read in a folder and those below it; a geodatabase is one, and what lies in it is not."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.casefold() in (*READABLE, *ARCHIVES)]
    return [file for file in files if not any(part.suffix.casefold() == ".gdb" for part in file.parents)]


def _names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def _read_beside(path: Path, suffix: str) -> bytes | None:
    """The bytes of the file of the same name with another ending, in any case (DESA.DBF)."""
    if not path.parent.is_dir():
        return None
    for file in path.parent.iterdir():
        if file.stem == path.stem and file.suffix.casefold() == suffix:
            return file.read_bytes()
    return None


def _in_archive(path: Path) -> Iterator[_Dataset]:
    """The readable members of a zip; those in zips inside it too."""
    refuse_large_archive(path)
    with zipfile.ZipFile(path) as archive:
        yield from _members(archive, f"/vsizip/{{{path.resolve()}}}", path.name)


def _members(archive: zipfile.ZipFile, root: str, where: str) -> Iterator[_Dataset]:
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
    found, near = False, {stem: list(same) for stem, same in groupby(sorted(names, key=_stem), key=_stem)}
    for name in dict.fromkeys(map(_geodatabase, sorted(names))):
        suffix = PurePosixPath(name).suffix.casefold()
        if suffix in ARCHIVES:
            with zipfile.ZipFile(BytesIO(archive.read(name))) as inner:
                yield from _members(inner, f"/vsizip/{{{root}/{name}}}", f"{where}/{name}")
            found = True
        elif suffix in READABLE:
            yield _Dataset(
                name=PurePosixPath(name).name if len(names) > 1 else where,
                path=f"{root}/{name}", suffix=suffix,
                beside=_beside_in(archive, near.get(_stem(name), []), suffix),
                fault=_fault_inside(archive, name, suffix),
            )  # fmt: skip
            found = True
    if not found:
        raise LksGeoError.of("boundaries.nothing_inside", where=where, found=_some(names))


def _fault_inside(archive: zipfile.ZipFile, name: str, suffix: str) -> Message | None:
    """Why a member of a zip may not be opened; one is unpacked for that."""
    if suffix == ".gdb":
        return None
    with TemporaryDirectory() as folder:
        return fault_of_file(Path(archive.extract(name, folder)))


def _geodatabase(name: str) -> str:
    """The folder of a geodatabase for a file in it: "data/batas.gdb/a00001.gdbtable" is "data/batas.gdb"."""
    at = name.casefold().find(".gdb/")
    return name[: at + 4] if at >= 0 else name


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _beside_in(archive: zipfile.ZipFile, names: list[str], suffix: str) -> Callable[[str], bytes | None]:
    """Of the members of one name those that are one data set (desa.dbf to desa.shp, or what is read as a whole)."""
    parts = (".shp", ".dbf", ".cpg", ".shx") if suffix == ".shp" else (*TEXT, *PARQUET)
    kinds = {PurePosixPath(name).suffix.casefold(): name for name in names}
    return {kind: archive.read(name) for kind, name in kinds.items() if kind in parts}.get


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "") if names else "–"


def _layers(dataset: _Dataset, *, several: bool) -> Iterator[RawLayer]:
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


def _reason(dataset: _Dataset) -> Message:
    """What a file that can't be read is, as far as its bytes tell."""
    missing = [part for part in (".dbf", ".shx") if dataset.suffix == ".shp" and dataset.beside(part) is None]
    if missing and dataset.fault is None:
        return msg("boundaries.reason_half", found=", ".join(missing))
    return dataset.fault or msg("boundaries.reason_damaged")


def _parquet_layers(dataset: _Dataset) -> Iterator[RawLayer]:
    content: Any = dataset.path
    if dataset.path.startswith("/vsi"):
        content = BytesIO(dataset.beside(dataset.suffix) or b"")
    metadata = pq.read_schema(content).metadata or {}
    if b"geo" not in metadata:
        return
    frame = gpd.read_parquet(content)
    crs = frame.crs
    frame = frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame
    if any(frame.index.names):
        frame = frame.reset_index()
    yield RawLayer(
        where=dataset.name, name=Path(dataset.name).stem, own=b"lks_geo" in metadata, crs=crs,
        frame=frame.set_crs(None, allow_override=True),  # type: ignore[call-overload]
    )  # fmt: skip


def _ogr_layers(dataset: _Dataset, *, several: bool) -> Iterator[RawLayer]:
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


def _read_layers(dataset: _Dataset, path: str, *, several: bool) -> Iterator[RawLayer]:
    source: str | bytes = path
    encoding: str | None = None
    notes: tuple[Message, ...] = ()
    if dataset.suffix == ".shp":
        encoding, notes = _table_encoding(dataset)
    elif dataset.suffix in TEXT:
        source, notes = _plain_text(dataset)
    shaped = [
        (at, str(name)) for at, (name, geometry) in enumerate(pyogrio.list_layers(source)) if geometry is not None
    ]
    for at, name in shaped:  # by number: content that is in memory has another name each time
        where = f"{dataset.name}: {name}" if len(shaped) > 1 else dataset.name
        own = isinstance(source, str) and (len(shaped) > 1 or not several)
        title = name if own else Path(dataset.name).stem
        yield _read(dataset, source, at, where, title, encoding, notes if at == shaped[0][0] else ())


def _read(
    dataset: _Dataset,
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
    headings = [str(name) for name in meta["fields"]]
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(len(wkb)))
    frame.columns = pd.Index(_once(headings), dtype="object")
    crs, fault = _crs(meta["crs"])
    if crs is None and not fault and (dataset.suffix in IN_DEGREES or _is_topology(dataset)):
        crs = pyproj.CRS("EPSG:4326")
    return RawLayer(
        where=where, name=title, crs=crs, crs_fault=fault, closed=closed, notes=notes,
        frame=gpd.GeoDataFrame(frame, geometry=shapes),
    )  # fmt: skip


def _once(headings: list[str]) -> list[str]:
    """Headings none of which is called "geometry"."""
    return [f"{name}_" if name == "geometry" else name for name in headings]


def _is_topology(dataset: _Dataset) -> bool:
    """Whether a file of JSON is TopoJSON; GDAL knows it only if its type stands first."""
    content = (dataset.beside(dataset.suffix) or b"") if dataset.suffix in (".json", ".topojson") else b""
    return b'"Topology"' in content and b'"arcs"' in content


def _crs(text: str | None) -> tuple[pyproj.CRS | None, bool]:
    """The CRS that a layer names, and whether what it names is no map projection that can be understood."""
    if not text:
        return None, False
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None, True
    known = crs.is_geographic or crs.is_projected or crs.is_bound or crs.is_compound
    return (crs, False) if known else (None, True)


def _table_encoding(dataset: _Dataset) -> tuple[str | None, tuple[Message, ...]]:
    """The encoding of a shapefile's names (None: as GDAL thinks), by their bytes; a note where a label says else."""
    table = dataset.beside(".dbf") or b""
    label = (dataset.beside(".cpg") or b"").decode("ascii", "ignore").strip()
    body = table[int.from_bytes(table[8:10], "little") :]
    if body.isascii():
        return None, ()
    utf8 = _is_utf8(body, int.from_bytes(table[10:12], "little"))
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
    try:
        record.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _plain_text(dataset: _Dataset) -> tuple[str | bytes, tuple[Message, ...]]:
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
