"""Which candidates reach which pieces, made small without losing the best plan; quick good plans, and a bound.

Maximal covering (Church & ReVelle 1974, doi:10.1007/BF01942293): choose sites so that the people of the pieces within
reach of at least one of them are most. Before it is solved, five things make it small: pieces that are reached already
are dropped, and so are those that no candidate reaches or nobody lives in (`open_cover`); pieces reached by the same
candidates become one (`merged`); candidates that reach nothing another does not reach are dropped
(`without_dominated`); and one site alone is an argmax. Equal candidates or plans: the lowest position, that is, the
lowest code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from lks_geo.geo import EDGE_KM, FloatArray, IntArray, arc_km, chord_km

BoolArray = npt.NDArray[np.bool_]
TIE = 1e-9
"""Two gains that differ by less than this share of all people are equal."""
_CENT = 1e-9
"""Sums of costs that differ by less are equal."""
_PATIENCE = 10
_SWEEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Pieces (rows) still to be reached: their `people`, the candidates that reach them (`by`, rows x candidates, 0/1),
    and what they are part of (`part`: a kabupaten, or one of several reaches; plans may look at each part)."""

    people: FloatArray
    by: scipy.sparse.csr_array
    part: IntArray

    @property
    def total(self) -> float:
        return float(self.people.sum())

    def gain(self, chosen: Sequence[int]) -> float:
        """People within reach of the chosen candidates."""
        return float(self.people[self.reached(chosen)].sum())

    def reached(self, chosen: Sequence[int]) -> BoolArray:
        """Whether each piece is within reach of a chosen candidate."""
        return self.counts(chosen) > 0

    def counts(self, chosen: Sequence[int]) -> FloatArray:
        """How many of the chosen candidates reach each piece."""
        mark = np.zeros(self.by.shape[1])
        mark[list(chosen)] = 1.0
        return np.asarray(self.by @ mark)

    def gains(self, open_: BoolArray) -> FloatArray:
        """People of the open pieces within reach of each candidate."""
        return np.asarray((self.people * open_) @ self.by)

    def first_best(self, gains: FloatArray) -> int:
        """The lowest position among the greatest gains."""
        return int(np.argmax(gains >= gains.max() - TIE * max(self.total, 1.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which candidates may be chosen together: the sum of their `cost` is `budget` at most (all 1: a number of sites),
    and no two of them are `apart` (candidates x candidates, not 0 where they may not stand together)."""

    cost: FloatArray
    budget: float
    apart: scipy.sparse.csr_array | None = None

    @property
    def by_number(self) -> bool:
        """Whether all cost the same, so that only their number counts."""
        return bool((self.cost == 1).all())

    def closed(self, chosen: Sequence[int]) -> BoolArray:
        """Which candidates cannot be chosen beside these."""
        left = self.budget - float(self.cost[list(chosen)].sum())
        closed = np.asarray(self.cost > left + _CENT)
        closed[list(chosen)] = True
        if self.apart is not None and len(chosen):
            closed[self.apart[list(chosen)].indices] = True
        return closed

    def only(self, kept: IntArray) -> Rules:
        """The rules for some of the candidates."""
        apart = None if self.apart is None else scipy.sparse.csr_array(self.apart[kept][:, kept])
        return Rules(cost=self.cost[kept], budget=self.budget, apart=apart)


def at_most(cover: Cover, sites: float, apart: scipy.sparse.csr_array | None = None) -> Rules:
    """So many sites of a cover, whatever they cost."""
    return Rules(cost=np.ones(cover.by.shape[1]), budget=float(sites), apart=apart)


def within_reach(xyz: FloatArray, sites_xyz: FloatArray, reach_km: float) -> scipy.sparse.csr_array:
    """Which sites reach which points, both in earth-centred km (points x sites, 0/1; distance = reach counts)."""
    near = scipy.spatial.KDTree(xyz).sparse_distance_matrix(
        scipy.spatial.KDTree(sites_xyz), float(chord_km(reach_km)), output_type="ndarray"
    )
    near = near[arc_km(near["v"]) <= reach_km + EDGE_KM]
    return _zero_one(near["i"], near["j"], (len(xyz), len(sites_xyz)))


def _zero_one(row: IntArray, column: IntArray, shape: tuple[int, int]) -> scipy.sparse.csr_array:
    matrix = scipy.sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    matrix.sort_indices()
    return matrix


def open_cover(people: FloatArray, by: scipy.sparse.csr_array, part: IntArray, open_: BoolArray) -> Cover:
    """The pieces that are `open_`, hold people and have a candidate; those with equal candidates and part as one."""
    left = np.flatnonzero(open_ & (people > 0) & (np.diff(by.indptr) > 0))
    return merged(Cover(people=people[left], by=by[left], part=part[left]))


def merged(cover: Cover) -> Cover:
    """The cover with pieces of one part that the same candidates reach as one."""
    by = cover.by
    by.sort_indices()
    known: dict[tuple[int, bytes], int] = {}
    number = np.empty(len(cover.people), dtype=np.int64)
    for row, (start, end) in enumerate(zip(by.indptr[:-1], by.indptr[1:], strict=True)):
        number[row] = known.setdefault((int(cover.part[row]), by.indices[start:end].tobytes()), len(known))
    first = np.full(len(known), len(number))
    np.minimum.at(first, number, np.arange(len(number)))
    people = np.bincount(number, weights=cover.people, minlength=len(known)).astype(float)
    return Cover(people=people, by=by[first], part=cover.part[first])


def without_dominated(cover: Cover, cost: FloatArray) -> IntArray:
    """The candidates (positions) worth looking at: one of these costs no more than each of the others and reaches all
    the pieces that it reaches."""
    number = np.diff(cover.by.tocsc().indptr)
    common = scipy.sparse.coo_array(cover.by.T @ cover.by)
    smaller, larger = common.coords
    whole = (common.data == number[smaller]) & (smaller != larger)
    smaller, larger = smaller[whole], larger[whole]
    first = (number[larger] > number[smaller]) | (larger < smaller)
    lost = (cost[larger] < cost[smaller]) | ((cost[larger] == cost[smaller]) & first)
    kept = number > 0
    kept[smaller[lost]] = False
    return np.flatnonzero(kept)


def smallest(cover: Cover, rules: Rules) -> tuple[Cover, IntArray]:
    """The cover of the candidates worth looking at, and their positions in the cover as it was.

    Where some may not stand together, a dominated one may be wanted: then those that reach nobody are dropped only.
    """
    if rules.apart is None:
        kept = without_dominated(cover, rules.cost)
    else:
        kept = np.flatnonzero(np.diff(cover.by.tocsc().indptr))
    return only(cover, kept), kept


def only(cover: Cover, kept: IntArray) -> Cover:
    """The cover of these candidates; pieces that none of them reaches are dropped."""
    by = scipy.sparse.csr_array(cover.by[:, kept])
    left = np.flatnonzero(np.diff(by.indptr) > 0)
    return merged(Cover(people=cover.people[left], by=by[left], part=cover.part[left]))


def greedy(cover: Cover, rules: Rules) -> list[int]:
    """The site that reaches most for its cost, then the one that adds most, and so on; ends when nothing is added."""
    chosen: list[int] = []
    columns = cover.by.tocsc()
    open_ = np.ones(len(cover.people), dtype=bool)
    left = cover.gains(open_)
    closed, by_number = rules.closed(chosen), rules.by_number and rules.apart is None
    while True:
        gains = np.where(closed | (left <= TIE * cover.total), -1.0, left / rules.cost)
        if not len(gains) or gains.max() <= 0:
            break
        best = cover.first_best(gains)
        chosen.append(best)
        near = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        fresh = near[open_[near]]
        open_[fresh] = False
        left -= _reached_from(cover, fresh)
        closed[best] = True
        if not by_number or len(chosen) + 1 > rules.budget:
            closed = rules.closed(chosen)
    return chosen


def _reached_from(cover: Cover, pieces: npt.NDArray[np.int32]) -> FloatArray:
    """People of these pieces within reach of each candidate. (Thousands of times a few rows: scipy cuts them out more
    slowly than it adds them up.)"""
    start, size = cover.by.indptr[pieces], np.diff(cover.by.indptr)[pieces]
    entry = np.repeat(start - np.cumsum(size) + size, size) + np.arange(size.sum())
    weight = np.repeat(cover.people[pieces], size) * cover.by.data[entry]
    reached = np.bincount(cover.by.indices[entry], weights=weight, minlength=cover.by.shape[1])
    return reached.astype(np.float64)


def swaps(cover: Cover, chosen: Sequence[int], site: int, rules: Rules) -> FloatArray:
    """The gain of the plan if each candidate stood in the place of the chosen `site`; -1 where none can."""
    others = [other for other in chosen if other != site]
    reached = cover.reached(others)
    gains = float(cover.people[reached].sum()) + cover.gains(~reached)
    return np.where(rules.closed(others), -1.0, gains)


def improved(cover: Cover, chosen: Sequence[int], rules: Rules) -> list[int]:
    """The plan after exchanging one site for a better one, or for an equal one of a lower code, while there is any."""
    return exchanged(chosen, lambda plan, site: swaps(cover, plan, site, rules), TIE * cover.total)


def exchanged(chosen: Sequence[int], scores: Callable[[list[int], int], FloatArray], slack: float) -> list[int]:
    """The plan after exchanging sites while that raises its score by more than `slack`, or keeps it at a lower code.

    `scores(plan, site)`: the score of the plan with each candidate in the place of `site`.
    """
    plan = sorted(chosen)
    for _ in range(_SWEEPS):
        before = list(plan)
        for site in before:
            score = scores(plan, site)
            best = int(np.argmax(score >= score.max() - slack))
            if score[best] > score[site] + slack or (best < site and score[best] >= score[site] - slack):
                plan = sorted({*plan} - {site} | {best})
        if plan == before:
            break
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """`bound`: people that no plan exceeds; `at_most`: that no plan with this candidate exceeds, one per candidate;
    `chosen`: the best plan met on the way."""

    bound: float
    at_most: FloatArray
    chosen: list[int]


def relaxed(cover: Cover, rules: Rules, plan: Sequence[int], rounds: int = 500) -> Relaxed:
    """What no plan within the budget exceeds (Lagrangean relaxation, subgradient steps from a plan that is known).

    Each piece pays a part `price` of its people to the candidates that reach it. Then the best candidates are simply
    those best paid for their cost (the last one perhaps in part), and so many people as are left unpaid come on top: no
    plan reaches more, whatever the prices.
    """
    by_site = scipy.sparse.csr_array(cover.by.T)
    price = cover.people / np.maximum(1, np.diff(cover.by.indptr))
    known, chosen = cover.gain(plan), list(plan)
    bound, at_most = cover.total, np.full(cover.by.shape[1], cover.total)
    step, stale = 2.0, 0
    for _ in range(rounds):
        paid = np.asarray(by_site @ price)
        part, replaced = _best_paid(paid, rules)
        value = float((cover.people - price).sum() + paid @ part)
        at_most = np.minimum(at_most, value - np.maximum(replaced * rules.cost - paid, 0.0))
        counts = np.asarray(cover.by @ part)
        whole = np.flatnonzero(part == 1).tolist()
        if (gain := cover.gain(whole)) > known:
            known, chosen = gain, whole
        stale = 0 if value < bound else stale + 1
        bound = min(bound, value)
        slope = (price < cover.people).astype(float) - counts
        size = float(slope @ slope)
        if size == 0 or bound <= known * (1 + TIE):
            break
        if stale == _PATIENCE:
            step, stale = step / 2, 0
        price = np.clip(price + step * (value - known) / size * slope, 0.0, cover.people)
    return Relaxed(bound=max(bound, known), at_most=at_most, chosen=chosen)


def _best_paid(paid: FloatArray, rules: Rules) -> tuple[FloatArray, float]:
    """The part of each candidate that a budget buys, the best paid for its cost first, and what a candidate outside
    must replace for each unit of its cost."""
    worth = paid / rules.cost
    order = np.argsort(-worth, kind="stable")
    spent = np.cumsum(rules.cost[order])
    bought = int(np.searchsorted(spent, rules.budget + _CENT, side="right"))
    part = np.zeros(len(paid))
    part[order[:bought]] = 1.0
    if bought == len(order):
        return part, 0.0
    left = rules.budget - (spent[bought - 1] if bought else 0.0)
    if left > _CENT:
        part[order[bought]] = left / rules.cost[order[bought]]
        return part, float(worth[order[bought]])
    return part, float(worth[order[bought - 1]]) if bought else 0.0
