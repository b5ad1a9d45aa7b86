"""The totals that stand in sentences and on covers, and the words that must stand beside a number.

What it decides: totals of an area sum the kabupaten that the register reports, and only these; nothing is known of the
others. People rest on the desa whose target is known, and `known_part` says so wherever they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.memo import kept
from lks_geo.messages import Message, msg
from lks_geo.said.areas import (
    kabupaten_codes,
    kabupaten_names,
    listed,
    rows_of,
    rows_reported,
    rows_shown,
    short_place,
)
from lks_geo.tables import TOTAL, Coverage, PlaceTotals

REACHED = ("terjangkau", "ada")


class Worst(NamedTuple):
    """The parts with most people, or else most desa, unserved. `kind`: `all` (only `first` has any), `one` or `two`
    (most are in `first`, or in both), None where naming parts would say nothing: there is one, or `two` are all."""

    kind: str | None
    first: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTotals:
    """The numbers of one group in one kabupaten, or in all that is shown: over the reported kabupaten only.

    `desa` are all of them; `desa_known` those with a known target. `classed`: their classes (`desa_partly` ...) are
    known too, that is, the table has rows of desa. `target`: people with a known target (None: none known),
    `unserved_people` those of them in unserved desa, `reached` those within reach. `share`: cakupan 0-1 (None: not
    known), by area where `by_area`; `share_low` without uncertain places. `counted`: counted places that serve the
    group. `worst`: the parts (kabupaten, or kecamatan of one kabupaten) to name first.
    `kabupaten`, `reported`: how many are in view and how many of them the register reports; `unreported`: the others.
    """

    group: str
    desa: int
    desa_unserved: int
    desa_partly: int
    desa_reached: int
    desa_without_target: int
    desa_without_data: int
    desa_known: int
    classed: bool
    target: float | None
    unserved_people: float | None
    reached: float | None
    unreached: float | None
    share: float | None
    share_low: float | None
    by_area: bool
    counted: int
    worst: Worst
    kabupaten: int
    reported: int
    unreported: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the target of every desa is known."""
        return self.desa_known == self.desa


def area_totals(coverage: Coverage, group: str, kabupaten: str | None = None) -> AreaTotals:
    """The totals of one group in one kabupaten (code), or in all that is shown."""
    return kept(coverage, ("totals", group, kabupaten), lambda: _area_totals(coverage, group, kabupaten))


def _area_totals(coverage: Coverage, group: str, kabupaten: str | None) -> AreaTotals:
    desa = rows_reported(coverage, "desa", group, kabupaten)
    upper = summed_rows(coverage, group, kabupaten)
    status = desa["status"].astype("string")
    unserved = (status == "belum_terlayani").fillna(False).to_numpy(dtype=bool)
    targets = desa["sasaran"].astype("float64")
    shown = [kabupaten] if kabupaten else kabupaten_codes(coverage)
    missing = tuple(code for code in shown if code in coverage.unreported)
    share, share_low = _shares(coverage, upper)
    classed = bool(len(desa))
    return AreaTotals(
        group=group,
        desa=len(desa) if classed else int(upper["jumlah_desa"].sum()),
        desa_unserved=int(unserved.sum()) if classed else int(upper["desa_belum_terlayani"].sum()),
        desa_partly=int((status == "terjangkau_sebagian").sum()),
        desa_reached=int(status.isin(REACHED).sum()),
        desa_without_target=int((status == "tidak_ada_sasaran").sum()),
        desa_without_data=int(status.isna().sum()),
        desa_known=int(targets.notna().sum()) if classed else int(upper["desa_diketahui"].sum()),
        classed=classed,
        target=_sum(upper["sasaran"]),
        unserved_people=_sum(targets[unserved]) if unserved.any() else None,
        reached=_sum(upper["terjangkau"]),
        unreached=_sum(upper["belum_terjangkau"]),
        share=share,
        share_low=share_low,
        by_area=bool(upper["sasaran"].isna().all()),
        counted=_counted(coverage, group, kabupaten),
        worst=_worst(desa, unserved, "kecamatan" if len(shown) == 1 else "kabupaten"),
        kabupaten=len(shown),
        reported=len(shown) - len(missing),
        unreported=kabupaten_names(coverage, missing),
    )


