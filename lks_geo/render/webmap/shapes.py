"""What the page draws: shared borders, interior points, the setting (neighbours), and far islands that get an inset.

Decides: how much shapes are simplified (for drawing only), how far the setting reaches, and which areas lie so far out
that the first view leaves them to an inset. Gets wrong: a province of equal island groups has no main part; then the
group with the most areas is taken for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.ndimage
import shapely

from lks_geo.boundaries import drawing
from lks_geo.geo import distance_km
from lks_geo.messages import Texts
from lks_geo.render.webmap.arcs import Arc, Grid, shared_arcs
from lks_geo.tables import PARENT_COLUMNS, Boundaries

TOLERANCE_M = 110.0
SETTING_TOLERANCE_DEG = 0.004
APART_DEG = 0.3
"""Areas with more open sea than about this (33 km) between them are apart."""
STRETCH = 1.15
"""A far group gets an inset when leaving it out makes the rest this many times larger on the page."""
MOST_INSETS = 2
WINDS = ("timur", "timur_laut", "utara", "barat_laut", "barat", "barat_daya", "selatan", "tenggara")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """The areas of the finest level shown, simplified for drawing: `frame` index `kode` in the order of the table."""

    level: str
    frame: gpd.GeoDataFrame
    names: pd.DataFrame
    grid: Grid


def shapes_of(boundaries: Boundaries, level: str, codes: Sequence[str]) -> Shapes:
    """The drawing of the given areas."""
    drawn = drawing(boundaries, level, TOLERANCE_M).loc[list(codes)]
    return Shapes(
        level=level,
        frame=drawn,
        names=boundaries.names(level).loc[list(codes)],
        grid=Grid.around(tuple(drawn.total_bounds)),
    )


def borders(shapes: Shapes) -> dict[str, Any]:
    """Arcs by the highest level that they divide: `outer`, `kabupaten`, `kecamatan`, `desa`.

    Each is `{"length": [points of each arc], "steps": [dx, dy, ...], "left": [...], "right": [...]}`; the steps of an
    arc start at the last point of the arc before it, sides are positions of areas (-1: outside).
    """
    arcs = shared_arcs(shapes.frame.geometry.to_numpy(), shapes.grid)
    by_class: dict[str, list[Arc]] = {"outer": [], "kabupaten": [], "kecamatan": [], "desa": []}
    parents = [(level, shapes.names[PARENT_COLUMNS[level]].to_numpy()) for level in ("kabupaten", "kecamatan")]
    for arc in arcs:
        by_class[_divides(arc, parents)].append(arc)
    return {name: _steps(group) for name, group in by_class.items()}


def _divides(arc: Arc, parents: list[tuple[str, npt.NDArray[np.object_]]]) -> str:
    if len(arc.sides) < 2:
        return "outer"
    one, other = arc.sides
    for level, code in parents:
        mine, theirs = code[one], code[other]
        if not (pd.isna(mine) or pd.isna(theirs)) and mine != theirs:
            return level
    return "desa"


def _steps(arcs: list[Arc]) -> dict[str, Any]:
    if not arcs:
        return {"length": [], "steps": [], "left": [], "right": []}
    points = np.concatenate([arc.points for arc in arcs])
    return {
        "length": [len(arc.points) for arc in arcs],
        "steps": np.diff(points, axis=0, prepend=[[0, 0]]).reshape(-1).tolist(),
        "left": [arc.sides[0] for arc in arcs],
        "right": [arc.sides[1] if len(arc.sides) > 1 else -1 for arc in arcs],
    }


def flat_points(grid: Grid, lon: npt.ArrayLike, lat: npt.ArrayLike) -> list[int]:
    """Points of the grid as one list of differences, as the page reads them."""
    points = grid.place(lon, lat)
    return list(np.diff(points, axis=0, prepend=[[0, 0]]).reshape(-1).tolist())


def interior_points(boundaries: Boundaries, shapes: Shapes) -> list[int]:
    """The interior point of each area at full resolution, where its people are taken to be measured from."""
    inside = shapely.point_on_surface(np.asarray(boundaries.level(shapes.level).loc[shapes.frame.index].geometry))
    return flat_points(shapes.grid, shapely.get_x(inside), shapely.get_y(inside))


def setting(boundaries: Boundaries, shapes: Shapes) -> list[dict[str, Any]]:
    """Land around the areas shown: other provinces, and kabupaten that were not asked for, clipped to a wide frame."""
    west, south, east, north = shapes.frame.total_bounds
    reach = max(east - west, north - south)
    frame = shapely.box(west - 1.6 * reach, south - 0.8 * reach, east + 1.6 * reach, north + 0.8 * reach)
    found = [(str(name), shape) for name, shape in _other_kabupaten(boundaries, shapes)]
    for name, shape in zip(boundaries.neighbours.get("nama", []), boundaries.neighbours.geometry, strict=True):
        simple = shapely.make_valid(shapely.simplify(shapely.make_valid(shape), SETTING_TOLERANCE_DEG))
        found.append(("" if pd.isna(name) else str(name), simple))
    clipped = [(name, shapely.intersection(shapely.make_valid(shape), frame)) for name, shape in found]
    return [_land(shapes.grid, name, shape) for name, shape in clipped if not shape.is_empty]


def _other_kabupaten(boundaries: Boundaries, shapes: Shapes) -> list[tuple[str, shapely.Geometry]]:
    shown = set(shapes.names["kode_kabupaten"].dropna())
    if set(boundaries.desa["kode_kabupaten"].dropna()) <= shown:
        return []
    drawn = drawing(boundaries, "kabupaten", TOLERANCE_M)
    rest = drawn[~drawn.index.isin(shown)]
    return list(zip(boundaries.names("kabupaten").loc[rest.index, "nama"], rest.geometry, strict=True))


def _land(grid: Grid, name: str, shape: shapely.Geometry) -> dict[str, Any]:
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in shapely.get_rings(part):
            degrees = shapely.get_coordinates(ring)
            rings.append(flat_points(grid, degrees[:, 0], degrees[:, 1]))
    return {"name": name, "rings": rings}


def insets(shapes: Shapes, texts: Texts) -> dict[str, Any]:
    """The first view, and the island groups that it leaves to insets (none in most provinces).

    `main` is its box (west, north, east, south in grid steps); each of `groups` has `areas` (positions), `name`, `note`
    and `islands`: position of the area, x, y and radius in grid steps of each island.
    """
    boxes = shapes.frame.geometry.bounds.to_numpy()
    group = _groups(boxes, shapes.names["kode_kabupaten"].fillna("").to_numpy())
    near = group == int(np.bincount(group).argmax())
    far = sorted(set(group[~near].tolist()), key=lambda number: -int((group == number).sum()))
    found: list[dict[str, Any]] = []
    left_out = np.zeros(len(group), dtype=bool)
    for number in far:
        members = np.flatnonzero(group == number)
        if len(found) < MOST_INSETS and _stretches(boxes[near], boxes[members]):
            found.append(_inset(shapes, members, np.flatnonzero(near), texts))
            left_out[members] = True
    west, south = boxes[~left_out, :2].min(axis=0)
    east, north = boxes[~left_out, 2:].max(axis=0)
    corners = shapes.grid.place([west, east], [north, south])
    return {"main": corners.reshape(-1).tolist(), "groups": found}


def _islands(shapes: Shapes, members: npt.NDArray[np.int64]) -> list[list[int]]:
    parts, owner = shapely.get_parts(shapes.frame.geometry.to_numpy()[members], return_index=True)
    west, south, east, north = shapely.bounds(parts).T
    low, high = shapes.grid.place(west, north), shapes.grid.place(east, south)
    middle, half = (low + high) // 2, (high[:, 0] - low[:, 0]) // 2
    return np.column_stack([members[owner], middle, half]).tolist()  # type: ignore[no-any-return]


def _groups(boxes: npt.NDArray[np.float64], kabupaten: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """The island group of each area; groups that share a kabupaten but not the main land count as one."""
    cell = np.floor(boxes / APART_DEG).astype(int)
    low = cell[:, :2].min(axis=0)
    cell -= np.concatenate([low, low])
    taken = np.zeros(cell[:, 2:].max(axis=0) + 1, dtype=bool)
    for x0, y0, x1, y1 in cell:
        taken[x0 : x1 + 1, y0 : y1 + 1] = True
    label, _ = scipy.ndimage.label(taken, structure=np.ones((3, 3)))
    group = label[cell[:, 0], cell[:, 1]].astype(np.int64)
    main = int(np.bincount(group).argmax())
    number = {code: main + 1 + position for position, code in enumerate(sorted(set(kabupaten)))}
    return np.array([main if one == main else number[code] for one, code in zip(group, kabupaten, strict=True)])


def _stretches(near: npt.NDArray[np.float64], far: npt.NDArray[np.float64]) -> bool:
    def size(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0))

    return bool((size(np.concatenate([near, far])) > STRETCH * size(near)).any())


def _inset(shapes: Shapes, members: npt.NDArray[np.int64], near: npt.NDArray[np.int64], texts: Texts) -> dict[str, Any]:
    names = shapes.names.iloc[members]
    column = "kecamatan" if names["kecamatan"].notna().all() else "nama"
    inside = shapely.point_on_surface(shapes.frame.geometry.to_numpy())
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    here_lon, here_lat = float(lon[members].mean()), float(lat[members].mean())
    km = distance_km(np.full(len(near), here_lon), np.full(len(near), here_lat), lon[near], lat[near])
    nearest = near[int(km.argmin())]
    angle = np.degrees(np.arctan2(here_lat - lat[nearest], here_lon - lon[nearest]))
    wind = WINDS[round(angle / 45) % 8]
    away = round(float(km.min()), -1)
    return {
        "areas": members.tolist(),
        "islands": _islands(shapes, members),
        "name": ", ".join(sorted(set(names[column].astype(str)))[:2]),
        "note": texts("webmap.inset_note", km=away, wind=texts(f"webmap.angin_{wind}")),
    }
