"""The interactive map in a real Chromium that has no network.

The coordinator's path, what is on screen against the coverage table, hostile text, keyboard, accessibility, print,
phone.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, product
from pathlib import Path
from typing import Any

import browser as chrome
import numpy as np
import pandas as pd
import pytest
import world
from browser import DESKTOP, PHONE, SEEN, Opened, open_file, open_modules
from hypothesis import given
from hypothesis import strategies as st
from pdf_text import pdf_pages
from PIL import Image
from pypdf import PdfReader

from lks_geo.catalogue import MAPPED
from lks_geo.measure import measure_at_reaches, measure_coverage, one_reach, restrict
from lks_geo.measure.supply import filter_choices
from lks_geo.messages import Texts
from lks_geo.pipeline import REACHES_KM, World
from lks_geo.render.style import NO_DATA, STATUS_COLOURS, class_breaks, classify, measure_classes
from lks_geo.render.webmap.packed_columns import RULES, encode_rows, plain
from lks_geo.render.webmap.page_file import TEMPLATES, page, write_map, write_plan_map
from lks_geo.render.webmap.page_frame import Variants
from lks_geo.result_set import measure_variants, next_gains
from lks_geo.said.areas import needy_parts, unserved_list
from lks_geo.said.assumptions import reach_note
from lks_geo.settings import Settings
from lks_geo.siting.planning import Plan, make_plan
from lks_geo.siting.scene import Question
from lks_geo.tables import (
    TOTAL,
    UNREPORTED,
    Boundaries,
    Coverage,
    Population,
    PopulationFrame,
    Register,
    RegisterFrame,
)

pytestmark = pytest.mark.browser

LEVELS = ("desa", "kecamatan", "kabupaten")
GROUPS = ("anak", "lansia", "disabilitas", "napza", "kekerasan")
TEXTS = Texts("id")


@dataclass(frozen=True)
class Made:
    """A page and the coverages it was made from."""

    path: Path
    variants: dict[tuple[bool, bool], Coverage]
    gains: dict[tuple[bool, bool], pd.DataFrame]

    @property
    def coverage(self) -> Coverage:
        return self.variants[True, False]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chrome.chromium() as started:
        yield started


def made_in(
    folder: Path, coverage: Coverage, register: Register, boundaries: Boundaries, population: Population
) -> Made:
    parts = World(register=register, boundaries=boundaries, population=population, settings=coverage.settings)
    variants = measure_variants(parts, coverage)
    path = folder / f"peta-{coverage.settings.lang}.html"
    gains = next_gains(parts, variants)
    views = filter_choices(register, coverage.settings)
    reaches = measure_at_reaches(register, boundaries, population, tuple(views.values()), REACHES_KM)
    write_map(path, variants, overwrite=False, gains=gains, reaches=dict(zip(views, reaches, strict=True)))
    return Made(path, variants, gains)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    sulbar_coverage: Coverage,
    sulbar_register: Register,
    sulbar_boundaries: Boundaries,
    sulbar_population: Population,
) -> Made:
    folder = tmp_path_factory.mktemp("peta")
    return made_in(folder, sulbar_coverage, sulbar_register, sulbar_boundaries, sulbar_population)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory, sulbar_coverage: Coverage) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    settings = replace(sulbar_coverage.settings, lang="en")
    write_map(path, {(True, False): replace(sulbar_coverage, settings=settings)}, overwrite=False)
    return path


@pytest.fixture
def desk(browser: Any, made: Made) -> Iterator[Opened]:
    opened = open_file(browser, made.path)
    yield opened
    assert opened.requests == []
    assert opened.messages == []
    opened.close()


def downloaded(opened: Opened) -> tuple[str, pd.DataFrame]:
    """The list behind the download button, as Indonesian Excel reads it: its first line, and the table below."""
    with opened.page.expect_download() as waiting:
        opened.page.click("#csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert text.startswith("\ufeff")
    first, _, rest = text[1:].partition("\n")
    return first, pd.read_csv(io.StringIO(rest), sep=";", decimal=",", dtype={"Kode Kemendagri": str})


def choose(opened: Opened, **choices: str) -> None:
    for name, value in choices.items():
        opened.page.evaluate(
            "([n, v]) => document.querySelector(`input[name=${n}][value='${v}']`).click()", [name, value]
        )


def legend(opened: Opened) -> dict[str, tuple[int, str]]:
    """Class -> (number of areas, what is said of the people)."""
    rows = opened.page.locator("#map-a .legend-row").evaluate_all(
        """all => all.map((row) => [row.dataset.class, row.querySelector('.count').innerText,
            row.querySelector('small').innerText])"""
    )
    return {key: (number_of(count), people) for key, count, people in rows}


def number_of(text: str) -> int:
    return int(re.sub(r"\D", "", text))


# What opens, and how large


def test_opens_silently_offline(desk: Opened, made: Made) -> None:
    assert made.path.stat().st_size <= 1_800_000
    assert desk.page.locator("#map-a .fills path").count() == 648
    assert desk.text("#stamps") == "DATA CONTOH"
    assert "Batas indikatif" in desk.text("#credit")
    assert "perkiraan" in desk.text("#credit")
    assert "Jangkauan 10 km" in desk.text(".map-title p")


def test_unserved_are_seen_first(desk: Opened, made: Made) -> None:
    rows = made.coverage.at("desa", "lansia")
    unserved = rows[rows["status"] == "belum_terlayani"]
    assert number_of(desk.text("#finding .big")) == len(unserved)
    people, total = unserved["sasaran"].sum(), rows["sasaran"].sum()
    sentence = desk.text("#finding .sentence")
    share = TEXTS.percent(people / total, 1)
    assert f"{TEXTS.number(people)} lansia tinggal di desa tersebut, {share} dari {TEXTS.number(total)}, " in sentence
    names = desk.page.locator("#ranking .name").all_inner_texts()
    assert names == unserved.sort_values("prioritas")["nama"].head(12).tolist()
    assert desk.page.locator("#map-a .marks .disc").count() == 10
    assert desk.page.locator("#map-a .status-belum_terlayani").count() >= len(unserved)


def test_coordinator_finds_unserved_villages_in_three_clicks(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    page = opened.page
    page.click("label:has(input[name=group][value=lansia])")
    page.select_option("#kabupaten", label="Mamasa")
    expected = made.coverage.at("desa", "lansia")
    mamasa = expected[expected.index.str.startswith("76.03.")]
    unserved = mamasa[mamasa["status"] == "belum_terlayani"].sort_values("prioritas")
    assert number_of(opened.text("#finding .big")) == len(unserved)
    assert opened.text("#finding .headline").endswith(f"dari {len(mamasa)} desa/kelurahan")
    first = unserved.iloc[0]
    page.click("#ranking li:first-child button")
    assert opened.text("#card h2").endswith(str(first["nama"]))
    assert unserved.index[0] in opened.text("#card .where")
    assert "Belum terlayani" in opened.text("#card .status-box")
    estimated = " (perkiraan)" if first["sasaran_perkiraan"] else ""
    assert f"{TEXTS.number(first['sasaran'])} orang{estimated} · " in opened.text("#card .groups li.current")
    assert f"{TEXTS.number(first['jarak_km'], 1)} km" in opened.text("#card .groups li.current")
    nearest = made.coverage.listed_places.set_index("id").loc[first["lks_terdekat"], "nama"]
    assert page.locator("#card .links li").first.inner_text().startswith(nearest)
    assert page.locator("#map-a .to-place").count() == 2
    first_line, table = downloaded(opened)
    assert "Kabupaten Mamasa" in first_line
    assert "Jangkauan 10 km garis lurus" in first_line
    assert table["Kode Kemendagri"].tolist() == unserved.index.tolist()
    assert table["No"].tolist() == list(range(1, len(unserved) + 1))
    assert table["Prioritas"].tolist() == unserved["prioritas"].tolist(), "the rank in the province"
    where = page.locator("#ranking .where").first.text_content()
    assert where.endswith(f"prioritas\u00a0{unserved['prioritas'].iloc[0]}")
    assert opened.messages == []
    opened.close()


def test_downloads_are_the_lists_of_the_other_outputs(desk: Opened, made: Made) -> None:
    for group in GROUPS:
        choose(desk, level="desa", group=group)
        _, table = downloaded(desk)
        expected = unserved_list(made.coverage, group)
        assert table["Kode Kemendagri"].tolist() == expected["kode"].tolist()
        assert table["No"].tolist() == expected["no"].tolist()
        assert table["Prioritas"].tolist() == expected["prioritas"].tolist()
        assert table["Nama LKS terdekat"].tolist() == expected["nama_lks_terdekat"].tolist()
        for heading, name, digits in (("Sasaran", "sasaran", 0), ("Jarak ke LKS terdekat (km)", "jarak_km", 1)):
            shown = [None if pd.isna(value) else float(TEXTS.number(value, digits).replace(".", "").replace(",", "."))
                     for value in expected[name]]  # fmt: skip
            assert [None if pd.isna(value) else value for value in table[heading]] == shown, (group, name)


@pytest.mark.parametrize("level", ["kecamatan", "kabupaten"])
def test_areas_that_hold_unserved_villages_have_no_number(desk: Opened, made: Made, level: str) -> None:
    choose(desk, level=level, group="anak")
    parts = needy_parts(made.coverage, "anak", level=level)
    parts = parts[parts["desa_belum_terlayani"] > 0]
    assert desk.page.locator("#ranking .name").all_inner_texts() == parts["nama"].head(12).tolist()
    assert desk.page.locator("#ranking .rank, #map-a .marks .disc").count() == 0
    _, table = downloaded(desk)
    assert "No" not in table.columns
    assert table["Kode Kemendagri"].tolist() == parts.index.tolist()


def test_the_page_has_the_numbers_of_the_table(browser: Any, sulbar_coverage: Coverage) -> None:
    """Every measure of every area and group to the last bit."""
    opened = open_modules(browser, page(Variants.from_coverages({(True, False): sulbar_coverage})), TEMPLATES / "js")
    names = [measure.key for measure in sulbar_coverage.measures]
    for level in LEVELS:
        for group in GROUPS:
            found = opened.evaluate(
                """async ([level, group, names]) => {
                    const { values } = await import('/js/model.js');
                    return names.map((name) => Array.from(values(level, '10', group, name)));
                }""",
                [level, group, names],
            )
            expected = sulbar_coverage.at(level, group)
            for name, values in zip(names, found, strict=True):
                same_numbers(pd.Series(values, index=expected.index), expected[name], f"{level} {group} {name}")
    opened.context.close()


def same_numbers(found: pd.Series[Any], expected: pd.Series[Any], where: str) -> None:
    """Equal to the last bit; NA is NaN or null."""
    assert found.isna().tolist() == expected.isna().tolist(), where
    if pd.api.types.is_bool_dtype(expected.dtype) or not pd.api.types.is_numeric_dtype(expected.dtype):
        assert found.dropna().astype(str).tolist() == expected.dropna().astype(str).tolist(), where
    else:
        assert found.dropna().astype(float).tolist() == expected.dropna().astype(float).tolist(), where


def test_legend_counts_are_those_of_the_table(desk: Opened, made: Made) -> None:
    coverage = made.coverage
    for (measure, group), level in zip(product(MAPPED, GROUPS), cycle(LEVELS), strict=False):
        choose(desk, group=group, map=measure, level=level)
        rows = coverage.at(level, group)
        breaks = class_breaks(measure, rows[measure])
        classes = classify(measure, rows[measure], breaks)
        shown = legend(desk)
        for key in [*(one.key for one in measure_classes(measure, breaks)), NO_DATA]:
            members = rows[(classes == key).to_numpy()]
            count, people = shown.get(key, (0, ""))
            assert count == len(members), (group, measure, level, key)
            known = members["sasaran"].dropna()
            if len(known):
                assert people.startswith(TEXTS.number(known.sum())), (group, measure, level, key)
            elif len(members):
                assert people == "sasaran tidak diketahui"


def test_filters_switch_to_their_own_coverage(desk: Opened, made: Made) -> None:
    for active, accredited in made.variants:
        for name, wanted in (("active", active), ("accredited", accredited)):
            if desk.page.locator(f"#{name}").is_checked() != wanted:
                desk.page.click(f"#{name}")
        rows = made.variants[active, accredited].at("desa", "lansia")
        assert number_of(desk.text("#finding .big")) == int((rows["status"] == "belum_terlayani").sum())
        used = made.variants[active, accredited].totals["lansia"].counted
        assert desk.text("#counted-note").startswith(f"{used} LKS lansia dihitung dari")
        points = made.variants[active, accredited].listed_places
        at = points["kelompok_dihitung"].map(lambda keys: "lansia" in keys) & points["lintang"].notna()
        assert desk.page.locator("#map-a .place").count() == int(at.sum())
    assert "hitung=" not in desk.page.url or desk.page.url.count("hitung=") == 1


def test_upper_levels_say_how_many_villages_are_unserved(desk: Opened, made: Made) -> None:
    choose(desk, level="kabupaten")
    rows = made.coverage.at("kabupaten", "lansia")
    labels = " ".join(desk.page.locator(".label-kabupaten .note").all_text_contents())
    for code, row in rows.iterrows():
        assert f"{row['desa_belum_terlayani']} dari {row['jumlah_desa']} desa belum" in labels, code
    assert desk.page.locator("#level-note").is_visible()
    first = desk.page.locator("#ranking li").first.inner_text()
    assert re.search(r"\d+ dari \d+ desa", first)


def test_a_kabupaten_without_a_coast_has_its_name_at_the_end_of_a_line(browser: Any, tmp_path: Path) -> None:
    """A town in the middle of another kabupaten."""
    squares = {"99.01.01": [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)], "99.02.01": [(1, 1)]}
    rings = {
        f"{parent}.{2001 + i}": [(40 * (x + dx), 40 * (y + dy)) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
        for parent, corners in squares.items()
        for i, (x, y) in enumerate(corners)
    }
    boundaries = world.boundaries_of(rings)
    people = world.population_of(boundaries, {"anak": dict.fromkeys(rings, 10.0)})
    coverage = measure_coverage(world.register_of([]), boundaries, people, world.SETTINGS)
    write_map(tmp_path / "kota.html", {(True, False): coverage}, overwrite=False)
    opened = open_file(browser, tmp_path / "kota.html")
    labels = opened.page.locator(".label-kabupaten")
    assert sorted(labels.locator(".name").all_text_contents()) == sorted(boundaries.names("kabupaten")["nama"])
    led = labels.filter(has=opened.page.locator(".casing"))
    assert led.locator(".name").all_text_contents() == [boundaries.names("kabupaten").loc["99.02", "nama"]]
    opened.close()


def test_a_click_on_the_map_opens_the_area(desk: Opened, made: Made) -> None:
    path = desk.page.locator("#map-a .fills path").nth(100)
    box = path.bounding_box()
    path.dispatch_event("click", {"bubbles": True, "clientX": box["x"] + 1, "clientY": box["y"] + 1})
    code = made.coverage.at("desa", "lansia").index[100]
    assert code in desk.text("#card .where")
    desk.page.keyboard.press("Escape")
    assert desk.page.locator("#overview").is_visible()


def test_place_card_says_what_is_known(desk: Opened, made: Made) -> None:
    places = made.coverage.listed_places
    one = places[places["id"].notna() & places["akreditasi"].notna()].iloc[0]
    desk.page.fill("#search", one["nama"])
    desk.page.keyboard.press("Enter")
    card = desk.page.locator("#card").inner_text()
    assert one["nama"] in card
    assert "Akreditasi" in card
    assert "Lokasi" in card
    assert str(one["id"]) in card


# Another reach; windows of all sizes; whatever is chosen, in whatever order


@pytest.mark.parametrize(("filters", "km"), [((True, False), 5.0), ((False, True), 20.0)])
def test_another_reach_has_the_numbers_of_its_own_table(
    browser: Any, made: Made, filters: tuple[bool, bool], km: float
) -> None:
    """Every column of every area, group and level, as `--reach` gives them; what is not on the page is not known."""
    modules = open_modules(browser, made.path.read_text(encoding="utf-8"), TEMPLATES / "js")
    base = made.variants[filters]
    settings = one_reach(base.settings, km)
    coverage = measure_coverage(base.register, base.boundaries, base.population, settings)
    names = [measure.key for measure in coverage.measures]
    absent = {"akses_2sfca", "cakupan_terendah"}
    for level, group in product(LEVELS, GROUPS):
        found = modules.evaluate(
            """async ([level, variant, group, names]) => {
                const { values } = await import('/js/model.js');
                return names.map((name) => Array.from(values(level, variant, group, name)));
            }""",
            [level, f"{filters[0]:d}{filters[1]:d}-{km:g}", group, names],
        )
        expected = coverage.at(level, group)
        for name, values in zip(names, found, strict=True):
            if name in absent:
                assert all(pd.isna(value) for value in values)
            elif pd.api.types.is_float_dtype(expected[name].dtype):
                np.testing.assert_allclose(np.array(values, dtype=float), expected[name], rtol=1e-12, atol=1e-9)
            else:
                same_numbers(pd.Series(values, index=expected.index), expected[name], f"{level} {group} {name}")
    modules.context.close()


def test_the_reach_moves_legend_list_and_download(desk: Opened, made: Made) -> None:
    base = made.coverage
    coverage = measure_coverage(base.register, base.boundaries, base.population, one_reach(base.settings, 20.0))
    choose(desk, reach="20")
    desk.page.check("#rings")
    rows = coverage.at("desa", "lansia")
    unserved = rows[rows["status"] == "belum_terlayani"].sort_values("prioritas")
    assert number_of(desk.text("#finding .big")) == legend(desk)["belum_terlayani"][0] == len(unserved)
    first_line, table = downloaded(desk)
    assert "20 km" in first_line
    assert "10 km" not in first_line
    assert table["Kode Kemendagri"].tolist() == unserved.index.tolist()
    assert table["Prioritas"].tolist() == unserved["prioritas"].tolist()
    assert desk.page.locator("#map-a .marks .rings circle").count() == desk.page.locator("#map-a .place").count() > 0
    assert "20 km" in desk.text("#map-a .legend-marks")
    assert "20 km" in desk.text(".map-title p")
    about = desk.page.locator("#about").text_content()
    assert about.count("20 km") == len(base.groups)
    assert "Jangkauan 10 km" not in about
    assert desk.page.locator("#field-order").is_hidden(), "what an LKS adds is known for the reach of the settings only"
    choose(desk, reach="")
    assert number_of(desk.text("#finding .big")) == int(
        (base.at("desa", "lansia")["status"] == "belum_terlayani").sum()
    )


def test_the_picture_and_the_sentence_say_what_is_seen(desk: Opened, made: Made) -> None:
    """A PNG of the promised size and colours; the sentence has the numbers in view and their assumptions."""
    choose(desk, group="anak")
    with desk.page.expect_download() as waiting:
        desk.page.click("#png")
    assert waiting.value.suggested_filename == "peta-anak-desa-data-contoh.png"
    picture = Image.open(waiting.value.path())
    assert picture.width == 2 * round(desk.page.locator("#map-a .canvas").bounding_box()["width"])
    assert len(picture.convert("RGB").getcolors(picture.width * picture.height)) > 100
    gap = tuple(int(STATUS_COLOURS["belum_terlayani"][at : at + 2], 16) for at in (1, 3, 5))
    assert gap in {colour for _, colour in picture.convert("RGB").getcolors(picture.width * picture.height)}
    desk.page.click("#copy-sentence")
    desk.page.locator("#copy-note", has_text="Kalimat disalin").wait_for(state="attached")
    desk.page.fill("#search", "")
    desk.page.locator("#search").press("Control+v")
    said = desk.page.locator("#search").input_value()
    unserved = int((made.coverage.at("desa", "anak")["status"] == "belum_terlayani").sum())
    assert said.startswith(f"{unserved} dari 648 desa/kelurahan di Sulawesi Barat belum terlayani oleh LKS anak.")
    assert "Jangkauan 10 km" in said
    assert said.endswith("DATA CONTOH.")
    assert desk.page.locator("#copy").is_hidden(), "the address of a file leads nowhere on another computer"


WINDOWS = ((320, 480), (390, 844), (620, 360), (640, 360), (768, 1024), (911, 420), (1093, 500),
           (1366, 625), (1920, 1080))  # fmt: skip


def test_every_window_has_a_map_of_half_its_size(browser: Any, made: Made) -> None:
    """Nothing covers a control or the legend, nothing is cut at the side, and every kabupaten can be seen."""
    opened = open_file(browser, made.path)
    page = opened.page
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        opened.settled()
        box = page.locator("#map-a .canvas").bounding_box()
        assert box["width"] * box["height"] >= 0.49 * width * height, (width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        covered = page.evaluate(
            """() => [...document.querySelectorAll('.map-buttons button, .legend-fold, .legend-row, .actions .button')]
            .filter((e) => e.getBoundingClientRect().width > 0 && getComputedStyle(e).visibility === 'visible')
            .filter((e) => {
                e.scrollIntoView({ block: 'nearest' });
                const b = e.getBoundingClientRect();
                const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
                return !(top && (e.contains(top) || top.contains(e)));
            }).map((e) => e.outerHTML.slice(0, 80))"""
        )
        assert covered == [], (width, height)
        wanted = 3 if min(width, height) < 380 else 6
        assert page.locator("#map-a .label-kabupaten").count() >= wanted, (width, height)
    assert "peta=" not in page.url, "no window is pinned by another one"
    assert opened.messages == []
    opened.close()


def test_back_closes_the_card_and_keeps_what_was_chosen_since(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    page = opened.page
    length = page.evaluate("history.length")
    page.click("#ranking li:first-child button")
    choose(opened, group="anak")
    page.evaluate("history.back()")
    page.locator("#overview").wait_for(state="visible")
    assert page.locator("input[name=group]:checked").get_attribute("value") == "anak"
    assert "kelompok=anak" in page.url
    assert "wilayah" not in page.url
    page.click("#ranking li:first-child button")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("^((?!wilayah).)*$"))
    assert page.evaluate("history.length") == length + 1, "cards that were closed leave no steps behind"
    opened.close()


def test_kabupaten_changed_quickly_ends_at_the_last(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    page = opened.page
    page.focus("#kabupaten")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    chosen = page.locator("#kabupaten").input_value()
    last = page.evaluate(GROUND)
    page.reload()
    opened.settled()
    page.select_option("#kabupaten", "")
    page.select_option("#kabupaten", chosen)
    opened.settled()
    assert page.evaluate(GROUND) == last
    opened.close()


ALL_GROUNDS = "[...document.querySelectorAll('.ground > g')].map((g) => g.getAttribute('transform')).filter(Boolean)"
GROUND = "document.querySelector('#map-a .ground > g').getAttribute('transform')"


ACT = """async ([kind, value]) => {
    const pick = (all) => all[value % Math.max(1, all.length)];
    const usable = (e) => e.offsetParent !== null && !e.disabled;
    const shown = (query) => [...document.querySelectorAll(query)].filter(usable);
    if (kind === 'select') {
        const select = document.getElementById(value % 3 ? 'kabupaten' : 'compare');
        select.value = pick([...select.options].filter((option) => !option.disabled)).value;
        select.dispatchEvent(new Event('change'));
    } else if (kind === 'back') {
        const gone = new Promise((done) => window.addEventListener('popstate', done, { once: true }));
        if (!document.getElementById('card').hidden) {
            window.history.back();
            await gone;
        }
    } else if (kind === 'escape') {
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    } else pick(shown(kind))?.click();
    const written = () => { // a card that closes gives its step back to the history, which takes a moment
        const open = !document.getElementById('card').hidden;
        const { hash } = window.location;
        return open === /(wilayah|lks)=/.test(hash) && open === (window.history.state?.entry === 'card')
            && hash.includes(`kelompok=${document.querySelector('input[name=group]:checked').value}&`);
    };
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    let tries = 0;
    do await frame(); while (!written() && (tries += 1) < 300); // the address follows the frame
}"""
WALK = f"""async (actions) => {{
    const [act, seen, found] = [{ACT}, {SEEN}, []];
    for (const action of actions) {{
        await act(action);
        found.push(seen());
    }}
    return found;
}}"""
UNPAINTED = """() => { // what is read is in the document: painting it took half of the time
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.leaflet-map-pane { visibility: hidden }');
    document.adoptedStyleSheets = [sheet];
}"""
ACTIONS = (
    "input[name=group]", "input[name=level]", "input[name=map]", "input[name=reach]", "input[name=points]", "select",
    "#active, #accredited", "#rings, #circles, #discs", "#map-a .legend-row", "#ranking li button", "#card button",
    "#zoom-in, #zoom-out, #whole", "input[name=order]", "escape", "back", "#fold, .legend-fold, .more",
)  # fmt: skip


DIFFERENCES = {
    (False, True): "lain_belum",
    (True, False): "ini_belum",
    (True, True): "dua_belum",
    (False, False): "dua_ada",
}


def difference(coverage: Coverage, level: str, group: str, other: str) -> pd.Series[str]:
    """The class of each area on the map of two groups, by who is unserved."""
    both = [coverage.at(level, key)["status"] for key in (group, other)]
    found = pd.Series(
        [DIFFERENCES[one == "belum_terlayani", two == "belum_terlayani"] for one, two in zip(*both, strict=True)],
        index=both[0].index,
    )
    for key in ("tidak_ada_sasaran", UNREPORTED):
        found = found.mask((both[0] == key) | (both[1] == key), key)
    return found.mask(both[0].isna() | both[1].isna(), NO_DATA)


class Truth:
    """What the tables say of whatever is chosen; each thing is reckoned once, however often it is asked for."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.coverage = cache(self._coverage)
        self.rows = cache(lambda filters, level, group: self.coverage(*filters).at(level, group))
        self.breaks = cache(
            lambda level, group, measure: class_breaks(measure, made.coverage.at(level, group)[measure])
        )
        self.classes = cache(self._classes)
        self.unserved = cache(self._unserved)
        self.holders = cache(self._holders)

    def _coverage(self, active: bool, accredited: bool, km: str) -> Coverage:
        """At the reach of the settings ("") or another one."""
        base = self.made.variants[active, accredited]
        if km == "":
            return base
        return measure_coverage(base.register, base.boundaries, base.population, one_reach(base.settings, float(km)))

    def _classes(self, filters: tuple[Any, ...], level: str, group: str, measure: str, other: str) -> dict[str, str]:
        """Code -> class; classes do not move with a filter."""
        if measure == "beda":
            return difference(self.coverage(*filters), level, group, other).to_dict()
        return classify(
            measure, self.rows(filters, level, group)[measure], self.breaks(level, group, measure)
        ).to_dict()

    def _unserved(self, filters: tuple[Any, ...], group: str) -> list[str]:
        """The unserved desa in the order of the list."""
        desa = self.rows(filters, "desa", group)
        return desa[desa["status"] == "belum_terlayani"].sort_values("prioritas").index.tolist()

    def _holders(self, filters: tuple[Any, ...], level: str, group: str) -> set[str]:
        """The areas that hold unserved desa."""
        rows = self.rows(filters, level, group)
        return set(rows.index[rows["desa_belum_terlayani"] > 0])


