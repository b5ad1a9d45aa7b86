"""What maps are drawn from: areas and border lines in metres, made once per process and used by every page.

Shapes are simplified for drawing only, all levels from the same arcs, so that borders are drawn once, as lines between
two areas, and never as outlines of polygons. They are found by comparing the segments of neighbouring desa: two desa
that share an arc share its segments exactly, because the boundaries are a coverage. A file that is no coverage shows
its faults here as double lines.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.boundaries import drawing
from lks_geo.render.memo import kept
from lks_geo.tables import PARENT_COLUMNS, Boundaries, dissolve

Floats = npt.NDArray[np.float64]
TOLERANCES_M = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
LINE_KINDS = ("desa", "kecamatan", "kabupaten", "provinsi", "luar")
COARSE_M = 400.0
FINE = 72 / 25.4 * 50
"""Positions on the sheet are whole multiples of 1/FINE units: fiftieths of a point on A4, so that files stay small."""
TINY_M = 2500.0
FAR_GAP_SHARE = 0.12
FAR_AREA_SHARE = 0.05


class View(NamedTuple):
    """A window of the map: lower left corner on the sheet (units), its size, and which metres it shows."""

    x: float
    y: float
    width: float
    height: float
    left_m: float
    bottom_m: float
    unit_m: float

    def units(self, metres: Floats) -> Floats:
        """Projected metres as units on the sheet."""
        return np.round(((metres - (self.left_m, self.bottom_m)) / self.unit_m + (self.x, self.y)) * FINE) / FINE

    def metres(self, units: Floats) -> Floats:
        """Units on the sheet as projected metres."""
        return (units - (self.x, self.y)) * self.unit_m + (self.left_m, self.bottom_m)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in metres."""
        return (
            self.left_m,
            self.bottom_m,
            self.left_m + self.width * self.unit_m,
            self.bottom_m + self.height * self.unit_m,
        )


@dataclass(frozen=True)
class Layer:
    """Polygons as one array of vertices (metres) with path codes; area i owns `starts[i]:starts[i + 1]`."""

    index: pd.Index[str]
    vertices: Floats
    codes: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    geometry: npt.NDArray[Any]

    @cached_property
    def bounds(self) -> Floats:
        """Left, bottom, right, top of each area."""
        return shapely.bounds(self.geometry)

    @cached_property
    def points(self) -> Floats:
        """An interior point of each area, the centre of its largest part where that lies inside."""
        parts, owner = shapely.get_parts(self.geometry, return_index=True)
        order = np.lexsort((-shapely.area(parts), owner))
        first = np.unique(owner[order], return_index=True)[1]
        largest = parts[order][first]
        centre = shapely.centroid(largest)
        inside = shapely.contains(largest, centre)
        return shapely.get_coordinates(np.where(inside, centre, shapely.point_on_surface(largest)))

    def seen(self, view: View) -> npt.NDArray[np.bool_]:
        """Which areas touch the window (by their bounds)."""
        left, bottom, right, top = view.bounds_m
        box = self.bounds
        return (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < top) & (box[:, 3] > bottom)

    def path(self, which: npt.NDArray[np.bool_], view: View) -> Any:
        """The chosen areas as one compound path in units; None if none is chosen."""
        from matplotlib.path import Path

        if not which.any():
            return None
        rows = np.repeat(which, np.diff(self.starts))
        return Path(view.units(self.vertices[rows]), self.codes[rows])


def layer_of(shapes: gpd.GeoSeries) -> Layer:
    """A `Layer` of polygons in metres, holes turned against their shells."""
    geometry = shapely.orient_polygons(shapes.to_numpy())
    parts, owner = _parts(geometry)
    if not len(parts):
        nothing = np.zeros(0, dtype=np.int64)
        return Layer(
            pd.Index([], dtype="str"), np.zeros((0, 2)), nothing.astype(np.uint8), np.zeros(1, np.int64), nothing
        )
    multi = shapely.multipolygons(parts, indices=owner)
    _, vertices, (ring_at, polygon_at, area_at) = shapely.to_ragged_array(np.asarray(multi))
    codes = np.full(len(vertices), 2, dtype=np.uint8)
    codes[ring_at[:-1]] = 1
    codes[ring_at[1:] - 1] = 79
    starts = ring_at[polygon_at[area_at]]
    return Layer(pd.Index(shapes.index), vertices, codes, starts.astype(np.int64), np.asarray(multi))


