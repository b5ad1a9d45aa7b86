"""The tables that every output shares, as frames, and the CSV form of a frame. Sensitive groups are masked first."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import pandas as pd

from lks_geo.render.cells import CSV_STYLES, csv_text, joined, systems
from lks_geo.tables import KEY_COLUMNS, Coverage

UNSERVED_COLUMNS = (
    "kelompok", "prioritas", "kode", "kode_bps", "nama", "kecamatan", "kabupaten",
    "sasaran", "belum_terjangkau", "jarak_km", "lks_terdekat", "nama_lks_terdekat", "status",
)  # fmt: skip

PLACE_COLUMNS = (
    "id", "nama", "kelompok", "sistem", "layanan_lain", "dihitung", "aktif", "badan_hukum", "perkembangan",
    "akreditasi", "berlaku_sampai", "kapasitas", "klien", "alamat", "kode_desa", "desa", "kecamatan", "kabupaten",
    "lokasi", "lintang", "bujur", "cakupan_wilayah", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis",
    "hasil",
)  # fmt: skip


def shown(coverage: Coverage) -> Coverage:
    """The coverage itself."""
    return coverage


def table_frame(coverage: Coverage) -> pd.DataFrame:
    """The long coverage table that every table output writes: KEY_COLUMNS, then the measures in their order."""
    keys = [measure.key for measure in coverage.measures]
    return shown(coverage).table[[*KEY_COLUMNS, *keys]].reset_index(drop=True)


def unserved_frame(coverage: Coverage, *, top: int | None = None) -> pd.DataFrame:
    """The desa that are `belum_terlayani` (UNSERVED_COLUMNS), by group, then priority, then code.

    `top` keeps that many per group. Groups whose priorities are masked: the farthest first.
    """
    coverage = shown(coverage)
    table = coverage.table
    rows = table[(table["level"] == "desa") & (table["status"] == "belum_terlayani")].copy()
    order = {group.key: place for place, group in enumerate(coverage.groups)}
    rows["_order"] = rows["kelompok"].map(order)
    rows = rows.sort_values(
        ["_order", "prioritas", "jarak_km", "kode"], ascending=[True, True, False, True], na_position="last"
    )
    if top is not None:
        rows = rows.groupby("_order", sort=False).head(top)
    names = coverage.places.dropna(subset=["id"]).drop_duplicates("id").set_index("id")["nama"]
    rows["nama_lks_terdekat"] = rows["lks_terdekat"].map(names).astype("string")
    return rows[list(UNSERVED_COLUMNS)].reset_index(drop=True)


def places_frame(coverage: Coverage) -> pd.DataFrame:
    """The places in use (PLACE_COLUMNS): lists as text, `desa`/`kecamatan`/`kabupaten` where the place lies.

    What the register states about the area is kept beside it in `*_tertulis`. Sorted by area and name.
    """
    coverage = shown(coverage)
    places = coverage.listed_places
    frame = pd.DataFrame(places.drop(columns=["kelompok", "layanan_lain", "cakupan_wilayah"]))
    for level in ("desa", "kecamatan", "kabupaten"):
        frame[f"{level}_tertulis"] = frame[level]
        names = coverage.boundaries.names(level)["nama"]
        frame[level] = frame[f"kode_{level}"].map(names).astype("string")
    for column in ("kelompok", "layanan_lain", "cakupan_wilayah"):
        frame[column] = places[column].map(joined).astype("string")
    frame["sistem"] = places["layanan"].map(systems).astype("string")
    return frame[list(PLACE_COLUMNS)].reset_index(drop=True)


def write_csv_file(path: Path, frame: pd.DataFrame, *, style: str = "intl") -> None:
    """Write a frame as the CSV of DESIGN section 7 (UTF-8 with BOM). `style`: a key of CSV_STYLES."""
    delimiter, _ = CSV_STYLES[style]
    csv_text(frame, style=style).to_csv(path, sep=delimiter, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_csv(stream: TextIO, coverage: Coverage, *, csv_style: str = "intl") -> None:
    """Write the coverage table as CSV to an open text stream, such as standard output (no BOM)."""
    delimiter, _ = CSV_STYLES[csv_style]
    csv_text(table_frame(coverage), style=csv_style).to_csv(stream, sep=delimiter, index=False, lineterminator="\n")
