"""Borders and islands for drawing: what the printed figure and the interactive map both draw, worked out once.

`drawing` and `drawn_neighbours` simplify shapes, `shared_arcs` cuts their borders into arcs, `divided` says which level
an arc divides, `far_islands` which islands lie so far out that a map shows them in an inset. Pictures only: no join and
no number may use these shapes.

An arc is a run of border between two points where more than two areas (or an area and the outside) meet. Each arc knows
the areas on its sides, so the outline of any area of any level is the set of arcs that have it on exactly one side, and
neighbours drawn from the same arc can't leave a sliver between them.

Decides: that all levels are joined from the same simplified desa, so that their lines coincide; that an area too small
to have a ring left becomes a small square. Gets wrong: shapes that are no coverage show their faults as double arcs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.dissolving import dissolve
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries
from lks_geo.thrift import begun, kept

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

METRES_PER_DEGREE = 111_195.0
PAGE_M = 100.0
"""How much the interactive map simplifies."""
COARSE_M = 400.0
"""How much the land around is simplified, and whatever only has to be found, not seen."""

DIVIDES = ("desa", "kecamatan", "kabupaten", "provinsi", "luar")
"""What an arc can divide, from small to large; `luar`: an area from the outside (sea, or land around)."""

OUTSIDE = -1
"""Beside an arc: no area. The page of the interactive map reads it as it is."""
SQUARE = np.array([(-2.0, -2.0), (2.0, -2.0), (2.0, 2.0), (-2.0, 2.0)])
"""What stands for an area without a ring, in units of its plane."""

GAP_SHARE = 0.12
"""Open sea wider than this share of half the diagonal of all land, on both sides, parts bodies of land."""
SMALL_SHARE = 0.05
"""If more than this share of the land lies apart from the main body, it is a province of islands: none is far."""
SMALL_OF_KABUPATEN = 0.15
"""The same on the map of one kabupaten: little may be a good part of a small one."""
STRETCH = 1.15
"""A group gets an inset when leaving it out makes the rest this many times larger on the page."""
MOST_INSETS = 2


def drawing(boundaries: Boundaries, level: str, tolerance_m: float) -> gpd.GeoDataFrame:
    """The areas of `level` (index, columns and CRS as `boundaries.level(level)`) with simplified shapes.

    `tolerance_m`: detail smaller than about tolerance x tolerance square metres goes; 0 keeps the shapes as they are.
    """
    if tolerance_m <= 0:
        return boundaries.level(level)
    simple = _simplified_desa(boundaries, tolerance_m)
    drawn = gpd.GeoDataFrame(boundaries.names("desa"), geometry=simple, crs="EPSG:4326")
    for upper in LEVELS[1 : LEVELS.index(level) + 1]:
        names = boundaries.names(upper)
        shapes = dissolve(drawn.geometry, drawn[PARENT_COLUMNS[upper]]).reindex(names.index)
        drawn = gpd.GeoDataFrame(names, geometry=shapes, crs="EPSG:4326")
    return drawn


def begin_drawing(boundaries: Boundaries) -> None:
    """Begins what drawings ask of the boundaries, in threads."""
    _begin_desa(boundaries)
    _begin_around(boundaries)
    _begin_far(boundaries)


def _simplified_desa(boundaries: Boundaries, tolerance_m: float) -> Shapes:
    """The desa, simplified; coarser than PAGE_M from what that leaves of them, which is made once."""
    shapes = _begin_desa(boundaries)() if tolerance_m >= PAGE_M else boundaries.desa.geometry.to_numpy()
    return shapes if tolerance_m == PAGE_M else _simplified(shapes, boundaries, tolerance_m)


def _begin_desa(boundaries: Boundaries) -> Callable[[], Shapes]:
    shapes = boundaries.desa.geometry.to_numpy()
    return kept(boundaries, "drawn", lambda: begun(lambda: _simplified(shapes, boundaries, PAGE_M)))


def drawn_neighbours(boundaries: Boundaries) -> gpd.GeoSeries:
    """The land around, coarse, with borders that still meet (EPSG:4326, index `nama`, "" where it has no name)."""
    names = pd.Index(boundaries.neighbours["nama"].fillna("").astype(str), dtype="str")
    return gpd.GeoSeries(_begin_around(boundaries)(), index=names, crs="EPSG:4326")


def _begin_around(boundaries: Boundaries) -> Callable[[], Shapes]:
    around = boundaries.neighbours.geometry.to_numpy()
    return kept(boundaries, "around", lambda: begun(lambda: _simplified(around, boundaries, COARSE_M)))


def _simplified(shapes: Shapes, boundaries: Boundaries, tolerance_m: float) -> Shapes:
    """A coverage in degrees, simplified by area along its shared arcs (Visvalingam & Whyatt 1993,
    doi:10.1179/000870493786962263); a shape is never reduced below a triangle, so no island vanishes."""
    tolerance = tolerance_m / (METRES_PER_DEGREE * math.sqrt(_shrink(boundaries)))
    with np.errstate(invalid="ignore"):
        simple: Shapes = shapely.coverage_simplify(shapes, tolerance)
    return simple


def _shrink(boundaries: Boundaries) -> float:
    """How much shorter a degree of longitude is than one of latitude, in the middle of the areas."""
    _, south, _, north = boundaries.desa.total_bounds
    return math.cos(math.radians((south + north) / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Shared borders: `points[start[i]:start[i + 1]]` is arc i; `sides[i]` are the positions of the two areas beside
    it, the second OUTSIDE where there is only one."""

    points: Floats
    start: Ints
    sides: Ints

    def __len__(self) -> int:
        return len(self.sides)

    def picked(self, which: Flags) -> Arcs:
        """The chosen arcs."""
        length = np.diff(self.start)
        start = np.concatenate([[0], np.cumsum(length[which])])
        return Arcs(points=self.points[np.repeat(which, length)], start=start, sides=self.sides[which])

    def lines(self) -> Shapes:
        """The arcs as lines."""
        owner = np.repeat(np.arange(len(self)), np.diff(self.start))
        lines: Shapes = np.asarray(shapely.linestrings(self.points, indices=owner))
        return lines

    def around(self, inside: Flags) -> Flags:
        """Which arcs outline the areas that are `inside` (one flag per area), taken together."""
        beside = np.append(inside, False)[self.sides]
        return np.asarray(beside[:, 0] != beside[:, 1])


