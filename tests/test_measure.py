"""The measures on the drawn world, against the numbers worked by hand in conftest.py."""

from __future__ import annotations

from dataclasses import replace
from math import acos, pi, sqrt

import numpy as np
import pandas as pd
import pytest
import world

from lks_geo.measure import MEASURES, measure_coverage, reach_sensitivity, restrict
from lks_geo.messages import msg
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, TOTAL, Boundaries, Coverage, Issue, Population, Register

CODE = world.DRAWN_CODES
CIRCLE = pi / 4
"""Share of a square inside the circle that just touches its sides."""


def by_name(table: pd.DataFrame, column: str) -> dict[str, object]:
    return {name: table.loc[code, column] for name, code in CODE.items()}


def measured(settings: Settings, rows: list[dict[str, object]], boundaries: Boundaries, people: Population) -> Coverage:
    return measure_coverage(world.register_of(rows), boundaries, people, settings)


def test_every_area_has_one_row_per_group(world_coverage: Coverage) -> None:
    table = world_coverage.table
    keys = ["level", "kode", "kode_bps", "nama", "kecamatan", "kabupaten", "kelompok"]
    assert list(table.columns) == [*keys, *(measure.key for measure in MEASURES)]
    assert len(table) == (9 + 3 + 2 + 1) * 3
    assert list(table["level"].unique()) == list(LEVELS)
    assert list(table["kelompok"][:3]) == ["anak", "lansia", "kekerasan"]
    assert not table.duplicated(["level", "kode", "kelompok"]).any()


def test_presence_of_children_services(world_coverage: Coverage) -> None:
    desa = world_coverage.at("desa", "anak")
    assert by_name(desa, "jumlah_lks") == {name: int(name in ("A1", "B3")) for name in CODE}
    assert desa["lks_tanpa_titik"].isna().all()
    assert world_coverage.at("kecamatan", "anak")["jumlah_lks"].tolist() == [1, 1, 0]
    assert world_coverage.at("provinsi", "anak")["jumlah_lks"].tolist() == [2]


def test_share_within_reach_is_the_circle_in_the_square(world_coverage: Coverage) -> None:
    desa = world_coverage.at("desa", "anak")
    for name, share in by_name(desa, "pangsa_terjangkau").items():
        assert share == pytest.approx(CIRCLE if name in ("A1", "B3") else 0, abs=3e-4)
    assert desa.loc[CODE["A1"], "terjangkau"] == pytest.approx(78.54, abs=0.05)
    assert desa.loc[CODE["A1"], "belum_terjangkau"] == pytest.approx(21.46, abs=0.05)
    assert np.isnan(desa.loc[CODE["B3"], "terjangkau"])


def test_distance_to_the_nearest_place(world_coverage: Coverage) -> None:
    km = {"A1": 0, "A2": 3, "A3": 3, "B1": 3, "B2": 3, "B3": 0, "C1": 6, "C2": 3 * sqrt(2), "C3": 3}
    desa = world_coverage.at("desa", "anak")
    assert by_name(desa, "jarak_km") == pytest.approx(km, rel=1e-4, abs=1e-6)
    nearest = {
        "A1": "L1",
        "A2": "L1",
        "A3": "L2",
        "B1": "L1",
        "B2": "L2",
        "B3": "L2",
        "C1": "L1",
        "C2": "L2",
        "C3": "L2",
    }
    assert by_name(desa, "lks_terdekat") == nearest
    assert world_coverage.at("kecamatan", "anak")["jarak_km"].tolist() == pytest.approx([2.5, 3, 6], rel=1e-4)
    assert world_coverage.at("kabupaten", "anak")["jarak_km"].tolist() == pytest.approx([1800 / 700, 6], rel=1e-4)
    assert world_coverage.at("provinsi", "anak")["jarak_km"].tolist() == pytest.approx([2.8], rel=1e-4)


def test_distance_of_an_unknown_group_is_weighted_by_area(world_coverage: Coverage) -> None:
    desa, kecamatan = world_coverage.at("desa", "lansia"), world_coverage.at("kecamatan", "lansia")
    assert kecamatan["jarak_km"].iloc[0] == pytest.approx(desa["jarak_km"].iloc[:3].mean(), rel=1e-4)
    assert desa.loc[CODE["B3"], "lks_terdekat"] == "L2"
    assert desa.loc[CODE["C3"], "jarak_km"] == pytest.approx(3, rel=1e-4)


