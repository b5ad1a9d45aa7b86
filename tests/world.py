"""Small worlds for the tests: the drawn one (see conftest.py) and random ones, made row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lks_geo.boundaries.polygon_repair import check_desa
from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.measure import measure_coverage
from lks_geo.settings import Settings
from lks_geo.tables import (
    AREA_COLUMNS,
    REGISTER_COLUMNS,
    Boundaries,
    Coverage,
    Population,
    PopulationFrame,
    Register,
    RegisterFrame,
    Source,
)

NOWHERE = Source(name="drawn", sha256="0" * 64)
CRS_M = "EPSG:32750"
ORIGIN = (680_000.0, 9_700_000.0)
"""South-west corner of the drawn world in CRS_M, where its scale is 1 to about 1 in 100,000."""
ANAK, LANSIA, DISABILITAS, NAPZA, KEKERASAN = DEFAULT_GROUPS
GROUPS = (ANAK, LANSIA, KEKERASAN)
SETTINGS = Settings(groups=GROUPS, reach_km=1.5, day=date(2026, 11, 24), register_complete=True)

_DEGREES = pyproj.Transformer.from_crs(CRS_M, "EPSG:4326", always_xy=True)


def degrees(x_km: float, y_km: float) -> tuple[float, float]:
    """lon, lat of a point of the drawn world, in km from its south-west corner."""
    lon, lat = _DEGREES.transform(ORIGIN[0] + 1000 * x_km, ORIGIN[1] + 1000 * y_km)
    return lon, lat


def boundaries_of(rings: Mapping[str, Iterable[tuple[float, float]]]) -> Boundaries:
    """Boundaries of desa drawn in km: code -> corners. Names are made from the codes."""
    codes = sorted(rings)
    shapes = [shapely.Polygon([degrees(x, y) for x, y in rings[code]]) for code in codes]
    frame = gpd.GeoDataFrame(index=pd.Index(codes, name="kode", dtype="str"), geometry=shapes, crs="EPSG:4326")
    frame["nama"] = [f"Desa {code[-4:]}" for code in codes]
    frame["kode_bps"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    for level, length in (("kecamatan", 8), ("kabupaten", 5), ("provinsi", 2)):
        frame[f"kode_{level}"] = [code[:length] for code in codes]
        frame[level] = [f"{level.title()} {code[:length]}" for code in codes]
    desa = check_desa(frame[[*AREA_COLUMNS, "geometry"]])
    return Boundaries(desa=desa, neighbours=frame.iloc[:0], source=NOWHERE, crs_m=CRS_M)


def population_of(boundaries: Boundaries, people: Mapping[str, Mapping[str, float]]) -> Population:
    """People by group key and desa code (missing = not known); the population points are the interior points."""
    columns = {key: pd.Series(by_desa, dtype=float) for key, by_desa in people.items()}
    table = pd.DataFrame(columns).reindex(boundaries.desa.index).astype(float)
    table[["penduduk", "lintang", "bujur"]] = np.nan
    return Population(table=PopulationFrame(table), source=NOWHERE)


def with_points(population: Population, points: Mapping[str, tuple[float, float]]) -> Population:
    """The population with population points (km) for some desa."""
    table = population.table.copy()
    for code, (x, y) in points.items():
        table.loc[code, ["bujur", "lintang"]] = degrees(x, y)
    return replace(population, table=PopulationFrame(table))


def place(
    place_id: str,
    layanan: Iterable[tuple[str, str | None]],
    at: tuple[float, float] | None,
    desa: str | None = None,
    **more: object,
) -> dict[str, object]:
    """One row of a register: an active place at a point in km, in a desa; other columns by keyword."""
    layanan = tuple(layanan)
    lon, lat = degrees(*at) if at else (np.nan, np.nan)
    row: dict[str, object] = {
        "lembar": "Register", "hasil": "diterima", "id": place_id, "nama": f"LKS {place_id}", "layanan": layanan,
        "kelompok": tuple(dict.fromkeys(key for key, _ in layanan)), "layanan_lain": (), "aktif": True,
        "cakupan_wilayah": (), "lintang": lat, "bujur": lon, "kode_desa": desa,
        "lokasi": "tanpa_titik" if at is None else "titik" if desa else "luar_wilayah",
        "kode_kecamatan": desa[:8] if desa else None, "kode_kabupaten": desa[:5] if desa else None,
        "disamarkan": False,
    }  # fmt: skip
    return row | more


def disguised(
    kecamatan: str, at: tuple[float, float], layanan: Iterable[tuple[str, str | None]], **more: object
) -> dict[str, object]:
    """A row as the disguise leaves it: somewhere in a kecamatan, standing at a point in km."""
    known = {"lokasi": "disamarkan", "kode_kecamatan": kecamatan, "kode_kabupaten": kecamatan[:5], "disamarkan": True}
    return place(f"disamarkan {kecamatan}", layanan, at, **{"nama": None} | known | more)


def register_of(rows: Iterable[Mapping[str, object]], **facts: object) -> Register:
    """A register of rows as `place` makes them, numbered from 2."""
    rows = list(rows)
    frame = pd.DataFrame([{"nomor": number} | dict(row) for number, row in enumerate(rows, start=2)])
    frame = frame.reindex(columns=list(REGISTER_COLUMNS))
    for name in ("aktif", "badan_hukum"):
        frame[name] = pd.array([None if pd.isna(value) else bool(value) for value in frame[name]], dtype="boolean")
    for name in ("kapasitas", "klien"):
        frame[name] = frame[name].astype("Float64").astype("Int64")
    frame["berlaku_sampai"] = pd.to_datetime(frame["berlaku_sampai"])
    frame[["lintang", "bujur"]] = frame[["lintang", "bujur"]].astype(float)
    frame["disamarkan"] = frame["disamarkan"].fillna(False).astype(bool)
    reported = frozenset(frame["kode_kabupaten"].dropna())
    facts = {"issues": (), "sheets": (), "source": NOWHERE, "status_recorded": True, "reported": reported} | facts
    return Register(rows=RegisterFrame(frame), **facts)  # type: ignore[arg-type]


DRAWN_ROWS = (("A", "99.01.01", 6.0), ("B", "99.01.02", 3.0), ("C", "99.02.01", 0.0))
DRAWN_CODES = {f"{row}{column}": f"{kecamatan}.200{column}" for row, kecamatan, _ in DRAWN_ROWS for column in (1, 2, 3)}
DRAWN_CENTRES = {
    DRAWN_CODES[f"{row}{column}"]: (3 * column - 1.5, south + 1.5)
    for row, _, south in DRAWN_ROWS
    for column in (1, 2, 3)
}
DRAWN_CHILDREN = {"A1": 100, "A2": 200, "A3": 300, "B1": 0, "B2": 100, "C1": 50, "C3": 0}


def drawn_boundaries() -> Boundaries:
    """The nine squares."""
    half = 1.5
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    return boundaries_of({code: [(x + dx, y + dy) for dx, dy in corners] for code, (x, y) in DRAWN_CENTRES.items()})


def drawn_population(boundaries: Boundaries) -> Population:
    """Children as drawn, nothing known of the other groups; people live at the middles."""
    children = {DRAWN_CODES[name]: float(number) for name, number in DRAWN_CHILDREN.items()}
    return with_points(population_of(boundaries, {"anak": children}), DRAWN_CENTRES)


def drawn_places() -> list[dict[str, object]]:
    """The four places."""
    a1, b3, c2 = DRAWN_CODES["A1"], DRAWN_CODES["B3"], DRAWN_CODES["C2"]
    return [
        place("L1", [("anak", "dalam")], (1.5, 7.5), a1, kapasitas=20, cakupan_wilayah=("99.01.01",)),
        place("L2", [("anak", "luar"), ("lansia", None)], (7.5, 4.5), b3,
              cakupan_wilayah=("99.02.01.2001", "99.02.01"), akreditasi="B"),
        place("L3", [("lansia", None)], (10.5, 4.5), kapasitas=40, hasil="meragukan"),
        place("L4", [("anak", "luar")], (4.5, 1.5), c2, kapasitas=30, aktif=False),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that `measure_coverage` takes."""

    register: Register
    boundaries: Boundaries
    population: Population
    settings: Settings

    def coverage(self) -> Coverage:
        return measure_coverage(self.register, self.boundaries, self.population, self.settings)


