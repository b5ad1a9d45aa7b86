"""Loads the areas in use, from a boundary file of this project (fast, trusted) or from any layer of desa (mended)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np

from lks_geo import shipped
from lks_geo.boundaries import boundary_file
from lks_geo.boundaries.layers import desa_of, read_layer
from lks_geo.errors import LksGeoError
from lks_geo.geo import utm_crs
from lks_geo.tables import LEVELS, Boundaries, check_desa, source_of

WIDE_DEGREES = 12.0
"""Data wider than this (two UTM zones) fits no UTM zone."""


def load_boundaries(path: Path | None) -> Boundaries:
    """The areas of a file; None is the file that ships with the project.

    A file made by `boundaries import` brings all levels and was cleaned when it was made. Any other layer needs `kode`
    (Kemendagri or BPS, of desa) and `nama`; its geometry is mended in memory (see `notes`), names of upper levels are
    their codes if it has none. No CRS, bad or duplicate codes, no usable polygon: `LksGeoError`.
    """
    path = path or shipped.BOUNDARIES
    facts = boundary_file.read_facts(path)
    if facts is None:
        layer = desa_of(read_layer(path), path.name)
        neighbours = gpd.GeoDataFrame({"nama": []}, geometry=[], crs="EPSG:4326")
        return Boundaries(
            desa=layer.desa,
            neighbours=neighbours,
            source=source_of(path),
            crs_m=crs_in_metres(layer.desa),
            notes=layer.notes,
        )
    levels = boundary_file.read_levels(path)
    desa = levels.pop("desa")
    if desa.empty:
        raise LksGeoError.of("boundaries.empty", where=path.name)
    neighbours = levels.pop(boundary_file.NEIGHBOURS)
    return Boundaries(
        desa=check_desa(desa),
        neighbours=neighbours[["nama", "geometry"]],
        source=replace(source_of(path), vintage=facts.vintage, licence=facts.licence),
        crs_m=crs_in_metres(desa),
        dissolved={level: levels[level] for level in LEVELS[1:]},
    )


def crs_in_metres(shapes: gpd.GeoDataFrame) -> str:
    """A projected CRS in metres for the data: the UTM zone of its middle.

    Data wider than WIDE_DEGREES (several provinces, the country) gets a Lambert azimuthal equal-area projection centred
    on it: areas are exact, lengths up to 2 % off at the edges of Indonesia, so lengths there belong on the ellipsoid.
    """
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    lon, lat = (west + east) / 2, (south + north) / 2
    if east - west <= WIDE_DEGREES:
        return utm_crs(lon, lat)
    return f"+proj=laea +lat_0={np.round(lat)} +lon_0={np.round(lon)} +datum=WGS84 +units=m +no_defs"
