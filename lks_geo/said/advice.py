"""What a plan says: its headline, how sure it is, what could replace its sites, and what it does not know.

It says where a look is worth most, never that something must be built. LKS are private and historical: how well the
places of today stand is no judgement of them.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd

from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import area_totals, place_name, rows_reported, short_place
from lks_geo.said.assumptions import known_part
from lks_geo.said.small_tables import Made, SmallTable, people, percent, small_table
from lks_geo.siting.candidates import AS_GOOD, NEW

if TYPE_CHECKING:
    from lks_geo.siting.planning import Plan

KABUPATEN_COLUMNS = (
    "kode", "nama", "kelompok", "sasaran", "terjangkau_kini", "terjangkau_rencana", "cakupan_kini", "cakupan_rencana",
)  # fmt: skip


def group_names(plan: Plan) -> str:
    """The groups asked for, inside a sentence: "anak dan lansia"."""
    texts = Texts(plan.settings.lang)
    *first, last = (group.short(texts.lang) for group in plan.before.groups)
    return texts("siting.groups", first=", ".join(first), last=last) if first else last


def share_after(plan: Plan, sites: int) -> float | None:
    """Coverage of all groups together after the first so many sites; None where the target is 0."""
    if sites:
        share = plan.sites["cakupan"].iloc[sites - 1]
        return None if pd.isna(share) else float(share)
    if plan.by_area:
        return plan.area_share
    return float(plan.totals.iloc[0].sum()) / plan.target if plan.target else None


def plan_headline(plan: Plan) -> Message:
    """The plan in one sentence: "Mamasa: 5 lokasi menjangkau 4.310 lansia lagi; cakupan naik dari 41,2 % ..."."""
    number, before = len(plan.sites), share_after(plan, 0)
    target = plan.question.target
    if not number and target is not None and before is not None:
        finding = msg("siting.headline_reached", group=group_names(plan), share=before, target=target)
    elif not number or before is None:
        finding = msg("siting.headline_none", group=group_names(plan))
    else:
        known = msg("said.nothing")
        if len(plan.before.groups) == 1:
            total = area_totals(plan.before, plan.before.groups[0].key)
            known = known_part(total.desa_known, total.desa)
        gained = float(plan.sites["tambahan_terjangkau"].sum())
        finding = _served(plan) if plan.service else msg(
            "siting.headline_area" if plan.by_area else "siting.headline", n=number, people=gained,
            group=group_names(plan), before=before, after=share_after(plan, number), known=known,
            what=msg(f"siting.what_{_unit_named(plan)}", n=number),
        )  # fmt: skip
    return msg("said.placed", place=place_name(plan.before), finding=finding)


def _served(plan: Plan) -> Message:
    """The headline of a plan with capacities."""
    assert plan.service is not None
    now, then = plan.service.now, plan.service.then
    return msg(
        "siting.headline_service", n=len(plan.sites), people=then - now, group=group_names(plan), before=now, after=then
    )


def _unit_named(plan: Plan) -> str:
    """What the plan counts: sites, kecamatan, or steps if LKS of the register are among them."""
    if plan.question.kinds != (NEW,):
        return "step"
    return "kecamatan" if plan.only_kecamatan else "site"


def plan_proof(plan: Plan) -> Message:
    """How far from the best the plan can be."""
    if plan.service is not None:
        return msg("siting.proof_service", gap=plan.gap) if plan.gap else msg("siting.proof_service_best")
    if plan.gap:
        return msg("siting.proof_gap", gap=plan.gap)
    as_much = msg("siting.as_many" if plan.question.budget is None else "siting.as_dear")
    return msg("siting.proof_cells" if plan.on_cells else "siting.proof", as_much=as_much)


def plan_notes(plan: Plan) -> list[Message]:
    """Whole sentences: the proof, what was asked for besides, what the plan does not know."""
    question, number = plan.question, len(plan.sites)
    notes = [plan_proof(plan)] if number else []
    asked = sum(question.phases) or question.sites
    notes += _costs(plan)
    if question.target is None and question.budget is None and number < asked:
        notes.append(msg("siting.all_used" if number == len(plan.options) else "siting.fewer", n=number, asked=asked))
    notes += _rows_left(plan)
    if question.target is not None and number:
        share = share_after(plan, number)
        short = share is not None and share < question.target
        notes.append(msg("siting.target_short" if short else "siting.target_met", n=number, share=question.target))
    if len(plan.before.groups) > 1:
        counts = ", ".join(
            f"{group.short(plan.settings.lang)} {Texts(plan.settings.lang).plain(question.weights.get(group.key, 1.0))}"
            for group in plan.before.groups
        )
        notes.append(msg("siting.several", weights=counts))
    if question.min_distance_km is not None:
        notes.append(msg("siting.min_distance", km=question.min_distance_km))
    if plan.service is not None:
        now, then, service = plan.service.now, plan.service.then, plan.service
        notes.append(
            msg("siting.service", capacity=question.capacity, now=now, then=then, group=group_names(plan),
                known=service.known, n=service.places)
        )  # fmt: skip
    notes += [*_phases(plan), *_fairness(plan), *_trials(plan)]
    if number and plan.service is None:
        notes.append(msg("siting.replace", share=AS_GOOD, what=msg(f"siting.unit_{plan.unit}")))
    if plan.only_kecamatan:
        notes.append(msg("siting.only_kecamatan"))
    if plan.standing is not None:
        notes.append(msg("siting.standing", n=plan.standing.places, share=plan.standing.share))
    notes.append(msg("siting.not_known" if plan.settings.roads is None else "siting.not_known_roads"))
    return notes


def _rows_left(plan: Plan) -> list[Message]:
    """How many rows of a file of sites are no candidates, and why."""
    listed, texts = plan.listed, Texts(plan.settings.lang)
    if listed is None or listed.used >= listed.rows:
        return []
    reasons = ("rejected", "without_point", "outside", "close")
    counts = [(texts(f"siting.left_{reason}"), int(getattr(listed, reason))) for reason in reasons]
    why = ", ".join(f"{reason} {texts.number(count)}" for reason, count in counts if count)
    return [msg("siting.candidates_left", n=listed.rows - listed.used, total=listed.rows, why=why)]


def _costs(plan: Plan) -> list[Message]:
    """What the plan costs and what each kind of step does, and how many LKS of each kind there are to choose from."""
    question, settings = plan.question, plan.settings
    if not question.with_costs:
        return []
    plain = Texts(settings.lang).plain
    spent = plain(float(plan.sites["biaya"].sum()))
    notes = [msg("siting.cost", cost=spent)]
    if question.budget is not None:
        notes = [msg("siting.budget", cost=spent, budget=plain(question.budget))]
    for kind in question.kinds:
        number = int(plan.options["jenis"].eq(kind).sum())
        notes.append(msg(f"siting.choice_{kind}", n=number, cost=plain(settings.plan_cost(kind))))
    return notes


def _phases(plan: Plan) -> list[Message]:
    """Coverage after each phase, as far as the plan has sites for it."""
    notes = []
    for step, (size, end) in enumerate(zip(plan.question.phases, accumulate(plan.question.phases), strict=True), 1):
        first, last = end - size + 1, min(end, len(plan.sites))
        share = share_after(plan, last)
        if first <= last and share is not None:
            notes.append(msg("siting.phase", step=str(step), first=str(first), last=str(last), share=share))
    return notes


def _fairness(plan: Plan) -> list[Message]:
    fairness = plan.fairness
    if fairness is None:
        return []
    return [
        msg(
            "siting.fair", plain=fairness.plain, fair=fairness.fair, people=fairness.people_less,
            share=fairness.share_less,
        )
    ]  # fmt: skip


def _trials(plan: Plan) -> list[Message]:
    """What is left of the gain under each assumption, and the worst case beside that of the plan for one reach."""
    if not plan.trials:
        return []
    worst = msg(
        "siting.robust", robust=min(trial.robust for trial in plan.trials),
        plain=min(trial.plain for trial in plan.trials), km=plan.settings.reach_km,
    )  # fmt: skip
    rows = [
        msg(
            "siting.trial_sure" if trial.sure_only else "siting.trial", km=trial.reach_km, robust=trial.robust,
            plain=trial.plain,
        )
        for trial in plan.trials
    ]  # fmt: skip
    return [worst, *rows, *([msg("siting.trial_measure")] if plan.on_cells else [])]


def replaceable(plan: Plan, site: int) -> Message:
    """Whether the site (position) is a must or a free choice, and among how many."""
    if plan.service is not None:
        return msg("siting.not_tried")
    number = len(plan.substitutes[site])
    if not number:
        return msg("siting.must")
    return msg("siting.free", n=number, what=msg(f"siting.unit_{plan.unit}"))


def plan_table(plan: Plan) -> SmallTable:
    """The sites as a small table: number, name, where, people newly reached (or nothing, by area), coverage then."""
    texts = Texts(plan.settings.lang)
    columns: list[Made] = [
        ("number", 0.06, False, lambda row: texts.number(int(row["urutan"]))),
        (plan.unit if plan.unit != "lokasi" else "site", 0.26, False, lambda row: str(row["nama"])),
        ("within", 0.3, False, lambda row: _within(plan, row)),
        ("substitutes", 0.2, False, lambda row: texts(replaceable(plan, int(row["urutan"]) - 1))),
        ("gain", 0.12, True, lambda row: "" if plan.by_area else people(texts, row["tambahan_terjangkau"])),
        ("coverage_then", 0.12, True, lambda row: percent(texts, row["cakupan"])),
    ]
    rows = [row for _, row in plan.sites.iterrows()]
    return small_table(texts, columns, rows, codes=tuple(plan.sites["kode"].astype(str)))


def _within(plan: Plan, row: pd.Series[Any]) -> str:
    """Where a site lies: its kecamatan, unless it is one, and its kabupaten."""
    kabupaten = short_place(str(row["kabupaten"]))
    return kabupaten if plan.only_kecamatan else f"{row['kecamatan']}, {kabupaten}"


def change_table(plan: Plan) -> SmallTable:
    """Coverage before and after, per kabupaten, of the first group asked for."""
    texts = Texts(plan.settings.lang)
    gains = kabupaten_gains(plan)
    columns: list[Made] = [
        ("kabupaten", 0.5, False, lambda row: str(row["nama"])),
        ("coverage_now", 0.25, True, lambda row: percent(texts, row["cakupan_kini"])),
        ("coverage_then", 0.25, True, lambda row: percent(texts, row["cakupan_rencana"])),
    ]
    rows = gains[gains["kelompok"] == plan.before.groups[0].key]
    return small_table(texts, columns, [row for _, row in rows.iterrows()])


def kabupaten_gains(plan: Plan) -> pd.DataFrame:
    """Before and after, per kabupaten that the register reports and group (KABUPATEN_COLUMNS)."""
    parts = []
    for group in plan.before.groups:
        now, then = (rows_reported(coverage, "kabupaten", group.key) for coverage in (plan.before, plan.after))
        parts.append(
            pd.DataFrame(
                {
                    "kode": now.index,
                    "nama": now["nama"].map(short_place).to_numpy(),
                    "kelompok": group.key,
                    "sasaran": now["sasaran"].to_numpy(),
                    "terjangkau_kini": now["terjangkau"].to_numpy(),
                    "terjangkau_rencana": then["terjangkau"].to_numpy(),
                    "cakupan_kini": now["cakupan"].to_numpy(),
                    "cakupan_rencana": then["cakupan"].to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
