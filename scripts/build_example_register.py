"""Makes data/contoh-register-lks.xlsx: an invented register of 169 LKS in the shape of an office's workbook.

Nothing in it is real: names are "LKS Contoh 001 ...", there are no persons and no telephone numbers. Places cluster
near the capitals of the kabupaten, so that many mountain villages stay out of reach. It holds the dirt that registers
have: a title, a row of column numbers, decimal commas, blank and contradictory points, a TOTAL row, a signature block.
Seeded: same boundaries, same bytes.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random

import geopandas as gpd
import shapely
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lks_geo.boundaries import load_boundaries
from lks_geo.geo import GEOD
from lks_geo.population.targets import load_population
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries

OUTPUT = Path(__file__).resolve().parents[1] / "data" / "contoh-register-lks.xlsx"
SEED = 169

PER_KABUPATEN = {"76.01": 20, "76.02": 38, "76.03": 16, "76.04": 50, "76.05": 31, "76.06": 14}
CAPITALS = {
    "76.01": "76.01.02.1001",
    "76.02": "76.02.01.1013",
    "76.03": "76.03.03.1001",
    "76.04": "76.04.04.1006",
    "76.05": "76.05.01.1001",
    "76.06": "76.06.01.2003",
}
CLUSTER_KM = 14.0
"""How fast the chance of an LKS falls with the distance from the capital."""
MARGIN_DEGREES = 0.0006
SHORT_NAMES = {"Polewali Mandar": "Polman", "Mamuju Tengah": "Mateng"}

FIRST_WORDS = (
    "Melati", "Kenanga", "Cempaka", "Teratai", "Anggrek", "Mawar", "Dahlia", "Flamboyan", "Seroja", "Bugenvil",
    "Kamboja", "Soka", "Wijaya",
)  # fmt: skip
SECOND_WORDS = (
    "Harapan", "Kasih", "Bahagia", "Sejahtera", "Mulia", "Damai", "Rukun", "Bersama", "Teduh", "Peduli", "Sentosa",
    "Bakti", "Lestari",
)  # fmt: skip

SERVICES = (
    ("Anak", 53), ("LKS Anak Dalam Panti", 14), ("LKS Anak Luar Panti", 8), ("Lanjut Usia", 25),
    ("LKS Lanjut Usia Luar Panti", 13), ("Anak dan Lansia", 8), ("Anak; Lanjut Usia", 5), ("Disabilitas", 12),
    ("Penyandang Disabilitas", 6), ("Lansia / Disabilitas", 5), ("Anak, Disabilitas", 4), ("Anak + Lansia", 3),
    ("Korban Penyalahgunaan NAPZA", 5), ("Korban Tindak Kekerasan dan Traumatik", 4), ("Tuna Sosial", 2),
    ("Anak; Korban Tindak Kekerasan", 2),
)  # fmt: skip
"""How services are written, and how many of the 169 are written so."""

HEADINGS = (
    ("No", 5), ("Nama LKS", 34), ("Jenis Layanan", 38), ("Sistem", 20), ("Status", 12), ("Badan Hukum", 22),
    ("Perkembangan", 14), ("Akreditasi", 11), ("Berlaku sampai", 18), ("Kapasitas", 10), ("Jumlah klien", 12),
    ("Alamat", 24), ("Desa/Kelurahan", 20), ("Kecamatan", 20), ("Kabupaten", 18), ("Lintang", 15), ("Bujur", 15),
    ("Cakupan wilayah", 58),
)  # fmt: skip
TITLE = (
    "DATA CONTOH – REGISTER LEMBAGA KESEJAHTERAAN SOSIAL (LKS)",
    "PROVINSI SULAWESI BARAT TAHUN 2026",
    "Seluruh isi tabel ini rekaan untuk mencoba lks-geo; tidak ada lembaga atau orang yang sebenarnya.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One invented LKS, as the sheet shows it. `lat`/`lon` may be text (decimal comma, degrees) or None."""

    code: str
    name: str
    service: str
    system: str
    status: str
    legal: str
    stage: str
    rank: str
    until: date | str | None
    capacity: int | None
    clients: int | None
    address: str
    desa: str
    kecamatan: str
    kabupaten: str
    lat: float | str | None
    lon: float | str | None
    area: str


def main(output: Path = OUTPUT) -> None:
    """Invents, dirties and writes the register."""
    random = Random(SEED)
    boundaries = load_boundaries(None)
    people = load_population(None, boundaries, Settings()).table["penduduk"]
    codes = [code for kabupaten in PER_KABUPATEN for code in chosen(boundaries.desa, people, kabupaten, random)]
    services = [words for words, count in SERVICES for _ in range(count)]
    names = [f"{FIRST_WORDS[at % 13]} {SECOND_WORDS[(at // 13 + at) % 13]}" for at in range(169)]
    random.shuffle(services)
    numbers = Random(SEED).sample(range(169), 169)  # in no order of the rows: a missing number must tell no village
    entries = [
        invented(f"LKS Contoh {at + 1:03d} {names[at]}", code, service, boundaries.desa, random)
        for at, code, service in zip(numbers, codes, services, strict=True)
    ]
    write(dirtied(entries, boundaries), output)


