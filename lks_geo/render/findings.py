"""What the numbers say, as sentences: the headline of a group, and the facts that support it.

Pure functions on a `Coverage`; slides, atlas, printed maps and workbook share them, so that all say the same. A
sentence never says more than the table: unknown targets give no number of people, estimates are called estimates, and
"nobody" and "not known" are different words. Counts of desa come from the desa rows, people from their known targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.render.memo import kept
from lks_geo.tables import PARENT_COLUMNS, Coverage

REACHED = ("terjangkau", "ada")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The numbers behind the sentences of one group in one kabupaten or the whole area shown.

    `target` people with a known target (None: none known), `there` those of them in unserved desa, `reached` those
    within reach. `share`: cakupan 0-1 (None: not known), by area where `by_area`; `share_low` without uncertain places.
    `counted` counted places of the whole register that serve the group. `worst`: names of up to two parts (kabupaten,
    or kecamatan of one kabupaten) with most people, or else most desa, unserved.
    """

    desa: int
    unserved: int
    partly: int
    reached_desa: int
    no_target: int
    no_data: int
    target: float | None
    there: float | None
    complete: bool
    reached: float | None
    unreached: float | None
    share: float | None
    share_low: float | None
    by_area: bool
    counted: int
    worst: tuple[str, ...]


def rows_of(coverage: Coverage, level: str, group: str) -> pd.DataFrame:
    """`coverage.at`, kept for the next page."""
    return kept(coverage, (level, group), lambda: coverage.at(level, group))