def random_world(seed: int) -> World:
    """A world of 12 to 42 crooked desa in two provinces, with every kind of place, number and setting."""
    rng = np.random.default_rng(seed)
    boundaries = random_boundaries(rng)
    population = random_population(rng, boundaries)
    rows = [random_place(rng, number, boundaries) for number in range(int(rng.integers(0, 50)))]
    rng.shuffle(rows)
    settings = random_settings(rng)
    return World(register=register_of(rows), boundaries=boundaries, population=population, settings=settings)


def random_boundaries(rng: np.random.Generator) -> Boundaries:
    """Crooked four-sided desa on a grid: columns are provinces and kabupaten, rows kecamatan."""
    wide, high = int(rng.integers(4, 8)), int(rng.integers(3, 7))
    corner = np.stack(np.meshgrid(np.arange(wide + 1), np.arange(high + 1), indexing="ij"), axis=-1) * 5.0
    corner += rng.uniform(-1.2, 1.2, corner.shape)
    rings = {}
    for column in range(wide):
        for row in range(high):
            code = f"{90 + column // 4}.{1 + column // 2:02}.{1 + row // 2:02}.{1001 + column * high + row}"
            steps = ((0, 0), (1, 0), (1, 1), (0, 1))
            rings[code] = [tuple(corner[column + dx, row + dy]) for dx, dy in steps]
    return boundaries_of(rings)


