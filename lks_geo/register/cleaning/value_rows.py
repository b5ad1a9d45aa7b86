"""What the cells of each row say: its single values (status, legal form, accreditation, counts), with remarks on
doubtful ones; and every reading of its point, with the desa that it falls in.

Decides: a blank is not known and is no fault, except under a status heading, where it hides whether the place works. A
file without any status column says nothing about status, and all its places count as active. A word that is not
understood in a side field (legal form, development, accreditation, clients) is a remark, no doubt about the place.
Within a few metres (desa) to half a kilometre (provinsi) of an area's centroid a point is a middle, because the
centroid moves a little with every edition of the boundaries. Gets wrong: an LKS that really stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal, Protocol, TypeVar

import numpy as np
import pandas as pd
import shapely

from lks_geo.geo import FloatArray, distance_km, ecef_km, near_pairs
from lks_geo.locate import Locator
from lks_geo.messages import msg
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.coordinates import PointReading, read_points
from lks_geo.register.meaning.dates import read_date
from lks_geo.register.meaning.pairs import Box, Candidate, box_of
from lks_geo.register.meaning.values import (
    AccreditationReading,
    CountReading,
    read_accreditation,
    read_count,
    read_development,
    read_legal,
    read_status,
)
from lks_geo.register.reading.raw import RawRegister
from lks_geo.sheets.sheet import CellKind, column, read_each
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries

_SIDE = frozenset(
    ("id", "sistem", "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "tahun", "kapasitas", "klien",
     "klien_pria", "klien_perempuan", "alamat_publik")
)  # fmt: skip
"""Fields whose unknown value makes no row doubtful."""
_UNREAD = {CellKind.FORMULA: "sel_rumus", CellKind.ERROR: "sel_galat"}


def read_value_rows(raw: RawRegister, ledger: Ledger) -> pd.DataFrame:
    """Columns `aktif`, `badan_hukum`, `perkembangan`, `akreditasi`, `berlaku_sampai`, `kapasitas`, `klien`, `tahun`."""
    cells = raw.cells
    headings = {field: heading for sheet in reversed(raw.sheets) for field, heading in sheet.columns.items()}
    for (row, name), kind in raw.unread.items():
        if name not in _SIDE:
            ledger.add(row, Remark(jenis=_UNREAD[kind], kolom=name, params={"heading": headings.get(name, name)}))
    accreditation = _read(cells, "akreditasi", read_accreditation, ledger)
    legal = _read(cells, "badan_hukum", read_legal, ledger)
    development = _read(cells, "perkembangan", read_development, ledger)
    return pd.DataFrame(
        {
            "aktif": _active(raw, ledger),
            "badan_hukum": _column([reading.legal for reading in legal], cells, "boolean"),
            "perkembangan": _column([reading.stage for reading in development], cells, "str"),
            "akreditasi": _ranks(accreditation, cells, ledger),
            "berlaku_sampai": _valid_until(cells, accreditation, ledger),
            "kapasitas": _count(cells, "kapasitas", ledger),
            "klien": _clients(cells, ledger),
            "tahun": _year(cells, accreditation, ledger),
        },
        index=cells.index,
    )


def status_recorded(raw: RawRegister) -> bool:
    """Whether any sheet of the file has a status column."""
    return "status_aktif" in raw.cells.columns


def _active(raw: RawRegister, ledger: Ledger) -> pd.Series:
    cells = raw.cells
    if not status_recorded(raw):
        return pd.Series(True, index=cells.index, dtype="boolean")
    with_column = {sheet.name for sheet in raw.sheets if "status_aktif" in sheet.columns}
    texts = column(cells, "status_aktif")
    readings = read_each(texts, read_status)
    sheets = column(cells, "lembar")
    for row, reading in enumerate(readings):
        if not reading.understood:
            ledger.add(row, Remark(jenis="status_tak_terbaca", kolom="status_aktif", sebelum=texts[row]))
        elif reading.active is None:
            missing = bool(with_column) and sheets[row] not in with_column
            ledger.add(row, Remark(jenis="status_tanpa_kolom" if missing else "status_kosong", kolom="status_aktif"))
    return _column([reading.active for reading in readings], cells, "boolean")


class _Understood(Protocol):
    @property
    def understood(self) -> bool: ...


R = TypeVar("R", bound=_Understood)


def _read(cells: pd.DataFrame, field: str, reader: Callable[[str | None], R], ledger: Ledger) -> list[R]:
    """The readings of one field; what is not understood is remarked on."""
    texts = column(cells, field)
    readings = read_each(texts, reader)
    for row, reading in enumerate(readings):
        if not reading.understood:
            ledger.add(row, _about(field, "isian_tak_terbaca", texts[row]))
    return readings


def _about(field: str, jenis: str, before: str | None, after: str | None = None, **params: object) -> Remark:
    """A remark on a single value, with the field's name in words."""
    named = {"field": msg(f"register.field_{field}"), **params}
    return Remark(jenis=jenis, kolom=field, sebelum=before, sesudah=after, params=named)


