"""The point that a row's coordinate cells mean: every plausible reading, best first, each with its repairs.

Recognised notations (case, blanks and the many kinds of quotes and dashes do not matter):

| notation | examples |
|---|---|
| decimal, point or comma | `-2.673451` `-2,673451` `118.8934°` `-.85` `1.188934E+02` |
| degrees, minutes, seconds with symbols | `2°40'30"` `2º40′30,5″` `2o40'30''` `2*40'30` |
| ... with words or letters | `2 derajat 40 menit 30 detik` `2d40m30s` |
| ... with other separators | `2:40:30` `2 40 30` `2-40-30` |
| degrees and minutes | `2°40.5'` (without ° the repair `simbol_dms_salah`: `2 40,5`) |
| side, before or behind | `LS LU BT BB` `S N E W` `Lintang Selatan` `East`; also beside the sign (`-2.67 S`) |
| axis | `Lat: -2.67` `Longitude=118.88` `Bujur 118,88` `X: 118.88 Y: -2.67` |
| both in one cell, cut at `, ; / |` blank, line break, `dan` | `-2.67, 118.88` `-2,67 118,88` `-2,67,118,88` |
| ... cut at letters or a sign | `-7,1607S+112,5317E` `2.67S118.88E` `118.88-2.67` |
| maps link | `.../@-2.67,118.88,15z` `q=-2.67,118.88` `!3d-2.67!4d118.88` `#map=15/-2.67/118.88` |
| geo data | `geo:-2.67,118.88` `POINT (118.88 -2.67)`, `lat lon altitude accuracy` of form apps |
| metric (repair `utm`) | `741234 9704512` `50S 741234,5 mE 9704512 mN` `741.234,5` |

Repairs are only tried when the cells as written are not a point of the box (the area in use): see `REPAIRS`. What is
written without doubt stays a reading wherever it lies. What has two readings within the box keeps both. When a repair
changes digits or contradicts a written letter or sign, the reading as written stays as a further candidate.

What it gets wrong: a minus forgotten in a province on the equator cannot be seen; `118.4315` typed for 118°43'15" is
read as decimal; glued digits with decimals of seconds (`2404512`) are read as a lost decimal point.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lks_geo.geo import FloatArray
from lks_geo.register.meaning.angles import LAT, LON, Angle, clean, read_angle, shifted
from lks_geo.register.meaning.cells import is_empty_marker
from lks_geo.register.meaning.pairs import Box, linked_pair, metric_points, splits, without_words

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

_HARMLESS = frozenset(("tanda_hilang", "tertukar", "tanda_bertentangan", "teks_diabaikan"))
"""Repairs that leave digits and letters as they are, so that they also hold outside the box."""
_AGREEING_DEG = 0.01
"""The pair of a row (a maps link shows the middle of a screen) and its two cells say the same if they are this near."""
_FAR_DEG = 10.0
"""A written decimal farther from the box than this may have its point at a wrong place."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading in degrees (EPSG:4326). `repairs` empty: as written. `precision`: degrees of its last digit."""

    lat: float
    lon: float
    repairs: tuple[str, ...]
    precision: float


@dataclass(frozen=True, slots=True)
class PointReading:
    """`candidates` best first, none = no point. `junk`: a text that is no coordinate. `empty`: nothing is written."""

    candidates: tuple[Candidate, ...]
    junk: str | None = None
    empty: bool = False


_EMPTY = PointReading((), None, True)


def read_point(lat: str | None, lon: str | None, both: str | None, box: Box) -> PointReading:
    """The point meant by a cell for each axis, or one for both, or all three (which must agree, else all are kept)."""
    cells = [None if is_empty_marker(cell) else str(cell) for cell in (lat, lon, both)]
    if not any(cells):
        return _EMPTY
    lat_cell, lon_cell, pair_cell = cells
    found = _two_cells(lat_cell, lon_cell, box) if lat_cell and lon_cell else []
    alone = () if found or (lat_cell and lon_cell and lat_cell != lon_cell) else (lat_cell or lon_cell,)
    for cell in dict.fromkeys(cell for cell in (*alone, pair_cell) if cell):
        found += [one for one in _one_cell(cell, box) if not any(_same(one, other, _AGREEING_DEG) for other in found)]
    if found:
        return PointReading(tuple(found))
    return PointReading((), " | ".join(dict.fromkeys(cell.strip() for cell in cells if cell)), False)


def _same(one: Candidate, other: Candidate, tolerance: float) -> bool:
    return abs(one.lat - other.lat) <= tolerance and abs(one.lon - other.lon) <= tolerance


Scored = tuple[int, Candidate]


def _two_cells(lat: str, lon: str, box: Box) -> list[Candidate]:
    first, second = clean(lat), clean(lon)
    readings = _scored(read_angle(first), read_angle(second), box, in_columns=True)
    if not any(cost == 0 and _inside(one, box) for cost, one in readings):
        readings += _metric(f"{first} ; {second}", box)
    if not readings:
        stripped = [without_words(text) for text in (first, second)]
        if stripped != [first, second]:
            readings = _with_words_dropped(
                _scored(read_angle(stripped[0]), read_angle(stripped[1]), box, in_columns=True)
            )
    return _choose(readings, box)


