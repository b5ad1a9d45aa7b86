"""The pages for developers say what is so: the picture of the rooms, the rules of the house, and every how-to."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
import world

from lks_geo.catalogue import MAPPED, MapLook, Measure
from lks_geo.measure import measure_coverage
from lks_geo.messages import Texts
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.raw import read_register
from lks_geo.render.figure.topic import Topic
from lks_geo.render.frames import table_frame
from lks_geo.render.style import NO_DATA
from lks_geo.render.webmap.page_frame import Variants, frame_block
from lks_geo.settings_file import load_settings
from lks_geo.tables import Coverage

ROOT = Path(__file__).parent.parent
DEVELOPMENT = (ROOT / "docs" / "en" / "development.md").read_text(encoding="utf-8")
HOWTO = (ROOT / "docs" / "en" / "howto.md").read_text(encoding="utf-8")
SECTIONS = {part.splitlines()[0]: part for part in HOWTO.split("\n## ")[1:]}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [layer.replace(" | ", " & ") for layer in CONTRACTS[0]["layers"] if layer != "__main__"]
# "`lks_geo/files.py` (`whole_file`)"
NAMED = re.compile(r"`([\w./<>*-]+/[\w.<>*-]+|\w+\.(?:toml|md))`(?: \(([^)]*)\))?")


def files_named(section: str) -> set[str]:
    return {path for path, _ in NAMED.findall(SECTIONS[section])}


def files_with(pattern: str, *endings: str) -> set[str]:
    """Files of the package in which a pattern occurs."""
    return {
        str(path.relative_to(ROOT))
        for ending in endings
        for path in (ROOT / "lks_geo").rglob(f"*{ending}")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }


def test_the_picture_of_the_rooms_is_the_contract() -> None:
    picture = re.search(r"```mermaid\nflowchart TB\n(.*?)```", DEVELOPMENT, re.DOTALL)
    assert picture is not None
    arrows = [tuple(line.strip().split(" --> ")) for line in picture[1].splitlines()]
    assert arrows == list(pairwise(LAYERS))


def test_every_room_is_explained() -> None:
    explained = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]*) \|", DEVELOPMENT, re.MULTILINE)))
    assert sorted(explained) == sorted(room for layer in LAYERS for room in layer.split(" & "))


def test_the_limits_of_the_house_are_those_that_are_checked() -> None:
    spec = importlib.util.spec_from_file_location("house", ROOT / ".ci" / "house.py")
    assert spec is not None
    assert spec.loader is not None
    house = ModuleType("house")
    house.__dict__["__file__"] = str(ROOT / ".ci" / "house.py")
    spec.loader.exec_module(house)
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    for said in (
        f"At most {house.MODULES_WITH_CODE} modules",
        f"no module above {house.MODULE_LINES} lines",
        f"above complexity {lint['mccabe']['max-complexity']} ",
    ):
        assert said in DEVELOPMENT


@pytest.mark.parametrize("section", SECTIONS)
def test_what_a_howto_names_is_there(section: str) -> None:
    assert files_named(section)
    for path, symbols in NAMED.findall(SECTIONS[section]):
        if "<" in path:
            continue
        assert list(ROOT.glob(path)), path
        if not path.endswith(".py") or not (ROOT / path).is_file():
            continue
        source = (ROOT / path).read_text(encoding="utf-8")
        for symbol in re.findall(r"`(\w+)`", symbols):
            assert re.search(rf"\b{symbol}\b", source), f"{path}: {symbol}"


def test_add_a_measure_is_four_files() -> None:
    """`lks_melapor` needs no more; what has a layer of the maps at most a shorter form on the page besides."""
    section = "Add a measure"
    assert len(re.findall(r"^\d\. `([^`]+)`", SECTIONS[section], re.MULTILINE)) == 4
    endings = (".py", ".js", ".toml", ".html", ".css")
    apart = {"lks_geo/measure/supply.py"}  # the formula of a measure that is a room of its own, in its docstring
    assert files_with(r"\blks_melapor\b", *endings) - apart <= files_named(section)
    shorter = {"lks_geo/render/webmap/packed_columns.py", "lks_geo/render/webmap/templates/js/columns.js"}
    assert files_with(r"\brasio_lks_per_1000\b", *endings) - shorter <= files_named(section)


@pytest.fixture
def with_one_more(world_coverage: Coverage, monkeypatch: pytest.MonkeyPatch) -> Coverage:
    """The drawn world with one more measure: an entry and its values."""
    measure = Measure(
        key="lks_contoh", kind="count", title_id="LKS contoh", title_en="LKS tried", unit_id="LKS", unit_en="LKS",
        definition_id="x", definition_en="x", gap_high=False,
        map=MapLook(ramp=("#FFFFFF", "#CCCCCC", "#999999", "#666666", "#333333"), breaks=(1, 2, 4, 10)),
    )  # fmt: skip
    monkeypatch.setitem(MAPPED, measure.key, measure)
    coverage = replace(world_coverage, measures=(*world_coverage.measures, measure))
    places = coverage.table["jumlah_lks"].mask(coverage.table["kode"] == world.DRAWN_CODES["C3"])
    return replace(coverage, table=coverage.table.assign(lks_contoh=places * 3))


def test_a_measure_of_the_table_is_in_every_output(with_one_more: Coverage) -> None:
    coverage = with_one_more
    assert table_frame(coverage).columns[-1] == "lks_contoh"
    topic = Topic(coverage=coverage, group="anak", level="desa", measure="lks_contoh")
    assert topic.class_of[world.DRAWN_CODES["A1"]] == "k2"
    assert topic.class_of[world.DRAWN_CODES["A2"]] == "k4"
    texts = Texts("id")
    assert [(texts(row.kind.label), row.areas) for row in topic.legend if row.areas] == [
        ("0", 6), ("2–3", 2), ("Tidak ada data", 1),
    ]  # fmt: skip
    page = json.loads(json.dumps(frame_block(Variants.from_coverages({(True, False): coverage}), ["desa"])))
    (entry,) = (one for one in page["maps"] if one["key"] == "lks_contoh")
    assert entry["title"] == "LKS contoh"
    assert entry["breaks"] == [1, 2, 4, 10]
    assert [one["label"] for one in entry["classes"]] == ["0", "1", "2–3", "4–9", "10 atau lebih"]
    assert entry["noData"] == NO_DATA


def test_the_group_of_the_howto_is_counted(tmp_path: Path) -> None:
    """The settings of the page, a register that uses its words, and no code."""
    example = re.search(r"```toml\n(.*?)```", SECTIONS["Add a group"], re.DOTALL)
    assert example is not None
    config = tmp_path / "lks-geo.toml"
    config.write_text(example[1], encoding="utf-8")
    settings = load_settings(config)
    assert settings.group("odha").sensitive
    lon, lat = world.degrees(1.5, 7.5)
    path = tmp_path / "register.csv"
    path.write_text(f"Nama LKS,Jenis Layanan,Lintang,Bujur\nLKS Satu,Layanan ODHA,{lat},{lon}\n", encoding="utf-8")
    boundaries = world.drawn_boundaries()
    population = world.drawn_population(boundaries)
    register = clean(read_register(path, settings=settings), boundaries, settings, population)
    coverage = measure_coverage(register, boundaries, population, settings)
    assert coverage.at("provinsi", "odha")["jumlah_lks"].tolist() == [1]
    assert coverage.at("provinsi", "odha")["lks_disamarkan"].tolist() == [1]


def test_add_a_field_names_every_list_of_fields() -> None:
    """`klien` is a field like any other; what reads headings and cells with its words names it besides."""
    reading = ("reading/heading_words.py", "reading/headings.py", "meaning/values.py")
    readers = {f"lks_geo/register/{name}" for name in reading}
    assert files_with(r'"klien"', ".py") - readers <= files_named("Add a register field")


def test_add_a_language_names_every_place_that_asks_for_one() -> None:
    asks = files_with(r"""lang\b.{0,12}== ?["'](?:id|en)["']""", ".py", ".js") | files_with(r"\b\w+_en: str", ".py")
    assert asks - {"lks_geo/settings_file.py", "lks_geo/settings.py"} <= files_named("Add a language")


def test_every_output_of_run_is_explained(sample_set: Path) -> None:
    page = (ROOT / "docs" / "en" / "outputs.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    made = {re.sub(r"^peta-\w+\.png$", "peta-<group>.png", path.name) for path in sample_set.iterdir()}
    assert made == explained


def test_the_project_explains_itself() -> None:
    """No page outside it is named."""
    folders = ("lks_geo", "docs", "tests", "scripts", ".ci", "benchmarks")
    named = re.compile(r"DESIG[N]\b|\b[Ss]ectio[n] \d")
    found = [
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".js", ".css", ".html"} and named.search(path.read_text("utf-8"))
    ]
    assert found == []
