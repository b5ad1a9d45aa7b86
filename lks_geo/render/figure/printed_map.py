"""Printable maps: one group, one level, one measure, with the furniture of an Indonesian thematic map.

The scale is a round number and true on the paper. Projection is that of the boundaries (metres). Bytes do not depend on
the time or the machine: no dates in the files, one bundled type face. What it gets wrong: a province of many islands is
drawn small, and names that find no room are left out (the list beside the map and the workbook have them all).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from lks_geo.catalogue import MAPPED
from lks_geo.errors import RequestError
from lks_geo.files import refuse_existing, whole_file
from lks_geo.messages import msg
from lks_geo.render import style
from lks_geo.render.borders import COARSE_M, STRETCH, far_islands
from lks_geo.render.figure import side_column as side
from lks_geo.render.figure.furniture import graticule, island_inset, stamp
from lks_geo.render.figure.map_frame import MapFrame, desa_shown, specks_of
from lks_geo.render.figure.map_names import (
    around_names,
    desa_names,
    kabupaten_names,
    kecamatan_names,
    place_names,
    sea_names,
)
from lks_geo.render.figure.map_paths import View, fit_view, shapes_of
from lks_geo.render.figure.paper import PAPERS, Sheet
from lks_geo.render.figure.topic import Topic
from lks_geo.said.areas import unserved_list
from lks_geo.said.assumptions import stamp as stamp_of
from lks_geo.tables import LEVELS, Coverage
from lks_geo.thrift import forget, kept

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".pdf", ".svg")
MARGIN = 5.0
TICKS = 8.0
RENDERING: Any = {
    "pdf.fonttype": 42,
    "svg.hashsalt": "lks-geo",
    "svg.fonttype": "none",
    "text.hinting": "none",
    "hatch.linewidth": 0.5,
    "path.simplify": False,
    "agg.path.chunksize": 0,
}
METADATA: dict[str, dict[str, Any]] = {
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    ".svg": {"Date": None, "Creator": None},
}


def draw_map(
    path: Path,
    coverage: Coverage,
    *,
    group: str,
    level: str = "desa",
    kabupaten: str | None = None,
    measure: str = "status",
    paper: str = "a4",
    dpi: int = 150,
    overwrite: bool = False,
) -> None:
    """Writes a printable map; `path` ends in .png, .pdf or .svg. `kabupaten` is a code, None the whole area shown.

    A coverage limited to one kabupaten by its settings gives the page of that kabupaten.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise RequestError(msg("figure.unknown_suffix", path=str(path), allowed=", ".join(SUFFIXES)))
    if paper not in PAPERS:
        raise RequestError(msg("figure.unknown_paper", found=paper, allowed=", ".join(PAPERS)))
    if level not in LEVELS:
        raise RequestError(msg("figure.unknown_level", found=level, allowed=", ".join(LEVELS)))
    chosen = coverage.settings.kabupaten
    if kabupaten is None and len(chosen) == 1:
        kabupaten = chosen[0]
    topic = Topic(coverage=coverage, group=group, level=level, kabupaten=kabupaten, measure=measure)
    refuse_existing(path, overwrite=overwrite)
    sheet = map_page(topic, paper)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(render(sheet, path.suffix.lower(), dpi, facts_of(topic)))


def facts_of(topic: Topic) -> dict[str, str]:
    """Title, author, subject, language and stamps of a map, for the properties of its file."""
    coverage, texts = topic.coverage, topic.texts
    settings, mark = coverage.settings, stamp_of(coverage)
    title = settings.title or texts("figure.title", measure=MAPPED[topic.measure].map_title(texts.lang))
    group = texts("figure.title_group", group=topic.target_group.name(texts.lang))
    subject = texts("figure.subject", title=title, group=group, place=topic.place)
    keywords = texts(mark) if mark is not None else ""
    return {
        "Title": title, "Author": settings.agency, "Subject": f"{keywords}: {subject}" if keywords else subject,
        "Keywords": keywords, "Language": texts.lang,
    }  # fmt: skip


