"""The best sites, exactly (HiGHS through scipy), and how far from the best they can be if the solver is stopped.

Every plan is one mixed-integer program: x (a candidate is chosen, 0 or 1), y (the part of a piece that is reached, 0 to
1, never more than chosen candidates reach), and for plans that look at the lowest part also t. Plans found without the
solver (greedy, with exchanges) stand in where it is stopped; the bound is the better of its own and the Lagrangean one.
What it gets wrong: a limit of seconds stops a slower machine earlier; what is printed says so.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from lks_geo.geo import FloatArray, IntArray
from lks_geo.siting.covering import TIE, Cover, Rules, exchanged, greedy, improved, only, relaxed, smallest, swaps

SECONDS = 120.0
"""How long the solver may look, for each of the questions of a plan."""
PROVEN = 1e-7
"""A plan within this share of the bound is the best one."""
_WHOLE = 1e4
"""What all that can be won is scaled to, so that the solver's absolute tolerance (1e-6) is far below `PROVEN`."""
_TURNS, _ROUNDS, _PULL = 8, 300, 1.5
_NEAR = 0.95
_SMALL = 500
"""Up to so many pieces the solver also looks for the plan with most people among those that lift equally."""
_TRACE = 1e-4
"""Where the lowest part cannot be lifted by one exchange, the mean of all decides; it must never outweigh it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Chosen candidates (positions, sorted); `value` of what was asked for, and the `bound` that no plan passes."""

    chosen: tuple[int, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """By how much the best plan may be better, as a share of the bound; 0 where this is proven the best."""
        gap = (self.bound - self.value) / self.bound if self.bound > 0 else 0.0
        return gap if gap > PROVEN else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A cover as a mixed-integer program over x, y and, last, t. `rows` hold constraints low <= row <= high."""

    cover: Cover
    rows: list[scipy.sparse.csr_array] = field(default_factory=list)
    low: list[FloatArray] = field(default_factory=list)
    high: list[FloatArray] = field(default_factory=list)

    def hold(self, x: Any, y: Any, t: Any, low: float, high: float) -> None:
        """Adds constraints: blocks of rows over x, y and t (None: all 0)."""
        blocks = (x, y, t)
        size = next(block.shape[0] for block in blocks if block is not None)
        widths = (self.cover.by.shape[1], len(self.cover.people), 1)
        filled = [
            scipy.sparse.csr_array((size, width)) if block is None else scipy.sparse.csr_array(block)
            for block, width in zip(blocks, widths, strict=True)
        ]
        self.rows.append(scipy.sparse.csr_array(scipy.sparse.hstack(filled)))
        self.low.append(np.full(size, low))
        self.high.append(np.full(size, high))

    def solve(self, x: FloatArray, y: FloatArray, t: float, seconds: float) -> tuple[list[int] | None, float]:
        """Maximises x, y, t times these: the chosen candidates (None if there is no plan yet) and the bound."""
        candidates, pieces = self.cover.by.shape[1], len(self.cover.people)
        scale = _WHOLE / max(float(np.abs(x).max(initial=0.0)), float(y.sum()), t)
        with silent():
            result = scipy.optimize.milp(
                -scale * np.concatenate([x, y, [t]]),
                integrality=np.concatenate([np.ones(candidates), np.zeros(pieces + 1)]),
                bounds=scipy.optimize.Bounds(0, np.concatenate([np.ones(candidates + pieces), [np.inf if t else 0.0]])),
                constraints=scipy.optimize.LinearConstraint(
                    scipy.sparse.csc_array(scipy.sparse.vstack(self.rows)),
                    np.concatenate(self.low),
                    np.concatenate(self.high),
                ),
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
        bound = np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound) / scale
        if result.x is None:
            return None, (-np.inf if result.status == 2 else bound)
        return np.flatnonzero(result.x[:candidates] > 0.5).tolist(), bound


@contextmanager
def silent() -> Iterator[None]:
    """Keeps lines that the solver itself prints off standard output, which holds data."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            with suppress(OSError, TypeError, AttributeError):
                ctypes.CDLL(None).fflush(None)
            os.dup2(kept, 1)
            os.close(kept)


def _program(cover: Cover, rules: Rules) -> Program:
    """Pieces are reached by chosen candidates only, and these are chosen by the rules."""
    program = Program(cover=cover)
    program.hold(-cover.by, scipy.sparse.eye_array(len(cover.people)), None, -np.inf, 0.0)
    if np.isfinite(rules.budget):
        program.hold(rules.cost[None, :], None, None, -np.inf, rules.budget)
    if rules.apart is not None:
        first, second = scipy.sparse.triu(rules.apart, k=1).coords
        pairs = np.repeat(np.arange(len(first)), 2)
        both = np.column_stack([first, second]).ravel()
        if len(first):
            ones = scipy.sparse.csr_array((np.ones(len(both)), (pairs, both)), shape=(len(first), cover.by.shape[1]))
            program.hold(ones, None, None, -np.inf, 1.0)
    return program


def best_sites(cover: Cover, rules: Rules, *, seconds: float = SECONDS) -> Answer:
    """The plan that the rules allow that reaches most people."""
    if not len(cover.people) or not rules.budget:
        return Answer(chosen=(), value=0.0, bound=0.0)
    quick = improved(cover, greedy(cover, rules), rules)
    alone = rules.by_number and rules.budget == 1
    if alone or cover.gain(quick) >= cover.total * (1 - PROVEN):
        return _answer(cover, quick, cover.gain(quick))
    small, kept = smallest(cover, rules)
    place = {int(candidate): position for position, candidate in enumerate(kept)}
    start = [place[site] for site in quick] if place.keys() >= {*quick} else greedy(small, rules.only(kept))
    limit = relaxed(small, rules.only(kept), start)
    met = [] if rules.apart is not None else improved(cover, _there(limit.chosen, kept), rules)
    best = max((met, quick), key=cover.gain)
    known = cover.gain(best)
    if limit.bound <= known * (1 + PROVEN):
        return _answer(cover, best, known)
    possible = np.flatnonzero(limit.at_most >= known * (1 - PROVEN))
    small, kept = only(small, possible), kept[possible]
    program = _program(small, rules.only(kept))
    found, bound = program.solve(np.zeros(len(kept)), small.people, 0.0, seconds)
    plans = [best] if found is None else [improved(cover, _there(found, kept), rules), best]
    return _answer(cover, max(plans, key=cover.gain), min(bound, limit.bound))


def _there(found: Sequence[int], kept: IntArray) -> list[int]:
    """Positions among the kept candidates as positions among all."""
    return [int(kept[position]) for position in found]


def _answer(cover: Cover, chosen: Sequence[int], bound: float) -> Answer:
    value = cover.gain(chosen)
    return Answer(chosen=tuple(sorted(chosen)), value=value, bound=max(value, bound))


def fewest_sites(cover: Cover, needed: float, rules: Rules, *, seconds: float = SECONDS) -> Answer | None:
    """The fewest sites (least cost, whatever the budget) that reach at least `needed` people, and of such plans one
    that reaches most; None if none does.

    `value` and `bound` of the answer are people, as in `best_sites`: the number of sites is proven if the gap is 0.
    """
    rules = replace(rules, budget=np.inf)
    if needed <= 0:
        return Answer(chosen=(), value=0.0, bound=0.0)
    slack = needed * PROVEN
    if cover.gain(range(cover.by.shape[1])) < needed - slack:
        return None
    quick = improved(cover, greedy(cover, rules), rules)
    small, kept = smallest(cover, rules)
    program = _program(small, rules.only(kept))
    program.hold(None, small.people[None, :], None, needed - slack, np.inf)
    found, bound = program.solve(-rules.cost[kept], np.zeros(len(small.people)), 0.0, seconds)
    if found is None and cover.gain(quick) < needed - slack:
        return None
    plan = _shortest(cover, quick, needed - slack) if found is None else _there(found, kept)
    cost = float(rules.cost[plan].sum())
    least = (np.ceil(-bound - 1e-6) if rules.by_number else -bound + 1e-6) if np.isfinite(bound) else rules.cost.min()
    answer = best_sites(cover, replace(rules, budget=cost), seconds=seconds)
    if least >= cost:
        return answer
    return Answer(chosen=answer.chosen, value=answer.value, bound=answer.value * cost / max(least, rules.cost.min()))


def _shortest(cover: Cover, chosen: Sequence[int], needed: float) -> list[int]:
    """The first sites of a plan, most people first, that reach what is needed."""
    order = in_order(cover, chosen)
    return next((order[:size] for size in range(len(order) + 1) if cover.gain(order[:size]) >= needed), order)


@dataclass(frozen=True, kw_only=True)
class Lift:
    """A plan that shall lift its lowest part: the value of part k is base[k] + share[k] x people of its pieces reached.

    Of plans that lift it equally, one with the largest sum of worth[k] x people reached is wanted.
    """

    cover: Cover
    base: FloatArray
    share: FloatArray
    worth: FloatArray
    rules: Rules

    @cached_property
    def by_part(self) -> scipy.sparse.csr_array:
        """What each piece adds to its part (parts x pieces)."""
        cover, pieces = self.cover, np.arange(len(self.cover.people))
        value = self.share[cover.part] * cover.people
        return scipy.sparse.csr_array((value, (cover.part, pieces)), shape=(len(self.base), len(pieces)))

    def values(self, chosen: Sequence[int]) -> FloatArray:
        """The value of each part."""
        return np.asarray(self.base + self.by_part @ self.cover.reached(chosen).astype(float))

    def lowest(self, chosen: Sequence[int]) -> float:
        """The value of the lowest part."""
        return float(self.values(chosen).min())

    def total(self, chosen: Sequence[int]) -> float:
        """The worth of all people reached."""
        return float((self.worth[self.cover.part] * self.cover.people)[self.cover.reached(chosen)].sum())

    def scores(self, plan: list[int], site: int) -> FloatArray:
        """The lowest value, and a trace of the mean, with each candidate in the place of a site of the plan."""
        values = self._values_with(plan, site)
        closed = self.rules.closed([other for other in plan if other != site])
        return np.where(closed, -1.0, values.min(axis=0) + _TRACE * values.mean(axis=0))

    def totals(self, plan: list[int], site: int, floor: float) -> FloatArray:
        """The worth of all people reached with each candidate in the place of a site, if no part is below `floor`."""
        weighed = replace(self.cover, people=self.worth[self.cover.part] * self.cover.people)
        lifted = self._values_with(plan, site).min(axis=0) >= floor
        return np.where(lifted, swaps(weighed, plan, site, self.rules), -1.0)

    def _values_with(self, plan: list[int], site: int) -> FloatArray:
        """The value of each part with each candidate in the place of a site (parts x candidates)."""
        reached = self.cover.reached([other for other in plan if other != site]).astype(float)
        left = scipy.sparse.csr_array(self.by_part * (1 - reached)[None, :])
        return np.asarray((self.base + self.by_part @ reached)[:, None] + (left @ self.cover.by).toarray())

    def only(self, cover: Cover, kept: IntArray) -> Lift:
        """The same on a smaller cover of these candidates."""
        return replace(self, cover=cover, rules=self.rules.only(kept))

    def weighed(self, weights: FloatArray) -> Cover:
        """The cover in which people count as the weighted mean of the parts does."""
        factor = (weights * self.share)[self.cover.part]
        return replace(self.cover, people=self.cover.people * factor)


def lifted_sites(lift: Lift, start: Sequence[int], *, seconds: float = SECONDS) -> Answer:
    """The plan that lifts the lowest part most; `value` and `bound` are of the lowest part.

    No plan lifts the lowest part above the best weighted mean of the parts, whatever the weights: weights are moved to
    the parts that stay low, which gives a bound, good plans, and the few candidates that the solver has to look at.
    """
    best = exchanged(start, lift.scores, TIE)
    small, kept = smallest(lift.cover, lift.rules)
    within = lift.only(small, kept)
    met = exchanged(greedy(small, within.rules), within.scores, TIE)
    weights = np.full(len(lift.base), 1 / len(lift.base))
    bound, at_most = np.inf, np.full(len(kept), np.inf)
    for turn in range(_TURNS):
        limit = relaxed(within.weighed(weights), within.rules, met, _ROUNDS)
        constant = float(weights @ lift.base)
        bound, at_most = min(bound, constant + limit.bound), np.minimum(at_most, constant + limit.at_most)
        values = within.values(limit.chosen)
        if lift.rules.apart is None and values.min() > _NEAR * within.values(met).min():
            met = max(met, exchanged(limit.chosen, within.scores, TIE), key=within.lowest)
        weights = weights * np.exp(-_PULL / (1 + turn) * (values - values.mean()) / max(np.ptp(values), TIE))
        weights /= weights.sum()
    best = max(best, _there(met, kept), key=lift.lowest)
    possible = kept[at_most >= lift.lowest(best) * (1 - PROVEN)]
    return _lifted(lift, best, possible, bound, seconds)


def _lifted(lift: Lift, best: list[int], kept: IntArray, limit: float, seconds: float) -> Answer:
    """The answer of the solver on the candidates `kept`, unless the plan at hand is known to be as good."""
    small = lift.only(only(lift.cover, kept), kept)
    program, pieces = _program(small.cover, small.rules), len(small.cover.people)
    for part, base in enumerate(lift.base.tolist()):
        program.hold(None, small.by_part[[part]], -np.ones((1, 1)), -base, np.inf)
    nothing, bound = np.zeros(len(kept)), lift.lowest(best)
    if limit > bound * (1 + PROVEN):
        found, bound = program.solve(nothing, np.zeros(pieces), 1.0, seconds)
        if found is not None:
            best = max(best, _there(found, kept), key=lift.lowest)
    floor = lift.lowest(best)
    best = exchanged(best, partial(lift.totals, floor=floor * (1 - PROVEN)), TIE * lift.cover.total)
    if pieces <= _SMALL:
        program.hold(None, None, np.ones((1, 1)), floor * (1 - PROVEN), np.inf)
        worth = lift.worth[small.cover.part] * small.cover.people
        fuller, _ = program.solve(nothing, worth / max(worth.sum(), TIE), TIE, seconds)
        if fuller is not None and lift.lowest(_there(fuller, kept)) >= floor * (1 - 2 * PROVEN):
            best = max(best, _there(fuller, kept), key=lift.total)
    value = lift.lowest(best)
    return Answer(chosen=tuple(sorted(best)), value=value, bound=max(value, min(bound, limit)))


def in_order(cover: Cover, chosen: Sequence[int], cost: FloatArray | None = None) -> list[int]:
    """The chosen candidates, the one that adds most people (for its cost) first; those that add nobody are left out."""
    left, order = sorted(chosen), []
    open_ = np.ones(len(cover.people), dtype=bool)
    while left:
        gains = cover.gains(open_)[left] / (1.0 if cost is None else cost[left])
        best = left[cover.first_best(gains)]
        if gains.max() <= 0:
            break
        order.append(best)
        left.remove(best)
        open_ &= ~cover.reached([best])
    return order
