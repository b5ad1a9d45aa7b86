"""What a new user meets first: names with blanks, what is in force, a starter for the desktop, a map that opens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import webbrowser
from pathlib import Path

import pytest

from lks_geo import shipped
from lks_geo.catalogue import OWN_COLOURS, SYMBOLS
from lks_geo.cli.inputs import STARTER
from lks_geo.cli.program import COMMANDS, run
from lks_geo.settings import Settings
from lks_geo.settings_file import GROUP_SETTINGS, PLAN_SETTINGS, SEND_SETTINGS, SETTINGS, in_force, load_settings

OWN = """
jangkauan_km = 7.5
[kelompok.odgj]
nama = "ODGJ"
sinonim = ["odgj", "gangguan jiwa"]
[kelompok.tuna_sosial]
nama = "Tuna sosial"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lks-geo.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_no_argument_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    shown = "".join(capsys.readouterr())
    for first in ("lks-geo run", "lks-geo check register.xlsx", "lks-geo template"):
        assert first in shown


@pytest.mark.parametrize("words", [("check",), ("compare", "lama.csv"), ("receive", "register.csv")])
def test_a_name_with_blanks_without_quotation_marks(
    words: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Data LKS 2025.xlsx").write_bytes(b"")
    (folder / "lama.csv").write_text("nama\nLKS Melati\n", encoding="utf-8")
    assert run([*words, "Data", "LKS", "2025.xlsx"]) != 0
    assert '"Data LKS 2025.xlsx"' in capsys.readouterr().err
    assert run([*words, "Data", "LKS", "2024.xlsx"]) != 0
    assert '"Data LKS' not in capsys.readouterr().err


def test_what_is_in_force_can_be_a_settings_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "--config", "lks-geo.toml", "--lang", "en", "--all"]) == 0
    shown = capsys.readouterr().out
    assert "jangkauan_km = 7.5  # lks-geo.toml" in shown
    assert 'bahasa = "en"  # --lang' in shown
    assert "hanya_aktif = true  # default" in shown
    assert "# judul: not set" in shown
    again = folder / "again.toml"
    again.write_text(shown, encoding="utf-8")
    assert load_settings(again) == load_settings(folder / "lks-geo.toml", Settings(lang="en"))
    assert run(["settings"]) == 0
    shown = capsys.readouterr().out
    assert "kelompok." not in shown
    assert tomllib.loads(shown)["jangkauan_km"] == 10


def test_every_key_is_told() -> None:
    told = {(entry.table, entry.key) for entry in in_force(Settings(), None)}
    tables = {"": SETTINGS, "rencana": PLAN_SETTINGS, "kirim": SEND_SETTINGS}
    assert {(name, spec.key) for name, table in tables.items() for spec in table} <= told
    assert {spec.key for spec in GROUP_SETTINGS} >= {key for table, key in told if table.startswith("kelompok.")}


def test_groups_of_the_users_own_look_apart(folder: Path) -> None:
    groups = {group.key: group for group in load_settings(folder / "lks-geo.toml").groups}
    first, second = groups["odgj"], groups["tuna_sosial"]
    assert (first.symbol, first.colour) == (SYMBOLS[0], OWN_COLOURS[0])
    assert (second.symbol, second.colour) == (SYMBOLS[1], OWN_COLOURS[1])
    assert (first.short_id, second.short_id) == ("ODGJ", "tuna sosial")
    assert groups["anak"].colour not in OWN_COLOURS


