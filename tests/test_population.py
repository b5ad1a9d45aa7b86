"""Population tables as offices write them: codes, separators, encodings, decimal signs, blanks, and wrong cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from register_files import Grid, write_file

from lks_geo.boundaries import load_boundaries
from lks_geo.errors import LksGeoError
from lks_geo.groups import Group
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.population import load_population
from lks_geo.settings import Settings
from lks_geo.sheets.number_style import number_style
from lks_geo.tables import AREA_COLUMNS, Boundaries, DesaFrame, Population, Source

CODES = ["76.05.01.1001", "76.05.01.2002", "76.05.01.2003"]
BPS_CODES = ["7601010011", "7601010012", "7605012002"]
"""The last one is also the Kemendagri code of the second desa without its dots: one row must not decide alone."""

SETTINGS = Settings()


def world(bps: list[str] | None = None) -> Boundaries:
    """Three desa in a row, a tenth of a degree each."""
    table = gpd.GeoDataFrame(
        {column: ["x"] * 3 for column in AREA_COLUMNS},
        geometry=[shapely.box(119 + at / 10, -3, 119.1 + at / 10, -2.9) for at in range(3)],
        index=gpd.pd.Index(CODES, name="kode"),
        crs="EPSG:4326",
    )
    table["nama"] = ["Satu", "Dua", "Tiga"]
    table["kode_bps"] = bps or BPS_CODES
    source = Source(name="gambar", sha256="")
    return Boundaries(desa=DesaFrame(table), neighbours=table.iloc[:0], source=source, crs_m="EPSG:32750")


WORLD = world()


def load(folder: Path, text: str, *, encoding: str = "utf-8", boundaries: Boundaries = WORLD) -> Population:
    path = folder / "penduduk.csv"
    path.write_bytes(text.encode(encoding))
    return load_population(path, boundaries, SETTINGS)


def error(folder: Path, text: str, boundaries: Boundaries = WORLD) -> LksGeoError:
    with pytest.raises(LksGeoError) as caught:
        load(folder, text, boundaries=boundaries)
    for lang in LANGUAGES:
        said = Texts(lang)(caught.value.message)
        assert said.startswith("penduduk.csv")
        assert "\n" not in said
    return caught.value


def keys(population: Population) -> set[str]:
    return {note.key.removeprefix("population.") for note in population.notes}


def test_a_plain_table(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode,desa,anak,lansia,penduduk\n{CODES[0]},Satu,12,0,40\n{CODES[1]},Dua,,3.5,\n")
    table = got.table
    assert list(table.index) == CODES
    assert list(table.columns) == [*(group.key for group in SETTINGS.groups), "penduduk", "lintang", "bujur"]
    assert (table.dtypes == "float64").all()
    assert table.at[CODES[0], "lansia"] == 0
    assert table.at[CODES[1], "lansia"] == 3.5
    assert table["anak"].isna().tolist() == [False, True, True]
    assert table["disabilitas"].isna().all()
    assert keys(got) == {"note_no_column", "note_no_row"}
    assert not got.source.estimated
    assert len(got.source.sha256) == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_encodings(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [["Kode", "Desa", "ANAK", "keterangan"], [CODES[0], "Désa–Satu", "12", "x"], [CODES[2], "Tiga", "", "y"]]
    got = load(tmp_path, "\r\n".join(separator.join(line) for line in lines), encoding=encoding)
    assert got.table.at[CODES[0], "anak"] == 12
    assert got.table["anak"].count() == 1


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12,5", "7"], [12.5, 7]),
        (["1.234,5", "1.000"], [1234.5, 1000]),
        (["1.234", "7"], [1234, 7]),
        (["1.234.567", "2.000"], [1234567, 2000]),
        (["12.25", "7.5"], [12.25, 7.5]),
        (["1 234", "7"], [1234, 7]),
        (["1,2e3", "0,5"], [1200, 0.5]),
    ],
)
def test_numbers_in_a_semicolon_file(tmp_path: Path, cells: list[str], numbers: list[float]) -> None:
    got = load(tmp_path, f"kode;anak\n{CODES[0]};{cells[0]}\n{CODES[1]};{cells[1]}\n")
    assert got.table["anak"].tolist()[:2] == numbers


@pytest.mark.parametrize("text", ["kode,anak\n76.05.01.1001,1.234\n", "kode;anak\n76.05.01.1001;1,234\n"])
def test_numbers_with_two_readings_are_refused(tmp_path: Path, text: str) -> None:
    assert error(tmp_path, text).message.key == "population.two_readings"


@given(st.lists(st.floats(min_value=0, max_value=1e7).map(lambda number: round(number, 2)), min_size=1))
def test_numbers_survive_being_written_in_indonesian(numbers: list[float]) -> None:
    cells = [f"{number:,.2f}".translate(str.maketrans(",.", ".,")) for number in numbers]
    style = number_style(cells, semicolons=True)
    assert not style.doubtful
    assert [style.read(cell) for cell in cells] == numbers


AS_OFFICES_WRITE: list[list[object]] = [
    ["PENDUDUK MENURUT DESA 2024"], [], ["Kode", "Desa", "Anak", "Lansia", "Penduduk"], ["1", "2", "3", "4", "5"],
    [BPS_CODES[0], "Satu", 5, 1.5, 30], [int(BPS_CODES[1]), "Dua", None, 2, 40], [BPS_CODES[2], "Kota Tiga"],
    ["", "JUMLAH", 5, 3.5, 70], ["Sumber: Dinas Dukcapil"], ["", "", "", "Mamuju, 3 Maret 2025"],
    ["", "", "", "Kepala Dinas Sosial"], ["", "", "", "Nama Pejabat"],
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv"])
def test_lines_that_are_no_desa_are_passed_over_in_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"penduduk{suffix}"
    width = max(map(len, AS_OFFICES_WRITE))
    lines = [[*line, *[None] * (width - len(line))] for line in AS_OFFICES_WRITE]
    sheets = [Grid(name="Data", cells=lines, merges=[], hidden=set())]
    if suffix != ".csv":
        sheets.insert(0, Grid(name="Keterangan", cells=[["Data penduduk"]], merges=[], hidden=set()))
    write_file(path, sheets, delimiter=";")
    got = load_population(path, WORLD, SETTINGS)
    assert got.table[["anak", "lansia", "penduduk"]].fillna(-1).to_numpy().tolist() == [
        [5, 1.5, 30], [-1, 2, 40], [-1, -1, -1]
    ]  # fmt: skip
    assert got.unknown_codes == ()
    assert keys(got) == {"note_no_column"}


def test_geo_files_have_named_columns(tmp_path: Path) -> None:
    path = tmp_path / "penduduk.geojson"
    WORLD.desa[["geometry"]].reset_index().assign(anak=[1, 2, None]).to_file(path)
    assert load_population(path, WORLD, SETTINGS).table["anak"].tolist()[:2] == [1, 2]


@pytest.mark.parametrize(
    "codes", [CODES, [code.replace(".", "") for code in CODES], BPS_CODES, [f" {code}" for code in BPS_CODES]]
)
def test_codes_of_both_systems(tmp_path: Path, codes: list[str]) -> None:
    got = load(tmp_path, "kode,anak\n" + "".join(f"{code},{at}\n" for at, code in enumerate(codes)))
    assert got.table["anak"].tolist() == [0, 1, 2]
    assert got.unknown_codes == ()


COLLIDING = world(bps=["7605012002", "7605011001", "7605012003"])
"""The BPS codes are the other desa's Kemendagri codes without dots."""

