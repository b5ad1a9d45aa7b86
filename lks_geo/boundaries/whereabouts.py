"""Whether a layer lies where its codes say: in Indonesia, in its kabupaten; and if not, which mistake explains it.

The boxes of the kabupaten of 2025 ship with the project. A layer that lies outside Indonesia is refused; one that lies
outside the boxes of its kabupaten is told. The cure is found by trying: coordinates swapped, a minus lost, another UTM
zone or half of the earth.
Gets wrong: a shift of less than MARGIN_DEGREES; codes of another vintage in Papua, where only the island is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
import pyproj
import scipy

from lks_geo import shipped
from lks_geo.boundaries.polygon_repair import listed
from lks_geo.boundaries.village_codes import BPS, CodeSystem
from lks_geo.errors import LksGeoError
from lks_geo.geo import FloatArray, IntArray, ecef_km
from lks_geo.messages import Message, msg

Box = tuple[float, float, float, float]

INDONESIA: Box = (94.0, -12.0, 142.0, 7.0)
"""West, south, east, north in degrees."""

PAPUA: Box = (128.0, -10.0, 142.0, 1.0)
"""Provinces 91 to 97, whose codes changed meaning in 2022 and differ between Kemendagri and BPS."""

MARGIN_DEGREES = 1.5
"""How far beyond its box a kabupaten may lie: borders move, codes are given anew. (A wrong UTM zone is 6 degrees.)"""

FAR_KM = 250.0
"""A desa farther than this from every other of its kabupaten is told; the farthest real one lies 214 km away."""

UTM_EPSG = tuple(base + zone for base in (32700, 32600) for zone in range(46, 55))
"""The UTM zones of Indonesia, south and north."""


def check_country(lon_lat: FloatArray, digits: Sequence[str], crs: pyproj.CRS, where: str) -> None:
    """Refuses a layer most of which lies outside Indonesia although its codes are Indonesian, with the cure.

    `lon_lat` are the middles of the areas, shape (n, 2), in degrees after projection from `crs`.
    """
    known = np.isfinite(lon_lat).all(axis=1)
    if not known.any():
        if len(lon_lat):
            raise LksGeoError.of("boundaries.wrong_crs", where=where, found=crs.name)
        return
    lon, lat = np.median(lon_lat[known], axis=0)
    if _inside(lon, lat, INDONESIA, 0.0) or not any("11" <= code[:2] <= "97" for code in digits):
        return
    box = expected_box(digits, None)
    cure = cure_of(float(lon), float(lat), crs, box)
    raise LksGeoError.of("boundaries.not_in_indonesia", where=where, found=crs.name, at=place(lon, lat), cure=cure)


def position_notes(lon_lat: FloatArray, codes: pd.Index[str], system: CodeSystem, crs: pyproj.CRS) -> list[Message]:
    """What lies where its code does not: kabupaten outside their boxes, single desa far from all others."""
    digits = codes.str.replace(".", "", regex=False)
    kabupaten = _positions(digits.str[:4])
    notes, shifted = [], []
    for code, at in kabupaten.items():
        lon, lat = np.median(lon_lat[at], axis=0)
        box = expected_box([code], system)
        if not _inside(lon, lat, box, MARGIN_DEGREES):
            shifted.append((code, float(lon), float(lat), box))
    if shifted:
        code, lon, lat, box = shifted[0]
        cure = cure_of(lon, lat, crs, box)
        names = listed([one[0] for one in shifted])
        notes.append(msg("boundaries.note_elsewhere", n=len(shifted), found=names, at=place(lon, lat), cure=cure))
    far = _far_desa(lon_lat, kabupaten)
    if len(far):
        notes.append(msg("boundaries.note_far_desa", n=len(far), found=listed(list(codes[far]))))
    return notes


def _positions(codes: pd.Index[str]) -> dict[str, IntArray]:
    """Where each code stands, in the order of the codes."""
    number, known = pd.factorize(codes, sort=True)
    order = np.argsort(number, kind="stable")
    ends = np.searchsorted(number[order], np.arange(len(known) + 1))
    return {str(code): order[ends[at] : ends[at + 1]] for at, code in enumerate(known)}


def _far_desa(lon_lat: FloatArray, kabupaten: Mapping[str, IntArray]) -> IntArray:
    """Positions of desa that lie farther than FAR_KM from every other of their kabupaten, where most do not."""
    xyz = ecef_km(lon_lat[:, 0], lon_lat[:, 1])
    far: list[int] = []
    for at in kabupaten.values():
        if len(at) > 2:
            nearest = np.asarray(scipy.spatial.KDTree(xyz[at]).query(xyz[at], k=[2])[0])
            far += at[nearest[:, 0] > FAR_KM].tolist()
    return np.array(sorted(far), dtype=np.int64)


def expected_box(digits: Sequence[str], system: CodeSystem | None) -> Box:
    """Where areas with these codes (all of one province, else the country) lie, as far as the boxes know."""
    provinces = {code[:2] for code in digits if code[:2].isdecimal()}
    if len(provinces) != 1 or (system is None and len(digits) > 1):
        return _around([box for code, box in _boxes().items() if code[:2] in provinces]) or INDONESIA
    province = next(iter(provinces))
    if province >= "91":
        return PAPUA if province <= "97" else (-180.0, -90.0, 180.0, 90.0)
    kabupaten = _boxes().get(digits[0][:4]) if system is not BPS else None
    return kabupaten or _around([box for code, box in _boxes().items() if code[:2] == province]) or INDONESIA


def _around(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


@cache
def _boxes() -> dict[str, Box]:
    """The box of each kabupaten by the four digits of its Kemendagri code."""
    table = pd.read_csv(shipped.KABUPATEN_BOXES, dtype={"kode": "str"})
    edges = zip(table["barat"], table["selatan"], table["timur"], table["utara"], strict=True)
    return dict(zip(table["kode"].str.replace(".", "", regex=False), edges, strict=True))


def _inside(lon: float, lat: float, box: Box, margin: float) -> bool:
    west, south, east, north = box
    return bool(west - margin <= lon <= east + margin and south - margin <= lat <= north + margin)


def place(lon: float, lat: float) -> str:
    """A point in few letters: "119.0 E, 86.1 N"."""
    return f"{abs(lon):.1f} {'E' if lon >= 0 else 'W'}, {abs(lat):.1f} {'N' if lat >= 0 else 'S'}"


def cure_of(lon: float, lat: float, crs: pyproj.CRS, box: Box) -> Message:
    """What most likely went wrong, found by trying what would bring the point into its box."""
    for key, x, y in (("swapped", lat, lon), ("minus_lost", lon, -lat)):
        if crs.is_geographic and _inside(x, y, box, MARGIN_DEGREES):
            return msg(f"boundaries.cure_{key}")
    for candidate in _other_crs(lon, lat, crs, box):
        return msg("boundaries.cure_crs", crs=f"EPSG:{candidate}")
    return msg("boundaries.cure_assign")


def _other_crs(lon: float, lat: float, crs: pyproj.CRS, box: Box) -> Iterator[int]:
    """EPSG codes that put the coordinates as written into the box; the nearest to the recorded CRS first."""
    back = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = back.transform(lon, lat)
    if not np.isfinite([x, y]).all():
        return
    recorded = crs.to_epsg() or 0
    for code in sorted((4326, *UTM_EPSG), key=lambda code: (abs(code - recorded) % 100, code != 4326)):
        if code != recorded and (code == 4326) == (abs(x) <= 180 and abs(y) <= 90):
            there = pyproj.Transformer.from_crs(code, "EPSG:4326", always_xy=True).transform(x, y)
            if _inside(*there, box, MARGIN_DEGREES):
                yield code
