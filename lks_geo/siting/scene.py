"""What a question is asked of: the inputs, the desa that ask for a site, the candidates, and who reaches whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from lks_geo.errors import LksGeoError
from lks_geo.geo import EDGE_KM, FloatArray, IntArray, ecef_km
from lks_geo.measure.coverage import target_of
from lks_geo.measure.desa_values import reached_shares
from lks_geo.measure.ground import Ground, survey
from lks_geo.measure.roads import travel
from lks_geo.measure.supply import Supply, places_in_use, supply_of
from lks_geo.settings import Settings
from lks_geo.siting.candidates import (
    NEW,
    Candidates,
    as_supply,
    desa_candidates,
    kecamatan_candidates,
    listed_candidates,
    ordered,
    register_candidates,
)
from lks_geo.siting.covering import Cover, Rules, open_cover, within_reach
from lks_geo.siting.demand import Demand, Pieces, asking_desa, cut_into_pieces, demand_of
from lks_geo.siting.solver import SECONDS
from lks_geo.tables import Boundaries, Population, Register

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: a number of `sites`, or the fewest that reach the share `target` of the people.

    `budget`: what all may cost, instead of a number. `groups`: keys, served by every new site; `kinds`: the steps that
    may be proposed; `weights`: what a person of a group counts, 1 where not named. `fair`: lift the lowest kabupaten
    first. `robust_km`: hold for several reaches. `phases`: sites in each step, first to last. `capacity`: people that a
    site can serve, and a place of today whose capacity is not known.
    """

    groups: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    sites: int = 5
    budget: float | None = None
    kinds: tuple[str, ...] = (NEW,)
    target: float | None = None
    min_distance_km: float | None = None
    fair: bool = False
    robust_km: tuple[float, ...] = ()
    phases: tuple[int, ...] = ()
    capacity: float | None = None
    seconds: float = SECONDS

    @property
    def with_costs(self) -> bool:
        """Whether it matters what a step costs."""
        return self.budget is not None or self.kinds != (NEW,)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The inputs as the question needs them: settings with its groups only, and the desa that are `asking`."""

    register: Register
    boundaries: Boundaries
    population: Population
    settings: Settings
    question: Question

    @cached_property
    def ground(self) -> Ground:
        return survey(self.boundaries, self.population)

    @cached_property
    def pieces(self) -> Pieces:
        return cut_into_pieces(self.ground, self.settings)

    @cached_property
    def target(self) -> FloatArray:
        return target_of(self.population, self.boundaries, self.settings)

    @cached_property
    def asking(self) -> BoolArray:
        return asking_desa(self.register, self.boundaries, self.settings)

    @cached_property
    def weights(self) -> FloatArray:
        return np.array([self.question.weights.get(group.key, 1.0) for group in self.settings.groups])

    @cached_property
    def kabupaten(self) -> IntArray:
        """Position of the kabupaten of each desa."""
        return np.unique(self.boundaries.desa["kode_kabupaten"].astype(str), return_inverse=True)[1]

    def supply(self, settings: Settings) -> Supply:
        return supply_of(places_in_use(self.register, settings), self.boundaries.desa.index, settings)

    @cached_property
    def only_kecamatan(self) -> bool:
        """Whether sites are named by kecamatan only, because a group asked for is sensitive."""
        return any(group.sensitive for group in self.settings.groups) and not self.settings.show_sensitive


def candidates_of(scene: Scene, listed: Register | None) -> Candidates:
    boundaries, settings = scene.boundaries, scene.settings
    if scene.only_kecamatan:
        asking = scene.asking & _listed_kecamatan(scene, listed)
        found = kecamatan_candidates(boundaries, scene.population, asking, settings)
    elif listed is not None:
        inside = set(boundaries.desa["kode_kabupaten"][scene.asking])
        found = listed_candidates(listed, boundaries, inside, settings)
    else:
        found = desa_candidates(boundaries, scene.ground, scene.asking, settings)
    found = _of_kinds(scene, found)
    if scene.question.min_distance_km is not None:
        supply = scene.supply(settings)
        used = np.unique(supply.place[~np.isnan(supply.lon[supply.place])])
        if len(used):
            near = within_reach(
                ecef_km(found.lon, found.lat), ecef_km(supply.lon[used], supply.lat[used]),
                scene.question.min_distance_km - 2 * EDGE_KM,
            )  # fmt: skip
            found = replace(found, table=found.table[np.diff(near.indptr) == 0].reset_index(drop=True))
    if not len(found) and listed is not None:
        raise LksGeoError.of("siting.none_listed", path=listed.source.name, n=listed.counts["baris"])
    if not len(found):
        raise LksGeoError.of("siting.no_candidates")
    return found


def _listed_kecamatan(scene: Scene, listed: Register | None) -> BoolArray:
    """The desa of kecamatan in which a file of sites has one; all without a file. For sensitive groups no site of a
    file is named, nor counted where it stands."""
    kecamatan = scene.boundaries.desa["kode_kecamatan"]
    if listed is None:
        return np.ones(len(kecamatan), dtype=bool)
    return np.asarray(kecamatan.isin(listed.places["kode_kecamatan"].dropna()), dtype=bool)


def _of_kinds(scene: Scene, new: Candidates) -> Candidates:
    """The candidates of the kinds asked for."""
    kinds = scene.question.kinds
    if kinds == (NEW,):
        return new
    inside = set(scene.boundaries.desa["kode_kabupaten"][scene.asking])
    others = [kind for kind in kinds if kind != NEW]
    steps = register_candidates(scene.register, scene.boundaries, inside, others, scene.settings)
    tables = [table for table in ([new.table] if NEW in kinds else []) + [steps] if len(table)]
    return ordered(pd.concat(tables, ignore_index=True) if tables else new.table.iloc[:0])


def rules_of(candidates: Candidates, question: Question) -> Rules:
    """How many candidates may be chosen, or what they may cost, and which not together."""
    cost = np.ones(len(candidates)) if question.budget is None else candidates.cost
    budget = float(sum(question.phases) or question.sites) if question.budget is None else question.budget
    return Rules(cost=cost, budget=budget, apart=_too_close(candidates, question))


def _too_close(candidates: Candidates, question: Question) -> scipy.sparse.csr_array | None:
    """Which candidates are too near each other to stand together."""
    if question.min_distance_km is None:
        return None
    xyz = ecef_km(candidates.lon, candidates.lat)
    near = within_reach(xyz, xyz, question.min_distance_km - 2 * EDGE_KM).tolil()
    near.setdiag(0)
    return scipy.sparse.csr_array(near.tocsr())


class Reaches:
    """Demand and cover of a scene under some settings (a reach), perhaps by sure places only."""

    def __init__(self, scene: Scene, candidates: Candidates, settings: Settings, *, sure_only: bool = False) -> None:
        self.scene, self.candidates, self.settings = scene, candidates, settings
        supply = scene.supply(settings)
        if sure_only:
            sure = supply.sure[supply.place]
            supply = replace(supply, place=supply.place[sure], group=supply.group[sure], reach_km=supply.reach_km[sure])
        self.supply = supply
        self.reach_km = candidates.reach_km(settings)

    @cached_property
    def shares(self) -> FloatArray | None:
        """Share within reach now (desa x groups), needed before the plan only along roads."""
        if self.settings.roads is None:
            return None
        road = travel(self.settings.roads, self.scene.ground, self.supply, self.scene.boundaries)
        return reached_shares(self.scene.ground, self.supply, self.settings, road).all

    @cached_property
    def demand(self) -> Demand:
        scene = self.scene
        area = scene.ground.area_km2
        return demand_of(scene.pieces, self.supply, scene.target, area, scene.asking, self.shares)

    @cached_property
    def by(self) -> list[scipy.sparse.csr_array]:
        """For each group which candidates reach which pieces."""
        groups = range(self.reach_km.shape[1])
        if self.settings.roads is not None:
            return [self._by_road(group) for group in groups]
        known: dict[bytes, scipy.sparse.csr_array] = {}
        for group in groups:
            km = self.reach_km[:, group]
            if km.tobytes() not in known:
                known[km.tobytes()] = self._by_distance(km)
        return [known[self.reach_km[:, group].tobytes()] for group in groups]

    def _by_distance(self, reach_km: FloatArray) -> scipy.sparse.csr_array:
        """Which candidates reach which pieces, each as far as it reaches (0: nowhere)."""
        xyz, sites = self.scene.pieces.xyz, ecef_km(self.candidates.lon, self.candidates.lat)
        reaches = np.unique(reach_km[reach_km > 0]).tolist()
        if len(reaches) == 1 and (reach_km > 0).all():
            return within_reach(xyz, sites, reaches[0])
        found = scipy.sparse.csc_array((len(xyz), len(sites)))
        for km in reaches:
            alike = np.flatnonzero(reach_km == km)
            put = scipy.sparse.csc_array(
                (np.ones(len(alike)), (np.arange(len(alike)), alike)), shape=(len(alike), len(sites))
            )
            found = found + within_reach(xyz, sites[alike], km) @ put
        return scipy.sparse.csr_array(found)

    def _by_road(self, group: int) -> scipy.sparse.csr_array:
        assert self.settings.roads is not None
        reach_km = self.reach_km[:, group]
        sites = as_supply(self.candidates, self.supply, group, reach_km)
        km = travel(self.settings.roads, self.scene.ground, sites, self.scene.boundaries).km
        return scipy.sparse.csr_array(((km <= reach_km + EDGE_KM) & (reach_km > 0)).astype(float))

    def cover(self, part: int | None = None, *, anew: bool = False) -> Cover:
        """The pieces of all groups; their part is `part`, else the kabupaten. `anew`: as if there were no place yet."""
        demand = self.demand
        kabupaten = self.scene.kabupaten[demand.pieces.desa]
        parts = kabupaten if part is None else np.full(len(kabupaten), part)
        groups = range(self.reach_km.shape[1])
        return open_cover(
            np.concatenate([demand.weight[:, group] * self.scene.weights[group] for group in groups]),
            scipy.sparse.csr_array(scipy.sparse.vstack(self.by)),
            np.concatenate([parts] * len(groups)),
            np.concatenate([anew | ~demand.reached[:, group] for group in groups]),
        )

    @cached_property
    def joint(self) -> Cover:
        """The cover without a look at kabupaten."""
        return self.cover(0)

    @property
    def people(self) -> FloatArray:
        """Weighted people of each kabupaten (position)."""
        return self._by_kabupaten(np.ones_like(self.demand.reached))

    @property
    def people_reached(self) -> FloatArray:
        """Weighted people of each kabupaten whom a place reaches now."""
        return self._by_kabupaten(self.demand.reached)

    def _by_kabupaten(self, counted: BoolArray) -> FloatArray:
        weight = (self.demand.weight * counted) @ self.scene.weights
        return np.asarray(np.bincount(self.scene.kabupaten[self.demand.pieces.desa], weights=weight), dtype=float)
