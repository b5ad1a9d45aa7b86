"""The deck: native, the same numbers as the table, nothing cut or covered (same bytes: test_cli.py)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import report_world
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.errors import LksGeoError
from lks_geo.measure import measure_coverage, restrict
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.figure.paper import LEADING, POINT, Type, text_width, wrap
from lks_geo.render.slides import deck as slides_deck
from lks_geo.render.slides import write_slides
from lks_geo.render.slides.deck import template_of
from lks_geo.render.slides.parts import MM, ROOM
from lks_geo.said import areas, headlines
from lks_geo.said.areas import area_totals, unserved_list
from lks_geo.said.profile import profile_row
from lks_geo.tables import Coverage, RegisterFrame

GROUP, FREEFORM = 6, 5
SENSITIVITY = pd.DataFrame(
    [
        (km, key, 1.0, share, share)
        for km in (5.0, 10.0, 20.0)
        for key, share in (("anak", km / 25), ("lansia", km / 50))
    ],
    columns=["jangkauan_km", "kelompok", "sasaran", "terjangkau", "cakupan"],
)


def deck_of(coverage: Coverage, folder: Path, **more: Any) -> Any:
    """A deck whose pictures are coarse: those of `sulbar_deck` are as they are meant to be."""
    with patch.object(slides_deck, "DPI", 40):
        write_slides(folder / "laporan.pptx", coverage, **more)
    return Presentation(str(folder / "laporan.pptx"))


@pytest.fixture(scope="module")
def sulbar_path(sample_set: Path) -> Path:
    return sample_set / "laporan.pptx"


@pytest.fixture(scope="module")
def sulbar_deck(sulbar_path: Path) -> Any:
    return Presentation(str(sulbar_path))


@pytest.fixture(scope="module")
def english_deck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    some = restrict(report_world.sulbar("en"), kabupaten=("76.03", "76.05"))
    return deck_of(some, tmp_path_factory.mktemp("english"), sensitivity=SENSITIVITY)


@pytest.fixture(scope="module")
def kabupaten_deck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return deck_of(report_world.one_kabupaten(), tmp_path_factory.mktemp("kabupaten"), sensitivity=SENSITIVITY)


@pytest.fixture(scope="module")
def crowded_deck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return deck_of(report_world.crowded(), tmp_path_factory.mktemp("crowded"), sensitivity=SENSITIVITY)


@pytest.fixture(scope="module", params=["sulbar", "english", "kabupaten", "crowded"])
def any_deck(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"{request.param}_deck")


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def words(slide: Any) -> list[str]:
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return found


def test_a_slide_for_every_group_and_kabupaten(sulbar_deck: Any) -> None:
    coverage, texts = report_world.sulbar(), Texts()
    found = titles(sulbar_deck)
    assert len(found) == 2 + 5 + 6 + 1 + 3
    for group in coverage.groups:
        assert texts(headlines.headline(coverage, group.key)) + "." in found
    for code in areas.kabupaten_codes(coverage):
        lead = headlines.leading_group(coverage, code)
        assert texts(headlines.placed_headline(coverage, lead, kabupaten=code)) + "." in found


def test_numbers_are_those_of_the_coverage(sulbar_deck: Any) -> None:
    coverage, texts = report_world.sulbar(), Texts()
    for position, group in enumerate(coverage.groups):
        said = words(sulbar_deck.slides[2 + position])
        for _, row in coverage.at("kabupaten", group.key).iterrows():
            assert row["nama"] in said
            assert f"{row['desa_belum_terlayani']} dari {row['jumlah_desa']}" in said
            assert texts.percent(row["cakupan"], 1) in said
            if not pd.isna(row["belum_terjangkau"]):
                assert texts.number(row["belum_terjangkau"]) in said
        for row in unserved_list(coverage, group.key, top=5).itertuples():
            assert row.nama in said
            assert texts.number(row.jarak_km, 1) in said


def test_a_deck_of_one_kabupaten_and_two_groups_tells_of_nothing_else(tmp_path: Path) -> None:
    """Every number of the tables and charts, read back, is one of that kabupaten and these groups."""
    whole = report_world.sulbar()
    coverage, texts = restrict(whole, kabupaten=("76.03",), groups=("anak", "lansia")), Texts()
    write_slides(tmp_path / "d.pptx", coverage, each_group=True)
    deck = Presentation(str(tmp_path / "d.pptx"))
    assert len(deck.slides) == 2 + 2 + 1 + 2
    for position, key in enumerate(("anak", "lansia")):
        slide, rows = deck.slides[2 + position], coverage.at("kecamatan", key)
        assert slide.shapes.title.text_frame.text == texts(headlines.headline(coverage, key)) + "."
        parts, listed = (shape.table for shape in slide.shapes if shape.has_table)
        by_name = rows.set_index("nama")
        for row in list(parts.rows)[1:]:
            name, places, unserved, people, share = (cell.text_frame.text for cell in row.cells)
            of = by_name.loc[name]
            assert places == str(of["jumlah_lks"])
            assert unserved == f"{of['desa_belum_terlayani']} dari {of['jumlah_desa']}"
            assert (people, share) == (texts.number(of["belum_terjangkau"]), texts.percent(of["cakupan"], 1))
        wanted = unserved_list(coverage, key, top=5)
        shown = [[cell.text_frame.text for cell in row.cells] for row in list(listed.rows)[1:]]
        assert shown == [
            [str(one.no), str(one.prioritas), one.nama, one.kecamatan, texts.number(one.jarak_km, 1),
             texts.number(one.belum_terjangkau)]
            for one in wanted.itertuples()
        ]  # fmt: skip
    totals = [area_totals(coverage, key) for key in ("anak", "lansia")]
    bars, table = (next(s for s in deck.slides[1].shapes if getattr(s, kind)) for kind in ("has_chart", "has_table"))
    assert list(bars.chart.plots[0].series[0].values) == [total.desa_unserved for total in totals]
    assert [[cell.text_frame.text for cell in row.cells][1:] for row in list(table.table.rows)[1:]] == [
        [texts.number(total.target or 0), texts.number(total.unreached or 0), texts.percent(total.share or 0, 1),
         f"{total.desa_unserved} dari {total.desa}"]
        for total in totals
    ]  # fmt: skip
    profile, quality = deck.slides[4], deck.slides[5]
    row = profile_row(coverage)
    assert profile.shapes.title.text_frame.text.startswith(f"{row['lks']} LKS dalam register untuk anak, lansia: ")
    told = slides_text(profile) + "".join(slides_text(slide) for slide in deck.slides)
    for wrong in ("Orang bergantung", "apa pun filternya", "korban", "tidak diketahui, cakupan", "nomor urut baris"):
        assert wrong not in told
    sizes = next(shape.table for shape in profile.shapes if shape.has_table)
    column = [int(row.cells[1].text_frame.text) for row in list(sizes.rows)[1:]]
    assert column[0] == row["lks"]
    rows = whole.register.rows
    own = rows[(rows["kode_kabupaten"] == "76.03").fillna(False)]
    used = int((own["hasil"] != "ditolak").sum())
    assert quality.shapes.title.text_frame.text.startswith(f"{used} dari {len(own)} baris")


def test_office_programs_know_language_axes_and_notes(sulbar_deck: Any, sulbar_path: Path) -> None:
    with zipfile.ZipFile(sulbar_path) as parts:
        slides = [parts.read(name).decode() for name in parts.namelist() if re.match(r"ppt/slides/slide\d+.xml", name)]
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("ppt/charts/chart")]
        theme = parts.read("ppt/theme/theme1.xml").decode()
    runs = [run for slide in slides for run in re.findall(r"<a:rPr[^>]*>", slide)]
    assert len(runs) > 500
    assert [run for run in runs if 'lang="id-ID"' not in run] == []
    assert not re.search(r'<c:(?:axId|crossAx) val="-', "".join(charts))
    assert f'<a:accent1><a:srgbClr val="{style.ACCENT[1:]}"/>' in theme
    for number, slide in enumerate(list(sulbar_deck.slides)[1:], start=2):
        assert "LKS yang dihitung: hanya LKS aktif." in slide.notes_slide.notes_text_frame.text
        assert f'type="slidenum"><a:rPr sz="1000" lang="id-ID"/><a:t>{number}</a:t>' in slides_text(slide)
        for shape in slide.shapes:
            if shape.has_chart:
                assert slide.shapes.title.text_frame.text in shape._element.xpath(".//p:cNvPr")[0].get("descr")


def is_picture(shape: Any) -> bool:
    return str(shape._element.tag).endswith("}pic")


def slides_text(slide: Any) -> str:
    return etree.tostring(slide._element, encoding="unicode")


def test_charts_are_native_and_hold_the_coverage(sulbar_deck: Any) -> None:
    coverage, texts = report_world.sulbar(), Texts()
    bars = next(shape.chart for shape in sulbar_deck.slides[1].shapes if shape.has_chart).plots[0]
    assert dict(zip(bars.categories, bars.series[0].values, strict=True)) == {
        group.name(texts.lang): area_totals(coverage, group.key).desa_unserved for group in coverage.groups
    }


def test_maps_are_large_and_sharp(sulbar_deck: Any) -> None:
    pictures = [shape for slide in sulbar_deck.slides for shape in slide.shapes if is_picture(shape)]
    assert len(pictures) == 1 + 5 + 6
    for picture in pictures:
        assert picture.width >= 0.45 * sulbar_deck.slide_width
        assert picture.image.size[0] >= 199 * picture.width / Inches(1)


def test_maps_may_be_shapes_that_can_be_recoloured(tmp_path: Path) -> None:
    coverage = restrict(report_world.sulbar(), kabupaten=("76.03", "76.05"), groups=("lansia",))
    deck, texts = deck_of(coverage, tmp_path, editable_maps=True), Texts()
    slide = deck.slides[1]
    assert slide.shapes.title.text_frame.text == texts(headlines.headline(coverage, "lansia")) + "."
    drawn = next(shape for shape in slide.shapes if shape.shape_type == GROUP)
    assert texts(headlines.headline(coverage, "lansia")) in drawn._element.xpath("./p:nvGrpSpPr/p:cNvPr")[0].get(
        "descr"
    )
    areas_drawn = [shape for shape in drawn.shapes if shape.shape_type == FREEFORM]
    rows = coverage.at("kecamatan", "lansia").set_index("nama")
    assert sorted(shape.name for shape in areas_drawn) == sorted(rows.index)
    for shape in areas_drawn:
        assert f"#{shape.fill.fore_color.rgb}" == style.STATUS_COLOURS[rows.loc[shape.name, "status"]]
    written = [shape for shape in drawn.shapes if shape.shape_type != FREEFORM]
    assert {"1", "2", "3", "4", "5"} <= {shape.text_frame.text for shape in written}
    assert {str(shape.fill.fore_color.rgb) for shape in written} == {"FFFFFF"}
    for one, other in combinations(written, 2):
        assert _apart(*((s.left, s.top, s.left + s.width, s.top + s.height) for s in (one, other)))
    unserved = int((rows["status"] == "belum_terlayani").sum())
    assert any(f"({unserved} kecamatan)" in text for text in words(slide))
    assert not any(is_picture(shape) for slide in deck.slides for shape in slide.shapes)
    test_every_shape_lies_on_its_slide_and_covers_no_other(deck)


def test_sensitivity_slide_tells_how_coverage_depends_on_reach(kabupaten_deck: Any) -> None:
    slide = next(slide for slide in kabupaten_deck.slides if "bergantung" in slide.shapes.title.text_frame.text)
    assert "10\u00a0% pada 5 km, 40\u00a0% pada 20 km" in slide.shapes.title.text_frame.text
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    assert list(chart.plots[0].categories) == ["5 km", "10 km", "20 km"]
    assert "40,0\u00a0%" in words(slide)


def test_ten_lines_look_different_without_colour_and_their_table_is_whole(tmp_path: Path) -> None:
    own = tuple(replace(DEFAULT_GROUPS[2], key=f"satu{i}", name_id=f"Penyandang kelompok {i}") for i in range(5))
    coverage = report_world.one_kabupaten()
    groups = (*coverage.groups, *own)
    rows = [(km, group.key, 1.0, km / 30, km / 30) for km in (5.0, 10.0, 15.0, 20.0, 25.0) for group in groups]
    whole = measure_coverage(
        coverage.register, coverage.boundaries, coverage.population, replace(coverage.settings, groups=groups)
    )
    deck = deck_of(whole, tmp_path, sensitivity=pd.DataFrame(rows, columns=SENSITIVITY.columns))
    slide = next(slide for slide in deck.slides if "bergantung" in slide.shapes.title.text_frame.text)
    lines = list(next(shape.chart for shape in slide.shapes if shape.has_chart).plots[0].series)
    looks = {(line.format.line.dash_style, line.marker.style) for line in lines}
    assert len(lines) == len(looks) == 10
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert [cell.text_frame.text for cell in table.rows[0].cells][1:] == ["5 km", "10 km", "15 km", "20 km", "25 km"]
    assert len(list(table.rows)) == 11
    assert not any("…" in cell.text_frame.text for row in table.rows for cell in row.cells)


def test_headings_of_tables_are_whole(sulbar_deck: Any) -> None:
    tables = [shape.table for slide in sulbar_deck.slides for shape in slide.shapes if shape.has_table]
    assert tables
    assert not [cell.text for table in tables for cell in table.rows[0].cells if "…" in cell.text]


def test_every_shape_lies_on_its_slide_and_covers_no_other(any_deck: Any) -> None:
    width, height = any_deck.slide_width, any_deck.slide_height
    for slide in any_deck.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height, s) for s in slide.shapes]
        for left, top, right, bottom, shape in boxes:
            assert left >= 0, shape.name
            assert top >= 0, shape.name
            assert right <= width + Emu(9525), shape.name
            assert bottom <= height + Emu(9525), shape.name
        for one, other in combinations(boxes, 2):
            solid = any(box[4].has_chart or is_picture(box[4]) or box[4].has_table for box in (one, other))
            framed = not solid and (_within(one, other) or _within(other, one))
            assert framed or _apart(one, other), (slide.shapes.title.text_frame.text, one[4].name, other[4].name)


def _apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    slack = 20_000
    beside = one[2] <= other[0] + slack or other[2] <= one[0] + slack
    return beside or one[3] <= other[1] + slack or other[3] <= one[1] + slack


def _within(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return one[0] >= other[0] and one[1] >= other[1] and one[2] <= other[2] and one[3] <= other[3]


def _lines(paragraph: Any, size: float, width: float) -> int:
    bold = all(run.font.bold for run in paragraph.runs)
    return len(wrap("".join(run.text for run in paragraph.runs), Type(size=size, bold=bold), width))


def test_every_text_fits_its_box(any_deck: Any) -> None:
    for slide in any_deck.slides:
        for shape in slide.shapes:
            if not shape.has_text_frame or not shape.text_frame.text or shape.name == "number":
                continue
            frame = shape.text_frame
            width = (shape.width - (frame.margin_left or 0) - (frame.margin_right or 0)) / Inches(1) * MM * ROOM
            high = 0.0
            for paragraph in frame.paragraphs:
                size = paragraph.runs[0].font.size / Pt(1)
                high += _lines(paragraph, size, width) * size * POINT * LEADING
            assert high <= shape.height / Inches(1) * MM + 1.2, (shape.name, frame.text)


def test_every_cell_fits_its_column_and_row(any_deck: Any) -> None:
    for slide in any_deck.slides:
        for shape in slide.shapes:
            if not shape.has_table:
                continue
            for i, row in enumerate(shape.table.rows):
                for cell, column in zip(row.cells, shape.table.columns, strict=True):
                    run = cell.text_frame.paragraphs[0].runs
                    if not run or not run[0].text:
                        continue
                    size = run[0].font.size / Pt(1)
                    room = (column.width - cell.margin_left - cell.margin_right) / Inches(1) * MM * ROOM
                    lines = len(wrap(run[0].text, Type(size=size, bold=bool(run[0].font.bold)), room + 0.3))
                    assert lines <= (3 if i == 0 else 1), run[0].text
                    assert lines * size * POINT * 1.2 <= row.height / Inches(1) * MM + 0.2, run[0].text
                    assert text_width(run[0].text.split(" ")[0], Type(size=size)) <= room + 0.3


def test_pictures_charts_and_tables_have_alternative_text(any_deck: Any) -> None:
    for slide in any_deck.slides:
        for shape in slide.shapes:
            if is_picture(shape) or shape.has_chart or shape.has_table:
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr", "")) > 5


def test_no_date_but_that_of_the_settings(sulbar_path: Path) -> None:
    with zipfile.ZipFile(sulbar_path) as file:
        for entry in file.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            if entry.filename.endswith(".xlsx"):
                with zipfile.ZipFile(BytesIO(file.read(entry))) as book:
                    assert b"2026-11-24T00:00:00Z" in book.read("docProps/core.xml")
        assert file.read("docProps/core.xml").count(b"2026-11-24T00:00:00Z") == 2
    assert sulbar_path.stat().st_size <= 6_000_000


def office_template(path: Path, width: float = 13.333, shift: float = 0.0) -> Path:
    """The layouts of an office: those that come with python-pptx, moved right by `shift` and with a slide in them."""
    template = Presentation()
    scale, template.slide_width = width / 10, Inches(width)
    for holder in (template.slide_masters[0], *template.slide_layouts):
        for place in holder.placeholders:
            if place._element.spPr.xfrm is not None:
                place.left, place.width = int(place.left * scale + Inches(shift)), int(place.width * scale)
    template.slides.add_slide(template.slide_layouts[0]).shapes.title.text = "slide lama"
    template.save(str(path))
    return path


def kinds_in_places(slide: Any) -> dict[str, str]:
    """Name of the place of the layout -> what stands in it."""
    names = {place.placeholder_format.idx: place.name for place in slide.slide_layout.placeholders}
    return {
        names[place.placeholder_format.idx].rstrip(" 0123456789"): str(place._element.tag).split("}")[1]
        for place in slide.placeholders
    }


@pytest.mark.parametrize("width", [10, 13.333])
def test_the_layouts_of_an_office_are_used_by_what_they_have_room_for(tmp_path: Path, width: float) -> None:
    template = office_template(tmp_path / "kantor.pptx", width)
    with patch.object(slides_deck, "DPI", 40):
        told = write_slides(tmp_path / "laporan.pptx", report_world.one_kabupaten(), template=template)
    assert [one.key for one in told] == (["slides.template_narrow"] if width == 10 else [])
    deck = Presentation(str(tmp_path / "laporan.pptx"))
    assert "slide lama" not in " ".join(titles(deck))
    assert [slide.slide_layout.name for slide in deck.slides] == ["Title Slide", *["Two Content"] * 9]
    assert kinds_in_places(deck.slides[0]) == {"Title": "sp", "Subtitle": "sp"}
    feet = {"Footer Placeholder": "sp", "Slide Number Placeholder": "sp"}
    assert kinds_in_places(deck.slides[2]) == {"Title": "sp", "Content Placeholder": "graphicFrame"} | feet
    assert is_picture(min(deck.slides[2].placeholders, key=lambda place: place.placeholder_format.idx != 1))
    for slide in deck.slides:
        assert "tx2" not in slides_text(slide)
        area = slide.shapes.title
        own = next(p for p in slide.slide_layout.placeholders if p.placeholder_format.idx == 0)
        assert (area.left, area.top, area.width, area.height) == (own.left, own.top, own.width, own.height)
    test_every_shape_lies_on_its_slide_and_covers_no_other(deck)
    test_every_text_fits_its_box(deck)


def spoil_ground(template: Any, how: str) -> dict[str, str]:
    """Makes the slides of a template dark, in one of the ways offices do; the colours that its text may name."""
    master = template.slide_masters[0]
    if how == "theme":
        swapped = {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}
        master._element.xpath("./p:clrMap")[0].attrib.update(swapped)
        return {"tx1": "#FFFFFF", "bg1": "#000000"}
    if how == "background":
        master.background.fill.solid()
        master.background.fill.fore_color.rgb = RGBColor.from_string("122340")
    else:
        picture, spaces = BytesIO(), nsdecls("p", "a", "r")
        Image.new("RGB", (8, 8), "#122340").save(picture, format="PNG")
        for layout in template.slide_layouts:
            whole = layout.part.get_or_add_image_part(picture)[1]
            frame = f'<a:off x="0" y="0"/><a:ext cx="{template.slide_width}" cy="{template.slide_height}"/>'
            layout.shapes._spTree.insert(2, parse_xml(
                f'<p:pic {spaces}><p:nvPicPr><p:cNvPr id="99" name="latar"/><p:cNvPicPr/><p:nvPr/>'
                f'</p:nvPicPr><p:blipFill><a:blip r:embed="{whole}"/></p:blipFill><p:spPr><a:xfrm>{frame}</a:xfrm>'
                '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
            ))  # fmt: skip
    return {"tx1": "#000000", "bg1": "#FFFFFF"}


@pytest.mark.parametrize("how", ["theme", "background", "picture"])
def test_on_a_dark_template_text_and_marks_are_light(tmp_path: Path, how: str) -> None:
    template = Presentation(str(office_template(tmp_path / "kantor.pptx")))
    named, ground = spoil_ground(template, how), "#000000" if how == "theme" else "#122340"
    template.save(str(tmp_path / "kantor.pptx"))
    more = {"template": tmp_path / "kantor.pptx", "sensitivity": SENSITIVITY}
    deck = deck_of(restrict(report_world.one_kabupaten(), groups=("anak", "lansia")), tmp_path, **more)
    seen = {"text": 0, "mark": 0}
    for shape in (shape for slide in deck.slides for shape in slide.shapes):
        root = shape.chart._chartSpace if shape.has_chart else shape._element
        own = root.xpath("./p:spPr/a:solidFill | ./p:spPr/a:pattFill | self::p:pic")  # a stamp, a swatch, a map
        for colour in [] if own else root.xpath(".//a:srgbClr | .//a:schemeClr"):
            value = colour.get("val")
            apart = style.contrast(named.get(value) or f"#{value}", ground)
            of_text = colour.xpath("ancestor::a:rPr | ancestor::a:defRPr | ancestor::a:endParaRPr")
            faint = colour.xpath("ancestor::c:majorGridlines | ancestor::a:lnB | ancestor::c:marker")
            assert apart >= (4.5 if of_text else 1.3 if faint else 3), (shape.name, value)
            seen["text" if of_text else "mark"] += 1
        for line in root.xpath("./p:spPr[a:solidFill]/a:ln/a:solidFill/a:srgbClr"):  # the edge of a swatch
            assert style.contrast(f"#{line.get('val')}", ground) >= 3
    assert min(seen.values()) > 10


@pytest.mark.parametrize(("spoiled", "told"), [("title", "slides.template_title"), ("content", "slides.template_room")])
def test_what_of_a_template_does_not_fit_is_told(tmp_path: Path, spoiled: str, told: str) -> None:
    """Without a title on any layout the slides get one; where content is small, it stands below the title."""
    template = Presentation(str(office_template(tmp_path / "kantor.pptx")))
    for layout in list(template.slide_layouts)[1:]:
        if spoiled == "content" and layout.name not in ("Two Content", "Comparison", "Title and Content"):
            template.slide_layouts.remove(layout)
            continue
        for place in list(layout.placeholders):
            if spoiled == "title" and place.placeholder_format.idx == 0:
                place._element.getparent().remove(place._element)
            elif spoiled == "content":
                place.left, place.top, place.width = Inches(0.6), place.top, Inches(12)
                place.height = Inches(1)
    template.save(str(tmp_path / "kantor.pptx"))
    coverage = restrict(report_world.one_kabupaten(), groups=("lansia",))
    found = write_slides(tmp_path / "laporan.pptx", coverage, template=tmp_path / "kantor.pptx")
    assert [one.key for one in found] == [told]
    deck = Presentation(str(tmp_path / "laporan.pptx"))
    assert all(titles(deck))
    test_every_shape_lies_on_its_slide_and_covers_no_other(deck)


def test_reset_leaves_a_slide_as_it_is(any_deck: Any) -> None:
    """Titles, texts, maps, charts and tables stand in the places of their layout, and no place is left empty."""
    names = {layout.name for layout in any_deck.slide_layouts}
    assert len(names) == len(any_deck.slide_layouts) >= 8
    for slide in any_deck.slides:
        places = {place.placeholder_format.idx: place for place in slide.slide_layout.placeholders}
        feet = {idx for idx, place in places.items() if place.name.startswith(("Kaki", "Nomor", "Footer", "Slide"))}
        for shape in slide.placeholders:
            assert not shape.has_text_frame or shape.text_frame.text, shape.name
            home = places.pop(shape.placeholder_format.idx)
            if shape.placeholder_format.idx not in feet and shape.name != "text":
                assert abs(shape.left - home.left) < 9000, shape.name
                assert abs(shape.top - home.top) < 9000, shape.name
                assert shape.width - home.width < 9000, shape.name
        assert not [place.name for idx, place in places.items() if idx in feet and slide is not any_deck.slides[0]][1:]
        loose = [shape for shape in slide.shapes if shape.has_chart or shape.has_table or is_picture(shape)]
        assert all(shape.is_placeholder for shape in loose)


def test_a_file_that_is_no_template_is_told(tmp_path: Path) -> None:
    (tmp_path / "kantor.pptx").write_text("bukan")
    with pytest.raises(LksGeoError) as error:
        write_slides(tmp_path / "x.pptx", report_world.sulbar(), template=tmp_path / "kantor.pptx")
    assert ".pptx" in str(error.value.message)
    assert not (tmp_path / "x.pptx").exists()


def test_example_data_are_stamped_on_every_slide(sulbar_deck: Any) -> None:
    for slide in sulbar_deck.slides:
        assert "DATA CONTOH" in words(slide)


def test_estimates_and_reach_are_said_where_the_numbers_are(sulbar_deck: Any) -> None:
    for slide in list(sulbar_deck.slides)[2:7]:
        footer = next(shape for shape in slide.shapes if shape.name == "footer").text_frame.text
        assert "asumsi" in footer
        assert "perkiraan" in footer
        assert "hanya LKS aktif" in footer


def test_disguised_places_are_counted_and_named_nowhere(sulbar_deck: Any) -> None:
    coverage = report_world.sulbar()
    slide = sulbar_deck.slides[2 + [group.key for group in coverage.groups].index("kekerasan")]
    assert "5 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)" in " ".join(words(slide))
    everything = " ".join(word for slide in sulbar_deck.slides for word in words(slide))
    assert "lks_terdekat" not in everything
    assert "disamarkan 76" not in everything


def test_kabupaten_without_a_row_are_named_and_in_no_number(tmp_path: Path) -> None:
    whole = report_world.sulbar()
    register = replace(whole.register, reported=frozenset({"76.03", "76.04"}))
    coverage = measure_coverage(register, whole.boundaries, whole.population, whole.settings)
    deck = deck_of(restrict(coverage, groups=("anak", "lansia")), tmp_path)
    assert all("648" not in word for slide in list(deck.slides)[:-3] for word in words(slide))
    for slide in list(deck.slides)[1:]:
        footer = next(shape for shape in slide.shapes if shape.name == "footer").text_frame.text
        assert "2 dari 6 kabupaten ada dalam register (tidak dilaporkan: Pasangkayu, Mamuju" in footer
    assert "Pasangkayu: Layanan LKS" in " ".join(titles(deck))
    silent = next(slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith("Pasangkayu: "))
    said = " ".join(words(silent))
    assert "Adakah LKS di sini?" in said.replace("adakah", "Adakah")
    people = coverage.at("kabupaten", "anak").set_index("nama").loc["Pasangkayu", "sasaran"]
    assert f"Anak: {Texts().number(people)} orang" in said


def test_second_slide_repeats_no_other(tmp_path: Path) -> None:
    """Where shares can't be compared, it compares desa; of a single group there is no such slide."""
    Image.new("RGB", (40, 50), "#145A3C").save(tmp_path / "lambang.png")
    whole = report_world.sulbar()
    whole = replace(whole, settings=replace(whole.settings, emblem=tmp_path / "lambang.png"))
    two = deck_of(restrict(whole, groups=("anak", "napza")), tmp_path)
    emblem = next(shape for shape in two.slides[0].shapes if is_picture(shape))
    assert emblem._element.xpath(".//p:cNvPr")[0].get("descr").startswith("Lambang Dinas Sosial")
    assert "Tanggal data register tidak dicatat, dibuat 24 November 2026" in " ".join(words(two.slides[0]))
    assert titles(two)[1] == (
        "Desa belum terlayani paling banyak untuk Korban NAPZA (529 dari 648), paling sedikit untuk Anak (193)."
    )
    assert len(set(titles(two))) == len(titles(two))


