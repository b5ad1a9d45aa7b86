"""Time and memory of `lks-geo compare` of two large registers: `python benchmarks/bench_compare.py [DESA]`.

DESA is a boundary file (default: the one that ships). Options: `--rows 100000`, `--share 0.2` (how many undergo each
edit: moved, renamed, other services, other status, gone and as many new), `--ids kept|dropped|renumbered`, `--ending
.csv`, `--keep FOLDER` (only write the registers). The comparison is a process of its own, files to files; then what it
says of every LKS is held beside what was done to it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from bench_check import clean_register, write

from lks_geo.boundaries import load_boundaries

KINDS = ("LKSA", "Panti Asuhan", "LKS-LU", "Yayasan", "Panti Werdha", "LKSPD", "LKS", "IPWL", "LKSLU", "PSAA")
WORDS = """
Kasih Bunda Harapan Melati Nurul Iman Sejahtera Mandiri Al Ikhlas Darul Aman Bina Insani Cahaya Hati Mulia Sinar
Pelita Tunas Bangsa Amanah Rahmat Karya Permata Setia Budi Luhur Wahana Citra Mekar Sari Lestari Damai Abadi Jaya
Muhammadiyah Aisyiyah Hidayatullah Miftahul Ulum Baitul Makmur Rahman Hikmah Taqwa Falah Barokah Sakinah Mawaddah
Santo Yusuf Santa Maria Elim Betania Immanuel Sion Bethesda Siloam Kemala Bhayangkari Dharma Wanita Putra Bahari
Anugerah Berkah Cinta Peduli Umat Ummat Mitra Sahabat Sosial Nusantara Pertiwi Ananda Kencana Teratai Mawar Anggrek
""".split()  # noqa: SIM905  # words are easier to read and to add to so
SERVICES = (
    ("LKS Anak Dalam Panti", "Dalam panti"), ("LKS Lanjut Usia Luar Panti", "Luar panti"), ("Anak", "Luar panti"),
    ("LKS Disabilitas Dalam Panti", "Dalam panti"), ("LKS Korban Penyalahgunaan NAPZA", "Luar panti"),
    ("Anak; Lansia", "Dalam panti"),
)  # fmt: skip


def names(number: int, rng: np.random.Generator) -> list[str]:
    """Names of a kind and one to three words: many bear the same."""
    kinds, count = rng.choice(KINDS, number), rng.integers(1, 4, number)
    words = rng.choice(WORDS, (number, 3))
    return [
        f"{kind} {' '.join(dict.fromkeys(row[:n]))}" for kind, n, row in zip(kinds, count, words.tolist(), strict=True)
    ]


def invented(desa: pd.DataFrame, number: int, rng: np.random.Generator) -> pd.DataFrame:
    rows = clean_register(desa, number, rng)
    kind = rng.integers(0, len(SERVICES), number)
    for column, words in zip(("layanan", "sistem"), zip(*SERVICES, strict=True), strict=True):
        rows[column] = np.array(words, dtype=object)[kind]
    return rows.assign(nama=names(number, rng))


def edited(
    rows: pd.DataFrame, desa: pd.DataFrame, share: float, ids: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.Series]:
    """The register a year later, shuffled, and the old id of each of its rows (NA: new)."""
    after, size = rows.copy(), len(rows)

    def some() -> np.ndarray:
        return rng.random(size) < share

    fresh = invented(desa, size, rng)
    hit, near = some(), ["desa", "kecamatan", "kabupaten", "kode", "lat", "lon", "alamat"]
    after.loc[hit, near] = fresh.loc[hit, near]
    for columns in (["nama"], ["layanan", "sistem"]):
        hit = some()
        after.loc[hit, columns] = fresh.loc[hit, columns]
    hit = some()
    after.loc[hit, "status"] = after.loc[hit, "status"].map({"Aktif": "Tidak aktif", "Tidak aktif": "Aktif"})
    kept, new = after[~some()], fresh[some()]
    origin = pd.concat([kept["id"], pd.Series(pd.NA, index=new.index, dtype=object)], ignore_index=True)
    new = new.assign(id=[f"N-{number:06}" for number in range(len(new))])
    after = pd.concat([kept, new], ignore_index=True)
    order = rng.permutation(len(after))
    after, origin = after.iloc[order].reset_index(drop=True), origin.iloc[order].reset_index(drop=True)
    if ids == "renumbered":
        after["id"] = [f"L-{number:06}" for number in range(1, len(after) + 1)]
    if ids == "dropped":
        after["id"] = ""
    return after, origin


def timed(old: Path, new: Path, boundaries: Path | None, target: Path) -> str:
    """Runs the command; what it cost."""
    command: list[str] = [sys.executable, "-m", "lks_geo", "--quiet", "compare", str(old), str(new), "-o", str(target)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, *(["--boundaries", str(boundaries)] if boundaries else [])], check=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{seconds:6.1f} s, {busy:6.1f} s of processors, peak {after.ru_maxrss / 1024**2:.2f} GB"


def judged(changes: pd.DataFrame, new: pd.DataFrame, origin: pd.Series) -> str:
    """How many pairs are right, wrong and told as doubtful, and wrong in silence, of those that there are.

    Written ids tell the rows; without them (`--ids dropped`) nothing is judged.
    """
    if not new["id"].all():
        return "not judged: no ids"
    truth = dict(zip(new["id"], origin, strict=True))
    pairs = changes[changes["id_lama"].notna() & changes["id_baru"].notna()]
    right = pairs["id_lama"].to_numpy() == pairs["id_baru"].map(truth).to_numpy()
    doubtful = (pairs["kelas"] == "meragukan").to_numpy()
    whole = int(origin.notna().sum())
    found, told = int((right & ~doubtful).sum()), int(pairs["id_lama"][right & doubtful].nunique())
    return f"{whole} pairs: {found} found, {told} told as doubtful; wrong in silence {int((~right & ~doubtful).sum())}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("desa", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--ids", choices=["kept", "dropped", "renumbered"], default="kept")
    parser.add_argument("--ending", default=".csv")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    rng, desa = np.random.default_rng(1), load_boundaries(chosen.desa).desa
    before = invented(desa, chosen.rows, rng)
    after, origin = edited(before, desa, chosen.share, chosen.ids, rng)
    with tempfile.TemporaryDirectory() as folder:
        paths = [(chosen.keep or Path(folder)) / f"{name}{chosen.ending}" for name in ("lama", "baru")]
        for rows, path in zip((before, after), paths, strict=True):
            write(rows, rows.shape[1], path)
        if not chosen.keep:
            target = Path(folder) / "perubahan.csv"
            print(timed(paths[0], paths[1], chosen.desa, target))
            print(judged(pd.read_csv(target, dtype=str), after, origin))


if __name__ == "__main__":
    main()
