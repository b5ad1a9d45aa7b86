"""Worlds that tests share.

The drawn world: nine squares of 3 x 3 km, three kecamatan of one row each, two kabupaten, one province (99), four
places.

    y km
     9 +------+------+------+
       |  A1  |  A2  |  A3  |      kecamatan 99.01.01, kabupaten 99.01
       |  L1  |      |      |      children: 100 200 300
     6 +------+------+------+
       |  B1  |  B2  |  B3  |      kecamatan 99.01.02, kabupaten 99.01
       |      |      |  L2  | L3   children: 0 100 NA
     3 +------+------+------+
       |  C1  |  C2  |  C3  |      kecamatan 99.02.01, kabupaten 99.02
       |      |  L4  |      |      children: 50 NA 0
     0 +------+------+------+
       0      3      6      9     12 x km

L1 (1.5, 7.5): children, residential, capacity 20, declares kecamatan 99.01.01.
L2 (7.5, 4.5): children (home-based) and elderly, capacity not known, accredited B, declares C1 and kecamatan 99.02.01.
L3 (10.5, 4.5): elderly, capacity 40, doubtful, outside the province.
L4 (4.5, 1.5): children, capacity 30, not active.
People live at the middles of the squares; of the elderly and of victims of violence nothing is known. Reach is 1.5 km,
so that the circles of L1 and L2 just touch the sides of A1 and B3.

Worked by hand, children, active places (L1, L2):
- A1 holds a whole circle: pi * 1.5^2 / 3^2 = pi/4 = 0.7854 of it is reached, 78.54 children. So is B3, of NA children.
- km: A1 0 (L1), A2 3 (L1; L2 is 4.24 away), A3 3 (L2), B1 3 (L1), B2 3 (L2), B3 0 (L2), C1 6 (L1), C2 4.24 (L2),
  C3 3 (L2).
- status: A1, B3 `ada`; B1, C3 `tidak_ada_sasaran`; all others `belum_terlayani`.
- prioritas: A3 (300 children) 1, A2 (200) 2, B2 (100) 3, C1 (50) 4, C2 (NA) 5.
- 99.01.01: 600 children, 78.54 reached, 13.09 %; km (100 * 0 + 200 * 3 + 300 * 3) / 600 = 2.5; area pi/12 = 26.18 %.
- 99.01.02: 100 known children (incomplete), 0 reached; km 3 (only B2 has known children).
- 99.02.01: 50 known children (incomplete), 0 reached; km 6.
- province: 750 children, 78.54 reached, 10.47 %, incomplete; km (600 + 900 + 300 + 300) / 750 = 2.8.
- 2SFCA without decay, reach 4 km: L1 serves A1 + A2 + B1 = 300, L2 serves A3 + B2 + C3 = 400 (B3 is NA).
  A1, A2, B1: 1000 / 300 = 3.33; A3, B2, B3, C3: 2.5; C1, C2: 0.
Elderly: with a reach of 3 km L3 alone reaches 9 acos(1/2) - 1.5 sqrt(27)/2 = 5.53 km2 of A3, B3 and C3.
"""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import hypothesis
import pandas as pd
import pytest
import report_world
import world

from lks_geo import shipped
from lks_geo.boundaries import load_boundaries
from lks_geo.cli.program import run
from lks_geo.measure import measure_coverage
from lks_geo.population.targets import load_population
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Coverage, Population, Register

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish() -> None:
    """Tests and libraries stay to the end: cycles are looked for among what comes after."""
    gc.collect()
    gc.freeze()
    _seldom_look_for_cycles()


def _seldom_look_for_cycles() -> None:
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def _chosen_for_itself_alone() -> Iterator[None]:
    """The program chooses how its process holds texts and how often it looks for cycles; a test, or what it shares with
    others, is not to choose for those behind it: the same texts held otherwise are not equal to pandas, and where many
    cycles are looked for, drawings take half as long again."""
    try:
        with pd.option_context("mode.string_storage", "auto"):
            yield
    finally:
        _seldom_look_for_cycles()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Iterator[None]:
    with _chosen_for_itself_alone():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with _chosen_for_itself_alone():
        return (yield)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """A lock between processes: who comes later waits until the first is done (or dead)."""
    with closing(sqlite3.connect(path, timeout=3600, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(scope="session")
def sample_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All outputs of `lks-geo run` from the sample data, on a fixed day: made once, whatever the number of workers."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "sample"
    with _one_at_a_time(root / "sample.lock"), pytest.MonkeyPatch.context() as patch:
        if not folder.exists():
            patch.chdir(root)
            assert run(["-q", "run", "--date", world.SETTINGS.day.isoformat(), "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def world_boundaries() -> Boundaries:
    return world.drawn_boundaries()


@pytest.fixture(scope="session")
def world_population(world_boundaries: Boundaries) -> Population:
    return world.drawn_population(world_boundaries)


@pytest.fixture(scope="session")
def world_register() -> Register:
    return world.register_of(world.drawn_places())


@pytest.fixture(scope="session")
def world_coverage(world_register: Register, world_boundaries: Boundaries, world_population: Population) -> Coverage:
    """The coverage that the docstring above works out by hand."""
    return measure_coverage(world_register, world_boundaries, world_population, world.SETTINGS)


@pytest.fixture(scope="session")
def sulbar_settings() -> Settings:
    return Settings(day=world.SETTINGS.day)


@pytest.fixture(scope="session")
def sulbar_boundaries() -> Boundaries:
    return report_world.boundaries()


@pytest.fixture(scope="session")
def sulbar_population(sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> Population:
    return load_population(None, sulbar_boundaries, sulbar_settings)


@cache
def _shipped_world(_texts: str) -> tuple[Boundaries, Population]:
    """Boundaries and people that ship with the project, with texts held as they are when this is asked."""
    boundaries = load_boundaries(None)
    return boundaries, load_population(None, boundaries, Settings())


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boundaries and people that ship with the project are read once for many commands, so that these stay short."""

    def read() -> tuple[Boundaries, Population]:
        return _shipped_world(pd.get_option("mode.string_storage"))

    def boundaries(path: Path | None) -> Boundaries:
        return load_boundaries(path) if path else read()[0]

    def population(path: Path | None, within: Boundaries, settings: Settings, *, only: bool = False) -> Population:
        own = path or within is not read()[0] or settings.groups != Settings().groups
        return load_population(path, within, settings, only=only) if own else read()[1]

    monkeypatch.setattr("lks_geo.boundaries.load_boundaries", boundaries)
    monkeypatch.setattr("lks_geo.population.targets.load_population", population)


@pytest.fixture(scope="session")
def sulbar_register(sulbar_settings: Settings) -> Register:
    """The example register that ships with the project, cleaned."""
    assert shipped.EXAMPLE_REGISTER.is_file()
    return report_world.example(sulbar_settings).register


@pytest.fixture(scope="session")
def sulbar_coverage(
    sulbar_register: Register,
    sulbar_boundaries: Boundaries,
    sulbar_population: Population,
    sulbar_settings: Settings,
) -> Coverage:
    """The defaults of the settings."""
    return measure_coverage(sulbar_register, sulbar_boundaries, sulbar_population, sulbar_settings)
