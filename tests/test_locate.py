"""Points to desa: borders, the coast, the far sea; against a plain oracle on the drawn world and on Sulbar."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread, current_thread

import numpy as np
import pandas as pd
import pytest
import shapely
import world
from hypothesis import given
from hypothesis import strategies as st

from lks_geo.geo import GEOD, area_m2, on_both_cores
from lks_geo.locate import SHORE_M, Locator, interior_points
from lks_geo.tables import LEVELS, Boundaries


def assign(boundaries: Boundaries, *points: tuple[float, float]) -> pd.DataFrame:
    """Points in km of the drawn world."""
    lon, lat = zip(*(world.degrees(x, y) for x, y in points), strict=True)
    return Locator(boundaries).assign(lon, lat)


def test_inside_each_square(world_boundaries: Boundaries) -> None:
    middles = [(1.5 + 3 * column, 7.5 - 3 * row) for row in range(3) for column in range(3)]
    found = assign(world_boundaries, *middles)
    assert found["kode"].tolist() == world_boundaries.desa.index.tolist()
    assert (found["jarak_m"] == 0).all()


def test_the_area_of_a_desa_is_that_on_the_ellipsoid(sulbar_boundaries: Boundaries) -> None:
    shapes = sulbar_boundaries.desa.geometry.to_numpy()[::40]
    ring = shapely.Point(119, -2.9).buffer(0.1) - shapely.Point(119, -2.9).buffer(0.05)
    shapes = np.array([*shapes, ring, shapely.MultiPolygon([ring, shapely.box(120, 0, 120.1, 0.1)])], dtype=object)
    by_geodesics = [abs(GEOD.geometry_area_perimeter(shapely.normalize(shape))[0]) for shape in shapes]
    np.testing.assert_allclose(area_m2(shapes), by_geodesics, rtol=2e-6)


def test_a_corner_of_four_squares_belongs_to_the_lowest_code(world_boundaries: Boundaries) -> None:
    found = assign(world_boundaries, (3, 6), (6, 6), (3, 3), (0, 9), (9, 0))
    codes = world_boundaries.desa.index
    assert found["kode"].tolist() == [codes[0], codes[1], codes[3], codes[0], codes[8]]


def test_every_vertex_of_sulbar_belongs_to_the_lowest_code_that_has_it(sulbar_boundaries: Boundaries) -> None:
    shapes = sulbar_boundaries.desa.geometry
    corners, owner = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    corners, owner = corners[::7], owner[::7]
    found = Locator(sulbar_boundaries).assign(corners[:, 0], corners[:, 1])
    tree = shapely.STRtree(shapes.to_numpy())
    for point, code in zip(corners[:300], found["kode"][:300], strict=True):
        touching = tree.query(shapely.Point(point), predicate="intersects")
        assert code == shapes.index[touching].min()
    assert (found["jarak_m"] == 0).all()
    assert (found["kode"].to_numpy() <= shapes.index.to_numpy()[owner]).all()


@pytest.mark.parametrize(("metres", "belongs"), [(1, True), (499.5, True), (500.5, False), (5000, False)])
def test_half_a_kilometre_offshore(world_boundaries: Boundaries, metres: float, belongs: bool) -> None:
    lon, lat = world.degrees(9, 4.5)
    lon, lat, _ = GEOD.fwd(lon, lat, 90.0, metres)
    found = Locator(world_boundaries).assign([lon], [lat])
    if belongs:
        assert found["kode"][0] == world_boundaries.desa.index[5]
        assert found["jarak_m"][0] == pytest.approx(metres, abs=0.5)
    else:
        assert found.isna().all(axis=None)


def test_equally_near_belongs_to_the_lowest_code(world_boundaries: Boundaries) -> None:
    found = assign(world_boundaries, (9.2, 6), (9.2, 3), (-0.2, 3), (3, 9.2))
    codes = world_boundaries.desa.index
    assert found["kode"].tolist() == [codes[2], codes[5], codes[3], codes[0]]
    assert found["jarak_m"].tolist() == pytest.approx([200] * 4, abs=0.2)


def test_a_missing_coordinate_gives_no_desa(world_boundaries: Boundaries) -> None:
    lon, lat = world.degrees(1, 1)
    found = Locator(world_boundaries).assign([np.nan, lon, np.nan, np.inf, lon], [lat, np.nan, np.nan, lat, lat])
    assert found["kode"].isna().tolist() == [True, True, True, True, False]
    assert found["jarak_m"].isna().tolist() == [True, True, True, True, False]


def test_no_points_at_all(world_boundaries: Boundaries) -> None:
    found = Locator(world_boundaries).assign([], [])
    assert list(found.columns) == ["kode", "jarak_m"]
    assert found.empty


def slow(boundaries: Boundaries, lon: float, lat: float) -> tuple[str | None, float | None]:
    """The rule in plain Python: every desa is asked, distances are geodesic to points strewn along its outline."""
    point = shapely.Point(lon, lat)
    inside = [code for code, shape in boundaries.desa.geometry.items() if shape.intersects(point)]
    if inside:
        return str(min(inside)), 0.0
    nearest: list[tuple[float, str]] = []
    around = shapely.box(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    for code, shape in boundaries.desa.geometry.items():
        if not shapely.intersects(shapely.envelope(shape), around):
            continue  # no edge of it can be near
        edge = shapely.get_coordinates(shapely.segmentize(shape.boundary, 0.00002))
        near = edge[np.abs(edge - (lon, lat)).max(axis=1) < 0.01]
        if len(near):
            metres = GEOD.inv(np.full(len(near), lon), np.full(len(near), lat), near[:, 0], near[:, 1])[2]
            nearest.append((float(np.min(metres)), str(code)))
    metres, code = min(nearest, default=(np.inf, ""))
    return (code, metres) if metres <= SHORE_M else (None, None)


@given(x=st.floats(-1, 10), y=st.floats(-1, 10))
def test_as_the_plain_rule_has_it(x: float, y: float) -> None:
    boundaries = DRAWN
    lon, lat = world.degrees(x, y)
    found = Locator(boundaries).assign([lon], [lat]).iloc[0]
    code, metres = slow(boundaries, lon, lat)
    if metres is not None and metres > 0:
        assert found["jarak_m"] == pytest.approx(metres, abs=1.5)
        assert found["kode"] == code or abs(x % 3 - 1.5) > 1.499 or abs(y % 3 - 1.5) > 1.499
    elif code is None and pd.notna(found["kode"]):
        assert found["jarak_m"] == pytest.approx(SHORE_M, abs=1.5)
    else:
        assert (found["kode"] if pd.notna(found["kode"]) else None) == code


DRAWN = world.drawn_boundaries()


def test_the_coast_of_sulbar_by_the_plain_rule(sulbar_boundaries: Boundaries) -> None:
    rng = np.random.default_rng(3)
    coast = shapely.get_coordinates(shapely.union_all(sulbar_boundaries.desa.geometry.to_numpy()).boundary)
    points = coast[rng.integers(0, len(coast), 12)] + rng.normal(0, 0.004, (12, 2))
    found = Locator(sulbar_boundaries).assign(points[:, 0], points[:, 1])
    for (lon, lat), code, metres in zip(points, found["kode"], found["jarak_m"], strict=True):
        expected, expected_m = slow(sulbar_boundaries, float(lon), float(lat))
        assert (code if pd.notna(code) else None) == expected
        assert (metres if pd.notna(metres) else None) == pytest.approx(expected_m, abs=1.5)


def test_interior_points_lie_inside_their_desa(sulbar_boundaries: Boundaries) -> None:
    points = interior_points(sulbar_boundaries)
    assert points.index.equals(sulbar_boundaries.desa.index)
    found = Locator(sulbar_boundaries).assign(points["lon"], points["lat"])
    assert found["kode"].tolist() == points.index.tolist()


def test_work_on_both_cores_is_in_order_and_never_keeps_the_program_from_ending() -> None:
    """Ctrl-C ends it while GEOS computes: the second thread is a daemon, which those of an executor are not."""
    threads: set[Thread] = set()

    def double(rows: np.ndarray) -> np.ndarray:
        threads.add(current_thread())
        return 2 * rows

    rows = np.arange(1001.0)
    assert on_both_cores(double, rows).tolist() == (2 * rows).tolist()
    beside = threads - {current_thread()}
    assert len(beside) == 1
    assert all(thread.daemon for thread in beside)


def test_levels_begun_early_are_those_joined_when_asked_for(world_boundaries: Boundaries) -> None:
    early = replace(world_boundaries)
    early.begin_levels()
    for level in LEVELS:
        pd.testing.assert_frame_equal(early.level(level), world_boundaries.level(level))
        assert early.level(level) is early.level(level)
