"""A latitude and a longitude together: where one text holds both, and which points two angles can mean.

A text is cut where it can be cut; links, well-known text, form apps and metric pairs are known as they are. Two angles
are points with every sign and in every order that makes sense, each with the repairs that it takes and their cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote

import pyproj

from lks_geo.register.meaning.angles import LAT, LON, Angle, clean, read_angle, shifted
from lks_geo.tables import Boundaries

Box = tuple[float, float, float, float]
"""(lon_min, lat_min, lon_max, lat_max) in degrees: what is plausible."""

BOX_MARGIN_DEGREES = 0.1
"""How far around the areas a coordinate as written is plausible."""
COUNTRY: Box = (90.0, -15.0, 145.0, 15.0)
"""The box around Indonesia."""


def box_of(boundaries: Boundaries) -> Box:
    """What is plausible within boundaries."""
    lon_min, lat_min, lon_max, lat_max = (float(edge) for edge in boundaries.desa.total_bounds)
    margin = BOX_MARGIN_DEGREES
    return lon_min - margin, lat_min - margin, lon_max + margin, lat_max + margin


REPAIRS = {
    "tanda_hilang": 1,
    "tertukar": 1,
    "nol_depan_hilang": 1,
    "simbol_dms_salah": 1,
    "utm": 1,
    "tanda_bertentangan": 2,
    "titik_desimal_hilang": 2,
    "simbol_dms_hilang": 2,
    "derajat_jadi_nol": 2,
    "derajat_hilang": 3,
    "titik_desimal_bergeser": 3,
    "teks_diabaikan": 3,
    "belahan_salah": 4,
}
"""Every repair and how far-fetched it is. In words: the catalogue entries `values.repair.*`."""

_FAR_DEG = 10.0
"""A written decimal farther from the box than this may have its point at a wrong place."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading in degrees (EPSG:4326). `repairs` empty: as written. `precision`: degrees of its last digit."""

    lat: float
    lon: float
    repairs: tuple[str, ...]
    precision: float


class Scored(NamedTuple):
    """A candidate with the sum of how far-fetched its repairs are."""

    cost: int
    candidate: Candidate

    def inside(self, box: Box) -> bool:
        return box[0] <= self.candidate.lon <= box[2] and box[1] <= self.candidate.lat <= box[3]


def written_inside(readings: list[Scored], box: Box) -> bool:
    """Whether a point of the box is written without damage."""
    return any(scored.cost == 0 and scored.inside(box) for scored in readings)


class Pair(NamedTuple):
    """Two angles as a point, and the repair that it takes to have them so."""

    lat: Angle
    lon: Angle
    repairs: tuple[str, ...] = ()


def scored_points(first: list[Angle], second: list[Angle], box: Box, *, in_columns: bool) -> list[Scored]:
    """Every pair of readings as a point, with its cost; `in_columns`: the first stood under latitude.

    Points of the box are sought first: one written without damage is the meaning, and nothing else is tried. Beside
    repaired ones only those readings matter that leave the digits alone, or that have a lost leading 0 otherwise.
    """
    as_written = list(_placed(Pair(first[0], second[0]), box)) if first and second else []
    if written_inside(as_written, box):
        return [scored for scored in as_written if scored.cost == 0 and scored.inside(box)]
    pairs = _paired(first, second, in_columns=in_columns)
    inside = [scored for pair in pairs if _fits(pair, box) for scored in _placed(pair, box) if scored.inside(box)]
    if inside:
        return inside + _beside(inside, pairs, box)
    moved_first, moved_second = ([moved for angle in angles for moved in shifted(angle)] for angles in (first, second))
    if moved_first or moved_second:
        pairs = _paired(first + moved_first, second + moved_second, in_columns=in_columns)
    return [scored for pair in pairs for scored in _placed(pair, box)]


def _beside(inside: list[Scored], pairs: list[Pair], box: Box) -> list[Scored]:
    """The points outside the box that matter beside repaired ones inside it."""
    leading = any("nol_depan_hilang" in scored.candidate.repairs for scored in inside)
    undamaged = [pair for pair in pairs if leading or not (pair.lat.repairs or pair.lon.repairs)]
    return [scored for pair in undamaged for scored in _placed(pair, box) if not scored.inside(box)]


def _paired(first: list[Angle], second: list[Angle], *, in_columns: bool) -> list[Pair]:
    """Both assignments of all readings of two angles; glued digits are not read as degrees beside a decimal."""
    pairs: list[Pair] = []
    for left, right in product(first, second):
        forms = {left.form, right.form}
        if "angka_dms" in forms and not forms.isdisjoint(("desimal", "angka_desimal")):
            continue
        if left.value <= 90:
            pairs.append(Pair(left, right))
        if right.value <= 90:
            lettered = left.axis == LON or right.axis == LAT
            pairs.append(Pair(right, left, () if lettered and not in_columns else ("tertukar",)))
    return pairs


