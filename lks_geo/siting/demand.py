"""The people of the desa in pieces, as the population model in use takes them to live, and which pieces are reached.

Shares of area do not add up (two circles may overlap in a desa), so with the model `area` the people of a desa are
spread over a lattice of points about 1 km apart, closer in small desa; with `grid` over the cells of the raster, put
together to squares of 1 km; with `point`, or along roads, all live at the population point.
What it gets wrong: a lattice point is reached or not, as a whole; sums over many desa are off by a few in a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.geo import EDGE_KM, FloatArray, IntArray, arc_km, chord_km, ecef_km, near_pairs, sums_by
from lks_geo.measure.coverage import target_of, unreported_kabupaten
from lks_geo.measure.ground import Ground, people_cells, survey
from lks_geo.measure.reach import circles, reached_by_point
from lks_geo.measure.supply import Supply, places_in_use, supply_of
from lks_geo.settings import Settings
from lks_geo.siting.candidates import desa_candidates
from lks_geo.tables import Boundaries, Population, Register

BoolArray = npt.NDArray[np.bool_]
MANY_DESA = 10_000
"""More desa than any province has."""
CELL_KM = 1.0
_LEAST = 9
"""About so many pieces a desa gets at least, however small it is."""
_PARTS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """One entry per piece: its point (degrees), the position of its desa, the share of the people of the desa in it."""

    lon: FloatArray
    lat: FloatArray
    desa: IntArray
    share: FloatArray

    @property
    def xyz(self) -> FloatArray:
        """The points in earth-centred km, shape (n, 3)."""
        return ecef_km(self.lon, self.lat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who asks for a place: `weight` of each piece and group (pieces x groups; people, or km2 where `by_area`), 0 where
    nobody does or nothing is known; `reached`: whether a kept place reaches the piece."""

    pieces: Pieces
    weight: FloatArray
    reached: BoolArray
    by_area: tuple[bool, ...]


def asking_desa(register: Register, boundaries: Boundaries, settings: Settings) -> BoolArray:
    """Which desa ask for a site: those of the kabupaten in view of which the register has any row."""
    kabupaten, shown = boundaries.desa["kode_kabupaten"], settings.kabupaten
    silent = kabupaten.isin(unreported_kabupaten(register, boundaries, settings))
    return np.asarray(~silent & (kabupaten.isin(shown) | (not shown)), dtype=bool)


def cut_into_pieces(ground: Ground, settings: Settings) -> Pieces:
    """The pieces of all desa, by the population model of the settings."""
    if settings.roads is not None or settings.population_model == "point":
        return Pieces(lon=ground.lon, lat=ground.lat, desa=np.arange(len(ground.lon)), share=np.ones(len(ground.lon)))
    return _raster_cells(ground, settings) if settings.population_model == "grid" else _lattices(ground)


def demand_of(
    pieces: Pieces,
    supply: Supply,
    target: FloatArray,
    area_km2: FloatArray,
    asking: BoolArray,
    shares: FloatArray | None,
) -> Demand:
    """The demand of the desa that are `asking`; `target` as people of desa x groups.

    `shares` (desa x groups) within reach along roads, None for straight lines. A group whose target is known for none
    of these desa is weighed by area.
    """
    by_area = np.atleast_1d(np.isnan(target[asking]).all(axis=0))
    amount = np.where(by_area, area_km2[:, None], np.nan_to_num(target)) * asking[:, None]
    reached = np.zeros((len(pieces.desa), target.shape[1]), dtype=bool)
    for group in range(target.shape[1]):
        if shares is not None:
            reached[:, group] = shares[:, group] > 0
            continue
        services = supply.reaching(group)
        places = supply.place[services]
        around = circles(supply.lon[places], supply.lat[places], supply.reach_km[services])
        reached[:, group] = reached_by_point(pieces.lon, pieces.lat, around) > 0
    return Demand(
        pieces=pieces,
        weight=amount[pieces.desa] * pieces.share[:, None],
        reached=reached,
        by_area=tuple(bool(flag) for flag in by_area),
    )


def _lattices(ground: Ground) -> Pieces:
    """A lattice in every part of every desa; a part too small for one has one point inside."""
    parts, owner = shapely.get_parts(ground.shapes, return_index=True)
    spacing = np.minimum(CELL_KM, np.sqrt(ground.area_km2 / _LEAST))[owner]
    starts = range(0, len(parts), _PARTS_AT_ONCE)  # the boxes of a country have ten million points
    found = [_spots(parts[at : at + _PARTS_AT_ONCE], spacing[at : at + _PARTS_AT_ONCE]) for at in starts]
    part = np.concatenate([start + some for start, (some, _) in zip(starts, found, strict=True)])
    spots = np.concatenate([some for _, some in found])
    size, desa = shapely.area(parts), owner[part].astype(np.int64)
    degrees = ground.to_degrees(desa, spots)
    number = np.bincount(part, minlength=len(parts))
    share = (size / np.bincount(owner, weights=size)[owner] / number)[part]
    return Pieces(lon=degrees[:, 0], lat=degrees[:, 1], desa=desa, share=share)


