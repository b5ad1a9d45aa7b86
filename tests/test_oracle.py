"""Every measure against the slow oracle, on random worlds at all four levels."""

from __future__ import annotations

import pandas as pd
import pytest
import world
from oracle import Oracle, differences

from lks_geo.tables import Coverage

SEEDS = [*range(15), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(15, 30))]


@pytest.mark.parametrize("seed", SEEDS)
def test_measures_agree_with_the_oracle(seed: int) -> None:
    made = world.random_world(seed)
    expected = Oracle(made.register, made.boundaries, made.population, made.settings).table()
    coverage = made.coverage()
    assert len(coverage.table) == len(expected)
    assert differences(coverage, expected) == []
    assert ranks(coverage) == expected_ranks(coverage)


def test_sulbar_agrees_with_the_oracle(sulbar_coverage: Coverage) -> None:
    made = sulbar_coverage
    assert len(made.table) == (648 + 69 + 6 + 1) * len(made.groups)
    expected = Oracle(made.register, made.boundaries, made.population, made.settings).table()
    assert differences(made, expected) == []
    assert ranks(made) == expected_ranks(made)


def ranks(coverage: Coverage) -> dict[tuple[str, str], int]:
    table = coverage.table[coverage.table["prioritas"].notna()]
    assert set(table["level"]) <= {"desa"}
    return {(row.kelompok, row.kode): int(row.prioritas) for row in table.itertuples()}


def expected_ranks(coverage: Coverage) -> dict[tuple[str, str], int]:
    """By sorting in plain Python, on the table's own unrounded values."""
    found = {}
    for group in coverage.groups:
        rows = coverage.at("desa", group.key)
        rows = rows[rows["status"].isin(["belum_terlayani", "terjangkau_sebagian"])]

        def need(code: str, rows: pd.DataFrame = rows) -> tuple[bool, float, float, str]:
            people, km = rows.loc[code, "belum_terjangkau"], rows.loc[code, "jarak_km"]
            unknown = pd.isna(people)
            return unknown, 0 if unknown else -people, -1e9 if pd.isna(km) else -km, code

        for rank, code in enumerate(sorted(rows.index, key=need), start=1):
            found[group.key, code] = rank
    return found
