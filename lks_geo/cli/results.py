"""The commands that measure and write results: run, coverage, unserved, profile, map, report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lks_geo import shipped
from lks_geo.catalogue import MAPPED
from lks_geo.cli.options import (
    COUNTING,
    INPUTS,
    F,
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
from lks_geo.request import (
    LIST_SUFFIXES,
    MAP_SUFFIXES,
    PRINTED_SUFFIXES,
    PROFILE_SUFFIXES,
    REPORT_SUFFIXES,
    TABLE_SUFFIXES,
    group_keys,
    own_name,
)
from lks_geo.settings import MOST_SITES

CSV_STYLES = ("raw", "intl", "id")

ONLY_FOR = {
    "level": PRINTED_SUFFIXES, "measure": PRINTED_SUFFIXES, "paper": PRINTED_SUFFIXES, "dpi": (".png",),
    "template": (".pptx",), "editable_maps": (".pptx",), "csv_style": (".csv",),
}  # fmt: skip
"""Option -> the kinds of file that it is for."""


def refuse_unused(target: Path, *names: str) -> None:
    """A `RequestError` for an option of ONLY_FOR that was given though it does nothing for this kind of file."""
    context, found = click.get_current_context(), target.suffix.lower()
    for name in names:
        if found not in ONLY_FOR[name] and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = "--csv" if name == "csv_style" else f"--{name.replace('_', '-')}"
            raise RequestError(msg("cli.unused_option", flag=flag, suffix=ONLY_FOR[name][0], found=found))


def _open(path: Path, t: Texts) -> None:
    """Opens a map in the browser of the computer, or says where it is."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        click.echo(t("cli.not_opened", name=str(path)), err=True)


def run(t: Texts) -> click.Command:
    """The main job: register in, the whole set of outputs out."""

    @click.command("run", help=t("cli.run_help"), epilog=t("cli.run_example"), no_args_is_help=False)
    @click.argument("register", type=click.Path(path_type=Path), required=False)
    @output(t, "cli.run_output", "DIR")
    @click.option("--csv", "csv_style", type=click.Choice([*CSV_STYLES]), help=t("cli.option_list_csv"))
    @click.option("--per-kabupaten", is_flag=True, help=t("cli.option_per_kabupaten"))
    @click.option("--open", "opens", is_flag=True, help=t("cli.option_open"))
    @options(t, "group", *INPUTS, *COUNTING, "context", "overwrite")
    @click.pass_obj
    def command(
        common: GlobalOptions, /, csv_style: str | None, per_kabupaten: bool, opens: bool, **values: Any
    ) -> None:
        from lks_geo import result_set
        from lks_geo.cli.screen import print_coverage
        from lks_geo.files import refuse_full_folder
        from lks_geo.sheets.personal import masked_stem

        request = request_from(common, values)
        if request.output and request.output.suffix.lower() in {*TABLE_SUFFIXES, *MAP_SUFFIXES, *REPORT_SUFFIXES}:
            raise RequestError(msg("cli.run_is_folder", path=str(request.output), folder=request.output.stem))
        internal = "-internal" if request.settings.internal else ""
        own = Path(masked_stem((request.register or shipped.EXAMPLE_REGISTER).name)).stem
        folder = request.output or Path("outputs") / f"{own}{internal}"
        tables = [folder / own_name(name, request.settings) for name in result_set.TABLE_OUTPUTS]
        request = request_from(common, values, output=folder, targets=tables)
        refuse_full_folder(folder, overwrite=request.overwrite)
        request = replace(request, csv_style=csv_style, per_kabupaten=per_kabupaten)
        coverage, paths = result_set.write_everything(folder, request, talk(common))
        end_talk(common)
        if not common.quiet:
            print_coverage(coverage, paths, Texts(coverage.settings.lang))
        if opens:
            _open(paths[0], t)

    return plain_help(command)


