"""The measures: pure functions from places, areas and people to one coverage table; and what each measure means."""

from lks_geo.catalogue import MEASURES
from lks_geo.measure.coverage import (
    AtReach,
    measure_at_reaches,
    measure_coverage,
    one_reach,
    reach_sensitivity,
    restrict,
)

__all__ = [
    "MEASURES",
    "AtReach",
    "measure_at_reaches",
    "measure_coverage",
    "one_reach",
    "reach_sensitivity",
    "restrict",
]
