"""The bridge between two vintages of boundaries, drawn in squares, and a register that still has the old codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from lks_geo.boundaries import bridge, read_bridge, write_bridge
from lks_geo.errors import LksGeoError
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.tables import Boundaries
from tests.world import boundaries_of

Rings = dict[str, tuple[float, float, float, float]]


def drawn(boxes: Rings, names: dict[str, str] | None = None) -> Boundaries:
    """Boundaries of boxes (west, south, east, north in km) by code; names are made from the codes unless given."""
    made = boundaries_of({
        code: [(west, south), (east, south), (east, north), (west, north)]
        for code, (west, south, east, north) in boxes.items()
    })  # fmt: skip
    made.desa["nama"] = [(names or {}).get(code, name) for code, name in made.desa["nama"].items()]
    return made


def code(number: int, kecamatan: str = "01") -> str:
    return f"99.01.{kecamatan}.20{number:02}"


OLD = drawn({
    code(1): (0, 0, 3, 3), code(2): (3, 0, 6, 3), code(3): (6, 0, 9, 3), code(4): (9, 0, 12, 3),
    code(5): (12, 0, 15, 3), code(6): (15, 0, 18, 3), code(7): (18, 0, 21, 3), code(8): (21, 0, 24, 3),
    code(9): (40, 0, 43, 3),
}, {code(3): "Suka Maju", code(6): "Timur", code(7): "Barat"})  # fmt: skip
NEW = drawn({
    code(1): (0, 0, 3, 3),  # kept
    code(2): (3, 0, 6, 3),  # renamed
    code(3, "02"): (6, 0, 9, 3),  # recoded
    code(4): (9, 0, 10, 3), code(10): (10, 0, 12, 3),  # split one to two
    code(5): (12, 0, 15.9, 3), code(6): (15.9, 0, 18, 3),  # the border moved
    code(11): (18, 0, 24, 3),  # two old ones merged
    code(12): (60, 0, 63, 3),  # new ground
}, {code(2): "Harapan Baru", code(3, "02"): "Suka Maju", code(6): "Timur", code(11): "Barat"})  # fmt: skip


def kinds(table: pd.DataFrame) -> dict[str | None, set[str]]:
    return {
        None if pd.isna(old) else str(old): set(part["jenis"]) for old, part in table.groupby("kode_lama", dropna=False)
    }


def test_what_became_of_each_desa() -> None:
    table = bridge(OLD, NEW)
    assert kinds(table) == {
        code(1): {"tetap"},
        code(2): {"ganti_nama"},
        code(3): {"ganti_kode"},
        code(4): {"pecah"},
        code(5): {"batas_berubah"},
        code(6): {"batas_berubah"},
        code(7): {"gabung"},
        code(8): {"gabung"},
        code(9): {"hilang"},
        None: {"baru"},
    }
    assert set(table["kode_baru"].dropna()) == set(NEW.desa.index)


def test_shares_of_a_split_add_up_by_ground_and_by_people() -> None:
    people = pd.Series({code(4): 300.0, code(10): 100.0})
    split = bridge(OLD, NEW, people).set_index(["kode_lama", "kode_baru"]).loc[code(4)]
    assert split["pangsa_luas"].to_dict() == pytest.approx({code(4): 1 / 3, code(10): 2 / 3}, rel=1e-4)
    assert split["pangsa_penduduk"].to_dict() == pytest.approx({code(4): 0.75, code(10): 0.25}, rel=1e-4)
    unknown = bridge(OLD, NEW, pd.Series({code(4): 300.0})).set_index("kode_lama").loc[code(4)]
    assert unknown["pangsa_penduduk"].isna().all()


def test_a_vintage_with_itself_is_kept() -> None:
    assert set(bridge(OLD, OLD)["jenis"]) == {"tetap"}


def test_a_code_given_to_another_village_is_not_the_same() -> None:
    old = drawn({code(1): (0, 0, 3, 3), code(2): (3, 0, 6, 3)}, {code(1): "Satu", code(2): "Dua"})
    new = drawn({code(2): (0, 0, 3, 3), code(1): (3, 0, 6, 3)}, {code(2): "Satu", code(1): "Dua"})
    table = bridge(old, new).set_index("kode_lama")
    assert table["kode_baru"].to_dict() == {code(1): code(2), code(2): code(1)}
    assert set(table["jenis"]) == {"ganti_kode"}


def test_old_codes_and_names_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "jembatan.csv"
    write_bridge(path, bridge(OLD, NEW), overwrite=False)
    gazetteer = Gazetteer(replace(NEW, former=read_bridge(path)))
    assert gazetteer.by_digits[code(3).replace(".", "")] == code(3, "02")
    assert gazetteer.by_digits[code(8).replace(".", "")] == code(11)
    assert gazetteer.exact("desa", "Desa 2002") == (code(2),)
    assert gazetteer.exact("desa", "Desa 2008") == (code(11),)
    assert code(9).replace(".", "") not in gazetteer.by_digits
    assert gazetteer.by_digits[code(4).replace(".", "")] == code(4)
    split = {former.now: former.share for former in read_bridge(path) if former.code == code(4)}
    assert split == pytest.approx({code(4): 1 / 3, code(10): 2 / 3}, rel=1e-4)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\xff"])
def test_a_file_that_is_no_bridge(tmp_path: Path, text: str) -> None:
    path = tmp_path / "jembatan.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LksGeoError) as caught:
        read_bridge(path)
    assert caught.value.message.key == "boundaries.bridge_unreadable"
    with pytest.raises(LksGeoError) as caught:
        read_bridge(tmp_path / "lupa.csv")
    assert caught.value.message.key == "files.absent"
