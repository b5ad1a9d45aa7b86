"""The loop with the offices: what is sent, and that the answers come back into the cells they belong to."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from registers import HEADINGS, Line, clean_rows, page, write_pages, write_register

from lks_geo.cli.program import run
from lks_geo.register.issues import ASKED, ISSUE_KINDS
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings

pytestmark = pytest.mark.usefixtures("read_once")

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
        cell.value = answer(name, code.split("-", 1)[1])  # type: ignore[assignment]
        sheet.cell(line, columns["Catatan kantor"]).value = note
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def sent(register: Path, *more: str) -> list[Path]:
    folder = register.parent / "kirim"
    shutil.rmtree(folder, ignore_errors=True)
    assert run(["-q", "send", str(register), "-o", str(folder), *more]) == 0
    return sorted(folder.glob("*.xlsx"))


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
    book = openpyxl.load_workbook(register)
    sheet = [sheet for sheet in book if sheet.title.startswith("Catatan perubahan")][-1]
    return [tuple(cell.value for cell in line[2:]) for line in sheet.iter_rows(min_row=4)]  # type: ignore[misc]


def test_every_doubt_and_rejection_asks_for_something() -> None:
    bad = {kind for kind, outcome in ISSUE_KINDS.items() if outcome in ("meragukan", "ditolak")}
    assert bad - ASKED.keys() == set()
    assert ASKED.keys() - ISSUE_KINDS.keys() == set()


LAYOUTS = (
    (".xlsx", ["title_rows", "two_row_header", "check_marks", "merged_kabupaten", "blank_lines", "total_row"]),
    (".xlsx", ["one_cell", "sections_kabupaten", "repeated_header", "no_codes", "personal_columns"]),
    (".ods", ["two_row_header_unmerged", "no_points", "column_numbers", "signature"]),
    (".csv", ["title_rows", "no_status", "comma_decimals_lat"]),
    (".xls", ["sections_kecamatan", "hidden_rows", "blank_first_column", "codes_as_numbers"]),
)


@pytest.mark.parametrize(
    ("suffix", "dirt"), [LAYOUTS[0], *(pytest.param(*layout, marks=pytest.mark.long) for layout in LAYOUTS[1:])]
)
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


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The faulty register as a workbook with a formula, looks and a second sheet; beside it what goes out and in."""
    register = tmp_path_factory.mktemp("putaran") / "register.xlsx"
    write_register(register, faulty(truth()), dirt=["title_rows", "personal_columns"])
    book = openpyxl.load_workbook(register)
    sheet = book.worksheets[0]
    sheet["Z4"] = "=SUM(1,2)"
    sheet["A4"].font = openpyxl.styles.Font(italic=True)
    book.create_sheet("Lain")["B2"] = "tetap"
    book.save(register)
    replied(register, right(truth()))
    return register.parent


