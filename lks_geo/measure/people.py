"""People in reach and supply per head: arithmetic on arrays of areas x groups. NaN is "not known", never 0."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray


def cover(target: FloatArray, reached: FloatArray, share: FloatArray) -> FloatArray:
    """`cakupan`: people reached / target; the area share where the target is not known; NaN where it is 0."""
    return np.where(np.isnan(target), share, _ratio(reached, target))


def per_1000(supply: FloatArray, target: FloatArray) -> FloatArray:
    """Supply per 1,000 people of the target; NaN where either is not known or the target is 0."""
    return 1000 * _ratio(supply, target)


def deciding_share(
    target: FloatArray, complete: npt.NDArray[np.bool_], coverage: FloatArray, share: FloatArray
) -> FloatArray:
    """The share that decides the status: coverage, or the area share where the target is unknown or a partial 0."""
    return np.where(np.isnan(target) | (~complete & (target == 0)), share, coverage)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
