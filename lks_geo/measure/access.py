"""Supply within reach set against the people who share it (`akses_2sfca`): two-step floating catchment areas.

Luo & Wang (2003, doi:10.1068/b29120); decay after Dai (2010, doi:10.1016/j.healthplace.2010.06.012). With
d = km from a population point to a place, r = the reach of the place, d <= r:
W = (exp(-(d/r)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2)), R = supply / sum(people W), A = 1000 sum(R W).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import KDTree

from lks_geo.geo import EDGE_KM, FloatArray, arc_km, chord_km, ecef_km
from lks_geo.measure.ground import Ground
from lks_geo.measure.supply import Supply

_FLOOR = np.exp(-0.5)
_BLOCK = 10_000
"""Places handled at once, so that the travel table of a whole country never stands in memory; no number changes,
because a place needs only its own rows of the table."""


def decay(distance_km: FloatArray, reach_km: float | FloatArray, form: str) -> FloatArray:
    """Weight of a place at each distance: from 1 at the place to 0 at its reach ("gauss"), or all 1 ("2sfca")."""
    if form == "2sfca":
        return np.ones_like(distance_km)
    part = np.minimum(distance_km / reach_km, 1.0)
    return np.asarray((np.exp(-0.5 * part * part) - _FLOOR) / (1 - _FLOOR))


def two_step(weight: sparse.coo_array | FloatArray, people: FloatArray, amount: FloatArray) -> FloatArray:
    """Supply per 1,000 people within reach of each desa and group.

    `weight` desa x places, `people` desa x groups (NaN = no demand), `amount` of supply, places x groups. A place whose
    people are 0 adds nothing.
    """
    demand = np.asarray(weight.T @ np.nan_to_num(people))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(demand > 0, amount / demand, 0.0)
    return np.asarray(1000 * (weight @ ratio))


def access(ground: Ground, supply: Supply, people: FloatArray, form: str, counted_as: str) -> FloatArray:
    """`akses_2sfca` (desa x groups); `counted_as` is "lks" (one per place) or "kapasitas" (unknown adds nothing)."""
    total, groups = np.zeros(people.shape), people.shape[1]
    homes = KDTree(ecef_km(ground.lon, ground.lat))
    known = ~np.isnan(supply.lon[supply.place])
    for reach in np.unique(supply.reach_km[known]):
        same = known & (supply.reach_km == reach)
        spots, spot = np.unique(
            np.column_stack([supply.lon, supply.lat])[supply.place[same]], axis=0, return_inverse=True
        )
        amount = np.ones(same.sum()) if counted_as == "lks" else np.nan_to_num(supply.capacity[supply.place[same]])
        cell = spot * groups + supply.group[same]
        amounts = np.bincount(cell, weights=amount, minlength=len(spots) * groups).reshape(-1, groups)
        for start in range(0, len(spots), _BLOCK):
            part = slice(start, start + _BLOCK)
            weight = _weights(homes, ecef_km(spots[part, 0], spots[part, 1]), float(reach), form)
            total += two_step(weight, people, amounts[part].astype(float))
    return total


def _weights(homes: KDTree, places: FloatArray, reach_km: float, form: str) -> sparse.coo_array:
    pairs: npt.NDArray[np.void] = homes.sparse_distance_matrix(
        KDTree(places), float(chord_km(reach_km)), output_type="ndarray"
    )
    distance = arc_km(pairs["v"])
    near = distance <= reach_km + EDGE_KM
    entry = (decay(distance[near], reach_km, form), (pairs["i"][near], pairs["j"][near]))
    return sparse.coo_array(entry, shape=(homes.n, len(places)))
