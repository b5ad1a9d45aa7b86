"""The desa as the measures need them: where their people are taken to live, at points or by a grid of people, and
their shape in kilometres.

Every desa lies on a plane of its own (Lambert azimuthal equal-area, tangent at the middle of its bounding box), so that
lengths and areas are right anywhere on earth without choosing a zone: within 100 km of the middle lengths are off by
less than 0.01 %, within 300 km by less than 0.05 %. The straight edges of a polygon in degrees stay straight here,
which moves a border of 10 km by about a metre; the rare corner that this pushes across another edge is mended.

By a grid of people (a GeoTIFF such as WorldPop) the share is people in reach / people of the desa. A cell that a border
or a circle cuts counts by the part of it that is covered. A desa in which the grid has nobody (or no data) falls back
to its area share; how many did is told in a note. The grid decides shares only: the number of people of a desa stays
that of the population table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import EARTH_KM, GEOD, FloatArray, IntArray, ecef_km, on_both_cores
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Population
from lks_geo.thrift import begun, forget, kept
from lks_geo.vetting import DAMAGES, refuse_absent

Shapes = npt.NDArray[np.object_]
_BLOCK = 10_000
FEW_DESA = 10_000
"""Planes of so many desa are kept as long as their boundaries; those of the country are half a gigabyte."""
ShareOf = Callable[[Shapes], FloatArray]
"""From what of each desa lies beyond reach to the share of its people within reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One entry per desa, in the order of the boundaries.

    `lon`, `lat`: population points (degrees). `centre` (n, 3): middles in earth-centred km; `axes` (n, 3, 3): east,
    north and up there. `shapes`: polygons in km on the plane of each desa; `radius_km`: from its middle to its farthest
    corner. `shared`: by group, circles that several registers have (m, 4: middles in earth-centred km, reach in km) and
    what these leave of each desa; empty if nothing was cut off beforehand.
    """

    lon: FloatArray
    lat: FloatArray
    centre: FloatArray
    axes: FloatArray
    shapes: Shapes
    radius_km: FloatArray
    area_km2: FloatArray
    shared: tuple[tuple[FloatArray, Shapes], ...] = ()

    def some(self, desa: npt.NDArray[np.int64]) -> Ground:
        """The ground of some desa (positions)."""
        arrays = {field.name: getattr(self, field.name)[desa] for field in fields(self) if field.name != "shared"}
        return Ground(**arrays, shared=tuple((around, left[desa]) for around, left in self.shared))

    def on_plane(self, desa: npt.NDArray[np.int64], xyz: FloatArray) -> FloatArray:
        """Earth-centred points (m, 3) on the plane of the desa named beside each: (m, 2) in km."""
        return _on_plane(xyz - self.centre[desa], self.axes[desa])

    def to_degrees(self, desa: npt.NDArray[np.int64], plane: FloatArray) -> FloatArray:
        """Points (m, 2) on the plane of the desa named beside each, as lon, lat (m, 2); the inverse of `on_plane`."""
        sink = -(plane**2).sum(axis=1) / (2 * EARTH_KM)
        shrink = np.sqrt(1 + sink / (2 * EARTH_KM))
        local = np.column_stack([plane * shrink[:, None], sink])
        xyz = self.centre[desa] + np.einsum("mij,mi->mj", self.axes[desa], local)
        across = np.hypot(xyz[:, 0], xyz[:, 1])
        lat = np.arctan2(xyz[:, 2], across * (1 - GEOD.es))
        return np.asarray(np.degrees(np.column_stack([np.arctan2(xyz[:, 1], xyz[:, 0]), lat])))


def survey(boundaries: Boundaries, population: Population) -> Ground:
    """The ground of the desa of `boundaries`, with the population points of `population` where it gives any."""
    planes = begin_planes(boundaries)()
    if len(boundaries.desa) > FEW_DESA:
        forget(boundaries, "planes")
    degrees = boundaries.desa.geometry.to_numpy()
    lon, lat = _population_points(degrees, population.table.reindex(boundaries.desa.index))
    return replace(planes, lon=lon, lat=lat)


def begin_planes(boundaries: Boundaries) -> Callable[[], Ground]:
    """Begins to lay the desa on their planes, in a thread; what is returned waits for their ground, without points."""
    many = len(boundaries.desa) > FEW_DESA
    return kept(boundaries, "planes", lambda: begun(lambda: _planes(boundaries), patient=many))


def _planes(boundaries: Boundaries) -> Ground:
    """The ground of the desa, without points."""
    degrees = boundaries.desa.geometry.to_numpy()
    box = shapely.bounds(degrees)
    mid_lon, mid_lat = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    centre, axes = ecef_km(mid_lon, mid_lat), _axes(mid_lon, mid_lat)
    shapes, radius = np.empty(len(degrees), dtype=object), np.empty(len(degrees))
    for start in range(0, len(degrees), _BLOCK):
        part = slice(start, start + _BLOCK)
        shapes[part], radius[part] = _flatten(degrees[part], centre[part], axes[part])
    none = np.empty(0)
    return Ground(
        lon=none, lat=none, centre=centre, axes=axes, shapes=shapes, radius_km=radius, area_km2=shapely.area(shapes)
    )


def _population_points(degrees: Shapes, table: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    lon = table["bujur"].to_numpy(dtype=float, na_value=np.nan).copy()
    lat = table["lintang"].to_numpy(dtype=float, na_value=np.nan).copy()
    missing = np.isnan(lon) | np.isnan(lat)
    inside = shapely.get_coordinates(shapely.point_on_surface(degrees[missing]))
    lon[missing], lat[missing] = inside[:, 0], inside[:, 1]
    return lon, lat


def _flatten(degrees: Shapes, centre: FloatArray, axes: FloatArray) -> tuple[Shapes, FloatArray]:
    coordinates, owner = shapely.get_coordinates(degrees, return_index=True)
    xyz = ecef_km(coordinates[:, 0], coordinates[:, 1])
    plane = _on_plane(xyz - centre[owner], axes[owner])
    starts = np.searchsorted(owner, np.arange(len(degrees)))
    radius = np.maximum.reduceat(np.hypot(plane[:, 0], plane[:, 1]), starts)
    shapes = shapely.set_coordinates(degrees.copy(), plane)
    crossed = ~on_both_cores(shapely.is_valid, shapes)
    shapes[crossed] = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
    return shapes, radius


def _axes(lon: FloatArray, lat: FloatArray) -> FloatArray:
    lam, phi = np.radians(lon), np.radians(lat)
    zero = np.zeros_like(lam)
    east = np.column_stack([-np.sin(lam), np.cos(lam), zero])
    north = np.column_stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)])
    up = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    return np.stack([east, north, up], axis=1)


def _on_plane(offset: FloatArray, axes: FloatArray) -> FloatArray:
    """East and north of an offset from the tangent point, stretched from the orthographic to the equal-area plane."""
    local = np.einsum("mij,mj->mi", axes, offset)
    stretch = 1 / np.sqrt(np.maximum(1 + local[:, 2] / (2 * EARTH_KM), 1e-6))
    return np.asarray(local[:, :2] * stretch[:, None])


NOBODY = 1e-3
"""So few people in a desa are the sliver of a neighbour's cell along the border."""


