"""Population tables as offices write them: codes, separators, encodings, decimal signs, blanks, and wrong cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import report_world
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from register_files import Grid, write_file

from lks_geo.catalogue import Group
from lks_geo.cli.program import run
from lks_geo.errors import LksGeoError
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.population.people_cells import (
    AGE_RULES,
    FAULTS,
    OPEN,
    TEXT_RULES,
    Age,
    make_up,
    read_count,
    settled,
    take_age,
)
from lks_geo.population.people_words import Meaning, PeopleWords
from lks_geo.population.population_template import write_population_template
from lks_geo.population.targets import load_population
from lks_geo.settings import Settings
from lks_geo.sheets.sheet import CellKind
from lks_geo.tables import AREA_COLUMNS, Boundaries, DesaFrame, Former, Population, Source

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


def world_of(count: int) -> Boundaries:
    """The first of the three desa, several times under codes of their own."""
    codes = [f"76.05.01.{2001 + at}" for at in range(count)]
    table = gpd.pd.concat([WORLD.desa.iloc[:1]] * count).set_axis(codes).rename_axis("kode").assign(kode_bps=None)
    return replace(WORLD, desa=DesaFrame(table))


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
    got = load(tmp_path, f"kode,desa,anak,lansia,penduduk\n{CODES[0]},Satu,12,0,40\n{CODES[1]},Dua,,3,\n")
    table = got.table
    assert list(table.index) == CODES
    assert list(table.columns) == [*(group.key for group in SETTINGS.groups), "penduduk", "lintang", "bujur"]
    assert (table.dtypes == "float64").all()
    assert table.at[CODES[0], "lansia"] == 0
    assert table.at[CODES[1], "lansia"] == 3
    assert table["anak"].isna().tolist() == [False, True, True]
    assert table["disabilitas"].isna().all()
    assert keys(got) == {"note_no_column", "note_blank", "note_alone"}
    assert not got.source.estimated
    assert len(got.source.sha256) == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_encodings(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [["Kode", "Desa", "ANAK", "keterangan"], [CODES[0], "Désa–Satu", "12", "x"], [CODES[2], "Tiga", "", "y"]]
    got = load(tmp_path, "\r\n".join(separator.join(line) for line in lines), encoding=encoding)
    assert got.table.at[CODES[0], "anak"] == 12
    assert got.table["anak"].count() == 1


@pytest.mark.parametrize(("verdict", "example"), TEXT_RULES)
def test_every_rule_of_cells_has_an_example_that_it_decides(verdict: str, example: str) -> None:
    assert read_count(example).verdict == verdict


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("1.234", 1234), ("1,234", 1234), ("12 345", 12345), ("1.234.567", 1234567), ("900.0", 900), ("1.234,0", 1234),
        ("0 ¹", 0), ("12*", 12), ("1.234 a)", 1234), ("-", 0), ("–", 0), ("Nihil", 0),
        ("...", None), ("…", None), ("NA", None), ("", None), ("tidak ada data", None),
    ],
)  # fmt: skip
def test_counts_and_signs_as_offices_write_them(cell: str, people: float | None) -> None:
    count = read_count(cell)
    assert count.people == people
    assert count.verdict not in FAULTS


def test_thousands_do_not_depend_on_the_degrees_beside_them(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode,anak,lintang,bujur\n{CODES[0]},900,-2.95,119.05\n{CODES[1]},1.234,-2.95,119.15\n")
    assert got.table["anak"].tolist()[:2] == [900, 1234]


@pytest.mark.parametrize("cells", [("900.000", "120.000"), ("900.000", "1234.000"), ("1,000", "2,000")])
def test_numbers_with_two_readings_are_refused(tmp_path: Path, cells: tuple[str, str]) -> None:
    text = f"kode;anak\n{CODES[0]};{cells[0]}\n{CODES[1]};{cells[1]}\n"
    assert error(tmp_path, text).message.key == "population.two_readings"


@given(st.integers(min_value=0, max_value=9_999_999), st.sampled_from([".", ",", " ", ""]))
def test_a_count_survives_every_sign_for_thousands(people: int, sign: str) -> None:
    assert read_count(f"{people:,}".replace(",", sign)).people == people


@given(st.integers(min_value=0, max_value=99_999), st.integers(min_value=1, max_value=99), st.sampled_from(".,"))
def test_a_fraction_of_a_person_is_never_a_count(people: int, part: int, sign: str) -> None:
    assert read_count(f"{people}{sign}{part:02}").verdict == "pecahan"
    assert read_count(str(people + part / 100), CellKind.NUMBER).verdict == "pecahan"


AS_OFFICES_WRITE: list[list[object]] = [
    ["PENDUDUK MENURUT DESA 2024"], [], ["Kode", "Desa", "Anak", "Lansia", "Penduduk"], ["1", "2", "3", "4", "5"],
    [BPS_CODES[0], "Satu", 5, 1, 30], [int(BPS_CODES[1]), "Dua", None, 2, 40], [BPS_CODES[2], "Tiga"],
    ["", "JUMLAH", 5, 3, 70], ["Sumber: Dinas Dukcapil"], ["", "", "", "Mamuju, 3 Maret 2025"],
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
        [5, 1, 30], [-1, 2, 40], [-1, -1, -1]
    ]  # fmt: skip
    assert got.unknown_codes == ()
    assert keys(got) == {"note_no_column", "note_blank", "note_alone"}


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


@pytest.mark.parametrize("headings", ["kdprov;kdkab;kdkec;kddesa", "NO_PROP;NO_KAB;NO_KEC;NO_KEL"])
def test_codes_in_four_columns(tmp_path: Path, headings: str) -> None:
    parts = [";".join(str(int(part)) for part in code.split(".")) for code in CODES]
    lines = [f"{headings};anak", *(f"{part};{10 * at}" for at, part in enumerate(parts))]
    assert load(tmp_path, "\n".join(lines)).table["anak"].reindex(CODES).tolist() == [0, 10, 20]


def test_rows_of_kecamatan_head_their_desa_in_one_column(tmp_path: Path) -> None:
    names = SULBAR.desa.iloc[:20]  # of two kecamatan
    lines = ["No;Kecamatan / Desa;Anak"]
    for kecamatan, desa in names.groupby("kecamatan", sort=False)["nama"]:
        lines += [f";Kecamatan {kecamatan};{7 * len(desa)}", *(f"{at};{name};7" for at, name in enumerate(desa, 1))]
    loaded = load(tmp_path, "\n".join(lines), boundaries=SULBAR)
    assert set(loaded.table.loc[names.index, "anak"]) == {7}
    assert not loaded.unknown_codes


def test_subtotals_of_kecamatan_and_numbers_before_names_are_no_doubt(tmp_path: Path) -> None:
    names = SULBAR.desa.iloc[:20]
    lines = ["Kabupaten;Kecamatan;Desa;Anak"]
    for kecamatan, desa in names.groupby("kecamatan", sort=False)["nama"]:
        lines += [f"Pasangkayu;{kecamatan};{at}. {name};7" for at, name in enumerate(desa, 1)]
        lines.append(f";;Jumlah Kec. {kecamatan};{7 * len(desa)}")
    loaded = load(tmp_path, "\n".join(lines), boundaries=SULBAR)
    assert set(loaded.table.loc[names.index, "anak"]) == {7}
    assert not keys(loaded) & {"note_total_line", "note_against", "note_unplaced"}
    wrong = load(tmp_path, "\n".join([*lines[:-1], lines[-1] + "1"]), boundaries=SULBAR)
    assert "note_total_line" in keys(wrong)


def test_bare_numbers_from_0_are_single_years(tmp_path: Path) -> None:
    lines = [";".join(["kode", *map(str, range(70)), "70+"])]
    lines += [";".join([code, *["1"] * 71]) for code in CODES]
    people = load(tmp_path, "\n".join(lines)).table.loc[CODES, ["anak", "lansia", "penduduk"]]
    assert people.to_numpy().tolist() == [[18, 11, 71]] * len(CODES)


def test_names_decide_between_two_systems_for_the_whole_file(tmp_path: Path) -> None:
    kemendagri = f"kode,desa,anak\n{UNDOTTED[0]},SATU,1\n{UNDOTTED[1]},dua,2\n"
    bps = f"kode,desa,anak\n{UNDOTTED[0]},Dua,1\n{UNDOTTED[1]},Satu,2\n"
    assert load(tmp_path, kemendagri, boundaries=COLLIDING).table["anak"].tolist()[:2] == [1, 2]
    assert load(tmp_path, bps, boundaries=COLLIDING).table["anak"].tolist()[:2] == [2, 1]
    dotted = f"kode,desa,anak\n{CODES[0]},Dua,1\n{CODES[1]},Satu,2\n"
    assert error(tmp_path, dotted, COLLIDING).message.key == "population.names_contradict"


def test_codes_that_fit_both_systems_without_names_are_refused(tmp_path: Path) -> None:
    text = f"kode,anak\n{UNDOTTED[0]},1\n{UNDOTTED[1]},2\n"
    assert error(tmp_path, text, COLLIDING).message.key == "population.two_systems"


def test_rows_that_are_no_area_are_listed_and_their_cells_not_judged(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode,anak\n{CODES[0]},1\n99.99.99.9999,5\nCatatan,sementara\n,7\n")
    assert got.unknown_codes == ("3: 99.99.99.9999", "4: Catatan", "5: ")
    assert "note_unplaced" in keys(got)
    assert got.table["anak"].sum() == 1


@pytest.mark.parametrize("place", [3, 4])
def test_whoever_signs_below_carried_areas_is_no_row_of_people(tmp_path: Path, place: int) -> None:
    names = SULBAR.desa.iloc[:20]  # of two kecamatan
    carried = names["kecamatan"].mask(names["kecamatan"].duplicated(), None)
    book = openpyxl.Workbook()
    for line in [["No", "Kecamatan", "Desa", "Anak", "Lansia"],
                 *([at, *both, 7, 2] for at, both in enumerate(zip(carried, names["nama"], strict=True), 1)),
                 ["TOTAL", None, None, 140, 40], [],
                 *([*[None] * place, text] for text in ("Mamuju, 5 Januari 2026", "Kepala Bidang Data", None,
                                                        "NAMA REKAAN", "197001011990031001"))]:  # fmt: skip
        book.active.append(line)
    book.save(tmp_path / "penduduk.xlsx")
    loaded = load_population(tmp_path / "penduduk.xlsx", SULBAR, SETTINGS)
    assert loaded.table.loc[names.index, ["anak", "lansia"]].to_numpy().tolist() == [[7, 2]] * 20
    assert not loaded.unknown_codes


def test_text_for_people_beside_the_name_of_a_desa_stays_a_fault(tmp_path: Path) -> None:
    assert error(tmp_path, "desa,anak\nSatu,10\nDua,Kepala Bidang Data\n").message.key == "population.bad_cells"


def test_all_wrong_cells_are_listed_together(tmp_path: Path) -> None:
    head = "Judul\nkode;anak;lansia\n"
    caught = error(tmp_path, f"{head}{CODES[0]};banyak;-3\n\n{CODES[1]};1;2,5\n{CODES[2]};1;\n")
    assert caught.message.key == "population.bad_cells"
    assert caught.message.params["n"] == 2
    said = str(caught)
    for part in ("3: anak = “banyak”", "3: lansia = “-3”", "5: lansia = “2,5”"):
        assert part in said


def test_wrong_points_are_listed(tmp_path: Path) -> None:
    caught = error(tmp_path, f"kode;anak;lintang;bujur\n{CODES[0]};1;-95;119\n{CODES[1]};1;-3;\n")
    assert caught.message.key == "population.bad_points"
    assert "2: lintang = “-95”" in str(caught)
    assert "3: bujur" in str(caught)


@pytest.mark.parametrize("cell", ["inf", "1e999", "TRUE", "12 orang", "=1+1", "1,2,3", "35 %", "#N/A", "012"])
def test_a_cell_that_is_no_count_is_an_error(tmp_path: Path, cell: str) -> None:
    fault = error(tmp_path, f'kode;anak\n{CODES[0]};"{cell}"\n').message.key
    assert fault == ("population.broken_cells" if cell == "#N/A" else "population.bad_cells")


def test_a_code_twice_is_an_error_with_the_rows(tmp_path: Path) -> None:
    caught = error(tmp_path, f"kode,anak\n{CODES[0]},1\n{CODES[1]},2\n{UNDOTTED[0]},3\n")
    assert caught.message.key == "population.codes_twice"
    assert "2 & 4: 76.05.01.1001" in str(caught)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("warna,anak\nSatu,3\n", "no_area"),
        ("kode,warna\n76.05.01.1001,3\n", "no_people"),
        ("kode,lansia terlantar,kepadatan penduduk\n76.05.01.1001,3,4\n", "no_people"),
        ("kode,anak\n", "empty"),
        ("kode,anak\n11.01.01.2001,3\n", "no_known_area"),
        ("DAFTAR PEMILIH\nkode,L,P\n76.05.01.1001,3,4\n", "nameless"),
        ("ANAK DAN LANSIA\nkode,L,P\n76.05.01.1001,3,4\n", "nameless"),
        ("kode,anak,\n76.05.01.1001,3,4\n", "spanning"),
        ("kode,anak,jumlah anak\n76.05.01.1001,3,4\n", "columns_twice"),
        ("kode,desa,anak\n76.05.01.1001,Dua,3\n76.05.01.2002,Tiga,4\n", "names_contradict"),
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


def test_a_remark_marks_the_numbers_of_its_row_as_estimates(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode,anak,keterangan\n{CODES[0]},3,Perkiraan BPS\n{CODES[1]},4,\n")
    assert got.source.estimated
    assert got.estimated(["anak"])["anak"].tolist() == [True, False, False]


def test_the_shipped_estimate_elsewhere_is_not_known() -> None:
    elsewhere = WORLD.desa.set_axis([f"11{code[2:]}" for code in CODES]).assign(kode_bps=BPS_CODES, kode_provinsi="11")
    got = load_population(None, replace(WORLD, desa=DesaFrame(elsewhere)), SETTINGS)
    assert keys(got) == {"note_elsewhere"}
    assert got.source.name == ""
    assert got.table.isna().all(axis=None)
    assert len(got.table) == 3


SULBAR = report_world.boundaries()


def test_the_shipped_estimate_fits_the_shipped_boundaries() -> None:
    shipped = load_population(None, SULBAR, SETTINGS)
    assert shipped.notes == ()
    assert shipped.source.estimated
    assert shipped.estimated(["anak"]).all(axis=None)
    assert not shipped.estimated(["napza"]).any(axis=None)


def test_the_shipped_estimate_is_found_by_bps_codes_and_not_given_to_other_desa() -> None:
    desa = SULBAR.desa.dropna(subset=["kode_bps"]).iloc[:40]
    by_bps = desa.set_axis(desa["kode_bps"], axis="index").rename_axis("kode").sort_index()
    known = load_population(None, SULBAR, SETTINGS).table
    got = load_population(None, replace(SULBAR, desa=DesaFrame(by_bps)), SETTINGS)
    assert got.table.loc[desa["kode_bps"], "anak"].tolist() == known.loc[desa.index, "anak"].tolist()
    renamed = desa.assign(nama=["Lain Sekali", *desa["nama"].iloc[1:]])
    got = load_population(None, replace(SULBAR, desa=DesaFrame(renamed)), SETTINGS)
    assert got.table["anak"].isna().tolist() == [True] + [False] * 39
    assert keys(got) == {"note_other_desa"}
    shifted = desa.assign(nama=[*desa["nama"].iloc[1:], "Lain"])
    assert load_population(None, replace(SULBAR, desa=DesaFrame(shifted)), SETTINGS).table["anak"].isna().all()


def sulbar(folder: Path, text: str, *, only: bool = False) -> Population:
    path = folder / "penduduk.csv"
    path.write_text(text, encoding="utf-8")
    return load_population(path, SULBAR, SETTINGS, only=only)


def test_a_file_is_added_to_the_estimate(tmp_path: Path) -> None:
    first, second = SULBAR.desa.index[:2]
    text = f"kode,anak,lansia\n{first},7,\n{second},...,0\n"
    shipped, got = load_population(None, SULBAR, SETTINGS), sulbar(tmp_path, text)
    assert got.table.loc[[first, second], "anak"].tolist() == [7, shipped.table.at[second, "anak"]]
    assert got.table.loc[[first, second], "lansia"].tolist() == [shipped.table.at[first, "lansia"], 0]
    assert got.estimated(["anak", "lansia"]).loc[[first, second]].to_numpy().tolist() == [[False, True], [True, False]]
    assert got.base == shipped.source
    kept = next(note for note in got.notes if note.key == "population.note_kept")
    assert kept.params["found"] == "anak 647, lansia 647"
    alone = sulbar(tmp_path, text, only=True)
    assert alone.table["anak"].count() == alone.table["lansia"].count() == 1
    assert alone.base is None


def test_kecamatan_are_shared_out_by_the_estimate(tmp_path: Path) -> None:
    kecamatan = SULBAR.desa["kode_kecamatan"].iloc[0]
    inside = SULBAR.desa.index[SULBAR.desa["kode_kecamatan"] == kecamatan]
    name, kabupaten = SULBAR.desa.loc[inside[0], ["kecamatan", "kabupaten"]]
    shipped = load_population(None, SULBAR, SETTINGS).table.loc[inside]
    for text in (
        f"kode,anak,napza\n{kecamatan},5000,90\n",
        f"KABUPATEN {kabupaten.upper()}\nKecamatan,anak,napza\n{name},5000,90\n",
    ):
        got = sulbar(tmp_path, text, only=True)
        assert got.table.loc[inside, "anak"].to_numpy() == pytest.approx(shipped["anak"] / shipped["anak"].sum() * 5000)
        shares = shipped["penduduk"] / shipped["penduduk"].sum()
        assert got.table.loc[inside, "napza"].to_numpy() == pytest.approx(shares * 90)
        assert got.estimated(["anak", "napza"]).loc[inside].all(axis=None)
        assert got.table["anak"].count() == len(inside)
        assert "note_shared" in keys(got)


def test_a_kecamatan_beside_its_desa_is_a_subtotal(tmp_path: Path) -> None:
    kecamatan = SULBAR.desa["kode_kecamatan"].iloc[0]
    inside = SULBAR.desa.index[SULBAR.desa["kode_kecamatan"] == kecamatan]
    rows = "".join(f"{code},10\n" for code in inside)
    assert "note_subtotal" not in keys(sulbar(tmp_path, f"kode,anak\n{kecamatan},{10 * len(inside)}\n{rows}"))
    got = sulbar(tmp_path, f"kode,anak\n{kecamatan},{10 * len(inside) + 1}\n{rows}")
    assert "note_subtotal" in keys(got)
    assert got.table.loc[inside, "anak"].tolist() == [10] * len(inside)


def test_names_find_desa_where_there_are_no_codes(tmp_path: Path) -> None:
    rows = SULBAR.desa.iloc[[0, 5, 100, 400]]
    lines = "".join(f"{row.kabupaten},{row.kecamatan},{row.nama},{at}\n" for at, row in enumerate(rows.itertuples(), 1))
    twice = SULBAR.desa["nama"].value_counts().index[0]
    got = sulbar(tmp_path, f"Kabupaten,Kecamatan,Desa/Kelurahan,Anak\n{lines},,{twice},9\n", only=True)
    assert got.table.loc[rows.index, "anak"].tolist() == [1, 2, 3, 4]
    assert got.table["anak"].count() == 4
    assert got.unknown_codes == (f"6: {twice}",)
    assert "note_unplaced" in keys(got)


def test_an_unknown_code_is_looked_for_by_name_in_its_kecamatan_only(tmp_path: Path) -> None:
    first = SULBAR.desa.iloc[0]
    other = SULBAR.desa[SULBAR.desa["kode_kecamatan"] != first["kode_kecamatan"]].iloc[0]
    code = f"{first['kode_kecamatan']}.2999"
    got = sulbar(tmp_path, f"kode,desa,anak\n{code},{first['nama']},5\n{code[:-1]}8,{other['nama']},6\n", only=True)
    assert got.table["anak"].dropna().to_dict() == {first.name: 5}
    assert got.unknown_codes == (f"3: {code[:-1]}8 {other['nama']}",)
    assert "note_by_name" in keys(got)


def test_some_names_against_their_codes_are_told(tmp_path: Path) -> None:
    rows = SULBAR.desa.iloc[:4]
    names = [*rows["nama"].iloc[:3], "Lain Sekali"]
    lines = "".join(f"{code},{name},1\n" for code, name in zip(rows.index, names, strict=True))
    got = sulbar(tmp_path, f"kode,desa,anak\n{lines}", only=True)
    assert got.table["anak"].sum() == 4
    (note,) = (note for note in got.notes if note.key == "population.note_against")
    assert note.params == {"n": 1, "found": f"5: {rows.index[3]} Lain Sekali"}


def test_old_codes_of_a_bridge_are_read_and_merged_desa_added_up(tmp_path: Path) -> None:
    old = [("73.99.01.2001", "Lama"), ("73.99.01.2002", "Tua"), ("73.99.01.2003", "Kuno")]
    now = [CODES[0], CODES[1], CODES[1]]
    former = tuple(Former(code=code, name=name, now=new) for (code, name), new in zip(old, now, strict=True))
    bridged = replace(WORLD, former=former)
    rows = "".join(f"{code},{name},{people}\n" for (code, name), people in zip(old, (8, 9, 10), strict=True))
    got = load(tmp_path, f"kode,desa,anak\n{rows}{CODES[2]},Tiga,1\n", boundaries=bridged)
    assert got.table["anak"].tolist() == [8, 19, 1]
    assert "note_against" not in keys(got)
    twice = f"kode,desa,anak\n{rows}{old[1][0]},Tua,9\n"
    assert error(tmp_path, twice, bridged).message.key == "population.codes_twice"


def test_a_name_that_the_bridge_knows_for_a_code_is_no_contradiction(tmp_path: Path) -> None:
    former = (Former(code=CODES[0], name="Lama", now=CODES[0]), Former(code="73.99.01.2002", name="Tua", now=CODES[1]))
    text = f"kode,desa,anak\n{CODES[0]},LAMA,8\n{CODES[1]},Desa Tua,9\n{CODES[2]},{{}},1\n"
    bridged = replace(WORLD, former=former)
    assert "note_against" not in keys(load(tmp_path, text.format("Tiga"), boundaries=bridged))
    assert "note_against" in keys(load(tmp_path, text.format("Lama"), boundaries=bridged))


@pytest.mark.parametrize("old", [CODES[0], "73.99.01.2001"])
def test_people_of_a_split_desa_are_shared_out_by_the_bridge(tmp_path: Path, old: str) -> None:
    parts = [
        Former(code=old, name="Lama", now=now, share=share) for now, share in zip(CODES, (0.75, 0.25), strict=False)
    ]
    bridged = replace(WORLD, former=tuple(parts))
    got = load(tmp_path, f"kode,anak\n{old},200\n{CODES[2]},7\n", boundaries=bridged)
    assert got.table["anak"].tolist() == [150, 50, 7]
    assert got.estimated(["anak"])["anak"].tolist() == [True, True, False]
    assert "note_split" in keys(got)
    today = load(tmp_path, f"kode,anak\n{CODES[0]},200\n{CODES[1]},9\n{CODES[2]},7\n", boundaries=bridged)
    assert today.table["anak"].tolist() == [200, 9, 7]


WORDS = PeopleWords(SETTINGS)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Lansia (60+)", Meaning(item="lansia")), ("Anak (0-17 tahun)", Meaning(item="anak")),
        ("Anak < 18", Meaning(item="anak")), ("Anak 0-18", Meaning(item="anak", odd_age=True)),
        ("Jumlah penyandang disabilitas (jiwa)", Meaning(item="disabilitas")), ("Lanjut Usia", Meaning(item="lansia")),
        ("Korban penyalahgunaan NAPZA", Meaning(item="napza")), ("Anak L+P", Meaning(item="anak")),
        ("anak_p", Meaning(item="anak", sex="P")), ("Laki-laki", Meaning(item="penduduk", sex="L")),
        ("Jumlah Penduduk 2024", Meaning(item="penduduk", year=2024)), ("Jumlah", Meaning(item="jumlah")),
        ("Balita (0-4)", Meaning(item="penduduk", age=Age(0, 4))), ("65+", Meaning(item="penduduk", age=Age(65, OPEN))),
        ("Lansia 65+", Meaning(item="penduduk", age=Age(65, OPEN))),
        ("P 0_4", Meaning(item="penduduk", sex="P", age=Age(0, 4))),
        ("Balita", None), ("Lansia terlantar", None), ("Kepadatan penduduk", None), ("Penduduk (%)", None),
        ("Jumlah KK", None), ("Penduduk (ribu)", None), ("Anak putus sekolah", None), ("Rasio jenis kelamin", None),
    ],
)  # fmt: skip
def test_a_heading_counts_people_only_if_every_word_is_understood(heading: str, meaning: Meaning | None) -> None:
    assert WORDS.meaning(heading) == meaning


@pytest.mark.parametrize(("pattern", "making", "example"), AGE_RULES)
def test_every_rule_of_ages_has_an_example_that_it_decides(pattern: object, making: object, example: str) -> None:
    assert next(rule for rule in AGE_RULES if rule[0].search(example.casefold()))[:2] == (pattern, making)
    assert take_age(example.casefold())[0] is not None


def test_brackets_make_up_groups() -> None:
    fives = [Age(low, low + 4) for low in range(0, 75, 5)] + [Age(75, OPEN)]
    children, older = make_up(fives, 0, 17), make_up(fives, 60, OPEN)
    assert children is not None
    assert older is not None
    assert [(age.low, share) for age, share in children] == [(0, 1), (5, 1), (10, 1), (15, 0.6)]
    assert [(age.low, share) for age, share in older] == [(60, 1), (65, 1), (70, 1), (75, 1)]
    assert make_up([Age(0, 14), Age(15, 64), Age(65, OPEN)], 0, 17) is None
    assert make_up([Age(0, 14), Age(15, 17), Age(15, 19)], 0, 17) == ((Age(0, 14), 1.0), (Age(15, 17), 1.0))
    assert make_up([Age(60, 64), Age(65, 69)], 60, OPEN) is None
    starts = settled([Age(low, -1) for low in range(0, 80, 5)])
    assert (starts[Age(0, -1)], starts[Age(75, -1)]) == (Age(0, 4), Age(75, OPEN))
    assert settled([Age(0, 59), Age(59, 59), Age(60, -2), Age(59, -2)])[Age(59, -2)] == Age(60, OPEN)


BANDS = [(low, low + 4) for low in range(0, 75, 5)] + [(75, OPEN)]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[tuple[int, int]]]:
    """For each desa, men and women of each bracket of ages."""
    people = st.integers(min_value=0, max_value=3000)
    pair = st.tuples(people, people)
    return {code: draw(st.lists(pair, min_size=len(BANDS), max_size=len(BANDS))) for code in CODES}


def written(number: int, style: str) -> str:
    return f"{number:,}".replace(",", style)


def band(low: int, high: int, words: str) -> str:
    if words == "U":
        return f"U{low}"
    if high == OPEN:
        return {"-": f"{low}+", "tahun": f"{low} tahun ke atas", "snake": f"umur_{low}_plus"}[words]
    return {"-": f"{low}-{high}", "tahun": f"{low} – {high} Tahun", "snake": f"umur_{low}_{high}"}[words]


def dressed(people: dict[str, list[tuple[int, int]]], dress: tuple[str, str, bool, str, str]) -> list[list[str]]:
    """The lines of a table that says all of it: wide or long, by sex or not, in words and signs of an office."""
    shape, words, by_sex, sign, codes = dress
    names = dict(zip(CODES, ("Satu", "Dua", "Tiga"), strict=True))
    code_of = {code: code if codes == "dots" else code.replace(".", "") for code in CODES}
    lines: list[list[str]] = []
    if shape == "long":
        lines.append(["Kode Desa", "Desa", "Jenis Kelamin", "Kelompok Umur", "Tahun", "Jumlah"])
        for year, more in (("2023", 1), ("2024", 0)):
            for code, bands in people.items():
                for (low, high), (men, women) in zip(BANDS, bands, strict=True):
                    sexes = (("Laki-laki", men), ("Perempuan", women)) if by_sex else (("L+P", men + women),)
                    lines += [
                        [code_of[code], names[code], sex, band(low, high, words), year, written(count + more, sign)]
                        for sex, count in sexes
                    ]
        return lines
    heads = [band(low, high, words) for low, high in BANDS]
    heads = [f"{sex} {head}" for head in heads for sex in ("L", "P")] if by_sex else heads
    lines = [["PENDUDUK MENURUT UMUR 2024"], [], ["No", "Kode", "Desa/Kelurahan", *heads, "Jumlah"]]
    lines.append([f"({at})" for at in range(1, len(lines[-1]) + 1)])
    for at, (code, bands) in enumerate(people.items(), 1):
        counts = [count for pair in bands for count in pair] if by_sex else [sum(pair) for pair in bands]
        cells = ["-" if not count else written(count, sign) for count in counts]
        lines.append([str(at), code_of[code], names[code], *cells, written(sum(counts), sign)])
    totals = [
        sum(map(int, column)) for column in zip(*[[sum(p) for p in bands] for bands in people.values()], strict=True)
    ]
    if not by_sex:
        lines.append(["", "", "JUMLAH", *(written(count, sign) for count in totals), written(sum(totals), sign)])
    return [*lines, ["Sumber: Dinas Dukcapil"]]


DRESSES = st.tuples(
    st.sampled_from(["wide", "long"]), st.sampled_from(["-", "tahun", "U"]), st.booleans(),
    st.sampled_from(["", ".", ",", " "]), st.sampled_from(["dots", "digits"]),
)  # fmt: skip


@settings(max_examples=10)
@given(people=worlds(), dress=DRESSES, kind=st.sampled_from([(";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252")]))
def test_a_table_in_any_dress_is_read_right_or_refused(
    people: dict[str, list[tuple[int, int]]], dress: tuple[str, str, bool, str, str], kind: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    delimiter, encoding = kind
    path = tmp_path_factory.mktemp("dress") / "penduduk.csv"
    text = "\n".join(delimiter.join(line) for line in dressed(people, dress))
    path.write_bytes(text.replace("–", "-").encode(encoding))
    try:
        got = load_population(path, WORLD, SETTINGS)
    except LksGeoError as caught:
        refused = caught.message.key
    else:
        refused = ""
    assert refused in ("", "population.two_readings")
    if refused:
        return
    for code, bands in people.items():
        sums = [sum(pair) for pair in bands]
        row = got.table.loc[code]
        assert row["lansia"] == sum(sums[12:])
        assert row["anak"] == pytest.approx(sum(sums[:3]) + 0.6 * sums[3])
        assert row["penduduk"] == sum(sums)
    marks = got.estimated(["anak", "lansia", "penduduk"]).any()
    assert marks.tolist() == [True, False, False]
    assert got.source.vintage == "2024"
    assert not keys(got) & {"note_sexes", "note_total", "note_total_line", "note_unplaced", "note_unread"}


def test_sums_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    text = "kode;Anak L;Anak P;Anak Jumlah;0-59;60+;Jumlah penduduk\n"
    got = load(tmp_path, f"{text}{CODES[0]};3;4;8;50;10;61\n{CODES[1]};3;4;7;50;10;60\n;JUMLAH;;;;;\n")
    assert got.table["anak"].tolist()[:2] == [8, 7]
    assert got.table["penduduk"].tolist()[:2] == [61, 60]
    found = {note.key: note.params.get("found") for note in got.notes}
    assert found["population.note_sexes"] == CODES[0]
    assert found["population.note_total"] == CODES[0]
    line = load(tmp_path, f"kode;desa;anak\n{CODES[0]};Satu;3\n{CODES[1]};Dua;4\n;JUMLAH;8\n")
    assert "note_total_line" in keys(line)
    more = load(tmp_path, f"kode;anak;penduduk\n{CODES[0]};30;20\n")
    assert "note_larger" in keys(more)


def test_a_kabupaten_below_its_kecamatan_of_the_same_name_is_their_total(tmp_path: Path) -> None:
    mamasa = SULBAR.desa[SULBAR.desa["kabupaten"] == "Mamasa"].drop_duplicates("kode_kecamatan")
    lines = "".join(f"{name},{at}\n" for at, name in enumerate(mamasa["kecamatan"], 1))
    total = len(mamasa) * (len(mamasa) + 1) // 2
    got = sulbar(tmp_path, f"KABUPATEN MAMASA\nKecamatan,Anak\n{lines}Mamasa,{total}\n", only=True)
    assert got.table["anak"].sum() == pytest.approx(total)
    path = tmp_path / "penduduk.csv"
    path.write_text(f"KABUPATEN MAMASA\nKecamatan,Anak\n{lines}Mamasa,{total + 1}\n")
    with pytest.raises(LksGeoError) as caught:
        load_population(path, SULBAR, SETTINGS)
    assert caught.value.message.key == "population.codes_twice"


def test_names_of_sheets_tell_years_sexes_and_groups(tmp_path: Path) -> None:
    path = tmp_path / "orang.xlsx"

    def read(heading: str, *sheets: tuple[str, int]) -> Population:
        grids = [
            Grid(name=name, cells=[["Kode", heading], [CODES[0], people]], merges=[], hidden=set())
            for name, people in sheets
        ]
        write_file(path, grids)
        return load_population(path, WORLD, SETTINGS)

    years = read("Anak", ("2022", 5), ("2023", 6))
    assert (years.table.at[CODES[0], "anak"], years.source.vintage) == (6, "2023")
    assert "note_years" in keys(years)
    assert read("Anak", ("Laki-laki", 5), ("Perempuan", 6)).table.at[CODES[0], "anak"] == 11
    groups = read("Jumlah", ("Anak", 5), ("Lansia", 6)).table.loc[CODES[0]]
    assert groups[["anak", "lansia"]].tolist() == [5, 6]
    with pytest.raises(LksGeoError) as caught:
        read("Anak", ("Lembar A", 5), ("Lembar B", 6))
    assert "Lembar A 2 & Lembar B 2" in str(caught.value)
    with pytest.raises(LksGeoError) as caught:
        read("Jumlah", ("Lembar A", 5))
    assert caught.value.message.key == "population.nameless"


def test_shares_written_as_people_are_told(tmp_path: Path) -> None:
    lines = "".join(f"{code},{30 + at % 9},{7 + at % 3}\n" for at, code in enumerate(SULBAR.desa.index[:50]))
    far = [note for note in sulbar(tmp_path, f"kode,anak,lansia\n{lines}").notes if note.key == "population.note_far"]
    assert len(far) == 2
    desa = world_of(6)
    lines = "".join(f"{code},{30 + at}\n" for at, code in enumerate(desa.desa.index))
    assert "note_shares" in keys(load(tmp_path, f"kode,anak\n{lines}", boundaries=desa))


def test_a_title_that_speaks_of_a_part_of_the_people_is_told(tmp_path: Path) -> None:
    got = load(tmp_path, f"DATA ANAK TERLANTAR 2024\nkode,anak\n{CODES[0]},30\n")
    assert "note_part_of" in keys(got)
    agency = load(tmp_path, f"BADAN KELUARGA BERENCANA\nkode,anak\n{CODES[0]},30\n")
    assert "note_part_of" not in keys(agency)


def test_tables_of_kabupaten_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LksGeoError) as caught:
        sulbar(tmp_path, "kode,anak\n76.05,3000\n76.06,4000\n")
    assert caught.value.message.key == "population.only_upper"


def test_one_sex_alone_is_not_known(tmp_path: Path) -> None:
    got = load(tmp_path, f"kode;Anak L;lansia\n{CODES[0]};3;1\n")
    assert got.table["anak"].isna().all()
    assert "note_one_sex" in keys(got)


def test_a_group_in_rows_and_a_title_that_names_the_group(tmp_path: Path) -> None:
    text = "kode;kelompok;jumlah;satuan\n"
    rows = f"{CODES[0]};Anak;3;ORANG\n{CODES[0]};Lansia (60+);4;ORANG\n{CODES[0]};Lansia terlantar;2;ORANG\n"
    got = load(tmp_path, text + rows)
    assert got.table.loc[CODES[0], ["anak", "lansia"]].tolist() == [3, 4]
    assert "note_unread" in keys(got)
    got = load(tmp_path, f"PENYANDANG DISABILITAS MENURUT DESA 2023\nkode;L;P\n{CODES[0]};3;4\n")
    assert got.table.at[CODES[0], "disabilitas"] == 7
    assert got.table["penduduk"].isna().all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_is_read_as_it_was_filled(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "penduduk.xlsx"
    write_population_template(path, SULBAR, Settings(lang=lang))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, heads.index("Lansia") + 1).value = row
        sheet.cell(row, heads.index("Keterangan") + 1).value = (
            Texts(lang)("template.people_estimate") if row > 300 else None
        )
    book.save(path)
    got = load_population(path, SULBAR, SETTINGS, only=True)
    assert got.table["lansia"].tolist() == list(range(2, sheet.max_row + 1))
    assert got.estimated(["lansia"])["lansia"].sum() == sheet.max_row - 300
    assert keys(got) == {"note_no_column"}


def test_the_check_shows_what_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "penduduk.csv"
    path.write_text(
        f"kode,U0,U18,U60,warna\n{SULBAR.desa.index[0]},1.000,2.500,300,x\n{SULBAR.desa.index[1]},10,20,30,y\n"
    )
    assert run(["--lang", "en", "population", "check", str(path)]) == 0
    said = capsys.readouterr()
    for words in (
        "U0 → people aged",
        "Columns not used: warna",
        "Rows of desa 2",
        "1,010 (2/63 desa)",
        "330 (2/63 desa)",
    ):
        assert words in said.out
    assert "Older people: added up from the ages 60+." in said.err
    assert run(["coverage", "register.xlsx", "--population-only"]) == 2
