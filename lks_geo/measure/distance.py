"""How far it is from each desa to the nearest place that serves a group (`jarak_km`, `lks_terdekat`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lks_geo.geo import FloatArray
from lks_geo.measure.ground import Ground
from lks_geo.measure.nearby import nearest
from lks_geo.measure.presence import Supply


def nearest_places(ground: Ground, of: Supply, groups: int) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """Geodesic km from each population point to the nearest counted place of each group, and its id (desa x groups).

    NaN and None where no place serves the group. Borders do not matter. Equal distance: the lowest id.
    """
    km = np.full((len(ground.lon), groups), np.nan)
    place_id = np.full(km.shape, None, dtype=object)
    for group in range(groups):
        places = of.place[of.reaching(group)]
        if len(places):
            position, km[:, group] = nearest(ground.lon, ground.lat, of.lon[places], of.lat[places])
            place_id[:, group] = of.id[places[position]]
    return km, place_id