def agrees(seen: dict[str, Any], truth: Truth) -> None:
    """What is on screen after an action, against the table that it is about."""
    address = dict(part.split("=", 1) for part in seen["hash"].split("&"))
    filters = f"{seen['active']:d}{seen['accredited']:d}" + (f"-{seen['reach']}" if seen["reach"] else "")
    for name, field in (("kelompok", "group"), ("tingkat", "level"), ("ukuran", "map")):
        assert address[name] == seen[field]
    assert address.get("hitung", "10") == filters
    for name, field in (("kab", "kabupaten"), ("banding", "compare"), ("kelas", "only")):
        assert address.get(name, "") == seen[field]
    assert (seen["card"] == "") == ("wilayah" not in address and "lks" not in address)
    assert address.get("wilayah", "") in seen["card"]
    assert seen["maps"] == (1 if seen["map"] == "beda" else {"": 1, "semua": len(GROUPS)}.get(seen["compare"], 2))
    chosen = (seen["active"], seen["accredited"], seen["reach"])
    group, level, measure, inside = seen["group"], seen["level"], seen["map"], seen["kabupaten"]
    classes = truth.classes(chosen, level, group, measure, seen["compare"] if measure == "beda" else "")
    counts = Counter(key for code, key in classes.items() if code.startswith(inside))
    legend = {key: number_of(count) for key, count in seen["legend"]}
    assert {key: count for key, count in legend.items() if count} == counts
    wanted = {key: count for key, count in counts.items() if seen["only"] in ("", key)}
    assert {key.split("-")[-1]: count for key, count in seen["painted"].items()} == wanted
    listed = truth.unserved(chosen, group)
    if measure == "beda":
        kind = seen["only"] if seen["only"] in DIFFERENCES.values() else "lain_belum"
        both = truth.classes(chosen, "desa", group, measure, seen["compare"])
        listed = [code for code, key in both.items() if key == kind]
    listed = [code for code in listed if code.startswith(inside)]
    assert number_of(seen["big"]) == len(listed)
    if measure == "beda":
        assert set(seen["list"]) <= {code[: {"desa": 13, "kecamatan": 8, "kabupaten": 5}[level]] for code in listed}
    elif level == "desa" and seen["order"] != "tambahan":
        assert seen["list"] == listed[: len(seen["list"])]
    elif level == "desa":
        assert set(seen["list"]) <= set(listed)
    else:
        assert set(seen["list"]) <= {code for code in truth.holders(chosen, level, group) if code.startswith(inside)}
    assert (len(seen["list"]) > 0) == (len(listed) > 0)


