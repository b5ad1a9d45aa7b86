"""What each column of a table of people means: its areas, and whom it counts.

Decides: what "Jumlah", "L" or "0-4" counts, the other columns and the title say; a title that speaks of a part of the
people is told. A heading over several columns counts only with words below it.
Gets wrong: a table of a part of the people whose title says it in words not listed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, takewhile
from pathlib import Path

import numpy as np
import pandas as pd

from lks_geo.boundaries.village_codes import are_codes, joined_parts
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.population.people_cells import BLANK, TEXT, Age, Count, read_count
from lks_geo.population.people_words import (
    AGE,
    AREAS,
    BARE,
    GROUP_AGES,
    ITEM,
    KEYS,
    PEOPLE,
    SEX,
    VALUE,
    Meaning,
    PeopleWords,
    item_name,
    listed,
    read_sex,
)
from lks_geo.sheets.folding import split_words
from lks_geo.sheets.sheet import CellKind, Sheet, cell_text
from lks_geo.sheets.sheet_tables import Table, find_tables

_PART_OF = re.compile(  # "jumlah anak terlantar", "penduduk miskin", "daftar pemilih"
    r"\b(?:miskin|tt?erlantar|telantar|pemilih|pekerja|bekerja|sekolah|siswa|peserta|penerima|bantuan|kk|keluarga"
    r"|rumah tangga|kelahiran|kematian|lahir|pindah|datang|pendatang|ppks|pmks|putus|stunting|rawan|binaan)\b"
)


_TITLE_YEAR = re.compile(r"\b(20\d{2})\b")  # "TAHUN 2024"
_AGENCY = re.compile(r"\W*(?:pemerintah|dinas|badan|kantor|kementerian)\b", re.IGNORECASE)  # "BADAN KELUARGA BERENCANA"


@dataclass(frozen=True, kw_only=True)
class TableReport:
    """How one table was read: its sheet, the rows of its header, heading -> meaning of the columns in use, headings not
    used, records, and lines passed over by kind."""

    sheet: str | None
    header_rows: tuple[int, ...]
    columns: Mapping[str, Message]
    unused: tuple[str, ...]
    rows: int
    passed_over: Mapping[str, int]


def meaning_message(meaning: Meaning, words: PeopleWords) -> Message:
    """Whom a column counts, in words."""
    age = msg("population.said_age", age=str(meaning.age)) if meaning.age else msg("population.said_nothing")
    sex = msg(f"population.said_{meaning.sex or 'nothing'}")
    year = msg("population.said_year", year=str(meaning.year)) if meaning.year else msg("population.said_nothing")
    return msg("population.said_meaning", item=item_name(meaning.item, words.settings), age=age, sex=sex, year=year)


def people_tables(sheets: Sequence[Sheet], words: PeopleWords, where: str) -> list[Table]:
    """The tables that count people, of each sheet by the finest column that names areas."""
    tables: list[Table] = []
    empty, seen = False, []
    for sheet in sheets:
        for area_key in KEYS:
            found, header = find_tables(sheet, words.with_key(area_key))
            seen += [header] if header else []
            filled = [table for table in found if len(table.lines)]
            empty = empty or bool(found)
            if filled:
                tables += filled
                break
    if tables:
        return tables
    if empty:
        raise LksGeoError.of("population.empty", where=where)
    best = max(seen, key=lambda header: header.size, default=None)
    headings = [" ".join(parts) for parts in best.headings if parts] if best else _first_line(sheets)
    named = {claim.field for header in seen for claim in header.claims if claim}
    fault = "no_people" if named & set(KEYS) else "no_area"
    groups = ", ".join(group.key for group in words.settings.groups)
    raise LksGeoError.of(f"population.{fault}", where=where, found=listed(headings) or "–", groups=groups)


def _first_line(sheets: Sequence[Sheet]) -> list[str]:
    """The first filled line of a file, or the headings that its format names."""
    for sheet in sheets:
        lines = [list(sheet.headings)] if sheet.headings else map(sheet.line, range(len(sheet.cells)))
        if texts := next((kept for line in lines if (kept := [text for text in line if text])), None):
            return texts
    return []


def titles_of(table: Table) -> list[str]:
    """What stands above the header, and the name of the sheet."""
    first = min(table.header_lines, default=0)
    lines = [" ".join(filter(None, table.sheet.line(line))) for line in range(first)]
    return [*filter(None, lines), table.sheet.name or ""]


def title_of(table: Table, at: int) -> str:
    return " – ".join(" ".join(part.split()) for part in table.headings[at])


def field_columns(table: Table) -> dict[str, int]:
    """The column of each field that does not count people, by the surest heading."""
    claims = [
        (claim.rank, at, claim.field)
        for at, claim in enumerate(table.header.claims)
        if claim and not claim.field.startswith(VALUE)
    ]
    columns: dict[str, int] = {}
    for _, at, name in sorted(claims):
        columns.setdefault(name, at)
    return columns


def people_columns(table: Table, words: PeopleWords, notes: list[Message], where: str) -> dict[int, Meaning]:
    """Whom each column counts. What "Jumlah" or "L" means, the other columns and the title decide."""
    own = {
        at: meaning
        for at, claim in enumerate(table.header.claims)
        if claim and claim.field.startswith(VALUE) and (meaning := words.meaning(" ".join(table.headings[at])))
    }
    own |= _single_years(table)
    titles = [title for title in titles_of(table) if not _AGENCY.match(title)]
    title = split_words(" ".join((*titles, Path(where).stem)))
    groups, part = words.groups_in(title), _PART_OF.search(title)
    nameless = {at for at, meaning in own.items() if meaning.item == BARE or words.is_nameless(table.headings[at])}
    others = {meaning.item for at, meaning in own.items() if at not in nameless}
    fields = {claim.field for claim in table.header.claims if claim}
    if part:
        notes.append(msg("population.note_part_of", title=" ".join(titles).strip() or where, word=part[0]))
    unsaid = not groups and not fields & {SEX, AGE} and own.keys() == _bare(own) and not words.names_everybody(title)
    year, sex = _of_whole_table(table)
    settled: dict[int, Meaning] = {}
    for at, meaning in own.items():
        item = meaning.item
        if at in nameless and not others and ITEM not in fields:
            item = "" if part or unsaid else _whom(meaning, groups)
        elif item == BARE and (others != {PEOPLE} and nameless <= _bare(own) and not fields & {SEX, AGE, ITEM}):
            continue
        if not item:
            raise LksGeoError.of("population.nameless", where=where, heading=title_of(table, at))
        settled[at] = replace(
            meaning, item=PEOPLE if item == BARE else item, year=meaning.year or year, sex=meaning.sex or sex
        )
        if meaning.odd_age:
            notes.append(msg("population.note_odd_age", heading=title_of(table, at)))
    return settled


def without_footers(table: Table, columns: Mapping[str, int], meanings: Mapping[int, Meaning]) -> Table:
    """The table without lines that name no area, age or group of their own and hold no number: what an area carried
    down would make a row of people, is the name and the post of whoever signs."""
    cells = table.written
    own = [at for name, at in columns.items() if name in (*AREAS, SEX, AGE, ITEM)]
    silent = (cells.kinds[:, own] == CellKind.BLANK).all(axis=1)
    for at in np.flatnonzero(silent).tolist():
        told = (read_count(cell_text(cells.texts.iat[at, column]), int(cells.kinds[at, column])) for column in meanings)
        silent[at] = all(count.verdict in (BLANK, TEXT) for count in told)
    return table.without(silent, "note")


def codes_in_columns(table: Table, texts: pd.DataFrame, codes: Sequence[str]) -> list[str]:
    """The code of each row: `codes`, or those put together from four columns (33, 1, 1, 2001) where they are short."""
    if max(map(len, codes), default=0) > _PART_DIGITS:
        return list(codes)
    at_of = {" ".join(parts): at for at, parts in enumerate(table.headings) if parts}
    joined = joined_parts(list(at_of), lambda heading: texts.iloc[:, at_of[heading]].map(cell_text).astype("str"))
    return list(codes) if joined is None else joined[1].where(are_codes(joined[1]), "").tolist()


_PART_DIGITS = 4
"""How long the last of four parts of a code can be."""


def _single_years(table: Table) -> dict[int, Meaning]:
    """Columns of single years of age headed by bare numbers, from "0" without a gap."""
    at_of = {parts[-1]: at for at, parts in enumerate(table.headings) if parts and parts[-1].isdecimal()}
    years = takewhile(lambda year: str(year) in at_of, count())
    found = {at_of[str(year)]: Meaning(item=PEOPLE, age=Age(year, year)) for year in years}
    return found if len(found) >= _MANY_YEARS else {}


_MANY_YEARS = 10
"""Fewer bare numbers from 0 are no ages."""


def _of_whole_table(table: Table) -> tuple[int | None, str]:
    """The year that the title or the name of the sheet gives, if it is one, and the sex that the sheet is called by."""
    years = {int(year) for title in titles_of(table) for year in _TITLE_YEAR.findall(title)}
    return years.pop() if len(years) == 1 else None, read_sex(table.sheet.name or "") or ""


def _bare(meanings: Mapping[int, Meaning]) -> set[int]:
    return {at for at, meaning in meanings.items() if meaning.item == BARE}


def _whom(meaning: Meaning, groups: Sequence[str]) -> str:
    """Whom a column without a name counts by the groups that the title names; "" if that may be several."""
    named = [group for group in groups if not (meaning.age and group in GROUP_AGES)]
    return "" if len(named) > 1 else named[0] if named else PEOPLE


_TOTAL = re.compile(r"\W*(?:grand |sub ?)?(?:total|jumlah|jml)\b", re.IGNORECASE)  # "JUMLAH", "Total Kab. Mamasa"


def wrong_totals(table: Table, counts: Mapping[int, Sequence[Count]], keep: Sequence[int]) -> list[str]:
    """The columns whose line of totals, the last one below the table, is the sum neither of its rows nor of those since
    the line of totals before it."""
    lines = [int(line) for line in table.lines]
    if not keep or len(keep) != len(lines):
        return []

    def is_total(line: int) -> bool:
        return any(map(_TOTAL.match, table.sheet.line(line)))

    last = next(filter(is_total, range(lines[-1] + 1, min(lines[-1] + 4, len(table.sheet.cells)))), None)
    if last is None:
        return []
    before = max(filter(is_total, set(range(lines[0], lines[-1])) - set(lines)), default=-1)
    block = [row for row in keep if lines[row] > before]
    off = []
    for at, column in counts.items():
        told = read_count(table.sheet.text(last, at), int(table.sheet.kinds[last, at])).people
        if told is not None and told not in [sum(column[row].people or 0 for row in rows) for rows in (keep, block)]:
            off.append(title_of(table, at))
    return off


def refuse_spanning(table: Table, texts: pd.DataFrame, meanings: Mapping[int, Meaning], where: str) -> None:
    """A heading over columns that have no words of their own."""
    for at in meanings:
        beside = at + 1
        while beside < len(table.headings) and not table.headings[beside] and texts.iloc[:, beside].notna().any():
            beside += 1
        if beside > at + 1 and texts.iloc[:, at + 1].str.contains(r"\d", na=False).any():  # "900"
            raise LksGeoError.of("population.spanning", where=where, heading=title_of(table, at), n=beside - at)
