"""Which heading is which field: exact synonyms first, similarity only where it leaves no doubt.

A heading may stand in several rows ("Koordinat" over "Lintang"): it is tried as a whole, then as what its upper row
makes of it ("Ketua" over "Nama" names a person, "Jumlah Klien" over "L" counts men), then by its lowest row.

Decides: the first synonym wins over later ones, the left column over the right one; two columns of one field that are
never filled in the same row ("Desa", "Kelurahan") are one field; short headings that mean different things in
different offices (`fields.AMBIGUOUS`) are settled by the cells below, or reported and not used.
Gets wrong: a heading that is a synonym but means something else here. What was matched is shown; `--column` overrides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from lks_geo.boundaries.country import country_names
from lks_geo.messages import Message, msg
from lks_geo.register.meaning.services import read_services
from lks_geo.register.reading import personal
from lks_geo.register.reading.answers import fits, holds_only_status, status_field, unreadable_status
from lks_geo.register.reading.fields import AMBIGUOUS, FIELDS, MARK, SERVICE_FIELDS
from lks_geo.register.reading.heading_words import (
    BY_CONTENT,
    BY_SIMILARITY,
    below,
    exact,
    is_remark,
    is_status,
    mark,
    said_twice,
    similar,
    with_contact,
    without_brackets,
)
from lks_geo.settings import Settings, unknown
from lks_geo.sheets.folding import compact, split_words
from lks_geo.sheets.header import Claim, Parts, Vocabulary
from lks_geo.sheets.line_kinds import is_ordinal


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What became of the headings of one table: field -> column positions (several where one completes the other),
    positions dropped as personal with the reason, positions of no field, and remarks."""

    fields: Mapping[str, tuple[int, ...]]
    dropped: Mapping[int, Message] = field(default_factory=dict)
    unused: tuple[int, ...] = ()
    notes: tuple[Message, ...] = ()


def title(parts: Parts) -> str:
    """A heading as people see it, on one line."""
    return " – ".join(" ".join(part.split()) for part in parts if part)


def serves(fields: Iterable[str]) -> bool:
    """Whether a service field or a check-mark column is among the fields."""
    return any(name in SERVICE_FIELDS or name.startswith(MARK) for name in fields)


@cache
def _field_names() -> frozenset[str]:
    """Headings of all fields, lower case."""
    return frozenset(name for spec in FIELDS for name in (spec.title_id.casefold(), *spec.synonyms))


@cache
def _area_levels() -> dict[str, str]:
    """Names of kabupaten and kecamatan, compact -> level; the larger area where both have the name."""
    levels = {compact(name): level for level in ("kecamatan", "kabupaten") for name in country_names(level).values()}
    return {name: level for name, level in levels.items() if len(name) > 3}


