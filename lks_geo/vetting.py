"""Looks into a file of shapes before a driver written in C gets it: is it what its ending says, and nothing else?

GDAL chooses its driver by content. A file called .geojson that holds the XML of a "virtual" data set would be opened as
one: it names other files, or addresses in a network, which are read and can end in what is written. So only the kinds
below are opened, each by how it begins; what points elsewhere is refused. Tables of SQLite that run code of a driver
are refused too, and views are run once with a limit of time: one that never ends could not be stopped in C. A driver
can't be stopped either while it takes memory, so that size, and for text the signs that it is made of, are bounded.
Decides for caution: a comment that quotes such XML refuses the file.
"""

from __future__ import annotations

import re
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import chain, groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg

LOOK = 1_000_000
"""Bytes at the beginning in which a pointer is looked for; drivers look at far fewer."""
ARCHIVES = (".zip", ".kmz")
DATABASES = (".gpkg", ".sqlite")
PARQUET = (".parquet", ".geoparquet")
TEXT = (".geojson", ".json", ".topojson", ".js")
READABLE = (*PARQUET, *TEXT, ".shp", ".gpkg", ".gdb", ".kml", ".gml", ".tab", ".mif", ".fgb", ".sqlite", ".geojsonl")
"""What is read, also in folders and archives."""
_MOST_UNPACKED, _LARGEST_INSIDE, _MOST_MEMBERS, _DEEPEST = 4_000_000_000, 500_000_000, 5_000, 3
"""Bytes that a zip may unfold to (several times a country), and a zip in it may have; files; zips within each other."""
_LARGEST_TEXT, _LARGEST = 200_000_000, 600_000_000
"""Bytes of a file of text, and of any other (three times the country at full detail)."""
_LARGEST_VIEW = 200_000_000
"""Bytes of all that a view shows."""
_MOST_MEMORY = 1_200_000_000
"""Bytes that reading a text may take."""
_ALL_AT_ONCE = {b",": 160}
_TEXTS: dict[str, dict[bytes, int]] = {
    **dict.fromkeys((".geojson", ".json", ".topojson", ".js"), _ALL_AT_ONCE),
    ".geojsonl": (_BY_FEATURE := {b"{": 300, b",": 20}),
    ".kml": {b"<": 600, b",": 80, b"Folder": 2_000, b"Document": 2_000},
    ".gml": (_BY_WORD := {b"<": 50, b" ": 50, b"\n": 50}),
    ".mif": _BY_WORD,
}
"""The bytes of memory that drivers take for each of some signs, as measured with files of hardly anything else."""
COLLECTION = re.compile(rb'\s*\{\s*"type"\s*:\s*"FeatureCollection"')  # '{"type": "FeatureCollection"': read in parts
_SECONDS = 20
"""What a view may take."""
_STEPS = 100_000
"""Steps of SQLite between two looks at the clock."""

