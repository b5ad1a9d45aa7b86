"""The layouts of a deck: our own master, or those of an office's template, with the places that content takes.

What a slide shows is put where its layout has a place for that kind, so that "Reset", the outline and another design
work. Of a template, the layout is taken that has its title on top and most places for what a slide shows; a layout is
known by its places, never by its name. Places that are turned (vertical text) or stand beside the title are not used.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lks_geo.errors import LksGeoError
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.vetting import DAMAGES


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a slide, in inches."""

    x: float
    y: float
    width: float
    height: float

    def columns(self, *shares: float, gap: float = 0.3) -> list[Area]:
        """The area cut into columns by shares."""
        room = self.width - gap * (len(shares) - 1)
        cut, x = [], self.x
        for share in shares:
            wide = room * share / sum(shares)
            cut.append(Area(x, self.y, wide, self.height))
            x += wide + gap
        return cut

    def rows(self, *shares: float, gap: float = 0.15) -> list[Area]:
        """The area cut into rows by shares."""
        turned = Area(self.y, self.x, self.height, self.width).columns(*shares, gap=gap)
        return [Area(part.y, part.x, part.height, part.width) for part in turned]


WIDE, HIGH = 13.333, 7.5
EDGE = 0.55
FOOTER = 0.5
SUPPORT = 0.68
"""The height of the sentence below the title (inches)."""
MAP_SHARE = 0.455
"""The share of the width of a slide that a map takes at least."""
LEGEND = 0.81
"""The height below a map for its legend (inches)."""
TITLE = Area(EDGE, 0.25, WIDE - 2 * EDGE, 0.95)
BODY = Area(EDGE, 1.25, WIDE - 2 * EDGE, HIGH - FOOTER - 0.2 - 1.25)
FOOT = Area(EDGE, HIGH - FOOTER - 0.08, WIDE - 2 * EDGE, FOOTER - 0.08)
SMALL_BODY = 0.5
"""Content of a template's layout that has less than this share of the slide's height is too small."""

