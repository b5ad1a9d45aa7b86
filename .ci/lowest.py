#!/usr/bin/env python3
"""Prints constraints.txt with every direct dependency put down to the lowest version that pyproject.toml allows.

Direct are the dependencies and those of the extra `grid`. What they need in turn and the test tools stay as they are.
"""

import re
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
_BOUND = re.compile(r"([\w.-]+)>=([\w.]+)")  # "babel>=2.17"
_PIN = re.compile(r"([\w.-]+)==([\w.]+)")  # "babel==2.18.0"


def lowest() -> dict[str, str]:
    """Name: lowest version. Fails on a dependency that is not written as `name>=version`."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = {}
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["grid"]]:
        bound = _BOUND.fullmatch(requirement)
        if not bound:
            raise SystemExit(f"pyproject.toml: no lower bound (found {requirement!r}). Write it as name>=version.")
        bounds[_folded(bound[1])] = bound[2]
    return bounds


def pinned() -> dict[str, str]:
    """Name: version the tests are known to pass with."""
    text = (HERE / "constraints.txt").read_text(encoding="utf-8")
    return {_folded(name): version for name, version in _PIN.findall(text)}


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # "XStatic-Leaflet", "mypy_extensions"


if __name__ == "__main__":
    for name, version in sorted((pinned() | lowest()).items()):
        print(f"{name}=={version}")
