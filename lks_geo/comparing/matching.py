"""Which LKS of two registers are one institution: one to one, the most evidence in all, doubts told.

Decides: pairs with at least POSSIBLE bits may be one; of each knot of such pairs those are taken that have most bits
together. A pair with fewer than SURE bits (more where the registers are larger than OFFICE), or one that another choice
would beat with fewer than MARGIN bits less, is doubtful and stands with what it may be instead. What a person settled
holds, in the file of `--pairs`, which an earlier comparison wrote or somebody typed: a line names an LKS of the old and
one of the new register by id, and by name if there is one; "sama" (or no answer column at all) joins, "beda" parts. A
line whose second LKS stands in the old register is of the year before: it hands on the id that lasts.

Gets wrong: of two LKS alike in all that is compared it may take either; that changes no number. An id that was
given anew to an LKS of the same name counts as the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from lks_geo.comparing.evidence import Evidence
from lks_geo.comparing.sides import BoolArray, Side
from lks_geo.errors import LksGeoError
from lks_geo.geo import FloatArray, IntArray, distance_km
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.identity import name_key
from lks_geo.sheets.folding import fold
from lks_geo.sheets.open_sheets import open_sheets

POSSIBLE = 3.0
"""Bits from which two LKS may be one."""
SURE = 7.5
"""Bits from which they are one, if nothing comes near."""
OFFICE, DOUBLED = 200, 1.25
"""Of more LKS than OFFICE more are alike by chance: so many bits more for each doubling, unless the id is the same."""
MARGIN = 3.0
"""Bits by which a pair must be better than what could stand instead."""
_KNOT = 500
"""A knot of more LKS on one side than this is untied as a sparse table, which costs memory by pairs, not by LKS."""


@dataclass(frozen=True, kw_only=True)
class Matching:
    """`old`, `new`: positions of the pairs; per pair `bits`, `margin` (bits to what could stand instead), `doubtful`,
    `km` between the points (NaN: not known), `settled` (by a person). `rivals`: pairs (positions old, new) that may be
    meant instead of a doubtful one, with their `bits` and `km`; `at` is the position of the pair they challenge."""

    old: IntArray
    new: IntArray
    bits: FloatArray
    margin: FloatArray
    doubtful: BoolArray
    km: FloatArray
    settled: BoolArray
    rivals: pd.DataFrame
    evidence: Evidence


def match(old: Side, new: Side, evidence: Evidence, same: IntArray, other: IntArray) -> Matching:
    """The pairs. `same`, `other`: settled pairs as arrays (n, 2) of positions that are one institution, or two."""
    width = max(len(new), 1)
    parted = np.isin(evidence.old * width + evidence.new, other[:, 0] * width + other[:, 1])
    free = ~np.isin(evidence.old, same[:, 0]) & ~np.isin(evidence.new, same[:, 1]) & ~parted
    at = np.flatnonzero(free & (evidence.bits >= POSSIBLE))
    edges = _Edges(i=evidence.old[at], j=evidence.new[at], bits=evidence.bits[at], rows=len(old), columns=len(new))
    taken = edges.best_together()
    margin, rival = _margins(edges, taken, _profile(old), _profile(new))
    chosen = at[taken]
    sure = is_sure(old, new, evidence)
    doubtful = ~sure[chosen] | (margin < MARGIN)
    for place in np.flatnonzero(doubtful & (rival >= 0)).tolist():
        both_sure = sure[chosen[place]] and sure[at[rival[place]]]
        doubtful[place] = not (both_sure and _is_kin(edges, taken, taken[place], rival[place], old, new))
    rivals = pd.DataFrame({"at": np.arange(len(taken)), "edge": rival})[doubtful & (rival >= 0)]
    told = at[rivals["edge"].to_numpy()]
    rivals = rivals.assign(
        old=evidence.old[told], new=evidence.new[told], bits=evidence.bits[told], km=evidence.km[told]
    )
    size = len(same)
    return Matching(
        old=np.concatenate([evidence.old[chosen], same[:, 0]]),
        new=np.concatenate([evidence.new[chosen], same[:, 1]]),
        bits=np.concatenate([evidence.bits[chosen], np.full(size, np.nan)]),
        margin=np.concatenate([margin, np.full(size, np.nan)]),
        doubtful=np.concatenate([doubtful, np.zeros(size, dtype=bool)]),
        km=np.concatenate([evidence.km[chosen], _apart_km(old, new, same)]),
        settled=np.concatenate([np.zeros(len(chosen), dtype=bool), np.ones(size, dtype=bool)]),
        rivals=rivals[["at", "old", "new", "bits", "km"]].reset_index(drop=True),
        evidence=evidence,
    )


def is_sure(old: Side, new: Side, evidence: Evidence) -> BoolArray:
    """Which pairs have bits enough to be one, if nothing comes near."""
    by_chance = DOUBLED * np.log2(max(len(old), len(new), OFFICE) / OFFICE)
    return evidence.bits >= np.where(evidence.causes["id"].to_numpy() > 0, SURE, SURE + by_chance)


def _apart_km(old: Side, new: Side, pairs: IntArray) -> FloatArray:
    i, j = pairs.T
    return np.where(old.located[i] & new.located[j], distance_km(*old.lon_lat[i].T, *new.lon_lat[j].T), np.nan)


def _is_kin(edges: _Edges, taken: IntArray, own: int, rival: int, old: Side, new: Side) -> bool:
    """Whether the rival of a sure pair is no rival but a part: two LKS, with one half of the services each, that became
    one, or one that became two."""
    if edges.j[own] == edges.j[rival] and edges.i[rival] not in edges.i[taken]:
        one, two, whole = old.served[edges.i[own]], old.served[edges.i[rival]], new.served[edges.j[own]]
    elif edges.i[own] == edges.i[rival] and edges.j[rival] not in edges.j[taken]:
        one, two, whole = new.served[edges.j[own]], new.served[edges.j[rival]], old.served[edges.i[own]]
    else:
        return False
    return bool(one and two) and not one & two and one | two <= whole


def _profile(side: Side) -> IntArray:
    """A number per LKS, the same for those that nothing compared tells apart."""
    spots = np.round(np.nan_to_num(side.lon_lat), 4)
    names = ("key", "kode_desa", "kode_kecamatan")
    texts = [*(side.texts[name] for name in names), [str(found) for found in side.places["layanan"]]]
    told: list[FloatArray] = [pd.factorize(np.array(text, dtype=object))[0].astype(float) for text in texts]
    told += [side.active, np.nan_to_num(side.capacity, nan=-1), *spots.T]
    return np.unique(np.column_stack(told), axis=0, return_inverse=True)[1].ravel()


@dataclass(frozen=True, kw_only=True)
class _Edges:
    """Pairs that may be: each old `i` and new `j` with its bits, sorted by i, then j."""

    i: IntArray
    j: IntArray
    bits: FloatArray
    rows: int
    columns: int

    @property
    def worth(self) -> FloatArray:
        return self.bits - POSSIBLE

    def best_together(self) -> IntArray:
        """The edges that are taken: one to one, most bits in all."""
        sure = self._beyond_question()
        left = np.flatnonzero(~np.isin(self.i, self.i[sure]) & ~np.isin(self.j, self.j[sure]))
        taken = [sure]
        if len(left):
            graph = sparse.coo_array(
                (np.ones(len(left), dtype=np.int8), (self.i[left], self.rows + self.j[left])),
                shape=(self.rows + self.columns, self.rows + self.columns),
            )
            knot = connected_components(graph, directed=False)[1][self.i[left]]
            order = np.argsort(knot, kind="stable")
            starts = np.flatnonzero(np.diff(knot[order], prepend=-1))
            taken += [self._untie(left[part]) for part in np.split(order, starts[1:])]
        return np.sort(np.concatenate(taken))

    def _beyond_question(self) -> IntArray:
        """Edges worth more than the next best of both their ends together: they are in any best choice."""
        worth = self.worth
        next_i, next_j = _next_best(self.i, worth, self.rows), _next_best(self.j, worth, self.columns)
        return np.flatnonzero(worth > next_i + next_j)

    def _untie(self, edges: IntArray) -> IntArray:
        """The best choice of one knot."""
        if len(edges) == 1:
            return edges
        rows, row = np.unique(self.i[edges], return_inverse=True)
        columns, column = np.unique(self.j[edges], return_inverse=True)
        if max(len(rows), len(columns)) > _KNOT:
            return self._untie_large(edges, row, column)
        gain = np.zeros((len(rows), len(columns)))
        gain[row, column] = self.worth[edges] + 1e-9
        at = np.full(gain.shape, -1)
        at[row, column] = edges
        chosen = at[linear_sum_assignment(gain, maximize=True)]
        return chosen[chosen >= 0]

    def _untie_large(self, edges: IntArray, row: IntArray, column: IntArray) -> IntArray:
        """The best choice of a large knot: every old LKS may also stay alone, in a column of its own."""
        rows, columns = int(row.max()) + 1, int(column.max()) + 1
        worth = self.worth[edges] + 1e-9
        dear = float(worth.max()) + 1.0
        alone = np.arange(rows)
        cost = sparse.csr_array(
            (
                np.concatenate([dear - worth, np.full(rows, dear)]),
                (np.concatenate([row, alone]), np.concatenate([column, columns + alone])),
            ),
            shape=(rows, columns + rows),
        )
        chosen = min_weight_full_bipartite_matching(cost)
        code = row * columns + column
        order = np.argsort(code)
        wanted = (chosen[0] * columns + chosen[1])[chosen[1] < columns]
        return np.asarray(edges[order[np.searchsorted(code[order], wanted)]])


def _next_best(end: IntArray, worth: FloatArray, size: int) -> FloatArray:
    """For each edge the worth of the best other edge at the same end, 0 if there is none."""
    order = np.lexsort((-worth, end))
    sorted_end, sorted_worth = end[order], worth[order]
    first = np.r_[True, sorted_end[1:] != sorted_end[:-1]] if len(order) else np.empty(0, dtype=bool)
    best, second = np.zeros(size), np.zeros(size)
    best[sorted_end[first]] = sorted_worth[first]
    after = np.r_[False, first[:-1]] & ~first if len(order) else first
    second[sorted_end[after]] = sorted_worth[after]
    top = np.zeros(len(end), dtype=bool)
    top[order[first]] = True
    return np.where(top, second[end], best[end])


def _margins(edges: _Edges, taken: IntArray, old: IntArray, new: IntArray) -> tuple[FloatArray, IntArray]:
    """Of each taken edge how many bits the best other choice has less, and the edge that would then be taken (-1).

    Other choices: another partner that is free, or one that gives up its own partner for the one that becomes free.
    """
    width, code = max(edges.columns, 1), edges.i * max(edges.columns, 1) + edges.j
    place = np.full(len(code), -1)
    place[taken] = np.arange(len(taken))
    of_i, of_j = np.full(edges.rows, -1), np.full(edges.columns, -1)
    of_i[edges.i[taken]] = of_j[edges.j[taken]] = taken
    others = np.flatnonzero(place < 0)
    owners = of_i[edges.i[others]], of_j[edges.j[others]]
    margin, rival = np.full(len(taken), np.inf), np.full(len(taken), -1)
    for mine, theirs, by_old in ((*owners, True), (*owners[::-1], False)):
        own, away, edge = mine[mine >= 0], theirs[mine >= 0], others[mine >= 0]
        swapped = away >= 0
        same_old = old[edges.i[own]] == old[np.where(swapped, edges.i[away], edges.i[edge])]
        same_new = new[edges.j[own]] == new[np.where(swapped, edges.j[away], edges.j[edge])]
        alike = np.where(swapped, same_old | same_new, same_old & same_new)
        left, free = (away, own) if by_old else (own, away)
        back = edges.i[left] * width + edges.j[free]
        found = np.minimum(np.searchsorted(code, back), len(code) - 1)
        regained = np.where(code[found] == back, edges.bits[found], POSSIBLE)
        lost = np.where(swapped, edges.bits[away] - np.maximum(regained, POSSIBLE), 0.0)
        loss = np.where(alike, np.inf, edges.bits[own] + lost - edges.bits[edge])
        order = np.argsort(-loss, kind="stable")
        step, which = np.full(len(taken), np.inf), np.full(len(taken), -1)
        step[place[own[order]]], which[place[own[order]]] = loss[order], edge[order]
        closer = step < margin
        margin[closer], rival[closer] = step[closer], which[closer]
    return margin, rival


ANSWERS = {
    True: ("sama", "ya", "y", "same", "yes"),
    False: ("beda", "tidak", "bukan", "t", "different", "no"),
}
"""What stands in the column of answers, folded."""
_HEAD = 60
"""How far down the headings may stand."""
_COLUMNS = ("id_lama", "nama_lama", "id_baru", "nama_baru", "keputusan", "id_tetap")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """`same`, `other`: positions (old, new) of settled pairs, shape (n, 2). `lasting`: position in the old register ->
    the id that lasts. `unknown`: answered lines whose LKS are in neither register."""

    same: IntArray
    other: IntArray
    lasting: dict[int, str]
    unknown: int = 0


NOTHING = Settled(same=np.empty((0, 2), dtype=np.int64), other=np.empty((0, 2), dtype=np.int64), lasting={})


def read_settled(path: Path, old: Side, new: Side) -> Settled:
    """What a file says about the pairs of these registers; a file without `id_lama` and `id_baru` is an error."""
    lines = _lines(path)
    pairs: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    lasting: dict[int, str] = {}
    unknown = 0
    known = _Finder(old), _Finder(new)
    for line in lines.to_dict("records"):
        first = known[0].find(line["id_lama"], line["nama_lama"])
        second = known[1].find(line["id_baru"], line["nama_baru"])
        answer = _answer(line["keputusan"], path)
        if answer is not None and first is not None and second is not None:
            pairs[answer].add((first, second))
        later = known[0].find(line["id_baru"], line["nama_baru"])
        unknown += answer is not None and later is None and (first is None or second is None)
        owner = later if later is not None else first
        if owner is not None and line["id_tetap"]:
            lasting.setdefault(owner, line["id_tetap"])
    _refuse_twice(pairs[True], path, old, new)
    same, other = (np.array(sorted(pairs[answer]), dtype=np.int64).reshape(-1, 2) for answer in (True, False))
    return Settled(same=same, other=other, lasting=lasting, unknown=unknown)


class _Finder:
    """LKS of one register by id and name."""

    def __init__(self, side: Side) -> None:
        self.names = [name_key(name) if isinstance(name, str) else "" for name in side.places["nama"]]
        self.at = {str(text).casefold(): row for row, text in enumerate(side.places["id"])}
        for row, text in enumerate(side.texts["id"]):
            if text is not None:
                self.at.setdefault(text, row)

    def find(self, written: str, name: str) -> int | None:
        row = self.at.get(written.casefold())
        return None if row is None or (name and name_key(name) != self.names[row]) else row


def _lines(path: Path) -> pd.DataFrame:
    """The lines of the first sheet with the needed headings: text, "" where blank, columns _COLUMNS."""
    for sheet in open_sheets(path):
        for head in range(-1 if sheet.headings else 0, min(len(sheet.cells), _HEAD)):
            titles = [fold(text) for text in (sheet.headings or () if head < 0 else sheet.line(head))]
            if {"id_lama", "id_baru"} <= set(titles):
                cells = sheet.cells.iloc[head + 1 :].fillna("")
                for_people = [Texts(lang)("comparing.column_id_lama") for lang in LANGUAGES]  # titles below the keys
                cells = cells[~cells.iloc[:, titles.index("id_lama")].isin(for_people)]
                found = {name: cells.iloc[:, titles.index(name)].map(_plain) for name in _COLUMNS if name in titles}
                table = pd.DataFrame(found).reindex(columns=list(_COLUMNS))
                table["keputusan"] = table["keputusan"].fillna("" if "keputusan" in titles else "sama")
                return table.fillna("")
    raise LksGeoError.of("comparing.no_pairs", path=path.name)


def _plain(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from reading a formula."""
    return text.strip().removeprefix("'")


def _answer(text: str, path: Path) -> bool | None:
    folded = fold(text)
    if not folded:
        return None
    for answer, words in ANSWERS.items():
        if folded in words:
            return answer
    raise LksGeoError.of("comparing.not_answer", path=path.name, found=text)


def _refuse_twice(pairs: set[tuple[int, int]], path: Path, old: Side, new: Side) -> None:
    """One LKS is one LKS: a file that joins it to two is an error that names it."""
    for end, side in ((0, old), (1, new)):
        rows = [pair[end] for pair in pairs]
        twice = sorted({row for row in rows if rows.count(row) > 1}) if len(set(rows)) < len(rows) else []
        if twice:
            raise LksGeoError.of("comparing.settled_twice", path=path.name, id=str(side.places["id"].iloc[twice[0]]))
