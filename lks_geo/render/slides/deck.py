"""A deck being made: its presentation, the place of titles and content, and what every slide carries."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, Texts
from lks_geo.render.figure.paper import Sheet, office_text
from lks_geo.render.figure.printed_map import draw_frame, render
from lks_geo.render.figure.topic import Topic
from lks_geo.render.slides.charts import add_map
from lks_geo.render.slides.layouts import (
    EDGE,
    FOOTER,
    SUPPORT,
    TAKES,
    THEME,
    TITLE,
    UNSUPPORTED,
    XML,
    Area,
    area_of,
    below_support,
    body_of,
    contents_of,
    cover_areas,
    kind_of,
    layouts_of,
    own_presentation,
    parsed,
    read_template,
    tag,
    title_on_top,
)
from lks_geo.render.slides.parts import (
    MM,
    add_picture,
    add_stamp,
    add_text,
    move,
    set_language,
    set_title,
)
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import (
    counted_note,
    disguise_note,
    general_notes,
    method,
    reach_note,
    stamp,
    view_notes,
    view_reported_part,
)
from lks_geo.said.headlines import sentence
from lks_geo.tables import Coverage
from lks_geo.vetting import DAMAGES, unfolded_size

DPI = 200
_SHORTEST, _LONGEST = 914_400, 51_206_400
_MOST_UNPACKED = 500_000_000
"""Sides of a slide: 1 and 56 inches, as PowerPoint has it; bytes of a template once it is unpacked."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_FEET = {"footer": "ftr", "number": "sldNum"}


def template_of(path: Path) -> Any:
    """A template; an error with the cure if it has no layouts with a theme, or no size that slides can have."""
    if zipfile.is_zipfile(path) and unfolded_size(path) > _MOST_UNPACKED:
        raise LksGeoError.of("slides.bad_template", path=str(path))
    presentation = read_template(path)
    try:
        themes = [parsed(layout.slide_master.part.part_related_by(THEME).blob) for layout in presentation.slide_layouts]
        short, long = sorted((presentation.slide_width, presentation.slide_height))
    except (SyntaxError, *DAMAGES) as error:
        raise LksGeoError.of("slides.bad_template", path=str(path)) from error
    if not themes or short < _SHORTEST or long > _LONGEST:
        raise LksGeoError.of("slides.bad_template", path=str(path))
    return presentation


