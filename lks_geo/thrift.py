"""What spares time and memory: results kept as long as what they were made from, freed memory given back to the system,
and a second process that reads large files or makes some of the outputs while the first does other work.

The second process is spawned, so that it works alike on every system, gets ready while the first still reads and
measures, and ends with it, however that ends. Nothing depends on it: where there is one processor only, where the
system refuses it, or where it fails, the first does the work, with the same result, and says itself what is wrong.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from threading import Thread, get_native_id
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

Made = TypeVar("Made")
Given = TypeVar("Given")
Owner = TypeVar("Owner")
Asked = ParamSpec("Asked")

Work = Callable[[], object]

_LOOK_EVERY_S = 0.2
"""So often Ctrl-C is heard while the second process is waited for (on Windows)."""

_kept: dict[int, tuple[weakref.ref[Any], dict[object, Any]]] = {}


def kept(owner: Any, key: object, make: Callable[[], Made]) -> Made:
    """What `make` gives, made once per owner and key. The owner must not change and need not be hashable."""
    number = id(owner)
    known = _kept.get(number)
    if known is None or known[0]() is not owner:
        known = (weakref.ref(owner, partial(_forget, _kept, number)), {})
        _kept[number] = known
    values = known[1]
    if key not in values:
        values[key] = make()
    value: Made = values[key]
    return value


def forget(owner: Any, *keys: object) -> None:
    """Lets go of what was kept under these keys; whoever asks again has it made anew."""
    number = id(owner)
    if number in _kept and _kept[number][0]() is owner:
        for key in keys:
            _kept[number][1].pop(key, None)


def _forget(kept_now: dict[int, Any], number: int, _owner: object) -> None:
    kept_now.pop(number, None)


def remembered(method: Callable[Concatenate[Owner, Asked], Made]) -> Callable[Concatenate[Owner, Asked], Made]:
    """A method that answers the same question once; a table is given out as a copy that may get columns of its own."""

    @wraps(method)
    def answer(owner: Owner, /, *asked: Asked.args, **named: Asked.kwargs) -> Made:
        key = (method.__name__, asked, tuple(named.items()))
        found = kept(owner, key, lambda: method(owner, *asked, **named))
        copied: Made = found.copy(deep=False) if hasattr(found, "copy") else found
        return copied

    return answer


def begun(work: Callable[[], Made], *, patient: bool = False) -> Callable[[], Made]:
    """Begins `work` in a thread of its own; what is returned waits for its result, and answers Ctrl-C while it waits.

    `patient`: other threads come first. What was begun then ends with the program, so `work` must leave nothing half
    done on disk. (The threads of an executor are waited for when the program ends, with all that was asked of them.)
    """
    results: list[Made] = []
    errors: list[BaseException] = []

    def run() -> None:
        if patient:
            _let_others_go_first()
        try:
            results.append(work())
        except BaseException as error:  # raised again where the result is waited for
            errors.append(error)

    worker = Thread(target=run, daemon=True)
    worker.start()

    def result() -> Made:
        while worker.is_alive():
            worker.join(timeout=0.2)
        if errors:
            raise errors[0]
        return results[0]

    return result


def _let_others_go_first() -> None:
    """Gives this thread processors that no other one wants; where threads have no priority of their own, nothing."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), 10)


def waited(work: Callable[[], Made]) -> Made:
    """The result of `work`, so that Ctrl-C is answered while GEOS computes for minutes."""
    return begun(work)()


