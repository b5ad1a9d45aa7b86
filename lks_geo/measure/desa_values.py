"""What is found for each desa and group before any level is summed: share within reach, distance, access.

In straight lines, with people spread evenly over their desa, at one point, or by a grid; or along roads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from lks_geo.geo import FloatArray, IntArray, distinct_rows, ecef_km, nearest
from lks_geo.measure.ground import FEW_DESA, Ground, Shapes, ShareOf, grid_share, reached_by_area
from lks_geo.measure.reach import (
    BoolArray,
    Circles,
    access,
    beyond_all,
    beyond_reach,
    circles,
    only,
    reached_by_point,
    take_away,
    touching_pairs,
)
from lks_geo.measure.roads import Travel, access_by_travel, nearest_by_travel, shares_by_travel, travel
from lks_geo.measure.supply import Supply
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries
from lks_geo.thrift import begun, in_two_threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Share of each desa within reach (desa x groups): by all places, and by sure ones only; and what was assumed."""

    all: FloatArray
    sure: FloatArray
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesaValues:
    """Arrays of desa x groups (`area_km2`: one per desa); `nearest` holds ids; NaN is "not known". `notes`: what was
    assumed."""

    target: FloatArray
    area_km2: FloatArray
    share: FloatArray
    share_sure: FloatArray
    km: FloatArray
    nearest: npt.NDArray[Any]
    access: FloatArray
    notes: tuple[Message, ...]


def travel_by_road(ground: Ground, supply: Supply, boundaries: Boundaries, settings: Settings) -> Travel | None:
    """Travel distances if the settings name a road network, else None (straight lines)."""
    return None if settings.roads is None else travel(settings.roads, ground, supply, boundaries)


def reached_shares(ground: Ground, supply: Supply, settings: Settings, road: Travel | None) -> Shares:
    """`pangsa_terjangkau` of each desa and group, by the population model of the settings or by road."""
    groups = len(settings.groups)
    if road is not None:
        share, share_sure = shares_by_travel(road.km, supply, groups)
        return Shares(all=share, sure=share_sure, notes=road.notes)
    share_of, notes = _share_of(ground, settings)

    def by_group(group: int) -> list[FloatArray]:
        services = supply.reaching(group)
        sure = supply.sure[supply.place[services]]
        around_sure, around_others = (
            circles(supply.lon[supply.place[chosen]], supply.lat[supply.place[chosen]], supply.reach_km[chosen])
            for chosen in (services[sure], services[~sure])
        )
        if settings.population_model == "point":
            reached = [reached_by_point(ground.lon, ground.lat, around) for around in (around_sure, around_others)]
            return [np.maximum(*reached), reached[0]]
        beyond_sure = beyond_all(ground, group, around_sure)
        return [share_of(beyond_reach(ground, beyond_sure, around_others)), share_of(beyond_sure)]

    alone = not ground.shared and settings.population_model != "grid"  # two registers have a thread each
    many = len(ground.lon) > FEW_DESA and alone
    found = in_two_threads(by_group, range(groups)) if many else [*map(by_group, range(groups))]
    share, share_sure = np.array(found).reshape(groups, 2, len(ground.lon)).transpose(1, 2, 0)
    return Shares(all=share, sure=share_sure, notes=notes)


def shares_as_added(
    ground: Ground, supply: Supply, group: int, sites: Sequence[Circles], settings: Settings
) -> Iterator[FloatArray]:
    """`pangsa_terjangkau` of the desa for one group: now, then with the first of more sites, the first two, and so on.

    What `reached_shares` gives for the places together with these sites, without starting anew for each. In straight
    lines only.
    """
    services = supply.reaching(group)
    places = supply.place[services]
    kept = circles(supply.lon[places], supply.lat[places], supply.reach_km[services])
    if settings.population_model == "point":
        reached = reached_by_point(ground.lon, ground.lat, kept)
        yield reached
        for site in sites:
            reached = np.maximum(reached, reached_by_point(ground.lon, ground.lat, site))
            yield reached
        return
    share_of, _ = _share_of(ground, settings)
    beyond = beyond_reach(ground, ground.shapes, kept)
    yield share_of(beyond)
    for site in sites:
        beyond = beyond_reach(ground, beyond, site)
        yield share_of(beyond)