def chosen(desa: gpd.GeoDataFrame, people: Sequence[float], kabupaten: str, random: Random) -> list[str]:
    """The desa of the LKS of a kabupaten, in order of code: likelier where people are many and the capital is near."""
    inside = desa[desa["kode_kabupaten"] == kabupaten]
    points = inside.geometry.representative_point()
    capital = points[CAPITALS[kabupaten]]
    km = [GEOD.inv(capital.x, capital.y, point.x, point.y)[2] / 1000 for point in points]
    weights = [people[code] * math.exp(-far / CLUSTER_KM) for code, far in zip(inside.index, km, strict=True)]
    return sorted(random.choices(list(inside.index), weights, k=PER_KABUPATEN[kabupaten]))


def invented(name: str, code: str, service: str, desa: gpd.GeoDataFrame, random: Random) -> Entry:
    """One LKS at a random point well inside its desa."""
    area = desa.loc[code]
    point = point_inside(area.geometry, random)
    system = "Dalam Panti" if "Dalam" in service else random.choice(("Dalam Panti", "Luar Panti", "Luar Panti"))
    system = "Luar Panti" if "Luar" in service else system
    rank = random.choices(("A", "B", "C", "TTA", "Belum"), (10, 30, 28, 4, 60))[0]
    until = date(random.randint(2025, 2030), random.randint(1, 12), random.randint(1, 28)) if rank in "ABC" else None
    residential = system == "Dalam Panti"
    capacity = random.randrange(15, 80, 5) if residential or random.random() < 0.3 else None
    clients = random.randint(8, capacity + 6 if capacity else 70) if random.random() < 0.94 else None
    return Entry(
        code=code,
        name=name,
        service=service,
        system=system,
        status=random.choices(("Aktif", "Tidak Aktif"), (80, 20))[0],
        legal=random.choices(("Berbadan Hukum", "Tidak Berbadan Hukum"), (72, 28))[0],
        stage=random.choices(("Tumbuh", "Berkembang", "Mandiri"), (45, 40, 15))[0],
        rank=rank,
        until=until,
        capacity=capacity,
        clients=clients,
        address=f"Jl. Contoh No. {random.randint(1, 99)}",
        desa=area["nama"],
        kecamatan=area["kecamatan"],
        kabupaten=area["kabupaten"],
        lat=round(point.y, 6),
        lon=round(point.x, 6),
        area=declared(code, desa, random),
    )


def point_inside(shape: shapely.Geometry, random: Random) -> shapely.Point:
    """A random point of the shape, away from its border where there is room."""
    room = shape.buffer(-MARGIN_DEGREES)
    room = shape if room.is_empty else room
    west, south, east, north = room.bounds
    while True:
        point = shapely.Point(round(random.uniform(west, east), 6), round(random.uniform(south, north), 6))
        if room.contains(point):
            return point


def declared(code: str, desa: gpd.GeoDataFrame, random: Random) -> str:
    """The declared service area of about half of the LKS: kecamatan, some desa, or the kabupaten."""
    own = desa.loc[code]
    chance = random.random()
    if chance < 0.55:
        return ""
    if chance < 0.65:
        return f"Kabupaten {own['kabupaten']}"
    if chance < 0.85:
        others = sorted(set(desa[desa["kode_kabupaten"] == own["kode_kabupaten"]]["kecamatan"]))
        more = random.choice(others)
        return "; ".join(f"Kecamatan {name}" for name in dict.fromkeys((own["kecamatan"], more)))
    siblings = sorted(desa[desa["kode_kecamatan"] == own["kode_kecamatan"]]["nama"])
    return "; ".join(f"Desa {name}" for name in sorted(random.sample(siblings, min(3, len(siblings)))))


def dirtied(entries: list[Entry], boundaries: Boundaries) -> list[Entry]:
    """The register with the faults that real ones have, at fixed places."""
    rows, desa = list(entries), boundaries.desa
    for at in range(4, 169, 11):
        rows[at] = replace(rows[at], lat=comma(rows[at].lat), lon=comma(rows[at].lon))
    for at in (20, 90):
        rows[at] = replace(rows[at], lat=degrees(rows[at].lat, "LS"), lon=degrees(rows[at].lon, "BT"))
    for at in (12, 40, 66, 101, 130, 155):
        rows[at] = replace(rows[at], lat=None, lon=None)
    for at in (58, 117):
        rows[at] = replace(rows[at], lat=None, lon=None, desa="")
    for at in (30, 84):
        rows[at] = replace(rows[at], lat=-float(rows[at].lat))
    rows[140] = replace(rows[140], lat=rows[140].lon, lon=rows[140].lat)
    for at in (25, 73, 160):
        rows[at] = elsewhere(rows[at], desa)
    at, moved = next((at, moved) for at in range(110, 150) if (moved := offshore(rows[at], boundaries)))
    rows[at] = moved
    for at in (51, 109):
        rows[at] = replace(rows[at], status="")
    for at in (77, 82, 160):
        rows[at] = replace(rows[at], kabupaten=SHORT_NAMES.get(rows[at].kabupaten, rows[at].kabupaten))
    for at in (15, 62, 133):
        if isinstance(rows[at].until, date):
            rows[at] = replace(rows[at], until="31 Desember 2027")
    return rows


