"""Personal data never gets past the reading, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import write_register

from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.reading.fields import FIELDS
from lks_geo.register.reading.personal import MASK, Kind, by_content, by_heading, mask
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings


@pytest.mark.parametrize(
    "heading",
    [
        "NIK", "No. NIK", "NIK Ketua", "No KTP", "KTP", "No KK", "Nomor Kartu Keluarga", "No. HP", "No.Hp", "NoHP",
        "HP Pimpinan", "Telp", "No. Telp Lembaga",
        "Telepon", "Nomor Telepon/HP", "WA", "No WhatsApp", "Kontak", "Kontak Person", "Contact Person", "CP",
        "Nama Ketua", "NAMA PIMPINAN", "nama_ketua",
        "Pimpinan", "Nama Pengurus", "Penanggung Jawab", "Nama Penanggung Jawab", "PenanggungJawab", "Ketua LKS",
        "Ketua/Pengurus", "Nama Pimpinan Lembaga",
        "Nama Notaris", "Alamat Ketua", "No Rekening", "Rekening Bank", "Nama Bank", "Email", "E-mail Lembaga",
        "NPWP", "NIP", "Tempat Lahir",
        "Nama Kepala Panti", "Nama Anak Asuh", "Nama Klien", "Phone", "Mobile", "Head of institution",
        "Nama Lengkap Ketua", "Jabatan Pengurus", "Alamat Rumah", "Alamat Rumah Ketua", "Domisili Pimpinan",
        "Alamat Klien", "Alamat Orang Tua", "Tempat Tinggal", "Koordinat Rumah Ketua",
    ],
)  # fmt: skip
def test_personal_headings(heading: str) -> None:
    reason = by_heading(heading)
    assert reason is not None
    for lang in LANGUAGES:
        assert Texts(lang)(reason)


@pytest.mark.parametrize(
    "heading",
    [
        *(spec.title_id for spec in FIELDS), *(spec.title_en for spec in FIELDS),
        "Jumlah Pengurus", "Jumlah KK", "Lanjut Usia", "Lansia", "Anak", "Tahun Berdiri",
        "Keterangan", "Unik", "Teknik", "Panti", "Kawasan", "Wilayah", "Jumlah klien perempuan",
        "Alamat Rumah Singgah",
    ],
)  # fmt: skip
def test_other_headings_are_not_personal(heading: str) -> None:
    assert by_heading(heading) is None


def test_columns_of_numbers_are_personal_by_content() -> None:
    for cells in (
        ["081234567890", "0812-3456-7890", "+62 812 3456 7890", None, "-"],
        ["7601014101700001", "7604120507650003", "bukan"],
        ["81234567890", "85212345678"],
        ["0812 3456 7890 / 0852 1234 5678"],
        ["7601014199990001", "7601 0141 9999 0002", "LKS-1"],
    ):
        assert by_content(pd.Series(cells, dtype="str")), cells


def test_codes_ids_and_coordinates_are_not_personal_by_content() -> None:
    for cells in (
        ["7601014101", "7604010001"], ["76.01.01.1001"], ["-2.673451", "-2,673451"], ["118.8934567890", "119,1"],
        ["1188934567", "-2673451"],
        ["0.85", "-0,8512345678"], ["LKS-001", "0012"], ["2026-05-01"], ["20", "25 orang"], ["3374/SK/2019"],
        ["AHU-0081234.AH.01.04"], [None], [],
        ["0812345", "0898765"],
    ):  # fmt: skip
        assert by_content(pd.Series(cells, dtype="str")) is None, cells


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Jl. Poros 3, HP 081234567890", f"Jl. Poros 3, {MASK}"),
        ("Jl. Poros 3 (0812-3456-7890)", f"Jl. Poros 3 ({MASK})"),
        ("Jl. Poros 3 Telp. (0426) 21234", f"Jl. Poros 3 {MASK}"),
        ("Jl. Poros 3 / 0426-21234", f"Jl. Poros 3 / {MASK}"),
        ("NIK 7601014101700001 Jl. X", f"NIK {MASK} Jl. X"),
        ("Panti X (+62 812 3456 7890)", f"Panti X ({MASK})"),
        ("WA: 0812.3456.7890", MASK),
        ("Jl. X, 7601014199990001", f"Jl. X, {MASK}"),
        ("Jl. X 7601 0141 9999 0001", f"Jl. X {MASK}"),
        ("Jl. X 760101-419999-0001", f"Jl. X {MASK}"),
        ("Jl. X, no.7601014199990001.", f"Jl. X, no.{MASK}."),
        ("Jl. X (panti.x@contoh.co.id)", f"Jl. X ({MASK})"),
        ("Jl. X, rek BRI 0012-01-034567-50-8", f"Jl. X, {MASK}"),
        ("Jl. X, No. Rekening: 0123456789", f"Jl. X, {MASK}"),
        ("Jl. X, tlp 21345", f"Jl. X, {MASK}"),
        ("Jl. X, HP081200001234", f"Jl. X, {MASK}"),
        ("Jl. X (0426) 21 345", f"Jl. X {MASK}"),
        ("Jl. X (0426)2132145", f"Jl. X {MASK}"),
    ],
)
def test_numbers_inside_text_are_masked(text: str, masked: str) -> None:
    cells, count = mask(pd.Series([text, "Jl. Lain No. 4", None], dtype="str"))
    assert (cells.iloc[0], cells.iloc[1], count) == (masked, "Jl. Lain No. 4", 1)
    assert cells.isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "Jl. Poros Mamuju - Majene Km. 12 No. 345", "RT 001 RW 002", "Kode Pos 91511", "76.03.01.1002; 7603011003",
        "Jl. 17 Agustus 1945", "Lorong 8 No. 12-14",
        "2°40'24\" LS 118°53'24\" BT", "-2.673451, 118.893450", "Blok A 08 No 12", "LKS-2019-0001",
        "SK 081/2019 tanggal 12-03-2019", "-2.673451 118.893450", "118.8934567890123456", "Jl. Wa Ode No. 12345",
        "tahun 2019-2020-2021-2022", "7603011002 760301", "7603011002 7603011003", "Jl. Rekreasi 12345678",
        "https://contoh.id/maps/@-2.67,118.88,15z",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    cells, count = mask(pd.Series([text], dtype="str"))
    assert (cells.iloc[0], count) == (text, 0)


DAYS = st.integers(1, 28).flatmap(lambda day: st.sampled_from([day, day + 40]))


@given(st.integers(760101, 760699), DAYS, st.integers(1, 12), st.integers(0, 99), st.integers(0, 9999))
def test_any_identity_number_is_masked(area: int, day: int, month: int, year: int, serial: int) -> None:
    nik = f"{area}{day:02}{month:02}{year:02}{serial:04}"
    cells, count = mask(pd.Series([f"Jl. Poros ({nik})"], dtype="str"))
    assert (nik in cells.iloc[0], count) == (False, 1)


@given(st.sampled_from(["08", "+628", "628", "+62 8"]), st.integers(11, 99), st.integers(0, 99_999_999))
def test_any_mobile_number_is_masked(prefix: str, operator: int, rest: int) -> None:
    number = f"{prefix}{operator}{rest:08}"
    cells, count = mask(pd.Series([f"Jl. Poros {number}"], dtype="str"))
    assert (cells.iloc[0], count) == (f"Jl. Poros {MASK}", 1)


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("081234500077", "value", MASK),
        ("81234500077", "value", MASK),
        ("Aktif, HP 081234500077", "value", f"Aktif, {MASK}"),
        ("7601014199990001", "value", MASK),
        ("8101012001", "text", "8101012001"),
        ("62.08.01.2001", "text", "62.08.01.2001"),
        ("081234500077", "text", MASK),
        ("2028-05-01", "value", "2028-05-01"),
        ("081234500077", "coordinate", MASK),
        ("+62 812 3450 0077", "coordinate", MASK),
        ("7601014101700001", "coordinate", MASK),
        ("7601014199990001", "coordinate", MASK),
        ("1188934567890123", "coordinate", "1188934567890123"),
        ("-2673451", "coordinate", "-2673451"),
        ("2.6734512345678901", "coordinate", "2.6734512345678901"),
        ("-2.673451 118.893450", "coordinate", "-2.673451 118.893450"),
        ("0.8123450007", "coordinate", "0.8123450007"),
        ("50S 741234 9704512", "coordinate", "50S 741234 9704512"),
        ("https://contoh.id/maps/@-2.67,118.88,15z", "coordinate", "https://contoh.id/maps/@-2.67,118.88,15z"),
    ],
)
def test_numbers_in_other_columns(text: str, kind: Kind, masked: str) -> None:
    assert mask(pd.Series([text], dtype="str"), kind)[0].iloc[0] == masked


def test_no_column_carries_a_number_on(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text(
        "Nama LKS,Jenis Layanan,Status Aktif,Kode Desa,Lintang,Bujur,Kapasitas,Anak\n"
        "LKS A,Anak,081234500077,7601014101700001,081234500077,7601014101700001,7601014199990001,081234500077\n"
        "LKS B,Anak,Aktif,8101012001,-2.5,119.1,20,V\n",
        encoding="utf-8",
    )
    raw = read_register(path, settings=Settings())
    assert not {"081234500077", "7601014101700001", "7601014199990001"} & set(raw.cells.iloc[0].astype("str"))
    assert raw.cells["kode_desa"].iloc[1] == "8101012001"
    assert {note.key for note in raw.notes} == {"sheets.masked"}


def test_nothing_personal_is_kept(tmp_path: Path) -> None:
    written = write_register(tmp_path / "lks.xlsx", dirt=["personal_columns", "address_with_phone"])
    raw = read_register(written.path, settings=Settings())
    kept = raw.cells.to_csv()
    for secret in ("Nama Orang", "7601014101700001", "0812", "0011223344"):
        assert secret not in kept
    assert set(raw.sheets[0].dropped) == {"Nama Ketua", "NIK", "No. HP", "Rekening"}
    assert [note.key for note in raw.notes] == ["sheets.masked"]
    assert raw.notes[0].params["n"] == 12


def test_an_id_column_of_identity_numbers_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text(
        "ID,Nama LKS,Layanan,Lain\n7601014101700001,LKS A,Anak,081234567890\n"
        "7601014101700002,LKS B,Anak,081234567891\n",
        encoding="utf-8",
    )
    raw = read_register(path, settings=Settings())
    assert "id" not in raw.cells
    assert set(raw.sheets[0].dropped) == {"ID", "Lain"}
