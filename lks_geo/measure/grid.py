"""`pangsa_terjangkau` by a grid of people (a GeoTIFF such as WorldPop): people in reach / people of the desa.

A cell that a border or a circle cuts counts by the part of it that is covered. A desa in which the grid has nobody (or
no data) falls back to its area share; how many did is told in a note. The grid decides shares only: the number of
people of a desa stays that of the population table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import FloatArray, IntArray
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCells:
    """The cells of a grid that hold people, one entry per desa that a cell touches: the position of the desa, the
    middle of the cell (degrees) and its people inside the desa."""

    desa: IntArray
    lon: FloatArray
    lat: FloatArray
    people: FloatArray


def people_cells(ground: Ground, settings: Settings) -> PeopleCells:
    """The cells of the grid `settings.population_grid` inside the desa; none of desa in which it has nobody."""
    if settings.population_grid is None:
        raise LksGeoError.of("measure.grid_not_named")
    wanted = ["values", "coverage", "center_x", "center_y"]
    found, to_degrees = _extract(settings.population_grid, ground, ground.shapes, None, wanted)
    desa = np.repeat(np.arange(len(found)), [len(values) for values in found["values"]])
    values, part, x, y = (np.concatenate([np.asarray(cell, dtype=float) for cell in found[name]]) for name in wanted)
    people = np.where(values > 0, values, 0.0) * part
    held = (people > 0) & (np.bincount(desa, weights=people, minlength=len(found))[desa] > _NOBODY)
    lon, lat = to_degrees.transform(x[held], y[held])
    return PeopleCells(desa=desa[held], lon=np.asarray(lon), lat=np.asarray(lat), people=people[held])


def _people_in(path: Path, ground: Ground, shapes: Shapes, desa: np.ndarray | None = None) -> FloatArray:
    """People of the grid inside shapes on the planes of their desa; 0 where the grid has no data."""
    if len(shapes) == 0:
        return np.empty(0)
    sums = _extract(path, ground, shapes, desa, ["sum"])[0]["sum"]
    return np.asarray(np.nan_to_num(sums.to_numpy(dtype=float, na_value=0.0)))


def _extract(
    path: Path, ground: Ground, shapes: Shapes, desa: np.ndarray | None, wanted: list[str]
) -> tuple[pd.DataFrame, pyproj.Transformer]:
    """What the grid holds inside each shape (rows), and the way from the coordinates of the grid to degrees."""
    try:
        import rasterio
        from exactextract import exact_extract
    except ImportError:
        raise LksGeoError.of("measure.grid_not_installed", command="pip install lks-geo[grid]") from None
    plane, owner = shapely.get_coordinates(shapes, return_index=True)
    degrees = ground.to_degrees(owner if desa is None else desa[owner], plane)
    areas = gpd.GeoDataFrame(geometry=shapely.set_coordinates(shapes.copy(), degrees), crs="EPSG:4326")
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise LksGeoError.of("measure.grid_without_crs", path=str(path))
            found = exact_extract(raster, areas.to_crs(raster.crs), wanted, output="pandas")
            return found, pyproj.Transformer.from_crs(raster.crs, "EPSG:4326", always_xy=True)
    except rasterio.errors.RasterioIOError as error:
        raise LksGeoError.of("measure.grid_unreadable", path=str(path), reason=str(error)) from error