def comma(value: float | str | None) -> str:
    """A number with a decimal comma, as text."""
    return str(value).replace(".", ",")


def degrees(value: float | str | None, letters: str) -> str:
    """Degrees, minutes and seconds with LS or BT."""
    seconds = round(abs(float(value or 0)) * 3600, 1)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}'{seconds % 60:.1f}\" {letters}"


def elsewhere(row: Entry, desa: gpd.GeoDataFrame) -> Entry:
    """The row with the point of the nearest desa of another kecamatan: it contradicts what is stated."""
    own = desa.loc[row.code]
    others = desa[desa["kode_kecamatan"] != own["kode_kecamatan"]]
    here = shapely.Point(float(row.lon or 0), float(row.lat or 0))
    point = shapely.point_on_surface(others.geometry.iloc[int(shapely.distance(others.geometry.array, here).argmin())])
    return replace(row, lat=round(point.y, 6), lon=round(point.x, 6))


def offshore(row: Entry, boundaries: Boundaries) -> Entry | None:
    """The row moved to a point in the sea 150 to 500 m off its own desa; None if the desa has no coast."""
    own = boundaries.desa.geometry[row.code]
    land = boundaries.level("provinsi").geometry.iloc[0]
    coast = shapely.intersection(own.boundary, land.boundary)
    if coast.length < 0.01 or boundaries.neighbours.geometry.union_all().distance(own) < 0.05:
        return None
    for share in range(1, 100):
        ring = coast.interpolate(share / 100, normalized=True).buffer(0.0025).boundary
        for part in range(36):
            point = ring.interpolate(part / 36, normalized=True)
            if land.distance(point) > 0.0016 and own.distance(point) - land.distance(point) < 1e-9:
                return replace(row, lat=round(point.y, 6), lon=round(point.x, 6))
    return None


def write(rows: Sequence[Entry], path: Path) -> None:
    """Writes the workbook: title, headings, column numbers, rows, TOTAL, signature block; and a sheet of notes."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": TITLE[0], "created": datetime(2026, 1, 1)})  # noqa: DTZ001  # office files know no time zones
    sheet = book.add_worksheet("Register LKS")
    bold = book.add_format({"bold": True, "align": "center"})
    head = book.add_format(
        {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#DDE6ED"}
    )
    small = book.add_format({"italic": True, "border": 1, "align": "center", "font_size": 8})
    formats = {"text": {}, "date": {"num_format": "dd/mm/yyyy"}, "degree": {"num_format": "0.000000"}}
    cells = {kind: book.add_format({"border": 1, **extra}) for kind, extra in formats.items()}
    for line, text in enumerate(TITLE):
        sheet.merge_range(line, 0, line, len(HEADINGS) - 1, text, bold)
    for at, (heading, width) in enumerate(HEADINGS):
        sheet.set_column(at, at, width)
        sheet.write(4, at, heading, head)
        sheet.write(5, at, at + 1, small)
    for at, row in enumerate(rows):
        write_row(sheet, 6 + at, at + 1, row, cells)
    end = 6 + len(rows)
    sheet.write(end, 1, "TOTAL", head)
    sheet.write(end, 9, sum(row.capacity or 0 for row in rows), head)
    sheet.write(end, 10, sum(row.clients or 0 for row in rows), head)
    for line, text in enumerate(("DIKETAHUI,", "Kepala Dinas Sosial, P3A dan PMD", "Provinsi Sulawesi Barat")):
        sheet.write(end + 3 + line, 14, text)
    sheet.write(end + 9, 14, "(tanda tangan dan cap)")
    sheet.freeze_panes(6, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4, 5)
    notes = book.add_worksheet("Keterangan")
    notes.set_column(0, 0, 100)
    for line, text in enumerate((*TITLE, "Dibuat oleh scripts/build_example_register.py.")):
        notes.write(line, 0, text)
    book.close()


def write_row(sheet: Worksheet, line: int, number: int, row: Entry, cells: dict[str, Format]) -> None:
    """One LKS."""
    values = (
        number, row.name, row.service, row.system, row.status, row.legal, row.stage, row.rank, row.until, row.capacity,
        row.clients, row.address, row.desa, row.kecamatan, row.kabupaten, row.lat, row.lon, row.area,
    )  # fmt: skip
    for at, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), cells["date"])  # noqa: DTZ001  # office files know no time zones
        elif value is None or value == "":
            sheet.write_blank(line, at, None, cells["text"])
        else:
            sheet.write(line, at, value, cells["degree" if isinstance(value, float) else "text"])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