@pytest.fixture(scope="module")
def truth(made: Made) -> Truth:
    return Truth(made)


def walk(opened: Opened, truth: Truth, seed: int, length: int) -> None:
    """Random actions; after each, controls, map, legend, list, card and address say the same."""
    rng = np.random.default_rng(seed)
    actions = [(str(rng.choice(ACTIONS)), int(rng.integers(1000))) for _ in range(length)]
    found = opened.page.evaluate(WALK, [list(action) for action in actions])
    for done, seen in enumerate(found, start=1):
        try:
            agrees(seen, truth)
        except AssertionError as error:
            raise AssertionError(
                f"seed {seed}, after {done} actions, the last {actions[:done][-3:]}: {error}"
            ) from error
    assert len(found) == length
    opened.page.keyboard.press("Escape")
    seen = opened.page.evaluate(SEEN)
    _, table = downloaded(opened)
    assert table["Kode Kemendagri"].tolist()[: len(seen["list"])] == seen["list"]
    assert opened.messages == []


def test_whatever_is_chosen_all_parts_of_the_page_agree(browser: Any, made: Made, truth: Truth) -> None:
    opened = open_file(browser, made.path)
    walk(opened, truth, seed=1, length=40)
    opened.close()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(int(os.environ.get("LKS_GEO_SEEDS", "50"))))
