"""Random registers with places of sensitive groups, and the same registers with these places moved and renamed.

A moved place stays in its kecamatan: other desa, other code, other point (inside, on an ordinary place, on a border,
off the shore), other name, address, id and declared areas. Which cells are filled, how they are written, the services
and which rows are one institution stay as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from lks_geo.locate import Locator
from lks_geo.tables import Boundaries

Row = dict[str, str]
COLUMNS = (
    "ID LKS", "Nama LKS", "Kelompok sasaran", "Sistem", "Status aktif", "Akreditasi", "Kapasitas", "Alamat",
    "Desa", "Kecamatan", "Kabupaten", "Kode desa", "Lintang", "Bujur", "Cakupan wilayah",
)  # fmt: skip
OPEN = ("Anak", "Lansia", "Disabilitas", "NAPZA", "Anak; Lansia", "Tuna sosial")
SECRET = ("Korban kekerasan", "Anak; Korban kekerasan", "Lansia dan korban kekerasan", "Korban kekerasan; Disabilitas")
FIRST = ("Melati", "Harapan", "Kasih", "Sejahtera", "Mawar", "Teratai", "Bina", "Cahaya", "Nurani", "Pelita")
OWN_WORDS = ("Rumah Aman", "Shelter", "Rumah Perlindungan Korban KDRT")
NOTATIONS = ("point", "all", "desa", "code", "kecamatan", "point and kecamatan")


@dataclass(frozen=True, slots=True)
class Place:
    """What decides the cells of one row: its kecamatan and desa, how it is written, the number of its institution."""

    secret: bool
    kecamatan: str
    desa: str
    at: tuple[float, float]
    notation: str
    name: str
    fixed: tuple[str, ...]
    institution: int


class Land:
    """The boundaries as the moving of places needs them."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.desa = boundaries.desa
        self.locator = Locator(boundaries)
        self.members = {code: list(group.index) for code, group in boundaries.desa.groupby("kode_kecamatan")}

    def spot(self, rng: np.random.Generator, desa: str, taken: list[tuple[float, float]]) -> tuple[float, float]:
        """A point that the tool gives to a desa of the same kecamatan as `desa`."""
        shape = self.desa.geometry[desa]
        kecamatan = self.desa["kode_kecamatan"][desa]
        for _ in range(20):
            kind = rng.choice(["inside", "border", "shore", "taken"], p=[0.55, 0.15, 0.15, 0.15])
            if kind == "taken" and taken:
                lon, lat = taken[int(rng.integers(len(taken)))]
            elif kind == "inside":
                west, south, east, north = shape.bounds
                lon, lat = float(rng.uniform(west, east)), float(rng.uniform(south, north))
            else:
                ring = shapely.get_coordinates(shape.boundary)
                lon, lat = (float(value) for value in ring[int(rng.integers(len(ring)))])
                if kind == "shore":
                    lon, lat = lon + float(rng.normal(0, 0.0015)), lat + float(rng.normal(0, 0.0015))
            lon, lat = round(lon, 6), round(lat, 6)
            code = self.locator.assign([lon], [lat])["kode"].iloc[0]
            if isinstance(code, str) and self.desa["kode_kecamatan"][code] == kecamatan:
                return lon, lat
        inner = shapely.point_on_surface(shape)
        return round(inner.x, 6), round(inner.y, 6)


def places(seed: int, land: Land, size: int = 30) -> list[Place]:
    """The places of one random register, about a third of them secret; some institutions stand on two rows."""
    rng = np.random.default_rng(seed)
    found: list[Place] = []
    codes = sorted(land.members)
    chosen = [str(code) for code in rng.choice(codes, min(len(codes), 8), replace=False)]
    for number in range(size):
        secret = rng.random() < 0.35
        kecamatan = str(rng.choice(chosen))
        desa = str(rng.choice(land.members[kecamatan]))
        notation = str(rng.choice(NOTATIONS))
        words = bool(secret and rng.random() < 0.25)
        services = str(rng.choice(OPEN[:2] if words else SECRET if secret else OPEN))
        name = f"{rng.choice(OWN_WORDS) if words else 'LKS'} {rng.choice(FIRST)} {rng.choice(FIRST)} {number}"
        choices = (
            ["Dalam Panti", "Luar Panti"],
            ["Aktif", "Aktif", "Tidak aktif"],
            ["A", "B", "Belum"],
            ["", "20", "35"],
        )
        fixed = (services, *(str(rng.choice(texts)) for texts in choices))
        at = land.spot(rng, desa, [place.at for place in found if place.kecamatan == kecamatan and not place.secret])
        found.append(Place(secret, kecamatan, desa, at, notation, name, fixed, number))
        if rng.random() < 0.15:
            other = (str(rng.choice(OPEN[:3])), *fixed[1:])
            found.append(Place(secret, kecamatan, desa, at, notation, name, other, number))
    return found


def moved(seed: int, original: list[Place], land: Land) -> list[Place]:
    """The same places, the secret ones elsewhere in their kecamatan and under other names."""
    rng = np.random.default_rng(seed + 10_000)
    new: dict[int, tuple[str, tuple[float, float], str]] = {}
    for place in original:
        if place.secret and place.institution not in new:
            desa = str(rng.choice(land.members[place.kecamatan]))
            near = [other.at for other in original if other.kecamatan == place.kecamatan and not other.secret]
            head = next((word for word in OWN_WORDS if place.name.startswith(word)), "LKS")
            name = f"{head} Pindah {rng.choice(FIRST)} {rng.choice(FIRST)} {place.institution}"
            new[place.institution] = desa, land.spot(rng, desa, near), name
    return [
        Place(
            place.secret, place.kecamatan, *new[place.institution][:2], place.notation, new[place.institution][2],
            place.fixed, place.institution,
        )
        if place.secret
        else place
        for place in original
    ]  # fmt: skip


def write(path: Path, found: list[Place], land: Land) -> Path:
    """The register as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(_rows(found, land))
    return path


def _rows(found: list[Place], land: Land) -> Iterator[Row]:
    for place in found:
        area = land.desa.loc[place.desa]
        services, system, active, rank, capacity = place.fixed
        row = dict.fromkeys(COLUMNS, "") | {
            "ID LKS": f"{'Z' if place.name.split()[1] == 'Pindah' else 'Q'}{place.institution * 37 % 101:03d}",
            "Nama LKS": place.name, "Kelompok sasaran": services, "Sistem": system, "Status aktif": active,
            "Akreditasi": rank, "Kapasitas": capacity, "Alamat": f"Jl. {area['nama']} {place.institution}",
            "Cakupan wilayah": f"Desa {area['nama']}" if place.institution % 3 == 0 else "",
        }  # fmt: skip
        if place.notation in ("all", "desa", "kecamatan", "point and kecamatan"):
            row |= {"Kecamatan": area["kecamatan"], "Kabupaten": area["kabupaten"]}
        if place.notation in ("all", "desa"):
            row["Desa"] = area["nama"]
        if place.notation in ("all", "code"):
            row["Kode desa"] = place.desa
        if place.notation in ("all", "point", "point and kecamatan"):
            row |= {"Bujur": f"{place.at[0]:.6f}", "Lintang": f"{place.at[1]:.6f}"}
        yield row