def map_page(topic: Topic, paper: str = "a4") -> Sheet:
    """The whole page: map, graticule and column, with location and notes at its foot. Kept until `last_map_page`."""
    return kept(topic.coverage, _key(topic, paper), lambda: framed_page(topic, paper, side.notes, side.notes_room))


def last_map_page(topic: Topic, paper: str = "a4") -> Sheet:
    """The same page for whoever asks last (the atlas): it is kept no longer."""
    sheet = map_page(topic, paper)
    forget(topic.coverage, _key(topic, paper))
    return sheet


def _key(topic: Topic, paper: str) -> tuple[object, ...]:
    return "page", topic.group, topic.level, topic.kabupaten, topic.measure, paper


def framed_page(
    topic: Topic, paper: str, last: Callable[[side.Column, float], None], room: Callable[[side.Column], float]
) -> Sheet:
    """A page with its double frame; `last` sets what stands at the foot of the column, down to a y, in that `room`."""
    sheet = Sheet(paper)
    column_width = min(max(97.0, sheet.width * 0.325), 118.0)
    right = sheet.width - MARGIN
    left = right - column_width
    low, top = MARGIN, sheet.height - MARGIN
    sheet.rect(MARGIN, low, right - MARGIN, top - low, edge=style.INK, line=1.5)
    sheet.rect(MARGIN + 0.9, low + 0.9, right - MARGIN - 1.8, top - low - 1.8, edge=style.INK, line=0.4)
    sheet.line([(left, low + 0.9), (left, top - 0.9)], style.INK, 0.6)
    window = (MARGIN + TICKS, low + TICKS, left - MARGIN - 2 * TICKS + 2.5, top - low - 2 * TICKS)
    column = side.Column(sheet, topic, left, top - 0.9, column_width - 0.9)
    side.head(column)
    side.title(column)
    view, denominator = _view(sheet, topic, window)
    side.scale(column, denominator, view.unit_m, paper)
    side.legend(column, _of_islands(topic, view, sheet.unit_mm))
    listed = side.finding(column, low + 1.4 + room(column))
    last(column, low + 1.4)
    frame = draw_frame(sheet, topic, window, ranks=listed)
    graticule(sheet, frame.view, frame.shapes.crs_m, topic.texts)
    return sheet


def draw_frame(
    sheet: Sheet,
    topic: Topic,
    window: tuple[float, float, float, float],
    *,
    strong: float = 1.0,
    round_scale: bool = True,
    ranks: int = 10,
    furniture: bool = True,
) -> MapFrame:
    """The map in its window (x, y, width, height)."""
    view, _ = _view(sheet, topic, window, strong, round_scale=round_scale)
    frame = MapFrame(sheet, view, topic, strong)
    frame.fills()
    frame.borders()
    frame.dots()
    words = stamp_of(topic.coverage)
    if furniture and words is not None:
        corner = (view.x + view.width - 1.5, view.y + view.height - 1.5)
        frame.ground.take(stamp(sheet, *corner, topic.texts(words)))
    inset = island_inset(frame)
    frame.symbols()
    if topic.level == "desa":
        frame.discs(unserved_list(topic.coverage, topic.group, kabupaten=topic.kabupaten, top=ranks), inset)
    if topic.kabupaten is None:
        kabupaten_names(frame, size=7.6 * strong, capitals=furniture, counts=furniture)
    else:
        kecamatan_names(frame, size=5.6 * strong, counts=furniture)
        if furniture and topic.level == "desa":
            desa_names(frame)
            place_names(frame)
    around_names(frame, size=6.0 * strong)
    if furniture:
        sea_names(frame)
    if furniture:
        frame.edge()
    return frame


def _view(
    sheet: Sheet, topic: Topic, window: tuple[float, float, float, float], strong: float = 1.0, *,
    round_scale: bool = True,
) -> tuple[View, int]:  # fmt: skip
    """What the window shows, and its scale denominator."""
    bounds = _bounds(topic)
    margins = _margins(
        topic, window, strong, wide=(bounds[2] - bounds[0]) / window[2] > (bounds[3] - bounds[1]) / window[3]
    )
    return fit_view(bounds, window, sheet.unit_mm, margins=margins, round_scale=round_scale)


