"""Boundaries as offices keep them: which layers, columns, codes and shapes are taken, and what is told of the rest.

Each test draws its own file from the four desa of `test_boundaries.world`, with one thing that real files have.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from lks_geo.boundaries import FileFacts, describe, import_boundaries, load_boundaries
from lks_geo.boundaries.layer_fields import LayerChoice
from lks_geo.boundaries.village_codes import BPS, KEMENDAGRI, CodeCells, decide, is_ground
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.files import refuse_inputs
from lks_geo.measure import measure_coverage
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.said.assumptions import agency_of
from lks_geo.said.headlines import headline, overview
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries
from tests.test_boundaries import BPS_CODES, CODES, area, keys, saved, world
from tests.world import DRAWN_CODES, SETTINGS, drawn_boundaries, drawn_population, place, register_of

NAMES = {
    "kecamatan": ["Bawah", "Bawah", "Atas", "Atas"],
    "kabupaten": ["Tengah"] * 4,
    "provinsi": ["Contoh"] * 4,
}


def made(tmp_path: Path, *sources: Path, **choice: object) -> Boundaries:
    output = tmp_path / "hasil.parquet"
    return import_boundaries(sources, output, overwrite=True, choice=LayerChoice(**choice))  # type: ignore[arg-type]


def refused(tmp_path: Path, *sources: Path, **choice: object) -> LksGeoError:
    with pytest.raises(LksGeoError) as caught:
        made(tmp_path, *sources, **choice)
    for lang in LANGUAGES:
        assert "{" not in Texts(lang)(caught.value.message)
    return caught.value


def key(error: LksGeoError) -> str:
    return error.message.key.removeprefix("boundaries.")


def said(boundaries: Boundaries, name: str) -> str:
    return next(Texts("en")(note) for note in boundaries.notes if note.key == f"boundaries.{name}")


def digits(codes: list[str]) -> list[str]:
    return [code.replace(".", "") for code in codes]


# Codes and their system


def bps_that_looks_like_kemendagri(**columns: list[str]) -> gpd.GeoDataFrame:
    """Four desa of kecamatan 7604022 (BPS), whose codes could be those of 76.04.02 (Kemendagri)."""
    codes = [f"760402200{number}" for number in (1, 2, 3, 4)]
    return world(codes, **columns)


@pytest.mark.parametrize(
    ("heading", "write", "columns"),
    [
        ("ADM4_PCODE", "ID{}", {}),
        ("iddesa", "{}", {}),
        ("kode", "{}", {"idkec": ["7604022"] * 4}),
        ("kode", "{}", {"ADM3_PCODE": ["ID7604022"] * 4}),
        ("kode", "{}", {"kecamatan": ["Kec. Simboro"] * 4}),
        ("kode", "{}", {"kabupaten": ["MAMUJU"] * 4}),
    ],
)
def test_bps_codes_are_known_by_what_stands_beside_them(
    tmp_path: Path, heading: str, write: str, columns: dict[str, list[str]]
) -> None:
    layer = bps_that_looks_like_kemendagri(**columns)
    layer[heading] = [write.format(code) for code in layer.pop("kode")]
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert list(loaded.desa.index) == [f"760402200{number}" for number in (1, 2, 3, 4)]
    assert set(loaded.desa["kode_kecamatan"]) == {"7604022"}
    assert list(loaded.desa["kode_bps"]) == list(loaded.desa.index)


def test_names_of_shipped_villages_decide_the_system() -> None:
    sulbar = load_boundaries(None).desa
    for system, codes in ((KEMENDAGRI, sulbar.index.str.replace(".", "")), (BPS, pd.Index(sulbar["kode_bps"]))):
        one = pd.Series(codes[:5])
        verdict = decide(CodeCells(digits=one, written=one, nama=pd.Series(sulbar["nama"].to_numpy()[:5])))
        assert (verdict.system, verdict.sure) == (system, True)


def test_a_kecamatan_that_its_kemendagri_code_names_is_kemendagri(tmp_path: Path) -> None:
    layer = bps_that_looks_like_kemendagri(kecamatan=["Campalagian"] * 4, kabupaten=["Polewali Mandar"] * 4)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert set(loaded.desa["kode_kecamatan"]) == {"76.04.02"}
    assert "note_unsure_system" not in keys(loaded)


@pytest.mark.parametrize(("seventh", "unsure"), [(("1", "1", "1", "1"), True), (("1", "1", "2", "2"), False)])
def test_one_kecamatan_named_by_its_kemendagri_code_may_be_chance(
    tmp_path: Path, seventh: tuple[str, ...], unsure: bool
) -> None:
    """7 digits of BPS are one kecamatan, so codes of kelurahan beside those of desa are Kemendagri's."""
    codes = [f"331702{digit}00{number}" for number, digit in enumerate(seventh, 1)]
    layer = world(codes, kecamatan=["Bulu"] * 4, kabupaten=["Rembang"] * 4)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert set(loaded.desa["kode_kecamatan"]) == {"33.17.02"}
    assert ("note_unsure_system" in keys(loaded)) is unsure


