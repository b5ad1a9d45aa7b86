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

Of a feature with a geometry and coordinates in its attributes (`located`) a valid point of the geometry counts. Where
the attributes name a point more than APART_M away, both are kept (the attributes as `koordinat`), so that cleaning sees
two readings, and a remark says so. A shape that is no point lends a point inside it only where the attributes say
nothing. Latitude 0, longitude 0 is a placeholder and gives way as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray, distance_km
from lks_geo.messages import Message, msg
from lks_geo.register.meaning.angles import LAT, Angle, clean, read_angle
from lks_geo.register.meaning.pairs import (
    REPAIRS,
    Box,
    Candidate,
    Scored,
    is_written,
    linked_pair,
    metric_points,
    scored_points,
    splits,
    without_words,
    written_inside,
)
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.personal import without_numbers
from lks_geo.sheets.sheet import texts_of

_HARMLESS = frozenset(("tanda_hilang", "tertukar", "tanda_bertentangan", "teks_diabaikan"))
"""Repairs that leave digits and letters as they are, so that they also hold outside the box."""
_AGREEING_DEG = 0.01
"""The pair of a row (a maps link shows the middle of a screen) and its two cells say the same if they are this near."""


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
    candidates = _two_cells(lat_cell, lon_cell, box) if lat_cell and lon_cell and _differ(lat_cell, lon_cell) else []
    axes_differ = lat_cell and lon_cell and lat_cell != lon_cell
    whole_cells = [pair_cell] if candidates or axes_differ else [lat_cell or lon_cell, pair_cell]
    for cell in dict.fromkeys(whole_cells):
        readings = _one_cell(cell, box) if cell else []
        candidates += [new for new in readings if not any(_same(new, known, _AGREEING_DEG) for known in candidates)]
    if candidates:
        return PointReading(tuple(candidates))
    return PointReading((), " | ".join(dict.fromkeys(cell.strip() for cell in cells if cell)), False)


def _differ(lat: str, lon: str) -> bool:
    """Whether two cells are two numbers; one number that stands twice, with whatever sign or letter, is no place."""
    digits, others = ("".join(sign for sign in text if sign.isdecimal()).rstrip("0") for text in (lat, lon))
    return digits != others


def _same(first: Candidate, second: Candidate, tolerance: float) -> bool:
    return abs(first.lat - second.lat) <= tolerance and abs(first.lon - second.lon) <= tolerance


def _two_cells(lat: str, lon: str, box: Box) -> list[Candidate]:
    first, second = clean(lat), clean(lon)
    angles = _without_wrong_letters(read_angle(first), read_angle(second))
    readings = scored_points(*angles, box, in_columns=True)
    if not written_inside(readings, box):
        readings += metric_points(f"{first} ; {second}", box)
    if not readings:
        bare = without_words(first), without_words(second)
        if bare != (first, second):
            readings = _with_words_dropped(
                scored_points(read_angle(bare[0]), read_angle(bare[1]), box, in_columns=True)
            )
    return _choose(readings, box)


def _without_wrong_letters(lat: list[Angle], lon: list[Angle]) -> tuple[list[Angle], list[Angle]]:
    """The angles of two cells without their letters, if the letter of a latitude stands at more than 90 degrees: it is
    then the column's, over a pair that is swapped ("LINTANG (LS)" over 118.94)."""
    if not lat or lat[0].axis != LAT or lat[0].value <= 90:
        return lat, lon
    signs = [[replace(angle, axis=None, sign=-1 if angle.conflict else None, conflict=False) for angle in angles]
             for angles in (lat, lon)]  # fmt: skip
    return signs[0], signs[1]


def _one_cell(text: str, box: Box) -> list[Candidate]:
    """Candidates of a cell that holds both; splits are tried from sure to unsure until one is a point of the box."""
    linked = linked_pair(text)
    if linked is not None:
        text = linked
    elif "://" in text:
        return []
    cleaned = clean(text)
    readings = _split_readings(cleaned, box) + metric_points(cleaned, box)
    if not readings:
        bare = without_words(cleaned)
        if bare != cleaned:
            readings = _with_words_dropped(_split_readings(bare, box))
    return _choose(readings, box)


def _split_readings(text: str, box: Box) -> list[Scored]:
    readings: list[Scored] = []
    for cuts in splits(text):
        for left, right in cuts:
            readings += _cut_readings(left, right, box)
        if written_inside(readings, box):
            break
    return readings