def _fits(pair: Pair, box: Box) -> bool:
    """Whether some signs put the pair in the box."""
    y, x = pair.lat.value, pair.lon.value
    return (box[1] <= y <= box[3] or box[1] <= -y <= box[3]) and (box[0] <= x <= box[2] or box[0] <= -x <= box[2])


def _placed(pair: Pair, box: Box) -> Iterator[Scored]:
    """The points of one latitude and one longitude: signs as written, then as the box would have them."""
    lat, lon, repairs = pair
    if lat.axis == LON or lon.axis == LAT or lat.value > 90 or lon.value > 180:
        return
    if _needless(lat, box[1], box[3]) or _needless(lon, box[0], box[2]):
        return
    precision = max(lat.precision, lon.precision)
    for y, y_repair in _signed(lat, box[1], box[3]):
        for x, x_repair in _signed(lon, box[0], box[2]):
            done = (*repairs, *y_repair, *x_repair, *lat.repairs, *lon.repairs)
            cost = sum(REPAIRS[repair] for repair in done)
            yield Scored(cost, Candidate(y, x, tuple(dict.fromkeys(done)), precision))


def _needless(angle: Angle, low: float, high: float) -> bool:
    """Whether the point of a decimal was moved although the number as written is not far from the box."""
    if "titik_desimal_bergeser" not in angle.repairs:
        return False
    digits, before = angle.digits
    written = float(f"{digits[:before]}.{digits[before:]}")
    nearest = min(abs(low), abs(high)) if low * high > 0 else 0.0
    return nearest - _FAR_DEG <= written <= max(abs(low), abs(high)) + _FAR_DEG


def _signed(angle: Angle, low: float, high: float) -> Iterator[tuple[float, tuple[str, ...]]]:
    """The signed values of an angle with the repair each needs: as written, and turned over if only that fits."""
    if angle.conflict:
        yield -angle.value, ("tanda_bertentangan",)
        yield angle.value, ("tanda_bertentangan",)
        return
    written = angle.value * (angle.sign or 1)
    yield written, ()
    if low <= -written <= high and not low <= written <= high:
        yield -written, ("tanda_hilang" if angle.sign is None else "belahan_salah",)


SPLITTERS = (
    (re.compile(r"\s*;[\s;,]*"), "2,67; 118,88"),
    (re.compile(r"\s*,\s+|\s+,\s*|\s*&\s*|\s+(?:dan|and)\s+"), "2.67, 118.88"),
    (re.compile(r"(?<=[a-z])\s*[,./+]?\s*(?=[\d\-])|(?<=[\d°'\"])\s*[,./]?\s*(?=[a-z])"), "2,67s+118,88"),
    (re.compile(r"\s*/\s*"), "2.67/118.88"),
    (re.compile(r"\s+"), "2,67 118,88"),
    (re.compile(r","), "2.67,118.88"),
    (re.compile(r"(?<=[\d°'\"])\s*(?=[+\-])"), "2.67+118.88"),
    (re.compile(r"(?<=[\d°'\"])\s*-\s*(?=\d)"), "2.67 - 118.88"),
)
"""Where a text with two angles can be cut, the surest first, each with an example."""
_MOST_LETTERS = 160


def splits(text: str) -> Iterator[list[tuple[str, str]]]:
    """Ways to cut a text in two, one list per kind of separator, the surest first."""
    if len(text) > _MOST_LETTERS:
        return
    for splitter, _ in SPLITTERS:
        pairs = [(text[: cut.start()].strip(" ,;"), text[cut.end() :].strip(" ,;")) for cut in splitter.finditer(text)]
        yield [(left, right) for left, right in pairs if _has_digit(left) and _has_digit(right)]


def is_written(text: str) -> bool:
    """Whether a text is one angle, or two, whose digits need no mending, wherever they lie."""
    text = clean(text)
    pairs = (pair for cuts in splits(text) for pair in cuts)
    return _is_undamaged(text) or any(_is_undamaged(left) and _is_undamaged(right) for left, right in pairs)


def _is_undamaged(text: str) -> bool:
    return any(angle.form in ("desimal", "dms") and angle.value <= 180 for angle in read_angle(text))


def _has_digit(text: str) -> bool:
    return any(letter.isdecimal() for letter in text)


