"""Every line of a sheet is a row or is counted by kind, whatever the layout; no LKS is lost."""

from __future__ import annotations

import csv
import itertools
import json
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from registers import CELL_DIRT, LAYOUT_DIRT, page, soil, write_pages, write_register

from lks_geo.errors import LksGeoError
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.reading.fields import FIELDS
from lks_geo.register.reading.headings import Headings
from lks_geo.register.reading.raw import RawRegister, read_register
from lks_geo.settings import Settings
from lks_geo.sheets.header import find_header
from lks_geo.sheets.line_kinds import LINE_RULES, PASSED_OVER, Line, LineRule, Lines
from lks_geo.sheets.open_sheets import open_sheets

SETTINGS = Settings()
FILES = (".xlsx", ".xls", ".ods", ".csv")
NEEDS_MERGES = {"merged_kabupaten"}
"""Dirt that only formats with merged cells can tell."""


def _read(path: Path) -> RawRegister:
    return read_register(path, settings=SETTINGS)


def _rows(tmp_path: Path, lines: list[list[object]]) -> RawRegister:
    path = tmp_path / "lks.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(lines)
    return _read(path)


@cache
def _clean_kabupaten() -> list[str]:
    return [row["kabupaten"].casefold() for row in page().body.lines]


WRITTEN = [
    pytest.param(dirt, suffix, marks=() if suffix in (FILES[at % 4], FILES[(at + 1) % 4]) else pytest.mark.long)
    for at, dirt in enumerate([*LAYOUT_DIRT, *CELL_DIRT])
    for suffix in FILES
]
"""Every dirt in two kinds of file each time, in turns."""


@pytest.mark.parametrize(("dirt", "suffix"), WRITTEN)
def test_each_dirt_leaves_every_lks_in_place(tmp_path: Path, dirt: str, suffix: str) -> None:
    written = write_register(tmp_path / f"lks{suffix}", dirt=[dirt])
    raw = _read(written.path)
    assert tuple(raw.cells["nomor"]) == written.numbers
    assert list(raw.cells["nama"]) == [row["nama"] for row in written.rows]
    if "kabupaten" in raw.cells and dirt not in CELL_DIRT and not (dirt in NEEDS_MERGES and suffix == ".csv"):
        assert [text.casefold() for text in raw.cells["kabupaten"]] == _clean_kabupaten()


LAYOUTS = [name for name in LAYOUT_DIRT if name not in ("check_marks", "sections_kabupaten", "sections_kecamatan")]


PAIRS = [
    pytest.param(pair, id="+".join(pair), marks=() if place % 6 == 0 else pytest.mark.long)
    for place, pair in enumerate(itertools.combinations(LAYOUT_DIRT, 2))
]
"""All pairs; every sixth is tried each time."""


@pytest.mark.parametrize("pair", PAIRS)
def test_two_kinds_of_dirt_together(tmp_path: Path, pair: tuple[str, str]) -> None:
    if {"sections_kabupaten", "merged_kabupaten"} <= set(pair):
        pytest.skip("the section headings take the column away")
    written = write_register(tmp_path / "lks.xlsx", dirt=list(pair))
    raw = _read(written.path)
    assert tuple(raw.cells["nomor"]) == written.numbers
    _reconciles(written.path, raw)


def test_a_really_messy_page(tmp_path: Path) -> None:
    dirt = [
        "title_rows", "metadata_rows", "two_row_header", "column_numbers", "blank_lines", "repeated_header",
        "sections_kecamatan",
        "merged_kabupaten", "personal_columns", "hidden_rows", "total_row", "signature",
    ]  # fmt: skip
    written = write_register(tmp_path / "lks.xlsx", dirt=dirt)
    raw = _read(written.path)
    assert tuple(raw.cells["nomor"]) == written.numbers
    assert raw.cells["kecamatan"].str.casefold().tolist()[:2] == ["mambi", "mamasa"]
    assert set(raw.sheets[0].passed_over) == {
        "title", "blank", "column_numbers", "header", "section", "total", "signature"
    }  # fmt: skip
    _reconciles(written.path, raw)


