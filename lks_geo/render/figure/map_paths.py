"""What sheets are painted with: areas and border lines as paths, made once per process for all its pages.

Shapes, arcs and islands come from `lks_geo.render.borders`; here they are in metres, by level and by how fine they must
be for the scale. Borders are drawn once, as lines between two areas, and never as outlines of polygons.
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

from lks_geo.dissolving import dissolve
from lks_geo.render.borders import (
    COARSE_M,
    OUTSIDE,
    Arcs,
    divided,
    drawing,
    drawn_neighbours,
    largest_parts,
    shared_arcs,
)
from lks_geo.tables import PARENT_COLUMNS, Boundaries
from lks_geo.thrift import kept

Floats = npt.NDArray[np.float64]
TOLERANCES_M = (25.0, 50.0, 100.0, 200.0, COARSE_M, 800.0, 1600.0)
FINE = 72 / 25.4 * 50
"""Positions on the sheet are whole multiples of 1/FINE units: fiftieths of a point on A4, so that files stay small."""
TINY_M = 2500.0
ROUND_STEPS = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7.5, 8, 10)


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


def fit_view(
    bounds_m: tuple[float, float, float, float],
    window: tuple[float, float, float, float],
    unit_mm: float,
    *,
    margins: tuple[float, float, float, float] = (5, 5, 5, 5),
    round_scale: bool = True,
) -> tuple[View, int]:
    """The view of a window (x, y, width, height in units) that shows the bounds, and its scale denominator.

    With `round_scale`, the denominator is the next round number, true on paper. `margins`: left, bottom, right, top.
    """
    left, bottom, right, top = bounds_m
    x, y, width, height = window
    room_x, room_y = width - margins[0] - margins[2], height - margins[1] - margins[3]
    need_m = max((right - left) / room_x, (top - bottom) / room_y, 1.0)
    scale = round_up(need_m / unit_mm * 1000) if round_scale else need_m / unit_mm * 1000
    unit_m = scale * unit_mm / 1000
    centre_x, centre_y = x + margins[0] + room_x / 2, y + margins[1] + room_y / 2
    return (
        View(
            x, y, width, height,
            (left + right) / 2 - (centre_x - x) * unit_m, (bottom + top) / 2 - (centre_y - y) * unit_m, unit_m,
        ),
        round(scale),
    )  # fmt: skip


def round_up(value: float) -> float:
    """The next round scale denominator: 1, 1.25, 1.5, 1.75, 2, 2.5, 3 ... times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in ROUND_STEPS if step * power >= value * 0.9999))


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
        largest = self.main_parts
        centre = shapely.centroid(largest)
        inside = shapely.contains(largest, centre)
        return shapely.get_coordinates(np.where(inside, centre, shapely.point_on_surface(largest)))

    def seen(self, view: View) -> npt.NDArray[np.bool_]:
        """Which areas touch the window (by their bounds)."""
        left, bottom, right, top = view.bounds_m
        box = self.bounds
        return (box[:, 0] < right) & (box[:, 2] > left) & (box[:, 1] < top) & (box[:, 3] > bottom)

    @cached_property
    def main_parts(self) -> npt.NDArray[Any]:
        """The largest polygon of each area."""
        return largest_parts(self.geometry)

    @cached_property
    def land_m2(self) -> Floats:
        """How large the land is that each area's largest part lies on: of an island, the whole island."""
        one = pd.Series("", index=range(len(self.geometry)))
        lands = shapely.get_parts(dissolve(gpd.GeoSeries(self.geometry), one).to_numpy())
        at, land = shapely.STRtree(lands).query(shapely.point_on_surface(self.main_parts), predicate="intersects")
        sizes = shapely.area(self.main_parts)
        sizes[at] = np.maximum(sizes[at], shapely.area(lands)[land])
        return sizes

    def path(self, which: npt.NDArray[np.bool_], view: View) -> Any:
        """The chosen areas as one compound path in units; None if none is chosen."""
        if not which.any():
            return None
        rows = np.repeat(which, np.diff(self.starts))
        return _path(view.units(self.vertices[rows]), self.codes[rows])


