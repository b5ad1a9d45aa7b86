"""Polygons put right: valid ones, and a coverage in which neighbours meet exactly. Tells each mend by code and size.

Decides: a polygon that lies within another is cut out of it (the smaller wins); of two equal ones the first stays and
the other is given up; other overlaps and narrow gaps go to the longest shared border. What still overlaps is told.
Gets wrong: a hole that is meant to be nobody's, drawn as a polygon of its own inside another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import on_both_cores
from lks_geo.messages import Message, msg
from lks_geo.tables import AREA_COLUMNS, DesaFrame

Shapes = npt.NDArray[np.object_]

COVERAGE_LIMIT = 12_000
"""Layers of more desa are not checked for overlaps when they are only loaded: it takes 6 s for the whole country."""

GAP_DEGREES = 2e-4
"""Gaps narrower than this (about 20 m) between the desa of a layer are closed; wider ones may be lakes."""

WITHIN = 0.95
"""A polygon of which this share lies in another is cut out of it."""

EQUAL = 0.98
"""Two polygons that share this much of both are one and the same."""

TOLD_CHANGE = 0.01
"""A desa whose area changes by this share is named."""

MOST_CORNERS, MOST_CORNERS_OF_ONE = 25_000_000, 2_000_000
"""Corners of a layer (the country at full detail has 13 million), and of one desa."""

SHOWN = 5
"""How many examples a message lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Polygons after mending (EPSG:4326, None where nothing usable was found or is left) and what was done."""

    shapes: Shapes
    notes: tuple[Message, ...]


def listed(values: Sequence[str]) -> str:
    """The first few of `values`, as a message shows them."""
    return ", ".join(str(value) for value in values[:SHOWN]) + (" …" if len(values) > SHOWN else "")


def refuse_many_corners(corners: npt.NDArray[np.integer], where: str) -> None:
    """An error if the shapes of a layer, with so many corners each, can't be worked with, all or one of them."""
    for found, most in ((int(corners.sum()), MOST_CORNERS), (int(corners.max(initial=0)), MOST_CORNERS_OF_ONE)):
        if found > most:
            raise LksGeoError.of("boundaries.too_many_corners", where=where, n=found, most=most)


def to_polygons(shapes: Shapes, labels: Sequence[str]) -> Mended:
    """Two-dimensional valid (Multi)Polygons; lines and points are left out, None where no polygon is left."""
    flat = shapes.copy()
    high = shapely.has_z(flat) | shapely.has_m(flat)
    flat[high] = shapely.force_2d(flat[high])
    present = ~(shapely.is_missing(flat) | shapely.is_empty(flat))
    invalid = present & ~on_both_cores(shapely.is_valid, flat)
    flat[invalid] = _valid(flat[invalid])
    for at in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(flat[at])
        flat[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    usable = (shapely.get_dimensions(flat) == 2) & ~shapely.is_empty(flat)
    flat[~usable] = None
    names = [labels[at] for at in np.flatnonzero(invalid & usable).tolist()]
    notes = (msg("boundaries.note_invalid", n=len(names), found=listed(names)),) if names else ()
    return Mended(shapes=flat, notes=notes)


def _valid(shapes: Shapes) -> Shapes:
    """Valid shapes by their structure; by their lines where that keeps more, as with rings turned inside out."""
    made = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    other = shapely.make_valid(shapes, method="linework")
    more = shapely.area(other) > 1.05 * shapely.area(made)
    made[more] = other[more]
    return made


def to_coverage(shapes: Shapes, labels: Sequence[str], gap_degrees: float = 0.0, *, limit: int | None = None) -> Mended:
    """The polygons as a coverage: no overlaps, shared borders the same point by point, narrow gaps closed.

    `labels` are the codes and names for the notes. More polygons than `limit` are returned as they are, with a note. A
    polygon that is given up because another is equal becomes None.
    """
    if limit is not None and len(shapes) > limit:
        return Mended(shapes=shapes, notes=(msg("boundaries.note_unchecked", n=len(shapes)),))
    if not gap_degrees and shapely.coverage_is_valid(shapes):
        return Mended(shapes=shapes, notes=())
    before = shapely.area(shapes)
    touched = len(_unclean(shapes))
    apart, notes = _without_nesting(shapes, labels)
    kept = ~shapely.is_missing(apart)
    cleaned = _cleaned(apart[kept]) if touched or not kept.all() else apart[kept]
    apart[kept] = _without_gaps(cleaned, gap_degrees) if gap_degrees else cleaned
    notes += _change_notes(before, shapely.area(apart), kept, touched, labels)
    if touched:
        apart[kept] = _cleaned_again(apart[kept])
        wrong = np.flatnonzero(kept)[_unclean(apart[kept])].tolist()
        if wrong:
            found = listed([labels[at] for at in wrong])
            notes.append(msg("boundaries.note_still_overlap", n=len(wrong), found=found))
    return Mended(shapes=apart, notes=tuple(notes))


def _unclean(shapes: Shapes) -> npt.NDArray[np.int64]:
    """Positions of the shapes with an edge that does not meet its neighbours exactly."""
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))


def _cleaned_again(shapes: Shapes) -> Shapes:
    """The shapes after a second look at those that the first cleaning left wrong, and at what touches them."""
    wrong = _unclean(shapes)
    if len(wrong):
        around = np.unique(shapely.STRtree(shapes).query(shapes[wrong], predicate="intersects")[1])
        shapes = shapes.copy()
        shapes[around] = _cleaned(shapes[around])
    return shapes


