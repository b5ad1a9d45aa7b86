"""Finds the header of a table in a sheet: one to three rows whose cells name fields.

What a heading names, and which fields make a table, a `Vocabulary` says. The first complete header counts; headings
that are only similar are tried after exact ones. Upper cells stand over the columns that they are merged over
("Koordinat" over "Lintang", "Bujur").
Gets wrong: a header of more than three rows, and one below line 200.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from lks_geo.sheets.sheet import Sheet

Parts = tuple[str, ...]
"""A heading from top to bottom: ("Koordinat", "Lintang")."""

SURE = 40
"""Ranks below this are whole headings; from here on words were left out, or the upper row decided."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`field` is claimed by a heading with `rank`; the smaller rank is the surer claim."""

    field: str
    rank: int


Claimer = Callable[[Parts], Claim | None]


class Vocabulary(Protocol):
    """What the words of one kind of table mean. `key` is the field that every record has."""

    key: str

    @abstractmethod
    def claim(self, parts: Parts) -> Claim | None:
        """The field that a heading names for certain."""

    @abstractmethod
    def is_field_name(self, text: str) -> bool:
        """Whether a text (lower case) is the name of a field, so that it is no value in the key's column."""

    def near_claim(self, parts: Parts) -> Claim | None:
        """As `claim`, or by similar words."""
        return self.claim(parts)

    def is_complete(self, _headings: Sequence[Parts], claims: Sequence[Claim | None]) -> bool:
        """Whether a header with these headings and claims is one of such a table."""
        return any(claim is not None and claim.field == self.key for claim in claims)

    def serves(self, _parts: Parts, _claim: Claim | None) -> bool:
        """Whether a column may hold what tells a record beside its key (of a register: the services)."""
        return False

    def is_served(self, _text: str) -> bool:
        """Whether a cell of a column that `serves` can be its value on a line without a key."""
        return True

    def is_key(self, _text: str) -> bool:
        """Whether a cell of the key's column makes its line a record, whatever else the line says."""
        return False

    def names_section(self, _text: str) -> bool:
        """Whether a text alone on its line heads the records below it ("LKS ANAK"), and is no record."""
        return False

    def area_level(self, _text: str) -> str | None:
        """The level ("kabupaten", "kecamatan") of the area that a text names without any other word, if it is one that
        heads records ("MAMUJU TENGAH")."""
        return None


