"""Sentences from numbers: every edge case says what is so, in both languages, and never more than the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import report_world
import world

from lks_geo.measure import measure_coverage, restrict
from lks_geo.messages import LANGUAGES, Message, Texts, catalogue_entries, fact, msg
from lks_geo.said.areas import UNSERVED_COLUMNS, area_totals, needy_parts, place_name, unserved_list, unserved_lists
from lks_geo.said.assumptions import (
    definition,
    disguise_note,
    distance_note,
    known_part,
    page_notes,
    reach_note,
    reach_notes,
    run_notes,
    sources,
    view_reported_part,
)
from lks_geo.said.headlines import headline, leading_group, overview, support
from lks_geo.said.small_tables import groups_table, needy_table, parts_table
from lks_geo.tables import Boundaries, Coverage, Population, Register, RegisterFrame

PLACEHOLDERS = re.compile(r"\{(\w+)")  # "{heading}"


def with_desa(coverage: Coverage, group: str, **columns: Iterable[object]) -> Coverage:
    """The coverage with columns of the desa rows of a group overwritten, in the order of their codes."""
    table = coverage.table.copy()
    rows = (table["level"] == "desa") & (table["kelompok"] == group)
    for name, values in columns.items():
        column = table[name].astype(object)
        column[rows] = list(values)
        table[name] = column if name == "status" else pd.to_numeric(column)
    return replace(coverage, table=table)


def said(coverage: Coverage, lang: str, group: str = "anak", kabupaten: str | None = None) -> str:
    translated = replace(coverage, settings=replace(coverage.settings, lang=lang))
    return Texts(lang)(headline(translated, group, kabupaten=kabupaten))


@pytest.fixture(scope="module")
def drawn(world_register: Register, world_boundaries: Boundaries, world_population: Population) -> Coverage:
    """The drawn world, whose two kabupaten both report."""
    rows = RegisterFrame(world_register.rows.assign(disamarkan=False))
    register = replace(world_register, rows=rows, reported=frozenset({"99.01", "99.02"}))
    return measure_coverage(register, world_boundaries, world_population, world.SETTINGS)


def test_the_drawn_world_by_hand(drawn: Coverage) -> None:
    found = area_totals(drawn, "anak")
    assert (found.desa, found.desa_unserved, found.desa_partly) == (9, 5, 0)
    assert (found.desa_reached, found.desa_without_target) == (2, 2)
    assert found.target == 750
    assert found.unserved_people == 650
    assert found.reached == pytest.approx(25 * np.pi, abs=0.1)
    assert found.share == pytest.approx(25 * np.pi / 750, abs=1e-4)
    assert (found.desa_known, found.complete) == (7, False)
    assert (found.worst.kind, found.worst.first.split()[-1]) == ("one", "99.01")
    assert said(drawn, "id") == "5 dari 9 desa/kelurahan belum terlayani LKS anak"
    assert said(drawn, "en") == "5 of 9 villages are not served by any LKS for children"
    assert said(drawn, "id", kabupaten="99.02") == "2 dari 3 desa/kelurahan belum terlayani LKS anak"


CASES = [
    (["belum_terlayani"] + ["ada"] * 8, "1 dari 9 desa/kelurahan belum", "1 of 9 villages is not served"),
    (["belum_terlayani"] * 9, "Seluruh 9 desa/kelurahan belum", "None of the 9 villages is served"),
    (["terjangkau_sebagian"] * 2 + ["ada"] * 7, "tetapi 2 baru terjangkau sebagian", "but 2 are only partly"),
    (["terjangkau_sebagian"] + ["ada"] * 8, "tetapi 1 baru terjangkau sebagian", "but 1 is only partly"),
    (["terjangkau"] * 9, "Semua desa/kelurahan (9) terjangkau", "All villages (9) are within reach"),
    (["terjangkau"] * 8 + [pd.NA], "yang datanya ada (8 dari 9)", "with data (8 of 9)"),
    (["tidak_ada_sasaran"] * 9, "Tidak ada sasaran (anak)", "no target population (children)"),
    (["tidak_ada_sasaran"] * 8 + ["belum_terlayani"], "1 dari 9", "1 of 9"),
    ([pd.NA] * 9, "belum dapat dinilai: tidak ada data", "cannot be assessed: no data"),
]


@pytest.mark.parametrize(("statuses", "indonesian", "english"), CASES)
def test_headline_of_edge_cases(drawn: Coverage, statuses: list[object], indonesian: str, english: str) -> None:
    coverage = with_desa(drawn, "anak", status=statuses)
    assert indonesian in said(coverage, "id")
    assert english in said(coverage, "en")


def test_headline_without_any_counted_place(drawn: Coverage) -> None:
    coverage = with_desa(drawn, "anak", status=["belum_terlayani"] * 9)
    none = replace(coverage.totals["anak"], counted=0)
    coverage = replace(coverage, totals={**coverage.totals, "anak": none})
    assert said(coverage, "id") == "Belum ada LKS anak yang dihitung: seluruh 9 desa/kelurahan belum terlayani"


def test_headline_of_an_area_without_desa_and_of_a_single_one(drawn: Coverage) -> None:
    empty = replace(drawn, table=drawn.table.iloc[:0])
    assert said(empty, "id") == "Tidak ada desa/kelurahan yang dapat dinilai"
    rows = drawn.table[drawn.table["kode"].isin(["99.01.01.0002", drawn.at("desa", "anak").index[1]])]
    assert said(replace(drawn, table=rows), "id") == "Satu-satunya desa/kelurahan di sini belum terlayani LKS anak"


def test_support_never_gives_people_where_none_are_known(drawn: Coverage) -> None:
    texts = [Texts()(message) for message in support(drawn, "lansia")]
    joined = " ".join(texts)
    assert "tinggal" not in joined
    assert "Jumlah lansia tidak diketahui" in joined
    assert "luas wilayah" in joined


def test_support_names_estimates_only_where_there_are_people(drawn: Coverage) -> None:
    estimated = replace(drawn, table=drawn.table.assign(sasaran_perkiraan=drawn.table["sasaran"].notna()))
    assert "(perkiraan)" in " ".join(Texts()(m) for m in support(estimated, "anak"))
    assert "(perkiraan)" not in " ".join(Texts()(m) for m in support(drawn, "anak"))


def test_support_says_nobody_when_nobody_lives_there(drawn: Coverage) -> None:
    statuses, people = ["belum_terlayani"] + ["ada"] * 8, [0.0] + [10.0] * 8
    coverage = with_desa(drawn, "anak", status=statuses, sasaran=people)
    assert "Tidak ada anak yang tinggal di sana" in " ".join(Texts()(m) for m in support(coverage, "anak"))


@pytest.mark.parametrize("kabupaten", [None, "76.01", "76.03"])
def test_facts_equal_a_slow_count_over_the_table(kabupaten: str | None) -> None:
    coverage = report_world.sulbar()
    for group in coverage.groups:
        unserved, there, target = 0, 0.0, 0.0
        for row in coverage.table.to_dict("records"):
            if row["level"] != "desa" or row["kelompok"] != group.key:
                continue
            if kabupaten and not row["kode"].startswith(kabupaten):
                continue
            people = 0.0 if pd.isna(row["sasaran"]) else row["sasaran"]
            target += people
            if row["status"] == "belum_terlayani":
                unserved, there = unserved + 1, there + people
        found = area_totals(coverage, group.key, kabupaten)
        level, code = ("kabupaten", kabupaten) if kabupaten else ("provinsi", "76")
        upper = coverage.at(level, group.key).loc[code]
        assert found.desa_unserved == unserved == upper["desa_belum_terlayani"]
        assert (found.target or 0.0) == pytest.approx(target)
        assert (found.unserved_people or 0.0) == pytest.approx(there)
        assert found.share == pytest.approx(upper["cakupan"])


def test_chosen_kabupaten_add_up() -> None:
    coverage = report_world.sulbar()
    two = replace(coverage, settings=replace(coverage.settings, kabupaten=("76.01", "76.03")))
    parts = [area_totals(coverage, "lansia", code) for code in ("76.01", "76.03")]
    found = area_totals(two, "lansia")
    assert found.desa_unserved == sum(part.desa_unserved for part in parts)
    assert found.reached == pytest.approx(sum(part.reached or 0 for part in parts))
    assert found.share == pytest.approx((found.reached or 0) / (found.target or 1))
    assert place_name(two) == "Mamasa, Pasangkayu"


def test_list_of_unserved_desa_equals_a_slow_one() -> None:
    coverage = report_world.sulbar()
    rows = coverage.table.to_dict("records")
    for group in coverage.groups:
        wanted = sorted(
            (row["prioritas"], row["kode"])
            for row in rows
            if row["level"] == "desa" and row["kelompok"] == group.key and row["status"] == "belum_terlayani"
        )
        found = unserved_list(coverage, group.key)
        assert list(zip(found["prioritas"], found["kode"], strict=True)) == wanted
        assert list(found["no"]) == list(range(1, len(wanted) + 1))
        assert tuple(found.columns) == UNSERVED_COLUMNS


def test_list_of_a_kabupaten_keeps_the_rank_in_the_province_and_counts_from_one() -> None:
    coverage = report_world.sulbar()
    found = unserved_list(coverage, "lansia", kabupaten="76.03", top=10)
    assert list(found["no"]) == list(range(1, 11))
    assert found["prioritas"].iloc[0] > 1
    assert found["prioritas"].is_monotonic_increasing
    assert all(code.startswith("76.03") for code in found["kode"])
    alone = unserved_list(report_world.one_kabupaten("76.03"), "lansia", top=10)
    pd.testing.assert_frame_equal(found, alone)
    assert len(unserved_lists(coverage, top=3)) == 3 * len(coverage.groups)


def test_nearest_disguised_place_is_called_by_its_kecamatan() -> None:
    found = unserved_list(report_world.sulbar(), "kekerasan")
    names = found["nama_lks_terdekat"]
    assert names.str.fullmatch(r"LKS disamarkan di Kec\. .+ \(perkiraan\)").all()
    assert not unserved_list(report_world.sulbar(), "lansia")["nama_lks_terdekat"].str.contains("disamarkan").any()


def test_leading_group_is_the_least_covered_of_those_with_people() -> None:
    coverage = report_world.sulbar()
    shares = {key: area_totals(coverage, key).share or 0 for key in ("anak", "lansia")}
    assert leading_group(coverage) == min(shares, key=lambda key: shares[key])


def test_reach_tells_systems_apart_and_groups_with_the_same_reach_share_a_sentence(drawn: Coverage) -> None:
    groups = (replace(drawn.settings.groups[0], reach_inside_km=20.0, reach_outside_km=5.0), *drawn.settings.groups[1:])
    settings = replace(drawn.settings, groups=groups)
    assert "dalam panti 20 km, luar panti 5 km, tidak tercatat 1,5 km" in Texts()(reach_note(settings, "anak"))
    assert Texts()(reach_note(settings, "lansia")) == "Jangkauan 1,5 km garis lurus (asumsi, bukan norma)"
    first, second = (Texts()(note) for note in reach_notes(settings))
    assert first.startswith("Anak: Jangkauan garis lurus")
    assert second.startswith("Lansia, ")
    assert len(reach_notes(drawn.settings)) == 1


@pytest.mark.parametrize(("lang", "straight", "road"), [("id", "lurus", "lewat jalan"), ("en", "straight", "by road")])
def test_with_a_road_network_nothing_says_straight(drawn: Coverage, lang: str, straight: str, road: str) -> None:
    settings = replace(drawn.settings, lang=lang, roads=Path("jalan.gpkg"))
    coverage, texts = replace(drawn, settings=settings, notes=()), Texts(lang)
    method = " ".join(texts(line) for _, lines in page_notes(coverage, "anak", distances=True) for line in lines)
    assert method.count(road) == 2
    assert straight not in method
    assert road in texts(distance_note(settings))
    measures = {measure.key: measure for measure in coverage.measures}
    assert definition(measures["jarak_km"], settings).startswith(
        {"id": "Jarak lewat jalan", "en": "Distance by road"}[lang]
    )
    assert definition(measures["jarak_km"], drawn.settings) == measures["jarak_km"].definition(drawn.settings.lang)


@cache
def reported_only(*kabupaten: str) -> Coverage:
    """The example as if only these kabupaten had sent anything."""
    whole = report_world.sulbar()
    rows = whole.register.rows
    kept = RegisterFrame(rows[rows["kode_kabupaten"].isin(kabupaten)].reset_index(drop=True))
    register = replace(whole.register, rows=kept, companions=None, reported=frozenset(kabupaten))
    return measure_coverage(register, whole.boundaries, whole.population, whole.settings)


def test_kabupaten_that_nobody_reports_are_in_no_total_list_or_table() -> None:
    coverage = reported_only("76.03", "76.04")
    for group in coverage.groups:
        rows = coverage.at("kabupaten", group.key).loc[["76.03", "76.04"]]
        found = area_totals(coverage, group.key)
        assert found.desa == rows["jumlah_desa"].sum() == 348
        assert found.desa_unserved == rows["desa_belum_terlayani"].sum()
        assert found.target == (rows["sasaran"].sum() if rows["sasaran"].notna().any() else None)
        assert (found.kabupaten, found.reported, len(found.unreported)) == (6, 2, 4)
        assert found.worst.kind != "two"
        listed = unserved_list(coverage, group.key)
        assert set(listed["kode"].str[:5]) <= {"76.03", "76.04"}
        assert set(needy_parts(coverage, group.key, level="kabupaten").index) == {"76.03", "76.04"}
        assert len(parts_table(coverage, group.key, level="kabupaten").rows) == 2
    assert said(coverage, "id", "lansia").endswith("LKS lansia (2 dari 6 kabupaten ada dalam register)")
    note = view_reported_part(coverage)
    assert note is not None
    assert "tidak dilaporkan: Pasangkayu, Mamuju, Majene, Mamuju Tengah" in Texts()(note)


def test_area_share_of_reported_kabupaten_is_that_of_their_area() -> None:
    coverage = reported_only("76.03", "76.04")
    found, rows = area_totals(coverage, "napza"), coverage.at("kabupaten", "napza")
    areas = coverage.boundaries.level("kabupaten").to_crs(coverage.boundaries.crs_m).area
    expected = sum(rows.loc[code, "cakupan"] * areas[code] for code in ("76.03", "76.04")) / (
        areas["76.03"] + areas["76.04"]
    )
    assert found.by_area
    assert found.share == pytest.approx(expected)


def test_a_kabupaten_alone_that_is_not_reported_says_so() -> None:
    coverage = reported_only("76.03", "76.04")
    sentence = "Layanan LKS anak tidak diketahui: tidak ada baris dari sini dalam register"
    assert said(coverage, "id", kabupaten="76.01") == sentence
    assert said(restrict(coverage, kabupaten=("76.01",)), "id") == sentence
    assert unserved_list(coverage, "anak", kabupaten="76.01").empty


@cache
def known_in(desa: int) -> Coverage:
    """The example with a population file that knows only so many desa (of every group)."""
    whole = report_world.sulbar()
    table = whole.population.table.copy()
    table.loc[table.index[desa:], ["anak", "lansia"]] = np.nan
    population = replace(whole.population, table=table)
    return measure_coverage(whole.register, whole.boundaries, population, whole.settings)


def test_people_that_rest_on_some_desa_say_on_how_many() -> None:
    coverage = known_in(30)
    found = area_totals(coverage, "lansia")
    assert (found.desa_known, found.desa, found.complete) == (30, 648, False)
    for message in support(coverage, "lansia"):
        if message.key in ("said.people_there", "said.share_people"):
            assert "(30 dari 648 desa)" in Texts()(message)
    table = groups_table(coverage)
    column = [column.title for column in table.columns].index("Sasaran diketahui")
    assert [row[column] for row in table.rows[:3]] == ["(30 dari 648 desa)", "(30 dari 648 desa)", ""]
    assert "Sasaran diketahui" not in [column.title for column in groups_table(report_world.sulbar()).columns]
    assert Texts()(known_part(648, 648)) == Texts()(known_part(0, 648)) == ""


def test_no_sentence_compares_an_incomplete_group_with_a_complete_one() -> None:
    whole, partial = report_world.sulbar(), known_in(30)
    mixed = replace(
        partial,
        table=pd.concat(
            [partial.table[partial.table["kelompok"] != "anak"], whole.table[whole.table["kelompok"] == "anak"]],
            ignore_index=True,
        ),
    )
    assert overview(whole).sentence.key == "said.overview"
    assert overview(partial).sentence.key.startswith("said.headline")
    assert leading_group(mixed) == "anak"
    assert overview(mixed).sentence.key.startswith("said.headline")


def test_a_view_of_one_kabupaten_says_nothing_that_is_true_of_any() -> None:
    coverage = report_world.one_kabupaten("76.03")
    kecamatan = set(coverage.at("kecamatan", "lansia")["nama"])
    for group in coverage.groups:
        worst = area_totals(coverage, group.key).worst
        assert worst.kind is None or {worst.first, worst.second} - {""} <= kecamatan
    assert "Mamasa" not in " ".join(Texts()(line) for line in support(coverage, "lansia"))


def test_numbers_of_a_kabupaten_are_the_same_in_its_own_view() -> None:
    coverage, alone = report_world.sulbar(), report_world.one_kabupaten("76.04")
    for group in coverage.groups:
        inside, own = area_totals(coverage, group.key, "76.04"), area_totals(alone, group.key)
        assert inside == own
        assert disguise_note(coverage, group.key, "76.04") == disguise_note(alone, group.key)


def test_only_lists_in_order_of_priority_are_numbered() -> None:
    coverage = report_world.sulbar()
    desa = needy_table(coverage, "lansia", level="desa", top=5)
    assert [column.title for column in desa.columns][:2] == ["No", "Prioritas"]
    assert [row[0] for row in desa.rows] == ["1", "2", "3", "4", "5"]
    assert desa.total == area_totals(coverage, "lansia").desa_unserved
    parts = needy_table(coverage, "lansia", level="kecamatan", top=5)
    assert "No" not in [column.title for column in parts.columns]


@pytest.mark.parametrize(
    ("lang", "said_on_page"),
    [("id", "Kolom “Kec. Lama” tidak dipakai, padahal berisi nama kecamatan."),
     ("en", "The column “Kec. Lama” is not used although it holds names of kecamatan.")],
)  # fmt: skip
def test_pages_for_meetings_say_the_fact_and_the_screen_the_switch_too(
    drawn: Coverage, lang: str, said_on_page: str
) -> None:
    note = msg("register.note_unused_area", heading="Kec. Lama", field="kecamatan")
    coverage, texts = replace(drawn, notes=(note,)), Texts(lang)
    screen = [texts(line) for line in run_notes(coverage, cures=True)]
    assert texts(note) in screen
    assert "--column" in texts(note)
    page = [texts(line) for _, lines in page_notes(coverage) for line in lines]
    assert said_on_page in page
    assert "--" not in " ".join(page)


@pytest.mark.parametrize("room", ["register", "population"])
def test_a_note_on_the_inputs_says_no_switch_in_its_first_sentence(room: str) -> None:
    for name, entry in catalogue_entries(room).items():
        if ".note_" in name:
            first = fact(Message(name, dict.fromkeys(PLACEHOLDERS.findall(entry["id"] + entry["en"]), "x")))
            assert not [lang for lang in LANGUAGES if "--" in Texts(lang)(first)], name


def test_where_most_are_says_what_it_counts(sulbar_coverage: Coverage) -> None:
    """People where all of them are known, villages else: the two need not be the same places."""
    for group in ("anak", "lansia", "disabilitas"):
        totals = area_totals(sulbar_coverage, group)
        desa = sulbar_coverage.at("desa", group)
        unserved = desa[desa["status"].eq("belum_terlayani").fillna(False)].groupby("kabupaten")
        counts = unserved["sasaran"].sum() if totals.complete else unserved.size()
        first, second = counts.sort_values(ascending=False, kind="stable").index[:2]
        assert (totals.worst.first, totals.worst.second) == (first, second)
        told = " ".join(map(Texts("id"), support(sulbar_coverage, group)))
        word = "Sasaran di desa" if totals.complete else "Desa"
        assert f"{word} belum terlayani terbanyak di {first} dan {second}." in told
    lansia = sulbar_coverage.at("desa", "lansia")
    first = lansia["status"].eq("belum_terlayani").fillna(False).to_numpy().argmax()
    people = lansia["sasaran"].to_numpy(dtype=float, copy=True)
    people[first] = np.nan
    assert area_totals(sulbar_coverage, "lansia").worst.by_people
    assert not area_totals(with_desa(sulbar_coverage, "lansia", sasaran=people), "lansia").worst.by_people


def test_who_made_the_boundaries_is_named(drawn: Coverage) -> None:
    source = replace(drawn.boundaries.source, origin="Bappeda Uji", vintage="2024")
    told = list(map(Texts("id"), sources(replace(drawn, boundaries=replace(drawn.boundaries, source=source)))))
    assert any("Bappeda Uji (2024)" in line for line in told)
