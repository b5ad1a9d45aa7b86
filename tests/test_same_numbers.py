"""One number, everywhere: the coverage table read back from CSV, workbook, GeoPackage, slides, atlas and the map."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import browser as chrome
import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import report_world
from pdf_text import pdf_pages
from pptx import Presentation

from lks_geo.cli.screen import print_unserved
from lks_geo.measure import restrict
from lks_geo.messages import Texts
from lks_geo.render.export import write_table, write_unserved
from lks_geo.render.workbook import write_workbook
from lks_geo.said.areas import unserved_list
from lks_geo.tables import Coverage

COUNTS = ["jumlah_lks", "jumlah_desa", "desa_belum_terlayani", "sasaran"]
NUMBERS = [*COUNTS, "terjangkau", "belum_terjangkau", "cakupan", "jarak_km", "kapasitas"]
KEYS = ["kode", "kelompok"]
UNSERVED = "desa_belum_terlayani"
UNDER_KEYS = 3
"""Lines from the hidden keys of a sheet to its first row: totals of the filter and headings stand between."""


@pytest.fixture(scope="module")
def made(sample_set: Path) -> tuple[Path, Coverage]:
    """The files of the sample register, and the table of the same register and day."""
    return sample_set, report_world.sulbar()


@pytest.fixture(scope="module")
def opened(made: tuple[Path, Coverage]) -> Iterator[chrome.Opened]:
    """The map, of which each test asks by its address."""
    with chrome.chromium() as browser:
        yield chrome.open_file(browser, made[0] / "peta.html")


def expected(coverage: Coverage, level: str) -> pd.DataFrame:
    rows = coverage.table[coverage.table["level"] == level]
    return rows.set_index(KEYS)[NUMBERS].astype("float64").sort_index()


def agree(found: pd.DataFrame, coverage: Coverage, level: str) -> None:
    table = found.assign(kode=found["kode"].astype("str")).set_index(KEYS)[NUMBERS].astype("float64").sort_index()
    pd.testing.assert_frame_equal(table, expected(coverage, level), check_exact=False, rtol=1e-12, check_names=False)


@pytest.mark.parametrize("level", ["desa", "kecamatan", "kabupaten"])
def test_csv_workbook_and_geopackage(made: tuple[Path, Coverage], tmp_path: Path, level: str) -> None:
    folder, coverage = made
    write_table(tmp_path / "t.csv", coverage)
    table = pd.read_csv(tmp_path / "t.csv", dtype={"kode": "str"})
    agree(table[table["level"] == level], coverage, level)
    layers = [f"{level}_{group.key}" for group in coverage.groups]
    read = [pyogrio.read_dataframe(folder / "cakupan.gpkg", layer=name, read_geometry=False) for name in layers]
    agree(pd.concat(read), coverage, level)
    rows = _rows(folder / "cakupan.xlsx", level.capitalize())
    head = next(place for place, row in enumerate(rows) if "kode" in row and "kelompok" in row)
    people = pd.DataFrame(rows[head + UNDER_KEYS :], columns=rows[head]).dropna(subset=["kode"])
    keys = {group.name("id"): group.key for group in coverage.groups}
    agree(people.assign(kelompok=people["kelompok"].map(keys)), coverage, level)


def test_one_kabupaten_and_two_groups_in_every_table(tmp_path: Path) -> None:
    whole = report_world.sulbar()
    coverage = restrict(whole, kabupaten=("76.05",), groups=("anak", "lansia"))
    for suffix in ("csv", "gpkg", "geojson", "parquet"):
        write_table(tmp_path / f"t.{suffix}", coverage)
    write_workbook(tmp_path / "t.xlsx", coverage)
    tables = [
        pd.read_csv(tmp_path / "t.csv", dtype={"kode": "str"}),
        pyogrio.read_dataframe(tmp_path / "t.gpkg", layer="cakupan", read_geometry=False),
        pyogrio.read_dataframe(tmp_path / "t.geojson", read_geometry=False),
        gpd.read_parquet(tmp_path / "t.parquet"),
    ]
    for level, areas in (("desa", 82), ("kecamatan", 8), ("kabupaten", 1)):
        assert len(expected(coverage, level)) == 2 * areas
        wanted = expected(whole, level).loc[expected(coverage, level).index]
        pd.testing.assert_frame_equal(expected(coverage, level), wanted)
        rows = _rows(tmp_path / "t.xlsx", level.capitalize())
        head = next(place for place, row in enumerate(rows) if "kode" in row and "kelompok" in row)
        people = pd.DataFrame(rows[head + UNDER_KEYS :], columns=rows[head]).dropna(subset=["kode"])
        agree(people.assign(kelompok=people["kelompok"].str.lower()), coverage, level)
        for table in tables:
            agree(table[table["level"] == level], coverage, level)


def test_every_list_has_the_same_desa_under_the_same_number(
    made: tuple[Path, Coverage], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, coverage = made
    write_unserved(tmp_path / "raw.csv", coverage, csv_style="raw")
    listed = pd.read_csv(tmp_path / "raw.csv", dtype={"kode": "str"})[["kelompok", "no", "prioritas", "kode", "nama"]]
    people = pd.read_csv(folder / "belum-terlayani.csv", sep=";", decimal=",", skiprows=1, dtype=str)
    named = listed.assign(kelompok=listed["kelompok"].map(lambda key: coverage.settings.group(key).name("id")))
    assert people.iloc[:, :5].to_numpy().tolist() == named.astype("str").to_numpy().tolist()
    rows = _rows(folder / "cakupan.xlsx", "Belum terlayani")
    head = next(place for place, row in enumerate(rows) if "kode" in row)
    sheet = pd.DataFrame(rows[head + UNDER_KEYS :], columns=rows[head])[list(listed.columns)]
    assert sheet.to_numpy().tolist() == named.to_numpy().tolist()
    print_unserved(coverage, 5, None, Texts())
    screen = re.findall(r"^ +(\d+) +([\d.]+) {2,}(\S+(?: \S+)*)", capsys.readouterr().out, flags=re.MULTILINE)
    top = listed[listed["no"] <= 5]
    numbers = [(str(row.no), Texts().number(row.prioritas), row.nama) for row in top.itertuples()]
    assert screen == numbers
    for group in coverage.groups:
        own = listed[listed["kelompok"] == group.key]
        assert own["no"].tolist() == list(range(1, len(own) + 1))
        assert own["prioritas"].is_monotonic_increasing


def _rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return list(book[sheet].iter_rows(values_only=True))


def test_slides_and_atlas(made: tuple[Path, Coverage]) -> None:
    folder, coverage = made
    deck = " ".join(_texts(folder / "laporan.pptx"))
    atlas = " ".join(pdf_pages(folder / "laporan.pdf"))
    for group in coverage.groups:
        whole = coverage.at("provinsi", group.key).iloc[0]
        sentence = f"{whole['desa_belum_terlayani']} dari {whole['jumlah_desa']} desa/kelurahan belum terlayani"
        assert sentence in deck
        assert sentence in atlas
        for row in coverage.at("kabupaten", group.key).itertuples():
            count = f"{row.desa_belum_terlayani} dari {row.jumlah_desa}"
            assert count in deck, (group.key, row.nama)
            assert count in atlas, (group.key, row.nama)


@pytest.mark.browser
@pytest.mark.parametrize("level", ["desa", "kecamatan", "kabupaten"])
@pytest.mark.parametrize("group", ["anak", "lansia", "kekerasan"])
def test_map(opened: chrome.Opened, made: tuple[Path, Coverage], group: str, level: str) -> None:
    coverage = made[1]
    opened.page.evaluate(f"window.location.hash = '#kelompok={group}&tingkat={level}&ukuran=status'")
    for name, value in (("group", group), ("level", level)):
        opened.page.locator(f"input[name={name}][value={value}]:checked").wait_for(state="attached")
    opened.settled()
    with opened.page.expect_download() as waiting:
        opened.page.click("#csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    table = pd.read_csv(io.StringIO(text), sep=";", decimal=",", skiprows=1, dtype={"Kode Kemendagri": "str"})
    rows = unserved_list(coverage, group).set_index("kode") if level == "desa" else coverage.at(level, group)
    assert set(table["Kode Kemendagri"]) == set(rows.index if level == "desa" else rows.index[rows[UNSERVED] > 0])
    want = rows.loc[table["Kode Kemendagri"]]
    columns = {"No": "no", "Prioritas": "prioritas", "Sasaran": "sasaran", "Desa belum terlayani": UNSERVED}
    for title, name in columns.items():
        if title in table and name in want:
            assert table[title].astype("float64").tolist() == pytest.approx(want[name].astype("float64"), nan_ok=True)
    km = table["Jarak ke LKS terdekat (km)"].astype("float64").tolist()
    assert km == pytest.approx(want["jarak_km"].astype("float64").tolist(), abs=0.05001)


def _texts(path: Path) -> Iterator[str]:
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield re.sub(r"\s+", " ", shape.text_frame.text)
            if shape.has_table:
                for row in shape.table.rows:
                    yield " ".join(cell.text for cell in row.cells)
