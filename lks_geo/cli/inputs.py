"""The commands about what goes in: check a register or people, see or import boundaries, empty tables to fill in, the
settings in force, and a starter onto which a register is dropped."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from lks_geo.cli.options import INPUTS, GlobalOptions, end_talk, options, output, plain_help, request_from, talk
from lks_geo.errors import RequestError
from lks_geo.messages import Texts, msg
from lks_geo.request import QUALITY_SUFFIXES
from lks_geo.settings import Settings


def check(t: Texts) -> click.Command:
    """The quality of a register, on screen and as a list to send back to the offices."""

    @click.command("check", help=t("cli.check_help"), epilog=t("cli.check_example"))
    @options(t, "register")
    @output(t, "cli.check_output", "mutu.xlsx")
    @click.option("--strict", is_flag=True, help=t("cli.option_strict"))
    @options(t, *INPUTS, "population", "population_only", "show_sensitive", "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, strict: bool, **values: Any) -> int:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_register
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.render.quality_report import write_quality

        target: Path | None = values["output"]
        if target:
            require_suffix(target, QUALITY_SUFFIXES)
            refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values)
        world = pipeline.read_world(request, talk(common))
        end_talk(common)
        register = world.register
        if target:
            write_quality(
                target, register, boundaries=world.boundaries, lang=world.settings.lang, overwrite=request.overwrite,
                internal=world.settings.internal,
            )  # fmt: skip
        if not common.quiet:
            print_register(register, target, Texts(world.settings.lang))
        doubtful = register.counts["meragukan"] + register.counts["ditolak"]
        return 1 if strict and doubtful else 0

    return plain_help(command)


def settings(t: Texts) -> click.Command:
    """What is in force, and where it comes from."""

    @click.command("settings", help=t("cli.settings_help"), epilog=t("cli.settings_example"))
    @click.option("--all", "every", is_flag=True, help=t("cli.settings_all"))
    @click.pass_obj
    def command(common: GlobalOptions, /, every: bool) -> None:
        from lks_geo.settings_file import in_force

        chosen, path = common.settings, common.config
        origins = {True: str(path), False: t("cli.settings_default")}
        for table, keys in groupby(in_force(chosen, path), key=lambda entry: entry.table):
            shown = [entry for entry in keys if every or entry.given or not table.startswith("kelompok.")]
            if table and shown:
                click.echo(f"\n[{table}]")
            for _, key, value, given in shown:
                given_here = key == "bahasa" and not table and common.lang
                origin = "--lang" if given_here else origins[given]
                click.echo(
                    f"{key} = {value}  # {origin}" if value is not None else f"# {key}: {t('cli.settings_unset')}"
                )
        if not common.quiet:
            click.echo(t("cli.settings_none" if path is None else "cli.settings_wins"), err=True)

    return plain_help(command)


STARTER = "\r\n".join((
    "@echo off", "chcp 65001 >nul", "title lks-geo", 'if "%~1"=="" goto nothing',
    'set "folder=%~dpn1 - lks-geo"', 'set "over="', 'if not exist "%folder%" goto work',
    "echo {replace}", "choice /c {keys}", "if errorlevel 2 exit /b 0", "set over=--overwrite",
    ":work", '"{python}" -m lks_geo --lang {lang} run "%~1" -o "%folder%" %over% --open', "goto end",
    ":nothing", "echo {drop}", ":end", "echo.", "pause", "",
))  # fmt: skip
"""A batch file of Windows. It gets the dropped file as %1, and its results go beside the file."""


def shortcut(t: Texts) -> click.Command:
    """A file for the desktop of Windows onto which a register can be dropped."""

    @click.command("shortcut", help=t("cli.shortcut_help"), epilog=t("cli.shortcut_example"))
    @output(t, "cli.shortcut_output", "lks-geo.cmd")
    @options(t, "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, output: Path | None, overwrite: bool) -> None:
        from lks_geo.files import require_suffix, whole_file

        texts = Texts(common.settings.lang)
        target = output or _desktop() / "lks-geo.cmd"
        require_suffix(target, (".cmd", ".bat"))
        words = {name: texts(f"cli.shortcut_{name}") for name in ("replace", "keys", "drop")}
        text = STARTER.format(python=sys.executable.replace("%", "%%"), lang=texts.lang, **words)
        with whole_file(target, overwrite=overwrite) as temporary:
            temporary.write_bytes(text.encode("utf-8"))
        if not common.quiet:
            click.echo(texts("cli.shortcut_made", name=str(target)), err=True)

    return plain_help(command)


def _desktop() -> Path:
    """The desktop, which Windows may keep in OneDrive; a `RequestError` elsewhere."""
    if sys.platform != "win32":
        raise RequestError(msg("cli.shortcut_windows"))
    import winreg

    folders = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, folders) as key:
        return Path(os.path.expandvars(winreg.QueryValueEx(key, "Desktop")[0]))


def template(t: Texts) -> click.Command:
    """An empty register to fill in, with drop-downs and a guide sheet."""

    @click.command("template", help=t("cli.template_help"), epilog=t("cli.template_example"))
    @click.option("--population", "people", is_flag=True, help=t("cli.template_population"))
    @click.option("--kind", type=click.Choice(["excel", "kobo"]), default="excel", help=t("cli.template_kind"))
    @output(t, "cli.template_output", "register-kosong.xlsx")
    @options(t, "boundaries", "overwrite")
    @click.pass_obj
    def command(common: GlobalOptions, /, people: bool, kind: str, **values: Any) -> None:
        from lks_geo import pipeline
        from lks_geo.files import refuse_existing, require_suffix
        from lks_geo.population.population_template import write_population_template
        from lks_geo.register.kobo_form import write_kobo_form
        from lks_geo.register.template import write_template

        if people and kind == "kobo":
            raise RequestError(msg("template.no_people_form"))
        name = "formulir-kobo" if kind == "kobo" else "penduduk-kosong" if people else "register-kosong"
        target: Path = values["output"] or Path(f"{name}.xlsx")
        require_suffix(target, (".xlsx",))
        refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values, output=target)
        boundaries = pipeline.read_boundaries(request.boundaries)
        write = {"kobo": write_kobo_form, "excel": write_population_template if people else write_template}[kind]
        write(target, boundaries, request.settings, overwrite=request.overwrite)
        if not common.quiet:
            click.echo(Texts(request.settings.lang)("cli.made", name=str(target)), err=True)

    return plain_help(command)


def population(t: Texts) -> click.Command:
    """How a table of people is read (`check`)."""

    @click.group("population", help=t("cli.population_help"), no_args_is_help=True)
    def group() -> None:
        pass

    @group.command("check", help=t("cli.population_check_help"), epilog=t("cli.population_check_example"))
    @click.argument("file", type=click.Path(path_type=Path))
    @options(t, "boundaries", "bridge")
    @click.pass_obj
    def check(common: GlobalOptions, /, file: Path, boundaries: Path | None, bridge: Path | None) -> None:
        from lks_geo import pipeline
        from lks_geo.cli.screen import print_people
        from lks_geo.population.targets import check_people

        settings = common.settings
        areas = pipeline.read_boundaries(boundaries, talk(common), bridge or settings.bridge)
        read, own, used = check_people(file, areas, settings)
        end_talk(common)
        print_people(read, own, used, areas, Texts(settings.lang))

    plain_help(check)
    return plain_help(group)


def boundaries(t: Texts) -> click.Command:
    """Show what boundaries are in use (`info`), or make a clean boundary file from any source (`import`)."""

    @click.group("boundaries", help=t("cli.boundaries_help"), no_args_is_help=True)
    def group() -> None:
        pass

    @group.command("info", help=t("cli.boundaries_info_help"), epilog=t("cli.boundaries_info_example"))
    @click.argument("file", type=click.Path(path_type=Path), required=False)
    @click.pass_obj
    def info(common: GlobalOptions, /, file: Path | None) -> None:
        from lks_geo.boundaries import describe, load_boundaries
        from lks_geo.cli.screen import print_boundaries

        facts = describe(file, load_boundaries(file))
        print_boundaries(facts, Texts(common.settings.lang))

    @group.command("import", help=t("cli.boundaries_import_help"), epilog=t("cli.boundaries_import_example"))
    @click.argument("sources", type=click.Path(path_type=Path), nargs=-1, required=True)
    @output(t, "cli.boundaries_import_output", "FILE.parquet", required=True)
    @click.option(
        "--layer", "layers", metavar=t("cli.metavar_name"), multiple=True, help=t("cli.boundaries_import_layer")
    )
    @click.option("--code-column", metavar=t("cli.metavar_name"), help=t("cli.boundaries_import_code"))
    @click.option("--name-column", metavar=t("cli.metavar_name"), help=t("cli.boundaries_import_name"))
    @click.option("--crs", metavar="EPSG:4326", help=t("cli.boundaries_import_crs"))
    @click.option("--source", metavar="TEXT", default="", help=t("cli.boundaries_import_source"))
    @click.option("--year", "vintage", metavar="TEXT", default="", help=t("cli.boundaries_import_year"))
    @click.option("--licence", metavar="TEXT", default="", help=t("cli.boundaries_import_licence"))
    @options(t, "overwrite")
    @click.pass_obj
    def import_(common: GlobalOptions, /, sources: tuple[Path, ...], output: Path, **values: Any) -> None:
        from lks_geo.boundaries import FileFacts, describe, import_boundaries
        from lks_geo.boundaries.layer_fields import LayerChoice
        from lks_geo.cli.screen import print_boundaries
        from lks_geo.files import refuse_existing, refuse_inputs, require_suffix

        overwrite = values.pop("overwrite")
        facts = FileFacts(**{name: values.pop(name) for name in ("source", "vintage", "licence")})
        require_suffix(output, (".parquet",))
        refuse_inputs([output], sources)
        refuse_existing(output, overwrite=overwrite)
        choice = LayerChoice(**values)
        imported = import_boundaries(
            sources, output, overwrite=overwrite, choice=choice, facts=facts, progress=talk(common)
        )
        end_talk(common)
        texts = Texts(common.settings.lang)
        if not common.quiet:
            print_boundaries(describe(output, imported), texts)
            click.echo(texts("cli.made", name=str(output)), err=True)

    @group.command("bridge", help=t("cli.boundaries_bridge_help"), epilog=t("cli.boundaries_bridge_example"))
    @click.argument("old", type=click.Path(path_type=Path))
    @click.argument("new", type=click.Path(path_type=Path), required=False)
    @output(t, "cli.boundaries_bridge_output", "jembatan.csv", required=True)
    @options(t, "population", "overwrite")
    @click.pass_obj
    def bridge(common: GlobalOptions, /, old: Path, new: Path | None, output: Path, **values: Any) -> None:
        from lks_geo.files import refuse_existing, refuse_inputs, require_suffix

        require_suffix(output, (".csv",))
        refuse_inputs([output], [old, new, values["population"]])
        refuse_existing(output, overwrite=values["overwrite"])
        counts = _write_bridge(old, new, output, common.settings, **values)
        texts = Texts(common.settings.lang)
        for kind, n in counts.items():
            click.echo(f"{texts(f'boundaries.kind_{kind}')}: {texts.number(n)}")
        if not common.quiet:
            click.echo(texts("cli.made", name=str(output)), err=True)

    for command in (info, import_, bridge):
        plain_help(command)
    return plain_help(group)


def _write_bridge(
    old: Path, new: Path | None, target: Path, settings: Settings, *, population: Path | None, overwrite: bool
) -> Mapping[str, int]:
    """Writes what became of the desa of `old` in `new` (None: those that ship); returns how many of each kind."""
    from lks_geo.boundaries import bridge, load_boundaries
    from lks_geo.boundaries import write_bridge as write
    from lks_geo.population.targets import load_population

    after = load_boundaries(new)
    people = load_population(population, after, settings).table["penduduk"]
    table = bridge(load_boundaries(old), after, people)
    write(target, table, overwrite=overwrite)
    return {str(kind): int(count) for kind, count in table["jenis"].value_counts().items()}
