"""The docs say what the code does, and both languages say the same: made parts are up to date, pages come in pairs with
the same headings, commands, settings, tables, pictures and numbers, links lead somewhere, every picture is shown."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lks_geo import settings_file, vetting
from lks_geo.boundaries import layer_files, polygon_repair
from lks_geo.cli.program import COMMANDS
from lks_geo.measure import ground, roads
from lks_geo.render import style
from lks_geo.render.slides import deck
from lks_geo.settings_file import GROUP_SETTINGS, SETTINGS, load_settings
from lks_geo.sheets import sheet, sheet_scan

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
_MADE = re.compile(r"<!-- made: \w+ -->\n.*?<!-- made: end -->", re.DOTALL)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!http)([^)]+)\)")  # "[Plan](plan.md#other-questions)", "![Map](pictures/map-id.png)"
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/])")  # "1.000", "0,5", "10" in "10 km"; not "2SFCA", "3.1-2"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = script("build_pages")
FOR_DEVELOPERS = {"api", "licences"}
"""Made parts in English only."""


BAHASA, ENGLISH, DEVELOPERS = script("build_site").nav()
PAIRS = list(zip(BAHASA, ENGLISH, strict=True))
TWIN = dict(PAIRS)


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def own(page: str) -> str:
    """A page without its made parts."""
    return _MADE.sub("", read(page))


def blocks(page: str) -> list[tuple[str, str]]:
    """(kind, text) of every block of code, comments and what only says something apart: a drawing."""
    found = ((kind, re.sub(r"\s*#(?![0-9A-F]{6}).*", "", text)) for kind, text in _BLOCK.findall(own(page)))
    return [(kind, text) for kind, text in found if kind]


def targets(page: str) -> list[str]:
    """Where the links and pictures of a page lead, from docs/, in the words of the English pages."""
    folder = Path(page).parent
    found = []
    for target in _LINK.findall(own(page)):
        path, _, anchor = target.partition("#")
        name = (folder / path).as_posix().replace("en/../", "")
        found.append((re.sub(r"-(?:id|en)\.png$", ".png", TWIN.get(name, name)), bool(anchor)))
    return [f"{name}{'#' if anchor else ''}" for name, anchor in found]


def shapes(page: str) -> list[tuple[int, int]]:
    """(rows, columns) of every table."""
    return [(table.count("\n"), table.splitlines()[1].count("|")) for table in _TABLE.findall(own(page))]


def numbers(page: str) -> list[str]:
    """The numbers of the text, as digits only: "1.000" and "1,000" are one."""
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", _BLOCK.sub("", own(page)))
    return sorted(re.sub(r"\D", "", number) for number in _NUMBER.findall(text))


@pytest.mark.parametrize("path", PAGES.pages(), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_made_parts_are_up_to_date(path: Path) -> None:
    assert PAGES.page(path) == path.read_text(encoding="utf-8"), "run scripts/build_pages.py"


def test_every_part_that_can_be_made_stands_on_a_page_of_each_language() -> None:
    for folder in (DOCS, DOCS / "en"):
        marks = [
            mark
            for path in folder.glob("*.md")
            for mark in re.findall(r"<!-- made: (\w+) -->\n", path.read_text("utf-8"))
        ]
        assert set(marks) - {"end", *FOR_DEVELOPERS} == set(PAGES.MADE) - FOR_DEVELOPERS


def test_every_page_is_in_the_site() -> None:
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert pages == {page for page in (*BAHASA, *ENGLISH, *DEVELOPERS) if page.endswith(".md")}


@pytest.mark.parametrize(("bahasa", "english"), PAIRS)
def test_both_languages_say_the_same(bahasa: str, english: str) -> None:
    assert re.findall(r"^#+ ", own(bahasa), re.MULTILINE) == re.findall(r"^#+ ", own(english), re.MULTILINE)
    assert blocks(bahasa) == blocks(english)
    assert targets(bahasa) == targets(english)
    assert shapes(bahasa) == shapes(english)
    assert numbers(bahasa) == numbers(english)


@pytest.mark.parametrize("page", [*BAHASA, *ENGLISH])
def test_a_page_is_short(page: str) -> None:
    assert own(page).count("\n") <= 250


def test_the_readmes_name_every_command() -> None:
    for name in ("README.md", "README.en.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [command for command in COMMANDS if f"`lks-geo {command}" not in text] == []


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "README.en.md",
        "CHANGELOG.md",
        "SECURITY.md",
        *(f"docs/{page}" for page in (*BAHASA, *ENGLISH, *DEVELOPERS)),
    ],
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target.partition("#")[0]).exists(), f"{page}: {target}"


def test_every_picture_is_shown_made_and_small() -> None:
    """Each is named once in the script that makes it, without its language."""
    texts = "".join(
        path.read_text("utf-8") for path in (*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "README.en.md")
    )
    shown = set(re.findall(r"pictures/([\w-]+\.png)", texts))
    assert shown == {path.name for path in PICTURES.iterdir()}
    made = (ROOT / "scripts" / "build_pictures.py").read_text(encoding="utf-8")
    assert {re.sub(r"-(id|en)\.png", "", name) for name in shown} == set(
        re.findall(r'to / f"([\w-]+)-\{lang\}\.png"', made)
    )
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= 2_000_000


def toml_blocks() -> Iterator[str]:
    for page in (*BAHASA, *ENGLISH, *DEVELOPERS):
        yield from (text for kind, text in _BLOCK.findall(read(page)) if kind == "toml") if page.endswith(".md") else ()


@pytest.mark.parametrize("text", list(dict.fromkeys(toml_blocks())))
def test_a_settings_file_of_the_docs_can_be_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "lks-geo.toml").write_text(text, encoding="utf-8")
    load_settings(tmp_path / "lks-geo.toml")


@pytest.mark.parametrize("page", ["pengaturan.md", "en/settings.md"])
def test_every_key_has_an_example(page: str) -> None:
    for spec in (*SETTINGS, *GROUP_SETTINGS):
        assert f"| `{spec.key} = " in read(page), spec.key


def test_each_promise_is_held_by_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (?!promise|---)(.+?) \| (.+) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    for promise, held in rows:
        files = [ROOT / name for name in re.findall(r"`(tests/\w+\.py)`", held)]
        tests = re.findall(r"`(test_\w+)`", held)
        assert tests, promise
        written = "".join(file.read_text("utf-8") for file in files)
        assert [name for name in tests if f"def {name}(" not in written] == [], promise


LIMITS = (
    (sheet_scan.LARGEST_FILE, 1_000_000), (sheet_scan.LARGEST_UNFOLDED, 1_000_000), (sheet_scan.MOST_CELLS, 1),
    (sheet.MOST_SHEETS, 1), (sheet_scan.LARGEST_TEXT, 1_000_000), (sheet_scan.MOST_CELLS, 1),
    (sheet_scan.MOST_COLUMNS, 1), (sheet_scan.LONGEST_CELL, 1),
    (sheet._LONGEST_LINE, 1_000_000), (vetting._MOST_UNPACKED, 1_000_000_000),
    (vetting._LARGEST_INSIDE, 1_000_000), (vetting._MOST_MEMBERS, 1), (vetting._DEEPEST, 1),
    (vetting._LARGEST_TEXT, 1_000_000), (vetting._MOST_MEMORY, 1_000_000), (vetting._LARGEST, 1_000_000),
    (layer_files.MOST_LAYERS, 1), (layer_files.MOST_CELLS, 1), (polygon_repair.MOST_CORNERS, 1),
    (polygon_repair.MOST_CORNERS_OF_ONE, 1),
    (vetting._SECONDS, 1), (vetting._LARGEST_VIEW, 1_000_000),
    (roads._MOST_CORNERS, 1), (roads._FARTHEST_DEGREES, 1), (roads._LARGEST, 1_000_000),
    (ground._MOST_CELLS, 1_000_000), (settings_file._MOST_BYTES, 1_000_000), (style.MOST_PIXELS, 1_000_000),
    (deck._MOST_UNPACKED, 1_000_000),
)  # fmt: skip
"""Every limit of a file in the order of the table, and what its unit stands for."""


@pytest.mark.parametrize(
    ("page", "title"), [("tanya-jawab.md", "Batas berkas"), ("en/questions.md", "Limits of files")]
)
def test_the_limits_of_files_are_those_of_the_program(page: str, title: str) -> None:
    lines = own(page).partition(f"## {title}\n")[2].split("|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    told = [int(re.sub(r"\D", "", line.split("|")[3])) for line in lines]
    assert told == [limit // unit for limit, unit in LIMITS]
