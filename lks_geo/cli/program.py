"""The program: language first, then the command, then one or two lines for whatever went wrong.

The language must be known before Click builds its help, so `--lang` is looked up ahead of parsing; the other global
options may stand before or after the command (`lks-geo run --lang en` works).
"""

from __future__ import annotations

import gettext
import os
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click

import lks_geo.messages
from lks_geo.errors import LksGeoError, reason
from lks_geo.messages import LANGUAGES, Texts

COMMANDS = {
    "run": "results.run",
    "check": "inputs.check",
    "coverage": "results.coverage",
    "unserved": "results.unserved",
    "profile": "results.profile",
    "map": "results.map_",
    "report": "results.report",
    "plan": "plan_command.plan",
    "compare": "compare_command.compare",
    "send": "exchange_command.send",
    "receive": "exchange_command.receive",
    "boundaries": "inputs.boundaries",
    "population": "inputs.population",
    "template": "inputs.template",
    "settings": "inputs.settings",
    "shortcut": "inputs.shortcut",
}
"""In the order of the work: name -> module of this package and its function `(t) -> click.Command`."""

SPOKEN = {
    "cek": "check", "periksa": "check", "mutu": "check", "jalankan": "run", "cakupan": "coverage",
    "belum-terlayani": "unserved", "belum": "unserved", "peta": "map", "laporan": "report", "paparan": "report",
    "rencana": "plan", "banding": "compare", "bandingkan": "compare", "kirim": "send", "terima": "receive",
    "profil": "profile", "batas": "boundaries", "penduduk": "population", "contoh": "template", "templat": "template",
    "formulir": "template", "setelan": "settings", "pengaturan": "settings", "pintasan": "shortcut",
    "--kelompok": "--group", "--kelompok-sasaran": "--group", "--tingkat": "--level", "--kabupaten-kota": "--kabupaten",
    "--jangkauan": "--reach", "--radius": "--reach", "--keluaran": "--output", "--hasil": "--output",
    "--bahasa": "--lang", "--setelan": "--config", "--pengaturan": "--config", "--penduduk": "--population",
    "--batas": "--boundaries", "--kolom": "--column", "--semua": "--all", "--aktif": "--active",
    "--terakreditasi": "--accredited", "--tanggal": "--date", "--timpa": "--overwrite", "--kertas": "--paper",
    "--bantuan": "--help", "--buka": "--open",
}  # fmt: skip
"""What people type who look for a command or an option: word -> its name here."""

_LONGEST_NAME = 255
_ROOT = Path(lks_geo.__file__).parent
_GLOBAL_WITH_VALUE = ("--lang", "--config")
_GLOBAL_FLAGS = ("-v", "--verbose", "-q", "--quiet", "--debug")


class _Commands(click.Group):
    """Commands in the order of the work, each module imported when it is asked for."""

    texts: Texts

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        import logging

        from lks_geo.cli.options import only_words

        if not ctx.find_root().params.get("debug"):
            logging.disable(logging.WARNING)  # as `run` does with warnings
        module, _, function = COMMANDS[cmd_name].partition(".")

        command: click.Command = getattr(import_module(f"lks_geo.cli.{module}"), function)(self.texts)
        only_words(command, self.texts)
        return command


