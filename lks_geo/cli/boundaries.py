"""`lks-geo boundaries`: show what is in use (`info`), or make a clean boundary file from any source (`import`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import GlobalOptions, end_talk, options, output, plain_help, talk
from lks_geo.messages import Texts


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.group("boundaries", help=t("cli.boundaries_help"), no_args_is_help=True)
    def boundaries() -> None:
        pass

    @boundaries.command("info", help=t("cli.boundaries_info_help"), epilog=t("cli.boundaries_info_example"))
    @click.argument("file", type=click.Path(path_type=Path), required=False)
    @click.pass_obj
    def info(common: GlobalOptions, /, **values: Any) -> None:
        _info(common, values["file"])

    @boundaries.command("import", help=t("cli.boundaries_import_help"), epilog=t("cli.boundaries_import_example"))
    @click.argument("sources", type=click.Path(path_type=Path), nargs=-1, required=True)
    @output(t, "cli.boundaries_import_output", "FILE.parquet", required=True)
    @click.option("--code-column", metavar=t("cli.metavar_name"), help=t("cli.boundaries_import_code"))
    @click.option("--name-column", metavar=t("cli.metavar_name"), help=t("cli.boundaries_import_name"))
    @options(t, "overwrite")
    @click.pass_obj
    def import_(common: GlobalOptions, /, **values: Any) -> None:
        _import(common, values)

    for made in (info, import_):
        plain_help(made)
    return plain_help(boundaries)


def _info(common: GlobalOptions, path: Path | None) -> None:
    from lks_geo.boundaries import describe, load_boundaries
    from lks_geo.cli.screen import print_boundaries

    facts = describe(path, load_boundaries(path))
    print_boundaries(facts, Texts(common.settings.lang))


def _import(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo.boundaries import describe, import_boundaries
    from lks_geo.cli.screen import print_boundaries
    from lks_geo.files import refuse_existing, require_suffix

    target: Path = values["output"]
    require_suffix(target, (".parquet",))
    refuse_existing(target, overwrite=values["overwrite"])
    made = import_boundaries(
        values["sources"],
        target,
        overwrite=values["overwrite"],
        code_column=values["code_column"],
        name_column=values["name_column"],
        progress=talk(common),
    )
    end_talk(common)
    t = Texts(common.settings.lang)
    print_boundaries(describe(target, made), t)
    if not common.quiet:
        click.echo(t("cli.made", name=str(target)), err=True)
