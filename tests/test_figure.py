"""Printed maps: true to scale, legible, complete, the same bytes every time."""

from __future__ import annotations

import re
import warnings
import zlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import report_world
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.font_manager import get_font
from pdf_text import pdf_pages
from PIL import Image
from pypdf import PdfReader

from lks_geo.catalogue import MAPPED
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.geo import distance_km
from lks_geo.measure import measure_coverage
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.atlas_pages import kabupaten_page
from lks_geo.render.borders import divided
from lks_geo.render.figure import lettering
from lks_geo.render.figure import printed_map as figure
from lks_geo.render.figure.furniture import LOCATION_ZOOM
from lks_geo.render.figure.label_places import CELL, Ground, led_to, push_apart
from lks_geo.render.figure.map_frame import MapFrame, faded, hardly_seen
from lks_geo.render.figure.map_paths import Lines, View, fit_view, joined, layer_of, round_up, shapes_of
from lks_geo.render.figure.paper import PAPERS, Box, Sheet, Type, clean_text, font, shorten, text_width, wrap
from lks_geo.render.figure.topic import Topic
from lks_geo.said.areas import area_totals, unserved_list
from lks_geo.said.small_tables import groups_table, needy_table, parts_table
from lks_geo.tables import LEVELS, UNREPORTED, Coverage

MM_PER_INCH = 25.4


@pytest.fixture(scope="module")
def sulbar() -> Coverage:
    return report_world.sulbar()


@pytest.fixture(scope="module")
def drawn(world_coverage: Coverage) -> Coverage:
    return world_coverage


LEVELS_WITH_MEASURES = tuple(zip(LEVELS, MAPPED, strict=False))


def pages() -> list[tuple[str, Topic, str]]:
    """Pages of every kind, for the tests that nothing is cut or covered."""
    sulbar, english, crowded = report_world.sulbar(), report_world.sulbar("en"), report_world.crowded()
    mamasa = report_world.one_kabupaten()
    found = [
        ("lansia", Topic(coverage=sulbar, group="lansia"), "a4"),
        ("sensitive", Topic(coverage=sulbar, group="kekerasan"), "a3"),
        ("wide", Topic(coverage=sulbar, group="napza"), "16:9"),
        ("kabupaten", Topic(coverage=sulbar, group="lansia", kabupaten="76.04"), "a4"),
        ("restricted", Topic(coverage=mamasa, group="anak", kabupaten="76.03"), "a4"),
        ("english", Topic(coverage=english, group="disabilitas", kabupaten="76.02"), "a4"),
        ("crowded", Topic(coverage=crowded, group="dua"), "a4"),
        ("no target", Topic(coverage=crowded, group="satu"), "a4"),
        ("crowded kabupaten", Topic(coverage=crowded, group="tiga", kabupaten="76.05"), "a4"),
    ]
    found += [
        (f"{level} {measure}", Topic(coverage=sulbar, group="lansia", level=level, measure=measure), "a4")
        for level, measure in LEVELS_WITH_MEASURES
    ]
    return found


PAGES = ["lansia", "sensitive", "wide", "kabupaten", "restricted", "english", "crowded", "no target",
         "crowded kabupaten", *(f"{level} {measure}" for level, measure in LEVELS_WITH_MEASURES)]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_text_is_on_the_page_and_none_covers_another(name: str) -> None:
    """And the page can be drawn without a warning."""
    _, topic, paper = next(page for page in pages() if page[0] == name)
    sheet = figure.map_page(topic, paper)
    page = Box(0, 0, sheet.width, sheet.height)
    inner = Box(figure.MARGIN, figure.MARGIN, sheet.width - figure.MARGIN, sheet.height - figure.MARGIN)
    assert sheet.boxes
    for box in sheet.boxes:
        assert box.inside(page), box
        assert box.inside(inner, 0.1), box
    for one, other in combinations(sheet.boxes, 2):
        assert not one.overlaps(other, -0.35), (one, other)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert figure.render(sheet, ".png", 50).startswith(b"\x89PNG")