def _cut_readings(left: str, right: str, box: Box) -> list[Scored]:
    """The points of two parts of a text. Two decimals, or two with letters, are a pair wherever they lie; others only
    within the box, because the parts of a single angle (`2 40 30,5`) look like a pair as well."""
    first = read_angle(left)
    second = read_angle(right) if first else []
    if not second:
        return []
    lettered = first[0].axis is not None and second[0].axis is not None
    decimals = all(part.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal() for part in (left, right))
    return [
        scored
        for scored in scored_points(first, second, box, in_columns=False)
        if scored.candidate.precision < 1 and (lettered or decimals or scored.inside(box))
    ]


def _with_words_dropped(readings: list[Scored]) -> list[Scored]:
    dropped = "teks_diabaikan"
    return [
        Scored(cost + REPAIRS[dropped], replace(candidate, repairs=(*candidate.repairs, dropped)))
        for cost, candidate in readings
    ]


def _choose(readings: list[Scored], box: Box) -> list[Candidate]:
    """The readings worth keeping, best first, equal points once (see the module's docstring for the rules)."""
    ordered = sorted(readings, key=lambda s: (s.cost, s.candidate.repairs, s.candidate.lat, s.candidate.lon))
    inside = [scored for scored in ordered if scored.inside(box)]
    outside = [scored for scored in ordered if not scored.inside(box) and _is_somewhere(scored.candidate, box)]
    unharmed = [scored for scored in outside if _HARMLESS.issuperset(scored.candidate.repairs)]
    as_written = [candidate for cost, candidate in unharmed if cost == unharmed[0].cost]
    if not inside:
        return _distinct(as_written)
    least, best = inside[0]
    kept = [candidate for cost, candidate in inside if cost <= least + (1 if least else 0)]
    if not _HARMLESS.issuperset(best.repairs):
        kept += as_written
    if "nol_depan_hilang" in best.repairs:
        cheaper = (candidate for cost, candidate in outside if cost < least)
        kept += [candidate for candidate in cheaper if candidate.lat == best.lat or candidate.lon == best.lon]
    return _distinct(kept)


def _is_somewhere(candidate: Candidate, box: Box) -> bool:
    """Whether a point outside the box is written as one: not whole degrees (column numbers), not on a zero axis, not
    one number twice, and not west of 90 degrees if the map lies east of it (half of a longitude, a latitude)."""
    lat, lon = abs(candidate.lat), abs(candidate.lon)
    return candidate.precision < 1 and lat != 0 and lon not in (0, lat) and (lon >= _EAST or box[0] < _EAST)


_EAST = 90.0


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(_same(candidate, known, 1e-7) for known in kept):
            kept.append(candidate)
    return kept


_FAST_CELL = r" *[+-]?[0-9]{1,3}[.,][0-9]{1,15} *"  # "-2,673451"; with \d Arrow leaves it to the slower `re`
_FAST_PAIR = r"^\s*([+-]?\d{1,3}\.\d{1,15})\s*[,;]\s*([+-]?\d{1,3}\.\d{1,15})\s*$"  # "-2.673451, 118.88934"


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
    read = cache(partial(read_point, box=box))
    others = (texts_of(cells[waiting]) for cells in (lat, lon, both))
    for row, *texts in zip(np.flatnonzero(waiting).tolist(), *others, strict=True):
        readings[row] = read(*texts)
    return readings


