"""The options that commands share, declared once, and what they become: a `Request`.

Every option is off unless given, so that a settings file can fill it: flag > settings file > default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import click

from lks_geo.messages import CONTROL, Message, Texts
from lks_geo.request import Request, request_of
from lks_geo.settings import DEVELOPMENTS, MOST_KM, POPULATION_MODELS, SYSTEMS, Settings

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=click.Command)

LEVEL_NAMES = ("desa", "kecamatan", "kabupaten", "provinsi")


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalOptions:
    """What stands before the command: the language, the settings file, how much to say."""

    texts: Texts
    lang: str | None
    config: Path | None
    verbose: int
    quiet: bool
    debug: bool

    @property
    def settings(self) -> Settings:
        """The defaults, then the settings file, then `--lang`."""
        from lks_geo.settings_file import load_settings

        settings = load_settings(self.config)
        return replace(settings, lang=self.lang) if self.lang else settings


class Words(click.types.StringParamType):
    """A text that can stand in every document."""

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(super().convert(value, param, ctx))
        if CONTROL.search(text):
            self.fail(self.texts("cli.control_signs", found=text), param, ctx)
        return text


class Numbers(click.ParamType[tuple[float, ...]]):
    """One or more numbers above 0, separated by commas: `10` or `5,10,15`."""

    name = "KM"

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            numbers = tuple(float(part) for part in value.split(","))
        except ValueError:
            numbers = ()
        if not numbers or not all(0 < number < MOST_KM for number in numbers):
            self.fail(self.texts("cli.not_positive", found=value), param, ctx)
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            self.fail(self.texts("cli.not_rising", found=value), param, ctx)
        return numbers


class Pair(click.ParamType[tuple[str, str]]):
    """`name=heading`, `name=heading|heading` or `name=`; `wrong`: the message on what is no pair."""

    def __init__(self, t: Texts, wrong: str = "cli.not_pair") -> None:
        self.texts, self.wrong = t, wrong
        self.name = t("cli.metavar_column")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, sign, heading = value.partition("=")
        if not sign or not name.strip():
            self.fail(self.texts(self.wrong, found=value), param, ctx)
        return name.strip(), heading.strip()


class Day(click.ParamType[date]):
    """A day as 2026-11-24."""

    name = "YYYY-MM-DD"

    def __init__(self, t: Texts) -> None:
        self.texts = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(self.texts("cli.not_day", found=value), param, ctx)


def _path(t: Texts, flag: str, metavar: str) -> Callable[[F], F]:
    key = flag.removeprefix("--").replace("-", "_")
    return click.option(flag, type=click.Path(path_type=Path), metavar=metavar, help=t(f"cli.option_{key}"))


def _group(t: Texts) -> Callable[[F], F]:
    from lks_geo.catalogue import DEFAULT_GROUPS

    keys = ", ".join(group.key for group in DEFAULT_GROUPS)
    return click.option(
        "--group", "groups", metavar=t("cli.metavar_group"), multiple=True, help=t("cli.option_group", groups=keys)
    )


_OPTIONS: dict[str, Callable[[Texts], Callable[[F], F]]] = {
    "register": lambda t: click.argument("register", type=click.Path(path_type=Path)),
    "sheet": lambda t: click.option("--sheet", metavar=t("cli.metavar_name"), help=t("cli.option_sheet")),
    "column": lambda t: click.option(
        "--column", "columns", type=Pair(t), metavar=t("cli.metavar_column"), multiple=True, help=t("cli.option_column")
    ),
    "boundaries": lambda t: _path(t, "--boundaries", "FILE"),
    "bridge": lambda t: _path(t, "--bridge", "FILE.csv"),
    "population": lambda t: _path(t, "--population", "FILE"),
    "population_only": lambda t: click.option("--population-only", is_flag=True, help=t("cli.option_population_only")),
    "population_model": lambda t: click.option(
        "--population-model", type=click.Choice(POPULATION_MODELS), help=t("cli.option_population_model")
    ),
    "population_grid": lambda t: _path(t, "--population-grid", "FILE.tif"),
    "roads": lambda t: _path(t, "--roads", "FILE"),
    "context": lambda t: _path(t, "--context", "FILE"),
    "group": _group,
    "level": lambda t: click.option(
        "--level", "levels", type=click.Choice(LEVEL_NAMES), multiple=True, help=t("cli.option_level")
    ),
    "kabupaten": lambda t: click.option(
        "--kabupaten", metavar=t("cli.metavar_name"), multiple=True, help=t("cli.option_kabupaten")
    ),
    "reach": lambda t: click.option("--reach", type=Numbers(t), metavar="KM", help=t("cli.option_reach")),
    "active": lambda t: click.option("--active/--all", default=None, help=t("cli.option_active")),
    "accredited": lambda t: click.option("--accredited", is_flag=True, help=t("cli.option_accredited")),
    "legal": lambda t: click.option("--legal/--not-legal", default=None, help=t("cli.option_legal")),
    "system": lambda t: click.option("--system", type=click.Choice(SYSTEMS), help=t("cli.option_system")),
    "development": lambda t: click.option(
        "--development",
        "developments",
        type=click.Choice(DEVELOPMENTS),
        multiple=True,
        help=t("cli.option_development"),
    ),
    "date": lambda t: click.option("--date", "day", type=Day(t), metavar="YYYY-MM-DD", help=t("cli.option_date")),
    "show_sensitive": lambda t: click.option("--show-sensitive", is_flag=True, help=t("cli.option_show_sensitive")),
    "register_complete": lambda t: click.option(
        "--register-complete", is_flag=True, help=t("cli.option_register_complete")
    ),
    "overwrite": lambda t: click.option("--overwrite", is_flag=True, help=t("cli.option_overwrite")),
}

INPUTS = ("sheet", "column", "boundaries", "bridge")
COUNTING = (
    "population", "population_only", "kabupaten", "reach", "active", "accredited", "legal", "system", "development",
    "date", "population_model", "population_grid", "roads", "register_complete", "show_sensitive",
)  # fmt: skip
"""Options that decide which places count and how people are reached."""


INPUT_FILES = ("register", "boundaries", "bridge", "population", "population_grid", "roads", "context", "template")
"""Options that name a file to read."""


def options(t: Texts, *names: str) -> Callable[[F], F]:
    """Adds the named shared options to a command function, in this order of the help."""

    def decorate(function: F) -> F:
        for name in reversed(names):
            function = _OPTIONS[name](t)(function)
        return function

    return decorate


def output(t: Texts, key: str, metavar: str, *, required: bool = False) -> Callable[[F], F]:
    """The `-o/--output` option; what it does by suffix is said by the catalogue entry `key`."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), metavar=metavar, required=required, help=t(key)
    )


