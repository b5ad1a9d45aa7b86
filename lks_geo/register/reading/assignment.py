"""Which column of one table is which field, once its headings have been read: the cells have the last word.

The order: what headings say, persons out, columns whose cells cannot be their field out, ambiguous headings by their
cells, misspelt ones, "Status", remarks that are statuses. Then one field has one column, or several that complete each
other. What was not used and why is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import ne

import numpy as np
import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.register.reading.column_content import (
    by_content,
    can_be,
    could_be,
    fits,
    holds_only_status,
    institution_column,
    is_axis,
    is_person,
    names_other_group,
    personal_heading,
    status_field,
    unreadable_status,
)
from lks_geo.register.reading.fields import AMBIGUOUS, MARK, SERVICE_FIELDS
from lks_geo.register.reading.heading_words import (
    BY_CONTENT,
    BY_SIMILARITY,
    axis,
    is_remark,
    is_status,
    similar,
    source_of,
)
from lks_geo.settings import Settings
from lks_geo.sheets.folding import split_words
from lks_geo.sheets.header import Claim, Parts
from lks_geo.sheets.line_kinds import is_ordinal
from lks_geo.sheets.personal import masked

AXES = ("lintang", "bujur")
LASTING = ("id tetap", "lasting id")
"""What `compare` calls the id that it hands on."""
SPARE_ROWS = 500
"""Rows of a table by which it is seen what an unused column could be."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What became of the headings of one table: field -> column positions (several where one completes the other),
    positions dropped as personal with the reason, positions of no field, and remarks."""

    fields: Mapping[str, tuple[int, ...]]
    dropped: Mapping[int, Message] = field(default_factory=dict)
    unused: tuple[int, ...] = ()
    notes: tuple[Message, ...] = ()

    def unused_titles(self, headings: Sequence[Parts]) -> tuple[str, ...]:
        """What the columns of no field are called."""
        return tuple(name for position in self.unused if (name := title(headings[position])))

    def spare(self, headings: Sequence[Parts], cells: pd.DataFrame) -> pd.DataFrame:
        """The first rows of the columns of no field, by heading; NA in all others."""
        named = {title(headings[position]): cells.iloc[:SPARE_ROWS, position] for position in self.unused}
        return pd.DataFrame({name: column for name, column in named.items() if name}, index=cells.index)


def title(parts: Parts) -> str:
    """A heading as people see it, on one line, without what is personal."""
    return " – ".join(masked(" ".join(part.split())) for part in parts if part)


def serves(fields: Iterable[str]) -> bool:
    """Whether a service field or a check-mark column is among the fields."""
    return any(name in SERVICE_FIELDS or name.startswith(MARK) for name in fields)


class Columns:
    """The columns of one table while their fields are found: `claims` and `dropped` by position, `absent` the fields
    that the register is said not to have, `refused` positions whose cells cannot be what their headings say, with
    that field."""

    def __init__(
        self,
        headings: Sequence[Parts],
        cells: pd.DataFrame,
        settings: Settings,
        absent: Collection[str],
        claims: Mapping[int, Claim],
    ) -> None:
        self.headings, self.cells, self.settings, self.absent = headings, cells, settings, set(absent)
        self.claims = {position: claim for position, claim in claims.items() if claim.field not in absent}
        self.dropped: dict[int, Message] = {}
        self.refused: dict[int, str] = {}
        self.notes: list[Message] = []

    def assignment(self) -> Assignment:
        """The fields of all columns (see the module's docstring for the order)."""
        self._drop_personal_headings()
        self._drop_persons()
        self._refuse()
        self._prefer_sources()
        self._by_content()
        self._by_axis()
        self._by_similarity()
        self._by_status()
        self._refuse()
        self._by_remarks()
        self._prefer_lasting()
        fields, losers = _settle(self.claims, self.cells)
        for position, name in self.refused.items():
            if name and name not in fields:
                key = "sheets.no_status" if name == "status_aktif" else "sheets.refused_heading"
                self._note(key, position, field=name)
        for loser, name in losers:
            used = fields[name][0]
            by_server = title(self.headings[loser]).strip() == "_id"  # KoboToolbox numbers every answer
            if self.claims[used].rank > 0 and not by_server and not source_of(self._text(loser)):
                heading, kept = title(self.headings[loser]), title(self.headings[used])
                self._note("sheets.second_heading", loser, heading=heading, used=kept, field=name)
        used_positions = {position for positions in fields.values() for position in positions}
        free = [p for p in range(len(self.headings)) if p not in self.dropped and p not in used_positions]
        for position in free:
            if reason := by_content(self._cells(position)):
                self.dropped[position] = reason
        unused = tuple(p for p in free if p not in self.dropped and not is_ordinal(self._last(position=p)))
        return Assignment(fields=fields, dropped=self.dropped, unused=unused, notes=tuple(self.notes))

    def _cells(self, position: int) -> pd.Series:
        return self.cells.iloc[:, position]

    def _text(self, position: int) -> str:
        return " ".join(self.headings[position])

    def _last(self, position: int) -> str:
        return self.headings[position][-1] if self.headings[position] else ""

    def _free(self) -> list[int]:
        """Positions that no claim and nothing else holds."""
        held = {*self.claims, *self.dropped, *self.refused}
        return [position for position in range(len(self.headings)) if position not in held]

    def _taken(self) -> set[str]:
        return {claim.field for claim in self.claims.values()}

    def _note(self, key: str, position: int, **params: object) -> None:
        self.notes.append(msg(key, **({"heading": title(self.headings[position])} | params)))

    def _drop_personal_headings(self) -> None:
        for position in self._free():
            if reason := personal_heading(*self.headings[position]):
                self.dropped[position] = reason

    def _drop_persons(self) -> None:
        """Drops a bare "Nama" of persons; the column of the institutions, if there is one, becomes `nama`."""
        named = [position for position, claim in self.claims.items() if claim.field == "nama" and claim.rank > 0]
        persons = [position for position in named if is_person(position, self.headings, self.cells)]
        for position in persons:
            del self.claims[position]
            self.dropped[position] = msg("sheets.personal_name")
        if persons and "nama" not in self._taken() | self.absent:
            institutions = institution_column(self.headings, self.cells, self._free())
            if institutions is not None:
                self.claims[institutions] = Claim("nama", BY_CONTENT)

    def _refuse(self) -> None:
        """Takes back claims that the cells refuse, unless an override made them."""
        for position, claim in list(self.claims.items()):
            if claim.rank <= 0 or self._suits(position, claim.field):
                continue
            del self.claims[position]
            self.refused[position] = claim.field

    def _suits(self, position: int, name: str) -> bool:
        """Whether the cells of a column can be the field; what is called a name is one, however short."""
        if name.startswith(MARK):
            return not names_other_group(self._cells(position), name, self.settings)
        if name == "nama" and {"nama", "name"} & set(split_words(self._text(position)).split()):
            return True
        return can_be(self._cells(position), name, by_name=not is_status(self._text(position)))

    def _prefer_sources(self) -> None:
        """Leaves codes that their headings call those of BPS aside where other code columns are used: the system of
        codes is one for a file."""
        coded = [position for position, claim in self.claims.items() if claim.field.startswith("kode_")]
        of_bps = [position for position in coded if source_of(self._text(position)) == "bps"]
        if len(of_bps) < len(coded):
            for position in of_bps:
                if self.claims[position].rank > 0:
                    del self.claims[position]
                    self.refused[position] = ""

    def _by_axis(self) -> None:
        """Claims for the two columns of a point whose cells are numbers of its axes and whose headings hold the axis
        among other words ("POINT_X"; of several pairs the first), or differ in one word ("coordinates.1")."""
        if {"lintang", "bujur", "koordinat"} & (self._taken() | self.absent):
            return
        pairs: dict[str, dict[str, int]] = {}
        for position in self._free():
            name, around = axis(self._text(position)) or ("", "")
            if name and is_axis(self._cells(position), name):
                pairs.setdefault(around, {}).setdefault(name, position)
        whole = next((pair for pair in pairs.values() if len(pair) == len(AXES)), {}) or self._pair_by_content()
        self.claims.update({position: Claim(name, BY_CONTENT) for name, position in whole.items()})

    def _pair_by_content(self) -> dict[str, int]:
        """The one pair of free columns that are exact degrees of either axis and whose headings differ in one word."""
        exact = {
            name: [p for p in self._free() if self._text(p) and is_axis(self._cells(p), name, exact=True)]
            for name in AXES
        }
        words = {p: split_words(self._text(p)).split() for positions in exact.values() for p in positions}
        pairs = [
            {AXES[0]: lat, AXES[1]: lon}
            for lat, lon in product(*exact.values())
            if len(words[lat]) == len(words[lon]) > 1 and sum(map(ne, words[lat], words[lon])) == 1
        ]
        return pairs[0] if len(pairs) == 1 else {}

    def _by_content(self) -> None:
        """Settles ambiguous headings by their cells, with remarks on those that stay open."""
        taken = self._taken()
        for position in range(len(self.headings)):
            candidates = AMBIGUOUS.get(split_words(self._text(position)))
            claim = self.claims.get(position)
            if candidates is None or position in self.dropped or (claim and claim.rank <= 0):
                continue
            fitting = [name for name in candidates if name not in self.absent and fits(self._cells(position), name)]
            if claim:
                others = taken - {claim.field} | {c.field for p, c in self.claims.items() if p != position}
                told = set(fitting) & set(SERVICE_FIELDS) or others & set(SERVICE_FIELDS)
                if fitting and claim.field not in fitting and told:
                    self.claims[position] = Claim(fitting[0], BY_CONTENT)
            elif len(fitting) == 1:
                self.claims[position] = Claim(fitting[0], BY_CONTENT)
            elif candidates:
                self._open(position, candidates)

    def _open(self, position: int, candidates: Sequence[str]) -> None:
        names = ", ".join(candidates)
        self._note("sheets.ambiguous_heading", position, fields=names, example=candidates[0])

    def _prefer_lasting(self) -> None:
        """The id that `compare` hands on from year to year comes before the office's own, which fills its gaps."""
        ids = [at for at, claim in self.claims.items() if claim.field == "id" and claim.rank < BY_SIMILARITY]
        lasting = [at for at in ids if split_words(self._last(at)) in LASTING]
        self.claims |= {at: Claim("id", -1 if at in lasting else 0) for at in ids if lasting}

    def _by_similarity(self) -> None:
        """Claims for misspelt headings, where one field is clearly nearest, has no column yet and suits the cells."""
        taken = self._taken() | self.absent
        for position in self._free():
            near = [
                claim
                for claim in similar(self.headings[position], self.settings)
                if claim.field not in taken and could_be(self._cells(position), claim.field, self.settings)
            ]
            if len(near) == 1:
                self.claims[position] = near[0]
            elif near:
                self._open(position, [claim.field for claim in near])

    def _by_status(self) -> None:
        """Claims for columns called "Status", the active status unless their cells speak for another field."""
        named = [position for position in self._free() if is_status(self._text(position))]
        odd = {position: unreadable_status(self._cells(position)) for position in named}
        for position in sorted(named, key=lambda p: (odd[p][0] > 0, p)):
            taken = self._taken()
            name = status_field(self._cells(position), taken | self.absent)
            if name in self.absent:
                continue
            second = name in taken
            completes = not second or fits(self._cells(position), name)
            self.claims[position] = Claim(name, BY_CONTENT if completes else BY_SIMILARITY)
            unread, filled = odd[position]
            if name == "status_aktif" and not second and unread * 2 > filled and self._suits(position, name):
                self._note("sheets.unclear_status", position, n=unread, total=filled)

    def _by_remarks(self) -> None:
        """Claims for remarks that are nothing but statuses, where no column has the status."""
        if "status_aktif" in self._taken() | self.absent:
            return
        remarks = [position for position in self._free() if is_remark(self._text(position))]
        only = (position for position in remarks if holds_only_status(self._cells(position)))
        self.claims.update({position: Claim("status_aktif", BY_CONTENT) for position in only})


def _settle(
    claims: Mapping[int, Claim], cells: pd.DataFrame
) -> tuple[dict[str, tuple[int, ...]], list[tuple[int, str]]]:
    """One column per field, or several that complete each other; and the columns that lost, with their field."""
    by_field: dict[str, list[int]] = {}
    for position in sorted(claims, key=lambda p: (claims[p].rank, p)):
        by_field.setdefault(claims[position].field, []).append(position)
    fields: dict[str, tuple[int, ...]] = {}
    losers: list[tuple[int, str]] = []
    for name, positions in by_field.items():
        fields[name] = tuple(_completing(name, positions, claims, cells))
        losers += [(position, name) for position in positions if position not in fields[name]]
    return fields, losers


def _completing(name: str, positions: Sequence[int], claims: Mapping[int, Claim], cells: pd.DataFrame) -> Iterator[int]:
    """The first column of a field, and those that complete it: named by the same override, check marks, or filled only
    where the others are blank."""
    first = positions[0]
    filled = cells.iloc[:, first].notna().to_numpy()
    yield first
    for position in positions[1:]:
        more = cells.iloc[:, position].notna().to_numpy()
        if claims[first].rank <= 0:
            joins = claims[position].rank <= 0
        else:
            known = claims[position].rank < BY_SIMILARITY and name not in ("nama", "id")
            joins = name.startswith(MARK) or (known and not np.any(filled & more))
        if joins:
            filled = filled | more
            yield position
