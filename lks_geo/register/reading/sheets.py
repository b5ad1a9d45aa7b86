"""Opens a file of any supported kind as sheets of text cells, with the row numbers that the file's own program shows.

What the file is, its first bytes decide (an .xls that is text is read as text); the ending only says whether it is
supported. Hidden sheets are read like others, and they are named.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.register.reading.delimited import read_delimited
from lks_geo.register.reading.features import read_geopackage, read_json, read_parquet
from lks_geo.register.reading.sheet import Sheet
from lks_geo.register.reading.workbooks import read_workbook

SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".geojson", ".gpkg", ".parquet")
"""Kinds of files that are supported, as told to people."""
_ALSO = (".xlsm", ".xlsb", ".json", ".txt", ".tsv")


def open_sheets(path: Path) -> list[Sheet]:
    """All sheets of a file. Every trouble with the file is one `LksGeoError` that says the cure."""
    suffix = path.suffix.casefold()
    if not path.exists():
        raise LksGeoError.of("sheets.missing", path=str(path), hint=_neighbour(path))
    if path.is_dir():
        raise LksGeoError.of("sheets.folder", path=str(path))
    if suffix not in (*SUFFIXES, *_ALSO):
        raise LksGeoError.of("sheets.unsupported", path=path.name, found=suffix or "-", allowed=", ".join(SUFFIXES))
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        if not head.strip(b"\x00 \r\n\t"):
            raise LksGeoError.of("sheets.empty_file", path=path.name)
        return _reader(head, suffix)(path)
    except PermissionError as error:
        raise LksGeoError.of("sheets.not_allowed", path=path.name) from error
    except (OSError, MemoryError) as error:
        raise LksGeoError.of("sheets.unreadable", path=path.name, reason=str(error)) from error


def _reader(head: bytes, suffix: str) -> Callable[[Path], list[Sheet]]:
    """The reader that fits the first bytes of the file."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PAR1"):
        return read_parquet
    if head.startswith(b"SQLite format 3\x00"):
        return read_geopackage
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_workbook
    if suffix in (".geojson", ".json"):
        return read_json
    if suffix in (".gpkg", ".parquet") or (suffix in (".xlsx", ".ods", ".xlsm", ".xlsb") or b"\x00\x00" in head[:64]):
        return _not_what_it_says
    if start[:1] == b"<":
        return _is_web_page
    return read_delimited


def _not_what_it_says(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold())


def _is_web_page(path: Path) -> list[Sheet]:
    raise LksGeoError.of("sheets.web_page", path=path.name)


def _neighbour(path: Path) -> Message | str:
    """A hint that names the nearest file beside a missing one."""
    from difflib import get_close_matches

    try:
        names = sorted(other.name for other in path.parent.iterdir() if other.suffix.casefold() in (*SUFFIXES, *_ALSO))
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.75)
    return msg("settings.nearest", name=near[0]) if near else ""
