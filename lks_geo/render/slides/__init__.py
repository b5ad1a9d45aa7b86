"""The meeting deck: native, editable PowerPoint with one finding per slide; and its slides on register and method.

Titles, tables and charts are native; maps are pictures with alternative text. Every number is a row of the coverage
table or a count of its rows (room `said`). An office's own template keeps its layouts, fonts and colours
(`layouts`). Very long lists are cut to what can be read from the back of a
room, and the slide says so; the workbook has them whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.files import whole_file
from lks_geo.messages import Message, msg
from lks_geo.render import style
from lks_geo.render.slides.charts import add_bars
from lks_geo.render.slides.deck import Deck, settle
from lks_geo.render.slides.finding_slides import (
    group_slide,
    kabupaten_slide,
    next_slide,
    sensitivity_slide,
    summary_slide,
    title_slide,
)
from lks_geo.render.slides.layouts import (
    THEME,
    XML,
    Area,
    area_of,
    body_of,
    contents_of,
    parsed,
    title_on_top,
)
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

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
"""The least contrast with the ground that WCAG 2 asks of text, and of lines and bars."""
WHITE, BLACK = "#FFFFFF", "#000000"
_LIGHTNESS = {
    "lumMod": (BLACK, True), "shade": (BLACK, True), "tint": (WHITE, True), "lumOff": (WHITE, False),
}  # fmt: skip
"""How a colour is changed: towards which end, and whether the share (0-1) is what is kept of it or what is added."""
_FILLS = "./p:spPr/a:solidFill/* | ./p:spPr/a:gradFill/a:gsLst/a:gs/*"
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
    for slide in () if deck.own else deck.presentation.slides:
        settle(slide)
        as_designed(slide)
        as_legible(slide)
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


def as_designed(slide: Any) -> None:
    """What suits only our own design: no bullets and no space between lines of text; text in the first colour of the
    template, because its second one may be any."""
    for colour in slide._element.xpath(".//a:schemeClr"):
        colour.set("val", colour.get("val").replace("tx2", "tx1"))
    for place in slide.placeholders:
        for paragraph in place.text_frame.paragraphs if place.has_text_frame and place != slide.shapes.title else ():
            paragraph.space_before = 0
            look = paragraph._p.get_or_add_pPr()
            look.set("marL", "0")
            look.set("indent", "0")
            look.append(parsed(f"<a:buNone {XML}/>"))


def as_legible(slide: Any) -> None:
    """Text, lines and bars as light or dark as the ground of their layout asks; what stands on a fill of its own stays
    (maps, swatches, stamps), but for its edge. Grid lines become faint on any ground."""
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    theme, grounds = theme_colours(slide.slide_layout), grounds_of(slide.slide_layout)
    faint = style.mixed(grounds[0], style.readable(style.INK, grounds, 2 * TEXT_CONTRAST), 0.2)
    for shape in slide.shapes:
        if shape.shape_type in (MSO_SHAPE_TYPE.GROUP, MSO_SHAPE_TYPE.PICTURE):
            continue
        root = shape.chart._chartSpace if shape.has_chart else shape._element
        filled = bool(shape._element.xpath("./p:spPr/a:solidFill | ./p:spPr/a:pattFill"))
        for colour in root.xpath("./p:spPr/a:ln//a:srgbClr" if filled else ".//a:srgbClr | .//a:schemeClr"):
            now = colour_of(colour, theme)
            text = bool(colour.xpath("ancestor::a:rPr | ancestor::a:defRPr | ancestor::a:endParaRPr"))
            seen = min(style.contrast(now, ground) for ground in grounds)
            new = now
            if now == style.RULE:
                new = faint
            elif now == WHITE and not text:  # the inside of a hollow marker
                new = grounds[0]
            elif seen < (TEXT_CONTRAST if text else MARK_CONTRAST):
                new = style.readable(now, grounds, 2 * TEXT_CONTRAST if text else MARK_CONTRAST)
            if new != now:
                colour.getparent().replace(colour, parsed(f'<a:srgbClr {XML} val="{new[1:]}"/>'))


def theme_colours(layout: Any) -> dict[str, str]:
    """The colours of the theme by the names that slides of the layout use for them ("tx1")."""
    master, space = layout.slide_master, {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    scheme = parsed(master.part.part_related_by(THEME).blob).find(".//a:clrScheme", space)
    named = {one.tag.rpartition("}")[2]: one[0].get("lastClr") or one[0].get("val") for one in scheme}
    own = layout._element.xpath("./p:clrMapOvr/a:overrideClrMapping") or master._element.xpath("./p:clrMap")
    names = {name: name for name in named} | dict(own[0].attrib)
    return {name: f"#{named[of].upper()}" for name, of in names.items() if of in named}


def colour_of(element: Any, theme: Mapping[str, str]) -> str:
    """The colour of an element of a theme or slide, as light or dark as it asks; black if the theme has it not."""
    value = str(element.get("lastClr") or element.get("val"))
    colour = theme.get(value, f"#{value.upper()}" if len(value) == len("16222E") else BLACK)
    for change in element:
        kind, share = change.tag.rpartition("}")[2], int(change.get("val", 0)) / 100_000
        if kind in _LIGHTNESS:
            end, kept = _LIGHTNESS[kind]
            colour = style.mixed(colour, end, 1 - share if kept else share)
    return colour


def grounds_of(layout: Any) -> list[str]:
    """The colours that content of the layout stands on: of the last shape that covers its middle, else of its
    background, else the same of its master, else of the theme. A picture counts as its mean."""
    theme = theme_colours(layout)
    for holder in (layout, layout.slide_master):
        over = [shape._element for shape in holder.shapes if not shape.is_placeholder and _covers(shape, layout)]
        for element in (*over[::-1], *holder._element.xpath("./p:cSld/p:bg")):
            found = element.xpath(".//a:blip[@r:embed]")
            if found:
                return [_mean(holder.part.related_part(found[-1].rEmbed).blob)]
            found = element.xpath(_FILLS if element in over else ".//a:srgbClr | .//a:schemeClr")
            if found:
                return [colour_of(colour, theme) for colour in found]
    return [theme.get("bg1", WHITE)]


def _covers(shape: Any, layout: Any) -> bool:
    """Whether a shape lies under the middle of the slide, where content stands."""
    deck, area = layout.part.package.presentation_part.presentation, area_of(shape)
    wide, high = deck.slide_width / 914_400, deck.slide_height / 914_400
    across = area.x < wide * 0.2 and area.x + area.width > wide * 0.8
    return bool(across and area.y < high * 0.4 and area.y + area.height > high * 0.8)


def _mean(picture: bytes) -> str:
    """The mean colour of a picture; white if it cannot be read (EMF) or is larger than any background."""
    from PIL import Image

    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > style.MOST_PIXELS:
                return WHITE
            return "#" + bytes(image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()).hex().upper()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return WHITE


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
