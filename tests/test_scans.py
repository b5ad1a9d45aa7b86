"""Files are looked through before they are read: far cells, formulas without a value, errors, hidden rows, limits."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import Table, TableCell, TableRow
from odf.text import P

from lks_geo.errors import LksGeoError
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.register.reading.raw import RawRegister, read_register
from lks_geo.settings import Settings
from lks_geo.sheets import markup_tables, sheet_scan
from lks_geo.sheets import open_sheets as open_sheets_module
from lks_geo.sheets import sheet as sheet_module
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.sheet import CellKind, Sheet
from lks_geo.sheets.sheet_scan import refuse_unfolding

HEADINGS = ["Nama LKS", "Jenis Layanan", "Kecamatan", "Lintang"]
ROWS: list[list[Any]] = [["Panti A", "Anak", "Mambi", -2.5], ["Panti B", "Lansia", "Mambi", -2.6]]
FAR = (1_048_575, 16_383)
"""Line and column of the last cell of a sheet."""


def _xlsx(path: Path, *more: tuple[int, int, Any], rows: Sequence[Sequence[Any]] = (HEADINGS, *ROWS)) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
        for line, column, value in more:
            sheet.write(line, column, value)
    return path


def _ods(path: Path, *more: tuple[int, int, Any]) -> Path:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    values = {(line, column): cell for line, cells in enumerate([HEADINGS, *ROWS]) for column, cell in enumerate(cells)}
    values |= {(line, column): value for line, column, value in more}
    at = 0
    for line in sorted({line for line, _ in values}):
        if line > at:
            table.addElement(TableRow(numberrowsrepeated=line - at))
        row, column = TableRow(), 0
        for (_, place), value in sorted((key, value) for key, value in values.items() if key[0] == line):
            if place > column:
                row.addElement(TableCell(numbercolumnsrepeated=place - column))
            number = isinstance(value, float)
            cell = TableCell(valuetype="float", value=value) if number else TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
            column = place + 1
        table.addElement(row)
        at = line + 1
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def _read(path: Path) -> RawRegister:
    return read_register(path, settings=Settings())


def _refused(path: Path) -> str:
    with pytest.raises(LksGeoError) as caught:
        _read(path)
    for lang in LANGUAGES:
        assert path.name in Texts(lang)(caught.value.message)
    return caught.value.message.key.removeprefix("sheets.")


def _notes(raw: RawRegister) -> list[str]:
    return [note.key.removeprefix("sheets.") for note in raw.notes]


@pytest.mark.parametrize("write", [_xlsx, _ods])
@pytest.mark.parametrize("far", [FAR, (1_048_575, 0), (60_000, 300), (2, 16_383)])
@pytest.mark.parametrize(("text", "told"), [(" \u00a0", []), ("x", ["far_cells"])])
def test_a_stray_cell_costs_nothing(
    tmp_path: Path, write: Callable[..., Path], far: tuple[int, int], text: str, told: list[str]
) -> None:
    path = write(tmp_path / f"a{'.xlsx' if write is _xlsx else '.ods'}", (*far, text))
    [sheet] = open_sheets(path)
    near = far == (1_048_575, 0)  # a table that long is no trouble
    assert sheet.cells.size < 4_500_000
    raw = _read(path)
    assert raw.cells["nama"].dropna().tolist() == ["Panti A", "Panti B"]
    assert near or _notes(raw) == told
    if told and not near:
        assert sheet_scan.cell_name(*far) in str(raw.notes[0])


@pytest.mark.parametrize("place", ["ZZZZZZZZ2", "zzzzzzz2", "A4294967295", f"A{'9' * 5000}"])
def test_a_cell_beyond_any_sheet_is_left_out(tmp_path: Path, place: str) -> None:
    """The reader would ask for so much memory that the process ends."""
    plain, path = _xlsx(tmp_path / "plain.xlsx", (1, 10, "x")), tmp_path / "a.xlsx"
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b'r="K2"', f'r="{place}"'.encode()))
    raw = _read(path)
    assert raw.cells["nama"].tolist() == ["Panti A", "Panti B"]
    assert _notes(raw) == ["far_cells"]


def test_a_table_far_from_a_stray_cell_is_the_one_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "x")
        for line, cells in enumerate([HEADINGS, *ROWS]):
            sheet.write_row(150 + line, 16_000, cells)
    raw = _read(path)
    assert raw.cells["nomor"].tolist() == [152, 153]
    assert _notes(raw) == ["far_cells"]


def test_cells_scattered_all_over_are_refused(tmp_path: Path) -> None:
    places = [(at * 900, at * 40, "x") for at in range(1, 400)]
    assert _refused(_xlsx(tmp_path / "a.xlsx", *places)) == "far_cell"


def test_an_old_workbook_with_a_stray_cell_is_refused_with_its_name(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for line, cells in enumerate([HEADINGS, *ROWS]):
        for column, value in enumerate(cells):
            sheet.write(line, column, value)
    book.save(str(tmp_path / "a.xls"))
    assert _read(tmp_path / "a.xls").cells["nama"].tolist() == ["Panti A", "Panti B"]
    sheet.write(65_535, 255, "x")
    book.save(str(tmp_path / "a.xls"))
    with pytest.raises(LksGeoError, match="IV65536"):
        _read(tmp_path / "a.xls")


def _repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    packed = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info.filename, change(info.filename, source.read(info)))
    return path


def test_what_unfolds_beyond_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _xlsx(tmp_path / "a.xlsx", *[(line, 5, "z" * 30_000) for line in range(1, 30)])
    assert _notes(_read(path)) == []
    monkeypatch.setattr(sheet_scan, "LARGEST_TEXT", 100_000)
    assert _refused(path) == "unfolds"
    monkeypatch.setattr(sheet_scan, "LARGEST_UNFOLDED", 10_000)
    assert _refused(path) == "unfolds"
    assert _refused(_ods(tmp_path / "a.ods", *[(line, 5, "z" * 30_000) for line in range(1, 30)])) == "unfolds"


def test_a_text_with_too_many_cells_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_sheets_module, "MOST_CELLS", 100)
    quoted = 'Nama LKS,Layanan\n"A' + "\n" * 50 + '",Anak\n' + "B,Lansia,,,\n" * 40
    (tmp_path / "a.csv").write_text(quoted)
    assert open_sheets(tmp_path / "a.csv")[0].cells.shape == (42, 2)
    monkeypatch.setattr(open_sheets_module, "cells_of", None)
    (tmp_path / "a.csv").write_text(quoted + "B,Lansia\n" * 9)
    assert _refused(tmp_path / "a.csv") == "too_many_cells"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nama LKS,Layanan\nA,Anak" + "," * 9_000 + "x\n", "too_wide"),
        ("Nama LKS,Layanan\nA,Anak" + "," * 9_000 + " \n", ""),
        ("Nama LKS,Layanan\nA," + "x" * 110_000 + "\n", "long_cell"),
    ],
)
def test_text_that_is_no_table_of_an_office_is_refused(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    if key:
        assert _refused(path) == key
    else:
        assert _read(path).cells["nama"].tolist() == ["A"]


def _formulas(path: Path, column: str, formula: str = "=A2&A3") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [HEADINGS, *ROWS]:
        sheet.append(cells)
    for line in (2, 3):
        sheet[f"{column}{line}"] = formula
    book.save(path)
    return path


def test_formulas_without_a_stored_value_are_told(tmp_path: Path) -> None:
    raw = _read(_formulas(tmp_path / "a.xlsx", "D"))
    assert raw.cells["lintang"].isna().all()
    assert [(note.key, note.params) for note in raw.notes] == [("sheets.formula_cells", {"heading": "Lintang", "n": 2})]
    assert dict(raw.unread) == {(0, "lintang"): CellKind.FORMULA, (1, "lintang"): CellKind.FORMULA}
    with pytest.raises(LksGeoError, match="A2, A3"):
        _read(_formulas(tmp_path / "b.xlsx", "A", "=B2"))
    raw = _read(_formulas(tmp_path / "c.xlsx", "C", '="Ara""lle"'))
    assert raw.cells["kecamatan"].tolist() == ['Ara"lle'] * 2
    assert not raw.notes


def test_values_that_no_program_computed_are_told(tmp_path: Path) -> None:
    """XlsxWriter stores 0 as the value of every formula, and asks to compute them on opening."""
    path = _xlsx(tmp_path / "a.xlsx", (1, 3, "=1-4"), (2, 3, "=1-5"))
    assert _notes(_read(path)) == ["formula_cells"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for line, cells in enumerate([HEADINGS, *ROWS]):
            sheet.write_row(line, 0, cells)
        sheet.write_formula(1, 3, "=1-1", None, 0)
        sheet.write_formula(2, 3, "=1-4", None, -3)
    assert _read(path).cells["lintang"].tolist() == ["0", "-3"]


def test_empty_text_is_a_value_of_a_formula(tmp_path: Path) -> None:
    path = _formulas(tmp_path / "a.xlsx", "D")
    _repacked(path, lambda name, data: re.sub(rb'<c r="(D\d)">', rb'<c r="\1" t="str">', data))
    assert _notes(_read(path)) == []


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#DIV/0!"])
def test_errors_are_no_blank_cells(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Nama LKS,Layanan,Kapasitas\nA,Anak,{text}\nB,Anak,\n", encoding="utf-8")
    [sheet] = open_sheets(path)
    assert sheet.kinds[1:, 2].tolist() == [CellKind.ERROR, CellKind.BLANK]
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for cells in (["Nama LKS", "Layanan", "Kapasitas"], ["A", "Anak", text], ["B", "Anak", None]):
        page.append(cells)
    page["C2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    for name in ("a.csv", "a.xlsx"):
        raw = _read(tmp_path / name)
        assert raw.cells["kapasitas"].isna().all()
        assert [note.params for note in raw.notes] == [{"heading": "Kapasitas", "n": 1}]
        assert dict(raw.unread) == {(0, "kapasitas"): CellKind.ERROR}


def _hidden(path: Path) -> Sheet:
    if path.suffix == ".xls":
        book = xlwt.Workbook()
        page = book.add_sheet("Data")
        for line, cells in enumerate([HEADINGS, *ROWS]):
            for column, value in enumerate(cells):
                page.write(line, column, value)
        page.row(2).hidden = True
        book.save(str(path))
    elif path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as new:
            sheet = new.add_worksheet("Data")
            for line, cells in enumerate([HEADINGS, *ROWS]):
                sheet.write_row(line, 0, cells)
            sheet.set_row(2, None, None, {"hidden": True})
    else:
        _ods(path)
        rows = re.compile(rb"(<table:table-row)(?=(?:(?!<table:table-row).)*Panti B)", re.DOTALL)
        _repacked(path, lambda name, data: rows.sub(rb'\1 table:visibility="filter"', data))
    return open_sheets(path)[0]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_hidden_rows_are_read_and_told(tmp_path: Path, suffix: str) -> None:
    sheet = _hidden(tmp_path / f"a{suffix}")
    assert sheet.hidden_lines is not None
    assert sheet.hidden_lines.tolist() == [False, False, True]
    raw = _read(tmp_path / f"a{suffix}")
    assert raw.cells["nama"].tolist() == ["Panti A", "Panti B"]
    assert [note.params for note in raw.notes] == [{"n": 1}]


def test_hidden_sheets_of_open_documents(tmp_path: Path) -> None:
    book = OpenDocumentSpreadsheet()
    style = Style(name="ta1", family="table")
    style.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(style)
    for name, more in (("Satu", {}), ("Dua", {"stylename": style})):
        table = Table(name=name, **more)
        for cells in [HEADINGS, *ROWS]:
            row = TableRow()
            for value in cells:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=str(value)))
                row.addElement(cell)
            table.addElement(row)
        book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "a.ods"))
    assert [(sheet.name, sheet.hidden) for sheet in open_sheets(tmp_path / "a.ods")] == [("Satu", False), ("Dua", True)]


PAGE = """<html><head><meta charset="utf-8"></head><body><table border=1>
<tr><td colspan=4>DATA LKS</td></tr>
<tr><th>Nama LKS</th><th>Jenis Layanan</th><th>Kecamatan</th><th>Lintang</th></tr>
<tr><td>Panti&nbsp;A<td>Anak<br>Lansia<td rowspan=2>Mambi<td>-2,5</tr>
<tr><td>Panti B</td><td>Lansia</td><td>-2,6</td></tr>
</table></body></html>"""
WORKBOOK_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Data"><Table><Row ss:Index="2"><Cell><Data ss:Type="String">Nama LKS</Data></Cell>
<Cell><Data ss:Type="String">Jenis Layanan</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="String">Lintang</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Panti A</Data></Cell><Cell><Data ss:Type="String">Anak</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">-2.5</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_web_pages_and_old_xml_are_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(PAGE, encoding="utf-8")
    raw = _read(path)
    assert raw.cells["nomor"].tolist() == [3, 4]
    assert raw.cells["nama"].tolist() == ["Panti A", "Panti B"]
    assert raw.cells["jenis_layanan"].tolist() == ["Anak\nLansia", "Lansia"]
    assert raw.cells["kecamatan"].tolist() == ["Mambi", "Mambi"]
    assert raw.cells["lintang"].tolist() == ["-2,5", "-2,6"]
    path.write_text(WORKBOOK_2003, encoding="utf-8")
    raw = _read(path)
    assert raw.cells[["lembar", "nomor", "nama", "lintang"]].values.tolist() == [["Data", 3, "Panti A", "-2.5"]]


@pytest.mark.parametrize("suffix", [".xls", ".csv", ".ods", ".txt"])
def test_a_workbook_is_read_whatever_its_ending(tmp_path: Path, suffix: str) -> None:
    path = _xlsx(tmp_path / "a.xlsx").rename(tmp_path / f"a{suffix}")
    assert _read(path).cells["nama"].tolist() == ["Panti A", "Panti B"]
    path = _ods(tmp_path / "b.ods").rename(tmp_path / "b.xlsx")
    assert _read(path).cells["nama"].tolist() == ["Panti A", "Panti B"]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_whatever_its_ending(tmp_path: Path, suffix: str, encoding: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes("Nama LKS;Layanan\r\nPanti Pati'di é;Anak\r\n".encode(encoding))
    assert _read(path).cells["nama"].tolist() == ["Panti Pati'di é"]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "mac-roman", "cp1252"])
def test_the_sign_for_degrees_tells_the_code_page(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Nama LKS;Layanan;Lintang\nPanti é;Anak;2°49'35\" LS\n".encode(encoding))
    raw = _read(path)
    assert raw.cells.loc[0, ["nama", "lintang"]].tolist() == ["Panti é", "2°49'35\" LS"]


def test_guards_marks_and_nulls_are_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Nama LKS,Layanan,Kode Desa,Alamat\n"=""Panti """"A""""""",Anak,"=""76.02.02.2003""",\\N\n'
        "Pan\u00adti\u202a B\u202c,Anak,\u200e76.02.02.2003\u200f,Jl. = 3\n",
        encoding="utf-8",
    )
    raw = _read(path)
    assert raw.cells["nama"].tolist() == ['Panti "A"', "Panti B"]
    assert raw.cells["kode_desa"].tolist() == ["76.02.02.2003"] * 2
    assert raw.cells["alamat"].fillna("").tolist() == ["", "Jl. = 3"]


