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
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.comparing.evidence import weigh
from lks_geo.comparing.gains import Fates, measure_gains
from lks_geo.comparing.matching import NOTHING, Matching, Settled, is_sure, match, read_settled
from lks_geo.comparing.sides import Side, called, disguised_counts, doubles_of, without_names
from lks_geo.geo import IntArray
from lks_geo.measure.ground import Ground
from lks_geo.messages import Message, msg
from lks_geo.register.identity import name_key
from lks_geo.settings import Settings
from lks_geo.tables import Coverage

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
    sides, at = sides_of(old, new)
    settled = read_settled(pairs, *sides) if pairs else NOTHING
    found = match(*sides, weigh(*sides), settled.same, settled.other)
    sure = ~found.doubtful
    gone = np.setdiff1d(np.arange(len(sides[0])), np.concatenate([found.old, found.rivals["old"]]))
    fresh = np.setdiff1d(np.arange(len(sides[1])), np.concatenate([found.new, found.rivals["new"]]))
    fates = Fates(
        old=at[0][found.old[sure]], new=at[1][found.new[sure]], gone=at[0][gone], fresh=at[1][fresh],
        rest_old=_rest(old, at[0], found.old[sure], gone), rest_new=_rest(new, at[1], found.new[sure], fresh),
    )  # fmt: skip
    disguised = disguised_counts(old, new)
    changes, unnamed = without_names(_Rows(sides, (old, new), found, settled).table(gone, fresh), old, new)
    return Comparison(
        old=old,
        new=new,
        changes=changes,
        gains=measure_gains(old, new, fates, ground),
        unnamed=unnamed,
        disguised=disguised,
        notes=_notes(old, new, settled),
    )


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


_NEEDED = (
    "id", "nama", *FACTS, "kelompok", "layanan_lain", "layanan", "dihitung", "kode_desa", "kode_kecamatan",
    "kode_kabupaten",
)  # fmt: skip


