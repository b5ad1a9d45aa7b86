"""The classes of `status` and the order of `prioritas`, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from lks_geo.measure.area_values import classify, deciding_share, rank_needs
from lks_geo.tables import STATUSES

NA = np.nan


@pytest.mark.parametrize(
    ("target", "complete", "present", "share", "status"),
    [
        (0, True, False, 0.5, "tidak_ada_sasaran"),
        (0, True, True, 1.0, "tidak_ada_sasaran"),
        (10, True, True, 0.0, "ada"),
        (NA, False, True, 0.0, "ada"),
        (10, True, False, 1.0, "terjangkau"),
        (10, True, False, 0.8, "terjangkau"),
        (10, True, False, 0.8 - 1e-12, "terjangkau"),
        (10, True, False, 0.7999, "terjangkau_sebagian"),
        (10, True, False, 0.0005, "terjangkau_sebagian"),
        (10, True, False, 0.00049, "belum_terlayani"),
        (10, True, False, 0.0, "belum_terlayani"),
        (NA, False, False, 0.9, "terjangkau"),
        (0, False, False, 0.9, "terjangkau"),
    ],
)
def test_status(target: float, complete: bool, present: bool, share: float, status: str) -> None:
    found = classify(np.array([target]), np.array([complete]), np.array([present]), np.array([share]), threshold=0.8)
    assert found.tolist() == [status]
    assert status in STATUSES


def test_threshold_is_a_setting() -> None:
    some = np.array([10.0, 10.0])
    yes, no = np.array([True, True]), np.array([False, False])
    assert classify(some, yes, no, np.array([0.5, 0.49]), 0.5).tolist() == ["terjangkau", "terjangkau_sebagian"]


@pytest.mark.parametrize(
    ("target", "complete", "coverage", "decides"),
    [(10, True, 0.3, 0.3), (10, False, 0.3, 0.3), (NA, False, 0.9, 0.9), (0, False, NA, 0.9)],
)
def test_area_decides_where_people_cannot(target: float, complete: bool, coverage: float, decides: float) -> None:
    share = np.array([0.9])
    found = deciding_share(np.array([target]), np.array([complete]), np.array([coverage]), share)
    assert found.tolist() == [decides]


def test_priority_by_people_then_distance_then_code() -> None:
    status = np.array(["belum_terlayani", "terjangkau_sebagian", "belum_terlayani", "ada", "belum_terlayani",
                       "belum_terlayani", "terjangkau", "belum_terlayani"])  # fmt: skip
    people = np.array([50.0, 50.0, 50.0, 999.0, NA, NA, 900.0, 50.4])
    far = np.array([7.0, 9.0, 9.0, 99.0, 1.0, NA, 99.0, 0.0])
    assert rank_needs(status, people, far).tolist() == [4, 2, 3, 0, 6, 5, 0, 1]


def test_priority_of_nobody() -> None:
    assert rank_needs(np.array(["ada", "terjangkau"]), np.zeros(2), np.zeros(2)).tolist() == [0, 0]