def test_no_type_is_too_small_to_read(sulbar: Coverage) -> None:
    """Labels have 5 points or more, and notes of a page 6, on maps of the province and of a kabupaten."""
    for sheet in (figure.map_page(Topic(coverage=sulbar, group="anak")), kabupaten_page(sulbar, "76.03")):
        lines = [line for words in sheet.words.values() for line in words.lines]
        assert min(line.prop.get_size_in_points() for line in lines) >= 4.99
        notes = [line for line in lines if line.text.startswith(("Jangkauan 10", "Batas indikatif", "Edisi 2026"))]
        assert len(notes) == 3
        assert min(line.prop.get_size_in_points() for line in notes) >= 6


def test_sources_seas_emblem_and_properties(sulbar: Coverage, tmp_path: Path) -> None:
    Image.new("RGB", (40, 50), "#145A3C").save(tmp_path / "lambang.png")
    named = {"emblem": tmp_path / "lambang.png", "address": "Jl. Contoh No. 1", "register_day": date(2026, 3, 1)}
    coverage = replace(sulbar, settings=replace(sulbar.settings, **named))
    figure.draw_map(tmp_path / "m.svg", coverage, group="anak")
    drawn = (tmp_path / "m.svg").read_text(encoding="utf-8")
    for words in (
        "Batas: Kemendagri 2025, dirapikan", "Penduduk: Dukcapil 2024, dibagi ke desa (perkiraan)",
        "Register LKS: contoh-register-lks.xlsx, data per 1 Maret", "Selat", "Jl. Contoh No. 1", "<dc:language>id<",
        "<dc:description>DATA CONTOH: ",
    ):  # fmt: skip
        assert words in drawn, words
    assert drawn.count("<text") > 100
    figure.draw_map(tmp_path / "m.png", coverage, group="anak", dpi=60)
    with Image.open(tmp_path / "m.png") as image:
        assert image.text["Subject"].startswith("DATA CONTOH: ")  # type: ignore[attr-defined]
        unit = 60 / MM_PER_INCH
        at = (int((297 - 5 - 97 + 3 + 4) * unit), int((5 + 8) * unit))
        assert image.convert("RGB").getpixel(at) == (20, 90, 60)
    figure.draw_map(tmp_path / "m.pdf", coverage, group="anak")
    read = PdfReader(tmp_path / "m.pdf")
    assert read.metadata is not None
    assert (read.metadata.author, read.root_object["/Lang"]) == (coverage.settings.agency, "id")
    for name, key in (("m.svg", "figure.bad_emblem"), ("lupa.png", "files.absent")):
        lost = replace(sulbar, settings=replace(sulbar.settings, emblem=tmp_path / name))
        with pytest.raises(LksGeoError) as error:
            figure.draw_map(tmp_path / "x.png", lost, group="lansia")
        assert error.value.message.key == key


def test_a_picture_that_unfolds_without_end_is_no_emblem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lambang.png"
    Image.new("1", (20, 20)).save(path)
    monkeypatch.setattr(style, "MOST_PIXELS", 100)
    with pytest.raises(LksGeoError) as error:
        style.emblem_of(path)
    assert error.value.message.key == "figure.large_emblem"
    content = path.read_bytes()
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + content[24:29]
    path.write_bytes(content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:])
    with pytest.raises(LksGeoError) as error:
        style.emblem_of(path)
    assert error.value.message.key == "figure.bad_emblem"


def test_land_around_that_is_not_known_is_no_sea(sulbar: Coverage, drawn: Coverage) -> None:
    """Where no neighbours are known, a location map shows no sea and no name of a sea stands on the map."""
    for coverage, known in ((sulbar, True), (drawn, False)):
        sheet = figure.map_page(Topic(coverage=coverage, group="anak"))
        colours = {to_hex(patch.get_facecolor()).upper() for patch in sheet.axes.patches}
        assert (style.SEA in colours) == known
        assert ("Makassar" in " ".join(box.text for box in sheet.boxes)) == known


@pytest.mark.parametrize("paper", PAPERS)
def test_png_has_the_size_of_the_paper(tmp_path: Path, drawn: Coverage, paper: str) -> None:
    from PIL import Image

    figure.draw_map(tmp_path / "peta.png", drawn, group="anak", paper=paper, dpi=60)
    with Image.open(tmp_path / "peta.png") as image:
        assert image.size == tuple(pytest.approx(side / MM_PER_INCH * 60, abs=1) for side in PAPERS[paper])


