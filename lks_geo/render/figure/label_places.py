"""Where names and numbers go on a map: pure geometry on a coarse grid, greedy, the same every time.

`Ground` knows which cells of the window belong to which area and which boxes are taken. A place for a label is the
cheapest of many candidates: on free ground, off other areas, near its own. Greedy placement is not the best possible,
and on very full maps some names are left out (never drawn over one another).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
import shapely

from lks_geo.render.figure.map_paths import View
from lks_geo.render.figure.paper import Box
from lks_geo.thrift import kept

Floats = npt.NDArray[np.float64]
CELL = 1.5
LAND_COST = 7.0
MOST_COST = 400.0
"""A place that costs more is none."""
CHUNK = 200
WRONG_COST = 12.0
FAR = 6.0
"""A name further than this from its area (units) needs a line to it."""


@dataclass
class Ground:
    """The window as cells of `CELL` units: `owner` is the row of the area of each cell, -1 elsewhere."""

    view: View
    owner: npt.NDArray[np.int64]
    taken: list[Box] = field(default_factory=list)
    _corners: Floats = field(default_factory=lambda: np.zeros((0, 4)))

    @property
    def frame(self) -> Box:
        """The window as a box."""
        return Box(self.view.x, self.view.y, self.view.x + self.view.width, self.view.y + self.view.height)

    def take(self, box: Box) -> None:
        """Keeps later labels off this box."""
        self.taken.append(box)

    def free(self, box: Box, gap: float = 0.3) -> bool:
        """Whether the box lies in the window and touches no taken one."""
        if not box.inside(self.frame, -0.6):
            return False
        if len(self._corners) != len(self.taken):
            self._corners = np.array([(other.x0, other.y0, other.x1, other.y1) for other in self.taken]).reshape(-1, 4)
        x0, y0, x1, y1 = self._corners.T
        hit = (box.x0 < x1 + gap) & (x0 < box.x1 + gap) & (box.y0 < y1 + gap) & (y0 < box.y1 + gap)
        return not bool(hit.any())

    def share_owned(self, box: Box) -> float:
        """Share of the box that lies on any area."""
        rows, columns = self._cells(box)
        part = self.owner[rows, columns]
        return float((part >= 0).mean()) if part.size else 0.0

    def _cells(self, box: Box) -> tuple[slice, slice]:
        left, low = int((box.x0 - self.view.x) / CELL), int((box.y0 - self.view.y) / CELL)
        right, high = int((box.x1 - self.view.x) / CELL) + 1, int((box.y1 - self.view.y) / CELL) + 1
        return slice(max(low, 0), max(high, 0)), slice(max(left, 0), max(right, 0))

    def centres(self) -> tuple[Floats, Floats]:
        """x and y of the cells' centres, in units."""
        rows, columns = self.owner.shape
        xs = self.view.x + (np.arange(columns, dtype=np.float64) + 0.5) * CELL
        return xs, self.view.y + (np.arange(rows, dtype=np.float64) + 0.5) * CELL


