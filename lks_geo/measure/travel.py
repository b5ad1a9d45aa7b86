"""Distance, share and access from a table of travel distances (desa x places) instead of straight lines.

People live at the population point of their desa, because a road network says nothing about the land between the roads.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray
from lks_geo.measure.access import decay, two_step
from lks_geo.measure.nearby import EDGE_KM, SAME_KM
from lks_geo.measure.presence import Supply


def nearest_by_travel(km: FloatArray, of: Supply, groups: int) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """As `distance.nearest_places`, from travel distances."""
    least = np.full((len(km), groups), np.nan)
    place_id = np.full(least.shape, None, dtype=object)
    for group in range(groups):
        places = of.place[of.reaching(group)]
        if len(places):
            own = km[:, places]
            least[:, group] = own.min(axis=1)
            place_id[:, group] = of.id[places[(own <= least[:, [group]] + SAME_KM).argmax(axis=1)]]
    return least, place_id


def shares_by_travel(km: FloatArray, of: Supply, groups: int) -> tuple[FloatArray, FloatArray]:
    """As `share.shares`: 1 where a place is within its reach by travel distance, else 0; all places, and sure ones."""
    share, share_low = np.zeros((2, len(km), groups))
    for group in range(groups):
        services = of.reaching(group)
        places = of.place[services]
        within = km[:, places] <= of.reach_km[services] + EDGE_KM
        share[:, group], share_low[:, group] = within.any(axis=1), within[:, of.sure[places]].any(axis=1)
    return share, share_low


def access_by_travel(km: FloatArray, of: Supply, people: FloatArray, form: str, supply: str) -> FloatArray:
    """As `access.access`, from travel distances."""
    found = np.zeros(people.shape)
    for group in range(people.shape[1]):
        services = of.reaching(group)
        places, reach_km = of.place[services], of.reach_km[services]
        weight = np.where(km[:, places] <= reach_km + EDGE_KM, decay(km[:, places], reach_km, form), 0.0)
        amount = np.ones(len(places)) if supply == "lks" else np.nan_to_num(of.capacity[places])
        found[:, [group]] = two_step(weight, people[:, [group]], amount[:, None])
    return found
