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

from lks_geo.geo import FloatArray, IntArray, chord_km, distance_km, ecef_km
from lks_geo.register.identity import core_key, core_words, name_key
from lks_geo.sheets.folding import compact

BoolArray = npt.NDArray[np.bool_]

NEAR_KM = 8.0
NEIGHBOURS = 10
"""How far, and how many of the nearest places, another name is looked for."""

PLACE_BITS = ((0.05, 9.0), (0.3, 6.0), (1.0, 5.0), (3.0, 2.0), (NEAR_KM, -1.0))
"""Below so many km, so many bits; beyond the last: ELSEWHERE or ANOTHER_KABUPATEN."""
ELSEWHERE, ANOTHER_KABUPATEN = -2.0, -5.0
CROWD_KM = 0.3
SAME_DESA, SAME_KECAMATAN, SAME_KABUPATEN = 4.0, 1.5, 0.5
"""Where a point is not exact, or not known."""

NAME_AT_MOST = 9.0
"""What a name is worth at most, before the small bonus for the very same writing."""
SIMILAR, RATHER_SIMILAR = 85, 70
OTHER_NAME = -4.0

SAME_SERVICES, SHARED_SERVICES, OTHER_SERVICES = 2.0, 1.0, -2.0
SAME_CAPACITY, OTHER_CAPACITY, SAME_ADDRESS, ALL_THE_SAME = 1.5, -0.5, 3.0, 4.0
ID_AT_MOST, OTHER_ID_AT_LEAST = 10.0, -4.0
FEW_BEARERS = 6
"""A word or an id that no more LKS bear joins all who bear it."""
BLOCK = 400
"""Pairs of one name: more than this are joined inside kabupaten only, then inside kecamatan only."""


@dataclass(frozen=True)
class Side:
    """The LKS of one register that may be paired. `places`: RangeIndex, REGISTER_COLUMNS, none disguised."""

    places: pd.DataFrame

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def table(self) -> pd.DataFrame:
        """What is compared: `key`, `core` (text), `id`, codes, `address` (NA if not known), `capacity` (float)."""
        names = [name if isinstance(name, str) else None for name in self.places["nama"]]
        address = [compact(text) if isinstance(text, str) else "" for text in self.places["alamat"]]
        text = {
            "key": [name_key(name) for name in names],
            "core": [core_key(name) for name in names],
            "id": self.places["id_tertulis"].str.casefold().to_numpy(dtype=object),
            "address": [part or None for part in address],
        } | {code: self.places[code].to_numpy(dtype=object) for code in _CODES}
        table = pd.DataFrame({name: pd.array(values, dtype="str") for name, values in text.items()})
        return table.assign(capacity=self.places["kapasitas"].to_numpy(dtype=float, na_value=np.nan))

    @cached_property
    def words(self) -> pd.DataFrame:
        """`row`, `word`: the telling words of each name, each once."""
        words = [core_words(name if isinstance(name, str) else None) for name in self.places["nama"]]
        rows = np.repeat(np.arange(len(words)), [len(found) for found in words])
        return pd.DataFrame({"row": rows, "word": [word for found in words for word in found]}).drop_duplicates()

    @cached_property
    def lon_lat(self) -> FloatArray:
        return self.places[["bujur", "lintang"]].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def located(self) -> BoolArray:
        """Whether there is any point, be it the middle of the desa."""
        known = self.places["lokasi"].ne("tanpa_titik").to_numpy(dtype=bool)
        return np.asarray(known & ~np.isnan(self.lon_lat).any(axis=1))

    @cached_property
    def exact(self) -> BoolArray:
        """Whether the point is the own one of the LKS."""
        return np.asarray(self.located & self.places["lokasi"].isin(["titik", "luar_wilayah"]).to_numpy(dtype=bool))

    @cached_property
    def served(self) -> list[frozenset[str]]:
        """The groups and other services of each LKS."""
        pairs = zip(self.places["kelompok"], self.places["layanan_lain"], strict=True)
        return [frozenset({*groups, *others}) for groups, others in pairs]

    @cached_property
    def xyz(self) -> FloatArray:
        return ecef_km(*np.nan_to_num(self.lon_lat).T)


