"""Lengths on the earth, neighbours, projected coordinates. Knows no word of the domain.

Distances are geodesic (WGS 84 ellipsoid). Points are searched on the chord in earth-centred coordinates and the chord
is turned into an arc; at 100 km the arc differs from the geodesic by about one part in ten million. Where a distance is
shown, or decides between two places, the geodesic itself is computed. Many points are searched with scipy's k-d tree,
few without: a province needs less time than the import of scipy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyproj
import scipy
import shapely

from lks_geo.thrift import begun

T = TypeVar("T")
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GEOD = pyproj.Geod(ellps="WGS84")


def named_crs(text: str | None) -> tuple[pyproj.CRS | None, bool]:
    """The CRS that a layer names, and whether what it names is no map projection that can be understood."""
    if not text:
        return None, False
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None, True
    known = crs.is_geographic or crs.is_projected or crs.is_bound or crs.is_compound
    return (crs, False) if known else (None, True)


def holds_lines(kind: str | None) -> bool:
    """Whether a layer of this type of geometry, as GDAL calls it, may hold lines."""
    return any(word in (kind or "") for word in ("Line", "Curve", "Unknown", "Collection"))


def utm_crs(lon: float, lat: float) -> str:
    """The WGS 84 / UTM zone of a point (degrees), as "EPSG:32750"."""
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32700 if lat < 0 else 32600) + zone}"


def distance_km(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Geodesic distance in km, element by element (degrees in, same shape out; NaN where any input is NaN)."""
    _, _, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(metres, dtype=np.float64) / 1000.0


def area_m2(shapes: npt.NDArray[np.object_]) -> FloatArray:
    """Area on the ellipsoid in square metres of each polygon (degrees in), by a cylindrical equal-area projection.

    Edges are straight there and not geodesics: of a desa this changes less than a millionth.
    """
    e = np.sqrt(GEOD.es)

    def flat(lon_lat: FloatArray) -> FloatArray:
        sine = np.sin(np.radians(lon_lat[:, 1]))
        height = sine / (1 - GEOD.es * sine**2) + np.arctanh(e * sine) / e
        return np.column_stack([np.radians(lon_lat[:, 0]), height]) * (GEOD.a, GEOD.a * (1 - GEOD.es) / 2)

    at_a_time = (shapes[start : start + 5000] for start in range(0, len(shapes), 5000))  # the country is a gigabyte
    return np.concatenate([shapely.area(shapely.transform(some, flat)) for some in at_a_time] or [np.zeros(0)])


