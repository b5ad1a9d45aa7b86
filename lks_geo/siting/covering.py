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
from scipy import sparse
from scipy.spatial import KDTree

from lks_geo.geo import EDGE_KM, FloatArray, IntArray, arc_km, chord_km

BoolArray = npt.NDArray[np.bool_]
TIE = 1e-9
"""Two gains that differ by less than this share of all people are equal."""
_PATIENCE = 10
_SWEEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Pieces (rows) still to be reached: their `people`, the candidates that reach them (`by`, rows x candidates, 0/1),
    and what they are part of (`part`: a kabupaten, or one of several reaches; plans may look at each part)."""

    people: FloatArray
    by: sparse.csr_array
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


def within_reach(xyz: FloatArray, sites_xyz: FloatArray, reach_km: float) -> sparse.csr_array:
    """Which sites reach which points, both in earth-centred km (points x sites, 0/1; distance = reach counts)."""
    near = KDTree(xyz).sparse_distance_matrix(KDTree(sites_xyz), float(chord_km(reach_km)), output_type="ndarray")
    near = near[arc_km(near["v"]) <= reach_km + EDGE_KM]
    return _zero_one(near["i"], near["j"], (len(xyz), len(sites_xyz)))


def _zero_one(row: IntArray, column: IntArray, shape: tuple[int, int]) -> sparse.csr_array:
    matrix = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    matrix.sort_indices()
    return matrix


def open_cover(people: FloatArray, by: sparse.csr_array, part: IntArray, open_: BoolArray) -> Cover:
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


def without_dominated(cover: Cover) -> IntArray:
    """The candidates (positions) worth looking at: each of the others reaches only pieces that one of these reaches."""
    number = np.diff(cover.by.tocsc().indptr)
    common = sparse.coo_array(cover.by.T @ cover.by)
    smaller, larger = common.coords
    whole = (common.data == number[smaller]) & (smaller != larger)
    smaller, larger = smaller[whole], larger[whole]
    lost = (number[larger] > number[smaller]) | (larger < smaller)
    kept = number > 0
    kept[smaller[lost]] = False
    return np.flatnonzero(kept)


def smallest(cover: Cover) -> tuple[Cover, IntArray]:
    """The cover of the candidates worth looking at, and their positions in the cover as it was."""
    kept = without_dominated(cover)
    return only(cover, kept), kept


def only(cover: Cover, kept: IntArray) -> Cover:
    """The cover of these candidates; pieces that none of them reaches are dropped."""
    by = sparse.csr_array(cover.by[:, kept])
    left = np.flatnonzero(np.diff(by.indptr) > 0)
    return merged(Cover(people=cover.people[left], by=by[left], part=cover.part[left]))


def greedy(cover: Cover, sites: int, apart: sparse.csr_array | None = None) -> list[int]:
    """The site that reaches most, then the one that adds most, and so on; ends when nothing is added.

    `apart`: candidates that may not stand together (candidates x candidates).
    """
    chosen: list[int] = []
    columns = cover.by.tocsc()
    open_ = np.ones(len(cover.people), dtype=bool)
    free = np.ones(cover.by.shape[1], dtype=bool)
    left = cover.gains(open_)
    while len(chosen) < sites and free.any():
        gains = np.where(free, left, -1.0)
        best = cover.first_best(gains)
        if gains[best] <= TIE * cover.total:
            break
        chosen.append(best)
        free[best] = False
        if apart is not None:
            free[apart[[best]].indices] = False
        near = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        fresh = near[open_[near]]
        open_[fresh] = False
        left -= cover.people[fresh] @ cover.by[fresh]
    return chosen


def swaps(cover: Cover, chosen: Sequence[int], site: int, apart: sparse.csr_array | None = None) -> FloatArray:
    """The gain of the plan if each candidate stood in the place of the chosen `site`; -1 where none can."""
    others = [other for other in chosen if other != site]
    reached = cover.reached(others)
    gains = float(cover.people[reached].sum()) + cover.gains(~reached)
    gains[others] = -1.0
    if apart is not None and others:
        gains[apart[others].indices] = -1.0
    return gains


def improved(cover: Cover, chosen: Sequence[int], apart: sparse.csr_array | None = None) -> list[int]:
    """The plan after exchanging one site for a better one, or for an equal one of a lower code, while there is any."""
    return exchanged(chosen, lambda plan, site: swaps(cover, plan, site, apart), TIE * cover.total)


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


def relaxed(cover: Cover, sites: int, plan: Sequence[int], rounds: int = 500) -> Relaxed:
    """What no plan of so many sites exceeds (Lagrangean relaxation, subgradient steps from a plan that is known).

    Each piece pays a part `price` of its people to the candidates that reach it. Then the best candidates are simply
    the best paid, and so many people as are left unpaid come on top: no plan reaches more, whatever the prices.
    """
    by_site = sparse.csr_array(cover.by.T)
    price = cover.people / np.maximum(1, np.diff(cover.by.indptr))
    known, chosen = cover.gain(plan), list(plan)
    bound, at_most = cover.total, np.full(cover.by.shape[1], cover.total)
    step, stale = 2.0, 0
    for _ in range(rounds):
        paid = np.asarray(by_site @ price)
        best = np.argsort(-paid, kind="stable")[:sites]
        value = float((cover.people - price).sum() + paid[best].sum())
        replaced = paid[best[-1]] if len(best) == sites else 0.0
        at_most = np.minimum(at_most, value - np.maximum(replaced - paid, 0.0))
        counts = cover.counts(best.tolist())
        if (gain := float(cover.people[counts > 0].sum())) > known:
            known, chosen = gain, best.tolist()
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
