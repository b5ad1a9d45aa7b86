"""How much speaks for two LKS of two registers being one institution, in bits: a bit doubles the odds.

Decides which pairs are worth a look (same id, name or rare word, near each other) and weighs name, place, services,
capacity, address and id. A word that few bear weighs more, a point that many share less. What an id is worth is
measured: renumbered ids say nothing. Every weight is the same with the registers changed over.

Gets wrong: an LKS that moved to another kabupaten under another name without an id that lasts is a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse
from scipy.spatial import KDTree

from lks_geo.comparing.sides import AREA_CODES, BoolArray, Both, Side
from lks_geo.geo import FloatArray, IntArray, chord_km, distance_km

NEAR_KM = 8.0
NEIGHBOURS = 10
"""How far, and how many of the nearest places, another name is looked for."""

PLACE_BITS = ((0.05, 9.0), (0.3, 6.0), (1.0, 5.0), (3.0, 2.0), (NEAR_KM, -1.0))
"""Below so many km, so many bits; beyond the last: ELSEWHERE or ANOTHER_KABUPATEN."""
ELSEWHERE, ANOTHER_KABUPATEN = -2.0, -5.0
CROWD_KM, NEARBY_KM = 0.3, 1.0
"""Within these distances, the more LKS stand there, the less it says that one stands there."""
SAME_DESA, SAME_KECAMATAN, SAME_KABUPATEN = 4.0, 1.5, 0.5
"""Where a point is not exact, or not known."""

NAME_AT_MOST = 9.0
"""What a name is worth at most, before the small bonus for the very same writing."""
ONE_WORD = 6.0
"""What one word is worth at most beside another kind of institution: "Panti Asuhan Bunda", "LKSPD Bunda"."""
SIMILAR, RATHER_SIMILAR = 85, 70
OTHER_NAME = -4.0

SAME_SERVICES, SHARED_SERVICES, OTHER_SERVICES = 2.0, 1.0, -2.0
SAME_CAPACITY, OTHER_CAPACITY, SAME_ADDRESS, ALL_THE_SAME = 1.5, -0.5, 3.0, 4.0
ID_AT_MOST, OTHER_ID_AT_LEAST = 10.0, -4.0
MOST_WORDS = 0.6
"""From which part of the shorter name, by weight, common words make two names nearly the same."""
FEW_BEARERS = 6
"""A word or an id that no more LKS bear joins all who bear it."""
BLOCK = 400
"""Pairs of one name: more than this are joined inside kabupaten only, then inside kecamatan only."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Pairs worth a look: positions `old` and `new`, and what speaks for each (`bits`, in all and by cause)."""

    old: IntArray
    new: IntArray
    causes: pd.DataFrame
    km: FloatArray
    similar: BoolArray
    """Whether the names are the same or nearly so."""
    id_trust: float
    """Bits that an equal id is worth in these registers."""

    @cached_property
    def bits(self) -> FloatArray:
        return self.causes.sum(axis=1).to_numpy()


def weigh(old: Side, new: Side) -> Evidence:
    """All pairs worth a look with the bits that speak for them: `nama`, `tempat`, `layanan`, `lain`, `id`."""
    both = Both(old, new)
    i, j = _candidates(both)
    name, similar = _name_bits(both, i, j)
    km = np.where(old.located[i] & new.located[j], distance_km(*old.lon_lat[i].T, *new.lon_lat[j].T), np.nan)
    services, same_services = _service_bits(old, new, i, j)
    same_key, same_id = both.equal("key", i, j), both.equal("id", i, j)
    other, same_capacity = _other_bits(both, i, j)
    same_place = (km < PLACE_BITS[0][0]) | (np.isnan(km) & both.equal("kode_kecamatan", i, j))
    same_rest = same_services & same_capacity & (old.active[i] == new.active[j])
    other_id = both.known("id", i, j) & ~same_id
    trust = _odds(same_id & similar, same_id & ~similar)
    clear = same_key & (km < CROWD_KM)
    against = _share(clear & other_id, clear & (same_id | other_id))
    causes = {
        "nama": name,
        "tempat": _place_bits(both, i, j, km),
        "layanan": services,
        "lain": other + ALL_THE_SAME * (same_key & same_place & same_rest),
        "id": np.select([same_id, other_id], [trust, against], 0.0),
    }
    return Evidence(old=i, new=j, causes=pd.DataFrame(causes), km=km, similar=similar, id_trust=trust)