UNSUPPORTED = ("tables",)
"""Kinds of slides without a sentence below the title."""
TAKES = {
    "pic": ("pic", "obj"), "tbl": ("tbl", "obj"), "chart": ("chart", "obj"), "text": ("body", "obj", "subTitle"),
    "subtitle": ("body", "subTitle"),
}  # fmt: skip
"""What is shown -> the kinds of places that take it."""
THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
XML = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a layout: its kind as the file has it, where it is, type size, whether bold and where text stands."""

    kind: str
    area: Area
    size: float = 14
    bold: bool = False
    anchor: str = "t"


def below_support(body: Area) -> Area:
    """What is left of a body below the sentence that supports the title."""
    return Area(body.x, body.y + SUPPORT + 0.12, body.width, body.height - SUPPORT - 0.12)


def beside_map(body: Area, width: float) -> tuple[Area, Area, Area]:
    """The map, the legend below it and the room to their right, in a slide of that width."""
    wide = width * MAP_SHARE
    frame = Area(body.x, body.y, wide, body.height - LEGEND - 0.1)
    legend = Area(body.x, frame.y + frame.height + 0.08, wide, LEGEND)
    return frame, legend, Area(body.x + wide + 0.3, body.y, body.width - wide - 0.3, body.height)


def change_areas(body: Area) -> tuple[Area, Area, Area]:
    """The map of what changed, its legend, and the wider room for the table of causes."""
    left, right = body.columns(0.42, 0.58, gap=0.3)
    frame, legend = left.rows(0.84, 0.16, gap=0.1)
    return frame, legend, right


def below_caption(area: Area) -> Area:
    """A table below its caption."""
    return Area(area.x, area.y + 0.3, area.width, area.height - 0.3)


def cover_areas(width: float, height: float) -> tuple[Area, Area, Area]:
    """Title, subtitle and map of the cover."""
    wide = width * MAP_SHARE
    title = Area(EDGE, height * 0.24, width - wide - 2 * EDGE - 0.4, height * 0.28)
    below = Area(EDGE, title.y + title.height + 0.2, title.width, 1.3)
    return title, below, Area(width - wide - EDGE, 0.5, wide, height - 1.35)


def _own() -> dict[str, tuple[Place, ...]]:
    """Kind of slide -> the places of its layout."""
    title, support = Place("title", TITLE, 26, True, "b"), Place("body", Area(BODY.x, BODY.y, BODY.width, SUPPORT), 16)
    room, (cover, below, picture) = below_support(BODY), cover_areas(WIDE, HIGH)
    frame, _, beside = beside_map(room, WIDE)
    upper, lower = map(below_caption, beside.rows(0.52, 0.48, gap=0.1))

    def columns(kind: str, *shares: float, gap: float) -> tuple[Place, Place]:
        left, right = room.columns(*shares, gap=gap)
        return Place(kind, left), Place("tbl", right)

    def below_table(right: Area, share: float) -> Place:
        return Place("body", Area(right.x, right.y + right.height * share, right.width, right.height * (1 - share)), 12)

    chart, register = columns("chart", 0.4, 0.6, gap=0.4), columns("chart", 0.3, 0.7, gap=0.3)
    sites, change = columns("tbl", 0.66, 0.34, gap=0.3)
    first, second = sites.area.rows(0.62, 0.38, gap=0.15)
    words = room.columns(0.52, 0.48, gap=0.45)
    return {
        "cover": (Place("ctrTitle", cover, 36, True, "ctr"), Place("subTitle", below, 16), Place("pic", picture)),
        "map": (title, support, Place("pic", frame), Place("tbl", upper), Place("tbl", lower)),
        "change": (title, support, Place("pic", change_areas(room)[0]), Place("tbl", change_areas(room)[2])),
        "chart": (title, support, *chart, below_table(chart[1].area, 0.62)),
        "register": (title, support, *register, below_table(register[1].area, 0.7)),
        "lines": (title, support, *columns("chart", 0.58, 0.42, gap=0.4)),
        "table": (title, support, Place("tbl", below_caption(first)), Place("tbl", below_caption(change.area)),
                  Place("body", second, 12)),
        "text": (title, support, Place("body", words[0], 12), Place("body", words[1], 12)),
        "notes": (title, support, Place("body", room)),
        "wide": (title, support, Place("chart", room)),
        "tables": (title, *(Place("tbl", part) for part in BODY.rows(0.5, 0.5, gap=0.3))),
    }  # fmt: skip


def own_presentation(texts: Texts) -> Any:
    """A new presentation, 16:9, with our master, layouts, colours and Arial, which every office has or its twin."""
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDE), Inches(HIGH)
    master, layouts = presentation.slide_masters[0], list(presentation.slide_layouts)
    _fill(master, (Place("title", TITLE, 26, True, "b"), Place("body", BODY, 16)), texts)
    master._element.cSld.set("name", "LKS")
    for styles in master._element.findall(tag("txStyles")):
        styles.getparent().replace(styles, _text_styles())
    for layout, (kind, places) in zip(layouts, _own().items(), strict=False):
        layout._element.cSld.set("name", texts(f"slides.layout_{kind}"))
        layout._element.attrib.pop("type", None)
        if kind == "cover":
            layout._element.set("type", "title")
        _fill(layout, places, texts)
    for spare in layouts[len(_own()) :]:
        presentation.slide_layouts.remove(spare)
    _own_theme(master)
    return presentation


def tag(name: str) -> str:
    from pptx.oxml.ns import qn

    return str(qn(f"p:{name}"))


def parsed(xml: str | bytes) -> Any:
    """The element of a piece of XML."""
    from pptx.oxml import parse_xml

    return parse_xml(xml)


def _fill(holder: Any, places: Sequence[Place], texts: Texts) -> None:
    """Gives a master or layout these places, and those of footer and slide number, instead of all that it has."""
    tree = holder.shapes._spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    feet = (Place("ftr", Area(FOOT.x, FOOT.y, FOOT.width - 1.95, FOOT.height), 10, anchor="ctr"),
            Place("sldNum", Area(WIDE - EDGE + 0.12, FOOT.y, EDGE - 0.22, FOOT.height), 10, anchor="ctr"))  # fmt: skip
    if places[0].kind == "ctrTitle":
        bar = Area(EDGE, places[0].area.y - 0.12, 1.2, 0.07)
        tree.append(parsed(_bar_xml(bar)))
    for number, place in enumerate((*places, *feet), start=3):
        tree.append(parsed(_place_xml(number, place, texts)))


def _place_xml(number: int, place: Place, texts: Texts) -> str:
    """A place as a layout has it: where, how large its type, and a word on what belongs there."""
    words = escape(texts(f"slides.place_{place.kind.lower()}"))
    name = quoteattr(f"{texts(f'slides.place_{place.kind.lower()}')} {number}")
    text = f"<a:r><a:rPr/><a:t>{words}</a:t></a:r>"
    if place.kind == "sldNum":
        text = '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr/><a:t>‹#›</a:t></a:fld>'
    order = "" if place.kind in ("title", "ctrTitle") else f' idx="{number + 7}"'
    colour = "tx1" if place.bold else "tx2"
    return (
        f'<p:sp {XML}><p:nvSpPr><p:cNvPr id="{number}" name={name}/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{place.kind}"{order}/></p:nvPr></p:nvSpPr><p:spPr>{_frame_xml(place.area)}'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{place.anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle>'
        f'<a:lvl1pPr marL="0" indent="0" algn="l"><a:buNone/>'
        f'<a:defRPr sz="{int(place.size * 100)}" b="{int(place.bold)}">'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
        f"<a:p>{text}</a:p></p:txBody></p:sp>"
    )


def _bar_xml(area: Area) -> str:
    """The bar above the title of the cover."""
    return (
        f'<p:sp {XML}><p:nvSpPr><p:cNvPr id="2" name="bar"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'{_frame_xml(area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/>'
        "</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


def _frame_xml(area: Area) -> str:
    x, y, width, height = (round(value * 914_400) for value in (area.x, area.y, area.width, area.height))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _text_styles() -> Any:
    """How the master sets titles, texts and all else: no bullets, theme fonts and colours."""

    def level(kind: str, number: int, size: int, bold: int = 0) -> str:
        fonts = "".join(f'<a:{script} typeface="+{kind}-{key}"/>' for script, key in
                        (("latin", "lt"), ("ea", "ea"), ("cs", "cs")))  # fmt: skip
        return (
            f'<a:lvl{number}pPr marL="{(number - 1) * 228_600}" indent="0" algn="l" defTabSz="914400" rtl="0" '
            f'eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:buNone/><a:defRPr sz="{size}" b="{bold}" kern="1200">'
            f'<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>{fonts}</a:defRPr></a:lvl{number}pPr>'
        )

    body, other = ("".join(level("mn", number, size) for number in range(1, 10)) for size in (1600, 1800))
    return parsed(
        f"<p:txStyles {XML}><p:titleStyle>{level('mj', 1, 2600, 1)}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )


def _own_theme(master: Any) -> None:
    part = master.part.part_related_by(THEME)
    font = rb"\g<1>" + style.FONT.encode() + rb"\g<2>"
    blob = re.sub(rb'(<a:latin typeface=")[^"]*(")', font, part.blob)  # '<a:latin typeface="Calibri"'
    blob = re.sub(rb'(<a:theme [^>]*name=")[^"]*(")', rb"\g<1>LKS\g<2>", blob)  # '<a:theme xmlns:a="..." name="Office"'
    for name, colour in style.THEME_COLOURS.items():
        value = f'<a:srgbClr val="{colour.removeprefix("#")}"/>'.encode()
        tag = name.encode()
        blob = re.sub(rb"(<a:%b>).*?(</a:%b>)" % (tag, tag), rb"\g<1>" + value + rb"\g<2>", blob, flags=re.DOTALL)
    part._blob = blob


def read_template(path: Path) -> Any:
    """A presentation of the office as a template: its sizes and layouts, without its slides."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        presentation = Presentation(str(path))
    except (PackageNotFoundError, SyntaxError, zipfile.BadZipFile, *DAMAGES) as error:
        raise LksGeoError.of("slides.bad_template", path=str(path)) from error
    for entry in list(presentation.slides._sldIdLst):
        presentation.part.drop_rel(entry.rId)
        entry.getparent().remove(entry)
    return presentation


