"""`lks-geo map`: the interactive map (html), or a printable one for a group and level (png, pdf, svg)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    GlobalOptions,
    group_keys,
    options,
    output,
    plain_help,
    settings_from,
)
from lks_geo.messages import Texts

SUFFIXES = (".html", ".png", ".pdf", ".svg")


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("map", help=t("cli.map_help"), epilog=t("cli.map_example"))
    @options(t, "register")
    @output(t, "cli.map_output", "peta.html")
    @click.option("--group", metavar=t("cli.metavar_group"), help=t("cli.option_map_group"))
    @click.option(
        "--level",
        type=click.Choice(["desa", "kecamatan", "kabupaten"]),
        default="desa",
        show_default=True,
        help=t("cli.option_map_level"),
    )
    @click.option(
        "--measure",
        type=click.Choice(["status", "jarak_km", "cakupan", "rasio_lks_per_1000"]),
        default="status",
        show_default=True,
        help=t("cli.option_measure"),
    )
    @click.option(
        "--paper",
        type=click.Choice(["a4", "a3", "16:9"]),
        default="a4",
        show_default=True,
        help=t("cli.option_paper"),
    )
    @click.option("--dpi", type=click.IntRange(50, 600), default=150, show_default=True, help=t("cli.option_dpi"))
    @options(t, *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def map_(common: GlobalOptions, /, **values: Any) -> None:
        _map(common, values)

    return plain_help(map_)


def _map(common: GlobalOptions, values: dict[str, Any]) -> None:
    from lks_geo import pipeline
    from lks_geo.cli.measuring import measured
    from lks_geo.cli.options import end_talk, talk
    from lks_geo.cli.screen import print_made
    from lks_geo.files import refuse_existing, require_suffix

    target: Path = values["output"] or Path("peta.html")
    require_suffix(target, SUFFIXES)
    refuse_existing(target, overwrite=values["overwrite"])
    settings = settings_from(common, values)
    wanted = group_keys((values["group"],), settings) if values["group"] else ()
    made = measured(common, {**values, "groups": (), "levels": ()}, targets=(target,))
    if target.suffix.lower() == ".html":
        pipeline.write_map(
            target, made.world, made.full, overwrite=values["overwrite"], group=wanted[0] if wanted else None,
            progress=talk(common),
        )  # fmt: skip
        end_talk(common)
    else:
        from lks_geo.render.figure import draw_map

        draw_map(
            target,
            made.full,
            group=wanted[0] if wanted else settings.groups[0].key,
            level=values["level"],
            measure=values["measure"],
            paper=values["paper"],
            dpi=values["dpi"],
            overwrite=values["overwrite"],
        )
    if not common.quiet:
        print_made(made.full, [target], Texts(settings.lang))