def test_no_place_means_no_distance(world_coverage: Coverage) -> None:
    rows = world_coverage.table[world_coverage.table["kelompok"] == "kekerasan"]
    assert rows["jarak_km"].isna().all()
    assert rows["lks_terdekat"].isna().all()
    assert (rows["pangsa_terjangkau"] == 0).all()
    assert (rows["status"] == "belum_terlayani").all()


def test_people_and_coverage_of_the_upper_levels(world_coverage: Coverage) -> None:
    kecamatan = world_coverage.at("kecamatan", "anak")
    assert kecamatan["sasaran"].tolist() == [600, 100, 50]
    assert kecamatan["sasaran_lengkap"].tolist() == [True, False, False]
    assert kecamatan["terjangkau"].tolist() == pytest.approx([100 * CIRCLE, 0, 0], abs=0.05)
    assert kecamatan["cakupan"].tolist() == pytest.approx([CIRCLE / 6, 0, 0], abs=1e-4)
    assert kecamatan["pangsa_terjangkau"].tolist() == pytest.approx([CIRCLE / 3, CIRCLE / 3, 0], abs=2e-4)
    province = world_coverage.at("provinsi", "anak").iloc[0]
    assert province["sasaran"] == 750
    assert province["cakupan"] == pytest.approx(0.1047, abs=1e-4)
    assert not province["cakupan_dari_luas"]


def test_coverage_without_people_is_the_share_of_area(world_coverage: Coverage) -> None:
    province = world_coverage.at("provinsi", "lansia").iloc[0]
    assert province["cakupan_dari_luas"]
    assert province["cakupan"] == province["pangsa_terjangkau"] == pytest.approx(CIRCLE / 9, abs=1e-4)
    assert np.isnan(province["terjangkau"])
    assert np.isnan(world_coverage.at("desa", "anak").loc[CODE["B1"], "cakupan"])


