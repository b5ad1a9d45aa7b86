"""Distance by road instead of in a straight line (`--roads FILE`): any OGR line layer, or .osm.pbf.

The route is the quickest one by the speeds of `SPEEDS`; the distance is its length, plus the straight way from the
population point and from the place to the nearest road node, at most `SNAP_KM` each. Roads join where they share a
corner. A place or desa farther from any road, and a desa that no road joins to a place (an island), is measured in a
straight line; how many and which is told in notes, so that nobody is silently out of reach.
What it gets wrong: a distance may be 0.1 km too long, because ways start at road nodes; one-way streets and ferries are
not known; roads that cross without a common corner do not join.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
import shapely

from lks_geo.errors import LksGeoError
from lks_geo.geo import EDGE_KM, SAME_KM, FloatArray, IntArray, arc_km, distance_km, ecef_km, holds_lines
from lks_geo.measure.ground import Ground
from lks_geo.measure.reach import decay, two_step
from lks_geo.measure.supply import Supply
from lks_geo.messages import Message, msg
from lks_geo.tables import Boundaries
from lks_geo.vetting import DAMAGES, fault_of_file, refuse_absent, source_of

SPEEDS = {
    "motorway": 80, "tol": 80, "trunk": 60, "arteri": 50, "primary": 50, "nasional": 50, "secondary": 40,
    "kolektor": 40, "provinsi": 40, "tertiary": 35, "lokal": 30, "kabupaten": 30, "unclassified": 30,
    "residential": 25, "lain": 20, "desa": 20, "service": 20, "living": 20, "track": 15, "path": 10, "setapak": 5,
}  # fmt: skip
"""Speed in km/h of a road whose class contains the word, the first that fits; others `OTHER_SPEED`."""
OTHER_SPEED = 25.0
NOT_DRIVEN = ("footway", "steps", "pedestrian", "cycleway", "corridor", "construction", "proposed")
CLASS_COLUMNS = ("highway", "fclass", "kelas", "kelas_jalan", "fungsi", "fungsi_jalan", "remark", "class")
"""Columns that may hold the class of a road, the first that is there. An OSM line without `highway` is no road."""
SNAP_KM = 5.0
_STEP_DEGREES = 0.0005
_MARGIN_DEGREES = 0.5
_FARTHEST_DEGREES = 10
_MOST_CORNERS = 12_000_000
_NAMED = 15
_LARGEST = 50_000_000
_BLOCK = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """`km` (desa x places): by road, or straight where there is none. `notes` say what was left to straight lines."""

    km: FloatArray
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Road nodes (earth-centred km) and the edges between them: `ends` (m, 2) positions of nodes, `km`, `minutes`."""

    xyz: FloatArray
    ends: IntArray
    km: FloatArray
    minutes: FloatArray


def travel(path: Path, ground: Ground, supply: Supply, boundaries: Boundaries) -> Travel:
    """Road distances from every desa to every counted place. Notes name no disguised place."""
    serving = np.unique(supply.place[~np.isnan(supply.lon[supply.place])])
    if len(ground.lon) * len(serving) > _LARGEST:
        raise LksGeoError.of("measure.roads_too_large", desa=len(ground.lon), places=len(serving))
    network = build(read_roads(path, boundaries))
    nodes = scipy.spatial.KDTree(network.xyz)
    homes, home_km = _snap(nodes, ground.lon, ground.lat)
    ends, end_km = _snap(nodes, supply.lon[serving], supply.lat[serving])
    road = by_road(network, homes, ends) + home_km[:, None] + end_km[None, :]
    straight = ~np.isfinite(road)
    desa, place = np.nonzero(straight)
    road[desa, place] = distance_km(
        ground.lon[desa], ground.lat[desa], supply.lon[serving[place]], supply.lat[serving[place]]
    )
    km = np.full((len(ground.lon), len(supply.id)), np.nan)
    km[:, serving] = road
    names = boundaries.desa["nama"].to_numpy(dtype=object)
    cut_off = straight.all(axis=1) & (homes >= 0) if len(serving) else np.zeros(len(homes), dtype=bool)
    far = serving[ends < 0]
    named = [supply.id[place] for place in far if not supply.disguised[place]]
    return Travel(
        km=km,
        notes=(
            msg("measure.roads_used", name=path.name, km=SNAP_KM),
            *_told("measure.roads_far_desa", names[homes < 0], int((homes < 0).sum())),
            *_told("measure.roads_no_way", names[cut_off], int(cut_off.sum())),
            *_told("measure.roads_far_places", named, len(far)),
        ),
    )


