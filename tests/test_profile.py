"""The register's own profile and the list for the next training, against counts made without our code."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from outputs_world import DAY, coverage

from lks_geo import shipped
from lks_geo.cli.program import run
from lks_geo.measure import restrict
from lks_geo.messages import Texts
from lks_geo.render.profile_sheets import write_profile
from lks_geo.render.webmap.page_data import _profile
from lks_geo.said.profile import (
    NOWHERE,
    PARTS,
    WHOLE,
    profile_headline,
    profile_notes,
    profile_small_table,
    profile_table,
    training_list,
)
from lks_geo.tables import TOTAL, Coverage, RegisterFrame


def _counts(rows: list[dict[str, Any]], day: date) -> dict[str, int]:
    def count(column: str, *values: str) -> int:
        return sum(row[column] in values for row in rows)

    def ended(row: dict[str, Any]) -> bool:
        return row["Akreditasi"] in ("A", "B", "C") and row["Berlaku sampai"] and row["Berlaku sampai"].date() < day

    return {
        "lks": len(rows), "aktif": count("Status", "Aktif"), "tidak_aktif": count("Status", "Tidak Aktif"),
        "berbadan_hukum": count("Badan Hukum", "Berbadan Hukum"), "tumbuh": count("Perkembangan", "Tumbuh"),
        "berkembang": count("Perkembangan", "Berkembang"), "mandiri": count("Perkembangan", "Mandiri"),
        "akreditasi_tta": count("Akreditasi", "TTA"), "akreditasi_belum": count("Akreditasi", "Belum"),
        "akreditasi_kedaluwarsa": sum(map(bool, map(ended, rows))),
        "akreditasi_b": sum(row["Akreditasi"] == "B" and not ended(row) for row in rows),
        "kapasitas": sum(row["Kapasitas"] or 0 for row in rows), "klien": sum(row["Jumlah klien"] or 0 for row in rows),
    }  # fmt: skip


def _example_rows() -> list[dict[str, Any]]:
    """The rows of the example's workbook, by its own headings."""
    sheet = openpyxl.load_workbook(shipped.EXAMPLE_REGISTER)["Register LKS"]
    cells = list(sheet.iter_rows(min_row=5, values_only=True))
    return [
        dict(zip(map(str, cells[0]), row, strict=True)) for row in cells[2:] if str(row[1]).startswith("LKS Contoh")
    ]


def test_training_of_the_example_is_what_its_workbook_says(sulbar_coverage: Coverage) -> None:
    """Each LKS with each of its reasons; those that serve victims of violence are not named."""
    day = sulbar_coverage.settings.day
    wanted: dict[str, set[str]] = {}
    for row in _example_rows():
        if "Kekerasan" in row["Jenis Layanan"]:
            continue
        ranked = row["Akreditasi"] in ("A", "B", "C")
        ends = row["Berlaku sampai"].date() if ranked and row["Berlaku sampai"] else None
        reasons = {
            "tanpa_badan_hukum": row["Badan Hukum"] == "Tidak Berbadan Hukum",
            "tanpa_akreditasi": row["Akreditasi"] in ("Belum", "TTA"),
            "akreditasi_kedaluwarsa": ends is not None and ends < day,
            "akreditasi_segera_berakhir": ends is not None and day <= ends <= day.replace(year=day.year + 1),
            "tumbuh": row["Perkembangan"] == "Tumbuh",
        }
        wanted[row["Nama LKS"]] = {reason for reason, holds in reasons.items() if holds}
    found = training_list(sulbar_coverage)
    told = dict(zip(found["nama"], map(set, found["alasan"]), strict=True))
    alone = {name for name, reasons in told.items() if "tidak_aktif_sendiri" in reasons}
    assert {name: reasons - {"tidak_aktif_sendiri"} for name, reasons in told.items()} == {
        name: reasons for name, reasons in wanted.items() if reasons or name in alone
    }
    inactive = {row["Nama LKS"] for row in _example_rows() if row["Status"] == "Tidak Aktif"}
    assert alone
    assert alone < inactive
    for _, rows in found.groupby("kode_kabupaten"):
        assert rows["no"].tolist() == list(range(1, len(rows) + 1))
        assert rows["bergantung"].fillna(-1).is_monotonic_decreasing