def survey(view: View, geometry: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The `owner` cells of a window with these areas (projected metres)."""
    columns, rows = int(np.ceil(view.width / CELL)), int(np.ceil(view.height / CELL))
    owner = np.full((rows, columns), -1, dtype=np.int64)
    xs, ys = Ground(view, owner).centres()
    metres_x = view.metres(np.column_stack([xs, np.full_like(xs, view.y)]))[:, 0]
    metres_y = view.metres(np.column_stack([np.full_like(ys, view.x), ys]))[:, 1]
    for row, area in enumerate(geometry):
        left, low, right, high = shapely.bounds(area)
        columns_in = np.flatnonzero((metres_x >= left) & (metres_x <= right))
        rows_in = np.flatnonzero((metres_y >= low) & (metres_y <= high))
        if not len(columns_in) or not len(rows_in):
            continue
        shapely.prepare(area)
        grid_x, grid_y = np.meshgrid(metres_x[columns_in], metres_y[rows_in])
        inside = shapely.contains_xy(area, grid_x, grid_y)
        block = np.ix_(rows_in, columns_in)
        owner[block] = np.where(inside, row, owner[block])
    return owner


def place_beside(ground: Ground, row: int, width: float, height: float) -> Box | None:
    """The best box for the name of area `row`: outside all areas, close to its own; on it if the sea is far."""
    land = ground.owner == row
    if not land.any():
        return None
    away = kept(ground.owner, ("away", row), lambda: _distance_to(land))
    away_others = kept(ground.owner, ("others", row), lambda: _distance_to((ground.owner >= 0) & ~land))
    xs, ys = ground.centres()
    grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(xs, ys))
    frame = ground.frame
    fits = (
        (grid_x - width / 2 > frame.x0 + 1.5) & (grid_x + width / 2 < frame.x1 - 1.5)
        & (grid_y - height / 2 > frame.y0 + 1.5) & (grid_y + height / 2 < frame.y1 - 1.5)
    )  # fmt: skip
    x, y = grid_x[fits], grid_y[fits]
    if not len(x):
        return None
    on_land = _window_sum((ground.owner >= 0).astype(float), ground, x, y, (width, height))
    near = _edge_min(away, ground, x, y, (width, height))
    near_others = _edge_min(away_others, ground, x, y, (width, height))
    middle = np.abs(y - grid_y[land.ravel()].mean())
    cost = on_land * LAND_COST + np.abs(near - 3.0) * 1.5 + middle * 0.12 + WRONG_COST * (near > near_others)
    return _cheapest_free(ground.taken, cost, np.column_stack([x, y]), (width, height))


def led_to(ground: Ground, row: int, box: Box) -> tuple[float, float] | None:
    """The thickest spot of area `row`, if the box of its name is far from it or nearer to another area; else None."""
    land = ground.owner == row
    away = kept(ground.owner, ("away", row), lambda: _distance_to(land))
    away_others = kept(ground.owner, ("others", row), lambda: _distance_to((ground.owner >= 0) & ~land))
    cells = ground._cells(box)
    near = float(away[cells].min())
    if near <= CELL or (near <= FAR and near <= float(away_others[cells].min()) + CELL):
        return None
    xs, ys = ground.centres()
    depth = _distance_to(~np.pad(land, 1))[1:-1, 1:-1]
    down, across = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(xs[across]), float(ys[down])


def place_within(
    ground: Ground, row: int, width: float, height: float, middle: tuple[float, float] | None = None
) -> Box | None:
    """The box on area `row` nearest to `middle` (default: its thickest spot) that touches nothing taken; else None."""
    land = ground.owner == row
    if not land.any():
        return None
    xs, ys = ground.centres()
    rows, columns = np.nonzero(land)
    x, y = xs[columns], ys[rows]
    block = land[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    depth = _distance_to(~np.pad(block, 1))[1:-1, 1:-1][block]
    if middle is None:
        deepest = int(depth.argmax())
        middle = (x[deepest], y[deepest])
    frame = ground.frame
    fits = (
        (x - width / 2 >= frame.x0 + 1) & (x + width / 2 <= frame.x1 - 1)
        & (y - height / 2 >= frame.y0 + 1) & (y + height / 2 <= frame.y1 - 1)
    )  # fmt: skip
    cost = np.hypot(x - middle[0], y - middle[1]) - 0.5 * depth
    return _cheapest_free(ground.taken, cost[fits], np.column_stack([x, y])[fits], (width, height), most=MOST_COST / 2)


def _distance_to(cells: npt.NDArray[np.bool_]) -> Floats:
    """Distance in units of every cell to the nearest of `cells` (infinite if there are none)."""
    if not cells.any():
        return np.full(cells.shape, np.inf)
    return np.asarray(scipy.ndimage.distance_transform_edt(~cells), dtype=np.float64) * CELL


def _cheapest_free(
    taken: Sequence[Box], cost: Floats, middles: Floats, size: tuple[float, float], most: float = MOST_COST
) -> Box | None:
    """The box of that size with the cheapest of the middles (x and y of each) where it touches nothing taken; None if
    that costs more than `most`."""
    half = np.array(size) / 2
    wall = half + np.array([0.6, 0.4])
    low = np.array([(box.x0, box.y0) for box in taken]).reshape(-1, 2) - wall
    high = np.array([(box.x1, box.y1) for box in taken]).reshape(-1, 2) + wall
    order = np.argsort(cost, kind="stable")
    order = order[cost[order] < most]
    for some in np.split(order, range(CHUNK, len(order), CHUNK)):
        at = middles[some, None]
        touching: npt.NDArray[np.bool_] = ((at > low) & (at < high)).all(axis=2)
        free = some[~touching.any(axis=1)]
        if len(free):
            return Box(*(middles[free[0]] - half), *(middles[free[0]] + half))
    return None


def _window_sum(grid: Floats, ground: Ground, x: Floats, y: Floats, size: tuple[float, float]) -> Floats:
    """How many cells that count lie in each candidate's box."""
    width, height = size
    total = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1))
    total[1:, 1:] = grid.cumsum(0).cumsum(1)
    rows, columns = grid.shape
    left = np.clip(((x - width / 2 - ground.view.x) / CELL).astype(int), 0, columns)
    right = np.clip(((x + width / 2 - ground.view.x) / CELL).astype(int) + 1, 0, columns)
    low = np.clip(((y - height / 2 - ground.view.y) / CELL).astype(int), 0, rows)
    high = np.clip(((y + height / 2 - ground.view.y) / CELL).astype(int) + 1, 0, rows)
    inside = total[high, right] - total[low, right] - total[high, left] + total[low, left]
    return np.asarray(inside, dtype=np.float64)


def _edge_min(away: Floats, ground: Ground, x: Floats, y: Floats, size: tuple[float, float]) -> Floats:
    """The least distance of each candidate's corners, edge middles and centre."""
    width, height = size
    rows, columns = away.shape
    least = np.full(len(x), np.inf)
    for dx in (-0.5, 0.0, 0.5):
        column = np.clip(((x + dx * width - ground.view.x) / CELL).astype(int), 0, columns - 1)
        for dy in (-0.5, 0.0, 0.5):
            row = np.clip(((y + dy * height - ground.view.y) / CELL).astype(int), 0, rows - 1)
            least = np.minimum(least, away[row, column])
    return least


def push_apart(points: Floats, distance: float, frame: Box, rounds: int = 120) -> Floats:
    """The points moved as little as needed to stand `distance` apart and inside the frame."""
    moved = points.astype(float).copy()
    low, high = (frame.x0 + distance, frame.y0 + distance), (frame.x1 - distance, frame.y1 - distance)
    for _ in range(rounds):
        shift = np.zeros_like(moved)
        for i in range(len(moved)):
            for j in range(i + 1, len(moved)):
                away = moved[i] - moved[j]
                far = float(np.hypot(*away))
                if far >= distance:
                    continue
                way = away / far if far > 1e-6 else np.array([np.cos(i + 1.0), np.sin(i + 1.0)])
                shift[i] += way * (distance - far) / 2
                shift[j] -= way * (distance - far) / 2
        if not shift.any():
            break
        moved = np.clip(moved + shift * 1.02, low, high)
    return moved
