"""What a whole process costs: wall time, processor time and the peak memory of it and all that it starts (Linux)."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_LOOK_EVERY_S = 0.05
_REST = 10
"""So many times as long as a look at a process takes, it is left alone: looking stops it while its pages are counted,
and of 2 GB at every twentieth of a second that took a third of a processor."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """`wall` and `cpu` in seconds, `gb`: the peak of the resident memory of the process tree, in which pages that
    several processes share count once. `last`: seconds after the last step that the command told of (a line of standard
    error that ends with "…")."""

    wall: float
    cpu: float
    gb: float
    last: float


def costs(works: Sequence[Sequence[str]], runs: int = 1) -> list[Cost]:
    """Of each `python ARGUMENTS` the median of several runs, which take turns, because the speed of a machine wavers; a
    run that fails ends the benchmark."""
    rounds = [[_once([sys.executable, *arguments]) for arguments in works] for _ in range(runs)]
    return [_median(each) for each in zip(*rounds, strict=True)]


def _median(each: Sequence[Cost]) -> Cost:
    wall, cpu, last = (statistics.median(getattr(one, name) for one in each) for name in ("wall", "cpu", "last"))
    return Cost(wall=wall, cpu=cpu, last=last, gb=max(one.gb for one in each))


def _once(command: Sequence[str]) -> Cost:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak, ended = [0.0], Event()
    watcher = Thread(target=_watch, args=(process.pid, peak, ended), daemon=True)
    watcher.start()
    told, said = start, []
    for line in process.stderr or ():
        said.append(line)
        told = time.perf_counter() if line.endswith("…\n") else told
    _, status, used = os.wait4(process.pid, 0)
    end = time.perf_counter()
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}\n{''.join(said)}")
    return Cost(wall=end - start, cpu=used.ru_utime + used.ru_stime, gb=peak[0], last=end - told)


def _watch(pid: int, peak: list[float], ended: Event) -> None:
    pause = _LOOK_EVERY_S
    while not ended.wait(pause):
        start = time.perf_counter()
        peak[0] = max(peak[0], _resident_gb(pid))
        pause = max(_LOOK_EVERY_S, _REST * (time.perf_counter() - start))


def _resident_gb(pid: int) -> float:
    """The memory of a process and of its children, now (their proportional set size)."""
    try:
        facts = dict(line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        own = int(facts["Pss"].split()[0]) / 1024**2
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    return own + sum(_resident_gb(int(child)) for child in children)