def divided(arcs: Arcs, names: pd.DataFrame) -> npt.NDArray[np.str_]:
    """Of each arc the largest level that its two sides do not share, one of DIVIDES. `names`: AREA_COLUMNS by position.

    A level whose codes are not known on both sides is not divided.
    """
    first, second = arcs.sides.T
    kinds = np.full(len(arcs), DIVIDES[0], dtype="<U9")
    for level in DIVIDES[1:-1]:
        code = pd.factorize(names[PARENT_COLUMNS[level]])[0]
        kinds[(code[first] != code[second]) & (code[first] >= 0) & (code[second] >= 0)] = level
    kinds[second == OUTSIDE] = DIVIDES[-1]
    return kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rings:
    """All rings of all areas as one list of vertex numbers: `vertex[start[i]:start[i + 1]]` is ring i, not closed."""

    vertex: Ints
    start: Ints
    area: Ints
    points: Floats


def shared_arcs(shapes: Shapes) -> Arcs:
    """The arcs of a coverage of (Multi)Polygons in any plane; two borders are the same if their points are equal."""
    rings = _rings(shapes)
    node = _nodes(rings)
    sides: dict[bytes, list[int]] = {}
    for number, area in enumerate(rings.area):
        ring = rings.vertex[rings.start[number] : rings.start[number + 1]]
        for run in _cut(ring, node[ring]):
            sides.setdefault(run.tobytes(), []).append(int(area))
    runs: list[Ints] = []
    beside: list[list[int]] = []
    for key, areas in sides.items():
        odd = sorted(area for area in set(areas) if areas.count(area) % 2)
        for pair in (odd[i : i + 2] for i in range(0, len(odd), 2)):
            runs.append(np.frombuffer(key, dtype=np.int64))
            beside.append(pair if len(pair) == 2 else [*pair, OUTSIDE])
    start = np.cumsum([0, *(len(run) for run in runs)])
    points = rings.points[np.concatenate(runs)] if runs else np.zeros((0, 2))
    return Arcs(points=points, start=start, sides=np.array(beside, dtype=np.int64).reshape(-1, 2))


