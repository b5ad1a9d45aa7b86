"""Points that are the middle of an area instead of an address, and points told too coarsely to settle a desa.

Decides: within a few metres (desa) to half a kilometre (provinsi) of an area's centroid a point is a middle, because
the centroid moves a little with every edition of the boundaries. Gets wrong: an LKS that really stands there.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from lks_geo.geo import FloatArray, ecef_km
from lks_geo.locate import Locator
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries

CENTRE_KM = {"desa": 0.005, "kecamatan": 0.05, "kabupaten": 0.25, "provinsi": 0.5}
"""How near the middle of an area a point counts as that middle."""

PLACEHOLDERS = ((-2.8441, 119.2321, "Sulawesi Barat"),)
"""Points (lat, lon, of what) that geocoders and other programs give for a whole area; known from real files."""

PLACEHOLDER_KM = 0.02

COARSE_DEGREES = 0.01
"""A coordinate told no finer than this (1 km) may lie in another desa than it seems to."""


def area_centres(boundaries: Boundaries, gazetteer: Gazetteer) -> pd.DataFrame:
    """The middle of every area: columns `nama`, `near_km`, `lon`, `lat` (degrees), the largest areas first.

    The centroid of an upper area is the area-weighted mean of its desa's centroids.
    """
    shapes = boundaries.desa.geometry.to_numpy()
    middle, size = shapely.centroid(shapes), shapely.area(shapes)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    weighted = pd.DataFrame({"lon": x * size, "lat": y * size, "size": size})
    tables = [pd.DataFrame(PLACEHOLDERS, columns=["lat", "lon", "nama"]).assign(near_km=PLACEHOLDER_KM)]
    for level in reversed(LEVELS):
        codes = boundaries.desa.index if level == "desa" else boundaries.desa[PARENT_COLUMNS[level]]
        sums = weighted.groupby(codes.to_numpy()).sum()
        names = [gazetteer.label(str(code)) for code in sums.index]
        centroid = {"nama": names, "lon": sums["lon"] / sums["size"], "lat": sums["lat"] / sums["size"]}
        tables.append(pd.DataFrame(centroid).assign(near_km=CENTRE_KM[level]))
    return pd.concat(tables, ignore_index=True)


def middles(lon: FloatArray, lat: FloatArray, centres: pd.DataFrame) -> dict[int, str]:
    """Position of each point that is the middle of an area -> the name of the largest such area."""
    if not len(lon):
        return {}
    points = ecef_km(lon, lat)
    found: dict[int, str] = {}
    for near_km, some in centres.groupby("near_km", sort=False):
        tree = cKDTree(ecef_km(some["lon"].to_numpy(dtype=float), some["lat"].to_numpy(dtype=float)))
        apart, nearest = (np.asarray(part) for part in tree.query(points, distance_upper_bound=float(str(near_km))))
        names = some["nama"].tolist()
        for position in np.flatnonzero(np.isfinite(apart)).tolist():
            found.setdefault(position, names[int(nearest[position])])
    return found


def coarse(lon: FloatArray, lat: FloatArray, precision: FloatArray, locator: Locator) -> list[bool]:
    """For each point told to `precision` degrees: whether its rounding may hide that it lies in another desa."""
    half = precision / 2
    corners = [locator.assign(lon + east * half, lat + north * half)["kode"] for east in (-1, 1) for north in (-1, 1)]
    table = pd.concat(corners, axis=1)
    return (table.nunique(axis=1, dropna=False) > 1).tolist()
