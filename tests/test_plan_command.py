"""The command `plan`: what it says, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from pdf_text import pdf_pages
from pptx import Presentation
from pypdf import PdfReader

from lks_geo import shipped
from lks_geo.cli.program import run
from lks_geo.siting.planning import SITE_COLUMNS

pytestmark = pytest.mark.usefixtures("read_once")

EXAMPLE = str(shipped.EXAMPLE_REGISTER)
MAMASA = ["plan", EXAMPLE, "--group", "lansia", "--kabupaten", "Mamasa", "--population-model", "point", "--sites", "3"]


@pytest.fixture(scope="module")
def csv(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("rencana") / "rencana.csv"
    assert run(["-q", *MAMASA, "-o", str(path)]) == 0
    return pd.read_csv(path, dtype={"kode": str}, encoding="utf-8-sig")


def test_the_table_has_its_columns_and_adds_up(csv: pd.DataFrame) -> None:
    assert tuple(csv.columns) == (*SITE_COLUMNS, "catatan")
    assert csv["urutan"].tolist() == [1, 2, 3]
    assert csv["kode"].str.startswith("76.03.").all()
    assert csv["total_terjangkau"].diff()[1:].tolist() == pytest.approx(csv["tambahan_terjangkau"][1:].tolist())
    assert csv["jenis"].eq("baru").all()
    assert csv["pengganti"].str.fullmatch(r"wajib|pilihan bebas \(\d+ desa\)").all()


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet"])
def test_gis_files_hold_the_same_sites_and_their_notes(suffix: str, csv: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"rencana.{suffix}"
    assert run(["-q", *MAMASA, "-o", str(path)]) == 0
    sites = gpd.read_parquet(path) if suffix == "parquet" else gpd.read_file(path)
    assert sites.crs.to_epsg() == 4326
    assert sites["kode"].tolist() == csv["kode"].tolist()
    assert sites.geometry.x.tolist() == pytest.approx(csv["bujur"].tolist(), abs=1e-6)
    if suffix == "parquet":
        told = json.loads(pq.read_schema(path).metadata[b"catatan"])
    else:
        facts = pyogrio.read_info(path)
        told = list((facts["layer_metadata"] or facts["dataset_metadata"] or {}).values())
        told += [path.read_text(encoding="utf-8")] if suffix == "geojson" else []
    assert any("DATA CONTOH" in text for text in told)
    assert any("tinjau dulu di lapangan" in text for text in told)


def test_the_workbook_is_for_people(csv: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "rencana.xlsx"
    assert run(["-q", "--lang", "en", *MAMASA, "-o", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:2] == ["Plan", "Kabupaten"]
    sheet = book["Plan"]
    assert sheet["A1"].value.startswith("Mamasa: 3 sites could reach")
    head = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "urutan")
    assert [cell.value for cell in sheet[head]] == list(SITE_COLUMNS)
    assert sheet.row_dimensions[head].hidden, "keys are for programs"
    assert [sheet.cell(row, 2).value for row in range(head + 2, head + 5)] == csv["kode"].tolist()
    assert sheet.cell(head + 2, 8).value == pytest.approx(csv["tambahan_terjangkau"][0])
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(text.startswith("Proven best") for text in texts)
    assert any("look on the spot first" in text for text in texts)


def test_the_screen_says_the_plan_and_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*MAMASA[:-2], "--phases", "1,2"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Mamasa: 3 lokasi dapat menjangkau")
    assert "Terbukti terbaik:" in out
    assert "Tahap 2 (lokasi 2–3)" in out
    assert "tinjau dulu di lapangan" in out
    assert "harus dibangun" not in out
    assert "DATA CONTOH" in err


def test_sites_of_a_file_are_read_as_a_register_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calon.csv"
    rows = ["Nama LKS;Jenis Layanan;Kabupaten;Lintang;Bujur", "Calon Satu;Lansia;Mamasa;-2,94;119,37"]
    rows += ["Calon Dua;Lansia;Mamasa;-3,05;119,15", "Calon Tiga;Anak;Majene;-3,5;118,95"]
    path.write_text("\n".join(rows), encoding="utf-8")
    target = tmp_path / "r.csv"
    assert run(["-q", *MAMASA, "--candidates", str(path), "-o", str(target)]) == 0
    assert set(pd.read_csv(target)["nama"]) == {"Calon Satu", "Calon Dua"}
    assert capsys.readouterr().out == "", "quiet, and there is a file"
    assert run([*MAMASA, "--candidates", str(path)]) == 0
    out = capsys.readouterr().out
    assert "1 dari 3 baris calon lokasi tidak dipakai" in out
    assert "(di luar wilayah 1)" in out
    assert "Diminta 3, hanya ada 2 calon" in out
    sensitive = ["plan", EXAMPLE, "--group", "kekerasan", "--candidates", str(path), "-o", str(target), "--overwrite"]
    assert run(["-q", *sensitive]) == 0
    sites = pd.read_csv(target, dtype=str)
    assert sites["kode"].str.fullmatch(r"76\.\d\d\.\d\d").all(), "kecamatan, at the centre of their people"
    assert "Calon" not in target.read_text(encoding="utf-8")
    assert not {"-2.94", "-3.05", "-3.5"} & {*sites["lintang"]}


def test_sites_of_a_file_need_not_say_whom_they_serve(tmp_path: Path) -> None:
    path, target = tmp_path / "calon.csv", tmp_path / "r.csv"
    rows = ["Usulan lokasi 2026", "No;Nama;Desa;Kecamatan;Kabupaten;Lintang;Bujur"]
    rows += ["1;Balai Satu;;;Mamasa;-2,94;119,37", "2;Balai Dua;Tawalian;Tawalian;Mamasa;;"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert run(["-q", *MAMASA, "--candidates", str(path), "-o", str(target)]) == 0
    assert set(pd.read_csv(target)["nama"]) <= {"Balai Satu", "Balai Dua"}
    assert len(pd.read_csv(target)) >= 1
    empty = tmp_path / "kosong.csv"
    empty.write_text("a;b\n1;2\n", encoding="utf-8")
    assert run(["-q", *MAMASA, "--candidates", str(empty)]) == 1


def test_a_target_that_is_reached_already_needs_no_site(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*MAMASA[:-2], "--target", "0.1"]) == 0
    out = capsys.readouterr().out
    assert "tidak perlu lokasi baru untuk mencapai 10,0\u00a0%" in out
    assert "Terbukti" not in out


@pytest.mark.parametrize(
    "text", ["[rencana]\nlokasi = 0", "rencana = 3", "[rencana]\nlokasi = true", "[rencana]\nx = 1"]
)
def test_a_wrong_table_of_the_plan_is_refused(text: str, tmp_path: Path) -> None:
    settings = tmp_path / "setelan.toml"
    settings.write_text(text, encoding="utf-8")
    assert run(["--config", str(settings), "template", "-o", str(tmp_path / "x.xlsx")]) == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "--group lansia"),
        (["--group", "lansia", "--sites", "0"], 2, "--sites"),
        (["--group", "lansia", "--sites", "3", "--target", "0.5"], 2, "--target"),
        (["--group", "lansia", "--fair", "--robust", "5,10"], 2, "--robust"),
        (["--group", "lansia", "--reach", "5,10"], 2, "--robust"),
        (["--group", "lansia", "--phases", "3,x"], 2, "3,x"),
        (["--group", "lansia", "--target", "80"], 2, "80%"),
        (["--group", "lansia", "--weight", "anak=2"], 2, "anak"),
        (["--group", "lansia", "--kinds", "new,move"], 2, "activate"),
        (["--group", "kekerasan", "--kinds", "new,add"], 2, "--kinds"),
        (["--group", "anak", "--group", "lansia", "--capacity", "50"], 2, "--capacity"),
        (["--group", "lansia", "--budget", "2", "--sites", "3"], 2, "--budget"),
        (["--group", "lansia", "--weight", "lansia=-1"], 2, "lansia=-1"),
        (["--group", "lansia", "--weight", "lansia"], 2, "kelompok=angka di atas 0"),
        (["--group", "lansia", "--sites", "x"], 2, "'x' bukan angka"),
        (["--group", "lansia", "-o", "x.docx"], 2, ".xlsx"),
        (["--group", "lansia", "--candidates", "tidak-ada.xlsx"], 1, "tidak-ada.xlsx"),
        (["--group", "lansia", "--group", "kekerasan"], 2, "--population"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_cure(
    words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", EXAMPLE, *words]) == code
    assert told in capsys.readouterr().err


def test_the_deck_has_a_slide_on_what_next(tmp_path: Path) -> None:
    path = tmp_path / "laporan.pptx"
    settings = tmp_path / "setelan.toml"
    settings.write_text("[rencana]\nlokasi = 2\n", encoding="utf-8")
    words = ["report", EXAMPLE, "--kabupaten", "Mamasa", "--group", "lansia", "-o", str(path)]
    assert run(["-q", "--config", str(settings), *words]) == 0
    slides = Presentation(str(path)).slides
    found = [slide for slide in slides if "lokasi dapat menjangkau" in slide.shapes.title.text_frame.text]
    assert len(found) == 1
    tables = [shape.table for shape in found[0].shapes if shape.has_table]
    assert tables[0].cell(1, 0).text == "1"
    assert len(tables[0].rows) == 3
    texts = " ".join(shape.text_frame.text for shape in found[0].shapes if shape.has_text_frame)
    assert "Langkah berikut" in texts
    assert "tinjau dulu di lapangan" in texts


@pytest.mark.long
def test_the_atlas_has_a_page_on_what_next(tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    assert run(["-q", "report", EXAMPLE, "--kabupaten", "Mamasa", "--sites", "2", "-o", str(path)]) == 0
    marks = [str(mark.title) for mark in PdfReader(path).outline]  # type: ignore[union-attr]
    page = pdf_pages(path)[marks.index("Langkah berikut")]
    assert "2 lokasi dapat menjangkau" in page
    assert "tinjau dulu di lapangan" in page
    assert page.count("pilihan bebas (") + page.count("wajib") >= 2
