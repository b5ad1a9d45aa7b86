"""Tables written to files say what the coverage says, to the last digit, and cannot run anything."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outputs_world import FORMULA, HIDDEN_ID, MEASURES, coverage, unreported

from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import Texts
from lks_geo.render import export, style
from lks_geo.render.book_columns import is_risky, sheet_name, sheet_text
from lks_geo.render.export import level_frame, write_table, write_unserved
from lks_geo.render.frames import (
    PLACE_COLUMNS,
    csv_text,
    disguised_frame,
    joined,
    places_frame,
    plain,
    table_frame,
    write_csv,
    write_csv_file,
)
from lks_geo.render.qgis import area_style, write_project
from lks_geo.said.areas import UNSERVED_COLUMNS
from lks_geo.tables import KEY_COLUMNS, LEVELS, UNREPORTED

ROWS = (3 + 2 + 2 + 1) * 2


def _lines(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def _same(cell: object, value: object) -> None:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        assert cell is None or cell is pd.NA or cell != cell or cell == ""  # noqa: PLR0124  # NaN is not itself
    else:
        assert cell == value


def test_csv_has_every_row_column_and_digit(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_table(path, coverage())
    lines, table = _lines(path), table_frame(coverage())
    assert path.read_bytes().startswith(b"\xef\xbb\xbflevel,kode,")
    assert list(lines[0]) == [*KEY_COLUMNS, *(measure.key for measure in MEASURES), "catatan"]
    assert {line["catatan"] for line in lines} == {"DATA CONTOH"}
    assert len(lines) == ROWS == len(table)
    for measure in ("jarak_km", "terjangkau", "cakupan", "sasaran"):
        read = [float(line[measure]) if line[measure] else np.nan for line in lines]
        np.testing.assert_array_equal(read, table[measure].to_numpy())
    assert lines[0]["sasaran"] == "300"
    assert lines[0]["jarak_km"] == "0.30000000000000004"
    assert lines[0]["sasaran_lengkap"] == "true"
    assert (lines[1]["sasaran"], lines[1]["sasaran_lengkap"]) == ("", "false")
    assert lines[0]["kode"] == "76.01.01.2001"


def test_csv_stream_has_the_same_cells(tmp_path: Path) -> None:
    path, stream = tmp_path / "c.csv", io.StringIO()
    write_table(path, coverage(), csv_style="id")
    write_csv(stream, coverage(), csv_style="id")
    assert stream.getvalue() == path.read_text(encoding="utf-8-sig")


def test_indonesian_csv_has_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_table(path, coverage(), csv_style="id")
    lines = _lines(path, ";")
    assert lines[0]["jarak_km"] == "0,30000000000000004"
    assert lines[2]["nama"] == "Dua, Besar"
    assert lines[2]["jarak_km"] == "12,25"
    assert lines[0]["kode"] == "76.01.01.2001"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\x00", "\x1b", "\x85"])
def test_csv_text_never_starts_a_formula(start: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"nama": [f"{start}1+1", "aman = 1"], "angka": [-1.5, 2.0]})
    write_csv_file(tmp_path / "x.csv", frame)
    lines = _lines(tmp_path / "x.csv")
    assert lines[0]["nama"] == f"'{start}1+1"
    assert lines[1]["nama"] == "aman = 1"
    assert [line["angka"] for line in lines] == ["-1.5", "2"]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_csv_text_changes_only_risky_texts(texts: list[str]) -> None:
    cells = csv_text(pd.Series(texts, dtype="str"), style="intl").to_pylist()
    for text, cell in zip(texts, cells, strict=True):
        assert cell == (f"'{text}" if is_risky(text) else text)
        assert not is_risky(cell)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_csv_numbers_keep_full_precision(values: list[float]) -> None:
    cells = csv_text(pd.Series(values), style="intl").to_pylist()
    assert [float(cell) for cell in cells] == values


def test_geopackage_has_a_layer_per_level_and_group_and_the_places(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    write_table(path, coverage())
    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    views = {f"{level}_{group}" for level in LEVELS for group in ("lansia", "kekerasan")}
    assert layers == {*LEVELS, *views, "cakupan", "lks", "layer_styles"}
    table = table_frame(coverage())
    for level in LEVELS:
        for group in ("lansia", "kekerasan"):
            read = gpd.read_file(path, layer=f"{level}_{group}")
            rows = table[(table["level"] == level) & (table["kelompok"] == group)].reset_index(drop=True)
            assert list(read.columns) == [*rows.columns, "geometry"]
            for column in rows.columns:
                for cell, value in zip(read[column], rows[column], strict=True):
                    _same(cell, value)
    assert len(pyogrio.read_dataframe(path, layer="cakupan")) == ROWS
    desa = gpd.read_file(path, layer="desa_lansia")
    assert desa.crs.to_epsg() == 4326
    assert desa.geometry.iloc[1].equals(coverage().boundaries.desa.geometry.iloc[1])
    assert list(gpd.read_file(path, layer="desa")["kode"]) == list(coverage().boundaries.desa.index)
    places = gpd.read_file(path, layer="lks")
    assert list(places["id"]) == ["L1", "L2", "L6"]
    assert places.geometry.iloc[0].x == 119.5
    assert (
        pyogrio.read_info(path, layer="lks")["dtypes"][list(PLACE_COLUMNS).index("berlaku_sampai")] == "datetime64[D]"
    )


def test_geopackage_keeps_to_the_standard(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    write_table(path, coverage())
    with closing(sqlite3.connect(path)) as database:
        run = database.execute
        assert run("PRAGMA integrity_check").fetchone() == ("ok",)
        assert run("PRAGMA foreign_key_check").fetchall() == []
        assert run("PRAGMA user_version").fetchone() == (10200,)
        contents = {name: (kind, title, about) for name, kind, title, about in run(
            "SELECT table_name, data_type, identifier, description FROM gpkg_contents")}  # fmt: skip
        features = {name for name, (kind, _, _) in contents.items() if kind == "features"}
        assert features == {name for (name,) in run("SELECT table_name FROM gpkg_geometry_columns")}
        columns = {name: [row[1] for row in run(f'PRAGMA table_info("{name}")')] for name in contents}
        titled = run("SELECT table_name, column_name FROM gpkg_data_columns").fetchall()
        assert all(column in columns[table] for table, column in titled)
        assert {table for table, _ in titled} == set(contents) - {"layer_styles"}
        assert contents["desa_lansia"][1] == "Lansia: cakupan LKS per desa/kelurahan"
        for words in (
            "DATA CONTOH",
            "Jangkauan 10 km",
            "batas.parquet (2025)",
            "penduduk.csv (2024)",
            "24 November 2026",
        ):
            assert words in contents["desa_lansia"][2]
        assert len({title for _, title, _ in contents.values()}) == len(contents)


def test_geopackage_brings_the_styles_of_qgis(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    write_table(path, coverage())
    with closing(sqlite3.connect(path)) as database:
        styles = database.execute(
            "SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles WHERE f_geometry_column = 'geom'"
        ).fetchall()
    own = [(name, default, Xml.fromstring(qml)) for table, name, default, qml in styles if table == "kecamatan_lansia"]
    assert [name for name, default, _ in own if default] == ["Status (id)"]
    assert {name for name, _, _ in own} == {
        "Status (id)", "Status (en)", "Cakupan (id)", "Coverage (en)", "Jarak (id)", "Distance (en)",
    }  # fmt: skip
    status = own[0][2]
    category = next(one for one in status.iter("category") if one.get("value") == "belum_terlayani")
    assert category.get("label") == "Belum terlayani"
    symbol = next(one for one in status.iter("symbol") if one.get("name") == category.get("symbol"))
    assert next(one for one in symbol.iter("prop") if one.get("k") == "color").get("v") == "110,16,54,255"
    assert {alias.get("field"): alias.get("name") for alias in status.iter("alias")}["nama"] == "Nama wilayah"


@pytest.mark.parametrize(
    ("measure", "values"), [("cakupan", [0, 0.01, 0.25, 0.6, 1.0, None]), ("jarak_km", [0, 5, 40])]
)
def test_rules_of_qgis_class_as_the_maps_do(measure: str, values: list[float | None]) -> None:
    qml = area_style(coverage(), measure, "lansia", Texts("id"), {})
    breaks = style.class_breaks(measure, coverage().at("kecamatan", "lansia")[measure])
    labels = {one.key: str(one.label) for one in (*style.measure_classes(measure, breaks), style.no_data_class())}
    keys = style.classify(measure, pd.Series(values), breaks)
    with closing(sqlite3.connect(":memory:")) as database:
        for value, key in zip(values, keys, strict=True):
            for status, expected in (("ada", labels[key]), (None, labels[key]), (UNREPORTED, "Tidak dilaporkan")):
                ask = 'SELECT {} FROM (SELECT ? AS "{}", ? AS status)'
                hit = [
                    rule.get("label")
                    for rule in qml.iter("rule")
                    if database.execute(ask.format(rule.get("filter"), measure), (value, status)).fetchone()[0]
                ]
                assert hit == [expected]


def test_the_project_of_qgis_shows_every_layer_of_the_geopackage_beside_it(tmp_path: Path) -> None:
    write_table(tmp_path / "c.gpkg", coverage())
    write_project(tmp_path / "c.qgs", coverage(), "c.gpkg")
    root = Xml.parse(tmp_path / "c.qgs").getroot()
    assert "DATA CONTOH" in root.findtext("title", "")
    with closing(sqlite3.connect(tmp_path / "c.gpkg")) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
    layers = {layer.findtext("id", ""): layer for layer in root.iter("maplayer")}
    tables = {layer.findtext("datasource", "").removeprefix("./c.gpkg|layername="): layer for layer in layers.values()}
    assert tables.keys() == styles.keys()
    for table, layer in tables.items():
        look = Xml.fromstring(styles[table]).find("renderer-v2")
        assert Xml.tostring(layer.find("renderer-v2")) == Xml.tostring(look), table
    shown = [*root.iter("layer-tree-layer")]
    assert {line.get("id"): line.get("source") for line in shown} == {
        key: layer.findtext("datasource") for key, layer in layers.items()
    }
    assert min(map(len, layers)) > 10, "QGIS gives shorter ids another one"
    first = [line.get("name") for line in shown if line.get("checked") == "Qt::Checked"][:2]
    assert first == ["Lokasi LKS", "Lansia: cakupan LKS per desa/kelurahan"]
    west, south, east, north = (float(edge.text or "") for edge in root.find("mapcanvas/extent") or [])
    assert (west < east, south < north) == (True, True)


def test_groups_of_any_name_have_their_layer(tmp_path: Path) -> None:
    odd = "o'b\"x"
    full = coverage()
    groups = (replace(full.groups[0], key=odd), full.groups[1])
    table = full.table.assign(kelompok=full.table["kelompok"].replace("lansia", odd))
    write_table(tmp_path / "c.gpkg", replace(full, table=table, settings=replace(full.settings, groups=groups)))
    assert len(pyogrio.read_dataframe(tmp_path / "c.gpkg", layer=f"desa_{odd}")) == 3


def test_geoparquet_can_be_read_by_corner(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    write_table(path, coverage())
    geo = json.loads(pq.read_schema(path).metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], column["bbox"], column["geometry_types"]) == ("1.1.0", [119, -3, 122, -2], ["Polygon"])
    corner = gpd.read_parquet(path, bbox=(121.2, -2.9, 121.3, -2.8))
    assert set(corner["kode"]) == {"76.02.01.2001", "76.02.01", "76.02", "76"}
    read = gpd.read_parquet(path)
    order = read[(read["level"] == "desa") & (read["kelompok"] == "lansia")].geometry.hilbert_distance()
    assert order.is_monotonic_increasing


@pytest.mark.parametrize(("areas", "points"), [(1, 10**6), (2, 10**6), (2_000, 6)])
def test_geoparquet_in_many_parts_holds_the_same(
    areas: int, points: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path / "one.parquet", coverage())
    monkeypatch.setattr(export, "_AREAS_AT_ONCE", areas)
    monkeypatch.setattr(export, "_POINTS_AT_ONCE", points)
    write_table(tmp_path / "many.parquet", coverage())
    one, many = (gpd.read_parquet(tmp_path / f"{name}.parquet") for name in ("one", "many"))
    assert pq.ParquetFile(tmp_path / "many.parquet").num_row_groups > len(LEVELS)
    pd.testing.assert_frame_equal(one.drop(columns="geometry"), many.drop(columns="geometry"))
    assert one.geometry.geom_equals_exact(many.geometry, 0).all()


@pytest.mark.parametrize("name", ["c.geojson", "c.parquet"])
def test_one_layer_formats_hold_the_long_table(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_table(path, coverage())
    read = gpd.read_parquet(path) if name.endswith("parquet") else gpd.read_file(path)
    table = table_frame(coverage()).sort_values(["kode", "kelompok"], ignore_index=True)
    read = read.sort_values(["kode", "kelompok"], ignore_index=True)
    assert len(read) == ROWS
    assert read.crs.to_epsg() == 4326
    for column in ("level", "kode", "kelompok", "cakupan", "jumlah_lks", "sasaran_lengkap", "status", "prioritas"):
        for cell, value in zip(read[column], table[column], strict=True):
            _same(cell, value)
    whole = read[read["level"] == "provinsi"].geometry.iloc[0]
    assert whole.area == pytest.approx(3)


@pytest.mark.parametrize("suffix", ["csv", "gpkg", "geojson", "parquet", "xlsx"])
def test_same_coverage_same_bytes(suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    write_table(first, coverage())
    write_table(second, coverage())
    assert first.read_bytes() == second.read_bytes()


def test_existing_files_and_unknown_suffixes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_table(path, coverage())
    with pytest.raises(LksGeoError, match="--overwrite"):
        write_table(path, coverage())
    write_table(path, coverage(), overwrite=True)
    with pytest.raises(RequestError, match=r"\.shp"):
        write_table(tmp_path / "c.shp", coverage())
    with pytest.raises(RequestError, match=r"\.gpkg"):
        write_unserved(tmp_path / "u.gpkg", coverage())
    assert [one.name for one in tmp_path.iterdir()] == ["c.csv"]


DISGUISED = "Korban kekerasan: 1 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)"


def test_unserved_lists_groups_in_order_numbered_by_priority(tmp_path: Path) -> None:
    write_unserved(tmp_path / "u.csv", coverage(), csv_style="raw")
    lines = _lines(tmp_path / "u.csv")
    assert list(lines[0]) == [*UNSERVED_COLUMNS, "catatan"]
    assert [line["kelompok"] for line in lines] == ["lansia", "kekerasan", "kekerasan", "kekerasan"]
    assert [line["no"] for line in lines] == ["1", "1", "2", "3"]
    assert [line["prioritas"] for line in lines] == ["1", "1", "2", "3"]
    assert lines[0]["nama_lks_terdekat"] == f"'{FORMULA}"
    assert lines[1]["nama_lks_terdekat"] == "LKS disamarkan di Kec. Kec B (perkiraan)"
    assert [line["catatan"] for line in lines[:2]] == ["DATA CONTOH", f"DATA CONTOH · {DISGUISED.partition(': ')[2]}"]
    write_unserved(tmp_path / "top.csv", coverage(), csv_style="intl", top=1)
    assert len(_lines(tmp_path / "top.csv")) == 2


def test_the_list_for_people_opens_in_the_spreadsheet_of_the_office(tmp_path: Path) -> None:
    write_unserved(tmp_path / "u.csv", coverage())
    first, head, *lines = (tmp_path / "u.csv").read_text(encoding="utf-8-sig").splitlines()
    told = ("belum terlayani menurut prioritas", "DATA CONTOH", "Jangkauan 10 km", "register.xlsx", "24 November 2026")
    for words in told:
        assert words in first
    assert first.count(";") == 0 or first.startswith('"')
    assert head.split(";")[:7] == ["Kelompok sasaran", "No.", "Prioritas", "Kode Kemendagri", "Nama wilayah",
                                   "Kecamatan", "Kabupaten"]  # fmt: skip
    assert lines[0].startswith("Lansia;1;1;76.01.01.2002;Dua, Besar;Kec A;Kabupaten Barat;1000;1000;12,3;\"'=HYPER")
    assert lines[1].startswith("Korban kekerasan;1;1;76.01.01.2001;Satu;Kec A;Kabupaten Barat;;;30,5;")
    write_unserved(tmp_path / "e.csv", coverage(lang="en"))
    assert (tmp_path / "e.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("Target group,No.,")
    write_unserved(tmp_path / "i.csv", coverage(lang="en"), csv_style="id")
    assert (tmp_path / "i.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("Target group;No.;")


def test_kabupaten_that_are_not_reported_are_in_no_list(tmp_path: Path) -> None:
    write_unserved(tmp_path / "u.csv", unreported(), csv_style="raw")
    lines = _lines(tmp_path / "u.csv")
    assert [line["kode"] for line in lines] == ["76.01.01.2002", "76.01.01.2001", "76.01.01.2002"]
    assert "1 dari 2 kabupaten ada dalam register (tidak dilaporkan: Timur)" in lines[0]["catatan"]


def test_unserved_may_be_empty(tmp_path: Path) -> None:
    full = coverage()
    served = replace(full, table=full.table.assign(status="terjangkau"))
    write_unserved(tmp_path / "u.csv", served, csv_style="raw")
    write_unserved(tmp_path / "u.xlsx", served)
    head = ",".join([*UNSERVED_COLUMNS, "catatan"])
    assert (tmp_path / "u.csv").read_text(encoding="utf-8-sig").strip() == head


def test_notes_stand_in_the_metadata_of_layers(tmp_path: Path) -> None:
    for name in ("c.gpkg", "c.geojson", "c.parquet"):
        write_table(tmp_path / name, coverage(show_sensitive=True))
    for layer in ("desa", "kecamatan_lansia", "lks", "cakupan"):
        about = pyogrio.read_info(tmp_path / "c.gpkg", layer=layer)["layer_metadata"]
        assert [about[f"catatan_{place}"] for place in (1, 2, 3)] == ["DATA CONTOH", "INTERNAL", DISGUISED]
    assert json.loads((tmp_path / "c.geojson").read_text(encoding="utf-8"))["description"].endswith(DISGUISED)
    assert DISGUISED in pq.read_schema(tmp_path / "c.parquet").metadata[b"catatan"].decode()


def test_places_show_where_they_lie_and_what_was_written() -> None:
    frame = places_frame(coverage())
    assert list(frame.columns) == list(PLACE_COLUMNS)
    first = frame.iloc[0]
    assert (first["desa"], first["kabupaten"]) == ("Satu", "Kabupaten Barat")
    assert first["kabupaten_tertulis"] == "Kab. Barat"
    assert first["sistem"] == "dalam; luar"
    assert first["cakupan_wilayah"] == "76.01; 76.02.01"


def test_disguised_places_are_counted_and_never_listed(tmp_path: Path) -> None:
    assert HIDDEN_ID not in set(places_frame(coverage())["id"])
    assert disguised_frame(coverage()).to_numpy().tolist() == [["Kabupaten Timur", "Kec B", "kekerasan", 1]]
    write_table(tmp_path / "c.gpkg", coverage())
    assert HIDDEN_ID not in set(pyogrio.read_dataframe(tmp_path / "c.gpkg", layer="lks")["id"])


def test_places_tell_nothing_of_the_order_of_the_register() -> None:
    full = coverage()
    turned = replace(full, places=full.places.iloc[::-1])
    pd.testing.assert_frame_equal(places_frame(turned), places_frame(full))
    assert "nomor" not in places_frame(full).columns


def test_level_frame_repeats_the_polygon_for_each_group() -> None:
    frame = level_frame(coverage(), "kabupaten")
    assert len(frame) == 4
    assert frame.geometry.iloc[0] is frame.geometry.iloc[1]


def test_sheet_names_fit_spreadsheets() -> None:
    assert sheet_name("Kab. A/B [1]: *?\\", []) == "Kab. A B  1"
    assert sheet_name("'Mamasa'", []) == "Mamasa"
    long = "Kabupaten dengan nama yang sangat panjang sekali"
    names: list[str] = []
    for _ in range(3):
        names.append(sheet_name(long, names))
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)
    assert sheet_name("MAMASA", ["Mamasa"]) == "MAMASA (2)"
    assert sheet_name("///", []) == "-"
    assert sheet_name("History", []) != "History"


def test_small_helpers() -> None:
    assert joined(("a", "b")) == "a; b"
    assert joined(()) is joined(pd.NA) is None
    assert plain(pd.Series([1.5, np.nan])) == [1.5, None]
    assert plain(pd.Series([1, pd.NA], dtype="Int64")) == [1, None]
    assert plain(pd.Series(["a", pd.NA], dtype="string")) == ["a", None]
    assert len(sheet_text("x" * 40_000)) == 32_000