def test_whatever_is_chosen_for_long_all_parts_of_the_page_agree(
    browser: Any, made: Made, truth: Truth, seed: int
) -> None:
    opened = open_file(browser, made.path, viewport=[DESKTOP, PHONE, {"width": 1093, "height": 500}][seed % 3])
    opened.page.evaluate(UNPAINTED)
    walk(opened, truth, seed=1000 + seed, length=200)
    opened.close()


# Disguised places, kabupaten that are not reported, people that are not known


def test_group_with_disguised_places_is_shown_like_any_other(desk: Opened, made: Made) -> None:
    choose(desk, group="kekerasan")
    rows, total = made.coverage.at("desa", "kekerasan"), made.coverage.totals["kekerasan"]
    assert desk.page.locator("#map-a .place").count() == 0
    assert number_of(desk.text("#finding .big")) == int((rows["status"] == "belum_terlayani").sum())
    note = f"{total.disguised} LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)"
    assert note in desk.text("#map-a .legend")
    assert note in desk.text("#counted-note")
    first = unserved_list(made.coverage, "kekerasan", top=1).iloc[0]
    desk.page.click("#ranking li:first-child button")
    card = desk.text("#card")
    assert note in card
    assert f"{TEXTS.number(first['jarak_km'], 1)} km" in card
    assert first["nama_lks_terdekat"].startswith("LKS disamarkan di Kec. ")
    assert desk.page.locator("#card .links li", has_text=first["nama_lks_terdekat"]).locator("button").count() == 0
    assert desk.page.locator("#map-a .to-place").count() == 0, "no line to a place that is somewhere in a kecamatan"
    choose(desk, map="cakupan")
    assert legend(desk)["k4"][0] == int((rows["cakupan"] < 0.0005).sum())


def test_counts_follow_the_kabupaten(desk: Opened, made: Made) -> None:
    for code in made.coverage.boundaries.names("kabupaten").index:
        desk.page.select_option("#kabupaten", code)
        view = restrict(made.coverage, kabupaten=(code,)).totals
        expected = f"{view['lansia'].counted} LKS lansia dihitung dari {view[TOTAL].used} LKS"
        assert desk.text("#counted-note").startswith(expected)


REPORTED = ("76.03", "76.05")


def reported_only(whole: Coverage, settings: Settings) -> Coverage:
    """The example as if only two kabupaten had sent their rows."""
    rows = whole.register.rows[whole.register.rows["kode_kabupaten"].isin(REPORTED)]
    register = replace(
        whole.register, rows=RegisterFrame(rows), companions=None, reported=frozenset(REPORTED), issues=()
    )
    return measure_coverage(register, whole.boundaries, whole.population, settings)


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory, sulbar_coverage: Coverage) -> Made:
    path = tmp_path_factory.mktemp("partly") / "peta.html"
    variants = {(True, False): reported_only(sulbar_coverage, sulbar_coverage.settings)}
    write_map(path, variants, overwrite=False)
    return Made(path, variants, {})


def test_no_headline_counts_what_is_not_reported(browser: Any, partly: Made) -> None:
    opened = open_file(browser, partly.path)
    rows = partly.coverage.at("desa", "lansia")
    reported = rows[rows["status"] != UNREPORTED]
    assert len(reported) == 263
    unserved = reported[reported["status"] == "belum_terlayani"]
    assert number_of(opened.text("#finding .big")) == len(unserved)
    assert opened.text("#finding .headline").endswith("dari 263 desa/kelurahan")
    assert f"dari {TEXTS.number(reported['sasaran'].sum())}" in opened.text("#finding .sentence")
    line = opened.text("#finding .unreported")
    assert line.startswith("2 dari 6 kabupaten ada dalam register")
    assert all(name in line for name in ("Pasangkayu", "Mamuju", "Polewali Mandar", "Mamuju Tengah"))
    assert number_of(opened.text("[data-unserved=lansia]")) == len(unserved)
    _, table = downloaded(opened)
    assert table["Kode Kemendagri"].tolist() == unserved.sort_values("prioritas").index.tolist()
    labels = " ".join(opened.page.locator(".label-kabupaten .note").all_text_contents())
    assert labels.count("Tidak dilaporkan") == 4
    for measure in MAPPED:
        choose(opened, map=measure)
        assert legend(opened)[UNREPORTED][0] == 648 - 263, measure
        assert opened.page.locator(f"#map-a .fills .{UNREPORTED}").count() == 648 - 263
    for level in ("kecamatan", "kabupaten"):
        choose(opened, level=level, map="status")
        upper = partly.coverage.at(level, "lansia")
        assert legend(opened)[UNREPORTED][0] == int((upper["status"] == UNREPORTED).sum())
        assert int((upper["desa_belum_terlayani"] > 0).sum()) >= opened.page.locator("#ranking li").count()
    assert opened.messages == []
    opened.close()


def test_dots_of_what_is_not_reported_are_no_hatch_of_no_data(browser: Any, partly: Made) -> None:
    opened = open_file(browser, partly.path)
    fill = """(key) => { const e = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
        e.setAttribute('class', key); document.querySelector('#map-a svg.ground').append(e);
        return getComputedStyle(e).fill; }"""
    assert opened.page.evaluate(fill, UNREPORTED) == 'url("#dots-a")'
    assert opened.page.evaluate(fill, NO_DATA) == 'url("#hatch-a")'
    opened.close()