_SEARCHED = 200
"""Lines in which a header is looked for before a sheet counts as one without."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """Header rows first..last of a sheet, the heading of each column, what each claims, whether it is one of a table of
    the vocabulary, and whether its first row stands above other columns as well (`banner`)."""

    first: int
    last: int
    headings: tuple[Parts, ...]
    claims: tuple[Claim | None, ...]
    complete: bool
    banner: bool = False

    @cached_property
    def claimed(self) -> frozenset[str]:
        """The fields named."""
        return frozenset(claim.field for claim in self.claims if claim)

    @property
    def size(self) -> tuple[bool, int]:
        """What makes one header better than another."""
        return self.complete, len(self.claimed)


def named_header(headings: tuple[str, ...], vocabulary: Vocabulary) -> Header:
    """The header of a sheet whose format names its columns."""
    parts = tuple((heading,) for heading in headings)
    claims = tuple(map(vocabulary.near_claim, parts))
    complete = vocabulary.is_complete(parts, claims)
    return Header(first=-1, last=-1, headings=parts, claims=claims, complete=complete)


def find_header(sheet: Sheet, vocabulary: Vocabulary) -> Header | None:
    """The first complete header by exact headings, or one by similar headings that stands above it, else the one that
    names most fields."""
    exact = _search(sheet, vocabulary, vocabulary.claim, _SEARCHED)
    if exact and exact.complete:
        above = _search(sheet, vocabulary, vocabulary.near_claim, exact.first)
        return above if above and above.complete and above.last < exact.first else exact
    near = _search(sheet, vocabulary, vocabulary.near_claim, _SEARCHED)
    return near if near and (exact is None or near.size > exact.size) else exact


def _search(sheet: Sheet, vocabulary: Vocabulary, claim: Claimer, lines: int) -> Header | None:
    """The best header that starts in the first lines of a sheet."""
    best: Header | None = None
    filled = sheet.cells.iloc[:lines].notna().to_numpy().sum(axis=1)
    for line in np.flatnonzero(filled >= 2).tolist():
        if best and best.complete and line > best.last:
            break
        header = header_at(sheet, vocabulary, claim, line)
        inside = best is not None and header.first <= best.last
        if header.claimed and (
            best is None or header.size > best.size or (inside and header.size == best.size and not best.banner)
        ):
            best = header
    return best


def header_at(sheet: Sheet, vocabulary: Vocabulary, claim: Claimer, first: int) -> Header:
    """The header of one to three rows that starts at a line: the one that claims most, at a tie the longest. Cells
    merged downward that start in its first row belong to it as a whole."""
    bottoms = [bottom for top, _, bottom, _ in sheet.merged or () if top == first and first < bottom <= first + 2]
    candidates: list[Header] = []
    for last in range(first, min(first + 3, len(sheet.cells))):
        grid, groups = _layers(sheet, first, last)
        if last > first and last not in bottoms and not _heads(grid, groups, vocabulary, claim):
            continue
        parts = tuple(_parts(grid, column) for column in range(len(grid[0])))
        banner = last > first and sum(map(bool, grid[0])) > 1 and not all(groups[0]) and _is_merged(sheet, first)
        claims = tuple(map(claim, parts))
        complete = vocabulary.is_complete(parts, claims)
        candidates.append(
            Header(first=first, last=last, headings=parts, claims=claims, complete=complete, banner=banner)
        )
    best = max(candidates, key=lambda header: (*header.size, header.last))
    whole = [header for header in candidates if header.last == max(bottoms, default=first)]
    best = whole[0] if whole and whole[0].complete and best.last < whole[0].last else best
    longer = [header for header in candidates if header.last > best.last and header.complete]
    start = best.last - first + 1
    kept = [
        header for header in longer
        if _keeps_key(best, header, vocabulary.key) and _adds_groups(sheet, header, start)
    ]  # fmt: skip
    return kept[-1] if best.complete and kept else best


def _adds_groups(sheet: Sheet, header: Header, start: int) -> bool:
    """Whether each line of a header from `start` on is words under a cell that heads several columns ("Akta", "NPWP"
    under "Legalitas"): it belongs to the header even if it names no field."""
    grid = [sheet.line(line) for line in range(header.first, header.last + 1)]
    _, groups = _layers(sheet, header.first, header.last)
    return all(_groups_words(grid, groups, row) for row in range(start, len(grid)))


def _keeps_key(header: Header, longer: Header, key: str) -> bool:
    """Whether no column of the key has a cell in the lines that a longer header adds."""
    return all(
        longer.headings[column] == header.headings[column]
        for column, claim in enumerate(header.claims)
        if claim and claim.field == key
    )


def _layers(sheet: Sheet, first: int, last: int) -> tuple[list[list[str]], list[list[bool]]]:
    """The cells of lines first..last, upper ones spread over the columns that they head, and which columns of each line
    stand under a cell that heads several: merged over them, or (where nothing is merged) followed by blanks that
    stand above filled cells."""
    grid = [sheet.line(line) for line in range(first, last + 1)]
    groups = [[False] * len(line) for line in grid]
    for row, line in enumerate(grid[:-1]):
        for left, right in _spans(sheet, first + row, line, grid[row + 1 :]):
            for column in range(left, min(right + 1, len(line))):
                line[column], groups[row][column] = line[left], True
    return grid, groups


def _spans(sheet: Sheet, at: int, line: list[str], below: list[list[str]]) -> list[tuple[int, int]]:
    """First and last column of each cell of a line that heads several columns."""
    if _is_merged(sheet, at):
        return [(left, right) for top, left, _, right in sheet.merged or () if top == at and right > left]
    spans: list[tuple[int, int]] = []
    for column, text in enumerate(line):
        right = column
        while (
            text
            and right + 1 < len(line)
            and not line[right + 1]
            and _filled(below, right)
            and _filled(below, right + 1)
        ):
            right += 1
        if right > column:
            spans.append((column, right))
    return spans


def _heads(grid: list[list[str]], groups: list[list[bool]], vocabulary: Vocabulary, claim: Claimer) -> bool:
    """Whether the last line belongs to the headings above it, and is no row of the table: each of its cells stands
    under a group, under nothing, or completes a heading ("Kapasitas" over "(orang)"); beside words under a group, a
    word under any heading but those of the key and the services ("Ada/Tidak" under "Alamat") does so too."""
    last = len(grid) - 1
    filled = [column for column, text in enumerate(grid[last]) if text]
    lenient = _groups_words(grid, groups, last)
    for column in filled:
        alone = not _filled(grid[:last], column)
        if alone or any(groups[row][column] for row in range(last)):
            continue
        whole = claim((" ".join(_parts(grid, column)),))
        if whole is None or whole.rank >= SURE:
            upper = claim(_parts(grid[:last], column))
            if not lenient or (upper and (upper.field == vocabulary.key or vocabulary.serves((), upper))):
                return False
    return bool(filled)


def _groups_words(grid: list[list[str]], groups: list[list[bool]], row: int) -> bool:
    """Whether a line has no digit, and a cell under one that heads several columns."""
    grouped = any(text and any(above[column] for above in groups[:row]) for column, text in enumerate(grid[row]))
    return grouped and not any(map(str.isdecimal, "".join(grid[row])))


def _is_merged(sheet: Sheet, line: int) -> bool:
    """Whether any merged cell starts in a line, so that its maker shows groups by merging."""
    return any(top == line for top, *_ in sheet.merged or ())


def _filled(lines: list[list[str]], column: int) -> bool:
    return any(line[column] for line in lines)


def _parts(grid: list[list[str]], column: int) -> Parts:
    return tuple(dict.fromkeys(text for line in grid if (text := line[column])))
