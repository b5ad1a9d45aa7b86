"""`pangsa_terjangkau` by the population model of the settings: people spread evenly, at one point, or by a grid."""

from __future__ import annotations

import numpy as np

from lks_geo.geo import FloatArray
from lks_geo.measure.ground import Ground
from lks_geo.measure.presence import Supply
from lks_geo.measure.reach import Circles, Model, beyond_reach, circles, reached_by_area, reached_by_point
from lks_geo.messages import Message
from lks_geo.settings import Settings


def shares(
    ground: Ground, of: Supply, groups: int, settings: Settings
) -> tuple[FloatArray, FloatArray, tuple[Message, ...]]:
    """Share of each desa within reach of each group's places (desa x groups); the same without doubtful places and
    those at an approximate location; and what had to be assumed."""
    model, notes = _model(ground, settings)
    share, share_low = np.zeros((2, len(ground.lon), groups))
    for group in range(groups):
        services = of.reaching(group)
        sure = of.sure[of.place[services]]
        around, doubtful = (
            circles(of.lon[of.place[some]], of.lat[of.place[some]], of.reach_km[some])
            for some in (services[sure], services[~sure])
        )
        share_low[:, group], share[:, group] = model(around, doubtful)
    return share, share_low, notes


def _model(ground: Ground, settings: Settings) -> tuple[Model, tuple[Message, ...]]:
    if settings.population_model == "point":
        return lambda sure, others: by_point(ground, sure, others), ()
    if settings.population_model == "grid":
        from lks_geo.measure.grid import grid_model

        return grid_model(ground, settings)
    return lambda sure, others: by_area(ground, sure, others), ()


def by_point(ground: Ground, sure: Circles, others: Circles) -> tuple[FloatArray, FloatArray]:
    """The model "point": all people live at the population point."""
    low = reached_by_point(ground, sure)
    return low, np.maximum(low, reached_by_point(ground, others))


def by_area(ground: Ground, sure: Circles, others: Circles) -> tuple[FloatArray, FloatArray]:
    """The model "area": people are spread evenly over their desa."""
    low = beyond_reach(ground, ground.shapes, sure)
    return reached_by_area(ground, low), reached_by_area(ground, beyond_reach(ground, low, others))