def desa_rows(coverage: Coverage, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """The desa rows of a group, index `kode`: of one kabupaten (code), else of all that the settings show."""
    rows = rows_of(coverage, "desa", group)
    wanted = (kabupaten,) if kabupaten else coverage.settings.kabupaten
    if not wanted:
        return rows
    return rows[_desa_in(coverage, rows.index, wanted)]


def _desa_in(coverage: Coverage, desa: pd.Index[str], wanted: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which desa lie in the kabupaten; the desa of a coverage are the same for every group."""
    parents = coverage.boundaries.desa["kode_kabupaten"]
    return kept(coverage, ("inside", wanted), lambda: parents.reindex(desa).isin(wanted).to_numpy())


def upper_rows(coverage: Coverage, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """The rows whose people add up to the area shown: that kabupaten, the chosen ones, or the province(s)."""
    wanted = (kabupaten,) if kabupaten else coverage.settings.kabupaten
    if wanted:
        rows = rows_of(coverage, "kabupaten", group)
        return rows[rows.index.isin(wanted)]
    rows = rows_of(coverage, "provinsi", group)
    return rows if len(rows) else rows_of(coverage, "kabupaten", group)


def facts(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> Facts:
    """The numbers of one group in one kabupaten (code) or in all that is shown."""
    return kept(coverage, ("facts", group, kabupaten), lambda: _facts(coverage, group, kabupaten))


def _facts(coverage: Coverage, group: str, kabupaten: str | None) -> Facts:
    needed = ["status", "sasaran", "kecamatan", "kabupaten"]
    narrow = kept(coverage, ("narrow", group), lambda: rows_of(coverage, "desa", group)[needed])
    wanted = (kabupaten,) if kabupaten else coverage.settings.kabupaten
    desa = narrow[_desa_in(coverage, narrow.index, wanted)] if wanted else narrow
    status = desa["status"].astype("string")
    unserved = (status == "belum_terlayani").fillna(False).to_numpy(dtype=bool)
    targets = desa["sasaran"].astype("float64")
    upper = upper_rows(coverage, group, kabupaten)
    share, share_low = _shares(upper)
    return Facts(
        desa=len(desa),
        unserved=int(unserved.sum()),
        partly=int((status == "terjangkau_sebagian").sum()),
        reached_desa=int(status.isin(REACHED).sum()),
        no_target=int((status == "tidak_ada_sasaran").sum()),
        no_data=int(status.isna().sum()),
        target=_sum(targets),
        there=_sum(targets[unserved]) if unserved.any() else None,
        complete=bool(targets.notna().all()),
        reached=_sum(upper["terjangkau"]),
        unreached=_sum(upper["belum_terjangkau"]),
        share=share,
        share_low=share_low,
        by_area=bool(upper["sasaran"].isna().all()),
        counted=coverage.totals[group].counted if group in coverage.totals else 0,
        worst=_worst(desa[unserved], "kecamatan" if kabupaten else "kabupaten"),
    )


def _sum(values: pd.Series[float]) -> float | None:
    known = values.astype("float64").dropna()
    return float(known.sum()) if len(known) else None


def _shares(upper: pd.DataFrame) -> tuple[float | None, float | None]:
    if len(upper) == 1:
        row = upper.iloc[0]
        return _number(row["cakupan"]), _number(row.get("cakupan_terendah"))
    target, reached = _sum(upper["sasaran"]), _sum(upper["terjangkau"])
    return (reached / target if target and reached is not None else None), None


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _worst(unserved: pd.DataFrame, part: str) -> tuple[str, ...]:
    by = unserved.groupby(unserved[part].astype(str), sort=True)
    order = pd.DataFrame({"people": by["sasaran"].sum().astype("float64"), "desa": by.size()})
    order = order.sort_values(["people", "desa"], ascending=False, kind="stable")
    return tuple(short_place(name) for name in order.index[:2])


def headline(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> Message:
    """The finding in one sentence without a full stop: "342 dari 648 desa/kelurahan belum terlayani LKS lansia"."""
    found = facts(coverage, group, kabupaten=kabupaten)
    name = coverage.settings.group(group).short(coverage.settings.lang)
    key, number = _headline(found)
    return msg(f"findings.headline_{key}", n=number, total=found.desa, partly=found.partly, group=name)


def _headline(found: Facts) -> tuple[str, int]:
    if not found.desa:
        return "no_area", 0
    if found.no_data == found.desa:
        return "no_data", found.desa
    if found.no_target == found.desa:
        return "no_target", found.desa
    if found.unserved == found.desa == 1:
        return "only", 1
    if found.unserved == found.desa:
        return ("no_place" if not found.counted else "all"), found.desa
    if found.unserved:
        return "some", found.unserved
    if found.partly:
        return "partly", found.partly
    if found.no_data:
        return "none_known", found.desa - found.no_data
    return "none", found.desa


def placed_headline(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> Message:
    """The headline led by the name of the area: "Mamasa: 134 dari 181 desa/kelurahan ..."."""
    finding = headline(coverage, group, kabupaten=kabupaten)
    return msg("findings.placed", place=place_name(coverage, kabupaten), finding=finding)


def support(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> tuple[Message, ...]:
    """Whole sentences that explain the headline: how many people, where, which share is in reach, what is unsure."""
    found = facts(coverage, group, kabupaten=kabupaten)
    name = coverage.settings.group(group).short(coverage.settings.lang)
    estimate = msg("findings.estimate" if coverage.population_estimated else "findings.no_estimate")
    said: list[Message] = []
    if found.unserved and found.there is not None and found.target:
        key = "people_there" if found.there else "nobody_there"
        said.append(
            msg(f"findings.{key}", people=found.there, group=name, estimate=estimate, share=found.there / found.target,
                target=found.target)
        )  # fmt: skip
    if 0 < found.unserved < found.desa and found.worst:
        said.append(
            msg(f"findings.worst_{len(found.worst)}", **dict(zip(("first", "second"), found.worst, strict=False)))
        )
    if found.share is not None:
        said.append(_share_sentence(found, name, estimate))
    if found.target is None and found.desa:
        said.append(msg("findings.target_unknown", group=name))
    elif not found.complete:
        missing = int(desa_rows(coverage, group, kabupaten)["sasaran"].isna().sum())
        said.append(msg("findings.target_incomplete", group=name, n=missing))
    if found.no_data and found.no_data < found.desa:
        said.append(msg("findings.some_no_data", n=found.no_data))
    return tuple(said)


def _share_sentence(found: Facts, name: str, estimate: Message) -> Message:
    if found.by_area or found.reached is None:
        return msg("findings.share_area", share=found.share)
    return msg(
        "findings.share_people", share=found.share, people=found.reached, target=found.target, group=name,
        estimate=estimate,
    )  # fmt: skip


def place_name(coverage: Coverage, kabupaten: str | None = None) -> str:
    """What the area shown is called: the kabupaten, the chosen kabupaten, or the province(s)."""
    wanted = (kabupaten,) if kabupaten else coverage.settings.kabupaten
    level = "kabupaten" if wanted else "provinsi"
    names = coverage.boundaries.names(level)["nama"].astype(str)
    chosen = names[names.index.isin(wanted)] if wanted else names
    return ", ".join(sorted(short_place(name) for name in chosen))


def short_place(name: str) -> str:
    """The name of an area without the word "Kabupaten" or "Provinsi" (a "Kota" keeps its word)."""
    for word in ("Kabupaten ", "KABUPATEN ", "Kab. ", "Provinsi ", "PROVINSI "):
        name = name.removeprefix(word)
    return name


def kabupaten_codes(coverage: Coverage) -> list[str]:
    """The kabupaten that reports have a page for, in the order of their codes."""
    codes = coverage.boundaries.names("kabupaten").index
    wanted = coverage.settings.kabupaten
    return [str(code) for code in codes if not wanted or code in wanted]


def leading_group(coverage: Coverage, kabupaten: str | None = None) -> str:
    """The group to show first: of those whose people are known, the one with the lowest share within reach.

    Sensitive groups come last, because they have no list of desa. Equal shares: more desa unserved, then the order.
    """

    def rank(position: int) -> tuple[bool, bool, float, int, int]:
        group = coverage.groups[position]
        found = facts(coverage, group.key, kabupaten=kabupaten)
        hidden = False
        share = 2.0 if found.share is None else found.share
        return (hidden, found.target is None, share, -found.unserved, position)

    return coverage.groups[min(range(len(coverage.groups)), key=rank)].key


def ranked(coverage: Coverage, group: str, *, kabupaten: str | None = None, limit: int | None = None) -> pd.DataFrame:
    """The unserved desa by `prioritas` (index `kode`), with `urutan` 1.. as the map's list and discs have it.

    Empty for a masked group.
    """
    rows = desa_rows(coverage, group, kabupaten)
    rows = rows[rows["prioritas"].notna() & (rows["status"] == "belum_terlayani")]
    rows = rows.sort_values("prioritas", kind="stable")
    rows = rows.head(limit) if limit is not None else rows
    return rows.assign(urutan=np.arange(1, len(rows) + 1))


def ranked_parts(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None) -> pd.DataFrame:
    """Kecamatan or kabupaten of the area shown, most unreached people (else unserved desa) first, with `urutan`."""
    rows = rows_of(coverage, level, group)
    wanted = (kabupaten,) if kabupaten else coverage.settings.kabupaten
    if wanted:
        parents = coverage.boundaries.names(level)[PARENT_COLUMNS["kabupaten"]].reindex(rows.index)
        rows = rows[parents.isin(wanted).to_numpy()]
    keyed = rows.assign(
        _people=rows["belum_terjangkau"].astype("float64").fillna(-1.0),
        _desa=rows["desa_belum_terlayani"].astype(float),
    )
    keyed = keyed.sort_values(["_people", "_desa"], ascending=False, kind="stable")
    return keyed.drop(columns=["_people", "_desa"]).assign(urutan=np.arange(1, len(rows) + 1))


def reach_note(coverage: Coverage, group: str) -> Message:
    """The reach assumed for a group, by system where it differs."""
    settings = coverage.settings
    one = settings.group(group)
    inside, outside = settings.reach_of(one, "dalam"), settings.reach_of(one, "luar")
    if inside == outside == settings.reach_of(one, None):
        return msg("findings.reach", km=inside)
    return msg("findings.reach_by_system", inside=inside, outside=outside, other=settings.reach_of(one, None))


def certainty_notes(coverage: Coverage, group: str) -> tuple[Message, ...]:
    """How sure the numbers of a group are: estimates, doubtful and approximate places, places in no area."""
    notes: list[Message] = []
    if coverage.population_estimated and facts(coverage, group).target is not None:
        notes.append(msg("findings.estimated"))
    total = coverage.totals.get(group)
    if total is not None and (total.doubtful or total.approximate):
        kind = "both" if total.doubtful and total.approximate else "doubtful" if total.doubtful else "approximate"
        notes.append(
            msg(
                f"findings.uncertain_{kind}",
                doubtful=total.doubtful,
                approximate=total.approximate,
                total=total.counted,
            )
        )
    if total is not None and total.tanpa_titik:
        notes.append(msg("findings.without_point", n=total.tanpa_titik))
    if not coverage.register.status_recorded:
        notes.append(msg("style.status_not_recorded"))
    return tuple(notes)
