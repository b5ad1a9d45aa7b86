"""The people: the estimate that ships with the project, and tables of people as offices have them."""

from lks_geo.population.targets import load_population, read_people

__all__ = ["load_population", "read_people"]
