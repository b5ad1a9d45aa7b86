"""What a file says of its areas as a whole: titles, tabs, its name, codes in several columns, another province."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from raw_rows import Row, raw_register
from xlsxwriter import Workbook

from lks_geo.messages import Texts
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Register

NAMES = ("Panti Melati", "LKSA Mawar", "Panti Senja", "LKSA Pagi")


def rows(**columns: list[str | None]) -> list[Row]:
    """Institutions for children with the cells of each column."""
    length = max(len(texts) for texts in columns.values())
    return [
        {"nama": NAMES[at], "jenis_layanan": "LKS Anak", **{name: texts[at] for name, texts in columns.items()}}
        for at in range(length)
    ]


def places(register: Register) -> list[str | None]:
    codes = register.rows["kode_desa"].fillna(register.rows["kode_kecamatan"]).fillna(register.rows["kode_kabupaten"])
    return [code if isinstance(code, str) else None for code in codes]


def kinds(register: Register) -> set[str]:
    return {issue.jenis for issue in register.issues}


def notes(register: Register) -> str:
    return " ".join(Texts("en")(note) for note in register.notes)


def cleaned(told: list[Row], boundaries: Boundaries, *, file: str = "register.csv", tab: str | None = None) -> Register:
    raw = raw_register(told, sheets=[tab] * len(told) if tab else ())
    return clean(replace(raw, source=replace(raw.source, name=file)), boundaries, Settings())


TWICE = ["Binanga", "Botteng", "Rimuku"]
IN_MAMUJU = ["76.02.01.1002", "76.02.12.2003", "76.02.01.1013"]


@pytest.mark.parametrize(
    "title",
    [
        "DATA LKS KABUPATEN MAMUJU TAHUN 2024", "DAFTAR LKS KAB. MAMUJU", "REKAPITULASI LKS SE-KABUPATEN MAMUJU",
        "DINAS SOSIAL KABUPATEN MAMUJU PROVINSI SULAWESI BARAT", "LKS Kab/Kota Mamuju per Mei 2026",
    ],
)  # fmt: skip
def test_a_title_names_the_kabupaten_of_its_rows(sulbar_boundaries: Boundaries, title: str) -> None:
    register = cleaned(rows(desa=TWICE, judul=[title] * 3), sulbar_boundaries)
    assert places(register) == IN_MAMUJU
    assert kinds(register) == {"titik_dari_desa"}
    assert "taken from the title" in notes(register)


@pytest.mark.parametrize("tab", ["MAMUJU", "Kab. Mamuju", "Mamuju 2024", "LKS Mamuju"])
def test_a_tab_names_the_kabupaten_of_its_rows(sulbar_boundaries: Boundaries, tab: str) -> None:
    assert places(cleaned(rows(desa=TWICE), sulbar_boundaries, tab=tab)) == IN_MAMUJU


def test_a_tab_names_the_kecamatan_of_its_rows(sulbar_boundaries: Boundaries) -> None:
    register = cleaned(rows(desa=["Sendana"]), sulbar_boundaries, tab="Mambi")
    assert places(register) == ["76.03.01.2019"]


@pytest.mark.parametrize("file", ["data_lks_mamuju_2024.xlsx", "LKS Kab Mamuju.csv"])
def test_the_file_names_the_kabupaten_if_its_rows_agree(sulbar_boundaries: Boundaries, file: str) -> None:
    assert places(cleaned(rows(desa=TWICE), sulbar_boundaries, file=file)) == IN_MAMUJU
    elsewhere = cleaned(rows(desa=["Lombong", "Rangas", "Tande"]), sulbar_boundaries, file=file)
    assert "taken from the title" not in notes(elsewhere)


def test_a_title_of_the_author_does_not_move_rows(sulbar_boundaries: Boundaries) -> None:
    told = rows(desa=["Lombong", "Orobatu", "Tande"], judul=["DINAS SOSIAL KAB. MAMUJU"] * 3)
    register = cleaned(told, sulbar_boundaries)
    assert "taken from the title" not in notes(register)
    told = rows(desa=["Lombong", "Rangas"], kabupaten=["Majene"] * 2, judul=["DINAS SOSIAL KAB. MAMUJU"] * 2)
    assert places(cleaned(told, sulbar_boundaries)) == ["76.05.04.2005", "76.05.01.1010"]


def test_a_desa_that_is_not_there_contradicts_the_title(sulbar_boundaries: Boundaries) -> None:
    told = rows(desa=["Orobatu", "Rimuku", "Amassangan"], judul=["LKS KABUPATEN MAMUJU"] * 3)
    register = cleaned(told, sulbar_boundaries)
    assert "wilayah_bertentangan" in kinds(register)
    assert register.rows["hasil"].tolist() == ["diperbaiki", "diperbaiki", "meragukan"]


def test_a_title_of_another_province_keeps_rows_out(sulbar_boundaries: Boundaries) -> None:
    told = rows(desa=["Sendana"] * 3, kecamatan=["Sendana"] * 3, judul=["DATA LKS KABUPATEN LUWU"] * 3)
    register = cleaned(told, sulbar_boundaries)
    assert places(register) == [None] * 3
    assert "Sulawesi Selatan" in notes(register)


def test_titles_and_tabs_of_a_workbook(tmp_path: Path, sulbar_boundaries: Boundaries) -> None:
    path = tmp_path / "register.xlsx"
    with Workbook(path) as book:
        for tab, desa in (("Satu", ["Binanga", "Rimuku"]), ("MAJENE", ["Rangas", "Baru"])):
            sheet = book.add_worksheet(tab)
            sheet.write_row(0, 0, ["DATA LKS KABUPATEN MAMUJU TAHUN 2024" if tab == "Satu" else "DATA LKS 2024"])
            sheet.write_row(2, 0, ["NO", "NAMA LKS", "KELOMPOK SASARAN", "DESA"])
            for at, name in enumerate(desa):
                sheet.write_row(3 + at, 0, [at + 1, f"LKSA {name}", "Anak", name])
    register = clean(read_register(path, settings=Settings()), sulbar_boundaries, Settings())
    assert places(register) == ["76.02.01.1002", "76.02.01.1013", "76.05.01.1010", "76.05.01.1003"]


@pytest.mark.parametrize(
    "columns",
    [
        {"kode_kabupaten": ["02", "04"], "kode_kecamatan": ["02", "06"], "kode_desa": ["2003", "1005"]},
        {"kode_kabupaten": ["2", "4"], "kode_kecamatan": ["2", "6"], "kode_desa": ["2003", "1005"]},
        {"kode_kabupaten": ["2.0", "4.0"], "kode_kecamatan": ["2.0", "6.0"], "kode_desa": ["2003.0", "1005.0"]},
        {"kode_kabupaten": ["7602", "7604"], "kode_kecamatan": ["02", "06"], "kode_desa": ["2003", "1005"]},
    ],
)
def test_a_code_in_several_columns(sulbar_boundaries: Boundaries, columns: dict[str, list[str | None]]) -> None:
    register = cleaned(rows(**columns), sulbar_boundaries)
    assert places(register) == ["76.02.02.2003", "76.04.06.1005"]
    assert kinds(register) == {"titik_dari_desa"}


def test_a_bps_code_in_several_columns(sulbar_boundaries: Boundaries) -> None:
    desa = sulbar_boundaries.desa
    written = desa["kode_bps"].iloc[[5, 300]]
    columns: dict[str, list[str | None]] = {
        "kode_kabupaten": [code[2:4] for code in written],
        "kode_kecamatan": [code[4:7] for code in written],
        "kode_desa": [code[7:].lstrip("0") for code in written],
    }
    assert places(cleaned(rows(**columns), sulbar_boundaries)) == list(written.index)


def test_codes_of_another_system_are_told_once(sulbar_boundaries: Boundaries) -> None:
    named: dict[str, list[str | None]] = {
        "desa": ["Orobatu", "Topore", "Balla"],
        "kabupaten": ["Mamuju", "Mamuju", "Mamasa"],
    }
    named["kecamatan"] = ["Tapalang", "Papalang", "Balla"]
    for codes in (["26001", "26002", "26003"], ["91511", "91512", "91513"], ["100201", "100202", "100203"]):
        register = cleaned(rows(**named, kode_desa=[*codes]), sulbar_boundaries)
        assert kinds(register) == {"titik_dari_desa"}
        assert "has not one" in notes(register)
    damaged = cleaned(rows(**named, kode_desa=["7,602E+09"] * 3), sulbar_boundaries)
    assert "kode_rusak" in kinds(damaged)


def test_another_province_in_every_row_is_told_once(sulbar_boundaries: Boundaries) -> None:
    register = cleaned(rows(kabupaten=["Kota Palopo", "Luwu", "Maros"], provinsi=["Sulsel"] * 3), sulbar_boundaries)
    assert kinds(register) == {"tanpa_lokasi"}
    assert "3 rows state Sulawesi Selatan" in notes(register)
    mixed = cleaned(rows(kabupaten=["Kota Palopo", "Majene", "Mamasa"]), sulbar_boundaries)
    assert "provinsi_lain" in kinds(mixed)