class Headings(Vocabulary):
    """The `Vocabulary` of registers under given settings (groups) and overrides (field -> heading). Keeps what it has
    read."""

    key = "nama"

    def __init__(self, settings: Settings, overrides: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._overrides = _checked_overrides(overrides or {}, settings)
        self._claims: dict[Parts, Claim | None] = {}

    def claim(self, parts: Parts) -> Claim | None:
        """The field that the heading names by an exact synonym or an override, or None (also for personal columns)."""
        if parts not in self._claims:
            self._claims[parts] = self._claim(parts)
        return self._claims[parts]

    def near_claim(self, parts: Parts) -> Claim | None:
        """As `claim`, or the field of the one similar synonym ("Nama Lembga")."""
        claim = self.claim(parts)
        if claim or personal.by_heading(*parts):
            return claim
        near = similar(parts, self._settings)
        return near[0] if len(near) == 1 else None

    def serves(self, parts: Parts, claim: Claim | None) -> bool:
        """Whether a column holds services, or may do so once its cells are seen ("Tipe LKS")."""
        named = claim is not None and serves([claim.field])
        return named or "jenis_layanan" in AMBIGUOUS.get(split_words(" ".join(parts)), ())

    def is_complete(self, headings: Sequence[Parts], claims: Sequence[Claim | None]) -> bool:
        """Whether a header names the LKS and what may be a service."""
        return super().is_complete(headings, claims) and any(map(self.serves, headings, claims))

    def is_field_name(self, text: str) -> bool:
        """Whether a text (lower case) is a heading of some field."""
        return text in _field_names()

    def is_fixed(self, parts: Parts) -> bool:
        """Whether an override names the heading."""
        claim = self.claim(parts)
        return claim is not None and claim.rank == 0

    def names_section(self, text: str) -> bool:
        """Whether a text says to its last word which services or systems are meant, and so is no name of an LKS."""
        reading = read_services(text, self._settings)
        known = reading.services or reading.other or reading.systems
        return bool(known) and not (reading.unknown or reading.inferred)

    def area_level(self, text: str) -> str | None:
        """The level of a kabupaten or kecamatan of the country that a text is the bare name of."""
        return _area_levels().get(compact(text))

    def assign(
        self, headings: Sequence[Parts], cells: pd.DataFrame, known: Mapping[int, Claim] | None = None
    ) -> Assignment:
        """The fields of a table's columns. `cells`: the text of its rows, one column per heading; `known`: what is
        settled before."""
        claims: dict[int, Claim] = dict(known or {})
        dropped: dict[int, Message] = {}
        for position, parts in enumerate(headings):
            if position in claims:
                continue
            claim = self.claim(parts)
            if claim is None and (reason := personal.by_heading(*parts)):
                dropped[position] = reason
            elif claim:
                claims[position] = claim
        notes = self._by_content(headings, cells, claims, dropped)
        self._by_similarity(headings, claims, dropped, notes)
        notes += _by_status(headings, cells, claims, dropped)
        fields, losers = _settle(claims, cells)
        notes += [
            msg(
                "sheets.second_heading",
                heading=title(headings[loser]),
                used=title(headings[fields[name][0]]),
                field=name,
            )
            for loser, name in losers
            if claims[fields[name][0]].rank > 0
        ]
        free = [p for p in range(len(headings)) if p not in dropped and all(p not in used for used in fields.values())]
        for position in free:
            if reason := personal.by_content(cells.iloc[:, position]):
                dropped[position] = reason
        unused = tuple(p for p in free if p not in dropped and not is_ordinal(headings[p][-1] if headings[p] else ""))
        return Assignment(fields=fields, dropped=dropped, unused=unused, notes=tuple(notes))

    def check_overrides(self, fields: Collection[str], headings: Sequence[Parts]) -> None:
        """A `RequestError` if an override's heading is in no table (`fields`: the fields that have a column)."""
        written = {key for parts in headings for key in _ways_to_write(parts)}
        names = sorted({text for parts in headings if (text := title(parts))})
        for key, (name, heading) in self._overrides.items():
            if key not in written or name not in fields:
                raise unknown("sheets.unknown_heading", heading, names, field=name.removeprefix(MARK))

    def _claim(self, parts: Parts) -> Claim | None:
        last = parts[-1] if parts else ""
        for key in _ways_to_write(parts):
            if key in self._overrides:
                return Claim(self._overrides[key][0], 0)
        if is_ordinal(" ".join(parts)) or is_ordinal(last):
            return None
        text = " ".join(parts)
        if claim := exact(text, trim=False) or mark(text, self._settings) or with_contact(text):
            return claim
        if personal.by_heading(*parts):
            return None
        bare = without_brackets(text)
        if claim := exact(text) or mark(bare, self._settings) or exact(bare) or said_twice(text):
            return claim
        return below(parts, self._settings) if len(parts) > 1 else None

    def _by_content(
        self, headings: Sequence[Parts], cells: pd.DataFrame, claims: dict[int, Claim], dropped: Mapping[int, Message]
    ) -> list[Message]:
        """Settles ambiguous headings by their cells. Changes `claims`; gives remarks on those that stay open."""
        notes: list[Message] = []
        taken = {claim.field for claim in claims.values()}
        for position, parts in enumerate(headings):
            candidates = AMBIGUOUS.get(split_words(" ".join(parts)))
            claim = claims.get(position)
            if candidates is None or position in dropped or (claim and claim.rank == 0):
                continue
            fitting = [name for name in candidates if fits(cells.iloc[:, position], name)]
            if claim:
                others = taken - {claim.field} | {c.field for p, c in claims.items() if p != position}
                if fitting and claim.field not in fitting and (others & set(SERVICE_FIELDS)):
                    claims[position] = Claim(fitting[0], BY_CONTENT)
            elif len(fitting) == 1:
                claims[position] = Claim(fitting[0], BY_CONTENT)
            elif candidates:
                names = ", ".join(candidates)
                notes.append(msg("sheets.ambiguous_heading", heading=title(parts), fields=names, example=candidates[0]))
        return notes

    def _by_similarity(
        self, headings: Sequence[Parts], claims: dict[int, Claim], dropped: Mapping[int, Message], notes: list[Message]
    ) -> None:
        """Claims for misspelt headings, where one field is clearly nearest and has no column yet."""
        taken = {claim.field for claim in claims.values()}
        for position, parts in enumerate(headings):
            if position in claims or position in dropped:
                continue
            near = [claim for claim in similar(parts, self._settings) if claim.field not in taken]
            if len(near) == 1:
                claims[position] = near[0]
            elif near:
                names = ", ".join(claim.field for claim in near)
                notes.append(msg("sheets.ambiguous_heading", heading=title(parts), fields=names, example=near[0].field))


def _by_status(
    headings: Sequence[Parts], cells: pd.DataFrame, claims: dict[int, Claim], dropped: Mapping[int, Message]
) -> list[Message]:
    """Claims for columns called "Status", which are the active status unless their cells speak for another field; and
    for remarks that are nothing but statuses, where no column has the status. Changes `claims`."""
    notes: list[Message] = []
    free = [p for p in range(len(headings)) if p not in claims and p not in dropped]
    named = [p for p in free if is_status(" ".join(headings[p]))]
    odd = {p: unreadable_status(cells.iloc[:, p]) for p in named}
    for position in sorted(named, key=lambda p: (odd[p][0] > 0, p)):
        taken = {claim.field for claim in claims.values()}
        name = status_field(cells.iloc[:, position], taken)
        second = name in taken
        completes = not second or fits(cells.iloc[:, position], name)
        claims[position] = Claim(name, BY_CONTENT if completes else BY_SIMILARITY)
        unread, filled = odd[position]
        if name == "status_aktif" and not second and unread * 2 > filled:
            notes.append(msg("sheets.unclear_status", heading=title(headings[position]), n=unread, total=filled))
    remarks = (p for p in free if is_remark(" ".join(headings[p])) and holds_only_status(cells.iloc[:, p]))
    if all(claim.field != "status_aktif" for claim in claims.values()):
        claims.update({p: Claim("status_aktif", BY_CONTENT) for p in remarks})
    return notes


def _ways_to_write(parts: Parts) -> tuple[str, ...]:
    """How an override may write a heading: as a whole, or one of its rows, the lowest first."""
    ways = (" ".join(parts), *parts[-1:], *parts)
    return tuple(dict.fromkeys(key for text in ways if (key := compact(text))))


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
        used = [positions[0]]
        filled = cells.iloc[:, positions[0]].notna().to_numpy()
        for position in positions[1:]:
            more = cells.iloc[:, position].notna().to_numpy()
            joins = name.startswith(MARK) or (claims[position].rank < BY_SIMILARITY and name not in ("nama", "id"))
            if claims[positions[0]].rank > 0 and joins and (name.startswith(MARK) or not np.any(filled & more)):
                used.append(position)
                filled = filled | more
            else:
                losers.append((position, name))
        fields[name] = tuple(used)
    return fields, losers


def _checked_overrides(overrides: Mapping[str, str], settings: Settings) -> dict[str, tuple[str, str]]:
    """Compact heading -> (field, heading as given). A group key stands for its check-mark column."""
    known = [spec.key for spec in FIELDS] + [group.key for group in settings.groups]
    by_heading: dict[str, tuple[str, str]] = {}
    for name, heading in overrides.items():
        if name not in known:
            raise unknown("sheets.unknown_field", name, known)
        is_group = name not in {spec.key for spec in FIELDS}
        by_heading[compact(heading)] = (f"{MARK}{name}" if is_group else name, heading)
    return by_heading
