"""Values spread over headings come together: ticks, degrees apart from minutes, the side; and second heading rows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from lks_geo.register.reading.raw import RawRegister, read_register
from lks_geo.settings import Settings

BASE = ("Nama LKS", "Jenis Layanan")


def _rows(tmp_path: Path, lines: Sequence[Sequence[object]], **columns: str) -> RawRegister:
    path = tmp_path / "lks.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(lines)
    return read_register(path, settings=Settings(), columns=columns)


def _told(raw: RawRegister, name: str) -> list[str]:
    return raw.cells[name].fillna("").tolist()


@pytest.mark.parametrize(
    ("upper", "answers", "name"),
    [
        ("Status", ("Aktif", "Tidak Aktif"), "status_aktif"),
        ("Status Aktif", ("Ya", "Tidak"), "status_aktif"),
        ("Keterangan", ("Aktif", "Non Aktif"), "status_aktif"),
        ("", ("Aktif", "Tidak Aktif"), "status_aktif"),
        ("Sistem", ("Dalam Panti", "Luar Panti"), "sistem"),
        ("Sistem Layanan", ("Dalam", "Luar"), "sistem"),
        ("", ("Dalam Panti", "Luar Panti"), "sistem"),
        ("Badan Hukum", ("Ya", "Tidak"), "badan_hukum"),
        ("Badan Hukum", ("Sudah", "Belum"), "badan_hukum"),
        ("Akreditasi", ("A", "B", "C", "Belum"), "akreditasi"),
        ("Perkembangan", ("Tumbuh", "Berkembang", "Mandiri"), "perkembangan"),
        ("", ("Tumbuh", "Berkembang", "Mandiri"), "perkembangan"),
    ],
)
@pytest.mark.parametrize("tick", ["V", "✓", "1", "x"])
def test_the_word_ticked_is_the_value(
    tmp_path: Path, upper: str, answers: tuple[str, ...], name: str, tick: str
) -> None:
    width = len(answers)
    ticks = [[tick if at == one else "" for at in range(width)] for one in range(width)]
    ticks += [[tick] * width, [""] * width, ["0"] * width]
    header = [[*BASE, *([upper] + [""] * (width - 1)), "Desa"], ["", "", *answers, ""]]
    if not upper:
        header = [[*BASE, *answers, "Desa"]]
    lines = [*header, *([f"LKS {n}", "Anak", *marks, "Topore"] for n, marks in enumerate(ticks))]
    raw = _rows(tmp_path, lines)
    assert _told(raw, name) == [*answers, " / ".join(answers), "", ""]
    assert raw.sheets[0].header_rows == tuple(range(1, len(header) + 1))
    assert raw.sheets[0].unused == ()
    assert raw.notes == ()


def test_columns_that_are_no_ticks_stay_as_they_are(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [[*BASE, "Aktif", "Tidak Aktif"], ["A", "Anak", "sejak 2019", ""], ["B", "Anak", "", "2020"]])
    assert "status_aktif" not in raw.cells, "nothing in it says active or not"
    raw = _rows(tmp_path, [[*BASE, "Aktif", "Tidak Aktif"], ["A", "Anak", "V", ""]], status_aktif="Aktif")
    assert _told(raw, "status_aktif") == ["V"]


def test_headings_under_a_merged_one(tmp_path: Path) -> None:
    path = tmp_path / "lks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(BASE):
            sheet.merge_range(0, column, 1, column, text)
        sheet.merge_range(0, 2, 0, 3, "Status")
        sheet.write_row(1, 2, ["Aktif", "Tidak Aktif"])
        sheet.write_row(2, 0, ["A", "Anak", "", "V"])
    assert _told(read_register(path, settings=Settings()), "status_aktif") == ["Tidak Aktif"]


def test_a_row_of_sub_headings_is_no_lks(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", *BASE, "Legalitas", "", "", "Desa"], ["", "", "", "Akta Notaris", "SK Kemenkumham", "NPWP", ""],
        [1, "A", "Anak", "12", "AHU-001", "01.2", "X"], [2, "B", "Anak", "", "", "", "X"],
    ])  # fmt: skip
    assert _told(raw, "nama") == ["A", "B"]
    assert _told(raw, "badan_hukum") == ["AHU-001", ""]
    assert set(raw.sheets[0].dropped) == {"Legalitas – NPWP"}
    raw = _rows(tmp_path, [
        [*BASE, "Pengelolaan", "", "Desa"], ["", "", "Mutu", "Sarana", ""], ["A", "Anak", "baik", "ada", "X"],
    ])  # fmt: skip
    assert _told(raw, "nama") == ["A"]
    assert raw.sheets[0].header_rows == (1, 2)


def test_a_word_below_another_heading_belongs_to_the_row_of_sub_headings(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", *BASE, "Legalitas", "Alamat", "", "Desa"], ["", "", "", "Ada/Tidak", "Jalan", "RT/RW", ""],
        [1, "A", "Anak", "ada", "Jl. X", "1/2", "X"],
    ])  # fmt: skip
    assert _told(raw, "nama") == ["A"]
    assert _told(raw, "badan_hukum") == ["ada"]


def test_a_sparse_first_row_is_no_heading(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [[*BASE, "Status", ""], ["Melati", "", "Aktif", "lama"], ["Mawar", "Anak", "Vakum", "baru"]])
    assert _told(raw, "nama") == ["Melati", "Mawar"]
    assert _told(raw, "status_aktif") == ["Aktif", "Vakum"]


@pytest.mark.parametrize("units", [("Derajat", "Menit", "Detik"), ("°", "'", '"'), ("Deg", "Min", "Sec")])
def test_degrees_minutes_and_seconds_come_together(tmp_path: Path, units: tuple[str, ...]) -> None:
    lines = [["2", "40", "24,5", "118", "53", "24"], ["2", "40", "", "118", "53", ""], [""] * 6]
    body = [[f"LKS {n}", "Anak", *line] for n, line in enumerate(lines)]
    raw = _rows(tmp_path, [[*BASE, "Lintang", "", "", "Bujur", "", ""], ["", "", *units, *units], *body])
    assert _told(raw, "lintang") == ["2° 40' 24,5\"", "2° 40'", ""]
    assert _told(raw, "bujur") == ["118° 53' 24\"", "118° 53'", ""]
    middle = ["", "", "Lintang Selatan", "", "", "Bujur Timur", "", ""]
    three_rows = [[*BASE, "Titik Koordinat", *[""] * 5], middle, ["", "", *units, *units]]
    again = _rows(tmp_path, [*three_rows, *body])
    assert _told(again, "bujur") == [text and f"{text} BT" for text in _told(raw, "bujur")]
    assert again.sheets[0].header_rows == (1, 2, 3)
    if units[0].isalpha():
        one_row = [f"{axis} {unit}" for axis in ("Lintang", "Bujur") for unit in units]
        again = _rows(tmp_path, [[*BASE, *one_row], *body])
        assert _told(again, "lintang") == _told(raw, "lintang")


@pytest.mark.parametrize(
    ("headings", "sides"),
    [
        ([[*BASE, "Lintang Selatan", "Bujur Timur"]], ("LS", "BT")),
        ([[*BASE, "Lintang (LS)", "Bujur (BT)"]], ("LS", "BT")),
        ([[*BASE, "Koordinat", ""], ["", "", "LS", "BT"]], ("LS", "BT")),
        ([[*BASE, "Koordinat LS", "Koordinat BT"]], ("LS", "BT")),
        ([[*BASE, "Latitude (LU/LS)", "Longitude (BB/BT)"]], ("", "")),
        ([[*BASE, "Koordinat", ""], ["", "", "N", "E"]], ("", "")),
        ([[*BASE, "Koordinat", ""], ["", "", "S", "E"]], ("LS", "")),
        ([[*BASE, "Lintang", "Bujur"]], ("", "")),
    ],
)
def test_the_side_in_the_heading(tmp_path: Path, headings: list[list[str]], sides: tuple[str, str]) -> None:
    plain = [("1.437235", "119.05"), ("1,437235", "119,05"), ("2°40'24\"", "118°53'24\""), ("2 40 24", "118 53 24")]
    signed = [("-1.437235", "119.05 BT"), ("1.4 LS", "+119.05"), ("S 1.4", "119 derajat 3 menit")]
    digits = [("1437235", "11905"), ("9704512,5", "741.234,5")]
    body = [[f"LKS {n}", "Anak", *pair] for n, pair in enumerate([*plain, *signed, *digits])]
    raw = _rows(tmp_path, [*headings, *body])
    for at, name in enumerate(("lintang", "bujur")):
        lent = [f"{pair[at]} {sides[at]}".strip() for pair in plain]
        assert _told(raw, name) == [*lent, *(pair[at] for pair in [*signed, *digits])]
