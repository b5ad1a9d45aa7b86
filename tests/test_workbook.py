"""The workbook says what the table says, with real numbers, and reads well without us."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from outputs_world import FORMULA, HIDDEN_ID, MEASURES, coverage, incomplete, unreported
from python_calamine import CalamineWorkbook

from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.measure import restrict
from lks_geo.messages import Texts, catalogue_entries
from lks_geo.render import book as book_module
from lks_geo.render import style
from lks_geo.render.book_columns import GROUP_NUMBER, Column, text_lines, width_of
from lks_geo.render.export import write_table
from lks_geo.render.frames import places_frame, table_frame
from lks_geo.render.quality_report import write_quality
from lks_geo.render.workbook import write_workbook
from lks_geo.said.areas import unserved_lists
from lks_geo.settings_file import SETTINGS
from lks_geo.tables import KEY_COLUMNS, Coverage

ID_SHEETS = [
    "Ringkasan", "Profil LKS", "Pembinaan", "Kabupaten", "Kecamatan", "Desa", "Belum terlayani", "LKS", "Mutu data",
    "Metode & sumber",
]  # fmt: skip
EN_SHEETS = [
    "Summary", "LKS profile", "Training", "Regencies", "Districts", "Villages", "Unserved", "LKS", "Data quality",
    "Method & sources",
]  # fmt: skip
LEVELS = {"Desa": "desa", "Kecamatan": "kecamatan", "Kabupaten": "kabupaten"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "cakupan.xlsx"
    write_workbook(path, coverage())
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def _written(path: Path, cover: Coverage) -> openpyxl.Workbook:
    write_workbook(path, cover)
    return openpyxl.load_workbook(path)


def _table(sheet: Worksheet) -> pd.DataFrame:
    """The table of a sheet by the keys in its third row, which is hidden; groups by their keys."""
    assert sheet.row_dimensions[3].hidden
    keys = [cell.value for cell in sheet[3]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=sheet.max_row)]
    if sheet.title in (*LEVELS, "Belum terlayani"):
        place, groups = keys.index("kelompok"), {group.name_id: group.key for group in DEFAULT_GROUPS}
        rows = [[*row[:place], groups[row[place]], *row[place + 1 :]] for row in rows]
    return pd.DataFrame(rows, columns=keys, dtype=object)


def _texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_sheets_in_order_in_both_languages(book: openpyxl.Workbook, tmp_path: Path) -> None:
    assert book.sheetnames == ID_SHEETS
    assert _written(tmp_path / "e.xlsx", coverage(lang="en")).sheetnames == EN_SHEETS


@pytest.mark.parametrize("name", LEVELS)
def test_area_sheets_hold_the_table(book: openpyxl.Workbook, name: str) -> None:
    table = table_frame(coverage())
    wanted = table[table["level"] == LEVELS[name]].set_index(["kode", "kelompok"])
    read = _table(book[name])
    assert set(read.columns) == {*KEY_COLUMNS, *(measure.key for measure in MEASURES), GROUP_NUMBER}
    assert len(read) == len(wanted)
    texts = Texts()
    for _, row in read.iterrows():
        known = wanted.loc[(row["kode"], row["kelompok"])]
        for key in wanted.columns:
            value = known[key]
            if pd.isna(value):
                assert row[key] is None
            elif key == "status":
                assert row[key] == texts(f"style.status_{value}")
            elif key in ("sasaran_lengkap", "sasaran_perkiraan"):
                assert row[key] == ("Ya" if value else "Tidak")
            else:
                assert row[key] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-14))
                assert isinstance(row[key], str) == isinstance(value, str)


def test_groups_stand_together_in_the_order_of_the_settings(book: openpyxl.Workbook) -> None:
    groups = list(_table(book["Desa"])["kelompok"])
    assert groups == ["lansia"] * 3 + ["kekerasan"] * 3


def test_number_formats_follow_the_kind(book: openpyxl.Workbook) -> None:
    sheet = book["Desa"]
    formats = {key.value: sheet.cell(6, place).number_format for place, key in enumerate(sheet[3], start=1)}
    assert formats["sasaran"] == "#,##0"
    assert formats["cakupan"] == "0.0%"
    assert formats["jarak_km"] == "#,##0.0"


def test_tables_are_frozen_filtered_and_printed_on_a4(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert "DATA CONTOH" in sheet.oddHeader.right.text
        assert "&P" in sheet.oddFooter.right.text.replace("&[Page]", "&P")
    for name in (*LEVELS, "Belum terlayani", "LKS"):
        sheet = book[name]
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("6")
        assert sheet.print_title_rows == "$3:$5"
        assert sheet.auto_filter.ref is not None
        assert sheet.auto_filter.ref.startswith("A5:")
        assert sheet["A5"].value != "kode"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}
        assert sheet.page_setup.fitToHeight == 0


def test_status_cells_have_the_colours_of_the_map(book: openpyxl.Workbook) -> None:
    colours = {}
    for rules in book["Desa"].conditional_formatting:
        for rule in rules.rules:
            if rule.type == "cellIs":
                colours[rule.formula[0].strip('"')] = "#" + rule.dxf.fill.bgColor.rgb[2:]
    texts = Texts()
    assert colours == {texts(f"style.status_{key}"): colour for key, colour in style.STATUS_COLOURS.items()}


def test_text_on_every_colour_can_be_read(book: openpyxl.Workbook) -> None:
    seen = 0
    for sheet in book.worksheets:
        for rule in (rule for found in sheet.conditional_formatting for rule in found.rules):
            if rule.dxf and rule.dxf.fill:
                ink = f"#{rule.dxf.font.color.rgb[2:]}" if rule.dxf.font else style.INK
                ground = f"#{rule.dxf.fill.bgColor.rgb[2:]}"
                assert style.contrast(ink, ground) >= 4.5, (sheet.title, ink, ground)
                seen += 1
    assert seen > 10
    assert style.contrast("#FFFFFF", "#000000") == pytest.approx(21)


def test_a_filter_gives_its_total_and_never_one_of_two_groups(
    book: openpyxl.Workbook, path: Path, tmp_path: Path
) -> None:
    """What the formulas show before anything is filtered; LibreOffice and Excel agree on the rest."""
    write_workbook(tmp_path / "one.xlsx", restrict(coverage(), groups=("lansia",)))
    for file, label, people in (
        (tmp_path / "one.xlsx", "Jumlah 3 baris yang tampil", 1350.0),
        (path, "6 baris tampil. Untuk jumlahnya, saring satu kelompok.", None),
    ):
        shown = openpyxl.load_workbook(file, data_only=True)["Desa"]
        keys = [cell.value for cell in shown[3]]
        sums = dict(zip(keys, (cell.value or None for cell in shown[4]), strict=True))
        assert (sums["kode"], sums["sasaran"]) == (label, people)
        assert sums["cakupan"] == (pytest.approx((300 + 50 / 3) / 1350) if people else None)
    place = keys.index("sasaran")
    formula = str(book["Desa"].cell(4, place + 1).value)
    group = openpyxl.utils.get_column_letter(keys.index(GROUP_NUMBER) + 1)
    assert formula.startswith(f"=IF(AND(SUBTOTAL(104,{group}6:{group}11)=SUBTOTAL(105,{group}6:{group}11),")
    assert "SUBTOTAL(109," in formula


def test_formula_like_text_is_text(book: openpyxl.Workbook) -> None:
    sheet = book["LKS"]
    place = [cell.value for cell in sheet[3]].index("nama") + 1
    cell = sheet.cell(6, place)
    assert (cell.value, cell.data_type) == (FORMULA, "s")
    assert cell.quotePrefix
    cells = [cell for one in book.worksheets for row in one.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.row for cell in cells} == {4}
    assert all(cell.value.startswith("=IF(") and "SUBTOTAL(" in cell.value for cell in cells)


def test_unserved_and_places_sheets_hold_their_frames(book: openpyxl.Workbook) -> None:
    unserved, wanted = _table(book["Belum terlayani"]), unserved_lists(coverage())
    assert list(unserved.columns[:3]) == ["kelompok", "no", "prioritas"]
    for key in ("kode", "no", "prioritas"):
        assert list(unserved[key]) == list(wanted[key])
    assert unserved["belum_terjangkau"].iloc[0] == 1000
    places, known = _table(book["LKS"]), places_frame(coverage())
    assert list(places["id"].iloc[: len(known)]) == list(known["id"]) == ["L1", "L2", "L6", "L3"]
    assert places["lintang"].iloc[0] == known["lintang"].iloc[0]
    assert list(places["dihitung"].iloc[:4]) == ["Ya", "Tidak", "Ya", "Tidak"]
    assert places["lokasi"].iloc[2] == "luar wilayah"
    assert "nomor" not in places.columns
    below = [row for row in book["LKS"].iter_rows(values_only=True) if row[1] == "Kec B"]
    assert [row[:4] for row in below] == [("Kabupaten Timur", "Kec B", "Korban kekerasan", 1)]


def test_disguised_places_are_told_in_words_wherever_figures_of_desa_stand(book: openpyxl.Workbook) -> None:
    note = "Korban kekerasan: 1 LKS disamarkan, dihitung di pusat penduduk kecamatan (perkiraan)"
    for name in ("Ringkasan", *LEVELS, "Belum terlayani", "Metode & sumber"):
        assert note in _texts(book[name]), name
    assert HIDDEN_ID not in _texts(book["LKS"])


def test_kabupaten_that_are_not_reported_are_named_and_in_no_sum(tmp_path: Path) -> None:
    book = _written(tmp_path / "u.xlsx", unreported())
    sheet = book["Ringkasan"]
    said = "1 dari 2 kabupaten ada dalam register (tidak dilaporkan: Timur)"
    for name in ("Ringkasan", *LEVELS, "Belum terlayani"):
        assert said in _texts(book[name]), name
    rows = list(sheet.iter_rows(values_only=True))
    lansia = next(row for row in rows if row[0] == "Lansia")
    assert (*lansia[2:4], *lansia[5:6]) == (2, 1, 1300)
    east = next(row for row in rows if row[0] == "Timur")
    assert east[1:3] == (1, "Tidak dilaporkan")
    assert set(east[3:]) == {None}
    whole = next(row for row in rows if row[0] == "Sulawesi Barat")
    assert whole[1:4] == pytest.approx((2, 1, 300 / 1300))
    assert "Tidak dilaporkan" in _texts(book["Desa"])
    rules = [rule for found in book["Desa"].conditional_formatting for rule in found.rules if rule.type == "expression"]
    assert rules[0].formula == ['$F6="Tidak dilaporkan"']


def test_incomplete_targets_say_of_how_many_desa(tmp_path: Path) -> None:
    book = _written(tmp_path / "n.xlsx", incomplete())
    text = _texts(book["Ringkasan"])
    assert "† Hanya dari desa yang sasarannya diketahui: Lansia (2 dari 3 desa)." in text
    assert "Barat (1 dari 2 desa): Lansia" in text
    assert "350 (2 dari 3 desa)" in text.replace("lansia (perkiraan) (2", "(2")
    sheet = book["Kabupaten"]
    place = [cell.value for cell in sheet[3]].index("desa_diketahui") + 1
    cells = [sheet.cell(row, place) for row in (6, 7)]
    assert [(cell.value, cell.number_format) for cell in cells] == [(1, '"(1 dari 2 desa)"'), (1, "#,##0")]


def test_summary_can_be_read_alone(book: openpyxl.Workbook) -> None:
    sheet = book["Ringkasan"]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows() if row[0].value}
    text = _texts(sheet)
    assert "Lansia: 1 dari 3 desa/kelurahan belum terlayani LKS lansia. Di sana tinggal 1.000 lansia" in text
    lines = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Lansia"]
    table, reconcile = lines
    assert table[1:4] == (2, 3, 1)
    assert table[5:8] == pytest.approx((1350.0, 300 + 50 / 3, 1350 - 300 - 50 / 3))
    assert table[8] == pytest.approx((300 + 50 / 3) / 1350)
    assert reconcile[1:7] == (4, 2, 1, 0, 0, 1)
    assert rows["Barat"][1:4] == pytest.approx([2, 1, 300 / 1300])
    assert "Semua LKS (masing-masing sekali)" in rows
    for words in ("10 km", "hanya LKS aktif", "perkiraan", "Batas indikatif", "24 November 2026", "DATA CONTOH"):
        assert words in text


def test_links_lead_to_sheets_that_exist(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    targets = [cell.hyperlink.location for cell in cells if cell.hyperlink]
    assert len(targets) >= 7 + 7 + 2
    for target in targets:
        name, _, cell = str(target).rpartition("!")
        assert name.strip("'") in book.sheetnames
        assert book[name.strip("'")][cell].value is not None


def test_method_sheet_explains_everything(book: openpyxl.Workbook) -> None:
    text = _texts(book["Metode & sumber"])
    for measure in MEASURES:
        assert measure.definition_id in text
    for spec in SETTINGS:
        assert Texts()(f"settings.help_{spec.key}") in text
    for words in ("a" * 64, "b" * 64, "c" * 64, "2025", "99.99.99.9999", "6 baris = ", "1 meragukan"):
        assert words in text


def test_quality_sheet_counts_and_shows_no_row(book: openpyxl.Workbook) -> None:
    text = _texts(book["Mutu data"])
    assert "6 baris = 2 diterima + 1 diperbaiki + 2 meragukan + 1 ditolak" in text
    assert "1 baris disamarkan" in text
    counts = [row[:4] for row in book["Mutu data"].iter_rows(values_only=True) if isinstance(row[3], int)]
    assert ("Kabupaten Timur", "Meragukan", "Hanya kecamatan atau kabupaten yang diketahui", 1) in counts
    assert len(counts) == 4
    for name in (FORMULA, "Panti “Dua”", "=1+1"):
        assert name not in text


def test_a_workbook_of_one_kabupaten_counts_its_rows_alone(tmp_path: Path) -> None:
    whole = coverage()
    rows = whole.register.rows
    code = rows["kode_kabupaten"].dropna().iloc[0]
    there = rows[(rows["kode_kabupaten"] == code).fillna(False)]
    cover = restrict(
        replace(whole, register=replace(whole.register, rows=rows.assign(disamarkan=False))), kabupaten=(code,)
    )
    book = _written(tmp_path / "k.xlsx", cover)
    for sheet in ("Mutu data", "Metode & sumber"):
        text = _texts(book[sheet])
        assert f"{len(there)} baris = " in text
        assert f"{rows['kode_kabupaten'].isna().sum()} baris lain" in text
        assert f"{len(rows)} baris = " not in text
    assert "disamarkan; kesalahannya" not in _texts(book["Mutu data"])


def test_internal_outputs_say_so(tmp_path: Path) -> None:
    book = _written(tmp_path / "i.xlsx", coverage(show_sensitive=True))
    for sheet in book.worksheets:
        assert "INTERNAL" in sheet.oddHeader.right.text
        assert "INTERNAL" in _texts(sheet)


def test_missing_levels_have_no_sheet(tmp_path: Path) -> None:
    full = coverage()
    cut = replace(full, table=full.table[full.table["level"].isin(["desa", "provinsi"])])
    assert _written(tmp_path / "d.xlsx", cut).sheetnames == [
        name for name in ID_SHEETS if name not in {"Kabupaten", "Kecamatan"}
    ]


def test_nothing_unserved_and_no_places(tmp_path: Path) -> None:
    full = coverage()
    empty = replace(
        full,
        table=full.table.assign(status="terjangkau", desa_belum_terlayani=0),
        places=full.places.iloc[:0],
        register=replace(full.register, rows=full.register.rows.iloc[:0], issues=()),
    )
    book = _written(tmp_path / "e.xlsx", empty)
    assert book.sheetnames == ID_SHEETS


def test_text_files_inside_are_the_same_twice(path: Path, tmp_path: Path) -> None:
    write_workbook(tmp_path / "b.xlsx", coverage())
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert b"2026-11-24" in archive.read("docProps/core.xml")


def test_large_books_say_the_same_as_small_ones(book: openpyxl.Workbook, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book_module, "MANY_CELLS", 0)
        large = _written(tmp_path / "l.xlsx", coverage())
    for sheet in book.worksheets:
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [[cell.value for cell in row] for row in large[sheet.title].iter_rows()] == cells


def test_other_readers_see_the_same(path: Path) -> None:
    rows: list[list[Any]] = CalamineWorkbook.from_path(path).get_sheet_by_name("Desa").to_python()
    keys = next(row for row in rows if "kode" in row)
    first = rows[rows.index(keys) + 3]
    assert first[keys.index("kode")] == "76.01.01.2001"
    assert first[keys.index("jarak_km")] == pytest.approx(0.1 + 0.2, rel=1e-14)


def test_widths_fit_titles_and_numbers() -> None:
    frame = pd.DataFrame({"x": [1234567.0, None], "t": ["a" * 30, None], "e": [None, None]})
    assert width_of(Column(key="x", title="A", kind="people", number="#,##0"), frame) >= 9
    assert width_of(Column(key="t", title="A"), frame) >= 30
    assert width_of(Column(key="e", title="Perkembangan"), frame) >= len("Perkembangan")
    assert width_of(Column(key="t", title="A" * 200, width=12), frame) == 12
    assert text_lines("a" * 100, 50) == 2
    assert text_lines("a\nb", 50) == 2


def test_every_message_of_the_workbook_is_in_both_languages() -> None:
    for key, entry in catalogue_entries("workbook").items():
        assert entry["id"], key
        assert entry["en"], key


def test_real_data_says_the_same_in_every_format(sulbar_coverage: Coverage, sample_set: Path, tmp_path: Path) -> None:
    cover = sulbar_coverage
    write_table(tmp_path / "c.csv", cover)
    table = table_frame(cover).set_index(["level", "kode", "kelompok"])
    read = pd.read_csv(tmp_path / "c.csv", dtype=str).set_index(table.index.names)
    assert list(read.index) == list(table.index)
    book = openpyxl.load_workbook(sample_set / "cakupan.xlsx")
    sheets = {level: _table(book[name]).set_index(["kode", "kelompok"]) for name, level in LEVELS.items()}
    for measure in ("sasaran", "terjangkau", "cakupan", "jarak_km", "jumlah_lks", "desa_belum_terlayani", "prioritas"):
        known = table[measure].astype("float64")
        written = [float(text) for text in read[measure].fillna("nan")]  # digit for digit, whatever pandas' default
        np.testing.assert_array_equal(written, known)
        for level, sheet in sheets.items():
            cells = sheet[measure].astype("float64")
            np.testing.assert_allclose(cells.sort_index(), known.loc[level].sort_index(), rtol=1e-14)
    for level in ("desa", "kabupaten"):
        layer = pyogrio.read_dataframe(sample_set / "cakupan.gpkg", layer=f"{level}_lansia", read_geometry=False)
        np.testing.assert_array_equal(layer["cakupan"], table["cakupan"].loc[level].xs("lansia", level="kelompok"))


def test_disguised_places_are_listed_in_no_output(sulbar_coverage: Coverage, sample_set: Path, tmp_path: Path) -> None:
    hidden = sulbar_coverage.places[sulbar_coverage.places["disamarkan"]]
    assert len(hidden) > 0
    assert hidden["nama"].isna().all()
    write_quality(tmp_path / "m.json", sulbar_coverage.register, boundaries=sulbar_coverage.boundaries)
    points = {(row.bujur, row.lintang) for row in hidden.itertuples()}
    shown = pyogrio.read_dataframe(sample_set / "cakupan.gpkg", layer="lks")
    assert not points & {(point.x, point.y) for point in shown.geometry}
    assert not set(hidden["id"]) & {
        str(cell.value)
        for row in openpyxl.load_workbook(sample_set / "cakupan.xlsx", read_only=True)["LKS"].iter_rows()
        for cell in row
    }
    told = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["baris"]
    secret = [row for row in told if row["lokasi"] == "disamarkan"]
    assert len(secret) == len(hidden[~hidden["pendamping"]])
    for row in secret:
        assert [row[key] for key in ("id", "nama", "kelompok", "lintang", "kode_kecamatan")] == [
            None,
            None,
            [],
            None,
            None,
        ]


@pytest.mark.parametrize(
    "cut",
    [
        {"kabupaten": ("76.03",)},
        {"kabupaten": ("76.03", "76.05"), "groups": ("lansia",)},
        {"levels": ("kabupaten",)},
        {"levels": ("desa",), "groups": ("kekerasan",)},
    ],
)
def test_parts_of_a_coverage_can_be_written(sulbar_coverage: Coverage, cut: dict[str, Any], tmp_path: Path) -> None:
    write_workbook(tmp_path / "c.xlsx", restrict(sulbar_coverage, **cut))
    book = openpyxl.load_workbook(tmp_path / "c.xlsx", read_only=cut.get("kabupaten") != ("76.03",))
    assert book.sheetnames[0] == "Ringkasan"
    texts = _texts(book["Ringkasan"])
    if cut.get("levels") == ("kabupaten",):
        lansia = next(row for row in book["Ringkasan"].iter_rows(values_only=True) if row[0] == "Lansia")
        province = sulbar_coverage.at("provinsi", "lansia").iloc[0]
        assert lansia[2:4] == (648, province["desa_belum_terlayani"])
    if cut.get("kabupaten") == ("76.03",):
        assert "Mamasa" in texts
        assert set(_table(book["Desa"])["kabupaten"]) == {"Mamasa"}


def test_titles_with_digits_and_ampersands_survive_in_the_margins(tmp_path: Path) -> None:
    book = _written(tmp_path / "m.xlsx", coverage(title="2026: LKS & desa"))
    header = book["Desa"].oddHeader.left
    assert header.text.strip() == "2026: LKS && desa · &A"  # each page says of which sheet it is
    assert header.size in {None, 8}
