"""The command `plan`: where next."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    GlobalOptions,
    Numbers,
    Pair,
    end_talk,
    options,
    output,
    plain_help,
    request_from,
    talk,
)
from lks_geo.cli.results import CSV_STYLES, refuse_unused
from lks_geo.messages import Texts
from lks_geo.request import PLAN_SUFFIXES, question_of

if TYPE_CHECKING:
    from rich.table import Table

    from lks_geo.siting.planning import Plan


class Counts(click.ParamType[tuple[int, ...]]):
    """Whole numbers above 0, separated by commas: `3,3,4`."""

    name = "N,N"

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = value.split(",")
        if not all(part.strip().isdigit() and int(part) > 0 for part in parts):
            self.fail(self.texts("siting.not_counts", found=value), param, ctx)
        return tuple(int(part) for part in parts)


class Kinds(click.ParamType[tuple[str, ...]]):
    """Kinds of steps, separated by commas: `new,activate`; their names in the plan come back."""

    name = "KIND,KIND"

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        from lks_geo.siting.candidates import KINDS

        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in value.split(",")]
        if not set(parts) <= KINDS.keys():
            self.fail(self.texts("siting.not_kinds", found=value, names=",".join(KINDS)), param, ctx)
        return tuple(kind for name, kind in KINDS.items() if name in parts)


class Share(click.ParamType[float]):
    """A share above 0 and at most 1: "0.9"; "90 %" and "0,9" mean the same."""

    name = "0.9"

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).replace(",", ".").strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = math.nan
        if not 0 < share <= 1:
            self.fail(self.texts("siting.not_share", found=value), param, ctx)
        return share


def plan(t: Texts) -> click.Command:
    """Where more LKS would help most."""

    @click.command("plan", help=t("cli.plan_help"), epilog=t("cli.plan_example"))
    @options(t, "register", "group")
    @click.option("--sites", type=click.IntRange(min=1), metavar="N", help=t("cli.option_sites"))
    @click.option("--target", type=Share(t), metavar="0.9", help=t("cli.option_target"))
    @click.option("--phases", type=Counts(t), metavar="3,3,4", help=t("cli.option_phases"))
    @click.option("--budget", type=click.FloatRange(0, min_open=True), metavar="2.5", help=t("cli.option_budget"))
    @click.option("--kinds", type=Kinds(t), metavar="new,activate,accredit,add", help=t("cli.option_kinds"))
    @click.option("--capacity", type=click.FloatRange(0, min_open=True), metavar="N", help=t("cli.option_capacity"))
    @click.option("--candidates", type=click.Path(path_type=Path), metavar="FILE", help=t("cli.option_candidates"))
    @click.option(
        "--min-distance",
        type=click.FloatRange(0, 20_000, min_open=True),
        metavar="KM",
        help=t("cli.option_min_distance"),
    )
    @click.option("--fair", is_flag=True, help=t("cli.option_fair"))
    @click.option("--robust", type=Numbers(t), metavar="5,10,15", help=t("cli.option_robust"))
    @click.option(
        "--weight", "weights", type=Pair(t, "siting.not_weight"), metavar="lansia=2", multiple=True,
        help=t("cli.option_weight"),
    )  # fmt: skip
    @output(t, "cli.plan_output", "rencana.xlsx")
    @click.option("--csv", "csv_style", type=click.Choice([*CSV_STYLES]), default="raw", help=t("cli.option_csv"))
    @options(t, *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, csv_style: str, candidates: Path | None, **values: Any) -> None:
        from lks_geo import pipeline, result_set
        from lks_geo.files import refuse_existing, refuse_inputs, require_suffix

        target: Path | None = values["output"]
        if target:
            require_suffix(target, PLAN_SUFFIXES)
            refuse_unused(target, "csv_style")
            refuse_existing(target, overwrite=values["overwrite"])
            refuse_inputs([target], [candidates])
        request = request_from(common, values)
        question = question_of(values, request.settings)
        found = pipeline.planned(request, question, candidates, talk(common))
        end_talk(common)
        if target:
            result_set.write_plan_file(target, found, overwrite=request.overwrite, csv_style=csv_style)
        if not (common.quiet and target):
            print_plan(found, target, Texts(found.settings.lang))

    return plain_help(command)


def print_plan(plan: Plan, target: Path | None, t: Texts) -> None:
    """The plan on standard output: headline, sites, before and after, and the sentences that explain them."""
    from rich.markup import escape

    from lks_geo.cli.screen import console, print_made
    from lks_geo.said.advice import plan_headline, plan_notes
    from lks_geo.said.headlines import sentence

    out = console(sys.stdout)
    out.print(f"[bold]{escape(sentence(t, plan_headline(plan)))}[/bold]")
    if len(plan.sites):
        out.print(_sites_table(plan, t))
        out.print(_kabupaten_table(plan, t))
    for note in plan_notes(plan):
        out.print(escape(t(note)))
    print_made(plan.before, [target] if target else [], t)


def _sites_table(plan: Plan, t: Texts) -> Table:
    from lks_geo.said.advice import replaceable

    names = {"nama": "desa", "kecamatan": "kecamatan", "kabupaten": "kabupaten"}
    if plan.unit != "desa":
        names["nama"] = f"plan_{plan.unit}"
    if plan.only_kecamatan:
        del names["kecamatan"]
    numbers = {"tambahan_terjangkau": "plan_gain", "total_terjangkau": "plan_total", "cakupan": "plan_share"}
    if plan.by_area:
        numbers = {"cakupan": "plan_area"}
    steps = ["plan_kind", "plan_cost"] if plan.question.with_costs else []
    titles = ["no", *names.values(), *steps, *numbers.values(), "plan_substitutes"]
    table = _table(titles, {"no", "plan_cost", *numbers.values()}, t)
    for place, row in enumerate(plan.sites.to_dict("records")):
        figures = [_percent(row[key], t) if key == "cakupan" else _number(row[key], t) for key in numbers]
        step = [t(f"siting.kind_{row['jenis']}"), t.plain(row["biaya"])] if steps else []
        table.add_row(
            t.number(row["urutan"]), *(_text(row[key]) for key in names), *step, *figures, t(replaceable(plan, place))
        )
    return table


def _kabupaten_table(plan: Plan, t: Texts) -> Table:
    """Before and after, per kabupaten (and group, if there are several)."""
    from lks_geo.said.advice import kabupaten_gains

    several = len(plan.before.groups) > 1
    numbers = ["plan_now", "plan_then", *([] if plan.by_area else ["plan_gain"])]
    table = _table(["kabupaten", *(["group"] if several else []), *numbers], {*numbers}, t)
    for row in kabupaten_gains(plan).to_dict("records"):
        group = [plan.settings.group(row["kelompok"]).name(t.lang)] if several else []
        shares = [_percent(row[key], t) for key in ("cakupan_kini", "cakupan_rencana")]
        gain = [] if plan.by_area else [_number(row["terjangkau_rencana"] - row["terjangkau_kini"], t)]
        table.add_row(_text(row["nama"]), *group, *shares, *gain)
    return table


def _table(titles: list[str], right: set[str], t: Texts) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, pad_edge=False)
    for title in titles:
        table.add_column(t(f"screen.column_{title}"), justify="right" if title in right else "left")
    return table


def _text(value: object) -> str:
    """A name, or nothing where the area has none."""
    from rich.markup import escape

    return escape(value) if isinstance(value, str) else ""


def _number(value: float, t: Texts) -> str:
    return t("screen.unknown") if math.isnan(value) else t.number(float(value))


def _percent(value: float, t: Texts) -> str:
    return t("screen.unknown") if math.isnan(value) else t.percent(float(value), 1)
