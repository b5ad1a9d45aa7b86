"""Sites that serve a limited number of people: who is served by whom is a flow from people to places within reach.

People live at the population points here, so that the flows stay few. Places of today serve as many as their known
capacity, else as many as a new site. The search stops when the plan is known to be within `NEAR` of the best one.
What it gets wrong: a capacity in a register says what a place offers, not whom it would serve from how far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from lks_geo.geo import FloatArray, ecef_km
from lks_geo.siting.covering import Rules, within_reach
from lks_geo.siting.scene import Reaches
from lks_geo.siting.solver import SECONDS, Answer, silent

NEAR = 0.005
"""The share of the people served within which a plan is good enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """`people` at each point; which `sites` and which `places` of today reach it (points x sites or places, 0/1); how
    many people each of them can serve (`room`)."""

    people: FloatArray
    sites: scipy.sparse.csr_array
    places: scipy.sparse.csr_array
    site_room: FloatArray
    place_room: FloatArray

    def served(self, chosen: Sequence[int]) -> float:
        """The most people that the places of today and the chosen sites can serve together."""
        by = scipy.sparse.csr_array(scipy.sparse.hstack([self.places, self.sites[:, list(chosen)]]))
        room = np.concatenate([self.place_room, self.site_room[list(chosen)]])
        point, place = by.tocoo().coords
        if not len(point):
            return 0.0
        rows = scipy.sparse.csc_array(scipy.sparse.vstack([_sums(point, len(self.people)), _sums(place, len(room))]))
        limits = scipy.optimize.LinearConstraint(rows, -np.inf, np.concatenate([self.people, room]))
        with silent():
            result = scipy.optimize.milp(
                -np.ones(len(point)), bounds=scipy.optimize.Bounds(0, np.inf), constraints=limits
            )
        return -float(result.fun or 0.0)


def _sums(of: npt.ArrayLike, size: int) -> scipy.sparse.csr_array:
    """The flows (columns) of each point or place (rows)."""
    return scipy.sparse.csr_array((np.ones(np.size(of)), (of, np.arange(np.size(of)))), shape=(size, np.size(of)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How many people can be served within the capacities, today and with the plan; `known`: places of today whose
    capacity is known, of so many `places`."""

    now: float
    then: float
    known: int
    places: int


def most_served(whole: Reaches, rules: Rules) -> tuple[Answer, list[int], Service]:
    """The sites with which most people are served, their order, and how many that are."""
    question, supply = whole.scene.question, whole.supply
    assert question.capacity is not None
    loads = loads_of(whole, question.capacity)
    answer = best_loaded(loads, rules, seconds=question.seconds)
    places = np.unique(supply.place[supply.reaching(0)])
    known = int((~np.isnan(supply.capacity[places])).sum())
    service = Service(now=loads.served([]), then=answer.value, known=known, places=len(places))
    return answer, in_order_of_load(loads, answer.chosen), service


def loads_of(whole: Reaches, capacity: float) -> Loads:
    """The loads of a question of one group, with people at points and in straight lines."""
    demand, supply = whole.demand, whole.supply
    services = supply.reaching(0)
    services = services[np.unique(supply.place[services], return_index=True)[1]]
    places = supply.place[services]
    asked = np.flatnonzero(demand.weight[:, 0] > 0)
    xyz, stand = demand.pieces.xyz[asked], ecef_km(supply.lon[places], supply.lat[places])
    reach = supply.reach_km[services]
    parts = [within_reach(xyz, stand[reach == km], km) for km in np.unique(reach)]
    order = np.concatenate([np.flatnonzero(reach == km) for km in np.unique(reach)]) if len(reach) else places
    room = supply.capacity[places][order]
    return Loads(
        people=demand.weight[asked, 0],
        sites=scipy.sparse.csr_array(whole.by[0][asked]),
        places=scipy.sparse.csr_array(scipy.sparse.hstack(parts)) if parts else scipy.sparse.csr_array((len(asked), 0)),
        site_room=np.full(len(whole.candidates), capacity),
        place_room=np.where(np.isnan(room), capacity, room),
    )


def best_loaded(loads: Loads, rules: Rules, *, near: float = NEAR, seconds: float = SECONDS) -> Answer:
    """The sites that the rules allow with which most people are served; `value` and `bound` are people served."""
    point, site = loads.sites.tocoo().coords
    at, place = loads.places.tocoo().coords
    points, sites, flows = len(loads.people), len(loads.site_room), len(point)
    zero = scipy.sparse.csr_array((len(loads.place_room), sites + flows))
    own = scipy.sparse.csr_array((loads.people[point], (np.arange(flows), site)), shape=(flows, sites))
    blocks: list[list[Any]] = [
        [scipy.sparse.csr_array((points, sites)), _sums(point, points), _sums(at, points)],
        [scipy.sparse.diags_array(-loads.site_room), _sums(site, sites), None],
        [-own, scipy.sparse.eye_array(flows), None],
        [scipy.sparse.csr_array(rules.cost[None, :]), None, None],
    ]
    rows = scipy.sparse.csr_array(scipy.sparse.block_array(blocks))
    rows = scipy.sparse.csr_array(
        scipy.sparse.vstack([rows, scipy.sparse.hstack([zero, _sums(place, len(loads.place_room))])])
    )
    high = np.concatenate([loads.people, np.zeros(sites + flows), [rules.budget], loads.place_room])
    value = np.concatenate([np.zeros(sites), np.ones(flows + len(at))])
    with silent():
        result = scipy.optimize.milp(
            -value,
            integrality=(value == 0).astype(int),
            bounds=scipy.optimize.Bounds(0, np.where(value == 0, 1.0, np.inf)),
            constraints=scipy.optimize.LinearConstraint(rows, -np.inf, high),
            options={"time_limit": seconds, "mip_rel_gap": near},
        )
    chosen = [] if result.x is None else np.flatnonzero(result.x[:sites] > 0.5).tolist()
    served = loads.served(chosen)
    bound = np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
    return Answer(chosen=tuple(chosen), value=served, bound=max(served, min(bound, float(loads.people.sum()))))


def in_order_of_load(loads: Loads, chosen: Sequence[int]) -> list[int]:
    """The chosen sites, the one with which most people more are served first; those that serve nobody more left out."""
    left, order, served = sorted(chosen), list[int](), loads.served([])
    while left:
        now = [loads.served([*order, site]) for site in left]
        best = int(np.argmax(np.array(now) >= max(now) - 1e-6))
        if now[best] <= served + 1e-6:
            break
        served = now[best]
        order.append(left.pop(best))
    return order
