"""The slides that say how sure the numbers are: sensitivity to reach, data quality, method and sources."""

from __future__ import annotations

import pandas as pd

from lks_geo.render import style
from lks_geo.render.slides.charts import add_bars, add_lines
from lks_geo.render.slides.deck import Deck
from lks_geo.render.slides.parts import Area, add_text
from lks_geo.render.slides.slide_tables import add_table
from lks_geo.said.assumptions import definition, general_notes, page_notes
from lks_geo.said.headlines import leading_group
from lks_geo.said.small_tables import certainty_table, reach_table, share_by_reach
from lks_geo.said.totals import area_totals, known_part
from lks_geo.tables import OUTCOMES

SMALL = (13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
EXPLAINED = ("status", "sasaran", "terjangkau", "cakupan", "jarak_km", "prioritas")


def sensitivity_slide(deck: Deck, table: pd.DataFrame) -> None:
    """How coverage grows with the reach assumed: a line per group."""
    coverage, texts = deck.coverage, deck.texts
    lead = leading_group(coverage)
    found = area_totals(coverage, lead)
    own = table[table["kelompok"] == lead].sort_values("jangkauan_km")
    if len(own) > 1 and own["cakupan"].notna().all():
        first, last = own.iloc[0], own.iloc[-1]
        title = deck.say(
            "sensitivity_title",
            group=coverage.settings.group(lead).short(texts.lang),
            known=known_part(found.desa_known, found.desa),
            low=first["cakupan"],
            low_km=first["jangkauan_km"],
            high=last["cakupan"],
            high_km=last["jangkauan_km"],
        )
    else:
        title = deck.say("sensitivity_plain")
    slide, body = deck.slide(title, deck.say("sensitivity_support"))
    left, right = body.columns(0.58, 0.42, gap=0.4)
    wide, groups = share_by_reach(coverage, table)
    series = {
        group.name(texts.lang): [None if pd.isna(value) else float(value) for value in wide[group.key]]
        for group in groups
    }
    names = [deck.say("km", km=float(reach)) for reach in wide.index]
    add_lines(slide, left, names, series, title=deck.say("sensitivity_chart"), alt=title)
    add_table(slide, right, reach_table(coverage, table), title, tallest=0.4)


def quality_slide(deck: Deck) -> None:
    """What became of the rows of the register, and how uncertain the result is per group."""
    coverage = deck.coverage
    counts = coverage.register.counts
    used = counts["baris"] - counts["ditolak"]
    title = deck.say("quality_title", n=used, total=counts["baris"], doubtful=counts["meragukan"])
    slide, body = deck.slide(title, " ".join(deck.sentence(note) for note in general_notes(coverage)))
    left, right = body.columns(0.3, 0.7, gap=0.3)
    add_bars(
        slide,
        Area(left.x, left.y, left.width, min(left.height, 2.9)),
        [deck.say(f"outcome_{key}") for key in OUTCOMES],
        [counts[key] for key in OUTCOMES],
        title=deck.say("bars_outcome", n=counts["baris"]),
        alt=deck.say("alt_bars", title=title),
        number_format="0",
        highest=float(max(counts["baris"], 1)),
    )
    high = add_table(slide, right, certainty_table(coverage), title, tallest=0.42)
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    add_text(slide, below, [deck.say("range_note"), deck.say("where_rows")], (14, 13, 12, 11, 10))


def method_slide(deck: Deck) -> None:
    """Definitions on the left; sources, assumptions and filters on the right."""
    coverage, texts = deck.coverage, deck.texts
    slide, body = deck.slide(deck.say("method_title"), deck.say("method_support"))
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
        slide, Area(left.x, left.y + 0.33, left.width, left.height - 0.33), lines, SMALL, colour=style.INK,
        leads=[measures[key].title(texts.lang) for key in EXPLAINED if key in measures],
    )  # fmt: skip
    blocks = [(texts(heading), [texts(line) for line in lines]) for heading, lines in page_notes(coverage)]
    said = [line for heading, lines in blocks for line in (heading, *lines)]
    add_text(slide, right, said, SMALL, colour=style.INK, leads=[heading for heading, _ in blocks])
