"""Time and memory of `lks-geo check` on a large register: `python benchmarks/bench_check.py [DESA]`.

DESA is a boundary file (default: the one that ships). Options: `--rows 200000`, `--columns 18` (more than 18 are filled
up with columns of no field), `--dirty` (one cell in fifty is written as offices write it: decimal commas, swapped or
missing points, misspelt names, blanks, rows entered twice), `--ending .csv`, `--report .json`, `--keep FILE` (only
write the register). One row in seven serves a sensitive group. Every command is a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from lks_geo.boundaries import load_boundaries

HEADINGS = {
    "id": "ID LKS", "nama": "Nama LKS", "layanan": "Jenis Layanan", "sistem": "Sistem", "status": "Status Aktif",
    "badan": "Badan Hukum", "akreditasi": "Akreditasi", "berlaku": "Berlaku Sampai", "kapasitas": "Kapasitas",
    "klien": "Jumlah Klien", "alamat": "Alamat", "desa": "Desa/Kelurahan", "kecamatan": "Kecamatan",
    "kabupaten": "Kabupaten", "kode": "Kode Desa", "lat": "Lintang", "lon": "Bujur", "tahun": "Tahun",
}  # fmt: skip
SERVICES = (
    ("LKSA Kasih", "LKS Anak Dalam Panti", "Dalam panti"),
    ("Panti Werdha Melati", "LKS Lanjut Usia Luar Panti", "Luar panti"),
    ("Yayasan Bina Insan", "Anak", "Luar panti"),
    ("LKSPD Mandiri", "LKS Disabilitas Dalam Panti", "Dalam panti"),
    ("IPWL Harapan", "LKS Korban Penyalahgunaan NAPZA", "Luar panti"),
    ("Panti Asuhan Sejahtera", "Anak; Lansia", "Dalam panti"),
    ("LKS Damai", "Korban Kekerasan", "Luar panti"),
)


def clean_register(desa: pd.DataFrame, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of invented LKS, each within some hundred metres of a point inside a desa."""
    at = rng.integers(0, len(desa), number)
    inside = shapely.point_on_surface(desa.geometry.to_numpy())[at]
    home = desa.iloc[at]
    lon, lat = (axis + rng.normal(0, 0.001, number) for axis in (shapely.get_x(inside), shapely.get_y(inside)))
    kind = rng.integers(0, len(SERVICES), number)
    names, services, systems = (np.array(words, dtype=object)[kind] for words in zip(*SERVICES, strict=True))
    upper = {level: home[level].fillna("").to_numpy() for level in ("kecamatan", "kabupaten")}
    order = np.arange(1, number + 1)
    return pd.DataFrame(
        {
            "id": [f"L-{n:06}" for n in order],
            "nama": names + " " + home["nama"].to_numpy() + " " + order.astype(str).astype(object),
            "layanan": services, "sistem": systems,
            "status": np.where(rng.random(number) < 0.8, "Aktif", "Tidak aktif"),
            "badan": "Ya", "akreditasi": np.array(["A", "B", "C"])[order % 3],
            "berlaku": pd.date_range("2027-01-01", periods=700).strftime("%Y-%m-%d").to_numpy()[order % 700],
            "kapasitas": rng.integers(5, 90, number).astype(str), "klien": rng.integers(0, 80, number).astype(str),
            "alamat": [f"Jl. Poros {name} No. {n % 300}" for name, n in zip(upper["kecamatan"], order, strict=True)],
            "desa": home["nama"].to_numpy(), **upper, "kode": home.index.to_numpy(),
            "lat": [f"{value:.6f}" for value in lat], "lon": [f"{value:.6f}" for value in lon], "tahun": "2026",
        },
        dtype=object,
    )  # fmt: skip