def test_second_slide_of_a_kabupaten_says_what_is_not_true_of_any(kabupaten_deck: Any) -> None:
    said = [text for text in words(kabupaten_deck.slides[1]) if "belum terlayani" in text]
    assert said
    assert not any("di Mamasa" in text for text in said)


@pytest.mark.parametrize("part", ["desa only", "one group", "two kabupaten", "no place"])
def test_a_coverage_cut_down_still_makes_a_deck(tmp_path: Path, part: str) -> None:
    whole = report_world.sulbar()
    none = replace(whole.register, rows=RegisterFrame(whole.register.rows.iloc[:0]))
    two = tuple(group for group in whole.groups if group.key in ("anak", "kekerasan"))
    coverage = {
        "desa only": lambda: restrict(whole, levels=("desa",), groups=("anak", "kekerasan")),
        "one group": lambda: restrict(whole, groups=("kekerasan",)),
        "two kabupaten": lambda: restrict(whole, kabupaten=("76.01", "76.05")),
        "no place": lambda: measure_coverage(
            none, whole.boundaries, whole.population, replace(whole.settings, groups=two)
        ),
    }[part]()
    deck = deck_of(coverage, tmp_path)
    summary = len(coverage.groups) > 1
    assert len(deck.slides) == 1 + summary + len(coverage.groups) + len(areas.kabupaten_codes(coverage)) + 3
    assert (part == "no place") == (titles(deck)[1] == "Belum ada LKS yang dihitung untuk kelompok mana pun.")
    test_every_shape_lies_on_its_slide_and_covers_no_other(deck)
    test_every_text_fits_its_box(deck)