def _one_cell(text: str, box: Box) -> list[Candidate]:
    """Candidates of a cell that holds both; splits are tried from sure to unsure until one is a point of the box."""
    linked = linked_pair(text)
    if linked is not None:
        text = linked
    elif "://" in text:
        return []
    cleaned = clean(text)
    readings = _split_readings(cleaned, box) + _metric(cleaned, box)
    if not readings:
        stripped = without_words(cleaned)
        if stripped != cleaned:
            readings = _with_words_dropped(_split_readings(stripped, box))
    return _choose(readings, box)


def _split_readings(text: str, box: Box) -> list[Scored]:
    readings: list[Scored] = []
    for cuts in splits(text):
        for left, right in cuts:
            first = read_angle(left)
            second = read_angle(right) if first else []
            if second:
                lettered = first[0].axis is not None and second[0].axis is not None
                told = lettered or _is_decimal_pair(left, right)
                scored = _scored(first, second, box, in_columns=False)
                readings += [one for one in scored if one[1].precision < 1 and (told or _inside(one[1], box))]
        if any(cost == 0 and _inside(one, box) for cost, one in readings):
            break
    return readings


def _is_decimal_pair(left: str, right: str) -> bool:
    """Whether two parts of a text are a pair wherever they lie, as two decimals are (or two with letters). Other parts
    make a point only within the box, because the parts of a single angle (`2 40 30,5`) look like a pair as well."""
    return all(text.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal() for text in (left, right))


def _with_words_dropped(readings: list[Scored]) -> list[Scored]:
    return [
        (cost + REPAIRS["teks_diabaikan"], Candidate(one.lat, one.lon, (*one.repairs, "teks_diabaikan"), one.precision))
        for cost, one in readings
    ]


def _scored(first: list[Angle], second: list[Angle], box: Box, *, in_columns: bool) -> list[Scored]:
    """Every pair of readings as a point, with its cost; `in_columns`: the first stood under latitude.

    Points of the box are sought first: one written without damage is the meaning, and nothing else is tried. Beside
    repaired ones only those readings matter that leave the digits alone, or that have a lost leading 0 otherwise.
    """
    for one, two in zip(first[:1], second[:1], strict=False):
        clean_pair = [scored for scored in _placed(one, two, (), box) if scored[0] == 0 and _inside(scored[1], box)]
        if clean_pair:
            return clean_pair
    pairs = _paired(first, second, in_columns=in_columns)
    inside = [
        scored for pair in pairs if _fits(*pair, box) for scored in _placed(*pair, box) if _inside(scored[1], box)
    ]
    if inside:
        leading = any("nol_depan_hilang" in one.repairs for _, one in inside)
        others = [pair for pair in pairs if leading or not (pair[0].repairs or pair[1].repairs)]
        return inside + [one for pair in others for one in _placed(*pair, box) if not _inside(one[1], box)]
    more = [one for angle in first for one in shifted(angle)], [one for angle in second for one in shifted(angle)]
    pairs = _paired(first + more[0], second + more[1], in_columns=in_columns) if any(more) else pairs
    return [scored for pair in pairs for scored in _placed(*pair, box)]


Pair = tuple[Angle, Angle, tuple[str, ...]]
"""Latitude, longitude, and the repair that it takes to have them so."""


def _paired(first: list[Angle], second: list[Angle], *, in_columns: bool) -> list[Pair]:
    """Both assignments of all readings of two angles; glued digits are not read as degrees beside a decimal."""
    pairs: list[Pair] = []
    for one in first:
        for two in second:
            if "angka_dms" in (one.form, two.form) and not {"desimal", "angka_desimal"}.isdisjoint(
                (one.form, two.form)
            ):
                continue
            if one.value <= 90:
                pairs.append((one, two, ()))
            if two.value <= 90:
                lettered = one.axis == LON or two.axis == LAT
                pairs.append((two, one, () if lettered and not in_columns else ("tertukar",)))
    return pairs


def _fits(lat: Angle, lon: Angle, repairs: tuple[str, ...], box: Box) -> bool:
    """Whether some signs put the pair in the box."""
    y, x = lat.value, lon.value
    return (box[1] <= y <= box[3] or box[1] <= -y <= box[3]) and (box[0] <= x <= box[2] or box[0] <= -x <= box[2])


def _placed(lat: Angle, lon: Angle, repairs: tuple[str, ...], box: Box) -> Iterator[Scored]:
    """The points of one latitude and one longitude: signs as written, then as the box would have them."""
    if lat.axis == LON or lon.axis == LAT or lat.value > 90 or lon.value > 180:
        return
    if _needless(lat, box[1], box[3]) or _needless(lon, box[0], box[2]):
        return
    precision = max(lat.precision, lon.precision)
    for y, y_repair in _signed(lat, box[1], box[3]):
        for x, x_repair in _signed(lon, box[0], box[2]):
            made = (*repairs, *y_repair, *x_repair, *lat.repairs, *lon.repairs)
            yield sum(REPAIRS[repair] for repair in made), Candidate(y, x, tuple(dict.fromkeys(made)), precision)


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


