"""A coverage small enough to read: two kabupaten, three desa, two groups, five places, written by hand.

Used by the tests of every table output. Numbers are chosen to be awkward: thirds, zero, NA, whole numbers as floats,
a name that looks like a formula. The group `kekerasan` is sensitive: its one place is disguised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lks_geo.catalogue import DEFAULT_GROUPS, Measure
from lks_geo.messages import msg
from lks_geo.settings import Settings
from lks_geo.tables import (
    REGISTER_COLUMNS,
    TOTAL,
    UNREPORTED,
    Boundaries,
    Coverage,
    DesaFrame,
    Issue,
    PlaceTotals,
    Population,
    PopulationFrame,
    Register,
    RegisterFrame,
    SheetReport,
    Source,
)

DAY = date(2026, 11, 24)
HIDDEN_ID = "disamarkan 76.02.01"
FORMULA = '=HYPERLINK("x","klik")'
GROUPS = tuple(group for group in DEFAULT_GROUPS if group.key in {"lansia", "kekerasan"})


def _measure(key: str, kind: str, digits: int = 0, unit: str = "") -> Measure:
    return Measure(
        key=key, title_id=key.replace("_", " ").capitalize(), title_en=key, unit_id=unit, unit_en=unit,
        definition_id=f"arti {key}", definition_en=f"meaning of {key}", kind=kind, digits=digits,
    )  # fmt: skip


MEASURES = (
    _measure("jumlah_lks", "count"),
    _measure("lks_disamarkan", "count"),
    _measure("lks_tanpa_titik", "count"),
    _measure("sasaran", "people", unit="orang"),
    _measure("sasaran_lengkap", "flag"),
    _measure("sasaran_perkiraan", "flag"),
    _measure("desa_diketahui", "count"),
    _measure("jarak_km", "km", 1, "km"),
    _measure("lks_terdekat", "text"),
    _measure("terjangkau", "people", unit="orang"),
    _measure("cakupan", "share", 1),
    _measure("cakupan_terendah", "share", 1),
    _measure("belum_terjangkau", "people", unit="orang"),
    _measure("jumlah_desa", "count"),
    _measure("desa_belum_terlayani", "count"),
    _measure("status", "text"),
    _measure("prioritas", "count"),
)

DESA = {
    "76.01.01.2001": ("Satu", "7605010001", "76.01.01", "Kec A", "76.01", "Kabupaten Barat"),
    "76.01.01.2002": ("Dua, Besar", "7605010002", "76.01.01", "Kec A", "76.01", "Kabupaten Barat"),
    "76.02.01.2001": ("Tiga", "7604010001", "76.02.01", "Kec B", "76.02", "Kabupaten Timur"),
}


def boundaries() -> Boundaries:
    """Three unit squares in a row at 119 E, 2 S."""
    rows = [
        {"nama": n, "kode_bps": bps, "kode_kecamatan": kc, "kecamatan": kec, "kode_kabupaten": kb, "kabupaten": kab,
         "kode_provinsi": "76", "provinsi": "Sulawesi Barat"}
        for n, bps, kc, kec, kb, kab in DESA.values()
    ]  # fmt: skip
    boxes = [shapely.box(119 + x, -3, 120 + x, -2) for x in range(3)]
    frame = gpd.GeoDataFrame(rows, index=pd.Index(DESA, name="kode"), geometry=boxes, crs="EPSG:4326")
    return Boundaries(
        desa=DesaFrame(frame),
        neighbours=gpd.GeoDataFrame({"nama": []}, geometry=[], crs="EPSG:4326"),
        source=Source(name="batas.parquet", sha256="b" * 64, vintage="2025", licence="bebas"),
        crs_m="EPSG:32750",
    )


def settings(**changes: object) -> Settings:
    """Settings of a fixed day with the two groups."""
    return replace(Settings(day=DAY, groups=GROUPS), **changes)  # type: ignore[arg-type]


def register() -> Register:
    """Six rows: accepted, repaired, doubtful without point, rejected, a disguised one, and one outside the province."""
    blank = dict.fromkeys(REGISTER_COLUMNS, pd.NA) | {
        "lembar": "Data", "layanan": (("lansia", "dalam"),), "kelompok": ("lansia",), "layanan_lain": (),
        "cakupan_wilayah": (), "lintang": np.nan, "bujur": np.nan, "berlaku_sampai": pd.NaT, "disamarkan": False,
    }  # fmt: skip
    rows = [
        blank | {"nomor": 5, "hasil": "diterima", "id": "L1", "nama": FORMULA, "aktif": True, "kapasitas": 25,
                 "lintang": -2.5, "bujur": 119.5, "lokasi": "titik", "kode_desa": "76.01.01.2001",
                 "kode_kecamatan": "76.01.01", "kode_kabupaten": "76.01", "akreditasi": "A",
                 "berlaku_sampai": pd.Timestamp(2027, 5, 1), "layanan": (("lansia", "dalam"), ("lansia", "luar")),
                 "kabupaten": "Kab. Barat", "cakupan_wilayah": ("76.01", "76.02.01")},
        blank | {"nomor": 6, "hasil": "diperbaiki", "id": "L2", "nama": "Panti “Dua”", "aktif": False,
                 "lintang": -2.25, "bujur": 120.25, "lokasi": "perkiraan", "kode_desa": "76.01.01.2002",
                 "kode_kecamatan": "76.01.01", "kode_kabupaten": "76.01"},
        blank | {"nomor": 7, "hasil": "meragukan", "id": "L3", "nama": "Tanpa Titik", "lokasi": "tanpa_titik",
                 "kabupaten": "Timur"},
        blank | {"nomor": 8, "hasil": "ditolak", "nama": "Baris Ganda", "alamat": "-", "kabupaten": "Entah"},
        blank | {"nomor": 9, "hasil": "meragukan", "kelompok": ("kekerasan",), "layanan": (("kekerasan", None),),
                 "id": HIDDEN_ID, "lokasi": "disamarkan", "lintang": -2.5, "bujur": 121.5, "disamarkan": True,
                 "kode_kecamatan": "76.02.01", "kode_kabupaten": "76.02"},
        blank | {"nomor": 10, "hasil": "diterima", "id": "L6", "nama": "Luar", "aktif": True, "lintang": -5.0,
                 "bujur": 119.4, "lokasi": "luar_wilayah"},
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(REGISTER_COLUMNS))
    frame["id_tertulis"] = frame["id"].mask(frame["disamarkan"])
    tuples = {"layanan", "kelompok", "layanan_lain", "cakupan_wilayah"}
    numbers = {"nomor": "int64", "lintang": "float64", "bujur": "float64", "berlaku_sampai": "datetime64[ns]",
               "kapasitas": "Int64", "klien": "Int64", "aktif": "boolean", "badan_hukum": "boolean",
               "disamarkan": "bool"}  # fmt: skip
    texts = {name: "string" for name in REGISTER_COLUMNS if name not in tuples | numbers.keys()}
    return Register(
        rows=RegisterFrame(frame.astype(numbers | texts)),
        issues=(
            _issue(6, "lintang", "koordinat_diperbaiki", "diperbaiki", before="-2250000", after="-2,25"),
            _issue(7, "koordinat", "hanya_wilayah", "meragukan", before="=1+1"),
            _issue(7, "status_aktif", "status_kosong", "meragukan"),
            _issue(8, None, "baris_ganda", "ditolak"),
            _issue(9, None, "koordinat_kasar", "meragukan"),
            _issue(5, "kelompok", "layanan_lain", "diterima", before="tuna sosial"),
        ),
        sheets=(
            SheetReport(
                name="Data",
                header_rows=(3, 4),
                columns={"nama": "NAMA LKS", "koordinat": "TITIK", "tanda:lansia": "LANSIA"},
                unused=("KET",),
                dropped={"NO HP": msg("sheets.personal_content")},
                passed_over={"title": 2, "blank": 1},
                rows=6,
            ),
        ),
        source=Source(name="register.xlsx", sha256="a" * 64, example=True),
        status_recorded=True,
    )


def _issue(
    row: int, field: str | None, kind: str, outcome: str, *, before: str | None = None, after: str | None = None
) -> Issue:
    return Issue(
        posisi=row - 5, lembar="Data", nomor=row, kolom=field, jenis=kind, hasil=outcome, pesan=msg("style.indicative"),
        sebelum=before, sesudah=after,
    )  # fmt: skip


def coverage(**changes: object) -> Coverage:
    """The coverage; `changes` are settings."""
    chosen = settings(**changes)
    areas, people, cleaned = boundaries(), _population(), register()
    known = cleaned.places
    counted = known["id"].isin(["L1", HIDDEN_ID, "L6"])
    places = RegisterFrame(known.assign(dihitung=counted, kelompok_dihitung=known["kelompok"]))
    return Coverage(
        table=_table(areas),
        places=places,
        measures=MEASURES,
        settings=chosen,
        boundaries=areas,
        population=people,
        register=cleaned,
        totals={
            "lansia": _totals(4, 2, 1, 0, 1),
            "kekerasan": _totals(1, 1, 1, 0, 0, disguised=1),
            TOTAL: _totals(5, 3, 2, 0, 1, disguised=1),
        },
        notes=(msg("style.indicative"),),
    )


def _totals(used: int, counted: int, in_areas: int, pointless: int, outside: int, *, disguised: int = 0) -> PlaceTotals:
    return PlaceTotals(
        used=used, counted=counted, in_areas=in_areas, tanpa_titik=pointless, luar_wilayah=outside, doubtful=1,
        approximate=1, disguised=disguised, status_unknown=1,
    )  # fmt: skip


def _population() -> Population:
    table = pd.DataFrame(
        {"lansia": [300.0, 1000.0, 50.0], "kekerasan": np.nan, "penduduk": 3000.0, "lintang": np.nan, "bujur": np.nan},
        index=pd.Index(DESA, name="kode"),
    )
    source = Source(name="penduduk.csv", sha256="c" * 64, vintage="2024", estimated=True)
    return Population(table=PopulationFrame(table), source=source, unknown_codes=("99.99.99.9999",))


_DESA_VALUES = {
    "76.01.01.2001": (1, 300.0, 0.1 + 0.2, "L1", 300.0, 1.0, 1.0, "ada", None),
    "76.01.01.2002": (0, 1000.0, 12.25, "L1", 0.0, 0.0, 0.0, "belum_terlayani", 1),
    "76.02.01.2001": (0, 50.0, 20.5, "L1", 50 / 3, 1 / 3, 0.25, "terjangkau_sebagian", 2),
}


_HIDDEN_VALUES = {"76.01.01.2001": (30.5, 1), "76.01.01.2002": (20.5, 2), "76.02.01.2001": (12.0, 3)}


def _table(areas: Boundaries) -> pd.DataFrame:
    rows = []
    for level in ("desa", "kecamatan", "kabupaten", "provinsi"):
        names = areas.names(level)
        for code in names.index:
            own = [key for key in DESA if key.startswith(code)]
            for group in GROUPS:
                rows.append({"level": level, "kode": code, "kelompok": group.key} | _values(own, level, group.key))
                rows[-1] |= {key: names.loc[code, key] for key in ("nama", "kode_bps", "kecamatan", "kabupaten")}
    keys = ["level", "kode", "kode_bps", "nama", "kecamatan", "kabupaten", "kelompok"]
    whole = dict.fromkeys(
        ("jumlah_lks", "lks_disamarkan", "lks_tanpa_titik", "desa_diketahui", "jumlah_desa", "desa_belum_terlayani",
         "prioritas"), "Int64",
    )  # fmt: skip
    table = pd.DataFrame(rows)[[*keys, *(measure.key for measure in MEASURES)]]
    return table.astype(
        whole
        | dict.fromkeys(("sasaran_lengkap", "sasaran_perkiraan"), "boolean")
        | dict.fromkeys([*keys, "lks_terdekat", "status"], "str")
    )


def _values(own: list[str], level: str, group: str) -> dict[str, object]:
    upper = level != "desa"
    if group == "kekerasan":
        km, rank = _HIDDEN_VALUES[own[0]]
        disguised = int(upper and any(code.startswith("76.02") for code in own))
        return dict.fromkeys((measure.key for measure in MEASURES), None) | {
            "jumlah_lks": disguised, "lks_disamarkan": disguised if upper else None,
            "lks_tanpa_titik": 0 if upper else None, "sasaran_lengkap": False, "sasaran_perkiraan": False,
            "desa_diketahui": 0, "jarak_km": km,
            "lks_terdekat": None if upper else HIDDEN_ID, "cakupan": 0.0, "cakupan_terendah": 0.0,
            "jumlah_desa": len(own), "desa_belum_terlayani": len(own), "status": "belum_terlayani",
            "prioritas": None if upper else rank,
        }  # fmt: skip
    values = [_DESA_VALUES[code] for code in own]
    target, reached = sum(one[1] for one in values), sum(one[4] for one in values)
    desa = values[0] if level == "desa" else None
    share = reached / target
    return {
        "jumlah_lks": sum(one[0] for one in values),
        "lks_disamarkan": 0 if upper else None,
        "lks_tanpa_titik": 0 if upper else None,
        "sasaran": target,
        "sasaran_lengkap": True,
        "sasaran_perkiraan": True,
        "desa_diketahui": len(own),
        "jarak_km": sum(one[1] * one[2] for one in values) / target,
        "lks_terdekat": desa[3] if desa else None,
        "terjangkau": reached,
        "cakupan": share,
        "cakupan_terendah": sum(one[1] * one[6] for one in values) / target,
        "belum_terjangkau": target - reached,
        "jumlah_desa": len(own),
        "desa_belum_terlayani": sum(one[7] == "belum_terlayani" for one in values),
        "status": desa[7] if desa else "terjangkau_sebagian",
        "prioritas": desa[8] if desa else None,
    }


def unreported(**changes: object) -> Coverage:
    """The coverage of a register that has no row from the eastern kabupaten."""
    whole = coverage(**changes)
    east = whole.table["kode"].str.startswith("76.02")
    province = whole.table["level"] == "provinsi"
    table = whole.table.assign(
        status=whole.table["status"].mask(east, UNREPORTED),
        prioritas=whole.table["prioritas"].mask(east),
        desa_belum_terlayani=whole.table["desa_belum_terlayani"].mask(east).mask(province, 1),
    )
    return replace(whole, table=table, unreported=("76.02",))


def incomplete(**changes: object) -> Coverage:
    """The coverage where the older people of one of the three desa are not known."""
    whole = coverage(**changes)
    old = whole.table["kelompok"] == "lansia"
    unknown = old & (whole.table["kode"] == "76.01.01.2002")
    partly = old & whole.table["kode"].isin(["76.01.01", "76.01", "76"])
    reached = 300 + 50 / 3
    table = whole.table.copy()
    for name, west, province in (
        ("sasaran", 300.0, 350.0),
        ("terjangkau", 300.0, reached),
        ("belum_terjangkau", 0.0, 350 - reached),
        ("cakupan", 1.0, reached / 350),
    ):
        values = table[name].mask(partly, west).mask(partly & (table["level"] == "provinsi"), province)
        table[name] = values if name == "cakupan" else values.mask(unknown)
    table["sasaran_lengkap"] = table["sasaran_lengkap"].mask(unknown | partly, False)
    known = table["desa_diketahui"]
    table["desa_diketahui"] = known.mask(unknown, 0).mask(partly, known - 1)
    return replace(whole, table=table)