def test_a_name_that_fits_by_chance_makes_no_kemendagri_codes(tmp_path: Path) -> None:
    """33.01.01 is Kedungreja in Kemendagri's codes; no code of Kemendagri has 0 as its seventh digit."""
    codes = [f"330101000{number}" for number in (1, 2, 3, 4)]
    layer = world(codes, kecamatan=["Kedungreja"] * 4, kabupaten=["Cilacap"] * 4)
    assert list(made(tmp_path, saved(layer, tmp_path / "a.geojson")).desa.index) == codes


def test_codes_that_can_be_both_are_told(tmp_path: Path) -> None:
    loaded = made(tmp_path, saved(bps_that_looks_like_kemendagri(), tmp_path / "a.geojson"))
    assert "note_unsure_system" in keys(loaded)


def test_the_layers_beside_it_settle_an_unsure_one(tmp_path: Path) -> None:
    unsure, sure = bps_that_looks_like_kemendagri(), world(BPS_CODES)
    sure["geometry"] = sure.translate(1, 0)
    sources = [saved(unsure, tmp_path / "a.geojson"), saved(sure, tmp_path / "b.geojson")]
    loaded = made(tmp_path, *sources)
    assert set(loaded.desa["kode_kecamatan"]) == {"7604022", "7601010", "7601020"}
    assert "note_unsure_system" not in keys(loaded)


def test_one_odd_code_decides_nothing_and_is_named(tmp_path: Path) -> None:
    codes = [f"76050{1 + row}{kind}00{column}" for row in range(4) for kind in (1, 2) for column in (1, 2)]
    codes[0] = "7605010001"
    squares = [shapely.box(119 + x / 50, -3, 119.02 + x / 50, -2.9) for x in range(16)]
    layer = gpd.GeoDataFrame(
        {"kode": codes, "nama": [f"D{at}" for at in range(16)], "kecamatan": [f"K{code[:6]}" for code in codes]},
        geometry=squares, crs="EPSG:4326",
    )  # fmt: skip
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert len(loaded.names("kecamatan")) == 4
    assert "7605010001 D0" in said(loaded, "note_odd_code")
    assert "76.05.01.1002" in loaded.desa.index


def test_sources_of_two_systems_are_refused(tmp_path: Path) -> None:
    other = world(BPS_CODES)
    other["geometry"] = other.translate(1, 0)
    error = refused(tmp_path, saved(world(), tmp_path / "satu.geojson"), saved(other, tmp_path / "dua.geojson"))
    assert key(error) == "two_systems"
    assert "satu.geojson" in str(error)
    assert "dua.geojson" in str(error)


@pytest.mark.parametrize("blank", ["-", "0", "NA", "n/a", "", "0000000000"])
def test_areas_without_a_code_are_named_for_good(tmp_path: Path, blank: str) -> None:
    layer = world([*CODES[:3], blank], **NAMES)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert list(loaded.desa.index) == CODES[:3]
    assert "Empat (Atas)" in said(loaded, "note_no_code")
    again = load_boundaries(tmp_path / "hasil.parquet")
    assert again.notes == loaded.notes
    assert describe(tmp_path / "hasil.parquet", again).notes == loaded.notes


def test_codes_are_found_by_name_among_the_villages_that_ship(tmp_path: Path) -> None:
    some = load_boundaries(None).desa.iloc[:6]
    layer = some.reset_index()[["nama", "kecamatan", "kabupaten", "provinsi", "geometry"]]
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert list(loaded.desa.index) == list(some.index)
    assert "note_found_codes" in keys(loaded)


