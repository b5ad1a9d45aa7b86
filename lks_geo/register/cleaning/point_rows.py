"""The coordinate cells of all rows read and located: every reading of every row with the desa that it falls in. Also
points that are the middle of an area instead of an address, and points told too coarsely to settle a desa.

Decides: within a few metres (desa) to half a kilometre (provinsi) of an area's centroid a point is a middle, because
the centroid moves a little with every edition of the boundaries. Gets wrong: an LKS that really stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from lks_geo.geo import FloatArray, distance_km, ecef_km
from lks_geo.locate import Locator
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.meaning.coordinates import PointReading, read_points
from lks_geo.register.meaning.pairs import Box, Candidate
from lks_geo.sheets.sheet import column
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries

APART_KM = 0.5
"""How far apart two coordinates of one row may be and still mean one place."""

BOX_MARGIN_DEGREES = 0.1
"""How far around the areas a coordinate as written is plausible."""

CENTRE_KM = {"desa": 0.005, "kecamatan": 0.05, "kabupaten": 0.25, "provinsi": 0.5}
"""How near the middle of an area a point counts as that middle."""

PLACEHOLDERS = ((-2.8441, 119.2321, "Sulawesi Barat"),)
"""Points (lat, lon, of what) that geocoders and other programs give for a whole area; known from real files."""

PLACEHOLDER_KM = 0.02

COARSE_DEGREES = 0.01
"""A coordinate told no finer than this (1 km) may lie in another desa than it seems to."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A reading of a point, the desa it falls in (None outside all), and how many metres outside of it it lies."""

    candidate: Candidate
    desa: str | None
    shore_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPoint:
    """The coordinates of one row: its readings, `blank` if nothing is written, and the cells as one text.

    `apart`: the coordinate cell and the cells of latitude and longitude mean different places.
    """

    landings: tuple[Landing, ...]
    blank: bool
    written: str
    apart: bool = False

    @property
    def plain_desa(self) -> str | None:
        """The desa of a point that is read as written and in one way only; None for all others."""
        plain = len(self.landings) == 1 and not self.landings[0].candidate.repairs
        return self.landings[0].desa if plain else None


def read_point_rows(cells: pd.DataFrame, boundaries: Boundaries, locator: Locator) -> list[RowPoint]:
    """The points of all rows, located in one go."""
    lon_min, lat_min, lon_max, lat_max = (float(edge) for edge in boundaries.desa.total_bounds)
    margin = BOX_MARGIN_DEGREES
    box = (lon_min - margin, lat_min - margin, lon_max + margin, lat_max + margin)
    parts = [column(cells, field) for field in ("lintang", "bujur", "koordinat")]
    lat, lon, both = (pd.Series(texts, dtype="str") for texts in parts)
    readings = read_points(lat, lon, both, box)
    apart = _apart(lat, lon, both, box)
    return [
        RowPoint(
            landings=landings,
            blank=reading.empty,
            written="; ".join(text for text in texts if text),
            apart=row in apart,
        )
        for row, (reading, landings, *texts) in enumerate(zip(readings, _land(readings, locator), *parts, strict=True))
    ]


def _apart(lat: pd.Series, lon: pd.Series, both: pd.Series, box: Box) -> set[int]:
    """Positions of rows whose coordinate cell and whose two cells mean places farther apart than `APART_KM`."""
    twice = np.flatnonzero((lat.notna() & lon.notna() & both.notna()).to_numpy())
    if not len(twice):
        return set()
    lat, lon, both = (texts.iloc[twice].reset_index(drop=True) for texts in (lat, lon, both))
    nothing = pd.Series([None] * len(twice), dtype="str")
    pairs = zip(
        twice.tolist(), read_points(lat, lon, nothing, box), read_points(nothing, nothing, both, box), strict=True
    )
    return {row for row, in_two, in_one in pairs if not _meet(in_two.candidates, in_one.candidates)}


def _meet(candidates: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Whether any two readings mean one place, or there are no two to compare."""
    pairs = list(product(candidates, others))
    if not pairs:
        return True
    ends = [np.array([getattr(pair[end], name) for pair in pairs]) for end in (0, 1) for name in ("lon", "lat")]
    return bool((distance_km(*ends) <= APART_KM).any())


def _land(readings: Sequence[PointReading], locator: Locator) -> list[tuple[Landing, ...]]:
    candidates = [candidate for reading in readings for candidate in reading.candidates]
    where = locator.assign([candidate.lon for candidate in candidates], [candidate.lat for candidate in candidates])
    codes = where["kode"].astype(object).where(where["kode"].notna(), None)
    landed = iter([Landing(*parts) for parts in zip(candidates, codes, where["jarak_m"], strict=True)])
    return [tuple(next(landed) for _ in reading.candidates) for reading in readings]


def area_centres(boundaries: Boundaries, gazetteer: Gazetteer) -> pd.DataFrame:
    """The middle of every area: columns `nama`, `near_km`, `lon`, `lat` (degrees), the largest areas first.

    The centroid of an upper area is the area-weighted mean of its desa's centroids.
    """
    shapes = boundaries.desa.geometry.to_numpy()
    middle, size = shapely.centroid(shapes), shapely.area(shapes)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    weighted = pd.DataFrame({"lon": x * size, "lat": y * size, "size": size})
    tables = [pd.DataFrame(PLACEHOLDERS, columns=["lat", "lon", "nama"]).assign(near_km=PLACEHOLDER_KM)]
    for level in reversed(LEVELS):
        codes = boundaries.desa.index if level == "desa" else boundaries.desa[PARENT_COLUMNS[level]]
        sums = weighted.groupby(codes.to_numpy()).sum()
        names = [gazetteer.label(str(code)) for code in sums.index]
        centroid = {"nama": names, "lon": sums["lon"] / sums["size"], "lat": sums["lat"] / sums["size"]}
        tables.append(pd.DataFrame(centroid).assign(near_km=CENTRE_KM[level]))
    return pd.concat(tables, ignore_index=True)


def middles(lon: FloatArray, lat: FloatArray, centres: pd.DataFrame) -> dict[int, str]:
    """Position of each point that is the middle of an area -> the name of the largest such area."""
    if not len(lon):
        return {}
    points = ecef_km(lon, lat)
    names: dict[int, str] = {}
    for near_km, middle in centres.groupby("near_km", sort=False):
        tree = cKDTree(ecef_km(middle["lon"].to_numpy(dtype=float), middle["lat"].to_numpy(dtype=float)))
        apart, nearest = (np.asarray(part) for part in tree.query(points, distance_upper_bound=float(str(near_km))))
        named = middle["nama"].tolist()
        for position in np.flatnonzero(np.isfinite(apart)).tolist():
            names.setdefault(position, named[int(nearest[position])])
    return names


def coarse(lon: FloatArray, lat: FloatArray, precision: FloatArray, locator: Locator) -> list[bool]:
    """For each point told to `precision` degrees: whether its rounding may hide that it lies in another desa."""
    half = precision / 2
    corners = [locator.assign(lon + east * half, lat + north * half)["kode"] for east in (-1, 1) for north in (-1, 1)]
    table = pd.concat(corners, axis=1)
    return (table.nunique(axis=1, dropna=False) > 1).tolist()
