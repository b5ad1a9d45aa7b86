"""Native drawings of slides: bars with their values, lines told apart without colour, maps of shapes that can be
recoloured. None is a gap, never a zero.

Percentages in charts have no decimals, so that they read the same whatever the language of the office program; the
tables beside them have one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.render import style
from lks_geo.render.borders import COARSE_M, far_islands
from lks_geo.render.figure.map_paths import Layer, View, fit_view, shapes_of
from lks_geo.render.figure.paper import office_text, text_width, wrap
from lks_geo.render.figure.topic import Topic
from lks_geo.render.slides.layouts import Area
from lks_geo.render.slides.parts import MM, ROOM, add_box, add_text, describe, fit, hatch, look_of, rgb, set_colour
from lks_geo.said.areas import short_place, unserved_list

DISC = 0.2
"""The width of a numbered disc on a map of shapes (inches)."""
EMU = 914_400
"""Units of the office programs in an inch."""
NAMES = 0.4
"""The share of the width of a bar chart that names may take."""
FEW = 7
"""Up to so many bars there is room for names of two lines."""
LINE_LOOKS = (
    (style.STATUS_COLOURS["belum_terlayani"], "SOLID", "CIRCLE", True),
    (style.STATUS_COLOURS["terjangkau_sebagian"], "DASH", "SQUARE", True),
    (style.ACCENT, "ROUND_DOT", "TRIANGLE", True),
    (style.INK_FAINT, "DASH_DOT", "DIAMOND", True),
    ("#357B7C", "LONG_DASH", "PLUS", True),
    ("#77539B", "LONG_DASH_DOT", "X", True),
    (style.INK, "SOLID", "SQUARE", False),
    ("#2F5233", "DASH", "CIRCLE", False),
    ("#B03A5B", "ROUND_DOT", "DIAMOND", False),
    ("#6B4A12", "DASH_DOT", "TRIANGLE", False),
)
"""How the lines of a chart look, in turn: colour, dash, marker, and whether it is full. Dash and marker tell them apart
in grey; more groups than these are rare."""
LEGEND_SIZES = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7)


def add_bars(
    slide: Any,
    area: Area,
    names: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    alt: str,
    colour: str = style.ACCENT,
    number_format: str,
    highest: float | None = 1.0,
    size: float = 11,
) -> None:
    """A native bar chart, first name on top, with the value at the end of each bar; nothing without names."""
    if not names:
        return
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    data: Any = CategoryChartData(number_format="General")  # type: ignore[no-untyped-call]
    room = area.width * MM * ROOM * NAMES
    lines = 2 if len(names) <= FEW else 1
    data.categories = [" ".join(wrap(name, look_of(size=size), room, lines)) for name in names]
    data.add_series(office_text(title), list(values))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height), data
    )
    describe(frame, alt)
    chart = frame.chart
    _valid_ids(chart)
    chart.has_legend, chart.has_title = False, True
    chart.font.size = Pt(size)
    set_colour(chart.font, style.INK)
    heading = chart.chart_title.text_frame
    heading.text = office_text(title)
    run = heading.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(size + 0.5), True
    set_colour(run.font, style.INK)
    chart.chart_title.include_in_layout = False
    bars = chart.plots[0]
    bars.gap_width, bars.vary_by_categories = 45, False
    bars.series[0].format.fill.solid()
    bars.series[0].format.fill.fore_color.rgb = rgb(colour)
    bars.series[0].invert_if_negative = False
    bars.has_data_labels = True
    labels = bars.data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.position, labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(size)
    chart.category_axis.reverse_order = True
    _label_every(chart.category_axis)
    chart.category_axis.format.line.color.rgb = rgb(style.CONTROL)
    chart.category_axis.has_major_gridlines = False
    axis = chart.value_axis
    axis.visible, axis.has_major_gridlines = False, False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    axis.minimum_scale = 0
    if highest is not None:
        axis.maximum_scale = highest * 1.2


def _valid_ids(chart: Any) -> None:
    """Ids of axes above 0, as the schema asks; python-pptx gives some below."""
    for number in chart._chartSpace.xpath(".//c:axId | .//c:crossAx"):
        number.set("val", number.get("val").removeprefix("-"))


def _label_every(axis: Any) -> None:
    """Keeps the office program from leaving out names where it thinks they are many."""
    from lxml import etree  # type: ignore[import-untyped]
    from pptx.oxml.ns import qn

    skip = etree.Element(qn("c:tickLblSkip"), val="1")
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def add_lines(
    slide: Any, area: Area, names: Sequence[str], series: Mapping[str, Sequence[float | None]], *, title: str, alt: str,
    highest: float = 1.0,
) -> None:  # fmt: skip
    """A native line chart of shares, one line per series, told apart by marker and dash as well as by colour.
    `highest`: where the axis ends."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Inches, Pt

    data: Any = CategoryChartData(number_format="0%")  # type: ignore[no-untyped-call]
    data.categories = [office_text(name) for name in names]
    for name, values in series.items():
        data.add_series(office_text(name), list(values))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS, Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height), data
    )
    describe(frame, alt)
    chart = frame.chart
    _valid_ids(chart)
    chart.font.size = Pt(12)
    set_colour(chart.font, style.INK)
    chart.has_title, chart.has_legend = True, True
    chart.chart_title.text_frame.text = office_text(title)
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12.5)
    set_colour(chart.chart_title.text_frame.paragraphs[0].runs[0].font, style.INK)
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, highest, highest / 5
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0%", False
    axis.major_gridlines.format.line.color.rgb = rgb(style.RULE)
    for i, line in enumerate(chart.plots[0].series):
        colour, dash, marker, full = LINE_LOOKS[i % len(LINE_LOOKS)]
        line.smooth = False
        line.format.line.color.rgb, line.format.line.width = rgb(colour), Pt(2.25)
        line.format.line.dash_style = getattr(MSO_LINE, dash)
        line.marker.style, line.marker.size = getattr(XL_MARKER_STYLE, marker), 8
        line.marker.format.fill.solid()
        line.marker.format.fill.fore_color.rgb = rgb(colour if full else "#FFFFFF")
        line.marker.format.line.color.rgb = rgb(colour)


