"""What the page draws on: shared borders, interior points, the land around, and the insets of far islands.

All of it in whole steps of one grid, written as differences, so that it is short. Decides: the grid step, how much
shapes are simplified (for drawing only), how far the land around reaches. Gets wrong: after rounding, an area thinner
than the grid may touch itself; the page fills by the even-odd rule, so that such a spot stays unfilled instead of being
painted twice.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import distance_km, holds_lines
from lks_geo.messages import Texts, msg
from lks_geo.render.borders import (
    PAGE_M,
    Arcs,
    Ints,
    Shapes,
    divided,
    drawing,
    drawn_neighbours,
    far_islands,
    shared_arcs,
)
from lks_geo.tables import Boundaries
from lks_geo.vetting import DAMAGES, fault_of_file, refuse_absent, source_of

EARTH_RADIUS_M = 6378137.0
STEP_M = 10.0
"""One step of the grid, in metres of the Web Mercator plane."""
CONTEXT_POINTS = 24_000
"""Most points of the user's own lines: about 200 kB of the page."""
BLOCKS = {"outer": ("luar",), "kabupaten": ("provinsi", "kabupaten"), "kecamatan": ("kecamatan",), "desa": ("desa",)}
"""Block of the page -> what its arcs divide."""
WINDS = ("timur", "timur_laut", "utara", "barat_laut", "barat", "barat_daya", "selatan", "tenggara")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The integer grid: `x0`, `y0` are Web Mercator metres of its origin; y grows to the south, as on a screen."""

    x0: float
    y0: float

    def place(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Ints:
        """Grid coordinates, shape (n, 2), of points in degrees."""
        x = np.radians(np.asarray(lon, dtype=np.float64)) * EARTH_RADIUS_M
        y = np.arcsinh(np.tan(np.radians(np.asarray(lat, dtype=np.float64)))) * EARTH_RADIUS_M
        return np.column_stack([np.rint((x - self.x0) / STEP_M), np.rint((self.y0 - y) / STEP_M)]).astype(np.int64)

    def shapes(self, degrees: Shapes) -> Shapes:
        """Shapes in degrees with every point moved onto the grid."""
        moved: Shapes = shapely.transform(degrees, lambda lonlat: self.place(*lonlat.T).astype(np.float64))
        return moved

    @classmethod
    def around(cls, bounds: Sequence[float]) -> Grid:
        """The grid whose origin is the middle of `bounds` (west, south, east, north in degrees)."""
        west, south, east, north = bounds
        middle = cls(x0=0.0, y0=0.0).place([(west + east) / 2], [(south + north) / 2])[0] * STEP_M
        return cls(x0=float(middle[0]), y0=float(-middle[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAreas:
    """The areas of the finest level shown, simplified for drawing: `frame` index `kode` in the order of the table."""

    level: str
    frame: gpd.GeoDataFrame
    names: pd.DataFrame
    grid: Grid


def drawn_areas(boundaries: Boundaries, level: str, codes: Sequence[str]) -> DrawnAreas:
    """The drawing of the given areas."""
    drawn = drawing(boundaries, level, PAGE_M).loc[list(codes)]
    return DrawnAreas(
        level=level,
        frame=drawn,
        names=boundaries.names(level).loc[list(codes)],
        grid=Grid.around(tuple(drawn.total_bounds)),
    )


def border_blocks(areas: DrawnAreas) -> dict[str, Any]:
    """Arcs by what they divide: `outer`, `kabupaten`, `kecamatan`, `desa`.

    Each is `{"length": [points of each arc], "steps": [dx, dy, ...], "left": [...], "right": [...]}`; the steps of an
    arc start at the last point of the arc before it, sides are positions of areas (-1: outside).
    """
    arcs = shared_arcs(areas.grid.shapes(areas.frame.geometry.to_numpy()))
    kinds = divided(arcs, areas.names)
    return {block: _border_block(arcs.picked(np.isin(kinds, wanted))) for block, wanted in BLOCKS.items()}


def _border_block(arcs: Arcs) -> dict[str, Any]:
    left, right = arcs.sides.T
    return {
        "length": np.diff(arcs.start).tolist(),
        "steps": _steps(arcs.points.astype(np.int64)),
        "left": left.tolist(),
        "right": right.tolist(),
    }


def _steps(points: Ints) -> list[int]:
    return list(np.diff(points, axis=0, prepend=[[0, 0]]).reshape(-1).tolist())


def flat_points(grid: Grid, lon: npt.ArrayLike, lat: npt.ArrayLike) -> list[int]:
    """Points of the grid as one list of differences, as the page reads them."""
    return _steps(grid.place(lon, lat))


def interior_points(boundaries: Boundaries, areas: DrawnAreas) -> list[int]:
    """The interior point of each area at full resolution, where its people are taken to be measured from."""
    inside = shapely.point_on_surface(np.asarray(boundaries.level(areas.level).loc[areas.frame.index].geometry))
    return flat_points(areas.grid, shapely.get_x(inside), shapely.get_y(inside))


def land_around(boundaries: Boundaries, areas: DrawnAreas) -> list[dict[str, Any]]:
    """Land around the areas shown: other provinces, and kabupaten that were not asked for, clipped to a wide frame."""
    west, south, east, north = areas.frame.total_bounds
    reach = max(east - west, north - south)
    frame = shapely.box(west - 1.6 * reach, south - 0.8 * reach, east + 1.6 * reach, north + 0.8 * reach)
    shapes = [*_other_kabupaten(boundaries, areas), *drawn_neighbours(boundaries).items()]
    clipped = [(str(name), shapely.intersection(shapely.make_valid(shape), frame)) for name, shape in shapes]
    return [_land(areas.grid, name, shape) for name, shape in clipped if not shape.is_empty]


def _other_kabupaten(boundaries: Boundaries, areas: DrawnAreas) -> list[tuple[str, shapely.Geometry]]:
    shown = set(areas.names["kode_kabupaten"].dropna())
    if set(boundaries.desa["kode_kabupaten"].dropna()) <= shown:
        return []
    drawn = drawing(boundaries, "kabupaten", PAGE_M)
    rest = drawn[~drawn.index.isin(shown)]
    return list(zip(boundaries.names("kabupaten").loc[rest.index, "nama"], rest.geometry, strict=True))


def _land(grid: Grid, name: str, shape: shapely.Geometry) -> dict[str, Any]:
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    closing = np.diff(ring, append=len(rings)) > 0  # the page closes rings
    places, ring = grid.place(*degrees[~closing].T), ring[~closing]
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    steps = np.diff(places, axis=0, prepend=[[0, 0]])
    steps[starts] = places[starts]
    return {"name": name, "rings": [part.reshape(-1).tolist() for part in np.split(steps, starts[1:]) if len(part)]}


def context_lines(path: Path, boundaries: Boundaries, areas: DrawnAreas) -> dict[str, Any]:
    """A line layer of the user's (roads, rivers) around the areas, simplified to the scale of the page.

    `lines` in grid steps, `name` of the file, `km` drawn of `all_km` around the areas (CONTEXT_POINTS bounds the page:
    the longest stay). An error says what to give instead where the file cannot be read, has no CRS, or no line here.
    """
    west, south, east, north = areas.frame.total_bounds
    room = 0.05 * max(east - west, north - south)
    frame = shapely.box(west - room, south - room, east + room, north + room)
    clipped = shapely.get_parts(shapely.clip_by_rect(_lines_of(path, frame).to_numpy(), *frame.bounds))
    merged = shapely.line_merge(shapely.multilinestrings(clipped[shapely.length(clipped) > 0]))
    parts = gpd.GeoSeries(shapely.get_parts(merged), crs="EPSG:4326").to_crs(boundaries.crs_m)
    drawn = np.asarray(shapely.simplify(np.asarray(parts), PAGE_M))
    metres = shapely.length(drawn)
    longest = drawn[np.argsort(-metres, kind="stable")]
    kept = longest[np.cumsum(shapely.get_num_coordinates(longest)) <= CONTEXT_POINTS]
    if not len(kept):
        raise LksGeoError.of("webmap.context_none", path=str(path))
    degrees = gpd.GeoSeries(kept, crs=boundaries.crs_m).to_crs("EPSG:4326")
    lines = [shapely.get_coordinates(line) for line in degrees]
    return {
        "name": path.name,
        "km": round(float(shapely.length(kept).sum()) / 1000),
        "all_km": round(float(metres.sum()) / 1000),
        "lines": [flat_points(areas.grid, line[:, 0], line[:, 1]) for line in lines],
    }


def _lines_of(path: Path, frame: shapely.Geometry) -> gpd.GeoSeries:
    """The lines of all layers of a file that touch the frame, in degrees."""
    import pyogrio

    refuse_absent(path)
    around, read = gpd.GeoSeries([frame], crs="EPSG:4326"), []
    try:
        if (fault := fault_of_file(path)) is not None:
            raise LksGeoError.of("webmap.context_unreadable", path=str(path), reason=fault)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = source_of(path)
            for layer, kind in pyogrio.list_layers(source):
                if not holds_lines(kind):
                    continue
                if (crs := pyogrio.read_info(source, layer=layer)["crs"]) is None:
                    raise LksGeoError.of("webmap.context_without_crs", path=str(path))
                box = tuple(around.to_crs(crs).total_bounds)
                found = pyogrio.read_dataframe(source, layer=layer, bbox=box, columns=[], on_invalid="ignore")
                read.append(found.geometry.to_crs("EPSG:4326"))
    except DAMAGES as error:
        damaged = msg("files.reason_other_kind")
        raise LksGeoError.of("webmap.context_unreadable", path=str(path), reason=damaged) from error
    lines = pd.concat(read).dropna().explode(ignore_index=True) if read else gpd.GeoSeries(crs="EPSG:4326")
    lines = lines[(lines.geom_type == "LineString") & lines.is_valid]
    if lines.empty:
        raise LksGeoError.of("webmap.context_none", path=str(path))
    return gpd.GeoSeries(shapely.force_2d(np.asarray(lines)), crs="EPSG:4326")


def insets(boundaries: Boundaries, areas: DrawnAreas, texts: Texts) -> dict[str, Any]:
    """The first view, and the island groups that it leaves to insets (none in most provinces).

    `main` is its box (west, north, east, south in grid steps); each of `groups` has `areas` (positions), `name`, `note`
    and `islands`: position of the area, x, y and radius in grid steps of each island.
    """
    group = far_islands(boundaries, areas.level, areas.frame.index)
    west, south, east, north = areas.frame.geometry[group == 0].total_bounds
    corners = areas.grid.place([west, east], [north, south])
    groups = [_inset(areas, group, number, texts) for number in range(1, int(group.max(initial=0)) + 1)]
    return {"main": corners.reshape(-1).tolist(), "groups": groups}


def _inset(areas: DrawnAreas, group: Ints, number: int, texts: Texts) -> dict[str, Any]:
    members, near = np.flatnonzero(group == number), np.flatnonzero(group == 0)
    names = areas.names.iloc[members]
    column = "kecamatan" if names["kecamatan"].notna().all() else "nama"
    inside = shapely.point_on_surface(areas.frame.geometry.to_numpy())
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    here_lon, here_lat = float(lon[members].mean()), float(lat[members].mean())
    km = distance_km(np.full(len(near), here_lon), np.full(len(near), here_lat), lon[near], lat[near])
    nearest = near[int(km.argmin())]
    angle = np.degrees(np.arctan2(here_lat - lat[nearest], here_lon - lon[nearest]))
    wind = WINDS[round(angle / 45) % 8]
    away = round(float(km.min()), -1)
    return {
        "areas": members.tolist(),
        "islands": _islands(areas, members),
        "name": ", ".join(sorted(set(names[column].astype(str)))[:2]),
        "note": texts("webmap.inset_note", km=away, wind=texts(f"webmap.angin_{wind}")),
    }


def _islands(areas: DrawnAreas, members: Ints) -> list[list[int]]:
    parts, owner = shapely.get_parts(areas.frame.geometry.to_numpy()[members], return_index=True)
    west, south, east, north = shapely.bounds(parts).T
    low, high = areas.grid.place(west, north), areas.grid.place(east, south)
    middle, half = (low + high) // 2, (high[:, 0] - low[:, 0]) // 2
    return np.column_stack([members[owner], middle, half]).tolist()  # type: ignore[no-any-return]
