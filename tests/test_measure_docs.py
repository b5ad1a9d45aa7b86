"""The worked example of docs/en/measures.md, number by number (test_docs.py: its table), and the layers of maps."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import world

from lks_geo.catalogue import MAPPED
from lks_geo.tables import Coverage

PAGE = (Path(__file__).parent.parent / "docs" / "en" / "measures.md").read_text(encoding="utf-8")
AREAS = {
    **{name: ("desa", code) for name, code in world.DRAWN_CODES.items()},
    "row A": ("kecamatan", "99.01.01"),
    "row B": ("kecamatan", "99.01.02"),
    "row C": ("kecamatan", "99.02.01"),
    "province": ("provinsi", "99"),
}


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("key", [key for key in MAPPED if key != "status"])
def test_a_layer_of_the_maps_can_be_read_by_its_lightness_alone(key: str) -> None:
    """Then grey print and colour-blind readers lose nothing: each class is clearly darker than the one before."""
    look = MAPPED[key].map
    assert look is not None
    light = [luminance(colour) for colour in look.ramp]
    assert len(light) == 5
    assert all((bright + 0.05) / (dark + 0.05) >= 1.3 for bright, dark in pairwise(light))
    assert list(look.breaks) == sorted(set(look.breaks))
    assert len(look.breaks) in (0, 4)
    if MAPPED[key].kind == "count":
        assert look.breaks[:1] == (1,), "the lowest class of a count is 0"


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
