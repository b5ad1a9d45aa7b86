"""The interactive map as a file: short columns, shared borders, safe data, the same bytes every time.

What the page does in a browser is in test_webmap_browser.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import world
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiLineString, Point

from lks_geo.errors import LksGeoError
from lks_geo.measure import measure_coverage, restrict
from lks_geo.messages import Texts, catalogue_entries
from lks_geo.pipeline import World, measure_world
from lks_geo.render.style import class_breaks, classify, measure_classes
from lks_geo.render.webmap.packed_columns import encode, encode_rows
from lks_geo.render.webmap.page_data import blocks, write_json
from lks_geo.render.webmap.page_file import SCRIPTS, TEMPLATES, page, write_map
from lks_geo.render.webmap.page_frame import SAID, Variants
from lks_geo.result_set import measure_variants, next_gains
from lks_geo.said.assumptions import reach_note
from lks_geo.said.profile import profile_row, profile_table
from lks_geo.siting.planning import Plan, make_plan
from lks_geo.siting.scene import Question
from lks_geo.tables import Coverage, RegisterFrame

MOST_BYTES = 1_150_000
SETTINGS_KEY = (True, False)


def html_of(coverage: Coverage) -> str:
    return page(Variants.from_coverages({SETTINGS_KEY: coverage}))


def data_of(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="data-([\w-]+)">(.*?)</script>', html, flags=re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def plain(form: Any, size: int) -> list[Any]:
    """What a column form says, read the slow way and with no help from the encoder (rules are not followed)."""
    if form is None:
        return [None] * size
    if isinstance(form, list):
        return form
    if "all" in form:
        return [form["all"]] * size
    if "words" in form:
        return [None if at < 0 else form["words"][at] for at in form["at"]]
    if "f64" in form:
        raw = base64.b64decode(form["f64"])
        numbers = [struct.unpack_from("<d", raw, 8 * i)[0] for i in range(size)]
        return [None if math.isnan(number) else number for number in numbers]
    values = [form["most"]] * size
    position = 0
    for step, value in zip(form["at"], form["are"], strict=True):
        position += step
        values[position] = value
    return values


def known(values: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


some_floats = st.one_of(
    st.none(),
    st.sampled_from([0.0, 1.0, 0.1, 1 / 3, 12.5, 1e-300, 2.0**53, 2.0**60, -0.5]),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.lists(some_floats, min_size=1, max_size=40))
def test_every_double_comes_back(values: list[float | None]) -> None:
    column = pd.Series(values, dtype="float64")
    form = json.loads(json.dumps(encode(column)))
    assert plain(form, len(values)) == known(column)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "kota", "</script>", "\u202e"])), min_size=1, max_size=30)
)
def test_every_text_comes_back(values: list[str | None]) -> None:
    form = json.loads(json.dumps(encode(pd.Series(values, dtype="str"))))
    assert plain(form, len(values)) == values


@given(st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=30))
def test_every_flag_comes_back(values: list[bool | None]) -> None:
    form = json.loads(json.dumps(encode(pd.Series(values, dtype="boolean"))))
    assert plain(form, len(values)) == values


def test_what_follows_from_other_columns_is_not_written() -> None:
    share = np.array([0.0, 1 / 3, 1.0, np.nan, 0.7] * 5)
    target = np.array([100.0, 7.0, np.nan, 5.0, 0.0] * 5)
    reached = target * share
    reached[1] = 2.5
    form = encode_rows({"sasaran": target, "pangsa_terjangkau": share, "terjangkau": reached})
    assert json.loads(form["terjangkau"]) == {"rule": True, "at": [1], "are": [2.5]}


def test_numbers_of_the_page_are_those_of_the_table(world_coverage: Coverage) -> None:
    data = data_of(html_of(world_coverage))
    for level in ("desa", "kecamatan", "kabupaten"):
        size = data["areas"][level]["size"]
        assert plain(data["areas"][level]["kode"], size) == list(world_coverage.at(level, "anak").index)
        pool, table = data[f"values-{level}"]["pool"], data[f"values-{level}"]["table"]
        for group in ("anak", "lansia", "kekerasan"):
            expected = world_coverage.at(level, group)
            for name in ("sasaran", "jarak_km", "status", "pangsa_terjangkau", "prioritas", "jumlah_lks"):
                form = pool[table["10"][group][name]]
                assert plain(form, size) == known(expected[name]), (level, group, name)


def test_equal_columns_are_written_once(world_coverage: Coverage) -> None:
    both = blocks(Variants.from_coverages({(True, False): world_coverage, (False, False): world_coverage}))[
        "values-desa"
    ]
    assert both["table"]["10"] == both["table"]["00"]
    assert len(both["pool"]) == len(set(both["pool"]))


def test_sulbar_is_small_and_always_the_same(sulbar_coverage: Coverage) -> None:
    html = html_of(sulbar_coverage)
    assert len(html.encode()) <= MOST_BYTES
    assert html == html_of(sulbar_coverage)


def test_nothing_is_fetched_but_the_tiles_of_a_switch(world_coverage: Coverage) -> None:
    html = html_of(world_coverage)
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', markup), "nothing is loaded by markup"
    assert not re.findall(r"@import|url\((?!#)", html.split("</style>")[0])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    assert "connect-src" not in policy[1]
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy[1]
    assert "jquery" not in html.lower()
    assert "bootstrap" not in html.lower()


HOSTILE = '</script><script>alert(1)</script>{{ 7*7 }}{% raw %}${alert(2)}\\"`<img src=x onerror=alert(3)>\u2028'


def renamed(coverage: Coverage, text: str) -> Coverage:
    """The coverage with `text` wherever text comes from outside."""
    table = coverage.table.assign(nama=text, kecamatan=text, kabupaten=text)
    places = coverage.places.assign(nama=text, alamat=text)
    names = dict.fromkeys(("nama", "kecamatan", "kabupaten", "provinsi"), text)
    boundaries = replace(
        coverage.boundaries,
        desa=coverage.boundaries.desa.assign(**names),
        source=replace(coverage.boundaries.source, name=text),
        dissolved={},
    )
    groups = tuple(replace(group, name_id=text, short_id=text, definition_id=text) for group in coverage.groups)
    settings = replace(coverage.settings, groups=groups, agency=text, title=text, sources=(text,))
    return replace(coverage, table=table, places=places, boundaries=boundaries, settings=settings)


def test_text_from_outside_stays_text(world_coverage: Coverage) -> None:
    html = html_of(renamed(world_coverage, HOSTILE))
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\u2028" not in html
    assert "49" not in re.findall(r'"title":"([^"]*)', html)[0], "no template evaluates the data"
    frame = data_of(html)["frame"]
    assert frame["title"] == frame["agency"] == HOSTILE
    assert frame["sources"][-1] == HOSTILE


def test_a_page_without_emblem_holds_nothing_of_it(world_coverage: Coverage) -> None:
    assert not {"emblem", "address"} & set(data_of(html_of(world_coverage))["frame"])


def test_json_cannot_leave_its_element() -> None:
    text = write_json({"a": "</script><!-- \u2028\u2029"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!-- \u2028\u2029"}


SHELTER = world.disguised("99.01.02", (4.0, 4.5), [("kekerasan", "dalam"), ("anak", "dalam")])


def with_shelter(coverage: Coverage, **settings: Any) -> Coverage:
    """The drawn world with a disguised place in the kecamatan 99.01.02, which serves children too."""
    rows = [*world.drawn_places(), SHELTER]
    chosen = replace(world.SETTINGS, **settings)
    return measure_coverage(world.register_of(rows), coverage.boundaries, coverage.population, chosen)


def test_disguised_places_are_counted_but_never_listed(world_coverage: Coverage) -> None:
    data = data_of(html_of(with_shelter(world_coverage)))
    places = data["places"]
    assert places["size"] == len(world.drawn_places())
    assert not any("disamarkan" in str(value) for value in plain(places["id"], places["size"]))
    totals = data["frame"]["variants"]["10"]["totals"]
    assert totals[""]["all"]["used"] == len(world.drawn_places()) + 1
    assert totals[""]["groups"]["kekerasan"]["disguised"] == totals["99.01"]["groups"]["anak"]["disguised"] == 1
    assert totals["99.02"]["groups"]["anak"]["disguised"] == 0
    assert data["frame"]["namesNotListed"] == {
        "disamarkan 99.01.02": "LKS disamarkan di Kec. Kecamatan 99.01.02 (perkiraan)"
    }
    size = data["areas"]["kecamatan"]["size"]
    values = data["values-kecamatan"]
    count = plain(values["pool"][values["table"]["10"]["kekerasan"]["lks_disamarkan"]], size)
    assert count == [0, 1, 0]


def plan_of(coverage: Coverage, group: str, sites: int = 2) -> Plan:
    question = Question(groups=(group,), sites=sites)
    return make_plan(coverage.register, coverage.boundaries, coverage.population, coverage.settings, question)


def test_the_page_of_a_plan_holds_both_and_its_sites_are_no_lks(world_coverage: Coverage) -> None:
    plan = plan_of(world_coverage, "anak")
    data = data_of(page(Variants.of_plan(plan)))
    frame = data["frame"]
    assert [site["code"] for site in frame["plan"]["sites"]] == plan.sites["kode"].tolist()
    assert [site["gain"] for site in frame["plan"]["sites"]] == plan.sites["tambahan_terjangkau"].tolist()
    assert data["places"]["size"] == len(world.drawn_places())
    assert frame["variants"]["kini"]["totals"] == frame["variants"]["rencana"]["totals"]
    size = data["areas"]["desa"]["size"]
    for key, coverage in (("kini", plan.before), ("rencana", plan.after)):
        values = data["values-desa"]
        shown = plain(values["pool"][values["table"][key]["anak"]["status"]], size)
        assert shown == coverage.at("desa", "anak")["status"].tolist()


def test_the_page_of_a_plan_for_a_sensitive_group_ends_at_the_kecamatan(world_coverage: Coverage) -> None:
    data = data_of(page(Variants.of_plan(plan_of(with_shelter(world_coverage), "kekerasan"))))
    assert set(data["areas"]) == {"kecamatan", "kabupaten"}
    assert {len(site["code"]) for site in data["frame"]["plan"]["sites"]} == {8}
    assert "gains" not in data


def test_what_an_lks_would_add_is_told_per_desa_but_for_sensitive_groups(world_coverage: Coverage) -> None:
    """With a plan of one site in the best desa (the gain is on pieces of the desa); nothing where nobody reports."""
    rows = [row | {"aktif": row["id"] == "L1"} for row in world.drawn_places() if row["kode_kabupaten"] == "99.01"]
    settings = replace(world.SETTINGS, reach_km=3.1, register_complete=False)
    made = World(
        register=world.register_of(rows), boundaries=world_coverage.boundaries, population=world_coverage.population,
        settings=settings,
    )  # fmt: skip
    coverage = measure_world(made, settings)
    gains = next_gains(made, {SETTINGS_KEY: coverage})
    data = data_of(page(Variants.from_coverages({SETTINGS_KEY: coverage}, gains=gains)))
    codes = plain(data["areas"]["desa"]["kode"], data["areas"]["desa"]["size"])
    assert set(data["gains"]["10"]) == {"anak"}, "older people are not known, victims are a sensitive group"
    shown = dict(zip(codes, plain(data["gains"]["10"]["anak"], len(codes)), strict=True))
    assert shown[world.DRAWN_CODES["C1"]] is None
    best = plan_of(coverage, "anak", 1).sites.iloc[0]
    assert max(number for number in shown.values() if number is not None) == shown[best["kode"]]
    assert shown[best["kode"]] == pytest.approx(best["tambahan_terjangkau"], rel=0.05)


def test_stamp_of_internal_use(world_coverage: Coverage) -> None:
    assert data_of(html_of(world_coverage))["frame"]["stamps"] == []
    internal = replace(world_coverage, settings=replace(world.SETTINGS, show_sensitive=True))
    assert data_of(html_of(internal))["frame"]["stamps"] == ["INTERNAL"]


def test_the_profile_is_that_of_the_command(sulbar_coverage: Coverage) -> None:
    """Of every kabupaten and group; the classes of a field add up to its LKS; a plan has none."""
    profile = data_of(html_of(sulbar_coverage))["profile"]
    table = profile_table(sulbar_coverage)
    for code, by_group in profile["table"].items():
        for group, numbers in by_group.items():
            row = dict(zip(profile["columns"], numbers, strict=True))
            expected = profile_row(sulbar_coverage, group, code)
            assert row == {name: None if pd.isna(expected[name]) else expected[name] for name in row}
            for field in profile["fields"]:
                assert sum(row[part["key"]] for part in field["parts"]) == row["lks"], (code, group, field["title"])
    assert set(profile["table"]) == set(table["kode"]) - {"-"}


def test_totals_of_every_kabupaten_are_those_of_its_own_view(sulbar_coverage: Coverage) -> None:
    totals = data_of(html_of(sulbar_coverage))["frame"]["variants"]["10"]["totals"]
    codes = sulbar_coverage.boundaries.names("kabupaten").index
    assert list(totals) == ["", *codes]
    for code in codes:
        alone = data_of(html_of(restrict(sulbar_coverage, kabupaten=(code,))))["frame"]["variants"]["10"]["totals"]
        assert list(alone) == ["", code]
        assert alone[""] == alone[code] == totals[code]


def test_a_place_counts_for_the_groups_that_it_counts_for(world_coverage: Coverage) -> None:
    """A filter by system leaves a place in use for one of its groups only."""
    rows = [world.place("L9", [("anak", "dalam"), ("lansia", "luar")], (4.5, 4.5), "99.01.02.2002")]
    settings = replace(world.SETTINGS, system="luar")
    coverage = measure_coverage(world.register_of(rows), world_coverage.boundaries, world_coverage.population, settings)
    places = data_of(html_of(coverage))["places"]
    keys = [group.key for group in coverage.groups]
    assert plain(places["counted"]["10"], 1) == [str(keys.index("lansia"))]
    assert places["groups"] == [[keys.index("anak"), keys.index("lansia")]]


def test_words_of_the_page_are_those_of_the_other_outputs(world_coverage: Coverage) -> None:
    for lang in ("id", "en"):
        coverage = replace(world_coverage, settings=replace(world.SETTINGS, lang=lang, reach_km=8.0))
        frame = data_of(html_of(coverage))["frame"]
        said = catalogue_entries("said")
        assert frame["texts"]["bagian_diketahui"] == said["said.known_part"][lang]
        assert frame["groups"][0]["reach"] == Texts(lang)(reach_note(coverage.settings, "anak"))


def test_by_road_no_word_says_straight(world_coverage: Coverage) -> None:
    for lang, words in (("id", "garis lurus"), ("en", "straight line")):
        settings = replace(world.SETTINGS, lang=lang)
        assert words in json.dumps(data_of(html_of(replace(world_coverage, settings=settings)))["frame"])
        settings = replace(settings, roads=Path("jalan.gpkg"))
        frame = data_of(html_of(replace(world_coverage, settings=settings)))["frame"]
        assert words not in json.dumps({**frame, "measures": None})
        assert frame["byRoad"]


def test_existing_file_is_not_replaced(world_coverage: Coverage, tmp_path: Path) -> None:
    path = tmp_path / "peta.html"
    write_map(path, {SETTINGS_KEY: world_coverage}, overwrite=False)
    with pytest.raises(LksGeoError):
        write_map(path, {SETTINGS_KEY: world_coverage}, overwrite=False)
    write_map(path, {SETTINGS_KEY: world_coverage}, overwrite=True)
    assert [item.name for item in tmp_path.iterdir()] == ["peta.html"]


def test_starts_with_the_variant_of_its_settings(world_coverage: Coverage) -> None:
    whole = replace(world_coverage, settings=replace(world_coverage.settings, active_only=False))
    variants = Variants.from_coverages(
        {(False, False): whole, (True, False): world_coverage, (True, True): world_coverage}
    )
    assert list(variants.by_key) == ["00", "10", "11"]
    assert variants.start_key == "00"
    assert Variants.from_coverages({(True, True): world_coverage}).start_key == "11"


def test_opens_with_the_filters_asked_for(world_coverage: Coverage) -> None:
    settings = replace(world_coverage.settings, active_only=False)
    inputs = World(
        register=world_coverage.register,
        boundaries=world_coverage.boundaries,
        population=world_coverage.population,
        settings=settings,
    )
    whole = measure_world(inputs, settings)
    variants = Variants.from_coverages(measure_variants(inputs, whole))
    assert set(variants.by_key) > {"00", "10"}
    assert variants.start is whole


def test_starts_with_the_group_asked_for(world_coverage: Coverage) -> None:
    assert Variants.from_coverages({SETTINGS_KEY: world_coverage}).start_group == "lansia"
    assert Variants.from_coverages({SETTINGS_KEY: world_coverage}, "anak").start_group == "anak"
    with pytest.raises(LksGeoError):
        Variants.from_coverages({SETTINGS_KEY: world_coverage}, "nelayan")


def test_stamps_estimates_and_missing_status_are_said(world_coverage: Coverage) -> None:
    source = replace(world_coverage.register.source, example=True)
    guess = world_coverage.table.assign(sasaran_perkiraan=world_coverage.table["sasaran"].notna())
    register = replace(world_coverage.register, source=source, status_recorded=False)
    frame = data_of(html_of(replace(world_coverage, register=register, table=guess)))["frame"]
    assert frame["stamps"] == ["DATA CONTOH"]
    said = " ".join(frame["caveats"])
    assert "perkiraan" in said
    assert "tidak dicatat" in said
    assert frame["variants"]["10"]["filters"] == ["semua LKS"], "nothing claims that only active ones count"
    assert "Batas indikatif" in said
    assert "1,5 km" in frame["groups"][0]["reach"]


def test_far_islands_get_an_inset(sulbar_coverage: Coverage) -> None:
    data = data_of(html_of(sulbar_coverage))
    (inset,) = data["ground"]["insets"]["groups"]
    codes = plain(data["areas"]["desa"]["kode"], data["areas"]["desa"]["size"])
    assert {codes[at][:8] for at in inset["areas"]} == {"76.02.16"}
    assert len(inset["areas"]) == 2
    assert "barat" in inset["note"]
    assert {at for at, *_ in inset["islands"]} == set(inset["areas"])


def test_lines_of_the_user_are_clipped_and_simplified(world_coverage: Coverage, tmp_path: Path) -> None:
    """In any system of coordinates; the size is told; what is no line layer of this region is refused with the cure."""
    west, south, east, north = world_coverage.boundaries.desa.total_bounds
    wiggle = [
        (west + (east - west) * t, (south + north) / 2 + 1e-5 * (-1) ** i)
        for i, t in enumerate(np.linspace(-5, 6, 400))
    ]
    road, far = LineString(wiggle), LineString([(west - 9, south), (west - 8, south)])
    lines = gpd.GeoDataFrame({"nama": ["<b>Jalan</b>", "jauh"]}, geometry=[road, far], crs="EPSG:4326")
    lines.to_crs("EPSG:32750").to_file(tmp_path / "jalan.gpkg")
    settings = replace(world_coverage.settings, context=tmp_path / "jalan.gpkg")
    data = data_of(html_of(replace(world_coverage, settings=settings)))
    context = data["ground"]["context"]
    assert len(context["lines"]) == 1
    assert len(context["lines"][0]) == 4, "a line that wiggles by a metre is straight at the scale of the page"
    assert context["km"] == context["all_km"] == pytest.approx(1.1 * 111.2 * (east - west), rel=0.02)
    assert data["frame"]["sources"][-1].startswith("Garis latar: jalan.gpkg (disederhanakan; ")
    assert "Jalan</b>" not in json.dumps(data), "nothing but the lines is taken"
    lines.to_file(tmp_path / "tanpa.shp")
    (tmp_path / "tanpa.prj").unlink()
    lines.iloc[1:].to_file(tmp_path / "jauh.geojson")
    gpd.GeoDataFrame(geometry=[road.centroid], crs="EPSG:4326").to_file(tmp_path / "titik.gpkg")
    (tmp_path / "rusak.gpkg").write_text("bukan peta")
    for name, cure in (
        ("tanpa.shp", "CRS"),
        ("jauh.geojson", "daerah ini"),
        ("titik.gpkg", "lapisan garis"),
        ("rusak.gpkg", "Shapefile"),
        ("tiada.gpkg", "tidak ditemukan"),
    ):
        with pytest.raises(LksGeoError, match=cure):
            html_of(replace(world_coverage, settings=replace(settings, context=tmp_path / name)))


def test_odd_lines_of_the_user_are_left_out(world_coverage: Coverage, tmp_path: Path) -> None:
    """Nothing, no length, no numbers, the ends of the world, other shapes: the lines among them are drawn all the same,
    and one layer of nothing else is refused."""
    west, south, east, north = world_coverage.boundaries.desa.total_bounds
    road, corner = LineString([(west, south), (east, north)]), Point(west, south)
    with np.errstate(invalid="ignore"):
        odd = [
            None, LineString(), LineString([corner, corner]), LineString([(west, math.nan), (east, north)]),
            LineString([(west, math.inf), (east, north)]), LineString([(1e300, 1e300), (-1e300, 0)]), corner,
            GeometryCollection([corner]), MultiLineString(),
        ]  # fmt: skip
    features = {"odd": odd, "both": [*odd, road]}
    for name, shapes in features.items():
        gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_file(tmp_path / f"{name}.gpkg")

    def drawn(name: str) -> dict[str, Any]:
        settings = replace(world_coverage.settings, context=tmp_path / f"{name}.gpkg")
        return data_of(html_of(replace(world_coverage, settings=settings)))["ground"]["context"]

    assert len(drawn("both")["lines"]) == 1
    with pytest.raises(LksGeoError, match=r"odd\.gpkg"):
        drawn("odd")


def test_one_kabupaten_gets_its_own_page(sulbar_coverage: Coverage) -> None:
    whole = sulbar_coverage
    narrow = restrict(
        replace(whole, places=RegisterFrame(whole.places[whole.places["kapasitas"].notna()])), groups=("anak",)
    )
    both = {SETTINGS_KEY: restrict(whole, kabupaten=("76.03",)), (True, True): restrict(narrow, kabupaten=("76.03",))}
    both[True, True] = replace(both[True, True], table=both[SETTINGS_KEY].table)
    data = data_of(page(Variants.from_coverages(both)))
    counted = data["places"]["counted"]
    all_of, some_of = (plain(counted[key], data["places"]["size"]) for key in ("10", "11"))
    assert some_of.count(None) > all_of.count(None), "a place that one variant lacks does not count there"
    assert data["areas"]["desa"]["size"] == 181
    assert data["frame"]["region"] == "Kabupaten Mamasa"
    assert {"Majene", "Mamuju"} <= {land["name"] for land in data["ground"]["land"]}
    assert data["ground"]["insets"]["groups"] == []


@given(st.lists(st.floats(1e-3, 1e4), max_size=30))
def test_breaks_of_a_ratio_rise(values: list[float]) -> None:
    """Whatever the data, also one value or many equal ones: five classes that can be told apart, named without gaps."""
    breaks = class_breaks("rasio_lks_per_1000", pd.Series([0.0, np.nan, *values]))
    assert breaks[0] > 0
    assert all(low < high for low, high in pairwise(breaks))


def test_ratios_of_every_level_fill_their_classes(sulbar_coverage: Coverage) -> None:
    """The breaks are those of the level shown; a desa with an LKS has ten times the ratio of its kecamatan."""
    for level in ("desa", "kecamatan", "kabupaten"):
        values = sulbar_coverage.at(level, "lansia")["rasio_lks_per_1000"]
        breaks = class_breaks("rasio_lks_per_1000", values)
        counts = classify("rasio_lks_per_1000", values, breaks).value_counts()
        assert all(counts.get(f"k{place}", 0) > 0 for place in range(4)), level
    labels = [Texts("id")(kind.label) for kind in measure_classes("rasio_lks_per_1000", (5e-324, 0.33, 0.4, 1.5))]
    assert labels == ["0", "di bawah 0,33", "0,33–0,39", "0,4–1,49", "1,5 atau lebih"]


def test_english_page_has_no_indonesian_words(sulbar_coverage: Coverage) -> None:
    english = replace(sulbar_coverage, settings=replace(sulbar_coverage.settings, lang="en"))
    html = html_of(english)
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert '<html lang="en">' in html
    assert not re.search(r"\b(Kelompok|Tingkat|Ukuran|wilayah|Unduh|Cetak|Salin|belum)\b", body)
    frame = data_of(html)["frame"]
    assert frame["texts"]["judul"] == "LKS service map"
    assert frame["groups"][1]["name"] == "Older people"


# The scripts


def modules() -> Mapping[str, str]:
    return {name: (TEMPLATES / "js" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS}


def test_all_scripts_are_joined() -> None:
    of_comparisons = {"compare"}  # a page of its own
    assert sorted({*SCRIPTS, *of_comparisons}) == sorted(path.stem for path in (TEMPLATES / "js").glob("*.js"))


def test_scripts_share_one_scope_without_clashes() -> None:
    declared = Counter(
        name
        for text in modules().values()
        for name in re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, flags=re.MULTILINE)
    )
    assert [name for name, count in declared.items() if count > 1] == []


def test_imports_exist() -> None:
    texts = modules()
    for name, text in texts.items():
        for names, source in re.findall(r"^import \{([^}]*)\} from '\./(\w+)\.js';$", text, flags=re.MULTILINE):
            for one in names.replace("\n", " ").split(","):
                if one.strip():
                    pattern = rf"^export (?:async )?(?:function|const|let|class) {one.strip()}\b"
                    assert re.search(pattern, texts[source], flags=re.MULTILINE), f"{name} imports {one} from {source}"
        assert "innerHTML" not in text


def test_catalogue_and_page_agree() -> None:
    """Every text that the page asks for exists, and every text of the catalogue is asked for, whole or by its start."""
    keys = {key.removeprefix("webmap.") for key in catalogue_entries("webmap")} | set(SAID)
    files = [*TEMPLATES.glob("js/*.js"), *TEMPLATES.glob("*.html"), *TEMPLATES.parent.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    page_html = (TEMPLATES / "page.html").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bt\('(\w+)'", text)) | set(re.findall(r"\$([a-z]\w*)", page_html))
    assert asked - keys == set()
    starts = set(re.findall(r"[`\"'](?:webmap\.)?(\w+_)\$?\{", text))
    whole = set(re.findall(r"[`'\".$](\w+)[`'\" <]", text))
    assert {key for key in keys - whole if not key.startswith(tuple(starts)) and not key.endswith("_nama")} == set()
