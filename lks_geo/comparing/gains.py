"""Who gained and who lost a service between two registers, and by what: new, gone, moved, status, services.

Both coverages stand on the same areas and people, so that only services differ. The change of each desa is split by
cause: causes are put into effect one after the other, in the order of CAUSES and in its reverse, and the mean counts;
new and gone change places once more, so that the registers changed over give the mirror image. What is left, doubtful
pairs and disguised LKS, is `sisa`. The causes of an area add up to gains minus losses, and these to the difference of
the two coverages.

Gets wrong: nothing on its own; where two causes act on the same people, how they share them is a convention.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from lks_geo.comparing.sides import BoolArray
from lks_geo.geo import FloatArray, IntArray
from lks_geo.measure.area_values import Level, level_of
from lks_geo.measure.coverage import target_of
from lks_geo.measure.desa_values import reached_shares, shares_of_supplies, travel_by_road, with_shared
from lks_geo.measure.ground import Ground, survey
from lks_geo.measure.supply import Supply, places_in_use, supply_of
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, STATUSES, Boundaries, Coverage, Population, Register
from lks_geo.thrift import give_back

CAUSES = ("hilang", "baru", "pindah", "status", "layanan", "sisa")
"""In the order in which they take effect; the first two are one step, taken both ways."""

GAIN_COLUMNS = (
    "level", "kode", "nama", "kecamatan", "kabupaten", "kelompok", "satuan", "sasaran", "luas_km2", "terjangkau_lama",
    "terjangkau_baru", "cakupan_lama", "cakupan_baru", "bertambah", "berkurang", *CAUSES, "status_lama", "status_baru",
    "desa_menjadi_terlayani", "desa_kehilangan_layanan", "lks_lama", "lks_baru",
)  # fmt: skip
"""`luas_km2`: of the reported desa. `satuan`: orang, or km2 where nobody knows how many people the group has."""

_PATHS = (
    ("hilang", "baru", "pindah", "status", "layanan", "sisa"),
    ("baru", "hilang", "pindah", "status", "layanan", "sisa"),
)
_WAYS = (*_PATHS, *(path[::-1] for path in _PATHS))
_ROUNDING = 1e-9
"""People or km2 of a desa that are no rest but the rounding of sums."""


@dataclass(frozen=True, kw_only=True)
class Fates:
    """Positions among the places of both coverages: pairs (`old`, `new`), those `gone` or `fresh`, and the `rest`,
    about which nothing sure is known (doubtful pairs, disguised places)."""

    old: IntArray
    new: IntArray
    gone: IntArray
    fresh: IntArray
    rest_old: IntArray
    rest_new: IntArray


class _Stages:
    """The places as they would be with some causes in effect, and the share of each desa within reach then."""

    def __init__(self, old: Coverage, new: Coverage, fates: Fates, ground: Ground) -> None:
        self.new, self.fates = new, fates
        self.settings, self.boundaries = new.settings, new.boundaries
        plain = replace(new.settings, system=None)
        self.before, self.after = (places_in_use(each.register, plain)[_OF_SUPPLY] for each in (old, new))
        give_back()
        self.effective = frozenset(cause for cause in CAUSES if self._differs(cause))
        self.ground = ground
        self.ends = [_shares(coverage) for coverage in (old, new)]
        self.known: dict[frozenset[str], FloatArray] = {}

    def _differs(self, cause: str) -> bool:
        before, after, fates = self.before.iloc[self.fates.old], self.after.iloc[self.fates.new], self.fates
        match cause:
            case "hilang":
                return bool(len(fates.gone))
            case "baru":
                return bool(len(fates.fresh))
            case "pindah":
                return not _same(before, after, _WHERE)
            case "status":
                return not _same(before, after, ("dihitung",))
            case "layanan":
                return not _same(before, after, ("layanan",))
            case _:
                rest = self.before.iloc[fates.rest_old], self.after.iloc[fates.rest_new]
                one, two = (Counter(map(str, part[[*_WHERE, "dihitung", "layanan"]].values.tolist())) for part in rest)
                return one != two

    def share(self, causes: frozenset[str]) -> FloatArray:
        """Share within reach (desa x groups) with these causes in effect."""
        causes &= self.effective
        if not causes or causes == self.effective:
            return self.ends[bool(causes)]
        if causes not in self.known:
            self.known[causes] = self._measured(causes)
        return self.known[causes]

    def _supply(self, causes: frozenset[str]) -> Supply:
        return supply_of(self._places(causes), self.boundaries.desa.index, self.settings)

    def _measured(self, causes: frozenset[str]) -> FloatArray:
        if self.settings.roads is None:
            return self._in_straight_lines[causes]
        supply = self._supply(causes)
        road = travel_by_road(self.ground, supply, self.boundaries, self.settings)
        return reached_shares(self.ground, supply, self.settings, road).all

    @cached_property
    def _in_straight_lines(self) -> dict[frozenset[str], FloatArray]:
        """The shares with each set of causes that is asked for in effect."""
        asked = {frozenset(path[:step]) & self.effective for path in _WAYS for step in range(1, len(path))}
        between = sorted(asked - {frozenset(), self.effective}, key=sorted)
        supplies = [self._supply(causes) for causes in (frozenset[str](), self.effective, *between)]
        shares = np.empty((len(supplies), *self.ends[0].shape))
        shares[:2] = self.ends
        for group in range(shares.shape[2]):
            ends = shares[:2, :, group]
            shares[:, :, group] = shares_of_supplies(self.ground, supplies, group, ends, self.settings)
            give_back()
        return dict(zip(between, shares[2:], strict=True))

    def _places(self, causes: frozenset[str]) -> pd.DataFrame:
        fates, before, after = self.fates, self.before, self.after
        kept, then = before.iloc[fates.old].copy(), after.iloc[fates.new]
        for cause, columns in (("pindah", _WHERE), ("status", ("dihitung",)), ("layanan", ("layanan",))):
            if cause in causes:
                for column in columns:
                    kept[column] = then[column].array
        rest = after.iloc[fates.rest_new] if "sisa" in causes else before.iloc[fates.rest_old]
        gone = before.iloc[fates.gone[:0] if "hilang" in causes else fates.gone]
        fresh = after.iloc[fates.fresh if "baru" in causes else fates.fresh[:0]]
        return pd.concat([kept, gone, fresh, rest], ignore_index=True)

    @cached_property
    def by_cause(self) -> dict[str, FloatArray]:
        """Change of the share of every desa and group by cause; the causes add up to the whole change."""
        parts = {cause: np.zeros_like(self.ends[0]) for cause in CAUSES}
        for path in _WAYS:
            for step, cause in enumerate(path):
                done = frozenset(path[:step])
                parts[cause] += (self.share(done | {cause}) - self.share(done)) / len(_WAYS)
        return parts


_OF_SUPPLY = ["id", "lintang", "bujur", "lokasi", "kode_desa", "dihitung", "layanan", "kapasitas", "hasil"]
_WHERE = ("lintang", "bujur", "lokasi", "kode_desa")


def _equal_rows(one: pd.DataFrame, two: pd.DataFrame, columns: tuple[str, ...]) -> BoolArray:
    same = np.ones(len(one), dtype=bool)
    for column in columns:
        first, second = one[column].reset_index(drop=True), two[column].reset_index(drop=True)
        same &= ((first == second).fillna(value=False) | (first.isna() & second.isna())).to_numpy(dtype=bool)
    return same


def _same(one: pd.DataFrame, two: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    return bool(_equal_rows(one, two, columns).all())


def _shares(coverage: Coverage) -> FloatArray:
    """Share of every desa within reach (desa x groups), as the coverage has it."""
    return _of_desa(coverage, "pangsa_terjangkau").to_numpy(dtype=float, na_value=np.nan)


def _of_desa(coverage: Coverage, measure: str) -> pd.DataFrame:
    """A measure of every desa, one column per group."""
    rows = coverage.table.loc[coverage.table["level"] == "desa", ["kode", "kelompok", measure]]
    wide = rows.pivot(index="kode", columns="kelompok", values=measure)
    return wide.loc[coverage.boundaries.desa.index, [group.key for group in coverage.groups]]


def shared_ground(
    registers: Sequence[Register], boundaries: Boundaries, population: Population, settings: Settings
) -> Ground:
    """The ground on which registers are measured that are compared with each other."""
    supplies = [supply_of(places_in_use(register, settings), boundaries.desa.index, settings) for register in registers]
    return with_shared(survey(boundaries, population), supplies, settings)


def measure_gains(old: Coverage, new: Coverage, fates: Fates, ground: Ground | None = None) -> pd.DataFrame:
    """Gains and losses of every area and group (GAIN_COLUMNS), without the kabupaten that either register leaves out.

    `bertambah` and `berkurang` sum the desa that gained and those that lost; people of desa whose number is known, km2
    where the group is not known anywhere. Both coverages whole, of one set of boundaries, people and settings.
    """
    boundaries, settings = new.boundaries, new.settings
    ground = survey(boundaries, new.population) if ground is None else ground
    stages = _Stages(old, new, fates, ground)
    target = target_of(new.population, boundaries, settings)
    by_area: BoolArray = np.asarray(np.isnan(target).all(axis=0))
    weight = np.where(by_area, ground.area_km2[:, None], target)
    silent = boundaries.desa["kode_kabupaten"].isin({*old.unreported, *new.unreported}).to_numpy()
    weight[silent] = np.nan
    ends = [_shares(coverage) * weight for coverage in (old, new)]
    change = ends[1] - ends[0]
    parts = {cause: part * weight for cause, part in stages.by_cause.items()}
    left = parts["sisa"] + change - sum(parts.values())
    parts["sisa"] = np.where(np.abs(left) < _ROUNDING, 0.0, left)
    values = {
        "sasaran": np.where(by_area, np.nan, weight),
        "luas_km2": np.broadcast_to(np.where(silent, np.nan, ground.area_km2)[:, None], weight.shape),
        "bertambah": np.maximum(change, 0),
        "berkurang": np.maximum(-change, 0),
    } | parts
    served = [(_of_desa(coverage, "status") != "belum_terlayani").to_numpy(dtype=bool) for coverage in (old, new)]
    heard = ~silent[:, None]
    counts = {
        "desa_menjadi_terlayani": ~served[0] & served[1] & heard,
        "desa_kehilangan_layanan": served[0] & ~served[1] & heard,
    }
    tables = [
        _level_table(level_of(boundaries, key), ends, weight, values, counts, by_area, silent, old, new)
        for key in LEVELS
    ]
    return pd.concat(tables, ignore_index=True)


def _level_table(
    level: Level, ends: list[FloatArray], weight: FloatArray, values: dict[str, FloatArray],
    counts: dict[str, BoolArray], by_area: BoolArray, silent: BoolArray, old: Coverage, new: Coverage,
) -> pd.DataFrame:  # fmt: skip
    groups = [group.key for group in new.groups]
    known = level.known(weight) > 0

    def summed(desa: FloatArray) -> FloatArray:
        return np.where(known, level.total(desa), np.nan)

    before, after, whole = summed(ends[0]), summed(ends[1]), summed(weight)
    columns: dict[str, FloatArray] = {name: summed(desa) for name, desa in values.items()}
    columns |= {"sasaran": np.where(by_area, np.nan, columns["sasaran"]), "luas_km2": level.total(values["luas_km2"])}
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [np.where(whole > 0, part / whole, np.nan) for part in (before, after)]
    columns |= {
        "terjangkau_lama": before,
        "terjangkau_baru": after,
        "cakupan_lama": shares[0],
        "cakupan_baru": shares[1],
    }
    columns |= {name: level.total(desa.astype(float)) for name, desa in counts.items()}
    names = level.names.reset_index(names="kode")[["kode", "nama", "kecamatan", "kabupaten"]]
    table = names.take(np.repeat(np.arange(len(names)), len(groups))).reset_index(drop=True)
    table = table.assign(
        level=level.key, kelompok=groups * len(names), satuan=np.where(by_area, "km2", "orang").tolist() * len(names)
    )
    table = table.assign(**{name: part.ravel() for name, part in columns.items()})
    for name, measure in (("status", "status"), ("lks", "jumlah_lks")):
        for ending, coverage in (("lama", old), ("baru", new)):
            table[f"{name}_{ending}"] = coverage.table.loc[coverage.table["level"] == level.key, measure].array
    heard = level.total((~silent).astype(float)) > 0
    return table[np.repeat(heard, len(groups))][list(GAIN_COLUMNS)]


def status_table(gains: pd.DataFrame) -> pd.DataFrame:
    """How many desa went from which status to which: `kelompok`, `status_lama`, `status_baru`, `desa`; by group, then
    status before and now."""
    desa = gains[gains["level"] == "desa"]
    keys = ["kelompok", "status_lama", "status_baru"]
    table = desa.groupby(keys, sort=False, dropna=False).size().reset_index(name="desa")
    ranks = {key: rank for rank, key in enumerate((*dict.fromkeys(gains["kelompok"]), *STATUSES))}
    return table.sort_values(keys, key=lambda column: column.map(ranks), kind="stable", ignore_index=True)


def most_changed(gains: pd.DataFrame) -> str:
    """The group with most people gained and lost (else km2); the first where nothing changed."""
    groups = gains["kelompok"]
    moved = gains[["bertambah", "berkurang"]].sum(axis=1).groupby(groups, sort=False).sum().round(6)
    by_area = gains["satuan"].eq("km2").groupby(groups, sort=False).any()
    changed = next((some for some in (moved[~by_area], moved[by_area]) if (some > 0).any()), moved[:1])
    return str(changed.idxmax())


def causes_of(gains: pd.DataFrame) -> Iterator[str]:
    """The causes that changed anything."""
    return (cause for cause in CAUSES if gains[cause].abs().sum() > 0)
