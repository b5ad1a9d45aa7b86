"""The population model `grid` with rasters made here: people of the cells within reach / people of the desa."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from math import pi
from pathlib import Path

import numpy as np
import pytest
import world

from lks_geo.errors import LksGeoError
from lks_geo.measure import measure_coverage
from lks_geo.tables import Boundaries, Coverage, Population, Register

CODE = world.DRAWN_CODES
CELLS = 90
NO_DATA = -99999.0
Cover = Callable[..., Coverage]


def write_raster(path: Path, people: np.ndarray, *, crs: str | None = world.CRS_M) -> Path:
    """People in cells of 100 m over the drawn world, row 0 in the north."""
    import rasterio

    corner = rasterio.Affine(100, 0, world.ORIGIN[0], 0, -100, world.ORIGIN[1] + CELLS * 100)
    shape = {"height": CELLS, "width": CELLS, "count": 1, "dtype": "float32", "transform": corner}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, nodata=NO_DATA, **shape) as raster:
        raster.write(people.astype("float32"), 1)
    return path


@pytest.fixture
def cover(
    tmp_path: Path, world_register: Register, world_boundaries: Boundaries, world_population: Population
) -> Cover:
    pytest.importorskip("exactextract", reason="needs lks-geo[grid]")

    def covered(people: np.ndarray, **more: object) -> Coverage:
        grid = write_raster(tmp_path / "people.tif", people)
        settings = replace(world.SETTINGS, population_model="grid", population_grid=grid, **more)  # type: ignore[arg-type]
        return measure_coverage(world_register, world_boundaries, world_population, settings)

    return covered


def share(coverage: Coverage, name: str) -> float:
    return float(coverage.at("desa", "anak").loc[CODE[name], "pangsa_terjangkau"])


@pytest.mark.parametrize("odd", [np.inf, -np.inf, -1.0])
def test_cells_that_are_no_number_of_people_are_told(cover: Cover, odd: float) -> None:
    people = np.full((CELLS, CELLS), 5.0)
    people[CELLS // 2, CELLS // 2] = odd
    with pytest.raises(LksGeoError, match=r"people\.tif.*nodata"):
        cover(people)


@pytest.mark.parametrize("fault", ["bands", "turned", "fine", "without size", "endless", "mirrored"])
def test_a_grid_that_is_none_is_told(
    tmp_path: Path, world_coverage: Coverage, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    pytest.importorskip("exactextract", reason="needs lks-geo[grid]")
    import rasterio

    wide = {"without size": 1e-320, "endless": np.inf, "mirrored": -100}.get(fault, 100)
    corner = rasterio.Affine(wide, 30 if fault == "turned" else 0, world.ORIGIN[0], 0, -100, world.ORIGIN[1] + 900)
    shape = {"height": 9, "width": 9, "count": 3 if fault == "bands" else 1, "dtype": "uint8", "transform": corner}
    with rasterio.open(tmp_path / "x.tif", "w", driver="GTiff", crs=world.CRS_M, **shape):
        pass
    monkeypatch.setattr("lks_geo.measure.ground._MOST_CELLS", 50)
    settings = replace(world.SETTINGS, population_model="grid", population_grid=tmp_path / "x.tif")
    with pytest.raises(LksGeoError) as error:
        measure_coverage(world_coverage.register, world_coverage.boundaries, world_coverage.population, settings)
    key = "grid_too_fine" if fault == "fine" else "grid_unreadable"
    assert error.value.message.key == f"measure.{key}"


def test_even_people_give_the_share_of_area(cover: Cover, world_coverage: Coverage) -> None:
    coverage = cover(np.ones((CELLS, CELLS)))
    for name in CODE:
        assert share(coverage, name) == pytest.approx(share(world_coverage, name), abs=2e-3)
    assert [note.key for note in coverage.notes] == ["measure.no_demand"]


def test_people_count_where_they_are(cover: Cover) -> None:
    people = np.zeros((CELLS, CELLS))
    people[5:25, 5:25] = 3.0
    people[1, 31] = 7.0
    people[35:55, 65:85] = 1.0
    people[31, 61] = 400.0
    coverage = cover(people)
    assert share(coverage, "A1") == pytest.approx(1, abs=1e-6)
    assert share(coverage, "A2") == 0
    assert share(coverage, "B3") == pytest.approx(0.5, abs=1e-6)
    assert coverage.at("desa", "anak").loc[CODE["A1"], "terjangkau"] == pytest.approx(100, abs=1e-4)


def test_a_desa_without_people_in_the_grid_falls_back_to_area(cover: Cover) -> None:
    people = np.ones((CELLS, CELLS))
    people[:30, :30] = 0
    people[60:] = NO_DATA
    coverage = cover(people)
    assert share(coverage, "A1") == pytest.approx(pi / 4, abs=1e-3)
    fallback = next(note for note in coverage.notes if note.key == "measure.grid_fallback")
    assert fallback.params == {"n": 4, "total": 9}


def test_the_low_end_uses_the_grid_too(
    cover: Cover, world_boundaries: Boundaries, world_population: Population, tmp_path: Path
) -> None:
    people = np.zeros((CELLS, CELLS))
    people[:, 75:] = 1.0
    rows = [world.place("L1", [("anak", None)], (7.5, 4.5), CODE["B3"], hasil="meragukan")]
    grid = write_raster(tmp_path / "east.tif", people)
    settings = replace(world.SETTINGS, population_model="grid", population_grid=grid)
    b3 = measure_coverage(world.register_of(rows), world_boundaries, world_population, settings).at("desa", "anak")
    assert b3.loc[CODE["B3"], "cakupan"] == pytest.approx(pi / 4, abs=2e-3)
    assert b3.loc[CODE["B3"], "cakupan_terendah"] == 0


FAULTS = {
    "none": "measure.grid_not_named",
    "absent": "files.absent",
    "text": "measure.grid_unreadable",
    "crs": "measure.grid_without_crs",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_faults_of_the_grid_are_told(
    fault: str,
    tmp_path: Path,
    world_register: Register,
    world_boundaries: Boundaries,
    world_population: Population,
) -> None:
    pytest.importorskip("exactextract", reason="needs lks-geo[grid]")
    path = tmp_path / "people.tif"
    if fault == "text":
        path.write_text("no raster", encoding="utf-8")
    if fault == "crs":
        write_raster(path, np.ones((CELLS, CELLS)), crs=None)
    settings = replace(world.SETTINGS, population_model="grid", population_grid=None if fault == "none" else path)
    with pytest.raises(LksGeoError) as caught:
        measure_coverage(world_register, world_boundaries, world_population, settings)
    assert caught.value.message.key == FAULTS[fault]
    assert str(caught.value)


def test_without_the_extra_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world_register: Register, world_boundaries: Boundaries,
    world_population: Population,
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "exactextract", None)
    settings = replace(world.SETTINGS, population_model="grid", population_grid=tmp_path / "people.tif")
    with pytest.raises(LksGeoError, match=r"pip install lks-geo\[grid\]"):
        measure_coverage(world_register, world_boundaries, world_population, settings)
