"""Finds the header of a register in a sheet: one to three rows whose cells name fields.

A header is complete if it names `nama` and a service (or check marks, or a heading whose cells must be seen first). The
first complete one counts; headings that are only similar are tried after exact ones. Upper cells stand over the columns
that they are merged over ("Koordinat" over "Lintang", "Bujur").
Gets wrong: a header of more than three rows, and one below line 200.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lks_geo.register.fields import MARK, SERVICE_FIELDS
from lks_geo.register.headings import Claim, Headings, Parts, may_serve
from lks_geo.register.sheets import Merge, Sheet

Claimer = Callable[[Parts], Claim | None]

_SEARCHED = 200
"""Lines in which a header is looked for before a sheet counts as one without."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """Header rows first..last of a sheet, the heading of each column, and what each claims."""

    first: int
    last: int
    headings: tuple[Parts, ...]
    claims: tuple[Claim | None, ...]
    banner: bool = False

    @cached_property
    def claimed(self) -> frozenset[str]:
        """The fields named."""
        return frozenset(claim.field for claim in self.claims if claim)

    @property
    def complete(self) -> bool:
        """Whether it names `nama` and what may be a service, so that the table is a register."""
        return "nama" in self.claimed and (serves(self.claimed) or any(map(may_serve, self.headings)))

    @property
    def size(self) -> tuple[bool, int]:
        """What makes one header better than another."""
        return self.complete, len(self.claimed)


def serves(fields: Iterable[str]) -> bool:
    """Whether a service field or a check-mark column is among the fields."""
    return any(name in SERVICE_FIELDS or name.startswith(MARK) for name in fields)


def find_header(sheet: Sheet, headings: Headings) -> Header | None:
    """The first complete header by exact headings, else by similar ones, else the one that names most fields."""
    exact = _search(sheet, headings.claim)
    if exact and exact.complete:
        return exact
    near = _search(sheet, headings.near_claim)
    return near if near and (exact is None or near.size > exact.size) else exact


def _search(sheet: Sheet, claim: Claimer) -> Header | None:
    best: Header | None = None
    filled = sheet.cells.iloc[:_SEARCHED].notna().to_numpy().sum(axis=1)
    for line in np.flatnonzero(filled >= 2).tolist():
        if best and best.complete and line > best.last:
            break
        header = header_at(sheet, claim, line)
        if header.claimed and (
            best is None or header.size > best.size or (header.size == best.size and not best.banner)
        ):
            best = header
    return best


def header_at(sheet: Sheet, claim: Claimer, first: int) -> Header:
    """The header of one to three rows that starts at a line: the one that claims most, at a tie the shortest; but cells
    merged downward that start in its first row belong to it as a whole."""
    bottoms = [bottom for top, _, bottom, _ in sheet.merged or () if top == first and first < bottom <= first + 2]
    candidates: list[Header] = []
    for last in range(first, min(first + 3, len(sheet.cells))):
        parts = _stacked(sheet, first, last)
        candidates.append(
            Header(
                first=first,
                last=last,
                headings=parts,
                claims=tuple(map(claim, parts)),
                banner=_has_banner(sheet, first, last),
            )
        )
    best = max(candidates, key=lambda header: (*header.size, -header.last))
    whole = [header for header in candidates if header.last == max(bottoms, default=first)]
    return whole[0] if whole and whole[0].complete and best.last < whole[0].last else best


def _has_banner(sheet: Sheet, first: int, last: int) -> bool:
    """Whether the first of several header rows spans columns in groups ("LOKASI", "PENGURUS"), as a title does not."""
    width = int(sheet.cells.iloc[last].notna().sum())
    spans = [right - left + 1 for top, left, _, right in sheet.merged or () if top == first and right > left]
    return last > first and bool(spans) and max(spans) < width and int(sheet.cells.iloc[first].notna().sum()) >= 2


def _stacked(sheet: Sheet, first: int, last: int) -> tuple[Parts, ...]:
    """The heading of each column over lines first..last, upper cells spread over the columns that they head."""
    grid = [[cell_text(value) for value in sheet.cells.iloc[line]] for line in range(first, last + 1)]
    for row in range(len(grid) - 1):
        _spread(grid, row, sheet.merged, first)
    return tuple(tuple(dict.fromkeys(text for row in grid if (text := row[column]))) for column in range(len(grid[0])))


def _spread(grid: list[list[str]], row: int, merged: Sequence[Merge] | None, first: int) -> None:
    """Fills an upper header row to the right: over merged cells, or else over blanks that stand above filled cells."""
    spans = [(left, right) for top, left, _, right in merged or () if top == first + row and right > left]
    for left, right in spans:
        for column in range(left + 1, min(right + 1, len(grid[row]))):
            grid[row][column] = grid[row][left]
    if spans or merged:
        return
    for column in range(1, len(grid[row])):
        below = [any(lower[at] for lower in grid[row + 1 :]) for at in (column - 1, column)]
        if not grid[row][column] and all(below):
            grid[row][column] = grid[row][column - 1]


def cell_text(value: object) -> str:
    """A cell's text, "" if it is blank."""
    return value if isinstance(value, str) else ""