_MOST_CELLS = 2_000_000_000
"""Cells of a grid in the frame of the areas: a country in squares of 100 m has half as many."""


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
    _refuse_odd(settings.population_grid, values)
    people = np.where(values > 0, values, 0.0) * part
    held = (people > 0) & (np.bincount(desa, weights=people, minlength=len(found))[desa] > NOBODY)
    lon, lat = to_degrees.transform(x[held], y[held])
    return PeopleCells(desa=desa[held], lon=np.asarray(lon), lat=np.asarray(lat), people=people[held])


def people_in(path: Path, ground: Ground, shapes: Shapes, desa: np.ndarray | None = None) -> FloatArray:
    """People of the grid inside shapes on the planes of their desa; 0 where the grid has no data. `LksGeoError` if it
    holds what is no number of people."""
    if len(shapes) == 0:
        return np.empty(0)
    found = _extract(path, ground, shapes, desa, ["sum", "min"])[0].to_numpy(dtype=float, na_value=0.0)
    _refuse_odd(path, found)
    return np.asarray(np.nan_to_num(found[:, 0]))


def reached_by_area(ground: Ground, beyond: Shapes) -> FloatArray:
    """Share of the area of each desa that is not `beyond` reach."""
    return np.asarray(1 - shapely.area(beyond) / ground.area_km2)