def in_two_threads(work: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
    """What `work` makes of each, every other one in a second thread."""
    odd = begun(lambda: [work(one) for one in given[1::2]])
    even = [work(one) for one in given[::2]]
    made = iter(even), iter(odd())
    return [next(made[at % 2]) for at in range(len(given))]


def made_ahead(items: Iterator[Made]) -> Iterator[Made]:
    """The items, none of which is None; while one is used, the next is made in a thread."""
    coming = begun(partial(next, items, None))
    while (item := coming()) is not None:
        coming = begun(partial(next, items, None))
        yield item


def once_each(values: Iterable[Made]) -> list[Made]:
    """The values; those that are equal are one object: for many rows that hold few different values."""
    known: dict[Made, Made] = {}
    return [known.setdefault(value, value) for value in values]


def give_back() -> None:
    """Gives the system back what was freed: between millions of small values the allocators keep hundreds of megabytes
    until it is asked for. What the system's C library does not offer (it is GNU's) is left out."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    _of_allocator("malloc_trim", 0)


def keep_little() -> None:
    """Lets Arrow use the allocator of the system, and GNU's have two pools, one for each of the threads that compute,
    and give back the free end of a pool soon: between many small shapes and texts up to a sixth of all memory would
    stay idle. Cycles are looked for often: they hold drawings and pages."""
    import pyarrow as pa

    gc.set_threshold(_MANY_CYCLES)
    pa.set_memory_pool(pa.system_memory_pool())
    _of_allocator("mallopt", _MOST_POOLS, 2)
    _of_allocator("mallopt", _KEEPS_FREE, 2**20)


def keep_some() -> None:
    """Lets large arrays be made where others stood, for works that make very many of them: fetched from the system one
    by one and given back at once, as `keep_little` has it, they took a twentieth of the time of such a work."""
    _of_allocator("mallopt", _KEEPS_FREE, 2**26)
    _of_allocator("mallopt", _ALONE_FROM, 2**24)


def keep_little_of(*files: Path | None, texts: bool = False) -> None:
    """`keep_little` if any of the files is large; what small ones hold is handled faster without it. `texts`: pandas,
    too, holds them as fits: those of small files as Python does, which is faster, those of large ones as Arrow does,
    which is smaller. That holds for the whole process, so it is for a process of our own."""
    large = any(file is not None and is_large(file) for file in files)
    if large:
        keep_little()
    if texts:
        import pandas as pd

        pd.set_option("mode.string_storage", "pyarrow" if large else "python")


def is_large(file: Path) -> bool:
    """Whether reading a file takes long, and what it holds is worth to be held in little memory."""
    try:
        return file.stat().st_size > _LARGE_FILE
    except OSError:
        return False


@contextmanager
def no_collection() -> Iterator[None]:
    """Rows become millions of small values without cycles; looking for cycles among them took up to a fifth of the
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        give_back()
        if collects:
            gc.enable()


_MANY_CYCLES = 10_000
_LARGE_FILE = 5 * 2**20
_MOST_POOLS, _KEEPS_FREE, _ALONE_FROM = -8, -1, -3  # M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of malloc.h


def _of_allocator(function: str, *numbers: int) -> None:
    call = getattr(ctypes.CDLL(None), function, None) if sys.platform == "linux" else None
    if call is not None:
        call(*numbers)


class Second:
    """What the second process was given to do."""

    def __init__(self, modules: Sequence[str], *, wanted: bool = True) -> None:
        self._given: list[list[Work]] = []
        self._process: SpawnProcess | None = None
        if wanted and _processors() > 1:
            self._start(modules)

    def _start(self, modules: Sequence[str]) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        theirs, self._tell = context.Pipe(duplex=False)
        self._hear, told = context.Pipe(duplex=False)
        with suppress(OSError):
            process = context.Process(target=_serve, args=(theirs, told, modules), daemon=True)
            process.start()
            self._process = process
        theirs.close()
        told.close()

    def give(self, works: Sequence[Work]) -> None:
        """Hands over works that stand for themselves when they are pickled, as does what they return."""
        if works:
            self._given.append([*works])
            if self._process is not None:
                with suppress(OSError):
                    self._tell.send(self._given[-1])

    def done(self) -> list[Any]:
        """What all works return that were given since this was asked last, when they are done, by whomever."""
        given, self._given = self._given, []
        results: list[Any] = []
        for works in given:
            made = self._made()
            results += [work() for work in works] if made is None else made
        return results

    def _made(self) -> list[Any] | None:
        """What the second process has made of the works that it was given first; None if it has failed."""
        if self._process is None:
            return None
        try:
            while not self._hear.poll(_LOOK_EVERY_S):
                pass
            made: list[Any] = self._hear.recv()
        except (EOFError, OSError):
            self.end()
            return None
        return made

    def end(self) -> None:
        """Ends the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


@contextmanager
def second_process(*modules: str, wanted: bool = True) -> Iterator[Second]:
    """A second process for the time of the block; it begins with importing `modules`. Both keep little memory. Where it
    is not `wanted`, the first does all the work."""
    second, often = Second(modules, wanted=wanted), gc.get_threshold()
    if wanted:
        keep_little()
    try:
        yield second
    finally:
        second.end()
        gc.set_threshold(*often)


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(given: Connection, tell: Connection, modules: Sequence[str]) -> None:
    """The second process: does what it is given and tells the results; on any trouble it ends without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears Ctrl-C and ends this one
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    Thread(target=_end_with_the_first, daemon=True).start()
    with suppress(Exception):
        keep_little()
        for module in modules:
            import_module(module)
        while True:
            made = []
            for work in given.recv():
                made.append(work())
                give_back()
            tell.send(made)
            del made


def _end_with_the_first() -> None:
    """Ends this process when the first is gone."""
    from multiprocessing import parent_process

    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)
