"""Compiles data/penduduk-desa-2024.csv from the folder of sources (see scripts/README.md and data/README.md).

Every number is an estimate: the kabupaten's population of 2024 shared out by the voters of 2014. Disability, NAPZA and
violence stay blank: there is no usable count. Same sources: same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from lks_geo.boundaries import load_boundaries

OUTPUT = Path(__file__).resolve().parents[1] / "data" / "penduduk-desa-2024.csv"
SHARES = {"anak": 0.345, "lansia": 0.0758}
"""Of the province's people: under 18 (derived from the five-year bands), 60 and over (BPS 2020)."""
UNKNOWN = ("disabilitas", "napza", "kekerasan")
BY_VOTERS = "pemilih 2014"
BY_STATIONS = "TPS 2024"


def main(sources: Path, output: Path = OUTPUT) -> None:
    """Estimates and writes; stops if the desa do not add up to the kabupaten."""
    desa = load_boundaries(None).desa
    voters = pd.read_csv(sources / "population/village_voters.csv", dtype={"kode": "str"}).set_index("kode")
    table = pd.DataFrame({"desa": desa["nama"], "kecamatan": desa["kecamatan"], "kabupaten": desa["kabupaten"]})
    weight = weights(voters.reindex(table.index))
    totals = kabupaten_totals(sources)
    kabupaten = desa["kode_kabupaten"]
    table["penduduk"] = shared_out(weight, kabupaten, totals)
    for group, share in SHARES.items():
        table[group] = shared_out(table["penduduk"].astype(float), kabupaten, (totals * share).round().astype(int))
    table[list(UNKNOWN)] = pd.NA
    table["dasar"] = np.where(voters["dpt_pilpres2014"].reindex(table.index).notna(), BY_VOTERS, BY_STATIONS)
    table["keterangan"] = "perkiraan"
    if not table["penduduk"].groupby(kabupaten).sum().equals(totals.rename("penduduk")):
        raise SystemExit("desa do not add up to the kabupaten")
    table.rename_axis("kode").to_csv(output, lineterminator="\n", encoding="utf-8")
    print(len(table), int(table["penduduk"].sum()))


def weights(voters: pd.DataFrame) -> pd.Series[float]:
    """Voters of 2014; where there are none, polling stations of 2024 times what stands for one in the kecamatan."""
    known = voters["dpt_pilpres2014"].notna()
    kecamatan = voters.index.str[:8]
    sums = voters[known].groupby(kecamatan[known])[["dpt_pilpres2014", "tps_2024"]].sum()
    per_station = sums["dpt_pilpres2014"] / sums["tps_2024"]
    guess = voters["tps_2024"] * per_station.reindex(kecamatan).to_numpy()
    return voters["dpt_pilpres2014"].where(known, guess)


def kabupaten_totals(sources: Path) -> pd.Series[int]:
    """Population of 2024 by kabupaten (Dukcapil)."""
    rows = pd.read_csv(sources / "population/kabupaten_population_voters.csv", dtype={"kode": "str"})
    rows = rows[(rows["indikator"] == "penduduk_dukcapil") & (rows["tahun"] == 2024) & rows["kode"].str.len().eq(5)]
    return rows.set_index("kode")["jumlah"].astype(int).sort_index()


def shared_out(weight: pd.Series[float], group: pd.Series[str], totals: pd.Series[int]) -> pd.Series[int]:
    """Each group's total shared out by weight in whole people (largest remainder; equal remainders: lowest code)."""
    exact = weight / weight.groupby(group).transform("sum") * group.map(totals)
    whole = np.floor(exact).astype(int)
    missing = totals - whole.groupby(group).sum()
    rank = (whole - exact).groupby(group).rank(method="first")
    return whole + (rank <= group.map(missing)).astype(int)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