_CODES = ("kode_desa", "kode_kecamatan", "kode_kabupaten")


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
    i, j = _candidates(old, new)
    one, two = old.table.take(i).reset_index(drop=True), new.table.take(j).reset_index(drop=True)
    name, similar = _name_bits(old, new, i, j)
    km = np.where(old.located[i] & new.located[j], distance_km(*old.lon_lat[i].T, *new.lon_lat[j].T), np.nan)
    services, same_services = _service_bits(old, new, i, j)
    same_key = (one["key"] == two["key"]).to_numpy(dtype=bool)
    other, same_rest = _other_bits(old, new, i, j)
    same_place = (km < PLACE_BITS[0][0]) | (np.isnan(km) & _equal(one["kode_kecamatan"], two["kode_kecamatan"]))
    active = old.places["aktif"].astype("boolean").to_numpy(dtype=float, na_value=-1)[i]
    same_rest &= active == new.places["aktif"].astype("boolean").to_numpy(dtype=float, na_value=-1)[j]
    same_id = _equal(one["id"], two["id"])
    other_id = (one["id"].notna() & two["id"].notna()).to_numpy() & ~same_id
    trust = _odds(same_id & similar, same_id & ~similar)
    clear = same_key & (km < CROWD_KM)
    against = _share(clear & other_id, clear & (same_id | other_id))
    causes = {
        "nama": name,
        "tempat": _place_bits(old, new, i, j, km),
        "layanan": services,
        "lain": other + ALL_THE_SAME * (same_key & same_place & same_services & same_rest),
        "id": np.select([same_id, other_id], [trust, against], 0.0),
    }
    return Evidence(old=i, new=j, causes=pd.DataFrame(causes), km=km, similar=similar, id_trust=trust)


def _equal(one: pd.Series[str], two: pd.Series[str]) -> BoolArray:
    """Where both are known and equal, row by row."""
    first, second = one.to_numpy(dtype=object), two.to_numpy(dtype=object)
    return np.asarray(one.notna().to_numpy() & two.notna().to_numpy() & (first == second), dtype=bool)


def _odds(yes: BoolArray, no: BoolArray) -> float:
    """What an equal id is worth: how often it stands at an equal name, against another. Never below 0."""
    return float(np.clip(np.log2((yes.sum() + 0.5) / (no.sum() + 0.5)), 0.0, ID_AT_MOST))


def _share(part: BoolArray, whole: BoolArray) -> float:
    """What another id speaks against a pair: how rarely LKS that are plainly one have two ids."""
    return float(np.clip(np.log2((part.sum() + 0.5) / (whole.sum() + 0.5)), OTHER_ID_AT_LEAST, 0.0))


def _candidates(old: Side, new: Side) -> tuple[IntArray, IntArray]:
    found = [*_by_text(old, new), *_by_word(old, new), *_by_place(old, new)]
    code = np.unique(np.concatenate([i.astype(np.int64) * max(len(new), 1) + j for i, j in found]))
    return code // max(len(new), 1), code % max(len(new), 1)


Pairs = tuple[IntArray, IntArray]


def _by_text(old: Side, new: Side) -> Iterator[Pairs]:
    """LKS of one id, and of one name; of names that many bear only inside kabupaten or kecamatan."""
    one, two = old.table, new.table
    yield _joined(one["id"], two["id"], FEW_BEARERS**2)
    for name in ("key", "core"):
        yield _joined(one[name], two[name], BLOCK)
        for area in ("kode_kabupaten", "kode_kecamatan"):
            yield _joined(one[name] + "@" + one[area], two[name] + "@" + two[area], BLOCK)


