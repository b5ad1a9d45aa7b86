"""Borders and islands for drawing: each border once, shapes that come back, islands that lie far out."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import report_world
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lks_geo.render.borders import (
    DIVIDES,
    OUTSIDE,
    Arcs,
    divided,
    drawing,
    drawn_neighbours,
    far_groups,
    far_islands,
    largest_parts,
    shared_arcs,
)
from lks_geo.render.webmap.map_ground import STEP_M, Grid
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries

SULBAR = report_world.boundaries()


def in_km(boundaries: Boundaries) -> np.ndarray:
    return boundaries.desa.geometry.to_crs(boundaries.crs_m).scale(1e-3, 1e-3, origin=(0, 0)).to_numpy()


@settings(max_examples=6, deadline=None)
@given(st.integers(min_value=1, max_value=3000))
def test_simplified_levels_share_their_lines(tolerance_m: int) -> None:
    areas = [drawing(SULBAR, level, tolerance_m) for level in LEVELS]
    for level, drawn in zip(LEVELS, areas, strict=True):
        assert list(drawn.index) == list(SULBAR.level(level).index)
        assert not drawn.is_empty.any()
        parts = shapely.get_num_geometries(drawn.geometry.to_numpy())
        assert (parts == shapely.get_num_geometries(SULBAR.level(level).geometry.to_numpy())).all()
        whole = shapely.area(drawn.geometry.to_numpy()).sum()
        assert whole == pytest.approx(shapely.area(areas[0].geometry.to_numpy()).sum(), rel=1e-9)


def test_drawing_is_repeatable_and_coarser() -> None:
    first, second = (drawing(SULBAR, "kecamatan", 300) for _ in range(2))
    assert first.to_wkb().equals(second.to_wkb())
    full = shapely.get_num_coordinates(SULBAR.level("kecamatan").geometry.to_numpy()).sum()
    assert shapely.get_num_coordinates(first.geometry.to_numpy()).sum() < full / 4
    assert drawing(SULBAR, "kecamatan", 0).equals(SULBAR.level("kecamatan"))


def test_neighbours_keep_their_names_and_still_meet() -> None:
    around = drawn_neighbours(SULBAR)
    assert list(around.index) == list(SULBAR.neighbours["nama"])
    assert shapely.coverage_is_valid(around.to_numpy())
    assert around.count_coordinates().sum() < SULBAR.neighbours.count_coordinates().sum()


def test_squares_share_their_borders(world_boundaries: Boundaries) -> None:
    arcs = shared_arcs(world_boundaries.desa.geometry.to_numpy())
    assert len(arcs) == 20
    assert (arcs.sides[:, 1] == OUTSIDE).sum() == 8, "12 borders between squares; 8 runs of the rim"
    assert (arcs.sides[:, 0] != arcs.sides[:, 1]).all()


def test_arcs_know_the_largest_level_that_they_divide(world_boundaries: Boundaries) -> None:
    arcs = shared_arcs(in_km(world_boundaries))
    kinds = divided(arcs, world_boundaries.names("desa"))
    km = {kind: shapely.length(arcs.lines()[kinds == kind]).sum() for kind in DIVIDES}
    expected = {"desa": 18, "kecamatan": 9, "kabupaten": 9, "provinsi": 0, "luar": 36}
    assert km == {kind: pytest.approx(value, abs=0.01) for kind, value in expected.items()}


def test_levels_below_the_areas_divide_nothing(world_boundaries: Boundaries) -> None:
    kecamatan = world_boundaries.level("kecamatan")
    kinds = divided(shared_arcs(kecamatan.geometry.to_numpy()), world_boundaries.names("kecamatan"))
    assert set(kinds) <= {"kecamatan", "kabupaten", "luar"}
    kabupaten = world_boundaries.level("kabupaten")
    kinds = divided(shared_arcs(kabupaten.geometry.to_numpy()), world_boundaries.names("kabupaten"))
    assert set(kinds) == {"kabupaten", "luar"}


def test_arcs_hold_every_border_once() -> None:
    shapes = drawing(SULBAR, "desa", 200.0).geometry.to_numpy()
    arcs = shared_arcs(shapes)
    segments = Counter(
        tuple(sorted((tuple(a), tuple(b))))
        for ring in shapely.get_rings(shapely.get_parts(shapes))
        for a, b in zip(shapely.get_coordinates(ring)[:-1], shapely.get_coordinates(ring)[1:], strict=True)
    )
    found = Counter(
        tuple(sorted((tuple(a), tuple(b))))
        for line in arcs.lines()
        for a, b in zip(shapely.get_coordinates(line)[:-1], shapely.get_coordinates(line)[1:], strict=True)
    )
    assert set(found) == set(segments)
    assert set(found.values()) == {1}
    assert set(segments.values()) == {1, 2}


def rebuilt(arcs: Arcs, members: set[int]) -> shapely.Geometry:
    """The shape of some areas together, from the arcs that outline them."""
    inside = np.isin(np.arange(int(arcs.sides.max()) + 1), list(members))
    return shapely.build_area(shapely.union_all(arcs.lines()[arcs.around(inside)]))


def test_shapes_come_back_from_arcs_at_every_level() -> None:
    drawn = drawing(SULBAR, "desa", 110.0)
    shapes = drawn.geometry.to_numpy()
    placed = Grid.around(drawn.total_bounds).shapes(shapes)
    arcs = shared_arcs(placed)
    assert len(arcs.points) < 0.7 * shapely.get_num_coordinates(shapes).sum()
    groups = [{i} for i in range(0, len(shapes), 7)]
    for code in PARENT_COLUMNS.values():
        groups += [set(np.flatnonzero(drawn[code] == one)) for one in sorted(set(drawn[code]))[::9]]
    for members in groups:
        expected = shapely.union_all(shapely.make_valid(placed[list(members)])).area
        assert rebuilt(arcs, members).area == pytest.approx(expected, rel=0.004, abs=40), members


def test_spike_of_rounding_leaves_no_border() -> None:
    grid = Grid(x0=0.0, y0=0.0)
    degree = STEP_M / 111_319.5
    left = shapely.Polygon([(0, 0), (50, 0), (50, 20), (50, 50), (0, 50)])
    spike = shapely.Polygon([(50, 20), (50.2, 20), (50.2, 45), (50, 50)])
    right = shapely.Polygon([(50, 0), (90, 0), (90, 50), (50, 50), (50.2, 45), (50.2, 20), (50, 20)])
    arcs = shared_arcs(grid.shapes(shapely.transform(np.array([left, spike, right]), lambda xy: xy * degree)))
    alone = arcs.picked((arcs.sides == (0, OUTSIDE)).all(axis=1))
    assert all(50 not in shapely.get_coordinates(line)[1:-1, 0] for line in alone.lines())
    assert rebuilt(arcs, {0, 2}).area == pytest.approx(90 * 50, rel=0.01)


def test_area_too_small_for_the_grid_stays_visible() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(10, 0, 10.000001, 0.000001)])
    assert rebuilt(shared_arcs(Grid(x0=0.0, y0=0.0).shapes(shapes)), {1}).area > 0


def test_far_islands_are_those_of_bala_balakang() -> None:
    names = SULBAR.names("desa")
    far = far_islands(SULBAR, "desa", names.index)
    assert set(names["kecamatan"][far == 1]) == {"Kepulauan Bala Balakang"}
    assert (far == 1).sum() == (far > 0).sum() == 2
    kecamatan = SULBAR.names("kecamatan")
    assert list(kecamatan["nama"][far_islands(SULBAR, "kecamatan", kecamatan.index) > 0]) == ["Kepulauan Bala Balakang"]
    assert not far_islands(SULBAR, "kabupaten", SULBAR.names("kabupaten").index).any(), "it lies on the mainland too"


def test_islands_are_not_far_where_nothing_else_is_shown() -> None:
    names = SULBAR.names("desa")
    far = names.index[far_islands(SULBAR, "desa", names.index) > 0]
    assert not far_islands(SULBAR, "desa", far).any()
    assert list(far_islands(SULBAR, "desa", pd.Index([far[0], names.index[0]]))) == [1, 0]


MAIN = shapely.box(0, 0, 90, 90)


@pytest.mark.parametrize(
    ("islands", "kabupaten", "groups"),
    [
        ([shapely.box(400, 0, 401, 1)], "ab", [0, 1]),
        ([shapely.box(92, 0, 93, 1)], "ab", [0, 0]),  # near the coast
        ([shapely.box(400, 0, 490, 90), shapely.box(800, 0, 890, 90)], "abc", [0, 0, 0]),  # a province of islands
        (
            [shapely.box(400, 0, 401, 1), shapely.box(400, 5, 401, 6), shapely.box(-400, 0, -399, 1)],
            "abbc",
            [0, 1, 1, 2],
        ),
        ([shapely.box(x, 0, x + 1, 1) for x in (400, 600, -500)], "abcd", [0, 1, 2, 0]),  # no more than two insets
        ([shapely.MultiPolygon([shapely.box(400, 0, 401, 1), shapely.box(80, 80, 95, 95)])], "ab", [0, 0]),
        ([], "a", [0]),
    ],
)
def test_what_counts_as_far(islands: list[shapely.Geometry], kabupaten: str, groups: list[int]) -> None:
    assert list(far_groups(np.array([MAIN, *islands]), pd.Series(list(kabupaten)))) == groups


def test_on_the_map_of_one_kabupaten_more_counts_as_far_and_every_group_of_it() -> None:
    islands = [shapely.box(x, 0, x + 18, 18) for x in (400, 600, -500)]
    shapes, kecamatan = np.array([MAIN, *islands]), pd.Series(list("abcd"))
    assert list(far_groups(shapes, kecamatan)) == [0, 0, 0, 0], "a ninth of the land: a province of islands"
    assert list(far_groups(shapes, kecamatan, small=0.15, most=4)) == [0, 1, 2, 3]


def test_islets_leave_an_area_where_it_mainly_is() -> None:
    area = shapely.MultiPolygon([shapely.box(400, 0, 401, 1), shapely.box(0, 0, 9, 9)])
    assert list(largest_parts(np.array([MAIN, area]))) == [MAIN, shapely.box(0, 0, 9, 9)]


def test_an_inset_must_pay() -> None:
    bay = shapely.Polygon([(0, 0), (90, 0), (90, 10), (10, 10), (10, 80), (90, 80), (90, 90), (0, 90)])
    island = shapely.box(60, 44, 61, 45)
    assert list(far_groups(np.array([bay, island]), pd.Series(["a", "b"]))) == [0, 0]
