"""Where the place of each row stands: its points weighed against the area that the row states (DESIGN section 4).

Decides: a reading that lands in the stated area wins over readings that do not; a repair is trusted only if it lands
there; two readings that both do, or neither, are not guessed between: the point is left out. A point that contradicts
the statement is used all the same and the row is doubtful. Points on the middle of an area (what geocoders and other
programs fill in) are doubtful; the interior point of the stated desa is what this tool itself fills in.

Gets wrong: a wrong point that happens to lie in the stated area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from lks_geo.geo import ecef_km
from lks_geo.locate import Locator, interior_points
from lks_geo.messages import Message, msg
from lks_geo.register.coordinates import Candidate, PointReading
from lks_geo.register.gazetteer import Gazetteer
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.statement import Statement, confirmed
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries

CENTRE_KM = {"desa": 0.015, "kecamatan": 0.1, "kabupaten": 0.25, "provinsi": 0.5}
"""How near the middle of an area a point counts as that middle and not as an address."""

SAME_POINT_DEGREES = 1e-6
"""Two coordinates nearer than this are the same number, rounded."""

COARSE_DEGREES = 0.01
"""A coordinate told no finer than this (1 km) does not settle a desa by itself."""


@dataclass(frozen=True, slots=True)
class _Landing:
    """A reading of a point and the desa it falls in (None outside all), `shore_m` metres outside of it."""

    candidate: Candidate
    desa: str | None
    shore_m: float


@dataclass(frozen=True, kw_only=True)
class PlaceWorld:
    """What the judging of points asks: areas by name, desa by point, interior points and middles of areas."""

    gazetteer: Gazetteer
    locator: Locator
    interior: pd.DataFrame
    centres: pd.DataFrame

    @classmethod
    def of(cls, boundaries: Boundaries, gazetteer: Gazetteer) -> PlaceWorld:
        return cls(
            gazetteer=gazetteer,
            locator=Locator(boundaries),
            interior=interior_points(boundaries),
            centres=area_centres(boundaries),
        )


def area_centres(boundaries: Boundaries) -> pd.DataFrame:
    """The centroid of every area of every level: columns `kode`, `level`, `lon`, `lat` (degrees).

    Those of upper levels are the area-weighted means of their desa, which is the centroid of the dissolved area.
    """
    shapes = boundaries.desa.geometry.to_numpy()
    middle, size = shapely.centroid(shapes), shapely.area(shapes)
    desa = pd.DataFrame({"kode": boundaries.desa.index, "lon": shapely.get_x(middle), "lat": shapely.get_y(middle)})
    tables = [desa.assign(level="desa")]
    weighted = pd.DataFrame({"lon": desa["lon"] * size, "lat": desa["lat"] * size, "size": size})
    for level in LEVELS[1:]:
        sums = weighted.groupby(boundaries.desa[PARENT_COLUMNS[level]].to_numpy()).sum()
        upper = pd.DataFrame({"lon": sums["lon"] / sums["size"], "lat": sums["lat"] / sums["size"], "level": level})
        tables.append(upper.rename_axis("kode").reset_index())
    return pd.concat(tables, ignore_index=True)


def place_rows(
    statements: Sequence[Statement], readings: Sequence[PointReading], world: PlaceWorld, ledger: Ledger
) -> pd.DataFrame:
    """Where each row stands: `lintang`, `bujur`, `lokasi`, `kode_desa`, `kode_kecamatan`, `kode_kabupaten`, RangeIndex.

    Puts every remark on location, including those of the statements, on the ledger.
    """
    landings = _land(readings, world.locator)
    size = len(statements)
    lat, lon = np.full(size, np.nan), np.full(size, np.nan)
    kind = np.empty(size, dtype=object)
    area = np.empty(size, dtype=object)
    for row, (statement, reading, landed) in enumerate(zip(statements, readings, landings, strict=True)):
        chosen, settled, remarks = _judge(statement, reading, landed, world)
        if chosen is None:
            kind[row], area[row] = _without_point(settled, world)
            remarks.append(_blank_remark(settled, kind[row], world.gazetteer))
        else:
            lat[row], lon[row] = chosen.candidate.lat, chosen.candidate.lon
            kind[row], area[row] = ("titik", chosen.desa) if chosen.desa else ("luar_wilayah", None)
        for remark in (*settled.remarks, *remarks):
            ledger.add(row, remark)
    guessed = np.flatnonzero(kind == "perkiraan")
    inside = world.interior.loc[area[guessed]]
    lat[guessed], lon[guessed] = inside["lat"], inside["lon"]
    _mark_centres(lat, lon, kind, area, world, ledger)
    return _table(lat, lon, kind, area, world.gazetteer)


def _land(readings: Sequence[PointReading], locator: Locator) -> list[tuple[_Landing, ...]]:
    """The desa of every candidate of every reading, located in one go."""
    candidates = [candidate for reading in readings for candidate in reading.candidates]
    where = locator.assign([candidate.lon for candidate in candidates], [candidate.lat for candidate in candidates])
    codes = where["kode"].astype(object).where(where["kode"].notna(), None)
    landed = iter([_Landing(*parts) for parts in zip(candidates, codes, where["jarak_m"], strict=True)])
    return [tuple(next(landed) for _ in reading.candidates) for reading in readings]


def _judge(
    statement: Statement, reading: PointReading, landed: tuple[_Landing, ...], world: PlaceWorld
) -> tuple[_Landing | None, Statement, list[Remark]]:
    """The reading to use (None: no point), the statement as the point settles it, and remarks on the point."""
    if not landed:
        return None, statement, [] if reading.empty else [Remark(jenis="koordinat_tak_terbaca", kolom="koordinat")]
    gazetteer = world.gazetteer
    verdicts = [_lands_in(statement, landing.desa, gazetteer) for landing in landed]
    agreeing = [landing for landing, verdict in zip(landed, verdicts, strict=True) if verdict]
    as_written = [landing for landing in agreeing if not landing.candidate.repairs]
    winners = as_written or agreeing if len(landed) > 1 else list(landed)
    if len(winners) != 1:
        return None, statement, [_two_readings(landed)]
    chosen = winners[0]
    if _is_own_guess(chosen, statement, world):
        return None, statement, []
    remarks = _remarks_on(chosen, statement, _lands_in(statement, chosen.desa, gazetteer), gazetteer)
    if chosen.desa in statement.possible:
        statement = confirmed(statement, chosen.desa, gazetteer)
    return chosen, statement, remarks


def _lands_in(statement: Statement, desa: str | None, gazetteer: Gazetteer) -> bool | None:
    """Whether a point in `desa` (None: in none) lies where the row says; None if the row says nothing sure."""
    if statement.area is None and not statement.possible:
        return None
    if desa is None:
        return False
    return desa in statement.possible or (statement.area is not None and gazetteer.holds(statement.area, desa))


def _is_own_guess(chosen: _Landing, statement: Statement, world: PlaceWorld) -> bool:
    """Whether the point is the interior point of the stated desa, which says no more than the desa does."""
    if statement.area is None or statement.area != chosen.desa or chosen.desa not in world.interior.index:
        return False
    inside = world.interior.loc[chosen.desa]
    candidate = chosen.candidate
    apart = max(abs(candidate.lon - inside["lon"]), abs(candidate.lat - inside["lat"]))
    return bool(apart < SAME_POINT_DEGREES)


def _two_readings(landed: tuple[_Landing, ...]) -> Remark:
    listed = " | ".join(_written(landing.candidate) for landing in landed[:4])
    return Remark(jenis="koordinat_dua_bacaan", kolom="koordinat", params={"labels": listed})


def _written(candidate: Candidate) -> str:
    return f"{candidate.lat:.6f}; {candidate.lon:.6f}"


def _remarks_on(chosen: _Landing, statement: Statement, agrees: bool | None, gazetteer: Gazetteer) -> list[Remark]:
    """What is to be said about the point in use."""
    candidate = chosen.candidate
    used = _written(candidate)
    remarks = []
    if candidate.repairs:
        jenis = "koordinat_tanpa_bukti" if agrees is None else "koordinat_diperbaiki"
        remarks.append(Remark(jenis=jenis, kolom="koordinat", sesudah=used, params={"repairs": _repairs(candidate)}))
    where = gazetteer.label(chosen.desa) if chosen.desa else None
    if chosen.shore_m > 0:
        params: dict[str, object] = {"metres": chosen.shore_m}
        remarks.append(Remark(jenis="titik_di_tepi", kolom="koordinat", sebelum=used, sesudah=where, params=params))
    if agrees is False:
        stated = gazetteer.label(statement.area or min(statement.possible))
        jenis = "titik_bertentangan" if where else "titik_luar_bertentangan"
        remarks.append(Remark(jenis=jenis, kolom="koordinat", sebelum=stated, sesudah=where or used))
    elif where is None:
        remarks.append(Remark(jenis="titik_luar_wilayah", kolom="koordinat", sebelum=used))
    return remarks


def _repairs(candidate: Candidate) -> Message:
    """The repairs of a reading in words, one message."""
    named = [msg(f"values.repair.{repair}") for repair in candidate.repairs]
    return reduce(lambda first, second: msg("register.both", first=first, second=second), named)


def _without_point(statement: Statement, world: PlaceWorld) -> tuple[str, str | None]:
    """How a row without a usable point stands, and the area it stands in."""
    if statement.area is None:
        return "tanpa_titik", None
    level = world.gazetteer.areas[statement.area].level
    return ("perkiraan" if level == "desa" else "tanpa_titik"), statement.area


def _blank_remark(statement: Statement, kind: str, gazetteer: Gazetteer) -> Remark:
    if kind == "perkiraan" and statement.area is not None:
        return Remark(jenis="titik_dari_desa", kolom="koordinat", sesudah=gazetteer.label(statement.area))
    if statement.area is None:
        return Remark(jenis="tanpa_lokasi", kolom="koordinat")
    return Remark(jenis="hanya_wilayah", kolom="koordinat", sebelum=gazetteer.label(statement.area))


def _mark_centres(
    lat: npt.NDArray[np.float64],
    lon: npt.NDArray[np.float64],
    kind: npt.NDArray[np.object_],
    area: npt.NDArray[np.object_],
    world: PlaceWorld,
    ledger: Ledger,
) -> None:
    """Remarks on points that stand on the middle of an area, or on the interior point of a desa not stated."""
    rows = np.flatnonzero((kind == "titik") | (kind == "luar_wilayah"))
    if not len(rows):
        return
    points = ecef_km(lon[rows], lat[rows])
    seen: set[int] = set()
    for level, near_km in sorted(CENTRE_KM.items(), key=lambda item: -LEVELS.index(item[0])):
        centres = world.centres[world.centres["level"] == level]
        if centres.empty:
            continue
        tree = cKDTree(ecef_km(centres["lon"].to_numpy(), centres["lat"].to_numpy()))
        apart, nearest = tree.query(points, distance_upper_bound=near_km)
        for position in np.flatnonzero(np.isfinite(apart)):
            row = int(rows[position])
            if row not in seen:
                seen.add(row)
                code = str(centres["kode"].iloc[nearest[position]])
                _centre_remark(row, code, world.gazetteer, ledger)
    inside = world.interior.reindex([code if isinstance(code, str) else "" for code in area[rows]])
    own = np.maximum(abs(inside["lon"].to_numpy() - lon[rows]), abs(inside["lat"].to_numpy() - lat[rows]))
    for position in np.flatnonzero(own < SAME_POINT_DEGREES):
        row = int(rows[position])
        if row not in seen:
            _centre_remark(row, str(area[row]), world.gazetteer, ledger)


def _centre_remark(row: int, code: str, gazetteer: Gazetteer, ledger: Ledger) -> None:
    ledger.add(row, Remark(jenis="titik_pusat_wilayah", kolom="koordinat", sebelum=gazetteer.label(code) or code))


def _table(
    lat: npt.NDArray[np.float64],
    lon: npt.NDArray[np.float64],
    kind: npt.NDArray[np.object_],
    area: npt.NDArray[np.object_],
    gazetteer: Gazetteer,
) -> pd.DataFrame:
    columns: dict[str, object] = {"lintang": lat, "bujur": lon, "lokasi": pd.array(kind, dtype="str")}
    known = {code: {level: gazetteer.upper(code, level) for level in LEVELS[:3]} for code in set(area) - {None}}
    nothing: dict[str, str | None] = {}
    for level in LEVELS[:3]:
        columns[f"kode_{level}"] = pd.array([known.get(code, nothing).get(level) for code in area], dtype="str")
    return pd.DataFrame(columns)