def test_card_of_what_is_not_reported_claims_nothing(browser: Any, partly: Made) -> None:
    opened = open_file(browser, partly.path, "#kelompok=lansia&wilayah=76.01.01")
    assert "Tidak dilaporkan" in opened.text("#card .status-box")
    assert "tidak berarti belum terlayani" in opened.text("#card .status-box")
    assert opened.page.locator("#card .groups .share").all_inner_texts() == ["–"] * 5
    assert "%" not in opened.text("#card")
    opened.page.select_option("#kabupaten", "76.01")
    assert "Kabupaten Pasangkayu" in opened.text("#finding") or opened.page.locator("#overview").is_hidden()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#finding .big").count() == 0
    assert "Register tidak memuat satu baris pun dari Kabupaten Pasangkayu" in opened.text("#finding .sentence")
    assert opened.page.locator("#ranking").is_hidden()
    assert opened.text("[data-unserved=lansia]") == "–"
    assert opened.messages == []
    opened.close()


def test_print_sheet_names_what_is_not_reported(browser: Any, partly: Made, tmp_path: Path) -> None:
    opened = open_file(browser, partly.path)
    text = printed(opened, tmp_path / "peta.pdf")
    for words in (
        "2 dari 6 kabupaten ada dalam register",
        "Polewali Mandar",
        "Tidak dilaporkan",
        "dari 263 desa",
        "Prioritas",
    ):
        assert words in text
    opened.close()


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory, sulbar_coverage: Coverage) -> Made:
    """People known for 30 of the 648 desa."""
    people = sulbar_coverage.population
    table = people.table.copy()
    table.loc[~table.index.isin(table.index[::22]), [group.key for group in sulbar_coverage.groups]] = np.nan
    population = replace(people, table=PopulationFrame(table))
    coverage = measure_coverage(
        sulbar_coverage.register, sulbar_coverage.boundaries, population, sulbar_coverage.settings
    )
    path = tmp_path_factory.mktemp("sampled") / "peta.html"
    write_map(path, {(True, False): coverage}, overwrite=False)
    return Made(path, {(True, False): coverage}, {})


def test_people_of_some_desa_only_are_said_to_be_so(browser: Any, sampled: Made) -> None:
    opened = open_file(browser, sampled.path, "#kelompok=lansia&tingkat=kabupaten")
    sentence = opened.text("#finding .sentence")
    assert sentence.endswith("(30 dari 648 desa)."), "and nothing is said of where most of them are"
    rows = sampled.coverage.at("kabupaten", "lansia")
    texts = opened.page.locator("#ranking .people").all_inner_texts()
    parts = needy_parts(sampled.coverage, "lansia", level="kabupaten")
    for text, row in zip(texts, parts.itertuples(), strict=True):
        assert text.endswith(f"({row.desa_diketahui} dari {row.jumlah_desa} desa)")
    for key, (count, people) in legend(opened).items():
        members = rows[rows["status"] == key]
        known, desa = members["desa_diketahui"].sum(), members["jumlah_desa"].sum()
        assert (f"({known} dari {desa} desa)" in people) == (count > 0)
    opened.page.click("#ranking li:first-child button")
    first = parts.iloc[0]
    part = f"({first['desa_diketahui']} dari {first['jumlah_desa']} desa)"
    assert part in opened.text("#card .status-box p")
    assert opened.text("#card .groups li.current").count(part) == 2, "beside people and beside the share"
    assert opened.messages == []
    opened.close()


def test_card_says_the_reach_that_is_used(browser: Any, world_coverage: Coverage, tmp_path: Path) -> None:
    groups = tuple(
        replace(group, reach_inside_km=2.0, reach_outside_km=1.0) if group.key == "anak" else group
        for group in world.GROUPS
    )
    settings = replace(world.SETTINGS, groups=groups, reach_km=7.0)
    coverage = measure_coverage(world_coverage.register, world_coverage.boundaries, world_coverage.population, settings)
    path = tmp_path / "peta.html"
    write_map(path, {(True, False): coverage}, overwrite=False)
    opened = open_file(browser, path, "#kelompok=anak&wilayah=99.01.01.2001")
    assert TEXTS(reach_note(settings, "anak")) in opened.text("#card .status-box")
    assert TEXTS(reach_note(settings, "anak")) in opened.text(".map-title")
    choose(opened, group="lansia")
    assert TEXTS(reach_note(settings, "lansia")) in opened.text("#card .status-box")
    opened.close()


def test_what_the_numbers_on_kecamatan_count_is_said_also_by_a_folded_legend(browser: Any, made: Made) -> None:
    near = "#kelompok=lansia&kab=76.03&peta=-2.95,119.37,11"
    opened = open_file(browser, made.path, near, viewport={"width": 640, "height": 360}).settled()
    assert "closed" in str(opened.page.locator(".legend").get_attribute("class"))
    assert opened.page.locator(".legend-marks").inner_text().split("\n")[-1] == TEXTS("webmap.pil_legenda")
    assert opened.page.locator(".legend-marks > span:visible").count() == 1
    opened.close()


def test_buttons_of_the_reach_stand_in_even_rows(browser: Any, made: Made) -> None:
    """Six buttons, of which one says "Pengaturan": none squeezed, none alone in the last row but above the others."""
    text = made.path.read_text(encoding="utf-8")
    assert '"reaches":[{"key":"5",' in text
    own = '"reaches":[{"key":"","label":"Pengaturan","said":""},{"key":"5",'
    for more, rows in ((own, [1, 5]), ('"reaches":[{"key":"","label":"3 km","said":""},{"key":"5",', [3, 3])):
        path = made.path.with_name("jangkauan.html")
        path.write_text(text.replace('"reaches":[{"key":"5",', more), encoding="utf-8")
        opened = open_file(browser, path).settled()
        boxes = opened.page.locator("#choose-reach .choice").evaluate_all(
            "all => all.map((one) => [one.getBoundingClientRect().top, one.scrollWidth - one.clientWidth])"
        )
        assert list(Counter(top for top, _ in boxes).values()) == rows
        assert all(over <= 0 for _, over in boxes)
        opened.close()


def test_heads_stand_above_their_numbers(desk: Opened) -> None:
    right = "all => all.map((one) => Math.round(one.getBoundingClientRect().right))"
    for head, numbers in (("#unserved-head", "#choose-group .count"), (".legend .unit", ".legend-row .count")):
        (edge,) = desk.page.locator(head).evaluate_all(right)
        assert all(abs(edge - one) <= 1 for one in desk.page.locator(numbers).evaluate_all(right)), head


def test_emblem_and_address_stand_in_head_and_on_the_sheet(
    browser: Any, world_coverage: Coverage, tmp_path: Path
) -> None:
    Image.new("RGB", (400, 500), "#145A3C").save(tmp_path / "lambang.png")
    named = {"emblem": tmp_path / "lambang.png", "address": "Jl. Contoh No. 1"}
    coverage = replace(world_coverage, settings=replace(world_coverage.settings, **named))
    write_map(tmp_path / "peta.html", {(True, False): coverage}, overwrite=False)
    for viewport, seen in ((DESKTOP, True), (PHONE, False)):
        opened = open_file(browser, tmp_path / "peta.html", viewport=viewport)
        emblem = opened.page.locator("header.top .emblem")
        assert emblem.is_visible() is seen
        assert emblem.get_attribute("alt") == f"Lambang {coverage.settings.agency}"
        assert emblem.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [128, 160]
        if seen:
            assert "Jl. Contoh No. 1" in str(opened.page.locator("#about").text_content())
            assert "Jl.ContohNo.1" in "".join(printed(opened, tmp_path / "peta.pdf").split())
            assert len(PdfReader(tmp_path / "peta.pdf").pages[0].images) == 1
        assert opened.messages == []
        opened.close()


# The address


def test_address_keeps_the_view(browser: Any, made: Made) -> None:
    address = (
        "#kelompok=anak&tingkat=kecamatan&ukuran=jarak_km&kab=76.03&titik=semua&nomor=0&lingkaran=1&wilayah=76.03.05"
    )
    opened = open_file(browser, made.path, address)
    page = opened.page
    for name, value in (("group", "anak"), ("level", "kecamatan"), ("map", "jarak_km"), ("points", "semua")):
        assert page.locator(f"input[name={name}]:checked").get_attribute("value") == value
    assert page.locator("#kabupaten").input_value() == "76.03"
    assert not page.locator("#discs").is_checked()
    assert page.locator("#circles").is_checked()
    assert "76.03.05" in opened.text("#card .where")
    assert page.url.split("#")[1].startswith("kelompok=anak&tingkat=kecamatan&ukuran=jarak_km&kab=76.03")
    choose(opened, group="lansia")
    opened.settled()
    page.reload()
    opened.settled()
    assert page.locator("input[name=group]:checked").get_attribute("value") == "lansia"
    assert opened.messages == []
    opened.close()


@pytest.mark.parametrize(
    "address",
    [
        "#kelompok=tidakada&tingkat=dusun&ukuran=&kab=99.99&hitung=77&peta=abc&wilayah=x&lks=y",
        "#kelompok=<script>&wilayah=%00%E2%80%AE&peta=1,2",
        "#%%%&&&==",
    ],
)
def test_nonsense_in_the_address_is_ignored(browser: Any, made: Made, address: str) -> None:
    opened = open_file(browser, made.path, address)
    assert opened.text("#finding .big")
    assert opened.page.locator("#map-a .fills path").count() == 648
    assert opened.messages == []
    opened.close()


