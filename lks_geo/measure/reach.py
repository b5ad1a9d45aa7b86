"""What share of each desa lies within reach of a place (`pangsa_terjangkau`), and what is left beyond reach.

Only desa that a circle cuts need polygon work. A desa whose corners all lie inside the circle of one near place is
wholly reached; one with no circle near is not reached; from the others the circles are taken away, nearest first, in
rounds of 1, 2, 4, ... circles, until nothing is left or nothing more comes near. Circles are polygons with 128 corners
and the area of the true circle: their edge is never more than 0.04 % of the reach from the true one.

Supply within reach set against the people who share it (`akses_2sfca`) is the two-step floating catchment area of
Luo & Wang (2003, doi:10.1068/b29120) with the decay of Dai (2010, doi:10.1016/j.healthplace.2010.06.012). With d = km
from a population point to a place, r = the reach of the place, d <= r:
W = (exp(-(d/r)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2)), R = supply / sum(people W), A = 1000 sum(R W).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt
import shapely

from lks_geo.geo import (
    EDGE_KM,
    FloatArray,
    IntArray,
    arc_km,
    chord_km,
    distinct_rows,
    ecef_km,
    near_pairs,
    nearest_arc_km,
    on_both_cores,
    sums_by,
    within_arc_km,
)
from lks_geo.measure.ground import FEW_DESA, Ground, Shapes
from lks_geo.measure.supply import Supply
from lks_geo.thrift import forget, kept

BoolArray = npt.NDArray[np.bool_]
_Case = tuple[int, bytes]
_Left = MutableMapping[_Case, tuple[shapely.Geometry, shapely.Geometry]]
"""What circles left of a shape (known by its id, so it is kept beside): groups and filters share places and land."""
_MOST_LEFT = 20_000
"""So many of them are kept, about 70 MB: enough for all maps of a province of 650 desa. Of more than FEW_DESA none."""
_CORNERS = 128
NOTHING = shapely.Polygon()
_TURN = np.linspace(0, 2 * np.pi, _CORNERS + 1)[:-1]
_STEP = 2 * np.pi / _CORNERS
_UNIT = np.column_stack([np.cos(_TURN), np.sin(_TURN)]) * np.sqrt(_STEP / np.sin(_STEP))
_DUST = 1e-9
"""A remainder below this share of its desa is rounding, not land."""
_SHAPES_AT_ONCE = 4_000
_PLANE_ERROR = 1e-3
"""Lengths on the plane of a desa may differ by this share from those on the earth (far above what they do)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circles:
    """Reach circles: middles in earth-centred km (m, 3) and radii in km."""

    xyz: FloatArray
    reach_km: FloatArray

    def some(self, chosen: BoolArray) -> Circles:
        """The chosen ones of them."""
        return Circles(xyz=self.xyz[chosen], reach_km=self.reach_km[chosen])

    def rows(self) -> FloatArray:
        """Middles and radii (m, 4)."""
        return np.column_stack([self.xyz, self.reach_km])


def circles(lon: FloatArray, lat: FloatArray, reach_km: FloatArray) -> Circles:
    """The circles around places (degrees, km), each once."""
    rows, _ = distinct_rows(np.column_stack([lon, lat, reach_km]))
    return Circles(xyz=ecef_km(rows[:, 0], rows[:, 1]), reach_km=rows[:, 2])


def reached_by_point(lon: FloatArray, lat: FloatArray, around: Circles) -> FloatArray:
    """1 where a point of people (degrees) is within reach of a place (distance = reach counts), else 0."""
    people, shares = ecef_km(lon, lat), np.zeros(len(lon))
    for reach in np.unique(around.reach_km):
        shares[within_arc_km(people, around.xyz[around.reach_km == reach], reach + EDGE_KM)] = 1.0
    return shares


def only(land: Shapes, chosen: BoolArray) -> Shapes:
    """The shapes that are chosen; the others empty."""
    shapes = land.copy()
    shapes[~chosen] = NOTHING
    return shapes


def beyond_reach(ground: Ground, land: Shapes, around: Circles) -> Shapes:
    """What of `land` lies beyond all circles (same order, empty where all is reached).

    `land`: shapes on the planes of the desa, `ground.shapes` or what an earlier call left of them.
    """
    beyond = land.copy()
    inside, near = _quick(ground, around)
    beyond[inside] = NOTHING
    desa, circle = _pairs(ground, np.flatnonzero(near & ~shapely.is_empty(beyond)), around)
    first = np.flatnonzero(np.diff(desa, prepend=-1))
    inside = _wholly_inside(ground, beyond, desa[first], circle[first], around)
    beyond[desa[first][inside]] = NOTHING
    open_ = ~shapely.is_empty(beyond)[desa]
    take_away(beyond, ground, desa[open_], circle[open_], around)
    return beyond


