"""Sentences from numbers: every edge case says what is so, in both languages, and never more than the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import report_world
from lks_geo.safeguard import protect

from lks_geo.messages import Texts
from lks_geo.render import findings
from lks_geo.tables import Coverage


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
    return Texts(lang)(findings.headline(translated, group, kabupaten=kabupaten))


@pytest.fixture(scope="module")
def drawn(world_coverage: Coverage) -> Coverage:
    return protect(world_coverage)


def test_the_drawn_world_by_hand(drawn: Coverage) -> None:
    found = findings.facts(drawn, "anak")
    assert (found.desa, found.unserved, found.partly, found.reached_desa, found.no_target) == (9, 5, 0, 2, 2)
    assert found.target == 750
    assert found.there == 650
    assert found.reached == pytest.approx(25 * np.pi, abs=0.1)
    assert found.share == pytest.approx(25 * np.pi / 750, abs=1e-4)
    assert not found.complete
    assert [name.split()[-1] for name in found.worst] == ["99.01", "99.02"]
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
    texts = [Texts()(message) for message in findings.support(drawn, "lansia")]
    joined = " ".join(texts)
    assert "tinggal" not in joined
    assert "Jumlah lansia tidak diketahui" in joined
    assert "luas wilayah" in joined


def test_support_names_estimates_only_where_there_are_people(drawn: Coverage) -> None:
    estimated = replace(
        drawn, population=replace(drawn.population, source=replace(drawn.population.source, estimated=True))
    )
    assert "(perkiraan)" in " ".join(Texts()(m) for m in findings.support(estimated, "anak"))
    assert "(perkiraan)" not in " ".join(Texts()(m) for m in findings.support(drawn, "anak"))
    assert not any(note.key == "findings.estimated" for note in findings.certainty_notes(estimated, "lansia"))


def test_support_says_nobody_when_nobody_lives_there(drawn: Coverage) -> None:
    statuses, people = ["belum_terlayani"] + ["ada"] * 8, [0.0] + [10.0] * 8
    coverage = with_desa(drawn, "anak", status=statuses, sasaran=people)
    assert "Tidak ada anak yang tinggal di sana" in " ".join(Texts()(m) for m in findings.support(coverage, "anak"))


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
        found = findings.facts(coverage, group.key, kabupaten=kabupaten)
        level, code = ("kabupaten", kabupaten) if kabupaten else ("provinsi", "76")
        upper = coverage.at(level, group.key).loc[code]
        assert found.unserved == unserved == upper["desa_belum_terlayani"]
        assert (found.target or 0.0) == pytest.approx(target)
        assert (found.there or 0.0) == pytest.approx(there)
        assert found.share == pytest.approx(upper["cakupan"])


def test_chosen_kabupaten_add_up() -> None:
    coverage = report_world.sulbar()
    two = replace(coverage, settings=replace(coverage.settings, kabupaten=("76.01", "76.03")))
    parts = [findings.facts(coverage, "lansia", kabupaten=code) for code in ("76.01", "76.03")]
    found = findings.facts(two, "lansia")
    assert found.unserved == sum(part.unserved for part in parts)
    assert found.reached == pytest.approx(sum(part.reached or 0 for part in parts))
    assert found.share == pytest.approx((found.reached or 0) / (found.target or 1))
    assert findings.place_name(two) == "Mamasa, Pasangkayu"


def test_ranked_keeps_the_order_of_the_province_and_counts_from_one() -> None:
    coverage = report_world.sulbar()
    rows = findings.ranked(coverage, "lansia", kabupaten="76.03", limit=10)
    assert list(rows["urutan"]) == list(range(1, 11))
    assert rows["prioritas"].is_monotonic_increasing
    assert all(code.startswith("76.03") for code in rows.index)
    assert set(rows["status"]) == {"belum_terlayani"}
    assert rows["belum_terjangkau"].is_monotonic_decreasing


def test_masked_group_has_no_list_of_desa_and_is_never_shown_first() -> None:
    coverage = report_world.sulbar()
    assert findings.ranked(coverage, "kekerasan").empty
    for code in (None, *findings.kabupaten_codes(coverage)):
        assert findings.leading_group(coverage, code) != "kekerasan"


def test_leading_group_is_the_least_covered_of_those_with_people() -> None:
    coverage = report_world.sulbar()
    shares = {key: findings.facts(coverage, key).share or 0 for key in ("anak", "lansia")}
    assert findings.leading_group(coverage) == min(shares, key=lambda key: shares[key])


def test_reach_note_tells_systems_apart(drawn: Coverage) -> None:
    groups = (replace(drawn.settings.groups[0], reach_inside_km=20.0, reach_outside_km=5.0), *drawn.settings.groups[1:])
    coverage = replace(drawn, settings=replace(drawn.settings, groups=groups))
    text = Texts()(findings.reach_note(coverage, "anak"))
    assert "dalam panti 20 km, luar panti 5 km" in text
    assert Texts()(findings.reach_note(coverage, "lansia")) == "Jangkauan 1,5 km garis lurus (asumsi, bukan norma)"
