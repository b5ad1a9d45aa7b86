"""Of a place that serves a sensitive group nothing finer than its kecamatan leaves the cleaning of a register."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from moved_registers import Land, moved, places, write
from openpyxl import Workbook
from raw_rows import Row, a_row, raw_register

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.locate import people_centres
from lks_geo.measure import measure_coverage
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.raw import read_register
from lks_geo.request import own_name
from lks_geo.settings import Settings
from lks_geo.tables import TOTAL, Boundaries, Population, PopulationFrame, Register

SECRET = "Korban kekerasan"
FINE = ["nama", "alamat", "desa", "kecamatan", "kabupaten", "kode_tertulis", "kode_desa", "id_tertulis"]
Clean = Callable[..., Register]


@pytest.fixture(scope="module")
def cleaned(sulbar_boundaries: Boundaries, sulbar_population: Population, sulbar_settings: Settings) -> Clean:
    def make(
        *rows: Row, settings: Settings | None = None, sheets: Sequence[str | None] = (), name: str = "uji.xlsx"
    ) -> Register:
        raw = raw_register(rows, sheets=sheets)
        raw = replace(raw, source=replace(raw.source, name=name))
        return clean(raw, sulbar_boundaries, settings or sulbar_settings, sulbar_population)

    return make


@pytest.fixture(scope="module")
def land(sulbar_boundaries: Boundaries) -> Land:
    return Land(sulbar_boundaries)


def test_a_secret_row_is_somewhere_in_its_kecamatan(
    cleaned: Clean, sulbar_boundaries: Boundaries, sulbar_population: Population
) -> None:
    register = cleaned(
        a_row(kelompok=SECRET, kapasitas="20", cakupan_wilayah="Desa Saletto"), a_row(id="2", nama="Lain")
    )
    row = register.rows.iloc[0]
    assert (row["lokasi"], row["disamarkan"], row["kode_kabupaten"]) == ("disamarkan", True, "76.02")
    assert row["id"] == f"disamarkan {row['kode_kecamatan']}"
    assert row[FINE].isna().all()
    assert row["cakupan_wilayah"] == (row["kode_kecamatan"],)
    centre = people_centres([row["kode_kecamatan"]], sulbar_boundaries, sulbar_population).iloc[0]
    assert (row["lintang"], row["bujur"]) == (centre["lintang"], centre["bujur"])
    assert (row["kapasitas"], row["kelompok"]) == (20, ("anak", "kekerasan"))
    assert not register.rows.iloc[1]["disamarkan"]


def test_the_centre_is_the_weighted_mean_of_the_population_points(
    sulbar_boundaries: Boundaries, sulbar_population: Population
) -> None:
    kecamatan = sulbar_boundaries.desa["kode_kecamatan"].iloc[0]
    desa = sulbar_boundaries.desa.index[sulbar_boundaries.desa["kode_kecamatan"] == kecamatan]
    table = sulbar_population.table.copy()
    table.loc[desa, "penduduk"] = 0.0
    table.loc[desa, ["lintang", "bujur"]] = [[-2.0, 119.0]] * len(desa)
    table.loc[desa[:2], "penduduk"] = [100.0, 300.0]
    table.loc[desa[1], ["lintang", "bujur"]] = [-2.4, 119.4]
    people = replace(sulbar_population, table=PopulationFrame(table))
    assert people_centres([kecamatan], sulbar_boundaries, people).loc[kecamatan].tolist() == pytest.approx(
        [-2.3, 119.3]
    )
    table["penduduk"] = np.nan
    by_area = people_centres([kecamatan], sulbar_boundaries, people).loc[kecamatan]
    areas = sulbar_boundaries.desa.geometry[desa].to_crs(sulbar_boundaries.crs_m).area
    share = areas.iloc[1] / areas.sum()
    assert by_area["lintang"] == pytest.approx(-2.0 - 0.4 * share, abs=1e-4)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nama", "Rumah Aman Melati"),
        ("nama", "Shelter Mawar"),
        ("nama", "P2TP2A Mamuju"),
        ("nama", "RumahAman Melati"),
        ("nama", "Rumah\nAman"),
        ("nama", "Lembaga Korban K.D.R.T."),
        ("kelompok", "Anak, korban pelecehan"),
        ("alamat", "Samping rumah aman, Jl. Sunyi"),
        ("alamat", "Pusat korban KDRT"),
        ("kelompok", "Anak (korban penganiayaan)"),
        ("kelompok", "Anak, korban pemerkosaan"),
        ("nama", "Rumah Aman2"),
        ("nama", "R.Aman"),
        ("nama", "UPTD PPPA"),
        ("nama", "Rumah Teduh Perempuan Korban"),
        ("nama", "PPT Korban"),
        ("kelompok", "Perempuan dan anak korban"),
        ("kelompok", "Anak; wanita korban"),
        ("kelompok", "Penampungan korban"),
        ("kelompok", "KBG"),
        ("kelompok", "KtP dan KtA"),
        ("kelompok", "Perdagangan manusia"),
        ("kelompok", "Anak diperlakukan salah"),
        ("kelompok", "Korban perlakuan salah"),
        ("alamat", "Dirahasiakan"),
        ("alamat", "alamat rahasia"),
    ],
)
def test_own_words_are_enough(cleaned: Clean, field: str, text: str) -> None:
    row = a_row(kelompok="Anak") | {field: text}
    assert cleaned(row).rows["disamarkan"].iloc[0]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nama", "Pusat Korban NAPZA"),
        ("kelompok", "Korban NAPZA"),
        ("alamat", "Jl. PPA No. 3"),
        ("kelompok", "Perempuan korban bencana"),
        ("alamat", "Jl. R. Aman 3"),
        ("nama", "Penampungan korban bencana alam"),
    ],
)
def test_korban_alone_and_a_neighbour_are_not(cleaned: Clean, field: str, text: str) -> None:
    assert not cleaned(a_row(kelompok="NAPZA") | {field: text}).rows["disamarkan"].any()


def test_without_a_kecamatan_it_reaches_nobody(
    cleaned: Clean, sulbar_boundaries: Boundaries, sulbar_population: Population, sulbar_settings: Settings
) -> None:
    nowhere: Row = {"lintang": None, "bujur": None, "desa": None, "kecamatan": None}
    off: Row = {"lintang": "-6.2", "bujur": "106.8", "desa": None, "kecamatan": None, "kabupaten": None}
    register = cleaned(a_row(kelompok=SECRET) | nowhere, a_row(id="2", nama="Lain", kelompok=SECRET) | off)
    assert register.rows["lokasi"].tolist() == ["tanpa_titik", "luar_wilayah"]
    assert register.rows[["lintang", "bujur"]].isna().all(axis=None)
    coverage = measure_coverage(register, sulbar_boundaries, sulbar_population, sulbar_settings)
    total = coverage.totals["kekerasan"]
    assert (total.counted, total.tanpa_titik, total.luar_wilayah, total.disguised) == (2, 1, 1, 0)
    assert coverage.at("provinsi", "kekerasan")["cakupan"].iloc[0] == 0


def test_all_rows_of_the_institution_are_disguised(cleaned: Clean) -> None:
    secret = a_row(id="A7", nama="Yayasan Kasih", kelompok=SECRET)
    same_name = a_row(id="B8", nama="yayasan  KASIH", kelompok="Lansia", lintang=None, bujur=None, desa=None)
    same_id = a_row(id="A7", nama="Kasih (lama)", kelompok="Anak")
    elsewhere = a_row(id="C9", nama="Yayasan Kasih", kelompok="Anak", kecamatan="Kalukku", desa=None) | {
        "lintang": None, "bujur": None,
    }  # fmt: skip
    same_point = a_row(id="D1", nama="Tetangga", kelompok="Anak")
    register = cleaned(secret, same_name, same_id, elsewhere, same_point)
    assert register.rows["disamarkan"].tolist() == [True, True, True, False, False]


def test_a_duplicate_of_a_secret_row_is_found_without_naming_it(cleaned: Clean) -> None:
    register = cleaned(
        a_row(id="A7", nama="Yayasan Kasih", kelompok=SECRET, tahun="2024"),
        a_row(id="A7", nama="Yayasan Kasih", kelompok=SECRET, tahun="2026", alamat="Jl. Lain"),
    )
    assert register.rows["hasil"].tolist() == ["ditolak", "diterima"]
    issue = next(issue for issue in register.issues if issue.jenis == "baris_ganda")
    assert (issue.sebelum, issue.sesudah, issue.pesan.params) == (None, None, {})


@pytest.mark.parametrize("field", ["tanda:lansia", "bagian", "kelompok", "kapasitas"])
def test_which_row_of_an_institution_counts_does_not_tell_its_line(cleaned: Clean, field: str) -> None:
    """The two rows say the same but for one cell, whatever the column: ticks and sections of services too."""
    words = {"tanda:lansia": "V", "bagian": "LKS lanjut usia", "kelompok": f"{SECRET}; Lansia", "kapasitas": "20"}
    one, other = a_row(kelompok=SECRET, tahun="2024"), a_row(kelompok=SECRET, tahun="2024") | {field: words[field]}
    seen = []
    for rows in ((one, other), (other, one)):
        register = cleaned(*rows, a_row(id="2", nama="Lain"))
        assert register.counts["ditolak"] == 1
        used = register.places[register.places["disamarkan"]]
        seen.append(used[["kelompok", "layanan", "kapasitas", "hasil"]].to_dict("records"))
    assert seen[0] == seen[1]


def test_remarks_have_kinds_but_no_values(cleaned: Clean) -> None:
    register = cleaned(a_row(kelompok=SECRET, desa="Entah Di Mana", status_aktif="mungkin", kapasitas="dua ratusan"))
    kinds = {issue.jenis for issue in register.issues}
    assert "periksa_lokasi" in kinds
    assert "status_tak_terbaca" in kinds
    assert all(not issue.pesan.params and not issue.sebelum and not issue.sesudah for issue in register.issues)
    place = next(issue for issue in register.issues if issue.jenis == "periksa_lokasi")
    assert place.hasil == "diterima"


def test_others_say_nothing_of_a_secret_neighbour(cleaned: Clean) -> None:
    pile = [a_row(id=str(number), nama=f"Panti {number}", kelompok="Anak") for number in (1, 2)]
    alone = cleaned(*pile)
    beside = cleaned(*pile, a_row(id="9", nama="Panti 1 Melatii", kelompok=SECRET))
    told = [issue for issue in beside.issues if issue.nomor <= 3]
    assert told == list(alone.issues)


def test_a_public_address_keeps_the_place_in_sight(
    cleaned: Clean, sulbar_boundaries: Boundaries, sulbar_population: Population, sulbar_settings: Settings
) -> None:
    row = a_row(id="P1", nama="Panti Terbuka", kelompok=f"Anak; {SECRET}", alamat_publik="ya")
    for register in (
        cleaned(row),
        cleaned(row | {"alamat_publik": None}, settings=replace(sulbar_settings, public_addresses=("p1",))),
    ):
        shown = register.rows.iloc[0]
        assert (shown["nama"], shown["kelompok"], shown["lokasi"]) == ("Panti Terbuka", ("anak",), "titik")
        coverage = measure_coverage(register, sulbar_boundaries, sulbar_population, sulbar_settings)
        assert coverage.totals[TOTAL].counted == coverage.totals["anak"].counted == 1
        assert coverage.totals["kekerasan"].counted == coverage.totals["kekerasan"].disguised == 1
        assert coverage.listed_places["id"].tolist() == ["P1"]
        assert coverage.at("desa", "kekerasan")["lks_terdekat"].iloc[0] == f"disamarkan {shown['kode_kecamatan']}"


@pytest.mark.parametrize("change", [{"kelompok": SECRET, "jenis_layanan": None}, {"nama": "Rumah Aman Terbuka"}])
def test_a_public_address_is_ignored_where_it_must_be(cleaned: Clean, change: Row) -> None:
    register = cleaned(a_row(kelompok=f"Anak; {SECRET}", alamat_publik="ya") | change)
    assert register.rows["disamarkan"].all()
    assert "alamat_publik_diabaikan" in {issue.jenis for issue in register.issues}


def test_ids_that_are_row_numbers_are_not_told(cleaned: Clean) -> None:
    rows = [a_row(id=f"LKS-{n:03d}", nama=f"Panti {'ABCDEFGHIJKLMN'[n]}", kelompok="Anak") for n in range(13)]
    assert cleaned(*rows).rows["id"].tolist()[:2] == ["LKS-000", "LKS-001"]
    rows[5] |= {"kelompok": SECRET}
    register = cleaned(*rows)
    seen = register.rows.loc[~register.rows["disamarkan"], "id"]
    assert not seen.str.startswith("LKS").any()
    assert seen.is_unique
    assert "register.note_running_ids" in {note.key for note in register.notes}
    numbers = seen.str.rpartition("-")[2].astype(int)
    assert sorted(numbers) == list(range(1, 13))


@pytest.mark.parametrize(
    "pattern", ["LKS-{n:03d}", "{n:02d}/LKS/2024", "{prefix}-{n}", "{n}"], ids=["name", "year", "by kabupaten", "plain"]
)
@pytest.mark.parametrize("size", [4, 9, 14])
def test_a_gap_between_numbers_tells_no_neighbours(size: int, pattern: str, cleaned: Clean) -> None:
    """Numbers that rise with the rows, also within a prefix, and in a register of a few rows."""
    rows = [
        a_row(id=pattern.format(n=n + 1, prefix="MJU" if n < size // 2 else "AAA"), nama=f"Panti {chr(65 + n)}")
        for n in range(size)
    ]
    rows[1] |= {"jenis_layanan": SECRET}
    register = cleaned(*rows)
    assert not set(register.rows["id"]) & {row["id"] for row in rows}


def test_numbers_that_follow_the_map_are_not_told(cleaned: Clean, sulbar_boundaries: Boundaries) -> None:
    """Ids given village by village, in a register that is sorted by something else."""
    inner = sulbar_boundaries.desa.geometry.iloc[::20].representative_point()
    rows = [
        a_row(id=f"LKS-{n:03d}", nama=f"Panti {n * 17 % 31}", lintang=f"{point.y:.6f}", bujur=f"{point.x:.6f}")
        | {"desa": None, "kecamatan": None, "kabupaten": None}
        for n, point in enumerate(inner)
    ]
    mixed = [rows[n * 7 % len(rows)] for n in range(len(rows))]
    assert len({row["id"] for row in mixed}) == len(rows)
    mixed[5] |= {"jenis_layanan": SECRET}
    assert not cleaned(*mixed).rows["id"].str.startswith("LKS").any()
    for n, row in enumerate(mixed):
        row["id"] = f"LKS-{n * 13 % 31:03d}"
    assert cleaned(*mixed).rows["id"].str.startswith("LKS").sum() == len(rows) - 1


def test_a_numbering_that_starts_again_joins_nothing(cleaned: Clean) -> None:
    """In one sheet, section by section: number 2 of the one is not number 2 of the other."""
    rows = [a_row(id=str(n % 4 + 1), nama=f"Panti {chr(65 + n)}") for n in range(12)]
    rows[5] |= {"jenis_layanan": SECRET}
    assert cleaned(*rows).rows["disamarkan"].sum() == 1


def test_ids_of_others_do_not_depend_on_that_of_a_secret_row(cleaned: Clean) -> None:
    sheets = ["A"] * 3 + ["B"] * 3
    names = [a_row(id=own, nama=f"Panti {own}{at}") for at, own in enumerate(["7", "3", "9", "8", "1", "4"])]
    seen = []
    for own in ("3", "Q", "55"):
        secret = a_row(id=own, nama="Lembaga Sunyi", jenis_layanan=SECRET, kecamatan="Mambi", kabupaten="Mamasa")
        rows = [*names[:4], secret | {"desa": None, "lintang": None, "bujur": None}, *names[5:]]
        register = cleaned(*rows, sheets=sheets)
        seen.append(register.rows.loc[~register.rows["disamarkan"], "id"].tolist())
    assert seen[0] == seen[1] == seen[2]


def test_what_stands_above_a_row_speaks_for_it(cleaned: Clean) -> None:
    rows = [a_row(id=str(n), nama=f"Lembaga {n}", jenis_layanan=service) for n, service in enumerate(["Panti", "Anak"])]
    for heading, hidden in {
        "Korban kekerasan": [True, True], "Anak & kekerasan": [True, False], "Anak": [False, False]
    }.items():  # fmt: skip
        assert cleaned(*rows, sheets=[heading] * 2).rows["disamarkan"].tolist() == hidden
        below = [row | {"bagian": f"B. {heading}"} for row in rows]
        assert cleaned(*below).rows["disamarkan"].tolist() == hidden
        titled = [row | {"judul": f"DINAS SOSIAL DAN PERLINDUNGAN ANAK\nDaftar LKS {heading}"} for row in rows]
        assert cleaned(*titled).rows["disamarkan"].tolist() == hidden
        assert cleaned(*rows, name=f"data_lks-{heading}2026.xlsx").rows["disamarkan"].tolist() == hidden
    letter = [row | {"judul": "Dinas Sosial, Pemberdayaan Perempuan dan Perlindungan Anak\nDaftar LKS"} for row in rows]
    assert not cleaned(*letter, name="Dinas PPA.xlsx").rows["disamarkan"].any()


@pytest.mark.parametrize(
    ("lines", "hidden"),
    [
        ("LKS ANAK,,,,LKS KORBAN KEKERASAN,,", "FT"),  # each table has a title of its own
        ("DAFTAR LKS KORBAN KEKERASAN,,,,,,|Dalam panti,,,,Luar panti,,", "TT"),
        ("DAFTAR LKS ANAK DAN LANSIA,,,,,,", "FF"),
    ],
)
def test_a_title_speaks_for_the_tables_under_it(
    lines: str, hidden: str, tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    head, row = "Nama LKS,Layanan,Kecamatan", "{},Konseling,Mambi"
    path = tmp_path / "r.csv"
    both = [f"{head},,{head}", f"{row.format('Kasih Satu')},,{row.format('Sunyi Dua')}"]
    path.write_text("\n".join([*lines.split("|"), *both]))
    register = clean(read_register(path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    assert ["FT"[secret] for secret in register.rows["disamarkan"]] == list(hidden)


def test_a_title_holds_for_the_next_table_unless_that_has_its_own(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    path = tmp_path / "r.csv"
    other = ["Kecamatan,Layanan,Alamat,Nama LKS", "Mambi,Konseling,Jl. Dua,Dua"]
    lines = ["DAFTAR LKS KORBAN KEKERASAN", "Nama LKS,Layanan,Kecamatan", "Kasih Satu,Konseling,Mambi", ""]
    for between, hidden in {"": [True, True], "DAFTAR LKS ANAK": [True, False]}.items():
        path.write_text("\n".join([*lines, between, *other]))
        register = clean(read_register(path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
        assert register.rows["disamarkan"].tolist() == hidden


def test_the_heading_of_a_section_is_read(tmp_path: Path, sulbar_settings: Settings) -> None:
    lines = ["No,Nama LKS,Layanan,Kecamatan", "A.,LKS ANAK,,", "1,Kasih,Panti,Mambi", "B.,KORBAN KEKERASAN,,",
             "1,Sunyi,Panti,Mambi", ",Kecamatan Bambang,,", "2,Senyap,Panti,"]  # fmt: skip
    path = tmp_path / "r.csv"
    path.write_text("\n".join(lines))
    cells = read_register(path, settings=sulbar_settings).cells
    assert cells["bagian"].tolist() == ["A. LKS ANAK", "B. KORBAN KEKERASAN", "B. KORBAN KEKERASAN"]


@pytest.mark.parametrize(
    "heading", ["KORBAN KEKERASAN", "B. LKS Korban Tindak Kekerasan", "DAFTAR LKS KORBAN KEKERASAN"]
)
@pytest.mark.parametrize("first", ["Kode,Nama LKS", "Nama LKS,Kode", "No,Nama LKS"])
def test_a_heading_counts_in_whatever_column(
    first: str, heading: str, tmp_path: Path, sulbar_settings: Settings
) -> None:
    lines = [f"{first},Layanan,Kecamatan", "1X,Kasih X,Anak,Mambi", f"{heading},,,", "2X,Sunyi X,Konseling,Mambi"]
    path = tmp_path / "r.csv"
    path.write_text("\n".join(lines))
    raw = read_register(path, settings=sulbar_settings)
    assert raw.cells["bagian"].fillna("").tolist() == ["", heading]
    for name in ("Panti Jompo", "RUMAH AMAN", "LKS Anak Bangsa"):
        path.write_text("\n".join([*lines[:2], f"{name},,," if first.startswith("Nama") else f",{name},,", lines[3]]))
        assert name in read_register(path, settings=sulbar_settings).cells["nama"].tolist()


def test_no_address_names_a_secret_neighbour(cleaned: Clean) -> None:
    secret = a_row(id="S", nama="Yayasan Kasih Sunyi", jenis_layanan=SECRET)
    beside = a_row(id="T", nama="Panti Lain", alamat="Jl. Mawar, samping yayasan Kasih-Sunyi")
    other = a_row(id="U", nama="Panti Jauh", alamat="Jl. Kasih Sunyi")
    assert cleaned(secret, beside, other).rows["alamat"].fillna("").tolist() == ["", "", "Jl. Kasih Sunyi"]


def test_no_other_cell_or_remark_names_a_secret_neighbour(cleaned: Clean) -> None:
    secret = a_row(id="S", nama="LKS Melati Sunyi", jenis_layanan=SECRET)
    beside = a_row(
        id="T", nama="Panti Lain (sebelah LKS Melati Sunyi)", desa="Entah (belakang lks melati-sunyi)",
        jenis_layanan="titipan LKS Melati Sunyi", status_aktif="titip di LKS Melati Sunyi",
        cakupan_wilayah="dekat LKS MELATI SUNYI", kecamatan="Simboro, dekat LKS Melati Sunyi",
    )  # fmt: skip
    namesake = a_row(id="U", nama="LKS Melati Sunyi Dua", kelompok="Anak")
    register = cleaned(secret, beside, namesake)
    told = repr(register.rows.to_dict("records")) + repr(register.issues) + repr(register.notes)
    assert "melati sunyi" not in re.sub(r"[^a-z]+", " ", told.replace("LKS Melati Sunyi Dua", "").casefold())
    assert register.rows["nama"].tolist()[1:] == ["Panti Lain (sebelah …)", "LKS Melati Sunyi Dua"]


@pytest.mark.parametrize("name", ["Yay. Melati Putih", "YYS Melati Putih", "YAYASAN MELATI PUTIH (LKSA)", "Yay. Teduh"])
def test_another_legal_form_is_the_same_institution(cleaned: Clean, name: str) -> None:
    rows = [
        a_row(id="1", nama="Yayasan Melati Putih", jenis_layanan=SECRET),
        a_row(id="2", nama="Yayasan Teduh", jenis_layanan=SECRET),
        a_row(id="3", nama=name),
        a_row(id="4", nama="LKS Melati Hitam", alamat="Jl. Poros samping Melati Putih"),
        a_row(id="5", nama="Panti Simboro", alamat="Jl. Putih 3"),
        a_row(id="6", nama="Yayasan Simboro", jenis_layanan=SECRET),
    ]
    register = cleaned(*rows).rows
    assert register["disamarkan"].tolist() == [True, True, True, False, False, True]
    assert register["alamat"].isna().tolist() == [True, True, True, True, False, True]


def _written(folder: Path, lines: dict[str, list[str]]) -> Path:
    """A workbook with sheets of lines, of which the cells stand between commas."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in lines.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row.split(","))
    book.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def test_a_sheet_that_is_picked_alone_opens_no_place_of_another(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    head, rest = "Nama LKS,Jenis Layanan,Alamat,Kecamatan,Kabupaten", "Simboro,Mamuju"
    anak = [head, f"Panti Seruni,Anak,Jl. Sunyi,{rest}", f"LKS Lain,Anak,samping Panti Melur,{rest}"]
    ktk = [head, f"Panti Seruni,Korban kekerasan,Jl. Sunyi,{rest}", f"Panti Melur,KDRT,Jl. Sepi,{rest}"]
    path = _written(tmp_path, {"Anak": anak, "KTK": ktk})
    rows = clean(read_register(path, sheet="Anak", settings=sulbar_settings), sulbar_boundaries, sulbar_settings).rows
    assert rows["disamarkan"].tolist() == [True, False]
    assert rows["alamat"].isna().all()


@pytest.mark.parametrize(
    ("heading", "cell", "columns"),
    [
        ("Jenis Layanan", "Korban kekerasan", {"jenis_layanan": "Sistem"}),
        ("Kelompok Sasaran", "KDRT", {"kelompok": ""}),
        ("Jenis Layanan", "KDRT", {"jenis_layanan": "Sistem", "perkembangan": "Jenis Layanan"}),
        ("Korban KtP/A", "V", {}),
        ("Rumah Aman", "x", {}),
        ("Korban KtP/A", "V", {"anak": "Korban KtP/A"}),
        ("Jumlah korban kekerasan", "3", {}),
    ],
)
def test_what_is_not_used_as_a_service_says_it_all_the_same(
    heading: str, cell: str, columns: dict[str, str], tmp_path: Path, sulbar_boundaries: Boundaries,
    sulbar_settings: Settings,
) -> None:  # fmt: skip
    head, rest = f"Nama LKS,Sistem,Layanan Anak,{heading},Kecamatan,Kabupaten", "Simboro,Mamuju"
    path = _written(tmp_path, {"Data": [head, f"Satu,Dalam panti,V,{cell},{rest}", f"Dua,Dalam panti,V,-,{rest}"]})
    raw = read_register(path, settings=sulbar_settings, columns=columns)
    assert clean(raw, sulbar_boundaries, sulbar_settings).rows["disamarkan"].tolist() == [True, False]


def test_ids_that_fall_from_row_to_row_are_not_shown(cleaned: Clean) -> None:
    rows = [a_row(id=f"LKS-{9 - at:03}", nama=f"Panti {name}") for at, name in enumerate("ABCDEFG")]
    shown = cleaned(*rows, a_row(id="LKS-001", nama="Kasih Sunyi", jenis_layanan=SECRET)).rows
    assert not shown["id"].str.startswith("LKS").any()


@pytest.mark.parametrize("declared", ["Desa {desa}", "{desa}", "Kec. Simboro: {desa}", "Desa {desa}; Kabupaten Mamuju"])
def test_a_declared_area_does_not_tell_what_the_desa_is_called(declared: str, cleaned: Clean) -> None:
    """Desa of names that are those of a kecamatan elsewhere, of two desa, of one, of none."""
    seen = set()
    for desa in ("Saletto", "Wonomulyo", "Botteng", "Sumare", "Entah"):
        row = a_row(jenis_layanan=SECRET, desa=None, cakupan_wilayah=declared.format(desa=desa))
        seen.add(cleaned(row).rows["cakupan_wilayah"].iloc[0])
    assert len(seen) == 1
    assert "76.02.12" in seen.pop()


def test_a_secret_row_reports_its_own_kabupaten_only(cleaned: Clean, sulbar_boundaries: Boundaries) -> None:
    twice = sulbar_boundaries.desa.groupby("nama")["kode_kabupaten"].agg(set)
    for desa in [name for name, codes in twice.items() if len(codes) > 1][:4]:
        row = a_row(jenis_layanan=SECRET, desa=str(desa), kecamatan=None, kabupaten=None)
        assert cleaned(row).reported == {"76.02"}


@pytest.mark.parametrize("words", [("tppo",), ("trauma healing",), ("korban kekerasan",), ("Rumah  Aman",)])
def test_a_group_of_ones_own_does_not_open_a_sensitive_one(
    words: tuple[str, ...], cleaned: Clean, sulbar_settings: Settings
) -> None:
    own = replace(DEFAULT_GROUPS[0], key="perempuan", name_id="Perempuan", words=words)
    settings = replace(sulbar_settings, groups=(*DEFAULT_GROUPS, own))
    rows = [
        a_row(jenis_layanan=words[0], nama="Lembaga A"),
        a_row(jenis_layanan=None, id="2") | {"tanda:perempuan": "V"},
    ]
    assert settings.internal or cleaned(*rows, settings=settings).rows["disamarkan"].all()


def test_marks_taken_off_are_for_internal_use(sulbar_settings: Settings) -> None:
    assert not sulbar_settings.internal
    assert replace(sulbar_settings, show_sensitive=True).internal
    plain = tuple(replace(group, sensitive=False) for group in DEFAULT_GROUPS)
    assert replace(sulbar_settings, groups=plain).internal
    assert not replace(sulbar_settings, groups=DEFAULT_GROUPS[:1]).internal, "leaving a group out takes no mark off"
    own = replace(DEFAULT_GROUPS[0], key="perempuan", words=("kekerasan",))
    assert replace(sulbar_settings, groups=(*DEFAULT_GROUPS, own)).internal


def test_names_that_the_tool_chooses_say_internal(sulbar_settings: Settings) -> None:
    assert own_name("peta.html", sulbar_settings) == "peta.html"
    assert own_name("peta-anak.png", replace(sulbar_settings, show_sensitive=True)) == "peta-anak-internal.png"


def test_shown_to_the_office_itself(cleaned: Clean, sulbar_settings: Settings) -> None:
    register = cleaned(
        a_row(nama="Rumah Aman", kelompok=SECRET), settings=replace(sulbar_settings, show_sensitive=True)
    )
    assert register.rows["nama"].tolist() == ["Rumah Aman"]
    assert not register.rows["disamarkan"].any()


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])
def test_moving_secret_places_changes_nothing_that_leaves(
    seed: int,
    land: Land,
    tmp_path: Path,
    sulbar_boundaries: Boundaries,
    sulbar_population: Population,
    sulbar_settings: Settings,
) -> None:
    """Everything that the rooms behind the cleaning get: rows, services, remarks on other rows, notes, totals."""
    original = places(seed, land)
    registers = [
        clean(
            read_register(write(tmp_path / name / "register.csv", found, land), settings=sulbar_settings),
            sulbar_boundaries, sulbar_settings, sulbar_population,
        )
        for name, found in (("a", original), ("b", moved(seed, original, land)))
    ]  # fmt: skip
    here, there = registers
    assert here.rows["disamarkan"].any()
    pd.testing.assert_frame_equal(here.rows, there.rows)
    pd.testing.assert_frame_equal(pd.DataFrame(here.places), pd.DataFrame(there.places))
    hidden = set(here.rows.loc[here.rows["disamarkan"], "nomor"])
    assert [issue for issue in here.issues if issue.nomor not in hidden] == [
        issue for issue in there.issues if issue.nomor not in hidden
    ]
    for fact in ("sheets", "status_recorded", "made_ids", "reported", "notes"):
        assert getattr(here, fact) == getattr(there, fact), fact