def random_population(rng: np.random.Generator, boundaries: Boundaries) -> Population:
    """Each number unknown, 0 or some hundreds; some population points of their own."""
    people = {
        group.key: {
            code: float(rng.choice([0, rng.integers(1, 900)], p=[0.2, 0.8]))
            for code in boundaries.desa.index
            if rng.random() < known
        }
        for group, known in zip(DEFAULT_GROUPS, (1, 0.8, 0.5, 0.15, 0), strict=True)
    }
    population = population_of(boundaries, people)
    inside = shapely.get_coordinates(shapely.point_on_surface(boundaries.desa.geometry.to_numpy()))
    table = population.table.copy()
    own = rng.random(len(table)) < 0.3
    table.loc[own, ["bujur", "lintang"]] = inside[own] + rng.uniform(-0.005, 0.005, (own.sum(), 2))
    return replace(population, table=PopulationFrame(table))


def random_place(rng: np.random.Generator, number: int, boundaries: Boundaries) -> dict[str, object]:
    """A place of any kind; some stand on the very point of another, some outside, some nowhere."""
    desa = boundaries.desa
    code = str(rng.choice(desa.index))
    keys = rng.choice([group.key for group in DEFAULT_GROUPS], int(rng.integers(0, 4)))
    layanan = [(str(key), rng.choice([None, "dalam", "luar"])) for key in keys]
    kinds = ["titik", "perkiraan", "disamarkan", "tanpa_titik", "luar_wilayah"]
    kind = rng.choice(kinds, p=[0.55, 0.15, 0.1, 0.1, 0.1])
    more: dict[str, object] = {
        "hasil": str(rng.choice(["diterima", "diperbaiki", "meragukan", "ditolak"], p=[0.6, 0.15, 0.15, 0.1])),
        "aktif": rng.choice([True, False, None], p=[0.7, 0.15, 0.15]),
        "badan_hukum": rng.choice([True, False, None]),
        "perkembangan": rng.choice(["tumbuh", "berkembang", "mandiri", None]),
        "akreditasi": rng.choice(["A", "B", "C", "TTA", "belum", None]),
        "berlaku_sampai": rng.choice([None, date(2025, 1, 1), SETTINGS.day, date(2028, 1, 1)]),
        "kapasitas": rng.choice([None, int(rng.integers(1, 90))]),
        "cakupan_wilayah": tuple(_random_area(rng, desa) for _ in range(int(rng.integers(0, 4)))),
    }
    if kind == "tanpa_titik":
        known = int(rng.integers(0, 3))
        parents = {"kode_kecamatan": code[:8] if known > 1 else None, "kode_kabupaten": code[:5] if known else None}
        return place(f"L{number}", layanan, None, **more | parents)
    spot = shapely.point_on_surface(desa.geometry[code])
    x, y = spot.x, spot.y
    if kind == "disamarkan":
        spot = desa.geometry[desa["kode_kecamatan"] == code[:8]].iloc[0].centroid
        return disguised(code[:8], (0, 0), layanan, **more) | {"bujur": spot.x, "lintang": spot.y}
    if kind == "luar_wilayah":
        x, code = x + rng.choice([-1, 1]) * rng.uniform(0.4, 0.6), ""
    elif kind == "titik" and rng.random() < 0.7:
        x, y = x + rng.uniform(-0.005, 0.005), y + rng.uniform(-0.005, 0.005)
        code = next(iter(desa.index[desa.covers(shapely.Point(x, y))]), "")
    row = place(f"L{number}", layanan, (0, 0), code or None, **more)
    return row | {"bujur": x, "lintang": y, "lokasi": kind if code else "luar_wilayah"}


def _random_area(rng: np.random.Generator, desa: gpd.GeoDataFrame) -> str:
    code = str(rng.choice(desa.index))
    return code[: int(rng.choice([2, 5, 8, 13], p=[0.1, 0.2, 0.3, 0.4]))]


def random_settings(rng: np.random.Generator) -> Settings:
    """Any choice that changes a number."""
    reach = [None, None, float(rng.uniform(2, 12))]
    groups = tuple(
        replace(
            group,
            reach_km=rng.choice(reach),
            reach_inside_km=rng.choice(reach),
            reach_outside_km=rng.choice(reach),
        )
        for group in DEFAULT_GROUPS
    )
    return replace(
        SETTINGS,
        groups=groups,
        reach_km=float(rng.choice([1.0, 4.0, 8.0, 60.0], p=[0.2, 0.4, 0.3, 0.1])),
        threshold=float(rng.choice([0.5, 0.8, 1.0])),
        active_only=bool(rng.random() < 0.7),
        accredited=bool(rng.random() < 0.1),
        legal_entity=rng.choice([None, True, False], p=[0.84, 0.08, 0.08]),
        system=rng.choice([None, "dalam", "luar"], p=[0.8, 0.1, 0.1]),
        developments=() if rng.random() < 0.9 else ("tumbuh", "mandiri"),
        population_model=str(rng.choice(["area", "point"], p=[0.7, 0.3])),
        access=str(rng.choice(["gauss", "2sfca"])),
        access_supply=str(rng.choice(["lks", "kapasitas"])),
        register_complete=bool(rng.random() < 0.3),
    )
