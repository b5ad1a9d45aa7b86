"""The pages of the atlas that are no printable map of their own: cover, summary, kabupaten, method."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from lks_geo.messages import Texts, msg
from lks_geo.render import style
from lks_geo.render.figure import side_column as side
from lks_geo.render.figure.furniture import location_map, stamp
from lks_geo.render.figure.paper import LEADING, POINT, Box, Sheet, Type, shorten, shrink, text_box, wrap
from lks_geo.render.figure.printed_map import draw_frame, framed_page
from lks_geo.render.figure.topic import Topic
from lks_geo.said.advice import change_table, plan_headline, plan_notes, plan_table
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import (
    data_year,
    dates,
    definition,
    disguise_note,
    distance_note,
    edition,
    named_share,
    page_notes,
    reach_note,
    view_notes,
    view_reported_part,
)
from lks_geo.said.assumptions import stamp as stamp_of
from lks_geo.said.headlines import headline, leading_group, overview, sentence, support
from lks_geo.said.profile import (
    profile_headline,
    profile_notes,
    profile_small_table,
    rows_in_view,
    training_headline,
)
from lks_geo.said.small_tables import certainty_table, groups_table, known_groups, reach_table, share_by_reach
from lks_geo.siting.planning import Plan
from lks_geo.tables import OUTCOMES, Coverage

EDGE = 16.0
TOP = 190.0
BOTTOM = 18.0
LINE_COLOURS = ("#6E1036", "#C97A1B", style.ACCENT, style.INK_FAINT, "#357B7C", "#77539B")


def cover_page(coverage: Coverage) -> Sheet:
    """Title, agency and date beside a map of the group that is least within reach."""
    texts, settings = Texts(coverage.settings.lang), coverage.settings
    sheet = Sheet("a4")
    chosen = settings.kabupaten
    topic = Topic(coverage=coverage, group=leading_group(coverage), kabupaten=chosen[0] if len(chosen) == 1 else None)
    window = (sheet.width - 142, 20, 126, sheet.height - 40)
    draw_frame(sheet, topic, window, round_scale=False, ranks=0, furniture=False)
    caption = texts("slides.map_caption", group=topic.target_group.name(texts.lang))
    sheet.text(window[0] + window[2] / 2, 14, caption, Type(size=8, colour=style.INK_SOFT), ha="center")
    width = window[0] - EDGE - 10
    if settings.emblem is not None:
        side.picture(sheet, Box(EDGE, 166, EDGE + 40, 194), settings.emblem)
    sheet.rect(EDGE, 158, 22, 1.4, fill=style.ACCENT)
    title = settings.title or texts("slides.title", place=place_name(coverage))
    size = next(
        (s for s in (28.0, 25.0, 22.0, 19.0, 16.0) if len(wrap(title, Type(size=s, bold=True), width)) <= 3), 14.0
    )
    y = sheet.paragraph(EDGE, 152, width, title, Type(size=size, bold=True), lines=4)
    y = sheet.paragraph(
        EDGE, y - 3, width, texts("slides.subtitle", year=data_year(settings)), Type(size=13, colour=style.INK_SOFT)
    )
    y = sheet.paragraph(EDGE, y - 8, width, settings.agency, Type(size=11, bold=True), lines=3)
    y = sheet.paragraph(EDGE, y - 1, width, texts(dates(settings)), Type(size=11, colour=style.INK_SOFT))
    reported, mark = view_reported_part(coverage), stamp_of(coverage)
    if reported is not None:
        y = sheet.paragraph(EDGE, y - 4, width, sentence(texts, reported), Type(size=11))
    if mark is not None:
        box = stamp(sheet, EDGE + 60, y - 6, texts(mark), 15)
        sheet.paragraph(EDGE, box.y0 - 4, width, texts("atlas.example_note"), Type(size=8, colour=style.INK_SOFT))
    sheet.paragraph(EDGE, 20, width, texts("said.indicative"), Type(size=8, colour=style.INK_SOFT))
    return sheet


def _plain_page(coverage: Coverage, title: str) -> tuple[Sheet, float]:
    """A page with a heading and a footer; the y where content begins comes back."""
    texts, settings = Texts(coverage.settings.lang), coverage.settings
    sheet = Sheet("a4")
    width = sheet.width - 2 * EDGE
    mark = stamp_of(coverage)
    room = width - (52 if mark is not None else 0)
    y = sheet.paragraph(EDGE, 196, room, title, shrink(title, Type(size=18, bold=True), room, 12), lines=2)
    if mark is not None:
        stamp(sheet, sheet.width - EDGE, 197, texts(mark))
    sheet.line([(EDGE, 13), (sheet.width - EDGE, 13)], style.RULE, 0.7)
    line = texts("atlas.footer", agency=settings.agency, day=settings.day)
    sheet.text(EDGE, 9, line, shrink(line, Type(size=7, colour=style.INK_SOFT), width, 5))
    return sheet, y - 2


def summary_page(coverage: Coverage) -> Sheet:
    """Every group in one table and one paragraph."""
    texts = Texts(coverage.settings.lang)
    sheet, y = _plain_page(coverage, texts("atlas.summary_title", place=place_name(coverage)))
    width = sheet.width - 2 * EDGE
    many, lead = len(coverage.groups) > 8, overview(coverage)
    y = sheet.paragraph(EDGE, y, width, sentence(texts, lead.sentence), Type(size=11, bold=True)) - 1.5
    y = side.draw_table(
        sheet, EDGE, y, width, groups_table(coverage, strong=lead.group), row_height=5.0 if many else 6.6,
        size=7.5 if many else 10,
    )  # fmt: skip
    blocks = []
    for group in coverage.groups:
        disguised = disguise_note(coverage, group.key)
        lines = [texts(line) for line in support(coverage, group.key)]
        lines += [sentence(texts, disguised)] if disguised is not None else []
        blocks.append((sentence(texts, headline(coverage, group.key)), " ".join(lines)))
    notes = [texts("atlas.how_to_read"), texts("atlas.by_area_note")]
    room = y - 6 - BOTTOM
    size = next(
        (
            points
            for points in (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
            if _height(blocks, notes, points, width) <= room
        ),
        4.5,
    )
    y -= 6
    for title, words in blocks:
        y = sheet.paragraph(EDGE, y, width, title, Type(size=size, bold=True))
        y = sheet.paragraph(EDGE, y, width, words, Type(size=size, colour=style.INK_SOFT)) - size * 0.2
    for note in notes:
        y = sheet.paragraph(EDGE, y - size * 0.1, width, note, Type(size=size * 0.9, colour=style.INK_SOFT))
    return sheet


def _height(blocks: list[tuple[str, str]], notes: list[str], size: float, width: float) -> float:
    step = size * POINT * LEADING
    rows = sum(
        len(wrap(t, Type(size=size, bold=True), width)) + len(wrap(w, Type(size=size), width)) for t, w in blocks
    )
    rows += sum(len(wrap(note, Type(size=size), width)) for note in notes)
    return rows * step + (len(blocks) * 0.2 + len(notes) * 0.1) * size


def kabupaten_page(coverage: Coverage, code: str, group: str | None = None) -> Sheet:
    """The map of a group (None: the one least within reach there), its ranked list, and all groups in a table."""
    topic = Topic(coverage=coverage, group=group or leading_group(coverage, code), kabupaten=code)
    return framed_page(topic, "a4", _all_groups, _all_groups_room)


def _all_groups_room(column: side.Column) -> float:
    """How high location map, table and notes are in the smallest type that is good to read."""
    rows, size = len(column.topic.coverage.groups) + 1, side.NOTE_SIZES[-1]
    lines = _lines(_kabupaten_notes(column.topic), size, column.inner - 22.0)
    return rows * 3.5 + lines * size * POINT * LEADING + 7.0


def _kabupaten_notes(topic: Topic) -> list[str]:
    settings, texts = topic.coverage.settings, topic.texts
    of_view = (topic.coverage, topic.kabupaten)
    notes = [*known_groups(*of_view), reach_note(settings, topic.group), distance_note(settings), *view_notes(*of_view)]
    return [texts(note) for note in (*notes, msg("said.indicative"), msg("atlas.see_method"), edition(settings))]


def _all_groups(column: side.Column, bottom: float) -> None:
    """In the place of the notes: location, all groups of the kabupaten, and where the method stands."""
    sheet, topic, texts = column.sheet, column.topic, column.topic.texts
    top = column.y - 3.4
    map_width = 19.0
    words = texts("figure.location")
    sheet.text(column.left, top, words, shrink(words, Type(size=6, bold=True), map_width, 5))
    high = min(top - 1.4 - bottom - 2.0, map_width * 1.45)
    location_map(sheet, Box(column.left, top - 1.4 - high, column.left + map_width, top - 1.4), topic)
    left, width = column.left + map_width + 3, column.inner - map_width - 3
    sheet.text(left, top, texts("atlas.all_groups"), Type(size=6, bold=True))
    table = groups_table(topic.coverage, topic.kabupaten, strong=topic.group, brief=True)
    rows = len(table.rows) + 1
    row_height = min(3.5, (top - bottom - 12) / rows)
    y = side.draw_table(sheet, left, top - 1.0, width, table, row_height=row_height, size=min(6.0, row_height * 1.75))
    notes, sizes = _kabupaten_notes(topic), (*side.NOTE_SIZES[1:], *side.NEVER_CUT)
    size = next((s for s in sizes if _lines(notes, s, width) * s * POINT * LEADING <= y - 1 - bottom), sizes[-1])
    y -= 1.2
    for note in notes:
        y = sheet.paragraph(left, y, width, note, Type(size=size, colour=style.INK_SOFT))


def _lines(notes: list[str], size: float, width: float) -> int:
    return sum(len(wrap(note, Type(size=size), width)) for note in notes)


def sensitivity_page(coverage: Coverage, table: pd.DataFrame) -> Sheet:
    """How coverage grows with the reach assumed: a table and a line per group, labelled at its end."""
    texts = Texts(coverage.settings.lang)
    sheet, y = _plain_page(coverage, texts("atlas.sensitivity_title"))
    width = sheet.width - 2 * EDGE
    y = sheet.paragraph(EDGE, y, width, texts("slides.sensitivity_support"), Type(size=10, colour=style.INK_SOFT)) - 2
    y = side.draw_table(sheet, EDGE, y, width, reach_table(coverage, table), row_height=5.6, size=9) - 10
    wide, groups = share_by_reach(coverage, table)
    chart = Box(EDGE + 12, BOTTOM + 8, sheet.width - EDGE - 48, y)
    reaches = [float(reach) for reach in wide.index]

    def at(reach: float, share: float) -> tuple[float, float]:
        low, high = min(reaches), max(reaches)
        return (
            chart.x0 + 4 + (chart.x1 - chart.x0 - 8) * (reach - low) / max(high - low, 1e-9),
            chart.y0 + (chart.y1 - chart.y0) * share,
        )

    for step in (0.0, 0.25, 0.5, 0.75, 1.0):
        high = at(reaches[0], step)[1]
        sheet.line([(chart.x0, high), (chart.x1, high)], style.RULE if step else style.INK, 0.5)
        sheet.text(chart.x0 - 2, high, texts.percent(step), Type(size=7), ha="right", va="center")
    for reach in reaches:
        label = texts("said.km", km=reach)
        sheet.text(at(reach, 0)[0], chart.y0 - 4.5, label, Type(size=7), ha="center")
    ends: list[Box] = []
    for number, group in enumerate(groups):
        points = [
            at(reach, float(share)) for reach, share in zip(reaches, wide[group.key], strict=True) if not pd.isna(share)
        ]
        if points:
            colour = LINE_COLOURS[number % len(LINE_COLOURS)]
            sheet.line(points, colour, 1.6, marker=style.MARKERS[group.symbol], markersize=4)
            _label_end(sheet, points[-1], named_share(coverage, group.key), colour, ends)
    return sheet


def _label_end(sheet: Sheet, point: tuple[float, float], name: str, colour: str, taken: list[Box]) -> None:
    """The name of a line at its end, moved down (or up) as far as names already there need."""
    look = Type(size=7, bold=True, colour=colour)
    name = shorten(name, look, sheet.width - EDGE - point[0] - 4)
    shifts = sorted(range(-20, 21), key=lambda i: (abs(i), i))
    boxes = (text_box(point[0] + 3, point[1] + 1.7 * i, name, look, va="center") for i in shifts)
    box = next(box for box in boxes if box.y0 > BOTTOM and not any(box.overlaps(other, 0.2) for other in taken))
    taken.append(box)
    sheet.text(box.x0, (box.y0 + box.y1) / 2, name, look, va="center")


def profile_page(coverage: Coverage) -> Sheet:
    """What the register says of its LKS, and whom the next training is for."""
    texts = Texts(coverage.settings.lang)
    sheet, y = _plain_page(coverage, texts("profile.atlas_title", area=place_name(coverage)))
    width = sheet.width - 2 * EDGE
    y = sheet.paragraph(EDGE, y, width, sentence(texts, profile_headline(coverage)), Type(size=11, bold=True)) - 1.5
    y = side.draw_table(sheet, EDGE, y, width, profile_small_table(coverage), row_height=6.0, size=8.5) - 6
    for note in (training_headline(coverage), *profile_notes(coverage)):
        y = sheet.paragraph(EDGE, y, width, sentence(texts, note), Type(size=9, colour=style.INK_SOFT)) - 1
    return sheet


def plan_page(plan: Plan) -> Sheet:
    """What next: the map with the sites of a plan, the sites, before and after, and what the plan does not know."""
    texts, group = Texts(plan.settings.lang), plan.before.groups[0]
    sheet, y = _plain_page(plan.before, sentence(texts, plan_headline(plan)))
    chosen = plan.settings.kabupaten
    topic = Topic(
        coverage=plan.shown_after, group=group.key, level="kecamatan" if plan.only_kecamatan else "desa",
        kabupaten=chosen[0] if len(chosen) == 1 else None,
    )  # fmt: skip
    window = (EDGE, BOTTOM + 16, 112.0, y - BOTTOM - 18)
    frame = draw_frame(sheet, topic, window, round_scale=False, ranks=0, furniture=False)
    frame.sites(plan.sites)
    frame.edge()
    caption = texts("atlas.plan_map", group=group.short(texts.lang))
    sheet.text(EDGE, BOTTOM + 10, caption, shrink(caption, Type(size=7.5, colour=style.INK_SOFT), window[2], 5))
    _status_key(sheet, EDGE, BOTTOM + 4, window[2], texts)
    left = EDGE + window[2] + 8
    width = sheet.width - EDGE - left
    y = side.draw_table(sheet, left, y, width, plan_table(plan), row_height=5.4, size=8) - 5
    y = side.draw_table(sheet, left, y, width, change_table(plan), row_height=5.2, size=8) - 5
    notes = [sentence(texts, note) for note in plan_notes(plan)]
    notes.append(sentence(texts, reach_note(plan.settings, group.key)))
    sizes = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
    size = next((s for s in sizes if (_lines(notes, s, width) + 1) * s * POINT * LEADING <= y - BOTTOM), 5.0)
    for note in notes:
        y = sheet.paragraph(left, y, width, note, Type(size=size, colour=style.INK_SOFT))
    return sheet


def _status_key(sheet: Sheet, x: float, y: float, width: float, texts: Texts) -> None:
    """The colours of the status map, three in a line."""
    step = width / 3
    for place, kind in enumerate(style.measure_classes("status", ())):
        left, low = x + place % 3 * step, y - place // 3 * 4.0
        sheet.rect(left, low, 4, 2.6, fill=kind.colour, edge=style.RULE, line=0.3)
        sheet.text(left + 5.5, low + 0.5, texts(kind.label), Type(size=7))


def method_pages(coverage: Coverage) -> Iterator[Sheet]:
    """Sources, assumptions, certainty and the meaning of every measure, in two columns, on as many pages as needed."""
    texts = Texts(coverage.settings.lang)
    items: list[tuple[str, list[str]]] = [
        (texts(heading), [texts(line) for line in lines]) for heading, lines in page_notes(coverage)
    ]
    reaches = [
        texts(
            "atlas.reach_line",
            group=group.name(texts.lang),
            reach=reach_note(coverage.settings, group.key),
            text=group.definition(texts.lang),
        )
        for group in coverage.groups
    ]
    items.insert(2, (texts("atlas.head_groups"), reaches))
    items.append((texts("atlas.head_register"), [_register_line(coverage, texts)]))
    for measure in coverage.measures:
        unit = measure.unit(texts.lang)
        head = (
            texts("atlas.measure_head", title=measure.title(texts.lang), unit=unit)
            if unit
            else measure.title(texts.lang)
        )
        items.append((head, [definition(measure, coverage.settings)]))
    yield from _flow(coverage, texts, items)


def _register_line(coverage: Coverage, texts: Texts) -> str:
    counts = rows_in_view(coverage)
    return texts("atlas.register_line", n=counts["baris"], **{key: counts[key] for key in OUTCOMES})


def _flow(coverage: Coverage, texts: Texts, items: list[tuple[str, list[str]]]) -> Iterator[Sheet]:
    """Headed paragraphs set in two columns, page after page; the first page begins with the table of certainty."""
    head, body = Type(size=8.5, bold=True), Type(size=8.0)
    sheet, top = _plain_page(coverage, texts("atlas.method_title"))
    width = (sheet.width - 2 * EDGE - 10) / 2
    table = certainty_table(coverage)
    top = side.draw_table(sheet, EDGE, top, sheet.width - 2 * EDGE, table, row_height=5.2, size=8) - 6
    x, y = EDGE, top
    for title, lines in items:
        need = (
            (len(wrap(title, head, width)) * head.size + sum(len(wrap(t, body, width)) for t in lines) * body.size)
            * POINT
            * LEADING
        )
        if y - need < BOTTOM and y < top:
            if x == EDGE:
                x, y = EDGE + width + 10, top
            else:
                yield sheet
                sheet, top = _plain_page(coverage, texts("atlas.method_title"))
                x, y = EDGE, top
        y = sheet.paragraph(x, y, width, title, head)
        for line in lines:
            y = sheet.paragraph(x, y, width, line, body)
        y -= 2.2
    yield sheet
