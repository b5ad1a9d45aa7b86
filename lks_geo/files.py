"""Files that are whole or absent: written under a temporary name beside the target, then renamed."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import msg


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """An error with the cure if `path` exists and may not be replaced, or its folder cannot take files."""
    if path.is_dir():
        raise LksGeoError.of("files.is_folder", path=str(path))
    if path.exists() and not overwrite:
        raise LksGeoError.of("files.exists", path=str(path))


def refuse_inputs(targets: Iterable[Path], inputs: Iterable[Path | None]) -> None:
    """A `RequestError` if an output would replace a file that is read, whatever `--overwrite` says.

    A folder that is read holds the file, too; so does another name of the same file (a link).
    """
    read = [path for path in inputs if path is not None]
    for target in targets:
        if any(_replaces(target, path) for path in read):
            raise RequestError(msg("files.is_input", path=str(target)))


def _replaces(target: Path, read: Path) -> bool:
    inside = read.is_dir() and target.exists() and read.resolve() in target.resolve().parents
    linked = target.exists() and read.exists() and target.samefile(read)
    return inside or linked or target.resolve() == read.resolve()


def refuse_full_folder(path: Path, *, overwrite: bool) -> None:
    """An error with the cure if `path` is a file, or a folder with something in it that may not be replaced."""
    if path.exists() and not path.is_dir():
        raise LksGeoError.of("files.is_file", path=str(path))
    if not overwrite and path.is_dir() and any(path.iterdir()):
        raise LksGeoError.of("files.folder_exists", path=str(path))


def require_suffix(path: Path, allowed: tuple[str, ...]) -> None:
    """A `RequestError` if the kind of file that the suffix asks for is not among `allowed`."""
    if path.suffix.lower() not in allowed:
        raise RequestError(msg("files.bad_suffix", path=str(path), allowed=", ".join(allowed)))


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Yields a temporary path with the same suffix; at the end it becomes `path`. On any trouble nothing is left."""
    refuse_existing(path, overwrite=overwrite)
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except PermissionError as error:
        raise LksGeoError.of("files.not_writable", path=str(path)) from error
    except OSError as error:
        raise LksGeoError.of("files.failed", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def whole_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Yields a temporary folder; at the end its files move into `path` (created if needed).

    Without `overwrite` any file of the same name already there is an error, before anything is moved; files that were
    there under other names stay. On trouble the temporary folder is removed and `path` is as before.
    """
    refuse_full_folder(path, overwrite=overwrite)
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        path.mkdir(exist_ok=True)
        for file in sorted(file for file in temporary.rglob("*") if file.is_file()):
            target = path / file.relative_to(temporary)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    except PermissionError as error:
        raise LksGeoError.of("files.not_writable", path=str(path)) from error
    except OSError as error:
        raise LksGeoError.of("files.failed", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
