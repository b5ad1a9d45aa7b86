"""The look that map, figures, slides and workbook share: colours, classes and their names (no drawing here).

One reading rule: the darker, the bigger the gap. Colours of status and ramps are measured to stay apart in grey and for
colour-blind readers. A value that is NA is its own class `tidak_ada_data`, white with stripes, never the same as zero;
areas that the register does not report are dotted on every map, whatever the measure.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.catalogue import MAPPED
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.tables import STATUSES, UNREPORTED
from lks_geo.vetting import refuse_absent

INK, INK_SOFT, INK_FAINT = "#16222E", "#465461", "#5F6C78"
RULE, CONTROL, ACCENT, ACCENT_WASH, FOCUS = "#D8DEE3", "#7C8893", "#1D4B66", "#E6EEF3", "#0A62C4"
SEA, LAND, COAST, SEA_LABEL, LAND_LABEL = "#F4F7F8", "#E9EAE7", "#C4C8C6", "#4F6B7C", "#5F6564"
SELECTED = "#FFD24A"
HATCH = "#6F7B85"
MOST_PIXELS = 50_000_000
"""What a picture may have: more than any camera gives, and little enough to unpack."""
EMBLEM_PX = 160
"""The longer side of an emblem on a page: 13 mm of its print sheet with 300 dots per inch."""

STATUS_COLOURS = {
    "belum_terlayani": "#6E1036",
    "terjangkau_sebagian": "#C97A1B",
    "terjangkau": "#A0C6DB",
    "ada": "#D2E5EF",
    "tidak_ada_sasaran": "#FFFFFF",
    UNREPORTED: "#E6EAED",
}
FONT = "Arial"
THEME_COLOURS = {
    "dk1": INK, "dk2": INK_SOFT, "lt2": ACCENT_WASH, "accent1": ACCENT,
    "accent2": STATUS_COLOURS["belum_terlayani"], "accent3": STATUS_COLOURS["terjangkau_sebagian"],
    "accent4": STATUS_COLOURS["terjangkau"], "accent5": "#77539B", "accent6": INK_FAINT,
}  # fmt: skip
"""The colours that an office program offers for what is added to slides by hand; `FONT` is known to every office."""
CHANGE_COLOURS = {
    "served": "#0B4F8A", "more": "#8DBBDD", "same": "#ECEBE6", "less": "#F0B27A", "lost": "#A63A06",
    "unknown": "#FFFFFF",
}  # fmt: skip
"""What became of an area between two registers: blue gained, orange lost, apart for the colour-blind and in grey."""
DIFFERENCE_COLOURS = {
    "lain_belum": "#C97A1B", "ini_belum": "#2A6A9E", "dua_belum": "#6E1036", "dua_ada": "#E3EBEF",
    "tidak_ada_sasaran": "#FFFFFF",
}  # fmt: skip
"""Two groups in one area: the other is unserved, that in view is, both are, none is; apart in grey too."""
NO_DATA = "tidak_ada_data"
NO_DATA_COLOUR = "#FFFFFF"
HATCHES = {NO_DATA: "//////", UNREPORTED: "....."}
"""The classes with a pattern over their colour, as matplotlib writes it: stripes and dots stay apart in grey too."""

ABOVE_NONE = 5e-324  # the smallest number: the break between none at all and the rest

MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "P"}
"""Group symbol -> matplotlib marker."""


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


def class_breaks(measure: str, values: pd.Series[float]) -> tuple[float, ...]:
    """The four breaks of a measure, rising; `values`: all that it has at the level shown, for one group.

    A measure without breaks of its own has the quartiles of what is not zero, to two digits: an LKS in a desa of 300
    people is another ratio than one in a kecamatan of 5,000. Where quartiles fall together, even steps up to the most.
    """
    look = MAPPED[measure].map
    if measure == "status" or look is None or look.breaks:
        return look.breaks if look else ()
    known = values.astype("float64").dropna()
    known = known[known > 0]
    if known.empty:
        return (ABOVE_NONE, 0.1, 0.5, 1.0)
    parts = (0.25, 0.5, 0.75)
    quartiles, steps = (
        [float(f"{one:.2g}") for one in cuts] for cuts in (known.quantile(parts), known.max() * np.array(parts))
    )
    return (ABOVE_NONE, *(quartiles if all(low < high for low, high in pairwise(quartiles)) else steps))


def measure_classes(measure: str, breaks: tuple[float, ...] = ()) -> tuple[MapClass, ...]:
    """The classes of a map measure, gap first; `breaks` as `class_breaks` gives them."""
    look = MAPPED[measure].map
    if measure == "status" or look is None:
        return status_classes()
    labels = _labels(MAPPED[measure].kind, breaks)
    gap_first = labels[::-1] if MAPPED[measure].gap_high else labels
    return tuple(
        MapClass(key=f"k{4 - i}", colour=colour, label=label)
        for i, (colour, label) in enumerate(zip(look.ramp[::-1], gap_first, strict=True))
    )


def _labels(kind: str, breaks: tuple[float, ...]) -> tuple[Message, ...]:
    """The names of the five classes, lowest first."""
    scale = kind if kind in ("km", "share", "count") else "number"
    lowest, *between = pairwise(breaks)
    decimals = max(len(f"{one:f}".rstrip("0").partition(".")[2]) for one in breaks[1:])  # 0.33, 0.4: 2
    unit = {"count": 1.0, "km": 0.1, "share": 0.001}.get(scale, 10.0**-decimals)
    return (
        msg(f"style.{scale}_lowest", high=breaks[0]),
        _between(scale, "second", *lowest, unit),
        *(_between(scale, "between", *edges, unit) for edges in between),
        msg(f"style.{scale}_highest", low=breaks[-1]),
    )


def _between(scale: str, place: str, low: float, high: float, unit: float) -> Message:
    """`unit`: the step by which what is shown just below the next class differs from its break."""
    if scale == "count" and high - low == 1:
        return msg("style.count_single", n=low)
    if place == "second" and scale != "km":
        return msg(f"style.{scale}_{place}", low=low, high=high - 1 if scale == "count" else high)
    return msg(f"style.{scale}_{place}", low=100 * low if scale == "share" else low, high=round(high - unit, 9))


def classify(measure: str, values: pd.Series[Any], breaks: tuple[float, ...] = ()) -> pd.Series[str]:
    """The class key of each value (same index): k4 is the gap, k0 the best; NA gives `tidak_ada_data`.

    `breaks` as `class_breaks` gives them; a value on a break belongs to the class above it.
    """
    if measure == "status":
        return values.astype("string").fillna(NO_DATA).astype(str)
    number = values.astype("float64").to_numpy()
    passed = np.searchsorted(breaks, number, side="right")
    step = passed if MAPPED[measure].gap_high else len(breaks) - passed
    keys = np.char.add("k", step.astype(str)).astype(object)
    keys[np.isnan(number)] = NO_DATA
    return pd.Series(keys, index=values.index, dtype=object)


def emblem_of(path: Path) -> Any:
    """The picture of an emblem; an error with the cure if it is none."""
    from PIL import Image

    refuse_absent(path)
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LksGeoError.of("figure.large_emblem", path=str(path), most=MOST_PIXELS // 1_000_000)
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LksGeoError.of("figure.bad_emblem", path=str(path)) from error


def embedded_emblem(path: Path) -> str:
    """An emblem as the address (`data:`) of a picture that a page holds itself, no larger than it is printed."""
    pixels, written = emblem_of(path), BytesIO()
    pixels.thumbnail((EMBLEM_PX, EMBLEM_PX))
    pixels.save(written, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode("ascii")


def ink_on(colour: str) -> str:
    """White or ink, whichever can be read better on a colour ("#C97A1B")."""
    return max(("#FFFFFF", INK), key=lambda ink: contrast(ink, colour))


def readable(colour: str, grounds: Sequence[str], least: float) -> str:
    """The colour, as much lighter or darker as it must be for that contrast on all of the grounds: white or black if
    none has it."""
    ends = ("#FFFFFF", "#000000")
    end = max(ends, key=lambda one: min(contrast(one, ground) for ground in grounds))
    steps = [mixed(colour, end, step / 20) for step in range(21)]
    return next((one for one in steps if min(contrast(one, ground) for ground in grounds) >= least), end)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with that share (0-1) of another one in it."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(own + (new - own) * share):02X}" for own, new in pairs)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours by WCAG 2, from 1 (none) to 21; text needs 4.5."""
    darker, lighter = sorted(map(_luminance, (first, second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