@pytest.mark.parametrize(
    ("desa", "kecamatan"), [("GAMPONG", "KECAMATAN"), ("Nama Kampung", "Nama Distrik"), ("KALURAHAN", "KAPANEWON")]
)
def test_what_provinces_call_their_areas_heads_the_names(tmp_path: Path, desa: str, kecamatan: str) -> None:
    layer = world(**NAMES).rename(columns={"nama": desa, "kecamatan": kecamatan})
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert list(loaded.desa["nama"]) == list(layer[desa])
    assert list(loaded.desa["kecamatan"]) == NAMES["kecamatan"]


def test_names_without_a_kecamatan_are_refused(tmp_path: Path) -> None:
    layer = world(**NAMES).drop(columns=["kode", "kecamatan"])
    assert key(refused(tmp_path, saved(layer, tmp_path / "a.geojson"))) == "no_column"
    layer["kecamatan"] = "-"
    assert key(refused(tmp_path, saved(layer, tmp_path / "b.gpkg"))) == "blank_codes"


def test_an_empty_code_column_is_named(tmp_path: Path) -> None:
    """Names of no list beside it are no reason to make up numbers: the column is there to be filled in."""
    layer = world(**NAMES).drop(columns="kode").assign(KDEPUM=None)
    error = refused(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert key(error) == "blank_codes"
    assert "KDEPUM" in str(error)


def test_names_outside_the_list_of_villages_get_provisional_codes_in_their_kecamatan(tmp_path: Path) -> None:
    layer = gpd.GeoDataFrame({
        "DESA": ["Melati", "Anggrek", "Kenanga", "Dahlia", "Kenanga"], "KABUPATEN": ["KAB. BINTAN"] * 5,
        "KECAMATAN": ["Gunung Kijang", "Gunung Kijang", "Bintan Timur", "Tak Dikenal", "Bintan Timur"],
    }, geometry=[shapely.box(104.5 + x / 10, 0.9, 104.6 + x / 10, 1.0) for x in range(5)], crs="EPSG:4326")  # fmt: skip
    for rows in (layer, layer.iloc[::-1]):
        loaded = made(tmp_path, saved(rows, tmp_path / f"{rows.index[0]}.gpkg"))
        assert dict(loaded.desa["nama"]) == {
            "21.01.04.9001": "Anggrek", "21.01.04.9002": "Melati", "21.01.06.9001": "Kenanga",
            "21.01.60.9001": "Dahlia",
        }  # fmt: skip
        assert set(loaded.desa["kecamatan"]) == {"Gunung Kijang", "Bintan Timur", "Tak Dikenal"}
        assert keys(loaded) == {"note_provisional", "note_own_kecamatan", "note_joined"}
        assert "Tak Dikenal" in said(loaded, "note_own_kecamatan")
    again = load_boundaries(saved(loaded.desa.reset_index(), tmp_path / "lagi.gpkg"))
    assert list(again.desa.index) == list(loaded.desa.index)


def test_areas_of_no_list_get_provisional_codes_at_every_level(tmp_path: Path) -> None:
    layer = gpd.GeoDataFrame({
        "village": ["A", "B", "A", "C", "D"], "district": ["Satu", "Satu", "Satu", "Dua", None],
        "regency": ["Kab. Antah", "Kab. Antah", "Kab. Berantah", "Kab. Bintan", "Kab. Antah"],
    }, geometry=[shapely.box(104.5 + x / 10, 0.9, 104.6 + x / 10, 1.0) for x in range(5)], crs="EPSG:4326")  # fmt: skip
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert dict(loaded.desa["nama"]) == {
        "98.80.60.9001": "A", "98.80.60.9002": "B", "98.81.60.9001": "A", "21.01.60.9001": "C",
    }  # fmt: skip
    assert list(loaded.level("kabupaten")["nama"]) == ["Bintan", "Antah", "Berantah"]
    assert "D" in said(loaded, "note_no_code")


# Areas that are no desa


def test_ground_without_people_is_no_desa(tmp_path: Path) -> None:
    layer = world(["7601010001", "7601010888", "7601999999", "7601010002"])
    layer["nama"] = ["Satu", "Danau", "Hutan", "Empat"]
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert list(loaded.desa.index) == ["7601010001", "7601010002"]
    assert len(loaded.names("kecamatan")) == 1
    assert len(loaded.neighbours) == 2
    assert "7601010888 Danau" in said(loaded, "note_ground")


@pytest.mark.parametrize(
    ("code", "name", "ground"),
    [
        ("7601010001", "Satu", False),
        ("3388888888", "Wadung Contoh", True),
        ("7699999999", "Hutan", True),
        ("7601888001", "Danau", True),
        ("7601012001", "Danau", False),
        (None, "Danau Contoh", True),
        ("7601012001", "Kawasan Hutan Lindung", True),
        ("7601012001", "Hutan Ayu", False),
        ("7601012001", "Waduk", False),
        (None, "Tubuh Air", True),
    ],
)
def test_what_is_ground(code: str | None, name: str, ground: bool) -> None:
    assert is_ground(code, name) is ground


def test_a_level_column_loses_no_kelurahan(tmp_path: Path) -> None:
    layer = world([*CODES[:3], "76.05.02"], level=["desa", "kelurahan", "Desa", "kecamatan"])
    loaded = made(tmp_path, saved(layer, tmp_path / "a.geojson"))
    assert list(loaded.desa.index) == CODES[:3]
    assert "1 kecamatan" in said(loaded, "note_upper")


def test_upper_levels_among_desa_are_known_by_their_codes(tmp_path: Path) -> None:
    loaded = made(tmp_path, saved(world([*CODES[:3], "76.05.02"]), tmp_path / "a.geojson"))
    assert "note_upper" in keys(loaded)


# Layers and files


def parts() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return world().iloc[:2], world().iloc[2:]


def test_all_layers_of_desa_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "dua.gpkg"
    for name, part in zip(("satu", "dua"), parts(), strict=True):
        part.to_file(path, layer=name)
    assert list(made(tmp_path, path).desa.index) == CODES
    assert list(load_boundaries(path).desa.index) == CODES
    assert list(made(tmp_path, path, layers=("DUA",)).desa.index) == CODES[2:]
    assert key(refused(tmp_path, path, layers=("tiga",))) == "no_layer"


def test_layers_of_other_things_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "banyak.gpkg"
    world().set_geometry(world().boundary).to_file(path, layer="garis")
    world([code[:8] for code in CODES]).to_file(path, layer="kecamatan")
    world().to_file(path, layer="desa")
    loaded = made(tmp_path, path)
    assert list(loaded.desa.index) == CODES
    text = said(loaded, "note_layers_left")
    assert "garis" in text
    assert "kecamatan" in text
    error = refused(tmp_path, path, layers=("garis", "kecamatan"))
    assert key(error) == "no_desa_layer"


def test_two_vintages_in_one_file_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "vintage.gpkg"
    world().to_file(path, layer="desa 2020")
    world().to_file(path, layer="desa 2025")
    error = refused(tmp_path, path)
    assert key(error) == "layers_repeat"
    assert "desa 2020" in str(error)


def test_folders_and_zips_with_folders(tmp_path: Path) -> None:
    folder = tmp_path / "BATAS DESA"
    for name, part in zip(("satu", "dua"), parts(), strict=True):
        (folder / name).mkdir(parents=True)
        part.to_file(folder / name / "desa.shp")
    (folder / "baca.txt").write_text("peta")
    assert list(made(tmp_path, folder).desa.index) == CODES
    assert list(load_boundaries(folder).desa.index) == CODES
    archive = Path(shutil.make_archive(str(tmp_path / "desa"), "zip", tmp_path, folder.name))
    assert list(made(tmp_path, archive).desa.index) == CODES
    outer = tmp_path / "luar.zip"
    with zipfile.ZipFile(outer, "w") as target:
        target.write(archive, "dalam/desa.zip")
    assert list(made(tmp_path, outer).desa.index) == CODES


def test_a_zip_that_holds_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "banyak.zip"
    with zipfile.ZipFile(path, "w") as target:
        for number in range(5001):
            target.writestr(f"{number}.geojson", "{}")
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "files.large_archive"
    content, name = b"{}", "desa.geojson"
    for depth in range(4):
        path = tmp_path / f"{depth}.zip"
        with zipfile.ZipFile(path, "w") as target:
            target.writestr(name, content)
        content, name = path.read_bytes(), path.name
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "files.zip_in_zip"


def test_a_zip_without_a_map_says_what_is_inside(tmp_path: Path) -> None:
    path = tmp_path / "kosong.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("surat.docx", "x")
    error = refused(tmp_path, path)
    assert key(error) == "files.nothing_inside"
    assert "surat.docx" in str(error)


def test_geoparquet_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "desa.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.write(saved(world(), tmp_path / "desa.parquet"), "data/desa.parquet")
    assert list(made(tmp_path, path).desa.index) == CODES


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""


def kml_of(rows: gpd.GeoDataFrame, describe_row: str) -> str:
    marks = []
    for row in rows.itertuples():
        ring = " ".join(f"{x},{y}" for x, y in row.geometry.exterior.coords)
        text = describe_row.format(code=row.kode, name=row.nama)
        marks.append(
            f"<Placemark><name>{row.nama}</name><description><![CDATA[{text}]]></description><Polygon><outerBoundaryIs>"
            f"<LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    return "".join(marks)


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>KODE_DESA</td><td>{code}</td></tr><tr><td>Kecamatan</td><td>Bawah</td></tr></table>",
        "<b>KODE_DESA</b>: {code}<br>\n<b>Kecamatan</b>: Bawah",
        "<ul><li><b><i>KODE_DESA</i>:</b> <i>{code}</i></li><li><b><i>Kecamatan</i>:</b> <i>Bawah</i></li></ul>",
    ],
)
@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_google_earth(tmp_path: Path, suffix: str, text: str) -> None:
    folders = "".join(
        f"<Folder><name>{name}</name>{kml_of(part, text)}</Folder>"
        for name, part in zip(("a", "b"), parts(), strict=True)
    )
    path = tmp_path / f"desa{suffix}"
    content = KML.format(folders)
    if suffix == ".kmz":
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("doc.kml", content)
    else:
        path.write_text(content)
    loaded = made(tmp_path, path)
    assert list(loaded.desa.index) == CODES
    assert list(loaded.desa["nama"]) == ["Satu", "Dua", "Tiga", "Empat"]
    assert set(loaded.desa["kecamatan"]) == {"Bawah"}


