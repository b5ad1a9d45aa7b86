"""What commands say on the terminal: the quality of a register, a coverage in short, the unserved list.

Talk goes to standard error; the unserved list is data and goes to standard output. In a pipe the tables are as wide as
they need to be, so that nothing is cut.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lks_geo.messages import Message, Texts, msg
from lks_geo.render.quality_rows import CHECK_LOCATION, told_rows
from lks_geo.said.areas import AreaTotals, area_totals, kabupaten_codes, kabupaten_names, unserved_list
from lks_geo.said.assumptions import known_part, said_beside
from lks_geo.said.small_tables import DASH, reach_table
from lks_geo.tables import OUTCOMES, TOTAL, Boundaries, Coverage, Issue, Population, Register, SheetReport

if TYPE_CHECKING:
    from lks_geo.boundaries import BoundaryFacts
    from lks_geo.population.targets import PeopleFile

_EXAMPLES = 8
"""How many rows that need a check the screen shows; the file has all."""


def console(stream: TextIO) -> Console:
    """A console that never cuts text when it is not a terminal."""
    return Console(file=stream, width=None if stream.isatty() else 200, highlight=False, soft_wrap=not stream.isatty())


def print_register(register: Register, target: Path | None, t: Texts) -> None:
    """The quality of a register in words a coordinator understands."""
    out = console(sys.stderr)
    out.print(f"[bold]{escape(t('screen.quality_of', name=register.source.name))}[/bold]")
    before: SheetReport | None = None
    for sheet in register.sheets:
        _print_sheet(out, sheet, t, before=before)
        before = sheet if sheet.columns else before
    for note in register.notes:
        out.print(escape(t(note)))
    out.print(_outcome_table(register, t))
    kinds = _issue_table(register.issues, t)
    if kinds.row_count:
        out.print(kinds)
    _print_worst(out, register, t)
    if target:
        out.print(escape(t("cli.made", name=str(target))))
    elif register.counts["baris"] > register.counts["diterima"]:
        out.print(escape(t("screen.want_list")))


def sheet_title(name: str | None, t: Texts) -> str:
    """A sheet's name, or "tanpa lembar" for files without sheets."""
    return t("screen.sheet", name=name) if name else t("screen.no_sheet")


def _print_sheet(out: Console, sheet: SheetReport, t: Texts, *, before: SheetReport | None) -> None:
    """What was read of a sheet; its columns only if they are not as those of the sheet `before`."""
    title = sheet_title(sheet.name, t)
    if not sheet.columns:
        out.print(escape(t("screen.sheet_skipped", sheet=title)))
        return
    rows = ", ".join(str(row) for row in sheet.header_rows)
    out.print(
        escape(t("screen.sheet_read" if rows else "screen.sheet_of_features", sheet=title, header=rows, n=sheet.rows))
    )
    if before and (before.columns, before.unused, before.dropped) == (sheet.columns, sheet.unused, sheet.dropped):
        out.print(escape(t("screen.as_before", sheet=sheet_title(before.name, t))))
    else:
        _print_columns(out, sheet, t)
    _print_passed(out, "screen.passed", sheet.passed_over, t)


def _print_columns(out: Console, sheet: SheetReport, t: Texts) -> None:
    matched = "; ".join(f"{heading} → {field}" for field, heading in sheet.columns.items())
    out.print(escape(t("screen.matched", list=matched)))
    if sheet.unused:
        out.print(escape(t("screen.unused", list="; ".join(sheet.unused))))
    if sheet.dropped:
        dropped = "; ".join(f"{heading} ({t(why)})" for heading, why in sheet.dropped.items())
        out.print(escape(t("screen.dropped", list=dropped)))


def _print_passed(out: Console, key: str, passed_over: Mapping[str, int], t: Texts) -> None:
    passed = {kind: count for kind, count in passed_over.items() if count}
    if passed:
        listed = ", ".join(f"{t(f'sheets.passed_{kind}')} {count}" for kind, count in passed.items())
        out.print(escape(t(key, list=listed)))


