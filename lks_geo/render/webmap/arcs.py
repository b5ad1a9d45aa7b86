"""Shared borders: a coverage of polygons as arcs, each border once, in integers of a Web Mercator grid.

An arc is a run of border between two points where more than two areas (or an area and the outside) meet. Each arc knows
the areas on its sides, so the shape of any area of any level is the set of arcs that have it on exactly one side, and
the page joins them to rings by itself. Neighbours drawn from the same arc can't leave a sliver between them.

Decides: the grid step; that rings too small for the grid vanish, unless an area would vanish with them (it becomes a
small square at its interior point). Gets wrong: after rounding, an area thinner than the grid may touch itself; the
page fills by the even-odd rule, so that such a spot stays unfilled instead of being painted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]

EARTH_RADIUS_M = 6378137.0
STEP_M = 10.0
"""One step of the grid, in metres of the Web Mercator plane."""


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

    @classmethod
    def around(cls, bounds: Sequence[float]) -> Grid:
        """The grid whose origin is the middle of `bounds` (west, south, east, north in degrees)."""
        west, south, east, north = bounds
        middle = cls(x0=0.0, y0=0.0).place([(west + east) / 2], [(south + north) / 2])[0] * STEP_M
        return cls(x0=float(middle[0]), y0=float(-middle[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One shared border: grid points, shape (n, 2), and the positions of the one or two areas beside it."""

    points: Ints
    sides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Rings:
    """All rings of all areas as one list of vertex numbers: `vertex[start[i]:start[i + 1]]` is ring i, not closed."""

    vertex: Ints
    start: Ints
    area: Ints
    points: Ints


def shared_arcs(shapes: npt.ArrayLike, grid: Grid) -> list[Arc]:
    """The arcs of a coverage of (Multi)Polygons in degrees; `sides` are positions in `shapes`."""
    rings = _rings(np.asarray(shapes, dtype=object), grid)
    node = _nodes(rings)
    sides: dict[bytes, list[int]] = {}
    for number, area in enumerate(rings.area):
        ring = rings.vertex[rings.start[number] : rings.start[number + 1]]
        for run in _cut(ring, node[ring]):
            sides.setdefault(run.tobytes(), []).append(int(area))
    arcs = []
    for key, beside in sides.items():
        odd = tuple(sorted(area for area in set(beside) if beside.count(area) % 2))
        points = rings.points[np.frombuffer(key, dtype=np.int64)]
        arcs += [Arc(points=points, sides=odd[i : i + 2]) for i in range(0, len(odd), 2)]
    return arcs


def _rings(shapes: npt.NDArray[np.object_], grid: Grid) -> _Rings:
    parts, area_of_part = shapely.get_parts(shapes, return_index=True)
    lines, part_of_line = shapely.get_rings(parts, return_index=True)
    degrees, line = shapely.get_coordinates(lines, return_index=True)
    points = grid.place(degrees[:, 0], degrees[:, 1])
    line_area = area_of_part[part_of_line]
    repeated = (line[1:] == line[:-1]) & (points[1:] == points[:-1]).all(axis=1)
    keep = np.concatenate([[True], ~repeated])
    points, line = points[keep], line[keep]
    closing = np.concatenate([line[1:] != line[:-1], [True]])
    points, line = points[~closing], line[~closing]
    large = np.bincount(line, minlength=len(lines))[line] >= 3
    points, line = points[large], line[large]

    gone = np.setdiff1d(np.arange(len(shapes)), line_area[line])
    squares = _squares(shapes[gone], grid)
    points = np.concatenate([points, squares.reshape(-1, 2)])
    line = np.concatenate([line, len(lines) + np.repeat(np.arange(len(gone)), 4)])
    line_area = np.concatenate([line_area, gone])

    start = np.concatenate([[0], np.flatnonzero(line[1:] != line[:-1]) + 1, [len(line)]])
    unique, vertex = np.unique(points, axis=0, return_inverse=True)
    return _Rings(vertex.reshape(-1).astype(np.int64), start, line_area[line[start[:-1]]], unique)


def _squares(shapes: npt.NDArray[np.object_], grid: Grid) -> Ints:
    inside = shapely.point_on_surface(shapes)
    centre = grid.place(shapely.get_x(inside), shapely.get_y(inside))
    corners = np.array([[-2, -2], [2, -2], [2, 2], [-2, 2]])
    return np.asarray(centre[:, None, :] + corners[None, :, :], dtype=np.int64)


def _nodes(rings: _Rings) -> npt.NDArray[np.bool_]:
    """Whether each vertex ends arcs: not exactly two borders meet there, or the areas beside them differ, or a ring
    turns back on itself there (a spike left by rounding, which thus falls out as a border passed twice)."""
    following = np.arange(1, len(rings.vertex) + 1)
    following[rings.start[1:] - 1] = rings.start[:-1]
    a, b = rings.vertex, rings.vertex[following]
    count = len(rings.points)
    area = np.repeat(rings.area, np.diff(rings.start))
    edge, of_edge = np.unique(np.minimum(a, b) * count + np.maximum(a, b), return_inverse=True)
    low = np.full(len(edge), len(rings.area) + int(area.max(initial=0)) + 1)
    high = np.full(len(edge), -1)
    np.minimum.at(low, of_edge, area)
    np.maximum.at(high, of_edge, area)
    beside = low * (int(area.max(initial=0)) + 2) + high

    ends = np.concatenate([edge // count, edge % count])
    degree = np.bincount(ends, minlength=count)
    total, least = np.zeros(count, dtype=np.int64), np.full(count, np.iinfo(np.int64).max)
    both = np.concatenate([beside, beside])
    np.add.at(total, ends, both)
    np.minimum.at(least, ends, both)
    node: npt.NDArray[np.bool_] = (degree != 2) | (total != 2 * least)
    before = np.empty_like(a)
    before[following] = a
    node[a[before == b]] = True
    return node


def _cut(ring: Ints, node: npt.NDArray[np.bool_]) -> list[Ints]:
    """A ring as runs from node to node, each in the one direction that both neighbours agree on."""
    at = np.flatnonzero(node)
    if len(at) == 0:
        turned = np.roll(ring, -int(np.argmin(ring)))
        runs = [np.append(turned, turned[0])]
    else:
        turned = np.roll(ring, -int(at[0]))
        cuts = [*(at - at[0]), len(ring)]
        closed = np.append(turned, turned[0])
        runs = [closed[first : last + 1] for first, last in pairwise(cuts)]
    return [run if _forward(run) else run[::-1].copy() for run in runs]


def _forward(run: Ints) -> bool:
    first, last = int(run[0]), int(run[-1])
    return (first, int(run[1])) <= (last, int(run[-2]))
