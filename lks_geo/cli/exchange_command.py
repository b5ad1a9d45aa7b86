"""The commands of the loop with the offices: `send` forms to fill in, `receive` what comes back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lks_geo.cli.options import INPUTS, Day, GlobalOptions, end_talk, options, output, plain_help, request_from, talk
from lks_geo.errors import LksGeoError
from lks_geo.messages import Texts

if TYPE_CHECKING:
    from lks_geo.exchange.new_register import Received
    from lks_geo.exchange.questions import OpenRegister
    from lks_geo.pipeline import World
    from lks_geo.register.reading.raw import RawRegister
    from lks_geo.render.reply_forms import Letter
    from lks_geo.request import Request
    from lks_geo.tables import Register

_READING = (*INPUTS, "population", "overwrite")
_LISTED = 8


def send(t: Texts) -> click.Command:
    """Forms to correct the register, one per office."""

    @click.command("send", help=t("cli.send_help"), epilog=t("cli.send_example"))
    @options(t, "register")
    @output(t, "cli.send_output", "DIR")
    @click.option("--due", type=Day(t), metavar="YYYY-MM-DD", help=t("cli.option_due"))
    @click.option("--to", metavar="TEXT", help=t("cli.option_to"))
    @click.option("--return-to", metavar="TEXT", help=t("cli.option_return_to"))
    @options(t, *_READING)
    @click.pass_obj
    def command(common: GlobalOptions, /, **values: Any) -> None:
        from lks_geo.exchange.questions import parcels, titles_of
        from lks_geo.files import refuse_full_folder, refuse_inputs
        from lks_geo.render.reply_forms import letters, write_letters

        given = {"send_due": values["due"], "send_to": values["to"], "send_back": values["return_to"]}
        folder: Path = values["output"] or Path("kirim")
        request = request_from(common, values, output=folder)
        chosen = {name: value for name, value in given.items() if value}
        request = replace(request, settings=replace(request.settings, show_sensitive=False, **chosen))
        refuse_full_folder(folder, overwrite=request.overwrite)
        world, opened = _opened(common, request)
        settings = world.settings
        found = letters(parcels(opened, world.boundaries, settings), internal=settings.internal)
        if not found:
            raise LksGeoError.of("exchange.nothing_to_send", path=opened.raw.source.name)
        refuse_inputs([folder / letter.file for letter in found], [values["register"]])
        write_letters(folder, found, world.register, titles_of(opened.raw), settings, overwrite=request.overwrite)
        end_talk(common)
        if not common.quiet:
            print_sent(found, opened, folder, Texts(settings.lang))

    return plain_help(command)


def receive(t: Texts) -> click.Command:
    """Merges the replies of the offices into the register."""

    @click.command("receive", help=t("cli.receive_help"), epilog=t("cli.receive_example"))
    @options(t, "register")
    @click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
    @output(t, "cli.receive_output", "register-baru.xlsx")
    @options(t, *_READING)
    @click.pass_obj
    def command(common: GlobalOptions, /, files: tuple[Path, ...], **values: Any) -> None:
        from lks_geo.exchange.new_register import receive as merged
        from lks_geo.exchange.questions import RegisterFile, parcels
        from lks_geo.files import refuse_existing, refuse_inputs, require_suffix
        from lks_geo.register.cleaning.clean import clean
        from lks_geo.render.reply_forms import change_sheets
        from lks_geo.sheets.personal import masked_stem

        source: Path = values["register"]
        files = tuple(_replies(files))
        kind = ".xlsm" if source.suffix.lower() == ".xlsm" else ".xlsx"  # macros stay in, so it stays of their kind
        target: Path = values["output"] or Path(f"{Path(masked_stem(source.name)).stem}-baru-internal{kind}")
        require_suffix(target, (kind,))
        refuse_inputs([target], [source, *files])
        refuse_existing(target, overwrite=values["overwrite"])
        request = request_from(common, values, output=target)
        request = replace(request, settings=replace(request.settings, show_sensitive=False))
        world, opened = _opened(common, request)
        settings = world.settings

        def cleaned(raw: RawRegister, whole: bool) -> Register:
            return clean(raw, world.boundaries, replace(settings, show_sensitive=whole), world.population)

        received = merged(
            RegisterFile(path=source, sheet=request.sheet, columns=request.columns), target, files, opened, settings,
            clean=cleaned, asked=parcels(opened, world.boundaries, settings),
            told=lambda found: change_sheets(found, opened, Texts(settings.lang)), overwrite=request.overwrite,
        )  # fmt: skip
        end_talk(common)
        if not common.quiet:
            print_received(received, opened, target, Texts(settings.lang))

    return plain_help(command)


def _replies(paths: Sequence[Path]) -> Iterator[Path]:
    """The files meant: of a folder all in it, of a pattern (which Windows leaves to us) all that fit it."""
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else []
        if not path.exists() and "*" in path.name:
            inside = sorted(path.parent.glob(path.name))
        found = [one for one in inside if one.is_file() and not one.name.startswith(("~$", "."))]
        if not found and (path.is_dir() or not path.exists()):
            raise LksGeoError.of("exchange.no_files", path=str(path))
        yield from found or [path]


def _opened(common: GlobalOptions, request: Request) -> tuple[World, OpenRegister]:
    """The inputs, and the register as its owner may see it."""
    from lks_geo import pipeline
    from lks_geo.exchange.questions import open_register
    from lks_geo.register.meaning.pairs import box_of
    from lks_geo.register.reading.raw import read_register

    world = pipeline.read_world(request, talk(common))
    assert request.register is not None
    raw = read_register(
        request.register, sheet=request.sheet, columns=request.columns, settings=world.settings,
        box=box_of(world.boundaries),
    )  # fmt: skip
    return world, open_register(raw, world.register, world.boundaries, world.population, world.settings)


def print_sent(found: Sequence[Letter], opened: OpenRegister, folder: Path, t: Texts) -> None:
    """Who gets which file with how many rows, and that all rows are accounted for."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lks_geo.cli.screen import console
    from lks_geo.exchange.questions import place_of

    out, hidden = console(sys.stderr), int(opened.sensitive.sum())
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column(t("exchange.log_place"))
    for name in ("rows", "cells"):
        table.add_column(t(f"exchange.screen_{name}"), justify="right")
    table.add_column(t("exchange.screen_file"))
    for letter in found:
        parcel = letter.parcel
        counts = (t.number(len(parcel.rows)), t.number(len(parcel.questions)))
        if parcel.sensitive:  # what is wrong with them depends on where they stand
            counts = (t.number(hidden), "…")
        table.add_row(escape(place_of(parcel, t)), *counts, escape(str(folder / letter.file)))
    out.print(table)
    sent = sum(len(letter.parcel.rows) for letter in found if not letter.parcel.sensitive)
    rows = len(opened.keys)
    out.print(escape(t("exchange.accounted", n=rows, sent=sent, kept=rows - sent - hidden, hidden=hidden)))
    for letter in found:
        if letter.parcel.sensitive:
            out.print(escape(t("exchange.internal_file", name=letter.file)))