def _ranks(readings: Sequence[AccreditationReading], cells: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """The rank; one that the cell itself calls expired, without saying when, counts as none."""
    texts = column(cells, "akreditasi")
    ranks = []
    for row, reading in enumerate(readings):
        over = reading.expired and reading.expires is None
        if over:
            ledger.add(row, _about("akreditasi", "akreditasi_kedaluwarsa", texts[row]))
        ranks.append("belum" if over else reading.rank)
    return _column(ranks, cells, "str")


def _column(values: Sequence[object], cells: pd.DataFrame, dtype: Literal["boolean", "Int64", "str"]) -> pd.Series:
    return pd.Series(list(values), index=cells.index, dtype=dtype)


def _valid_until(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The last day of the accreditation: from its own column, else as the rank's cell tells it."""
    texts = column(cells, "berlaku_sampai")
    days: list[date | None] = []
    for row, reading in enumerate(read_each(texts, read_date)):
        if not reading.understood:
            ledger.add(row, _about("berlaku_sampai", "tanggal_tak_terbaca", texts[row]))
        elif reading.kind == "terbalik" and reading.value is not None:
            day = reading.value
            ledger.add(row, _about("berlaku_sampai", "tanggal_terbalik", texts[row], day.isoformat(), day=day))
        days.append(reading.value or accreditation[row].expires)
    return pd.Series(pd.to_datetime(pd.Series(days, dtype=object)).to_numpy("datetime64[s]"), index=cells.index)


def _count(cells: pd.DataFrame, field: str, ledger: Ledger) -> pd.Series:
    texts = column(cells, field)
    readings = read_each(texts, read_count)
    for row, reading in enumerate(readings):
        _remark_count(row, reading, texts[row], field, ledger)
    return _column([reading.value for reading in readings], cells, "Int64")


def _remark_count(row: int, reading: CountReading, text: str | None, field: str, ledger: Ledger) -> None:
    if not reading.understood:
        ledger.add(row, _about(field, "jumlah_tak_terbaca" if field == "kapasitas" else "klien_tak_terbaca", text))
    elif reading.kind != "tepat":
        ledger.add(row, _about(field, f"jumlah_{reading.kind}", text, str(reading.value)))


def _clients(cells: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Clients: the total column, else men and women together (one of them alone if the other is blank)."""
    total = _count(cells, "klien", ledger)
    parts = pd.concat([_count(cells, name, ledger) for name in ("klien_pria", "klien_perempuan")], axis=1)
    return total.fillna(parts.sum(axis=1, min_count=1).astype("Int64"))


def _year(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The year that a row is about: its own column, else the year of the accreditation."""
    texts = column(cells, "tahun")
    years: list[int | None] = []
    for row, reading in enumerate(read_each(texts, read_date)):
        if not reading.understood:
            ledger.add(row, _about("tahun", "tanggal_tak_terbaca", texts[row]))
        years.append(reading.value.year if reading.value else accreditation[row].year)
    return _column(years, cells, "Int64")


APART_KM = 0.5
"""How far apart two coordinates of one row may be and still mean one place."""

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
    box = box_of(boundaries)
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
        names = [gazetteer.label(str(code)) for code in sums.index.tolist()]
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
        centre_xyz = ecef_km(middle["lon"].to_numpy(dtype=float), middle["lat"].to_numpy(dtype=float))
        point, centre, apart = near_pairs(points, centre_xyz, float(str(near_km)))
        named = middle["nama"].tolist()
        for at in np.lexsort((centre, apart, point)).tolist():
            names.setdefault(int(point[at]), named[centre[at]])
    return names


def coarse(lon: FloatArray, lat: FloatArray, precision: FloatArray, locator: Locator) -> list[bool]:
    """For each point told to `precision` degrees: whether its rounding may hide that it lies in another desa."""
    half = precision / 2
    corners = [locator.assign(lon + east * half, lat + north * half)["kode"] for east in (-1, 1) for north in (-1, 1)]
    table = pd.concat(corners, axis=1)
    return (table.nunique(axis=1, dropna=False) > 1).tolist()