def read_roads(path: Path, boundaries: Boundaries) -> gpd.GeoDataFrame:
    """The lines of the file around the areas (EPSG:4326) with their `speed` in km/h."""
    import pyogrio

    refuse_absent(path)
    west, south, east, north = boundaries.desa.total_bounds
    around = shapely.box(*np.array([west, south, east, north]) + np.array([-1, -1, 1, 1]) * _MARGIN_DEGREES)
    layer = "lines" if path.name.casefold().endswith((".osm", ".pbf")) else None
    try:
        if (fault := fault_of_file(path)) is not None:
            raise LksGeoError.of("measure.roads_unreadable", path=str(path), reason=fault)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = source_of(path)
            facts = pyogrio.read_info(source, layer=layer)
            if facts["crs"] is None:
                raise LksGeoError.of("measure.roads_without_crs", path=str(path))
            if not holds_lines(facts["geometry_type"]):
                raise LksGeoError.of("measure.roads_none", path=str(path))
            box = gpd.GeoSeries([around], crs="EPSG:4326").to_crs(facts["crs"]).total_bounds
            classes = [name for name in facts["fields"] if str(name).casefold() in CLASS_COLUMNS]
            raw = pyogrio.read_dataframe(
                source, bbox=tuple(box), layer=layer, columns=classes, on_invalid="ignore"
            ).to_crs("EPSG:4326")
    except DAMAGES as error:
        damaged = msg("files.reason_other_kind")
        raise LksGeoError.of("measure.roads_unreadable", path=str(path), reason=damaged) from error
    lines = raw[raw.geometry.notna()].explode(ignore_index=True)
    lines = lines[lines.geom_type == "LineString"]
    lines = lines.assign(speed=_speeds(lines))
    lines = lines[(lines["speed"] > 0) & _drivable(lines.geometry.to_numpy(), around)]
    if lines.empty:
        raise LksGeoError.of("measure.roads_none", path=str(path))
    shapes = lines.geometry.to_numpy()
    corners = shapely.length(shapes).sum() / _STEP_DEGREES + shapely.get_num_coordinates(shapes).sum()
    if corners > _MOST_CORNERS:
        raise LksGeoError.of("measure.roads_too_many", path=str(path), n=int(corners), most=_MOST_CORNERS)
    return gpd.GeoDataFrame(lines[["speed"]], geometry=lines.geometry)


