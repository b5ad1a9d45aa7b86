"""The plan: from the inputs and a question to chosen sites, measured again, with the proof and what could replace them.

Sites are chosen on pieces of people (`demand`); every number that is told is that of the coverage measured once more
with the sites in the register. Desa of kabupaten from which the register has no row neither ask for a site nor get one,
and with `settings.kabupaten` only those asked for do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from lks_geo.errors import LksGeoError, RequestError
from lks_geo.geo import EDGE_KM, IntArray, ecef_km, nearest_arc_km
from lks_geo.measure import measure_coverage, restrict
from lks_geo.measure.desa_values import shares_as_added
from lks_geo.measure.reach import Circles, circles
from lks_geo.messages import msg
from lks_geo.settings import Settings
from lks_geo.siting.candidates import AS_GOOD, NEW, Candidates, ListedSites, listed_rows, with_sites
from lks_geo.siting.covering import Cover, Rules, at_most, greedy, swaps
from lks_geo.siting.loads import Service, most_served
from lks_geo.siting.scene import Question, Reaches, Scene, candidates_of, rules_of
from lks_geo.siting.solver import Answer, Lift, best_sites, fewest_sites, in_order, lifted_sites
from lks_geo.tables import Boundaries, Coverage, Population, Register

BoolArray = npt.NDArray[np.bool_]
SITE_COLUMNS = (
    "urutan", "kode", "nama", "kecamatan", "kabupaten", "lintang", "bujur", "tambahan_terjangkau", "total_terjangkau",
    "cakupan", "jenis", "pengganti",
)  # fmt: skip
COST = "biaya"
MUST, FREE = "wajib", "pilihan bebas ({n} {unit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The places of today beside the best equal number: how many they are, and what share of that they reach."""

    places: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What two plans keep of the best gain possible under another assumption: `reach_km`, or sure places only."""

    reach_km: float
    sure_only: bool
    plain: float
    robust: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The lowest kabupaten under the plain plan and the fair one (shares), and the people the fair one gives up."""

    plain: float
    fair: float
    people_less: float
    share_less: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Chosen sites and all that explains them.

    `sites`: SITE_COLUMNS in their order, then COST if steps have costs; people where any are known, else NA and
    `cakupan` is the share of area (`by_area`; `area_share` is that of today). `substitutes`: of each site the codes of
    the candidates that could replace it; `options`: `nama`, `kecamatan`, `kabupaten`, `jenis` of all candidates.
    `before`, `after`: the coverage of the groups asked for, without and with the sites, of the kabupaten shown. `unit`:
    what a candidate is (desa, kecamatan, or lokasi of a file or register). `gap`: 0 where proven the best, else the
    share by which the best may be better. `totals`: people reached (or km2) of each group (columns) before, and after
    each site (rows). `target`: the people of all groups together. `listed`: what became of the
    rows of a file of sites. `service`: with capacities, how many people can be served; no substitutes then.
    """

    question: Question
    sites: pd.DataFrame
    substitutes: tuple[tuple[str, ...], ...]
    options: pd.DataFrame
    before: Coverage
    after: Coverage
    gap: float
    by_area: bool
    unit: str
    totals: pd.DataFrame
    target: float | None
    area_share: float | None
    standing: Standing | None = None
    fairness: Fairness | None = None
    trials: tuple[Trial, ...] = ()
    listed: ListedSites | None = None
    service: Service | None = None

    @property
    def settings(self) -> Settings:
        return self.before.settings

    @property
    def shown_after(self) -> Coverage:
        """The coverage with the sites as maps show it: its places are those of the register, sites are none."""
        return replace(self.after, places=self.before.places, totals=self.before.totals)

    @property
    def only_kecamatan(self) -> bool:
        """Whether the sites are known by their kecamatan only."""
        return self.unit == "kecamatan"

    @property
    def on_cells(self) -> bool:
        """Whether the proof is on pieces of 1 km, because people are spread over their desa."""
        return self.settings.roads is None and self.settings.population_model != "point"


def make_plan(
    register: Register,
    boundaries: Boundaries,
    population: Population,
    settings: Settings,
    question: Question,
    listed: Register | None = None,
) -> Plan:
    """The answer to a question. `listed`: the only sites allowed, as a register of them; None: every desa."""
    chosen_groups = tuple(group for group in settings.groups if group.key in question.groups)
    scene = Scene(
        register=register, boundaries=boundaries, population=population,
        settings=_settings_of(question, replace(settings, groups=chosen_groups)), question=question,
    )  # fmt: skip
    candidates = candidates_of(scene, listed)
    whole = Reaches(scene, candidates, scene.settings)
    if len(set(whole.demand.by_area)) > 1:
        names = ", ".join(
            group.short(settings.lang)
            for group, by_area in zip(chosen_groups, whole.demand.by_area, strict=True)
            if by_area
        )
        raise RequestError(msg("siting.people_unknown_beside", names=names))
    rules = rules_of(candidates, question)
    if question.capacity is not None:
        answer, order, service = most_served(whole, rules)
        return _measured(whole, answer, rules, order=order, service=service, listed=listed)
    plain = _plain(whole, question, rules)
    answer, fairness = plain, None
    trials: tuple[Trial, ...] = ()
    if question.robust_km:
        answer, trials = _robust(scene, candidates, plain, rules)
    elif question.fair:
        answer, fairness = _fair(whole, plain, rules)
    return _measured(whole, answer, rules, fairness=fairness, trials=trials, listed=listed)


def _settings_of(question: Question, settings: Settings) -> Settings:
    """With capacities people live at their population points."""
    return settings if question.capacity is None else replace(settings, population_model="point")


def _plain(whole: Reaches, question: Question, rules: Rules) -> Answer:
    cover = whole.joint
    if question.target is None:
        return best_sites(cover, rules, seconds=question.seconds)
    people, reached = whole.people.sum(), whole.people_reached.sum()
    answer = fewest_sites(cover, question.target * people - reached, rules, seconds=question.seconds)
    if answer is None:
        most = (reached + cover.gain(range(cover.by.shape[1]))) / people if people else 0.0
        raise LksGeoError.of("siting.target_too_high", share=question.target, most=most)
    return answer


def _fair(whole: Reaches, plain: Answer, rules: Rules) -> tuple[Answer, Fairness]:
    people, reached, cover = whole.people, whole.people_reached, whole.cover()
    held = people > 0
    number = np.cumsum(held) - 1
    cover = replace(cover, part=number[cover.part])
    people, reached = people[held], reached[held]
    rules = _as_many(rules, plain)
    lift = Lift(cover=cover, base=reached / people, share=1 / people, worth=np.ones(len(people)), rules=rules)
    answer = lifted_sites(lift, plain.chosen, seconds=whole.scene.question.seconds)

    less = plain.value - cover.gain(answer.chosen)
    fairness = Fairness(
        plain=lift.lowest(plain.chosen), fair=answer.value, people_less=less,
        share_less=float(less / (reached.sum() + plain.value)),
    )  # fmt: skip
    return answer, fairness


def _as_many(rules: Rules, plain: Answer) -> Rules:
    """The rules with the budget that the plain plan uses."""
    return replace(rules, budget=float(rules.cost[list(plain.chosen)].sum()))


def _robust(scene: Scene, candidates: Candidates, plain: Answer, rules: Rules) -> tuple[Answer, tuple[Trial, ...]]:
    """The plan whose worst case over the reaches, and without doubtful places, is best."""
    question, settings = scene.question, scene.settings
    own = tuple(replace(group, reach_km=None, reach_inside_km=None, reach_outside_km=None) for group in settings.groups)
    cases = [(replace(settings, reach_km=km, groups=own), False) for km in question.robust_km]
    cases.append((settings, True))
    covers = [
        Reaches(scene, candidates, chosen, sure_only=sure).cover(part) for part, (chosen, sure) in enumerate(cases)
    ]
    rules = _as_many(rules, plain)
    best = np.array([best_sites(cover, rules, seconds=question.seconds).value for cover in covers])
    share = 1 / np.where(best > 0, best, np.inf)
    base = np.where(best > 0, 0.0, 1.0)
    joint = Cover(
        people=np.concatenate([cover.people for cover in covers]),
        by=scipy.sparse.csr_array(scipy.sparse.vstack([cover.by for cover in covers])),
        part=np.concatenate([cover.part for cover in covers]),
    )
    lift = Lift(cover=joint, base=base, share=share, worth=share, rules=rules)
    answer = lifted_sites(lift, plain.chosen, seconds=question.seconds)
    trials = tuple(
        Trial(
            reach_km=chosen.reach_km, sure_only=sure,
            plain=(cover.gain(plain.chosen) / most) if most else 1.0,
            robust=(cover.gain(answer.chosen) / most) if most else 1.0,
        )
        for (chosen, sure), cover, most in zip(cases, covers, best, strict=True)
    )  # fmt: skip
    return answer, trials


def _measured(
    whole: Reaches, answer: Answer, rules: Rules, *,
    listed: Register | None, fairness: Fairness | None = None, trials: tuple[Trial, ...] = (),
    order: list[int] | None = None, service: Service | None = None,
) -> Plan:  # fmt: skip
    """The plan with its numbers: those of the coverage with the sites added, in the order in which they add most."""
    scene, candidates, cover = whole.scene, whole.candidates, whole.joint
    settings, asking = scene.settings, scene.asking
    question = scene.question
    if order is None:
        order = in_order(cover, answer.chosen, None if question.budget is None else rules.cost)
    by_area = whole.demand.by_area[0]
    totals = _totals(whole, order, by_area=by_area)
    amount = scene.ground.area_km2[:, None] * np.ones_like(scene.target) if by_area else np.nan_to_num(scene.target)
    whole_amount = float(amount[asking].sum())
    summed = totals.sum(axis=1).to_numpy()
    substitutes = tuple(
        _substitutes(cover, order, site, rules) if service is None else np.empty(0, dtype=np.int64) for site in order
    )
    sites = candidates.table.iloc[order].reset_index(drop=True)
    sites["urutan"] = np.arange(1, len(sites) + 1)
    sites["tambahan_terjangkau"] = np.nan if by_area else np.diff(summed)
    sites["total_terjangkau"] = np.nan if by_area else summed[1:]
    sites["cakupan"] = summed[1:] / whole_amount if whole_amount else np.nan
    other = listed is not None or question.kinds != (NEW,)
    unit = "kecamatan" if scene.only_kecamatan else "lokasi" if other else "desa"
    sites["pengganti"] = [FREE.format(n=len(codes), unit=unit) if len(codes) else MUST for codes in substitutes]
    if service is not None:
        sites["pengganti"] = None
    measured = [
        measure_coverage(register, scene.boundaries, scene.population, settings, ground=scene.ground)
        for register in (scene.register, with_sites(scene.register, candidates, order, settings))
    ]
    named = candidates.code
    before, after = (
        restrict(coverage, kabupaten=settings.kabupaten) if settings.kabupaten else coverage for coverage in measured
    )
    return Plan(
        question=question,
        sites=sites[[*SITE_COLUMNS, *([COST] if question.with_costs else [])]],
        options=candidates.table.set_index("kode")[["nama", "kecamatan", "kabupaten", "jenis"]],
        substitutes=tuple(tuple(named[codes].tolist()) for codes in substitutes),
        before=before,
        after=after,
        gap=answer.gap,
        by_area=by_area,
        totals=totals,
        target=None if by_area else whole_amount,
        area_share=float(summed[0]) / whole_amount if by_area and whole_amount else None,
        standing=None if question.min_distance_km or other or service else _standing(whole),
        unit=unit,
        fairness=fairness,
        trials=trials,
        service=service,
        listed=None
        if listed is None or scene.only_kecamatan
        else listed_rows(listed, scene.boundaries, scene.asking, candidates),
    )


def _totals(whole: Reaches, order: Sequence[int], *, by_area: bool) -> pd.DataFrame:
    """People (or km2) of each group within reach: now, and after each site in this order."""
    scene = whole.scene
    columns = {}
    for number, group in enumerate(scene.settings.groups):
        people = scene.ground.area_km2 if by_area else np.nan_to_num(scene.target[:, number])
        if scene.settings.roads is None:
            at = [_circle(whole, site, number) for site in order]
            shares = list(shares_as_added(scene.ground, whole.supply, number, at, scene.settings))
        else:
            assert whole.shares is not None
            reached = whole.by[number][:, list(order)].toarray()
            steps = np.maximum.accumulate(np.column_stack([whole.shares[:, number], reached]), axis=1)
            shares = list(steps.T)
        columns[group.key] = [float((people * share)[scene.asking].sum()) for share in shares]
    return pd.DataFrame(columns)


def _circle(whole: Reaches, site: int, group: int) -> Circles:
    """Where a candidate reaches people of a group; no circle if it does not serve them."""
    at = [site] if whole.reach_km[site, group] > 0 else []
    return circles(whole.candidates.lon[at], whole.candidates.lat[at], whole.reach_km[at, group])


def _substitutes(cover: Cover, chosen: Sequence[int], site: int, rules: Rules) -> IntArray:
    """The candidates that could stand in the place of a chosen site at little loss, in the order of their codes."""
    good = swaps(cover, chosen, site, rules) >= (1 - AS_GOOD) * cover.gain(chosen)
    good[list(chosen)] = False
    return np.flatnonzero(good)


def _standing(whole: Reaches) -> Standing | None:
    """How the places of today compare with as many at the best candidates (a quick, nearly best choice of these).

    None where it would say nothing: several groups, sites of a file, a reach that differs, or nobody reached.
    """
    supply, demand = whole.supply, whole.demand
    reach = whole.reach_km
    if reach.shape[1] > 1 or {*supply.reach_km.tolist()} != {*reach[:, 0].tolist()} or whole.settings.roads is not None:
        return None
    places = np.unique(supply.place[supply.reaching(0)])
    asked = demand.weight[:, 0] > 0
    km = nearest_arc_km(ecef_km(supply.lon[places], supply.lat[places]), demand.pieces.xyz[asked])
    number = int((km <= float(reach[0, 0]) + EDGE_KM).sum())
    reached = float(demand.weight[demand.reached[:, 0], 0].sum())
    anew = whole.cover(0, anew=True)
    best = anew.gain(greedy(anew, at_most(anew, number)))
    if not best or not reached:
        return None
    return Standing(places=number, share=min(1.0, reached / (best / float(whole.scene.weights[0]))))
