"""Distance, share and access from a table of travel distances (desa x places) instead of straight lines.

People live at the population point of their desa, because a road network says nothing about the land between the roads.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray
from lks_geo.measure.access import decay, two_step
from lks_geo.measure.nearby import EDGE_KM, SAME_KM
from lks_geo.measure.supply import Supply


def nearest_by_travel(km: FloatArray, supply: Supply, groups: int) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """As `desa_values.nearest_places`, from travel distances."""
    least = np.full((len(km), groups), np.nan)
    place_id = np.full(least.shape, None, dtype=object)
    for group in range(groups):
        places = supply.place[supply.reaching(group)]
        if len(places):
            own = km[:, places]
            least[:, group] = own.min(axis=1)
            place_id[:, group] = supply.id[places[(own <= least[:, [group]] + SAME_KM).argmax(axis=1)]]
    return least, place_id


def shares_by_travel(km: FloatArray, supply: Supply, groups: int) -> tuple[FloatArray, FloatArray]:
    """As `desa_values.reached_shares`: 1 where a place is within its reach, else 0; by all places, and by sure ones."""
    share, share_low = np.zeros((2, len(km), groups))
    for group in range(groups):
        services = supply.reaching(group)
        places = supply.place[services]
        within = km[:, places] <= supply.reach_km[services] + EDGE_KM
        share[:, group], share_low[:, group] = within.any(axis=1), within[:, supply.sure[places]].any(axis=1)
    return share, share_low


def access_by_travel(km: FloatArray, supply: Supply, people: FloatArray, form: str, counted_as: str) -> FloatArray:
    """As `access.access`, from travel distances."""
    found = np.zeros(people.shape)
    for group in range(people.shape[1]):
        services = supply.reaching(group)
        places, reach_km = supply.place[services], supply.reach_km[services]
        weight = np.where(km[:, places] <= reach_km + EDGE_KM, decay(km[:, places], reach_km, form), 0.0)
        amount = np.ones(len(places)) if counted_as == "lks" else np.nan_to_num(supply.capacity[places])
        found[:, [group]] = two_step(weight, people[:, [group]], amount[:, None])
    return found