KEYS = (
    "kelompok", "tingkat", "ukuran", "kab", "hitung", "titik", "nomor", "lingkaran", "jangkauan", "banding", "urut",
    "kelas", "wilayah", "lks", "peta",
)  # fmt: skip
OF_EVERY_OBJECT = ("toString", "constructor", "__proto__", "hasOwnProperty", "valueOf", "toString-10")
"""What every object of the map's script has beside its own."""


def test_names_that_every_object_has_are_no_choices(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    before = opened.text("#finding")
    names = (*OF_EVERY_OBJECT, "11-10-x")
    for address in (
        *("&".join(f"{key}={name}" for key in KEYS) for name in names),
        *(f"{key}={name}" for key, name in zip(KEYS, cycle(names), strict=False)),
    ):
        opened.page.evaluate(f"window.location.hash = '{address}'")
        opened.settled()
        assert opened.messages == [], address
    assert opened.text("#finding") == before
    opened.close()
    opened = open_file(browser, made.path, "#hitung=toString")
    assert opened.text("#finding") == before
    opened.close()


def test_address_changed_by_hand_changes_the_view(desk: Opened) -> None:
    desk.page.evaluate("window.location.hash = '#kelompok=anak&tingkat=kabupaten&ukuran=cakupan'")
    desk.page.locator("input[name=group][value=anak]:checked").wait_for(state="attached")
    assert "Anak" in desk.text(".map-title h2")
    assert desk.page.locator("input[name=level]:checked").get_attribute("value") == "kabupaten"


# Search and keyboard


def test_search_by_keyboard(desk: Opened) -> None:
    page = desk.page
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("tap")
    names = page.locator("#search-results b").all_inner_texts()
    assert names[0].startswith("Tap")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "result-1"
    page.keyboard.press("Enter")
    assert desk.text("#card h2").endswith(names[1])
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.fill("#search", "qqqqq")
    assert "Tidak ditemukan" in desk.text("#search-results")
    page.keyboard.press("Escape")
    assert not page.locator("#search-results").is_visible()


def test_tab_reaches_every_control_and_shows_it(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    page = opened.page
    wanted = set(
        page.evaluate(
            """() => [...document.querySelectorAll('button, select, summary, input, a[href]')]
            .filter((e) => e.offsetParent !== null && (e.type !== 'radio' || e.checked) && !e.disabled)
            .map((e, i) => (e.dataset.test = String(i)))"""
        )
    )
    for _ in range(len(wanted) + 40):
        page.keyboard.press("Tab")
        found, ring = page.evaluate(
            """() => { const e = document.activeElement; const label = e.closest('label');
            const styles = [e, label].filter(Boolean).map((x) => getComputedStyle(x));
            const ring = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
            return [e.dataset.test || '', styles.some(ring)]; }"""
        )
        if found in wanted:
            assert ring, page.evaluate("document.activeElement.outerHTML")[:200]
            wanted.discard(found)
        if not wanted:
            break
    assert wanted == set(), page.evaluate(
        "(w) => w.map((t) => document.querySelector(`[data-test='${t}']`).outerHTML)", list(wanted)
    )
    opened.close()


def test_skip_link_goes_to_the_list(desk: Opened) -> None:
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "ranking"
    assert "kelompok=" in desk.page.evaluate("window.location.hash")


STATES = (  # list, card, comparison of another measure, drawer, phone
    ("#kelompok=lansia", DESKTOP),
    ("#kelompok=lansia&wilayah=76.02.03.2005&titik=semua&jangkauan=1", DESKTOP),
    ("#kelompok=kekerasan&ukuran=cakupan&banding=semua", DESKTOP),
    ("#kelompok=lansia&tingkat=kecamatan", {"width": 911, "height": 420}),
    ("#kelompok=anak&ukuran=beda&banding=lansia&peta=-2.7,118.65,11.6", PHONE),
)
BY_LANGUAGE = [
    ("id", STATES),
    ("en", STATES[1::2]),
    pytest.param("en", STATES[::2], marks=pytest.mark.long),
]


@pytest.mark.parametrize(("language", "states"), BY_LANGUAGE)
def test_no_accessibility_fault(
    browser: Any, made: Made, english: Path, language: str, states: tuple[tuple[str, dict[str, int]], ...]
) -> None:
    """Of any impact, in every state of the page."""
    from axe_playwright_python import sync_playwright as axe

    path, faults = made.path if language == "id" else english, []
    for address, viewport in states:
        opened = open_file(browser, path, address, viewport=viewport)
        opened.page.evaluate(
            "() => document.querySelectorAll('#ranking .more, #profile summary').forEach((e) => e.click())"
        )
        if viewport["height"] == 420:
            opened.page.click("#fold")
        # The policy of the page rightly forbids foreign scripts, so axe comes in by the debugger.
        faults += [f"{address} {fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in axe_results(opened, axe)]
        opened.close()
    assert faults == []


def axe_results(opened: Opened, axe: Any) -> list[dict[str, Any]]:
    source = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    session = opened.page.context.new_cdp_session(opened.page)
    session.send("Runtime.evaluate", {"expression": source})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run({ resultTypes: ['violations'] }).then((r) => r.violations)",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    return list(answer["result"]["value"])


# Hostile text


HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror='window.hacked=2'>",
    "${window.hacked=3} {{7*7}} `'\"\\",
    "\u202etxet desrever\u202c \u2066x",
    '=HYPERLINK(1);"x"',
    "panjang " * 1250,
)


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "image", "templates", "bidi", "formula", "long"])
def test_names_are_shown_as_text(browser: Any, world_coverage: Coverage, tmp_path: Path, text: str) -> None:
    coverage = world_coverage
    table = coverage.table.assign(nama=text, kecamatan=text, kabupaten=text)
    groups = tuple(replace(group, name_id=text, short_id=text) for group in coverage.groups)
    settings = replace(coverage.settings, groups=groups, title=text, agency=text, sources=(text,))
    places = coverage.places.assign(nama=text, alamat=text)
    path = tmp_path / "peta.html"
    write_map(path, {(True, False): replace(coverage, table=table, settings=settings, places=places)}, overwrite=False)
    opened = open_file(browser, path, "#kelompok=anak&titik=semua&peta=-2.7,118.65,11.6")
    page = opened.page
    page.click("#ranking li:first-child button")
    page.click("#card .links button")
    page.fill("#search", text[:20].strip())
    page.mouse.move(700, 400)
    beginning = re.sub(r"[\u202e\u202c\u2066]", "\ufffd", text)[:40].strip()
    assert beginning in page.locator("#card h2").inner_text()
    assert beginning in page.locator("#page-title").inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"]
    with page.expect_download() as waiting:
        page.click("#csv")
    lines = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert f"\"'{text[:10]}" in lines if text.startswith("=") else text[:8] in lines
    assert opened.messages == []
    assert opened.requests == []
    opened.close()


@pytest.mark.parametrize("levels", [("desa",), ("kecamatan",), ("kabupaten",), ("desa", "kabupaten")])
def test_page_with_fewer_levels_and_one_group(
    browser: Any, world_coverage: Coverage, tmp_path: Path, levels: tuple[str, ...]
) -> None:
    part = restrict(world_coverage, groups=("anak",), levels=levels)
    path = tmp_path / "peta.html"
    write_map(path, {(True, False): part}, overwrite=False)
    opened = open_file(browser, path)
    found = opened.page.locator("#choose-level input").evaluate_all("(all) => all.map((one) => one.value)")
    assert tuple(found) == levels
    rows = part.at(levels[0], "anak")
    assert number_of(opened.text("#finding .big")) == int((rows["status"] == "belum_terlayani").sum())
    for measure in MAPPED:
        choose(opened, map=measure)
    opened.page.locator("#ranking li button").first.click()
    assert opened.text("#card h2")
    assert len(downloaded(opened)[1]) == opened.page.locator("#ranking li").count()
    assert opened.page.locator("#choose-counted input").count() == 0, "one variant needs no switches"
    assert opened.messages == []
    opened.close()


# Paper, phone, comparison, base map, thousands of areas


def printed(opened: Opened, path: Path) -> str:
    """The text of the print sheet, which is one page."""
    opened.page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    (text,) = pdf_pages(path)
    return text


def test_print_sheet_is_one_complete_page(browser: Any, made: Made, tmp_path: Path) -> None:
    opened = open_file(browser, made.path, "#kelompok=lansia&tingkat=desa&ukuran=status")
    text = printed(opened, tmp_path / "peta.pdf")
    box = PdfReader(tmp_path / "peta.pdf").pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) in {(842, 595), (841, 595), (842, 596)}
    rows = made.coverage.at("desa", "lansia")
    unserved = int((rows["status"] == "belum_terlayani").sum())
    for words in (
        "Skala 1 : 1.", "LEGENDA", "Kelompok Lansia", f"{unserved} dari 648 desa/kelurahan belum terlayani",
        "DATA CONTOH", "Sumber:", "Jangkauan 10 km garis lurus", "hanya LKS aktif",
        "Batas indikatif, bukan rujukan resmi", "perkiraan", TEXTS.date(made.coverage.settings.day), "WGS 84",
    ):  # fmt: skip
        assert words.lower() in text.lower(), words
    assert rows.sort_values("prioritas")["nama"].iloc[0] in text
    assert opened.page.evaluate("document.body.className") == "", "after printing the screen is as before"
    assert opened.messages == []
    opened.close()