def test_circle_from_across_the_border(
    world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    settings = replace(world.SETTINGS, reach_km=3.0)
    rows = [row for row in world.drawn_places() if row["id"] == "L3"]
    desa = measured(settings, rows, world_boundaries, world_population).at("desa", "lansia")
    reached = desa["pangsa_terjangkau"] * 9
    assert reached.sum() == pytest.approx(9 * acos(0.5) - 1.5 * sqrt(27) / 2, rel=1e-3)
    assert set(reached.index[reached > 0]) == {CODE["A3"], CODE["B3"], CODE["C3"]}
    assert (desa["jumlah_lks"] == 0).all()


def test_lowest_coverage_leaves_out_doubtful_and_approximate_places(
    world_boundaries: Boundaries, world_population: Population
) -> None:
    rows = world.drawn_places()
    rows[0] |= {"lokasi": "perkiraan"}
    coverage = measured(world.SETTINGS, rows, world_boundaries, world_population)
    a1 = coverage.at("desa", "anak").loc[CODE["A1"]]
    assert a1["cakupan"] == pytest.approx(CIRCLE, abs=3e-4)
    assert a1["cakupan_terendah"] == 0
    totals = coverage.totals
    assert (totals["anak"].approximate, totals["anak"].doubtful, totals["lansia"].doubtful) == (1, 0, 1)


def test_status_and_priority(world_coverage: Coverage) -> None:
    desa = world_coverage.at("desa", "anak")
    status = dict.fromkeys(CODE, "belum_terlayani")
    status |= {"A1": "ada", "B3": "ada", "B1": "tidak_ada_sasaran", "C3": "tidak_ada_sasaran"}
    assert by_name(desa, "status") == status
    ranked = {"A3": 1, "A2": 2, "B2": 3, "C1": 4, "C2": 5}
    assert {name: rank for name, rank in by_name(desa, "prioritas").items() if not pd.isna(rank)} == ranked
    assert world_coverage.at("kecamatan", "anak")["status"].tolist() == [
        "terjangkau_sebagian", "belum_terlayani", "belum_terlayani",
    ]  # fmt: skip
    assert world_coverage.at("kecamatan", "anak")["desa_belum_terlayani"].tolist() == [2, 1, 2]
    assert world_coverage.at("kabupaten", "anak")["jumlah_desa"].tolist() == [6, 3]
    assert world_coverage.at("kecamatan", "anak")["prioritas"].isna().all()


def test_capacity_and_ratios(world_coverage: Coverage) -> None:
    desa = world_coverage.at("desa", "anak")
    assert desa.loc[CODE["A1"], "kapasitas"] == 20
    assert desa["kapasitas"].isna().sum() == 8
    assert desa.loc[CODE["A1"], "rasio_lks_per_1000"] == 10
    assert desa.loc[CODE["A1"], "rasio_kapasitas_per_1000"] == 200
    assert desa.loc[CODE["A2"], "rasio_lks_per_1000"] == 0
    assert np.isnan(desa.loc[CODE["B1"], "rasio_lks_per_1000"])
    province = world_coverage.at("provinsi", "anak").iloc[0]
    assert province["kapasitas"] == 20
    assert province["rasio_lks_per_1000"] == pytest.approx(2000 / 750)


def test_declared_areas(world_coverage: Coverage) -> None:
    desa = world_coverage.at("desa", "anak")
    assert by_name(desa, "lks_melapor") == {name: int(name[0] in "AC") for name in CODE}
    assert world_coverage.at("kecamatan", "anak")["lks_melapor"].tolist() == [1, 0, 1]
    assert world_coverage.at("kabupaten", "anak")["lks_melapor"].tolist() == [1, 1]
    assert world_coverage.at("provinsi", "anak")["lks_melapor"].tolist() == [2]
    assert world_coverage.at("provinsi", "lansia")["lks_melapor"].tolist() == [1]


def test_access_without_decay(
    world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    settings = replace(world.SETTINGS, reach_km=4.0, access="2sfca")
    coverage = measure_coverage(world_register, world_boundaries, world_population, settings)
    third, quarter = 1000 / 300, 2.5
    want = {"A1": third, "A2": third, "B1": third, "A3": quarter, "B2": quarter, "B3": quarter, "C3": quarter}
    assert by_name(coverage.at("desa", "anak"), "akses_2sfca") == pytest.approx(dict.fromkeys(CODE, 0) | want)
    by_capacity = replace(settings, access_supply="kapasitas")
    coverage = measure_coverage(world_register, world_boundaries, world_population, by_capacity)
    want = dict.fromkeys(CODE, 0) | {"A1": 20 * third, "A2": 20 * third, "B1": 20 * third}
    assert by_name(coverage.at("desa", "anak"), "akses_2sfca") == pytest.approx(want)


def test_totals_reconcile(world_coverage: Coverage) -> None:
    total = world_coverage.totals[TOTAL]
    assert (total.used, total.counted, total.in_areas, total.tanpa_titik, total.luar_wilayah) == (4, 3, 2, 0, 1)
    assert world_coverage.totals["lansia"].luar_wilayah == 1
    assert world_coverage.totals["anak"].counted == 2


def test_places_without_point_have_their_own_column(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = [
        *world.drawn_places(),
        world.place("L5", [("anak", None)], None, kode_kecamatan="99.02.01", kode_kabupaten="99.02"),
        world.place("L6", [("anak", None)], None, kode_kabupaten="99.01"),
        world.place("L7", [("anak", None)], None),
    ]
    coverage = measured(world.SETTINGS, rows, world_boundaries, world_population)
    assert coverage.at("kecamatan", "anak")["lks_tanpa_titik"].tolist() == [0, 0, 1]
    assert coverage.at("kabupaten", "anak")["lks_tanpa_titik"].tolist() == [1, 1]
    assert coverage.at("provinsi", "anak")["lks_tanpa_titik"].tolist() == [3]
    assert coverage.totals["anak"].tanpa_titik == 3
    assert coverage.at("desa", "anak")["jarak_km"].loc[CODE["C1"]] == pytest.approx(6, rel=1e-4)


def test_filters(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = world.drawn_places()
    rows[1] |= {"berlaku_sampai": world.SETTINGS.day, "badan_hukum": True, "perkembangan": "mandiri"}
    rows[0] |= {"aktif": None}

    def counted(**choices: object) -> int:
        settings = replace(world.SETTINGS, **choices)  # type: ignore[arg-type]
        return measured(settings, rows, world_boundaries, world_population).totals["anak"].counted

    assert counted() == 1
    assert counted(active_only=False) == 3
    assert counted(accredited=True) == 1
    assert counted(accredited=True, day=world.SETTINGS.day.replace(year=2027)) == 0
    assert counted(active_only=False, legal_entity=True) == 1
    assert counted(active_only=False, legal_entity=False) == 0
    assert counted(active_only=False, system="dalam") == 1
    assert counted(active_only=False, system="luar") == 2
    assert counted(active_only=False, developments=("mandiri", "tumbuh")) == 1
    no_status = replace(world.register_of(rows), status_recorded=False)
    coverage = measure_coverage(no_status, world_boundaries, world_population, world.SETTINGS)
    assert coverage.totals["anak"].counted == 3


def test_accreditation_without_a_date_is_valid_and_said_so(
    world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    settings = replace(world.SETTINGS, accredited=True)
    coverage = measure_coverage(world_register, world_boundaries, world_population, settings)
    assert coverage.totals[TOTAL].counted == 1
    assert [note.params["n"] for note in coverage.notes if note.key == "measure.no_expiry"] == [1]


def test_a_filter_says_how_many_places_it_could_not_read(
    world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    first = world_register.places.iloc[0]
    unread = Issue(
        posisi=0, lembar=None if pd.isna(first["lembar"]) else first["lembar"], nomor=int(first["nomor"]),
        kolom="badan_hukum", jenis="isian_tak_terbaca", hasil="diterima", pesan=msg("register.kind_isian_tak_terbaca"),
    )  # fmt: skip
    register = replace(world_register, issues=(unread,))
    for chosen, told in ((world.SETTINGS, []), (replace(world.SETTINGS, legal_entity=True), [1])):
        coverage = measure_coverage(register, world_boundaries, world_population, chosen)
        assert [note.params["n"] for note in coverage.notes if note.key == "measure.unread"] == told


def test_a_place_with_both_systems_reaches_as_far_as_the_larger(
    world_boundaries: Boundaries, world_population: Population
) -> None:
    group = replace(world.ANAK, reach_inside_km=6.5, reach_outside_km=0.5)
    rows = [world.place("L1", [("anak", "dalam"), ("anak", "luar")], (1.5, 7.5), CODE["A1"])]
    settings = replace(world.SETTINGS, groups=(group,), population_model="point")

    def reached(settings: Settings) -> float:
        coverage = measured(settings, rows, world_boundaries, world_population)
        return coverage.at("provinsi", "anak")["terjangkau"].iloc[0]

    assert reached(settings) == 100 + 200 + 300 + 100 + 50
    assert reached(replace(settings, system="luar")) == 100


def test_point_model_counts_distance_equal_to_reach(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = [world.place("L1", [("anak", None)], (1.5, 7.5), CODE["A1"])]
    settings = replace(world.SETTINGS, population_model="point")
    far = measured(settings, rows, world_boundaries, world_population).at("desa", "anak").loc[CODE["A2"], "jarak_km"]

    def share(reach_km: float) -> float:
        coverage = measured(replace(settings, reach_km=reach_km), rows, world_boundaries, world_population)
        return coverage.at("desa", "anak").loc[CODE["A2"], "pangsa_terjangkau"]

    assert share(far) == 1
    assert share(far - 1e-5) == 0


def test_equal_distance_takes_the_lowest_id(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = [world.place(name, [("anak", None)], (1.5, 7.5), CODE["A1"]) for name in ("L9", "L10", "L2")]
    desa = measured(world.SETTINGS, rows, world_boundaries, world_population).at("desa", "anak")
    assert set(desa["lks_terdekat"]) == {"L10"}


def test_no_places_at_all(world_boundaries: Boundaries, world_population: Population) -> None:
    rows = [world.drawn_places()[0] | {"hasil": "ditolak"}]
    coverage = measured(world.SETTINGS, rows, world_boundaries, world_population)
    assert coverage.table["jarak_km"].isna().all()
    assert (coverage.table["pangsa_terjangkau"] == 0).all()
    known = coverage.table["kelompok"] == "anak"  # of the others nobody is known: nothing to share among
    assert (coverage.table.loc[known, "akses_2sfca"] == 0).all()
    assert coverage.table.loc[~known, "akses_2sfca"].isna().all()
    assert [note.params["n"] for note in restrict(coverage, groups=["anak"]).notes] == []
    assert coverage.totals[TOTAL].used == 0


def test_population_point_is_the_interior_point_unless_given(
    world_boundaries: Boundaries, world_register: Register
) -> None:
    people = world.population_of(world_boundaries, {})
    desa = measure_coverage(world_register, world_boundaries, people, world.SETTINGS).at("desa", "anak")
    assert desa.loc[CODE["A2"], "jarak_km"] == pytest.approx(3, abs=0.05)
    moved = world.with_points(people, {CODE["A2"]: (3.5, 7.5)})
    desa = measure_coverage(world_register, world_boundaries, moved, world.SETTINGS).at("desa", "anak")
    assert desa.loc[CODE["A2"], "jarak_km"] == pytest.approx(2, rel=1e-4)


def test_a_group_that_the_population_lacks_is_not_known(
    world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> None:
    settings = replace(world.SETTINGS, groups=(*world.GROUPS, world.NAPZA))
    coverage = measure_coverage(world_register, world_boundaries, world_population, settings)
    assert coverage.at("provinsi", "napza")["sasaran"].isna().all()
    assert [note.params["n"] for note in coverage.notes if note.key == "measure.no_demand"] == [3]


def test_restrict_keeps_numbers_and_ranks(world_coverage: Coverage) -> None:
    part = restrict(world_coverage, kabupaten=["99.02"], groups=["anak"], levels=["desa", "kabupaten"])
    assert part.table.groupby("level").size().to_dict() == {"desa": 3, "kabupaten": 1}
    assert [group.key for group in part.groups] == ["anak"]
    assert part.at("desa", "anak")["prioritas"].dropna().tolist() == [4, 5]
    assert set(part.places["id"]) == {"L1", "L2", "L4"}
    assert part.places.loc[part.places["id"] == "L2", "kelompok"].iloc[0] == ("anak",)
    assert set(part.totals) == {TOTAL, "anak"}
    assert restrict(world_coverage).table.equals(world_coverage.table)


def test_reach_sensitivity_grows_and_agrees(
    world_register: Register, world_boundaries: Boundaries, world_population: Population, world_coverage: Coverage
) -> None:
    table = reach_sensitivity(world_register, world_boundaries, world_population, world.SETTINGS, [3, 1.5, 12], [()])[0]
    children = table[table["kelompok"] == "anak"].set_index("jangkauan_km")
    assert children.index.tolist() == [1.5, 3, 12]
    assert children["cakupan"].is_monotonic_increasing
    province = world_coverage.at("provinsi", "anak").iloc[0]
    assert children.loc[1.5, "terjangkau"] == pytest.approx(province["terjangkau"])
    assert children.loc[12, "cakupan"] == 1
    elderly = table[table["kelompok"] == "lansia"].iloc[0]
    assert elderly["cakupan"] == pytest.approx(CIRCLE / 9, abs=1e-4)


def test_reach_sensitivity_of_a_kabupaten_and_a_group(
    world_register: Register, world_boundaries: Boundaries, world_population: Population, world_coverage: Coverage
) -> None:
    kabupaten = world_boundaries.desa["kode_kabupaten"].iloc[0]
    settings = replace(world.SETTINGS, kabupaten=(kabupaten,))
    table = reach_sensitivity(
        world_register, world_boundaries, world_population, settings, [1.5], [settings.kabupaten]
    )[0]
    there = world_coverage.at("kabupaten", "anak").loc[kabupaten]
    children = table[table["kelompok"] == "anak"].iloc[0]
    assert children["sasaran"] == there["sasaran"]
    assert children["terjangkau"] == pytest.approx(there["terjangkau"])
    shown = restrict(replace(world_coverage, sensitivity=table), groups=["anak"])
    assert shown.sensitivity is not None
    assert shown.sensitivity["kelompok"].tolist() == ["anak"]


def test_every_measure_is_explained_in_both_languages() -> None:
    for measure in MEASURES:
        for text in (measure.title_id, measure.title_en, measure.definition_id, measure.definition_en):
            assert text.strip() == text != ""
        assert measure.title_id != measure.title_en or measure.key in ("jumlah_desa",)
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)
