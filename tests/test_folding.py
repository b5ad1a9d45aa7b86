"""Text of cells in comparable forms; and a tick says the same in whatever column it stands."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_rows import a_row, raw_register

from lks_geo.register.cleaning.service_rows import read_service_rows
from lks_geo.register.issues import Ledger
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.sheets.folding import TICKS, compact, fold, is_empty_marker, read_tick, split_words, words

SETTINGS = Settings()


@pytest.mark.parametrize(
    ("text", "folded", "in_words"),
    [
        ("  Désa/Kel.  ", "désa/kel.", "desa kel"),
        ("25–30\u00a0ORG", "25-30 org", "25 30 org"),
        ("Ma’had (Putri)", "ma’had (putri)", "mahad putri"),
        ("mAMUJU", "mamuju", "mamuju"),
        ("ﬁnal²", "final2", "final2"),
        ("#", "#", ""),
    ],
)
def test_forms_of_a_text(text: str, folded: str, in_words: str) -> None:
    assert fold(text) == folded
    assert words(text) == in_words
    assert compact(text) == in_words.replace(" ", "")


@pytest.mark.parametrize("sign", [*map(chr, range(128))])
def test_plain_signs_are_folded_as_all_others_are(sign: str) -> None:
    text = f"Nama{sign}LKS {sign}"
    assert words(text) == words(text + "é").removesuffix("e").rstrip()


def test_words_of_headings_are_split_where_the_case_changes() -> None:
    assert split_words("namaLembaga_LKS*") == "nama lembaga lks"
    assert words("namaLembaga_LKS*") == "namalembaga lks"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(words(text)) == words(text)
    assert compact(split_words(text)) == compact(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [(yes, True) for yes in ("V", "x", "X", "Ya", "1.0", "TRUE", "ada", "(v)", "✔️", "✅", "Sudah.", "[x]", "*")]
    + [(no, False) for no in (None, "", " ", "0", "-", "tidak", "Tidak ada", "FALSE", "n", "belum tersedia", "❌", "T")]
    + [(other, None) for other in ("25", "mungkin", "?!a", "vv?", "anak", "2", "2019", "A")],
)
def test_ticks(text: str | None, answer: bool | None) -> None:
    assert read_tick(text) is answer


MARKS = [(text, answer) for answer, texts in TICKS.items() for text in texts if not is_empty_marker(text)]


@pytest.mark.parametrize(("tick", "answer"), MARKS)
def test_a_tick_says_the_same_in_every_column(tmp_path: Path, tick: str, answer: bool) -> None:
    assert read_tick(tick.upper()) is answer
    ledger = Ledger(1)
    cells = raw_register([a_row(jenis_layanan=None) | {"tanda:anak": tick, "tanda:lansia": "V"}]).cells
    groups = read_service_rows(cells, SETTINGS, ledger)["kelompok"].iloc[0]
    assert groups == (("anak", "lansia") if answer else ("lansia",))
    path = tmp_path / "lks.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([
            ["Nama LKS", "Layanan", "Aktif", "Tidak Aktif"], ["A", "Anak", tick, ""], ["B", "Anak", "", tick],
        ])  # fmt: skip
    told = read_register(path, settings=SETTINGS).cells["status_aktif"].fillna("").tolist()
    assert told == (["Aktif", "Tidak Aktif"] if answer else ["", ""])