@pytest.mark.parametrize("between", ["", ",", ",,"])
def test_tables_side_by_side_are_one_register(tmp_path: Path, between: str) -> None:
    """Also with blank headings between them, of which none answers the question of the one before."""
    heads = "Nama LKS,Kelompok,Aktif,Desa,Kecamatan"
    left, right = "LKS Melati {0},Anak,V,Topore,Papalang", "LKS Mawar {0},Lansia,V,Orobatu,Tapalang"
    lines = [f"{left},{between}{right}".format(at) for at in range(3)]
    path = tmp_path / "register.csv"
    path.write_text("\n".join([f"{heads},{between}{heads}", *lines]), encoding="utf-8")
    raw = read_register(path, settings=Settings())
    assert sorted(raw.cells["nama"]) == [f"LKS {name} {at}" for name in ("Mawar", "Melati") for at in range(3)]
    assert raw.sheets[0].header_rows == (1,)


@pytest.mark.parametrize(
    ("part", "megabytes"),
    [
        ("xl/sharedStrings.xml", 501),
        ("xl/styles.xml", 101),
        ("xl/workbook.xml", 51),
        ("xl/_rels/Workbook.xml.rels", 51),
    ],
)
def test_parts_that_are_held_whole_may_be_less_large(part: str, megabytes: int) -> None:
    packed, quick = io.BytesIO(), 1
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, True, quick) as archive, archive.open(part, "w") as file:
        for _ in range(megabytes):
            file.write(b" " * 1_000_000)
    with zipfile.ZipFile(packed) as archive, pytest.raises(LksGeoError, match=r"besar\.xlsx") as caught:
        refuse_unfolding(archive, "besar.xlsx")
    assert caught.value.message.key == "sheets.needs"


