"""`lks-geo unserved`: the coordinator's list of villages without a service, most people first."""

from __future__ import annotations

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

SUFFIXES = (".csv", ".xlsx")


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("unserved", help=t("cli.unserved_help"), epilog=t("cli.unserved_example"))
    @options(t, "register")
    @click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help=t("cli.option_top"))
    @output(t, "cli.unserved_output", "belum-terlayani.csv")
    @click.option("--csv", "csv_style", type=click.Choice(["intl", "id"]), default="intl", help=t("cli.option_csv"))
    @options(t, "group", *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def unserved(common: GlobalOptions, /, **values: Any) -> None:
        _unserved(common, values)

    return plain_help(unserved)


def _unserved(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo.cli.measuring import measured
    from lks_geo.cli.screen import print_unserved
    from lks_geo.files import refuse_existing, require_suffix
    from lks_geo.render.export import write_unserved

    target: Path | None = values["output"]
    if target:
        require_suffix(target, SUFFIXES)
        refuse_existing(target, overwrite=values["overwrite"])
    coverage = measured(common, values, targets=(target,)).coverage
    if target:
        write_unserved(target, coverage, overwrite=values["overwrite"], csv_style=values["csv_style"])
    print_unserved(coverage, values["top"], target, Texts(coverage.settings.lang))