def _outcome_table(register: Register, t: Texts) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for outcome in OUTCOMES:
        count = register.counts[outcome]
        table.add_row(t(f"screen.outcome_{outcome}"), t.number(count), t(f"screen.means_{outcome}"))
    table.add_row(t("screen.rows"), t.number(register.counts["baris"]), "", style="bold")
    return table


def _issue_table(issues: Sequence[Issue], t: Texts) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column(t("screen.kind"))
    table.add_column(t("screen.rows"), justify="right")
    table.add_column(t("screen.becomes"))
    rows = {(OUTCOMES.index(issue.hasil), issue.jenis, issue.posisi) for issue in issues}
    counts = Counter((outcome, kind) for outcome, kind, *_ in rows)
    for (outcome, kind), count in sorted(counts.items(), key=lambda item: (-item[0][0], -item[1], item[0][1])):
        table.add_row(t(f"register.kind_{kind}"), t.number(count), t(f"screen.outcome_{OUTCOMES[outcome]}"))
    return table


def short(text: str, most: int = 120) -> str:
    """A text as it is printed: a name of ten thousand letters would push all else off the screen."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _print_worst(out: Console, register: Register, t: Texts) -> None:
    by_row: dict[int, list[Issue]] = {}
    for issue in register.issues:
        if issue.hasil in ("ditolak", "meragukan") or issue.jenis == CHECK_LOCATION:
            by_row.setdefault(issue.posisi, []).append(issue)
    if not by_row:
        return
    names = told_rows(register)["nama"].tolist()
    several = sum(sheet.rows > 0 for sheet in register.sheets) > 1
    ordered = sorted(by_row.items(), key=lambda item: -max(OUTCOMES.index(issue.hasil) for issue in item[1]))
    for position, issues in ordered[:_EXAMPLES]:
        shown = "" if pd.isna(names[position]) else short(str(names[position]))
        sheet, number = issues[0].lembar, str(issues[0].nomor)
        key = "screen.row_of_sheet" if sheet and several else "screen.row"
        head = t(key, sheet=sheet or "", number=number, name=shown).rstrip()
        out.print(f"[bold]{escape(head)}[/bold]")
        for issue in issues:
            out.print("  " + escape(short(t(issue.pesan), 400)))
    if len(by_row) > _EXAMPLES:
        out.print(escape(t("screen.more_rows", n=len(by_row) - _EXAMPLES)))


def print_coverage(coverage: Coverage, paths: Sequence[Path], t: Texts) -> None:
    """A coverage in short: how many desa are unserved per group, what was counted, what was written."""
    out = console(sys.stderr)
    table = Table(box=box.SIMPLE, pad_edge=False, title_justify="left")
    for title in ("group", "counted", "unserved", "of", "people"):
        table.add_column(t(f"screen.column_{title}"), justify="left" if title == "group" else "right")
    for group in coverage.groups:
        total = area_totals(coverage, group.key)
        if total.desa:
            numbers = map(t.number, (total.counted, total.desa_unserved, total.desa))
            table.add_row(group.name(t.lang), *numbers, t(_people_there(total)))
    if table.row_count:
        out.print(table)
    if coverage.sensitivity is not None:
        out.print(_sensitivity_table(coverage, coverage.sensitivity, t))
    print_made(coverage, paths, t)


def _people_there(total: AreaTotals) -> Message:
    """The people of the unserved desa, as far as they are known."""
    if total.desa_unserved and total.unserved_people is None:
        return msg("screen.unknown")
    return msg("screen.people_there", n=total.unserved_people or 0, part=known_part(total.desa_known, total.desa))


def _sensitivity_table(coverage: Coverage, sensitivity: pd.DataFrame, t: Texts) -> Table:
    """The share within reach (rows: groups) by reach (columns)."""
    shares = reach_table(coverage, sensitivity)
    table = Table(t("screen.column_by_reach"), box=box.SIMPLE, pad_edge=False)
    for row in shares.rows:
        table.add_column(row[0], justify="right")
    for place, column in enumerate(shares.columns[1:], start=1):
        table.add_row(escape(column.title), *(row[place] for row in shares.rows))
    return table


def print_made(coverage: Coverage, paths: Sequence[Path], t: Texts) -> None:
    """The stamps, assumptions and notes that go with every output, then the files written."""
    out = console(sys.stderr)
    places = coverage.totals.get(TOTAL)
    if places is not None and (places.luar_wilayah or places.counted > 0 == places.in_areas):
        nowhere = {"n": places.luar_wilayah + places.tanpa_titik, "outside": places.luar_wilayah}
        warning = msg("screen.off_map", total=places.counted, **nowhere)
        out.print(f"[bold]{escape(t(warning))}[/bold]")
    if coverage.unreported:
        out.print(f"[bold]{escape(t(unreported_warning(coverage)))}[/bold]")
    for message in said_beside(coverage, cures=True):
        out.print(escape(t(message)))
    for path in paths:
        out.print(escape(t("cli.made", name=str(path))))


def unreported_warning(coverage: Coverage) -> Message:
    """Names the kabupaten of which the register says nothing, and offers what can be done."""
    reported = [code for code in kabupaten_codes(coverage) if code not in coverage.unreported]
    offered = " ".join(f'--kabupaten "{name}"' for name in kabupaten_names(coverage, tuple(reported)))
    names = ", ".join(kabupaten_names(coverage, coverage.unreported))
    return msg("screen.unreported" if reported else "screen.none_reported", names=names, options=offered)


def print_unserved(coverage: Coverage, top: int, target: Path | None, t: Texts) -> None:
    """The unserved desa per group, most people first, on standard output."""
    out = console(sys.stdout)
    for group in coverage.groups:
        total = area_totals(coverage, group.key)
        if not total.desa:
            continue
        people = msg("screen.people", n=total.unserved_people or 0, part=known_part(total.desa_known, total.desa))
        if total.desa_unserved and total.unserved_people is None:
            people = msg("screen.people_unknown")
        head = msg(
            "screen.unserved_head", n=total.desa_unserved, of=total.desa, group=group.short(t.lang), people=people
        )
        out.print(f"[bold]{escape(t(head))}[/bold]")
        if total.desa_unserved:
            out.print(_unserved_table(unserved_list(coverage, group.key, top=top), t))
        if total.desa_unserved > top:
            out.print(escape(t("screen.more_desa", n=total.desa_unserved - top)))
    print_made(coverage, [target] if target else [], t)


_UNSERVED_TITLES = ("no", "priority", "desa", "kecamatan", "kabupaten", "target", "km")


def _unserved_table(rows: pd.DataFrame, t: Texts) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for title in _UNSERVED_TITLES:
        is_name = title in ("desa", "kecamatan", "kabupaten")
        table.add_column(t(f"screen.column_{title}"), justify="left" if is_name else "right")
    for row in rows.to_dict("records"):
        target, km = (
            t("screen.unknown") if pd.isna(row[key]) else t.number(float(row[key]), digits)
            for key, digits in (("sasaran", 0), ("jarak_km", 1))
        )
        names = (escape(row[key]) for key in ("nama", "kecamatan", "kabupaten"))
        table.add_row(t.number(row["no"]), t.number(row["prioritas"]), *names, target, km)
    return table


def print_profile(coverage: Coverage, paths: Sequence[Path], t: Texts) -> None:
    """What the register says of its LKS: by group, then by kabupaten."""
    from lks_geo.said import profile as said

    out, rows = console(sys.stdout), said.profile_table(coverage)
    groups = rows[rows["kode"] == said.WHOLE]
    areas = rows[(rows["kelompok"] == TOTAL) & (rows["kode"] != said.WHOLE)]
    out.print(f"[bold]{escape(t(said.profile_headline(coverage)))}[/bold]")
    for part, titles in ((groups, said.row_names(coverage)), (areas, areas["kabupaten"])):
        table = Table("", *(escape(title) for title in titles), box=box.SIMPLE, pad_edge=False)
        for key in ("lks", *(key for parts in said.PARTS.values() for key in parts), *said.SUMS):
            table.add_row(t(f"profile.column_{key}"), *(DASH if pd.isna(n) else t.number(n) for n in part[key]))
        out.print(table)
    out.print(escape("\n".join(map(t, (said.training_headline(coverage), *said.profile_notes(coverage))))))
    print_made(coverage, paths, t)


def print_boundaries(facts: BoundaryFacts, t: Texts) -> None:
    """What boundaries are in use, on standard output."""
    out = console(sys.stdout)
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    counts = ", ".join(f"{t.number(count)} {t(f'style.level_{level}')}" for level, count in facts.counts.items())
    west, south, east, north = facts.bounds
    coverage = {True: "screen.yes", False: "screen.no", None: "screen.unchecked"}[facts.coverage]
    for key, value in (
        ("file", facts.source.name),
        ("described", facts.described),
        ("vintage", facts.source.vintage),
        ("licence", facts.source.licence),
        ("accuracy", facts.accuracy),
        ("sha256", facts.source.sha256),
        ("areas", counts),
        ("with_bps", t.number(facts.with_bps)),
        ("neighbours", t.number(facts.neighbours)),
        ("size", f"{t.number(facts.area_km2)} km²"),
        ("bounds", f"{west:.3f}, {south:.3f}, {east:.3f}, {north:.3f}"),
        ("crs", f"{facts.crs}; {facts.crs_m}"),
        ("valid", t("screen.yes" if facts.valid else "screen.no")),
        ("coverage", t(coverage)),
    ):
        if value:
            table.add_row(t(f"screen.fact_{key}"), escape(value))
    out.print(table)
    for note in facts.notes:
        console(sys.stderr).print(escape(t(note)))


def print_people(file: PeopleFile, own: Population, used: Population, boundaries: Boundaries, t: Texts) -> None:
    """How a table of people was read: columns, rows, sums per kabupaten; on standard output. Notes: standard error."""
    out, observed = console(sys.stdout), file.observed
    title = msg(
        "screen.people_of_year" if own.source.vintage else "screen.people_of",
        name=own.source.name,
        year=own.source.vintage,
    )
    out.print(f"[bold]{escape(t(title))}[/bold]")
    for table in observed.reports:
        rows = ", ".join(map(str, table.header_rows))
        out.print(escape(t("screen.people_sheet", sheet=sheet_title(table.sheet, t), header=rows, n=table.rows)))
        matched = "; ".join(f"{heading} → {t(meaning)}" for heading, meaning in table.columns.items())
        out.print(escape(t("screen.matched", list=matched)))
        if table.unused:
            out.print(escape(t("screen.unused", list="; ".join(table.unused))))
        _print_passed(out, "screen.people_passed", table.passed_over, t)
    levels = observed.levels
    other = sum(levels.values()) - levels.get("desa", 0) - levels.get("kecamatan", 0)
    counts = {level: levels.get(level, 0) for level in ("desa", "kecamatan")}
    out.print(escape(t("screen.people_rows", **counts, other=other, by_name=observed.by_name)))
    out.print(_people_table(own, boundaries, t))
    for note in used.notes:
        console(sys.stderr).print(escape(t(note)))


def _people_table(own: Population, boundaries: Boundaries, t: Texts) -> Table:
    """The people of the file by kabupaten and for all, and how many desa have a number."""
    counts = own.table.drop(columns=["lintang", "bujur"]).dropna(axis="columns", how="all")
    kabupaten = boundaries.desa["kabupaten"].fillna(boundaries.desa["kode_kabupaten"])
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column(t("screen.column_kabupaten"))
    for key in counts.columns:
        table.add_column(t("screen.people_column") if key == "penduduk" else key, justify="right")
    parts = [(str(name), part) for name, part in counts.groupby(kabupaten) if part.notna().any(axis=None)]
    for name, part in [*parts, (t("screen.people_total"), counts)]:
        cells = [
            t("screen.people_cell", people=float(part[key].sum()), known=int(part[key].count()), n=len(part))
            for key in counts.columns
        ]
        table.add_row(escape(name), *cells)
    return table
