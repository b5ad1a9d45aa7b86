"""The measures: pure functions from places, areas and people to one coverage table; and what each measure means."""

from lks_geo.catalogue import MEASURES
from lks_geo.measure.coverage import measure_coverage, reach_sensitivity, restrict

__all__ = ["MEASURES", "measure_coverage", "reach_sensitivity", "restrict"]