def _spots(parts: npt.NDArray[np.object_], spacing: FloatArray) -> tuple[IntArray, FloatArray]:
    """Points `spacing` km apart around the middle of the bounding box of each part that lie in it, sorted by part:
    positions of their parts, and places (n, 2)."""
    west, south, east, north = shapely.bounds(parts).T
    columns, rows = (np.maximum(1, np.ceil(wide / spacing)).astype(np.int64) for wide in (east - west, north - south))
    part = np.repeat(np.arange(len(parts)), columns * rows)
    row, column = np.divmod(np.arange(len(part)) - (np.cumsum(columns * rows) - columns * rows)[part], columns[part])
    x = ((west + east) / 2)[part] + (column - (columns[part] - 1) / 2) * spacing[part]
    y = ((south + north) / 2)[part] + (row - (rows[part] - 1) / 2) * spacing[part]
    shapely.prepare(parts)
    inside = shapely.contains_xy(parts[part], x, y)
    small = np.flatnonzero(np.bincount(part[inside], minlength=len(parts)) == 0)
    part = np.concatenate([part[inside], small])
    spots = np.concatenate([
        np.column_stack([x[inside], y[inside]]), shapely.get_coordinates(shapely.point_on_surface(parts[small]))
    ])  # fmt: skip
    order = np.argsort(part, kind="stable")
    return part[order], spots[order]


def _raster_cells(ground: Ground, settings: Settings) -> Pieces:
    """The people of the raster in squares of 1 km; desa where it has nobody get a lattice."""
    cells = people_cells(ground, settings)
    plane = ground.on_plane(cells.desa, ecef_km(cells.lon, cells.lat))
    square = np.floor(plane / CELL_KM).astype(np.int64)
    keys, piece = np.unique(np.column_stack([cells.desa, square]), axis=0, return_inverse=True)
    people = np.bincount(piece, weights=cells.people)
    desa = keys[:, 0]
    middle = np.column_stack([np.bincount(piece, weights=cells.people * axis) / people for axis in plane.T])
    degrees = ground.to_degrees(desa, middle)
    share = people / np.bincount(desa, weights=people, minlength=len(ground.lon))[desa]
    even = _lattices(ground)
    empty = ~np.isin(even.desa, desa)
    return Pieces(
        lon=np.concatenate([degrees[:, 0], even.lon[empty]]),
        lat=np.concatenate([degrees[:, 1], even.lat[empty]]),
        desa=np.concatenate([desa, even.desa[empty]]),
        share=np.concatenate([share, even.share[empty]]),
    )


def one_site_gains(
    register: Register, boundaries: Boundaries, population: Population, views: Sequence[Settings]
) -> list[pd.DataFrame]:
    """People whom one more LKS at the point of each desa would newly reach: desa codes x groups, for each of `views`.

    `views`: settings that differ in their filters only. On the pieces of the plan, so that a plan of this one site may
    differ by a few in a hundred. NA for sensitive groups, where no people are known, and in desa that do not ask. No
    tables at all along roads, nor for more than MANY_DESA: both would take longer than the map.
    """
    known = target_of(population, boundaries, views[0])
    told = tuple(
        group
        for group, people in zip(views[0].groups, known.T, strict=True)
        if (views[0].show_sensitive or not group.sensitive) and not np.isnan(people).all()
    )
    if not told or views[0].roads is not None or len(boundaries.desa) > MANY_DESA:
        return []
    views = [replace(view, groups=told) for view in views]
    ground, target = survey(boundaries, population), target_of(population, boundaries, views[0])
    asking, pieces = asking_desa(register, boundaries, views[0]), cut_into_pieces(ground, views[0])
    sites = desa_candidates(boundaries, ground, asking, views[0])
    demands = [
        demand_of(
            pieces, supply_of(places_in_use(register, view), boundaries.desa.index, view), target, ground.area_km2,
            asking, None,
        )
        for view in views
    ]  # fmt: skip
    left = [demand.weight * ~demand.reached for demand in demands]
    open_ = np.flatnonzero(np.any([weight.any(axis=1) for weight in left], axis=0))
    reaches = np.unique(sites.reach_km(views[0]), axis=1, return_inverse=True)
    near = [_reached(ecef_km(sites.lon, sites.lat), pieces, open_, reach_km) for reach_km in reaches[0].T]
    tables = []
    for demand, weight in zip(demands, left, strict=True):
        gains = {
            group.key: sums_by(site, weight[piece, number], len(sites))
            for number, (group, (site, piece)) in enumerate(zip(told, (near[one] for one in reaches[1]), strict=True))
            if not demand.by_area[number]
        }
        tables.append(pd.DataFrame(gains, index=sites.code, dtype=float).reindex(boundaries.desa.index))
    return tables


def _reached(xyz: FloatArray, pieces: Pieces, open_: IntArray, reach_km: FloatArray) -> tuple[IntArray, IntArray]:
    """Which sites reach which of the open pieces (positions of both), each site as far as it reaches."""
    site, piece, chord = near_pairs(xyz, pieces.xyz[open_], chord_km(reach_km))
    reached = (arc_km(chord) <= reach_km[site] + EDGE_KM) & (reach_km[site] > 0)
    return site[reached], open_[piece[reached]]