def _parts(geometry: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    parts, owner = shapely.get_parts(geometry, return_index=True)
    flat = shapely.get_type_id(parts) == 3
    return parts[flat], owner[flat]


@dataclass(frozen=True)
class Borders:
    """Every border segment once: its ends (metres) and the rows of the desa on its two sides (-1: none)."""

    ends: Floats
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]

    def lines(self, which: npt.NDArray[np.bool_]) -> Lines:
        """The chosen segments, joined into lines as long as possible."""
        if not which.any():
            return Lines(np.zeros((0, 2)), np.zeros(0, dtype=np.int64))
        merged = shapely.line_merge(shapely.multilinestrings(np.asarray(shapely.linestrings(self.ends[which]))))
        vertices, owner = shapely.get_coordinates(shapely.get_parts(merged), return_index=True)
        return Lines(vertices, owner)


@dataclass(frozen=True)
class Lines:
    """Lines as one array of vertices (metres); `owner` says which line a vertex belongs to."""

    vertices: Floats
    owner: npt.NDArray[np.int64]

    def path(self, view: View) -> Any:
        """The lines that touch the window as one compound path in units; None if there are none."""
        from matplotlib.path import Path

        left, bottom, right, top = view.bounds_m
        x, y = self.vertices.T
        near = (x > left) & (x < right) & (y > bottom) & (y < top)
        rows = np.isin(self.owner, self.owner[near])
        if not rows.any():
            return None
        owner = self.owner[rows]
        codes = np.full(len(owner), 2, dtype=np.uint8)
        codes[np.append(True, owner[1:] != owner[:-1])] = 1
        return Path(view.units(self.vertices[rows]), codes)