def add_map(slide: Any, area: Area, topic: Topic, alt: str, *, ranks: int = 0) -> None:
    """A map of shapes, one per area of the topic's level in its class, in one group; with names, and the numbers of the
    first `ranks` of the list of desa.

    On a map of all areas the names are those of the kabupaten, else of the areas: each as far as it covers none before
    it. Islands far away are not drawn.
    """
    from pptx.util import Pt

    shapes, names = shapes_of(topic.coverage.boundaries), topic.names["nama"].astype(str)
    layer = shapes.layer(topic.level, COARSE_M)
    inside = pd.Series(topic.inside, index=topic.names.index).reindex(layer.index).to_numpy(dtype=bool)
    inside = inside & (far_islands(topic.coverage.boundaries, topic.level, layer.index) == 0)
    left, bottom, right, top = layer.bounds[inside].T
    edges = (float(left.min()), float(bottom.min()), float(right.max()), float(top.max()))
    view, _ = fit_view(edges, (area.x, area.y, area.width, area.height), MM, margins=(0.1,) * 4, round_scale=False)
    kinds = {kind.key: kind for kind in topic.classes}
    group = slide.shapes.add_group_shape()
    describe(group, alt)
    for place in np.flatnonzero(inside).tolist():
        kind = kinds[topic.class_of[layer.index[place]]]
        shape = _freeform(group, layer, place, view, area)
        shape.name = office_text(names[layer.index[place]])
        describe(shape, f"{shape.name}: {topic.texts(kind.label)}")
        shape.shadow.inherit = False
        shape.line.color.rgb, shape.line.width = rgb("#FFFFFF"), Pt(0.5)
        if kind.key in style.HATCHES:
            hatch(shape, kind)
        else:
            shape.fill.solid()
            shape.fill.fore_color.rgb = rgb(kind.colour)
    taken = _numbers(group, topic, view, area, ranks)
    named = layer if topic.kabupaten else shapes.layer("kabupaten", COARSE_M)
    called = names if topic.kabupaten else topic.coverage.boundaries.names("kabupaten")["nama"].astype(str)
    size = 8 if topic.kabupaten else 11
    for code, at in zip(named.index, view.units(named.points), strict=True):
        if not (inside[layer.index.get_loc(code)] if topic.kabupaten else not topic.wanted or code in topic.wanted):
            continue
        text = short_place(called[code])
        wide, high = text_width(office_text(text), look_of(size=size, bold=True)) / MM / ROOM + 0.1, size / 50
        room = Area(at[0] - wide / 2, 2 * area.y + area.height - at[1] - high / 2, wide, high)
        spot = _free(room, taken, area)
        if spot is not None:
            taken.append(spot)
            _label(_box(group, spot), text, size)


