"""Two or three kinds of dirt in one file: nearly all rows right, none wrong in silence, none lost. The truth is known,
because the registers are made from it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from registers import CELL_DIRT, LAYOUT_DIRT, PLACE_DIRT, Line, clean_rows, write_register

from lks_geo.geo import GEOD
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Register

GROUPS = {"Anak": "anak", "Lanjut Usia": "lansia", "Lansia": "lansia", "Disabilitas": "disabilitas", "NAPZA": "napza"}
ALL_ACTIVE = {"no_status", "other_status"}
"""Dirt that takes the status away, so that every place counts as active."""
AT_ODDS = (
    {"english_headings", "typo_headings", "snake_headings", "portal_headings", "map_headings", "form_headings",
     "persons_beside", "xy_headings", "idm_headings", "two_row_header", "two_row_header_unmerged"},
    {"no_status", "other_status", "status_ticks"},
    {"no_points", "longitude_first", "two_row_header", "two_row_header_unmerged", "one_cell", "swapped_axes"},
    {"one_cell", "snake_headings", "map_headings", "form_headings", "xy_headings", "idm_headings"},
    {"swapped_axes", "missing_minus", "side_lat", "glued_lat", "glued_lon", "dms_lat", "dms_lon", "question_marks_lat"},
    {"one_cell", "guarded_lon", "unseen_marks_lon", "glued_lat", "glued_lon"},
    {"areas_in_address", "sections_kabupaten", "sections_kecamatan", "merged_kabupaten", "portal_headings",
     "map_headings", "english_headings", "typo_headings", "no_points", "no_street", "address_with_phone"},
    {"check_marks", "filled_with_a_word", "status_ticks"},
    {"sections_kabupaten", "sections_kecamatan", "merged_kabupaten"},
    {"missing_minus", "glued_lat", "dms_lat", "comma_decimals_lat", "question_marks_lat", "side_lat",
     "typographic_minus"},
    {"glued_lon", "dms_lon", "comma_decimals_lon", "guarded_lon", "unseen_marks_lon"},
)  # fmt: skip
"""Kinds that cannot stand in one file, or that this generator cannot lay over each other."""
SUFFIXES = (".xlsx", ".csv", ".ods", ".csv", ".xls")
OUT = {"hidden_rows", "status_ticks", "column_numbers"}
"""Kinds that have tests of their own and depend on what else stands in the file."""


def _mixtures(count: int, seed: int) -> list[tuple[str, ...]]:
    """Mixtures of two or three kinds that can stand together, each kind in some of them."""
    rng = np.random.default_rng(seed)
    kinds = sorted({*CELL_DIRT, *PLACE_DIRT, *LAYOUT_DIRT} - OUT)
    mixtures: list[tuple[str, ...]] = []
    while len(mixtures) < count:
        first = kinds[len(mixtures) % len(kinds)]
        chosen = {first, *(str(kind) for kind in rng.choice(kinds, int(rng.integers(1, 3)), replace=False))}
        if not any({*pair} <= apart for pair in combinations(chosen, 2) for apart in AT_ODDS):
            mixtures.append(tuple(sorted(chosen)))
    return mixtures


def _apart_m(row: pd.Series, truth: Line) -> float:
    return float(GEOD.inv(row["bujur"], row["lintang"], truth["bujur"], truth["lintang"])[2])


def _served(services: str) -> set[str]:
    return {key for word, key in GROUPS.items() if word in services}


def _wrong(row: pd.Series, truth: Line, dirt: tuple[str, ...]) -> list[str]:
    """What of a row is not as it was before the dirt."""
    active = True if ALL_ACTIVE & set(dirt) else truth["status_aktif"] == "Aktif"
    found = {
        "nama": row["nama"] == truth["nama"],
        "kode_desa": row["kode_desa"] == truth["kode_desa"],
        "kelompok": set(row["kelompok"]) == _served(truth["jenis_layanan"]),
        "aktif": row["aktif"] is not pd.NA and bool(row["aktif"]) == active,
        "titik": row["lokasi"] != "titik" or _apart_m(row, truth) < 20,
    }
    return [name for name, right in found.items() if not right]


def _judged(
    tmp_path: Path, boundaries: Boundaries, settings: Settings, dirt: tuple[str, ...], suffix: str
) -> tuple[Register, list[str]]:
    """The register, and what is wrong in rows that nobody is told to check."""
    written = write_register(tmp_path / f"lks{suffix}", clean_rows(), dirt=dirt)
    register = clean(read_register(written.path, settings=settings), boundaries, settings)
    rows = register.rows.set_index("nomor")
    assert list(rows.index) == list(written.numbers), dirt
    silent = [
        f"{dirt}: row {number}: {wrong}"
        for number, truth in zip(written.numbers, clean_rows(), strict=True)
        if (wrong := _wrong(rows.loc[number], truth, dirt)) and rows.loc[number, "hasil"] in ("diterima", "diperbaiki")
    ]
    return register, silent


def _gate(tmp_path: Path, boundaries: Boundaries, settings: Settings, count: int, seed: int) -> None:
    total = doubtful = 0
    faults: list[str] = []
    for at, dirt in enumerate(_mixtures(count, seed)):
        register, silent = _judged(tmp_path, boundaries, settings, dirt, SUFFIXES[at % len(SUFFIXES)])
        faults += silent
        faults += [f"{dirt}: lost"] * register.counts["ditolak"]
        total += register.counts["baris"]
        doubtful += register.counts["meragukan"]
        if register.counts["meragukan"]:
            faults += [
                f"{dirt}: {issue.jenis} {issue.sebelum}" for issue in register.issues if issue.hasil == "meragukan"
            ][:1]
    assert not [fault for fault in faults if ": row" in fault or ": lost" in fault], faults
    assert doubtful <= 0.01 * total, faults


def test_mixtures_of_dirt(tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> None:
    _gate(tmp_path, sulbar_boundaries, sulbar_settings, count=20, seed=11)


@pytest.mark.long
def test_many_mixtures_of_dirt(tmp_path: Path, sulbar_boundaries: Boundaries, sulbar_settings: Settings) -> None:
    _gate(tmp_path, sulbar_boundaries, sulbar_settings, count=600, seed=12)