def borders_of(layer: Layer) -> Borders:
    """The segments of a layer of desa, paired with those of the neighbour."""
    starts_ring = layer.codes == 1
    ahead = np.flatnonzero(~starts_ring)
    start, end = layer.vertices[ahead - 1], layer.vertices[ahead]
    owner = np.repeat(np.arange(len(layer.index)), np.diff(layer.starts))[ahead]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(swap[:, None], np.hstack([end, start]), np.hstack([start, end]))
    order = np.lexsort((owner, *ends.T[::-1]))
    ends, owner = ends[order], owner[order]
    fresh = np.ones(len(ends), dtype=bool)
    fresh[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    at = np.flatnonzero(fresh)
    count = np.diff(np.append(at, len(ends)))
    second = np.where(count > 1, owner[np.minimum(at + 1, len(owner) - 1)], -1)
    return Borders(ends[at].reshape(-1, 2, 2), owner[at], second)


class Shapes:
    """All drawing material of one set of boundaries, made on demand and kept."""

    def __init__(self, boundaries: Boundaries) -> None:
        self._boundaries = weakref.ref(boundaries)
        self.crs_m = boundaries.crs_m
        self.names = {level: boundaries.names(level) for level in ("desa", *PARENT_COLUMNS)}
        self._layers: dict[tuple[str, float], Layer] = {}
        self._borders: dict[float, Borders] = {}
        self._lines: dict[tuple[float, str], Lines] = {}

    @property
    def boundaries(self) -> Boundaries:
        """The boundaries these shapes are of."""
        found = self._boundaries()
        assert found is not None
        return found

    def layer(self, level: str, tolerance_m: float) -> Layer:
        """The areas of a level."""
        key = (level, tolerance_m)
        if key not in self._layers:
            if level == "desa":
                shapes = drawing(self.boundaries, "desa", tolerance_m).geometry.to_crs(self.crs_m)
            else:
                desa = self.layer("desa", tolerance_m)
                parents = self.names["desa"][PARENT_COLUMNS[level]]
                shapes = dissolve(gpd.GeoSeries(desa.geometry, index=desa.index, crs=self.crs_m), parents)
            self._layers[key] = layer_of(shapes)
        return self._layers[key]

    def borders(self, tolerance_m: float) -> Borders:
        """The border segments of the desa."""
        if tolerance_m not in self._borders:
            self._borders[tolerance_m] = borders_of(self.layer("desa", tolerance_m))
        return self._borders[tolerance_m]

    def lines(self, kind: str, tolerance_m: float) -> Lines:
        """Border lines of one kind: the largest level that the two sides do not share; `luar` has one side."""
        key = (tolerance_m, kind)
        if key not in self._lines:
            borders = self.borders(tolerance_m)
            self._lines[key] = borders.lines(self._kinds(borders) == LINE_KINDS.index(kind))
        return self._lines[key]

    def outline(self, level: str, code: str, tolerance_m: float) -> Lines:
        """The whole outline of one area."""
        borders = self.borders(tolerance_m)
        inside = (self.names["desa"][PARENT_COLUMNS[level]] == code).to_numpy()
        return borders.lines(inside[borders.first] != np.where(borders.second >= 0, inside[borders.second], False))

    def _kinds(self, borders: Borders) -> npt.NDArray[np.int64]:
        names = self.names["desa"]
        kinds = np.zeros(len(borders.first), dtype=np.int64)
        for position, level in enumerate(LINE_KINDS[1:4], start=1):
            parent = names[PARENT_COLUMNS[level]].to_numpy(dtype=object)
            kinds[parent[borders.first] != parent[borders.second]] = position
        kinds[borders.second < 0] = len(LINE_KINDS) - 1
        return kinds

    @cached_property
    def neighbours(self) -> Layer:
        """The land around, coarse, with borders that still meet."""
        around = self.boundaries.neighbours.to_crs(self.crs_m)
        simple = shapely.coverage_simplify(around.geometry.to_numpy(), COARSE_M)
        return layer_of(gpd.GeoSeries(simple, index=around["nama"]))

    def neighbours_in(self, view: View) -> Layer:
        """The land around as far as the window shows it; cut edges lie outside the window."""
        left, bottom, right, top = view.bounds_m
        room = 0.1 * max(right - left, top - bottom)
        layer = self.neighbours
        cut = shapely.clip_by_rect(layer.geometry, left - room, bottom - room, right + room, top + room)
        whole = ~shapely.is_empty(cut)
        return layer_of(gpd.GeoSeries(cut[whole], index=layer.index[whole]))

    def tiny(self, level: str) -> Layer:
        """The areas of a level for a map of a few centimetres (`neighbours` for the land around)."""
        key = (level, TINY_M)
        if key not in self._layers:
            layer = self.neighbours if level == "neighbours" else self.layer(level, COARSE_M)
            parts, owner = _parts(layer.geometry)
            seen = shapely.area(parts) > (2 * TINY_M) ** 2
            rest = shapely.multipolygons(shapely.simplify(parts[seen], TINY_M), indices=owner[seen])
            self._layers[key] = layer_of(gpd.GeoSeries(rest, index=layer.index[np.unique(owner[seen])]))
        return self._layers[key]

    @cached_property
    def far(self) -> npt.NDArray[np.bool_]:
        """Which desa lie on islands far from the main body of land (see `far_areas`)."""
        return far_areas(self.layer("desa", COARSE_M).geometry)


def far_areas(geometry: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which areas lie wholly on land farther from the main body than an eighth of its extent, if they are small.

    Land is the main body as far as gaps stay below that distance. When what remains is more than 5 % of all land, the
    province is one of many islands and nothing counts as far.
    """
    parts, owner = _parts(geometry)
    far = np.zeros(len(geometry), dtype=bool)
    if len(parts) < 2:
        return far
    left, bottom, right, top = shapely.total_bounds(parts)
    gap = FAR_GAP_SHARE * float(np.hypot(right - left, top - bottom)) / 2
    wide = shapely.box(*(shapely.bounds(parts) + np.array([-gap, -gap, gap, gap])).T)
    bodies = shapely.get_parts(shapely.union_all(wide))
    at, body = shapely.STRtree(bodies).query(shapely.centroid(wide), predicate="intersects")
    body = body[np.argsort(at, kind="stable")]
    size = np.bincount(body, weights=shapely.area(parts))
    away = body != size.argmax()
    if not away.any() or size[np.arange(len(size)) != size.argmax()].sum() > FAR_AREA_SHARE * size.sum():
        return far
    near = np.unique(owner[~away])
    far[:] = True
    far[near] = False
    return far


def tolerance_for(unit_m: float) -> float:
    """The coarsest tolerance that stays below about a tenth of a unit on the sheet."""
    fine = [step for step in TOLERANCES_M if step <= unit_m * 0.12]
    return fine[-1] if fine else TOLERANCES_M[0]


def shapes_of(boundaries: Boundaries) -> Shapes:
    """The `Shapes` of these boundaries; the same object as long as they live."""
    return kept(boundaries, "shapes", lambda: Shapes(boundaries))