def _odds(yes: BoolArray, no: BoolArray) -> float:
    """What an equal id is worth: how often it stands at an equal name, against another. Never below 0."""
    return float(np.clip(np.log2((yes.sum() + 0.5) / (no.sum() + 0.5)), 0.0, ID_AT_MOST))


def _share(part: BoolArray, whole: BoolArray) -> float:
    """What another id speaks against a pair: how rarely LKS that are plainly one have two ids."""
    return float(np.clip(np.log2((part.sum() + 0.5) / (whole.sum() + 0.5)), OTHER_ID_AT_LEAST, 0.0))


Pairs = tuple[IntArray, IntArray]


def _candidates(both: Both) -> Pairs:
    found = [*_by_text(both), *_by_word(both), *_by_place(both.old, both.new)]
    width = max(len(both.new), 1)
    code = np.sort(np.concatenate([i.astype(np.int64) * width + j for i, j in found]))
    code = code[np.r_[True, code[1:] != code[:-1]]] if len(code) else code
    return code // width, code % width


def _by_text(both: Both) -> Iterator[Pairs]:
    """LKS of one id, and of one name; of names that many bear only inside kabupaten or kecamatan; and all of a small
    kecamatan where one has no point."""
    codes = both.codes
    yield _joined(*codes["id"], FEW_BEARERS**2)
    for name in ("key", "core"):
        yield _joined(*codes[name], BLOCK)
        for area in ("kode_kabupaten", "kode_kecamatan"):
            yield _joined(*_together(codes[name], codes[area]), BLOCK)
    one, two = codes["kode_kecamatan"]
    yield _joined(np.where(both.old.located, -1, one), two, BLOCK)
    yield _joined(one, np.where(both.new.located, -1, two), BLOCK)


def _by_word(both: Both) -> Iterator[Pairs]:
    """LKS that share a word which few bear, anywhere or in their kabupaten."""
    rows = [side.words["row"].to_numpy() for side in (both.old, both.new)]
    code = pd.factorize(pd.concat([both.old.words["word"], both.new.words["word"]]))[0]
    words = code[: len(rows[0])], code[len(rows[0]) :]
    areas = both.codes["kode_kabupaten"]
    for one, two in (words, _together(words, (areas[0][rows[0]], areas[1][rows[1]]))):
        i, j = _joined(one, two, FEW_BEARERS**2)
        yield rows[0][i], rows[1][j]


def _together(first: Pairs, second: Pairs) -> Pairs:
    """Two codes as one, -1 where either is not known."""
    width = max(int(code.max(initial=0)) for code in second) + 1
    one, two = (np.where((a >= 0) & (b >= 0), a * width + b, -1) for a, b in zip(first, second, strict=True))
    code = pd.factorize(np.concatenate([one, two]))[0]
    return np.where(one >= 0, code[: len(one)], -1), np.where(two >= 0, code[len(one) :], -1)


def _joined(here: IntArray, there: IntArray, most: int) -> Pairs:
    """Positions with one code, unless that makes more than `most` pairs of it; -1 joins nothing."""
    size = max(int(code.max(initial=-1)) for code in (here, there)) + 1
    counts = [np.bincount(code[code >= 0], minlength=size) for code in (here, there)]
    few = np.r_[(counts[0] * counts[1] <= most) & (counts[1] > 0), False]  # the last is for -1
    i = np.flatnonzero(few[here])
    times = counts[1][here[i]]
    order = np.argsort(there, kind="stable")
    first = np.searchsorted(there[order], here[i])
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(i, times), order[np.repeat(first, times) + step]


