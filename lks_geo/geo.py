"""Lengths on the earth and projected coordinates. Knows no word of the domain.

Distances are geodesic (WGS 84 ellipsoid). Nearest neighbours are searched on the chord in earth-centred coordinates,
which orders points as the geodesic does at the ranges used here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj

FloatArray = npt.NDArray[np.float64]

GEOD = pyproj.Geod(ellps="WGS84")


def utm_crs(lon: float, lat: float) -> str:
    """The WGS 84 / UTM zone of a point (degrees), as "EPSG:32750"."""
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32700 if lat < 0 else 32600) + zone}"


def distance_km(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Geodesic distance in km, element by element (degrees in, same shape out; NaN where any input is NaN)."""
    _, _, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(metres, dtype=np.float64) / 1000.0


def ecef_km(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Earth-centred coordinates in km, shape (n, 3), of points at height 0 (degrees in)."""
    a, e2 = GEOD.a / 1000.0, GEOD.es
    phi, lam = np.radians(lat), np.radians(lon)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.column_stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)])