def grid_share(ground: Ground, settings: Settings) -> tuple[ShareOf, tuple[Message, ...]]:
    """How the grid `settings.population_grid` gives the share within reach, and its note."""
    path = settings.population_grid
    if path is None:
        raise LksGeoError.of("measure.grid_not_named")
    people = people_in(path, ground, ground.shapes)
    usable = people > NOBODY

    def share(beyond: Shapes) -> FloatArray:
        shares = reached_by_area(ground, beyond)
        cut = np.flatnonzero(usable & (shares > 0) & (shares < 1))
        unreached = people_in(path, ground, beyond[cut], cut)
        shares[cut] = np.clip(1 - unreached / people[cut], 0.0, 1.0)
        return shares

    fallen = int((~usable).sum())
    return share, (msg("measure.grid_fallback", n=fallen, total=len(usable)),) if fallen else ()


def _refuse_odd(path: Path, numbers: FloatArray) -> None:
    """An error if what should be people is endless or less than none, as cells without data are if no mark says so."""
    if (np.isinf(numbers) | (numbers < 0)).any():
        raise LksGeoError.of("measure.grid_odd", path=str(path))


def _extract(
    path: Path, ground: Ground, shapes: Shapes, desa: np.ndarray | None, wanted: list[str]
) -> tuple[pd.DataFrame, pyproj.Transformer]:
    """What the grid holds inside each shape (rows), and the way from the coordinates of the grid to degrees."""
    try:
        import rasterio
        from exactextract import exact_extract
    except ImportError:
        raise LksGeoError.of("measure.grid_not_installed", command="pip install lks-geo[grid]") from None
    refuse_absent(path)
    plane, owner = shapely.get_coordinates(shapes, return_index=True)
    degrees = ground.to_degrees(owner if desa is None else desa[owner], plane)
    areas = gpd.GeoDataFrame(geometry=shapely.set_coordinates(shapes.copy(), degrees), crs="EPSG:4326")
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            if raster.crs is None:
                raise LksGeoError.of("measure.grid_without_crs", path=str(path))
            wide, turned, high = raster.transform.a, raster.transform.b or raster.transform.d, raster.transform.e
            if raster.count != 1 or turned or not (0 < wide < np.inf and 0 < abs(high) < np.inf):
                raise LksGeoError.of("measure.grid_unreadable", path=str(path))
            if not _cells_inside(raster, areas) <= _MOST_CELLS:
                raise LksGeoError.of("measure.grid_too_fine", path=str(path), most=_MOST_CELLS // 1_000_000)
            found = exact_extract(raster, areas.to_crs(raster.crs), wanted, output="pandas")
            return found, pyproj.Transformer.from_crs(raster.crs, "EPSG:4326", always_xy=True)
    except DAMAGES as error:
        raise LksGeoError.of("measure.grid_unreadable", path=str(path)) from error


def _cells_inside(raster: Any, areas: gpd.GeoDataFrame) -> float:
    """The cells of a grid in the frame of the areas."""
    west, south, east, north = areas.to_crs(raster.crs).total_bounds
    west, east = max(west, raster.bounds.left), min(east, raster.bounds.right)
    low, high = sorted((raster.bounds.bottom, raster.bounds.top))
    width, height = max(east - west, 0), max(min(north, high) - max(south, low), 0)
    return float(width / abs(raster.transform.a) * (height / abs(raster.transform.e)))