def test_topojson_and_a_script_of_a_web_map_are_degrees(tmp_path: Path) -> None:
    rows = world()
    arcs = [[[x, y] for x, y in shape.exterior.coords] for shape in rows.geometry]
    shapes = [
        {"type": "Polygon", "arcs": [[at]], "properties": {"kode": code, "nama": name}}
        for at, (code, name) in enumerate(zip(rows["kode"], rows["nama"], strict=True))
    ]
    objects = {"desa": {"type": "GeometryCollection", "geometries": shapes}}
    path = tmp_path / "desa.topojson"
    whole = {"type": "Topology", "objects": objects, "arcs": arcs}
    for order in (whole, dict(reversed(whole.items()))):
        path.write_text(json.dumps(order))
        assert list(made(tmp_path, path).desa.index) == CODES
    script = tmp_path / "desa.js"
    script.write_text(f"var json_desa_1 = {rows.to_json()};")
    assert list(made(tmp_path, script).desa.index) == CODES


# Columns


@pytest.mark.parametrize(
    "columns",
    [
        {"KODE": digits([code[:8] for code in CODES]), "KODE_DESA": digits(CODES), "DESA_KELUR": list("abcd")},
        {"KDEPUM": CODES, "NAMOBJ": list("abcd"), "WADMKD": [None] * 4},
        {"CC_4": BPS_CODES, "NAME_4": list("abcd"), "NAME_3": list("aabb")},
        {"kdprov": [76] * 4, "kdkab": [1] * 4, "kdkec": [10, 10, 20, 20], "kddesa": [1, 2, 1, 2],
         "nmdesa": list("abcd")},
        {"kode_prov": ["76"] * 4, "kode_kab": ["05"] * 4, "kode_kec": ["01", "01", "02", "02"],
         "kode_desa": ["2001", "2002", "2003", "2004"], "nama_desa": list("abcd")},
        {"PROVNO": ["76"] * 4, "KABKOTNO": ["01"] * 4, "KECNO": ["010", "010", "020", "020"],
         "DESANO": ["001", "002", "001", "002"], "DESA": list("abcd")},
        {"idsls": [f"{code}0001" for code in BPS_CODES], "nmsls": ["RT 1"] * 4, "nmdesa": list("abcd")},
        {"nomor_wilayah": CODES, "shapeName": list("abcd")},
    ],
)  # fmt: skip
def test_the_column_whose_cells_are_village_codes_is_the_code(tmp_path: Path, columns: dict[str, list[object]]) -> None:
    layer = gpd.GeoDataFrame(columns, geometry=world().geometry, crs="EPSG:4326")
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert list(loaded.desa.index) in (CODES, BPS_CODES)
    assert list(loaded.desa["nama"]) == list("abcd")