@pytest.mark.parametrize("viewport", [{"width": 1100, "height": 700}, PHONE])
def test_print_sheet_names_every_kabupaten_whatever_the_window(
    browser: Any, made: Made, tmp_path: Path, viewport: dict[str, int]
) -> None:
    opened = open_file(browser, made.path, "#kelompok=lansia&tingkat=desa&ukuran=status", viewport=viewport)
    opened.page.pdf(path=str(tmp_path / "peta.pdf"), prefer_css_page_size=True, print_background=True)
    text = " ".join(PdfReader(tmp_path / "peta.pdf").pages[0].extract_text().split())  # reads text with a halo once
    for row in made.coverage.at("kabupaten", "lansia").itertuples():
        assert f"{row.desa_belum_terlayani} dari {row.jumlah_desa} desa belum" in text, row.nama
    opened.close()


def test_phone_fits_and_works(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path, viewport=PHONE, has_touch=True, is_mobile=True)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#choose-group label").nth(0).tap()
    assert "Anak" in opened.text(".map-title h2")
    page.locator("#ranking li button").first.tap()
    assert page.locator("#card").is_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, .choice')].filter((e) => e.offsetParent !== null)
        .filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert [item for item in small if "link" not in item and "back" not in item] == []
    assert opened.messages == []
    opened.close()


