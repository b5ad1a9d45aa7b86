"""The slides with findings: title, summary, one per group, one per kabupaten."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.render import style
from lks_geo.render.figure.topic import Topic
from lks_geo.render.slides.charts import add_bars, add_legend, add_lines
from lks_geo.render.slides.deck import Deck
from lks_geo.render.slides.layouts import EDGE, Area, below_caption, beside_map
from lks_geo.render.slides.parts import add_picture, add_table, add_text, set_title
from lks_geo.said.advice import change_table, plan_headline, plan_notes, plan_table
from lks_geo.said.areas import area_totals, place_name, rows_shown
from lks_geo.said.assumptions import data_year, dates, distance_way, known_part, named_share, view_reported_part
from lks_geo.said.headlines import (
    headline,
    leading_group,
    overview,
    placed_headline,
    sentence,
    support,
    widest_gap,
    worst_sentence,
)
from lks_geo.said.small_tables import (
    SmallTable,
    groups_table,
    needy_table,
    parts_table,
    reach_table,
    share_by_reach,
    table_caption,
)
from lks_geo.siting.planning import Plan

LISTED = 5
GAP = style.STATUS_COLOURS["belum_terlayani"]


def title_slide(deck: Deck) -> None:
    """What, where, who, when; with a map of the group that is least within reach."""
    coverage, texts = deck.coverage, deck.texts
    slide = deck.presentation.slides.add_slide(deck.layouts["cover"])
    left, rest, frame = deck.cover_areas(slide)
    if deck.own:
        _emblem(deck, slide)
    title = coverage.settings.title or deck.say("title", place=place_name(coverage))
    set_title(slide, title, left, (), (40, 36, 32, 28, 24, 20), bold=deck.own)
    lines = [deck.say("subtitle", year=data_year(coverage.settings)), coverage.settings.agency]
    lines += [texts(part) for part in (view_reported_part(coverage),) if part is not None]
    add_text(slide, rest, [*lines, texts(dates(coverage.settings))], (18, 17, 16, 15, 14, 13, 12), name="text")
    deck.stamp(slide, Area(EDGE, rest.y + rest.height + 0.25, 2.4, 0.46) if deck.own else None)
    if frame is None:  # a template whose cover has no place for a picture
        return
    topic = Topic(coverage=coverage, group=leading_group(coverage), kabupaten=_only(deck))
    finding = headline(coverage, topic.group, kabupaten=topic.kabupaten)
    deck.map(slide, frame, deck.drawn(topic), alt=alt_of(topic, finding), ranks=0)
    caption, below = deck.say("map_caption", group=topic.target_group.name(texts.lang)), frame.y + frame.height + 0.08
    if deck.own:
        add_text(slide, Area(frame.x, below, frame.width, 0.3), [caption], (12, 11, 10, 9), align="center")


def kinds_of_rows(deck: Deck) -> str:
    """The level of the parts that tables and charts show: kabupaten, or the kecamatan of a single one."""
    return "kecamatan" if len(deck.coverage.settings.kabupaten) == 1 else "kabupaten"


def alt_of(topic: Topic, sentence: Message) -> Message:
    """The alternative text of a map: what it is and what it says."""
    return msg("slides.alt_map", place=topic.place, group=topic.target_group.name(topic.texts.lang), finding=sentence)


ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def _emblem(deck: Deck, slide: Any) -> None:
    """The emblem of the settings, if there is one, above the title."""
    from io import BytesIO

    path = deck.coverage.settings.emblem
    if path is None:
        return
    pixels, stream = style.emblem_of(path), BytesIO()
    pixels.save(stream, format="PNG")
    share = min(1.6 / pixels.width, 1.05 / pixels.height)
    area = Area(EDGE, 0.45, pixels.width * share, pixels.height * share)
    add_picture(slide, area, stream.getvalue(), deck.say("emblem", agency=deck.coverage.settings.agency))


def _only(deck: Deck) -> str | None:
    chosen = deck.coverage.settings.kabupaten
    return chosen[0] if len(chosen) == 1 else None


def summary_slide(deck: Deck) -> None:
    """All groups on one slide: unserved desa as bars, people in a table."""
    coverage, texts = deck.coverage, deck.texts
    lead = overview(coverage)
    told = lead.sentence.key not in ("said.overview", "said.overview_no_place")  # by the slide of its group
    title = sentence(texts, (widest_gap(coverage) if told else None) or lead.sentence)
    totals = area_totals(coverage, lead.group)
    counts = [area_totals(coverage, group.key) for group in coverage.groups]
    support_lines = [deck.say("summary_support", place=place_name(coverage), n=totals.desa)]
    support_lines += [deck.say("summary_by_area")] if any(of_group.by_area for of_group in counts) else []
    slide, body = deck.slide("chart", title, " ".join(support_lines))
    left, right = body.columns(0.4, 0.6, gap=0.4)
    names = [group.name(texts.lang) for group in coverage.groups]
    caption = deck.say("bars_unserved", n=totals.desa)
    add_bars(
        slide,
        left,
        names,
        [group_totals.desa_unserved for group_totals in counts],
        title=caption,
        alt=deck.alt_of_bars(slide, caption),
        number_format="0",
        highest=float(max(totals.desa, 1)),
        colour=GAP,
    )
    table = groups_table(coverage, strong=lead.group)
    high = add_table(
        slide,
        right,
        table,
        deck.say("alt_table", title=title),
        tallest=min(0.44, right.height * 0.62 / (len(table.rows) + 1)),
    )
    notes = [_where(deck, group.key) for group in coverage.groups]
    below = Area(right.x, right.y + high + 0.2, right.width, right.height - high - 0.2)
    add_text(slide, below, notes, (14, 13, 12, 11, 10, 9), name="text")


def _where(deck: Deck, group: str) -> str:
    """Where the unserved desa of a group are; where that says nothing, its headline."""
    coverage, texts = deck.coverage, deck.texts
    where = worst_sentence(area_totals(coverage, group))
    name = coverage.settings.group(group).name(texts.lang)
    if where is None:
        return deck.say("summary_sentence", group=name, finding=sentence(texts, headline(coverage, group)))
    said = texts(where)
    return deck.say("summary_where", group=name, where=said[:1].lower() + said[1:])


def group_slide(deck: Deck, group: str) -> None:
    """One group over all that is shown: map, a table of the parts, the first five desa."""
    coverage, texts, only = deck.coverage, deck.texts, _only(deck)
    topic = Topic(coverage=coverage, group=group, kabupaten=only)
    title = sentence(texts, headline(coverage, group, kabupaten=only))
    slide, body = deck.slide("map", title, " ".join(map(texts, support(coverage, group, kabupaten=only))), group=group)
    upper, lower = _beside_map(deck, slide, body, topic)
    if not area_totals(coverage, group, only).reported:
        _not_reported(deck, slide, upper, only)
        return
    level = kinds_of_rows(deck)
    table = parts_table(coverage, group, level=level, kabupaten=only)
    _cut_table(deck, slide, upper, table, deck.say(f"per_{level}"), tallest=0.33)
    _list(deck, slide, lower, topic)


def kabupaten_slide(deck: Deck, code: str, group: str | None = None) -> None:
    """One kabupaten: a group (None: the one least within reach) on the map, all in a table, its first desa."""
    coverage, texts = deck.coverage, deck.texts
    group = group or leading_group(coverage, code)
    topic = Topic(coverage=coverage, group=group, kabupaten=code)
    slide, body = deck.slide(
        "map",
        sentence(texts, placed_headline(coverage, group, kabupaten=code)),
        " ".join(map(texts, support(coverage, group, kabupaten=code))),
        group=group,
        kabupaten=code,
    )
    upper, lower = _beside_map(deck, slide, body, topic)
    if not area_totals(coverage, group, code).reported:
        _not_reported(deck, slide, upper, code)
        return
    table = groups_table(coverage, code, strong=group)
    _cut_table(deck, slide, upper, table, deck.say("per_group"), tallest=0.34)
    _list(deck, slide, lower, topic)


def _beside_map(deck: Deck, slide: Any, body: Area, topic: Topic) -> list[Area]:
    """The map with its legend on the left; the two areas to its right come back."""
    frame, legend, beside = beside_map(body, deck.width)
    topic = deck.drawn(topic)
    finding = headline(deck.coverage, topic.group, kabupaten=topic.kabupaten)
    deck.map(slide, frame, topic, alt=alt_of(topic, finding), ranks=LISTED)
    add_legend(slide, legend, topic)
    return beside.rows(0.52, 0.48, gap=0.1)


def _not_reported(deck: Deck, slide: Any, area: Area, kabupaten: str | None) -> None:
    """What is known of areas that the register does not report: their people; and what to ask."""
    coverage, texts = deck.coverage, deck.texts
    lines = [deck.say("not_reported")]
    for group in coverage.groups:
        people = rows_shown(coverage, "kabupaten", group.key, kabupaten)["sasaran"].dropna()
        name = group.name(texts.lang)
        said = deck.say("people_of", group=name, n=float(people.sum())) if len(people) else None
        lines.append(said or deck.say("people_not_known", group=name))
    add_text(slide, area, lines, (16, 15, 14, 13, 12, 11, 10, 9), colour=style.INK, name="text")


def _cut_table(deck: Deck, slide: Any, area: Area, table: SmallTable, caption: str, *, tallest: float) -> None:
    """A captioned table, cut to the rows that can be read; the caption then says how many of how many."""
    room = area.height - 0.3
    fits = max(int(room / 0.23) - 1, 1)
    shown = table.first(fits)
    if shown.total is not None:
        caption = deck.say("cut", caption=caption, n=fits, total=shown.total)
    add_text(slide, Area(area.x, area.y, area.width, 0.27), [caption], (13, 12, 11, 10, 9), bold=True, colour=style.INK)
    add_table(slide, below_caption(area), shown, caption, tallest=tallest)


def _list(deck: Deck, slide: Any, area: Area, topic: Topic) -> None:
    """The first five of the priority list, or a word that there is none."""
    table = needy_table(deck.coverage, topic.group, level=topic.level, kabupaten=topic.kabupaten, top=LISTED)
    if not table.rows:
        add_text(slide, area, [deck.say("no_list")], (14, 13, 12), name="text")
        return
    way = distance_way(deck.coverage.settings)
    caption = deck.say("list", caption=table_caption(table, topic.level), way=way)
    add_text(slide, Area(area.x, area.y, area.width, 0.27), [caption], (13, 12, 11, 10, 9), bold=True, colour=style.INK)
    add_table(slide, below_caption(area), table, caption, tallest=0.32)


def sensitivity_slide(deck: Deck, table: pd.DataFrame) -> None:
    """How coverage grows with the reach assumed: a line per group."""
    coverage, texts = deck.coverage, deck.texts
    lead = leading_group(coverage)
    totals = area_totals(coverage, lead)
    rows = table[table["kelompok"] == lead].sort_values("jangkauan_km")
    if len(rows) > 1 and rows["cakupan"].notna().all():
        first, last = rows.iloc[0], rows.iloc[-1]
        title = deck.say(
            "sensitivity_title",
            group=coverage.settings.group(lead).short(texts.lang),
            known=known_part(totals.desa_known, totals.desa),
            low=first["cakupan"],
            low_km=first["jangkauan_km"],
            high=last["cakupan"],
            high_km=last["jangkauan_km"],
        )
    else:
        title = deck.say("sensitivity_plain")
    slide, body = deck.slide("lines", title, deck.say("sensitivity_support"))
    left, right = body.columns(0.58, 0.42, gap=0.4)
    wide, groups = share_by_reach(coverage, table)
    series = {
        named_share(coverage, group.key): [None if pd.isna(value) else float(value) for value in wide[group.key]]
        for group in groups
    }
    names = [deck.say("km", km=float(reach)) for reach in wide.index]
    add_lines(slide, left, names, series, title=deck.say("sensitivity_chart"), alt=title)
    add_table(slide, right, reach_table(coverage, table).turned(texts("said.column_group")), title, tallest=0.4)


def next_slide(deck: Deck, plan: Plan) -> None:
    """What next: the sites, coverage before and after, and what the plan knows and does not know."""
    texts, only = deck.texts, plan.before.groups[0].key if len(plan.before.groups) == 1 else None
    slide, body = deck.slide("table", sentence(texts, plan_headline(plan)), deck.say("next_support"), group=only)
    left, right = body.columns(0.66, 0.34, gap=0.3)
    upper, lower = left.rows(0.62, 0.38, gap=0.15)
    _cut_table(deck, slide, upper, plan_table(plan), deck.say("next_sites"), tallest=0.36)
    _cut_table(deck, slide, right, change_table(plan), deck.say("next_change"), tallest=0.36)
    add_text(slide, lower, [deck.sentence(note) for note in plan_notes(plan)], (13, 12, 11, 10, 9, 8), name="text")