def test_a_new_group_says_what_it_takes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["nama,layanan,desa,kecamatan,kabupaten,lintang,bujur"]
    lines += [f"LKS Melati {n},ODGJ,,Banggae,Majene,-3.54{n}2,118.97{n}1" for n in range(1, 4)]
    lines += ["LKS Mawar,disabilitas,,Banggae,Majene,-3.5482,118.9781", "LKS Seroja,apa saja,,Banggae,Majene,,"]
    (folder / "register.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run(["check", "register.csv", "--config", "lks-geo.toml", "-o", "mutu.csv"]) == 0
    told = capsys.readouterr().err
    assert "3 baris dihitung untuk “ODGJ”, bukan “Penyandang disabilitas”" in told
    assert "anak, lansia, disabilitas, napza, kekerasan, odgj, tuna_sosial" in (folder / "mutu.csv").read_text("utf-8")
    assert run(["check", "register.csv"]) == 0
    assert "Karena pengaturan" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([], "register-kosong"),
        (["--population"], "penduduk-kosong"),
        (["--kind", "kobo"], "formulir-kobo"),
    ],
)
def test_a_template_never_has_the_name_of_a_register(words: list[str], name: str, folder: Path) -> None:
    (folder / "register.xlsx").write_bytes(b"mine")
    assert run(["-q", "template", *words]) == 0
    assert (folder / f"{name}.xlsx").stat().st_size > 1000
    assert (folder / "register.xlsx").read_bytes() == b"mine"


def test_a_missing_template_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(shipped.EXAMPLE_REGISTER), "--template", "kantor.pptx"]) == 1
    assert "kantor.pptx: berkas tidak ditemukan" in capsys.readouterr().err
    assert not (folder / "laporan.pptx").exists()


def test_the_map_opens_in_the_browser(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)))
    assert run(["-q", "map", str(shipped.EXAMPLE_REGISTER), "-o", "peta saya.svg", "--open"]) == 0
    assert opened == [(folder / "peta saya.svg").resolve().as_uri()]
    assert "peta saya.svg" in capsys.readouterr().err  # no browser here: where it is


def test_a_starter_for_the_desktop(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shortcut"]) == 2
    assert "-o lks-geo.cmd" in capsys.readouterr().err
    assert run(["shortcut", "-o", "lks-geo.sh"]) == 2
    assert run(["--lang", "en", "shortcut", "-o", "lks geo.cmd"]) == 0
    text = (folder / "lks geo.cmd").read_bytes().decode("utf-8")
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert lines[0] == "@echo off"
    work = next(line for line in lines if " -m lks_geo " in line)
    assert re.fullmatch(r'"[^"]+" -m lks_geo --lang en run "%~1" -o "%folder%" %over% --open', work)
    assert {line.removeprefix("goto ") for line in re.findall(r"goto \w+", text)} == {
        line.removeprefix(":") for line in lines if line.startswith(":")
    }
    assert run(["shortcut", "-o", "lks geo.cmd"]) == 1
    assert STARTER.count("{") == STARTER.count("}") == 5


def test_every_command_completes_in_the_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_LKS_GEO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "lks-geo ")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        run([])
    assert {line.partition(",")[2] for line in capsys.readouterr().out.split()} >= set(COMMANDS)


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_an_old_console_gets_every_line(encoding: str, folder: Path) -> None:
    """Signs that the console lacks are replaced, never an error; files stay UTF-8."""
    places = ["LKS “Mawar” → Ω,anak", "LKS Melati,apa saja"]
    rows = ["nama,layanan,desa,kecamatan,kabupaten", *(f"{place},,Banggae,Majene" for place in places)]
    (folder / "régister.csv").write_text("\n".join(rows), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHONUTF8"))}
    environment |= {"PYTHONIOENCODING": encoding, "LANG": "C"}
    for command in (["check", "-o", "mutu.csv"], ["unserved", "--group", "anak", "--top", "2"]):
        words = [sys.executable, "-m", "lks_geo", command[0], "régister.csv", *command[1:]]
        done = subprocess.run(words, capture_output=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        shown = (done.stdout + done.stderr).decode(encoding)
        assert "Traceback" not in shown
        assert "belum terlayani" in shown or "Mutu register" in shown
    assert "LKS “Mawar” → Ω" in (folder / "mutu.csv").read_text("utf-8-sig")