@dataclass
class Deck:
    """The presentation and the coverage it tells of. `layouts`: kind of slide -> its layout; `own`: they are ours, not
    those of an office; `editable`: maps are shapes, one per kecamatan."""

    coverage: Coverage
    presentation: Any
    layouts: Mapping[str, Any]
    own: bool
    editable: bool = False

    @classmethod
    def open(cls, coverage: Coverage, template: Path | None, *, editable: bool = False) -> Deck:
        """A new deck, in the office's template if there is one."""
        own = template is None
        presentation = own_presentation(Texts(coverage.settings.lang)) if template is None else template_of(template)
        deck = cls(coverage, presentation, layouts_of(presentation, own=own), own, editable)
        deck.describe()
        return deck

    @cached_property
    def texts(self) -> Texts:
        """The language of the deck."""
        return Texts(self.coverage.settings.lang)

    @property
    def width(self) -> float:
        """Inches."""
        return float(self.presentation.slide_width.inches)

    @property
    def height(self) -> float:
        """Inches."""
        return float(self.presentation.slide_height.inches)

    def say(self, key: str, /, **params: object) -> str:
        """A text of the catalogue of slides."""
        return self.texts(f"slides.{key}", **params)

    def alt_of_bars(self, slide: Any, title: str) -> str:
        """The alternative text of a bar chart: what it shows, and the finding of its slide."""
        return self.say("alt_bars", title=title, finding=slide.shapes.title.text_frame.text)

    def sentence(self, message: Message) -> str:
        """A message as a sentence of its own."""
        return sentence(self.texts, message)

    def slide(
        self, kind: str, title: str, subtitle: str = "", *, group: str | None = None, kabupaten: str | None = None
    ) -> tuple[Any, Area]:
        """A slide of a kind (see `layouts`) with its headline, supporting sentence and footer; the room for content
        comes back.

        `group`, `kabupaten`: what it is about, for the footer; of a kabupaten all groups are shown.
        """
        layout = self.layouts[kind]
        slide = self.presentation.slides.add_slide(layout)
        area = self._title(slide)
        set_title(slide, title, area, bold=self.own)
        body = self._body(layout, area)
        if subtitle:
            sizes, top = (17, 16, 15, 14, 13, 12, 11), Area(body.x, body.y, body.width, SUPPORT)
            add_text(slide, top, [subtitle], sizes, name="subtitle")
        if subtitle or (self.own and kind not in UNSUPPORTED):
            body = below_support(body)
        self._foot(slide, group, kabupaten)
        self._tell(slide, subtitle, group)
        return slide, body

    def _title(self, slide: Any) -> Area:
        """Where the title of a slide stands: as the layout has it, or on top if that has it elsewhere or not at all."""
        area = title_on_top(self.presentation, slide.slide_layout)
        if area is not None:
            return area
        area = Area(EDGE, TITLE.y, self.width - 2 * EDGE, TITLE.height)
        move(title_of(slide), area)
        return area

    def cover_areas(self, slide: Any) -> tuple[Area, Area, Area | None]:
        """Where title, subtitle and map of the cover stand; a template's cover may have no place for a map."""
        if self.own:
            return cover_areas(self.width, self.height)
        places = {kind_of(place): area_of(place) for place in slide.placeholders}
        title = places.get("ctrTitle") or self._title(slide)
        below = Area(title.x, title.y + title.height + 0.2, title.width, 1.3)
        return title, places.get("subTitle", below), places.get("pic")

    def _body(self, layout: Any, title: Area) -> Area:
        """Where content goes: where the layout has it, else below the title and above the footer."""
        top = title.y + title.height + 0.05
        below = Area(EDGE, top, self.width - 2 * EDGE, self.height - FOOTER - 0.2 - top)
        if self.own or not contents_of(layout):
            return below
        body, roomy = body_of(self.presentation, layout)
        return body if roomy else below

    def drawn(self, topic: Topic) -> Topic:
        """The topic as maps of this deck show it: shapes are of kecamatan where there are rows of them."""
        levels = set(self.coverage.table["level"])
        return replace(topic, level="kecamatan") if self.editable and "kecamatan" in levels else topic

    def map(self, slide: Any, area: Area, topic: Topic, *, alt: Message, ranks: int = 5) -> None:
        """A map of the topic that fills the area, without the furniture that the slide itself has."""
        if self.editable:
            add_map(slide, area, topic, self.texts(alt), ranks=ranks)
        else:
            sheet = Sheet(size_mm=(area.width * MM, area.height * MM))
            strong, window = min(1.35, max(0.8, area.width / 3.6)), (0, 0, sheet.width, sheet.height)
            draw_frame(sheet, topic, window, strong=strong, round_scale=False, ranks=ranks, furniture=False)
            add_picture(slide, area, render(sheet, ".png", DPI), self.texts(alt))

    def describe(self) -> None:
        """Title, author and dates of the file: those of the settings, never of the clock."""
        from datetime import UTC, datetime, time

        settings, properties = self.coverage.settings, self.presentation.core_properties
        properties.title = settings.title or self.say("file_title", place=place_name(self.coverage))
        properties.author = properties.last_modified_by = settings.agency
        properties.subject, properties.keywords, properties.comments = "", "", ""
        properties.language = settings.lang
        properties.created = properties.modified = datetime.combine(settings.day, time(), UTC)
        properties.revision = 1

    def data(self) -> bytes:
        """The finished file."""
        for slide in self.presentation.slides:
            settle(slide)
            set_language(slide, self.coverage.settings.lang)
        return same_bytes(self.presentation, self.coverage.settings.day)

    def _tell(self, slide: Any, subtitle: str, group: str | None) -> None:
        """The notes of the speaker: what the slide says besides its title, and the method in words."""
        lines = [*method(self.coverage.settings, group), *general_notes(self.coverage)]
        words = [subtitle, *(self.sentence(line) for line in lines)]
        slide.notes_slide.notes_text_frame.text = office_text("\n".join(filter(None, words)))

    def _foot(self, slide: Any, group: str | None, kabupaten: str | None) -> None:
        settings, stamped = self.coverage.settings, 1.95 if stamp(self.coverage) is not None else 0.2
        parts = [reach_note(settings, group)] if group else []
        parts.append(counted_note(settings))
        if group is None or kabupaten is not None:
            parts += view_notes(self.coverage, kabupaten)
        else:
            notes = (view_reported_part(self.coverage), disguise_note(self.coverage, group))
            parts += [note for note in notes if note is not None]
        words = "; ".join(self.texts(part) for part in parts)
        estimated, known = self.coverage.estimated()
        estimate = self.say("estimate" if estimated == known else "estimate_part") if estimated else ""
        line = self.say(
            "footer", words=words[:1].upper() + words[1:], agency=settings.agency, day=settings.day, estimate=estimate
        )
        y = self.height - FOOTER - 0.08
        area = Area(EDGE, y, self.width - 2 * EDGE - stamped, FOOTER - 0.08)
        add_text(slide, area, [line], (10.5, 10, 9.5, 9, 8.5, 8, 7), middle=True, name="footer")
        add_slide_number(slide, Area(self.width - EDGE + 0.12, y, EDGE - 0.22, FOOTER - 0.08))
        self.stamp(slide)

    def stamp(self, slide: Any, area: Area | None = None) -> None:
        """DATA CONTOH or INTERNAL, if it must stand there: in an area, or right of the footer."""
        mark = stamp(self.coverage)
        if mark is not None:
            foot = Area(self.width - EDGE - 1.75, self.height - FOOTER - 0.04, 1.75, 0.34)
            add_stamp(slide, area or foot, self.texts(mark))