def beyond_all(ground: Ground, group: int, around: Circles) -> Shapes:
    """What of each desa lies beyond all circles of a group. Those that `ground.shared` has are not cut off again, but
    near its circles that are not among these all is cut off anew."""
    if group >= len(ground.shared):
        return beyond_reach(ground, ground.shapes, around)
    shared, left = ground.shared[group]
    _, number = distinct_rows(np.concatenate([shared, around.rows()]))
    done, asked = number[: len(shared)], number[len(shared) :]
    lost = shared[~np.isin(done, asked)]
    _, anew = _quick(ground, Circles(xyz=lost[:, :3], reach_km=lost[:, 3]))
    beyond = beyond_reach(ground, only(left, ~anew), around.some(~np.isin(asked, done)))
    some = np.flatnonzero(anew)
    beyond[some] = beyond_reach(ground.some(some), ground.shapes[some], around)
    return beyond


def touching_pairs(ground: Ground, land: Shapes, around: Circles) -> tuple[IntArray, IntArray, BoolArray]:
    """Each desa with each circle that touches its `land`, as `take_away` takes them, and whether the box around the
    land lies within the circle."""
    desa, circle = _pairs(ground, np.flatnonzero(~shapely.is_empty(land)), around)
    middle = ground.on_plane(desa, around.xyz[circle])
    touches = on_both_cores(_within, land[desa], middle, around.reach_km[circle])
    desa, circle, middle = desa[touches], circle[touches], middle[touches]
    low, high = np.split(shapely.bounds(land[desa]), 2, axis=1)
    far = np.maximum(np.abs(low - middle), np.abs(high - middle))
    return desa, circle, np.hypot(*far.T) <= around.reach_km[circle]


def _quick(ground: Ground, around: Circles) -> tuple[BoolArray, BoolArray]:
    """Desa whose bounding circle lies inside one circle, and desa whose bounding circle any circle touches."""
    inside = np.zeros(len(ground.shapes), dtype=bool)
    near = np.zeros(len(ground.shapes), dtype=bool)
    radius = ground.radius_km * (1 + _PLANE_ERROR)
    for reach in np.unique(around.reach_km):
        km = nearest_arc_km(ground.centre, around.xyz[around.reach_km == reach])
        inside |= km * (1 + _PLANE_ERROR) + radius <= reach
        near |= km * (1 - _PLANE_ERROR) <= radius + reach
    return inside, near


def _pairs(ground: Ground, open_: IntArray, around: Circles) -> tuple[IntArray, IntArray]:
    """Each open desa with each circle that may touch it, sorted by desa, the circle that reaches farthest first."""
    if len(open_) == 0 or len(around.reach_km) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    limit = (ground.radius_km[open_] + around.reach_km.max()) * (1 + 2 * _PLANE_ERROR)
    at, circle, chord = near_pairs(ground.centre[open_], around.xyz, chord_km(limit))
    desa, margin = open_[at], arc_km(chord) - around.reach_km[circle]
    close = margin <= ground.radius_km[desa] + 2 * _PLANE_ERROR * limit.max()
    desa, circle, margin = desa[close], circle[close], margin[close]
    order = np.lexsort((circle, margin, desa))
    return desa[order], circle[order]


def _wholly_inside(ground: Ground, land: Shapes, desa: IntArray, circle: IntArray, around: Circles) -> BoolArray:
    """Whether all corners of each desa lie within the true circle beside it."""
    inside = np.empty(len(desa), dtype=bool)
    for some in _blocks(len(desa)):
        corner, owner = shapely.get_coordinates(land[desa[some]], return_index=True)
        middle = ground.on_plane(desa[some], around.xyz[circle[some]])[owner]
        far = np.hypot(*(corner - middle).T) > around.reach_km[circle[some]][owner]
        inside[some] = np.bincount(owner[far], minlength=len(some)) == 0
    return inside


def _blocks(size: int) -> list[IntArray]:
    """Positions below `size`, so many at once that their corners take little memory."""
    return np.split(np.arange(size), range(_SHAPES_AT_ONCE, size, _SHAPES_AT_ONCE))


def take_away(beyond: Shapes, ground: Ground, desa: IntArray, circle: IntArray, around: Circles) -> None:
    """Takes the circles off the shapes in `beyond`, in place (`desa` sorted)."""
    few = len(ground.shapes) <= FEW_DESA
    shared: _Left = kept(ground.shapes, "left", dict) if few else {}
    known = shared if len(shared) < _MOST_LEFT else ChainMap({}, shared)
    names = around.rows().view("V32").ravel()
    turn = np.arange(len(desa)) - np.searchsorted(desa, desa)
    size = 1
    while len(desa):
        now = np.flatnonzero(turn < 2 * size - 1)
        middle, reach = ground.on_plane(desa[now], around.xyz[circle[now]]), around.reach_km[circle[now]]
        touches = on_both_cores(_within, beyond[desa[now]], middle, reach)
        now, middle, reach = now[touches], middle[touches], reach[touches]
        owners, start, count = _runs(desa[now])
        before = beyond[owners]
        cuts = ground.area_km2[owners], count, middle, reach
        if not few:
            beyond[owners] = _cut_off(before, *cuts)
        else:
            called = (names[circle[now[at : at + number]]].tobytes() for at, number in zip(start, count, strict=True))
            beyond[owners] = _cut_once(known, list(zip(map(id, before), called, strict=True)), before, *cuts)
        later = (turn >= 2 * size - 1) & ~shapely.is_empty(beyond)[desa]
        desa, circle, turn = desa[later], circle[later], turn[later]
        size *= 2