def shares_at_reaches(
    ground: Ground, supplies: Sequence[Supply], reaches_km: Sequence[float], settings: Settings
) -> list[dict[float, FloatArray]]:
    """`pangsa_terjangkau` (desa x groups) of each supply by reach (km), the same reach for all groups and systems.

    What `reached_shares` gives for each alone, but a circle is taken only from the land that a smaller reach, or fewer
    of the places, have left. In straight lines only.
    """
    share_of, _ = _share_of(ground, settings)
    found = [{reach: np.zeros((len(ground.lon), len(settings.groups))) for reach in reaches_km} for _ in supplies]
    for group in range(len(settings.groups)):
        sites = [_sites(supply, group) for supply in supplies]
        done: list[tuple[set[tuple[float, float]], dict[float, npt.NDArray[Any]]]] = []
        for number in sorted(range(len(sites)), key=lambda one: len(sites[one])):
            parts = [one for one in done if one[0] <= sites[number]]
            fewer, left = max(parts, key=lambda one: len(one[0]), default=(set(), {}))
            land = ground.shapes
            beyond: dict[float, npt.NDArray[Any]] = {}
            for reach in sorted(reaches_km):
                lon, lat = np.array(sorted(sites[number] - fewer)).reshape(-1, 2).T
                around = circles(lon, lat, np.full(len(lon), reach))
                if settings.population_model == "point":
                    shares = reached_by_point(ground.lon, ground.lat, around)
                    beyond[reach] = np.maximum(left[reach], shares) if left else shares
                    found[number][reach][:, group] = beyond[reach]
                    continue
                land = left.get(reach, land)
                land = beyond[reach] = beyond_reach(ground, land, around) if len(lon) else land
                found[number][reach][:, group] = share_of(land)
            done.append((sites[number], beyond))
    return found


def shares_of_supplies(
    ground: Ground, supplies: Sequence[Supply], group: int, known: FloatArray, settings: Settings
) -> FloatArray:
    """`pangsa_terjangkau` (supplies x desa) of one group by each of the supplies, of which the first ones have the
    shares `known`. In straight lines only.

    The circles that all supplies have are taken off a desa once; what they leave is measured once for each set of the
    others that touch it. It goes block by block: what circles leave of a desa is known while its block is measured.
    """
    every, owned = _circles_of([_rows(supply, supply.reaching(group)) for supply in supplies])
    common = np.asarray(owned.all(axis=0))
    own, owned = every.some(~common), owned[:, ~common]
    shares = np.vstack([known, np.full((len(supplies) - len(known), len(ground.lon)), np.nan)])

    def measure(block: IntArray) -> None:
        part = ground.some(block)
        if settings.population_model == "point":
            least = reached_by_point(part.lon, part.lat, every.some(common))
            for number in range(len(known), len(supplies)):
                more = reached_by_point(part.lon, part.lat, own.some(owned[number]))
                shares[number, block] = np.maximum(least, more)
            return
        left, share_of = beyond_all(part, group, every.some(common)), _share_of(part, settings)[0]
        near = _may_touch(part, own)
        shares[:, block] = _shares_of_each(part, left, own.some(near), owned[:, near], known[:, block], share_of)

    _block_by_block(len(ground.lon), measure, beside=settings.population_model != "grid")
    return shares


def _shares_of_each(
    ground: Ground, left: Shapes, own: Circles, owned: BoolArray, known: FloatArray, share_of: ShareOf
) -> FloatArray:
    """The shares by each supply (supplies x desa), of which `known` are the first: what the common circles `left`, and
    which circles each has `owned` beside them."""
    desa, circle, inside = touching_pairs(ground, left, own)
    entry = np.ones(len(desa), dtype=np.int64), (desa, circle)
    first = _first_alike(scipy.sparse.coo_array(entry, shape=(len(left), len(own.reach_km))).tocsr(), owned)
    shares = np.vstack([known, np.empty((len(owned) - len(known), len(left)))])
    for number in range(len(known), len(owned)):
        asked = first[number] == number
        has = asked[desa] & owned[number, circle]
        whole = np.zeros(len(left), dtype=bool)
        whole[desa[has & inside]] = True
        beyond, has = only(left, asked & ~whole), has & ~whole[desa]
        take_away(beyond, ground, desa[has], circle[has], own)
        shares[number] = np.where(asked, share_of(beyond), shares[first[number], np.arange(len(left))])
    return shares


def with_shared(ground: Ground, supplies: Sequence[Supply], settings: Settings) -> Ground:
    """The ground with what the sure circles that all supplies have leave of it: cut off once, for each alone and for
    mixtures of them. As it is if it has FEW_DESA, where shares are of points or along roads, or of one supply."""
    straight = settings.roads is None and settings.population_model != "point"
    if not straight or len(ground.lon) <= FEW_DESA or len(supplies) < 2:
        return ground
    return replace(ground, shared=tuple(_shared(ground, supplies, group) for group in range(len(settings.groups))))


def _shared(ground: Ground, supplies: Sequence[Supply], group: int) -> tuple[FloatArray, Shapes]:
    services = [(supply, supply.reaching(group)) for supply in supplies]
    every, owned = _circles_of([_rows(supply, some[supply.sure[supply.place[some]]]) for supply, some in services])
    common = every.some(np.asarray(owned.all(axis=0)))
    left = ground.shapes.copy()

    def measure(block: IntArray) -> None:
        part = ground.some(block)
        left[block] = beyond_reach(part, part.shapes, common.some(_may_touch(part, common)))

    _block_by_block(len(left), measure)
    return common.rows(), left


def _block_by_block(size: int, measure: Callable[[IntArray], None], *, beside: bool = True) -> None:
    """Measures all desa; with `beside` two blocks at a time."""
    starts = iter(range(0, size, _BLOCK))  # each thread takes the next block

    def measure_left() -> None:
        for start in starts:
            measure(np.arange(start, min(start + _BLOCK, size)))

    others = [begun(measure_left)] if beside else []
    measure_left()
    for rest in others:
        rest()


