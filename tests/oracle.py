"""The measures once more, slowly and in plain Python: loops, shapely and pyproj, nothing of lks_geo.measure.

Written from the definitions, not from the code: a geodesic for every pair, real unions of circles on one plane around
the middle of the world, sums in loops. Small worlds only.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import exp, isnan, nan

import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from lks_geo.catalogue import Group
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS, Boundaries, Coverage, Population, Register

GEOD = pyproj.Geod(ellps="WGS84")
Row = dict[str, object]
LENGTHS = {"desa": 13, "kecamatan": 8, "kabupaten": 5, "provinsi": 2}
TOUCH_KM = 1e-6


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    return GEOD.inv(*a, *b)[2] / 1000


class Oracle:
    """All measures of one world; codes must be Kemendagri codes, of which parents are the beginnings."""

    def __init__(self, register: Register, boundaries: Boundaries, population: Population, settings: Settings) -> None:
        self.register, self.settings = register, settings
        self.desa = dict(boundaries.desa.geometry.items())
        self.people = population.table.astype(float)
        self.estimated = population.source.estimated
        self.people_of: dict[str, dict[str, float]] = self.people.to_dict()
        self.points = {code: self._point(code) for code in self.desa}
        middle = shapely.union_all(list(self.desa.values())).centroid
        plane = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +ellps=WGS84 +units=km")
        self.to_km = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform
        self.flat = {code: shapely.transform(shape, self.to_km, interleaved=False) for code, shape in self.desa.items()}
        self.area = {code: shape.area for code, shape in self.flat.items()}
        self.used = [row for row in register.rows.to_dict("records") if row["hasil"] != "ditolak"]

    def _point(self, code: str) -> tuple[float, float]:
        lon, lat = self.people.loc[code, "bujur"], self.people.loc[code, "lintang"]
        if isnan(lon) or isnan(lat):
            inside = shapely.point_on_surface(self.desa[code])
            return inside.x, inside.y
        return lon, lat

    def counted(self, row: Row) -> bool:
        s = self.settings
        if s.active_only and self.register.status_recorded and row["aktif"] is not True:
            return False
        if s.accredited:
            if row["akreditasi"] not in ("A", "B", "C"):
                return False
            until = row["berlaku_sampai"]
            if not pd.isna(until) and until.date() < s.day:  # type: ignore[attr-defined,call-overload]
                return False
        if s.legal_entity is not None and row["badan_hukum"] is not s.legal_entity:
            return False
        return not s.developments or row["perkembangan"] in s.developments

    def serving(self, group: Group) -> list[tuple[Row, float]]:
        """Counted places that serve the group, with their reach."""
        found = []
        for row in self.used:
            reaches = [
                self.settings.reach_of(group, system)
                for key, system in row["layanan"]  # type: ignore[attr-defined]
                if key == group.key and self.settings.system in (None, system)
            ]
            if reaches and self.counted(row):
                found.append((row, max(reaches)))
        return sorted(found, key=lambda one: one[0]["id"])  # type: ignore[arg-type,return-value]

    def target(self, code: str, group: Group) -> float:
        return self.people_of.get(group.key, {}).get(code, nan)

    def share(self, code: str, places: Iterable[tuple[Row, float]]) -> float:
        near = [(at(row), reach) for row, reach in places if row["lokasi"] != "tanpa_titik"]
        if self.settings.population_model == "point":
            return float(any(km(self.points[code], spot) <= reach + TOUCH_KM for spot, reach in near))
        return self.union(tuple(near)).intersection(self.flat[code]).area / self.area[code]

    @cache  # noqa: B019  # the oracle lives as long as its test
    def union(self, circles: tuple[tuple[tuple[float, float], float], ...]) -> BaseGeometry:
        """All circles (middle in degrees, km) as one shape on the plane."""
        return shapely.union_all(
            [shapely.Point(self.to_km(*middle)).buffer(reach, quad_segs=90) for middle, reach in circles]
        )

    def nearest(self, code: str, places: list[tuple[Row, float]]) -> tuple[float, str | None]:
        far = [(km(self.points[code], at(row)), row["id"]) for row, _ in places if row["lokasi"] != "tanpa_titik"]
        if not far:
            return nan, None
        least = min(distance for distance, _ in far)
        return least, min(name for distance, name in far if distance <= least + 1e-9)  # type: ignore[type-var]

    def access(self, group: Group, places: list[tuple[Row, float]]) -> dict[str, float]:
        def weight(code: str, row: Row, reach: float) -> float:
            d = km(self.points[code], at(row))
            if d > reach + TOUCH_KM:
                return 0.0
            if self.settings.access == "2sfca":
                return 1.0
            return max(0.0, (exp(-((d / reach) ** 2) / 2) - exp(-1 / 2)) / (1 - exp(-1 / 2)))

        found = dict.fromkeys(self.desa, 0.0)
        for row, reach in places:
            if row["lokasi"] == "tanpa_titik":
                continue
            supply = 1.0 if self.settings.access_supply == "lks" else number(row["kapasitas"])
            weights = {code: weight(code, row, reach) for code in self.desa}
            demand = sum(weights[code] * number(self.target(code, group)) for code in self.desa)
            for code in self.desa:
                if demand > 0:
                    found[code] += 1000 * number(supply) * weights[code] / demand
        return found

    def table(self) -> dict[tuple[str, str, str], dict[str, object]]:
        """Measures by (level, code, group)."""
        found = {}
        for group in self.settings.groups:
            places = self.serving(group)
            sure = [one for one in places if certain(one[0])]
            share = {code: self.share(code, places) for code in self.desa}
            low = {code: self.share(code, sure) for code in self.desa}
            near = {code: self.nearest(code, places) for code in self.desa}
            asked = any(self.target(code, group) > 0 for code in self.desa)
            access = self.access(group, places) if asked else dict.fromkeys(self.desa, nan)
            for level in LEVELS:
                for area in sorted({code[: LENGTHS[level]] for code in self.desa}):
                    inside = [code for code in self.desa if code.startswith(area)]
                    found[level, area, group.key] = self.row(
                        level, area, inside, group, places, share, low, near, access
                    )
        unserved = [(code, group) for (level, code, group), row in found.items()
                    if level == "desa" and row["status"] == "belum_terlayani"]  # fmt: skip
        for (_, area, group), row in found.items():
            row["desa_belum_terlayani"] = sum(same == group and code.startswith(area) for code, same in unserved)
        return found

    def row(
        self,
        level: str,
        area: str,
        inside: list[str],
        group: Group,
        places: list[tuple[Row, float]],
        share: dict[str, float],
        low: dict[str, float],
        near: dict[str, tuple[float, str | None]],
        access: dict[str, float],
    ) -> dict[str, object]:
        target = {code: self.target(code, group) for code in inside}
        known = [code for code in inside if not isnan(target[code])]
        size = sum(self.area[code] for code in inside)
        people = sum(target[code] for code in known) if known else nan
        reached = sum(target[code] * share[code] for code in known) if known else nan
        reached_low = sum(target[code] * low[code] for code in known) if known else nan
        wide, wide_low = (sum(self.area[code] * part[code] for code in inside) / size for part in (share, low))
        coverage, coverage_low = (
            part if isnan(people) else got / people if people > 0 else nan
            for part, got in ((wide, reached), (wide_low, reached_low))
        )
        present = [row for row, _ in places if row["kode_desa"] in inside]
        somewhere = [row for row, _ in places if row["lokasi"] == "disamarkan" and level != "desa"
                     and str(row["kode_kecamatan"]).startswith(area)]  # fmt: skip
        present += somewhere
        room = [number(row["kapasitas"]) for row in present if number(row["kapasitas"]) > 0]
        complete = len(known) == len(inside)
        deciding = wide if isnan(people) or (not complete and people == 0) else coverage
        return {
            "jumlah_lks": len(present),
            "desa_diketahui": len(known),
            "lks_disamarkan": None if level == "desa" else len(somewhere),
            "lks_tanpa_titik": None if level == "desa" else self.pointless(level, area, places),
            "sasaran": people,
            "sasaran_lengkap": complete,
            "sasaran_perkiraan": bool(known) and self.estimated,
            "jarak_km": self.mean(inside, target, {code: near[code][0] for code in inside}),
            "lks_terdekat": near[area][1] if level == "desa" else None,
            "pangsa_terjangkau": wide,
            "terjangkau": reached,
            "cakupan": coverage,
            "cakupan_terendah": coverage_low,
            "cakupan_dari_luas": isnan(people),
            "belum_terjangkau": people - reached,
            "lks_melapor": sum(declares(row, area) for row, _ in places),
            "kapasitas": sum(room) if room else nan,
            "rasio_lks_per_1000": 1000 * len(present) / people if people > 0 else nan,
            "rasio_kapasitas_per_1000": 1000 * sum(room) / people if people > 0 and room else nan,
            "akses_2sfca": self.mean(inside, target, access),
            "jumlah_desa": len(inside),
            "status": self.status(level, people, complete, len(present), deciding, inside),
        }

    def mean(self, inside: list[str], target: dict[str, float], values: dict[str, float]) -> float:
        weight = {code: number(target[code]) for code in inside}
        if sum(weight.values()) == 0:
            weight = {code: self.area[code] for code in inside}
        return sum(weight[code] * values[code] for code in inside) / sum(weight.values())

    def status(self, level: str, people: float, complete: bool, present: int, share: float, inside: list[str]) -> str:
        if not self.settings.register_complete and not {code[:5] for code in inside} & self.register.reported:
            return "tidak_dilaporkan"
        if complete and people == 0:
            return "tidak_ada_sasaran"
        if level == "desa" and present:
            return "ada"
        if share >= self.settings.threshold - 1e-9:
            return "terjangkau"
        return "terjangkau_sebagian" if share >= 0.0005 else "belum_terlayani"

    def pointless(self, level: str, area: str, places: list[tuple[Row, float]]) -> int:
        rows = [row for row, _ in places if row["lokasi"] == "tanpa_titik"]
        one_province = len({code[:2] for code in self.desa}) == 1
        if level == "provinsi":
            codes = [row["kode_kabupaten"] for row in rows]
            return sum(code[:2] == area if isinstance(code, str) else one_province for code in codes)
        return sum(row[f"kode_{level}"] == area for row in rows)


def certain(row: Row) -> bool:
    return row["hasil"] != "meragukan" and row["lokasi"] not in ("perkiraan", "disamarkan")


def at(row: Row) -> tuple[float, float]:
    return row["bujur"], row["lintang"]  # type: ignore[return-value]


def number(value: object) -> float:
    """0 for what is not known."""
    return float(value) if isinstance(value, int | float) and not isnan(value) else 0.0


def declares(row: Row, area: str) -> bool:
    """Whether a declared code is the area, inside it or around it."""
    return any(code.startswith(area) or area.startswith(code) for code in row["cakupan_wilayah"])  # type: ignore[attr-defined]


def differences(coverage: Coverage, expected: dict[tuple[str, str, str], dict[str, object]]) -> list[str]:
    """Where a coverage is not what the oracle says: counts, flags and classes exact, km 0.5 %, shares 0.005."""
    found = []
    for row in coverage.table.to_dict("records"):
        key = row["level"], row["kode"], row["kelompok"]
        for name, want in expected[key].items():
            if not same(name, row[name], want, expected[key]):
                found.append(f"{'/'.join(key)} {name}: {row[name]!r}, expected {want!r}")
    return found


def same(name: str, got: object, want: object, row: dict[str, object]) -> bool:
    if pd.isna(want) or pd.isna(got):  # type: ignore[call-overload]
        return bool(pd.isna(want) and pd.isna(got))  # type: ignore[call-overload]
    if not isinstance(want, float):
        return got == want
    if name in ("terjangkau", "belum_terjangkau"):
        return abs(got - want) <= 0.005 * row["sasaran"] + 1e-9  # type: ignore[operator]
    if name.startswith(("pangsa", "cakupan")):
        return abs(got - want) <= 0.005  # type: ignore[operator]
    return abs(got - want) <= 0.005 * abs(want) + 1e-6  # type: ignore[operator]
