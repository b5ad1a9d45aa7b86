"""Time of a plan against PySAL `spopt` (MCLP with CBC) on the sample data, and whether both find the same optimum.

`python benchmarks/bench_plan.py [SITES]`, after `pip install spopt`: too heavy to be a dependency, so no test needs it.

Both start from the same people at the points of the desa and the same candidates (all 648 desa) under the model
`point`; the places of today are kept. Reading the inputs is not timed. spopt needs the dense table of who reaches whom.
"""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pulp

from lks_geo import shipped
from lks_geo.pipeline import read_world
from lks_geo.request import Request
from lks_geo.settings import Settings
from lks_geo.siting.covering import at_most
from lks_geo.siting.scene import Question, Reaches, Scene, candidates_of
from lks_geo.siting.solver import best_sites

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from spopt.locate import MCLP


def compared(sites: int) -> tuple[str, float, str]:
    """What was timed, our seconds, and how spopt did."""
    world = read_world(Request(settings=Settings(day=date(2026, 1, 1)), register=shipped.EXAMPLE_REGISTER))
    groups = tuple(group for group in world.settings.groups if group.key == "lansia")
    settings = replace(world.settings, population_model="point", groups=groups)
    scene = Scene(
        register=world.register, boundaries=world.boundaries, population=world.population, settings=settings,
        question=Question(groups=("lansia",), sites=sites),
    )  # fmt: skip
    start = time.perf_counter()
    reaches = Reaches(scene, candidates_of(scene, None), settings)
    answer = best_sites(reaches.joint, at_most(reaches.joint, sites))
    own = time.perf_counter() - start

    people = reaches.demand.weight[:, 0] * ~reaches.demand.reached[:, 0]
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        far = 1.0 - reaches.by[0].toarray()
        model = MCLP.from_cost_matrix(far, people, service_radius=0.5, p_facilities=sites)
        model = model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0))
    theirs = time.perf_counter() - start
    value = float(pulp.value(model.problem.objective))
    same = bool(np.isclose(answer.value, value, rtol=1e-6))
    return (
        f"solving, {sites} sites, {int(np.count_nonzero(people))} desa to reach", own,
        f"{theirs / own:.0f} x faster than PySAL `spopt`, same optimum: {same}, gap {answer.gap:.1%}",
    )  # fmt: skip


if __name__ == "__main__":
    title, seconds, beside = compared(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    print(f"{title}: {seconds:.3f} s, {beside}")
