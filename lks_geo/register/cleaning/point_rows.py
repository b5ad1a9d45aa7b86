"""The coordinate cells of all rows read and located: every reading of every row with the desa that it falls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lks_geo.locate import Locator
from lks_geo.register.cleaning.columns import column
from lks_geo.register.meaning.coordinates import Candidate, PointReading, read_points
from lks_geo.tables import Boundaries

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
    """The coordinates of one row: its readings, `blank` if nothing is written, and the cells as one text."""

    landings: tuple[Landing, ...]
    blank: bool
    written: str

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
    return [
        RowPoint(landings=landings, blank=reading.empty, written="; ".join(text for text in texts if text))
        for reading, landings, *texts in zip(readings, _land(readings, locator), *told, strict=True)
    ]


def _land(readings: Sequence[PointReading], locator: Locator) -> list[tuple[Landing, ...]]:
    candidates = [candidate for reading in readings for candidate in reading.candidates]
    where = locator.assign([candidate.lon for candidate in candidates], [candidate.lat for candidate in candidates])
    codes = where["kode"].astype(object).where(where["kode"].notna(), None)
    landed = iter([Landing(*parts) for parts in zip(candidates, codes, where["jarak_m"], strict=True)])
    return [tuple(next(landed) for _ in reading.candidates) for reading in readings]