def _by_word(old: Side, new: Side) -> Iterator[Pairs]:
    """LKS that share a word which few bear, anywhere or in their kabupaten."""
    words = [side.words["word"] for side in (old, new)]
    rows = [side.words["row"].to_numpy() for side in (old, new)]
    inside = [
        word + "@" + side.table["kode_kabupaten"].take(row).set_axis(word.index)
        for side, word, row in zip((old, new), words, rows, strict=True)
    ]
    for one, two in (words, inside):
        i, j = _joined(one, two, FEW_BEARERS**2)
        yield rows[0][i], rows[1][j]


def _joined(one: pd.Series[str], two: pd.Series[str], most: int) -> Pairs:
    """Positions that agree, unless that makes more than `most` pairs of one text; what is not known joins nothing."""
    code, texts = pd.factorize(pd.concat([one, two]))
    here, there = code[: len(one)], code[len(one) :]
    counts = [np.bincount(part[part >= 0], minlength=len(texts)) for part in (here, there)]
    few = np.r_[(counts[0] * counts[1] <= most) & (counts[1] > 0), False]  # the last is for code -1
    i = np.flatnonzero(few[here])
    times = counts[1][here[i]]
    order = np.argsort(there, kind="stable")
    first = np.searchsorted(there[order], here[i])
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(i, times), order[np.repeat(first, times) + step]


def _by_place(old: Side, new: Side) -> Iterator[Pairs]:
    """The nearest LKS of the other register within NEAR_KM, both ways; and all of a small kecamatan without points."""
    for one, two, swap in ((old, new, False), (new, old, True)):
        here, there = np.flatnonzero(one.located), np.flatnonzero(two.located)
        if len(here) and len(there):
            tree = KDTree(two.xyz[there])
            nearest = min(NEIGHBOURS, len(there))
            _, near = tree.query(one.xyz[here], k=range(1, nearest + 1), distance_upper_bound=float(chord_km(NEAR_KM)))
            row, column = np.nonzero(np.asarray(near) < len(there))
            pair = here[row], there[np.asarray(near)[row, column]]
            yield pair[::-1] if swap else pair
    one, two = (side.table["kode_kecamatan"] for side in (old, new))
    yield _joined(one.mask(old.located), two, BLOCK)
    yield _joined(one, two.mask(new.located), BLOCK)


def _name_bits(old: Side, new: Side, i: IntArray, j: IntArray) -> tuple[FloatArray, BoolArray]:
    """Bits of the names, and whether they are the same or nearly so. Names that differ in a number are two."""
    one, two = old.table, new.table
    size = max(len(old), len(new), 200)
    rarity = [_rarity(one["core"], two["core"], size)[i], _rarity(two["core"], one["core"], size)[j]]
    rare = np.minimum(*rarity)
    cores = one["core"].to_numpy(dtype=object)[i], two["core"].to_numpy(dtype=object)[j]
    likeness = _pairwise(cores[0], cores[1])
    digits = [np.array(["".join(filter(str.isdigit, text)) for text in side["core"]], dtype=object) for side in (one, two)]
    numbered = digits[0][i] == digits[1][j]
    shared, part = _shared_words(old, new, i, j, size)
    same_core = cores[0] == cores[1]
    same_key = (one["key"].to_numpy(dtype=object)[i] == two["key"].to_numpy(dtype=object)[j]) & (cores[0] != "")
    alike = (likeness >= SIMILAR) & numbered
    worded = (part >= 0.6) & numbered
    bits = np.select(
        [same_key, same_core & (cores[0] != ""), alike, worded, (likeness >= RATHER_SIMILAR) & numbered],
        [rare + 1, rare, 0.8 * rare, np.minimum(0.7 * shared, 0.8 * rare), 1.0],
        OTHER_NAME,
    )
    return bits, same_key | same_core | alike | worded


