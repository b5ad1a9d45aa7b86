"""Simplified shapes for drawing. All levels are joined from the same simplified desa, so their lines coincide.

Simplification is by area (Visvalingam & Whyatt 1993, doi:10.1179/000870493786962263) along shared arcs; a shape is
never reduced below a triangle, so no island vanishes. Never use these shapes for a join or a number.
"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely

from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries, dissolve

METRES_PER_DEGREE = 111_195.0


def drawing(boundaries: Boundaries, level: str, tolerance_m: float) -> gpd.GeoDataFrame:
    """The areas of `level` (index, columns and CRS as `boundaries.level(level)`) with simplified shapes.

    `tolerance_m`: detail smaller than about tolerance x tolerance square metres goes; 0 keeps the shapes as they are.
    """
    if tolerance_m <= 0:
        return boundaries.level(level)
    _, south, _, north = boundaries.desa.total_bounds
    shrink = math.sqrt(math.cos(math.radians((south + north) / 2)))
    tolerance = tolerance_m / (METRES_PER_DEGREE * shrink)
    with np.errstate(invalid="ignore"):
        simple = shapely.coverage_simplify(boundaries.desa.geometry.to_numpy(), tolerance)
    drawn = gpd.GeoDataFrame(boundaries.names("desa"), geometry=simple, crs="EPSG:4326")
    for upper in LEVELS[1 : LEVELS.index(level) + 1]:
        code = PARENT_COLUMNS[upper]
        names = boundaries.names(upper)
        shapes = dissolve(drawn.geometry, drawn[code]).reindex(names.index)
        drawn = gpd.GeoDataFrame(names, geometry=shapes, crs="EPSG:4326")
    return drawn