@pytest.mark.parametrize("suffix", figure.SUFFIXES)
def test_same_coverage_same_bytes(tmp_path: Path, drawn: Coverage, suffix: str) -> None:
    figure.draw_map(tmp_path / f"a{suffix}", drawn, group="anak", dpi=50)
    again = replace(drawn, boundaries=replace(drawn.boundaries))
    figure.draw_map(tmp_path / f"b{suffix}", again, group="anak", dpi=50)
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_the_scale_is_round_and_true_on_paper(sulbar: Coverage) -> None:
    for paper in ("a4", "a3"):
        sheet = Sheet(paper)
        topic = Topic(coverage=sulbar, group="anak")
        frame = figure.draw_frame(sheet, topic, (13, 13, 170, 184))
        denominator = round(frame.view.unit_m * 1000 / sheet.unit_mm)
        assert f"{denominator:.0f}".strip("0") in {
            "1",
            "125",
            "15",
            "175",
            "2",
            "25",
            "3",
            "35",
            "4",
            "5",
            "6",
            "75",
            "8",
        }
        lon, lat = np.array([119.0, 119.4]), np.array([-3.3, -1.2])
        at = frame.units(lon, lat)
        paper_mm = float(np.hypot(*(at[1] - at[0]))) * sheet.unit_mm
        true_km = float(distance_km(lon[:1], lat[:1], lon[1:], lat[1:])[0])
        assert paper_mm * denominator / 1e6 == pytest.approx(true_km, rel=0.002)


@given(st.floats(1e3, 1e8))
def test_round_up_is_the_next_round_number(value: float) -> None:
    assert value * 0.9999 <= round_up(value) <= value * 1.51


def test_fit_view_shows_the_bounds_inside_the_margins() -> None:
    view, _ = fit_view((0, 0, 100_000, 50_000), (10, 10, 100, 80), 1.0, margins=(5, 6, 7, 8))
    corners = view.units(np.array([[0.0, 0.0], [100_000.0, 50_000.0]]))
    assert corners[0, 0] >= 15 - 1e-6
    assert corners[1, 0] <= 103 + 1e-6
    assert corners[0, 1] >= 16 - 1e-6
    assert corners[1, 1] <= 82 + 1e-6
    assert view.metres(corners) == pytest.approx(np.array([[0.0, 0.0], [100_000.0, 50_000.0]]), abs=15)


def test_joined_lines_lose_nothing(sulbar: Coverage) -> None:
    arcs = shapes_of(sulbar.boundaries).arcs(200.0)
    whole = shapely.length(arcs.lines())
    kinds = divided(arcs, sulbar.boundaries.names("desa"))
    for kind in set(kinds):
        lines = joined(arcs.picked(kinds == kind))
        steps = np.hypot(*np.diff(lines.vertices, axis=0).T)
        assert steps[lines.owner[1:] == lines.owner[:-1]].sum() == pytest.approx(whole[kinds == kind].sum(), rel=1e-9)
        assert len(set(lines.owner)) < (kinds == kind).sum()


def test_an_area_too_small_for_the_location_map_keeps_its_largest_part(sulbar: Coverage, drawn: Coverage) -> None:
    for coverage in (sulbar, drawn):
        shapes = shapes_of(coverage.boundaries)
        for level in ("kecamatan", "kabupaten"):
            assert list(shapes.tiny(level).index) == list(coverage.boundaries.names(level).index)


def test_numbers_of_far_islands_stand_in_their_inset(sulbar: Coverage) -> None:
    listed = unserved_list(sulbar, "disabilitas", top=2)
    assert set(listed["kecamatan"]) == {"Kepulauan Bala Balakang"}
    sheet = Sheet("a4")
    figure.draw_frame(sheet, Topic(coverage=sulbar, group="disabilitas"), (13, 13, 170, 184), ranks=2)
    lines = [line for words in sheet.words.values() for line in words.lines]
    title = next(line for line in lines if line.text == "Kepulauan Bala Balakang")
    numbers = [line for line in lines if line.text in ("1", "2")]
    assert len(numbers) == 2
    assert all(title.x < line.x < title.x + 38 and title.y - 27 < line.y < title.y for line in numbers)


