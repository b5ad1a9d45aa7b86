"""What the docs tell a person to type works: README's run block, and every example of `--help` and of the docs.

The examples run in a folder that holds the files they name, in a small part of the province: the sample's LKS and the
desa of eight kecamatan, so that it takes minutes, not half an hour. A line that stands in several places, or in two
languages with other names of files, runs once. That they do what they should is tested elsewhere; here: exit code 0,
and the file that is named after `-o` is there.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image
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
PAGES = [
    path.read_text(encoding="utf-8") for path in [*ROOT.glob("README*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
]
PART = ("Mamuju", "Simboro", "Banggae", "Banggae Timur", "Mamasa", "Balla", "Polewali", "Binuang")  # kecamatan
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)  # a block of Python
_RUN_BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)\n```", re.DOTALL)  # the block after the mark in README
_COMMAND = re.compile(r"lks-geo ([a-z][^`\n#]*[^`\n#\s])")  # "lks-geo check register.xlsx -o mutu.xlsx  # what"
FULL_SETTINGS = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "pengaturan.md").read_text("utf-8"), re.DOTALL)[-1]
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
    """The commands in blocks of README and docs, and those in a line that name a register; a synopsis (`REGISTER`) is
    read as an example."""
    found = [(block or line, bool(block)) for page in PAGES for block, line in _BLOCK.findall(page)]
    lines = {
        line.strip().replace("REGISTER", "register.xlsx")
        for text, whole in found
        for line in _COMMAND.findall(text)
        if whole or "register.xlsx" in line or "REGISTER" in line
    }
    return sorted(line for line in lines if "[" not in line)


def meaning(line: str) -> str:
    """A line without the names of its files: what two languages, or two pages, say in other names is run once."""
    return re.sub(r"[\w./-]*?(\.\w+)(?=\s|$)|(?<=-o )[\w-]+|\b(?:replies|balasan)\b|\"[^\"]*\"", r"*\1", line)


def each_once() -> list[tuple[str, str]]:
    """(language, line) of everything that is documented."""
    told = [("id", line) for line in (*help_examples("id"), *documented())]
    told += [("en", line) for line in help_examples("en")]
    return sorted(({meaning(line): (lang, line) for lang, line in reversed(told)}).values())


def part_of_the_province(path: Path) -> gpd.GeoDataFrame:
    """The boundaries that ship, of a few kecamatan only; levels above and facts as in the whole. Gives the desa."""
    areas = gpd.read_parquet(shipped.BOUNDARIES)
    desa = areas[(areas["level"] == "desa") & areas["kecamatan"].isin(PART)]
    parts = [desa]
    for level in ("kecamatan", "kabupaten", "provinsi"):
        joined = desa.dissolve(f"kode_{level}")["geometry"]
        upper = areas[(areas["level"] == level) & areas["kode"].isin(joined.index)]
        parts.append(upper.assign(geometry=gpd.GeoSeries(upper["kode"].map(joined), crs=areas.crs)))
    part = pd.concat([*parts, areas[areas["level"] == "sekitar"]])
    part.to_parquet(path)
    facts = {b"lks_geo": pq.read_schema(shipped.BOUNDARIES).metadata[b"lks_geo"]}
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, **facts}), path)
    return desa


def part_of_the_register(path: Path) -> None:
    """The sample register, without the rows of other kecamatan."""
    book = openpyxl.load_workbook(shipped.EXAMPLE_REGISTER)
    sheet = book.worksheets[0]
    (heads,) = (row for row in sheet.iter_rows(max_row=9) if "Kecamatan" in [cell.value for cell in row])
    column = next(cell.column for cell in heads if cell.value == "Kecamatan")
    for number in range(sheet.max_row, heads[0].row + 1, -1):
        if isinstance(kecamatan := sheet.cell(number, column).value, str) and kecamatan not in PART:
            sheet.delete_rows(number)
    book.save(path)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files that examples name, and the boundaries that stand for those that ship."""
    folder = tmp_path_factory.mktemp("inputs")
    desa = part_of_the_province(folder / "sulbar-2025.parquet")
    part_of_the_register(folder / "register.xlsx")
    for year in ("2024", "2025", "2026"):
        shutil.copyfile(folder / "register.xlsx", folder / f"register-{year}.xlsx")
    for pairs in ("perubahan", "changes"):
        table = pd.DataFrame({"id_lama": ["A"], "id_baru": ["B"], "keputusan": [""]})
        table.to_excel(folder / f"{pairs}.xlsx", index=False)
    plain = desa[["kode", "nama", "kecamatan", "kabupaten", "provinsi", "geometry"]]
    for office, boundaries in (("kantor.pptx", "batas-desa.shp"), ("office.pptx", "villages.shp")):
        Presentation().save(str(folder / office))
        plain.to_file(folder / boundaries)
    plain.to_file(folder / "batas-diy.gpkg")
    plain.assign(geometry=plain.boundary).to_file(folder / "jalan.gpkg")
    for stem in ("batas", "batas-diy", "batas-2019", "batas-2025", "boundaries-2019", "boundaries-2025"):
        desa.drop(columns="level").to_parquet(folder / f"{stem}.parquet")
    with zipfile.ZipFile(folder / "batas-desa.zip", "w") as packed:
        packed.write(folder / "batas-diy.gpkg", "batas-desa.gpkg")
    old, new = desa["kode"].iloc[:2]
    (folder / "jembatan.csv").write_text(f"kode_lama,nama_lama,kode_baru,jenis\n{old[:-3]}999,Lama,{new},gabung\n")
    (folder / "lks-geo.toml").write_text(FULL_SETTINGS, encoding="utf-8")
    Image.new("RGB", (64, 64), "navy").save(folder / "lambang.png")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shipped, "BOUNDARIES", folder / "sulbar-2025.parquet")
        write_population_template(folder / "penduduk.xlsx", load_boundaries(None), Settings())
        shutil.copyfile(folder / "penduduk.xlsx", folder / "penduduk-diy.xlsx")
        for replies in ("balasan", "replies"):
            assert run(["-q", "send", str(folder / "register.xlsx"), "-o", str(folder / replies)]) == 0
        yield folder


@pytest.fixture
def office(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with the files that examples name."""
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda *_: True)  # of --open


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
@pytest.mark.parametrize(("lang", "line"), each_once())
def test_a_documented_command_works(lang: str, line: str) -> None:
    works(line, "--lang", lang)


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("text", sorted({text for page in PAGES for text in _PYTHON.findall(page)}))
def test_the_python_of_the_docs_works(text: str) -> None:
    exec(text, {})


def test_the_run_block_of_the_readme_installs_and_makes_the_sample_set() -> None:
    """What the block runs at last is what test_cli.py compares with the sample set, byte by byte."""
    block = _RUN_BLOCK.search(README)
    assert block is not None
    steps = [step.strip() for step in block[1].split("&&")]
    assert steps == ["python3 -m venv .venv", ".venv/bin/pip install .", ".venv/bin/lks-geo run"]


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