def _drivable(lines: npt.NDArray[np.object_], around: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Which lines have a length, and end not far from the areas: no road leads to another part of the world."""
    ends = shapely.bounds(lines) - shapely.bounds(around)
    return np.asarray(shapely.is_valid(lines) & (np.abs(ends) <= _FARTHEST_DEGREES).all(axis=1), dtype=np.bool_)


def _speeds(lines: gpd.GeoDataFrame) -> pd.Series[float]:
    """Speed of each line by its class; 0 for lines that are no road to drive."""
    column = {str(name).casefold(): name for name in lines.columns}
    heading = next((column[name] for name in CLASS_COLUMNS if name in column), None)
    if heading is None:
        return pd.Series(OTHER_SPEED, index=lines.index)
    classes = lines[heading].astype("str").str.casefold()
    speed = pd.Series([_speed(word) for word in classes], index=lines.index)
    closed = classes.isin(NOT_DRIVEN) | (classes.isna() & (heading == "highway"))
    return speed.mask(closed, 0.0)


def _speed(road_class: object) -> float:
    word = road_class if isinstance(road_class, str) else ""
    return next((float(speed) for part, speed in SPEEDS.items() if part in word), OTHER_SPEED)


def build(lines: gpd.GeoDataFrame) -> Network:
    """The network of lines (`speed` km/h, EPSG:4326): a node at every corner, and at least every 55 m."""
    corner, line = shapely.get_coordinates(
        shapely.segmentize(lines.geometry.to_numpy(), _STEP_DEGREES), return_index=True
    )
    spots, node = np.unique(np.round(corner, 7), axis=0, return_inverse=True)
    xyz = ecef_km(spots[:, 0], spots[:, 1])
    joined = line[1:] == line[:-1]
    ends = np.column_stack([node[:-1], node[1:]])[joined]
    km = arc_km(np.linalg.norm(xyz[ends[:, 0]] - xyz[ends[:, 1]], axis=1))
    minutes = 60 * km / lines["speed"].to_numpy(dtype=float)[line[1:][joined]]
    return _quickest_once(Network(xyz=xyz, ends=ends, km=km, minutes=minutes))


def _quickest_once(network: Network) -> Network:
    """The network without loops and with the quickest of several edges between the same two nodes."""
    ends = np.sort(network.ends, axis=1)
    order = np.lexsort((network.minutes, ends[:, 1], ends[:, 0]))
    ends = ends[order]
    kept = (np.diff(ends, axis=0, prepend=-1) != 0).any(axis=1) & (ends[:, 0] != ends[:, 1])
    return replace(network, ends=ends[kept], km=network.km[order][kept], minutes=network.minutes[order][kept])


def _contract(network: Network, needed: IntArray) -> Network:
    """The network with each chain of edges between junctions, dead ends and `needed` nodes as one edge."""
    number, count = len(network.xyz), len(network.ends)
    node, edge = network.ends.ravel(), np.repeat(np.arange(count), 2)
    keep = np.bincount(node, minlength=number) != 2
    keep[needed] = True
    inner = ~keep[node]
    linked = edge[inner][np.argsort(node[inner], kind="stable")].reshape(-1, 2)
    links = scipy.sparse.coo_array((np.ones(len(linked)), (linked[:, 0], linked[:, 1])), shape=(count, count))
    chains, chain = scipy.sparse.csgraph.connected_components(links, directed=False)
    tips = np.lexsort((node[~inner], chain[edge[~inner]]))
    tip, owner = node[~inner][tips], chain[edge[~inner]][tips]
    first = np.flatnonzero(np.bincount(owner, minlength=chains)[owner] == 2)[::2]
    whole = owner[first]
    return _quickest_once(
        Network(
            xyz=network.xyz,
            ends=np.column_stack([tip[first], tip[first + 1]]),
            km=np.bincount(chain, weights=network.km, minlength=chains)[whole],
            minutes=np.bincount(chain, weights=network.minutes, minlength=chains)[whole],
        )
    )


def by_road(network: Network, homes: IntArray, ends: IntArray) -> FloatArray:
    """Length in km of the quickest way from each home node to each end node (homes x ends); inf where there is none.

    A node of -1 is no node.
    """
    between = np.full((len(homes), len(ends)), np.inf)
    on, at = homes >= 0, ends >= 0
    short = _contract(network, np.concatenate([homes[on], ends[at]]))
    used, place = np.unique(np.concatenate([short.ends.ravel(), homes[on], ends[at]]), return_inverse=True)
    start, stop = np.split(place[2 * len(short.ends) :], [on.sum()])
    sources, which = np.unique(stop, return_inverse=True)
    row, column = place[: 2 * len(short.ends)].reshape(-1, 2).T
    minutes, km = (
        scipy.sparse.csr_array(
            (np.r_[value, value], (np.r_[row, column], np.r_[column, row])), shape=(len(used), len(used))
        )
        for value in (short.minutes, short.km)
    )
    lengths = np.empty((on.sum(), len(sources)))
    block = max(1, _BLOCK // max(1, len(used)))
    for first in range(0, len(sources), block):
        part = slice(first, first + block)
        lengths[:, part] = _lengths(minutes, km, sources[part])[:, start].T
    between[np.ix_(on, at)] = lengths[:, which]
    return between


def _lengths(minutes: scipy.sparse.csr_array, km: scipy.sparse.csr_array, sources: IntArray) -> FloatArray:
    """Length of the quickest way to each node (sources x nodes; inf where there is none), by pointer doubling."""
    time, before = scipy.sparse.csgraph.dijkstra(minutes, indices=sources, return_predecessors=True)
    node = np.broadcast_to(np.arange(before.shape[1]), before.shape)
    parent = np.where(before >= 0, before, node)
    length = np.zeros(before.shape)
    moved = before >= 0
    length[moved] = np.asarray(km[parent[moved], node[moved]]).ravel()
    while True:
        beyond = np.take_along_axis(length, parent, axis=1)
        if not beyond.any():
            return np.where(np.isfinite(time), length, np.inf)
        length = length + beyond
        parent = np.take_along_axis(parent, parent, axis=1)


def _snap(nodes: scipy.spatial.KDTree, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
    """The nearest road node of each point (-1 if farther than `SNAP_KM`) and the straight way to it in km."""
    if len(lon) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0)
    chord, node = nodes.query(ecef_km(lon, lat))
    km = arc_km(np.asarray(chord))
    return np.where(km <= SNAP_KM, node, -1).astype(np.int64), km


def _told(key: str, names: Iterable[str], number: int) -> tuple[Message, ...]:
    """A note that counts and names, if there is anything to tell."""
    if number == 0:
        return ()
    listed = sorted(names)
    more = msg("measure.roads_more", n=number - _NAMED) if number > _NAMED else ""
    return (msg(key, n=number, names=", ".join(listed[:_NAMED]) or "-", more=more, km=SNAP_KM),)


def nearest_by_travel(km: FloatArray, supply: Supply, groups: int) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """As `desa_values.nearest_places`, from travel distances."""
    least = np.full((len(km), groups), np.nan)
    place_id = np.full(least.shape, None, dtype=object)
    for group in range(groups):
        places = supply.place[supply.reaching(group)]
        if len(places):
            group_km = km[:, places]
            least[:, group] = group_km.min(axis=1)
            place_id[:, group] = supply.id[places[(group_km <= least[:, [group]] + SAME_KM).argmax(axis=1)]]
    return least, place_id


def shares_by_travel(km: FloatArray, supply: Supply, groups: int) -> tuple[FloatArray, FloatArray]:
    """As `desa_values.reached_shares`: 1 where a place is within its reach, else 0; by all places, and by sure ones."""
    share, share_low = np.zeros((2, len(km), groups))
    for group in range(groups):
        services = supply.reaching(group)
        places = supply.place[services]
        within = km[:, places] <= supply.reach_km[services] + EDGE_KM
        share[:, group], share_low[:, group] = within.any(axis=1), within[:, supply.sure[places]].any(axis=1)
    return share, share_low


def access_by_travel(km: FloatArray, supply: Supply, people: FloatArray, form: str, counted_as: str) -> FloatArray:
    """As `access.access`, from travel distances."""
    total = np.zeros(people.shape)
    for group in range(people.shape[1]):
        services = supply.reaching(group)
        places, reach_km = supply.place[services], supply.reach_km[services]
        desa, place = np.nonzero(km[:, places] <= reach_km + EDGE_KM)
        weight = decay(km[desa, places[place]], reach_km[place], form)
        amount = np.ones(len(places)) if counted_as == "lks" else np.nan_to_num(supply.capacity[places])
        total[:, [group]] = two_step(desa, place, weight, people[:, [group]], amount[:, None])
    return total