def summed_rows(coverage: Coverage, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """The rows whose people add up to the reported part of what is shown: as few, and as high, as the table has."""
    levels = ["kabupaten", "kecamatan", "desa"]
    if not (kabupaten or coverage.settings.kabupaten or coverage.unreported):
        levels.insert(0, "provinsi")
    by_level = (rows_reported(coverage, level, group, kabupaten) for level in levels)
    return next((rows for rows in by_level if len(rows)), rows_of(coverage, "desa", group).iloc[:0])


def _sum(values: pd.Series[float]) -> float | None:
    known = values.astype("float64").dropna()
    return float(known.sum()) if len(known) else None


def _shares(coverage: Coverage, rows: pd.DataFrame) -> tuple[float | None, float | None]:
    """Coverage and its low end over several rows: of the people, or of the area where no people are known."""
    if len(rows) <= 1:
        return _sum(rows["cakupan"]), _sum(rows["cakupan_terendah"])
    weight = rows["sasaran"].astype("float64").fillna(0)
    if rows["sasaran"].isna().all():
        shapes = coverage.boundaries.level(str(rows["level"].iloc[0])).geometry.to_crs(coverage.boundaries.crs_m)
        weight = pd.Series(shapely.area(np.asarray(shapes.reindex(rows.index))), index=rows.index)
    total = float(weight.sum())
    if total <= 0:
        return None, None
    share, low = (rows[name].astype("float64").where(weight > 0, 0.0) for name in ("cakupan", "cakupan_terendah"))
    return float((share * weight).sum() / total), float((low * weight).sum() / total)


def _counted(coverage: Coverage, group: str, kabupaten: str | None) -> int:
    """Counted places: of the view, as its totals have them; of one kabupaten inside it, those that belong there."""
    if kabupaten is None:
        return coverage.totals[group].counted if group in coverage.totals else 0
    rows = summed_rows(coverage, group, kabupaten)
    return int(rows[["jumlah_lks", "lks_tanpa_titik"]].sum().sum())


def _worst(desa: pd.DataFrame, unserved: npt.NDArray[np.bool_], part: str) -> Worst:
    parts = desa[part].nunique()
    by = desa[unserved].groupby(desa[part].astype(str), sort=True)
    order = pd.DataFrame({"people": by["sasaran"].sum().astype("float64"), "desa": by.size()})
    order = order.sort_values(["people", "desa"], ascending=False, kind="stable")
    names = [short_place(name) for name in order.index]
    if not names or parts == 1:
        return Worst(None)
    if len(names) == 1:
        return Worst("all", names[0])
    return Worst("one", names[0]) if parts == 2 else Worst("two", names[0], names[1])


def known_part(known: int, desa: int) -> Message:
    """ " (30 dari 648 desa)", with the blank before it: follows a number of people or a share that rests on the known
    desa of an area. Nothing where all are known, or none (then there is no such number)."""
    return msg("said.known_part", known=known, desa=desa) if 0 < known < desa else msg("said.nothing")


def row_known_part(row: pd.Series[Any]) -> Message:
    """`known_part` of a row of the coverage table."""
    known, desa = row["desa_diketahui"], row["jumlah_desa"]
    return msg("said.nothing") if pd.isna(known) or pd.isna(desa) else known_part(int(known), int(desa))


def reported_part(totals: AreaTotals) -> Message | None:
    """ "4 dari 6 kabupaten ada dalam register (tanpa Majene, Mamasa)"; None where all are."""
    if not totals.unreported:
        return None
    return msg("said.reported_part", n=totals.reported, total=totals.kabupaten, names=listed(totals.unreported))


def view_reported_part(coverage: Coverage) -> Message | None:
    """`reported_part` of all that is shown."""
    return reported_part(area_totals(coverage, coverage.groups[0].key)) if coverage.unreported else None


def disguise_note(coverage: Coverage, group: str, kabupaten: str | None = None) -> Message | None:
    """ "3 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)": wherever figures of desa of such a group
    stand; None where none is disguised."""
    if kabupaten is None:
        number = coverage.totals[group].disguised if group in coverage.totals else 0
    else:
        number = int(rows_shown(coverage, "kabupaten", group, kabupaten)["lks_disamarkan"].sum())
    return msg("said.disguised", n=number) if number else None


def register_part(coverage: Coverage, group: str = TOTAL) -> Message:
    """ "Dari 169 LKS dalam register, 130 dihitung": of the kabupaten and groups shown."""
    total = coverage.totals[group]
    return msg("said.register_part", used=total.used, n=total.counted)


def places_part(total: PlaceTotals) -> Message:
    """Where the counted places are, so that they add up."""
    return msg(
        "said.places_part", n=total.counted, inside=total.in_areas, pointless=total.tanpa_titik,
        outside=total.luar_wilayah,
    )  # fmt: skip


def disguise_notes(coverage: Coverage, kabupaten: str | None = None) -> tuple[Message, ...]:
    """`disguise_note` of every group that has one, led by its name."""
    notes = [(group, disguise_note(coverage, group.key, kabupaten)) for group in coverage.groups]
    lang = coverage.settings.lang
    return tuple(msg("said.placed", place=group.name(lang), finding=note) for group, note in notes if note is not None)


def view_notes(coverage: Coverage, kabupaten: str | None = None) -> tuple[Message, ...]:
    """What must stand beside any table of desa in view: kabupaten that are not reported, groups with disguised LKS."""
    reported = view_reported_part(coverage)
    return (*([reported] if reported else []), *disguise_notes(coverage, kabupaten))