def test_profile_of_the_example_is_what_its_workbook_says(sulbar_coverage: Coverage) -> None:
    rows = _example_rows()
    table = profile_table(sulbar_coverage).set_index(["kode", "kelompok"])
    day = sulbar_coverage.settings.day
    mamasa = [row for row in rows if row["Kabupaten"] == "Mamasa"]
    elderly = [row for row in rows if re.search("Lanjut Usia|Lansia", str(row["Jenis Layanan"]))]
    for key, chosen in (((WHOLE, TOTAL), rows), (("76.03", TOTAL), mamasa), ((WHOLE, "lansia"), elderly)):
        found: Any = table.loc[key]
        assert {name: int(found[name]) for name in _counts(chosen, day)} == _counts(chosen, day)


def test_parts_add_up_and_kabupaten_add_up_to_all(sulbar_coverage: Coverage) -> None:
    table = profile_table(sulbar_coverage)
    for parts in PARTS.values():
        assert (table[list(parts)].sum(axis=1) == table["lks"]).all()
    assert table.iloc[0]["lks"] == sulbar_coverage.totals[TOTAL].used == sulbar_coverage.register.counts["baris"]
    for group in (TOTAL, *(group.key for group in sulbar_coverage.groups)):
        rows = table[table["kelompok"] == group]
        below = rows[rows["kode"] != WHOLE].drop(columns=["kode", "kabupaten", "kelompok"]).sum()
        pd.testing.assert_series_equal(
            below, rows.iloc[0][below.index], check_names=False, check_dtype=False, check_exact=True
        )


def _changed(**columns: list[Any]) -> Coverage:
    """The small coverage with columns of its listed places L1, L2, L3, L6 set."""
    full = coverage()
    places = full.places.copy()
    chosen = places.index[~places["disamarkan"]]
    chosen = chosen[places.loc[chosen, "id"].argsort()]
    for name, values in columns.items():
        for place, value in zip(chosen, values, strict=True):
            places.at[place, name] = value
    return replace(full, places=RegisterFrame(places))


def test_training_names_each_reason_once() -> None:
    ends = pd.Timestamp(DAY)
    full = _changed(
        badan_hukum=[False, pd.NA, True, True],
        akreditasi=["A", "B", "TTA", "C"],
        berlaku_sampai=[
            ends - timedelta(days=1),
            ends + pd.DateOffset(months=12),
            pd.NaT,
            ends + pd.DateOffset(years=2),
        ],
        perkembangan=["mandiri", "tumbuh", pd.NA, "mandiri"],
        aktif=[True, False, pd.NA, True],
    )
    found = training_list(full)
    assert dict(zip(found["id"], found["alasan"], strict=True)) == {
        "L1": ("tanpa_badan_hukum", "akreditasi_kedaluwarsa"),
        "L2": ("akreditasi_segera_berakhir", "tumbuh", "tidak_aktif_sendiri"),
        "L3": ("tanpa_akreditasi",),
    }
    people = dict(zip(found["id"], found["bergantung"], strict=True))
    assert people["L1"] == pytest.approx(300 + 50 / 3)
    assert people["L2"] == 1000.0
    assert pd.isna(people["L3"])
    assert list(found["id"]) == ["L3", "L2", "L1"]
    assert list(found["kode_kabupaten"]) == [NOWHERE, "76.01", "76.01"]
    assert list(found["no"]) == [1, 1, 2]


def test_what_is_not_known_is_no_reason() -> None:
    nothing = [pd.NA] * 4
    full = _changed(
        badan_hukum=nothing, akreditasi=nothing, berlaku_sampai=[pd.NaT] * 4, perkembangan=nothing, aktif=nothing
    )
    assert training_list(full).empty
    first = profile_table(full).iloc[0]
    assert (first["badan_hukum_tidak_diketahui"], first["akreditasi_tidak_diketahui"]) == (5, 5)
    assert (first["kapasitas"], first["kapasitas_diketahui"]) == (25, 1)


def test_disguised_places_are_counted_and_not_listed(sulbar_coverage: Coverage) -> None:
    hidden = sulbar_coverage.places[sulbar_coverage.places["disamarkan"]]
    assert not set(training_list(sulbar_coverage)["id"]) & set(hidden["id"])
    notes = " ".join(map(str, profile_notes(sulbar_coverage)))
    assert "6 LKS disamarkan: ikut dalam jumlah, tidak didaftar." in notes