def _pairwise(one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> npt.NDArray[np.uint8]:
    """Similarity (0-100) of the texts side by side."""
    if not len(one):
        return np.empty(0, dtype=np.uint8)
    return np.asarray(process.cpdist(one.tolist(), two.tolist(), scorer=fuzz.ratio, dtype=np.uint8, workers=-1))


def _rarity(here: pd.Series[str], there: pd.Series[str], size: int) -> FloatArray:
    """Bits that a name is worth: the fewer bear it in either register, the more."""
    bearers = np.maximum(here.map(here.value_counts()), here.map(there.value_counts()).fillna(1))
    return np.clip(np.log2(2 * size / bearers.to_numpy(dtype=float)), 0.5, NAME_AT_MOST)


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
    shared = np.concatenate(
        [np.asarray((here[i[at]] * there[j[at]]).sum(axis=1)).ravel() for at in _slices(len(i))] or [np.zeros(0)]
    )
    whole = np.minimum((here @ bits)[i], np.asarray(there.sum(axis=1)).ravel()[j])
    return shared, np.divide(shared, whole, out=np.zeros(len(i)), where=whole > 0)


def _slices(size: int, step: int = 300_000) -> Iterator[slice]:
    return (slice(start, start + step) for start in range(0, size, step))


def _place_bits(old: Side, new: Side, i: IntArray, j: IntArray, km: FloatArray) -> FloatArray:
    one, two = old.table.take(i).reset_index(drop=True), new.table.take(j).reset_index(drop=True)
    desa, kecamatan, kabupaten = (_equal(one[code], two[code]) for code in _CODES)
    known = (one["kode_kabupaten"].notna() & two["kode_kabupaten"].notna()).to_numpy()
    far = np.where(known & ~kabupaten, ANOTHER_KABUPATEN, ELSEWHERE)
    crowd = np.maximum(_crowd(old, new)[i], _crowd(new, old)[j])
    bits = np.select([km < limit for limit, _ in PLACE_BITS], [weight for _, weight in PLACE_BITS], far)
    close = km < CROWD_KM
    bits[close] = np.maximum(bits[close] - np.log2(crowd[close]), 0.0)
    rough = np.select(
        [desa, kecamatan, kabupaten, known],
        [SAME_DESA, SAME_KECAMATAN, np.where(np.isnan(km), SAME_KABUPATEN, ELSEWHERE), ANOTHER_KABUPATEN],
        0.0,
    )
    return np.where(old.exact[i] & new.exact[j], bits, rough)


def _crowd(here: Side, there: Side) -> FloatArray:
    """How many LKS of the other register stand within CROWD_KM of each; at least one."""
    crowd = np.ones(len(here))
    if here.exact.any() and there.exact.any():
        tree = KDTree(there.xyz[there.exact])
        count = tree.query_ball_point(here.xyz[here.exact], float(chord_km(CROWD_KM)), return_length=True)
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


def _other_bits(old: Side, new: Side, i: IntArray, j: IntArray) -> tuple[FloatArray, BoolArray]:
    """Bits of capacity and address, and where the capacity is the same or not known on either side."""
    first, second = old.table["capacity"].to_numpy()[i], new.table["capacity"].to_numpy()[j]
    known = ~np.isnan(first) & ~np.isnan(second)
    capacity = np.where(known, np.where(first == second, SAME_CAPACITY, OTHER_CAPACITY), 0.0)
    addresses = [side.table["address"] for side in (old, new)]
    bearers = addresses[0].map(addresses[0].value_counts()), addresses[0].map(addresses[1].value_counts())
    crowd = np.log2(np.fmax(*(count.to_numpy(dtype=float, na_value=np.nan) for count in bearers)))[i]
    same_address = _equal(addresses[0].take(i), addresses[1].take(j))
    address = np.where(same_address, np.maximum(SAME_ADDRESS - crowd, 0.0), 0.0)
    return capacity + address, (first == second) | (np.isnan(first) & np.isnan(second))
