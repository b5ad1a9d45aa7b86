"""A deck being made: its presentation, the place of titles and content, and what every slide carries."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from lks_geo.errors import LksGeoError
from lks_geo.files import refuse_absent
from lks_geo.messages import Message, Texts, msg
from lks_geo.render import style
from lks_geo.render.figure.paper import Sheet, clean_text
from lks_geo.render.figure.printed_map import draw_frame, render
from lks_geo.render.figure.topic import Topic
from lks_geo.render.slides.charts import add_map
from lks_geo.render.slides.parts import (
    MM,
    Area,
    add_box,
    add_picture,
    add_slide_number,
    add_stamp,
    add_text,
    fit,
    hatch,
    rgb,
    set_language,
    set_title,
)
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import counted_note, general_notes, method, reach_note, stamp
from lks_geo.said.headlines import sentence
from lks_geo.said.totals import disguise_note, view_notes, view_reported_part
from lks_geo.tables import Coverage

WIDE, HIGH = 13.333, 7.5
EDGE = 0.55
FOOTER = 0.5
DPI = 200
LEGEND_SIZES = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7)
TITLE = Area(EDGE, 0.25, WIDE - 2 * EDGE, 0.95)


@dataclass
class Deck:
    """The presentation and the coverage it tells of. `title_area` is where the layout has its title; `editable`: maps
    are shapes, one per kecamatan."""

    coverage: Coverage
    presentation: Any
    layout: Any
    title_area: Area
    own_title: bool
    editable: bool = False

    @classmethod
    def open(cls, coverage: Coverage, template: Path | None, *, editable: bool = False) -> Deck:
        """A new deck, in the office's template if there is one."""
        if template is not None:
            presentation = read_template(template)
            layout = _title_layout(presentation)
            area = _title_of(presentation, layout)
            drawn = area is None
            deck = cls(coverage, presentation, layout, area or _scaled_title(presentation), drawn, editable)
        else:
            deck = cls(coverage, *_plain(), TITLE, True, editable)
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

    @property
    def body(self) -> Area:
        """Where content goes: below the title, above the footer."""
        top = self.title_area.y + self.title_area.height + 0.05
        return Area(EDGE, top, self.width - 2 * EDGE, self.height - FOOTER - 0.2 - top)

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
        self, title: str, subtitle: str = "", *, group: str | None = None, kabupaten: str | None = None
    ) -> tuple[Any, Area]:
        """A slide with its headline, supporting sentence and footer; the room for content comes back.

        `group`, `kabupaten`: what it is about, for the footer; of a kabupaten all groups are shown.
        """
        slide = self.presentation.slides.add_slide(self.layout)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in _titles():
                shape._element.getparent().remove(shape._element)
        set_title(slide, title, self.title_area)
        if self.own_title:
            self._place_title(slide)
        body = self.body
        if subtitle:
            high = 0.68
            add_text(
                slide, Area(body.x, body.y, body.width, high), [subtitle], (17, 16, 15, 14, 13, 12, 11), name="subtitle"
            )
            body = Area(body.x, body.y + high + 0.12, body.width, body.height - high - 0.12)
        self._foot(slide, group, kabupaten)
        self._tell(slide, subtitle, group)
        return slide, body

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

    def legend(self, slide: Any, area: Area, topic: Topic) -> None:
        """Swatches with the number of areas of each class (of what they are, unless desa), in two columns."""
        rows = topic.legend
        half = (len(rows) + 1) // 2
        high = min(0.27, area.height / half)
        unit = "legend_row_kecamatan" if topic.level == "kecamatan" else "legend_row"
        labels = [self.say(unit, label=row.kind.label, n=row.areas) for row in rows]
        room = Area(0, 0, area.width / 2 - 0.4, high)
        size = min(fit([label], LEGEND_SIZES, room, bold=i == 0) for i, label in enumerate(labels))
        for i, row in enumerate(rows):
            x = area.x + (i // half) * area.width / 2
            y = area.y + (i % half) * high
            swatch = add_box(
                slide, Area(x, y + high * 0.16, 0.3, high * 0.62), fill=row.kind.colour, edge=style.INK_FAINT
            )
            if row.kind.key in style.HATCHES:
                hatch(swatch, row.kind)
            add_text(slide, Area(x + 0.36, y, room.width, high), [labels[i]], (size,), bold=i == 0,
                     colour=style.INK, middle=True)  # fmt: skip

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
            set_language(slide, self.coverage.settings.lang)
        return same_bytes(self.presentation, self.coverage.settings.day)

    def _tell(self, slide: Any, subtitle: str, group: str | None) -> None:
        """The notes of the speaker: what the slide says besides its title, and the method in words."""
        lines = [*method(self.coverage.settings, group), *general_notes(self.coverage)]
        words = [subtitle, *(self.sentence(line) for line in lines)]
        slide.notes_slide.notes_text_frame.text = clean_text("\n".join(filter(None, words)))

    def _place_title(self, slide: Any) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Inches

        area, shape = self.title_area, slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = (
            Inches(value) for value in (area.x, area.y, area.width, area.height)
        )
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = 0
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def _foot(self, slide: Any, group: str | None, kabupaten: str | None) -> None:
        settings, mark = self.coverage.settings, stamp(self.coverage)
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
        y, stamp_width = self.height - FOOTER - 0.08, 1.75 if mark is not None else 0.0
        area = Area(EDGE, y, self.width - 2 * EDGE - stamp_width - 0.2, FOOTER - 0.08)
        add_text(slide, area, [line], (10.5, 10, 9.5, 9, 8.5, 8, 7), middle=True, name="footer")
        add_slide_number(slide, Area(self.width - EDGE + 0.02, y, EDGE - 0.12, FOOTER - 0.08))
        if mark is not None:
            add_stamp(slide, Area(self.width - EDGE - stamp_width, y + 0.04, stamp_width, 0.34), self.texts(mark))


def _titles() -> tuple[Any, ...]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _title_layout(presentation: Any) -> Any:
    """The layout with a title and the fewest other placeholders."""
    candidates = []
    for position, layout in enumerate(presentation.slide_layouts):
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        if any(kind in _titles() for kind in kinds):
            candidates.append((len(kinds), position, layout))
    return min(candidates)[2] if candidates else presentation.slide_layouts[0]


def _title_of(presentation: Any, layout: Any) -> Area | None:
    """Where the layout has its title, if that leaves room for content below."""
    for shape in layout.placeholders:
        if shape.placeholder_format.type in _titles() and shape.width:
            area = Area(*(value.inches for value in (shape.left, shape.top, shape.width, shape.height)))
            if area.y + area.height < presentation.slide_height.inches * 0.34:
                return area
    return None


def _scaled_title(presentation: Any) -> Area:
    return Area(EDGE, TITLE.y, presentation.slide_width.inches - 2 * EDGE, TITLE.height)


def _plain() -> tuple[Any, Any]:
    """The bundled template at 16:9 with one layout left: title only."""
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDE), Inches(HIGH)
    layout = presentation.slide_layouts[5]
    for other in list(presentation.slide_layouts):
        if other is not layout:
            presentation.slide_layouts.remove(other)
    for holder in (layout, presentation.slide_masters[0]):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.type in _titles():
                shape.left, shape.top, shape.width, shape.height = (
                    Inches(value) for value in (TITLE.x, TITLE.y, TITLE.width, TITLE.height)
                )
                for paragraph in shape.text_frame.paragraphs:
                    paragraph.font.color.rgb = rgb(style.INK)
            else:
                shape._element.getparent().remove(shape._element)
    own_theme(presentation)
    return presentation, layout