def test_features_of_one_code_are_joined_by_import(tmp_path: Path) -> None:
    layer = pd.concat([world(), world().iloc[:1].set_geometry(world().iloc[:1].translate(-0.2, 0))])
    path = saved(layer, tmp_path / "pulau.geojson")
    loaded = made(tmp_path, path)
    assert list(loaded.desa.index) == CODES
    assert loaded.desa.geometry.iloc[0].area == pytest.approx(2 / 64)
    assert "note_joined" in keys(loaded)
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert key(caught.value) == "codes_in_pieces"


def test_a_column_asked_for_that_is_not_there(tmp_path: Path) -> None:
    error = refused(tmp_path, saved(world(), tmp_path / "a.geojson"), code_column="XX")
    assert error.message.params["name"] == "XX"


def test_facts_are_kept_in_the_file(tmp_path: Path) -> None:
    source, output = saved(world(), tmp_path / "a.geojson"), tmp_path / "b.parquet"
    facts = FileFacts(source="Bappeda", vintage="2021", licence="CC BY")
    shown = describe(output, import_boundaries([source], output, overwrite=False, facts=facts))
    assert (shown.described, shown.source.vintage, shown.source.licence) == ("Bappeda", "2021", "CC BY")


@pytest.mark.parametrize(
    ("label", "write"), [(None, "utf-8"), ("UTF-8", "cp1252"), ("UTF-8", "utf-8"), (None, "cp1252")]
)
def test_names_of_a_shapefile_are_read_by_their_bytes(tmp_path: Path, label: str | None, write: str) -> None:
    layer = world()
    layer["nama"] = ["Jôsé", "Dua", "Tiga", "Empat"]
    path = tmp_path / "desa.shp"
    pyogrio.write_dataframe(layer, path, encoding="UTF-8" if write == "utf-8" else "ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if label:
        path.with_suffix(".cpg").write_text(label)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0  # no label inside either
    path.with_suffix(".dbf").write_bytes(table)
    loaded = made(tmp_path, path)
    assert loaded.desa["nama"].iloc[0] == "Jôsé"
    assert ("note_encoding" in keys(loaded)) == ((label, write) != ("UTF-8", "utf-8"))


def test_geojson_that_is_not_utf8(tmp_path: Path) -> None:
    layer = world()
    layer["nama"] = ["Jôsé", "Dua", "Tiga", "Empat"]
    text = layer.to_json(ensure_ascii=False)
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        path = tmp_path / f"{encoding}.geojson"
        path.write_bytes(text.encode(encoding))
        assert made(tmp_path, path).desa["nama"].iloc[0] == "Jôsé"


# Where a layer lies


def utm(zone: str) -> gpd.GeoDataFrame:
    return world().to_crs("EPSG:32750").set_crs(zone, allow_override=True)


@pytest.mark.parametrize("zone", ["EPSG:32650", "EPSG:3857"])
def test_a_layer_outside_indonesia_is_refused_with_the_cure(tmp_path: Path, zone: str) -> None:
    path = saved(utm(zone), tmp_path / "a.gpkg")
    error = refused(tmp_path, path)
    assert key(error) == "not_in_indonesia"
    assert "EPSG:32750" in str(error)
    loaded = made(tmp_path, path, crs="EPSG:32750")
    assert loaded.desa.total_bounds == pytest.approx([119, -3, 119.25, -2.75], abs=1e-6)
    assert "note_crs" in keys(loaded)


def test_swapped_coordinates_are_named(tmp_path: Path) -> None:
    layer = world().set_geometry(shapely.transform(world().geometry.to_numpy(), lambda xy: xy[:, ::-1]))
    error = refused(tmp_path, saved(layer.set_crs("EPSG:4326"), tmp_path / "a.gpkg"))
    assert error.message.params["cure"].key == "boundaries.cure_swapped"  # type: ignore[attr-defined]


def test_another_zone_and_a_lost_minus_are_told(tmp_path: Path) -> None:
    loaded = made(tmp_path, saved(utm("EPSG:32751"), tmp_path / "a.gpkg"))
    assert "EPSG:32750" in said(loaded, "note_elsewhere")
    north = world().set_geometry(world().translate(0, 5.75))
    assert "minus" in said(made(tmp_path, saved(north, tmp_path / "b.gpkg")), "note_elsewhere")


def test_one_desa_far_from_its_kabupaten_is_told(tmp_path: Path) -> None:
    layer = world()
    layer.loc[3, "geometry"] = shapely.box(0, 0, 0.01, 0.01)
    assert CODES[3] in said(made(tmp_path, saved(layer, tmp_path / "a.gpkg")), "note_far_desa")


@pytest.mark.parametrize("text", ['LOCAL_CS["Unknown",UNIT["Meter",1]]', "GEOGCS[rusak", ""])
def test_a_projection_that_is_none(tmp_path: Path, text: str) -> None:
    path = saved(world(), tmp_path / "desa.shp")
    path.with_suffix(".prj").write_text(text)
    assert key(refused(tmp_path, path)) in ("bad_crs_degrees", "no_crs_degrees")
    assert list(made(tmp_path, path, crs="EPSG:4326").desa.index) == CODES
    assert key(refused(tmp_path, path, crs="EPSG:1")) == "unknown_crs"


# Shapes


def test_an_open_ring_is_closed_and_named(tmp_path: Path) -> None:
    content = json.loads(world().to_json())
    content["features"][2]["geometry"]["coordinates"][0].pop()
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(content))
    loaded = made(tmp_path, path)
    assert loaded.desa.geometry.iloc[2].area == pytest.approx(1 / 64)
    assert "Tiga" in said(loaded, "note_closed")


