"""Files of shapes are opened only as what their ending says, and lead nowhere else."""

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lks_geo import vetting
from lks_geo.boundaries import FileFacts, layer_files, load_boundaries, polygon_repair
from lks_geo.boundaries.boundary_file import write_levels
from lks_geo.boundaries.layer_files import open_layers
from lks_geo.errors import LksGeoError
from lks_geo.messages import LANGUAGES, Message, Texts
from lks_geo.settings_file import load_settings
from lks_geo.sheets import features
from lks_geo.sheets.features import read_geopackage, read_json
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.tables import Boundaries
from lks_geo.vetting import fault_of_file, memory_of, refuse_absent

VIRTUAL = """<OGRVRTDataSource><OGRVRTLayer name="{stem}"><SrcDataSource>{source}</SrcDataSource>
<GeometryType>wkbPoint</GeometryType><GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer>
</OGRVRTDataSource>"""
POINTERS = {
    "plain": VIRTUAL,
    "prolog": '<?xml version="1.0"?>\n<!-- peta -->\n' + VIRTUAL,
    "mark": "\ufeff  \n" + VIRTUAL,
    "attribute": VIRTUAL.replace("<OGRVRTDataSource>", '<OGRVRTDataSource metadata="{{}}">'),
    "service": "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
    "tiles": "<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>",
    "in a comment": "{{}} // <ogrvrtdatasource>",
}


def square() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kode": ["76.01.01.1001"]}, geometry=[shapely.box(119, -3, 119.1, -2.9)], crs="EPSG:4326")


@pytest.mark.parametrize(
    "suffix", [".geojson", ".json", ".kml", ".gml", ".gpkg", ".shp", ".tab", ".fgb", ".vrt", ".dat"]
)
@pytest.mark.parametrize("form", POINTERS)
def test_what_points_elsewhere_is_not_opened(tmp_path: Path, form: str, suffix: str) -> None:
    secret = tmp_path / "rahasia.csv"
    secret.write_text("x,y,isi\n119,-3,rahasia\n")
    path = tmp_path / f"rahasia{suffix}"
    path.write_text(POINTERS[form].format(stem="rahasia", source=secret), encoding="utf-8")
    with pytest.raises(LksGeoError) as caught:
        open_layers(path)
    assert "rahasia.csv" not in str(caught.value)
    assert fault_of_file(path) is not None


def test_nor_inside_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "isi"
    folder.mkdir()
    (folder / "desa.geojson").write_text(VIRTUAL.format(stem="desa", source="/etc/passwd"))
    archive = shutil.make_archive(str(tmp_path / "batas"), "zip", folder)
    with pytest.raises(LksGeoError) as caught:
        open_layers(Path(archive))
    assert caught.value.message.params["reason"].key == "files.reason_elsewhere"  # type: ignore[attr-defined]


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".fgb", ".parquet", ".kml", ".gml"])
def test_honest_files_are(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"desa{suffix}"
    square().to_parquet(path) if suffix == ".parquet" else square().to_file(path)
    assert len(open_layers(path)) == 1
    marked = tmp_path / "tanda.geojson"
    marked.write_text("\ufeff\n" + json.dumps(json.loads(square().to_json())), encoding="utf-8")
    assert len(open_layers(marked)) == 1


ODD_SQL = {
    "virtual": ("CREATE VIRTUAL TABLE lain USING VirtualOGR('/etc/passwd')", "reason_elsewhere"),
    "endless": (
        "CREATE VIEW tanpa_akhir AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "reason_endless",
    ),
    "good": ("CREATE VIEW baik AS SELECT count(*) FROM desa", None),
    "of GDAL": ("CREATE VIEW luas AS SELECT ST_Area(geom) FROM desa", None),
}


def test_ctrl_c_ends_a_view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desa.gpkg"
    square().to_file(path, layer="desa")
    with closing(sqlite3.connect(path)) as database:
        database.execute(ODD_SQL["endless"][0])
        database.commit()
    looks = iter(range(2))

    def pressed() -> float:
        if next(looks, None) == 1:
            raise KeyboardInterrupt
        return 0.0

    monkeypatch.setattr("lks_geo.vetting.time.monotonic", pressed)
    with pytest.raises(KeyboardInterrupt):
        fault_of_file(path)


@pytest.mark.parametrize("form", ODD_SQL)
def test_databases_run_nothing_and_end(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lks_geo.vetting._SECONDS", 0.2)
    statement, reason = ODD_SQL[form]
    path = tmp_path / "desa.gpkg"
    square().to_file(path, layer="desa")
    with closing(sqlite3.connect(path)) as database:
        if form == "virtual":  # as a file that was made elsewhere holds it: SQLite here has no such module
            database.execute("PRAGMA writable_schema = ON")
            row = ("table", "lain", "lain", 0, statement)
            database.execute(
                "INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)", row
            )
        else:
            database.execute(statement)
        database.commit()
    fault = fault_of_file(path)
    assert (fault and fault.key) == (f"files.{reason}" if reason else None)
    for read in (open_layers, read_geopackage):
        if reason:
            with pytest.raises(LksGeoError):
                read(path)
        else:
            assert read(path)


def test_half_a_sign_in_json_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lks.json"
    path.write_text('[{"nama": "LKS \\ud800 Melati", "desa": "Rangas"}]', encoding="utf-8")
    (sheet,) = read_json(path)
    assert "LKS ? Melati" in sheet.cells.to_numpy().ravel().tolist()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("read", [open_sheets, load_boundaries, load_settings, refuse_absent])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, read: Callable[[Path], object]) -> None:
    path = tmp_path / "a.csv"
    os.mkfifo(path)
    with pytest.raises(LksGeoError):
        read(path)


def test_numbers_beyond_measure_are_text_like_others(tmp_path: Path) -> None:
    ring = [[119, -3], [119.1, -3], [119.1, -2.9], [119, -3]]
    facts = {"kode": "76.03.01.1001", "nama": "Satu", "kode_bps": 10**30}
    shape = {"type": "Polygon", "coordinates": [ring]}
    path = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": facts, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert load_boundaries(path).desa["nama"].tolist() == ["Satu"]


def written_as(path: Path, frame: gpd.GeoDataFrame) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver="KML" if path.suffix == ".kml" else None)