def kind_of(place: Any) -> str:
    """The kind of a place as its file has it: "title", "pic", "obj" (anything)."""
    return str(place._element.ph.get("type") or "obj")


def area_of(shape: Any) -> Area:
    """Where a shape is, or would be by its layout (inches)."""
    return Area(*((value or 0) / 914_400 for value in (shape.left, shape.top, shape.width, shape.height)))


def layouts_of(presentation: Any, *, own: bool) -> dict[str, Any]:
    """Kind of slide -> its layout: ours in their order, of a template those that fit best."""
    every, kinds = list(presentation.slide_layouts), _own()
    if own:
        return dict(zip(kinds, every, strict=True))
    chosen = {kind: max(every, key=partial(_fitness, presentation, _shown(places))) for kind, places in kinds.items()}
    covers = [one for one in every if "ctrTitle" in map(kind_of, one.placeholders)]
    return chosen | ({"cover": covers[0]} if covers else {})


def _shown(places: Sequence[Place]) -> list[str]:
    """What a slide of these places shows besides its title and the sentence below it."""
    return [place.kind for place in places if place.kind in TAKES] or ["text"] * (len(places) - 2)


def _fitness(presentation: Any, shown: Sequence[str], layout: Any) -> tuple[bool, int, int]:
    """How well a layout suits what a slide shows: title on top, places filled, then fewest left over."""
    places = contents_of(layout)
    free, filled = [kind_of(place) for place in places], 0
    for what in shown:
        taken = next((kind for kind in TAKES[what] if kind in free), None)
        if taken is not None:
            free.remove(taken)
            filled += 1
    roomy = not places or body_of(presentation, layout)[1]
    return title_on_top(presentation, layout) is not None, filled if roomy else -1, -len(free)