def ecef_km(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Earth-centred coordinates in km, shape (n, 3), of points at height 0 (degrees in)."""
    a, e2 = GEOD.a / 1000.0, GEOD.es
    phi, lam = np.radians(lat), np.radians(lon)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.column_stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)])


EARTH_KM = 6371.0088
_WORTH_A_THREAD = 500
"""So many rows are worth a second thread."""
_FEW_PAIRS = 20_000_000
"""Up to so many pairs of points are looked at one by one (0.1 s); scipy loads its parts when they are first used."""
_PAIRS_AT_ONCE, _PAIRS_IN_FULL = 100_000, 500_000
"""So many of them stand in memory together: as products, and with all their coordinates."""
_ROUNDING_KM2 = 1e-6
"""By less the half square of a chord is wrong that comes from products of coordinates."""
SAME_KM = 1e-9
"""Two distances that differ by less are equal."""
EDGE_KM = 1e-6
"""A place this much beyond its reach still counts as at its reach (1 mm, far above rounding)."""
_SLACK = 1e-4
"""Chords order points as geodesics do up to this relative difference (true difference: 1.4e-5 at 1,000 km)."""


def arc_km(chord_km: FloatArray) -> FloatArray:
    """Length along the surface of a chord through the earth (km in, km out)."""
    return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(chord_km / (2 * EARTH_KM), 1.0)))


def chord_km(arc: float | FloatArray) -> FloatArray:
    """The chord of a length along the surface, a little generous (for searching; the caller filters exactly)."""
    angle = np.minimum(arc / (2 * EARTH_KM), np.pi / 2)
    return np.asarray(2 * EARTH_KM * np.sin(angle) * (1 + _SLACK) + EDGE_KM)


def nearest(
    lon: FloatArray, lat: FloatArray, place_lon: FloatArray, place_lat: FloatArray
) -> tuple[IntArray, FloatArray]:
    """For each point the position of the nearest place and its geodesic distance in km; -1 and NaN if there is none.

    Equal distances (within 1e-9 km): the lowest position.
    """
    if len(place_lon) == 0:
        return np.full(len(lon), -1), np.full(len(lon), np.nan)
    spots, first = np.unique(np.column_stack([place_lon, place_lat]), axis=0, return_index=True)
    closest = _closest(ecef_km(spots[:, 0], spots[:, 1]), len(lon))
    position, km = np.empty(len(lon), dtype=np.int64), np.empty(len(lon))
    open_, asked = np.arange(len(lon)), min(4, len(spots))
    while len(open_):
        chord, near = closest(ecef_km(lon[open_], lat[open_]), asked)
        rival = chord <= chord.min(axis=1, keepdims=True) * (1 + _SLACK) + SAME_KM
        row, column = np.nonzero(rival)
        exact = np.full(chord.shape, np.inf)
        spot = spots[near[row, column]]
        exact[row, column] = distance_km(lon[open_[row]], lat[open_[row]], spot[:, 0], spot[:, 1])
        best = exact.min(axis=1)
        position[open_] = np.where(exact <= best[:, None] + SAME_KM, first[near], len(place_lon)).min(axis=1)
        km[open_] = best
        open_ = open_[rival[:, -1]] if chord.shape[1] < len(spots) else open_[:0]
        asked = min(4 * asked, len(spots))
    return position, km


def _closest(places_xyz: FloatArray, points: int) -> Callable[[FloatArray, int], tuple[FloatArray, IntArray]]:
    """How the chords (km) from points to at least so many of the nearest places are found, and which these are (points
    x places each); `points`: how many will be asked for at most."""
    if points * len(places_xyz) <= min(_FEW_PAIRS, _PAIRS_IN_FULL):
        every = np.arange(len(places_xyz))
        return lambda xyz, _number: (_chords(xyz[:, None], places_xyz), np.broadcast_to(every, (len(xyz), len(every))))
    tree = scipy.spatial.KDTree(places_xyz)

    def by_tree(xyz: FloatArray, number: int) -> tuple[FloatArray, IntArray]:
        chord, near = tree.query(xyz, k=range(1, number + 1))
        return np.asarray(chord), np.asarray(near)

    return by_tree


def _chords(xyz: FloatArray, places_xyz: FloatArray) -> FloatArray:
    """The chord (km) from each point to the place beside it, or in a table to each place."""
    return np.asarray(np.linalg.norm(xyz - places_xyz, axis=-1))


def _near_products(
    xyz: FloatArray, places_xyz: FloatArray, within_km: float = np.inf
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Points by blocks (positions), with those places (positions) that may be within a chord of one of them, and of
    each with each about minus half the square of the chord, by one product. Blocks of many points that look only so far
    are strips across the axis along which the points lie farthest apart."""
    points, places = (
        np.column_stack([places, np.ones(len(places)), -(places**2).sum(axis=1) / 2]) for places in (xyz, places_xyz)
    )
    points[:, 3:] = points[:, :2:-1]
    for point, place in _strips(xyz, places_xyz, within_km):
        step, beside = max(1, _PAIRS_AT_ONCE // max(1, len(place))), places[place].T
        for start in range(0, len(point), step):
            some = point[start : start + step]
            yield some, place, points[some] @ beside


def _strips(xyz: FloatArray, places_xyz: FloatArray, within_km: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Which points lie in the same strip, and which places no farther from it (km) than said."""
    low, high = (xyz.min(axis=0), xyz.max(axis=0)) if len(xyz) else (np.zeros(3), np.zeros(3))
    axis = int((high - low).argmax())
    wide, blocks = float((high - low)[axis]), len(xyz) * len(places_xyz) // _PAIRS_AT_ONCE
    strips = max(1, min(blocks, int(wide / within_km))) if within_km > 0 else max(1, blocks)
    if strips == 1:
        yield np.arange(len(xyz)), np.arange(len(places_xyz))
        return
    edges = np.linspace(low[axis], high[axis], strips + 1)
    strip = np.clip(np.searchsorted(edges, xyz[:, axis], side="right") - 1, 0, strips - 1)
    for number in range(strips):
        apart = np.maximum(edges[number] - places_xyz[:, axis], places_xyz[:, axis] - edges[number + 1])
        yield np.flatnonzero(strip == number), np.flatnonzero(apart <= within_km + SAME_KM)


def nearest_arc_km(xyz: FloatArray, places_xyz: FloatArray) -> FloatArray:
    """Distance in km from each point to the nearest place, both in earth-centred km; inf if there is no place."""
    if len(places_xyz) == 0:
        return np.full(len(xyz), np.inf)
    if len(xyz) * len(places_xyz) > _FEW_PAIRS:
        return arc_km(np.asarray(scipy.spatial.KDTree(places_xyz).query(xyz)[0]))
    least = np.full(len(xyz), np.inf)
    for some, _, products in _near_products(xyz, places_xyz):
        point, place = np.nonzero(products >= products.max(axis=1, keepdims=True) - 2 * _ROUNDING_KM2)
        first = np.flatnonzero(np.diff(point, prepend=-1))
        least[some] = np.minimum.reduceat(_chords(xyz[some][point], places_xyz[place]), first)
    return arc_km(least)


def within_arc_km(xyz: FloatArray, places_xyz: FloatArray, limit_km: float) -> npt.NDArray[np.bool_]:
    """Whether the nearest place is no farther than a distance (km), for each point; both in earth-centred km."""
    if len(xyz) * len(places_xyz) > _FEW_PAIRS:
        return nearest_arc_km(xyz, places_xyz) <= limit_km
    near = np.zeros(len(xyz), dtype=bool)
    limit = float(chord_km(limit_km))
    edge = -((2 * EARTH_KM * np.sin(min(limit_km / (2 * EARTH_KM), np.pi / 2))) ** 2) / 2
    for some, place, products in _near_products(xyz, places_xyz, limit):
        if len(place):
            best = products.max(axis=1)
            near[some] = best > edge
            unsure = some[np.abs(best - edge) <= 2 * _ROUNDING_KM2]
            near[unsure] = nearest_arc_km(xyz[unsure], places_xyz[place]) <= limit_km
    return near


def near_pairs(
    xyz: FloatArray, places_xyz: FloatArray, limit_km: float | FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Points and places whose chord is no longer than a limit (one for all, or one for each point), all in
    earth-centred km: positions of the points, positions of the places, chords. In no order that means anything."""
    limit = np.broadcast_to(np.asarray(limit_km, dtype=np.float64), len(xyz))
    if len(xyz) * len(places_xyz) > _FEW_PAIRS:
        return _near_by_tree(xyz, places_xyz, limit)
    found = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    for some, near, products in _near_products(xyz, places_xyz, float(limit.max(initial=0))):
        row, column = np.nonzero(products >= -(limit[some, None] ** 2) / 2 - _ROUNDING_KM2)
        point, place = some[row], near[column]
        chord = _chords(xyz[point], places_xyz[place])
        close = chord <= limit[point]
        found.append((point[close], place[close], chord[close]))
    point, place, chord = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(point, kind="stable")
    return point[order], place[order], chord[order]


def _near_by_tree(xyz: FloatArray, places_xyz: FloatArray, limit: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    tree = scipy.spatial.KDTree(places_xyz)
    if (limit == limit[0]).all():
        found = scipy.spatial.KDTree(xyz).sparse_distance_matrix(tree, float(limit[0]), output_type="ndarray")
        return found["i"], found["j"], found["v"]
    near = tree.query_ball_point(xyz, limit, return_sorted=False)
    point = np.repeat(np.arange(len(xyz)), [len(found) for found in near])
    place = np.concatenate([np.asarray(found, dtype=np.int64) for found in near])
    return point, place, _chords(xyz[point], places_xyz[place])


def near_each_other(xyz: FloatArray, limit_km: float) -> IntArray:
    """Pairs of positions of points (earth-centred km) whose chord is no longer than the limit, the lower first."""
    if len(xyz) ** 2 > _FEW_PAIRS:
        return np.asarray(scipy.spatial.KDTree(xyz).query_pairs(limit_km, output_type="ndarray"), dtype=np.int64)
    first, second, _ = near_pairs(xyz, xyz, limit_km)
    return np.column_stack([first, second])[first < second]


def linked(pairs: IntArray, size: int) -> IntArray:
    """A number for each of `size` positions, the same for all that pairs (n, 2) join, also through others; numbered
    from 0 by the lowest position."""
    lowest = np.arange(size)
    while True:
        ends = lowest[pairs]
        low = ends.min(axis=1)
        if (ends == low[:, None]).all():
            return np.unique(lowest, return_inverse=True)[1]
        for side in ends.T:
            np.minimum.at(lowest, side, low)
        while (lowest != lowest[lowest]).any():
            lowest = lowest[lowest]


def distinct_rows(rows: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], IntArray]:
    """The different rows of a table of numbers, sorted by their columns from the first on, and which of them each row
    is."""
    order = np.lexsort(rows.T[::-1])
    differs = np.ones(len(rows), dtype=bool)
    differs[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    position = np.empty(len(rows), dtype=np.int64)
    position[order] = np.cumsum(differs) - 1
    return rows[order[differs]], position


def sums_by(number: IntArray, values: FloatArray, size: int) -> FloatArray:
    """The sums of the rows of `values` (n, or n x columns) that have the same number, for the numbers below `size`."""
    if values.ndim == 1:
        return np.bincount(number, weights=values, minlength=size).astype(np.float64)
    columns = [np.bincount(number, weights=column, minlength=size) for column in values.T]
    return np.column_stack(columns) if columns else np.zeros((size, 0))


def on_both_cores(work: Callable[..., npt.NDArray[Any]], *arrays: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """`work(*arrays)`, every other row in a thread of its own: for functions of shapely that work row by row."""
    if len(arrays[0]) < _WORTH_A_THREAD:
        return work(*arrays)
    odd = begun(lambda: work(*(array[1::2] for array in arrays)))
    even = work(*(array[::2] for array in arrays))
    result = np.empty(len(arrays[0]), dtype=even.dtype)
    result[::2], result[1::2] = even, odd()
    return result
