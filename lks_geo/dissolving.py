"""The union of the shapes of each area: of coverages along their common arcs, of others by overlay.

Layers whose edges nearly meet leave slivers between their areas: hundreds of thousands of holes, which cost an overlay
more than all borders do. A hole that touches no other shape of its area is one of the union as well, so it is taken out
before the shapes are joined and put back after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.geo import IntArray, on_both_cores
from lks_geo.thrift import begun

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Shapes = npt.NDArray[np.object_]

_GROUPS_AT_ONCE = 64


class _Holes(NamedTuple):
    """Rings, and the position of the area of each."""

    rings: Shapes
    area: IntArray


def dissolve(shapes: gpd.GeoSeries, code: pd.Series[str], *, valid: bool = False) -> gpd.GeoSeries:
    """The union of the shapes of each code (same index), sorted by code.

    Shapes that are a valid coverage are joined along their common arcs, which is fast and exact; others by overlay,
    invalid ones when they have been made valid. The CRS is kept. `valid`: they are known to be, as results are.
    """
    order = code.argsort(kind="stable").to_numpy()
    codes, parts = code.to_numpy()[order], shapes.to_numpy()[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    joined = None
    if shapely.get_num_interior_rings(shapely.get_parts(parts)).sum() > len(parts):
        area = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(codes)]))
        plain, holes = _without_lone_holes(parts, area, valid=valid)
        joined = _with_holes(_joined(np.split(plain, starts[1:])), holes)
    if joined is None:
        joined = _joined(np.split(parts, starts[1:]))
    return gpd.GeoSeries(joined, index=pd.Index(codes[starts], name="kode"), crs=shapes.crs)


def _joined(groups: list[Shapes]) -> Shapes:
    """The union of each group, in two threads, those of few shapes first."""
    by_size = np.argsort([len(group) for group in groups], kind="stable")
    some = [by_size[at : at + _GROUPS_AT_ONCE] for at in range(0, len(by_size), _GROUPS_AT_ONCE)]
    joined = np.empty(len(groups), dtype=object)

    def join(chosen: list[IntArray]) -> None:
        for which in chosen:
            joined[which] = _unions([groups[at] for at in which])

    odd = begun(lambda: join(some[1::2]))
    join(some[::2])
    odd()
    return joined


def _unions(groups: list[Shapes]) -> Shapes:
    """The union of each group: all at once, because Python's other threads wait whenever a call ends."""
    table = np.full((len(groups), max(map(len, groups))), None, dtype=object)
    for row, group in zip(table, groups, strict=True):
        row[: len(group)] = group
    try:
        shapes = np.asarray(shapely.coverage_union_all(table, axis=1))
    except shapely.errors.GEOSException:
        shapes = np.array([_coverage_union(group) for group in groups], dtype=object)
    for at in np.flatnonzero(~shapely.is_valid(shapes)):
        shapes[at] = shapely.disjoint_subset_union_all(shapely.make_valid(groups[at]))
    return shapes


def _coverage_union(parts: Shapes) -> BaseGeometry | None:
    """The union of parts that meet along common arcs; None if they don't."""
    try:
        return shapely.coverage_union_all(parts)
    except shapely.errors.GEOSException:
        return None


def _without_lone_holes(shapes: Shapes, area: IntArray, *, valid: bool) -> tuple[Shapes, _Holes]:
    """The shapes without those of their holes that touch no other shape of their area, and these holes. Those of
    invalid shapes stay: they need not lie within them."""
    polygons, shape = _polygons(shapes)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    inner = np.r_[False, polygon[1:] == polygon[:-1]]
    lone = inner.copy()
    lone[inner] = ~_touched(rings[inner], polygon[inner], rings[~inner], area[shape])
    if not valid:
        lone &= on_both_cores(shapely.is_valid, polygons)[polygon]
    plain = shapely.polygons(rings[~lone], indices=polygon[~lone])
    return _gathered(plain, shape, len(shapes)), _Holes(rings[lone], area[shape[polygon[lone]]])


def _touched(holes: Shapes, polygon: IntArray, shells: Shapes, area: IntArray) -> npt.NDArray[np.bool_]:
    """Which of the holes touch the shell of another polygon of their area, or what is within it."""
    inside, filled = np.asarray(shapely.polygons(holes)), np.asarray(shapely.polygons(shells))
    hole, shell = shapely.STRtree(filled).query(inside)
    other = (polygon[hole] != shell) & (area[polygon[hole]] == area[shell])
    hole, shell = hole[other], shell[other]
    shapely.prepare(filled)
    touched = np.zeros(len(holes), dtype=bool)
    touched[hole[shapely.intersects(filled[shell], inside[hole])]] = True
    return touched


def _with_holes(shapes: Shapes, holes: _Holes) -> Shapes | None:
    """The shapes of all areas with these holes; None if one of them lies in no shape."""
    polygons, area = _polygons(shapes)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    around = _around(polygons, area, holes)
    if (around < 0).any():
        return None
    rings, polygon = np.r_[rings, holes.rings], np.r_[polygon, around]
    order = np.argsort(polygon, kind="stable")
    return _gathered(shapely.polygons(rings[order], indices=polygon[order]), area, len(shapes))


def _around(polygons: Shapes, area: IntArray, holes: _Holes) -> IntArray:
    """The position of the polygon that each hole lies in, -1 if in none. The middle of a hole's first edge is nowhere
    on a border."""
    ends = shapely.get_coordinates(shapely.get_point(holes.rings[:, None], [0, 1])).reshape(-1, 2, 2)
    middles = shapely.points(ends.mean(axis=1))
    shapely.prepare(polygons)
    polygon, hole = shapely.STRtree(middles).query(polygons, predicate="intersects")
    own = area[polygon] == holes.area[hole]
    around = np.full(len(middles), -1)
    around[hole[own]] = polygon[own]
    return around


def _polygons(shapes: Shapes) -> tuple[Shapes, IntArray]:
    """The polygons of the shapes, and the position of the shape of each."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    areal = (shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)
    return parts[areal], shape[areal]


def _gathered(polygons: Shapes, shape: IntArray, size: int) -> Shapes:
    """`size` shapes of these polygons; None for one of none."""
    alone = np.bincount(shape, minlength=size)[shape] == 1
    shapes = np.full(size, None, dtype=object)
    shapes[shape[alone]] = polygons[alone]
    numbers, positions = np.unique(shape[~alone], return_inverse=True)
    shapes[numbers] = shapely.multipolygons(polygons[~alone], indices=positions)
    return shapes
