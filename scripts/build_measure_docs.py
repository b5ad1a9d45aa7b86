"""Writes the table of docs/measures.md from lks_geo/measures.toml. Run it after changing that: a test compares."""

import re
from pathlib import Path

from lks_geo.catalogue import MEASURES, Measure

PAGE = Path(__file__).parent.parent / "docs" / "measures.md"
HEAD = "| column | judul | title | unit | maps | definition |\n|---|---|---|---|---|---|\n"


def row(measure: Measure) -> str:
    """The line of one measure."""
    definition = measure.definition_en + (f" Source: {measure.source}." if measure.source else "")
    cells = [f"`{measure.key}`", measure.title_id, measure.title_en, measure.unit_en or "-"]
    return f"| {' | '.join([*cells, 'yes' if measure.map else '', definition])} |\n"


def page() -> str:
    """The page with its table made anew."""
    table = HEAD + "".join(row(measure) for measure in MEASURES)
    text, tables = re.subn(re.escape(HEAD) + r"(?:\|.*\n)*", lambda _: table, PAGE.read_text(encoding="utf-8"))
    assert tables == 1, "docs/measures.md has not one table of measures"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
