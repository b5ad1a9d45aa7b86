"""Files that are whole or absent, also when the disk fills, a file is open elsewhere, or the process is killed.

What is written grows in a workroom: a hidden folder beside the target (inside it, if the target is a folder that is
there already), locked for one process. At the end it is flushed to the disk and renamed into place. A workroom that a
killed process left behind bears no lock: whoever writes to the same target next puts back what it had moved, and clears
it away. Two processes never write to one target: the second is refused.
Gets wrong: on a network drive without locks two processes are not told from each other; the later one wins, whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from lks_geo.errors import LksGeoError, RequestError, reason
from lks_geo.messages import msg

_ROOM = ".lks-geo-"
_NEW, _OLD, _MADE, _LOCK = "new", "old", "made", "lock"
"""In a workroom: what is being made, what it replaces, the names that came to stand in its place (there while files are
exchanged), and who works there."""

_TRIAL, _TRIAL_SIZE = "trial", 8_000_000
_LONGEST_NAME, _LONGEST_PATH = 200, 400
"""Bytes that all libraries take: SQLite no path of more than 512, and it makes longer names beside its file."""


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """An error with the cure if `path` exists and may not be replaced, or cannot be written."""
    with told(path):
        _recover(path.parent)
        if path.is_dir():
            raise LksGeoError.of("files.is_folder", path=str(path))
        if path.exists() and not path.is_file():
            raise LksGeoError.of("files.is_device", path=str(path))
        if path.exists() and not overwrite:
            raise LksGeoError.of("files.exists", path=str(path))
        _try_out(path.resolve().parent, path.name)


def refuse_inputs(targets: Iterable[Path], inputs: Iterable[Path | None]) -> None:
    """A `RequestError` if an output would replace a file that is read, whatever `--overwrite` says.

    A folder that is read holds the file, too; so does another name of the same file (a link).
    """
    read = [path for path in inputs if path is not None]
    for target in targets:
        with told(target):
            if any(_replaces(target, path) for path in read if _leads_somewhere(path)):
                raise RequestError(msg("files.is_input", path=str(target)))


def _leads_somewhere(path: Path) -> bool:
    """Whether an input is no link in a circle or the like, of which its reader will tell."""
    try:
        path.resolve().exists()
    except (OSError, RuntimeError):
        return False
    return True


def _replaces(target: Path, read: Path) -> bool:
    inside = read.is_dir() and target.exists() and read.resolve() in target.resolve().parents
    linked = target.exists() and read.exists() and target.samefile(read)
    return inside or linked or target.resolve() == read.resolve()


def refuse_full_folder(path: Path, *, overwrite: bool) -> None:
    """An error with the cure if `path` is a file, a folder with something in it that may not be replaced, or cannot be
    written."""
    with told(path):
        if path.exists() and not path.is_dir():
            raise LksGeoError.of("files.is_file", path=str(path))
        _recover(path)
        if not overwrite and path.is_dir() and any(file.name != _workroom(path).name for file in path.iterdir()):
            raise LksGeoError.of("files.folder_exists", path=str(path))
        _try_out(path if path.is_dir() else path.resolve().parent, path.name)


def _recover(folder: Path) -> None:
    """Put back the old set where a killed process left a mixed one."""
    if folder.is_dir() and (_workroom(folder) / _MADE).is_file():
        with suppress(LksGeoError), _own_room(folder, folder.resolve()):
            pass


def _try_out(folder: Path, name: str) -> None:
    """The system's error, now and not after the work, if nothing can be made in `folder`, there or to be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    trial = folder / f".{hashlib.sha256(os.urandom(8)).hexdigest()[:16]}"
    trial.mkdir()
    trial.rmdir()
    with suppress(FileNotFoundError):
        (folder / name).lstat()  # a name that is too long, or that no file may have


