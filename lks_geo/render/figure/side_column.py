"""The column beside a printed map: agency, title, scale, legend, finding with its list, location, sources and notes.

Blocks are set from the top; each says how high it became. The last one, the notes, takes what is left and chooses the
largest type in which all of it fits, so that no assumption is ever cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lks_geo.catalogue import MAPPED
from lks_geo.messages import msg
from lks_geo.render import style
from lks_geo.render.figure.furniture import location_map, north_arrow, scale_bar
from lks_geo.render.figure.map_frame import DASH_DOT, OUTLINE
from lks_geo.render.figure.paper import LEADING, POINT, Box, Sheet, Type, shorten, shrink, squeezed, text_width, wrap
from lks_geo.render.figure.topic import Topic
from lks_geo.said.assumptions import data_year, disguise_note, page_notes
from lks_geo.said.headlines import headline, support
from lks_geo.said.small_tables import SmallTable, needy_table, people, table_caption

PAD = 3.0
HEADING = 0.93
CELL_GAP = 1.8
SMALLEST = 5.0
"""Type in points below which nobody reads a printed page; notes have 6."""
ADDRESS = Type(size=6, colour=style.INK_SOFT)
NOTE_SIZES = (6.4, 6.2, 6.0)
NEVER_CUT = (5.6, 5.2, 4.8, 4.4, 4.0, 3.6)
"""Sizes for more notes than a page has room for: rather small than cut off."""
MOST_LISTED, LEAST_LISTED = 10, 3
ROW = 3.55
MAP_WIDTH, MAP_HIGH = 28.0, 34.0


@dataclass
class Column:
    """Where the next block goes: `y` falls as blocks are set."""

    sheet: Sheet
    topic: Topic
    x: float
    y: float
    width: float

    @property
    def left(self) -> float:
        return self.x + PAD

    @property
    def inner(self) -> float:
        return self.width - 2 * PAD

    def rule(self) -> None:
        """A line across the column at the present height."""
        self.sheet.line([(self.x, self.y), (self.x + self.width, self.y)], style.INK, 0.6)


def head(column: Column) -> None:
    """The agency with its address, and its emblem if the settings have one."""
    sheet, settings = column.sheet, column.topic.coverage.settings
    top, high = column.y, 16.0
    left, width = column.left, column.inner
    if settings.emblem is not None:
        wide = picture(sheet, Box(left, top - high + 2, left + 18, top - 2), settings.emblem)
        left, width = left + wide + 2, width - wide - 2
    for size in (8.0, 7.4, 6.8, 6.2, 5.6):
        look = Type(size=size, bold=True)
        lines = wrap(settings.agency.upper(), look, width, 3)
        if len(lines) <= 2:
            break
    step = look.size * POINT * LEADING
    below = wrap(settings.address, ADDRESS, width, 2) if settings.address else []
    y = top - high / 2 + ((len(lines) - 1) * step + len(below) * ADDRESS.size * POINT * LEADING) / 2
    for line in lines:
        sheet.text(left + width / 2, y, line, look, ha="center", va="center")
        y -= step
    for line in below:
        sheet.text(left + width / 2, y + 0.4, line, ADDRESS, ha="center", va="center")
        y -= ADDRESS.size * POINT * LEADING
    column.y = top - high
    column.rule()


def picture(sheet: Sheet, room: Box, path: Path) -> float:
    """A picture file in a box from its left on, in its own proportions; its width comes back."""
    pixels = style.emblem_of(path)
    share = min((room.x1 - room.x0) / pixels.width, (room.y1 - room.y0) / pixels.height)
    wide, high = float(pixels.width * share), float(pixels.height * share)
    low = (room.y0 + room.y1 - high) / 2
    sheet.axes.imshow(pixels, extent=(room.x0, room.x0 + wide, low, low + high), aspect="auto", zorder=5)
    return wide


def title(column: Column) -> None:
    """Theme in capitals, group, and area with year."""
    sheet, topic = column.sheet, column.topic
    texts, settings = topic.texts, topic.coverage.settings
    theme = (settings.title or texts("figure.title", measure=MAPPED[topic.measure].map_title(texts.lang))).upper()
    look = shrink(theme, Type(size=12.5, bold=True), column.inner, 7.5)
    column.y -= 2.4
    column.y = sheet.paragraph(column.left, column.y, column.inner, theme, look, ha="center", lines=2) - 0.4
    group = texts("figure.title_group", group=topic.target_group.name(texts.lang))
    look = shrink(group, Type(size=9, bold=True), column.inner, 6)
    column.y = sheet.paragraph(column.left, column.y, column.inner, group, look, ha="center", lines=1) - 0.2
    line = texts(
        "figure.title_place", place=topic.place, level=msg(f"figure.per_{topic.level}"), year=data_year(settings)
    )
    look = shrink(line, Type(size=7.2), column.inner, 5.6)
    column.y = sheet.paragraph(column.left, column.y, column.inner, line, look, ha="center", lines=2) - 1.2
    column.rule()


def scale(column: Column, denominator: int, unit_m: float, paper: str) -> None:
    """North arrow, numeric scale (true on this paper) and scale bar."""
    sheet, texts = column.sheet, column.topic.texts
    top = column.y
    north_arrow(sheet, column.left + 6, top - 14.5, 10, texts)
    left, width = column.left + 16, column.inner - 17
    words = texts("figure.scale", scale=denominator)
    box = sheet.text(left, top - 5.2, words, Type(size=8.5, bold=True))
    note = texts("figure.scale_note", paper=texts(f"figure.paper_{paper.replace(':', '_')}"))
    look = shrink(note, Type(size=6, colour=style.INK_SOFT), column.left + column.inner - box.x1 - 3, 5)
    sheet.text(column.left + column.inner, top - 5.2, note, look, ha="right")
    scale_bar(sheet, left, top - 10.4, width * 0.78, unit_m=unit_m, texts=texts)
    column.y = top - 16.5
    column.rule()


def legend(column: Column, islands: str = "") -> None:
    """Classes with areas and people, the symbols of places that the map draws, a word on its islands, the lines."""
    sheet, topic = column.sheet, column.topic
    texts = topic.texts
    right, middle = column.left + column.inner, column.left + column.inner * 0.76
    column.y -= 4.6
    sheet.text(column.left, column.y, texts("figure.legend"), Type(size=8, bold=True))
    heading = Type(size=6, colour=style.INK_SOFT)
    known = texts(topic.known)
    names = (topic.target_group.name(texts.lang) + known, texts("figure.people") + known)
    name = next((choice for choice in names if text_width(choice, heading) <= right - middle - 2), names[-1])
    counts = texts(f"figure.count_{topic.level}")
    room = right - text_width(name, heading) - 2
    sheet.text(min(middle, room), column.y, counts, heading, ha="right")
    sheet.text(right, column.y, name, heading, ha="right")
    column.y -= 1.4
    for row in topic.legend:
        first = row is topic.legend[0]
        swatch(sheet, Box(column.left, column.y - 3.6, column.left + 8, column.y - 0.4), row.kind)
        label = texts(row.kind.label)
        look = Type(size=7.2, bold=first)
        look = shrink(label, look, middle - column.left - 20, 5.2)
        sheet.text(column.left + 10, column.y - 2.9, label, look)
        number = Type(size=7.2, bold=first)
        sheet.text(middle, column.y - 2.9, texts.number(row.areas), number, ha="right")
        sheet.text(right, column.y - 2.9, people(texts, row.people), number, ha="right")
        column.y -= 4.45
    _symbols(column)
    if topic.pills:
        _pill_key(column)
    if islands:
        column.y -= 3.8
        sheet.text(column.left, column.y + 1.2, islands, shrink(islands, Type(size=6.0), column.inner, SMALLEST))
    _line_key(column)
    column.rule()


def swatch(sheet: Sheet, box: Box, kind: style.MapClass) -> None:
    """The colour of a class in an outlined box, with its pattern if it has one."""
    x, y, width, height = box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0
    if kind.key in style.HATCHES:
        sheet.rect(x, y, width, height, fill=kind.colour, edge=style.HATCH, line=0.0, hatch=style.HATCHES[kind.key])
        sheet.rect(x, y, width, height, edge=OUTLINE, line=0.5)
    else:
        sheet.rect(x, y, width, height, fill=kind.colour, edge=OUTLINE, line=0.5)


def _symbols(column: Column) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle

    sheet, topic = column.sheet, column.topic
    texts = topic.texts
    y = column.y - 2.6
    look = Type(size=6.0)
    short = topic.target_group.short(texts.lang)
    only_active = topic.coverage.settings.active_only and len(topic.coverage.settings.filter_notes()) == 1
    kind = "active" if only_active else "counted"
    counted = topic.points()["dihitung"]
    known = (
        ("full", texts(f"figure.symbol_{kind}", group=short), bool(counted.any())),
        ("hollow", texts(f"figure.symbol_not_{kind}"), not counted.all()),
        ("disc", texts("figure.symbol_rank"), topic.level == "desa"),
    )
    entries = [(form, text) for form, text, drawn in known if drawn]
    if not entries:
        return
    space = column.inner - 5.5 * len(entries)
    look = Type(size=max(min(6.0, 6.0 * space / sum(text_width(text, look) for _, text in entries)), 5))
    gap = (space - sum(text_width(text, look) for _, text in entries)) / max(len(entries) - 1, 1)
    x = column.left
    for form, text in entries:
        if form == "disc":
            sheet.add(Circle((x + 1.8, y + 0.75), 1.6, facecolor="white", edgecolor=style.INK, zorder=5,
                             linewidth=sheet.points(0.7)))  # fmt: skip
            sheet.text(x + 1.8, y + 0.75, "1", Type(size=5, bold=True), ha="center", va="center", zorder=6)
        else:
            face = topic.target_group.colour if form == "full" else "#FFFFFF"
            marker = style.MARKERS[topic.target_group.symbol]
            sheet.add(Line2D([x + 1.6], [y + 0.75], linestyle="none", marker=marker, markersize=sheet.points(4.4),
                             markerfacecolor=face, markeredgecolor=style.INK, markeredgewidth=sheet.points(0.8),
                             zorder=5))  # fmt: skip
        sheet.text(x + 5, y, text, look)
        x += 5.5 + text_width(text, look) + min(gap, 8)
    column.y = y - 1.6


def _pill_key(column: Column) -> None:
    """What the numbers behind the names of kecamatan count."""
    sheet, texts, look = column.sheet, column.topic.texts, Type(size=6.0)
    y, example = column.y - 2.6, texts("figure.pill_example")
    wide = text_width(example, look) + 1.2
    sheet.rect(column.left, y - 0.75, wide, 2.7, edge=style.RULE, line=0.4)
    sheet.text(column.left + 0.6, y, example, look)
    words = texts("figure.pill_key")
    sheet.text(column.left + wide + 1.5, y, words, shrink(words, look, column.inner - wide - 1.5, SMALLEST))
    column.y = y - 1.2


def _line_key(column: Column) -> None:
    sheet, texts = column.sheet, column.topic.texts
    y, look = column.y - 2.4, Type(size=6.0)
    x, step, middle = column.left, column.inner / 3, y + 0.75
    inner = ("kecamatan",) if column.topic.level in ("desa", "kecamatan") else ()
    for key in ("kabupaten", *inner, "outer"):
        if key == "kabupaten":
            sheet.line([(x, middle), (x + 7, middle)], style.INK, 0.95, linestyle=DASH_DOT)
        elif key == "outer":
            sheet.line([(x, middle), (x + 7, middle)], OUTLINE, 0.75)
        else:
            sheet.rect(x, y - 0.5, 7, 2.5, fill=style.STATUS_COLOURS["terjangkau"], zorder=3)
            sheet.line([(x, middle), (x + 7, middle)], "#FFFFFF", 0.9)
        label = texts(f"figure.line_{key}")
        sheet.text(x + 8.5, y, label, shrink(label, look, step - 9.5, 5))
        x += step
    column.y = y - 2.4


def finding(column: Column, bottom: float) -> int:
    """The headline, what supports it, and the list of priorities, as long as what comes below leaves room down to
    `bottom`; how long comes back."""
    sheet, topic = column.sheet, column.topic
    texts, coverage = topic.texts, topic.coverage
    column.y -= 2.0
    line = texts(headline(coverage, topic.group, kabupaten=topic.kabupaten)) + "."
    column.y = sheet.paragraph(column.left, column.y, column.inner, line, Type(size=7.8, bold=True), lines=3)
    words = " ".join(texts(message) for message in support(coverage, topic.group, kabupaten=topic.kabupaten))
    column.y = sheet.paragraph(column.left, column.y - 0.3, column.inner, words, Type(size=6.0), lines=5) - 0.6
    disguised = disguise_note(coverage, topic.group, topic.kabupaten)
    if disguised is not None:
        look = Type(size=6.0)
        column.y = sheet.paragraph(column.left, column.y + 0.3, column.inner, texts(disguised) + ".", look) - 0.6
    limit = min(MOST_LISTED, max(int((column.y - bottom - 4.6) / ROW) - 1, LEAST_LISTED))
    table = needy_table(coverage, topic.group, level=topic.level, kabupaten=topic.kabupaten, top=limit)
    if table.rows:
        caption = texts(table_caption(table, topic.level))
        column.y = sheet.paragraph(column.left, column.y, column.inner, caption, Type(size=6.2, bold=True), lines=1)
        column.y = draw_table(sheet, column.left, column.y, column.inner, table, row_height=ROW)
    column.y -= 1.4
    column.rule()
    return limit


def draw_table(
    sheet: Sheet, x: float, y: float, width: float, table: SmallTable, *, row_height: float = 3.6, size: float = 6.0
) -> float:
    """A ruled table with its top at `y`; the y below it comes back.

    Columns are as wide as their text needs; text is set smaller, down to three quarters, and only then shortened.
    """
    size, widths = _fitted(table, width, size)
    starts = [x + sum(widths[:i]) for i in range(len(widths))]
    base = y - row_height * 0.72
    lines = [tuple(column.title for column in table.columns), *table.rows]
    for i, line in enumerate(lines):
        bottom = y - row_height * (i + 1)
        for j, (text, start, wide) in enumerate(zip(line, starts, widths, strict=True)):
            number = table.columns[j].number
            strong = i == 0 or (i - 1) in table.strong or (number and j == len(widths) - 1)
            look = Type(size=size * (HEADING if i == 0 else 1.0), bold=strong)
            at = start + wide if number else start
            shown = shorten(text, look, wide - CELL_GAP / 2)
            sheet.text(at, base - row_height * i, shown, look, ha="right" if number else "left")
        colour, weight = (style.INK, 0.7) if i == 0 else (style.RULE, 0.4)
        sheet.line([(x, bottom), (x + width, bottom)], colour, weight)
    return y - row_height * len(lines)


def _fitted(table: SmallTable, width: float, size: float) -> tuple[float, list[float]]:
    """The size and the column widths in which the table fits."""
    shares = [column.share for column in table.columns]
    for scale in [scale for scale in (1.0, 0.95, 0.9, 0.85, 0.8) if size * scale * HEADING >= SMALLEST] or [1.0]:
        bold, heading = Type(size=size * scale, bold=True), Type(size=size * scale * HEADING, bold=True)
        needs = [
            max([text_width(column.title, heading), *(text_width(row[j], bold) for row in table.rows)]) + CELL_GAP
            for j, column in enumerate(table.columns)
        ]
        spare = width - sum(needs)
        if spare >= 0:
            return size * scale, [need + spare * share / sum(shares) for need, share in zip(needs, shares, strict=True)]
    return size * scale, squeezed(needs, width)


def notes_room(column: Column) -> float:
    """How high location map and notes are in the smallest type that is good to read."""
    return max(_set_notes(column, NOTE_SIZES[-1], with_map=True)[1], MAP_HIGH + 2.4) + 2.6


def notes(column: Column, bottom: float) -> None:
    """Location map and notes, beside it and below, in what is left of the column; without the map where only so all
    can be read."""
    sheet, top = column.sheet, column.y - 3.4
    choices = [*((True, size) for size in NOTE_SIZES), *((False, size) for size in (*NOTE_SIZES, *NEVER_CUT))]
    for with_map, size in choices:
        lines, high = _set_notes(column, size, with_map=with_map)
        if high <= top + 1.0 - bottom and (not with_map or top - MAP_HIGH - 2 >= bottom):
            break
    if with_map:
        sheet.text(column.left, top, column.topic.texts("figure.location"), Type(size=6, bold=True))
        box = Box(column.left, top - MAP_HIGH - 1.4, column.left + MAP_WIDTH, top - 1.4)
        location_map(sheet, box, column.topic)
    for shift, below, text, look in lines:
        sheet.text(column.left + shift, top + 2.0 - below, text, look)


def _set_notes(column: Column, size: float, *, with_map: bool) -> tuple[list[tuple[float, float, str, Type]], float]:
    """The lines of the notes with how far they stand right and below, and how high all are together."""
    topic, step = column.topic, size * POINT * LEADING
    lines: list[tuple[float, float, str, Type]] = []
    high = 0.0
    for title, told in page_notes(topic.coverage, topic.group, distances=topic.level == "desa"):
        for number, note in enumerate((title, *told)):
            look = Type(size=size, bold=number == 0)
            shift = MAP_WIDTH + 3 if with_map and high < MAP_HIGH + 4 else 0.0
            for text in wrap(topic.texts(note), look, column.inner - shift):
                lines.append((shift, high + size * POINT * 0.98, text, look))
                high += step
        high += size * 0.12
    return lines, high
