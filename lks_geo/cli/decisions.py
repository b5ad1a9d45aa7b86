"""The commands that prepare decisions: where next (`plan`), what changed (`compare`)."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
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
from lks_geo.errors import RequestError
from lks_geo.messages import Texts, msg
from lks_geo.request import CHANGES_SUFFIXES, PLAN_SUFFIXES, question_of

if TYPE_CHECKING:
    from rich.table import Table

    from lks_geo.comparing.changes import Comparison
    from lks_geo.said.what_changed import Years
    from lks_geo.siting.planning import Plan

_LISTED = 12
"""Changes of a kind beyond this are counted on the screen, and listed in the file."""


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
    @click.option("--weight", "weights", type=Pair(t), metavar="lansia=2", multiple=True, help=t("cli.option_weight"))
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


def compare(t: Texts) -> click.Command:
    """What changed between two registers."""

    @click.command("compare", help=t("cli.compare_help"), epilog=t("cli.compare_example"))
    @click.argument("registers", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="OLD NEW [NEWER]...")
    @click.option("--pairs", type=click.Path(path_type=Path), metavar="FILE", help=t("cli.option_pairs"))
    @output(t, "cli.compare_output", "perubahan.xlsx")
    @click.option("--csv", "csv_style", type=click.Choice(["intl", "id"]), default="intl", help=t("cli.option_csv"))
    @options(t, "group", *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def command(
        common: GlobalOptions, /, registers: tuple[Path, ...], pairs: Path | None, csv_style: str, **values: Any
    ) -> None:
        from lks_geo import pipeline, result_set
        from lks_geo.files import refuse_existing, refuse_inputs, require_suffix
        from lks_geo.render.compare_table import areas_beside
        from lks_geo.said.what_changed import Years

        *earlier, newest = registers
        _refuse(registers, pairs, values)
        target: Path | None = values["output"]
        beside = areas_beside(target, "langkah" if len(earlier) > 1 else "cakupan") if target else None
        paths = [path for path in (target, beside) if path]
        if target:
            require_suffix(target, CHANGES_SUFFIXES)
            for path in paths:
                refuse_existing(path, overwrite=values["overwrite"])
            refuse_inputs(paths, [*registers, pairs])
        request = request_from(common, {**values, "register": newest}, targets=paths)
        steps = pipeline.compared(request, earlier, pairs, talk(common))
        end_talk(common)
        texts, years = Texts(steps[-1].settings.lang), Years(steps=steps) if len(steps) > 1 else None
        if target:
            result_set.write_changes(target, steps, overwrite=request.overwrite, csv_style=csv_style)
        if common.quiet and target:
            return
        if years:
            print_years(years, paths, texts)
        else:
            print_comparison(steps[0], paths, texts)

    return plain_help(command)


def _refuse(registers: tuple[Path, ...], pairs: Path | None, values: Mapping[str, Any]) -> None:
    """What cannot be compared."""
    faults = (
        (len(registers) < 2, "two_needed"),
        (len(registers) > 2 and pairs is not None, "pairs_of_two"),
        (len(values["reach"] or ()) > 1, "one_reach"),
    )
    for is_fault, told in faults:
        if is_fault:
            raise RequestError(msg(f"comparing.{told}"))


def print_comparison(comparison: Comparison, paths: list[Path], t: Texts) -> None:
    """On standard output: the headline of every group, what changed by which cause, the changes, what must be known."""
    from rich.markup import escape

    from lks_geo.cli.screen import console, print_made
    from lks_geo.said.headlines import sentence
    from lks_geo.said.what_changed import (
        compared_files,
        comparison_notes,
        counts_sentence,
        headline,
        in_view,
        people_sentence,
    )

    out = console(sys.stdout)
    out.print(escape(t("comparing.compared", files=compared_files(comparison))))
    for group in comparison.new.groups:
        out.print(f"[bold]{escape(sentence(t, headline(comparison, group.key)))}[/bold]")
        people = people_sentence(comparison, group.key)
        if people is not None:
            out.print(escape(sentence(t, people)))
    out.print(_causes_table(comparison, t))
    out.print(escape(sentence(t, counts_sentence(comparison))))
    table = _changes_table(comparison, t)
    if table.row_count:
        out.print(table)
    for note in comparison_notes(comparison):
        out.print(escape(sentence(t, note)))
    print_made(in_view(comparison, comparison.new), paths, t)


def print_years(years: Years, paths: list[Path], t: Texts) -> None:
    """On standard output: the line of every group as a sentence and a table, what each step changed, what must be
    known."""
    from rich.markup import escape

    from lks_geo.cli.screen import console
    from lks_geo.render.compare_table import marks_of, told_of_years

    out, groups = console(sys.stdout), len(years.steps[-1].new.groups)
    lines = told_of_years(years)
    for mark in marks_of(*years.coverages):
        out.print(f"[bold]{escape(t(mark))}[/bold]")
    for line in lines[:groups]:
        out.print(f"[bold]{escape(line)}[/bold]")
    out.print(_years_table(years))
    for line in lines[groups:]:
        out.print(escape(line))
    for path in paths:
        console(sys.stderr).print(escape(t("cli.made", name=str(path))))


def _years_table(years: Years) -> Table:
    """The numbers of every group and register over all that is in view."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lks_geo.said.what_changed import year_numbers

    numbers = year_numbers(years)
    table = Table(box=box.SIMPLE, pad_edge=False)
    for column in numbers.columns:
        table.add_column(column.title, justify="right" if column.number else "left")
    for row in numbers.rows:
        table.add_row(*map(escape, row))
    return table


def _causes_table(comparison: Comparison, t: Texts) -> Table:
    """People (or km2) gained and lost in all that is shown, by cause; one row per group."""
    from rich import box
    from rich.table import Table

    from lks_geo.comparing.gains import CAUSES
    from lks_geo.said.what_changed import totals_of

    names = ("bertambah", "berkurang", *CAUSES)
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in ("kelompok", "satuan"):
        table.add_column(t(f"comparing.column_{name}"))
    for name in names:
        table.add_column(t(f"comparing.column_{name}"), justify="right")
    for group in comparison.new.groups:
        total = totals_of(comparison, group.key)
        unit = t("comparing.unit_km2" if total["km2"] else "comparing.unit_people")
        table.add_row(group.name(t.lang), unit, *(t.number(float(total[name]) + 0.0) for name in names))
    return table


def _changes_table(comparison: Comparison, t: Texts) -> Table:
    """The first changes of each kind, doubtful pairs with all their candidates."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lks_geo.render.compare_table import changes_frame

    frame = changes_frame(comparison)
    frame = frame[frame["kelas"] != "tetap"]
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in ("kelas", "id_lama", "nama_lama", "id_baru", "nama_baru", "kecamatan", "alasan"):
        table.add_column(t(f"comparing.column_{name}"))
    for kinds, rows in frame.groupby("kelas", sort=False):
        words = "; ".join(t(f"comparing.class_{kind}") for kind in str(kinds).split("; "))
        for row in rows.head(_LISTED).fillna("").to_dict("records"):
            cells = (row[name] for name in ("id_lama", "nama_lama", "id_baru", "nama_baru", "kecamatan", "alasan"))
            table.add_row(words, *map(escape, cells))
        if len(rows) > _LISTED:
            table.add_row(words, t("comparing.more", n=len(rows) - _LISTED))
    return table
