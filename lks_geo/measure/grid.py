"""`pangsa_terjangkau` by a grid of people (a GeoTIFF such as WorldPop): people in reach / people of the desa.

A cell that a border or a circle cuts counts by the part of it that is covered. A desa in which the grid has nobody (or
no data) falls back to its area share; how many did is told in a note. The grid decides shares only: the number of
people of a desa stays that of the population table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import FloatArray
from lks_geo.measure.ground import Ground, Shapes
from lks_geo.measure.reach import ShareOf, reached_by_area
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

_NOBODY = 1e-3
"""So few people in a desa are the sliver of a neighbour's cell along the border."""


def grid_share(ground: Ground, settings: Settings) -> tuple[ShareOf, tuple[Message, ...]]:
    """How the grid `settings.population_grid` gives the share within reach, and its note."""
    path = settings.population_grid
    if path is None:
        raise LksGeoError.of("measure.grid_not_named")
    people = _people_in(path, ground, ground.shapes)
    usable = people > _NOBODY

    def share(beyond: Shapes) -> FloatArray:
        shares = reached_by_area(ground, beyond)
        cut = np.flatnonzero(usable & (shares > 0) & (shares < 1))
        unreached = _people_in(path, ground, beyond[cut], cut)
        shares[cut] = np.clip(1 - unreached / people[cut], 0.0, 1.0)
        return shares

    fallen = int((~usable).sum())
    return share, (msg("measure.grid_fallback", n=fallen, total=len(usable)),) if fallen else ()


def _people_in(path: Path, ground: Ground, shapes: Shapes, desa: np.ndarray | None = None) -> FloatArray:
    """People of the grid inside shapes on the planes of their desa; 0 where the grid has no data."""
    try:
        import rasterio
        from exactextract import exact_extract
    except ImportError:
        raise LksGeoError.of("measure.grid_not_installed", command="pip install lks-geo[grid]") from None
    if len(shapes) == 0:
        return np.empty(0)
    plane, owner = shapely.get_coordinates(shapes, return_index=True)
    degrees = ground.to_degrees(owner if desa is None else desa[owner], plane)
    areas = gpd.GeoDataFrame(geometry=shapely.set_coordinates(shapes.copy(), degrees), crs="EPSG:4326")
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise LksGeoError.of("measure.grid_without_crs", path=str(path))
            sums = exact_extract(raster, areas.to_crs(raster.crs), ["sum"], output="pandas")["sum"]
    except rasterio.errors.RasterioIOError as error:
        raise LksGeoError.of("measure.grid_unreadable", path=str(path), reason=str(error)) from error
    return np.asarray(np.nan_to_num(sums.to_numpy(dtype=float, na_value=0.0)))