def only_words(command: click.Command, t: Texts) -> None:
    """Every option of a command, and of those below it, that takes any text takes only `Words`."""
    for param in command.params:
        if type(param.type) is click.types.StringParamType:
            param.type = Words(t)
    for below in getattr(command, "commands", {}).values():
        only_words(below, t)


def plain_help(command: C) -> C:
    """The command with `-h/--help` in the language in use, and its first sentence whole in the list of commands."""
    from gettext import gettext

    command.short_help = (command.help or "").strip().partition("\n")[0]
    command.params.append(
        click.Option(
            ["-h", "--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help=gettext("Show this message and exit."),
            callback=_show_help,
        )
    )
    command.add_help_option = False
    return command


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


def request_from(
    common: GlobalOptions, values: Mapping[str, Any], *, output: Path | None = None, targets: Iterable[Path] = ()
) -> Request:
    """All that a command asks for, from its parsed options.

    `output`: where the result goes if `--output` is not given. A `RequestError` if an input is among the files to
    write: the output, or `targets`.
    """
    from lks_geo.files import refuse_inputs

    request = request_of(common.settings, values, output=values.get("output") or output)
    inputs = (values.get(name) for name in INPUT_FILES)
    refuse_inputs((target for target in (request.output, *targets) if target is not None), inputs)
    return request


def talk(common: GlobalOptions) -> Callable[[Message], None]:
    """Progress on a terminal: the step at work, on one line that is replaced; silence in a pipe or with -q."""
    import sys

    shown = common.verbose > 0 or (sys.stderr.isatty() and not common.quiet)

    def say(step: Message) -> None:
        if common.verbose:
            click.echo(common.texts(step), err=True)
        elif shown:
            click.echo(f"\r\x1b[2K{common.texts(step)}", err=True, nl=False)

    return say


def end_talk(common: GlobalOptions) -> None:
    """Clears the progress line."""
    import sys

    if sys.stderr.isatty() and not common.quiet and not common.verbose:
        click.echo("\r\x1b[2K", err=True, nl=False)