def _path(vertices: Floats, codes: npt.NDArray[np.uint8]) -> Any:
    """A path of matplotlib that keeps every vertex: what it would leave out depends on what was drawn before."""
    from matplotlib.path import Path

    path = Path(vertices, codes)
    path.should_simplify = False
    return path


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
class Lines:
    """Lines as one array of vertices (metres); `owner` says which line a vertex belongs to."""

    vertices: Floats
    owner: npt.NDArray[np.int64]

    def path(self, view: View) -> Any:
        """The lines, cut a little outside the window, as one compound path in units; None if there are none.

        Cut, because matplotlib may join what leaves the page and comes back by a straight line.
        """
        left, bottom, right, top = view.bounds_m
        room = 0.02 * max(right - left, top - bottom)
        lines = shapely.linestrings(self.vertices, indices=self.owner) if len(self.vertices) else np.empty(0, object)
        cut = shapely.clip_by_rect(lines, left - room, bottom - room, right + room, top + room)
        vertices, owner = shapely.get_coordinates(shapely.get_parts(cut), return_index=True)
        if not len(owner):
            return None
        codes = np.full(len(owner), 2, dtype=np.uint8)
        codes[np.append(True, owner[1:] != owner[:-1])] = 1
        return _path(view.units(vertices), codes)


def joined(arcs: Arcs) -> Lines:
    """The arcs as lines as long as possible, so that dashes run on."""
    merged = shapely.line_merge(shapely.multilinestrings(arcs.lines()))
    vertices, owner = shapely.get_coordinates(shapely.get_parts(merged), return_index=True)
    return Lines(vertices, owner)


class Shapes:
    """All drawing material of one set of boundaries, made on demand and kept."""

    def __init__(self, boundaries: Boundaries) -> None:
        self._boundaries = weakref.ref(boundaries)
        self.crs_m = boundaries.crs_m
        self.names = {level: boundaries.names(level) for level in ("desa", *PARENT_COLUMNS)}
        self._layers: dict[tuple[str, float], Layer] = {}

    @property
    def boundaries(self) -> Boundaries:
        """The boundaries these shapes are of."""
        boundaries = self._boundaries()
        assert boundaries is not None
        return boundaries

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

    def arcs(self, tolerance_m: float) -> Arcs:
        """The borders of the desa."""
        return kept(self, ("arcs", tolerance_m), lambda: shared_arcs(self.layer("desa", tolerance_m).geometry))

    def lines(self, kind: str, tolerance_m: float) -> Lines:
        """Border lines by what they divide (one of DIVIDES)."""
        arcs, names = self.arcs(tolerance_m), self.names["desa"]
        return kept(self, (kind, tolerance_m), lambda: joined(arcs.picked(divided(arcs, names) == kind)))

    def outline(self, level: str, code: str, tolerance_m: float, *, coast: bool = True) -> Lines:
        """The outline of one area: the whole, or without `coast` what parts it from others."""
        arcs = self.arcs(tolerance_m)
        picked = arcs.around((self.names["desa"][PARENT_COLUMNS[level]] == code).to_numpy())
        return joined(arcs.picked(picked if coast else picked & (arcs.sides[:, 1] != OUTSIDE)))

    @cached_property
    def neighbours(self) -> Layer:
        """The land around, coarse, with borders that still meet."""
        return layer_of(drawn_neighbours(self.boundaries).to_crs(self.crs_m))

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
            area = shapely.area(parts)
            seen = area > (2 * TINY_M) ** 2
            seen[pd.Series(area).groupby(owner).idxmax()] = True  # a small city, an area of islets
            kept, at = np.unique(owner[seen], return_inverse=True)
            rest = shapely.multipolygons(shapely.simplify(parts[seen], TINY_M), indices=at)
            self._layers[key] = layer_of(gpd.GeoSeries(rest, index=layer.index[kept]))
        return self._layers[key]


def tolerance_for(unit_m: float) -> float:
    """The coarsest tolerance that stays below about a tenth of a unit on the sheet."""
    fine = [step for step in TOLERANCES_M if step <= unit_m * 0.12]
    return fine[-1] if fine else TOLERANCES_M[0]


def shapes_of(boundaries: Boundaries) -> Shapes:
    """The `Shapes` of these boundaries; the same object as long as they live."""
    return kept(boundaries, "shapes", lambda: Shapes(boundaries))
