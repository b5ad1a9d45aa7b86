"""The look that map, figures, slides and workbook share: colours, classes and their names (no drawing here).

One reading rule: the darker, the bigger the gap. Colours of status and ramps are measured to stay apart in grey and for
colour-blind readers. A value that is NA is its own class `tidak_ada_data`, white with stripes, never the same as zero;
areas that the register does not report are dotted on every map, whatever the measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.tables import STATUSES, UNREPORTED

INK, INK_SOFT, INK_FAINT = "#16222E", "#465461", "#5F6C78"
RULE, CONTROL, ACCENT, ACCENT_WASH, FOCUS = "#D8DEE3", "#7C8893", "#1D4B66", "#E6EEF3", "#0A62C4"
SEA, LAND, COAST, SEA_LABEL, LAND_LABEL = "#F4F7F8", "#E9EAE7", "#C4C8C6", "#4F6B7C", "#5F6564"
SELECTED = "#FFD24A"
HATCH = "#6F7B85"

STATUS_COLOURS = {
    "belum_terlayani": "#6E1036",
    "terjangkau_sebagian": "#C97A1B",
    "terjangkau": "#A0C6DB",
    "ada": "#D2E5EF",
    "tidak_ada_sasaran": "#FFFFFF",
    UNREPORTED: "#E6EAED",
}
NO_DATA = "tidak_ada_data"
NO_DATA_COLOUR = "#FFFFFF"
HATCHES = {NO_DATA: "//////", UNREPORTED: "....."}
"""The classes with a pattern over their colour, as matplotlib writes it: stripes and dots stay apart in grey too."""

RAMPS = {
    "jarak_km": ("#EDE6F2", "#CDBBDD", "#A78BC2", "#77539B", "#3F1B66"),
    "cakupan": ("#F6E7C8", "#E9C585", "#CF9646", "#9D5F1E", "#572A09"),
    "rasio_lks_per_1000": ("#DCEBE9", "#AFD0CD", "#74ABA8", "#357B7C", "#0B3B44"),
}
"""From light (good) to dark (gap)."""

DISTANCE_BREAKS_KM = (5.0, 10.0, 20.0, 40.0)
SHARE_BREAKS = (0.8, 0.5, 0.25)

MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "P"}
"""Group symbol -> matplotlib marker."""

MAP_MEASURES = ("status", "jarak_km", "cakupan", "rasio_lks_per_1000")
"""The measures that maps can show, in the order of the switch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapClass:
    """One class of a map legend: key (also the CSS class), fill colour, and its name as a message."""

    key: str
    colour: str
    label: Message


def status_classes() -> tuple[MapClass, ...]:
    """The classes of the status measure, gap first, without the no-data class."""
    return tuple(MapClass(key=key, colour=STATUS_COLOURS[key], label=msg(f"style.status_{key}")) for key in STATUSES)


def unreported_class() -> MapClass:
    """The class of areas from which the register has no row."""
    return MapClass(key=UNREPORTED, colour=STATUS_COLOURS[UNREPORTED], label=msg(f"style.status_{UNREPORTED}"))


def no_data_class() -> MapClass:
    """The class of areas whose value is not known."""
    return MapClass(key=NO_DATA, colour=NO_DATA_COLOUR, label=msg("style.no_data"))


def ratio_breaks(values: pd.Series[float]) -> tuple[float, float, float]:
    """Breaks of the ratio ramp, falling: quartiles of the non-zero values of a group's kecamatan, two digits."""
    known = values.dropna()
    known = known[known > 0]
    if known.empty:
        return (1.0, 0.5, 0.1)
    quartiles = [float(f"{float(np.quantile(known, quantile)):.2g}") for quantile in (0.75, 0.5, 0.25)]
    return (quartiles[0], quartiles[1], quartiles[2])


def measure_classes(measure: str, breaks: tuple[float, ...] = ()) -> tuple[MapClass, ...]:
    """The classes of a map measure, gap first. `breaks` are those of `ratio_breaks` for the ratio, unused else."""
    if measure == "status":
        return status_classes()
    dark_first = RAMPS[measure][::-1]
    return tuple(
        MapClass(key=f"k{4 - i}", colour=colour, label=label)
        for i, (colour, label) in enumerate(zip(dark_first, _labels(measure, breaks), strict=True))
    )


def _labels(measure: str, breaks: tuple[float, ...]) -> tuple[Message, ...]:
    if measure == "jarak_km":
        a, b, c, d = DISTANCE_BREAKS_KM
        middle = tuple(msg("style.km_between", low=low, high=high) for low, high in ((c, d), (b, c), (a, b)))
        return (msg("style.km_above", low=d), *middle, msg("style.km_below", high=a))
    if measure == "cakupan":
        top, half, quarter = SHARE_BREAKS
        return (
            msg("style.share_zero"),
            msg("style.share_above_zero", high=quarter),
            msg("style.share_between", low=quarter, high=half),
            msg("style.share_between", low=half, high=top),
            msg("style.share_from", low=top),
        )
    high, middle_break, low = breaks
    return (
        msg("style.ratio_zero"),
        msg("style.ratio_below", high=low),
        msg("style.ratio_between", low=low, high=middle_break),
        msg("style.ratio_between", low=middle_break, high=high),
        msg("style.ratio_from", low=high),
    )


def classify(measure: str, values: pd.Series[float], breaks: tuple[float, ...] = ()) -> pd.Series[str]:
    """The class key of each value (same index); NA gives `tidak_ada_data`.

    Distances: below 5, from 5, 10, 20, 40 km (a value on a break belongs to the darker class). Shares: 0 (below
    0.0005), above 0, from 25, 50, 80 % (a value on a break belongs to the lighter class). Ratios: 0, then `breaks`.
    """
    if measure == "status":
        return values.astype("string").fillna(NO_DATA).astype(str)
    number = values.astype("float64").to_numpy()
    if measure == "jarak_km":
        step = np.searchsorted(DISTANCE_BREAKS_KM, number, side="right")
    elif measure == "cakupan":
        step = 4 - np.searchsorted((0.0005, *SHARE_BREAKS[::-1]), number, side="right")
    else:
        step = np.where(number <= 0, 4, 3 - np.searchsorted(breaks[::-1], number, side="right"))
    keys = np.char.add("k", step.astype(str)).astype(object)
    keys[np.isnan(number)] = NO_DATA
    return pd.Series(keys, index=values.index, dtype=object)