def contents_of(layout: Any) -> list[Any]:
    """The places of a layout that content can take."""
    kinds = {kind for taken in TAKES.values() for kind in taken}
    upright = [place for place in layout.placeholders if "vert" not in place._element.ph.get("orient", "")]
    return [place for place in upright if kind_of(place) in kinds]


def title_on_top(presentation: Any, layout: Any) -> Area | None:
    """Where the layout has its title, if that leaves room for content below."""
    high = presentation.slide_height / 914_400
    areas = [area_of(place) for place in layout.placeholders if kind_of(place) in ("title", "ctrTitle")]
    return next((area for area in areas if area.width and area.y + area.height < high * 0.34), None)


def body_of(presentation: Any, layout: Any) -> tuple[Area, bool]:
    """Where a layout of a template has its content, all places together; whether that is large enough."""
    wide, high = presentation.slide_width / 914_400, presentation.slide_height / 914_400
    areas = [area_of(place) for place in contents_of(layout)]
    left, top = min((one.x for one in areas), default=EDGE), min((one.y for one in areas), default=0.0)
    right = max((one.x + one.width for one in areas), default=wide - EDGE)
    bottom = min(max((one.y + one.height for one in areas), default=high), high - FOOTER - 0.2)
    body = Area(left, top, right - left, bottom - top)
    return body, body.width > 0.7 * wide and body.height > SMALL_BODY * high
