"""What the docs tell a person to type works: README's run block, and every example of `--help` and of the docs.

The examples run in a folder that holds the files they name, made from the sample data. That they do what they should
is tested elsewhere; here: exit code 0, and the file that is named after `-o` is there.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import geopandas as gpd
import pandas as pd
import pytest
from pptx import Presentation

from lks_geo import shipped
from lks_geo.boundaries import load_boundaries
from lks_geo.cli.program import COMMANDS, build, run
from lks_geo.messages import LANGUAGES, Texts
from lks_geo.population.population_template import write_population_template
from lks_geo.settings import Settings

pytestmark = pytest.mark.long
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [README, *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))]
_RUN_BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)\n```", re.DOTALL)  # the block after the mark in README
_COMMAND = re.compile(r"lks-geo ([a-z][^`\n#]*[^`\n#\s])")  # "lks-geo check register.xlsx -o mutu.xlsx  # what"
_BLOCK = re.compile(r"```sh\n(.*?)```|`(lks-geo [^`\n]*)`", re.DOTALL)  # a block of commands, or one in a line


def commands_of(group: click.Group, *before: str) -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, groups and their commands."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*before, name)), command
        if isinstance(command, click.Group):
            yield from commands_of(command, *before, name)


def examples_of(command: click.Command) -> list[str]:
    """The command lines in the help of a command, without the `lks-geo` in front and what a column says of them."""
    text = f"{command.help or ''}\n{command.epilog or ''}"
    return [re.split(r"\s{2,}", line)[0] for line in _COMMAND.findall(text)]


def help_examples(lang: str) -> list[str]:
    program = build(Texts(lang))
    every = [program, *(command for _, command in commands_of(program))]
    return sorted({example for command in every for example in examples_of(command)})


def documented() -> list[str]:
    """The commands with a register in README and docs; a synopsis (`REGISTER`) is read as an example."""
    texts = ["".join(found) for page in PAGES for found in _BLOCK.findall(page)]
    lines = {line.strip().replace("REGISTER", "register.xlsx") for text in texts for line in _COMMAND.findall(text)}
    return sorted(line for line in lines if "register.xlsx" in line and "[" not in line)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that examples name."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copyfile(shipped.EXAMPLE_REGISTER, folder / "register.xlsx")
    for year in ("2024", "2025", "2026"):
        shutil.copyfile(shipped.EXAMPLE_REGISTER, folder / f"register-{year}.xlsx")
    for pairs in ("perubahan", "changes"):
        table = pd.DataFrame({"id_lama": ["A"], "id_baru": ["B"], "keputusan": [""]})
        table.to_excel(folder / f"{pairs}.xlsx", index=False)
    write_population_template(folder / "penduduk.xlsx", load_boundaries(None), Settings())
    areas = gpd.read_parquet(shipped.BOUNDARIES)
    majene = areas[(areas["level"] == "desa") & (areas["kode_kabupaten"] == "76.05")]
    for office, boundaries in (("kantor.pptx", "batas-desa.shp"), ("office.pptx", "villages.shp")):
        Presentation().save(str(folder / office))
        majene[["kode", "nama", "kecamatan", "kabupaten", "provinsi", "geometry"]].to_file(folder / boundaries)
    for stem in ("batas", "batas-2019", "batas-2025", "boundaries-2019", "boundaries-2025"):
        majene.drop(columns="level").to_parquet(folder / f"{stem}.parquet")
    (folder / "jembatan.csv").write_text(
        "kode_lama,nama_lama,kode_baru,jenis\n76.05.01.2999,Lama,76.05.01.1001,gabung\n"
    )
    for replies in ("balasan", "replies"):
        assert run(["-q", "send", str(folder / "register.xlsx"), "-o", str(folder / replies)]) == 0
    return folder


@pytest.fixture
def office(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with the files that examples name."""
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def works(line: str, *options: str) -> None:
    """The command ends well and leaves what it was asked for. Its example of an output may be an input elsewhere."""
    words = shlex.split(line)
    target = Path(words[words.index("-o") + 1]) if "-o" in words else None
    if target is not None:
        target.unlink(missing_ok=True)
    assert run([*options, *words]) == 0, line
    assert target is None or target.exists(), line


def test_every_command_has_an_example_in_its_help() -> None:
    for lang in LANGUAGES:
        commands = dict(commands_of(build(Texts(lang))))
        assert set(COMMANDS) <= set(commands)
        without = [name for name, command in commands.items() if not examples_of(command)]
        assert without == ["boundaries", "population"], "their own commands have them"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("line", [line for line in help_examples("id") if line.split()[0] != "run"])
def test_an_example_of_the_help_works(line: str) -> None:
    works(line)


def test_the_run_block_of_the_readme_installs_and_makes_the_sample_set() -> None:
    """What the block runs at last is what test_cli.py compares with the sample set, byte by byte."""
    block = _RUN_BLOCK.search(README)
    assert block is not None
    steps = [step.strip() for step in block[1].split("&&")]
    assert steps == ["python3 -m venv .venv", ".venv/bin/pip install .", ".venv/bin/lks-geo run"]


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("line", [line for line in help_examples("id") if line.startswith("run ")])
def test_an_example_of_the_help_works_with_all_outputs(line: str) -> None:
    works(line)


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("line", sorted(set(help_examples("en")) - set(help_examples("id"))))
def test_an_example_of_the_english_help_works(line: str) -> None:
    works(line, "--lang", "en")


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("line", sorted(set(documented()) - set(help_examples("id")) - set(help_examples("en"))))
def test_a_command_of_the_docs_works(line: str) -> None:
    works(line)


def test_the_run_block_of_the_readme_works_as_it_stands(tmp_path: Path) -> None:
    """In a copy of the project, with a Python environment of its own. Needs the package index."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in names.splitlines():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    block = _RUN_BLOCK.search(README)
    assert block is not None
    subprocess.run(["bash", "-euo", "pipefail", "-c", block[1]], cwd=tmp_path, check=True)
    assert (tmp_path / "outputs" / shipped.EXAMPLE_REGISTER.stem / "peta.html").is_file()
