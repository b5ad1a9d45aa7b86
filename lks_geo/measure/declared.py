"""`lks_melapor`: how many places say that they serve an area, wherever they stand.

A declared code counts for that area, for every area that contains it and for every area inside it. A place counts once
per area however many of its codes lie there. What is declared is a second opinion, never mixed into reach.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import IntArray
from lks_geo.measure.levels import Level
from lks_geo.measure.supply import Supply
from lks_geo.tables import LEVELS, PARENT_COLUMNS

Codes = npt.NDArray[np.object_]


def count_declared(
    places: pd.DataFrame, supply: Supply, levels: Mapping[str, Level], groups: int
) -> dict[str, IntArray]:
    """`lks_melapor` for each level (areas x groups)."""
    ancestors = _ancestors(levels)
    table = _declarations(places, supply, ancestors)
    return {key: _at_level(key, table, levels, ancestors, groups) for key in levels}


def _ancestors(levels: Mapping[str, Level]) -> dict[str, dict[str, str]]:
    """Of every area code the code of the area of each level that it is or lies in."""
    found: dict[str, dict[str, str]] = {}
    for position, key in enumerate(LEVELS):
        names = levels[key].names
        upper = [(above, names[PARENT_COLUMNS[above]].to_numpy(dtype=object)) for above in LEVELS[position + 1 :]]
        for row, code in enumerate(names.index):
            found[code] = {key: code} | {above: codes[row] for above, codes in upper}
    return found


def _declarations(places: pd.DataFrame, supply: Supply, ancestors: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """One row per place, group and declared code; a code inside another code of the same place is left out."""
    declared = places["cakupan_wilayah"].to_numpy(dtype=object)
    rows: list[tuple[int, int, str, int]] = []
    for place, group in zip(supply.place, supply.group, strict=True):
        if not isinstance(declared[place], tuple) or not declared[place]:
            continue
        codes = {code for code in declared[place] if code in ancestors}
        for code in codes:
            lineage = ancestors[code]
            if not any(above in codes for above in lineage.values() if above != code):
                rows.append((int(place), int(group), code, LEVELS.index(next(iter(lineage)))))
    return pd.DataFrame(rows, columns=["place", "group", "code", "depth"])


def _at_level(
    key: str,
    table: pd.DataFrame,
    levels: Mapping[str, Level],
    ancestors: Mapping[str, Mapping[str, str]],
    groups: int,
) -> IntArray:
    """Places with a code at or below the level (once per area), plus those with a code above it."""
    depth, names = LEVELS.index(key), levels[key].names
    below = table[table["depth"] <= depth]
    area = names.index.get_indexer(pd.Index([ancestors[code][key] for code in below["code"]]))
    once = below.assign(area=area)[["place", "group", "area"]].drop_duplicates()
    counts = _count(once["area"], once["group"], len(names), groups)
    for above in LEVELS[depth + 1 :]:
        index = levels[above].names.index
        wide = table[table["depth"] == LEVELS.index(above)]
        per_code = _count(index.get_indexer(pd.Index(wide["code"])), wide["group"], len(index) + 1, groups)
        counts += per_code[index.get_indexer(pd.Index(names[PARENT_COLUMNS[above]]))]
    return counts


def _count(row: npt.ArrayLike, column: npt.ArrayLike, rows: int, columns: int) -> IntArray:
    found = np.zeros((rows, columns), dtype=np.int64)
    np.add.at(found, (np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64)), 1)
    return found
