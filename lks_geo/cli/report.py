"""`lks-geo report`: the meeting deck (pptx) or the atlas (pdf)."""

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

SUFFIXES = (".pptx", ".pdf")


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("report", help=t("cli.report_help"), epilog=t("cli.report_example"))
    @options(t, "register")
    @output(t, "cli.report_output", "laporan.pptx")
    @click.option("--template", type=click.Path(path_type=Path), metavar="FILE.pptx", help=t("cli.option_template"))
    @options(t, *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def report(common: GlobalOptions, /, **values: Any) -> None:
        _report(common, values)

    return plain_help(report)


def _report(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo.cli.measuring import measured
    from lks_geo.cli.screen import print_made
    from lks_geo.files import refuse_existing, require_suffix

    target: Path = values["output"] or Path("laporan.pptx")
    require_suffix(target, SUFFIXES)
    refuse_existing(target, overwrite=values["overwrite"])
    coverage = measured(common, values, targets=(target,), sensitivity=True).full
    if target.suffix.lower() == ".pptx":
        from lks_geo.render.slides import write_slides

        write_slides(target, coverage, template=values["template"], overwrite=values["overwrite"])
    else:
        from lks_geo.render.atlas import write_atlas

        write_atlas(target, coverage, overwrite=values["overwrite"])
    if not common.quiet:
        print_made(coverage, [target], Texts(coverage.settings.lang))