def test_only_what_lies_on_a_small_island_is_too_small_to_be_seen() -> None:
    """1 unit = 1 km = 1 mm; a town of 1 x 1 mm on the mainland, beside it islands of 1, 2 x 1 (two desa) and 9 mm."""
    places = {"main": (0, 0, 20, 20), "town": (20, 0, 21, 1), "islet": (40, 0, 41, 1), "west": (50, 0, 51, 1),
              "east": (51, 0, 52, 1), "island": (60, 0, 69, 9)}  # fmt: skip
    shapes = gpd.GeoSeries({key: shapely.box(*(1000 * edge for edge in box)) for key, box in places.items()})
    seen = hardly_seen(layer_of(shapes), View(0, 0, 100, 50, 0, 0, 1000.0), 1.0)
    assert list(shapes.index[seen]) == ["islet", "west", "east"]
    assert not hardly_seen(layer_of(shapes), View(0, 0, 100, 50, 0, 0, 1000.0), 2.0).any(), "paper of twice the size"


def test_colours_lie_where_the_desa_are(sulbar: Coverage) -> None:
    from PIL import Image

    topic = Topic(coverage=sulbar, group="disabilitas")
    sheet = Sheet("a4")
    frame = MapFrame(sheet, fit_view((650_000, 9_600_000, 850_000, 9_910_000), (0, 0, 297, 210), 1.0)[0], topic)
    frame.fills()
    with Image.open(BytesIO(figure.render(sheet, ".png", 100))) as image:
        pixels = np.asarray(image.convert("RGB"))
    layer = frame.shapes.layer("desa", frame.tolerance)
    colours = {kind.key: kind.colour for kind in topic.classes}
    large = shapely.area(layer.geometry) > 2e7
    right = 0
    for point, code in zip(frame.view.units(layer.points)[large], layer.index[large], strict=True):
        column, row = int(point[0] / 297 * pixels.shape[1]), int((1 - point[1] / 210) * pixels.shape[0])
        wanted = colours[topic.class_of[code]]
        right += tuple(pixels[row, column]) == tuple(int(wanted[i : i + 2], 16) for i in (1, 3, 5))
    assert right >= 0.99 * large.sum() > 100


def test_legend_counts_every_area_and_all_people(sulbar: Coverage) -> None:
    for level in ("desa", "kecamatan", "kabupaten"):
        for measure in MAPPED:
            topic = Topic(coverage=sulbar, group="lansia", level=level, measure=measure)
            assert sum(row.areas for row in topic.legend) == len(sulbar.at(level, "lansia"))
            assert sum(row.people or 0 for row in topic.legend) == pytest.approx(area_totals(sulbar, "lansia").target)
    unknown = Topic(coverage=sulbar, group="napza")
    assert all(row.people is None or row.areas == 0 for row in unknown.legend)


def test_the_numbers_on_kecamatan_are_explained_where_they_stand(sulbar: Coverage) -> None:
    def lines(topic: Topic) -> list[str]:
        return [line.text for words in figure.map_page(topic).words.values() for line in words.lines]

    silent = replace(sulbar, unreported=("76.03",))
    for coverage, kabupaten in ((sulbar, "76.03"), (sulbar, None), (silent, "76.03")):
        found = lines(Topic(coverage=coverage, group="anak", kabupaten=kabupaten))
        explained = "pada kecamatan: desa belum terlayani / jumlah desa" in found
        counts = [text for text in found if re.fullmatch(r"\d+/\d+", text) and text != "5/14"]
        assert explained == bool(counts) == (kabupaten is not None and coverage is sulbar)


def test_legend_of_a_kabupaten_counts_only_its_own(sulbar: Coverage) -> None:
    topic = Topic(coverage=sulbar, group="anak", kabupaten="76.03")
    assert sum(row.areas for row in topic.legend) == 181


def test_the_four_states_always_stand_in_the_legend_but_ada_only_where_it_can_be(sulbar: Coverage) -> None:
    def keys(**facts: str) -> list[str]:
        return [row.kind.key for row in Topic(coverage=sulbar, **facts).legend]  # type: ignore[arg-type]

    assert keys(group="lansia") == ["belum_terlayani", "terjangkau_sebagian", "terjangkau", "ada"]
    assert "ada" not in keys(group="lansia", level="kabupaten")
    assert "ada" in keys(group="kekerasan")


def test_disguised_places_are_counted_and_not_drawn(sulbar: Coverage) -> None:
    topic = Topic(coverage=sulbar, group="kekerasan")
    assert sulbar.totals["kekerasan"].disguised
    assert topic.points().empty
    words = " ".join(box.text for box in figure.map_page(topic).boxes)
    assert "5 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)." in words
    symbols = [sulbar.settings.group(key).short("id") for key in ("kekerasan", "lansia")]
    symbols = [Texts("id")("figure.symbol_active", group=short) for short in symbols]
    assert symbols[0] not in words
    others = " ".join(box.text for box in figure.map_page(Topic(coverage=sulbar, group="lansia")).boxes)
    assert symbols[1] in others
    assert "disamarkan" not in others