def packed(folder: Path, kind: str) -> Path:
    """The files of a folder as they are, in a zip, in a .kmz, or in a zip in a zip."""
    if kind == "folder":
        return folder
    archive = Path(shutil.make_archive(str(folder.parent / "batas"), "zip", folder))
    if kind == ".kmz":
        return archive.rename(archive.with_suffix(".kmz"))
    if kind == "nested":
        outer = folder.parent / "luar.zip"
        with zipfile.ZipFile(outer, "w") as target:
            target.write(archive, "dalam.zip")
        return outer
    return archive


def refused(path: Path) -> tuple[str, str]:
    """The keys of the error, and of the reason in it."""
    with pytest.raises(LksGeoError) as caught:
        open_layers(path)
    for lang in LANGUAGES:
        assert "{" not in Texts(lang)(caught.value.message)
    reason = caught.value.message.params.get("reason")
    return caught.value.message.key, reason.key if isinstance(reason, Message) else ""


PACKINGS = ("folder", ".zip", ".kmz", "nested")


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".parquet", ".geojson", ".kml"])
def test_what_is_too_large_is_refused_by_its_size_alone(
    tmp_path: Path, packing: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "isi"
    folder.mkdir()
    path = folder / f"desa{suffix}"
    written_as(path, square())
    if suffix == ".shp":  # its table is the large part
        with (folder / "desa.dbf").open("ab") as stream:
            stream.write(b" " * 5_000)
    whole = packed(folder, packing)
    assert len(open_layers(whole)) == 1
    monkeypatch.setattr(vetting, "_LARGEST", 4_000 if suffix == ".shp" else 100)
    monkeypatch.setattr(vetting, "_LARGEST_TEXT", 100)
    monkeypatch.setattr(Path, "read_bytes", None)
    if packing != "nested":
        monkeypatch.setattr(zipfile.ZipFile, "read", None)
    assert refused(whole) == ("boundaries.unreadable", "files.reason_large")


@pytest.mark.parametrize("packing", PACKINGS)
def test_nor_may_all_of_a_folder_or_archive_be_too_large(
    tmp_path: Path, packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "isi"
    folder.mkdir()
    for name in "abc":
        square().to_file(folder / f"{name}.geojson")
    whole = packed(folder, packing)
    monkeypatch.setattr(vetting, "_LARGEST_TEXT", 2 * (folder / "a.geojson").stat().st_size)
    assert refused(whole) == ("boundaries.unreadable", "files.reason_large")
    monkeypatch.undo()
    assert len(open_layers(whole)) == 3
    monkeypatch.setattr(layer_files, "MOST_LAYERS", 2)
    assert refused(whole) == ("boundaries.too_many_layers", "")


FOLDERS = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>""".format(
    "<Folder><Placemark><Point><coordinates>119,-3</coordinates></Point></Placemark></Folder>" * 3
)


@pytest.mark.parametrize(("limit", "most"), [("MOST_LAYERS", 2), ("_MOST_MEMORY", 30_000)])
def test_a_text_is_not_read_anew_for_too_many_layers(
    tmp_path: Path, limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desa.kml"
    path.write_text(FOLDERS)
    assert len(open_layers(path)) == 3
    monkeypatch.setattr(layer_files, limit, most)
    assert refused(path) == ("boundaries.too_many_layers", "")


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".topojson", ".js", ".geojsonl", ".kml", ".gml", ".mif"])
def test_text_that_takes_much_memory_is_refused(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"desa{suffix}"
    head = "version 300\n" if suffix == ".mif" else "<kml>" if suffix in (".kml", ".gml") else "{"
    path.write_text(head + "<a>1, 2\n</a>{[1, 2]}" * 100_000)
    assert fault_of_file(path) is None or "memory" not in str(fault_of_file(path))
    monkeypatch.setattr(vetting, "_MOST_MEMORY", 1_000_000)
    fault = fault_of_file(path)
    assert fault is not None
    assert fault.key == "files.reason_memory_map"


def test_geojson_that_is_read_in_parts_takes_less(tmp_path: Path) -> None:
    one = b'{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[119,-3]}},' * 100
    plain, late = [memory_of([start + one + b"{}]}"], ".geojson") for start in (
        b'{"type": "FeatureCollection", "features": [', b'{"name": "a", "type": "FeatureCollection", "features": ['
    )]  # fmt: skip
    assert plain < 2 * late
    assert memory_of([one], ".gpkg") == 0


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".kml"])
def test_more_cells_than_memory_is_for_are_refused(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"desa{suffix}"
    written_as(path, gpd.GeoDataFrame(pd.concat([square()] * 10), crs="EPSG:4326"))
    assert len(open_layers(path)[0].frame) == 10
    monkeypatch.setattr(layer_files, "MOST_CELLS", 19)
    assert refused(path) == ("boundaries.too_many_cells", "")


def test_rows_that_share_one_large_shape_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "desa.shp"
    wide = shapely.Point(119, -3).buffer(0.1, quad_segs=500)
    small = shapely.box(119, -3, 120, -2)
    gpd.GeoDataFrame({"kode": list("abc")}, geometry=[wide, small, small], crs="EPSG:4326").to_file(path)
    assert len(open_layers(path)) == 1
    index = bytearray(path.with_suffix(".shx").read_bytes())
    index[108:124] = index[100:108] * 2
    path.with_suffix(".shx").write_bytes(index)
    assert refused(path) == ("boundaries.unreadable", "boundaries.reason_damaged")


def test_a_view_shows_no_more_than_a_table_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desa.gpkg"
    square().to_file(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW lebar AS SELECT fid, geom, zeroblob(100000) AS isi FROM desa")
        database.commit()
    assert fault_of_file(path) is None
    monkeypatch.setattr(vetting, "_LARGEST_VIEW", 50_000)
    fault = fault_of_file(path)
    assert fault is not None
    assert fault.key == "files.reason_large"


def test_gml_is_read_without_a_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "isi" / "desa.gml"
    path.parent.mkdir()
    square().to_file(path)
    for other in path.parent.iterdir():
        if other != path:
            other.unlink()
    assert len(open_layers(path)) == 1
    assert [file.name for file in path.parent.iterdir()] == ["desa.gml"]


def test_parquet_of_few_bytes_and_many_rows_is_refused(
    tmp_path: Path, world_boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that says that it was made by this program, and one that is a register."""
    path, own = tmp_path / "desa.parquet", tmp_path / "batas.parquet"
    gpd.GeoDataFrame(pd.concat([square()] * 10), crs="EPSG:4326").to_parquet(path)
    write_levels(own, {"desa": world_boundaries.desa}, FileFacts())
    assert len(open_layers(path)[0].frame) == len(open_sheets(path)[0].cells) == 10
    monkeypatch.setattr(layer_files, "MOST_CELLS", 19)
    monkeypatch.setattr(features, "MOST_CELLS", 19)
    monkeypatch.setattr(gpd, "read_parquet", None)
    assert refused(path) == ("boundaries.too_many_cells", "")
    for read, key in ((load_boundaries, "boundaries.too_many_cells"), (open_sheets, "sheets.too_many_cells")):
        with pytest.raises(LksGeoError) as caught:
            read(own)
        assert caught.value.message.key == key


@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".gpkg"])
@pytest.mark.parametrize("limit", ["MOST_CORNERS", "MOST_CORNERS_OF_ONE"])
def test_more_corners_than_can_be_worked_with_are_refused(
    tmp_path: Path, limit: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"desa{suffix}"
    square().assign(nama="Desa").to_file(path)
    assert len(load_boundaries(path).desa) == 1
    monkeypatch.setattr(polygon_repair, limit, 4)
    if suffix == ".shp":  # its index tells
        monkeypatch.setattr("pyogrio.raw.read", None)
    with pytest.raises(LksGeoError) as caught:
        load_boundaries(path)
    assert caught.value.message.key == "boundaries.too_many_corners"
