"""Time of `akses_2sfca` against PySAL `access` on the same tables, and whether both agree.

`python benchmarks/bench_access.py [AREAS PLACES]`.

Both start from the same travel table (area, place, km within reach); the table itself is not timed. Medians of three.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from access import fca
from scipy.spatial import KDTree

from lks_geo.measure.reach import decay, two_step

REACH_KM = 10.0


def compared(areas: int, places: int) -> list[tuple[str, float, str]]:
    """For each form of access: what was timed, our seconds, and how PySAL did."""
    rng = np.random.default_rng(1)
    side = np.sqrt(areas) * 4
    home, work = rng.uniform(0, side, (areas, 2)), rng.uniform(0, side, (places, 2))
    people, supply = rng.integers(1, 900, areas).astype(float), rng.integers(1, 60, places).astype(float)
    pairs = KDTree(home).sparse_distance_matrix(KDTree(work), REACH_KM, output_type="ndarray")
    cost = pd.DataFrame({"origin": pairs["i"], "dest": pairs["j"], "cost": pairs["v"]})
    theirs = pd.DataFrame({"geoid": np.arange(areas), "demand": people}).set_index("geoid")
    given = pd.DataFrame({"geoid": np.arange(places), "supply": supply}).set_index("geoid")
    origin, dest, km = (cost[name].to_numpy() for name in cost)
    found = []
    for form in ("2sfca", "gauss"):

        def own(form: str = form) -> np.ndarray:
            return two_step(origin, dest, decay(km, REACH_KM, form), people[:, None], supply[:, None])[:, 0]

        def pysal(form: str = form) -> pd.Series:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return fca.two_stage_fca(
                    demand_df=theirs, supply_df=given, cost_df=cost, max_cost=REACH_KM, demand_index=True,
                    supply_index=True, weight_fn=_scalar(form),
                )  # fmt: skip

        (seconds, ours), (theirs_s, expected) = _timed(own), _timed(pysal)
        same = np.allclose(ours, 1000 * expected.reindex(range(areas)).fillna(0), rtol=1e-9, atol=1e-12)
        found.append((
            f"2SFCA ({form}), {areas:,} areas, {places:,} places, {len(cost):,} pairs", seconds,
            f"{theirs_s / seconds:.0f} x faster than PySAL `access`, same to 1e-9: {same}",
        ))  # fmt: skip
    return found


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median seconds of at least three runs, and what the last one gave. What takes a thousandth of a second is run for
    a second, because single runs waver."""
    took: list[float] = []
    while len(took) < 3 or sum(took) < 1:
        start = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - start)
    return statistics.median(took), result


def _scalar(form: str) -> object:
    return None if form == "2sfca" else lambda km: float(decay(np.array([km]), REACH_KM, form)[0])


if __name__ == "__main__":
    for title, seconds, beside in compared(*map(int, sys.argv[1:3] or (20_000, 10_000))):
        print(f"{title}: {seconds:.4f} s, {beside}")
