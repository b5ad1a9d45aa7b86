"""Neighbours: the same with few points as with many, and the same as scipy's, on points made here."""

from __future__ import annotations

import numpy as np
import pytest
import scipy

from lks_geo import geo
from lks_geo.geo import ecef_km, linked, near_each_other, near_pairs, nearest, nearest_arc_km, sums_by, within_arc_km


def points(seed: int, number: int) -> np.ndarray:
    """Points of Sulawesi Barat in earth-centred km, every tenth of them twice."""
    rng = np.random.default_rng(seed)
    xyz = ecef_km(rng.uniform(118.7, 119.9, number), rng.uniform(-3.6, -0.8, number))
    xyz[::10] = xyz[1::10]
    return xyz


@pytest.fixture(params=[10**12, 0], ids=["few", "many"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every search as of few points, and as of many."""
    monkeypatch.setattr(geo, "_FEW_PAIRS", request.param)
    monkeypatch.setattr(geo, "_PAIRS_AT_ONCE", 1000)


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize("limit", [12.0, np.linspace(0.0, 40.0, 300)], ids=["one", "each"])
def test_near_pairs_are_all_that_are_near(limit: float | np.ndarray) -> None:
    here, there = points(1, 300), points(2, 70)
    apart = scipy.spatial.distance.cdist(here, there)
    expected = np.argwhere(apart <= np.broadcast_to(limit, 300)[:, None]).tolist()
    point, place, chord = near_pairs(here, there, limit)
    assert sorted(zip(point.tolist(), place.tolist(), strict=True)) == [tuple(pair) for pair in expected]
    assert chord == pytest.approx(apart[point, place], abs=1e-9)
    assert len(expected) > 100


@pytest.mark.usefixtures("_either_way")
def test_nothing_is_near_where_nothing_is() -> None:
    assert [len(part) for part in near_pairs(np.zeros((0, 3)), points(1, 20), 5.0)] == [0, 0, 0]
    assert [len(part) for part in near_pairs(points(1, 20), np.zeros((0, 3)), 5.0)] == [0, 0, 0]
    assert np.isinf(nearest_arc_km(points(1, 20), np.zeros((0, 3)))).all()
    assert len(nearest_arc_km(np.zeros((0, 3)), points(1, 20))) == 0
    assert len(near_each_other(np.zeros((0, 3)), 1.0)) == 0
    assert not within_arc_km(points(1, 20), np.zeros((0, 3)), 5.0).any()
    assert len(within_arc_km(np.zeros((0, 3)), points(1, 20), 5.0)) == 0


@pytest.mark.usefixtures("_either_way")
def test_the_nearest_is_exact_on_the_spot_and_far_away() -> None:
    here, there = points(1, 300), points(2, 70)
    there[:5] = here[:5]
    there[5:10] = here[5:10] + 1e-7
    expected = geo.arc_km(scipy.spatial.distance.cdist(here, there).min(axis=1))
    assert nearest_arc_km(here, there) == pytest.approx(expected, abs=1e-11)


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize("limit", [0.0, 3.0, 12.0, 60.0, 30_000.0])
def test_within_means_no_farther_than_the_nearest(limit: float) -> None:
    here, there = points(1, 300), points(2, 70)
    there[:5] = here[:5]
    km = geo.arc_km(scipy.spatial.distance.cdist(here, there).min(axis=1))
    for edge in (limit, *km[:40]):  # at the distance of a point, that point is within
        assert within_arc_km(here, there, edge + geo.EDGE_KM).tolist() == (km <= edge + geo.EDGE_KM).tolist()
        assert within_arc_km(here, there, edge - geo.EDGE_KM).tolist() == (km <= edge - geo.EDGE_KM).tolist()


@pytest.mark.usefixtures("_either_way")
def test_nearest_takes_the_lowest_of_equal_places() -> None:
    lon, lat = np.array([119.0, 119.2, 119.0]), np.array([-2.0, -2.0, -2.5])
    place_lon, place_lat = np.array([119.1, 119.1, 119.0]), np.array([-2.0, -2.0, -2.49])
    position, km = nearest(lon, lat, place_lon, place_lat)
    assert position.tolist() == [0, 0, 2]
    assert km == pytest.approx([11.13, 11.13, 1.106], abs=0.01)


@pytest.mark.usefixtures("_either_way")
def test_points_near_each_other_come_once() -> None:
    xyz = points(3, 200)
    expected = {(low, high) for low, high in scipy.spatial.KDTree(xyz).query_pairs(3.0)}
    pairs = near_each_other(xyz, 3.0)
    assert {tuple(pair) for pair in pairs.tolist()} == expected
    assert len(pairs) == len(expected) > 20


@pytest.mark.parametrize("seed", range(20))
def test_linked_are_the_connected_components(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 300))
    pairs = rng.integers(0, size, (int(rng.integers(0, size)), 2))
    graph = scipy.sparse.coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(size, size))
    expected = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    assert linked(pairs, size).tolist() == expected.tolist()


def test_a_long_chain_is_one() -> None:
    order = np.random.default_rng(1).permutation(5000)
    assert set(linked(np.column_stack([order[1:], order[:-1]]), 5000).tolist()) == {0}


def test_sums_by_number() -> None:
    number, values = np.array([2, 0, 2]), np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])
    assert sums_by(number, values, 4).tolist() == [[2, 5], [0, 0], [4, 10], [0, 0]]
    assert sums_by(number, values[:, 0], 3).tolist() == [2, 0, 4]
    assert sums_by(number, values[:, :0], 3).shape == (3, 0)