def _cleaned(shapes: Shapes) -> Shapes:
    """The shapes without overlaps. One that would vanish stays as it is."""
    with np.errstate(invalid="ignore"):
        cleaned = shapely.coverage_clean(shapes)  # type: ignore[attr-defined]  # new in 2.2
    lost = shapely.is_empty(cleaned) | ~shapely.is_valid(cleaned)
    cleaned[lost] = shapes[lost]
    return np.asarray(cleaned, dtype=np.object_)


def _without_gaps(shapes: Shapes, gap_degrees: float) -> Shapes:
    """The shapes with narrow holes between them filled, each by the neighbour with the longest border on it.

    (`coverage_clean` can do so, too, but takes minutes for a province.) Shapes that still overlap are left alone.
    """
    try:
        whole = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return shapes
    tree = shapely.STRtree(shapes)
    holes = _holes(whole, shapes, tree)
    narrow = holes[shapely.is_empty(shapely.buffer(holes, -gap_degrees / 2, quad_segs=2))]
    filled = shapes.copy()
    at, beside = tree.query(narrow, predicate="intersects")
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[beside]), shapely.boundary(narrow[at])))
    order = np.lexsort((beside, -shared, at))
    first = order[np.flatnonzero(np.r_[True, at[order][1:] != at[order][:-1]])] if len(order) else order
    for hole, heir in zip(at[first].tolist(), beside[first].tolist(), strict=True):
        joined = shapely.union(filled[heir], narrow[hole])
        if joined.is_valid and shapely.get_dimensions(joined) == 2:
            filled[heir] = joined
    return filled


def _holes(whole: shapely.Geometry, shapes: Shapes, tree: shapely.STRtree) -> Shapes:
    """The holes in the union of the shapes; of one around a shape, only the ring between."""
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    holes = shapely.polygons(rings) if rings else np.empty(0, dtype=np.object_)
    at, inside = tree.query(holes, predicate="covers")
    for hole in np.unique(at):
        holes[hole] = shapely.difference(holes[hole], shapely.union_all(shapes[inside[at == hole]]))
    return holes


def _without_nesting(shapes: Shapes, labels: Sequence[str]) -> tuple[Shapes, list[Message]]:
    """The shapes with those inside others cut out of them, and without the second of two equal ones."""
    apart = shapes.copy()
    area = shapely.area(shapes)
    tree = shapely.STRtree(shapes)
    one, two = tree.query(shapely.point_on_surface(shapes), predicate="intersects")
    pairs = one != two
    one, two = one[pairs], two[pairs]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    equal, enclaves = [], []
    for inner, outer, common in sorted(zip(one.tolist(), two.tolist(), shared.tolist(), strict=True)):
        if common < WITHIN * area[inner] or apart[inner] is None or apart[outer] is None:
            continue
        if common >= EQUAL * max(area[inner], area[outer]):
            first, second = min(inner, outer), max(inner, outer)
            equal.append(f"{labels[first]} = {labels[second]}")
            apart[second] = None
        elif area[inner] < area[outer]:
            apart[outer] = shapely.difference(apart[outer], shapes[inner])
            enclaves.append(f"{labels[inner]} / {labels[outer]}")
    notes = [msg("boundaries.note_equal", n=len(equal), found=listed(equal))] if equal else []
    if enclaves:
        notes.append(msg("boundaries.note_enclave", n=len(enclaves), found=listed(enclaves)))
    return apart, notes


def _change_notes(
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    kept: npt.NDArray[np.bool_],
    touched: int,
    labels: Sequence[str],
) -> list[Message]:
    """How many borders were moved, and whose area changed noticeably, most first; nothing if none was."""
    change = np.where(kept & (before > 0), after / np.where(before > 0, before, 1) - 1, 0.0)
    large = [at for at in np.argsort(-np.abs(change), kind="stable").tolist() if abs(change[at]) >= TOLD_CHANGE]
    if not large:
        return [msg("boundaries.note_coverage", n=touched)] if touched else []
    sizes = [f"{labels[at]} {100 * change[at]:+.0f} %" for at in large]
    return [msg("boundaries.note_coverage_large", n=max(touched, len(large)), large=len(large), found=listed(sizes))]


def check_desa(frame: gpd.GeoDataFrame, *, valid: bool = False) -> DesaFrame:
    """A frame as `DesaFrame`, or an `LksGeoError` naming every fault at once. `valid`: its polygons are known to be."""
    faults: list[str] = []
    missing = [name for name in (*AREA_COLUMNS, "geometry") if name not in frame.columns]
    if missing:
        faults.append(f"columns missing: {', '.join(missing)}")
    if frame.index.name != "kode" or not frame.index.is_unique or not frame.index.is_monotonic_increasing:
        faults.append("the index must be kode: unique and sorted")
    if frame.crs is None or (frame.crs != "EPSG:4326" and frame.crs.to_epsg() != 4326):  # the first is found at once
        faults.append("the CRS must be EPSG:4326")
    if not faults and not valid and not bool(on_both_cores(shapely.is_valid, frame.geometry.to_numpy()).all()):
        faults.append("invalid polygons")
    if faults:
        raise LksGeoError.of("boundaries.not_usable", faults="; ".join(faults))
    return DesaFrame(frame)
