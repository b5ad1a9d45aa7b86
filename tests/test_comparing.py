"""Two registers compared: which LKS are one, what became of them, who gained and lost by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from known_changes import IDS, Known, changed
from world import disguised, drawn_boundaries, drawn_population, place, register_of

from lks_geo.comparing.changes import Comparison, compare_registers, sides_of
from lks_geo.comparing.evidence import Evidence, weigh
from lks_geo.comparing.gains import CAUSES
from lks_geo.comparing.matching import Matching, is_sure, match
from lks_geo.comparing.sides import Side
from lks_geo.measure import measure_coverage
from lks_geo.render.compare_table import gains_frame
from lks_geo.said.what_changed import class_counts, comparison_notes
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Population, Register

NONE = np.empty((0, 2), dtype=np.int64)
REACH = Settings(reach_km=1.5)
ANAK, LANSIA = [("anak", None)], [("lansia", None)]


def matched(old: Register, new: Register) -> tuple[Matching, list[int], list[int]]:
    """The pairs, and the row numbers of both registers in the order of the sides."""
    places = [register.places[~register.places["disamarkan"]].reset_index(drop=True) for register in (old, new)]
    sides = Side(places[0]), Side(places[1])
    numbers = places[0]["nomor"].tolist(), places[1]["nomor"].tolist()
    return match(*sides, weigh(*sides), NONE, NONE), *numbers


def judged(known: Known) -> tuple[int, int, int]:
    """Pairs that are right, wrong but told as doubtful, and wrong in silence."""
    found, old, new = matched(known.old, known.new)
    right = np.array([known.truth.get(old[i]) == new[j] for i, j in zip(found.old, found.new, strict=True)])
    return int(right.sum()), int((~right & found.doubtful).sum()), int((~right & ~found.doubtful).sum())


@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize("alter", [False, True])
def test_known_edits_are_found_and_no_pair_is_wrong_in_silence(
    ids: str, alter: bool, sulbar_boundaries: Boundaries
) -> None:
    right = told = 0
    for seed in range(3, 7):
        known = changed(seed, sulbar_boundaries, ids=ids, alter=alter)
        found, _, silent = judged(known)
        assert silent == 0, f"seed {seed}"
        right, told = right + found, told + len(known.truth)
    assert right >= 0.97 * told


@pytest.mark.long
@pytest.mark.parametrize("ids", ["kept", "dropped"])
def test_of_many_crammed_together_doubts_are_told_and_none_is_wrong_in_silence(
    ids: str, sulbar_boundaries: Boundaries
) -> None:
    """5,000 LKS of 36 words: what nobody can know is told as doubtful, and not much more."""
    for seed in range(2):
        known = changed(seed, sulbar_boundaries, ids=ids, alter=bool(seed), size=5000)
        found, _, silent = judged(known)
        assert silent == 0
        assert found >= 0.95 * len(known.truth)
        assert matched(known.old, known.new)[0].doubtful.mean() < (0.02 if ids == "kept" else 0.15)


def test_a_large_knot_is_untied_as_a_small_one_is(
    monkeypatch: pytest.MonkeyPatch, sulbar_boundaries: Boundaries
) -> None:
    known = changed(3, sulbar_boundaries, ids="dropped", alter=True, size=600)
    dense, *_ = matched(known.old, known.new)
    monkeypatch.setattr("lks_geo.comparing.matching._KNOT", 2)
    thin, *_ = matched(known.old, known.new)
    assert thin.bits.sum() == pytest.approx(dense.bits.sum())
    assert len(thin.old) == len(set(thin.old.tolist())) == len(set(thin.new.tolist()))


def compared(old: list[dict[str, object]], new: list[dict[str, object]], settings: Settings = REACH) -> Comparison:
    """Two registers of the drawn world."""
    boundaries = drawn_boundaries()
    population = drawn_population(boundaries)
    coverages = (measure_coverage(register_of(rows), boundaries, population, settings) for rows in (old, new))
    return compare_registers(*coverages)


def kinds(comparison: Comparison) -> dict[str, tuple[str, ...]]:
    rows = comparison.changes[comparison.changes["kandidat"] == 1]
    return dict(zip(rows["id_lama"].fillna(rows["id_baru"]), rows["kelas"], strict=True))


A1, A2, B3, C2 = "99.01.01.2001", "99.01.01.2002", "99.01.02.2003", "99.02.01.2002"
KASIH = place("K", ANAK, (1.5, 7.5), A1, nama="LKSA Kasih Bunda", kapasitas=20, alamat="Jl. Satu 1")
MELATI = place("M", LANSIA, (7.5, 4.5), B3, nama="Panti Jompo Melati", kapasitas=30, alamat="Jl. Dua 2")
HARAPAN = place("H", [*ANAK, *LANSIA], (4.5, 1.5), C2, nama="LKS Harapan", akreditasi="B", alamat="Jl. Tiga 3")
ALL = [KASIH, MELATI, HARAPAN]


@pytest.mark.parametrize(
    ("edit", "kind", "reason"),
    [
        ({}, ("tetap",), ""),
        ({"bujur": KASIH["bujur"] + 0.006}, ("pindah",), "pindah 0,7 km"),  # type: ignore[operator]
        ({"bujur": KASIH["bujur"] + 0.003}, ("tetap",), ""),  # type: ignore[operator]
        ({"nama": "lksa KASIH  Bunda"}, ("tetap",), ""),
        ({"nama": "LKSA Kasih Ibunda"}, ("ganti_nama",), "LKSA Kasih Ibunda"),
        (
            {"kelompok": ("lansia",), "layanan": (("lansia", None),)},
            ("layanan_berubah",),
            "berhenti Anak, mulai Lansia",
        ),
        ({"aktif": False}, ("status_berubah",), "aktif: ya → tidak"),
        ({"akreditasi": "A"}, ("tetap",), ""),  # only one register knows
        ({"aktif": False, "nama": "LKSA Kasih Ibunda"}, ("ganti_nama", "status_berubah"), "aktif"),
    ],
)
def test_what_became_of_an_lks(edit: dict[str, object], kind: tuple[str, ...], reason: str) -> None:
    comparison = compared(ALL, [HARAPAN, MELATI, KASIH | edit])
    assert kinds(comparison) == {"K": kind, "M": ("tetap",), "H": ("tetap",)}
    row = comparison.changes.set_index("id_lama").loc["K"]
    assert reason in "; ".join(map(str, row["alasan"]))


def test_new_gone_merged_and_split() -> None:
    comparison = compared(ALL, [HARAPAN, MELATI, place("N", ANAK, (7.5, 7.5), A2, nama="LKSA Nurul Iman")])
    assert kinds(comparison) == {"K": ("hilang",), "N": ("baru",), "M": ("tetap",), "H": ("tetap",)}
    parts = [
        HARAPAN | {"id": f"H{group}", "kelompok": (group,), "layanan": ((group, None),)} for group in ("anak", "lansia")
    ]
    merged, split = compared([*ALL[:2], *parts], ALL), compared(ALL, [*ALL[:2], *parts])
    assert sorted(merged.changes["kelas"]) == [("gabung",), ("layanan_berubah",), ("tetap",), ("tetap",)]
    assert sorted(split.changes["kelas"]) == [("layanan_berubah",), ("pecah",), ("tetap",), ("tetap",)]


def test_among_many_more_must_speak_for_one_unless_the_id_is_the_same() -> None:
    """So a merger is not seen in every two that are like each other among a hundred thousand."""
    one = register_of([KASIH]).places
    few, many = Side(one), Side(pd.concat([one] * 3000, ignore_index=True))
    at, causes = np.zeros(2, dtype=np.int64), pd.DataFrame({"nama": [8.0, 3.0], "id": [0.0, 5.0]})
    evidence = Evidence(old=at, new=at, causes=causes, km=np.zeros(2), similar=at == 0, id_trust=5.0)
    assert is_sure(few, few, evidence).tolist() == [True, True]
    assert is_sure(few, many, evidence).tolist() == is_sure(many, few, evidence).tolist() == [False, True]


def test_two_who_may_be_meant_are_told_with_both() -> None:
    twins = [
        KASIH | {"id": name, "bujur": KASIH["bujur"] + east, "kapasitas": None}
        for name, east in (("X", 1e-3), ("Y", -1e-3))
    ]
    comparison = compared(ALL, [HARAPAN, MELATI, *twins])
    doubtful = comparison.changes[comparison.changes["kelas"] == ("meragukan",)]
    assert set(doubtful["id_lama"]) == {"K"}
    assert set(doubtful["id_baru"]) == {"X", "Y"}
    assert class_counts(comparison)["meragukan"] == 1
    assert class_counts(comparison)["baru"] == class_counts(comparison)["hilang"] == 0


def test_gains_worked_by_hand() -> None:
    """K (100 children of A1 reached to pi/4) moves to A2 (200 children): A1 loses 78.54, A2 gains 157.08."""
    moved = KASIH | {"bujur": place("", ANAK, (4.5, 7.5))["bujur"], "kode_desa": A2}
    comparison = compared([KASIH], [moved])
    gains = comparison.gains[comparison.gains["kelompok"] == "anak"].set_index("kode")
    assert gains.loc[A1, ["berkurang", "pindah"]].tolist() == pytest.approx([78.54, -78.54], abs=0.05)
    assert gains.loc[A2, ["bertambah", "pindah"]].tolist() == pytest.approx([157.08, 157.08], abs=0.1)
    assert gains.loc["99.01", ["bertambah", "berkurang", "baru", "hilang"]].tolist() == pytest.approx(
        [157.08, 78.54, 0, 0], abs=0.1
    )
    assert gains.loc[A1, ["desa_menjadi_terlayani", "desa_kehilangan_layanan"]].tolist() == [0, 1]
    assert gains.loc["99", ["desa_menjadi_terlayani", "desa_kehilangan_layanan"]].tolist() == [1, 1]


def test_two_causes_share_what_either_would_do_alone() -> None:
    """One LKS of A1 goes and another comes to its point: nothing changes, and the two causes cancel."""
    comparison = compared([KASIH], [place("N", ANAK, (1.5, 7.5), A1, nama="Panti Pelita Jaya", kapasitas=55)])
    gains = comparison.gains[comparison.gains["kelompok"] == "anak"].set_index("kode").loc[A1]
    assert class_counts(comparison)["meragukan"] == 1
    assert gains[["bertambah", "berkurang", "sisa"]].tolist() == [0, 0, 0]


@pytest.fixture(scope="module")
def both_ways(
    sulbar_boundaries: Boundaries, sulbar_population: Population, sulbar_settings: Settings
) -> tuple[Comparison, Comparison]:
    """Many changes, forward and backward."""
    known = changed(7, sulbar_boundaries, ids="dropped", size=80, share=0.12)
    old, new = (
        measure_coverage(register, sulbar_boundaries, sulbar_population, sulbar_settings)
        for register in (known.old, known.new)
    )
    return compare_registers(old, new), compare_registers(new, old)


def test_gains_minus_losses_are_the_difference_and_causes_add_up(both_ways: tuple[Comparison, Comparison]) -> None:
    comparison, _ = both_ways
    gains = comparison.gains
    difference = (gains["terjangkau_baru"] - gains["terjangkau_lama"]).to_numpy()
    assert gains["satuan"].isin(["orang", "km2"]).all()
    assert np.abs(difference).max() > 100
    assert (gains["bertambah"] - gains["berkurang"]).to_numpy() == pytest.approx(difference, abs=1e-7)
    assert gains[list(CAUSES)].sum(axis=1).to_numpy() == pytest.approx(difference, abs=1e-7)
    for coverage, end in ((comparison.old, "lama"), (comparison.new, "baru")):
        table = coverage.table.set_index(["level", "kode", "kelompok"])
        own = gains[gains["satuan"] == "orang"].set_index(["level", "kode", "kelompok"])
        reached = table.loc[own.index, "terjangkau"].to_numpy(dtype=float)
        assert own[f"terjangkau_{end}"].to_numpy() == pytest.approx(reached, abs=1e-7)


def test_backward_is_the_mirror_image(both_ways: tuple[Comparison, Comparison]) -> None:
    forward, backward = both_ways
    mirror = {"baru": "hilang", "hilang": "baru", "gabung": "pecah", "pecah": "gabung"}
    for kind in (
        "baru",
        "hilang",
        "gabung",
        "pecah",
        "pindah",
        "ganti_nama",
        "layanan_berubah",
        "status_berubah",
        "tetap",
        "meragukan",
    ):
        assert class_counts(forward)[kind] == class_counts(backward)[mirror.get(kind, kind)], kind
    one, two = forward.gains, backward.gains
    assert one["bertambah"].to_numpy() == pytest.approx(two["berkurang"].to_numpy(), abs=1e-9, nan_ok=True)
    for cause in CAUSES:
        assert one[cause].to_numpy() == pytest.approx(-two[mirror.get(cause, cause)].to_numpy(), abs=1e-7, nan_ok=True)
        assert np.abs(one[cause]).max() > 0, cause


def test_kabupaten_that_one_register_leaves_out_are_not_compared() -> None:
    comparison = compared([KASIH, HARAPAN], [KASIH])
    assert comparison.unreported == ("99.02",)
    assert not comparison.gains["kode"].str.startswith("99.02").any()
    whole = comparison.gains[(comparison.gains["level"] == "provinsi") & (comparison.gains["kelompok"] == "anak")]
    assert whole["sasaran"].tolist() == [700]


def test_disguised_lks_are_counted_never_paired() -> None:
    hidden = disguised("99.01.01", (4.5, 7.5), [("kekerasan", None)])
    comparison = compared([KASIH, hidden], [KASIH, hidden, hidden | {"aktif": False}])
    table = comparison.disguised.set_index("aktif")
    assert table[["lama", "baru"]].T.to_dict() == {"ya": {"lama": 1, "baru": 1}, "tidak": {"lama": 0, "baru": 1}}
    assert not comparison.changes["id_lama"].fillna("").str.startswith("disamarkan").any()


def test_who_may_have_become_disguised_is_not_named() -> None:
    hidden = disguised("99.01.01", (4.5, 7.5), [*ANAK, ("kekerasan", None)])
    comparison = compared([KASIH, MELATI], [hidden, MELATI])
    gone = comparison.changes[comparison.changes["kelas"] == ("hilang",)].iloc[0]
    assert gone[["id_lama", "nama_lama", "id_tetap"]].isna().all()
    assert gone["kode_lama"] == "99.01.01"
    assert "comparing.unnamed" in [note.key for note in comparison_notes(comparison)]
    assert set(gains_frame(comparison)["level"]) == {"kecamatan", "kabupaten", "provinsi"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([[*ANAK, ("kekerasan", None)]], [[("kekerasan", None)], [("kekerasan", None)]]),  # as many of the group
        ([], [[("kekerasan", None)]]),
    ],
)
@pytest.mark.parametrize("kecamatan", ["99.01.01", "99.01.02"])
def test_what_is_newly_disguised_in_a_kabupaten_takes_the_names_of_who_is_gone(
    before: list[Any], after: list[Any], kecamatan: str
) -> None:
    old, new = ([disguised(kecamatan, (4.5, 7.5), services) for services in part] for part in (before, after))
    comparison = compared([KASIH, MELATI, *old], [MELATI, *new])
    gone = comparison.changes[comparison.changes["kelas"] == ("hilang",)]
    assert gone[["id_lama", "nama_lama", "id_tetap"]].isna().all(axis=None)
    mirrored = compared([MELATI, *new], [KASIH, MELATI, *old]).changes
    fresh = mirrored[mirrored["kelas"] == ("baru",)]
    assert fresh[["id_baru", "nama_baru", "id_tetap"]].isna().all(axis=None)


def test_a_register_without_status_is_told() -> None:
    boundaries = drawn_boundaries()
    registers = register_of(ALL), register_of(ALL)
    bare = replace(registers[0], status_recorded=False)
    coverages = [
        measure_coverage(register, boundaries, drawn_population(boundaries), REACH) for register in (bare, registers[1])
    ]
    assert [note.key for note in compare_registers(*coverages).notes] == ["comparing.no_status_old"]
    assert sides_of(*coverages)[0][0].places["id"].tolist() == ["H", "K", "M"]


def test_nothing_and_nobody_can_be_compared() -> None:
    assert kinds(compared([KASIH], [KASIH])) == {"K": ("tetap",)}
    nobody = KASIH | {"nama": None, "lokasi": "tanpa_titik", "lintang": np.nan, "bujur": np.nan, "kode_desa": None}
    assert isinstance(compared([nobody], [MELATI]).changes, pd.DataFrame)