def test_a_ring_of_two_points_loses_one_village_by_name(tmp_path: Path) -> None:
    content = json.loads(world().to_json())
    content["features"][2]["geometry"]["coordinates"] = [[[119, -3], [119.1, -3]]]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(content))
    loaded = made(tmp_path, path)
    assert len(loaded.desa) == 3
    assert "Tiga" in said(loaded, "note_no_polygon")


def test_a_village_whose_rings_are_reversed_is_kept(tmp_path: Path) -> None:
    layer = world()
    square = layer.geometry[0]
    hole = square.centroid.buffer(0.03)
    layer.loc[0, "geometry"] = shapely.Polygon(hole.exterior.coords, [square.exterior.coords])
    loaded = made(tmp_path, saved(layer, tmp_path / "a.parquet"))
    assert loaded.desa.geometry.iloc[0].area == pytest.approx(square.area - hole.area, rel=1e-6)
    assert CODES[0] in said(loaded, "note_invalid")


def test_an_enclave_is_cut_out_of_what_is_around_it(tmp_path: Path) -> None:
    layer = world()
    inner = layer.geometry[0].centroid.buffer(0.02, quad_segs=2)
    layer.loc[4] = ["76.05.01.2009", "Dalam", inner]
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert shapely.area(loaded.desa.geometry.loc["76.05.01.2009"]) == pytest.approx(inner.area)
    assert describe(tmp_path / "hasil.parquet", loaded).coverage
    assert area(loaded.desa) == pytest.approx(1 / 16)
    assert "76.05.01.2009 Dalam" in said(loaded, "note_enclave")


