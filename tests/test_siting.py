"""Where next: against brute force on small worlds, on the same pieces, and what every plan must keep."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import world
from scipy import optimize, sparse
from scipy.sparse.csgraph import maximum_flow

from lks_geo.errors import LksGeoError
from lks_geo.geo import distance_km
from lks_geo.measure import measure_coverage
from lks_geo.messages import Texts
from lks_geo.said.advice import plan_headline
from lks_geo.siting.covering import Cover, Rules, at_most, greedy, merged, relaxed, smallest, swaps
from lks_geo.siting.loads import Loads, best_loaded, in_order_of_load
from lks_geo.siting.planning import SITE_COLUMNS, Plan, make_plan
from lks_geo.siting.scene import Question, Reaches, Scene, candidates_of
from lks_geo.siting.solver import Lift, best_sites, fewest_sites, in_order, lifted_sites
from lks_geo.tables import PopulationFrame

SEEDS = range(25)


def random_cover(seed: int, parts: int = 1) -> Cover:
    """Some pieces and candidates that reach each other by chance; equal candidates and pieces among them."""
    rng = np.random.default_rng(seed)
    pieces, candidates = int(rng.integers(1, 30)), int(rng.integers(1, 10))
    by = (rng.random((pieces, candidates)) < rng.uniform(0.05, 0.5)).astype(float)
    if candidates > 2:
        by[:, -1] = by[:, 0]
    people = rng.integers(0, 50, pieces) * rng.choice([1.0, 0.37])
    return Cover(people=people, by=sparse.csr_array(by), part=rng.integers(0, parts, pieces))


@pytest.mark.parametrize("seed", SEEDS)
def test_greedy_takes_each_time_what_adds_most(seed: int) -> None:
    cover = random_cover(seed)
    chosen = greedy(cover, at_most(cover, cover.by.shape[1]))
    for number, site in enumerate(chosen):
        gains = cover.gains(~cover.reached(chosen[:number]))
        assert site == cover.first_best(gains)
    assert cover.gain(chosen) == pytest.approx(cover.gain(range(cover.by.shape[1])))


def by_force(cover: Cover, sites: int, apart: np.ndarray | None = None) -> float:
    """The most people that any so many candidates reach."""
    best = 0.0
    by = cover.by.toarray() > 0
    for size in range(sites + 1):
        for chosen in combinations(range(by.shape[1]), size):
            if apart is not None and apart[np.ix_(chosen, chosen)].any():
                continue
            best = max(best, float(cover.people[by[:, list(chosen)].any(axis=1)].sum()))
    return best


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sites", [1, 2, 4])
def test_the_best_sites_are_the_best_of_all(seed: int, sites: int) -> None:
    cover = random_cover(seed)
    best = by_force(cover, sites)
    answer = best_sites(cover, at_most(cover, sites))
    assert answer.value == pytest.approx(best)
    assert answer.gap == 0
    assert relaxed(cover, at_most(cover, sites), greedy(cover, at_most(cover, sites))).bound >= best - 1e-9
    assert (relaxed(cover, at_most(cover, sites), []).at_most[list(answer.chosen)] >= best - 1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_candidates_too_close_do_not_stand_together(seed: int) -> None:
    cover = random_cover(seed)
    near = np.random.default_rng(seed).random((cover.by.shape[1],) * 2) < 0.4
    near = np.triu(near, 1) | np.triu(near, 1).T
    answer = best_sites(cover, at_most(cover, 3, sparse.csr_array(near.astype(float))))
    assert answer.value == pytest.approx(by_force(cover, 3, near))
    assert not near[np.ix_(answer.chosen, answer.chosen)].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_within_a_budget_the_best_are_the_best_of_all(seed: int) -> None:
    """Every choice that the budget allows is tried; the bound of no prices lies below; a target at the least cost."""
    cover, rng = random_cover(seed), np.random.default_rng(seed)
    rules = Rules(cost=rng.choice([0.2, 0.3, 0.5, 1.0], cover.by.shape[1]), budget=1.2)
    plans = [
        chosen for size in range(cover.by.shape[1] + 1) for chosen in combinations(range(cover.by.shape[1]), size)
        if rules.cost[list(chosen)].sum() <= 1.2 + 1e-9
    ]  # fmt: skip
    best = max(map(cover.gain, plans))
    answer = best_sites(cover, rules)
    assert answer.value == pytest.approx(best)
    assert answer.gap == 0
    assert rules.cost[list(answer.chosen)].sum() <= 1.2 + 1e-9
    assert relaxed(cover, rules, []).bound >= best - 1e-9
    assert (relaxed(cover, rules, []).at_most[list(answer.chosen)] >= best - 1e-9).all()
    cheapest = fewest_sites(cover, 0.9 * best, rules)
    assert cheapest is not None
    least = min(rules.cost[list(chosen)].sum() for chosen in plans if cover.gain(chosen) >= 0.9 * best - 1e-9)
    assert rules.cost[list(cheapest.chosen)].sum() == pytest.approx(least)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share", [0.3, 0.7, 1.0])
def test_the_fewest_sites_reach_what_is_needed(seed: int, share: float) -> None:
    cover = random_cover(seed)
    most = cover.gain(range(cover.by.shape[1]))
    needed = share * most
    answer = fewest_sites(cover, needed, at_most(cover, 0))
    assert answer is not None
    least = next(size for size in range(11) if by_force(cover, size) >= needed - 1e-9)
    assert len(answer.chosen) == least
    assert answer.value == pytest.approx(by_force(cover, least))
    assert fewest_sites(cover, most + 1, at_most(cover, 0)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lowest_part_is_lifted_as_far_as_can_be(seed: int) -> None:
    cover = random_cover(seed, parts=3)
    rng = np.random.default_rng(seed)
    base, share = rng.uniform(0, 0.5, 3), rng.uniform(0.001, 0.01, 3)
    lift = Lift(cover=cover, base=base, share=share, worth=np.ones(3), rules=at_most(cover, 2))
    answer = lifted_sites(lift, best_sites(cover, lift.rules).chosen)
    plans = [chosen for size in (0, 1, 2) for chosen in combinations(range(cover.by.shape[1]), size)]
    lowest = max(map(lift.lowest, plans))
    assert answer.value == pytest.approx(lowest)
    assert answer.gap == 0
    most = max(lift.total(chosen) for chosen in plans if lift.lowest(chosen) >= lowest - 1e-9)
    assert lift.total(answer.chosen) == pytest.approx(most)


@pytest.mark.parametrize("seed", SEEDS)
def test_making_it_small_loses_nothing(seed: int) -> None:
    cover = random_cover(seed)
    small, kept = smallest(cover, at_most(cover, 3))
    assert by_force(small, 3) == pytest.approx(by_force(cover, 3))
    assert merged(cover).total == pytest.approx(cover.total)
    assert len(kept) <= cover.by.shape[1]


def test_of_equal_candidates_the_lowest_code_is_chosen() -> None:
    by = sparse.csr_array(np.array([[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0.0]]))
    cover = Cover(people=np.array([5.0, 5, 3, 3]), by=by, part=np.zeros(4, dtype=int))
    assert best_sites(cover, at_most(cover, 1)).chosen == (1,)
    assert best_sites(cover, at_most(cover, 2)).chosen == (0, 1)
    assert in_order(cover, [0, 1, 3]) == [1, 0, 3]
    assert in_order(cover, [1, 2]) == [1]


def test_an_exchange_counts_what_the_others_leave() -> None:
    by = sparse.csr_array(np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1.0]]))
    cover = Cover(people=np.array([4.0, 2, 1]), by=by, part=np.zeros(3, dtype=int))
    assert swaps(cover, [0, 2], 2, at_most(cover, 2)).tolist() == [-1, 6, 5]


# --- whole plans, on drawn and random worlds ---


def plan_of(made: world.World, **asked: object) -> Plan:
    question = Question(**({"groups": ("anak",)} | asked))  # type: ignore[arg-type]
    return make_plan(made.register, made.boundaries, made.population, made.settings, question)


@pytest.fixture
def drawn(world_boundaries, world_population, world_register) -> world.World:  # type: ignore[no-untyped-def]
    return world.World(
        register=world_register, boundaries=world_boundaries, population=world_population, settings=world.SETTINGS
    )


def one_place(made: world.World) -> world.World:
    """The world with L1 alone, people at points, a reach of 3.1 km."""
    register = world.register_of([row | {"aktif": row["id"] == "L1"} for row in world.drawn_places()])
    return replace(made, register=register, settings=replace(made.settings, population_model="point", reach_km=3.1))


def test_on_the_drawn_world_by_hand(drawn: world.World) -> None:
    """People live at points and reach is 3.1 km. L1, the only LKS, reaches A1, A2 and B1 with 300 children.

    A3 (300) and B2 (100) are both reached from A2 and from B3; the lower code is A2. C1 (50) is reached from B1, C1
    and C2. B1 reaches B2 as well, so that A3 would do as well as A2.
    """
    found = plan_of(one_place(drawn), sites=2)
    codes = world.DRAWN_CODES
    assert found.sites["kode"].tolist() == [codes["A2"], codes["B1"]]
    assert found.sites["tambahan_terjangkau"].tolist() == [400, 50]
    assert found.sites["total_terjangkau"].tolist() == [700, 750]
    assert found.sites["cakupan"].tolist() == pytest.approx([700 / 750, 1.0])
    assert found.sites["pengganti"].tolist() == ["pilihan bebas (2 desa)"] * 2
    assert found.substitutes == ((codes["A3"], codes["B3"]), (codes["C1"], codes["C2"]))
    assert found.gap == 0
    assert tuple(found.sites.columns) == SITE_COLUMNS


def test_no_site_that_adds_nothing(drawn: world.World) -> None:
    points = replace(drawn, settings=replace(drawn.settings, population_model="point", reach_km=3.1))
    found = plan_of(points, sites=9)
    assert len(found.sites) < 9
    assert (found.sites["tambahan_terjangkau"] > 0).all()
    assert found.sites["cakupan"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_are_the_coverage_measured_again(seed: int) -> None:
    made = world.random_world(seed)
    found = plan_of(made, sites=3)
    after = found.after.table
    rows = after[(after["level"] == "desa") & ~after["kode"].str[:5].isin(found.after.unreported)]
    if found.by_area:
        assert found.sites["total_terjangkau"].isna().all()
        return
    assert found.totals.iloc[-1].sum() == pytest.approx(rows["terjangkau"].sum(), abs=1e-6)
    before = found.before.table
    before = before[(before["level"] == "desa") & ~before["kode"].str[:5].isin(found.before.unreported)]
    assert found.totals.iloc[0].sum() == pytest.approx(before["terjangkau"].sum(), abs=1e-6)
    for size in range(1, len(found.sites) + 1):
        fewer = measured_with(made, found, size)
        assert found.sites["total_terjangkau"].iloc[size - 1] == pytest.approx(fewer, abs=1e-6)


def measured_with(made: world.World, found: Plan, sites: int) -> float:
    """People reached in reported kabupaten with the first sites written into the register by hand."""
    settings = made.settings
    rows = made.register.rows.to_dict("records")
    accepted = {
        "aktif": True, "akreditasi": "A", "badan_hukum": settings.legal_entity is not False,
        "perkembangan": next(iter(settings.developments), None),
    }  # fmt: skip
    for site in found.sites.head(sites).to_dict("records"):
        new = world.place(f"S{site['urutan']}", [("anak", settings.system)], (0, 0), site["kode"], **accepted)
        rows.append(new | {"lintang": site["lintang"], "bujur": site["bujur"]})
    register = world.register_of(rows, reported=made.register.reported)
    table = measure_coverage(register, made.boundaries, made.population, settings).table
    rows_of = table[(table["level"] == "desa") & (table["kelompok"] == "anak")]
    return float(rows_of[~rows_of["kode"].str[:5].isin(found.before.unreported)]["terjangkau"].sum())


@pytest.mark.parametrize("seed", range(8))
def test_more_sites_never_reach_fewer_and_the_order_of_the_register_does_not_matter(seed: int) -> None:
    made = world.random_world(seed)
    made = replace(made, settings=replace(made.settings, population_model="point"))
    plans = [plan_of(made, sites=sites) for sites in (1, 2, 4)]
    shares = [plan.totals.iloc[-1].sum() for plan in plans]
    assert shares == sorted(shares)
    rows = made.register.rows.sample(frac=1, random_state=seed).reset_index(drop=True)
    mixed = replace(made, register=replace(made.register, rows=rows))
    assert plan_of(mixed, sites=4).sites.equals(plans[-1].sites)


def test_kabupaten_that_are_not_reported_neither_ask_nor_get(drawn: world.World) -> None:
    """The register speaks of 99.01 only: C1 with its 50 children is in 99.02."""
    rows = [row for row in world.drawn_places() if row["kode_kabupaten"] == "99.01"]
    silent = replace(drawn, register=world.register_of(rows), settings=replace(drawn.settings, register_complete=False))
    found = plan_of(silent, sites=9)
    assert found.before.unreported == ("99.02",)
    assert found.target == 700
    assert not found.sites["kode"].str.startswith("99.02").any()


def test_with_kabupaten_only_its_people_and_desa(drawn: world.World) -> None:
    found = plan_of(replace(drawn, settings=replace(drawn.settings, kabupaten=("99.02",))), sites=9)
    assert found.target == 50
    assert found.sites["kode"].tolist() == [world.DRAWN_CODES["C1"]]


def test_without_known_people_area_is_lifted(drawn: world.World) -> None:
    found = plan_of(drawn, groups=("lansia",), sites=2)
    assert found.by_area
    assert found.sites["tambahan_terjangkau"].isna().all()
    assert found.sites["cakupan"].iloc[-1] > found.area_share  # type: ignore[operator]
    assert found.sites["cakupan"].is_monotonic_increasing


def test_where_nobody_is_no_site_is_named(drawn: world.World) -> None:
    table = drawn.population.table.copy()
    table["anak"] = 0.0
    empty = replace(drawn, population=replace(drawn.population, table=PopulationFrame(table)))
    found = plan_of(empty, sites=2)
    assert not found.by_area
    assert not len(found.sites)
    assert Texts()(plan_headline(found)).endswith("tidak ada lokasi yang menambah anak dalam jangkauan")


def test_a_register_of_which_little_is_known_can_be_planned(drawn: world.World) -> None:
    """Columns of which no row says anything have any type: here none has an accreditation, a capacity or a point."""
    rows = [world.place("L9", [("anak", None)], None, kode_kabupaten="99.01")]
    bare = replace(drawn, register=world.register_of(rows))
    for settings in (bare.settings, replace(bare.settings, accredited=True)):
        found = plan_of(replace(bare, settings=settings), sites=2)
        assert found.totals["anak"].iloc[0] == 0
        assert found.after.totals["anak"].counted - found.before.totals["anak"].counted == 2


CHANGES: dict[str, dict[str, Any]] = {
    "aktifkan": {"aktif": True}, "akreditasi": {"akreditasi": "A"},
    "tambah": {"layanan": (("anak", None),), "kelompok": ("anak",)},
}  # fmt: skip


def reached_after(made: world.World, steps: dict[str, str]) -> float:
    """Children reached after some steps (code -> kind), written into the register by hand."""
    rows = [dict(row) for row in made.register.rows.to_dict("records")]
    for row in rows:
        row.update(CHANGES.get(steps.get(row["id"], ""), {}))
    for code in [code for code, kind in steps.items() if kind == "baru"]:
        inside = shapely.point_on_surface(made.boundaries.desa.geometry[code])
        site = world.place(f"S{code}", [("anak", None)], (0, 0), code, akreditasi="A")
        rows.append(site | {"bujur": inside.x, "lintang": inside.y})
    table = measure_coverage(world.register_of(rows), made.boundaries, made.population, made.settings).table
    return float(table.query("level == 'desa' and kelompok == 'anak'")["terjangkau"].sum())


ALL_KINDS = ("baru", "aktifkan", "akreditasi", "tambah")


@pytest.mark.parametrize("accredited", [False, True])
def test_steps_on_the_drawn_world_are_the_best_of_all(drawn: world.World, accredited: bool) -> None:
    """Each step by itself, and every pair within the budget, is measured in a register changed by hand."""
    rows = [
        world.place("K1", [("anak", None)], (1.5, 7.5), world.DRAWN_CODES["A1"], akreditasi="A"),
        world.place("K2", [("anak", None)], (7.5, 7.5), world.DRAWN_CODES["A3"], aktif=False, akreditasi="A"),
        world.place("K3", [("anak", None)], (4.5, 1.5), world.DRAWN_CODES["C2"], akreditasi="belum"),
        world.place("K4", [("lansia", None)], (1.5, 1.5), world.DRAWN_CODES["C1"], akreditasi="A"),
    ]
    settings = replace(drawn.settings, population_model="point", reach_km=3.1, accredited=accredited)
    made = replace(drawn, register=world.register_of(rows), settings=settings)
    options = plan_of(made, sites=1, kinds=ALL_KINDS).options
    steps = {code: kind for code, kind in options["jenis"].items() if kind != "baru"}
    assert steps == {"K2": "aktifkan", "K4": "tambah"} | ({"K3": "akreditasi"} if accredited else {})
    now = reached_after(made, {})
    kinds = options["jenis"].to_dict()
    some = [codes for size in (0, 1, 2) for codes in combinations(kinds, size)]
    cost = {codes: sum(settings.plan_cost(kinds[code]) for code in codes) for codes in some}
    reached = cache(lambda codes: reached_after(made, {code: kinds[code] for code in codes}))
    for budget in (0.2, 0.5, 0.7, 1.2):
        found = plan_of(made, budget=budget, kinds=ALL_KINDS)
        best = max(reached(codes) for codes in some if cost[codes] <= budget + 1e-9)
        assert found.totals.iloc[-1].sum() == pytest.approx(best), budget
        assert found.sites["biaya"].sum() <= budget + 1e-9
        assert found.totals.iloc[0].sum() == pytest.approx(now)


@pytest.mark.parametrize("seed", range(8))
def test_within_capacities_most_people_are_served(seed: int) -> None:
    """Every choice of three sites is tried; people served by each are found by integer flows, person by person."""
    rng = np.random.default_rng(seed)
    people, by = rng.integers(0, 9, 7), rng.random((7, 6)) < 0.4
    loads = Loads(
        people=people.astype(float), sites=sparse.csr_array(by[:, :4].astype(float)),
        places=sparse.csr_array(by[:, 4:].astype(float)), site_room=np.full(4, 6.0), place_room=np.array([3.0, 8.0]),
    )  # fmt: skip

    def by_flow(chosen: tuple[int, ...]) -> int:
        """Source 0, then the points, the places, and the sink."""
        columns, room = [*chosen, 4, 5], [*[6] * len(chosen), 3, 8]
        graph = np.zeros((9 + len(columns),) * 2, dtype=np.int32)
        graph[0, 1:8] = people
        graph[1:8, 8:-1] = 99 * by[:, columns]
        graph[8:-1, -1] = room
        return int(maximum_flow(sparse.csr_matrix(graph), 0, len(graph) - 1).flow_value)

    best = max(by_flow(chosen) for size in range(4) for chosen in combinations(range(4), size))
    rules = Rules(cost=np.ones(4), budget=3.0)
    answer = best_loaded(loads, rules, near=0.0)
    assert answer.value == pytest.approx(best) == pytest.approx(by_flow(answer.chosen))
    assert len(answer.chosen) <= 3
    assert answer.bound == pytest.approx(best)
    assert loads.served(in_order_of_load(loads, answer.chosen)) == pytest.approx(best)


def test_a_full_place_leaves_people_for_a_site_beside_it(drawn: world.World) -> None:
    """L1 reaches A1, A2 and B1 with 300 children and has room for 100; one site for 150 may stand within its reach."""
    found = plan_of(one_place(drawn), sites=1, capacity=150.0)
    assert found.service is not None
    assert found.service.then - found.service.now == pytest.approx(150)
    assert len(found.sites) == 1
    assert found.sites["pengganti"].isna().all()


def test_no_disguised_place_is_a_step(drawn: world.World) -> None:
    rows = [
        world.place("K1", [("anak", None)], (1.5, 7.5), world.DRAWN_CODES["A1"]),
        world.disguised("99.01.02", (4.0, 4.5), [("kekerasan", "dalam"), ("anak", "dalam")]) | {"aktif": False},
    ]
    found = plan_of(replace(drawn, register=world.register_of(rows)), sites=9, kinds=ALL_KINDS)
    assert set(found.options["jenis"]) == {"baru"}


def test_a_sensitive_group_gets_kecamatan_only(drawn: world.World) -> None:
    found = plan_of(drawn, groups=("kekerasan",), sites=2)
    assert found.only_kecamatan
    assert set(found.sites["kode"].str.len()) == {8}
    wider = plan_of(drawn, groups=("kekerasan",), sites=3)
    assert found.sites["pengganti"].str.contains("desa").sum() == 0
    assert len(wider.sites) == 3


def test_children_who_count_double_draw_the_site(drawn: world.World) -> None:
    population = drawn.population
    table = population.table.copy()
    table["lansia"] = 0.0
    table.loc[world.DRAWN_CODES["C1"], "lansia"] = 200
    both = replace(drawn, population=replace(population, table=PopulationFrame(table)))
    plain = plan_of(both, groups=("anak", "lansia"), sites=1)
    weighed = plan_of(both, groups=("anak", "lansia"), sites=1, weights={"lansia": 2.0})
    assert plain.sites["kode"].tolist() != weighed.sites["kode"].tolist() == [world.DRAWN_CODES["C1"]]


def test_sites_keep_their_distance(drawn: world.World) -> None:
    found = plan_of(one_place(drawn), sites=4, min_distance_km=3.5)
    assert len(found.sites) > 1
    points = found.sites[["bujur", "lintang"]].to_numpy()
    for one, other in combinations(points, 2):
        assert distance_km(*one, *other) >= 3.5 - 1e-3
    assert world.DRAWN_CODES["A2"] not in found.sites["kode"].tolist(), "L1 is 3 km away"


def test_a_target_that_cannot_be_reached_is_told(drawn: world.World) -> None:
    points = one_place(drawn)
    assert plan_of(points, target=0.9).sites["cakupan"].iloc[-1] >= 0.9
    assert len(plan_of(points, target=0.9).sites) == 1
    with pytest.raises(LksGeoError, match="90"):
        plan_of(replace(drawn, settings=replace(drawn.settings, reach_km=0.1)), target=0.9)


def test_fair_and_robust_plans_say_what_they_cost() -> None:
    made = world.random_world(3)
    made = replace(made, settings=replace(made.settings, register_complete=True))
    fair = plan_of(made, sites=2, fair=True).fairness
    assert fair is not None
    assert fair.fair >= fair.plain - 1e-9
    assert fair.people_less >= -1e-6
    robust = plan_of(made, sites=2, robust_km=(2.0, 5.0, 8.0)).trials
    assert len(robust) == 4
    assert min(trial.robust for trial in robust) >= min(trial.plain for trial in robust) - 1e-9
    assert all(0 <= trial.plain <= 1 + 1e-9 for trial in robust)


def test_on_the_sample_data_nothing_is_lost_by_making_it_small(  # type: ignore[no-untyped-def]
    sulbar_register, sulbar_boundaries, sulbar_population, sulbar_settings
) -> None:
    """The whole problem put to the solver as it is (648 desa and candidates); benchmarks/bench_plan.py asks spopt."""
    settings = replace(sulbar_settings, population_model="point", groups=(world.LANSIA,))
    scene = Scene(
        register=sulbar_register, boundaries=sulbar_boundaries, population=sulbar_population, settings=settings,
        question=Question(groups=("lansia",), sites=10),
    )  # fmt: skip
    reaches = Reaches(scene, candidates_of(scene, None), settings)
    people = reaches.demand.weight[:, 0] * ~reaches.demand.reached[:, 0]
    by = reaches.by[0]
    chosen = np.r_[np.ones(648), np.zeros(648)]
    rows = sparse.vstack([sparse.hstack([-by, sparse.eye_array(len(people))]), chosen[None]])
    result = optimize.milp(
        -np.r_[np.zeros(648), people],
        integrality=chosen,
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(rows, -np.inf, np.r_[np.zeros(648), 10.0]),
        options={"mip_rel_gap": 0.0},
    )
    answer = best_sites(reaches.joint, at_most(reaches.joint, 10))
    assert answer.value == pytest.approx(-result.fun) == pytest.approx(23_939)
    assert answer.gap == 0


def test_along_roads_sites_reach_whom_the_coverage_says(drawn: world.World, tmp_path: Path) -> None:
    """Roads join the middles of A1, A2, A3 only; from B and C nobody is joined, so lines are straight there."""
    middles = [world.degrees(x, 7.5) for x in (1.5, 4.5, 7.5)]
    path = tmp_path / "jalan.geojson"
    gpd.GeoDataFrame(geometry=[shapely.LineString(middles)], crs="EPSG:4326").to_file(path)
    made = one_place(drawn)
    found = plan_of(replace(made, settings=replace(made.settings, roads=path)), sites=2)
    rows = found.after.table
    desa = rows[rows["level"] == "desa"]
    assert found.sites["total_terjangkau"].iloc[-1] == pytest.approx(desa["terjangkau"].sum())
    assert found.totals.iloc[0].sum() == pytest.approx(found.before.table.query("level == 'desa'")["terjangkau"].sum())
    assert found.gap == 0


def test_a_grid_of_people_moves_the_site_to_them(drawn: world.World, tmp_path: Path) -> None:
    """All people of the raster live in the north-west of A3 and in C1: the best site reaches those of A3."""
    rasterio = pytest.importorskip("rasterio")
    pytest.importorskip("exactextract")
    west, south = world.degrees(0, 0)
    east, north = world.degrees(9, 9)
    people = np.zeros((90, 90), dtype="float32")
    people[2:8, 62:68] = 5.0
    people[70:75, 10:15] = 1.0
    shape = {"height": 90, "width": 90, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    step = ((east - west) / 90, (north - south) / 90)
    shape["transform"] = rasterio.Affine(step[0], 0, west, 0, -step[1], north)
    with rasterio.open(tmp_path / "orang.tif", "w", **shape) as raster:
        raster.write(people, 1)
    made = one_place(drawn)
    settings = replace(made.settings, population_model="grid", population_grid=tmp_path / "orang.tif", reach_km=2.0)
    found = plan_of(replace(made, settings=settings), sites=1)
    rows = found.after.table
    assert found.sites["total_terjangkau"].iloc[0] == pytest.approx(rows[rows["level"] == "desa"]["terjangkau"].sum())
    assert found.sites["tambahan_terjangkau"].iloc[0] >= 300 - 1e-6
