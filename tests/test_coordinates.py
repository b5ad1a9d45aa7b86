"""Coordinates: every notation for random points of two provinces, the dirt of real files, never a wrong side."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lks_geo.messages import Texts, msg
from lks_geo.register.meaning.angles import DOTTED, GLUED, MARKED, TIDYING, Notation, clean, read_angle
from lks_geo.register.meaning.coordinates import PointReading, read_point, read_points, without_unread_numbers
from lks_geo.register.meaning.pairs import LINKS, REPAIRS, SPLITTERS, Candidate, linked_pair

SULBAR = (116.8, -3.8, 120.1, -0.6)
NORTH = (116.9, 0.8, 118.3, 4.5)
"""A province wholly north of the equator."""
STRADDLING = (98.0, -1.6, 102.0, 1.4)

Point = tuple[float, float]
Written = tuple[Callable[[Point], tuple[str | None, str | None, str | None]], float]
"""How a point is written, as (lat cell, lon cell, cell for both), and by how much that may round it (degrees)."""


def _decimal(value: float, digits: int = 6) -> str:
    return f"{value:.{digits}f}"


def _comma(value: float) -> str:
    return _decimal(value).replace(".", ",")


def _parts(value: float) -> tuple[int, int, float]:
    hundredths = round(abs(value) * 360_000)
    return hundredths // 360_000, hundredths // 6000 % 60, hundredths % 6000 / 100


def _side(value: float, axis: str, letters: str) -> str:
    south, north, east, west = {"id": ("LS", "LU", "BT", "BB"), "en": ("S", "N", "E", "W")}[letters]
    return (south if value < 0 else north) if axis == "lat" else (west if value < 0 else east)


def _two(form: Callable[[float, str], str]) -> Callable[[Point], tuple[str | None, str | None, str | None]]:
    return lambda point: (form(point[0], "lat"), form(point[1], "lon"), None)


def _one(
    form: Callable[[float, str], str], between: str
) -> Callable[[Point], tuple[str | None, str | None, str | None]]:
    return lambda point: (None, None, form(point[0], "lat") + between + form(point[1], "lon"))


def _dms(template: str, letters: str = "id") -> Callable[[float, str], str]:
    def form(value: float, axis: str) -> str:
        degrees, minutes, seconds = _parts(value)
        return template.format(
            d=degrees, m=minutes, s=f"{seconds:05.2f}", c=f"{seconds:05.2f}".replace(".", ","),
            side=_side(value, axis, letters), minus="-" if value < 0 else "",
        )  # fmt: skip

    return form


def _minutes(value: float, axis: str) -> str:
    return f"{int(abs(value))}°{abs(value) % 1 * 60:.4f}' {_side(value, axis, 'id')}"


def _words(value: float, axis: str) -> str:
    degrees, minutes, seconds = _parts(value)
    name = {"LS": "Lintang Selatan", "LU": "Lintang Utara", "BT": "Bujur Timur", "BB": "Bujur Barat"}
    return f"{degrees} derajat {minutes} menit {seconds:.2f} detik {name[_side(value, axis, 'id')]}"


_PRIMES = _dms("{d}°{m}′{s}″ {side}")
DECIMAL, SECOND = 1e-6, 0.01 / 3600
NOTATIONS: dict[str, Written] = {
    "decimal point": (_two(lambda v, _: _decimal(v)), DECIMAL),
    "decimal comma": (_two(lambda v, _: _comma(v)), DECIMAL),
    "degree sign": (_two(lambda v, _: _decimal(v) + "°"), DECIMAL),
    "long minus": (_two(lambda v, _: _decimal(v).replace("-", "−")), DECIMAL),
    "scientific": (_two(lambda v, _: f"{v:.8E}"), DECIMAL),
    "decimal LS BT": (_two(lambda v, a: f"{_comma(abs(v))} {_side(v, a, 'id')}"), DECIMAL),
    "decimal S E in front": (_two(lambda v, a: f"{_side(v, a, 'en')} {_decimal(abs(v))}"), DECIMAL),
    "sign and letter": (_two(lambda v, a: f"{_comma(v)}{_side(v, a, 'en')}"), DECIMAL),
    "axis words": (_two(lambda v, a: f"{'Lat' if a == 'lat' else 'Longitude'}: {_decimal(v)}"), DECIMAL),
    "dms": (_two(_dms("{d}°{m:02}'{s}\" {side}")), SECOND),
    "dms with signs": (_two(_dms("{minus}{d}°{m}'{s}\"")), SECOND),
    "dms primes and comma": (_two(_dms("{d}º {m}′ {c}″ {side}", "en")), SECOND),
    "dms quotes of word processors": (_two(_dms("{d}˚{m}’{c}”{side}")), SECOND),
    "dms double minute sign": (_two(_dms("{side} {d}o{m}'{s}''", "en")), SECOND),
    "dms letters": (_two(_dms("{minus}{d}d{m}m{s}s")), SECOND),
    "dms letters and side": (_two(_dms("{d}d {m}m {s}s {side}", "en")), SECOND),
    "dms colons": (_two(_dms("{minus}{d}:{m:02}:{s}")), SECOND),
    "dms blanks": (_two(_dms("{d} {m:02} {s} {side}")), SECOND),
    "dms hyphens": (_two(_dms("{d}-{m:02}-{s} {side}")), SECOND),
    "dms stars": (_two(_dms("{d}*{m}'{s}\" {side}")), SECOND),
    "degrees and minutes": (_two(_minutes), 1e-5),
    "dms words": (_two(_words), SECOND),
    "one cell, comma": (_one(lambda v, _: _decimal(v), ", "), DECIMAL),
    "one cell, comma without blank": (_one(lambda v, _: _decimal(v), ","), DECIMAL),
    "one cell, semicolon": (_one(lambda v, _: _comma(v), ";"), DECIMAL),
    "one cell, blank": (_one(lambda v, _: _comma(v), " "), DECIMAL),
    "one cell, slash": (_one(lambda v, _: _decimal(v), " / "), DECIMAL),
    "one cell, line break": (_one(lambda v, _: _decimal(v), "\n"), DECIMAL),
    "one cell, all commas": (_one(lambda v, _: _comma(v), ","), DECIMAL),
    "one cell, comma and decimal commas": (_one(lambda v, _: _comma(v), ", "), DECIMAL),
    "one cell, letters and plus": (_one(lambda v, a: f"{_comma(v)}{_side(v, a, 'en')}", "+"), DECIMAL),
    "one cell, letters only": (_one(lambda v, a: f"{_decimal(abs(v))}{_side(v, a, 'en')}", ""), DECIMAL),
    "one cell, maps style": (_one(_dms("{d}°{m:02}'{s}\"{side}", "en"), " "), SECOND),
    "one cell, dms and dan": (_one(_dms("{d}°{m:02}'{c}\" {side}"), " dan "), SECOND),
    "one cell, dms and comma": (_one(_dms("{d}°{m:02}'{c}\"{side}"), ","), SECOND),
    "one cell, side in front": (_one(_dms("{side} {d}°{m:02}'{s}\""), " "), SECOND),
    "one cell, longitude first with letters": (
        lambda p: (None, None, f"{_PRIMES(p[1], 'lon')}, {_PRIMES(p[0], 'lat')}"),
        SECOND,
    ),
    "one cell, words": (lambda p: (None, None, f"Lat: {_decimal(p[0])}, Long: {_decimal(p[1])}"), DECIMAL),
    "one cell, X and Y": (lambda p: (None, None, f"X={_decimal(p[1])} Y={_decimal(p[0])}"), DECIMAL),
    "maps link, viewport": (
        lambda p: (None, None, f"https://a.example/@{_decimal(p[0])},{_decimal(p[1])},17z"),
        DECIMAL,
    ),
    "maps link, query": (lambda p: (None, None, f"https://a.example/?q={_decimal(p[0])}%2C{_decimal(p[1])}"), DECIMAL),
    "maps link, place": (
        lambda p: (None, None, f"https://a.example/place/X/@-1.0,117.0,9z/!8m2!3d{_decimal(p[0])}!4d{_decimal(p[1])}"),
        DECIMAL,
    ),
    "geo link": (lambda p: (None, None, f"geo:{_decimal(p[0])},{_decimal(p[1])}"), DECIMAL),
    "well-known text": (lambda p: (None, None, f"POINT ({_decimal(p[1])} {_decimal(p[0])})"), DECIMAL),
    "form app": (lambda p: (None, None, f"{_decimal(p[0])} {_decimal(p[1])} 24.0 4.5"), DECIMAL),
    "pair in the latitude cell": (lambda p: (f"{_decimal(p[0])}, {_decimal(p[1])}", None, None), DECIMAL),
}  # fmt: skip

in_sulbar = st.tuples(st.floats(-3.6, -0.8), st.floats(117.0, 119.9))
in_north = st.tuples(st.floats(1.0, 4.3), st.floats(117.0, 118.2))


def _near(reading: PointReading, point: Point, rounding: float) -> bool:
    return any(max(abs(one.lat - point[0]), abs(one.lon - point[1])) <= rounding for one in reading.candidates)


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize(("points", "box"), [(in_sulbar, SULBAR), (in_north, NORTH)], ids=["south", "north"])
def test_every_notation_comes_back_as_written(
    name: str, points: st.SearchStrategy[Point], box: tuple[float, float, float, float]
) -> None:
    write, rounding = NOTATIONS[name]

    @settings(max_examples=30, deadline=None)
    @given(points)
    def check(point: Point) -> None:
        cells = write(point)
        reading = read_point(*cells, box)
        assert [one.repairs for one in reading.candidates] == [()], cells
        assert _near(reading, point, rounding), cells
        assert reading.candidates[0].precision >= rounding / 10

    check()


DAMAGE: dict[str, tuple[Callable[[Point], tuple[str, str]], set[str]]] = {
    "minus lost": (lambda p: (_decimal(abs(p[0])), _decimal(p[1])), {"tanda_hilang"}),
    "swapped": (lambda p: (_decimal(p[1]), _decimal(p[0])), {"tertukar"}),
    "swapped, minus lost": (lambda p: (_comma(p[1]), _comma(abs(p[0]))), {"tertukar", "tanda_hilang"}),
    "swapped with letters": (
        lambda p: (_dms("{d}°{m}'{s}\" {side}")(p[1], "lon"), _dms("{d}°{m}'{s}\" {side}")(p[0], "lat")),
        {"tertukar"},
    ),
    "point lost": (
        lambda p: (_decimal(p[0]).replace(".", ""), _decimal(p[1]).replace(".", "")),
        {"titik_desimal_hilang"},
    ),
    "thousands commas": (
        lambda p: (f"{round(p[0] * 1e6):,}", f"{round(p[1] * 1e6):,}"), {"titik_desimal_hilang"},
    ),
    "thousands points": (
        lambda p: (f"{round(p[0] * 1e6):,}".replace(",", "."), f"{round(p[1] * 1e6):,}".replace(",", ".")),
        {"titik_desimal_hilang"},
    ),
    "scientific of glued digits": (lambda p: (f"{p[0] * 1e6:.6E}", f"{p[1] * 1e6:.8E}"), {"titik_desimal_hilang"}),
    "degree sign turned 0": (
        lambda p: (_dms("{d}0{m:02}'{s}\" {side}")(p[0], "lat"), _dms("{d}0{m:02}'{s}\" {side}")(p[1], "lon")),
        {"derajat_jadi_nol"},
    ),
    "degree sign lost": (
        lambda p: (_dms("{d}{m:02}'{s}\" {side}")(p[0], "lat"), _dms("{d}{m:02}'{s}\" {side}")(p[1], "lon")),
        {"simbol_dms_hilang"},
    ),
    "words around": (lambda p: (f"{_decimal(p[0])} (kantor desa)", _decimal(p[1])), {"teks_diabaikan"}),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_repaired_and_named(name: str) -> None:
    write, repairs = DAMAGE[name]

    @settings(max_examples=40, deadline=None)
    @given(st.tuples(st.floats(-3.5, -1.02), st.floats(117.1, 119.8)))
    def check(point: Point) -> None:
        cells = write(point)
        reading = read_point(*cells, None, SULBAR)
        assert _near(reading, point, 1e-5), cells
        assert all(one.repairs for one in reading.candidates), cells
        right = next(one for one in reading.candidates if _near(PointReading((one,)), point, 1e-5))
        lost_zero = name == "degree sign lost" and set(right.repairs) <= {"derajat_jadi_nol", *repairs}
        assert set(right.repairs) == repairs or lost_zero, cells

    check()


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(st.floats(-3.5, -0.86), st.floats(117.1, 119.8)),
    st.sampled_from(sorted(DAMAGE)),
    st.sampled_from([SULBAR, NORTH, STRADDLING]),
)
def test_no_damage_is_silently_read_as_another_point(
    point: Point, name: str, box: tuple[float, float, float, float]
) -> None:
    """Whatever the box: a point without repairs is the written one, on the written side."""
    cells = DAMAGE[name][0](point)
    for one in read_point(*cells, None, box).candidates:
        if not one.repairs:
            assert abs(abs(one.lat) - abs(point[0])) < 1e-5, cells
            assert abs(one.lon - point[1]) < 1e-5, cells
            assert one.lat < 0 or "-" not in cells[0] + cells[1], cells


@settings(max_examples=100, deadline=None)
@given(st.floats(0.86, 0.99), st.floats(119.0, 119.8))
def test_lost_leading_zero_is_never_guessed(lat: float, lon: float) -> None:
    digits = f"{lat:.6f}".replace("0.", "", 1)
    reading = read_point(f"-{digits}", f"{lon:.6f}".replace(".", ""), None, SULBAR)
    assert len(reading.candidates) > 1
    assert reading.candidates[0].repairs == ("titik_desimal_hilang", "nol_depan_hilang")
    assert _near(reading, (-lat, lon), 1e-5)


TWO_CELLS: list[tuple[str, str, list[tuple[float, float, set[str]]]]] = [
    # seen in real files
    ("03034'01\"", "11808'59\"", [(-3.566944, 118.149722, {"tanda_hilang", "derajat_jadi_nol"})]),
    ("0045;59\" LS", "119055'06\"", [(-0.766389, 119.918333, {"derajat_jadi_nol"})]),
    ("0338", "1184315", [
        (-3.633333, 118.720833, {"tanda_hilang", "simbol_dms_hilang"}),
        (-3.38, 118.4315, {"tanda_hilang", "titik_desimal_hilang"}),
    ]),
    ("2°8'24\" LS", "119°47'48\" BT", [(-2.14, 119.796667, set())]),
    ("-2673451", "1188934", [(-2.673451, 118.8934, {"titik_desimal_hilang"})]),
    ("2\ufffd40' 30\" LS", "118\ufffd53' 12\" BT", [(-2.675, 118.886667, set())]),
    ("2?40?30.0? LS", "118?53?12.0? BT", [(-2.675, 118.886667, {"simbol_dms_salah"})]),
    ("2\u00f840'30\" LS", "118\u00d853'12\" BT", [(-2.675, 118.886667, set())]),
    ("2\u2591 40' 30\" LS", "118\u2591 53' 12\" BT", [(-2.675, 118.886667, set())]),
    ("2\u252c\u257640' LS", "118\u252c\u257653' BT", []),
    ("2┬░40'30\" LS", "118┬░53'12\" BT", [(-2.675, 118.886667, set())]),
    ("2&deg;40&#39;30&quot; LS", "118&deg;53&#39;12&quot; BT", [(-2.675, 118.886667, set())]),
    ("\u202a-2.67\u202c", "\u2066118.88\u2069", [(-2.67, 118.88, set())]),
    # one number twice, half a longitude: no place
    ("-2.826508", "-2.826508", []),
    ("-2.826508", "2,826508", []),
    ("2°49'35\" LS", "2°49'35\" BT", []),
    ("118.885", "118.885", []),
    ("-2.826508", "18.846258", []),
    # the letters of the columns over a pair that is swapped
    ("118.94 LS", "2.67 BT", [(-2.67, 118.94, {"tertukar", "tanda_hilang"})]),
    ("118.94 LS", "-2.67 BT", [(-2.67, 118.94, {"tertukar"})]),
    ("118°56'24\" LS", "2°40'12\" BT", [(-2.67, 118.94, {"tertukar", "tanda_hilang"})]),
    ("2.40.30 LS", "118.53.12 BT", [(-2.675, 118.886667, {"simbol_dms_salah"})]),
    ("117°231985' BT", "2°8'24\" LS", [
        (-2.14, 117.231985, {"tertukar", "titik_desimal_hilang"}),
        (-2.14, 117.386642, {"tertukar", "titik_desimal_hilang"}),
    ]),
    ("36'12\" LS", "1185'30\" BT", [
        (-3.103333, 118.091667, {"simbol_dms_hilang"}),
        (-0.603333, 118.091667, {"derajat_hilang", "simbol_dms_hilang"}),
    ]),
    ("2Â°40'30\" LS", "118Â°53â€²12â€³ BT", [(-2.675, 118.886667, set())]),
    ("-2..67", "118,,88", [(-2.67, 118.88, set())]),
    ("2°40'0014\" LS", "118°53' BT", []),
    ("057 15.94 LS", "117 22 58.79 BT", []),
    ("-2.67.34", "118.89.34", [(-2.6734, 118.8934, {"titik_desimal_hilang"})]),
    ("'-2.67", "'118.88", [(-2.67, 118.88, set())]),
    ("\"-2,67\"", "\"118,88\"", [(-2.67, 118.88, set())]),
    ("2°.67 LS", "118°,88 BT", [(-2.67, 118.88, set())]),
    ("2 673 451", "118 893 412", [(-2.673451, 118.893412, {"tanda_hilang", "titik_desimal_hilang"})]),
    ("-2. 673451", "118 .8934", [(-2.673451, 118.8934, set())]),
    ("-2.67 L.S.", "118.88 B.T.", [(-2.67, 118.88, set())]),
    ("-.85", "119.3", [(-0.85, 119.3, set())]),
    ("2°673451", "118°893412", [(-2.673451, 118.893412, {"tanda_hilang", "titik_desimal_hilang"})]),
    ("9704512", "741234", [(-2.671426, 119.169732, {"utm"})]),
    ("741.234,56", "9.704.512,3", [(-2.671424, 119.169737, {"utm"})]),
    # letters and signs that contradict each other or the province: never one silent reading
    ("-2.67 LU", "118.88 BT", [(-2.67, 118.88, {"tanda_bertentangan"})]),
    ("2.67 LU", "118.88 BT", [(-2.67, 118.88, {"belahan_salah"}), (2.67, 118.88, set())]),
    ("-2.67", "-118.88", [(-2.67, 118.88, {"belahan_salah"}), (-2.67, -118.88, set())]),
    # a decimal point at a wrong place: the number as written stays
    ("-26.73451", "118.8934", [(-2.673451, 118.8934, {"titik_desimal_bergeser"}), (-26.73451, 118.8934, set())]),
    # written without doubt, far away
    ("-6.2088", "106.8456", [(-6.2088, 106.8456, set())]),
    ("6.2088 LS", "106.8456 BT", [(-6.2088, 106.8456, set())]),
    ("106.8456", "-6.2088", [(-6.2088, 106.8456, {"tertukar"})]),
    ("-0.25", "119.9", [(-0.25, 119.9, set())]),
]  # fmt: skip


@pytest.mark.parametrize(("lat", "lon", "expected"), TWO_CELLS)
def test_two_cells(lat: str, lon: str, expected: list[tuple[float, float, set[str]]]) -> None:
    reading = read_point(lat, lon, None, SULBAR)
    found = [(round(one.lat, 6), round(one.lon, 6), set(one.repairs)) for one in reading.candidates]
    assert found == expected


ONE_CELL: list[tuple[str, tuple[float, float, set[str]]]] = [
    ("118.88,-2.67", (-2.67, 118.88, {"tertukar"})),
    ("118.88-2.67", (-2.67, 118.88, {"tertukar"})),
    ("-2.67-118.88", (-2.67, 118.88, set())),
    ("-7,1607S+112,5317E", (-7.1607, 112.5317, set())),
    ("2 40 30 118 53 12", (-2.675, 118.886667, {"tanda_hilang"})),
    ("-2673451 1188934", (-2.673451, 118.8934, {"titik_desimal_hilang"})),
    ("50S 741234 9704512", (-2.671426, 119.169732, {"utm"})),
    ("741234,9704512", (-2.671426, 119.169732, {"utm"})),
    ("Kantor desa, -2.6734, 118.8834", (-2.6734, 118.8834, {"teks_diabaikan"})),
    ("S 02° 40.5' E 118° 53.2'", (-2.675, 118.886667, set())),
    ("LS : 2° 40' 30,0\" BT : 118° 53' 12,0\"", (-2.675, 118.886667, set())),
    ("2.67 LS - 118.88 BT", (-2.67, 118.88, set())),
    ("(-2.67, 118.88)", (-2.67, 118.88, set())),
    ("{lat: -2.67, lng: 118.88}", (-2.67, 118.88, set())),
]


@pytest.mark.parametrize(("text", "expected"), ONE_CELL)
def test_one_cell(text: str, expected: tuple[float, float, set[str]]) -> None:
    (one,) = read_point(None, None, text, SULBAR).candidates
    assert (round(one.lat, 6), round(one.lon, 6), set(one.repairs)) == expected


@pytest.mark.parametrize(
    ("lat", "lon", "both"),
    [
        ("belum ada", "belum ada", None), ("di kantor", None, None), ("0", "0", None), ("0,0", "0,0", None),
        ("0", "118.9", None), ("12", "13", None), ("-2.67", None, None), (None, "118.88", None), ("2 40", None, None),
        ("2 40 30", None, None), ("2 40 30,5", None, None), ("-2,67", None, None), (None, None, "-2,118"),
        (None, None, "0812-3456-7890"),
        (None, None, "https://a.example/abc"), (None, None, "QC8H+2J Mamuju"), (None, None, "Jl. Poros No 2"),
        (None, None, "1184315-119543 Bujur Timur, 012 hingga 0338 Lintang Selatan"),
        ("2°75'30\" LS", "118°53' BT", None),
        (None, None, "2024-02-03 00:00:00"), ("118.88 BT", "118.88 BT", None), ("2.67 S N", "118.88", None),
        ("-6208812", "10684563", None),
    ],
)  # fmt: skip
def test_junk_is_no_point_and_is_handed_back(lat: str | None, lon: str | None, both: str | None) -> None:
    reading = read_point(lat, lon, both, SULBAR)
    assert reading.candidates == ()
    assert not reading.empty
    assert reading.junk
    assert all(cell in reading.junk for cell in (lat, lon, both) if cell)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "Tidak ada", "Belum tersedia", "n/a", "#N/A"])
def test_empty_markers_are_empty(cell: str | None) -> None:
    assert read_point(cell, cell, cell, SULBAR) == PointReading((), None, True)


def test_on_the_equator_a_sign_is_taken_as_written() -> None:
    for lat in (0.5, -0.5):
        assert read_point(str(lat), "100.1", None, STRADDLING).candidates == (Candidate(lat, 100.1, (), 0.1),)
    glued = read_point("512345", "1003456", None, STRADDLING)
    assert [one.lat for one in glued.candidates] == [0.512345, 5.12345, 51.2345]


@pytest.mark.parametrize("lat", ["+-2.67", "--2.67", "- 2.67", "2.67-", "-2.67 S", "+2.67 S", "S-2.67", "LS: -2,67"])
@pytest.mark.parametrize("box", [SULBAR, NORTH, STRADDLING])
def test_a_minus_is_never_lost(lat: str, box: tuple[float, float, float, float]) -> None:
    for one in read_point(lat, "118.1" if box is not STRADDLING else "100.1", None, box).candidates:
        assert one.lat < 0 or one.repairs


def test_pair_and_cells_that_disagree_are_both_kept() -> None:
    agreeing = read_point("-2.67", "118.88", "-2.6711, 118.8807", SULBAR)
    assert len(agreeing.candidates) == 1
    disagreeing = read_point("-2.67", "118.88", "-1.5, 119.2", SULBAR)
    assert [(one.lat, one.lon) for one in disagreeing.candidates] == [(-2.67, 118.88), (-1.5, 119.2)]


def test_precision_says_how_coarse_the_notation_is() -> None:
    def precision(lat: str, lon: str) -> float:
        return read_point(lat, lon, None, SULBAR).candidates[0].precision

    assert precision("-2.6", "118.8934") == pytest.approx(0.1)
    assert precision("2°40' LS", "118°53' BT") == pytest.approx(1 / 60)
    assert precision("2°40'30\" LS", "118°53'12\" BT") == pytest.approx(1 / 3600)
    assert precision("-2.7E+00", "1.189E+02") == pytest.approx(0.1)


@pytest.mark.parametrize(("pattern", "instead", "before", "after"), TIDYING, ids=[rule[2] for rule in TIDYING])
def test_slips_of_typing_are_tidied(pattern: re.Pattern[str], instead: str, before: str, after: str) -> None:
    assert pattern.sub(instead, before) == after
    assert clean(before) == clean(after) != before


@pytest.mark.parametrize("notation", [*GLUED, *DOTTED, *MARKED], ids=lambda notation: notation.example)
def test_every_notation_of_the_tables_reads_its_example(notation: Notation) -> None:
    match = notation.pattern.fullmatch(notation.example)
    assert match
    readings = {(angle.value, angle.repairs) for angle in notation.read(match)}
    assert readings
    assert readings <= {(angle.value, angle.repairs) for angle in read_angle(clean(notation.example))}


@pytest.mark.parametrize(("splitter", "example"), SPLITTERS, ids=[example for _, example in SPLITTERS])
def test_a_text_is_cut_where_its_splitter_says(splitter: re.Pattern[str], example: str) -> None:
    cuts = [(example[: cut.start()], example[cut.end() :]) for cut in splitter.finditer(example)]
    assert any(
        {left.strip("s").replace(",", "."), right.strip("+").replace(",", ".")} == {"2.67", "118.88"}
        for left, right in cuts
    )


@pytest.mark.parametrize(("pattern", "example"), LINKS, ids=[example for _, example in LINKS])
def test_links_name_their_axes(pattern: re.Pattern[str], example: str) -> None:
    assert pattern.search(unquote(example))
    assert linked_pair(example) == "lat -2.67 ; lon 118.88"
    assert [(one.lat, one.lon) for one in read_point(None, None, example, SULBAR).candidates] == [(-2.67, 118.88)]


cell = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.text("0123456789.,-+°'\" ;:/LSUBTNEW\n", max_size=30),
    st.from_regex(r"[+-]?\d{1,8}([.,]\d{1,8}){0,3}[°o]?( ?\d{1,2}['′] ?)?(LS|LU|BT|S|E|U)?", fullmatch=True),
)


@settings(max_examples=400, deadline=None)
@given(cell, cell, cell, st.sampled_from([SULBAR, NORTH, STRADDLING]))
def test_any_text_is_read_without_raising(
    lat: str | None, lon: str | None, both: str | None, box: tuple[float, float, float, float]
) -> None:
    reading = read_point(lat, lon, both, box)
    assert reading.empty + bool(reading.junk) + bool(reading.candidates) == 1
    for one in reading.candidates:
        assert -90 <= one.lat <= 90
        assert -180 <= one.lon <= 180
        assert one.precision > 0
        assert set(one.repairs) <= set(REPAIRS)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(cell, cell, cell),
            in_sulbar.map(lambda p: (_decimal(p[0]), _comma(p[1]), None)),
            in_sulbar.map(lambda p: (None, None, f" {_decimal(p[0], 3)} , {_decimal(p[1])} ")),
            in_sulbar.map(lambda p: (_decimal(-p[0]), _decimal(p[1]), "-")),
            in_sulbar.map(lambda p: (_decimal(p[1]), _decimal(p[0]), "")),
        ),
        max_size=12,
    )
)
def test_reading_all_at_once_is_reading_one_by_one(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    columns = [pd.Series([row[axis] for row in rows], dtype="object") for axis in range(3)]
    assert read_points(*columns, SULBAR) == [read_point(*row, SULBAR) for row in rows]


@pytest.mark.parametrize("repair", REPAIRS)
def test_every_repair_has_words(repair: str) -> None:
    for lang in ("id", "en"):
        assert Texts(lang)(msg(f"values.repair.{repair}"))


def test_numbers_are_masked_in_their_own_rows_alone() -> None:
    """Also where rows share a number in the index, and the other texts stay as they are."""
    texts = pd.Series(["-2.67", "081234567890", None, "7605123456789012"], index=[1, 1, 2, 2], dtype="str")
    masked = without_unread_numbers({"lintang": texts}, SULBAR)["lintang"]
    assert masked.index.equals(texts.index)
    assert masked.dtype == texts.dtype
    assert masked.iloc[0] == "-2.67"
    assert masked.isna().tolist() == [False, False, True, False]
    assert not any(sign.isdigit() for sign in masked.iloc[1] + masked.iloc[3])
    assert texts.iloc[1] == "081234567890", "the input stays as it was"
