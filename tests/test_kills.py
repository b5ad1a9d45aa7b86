"""A run that is killed at any moment leaves old results whole and new ones absent; the next run needs no cure.

`LKS_GEO_SEEDS=50 pytest -m long tests/test_kills.py` kills fifty of each kind.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]
SEEDS = int(os.environ.get("LKS_GEO_SEEDS", "2"))
EXAMPLE = Path(__file__).parents[1] / "data" / "contoh-register-lks.xlsx"
BOUNDARIES = Path(__file__).parents[1] / "boundaries" / "sulbar-2025.parquet"
QUICK = ["--kabupaten", "Majene", "--group", "anak"]
COMMANDS = {
    "run": ["run", "reg.xlsx", "-o", "hasil", *QUICK],
    "send": ["send", "reg.xlsx", "-o", "hasil", "--due", "2026-12-31"],
    "receive": ["receive", "reg.xlsx", "kirim", "-o", "hasil.xlsx"],
    "plan": ["plan", "reg.xlsx", "--group", "anak", "-o", "hasil.xlsx"],
    "compare": ["compare", "reg.xlsx", "reg.xlsx", "-o", "hasil.xlsx"],
    "import": ["boundaries", "import", str(BOUNDARIES), "-o", "hasil.parquet"],
    "map": ["map", "reg.xlsx", "-o", "hasil.html"],
}


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


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_moment(tmp_path: Path, name: str) -> None:
    shutil.copy(EXAMPLE, tmp_path / "reg.xlsx")
    if name == "receive":
        finished(tmp_path, ["send", "reg.xlsx", "-o", "kirim", "--due", "2026-12-31"])
    command, before = COMMANDS[name], state(tmp_path)
    whole = finished(tmp_path, command)
    after = state(tmp_path)
    other = tmp_path / "hasil" / "catatan.txt" if (tmp_path / "hasil").is_dir() else tmp_path / "catatan.txt"
    for seed in range(SEEDS):
        dice = random.Random(f"{name} {seed}")
        overwrite = seed % 2 == 0
        if not overwrite:
            shutil.rmtree(tmp_path / "hasil", ignore_errors=True)
            for file in tmp_path.glob("hasil.*"):
                file.unlink()
        else:
            other.write_text("milik orang lain")
        number = dice.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
        with start(tmp_path, [*command, "--overwrite"] if overwrite else command) as process:
            time.sleep(dice.uniform(0.3, whole))
            process.send_signal(number)
            process.communicate()
        left = seen(tmp_path)
        foreign = {} if not overwrite else {other.relative_to(tmp_path).as_posix(): left.get("", "")}
        left = {file: content for file, content in left.items() if file not in foreign}
        assert left in (before, after), f"{name}, seed {seed}: a part of the results"
        assert not overwrite or left == after
        finished(tmp_path, [*command, "--overwrite"])
        whole_again = {file: content for file, content in state(tmp_path).items() if file not in foreign}
        assert whole_again == after, f"{name}, seed {seed}: leftovers, or other results"
        other.unlink(missing_ok=True)
