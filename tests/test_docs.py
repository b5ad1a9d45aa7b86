"""The docs say what the code does: commands, options, settings and columns appear, and made pages are up to date."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from lks_geo.cli.program import COMMANDS

ROOT = Path(__file__).parent.parent


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("build_command_docs", "commands"),
        ("build_measure_docs", "measures"),
        ("build_register_docs", "register"),
        ("build_settings_docs", "settings"),
        ("build_word_docs", "service-words"),
    ],
)
def test_made_pages_are_up_to_date(name: str, page: str) -> None:
    assert script(name).page() == (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), f"run scripts/{name}.py"


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`lks-geo {name}" not in text] == []


@pytest.mark.parametrize("page", [*sorted(path.name for path in (ROOT / "docs").glob("*.md")), "../README.md"])
def test_links_lead_somewhere(page: str) -> None:
    import re

    path = ROOT / "docs" / page
    for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{page}: {target}"