def coverage(t: Texts) -> click.Command:
    """The coverage tables as a file, or as CSV on standard output."""

    @click.command("coverage", help=t("cli.coverage_help"), epilog=t("cli.coverage_example"))
    @options(t, "register")
    @output(t, "cli.coverage_output", "cakupan.xlsx")
    @click.option("--csv", "csv_style", type=click.Choice([*CSV_STYLES]), default="raw", help=t("cli.option_csv"))
    @options(t, *INPUTS, "group", "level", *COUNTING, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, csv_style: str, **values: Any) -> None:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_coverage
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.render.export import LARGE_BYTES, write_table
        from lks_geo.render.frames import write_csv

        target: Path | None = values["output"]
        beside = None
        if target:
            require_suffix(target, TABLE_SUFFIXES)
            refuse_unused(target, "csv_style")
            refuse_existing(target, overwrite=values["overwrite"])
            if beside := _beside(target, values["reach"] or ()):
                refuse_existing(beside, overwrite=values["overwrite"])
        request = request_from(common, values, targets=[beside] if beside else ())
        coverage = pipeline.measured(request, talk(common)).coverage
        end_talk(common)
        if target is None:
            write_csv(sys.stdout, coverage, csv_style=csv_style)
            return
        beside = beside if coverage.sensitivity is not None else None
        write_table(target, coverage, overwrite=request.overwrite, csv_style=csv_style, reaches=beside)
        paths = [target, *([beside] if beside else [])]
        if not common.quiet:
            print_coverage(coverage, paths, Texts(coverage.settings.lang))
            if target.suffix.lower() == ".geojson" and (size := target.stat().st_size) > LARGE_BYTES:
                click.echo(t("export.large", path=target.name, size=size / 1e6), err=True)

    return plain_help(command)


def _beside(target: Path, reaches_km: tuple[float, ...]) -> Path | None:
    """The CSV of the sensitivity table beside the file; None if none was asked for or a workbook has it as a sheet."""
    if target.suffix.lower() == ".xlsx" or len(reaches_km) < 2:
        return None
    return target.with_name(f"{target.stem}-kepekaan.csv")


def unserved(t: Texts) -> click.Command:
    """The coordinator's list of villages without a service, most people first."""

    @click.command("unserved", help=t("cli.unserved_help"), epilog=t("cli.unserved_example"))
    @options(t, "register")
    @click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help=t("cli.option_top"))
    @output(t, "cli.unserved_output", "belum-terlayani.csv")
    @click.option("--csv", "csv_style", type=click.Choice([*CSV_STYLES]), help=t("cli.option_list_csv"))
    @options(t, "group", *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, top: int, csv_style: str | None, **values: Any) -> None:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_unserved
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.render.export import write_unserved

        target: Path | None = values["output"]
        if target:
            require_suffix(target, LIST_SUFFIXES)
            refuse_unused(target, "csv_style")
            refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values)
        coverage = pipeline.measured(request, talk(common)).coverage
        end_talk(common)
        if target:
            write_unserved(target, coverage, overwrite=request.overwrite, csv_style=csv_style)
        print_unserved(coverage, top, target, Texts(coverage.settings.lang))

    return plain_help(command)


def profile(t: Texts) -> click.Command:
    """What the register says of its LKS, and the list for the next training."""

    @click.command("profile", help=t("cli.profile_help"), epilog=t("cli.profile_example"))
    @options(t, "register")
    @output(t, "cli.profile_output", "profil.xlsx")
    @click.option("--csv", "csv_style", type=click.Choice([*CSV_STYLES]), help=t("cli.option_list_csv"))
    @options(t, "group", *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, csv_style: str | None, **values: Any) -> None:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_profile
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.render.profile_sheets import write_profile

        target: Path | None = values["output"]
        if target:
            require_suffix(target, PROFILE_SUFFIXES)
            refuse_unused(target, "csv_style")
            refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values)
        coverage = pipeline.measured(request, talk(common)).coverage
        end_talk(common)
        paths = write_profile(target, coverage, overwrite=request.overwrite, csv_style=csv_style) if target else []
        print_profile(coverage, paths, Texts(coverage.settings.lang))

    return plain_help(command)


