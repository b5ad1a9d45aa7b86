"""The meeting deck: native, editable PowerPoint with one finding per slide.

Titles, tables and charts are native; maps are pictures with alternative text. Every number is a row of the coverage
table or a count of its rows (room `said`). An office's own template keeps its size, fonts and title place; the slides
then use the layout that has a title and least besides. Very long lists are cut to what can be read from the back of a
room, and the slide says so; the workbook has them whole.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lks_geo.files import whole_file
from lks_geo.render.slides.deck import Deck
from lks_geo.render.slides.finding_slides import (
    group_slide,
    kabupaten_slide,
    method_slide,
    next_slide,
    quality_slide,
    sensitivity_slide,
    summary_slide,
    title_slide,
)
from lks_geo.said.areas import kabupaten_codes
from lks_geo.siting.planning import Plan
from lks_geo.tables import Coverage


def write_slides(
    path: Path,
    coverage: Coverage,
    *,
    overwrite: bool = False,
    template: Path | None = None,
    sensitivity: pd.DataFrame | None = None,
    plan: Plan | None = None,
) -> None:
    """Writes the deck: title, summary, a slide per group and per kabupaten, what next, data quality, method.

    `template`: a .pptx of the office. `sensitivity` (default: that of the coverage): rows `jangkauan_km, kelompok,
    cakupan` add a slide that shows how coverage depends on the reach assumed. `plan` adds the slide on what next.
    """
    deck = Deck.open(coverage, template)
    title_slide(deck)
    summary_slide(deck)
    for group in coverage.groups:
        group_slide(deck, group.key)
    for code in kabupaten_codes(coverage):
        kabupaten_slide(deck, code)
    table = coverage.sensitivity if sensitivity is None else sensitivity
    if table is not None and len(table):
        sensitivity_slide(deck, table)
    if plan is not None:
        next_slide(deck, plan)
    quality_slide(deck)
    method_slide(deck)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(deck.data())
