"""A run that is killed at any moment leaves old results whole, new ones absent and no process; the next run needs no
cure.

`LKS_GEO_SEEDS=50 pytest -m long tests/test_kills.py` kills fifty of each kind; with
`LKS_GEO_FIRST_SEED=50` they are others.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from registers import clean_rows, page, soil, write_pages

from lks_geo.tables import Boundaries

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]
FIRST, SEEDS = (int(os.environ.get(f"LKS_GEO_{name}", usual)) for name, usual in (("FIRST_SEED", "0"), ("SEEDS", "2")))
B = ["--boundaries", "batas.gpkg"]
SEND = ["send", "reg.xlsx", "--due", "2026-12-31", *B]
COMMANDS = {
    "run new": ["run", "reg.xlsx", "-o", "hasil", "--group", "anak", *B],
    "run over": ["run", "reg.xlsx", "-o", "hasil", "--group", "anak", *B],
    "send": [*SEND, "-o", "hasil"],
    "receive": ["receive", "reg.xlsx", "kirim", "-o", "hasil.xlsx", *B],
    "plan": ["plan", "reg.xlsx", "--group", "anak", "-o", "hasil.xlsx", *B],
    "compare": ["compare", "reg.xlsx", "reg.xlsx", "-o", "hasil.xlsx", *B],
    "import": ["boundaries", "import", "batas.gpkg", "-o", "hasil.parquet"],
    "map": ["map", "reg.xlsx", "-o", "hasil.html", *B],
}
"""By kind; a kind that ends in "new" or "over" is always that, the others are both in turn."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sulbar_boundaries: Boundaries) -> Path:
    """A folder with the boundaries of one kabupaten and a register of it."""
    folder = tmp_path_factory.mktemp("dunia")
    desa = sulbar_boundaries.desa
    some = desa[desa["kode_kabupaten"] == "76.05"].reset_index()
    some[["kode", "kode_bps", "nama", "kecamatan", "kabupaten", "provinsi", "geometry"]].to_file(folder / "batas.gpkg")
    rows = [row for row in clean_rows(36) if row["kabupaten"] == "Majene"]
    write_pages(folder / "reg.xlsx", [soil(page(rows), ["no_status"])])
    return folder


def start(folder: Path, command: list[str]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "lks_geo", "-q", *command]
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1790000000"}
    return subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(folder: Path, command: list[str]) -> float:
    """Seconds that the whole command took; it must succeed."""
    begin = time.monotonic()
    with start(folder, command) as process:
        told = process.communicate()[1].decode()
    assert process.returncode == 0, told
    return time.monotonic() - begin


def state(folder: Path) -> dict[str, str]:
    """Every file below, hidden ones too, by its content."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def seen(folder: Path) -> dict[str, str]:
    """The files that a person sees."""
    return {name: content for name, content in state(folder).items() if ".lks-geo-" not in name}


def alone(folder: Path) -> bool:
    """Whether, within a while, no process works in the folder any more (where processes can be looked at)."""
    for _ in range(200):
        where = []
        for process in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):  # ended meanwhile, or somebody else's
                where.append(process.readlink())
        if folder not in where:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("kind", COMMANDS)
def test_killed_at_any_moment(tmp_path: Path, world: Path, kind: str) -> None:
    shutil.copytree(world, tmp_path, dirs_exist_ok=True)
    if kind == "receive":
        finished(tmp_path, [*SEND, "-o", "kirim"])
    command, before = COMMANDS[kind], state(tmp_path)
    whole = finished(tmp_path, command)
    after = state(tmp_path)
    foreign = tmp_path / "hasil" / "catatan.txt" if (tmp_path / "hasil").is_dir() else tmp_path / "catatan.txt"
    for seed in range(FIRST, FIRST + SEEDS):
        dice = random.Random(f"{kind} {seed}")
        overwrite = not kind.endswith("new") and (kind.endswith("over") or seed % 2 == 0)
        there, kept = after, {}
        if overwrite:
            foreign.write_text(f"milik orang lain {seed}")
            kept = {name: content for name, content in state(tmp_path).items() if name not in after}
        else:
            shutil.rmtree(tmp_path / "hasil", ignore_errors=True)
            for file in tmp_path.glob("hasil.*"):
                file.unlink()
            there = before
        number = dice.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
        with start(tmp_path, [*command, "--overwrite"] if overwrite else command) as process:
            time.sleep(dice.uniform(0.3, whole))
            process.send_signal(number)
            process.communicate()
        assert alone(tmp_path), f"{kind}, seed {seed}: a process is left"
        left = seen(tmp_path)
        assert left in (there | kept, after | kept), f"{kind}, seed {seed}: a part of the results"
        finished(tmp_path, [*command, "--overwrite"])
        assert state(tmp_path) == after | kept, f"{kind}, seed {seed}: leftovers, or other results"
        foreign.unlink(missing_ok=True)