def kinds_of_rows(deck: Deck) -> str:
    """The level of the parts that tables and charts show: kabupaten, or the kecamatan of a single one."""
    return "kecamatan" if len(deck.coverage.settings.kabupaten) == 1 else "kabupaten"


def alt_of(topic: Topic, sentence: Message) -> Message:
    """The alternative text of a map: what it is and what it says."""
    return msg("slides.alt_map", place=topic.place, group=topic.target_group.name(topic.texts.lang), finding=sentence)


FONT = "Arial"
THEME_COLOURS = {
    "dk1": style.INK, "dk2": style.ACCENT, "lt2": style.ACCENT_WASH, "accent1": style.ACCENT,
    "accent2": style.STATUS_COLOURS["belum_terlayani"], "accent3": style.STATUS_COLOURS["terjangkau_sebagian"],
    "accent4": style.STATUS_COLOURS["terjangkau"], "accent5": "#77539B", "accent6": style.INK_FAINT,
}  # fmt: skip
""" "<a:accent1><a:srgbClr val=...": the colours that the office program offers for what is added by hand."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


def own_theme(presentation: Any) -> None:
    """Our colours, and Arial, which every office has or its twin of the same widths, in the bundled template."""
    part = presentation.slide_masters[0].part.part_related_by(_THEME)
    font = rb"\g<1>" + FONT.encode() + rb"\g<2>"
    blob = re.sub(rb'(<a:latin typeface=")[^"]*(")', font, part.blob)  # '<a:latin typeface="Calibri"'
    for name, colour in THEME_COLOURS.items():
        value = f'<a:srgbClr val="{colour.removeprefix("#")}"/>'.encode()
        tag = name.encode()
        blob = re.sub(rb"(<a:%b>).*?(</a:%b>)" % (tag, tag), rb"\g<1>" + value + rb"\g<2>", blob, flags=re.DOTALL)
    part._blob = blob


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
            new.writestr(zipfile.ZipInfo(name, ZIP_DATE), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def read_template(path: Path) -> Any:
    """A presentation of the office as a template: its sizes and layouts, without its slides."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    refuse_absent(path)
    try:
        presentation = Presentation(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise LksGeoError.of("slides.bad_template", path=str(path)) from error
    for entry in list(presentation.slides._sldIdLst):
        presentation.part.drop_rel(entry.rId)
        presentation.slides._sldIdLst.remove(entry)
    return presentation
