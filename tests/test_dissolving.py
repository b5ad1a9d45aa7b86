"""Areas of one code become one shape, whether they meet along common arcs, overlap, or leave slivers open."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lks_geo import dissolving
from lks_geo.dissolving import dissolve


def joined_areas(shapes: list[object], codes: list[str]) -> gpd.GeoSeries:
    return dissolve(gpd.GeoSeries(shapes, crs="EPSG:4326"), pd.Series(codes, dtype="str"))


def test_levels_are_joined_in_the_order_of_their_codes() -> None:
    """Also where one of them is no coverage: the overlap counts once."""
    boxes = [shapely.box(x, 0, x + width, 1) for x, width in ((0, 1), (1, 1), (4, 1), (4.5, 1), (8, 1), (8, 1))]
    shapes, code = gpd.GeoSeries(boxes, crs="EPSG:4326"), pd.Series(["a", "a", "b", "b", "c", "c"], dtype="str")
    joined = dissolve(shapes, code)
    assert joined.index.tolist() == ["a", "b", "c"]
    assert shapely.area(joined.to_numpy()).tolist() == pytest.approx([2, 1.5, 1])


@pytest.mark.parametrize("numbers", [[1], [64], [65], [3, 70, 1]])
def test_areas_are_joined_alike_however_many_there_are(numbers: list[int]) -> None:
    """Of many parts or few; one of each kind is no coverage."""
    boxes, codes = [], []
    for kind, number in enumerate(numbers):
        for area in range(number):
            wide = 1.5 if area == 0 else 1
            boxes += [shapely.box(2 * part, 3 * area, 2 * part + 2 * wide, 3 * area + 1) for part in range(kind + 2)]
            codes += [f"{kind}.{area:03}"] * (kind + 2)
    joined = joined_areas(boxes, codes)
    assert joined.index.tolist() == sorted({*codes})
    widths = [2 * (kind + 2) + (area == 0) for kind, number in enumerate(numbers) for area in range(number)]
    assert shapely.area(joined.to_numpy()).tolist() == pytest.approx(widths)


def with_holes(shell: shapely.Polygon, *holes: shapely.Polygon) -> shapely.Polygon:
    return shapely.Polygon(shell.exterior, [hole.exterior for hole in holes])


def box(x: float, y: float, size: float = 1) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def test_a_hole_stays_one_unless_another_shape_of_the_area_fills_it() -> None:
    """In whole, in part, from an island within it, or through a hole of its own; shapes of other areas don't matter."""
    holes = [box(1, 1), box(3, 1), box(5, 1), box(7, 1), box(7, 7)]
    land = with_holes(shapely.box(0, 0, 9, 9), *holes)
    filled, half, island = box(1, 1), shapely.box(3, 1, 3.5, 2), box(5.25, 1.25, 0.5)
    around = with_holes(shapely.box(6.5, 0.5, 8.5, 2.5), box(7.25, 1.25, 0.5))
    far = with_holes(shapely.box(20, 0, 24, 4), box(21, 1), box(22.5, 2.5))
    shapes = [shapely.MultiPolygon([land, far]), filled, half, island, around, box(7, 7)]
    joined = joined_areas(shapes, ["a", "a", "a", "a", "a", "b"])
    assert sorted(shapely.get_num_interior_rings(shapely.get_parts(joined["a"]))) == [0, 2, 4]
    assert shapely.is_valid(joined["a"])
    assert shapely.area(joined["a"]) == pytest.approx(81 - 0.5 - 0.75 - 0.25 - 1 + 14)
    assert joined["b"].equals(box(7, 7))


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4, st.sampled_from("ab")), min_size=2, max_size=9))
def test_the_union_is_the_same_with_holes_taken_out_before(places: list[tuple[int, int, int, int, str]]) -> None:
    """Squares that overlap, meet or lie apart, with three holes each, one of which may touch an edge of another."""
    shapes = [
        with_holes(box(x, y, 8), box(x + 1, y + 1), box(x + 3, y + 1, 4), box(x + 1, y + 6)) for x, y, *_ in places
    ]
    shapes = [shapely.union(shape, box(30 + 2 * w, h)) for shape, (_, _, w, h, _) in zip(shapes, places, strict=True)]
    codes = [code for *_, code in places]
    for code, shape in joined_areas(shapes, codes).items():
        plain = shapely.union_all([one for one, its in zip(shapes, codes, strict=True) if its == code])
        assert shape.is_valid
        assert shape.equals(plain)
        assert shapely.get_num_interior_rings(shapely.get_parts(shape)).sum() == (
            shapely.get_num_interior_rings(shapely.get_parts(plain)).sum()
        )


def test_a_hole_outside_its_shell_is_no_hole_of_the_union() -> None:
    """Nor one across the edge of its shell: only what is valid is put together again ring by ring."""
    odd = with_holes(box(0, 0, 4), box(6, 1), box(3.5, 1), box(1, 1))
    joined = joined_areas([odd, box(10, 0)], ["a", "a"])
    assert joined["a"].is_valid
    assert joined["a"].equals(shapely.union_all(shapely.make_valid([odd, box(10, 0)])))


def test_where_a_hole_finds_no_place_all_is_joined_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissolving, "_around", lambda _polygons, _area, holes: np.full(len(holes.rings), -1))
    shapes = [with_holes(box(0, 0, 9), box(1, 1), box(3, 1), box(5, 5)), box(9, 0)]
    assert joined_areas(shapes, ["a", "a"])["a"].equals(shapely.union_all(shapes))