DAMAGES = (RuntimeError, ValueError, LookupError, TypeError, OSError)
"""What GDAL, PROJ and their readers raise for a damaged file of shapes, or for a CRS that leads nowhere."""
_BESIDE = {".shp": (".dbf", ".shx"), ".tab": (".dat", ".map", ".id"), ".mif": (".mid",)}
"""What is read of a data set besides the file that names it."""
_Opened = Callable[[], AbstractContextManager[zipfile.ZipFile]]
_SIGNS = (
    (b"version https://git-lfs", "pointer"),  # the card that stands for a large file in a repository
    (b"<!doctype html", "page"),  # a page of a portal saved in place of the file
    (b"<html", "page"),
)
"""How files begin that are no map, and what they are."""
_JSON = re.compile(rb"\s*[\[{]")  # "{"
_XML = re.compile(rb"\s*<")  # "<?xml"
_BEGINNINGS: dict[str, re.Pattern[bytes]] = {
    **dict.fromkeys((".geojson", ".json", ".topojson", ".geojsonl"), _JSON),
    **dict.fromkeys((".kml", ".gml", ".osm"), _XML),
    **dict.fromkeys((".gpkg", ".sqlite"), re.compile(rb"SQLite format 3\x00")),
    **dict.fromkeys((".parquet", ".geoparquet"), re.compile(rb"PAR1")),
    ".js": re.compile(rb"[^<]*?\{", re.DOTALL),  # "var desa = {"
    ".shp": re.compile(rb"\x00\x00\x27\x0a"),
    ".fgb": re.compile(rb"fgb"),
    ".tab": re.compile(rb"\s*!table", re.IGNORECASE),
    ".mif": re.compile(rb"\s*version", re.IGNORECASE),
    ".pbf": re.compile(rb"\x00\x00"),
}
"""How the kinds of file begin, after a byte order mark."""
_POINTERS = re.compile(  # "<OGRVRTDataSource>", "<GDAL_WMS>", "\IsSeamless" = "TRUE" (a .tab that lists others)
    rb"<\s*(?:OGRVRT|VRTDataset|OGRWFS|WFS|OGRCSW|GDAL)|\\IsSeamless", re.IGNORECASE
)
_HARMLESS = re.compile(r"\busing\s+[\"'`]?(?:rtree|fts[345])\b", re.IGNORECASE)  # "USING rtree(id, minx"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """What GDAL or pyarrow opens: a path (also inside an archive), the bytes of its largest file, and the content of
    the file of that name with another ending (desa.dbf beside desa.shp; None if there is none), read when asked for."""

    name: str
    path: str
    suffix: str
    size: int
    beside: Callable[[str], bytes | None]
    fault: Message | None = None  # why it may not be opened


def refuse_absent(path: Path) -> None:
    """An error with the cure if there is no file of this name to read."""
    try:
        found = path.exists()
    except OSError:  # a name that the system doesn't take
        found = False
    if not found:
        raise LksGeoError.of("files.absent", path=str(path))
    refuse_device(path)


def refuse_device(path: Path) -> None:
    """An error for a pipe or device, of which nobody knows whether it ever ends."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise LksGeoError.of("files.not_ordinary", path=str(path))


def refuse_large_archive(path: Path) -> None:
    """An error if a zip says that it, or the zips in it, hold too much: bytes, files, or zips in zips."""
    size = count = 0
    with zipfile.ZipFile(path) as archive:
        for info in _members(archive, depth=1, name=path.name):
            size, count = size + info.file_size, count + 1
            if size > _MOST_UNPACKED or count > _MOST_MEMBERS:
                most = _MOST_UNPACKED // 1_000_000_000
                raise LksGeoError.of("files.large_archive", path=path.name, most=most, n=_MOST_MEMBERS)


def unfolded_size(path: Path) -> int:
    """Bytes that the members of a zip say they have."""
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist())


def _members(archive: zipfile.ZipFile, *, depth: int, name: str) -> Iterator[zipfile.ZipInfo]:
    """What a zip holds, and the zips in it."""
    for info in archive.infolist():
        yield info
        if info.filename.casefold().endswith(ARCHIVES):
            if depth == _DEEPEST or info.file_size > _LARGEST_INSIDE:
                raise LksGeoError.of("files.zip_in_zip", path=name)
            with zipfile.ZipFile(BytesIO(archive.read(info))) as inner:
                yield from _members(inner, depth=depth + 1, name=name)


def sets_in_archive(path: Path) -> Iterator[DataSet]:
    """The readable members of a zip; those in zips inside it too."""
    refuse_large_archive(path)
    yield from _sets_in(partial(zipfile.ZipFile, path), f"/vsizip/{{{path.resolve()}}}", path.name)


