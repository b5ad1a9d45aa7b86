"""Personal data never gets past the reading, and nothing else is taken for it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import write_register
from spellings import HARMLESS, MASKED, spellings

from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.meaning.coordinates import AXES, without_unread_numbers
from lks_geo.register.meaning.pairs import box_of
from lks_geo.register.reading.column_content import by_content, personal_heading
from lks_geo.register.reading.fields import FIELDS
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.sheets import personal
from lks_geo.sheets.personal import MASK, guarded, mask, masked, masked_stem
from lks_geo.sheets.personal_rules import Kind
from lks_geo.tables import Boundaries


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
    reason = personal_heading(heading)
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
    assert personal_heading(heading) is None


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


@pytest.mark.parametrize("spelling", spellings(*MASKED))
def test_personal_data_inside_text_are_masked(spelling: str) -> None:
    text = re.sub(r"[{}]", "", spelling)  # "HP {0812...}"
    cells, rows = mask(pd.Series([text, "Jl. Lain No. 4", None], dtype="str"))
    assert (cells.iloc[0], cells.iloc[1], [*rows]) == (re.sub(r"{.*?}", MASK, spelling), "Jl. Lain No. 4", [0])
    assert cells.isna().tolist() == [False, False, True]
    assert masked(cells.iloc[0]) == cells.iloc[0], "masked twice, another text"


@pytest.mark.parametrize("text", spellings(HARMLESS))
def test_other_text_stays(text: str) -> None:
    for kind in ("text", "value", "name", "code"):
        cells, rows = mask(pd.Series([text], dtype="str"), kind)
        assert (cells.iloc[0], len(rows)) == (text, 0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Bu Wati", "Bu Wati"),
        ("LKS Kasih (Bu Wati)", f"LKS Kasih (Bu {MASK})"),
        ("LKS Kasih, Ketua: Wati", f"LKS Kasih, Ketua: {MASK}"),
        ("LKS Kasih a.n. Wati", f"LKS Kasih a.n. {MASK}"),
        ("LKS Pak Budi HP 081234567890", f"LKS Pak Budi {MASK}"),
    ],
)
def test_an_institution_may_be_called_as_a_person(text: str, kept: str) -> None:
    assert masked(text, "name") == kept


def test_names_and_addresses_of_villages_stay(sulbar_boundaries: Boundaries) -> None:
    """A village may be called as a word for a person is ("Sambali Wali")."""
    forms = (
        "{}", "Desa {}", "Jl. {} No. 3", "Dusun {} RT 001/RW 002", "d/a Kantor Desa {}", "BTN {} Blok C2 No. 12",
        "LKS {} 2023", "Panti Asuhan {} - Cabang {}", "samping pasar {}, 91511",
    )  # fmt: skip
    texts = [form.replace("{}", name) for name in sulbar_boundaries.desa["nama"].unique() for form in forms]
    assert len(texts) > 5000
    for kind in ("text", "name"):
        cells, rows = mask(pd.Series(texts, dtype="str"), kind)
        assert [new for new, old in zip(cells, texts, strict=True) if new != old] == []
        assert len(rows) == 0


UNITS = (
    "0 8 1 ",
    "a.n. ",
    "@",
    "a@a.",
    "hp ",
    "hp 1 ",
    "ketua: ",
    "Panti Bu W ",
    "Ibu A ",
    "rek 1",
    "1-",
    "62 ",
    "x",
    "Wati, S.S",
    "d/a Sari ",
    "0812x",
    "email: a",
    "01-234",
)


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_cell_takes_no_longer_per_letter(unit: str) -> None:
    """A pattern that explodes would not come back from this in days."""
    text = (unit * 100_000)[:100_000]
    for kind in ("text", "name"):
        assert len(masked(text, kind)) <= len(text) * len(MASK)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Data LKS 081234567890.xlsx", f"Data LKS {MASK}.xlsx"),
        ("register_Bu_Wati.csv", f"register Bu {MASK}.csv"),
        ("data_lks_2024-05-01.xlsx", "data_lks_2024-05-01.xlsx"),
        ("lks", "lks"),
        ("20241126081234.xlsx", "20241126081234.xlsx"),
        ("WhatsApp_20241126_081234.xlsx", "WhatsApp_20241126_081234.xlsx"),
        ("register-Pak-Wati.xlsx", f"register Pak {MASK}.xlsx"),
    ],
)
def test_the_name_of_a_file_tells_no_person(name: str, shown: str) -> None:
    assert masked_stem(name) == shown


DAYS = st.integers(1, 28).flatmap(lambda day: st.sampled_from([day, day + 40]))


@given(st.integers(760101, 760699), DAYS, st.integers(1, 12), st.integers(0, 99), st.integers(0, 9999))
def test_any_identity_number_is_masked(area: int, day: int, month: int, year: int, serial: int) -> None:
    nik = f"{area}{day:02}{month:02}{year:02}{serial:04}"
    cells, rows = mask(pd.Series([f"Jl. Poros ({nik})"], dtype="str"))
    assert (nik in cells.iloc[0], len(rows)) == (False, 1)


@given(st.sampled_from(["08", "+628", "628", "+62 8"]), st.integers(11, 99), st.integers(0, 99_999_999))
def test_any_mobile_number_is_masked(prefix: str, operator: int, rest: int) -> None:
    number = f"{prefix}{operator}{rest:08}"
    cells, rows = mask(pd.Series([f"Jl. Poros {number}"], dtype="str"))
    assert (cells.iloc[0], len(rows)) == (f"Jl. Poros {MASK}", 1)


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
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
        ("81234500077", "coordinate", MASK),
        ("8123450007", "coordinate", MASK),
        ("812 3450 0077", "coordinate", MASK),
        ("81234500077.0", "coordinate", MASK),
        ("-1.197 81234500077", "coordinate", f"-1.197 {MASK}"),
        ("-81234500077", "coordinate", "-81234500077"),
        ("8.1234500077", "coordinate", "8.1234500077"),
        ("-1.197, 118,8123450007", "coordinate", "-1.197, 118,8123450007"),
        ("8123450", "coordinate", "8123450"),
        ("1188123450007", "coordinate", "1188123450007"),
        ("76.01.01.410170.0001", "coordinate", MASK),
        ("76 01 01 410170 0001", "coordinate", MASK),
        ("7601014101700001", "coordinate", MASK),
        ("7601014199990001", "coordinate", MASK),
        ("1188934567890123", "coordinate", "1188934567890123"),
        ("-2673451", "coordinate", "-2673451"),
        ("2.6734512345678901", "coordinate", "2.6734512345678901"),
        ("-2.673451 118.893450", "coordinate", "-2.673451 118.893450"),
        ("0.8123450007", "coordinate", "0.8123450007"),
        ("50S 741234 9704512", "coordinate", "50S 741234 9704512"),
        ("50M 628937 9599904", "coordinate", "50M 628937 9599904"),
        ("08 12 34.5678", "coordinate", "08 12 34.5678"),
        ("BRI 0012-01-034567-50-8", "coordinate", MASK),
        ("0012-01-034567-50-8", "coordinate", MASK),
        ("rek 0123456789", "coordinate", MASK),
        ("0123456789", "coordinate", MASK),
        ("Ketua: Sari Wati", "coordinate", f"Ketua: {MASK}"),
        ("-1.197 081311118888", "coordinate", f"-1.197 {MASK}"),
        ("-1.197 (Bu Wati)", "coordinate", f"-1.197 (Bu {MASK})"),
        ("-1.197, 119.3312 0812-3456-7890", "coordinate", f"-1.197, 119.3312 {MASK}"),
        ("-1.197, 119.3312,+62 426 21345", "coordinate", f"-1.197, 119.3312,{MASK}"),
        ("0426-21345", "coordinate", MASK),
        ("(0812) xxxx 7890", "coordinate", MASK),
        ("7601 0141 9999 0001", "coordinate", MASK),
        ("119.3312 7601014101700001", "coordinate", f"119.3312 {MASK}"),
        ("198001012005011001", "coordinate", MASK),
        ("-1.197 PJ Sari", "coordinate", f"-1.197 PJ {MASK}"),
        ("d/a Sari Wati", "coordinate", f"d/a {MASK}"),
        ("ibu wati", "coordinate", f"ibu {MASK}"),
        ("-08.12345678 095.31234567", "coordinate", "-08.12345678 095.31234567"),
        ("3,0812345678 118,0812345678", "coordinate", "3,0812345678 118,0812345678"),
        ("02-40-24.123 118-53-24.123", "coordinate", "02-40-24.123 118-53-24.123"),
        ("026734512 1188934512", "coordinate", "026734512 1188934512"),
        ("hp wati 0813", "coordinate", MASK),
        ("-2,0812345678, 118,8812345678", "coordinate", "-2,0812345678, 118,8812345678"),
        ("LKS-0812345678901", "code", "LKS-0812345678901"),
        ("0426000123", "code", "0426000123"),
        ("L-1 (0426) 213459", "code", f"L-1 {MASK}"),
        ("7601-0426-21345", "code", "7601-0426-21345"),
        ("https://contoh.id/maps/@-2.67,118.88,15z", "coordinate", "https://contoh.id/maps/@-2.67,118.88,15z"),
    ],
)
def test_numbers_in_other_columns(text: str, kind: Kind, kept: str) -> None:
    assert mask(pd.Series([text], dtype="str"), kind)[0].iloc[0] == kept


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (["1520012345678", None, None], [MASK, None, None]),
        (["1520012345678", "9988776655443", None], [MASK, MASK, None]),
        (["-2.67", "9988776655443", None], ["-2.67", MASK, None]),
        (["a7601014101700001b", "119.1", None], [f"a{MASK}b", "119.1", None]),
        ([None, None, "Bank Sulselbar 130 202 0000 12345 6"], [None, None, f"Bank Sulselbar {MASK}"]),
        (["-2.67", "119.1", "no. 1302020000123"], ["-2.67", "119.1", f"no. {MASK}"]),
        ([None, None, "-2.67345 118.88934 (1302020000123)"], [None, None, f"-2.67345 118.88934 ({MASK})"]),
        (["１５２００１２３４５６７８", None, None], [MASK, None, None]),
        (["7601O14101700001", "119", None], [MASK, "119", None]),
        ([None, None, "BRI#001001000123504"], [None, None, f"BRI#{MASK}"]),
    ],
)
def test_numbers_that_no_point_is_read_from_are_masked(row: list[str | None], kept: list[str | None]) -> None:
    assert _coordinates(row) == kept


@pytest.mark.parametrize(
    "row",
    [
        ["119.123456789012345", "-2.123456789012345", None], ["-2678901", "119123456", None],
        ["-2.678901", "119123456789012", None], ["2°40'30.1234\"", "118°53'24.1234\"", None],
        ["2°40'30.1234\"", None, None], ["-2.67345123", None, None], ["-26734512", None, None],
        [None, None, "-7.67345123, 108.8912345"], [None, None, "S 02 40 30.1234 E 118 53 24.123"],
        [None, None, "50M 741234 9704512"], [None, None, "341234 9104512"], ["9104512.55", "341234.55", None],
        [None, None, "6P583QXR+2F"], [None, None, "https://contoh.id/?cid=12345678901234567"],
        [None, None, "2,673451,118,889340"], ["2 40 30.123456", "118 53 24.123456", None],
        ["1,52001E+12", "119.1", None], ["2026-05-01", "76.05.01.1001", None],
    ],
)  # fmt: skip
def test_what_is_read_or_written_as_a_coordinate_stays(row: list[str | None]) -> None:
    assert _coordinates(row) == row


def _coordinates(row: list[str | None]) -> list[str | None]:
    """The cells of latitude, longitude and both in one, as they are kept."""
    cells = {name: pd.Series([text], dtype="str") for name, text in zip(AXES, row, strict=True) if text is not None}
    masked_cells = without_unread_numbers(cells, (118.6, -3.6, 119.9, -0.8))
    return [masked_cells[name].iloc[0] if name in cells else None for name in AXES]


def test_accounts_in_coordinate_cells_are_told_by_column_and_count(
    tmp_path: Path, sulbar_boundaries: Boundaries
) -> None:
    """And none is left in the remarks on the rows, which keep what was written."""
    path = tmp_path / "lks.csv"
    path.write_text(
        "Nama LKS,Layanan,Kabupaten,Lintang,Bujur\n"
        "LKS A,Anak,Majene,1520012345678,\n"
        "LKS B,Anak,Majene,-3.512345678901234,118.9123456789012\n"
        "LKS C,Anak,Majene,-3512345,118912345678\n"
        "LKS D,Anak,Majene,BRI1302020000123,9988776655443\n",
        encoding="utf-8",
    )
    raw = read_register(path, settings=Settings(), box=box_of(sulbar_boundaries))
    register = clean(raw, sulbar_boundaries, Settings())
    assert raw.cells["bujur"].iloc[1:3].tolist() == ["118.9123456789012", "118912345678"]
    assert [(note.params["heading"], note.params["n"]) for note in raw.notes] == [("Lintang", 2), ("Bujur", 1)]
    kept = raw.cells.to_csv() + str(register.issues)
    for secret in ("1520012345678", "1302020000123", "9988776655443"):
        assert secret not in kept


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


def test_names_that_are_equal_only_when_masked_are_two_institutions(
    tmp_path: Path, sulbar_boundaries: Boundaries
) -> None:
    """And a number in a name makes no other institution of it; an address of a person is none."""
    path = tmp_path / "lks.csv"
    rows = (
        ("Panti a.n. Sari", "Ketua: Sari Wati"), ("Panti a.n. Budi", "Jl. Poros 3"),
        ("Panti Melati HP 081234500077", "HP 081234500077"), ("Panti Melati (0426) 21345", "Jl. Poros 4"),
    )  # fmt: skip
    lines = [f"{name},{address},Anak,Talipukki,Mambi,Mamasa" for name, address in rows]
    path.write_text("\n".join(["Nama LKS,Alamat,Layanan,Desa,Kecamatan,Kabupaten", *lines]), encoding="utf-8")
    register = clean(read_register(path, settings=Settings()), sulbar_boundaries, Settings())
    assert register.rows["hasil"].eq("ditolak").tolist() == [False, False, True, False]
    assert register.rows["alamat"].tolist()[1::2] == ["Jl. Poros 3", "Jl. Poros 4"]
    assert register.rows["alamat"].isna().tolist() == [True, False, True, False]
    assert {note.params["n"] for note in register.notes if note.key == "sheets.masked"} == {4, 2}


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
@pytest.mark.parametrize("few", [0, 5_000])
def test_columns_are_guarded_alike_alone_and_together(few: int, storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "_FEW_CELLS", few)
    text = pd.StringDtype(storage, na_value=np.nan)
    texts = [["HP 081234567890", None, "Jl. Melati"], [None, "Ketua: Budi 081234567890", "x"], [None, None, None]]
    columns = [pd.Series(cells, dtype=text, index=[7, 5, 3]) for cells in texts]
    found = guarded(columns, "text")
    assert [count for _, count, _ in found] == [1, 1, 0]
    for column, (after, _, _) in zip(columns, found, strict=True):
        alone, rows = mask(column)
        assert list(after.index) == [7, 5, 3]
        assert after.notna().sum() <= column.notna().sum()
        assert after.dropna().isin(alone).all()
        assert len(rows) <= 1
    assert guarded([pd.Series([], dtype="str")] * 2, "name")[1][1] == 0