def test_different_texts_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _xlsx(tmp_path / "a.xlsx", *[(line, 5, f"z{line}") for line in range(1, 30)])
    thrice = _repacked(path, lambda part, data: data.replace(b"</si>", b"</si>" + b"<si><t/></si>" * 9))
    monkeypatch.setattr(sheet_scan, "MOST_CELLS", 100)
    assert _refused(thrice) == "too_many_texts"


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of an .xlsb: its kind, its length in groups of seven bits, its content."""
    sizes = [len(content) >> shift & 0x7F for shift in (0, 7)]
    size = bytes([sizes[0] | 0x80, sizes[1]] if sizes[1] else sizes[:1])
    return (bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])) + size + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _write_xlsb(path: Path, names: list[str]) -> None:
    """Sheets with the one cell "Nama LKS"."""
    row = struct.pack("<III", 0, 0, 0) + bytes(5)
    cell = struct.pack("<II", 0, 0) + _wide("Nama LKS")
    records = ((129, b""), (148, bytes(16)), (145, b""), (0, row), (6, cell), (146, b""), (130, b""))
    sheet = b"".join(_record(kind, content) for kind, content in records)
    bundle = b"".join(
        _record(156, struct.pack("<II", 0, at + 1) + _wide(f"rId{at}") + _wide(name)) for at, name in enumerate(names)
    )
    base = "http://schemas.openxmlformats.org"
    kind = f"{base}/officeDocument/2006/relationships/worksheet"
    links = [f'<Relationship Id="rId{at}" Type="{kind}" Target="worksheets/{at}.bin"/>' for at in range(len(names))]
    relations = f'<Relationships xmlns="{base}/package/2006/relationships">{"".join(links)}</Relationships>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{base}/package/2006/content-types"/>')
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        book = (_record(131), _record(143), bundle, _record(144), _record(132))
        archive.writestr("xl/workbook.bin", b"".join(book))
        for at in range(len(names)):
            archive.writestr(f"xl/worksheets/{at}.bin", sheet)


def _many_sheets(path: Path, count: int) -> Path:
    names = [f"Lembar {at}" for at in range(count)]
    if path.suffix == ".xlsb":
        _write_xlsb(path, names)
    elif path.suffix in (".xlsx", ".xlsm"):
        with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
            for name in names:
                book.add_worksheet(name).write_row(0, 0, HEADINGS)
        path.with_suffix(".xlsx").rename(path)
    elif path.suffix == ".ods":
        document = OpenDocumentSpreadsheet()
        for name in names:
            document.spreadsheet.addElement(Table(name=name))
        document.save(str(path))
    elif path.suffix == ".gpkg":
        for name in names:
            pyogrio.write_dataframe(pd.DataFrame({"nama": ["A"]}), path, layer=name)
    else:
        old = xlwt.Workbook()
        for name in names:
            old.add_sheet(name).write(0, 0, "Nama LKS")
        old.save(str(path))
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".xlsb", ".ods", ".xls", ".gpkg"])
def test_sheets_without_end_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = _many_sheets(tmp_path / f"a{suffix}", 4)
    assert len(open_sheets(path)) == 4
    for module in (sheet_module, markup_tables):
        monkeypatch.setattr(module, "MOST_SHEETS", 3)
    assert _refused(path) == "too_many_sheets"
    assert open_sheets(_many_sheets(tmp_path / f"b{suffix}", 3))


def test_old_xml_workbooks_have_no_sheets_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_module, "MOST_SHEETS", 3)
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = '<Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>'
    sheets = "".join(f'<Worksheet ss:Name="s{at}">{cells}</Worksheet>' for at in range(4))
    path = tmp_path / "a.xls"
    path.write_text(f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}">{sheets}</Workbook>')
    assert _refused(path) == "too_many_sheets"


def test_cells_are_found_however_they_are_written() -> None:
    """The quick pattern gives what the careful one does, whatever stands beside each other."""
    usual = [b'<c r="B7" s="2">', b'<c r="C7"/>', b'<row r="7">', b"<v>c 3</v>", b"</c>"]
    odd = [
        b'<c s="1" r="A12" t="s">', b'<x:c r="C3">', b'<c\nr="D4">', b"<c r='E5'>", b'<c r="f6">', b'<c r="G" t="x/y">',
        b"<c>", b"<c/>", b"a:c b", b'<col min="1">', b'<c r="H2" />', b'<c r="$1">', b'<c r="A1"', b"<", b">", b"c ",
    ]  # fmt: skip
    chosen = random.Random(7)
    for _ in range(3_000):
        parts = chosen.choices([*usual, *odd], [12] * len(usual) + [1] * len(odd), k=6)
        piece = b"".join(parts)
        assert sheet_scan._filled(piece) == sheet_scan._FILLED.findall(piece), piece
    assert len(sheet_scan._filled(b"".join(usual))) == 1
