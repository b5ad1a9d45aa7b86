"""Mending shapes: from whatever a layer holds to valid polygons that meet exactly. Every mend gives a note."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from lks_geo.messages import Message, msg

COVERAGE_LIMIT = 12_000
"""Layers of more desa are not checked for overlaps: it takes 6 s for the whole country, and mending them 30 s."""

GAP_DEGREES = 2e-4
"""Gaps narrower than this (about 20 m) between the desa of an imported layer are closed; wider ones may be lakes."""

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Polygons after mending (EPSG:4326, None where nothing usable was found) and what was done."""

    shapes: Shapes
    notes: tuple[Message, ...]


def to_polygons(shapes: Shapes) -> Mended:
    """Two-dimensional valid (Multi)Polygons; lines and points are left out, None where no polygon is left."""
    flat = shapely.force_2d(shapes)
    present = ~(shapely.is_missing(flat) | shapely.is_empty(flat))
    invalid = present & ~shapely.is_valid(flat)
    flat[invalid] = shapely.make_valid(flat[invalid], method="structure", keep_collapsed=False)
    for at in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(flat[at])
        flat[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    usable = (shapely.get_dimensions(flat) == 2) & ~shapely.is_empty(flat)
    flat[~usable] = None
    notes = (msg("boundaries.note_invalid", n=int(invalid.sum())),) if invalid.any() else ()
    return Mended(shapes=flat, notes=notes)


def to_coverage(shapes: Shapes, gap_degrees: float = 0.0) -> Mended:
    """The polygons as a coverage: no overlaps, shared borders the same point by point, narrow gaps closed.

    Layers larger than COVERAGE_LIMIT are returned as they are, with a note.
    """
    if len(shapes) > COVERAGE_LIMIT:
        return Mended(shapes=shapes, notes=(msg("boundaries.note_unchecked", n=len(shapes)),))
    if not gap_degrees and shapely.coverage_is_valid(shapes):
        return Mended(shapes=shapes, notes=())
    with np.errstate(invalid="ignore"):
        touched = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
        cleaned = shapely.coverage_clean(shapes, gap_width=gap_degrees)  # type: ignore[attr-defined]  # new in 2.2
    lost = shapely.is_empty(cleaned) | ~shapely.is_valid(cleaned)
    cleaned[lost] = shapes[lost]
    return Mended(shapes=cleaned, notes=(msg("boundaries.note_coverage", n=touched),) if touched else ())
