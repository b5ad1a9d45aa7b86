"""Every kind of dirt on one realistic row: its outcome, its place, and what the office is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely
from raw_rows import Row, a_row, raw_register
from registers import clean_rows, write_register

from lks_geo.geo import GEOD
from lks_geo.locate import interior_points
from lks_geo.messages import Texts, catalogue_entries
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.cleaning.value_rows import PLACEHOLDERS, area_centres
from lks_geo.register.issues import ASKED, ISSUE_KINDS
from lks_geo.register.reading.raw import read_register
from lks_geo.render.quality_report import write_quality
from lks_geo.settings import Settings
from lks_geo.shipped import EXAMPLE_REGISTER
from lks_geo.tables import OUTCOMES, REGISTER_COLUMNS, Boundaries, DesaFrame, Register

SALETTO = "76.02.12.2004"
Clean = Callable[..., Register]
NO_POINT: Row = {"lintang": None, "bujur": None}
NO_NAMES: Row = {"desa": None, "kecamatan": None, "kabupaten": None}


@pytest.fixture(scope="module")
def cleaned(sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> Clean:
    def make(*rows: Row, **facts: object) -> Register:
        register = clean(raw_register(rows, **facts), sulbar_boundaries, sulbar_settings)  # type: ignore[arg-type]
        reconcile(register, len(rows))
        return register

    return make


def reconcile(register: Register, rows: int) -> None:
    """What must hold of any cleaned register."""
    counts = register.counts
    assert counts["baris"] == rows == sum(counts[outcome] for outcome in OUTCOMES)
    table = register.rows
    assert list(table.columns) == list(REGISTER_COLUMNS)
    worst = dict.fromkeys(range(rows), 0)
    for issue in register.issues:
        assert issue.hasil == ISSUE_KINDS[issue.jenis]
        worst[issue.posisi] = max(worst[issue.posisi], OUTCOMES.index(issue.hasil))
    assert [OUTCOMES[rank] for rank in worst.values()] == table["hasil"].tolist()
    used = register.places
    assert used["id"].notna().all()
    assert used["id"].is_unique
    assert used["lokasi"].notna().all()
    assert table.loc[table["hasil"] == "ditolak", "lokasi"].isna().all()
    has_point = used["lokasi"] != "tanpa_titik"
    assert used.loc[has_point, ["lintang", "bujur"]].notna().all(axis=None)
    assert used.loc[~has_point, ["lintang", "bujur"]].isna().all(axis=None)
    assert (used["kode_desa"].notna() == used["lokasi"].isin(["titik", "perkiraan"])).all()


def one(register: Register) -> tuple[str, str, list[str]]:
    """Outcome, location kind and kinds of remarks of the only row."""
    row = register.rows.iloc[0]
    return row["hasil"], row["lokasi"], [issue.jenis for issue in register.issues]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"lintang": "-2,728276", "bujur": "118,839152"},
        {"lintang": "2°43'41.8\" LS", "bujur": "118°50'20.9\" BT"},
        {"lintang": "2.728276 S", "bujur": "118.839152 E"},
        {"lintang": None, "bujur": None, "koordinat": "-2.728276, 118.839152"},
        {"lintang": None, "bujur": None, "koordinat": "-2,728276; 118,839152"},
        {"desa": "DESA SALETTO", "kecamatan": "Kec. Simboro", "kabupaten": "KAB. MAMUJU      "},
        {"desa": None},
        {"desa": None, "kecamatan": None},
        NO_NAMES,
        {"kode_desa": SALETTO},
        {"kode_desa": "7602122004"},
        {"kode_desa": "7602122004.0"},
        {"kode_kecamatan": "760212", "kode_kabupaten": "7602"},
        {"kapasitas": "25 orang", "klien": "20"},
        {"akreditasi": "B", "berlaku_sampai": "31/12/2028"},
        {"status_aktif": "Tidak aktif"},
        {"alamat": "Jl. Poros Desa Lembang No. 4, Desa Saletto, Kec. Simboro"},
        {**NO_NAMES, "alamat": "Jl. Poros Majene, Desa Saletto, Kec. Simboro, Kab. Mamuju"},
        {**NO_NAMES, "alamat": "Jl. Poros Majene, Pati'di, Simboro, Mamuju"},
        {**NO_NAMES, "desa": "Saletto"},
        {"id": None},
        {"jenis_layanan": "LKS Tuna Sosial"},
    ],
)
def test_another_notation_is_accepted(cleaned: Clean, changes: Row) -> None:
    register = cleaned(a_row(**changes))
    assert register.rows["hasil"].tolist() == ["diterima"]
    assert register.rows[["lokasi", "kode_desa", "kode_kecamatan", "kode_kabupaten"]].iloc[0].tolist() == [
        "titik", SALETTO, "76.02.12", "76.02",
    ]  # fmt: skip
    assert register.rows[["lintang", "bujur"]].iloc[0].tolist() == pytest.approx([-2.728276, 118.839152], abs=2e-5)


@pytest.mark.parametrize(
    ("changes", "location", "kinds"),
    [
        ({"lintang": "2.728276"}, "titik", ["koordinat_diperbaiki"]),
        ({"lintang": "118.839152", "bujur": "-2.728276"}, "titik", ["koordinat_diperbaiki"]),
        ({"lintang": "-2728276", "bujur": "118839152"}, "titik", ["koordinat_diperbaiki"]),
        ({"lintang": "-2,728,276", "bujur": "118,839,152"}, "titik", ["koordinat_diperbaiki"]),
        ({"lintang": "2.728276", "desa": None, "kecamatan": None}, "titik", ["koordinat_diperbaiki"]),
        ({"desa": "Salletto"}, "titik", ["wilayah_mirip"]),
        ({"kabupaten": "Kab. Mamaju"}, "titik", ["wilayah_mirip"]),
        ({"kecamatan": "Simbboro"}, "titik", ["wilayah_mirip"]),
        (NO_POINT, "perkiraan", ["titik_dari_desa"]),
        ({**NO_POINT, "kecamatan": None}, "perkiraan", ["titik_dari_desa"]),
        ({**NO_POINT, **NO_NAMES, "kode_desa": SALETTO}, "perkiraan", ["titik_dari_desa"]),
        ({"lintang": "-", "bujur": "Belum tersedia"}, "perkiraan", ["titik_dari_desa"]),
        ({"kapasitas": "25-30 anak"}, "titik", ["jumlah_rentang"]),
        ({"berlaku_sampai": "12/31/2028"}, "titik", ["tanggal_terbalik"]),
    ],
)
def test_what_evidence_confirms_is_repaired(cleaned: Clean, changes: Row, location: str, kinds: list[str]) -> None:
    register = cleaned(a_row(**changes))
    assert one(register) == ("diperbaiki", location, kinds)
    assert register.rows["kode_desa"].tolist() == [SALETTO]


@pytest.mark.parametrize(
    ("changes", "location", "desa", "kinds"),
    [
        ({"desa": "Rangas"}, "titik", SALETTO, ["titik_bertentangan"]),
        ({"alamat": "Jl. Poros, Kel. Lembang, Kec. Banggae Timur"}, "titik", SALETTO, ["titik_bertentangan"]),
        ({**NO_NAMES, "alamat": "Jl. Poros, Kec. Mambi, Kab. Mamasa"}, "titik", SALETTO, ["titik_bertentangan"]),
        ({**NO_NAMES, "alamat": "Jl. Poros, Mambi, Mamasa"}, "titik", SALETTO, ["titik_bertentangan"]),
        ({"alamat": "Kel. Wara, Kota Palopo"}, "titik", SALETTO, ["provinsi_lain"]),
        (
            {**NO_NAMES, **NO_POINT, "alamat": "Jl. Poros Desa Saletto No. 3, Kec. Simboro"}, "perkiraan", SALETTO,
            ["wilayah_dari_alamat", "wilayah_dari_jalan", "titik_dari_desa"],
        ),
        (
            {**NO_POINT, "alamat": "Desa Saletto, Kec. Mambi"}, "perkiraan", SALETTO,
            ["alamat_bertentangan", "titik_dari_desa"],
        ),
        ({**NO_NAMES, "kabupaten": "Majene"}, "titik", SALETTO, ["titik_bertentangan"]),
        (
            {"lintang": "2.728276", "desa": "Rangas"}, "titik", SALETTO,
            ["koordinat_diperbaiki", "titik_bertentangan"],
        ),
        ({**NO_NAMES, "lintang": "2.728276"}, "titik", SALETTO, ["koordinat_tanpa_bukti"]),
        ({"lintang": "-5.1", "bujur": "119.4"}, "luar_wilayah", None, ["titik_luar_bertentangan"]),
        ({**NO_NAMES, "lintang": "-5.1", "bujur": "119.4"}, "luar_wilayah", None, ["titik_luar_wilayah"]),
        (
            {"lintang": "lihat peta", "bujur": "?"}, "perkiraan", SALETTO,
            ["koordinat_tak_terbaca", "titik_dari_desa"],
        ),
        ({"lintang": "0", "bujur": "0"}, "perkiraan", SALETTO, ["koordinat_tak_terbaca", "titik_dari_desa"]),
        ({**NO_POINT, "desa": None}, "tanpa_titik", None, ["hanya_wilayah"]),
        ({**NO_POINT, "desa": None, "kecamatan": None}, "tanpa_titik", None, ["hanya_wilayah"]),
        ({**NO_POINT, **NO_NAMES}, "tanpa_titik", None, ["tanpa_lokasi"]),
        ({**NO_POINT, "desa": "Entahberantah"}, "tanpa_titik", None, ["wilayah_tak_dikenal", "hanya_wilayah"]),
        (
            {**NO_POINT, "desa": "Salletto", "kecamatan": None}, "tanpa_titik", None,
            ["wilayah_hanya_mirip", "hanya_wilayah"],
        ),
        ({"desa": "Salletto", "kecamatan": None}, "titik", SALETTO, ["wilayah_hanya_mirip"]),
        ({"kode_desa": "76.02.12.1001"}, "titik", SALETTO, ["kode_nama_titik"]),
        ({**NO_POINT, "kode_desa": "76.02.12.1001"}, "tanpa_titik", None, ["kode_lawan_nama", "hanya_wilayah"]),
        ({"kode_desa": "7,602E+09"}, "titik", SALETTO, ["kode_rusak"]),
        ({"kode_desa": "76.02.12.2999"}, "titik", SALETTO, ["kode_tak_dikenal"]),
        ({"provinsi": "Sulawesi Selatan"}, "titik", SALETTO, ["provinsi_lain"]),
        ({"jenis_layanan": "Layanan antah qwrty"}, "titik", SALETTO, ["layanan_tak_dikenal"]),
        ({"jenis_layanan": None}, "titik", SALETTO, ["layanan_kosong"]),
        ({"jenis_layanan": "-"}, "titik", SALETTO, ["layanan_kosong"]),
        ({"sistem": "Luar panti"}, "titik", SALETTO, ["sistem_bertentangan"]),
        ({"status_aktif": "kurang jelas"}, "titik", SALETTO, ["status_tak_terbaca"]),
        ({"status_aktif": "Tidak diketahui"}, "titik", SALETTO, ["status_kosong"]),
        ({"berlaku_sampai": "segera"}, "titik", SALETTO, ["tanggal_tak_terbaca"]),
        ({"kapasitas": "banyak"}, "titik", SALETTO, ["jumlah_tak_terbaca"]),
        ({"cakupan_wilayah": "antah berantah"}, "titik", SALETTO, ["cakupan_tak_dikenal"]),
    ],
)  # fmt: skip
def test_what_is_open_is_doubtful(
    cleaned: Clean, changes: Row, location: str, desa: str | None, kinds: list[str]
) -> None:
    register = cleaned(a_row(**changes))
    assert one(register) == ("meragukan", location, kinds)
    found = register.rows["kode_desa"].iloc[0]
    assert (None if pd.isna(found) else found) == desa


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"sistem": "qwrty"}, "sistem_tak_dikenal"),
        ({"akreditasi": "Terakreditasi"}, "isian_tak_terbaca"),
        ({"badan_hukum": "qwrty"}, "isian_tak_terbaca"),
        ({"perkembangan": "qwrty"}, "isian_tak_terbaca"),
        ({"klien": "banyak"}, "klien_tak_terbaca"),
    ],
)
def test_an_unknown_word_in_a_side_field_is_a_remark_and_no_doubt(cleaned: Clean, changes: Row, kind: str) -> None:
    outcome, _, kinds = one(cleaned(a_row(**changes)))
    assert (outcome, kinds) == ("diterima", [kind])


def _named(*services: str, **changes: str) -> list[Row]:
    return [
        a_row(id=f"L-{n}", nama=f"Panti {'ABCDE'[n]}x", jenis_layanan=text, lintang=str(-2.728 - n / 1000), **changes)
        for n, text in enumerate(services)
    ]


def test_a_word_that_fills_a_column_is_told_once(cleaned: Clean) -> None:
    full = cleaned(*_named(*["Anak; Lengkap"] * 5))
    assert full.rows["hasil"].tolist() == ["diterima"] * 5
    assert [(note.key, note.params["words"]) for note in full.notes] == [("register.note_left_over", "Lengkap")]
    beside = cleaned(*_named(*["Lengkap"] * 5, kelompok="Anak"))
    assert beside.rows["hasil"].tolist() == ["diterima"] * 5
    alone = cleaned(*_named(*["Lengkap"] * 5))
    assert alone.rows["hasil"].tolist() == ["meragukan"] * 5
    once = cleaned(*_named("Anak; Lengkap", "Anak", "Anak", "Anak", "Anak"))
    assert once.rows["hasil"].tolist() == ["meragukan"] + ["diterima"] * 4


def test_left_over_words_of_a_disguised_row_are_not_told(cleaned: Clean) -> None:
    register = cleaned(*_named("Kekerasan Bhinneka", "Panti Asuhan Tunggal", "Anak"))
    assert [note.params["words"] for note in register.notes] == ["Tunggal"]


def test_an_unused_column_of_areas_or_points_is_named(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    path = tmp_path / "lks.csv"
    path.write_text(
        "Nama LKS,Kelompok,Zona,Bagian,Tempat,U,T,Uraian\n"
        "LKSA Satu,Anak,Mamuju,Simboro,Saletto,-2.728276,118.839152,lama\n"
        "LKSA Dua,Anak,Majene,Pamboang,Lalampanua,-3.484378,118.895934,baru\n"
    )
    register = clean(read_register(path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    named = {note.params["heading"]: note.params["field"] for note in register.notes if "unused" in note.key}
    assert named == {"Zona": "kabupaten", "Bagian": "kecamatan", "Tempat": "desa", "U": "lintang", "T": "bujur"}
    columns = {field: heading for heading, field in named.items()}
    again = clean(read_register(path, columns=columns, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    assert again.rows["hasil"].tolist() == ["diterima"] * 2


def test_an_unused_column_of_codes_or_activity_is_named(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    path = tmp_path / "lks.csv"
    path.write_text(
        "Nama LKS,Kelompok,Nomor di peta,Kegiatan\n"
        "LKSA Satu,Anak,76.02.12.2004,Aktif\nLKSA Dua,Anak,76.05.02.1001,Vakum\n"
    )
    register = clean(read_register(path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    named = {note.params["heading"]: note.params["field"] for note in register.notes if "unused" in note.key}
    assert named == {"Nomor di peta": "kode_desa", "Kegiatan": "status_aktif"}


def test_messages_keep_the_spelling_of_the_register(cleaned: Clean) -> None:
    register = cleaned(a_row(jenis_layanan="Anak; Bengkel  Motor"))
    assert [issue.sebelum for issue in register.issues] == ["Bengkel  Motor"]


def test_a_row_without_a_name_is_rejected_whole(cleaned: Clean) -> None:
    register = cleaned(a_row(nama=None), a_row(nama="Tidak ada", id="2"))
    assert register.rows["hasil"].tolist() == ["ditolak", "ditolak"]
    assert register.rows["kode_desa"].tolist() == [SALETTO, SALETTO]
    assert register.places.empty


def test_point_and_statement_are_both_kept(cleaned: Clean) -> None:
    row = cleaned(a_row(desa="Rangas")).rows.iloc[0]
    assert (row["desa"], row["kode_tertulis"], row["kode_desa"]) == ("Rangas", "76.02.12.1002", SALETTO)


def test_code_name_and_point_are_all_told(cleaned: Clean) -> None:
    (issue,) = cleaned(a_row(desa="Rangas", kode_desa="76.02.12.1001")).issues
    for lang in ("id", "en"):
        text = Texts(lang)(issue.pesan)
        assert all(name in text for name in ("76.02.12.1001", "Simboro", "Rangas", "Saletto"))


def test_an_ambiguous_name_is_not_guessed(cleaned: Clean) -> None:
    twice = a_row(desa="Minanga", kecamatan=None, kabupaten="Mamasa", **NO_POINT)
    assert one(cleaned(twice)) == ("meragukan", "tanpa_titik", ["wilayah_ganda", "hanya_wilayah"])
    assert cleaned(twice).rows["kode_kabupaten"].tolist() == ["76.03"]


def test_a_point_settles_an_ambiguous_name_but_not_in_silence(cleaned: Clean, sulbar_boundaries: Boundaries) -> None:
    inside = interior_points(sulbar_boundaries).loc["76.03.13.2002"]
    at = {"lintang": f"{inside['lat']:.6f}", "bujur": f"{inside['lon']:.6f}"}
    register = cleaned(a_row(desa="Minanga", kecamatan=None, kabupaten="Mamasa", **at))
    assert one(register) == ("diperbaiki", "titik", ["wilayah_dipastikan_titik"])
    assert "Nosu" in Texts("id")(register.issues[0].pesan)


def test_a_damaged_coordinate_far_from_everything_is_not_a_place(cleaned: Clean) -> None:
    register = cleaned(a_row(lintang="0204341", bujur="11805020"))
    assert register.rows[["hasil", "lokasi", "kode_desa"]].iloc[0].tolist() == ["meragukan", "perkiraan", SALETTO]


@pytest.mark.parametrize(("metres", "expected"), [(300, "diperbaiki"), (900, "meragukan")])
def test_offshore(cleaned: Clean, sulbar_boundaries: Boundaries, metres: float, expected: str) -> None:
    """West of the western end of the province there is only sea."""
    shapes = sulbar_boundaries.desa.geometry
    code = str(shapes.bounds["minx"].idxmin())
    west, lat = min(map(tuple, shapely.get_coordinates(shapes[code])))
    lon, lat, _ = GEOD.fwd(west, lat, 270.0, metres)
    register = cleaned(a_row(**NO_NAMES, lintang=f"{lat:.7f}", bujur=f"{lon:.7f}"))
    row = register.rows.iloc[0]
    assert row["hasil"] == expected
    if expected == "diperbaiki":
        assert (row["lokasi"], row["kode_desa"]) == ("titik", code)
        assert register.issues[0].pesan.params["metres"] == pytest.approx(metres, abs=1)
    else:
        assert row["lokasi"] == "luar_wilayah"
        assert pd.isna(row["kode_desa"])


@pytest.mark.parametrize("level", ["desa", "kecamatan", "kabupaten", "provinsi"])
def test_the_middle_of_an_area_is_no_address(cleaned: Clean, sulbar_boundaries: Boundaries, level: str) -> None:
    names = sulbar_boundaries.names(level)
    code = names.index[min(3, len(names) - 1)]
    gazetteer = Gazetteer(sulbar_boundaries)
    centres = area_centres(sulbar_boundaries, gazetteer).set_index("nama")
    middle = centres.loc[gazetteer.label(code)]
    middle = middle.iloc[-1] if isinstance(middle, pd.DataFrame) else middle
    register = cleaned(a_row(**NO_NAMES, lintang=f"{middle['lat']:.6f}", bujur=f"{middle['lon']:.6f}"))
    assert "titik_pusat_wilayah" in one(register)[2]


def test_what_geocoders_give_for_the_province_is_no_address(cleaned: Clean) -> None:
    lat, lon, _ = PLACEHOLDERS[0]
    assert "titik_pusat_wilayah" in one(cleaned(a_row(**NO_NAMES, lintang=str(lat), bujur=str(lon))))[2]


def test_centroids_of_upper_areas_are_those_of_the_dissolved_areas(sulbar_boundaries: Boundaries) -> None:
    centres = area_centres(sulbar_boundaries, Gazetteer(sulbar_boundaries)).set_index("nama")
    whole = sulbar_boundaries.level("kabupaten")
    for shape, name in zip(whole.geometry, whole["nama"], strict=True):
        own = centres.loc[[name]]
        own = own[own["near_km"] == 0.25].iloc[0]
        assert (own["lon"], own["lat"]) == pytest.approx((shape.centroid.x, shape.centroid.y), abs=1e-4)


def test_three_names_on_one_point_are_doubtful_and_two_are_not(cleaned: Clean) -> None:
    names = ("Panti Melati", "Panti Mawar", "Panti Kenanga")
    rows = [a_row(id=name, nama=name) for name in names]
    assert cleaned(*rows).rows["hasil"].tolist() == ["meragukan"] * 3
    assert cleaned(*rows[:2]).rows["hasil"].tolist() == ["diterima"] * 2


def test_one_point_with_two_stated_desa_is_doubtful(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(id="2", nama="Panti Mawar", desa="Rangas"))
    assert [(issue.nomor, issue.jenis) for issue in register.issues][-1] == (3, "titik_dua_desa")
    assert register.rows["hasil"].tolist() == ["diterima", "meragukan"]
    neither = cleaned(*(a_row(id=desa, nama=f"Panti {desa}", desa=desa) for desa in ("Rangas", "Botteng")))
    assert sum(issue.jenis == "titik_dua_desa" for issue in neither.issues) == 2


def test_blank_codes_are_not_worth_a_word(cleaned: Clean) -> None:
    register = cleaned(a_row(kode_desa=None), a_row(id="2", nama="Panti Mawar", kode_desa=None))
    assert not register.notes


def test_coarse_coordinates_do_not_settle_a_desa(cleaned: Clean) -> None:
    register = cleaned(a_row(desa=None, kecamatan=None, lintang="-2.7", bujur="118.9"))
    assert "koordinat_kasar" in one(register)[2]
    told = [Texts()(issue.pesan) for issue in register.issues if issue.jenis == "koordinat_kasar"]
    assert not any("()" in text or "{" in text for text in told)
    assert {"desa", "titik"} <= set(ASKED["koordinat_kasar"]), "the cure names both"
    assert "koordinat_kasar" not in one(cleaned(a_row(lintang="-2.73", bujur="118.84")))[2]


def test_no_status_column_makes_all_active(cleaned: Clean) -> None:
    row = a_row()
    del row["status_aktif"]
    register = cleaned(row)
    assert register.rows["aktif"].tolist() == [True]
    assert not register.status_recorded
    assert one(register)[0] == "diterima"
    assert "register.note_no_status" in [note.key for note in register.notes]


def test_a_blank_in_a_status_column_is_not_known(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(id="2", nama="Panti Mawar", status_aktif=None))
    assert register.status_recorded
    assert register.rows["aktif"].tolist() == [True, pd.NA]
    assert [issue.jenis for issue in register.issues] == ["status_kosong"]


def test_a_sheet_without_the_status_column_of_the_others(cleaned: Clean) -> None:
    other = a_row(id="2", nama="Panti Mawar")
    del other["status_aktif"]
    register = cleaned(a_row(), other, sheets=["Mamuju", "Majene"])
    assert [(issue.lembar, issue.jenis) for issue in register.issues] == [("Majene", "status_tanpa_kolom")]


def test_services_of_all_cells_count(cleaned: Clean) -> None:
    row = a_row(jenis_layanan="LKS Lanjut Usia Luar Panti", kelompok="anak", sistem="Dalam panti")
    row |= {"tanda:disabilitas": "V", "tanda:napza": None, "tanda:kekerasan:luar": "Ya"}
    register = cleaned(row)
    assert register.rows["kelompok"].iloc[0] == ("anak", "lansia", "disabilitas", "kekerasan")
    assert register.rows["layanan"].iloc[0] == (
        ("anak", "dalam"), ("lansia", "luar"), ("disabilitas", "dalam"), ("kekerasan", "luar"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "served", "kinds"),
    [("✓", True, []), ("x", True, []), ("12", True, []), ("0", False, []), ("-", False, []), ("tidak", False, []),
     ("mungkin", False, ["layanan_tak_dikenal"])],
)  # fmt: skip
def test_check_marks(cleaned: Clean, mark: str, served: bool, kinds: list[str]) -> None:
    register = cleaned(a_row() | {"tanda:lansia": mark})
    assert ("lansia" in register.rows["kelompok"].iloc[0]) is served
    assert [issue.jenis for issue in register.issues] == kinds


def test_a_known_service_outside_the_groups_is_accepted_and_listed(cleaned: Clean) -> None:
    register = cleaned(a_row(jenis_layanan="LKS Orang dengan HIV/AIDS (ODHA)"))
    row = register.rows.iloc[0]
    assert (row["hasil"], row["kelompok"], len(row["layanan_lain"])) == ("diterima", (), 1)
    assert [issue.jenis for issue in register.issues] == ["layanan_lain"]


def test_numbers_and_dates(cleaned: Clean) -> None:
    row = a_row(kapasitas="±25 anak", klien_pria="12", klien_perempuan="9 orang", akreditasi="A (2023)")
    row |= {"berlaku_sampai": "12 Mei 2028", "perkembangan": "sudah mandiri", "badan_hukum": "Belum berbadan hukum"}
    found = cleaned(row).rows.iloc[0]
    assert (found["kapasitas"], found["klien"], found["akreditasi"]) == (25, 21, "A")
    assert (found["perkembangan"], found["badan_hukum"]) == ("mandiri", False)
    assert found["berlaku_sampai"] == pd.Timestamp("2028-05-12")


def test_an_accreditation_that_is_over_counts_as_none(cleaned: Clean) -> None:
    register = cleaned(a_row(akreditasi="B (kedaluwarsa)"))
    assert register.rows["akreditasi"].tolist() == ["belum"]
    assert one(register) == ("diterima", "titik", ["akreditasi_kedaluwarsa"])


def test_codes_are_decided_once_for_the_whole_file(cleaned: Clean) -> None:
    """7602011002 is Binanga, Mamuju (Kemendagri) or Tammangalle, Balanipa (BPS); the other row settles it."""
    alone = a_row(id="2", nama="Panti Mawar", kode_desa="7602011002", **NO_NAMES, **NO_POINT)
    kemendagri = cleaned(a_row(kode_desa="7602122004"), alone)
    assert kemendagri.rows["kode_desa"].tolist() == [SALETTO, "76.02.01.1002"]
    bps = cleaned(a_row(kode_desa="7604022002"), alone)
    assert bps.rows["kode_desa"].tolist() == [SALETTO, "76.04.12.2003"]
    undecided = cleaned(alone)
    assert one(undecided) == ("meragukan", "tanpa_titik", ["kode_tak_pasti", "tanpa_lokasi"])
    keys = [[note.key for note in register.notes] for register in (kemendagri, bps, undecided)]
    assert keys == [["register.note_codes_kemendagri"], ["register.note_codes_bps"], ["register.note_codes_undecided"]]


def test_made_ids_name_the_area_and_never_the_row(cleaned: Clean) -> None:
    rows = [a_row(id=None, nama="Panti Mawar"), a_row(id=None, nama="Panti Anggrek")]
    assert cleaned(*rows).rows["id"].tolist() == [f"{SALETTO}-2", f"{SALETTO}-1"]
    assert cleaned(*rows, sheets=["Mamuju", "Majene"]).rows["id"].tolist() == [f"{SALETTO}-2", f"{SALETTO}-1"]
    assert cleaned(a_row(id=f"{SALETTO}-1"), rows[1]).rows["id"].tolist() == [f"{SALETTO}-1", f"{SALETTO}-2"]


def test_numbering_per_sheet_is_no_shared_id(cleaned: Clean) -> None:
    register = cleaned(a_row(id="1.0"), a_row(id="1.0", nama="Panti Mawar"), sheets=["Mamuju", "Majene"])
    assert register.rows["id"].tolist() == ["Mamuju-1", "Majene-1"]
    assert register.issues == ()


def test_running_numbers_of_a_year_that_start_again_per_sheet_are_no_shared_id(cleaned: Clean) -> None:
    rows = [a_row(id="LKS/001/2025"), a_row(id="LKS/001/2025", nama="Panti Mawar")]
    register = cleaned(*rows, sheets=["Mamuju", "Majene"])
    assert register.rows["id"].tolist() == ["Mamuju-LKS/001/2025", "Majene-LKS/001/2025"]
    assert register.issues == ()


def test_an_id_of_two_institutions_is_doubtful(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(nama="Panti Mawar Merah", desa="Rangas", **NO_POINT))
    assert register.rows["id"].tolist() == ["L-1", "L-1-2"]
    assert register.rows["hasil"].tolist() == ["meragukan", "meragukan"]


def test_declared_areas(cleaned: Clean) -> None:
    register = cleaned(a_row(cakupan_wilayah="Kecamatan Simboro; Desa Bela; 76.05"))
    assert register.rows["cakupan_wilayah"].tolist() == [("76.02.12", "76.02.02.2009", "76.05")]
    assert one(register)[0] == "diterima"


def test_remarks_name_a_column_of_the_file(cleaned: Clean) -> None:
    assert cleaned(a_row(lintang="2.728276")).issues[0].kolom == "lintang"
    assert cleaned(a_row(**NO_POINT, koordinat="2.728276, 118.839152")).issues[0].kolom == "koordinat"


def test_every_kind_has_a_sentence_and_a_title() -> None:
    entries = catalogue_entries("register")
    assert {key.removeprefix("register.kind_") for key in entries if ".kind_" in key} == set(ISSUE_KINDS)
    assert {f"register.{kind}" for kind in ISSUE_KINDS} <= set(entries)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_messages_render(cleaned: Clean, lang: str) -> None:
    rows = [
        a_row(id=f"{n}", nama=f"Panti {name}", **changes)
        for n, (name, changes) in enumerate(
            {
                "A": {"lintang": "2.728276"},
                "B": {"desa": "Salletto", "kecamatan": None, "kode_desa": "7,602E+09"},
                "C": {**NO_POINT, "desa": None, "kapasitas": "25-30", "berlaku_sampai": "12/31/2028"},
                "D": {"jenis_layanan": "xyzzy", "status_aktif": None, "cakupan_wilayah": "entah"},
            }.items()
        )
    ]
    for issue in cleaned(*rows).issues:
        text = Texts(lang)(issue.pesan)
        assert "{" not in text
        assert text.endswith(".")


def test_a_clean_file_passes_without_a_word(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    written = write_register(tmp_path / "lks.xlsx")
    register = clean(read_register(written.path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    assert register.issues == ()
    assert register.rows["nomor"].tolist() == list(written.numbers)
    assert register.rows["kode_desa"].tolist() == [row["kode_desa"] for row in clean_rows()]


@pytest.mark.parametrize(
    ("dirt", "outcome"),
    [
        (["comma_decimals_lat", "comma_decimals_lon"], "diterima"),
        (["dms_lat", "dms_lon"], "diterima"),
        (["undotted_codes"], "diterima"),
        (["codes_as_numbers"], "diterima"),
        (["upper_desa", "kec_prefix", "kab_prefix", "polman", "padded"], "diterima"),
        (["desa_prefix", "no_codes"], "diterima"),
        (["sections_kabupaten", "no_codes"], "diterima"),
        (["merged_kabupaten", "title_rows", "total_row", "signature"], "diterima"),
        (["capacity_words"], "diterima"),
        (["longitude_first"], "diterima"),
        (["missing_minus"], "diperbaiki"),
        (["glued_lat", "glued_lon"], "diperbaiki"),
        (["no_points"], "diperbaiki"),
    ],
)
def test_dirt_of_a_whole_file(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings, dirt: list[str], outcome: str
) -> None:
    written = write_register(tmp_path / "lks.xlsx", dirt=dirt)
    register = clean(read_register(written.path, settings=sulbar_settings), sulbar_boundaries, sulbar_settings)
    reconcile(register, 12)
    assert register.rows["hasil"].tolist() == [outcome] * 12
    assert register.rows["kode_desa"].tolist() == [row["kode_desa"] for row in clean_rows()]


@pytest.mark.parametrize(
    ("written", "systems"),
    [
        ("Dalam", {"dalam"}),
        ("Luar", {"luar"}),
        ("Keduanya", {"dalam", "luar"}),
        ("dalam; luar", {"dalam", "luar"}),
        ("Lainnya", {None}),
    ],
)
def test_answers_of_a_system_column(cleaned: Clean, written: str, systems: set[str | None]) -> None:
    register = cleaned(a_row(jenis_layanan="Anak", sistem=written))
    assert one(register) == ("diterima", "titik", [])
    assert {system for _, system in register.rows["layanan"].iloc[0]} == systems


def test_coordinate_columns_that_disagree_are_doubtful(cleaned: Clean) -> None:
    register = cleaned(a_row(koordinat="-2.500000, 118.950000"))
    assert one(register) == ("meragukan", "titik", ["koordinat_berbeda"])
    assert register.rows["kode_desa"].iloc[0] == SALETTO
    assert one(cleaned(a_row(koordinat="-2.728300, 118.839200")))[0] == "diterima"


def test_points_a_hand_apart_are_one_pile(cleaned: Clean) -> None:
    names = ("Panti Melati", "Panti Mawar", "Panti Kenanga")
    for south in (0, 3, 5, 7):
        lats = [f"-2.72827{south}", f"-2.72827{south + 1}", f"-2.72827{south + 2}"]
        rows = [a_row(id=name, nama=name, lintang=lat) for name, lat in zip(names, lats, strict=True)]
        assert {issue.jenis for issue in cleaned(*rows).issues} == {"titik_bertumpuk"}


def test_a_province_may_be_told_by_its_code(cleaned: Clean) -> None:
    assert one(cleaned(a_row(provinsi="76")))[0] == "diterima"
    assert one(cleaned(a_row(provinsi="73")))[2] == ["provinsi_lain"]


def test_a_misspelt_desa_beside_its_code(cleaned: Clean, sulbar_boundaries: Boundaries) -> None:
    desa = sulbar_boundaries.desa
    code = next(c for c in desa.index[desa["nama"] == "Bambang Timur"])
    inside = interior_points(sulbar_boundaries).loc[code]
    area = {"desa": "Bambang Timr", "kecamatan": desa["kecamatan"][code], "kabupaten": desa["kabupaten"][code]}
    point = {"lintang": f"{inside['lat']:.6f}", "bujur": f"{inside['lon']:.6f}"}
    register = cleaned(a_row(**area, **point, kode_desa=code))
    assert one(register) == ("diperbaiki", "titik", ["wilayah_mirip"])
    assert register.rows["kode_desa"].iloc[0] == code
    far = cleaned(a_row(**area, kode_desa=code))
    assert far.rows["hasil"].iloc[0] == "meragukan"


def test_a_name_as_near_to_a_sister_needs_the_point(cleaned: Clean, sulbar_boundaries: Boundaries) -> None:
    desa = sulbar_boundaries.desa
    code = next(c for c in desa.index[desa["nama"] == "Leling Barat"])
    inside = interior_points(sulbar_boundaries).loc[code]
    area = {"desa": "Leling Bara", "kecamatan": desa["kecamatan"][code], "kabupaten": desa["kabupaten"][code]}
    there = {"lintang": f"{inside['lat']:.6f}", "bujur": f"{inside['lon']:.6f}"}
    assert one(cleaned(a_row(**area, **there, kode_desa=code)))[2] == ["wilayah_mirip"]
    sister = a_row(**area | {"desa": "Leling Utara"}, **there, kode_desa=code)
    assert one(cleaned(sister))[2] == ["kode_nama_titik"]


@pytest.mark.parametrize(
    ("code", "written"), [("76.04.02.2004", "Lemo"), ("76.04.05.2012", "Poda"), ("76.01.12.2006", "{} ({})")]
)
def test_short_names_and_names_with_codes(
    cleaned: Clean, sulbar_boundaries: Boundaries, code: str, written: str
) -> None:
    area = sulbar_boundaries.desa.loc[code]
    inside = interior_points(sulbar_boundaries).loc[code]
    row = a_row(
        desa=written.format(area["nama"], code), kecamatan=area["kecamatan"], kabupaten=area["kabupaten"],
        lintang=f"{inside['lat']:.6f}", bujur=f"{inside['lon']:.6f}",
    )  # fmt: skip
    register = cleaned(row)
    assert register.rows["kode_tertulis"].iloc[0] == code
    assert one(register)[:2] == ("diterima" if "{" in written else "diperbaiki", "titik")
    assert one(cleaned(row | NO_POINT))[:2] == ("diperbaiki", "perkiraan")


def test_a_layer_without_names_of_upper_areas(sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> None:
    desa = sulbar_boundaries.desa.copy()
    for level in ("kecamatan", "kabupaten", "provinsi"):
        desa[level] = desa[f"kode_{level}"]
    bare = replace(sulbar_boundaries, desa=DesaFrame(desa), dissolved={})
    rows = [a_row(), a_row(id="2", nama="Panti Mawar", **NO_POINT), a_row(id="3", nama="Melati", kode_desa=SALETTO)]
    register = clean(raw_register(rows), bare, sulbar_settings)
    assert [issue.jenis for issue in register.issues] == ["titik_dari_desa"]
    assert register.rows["kode_tertulis"].tolist() == [SALETTO] * 3


def test_codes_of_declared_areas_settle_themselves(cleaned: Clean) -> None:
    register = cleaned(a_row(cakupan_wilayah="7602122004; 7602022009"))
    assert register.rows["cakupan_wilayah"].tolist() == [("76.02.12.2004", "76.02.02.2009")]


def test_ids_and_columns_that_the_file_does_not_have(cleaned: Clean) -> None:
    row = {key: value for key, value in a_row().items() if key not in ("id", "lintang", "bujur", "kecamatan")}
    register = cleaned(row)
    assert register.made_ids == {f"{SALETTO}-1"}
    assert [(issue.jenis, issue.kolom) for issue in register.issues] == [("titik_dari_desa", None)]
    assert cleaned(a_row(), a_row(id=None, nama="Panti Mawar")).made_ids == {f"{SALETTO}-1"}
    marks = {key: value for key, value in a_row().items() if key != "jenis_layanan"} | {"tanda:anak": None}
    assert [(issue.jenis, issue.kolom) for issue in cleaned(marks).issues] == [("layanan_kosong", "tanda:anak")]


def test_the_report_read_back_says_the_same(
    tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings
) -> None:
    settings = replace(sulbar_settings, show_sensitive=True)
    first = clean(read_register(EXAMPLE_REGISTER, settings=settings), sulbar_boundaries, settings)
    write_quality(tmp_path / "x.csv", first, boundaries=sulbar_boundaries, internal=True)
    again = clean(read_register(tmp_path / "x.csv", settings=settings), sulbar_boundaries, settings)
    sure = first.rows["lokasi"].isin(["titik", "luar_wilayah"]) & first.rows["hasil"].isin(["diterima", "diperbaiki"])
    same = [
        "nama", "layanan", "kelompok", "aktif", "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai",
        "kapasitas", "klien", "alamat", "cakupan_wilayah", "lintang", "bujur", "lokasi", "kode_desa",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(first.rows.loc[sure, same], again.rows.loc[sure, same])
    told = ["layanan", "kelompok", "layanan_lain", "aktif", "lokasi", "lintang", "bujur", "kode_desa", "kode_kecamatan"]
    assert {"titik", "perkiraan"} <= set(first.rows["lokasi"].dropna())
    assert first.rows["layanan_lain"].map(len).any()
    pd.testing.assert_frame_equal(first.rows[told], again.rows[told])


def test_the_report_offers_the_names_that_come_near(
    cleaned: Clean, sulbar_boundaries: Boundaries, tmp_path: Path
) -> None:
    """In the cell for the answer of the office; rows of sensitive groups get no offer."""
    unknown = {**NO_POINT, "desa": "Salettoo Jaya"}
    hidden = {**unknown, "nama": "Panti Teduh", "id": "L-2", "jenis_layanan": "LKS Korban Kekerasan"}
    register = cleaned(a_row(**unknown), a_row(**hidden), sheets=["Data", "Data"])
    path = tmp_path / "mutu.xlsx"
    write_quality(path, register, boundaries=sulbar_boundaries)
    sheet = openpyxl.load_workbook(path)["Mamuju"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert ["Saletto / Simboro / Mamuju" in rule.formula1 for rule in lists] == [True]
    assert "Lembar" in [cell.value for cell in sheet[3]]
