"""Which desa a point belongs to, on full-resolution boundaries; and where the people of a kecamatan live.

Decides: a point on a shared border belongs to the lowest code; a point outside every desa belongs to the nearest one
within 500 m (equally near: the lowest code); a point farther out belongs to none.

Gets wrong: nothing on purpose, but an edge is a straight line between its two vertices in degrees, as in the boundary
file; over a long edge this differs by centimetres from a straight line on the ground.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from lks_geo.geo import GEOD, FloatArray, area_m2, utm_crs
from lks_geo.tables import Boundaries, Population

SHORE_M = 500.0
"""How far outside every desa a point still belongs to the nearest one."""

_TIE_M = 0.001
_DEGREE_M = 110_500.0
"""Less than the metres of any degree of latitude, so that a search box is never too small."""

IntArray = npt.NDArray[np.int64]


class Locator:
    """Assigns points to the desa of `boundaries`. Prepared once, used for any number of points."""

    def __init__(self, boundaries: Boundaries) -> None:
        self._codes = boundaries.desa.index.to_numpy(dtype=object)
        self._shapes = boundaries.desa.geometry.to_numpy()

    def assign(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> pd.DataFrame:
        """The desa of each point.

        `lon`, `lat`: degrees EPSG:4326, one-dimensional. Returns a RangeIndex frame in the order of the points: `kode`
        (text, NA if no desa is within 500 m or a coordinate is NaN) and `jarak_m` (0 inside; metres to the desa when it
        is outside of all; NaN without a desa).
        """
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        known = np.isfinite(x) & np.isfinite(y)
        at = np.flatnonzero(known)
        position = np.full(len(x), -1, dtype=np.int64)
        distance_m = np.full(len(x), np.nan)
        position[at] = self._inside(x[at], y[at])
        distance_m[position >= 0] = 0.0
        outside = np.flatnonzero(known & (position < 0))
        if len(outside):
            position[outside], distance_m[outside] = self._near(x[outside], y[outside])
        codes = pd.Series(self._codes[position], dtype="str").where(position >= 0)
        return pd.DataFrame({"kode": codes, "jarak_m": distance_m})

    def _inside(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Position of the first desa (they are sorted by code) that covers each point, border included; -1 if none.

        The tree holds the points and the polygons ask, because a query prepares the geometry that asks.
        """
        first = np.full(len(lon), len(self._codes), dtype=np.int64)
        points = np.asarray(shapely.points(lon, lat), dtype=object)
        desa, point = shapely.STRtree(points).query(self._shapes, predicate="intersects")
        np.minimum.at(first, point, desa)
        return np.where(first < len(self._codes), first, -1)

    def _near(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
        """Position of the nearest desa within `SHORE_M` and the distance in metres (-1 and NaN if none)."""
        reach_lat = np.full(len(lat), SHORE_M / _DEGREE_M)
        reach_lon = reach_lat / np.maximum(np.cos(np.radians(lat)), 0.01)
        boxes = shapely.box(lon - reach_lon, lat - reach_lat, lon + reach_lon, lat + reach_lat)
        point, desa = self._tree.query(boxes)
        metres = np.full(len(point), np.inf)
        zones = np.array([utm_crs(x, y) for x, y in zip(lon, lat, strict=True)], dtype=object)[point]
        for zone in sorted(set(zones)):
            in_zone = np.flatnonzero(zones == zone)
            metres[in_zone] = self._gaps_m(zone, lon[point[in_zone]], lat[point[in_zone]], desa[in_zone])
        nearest = np.full(len(lon), np.inf)
        np.minimum.at(nearest, point, metres)
        tied = (metres <= SHORE_M) & (metres <= nearest[point] + _TIE_M)
        first = np.full(len(lon), len(self._codes), dtype=np.int64)
        np.minimum.at(first, point[tied], desa[tied])
        has_desa = first < len(self._codes)
        return np.where(has_desa, first, -1), np.where(has_desa, nearest, np.nan)

    def _gaps_m(self, zone: str, lon: FloatArray, lat: FloatArray, desa: IntArray) -> FloatArray:
        """Metres on the ellipsoid from each point to its desa; the nearest place of the edge is found in `zone`."""
        to_plane = pyproj.Transformer.from_crs("EPSG:4326", zone, always_xy=True)
        distinct, position = np.unique(desa, return_inverse=True)
        corners, of_shape = shapely.get_coordinates(self._shapes[distinct]), self._shapes[distinct].copy()
        planar = shapely.set_coordinates(of_shape, np.column_stack(to_plane.transform(corners[:, 0], corners[:, 1])))
        points = shapely.points(*to_plane.transform(lon, lat))
        ends = shapely.get_coordinates(shapely.shortest_line(points, planar[position]))[1::2]
        edge_lon, edge_lat = to_plane.transform(ends[:, 0], ends[:, 1], direction="INVERSE")
        return np.asarray(GEOD.inv(lon, lat, edge_lon, edge_lat)[2], dtype=np.float64)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._shapes)


def interior_points(boundaries: Boundaries) -> pd.DataFrame:
    """A point inside each desa: index `kode`, `lon`, `lat` in degrees (`shapely.point_on_surface`, EPSG:4326)."""
    points = shapely.point_on_surface(boundaries.desa.geometry.to_numpy())
    return pd.DataFrame({"lon": shapely.get_x(points), "lat": shapely.get_y(points)}, index=boundaries.desa.index)


def people_centres(
    kecamatan: Collection[str], boundaries: Boundaries, population: Population | None = None
) -> pd.DataFrame:
    """The centre of the people of each kecamatan: `lintang`, `bujur` (degrees), index `kode`.

    The mean of the population points of its desa (else their interior points), weighted by `penduduk`; by area where
    that is not known or 0 for all of them.
    """
    desa = boundaries.desa[boundaries.desa["kode_kecamatan"].isin(kecamatan)]
    if desa.empty:
        return pd.DataFrame({"lintang": [], "bujur": []}, index=pd.Index([], name="kode", dtype="str"))
    inner = shapely.point_on_surface(desa.geometry.to_numpy())
    table = pd.DataFrame({"lintang": shapely.get_y(inner), "bujur": shapely.get_x(inner)}, index=desa.index)
    people = pd.Series(np.nan, index=desa.index)
    if population is not None:
        known = population.table.reindex(desa.index)
        pointed = known["lintang"].notna() & known["bujur"].notna()
        table = table.mask(pointed, known[["lintang", "bujur"]])
        people = known["penduduk"]
    code = desa["kode_kecamatan"]
    weight = people.fillna(0)
    unknown = (weight.groupby(code).transform("sum") <= 0).to_numpy()
    weight[unknown] = area_m2(desa.geometry.to_numpy()[unknown])
    total = weight.groupby(code).sum()
    return table.mul(weight, axis=0).groupby(code).sum().div(total, axis=0).rename_axis("kode")
