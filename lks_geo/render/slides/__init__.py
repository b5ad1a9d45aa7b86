"""The meeting deck: native, editable PowerPoint with one finding per slide; and its slides on register and method.

Titles, tables and charts are native; maps are pictures with alternative text. Every number is a row of the coverage
table or a count of its rows (room `said`). An office's own template keeps its layouts, fonts and colours
(`layouts`). Very long lists are cut to what can be read from the back of a
room, and the slide says so; the workbook has them whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.files import whole_file
from lks_geo.messages import Message, msg
from lks_geo.render import style
from lks_geo.render.slides.charts import add_bars
from lks_geo.render.slides.deck import Deck
from lks_geo.render.slides.finding_slides import (
    group_slide,
    kabupaten_slide,
    next_slide,
    sensitivity_slide,
    summary_slide,
    title_slide,
)
from lks_geo.render.slides.layouts import Area, body_of, contents_of, title_on_top
from lks_geo.render.slides.parts import add_table, add_text
from lks_geo.said.areas import kabupaten_codes
from lks_geo.said.assumptions import definition, general_notes, page_notes
from lks_geo.said.headlines import sentence
from lks_geo.said.profile import (
    PARTS,
    chosen_groups,
    profile_headline,
    profile_notes,
    profile_row,
    profile_small_table,
    rows_in_view,
    training_headline,
)
from lks_geo.said.small_tables import certainty_table
from lks_geo.siting.planning import Plan
from lks_geo.tables import OUTCOMES, Coverage

SMALL = (13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
EXPLAINED = ("status", "sasaran", "terjangkau", "cakupan", "jarak_km", "prioritas")


def write_slides(
    path: Path,
    coverage: Coverage,
    *,
    overwrite: bool = False,
    template: Path | None = None,
    sensitivity: pd.DataFrame | None = None,
    plan: Plan | None = None,
    each_group: bool = False,
    editable_maps: bool = False,
) -> tuple[Message, ...]:
    """Writes the deck: title, summary, a slide per group and per kabupaten, profile, what next, data quality, method;
    what of the template does not suit it comes back.

    `template`: a .pptx of the office. `sensitivity` (default: that of the coverage): rows `jangkauan_km, kelompok,
    cakupan` add a slide that shows how coverage depends on the reach assumed. `plan` adds the slide on what next.
    `each_group`: a slide of every kabupaten for each group, instead of one for the group least within reach.
    `editable_maps`: maps of shapes, one for each kecamatan, instead of pictures.
    """
    deck = Deck.open(coverage, template, editable=editable_maps)
    title_slide(deck)
    if len(coverage.groups) > 1:  # of a single one its own slide says all
        summary_slide(deck)
    for group in coverage.groups:
        group_slide(deck, group.key)
    codes = kabupaten_codes(coverage)
    groups: list[str | None] = [*(group.key for group in coverage.groups)] if each_group else [None]
    for code, chosen in product(codes if len(codes) > 1 else (), groups):  # of a single one all slides above tell
        kabupaten_slide(deck, code, chosen)
    profile_slide(deck)
    table = coverage.sensitivity if sensitivity is None else sensitivity
    if table is not None and len(table):
        sensitivity_slide(deck, table)
    if plan is not None:
        next_slide(deck, plan)
    quality_slide(deck)
    method_slide(deck)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(deck.data())
    return () if deck.own else _unfit(deck.presentation, deck.layouts)


def _unfit(presentation: Any, layouts: Mapping[str, Any]) -> tuple[Message, ...]:
    """What of a template does not suit the slides, which are made nevertheless."""
    narrow = presentation.slide_width / presentation.slide_height < 1.6
    content = [layout for kind, layout in layouts.items() if kind != "cover"]
    untitled = any(title_on_top(presentation, layout) is None for layout in content)
    cramped = any(contents_of(layout) and not body_of(presentation, layout)[1] for layout in content)
    found = (("template_narrow", narrow), ("template_title", untitled), ("template_room", cramped))
    return tuple(msg(f"slides.{key}") for key, wrong in found if wrong)


def profile_slide(deck: Deck) -> None:
    """What the register says of its LKS: the stages as bars, a row for each group, whom the next training is for."""
    coverage = deck.coverage
    groups = chosen_groups(coverage)
    told = deck.say("profile_support_of_groups" if groups else "profile_support", groups=groups)
    slide, body = deck.slide("register", sentence(deck.texts, profile_headline(coverage)), told)
    left, right = body.columns(0.3, 0.7, gap=0.3)
    row = profile_row(coverage)
    caption = deck.texts("profile.chart_all", n=int(row["lks"]))
    add_bars(
        slide, Area(left.x, left.y, left.width, min(left.height, 2.9)),
        [deck.texts(f"profile.column_{part}") for part in PARTS["perkembangan"]],
        [float(row[part]) for part in PARTS["perkembangan"]], title=caption, alt=deck.alt_of_bars(slide, caption),
        number_format="0", highest=float(max(row["lks"], 1)),
    )  # fmt: skip
    table = profile_small_table(coverage)
    high = add_table(slide, right, table, caption, tallest=right.height * 0.68 / (len(table.rows) + 2))
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    notes = [training_headline(coverage), *profile_notes(coverage)]
    add_text(slide, below, [deck.sentence(note) for note in notes], (14, 13, 12, 11, 10, 9, 8), name="text")


def quality_slide(deck: Deck) -> None:
    """What became of the rows of the register, and how uncertain the result is per group."""
    coverage = deck.coverage
    counts = rows_in_view(coverage)
    used = counts["baris"] - counts["ditolak"]
    title = deck.say("quality_title", n=used, total=counts["baris"], doubtful=counts["meragukan"])
    slide, body = deck.slide("register", title, " ".join(deck.sentence(note) for note in general_notes(coverage)))
    left, right = body.columns(0.3, 0.7, gap=0.3)
    add_bars(
        slide,
        Area(left.x, left.y, left.width, min(left.height, 2.9)),
        [deck.say(f"outcome_{key}") for key in OUTCOMES],
        [counts[key] for key in OUTCOMES],
        title=deck.say("bars_outcome", n=counts["baris"]),
        alt=deck.alt_of_bars(slide, deck.say("bars_outcome", n=counts["baris"])),
        number_format="0",
        highest=float(max(counts["baris"], 1)),
    )
    high = add_table(slide, right, certainty_table(coverage), title, tallest=0.42)
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    add_text(slide, below, [deck.say("range_note"), deck.say("where_rows")], (14, 13, 12, 11, 10), name="text")


def method_slide(deck: Deck) -> None:
    """Definitions on the left; sources, assumptions and filters on the right."""
    coverage, texts = deck.coverage, deck.texts
    slide, body = deck.slide("text", deck.say("method_title"), deck.say("method_support"))
    left, right = body.columns(0.52, 0.48, gap=0.45)
    measures = {measure.key: measure for measure in coverage.measures}
    lines = [
        deck.say("definition", title=measures[key].title(texts.lang), text=definition(measures[key], coverage.settings))
        for key in EXPLAINED
        if key in measures
    ]
    head = Area(left.x, left.y, left.width, 0.3)
    add_text(slide, head, [deck.say("definitions")], (14, 13, 12), bold=True, colour=style.INK)
    add_text(
        slide, Area(left.x, left.y + 0.33, left.width, left.height - 0.33), lines, SMALL, colour=style.INK, name="text",
        leads=[measures[key].title(texts.lang) for key in EXPLAINED if key in measures],
    )  # fmt: skip
    blocks = [(texts(heading), [texts(line) for line in lines]) for heading, lines in page_notes(coverage)]
    paragraphs = [line for heading, lines in blocks for line in (heading, *lines)]
    add_text(slide, right, paragraphs, SMALL, colour=style.INK, leads=[heading for heading, _ in blocks], name="text")
