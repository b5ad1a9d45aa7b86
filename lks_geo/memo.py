"""Results kept as long as the object they were made from, so that pages of one report do not compute them again; and
memory that is no longer needed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
import weakref
from collections.abc import Callable, Iterable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Made = TypeVar("Made")
Owner = TypeVar("Owner")
Asked = ParamSpec("Asked")

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


def once_each(values: Iterable[Made]) -> list[Made]:
    """The values; those that are equal are one object: for many rows that hold few different values."""
    known: dict[Made, Made] = {}
    return [known.setdefault(value, value) for value in values]


def give_back() -> None:
    """Gives the system back what was freed: between millions of small values the allocators keep hundreds of megabytes
    until it is asked for. What the system's C library does not offer (it is GNU's) is left out."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
