"""What is found for each desa and group before any level is summed: presence, distance, share within reach, access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray
from lks_geo.measure.access import access
from lks_geo.measure.distance import nearest_places
from lks_geo.measure.ground import Ground
from lks_geo.measure.nearby import IntArray
from lks_geo.measure.presence import Supply, capacity_in_desa, count_in_desa
from lks_geo.measure.roads import Travel, travel
from lks_geo.measure.share import shares
from lks_geo.measure.travel import access_by_travel, nearest_by_travel, shares_by_travel
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Arrays of desa x groups (`area_km2`: one per desa); `nearest` holds ids; NaN is "not known"."""

    target: FloatArray
    area_km2: FloatArray
    count: IntArray
    capacity: FloatArray
    share: FloatArray
    share_low: FloatArray
    km: FloatArray
    nearest: npt.NDArray[Any]
    access: FloatArray
    notes: tuple[Message, ...]


def find(ground: Ground, of: Supply, target: FloatArray, boundaries: Boundaries, settings: Settings) -> Findings:
    """The findings, in straight lines or by road (`settings.roads`); `target` as people of desa x groups."""
    groups = len(settings.groups)
    road = by_road(ground, of, boundaries, settings)
    share, share_low, notes = reached(ground, of, settings, road)
    form, supply = settings.access, settings.access_supply
    if road is None:
        km, nearest = nearest_places(ground, of, groups)
        served = access(ground, of, target, form, supply)
    else:
        km, nearest = nearest_by_travel(road.km, of, groups)
        served = access_by_travel(road.km, of, target, form, supply)
    return Findings(
        target=target,
        area_km2=ground.area_km2,
        count=count_in_desa(of, *target.shape),
        capacity=capacity_in_desa(of, *target.shape),
        share=share,
        share_low=share_low,
        km=km,
        nearest=nearest,
        access=served,
        notes=(*notes, *_without_demand(target, settings)),
    )


def by_road(ground: Ground, of: Supply, boundaries: Boundaries, settings: Settings) -> Travel | None:
    """Travel distances if the settings name a road network. Places of sensitive groups are not named in its notes."""
    if settings.roads is None:
        return None
    sensitive = np.array([group.sensitive and not settings.show_sensitive for group in settings.groups], dtype=bool)
    secret = of.place[sensitive[of.group]]
    return travel(settings.roads, ground, of, boundaries, secret=frozenset(secret.tolist()))


def reached(
    ground: Ground, of: Supply, settings: Settings, road: Travel | None
) -> tuple[FloatArray, FloatArray, tuple[Message, ...]]:
    """Share of each desa within reach (desa x groups), the same by sure places only, and what had to be assumed."""
    if road is None:
        return shares(ground, of, len(settings.groups), settings)
    return *shares_by_travel(road.km, of, len(settings.groups)), road.notes


def _without_demand(target: FloatArray, settings: Settings) -> tuple[Message, ...]:
    unknown = [
        group.short(settings.lang)
        for group, people in zip(settings.groups, target.T, strict=True)
        if not np.nansum(people) > 0
    ]
    return (msg("measure.no_demand", n=len(unknown), names=", ".join(unknown)),) if unknown else ()
