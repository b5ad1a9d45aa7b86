"""No headline on half a number: what rests on some desa, on area, or on some kabupaten says so, in the same words in
every output.

One run over three kabupaten of three desa each. Of 99.01.01.1003 the children are not known, of nobody the people with
disabilities are, and the register has no row from 99.03. As many desa in each kabupaten as in the others: what is kept
of one must not be told of another.
"""

from __future__ import annotations

import html
import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
import world
from pdf_text import pdf_pages
from pptx import Presentation

from lks_geo.cli.program import run

pytestmark = pytest.mark.long
KNOWN, SOME, AREA = "(5 dari 6 desa)", "(2 dari 3 desa)", "(luas)"
REPORTED = "2 dari 3 kabupaten ada dalam register (tidak dilaporkan: 99.03)"
SQUARE = ((0, 0), (3, 0), (3, 3), (0, 3))
PLACES = (("Satu", "Anak", "99.01", (1.4, 7.6)), ("Dua", "Disabilitas", "99.02", (4, 4)))
CHILDREN = (100, 200, None, 50, 60, 70, 10, 20, 30)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Output -> all that it says; "screen" is what the command printed."""
    folder = tmp_path_factory.mktemp("half")
    corners = {
        f"99.0{3 - row}.01.100{column + 1}": [(3 * column + x, 3 * row + y) for x, y in SQUARE]
        for row in range(3)
        for column in range(3)
    }
    areas = world.boundaries_of(corners).desa.reset_index().drop(columns=["kode_bps"])
    areas.to_file(folder / "areas.gpkg")
    people = [f"{code},{'' if n is None else n}" for code, n in zip(sorted(corners), CHILDREN, strict=True)]
    (folder / "people.csv").write_text("\n".join(["kode,anak", *people, ""]), encoding="utf-8")
    rows = ["nama,jenis layanan,status,lintang,bujur,kabupaten"]
    for name, kind, kabupaten, (x, y) in PLACES:
        lon, lat = world.degrees(x, y)
        rows.append(f"LKS Uji {name},{kind},Aktif,{lat:.6f},{lon:.6f},Kabupaten {kabupaten}")
    (folder / "register.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    screen = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(screen), redirect_stderr(screen):
        patch.chdir(folder)
        inputs = ["--boundaries", "areas.gpkg", "--population", "people.csv", "--population-only"]
        chosen = ["--group", "anak", "--group", "disabilitas", "--reach", "2", "--date", "2026-11-24"]
        assert run(["run", "register.csv", "-o", "hasil", *inputs, *chosen]) == 0
    return _read(folder / "hasil") | {"screen": " ".join(screen.getvalue().split())}


def _read(folder: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(folder / "cakupan.xlsx")
    sheets = {
        sheet.title: " ".join(str(cell) for row in sheet.values for cell in row if cell is not None) for sheet in book
    }
    slides = []
    for slide in Presentation(str(folder / "laporan.pptx")).slides:
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        words += [cell.text_frame.text for table in tables for row in table.rows for cell in row.cells]
        slides.append(" ".join(words))
    page = html.unescape((folder / "peta.html").read_text(encoding="utf-8"))
    return {
        **sheets,
        "slides": "\n".join(slides),
        "atlas": "\n".join(re.sub(r"\s+", " ", page) for page in pdf_pages(folder / "laporan.pdf")),
        "list": (folder / "belum-terlayani.csv").read_text(encoding="utf-8-sig"),
        "manifest": (folder / "manifest.json").read_text(encoding="utf-8"),
        "map": page,
    }


@pytest.mark.parametrize(
    "output", ["screen", "Ringkasan", "Kabupaten", "Desa", "Belum terlayani", "slides", "atlas", "list", "manifest"]
)
def test_kabupaten_in_the_register_are_named_in_every_output(told: dict[str, str], output: str) -> None:
    assert REPORTED in told[output]


@pytest.mark.parametrize("output", ["screen", "Ringkasan", "Kepekaan jangkauan", "slides", "atlas"])
def test_shares_say_what_they_rest_on(told: dict[str, str], output: str) -> None:
    words = told[output]
    assert f"Anak {KNOWN}" in words
    if output == "Ringkasan":
        assert "* Bagian luas wilayah yang terjangkau, karena jumlah sasaran tidak diketahui." in words
    else:
        assert AREA in words


def test_the_map_says_it_in_the_same_words(told: dict[str, str]) -> None:
    assert " ({known} dari {desa} desa)" in told["map"]
    assert "{n} dari {total} kabupaten ada dalam register (tidak dilaporkan: {names})" in told["map"]


def test_pages_of_kabupaten_say_it_of_their_own_desa(told: dict[str, str]) -> None:
    """Whole, not cut; and of a kabupaten that is not reported there is no number but its people."""
    pages = [page for page in told["atlas"].split("\n") if "Kabupaten 99.01" in page]
    assert pages
    assert all(f"† Sasaran diketahui untuk sebagian desa: Anak {SOME}" in page for page in pages)
    silent = [slide for slide in told["slides"].split("\n") if "tidak ada baris dari sini" in slide]
    silent += [page for page in told["atlas"].split("\n") if "tidak ada baris dari sini" in page]
    assert len(silent) >= 3
    for words in silent:
        assert "berada dalam jangkauan" not in words
        assert not re.search(r"\d,\d\xa0?\s?%", words), words
    row = re.search(r"99\.03 Semua LKS 99\.03 (\S+)", told["Profil LKS"])
    assert row
    assert row[1] == "99.03", "counts of a kabupaten without a row"