def _by_place(old: Side, new: Side) -> Iterator[Pairs]:
    """The nearest LKS of the other register within NEAR_KM, both ways."""
    for one, two, swap in ((old, new, False), (new, old, True)):
        here, there = np.flatnonzero(one.located), np.flatnonzero(two.located)
        if len(here) and len(there):
            nearest = range(1, min(NEIGHBOURS, len(there)) + 1)
            limit = float(chord_km(NEAR_KM))
            near = np.asarray(KDTree(two.xyz[there]).query(one.xyz[here], k=nearest, distance_upper_bound=limit)[1])
            row, column = np.nonzero(near < len(there))
            pair = here[row], there[near[row, column]]
            yield pair[::-1] if swap else pair


def _name_bits(both: Both, i: IntArray, j: IntArray) -> tuple[FloatArray, BoolArray]:
    """Bits of the names, and whether they are the same or nearly so. Names that differ in a number are two."""
    size = max(len(both.old), len(both.new), 200)
    rarity = [np.clip(np.log2(2 * size / count), 0.5, NAME_AT_MOST) for count in both.bearers("core")]
    rare = np.minimum(rarity[0][i], rarity[1][j])
    cores = [np.array([text or "" for text in side.texts["core"]], dtype=object) for side in (both.old, both.new)]
    numbers = pd.factorize(np.array([_digits(text) for core in cores for text in core], dtype=object))[0]
    numbered = numbers[: len(cores[0])][i] == numbers[len(cores[0]) :][j]
    same_key, same_core = both.equal("key", i, j), both.equal("core", i, j)
    single = np.array([len(words) == 1 for words in both.old.telling], dtype=bool)[i]
    likeness = _likeness(cores[0], cores[1], i, j)
    shared, part = _shared_words(both.old, both.new, i, j, size)
    alike, worded = (likeness >= SIMILAR) & numbered, (part >= MOST_WORDS) & numbered
    bits = np.select(
        [same_key, same_core, alike, worded, (likeness >= RATHER_SIMILAR) & numbered],
        [rare + 1, np.where(single, np.minimum(rare, ONE_WORD), rare), 0.8 * rare, 0.7 * np.minimum(shared, rare), 1.0],
        OTHER_NAME,
    )
    return bits, same_key | same_core | alike | worded


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _likeness(
    one: npt.NDArray[np.object_], two: npt.NDArray[np.object_], i: IntArray, j: IntArray
) -> npt.NDArray[np.uint8]:
    """Similarity (0-100) of the texts of each pair."""
    parts = [
        process.cpdist(one[i[at]].tolist(), two[j[at]].tolist(), scorer=fuzz.ratio, dtype=np.uint8)
        for at in _slices(len(i))
    ]
    return np.concatenate([np.empty(0, dtype=np.uint8), *parts])


def _shared_words(old: Side, new: Side, i: IntArray, j: IntArray, size: int) -> tuple[FloatArray, FloatArray]:
    """Bits of the words that both names have, and which part of the shorter name that is."""
    codes, words = pd.factorize(pd.concat([old.words["word"], new.words["word"]]))
    if not len(words):
        return np.zeros(len(i)), np.zeros(len(i))
    split = len(old.words)
    counts = [np.bincount(part, minlength=len(words)) for part in (codes[:split], codes[split:])]
    bits = np.log2(2 * size / np.maximum(np.maximum(*counts), 1))
    rows = old.words["row"].to_numpy(), new.words["row"].to_numpy()
    here = sparse.csr_array((np.ones(split), (rows[0], codes[:split])), shape=(len(old), len(words)))
    there = sparse.csr_array((bits[codes[split:]], (rows[1], codes[split:])), shape=(len(new), len(words)))
    parts = ((here[i[at]] * there[j[at]]).sum(axis=1) for at in _slices(len(i)))
    shared: FloatArray = np.concatenate([np.zeros(0), *(np.asarray(part, dtype=float).ravel() for part in parts)])
    whole = np.minimum((here @ bits)[i], np.asarray(there.sum(axis=1)).ravel()[j])
    return shared, np.divide(shared, whole, out=np.zeros(len(i)), where=whole > 0)


