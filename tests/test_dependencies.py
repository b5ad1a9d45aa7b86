"""pyproject.toml names what the package imports, no less and no more; docs/en/dependencies.md gives the same bounds."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BOUNDS = dict(
    requirement.split(">=") for requirement in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["grid"]
)


def imports(path: Path) -> Iterator[str]:
    """The first names of all modules that a file imports, inside functions too."""
    for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.Import):
            yield from (alias.name.split(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            yield statement.module.split(".")[0]


def test_every_import_is_declared_and_every_dependency_imported() -> None:
    imported = {name for path in (ROOT / "lks_geo").rglob("*.py") for name in imports(path)}
    foreign = imported - sys.stdlib_module_names - {"lks_geo"}
    providers = packages_distributions()
    assert {providers[name][0].lower() for name in foreign} == {name.lower() for name in BOUNDS}


def test_the_docs_give_the_bounds() -> None:
    page = (ROOT / "docs" / "en" / "dependencies.md").read_text(encoding="utf-8")
    told = re.findall(r"^\|(?: `grid` \|)? ([\w-]+) \| (\d[\d.]*) \|", page, re.MULTILINE)  # "| pandas | 3.0 |"
    assert dict(told) == BOUNDS
