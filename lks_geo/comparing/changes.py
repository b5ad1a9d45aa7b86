"""What became of each LKS between two registers, and the whole comparison.

Decides: an LKS is `tetap`, or `pindah` (more than 0.5 km, or another desa where a point is not its own), `ganti_nama`,
`layanan_berubah`, `status_berubah` (activity, legal form, stage, accreditation), several at once; `hilang` or `baru`
without a partner; `gabung` or `pecah` where its services went to, or came from, an LKS of like name there, or where the
other register drops its row as a duplicate;
`meragukan` where the evidence does not settle it. What only one register knows is no change. Disguised LKS are never
paired: they are counted per kecamatan, group and activity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from lks_geo.comparing.evidence import weigh
from lks_geo.comparing.gains import Fates, measure_gains
from lks_geo.comparing.matching import NOTHING, Matching, Settled, is_sure, match, read_settled
from lks_geo.comparing.sides import Facts, Side, called, disguised_counts, doubles_of, facts_of, without_names
from lks_geo.geo import IntArray
from lks_geo.measure.ground import Ground
from lks_geo.messages import Message, msg
from lks_geo.register.identity import name_key
from lks_geo.settings import Settings
from lks_geo.tables import Coverage
from lks_geo.thrift import give_back

MOVED_KM = 0.5
"""Points nearer than this are one place, measured twice."""

_OTHER = ("pindah", "ganti_nama", "layanan_berubah", "status_berubah", "meragukan", "tetap")
CLASSES = ("baru", "hilang", "gabung", "pecah", *_OTHER)

FACTS = ("aktif", "badan_hukum", "perkembangan", "akreditasi")
"""The fields whose change is a change of status."""

CHANGE_COLUMNS = (
    "kelas", "id_tetap", "id_lama", "nama_lama", "id_baru", "nama_baru", "keputusan", "kode_lama", "kode_baru",
    "kecamatan", "kabupaten", "kelompok_lama", "kelompok_baru", *(f"{fact}_{end}" for fact in FACTS for end in
    ("lama", "baru")), "jarak_km", "bit", "selisih_bit",
)  # fmt: skip
"""`kode_*`: the finest area known. `bit`, `selisih_bit`: evidence for the pair, and how much more than for another."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`changes`: CHANGE_COLUMNS, one row per LKS, of doubtful ones one per candidate (the likeliest first, `kandidat`
    1, 2), with `alasan` (tuple of messages). `gains`: see `gains.measure_gains`. `disguised`: DISGUISED_COLUMNS.
    `unnamed`: how many rows of `changes` are without a name, as they may be disguised in the other register; no table
    then tells gains of single desa. `old`, `new`: the coverages, whole. `unreported`: kabupaten that either register
    leaves out. `chosen`: keys of the groups asked for; empty: all, and LKS that serve none."""

    old: Coverage
    new: Coverage
    changes: pd.DataFrame
    gains: pd.DataFrame
    disguised: pd.DataFrame
    unnamed: int = 0
    notes: tuple[Message, ...] = ()
    chosen: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        return self.new.settings

    @property
    def unreported(self) -> tuple[str, ...]:
        return tuple(sorted({*self.old.unreported, *self.new.unreported}))


def sides_of(old: Coverage, new: Coverage) -> tuple[tuple[Side, Side], tuple[IntArray, IntArray]]:
    """The LKS that may be paired, and their positions among the places of the coverages."""
    closed = [coverage.places["disamarkan"] | coverage.places["pendamping"] for coverage in (old, new)]
    first, second = (np.flatnonzero(~each.to_numpy(dtype=bool)) for each in closed)
    sides = [
        Side(places=coverage.places.iloc[rows].reset_index(drop=True))
        for coverage, rows in ((old, first), (new, second))
    ]
    return (sides[0], sides[1]), (first, second)


def compare_in_turn(
    coverages: Sequence[Coverage], pairs: Path | None = None, ground: Ground | None = None
) -> tuple[Comparison, ...]:
    """Each coverage compared with the next, all without the kabupaten that any of them leaves out."""
    if len(coverages) > 2:  # of two the comparison itself knows, and what each leaves out stays told
        silent = tuple(sorted({code for coverage in coverages for code in coverage.unreported}))
        coverages = [replace(coverage, unreported=silent) for coverage in coverages]
    return tuple(compare_registers(*both, pairs, ground) for both in pairwise(coverages))


def compare_registers(
    old: Coverage, new: Coverage, pairs: Path | None = None, ground: Ground | None = None
) -> Comparison:
    """Everything that changed; `old` and `new` are whole, of one set of boundaries, people and settings, `pairs` a file
    of settled pairs, `ground` that of the boundaries and people, if it is known already."""
    changes, fates, notes = _changes(old, new, pairs)
    give_back()
    changes, unnamed = without_names(changes, old, new)
    return Comparison(
        old=old,
        new=new,
        changes=changes,
        gains=measure_gains(old, new, fates, ground),
        unnamed=unnamed,
        disguised=disguised_counts(old, new),
        notes=notes,
    )


def _changes(old: Coverage, new: Coverage, pairs: Path | None) -> tuple[pd.DataFrame, Fates, tuple[Message, ...]]:
    """What became of each LKS: as a table, and by positions among the places; and what makes that hard to tell."""
    sides, at = sides_of(old, new)
    settled = read_settled(pairs, *sides) if pairs else NOTHING
    found = match(*sides, weigh(*sides), settled.same, settled.other)
    sides = Side(sides[0].places), Side(sides[1].places)  # without the texts that were compared
    give_back()
    sure = ~found.doubtful
    gone = np.setdiff1d(np.arange(len(sides[0])), np.concatenate([found.old, found.rivals["old"]]))
    fresh = np.setdiff1d(np.arange(len(sides[1])), np.concatenate([found.new, found.rivals["new"]]))
    fates = Fates(
        old=at[0][found.old[sure]], new=at[1][found.new[sure]], gone=at[0][gone], fresh=at[1][fresh],
        rest_old=_rest(old, at[0], found.old[sure], gone), rest_new=_rest(new, at[1], found.new[sure], fresh),
    )  # fmt: skip
    rows = _Rows(sides, (old, new), found, settled)
    return rows.table(gone, fresh), fates, _notes(old, new, settled)


def _rest(coverage: Coverage, at: IntArray, paired: IntArray, alone: IntArray) -> IntArray:
    """Positions of the places of which nothing sure is known."""
    return np.setdiff1d(np.arange(len(coverage.places)), at[np.concatenate([paired, alone])])


def _notes(old: Coverage, new: Coverage, settled: Settled) -> tuple[Message, ...]:
    """What makes the two registers hard to compare."""
    recorded = [coverage.register.status_recorded for coverage in (old, new)]
    notes = [
        msg(f"comparing.no_status_{('old', 'new')[place]}") for place in (0, 1) if recorded[place] < recorded[1 - place]
    ]
    if settled.unknown:
        notes.append(msg("comparing.unknown_pairs", n=settled.unknown))
    return tuple(notes)


_Row = tuple[int, int, tuple[str, ...], tuple[Message, ...], float, float, float, float, int, str | None]
"""A row of the table: positions of the LKS (-1: none), then the columns of _ROW."""
_ROW = ("kelas", "alasan", "jarak_km", "bit", "selisih_bit", "pasangan", "kandidat", "keputusan")
_NO = float("nan")


class _Rows:
    """The rows of the table of changes."""

    def __init__(
        self,
        sides: tuple[Side, Side],
        coverages: tuple[Coverage, Coverage],
        found: Matching,
        settled: Settled,
    ) -> None:
        self.old, self.new = sides
        self.found, self.settled = found, settled
        self.status_recorded = all(coverage.register.status_recorded for coverage in coverages)
        names = coverages[1].boundaries
        self.names = {level: names.names(level)["nama"].to_dict() for level in ("kecamatan", "kabupaten")}
        self.groups = coverages[1].settings.group_names
        self.facts = [facts_of(side.places) for side in sides]
        self.called = [called(side.places) for side in sides]
        self.doubles = [doubles_of(coverage, side) for coverage, side in zip(coverages, sides, strict=True)]

    def table(self, gone: IntArray, fresh: IntArray) -> pd.DataFrame:
        found = self.found
        partner = dict(zip(found.old[~found.doubtful].tolist(), found.new[~found.doubtful].tolist(), strict=True))
        rows: list[_Row] = []
        told = (found.old, found.new, found.doubtful, found.km, found.bits, found.margin, found.settled)
        for at, (i, j, doubtful, km, bits, margin, settled) in enumerate(
            zip(*(part.tolist() for part in told), strict=True)
        ):
            rows.append((*self._pair(i, j, km, doubtful=doubtful), bits, margin, at, 1, "sama" if settled else None))
        rivals = (found.rivals[name].tolist() for name in ("old", "new", "km", "bits", "at"))
        for i, j, km, bits, at in zip(*rivals, strict=True):
            rows.append((*self._pair(i, j, km, doubtful=True), bits, _NO, at, 2, None))
        kin = self._kin(partner, gone, fresh)
        rows += [self._alone(i, 0, kin["gabung"]) for i in gone.tolist()]
        rows += [self._alone(j, 1, kin["pecah"]) for j in fresh.tolist()]
        return self._lasting(self._sorted(self._columns(rows)))

    def _columns(self, rows: list[_Row]) -> pd.DataFrame:
        """The rows with what is told of the LKS of each."""
        old, new, *told = zip(*rows, strict=True) if rows else [()] * (2 + len(_ROW))
        columns: dict[str, Sequence[object]] = dict(zip(_ROW, told, strict=True))
        for end, at, facts in (("lama", old, self.facts[0]), ("baru", new, self.facts[1])):
            of_rows = [facts[row] if row >= 0 else None for row in at]
            for name in ("id", "nama", *FACTS):
                columns[f"{name}_{end}"] = [one and getattr(one, name) for one in of_rows]
            columns[f"kode_{end}"] = [one and one.finest for one in of_rows]
            columns[f"kelompok_{end}"] = [one and one.services for one in of_rows]
        where = [self.facts[1][j] if j >= 0 else self.facts[0][i] for i, j in zip(old, new, strict=True)]
        for level, names in self.names.items():
            columns[level] = [names.get(getattr(one, f"kode_{level}")) for one in where]
        table = pd.DataFrame(columns, columns=[*CHANGE_COLUMNS, "alasan", "pasangan", "kandidat"])
        texts = [f"{name}_{end}" for name in ("id", "nama", "kode", "kelompok") for end in ("lama", "baru")]
        return table.astype(dict.fromkeys([*texts, "kecamatan", "kabupaten", "keputusan"], "str"))

    def _sorted(self, table: pd.DataFrame) -> pd.DataFrame:
        rank = table["kelas"].map(lambda kinds: CLASSES.index(kinds[0]))
        area = table["kode_baru"].fillna(table["kode_lama"]).fillna("")
        name = table["nama_baru"].fillna(table["nama_lama"]).fillna("")
        order = pd.DataFrame(
            {"rank": rank, "area": area, "name": name, "id": table["id_baru"].fillna(table["id_lama"])}
        )
        doubtful = table["pasangan"].notna() & (rank == CLASSES.index("meragukan"))
        first = order[doubtful & (table["kandidat"] == 1)].set_index(
            table["pasangan"][doubtful & (table["kandidat"] == 1)]
        )
        for column in ("area", "name", "id"):
            order.loc[doubtful, column] = table["pasangan"][doubtful].map(first[column])
        order["kandidat"] = table["kandidat"]
        return table.loc[
            order.sort_values(["rank", "area", "name", "id", "kandidat"], kind="stable").index
        ].reset_index(drop=True)

    def _lasting(self, table: pd.DataFrame) -> pd.DataFrame:
        """The id that lasts: that of an earlier year, else the old one; of a new LKS its own, made new if taken."""
        old_ids = {str(text): row for row, text in enumerate(self.old.places["id"])}
        kept = {text: self.settled.lasting.get(row, text) for text, row in old_ids.items()}
        taken, ids = set(kept.values()), []
        for kinds, before, after in zip(
            *(table[name].tolist() for name in ("kelas", "id_lama", "id_baru")), strict=True
        ):
            own = kept.get(str(before)) if "pecah" not in kinds else None
            if own is None:
                own = _unused(str(after), taken)
                taken.add(own)
            ids.append(None if "meragukan" in kinds else own)
        return table.assign(id_tetap=pd.array(ids, dtype="str"))

    def _alone(self, own: int, end: int, kin: dict[int, int]) -> _Row:
        """The row of an LKS of the old (0) or new (1) register without a partner; `kin`: those whose services went to,
        or came from, another one. One whose row the other register drops as a duplicate is no loss."""
        other, reasons = kin.get(own), list[Message]()
        if other is None:
            other = self.doubles[1 - end].get(self.called[end][own])
            reasons = [] if other is None else [msg(f"comparing.double_{('new', 'old')[end]}")]
        kind = (("hilang", "gabung"), ("baru", "pecah"))[end][other is not None]
        beside = -1 if other is None else other
        pair = (beside, own) if end else (own, beside)
        return (*pair, (kind,), tuple(reasons), _NO, _NO, _NO, _NO, 1, None)

    def _pair(
        self, i: int, j: int, km: float, *, doubtful: bool
    ) -> tuple[int, int, tuple[str, ...], tuple[Message, ...], float]:
        before, after = self.facts[0][i], self.facts[1][j]
        exact = bool(self.old.exact[i] and self.new.exact[j])
        found = [
            *self._moved(before, after, km, exact=exact),
            *_renamed(before, after),
            *_services(before, after, self.groups),
            *self._status(before, after),
        ]
        kinds = ("meragukan",) if doubtful else tuple(dict.fromkeys(kind for kind, _ in found)) or ("tetap",)
        return i, j, kinds, tuple(reason for _, reason in found), km if exact else _NO

    def _moved(self, before: Facts, after: Facts, km: float, *, exact: bool) -> list[tuple[str, Message]]:
        if exact:
            return [("pindah", msg("comparing.moved", km=float(km)))] if km > MOVED_KM else []
        for level in ("desa", "kecamatan", "kabupaten"):
            one, two = getattr(before, f"kode_{level}"), getattr(after, f"kode_{level}")
            if one is not None and two is not None:
                return [("pindah", msg("comparing.moved_area", before=one, after=two))] if one != two else []
        return []

    def _status(self, before: Facts, after: Facts) -> list[tuple[str, Message]]:
        found = []
        for fact in FACTS:
            one, two = getattr(before, fact), getattr(after, fact)
            known = (self.status_recorded and one != two) if fact == "aktif" else None not in (one, two)
            if known and one != two:
                texts = [
                    msg(f"comparing.value_{'unknown' if value is None else str(value).lower()}") for value in (one, two)
                ]
                found.append(
                    (
                        "status_berubah",
                        msg("comparing.fact", fact=msg(f"comparing.fact_{fact}"), before=texts[0], after=texts[1]),
                    )
                )
        if not found and before.dihitung != after.dihitung and set(before.layanan) == set(after.layanan):
            found.append(("status_berubah", msg(f"comparing.counted_{'now' if after.dihitung else 'no_more'}")))
        return found

    def _kin(self, partner: dict[int, int], gone: IntArray, fresh: IntArray) -> dict[str, dict[int, int]]:
        """LKS without a partner whose services went to an LKS of like name (`gabung`) or came from one (`pecah`)."""
        evidence, owner = self.found.evidence, {j: i for i, j in partner.items()}
        near = np.flatnonzero(evidence.similar & is_sure(self.old, self.new, evidence))
        merged: dict[int, int] = {}
        split: dict[int, int] = {}
        alone = set(gone.tolist()), set(fresh.tolist())
        for i, j in zip(evidence.old[near].tolist(), evidence.new[near].tolist(), strict=True):
            before, after = self.old.served[i], self.new.served[j]
            if i in alone[0] and j in owner and before and before <= after and not before <= self.old.served[owner[j]]:
                merged.setdefault(i, j)
            if (
                j in alone[1]
                and i in partner
                and after
                and after <= before
                and not after <= self.new.served[partner[i]]
            ):
                split.setdefault(j, i)
        return {"gabung": merged, "pecah": split}


def _renamed(before: Facts, after: Facts) -> list[tuple[str, Message]]:
    one, two = before.nama or "", after.nama or ""
    if name_key(one) == name_key(two):
        return []
    return [("ganti_nama", msg("comparing.renamed", before=one, after=two))]


def _services(before: Facts, after: Facts, names: Mapping[str, str]) -> list[tuple[str, Message]]:
    if before.layanan == after.layanan and before.layanan_lain == after.layanan_lain:
        return []
    one, two = ({names.get(key, key) for key in (*row.kelompok, *row.layanan_lain)} for row in (before, after))
    if one != two:
        parts = {"less": "; ".join(sorted(one - two)), "more": "; ".join(sorted(two - one))}
        kind = "services" if all(parts.values()) else "services_less" if parts["less"] else "services_more"
        return [("layanan_berubah", msg(f"comparing.{kind}", **parts))]
    systems = [{(group, how) for group, how in row.layanan if how} for row in (before, after)]
    known = [{group for group, _ in part} for part in systems]
    if any({pair for pair in systems[0] if pair[0] in known[1]} ^ {pair for pair in systems[1] if pair[0] in known[0]}):
        return [("layanan_berubah", msg("comparing.systems"))]
    return []


def _unused(wanted: str, taken: set[str]) -> str:
    name, step = wanted, 1
    while name in taken:
        step += 1
        name = f"{wanted}-{step}"
    return name