def _plain_numbers(texts: pd.Series) -> tuple[FloatArray, FloatArray]:
    """Numbers (NaN where none) and how many decimals each was written with."""
    points = texts.str.strip().str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(points, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    decimals = (points.str.len() - points.str.find(".") - 1).to_numpy(dtype=np.float64, na_value=0)
    return np.asarray(numbers), np.asarray(decimals)


_DIGITS = "0-9٠-٩۰-۹०-९０-９"
_MANY_DIGITS = rf"[{_DIGITS}](?:[^{_DIGITS}°º'\"′″’”]{{0,3}}[{_DIGITS}]){{7}}"  # "1520012345678", "152 001 23"


def without_unread_numbers(cells: Mapping[str, pd.Series], box: Box) -> dict[str, pd.Series]:
    """Those of the columns AXES that there are; in cells that are no part of a point and no written degrees, what may
    be the number of a person or an account is masked."""
    masked = {name: cells[name].copy() for name in AXES if name in cells}
    nothing = pd.Series(None, index=next(iter(masked.values()), pd.Series()).index, dtype="str")
    for names in (AXES[:2], AXES[2:]):
        rows = {name: _may_hide_number(cells[name]) for name in names if name in cells}
        asked = sorted(set().union(*rows.values()))
        lat, lon, both = (cells[name].iloc[asked] if name in rows else nothing.iloc[asked] for name in AXES)
        readings = dict(zip(asked, read_points(lat, lon, both, box), strict=True))
        for name, there in rows.items():
            if unread := [row for row in there if not readings[row].candidates]:
                masked[name] = _without_numbers_in(cells[name], unread)
    return masked


def _without_numbers_in(column: pd.Series, rows: list[int]) -> pd.Series:
    """The column with the numbers of these rows masked, all at once: to change a text is to copy its column."""
    texts = column.tolist()
    for row in rows:
        texts[row] = without_numbers(texts[row])
    return pd.Series(texts, index=column.index, name=column.name, dtype=column.dtype)


def _may_hide_number(texts: pd.Series) -> list[int]:
    """Positions of the cells with eight digits and more that are not written as degrees."""
    many = texts.str.contains(_MANY_DIGITS, na=False) & ~texts.str.fullmatch(_FAST_CELL, na=False)
    maybe = np.flatnonzero(many & ~texts.str.fullmatch(_FAST_PAIR, na=False))
    return [row for row, text in zip(maybe.tolist(), texts.iloc[maybe].tolist(), strict=True) if not is_written(text)]


APART_M = 100
_AROUND_DEGREES = 1.0
AXES = ("lintang", "bujur", "koordinat")
Attributes = tuple[str | None, str | None, str | None]
"""What a row's attributes say: latitude, longitude, both in one."""


@dataclass(frozen=True, kw_only=True)
class Located:
    """The columns of a table's coordinates, in which rows the geometry is used, and remarks."""

    cells: dict[str, pd.Series]
    by_geometry: npt.NDArray[np.bool_]
    notes: tuple[Message, ...]


def located(points: pd.DataFrame, stated: dict[str, pd.Series], rough: npt.NDArray[np.bool_]) -> Located:
    """`points`: latitude and longitude of each row's geometry as text; `stated`: the attributes among AXES that there
    are; `rough`: rows whose geometry is no point. Remarks give no row numbers, because every output repeats them."""
    lat, lon = (points.iloc[:, at].astype("float64").to_numpy() for at in (0, 1))
    attributes = [_row_attributes(stated, row) for row in range(len(points))]
    silent = np.array([not any(texts) for texts in attributes], dtype=np.bool_)
    valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
    used = np.isfinite(lat) & np.isfinite(lon) & (silent | (valid & ~rough))
    apart = [row for row in np.flatnonzero(used & ~silent).tolist() if _elsewhere(attributes[row], lat[row], lon[row])]
    cells = {
        name: (stated[name] if name in stated else pd.Series(None, index=points.index, dtype="str")).where(
            ~used, points.iloc[:, at]
        )
        for at, name in enumerate(("lintang", "bujur"))
    }
    if "koordinat" in stated or apart:
        pairs = {row: attributes[row][2] or " ; ".join(text for text in attributes[row] if text) for row in apart}
        both = [pairs.get(row, attributes[row][2]) for row in range(len(points))]
        cells["koordinat"] = pd.Series(both, index=points.index, dtype="str")
    notes = [msg("sheets.geometry_elsewhere", n=len(apart), metres=APART_M)] if apart else []
    notes += [msg("sheets.geometry_no_point", n=int(count))] if (count := (used & rough).sum()) else []
    return Located(cells=cells, by_geometry=used, notes=tuple(notes))


def _row_attributes(stated: dict[str, pd.Series], row: int) -> Attributes:
    texts = (stated[name].iloc[row] if name in stated else None for name in AXES)
    lat, lon, both = (text if isinstance(text, str) and not is_empty_marker(text) else None for text in texts)
    return lat, lon, both


def _elsewhere(attributes: Attributes, lat: float, lon: float) -> bool:
    """Whether the attributes are a point, and none of their readings is that of the geometry."""
    box = (lon - _AROUND_DEGREES, lat - _AROUND_DEGREES, lon + _AROUND_DEGREES, lat + _AROUND_DEGREES)
    candidates = read_point(*attributes, box).candidates
    if not candidates:
        return False
    lats, lons = np.array([point.lat for point in candidates]), np.array([point.lon for point in candidates])
    away = distance_km(lons, lats, np.full(len(candidates), lon), np.full(len(candidates), lat))
    return float(away.min()) * 1000 > APART_M
