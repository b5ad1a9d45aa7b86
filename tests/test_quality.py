"""The quality report holds every row, says what to do, and sends each kabupaten its own list."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from outputs_world import FORMULA, boundaries, register

from lks_geo.cli.screen import print_register
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import Texts, catalogue_entries, msg
from lks_geo.render.quality_report import write_quality
from lks_geo.render.quality_rows import (
    _FILL_BY_FIELD,
    CHECK_LOCATION,
    ROW_COLUMNS,
    fault_counts,
    field_title,
    issues_frame,
    quality_json,
    rows_frame,
)
from lks_geo.tables import OUTCOMES, Register, RegisterFrame


def _write(path: Path, cleaned: Register | None = None, **options: object) -> Path:
    write_quality(path, cleaned or register(), boundaries=boundaries(), **options)  # type: ignore[arg-type]
    return path


def _sheet_texts(path: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
        for sheet in book.worksheets
    }


def test_json_has_the_promised_shape(tmp_path: Path) -> None:
    report = json.loads(_write(tmp_path / "m.json").read_text(encoding="utf-8"))
    assert list(report) == ["sumber", "jumlah", "kolom", "baris"]
    assert report["jumlah"] == {"baris": 6, "diterima": 2, "diperbaiki": 1, "meragukan": 2, "ditolak": 1}
    assert report["kolom"] == {"nama": "NAMA LKS", "koordinat": "TITIK", "tanda:lansia": "LANSIA"}
    first = report["baris"][0]
    assert list(first) == [
        "lembar", "nomor", "id", "nama", "hasil", "kelompok", "aktif", "kode_desa", "kode_kecamatan",
        "kode_kabupaten", "lintang", "bujur", "lokasi", "masalah",
    ]  # fmt: skip
    assert (first["nomor"], first["kelompok"], first["aktif"], first["lintang"]) == (5, ["lansia"], True, -2.5)
    assert first["masalah"][0] == {
        "kolom": "kelompok", "jenis": "layanan_lain", "sebelum": "tuna sosial", "sesudah": None,
        "pesan": "Batas indikatif, bukan rujukan resmi",
    }  # fmt: skip
    rejected = report["baris"][3]
    assert [rejected[key] for key in ("id", "aktif", "lintang", "bujur", "lokasi", "kode_desa")] == [None] * 6
    assert report["sumber"]["nama"] == "register.xlsx"
    assert report["sumber"]["lembar"][0]["dilewati"] == {"title": 2, "blank": 1}


def test_json_outcomes_add_up_and_sheet_may_be_missing() -> None:
    cleaned = register()
    one_table = replace(
        cleaned,
        rows=RegisterFrame(cleaned.rows.assign(lembar=None)),
        issues=tuple(replace(issue, lembar=None) for issue in cleaned.issues),
    )
    report = quality_json(one_table)
    assert {row["lembar"] for row in report["baris"]} == {None}
    assert sum(len(row["masalah"]) for row in report["baris"]) == len(cleaned.issues)
    counts = report["jumlah"]
    assert counts["baris"] == sum(counts[outcome] for outcome in OUTCOMES) == len(report["baris"])


def test_csv_has_every_row_and_runs_nothing(tmp_path: Path) -> None:
    with _write(tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [int(line["nomor"]) for line in lines] == [5, 6, 7, 8, 9, 10]
    assert list(lines[0]) == [*ROW_COLUMNS, "cap"]
    assert lines[0]["cap"] == "Untuk pemilik register · DATA CONTOH"
    assert lines[0]["nama"] == f"'{FORMULA}"
    assert lines[3]["alamat"] == "'-"
    assert lines[0]["berlaku_sampai"] == "2027-05-01"
    assert lines[2]["masalah"].count("|") == 1


def test_workbook_has_a_sheet_per_kabupaten_and_all_rows(tmp_path: Path) -> None:
    sheets = _sheet_texts(_write(tmp_path / "m.xlsx"))
    assert list(sheets) == [
        "Ringkasan", "Kabupaten Barat", "Kabupaten Timur", "Kabupaten tidak jelas", "Catatan", "Ditolak",
        "Semua baris",
    ]  # fmt: skip
    assert "Panti “Dua”" in sheets["Kabupaten Barat"]
    assert "Tanpa Titik" in sheets["Kabupaten Timur"]
    assert "Baris Ganda" in sheets["Kabupaten tidak jelas"]
    assert "Jawaban kantor" in sheets["Kabupaten Timur"]
    assert "aktif atau tidak aktif" in sheets["Kabupaten Timur"]
    assert "Baris Ganda" in sheets["Ditolak"]
    assert "tuna sosial" in sheets["Catatan"]
    summary = sheets["Ringkasan"]
    for words in (
        "6 baris = 2 diterima + 1 diperbaiki + 2 meragukan + 1 ditolak.", "NAMA LKS", "NO HP", "KET", "DATA CONTOH",
        "Tanda kelompok: lansia",
    ):  # fmt: skip
        assert words in summary


def test_cells_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_write(tmp_path / "m.xlsx"))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert {"=1+1", FORMULA} <= {cell.value for cell in cells}


def test_disguised_rows_tell_row_outcome_and_kinds_of_fault_only(tmp_path: Path) -> None:
    cleaned = register()
    secret = replace(cleaned, rows=RegisterFrame(cleaned.rows.assign(alamat="Jalan Rahasia", nama="Rumah Rahasia")))
    row = quality_json(secret)["baris"][4]
    faults = row.pop("masalah")
    assert row == {
        "lembar": "Data", "nomor": 9, "hasil": "meragukan", "lokasi": "disamarkan", "kelompok": [],
    } | dict.fromkeys(
        ["id", "nama", "aktif", "kode_desa", "kode_kecamatan", "kode_kabupaten", "lintang", "bujur"]
    )  # fmt: skip
    assert [(one["jenis"], one["sebelum"], one["sesudah"]) for one in faults] == [("koordinat_kasar", None, None)]
    told = rows_frame(secret, Texts()).iloc[4].dropna()
    assert set(told.index) == {"lembar", "nomor", "hasil", "lokasi", "masalah"}
    issue = issues_frame(secret, boundaries(), Texts()).set_index("nomor").loc[9].dropna()
    assert set(issue.index) == {"posisi", "kode_asal", "kabupaten_asal", "hasil", "lembar", "jenis", "pesan", "isian"}
    assert (issue["lembar"], issue["kabupaten_asal"]) == ("Data", "Kabupaten Timur")
    sheets = _sheet_texts(_write(tmp_path / "m.xlsx", secret))
    assert "Baris LKS yang disamarkan hanya menyebut lembar" in sheets["Ringkasan"]


def test_a_disguised_row_to_mend_stands_where_rows_to_mend_are_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cleaned = register()
    at = next(at for at, issue in enumerate(cleaned.issues) if issue.nomor == 9)
    hidden = replace(
        cleaned.issues[at], jenis=CHECK_LOCATION, hasil="diterima", pesan=msg(f"register.kind_{CHECK_LOCATION}")
    )
    secret = replace(cleaned, issues=(*cleaned.issues[:at], hidden, *cleaned.issues[at + 1 :]))
    sheets = _sheet_texts(_write(tmp_path / "m.xlsx", secret))
    assert "Periksa lokasinya" in sheets["Kabupaten Timur"]
    assert "Periksa lokasinya" not in sheets["Catatan"]
    print_register(secret, None, Texts())
    assert "Baris 9" in capsys.readouterr().err


def test_what_others_read_counts_no_fault_of_a_disguised_row() -> None:
    counts = fault_counts(register(), boundaries())
    assert "koordinat_kasar" not in set(counts["jenis"])
    assert counts["jumlah"].sum() == 4
    west = fault_counts(register(), boundaries(), ("76.01",))
    assert west[["kabupaten_asal", "hasil", "jenis", "jumlah"]].to_numpy().tolist() == [
        ["Kabupaten Barat", "diperbaiki", "koordinat_diperbaiki", 1]
    ]


def test_kota_and_kabupaten_of_one_name_are_two_offices(tmp_path: Path) -> None:
    areas = boundaries()
    names = areas.desa["kabupaten"].replace({"Kabupaten Timur": "Kota Barat"})
    twins = replace(areas, desa=areas.desa.assign(kabupaten=names))
    cleaned = register()
    stated = cleaned.rows["kabupaten"].mask(cleaned.rows["nomor"] == 7, "Kota Barat")
    stated = stated.mask(cleaned.rows["nomor"] == 8, "Kab. Barat")
    both = replace(cleaned, rows=RegisterFrame(cleaned.rows.assign(kabupaten=stated)))
    frame = issues_frame(both, twins, Texts()).set_index("nomor")["kabupaten_asal"]
    assert set(frame.loc[[7]]) == {"Kota Barat"}
    assert frame.loc[8] == "Kabupaten Barat"
    write_quality(tmp_path / "m.xlsx", both, boundaries=twins)
    sheets = _sheet_texts(tmp_path / "m.xlsx")
    assert "Tanpa Titik" in sheets["Kota Barat"]
    assert "Tanpa Titik" not in sheets["Kabupaten Barat"]


def test_worst_rows_come_first_and_remarks_stand_apart() -> None:
    frame = issues_frame(register(), boundaries(), Texts())
    assert list(frame["hasil"]) == ["ditolak", "meragukan", "meragukan", "meragukan", "diperbaiki"]
    assert list(issues_frame(register(), boundaries(), Texts(), remarks=True)["jenis"]) == ["layanan_lain"]


def test_clean_register_has_nothing_to_send(tmp_path: Path) -> None:
    cleaned = register()
    fine = replace(cleaned, rows=RegisterFrame(cleaned.rows.assign(hasil="diterima")), issues=())
    sheets = _sheet_texts(_write(tmp_path / "m.xlsx", fine))
    assert list(sheets) == ["Ringkasan", "Semua baris"]
    assert "Tidak ada yang perlu diperiksa" in sheets["Ringkasan"]


def test_empty_register_can_be_reported(tmp_path: Path) -> None:
    cleaned = register()
    empty = replace(cleaned, rows=RegisterFrame(cleaned.rows.iloc[:0]), issues=())
    for name in ("m.xlsx", "m.csv", "m.json"):
        _write(tmp_path / name, empty)
    assert json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["baris"] == []


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "json"])
def test_same_register_same_bytes(suffix: str, tmp_path: Path) -> None:
    first, second = _write(tmp_path / f"a.{suffix}"), _write(tmp_path / f"b.{suffix}")
    assert first.read_bytes() == second.read_bytes()


def test_english_report(tmp_path: Path) -> None:
    sheets = _sheet_texts(_write(tmp_path / "m.xlsx", lang="en", internal=True))
    assert next(iter(sheets)) == "Summary"
    assert "Answer of the office" in sheets["Kabupaten Barat"]
    assert "INTERNAL" in sheets["Summary"]


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"\.json"):
        _write(tmp_path / "m.docx")
    _write(tmp_path / "m.csv")
    with pytest.raises(LksGeoError, match="--overwrite"):
        _write(tmp_path / "m.csv")
    _write(tmp_path / "m.csv", overwrite=True)


def test_every_field_of_a_remark_has_a_name_and_advice() -> None:
    texts, known = Texts(), catalogue_entries("quality")
    for name in _FILL_BY_FIELD:
        assert field_title(name, texts) != name
        assert f"quality.fill_{_FILL_BY_FIELD[name]}" in known


def test_rows_frame_keeps_order_and_all_rows() -> None:
    frame = rows_frame(register(), Texts("en"))
    assert list(frame["nomor"]) == [5, 6, 7, 8, 9, 10]
    assert frame["sistem"].iloc[0] == "dalam; luar"


def test_made_ids_stay_inside() -> None:
    rows = register().rows
    made = replace(
        register(), rows=RegisterFrame(rows.assign(id_tertulis=rows["id_tertulis"].mask(rows["nomor"] == 5)))
    )
    assert quality_json(made)["baris"][0]["id"] is None
    assert quality_json(register())["baris"][0]["id"] == "L1"
    assert rows_frame(made, Texts())["id"].isna().iloc[0]
    own = issues_frame(made, boundaries(), Texts(), remarks=True)
    assert own["id"].isna().all()


def test_systems_that_differ_stand_with_their_groups() -> None:
    rows = register().rows.copy()
    rows.at[0, "kelompok"] = ("anak", "lansia")
    rows.at[0, "layanan"] = (("anak", "dalam"), ("lansia", "luar"))
    frame = rows_frame(replace(register(), rows=RegisterFrame(rows)), Texts())
    told = frame[["kelompok", "jenis_layanan", "sistem"]].iloc[0].tolist()
    assert told == ["anak; lansia", "anak dalam panti; lansia luar panti", "dalam; luar"]


def test_rows_side_by_side_share_a_number_but_no_remark() -> None:
    cleaned = register()
    one_line = RegisterFrame(cleaned.rows.assign(nomor=5))
    beside = replace(cleaned, rows=one_line, issues=tuple(replace(issue, nomor=5) for issue in cleaned.issues))
    kinds = [[issue["jenis"] for issue in row["masalah"]] for row in quality_json(beside)["baris"]]
    assert kinds == [[issue["jenis"] for issue in row["masalah"]] for row in quality_json(cleaned)["baris"]]
    assert fault_counts(beside, boundaries()).equals(fault_counts(cleaned, boundaries()))
    listed = (issues_frame(some, boundaries(), Texts("id"))["nama"].tolist() for some in (beside, cleaned))
    assert next(listed) == next(listed)