def test_signs_of_other_writing_stay_and_name_a_font_for_them(tmp_path: Path) -> None:
    """The office program has fonts that ours lacks; printed pages show a stand-in."""
    one = restrict(report_world.one_kabupaten(), groups=("lansia",))
    named = replace(one, settings=replace(one.settings, title="Layanan 福利院 di Mamasa\u202e"))
    write_slides(tmp_path / "han.pptx", named, editable_maps=True)
    run = Presentation(str(tmp_path / "han.pptx")).slides[0].shapes.title.text_frame.paragraphs[0].runs[0]
    assert run.text == "Layanan 福利院 di Mamasa"
    assert run._r.rPr.find(qn("a:ea")).get("typeface") == "Microsoft YaHei"


def test_hostile_names_stay_text(crowded_deck: Any) -> None:
    said = " ".join(word for slide in crowded_deck.slides for word in words(slide))
    assert "\u202e" not in said
    assert "\x07" not in said


@pytest.mark.parametrize("fault", ["layouts", "theme", "size", "xml", "bytes"])
def test_a_template_that_cannot_serve_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    path, odd = tmp_path / "dinas.pptx", tmp_path / "aneh.pptx"
    Presentation().save(str(path))
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(odd, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            if (fault == "layouts" and "slideLayouts/slide" in name) or (fault == "theme" and "theme" in name):
                continue
            if fault == "size":
                content = content.replace(b'cx="9144000"', b'cx="0"')
            target.writestr(name, content[:100] if fault == "xml" and name.endswith("slideMaster1.xml") else content)
    if fault == "bytes":
        monkeypatch.setattr("lks_geo.render.slides.deck._MOST_UNPACKED", 100)
    with pytest.raises(LksGeoError) as error:
        template_of(odd)
    assert error.value.message.key == "slides.bad_template"
