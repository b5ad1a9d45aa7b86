"""Target people per desa and group: the estimate that ships with the project, or a table of the user's own."""

from __future__ import annotations

from lks_geo.population.load import load_population

__all__ = ["load_population"]
