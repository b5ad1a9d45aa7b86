"""`lks-geo run`: the main job, register in, the whole set of outputs out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lks_geo import shipped
from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    GlobalOptions,
    end_talk,
    kabupaten_codes,
    options,
    output,
    plain_help,
    request_from,
    settings_from,
    talk,
)
from lks_geo.messages import Texts


def command(t: Texts) -> click.Command:
    """The command in one language."""

    @click.command("run", help=t("cli.run_help"), epilog=t("cli.run_example"), no_args_is_help=False)
    @click.argument("register", type=click.Path(path_type=Path), required=False)
    @output(t, "cli.run_output", "DIR")
    @options(t, *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def run(common: GlobalOptions, /, **values: Any) -> None:
        _run(common, values)

    return plain_help(run)


def _run(common: GlobalOptions, values: dict[str, Any]) -> None:
    from dataclasses import replace

    from lks_geo import pipeline
    from lks_geo.cli.screen import print_coverage
    from lks_geo.files import refuse_full_folder

    settings = settings_from(common, values)
    folder = values["output"] or Path("outputs") / (values["register"] or shipped.EXAMPLE_REGISTER).stem
    request = request_from(values, (folder / name for name in pipeline.TABLE_OUTPUTS))
    refuse_full_folder(folder, overwrite=values["overwrite"])
    progress = talk(common)
    world = pipeline.read_world(request, settings, progress)
    settings = replace(settings, kabupaten=kabupaten_codes(values["kabupaten"], world.boundaries))
    coverage, made = pipeline.write_everything(
        folder,
        world,
        settings,
        overwrite=values["overwrite"],
        reaches_km=values["reach"] or (),
        progress=progress,
    )
    end_talk(common)
    if not common.quiet:
        print_coverage(coverage, made, Texts(settings.lang))
