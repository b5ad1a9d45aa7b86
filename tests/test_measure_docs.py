"""The worked example of docs/measures.md, number by number (its table is made: test_docs.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import world

from lks_geo.tables import Coverage

PAGE = (Path(__file__).parent.parent / "docs" / "measures.md").read_text(encoding="utf-8")
AREAS = {
    **{name: ("desa", code) for name, code in world.DRAWN_CODES.items()},
    "row A": ("kecamatan", "99.01.01"),
    "row B": ("kecamatan", "99.01.02"),
    "row C": ("kecamatan", "99.02.01"),
    "province": ("provinsi", "99"),
}


def worked() -> list[tuple[str, str, str]]:
    """(area, column, cell) of the two tables of the example."""
    found = []
    for first in ("desa", "area"):
        table = re.search(rf"^\| {first} \|.*?(?=\n\n)", PAGE, re.MULTILINE | re.DOTALL)
        assert table is not None
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()]
        found += [(row[0], name, cell) for row in rows for name, cell in zip(head[1:], row[1:], strict=True)]
    return found


def test_the_example_is_whole() -> None:
    assert {area for area, _, _ in worked()} == set(AREAS)


@pytest.mark.parametrize(("area", "column", "cell"), worked())
def test_the_example_worked_by_hand(area: str, column: str, cell: str, world_coverage: Coverage) -> None:
    level, code = AREAS[area]
    value = world_coverage.at(level, "anak").loc[code, column]
    if cell == "-":
        assert pd.isna(value)
    elif re.fullmatch(r"\d+(\.\d+)?", cell):
        decimals = len(cell.partition(".")[2])
        assert value == pytest.approx(float(cell), abs=0.51 * 10**-decimals)
    else:
        assert str(value).lower() == cell.lower()