UNDOTTED = [code.replace(".", "") for code in CODES]


def test_names_decide_between_two_systems_for_the_whole_file(tmp_path: Path) -> None:
    kemendagri = f"kode,desa,anak\n{UNDOTTED[0]},SATU,1\n{UNDOTTED[1]},dua,2\n"
    bps = f"kode,desa,anak\n{UNDOTTED[0]},Dua,1\n{UNDOTTED[1]},Satu,2\n"
    assert load(tmp_path, kemendagri, boundaries=COLLIDING).table["anak"].tolist()[:2] == [1, 2]
    assert load(tmp_path, bps, boundaries=COLLIDING).table["anak"].tolist()[:2] == [2, 1]
    dotted = f"kode,desa,anak\n{CODES[0]},Dua,1\n{CODES[1]},Satu,2\n"
    assert load(tmp_path, dotted, boundaries=COLLIDING).table["anak"].tolist()[:2] == [1, 2]


def test_codes_that_fit_both_systems_without_names_are_refused(tmp_path: Path) -> None:
    text = f"kode,anak\n{UNDOTTED[0]},1\n{UNDOTTED[1]},2\n"
    assert error(tmp_path, text, COLLIDING).message.key == "population.two_systems"


def test_unknown_codes_are_listed_and_ignored(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode,anak\n{CODES[0]},1\n99.99.99.9999,5\nBELUM,6\n,7\n")
    assert got.unknown_codes == ("99.99.99.9999", "BELUM")
    assert "note_unknown_codes" in keys(got)
    assert got.table["anak"].sum() == 1


def test_all_wrong_cells_are_listed_together(tmp_path: Path) -> None:
    head = "Judul\nkode;anak;lansia;lintang;bujur\n"
    text = f"{head}{CODES[0]};banyak;-3;;\n\n{CODES[1]};1;2;-95;119\n{CODES[2]};1;;-3;\n"
    caught = error(tmp_path, text)
    assert caught.message.key == "population.bad_cells"
    assert caught.message.params["n"] == 3
    said = str(caught)
    for part in ("3: anak = “banyak”", "3: lansia = “-3”", "5: lintang = “-95”", "6: lintang/bujur"):
        assert part in said


@pytest.mark.parametrize("cell", ["nan", "inf", "1e999", "TRUE", "-", "n/a", "12 orang", "=1+1", "1,2,3"])
def test_a_cell_that_is_no_number_is_an_error(tmp_path: Path, cell: str) -> None:
    assert error(tmp_path, f'kode;anak\n{CODES[0]};"{cell}"\n').message.key == "population.bad_cells"


def test_a_code_twice_is_an_error_with_the_rows(tmp_path: Path) -> None:
    caught = error(tmp_path, f"kode,anak\n{CODES[0]},1\n{CODES[1]},2\n{UNDOTTED[0]},3\n")
    assert caught.message.key == "population.codes_twice"
    assert "2 & 4: 7605011001" in str(caught)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("nama,anak\nSatu,3\n", "no_code"),
        ("kode,anak\n", "empty"),
        ("kode,anak\n11.01.01.2001,3\n", "no_known_code"),
    ],
)
def test_a_wrong_table_is_an_error(tmp_path: Path, text: str, fault: str) -> None:
    assert error(tmp_path, text).message.key == f"population.{fault}"


