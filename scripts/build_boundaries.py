"""Compiles boundaries/sulbar-2025.parquet from the folder of sources (see scripts/README.md). Same sources: same bytes.

Cleans the 648 desa to a coverage, adds names and BPS codes, joins the upper levels from the desa and clips the
neighbouring provinces to a box around them. Stops if anything does not add up.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lks_geo.boundaries.boundary_file import NEIGHBOURS, FileFacts, write_levels
from lks_geo.boundaries.codes import KEMENDAGRI, parent_codes
from lks_geo.tables import AREA_COLUMNS, LEVELS, Boundaries, DesaFrame, Source

OUTPUT = Path(__file__).resolve().parents[1] / "boundaries" / "sulbar-2025.parquet"
GAP_DEGREES = 2e-4
BOX = shapely.box(114.5, -6.0, 123.0, 1.8)
"""What is kept of the neighbours: enough to fill a wide screen around the province."""
NEIGHBOUR_TOLERANCE = 0.006
NEIGHBOUR_GAP = 0.05
FACTS = FileFacts(
    source="cahyadsn/wilayah_boundaries, commit 3c5a796 (2026-08-20), menurut Kepmendagri 300.2.2-2430/2025",
    vintage="2025",
    licence="MIT, (c) Cahya DSN (boundaries/LICENSE-NOTICE)",
    accuracy="batas indikatif yang disederhanakan pembuatnya, bukan rujukan resmi",
)


def main(sources: Path) -> None:
    """Reads the sources, compiles the levels and writes the file."""
    source = gpd.read_parquet(sources / "boundaries/kemendagri-2025/desa.parquet").set_index("kode").sort_index()
    shapes = clean(source.geometry)
    table = area_columns(source["nama"], sources)
    desa = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    made = Boundaries(desa=DesaFrame(desa), neighbours=desa.iloc[:0], source=Source(name="", sha256=""), crs_m="")
    levels = {level: made.level(level) for level in LEVELS}
    levels[NEIGHBOURS] = neighbours(sources, levels["provinsi"].geometry.iloc[0])
    write_levels(OUTPUT, levels, FACTS, overwrite=True)
    print({level: len(frame) for level, frame in levels.items()}, OUTPUT.stat().st_size)  # noqa: T201


def clean(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The desa as a valid coverage without gaps."""
    with np.errstate(invalid="ignore"):
        cleaned = shapely.coverage_clean(shapes.to_numpy(), gap_width=GAP_DEGREES)
    return gpd.GeoSeries(cleaned, index=shapes.index, crs=shapes.crs)


def area_columns(names: pd.Series[str], sources: Path) -> pd.DataFrame:
    """AREA_COLUMNS of the desa: names from the source's own levels, BPS codes from the crosswalk."""
    folder = sources / "boundaries/kemendagri-2025"
    kecamatan = gpd.read_parquet(folder / "kecamatan.parquet").set_index("kode")["nama"]
    kabupaten = gpd.read_parquet(folder / "kabupaten.parquet").set_index("kode")["nama"]
    table = parent_codes(names.index.to_series(), KEMENDAGRI)
    table["nama"] = names
    table["kecamatan"] = table["kode_kecamatan"].map(kecamatan)
    table["kabupaten"] = table["kode_kabupaten"].map(kabupaten.str.removeprefix("Kabupaten "))
    table["provinsi"] = "Sulawesi Barat"
    table["kode_bps"] = bps_codes(table, sources)
    return table[list(AREA_COLUMNS)].astype("str")


def bps_codes(table: pd.DataFrame, sources: Path) -> pd.Series[str]:
    """BPS codes by the crosswalk; those that it lacks by name within the bridged kecamatan of the BPS 2020 layer."""
    pairs = pd.read_csv(sources / "crosswalk/desa_bps2016_kemendagri2025.csv", dtype="str")
    known = pairs.dropna(subset=["kode_bps", "kode_kemendagri"]).set_index("kode_kemendagri")["kode_bps"]
    bridge = pd.read_csv(sources / "crosswalk/kecamatan_bps_kemendagri.csv", dtype="str")
    kecamatan = dict(zip(bridge["kode_kemendagri"], bridge["kode_bps"], strict=True))
    layers = [gpd.read_file(path) for path in sorted((sources / "boundaries/hdx-bps-2020").glob("id76*.geojson"))]
    bps = pd.concat([layer[["village_code", "village"]] for layer in layers])
    by_name = {
        (code.removeprefix("id")[:7], fold(name)): code.removeprefix("id")
        for code, name in zip(bps["village_code"], bps["village"], strict=True)
    }
    codes = known.reindex(table.index)
    for code in codes.index[codes.isna()]:
        codes[code] = by_name[kecamatan[code[:8].replace(".", "")], fold(table.at[code, "nama"])]
    return codes


def fold(name: str) -> str:
    """A name without case, blanks and signs."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def neighbours(sources: Path, province: shapely.Geometry) -> gpd.GeoDataFrame:
    """The neighbouring provinces inside BOX, coarse, joined to the province without gap or overlap."""
    raw = gpd.read_parquet(sources / "boundaries/kemendagri-2025/provinsi-sekitar.parquet").set_index("kode")
    around = raw[raw.index != "76"].sort_index()
    mended = shapely.make_valid(around.geometry.to_numpy(), method="structure", keep_collapsed=False)
    mended = shapely.intersection(mended, BOX)
    frame = gpd.GeoDataFrame({"nama": around["nama"]}, geometry=mended, crs="EPSG:4326")
    frame = frame[~frame.is_empty]
    with np.errstate(invalid="ignore"):
        coverage = shapely.coverage_clean([province, *frame.geometry], gap_width=NEIGHBOUR_GAP)[1:]
        coarse = shapely.coverage_simplify(coverage, NEIGHBOUR_TOLERANCE)
    frame["geometry"] = shapely.difference(shapely.make_valid(coarse), province)
    frame[[column for column in AREA_COLUMNS if column != "nama"]] = None
    return frame


if __name__ == "__main__":
    main(Path(sys.argv[1]))
