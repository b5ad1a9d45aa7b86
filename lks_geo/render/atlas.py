"""The atlas: a PDF with a cover, a summary, a page per group and per kabupaten, and the method.

Maps are vectors, text can be selected and searched, pages are A4 landscape and bookmarked. The pages of groups are the
printable maps themselves; those of kabupaten add what the other groups look like there.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render.atlas_pages import (
    cover_page,
    kabupaten_page,
    method_pages,
    plan_page,
    profile_page,
    sensitivity_page,
    summary_page,
)
from lks_geo.render.figure.paper import Sheet
from lks_geo.render.figure.printed_map import METADATA, RENDERING, last_map_page
from lks_geo.render.figure.topic import Topic
from lks_geo.said.areas import kabupaten_codes, place_name, short_place
from lks_geo.said.assumptions import data_year, stamp
from lks_geo.tables import Coverage

if TYPE_CHECKING:
    from pypdf import PdfWriter

    from lks_geo.siting.planning import Plan


def write_atlas(
    path: Path, coverage: Coverage, *, plan: Plan | None = None, each_group: bool = False, overwrite: bool = False
) -> None:
    """Writes the atlas as one PDF; `plan` the page on what next, `each_group` a page for each kabupaten and group."""
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(atlas_bytes(coverage, plan, each_group=each_group))


def atlas_bytes(coverage: Coverage, plan: Plan | None = None, *, each_group: bool = False) -> bytes:
    """The atlas as bytes; the same for the same coverage and plan."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    stream, marks = BytesIO(), []
    with mpl.rc_context({**RENDERING, "pdf.compression": 0}), PdfPages(stream, metadata=METADATA[".pdf"]) as pages:
        for title, level, sheet in _pages(coverage, plan, each_group):
            marks.append((title, level))
            pages.savefig(sheet.figure)
    return _bookmarked(stream.getvalue(), marks, coverage)


def _pages(coverage: Coverage, plan: Plan | None, each_group: bool) -> Iterator[tuple[str, int, Sheet]]:
    """Bookmark, its level (0 or 1; 2 for none) and page, one after the other."""
    texts = Texts(coverage.settings.lang)
    yield texts("atlas.mark_cover"), 0, cover_page(coverage)
    yield texts("atlas.mark_summary"), 0, summary_page(coverage)
    chosen = coverage.settings.kabupaten
    only = chosen[0] if len(chosen) == 1 else None
    for group in coverage.groups:
        topic = Topic(coverage=coverage, group=group.key, kabupaten=only)
        yield texts("atlas.mark_group", group=group.name(texts.lang)), 0, last_map_page(topic)
    names = coverage.boundaries.names("kabupaten")["nama"].astype(str)
    codes = kabupaten_codes(coverage)
    groups: list[str | None] = [*(group.key for group in coverage.groups)] if each_group else [None]
    for code in codes if len(codes) > 1 else ():
        for number, group_key in enumerate(groups):
            mark = texts("atlas.mark_kabupaten", name=short_place(names[code]))
            yield mark, 2 if number else 0, kabupaten_page(coverage, code, group_key)
    yield texts("workbook.sheet_profil"), 0, profile_page(coverage)
    if plan is not None:
        yield texts("atlas.mark_plan"), 0, plan_page(plan)
    if coverage.sensitivity is not None and len(coverage.sensitivity):
        yield texts("atlas.sensitivity_title"), 0, sensitivity_page(coverage, coverage.sensitivity)
    for number, sheet in enumerate(method_pages(coverage)):
        yield texts("atlas.mark_method"), 0 if number == 0 else 2, sheet


def _bookmarked(data: bytes, marks: list[tuple[str, int]], coverage: Coverage) -> bytes:
    from pypdf import PdfReader, PdfWriter

    texts = Texts(coverage.settings.lang)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    for number, (title, level) in enumerate(marks):
        if level == 0:
            writer.add_outline_item(title=title, page_number=number)
    writer.page_mode = "/UseOutlines"
    title = coverage.settings.title or texts("atlas.file_title", place=place_name(coverage))
    writer.metadata = None
    mark = stamp(coverage)
    facts = {"/Title": title, "/Author": coverage.settings.agency, "/Subject": texts("slides.subtitle",
             year=data_year(coverage.settings))}  # fmt: skip
    writer.add_metadata(facts if mark is None else facts | {"/Keywords": texts(mark)})
    writer._root_object[_name("/Lang")] = _text(texts.lang)
    _compress(writer)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _compress(writer: PdfWriter) -> None:
    """Deflates every plain stream at once, which is much faster than piece by piece while drawing."""
    from pypdf.generic import DecodedStreamObject, EncodedStreamObject

    for number, item in enumerate(writer._objects):
        if isinstance(item, DecodedStreamObject) and not isinstance(item, EncodedStreamObject):
            packed = item.flate_encode(level=4)
            packed.indirect_reference = item.indirect_reference
            writer._objects[number] = packed


def _name(text: str) -> object:
    from pypdf.generic import NameObject

    return NameObject(text)


def _text(text: str) -> object:
    from pypdf.generic import TextStringObject

    return TextStringObject(text)
