"""The table of measures: one entry per column of the coverage table, in the order of its columns (`measures.toml`)."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from lks_geo.tables import Measure

MEASURES = tuple(
    Measure(key=key, **facts)
    for key, facts in tomllib.loads(files(__package__).joinpath("measures.toml").read_text(encoding="utf-8")).items()
)
"""All measures, in the order of the columns of `Coverage.table`."""