def unreported() -> Coverage:
    """The example without a row from Mamuju, Mamuju Tengah, Majene and Pasangkayu."""
    whole = report_world.sulbar()
    register = replace(whole.register, reported=frozenset({"76.03", "76.04"}))
    return measure_coverage(register, whole.boundaries, whole.population, whole.settings)


@pytest.mark.parametrize("measure", MAPPED)
def test_what_is_not_reported_has_its_own_class_whatever_the_measure(measure: str) -> None:
    coverage = unreported()
    topic = Topic(coverage=coverage, group="lansia", measure=measure)
    legend = {row.kind.key: row.areas for row in topic.legend}
    assert legend[UNREPORTED] == 300
    assert sum(legend.values()) == 648
    words = [box.text for box in figure.map_page(topic).boxes]
    assert "Tidak dilaporkan" in words
    assert words.count("tidak dilaporkan") == 4


def test_hatched_classes_differ_from_each_other_and_from_plain_ones() -> None:
    patterns = {key: style.HATCHES[key] for key in (style.NO_DATA, UNREPORTED)}
    assert len(set(patterns.values())) == len(style.HATCHES) == 2
    assert not set(style.HATCHES) & {"tidak_ada_sasaran", "ada", "belum_terlayani"}


def test_open_coverages_are_stamped_internal() -> None:
    topic = Topic(coverage=report_world.sulbar(show_sensitive=True), group="kekerasan")
    assert not topic.points().empty
    assert any("INTERNAL" in box.text for box in figure.map_page(topic).boxes)


def test_numbers_on_the_map_are_those_of_the_list(sulbar: Coverage) -> None:
    topic = Topic(coverage=sulbar, group="lansia", kabupaten="76.05")
    sheet = figure.map_page(topic)
    words = [box.text for box in sheet.boxes]
    rank = int(re.match(r"(\d+) dari \d+ desa/kelurahan belum terlayani, p", words[words.index("No") - 1])[1])  # type: ignore[index]
    listed = unserved_list(sulbar, "lansia", kabupaten="76.05", top=rank)
    assert words.count(str(rank + 1)) <= 1
    assert list(needy_table(sulbar, "lansia", level="desa", kabupaten="76.05", top=rank).codes) == list(listed["kode"])
    for number, row in enumerate(listed.itertuples(), start=1):
        assert words.count(str(number)) >= 2
        assert row.nama in words
        assert topic.texts.number(row.belum_terjangkau) in words


def test_a_name_beside_another_area_is_led_to_its_own() -> None:
    """A town (1) of 4 x 4 cells in the middle of a district (0) of 20 x 20 cells; both names stand to the right."""
    owner = np.full((40, 40), -1)
    owner[10:30, 10:30], owner[18:22, 18:22] = 0, 1
    view = View(x=0, y=0, width=40 * CELL, height=40 * CELL, left_m=0, bottom_m=0, unit_m=1)
    name = Box(31 * CELL, 19 * CELL, 38 * CELL, 21 * CELL)
    assert led_to(Ground(view, owner), 0, name) is None
    spot = led_to(Ground(view, owner), 1, name)
    assert spot is not None
    assert owner[int(spot[1] / CELL), int(spot[0] / CELL)] == 1


def test_tables_say_what_the_coverage_says(sulbar: Coverage) -> None:
    texts = Topic(coverage=sulbar, group="lansia").texts
    table = parts_table(sulbar, "lansia", level="kabupaten")
    rows = sulbar.at("kabupaten", "lansia")
    assert set(table.codes) == set(rows.index)
    for code, cells in zip(table.codes, table.rows, strict=True):
        row = rows.loc[code]
        assert cells[1] == texts.number(row["jumlah_lks"])
        assert cells[2] == f"{row['desa_belum_terlayani']} dari {row['jumlah_desa']}"
        assert cells[3] == texts.number(row["belum_terjangkau"])
        assert cells[4] == texts.percent(row["cakupan"], 1)
    group = dict(zip(("anak", "lansia", "disabilitas", "napza", "kekerasan"), groups_table(sulbar).rows, strict=True))
    assert group["napza"][1] == "–"
    assert group["napza"][3].endswith("(luas)")