def _inside(one: Candidate, box: Box) -> bool:
    return box[0] <= one.lon <= box[2] and box[1] <= one.lat <= box[3]


def _choose(readings: list[Scored], box: Box) -> list[Candidate]:
    """The readings worth keeping, best first, equal points once (see the module's docstring for the rules)."""
    ordered = sorted(readings, key=lambda scored: (scored[0], scored[1].repairs, scored[1].lat, scored[1].lon))
    inside = [scored for scored in ordered if _inside(scored[1], box)]
    outside = [scored for scored in ordered if scored not in inside and _is_somewhere(scored[1])]
    unharmed = [scored for scored in outside if _HARMLESS.issuperset(scored[1].repairs)]
    as_written = [one for cost, one in unharmed if cost == unharmed[0][0]]
    if not inside:
        return _distinct(as_written)
    least, best = inside[0]
    kept = [one for cost, one in inside if cost <= least + (1 if least else 0)]
    if not _HARMLESS.issuperset(best.repairs):
        kept += as_written
    if "nol_depan_hilang" in best.repairs:
        kept += [one for cost, one in outside if cost < least and (one.lat == best.lat or one.lon == best.lon)]
    return _distinct(kept)


def _is_somewhere(one: Candidate) -> bool:
    """Whether a point outside the box is written as one: not whole degrees (column numbers), not on a zero axis."""
    return one.precision < 1 and one.lat != 0 and one.lon != 0


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for one in candidates:
        if not any(_same(one, other, 1e-7) for other in kept):
            kept.append(one)
    return kept


def _metric(text: str, box: Box) -> list[Scored]:
    return [(REPAIRS["utm"], Candidate(lat, lon, ("utm",), 1e-5)) for lat, lon in metric_points(text, box)]


_FAST_CELL = r"\s*[+-]?\d{1,3}[.,]\d{1,15}\s*"
_FAST_PAIR = r"^\s*([+-]?\d{1,3}\.\d{1,15})\s*[,;]\s*([+-]?\d{1,3}\.\d{1,15})\s*$"


def read_points(lat: pd.Series, lon: pd.Series, both: pd.Series, box: Box) -> list[PointReading]:
    """`read_point` of every row. Plain decimals of the box, also without minus or swapped, are read all at once, other
    texts once each."""
    lat, lon, both = (cells.astype("str").reset_index(drop=True) for cells in (lat, lon, both))
    pairs = both.str.extract(_FAST_PAIR)
    in_one = lat.isna() & lon.isna() & pairs[0].notna()
    in_two = both.isna() & lat.str.fullmatch(_FAST_CELL, na=False) & lon.str.fullmatch(_FAST_CELL, na=False)
    y, y_decimals = _plain_numbers(lat.where(in_two, pairs[0].where(in_one)))
    x, x_decimals = _plain_numbers(lon.where(in_two, pairs[1].where(in_one)))
    precision = 10.0 ** -np.minimum(y_decimals, x_decimals)
    readings = [_EMPTY] * len(lat)
    waiting = ~(lat.isna() & lon.isna() & both.isna()).to_numpy()
    for repairs in ((), ("tanda_hilang",), ("tertukar",), ("tertukar", "tanda_hilang")):
        north, east = (x, y) if "tertukar" in repairs else (y, x)
        north = np.where(north > 0, -north, np.nan) if "tanda_hilang" in repairs else north
        inside = waiting & (north >= box[1]) & (north <= box[3]) & (east >= box[0]) & (east <= box[2])
        rows = np.flatnonzero(inside)
        waiting &= ~inside
        points = zip(rows.tolist(), north[rows].tolist(), east[rows].tolist(), precision[rows].tolist(), strict=True)
        for row, lat_deg, lon_deg, coarse in points:
            readings[row] = PointReading((Candidate(lat_deg, lon_deg, repairs, coarse),))
    _read_slowly(
        np.flatnonzero(waiting).tolist(), [_texts(cells[waiting]) for cells in (lat, lon, both)], box, readings
    )
    return readings


def _read_slowly(rows: list[int], cells: list[list[str | None]], box: Box, readings: list[PointReading]) -> None:
    """`read_point` of the rows, once per text, put into `readings`."""
    known: dict[tuple[str | None, str | None, str | None], PointReading] = {}
    for row, lat, lon, both in zip(rows, *cells, strict=True):
        if (lat, lon, both) not in known:
            known[lat, lon, both] = read_point(lat, lon, both, box)
        readings[row] = known[lat, lon, both]


def _texts(cells: pd.Series) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in cells]


def _plain_numbers(texts: pd.Series) -> tuple[FloatArray, FloatArray]:
    """Numbers (NaN where none) and how many decimals each was written with."""
    points = texts.str.strip().str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(points, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    decimals = (points.str.len() - points.str.find(".") - 1).to_numpy(dtype=np.float64, na_value=0)
    return np.asarray(numbers), np.asarray(decimals)
