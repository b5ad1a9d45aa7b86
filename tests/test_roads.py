"""Distances by road, on roads drawn over the drawn world.

y km
 7.5  A1 ---- A2 ---- A3      a slow road (track) along the middle of row A, from L1 at A1
      |               |
 4.5  B1 --B2 - - -   B3      a quick road from A1 down to C1, along row C and up to B3
      |               |
 1.5  C1 ---- C2 ---- C3
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import world

from lks_geo.errors import LksGeoError
from lks_geo.geo import distance_km
from lks_geo.measure import measure_coverage, reach_sensitivity
from lks_geo.measure.roads import Network, build, by_road, read_roads
from lks_geo.tables import Boundaries, Coverage, Population

CODE = world.DRAWN_CODES
Line = tuple[tuple[float, float], ...]
ROADS: Mapping[str, tuple[str | None, Line]] = {
    "track": ("track", ((1.5, 7.5), (4.5, 7.5), (7.5, 7.5))),
    "west": ("primary", ((1.5, 7.5), (1.5, 4.5), (1.5, 1.5))),
    "south": ("primary", ((1.5, 1.5), (4.5, 1.5), (7.5, 1.5))),
    "east": ("primary", ((7.5, 1.5), (7.5, 4.5))),
    "north-east": ("primary", ((7.5, 4.5), (7.5, 7.5))),
    "twice": ("track", ((1.5, 7.5), (1.5, 4.5))),
    "river": (None, ((1.5, 4.5), (7.5, 4.5))),
    "foot": ("footway", ((4.5, 7.5), (4.5, 1.5))),
}
L1 = world.place("L1", [("anak", None)], (1.5, 7.5), CODE["A1"])


def write(path: Path, *left_out: str, **more: object) -> Path:
    lines = {name: road for name, road in ROADS.items() if name not in left_out}
    shapes = [shapely.LineString([world.degrees(x, y) for x, y in line]) for _, line in lines.values()]
    frame = gpd.GeoDataFrame({"highway": [kind for kind, _ in lines.values()]}, geometry=shapes, crs="EPSG:4326")
    frame.to_crs(world.CRS_M).to_file(path, **more)
    return path


ODD_LINES = ("[[{x}, {y}]]", "[[{x}, {y}], [{x}, {y}]]", "[[1e300, -1e300], [{x}, {y}]]")


@pytest.mark.parametrize("odd", ODD_LINES)
def test_a_line_that_is_none_is_no_road(tmp_path: Path, world_boundaries: Boundaries, odd: str) -> None:
    path, (x, y), (east, north) = tmp_path / "jalan.geojson", world.degrees(1.5, 7.5), world.degrees(4.5, 7.5)
    lines = (odd.format(x=x, y=y), f"[[{x}, {y}], [{east}, {north}]]")
    shapes = (f'{{"type": "LineString", "coordinates": {line}}}' for line in lines)
    features = ", ".join(f'{{"type": "Feature", "properties": {{}}, "geometry": {shape}}}' for shape in shapes)
    path.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    assert len(read_roads(path, world_boundaries)) == 1
    path.write_text(path.read_text().replace(lines[1], lines[0]))
    with pytest.raises(LksGeoError) as error:
        read_roads(path, world_boundaries)
    assert error.value.message.key == "measure.roads_none"


def test_more_roads_than_can_be_walked_are_refused(
    tmp_path: Path, world_boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lks_geo.measure.roads._MOST_CORNERS", 100)
    with pytest.raises(LksGeoError) as error:
        read_roads(write(tmp_path / "jalan.gpkg"), world_boundaries)
    assert error.value.message.key == "measure.roads_too_many"


def test_areas_are_not_read_for_roads(
    tmp_path: Path, world_boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desa.geojson"
    world_boundaries.desa[["geometry"]].to_file(path)
    monkeypatch.setattr("pyogrio.read_dataframe", None)
    with pytest.raises(LksGeoError) as error:
        read_roads(path, world_boundaries)
    assert error.value.message.key == "measure.roads_none"


def test_roads_in_gml_are_read_without_a_file_beside_them(tmp_path: Path, world_boundaries: Boundaries) -> None:
    path = write(tmp_path / "jalan.gml", driver="GML")
    path.with_suffix(".xsd").unlink()
    assert len(read_roads(path, world_boundaries)) == len(ROADS) - 2
    assert [file.name for file in tmp_path.iterdir()] == ["jalan.gml"]


def test_a_file_without_layers_is_told(tmp_path: Path, world_boundaries: Boundaries) -> None:
    path = tmp_path / "jalan.fgb"
    path.write_bytes(b"fgb\x03fgb\x00" + b"\xff" * 100)
    with pytest.raises(LksGeoError) as error:
        read_roads(path, world_boundaries)
    assert error.value.message.key == "measure.roads_unreadable"


@pytest.mark.parametrize("seed", range(6))
def test_quickest_ways_agree_with_a_plain_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 9, (30, 2))
    pairs = [pair for pair in rng.integers(0, 30, (45, 2)) if pair[0] != pair[1]]
    lines = gpd.GeoDataFrame(
        {"speed": rng.choice([10.0, 30.0, 60.0], len(pairs))},
        geometry=[shapely.LineString([world.degrees(*spots[a]), world.degrees(*spots[b])]) for a, b in pairs],
        crs="EPSG:4326",
    )
    network = build(lines)
    some = rng.choice(len(network.xyz), 12, replace=False)
    homes, ends = np.r_[some[:6], -1], np.r_[some[6:], some[0], -1]
    found = by_road(network, homes, ends)
    for row, home in enumerate(homes):
        lengths = plain_search(network, int(home))
        for column, end in enumerate(ends):
            want = lengths.get(int(end), np.inf) if home >= 0 and end >= 0 else np.inf
            assert found[row, column] == pytest.approx(want, rel=1e-9, abs=1e-9)


def plain_search(network: Network, start: int) -> dict[int, float]:
    """Dijkstra with a heap: km of the quickest way to every node that can be reached."""
    near: dict[int, list[tuple[int, float, float]]] = {}
    for (a, b), km, minutes in zip(network.ends.tolist(), network.km, network.minutes, strict=True):
        near.setdefault(a, []).append((b, km, minutes))
        near.setdefault(b, []).append((a, km, minutes))
    heap, done = [(0.0, 0.0, start)], {}
    while heap:
        minutes, km, node = heapq.heappop(heap)
        if node not in done:
            done[node] = km
            for other, more_km, more in near.get(node, []):
                heapq.heappush(heap, (minutes + more, km + more_km, other))
    return done


@pytest.fixture
def cover(tmp_path: Path, world_boundaries: Boundaries, world_population: Population):  # type: ignore[no-untyped-def]
    people = world.with_points(world_population, {CODE["B1"]: (1.5, 5.0), CODE["B2"]: (2.5, 5.0)})

    def covered(rows: list[dict[str, object]], *left_out: str, **choices: object) -> Coverage:
        roads = write(tmp_path / "roads.gpkg", *left_out)
        settings = replace(world.SETTINGS, roads=roads, **choices)  # type: ignore[arg-type]
        return measure_coverage(world.register_of(rows), world_boundaries, people, settings)

    return covered


def km(coverage: Coverage, name: str) -> float:
    return float(coverage.at("desa", "anak").loc[CODE[name], "jarak_km"])


def test_the_quickest_way_decides_and_its_length_is_shown(cover) -> None:  # type: ignore[no-untyped-def]
    coverage = cover([L1])
    assert km(coverage, "A1") == pytest.approx(0, abs=1e-3)
    assert km(coverage, "A2") == pytest.approx(3, rel=2e-3)
    assert km(coverage, "B1") == pytest.approx(2.5, abs=0.1)
    assert km(coverage, "C2") == pytest.approx(9, rel=2e-3)
    assert km(coverage, "B3") == pytest.approx(15, rel=2e-3)
    assert km(coverage, "A3") == pytest.approx(18, rel=2e-3)
    assert {note.key for note in coverage.notes} == {"measure.roads_used", "measure.no_demand"}


def test_points_off_the_road_add_the_straight_way(cover) -> None:  # type: ignore[no-untyped-def]
    assert km(cover([L1]), "B2") == pytest.approx(2.5 + 1, abs=0.1)


def test_reach_and_access_are_by_road(cover) -> None:  # type: ignore[no-untyped-def]
    coverage = cover([L1], reach_km=9.5, access="2sfca")
    desa = coverage.at("desa", "anak")
    inside = {"A1", "A2", "B1", "B2", "C1", "C2"}
    assert {name for name in CODE if desa.loc[CODE[name], "pangsa_terjangkau"] == 1} == inside
    for name in CODE:
        assert desa.loc[CODE[name], "akses_2sfca"] == pytest.approx(1000 / 450 if name in inside else 0)


def test_without_a_road_the_straight_line_counts_and_is_told(cover) -> None:  # type: ignore[no-untyped-def]
    straight = distance_km(*(np.array([x]) for x in (*world.degrees(7.5, 4.5), *world.degrees(1.5, 7.5))))[0]
    coverage = cover([L1], "west", "twice", "north-east")
    assert km(coverage, "A3") == pytest.approx(6, rel=2e-3)
    assert km(coverage, "B3") == pytest.approx(straight)
    notes = {note.key: note.params for note in coverage.notes}
    assert notes["measure.roads_no_way"]["n"] == 4
    assert "Desa 2003" in str(notes["measure.roads_no_way"]["names"])
    coverage = cover([L1, L1 | {"id": "L0"}], "west", "twice", "track")
    assert km(coverage, "B3") == pytest.approx(straight)
    assert coverage.at("desa", "anak").loc[CODE["B3"], "lks_terdekat"] == "L0"
    notes = {note.key: note.params for note in coverage.notes}
    assert notes["measure.roads_far_places"]["names"] == "L0, L1"


def test_far_points_are_counted_and_named(
    cover, world_population: Population, world_boundaries: Boundaries, tmp_path: Path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    rows = [
        L1,
        world.place("L2", [("anak", None)], (30, 1.5)),
        world.disguised(CODE["C3"][:8], (31, 1.5), [("kekerasan", None)]),
    ]
    people = world.with_points(world_population, {CODE["C3"]: (16.0, 1.5)})
    settings = replace(world.SETTINGS, roads=write(tmp_path / "roads.gpkg"))
    coverage = measure_coverage(world.register_of(rows), world_boundaries, people, settings)
    notes = {note.key: note.params for note in coverage.notes}
    assert notes["measure.roads_far_places"] | {"km": 5.0} == {"n": 2, "names": "L2", "more": "", "km": 5.0}
    assert notes["measure.roads_far_desa"]["names"] == "Desa 2003"
    assert km(coverage, "C3") == pytest.approx(14, rel=1e-3)
    assert all(str(note) for note in coverage.notes)


def test_a_layer_without_classes_is_driven_at_one_speed(
    tmp_path: Path, world_boundaries: Boundaries, world_population: Population
) -> None:
    path = write(tmp_path / "roads.geojson", "river", "foot", driver="GeoJSON")
    frame = gpd.read_file(path).drop(columns="highway")
    frame.to_file(path, driver="GeoJSON")
    settings = replace(world.SETTINGS, roads=path)
    coverage = measure_coverage(world.register_of([L1]), world_boundaries, world_population, settings)
    assert km(coverage, "A3") == pytest.approx(6, rel=2e-3)


def test_reach_sensitivity_is_by_road_too(
    tmp_path: Path, world_boundaries: Boundaries, world_population: Population
) -> None:
    settings = replace(world.SETTINGS, roads=write(tmp_path / "roads.gpkg"))
    table = reach_sensitivity(
        world.register_of([L1]), world_boundaries, world_population, settings, [1, 3.1, 20], [()]
    )[0]
    assert table[table["kelompok"] == "anak"]["terjangkau"].tolist() == [100, 300, 750]


def test_osm_files_are_read(tmp_path: Path, world_boundaries: Boundaries, world_population: Population) -> None:
    nodes, ways = [], []
    for way, (kind, line) in enumerate(ROADS.values(), start=1):
        for x, y in line:
            lon, lat = world.degrees(x, y)
            nodes.append(f'<node id="{round(x * 10) * 1000 + round(y * 10) + 1}" lon="{lon:.7f}" lat="{lat:.7f}"/>')
        refs = "".join(f'<nd ref="{round(x * 10) * 1000 + round(y * 10) + 1}"/>' for x, y in line)
        tag = f'<tag k="highway" v="{kind}"/>' if kind else '<tag k="waterway" v="river"/>'
        ways.append(f'<way id="{way}">{refs}{tag}</way>')
    path = tmp_path / "roads.osm"
    unique = sorted(set(nodes))
    path.write_text(f'<osm version="0.6">{"".join(unique)}{"".join(ways)}</osm>', encoding="utf-8")
    settings = replace(world.SETTINGS, roads=path)
    coverage = measure_coverage(world.register_of([L1]), world_boundaries, world_population, settings)
    assert km(coverage, "A3") == pytest.approx(18, rel=2e-3)


FAULTS = {
    "absent": "files.absent",
    "text": "measure.roads_unreadable",
    "crs": "measure.roads_without_crs",
    "elsewhere": "measure.roads_none",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_the_file_are_told(
    fault: str, tmp_path: Path, world_boundaries: Boundaries, world_population: Population
) -> None:
    path = tmp_path / "roads.gpkg"
    if fault == "text":
        path.write_text("no roads", encoding="utf-8")
    if fault == "crs":
        path = tmp_path / "roads.shp"
        bare = gpd.GeoDataFrame(geometry=[shapely.LineString([world.degrees(1, 1), world.degrees(2, 2)])])
        with pytest.warns(UserWarning, match="crs"):
            bare.to_file(path)
    if fault == "elsewhere":
        gpd.GeoDataFrame(geometry=[shapely.LineString([(10, 10), (10, 11)])], crs="EPSG:4326").to_file(path)
    with pytest.raises(LksGeoError) as caught:
        measure_coverage(
            world.register_of([L1]), world_boundaries, world_population, replace(world.SETTINGS, roads=path)
        )
    assert caught.value.message.key == FAULTS[fault]
    assert str(caught.value)
