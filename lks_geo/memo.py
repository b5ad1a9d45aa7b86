"""Results kept as long as the object they were made from, so that pages of one report do not compute them again."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

Made = TypeVar("Made")

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
