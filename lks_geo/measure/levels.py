"""From desa to the levels above: sums and weighted means over the desa of each area.

Values are arrays of desa x groups (or one per desa); NaN is "not known" and is left out of sums and means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from lks_geo.geo import FloatArray, IntArray
from lks_geo.tables import PARENT_COLUMNS, Boundaries


@dataclass(frozen=True, kw_only=True)
class Level:
    """The areas of one level (`names`: AREA_COLUMNS, index `kode`) and the area in which each desa lies (position)."""

    key: str
    names: pd.DataFrame
    area_of_desa: IntArray

    @property
    def is_desa(self) -> bool:
        return self.key == "desa"

    @cached_property
    def _members(self) -> sparse.csr_array:
        desa = np.arange(len(self.area_of_desa))
        inside = self.area_of_desa >= 0
        entry = (np.ones(inside.sum()), (self.area_of_desa[inside], desa[inside]))
        return sparse.csr_array(entry, shape=(len(self.names), len(desa)))

    def total(self, values: FloatArray) -> FloatArray:
        """Sum of the known values of each area; 0 where none is known."""
        known = np.nan_to_num(values)
        return known if self.is_desa else np.asarray(self._members @ known)

    def known(self, values: FloatArray) -> FloatArray:
        """Number of desa of each area whose value is known."""
        return self.total((~np.isnan(values)).astype(float))

    def size(self) -> IntArray:
        """Number of desa of each area."""
        return self.total(np.ones(len(self.area_of_desa))).astype(np.int64)

    def mean(self, values: FloatArray, weight: FloatArray) -> FloatArray:
        """Mean of the known values weighted by `weight` (NaN weighs nothing); NaN where the weights sum to 0."""
        if self.is_desa:
            return values
        weight = np.where(np.isnan(values), 0.0, np.nan_to_num(np.broadcast_to(weight, values.shape)))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.total(values * weight) / self.total(weight))

    def mean_by_people(self, values: FloatArray, target: FloatArray, area_km2: FloatArray) -> FloatArray:
        """Mean weighted by known target; weighted by area where those of the area sum to 0 or are all unknown."""
        by_people = self.mean(values, target)
        return np.where(self.total(target) > 0, by_people, self.mean(values, area_km2[:, None]))


def level_of(boundaries: Boundaries, key: str) -> Level:
    """One level of the boundaries."""
    names = boundaries.names(key)
    if key == "desa":
        return Level(key=key, names=names, area_of_desa=np.arange(len(names)))
    parents = pd.Index(boundaries.desa[PARENT_COLUMNS[key]])
    return Level(key=key, names=names, area_of_desa=names.index.get_indexer(parents).astype(np.int64))
