"""The slides that say how sure the numbers are: sensitivity to reach, data quality, method and sources."""

from __future__ import annotations

import pandas as pd

from lks_geo.render import style
from lks_geo.render.figure_column import notes_of
from lks_geo.render.figure_tables import DASH, Column, SmallTable, percent
from lks_geo.render.figure_topic import Topic
from lks_geo.render.findings import certainty_notes, facts, leading_group
from lks_geo.render.slides_deck import Deck
from lks_geo.render.slides_parts import Area, add_bars, add_lines, add_table, add_text
from lks_geo.tables import OUTCOMES

EXPLAINED = ("status", "sasaran", "terjangkau", "cakupan", "jarak_km", "prioritas")


def sensitivity_slide(deck: Deck, table: pd.DataFrame) -> None:
    """How coverage grows with the reach assumed: a line per group."""
    coverage, texts = deck.coverage, deck.texts
    lead = leading_group(coverage)
    own = table[table["kelompok"] == lead].sort_values("jangkauan_km")
    reaches = sorted(table["jangkauan_km"].unique())
    if len(own) > 1 and own["cakupan"].notna().all():
        first, last = own.iloc[0], own.iloc[-1]
        title = deck.say("sensitivity_title", group=coverage.settings.group(lead).short(texts.lang), low=first["cakupan"],
                         low_km=first["jangkauan_km"], high=last["cakupan"], high_km=last["jangkauan_km"])  # fmt: skip
    else:
        title = deck.say("sensitivity_plain")
    slide, body = deck.slide(title, deck.say("sensitivity_support"))
    left, right = body.columns(0.58, 0.42, gap=0.4)
    wide = table.pivot_table(index="jangkauan_km", columns="kelompok", values="cakupan", dropna=False).reindex(reaches)
    groups = [group for group in coverage.groups if group.key in wide.columns]
    series = {
        group.name(texts.lang): [None if pd.isna(value) else float(value) for value in wide[group.key]] for group in groups
    }
    names = [deck.say("km", km=float(reach)) for reach in reaches]
    add_lines(slide, left, names, series, title=deck.say("sensitivity_chart"), alt=title)
    columns = (Column(deck.say("column_reach"), 0.24), *(Column(group.name(texts.lang), 0.2, True) for group in groups))
    rows = tuple(
        (name, *(percent(texts, wide.loc[reach, group.key]) for group in groups))
        for name, reach in zip(names, reaches, strict=True)
    )
    add_table(slide, right, SmallTable(columns, rows), title, sizes=(12, 11, 10, 9, 8, 7), tallest=0.4)


def quality_slide(deck: Deck) -> None:
    """What became of the rows of the register, and how uncertain the result is per group."""
    coverage, texts = deck.coverage, deck.texts
    counts = coverage.register.counts
    used = counts["baris"] - counts["ditolak"]
    title = deck.say("quality_title", n=used, total=counts["baris"], doubtful=counts["meragukan"])
    notes = dict.fromkeys(note for group in coverage.groups for note in _plain_notes(deck, group.key))
    slide, body = deck.slide(title, " ".join(notes))
    left, right = body.columns(0.36, 0.64, gap=0.4)
    add_bars(
        slide, Area(left.x, left.y, left.width, min(left.height, 2.9)), [deck.say(f"outcome_{key}") for key in OUTCOMES],
        [counts[key] for key in OUTCOMES], title=deck.say("bars_outcome", n=counts["baris"]),
        alt=deck.say("alt_bars", title=title), number_format="#,##0", highest=float(max(counts["baris"], 1)),
    )  # fmt: skip
    columns = (
        Column(texts("figure.column_group"), 0.3),
        *(Column(deck.say(f"column_{key}"), 0.13, True) for key in ("counted", "doubtful", "approximate", "without", "outside")),
        Column(deck.say("column_range"), 0.22, True),
    )
    rows = tuple(_certainty(deck, group.key) for group in coverage.groups)
    high = add_table(slide, right, SmallTable(columns, rows), title, sizes=(12, 11, 10, 9, 8), tallest=0.42)
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    add_text(slide, below, [deck.say("range_note"), deck.say("where_rows")], (14, 13, 12, 11, 10))


def _plain_notes(deck: Deck, group: str) -> list[str]:
    wanted = {"findings.estimated", "style.status_not_recorded"}
    return [deck.texts(note) for note in certainty_notes(deck.coverage, group) if note.key in wanted]


def _certainty(deck: Deck, group: str) -> tuple[str, ...]:
    texts, total = deck.texts, deck.coverage.totals[group]
    found = facts(deck.coverage, group)
    numbers = (total.counted, total.doubtful, total.approximate, total.tanpa_titik, total.luar_wilayah)
    if found.share is None:
        span = DASH
    elif found.share_low is None or abs(found.share - found.share_low) < 0.0005:
        span = percent(texts, found.share)
    else:
        span = deck.say("range", low=found.share_low, high=found.share)
    return (deck.coverage.settings.group(group).name(texts.lang), *(texts.number(n) for n in numbers), span)


def method_slide(deck: Deck) -> None:
    """Definitions on the left; sources, assumptions and filters on the right."""
    coverage, texts = deck.coverage, deck.texts
    lead = leading_group(coverage)
    topic = Topic(coverage=coverage, group=lead)
    slide, body = deck.slide(deck.say("method_title"), deck.say("method_support"))
    left, right = body.columns(0.52, 0.48, gap=0.45)
    measures = {measure.key: measure for measure in coverage.measures}
    lines = [
        deck.say("definition", title=measures[key].title(texts.lang), text=measures[key].definition(texts.lang))
        for key in EXPLAINED
        if key in measures
    ]
    head = Area(left.x, left.y, left.width, 0.3)
    add_text(slide, head, [deck.say("definitions")], (14, 13, 12), bold=True, colour=style.INK)
    add_text(
        slide, Area(left.x, left.y + 0.33, left.width, left.height - 0.33), lines, (13, 12, 11, 10, 9.5, 9, 8.5, 8, 7.5, 7),
        colour=style.INK,
    )  # fmt: skip
    y = right.y
    blocks = [(texts(heading), [texts(line) for line in lines]) for heading, lines in notes_of(topic, distances=False)]
    total = sum(1.2 + len(lines) for _, lines in blocks)
    for heading, said in blocks:
        high = right.height * (1.2 + len(said)) / total
        add_text(slide, Area(right.x, y, right.width, 0.27), [heading], (12, 11), bold=True, colour=style.INK)
        add_text(slide, Area(right.x, y + 0.27, right.width, high - 0.33), said, (12, 11, 10, 9.5, 9, 8.5, 8, 7.5, 7), colour=style.INK)
        y += high

