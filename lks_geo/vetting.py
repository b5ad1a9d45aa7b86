"""Looks into a file of shapes before a driver written in C gets it: is it what its ending says, and nothing else?

GDAL chooses its driver by content. A file called .geojson that holds the XML of a "virtual" data set would be opened as
one: it names other files, or addresses in a network, which are read and can end in what is written. So only the kinds
below are opened, each by how it begins; what points elsewhere is refused. Tables of SQLite that run code of a driver
are refused too, and views are run once with a limit of time: one that never ends could not be stopped in C.
Decides for caution: a comment that quotes such XML refuses the file.
"""

from __future__ import annotations

import re
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg

_LOOK = 1_000_000
"""Bytes at the beginning in which a pointer is looked for; drivers look at far fewer."""
_LONGEST_LINE = 16_000_000
"""Bytes without a line end that no line of a table has."""
ARCHIVES = (".zip", ".kmz")
_MOST_UNPACKED, _LARGEST_INSIDE, _MOST_MEMBERS, _DEEPEST = 4_000_000_000, 500_000_000, 5_000, 3
"""Bytes that a zip may unfold to (several times a country), and a zip in it may have; files; zips within each other."""
_SECONDS = 20
"""What a view may take."""
_STEPS = 100_000
"""Steps of SQLite between two looks at the clock."""

DAMAGES = (RuntimeError, ValueError, LookupError, TypeError, OSError)
"""What GDAL, PROJ and their readers raise for a damaged file of shapes, or for a CRS that leads nowhere."""
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


def refuse_long_lines(content: bytes, name: str) -> None:
    """An error if a line of a text is so long that to cut it would take far more memory than the text."""
    for start in range(0, len(content) - _LONGEST_LINE + 1, _LONGEST_LINE):
        end = start + _LONGEST_LINE
        if content.find(b"\n", start, end) < 0 and content.find(b"\r", start, end) < 0:
            line = content.count(b"\n", 0, start) + 1
            raise LksGeoError.of("files.long_line", path=name, line=line, most=_LONGEST_LINE // 1_000_000)


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


def fault_of_file(path: Path) -> Message | None:
    """Why this file may not be opened, or None. A folder (a geodatabase) is left to its driver."""
    if fault := fault_of_name(path):
        return fault
    if path.is_dir():
        return None
    refuse_device(path)
    with path.open("rb") as stream:
        start = stream.read(_LOOK)
    suffix = path.suffix.casefold()
    return fault_of_start(start, suffix) or (fault_of_database(path) if suffix in (".gpkg", ".sqlite") else None)


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
                elif kind == "view":
                    database.execute('SELECT count(*) FROM "{}"'.format(name.replace('"', '""'))).fetchone()
        except sqlite3.DatabaseError as error:
            late = time.monotonic() > end
            if not late and "interrupted" in str(error):  # by Ctrl-C, which SQLite swallows
                raise KeyboardInterrupt from None
            return msg("files.reason_endless", seconds=_SECONDS) if late else _unless_unknown(error)
    return None


def _unless_unknown(error: sqlite3.DatabaseError) -> Message | None:
    """A view that calls a function which only GDAL knows is left to GDAL; anything else is damage."""
    return None if "no such function" in str(error) else msg("files.reason_other_kind")