def require_suffix(path: Path, allowed: tuple[str, ...]) -> None:
    """A `RequestError` if the kind of file that the suffix asks for is not among `allowed`."""
    if path.suffix.lower() not in allowed:
        raise RequestError(msg("files.bad_suffix", path=str(path), allowed=", ".join(allowed)))


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Yields a temporary path, of the same name where libraries take it; at the end it becomes `path`. On any trouble
    nothing is left."""
    refuse_existing(path, overwrite=overwrite)
    with told(path), _own_room(path, path.resolve().parent) as room:
        (room / _NEW).mkdir()
        plain = path.name.isprintable() and len(os.fsencode(path.name)) < _LONGEST_NAME
        temporary, target = room / _NEW / (path.name if plain else f"file{path.suffix}"), path.resolve()
        yield temporary
        _flush(temporary)
        with _undisturbed():
            temporary.replace(target)
        _flush(target.parent)


@contextmanager
def whole_folder(path: Path, *, overwrite: bool = False, replaced: Iterable[str] = ()) -> Iterator[Path]:
    """Yields a temporary folder; at the end its files (also those in folders inside) stand in `path` (created if
    needed): all of them, or none.

    Without `overwrite` a folder that holds anything is an error. `replaced`: names of an older set in it (with "/" for
    those in folders inside); those that are not made anew are removed. Other files stay. If one can't be replaced, all
    are as before.
    """
    refuse_full_folder(path, overwrite=overwrite)
    with told(path), _filled(path, path.resolve() if path.is_dir() else path.resolve().parent, replaced) as new:
        yield new


@contextmanager
def whole_files(*paths: Path, overwrite: bool = False) -> Iterator[list[Path]]:
    """`whole_file` for files of one folder that belong together: all of them come to stand, or none."""
    for path in paths:
        refuse_existing(path, overwrite=overwrite)
    folder = paths[0].parent
    with told(paths[0]), _filled(folder, folder.resolve()) as new:
        yield [new / path.name for path in paths]


@contextmanager
def _filled(path: Path, beside: Path, replaced: Iterable[str] = ()) -> Iterator[Path]:
    """A temporary folder, made in `beside`, whose files go into `path` at the end."""
    with _own_room(path, beside) as room:
        new = room / _NEW
        new.mkdir()
        yield new
        made = sorted(file.relative_to(new).as_posix() for file in new.rglob("*") if file.is_file())
        for name in made:
            _flush(new / name)
        with _undisturbed():
            if path.exists():
                _exchange(room, path, made, {*made, *replaced})
            else:
                new.replace(path)
        _flush(path)


def _exchange(room: Path, path: Path, made: list[str], leaving: set[str]) -> None:
    """The files named `leaving` go out of `path` into the workroom, those `made` come in; all back on any trouble."""
    for name in made:
        _refuse_foreign(path, path / name)
    (room / _OLD).mkdir()
    (room / _MADE).write_text("\n".join(f"{_mark(room / _NEW / name)} {name}" for name in made), encoding="utf-8")
    try:
        for name in sorted(leaving):
            if (path / name).is_file():
                _move(path / name, room / _OLD / name)
        for name in made:
            _move(room / _NEW / name, path / name)
    except OSError:
        _put_back(room, path)
        raise
    (room / _MADE).unlink()


def _refuse_foreign(path: Path, target: Path) -> None:
    """An error if a folder stands where a file of the set should, or a file or link where one of its folders should."""
    if target.is_dir():
        raise LksGeoError.of("files.is_folder", path=str(target))
    for folder in target.parents[: len(target.relative_to(path).parts) - 1]:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise LksGeoError.of("files.is_file", path=str(folder))


def _mark(file: Path) -> str:
    """By what a file is known again after it was renamed: when it was written, and its size."""
    facts = file.stat()
    return f"{facts.st_mtime_ns}/{facts.st_size}"


def _put_back(room: Path, path: Path) -> None:
    """Undo an exchange that was not finished: what came in goes, what went out comes back. What somebody else has put
    there since then stays."""
    for line in (room / _MADE).read_text(encoding="utf-8").splitlines():
        mark, _, name = line.partition(" ")
        if not (room / _NEW / name).exists() and (path / name).is_file() and _mark(path / name) == mark:
            _move(path / name, room / _NEW / name)
    for file in sorted((room / _OLD).rglob("*")):
        if file.is_file() and not (path / file.relative_to(room / _OLD)).exists():
            _move(file, path / file.relative_to(room / _OLD))
    (room / _MADE).unlink()


def _move(file: Path, place: Path) -> None:
    """Rename a file within one disk; the folder it goes to is made, the one it leaves goes if nothing is left in it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    file.rename(place)
    with suppress(OSError):
        file.parent.rmdir()


