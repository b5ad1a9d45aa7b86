"""The point of a feature beside the coordinates in its attributes: which one counts, and what is said about it.

A valid point of the geometry counts; where the attributes name a point more than APART_M away, both are kept (the
attributes as `koordinat`), so that cleaning sees two readings, and a remark says so. A shape that is no point lends a
point inside it only where the attributes say nothing. Latitude 0, longitude 0 is a placeholder, not a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import distance_m
from lks_geo.messages import Message, msg
from lks_geo.register.meaning.coordinates import read_point

APART_M = 100.0
_AROUND_DEGREES = 1.0


@dataclass(frozen=True, kw_only=True)
class Located:
    """The cells of `lintang`, `bujur` and `koordinat` (None: no such column), in which rows the geometry is used, and
    remarks."""

    lintang: pd.Series
    bujur: pd.Series
    koordinat: pd.Series | None
    by_geometry: npt.NDArray[np.bool_]
    notes: tuple[Message, ...]


def located(
    point: tuple[pd.Series, pd.Series],
    told: Sequence[pd.Series | None],
    rough: npt.NDArray[np.bool_],
    numbers: Sequence[int],
) -> Located:
    """`point`: latitude and longitude of the geometry as text; `told`: the attributes lintang, bujur and koordinat;
    `rough`: where the geometry is no point; `numbers`: the rows' numbers."""
