"""What must hold of every coverage, whatever the register: sums, reconciliation, order, monotony."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lks_geo.measure import desa_values
from lks_geo.measure.desa_values import reached_shares, shares_of_supplies, with_shared
from lks_geo.measure.ground import survey
from lks_geo.measure.supply import places_in_use
from lks_geo.measure.supply import supply_of as supply_from
from lks_geo.tables import LEVELS, PARENT_COLUMNS, TOTAL, Coverage, RegisterFrame

few = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(100, 10_000)


SUMS = ["jumlah_lks", "sasaran", "terjangkau", "belum_terjangkau", "kapasitas", "jumlah_desa", "desa_belum_terlayani"]


@few
@given(seeds)
def test_levels_sum_up(seed: int) -> None:
    """The sum over the parts of every area is the number of the area; disguised places stand in no desa."""
    coverage = world.random_world(seed).coverage()
    for below, above in pairwise(LEVELS):
        parent = coverage.boundaries.names(below)[PARENT_COLUMNS[above]]
        for group in coverage.groups:
            parts = coverage.at(below, group.key)[SUMS].astype(float)
            whole = coverage.at(above, group.key)[[*SUMS, "lks_disamarkan"]].astype(float)
            total = parts.groupby(parent).sum(min_count=1)
            if below == "desa":
                total["jumlah_lks"] += whole["lks_disamarkan"]
                total["kapasitas"] = whole["kapasitas"]  # a disguised place has its capacity in no desa
            pd.testing.assert_frame_equal(total, whole[SUMS], check_names=False, rtol=1e-9, atol=1e-6)


@few
@given(seeds)
def test_places_reconcile(seed: int) -> None:
    coverage = world.random_world(seed).coverage()
    places = coverage.places
    assert coverage.totals[TOTAL].counted == places["dihitung"].sum()
    for key, total in coverage.totals.items():
        assert total.in_areas + total.tanpa_titik + total.luar_wilayah == total.counted <= total.used
        if key != TOTAL:
            for level in LEVELS:
                shown = coverage.at(level, key)
                assert shown["jumlah_lks"].sum() == total.in_areas - (total.disguised if level == "desa" else 0)
                assert level == "desa" or shown["lks_disamarkan"].sum() == total.disguised
            if coverage.boundaries.desa["kode_provinsi"].nunique() == 1:
                assert coverage.at("provinsi", key)["lks_tanpa_titik"].sum() == total.tanpa_titik


@few
@given(seeds)
def test_shares_and_ranks_stay_in_bounds(seed: int) -> None:
    table = world.random_world(seed).coverage().table
    for column in ("pangsa_terjangkau", "cakupan", "cakupan_terendah"):
        assert table[column].dropna().between(-1e-9, 1 + 1e-9).all()
    assert (table["cakupan_terendah"].fillna(0) <= table["cakupan"].fillna(0) + 1e-9).all()
    known = table["sasaran"].notna()
    assert np.allclose((table["terjangkau"] + table["belum_terjangkau"])[known], table["sasaran"][known])
    for _, ranks in table[table["prioritas"].notna()].groupby("kelompok")["prioritas"]:
        assert sorted(ranks) == list(range(1, len(ranks) + 1))
    needy = table["status"].isin(["belum_terlayani", "terjangkau_sebagian"]) & (table["level"] == "desa")
    assert (table["prioritas"].notna() == needy).all()


@few
@given(seeds, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(seed: int, random: object) -> None:
    made = world.random_world(seed)
    order = list(range(len(made.register.rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    rows = made.register.rows.iloc[order].reset_index(drop=True)
    shuffled = replace(made, register=replace(made.register, rows=RegisterFrame(rows)))
    pd.testing.assert_frame_equal(shuffled.coverage().table, made.coverage().table, rtol=1e-12, atol=1e-9)


@few
@given(seeds, st.integers(0, 1_000))
def test_one_more_place_never_leaves_more_people_out_of_reach(seed: int, other: int) -> None:
    made = world.random_world(seed)
    extra = world.random_place(np.random.default_rng(other), 999, made.boundaries) | {"hasil": "diterima"}
    rows = [*made.register.rows.drop(columns="nomor").to_dict("records"), extra]
    more = replace(made, register=world.register_of(rows)).coverage().table
    never_worse(made.coverage().table, more)


@few
@given(seeds, st.floats(1.0, 3.0))
def test_more_reach_never_leaves_more_people_out_of_reach(seed: int, factor: float) -> None:
    made = world.random_world(seed)
    groups = tuple(
        replace(
            group,
            reach_km=group.reach_km and group.reach_km * factor,
            reach_inside_km=group.reach_inside_km and group.reach_inside_km * factor,
            reach_outside_km=group.reach_outside_km and group.reach_outside_km * factor,
        )
        for group in made.settings.groups
    )
    wider = replace(made.settings, groups=groups, reach_km=made.settings.reach_km * factor)
    never_worse(made.coverage().table, replace(made, settings=wider).coverage().table)


def never_worse(before: pd.DataFrame, after: pd.DataFrame) -> None:
    for column in ("pangsa_terjangkau", "terjangkau", "cakupan", "cakupan_terendah"):
        known = before[column].notna()
        assert (after[column][known] >= before[column][known] * (1 - 1e-6) - 1e-6).all()
    nearer = before["jarak_km"].notna()
    assert (after["jarak_km"][nearer] <= before["jarak_km"][nearer] + 1e-9).all()


@few
@given(seeds)
def test_access_gives_out_just_the_supply_that_reaches_anyone(seed: int) -> None:
    made = world.random_world(seed)
    coverage = made.coverage()
    for group in coverage.groups:
        desa = coverage.at("desa", group.key)
        given_out = (desa["akses_2sfca"] * desa["sasaran"].fillna(0)).sum() / 1000
        assert given_out <= supply_of(coverage, group.key) + 1e-6
    wide = replace(made.settings, reach_km=9_000.0, groups=world.DEFAULT_GROUPS, access="2sfca")
    coverage = replace(made, settings=wide).coverage()
    for group in coverage.groups:
        desa = coverage.at("desa", group.key)
        if desa["sasaran"].sum() > 0:
            given_out = (desa["akses_2sfca"] * desa["sasaran"].fillna(0)).sum() / 1000
            assert np.isclose(given_out, supply_of(coverage, group.key))


def supply_of(coverage: Coverage, key: str) -> float:
    """What the counted places with a known point have to give."""
    places = coverage.places[coverage.places["dihitung"] & (coverage.places["lokasi"] != "tanpa_titik")]
    system = coverage.settings.system
    serves = [any(one[0] == key and system in (None, one[1]) for one in layanan) for layanan in places["layanan"]]
    own = places[np.array(serves, dtype=bool)]
    return float(len(own) if coverage.settings.access_supply == "lks" else own["kapasitas"].sum())


@few
@given(seeds, st.sampled_from(["area", "point"]))
def test_circles_cut_off_beforehand_change_no_share(seed: int, model: str) -> None:
    """Each register, and mixtures that have all of the shared circles, some or none, by all and by sure places."""
    drawn, rng = world.random_world(seed), np.random.default_rng(seed)
    chosen = replace(drawn.settings, population_model=model, roads=None)
    used = places_in_use(drawn.register, chosen)
    doubted = used["lokasi"].where(rng.random(len(used)) < 0.8, "perkiraan")
    moved = used.assign(lintang=used["lintang"] + 0.02 * (rng.random(len(used)) < 0.2))
    mixtures = [used, moved.assign(lokasi=doubted)[rng.random(len(used)) < 0.8]]
    mixtures += [used[rng.random(len(used)) < part] for part in (0.9, 0.5, 0.0)] + [moved, pd.concat([used, moved])]
    supplies = [supply_from(places, drawn.boundaries.desa.index, chosen) for places in mixtures]
    plain = survey(drawn.boundaries, drawn.population)
    with patch.object(desa_values, "FEW_DESA", 0):
        ground = with_shared(plain, supplies[:2], chosen)
    assert len(ground.shared) == (len(chosen.groups) if model == "area" else 0)
    alone, found = ([reached_shares(each, supply, chosen, None) for supply in supplies] for each in (plain, ground))
    for one, other in zip(alone, found, strict=True):
        np.testing.assert_allclose(other.all, one.all, atol=1e-6)
        np.testing.assert_allclose(other.sure, one.sure, atol=1e-6)
    for group in range(len(chosen.groups)):
        known = np.stack([shares.all[:, group] for shares in alone[:2]])
        for each in (plain, ground):
            shares = shares_of_supplies(each, supplies, group, known, chosen)
            np.testing.assert_allclose(shares, [one.all[:, group] for one in alone], atol=1e-6)


def test_few_desa_and_roads_have_nothing_cut_off_beforehand() -> None:
    drawn = world.random_world(101)
    ground = survey(drawn.boundaries, drawn.population)
    supply = supply_from(places_in_use(drawn.register, drawn.settings), drawn.boundaries.desa.index, drawn.settings)
    assert with_shared(ground, [supply, supply], drawn.settings) is ground
    with patch.object(desa_values, "FEW_DESA", 0):
        along = replace(drawn.settings, roads=Path("jalan.gpkg"))
        assert with_shared(ground, [supply, supply], along) is ground
        assert with_shared(ground, [supply], drawn.settings) is ground


def test_a_circle_that_one_lacks_is_not_missed_on_the_land_it_was_cut_off() -> None:
    """Two places within the same desa; each alone, and neither, after both were cut off."""
    boundaries = world.drawn_boundaries()
    rows = [world.place(str(x), [("anak", None)], (x, 7.5), "99.01.01.2001") for x in (0.5, 2.5)]
    chosen = replace(world.SETTINGS, reach_km=1.2)
    used = places_in_use(world.register_of(rows), chosen)
    supplies = [supply_from(used.iloc[some], boundaries.desa.index, chosen) for some in ([0, 1], [0], [1], [])]
    plain = survey(boundaries, world.drawn_population(boundaries))
    with patch.object(desa_values, "FEW_DESA", 0):
        ground = with_shared(plain, [supplies[0]] * 2, chosen)
    alone, found = ([reached_shares(each, supply, chosen, None).all for supply in supplies] for each in (plain, ground))
    np.testing.assert_allclose(found, alone, atol=1e-9)
    group = [group.key for group in chosen.groups].index("anak")
    assert alone[0][0, group] > alone[1][0, group] > alone[3][0, group] == 0
    shares = shares_of_supplies(ground, supplies, group, alone[0][None, :, group], chosen)
    np.testing.assert_allclose(shares, [one[:, group] for one in alone], atol=1e-9)
