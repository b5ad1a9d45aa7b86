"""What must hold of any table of cells: no crash, rows reconcile, order is free, twice cleaned is once cleaned."""

from __future__ import annotations

import pandas as pd
import pytest
import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_rows import Row, raw_register

from lks_geo.locate import Locator
from lks_geo.register.cleaning.clean import clean
from lks_geo.settings import Settings
from lks_geo.tables import OUTCOMES, Register

DRAWN = world.drawn_boundaries()
NAMES = [*DRAWN.desa["nama"], "Desa 1O01", "desa", "", "-"]
KECAMATAN = [*DRAWN.desa["kecamatan"].unique(), "Kec. 99.01.01", "Kecamatn 99.01.02", "Entah"]
KABUPATEN = [*DRAWN.desa["kabupaten"].unique(), "Kab 99.02", "Lain"]
LAT = [f"{world.degrees(x, y)[1]:.6f}" for x in (1, 4.5, 9.3, 30) for y in (1, 6, 8)]
LON = [f"{world.degrees(x, y)[0]:.6f}" for x in (1, 4.5, 9.3, 30) for y in (1, 6, 8)]


def cell(*choices: str) -> st.SearchStrategy[str | None]:
    """Mostly realistic, sometimes damaged, sometimes anything at all."""
    known = st.sampled_from(choices)
    damaged = known.map(lambda text: text.replace(".", "").replace("-", ""))
    swapped = known.map(lambda text: text.replace(".", ","))
    return st.one_of(known, known, st.none(), swapped, damaged, st.text(max_size=12))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "nama": cell("LKSA Melati", "LKSA Mellati", "Panti Mawar", "lksa melati (B)"),
            "jenis_layanan": cell("Anak", "Anak; Lansia", "LKS Lanjut Usia Luar Panti", "tuna sosial"),
        },
        optional={
            "id": cell("1", "2", "L-1", "B2"),
            "sistem": cell("Dalam panti", "luar"),
            "status_aktif": cell("Aktif", "Tidak aktif", "0"),
            "akreditasi": cell("A", "B (2023)", "belum"),
            "berlaku_sampai": cell("2028-05-01", "1/5/2028", "2027"),
            "tahun": cell("2019", "2023"),
            "kapasitas": cell("20", "±25 anak", "10-20"),
            "klien_pria": cell("10"),
            "desa": cell(*NAMES),
            "kecamatan": cell(*KECAMATAN),
            "kabupaten": cell(*KABUPATEN),
            "provinsi": cell("Provinsi 99", "Jauh"),
            "kode_desa": cell(*DRAWN.desa.index),
            "kode_kecamatan": cell("99.01.01", "9901010"),
            "lintang": cell(*LAT),
            "bujur": cell(*LON),
            "koordinat": cell(*(f"{lat}, {lon}" for lat, lon in zip(LAT, LON, strict=True))),
            "alamat": cell("Jl. Mawar 1", "Desa 1001 Kec. 99.01.01"),
            "cakupan_wilayah": cell("Kecamatan 99.01.01; Desa 1001", "99.02"),
            "tanda:kekerasan": cell("V", "x", "0"),
        },
    ),
    max_size=7,
)
pytestmark = pytest.mark.long
GENTLE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


INTERNAL = Settings(show_sensitive=True)


def cleaned(rows: list[Row], settings: Settings | None = None) -> Register:
    return clean(raw_register(rows), DRAWN, settings or Settings())


def blank_columns_dropped(row: Row) -> Row:
    return {name: text for name, text in row.items() if name in ("nama", "jenis_layanan") or text}


@GENTLE
@given(rows=ROWS)
def test_any_table_reconciles_and_contradicts_nothing(rows: list[Row]) -> None:
    register = cleaned(rows)
    reconciles(register, rows)
    no_place_stands_where_its_codes_do_not_say(register.places)
    no_accepted_row_contradicts_what_it_states(register.rows)


def reconciles(register: Register, rows: list[Row]) -> None:
    counts = register.counts
    assert counts["baris"] == len(rows) == sum(counts[outcome] for outcome in OUTCOMES)
    worst = dict.fromkeys(range(2, len(rows) + 2), 0)
    for issue in register.issues:
        worst[issue.nomor] = max(worst[issue.nomor], OUTCOMES.index(issue.hasil))
    assert [OUTCOMES[rank] for rank in worst.values()] == register.rows["hasil"].tolist()
    in_sight = register.places[~register.places["disamarkan"]]
    assert in_sight["id"].is_unique
    assert in_sight["nama"].notna().all()