@pytest.mark.parametrize("suffix", ["xlsx", "json", "csv"])
def test_files_hold_both_tables(suffix: str, tmp_path: Path) -> None:
    full = _changed(badan_hukum=[False, False, True, True])
    made = write_profile(tmp_path / f"p.{suffix}", full)
    if suffix == "xlsx":
        book = openpyxl.load_workbook(made[0])
        assert book.sheetnames == ["Profil LKS", "Pembinaan"]
        assert book["Profil LKS"]["A4"].value == "Sulawesi Barat"
        assert [row[6].value for row in book["Pembinaan"].iter_rows(min_row=4, max_row=5)] == ["Lansia", "Lansia"]
    elif suffix == "json":
        read = json.loads(made[0].read_text(encoding="utf-8"))
        assert read["cap"] == ["DATA CONTOH"]
        assert read["profil"][0]["lks"] == 5
        assert [row["id"] for row in read["pembinaan"]] == ["L2", "L1"]
    else:
        assert [path.name for path in made] == ["p.csv", "p-pembinaan.csv"]
        first, titles, *_ = made[1].read_text(encoding="utf-8-sig").splitlines()
        assert first.startswith('"Pembinaan: 2 LKS di Sulawesi Barat · DATA CONTOH · ')
        assert titles.startswith("No.;Kabupaten;Kecamatan;")
        write_profile(made[0], full, overwrite=True, csv_style="raw")
        assert pd.read_csv(made[0]).iloc[0]["tanpa_badan_hukum"] == 2
        assert list(pd.read_csv(made[1])["id"]) == ["L2", "L1"]
        assert set(pd.read_csv(made[1])["catatan"]) == {"DATA CONTOH"}


@pytest.mark.parametrize("suffix", ["xlsx", "json", "csv"])
def test_a_place_off_the_map_is_on_the_list(suffix: str, tmp_path: Path) -> None:
    write_profile(tmp_path / f"p.{suffix}", _changed(badan_hukum=[False, False, False, True]))
    if suffix == "xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["Pembinaan"]
        assert {"L1", "L2", "L3"} <= {row[4].value for row in sheet.iter_rows(min_row=4, max_row=6)}


def test_the_command_tells_a_kabupaten(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profile", str(shipped.EXAMPLE_REGISTER), "--kabupaten", "mamasa"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("16 LKS dalam register: 14 aktif, 14 berbadan hukum; 4 tumbuh, 11 berkembang, 1 mandiri")
    assert "Pembinaan: " in shown
    assert "Orang bergantung" not in shown


def test_one_kabupaten_and_chosen_groups_are_counted_once_and_named(sulbar_coverage: Coverage) -> None:
    mamasa = restrict(sulbar_coverage, kabupaten=("76.03",))
    table = profile_table(mamasa)
    assert set(table["kode"]) == {WHOLE}
    assert table.set_index("kelompok")["lks"][TOTAL] == len(mamasa.places[mamasa.places["kode_kabupaten"] == "76.03"])
    chosen = restrict(mamasa, groups=("anak", "lansia"))
    said = [Texts()(note) for note in (profile_headline(chosen), *profile_notes(chosen, listed=True))]
    assert "LKS dalam register untuk anak, lansia:" in said[0]
    assert "apa pun filternya" not in " ".join(said)
    assert "Orang bergantung" in " ".join(said)


def test_classes_of_a_page_add_up() -> None:
    unknown = profile_small_table(_changed(aktif=[pd.NA, True, False, True])).rows
    counts = {title: int(first) for title, first, *_ in unknown}
    assert counts["Aktif"] + counts["Tidak aktif"] + counts["Status tidak diketahui"] == counts["LKS"]


def test_the_page_of_one_kabupaten_finds_it_by_its_code(sulbar_coverage: Coverage) -> None:
    table = _profile(restrict(sulbar_coverage, kabupaten=("76.03",)), Texts())["table"]
    assert table["76.03"] == table[WHOLE] != {}


def test_what_is_recorded_of_none_is_no_nought() -> None:
    nothing = pd.array([pd.NA] * 4, dtype="boolean")
    found = _changed(badan_hukum=nothing, perkembangan=pd.array([pd.NA] * 4, dtype="string"))
    told = {lang: Texts(lang)(profile_headline(found)) for lang in ("id", "en")}
    assert "badan hukum tidak dicatat; perkembangan tidak dicatat" in told["id"]
    assert "legal entity not recorded; stage not recorded" in told["en"]
    assert not re.search(r"\b0 (?:berbadan|tumbuh)", told["id"])
    assert "1 berbadan hukum" in Texts("id")(profile_headline(_changed(badan_hukum=[False, False, False, True])))
