"""Headings of real registers find their field; what could be two things is reported, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lks_geo.catalogue import DEFAULT_GROUPS, Group
from lks_geo.errors import RequestError
from lks_geo.messages import Texts
from lks_geo.register.reading.answers import READERS, completed, gathered
from lks_geo.register.reading.assignment import Assignment, title
from lks_geo.register.reading.fields import AMBIGUOUS, FIELD_BY_KEY, FIELD_KEYS, FIELDS, HINTS, OTHER
from lks_geo.register.reading.headings import Headings
from lks_geo.settings import Settings
from lks_geo.sheets.folding import compact, split_words

HEADINGS = Headings(Settings())


def _assign(headings: Sequence[str | tuple[str, ...]], *rows: Sequence[str | None], **overrides: str) -> Assignment:
    parts = [(heading,) if isinstance(heading, str) else heading for heading in headings]
    cells = pd.DataFrame(list(rows) or [[None] * len(parts)], columns=range(len(parts)), dtype="str")
    return Headings(Settings(), overrides).assign(parts, cells)


def _field(*parts: str) -> str | None:
    claim = HEADINGS.claim(parts)
    return claim.field if claim else None


def test_the_table_of_fields_is_complete() -> None:
    design = (
        "id nama kelompok jenis_layanan sistem status_aktif badan_hukum perkembangan akreditasi berlaku_sampai tahun"
        " kapasitas klien klien_pria klien_perempuan alamat desa kecamatan kabupaten provinsi kode_desa kode_kecamatan"
        " kode_kabupaten lintang bujur koordinat cakupan_wilayah alamat_publik kantor"
    )
    assert set(FIELD_KEYS) == set(design.split())
    for names in AMBIGUOUS.values():
        assert set(names) <= (set(HINTS) | set(READERS)) & set(FIELD_KEYS)


def test_no_synonym_belongs_to_two_fields() -> None:
    seen: dict[str, str] = {}
    for spec in FIELDS:
        for words in (spec.title_id, spec.title_en, *spec.synonyms):
            assert seen.setdefault(compact(words), spec.key) == spec.key, words
    assert not {compact(words) for words in OTHER} & seen.keys()


@pytest.mark.parametrize("spec", FIELDS, ids=lambda spec: spec.key)
def test_each_synonym_names_its_field_however_it_is_written(spec) -> None:  # type: ignore[no-untyped-def]
    for words in (spec.title_id, spec.title_en, *spec.synonyms):
        for written in (
            words,
            words.upper(),
            words.replace(" ", "_"),
            f" {words.title()} *",
            words.replace(" ", "\n"),
            f"{words} :",
        ):
            assert _field(written) == spec.key, written


REAL = {
    # what asks for activity, and what does not
    "8. Apakah panti masih aktif melayani?": "status_aktif", "Status LKS (Aktif/Non Aktif)": "status_aktif",
    "Apakah lembaga ini masih beroperasi sampai saat ini? (Ya/Tidak)": "status_aktif", "Anggota aktif": None,
    # tables of maps
    "ADM4_EN": "desa", "NAME_3": "kecamatan", "the_geom": "koordinat", "kode_wilayah_kemendagri": "kode_desa",
    "Alamat Klien": None, "Desa/Kecamatan": "desa", "Wilayah (Desa, Kecamatan, Kabupaten)": "desa",
    "social_facility:for": "kelompok", "Kelompok sasaran yang dilayani (boleh lebih dari satu)/Anak": "tanda:anak",
    # Kemensos accreditation export
    "id_lembaga": "id", "nama_lembaga": "nama", "alamat_lembaga": "alamat", "id_kabupaten": "kode_kabupaten",
    "id_kecamatan": "kode_kecamatan", "id_kelurahan": "kode_desa", "nama_layanan": "jenis_layanan",
    "cluster": "kelompok",
    "peringkat": "akreditasi", "jenis_layanan": "jenis_layanan", "tahun_pengajuan": "tahun", "latitude": "lintang",
    "longitude": "bujur",
    "provini": "provinsi", "cluter": "kelompok", "klaster": "kelompok", "kab": "kabupaten", "lat": "lintang",
    "long": "bujur", "lng": "bujur",
    "nama_lks": "nama", "alamat_lks": "alamat", "nilai_akreditasi": "akreditasi", "kategori_layanan": "jenis_layanan",
    # import template of a provincial office
    "Nama Lembaga": "nama", "Alamat Kota Lembaga": "kabupaten", "Alamat Kecamatan Lembaga": "kecamatan",
    "Alamat Desa Lembaga": "desa",
    "Alamat Lengkap Lembaga": "alamat", "Jumlah Klien Pria": "klien_pria", "Jumlah Klien Perempuan": "klien_perempuan",
    "Status Kinerja": "status_aktif", "Tahun Berdiri": None, "Status Kepemilikan": None, "Alamat RW Lembaga": None,
    "Nomor Akta": None,
    # village coordinates, forms, hand-made sheets
    "Latitude (LU/LS)": "lintang", "Longitude (BB/BT)": "bujur", "Cakupan Wilayah Pelayanan": "cakupan_wilayah",
    "X": "bujur", "Y": "lintang",
    "Kabupaten/Kota": "kabupaten", "Desa / Kelurahan": "desa", "Titik Koordinat (Lat, Long)": "koordinat",
    "Kapasitas (orang)": "kapasitas",
    "STATUS (AKTIF/TIDAK)": "status_aktif", "Akreditasi (A/B/C)": "akreditasi", "2. Nama LKS": "nama",
    "Berlaku s.d.": "berlaku_sampai",
    "Alamat / No. Telp": "alamat", "Nama Lembaga Kesejahteraan Sosial (LKS)": "nama",
    "Anak": "tanda:anak", "Lanjut Usia": "tanda:lansia", "Melayani Lansia (Y/T)": "tanda:lansia",
    "Korban NAPZA": "tanda:napza",
    "LKS Anak Dalam Panti": "tanda:anak:dalam", "Lansia_LP": "tanda:lansia:luar",
    "Penyandang Disabilitas": "tanda:disabilitas",
    "Share Loc": "koordinat", "Shareloc": "koordinat", "Maps": "koordinat", "Google Maps": "koordinat",
    "Link Maps": "koordinat", "N/E": "koordinat", "S/E": "koordinat",
    # forms that ask
    "Apakah LKS masih aktif?": "status_aktif", "Masih aktif / beroperasi?": "status_aktif",
    "Masih Beroperasi": "status_aktif",
    "Apakah lembaga masih beroperasi sampai saat ini?": "status_aktif", "Apa nama lembaga Anda?": "nama",
    "Siapa saja yang dilayani? (boleh lebih dari satu)": "kelompok", "Layanan apa yang diberikan?": "jenis_layanan",
    "Di desa mana lembaga berada?": "desa", "Apakah sudah berbadan hukum?": "badan_hukum", "Siapa nama Anda?": None,
    "Nama Responden": None, "Berapa umur Anda?": None, "Apakah lembaga masih aktif (Ya/Tidak)?": "status_aktif",
    # portals, flattened JSON, base maps
    "bps_nama_kabupaten_kota": "kabupaten", "kemendagri_nama_desa_kelurahan": "desa", "nama_kecamatan_bps": "kecamatan",
    "kemendagri_kode_desa_kelurahan": "kode_desa", "bps_kode_kecamatan": "kode_kecamatan", "kab_kota.nama": "kabupaten",
    "kab_kota.id": "kode_kabupaten", "provinsi.id": None, "provinsi.nama": "provinsi", "desa_nama": "desa",
    "kelurahan.kode": "kode_desa", "bps_kode_provinsi": None, "alamat.kecamatan": "kecamatan", "NMDESA": "desa",
    "WADMKC": "kecamatan", "WADMKK": "kabupaten", "WADMPR": "provinsi", "KDEPUM": "kode_desa", "IDDESA": "kode_desa",
    "Nama Wilayah Kecamatan": "kecamatan", "properties.nama_lks": "nama", "lembaga.nama": "nama", "ketua.nama": None,
    "Kota Asal": None, "Kode Pos Desa": None, "LKSA Kasih Bunda": None, "Anak Bhinneka": None,
    # what levels are called in other provinces
    "Kapanewon": "kecamatan", "Kapanewon/Kemantren": "kecamatan", "Nama Distrik": "kecamatan", "Kampung": "desa",
    "Kampung/Kelurahan": "desa", "Nagari": "desa", "Kode Gampong": "kode_desa", "PEKON / KELURAHAN": "desa",
    "Negeri": "desa", "Status Negeri/Swasta": None,
    # form apps
    "grup_1/lokasi/latitude": "lintang", "identitas/nama_lks": "nama", "group_ab1/status_aktif": "status_aktif",
    "data/nama": "nama", "responden/nama": None, "klien/nama": None, "grup/layanan/anak": "tanda:anak",
    "grup_2/jenis_layanan/lanjut_usia": "tanda:lansia", "_geolocation": "koordinat",
    "No": None, "Keterangan": None, "Foto": None, "Jumlah Anak Terlantar": None,
}  # fmt: skip


@pytest.mark.parametrize(("heading", "name"), REAL.items())
def test_real_headings(heading: str, name: str | None) -> None:
    assert _field(heading) == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Koordinat", "Lintang"), "lintang"),
        (("Titik Koordinat", "X"), "bujur"),
        (("Koordinat", "S"), "lintang"),
        (("Titik Koordinat", "N"), "lintang"),
        (("Koordinat GPS", "E"), "bujur"),
        (("Titik Koordinat", "BT"), "bujur"),
        (("Legalitas", "SK Kemenkumham"), "badan_hukum"),
        (("Legalitas", "NPWP"), None),
        (("Jumlah Klien", "Pria"), "klien_pria"),
        (("Jumlah Klien", "P"), "klien_perempuan"),
        (("Jumlah Penerima Manfaat", "Jumlah"), "klien"),
        (("Jenis Layanan", "Anak"), "tanda:anak"),
        (("Anak", "DP"), "tanda:anak:dalam"),
        (("Alamat", "Kecamatan"), "kecamatan"),
        (("Akreditasi", "Masa Berlaku"), "berlaku_sampai"),
        (("IDENTITAS LKS", "Nama"), "nama"),
        (("Pengurus", "Nama"), None),
        (("Ketua", "Alamat"), None),
        (("Kontak", "Nama"), None),
        (("Cakupan Wilayah Pelayanan", "Kecamatan"), "cakupan_wilayah"),
    ],
)
def test_headings_of_two_rows(parts: tuple[str, ...], name: str | None) -> None:
    assert _field(*parts) == name


@pytest.mark.parametrize(
    "order", [("Longitude", "Latitude"), ("Latitude", "Longitude"), ("Bujur", "Lintang"), ("X", "Y")]
)
def test_the_order_of_coordinates_swaps_nothing(order: tuple[str, str]) -> None:
    fields = _assign(["Nama LKS", "Layanan", *order]).fields
    longitude = 2 if order[0] in ("Longitude", "Bujur", "X") else 3
    assert (fields["bujur"], fields["lintang"]) == ((longitude,), (5 - longitude,))


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Nama Lembga", "nama"),
        ("Kecamtaan", "kecamatan"),
        ("Kordinat Lintng", "lintang"),
        ("Jenis Layananan", "jenis_layanan"),
        ("Akreditassi", "akreditasi"),
    ],
)
def test_misspelt_headings(heading: str, name: str) -> None:
    assert _assign([heading]).fields == {name: (0,)}


@pytest.mark.parametrize(
    "heading", ["Lampiran", "Nomor Akte", "Tahun Bediri", "Status Kepemilikann", "Keterngan", "Kota Asal", "Sumber Dna"]
)
def test_similarity_does_not_claim_other_headings(heading: str) -> None:
    assert _assign([heading]).fields == {}


def test_status_is_told_by_its_cells() -> None:
    assert _assign(["Status"], ["Aktif"], ["Tidak aktif"], [None]).fields == {"status_aktif": (0,)}
    assert _assign(["Status"], ["Berbadan Hukum"], ["Tidak Berbadan Hukum"]).fields == {"badan_hukum": (0,)}
    assert _assign(["Status LKS"], ["Terakreditasi B"], ["Belum terakreditasi"]).fields == {"akreditasi": (0,)}
    assert _assign(["Status"], ["Terakreditasi B"], ["Belum"], ["Belum"]).fields == {"akreditasi": (0,)}
    open_case = _assign(["Kondisi"], ["baik"], ["kurang"])
    assert open_case.fields == {}
    assert [note.key for note in open_case.notes] == ["sheets.ambiguous_heading"]
    assert "status_aktif=Kondisi" in Texts("id")(open_case.notes[0])


@pytest.mark.parametrize("heading", ["Status", "Status LKS", "Status Lembaga", "STATUS PANTI", ("Data LKS", "Status")])
@pytest.mark.parametrize(
    "cells",
    [
        ["Aktif", "Nonaktif", "Pindah alamat", "Vakum"],
        ["1", "0"],
        ["Ya", "Tidak"],
        ["Vakum", "Bubar"],
        ["V", None],
        ["Aktif", "Tidak aktif", "A"],
        [None, None],
    ],
)
def test_a_status_is_the_active_one_unless_its_cells_say_otherwise(heading: str, cells: list[str | None]) -> None:
    found = _assign([heading], *([cell] for cell in cells))
    assert found.fields == {"status_aktif": (0,)}
    assert not found.notes


@pytest.mark.parametrize(
    ("heading", "cells", "active"),
    [
        ("Status LKS (Aktif/Non Aktif)", ["A", "N"], ["Aktif", "Tidak aktif"]),
        ("Status", ["A", "TA"], ["Aktif", "Tidak aktif"]),
        ("Status keberadaan", ["Ada", "Tidak ada"], ["Aktif", "Tidak aktif"]),
        ("Kondisi saat ini", ["Masih aktif", "Sudah tidak"], ["Masih aktif", "Sudah tidak"]),
    ],
)
def test_short_answers_of_activity_are_spelt_out(heading: str, cells: list[str], active: list[str]) -> None:
    table = pd.Series(cells, dtype="str")
    assert _assign([heading], *([cell] for cell in cells)).fields == {"status_aktif": (0,)}
    assert completed(table, "status_aktif", (heading,)).tolist() == active


def test_two_columns_of_degrees_whose_headings_differ_in_one_word() -> None:
    rows = [["LKS A", "118.839152", "-2.728276"], ["LKS B", "118.895934", "-3.484378"]]
    found = _assign(["Nama LKS", "geometry.coordinates.0", "geometry.coordinates.1"], *rows)
    assert (found.fields["bujur"], found.fields["lintang"]) == ((1,), (2,))
    assert "bujur" not in _assign(["Nama LKS", "Luas tanah", "Luas gedung"], ["LKS A", "118.8", "2.5"]).fields


OTHER_STATUSES = [
    ["A", "N", "A"],
    ["N", "S", "N", "N"],
    ["Negeri", "Swasta"],
    ["Belum", "Terverifikasi", "Belum"],
    ["Sudah", "Belum"],
    ["Lengkap", "Belum"],
    ["T", "S", "T"],
    ["Pusat", "Cabang"],
    ["Milik", "Sewa"],
    ["1", "2", "1", "1"],
    ["baik", "kurang"],
    ["Tidak", "Tidak"],
]


@pytest.mark.parametrize("cells", OTHER_STATUSES, ids=lambda cells: "/".join(dict.fromkeys(cells)))
def test_a_status_without_activity_is_none(cells: list[str]) -> None:
    found = _assign(["Nama LKS", "Status"], *(["LKS Satu", cell] for cell in cells))
    assert found.fields == {"nama": (0,)}
    assert [note.key for note in found.notes] == ["sheets.no_status"]
    text = Texts("id")(found.notes[0])
    assert "“Status”" in text
    assert "status_aktif=Status" in text
    assert not any(f"({cell}" in text for cell in cells), "a remark on the file quotes no cell"
    assert _assign(["Status"], *([cell] for cell in cells), status_aktif="Status").fields == {"status_aktif": (0,)}


def test_a_heading_that_asks_for_activity_is_believed_with_any_answers() -> None:
    for heading in ("Status aktif", "Keaktifan", "Masih aktif"):
        for cells in (["Tidak", "Tidak"], ["N"], ["Sudah", "Belum"], ["0", "0"]):
            assert _assign([heading], *([cell] for cell in cells)).fields == {"status_aktif": (0,)}
        assert _assign([heading], ["N"], ["S"]).fields == {}


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Kode Wilayah", ["A", "B"]),
        ("Badan Hukum", ["Lengkap", "Lengkap"]),
        ("Akreditasi", ["Lengkap"]),
        ("Tahap Perkembangan", ["Baik"]),
        ("Sistem Layanan", ["Lengkap"]),
        ("Kapasitas", ["Cukup"]),
        ("Berlaku Sampai", ["Lengkap"]),
        ("Lintang", ["ada"]),
        ("Kecamatan", ["1", "2"]),
        ("Lembaga", ["V", "V"]),
        ("Lembaga", ["1", "2"]),
    ],
)
def test_a_column_whose_cells_cannot_be_the_field_is_not_used(heading: str, cells: list[str]) -> None:
    found = _assign([heading], *([cell] for cell in cells))
    assert found.fields == {}
    assert [note.key for note in found.notes] == ["sheets.refused_heading"]


def test_a_refused_column_says_nothing_where_another_is_the_field() -> None:
    found = _assign(["Kondisi LKS", "Keaktifan"], ["Baik", "Aktif"], ["Rusak", "Vakum"])
    assert (found.fields, found.notes) == ({"status_aktif": (1,)}, ())


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("_gps_latitude", "_gps_longitude"),
        ("POINT_Y", "POINT_X"),
        ("grup/lokasi_latitude", "grup/lokasi_longitude"),
        ("Facility Location / latitude", "Facility Location / longitude"),
        ("Lokasi LKS:Latitude", "Lokasi LKS:Longitude"),
        ("titik.lat", "titik.lng"),
        ("Lat Google Maps", "Long Google Maps"),
        ("X_coord_lat", "X_coord_long"),
    ],
)
def test_an_axis_among_other_words_counts_where_the_cells_are_degrees(latitude: str, longitude: str) -> None:
    rows = (["LKS Satu", "118.846258", "-2.826508"], ["LKS Dua", "119,203059", "-2,442369"])
    assert {"lintang": (2,), "bujur": (1,)}.items() <= _assign(["Nama LKS", longitude, latitude], *rows).fields.items()
    words = _assign(["Nama LKS", "_catatan_" + longitude, "_catatan_" + latitude], ["LKS Satu", "3", "12"]).fields
    assert words.keys() == {"nama"} or "catatan" not in " ".join(words)


def _gathered(headings: Sequence[str], *rows: Sequence[str | None]) -> dict[str, list[str | None]]:
    cells = pd.DataFrame(list(rows), columns=range(len(headings)), dtype="str")
    spread = gathered([(heading,) for heading in headings], cells, lambda _: False)
    return {
        claim.field: [text if isinstance(text, str) else None for text in spread.cells[position]]
        for position, claim in spread.claims.items()
    }


def test_answers_side_by_side_need_no_question_above() -> None:
    ticks = (["V", None, None, "V", None], [None, "V", "V", None, None], ["V", None, None, None, "V"])
    assert _gathered(["Aktif", "Tidak", "A", "B", "C"], *ticks) == {
        "status_aktif": ["Aktif", "Tidak", "Aktif"], "akreditasi": ["B", "A", "C"],
    }  # fmt: skip
    assert _gathered(["Berbadan Hukum", "Belum"], ["1", "0"], ["0", "1"]) == {
        "badan_hukum": ["Berbadan Hukum", "Belum"]
    }
    assert _gathered(["B", "C"], ["V", None]) == {}
    assert _gathered(["A", "B"], ["kamar", "dapur"]) == {}
    assert _gathered(["Alamat", "Tidak"], ["V", None]) == {}


def test_columns_of_one_source_give_the_codes() -> None:
    headings = [
        "Nama LKS",
        "bps_kode_kecamatan",
        "bps_nama_kecamatan",
        "kemendagri_kode_kecamatan",
        "kemendagri_nama_kecamatan",
    ]
    found = _assign(headings, ["LKS Satu", "7604010", "TAPALANG", "76.02.02", "TAPALANG"])
    assert found.fields == {"nama": (0,), "kode_kecamatan": (3,), "kecamatan": (4,)}
    assert not found.notes
    assert _assign(headings[:3], ["LKS Satu", "7604010", "TAPALANG"]).fields["kode_kecamatan"] == (1,)


PERSON_BESIDE = ["Jenis Kelamin", "usia", "Tgl Lahir", "Jabatan", "NIK", "No HP", "Agama", "masa_kerja", "L/P"]


@pytest.mark.parametrize("beside", PERSON_BESIDE)
@pytest.mark.parametrize("heading", ["nama_sp", "Nama Wadah", "Lembaga", "Unit Kerja"])
def test_a_bare_name_beside_personal_data_is_that_of_a_person(heading: str, beside: str) -> None:
    rows = (["Orang Satu", "x", "Panti Asuhan Satu"], [None, "x", "Wadah Dua"], ["Orang Tiga", "x", "IPWL Tiga"])
    found = _assign(["Nama", beside, heading], *rows)
    assert found.fields == {"nama": (2,)}
    assert 0 in found.dropped
    alone = _assign(["Nama", beside], *(row[:2] for row in rows))
    assert "nama" not in alone.fields


@pytest.mark.parametrize("text", ["Desa|Kelurahan", " Desa | Kelurahan "])
def test_an_override_takes_several_headings_in_order_of_trust(text: str) -> None:
    rows = (["LKS Satu", "Baru", None], ["LKS Dua", "Rangas", "Bela"], ["LKS Tiga", None, "Bela"])
    assert _assign(["Nama", "Kelurahan", "Desa"], *rows, desa=text).fields["desa"] == (2, 1)
    assert _assign(["Nama", "Desa|Kelurahan"], *(row[:2] for row in rows), desa="Desa|Kelurahan").fields["desa"] == (1,)


def test_an_empty_override_says_that_the_register_has_no_such_field() -> None:
    found = _assign(["Nama", "Status", "Ket", "Staus Aktif"], ["LKS Satu", "Aktif", "Aktif", "Aktif"], status_aktif="")
    assert found.fields == {"nama": (0,)}
    assert found.notes == ()


def test_a_bare_name_of_institutions_stays_the_name() -> None:
    assert _assign(["Nama", "No Telp"], ["Panti Asuhan Satu", None], ["Al-Amanah", None]).fields == {"nama": (0,)}
    assert _assign(["Nama", "Jumlah Laki-laki"], ["Al-Amanah", "3"]).fields["nama"] == (0,)


def test_a_second_status_gives_way() -> None:
    both = _assign(["Status", "Akreditasi", "Status Aktif"], ["Terakreditasi A", "A", "Ya"], ["B", "B", "Tidak"])
    assert (both.fields, both.notes) == ({"akreditasi": (1,), "status_aktif": (2,)}, ())
    other = _assign(["Status", "Status Lembaga"], ["Pusat", "Aktif"], ["Cabang", "Vakum"])
    assert (other.fields, other.notes) == ({"status_aktif": (1,)}, ())
    completing = _assign(["Status Aktif", "Status LKS"], ["Aktif", None], [None, "Vakum"])
    assert completing.fields == {"status_aktif": (0, 1)}
    assert _assign(["Tanah", "Status"], ["x", "Aktif"]).fields == {"status_aktif": (1,)}
    assert _field("Gedung", "Status") is None
    assert _field("Akreditasi", "Status") == "akreditasi"


def test_remarks_that_are_all_statuses_are_the_status() -> None:
    for heading in ("Keterangan", "Ket.", "Keterangan (Aktif/Tidak)"):
        assert _assign([heading], ["Aktif"], ["Tidak Aktif"], [None]).fields == {"status_aktif": (0,)}
    for cells in (["Aktif", "pindah"], ["Ya", "Tidak"], [None, None]):
        assert _assign(["Keterangan"], *([cell] for cell in cells)).fields == {}
    both = _assign(["Keterangan", "Status"], ["Aktif", "Ya"])
    assert both.fields == {"status_aktif": (1,)}


def test_a_service_column_with_systems_only_is_the_system() -> None:
    fields = _assign(["nama_layanan", "jenis_layanan"], ["LKS LANJUT USIA LUAR PANTI", "LUAR PANTI"]).fields
    assert fields == {"jenis_layanan": (0,), "sistem": (1,)}


def test_two_columns_for_one_field() -> None:
    both = _assign(["Nama", "Nama LKS"], ["Orang", "LKS Satu"])
    assert both.fields == {"nama": (1,)}
    assert [note.key for note in both.notes] == ["sheets.second_heading"]
    assert both.unused == (0,)
    completing = _assign(["Desa", "Kelurahan"], ["Talipukki", None], [None, "Mambi"])
    assert completing.fields == {"desa": (0, 1)}
    assert completing.notes == ()
    assert _assign(["Desa", "Kelurahan"], ["Talipukki", "Mambi"]).fields == {"desa": (0,)}


def test_overrides() -> None:
    assert _assign(["Uraian", "Y", "X"], nama="uraian", lintang="X", bujur="Y").fields == {
        "nama": (0,),
        "lintang": (2,),
        "bujur": (1,),
    }
    assert _assign(["Jompo?"], lansia="Jompo?").fields == {"tanda:lansia": (0,)}
    assert _assign(["Nama Ketua", "Nama LKS"], nama="Nama Ketua").fields == {"nama": (0,)}
    with pytest.raises(RequestError, match="nama"):
        Headings(Settings(), {"namaa": "x"})
    with pytest.raises(RequestError, match="Uraian"):
        Headings(Settings(), {"nama": "Urain"}).check_overrides({"kecamatan"}, [("Uraian",), ("Kecamatan",)])
    with pytest.raises(RequestError, match="Lintang"):
        Headings(Settings(), {"lintang": "Nope"}).check_overrides({"lintang"}, [("Titik", "Lintang"), ("Bujur",)])
    Headings(Settings(), {"lintang": "y"}).check_overrides({"lintang"}, [("Titik", "Y"), ("Bujur",)])


def test_groups_of_the_settings_are_check_marks() -> None:
    ojek = Group(
        key="pemulung", name_id="Pemulung", name_en="Scavengers", short_id="pemulung", short_en="scavengers",
        definition_id="-", definition_en="-", words=("pengais",),
    )  # fmt: skip
    headings = Headings(Settings(groups=(*DEFAULT_GROUPS, ojek)))
    for words in ("Pemulung", "Layanan pengais", "SCAVENGERS"):
        claim = headings.claim((words,))
        assert claim is not None
        assert claim.field == "tanda:pemulung"


def test_titles_and_folding() -> None:
    assert title(("Titik\nKoordinat", "", "Lintang")) == "Titik Koordinat – Lintang"
    assert split_words("namaLembaga_LKS*") == "nama lembaga lks"
    assert split_words("Désa/Kel.") == "desa kel"


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=12))
def test_any_heading_is_read(parts: list[str], cell: str) -> None:
    assignment = _assign([tuple(parts), "Nama LKS"], [cell, "x"])
    assert "nama" in assignment.fields
    positions = [p for used in assignment.fields.values() for p in used] + list(assignment.dropped)
    assert len(positions) == len(set(positions))
    assert all(name in FIELD_BY_KEY or name.startswith("tanda:") for name in assignment.fields)
