"""`lks-geo coverage`: the coverage tables as a file, or as CSV on standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    GlobalOptions,
    options,
    output,
    plain_help,
)
from lks_geo.messages import Texts

SUFFIXES = (".csv", ".xlsx", ".gpkg", ".geojson", ".parquet")


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("coverage", help=t("cli.coverage_help"), epilog=t("cli.coverage_example"))
    @options(t, "register")
    @output(t, "cli.coverage_output", "cakupan.xlsx")
    @click.option("--csv", "csv_style", type=click.Choice(["intl", "id"]), default="intl", help=t("cli.option_csv"))
    @options(t, *INPUTS, "group", "level", *COUNTING, "overwrite")
    @click.pass_obj
    def coverage(common: GlobalOptions, /, **values: Any) -> None:
        _coverage(common, values)

    return plain_help(coverage)


def _coverage(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo.cli.measuring import measured
    from lks_geo.cli.screen import print_coverage
    from lks_geo.files import refuse_existing, require_suffix, whole_file
    from lks_geo.render.export import write_table
    from lks_geo.render.frames import write_csv, write_csv_file

    target: Path | None = values["output"]
    beside = None
    if target:
        require_suffix(target, SUFFIXES)
        refuse_existing(target, overwrite=values["overwrite"])
        if beside := _beside(target, values):
            refuse_existing(beside, overwrite=values["overwrite"])
    coverage = measured(common, values, targets=(target, beside)).coverage
    if target is None:
        write_csv(sys.stdout, coverage, csv_style=values["csv_style"])
        return
    write_table(target, coverage, overwrite=values["overwrite"], csv_style=values["csv_style"])
    made = [target]
    if coverage.sensitivity is not None and beside:
        with whole_file(beside, overwrite=values["overwrite"]) as temporary:
            write_csv_file(temporary, coverage.sensitivity, style=values["csv_style"])
        made.append(beside)
    if not common.quiet:
        print_coverage(coverage, made, Texts(coverage.settings.lang))


def _beside(target: Path, values: dict[str, Any]) -> Path | None:
    """The CSV of the sensitivity table beside the file; None if none was asked for or a workbook has it as a sheet."""
    if target.suffix.lower() == ".xlsx" or len(values["reach"] or ()) < 2:
        return None
    return target.with_name(f"{target.stem}-kepekaan.csv")
