"""Nothing in a masked coverage or register may show where a place of a sensitive group is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import world

from lks_geo.measure import MEASURES, measure_coverage, restrict
from lks_geo.messages import msg
from lks_geo.safeguard import protect, protect_register
from lks_geo.tables import Boundaries, Coverage, Issue, Population, Register

CODE = world.DRAWN_CODES
SECRET, OPEN = "kekerasan", "anak"
S1 = world.place("S1", [(SECRET, "dalam")], (4.4, 7.4), CODE["A2"], nama="Wisma Teduh", alamat="Jl. Sunyi 7",
                 kapasitas=12, akreditasi="A", cakupan_wilayah=(CODE["A2"],), kode_tertulis=CODE["A2"])  # fmt: skip
S2 = world.place("S2", [(SECRET, "luar"), (OPEN, "luar")], (4.3, 4.6), CODE["B2"], nama="Yayasan Bakti",
                 layanan_lain=("odha",))  # fmt: skip
S3 = world.place("S3", [(SECRET, "dalam"), (OPEN, "dalam")], (1.2, 1.3), CODE["C1"], nama="Rumah  KORBAN Kekerasan")
S4 = world.place("S4", [], (7.0, 1.0), CODE["C3"], hasil="ditolak", nama="Sahabat", alamat="Pusat Pemulihan Trauma")
S5 = world.place("S5", [(SECRET, None)], None, kode_kecamatan="99.02.01", kode_kabupaten="99.02", nama="Panti Kelima")
OPEN_PLACE = world.place("O1", [(OPEN, "dalam")], (7.4, 7.6), CODE["A3"], nama="Panti Ceria")
ALIKE = world.place("O2", [(OPEN, "dalam")], (4.4, 7.4), CODE["A2"], nama="Wisma Teduhh")
SAME_NAME = world.place("O3", [(OPEN, "dalam")], (4.5, 7.5), CODE["A2"], nama="wisma teduh")
ON_THE_POINT = world.place("O4", [(OPEN, "dalam")], (4.3, 4.6), CODE["B2"], nama="Panti Melati")
REPLACED = world.place("S2", [(OPEN, None)], (7.1, 4.4), CODE["B3"], hasil="ditolak", nama="Bakti Lama")
ROWS = [S1, S2, S3, S4, S5, OPEN_PLACE, ALIKE, SAME_NAME, ON_THE_POINT, REPLACED]
HIDDEN = [S1, S2, S3, S4, S5, ALIKE, SAME_NAME, REPLACED]


def remark(row: int, kind: str, outcome: str, text: str = "biasa", **values: str) -> Issue:
    return Issue(lembar="Register", nomor=row, kolom="koordinat", jenis=kind, hasil=outcome,
                 pesan=msg("files.exists", path=text), **values)  # fmt: skip


ISSUES = (
    remark(2, "titik_di_tepi", "diperbaiki", "4.4 7.4 Wisma Teduh", sebelum="7,4 LS", sesudah="7.4"),
    remark(2, "titik_bertumpuk", "meragukan", "3"),
    remark(3, "layanan_mirip", "diperbaiki", "korban kekersan = Kekerasan", sebelum="kekersan"),
    remark(7, "titik_di_tepi", "diperbaiki", "kecamatan Wisma Teduh S1"),
    remark(8, "nama_mirip", "meragukan", "Wisma Teduh", sesudah="2"),
    remark(10, "titik_bertumpuk", "meragukan", "3 LKS"),
    remark(10, "titik_dua_desa", "meragukan", "B2, A1"),
)


@pytest.fixture(scope="module")
def register() -> Register:
    return world.register_of(ROWS, issues=ISSUES)


@pytest.fixture(scope="module")
def whole(register: Register, world_boundaries: Boundaries, world_population: Population) -> Coverage:
    return measure_coverage(register, world_boundaries, world_population, world.SETTINGS)


@pytest.fixture(scope="module")
def masked(whole: Coverage) -> Coverage:
    return protect(whole)


def test_a_desa_shows_three_things_only(masked: Coverage, whole: Coverage) -> None:
    desa = masked.at("desa", SECRET)
    shown = {"sasaran", "status", "jarak_km"}
    for measure in MEASURES:
        if measure.key not in shown:
            assert desa[measure.key].isna().all(), measure.key
    assert set(desa["status"]) <= {"belum_terlayani", "terjangkau_sebagian", "terjangkau"}
    assert "ada" in set(whole.at("desa", SECRET)["status"])
    true = whole.at("desa", SECRET)["jarak_km"]
    assert (desa["jarak_km"] >= true).all()
    assert (desa["jarak_km"] - true <= 5).all()
    assert set(desa["jarak_km"]) <= {5.0, 10.0}


def test_distance_zero_is_rounded_up_too(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = [world.place("S1", [(SECRET, None)], (4.5, 7.5), CODE["A2"])]
    coverage = measure_coverage(world.register_of(rows), world_boundaries, world_population, world.SETTINGS)
    assert coverage.at("desa", SECRET).loc[CODE["A2"], "jarak_km"] == pytest.approx(0, abs=1e-6)
    assert protect(coverage).at("desa", SECRET).loc[CODE["A2"], "jarak_km"] == 5


@pytest.mark.parametrize("level", ["kecamatan", "kabupaten", "provinsi"])
def test_upper_levels_are_whole_but_for_round_distances(level: str, masked: Coverage, whole: Coverage) -> None:
    seen, true = masked.at(level, SECRET), whole.at(level, SECRET)
    pd.testing.assert_frame_equal(seen.drop(columns="jarak_km"), true.drop(columns="jarak_km"))
    assert (seen["jarak_km"] == np.floor(true["jarak_km"] + 0.5)).all()


def test_other_groups_are_untouched(masked: Coverage, whole: Coverage) -> None:
    for level in ("desa", "kecamatan", "provinsi"):
        seen, true = masked.at(level, OPEN), whole.at(level, OPEN)
        pd.testing.assert_frame_equal(seen.drop(columns="lks_terdekat"), true.drop(columns="lks_terdekat"))
    nearest = masked.at("desa", OPEN)["lks_terdekat"]
    assert set(nearest.dropna()) == {"O1", "O4"}
    assert "S3" in set(whole.at("desa", OPEN)["lks_terdekat"])


def test_places_of_a_sensitive_group_are_blank_alone_or_beside_others(masked: Coverage) -> None:
    kept = {"lembar", "hasil", "kelompok", "aktif", "kode_kecamatan", "kode_kabupaten", "dihitung"}
    for frame in (masked.register.rows, masked.places):
        rows = frame.set_index("nomor")
        for number, row in enumerate(ROWS, start=2):
            if number not in rows.index:
                continue
            seen = rows.loc[number]
            shown = {
                name for name, value in seen.items() if (value if isinstance(value, tuple) else not pd.isna(value))
            }
            if row in HIDDEN:
                assert shown <= kept
                assert (seen["kelompok"], seen["kode_kecamatan"]) == (row["kelompok"], row["kode_kecamatan"])
            else:
                assert {"id", "nama", "lintang", "kode_desa"} <= shown


def test_nothing_told_anywhere(masked: Coverage) -> None:
    texts = [masked.table.to_csv(), masked.places.to_csv(), masked.register.rows.to_csv()]
    texts += [repr(issue) for issue in masked.register.issues]
    everything = "\n".join(texts).casefold()
    for row in HIDDEN:
        for name in ("nama", "id"):
            assert str(row[name]).casefold() not in everything.replace("kecamatan wisma teduh s1", "")
        if row["lokasi"] == "titik" and row is not S2:
            assert f"{row['lintang']:.4f}" not in everything
            assert f"{row['bujur']:.4f}" not in everything
    for word in ("jl. sunyi 7", "pemulihan", "kekersan", "7,4 ls", "3 lks"):
        assert word not in everything


def test_remarks_on_blanked_rows_and_their_neighbours_say_nothing(masked: Coverage) -> None:
    remarks = [(issue.nomor, issue.jenis, issue.hasil, issue.pesan.key) for issue in masked.register.issues]
    assert remarks == [
        (2, "disamarkan", "meragukan", "register.disamarkan"),
        (3, "disamarkan", "diperbaiki", "register.disamarkan"),
        (7, "titik_di_tepi", "diperbaiki", "files.exists"),
        (8, "disamarkan", "meragukan", "register.disamarkan"),
        (10, "periksa_baris", "meragukan", "register.periksa_baris"),
    ]
    generic = [issue for issue in masked.register.issues if issue.jenis in ("disamarkan", "periksa_baris")]
    assert not any(issue.sebelum or issue.sesudah or issue.kolom for issue in generic)
    assert masked.register.counts == {"baris": 10, "diterima": 8, "diperbaiki": 0, "meragukan": 0, "ditolak": 2}


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("Rumah Aman Mekar", True),
        ("P2TP2A Kabupaten", True),
        ("UPTD PPA", True),
        ("Women's Crisis Center Mekar", True),
        ("WCC Mekar", True),
        ("RPTC", True),
        ("Lembaga KTK", True),
        ("Pemberdayaan Perempuan dan Perlindungan Anak", True),
        ("Perlindungan Perempuan dan Anak", True),
        ("Yayasan Mekar", False),
        ("Panti Asuhan Mekar", False),
    ],
)
def test_a_name_tells_what_the_service_cell_does_not(name: str, hidden: bool) -> None:
    blank = world.place("X1", [], (4.4, 7.4), CODE["A2"], nama=name)
    known = world.place("X2", [(OPEN, None)], (7.4, 7.4), CODE["A3"], nama=name + " Dua")
    unread = world.place("X3", [(OPEN, None)], (1.4, 7.4), CODE["A1"], nama=name + " Tiga")
    issues = (remark(4, "layanan_tak_dikenal", "meragukan", sebelum="xyz"),)
    register = protect_register(world.register_of([blank, known, unread], issues=issues), world.SETTINGS)
    assert register.rows["id"].isna().tolist() == [hidden, False, hidden]


def test_a_service_word_that_was_not_understood_may_tell() -> None:
    rows = [world.place("X1", [(OPEN, None)], (4.4, 7.4), CODE["A2"])]
    issues = (remark(2, "layanan_tak_dikenal", "meragukan", sebelum="women crisis center"),)
    assert protect_register(world.register_of(rows, issues=issues), world.SETTINGS).rows["id"].isna().all()


def test_institutions_are_followed_over_several_rows_and_sheets() -> None:
    rows = [
        world.place("A", [(OPEN, None)], (1.4, 7.4), CODE["A1"], nama="Satu", lembar="Mamuju"),
        world.place("A-3", [(OPEN, None)], (4.4, 7.4), CODE["A2"], nama="Dua", lembar="Mamuju"),
        world.place("B", [(SECRET, None)], (7.4, 7.4), CODE["A3"], nama="Tiga", lembar="Majene"),
        world.place("C", [(OPEN, None)], (7.4, 1.4), CODE["C3"], nama="Empat", lembar="Majene"),
    ]
    issues = (
        replace(remark(3, "id_bersama", "diperbaiki", sebelum="A", sesudah="A-3"), lembar="Mamuju"),
        replace(remark(3, "nama_mirip", "meragukan", sesudah="Majene!4"), lembar="Mamuju"),
    )
    register = protect_register(world.register_of(rows, issues=issues), world.SETTINGS)
    assert register.rows["id"].isna().tolist() == [True, True, True, False]


def test_register_alone_is_masked_alike(masked: Coverage, register: Register) -> None:
    alone = protect_register(register, world.SETTINGS)
    pd.testing.assert_frame_equal(alone.rows, masked.register.rows)
    assert alone.issues == masked.register.issues
    pd.testing.assert_frame_equal(register.rows, world.register_of(ROWS).rows)


def test_masking_twice_changes_nothing(masked: Coverage) -> None:
    assert protect(masked) is masked
    again = protect_register(masked.register, world.SETTINGS)
    pd.testing.assert_frame_equal(again.rows, masked.register.rows)


def test_internal_use_shows_all(whole: Coverage, register: Register) -> None:
    internal = replace(world.SETTINGS, show_sensitive=True)
    coverage = replace(whole, settings=internal)
    assert protect(coverage) is coverage
    assert protect_register(register, internal) is register


def test_a_coverage_is_cut_down_only_after_masking(whole: Coverage, masked: Coverage) -> None:
    with pytest.raises(ValueError, match=SECRET):
        restrict(whole, groups=[OPEN])
    part = restrict(masked, groups=[OPEN])
    assert set(part.places["id"].dropna()) == {"O1", "O4"}
    assert "Wisma Teduh" not in part.register.rows.to_csv()


def test_a_group_that_the_settings_do_not_know_is_hidden(register: Register) -> None:
    unaware = replace(world.SETTINGS, groups=(world.ANAK,))
    rows = protect_register(register, unaware).rows
    assert not set(rows["id"].dropna()) & {"S1", "S5"}


def test_types_of_columns_stay(masked: Coverage, whole: Coverage) -> None:
    assert (masked.table.dtypes == whole.table.dtypes).all()
    assert (masked.places.dtypes == whole.places.dtypes).all()


def test_without_sensitive_groups_nothing_is_hidden(
    register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    plain = replace(world.SETTINGS, groups=tuple(replace(group, sensitive=False) for group in world.GROUPS))
    coverage = measure_coverage(register, world_boundaries, world_population, plain)
    seen = protect(coverage)
    assert seen.masked
    pd.testing.assert_frame_equal(seen.table, coverage.table)
    pd.testing.assert_frame_equal(pd.DataFrame(seen.places), pd.DataFrame(coverage.places))
