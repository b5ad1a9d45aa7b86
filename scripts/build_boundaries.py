"""Compiles boundaries/sulbar-2025.parquet from the folder of sources (see scripts/README.md). Same sources: same bytes.

Cleans the 648 desa to a coverage, adds names and BPS codes, joins the upper levels from the desa and clips the
neighbouring provinces to a box around them. Stops if anything does not add up.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.boundaries.boundary_file import NEIGHBOURS, FileFacts, write_levels
from lks_geo.boundaries.desa_layer import KEMENDAGRI, parent_codes
from lks_geo.tables import AREA_COLUMNS, LEVELS, Boundaries, DesaFrame, Source

Faces = npt.NDArray[np.object_]
Owners = npt.NDArray[np.int64]

OUTPUT = Path(__file__).resolve().parents[1] / "boundaries" / "sulbar-2025.parquet"
METRES = "EPSG:32750"
MOST_CHANGE = 0.001
SPLINTER_M2 = 2000.0
GRID_DEGREES = 1e-6
"""Step of the coordinates, about a decimetre: finer, nearly touching lines would cross when they are projected."""
BOX = shapely.box(116.5, -6.0, 123.0, 1.8)
"""What is kept of the neighbours. Farther west the source lacks Kalimantan Selatan, which would look like sea."""
NEIGHBOUR_TOLERANCE = 0.006
NEIGHBOUR_GAP = 0.05
FACTS = FileFacts(
    source="cahyadsn/wilayah_boundaries, commit 3c5a796 (2026-08-20); Kepmendagri 300.2.2-2430/2025",
    vintage="2025",
    licence="MIT, (c) Cahya DSN (boundaries/LICENSE-NOTICE)",
    accuracy="indikatif, bukan rujukan resmi / indicative, not an official reference",
)


def main(sources: Path, output: Path = OUTPUT) -> None:
    """Reads the sources, compiles the levels and writes the file."""
    source = gpd.read_parquet(sources / "boundaries/kemendagri-2025/desa.parquet").set_index("kode").sort_index()
    shapes = clean(source.geometry)
    table = area_columns(source["nama"], sources)
    desa = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    made = Boundaries(desa=DesaFrame(desa), neighbours=desa.iloc[:0], source=Source(name="", sha256=""), crs_m="")
    levels = {level: made.level(level) for level in LEVELS}
    levels[NEIGHBOURS] = neighbours(sources, levels["provinsi"].geometry.iloc[0])
    write_levels(output, levels, FACTS, overwrite=True)
    print({level: len(frame) for level, frame in levels.items()}, output.stat().st_size)


def clean(source: gpd.GeoSeries) -> gpd.GeoSeries:
    """The desa as a valid coverage without gaps or overlaps, no area changed by more than MOST_CHANGE.

    The borders are cut into faces. A face of one desa stays with it, unless it is a splinter. Each overlap, gap and
    splinter goes whole to the adjoining desa that is farthest below its area in the source, largest face first, so that
    gains and losses of a desa cancel out. (`coverage_clean` alone gives each to the longest border, which moves 18
    areas by more; here it only has the last word on the lines.)
    """
    shapes, target = source.to_numpy(), source.to_crs(METRES).area.to_numpy()
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.boundary(shapes), grid_size=GRID_DEGREES)]))
    area = gpd.GeoSeries(faces, crs=source.crs).to_crs(METRES).area.to_numpy()
    at, covering = shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="within")
    times = np.bincount(at, minlength=len(faces))
    owner = np.full(len(faces), -1)
    sure = (times[at] == 1) & (area[at] >= SPLINTER_M2)
    owner[at[sure]] = covering[sure]
    held = np.bincount(owner[owner >= 0], area[owner >= 0], minlength=len(shapes))
    unclear = np.flatnonzero(owner < 0)
    beside = adjoining(faces, owner, unclear)
    claims: dict[int, set[int]] = {}
    for face, desa in zip(at[~sure].tolist(), covering[~sure].tolist(), strict=True):
        claims.setdefault(face, set()).add(desa)
    for face in unclear[np.argsort(-area[unclear], kind="stable")].tolist():
        claimed = claims.get(face, set())
        among = sorted(claimed & beside[face] or beside[face] or claimed)
        owner[face] = among[int(np.argmin((held[among] - target[among]) / target[among]))]
        held[owner[face]] += area[face]
    joined = [shapely.coverage_union_all(faces[owner == desa]) for desa in range(len(shapes))]
    with np.errstate(invalid="ignore"):
        cleaned = gpd.GeoSeries(shapely.coverage_clean(joined, snapping_distance=0), index=source.index, crs=source.crs)
    change = (cleaned.to_crs(METRES).area / target - 1).abs()
    if not shapely.coverage_is_valid(cleaned.to_numpy()) or change.max() > MOST_CHANGE:
        raise SystemExit(f"no clean coverage: {change.idxmax()} moved by {change.max():.4%}")
    return cleaned


def adjoining(faces: Faces, owner: Owners, unclear: Owners) -> dict[int, set[int]]:
    """The desa whose own faces share a border line with each unclear face."""
    at, other = shapely.STRtree(faces).query(faces[unclear], predicate="intersects")
    edges = shapely.boundary(faces)
    shared = shapely.length(shapely.intersection(edges[unclear[at]], edges[other])) > 0
    heirs: dict[int, set[int]] = {int(face): set() for face in unclear}
    for face, desa in zip(unclear[at[shared]], owner[other[shared]], strict=True):
        if desa >= 0:
            heirs[int(face)].add(int(desa))
    return heirs


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
    main(*map(Path, sys.argv[1:]))
