"""The point of a feature beside the coordinates in its attributes: which one counts, and what is said about it.

A valid point of the geometry counts. Where the attributes name a point more than APART_M away, both are kept (the
attributes as `koordinat`), so that cleaning sees two readings, and a remark says so. A shape that is no point lends a
point inside it only where the attributes say nothing. Latitude 0, longitude 0 is a placeholder and gives way as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import distance_km
from lks_geo.messages import Message, msg
from lks_geo.register.meaning.coordinates import read_point
from lks_geo.sheets.folding import is_empty_marker

APART_M = 100
_AROUND_DEGREES = 1.0
AXES = ("lintang", "bujur", "koordinat")
Attributes = tuple[str | None, str | None, str | None]
"""What a row's attributes say: latitude, longitude, both in one."""


@dataclass(frozen=True, kw_only=True)
class Located:
    """The columns of a table's coordinates, in which rows the geometry is used, and remarks."""

    cells: dict[str, pd.Series]
    by_geometry: npt.NDArray[np.bool_]
    notes: tuple[Message, ...]


def located(points: pd.DataFrame, stated: dict[str, pd.Series], rough: npt.NDArray[np.bool_]) -> Located:
    """`points`: latitude and longitude of each row's geometry as text; `stated`: the attributes among AXES that there
    are; `rough`: rows whose geometry is no point. Remarks give no row numbers, because every output repeats them."""
    lat, lon = (points.iloc[:, at].astype("float64").to_numpy() for at in (0, 1))
    attributes = [_row_attributes(stated, row) for row in range(len(points))]
    silent = np.array([not any(texts) for texts in attributes], dtype=np.bool_)
    valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
    used = np.isfinite(lat) & np.isfinite(lon) & (silent | (valid & ~rough))
    apart = [row for row in np.flatnonzero(used & ~silent).tolist() if _elsewhere(attributes[row], lat[row], lon[row])]
    cells = {
        name: (stated[name] if name in stated else pd.Series(None, index=points.index, dtype="str")).where(
            ~used, points.iloc[:, at]
        )
        for at, name in enumerate(("lintang", "bujur"))
    }
    if "koordinat" in stated or apart:
        pairs = {row: attributes[row][2] or " ; ".join(text for text in attributes[row] if text) for row in apart}
        both = [pairs.get(row, attributes[row][2]) for row in range(len(points))]
        cells["koordinat"] = pd.Series(both, index=points.index, dtype="str")
    notes = [msg("sheets.geometry_elsewhere", n=len(apart), metres=APART_M)] if apart else []
    notes += [msg("sheets.geometry_no_point", n=int(count))] if (count := (used & rough).sum()) else []
    return Located(cells=cells, by_geometry=used, notes=tuple(notes))


def _row_attributes(stated: dict[str, pd.Series], row: int) -> Attributes:
    texts = (stated[name].iloc[row] if name in stated else None for name in AXES)
    lat, lon, both = (text if isinstance(text, str) and not is_empty_marker(text) else None for text in texts)
    return lat, lon, both


def _elsewhere(attributes: Attributes, lat: float, lon: float) -> bool:
    """Whether the attributes are a point, and none of their readings is that of the geometry."""
    box = (lon - _AROUND_DEGREES, lat - _AROUND_DEGREES, lon + _AROUND_DEGREES, lat + _AROUND_DEGREES)
    candidates = read_point(*attributes, box).candidates
    if not candidates:
        return False
    lats, lons = np.array([point.lat for point in candidates]), np.array([point.lon for point in candidates])
    away = distance_km(lons, lats, np.full(len(candidates), lon), np.full(len(candidates), lat))
    return float(away.min()) * 1000 > APART_M
