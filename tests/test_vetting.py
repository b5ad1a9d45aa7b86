"""Files of shapes are opened only as what their ending says, and lead nowhere else."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lks_geo.boundaries import load_boundaries
from lks_geo.boundaries.layer_files import open_layers
from lks_geo.errors import LksGeoError
from lks_geo.settings_file import load_settings
from lks_geo.sheets.features import read_geopackage, read_json
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.vetting import fault_of_file, refuse_absent

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