@pytest.fixture(scope="module")
def planned(sulbar_coverage: Coverage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    settings = replace(sulbar_coverage.settings, kabupaten=("76.03",), population_model="point")
    question = Question(groups=("lansia",), sites=3)
    parts = (sulbar_coverage.register, sulbar_coverage.boundaries, sulbar_coverage.population)
    plan = make_plan(*parts, settings, question)
    path = tmp_path_factory.mktemp("plan") / "rencana.html"
    write_plan_map(path, plan, overwrite=False)
    return path, plan


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_plan_is_seen_before_and_after(browser: Any, planned: tuple[Path, Plan], viewport: dict[str, int]) -> None:
    path, plan = planned
    opened = open_file(browser, path, viewport=viewport)
    page = opened.page
    assert opened.text("#plan h2").startswith("Mamasa: 3 lokasi dapat menjangkau")
    assert page.locator("#plan .name").all_inner_texts() == plan.sites["nama"].tolist()
    assert page.locator("#map-a .marks .site").count() == 3
    unserved = {}
    for key, coverage in (("kini", plan.before), ("rencana", plan.after)):
        choose(opened, plan=key)
        unserved[key] = set(coverage.at("desa", "lansia").query("status == 'belum_terlayani'").index)
        assert number_of(opened.text("#finding .big")) == len(unserved[key])
    newly = len(unserved["kini"] - unserved["rencana"])
    assert f"Mulai terjangkau: {newly} desa" in opened.text("#map-a .legend-marks")
    assert page.locator("#map-a .newly").count() == 3, "the outline with its casing, and its sign in the legend"
    page.locator("#plan li button").first.click()
    site = plan.sites.iloc[0]
    assert opened.text("#card h2") == f"Lokasi 1: {site['nama']}"
    assert f"{TEXTS.number(site['tambahan_terjangkau'])} lansia" in opened.text("#card .facts")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.siteRow") == "+0001"
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert opened.requests == []
    assert opened.messages == []
    opened.close()


def test_no_serious_accessibility_fault_on_a_plan(browser: Any, planned: tuple[Path, Plan]) -> None:
    from axe_playwright_python import sync_playwright as axe

    opened = open_file(browser, planned[0], "#lks=%2B0001")
    assert [fault["id"] for fault in axe_results(opened, axe) if fault["impact"] in {"serious", "critical"}] == []
    opened.close()


def test_the_list_by_what_an_lks_would_add_has_no_numbers(desk: Opened, made: Made) -> None:
    choose(desk, group="lansia")
    choose(desk, order="tambahan")
    gains = made.gains[True, False]["lansia"]
    unserved = made.coverage.at("desa", "lansia").query("status == 'belum_terlayani'").index
    order = gains[unserved].round().sort_index().sort_values(ascending=False, kind="stable").index
    _, table = downloaded(desk)
    assert table["Kode Kemendagri"].tolist() == order.tolist()
    assert "No" not in table.columns
    assert desk.page.locator("#ranking .rank, #map-a .marks .disc").count() == 0
    best = TEXTS.number(gains[order[0]])
    assert desk.text("#ranking li .people") == f"+{best}"
    desk.page.click("#ranking li button")
    assert desk.text("#card .site-gain") == f"LKS di sini menjangkau +{best} lansia."
    choose(desk, group="kekerasan")
    assert desk.page.locator(".site-gain").count() == 0


def test_compared_groups_show_the_same_land_at_the_same_scale(browser: Any, made: Made, tmp_path: Path) -> None:
    """Two groups, then all; on paper too; and what stood there before stands there again afterwards."""
    opened = open_file(browser, made.path, "#kelompok=lansia&wilayah=76.02.03.2005&lingkaran=1")
    page = opened.page
    page.select_option("#compare", "anak")
    assert "76.02.03.2005" in opened.text("#card .where"), "the village that was chosen stays so"
    page.keyboard.press("Escape")
    for other, groups in (("anak", ("lansia", "anak")), ("semua", ("lansia", *(g for g in GROUPS if g != "lansia")))):
        page.select_option("#compare", other)
        titles = page.locator(".map-title h2").all_inner_texts()
        names = {group.key: group.name("id") for group in made.coverage.groups}
        assert [title.split(" – ")[-1] for title in titles] == [names[key] for key in groups]
        counts = page.locator(".legend-row.gap .count").all_inner_texts()
        expected = [int((made.coverage.at("desa", key)["status"] == "belum_terlayani").sum()) for key in groups]
        assert [number_of(count) for count in counts] == expected
        sizes = page.evaluate(
            "[...document.querySelectorAll('.canvas')].map((e) => [e.clientWidth, e.clientHeight].join())"
        )
        assert len(set(sizes)) == 1
        page.click("#zoom-in")
        opened.settled()
        assert len(set(page.evaluate(ALL_GROUNDS))) == 1
        text = printed(opened, tmp_path / f"{other}.pdf")
        assert all(names[key] in text for key in groups)
        assert "DATA CONTOH" in text
    page.click("#whole")
    page.select_option("#compare", "")
    assert page.locator(".map-view").count() == 1
    choose(opened, level="kecamatan")
    choose(opened, level="desa")
    page.evaluate("document.querySelector('#ranking li button').click()")
    page.keyboard.press("Escape")
    page.click("#whole")
    whole = page.evaluate(GROUND)
    fresh = open_file(browser, made.path)
    assert whole == fresh.page.evaluate(GROUND), "the map has its whole room again"
    assert opened.messages == []
    fresh.close()
    opened.close()


def test_the_difference_of_two_groups_says_who_is_served_where(desk: Opened, made: Made, tmp_path: Path) -> None:
    """Four classes in words with desa and people of both; the list, its download, message and sheet are about one."""
    choose(desk, group="anak", map="beda")
    desk.page.select_option("#compare", "lansia")
    classes = difference(made.coverage, "desa", "anak", "lansia")
    anak, lansia = (made.coverage.at("desa", key) for key in ("anak", "lansia"))
    for key in DIFFERENCES.values():
        people = [rows.loc[classes == key, "sasaran"].sum() for rows in (anak, lansia)]
        said = f"{TEXTS.number(people[0])} anak; {TEXTS.number(people[1])} lansia"
        assert legend(desk)[key] == (int((classes == key).sum()), said)
    _, table = downloaded(desk)
    wanted = lansia[classes == "lain_belum"].sort_values("belum_terjangkau", ascending=False, kind="stable")
    assert table["Kode Kemendagri"].tolist() == wanted.index.tolist()
    assert table["Sasaran belum terjangkau: lansia"].tolist() == [
        float(TEXTS.number(n).replace(".", "")) for n in wanted["belum_terjangkau"]
    ]
    assert number_of(desk.text("#finding .big")) == len(wanted)
    text = printed(desk, tmp_path / "beda.pdf")
    assert "Anak terlayani, lansia belum" in text
    assert wanted["nama"].iloc[0] in text
    desk.page.click(".legend-row[data-class=dua_belum]")
    assert desk.text("#finding .claim") == "Anak dan lansia belum terlayani."
    assert number_of(desk.text("#finding .big")) == int((classes == "dua_belum").sum())
    desk.page.click("label:has(input[name=group][value=lansia])")
    assert desk.page.locator("#compare").input_value() == "anak", "the two change places"
    assert legend(desk)["ini_belum"][0] == len(wanted)
    desk.page.select_option("#compare", "")
    assert desk.page.locator("input[name=map]:checked").get_attribute("value") == "status"


def test_base_map_is_off_until_asked_for(browser: Any, made: Made) -> None:
    opened = open_file(browser, made.path)
    asked: list[str] = []
    opened.page.on("request", lambda request: asked.append(request.url))
    with opened.page.expect_request("**") as waiting:
        opened.page.click("#tiles")
    assert waiting.value.resource_type == "image", "the switch asks for tiles"
    opened.settled()
    assert all("cartocdn" in url for url in asked)
    assert "OpenStreetMap" in opened.text(".credit")
    assert opened.page.locator("#map-a .fills path").count() == 648, "without internet the map stays as it is"
    assert [line for line in opened.messages if not line.startswith("error: Failed to load resource")] == []
    opened.page.click("#tiles")
    assert "OpenStreetMap" not in opened.text(".credit")
    opened.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A drawn province of 1,600 squares of 3 x 3 km in 16 kabupaten of 100."""
    rings = {}
    for row in range(40):
        for column in range(40):
            block = 4 * (row // 10) + column // 10 + 1
            code = f"99.{block:02d}.{row % 10 + 1:02d}.{2001 + column % 10}"
            x, y = 3.0 * column, 3.0 * row
            rings[code] = [(x, y), (x + 3, y), (x + 3, y + 3), (x, y + 3)]
    boundaries = world.boundaries_of(rings)
    rng = np.random.default_rng(3)
    people = {key: dict(zip(rings, rng.integers(1, 900, len(rings)), strict=True)) for key in ("anak", "lansia")}
    rows = [
        world.place(f"L{i}", [("lansia", None)], (6.0 * i + 1.5, 6.0 * i + 1.5), None, lokasi="luar_wilayah")
        for i in range(19)
    ]
    coverage = measure_coverage(
        world.register_of(rows), boundaries, world.population_of(boundaries, people), world.SETTINGS
    )
    path = tmp_path_factory.mktemp("luas") / "peta.html"
    write_map(path, {(True, False): coverage}, overwrite=False)
    return Made(path, {(True, False): coverage}, {})


def test_thousands_of_areas_start_with_the_largest_level(browser: Any, large: Made) -> None:
    opened = open_file(browser, large.path, "#kelompok=lansia")
    page = opened.page
    assert page.locator("input[name=level]:checked").get_attribute("value") == "kabupaten"
    assert page.locator("canvas.ground").count() == 1
    choose(opened, level="desa")
    rows = large.coverage.at("desa", "lansia")
    assert legend(opened)["belum_terlayani"][0] == int((rows["status"] == "belum_terlayani").sum())
    page.mouse.click(640, 310)
    assert page.locator("#card").is_visible()
    code = re.search(r"kode ([\d.]+)", opened.text("#card .where"))
    assert code is not None
    near = page.evaluate(
        """() => { const c = document.querySelector('canvas.ground'); const b = c.getBoundingClientRect();
        const k = c.width / b.width;
        return [...c.getContext('2d').getImageData((637 - b.x) * k, (307 - b.y) * k, 7, 7).data]; }"""
    )
    pixels = {tuple(near[i : i + 3]) for i in range(0, len(near), 4)}
    key = str(rows.loc[code[1], "status"])
    wanted = page.evaluate(f"getComputedStyle(document.querySelector('.legend rect.status-{key}')).fill")
    assert tuple(int(part) for part in re.findall(r"\d+", wanted)) in pixels
    assert opened.messages == []
    opened.close()


# The scripts one by one


@pytest.fixture(scope="module")
def modules(browser: Any, world_coverage: Coverage) -> Iterator[Any]:
    html = page(Variants.from_coverages({(True, False): world_coverage}))
    opened = open_modules(browser, html, TEMPLATES / "js")
    yield opened
    opened.context.close()


NUMBER = st.one_of(st.sampled_from([np.nan, 0.0, 1.0, 1 / 3, 250.0, 2.0**53, 2.0**60]), st.floats(1e-9, 1e12))
INPUTS = ("sasaran", "pangsa_terjangkau", "jumlah_lks", "kapasitas")


@given(st.lists(st.tuples(*[NUMBER] * (len(INPUTS) + 1), st.booleans()), min_size=1, max_size=30))
def test_the_page_reads_every_number_to_the_last_bit(modules: Any, rows: list[tuple[float, ...]]) -> None:
    """Columns as given, and columns that follow from others by a rule, some of them with exceptions."""
    frame = pd.DataFrame([row[: len(INPUTS)] for row in rows], columns=list(INPUTS), dtype="float64")
    odd, follows = np.array([row[-2] for row in rows]), np.array([row[-1] for row in rows], dtype=bool)
    frame["status"] = pd.Series(np.where(odd > 1, "belum_terlayani", "ada"), dtype="str")
    for name, rule in RULES.items():
        frame[name] = np.where(follows, rule({column: frame[column].to_numpy() for column in frame}), odd)
    forms = {name: json.loads(text) for name, text in encode_rows({name: plain(frame[name]) for name in frame}).items()}
    found = modules.evaluate(
        """async ([forms, size]) => {
            const { decodeColumn, decodeNumbers } = await import('/js/columns.js');
            const read = (name) => (name === 'status' ? decodeColumn : decodeNumbers)(forms[name], size, name, read);
            return Object.keys(forms).filter((name) => name !== 'status').map((name) => [name, Array.from(read(name))]);
        }""",
        [forms, len(rows)],
    )
    for name, values in found:
        np.testing.assert_array_equal(np.array(values, dtype=float), frame[name], name)


@given(st.lists(st.one_of(st.sampled_from([0.5, 2.5, 0.05, 1.005, 2.675, 1234.5]), st.floats(0, 1e9)), max_size=30))
def test_the_page_rounds_as_all_other_outputs(modules: Any, values: list[float]) -> None:
    """Halves away from zero; the page of the fixture is Indonesian."""
    found = modules.evaluate(
        """async (values) => {
            const { number } = await import('/js/words.js');
            return values.map((value) => [0, 1, 2].map((digits) => number(value, digits)));
        }""",
        values,
    )
    assert found == [[TEXTS.number(value, digits) for digits in (0, 1, 2)] for value in values]


SHARES = st.one_of(st.sampled_from([0.0004, 0.0005, 0.0006, 0.004, 0.005, 0.995, 0.9996, 1.0, 1.02]), st.floats(0, 1.5))


@given(st.lists(SHARES, max_size=30))
def test_the_page_writes_shares_as_all_other_outputs(modules: Any, shares: list[float]) -> None:
    """A small share is not 0, one just short of all is not 100."""
    found = modules.evaluate(
        """async (shares) => {
            const { percent } = await import('/js/words.js');
            return shares.map((share) => [0, 1].map((digits) => percent(share, digits)));
        }""",
        shares,
    )
    assert found == [[TEXTS.percent(share, digits) for digits in (0, 1)] for share in shares]


def test_the_page_sorts_values_into_the_classes_of_the_shared_style(browser: Any) -> None:
    """On, just below and just above every break, at 0 and where nothing is known."""
    size = 40
    rings = {f"99.01.{1 + i // 10:02}.{2001 + i}": [(i, 0), (i + 1, 0), (i + 1, 1), (i, 1)] for i in range(size)}
    boundaries = world.boundaries_of(rings)
    people = world.population_of(boundaries, {"anak": dict.fromkeys(rings, 10.0)})
    coverage = measure_coverage(world.register_of(world.drawn_places()), boundaries, people, world.SETTINGS)
    breaks = {
        "jarak_km": (5, 10, 20, 40),
        "cakupan": (0.0005, 0.25, 0.5, 0.8),
        "rasio_lks_per_1000": (5e-324, 0.88, 1.5, 2.5),
    }
    table = coverage.table.set_index(["level", "kelompok", "kode"]).sort_index()
    for measure, limits in breaks.items():
        edges = np.array([0.0, 1e-9, *limits])
        values = [*edges, *np.nextafter(edges, np.inf), *np.nextafter(edges[1:], 0), 1e6]
        if measure.startswith("rasio"):  # its breaks are the quartiles of these
            quartiles = np.array(limits[1:])
            values = [0.0, 0.5, *quartiles, *np.nextafter(quartiles, np.inf), *np.nextafter(quartiles, 0), 4.0]
        table.loc[("desa", "anak"), measure] = pd.Series(values).reindex(range(size)).to_numpy()
    coverage = replace(coverage, table=table.reset_index()[coverage.table.columns])
    opened = open_modules(browser, page(Variants.from_coverages({(True, False): coverage})), TEMPLATES / "js")
    for measure, limits in breaks.items():
        found, legend_keys = opened.evaluate(
            """async (measure) => {
                const { classKeys, schemeOf } = await import('/js/classes.js');
                const { classes } = schemeOf(measure, 'anak');
                return [classKeys('desa', '10', 'anak', measure), classes.map((one) => one.key)];
            }""",
            measure,
        )
        expected = classify(measure, coverage.at("desa", "anak")[measure], limits)
        assert found == expected.tolist(), measure
        assert set(found) == {one.key for one in measure_classes(measure, limits)} | {NO_DATA}
        assert legend_keys == [one.key for one in measure_classes(measure, limits)]
    opened.context.close()