_LAT, _LON = r"(?P<lat>[+-]?\d{1,3}\.\d+)", r"(?P<lon>[+-]?\d{1,3}\.\d+)"  # "-2.67", "118.88"
LINKS = tuple(
    (re.compile(pattern), example)
    for pattern, example in (
        (rf"!3d{_LAT}!4d{_LON}", "https://a.example/place/X/@-1.0,117.0,9z/!8m2!3d-2.67!4d118.88"),
        (
            rf"(?:[?&](?:q|ll|query|destination|daddr|center|cbll)=(?:loc:)?|geo:){_LAT}[,\s+]\s*{_LON}",
            "https://a.example/?q=-2.67%2C118.88",
        ),
        (rf"/(?:search|place|dir)/[^@]*?{_LAT},\+?{_LON}", "https://a.example/search/-2.67,118.88"),
        (rf"@{_LAT},{_LON}", "https://a.example/@-2.67,118.88,15z"),
        (rf"mlat={_LAT}.*?mlon={_LON}", "https://a.example/?mlat=-2.67&mlon=118.88"),
        (rf"#map=\d+(?:\.\d+)?/{_LAT}/{_LON}", "https://a.example/#map=15/-2.67/118.88"),
        (rf"!2d{_LON}!3d{_LAT}", "https://a.example/embed?pb=!2d118.88!3d-2.67"),
        (rf"(?i:point\s*(?:z\s*)?\()\s*{_LON}\s+{_LAT}", "POINT Z (118.88 -2.67 12)"),
    )
)
"""Notations that name their axes by where they stand, each with an example; of several in one text the first counts."""

_FORM_APP = re.compile(  # "-2.673451 118.889340 24.0 4.5"
    r"\s*(-?\d{1,2}\.\d{3,})[\s,]+(-?\d{1,3}\.\d{3,})[\s,]+-?\d+(?:\.\d+)?(?:[\s,]+\d+(?:\.\d+)?)?\s*"
)


def linked_pair(text: str) -> str | None:
    """The pair in a maps link, a geo URI, a WKT point or a form app's `lat lon altitude accuracy`."""
    plain = unquote(text)
    for link, _ in LINKS:
        if match := link.search(plain):
            return f"lat {match['lat']} ; lon {match['lon']}"
    form = _FORM_APP.fullmatch(plain)
    return None if form is None else f"{form[1]} ; {form[2]}"


_PROSE = re.compile(r"[^\W\d_]{3,}")  # "kantor"
_ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")  # "2,67"
_DETAILED = re.compile(r"\d+[.,]\d{3,}")  # "2,673"


def without_words(text: str) -> str:
    """The text without words that no coordinate has, if what is left is written in such detail that it must be one;
    else the text as it is."""
    kept = _PROSE.sub(lambda word: word[0] if read_angle(f"1.5 {word[0]}") else " ", text).strip(" ,;:.")
    detailed = kept.count("°") in (1, 2) or all(_DETAILED.fullmatch(number) for number in _ANY_NUMBER.findall(kept))
    return kept if detailed else text


_METRIC_WORDS = frozenset(
    ("utm", "zona", "zone", "wgs", "m", "me", "mn", "e", "n", "s", "l", "x", "y", "easting", "northing", "koordinat",
     "kordinat", "titik", "dan")
)  # fmt: skip
_METRIC_EXTRAS = frozenset((84.0, *map(float, range(46, 55))))
"""Numbers beside a metric pair: WGS 84 and the zones of Indonesia."""
_LEAST_METRES, _MOST_EASTING, _MOST_NORTHING = 100_000, 900_000, 10_000_000
_METRIC_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")  # "741.234,5"
_GLUED_PAIR = re.compile(r"(?<=\d{6}),(?=\d{6})")  # "741234,9704512"
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")  # "9.704.512"
_LETTERS = re.compile(r"[^\W\d_]+")  # "easting"


def metric_points(text: str, box: Box) -> list[Scored]:
    """The points of a UTM easting and northing in either order, in the zones that the box touches, within the box.

    Nothing but the two numbers, UTM words and a zone may stand in the text.
    """
    if "-" in text or not _METRIC_WORDS.issuperset(_LETTERS.findall(text)):
        return []
    numbers = [_metres(number) for number in _METRIC_NUMBER.findall(_GLUED_PAIR.sub(" ", text))]
    metres = [number for number in numbers if number >= _LEAST_METRES]
    if len(metres) != 2 or not _METRIC_EXTRAS.issuperset(number for number in numbers if number < _LEAST_METRES):
        return []
    zones = range(int((box[0] + 180) // 6) + 1, int((box[2] + 180) // 6) + 2)
    points = set()
    for zone, south, (easting, northing) in product(zones, (True, False), (metres, metres[::-1])):
        if easting <= _MOST_EASTING and northing <= _MOST_NORTHING:
            lon, lat = _utm(zone, south).transform(easting, northing)
            points.add((lat, lon))
    scored = (Scored(REPAIRS["utm"], Candidate(lat, lon, ("utm",), 1e-5)) for lat, lon in sorted(points))
    return [point for point in scored if point.inside(box)]


@cache
def _utm(zone: int, south: bool) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(f"EPSG:{(32700 if south else 32600) + zone}", "EPSG:4326", always_xy=True)


def _metres(written: str) -> float:
    """A number with thousands separators, decimal comma or decimal point; the last of two kinds is the decimal one."""
    *groups, last = re.split(r"[.,]", written)  # "741.234,5"
    if not groups or _THOUSANDS.fullmatch(written):
        return float("".join((*groups, last)))
    return float("".join(groups) + "." + last)
