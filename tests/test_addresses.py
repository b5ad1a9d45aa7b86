"""What an address says of its area: as offices, map services and people in a hurry write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.areas.statement import Statement, read_statement
from lks_geo.register.issues import ISSUE_KINDS
from lks_geo.tables import Boundaries


@pytest.fixture(scope="module")
def gazetteer(sulbar_boundaries: Boundaries) -> Gazetteer:
    return Gazetteer(sulbar_boundaries)


def stated(gazetteer: Gazetteer, **cells: str) -> Statement:
    return read_statement(cells, None, gazetteer)


RIMUKU, BINANGA, OROBATU = "76.02.01.1013", "76.02.01.1002", "76.02.02.2003"


@pytest.mark.parametrize(
    ("address", "area"),
    [
        # what stands behind a house number or in front of a hamlet
        ("JL. POROS NO. 4 RIMUKU, KEC. MAMUJU, KAB. MAMUJU", RIMUKU),
        ("Ds. Binanga dusun 2, Kec. Mamuju, Kab. Mamuju", BINANGA),
        ("Kel. Rimuku Jl. Poros Kec. Mamuju Kab. Mamuju", RIMUKU),
        # streets and landmarks with the name of an area
        ("Jl. Poros Desa Bambu No. 2, Kel. Rimuku, Kec. Mamuju, Kab. Mamuju", RIMUKU),
        ("Jln Kelurahan Binanga 3, Kel. Rimuku, Kec. Mamuju", RIMUKU),
        ("Jl. Desa Tua No. 5 Kel. Binanga Kec. Mamuju Kab. Mamuju", BINANGA),
        ("Samping Kantor Kelurahan Tua, Kel. Rimuku, Kec. Mamuju, Kab. Mamuju", RIMUKU),
        ("Kel. Rimuku, Kec. Mamuju, depan Kantor Kec. Simboro", RIMUKU),
        ("Depan Kantor Kec. Simboro, Desa Orobatu, Kec. Tapalang, Kab. Mamuju", OROBATU),
        ("Komp. Desa Permai Blok A1, Kel. Rimuku, Kec. Mamuju", RIMUKU),
        ("Belakang SMP 2 Kec. Kalukku, Desa Orobatu, Kec. Tapalang", OROBATU),
        ("Simpang Desa Bambu, Rimuku, Kec. Mamuju, Kab. Mamuju", RIMUKU),
        ("Desa Entah, Desa Orobatu, Kec. Tapalang, Kab. Mamuju", OROBATU),
        ("Jl. Pendidikan Desa Orobatu Kec. Tapalang Kab. Mamuju", OROBATU),
        ("Jl. Trans Sulawesi Desa Orobatu Kec. Tapalang", OROBATU),
        # as map services write them
        ("Jl. Poros No. 4, Orobatu, Kec. Tapalang, Kabupaten Mamuju, Sulawesi Barat 91511, Indonesia", OROBATU),
        ("Jl. Poros No. 4, Orobatu, Tapalang, Mamuju, Sulawesi Barat", OROBATU),
        ("Jl. Poros No. 4, Orobatu, Tapalang, Mamuju Regency, West Sulawesi 91511, Indonesia", OROBATU),
        ("Orobatu, Tapalang, Kabupaten Mamuju, Sulawesi Barat", OROBATU),
        ("7QXX+2V, Orobatu, Kec. Tapalang, Kabupaten Mamuju, Sulawesi Barat", OROBATU),
        ("Jl. Melati RT 02 RW 01 Rimuku, Kec. Mamuju, Kabupaten Mamuju", RIMUKU),
        ("Dusun Bambu, Orobatu, Kec. Tapalang", OROBATU),
        ("Jl. Poros No. 4 Orobatu Tapalang Mamuju", OROBATU),
        # nothing between the parts
        ("Jl. Poros No. 4 Desa Orobatu Kec. Tapalang Kab. Mamuju Sulawesi Barat 91511", OROBATU),
        ("Kel. Binanga Kec. Mamuju Mamuju", BINANGA),
        ("Desa Botteng Kec. Simboro Mamuju Sulbar", "76.02.12.2003"),
        ("Kel. Rangas Kec. Banggae Majene", "76.05.01.1010"),
        ("Desa Sendana Kec. Mambi Mamasa Prov. Sulawesi Barat", "76.03.01.2019"),
        ("Kel. Binanga, Kec. Mamuju, Kab/Kota Mamuju", BINANGA),
        ("KEL.BINANGA KEC.MAMUJU KAB.MAMUJU", BINANGA),
        ("Desa/Kel. Binanga, Kec. Mamuju", BINANGA),
        ("Kelurahan : Binanga, Kecamatan : Mamuju", BINANGA),
        ("Orobattu, Kec. Tapalang, Kab. Mamuju", OROBATU),
        ("Ds. Pao-Pao, Kec. Alu, Kab. Polman", None),
        # what is known only in part
        ("Jl. Ahmad Yani No. 1, Mamasa, Sulawesi Barat", "76.03"),
        ("Jl. Poros Majene - Mamuju, Kec. Tapalang, Kab. Mamuju", "76.02.02"),
        ("Jl. Binanga No. 3, Kec. Mamuju, Kab. Mamuju", "76.02.01"),
        ("Jl. Melati 4", None),
        ("Baru", None),
        # two areas that contradict each other are not guessed between
        ("Desa Bambu, Kel. Rimuku, Kec. Mamuju", "76.02.01"),
        ("Binanga, Rimuku, Kec. Mamuju, Kab. Mamuju", "76.02.01"),
        # another province
        ("Kel. Sendana, Kec. Sendana, Kota Palopo, Sulawesi Selatan", None),
        ("Jl. Poros, Sendana, Kec. Sendana Kota Palopo", None),
        ("Desa Baru, Kec. Luyo, Kab. Luwu", None),
        ("Kota Palopo, Kec. Sendana, Kel. Sendana", None),
        ("Jl. Makassar No. 4, Rimuku, Kec. Mamuju", RIMUKU),
        ("Blok A, Kota Baru, Rimuku, Kec. Mamuju", RIMUKU),
        ("Makassar, Rimuku, Kec. Mamuju", RIMUKU),
    ],
)
def test_where_an_address_puts_a_row(gazetteer: Gazetteer, address: str, area: str | None) -> None:
    found = stated(gazetteer, alamat=address)
    if address.startswith("Ds. Pao-Pao"):
        assert found.area is not None
        assert gazetteer.areas[found.area].name == "Pao-Pao"
    else:
        assert found.area == area


STREETS = (
    "", "Jl. Melati No. 4, ", "Jl. Poros Desa {decoy} No. 12, ", "Jln. {decoy} Lama, ", "Samping Kantor Desa {decoy}, ",
    "Depan Kantor Kec. {upper}, ", "Komp. Kelurahan {decoy} Permai Blok B, ", "Jl. Poros {upper} - Mamuju KM 3, ",
    "Dusun {decoy}, ", "Lingkungan {decoy} RT 01/RW 02, ", "Belakang SDN 2 {decoy}, ", "Panti Melati, ",
)  # fmt: skip
FORMS = (
    "Desa {desa}, Kec. {kecamatan}, Kab. {kabupaten}", "Kel. {desa} Kec. {kecamatan} Kab. {kabupaten}",
    "Ds {desa} Kec {kecamatan} {kabupaten}", "{desa}, Kec. {kecamatan}, Kabupaten {kabupaten}",
    "{desa}, {kecamatan}, {kabupaten}", "{desa} - {kecamatan} - {kabupaten}", "Desa {desa}, Kecamatan {kecamatan}",
    "{desa}, Kec. {kecamatan}", "Kab. {kabupaten}, Kec. {kecamatan}, Desa {desa}", "Desa {desa}, {kecamatan}",
)  # fmt: skip
ENDS = ("", ", Sulawesi Barat", " Sulawesi Barat 91511", ", Prov. Sulbar", ", Sulawesi Barat 91511, Indonesia")
BEHIND = ("", ", depan Kantor Kec. {upper}", " (samping Balai Desa {decoy})")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_address_puts_a_row_silently_into_another_desa(sulbar_boundaries: Boundaries, data: st.DataObject) -> None:
    """Whatever streets, landmarks and hamlets are called after: the desa, or less than it, or a doubt."""
    gazetteer = _SHARED.setdefault("", Gazetteer(sulbar_boundaries))
    desa = sulbar_boundaries.desa
    true, other = (desa.iloc[data.draw(st.integers(0, len(desa) - 1))] for _ in range(2))
    parts = (data.draw(st.sampled_from(texts)) for texts in (STREETS, FORMS, ENDS, BEHIND))
    change = data.draw(st.sampled_from((str, str.upper, str.title)))
    names = {level: change(true[level]) for level in ("kecamatan", "kabupaten")} | {"desa": change(true["nama"])}
    address = "".join(parts).format(**names, decoy=change(other["nama"]), upper=change(other["kecamatan"]))
    found = stated(gazetteer, alamat=address)
    sure = all(ISSUE_KINDS[remark.jenis] != "meragukan" for remark in found.remarks)
    assert found.area is None or not sure or gazetteer.holds(found.area, true.name), address


_SHARED: dict[str, Gazetteer] = {}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_plain_addresses_are_placed(sulbar_boundaries: Boundaries, data: st.DataObject) -> None:
    """An address with desa, kecamatan and kabupaten is the desa, in every form, with any plain street before it."""
    gazetteer = _SHARED.setdefault("", Gazetteer(sulbar_boundaries))
    desa = sulbar_boundaries.desa
    true = desa.iloc[data.draw(st.integers(0, len(desa) - 1))]
    form = data.draw(st.sampled_from([form for form in FORMS if "kabupaten" in form]))
    street, end = data.draw(st.sampled_from(STREETS[:2])), data.draw(st.sampled_from(ENDS))
    names = {level: true[level] for level in ("kecamatan", "kabupaten")}
    address = (street + form + end).format(**names, desa=true["nama"])
    assert stated(gazetteer, alamat=address).area == true.name, address