@pytest.fixture
def sample(turn: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(turn, tmp_path, dirs_exist_ok=True)
    return tmp_path / "register.xlsx"


def forms_of(sample: Path) -> list[Path]:
    return sorted((sample.parent / "kirim").glob("*.xlsx"))


def replies_to(sample: Path) -> list[Path]:
    return sorted((sample.parent / "balasan").iterdir())


def test_what_is_sent(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sample.parent / "kirim-2"
    assert run(["send", str(sample), "-o", str(folder), "--due", "2026-12-15", "--to", "Dinas Sosial Kabupaten"]) == 0
    said = capsys.readouterr().err
    assert "13 baris register = 5 dikirim + 7 tidak perlu dikirim" in said
    assert "+ 1 kelompok sensitif" in said
    assert [path.name for path in sorted(folder.glob("*.xlsx"))] == [
        "perbaikan-majene.xlsx", "perbaikan-mamasa.xlsx", "perbaikan-mamuju.xlsx", "perbaikan-sensitif-internal.xlsx",
    ]  # fmt: skip
    book = openpyxl.load_workbook(folder / "perbaikan-mamuju.xlsx")
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Pengantar", "visible"), ("Perbaikan", "visible"), ("Daftar", "hidden"), ("Dasar", "hidden"),
    ]  # fmt: skip
    cover = [cell.value for line in book["Pengantar"].iter_rows() for cell in line if cell.value]
    assert {"15 Desember 2026", "Dinas Sosial Kabupaten", "pengirim berkas ini"} <= set(cover)
    form = book["Perbaikan"]
    assert form.protection.sheet
    unlocked = {
        form.cell(4, cell.column).value for line in form.iter_rows() for cell in line if not cell.protection.locked
    }
    assert unlocked == {"Isian baru", "Catatan kantor"}
    offered = {str(rule.sqref): rule.formula1 for rule in form.data_validations.dataValidation if rule.formula1}
    assert len(offered) == 2, "kecamatan and desa of the row whose desa is not known"


def test_letters_of_an_earlier_time_go_unless_somebody_wrote_into_them(tmp_path: Path) -> None:
    rows = faulty(truth())
    register = write_pages(tmp_path / "register.xlsx", [page(rows)])[0].path
    folder = tmp_path / "kirim"
    assert run(["-q", "send", str(register), "-o", str(folder)]) == 0
    (folder / "perbaikan-catatan.xlsx").write_bytes(b"milik orang lain")
    (folder / "perbaikan-majene.xlsx").write_bytes(b"sudah diisi")
    some = [row for row in rows if row["kabupaten"] not in ("Majene", "Mamasa")]
    write_pages(register, [page(some)])
    assert run(["-q", "send", str(register), "-o", str(folder), "--overwrite"]) == 0
    assert sorted(path.name for path in folder.glob("*.xlsx") if "sensitif" not in path.name) == [
        "perbaikan-catatan.xlsx", "perbaikan-majene.xlsx", "perbaikan-mamuju.xlsx",
    ]  # fmt: skip


def members(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_nothing_personal_is_sent_and_nothing_sensitive_but_in_its_own_file(sample: Path) -> None:
    whole = sha256(sample.read_bytes()).hexdigest()[:8].encode()
    for form in forms_of(sample):
        content = members(form)
        assert whole not in content, "no fingerprint of the register, which holds its sensitive cells too"
        assert (b"Graha Teduh" in content) == (form.name == "perbaikan-sensitif-internal.xlsx")
        assert not any(word in content for word in (b"Nama Orang", b"7601014101700001", b"0812 0000", b"0011223344"))


def test_a_register_with_macros_keeps_them_and_its_kind(tmp_path: Path) -> None:
    plain = write_pages(tmp_path / "register.xlsx", [page(faulty(truth()))])[0].path
    register, target = tmp_path / "register.xlsm", tmp_path / "baru.xlsm"
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(register, "w") as after:
        for name in before.namelist():
            kind = (b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
            after.writestr(name, before.read(name).replace(*kind))
        after.writestr("xl/vbaProject.bin", b"macros")
    forms = sent(register)
    assert run(["-q", "receive", str(register), *map(str, forms), "-o", str(target.with_suffix(".xlsx"))]) == 2
    assert run(["-q", "receive", str(register), *map(str, forms), "-o", str(target)]) == 0
    with zipfile.ZipFile(target) as book:
        assert book.read("xl/vbaProject.bin") == b"macros"
        assert b"macroEnabled" in book.read("[Content_Types].xml")


def test_an_office_of_its_own_gets_its_own_file(tmp_path: Path) -> None:
    rows = [dict(row) | {"UPTD": "UPTD Wilayah II" if at % 2 else None} for at, row in enumerate(faulty(truth()))]
    register = write_pages(tmp_path / "register.xlsx", [page(rows, [*HEADINGS, "UPTD"])])[0].path
    names = {path.name for path in sent(register)}
    assert {"perbaikan-mamuju.xlsx", "perbaikan-mamuju-uptd-wilayah-ii.xlsx"} <= names


def only(wanted: dict[tuple[str, str], object]) -> Answerer:
    """An office that answers some cells: (first word of the name or whole, field)."""
    return lambda name, field: wanted.get((name, field))


MAMUJU = "LKSPD Mandiri Jaya Saletto"
MAJENE = "LKSA Kasih Bunda Baurung"
OTHER = "IPWL Harapan Baru Sinyonyoi"


def outcomes(register: Path) -> dict[tuple[str, str, str | None], str]:
    """(about, entry, answer) -> what became of it, of all that was answered or blank."""
    return {(str(a), str(b), c): str(d).split(".")[0] for a, b, _, c, _, d, _ in log_of(register) if a}


def test_each_answer_has_one_outcome(sample: Path) -> None:
    forms = {path.stem: path for path in forms_of(sample)}
    folder = sample.parent / "masuk"
    mamuju = {
        (MAMUJU, "desa"): "Saletto", (MAMUJU, "kecamatan"): "Simboro", (MAMUJU, "lintang"): "10,5",
        (MAMUJU, "bujur"): "118.84",
        (OTHER, "lintang"): "-2.562884", (OTHER, "bujur"): "119.048614",
    }  # fmt: skip
    first = fill(forms["perbaikan-mamuju"], folder / "a.xlsx", only(mamuju), note="dicek di lapangan")
    second = fill(forms["perbaikan-mamuju"], folder / "b.xlsx", only({(OTHER, "lintang"): "-2.5"}))
    third = fill(forms["perbaikan-majene"], folder / "c.xlsx", only({(MAJENE, "lintang"): "-3.545469"}))
    stranger = folder / "d.csv"
    stranger.write_text("nama;isi\nsiapa;saja\n", encoding="utf-8")
    files = [second, first, stranger, third]
    new = received(sample, files)
    told = outcomes(new)
    assert told[MAMUJU, "Desa/Kelurahan", "Saletto"] == "Diambil"
    assert told[MAMUJU, "Kecamatan", "Simboro"] == "Sama dengan register; tidak ada yang diubah"
    assert told[MAMUJU, "Lintang", "10,5"] == "Tidak dapat diterima"
    assert told[OTHER, "Lintang", "-2.562884"] == told[OTHER, "Lintang", "-2.5"]
    assert told[OTHER, "Lintang", "-2.5"] == "Bertentangan dengan balasan lain; tidak ada yang diambil"
    assert told[OTHER, "Bujur", "119.048614"] == "Tidak dapat diterima"
    assert told[MAJENE, "Lintang", "-3.545469"] == "Tidak dapat diterima", "half a point"
    assert told[MAJENE, "Bujur", None] == "Tidak diisi"
    assert any(line[4] == "d.csv" and "bukan balasan" in str(line[5]) for line in log_of(new))
    assert any(line[6] == "dicek di lapangan" for line in log_of(new))
    waiting = openpyxl.load_workbook(new)["Belum menjawab"]
    places = {(line[0].value, line[1].value) for line in waiting.iter_rows(min_row=4)}
    assert ("Mamasa", "belum ada balasan") in places
    assert ("Majene", "dijawab, tetapi tidak dapat diambil") in places
    left = {line[4].value: str(line[5].value) for line in waiting.iter_rows(min_row=4)}
    assert "“-2.5”" in left[OTHER].partition(": Bertentangan")[0]
    assert received(sample, files[::-1], "lagi.xlsx").read_bytes() == new.read_bytes()
    again = received(new, files, "kedua.xlsx")
    assert "Diambil" not in outcomes(again).values()


def test_the_register_may_have_changed_meanwhile(sample: Path) -> None:
    replies = replies_to(sample)
    book = openpyxl.load_workbook(sample)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for line in sheet.iter_rows(max_row=6) for cell in line if cell.value}
    lines = {sheet.cell(line, columns["Nama LKS"]).value: line for line in range(1, sheet.max_row + 1)}
    sheet.cell(lines[MAMUJU], columns["Desa/Kelurahan"]).value = "Botteng"
    sheet.delete_rows(lines[MAJENE])
    sheet.insert_rows(lines[OTHER])
    book.save(sample)
    told = outcomes(received(sample, replies))
    assert told[MAMUJU, "Desa/Kelurahan", "Saletto"] == "Register sudah berubah sejak dikirim; isi register tetap"
    assert told[MAMUJU, "Lintang", "-2,728276"] == "Diambil", "found again by its id"
    assert told[MAJENE, "Lintang", "-3,545469"] == "Barisnya tidak ada lagi di register"
    assert told[OTHER, "Lintang", "-2,562884"] == "Diambil", "on another line now"


@pytest.mark.long
def test_what_an_office_added_is_listed(sample: Path) -> None:
    form = next(path for path in forms_of(sample) if path.stem == "perbaikan-mamuju")
    reply = fill(form, sample.parent / "balasan.xlsx", only({(MAMUJU, "desa"): "Saletto"}))
    book = openpyxl.load_workbook(reply)
    sheet = book["Perbaikan"]
    sheet.cell(4, 14).value, sheet.cell(5, 14).value = "Keterangan kami", "benar"
    sheet.cell(sheet.max_row + 2, 2).value = "LKS baru di Kalukku"
    sheet.delete_rows(sheet.max_row - 2)
    book.save(reply)
    told = " ".join(str(line[5]) for line in log_of(received(sample, [reply])))
    for words in ("Keterangan kami", "LKS baru di Kalukku", "baris pertanyaan dihapus"):
        assert words in told


@pytest.mark.long
def test_a_form_saved_as_text_is_read_by_its_codes(sample: Path) -> None:
    form = next(path for path in forms_of(sample) if path.stem == "perbaikan-mamuju")
    reply = sample.parent / "balasan" / form.name
    lines = openpyxl.load_workbook(reply)["Perbaikan"].iter_rows(values_only=True)
    text = "\n".join(";".join('"' + str(cell or "").replace('"', '""') + '"' for cell in line) for line in lines)
    (sample.parent / "balasan.csv").write_text(text, encoding="cp1252")
    new = received(sample, [sample.parent / "balasan.csv"])
    by_name = {row["nama"]: row["hasil"] for row in rows_of(new)}
    assert by_name[MAMUJU] == by_name[OTHER] == "diterima"
    assert any("tersimpan sebagai teks" in str(line[5]) for line in log_of(new))


def test_only_the_answered_cells_of_the_workbook_change(sample: Path) -> None:
    new = received(sample, replies_to(sample))
    before, after = (openpyxl.load_workbook(path) for path in (sample, new))
    assert after.sheetnames == [*before.sheetnames, "Catatan perubahan", "Belum menjawab"]
    changed = {
        cell.coordinate
        for line in before.worksheets[0].iter_rows()
        for cell in line
        if cell.value != after.worksheets[0][cell.coordinate].value
    }
    assert len(changed) == 11, "a status, a desa, a service, four points"
    assert after.worksheets[0]["Z4"].value == "=SUM(1,2)"
    assert after.worksheets[0]["A4"].font.italic
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(new) as made:
        part = "xl/worksheets/sheet2.xml"
        assert made.read(part) == old.read(part)


def test_what_is_refused(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forms = forms_of(sample)
    content = sample.read_bytes()
    for target in (sample, forms[0]):
        assert run(["receive", str(sample), str(forms[0]), "-o", str(target), "--overwrite"]) == 2
    assert sample.read_bytes() == content
    damaged = sample.parent / "rusak.xlsx"
    damaged.write_bytes(forms[0].read_bytes()[:900])
    assert run(["receive", str(sample), str(damaged), "-o", str(sample.parent / "x.xlsx")]) == 1
    assert run(["receive", str(sample), str(sample.parent / "kosong*.xlsx"), "-o", str(sample.parent / "x.xlsx")]) == 1
    assert "rusak.xlsx" in capsys.readouterr().err
    assert not (sample.parent / "x.xlsx").exists()
    assert run(["send", str(sample), "-o", str(forms[0].parent)]) == 1, "the folder is full"


def test_disguise_by_the_name_of_the_file_must_not_be_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row | {"jenis_layanan": "Anak"} for row in faulty(truth())[:8]]
    register = write_register(tmp_path / "lks-korban-kekerasan.xlsx", rows).path
    files = [str(path) for path in replied(register, lambda name, field: None)]
    assert run(["receive", str(register), *files, "-o", str(tmp_path / "baru.xlsx")]) == 1
    assert "lks-korban-kekerasan" in capsys.readouterr().err
    assert run(["receive", str(register), *files, "-o", str(tmp_path / "lks-korban-kekerasan-baru.xlsx")]) == 0


@pytest.mark.long
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_turn_through_libreoffice(kind: str, sample: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not here")
    replies = replies_to(sample)
    folder = sample.parent / "disimpan"
    subprocess.run(
        ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, *replies], check=True, capture_output=True
    )
    new = received(sample, sorted(folder.iterdir()))
    assert {row["hasil"] for row in rows_of(new)} == {"diterima"}