def forget_left(ground: Ground) -> None:
    """Lets go of what is known of circles on these desa: of a province some 20 MB."""
    forget(ground.shapes, "left")


def _runs(numbers: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Each of the sorted numbers once, where it first stands, and how often."""
    start = np.flatnonzero(np.diff(numbers, prepend=-1))
    return numbers[start], start, np.diff(start, append=len(numbers))


def _within(land: Shapes, middle: FloatArray, reach: FloatArray) -> BoolArray:
    """Whether a circle touches the land beside it."""
    return np.asarray(shapely.dwithin(land, shapely.points(middle), reach))  # type: ignore[call-overload]


def _cut_once(
    known: _Left, cases: list[_Case], land: Shapes, area_km2: FloatArray, count: IntArray,
    middle: FloatArray, reach: FloatArray,
) -> list[shapely.Geometry]:  # fmt: skip
    """`_cut_off` of the cases that are not known, which are known from then on."""
    new = np.array([case not in known for case in cases], dtype=bool)
    some = np.repeat(new, count)
    after = _cut_off(land[new], area_km2[new], count[new], middle[some], reach[some])
    known.update(zip(compress(cases, new), zip(after, land[new], strict=True), strict=True))
    return [known[case][0] for case in cases]


def _cut_off(land: Shapes, area_km2: FloatArray, count: IntArray, middle: FloatArray, reach: FloatArray) -> Shapes:
    """What the circles leave of each shape; `count`: how many circles each has, one after the other; `area_km2`: of the
    whole desa."""
    first = np.cumsum(count) - count

    def left_of(some: IntArray) -> Shapes:
        owner = np.repeat(np.arange(len(some)), count[some])
        own = np.arange(len(owner)) + (first[some] - (np.cumsum(count[some]) - count[some]))[owner]
        return _left(land[some], area_km2[some], owner, middle[own], reach[own])

    return np.concatenate([on_both_cores(left_of, block) for block in _blocks(len(land))])


def _left(land: Shapes, area_km2: FloatArray, owner: IntArray, middle: FloatArray, reach: FloatArray) -> Shapes:
    """What the circles leave of each shape of `land` (`owner`: sorted positions, each at least once)."""
    taken = _joined(owner, middle, reach)
    try:
        left: Shapes = shapely.difference(land, taken)
    except shapely.errors.GEOSException:
        left = shapely.difference(shapely.make_valid(land), taken)
    return only(left, shapely.area(left) > _DUST * area_km2)


def _joined(owner: IntArray, middle: FloatArray, reach: FloatArray) -> Shapes:
    """One shape per owner: the union of its circles (`owner` sorted)."""
    circles: Shapes = shapely.polygons(middle[:, None, :] + _UNIT[None] * reach[:, None, None])
    _, start, count = _runs(owner)
    joined = circles[start]
    many = np.flatnonzero(count > 1)
    for size in np.unique(count[many]):
        rows = many[count[many] == size]
        joined[rows] = shapely.union_all(circles[start[rows][:, None] + np.arange(size)], axis=1)
    return joined


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


def two_step(desa: IntArray, place: IntArray, weight: FloatArray, people: FloatArray, amount: FloatArray) -> FloatArray:
    """Supply per 1,000 people within reach of each desa and group.

    `weight` of pairs of a desa and a place within reach (positions), `people` desa x groups (NaN = no demand), `amount`
    of supply, places x groups. A place whose people are 0 adds nothing.
    """
    supply, pair = np.zeros(people.shape), np.empty(len(weight))

    def weighted(values: FloatArray, of: IntArray) -> FloatArray:
        np.take(values, of, out=pair, mode="clip")  # "clip" so that it is written there and then
        return np.multiply(pair, weight, out=pair)

    for group, (asking, offered) in enumerate(zip(np.nan_to_num(people).T, amount.T, strict=True)):
        demand = sums_by(place, weighted(asking, desa), len(amount))
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.where(demand > 0, offered / demand, 0.0)
        supply[:, group] = 1000 * sums_by(desa, weighted(ratio, place), len(people))
    return supply


def access(ground: Ground, supply: Supply, people: FloatArray, form: str, counted_as: str) -> FloatArray:
    """`akses_2sfca` (desa x groups); `counted_as` is "lks" (one per place) or "kapasitas" (unknown adds nothing)."""
    total, groups = np.zeros(people.shape), people.shape[1]
    homes = ecef_km(ground.lon, ground.lat)
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
            near = near_pairs(homes, ecef_km(spots[part, 0], spots[part, 1]), chord_km(float(reach)))
            km = arc_km(near[2])
            desa, place, km = (column[km <= reach + EDGE_KM] for column in (*near[:2], km))
            total += two_step(desa, place, decay(km, float(reach), form), people, amounts[part].astype(float))
    return total