@contextmanager
def _own_room(path: Path, folder: Path) -> Iterator[Path]:
    """The workroom of `path` in `folder`, for this process alone; folders that are made for it go again on trouble."""
    from filelock import FileLock, Timeout

    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    room = folder / _workroom(path).name
    try:
        room.mkdir(exist_ok=True)
        lock = FileLock(room / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise LksGeoError.of("files.busy", path=str(path)) from error
        except NotImplementedError:
            pass  # a drive without locks
        try:
            if not room.is_dir():  # its former owner has just cleared it away
                raise LksGeoError.of("files.busy", path=str(path))
            _clear(room, path)
            yield room
        except Exception as error:
            if _is_writers(error) and _system_error(error) is None:
                _try_disk(room, error)
            raise
        finally:
            lock.release()
            if not (room / _MADE).exists():  # else it holds what could not be put back yet
                shutil.rmtree(room, ignore_errors=True)
    finally:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()  # only if nothing came to stand in it


def _workroom(path: Path) -> Path:
    """The hidden folder in which `path` is made: short, and the same for whoever writes to it."""
    place = path.resolve()
    name = f"{_ROOM}{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:12]}"
    return (place if place.is_dir() else place.parent) / name


def _clear(room: Path, path: Path) -> None:
    """Empty a workroom that a killed process left behind, after putting back what it had taken out of a folder."""
    if (room / _MADE).is_file():
        _put_back(room, path)
    for part in (_NEW, _OLD):
        shutil.rmtree(room / part, ignore_errors=True)


def _flush(path: Path) -> None:
    """What was written is on the disk, so that not even a power cut leaves half a file under its name."""
    if path.is_dir() and sys.platform == "win32":
        return  # folders can't be flushed there
    descriptor = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        with suppress(OSError):  # a drive that can't
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and a request to end wait until the few renames are done."""
    waiting: list[tuple[int, FrameType | None]] = []
    signals = [signal.SIGINT, signal.SIGTERM] if threading.current_thread() is threading.main_thread() else []
    before = {number: signal.signal(number, lambda *which: waiting.append(which)) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for came, frame in waiting[:1]:
            handler = before[signal.Signals(came)]
            if callable(handler):
                handler(came, frame)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """The system's errors, and those of libraries that stand for them, as one line about `path` with the cure. Those of
    a file in a workroom are told about what is made there: nobody knows the workroom."""
    try:
        yield
    except LksGeoError:
        raise
    except Exception as error:
        cause = _system_error(error)
        if cause is None or any(part.startswith(_ROOM) for part in path.parts):
            raise
        if isinstance(cause, PermissionError):
            raise LksGeoError.of("files.not_writable", path=str(path)) from error
        raise LksGeoError.of("files.failed", path=str(path), reason=reason(cause)) from error


_WRITERS = ("xlsxwriter", "pyogrio", "pyarrow", "sqlite3", "zipfile", "PIL", "pptx", "pypdf")
"""Libraries that raise errors of their own where the system failed."""


def _system_error(error: BaseException) -> OSError | None:
    """The error of the system behind `error`, if that is one, or if a library that writes raised it because of one."""
    if isinstance(error, OSError):
        return error
    if isinstance(error, RuntimeError) and "loop" in str(error):  # Python 3.11 and 3.12 say so of links in a circle
        return OSError(errno.ELOOP, "")
    behind = error.__cause__ or error.__context__
    return _system_error(behind) if behind is not None and _is_writers(error) else None


def _is_writers(error: BaseException) -> bool:
    return error.__class__.__module__.partition(".")[0] in _WRITERS


def _try_disk(room: Path, error: Exception) -> None:
    """The system's error if the disk takes no more or the path is long: some libraries don't say why they failed."""
    if len(os.fsencode(room)) > _LONGEST_PATH:
        raise OSError(errno.ENAMETOOLONG, "") from error
    try:
        (room / _TRIAL).write_bytes(bytes(_TRIAL_SIZE))
    except OSError as refused:
        raise refused from error
