"""`lks-geo template`: an empty register to fill in, with drop-downs and a guide sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import GlobalOptions, options, output, plain_help
from lks_geo.messages import Texts


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("template", help=t("cli.template_help"), epilog=t("cli.template_example"))
    @output(t, "cli.template_output", "register.xlsx")
    @options(t, "boundaries", "overwrite")
    @click.pass_obj
    def template(common: GlobalOptions, /, **values: Any) -> None:
        _template(common, values)

    return plain_help(template)


def _template(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo import pipeline
    from lks_geo.files import refuse_existing, require_suffix
    from lks_geo.register.template import write_template

    settings = common.settings
    target: Path = values["output"] or Path("register.xlsx")
    require_suffix(target, (".xlsx",))
    refuse_existing(target, overwrite=values["overwrite"])
    boundaries = pipeline.read_boundaries(pipeline.Request(boundaries=values["boundaries"]))
    write_template(target, boundaries, settings, overwrite=values["overwrite"])
    if not common.quiet:
        click.echo(Texts(settings.lang)("cli.made", name=str(target)), err=True)