def add_slide_number(slide: Any, area: Area) -> None:
    """The number of the slide, as a field that the office program keeps."""
    from lxml import etree  # type: ignore[import-untyped]
    from pptx.oxml.ns import qn
    from pptx.util import Inches

    box = slide.shapes.add_textbox(Inches(area.x), Inches(area.y), Inches(area.width), Inches(area.height))
    box.name, frame = "number", box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]._p
    number = etree.SubElement(paragraph, qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    etree.SubElement(number, qn("a:rPr"), sz="1000", lang="")
    etree.SubElement(number, qn("a:t")).text = str(len(slide.part.package.presentation_part.presentation.slides))


def settle(slide: Any) -> None:
    """Makes what was put on a slide the content of the places that its layout has there, and removes empty places.

    Text boxes that are known by their name ("text", "subtitle", "footer", "number") go into places, others are labels.
    """
    feet = {kind_of(place): place for place in reversed([*slide.slide_layout.placeholders])}
    own = [place for place in slide.placeholders if place._element.tag == tag("sp")]
    free = [(kind_of(place), area_of(place), place) for place in own if not place.text_frame.text]
    for shape in [shape for shape in slide.shapes if not shape.is_placeholder]:
        what = _what(shape)
        foot, taken = what in _FEET.values(), _place_for(free, area_of(shape), what)
        place = feet.get(what) if foot else None if taken is None else free.pop(taken)[-1]
        if place is not None:
            _become(shape, deepcopy(place._element.ph))
            if taken is not None:
                place._element.getparent().remove(place._element)
    for place in own:
        if place._element.getparent() is not None and not place.text_frame.text.strip():
            place._element.getparent().remove(place._element)


def _what(shape: Any) -> str:
    kinds = (("pic", shape._element.tag == tag("pic")), ("tbl", shape.has_table), ("chart", shape.has_chart))
    return next((kind for kind, fits in kinds if fits), _FEET.get(shape.name, shape.name))


def _place_for(free: Sequence[tuple[str, Area, Any]], area: Area, what: str) -> int | None:
    """Which of the free places takes what lies in that area and lies most where it is; None if there is none.

    A place of the whole body is none for the sentence below the title, which fills a small part of it.
    """
    best, most = None, 0.5 if what == "subtitle" else 0.25
    for number, (kind, own, _) in enumerate(free):
        if kind in TAKES.get(what, ()):
            sizes = [one.width * one.height for one in (own, area)]
            share = _shared(own, area) / max(max(sizes) if what == "subtitle" else min(sizes), 0.01)
            best, most = (number, share) if share > most + 0.01 else (best, most)
    return best


def _shared(one: Area, other: Area) -> float:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(across, 0) * max(down, 0)


def _become(shape: Any, place: Any) -> None:
    """The shape is the content of that place from now on."""
    shape._element.xpath("./*[1]/p:nvPr")[0].insert(0, place)
    for box in shape._element.xpath("./p:nvSpPr/p:cNvSpPr"):
        box.attrib.pop("txBox", None)


def title_of(slide: Any) -> Any:
    """The title of a slide; one of its own if its layout has none."""
    if slide.shapes.title is None:
        _become(slide.shapes.add_textbox(0, 0, 0, 0), parsed(f'<p:ph {XML} type="title"/>'))
    return slide.shapes.title


def same_bytes(presentation: Any, day: date) -> bytes:
    """The file with that day as its only date: of its parts, and of the workbooks behind its charts."""
    stream = BytesIO()
    presentation.save(stream)
    return _fixed_zip(stream.getvalue(), f"{day.isoformat()}T00:00:00Z".encode())


def _fixed_zip(data: bytes, moment: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = _fixed_zip(part, moment)
            elif name == "docProps/core.xml":
                part = re.sub(rb"(W3CDTF\">)[^<]*(<)", rb"\g<1>" + moment + rb"\g<2>", part)  # 'W3CDTF">2025-03-01T…<'
            packed = name.endswith(".png")
            new.writestr(zipfile.ZipInfo(name, ZIP_DATE), part, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
    return stream.getvalue()