def _reconciles(path: Path, raw: RawRegister) -> None:
    """Lines of the file = header lines + rows + lines passed over."""
    for sheet, report in zip(open_sheets(path), raw.sheets, strict=True):
        assert len(sheet.cells) == len(report.header_rows) + report.rows + sum(report.passed_over.values())


def test_section_headings_give_what_the_column_does_not(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["DATA LKS", "", "", "", ""], ["KABUPATEN :", "Mamasa", "", "", ""],
        ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"],
        ["I", "KECAMATAN MAMBI", "", "", ""], [1, "LKS Satu", "Anak", "", 3], [2, "LKS Dua", "Anak", "", 3],
        ["II", "Kec. Nosu", "", "", ""], [3, "LKS Tiga", "Anak", "", 3], [4, "LKS Empat", "Anak", "Pana", 3],
        ["", "KABUPATEN MAJENE", "", "", ""], [5, "LKS Lima", "Anak", "", 3],
    ])  # fmt: skip
    assert raw.cells["kabupaten"].tolist() == ["Mamasa"] * 4 + ["MAJENE"]
    # a blank in a section whose other rows have their own kecamatan is only blank
    assert raw.cells["kecamatan"].fillna("").tolist() == ["MAMBI", "MAMBI", "", "Pana", ""]


def test_a_blank_that_is_only_blank_stays_blank(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["Nama LKS", "Layanan", "Kecamatan"], ["LKS Satu", "Anak", "Mambi"], ["LKS Dua", "Anak", ""],
        ["LKS Tiga", "Anak", ""],
    ])  # fmt: skip
    assert raw.cells["kecamatan"].fillna("").tolist() == ["Mambi", "", ""]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_merged_cells_hold_for_all_their_rows(tmp_path: Path, suffix: str) -> None:
    written = write_register(tmp_path / f"lks{suffix}", dirt=["merged_kabupaten"])
    assert _read(written.path).cells["kabupaten"].tolist()[:4] == ["Mamasa"] * 3 + ["Mamuju"]


def test_names_that_look_like_other_lines_are_rows(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"],
        [1, "Jumlah Kasih", "Anak", "Mambi", 20], [2, "Total Care Foundation", "Lansia", "Mambi", ""],
        [3, "Jumlah Harapan", "", "", ""],
        [4, "Desa Taruna", "", "", ""], ["", "Desa Taruna Dua", "", "", ""],
        [6, "Kepala Dinas Sosial Peduli", "Anak", "", ""],
        [7, "Data Sejahtera", "", "", ""], [8, "Mengetahui Hati", "Anak", "Mambi", ""], [9, "1", "Anak", "Mambi", ""],
        ["", "Panti Tanpa Keterangan", "", "", ""],
    ])  # fmt: skip
    assert raw.cells["nomor"].tolist() == list(range(2, 12))
    assert raw.sheets[0].passed_over == {}


