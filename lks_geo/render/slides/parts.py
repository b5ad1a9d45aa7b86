"""Native pieces of a slide: title, text, box, stamp, picture.

Text is measured before it is set and gets the largest size of a list that fits its box; only the smallest size is ever
shortened. Widths are those of DejaVu Sans less 7 %, which is still wider than Arial, Calibri, Segoe UI and Tahoma; a
template in Verdana may break a line more. Sizes are in inches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations, pairwise
from typing import Any

from lks_geo.render import style
from lks_geo.render.figure.paper import LEADING, POINT, Type, office_text, shorten, squeezed, text_width, wrap
from lks_geo.render.slides.layouts import Area
from lks_geo.said.small_tables import SmallTable
from lks_geo.tables import UNREPORTED

MM = 25.4
EAST_ASIAN_FONT = "Microsoft YaHei"
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")  # "福" in "Panti 福"
ROOM = 1.07
"""Text of the usual office fonts is at least this much narrower than DejaVu Sans."""


def look_of(*, size: float, bold: bool = False) -> Type:
    """How text looks in a program that has fonts for every sign."""
    return Type(size=size, bold=bold, any_sign=True)


def lines_in(text: str, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines a text takes at a size (points) in a width (inches)."""
    return len(wrap(text, look_of(size=size, bold=bold), width * MM * ROOM))


def fit(texts: Sequence[str], sizes: Sequence[float], area: Area, *, bold: bool = False) -> float:
    """The largest of the sizes in which all paragraphs fit the area; the smallest if none does."""
    for size in sizes:
        rows = sum(lines_in(text, size, area.width - 0.04, bold=bold) for text in texts)
        if (rows * size * POINT * LEADING) / MM <= area.height:
            return size
    return sizes[-1]


def trimmed(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it would need more than so many lines."""
    return " ".join(wrap(text, look_of(size=size, bold=bold), width * MM * ROOM, lines))


def set_title(
    slide: Any,
    text: str,
    area: Area,
    one_line: Sequence[float] = (28, 27, 26, 25, 24),
    two_lines: Sequence[float] = (26, 24, 22, 20, 18, 16),
    *,
    bold: bool = True,
) -> None:
    """The native title: on one line if one of the first sizes allows it, else on two. `bold`: or as its layout."""
    from pptx.util import Pt

    text, width = office_text(text), area.width - 0.2
    sizes = [(size, 1) for size in one_line] + [(size, 2) for size in two_lines]
    size = next((size for size, most in sizes if lines_in(text, size, width, bold=True) <= most), two_lines[-1])
    text = trimmed(text, size, width, 2, bold=True)
    frame = slide.shapes.title.text_frame
    frame.text = text
    frame.word_wrap = True
    for run in frame.paragraphs[0].runs:
        run.font.size, run.font.bold = Pt(size), bold or None


def add_text(
    slide: Any,
    area: Area,
    texts: Sequence[str],
    sizes: Sequence[float],
    *,
    bold: bool = False,
    colour: str = style.INK_SOFT,
    align: str = "left",
    middle: bool = False,
    name: str = "",
    leads: Sequence[str] = (),
) -> float:
    """A text box with one paragraph per text; the size used comes back. `leads`: beginnings to set in bold."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    texts = [office_text(text) for text in texts if text]
    size = fit(texts, sizes, area, bold=bold)
    box = slide.shapes.add_textbox(Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height))
    if name:
        box.name = name
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    room = int(area.height * MM / (size * POINT * LEADING))
    for i, whole in enumerate(texts):
        if room < 1 and i:
            break
        text = trimmed(whole, size, area.width - 0.04, max(room - (len(texts) - 1 - i), 1), bold=bold)
        room -= lines_in(text, size, area.width - 0.04, bold=bold)
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.alignment = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}[align]
        lead = max((beginning for beginning in leads if text.startswith(beginning)), key=len, default="")
        for part, strong in ((lead, True), (text[len(lead) :], bold)):
            if part:
                run = paragraph.add_run()
                run.text = part
                run.font.size, run.font.bold = Pt(size), strong
                set_colour(run.font, colour)
    return size


def set_colour(font: Any, colour: str) -> None:
    """Ink and soft ink are the text colours of the theme, so that another design is read on its own ground."""
    from pptx.enum.dml import MSO_THEME_COLOR

    of_theme = {style.INK: MSO_THEME_COLOR.TEXT_1, style.INK_SOFT: MSO_THEME_COLOR.TEXT_2}
    if colour in of_theme:
        font.color.theme_color = of_theme[colour]
    else:
        font.color.rgb = rgb(colour)


