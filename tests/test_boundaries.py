"""Loading, mending, simplifying and importing boundaries, on a drawn world of four desa and on real layers.

The drawn world: four desa of 1/8 degree in two kecamatan, two by two; `2001` and `2002` side by side below, `2003` and
`2004` above them. Faults are drawn into copies of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import report_world
import shapely

from lks_geo import shipped
from lks_geo.boundaries import FileFacts, describe, import_boundaries, load_boundaries
from lks_geo.boundaries.boundary_file import crs_in_metres
from lks_geo.boundaries.layer_fields import LayerChoice
from lks_geo.boundaries.polygon_repair import to_coverage, to_polygons
from lks_geo.errors import LksGeoError
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.tables import AREA_COLUMNS, LEVELS, PARENT_COLUMNS, Boundaries

SHARED = Path(__file__).resolve().parents[2] / "shared"
HDX = SHARED / "sources" / "boundaries" / "hdx-bps-2020"

CODES = ["76.05.01.2001", "76.05.01.2002", "76.05.02.2003", "76.05.02.2004"]
BPS_CODES = ["7601010001", "7601010002", "7601020001", "7601020002"]


def world(codes: list[str] | None = None, **columns: list[str]) -> gpd.GeoDataFrame:
    squares = [shapely.box(119 + x / 8, -3 + y / 8, 119.125 + x / 8, -2.875 + y / 8) for y in (0, 1) for x in (0, 1)]
    table = {"kode": codes or CODES, "nama": ["Satu", "Dua", "Tiga", "Empat"], **columns}
    return gpd.GeoDataFrame(table, geometry=squares, crs="EPSG:4326")


def area(frame: gpd.GeoDataFrame) -> float:
    return float(shapely.area(frame.geometry.to_numpy()).sum())


def saved(frame: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def keys(boundaries: Boundaries) -> set[str]:
    return {note.key.removeprefix("boundaries.") for note in boundaries.notes}


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".geojson", ".shp"])
def test_any_format_gives_the_same_desa(tmp_path: Path, suffix: str) -> None:
    loaded = load_boundaries(saved(world(), tmp_path / f"desa{suffix}"))
    assert list(loaded.desa.index) == CODES
    assert list(loaded.desa.columns) == [*AREA_COLUMNS, "geometry"]
    assert loaded.desa.crs == "EPSG:4326"
    assert list(loaded.desa["kode_kecamatan"]) == ["76.05.01"] * 2 + ["76.05.02"] * 2
    assert loaded.desa.geometry.geom_equals(world().geometry.set_axis(loaded.desa.index)).all()
    assert keys(loaded) == set()
    assert loaded.names("kabupaten").loc["76.05", "nama"] == "Majene"
    assert loaded.neighbours.empty


def test_any_crs_is_brought_to_degrees(tmp_path: Path) -> None:
    loaded = load_boundaries(saved(world().to_crs("EPSG:32750"), tmp_path / "utm.gpkg"))
    assert loaded.desa.crs == "EPSG:4326"
    assert loaded.desa.total_bounds == pytest.approx([119, -3, 119.25, -2.75], abs=1e-6)
    assert loaded.crs_m == "EPSG:32750"


def test_names_and_bps_codes_of_the_layer_are_kept(tmp_path: Path) -> None:
    layer = world(
        kecamatan=["Kec. Bawah"] * 2 + ["Kecamatan Atas"] * 2,
        kabupaten=["Kota Contoh"] * 4,
        provinsi=["Provinsi Contoh"] * 4,
        kode_bps=BPS_CODES,
    )
    loaded = load_boundaries(saved(layer, tmp_path / "desa.gpkg"))
    assert list(loaded.names("kecamatan")["nama"]) == ["Bawah", "Atas"]
    assert list(loaded.names("kecamatan")["kode_bps"]) == ["7601010", "7601020"]
    assert loaded.names("kabupaten").loc["76.05"].dropna().to_dict() == {
        "nama": "Kota Contoh",
        "kode_bps": "7601",
        "kode_kabupaten": "76.05",
        "kabupaten": "Kota Contoh",
        "kode_provinsi": "76",
        "provinsi": "Contoh",
    }
    assert loaded.notes == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([code.replace(".", "") for code in CODES], CODES),
        ([int(code.replace(".", "")) for code in CODES], CODES),
        ([float(code.replace(".", "")) for code in CODES], CODES),
        ([f" {code} " for code in CODES], CODES),
        (BPS_CODES, BPS_CODES),
        ([f"ID{code}" for code in BPS_CODES], BPS_CODES),
        (["7601010001", "7601011005", "7601012001", "7601013001"],) * 2,
    ],
)
def test_codes_come_out_in_one_form(tmp_path: Path, written: list[str], read: list[str]) -> None:
    assert list(load_boundaries(saved(world(written), tmp_path / "desa.gpkg")).desa.index) == read


def test_bps_codes_have_bps_parents(tmp_path: Path) -> None:
    loaded = load_boundaries(saved(world(BPS_CODES), tmp_path / "desa.gpkg"))
    assert loaded.desa.loc["7601020001", list(PARENT_COLUMNS.values())].tolist() == ["7601020", "7601", "76"]
    assert list(loaded.desa["kode_bps"]) == BPS_CODES


def test_upper_levels_are_joined_from_the_desa(tmp_path: Path) -> None:
    loaded = load_boundaries(saved(world(), tmp_path / "desa.gpkg"))
    for level, count in zip(LEVELS, (4, 2, 1, 1), strict=True):
        areas = loaded.level(level)
        assert len(areas) == count
        assert area(areas) == pytest.approx(1 / 16, rel=1e-9)
        assert list(areas.columns) == [*AREA_COLUMNS, "geometry"]
        assert areas.drop(columns="geometry").equals(loaded.names(level))
    assert loaded.level("provinsi").geometry.iloc[0].equals(shapely.box(119, -3, 119.25, -2.75))


def test_overlaps_are_mended_with_a_note(tmp_path: Path) -> None:
    layer = world()
    layer.loc[0, "geometry"] = shapely.box(119, -3, 119.126, -2.875)
    loaded = load_boundaries(saved(layer, tmp_path / "desa.gpkg"))
    assert "note_coverage" in keys(loaded)
    assert shapely.coverage_is_valid(loaded.desa.geometry.to_numpy())
    assert area(loaded.level("provinsi")) == pytest.approx(1 / 16)


def test_invalid_and_odd_shapes_are_mended_with_a_note(tmp_path: Path) -> None:
    layer = world()
    bow = shapely.Polygon([(119, -3), (119.125, -2.875), (119.125, -3), (119, -2.875)])
    square = layer.loc[1, "geometry"]
    layer.loc[0, "geometry"] = bow
    layer.loc[1, "geometry"] = shapely.GeometryCollection([square, shapely.LineString([(118, -3), (119, -3)])])
    layer.loc[2, "geometry"] = shapely.force_3d(layer.loc[2, "geometry"], 7.0)
    loaded = load_boundaries(saved(layer, tmp_path / "desa.gpkg"))
    assert "note_invalid" in keys(loaded)
    shapes = loaded.desa.geometry
    assert shapes.is_valid.all()
    assert set(shapes.geom_type) <= {"Polygon", "MultiPolygon"}
    assert not shapes.has_z.any()
    assert shapes.iloc[0].area == pytest.approx(1 / 128)
    assert shapes.iloc[1].equals(square)


def test_a_desa_without_polygon_and_a_polygon_without_code_are_told(tmp_path: Path) -> None:
    layer = world()
    layer.loc[0, "geometry"] = shapely.Point(119, -3)
    layer.loc[1, "geometry"] = None
    layer.loc[2, "kode"] = None
    loaded = load_boundaries(saved(layer, tmp_path / "desa.parquet"))
    assert list(loaded.desa.index) == CODES[3:]
    assert {"note_no_polygon", "note_no_code"} <= keys(loaded)


def without_crs(path: Path) -> None:
    world().set_crs(None, allow_override=True).to_parquet(path)


def metres_called_degrees(path: Path) -> None:
    world().to_crs("EPSG:32750").set_crs("EPSG:4326", allow_override=True).to_parquet(path)


BAD_FILES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no_crs_degrees": ("a.parquet", without_crs),
    "not_in_indonesia": ("a.parquet", metres_called_degrees),
    "duplicate_codes": ("a.gpkg", lambda path: saved(world([CODES[0], *CODES[:3]]), path)),
    "bad_codes": ("a.gpkg", lambda path: saved(world([code[:12] for code in CODES]), path)),
    "upper_codes": ("a.gpkg", lambda path: saved(world([code[:8] for code in CODES]), path)),
    "mixed_codes": ("a.gpkg", lambda path: saved(world([*CODES[:2], "76.05.02.0003", "76.05.02.0004"]), path)),
    "no_polygon": ("a.gpkg", lambda path: saved(world().set_geometry(world().boundary), path)),
    "no_column": ("a.gpkg", lambda path: saved(world().rename(columns={"nama": "nomor"}), path)),
    "empty": ("a.parquet", lambda path: saved(world().iloc[:0], path)),
    "no_geometry": ("a.parquet", lambda path: world().drop(columns="geometry").to_parquet(path)),
    "unreadable": ("a.gpkg", lambda path: path.write_text("bukan peta")),
    "missing": ("a.gpkg", lambda path: path),
}


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_bad_file_is_one_error_with_the_cure(tmp_path: Path, fault: str) -> None:
    name, make = BAD_FILES[fault]
    make(tmp_path / name)
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(tmp_path / name)
    assert caught.value.message.key == f"boundaries.{fault}"
    for lang in LANGUAGES:
        text = Texts(lang)(caught.value.message)
        assert name in text
        assert "\n" not in text


def test_a_file_of_another_version_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "batas.parquet"
    table = pq.read_table(saved(world(), path))
    pq.write_table(table.replace_schema_metadata({b"lks_geo": b'{"format": 99}'}), path)
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "boundaries.newer_format"


def test_a_torn_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "batas.parquet"
    path.write_bytes(shipped.BOUNDARIES.read_bytes()[:-1000])
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "boundaries.unreadable"


def test_a_large_layer_is_taken_as_it_is_with_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lks_geo.boundaries.desa_layer.COVERAGE_LIMIT", 3)
    layer = world()
    layer.loc[0, "geometry"] = shapely.box(119, -3, 119.126, -2.875)
    loaded = load_boundaries(saved(layer, tmp_path / "desa.gpkg"))
    assert "note_unchecked" in keys(loaded)
    assert loaded.desa.geometry.iloc[0].equals(layer.loc[0, "geometry"])
    assert area(loaded.level("provinsi")) == pytest.approx(1 / 16)


def test_csv_without_shapes_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "desa.csv"
    path.write_text("kode,nama\n76.05.01.2001,Satu\n")
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "boundaries.no_geometry"


def test_the_layer_with_codes_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "banyak.gpkg"
    world()[["nama", "geometry"]].to_file(path, layer="sungai")
    world().to_file(path, layer="desa")
    assert list(load_boundaries(path).desa.index) == CODES


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_the_shipped_file_edited_in_a_gis_still_loads(tmp_path: Path, suffix: str) -> None:
    frames = [SULBAR.level(level).assign(level=level).reset_index() for level in LEVELS]
    table = gpd.GeoDataFrame(gpd.pd.concat(frames, ignore_index=True), crs="EPSG:4326")
    loaded = load_boundaries(saved(table, tmp_path / f"batas{suffix}"))
    assert loaded.names("desa").equals(SULBAR.names("desa"))
    assert loaded.names("kecamatan").equals(SULBAR.names("kecamatan"))


def test_crs_in_metres_fits_the_data() -> None:
    assert crs_in_metres(world()) == "EPSG:32750"
    north = world().set_geometry(world().translate(0, 6))
    assert crs_in_metres(north) == "EPSG:32650"
    wide = gpd.GeoDataFrame(geometry=[shapely.box(95, -11, 96, -10), shapely.box(140, 5, 141, 6)], crs="EPSG:4326")
    assert wide.to_crs(crs_in_metres(wide)).area.sum() / 1e6 == pytest.approx(2 * 111.195**2 * 0.988, rel=0.02)


SULBAR = report_world.boundaries()


def test_mending_nothing_changes_nothing() -> None:
    shapes = SULBAR.desa.geometry.to_numpy()
    labels = list(SULBAR.desa.index)
    mended = to_coverage(to_polygons(shapes, labels).shapes, labels)
    assert mended.notes == ()
    assert shapely.equals_exact(mended.shapes, shapes).all()


def test_import_makes_a_file_that_loads_as_it_was_made(tmp_path: Path) -> None:
    layer = world()
    layer.loc[0, "geometry"] = shapely.box(119, -3, 119.1251, -2.875)
    sources = [saved(layer.iloc[:2], tmp_path / "a.gpkg"), saved(layer.iloc[2:], tmp_path / "b.geojson")]
    output = tmp_path / "batas.parquet"
    steps: list[str] = []
    facts = FileFacts(source="contoh", vintage="2020", licence="bebas")
    made = import_boundaries(
        sources, output, overwrite=False, facts=facts, progress=lambda step: steps.append(step.key)
    )
    loaded = load_boundaries(output)
    assert loaded.desa.equals(made.desa)
    assert loaded.level("provinsi").geometry.iloc[0].equals(shapely.box(119, -3, 119.25, -2.75))
    assert (loaded.source.vintage, loaded.source.licence) == ("2020", "bebas")
    assert set(loaded.dissolved) == set(LEVELS[1:])
    assert steps.count("boundaries.step_read") == 2
    again = tmp_path / "lagi.parquet"
    import_boundaries(sources, again, overwrite=False, facts=facts)
    assert again.read_bytes() == output.read_bytes()


def test_import_takes_the_columns_it_is_told(tmp_path: Path) -> None:
    source = saved(world().rename(columns={"kode": "ID", "nama": "Label"}), tmp_path / "a.gpkg")
    choice = LayerChoice(code_column="id", name_column="label")
    made = import_boundaries([source], tmp_path / "b.parquet", overwrite=False, choice=choice)
    assert list(made.desa["nama"]) == ["Satu", "Dua", "Tiga", "Empat"]


def test_import_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    source = saved(world(), tmp_path / "a.gpkg")
    with pytest.raises(LksGeoError, match="parquet"):
        import_boundaries([source], tmp_path / "b.gpkg", overwrite=False)
    (tmp_path / "b.parquet").write_text("ada")
    with pytest.raises(LksGeoError, match="overwrite"):
        import_boundaries([source], tmp_path / "b.parquet", overwrite=False)
    assert (tmp_path / "b.parquet").read_text() == "ada"
    with pytest.raises(LksGeoError):
        import_boundaries([], tmp_path / "c.parquet", overwrite=False)


def test_describe_says_what_is_in_use() -> None:
    facts = describe(None, SULBAR)
    assert facts.counts == {"desa": 648, "kecamatan": 69, "kabupaten": 6, "provinsi": 1}
    assert facts.valid
    assert facts.coverage
    assert facts.with_bps == 648
    assert facts.area_km2 == pytest.approx(16_596, abs=5)
    assert "cahyadsn" in facts.described


@pytest.mark.skipif(not HDX.is_dir(), reason="the folder of sources is not beside this checkout")
def test_the_bps_layer_of_2020_imports(tmp_path: Path) -> None:
    sources = sorted(HDX.glob("*.geojson"))
    made = import_boundaries(sources, tmp_path / "bps.parquet", overwrite=False)
    facts = describe(tmp_path / "bps.parquet", made)
    assert facts.counts == {"desa": 650, "kecamatan": 69, "kabupaten": 6, "provinsi": 1}
    assert facts.coverage
    assert made.names("kabupaten").loc["7601", "nama"] == "Majene"
    assert made.names("kecamatan")["kode_bps"].equals(made.names("kecamatan").index.to_series().rename("kode_bps"))
    source = gpd.pd.concat([gpd.read_file(path) for path in sources])
    before = source.set_axis(source["village_code"].str[2:]).to_crs(made.crs_m).area.reindex(made.desa.index)
    assert (made.desa.to_crs(made.crs_m).area / before - 1).abs().max() < 0.005


@pytest.mark.parametrize(
    "damage",
    [
        {"geometry": [b"no shape"] * 2}, {"geometry": [1, 2]}, {"geo": []}, {"geo": {"columns": {"geometry": "WKB"}}},
        {"crs": {"id": "EPSG:4326"}}, {"crs": {"id": {"authority": "NOBODY", "code": 1}}}, {"crs": None},
        {"crs": {"id": {"authority": "EPSG", "code": 32750}}},
    ],
)  # fmt: skip
def test_a_damaged_file_of_our_own_is_told_in_a_line(damage: dict[str, Any], tmp_path: Path) -> None:
    table = pq.read_table(shipped.BOUNDARIES)[:2]
    geo = json.loads(table.schema.metadata[b"geo"])
    if "crs" in damage:
        geo["columns"]["geometry"]["crs"] = damage["crs"]
    if "geometry" in damage:
        at = table.schema.get_field_index("geometry")
        table = table.set_column(at, "geometry", pa.array(damage["geometry"]))
    told = json.dumps(damage.get("geo", geo))
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"geo": told}), tmp_path / "batas.parquet")
    with pytest.raises(LksGeoError):
        load_boundaries(tmp_path / "batas.parquet")