def print_received(received: Received, opened: OpenRegister, target: Path, t: Texts) -> None:
    """What became of the answers, what must be looked at, who has not answered."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lks_geo.cli.screen import console
    from lks_geo.exchange.questions import field_name, place_of
    from lks_geo.exchange.replies import OUTCOMES

    out = console(sys.stderr)
    name, number = opened.raw.source.name, len(received.replies)
    counted = [one for one in received.changes if one.row is None or not opened.sensitive[one.row]]
    out.print(escape(t("exchange.received_of", files=number, name=name, answers=len(counted))))
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column(t("exchange.screen_outcome"))
    table.add_column(t("exchange.screen_cells"), justify="right")
    for outcome in OUTCOMES:
        if count := sum(one.outcome == outcome for one in counted):
            table.add_row(escape(t(f"exchange.outcome_{outcome}")), t.number(count))
    out.print(table)
    lines = [t(reason) for _, reason in received.strangers]
    lines += [t(remark) for reply in received.replies for remark in reply.remarks]
    good, bad = [
        {f"{when}_{what}": value for when, counts in (("before", received.before), ("after", received.after))
         for value in [sum(counts[outcome] for outcome in outcomes)]}
        for what, outcomes in (("ok", ("diterima",)), ("bad", ("meragukan", "ditolak")))
    ]  # fmt: skip
    lost = [one for one in counted if one.row is not None and one.outcome not in ("taken", "same", "blank")]
    if lost:
        named = [f"{one.answer.name or ''} {field_name(one.answer.field, t)}".strip() for one in lost[:_LISTED]]
        named += ["…"] if len(lost) > _LISTED else []
        lines.append(t("exchange.not_taken_of", cells="; ".join(named), sheet=t("exchange.sheet_log")))
    lines.append(t("exchange.changed_outcomes", **good, **bad))
    if len(counted) < len(received.changes):  # how many they are depends on where these rows stand
        lines.append(t("exchange.sensitive_uncounted", sheet=t("exchange.sheet_log")))
    if received.copied:
        lines.append(t("exchange.copied_cells", n=len(received.copied)))
    odd = [(row, field) for row, field in received.odd if not opened.sensitive[row]]
    if odd:
        numbers = opened.raw.cells["nomor"]
        cells = ", ".join(f"{numbers.iloc[row]} {field_name(field, t)}" for row, field in odd[:_LISTED])
        lines.append(t("exchange.odd_cells", n=len(odd), cells=cells))
    if len(odd) < len(received.odd):
        lines.append(t("exchange.odd_sensitive"))
    if received.waiting:
        places = ", ".join(
            place_of(parcel, t)
            if parcel.sensitive
            else t("exchange.waiting_rows", place=place_of(parcel, t), n=len({one.row for one in left}))
            for parcel, left, _ in received.waiting
        )
        lines.append(t("exchange.still_waiting", places=places, sheet=t("exchange.sheet_waiting")))
    if received.has_formulas:
        lines.append(t("exchange.formulas"))
    for line in (*lines, t("cli.made", name=str(target)), t("exchange.keep_internal", name=target.name)):
        out.print(escape(line))
