"""The second process: does what it is given, and whatever happens to it nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from threading import get_native_id

import pandas as pd
import pytest

from lks_geo import thrift
from lks_geo.errors import LksGeoError
from lks_geo.thrift import Second, forget, kept, second_process


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thrift, "_processors", lambda: 2)


@pytest.fixture
def second() -> Iterator[Second]:
    with second_process() as made:
        yield made


def say_who(path: Path) -> None:
    path.write_text(str(os.getpid()))


def fail_there(path: Path) -> None:
    if parent_process() is not None:
        raise ValueError("only in the second process")
    say_who(path)


def die_there(path: Path) -> None:
    if parent_process() is not None:
        os._exit(9)
    say_who(path)


def fail_everywhere(path: Path) -> None:
    raise LksGeoError.of("files.is_folder", path=str(path))


def wait_for_ever(path: Path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(600)


def is_running(pid: int) -> bool:
    """Zombies are done, whoever has not asked for them yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return ") Z " not in Path(f"/proc/{pid}/stat").read_text()


def wait_until(condition: partial[bool]) -> bool:
    for _ in range(300):
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_little_is_kept_for_large_files_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept: list[str] = []
    monkeypatch.setattr(thrift, "keep_little", lambda: kept.append("little"))
    monkeypatch.setattr(thrift, "_LARGE_FILE", 10)
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"0" * 10)
    large.write_bytes(b"0" * 11)
    thrift.keep_little_of(None, small, tmp_path / "none")
    assert kept == []
    thrift.keep_little_of(small, large)
    assert kept == ["little"]
    with pd.option_context("mode.string_storage", "auto"):
        thrift.keep_little_of(large)
        assert pd.get_option("mode.string_storage") == "auto"
        for files, storage in (((small, None), "python"), ((small, large), "pyarrow"), ((small,), "python")):
            thrift.keep_little_of(*files, texts=True)
            assert pd.get_option("mode.string_storage") == storage


def test_works_are_done_elsewhere_and_may_follow_each_other(second: Second, tmp_path: Path) -> None:
    for name in ("a", "b"):
        second.give([partial(say_who, tmp_path / f"{name}{number}") for number in (1, 2)])
        second.done()
    (pid,) = {path.read_text() for path in tmp_path.iterdir()}
    assert len([*tmp_path.iterdir()]) == 4
    assert int(pid) != os.getpid()


def there(number: int) -> tuple[int, bool]:
    return number, parent_process() is not None


def only_here(number: int) -> tuple[int, bool]:
    if parent_process() is not None:
        raise ValueError("only in the second process")
    return there(number)


def test_results_come_back_in_order(second: Second) -> None:
    second.give([partial(there, 1)])
    second.give([])
    second.give([partial(there, 2), partial(there, 3)])
    assert second.done() == [(1, True), (2, True), (3, True)]
    assert second.done() == []
    second.give([partial(there, 4)])
    second.give([partial(only_here, 5)])
    second.give([partial(there, 6)])
    assert second.done() == [(4, True), (5, False), (6, False)]


def test_a_second_process_that_is_not_wanted_is_not_made() -> None:
    with second_process(wanted=False) as missing:
        missing.give([partial(there, 1)])
        assert missing.done() == [(1, False)]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_patient_work_lets_others_go_first() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    usual = priority()
    assert thrift.begun(priority)() == usual
    assert thrift.begun(priority, patient=True)() == max(usual, 10)
    assert priority() == usual


def test_work_in_two_threads_comes_in_order_with_its_errors() -> None:
    for size in range(4):
        assert thrift.in_two_threads(lambda number: -number, range(size)) == [-number for number in range(size)]
    with pytest.raises(ZeroDivisionError):
        thrift.in_two_threads(lambda number: 1 / number, [1, 0])


def test_things_made_ahead_come_in_order_with_their_errors() -> None:
    def made() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ValueError("no more")

    found: list[int] = []
    with pytest.raises(ValueError, match="no more"):
        found.extend(thrift.made_ahead(made()))
    assert [*thrift.made_ahead(iter("ab"))] == ["a", "b"]
    assert [*thrift.made_ahead(iter(()))] == []


@pytest.mark.parametrize("work", [fail_there, die_there])
def test_what_fails_there_is_done_here(work: object, second: Second, tmp_path: Path) -> None:
    works = [partial(say_who, tmp_path / "first"), partial(work, tmp_path / "other")]  # type: ignore[arg-type]
    second.give(works)
    second.done()
    assert (tmp_path / "other").read_text() == str(os.getpid())
    second.give([partial(say_who, tmp_path / "later")])
    second.done()
    assert (tmp_path / "later").read_text() == str(os.getpid())


def test_what_is_wrong_is_said_as_without_it(second: Second, tmp_path: Path) -> None:
    second.give([partial(fail_everywhere, tmp_path)])
    with pytest.raises(LksGeoError):
        second.done()


@pytest.mark.parametrize("why", ["one processor", "refused"])
def test_it_can_be_missing(why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_process: object) -> None:
        raise OSError("no more processes")

    if why == "refused":
        monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    else:
        monkeypatch.setattr(thrift, "_processors", lambda: 1)
    with second_process("lks_geo.geo") as missing:
        missing.give([partial(say_who, tmp_path / "here")])
        missing.done()
    assert (tmp_path / "here").read_text() == str(os.getpid())


def test_it_ends_when_the_first_stops(tmp_path: Path) -> None:
    def stopped() -> None:
        with second_process() as second:
            second.give([partial(wait_for_ever, tmp_path / "pid")])
            assert wait_until(partial(lambda: bool((tmp_path / "pid").exists() and (tmp_path / "pid").read_text())))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_it_ends_when_the_first_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = (
        "from pathlib import Path; from functools import partial; import os, signal, time; import test_thrift as t\n"
        "from lks_geo import thrift; thrift._processors = lambda: 2\n"
        "with thrift.second_process() as second:\n"
        f"    second.give([partial(t.wait_for_ever, Path({str(file)!r}))])\n"
        f"    while not (Path({str(file)!r}).exists() and Path({str(file)!r}).read_text()): time.sleep(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    here = Path(__file__).parent
    around = os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    assert subprocess.run([sys.executable, "-c", code], env=around, check=False).returncode == -9
    assert wait_until(partial(lambda: not is_running(int(file.read_text()))))


def test_what_was_let_go_is_made_anew() -> None:
    class Owner:
        pass

    owner, made = Owner(), list[str]()
    for key in ("one", "two", "one"):
        kept(owner, key, lambda key=key: made.append(key))  # type: ignore[misc]
    forget(owner, "one", "never kept")
    forget(Owner(), "one")
    for key in ("one", "two"):
        kept(owner, key, lambda key=key: made.append(key))  # type: ignore[misc]
    assert made == ["one", "two", "one"]