def test_a_wrong_file_is_an_error(tmp_path: Path) -> None:
    contents = {"missing": b"", "empty_file": b" \n", "unsupported": b"PK rusak", "corrupt": b"PK rusak"}
    names = ("hilang.csv", "kosong.csv", "gambar.png", "rusak.xlsx")
    for name, (fault, content) in zip(names, contents.items(), strict=True):
        path = tmp_path / name
        if fault != "missing":
            path.write_bytes(content)
        with pytest.raises(LksGeoError) as caught:
            load_population(path, WORLD, SETTINGS)
        assert caught.value.message.key == f"sheets.{fault}"


def test_population_points(tmp_path: Path) -> None:
    text = f"kode,anak,lintang,bujur\n{CODES[0]},1,-2.95,119.05\n{CODES[1]},1,-2.95,119.5\n{CODES[2]},1,,\n"
    got = load(tmp_path, text)
    assert got.table["lintang"].tolist()[:2] == [-2.95, -2.95]
    assert got.table["bujur"].isna().tolist() == [False, False, True]
    far = next(note for note in got.notes if note.key == "population.note_far_points")
    assert far.params == {"n": 1, "found": CODES[1]}


def test_groups_of_the_settings_are_the_columns(tmp_path: Path) -> None:
    own = Group(
        key="balita", name_id="Balita", name_en="Toddlers", short_id="balita", short_en="toddlers",
        definition_id="0-4", definition_en="0-4",
    )  # fmt: skip
    path = tmp_path / "p.csv"
    path.write_text(f"kode,Balita,anak\n{CODES[0]},3,9\n")
    table = load_population(path, WORLD, Settings(groups=(own,))).table
    assert list(table.columns) == ["balita", "penduduk", "lintang", "bujur"]
    assert table.at[CODES[0], "balita"] == 3


def test_a_remark_marks_an_estimate(tmp_path: Path) -> None:
    assert load(tmp_path, f"kode,anak,keterangan\n{CODES[0]},3,Perkiraan BPS\n").source.estimated


def test_the_shipped_estimate_elsewhere_is_not_known() -> None:
    elsewhere = WORLD.desa.set_axis([f"11{code[2:]}" for code in CODES]).assign(kode_bps=BPS_CODES)
    got = load_population(None, replace(WORLD, desa=DesaFrame(elsewhere)), SETTINGS)
    assert keys(got) == {"note_elsewhere"}
    assert got.table.isna().all(axis=None)
    assert len(got.table) == 3
    shipped = load_population(None, load_boundaries(None), SETTINGS)
    assert shipped.notes == ()
    assert shipped.source.estimated