@given(st.lists(st.tuples(st.floats(10, 90), st.floats(10, 90)), min_size=1, max_size=10))
def test_discs_are_pushed_apart_and_stay_in_the_frame(points: list[tuple[float, float]]) -> None:
    moved = push_apart(np.array(points), 4.0, Box(0, 0, 100, 100))
    assert (moved >= 0).all()
    assert (moved <= 100).all()
    for i, j in combinations(range(len(moved)), 2):
        assert np.hypot(*(moved[i] - moved[j])) >= 3.6


WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)


@given(WORDS, st.floats(8, 60), st.booleans())
def test_wrapped_and_shortened_text_fits(text: str, width: float, bold: bool) -> None:
    look = Type(size=6, bold=bold)
    assert text_width(shorten(text, look, width), look) <= width + 1e-6
    for line in wrap(text, look, width, 3):
        assert text_width(line, look) <= width + 1e-6


def test_measured_width_is_that_of_the_renderer() -> None:
    from matplotlib.textpath import text_to_path

    for text in ("Kelurahan Tinambung", "AVATAR To. W,", "1.234.567,8 %"):
        prop = font(True).copy()
        prop.set_size(10)
        drawn_points, _, _ = text_to_path.get_text_width_height_descent(text, prop, ismath=False)
        measured = text_width(text, Type(size=10, bold=True)) / (MM_PER_INCH / 72)
        assert drawn_points <= measured * 1.005 <= drawn_points * 1.15


def ink_of(text: str, *, bold: bool, rotation: float, halo: str | None) -> np.ndarray:
    """The page of one line of text, as how much each pixel differs from the ground (0-255)."""
    sheet = Sheet(size_mm=(70, 70))
    sheet.rect(0, 0, 70, 70, fill="#3366CC", zorder=0)
    sheet.text(6, 30, text, Type(size=11, bold=bold), rotation=rotation, halo=halo)
    page = np.asarray(Image.open(BytesIO(figure.render(sheet, ".png", 200))).convert("RGB"), dtype=int)
    return np.asarray(np.abs(page - page[0, 0]).max(axis=2))


@pytest.mark.parametrize("halo", [None, "#FFFFFF"])
@pytest.mark.parametrize(
    ("text", "bold", "rotation"),
    [("Tobadak VI: 1.234 (AVA)", False, 0), ("Kab. Majene, To P.", True, 0), ("LU 2°30' dé Žž €", False, 90)],
)
def test_letters_of_a_picture_are_those_of_matplotlib(
    monkeypatch: pytest.MonkeyPatch, text: str, bold: bool, rotation: float, halo: str | None
) -> None:
    filled = ink_of(text, bold=bold, rotation=rotation, halo=halo)
    monkeypatch.setattr(lettering, "stands_alone", lambda _: False)
    laid_out = ink_of(text, bold=bold, rotation=rotation, halo=halo)
    assert laid_out.sum() > 100_000
    assert np.abs(filled - laid_out).sum() < 0.1 * laid_out.sum()


@pytest.mark.parametrize(("text", "alone"), [("Panti Asuhan Ž № 1 → 2", True), ("مرحبا", False), ("x\u0301", False)])
def test_writing_that_is_joined_is_left_to_matplotlib(text: str, alone: bool) -> None:
    assert lettering.stands_alone(text) == alone
    for halo in (None, "#FFFFFF"):
        assert ink_of(text, bold=False, rotation=0, halo=halo).sum() > 10_000


STRANGE = [
    ("a\nb\u65e5", "a b\ufffd"),
    ("Panti 日本", "Panti \ufffd\ufffd"),
    ("مرحبا", "مرحبا"),
    ("𝗣𝖺nti Ｋasih", "Panti Kasih"),  # letters that only one weight has, and wide ones
    ("پ\u0fd5", "پ\ufffd"),
    ("😀 ✅\ufe0f", "😀 \ufffd"),
    ("👨\u200d👩", "\ufffd\ufffd"),
    ("\ue000x\U0010fffd", "\ufffdx\ufffd"),
    ("a\ud800b\udfff", "a\ufffdb\ufffd"),
    ("\x00a\x07\x1b\x7f\u202eb\u200b", "ab"),
    ("a\u3000b\u2028c\xa0d", "a b c\xa0d"),
    ("e\u0301", "é"),
]