def _rings(shapes: Shapes) -> _Rings:
    """The rings without repeated points; rings of less than three points vanish, unless an area would go with them."""
    parts, area_of_part = shapely.get_parts(shapes, return_index=True)
    lines, part_of_line = shapely.get_rings(parts, return_index=True)
    points, line = shapely.get_coordinates(lines, return_index=True)
    line_area = area_of_part[part_of_line]
    same_line = line[1:] == line[:-1]
    keep = np.append(True, ~(same_line & (points[1:] == points[:-1]).all(axis=1)))
    points, line = points[keep], line[keep]
    closing = np.append(line[1:] != line[:-1], True)
    points, line = points[~closing], line[~closing]
    large = np.bincount(line, minlength=len(lines))[line] >= 3
    points, line = points[large], line[large]

    gone = np.setdiff1d(np.arange(len(shapes)), line_area[line])
    middles = np.rint(shapely.get_coordinates(shapely.centroid(shapely.envelope(shapes[gone]))))
    points = np.concatenate([points, (middles[:, None, :] + SQUARE).reshape(-1, 2)])
    line = np.concatenate([line, len(lines) + np.repeat(np.arange(len(gone)), len(SQUARE))])
    line_area = np.concatenate([line_area, gone])

    start = np.concatenate([[0], np.flatnonzero(line[1:] != line[:-1]) + 1, [len(line)]])
    unique, vertex = np.unique(np.ascontiguousarray(points).view(np.complex128).ravel(), return_inverse=True)
    return _Rings(
        vertex=vertex.astype(np.int64),
        start=start,
        area=line_area[line[start[:-1]]],
        points=unique.view(np.float64).reshape(-1, 2),
    )


