"""`lks-geo check`: the quality of a register, on screen and as a list to send back to the offices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import (
    INPUTS,
    GlobalOptions,
    end_talk,
    options,
    output,
    plain_help,
    request_from,
    settings_from,
    talk,
)
from lks_geo.messages import Texts

SUFFIXES = (".xlsx", ".csv", ".json")


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("check", help=t("cli.check_help"), epilog=t("cli.check_example"))
    @options(t, "register")
    @output(t, "cli.check_output", "mutu.xlsx")
    @click.option("--strict", is_flag=True, help=t("cli.option_strict"))
    @options(t, *INPUTS, "show_sensitive", "overwrite")
    @click.pass_obj
    def check(common: GlobalOptions, /, **values: Any) -> int:
        return _check(common, values)

    return plain_help(check)


def _check(common: GlobalOptions, values: dict[str, Any]) -> int:
    from lks_geo import pipeline
    from lks_geo.cli.screen import print_register
    from lks_geo.files import refuse_existing, require_suffix

    settings = settings_from(common, values)
    target: Path | None = values["output"]
    if target:
        require_suffix(target, SUFFIXES)
        refuse_existing(target, overwrite=values["overwrite"])
    progress = talk(common)
    request = request_from(values, (target,))
    boundaries = pipeline.read_boundaries(request, progress)
    register = pipeline.public_register(pipeline.read_cleaned(request, boundaries, settings, progress), settings)
    end_talk(common)
    if target:
        pipeline.write_register(target, register, boundaries, settings, overwrite=values["overwrite"])
    if not common.quiet:
        print_register(register, target, Texts(settings.lang))
    doubtful = register.counts["meragukan"] + register.counts["ditolak"]
    return 1 if values["strict"] and doubtful else 0
