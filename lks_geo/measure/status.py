"""Coverage and supply per head of areas x groups, the class of each (`status`) and the order of need (`prioritas`).

NaN is "not known", never 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray, IntArray
from lks_geo.tables import UNREPORTED

ZERO_SHARE = 0.0005
"""A share below this counts as 0."""
_ROUNDING = 1e-9
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.str_]


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
