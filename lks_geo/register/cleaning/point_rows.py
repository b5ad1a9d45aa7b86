"""The coordinate cells of all rows read and located: every reading of every row with the desa that it falls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lks_geo.geo import distance_km
from lks_geo.locate import Locator
from lks_geo.register.cleaning.columns import column
from lks_geo.register.meaning.coordinates import PointReading, read_points
from lks_geo.register.meaning.pairs import Box, Candidate
from lks_geo.tables import Boundaries

APART_KM = 0.5
"""How far apart two coordinates of one row may be and still mean one place."""

BOX_MARGIN_DEGREES = 0.1
"""How far around the areas a coordinate as written is plausible."""


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
    told = [column(cells, field) for field in ("lintang", "bujur", "koordinat")]
    lat, lon, both = (pd.Series(texts, dtype="str") for texts in told)
    readings = read_points(lat, lon, both, box)
    apart = _apart(lat, lon, both, box)
    return [
        RowPoint(
            landings=landings,
            blank=reading.empty,
            written="; ".join(text for text in texts if text),
            apart=row in apart,
        )
        for row, (reading, landings, *texts) in enumerate(zip(readings, _land(readings, locator), *told, strict=True))
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


def _meet(some: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Whether any two readings mean one place, or there are no two to compare."""
    pairs = [(one, other) for one in some for other in others]
    if not pairs:
        return True
    ends = [np.array([getattr(pair[i], name) for pair in pairs]) for i in (0, 1) for name in ("lon", "lat")]
    return bool((distance_km(*ends) <= APART_KM).any())


def _land(readings: Sequence[PointReading], locator: Locator) -> list[tuple[Landing, ...]]:
    candidates = [candidate for reading in readings for candidate in reading.candidates]
    where = locator.assign([candidate.lon for candidate in candidates], [candidate.lat for candidate in candidates])
    codes = where["kode"].astype(object).where(where["kode"].notna(), None)
    landed = iter([Landing(*parts) for parts in zip(candidates, codes, where["jarak_m"], strict=True)])
    return [tuple(next(landed) for _ in reading.candidates) for reading in readings]
