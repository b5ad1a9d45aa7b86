"""Single cells: what is read, what is left alone because it is not sure, and that no text makes a reader fall over."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lks_geo.register.meaning.dates import DATES, read_date
from lks_geo.register.meaning.values import (
    read_accreditation,
    read_count,
    read_development,
    read_legal,
    read_status,
)
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.sheet import read_each

EMPTY = (
    None,
    "",
    "  ",
    "-",
    "--",
    "–",
    "...",
    "?",
    "n/a",
    "#N/A",
    "NaN",
    "Tidak ada",
    "Belum tersedia",
    "TIDAK DIKETAHUI",
    "Tidak ada alamat",
    "( - )",
    "\u00a0",
    "nihil",
    "Kosong",
)


@pytest.mark.parametrize("text", EMPTY)
def test_empty_markers(text: str | None) -> None:
    assert is_empty_marker(text)


@pytest.mark.parametrize("text", ["0", "belum ada", "A", "tidak", "Tidak ada yang tahu", "x", "✓", "Nada"])
def test_answers_are_no_empty_markers(text: str) -> None:
    assert not is_empty_marker(text)


READERS = (read_status, read_legal, read_development, read_accreditation, read_date, read_count)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", EMPTY)
def test_empty_cells_are_understood_and_have_no_value(reader, text: str | None) -> None:  # type: ignore[no-untyped-def]
    reading = reader(text)
    assert reading.understood
    named = {"active", "legal", "stage", "rank", "value"} & set(reading.__slots__)
    assert [getattr(reading, name) for name in named] == [None]


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("Aktif", True),
        ("AKTIF", True),
        (" aktif ", True),
        ("masih aktif", True),
        ("Aktif (2024)", True),
        ("Aktif sejak 2010", True),
        ("Beroperasi", True),
        ("LKS Operasional", True),
        ("1", True),
        ("1.0", True),
        ("Ya", True),
        ("✓", True),
        ("AKTIF/BEROPERASI", True),
        ("active", True),
        ("Tidak Aktif", False),
        ("tdk aktif", False),
        ("Non-Aktif", False),
        ("nonaktif", False),
        ("tidak lagi aktif", False),
        ("sudah tidak aktif lagi", False),
        ("Belum Beroperasi", False),
        ("Bukan LKS Operasional", False),
        ("0", False),
        ("vakum", False),
        ("Masih", True),
        ("Sudah tidak", False),
        ("tutup sementara", False),
        ("Bubar", False),
        ("mati suri", False),
        ("Tidak", False),
    ],
)
def test_status(text: str, active: bool) -> None:
    reading = read_status(text)
    assert (reading.active, reading.understood) == (active, True)


@pytest.mark.parametrize(
    "text",
    [
        "aktif sampai 2019",
        "kurang aktif",
        "dulu aktif",
        "aktif, sekarang tutup",
        "tidak tutup",
        "DRAFT",
        "DIAJUKAN",
        "2",
        "A",
        "proaktif",
        "akan aktif",
        "radioaktif",
    ],
)
def test_status_that_is_not_sure_is_not_understood(text: str) -> None:
    reading = read_status(text)
    assert (reading.active, reading.understood) == (None, False)


def test_a_status_known_to_be_unknown_is_understood() -> None:
    assert read_status("Status tidak diketahui").understood
    assert read_status("belum diverifikasi").active is None


@pytest.mark.parametrize(
    ("text", "legal"),
    [
        ("Berbadan Hukum", True),
        ("Sudah berbadan hukum", True),
        ("ada SK Kemenkumham", True),
        ("Ya", True),
        ("1", True),
        ("AHU-0012345.AH.01.04 Tahun 2018", True),
        ("SK Kemenkumham No. 12 Tahun 2015", True),
        ("Yayasan", True),
        ("Tidak Berbadan Hukum", False),
        ("Belum berbadan hukum", False),
        ("belum", False),
        ("non badan hukum", False),
        ("belum ada SK Kemenkumham", False),
        ("dalam proses", False),
        ("0", False),
        ("akta notaris", None),
        ("Perkumpulan", None),
        ("Terdaftar", None),
        ("badan hukum diragukan", None),
    ],
)
def test_legal_form(text: str, legal: bool | None) -> None:
    reading = read_legal(text)
    assert (reading.legal, reading.understood) == (legal, legal is not None)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Tumbuh", "tumbuh"),
        ("LKS Mandiri", "mandiri"),
        ("sedang berkembang", "berkembang"),
        ("developing", "berkembang"),
        ("tumbuh/berkembang", None),
        ("maju", None),
        ("belum mandiri", None),
    ],
)
def test_development(text: str, stage: str | None) -> None:
    reading = read_development(text)
    assert (reading.stage, reading.understood) == (stage, stage is not None)


@pytest.mark.parametrize(
    ("text", "rank", "year", "expires"),
    [
        ("A", "A", None, None),
        ("Terakreditasi B", "B", None, None),
        ("Akreditasi A (2023)", "A", 2023, None),
        ("Peringkat C", "C", None, None),
        ("A (Sangat Baik)", "A", None, None),
        ("B, 2021", "B", 2021, None),
        ("B s/d 12 Mei 2027", "B", None, date(2027, 5, 12)),
        ("B berlaku hingga 31/12/2026", "B", None, date(2026, 12, 31)),
        ("A 2023-2028", "A", 2023, date(2028, 12, 31)),
        ("C (berlaku s.d. Mei 2025)", "C", None, date(2025, 5, 31)),
        ("TTA", "TTA", None, None),
        ("Tidak terakreditasi", "TTA", None, None),
        ("belum", "belum", None, None),
        ("Belum Terakreditasi", "belum", None, None),
        ("sedang proses", "belum", None, None),
        ("belum ada", "belum", None, None),
        ("proses akreditasi 2024", "belum", None, None),
        ("DIAJUKAN", "belum", None, None),
    ],
)
def test_accreditation(text: str, rank: str, year: int | None, expires: date | None) -> None:
    reading = read_accreditation(text)
    assert (reading.rank, reading.year, reading.expires, reading.understood) == (rank, year, expires, True)


@pytest.mark.parametrize(
    "text", ["Terakreditasi", "A/B", "A dan B", "D", "unggul", "ya", "A 2023 s/d 31/2/2024", "Baik"]
)
def test_accreditation_that_is_not_sure_is_not_understood(text: str) -> None:
    reading = read_accreditation(text)
    assert (reading.rank, reading.understood) == (None, False)


def test_accreditation_said_to_be_expired() -> None:
    assert read_accreditation("C (kedaluwarsa)").expired
    assert read_accreditation("B - habis masa berlaku 2022").expired
    assert not read_accreditation("B berlaku 2027").expired


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("11/9/2025", date(2025, 9, 11), "hari"),
        ("11-09-25", date(2025, 9, 11), "hari"),
        ("11.9.2025", date(2025, 9, 11), "hari"),
        ("9/23/2025", date(2025, 9, 23), "terbalik"),
        ("2025-05-12", date(2025, 5, 12), "hari"),
        ("2025-05-12 00:00:00", date(2025, 5, 12), "hari"),
        ("2025-05-12T00:00:00", date(2025, 5, 12), "hari"),
        ("12 Mei 2025", date(2025, 5, 12), "hari"),
        ("12-Mei-25", date(2025, 5, 12), "hari"),
        ("1 Agt 2024", date(2024, 8, 1), "hari"),
        ("17 Pebruari 2024", date(2024, 2, 17), "hari"),
        ("3 Nopember 2024", date(2024, 11, 3), "hari"),
        ("Senin, 12 Mei 2025", date(2025, 5, 12), "hari"),
        ("May 12, 2025", date(2025, 5, 12), "hari"),
        ("Bulan Mei 2025", date(2025, 5, 31), "bulan"),
        ("Mei'25", date(2025, 5, 31), "bulan"),
        ("2/2024", date(2024, 2, 29), "bulan"),
        ("2025", date(2025, 12, 31), "tahun"),
        ("2022-2027", date(2027, 12, 31), "tahun"),
        ("2025/2026", date(2026, 12, 31), "tahun"),
        ("s/d 12 Mei 2027", date(2027, 5, 12), "hari"),
        ("12 Mei 2022 - 12 Mei 2027", date(2027, 5, 12), "hari"),
        ("45789", date(2025, 5, 12), "hari"),
        ("45789.0", date(2025, 5, 12), "hari"),
    ],
)
def test_dates(text: str, value: date, kind: str) -> None:
    reading = read_date(text)
    assert (reading.value, reading.kind, reading.understood) == (value, kind, True)


@pytest.mark.parametrize(
    "text", ["31/2/2025", "besok", "12 Mei", "12", "13/13/2025", "12 Mei 2025 atau nanti", "0/5/2025", "99999"]
)
def test_no_dates(text: str) -> None:
    reading = read_date(text)
    assert (reading.value, reading.understood) == (None, False)


def test_dates_from_the_start() -> None:
    assert read_date("Mei 2025", end=False).value == date(2025, 5, 1)
    assert read_date("2022-2027", end=False).value == date(2022, 1, 1)
    assert read_date("seumur hidup").kind == "selamanya"


MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_comes_back_from_every_notation(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {MONTHS[day.month - 1][:3].upper()} {day.year}",
        f"berlaku s/d {day:%d/%m/%Y}",
    ):
        assert read_date(text).value == day, text
    assert read_date(str((day - date(1899, 12, 30)).days)).value == day
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    assert read_date(f"Bulan {MONTHS[day.month - 1]} {day.year}").value == last


@pytest.mark.parametrize(
    ("text", "value", "kind", "high"),
    [
        ("25", 25, "tepat", None),
        ("25 org", 25, "tepat", None),
        ("50 orang.", 50, "tepat", None),
        ("0", 0, "tepat", None),
        ("2.022", 2022, "tepat", None),
        ("2,022", 2022, "tepat", None),
        ("25.0", 25, "tepat", None),
        ("25,00", 25, "tepat", None),
        ("Kapasitas: 30 anak", 30, "tepat", None),
        ("25 (dua puluh lima) orang", 25, "tepat", None),
        ("115 (seratus lima belas)", 115, "tepat", None),
        ("±25 anak", 25, "perkiraan", None),
        ("+/- 25 orang", 25, "perkiraan", None),
        ("kurang lebih 40 jiwa", 40, "perkiraan", None),
        ("sekitar 1.200", 1200, "perkiraan", None),
        (">50", 50, "perkiraan", None),
        ("25-30", 25, "rentang", 30),
        ("25 s/d 30 orang", 25, "rentang", 30),
        ("25–30", 25, "rentang", 30),
    ],
)
def test_counts(text: str, value: int, kind: str, high: int | None) -> None:
    reading = read_count(text)
    assert (reading.value, reading.kind, reading.high, reading.understood) == (value, kind, high, True)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "Rp 500.000",
        "dua puluh",
        "60,15\n95,00",
        "25,5",
        "25 KK",
        "25 kamar",
        "25 L, 30 P",
        "7604010001123456",
        "30-25",
        "25 orang/hari",
        "1.234.567",
        "2e3",
        "15+10",
        "25 (dua puluh enam)",
    ],
)
def test_counts_that_are_not_sure_are_not_understood(text: str) -> None:
    reading = read_count(text)
    assert (reading.value, reading.understood) == (None, False)


@settings(deadline=None)
@given(st.integers(0, 99_999))
def test_every_count_comes_back(count: int) -> None:
    grouped = f"{count:,}".replace(",", ".")
    for text in (str(count), grouped, f"{count} orang", f"{count}.0"):
        assert read_count(text).value == count, text


text = st.one_of(st.text(max_size=40), st.text("0123456789./-,:; ABCabcsdpmei±()'\n", max_size=25))


@settings(deadline=None)
@given(text)
def test_any_text_is_read_without_raising(cell: str) -> None:
    for reader in READERS:
        reading = reader(cell)
        if not reading.understood:
            assert all(getattr(reading, name, None) is None for name in ("active", "legal", "stage", "rank", "value"))
    count = read_count(cell)
    assert count.value is None or count.value >= 0


def test_each_text_is_read_once() -> None:
    seen: list[str | None] = []

    def reader(cell: str | None) -> int:
        seen.append(cell)
        return len(cell or "")

    assert read_each(["aa", None, "b", "aa"], reader) == [2, 0, 1, 2]
    assert sorted(seen, key=str) == [None, "aa", "b"]
    assert read_each([], reader) == []


@pytest.mark.parametrize(("form", "example"), DATES, ids=[example for _, example in DATES])
def test_every_way_to_write_a_date_reads_its_example(form: str, example: str) -> None:
    parts = re.fullmatch(form, example)
    assert parts
    told = {name for name, text in parts.groupdict().items() if text}
    expected = date(2025, 5 if "month" in told else 12, 12 if "day" in told else 31)
    assert (read_date(example).value, read_date(example).understood) == (expected, True)