def _nodes(rings: _Rings) -> Flags:
    """Whether each vertex ends arcs: not exactly two borders meet there, or the areas beside them differ, or a ring
    turns back on itself there (a spike left by rounding, which thus falls out as a border passed twice)."""
    following = np.arange(1, len(rings.vertex) + 1)
    following[rings.start[1:] - 1] = rings.start[:-1]
    start, end = rings.vertex, rings.vertex[following]
    count = len(rings.points)
    area = np.repeat(rings.area, np.diff(rings.start))
    edge, of_edge = np.unique(np.minimum(start, end) * count + np.maximum(start, end), return_inverse=True)
    most = int(area.max(initial=0))
    low, high = np.full(len(edge), most + 1), np.full(len(edge), -1)
    np.minimum.at(low, of_edge, area)
    np.maximum.at(high, of_edge, area)
    beside = low * (most + 2) + high

    ends = np.concatenate([edge // count, edge % count])
    degree = np.bincount(ends, minlength=count)
    total, least = np.zeros(count, dtype=np.int64), np.full(count, np.iinfo(np.int64).max)
    both = np.concatenate([beside, beside])
    np.add.at(total, ends, both)
    np.minimum.at(least, ends, both)
    node: Flags = (degree != 2) | (total != 2 * least)
    before = np.empty_like(start)
    before[following] = start
    node[start[before == end]] = True
    return node


def _cut(ring: Ints, node: Flags) -> list[Ints]:
    """A ring as runs from node to node, each in the one direction that both neighbours agree on."""
    at = np.flatnonzero(node)
    start = int(at[0]) if len(at) else int(ring.argmin())
    closed = np.concatenate([ring[start:], ring[: start + 1]])
    cuts = [*(at - start).tolist(), len(ring)] if len(at) else [0, len(ring)]
    runs = [closed[first : last + 1] for first, last in pairwise(cuts)]
    return [run if _forward(run) else run[::-1].copy() for run in runs]


def _forward(run: Ints) -> bool:
    first, last = int(run[0]), int(run[-1])
    return (first, int(run[1])) <= (last, int(run[-2]))


def far_islands(boundaries: Boundaries, level: str, codes: pd.Index[str], kabupaten: str | None = None) -> Ints:
    """Of each area shown, the number of the far group that it belongs to; 0: it belongs to the map itself.

    An area is far if all its desa are: from the main body of the province or, on the map of one `kabupaten`, of that.
    Where nothing else is shown, nothing is far.
    """
    group = _begin_far(boundaries)()
    if kabupaten is not None:
        own = kept(boundaries, ("far islands", kabupaten), lambda: _far_desa(boundaries, kabupaten))
        group = group.where(group > 0, own)
    if level != "desa":
        group = group.groupby(boundaries.desa[PARENT_COLUMNS[level]]).min()
    shown: Ints = np.asarray(group.reindex(codes), dtype=np.int64)
    return shown if (shown == 0).any() else np.zeros_like(shown)


def _begin_far(boundaries: Boundaries) -> Callable[[], pd.Series[int]]:
    return kept(boundaries, "far islands", lambda: begun(lambda: _far_desa(boundaries, None)))


def _far_desa(boundaries: Boundaries, kabupaten: str | None) -> pd.Series[int]:
    """The far groups of the province by kabupaten; or those of one kabupaten by kecamatan, islets aside."""
    desa, plane = boundaries.desa, np.array([_shrink(boundaries), 1.0])
    of = desa if kabupaten is None else desa[desa["kode_kabupaten"] == kabupaten]
    shapes = shapely.transform(of.geometry.to_numpy(), lambda degrees: degrees * plane)
    if kabupaten is None:
        groups = far_groups(shapes, of["kode_kabupaten"])
    else:
        groups = far_groups(largest_parts(shapes), of["kode_kecamatan"], small=SMALL_OF_KABUPATEN, most=len(of))
    return pd.Series(groups, index=of.index).reindex(desa.index, fill_value=0)


def largest_parts(shapes: Shapes) -> Shapes:
    """The largest polygon of each area."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    largest: Shapes = parts[order][np.unique(owner[order], return_index=True)[1]]
    return largest


def far_groups(shapes: Shapes, parents: pd.Series[Any], *, small: float = SMALL_SHARE, most: int = MOST_INSETS) -> Ints:
    """The far groups among areas in a plane, numbered from 1 by how many areas they have; 0 is everything else.

    Land that open sea parts from the main body is far, by `parents` (kabupaten), if it is `small` and an inset pays
    (see GAP_SHARE, SMALL_SHARE, STRETCH). Gets wrong: of more than `most` such groups the smaller ones stay on the map.
    """
    group = np.zeros(len(shapes), dtype=np.int64)
    apart = _apart(shapes, small)
    if not apart.any():
        return group
    boxes = shapely.bounds(shapes)
    sizes = pd.Series(apart, index=parents.to_numpy()).groupby(level=0).sum()
    for code in sizes[sizes > 0].sort_values(ascending=False, kind="stable").index:
        members = apart & (parents == code).to_numpy()
        if group.max() < most and _stretches(boxes[~apart], boxes[members]):
            group[members] = group.max() + 1
    return group


def _apart(shapes: Shapes, small: float) -> Flags:
    """Which areas lie wholly off the main body of land, if all such land together is little; else none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    left, bottom, right, top = shapely.total_bounds(parts)
    gap = GAP_SHARE * math.hypot(right - left, top - bottom) / 2
    wide = shapely.box(*(shapely.bounds(parts) + np.array([-gap, -gap, gap, gap])).T)
    bodies = shapely.get_parts(shapely.union_all(wide))
    at, body = shapely.STRtree(bodies).query(shapely.centroid(wide), predicate="intersects")
    body = body[np.argsort(at, kind="stable")]
    size = np.bincount(body, weights=shapely.area(parts))
    main = body == size.argmax()
    apart = ~np.isin(np.arange(len(shapes)), owner[main])
    return apart if size.sum() - size.max() <= small * size.sum() else np.zeros_like(apart)


def _stretches(near: Floats, far: Floats) -> bool:
    """Whether the extent of all boxes is much larger than that of the near ones."""
    every = np.concatenate([near, far])
    whole, main = (boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0) for boxes in (every, near))
    return bool((whole > STRETCH * main).any())
