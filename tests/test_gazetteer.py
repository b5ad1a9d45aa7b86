"""Names and codes to areas: every way of writing, ambiguity, similarity, Kemendagri or BPS, lists of areas."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lks_geo.errors import RequestError
from lks_geo.messages import Texts
from lks_geo.register.areas.area_codes import (
    BPS,
    KEMENDAGRI,
    NOTATIONS,
    CodeEvidence,
    decide_system,
    read_area_list,
    read_code,
)
from lks_geo.register.areas.area_names import ALIASES, key, marked_names, marks
from lks_geo.register.areas.gazetteer import Gazetteer, kabupaten_codes
from lks_geo.register.areas.name_search import VERDICTS
from lks_geo.register.areas.statement import Statement, read_statement
from lks_geo.tables import Boundaries

CROSSWALK = Path(__file__).parents[2] / "shared/sources/crosswalk/desa_bps2016_kemendagri2025.csv"


@pytest.fixture(scope="module")
def gazetteer(sulbar_boundaries: Boundaries) -> Gazetteer:
    return Gazetteer(sulbar_boundaries)


def stated(gazetteer: Gazetteer, system: str | None = None, **cells: str) -> Statement:
    return read_statement(cells, system, gazetteer)


def test_what_nobody_disputes_is_what_weighing_says(
    sulbar_boundaries: Boundaries, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = ["desa", "kecamatan", "kabupaten", "provinsi"]
    names = sulbar_boundaries.desa.rename(columns={"nama": "desa"})[levels].iloc[::5]
    ways = [lambda text: text, str.upper, lambda text: f"Kec. {text}", lambda text: f"{text} 76.05", lambda text: "-"]
    rows = [
        {"kode_desa": str(code)}
        | {level: ways[(at + place) % 5](str(row[level])) for place, level in enumerate(levels)}
        for at, (code, row) in enumerate(names.iterrows())
    ]
    quick = [stated(gazetteer, **row) for row in rows]
    monkeypatch.setattr("lks_geo.register.areas.statement._undisputed_code", lambda *_: None)
    assert quick == [stated(gazetteer, **row) for row in rows]


def kinds(statement: Statement) -> list[str]:
    return [remark.jenis for remark in statement.remarks]


@pytest.mark.parametrize(
    ("level", "written", "official"),
    [
        ("desa", "DESA  PAO PAO", "Pao-Pao"),
        ("desa", "Ds. Pao-pao", "Pao-Pao"),
        ("desa", "Kel.Sulewatang", "Sulewatang"),
        ("desa", "Desa/Kel. Polewali", "Polewali"),
        ("desa", "Pati’di", "Pati'Di"),
        ("desa", "PATI`DI", "Pati'Di"),
        ("desa", "Lasa", "Lasa'"),
        ("desa", "K I R E", "Kire"),
        ("desa", "Salupangkang 4", "Salupangkang IV"),
        ("desa", "belang - belang", "Belang Belang"),
        ("desa", "Tandé Tim.", "Tande Timur"),
        ("kecamatan", "KEC. Buntu Malangka", "Buntumalangka"),
        ("kecamatan", "Kep. Bala-Balakang", "Kepulauan Bala Balakang"),
        ("kabupaten", "KAB. POLEWALI MANDAR", "Polewali Mandar"),
        ("provinsi", "Provinsi Sulawesi Barat          ", "Sulawesi Barat"),
    ],
)
def test_ways_of_writing_one_name(level: str, written: str, official: str) -> None:
    assert key(written, level) == key(official, level)


def test_sisters_are_told_apart() -> None:
    assert marks(key("Leling Barat", "desa")) != marks(key("Leling Utara", "desa"))
    assert marks(key("Salupangkang IV", "desa")) != marks(key("Salupangkang", "desa"))
    assert marks(key("Baru", "desa")) == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Polman", "76.04"), ("polmas", "76.04"), ("Polewali Mamasa", "76.04"), ("Matra", "76.01"), ("Mateng", "76.06"),
        ("Kab. Mamuju Utara", "76.01"), ("Kabupaten Mamuju", "76.02"), ("MAMASA", "76.03"), ("76.05", "76.05"),
        ("7606", "76.06"),
    ],
)  # fmt: skip
def test_kabupaten_by_name_short_name_and_code(sulbar_boundaries: Boundaries, written: str, code: str) -> None:
    assert kabupaten_codes([written], sulbar_boundaries) == (code,)


def test_several_kabupaten_once_each(sulbar_boundaries: Boundaries) -> None:
    assert kabupaten_codes(["Mamuju", "76.02", " ", "Majene"], sulbar_boundaries) == ("76.02", "76.05")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_unknown_kabupaten_is_an_error_with_the_nearest(sulbar_boundaries: Boundaries, lang: str) -> None:
    with pytest.raises(RequestError) as caught:
        kabupaten_codes(["Mamasaa"], sulbar_boundaries)
    assert "“Mamasa”" in Texts(lang)(caught.value.message)


def test_digits_that_mean_two_kabupaten_are_not_guessed(sulbar_boundaries: Boundaries) -> None:
    """7604 is Polewali Mandar for Kemendagri and Mamuju for BPS."""
    with pytest.raises(RequestError) as caught:
        kabupaten_codes(["7604"], sulbar_boundaries)
    text = Texts("id")(caught.value.message)
    assert "Polewali Mandar" in text
    assert "Mamuju" in text


def test_every_alias_names_one_area(gazetteer: Gazetteer) -> None:
    for level, table in ALIASES.items():
        for official, others in table.items():
            assert gazetteer.exact(level, official), official
            for other in others:
                assert len(gazetteer.exact(level, other)) == 1, other


def test_a_name_in_its_kecamatan_is_sure(gazetteer: Gazetteer) -> None:
    for code, area in gazetteer.areas.items():
        if area.level == "desa":
            upper = gazetteer.areas[area.above[0]]
            found = stated(gazetteer, desa=area.name.upper(), kecamatan=f"Kec. {upper.name}")
            assert (found.area, found.remarks) == (code, ())


def test_a_name_alone_in_its_kabupaten_is_sure_only_if_it_is_there_once(gazetteer: Gazetteer) -> None:
    doubtful = set()
    for code, area in gazetteer.areas.items():
        if area.level != "desa":
            continue
        found = stated(gazetteer, desa=area.name, kabupaten=gazetteer.areas[area.above[1]].name)
        if found.area == code:
            assert found.remarks == ()
        else:
            assert found.area == area.above[1]
            assert kinds(found) == ["wilayah_ganda"]
            assert code in found.possible
            doubtful.add(key(area.name, "desa"))
    assert doubtful == {"salutambun", "salubalo", "malimbong", "mesakada", "minanga"}


def test_nineteen_names_are_never_settled_by_the_name_alone(gazetteer: Gazetteer) -> None:
    twice = [codes for codes in gazetteer._names["", "desa"].values() if len(codes) > 1]
    assert len(twice) == 19
    for codes in twice:
        found = stated(gazetteer, desa=gazetteer.areas[codes[0]].name)
        assert (found.area, found.possible) == (None, frozenset(codes))
        assert kinds(found) == ["wilayah_ganda"]


@pytest.mark.skipif(not CROSSWALK.is_file(), reason="the crosswalk of the sources is not here")
def test_bps_spellings_in_their_kecamatan(gazetteer: Gazetteer) -> None:
    """All 49 similar pairs, and no wrong one; the two that a person had to guess stay open."""
    with CROSSWALK.open(encoding="utf-8") as stream:
        pairs = [row for row in csv.DictReader(stream) if row["kode_bps"]]
    left = []
    for pair in pairs:
        kabupaten = gazetteer.areas[pair["kode_kemendagri"][:5]].name if pair["kode_kemendagri"] else "Mamuju Tengah"
        found = stated(gazetteer, desa=pair["nama_bps"], kecamatan=pair["kecamatan_kemendagri"], kabupaten=kabupaten)
        if found.area == pair["kode_kemendagri"]:
            assert set(kinds(found)) <= {"wilayah_mirip"}
        else:
            assert gazetteer.areas[found.area or ""].level == "kecamatan"
            left.append(pair["nama_bps"])
        alone = stated(gazetteer, desa=pair["nama_bps"], kabupaten=kabupaten)
        assert alone.area in (pair["kode_kemendagri"], pair["kode_kemendagri"][:5], "76.06")
    assert left == ["UPT LARA III", "MORA IV"]


@pytest.mark.parametrize(
    ("cells", "area", "remarks"),
    [
        ({"desa": "Salukonta", "kecamatan": "Bambang", "kabupaten": "Mamasa"}, "76.03", ["wilayah_bertentangan"]),
        ({"desa": "Salutambung", "kecamatan": "Pana", "kabupaten": "Mamasa"}, "76.03.04", ["wilayah_ganda"]),
        ({"desa": "Lombeng", "kecamatan": "Malunda", "kabupaten": "Majene"}, "76.05.04", ["wilayah_ganda"]),
        ({"desa": "Leling Timur", "kecamatan": "Tommo", "kabupaten": "Mamuju"}, "76.02.11", ["wilayah_tak_dikenal"]),
        ({"desa": "Lemo", "kabupaten": "Polman"}, "76.04", ["wilayah_tak_dikenal"]),
        ({"desa": "Salletto", "kabupaten": "Mamuju"}, "76.02", ["wilayah_hanya_mirip"]),
        ({"desa": "Salletto", "kecamatan": "Simboro"}, "76.02.12.2004", ["wilayah_mirip"]),
        ({"desa": "Lembang", "kecamatan": "Banggae", "kabupaten": "Majene"}, "76.05", ["wilayah_bertentangan"]),
        ({"desa": "Rimuku"}, "76.02.01.1013", ["wilayah_tanpa_induk"]),
        ({"desa": "Polewali", "kecamatan": "Bambalamotu"}, "76.01.01.2003", []),
        ({"desa": "Sendana", "kecamatan": "Mambi", "kabupaten": "Mamasa"}, "76.03.01.2019", []),
        ({"kecamatan": "Simboro dan Kepulauan", "kabupaten": "Mamuju"}, "76.02.12", []),
        ({"kecamatan": "TUBBI TARAMANU", "kabupaten": "Polman"}, "76.04.05", []),
        ({"kabupaten": "Kab. Mamaju"}, "76.02", ["wilayah_mirip"]),
        ({"kabupaten": "Kab. Polowali Mandar"}, "76.04", ["wilayah_mirip"]),
        ({"kabupaten": "Pinrang"}, None, ["provinsi_lain"]),
        ({"kabupaten": "Pinrrang"}, None, ["provinsi_lain"]),
        ({"kabupaten": "Entahberantah"}, None, ["wilayah_tak_dikenal"]),
        ({"kabupaten": "Maluku Tengah"}, None, ["provinsi_lain"]),
        ({"kabupaten": "Maluku Utara"}, None, ["provinsi_lain"]),
        ({"kabupaten": "Mamuju Tengahh"}, "76.06", ["wilayah_mirip"]),
        ({"kabupaten": "Mamuju Utarra"}, "76.01", ["wilayah_mirip"]),
        ({"kabupaten": "Kota Mamuju"}, "76.02", []),
        ({"desa": "Sendana", "kecamatan": "Sendana", "kabupaten": "Kota Palopo"}, None, ["provinsi_lain"]),
        ({"desa": "Mamuju", "kabupaten": "Kab. Pangkep"}, None, ["provinsi_lain"]),
        ({"desa": "Sendana", "kecamatan": "Sendana", "kabupaten": "Palopo"}, None, ["provinsi_lain"]),
        ({"desa": "Sendana", "kecamatan": "Sendana", "kabupaten": "Entah"}, None, ["wilayah_tak_dikenal"]),
        ({"desa": "Sendana", "kecamatan": "Sendana", "provinsi": "Sulsel"}, None, ["provinsi_lain"]),
        ({"provinsi": "Sul Barat", "kabupaten": "Majene"}, "76.05", []),
        ({"provinsi": "Sulawesi Selatan", "kabupaten": "Majene"}, None, ["provinsi_lain"]),
        ({"desa": "Tumbu", "kecamatan": "Topoyo", "kabupaten": "Mamuju"}, "76.06.04.2003", ["wilayah_bertentangan"]),
        ({"kecamatan": "Topoyo", "kabupaten": "Mamuju"}, None, ["wilayah_bertentangan"]),
        ({"desa": "Kel. Binanga, Kec. Mamuju, Kab. Mamuju"}, "76.02.01.1002", []),
        ({"desa": "Orobatu, Tapalang, Mamuju"}, "76.02.02.2003", []),
        ({"desa": "Orobatu", "kecamatan": "Tapalang", "kabupaten": "MAMUJU SULBAR"}, "76.02.02.2003", []),
        ({"desa": "Orobatu", "kabupaten": "Kab. Mamuju (Prov. Sulawesi Barat)"}, "76.02.02.2003", []),
        ({"desa": "Botteng Selatan", "kabupaten": "Mamuju"}, "76.02", ["wilayah_tak_dikenal"]),
        ({"desa": "-", "kecamatan": "Tidak diketahui", "kabupaten": "Majene"}, "76.05", []),
        ({}, None, []),
    ],
)
def test_names_of_a_row(gazetteer: Gazetteer, cells: dict[str, str], area: str | None, remarks: list[str]) -> None:
    found = stated(gazetteer, **cells)
    assert (found.area, kinds(found)) == (area, remarks)


def test_an_address_fills_what_has_no_cell(gazetteer: Gazetteer) -> None:
    address = "Jl. Tunda No. 3, Kelurahan Labuang Utara, kecamatan Banggae Timur"
    assert marked_names(address) == {"desa": "Labuang Utara", "kecamatan": "Banggae Timur"}
    found = stated(gazetteer, alamat=address, kabupaten="Majene")
    assert (found.area, kinds(found)) == ("76.05.08.1007", ["wilayah_dari_alamat"])
    assert stated(gazetteer, alamat="Jl. Poros Mambi No. 3", kabupaten="Mamasa").area == "76.03"


def test_levels_are_called_otherwise_in_other_provinces() -> None:
    assert marked_names("Kalurahan Bela, Kapanewon Lama") == {"desa": "Bela", "kecamatan": "Lama"}
    assert key("Nagari Bela", "desa") == key("Pekon Bela", "desa") == key("Bela", "desa")
    assert key("Kemantren Lama", "kecamatan") == key("Distrik Lama", "kecamatan") == key("Kec. Lama", "kecamatan")
    assert key("Kampung Baru", "desa") != key("Baru", "desa")


@pytest.mark.parametrize(
    ("written", "digits", "form"),
    [
        ("76.04.01.1001", "7604011001", "kemendagri"),
        ("76-04-01-1001", "7604011001", "kemendagri"),
        ("76.04.01.1001.", "7604011001", "kemendagri"),
        ("76.04", "7604", "kemendagri"),
        ("76.04.010.001", "7604010001", "bps"),
        ("7604010", "7604010", "bps"),
        ("7604011001", "7604011001", "angka"),
        ("7604011001.0", "7604011001", "angka"),
        ("'7604011001", "7604011001", "angka"),
        ("7.604.011.001", "7604011001", "angka"),
        ("7,604,011,001", "7604011001", "angka"),
        ("7,604E+09", "7,604E+09", "rusak"),
        ("7.60401E+09", "7.60401E+09", "rusak"),
        ("76.1", "761", "rusak"),
        ("76040110011", "76040110011", "rusak"),
        ("Mamuju", "Mamuju", "rusak"),
    ],
)
def test_code_cells(written: str, digits: str, form: str) -> None:
    reading = read_code(written)
    assert reading is not None
    assert (reading.digits, reading.form) == (digits, form)


@pytest.mark.parametrize("written", [None, "", "-", "Belum tersedia"])
def test_blank_code_cells(written: str | None) -> None:
    assert read_code(written) is None


def evidence(code: str, point: str | None = None, rows: int = 1, **names: str) -> CodeEvidence:
    reading = read_code(code)
    assert reading is not None
    return CodeEvidence(reading=reading, names=tuple(names.items()), point=point, rows=rows)


BINANGA = "7602011002"
"""Binanga, Mamuju by Kemendagri; Tammangalle, Balanipa by BPS."""


@pytest.mark.parametrize(
    ("told", "system"),
    [
        ([evidence(BINANGA)], None),
        ([evidence(BINANGA, desa="Binanga", kabupaten="Mamuju")], KEMENDAGRI),
        ([evidence(BINANGA, desa="TAMMANGALLE", kecamatan="Balanipa")], BPS),
        ([evidence(BINANGA, desa="Rangas", kabupaten="Majene")], None),
        ([evidence(BINANGA, point="76.02.01.1002")], KEMENDAGRI),
        ([evidence(BINANGA, point="76.04.12.2003")], BPS),
        ([evidence(BINANGA), evidence("76.02.01.1003")], KEMENDAGRI),
        ([evidence(BINANGA), evidence("7602011")], BPS),
        ([evidence("7602012003"), evidence(BINANGA)], BPS),
        ([evidence("7603010001", kabupaten="Mamasa"), evidence(BINANGA, kabupaten="Polman")], BPS),
        ([evidence(BINANGA, desa="Binanga", rows=9), evidence(BINANGA, desa="Tammangalle")], KEMENDAGRI),
        ([evidence("76")], None),
        ([], None),
    ],
)
def test_one_system_for_the_whole_file(gazetteer: Gazetteer, told: list[CodeEvidence], system: str | None) -> None:
    assert decide_system(told, gazetteer) == system


def test_all_codes_of_a_list_are_of_that_list(gazetteer: Gazetteer) -> None:
    """Without any name: the list that has all of the codes, if only one has."""
    own = [area for area in gazetteer.areas.values() if area.level == "desa" and area.bps]
    assert decide_system([evidence(area.code.replace(".", "")) for area in own], gazetteer) == KEMENDAGRI
    assert decide_system([evidence(area.bps) for area in own], gazetteer) == BPS


@pytest.mark.parametrize(
    ("system", "cells", "area", "remarks"),
    [
        (None, {"kode_desa": "76.02.01.1002"}, "76.02.01.1002", []),
        (KEMENDAGRI, {"kode_desa": BINANGA}, "76.02.01.1002", []),
        (BPS, {"kode_desa": BINANGA}, "76.04.12.2003", []),
        (None, {"kode_desa": BINANGA}, None, ["kode_tak_pasti"]),
        (None, {"kode_desa": BINANGA, "desa": "Binanga", "kabupaten": "Mamuju"}, "76.02.01.1002", ["kode_tak_pasti"]),
        (KEMENDAGRI, {"kode_desa": "7602019999"}, None, ["kode_tak_dikenal"]),
        (KEMENDAGRI, {"kode_desa": "7,604E+09", "kabupaten": "Polman"}, "76.04", ["kode_rusak"]),
        (None, {"kode_desa": "76.02.01.1002", "desa": "Rimuku"}, "76.02.01", ["kode_lawan_nama"]),
        (
            None, {"kode_desa": "76.02.01.1002", "desa": "Rimuku", "kecamatan": "Mamuju", "kabupaten": "Mamuju"},
            "76.02.01", ["kode_lawan_nama"],
        ),
        (None, {"kode_desa": "76.03.11.2015", "desa": "Minanga", "kabupaten": "Mamasa"}, "76.03.11.2015", []),
        (None, {"kode_desa": "76.02.12.2004", "desa": "Salletto"}, "76.02.12.2004", []),
        (None, {"kode_kecamatan": "76.03.13", "desa": "Minanga"}, "76.03.13.2002", []),
        (None, {"kode_desa": "76.02.01.1002", "kode_kecamatan": "76.02.12"}, "76.02", ["kode_lawan_kode"]),
        (BPS, {"kode_kecamatan": "7602011", "kode_kabupaten": "7602"}, "76.04.12", []),
    ],
)  # fmt: skip
def test_codes_of_a_row(
    gazetteer: Gazetteer, system: str | None, cells: dict[str, str], area: str | None, remarks: list[str]
) -> None:
    found = stated(gazetteer, system, **cells)
    assert (found.area, kinds(found)) == (area, remarks)


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("Kecamatan Mambi; Desa Bela", ("76.03.01", "76.02.02.2009"), ()),
        ("Kec. Simboro, Kec. Mamuju dan Kec. Tapalang", ("76.02.12", "76.02.01", "76.02.02"), ()),
        ("Kecamatan Simboro, Mamuju", ("76.02.12", "76.02.01"), ()),
        ("Kecamatan Simboro: Desa Rangas, Desa Sumare", ("76.02.12", "76.02.12.1002", "76.02.12.2005"), ()),
        ("76.02.12; 76.02.02.2009", ("76.02.12", "76.02.02.2009"), ()),
        ("Se-Kabupaten Majene", ("76.05",), ()),
        ("Kab. Polman\nKab. Majene", ("76.04", "76.05"), ()),
        ("Provinsi Sulawesi Barat", ("76",), ()),
        ("Sulbar", ("76",), ()),
        ("Desa Minanga", (), ("Desa Minanga",)),
        ("Mamasa", (), ("Mamasa",)),
        ("Rimuku; di mana-mana", ("76.02.01.1013",), ("di mana-mana",)),
        ("Simboro dan Kepulauan", ("76.02.12",), ()),
        ("-", (), ()),
        (None, (), ()),
    ],
)
def test_declared_service_areas(
    gazetteer: Gazetteer, text: str | None, codes: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    found = read_area_list(text, "76.02.12.2004", None, gazetteer)
    assert (found.codes, found.unknown) == (codes, unknown)


def test_a_misspelt_declared_area_is_said(gazetteer: Gazetteer) -> None:
    found = read_area_list("Desa Saleto", "76.02.12.2004", None, gazetteer)
    assert (found.codes, found.similar) == (("76.02.12.2004",), (("Desa Saleto", "76.02.12.2004"),))


def test_two_provinces_with_one_name(world_boundaries: Boundaries) -> None:
    """A boundary file without names of upper areas still answers by code."""
    gazetteer = Gazetteer(world_boundaries)
    code = world_boundaries.desa.index[0]
    assert stated(gazetteer, kode_desa=code).area == code
    assert gazetteer.common([code, world_boundaries.desa.index[8]]) == code[:2]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Desa Rangas Kec. Simboro", ("76.02.12.1002",)),
        ("Desa Rangas Kec. Simboro; Kecamatan Mambi", ("76.02.12.1002", "76.03.01")),
        ("Rangas", ()),
        ("Kec. Simboro Kab. Mamuju", ("76.02.12",)),
        ("Desa Rangas Kec. Mambi", ()),
    ],
)
def test_a_declared_desa_with_its_kecamatan(gazetteer: Gazetteer, text: str, codes: tuple[str, ...]) -> None:
    assert read_area_list(text, None, None, gazetteer).codes == codes


@pytest.mark.parametrize(("form", "example"), [(form, example) for _, form, example in NOTATIONS])
def test_every_notation_of_a_code_reads_its_example(form: str, example: str) -> None:
    reading = read_code(example)
    assert reading
    assert reading.form == form
    assert reading.digits == "".join(letter for letter in example if letter.isdecimal())


@pytest.mark.parametrize(("kind", "cells"), [(kind, cells) for _, kind, cells in VERDICTS])
def test_every_verdict_on_a_name_shows_in_its_example(gazetteer: Gazetteer, kind: str, cells: dict[str, str]) -> None:
    assert kinds(stated(gazetteer, **cells)) == ([kind] if kind else [])


def test_an_unknown_name_is_told_with_where_it_was_looked_for_and_what_comes_near(gazetteer: Gazetteer) -> None:
    (remark,) = stated(gazetteer, desa="Rimukko Jaya", kecamatan="Mamuju", kabupaten="Mamuju").remarks
    assert remark.jenis == "wilayah_tak_dikenal"
    assert remark.choices[0] == "Rimuku, Mamuju, Mamuju"
    assert len(remark.choices) <= 3
    assert Texts("en")(remark.params["where"]) == "in Mamuju, Mamuju"  # type: ignore[arg-type]
    (nowhere,) = stated(gazetteer, kabupaten="Entahberantah").remarks
    assert Texts("en")(nowhere.params["where"]) == "on this map"  # type: ignore[arg-type]