_MARGIN = 1.01
"""A circle may touch a desa if it is nearer than its reach, with this to spare."""
_BLOCK = 10_000
"""Desa handled at once."""


def _rows(supply: Supply, services: IntArray) -> FloatArray:
    """Where the places of services stand (degrees) and how far they reach (km): (m, 3)."""
    places = supply.place[services]
    return np.column_stack([supply.lon[places], supply.lat[places], supply.reach_km[services]])


def _circles_of(rows: Sequence[FloatArray]) -> tuple[Circles, BoolArray]:
    """All circles of some supplies, each once, and which of them each supply has (supplies x circles)."""
    every, position = distinct_rows(np.concatenate(rows))
    owned = np.zeros((len(rows), len(every)), dtype=bool)
    owned[np.repeat(np.arange(len(rows)), [len(part) for part in rows]), position] = True
    return Circles(xyz=ecef_km(every[:, 0], every[:, 1]), reach_km=every[:, 2]), owned


def _first_alike(touching: scipy.sparse.csr_array, owned: BoolArray) -> IntArray:
    """For each supply and desa the first supply of which the same circles touch it.

    Sets are told apart by the sum of a number drawn for each circle; two of them have the same one by chance once in
    10^19.
    """
    drawn = np.random.default_rng(1).integers(1, 2**63, owned.shape[1], dtype=np.int64)
    keys = np.stack([touching @ (drawn * own) for own in owned])
    return np.stack([np.argmax(keys == own, axis=0) for own in keys])


def _may_touch(ground: Ground, every: Circles) -> BoolArray:
    """Which circles are not too far from all of the desa to touch any."""
    spare = (ground.radius_km[:, None] + every.reach_km.max(initial=0)) * _MARGIN
    low, high = (ground.centre - spare).min(axis=0), (ground.centre + spare).max(axis=0)
    return np.asarray(((low <= every.xyz) & (every.xyz <= high)).all(axis=1))


def _sites(supply: Supply, group: int) -> set[tuple[float, float]]:
    """Where the places stand that serve a group (degrees)."""
    places = supply.place[supply.reaching(group)]
    return set(zip(supply.lon[places].tolist(), supply.lat[places].tolist(), strict=True))


def _share_of(ground: Ground, settings: Settings) -> tuple[ShareOf, tuple[Message, ...]]:
    """By a grid of people, or with people spread evenly over their desa."""
    if settings.population_model == "grid":
        return grid_share(ground, settings)
    return partial(reached_by_area, ground), ()


def nearest_places(ground: Ground, supply: Supply, groups: int) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """Geodesic km from each population point to the nearest counted place of each group, and its id (desa x groups).

    NaN and None where no place serves the group. Borders do not matter. Equal distance: the lowest id.
    """
    km = np.full((len(ground.lon), groups), np.nan)
    place_id = np.full(km.shape, None, dtype=object)
    for group in range(groups):
        places = supply.place[supply.reaching(group)]
        if len(places):
            position, km[:, group] = nearest(ground.lon, ground.lat, supply.lon[places], supply.lat[places])
            place_id[:, group] = supply.id[places[position]]
    return km, place_id


def value_desa(
    ground: Ground, supply: Supply, target: FloatArray, boundaries: Boundaries, settings: Settings
) -> DesaValues:
    """The values of each desa; `target` as people of desa x groups."""
    road = travel_by_road(ground, supply, boundaries, settings)
    shared = begun(lambda: reached_shares(ground, supply, settings, road))
    groups, form, amount = target.shape[1], settings.access, settings.access_supply
    if road is None:
        km, nearest = nearest_places(ground, supply, groups)
        served = access(ground, supply, target, form, amount)
    else:
        km, nearest = nearest_by_travel(road.km, supply, groups)
        served = access_by_travel(road.km, supply, target, form, amount)
    served[:, ~(np.nansum(target, axis=0) > 0)] = np.nan
    shares = shared()
    return DesaValues(
        target=target,
        area_km2=ground.area_km2,
        share=shares.all,
        share_sure=shares.sure,
        km=km,
        nearest=nearest,
        access=served,
        notes=(*shares.notes, *no_demand(target, settings)),
    )


def no_demand(target: FloatArray, settings: Settings) -> tuple[Message, ...]:
    """A note that names the groups of which nobody is known, so that access cannot be shared among them."""
    unknown = [
        group.short(settings.lang)
        for group, people in zip(settings.groups, target.T, strict=True)
        if not np.nansum(people) > 0
    ]
    return (msg("measure.no_demand", n=len(unknown), names=", ".join(unknown)),) if unknown else ()


def notes_again(notes: Sequence[Message], target: FloatArray, settings: Settings) -> tuple[Message, ...]:
    """The notes of a view that shows fewer groups: `no_demand` anew, and without those of `filter_notes`."""
    of_view = ("measure.unread", "measure.no_expiry", "measure.no_demand")
    return (*(note for note in notes if note.key not in of_view), *no_demand(target, settings))