def test_one_polygon_under_two_codes_is_told(tmp_path: Path) -> None:
    layer = world()
    layer.loc[4] = ["76.05.01.2009", "Kembar", layer.geometry[0]]
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert list(loaded.desa.index) == CODES
    assert "76.05.01.2009 Kembar" in said(loaded, "note_equal")
    assert describe(tmp_path / "hasil.parquet", loaded).coverage


def test_a_large_overlap_is_told_by_size(tmp_path: Path) -> None:
    layer = world()
    layer.loc[0, "geometry"] = shapely.box(119, -3, 119.1875, -2.875)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert "%" in said(loaded, "note_coverage_large")
    assert describe(tmp_path / "hasil.parquet", loaded).coverage


def test_narrow_gaps_are_closed_and_lakes_stay(tmp_path: Path) -> None:
    layer = world()
    slit = shapely.box(119.1249, -2.95, 119.125, -2.9)
    lake = shapely.box(119.02, -2.99, 119.05, -2.96)
    layer.loc[0, "geometry"] = layer.geometry[0].difference(slit).difference(lake)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.parquet"))
    assert area(loaded.desa) == pytest.approx(1 / 16 - lake.area)
    assert describe(tmp_path / "hasil.parquet", loaded).coverage
    assert area(load_boundaries(tmp_path / "a.parquet").desa) == pytest.approx(1 / 16 - lake.area)


def test_hundreds_of_crooked_borders_become_a_coverage(tmp_path: Path) -> None:
    """Each square is drawn by itself, its corners off by up to 10 m."""
    rng, steps = np.random.default_rng(5), 0.02 * np.arange(12)
    corners = [
        shapely.get_coordinates(shapely.box(x, y, x + 0.02, y + 0.02))[:4] for x in 119 + steps for y in steps - 3
    ]
    squares = [shapely.Polygon(corner + rng.normal(0, 3e-5, (4, 2))) for corner in corners]
    codes = [f"76.05.{1 + at // 12:02}.20{at % 12:02}" for at in range(144)]
    layer = gpd.GeoDataFrame({"kode": codes, "nama": codes}, geometry=squares, crs="EPSG:4326")
    loaded = made(tmp_path, saved(layer, tmp_path / "a.parquet"))
    assert describe(tmp_path / "hasil.parquet", loaded).coverage
    assert area(loaded.desa) == pytest.approx(144 * 0.02**2, rel=0.002)
    assert len(shapely.get_parts(loaded.level("provinsi").geometry.iloc[0])[0].interiors) == 0