def map_(t: Texts) -> click.Command:
    """The interactive map (html), or a printable one for a group and level (png, pdf, svg)."""
    levels, papers = ["desa", "kecamatan", "kabupaten"], ["a4", "a3", "16:9"]

    def choice(name: str, allowed: list[str], key: str, metavar: str | None = None) -> Callable[[F], F]:
        return click.option(
            name,
            type=click.Choice(allowed, case_sensitive=False),
            default=allowed[0],
            show_default=True,
            help=t(key),
            metavar=metavar,
        )

    @click.command("map", help=t("cli.map_help"), epilog=t("cli.map_example"))
    @options(t, "register")
    @output(t, "cli.map_output", "peta.html")
    @click.option("--group", metavar=t("cli.metavar_group"), help=t("cli.option_map_group"))
    @choice("--level", levels, "cli.option_map_level")
    @choice("--measure", [*MAPPED], "cli.option_measure", t("cli.metavar_measure"))
    @choice("--paper", papers, "cli.option_paper")
    @click.option("--dpi", type=click.IntRange(50, 600), default=150, show_default=True, help=t("cli.option_dpi"))
    @click.option("--open", "opens", is_flag=True, help=t("cli.option_open"))
    @options(t, *INPUTS, *COUNTING, "context", "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, opens: bool, **values: Any) -> None:
        from lks_geo import pipeline, result_set
        from lks_geo.cli.screen import print_made
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.measure import restrict

        settings = request_from(common, values).settings
        target: Path = values["output"] or Path(own_name("peta.html", settings))
        require_suffix(target, MAP_SUFFIXES)
        if values["context"] and target.suffix.lower() != ".html":
            raise RequestError(msg("cli.context_on_paper", path=str(target)))
        refuse_unused(target, "level", "measure", "paper", "dpi")
        refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values, output=target)
        wanted = group_keys((values["group"],), request.settings)[0] if values["group"] else None
        printed = target.suffix.lower() != ".html"
        if printed:
            wanted = wanted or request.settings.groups[0].key
        world = pipeline.read_world(request, talk(common), measures=True)
        reaches = None if printed else result_set.begin_reaches(world, world.settings)
        measured = pipeline.measured(request, talk(common), world=world)
        if not printed:
            result_set.write_map(
                target, measured.world, measured.full, overwrite=request.overwrite, group=wanted, progress=talk(common),
                reaches=reaches,
            )  # fmt: skip
        else:
            from lks_geo.render.figure.printed_map import draw_map

            draw_map(
                target,
                measured.full,
                group=str(wanted),
                level=values["level"],
                measure=values["measure"],
                paper=values["paper"],
                dpi=values["dpi"],
                overwrite=request.overwrite,
            )
        end_talk(common)
        if not common.quiet:
            told = restrict(measured.full, groups=(wanted,)) if printed and wanted else measured.full
            print_made(told, [target], Texts(request.settings.lang))
        if opens:
            _open(target, t)

    return plain_help(command)


def report(t: Texts) -> click.Command:
    """The meeting deck (pptx) or the atlas (pdf)."""

    @click.command("report", help=t("cli.report_help"), epilog=t("cli.report_example"))
    @options(t, "register")
    @output(t, "cli.report_output", "laporan.pptx")
    @click.option("--template", type=click.Path(path_type=Path), metavar="FILE.pptx", help=t("cli.option_template"))
    @click.option("--editable-maps", is_flag=True, help=t("cli.option_editable_maps"))
    @click.option("--sites", type=click.IntRange(1, MOST_SITES), metavar="N", help=t("cli.option_report_sites"))
    @options(t, "group", *INPUTS, *COUNTING, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, **values: Any) -> None:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_made
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.vetting import refuse_absent

        target: Path = values["output"] or Path(own_name("laporan.pptx", request_from(common, values).settings))
        sites: int | None = values["sites"]
        require_suffix(target, REPORT_SUFFIXES)
        refuse_unused(target, "template", "editable_maps")
        if values["template"]:
            refuse_absent(values["template"])
        refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values, output=target)
        measured = pipeline.measured(request, talk(common), sensitivity=True)
        coverage = measured.coverage
        asked = sites or coverage.settings.plan_sites
        plan = pipeline.next_sites(measured.world, coverage, asked, talk(common)) if asked else None
        if target.suffix.lower() == ".pptx":
            from lks_geo.render.slides import write_slides

            unfit = write_slides(
                target, coverage, template=values["template"], plan=plan, each_group=bool(request.groups),
                editable_maps=values["editable_maps"], overwrite=request.overwrite,
            )  # fmt: skip
            end_talk(common)
            for note in unfit:
                click.echo(t(note), err=True)
        else:
            from lks_geo.render.atlas import write_atlas

            write_atlas(target, coverage, plan=plan, each_group=bool(request.groups), overwrite=request.overwrite)
        end_talk(common)
        if not common.quiet:
            print_made(coverage, [target], Texts(coverage.settings.lang))

    return plain_help(command)