def _of_islands(topic: Topic, view: View, unit_mm: float) -> str:
    """What must be said of small islands: that dots stand for them, or that they lie outside the frame."""
    left, bottom, right, top = view.bounds_m
    whole, _ = _extents(topic)
    cut = whole[0] < left or whole[1] < bottom or whole[2] > right or whole[3] > top
    said = (("speck_key", specks_of(topic, view, unit_mm).any()), ("islets_key", cut))
    return "; ".join(topic.texts(f"figure.{key}") for key, true in said if true)


def _bounds(topic: Topic) -> tuple[float, float, float, float]:
    """The extent of what is shown, without far islands, and without islets on which no desa mainly lies where these
    would make all else much smaller."""
    whole, main = _extents(topic)
    left, bottom, right, top = main if (STRETCH * (main[2:] - main[:2]) < whole[2:] - whole[:2]).any() else whole
    return float(left), float(bottom), float(right), float(top)


def _extents(topic: Topic) -> list[Any]:
    """Left, bottom, right, top of all that is shown but far islands, and of the largest part of each desa of it."""
    boundaries, shown = topic.coverage.boundaries, desa_shown(topic)
    layer = shapes_of(boundaries).layer("desa", COARSE_M)
    near = far_islands(boundaries, "desa", layer.index[shown], topic.kabupaten) == 0
    return [shapely.total_bounds(shapes[shown][near]) for shapes in (layer.geometry, layer.main_parts)]


def _margins(
    topic: Topic, window: tuple[float, float, float, float], strong: float, *, wide: bool
) -> tuple[float, float, float, float]:
    """Room for names beside a province (of one that is `wide` most stand above and below); a kabupaten fills its
    window."""
    if topic.kabupaten is not None:
        return (6, 6, 6, 9)
    if wide:
        return (12 * strong, 9 * strong, 12 * strong, 9 * strong)
    side_room = min(34 * strong, window[2] * 0.2)
    return (side_room, 4, side_room * 0.7, 4)


def render(sheet: Sheet, suffix: str, dpi: int = 150, facts: Mapping[str, str] | None = None) -> bytes:
    """The sheet as bytes of a PNG, PDF or SVG, free of dates and names of programs. `facts`: as `facts_of` gives."""
    import matplotlib as mpl

    stream, told = BytesIO(), dict(facts or {})
    lang = told.pop("Language", "") if suffix == ".pdf" else ""
    if suffix == ".svg" and told:
        told |= {"Publisher": told.pop("Author"), "Description": told.pop("Subject")}
    with mpl.rc_context(RENDERING):
        if suffix == ".png":
            return _packed(sheet.figure, dpi, told)
        sheet.figure.savefig(stream, format=suffix[1:], dpi=dpi, metadata={**METADATA[suffix], **told})
    return with_language(stream.getvalue(), lang) if lang else stream.getvalue()


def _packed(figure: Figure, dpi: int, facts: Mapping[str, str]) -> bytes:
    """The figure as a PNG without the layer of transparency that matplotlib writes, and that would say nothing."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    stream, drawn, info = BytesIO(), BytesIO(), PngInfo()
    figure.savefig(drawn, format="rgba", dpi=dpi)
    size = (int(figure.get_figwidth() * dpi), int(figure.get_figheight() * dpi))
    for key, value in facts.items():
        info.add_text(key, value)
    picture = Image.frombuffer("RGBA", size, drawn.getvalue(), "raw", "RGBA", 0, 1).convert("RGB")
    picture.save(stream, "PNG", dpi=(dpi, dpi), pnginfo=info, compress_level=3)
    return stream.getvalue()


def with_language(data: bytes, lang: str) -> bytes:
    """A PDF that says its language, so that it is read aloud in it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer, stream = PdfWriter(clone_from=PdfReader(BytesIO(data))), BytesIO()
    writer._root_object[NameObject("/Lang")] = TextStringObject(lang)
    writer.write(stream)
    return stream.getvalue()