def _slices(size: int, step: int = 300_000) -> Iterator[slice]:
    return (slice(start, start + step) for start in range(0, size, step))


def _place_bits(both: Both, i: IntArray, j: IntArray, km: FloatArray) -> FloatArray:
    old, new = both.old, both.new
    desa, kecamatan, kabupaten = (both.equal(name, i, j) for name in AREA_CODES)
    known = both.known("kode_kabupaten", i, j)
    far = np.where(known & ~kabupaten, ANOTHER_KABUPATEN, ELSEWHERE)
    bits = np.select([km < limit for limit, _ in PLACE_BITS], [weight for _, weight in PLACE_BITS], far)
    for nearest, farthest in ((0.0, CROWD_KM), (CROWD_KM, NEARBY_KM)):
        close = (km >= nearest) & (km < farthest)
        crowd = np.maximum(_crowd(old, new, farthest)[i[close]], _crowd(new, old, farthest)[j[close]])
        bits[close] = np.maximum(bits[close] - np.log2(crowd), 0.0)
    rough = np.select(
        [desa, kecamatan, kabupaten, known],
        [SAME_DESA, SAME_KECAMATAN, np.where(np.isnan(km), SAME_KABUPATEN, ELSEWHERE), ANOTHER_KABUPATEN],
        0.0,
    )
    return np.where(old.exact[i] & new.exact[j], bits, rough)


def _crowd(here: Side, there: Side, km: float) -> FloatArray:
    """How many LKS of the other register stand so near each; at least one."""
    crowd = np.ones(len(here))
    if here.exact.any() and there.exact.any():
        tree = KDTree(there.xyz[there.exact])
        count = tree.query_ball_point(here.xyz[here.exact], float(chord_km(km)), return_length=True)
        crowd[here.exact] = np.maximum(count, 1)
    return crowd


def _service_bits(old: Side, new: Side, i: IntArray, j: IntArray) -> tuple[FloatArray, BoolArray]:
    """Bits of the services, and where they are equal. What serves nobody known says nothing."""
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys([*old.served, *new.served]))}
    one, two = (np.array([kinds[kind] for kind in side.served], dtype=np.int64) for side in (old, new))
    pair, which = np.unique(one[i] * len(kinds) + two[j], return_inverse=True)
    sets = list(kinds)
    weights = [_service_weight(sets[code // len(sets)], sets[code % len(sets)]) for code in pair.tolist()]
    return np.array(weights, dtype=float)[which], one[i] == two[j]


def _service_weight(one: frozenset[str], two: frozenset[str]) -> float:
    if not one or not two:
        return 0.0
    if one == two:
        return SAME_SERVICES
    return SHARED_SERVICES if one & two else OTHER_SERVICES


def _other_bits(both: Both, i: IntArray, j: IntArray) -> tuple[FloatArray, BoolArray]:
    """Bits of capacity and address, and where the capacity is the same or not known on either side."""
    first, second = both.old.capacity[i], both.new.capacity[j]
    known = ~np.isnan(first) & ~np.isnan(second)
    capacity = np.where(known, np.where(first == second, SAME_CAPACITY, OTHER_CAPACITY), 0.0)
    worth = np.maximum(SAME_ADDRESS - np.log2(both.bearers("address")[0][i]), 0.0)
    address = np.where(both.equal("address", i, j), worth, 0.0)
    return capacity + address, (first == second) | (np.isnan(first) & np.isnan(second))
