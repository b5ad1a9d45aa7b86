"""The command `compare`: what changed between two registers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    GlobalOptions,
    end_talk,
    options,
    output,
    plain_help,
    request_from,
    talk,
)
from lks_geo.errors import RequestError
from lks_geo.messages import Texts, msg
from lks_geo.request import CHANGES_SUFFIXES

if TYPE_CHECKING:
    from rich.table import Table

    from lks_geo.comparing.changes import Comparison
    from lks_geo.said.what_changed import Years

_LISTED = 12
"""Changes of a kind beyond this are counted on the screen, and listed in the file."""


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

    from lks_geo.cli.screen import short
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
            table.add_row(words, *(escape(short(cell)) for cell in cells))
        if len(rows) > _LISTED:
            table.add_row(words, t("comparing.more", n=len(rows) - _LISTED))
    return table