def add_legend(slide: Any, area: Area, topic: Topic) -> None:
    """Swatches with the number of areas of each class (of what they are, unless desa), in two columns."""
    rows = topic.legend
    half = (len(rows) + 1) // 2
    high = min(0.27, area.height / half)
    unit = "slides.legend_row_kecamatan" if topic.level == "kecamatan" else "slides.legend_row"
    labels = [topic.texts(unit, label=row.kind.label, n=row.areas) for row in rows]
    room = Area(0, 0, area.width / 2 - 0.4, high)
    size = min(fit([label], LEGEND_SIZES, room, bold=i == 0) for i, label in enumerate(labels))
    for i, row in enumerate(rows):
        x = area.x + (i // half) * area.width / 2
        y = area.y + (i % half) * high
        swatch = add_box(slide, Area(x, y + high * 0.16, 0.3, high * 0.62), fill=row.kind.colour, edge=style.INK_FAINT)
        if row.kind.key in style.HATCHES:
            hatch(swatch, row.kind)
        add_text(slide, Area(x + 0.36, y, room.width, high), [labels[i]], (size,), bold=i == 0,
                 colour=style.INK, middle=True)  # fmt: skip


def _numbers(group: Any, topic: Topic, view: View, area: Area, ranks: int) -> list[Area]:
    """White discs with the numbers of the list where its desa lie; the room that they take comes back."""
    if not ranks:
        return []
    layer = shapes_of(topic.coverage.boundaries).layer("desa", COARSE_M)
    listed = unserved_list(topic.coverage, topic.group, kabupaten=topic.kabupaten, top=ranks)
    home = view.units(layer.points[layer.index.get_indexer(pd.Index(listed["kode"]))])
    taken: list[Area] = []
    for (x, y), number in zip(home, listed["no"], strict=True):
        room = Area(x - DISC / 2, 2 * area.y + area.height - y - DISC / 2, DISC, DISC)
        taken.append(_free(room, taken, area) or room)
        _label(_box(group, taken[-1], disc=True), str(number), 8)
    return taken


def _free(room: Area, taken: Sequence[Area], area: Area) -> Area | None:
    """The room, or one a little above, below or beside it, that lies in the area and on none that is taken."""
    near = ((0, 0), (1, 0), (-1, 0), (0, 0.6), (0, -0.6), (1, 0.6), (-1, -0.6), (0, 1), (0, -1), (1, -1), (-1, 1))
    for down, aside in (*near, (2, 0), (-2, 0), (0, 2), (0, -2)):
        one = replace(room, x=room.x + aside * room.width, y=room.y + down * room.height)
        across = area.x <= one.x and one.x + one.width <= area.x + area.width
        inside = across and area.y <= one.y and one.y + one.height <= area.y + area.height
        if inside and not any(_overlap(one, other) for other in taken):
            return one
    return None


def _overlap(one: Area, other: Area) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def _box(group: Any, room: Area, *, disc: bool = False) -> Any:
    """A white box for a name, or a white disc with a dark edge for a number."""
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Inches, Pt

    at = (Inches(room.x), Inches(room.y), Inches(room.width), Inches(room.height))
    box = group.shapes.add_shape(MSO_SHAPE.OVAL, *at) if disc else group.shapes.add_textbox(*at)
    box.fill.solid()
    box.fill.fore_color.rgb = rgb("#FFFFFF")
    if disc:
        box.shadow.inherit = False
        box.line.color.rgb, box.line.width = rgb(style.INK), Pt(0.75)
    return box


def _freeform(group: Any, layer: Layer, place: int, view: View, area: Area) -> Any:
    """An area as one shape with all its rings."""
    part = slice(layer.starts[place], layer.starts[place + 1])
    at = view.units(layer.vertices[part]) * EMU
    at[:, 1] = (2 * area.y + area.height) * EMU - at[:, 1]
    rings = np.split(at.round().astype(int), np.flatnonzero(layer.codes[part] == 1)[1:])
    builder = group.shapes.build_freeform(*map(int, rings[0][0]), scale=1.0)
    for number, ring in enumerate(rings):
        if number:
            builder.move_to(*map(int, ring[0]))
        builder.add_line_segments([(int(x), int(y)) for x, y in ring[1:]], close=True)
    return builder.convert_to_shape()


def _label(box: Any, text: str, size: float) -> None:
    """A name on a map, in the middle of its box."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    run = frame.paragraphs[0].add_run()
    run.text = office_text(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, rgb(style.INK)
