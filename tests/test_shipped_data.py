"""What ships with the project adds up: boundaries, population estimate, example register, their READMEs.

Comparisons with the sources run only where the folder of sources lies beside the checkout.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import report_world
import shapely

from lks_geo import shipped
from lks_geo.boundaries import load_boundaries
from lks_geo.boundaries.country import country_names
from lks_geo.population.targets import load_population
from lks_geo.settings import Settings
from lks_geo.tables import AREA_COLUMNS, LEVELS, PARENT_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
with_sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="the folder of sources is not beside this checkout")

SULBAR = report_world.boundaries()
DESA = SULBAR.desa
METRES = SULBAR.crs_m


def test_how_many_areas_of_each_level() -> None:
    assert {level: len(SULBAR.level(level)) for level in LEVELS} == {
        "desa": 648, "kecamatan": 69, "kabupaten": 6, "provinsi": 1,
    }  # fmt: skip
    block = DESA.index.str[9]
    assert (block == "1").sum() == 73
    assert (block == "2").sum() == 575
    counts = DESA.groupby("kabupaten")["kode_kecamatan"].agg(["nunique", "size"])
    assert dict(zip(counts.index, map(tuple, counts.to_numpy()), strict=True)) == {
        "Pasangkayu": (12, 63), "Mamuju": (11, 101), "Mamasa": (17, 181), "Polewali Mandar": (16, 167),
        "Majene": (8, 82), "Mamuju Tengah": (5, 54),
    }  # fmt: skip


def test_codes_and_names() -> None:
    assert DESA.index.is_unique
    assert DESA.index.is_monotonic_increasing
    assert DESA.index.str.fullmatch(r"76\.0[1-6]\.\d{2}\.[12]\d{3}").all()
    assert not DESA[list(AREA_COLUMNS)].isna().any(axis=None)
    assert all(
        (DESA[column] == DESA.index.str[:length]).all()
        for column, length in zip(PARENT_COLUMNS.values(), (8, 5, 2), strict=True)
    )
    assert DESA["kode_bps"].is_unique
    assert DESA["kode_bps"].str.fullmatch(r"760[1-6]\d{6}").all()
    for level, length in (("kecamatan", 7), ("kabupaten", 4), ("provinsi", 2)):
        names = SULBAR.names(level)
        assert names["kode_bps"].is_unique
        assert names["kode_bps"].str.len().eq(length).all()
        assert not DESA.groupby(PARENT_COLUMNS[level])[level].nunique().gt(1).any()
    assert SULBAR.names("kabupaten").loc["76.05", ["nama", "kode_bps"]].tolist() == ["Majene", "7601"]


def test_names_of_the_country_agree_with_the_map() -> None:
    assert {level: len(country_names(level)) for level in ("provinsi", "kabupaten", "kecamatan")} == {
        "provinsi": 38, "kabupaten": 514, "kecamatan": 7285,
    }  # fmt: skip
    assert country_names("kabupaten")["73.73"] == "Kota Palopo"
    for level in ("provinsi", "kabupaten", "kecamatan"):
        names = SULBAR.names(level)["nama"]
        assert names.to_dict() == {code: name for code, name in country_names(level).items() if code.startswith("76")}


def test_desa_are_a_clean_coverage() -> None:
    shapes = DESA.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    province = SULBAR.level("provinsi").geometry.iloc[0]
    assert sum(len(part.interiors) for part in shapely.get_parts(province)) == 0, "a gap between neighbours"


@pytest.mark.parametrize("level", LEVELS)
def test_shapes_stay_valid_when_projected(level: str) -> None:
    """Nearly touching lines would cross, and intersections in metres would fail."""
    assert SULBAR.level(level).to_crs(METRES).is_valid.all()


def test_levels_nest_exactly() -> None:
    below = DESA
    for level in LEVELS[1:]:
        areas = SULBAR.level(level)
        assert areas.geometry.is_valid.all()
        size = pd.Series(shapely.area(below.geometry.to_numpy()), index=below[PARENT_COLUMNS[level]])
        assert np.allclose(size.groupby(level=0).sum(), shapely.area(areas.geometry.to_numpy()), rtol=1e-12, atol=0)
        for code, shape in areas.geometry.items():
            assert shape.equals(shapely.union_all(below.geometry[below[PARENT_COLUMNS[level]] == code].to_numpy()))
        below = areas


def test_all_islands_of_bala_balakang_are_there() -> None:
    islands = DESA[DESA["kode_kecamatan"] == "76.02.16"]
    assert list(islands.index) == ["76.02.16.2001", "76.02.16.2002"]
    assert shapely.get_num_geometries(islands.geometry.to_numpy()).tolist() == [13, 10]
    west, _, east, _ = islands.total_bounds
    assert (round(west, 2), round(east, 2)) == (117.06, 117.95)


def test_neighbours_meet_the_province() -> None:
    around = SULBAR.neighbours
    assert {"Sulawesi Tengah", "Sulawesi Selatan", "Kalimantan Timur"} <= set(around["nama"])
    assert around.geometry.is_valid.all()
    province = SULBAR.level("provinsi").geometry.iloc[0]
    assert shapely.area(shapely.intersection(around.geometry.to_numpy(), province)).sum() < 1e-9
    touching = around[shapely.distance(around.geometry.to_numpy(), province) < 1e-9]["nama"]
    assert set(touching) == {"Sulawesi Tengah", "Sulawesi Selatan"}


def test_the_file_says_where_it_comes_from() -> None:
    assert shipped.BOUNDARIES.stat().st_size < 1_100_000
    assert SULBAR.source.vintage == "2025"
    assert "Cahya DSN" in SULBAR.source.licence
    assert "Cahya DSN" in (ROOT / "boundaries" / "LICENSE-NOTICE").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", [shipped.BOUNDARIES, shipped.POPULATION, shipped.EXAMPLE_REGISTER])
def test_readme_has_the_checksum(file: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    readme = (file.parent / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"{re.escape(file.name)}.*{digest}|{digest}.*{re.escape(file.name)}", readme)


@with_sources
def test_no_desa_moved_more_than_a_thousandth() -> None:
    source = gpd.read_parquet(SOURCES / "boundaries/kemendagri-2025/desa.parquet").set_index("kode").sort_index()
    assert list(source.index) == list(DESA.index)
    assert (source["nama"] == DESA["nama"]).all()
    change = DESA.to_crs(METRES).area / source.to_crs(METRES).area - 1
    assert change.abs().max() <= 0.001
    inside = shapely.contains_xy(DESA.geometry.to_numpy(), source["lon"].to_numpy(), source["lat"].to_numpy())
    assert inside.mean() > 0.95


@with_sources
def test_bps_codes_follow_the_crosswalk() -> None:
    pairs = pd.read_csv(SOURCES / "crosswalk/desa_bps2016_kemendagri2025.csv", dtype="str").dropna()
    assert (DESA["kode_bps"].reindex(pairs["kode_kemendagri"]).to_numpy() == pairs["kode_bps"].to_numpy()).all()
    bridge = pd.read_csv(SOURCES / "crosswalk/kecamatan_bps_kemendagri.csv", dtype="str")
    kecamatan = SULBAR.names("kecamatan")["kode_bps"]
    assert dict(zip(kecamatan.index.str.replace(".", ""), kecamatan, strict=True)) == dict(
        zip(bridge["kode_kemendagri"], bridge["kode_bps"], strict=True)
    )


def run_script(name: str, *arguments: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / f"{name}.py", *arguments], check=True, capture_output=True)


@pytest.mark.long
@with_sources
def test_the_boundaries_can_be_compiled_again(tmp_path: Path) -> None:
    output = tmp_path / "batas.parquet"
    run_script("build_boundaries", SOURCES, output)
    made = load_boundaries(output)
    for level in LEVELS:
        assert made.names(level).equals(SULBAR.names(level))
        assert made.level(level).geometry.geom_equals_exact(SULBAR.level(level).geometry, 1e-7).all()


@with_sources
def test_the_estimate_can_be_compiled_again(tmp_path: Path) -> None:
    output = tmp_path / "penduduk.csv"
    run_script("build_population", SOURCES, output)
    assert output.read_bytes() == shipped.POPULATION.read_bytes()


def test_the_register_can_be_made_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for output in (first, second):
        run_script("build_example_register", output)
    assert first.read_bytes() == second.read_bytes()
    made = openpyxl.load_workbook(first)["Register LKS"].iter_rows(values_only=True)
    assert list(made) == REGISTER


POPULATION = pd.read_csv(shipped.POPULATION, dtype={"kode": "str"}).set_index("kode")
TOTALS_2024 = {
    "Pasangkayu": 183_376, "Mamuju": 288_382, "Mamasa": 167_611, "Polewali Mandar": 492_339, "Majene": 190_223,
    "Mamuju Tengah": 144_810,
}  # fmt: skip


def test_population_adds_up_to_the_kabupaten() -> None:
    assert list(POPULATION.index) == list(DESA.index)
    sums = POPULATION.groupby("kabupaten")[["penduduk", "anak", "lansia"]].sum()
    assert sums["penduduk"].to_dict() == TOTALS_2024
    assert sums["anak"].to_dict() == {name: round(people * 0.345) for name, people in TOTALS_2024.items()}
    assert sums["lansia"].to_dict() == {name: round(people * 0.0758) for name, people in TOTALS_2024.items()}
    assert (POPULATION["penduduk"] > 0).all()


def test_population_is_marked_as_an_estimate_and_unknown_where_it_is() -> None:
    assert (POPULATION["keterangan"] == "perkiraan").all()
    assert POPULATION["dasar"].value_counts().to_dict() == {"pemilih 2014": 642, "TPS 2024": 6}
    assert POPULATION[["disabilitas", "napza", "kekerasan"]].isna().all(axis=None)
    loaded = load_population(None, SULBAR, Settings())
    assert loaded.source.estimated
    assert loaded.notes == ()
    assert loaded.table["penduduk"].sum() == sum(TOTALS_2024.values())


@with_sources
def test_population_follows_the_method() -> None:
    """A plain reading of the method, desa by desa, in exact fractions: no estimate is off by a whole person."""
    voters = pd.read_csv(SOURCES / "population/village_voters.csv", dtype={"kode": "str"}).set_index("kode")
    weight = {}
    for code, row in voters.iterrows():
        weight[code] = row["dpt_pilpres2014"]
        if np.isnan(weight[code]):
            others = voters[(voters.index.str[:8] == code[:8]) & voters["dpt_pilpres2014"].notna()]
            weight[code] = row["tps_2024"] * others["dpt_pilpres2014"].sum() / others["tps_2024"].sum()
    for kabupaten, codes in POPULATION.groupby("kabupaten").groups.items():
        total = sum(weight[code] for code in codes)
        for code in codes:
            assert abs(POPULATION.at[code, "penduduk"] - TOTALS_2024[kabupaten] * weight[code] / total) < 1


REGISTER = list(openpyxl.load_workbook(shipped.EXAMPLE_REGISTER)["Register LKS"].iter_rows(values_only=True))
HEADER = REGISTER.index(next(row for row in REGISTER if row[0] == "No"))
ROWS = [row for row in REGISTER[HEADER + 1 :] if isinstance(row[0], int) and str(row[1]).startswith("LKS")]
EXAMPLE = pd.DataFrame(ROWS, columns=REGISTER[HEADER])


def test_the_register_is_evidently_invented() -> None:
    assert "DATA CONTOH" in REGISTER[0][0]
    assert len(EXAMPLE) == 169
    assert EXAMPLE["Nama LKS"].str.fullmatch(r"LKS Contoh \d{3} \w+ \w+").all()
    assert EXAMPLE["Nama LKS"].is_unique
    text = " ".join(str(cell) for row in REGISTER for cell in row if cell is not None)
    assert not re.search(r"\b(?:08\d{8,}|\+62|NIK|Telp|HP)\b", text)
    assert EXAMPLE["Alamat"].str.startswith("Jl. Contoh").all()


def test_the_register_looks_like_one() -> None:
    assert {"Aktif", "Tidak Aktif"} <= set(EXAMPLE["Status"])
    assert {"Tumbuh", "Berkembang", "Mandiri"} == set(EXAMPLE["Perkembangan"])
    assert {"A", "B", "C", "TTA", "Belum"} == set(EXAMPLE["Akreditasi"])
    assert EXAMPLE["Lintang"].isna().sum() == 8
    assert EXAMPLE["Lintang"].map(lambda cell: isinstance(cell, str) and "," in cell).sum() >= 10
    assert EXAMPLE["Jenis Layanan"].str.contains(r";|,|/|\+| dan (?=Lansia)").sum() >= 15
    first = [row[1] for row in REGISTER[HEADER + 1 :]]
    assert "TOTAL" in first
    assert any("DIKETAHUI" in str(cell) for row in REGISTER for cell in row)
    services = EXAMPLE["Jenis Layanan"]
    anak, lansia, disabilitas, napza, kekerasan = (
        services.str.contains(word).sum() for word in ("Anak", "Lan", "Disab", "NAPZA", "Kekerasan")
    )
    assert anak > lansia > disabilitas > 20 > max(napza, kekerasan)
    assert min(napza, kekerasan) >= 3


def test_points_lie_in_the_stated_desa_but_for_the_doubtful_ones() -> None:
    named = DESA.reset_index().set_index(["nama", "kecamatan"])["kode"]
    inside = 0
    plain = EXAMPLE[EXAMPLE["Lintang"].map(lambda cell: isinstance(cell, float) and -4 < cell < 0)]
    for _, row in plain.iterrows():
        shape = DESA.geometry[named[row["Desa/Kelurahan"], row["Kecamatan"]]]
        inside += bool(shape.covers(shapely.Point(row["Bujur"], row["Lintang"])))
    assert len(plain) - inside == 4, "three contradict the stated kecamatan, one lies off the coast"


def test_many_mountain_villages_stay_out_of_reach() -> None:
    active = EXAMPLE[(EXAMPLE["Status"] == "Aktif") & EXAMPLE["Jenis Layanan"].str.contains("Lan")]
    plain = active[active["Lintang"].map(lambda cell: isinstance(cell, float) and -4 < cell < 0)]
    points = gpd.GeoSeries(gpd.points_from_xy(plain["Bujur"], plain["Lintang"]), crs="EPSG:4326").to_crs(METRES)
    far = DESA.to_crs(METRES).distance(points.union_all()) > 10_000
    assert 0.30 < far.mean() < 0.55