# What pages say


def test_names_of_upper_levels_come_from_the_list_of_the_country(tmp_path: Path) -> None:
    layer = world(["33.01.01.2001", "33.01.01.2002", "33.01.02.2001", "33.01.02.2002"])
    layer["geometry"] = layer.translate(-10.1, -4.6)
    loaded = made(tmp_path, saved(layer, tmp_path / "a.gpkg"))
    assert loaded.names("kabupaten")["nama"].tolist() == ["Cilacap"]
    assert loaded.names("provinsi")["nama"].tolist() == ["Jawa Tengah"]
    assert not loaded.names("kecamatan")["nama"].str.contains(r"\d").any()
    assert agency_of(Settings(), loaded) == "Provinsi Jawa Tengah"
    assert agency_of(Settings(agency="Dinas Contoh"), loaded) == "Dinas Contoh"
    assert agency_of(Settings(), load_boundaries(None)) == Settings().agency


def test_upper_levels_of_bps_codes_are_named_as_far_as_they_are_known(tmp_path: Path) -> None:
    loaded = made(tmp_path, saved(world(BPS_CODES), tmp_path / "a.gpkg"))
    assert loaded.desa.loc[BPS_CODES[0], ["kecamatan", "kabupaten", "provinsi"]].tolist() == [
        "Banggae", "Majene", "Sulawesi Barat",
    ]  # fmt: skip
    elsewhere = made(tmp_path, saved(world([f"33{code[2:]}" for code in BPS_CODES]), tmp_path / "b.gpkg"))
    assert set(elsewhere.desa["provinsi"]) == {"Jawa Tengah"}
    assert said(elsewhere, "note_no_names").count("kecamatan, kabupaten;") == 1


def test_places_off_the_map_lead_every_headline() -> None:
    places = [
        place("L1", [("anak", None)], (1.5, 7.5), DRAWN_CODES["A1"]),
        place("L2", [("anak", None)], (90.0, 7.5)),
        place("L3", [("anak", None)], (90.0, 8.5)),
    ]
    drawn = drawn_boundaries()
    people = drawn_population(drawn)
    for some, told in ((places, True), ([places[0], places[0] | {"id": "L4"}, places[1]], False)):
        coverage = measure_coverage(register_of(some), drawn, people, SETTINGS)
        for words in (headline(coverage, "anak"), overview(coverage).sentence):
            assert ("NO area" in Texts("en")(words)) is told


# Files that can't be read, and inputs that stay


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "reason_empty"),
        (b"<!DOCTYPE html><html></html>", "reason_page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "reason_pointer"),
        (b"bukan peta", "reason_other_kind"),
    ],
)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".zip", ".shp", ".parquet"])
def test_an_unreadable_file_is_told_in_our_own_words(tmp_path: Path, suffix: str, content: bytes, reason: str) -> None:
    path = tmp_path / f"desa{suffix}"
    path.write_bytes(content)
    for other in (".shx", ".dbf"):
        path.with_suffix(other).write_bytes(b"x")
    error = refused(tmp_path, path)
    assert key(error) == "unreadable"
    assert error.message.params["reason"].key == f"files.{reason}"  # type: ignore[attr-defined]


def test_half_a_shapefile(tmp_path: Path) -> None:
    path = saved(world(), tmp_path / "desa.shp")
    path.with_suffix(".shx").unlink()
    error = refused(tmp_path, path)
    assert error.message.params["reason"].key == "boundaries.reason_half"  # type: ignore[attr-defined]


def test_no_input_is_replaced(tmp_path: Path) -> None:
    path = saved(world(), tmp_path / "x.parquet")
    link = tmp_path / "y.parquet"
    link.hardlink_to(path)
    for target, source in ((path, path), (link, path), (path, tmp_path)):
        with pytest.raises(RequestError):
            refuse_inputs([target], [source])
    refuse_inputs([tmp_path / "baru.parquet"], [path, tmp_path])