def test_totals_and_prenumbered_lines_are_none(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"], [1, "LKS Satu", "Anak", "Mambi", 20],
        [2, "", "", "", ""], [3, "", "", "", ""],
        ["", "Sub Total Kec. Mambi", "", "", 20], ["JUMLAH", "", "", "", 20],
        ["", "GRAND TOTAL", "", "", "1.020 orang"], ["", "Jumlah LKS: 1", "", "", ""],
        ["Keterangan: data sementara", "", "", "", ""], ["*) Sumber: Dinas Sosial", "", "", "", ""],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["LKS Satu"]
    assert raw.sheets[0].passed_over == {"total": 4, "note": 2, "blank": 2}


def test_lettered_sections_and_starred_notes_are_no_lks(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", "Nama LKS", "Layanan", "Desa"],
        ["", "A. LKS ANAK", "", ""], [1, "LKS Satu", "Anak", "X"],
        ["", "II) Lanjut Usia", "", ""], ["C.", "LKS DISABILITAS LUAR PANTI", "", ""], [2, "LKS Dua", "Anak", "X"],
        ["", "*) belum diverifikasi", "", ""], ["", "** data lama", "", ""], ["", "Catatan: V = ada", "", ""],
        ["", "Ket. data sementara", "", ""],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["LKS Satu", "LKS Dua"]
    assert raw.sheets[0].passed_over == {"section": 3, "note": 4}


def test_what_could_be_an_lks_is_kept(tmp_path: Path) -> None:
    rows = [
        ["", "A. Anak Bangsa", "", ""], ["D", "Panti Melati", "", ""], ["", "LKS Anak", "", ""],
        ["1", "LKS Anak", "", ""], ["", "* Panti Mawar", "", ""], ["", "*LKSA Kasih", "", ""],
        ["", "A. LKS Anak", "Anak", ""], ["", "1. LKS Anak", "", ""], ["", "A", "Anak", ""],
    ]  # fmt: skip
    raw = _rows(tmp_path, [["No", "Nama LKS", "Layanan", "Desa"], *rows])
    assert raw.cells["nama"].tolist() == [row[1] for row in rows]


def test_ticked_statuses_are_read(tmp_path: Path) -> None:
    written = write_register(tmp_path / "lks.xlsx", dirt=["status_ticks", "title_rows", "two_row_header"])
    clean = write_register(tmp_path / "clean.xlsx")
    told = _read(written.path).cells["status_aktif"].str.casefold().tolist()
    assert told == [row["status_aktif"].casefold() for row in clean.rows]


def test_an_lks_below_the_signature_block_is_not_lost(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", "Nama LKS", "Layanan", "Kecamatan"], [1, "LKS Satu", "Anak", "Mambi"],
        ["", "", "", "Mamuju, 3 Mei 2026"], ["", "Mengetahui,", "", ""],
        ["", "Kepala Dinas Sosial", "", ""], ["", "Nama Pejabat", "", ""], ["", "NIP. 19700101 199001 1 001", "", ""],
        [2, "LKS Susulan", "Lansia", "Nosu"], [3, "LKS Susulan Dua", "", ""],
    ])  # fmt: skip
    assert raw.cells["nomor"].tolist() == [2, 8, 9]
    assert raw.sheets[0].passed_over == {"signature": 5}


def test_a_sparse_lks_after_more_rows_below_the_signature_is_not_lost(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["Nama LKS", "Layanan", "Kecamatan"], ["Mengetahui,", "", ""], ["LKS Satu", "Anak", "Mambi"],
        ["LKS Dua", "", "Mambi"],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["LKS Satu", "LKS Dua"]


def test_areas_named_above_and_between_tables(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["PROVINSI SULAWESI BARAT"], ["KABUPATEN MAMUJU TAHUN 2026"], ["Nama LKS", "Layanan", "Kecamatan"],
        ["LKS Satu", "Anak", "Simboro"], [],
        ["KABUPATEN MAJENE"], ["Nama LKS", "Jenis Layanan", "Alamat", "Kecamatan"],
        ["LKS Dua", "Lansia", "Jl", "Banggae"],
    ])  # fmt: skip
    assert raw.cells["kabupaten"].tolist() == ["MAMUJU", "MAJENE"]
    assert "provinsi" not in raw.cells


def test_tables_one_below_the_other_with_other_columns(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["KABUPATEN MAMUJU", "", "", "", ""], ["No", "Nama LKS", "Layanan", "Kecamatan", ""],
        [1, "LKS Satu", "Anak", "Simboro", ""], [],
        ["KABUPATEN MAJENE", "", "", "", ""], ["No", "Kecamatan", "Nama LKS", "Jenis Layanan", "Alamat"],
        [1, "Banggae", "LKS Dua", "Lansia", "Jl"],
        [2, "Banggae", "LKS Tiga", "Lansia", "Jl"],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["LKS Satu", "LKS Dua", "LKS Tiga"]
    assert raw.cells["kecamatan"].tolist() == ["Simboro", "Banggae", "Banggae"]
    assert raw.sheets[0].header_rows == (2, 6)


def test_groups_of_headings(tmp_path: Path) -> None:
    path = tmp_path / "lks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 8, "DAFTAR LKS DAN PENGURUSNYA")
        for first, last, text in ((1, 2, "IDENTITAS LKS"), (3, 5, "LOKASI"), (6, 8, "PENGURUS")):
            sheet.merge_range(1, first, 1, last, text)
        sheet.merge_range(1, 0, 2, 0, "No")
        sheet.write_row(2, 1, ["Nama", "Layanan", "Kecamatan", "Long", "Lat", "Nama", "Jabatan", "HP"])
        sheet.write_row(3, 0, [1, "LKS Satu", "Anak", "Mambi", 119.1, -2.9, "Nama Orang", "Ketua", "081200001234"])
    raw = _read(path)
    assert raw.sheets[0].header_rows == (2, 3)
    assert raw.cells.loc[0, ["nama", "lintang", "bujur"]].tolist() == ["LKS Satu", "-2.9", "119.1"]
    assert "PENGURUS – Nama" in raw.sheets[0].dropped
    assert "Nama Orang" not in raw.cells.to_csv()


@pytest.mark.parametrize(
    "wide",
    [["No", "Nama LKS", "Jenis Layanan", "", "", "Kecamatan"], ["", "", "Anak", "Lanjut Usia", "Disabilitas", ""]],
)
def test_check_marks_below_a_group_heading(tmp_path: Path, wide: list[str]) -> None:
    upper = ["No", "Nama LKS", "Jenis Layanan", "", "", "Kecamatan"]
    raw = _rows(
        tmp_path,
        [
            upper,
            ["", "", "Anak", "Lanjut Usia", "Disabilitas", ""],
            [1, "LKS Satu", "V", "", "", "Mambi"],
            [2, "LKS Dua", "", "v", "✓", "Mambi"],
        ],
    )
    assert raw.cells["tanda:anak"].fillna("").tolist() == ["V", ""]
    assert raw.cells["tanda:lansia"].fillna("").tolist() == ["", "v"]
    assert raw.cells["tanda:disabilitas"].fillna("").tolist() == ["", "✓"]


def test_a_row_below_the_header_is_never_part_of_it(tmp_path: Path) -> None:
    raw = _rows(
        tmp_path,
        [
            ["Nama LKS", "Kelompok", "Kabupaten", "Kecamatan"],
            ["Anak", "Anak", "Mamuju", "Kecamatan"],
            ["LKS B", "Lansia", "", ""],
        ],
    )
    assert raw.cells["nama"].tolist() == ["Anak", "LKS B"]


@pytest.mark.parametrize("rule", [rule for rule in LINE_RULES if rule.example], ids=lambda rule: rule.example)
def test_each_rule_decides_its_example(tmp_path: Path, rule: LineRule) -> None:
    path = tmp_path / "lks.csv"
    example = [cell.strip() for cell in rule.example.split("|")]
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([
            ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas", ""], [1, "LKS Satu", "Anak", "Mambi", 20, ""],
            [*example, ""],
        ])  # fmt: skip
    sheet, headings = open_sheets(path)[0], Headings(SETTINGS)
    header = find_header(sheet, headings)
    assert header is not None
    assert Line(Lines(sheet, header, headings), 2, closing="").rule is rule
    raw = _read(path)
    assert raw.sheets[0].passed_over == ({} if rule.kind == "row" else {rule.kind: 1})


LKS = [["1", "Panti Satu", "Anak", "Mambi", "20"], ["2", "Panti Dua", "Lansia", "Mambi", "10"]]


def _between(tmp_path: Path, *lines: list[object]) -> RawRegister:
    """The register of two LKS with lines below the first of them."""
    return _rows(tmp_path, [["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"], LKS[0], *lines, LKS[1]])


@pytest.mark.parametrize(
    "text",
    ["Subtotal Mamuju", "Sub Total Kec. Mambi", "Jumlah LKS aktif", "Mamasa Total", "JUMLAH I", "Jumlah Mamuju Tengah",
     "GRAND TOTAL", "Total B", "Jumlah Lembaga Terdaftar", "Rata-rata"],
)  # fmt: skip
@pytest.mark.parametrize("amount", ["50", ""])
def test_sums_are_no_lks(tmp_path: Path, text: str, amount: str) -> None:
    raw = _between(tmp_path, ["", text, "", "", amount])
    assert raw.cells["nama"].tolist() == ["Panti Satu", "Panti Dua"]
    assert dict(raw.sheets[0].passed_over) == {"total": 1}


@pytest.mark.parametrize("name", ["Jumlah Kasih", "Total Care Mambi", "Panti Totalitas", "LKS Isi Hati"])
def test_names_like_sums_are_lks(tmp_path: Path, name: str) -> None:
    raw = _between(tmp_path, ["3", name, "Anak", "Mambi", "5"], ["", name, "Anak", "", ""])
    assert raw.cells["nama"].tolist() == ["Panti Satu", name, name, "Panti Dua"]


def test_bare_names_of_areas_head_the_rows_below(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [
        ["No", "Nama LKS", "Layanan", "Kecamatan"], ["", "MAJENE"], ["1", "Panti Satu", "Anak", "Malunda"],
        ["", "MAMUJU TENGAH"], ["2", "Panti Dua", "Anak", "Topoyo"], ["", "Panti Tiga"],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["Panti Satu", "Panti Dua", "Panti Tiga"]
    assert raw.cells["kabupaten"].tolist() == ["MAJENE", "MAMUJU TENGAH", "MAMUJU TENGAH"]


@pytest.mark.parametrize(
    "line",
    [
        ["#no", "#org+name", "#targeted", "#adm3+name", "#capacity"],
        ["", "diisi nama lengkap LKS", "pilih salah satu", "", "angka"],
        ["", "(wajib)", "(wajib)", "(opsional)", ""],
        ["1", "Contoh: LKS Melati", "Anak", "Mambi", "20"],
        ["", "text", "select_one layanan", "text", "integer"],
    ],
)
def test_tags_and_instructions_below_the_headings_are_no_lks(tmp_path: Path, line: list[str]) -> None:
    raw = _rows(tmp_path, [["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"], line, *LKS])
    assert raw.cells["nama"].tolist() == ["Panti Satu", "Panti Dua"]
    assert dict(raw.sheets[0].passed_over) == {"instruction": 1}


def test_letters_of_columns_and_numbered_blanks_are_no_lks(tmp_path: Path) -> None:
    head = ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"]
    raw = _rows(tmp_path, [head, list("abcde"), *LKS, ["3", "-", "-", "-", "-"], ["4", "-", "Anak", "Mambi", "5"]])
    assert raw.cells["nama"].fillna("").tolist() == ["Panti Satu", "Panti Dua", "-"]
    assert dict(raw.sheets[0].passed_over) == {"column_numbers": 1, "blank": 1}


@pytest.mark.parametrize("mark", ["sda", "s.d.a.", "idem", '"', "''", "- ” -"])
def test_a_cell_that_says_the_same_holds_the_one_above(tmp_path: Path, mark: str) -> None:
    lines = [[kabupaten or mark, *line] for kabupaten, *line in OUTLINE[1:]]
    raw = _rows(tmp_path, [OUTLINE[0], *lines])
    assert raw.cells["kabupaten"].tolist() == ["Mamuju"] * 3 + ["Majene"] * 3
    assert {"heading": "Kabupaten", "n": 4} in [note.params for note in raw.notes]


def test_the_delimiter_is_that_of_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text("Nama LKS,Layanan,Alamat\n" + "LKS A,Anak,Rimuku; Mamuju; Kab. Mamuju; Sulbar\n" * 5)
    assert _read(path).cells["alamat"].tolist() == ["Rimuku; Mamuju; Kab. Mamuju; Sulbar"] * 5
    path.write_text("Nama LKS|Layanan|Alamat\n" + "LKS A|Anak|Rimuku, Mamuju, Kab. Mamuju\n" * 5)
    assert _read(path).cells["alamat"].tolist() == ["Rimuku, Mamuju, Kab. Mamuju"] * 5


def test_features_under_the_ending_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    point = {"type": "Point", "coordinates": [119.1, -2.9]}
    feature = {"type": "Feature", "properties": {"nama": "LKS A", "layanan": "Anak"}, "geometry": point}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1))
    assert _read(path).cells[["nama", "bujur"]].to_numpy().tolist() == [["LKS A", "119.1"]]


def test_a_record_is_no_row_of_headings(tmp_path: Path) -> None:
    with pytest.raises(LksGeoError):
        _rows(tmp_path, [["", "A - Panti", "Anak"], ["1", "Panti B", "Anak"], ["2", "Panti C", "Lansia"]])


def test_the_legend_below_the_table_is_no_lks(tmp_path: Path) -> None:
    headings = ["No", "Nama LKS", "Layanan", "Kecamatan", "Kapasitas"]
    legend = [[""], ["", "Keterangan:"], ["", "A = Anak"], ["", "Aktif melapor tiap semester"], ["", "- dan lain-lain"]]
    raw = _rows(tmp_path, [headings, *LKS, *legend])
    assert raw.cells["nama"].tolist() == ["Panti Satu", "Panti Dua"]
    assert dict(raw.sheets[0].passed_over) == {"note": 4, "blank": 1}
    raw = _rows(tmp_path, [headings, *LKS, ["", "Panti Tiga"]])
    assert raw.cells["nama"].tolist() == ["Panti Satu", "Panti Dua", "Panti Tiga"]


@pytest.mark.parametrize("gap", [[], [""]])
@pytest.mark.parametrize("right", [["No", "Nama LKS", "Layanan", "Desa"], ["NO", "NAMA LKS", "LAYANAN", "DESA"]])
def test_tables_side_by_side_are_both_read(tmp_path: Path, gap: list[str], right: list[str]) -> None:
    raw = _rows(tmp_path, [
        ["KABUPATEN MAMUJU"], ["No", "Nama LKS", "Layanan", "Desa", *gap, *right],
        ["1", "A", "Anak", "Topore", *gap, "3", "C", "Lansia", "Balla"],
        ["2", "B", "Anak", "Lego", *gap, "", "", "", ""],
    ])  # fmt: skip
    assert raw.cells["nama"].tolist() == ["A", "B", "C"]
    assert raw.cells["nomor"].tolist() == [3, 4, 3]
    assert raw.cells["desa"].tolist() == ["Topore", "Lego", "Balla"]
    assert raw.cells["kabupaten"].tolist() == ["MAMUJU"] * 3
    assert raw.sheets[0].rows == 3
    assert raw.notes == ()


def test_tables_of_other_headings_side_by_side_need_a_blank_column(tmp_path: Path) -> None:
    left, right = ["Nama LKS", "Layanan"], ["Nama Panti", "Desa", "Jenis Layanan"]
    lines: list[list[object]] = [[*left, "", *right], ["A", "Anak", "", "B", "Topore", "Lansia"]]
    assert _rows(tmp_path, lines).cells["nama"].tolist() == ["A", "B"]
    raw = _rows(tmp_path, [["Nama LKS", "Layanan", "Nama LKS"], ["A", "Anak", "A"]])
    assert raw.cells["nama"].tolist() == ["A"]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_in_one_column_is_cut(tmp_path: Path, delimiter: str) -> None:
    lines = [["No", "Nama LKS", "Layanan", "Lintang"], ["1", 'Panti "A", B', "Anak; Lansia", "-2.5"],
             ["2", "Panti C", "Anak", "-2.6"]]  # fmt: skip
    text = [delimiter.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines]
    text[1] = text[1].replace('Panti "A"', 'Panti ""A""')
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for at, line in enumerate(text):
            sheet.write_row(at, 0, line.split("; ") if delimiter == "," else [line])
    raw = _read(path)
    assert raw.cells["nama"].tolist() == ['Panti "A", B', "Panti C"]
    assert raw.cells["jenis_layanan"].str.replace("; ", ";").tolist() == ["Anak;Lansia", "Anak"]
    assert raw.cells["lintang"].tolist() == ["-2.5", "-2.6"]
    assert raw.cells["nomor"].tolist() == [2, 3]


OUTLINE = [
    ["Kabupaten", "Kecamatan", "Nama LKS", "Layanan"], ["Mamuju", "Mamuju", "A", "Anak"], ["", "", "B", "Anak"],
    ["", "Simboro", "C", "Anak"], ["Majene", "Banggae", "D", "Anak"], ["", "", "E", "Anak"],
    ["", "Malunda", "F", "Anak"],
]  # fmt: skip


def test_an_outline_holds_for_the_rows_below(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [list(line) for line in OUTLINE])
    assert raw.cells["kabupaten"].tolist() == ["Mamuju"] * 3 + ["Majene"] * 3
    assert raw.cells["kecamatan"].tolist() == ["Mamuju", "Mamuju", "Simboro", "Banggae", "Banggae", "Malunda"]
    assert [note.params for note in raw.notes] == [{"heading": "Kabupaten", "n": 4}, {"heading": "Kecamatan", "n": 2}]


@pytest.mark.parametrize(
    "kabupaten",
    [
        ["", "Mamuju", "", "", "Majene", ""],  # the first row has none
        ["Mamuju", "", "Mamuju", "", "Majene", ""],  # a name comes twice
        ["Mamuju", "Majene", "Mamasa", "", "Pasangkayu", ""],  # most are filled
        ["Mamuju", "", "", "", "", ""],  # one alone
    ],
)
def test_blanks_that_are_no_outline_stay_blank(tmp_path: Path, kabupaten: list[str]) -> None:
    lines = [[name, "", *line[2:]] for name, line in zip(kabupaten, OUTLINE[1:], strict=True)]
    raw = _rows(tmp_path, [list(OUTLINE[0]), *map(list, lines)])
    assert raw.cells["kabupaten"].fillna("").tolist() == kabupaten
    assert raw.notes == ()


def test_titles_are_handed_on(tmp_path: Path) -> None:
    raw = _rows(tmp_path, [["DATA LKS KABUPATEN MAJENE TAHUN 2024"], [], ["Nama LKS", "Layanan"], ["A", "Anak"]])
    assert raw.cells["judul"].tolist() == ["DATA LKS KABUPATEN MAJENE TAHUN 2024"]


def test_kinds_have_titles() -> None:
    for lang, kind in itertools.product(LANGUAGES, PASSED_OVER):
        assert Texts(lang)(f"sheets.passed_{kind}")


CELLS = st.one_of(
    st.none(), st.integers(-5, 200), st.text(max_size=12),
    st.sampled_from([
        "No", "TOTAL", "Jumlah", "KABUPATEN MAMASA", "Kecamatan Mambi", "Mengetahui", "Kepala Dinas Sosial", "NIP. 1",
        "LKSA Kasih", "Anak",
        "V", "-", "081200001234", "7601014101700001", *(spec.title_id for spec in FIELDS),
        *(spec.synonyms[-1] for spec in FIELDS),
    ]),
)  # fmt: skip
GRIDS = st.integers(1, 7).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=14))
EMPTY_FIRST = [
    ["Nama", "Anak", "Lansia", "Alamat", "HP"],
    [""] * 5,
    ["", "", "", "LKS", "kelompok yang dilayani"],
    [*[""] * 4, 0],
]
HEADERS = st.sampled_from([[], ["No", "Nama LKS", "Layanan", "Kecamatan"], ["Nama", "Anak", "Lansia", "Alamat", "HP"]])


@given(above=GRIDS, header=HEADERS, below=GRIDS)
@example(above=EMPTY_FIRST, header=[], below=[])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
def test_any_table_reconciles_or_is_refused(
    tmp_path: Path, above: list[list[object]], header: list[str], below: list[list[object]]
) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows([*above, header, *below])
    try:
        raw = _read(path)
    except LksGeoError:
        return
    _reconciles(path, raw)
    assert raw.cells["nomor"].is_monotonic_increasing
    assert raw.cells["nomor"].is_unique
    assert "7601014101700001" not in raw.cells.get("nama", raw.cells["lembar"]).fillna("").to_list()


@given(dirt=st.lists(st.sampled_from([*LAYOUTS, *CELL_DIRT]), unique=True, max_size=6))
@example(dirt=["english_headings", "snake_headings", "repeated_header", "dms_lat", "two_row_header"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
def test_any_mixture_of_dirt_keeps_every_lks(tmp_path: Path, dirt: list[str]) -> None:
    written = write_pages(tmp_path / "mix.xlsx", [soil(page(), dirt)])[0]
    raw = _read(written.path)
    assert tuple(raw.cells["nomor"]) == written.numbers
    assert list(raw.cells["nama"]) == [row["nama"] for row in written.rows]