def drawn_without_warning(texts: list[str], halo: str | None = "#FFFFFF") -> None:
    sheet = Sheet("a4")
    for number, text in enumerate(texts):
        for bold in (False, True):
            sheet.text(5, 5 + number % 190, text, Type(size=6, bold=bold), rotation=90 * (number % 2), halo=halo)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for suffix in figure.SUFFIXES:
            assert figure.render(sheet, suffix, 40)


@pytest.mark.parametrize(("text", "printed"), STRANGE)
def test_what_the_font_lacks_is_shown_by_a_stand_in(text: str, printed: str) -> None:
    assert clean_text(text) == printed
    assert clean_text(printed) == printed
    drawn_without_warning([text])


@pytest.mark.long
@settings(max_examples=12)
@given(st.lists(st.text(st.characters(), max_size=60), min_size=10, max_size=40))
def test_any_text_can_be_printed(texts: list[str]) -> None:
    drawn_without_warning(texts)


@pytest.mark.long
def test_every_sign_of_the_font_can_be_printed_in_every_weight() -> None:
    signs = "".join(map(chr, sorted(get_font(str(font().get_file())).get_charmap())))
    drawn_without_warning([signs[at : at + 60] for at in range(0, len(signs), 60)], halo=None)


def test_hostile_text_is_text() -> None:
    assert clean_text(report_world.HOSTILE) == "$\\frac{1}{2}$ <b>${x}</b> =1+1"


def test_wrong_requests_say_what_is_right(tmp_path: Path, drawn: Coverage) -> None:
    cases = [
        ({"path": tmp_path / "x.gif"}, ".svg"),
        ({"paper": "a5"}, "a4"),
        ({"level": "dusun"}, "kecamatan"),
        ({"measure": "luas"}, "jarak_km"),
        ({"kabupaten": "99.09"}, "99.01"),
        ({"group": "lansa"}, "lansia"),
    ]
    for wrong, right in cases:
        request = {"path": tmp_path / "x.png", "group": "anak", **wrong}
        with pytest.raises(RequestError) as error:
            figure.draw_map(request.pop("path"), drawn, **request)  # type: ignore[arg-type]
        assert right in str(error.value.message)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_are_kept(tmp_path: Path, drawn: Coverage) -> None:
    (tmp_path / "peta.png").write_bytes(b"x")
    with pytest.raises(LksGeoError):
        figure.draw_map(tmp_path / "peta.png", drawn, group="anak")
    assert (tmp_path / "peta.png").read_bytes() == b"x"


def test_pdf_text_can_be_searched(tmp_path: Path, sulbar: Coverage) -> None:
    figure.draw_map(tmp_path / "peta.pdf", sulbar, group="lansia")
    (text,) = pdf_pages(tmp_path / "peta.pdf")
    found = area_totals(sulbar, "lansia")
    assert f"{found.desa_unserved} dari {found.desa} desa/kelurahan belum terlayani LKS lansia" in text
    assert "DATA CONTOH" in text
    assert "Batas indikatif, bukan rujukan resmi" in text
    assert "10 km garis lurus" in text


def test_one_chosen_kabupaten_gives_its_own_page(tmp_path: Path) -> None:
    mamasa = report_world.one_kabupaten()
    figure.draw_map(tmp_path / "a.png", mamasa, group="lansia", dpi=40)
    figure.draw_map(tmp_path / "b.png", mamasa, group="lansia", kabupaten="76.03", dpi=40)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_faded_colours_are_pale_and_views_zoom_out() -> None:
    assert faded("#000000") == "#D6D6D6"
    assert LOCATION_ZOOM > 1
    assert View(0, 0, 10, 10, 0, 0, 100).bounds_m == (0, 0, 1000, 1000)


def test_lines_are_cut_at_the_window() -> None:
    """matplotlib joined what left the page and came back by a straight line across the map."""
    view = View(0, 0, 100, 100, 0, 0, 1)
    away = np.array([[50.0, 50], [150, 50], [900, 400], [150, 80], [50, 80]])
    path = Lines(away, np.zeros(5, dtype=int)).path(view)
    assert path.vertices.max() <= 102.5
    assert path.codes.tolist() == [1, 2, 1, 2]
    assert Lines(away + 1000, np.zeros(5, dtype=int)).path(view) is None