def run(arguments: list[str]) -> int:
    """Run one command line; returns the exit code."""
    arguments = _globals_first(arguments)
    t = Texts(_language(arguments))
    translate_click(t.lang)
    debug = "--debug" in arguments
    if not debug:
        warnings.simplefilter("ignore")  # libraries speak of what nobody here can change
        sys.unraisablehook = lambda _: None  # of files that a full disk left open: what failed is told once, below
    try:
        result = build(t).main(arguments, prog_name="lks-geo", standalone_mode=False)
    except click.UsageError as error:
        return _usage(error, t, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _say(t("cli.stopped"), 130)
    except (BrokenPipeError, SystemExit) as error:
        return _ended(error)
    except LksGeoError as error:
        if debug:
            raise
        from lks_geo.sheets.personal import masked

        return _say(masked(t("cli.error", text=error.message)) + _in_parts(arguments, t), error.exit_code)
    except OSError as error:
        if debug:
            raise
        return _say(_system(error, t), 1)
    except MemoryError:
        return _say(t("cli.memory"), 1)
    except Exception as error:
        if debug:
            raise
        return _say(t("cli.unexpected", reason=f"{type(error).__name__}, {_place(error)}"), 1)
    return result if isinstance(result, int) else 0


def _ended(error: BrokenPipeError | SystemExit) -> int:
    """Done, where a reader has gone away ("| head -1"): click and rich end with 1. A request to end is passed on."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()
    elif error.code != 1:
        raise error
    return 0


def _system(error: OSError, t: Texts) -> str:
    """What the system refused, in our words."""
    if error.filename is None and _is_lost(sys.stdout):
        return t("cli.lost_output")
    return t("cli.system", path=error.filename or "", reason=reason(error)).replace("  ", " ")


def _is_lost(stream: TextIO) -> bool:
    """Whether nothing can be printed ("> file" on a full disk), so that it is no file of results that failed."""
    try:
        stream.write("\n")
        stream.flush()
    except (OSError, ValueError):
        return True
    return False


def _place(error: Exception) -> str:
    """Where in the program an error that nobody expected arose: "register/raw.py:120"."""
    import traceback

    places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(_ROOT))]
    return f"{Path(places[-1].filename).relative_to(_ROOT).as_posix()}:{places[-1].lineno}" if places else "–"


def build(t: Texts) -> click.Group:
    """The command line in one language."""
    from lks_geo.cli.options import GlobalOptions, plain_help

    params: list[click.Parameter] = [
        click.Option(["--lang"], type=click.Choice(LANGUAGES), help=t("cli.option_lang")),
        click.Option(["--config"], type=click.Path(path_type=Path), metavar="FILE.toml", help=t("cli.option_config")),
        click.Option(["-v", "--verbose"], count=True, help=t("cli.option_verbose")),
        click.Option(["-q", "--quiet"], is_flag=True, help=t("cli.option_quiet")),
        click.Option(["--debug"], is_flag=True, help=t("cli.option_debug")),
    ]

    @click.pass_context
    def start(ctx: click.Context, /, **values: object) -> None:
        ctx.obj = GlobalOptions(texts=t, **values)  # type: ignore[arg-type]

    program = _Commands(
        name="lks-geo",
        help=t("cli.about"),
        callback=start,
        params=params,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    program.texts = t
    return click.version_option(package_name="lks-geo", prog_name="lks-geo")(plain_help(program))


def _language(arguments: list[str]) -> str:
    """The language of help and errors: `--lang`, else `bahasa` of the settings file, else Indonesian."""
    chosen = _value_of("--lang", arguments)
    config = _value_of("--config", arguments)
    if chosen is None and config is not None:
        from lks_geo.settings_file import read_keys

        try:
            chosen = read_keys(Path(config)).get("bahasa")
        except (OSError, ValueError, LksGeoError):
            chosen = None  # what is wrong with the file is told when it is used
    return chosen if chosen in LANGUAGES else "id"


def _value_of(option: str, arguments: list[str]) -> str | None:
    for position, word in enumerate(arguments):
        name, sign, value = word.partition("=")
        if name == option:
            return value if sign else next(iter(arguments[position + 1 :]), None)
    return None


def _globals_first(arguments: list[str]) -> list[str]:
    """`arguments` with the global options moved to the front (not those after `--`)."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _GLOBAL_WITH_VALUE:
            front += [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word in _GLOBAL_FLAGS or word.startswith(tuple(f"{name}=" for name in _GLOBAL_WITH_VALUE)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def translate_click(lang: str) -> None:
    """Click's own sentences come from gettext's global domain."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain("command_line", str(Path(lks_geo.messages.__file__).parent / "locale"))
    gettext.textdomain("command_line")


def _usage(error: click.UsageError, t: Texts, arguments: list[str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message())
        return error.exit_code
    path = error.ctx.command_path if error.ctx else "lks-geo"
    text = " ".join(error.format_message().split())
    if isinstance(error, click.exceptions.NoSuchCommand | click.exceptions.NoSuchOption):
        meant = _meant(error)
        text = error.message + (f" {t('cli.did_you_mean', words=', '.join(meant))}" if meant else "")
    return _say(t("cli.usage", text=text, command=f"{path} --help") + _in_parts(arguments, t), error.exit_code)


def _in_parts(arguments: list[str], t: Texts) -> str:
    """A line on the file whose name came in several words because it was not in quotation marks; empty if none did."""
    for first, word in enumerate(arguments):
        if word.startswith("-") or _is_there(word):
            continue
        for end in range(first + 2, min(first + 12, len(arguments)) + 1):
            name = " ".join(arguments[first:end])
            if len(name) < _LONGEST_NAME and Path(name).is_file():
                return "\n" + t("cli.in_parts", name=name)
    return ""


def _is_there(word: str) -> bool:
    try:
        return Path(word).exists()
    except OSError:  # longer than a name may be
        return False


def _meant(error: click.exceptions.NoSuchCommand | click.exceptions.NoSuchOption) -> list[str]:
    """The commands or options that somebody may have meant: the one of that word, else those spelt like it."""
    if isinstance(error, click.exceptions.NoSuchOption):
        known = {name for param in error.ctx.command.params for name in param.opts} if error.ctx else set()
        word, near = error.option_name, error.possibilities or []
    else:
        from difflib import get_close_matches

        known, word = set(COMMANDS), error.command_name
        near = get_close_matches(word, COMMANDS)
    spoken = SPOKEN.get(word.casefold())
    return (
        [spoken] if spoken in {*known, "--help", "--lang", "--config"} else [name for name in near if name != "--help"]
    )


def _say(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code
