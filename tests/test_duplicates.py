"""One institution on several rows: which counts, which are replaced, which only look alike."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from raw_rows import Row, a_row, raw_register

from lks_geo.register.cleaning.clean import clean
from lks_geo.register.cleaning.duplicates import core_key, name_key
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Register

Clean = Callable[..., Register]

NEAR: Row = {"lintang": "-2.729000", "bujur": "118.839152"}
"""80 m from the point of `a_row`, in the same desa."""
RANGAS: Row = {"desa": "Rangas", "lintang": None, "bujur": None}


@pytest.fixture(scope="module")
def cleaned(sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> Clean:
    def make(*rows: Row, **facts: object) -> Register:
        return clean(raw_register(rows, **facts), sulbar_boundaries, sulbar_settings)  # type: ignore[arg-type]

    return make


def outcomes(register: Register) -> list[str]:
    return list(register.rows["hasil"])


def replaced_by(register: Register) -> dict[int, str | None]:
    return {issue.nomor: issue.sesudah for issue in register.issues if issue.jenis == "baris_ganda"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("LKSA Kasih Bunda", "lks-a KASIH  BUNDA"),
        ("LKS A Kasih Bunda", "LKSA Kasih Bunda (C)"),
        ("Al-Ikhlas", "Al Ikhlas [Akreditasi B]"),
        ("Pati'di", "Pati’di"),
    ],
)
def test_ways_of_writing_one_name(one: str, two: str) -> None:
    assert name_key(one) == name_key(two)


def test_what_kind_of_place_it_is_tells_no_institutions_apart() -> None:
    assert core_key("Panti Asuhan Nurul Iman") == core_key("LKSA Nurul Iman")
    assert core_key("LKS Anak") == "lksanak"
    assert core_key("Melati II") != core_key("Melati I")


def test_the_newest_year_counts(cleaned: Clean) -> None:
    register = cleaned(a_row(tahun="2019"), a_row(tahun="2023"), a_row(tahun="2021"))
    assert outcomes(register) == ["ditolak", "diterima", "ditolak"]
    assert replaced_by(register) == {2: "3", 4: "3"}
    assert register.places["id"].tolist() == ["L-1"]


def test_the_latest_expiry_counts_without_years(cleaned: Clean) -> None:
    rows = [a_row(berlaku_sampai="31/12/2024", akreditasi="B"), a_row(berlaku_sampai="31/12/2028", akreditasi="A")]
    assert outcomes(cleaned(*rows)) == ["ditolak", "diterima"]


def test_the_year_in_the_rank_counts(cleaned: Clean) -> None:
    assert outcomes(cleaned(a_row(akreditasi="B (2024)"), a_row(akreditasi="A (2019)"))) == ["diterima", "ditolak"]


@pytest.mark.parametrize(
    "other",
    [
        {"nama": "lksa kasih-bunda"},
        {"id": None},
        {"id": "L-9", **NEAR},
        {"id": "L-9", "lintang": None, "bujur": None},
        {"nama": "LKSA Kasih Bunnda", **RANGAS},
        {"jenis_layanan": "Anak; Lansia"},
    ],
)
def test_rows_of_one_institution(cleaned: Clean, other: Row) -> None:
    register = cleaned(a_row(tahun="2023"), a_row(tahun="2020", **other))
    assert outcomes(register) == ["diterima", "ditolak"]


@pytest.mark.parametrize(
    "other",
    [
        {"id": "L-9", "jenis_layanan": "Lansia"},
        {"id": "L-9", "nama": "Panti Mawar"},
        {"id": "L-9", **RANGAS},
    ],
)
def test_rows_of_two_institutions(cleaned: Clean, other: Row) -> None:
    register = cleaned(a_row(tahun="2023"), a_row(tahun="2020", **other))
    assert "ditolak" not in outcomes(register)
    assert outcomes(register)[0] == "diterima"


def test_equal_rows_count_once(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(), a_row())
    assert outcomes(register) == ["diterima", "ditolak", "ditolak"]
    assert replaced_by(register) == {3: "2", 4: "2"}


def test_the_row_of_another_sheet_is_named_with_its_sheet(cleaned: Clean) -> None:
    register = cleaned(a_row(tahun="2020"), a_row(tahun="2023"), sheets=["2020", "2023"])
    assert replaced_by(register) == {2: "2023!3"}


def test_different_values_without_a_year_are_doubtful(cleaned: Clean) -> None:
    register = cleaned(a_row(kapasitas="20"), a_row(kapasitas="35"))
    assert sorted(outcomes(register)) == ["ditolak", "meragukan"]
    assert [issue.jenis for issue in register.issues if issue.hasil == "meragukan"] == ["ganda_berbeda"]
    assert outcomes(cleaned(a_row(kapasitas="20"), a_row())) == ["diterima", "ditolak"]


def test_one_institution_with_its_services_on_several_rows(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(jenis_layanan="LKS Lanjut Usia Luar Panti"))
    assert register.places["id"].tolist() == ["L-1", "L-1-2"]
    assert [issue.jenis for issue in register.issues] == ["id_bersama"]


def test_similar_names_at_one_place_are_doubtful_but_the_first(cleaned: Clean) -> None:
    register = cleaned(a_row(), a_row(id="L-2", nama="LKSA Kasih Bundaa", **NEAR))
    assert outcomes(register) == ["diterima", "meragukan"]
    assert [(issue.jenis, issue.sesudah) for issue in register.issues] == [("nama_mirip", "2")]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("LKSA Melati I", "LKSA Melati II"),
        ("LKSA Melati 1", "LKSA Melati 2"),
        ("Panti Asuhan Nurul Iman", "Panti Asuhan Nurul Huda"),
        ("Yayasan Panti Asuhan Anak Kasih", "Yayasan Panti Asuhan Anak Budi"),
    ],
)
def test_names_that_are_not_similar(cleaned: Clean, one: str, two: str) -> None:
    assert outcomes(cleaned(a_row(nama=one), a_row(id="L-2", nama=two, **NEAR))) == ["diterima", "diterima"]


def test_similar_names_far_apart_or_for_others_are_two(cleaned: Clean) -> None:
    assert outcomes(cleaned(a_row(), a_row(id="L-2", nama="LKSA Kasih Bundaa", **RANGAS)))[0] == "diterima"
    other = a_row(id="L-2", nama="LKSLU Kasih Bundaa", jenis_layanan="Lansia", **NEAR)
    assert outcomes(cleaned(a_row(), other)) == ["diterima", "diterima"]


def test_the_order_of_rows_does_not_matter(cleaned: Clean) -> None:
    rows = [
        a_row(tahun="2019"),
        a_row(tahun="2023", kapasitas="20"),
        a_row(tahun="2023", kapasitas="30"),
        a_row(id="L-2", nama="LKSA Kasih Bundaa", **NEAR),
    ]
    found = set()
    for order in permutations(rows):
        register = cleaned(*order)
        described = zip(order, outcomes(register), register.rows["id"], strict=True)
        found.add(frozenset((tuple(sorted(row.items(), key=str)), hasil, own) for row, hasil, own in described))
    assert len(found) == 1


def test_a_crowd_at_one_point_is_compared_in_time(cleaned: Clean) -> None:
    """1,500 different names on one point, and one name 1,500 times."""
    rows = [a_row(id=str(n), nama=f"LKSA {chr(65 + n % 26)}{n * 7919 % 10007} Mekar") for n in range(1500)]
    rows += [a_row(id=None, nama="LKSA Serupa") for _ in range(1500)]
    register = cleaned(*rows)
    assert register.counts["ditolak"] == 1499
    assert register.counts["meragukan"] == 1501


def test_a_row_is_replaced_only_by_a_newer_one_with_its_service(cleaned: Clean) -> None:
    register = cleaned(
        a_row(jenis_layanan="Anak; Lansia", tahun="2021"),
        a_row(jenis_layanan="Anak", tahun="2024"),
        a_row(jenis_layanan="Lansia", tahun="2023"),
    )
    assert replaced_by(register) == {2: "3"}
    assert register.places["kelompok"].tolist() == [("anak",), ("lansia",)]


def test_similar_names_on_one_point_are_doubtful_whatever_they_serve(cleaned: Clean) -> None:
    other = a_row(id="L-2", nama="LKSA Kasih Bundaa", jenis_layanan="Lansia")
    assert outcomes(cleaned(a_row(), other)) == ["diterima", "meragukan"]
    assert outcomes(cleaned(a_row(), other | {"nama": "LKSA Kasih Bunda"})) == ["diterima", "diterima"]


MAMUJU: Row = {"desa": "Orobatu", "kecamatan": "Tapalang", "lintang": None, "bujur": None}
MAJENE: Row = {"desa": "Lombong", "kecamatan": "Malunda", "kabupaten": "Majene", "lintang": None, "bujur": None}
MAMASA: Row = {"desa": "Balla", "kecamatan": "Balla", "kabupaten": "Mamasa", "lintang": None, "bujur": None}


@pytest.mark.parametrize("prefix", ["", "LKS-0"])
def test_ids_that_start_again_in_every_kabupaten_are_none(cleaned: Clean, prefix: str) -> None:
    rows = [
        a_row(id=f"{prefix}{number}", nama=name, **place)
        for place in (MAMUJU, MAJENE, MAMASA)
        for number, name in ((1, "Panti Asuhan Al-Ikhlas"), (2, f"LKSA {place['desa']}"))
    ]
    register = cleaned(*rows)
    assert outcomes(register) == ["diperbaiki"] * 6
    assert "register.note_counted_ids" in [note.key for note in register.notes]


def test_a_name_that_several_kabupaten_have_is_several_institutions(cleaned: Clean) -> None:
    for one, two in (("K-1", "K-2"), ("K-1", "K-1"), (None, None)):
        register = cleaned(a_row(id=one, **MAMUJU), a_row(id=two, **MAJENE))
        assert "ditolak" not in outcomes(register)
    assert [issue.jenis for issue in cleaned(a_row(**MAMUJU), a_row(**MAJENE)).issues][:1] == ["id_ganda"]


POINT: Row = {"lintang": "-2.826508", "bujur": "118.846258"}
"""In Orobatu, Tapalang, Mamuju."""


@pytest.mark.parametrize("ids", [("A-01", "B-07"), ("B-07", "A-01"), (None, None)])
@pytest.mark.parametrize("other", [MAMASA, MAJENE, {"desa": "Topore", "kecamatan": "Papalang"}], ids=["1", "2", "3"])
def test_a_point_copied_from_a_namesake_rejects_nobody(cleaned: Clean, ids: tuple[str, str], other: Row) -> None:
    right, copied = a_row(id=ids[0], **MAMUJU | POINT), a_row(id=ids[1], **other | POINT)
    assert outcomes(cleaned(right, copied)) == ["diterima", "meragukan"]
    assert outcomes(cleaned(copied, right)) == ["meragukan", "diterima"]


def test_two_official_numbers_are_two_institutions(cleaned: Clean) -> None:
    assert "ditolak" not in outcomes(cleaned(a_row(id="76020001"), a_row(id="76020002")))


def test_a_running_number_of_a_year_is_no_official_number(cleaned: Clean) -> None:
    assert "ditolak" in outcomes(cleaned(a_row(id="LKS/005/2025"), a_row(id="LKS/057/2025")))


def test_of_equally_new_rows_the_one_without_contradiction_is_kept(cleaned: Clean) -> None:
    rows = [a_row(desa=None, kecamatan="Kalukku", kapasitas="20", alamat="Jl. Panjang"), a_row(kecamatan=None)]
    assert outcomes(cleaned(*rows))[0] == "ditolak"
