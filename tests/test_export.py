"""Tables written to files say what the coverage says, to the last digit, and cannot run anything."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

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
from lks_geo.said.areas import UNSERVED_COLUMNS
from lks_geo.tables import KEY_COLUMNS

ROWS = (3 + 2 + 2 + 1) * 2


def _lines(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def _same(cell: object, value: object) -> None:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        assert cell is None or cell is pd.NA or cell != cell or cell == ""  # noqa: PLR0124
    else:
        assert cell == value


def test_csv_has_every_row_column_and_digit(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_table(path, coverage())
    lines, table = _lines(path), table_frame(coverage())
    assert path.read_bytes().startswith(b"\xef\xbb\xbflevel,kode,")
    assert list(lines[0]) == [*KEY_COLUMNS, *(measure.key for measure in MEASURES)]
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
    cells = csv_text(pd.DataFrame({"t": pd.Series(texts, dtype="str")}), style="intl")["t"]
    for text, cell in zip(texts, cells, strict=True):
        assert cell == (f"'{text}" if is_risky(text) else text)
        assert not is_risky(cell)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_csv_numbers_keep_full_precision(values: list[float]) -> None:
    cells = csv_text(pd.DataFrame({"x": values}), style="intl")["x"]
    assert [float(cell) for cell in cells] == values


def test_geopackage_has_a_layer_per_level_and_the_places(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    write_table(path, coverage())
    layers = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert layers == {"desa", "kecamatan", "kabupaten", "provinsi", "lks"}
    table = table_frame(coverage())
    for level in ("desa", "kecamatan", "kabupaten", "provinsi"):
        read = gpd.read_file(path, layer=level)
        rows = table[table["level"] == level].reset_index(drop=True)
        assert list(read.columns) == [*rows.columns, "geometry"]
        for column in rows.columns:
            for cell, value in zip(read[column], rows[column], strict=True):
                _same(cell, value)
    desa = gpd.read_file(path, layer="desa")
    assert desa.crs.to_epsg() == 4326
    assert desa.geometry.iloc[2].equals(coverage().boundaries.desa.geometry.iloc[1])
    places = gpd.read_file(path, layer="lks")
    assert list(places["id"]) == ["L1", "L2", "L6"]
    assert places.geometry.iloc[0].x == 119.5


@pytest.mark.parametrize("name", ["c.geojson", "c.parquet"])
def test_one_layer_formats_hold_the_long_table(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_table(path, coverage())
    read = gpd.read_parquet(path) if name.endswith("parquet") else gpd.read_file(path)
    table = table_frame(coverage())
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
    write_unserved(tmp_path / "u.csv", coverage())
    lines = _lines(tmp_path / "u.csv")
    assert list(lines[0]) == [*UNSERVED_COLUMNS, "catatan"]
    assert [line["kelompok"] for line in lines] == ["lansia", "kekerasan", "kekerasan", "kekerasan"]
    assert [line["no"] for line in lines] == ["1", "1", "2", "3"]
    assert [line["prioritas"] for line in lines] == ["1", "1", "2", "3"]
    assert lines[0]["nama_lks_terdekat"] == f"'{FORMULA}"
    assert lines[1]["nama_lks_terdekat"] == "LKS disamarkan di Kec. Kec B (perkiraan)"
    assert [line["catatan"] for line in lines[:2]] == ["DATA CONTOH", f"DATA CONTOH · {DISGUISED.partition(': ')[2]}"]
    write_unserved(tmp_path / "top.csv", coverage(), top=1)
    assert len(_lines(tmp_path / "top.csv")) == 2


def test_kabupaten_that_are_not_reported_are_in_no_list(tmp_path: Path) -> None:
    write_unserved(tmp_path / "u.csv", unreported())
    lines = _lines(tmp_path / "u.csv")
    assert [line["kode"] for line in lines] == ["76.01.01.2002", "76.01.01.2001", "76.01.01.2002"]
    assert "1 dari 2 kabupaten ada dalam register (tidak dilaporkan: Timur)" in lines[0]["catatan"]


def test_unserved_may_be_empty(tmp_path: Path) -> None:
    full = coverage()
    served = replace(full, table=full.table.assign(status="terjangkau"))
    write_unserved(tmp_path / "u.csv", served)
    write_unserved(tmp_path / "u.xlsx", served)
    head = ",".join([*UNSERVED_COLUMNS, "catatan"])
    assert (tmp_path / "u.csv").read_text(encoding="utf-8-sig").strip() == head


def test_notes_stand_in_the_metadata_of_layers(tmp_path: Path) -> None:
    for name in ("c.gpkg", "c.geojson", "c.parquet"):
        write_table(tmp_path / name, coverage(show_sensitive=True))
    for layer in ("desa", "kecamatan", "lks"):
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
