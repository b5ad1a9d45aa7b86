"""`akses_2sfca` against PySAL `access`, an independent implementation, and in closed form."""

from __future__ import annotations

from math import exp

import numpy as np
import pandas as pd
import pytest
import world

from lks_geo.measure.ground import survey
from lks_geo.measure.reach import decay, two_step
from lks_geo.tables import Population


def tables(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Random people, places and the travel table between them (km)."""
    rng = np.random.default_rng(seed)
    home, work = rng.uniform(0, 40, (60, 2)), rng.uniform(0, 40, (25, 2))
    people = pd.DataFrame({"id": [f"d{n:02}" for n in range(60)], "people": rng.integers(1, 900, 60).astype(float)})
    places = pd.DataFrame({"id": [f"p{n:02}" for n in range(25)], "supply": rng.integers(1, 60, 25).astype(float)})
    km = np.linalg.norm(home[:, None] - work[None], axis=2)
    cost = pd.DataFrame(
        {
            "origin": np.repeat(people["id"], 25).to_numpy(),
            "dest": np.tile(places["id"], 60),
            "cost": km.ravel(),
        }
    )
    return people, places, cost


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("form", ["gauss", "2sfca"])
@pytest.mark.filterwarnings("ignore")
def test_two_step_equals_pysal(seed: int, form: str) -> None:
    fca = pytest.importorskip("access.fca")
    people, places, cost = tables(seed)
    reach = 12.0
    theirs = fca.two_stage_fca(
        demand_df=people.set_index("id"), supply_df=places.set_index("id"), cost_df=cost, max_cost=reach,
        demand_index=True, demand_name="people", supply_index=True, supply_name="supply",
        cost_origin="origin", cost_dest="dest", cost_name="cost",
        weight_fn=lambda km: float(decay(np.array([km]), reach, form)[0]),
    )  # fmt: skip
    near = cost[cost["cost"] <= reach]
    row = pd.Index(people["id"]).get_indexer(near["origin"])
    column = pd.Index(places["id"]).get_indexer(near["dest"])
    weight = decay(near["cost"].to_numpy(), reach, form)
    ours = two_step(row, column, weight, people[["people"]].to_numpy(), places[["supply"]].to_numpy())[:, 0]
    expected = 1000 * theirs.reindex(people["id"]).fillna(0).to_numpy()
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert (ours > 0).any()


def test_decay_falls_from_one_to_zero() -> None:
    weight = decay(np.array([0.0, 5.0, 10.0]), 10.0, "gauss")
    assert weight[[0, 2]].tolist() == pytest.approx([1, 0], abs=1e-15)
    assert weight[1] == pytest.approx((exp(-0.125) - exp(-0.5)) / (1 - exp(-0.5)))
    assert decay(np.array([0.0, 10.0]), 10.0, "2sfca").tolist() == [1, 1]


def test_unknown_people_are_no_demand_but_have_access() -> None:
    desa, place, weight = np.array([0, 1, 1]), np.array([0, 0, 1]), np.ones(3)
    people = np.array([[250.0], [np.nan]])
    supply = np.array([[1.0], [5.0]])
    assert two_step(desa, place, weight, people, supply).ravel().tolist() == [4, 4]


def test_areas_on_the_plane_are_those_of_the_earth(world_boundaries: object, world_population: Population) -> None:
    import pyproj

    geod = pyproj.Geod(ellps="WGS84")
    ground = survey(world_boundaries, world_population)  # type: ignore[arg-type]
    true = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in world_boundaries.desa.geometry]  # type: ignore[attr-defined]
    assert ground.area_km2 == pytest.approx(np.array(true), rel=1e-5)
    assert ground.area_km2 == pytest.approx(9, rel=1e-3)
    assert world.ORIGIN
