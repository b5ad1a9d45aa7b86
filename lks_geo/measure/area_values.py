"""From desa to the levels above: sums and weighted means over the desa of each area, and what an area has of its own:
coverage, supply per head, the class (`status`) and the order of need (`prioritas`).

Values are arrays of areas (or desa) x groups, or one per area; NaN is "not known", never 0, and is left out of sums and
means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray, IntArray, sums_by
from lks_geo.tables import PARENT_COLUMNS, UNREPORTED, Boundaries

ZERO_SHARE = 0.0005
"""A share below this counts as 0."""
_ROUNDING = 1e-9
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Level:
    """The areas of one level (`names`: AREA_COLUMNS, index `kode`) and the area in which each desa lies (position)."""

    key: str
    names: pd.DataFrame
    area_of_desa: IntArray

    @property
    def is_desa(self) -> bool:
        return self.key == "desa"

    def total(self, values: FloatArray) -> FloatArray:
        """Sum of the known values of each area; 0 where none is known."""
        known, inside = np.nan_to_num(values), self.area_of_desa >= 0
        return known if self.is_desa else sums_by(self.area_of_desa[inside], known[inside], len(self.names))

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


def classify(
    target: FloatArray,
    complete: BoolArray,
    present: BoolArray,
    share: FloatArray,
    threshold: float,
    unreported: BoolArray | bool = False,
) -> TextArray:
    """`status` of each area and group, the first that applies.

    `present`: a counted place stands in the desa (always False above the desa level: one place would paint a whole
    kabupaten as served). `unreported`: the register has no row of the kabupaten. `share`: see `people.deciding_share`;
    within 1e-9 of the threshold it has reached it.
    """
    return np.select(
        [
            np.broadcast_to(unreported, target.shape),
            complete & (target == 0),
            present,
            share >= threshold - _ROUNDING,
            share >= ZERO_SHARE,
        ],
        [UNREPORTED, "tidak_ada_sasaran", "ada", "terjangkau", "terjangkau_sebagian"],
        default="belum_terlayani",
    )


def rank_needs(status: TextArray, unreached: FloatArray, km: FloatArray) -> IntArray:
    """`prioritas` of the desa (one group, sorted by code): 1 = most urgent, 0 = no need of a rank.

    Most unreached people first, then the farthest, then the lowest code; desa with unknown people come after those with
    a number. No place anywhere (NaN) is farther than any distance. Decided on unrounded values.
    """
    needy = np.flatnonzero(np.isin(status, ("belum_terlayani", "terjangkau_sebagian")))
    people = np.where(np.isnan(unreached), -1.0, unreached)[needy]
    far = np.where(np.isnan(km), np.inf, km)[needy]
    rank = np.zeros(len(status), dtype=np.int64)
    rank[needy[np.lexsort((needy, -far, -people))]] = np.arange(1, len(needy) + 1)
    return rank


def coverage_share(target: FloatArray, people: FloatArray, share: FloatArray) -> FloatArray:
    """`cakupan`: people reached / target; the area share where the target is not known; NaN where it is 0."""
    return np.where(np.isnan(target), share, _ratio(people, target))


def per_1000(supply: FloatArray, target: FloatArray) -> FloatArray:
    """Supply per 1,000 people of the target; NaN where either is not known or the target is 0."""
    return 1000 * _ratio(supply, target)


def deciding_share(target: FloatArray, complete: BoolArray, coverage: FloatArray, share: FloatArray) -> FloatArray:
    """The share that decides the status: coverage, or the area share where the target is unknown or a partial 0."""
    return np.where(np.isnan(target) | (~complete & (target == 0)), share, coverage)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