def _records(places: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with what is compared, None where not known."""
    columns = [places[name].astype(object) for name in _NEEDED]
    values = zip(*(column.where(column.notna(), None).tolist() for column in columns), strict=True)
    return [dict(zip(_NEEDED, row, strict=True)) for row in values]


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
        self.records = [_records(side.places) for side in sides]
        self.called = [called(side.places) for side in sides]
        self.doubles = [doubles_of(coverage, side) for coverage, side in zip(coverages, sides, strict=True)]

    def table(self, gone: IntArray, fresh: IntArray) -> pd.DataFrame:
        found = self.found
        partner = dict(zip(found.old[~found.doubtful].tolist(), found.new[~found.doubtful].tolist(), strict=True))
        rows: list[dict[str, Any]] = []
        for at, (i, j) in enumerate(zip(found.old.tolist(), found.new.tolist(), strict=True)):
            row = self._pair(i, j, doubtful=bool(found.doubtful[at]), km=found.km[at])
            row |= {"bit": found.bits[at], "selisih_bit": found.margin[at], "pasangan": at, "kandidat": 1}
            rows.append(row | {"keputusan": "sama" if found.settled[at] else None})
        for rival in found.rivals.to_dict("records"):
            row = self._pair(int(rival["old"]), int(rival["new"]), doubtful=True, km=rival["km"])
            rows.append(row | {"bit": rival["bits"], "pasangan": rival["at"], "kandidat": 2})
        kin = self._kin(partner, gone, fresh)
        rows += [self._alone(i, 0, kin["gabung"]) for i in gone.tolist()]
        rows += [self._alone(j, 1, kin["pecah"]) for j in fresh.tolist()]
        table = pd.DataFrame(rows, columns=[*CHANGE_COLUMNS, "alasan", "pasangan", "kandidat"])
        table["kandidat"] = table["kandidat"].fillna(1).astype(int)
        texts = [f"{name}_{end}" for name in ("id", "nama", "kode", "kelompok") for end in ("lama", "baru")]
        table = table.astype(dict.fromkeys([*texts, "kecamatan", "kabupaten", "keputusan"], "str"))
        return self._lasting(self._sorted(table))

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

    def _row(self, i: int | None, j: int | None, *kinds: str, reasons: Sequence[Message] = ()) -> dict[str, Any]:
        before = self.records[0][i] if i is not None else None
        after = self.records[1][j] if j is not None else None
        where = after or before or {}
        row: dict[str, Any] = {"kelas": kinds, "alasan": tuple(reasons)}
        for level in ("kecamatan", "kabupaten"):
            code = where[f"kode_{level}"]
            row[level] = self.names[level].get(code) if isinstance(code, str) else None
        for end, record in (("lama", before), ("baru", after)):
            if record is not None:
                row |= {f"{name}_{end}": record[name] for name in ("id", "nama", *FACTS)}
                services = "; ".join((*record["kelompok"], *record["layanan_lain"]))
                row |= {f"kode_{end}": _finest(record), f"kelompok_{end}": services}
        return row

    def _alone(self, own: int, end: int, kin: dict[int, int]) -> dict[str, Any]:
        """The row of an LKS of the old (0) or new (1) register without a partner; `kin`: those whose services went to,
        or came from, another one. One whose row the other register drops as a duplicate is no loss."""
        other, reasons = kin.get(own), []
        if other is None:
            other = self.doubles[1 - end].get(self.called[end][own])
            reasons = [] if other is None else [msg(f"comparing.double_{('new', 'old')[end]}")]
        kind = (("hilang", "gabung"), ("baru", "pecah"))[end][other is not None]
        return self._row(*((other, own) if end else (own, other)), kind, reasons=reasons)

    def _pair(self, i: int, j: int, *, doubtful: bool, km: float) -> dict[str, Any]:
        before, after = self.records[0][i], self.records[1][j]
        exact = bool(self.old.exact[i] and self.new.exact[j])
        found = [
            *self._moved(before, after, km, exact=exact),
            *_renamed(before, after),
            *_services(before, after, self.groups),
            *self._status(before, after),
        ]
        kinds = tuple(dict.fromkeys(kind for kind, _ in found)) or ("tetap",)
        row = self._row(i, j, *(("meragukan",) if doubtful else kinds), reasons=[reason for _, reason in found])
        return row | {"jarak_km": km if exact else np.nan}

    def _moved(
        self, before: dict[str, Any], after: dict[str, Any], km: float, *, exact: bool
    ) -> list[tuple[str, Message]]:
        if exact:
            return [("pindah", msg("comparing.moved", km=float(km)))] if km > MOVED_KM else []
        for level in ("desa", "kecamatan", "kabupaten"):
            one, two = before[f"kode_{level}"], after[f"kode_{level}"]
            if isinstance(one, str) and isinstance(two, str):
                return [("pindah", msg("comparing.moved_area", before=one, after=two))] if one != two else []
        return []

    def _status(self, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Message]]:
        found = []
        for fact in FACTS:
            one, two = before[fact], after[fact]
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
        if not found and before["dihitung"] != after["dihitung"] and set(before["layanan"]) == set(after["layanan"]):
            found.append(("status_berubah", msg(f"comparing.counted_{'now' if after['dihitung'] else 'no_more'}")))
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


def _finest(record: dict[str, Any]) -> str | None:
    codes = (record[f"kode_{level}"] for level in ("desa", "kecamatan", "kabupaten"))
    return next((code for code in codes if isinstance(code, str)), None)


def _renamed(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Message]]:
    one, two = (name if isinstance(name, str) else "" for name in (before["nama"], after["nama"]))
    if name_key(one) == name_key(two):
        return []
    return [("ganti_nama", msg("comparing.renamed", before=one, after=two))]


def _services(before: dict[str, Any], after: dict[str, Any], names: Mapping[str, str]) -> list[tuple[str, Message]]:
    one, two = ({names.get(key, key) for key in (*row["kelompok"], *row["layanan_lain"])} for row in (before, after))
    if one != two:
        parts = {"less": "; ".join(sorted(one - two)), "more": "; ".join(sorted(two - one))}
        kind = "services" if all(parts.values()) else "services_less" if parts["less"] else "services_more"
        return [("layanan_berubah", msg(f"comparing.{kind}", **parts))]
    systems = [{(group, how) for group, how in row["layanan"] if how} for row in (before, after)]
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
