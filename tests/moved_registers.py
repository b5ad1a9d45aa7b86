"""Random registers with places of sensitive groups, and the same registers with these places moved and renamed.

A moved place stays in its kecamatan: other desa, other code, other point (inside, on an ordinary place, on a border,
off the shore), other name, address, id and declared areas; `scattered` gives it another line. Which cells are filled,
how they are written, the services and which rows are one institution stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lks_geo.locate import Locator
from lks_geo.tables import Boundaries

Row = dict[str, str]
COLUMNS = (
    "ID LKS", "Nama LKS", "Kelompok sasaran", "Sistem", "Status aktif", "Akreditasi", "Kapasitas", "Alamat",
    "Desa", "Kecamatan", "Kabupaten", "Kode desa", "Lintang", "Bujur", "Cakupan wilayah", "Tahun", "Alamat publik",
)  # fmt: skip
TICKED = ("Anak", "Lansia", "Disabilitas", "NAPZA", "Korban kekerasan")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a register is written: kind of file, in two sheets, a column of ticks per group, codes of BPS, public or not.

    Which places have a public address stands in a column, or nowhere: then the settings say it.
    """

    suffix: str = ".csv"
    sheets: bool = False
    ticks: bool = False
    bps: bool = False
    public: bool = True


FORMS = (
    Form(), Form(suffix=".xlsx", sheets=True), Form(suffix=".geojson"), Form(ticks=True, bps=True),
    Form(suffix=".gpkg", ticks=True), Form(suffix=".xlsx", bps=True), Form(suffix=".parquet"),
)  # fmt: skip


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
        public = not secret and number % 11 == 5
        services = str(rng.choice(OPEN[:2] if words else SECRET if secret else SECRET[1:3] if public else OPEN))
        name = f"{rng.choice(OWN_WORDS) if words else 'LKS'} {rng.choice(FIRST)} {rng.choice(FIRST)} {number:02d}"
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
            name = f"{head} Pindah {rng.choice(FIRST)} {rng.choice(FIRST)} {place.institution:02d}"
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


def scattered(seed: int, found: list[Place]) -> list[Place]:
    """The same places, the secret ones on other lines among the others, whose order stays."""
    rng = np.random.default_rng(seed + 20_000)
    lines = [place for place in found if not place.secret]
    for place in (place for place in found if place.secret):
        lines.insert(int(rng.integers(len(lines) + 1)), place)
    return lines


def write(path: Path, found: list[Place], land: Land, form: Form | None = None) -> Path:
    """The register as a file of that form, by default CSV."""
    form = form or Form(suffix=path.suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(list(_rows(found, land)), columns=COLUMNS, dtype="str")
    if not form.public:
        table = table.drop(columns="Alamat publik")
    if form.bps:
        table["Kode desa"] = table["Kode desa"].map(land.desa["kode_bps"]).fillna("")
    if form.ticks:
        told = table.pop("Kelompok sasaran").str.lower()
        for group in TICKED:
            table[group] = np.where(told.str.contains(group.lower()), "V", "")
    if form.suffix in (".geojson", ".gpkg"):
        points = gpd.points_from_xy(pd.to_numeric(table.pop("Bujur")), pd.to_numeric(table.pop("Lintang")))
        shapes = gpd.GeoSeries(points, crs=4326)
        gpd.GeoDataFrame(table, geometry=shapes.where(~shapes.is_empty)).to_file(path)
    elif form.suffix == ".parquet":
        table.to_parquet(path)
    elif form.sheets:
        second = np.array([int(place.desa[-1]) % 2 == 1 for place in found])
        with pd.ExcelWriter(path) as book:
            for name, part in (("Daftar A", table[~second]), ("Daftar B", table[second])):
                part.to_excel(book, sheet_name=name, index=False)
    elif form.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False)
    return path


def written_id(place: Place) -> str:
    """The id in the register; a moved institution has another one."""
    return f"{'Z' if place.name.split()[1] == 'Pindah' else 'Q'}{place.institution * 37 % 101:03d}"


def is_public(place: Place) -> bool:
    """Whether it serves a sensitive group at an address that everybody knows."""
    return "kekerasan" in place.fixed[0] and not place.secret


def _rows(found: list[Place], land: Land) -> Iterator[Row]:
    for place in found:
        area = land.desa.loc[place.desa]
        services, system, active, rank, capacity = place.fixed
        row = dict.fromkeys(COLUMNS, "") | {
            "ID LKS": written_id(place), "Nama LKS": place.name, "Kelompok sasaran": services,
            "Sistem": system, "Status aktif": active,
            "Akreditasi": rank, "Kapasitas": capacity, "Alamat": f"Jl. {area['nama']} {place.institution}",
            "Cakupan wilayah": ("Desa {}", "{}", "", "Kec. {}: {}", "")[place.institution % 5].format(
                *([area["kecamatan"]] if place.institution % 5 == 3 else []), area["nama"]
            ),
            "Tahun": str(2023 + len(services) % 3),
            "Alamat publik": "ya" if is_public(place) else "",
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
