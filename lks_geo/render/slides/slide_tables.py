"""Native tables of slides: no grid, thin lines, columns as wide as their text, the largest type that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lks_geo.render import style
from lks_geo.render.figure.paper import LEADING, POINT, Type, clean_text, shorten, squeezed, text_width, wrap
from lks_geo.render.slides.parts import MM, ROOM, Area, describe, rgb
from lks_geo.said.small_tables import SmallTable

TABLE_SIZES = (12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9)
NO_GRID = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a table fits: type size, widths of the columns, heights of the heading and of a row (inches)."""

    size: float
    widths: list[float]
    heading: float
    row: float


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
            look = Type(size=plan.size, bold=bold)
            room = (plan.widths[j] - 0.1) * MM * ROOM
            shown = " ".join(wrap(text, look, room, 2)) if i == 0 else shorten(text, look, room)
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
    run.font.size, run.font.bold, run.font.color.rgb = Pt(look.size), look.bold, rgb(style.INK)
    _underline(cell, style.INK if heading else style.RULE, 1.25 if heading else 0.75)


def _plan_table(table: SmallTable, area: Area, sizes: Sequence[float], tallest: float) -> _Plan:
    """The largest type in which every cell is whole; else the smallest, with the columns squeezed in proportion."""
    shares = [column.share for column in table.columns]
    for size in sizes:
        bold = Type(size=size, bold=True)
        titles = [_inches(text_width(column.title, bold)) for column in table.columns]
        needs = [
            max(_body_width(table, j, size), _folded_width(column.title, bold))
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
        heading = (
            line * (2 if any(title > width + 0.001 for title, width in zip(titles, widths, strict=True)) else 1) + 0.05
        )
        row = min(tallest, (area.height - heading) / max(len(table.rows), 1))
        if (spare >= 0 and row >= line * 0.97) or size == sizes[-1]:
            return _Plan(size, widths, heading, row)
    raise ValueError(sizes)


def _inches(units: float) -> float:
    """The room a text of so many units takes in a cell."""
    return units / MM / ROOM + 0.13


def _body_width(table: SmallTable, j: int, size: float) -> float:
    looks = (Type(size=size), Type(size=size, bold=True))
    widths = [text_width(row[j], looks[i in table.strong]) for i, row in enumerate(table.rows)]
    return _inches(max(widths, default=0.0))


def _folded_width(title: str, look: Type) -> float:
    """The width of a heading folded into two lines as evenly as its words allow."""
    words = clean_text(title).split(" ")
    folds = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))] or [(title, "")]
    return _inches(min(max(text_width(a, look), text_width(b, look)) for a, b in folds))


def _underline(cell: Any, colour: str, width: float) -> None:
    from lxml import etree  # type: ignore[import-untyped]

    properties = cell._tc.get_or_add_tcPr()
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    for side in ("lnL", "lnR", "lnT", "lnB"):
        line = etree.SubElement(properties, f"{{{space}}}{side}", w=str(int(width * 12700)) if side == "lnB" else "0")
        if side == "lnB":
            fill = etree.SubElement(line, f"{{{space}}}solidFill")
            etree.SubElement(fill, f"{{{space}}}srgbClr", val=colour.removeprefix("#"))
        else:
            etree.SubElement(line, f"{{{space}}}noFill")
