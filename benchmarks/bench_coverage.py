"""Time and memory of the coverage of a whole country: `python benchmarks/bench_coverage.py DESA [PLACES]`.

DESA is a layer with `kode` (Kemendagri, dotted) and polygons, PLACES the number of invented places (default 200,000),
two in three within some kilometres of 300 towns, the rest near any desa. A quarter and a half of the country come
first, so that the growth is seen too.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lks_geo.boundaries.desa_layer import check_desa
from lks_geo.measure import measure_coverage
from lks_geo.settings import Settings
from lks_geo.tables import (
    REGISTER_COLUMNS,
    Boundaries,
    Population,
    PopulationFrame,
    Register,
    RegisterFrame,
    Source,
)

KEYS = ("anak", "lansia", "disabilitas", "napza", "kekerasan")
NOWHERE = Source(name="benchmark", sha256="")


def national(path: Path) -> Boundaries:
    """The desa of the file with their parents taken from the code."""
    raw = gpd.read_parquet(path).set_index("kode").sort_index()
    code = raw.index.to_series()
    frame = gpd.GeoDataFrame({"nama": code, "kode_bps": pd.NA}, geometry=raw.geometry)
    for level, length in (("kecamatan", 8), ("kabupaten", 5), ("provinsi", 2)):
        frame[f"kode_{level}"] = frame[level] = code.str[:length]
    return Boundaries(desa=check_desa(frame), neighbours=frame.iloc[:0], source=NOWHERE, crs_m="EPSG:32750")


def people(desa: pd.Index, rng: np.random.Generator) -> Population:
    """Random people, a tenth of the numbers unknown."""
    table = pd.DataFrame(rng.integers(10, 900, (len(desa), len(KEYS))).astype(float), index=desa, columns=list(KEYS))
    table = table.mask(rng.random(table.shape) < 0.1).assign(penduduk=np.nan, lintang=np.nan, bujur=np.nan)
    return Population(table=PopulationFrame(table), source=NOWHERE)


def places(desa: gpd.GeoDataFrame, number: int, rng: np.random.Generator) -> Register:
    """Random places with one or two groups each."""
    spots = shapely.get_coordinates(shapely.point_on_surface(desa.geometry.to_numpy()))
    towns = rng.integers(0, len(desa), 300)
    urban = rng.random(number) < 2 / 3
    home = np.where(urban, rng.choice(towns, number), rng.integers(0, len(desa), number))
    point = spots[home] + rng.normal(0, 1, (number, 2)) * np.where(urban, 0.08, 0.01)[:, None]
    owner = np.full(number, -1)
    tree = shapely.STRtree(desa.geometry.to_numpy())
    found = tree.query(shapely.points(point), predicate="intersects")
    owner[found[0]] = found[1]
    inside = owner >= 0
    rows = pd.DataFrame({name: pd.Series(pd.NA, index=range(number), dtype=object) for name in REGISTER_COLUMNS})
    rows["disamarkan"] = False
    rows["nomor"], rows["lembar"], rows["id"] = np.arange(number), "bench", [f"L{n:07d}" for n in range(number)]
    rows["hasil"] = np.where(rng.random(number) < 0.1, "meragukan", "diterima")
    rows["lokasi"] = np.where(inside, "titik", "luar_wilayah")
    rows["kelompok"] = pd.Series([tuple(rng.choice(KEYS, n, replace=False)) for n in rng.integers(1, 3, number)])
    rows["layanan"] = pd.Series([tuple((key, None) for key in keys) for keys in rows["kelompok"]])
    rows["aktif"] = pd.array(rng.random(number) < 0.9, dtype="boolean")
    rows["kapasitas"] = pd.array(rng.integers(5, 80, number), dtype="Int64")
    rows["bujur"], rows["lintang"] = point[:, 0], point[:, 1]
    rows["berlaku_sampai"] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    rows.loc[inside, "kode_desa"] = desa.index[owner[inside]]
    for level in ("kecamatan", "kabupaten"):
        rows.loc[inside, f"kode_{level}"] = desa[f"kode_{level}"].to_numpy()[owner[inside]]
    return Register(rows=RegisterFrame(rows), issues=(), sheets=(), source=NOWHERE, status_recorded=True)


def main(path: Path, number: int) -> None:
    whole = national(path)
    for part in (0.25, 0.5, 1.0):
        rng = np.random.default_rng(1)
        desa = whole.desa.iloc[: int(len(whole.desa) * part)]
        boundaries = Boundaries(desa=desa, neighbours=whole.neighbours, source=NOWHERE, crs_m=whole.crs_m)
        population, register = people(desa.index, rng), places(desa, int(number * part), rng)
        start = time.perf_counter()
        coverage = measure_coverage(register, boundaries, population, Settings())
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{len(desa):>7,} desa {len(register.rows):>8,} places {len(coverage.table):>8,} rows "
              f"{seconds:6.1f} s, peak {peak:.2f} GB")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200_000)
