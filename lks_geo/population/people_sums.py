"""From observations to people per area and group: the newest year, both sexes, all ages.

Decides: a total that stands in the file counts, and is compared with its parts; without one the parts are added. A part
that is not known leaves the sum not known. Children and older people come from their own column, else from ages.
Gets wrong: a total and parts that are wrong alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.population.people_cells import OPEN, WIDEST, Age, Parts, make_up, settled
from lks_geo.population.people_table import Observations
from lks_geo.population.people_words import PEOPLE, item_name, listed
from lks_geo.settings import Settings

AGES_OF = {"anak": (0, 17), "lansia": (60, OPEN), PEOPLE: (0, OPEN)}
"""First and last year of the groups that ages make up."""

_NO_AGE = (-1, -1)
_Both = dict[tuple[str, int, int], pd.Series]
"""(item, first and last year of age) -> people by area."""
_CELL = ["area", "item", "low", "high", "sex"]


@dataclass(frozen=True, kw_only=True)
class People:
    """People by area (desa and kecamatan), one float column per group and PEOPLE that the file counts (NaN: not
    known), and which of them are `estimated` (same shape, bool). `year`: of the numbers, if said."""

    counts: pd.DataFrame
    estimated: pd.DataFrame
    year: int | None
    notes: tuple[Message, ...]


def people_of(observed: Observations, settings: Settings, where: str) -> People:
    """The people that a file counts. Two numbers for one thing are an `LksGeoError` with the rows."""
    notes: list[Message] = []
    cells, year = _newest(observed.cells, notes)
    cells = _merged(cells)
    _refuse_twice(cells, where)
    both = _both_sexes(cells, settings, notes)
    areas = pd.Index(cells.loc[cells["people"].notna(), "area"].unique())
    items = dict.fromkeys([*(group.key for group in settings.groups), PEOPLE])
    counts, estimated = {}, {}
    for item in items:
        own = _whole(both, item, settings, notes)
        aged, divided = _from_ages(both, item, settings, notes)
        if own is None and aged is None:
            continue
        nothing = pd.Series(np.nan, index=areas)
        own, aged = nothing if own is None else own, nothing if aged is None else aged
        counts[item] = own.fillna(aged)
        by_age = _marked(cells, PEOPLE, areas) | divided
        estimated[item] = _marked(cells, item, areas).where(own.notna(), by_age) & counts[item].notna()
    table = pd.DataFrame(counts, index=areas, dtype="float64").rename_axis("kode")
    flags = pd.DataFrame(estimated, index=areas, dtype=bool).rename_axis("kode")
    _larger_than_all(table, settings, notes)
    return People(counts=table, estimated=flags, year=year, notes=tuple(notes))


def _marked(cells: pd.DataFrame, item: str, areas: pd.Index) -> pd.Series:
    """Whether the rows of an item in each area are marked as estimates."""
    marked = set(cells.loc[cells["estimate"].to_numpy(dtype=bool) & (cells["item"] == item).to_numpy(), "area"])
    return pd.Series(areas.isin(marked), index=areas, dtype=bool)


def _newest(cells: pd.DataFrame, notes: list[Message]) -> tuple[pd.DataFrame, int | None]:
    """The observations of the newest year of each item (and those without a year), and the newest of all."""
    newest = cells.groupby("item")["year"].transform("max")
    used = cells[(cells["year"] == 0) | (cells["year"] == newest)]
    left = sorted(set(cells["year"]) - set(used["year"]))
    kept = sorted(set(used["year"]) - {0})
    if left:
        notes.append(msg("population.note_years", used=", ".join(map(str, kept)), others=", ".join(map(str, left))))
    return used, int(kept[-1]) if kept else None


def _merged(cells: pd.DataFrame) -> pd.DataFrame:
    """Rows of desa that have become one, by their old codes, added up; not known where one of them is not."""
    old = cells[cells["former"] != ""]
    if old.empty or old.duplicated([*_CELL, "former"]).any():
        return cells
    people = old.groupby(_CELL)["people"].agg(lambda each: each.sum(skipna=False)).reset_index()
    estimates = old.groupby(_CELL)["estimate"].any().reset_index()
    together = old.drop_duplicates(_CELL).drop(columns=["people", "estimate"]).merge(people, on=_CELL)
    return pd.concat([cells[cells["former"] == ""], together.merge(estimates, on=_CELL)], ignore_index=True)


def _refuse_twice(cells: pd.DataFrame, where: str) -> None:
    """The same people of one area counted twice, unless blank once."""
    filled = cells[cells["people"].notna()]
    twice = filled[filled.duplicated(_CELL, keep=False)]
    if twice.empty:
        return
    columns = twice.groupby(_CELL, sort=False)["heading"].nunique()
    if (columns > 1).any():
        area = columns[columns > 1].index[0]
        headings = list(dict.fromkeys(twice.set_index(_CELL).loc[[area], "heading"]))
        raise LksGeoError.of("population.columns_twice", where=where, found=listed(headings))
    several = cells["sheet"].nunique() > 1
    numbers = (twice["sheet"] + " " if several else "") + twice["number"].astype(str)
    rows = numbers.groupby(twice["area"], sort=False).agg(lambda each: " & ".join(dict.fromkeys(each)))
    found = [f"{where_it_is}: {area}" for area, where_it_is in rows.items()]
    raise LksGeoError.of("population.codes_twice", where=where, n=len(found), found=listed(found))


def _both_sexes(cells: pd.DataFrame, settings: Settings, notes: list[Message]) -> _Both:
    """People by (item, low, high): the total, else men and women together."""
    filled = cells.loc[cells["people"].notna().sort_values(ascending=False, kind="stable").index].drop_duplicates(_CELL)
    wide = filled.set_index(_CELL)["people"].unstack(["item", "low", "high", "sex"])
    columns: _Both = {}
    asked: dict[tuple[str, int, int], list[str]] = {}
    for item, low, high, sex in cells[["item", "low", "high", "sex"]].drop_duplicates().itertuples(index=False):
        asked.setdefault((item, low, high), []).append(sex)
    off: list[str] = []
    for (item, low, high), sexes in asked.items():
        found = {sex: wide.get((item, low, high, sex), pd.Series(np.nan, index=wide.index)) for sex in sexes}
        parts = found["L"] + found["P"] if {"L", "P"} <= found.keys() else None
        if parts is None and found.keys() & {"L", "P"} and "" not in found:
            one = msg(f"population.said_{'L' if 'L' in found else 'P'}")
            notes.append(msg("population.note_one_sex", item=item_name(item, settings), sex=one))
        total = found.get("", pd.Series(np.nan, index=wide.index))
        if parts is not None:
            off += list(total.index[(total - parts).abs() > 0.5])
            total = total.fillna(parts)
        columns[(item, low, high)] = total
    if off:
        areas = list(dict.fromkeys(off))
        notes.append(msg("population.note_sexes", n=len(areas), found=listed(areas)))
    return columns


def _brackets(both: _Both, item: str) -> dict[Age, pd.Series]:
    """The people of each bracket of ages of an item."""
    written = [Age(low, high) for name, low, high in both if name == item and (low, high) != _NO_AGE]
    return {meant: both[(item, age.low, age.high)] for age, meant in settled(written).items()}


def _whole(both: _Both, item: str, settings: Settings, notes: list[Message]) -> pd.Series | None:
    """The people of an item as its own columns count them, whatever their age."""
    total = both.get((item, *_NO_AGE))
    brackets = _brackets(both, item)
    parts = make_up(brackets, 0, OPEN)
    if parts is None:
        if brackets and item != PEOPLE and total is None:
            notes.append(msg("population.note_ages_missing", item=item_name(item, settings), found=_ages(brackets)))
        return total
    added = _added(brackets, parts)
    if total is None:
        return added
    off = list(total.index[(total - added).abs() > 0.5])
    if off:
        notes.append(msg("population.note_total", item=item_name(item, settings), n=len(off), found=listed(off)))
    return total.fillna(added)


def _from_ages(both: _Both, item: str, settings: Settings, notes: list[Message]) -> tuple[pd.Series | None, bool]:
    """Children and older people from the ages of everybody, and whether a bracket was divided."""
    if item not in AGES_OF or item == PEOPLE:
        return None, False
    brackets = _brackets(both, PEOPLE)
    parts = make_up(brackets, *AGES_OF[item])
    if not brackets:
        return None, False
    own = both.get((item, *_NO_AGE))
    if parts is None:
        if own is None:
            notes.append(msg("population.note_ages_missing", item=item_name(item, settings), found=_ages(brackets)))
        return None, False
    divided = any(share < 1 for _, share in parts)
    added = _added(brackets, parts)
    if own is None:
        made = " + ".join(f"{age}" if share == 1 else f"{_share(share)} x {age}" for age, share in _joined(parts))
        key = "note_from_ages_divided" if divided else "note_from_ages"
        notes.append(msg(f"population.{key}", item=item_name(item, settings), made=made))
    elif not divided and (off := list(own.index[(own - added).abs() > 0.5])):
        notes.append(msg("population.note_total", item=item_name(item, settings), n=len(off), found=listed(off)))
    return added, divided


def _share(share: float) -> Fraction:
    """A share of the years of a bracket: 3/5."""
    return Fraction(share).limit_denominator(WIDEST)


def _joined(parts: Parts) -> Sequence[tuple[Age, float]]:
    """Brackets that follow each other as one: 0-4, 5-9 is 0-9."""
    joined: list[tuple[Age, float]] = []
    for age, share in parts:
        if joined and joined[-1][1] == share == 1:
            joined[-1] = (Age(joined[-1][0].low, age.high), 1.0)
        else:
            joined.append((age, share))
    return joined


def _added(brackets: dict[Age, pd.Series], parts: Parts) -> pd.Series:
    """The sum of brackets times shares; not known where one of them is not."""
    return sum((brackets[age] * share for age, share in parts[1:]), brackets[parts[0][0]] * parts[0][1])


def _ages(brackets: Iterable[Age]) -> str:
    return ", ".join(map(str, sorted(brackets)))


def _larger_than_all(table: pd.DataFrame, settings: Settings, notes: list[Message]) -> None:
    if PEOPLE not in table:
        return
    for item in table.columns.drop(PEOPLE):
        larger = list(table.index[table[item] > table[PEOPLE] + 0.5])
        if larger:
            notes.append(
                msg("population.note_larger", item=item_name(item, settings), n=len(larger), found=listed(larger))
            )