def no_place_stands_where_its_codes_do_not_say(places: pd.DataFrame) -> None:
    pointed = places[places["lokasi"].isin(["titik", "perkiraan"])]
    found = Locator(DRAWN).assign(pointed["bujur"], pointed["lintang"])
    assert found["kode"].tolist() == pointed["kode_desa"].tolist()
    outside = places[places["lokasi"] == "luar_wilayah"]
    assert Locator(DRAWN).assign(outside["bujur"], outside["lintang"])["kode"].isna().all()


def no_accepted_row_contradicts_what_it_states(rows: pd.DataFrame) -> None:
    accepted = rows[rows["hasil"].isin(["diterima", "diperbaiki"])]
    stated = accepted["kode_tertulis"].notna()
    assert (accepted.loc[stated, "kode_desa"] == accepted.loc[stated, "kode_tertulis"]).all()


@GENTLE
@given(rows=ROWS, data=st.data())
def test_the_order_of_rows_does_not_matter(rows: list[Row], data: st.DataObject) -> None:
    """Ids are given, and are no numbers, so that no row is named after where it stands."""
    rows = [row | {"id": f"L-{'abcdefghijklmnopqrstuvwxyz'[n]}"} for n, row in enumerate(rows)]
    order = data.draw(st.permutations(range(len(rows))))
    first, second = cleaned(rows), cleaned([rows[n] for n in order])
    columns = ["hasil", "kelompok", "aktif", "lokasi", "kode_desa", "kode_kabupaten", "kode_tertulis", "lintang"]
    one, two = (register.rows[~register.rows["disamarkan"]].set_index("id")[columns].sort_index()
                for register in (first, second))  # fmt: skip
    pd.testing.assert_frame_equal(one, two)
    one, two = (register.rows[register.rows["disamarkan"]][["id", *columns[:4]]] for register in (first, second))
    assert sorted(map(str, one.to_numpy().tolist())) == sorted(map(str, two.to_numpy().tolist()))


def written(register: Register) -> list[Row]:
    """The places of a register as cells again; a place that stands at a point of its desa has no point of its own."""
    rows: list[Row] = []
    for row in register.places.itertuples():
        by_system = {"dalam": "dalam panti", "luar": "luar panti", None: ""}
        services = "; ".join(f"{group} {by_system[system]}".strip() for group, system in row.layanan)
        pointed = row.lokasi in ("titik", "luar_wilayah")
        known = {
            "id": row.id,
            "nama": row.nama,
            "jenis_layanan": "; ".join(filter(None, (services, *row.layanan_lain))) or None,
            "status_aktif": None if pd.isna(row.aktif) else "Aktif" if row.aktif else "Tidak aktif",
            "akreditasi": row.akreditasi,
            "kapasitas": None if pd.isna(row.kapasitas) else str(row.kapasitas),
            "kode_desa": row.kode_desa,
            "kode_kecamatan": row.kode_kecamatan,
            "kode_kabupaten": row.kode_kabupaten,
            "lintang": repr(row.lintang) if pointed else None,
            "bujur": repr(row.bujur) if pointed else None,
        }
        rows.append({name: text if isinstance(text, str) else None for name, text in known.items()})
    return rows


@GENTLE
@given(rows=ROWS)
def test_cleaning_its_own_output_changes_nothing(rows: list[Row]) -> None:
    """As the office itself sees it; a disguised row has nothing left to be written."""
    first = cleaned(rows, INTERNAL)
    second = cleaned(written(first), INTERNAL)
    columns = ["id", "nama", "layanan", "kelompok", "aktif", "akreditasi", "kapasitas", "lokasi", "lintang", "bujur",
               "kode_desa", "kode_kecamatan", "kode_kabupaten"]  # fmt: skip
    one, two = (register.places[columns].reset_index(drop=True) for register in (first, second))
    pd.testing.assert_frame_equal(one, two)
    third = cleaned(written(second), INTERNAL)
    assert third.rows["hasil"].tolist() == second.rows["hasil"].tolist()