def move(shape: Any, area: Area) -> None:
    """Puts a shape there."""
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = map(Inches, (area.x, area.y, area.width, area.height))


def rgb(colour: str) -> Any:
    """A colour as python-pptx wants it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#"))  # type: ignore[no-untyped-call]


def add_box(slide: Any, area: Area, *, fill: str | None, edge: str | None, line: float = 0.75) -> Any:
    """A plain rectangle."""
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml.ns import qn
    from pptx.util import Inches, Pt

    box = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height)
    )
    box._element.remove(box._element.find(qn("p:style")))
    if fill is None:
        box.fill.background()
    else:
        box.fill.solid()
        box.fill.fore_color.rgb = rgb(fill)
    if edge is None:
        box.line.fill.background()
    else:
        box.line.color.rgb, box.line.width = rgb(edge), Pt(line)
    return box


def hatch(box: Any, kind: style.MapClass) -> None:
    """The pattern of a class in a box: dots for what is not reported, stripes for no data."""
    from pptx.enum.dml import MSO_PATTERN

    box.fill.patterned()
    box.fill.pattern = MSO_PATTERN.PERCENT_20 if kind.key == UNREPORTED else MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    box.fill.fore_color.rgb, box.fill.back_color.rgb = rgb(style.HATCH), rgb(kind.colour)


def add_stamp(slide: Any, area: Area, text: str) -> None:
    """DATA CONTOH or INTERNAL in a box."""
    edge, white = style.STATUS_COLOURS["belum_terlayani"], "#FFFFFF"
    add_box(slide, area, fill=white, edge=edge, line=1.75)
    inner = Area(area.x + 0.04, area.y + 0.03, area.width - 0.08, area.height - 0.06)
    add_text(slide, inner, [text], (13, 12, 11, 10, 9, 8), bold=True, colour=edge, align="center", middle=True)
    slide.shapes[-1].fill.solid()
    slide.shapes[-1].fill.fore_color.rgb = rgb(white)


def set_language(slide: Any, lang: str) -> None:
    """The language of every text of a slide, its charts and notes, so that it is proofed in it."""
    from lxml import etree  # type: ignore[import-untyped]
    from pptx.oxml.ns import qn

    code = {"id": "id-ID", "en": "en-GB"}[lang]
    charts = [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
    for root in (slide._element, slide.notes_slide._element if slide.has_notes_slide else None, *charts):
        for kind in ("a:rPr", "a:endParaRPr", "a:defRPr") if root is not None else ():
            for properties in root.iter(qn(kind)):
                properties.set("lang", code)
        for run in root.iter(qn("a:r")) if root is not None else ():
            run.get_or_add_rPr().set("lang", code)
            if run.rPr.find(qn("a:ea")) is None and _EAST_ASIAN.search(run.text or ""):
                etree.SubElement(run.rPr, qn("a:ea"), typeface=EAST_ASIAN_FONT)


def add_picture(slide: Any, area: Area, png: bytes, alt: str) -> None:
    """A picture that fills the area, with a text for those who cannot see it."""
    from pptx.util import Inches

    at = (Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height))
    describe(slide.shapes.add_picture(BytesIO(png), *at), alt)


def describe(shape: Any, alt: str) -> None:
    """The alternative text of a shape."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", office_text(alt).replace("..", "."))


