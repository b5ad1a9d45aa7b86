"""The atlas: pages and bookmarks, searchable text with the numbers of the table, nothing cut or covered.

That the same input gives the same bytes: test_cli.py.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
import report_world
from pdf_text import pdf_pages
from pypdf import PdfReader

from lks_geo.messages import Texts
from lks_geo.render import atlas_pages
from lks_geo.render.figure.paper import Box, Sheet
from lks_geo.said import areas, headlines
from lks_geo.said.areas import unserved_list
from lks_geo.tables import Coverage

SENSITIVITY = pd.DataFrame(
    [(km, key, 1.0, km / 25, km / 25) for km in (5.0, 10.0, 20.0) for key in ("anak", "lansia", "napza")],
    columns=["jangkauan_km", "kelompok", "sasaran", "terjangkau", "cakupan"],
)


@pytest.fixture(scope="module")
def sulbar() -> Coverage:
    return report_world.sulbar()


@pytest.fixture(scope="module")
def path(sample_set: Path) -> Path:
    return sample_set / "laporan.pdf"


@pytest.fixture(scope="module")
def texts_of_pages(path: Path) -> list[str]:
    return pdf_pages(path)


def test_bookmarks_lead_to_their_pages(path: Path, texts_of_pages: list[str], sulbar: Coverage) -> None:
    reader = PdfReader(path)
    marks = [(mark.title, reader.get_destination_page_number(mark)) for mark in reader.outline]  # type: ignore[union-attr, arg-type]
    assert [title for title, _ in marks] == [
        "Sampul", "Ringkasan",
        *(f"Kelompok: {group.name('id')}" for group in sulbar.groups),
        *(f"Kabupaten: {name}" for name in sulbar.boundaries.names("kabupaten")["nama"]),
        "Profil LKS", "Kepekaan terhadap jangkauan", "Metode dan sumber",
    ]  # fmt: skip
    for title, page in marks[2:-3]:
        assert title.split(": ")[1] in texts_of_pages[page or 0]
    assert len(reader.pages) >= len(marks)


def test_headlines_and_numbers_are_those_of_the_coverage(texts_of_pages: list[str], sulbar: Coverage) -> None:
    texts = Texts()
    for number, group in enumerate(sulbar.groups):
        page = texts_of_pages[2 + number]
        assert texts(headlines.headline(sulbar, group.key)).replace("\u00a0", " ") in page
        for row in unserved_list(sulbar, group.key, top=5).itertuples():
            assert (
                f"{row.no} {row.prioritas} {row.nama} {row.kecamatan}, {row.kabupaten} {texts.number(row.jarak_km, 1)}"
                in page
            )
    for number, code in enumerate(areas.kabupaten_codes(sulbar)):
        page = texts_of_pages[7 + number]
        lead = headlines.leading_group(sulbar, code)
        listed = re.search(r"(\d+) dari \d+ desa/kelurahan belum terlayani, prioritas teratas", page)
        assert listed
        assert int(listed[1]) >= 5, "a list that is too short to plan with"
        for row in unserved_list(sulbar, lead, kabupaten=code, top=int(listed[1])).itertuples():
            assert f"{row.no} {row.prioritas} {row.nama} {row.kecamatan}" in page
            assert texts.number(row.belum_terjangkau) in page
        for group in sulbar.groups:
            row = sulbar.at("kabupaten", group.key).loc[code]
            assert f"{row['desa_belum_terlayani']} dari {row['jumlah_desa']}" in page


def test_method_explains_every_measure(texts_of_pages: list[str], sulbar: Coverage) -> None:
    said = " ".join(texts_of_pages[-3:])
    for measure in sulbar.measures:
        assert measure.title("id") in said
    assert "bukan norma" in said
    assert "Sensitif" not in said


def test_every_page_is_stamped(texts_of_pages: list[str]) -> None:
    assert all("DATA CONTOH" in text for text in texts_of_pages)


def test_size_fonts_and_metadata(path: Path) -> None:
    assert path.stat().st_size <= 8_000_000
    reader = PdfReader(path)
    assert reader.metadata is not None
    assert reader.metadata.title == "Atlas cakupan layanan LKS Sulawesi Barat"
    assert reader.metadata.creation_date is None
    kinds = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            kinds.add(font.get_object()["/DescendantFonts"][0].get_object()["/Subtype"])
        width, height = page.mediabox.width, page.mediabox.height
        assert (round(float(width)), round(float(height))) == (842, 595)
    assert kinds == {"/CIDFontType2"}


def own_pages(coverage: Coverage, kabupaten: int) -> list[Sheet]:
    found = [atlas_pages.cover_page(coverage), atlas_pages.summary_page(coverage)]
    found += [atlas_pages.kabupaten_page(coverage, code) for code in areas.kabupaten_codes(coverage)[:kabupaten]]
    found.append(atlas_pages.sensitivity_page(coverage, SENSITIVITY))
    return [*found, *atlas_pages.method_pages(coverage)]


@pytest.mark.parametrize("name", ["sulbar", "english", "kabupaten", "crowded"])
def test_every_text_is_on_its_page_and_covers_no_other(name: str) -> None:
    coverage = {
        "sulbar": report_world.sulbar,
        "english": lambda: report_world.sulbar("en"),
        "kabupaten": report_world.one_kabupaten,
        "crowded": report_world.crowded,
    }[name]()
    for sheet in own_pages(coverage, kabupaten={"sulbar": 4, "crowded": 3}.get(name, 1)):
        page = Box(4, 4, sheet.width - 4, sheet.height - 4)
        for box in sheet.boxes:
            assert box.inside(page), box
        for one, other in combinations(sheet.boxes, 2):
            assert not one.overlaps(other, -0.35), (one, other)
