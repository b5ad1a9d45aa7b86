"""Headings of real registers find their field; what could be two things is reported, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lks_geo.errors import RequestError
from lks_geo.groups import DEFAULT_GROUPS, Group
from lks_geo.messages import Texts
from lks_geo.register.reading.answers import READERS
from lks_geo.register.reading.fields import AMBIGUOUS, FIELD_BY_KEY, FIELD_KEYS, FIELDS, HINTS, OTHER
from lks_geo.register.reading.headings import Assignment, Headings, title
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
        " kode_kabupaten lintang bujur koordinat cakupan_wilayah alamat_publik"
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
        ["baik", "kurang"],
        [None, None],
    ],
)
def test_a_status_is_the_active_one_unless_its_cells_say_otherwise(heading: str, cells: list[str | None]) -> None:
    found = _assign([heading], *([cell] for cell in cells))
    assert found.fields == {"status_aktif": (0,)}
    unclear = cells[0] == "baik"
    assert [note.key for note in found.notes] == ["sheets.unclear_status"] * unclear
    if unclear:
        assert "2 dari 2" in Texts("id")(found.notes[0])


def test_a_second_status_gives_way() -> None:
    both = _assign(["Status", "Akreditasi", "Status Aktif"], ["Terakreditasi A", "A", "Ya"], ["B", "B", "Tidak"])
    assert both.fields == {"akreditasi": (1,), "status_aktif": (2,)}
    assert [note.key for note in both.notes] == ["sheets.second_heading"]
    other = _assign(["Status", "Status Lembaga"], ["Pusat", "Aktif"], ["Cabang", "Vakum"])
    assert other.fields == {"status_aktif": (1,)}
    assert [note.key for note in other.notes] == ["sheets.second_heading"]
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
