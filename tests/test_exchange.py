"""The loop with the offices: what is sent, and that the answers come back into the cells they belong to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from registers import Line, clean_rows, write_register

from lks_geo.cli.program import run
from lks_geo.register.issues import ASKED, ISSUE_KINDS
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings

Answerer = Callable[[str, str], object]
"""From the name of an LKS and a field to what the office writes."""


def truth() -> list[Line]:
    """Twelve LKS as they are, and one for victims of violence; all can be placed."""
    rows = clean_rows()
    rows.append(dict(rows[6]) | {"id": "LKS-900", "nama": "Graha Teduh Pelangi", "jenis_layanan": "Korban kekerasan",
                                 "alamat": "Jl. Sunyi 5"})  # fmt: skip
    return rows


def faulty(rows: Sequence[Line]) -> list[Line]:
    """The same with faults in Mamasa, Mamuju and Majene; the last row is sensitive."""
    faults: dict[int, Line] = {
        0: {"status_aktif": None}, 3: {"desa": "Xyzzy", "kode_desa": None, "lintang": None, "bujur": None},
        4: {"lintang": "abc", "bujur": "def"}, 6: {"lintang": None, "bujur": None}, 7: {"jenis_layanan": None},
        12: {"lintang": None, "bujur": None},
    }  # fmt: skip
    return [dict(row) | faults.get(at, {}) for at, row in enumerate(rows)]


def right(rows: Sequence[Line]) -> Answerer:
    """An office that knows everything."""
    by_name = {row["nama"]: row for row in rows}

    def answer(name: str, field: str) -> object:
        row = by_name[name]
        if field.startswith("tanda:"):
            words = {
                "anak": "Anak",
                "lansia": "Lan",
                "disabilitas": "Disab",
                "napza": "NAPZA",
                "kekerasan": "kekerasan",
            }
            return "Ya" if words[field.split(":")[1]].casefold() in row["jenis_layanan"].casefold() else "Tidak"
        if field == "koordinat":
            return f"{row['lintang']}; {row['bujur']}"
        if field in ("kelompok", "jenis_layanan"):
            return row["jenis_layanan"]
        value = row[field]
        return str(value).replace(".", ",") if field in ("lintang", "bujur") else value

    return answer


def fill(form: Path, target: Path, answer: Answerer, note: str | None = None) -> Path:
    """The form as an office returns it."""
    book = openpyxl.load_workbook(form)
    sheet = book["Perbaikan"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    for line in range(5, sheet.max_row + 1):
        code = str(sheet.cell(line, columns["Kode"]).value)
        name = str(sheet.cell(line, columns["Nama LKS"]).value)
        cell = sheet.cell(line, columns["Isian baru"])
        assert not cell.protection.locked
        cell.value = answer(name, code.split("-", 2)[2])  # type: ignore[assignment]
        sheet.cell(line, columns["Catatan kantor"]).value = note
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def sent(register: Path, *more: str) -> list[Path]:
    folder = register.parent / "kirim"
    shutil.rmtree(folder, ignore_errors=True)
    assert run(["-q", "send", str(register), "-o", str(folder), *more]) == 0
    return sorted(folder.iterdir())


def replied(register: Path, answer: Answerer, *more: str) -> list[Path]:
    """The forms of a register, filled in."""
    return [fill(form, register.parent / "balasan" / form.name, answer) for form in sent(register, *more)]


def received(register: Path, files: Sequence[Path], name: str = "baru.xlsx") -> Path:
    target = register.parent / name
    target.unlink(missing_ok=True)
    assert run(["-q", "receive", str(register), *map(str, files), "-o", str(target)]) == 0
    return target


def rows_of(register: Path, name: str = "mutu.json") -> list[dict[str, Any]]:
    """What `check` says of every row."""
    target = register.parent / name
    assert run(["-q", "check", str(register), "-o", str(target), "--overwrite"]) == 0
    return list(json.loads(target.read_text(encoding="utf-8"))["baris"])


def log_of(register: Path) -> list[tuple[str | None, ...]]:
    """The lines of the log: about, entry, before, answer, file, outcome, note."""
    sheet = openpyxl.load_workbook(register)["Catatan perubahan"]
    return [tuple(cell.value for cell in line[2:]) for line in sheet.iter_rows(min_row=4)]  # type: ignore[misc]


def test_every_doubt_and_rejection_asks_for_something() -> None:
    bad = {kind for kind, outcome in ISSUE_KINDS.items() if outcome in ("meragukan", "ditolak")}
    assert bad - ASKED.keys() == set()
    assert ASKED.keys() - ISSUE_KINDS.keys() == set()


LAYOUTS = (
    (".xlsx", []),
    (".xlsx", ["title_rows", "two_row_header", "check_marks", "merged_kabupaten", "blank_lines", "total_row"]),
    (".xlsx", ["one_cell", "sections_kabupaten", "repeated_header", "no_codes", "personal_columns"]),
    (".ods", ["two_row_header_unmerged", "no_points", "column_numbers", "signature"]),
    (".csv", ["title_rows", "no_status", "comma_decimals_lat"]),
    (".xls", ["sections_kecamatan", "hidden_rows", "blank_first_column", "codes_as_numbers"]),
)


@pytest.mark.parametrize(("suffix", "dirt"), LAYOUTS, ids=lambda value: "-".join(value) if value else "-")
def test_a_turn_of_the_loop_mends_the_register(suffix: str, dirt: list[str], tmp_path: Path) -> None:
    whole = truth()
    register = write_register(tmp_path / f"register{suffix}", faulty(whole), dirt=dirt).path
    replies = replied(register, right(whole))
    new = received(register, replies)
    told = rows_of(new)
    assert [row["hasil"] for row in told] == ["diterima"] * len(whole)
    assert {outcome for *_, outcome, _ in log_of(new) if outcome} <= {
        "Diambil.", "Sama dengan register; tidak ada yang diubah.",
        "Isi yang sudah berlaku dari sel gabungan, judul bagian, atau baris di atasnya; dituliskan agar tetap.",
    }  # fmt: skip
    before, after = (read_register(path, settings=Settings()).cells for path in (register, new))
    asked = {str(name) for name, *_ in log_of(new)}
    for name in set(before) - {"lembar", "nomor", "judul"}:
        for one, other, lks in zip(before[name].fillna(""), after[name].fillna(""), before["nama"], strict=True):
            assert one == other or lks in asked, (lks, name)