def _sets_in(opened: _Opened, root: str, where: str) -> Iterator[DataSet]:
    with opened() as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        found, near = False, {stem: list(same) for stem, same in groupby(sorted(names, key=_stem), key=_stem)}
        for name in dict.fromkeys(map(_geodatabase, sorted(names))):
            suffix = PurePosixPath(name).suffix.casefold()
            if suffix in ARCHIVES:
                inside, path = partial(_opened_inside, opened, name), f"/vsizip/{{{root}/{name}}}"
                yield from _sets_in(inside, path, f"{where}/{name}")
                found = True
            elif suffix in READABLE:
                same = near.get(_stem(name), [])
                size, fault = _looked_into(archive, name, same, suffix)
                yield DataSet(
                    name=PurePosixPath(name).name if len(names) > 1 else where, path=f"{root}/{name}", suffix=suffix,
                    beside=partial(_member_beside, opened, same), size=size, fault=fault,
                )  # fmt: skip
                found = True
    if not found:
        raise LksGeoError.of("files.nothing_inside", where=where, found=some(names))


def some(names: list[str]) -> str:
    """The first few of what was found in a folder or archive."""
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "") if names else "–"


def _geodatabase(name: str) -> str:
    """The folder of a geodatabase for a file in it: "data/batas.gdb/a00001.gdbtable" is "data/batas.gdb"."""
    at = name.casefold().find(".gdb/")
    return name[: at + 4] if at >= 0 else name


def _belongs(other: str, name: str) -> bool:
    """Whether a file is this one, or a part of the same data set ("desa.dbf" of "desa.shp")."""
    parts = _BESIDE.get(PurePosixPath(name).suffix.casefold(), ())
    return other == name or (_stem(other) == _stem(name) and PurePosixPath(other).suffix.casefold() in parts)


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


@contextmanager
def _opened_inside(opened: _Opened, name: str) -> Iterator[zipfile.ZipFile]:
    """The zip of this name in a zip."""
    with opened() as archive, zipfile.ZipFile(BytesIO(archive.read(name))) as inner:
        yield inner


def _member_beside(opened: _Opened, names: list[str], suffix: str) -> bytes | None:
    """The bytes of that of the members of one name which has this ending."""
    for name in names:
        if PurePosixPath(name).suffix.casefold() == suffix:
            with opened() as archive:
                return archive.read(name)
    return None


def _looked_into(archive: zipfile.ZipFile, name: str, same: list[str], suffix: str) -> tuple[int, Message | None]:
    """The size of a data set in a zip, with parts among `same`, and why it may not be opened; a database is unpacked
    for that."""
    if suffix == ".gdb":
        size = sum(info.file_size for info in archive.infolist() if _geodatabase(info.filename) == name)
        return size, fault_of_size(size, suffix)
    size = max(archive.getinfo(other).file_size for other in same if _belongs(other, name))
    with archive.open(name) as stream:
        fault = fault_of_name(Path(name)) or fault_of_stream(stream, size, suffix)
    if fault or suffix not in DATABASES:
        return size, fault
    with TemporaryDirectory() as folder:
        return size, fault_of_database(Path(archive.extract(name, folder)))


def fault_of_file(path: Path) -> Message | None:
    """Why this file may not be opened, or None. What a folder (a geodatabase) holds is left to its driver."""
    if fault := fault_of_name(path):
        return fault
    suffix = path.suffix.casefold()
    if path.is_dir():
        return fault_of_size(size_of(path), suffix)
    refuse_device(path)
    with path.open("rb") as stream:
        fault = fault_of_stream(stream, size_of(path), suffix)
    return fault or (fault_of_database(path) if suffix in DATABASES else None)


def source_of(path: Path) -> str | bytes:
    """What GDAL is given: the path; of GML the content, beside which it would write what it found out (.gfs)."""
    return path.read_bytes() if path.suffix.casefold() == ".gml" else str(path)


