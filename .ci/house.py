#!/usr/bin/env python3
"""The shape of the package: prints its counts and fails when a limit below is passed.

A module with code is a *.py that holds more than its docstring.
What it can't see: whether a short module is a good one.
"""

import ast
import sys
from collections import Counter
from pathlib import Path

MODULES_WITH_CODE = 165
MODULE_LINES = 350
FILES_OF_ONE_NAME = 1  # __init__.py apart

PACKAGE = Path(__file__).parent.parent / "lks_geo"


def holds_code(source: str) -> bool:
    module = ast.parse(source)
    return len(module.body) > (ast.get_docstring(module) is not None)


def main() -> int:
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    sources = {path: path.read_text(encoding="utf-8") for path in files if path.suffix == ".py"}
    lines = {path: len(source.splitlines()) for path, source in sources.items()}
    with_code = sum(holds_code(source) for source in sources.values())
    names = Counter(path.name for path in files if path.name != "__init__.py")
    print(f"{with_code} modules with code, {sum(lines.values())} lines, {max(lines.values())} in the longest")

    faults = [f"{name}: {count} files of this name" for name, count in names.items() if count > FILES_OF_ONE_NAME]
    faults += [
        f"{path.relative_to(PACKAGE.parent)}: {count} lines, more than {MODULE_LINES}"
        for path, count in lines.items()
        if count > MODULE_LINES
    ]
    if with_code > MODULES_WITH_CODE:
        faults.append(f"more than {MODULES_WITH_CODE} modules with code")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
