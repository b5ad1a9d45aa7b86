"""Files of every kind become the same text cells; a file that cannot be read is one clear error."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from registers import page, write_pages, write_register

from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import LANGUAGES, Texts, msg
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.sheets import sheet as sheet_module
from lks_geo.sheets.open_sheets import SUFFIXES, open_sheets
from lks_geo.sheets.sheet import CellKind, as_text

SETTINGS = Settings()
TABLE = [["Nama LKS", "Jenis Layanan", "Lintang"], ["LKSA A", "Anak", "-2,5"], ["LKS B", "Lansia", "-2,6"]]


def _error(path: Path, **choices: object) -> LksGeoError:
    with pytest.raises(LksGeoError) as caught:
        read_register(path, settings=SETTINGS, **choices)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7604010001.0, "7604010001"),
        (76.1, "76.1"),
        ("76.10", "76.10"),
        ("  76.10\u00a0\u200b", "76.10"),
        (1e-7, "0.0000001"),
        (118.89342345678, "118.89342345678"),
        (7.601014101700001e15, "7601014101700001"),
        (-0.0, "0"),
        (float("nan"), None),
        (float("inf"), None),
        (True, "TRUE"),
        (dt.date(2026, 5, 1), "2026-05-01"),
        (pd.Timestamp(2026, 5, 1), "2026-05-01"),
        (pd.Timestamp(2026, 5, 1, 3, 4), "2026-05-01 03:04:00"),
        (dt.time(2, 40, 24), "02:40:24"),
        (dt.timedelta(hours=118, minutes=53, seconds=24), "118:53:24"),
        (["anak", "lansia"], "anak; lansia"),
        ("\u00a0\u200b", None),
        ("", None),
        (None, None),
    ],
)
def test_as_text(value: object, text: str | None) -> None:
    assert as_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value_and_have_no_exponent(value: float) -> None:
    text = as_text(value)
    assert text is not None
    assert "e" not in text.casefold()
    assert float(text) == value


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv"])
def test_all_formats_give_the_same_cells(tmp_path: Path, suffix: str) -> None:
    written = write_register(tmp_path / f"lks{suffix}")
    raw = read_register(written.path, settings=SETTINGS)
    assert tuple(raw.cells["nomor"]) == written.numbers
    for key in ("id", "nama", "jenis_layanan", "kecamatan", "kode_desa", "lintang", "bujur", "kapasitas"):
        assert list(raw.cells[key]) == [str(row[key]) for row in written.rows], key
    assert raw.cells["lembar"].isna().all() == (suffix == ".csv")
    assert raw.notes == ()
    assert raw.source.name == written.path.name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"])
def test_csv_dialects(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = page()
    rows.body.lines[0]["nama"] = "Panti “Kasih – Ibu” é"
    written = write_pages(tmp_path / "lks.csv", [rows], delimiter=delimiter, encoding=encoding)[0]
    raw = read_register(written.path, settings=SETTINGS)
    assert raw.cells["nama"].iloc[0] == "Panti “Kasih – Ibu” é"
    assert len(raw.cells) == 12


def test_csv_numbers_are_the_lines_where_records_start(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text(
        'sep=;\nNama LKS;Jenis Layanan;Lintang\n"Panti\nA";Anak;"-2,5"\n\nPanti B;Lansia;-2,6\n', encoding="utf-8"
    )
    raw = read_register(path, settings=SETTINGS)
    assert list(raw.cells["nomor"]) == [3, 6]
    assert list(raw.cells["lintang"]) == ["-2,5", "-2,6"]
    assert raw.cells["nama"].iloc[0] == "Panti\nA"


def test_csv_decimal_commas_do_not_count_as_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text('Nama LKS,Layanan,Lintang,Bujur\nA,Anak,"-2,5","119,1"\nB,Anak,"-2,6","119,2"\n', encoding="utf-8")
    assert list(read_register(path, settings=SETTINGS).cells["bujur"]) == ["119,1", "119,2"]
    path.write_text("Nama LKS;Layanan;Lintang;Bujur\nA;Anak;-2,5;119,1\nB;Anak;-2,6;119,2\n", encoding="utf-8")
    assert list(read_register(path, settings=SETTINGS).cells["bujur"]) == ["119,1", "119,2"]


@pytest.mark.parametrize("end", ["", "x\n" * 3, "x,y,z\n" * 200])
def test_an_open_quote_swallows_nothing_silently(tmp_path: Path, end: str) -> None:
    path = tmp_path / "lks.csv"
    path.write_text('Nama LKS,Layanan,Alamat\nA,Anak,Jl\nB,Anak,"Jl. X\nC,Anak,Jl\nD,Anak,Jl\n' + end, encoding="utf-8")
    assert _error(path).message.params["line"] == 3
    path.write_text('Nama LKS,Layanan\nA,"Anak"\n' + '"a\n",' * 300_000, encoding="utf-8")
    assert _error(path).message.params["line"] == 3


def test_inch_marks_inside_a_cell_are_no_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "lks.csv"
    path.write_text("Nama LKS;Layanan;Lintang\nA;Anak;2°40'24\" LS\nB;Anak;2°40'25\" LS\n", encoding="utf-8")
    assert list(read_register(path, settings=SETTINGS).cells["lintang"]) == ["2°40'24\" LS", "2°40'25\" LS"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of other systems are always text")
@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
def test_a_name_in_damaged_letters_is_told_as_that(tmp_path: Path, kind: str) -> None:
    path = tmp_path / os.fsdecode(b"dat\xff." + kind.encode())
    path.write_bytes(b"PAR1" if kind == "parquet" else b"SQLite format 3\x00")
    assert _error(path).message.params["reason"] == msg("files.reason_odd_name")


def test_an_xls_that_is_text_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.xls"
    path.write_text("Nama LKS\tLayanan\nA\tAnak\n", encoding="utf-8")
    assert list(read_register(path, settings=SETTINGS).cells["nama"]) == ["A"]


def test_excel_traps(tmp_path: Path) -> None:
    path = tmp_path / "lks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(
            0, 0, ["Nama LKS", "Jenis Layanan", "Kode Desa", "Berlaku Sampai", "Kode Kabupaten", "Status Aktif"]
        )
        sheet.write_row(1, 0, ["A", "Anak", 7604010001])
        sheet.write_datetime(1, 3, dt.date(2028, 5, 1), date)
        sheet.write(1, 4, 76.10)
        sheet.write_boolean(1, 5, True)
        sheet.write_row(2, 0, ["B", "Anak", "76.04.01.1001"])
        sheet.write_string(2, 4, "76.10")
        sheet.write_formula(2, 5, "=NA()", None, "#N/A")
    kinds = open_sheets(path)[0].kinds[1:]
    blank, text, number = CellKind.BLANK, CellKind.TEXT, CellKind.NUMBER
    assert kinds.tolist() == [
        [text, text, number, CellKind.DATE, number, CellKind.TRUTH], [text, text, text, blank, text, CellKind.ERROR],
    ]  # fmt: skip
    raw = read_register(path, settings=SETTINGS)
    assert list(raw.cells["kode_desa"]) == ["7604010001", "76.04.01.1001"]
    assert list(raw.cells["kode_kabupaten"]) == ["76.1", "76.10"]
    assert raw.cells["berlaku_sampai"].iloc[0] == "2028-05-01"
    assert raw.cells["status_aktif"].fillna("").tolist() == ["TRUE", ""]


def test_every_sheet_with_a_register_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "lks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Mamuju", "Rekap", "Majene", "Lama"):
            sheet = book.add_worksheet(name)
            if name == "Rekap":
                sheet.write_row(0, 0, ["Kabupaten", "Jumlah"])
                sheet.write_row(1, 0, ["Mamuju", 2])
            else:
                for row, line in enumerate(TABLE):
                    sheet.write_row(row + 2, 1, line)
            if name == "Lama":
                sheet.hide()
    raw = read_register(path, settings=SETTINGS)
    assert list(raw.cells["lembar"]) == ["Mamuju"] * 2 + ["Majene"] * 2 + ["Lama"] * 2
    assert list(raw.cells["nomor"]) == [4, 5] * 3
    assert [(sheet.name, sheet.rows, bool(sheet.columns)) for sheet in raw.sheets] == [
        ("Mamuju", 2, True), ("Rekap", 0, False), ("Majene", 2, True), ("Lama", 2, True),
    ]  # fmt: skip
    assert [note.key for note in raw.notes] == ["sheets.hidden_sheet"]
    assert set(read_register(path, sheet="majene", settings=SETTINGS).cells["lembar"]) == {"Majene"}
    error = _error(path, sheet="Majena")
    assert isinstance(error, RequestError)
    assert "Majene" in str(error)
    assert "Rekap" in str(error)


def test_a_sheet_that_looks_like_a_register_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "lks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, service in (("Mamuju", "Jenis Layanan"), ("Majene", "Uraian")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Nama LKS", service, "Kecamatan", "Alamat"])
            sheet.write_row(1, 0, ["A", "Anak", "B", "C"])
    raw = read_register(path, settings=SETTINGS)
    assert [note.key for note in raw.notes] == ["sheets.sheet_without_service"]
    assert "Majene" in str(raw.notes[0])


def _features(tmp_path: Path, name: str = "lks.geojson", **more: object) -> Path:
    path = tmp_path / name
    features = [
        {"type": "Feature", "properties": {"nama": "A", "layanan": ["Anak", "Lansia"], "kode": 7604010001},
         "geometry": {"type": "Point", "coordinates": [119.123456789, -2.987654321]}},
        {"type": "Feature", "properties": {"nama": "B", "layanan": "Anak"}, "geometry": None},
        {"type": "Feature", "properties": {"nama": "C", "layanan": "Anak"},
         "geometry": {"type": "Polygon", "coordinates": [[[119, -3], [119.2, -3], [119.2, -2.8], [119, -3]]]}},
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def test_geojson(tmp_path: Path) -> None:
    raw = read_register(_features(tmp_path), settings=SETTINGS)
    assert list(raw.cells["nomor"]) == [1, 2, 3]
    assert raw.cells["jenis_layanan"].iloc[0] == "Anak; Lansia"
    assert (raw.cells["bujur"].iloc[0], raw.cells["lintang"].iloc[0]) == ("119.123456789", "-2.987654321")
    assert raw.cells["lintang"].isna().tolist() == [False, True, False]
    inside = shapely.Point(float(raw.cells["bujur"].iloc[2]), float(raw.cells["lintang"].iloc[2]))
    assert shapely.Polygon([(119, -3), (119.2, -3), (119.2, -2.8)]).covers(inside)


def _with_attributes(tmp_path: Path, *attributes: dict[str, object], polygon: bool = False) -> Path:
    path = tmp_path / "lks.geojson"
    shape = {"type": "Point", "coordinates": [119.1, -2.9]}
    if polygon:
        shape = {"type": "Polygon", "coordinates": [[[119, -3], [119.2, -3], [119.2, -2.8], [119, -3]]]}
    features = [
        {"type": "Feature", "properties": {"nama": "A", "layanan": "Anak", **more}, "geometry": shape}
        for more in attributes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_the_geometry_wins_over_columns_and_a_difference_is_told(tmp_path: Path) -> None:
    path = _with_attributes(
        tmp_path,
        {"lat": "-2,9", "long": "119,1"},
        {"lat": None, "long": None},
        {"lat": 119.1, "long": -2.9},
        {"lat": "2°54'", "long": "119°6'"},
        {"lat": "-1,5", "long": "119,5"},
        {"lat": "belum", "long": "-"},
    )
    raw = read_register(path, settings=SETTINGS)
    assert raw.cells["lintang"].tolist() == ["-2.9"] * 6
    assert raw.cells["bujur"].tolist() == ["119.1"] * 6
    assert raw.cells["koordinat"].fillna("").tolist() == ["", "", "", "", "-1,5 ; 119,5", ""]
    assert raw.sheets[0].columns["lintang"] == "geometry + lat"
    assert [(note.key, note.params) for note in raw.notes] == [
        ("sheets.geometry_elsewhere", {"n": 1, "metres": 100})  # no row number: every output repeats it
    ]
    for lang in LANGUAGES:
        assert "100 m" in Texts(lang)(raw.notes[0])


def test_an_empty_point_is_a_row_without_a_point(tmp_path: Path) -> None:
    table = {"nama": ["Panti A", "Panti B"], "kelompok": ["Anak", "Lansia"]}
    shapes = [shapely.Point(), shapely.Point(119.1, -2.9)]
    path = tmp_path / "r.gpkg"
    gpd.GeoDataFrame(table, geometry=shapes, crs=4326).to_file(path)
    assert read_register(path, settings=SETTINGS).cells["lintang"].fillna("").tolist() == ["", "-2.9"]


def test_an_area_is_no_exact_point(tmp_path: Path) -> None:
    told = {"lat": "-2,95", "long": "119,15"}
    raw = read_register(_with_attributes(tmp_path, told, {}, polygon=True), settings=SETTINGS)
    assert raw.cells["lintang"].iloc[0] == "-2,95"
    assert -3 < float(raw.cells["lintang"].iloc[1]) < -2.8
    assert [(note.key, note.params) for note in raw.notes] == [("sheets.geometry_no_point", {"n": 1})]


def test_json_records(tmp_path: Path) -> None:
    path = tmp_path / "lks.json"
    path.write_text(
        json.dumps([{"nama": "A", "layanan": "Anak"}, {"nama": "B", "layanan": "Anak", "lat": -2.5}]), encoding="utf-8"
    )
    raw = read_register(path, settings=SETTINGS)
    assert raw.cells["lintang"].fillna("").tolist() == ["", "-2.5"]


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_geo_tables_in_another_crs(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lks{suffix}"
    frame = gpd.GeoDataFrame(
        {"nama": ["A", "B"], "layanan": ["Anak", None], "kapasitas": [20, 30]},
        geometry=gpd.points_from_xy([119.1, 119.2], [-2.5, -2.6]), crs="EPSG:4326",
    ).to_crs("EPSG:32750")  # fmt: skip
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    raw = read_register(path, settings=SETTINGS)
    assert np.allclose(raw.cells["lintang"].astype(float), [-2.5, -2.6], atol=1e-9)
    assert list(raw.cells["kapasitas"]) == ["20", "30"]
    assert raw.cells["jenis_layanan"].isna().tolist() == [False, True]


def test_plain_parquet_and_layers(tmp_path: Path) -> None:
    pd.DataFrame({"nama": ["A"], "layanan": ["Anak"], "berlaku_sampai": [dt.date(2028, 5, 1)]}).to_parquet(
        tmp_path / "a.parquet"
    )
    raw = read_register(tmp_path / "a.parquet", settings=SETTINGS)
    assert raw.cells.loc[0, ["nama", "berlaku_sampai"]].tolist() == ["A", "2028-05-01"]
    frame = gpd.GeoDataFrame(
        {"nama": ["A"], "layanan": ["Anak"]}, geometry=gpd.points_from_xy([119.1], [-2.5]), crs="EPSG:4326"
    )
    for layer in ("mamuju", "majene"):
        frame.to_file(tmp_path / "a.gpkg", layer=layer)
    assert list(read_register(tmp_path / "a.gpkg", settings=SETTINGS).cells["lembar"]) == ["mamuju", "majene"]


def test_metres_without_a_crs_are_refused(tmp_path: Path) -> None:
    path = _features(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("119.123456789", "732000"), encoding="utf-8")
    assert _error(path).message.key == "sheets.no_crs"
    assert (
        _error(_features(tmp_path, crs={"type": "name", "properties": {"name": "EPSG:99999999"}})).message.key
        == "sheets.no_crs"
    )


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.csv", b" \r\n", "empty_file"),
        ("a.xlsx", b"PK\x03\x04 and no more", "corrupt"),
        ("a.xlsx", b"Nama LKS;Layanan\n", "no_rows"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "corrupt"),
        ("a.xls", b"<html><body>Nama LKS</body></html>", "web_page"),
        ("a.ods", b"PK\x03\x04 and no more", "corrupt"),
        ("a.gpkg", b"SQLite format 3\x00 and no more", "not_opened"),
        ("a.gpkg", b"something else", "corrupt"),
        ("a.parquet", b"PAR1 and no more PAR1", "corrupt"),
        ("a.geojson", b"{", "not_json"),
        ("a.geojson", b"{}", "not_features"),
        ("a.geojson", b"[1, 2]", "not_features"),
        ("a.geojson", b'{"features": [{"properties": 3}]}', "not_features"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "no_cells"),
        ("a.geojson", b'[{"Nama LKS": ' + b"[" * 600 + b"]" * 600 + b"}]", "unreadable"),
        ("a.csv", b"Nama LKS,Layanan\n" + b"a" * 140_000 + b",b\n", "long_cell"),
        ("a.csv", b'Nama LKS,"Layanan"\n' + b"a" * 140_000 + b",b\n", "long_cell"),
        ("a.csv", b"," * 200_000, "no_header"),
        ("a.xls", b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "no_cells"),
        ("a.pdf", b"%PDF", "unsupported"),
        ("a", b"x", "unsupported"),
        ("a.csv", b"a,b\nc,d\n", "no_header"),
        ("a.csv", b"Nama LKS,Layanan\n", "no_rows"),
        ("a.csv", b"Nama LKS,Alamat,Kecamatan\nA,B,C\n", "no_service"),
        ("a.csv", b"Layanan,Alamat,Kecamatan\nAnak,B,C\n", "no_name"),
    ],
)
def test_errors_of_files(tmp_path: Path, name: str, content: bytes, key: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = _error(path)
    assert error.message.key == f"sheets.{key}"
    assert "a" in str(error)


def test_a_line_without_end_is_refused_before_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_module, "_LONGEST_LINE", 1000)
    path = tmp_path / "a.csv"
    path.write_text("Nama LKS,Layanan\n\n" + "a," * 2000)
    error = _error(path)
    assert error.message.key == "files.long_line"
    assert error.message.params["line"] == 3


@pytest.mark.parametrize(("rows", "columns"), [(2, 16_000_000), (1_048_576, 16), (10**12, 1), (2000, 1001)])
def test_repeated_cells_are_counted_before_they_are_written(tmp_path: Path, rows: int, columns: int) -> None:
    path, spaces = tmp_path / "a.ods", "urn:oasis:names:tc:opendocument:xmlns"
    named = "".join(f' xmlns:{name}="{spaces}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = f'<table:table-cell table:number-columns-repeated="{columns}"><text:p>a</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("content.xml", f'<a{named}><table:table table:name="A">{row}</table:table></a>')
    assert _error(path).message.key == "sheets.too_many_cells"


def test_blanks_and_merges_without_end_are_bounded(tmp_path: Path) -> None:
    path, spaces = tmp_path / "a.ods", "urn:oasis:names:tc:opendocument:xmlns"
    named = "".join(f' xmlns:{name}="{spaces}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = '<table:table-cell><text:p>a<text:s text:c="999999999"/>b</text:p></table:table-cell>'
    with zipfile.ZipFile(path, "w") as target:
        row = f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>'
        target.writestr("content.xml", f"<a{named}>{row}</a>")
    assert open_sheets(path)[0].text(0, 0).split() == ["a", "b"]
    old, space = tmp_path / "b.xls", "urn:schemas-microsoft-com:office:spreadsheet"
    for attribute in ('MergeAcross="999999999"', 'MergeDown="999999999"', 'MergeAcross="-7"', 'Index="-7"'):
        cell = f'<Cell s:{attribute}><Data s:Type="String">a</Data></Cell>'
        row = f'<Worksheet s:Name="A"><Row>{cell}{cell}</Row></Worksheet>'
        old.write_text(f'<Workbook xmlns="{space}" xmlns:s="{space}">{row}</Workbook>')
        if "Index" in attribute:
            assert _error(old).message.key == "sheets.too_many_cells"
        else:
            assert open_sheets(old)[0].text(0, 0) == "a"


def test_more_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "register.xlsx").write_bytes(b"x")
    assert "register.xlsx" in str(_error(tmp_path / "registre.xlsx"))
    assert _error(tmp_path).message.key == "sheets.folder"
    with xlsxwriter.Workbook(tmp_path / "kosong.xlsx") as book:
        book.add_worksheet("A")
    assert _error(tmp_path / "kosong.xlsx").message.key == "sheets.no_cells"

    import python_calamine

    class Locked:
        @staticmethod
        def from_filelike(stream: object) -> None:
            raise python_calamine.PasswordError

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Locked)
    assert _error(tmp_path / "kosong.xlsx").message.key == "sheets.password"


def test_the_headings_found_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nama LKS,Alamat,Kecamatan,Uraian\nA,B,C,D\n", encoding="utf-8")
    assert "Nama LKS, Alamat, Kecamatan, Uraian" in str(_error(path))


def test_an_override_without_its_heading_is_refused_although_the_field_has_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nama LKS,Layanan,Lintang,Bujur\nA,Anak,-2.5,119\n", encoding="utf-8")
    error = _error(path, columns={"lintang": "Lintangg"})
    assert isinstance(error, RequestError)
    assert error.message.key == "sheets.unknown_heading"
    assert "Lintang" in str(error).replace("Lintangg", "")
    assert "Nama LKS" in str(error)


@given(
    content=st.binary(max_size=300),
    suffix=st.sampled_from([*SUFFIXES, ".json"]),
    head=st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"{", b"["]),
)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"
    path.write_bytes(head + content)
    with suppress(LksGeoError):
        assert isinstance(open_sheets(path), list)