def soiled(rows: pd.DataFrame, rng: np.random.Generator, share: float = 0.02) -> pd.DataFrame:
    """The rows with dirt of each kind in a `share` of them, the last of them entered twice."""
    rows = rows.copy()

    def some(part: float = 1.0) -> np.ndarray:
        return rng.random(len(rows)) < share * part

    for name in ("lat", "lon"):
        hit = some()
        rows.loc[hit, name] = rows.loc[hit, name].str.replace(".", ",")
    hit = some()
    rows.loc[hit, ["lat", "lon"]] = rows.loc[hit, ["lon", "lat"]].to_numpy()
    rows.loc[some(0.5), ["lat", "lon"]] = ""
    rows.loc[some(0.5), "lat"] = "2°50'12\" LS"
    hit = some(0.5)
    rows.loc[hit, "lat"] = rows.loc[hit, "lat"].str.replace(".", "")
    rows.loc[some(0.5), ["kode", "desa"]] = ""
    hit = some()
    rows.loc[hit, "desa"] = [text[:2] + "r" + text[2:] for text in rows.loc[hit, "desa"]]
    hit = some()
    rows.loc[hit, "kecamatan"] = rows["kecamatan"].sample(int(hit.sum()), random_state=1).to_numpy()
    hit = some()
    rows.loc[hit, "alamat"] = [
        f"Dusun I, Desa {a}, Kec. {b}" for a, b in rows.loc[hit, ["desa", "kecamatan"]].to_numpy()
    ]
    rows.loc[some(0.2), "alamat"] = "Jl. Melati, HP 0812 0000 1234"
    rows.loc[some(), "status"] = ""
    rows.loc[some(0.5), "status"] = "entahlah"
    rows.loc[some(), "layanan"] = "Tuna sosial"
    rows.loc[some(0.5), "layanan"] = "sesuatu yang lain"
    hit = some()
    rows.loc[hit, "kapasitas"] = [f"±{value} orang" for value in rows.loc[hit, "kapasitas"]]
    rows.loc[some(0.5), "nama"] = ""
    rows.loc[some(0.5), "akreditasi"] = "??"
    twice = rows[some(0.5)].assign(tahun="2024")
    return pd.concat([rows.iloc[: len(rows) - len(twice)], twice])


def write(rows: pd.DataFrame, columns: int, path: Path) -> None:
    """The register as .csv, .xlsx or .xls-less endings that pandas and xlsxwriter know."""
    table = rows.rename(columns=HEADINGS)
    spare = {f"Catatan {n}": f"isian {n}" for n in range(1, columns - table.shape[1] + 1)}
    table = table.assign(**spare)
    if path.suffix == ".csv":
        table.to_csv(path, index=False, quoting=csv.QUOTE_MINIMAL)
        return
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("LKS")
        for line, cells in enumerate([list(table.columns), *table.to_numpy().tolist()]):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)


def check(register: Path, boundaries: Path | None, report: Path) -> str:
    """Runs the command; what it cost."""
    command = [sys.executable, "-m", "lks_geo", "--quiet", "check", str(register), "-o", str(report), "--overwrite"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, *(["--boundaries", str(boundaries)] if boundaries else [])], check=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{seconds:6.1f} s, {busy:6.1f} s of processors, peak {after.ru_maxrss / 1024**2:.2f} GB"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("desa", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=len(HEADINGS))
    parser.add_argument("--dirty", action="store_true")
    parser.add_argument("--ending", default=".csv")
    parser.add_argument("--report", default=".json")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    rng = np.random.default_rng(1)
    rows = clean_register(load_boundaries(chosen.desa).desa, chosen.rows, rng)
    if chosen.dirty:
        rows = soiled(rows, rng)
    with tempfile.TemporaryDirectory() as folder:
        register = chosen.keep or Path(folder) / f"register{chosen.ending}"
        write(rows, chosen.columns, register)
        if not chosen.keep:
            print(check(register, chosen.desa, Path(folder) / f"mutu{chosen.report}"))


if __name__ == "__main__":
    main()