TABLE_SIZES = (12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9)
NO_GRID = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a table fits: type size, widths of the columns, heights of the heading and of a row (inches)."""

    size: float
    widths: list[float]
    heading: float
    row: float
    lines: int


def add_table(
    slide: Any,
    area: Area,
    table: SmallTable,
    alt: str,
    *,
    sizes: Sequence[float] = TABLE_SIZES,
    tallest: float = 0.36,
) -> float:
    """A native table ruled by thin lines; its height comes back. Columns are as wide as their text needs; cells are
    shortened only where even the smallest size is too wide."""
    from pptx.util import Inches

    plan = _plan_table(table, area, sizes, tallest)
    rows = len(table.rows) + 1
    high = plan.heading + plan.row * len(table.rows)
    frame = slide.shapes.add_table(
        rows, len(plan.widths), Inches(area.x), Inches(area.y), Inches(area.width), Inches(high)
    )
    describe(frame, alt)
    native = frame.table
    native._tbl.tblPr.xpath("a:tableStyleId")[0].text = NO_GRID
    native.horz_banding = False
    for i, width in enumerate(plan.widths):
        native.columns[i].width = Inches(width)
    for i, line in enumerate([tuple(column.title for column in table.columns), *table.rows]):
        native.rows[i].height = Inches(plan.row if i else plan.heading)
        bold = i == 0 or (i - 1) in table.strong
        for j, text in enumerate(line):
            look = look_of(size=plan.size, bold=bold)
            room = (plan.widths[j] - 0.1) * MM * ROOM
            shown = " ".join(wrap(text, look, room, plan.lines)) if i == 0 else shorten(text, look, room)
            _fill_cell(native.cell(i, j), shown, look, number=table.columns[j].number, heading=i == 0)
    return high


def _fill_cell(cell: Any, text: str, look: Type, *, number: bool, heading: bool) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches, Pt

    cell.margin_left = cell.margin_right = Inches(0.04)
    cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if heading else MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(look.size), look.bold
    set_colour(run.font, style.INK)
    _underline(cell, style.INK if heading else style.RULE, 1.25 if heading else 0.75)


def _plan_table(table: SmallTable, area: Area, sizes: Sequence[float], tallest: float) -> _Plan:
    """The largest type in which every cell is whole, headings in two lines or else in three; if there is none, the
    smallest, with the columns squeezed in proportion."""
    for lines in (2, 3):
        for size in sizes:
            plan, wide, high = _plan_in(table, area, size, tallest, lines)
            if wide and high:
                return plan
        if wide:
            break
    return plan


def _plan_in(table: SmallTable, area: Area, size: float, tallest: float, lines: int) -> tuple[_Plan, bool, bool]:
    """The columns in this size with headings of at most so many lines, and whether these and the rows have room."""
    shares = [column.share for column in table.columns]
    bold = look_of(size=size, bold=True)
    titles = [_inches(text_width(column.title, bold)) for column in table.columns]
    needs = [
        max(_body_width(table, j, size), _folded_width(column.title, bold, lines))
        for j, column in enumerate(table.columns)
    ]
    whole = [max(need, title) for need, title in zip(needs, titles, strict=True)]
    needs = whole if sum(whole) <= area.width else needs
    spare = area.width - sum(needs)
    if spare >= 0:
        widths = [need + spare * share / sum(shares) for need, share in zip(needs, shares, strict=True)]
    else:
        widths = squeezed(needs, area.width)
    line = size * POINT * LEADING / MM
    folded = any(title > width + 0.001 for title, width in zip(titles, widths, strict=True))
    heading = line * (lines if folded else 1) + 0.05
    row = min(tallest, (area.height - heading) / max(len(table.rows), 1))
    return _Plan(size, widths, heading, row, lines), spare >= 0, row >= line * 0.97


def _inches(units: float) -> float:
    """The room a text of so many units takes in a cell."""
    return units / MM / ROOM + 0.13


def _body_width(table: SmallTable, j: int, size: float) -> float:
    looks = (look_of(size=size), look_of(size=size, bold=True))
    widths = [text_width(row[j], looks[i in table.strong]) for i, row in enumerate(table.rows)]
    return _inches(max(widths, default=0.0))


def _folded_width(title: str, look: Type, lines: int) -> float:
    """The width of a heading folded into so many lines as evenly as its words allow."""
    words = office_text(title).split(" ")
    cuts = combinations(range(1, len(words)), min(lines, len(words)) - 1)
    folds = [[" ".join(words[a:b]) for a, b in pairwise((0, *cut, len(words)))] for cut in cuts]
    return _inches(min(max(text_width(line, look) for line in fold) for fold in folds))


def _underline(cell: Any, colour: str, width: float) -> None:
    from lxml import etree

    properties = cell._tc.get_or_add_tcPr()
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    for side in ("lnL", "lnR", "lnT", "lnB"):
        line = etree.SubElement(properties, f"{{{space}}}{side}", w=str(int(width * 12700)) if side == "lnB" else "0")
        if side == "lnB":
            fill = etree.SubElement(line, f"{{{space}}}solidFill")
            etree.SubElement(fill, f"{{{space}}}srgbClr", val=colour.removeprefix("#"))
        else:
            etree.SubElement(line, f"{{{space}}}noFill")
