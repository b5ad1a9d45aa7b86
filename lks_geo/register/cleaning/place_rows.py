"""Where the place of each row stands: its points weighed against the area that the row states.

Decides: a reading that lands in the stated area wins over readings that do not; a repair is trusted only if it lands
there, and one that changes digits is not used at all if it lands elsewhere; two readings that both do, or neither, are
not guessed between: the point is left out. A point that contradicts the statement is used all the same and the row is
doubtful. Points on the middle of an area (what geocoders and other programs fill in) are doubtful.

Gets wrong: a wrong point that happens to lie in the stated area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray
from lks_geo.locate import Locator, interior_points
from lks_geo.messages import Message, msg
from lks_geo.register.areas.area_codes import AreaList, read_area_list
from lks_geo.register.areas.gazetteer import Gazetteer, gazetteer_of
from lks_geo.register.areas.statement import Statement, seen_with_point
from lks_geo.register.cleaning.value_rows import COARSE_DEGREES, Landing, RowPoint, area_centres, coarse, middles
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.pairs import Candidate
from lks_geo.sheets.sheet import column, texts_of
from lks_geo.tables import LEVELS, Boundaries
from lks_geo.thrift import kept

CERTAIN_REPAIRS = frozenset({"tertukar", "tanda_hilang", "simbol_dms_salah", "teks_diabaikan", "utm"})
"""Repairs that leave no doubt which point is meant, wherever it lies; others are only trusted where the row says."""


@dataclass(frozen=True, kw_only=True)
class PlaceWorld:
    """What the judging of points asks: areas by name, desa by point, interior points and middles of areas."""

    gazetteer: Gazetteer
    locator: Locator
    interior: pd.DataFrame
    centres: pd.DataFrame


def place_world(boundaries: Boundaries) -> PlaceWorld:
    """What these boundaries answer, made once."""

    def make() -> PlaceWorld:
        gazetteer = gazetteer_of(boundaries)
        return PlaceWorld(
            gazetteer=gazetteer, locator=Locator(boundaries), interior=interior_points(boundaries),
            centres=area_centres(boundaries, gazetteer),
        )  # fmt: skip

    return kept(boundaries, "place_world", make)


def place_rows(
    statements: Sequence[Statement], points: Sequence[RowPoint], world: PlaceWorld, ledger: Ledger
) -> pd.DataFrame:
    """Where each row stands: `lintang`, `bujur`, `lokasi`, `kode_desa`, `kode_kecamatan`, `kode_kabupaten`, RangeIndex.

    Puts every remark on location on the ledger, including those of the statements.
    """
    size = len(statements)
    lat, lon = np.full(size, np.nan), np.full(size, np.nan)
    kind = np.empty(size, dtype=object)
    area = np.empty(size, dtype=object)
    used: dict[int, tuple[Landing, Statement]] = {}
    for row, (statement, point) in enumerate(zip(statements, points, strict=True)):
        chosen, settled, remarks = _judge(statement, point, world.gazetteer)
        if chosen is None:
            kind[row], area[row] = _without_point(settled, world)
            remarks += _against_address(settled, world.gazetteer)
            remarks.append(_blank_remark(settled, kind[row], world.gazetteer))
        else:
            used[row] = (chosen, settled)
            lat[row], lon[row] = chosen.candidate.lat, chosen.candidate.lon
            kind[row], area[row] = ("titik", chosen.desa) if chosen.desa else ("luar_wilayah", None)
        for remark in (*settled.remarks, *remarks):
            ledger.add(row, remark)
    guessed = np.flatnonzero(kind == "perkiraan")
    inside = world.interior.loc[area[guessed]]
    lat[guessed], lon[guessed] = inside["lat"], inside["lon"]
    _mark_middles(lat, lon, kind, world, ledger)
    _mark_coarse(used, points, world, ledger)
    return _table(lat, lon, kind, area, world.gazetteer)


def _judge(
    statement: Statement, point: RowPoint, gazetteer: Gazetteer
) -> tuple[Landing | None, Statement, list[Remark]]:
    """The reading to use (None: no point), the statement as the point settles it, and remarks on the point."""
    landed, written = point.landings, point.written
    if not landed:
        unread = Remark(jenis="koordinat_tak_terbaca", kolom="koordinat", sebelum=written)
        return None, statement, [] if point.blank else [unread]
    if _is_undisputed(statement, point):
        return landed[0], statement, []
    chosen = _winner(landed, statement, gazetteer)
    if chosen is None:
        return None, statement, [_two_readings(landed, written)]
    agrees = _agrees(statement, chosen.desa, gazetteer)
    if agrees is False and not CERTAIN_REPAIRS.issuperset(chosen.candidate.repairs):
        return None, statement, [_unlikely_repair(chosen, written)]
    remarks = _remarks_on(chosen, statement, written, agrees, gazetteer)
    statement = statement.cells or statement
    if point.apart:
        used = _written(chosen.candidate)
        remarks.append(Remark(jenis="koordinat_berbeda", kolom="koordinat", sebelum=written, sesudah=used))
    if chosen.desa is not None:
        statement = seen_with_point(statement, chosen.desa, gazetteer)
    return chosen, statement, remarks


def _is_undisputed(statement: Statement, point: RowPoint) -> bool:
    """Whether the one reading of a point lies as written in the desa that all of the row states: nothing to weigh."""
    landing = point.landings[0]
    alone = len(point.landings) == 1 and not point.apart and not landing.candidate.repairs and landing.shore_m == 0
    plain = not (statement.remarks or statement.cells or statement.address or statement.misspelt)
    return alone and plain and landing.desa is not None and landing.desa == statement.area


def _winner(landed: tuple[Landing, ...], statement: Statement, gazetteer: Gazetteer) -> Landing | None:
    """The only reading, else the only one that lands in the stated area (as written, if any is); None if several do."""
    agreeing = [landing for landing in landed if _lands_in(statement, landing.desa, gazetteer)]
    as_written = [landing for landing in agreeing if not landing.candidate.repairs]
    winners = landed if len(landed) == 1 else as_written or agreeing
    return winners[0] if len(winners) == 1 else None


def _lands_in(statement: Statement, desa: str | None, gazetteer: Gazetteer) -> bool | None:
    """Whether a point in `desa` (None: in none) lies where the row says; None if the row says nothing sure."""
    if statement.area is None and not statement.possible:
        return None
    if desa is None:
        return False
    meant = statement.possible if statement.area is None else {statement.area, *statement.possible}
    return any(gazetteer.holds(area, desa) for area in meant)


def _agrees(statement: Statement, desa: str | None, gazetteer: Gazetteer) -> bool | None:
    """Whether a point lies where the cells and the words of the address say; None if neither says anything sure. What
    an address only may mean speaks for a point, never against it."""
    by_cells = _lands_in(statement.cells or statement, desa, gazetteer)
    by_address = _in_address(statement, desa, gazetteer)
    if by_cells is False or by_address is False:
        return False
    return by_cells or by_address or _lands_in(statement, desa, gazetteer) or None


def _in_address(statement: Statement, desa: str | None, gazetteer: Gazetteer) -> bool | None:
    if statement.address is None:
        return None
    return desa is not None and gazetteer.holds(statement.address, desa)


def _unlikely_repair(chosen: Landing, written: str) -> Remark:
    how = {"repairs": _repairs(chosen.candidate)}
    used = _written(chosen.candidate)
    return Remark(jenis="koordinat_tak_cocok", kolom="koordinat", sebelum=written, sesudah=used, params=how)


def _two_readings(landed: tuple[Landing, ...], written: str) -> Remark:
    listed = " / ".join(_written(landing.candidate) for landing in landed[:4])
    return Remark(jenis="koordinat_dua_bacaan", kolom="koordinat", sebelum=written, params={"labels": listed})


def _written(candidate: Candidate) -> str:
    return f"{candidate.lat:.6f}; {candidate.lon:.6f}"


def _remarks_on(
    chosen: Landing, statement: Statement, written: str, agrees: bool | None, gazetteer: Gazetteer
) -> list[Remark]:
    """What is to be said about the point in use."""
    candidate = chosen.candidate
    used = _written(candidate)
    remarks = []
    if candidate.repairs:
        jenis = "koordinat_tanpa_bukti" if agrees is None else "koordinat_diperbaiki"
        how = {"repairs": _repairs(candidate)}
        remarks.append(Remark(jenis=jenis, kolom="koordinat", sebelum=written, sesudah=used, params=how))
    where = gazetteer.label(chosen.desa) if chosen.desa else None
    if chosen.shore_m > 0:
        params: dict[str, object] = {"metres": chosen.shore_m}
        remarks.append(Remark(jenis="titik_di_tepi", kolom="koordinat", sebelum=used, sesudah=where, params=params))
    if agrees is False:
        meant = _contradicted(statement, chosen.desa, gazetteer)
        stated = "; ".join(gazetteer.label(area) for area in meant)
        jenis = "titik_bertentangan" if where else "titik_luar_bertentangan"
        remarks.append(Remark(jenis=jenis, kolom="koordinat", sebelum=stated, sesudah=where or used))
    elif where is None:
        remarks.append(Remark(jenis="titik_luar_wilayah", kolom="koordinat", sebelum=used))
    return remarks


def _contradicted(statement: Statement, desa: str | None, gazetteer: Gazetteer) -> list[str]:
    """What of a statement a point in `desa` contradicts: the area of the cells, else that of the address."""
    cells = statement.cells or statement
    if statement.address and _lands_in(cells, desa, gazetteer) is not False:
        return [statement.address]
    return [cells.area] if cells.area else sorted(cells.possible)


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


def _against_address(statement: Statement, gazetteer: Gazetteer) -> list[Remark]:
    """What is to be said if the columns of a row without a point name another area than its address."""
    area, address = statement.area, statement.address
    if statement.cells or area is None or address is None:
        return []
    if gazetteer.holds(address, area) or gazetteer.holds(area, address):
        return []
    before, after = gazetteer.label(address), gazetteer.label(area)
    return [Remark(jenis="alamat_bertentangan", kolom="alamat", sebelum=before, sesudah=after)]


def _blank_remark(statement: Statement, kind: str, gazetteer: Gazetteer) -> Remark:
    if kind == "perkiraan" and statement.area is not None:
        return Remark(jenis="titik_dari_desa", kolom="koordinat", sesudah=gazetteer.label(statement.area))
    if statement.area is None:
        return Remark(jenis="tanpa_lokasi", kolom="koordinat")
    return Remark(jenis="hanya_wilayah", kolom="koordinat", sebelum=gazetteer.label(statement.area))


def _mark_middles(
    lat: FloatArray, lon: FloatArray, kind: npt.NDArray[np.object_], world: PlaceWorld, ledger: Ledger
) -> None:
    """Remarks on points that stand on the middle of an area."""
    rows = np.flatnonzero((kind == "titik") | (kind == "luar_wilayah"))
    for position, name in middles(lon[rows], lat[rows], world.centres).items():
        remark = Remark(jenis="titik_pusat_wilayah", kolom="koordinat", sebelum=name)
        ledger.add(int(rows[position]), remark)


def _mark_coarse(
    chosen: dict[int, tuple[Landing, Statement]], points: Sequence[RowPoint], world: PlaceWorld, ledger: Ledger
) -> None:
    """Remarks on points whose few decimals leave the desa open, unless it is the stated one."""
    rough = {
        row: landing
        for row, (landing, statement) in chosen.items()
        if landing.candidate.precision >= COARSE_DEGREES and landing.desa != statement.area
    }
    if not rough:
        return
    found = [landing.candidate for landing in rough.values()]
    lon, lat, precision = (np.array([getattr(point, name) for point in found]) for name in ("lon", "lat", "precision"))
    for (row, landing), unsure in zip(rough.items(), coarse(lon, lat, precision, world.locator), strict=True):
        if unsure:
            after = world.gazetteer.label(landing.desa) if landing.desa else None
            before = points[row].written
            near = {"near": f" ({after})" if after else ""}
            ledger.add(
                row, Remark(jenis="koordinat_kasar", kolom="koordinat", sebelum=before, sesudah=after, params=near)
            )


def _table(
    lat: FloatArray,
    lon: FloatArray,
    kind: npt.NDArray[np.object_],
    area: npt.NDArray[np.object_],
    gazetteer: Gazetteer,
) -> pd.DataFrame:
    columns: dict[str, object] = {"lintang": lat, "bujur": lon, "lokasi": pd.array(kind, dtype="str")}
    codes, distinct = pd.factorize(area)
    for level in LEVELS[:3]:
        upper = [*(gazetteer.upper(code, level) for code in distinct), None]
        columns[f"kode_{level}"] = pd.array(upper, dtype="str").take(codes)
    return pd.DataFrame(columns)


def declared_areas(
    cells: pd.DataFrame,
    rows: pd.DataFrame,
    hidden: npt.NDArray[np.bool_],
    system: str | None,
    gazetteer: Gazetteer,
    ledger: Ledger,
) -> pd.Series:
    """The declared service areas as tuples of codes, with remarks on parts that are not understood.

    What a row to be disguised declares is read from its kecamatan, so that it does not depend on its desa; a name
    without a word for its level may be that of its desa and means its kecamatan.
    """
    desa = texts_of(rows["kode_desa"].mask(pd.Series(hidden, index=rows.index)))
    lines = zip(desa, *(texts_of(rows[f"kode_{level}"]) for level in ("kecamatan", "kabupaten")), strict=True)
    known: dict[tuple[str | None, str | None], AreaList] = {}
    areas = []
    for row, (text, line) in enumerate(zip(column(cells, "cakupan_wilayah"), lines, strict=True)):
        near = next((code for code in line if code), None) if text else None
        if (text, near) not in known:
            known[text, near] = read_area_list(text, near, system, gazetteer)
        listed = known[text, near]
        areas.append(_without_own_desa(listed, near) if hidden[row] else listed.codes)
        for part, code in listed.similar:
            after = gazetteer.label(code)
            ledger.add(row, Remark(jenis="cakupan_mirip", kolom="cakupan_wilayah", sebelum=part, sesudah=after))
        if listed.unknown:
            unknown = "; ".join(listed.unknown)
            ledger.add(row, Remark(jenis="cakupan_tak_dikenal", kolom="cakupan_wilayah", sebelum=unknown))
    return pd.Series(areas, index=rows.index, dtype=object)


def _without_own_desa(listed: AreaList, own: str | None) -> tuple[str, ...]:
    """What a row in `own` declares, whatever its desa is called."""
    said = bool(listed.codes or listed.unknown)
    return (*(code for code in listed.codes if code not in listed.unworded), *([own] if own and said else []))
