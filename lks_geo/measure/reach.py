"""What share of each desa lies within reach of a place (`pangsa_terjangkau`), and what is left beyond reach.

Only desa that a circle cuts need polygon work. A desa whose bounding circle lies inside the circle of the nearest place
is wholly reached; one with no circle near is not reached; from the others the circles are taken away, nearest first, in
rounds of 1, 2, 4, ... circles, until nothing is left or nothing more comes near. Circles are polygons with 128 corners
and the area of the true circle: their edge is never more than 0.04 % of the reach from the true one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import KDTree

from lks_geo.geo import FloatArray, ecef_km
from lks_geo.measure.ground import Ground, Shapes
from lks_geo.measure.nearby import EDGE_KM, IntArray, arc_km, chord_km, nearest_arc_km

_CORNERS = 128
_NOTHING = shapely.Polygon()
_TURN = np.linspace(0, 2 * np.pi, _CORNERS + 1)[:-1]
_STEP = 2 * np.pi / _CORNERS
_UNIT = np.column_stack([np.cos(_TURN), np.sin(_TURN)]) * np.sqrt(_STEP / np.sin(_STEP))
_DUST = 1e-9
"""A remainder below this share of its desa is rounding, not land."""


def reached_by_point(ground: Ground, lon: FloatArray, lat: FloatArray, reach_km: FloatArray) -> FloatArray:
    """1 where the population point is within reach of a place (distance = reach counts), else 0."""
    people, reached = ecef_km(ground.lon, ground.lat), np.zeros(len(ground.lon))
    for reach in np.unique(reach_km):
        own = reach_km == reach
        reached[nearest_arc_km(people, ecef_km(lon[own], lat[own])) <= reach + EDGE_KM] = 1.0
    return reached


def reached_by_area(ground: Ground, beyond: Shapes) -> FloatArray:
    """Share of the area of each desa that is not `beyond` reach."""
    return np.asarray(1 - shapely.area(beyond) / ground.area_km2)


def beyond_reach(ground: Ground, lon: FloatArray, lat: FloatArray, reach_km: FloatArray) -> Shapes:
    """The part of each desa beyond reach of all places, on the plane of the desa; empty where all is reached."""
    circles = np.unique(np.column_stack([lon, lat, reach_km]), axis=0)
    xyz, reach = ecef_km(circles[:, 0], circles[:, 1]), circles[:, 2]
    beyond = ground.shapes.copy()
    inside, near = _quick(ground, xyz, reach)
    beyond[inside] = _NOTHING
    desa, place = _pairs(ground, np.flatnonzero(near & ~inside), xyz, reach)
    _take_away(beyond, ground, desa, place, xyz, reach)
    return beyond


def _quick(
    ground: Ground, xyz: FloatArray, reach: FloatArray
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Desa that are wholly inside one circle, and those that a circle comes near at all."""
    inside = np.zeros(len(ground.shapes), dtype=bool)
    near = np.zeros(len(ground.shapes), dtype=bool)
    for one in np.unique(reach):
        km = nearest_arc_km(ground.centre, xyz[reach == one])
        inside |= (km + ground.radius_km) * (1 + 1e-3) <= one
        near |= km <= (one + ground.radius_km) * (1 + 1e-3)
    return inside, near


def _pairs(ground: Ground, open_: IntArray, xyz: FloatArray, reach: FloatArray) -> tuple[IntArray, IntArray]:
    """Each open desa with each place whose circle may touch it, nearest first within a desa."""
    if len(open_) == 0 or len(xyz) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    limit = np.array([chord_km(far) for far in (ground.radius_km[open_] + reach.max()) * (1 + 1e-3)])
    found = KDTree(xyz).query_ball_point(ground.centre[open_], limit, return_sorted=False)
    desa = np.repeat(open_, [len(one) for one in found])
    place = np.concatenate([np.asarray(one, dtype=np.int64) for one in found])
    margin = arc_km(np.linalg.norm(ground.centre[desa] - xyz[place], axis=1)) - reach[place]
    close = margin <= ground.radius_km[desa] * (1 + 1e-3) + EDGE_KM + 1e-3 * reach[place]
    desa, place, margin = desa[close], place[close], margin[close]
    order = np.lexsort((place, margin, desa))
    return desa[order], place[order]


def _take_away(
    beyond: Shapes, ground: Ground, desa: IntArray, place: IntArray, xyz: FloatArray, reach: FloatArray
) -> None:
    """Takes the circles off the shapes in `beyond`, in place."""
    turn = np.arange(len(desa)) - np.searchsorted(desa, desa)
    size = 1
    while len(desa):
        now = turn < 2 * size - 1
        here, there = desa[now], place[now]
        middle = ground.on_plane(here, xyz[there])
        touches = shapely.dwithin(beyond[here], shapely.points(middle), reach[there])
        owners, taken = _joined(here[touches], middle[touches], reach[there[touches]])
        left = shapely.difference(beyond[owners], taken)
        left[shapely.area(left) <= _DUST * ground.area_km2[owners]] = _NOTHING
        beyond[owners] = left
        later = ~now & ~shapely.is_empty(beyond[desa])
        desa, place, turn = desa[later], place[later], turn[later]
        size *= 2


def _joined(desa: IntArray, middle: FloatArray, reach: FloatArray) -> tuple[IntArray, Shapes]:
    """One shape per desa: the union of its circles (`desa` sorted)."""
    circles = shapely.polygons(middle[:, None, :] + _UNIT[None] * reach[:, None, None])
    owners, start, count = np.unique(desa, return_index=True, return_counts=True)
    joined = circles[start]
    many = np.flatnonzero(count > 1)
    for size in np.unique(count[many]):
        rows = many[count[many] == size]
        joined[rows] = shapely.union_all(circles[start[rows][:, None] + np.arange(size)], axis=1)
    return owners, joined