def size_of(path: Path) -> int:
    """Bytes of a folder (a geodatabase), or of the largest file of a data set."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    beside: Iterable[Path] = path.parent.iterdir() if path.suffix.casefold() in _BESIDE else ()
    return max(file.stat().st_size for file in (path, *beside) if _belongs(file.name, path.name))


def fault_of_stream(stream: IO[bytes], size: int, suffix: str) -> Message | None:
    """Why `size` bytes, of a file or of a member of a zip, may not be opened as what their ending says, or None."""
    if fault := fault_of_size(size, suffix) or fault_of_start(start := stream.read(LOOK), suffix):
        return fault
    needed = memory_of(chain((start,), iter(partial(stream.read, LOOK), b"")), suffix)
    return msg("files.reason_memory_map", most=_MOST_MEMORY // 1_000_000) if needed > _MOST_MEMORY else None


def fault_of_size(size: int, suffix: str) -> Message | None:
    """Why a file of so many bytes may not be opened, or None; what OpenStreetMap gives is read in parts."""
    if size <= (most := largest(suffix)) or suffix in (".osm", ".pbf"):
        return None
    return msg("files.reason_large", most=most // 1_000_000)


def largest(suffix: str) -> int:
    """Bytes that files with this ending may have."""
    return _LARGEST_TEXT if suffix in _TEXTS else _LARGEST


def memory_of(parts: Iterable[bytes], suffix: str) -> int:
    """Bytes of memory that a driver takes at most for a text of these parts; 0 for what is no text."""
    needed, signs = 0, _TEXTS.get(suffix, {})
    for number, part in enumerate(parts if signs else ()):
        if number == 0 and signs is _ALL_AT_ONCE and COLLECTION.match(part):
            signs = _BY_FEATURE
        needed += sum(memory * part.count(sign) for sign, memory in signs.items())
    return needed


def fault_of_name(path: Path) -> Message | None:
    """Why drivers cannot open a path, or None: one that is not in the signs of this system (from an old archive)."""
    try:
        str(path.resolve()).encode()
    except UnicodeEncodeError:
        return msg("files.reason_odd_name")
    return None


def fault_of_start(start: bytes, suffix: str) -> Message | None:
    """Why a file that begins like this may not be opened as what its ending says, or None."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            start = start.decode(encoding, "replace").lstrip("\ufeff").encode()
    head = start[:64].lstrip().lower()
    sign = next((kind for mark, kind in _SIGNS if head.startswith(mark)), None) if head else "empty"
    if sign:
        return msg(f"files.reason_{sign}")
    if _POINTERS.search(start):
        return msg("files.reason_elsewhere")
    beginning = _BEGINNINGS.get(suffix)
    if beginning is None or not beginning.match(start):
        return msg("files.reason_other_kind")
    return None


def fault_of_database(path: Path) -> Message | None:
    """Why the tables and views of a SQLite file may not be read, or None."""
    end = time.monotonic() + _SECONDS
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            parts = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            for kind, name, sql in parts:
                if kind == "table" and re.match(r"\s*create\s+virtual", sql or "", re.IGNORECASE):
                    if not _HARMLESS.search(sql):
                        return msg("files.reason_elsewhere")
                elif kind == "view" and _bytes_of(database, name) > _LARGEST_VIEW:
                    return msg("files.reason_large", most=_LARGEST_VIEW // 1_000_000)
        except sqlite3.DatabaseError as error:
            late = time.monotonic() > end
            if not late and "interrupted" in str(error):  # by Ctrl-C, which SQLite swallows
                raise KeyboardInterrupt from None
            return msg("files.reason_endless", seconds=_SECONDS) if late else _unless_unknown(error)
    return None


def _bytes_of(database: sqlite3.Connection, view: str) -> float:
    """Bytes that a view shows, and one for each cell."""
    quoted = _quoted(view)
    names = [_quoted(row[1]) for row in database.execute(f"PRAGMA table_info({quoted})")]
    cells = " + ".join(f"coalesce(length({name}), 0) + 1" for name in names)
    return float(database.execute(f"SELECT total({cells}) FROM {quoted}").fetchone()[0])


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _unless_unknown(error: sqlite3.DatabaseError) -> Message | None:
    """A view that calls a function which only GDAL knows is left to GDAL; anything else is damage."""
    return None if "no such function" in str(error) else msg("files.reason_other_kind")
