"""Files are whole or absent, and nothing is overwritten unasked."""

import errno
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
import xlsxwriter

from lks_geo import shipped
from lks_geo.cli.program import run
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.files import (
    refuse_existing,
    refuse_full_folder,
    require_suffix,
    whole_file,
    whole_files,
    whole_folder,
)


def test_whole_file_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.txt"
    with whole_file(target) as temporary:
        temporary.write_text("x")
        assert not target.exists()
        assert temporary.suffix == ".txt"
    assert target.read_text() == "x"
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_a_failure_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with suppress(ZeroDivisionError), whole_file(target, overwrite=True) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_existing_files_are_refused_with_the_cure(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(LksGeoError, match="--overwrite"):
        refuse_existing(target, overwrite=False)
    with pytest.raises(LksGeoError, match="folder"):
        refuse_existing(tmp_path, overwrite=True)
    refuse_existing(target, overwrite=True)


def test_whole_folder_is_all_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "x"
    with suppress(KeyError), whole_folder(folder) as temporary:
        (temporary / "a").write_text("1")
        raise KeyError
    assert not folder.exists()
    with whole_folder(folder) as temporary:
        (temporary / "a").write_text("1")
    with pytest.raises(LksGeoError, match="--overwrite"), whole_folder(folder):
        pass
    (folder / "mine").write_text("kept")
    with whole_folder(folder, overwrite=True) as temporary:
        (temporary / "a").write_text("2")
    assert (folder / "a").read_text() == "2"
    assert (folder / "mine").read_text() == "kept"
    assert [path.name for path in folder.parent.iterdir()] == ["x"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(LksGeoError), whole_folder(tmp_path / "f"):
        pass
    with pytest.raises(LksGeoError), whole_file(tmp_path / "f" / "below.txt"):
        pass


def test_unknown_suffix() -> None:
    with pytest.raises(RequestError, match=r"\.csv"):
        require_suffix(Path("x.doc"), (".csv",))


def test_files_that_belong_together_come_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the second can't take the place of the one that was there."""
    one, other = tmp_path / "x" / "a.csv", tmp_path / "x" / "a-more.csv"
    with whole_files(one, other) as files:
        for file in files:
            file.write_text("old")
    one.unlink()
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if self == other:
            raise PermissionError(13, "open in another program")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(LksGeoError), whole_files(one, other, overwrite=True) as files:
        _set(files[0].parent, **{file.name: "new" for file in files})
    assert _texts(tmp_path) == {"x/a-more.csv": "old"}


def test_a_full_disk_is_told_of_the_folder_not_of_the_workroom(tmp_path: Path) -> None:
    with (
        pytest.raises(LksGeoError) as caught,
        whole_folder(tmp_path / "out") as folder,
        whole_file(folder / "a.csv"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.message.params["path"] == str(tmp_path / "out")


def _set(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def _texts(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_an_older_set_goes_whole_and_foreign_files_stay(tmp_path: Path) -> None:
    _set(tmp_path / "out", a="old", b="old", mine="mine")
    _set(tmp_path / "out" / "majene", a="old", notes="mine")
    with whole_folder(tmp_path / "out", overwrite=True, replaced=["a", "b", "majene/a", "never"]) as temporary:
        _set(temporary, a="new", c="new")
        _set(temporary / "mamuju", a="new")
    kept = {"mine": "mine", "majene/notes": "mine"}
    assert _texts(tmp_path / "out") == {"a": "new", "c": "new", "mamuju/a": "new", **kept}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("fails", range(4))
def test_one_file_that_cannot_be_replaced_keeps_all_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    _set(tmp_path / "out", a="old", b="old", mine="mine")
    rename, moves = Path.rename, iter(range(99))

    def locked(self: Path, target: Path) -> Path:
        if next(moves) == fails:
            raise PermissionError(13, "open in another program")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    with (
        pytest.raises(LksGeoError, match=r"cannot be written|tidak dapat ditulis"),
        whole_folder(tmp_path / "out", overwrite=True, replaced=["a", "b"]) as temporary,
    ):
        _set(temporary, a="new", c="new")
    assert _texts(tmp_path / "out") == {"a": "old", "b": "old", "mine": "mine"}


@pytest.mark.parametrize("killed", range(5))
def test_what_a_killed_process_left_is_put_back_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: int
) -> None:
    folder = tmp_path / "out"
    _set(folder, a="old", b="old", mine="mine")
    code = f"""
import os
from pathlib import Path
from lks_geo.files import whole_folder
rename, moves = Path.rename, iter(range(99))
def move(self, target):
    if next(moves) == {killed}:
        os._exit(9)
    return rename(self, target)
Path.rename, unlink = move, Path.unlink
Path.unlink = lambda self, *rest, **more: os._exit(9) if self.name == "made" else unlink(self, *rest, **more)
with whole_folder(Path({str(folder)!r}), overwrite=True, replaced=["a", "b"]) as new:
    (new / "a").write_text("new")
    (new / "c").write_text("new")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with pytest.raises(LksGeoError, match="--overwrite"):
        refuse_full_folder(folder, overwrite=False)
    assert _texts(folder) == {"a": "old", "b": "old", "mine": "mine"}


def test_two_processes_never_write_to_one_target(tmp_path: Path) -> None:
    for work, target in ((whole_folder, tmp_path / "new"), (whole_folder, tmp_path), (whole_file, tmp_path / "f.csv")):
        with work(target, overwrite=True) as temporary:
            made = temporary / "a" if work is whole_folder else temporary
            made.write_text("first")
            code = f"from pathlib import Path; from lks_geo.files import {work.__name__} as work\n"
            code += f"with work(Path({str(target)!r}), overwrite=True): pass"
            other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            assert "lks-geo" in other.stderr.splitlines()[-1]
            assert "sedang ditulis" in other.stderr
    assert _texts(tmp_path) == {"new/a": "first", "a": "first", "f.csv": "first"}


def test_leftovers_of_a_killed_process_go(tmp_path: Path) -> None:
    code = "import os, sys\nfrom pathlib import Path\nfrom lks_geo.files import whole_file, whole_folder\n"
    code += "with {}(Path(sys.argv[1])) as path:\n    path.with_name('half').write_text('x')\n    os._exit(9)"
    for work, target in ((whole_file, tmp_path / "a.csv"), (whole_folder, tmp_path / "out")):
        subprocess.run([sys.executable, "-c", code.format(work.__name__), str(target)], check=False)
        assert len(list(tmp_path.glob(".lks-geo-*"))) == 1
        with work(target) as temporary:
            (temporary if work is whole_file else temporary / "a").write_text("x")
        assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(sys.platform == "win32", reason="names of devices and long names differ")
def test_targets_that_no_file_can_have_are_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    for target in (
        tmp_path / ("x" * 300 + ".csv"),
        Path("/proc/nothing.csv"),
        tmp_path / "f" / "x.csv",
        Path("/dev/null"),
    ):
        with pytest.raises(LksGeoError):
            refuse_existing(target, overwrite=True)
    with pytest.raises(LksGeoError):
        refuse_full_folder(Path("/proc/nothing"), overwrite=True)


@pytest.mark.skipif(sys.platform == "win32", reason="names are shorter there")
def test_names_that_a_library_does_not_take(tmp_path: Path) -> None:
    """SQLite makes a longer name beside its file, GDAL takes no line break; neither takes any path."""
    for name in ("x" * 250 + ".db", "a\nb.db"):
        with whole_file(tmp_path / name) as temporary, closing(sqlite3.connect(temporary)) as database:
            database.execute("CREATE TABLE a (b)")
    folder = tmp_path.joinpath(*["y" * 200] * 3)
    folder.mkdir(parents=True)
    with (
        pytest.raises(LksGeoError, match=r"terlalu panjang|too long"),
        whole_file(folder / "a.db") as temporary,
    ):
        sqlite3.connect(temporary).execute("CREATE TABLE a (b)")


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(LksGeoError, match="disk") as caught, whole_file(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "No space" not in str(caught.value)
    with pytest.raises(LksGeoError, match="disk"), whole_file(tmp_path / "a.xlsx"):
        raise xlsxwriter.exceptions.FileCreateError from OSError(errno.ENOSPC, "No space left on device")


def test_ctrl_c_waits_until_all_files_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(tmp_path / "out", a="old", b="old")
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as the program is started
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "out", overwrite=True) as temporary:
        _set(temporary, a="new", b="new")
    signal.signal(signal.SIGINT, before)
    assert _texts(tmp_path / "out") == {"a": "new", "b": "new"}


def test_what_somebody_put_there_after_a_kill_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    _set(folder, a="old", b="old")
    code = f"""
import os
from pathlib import Path
from lks_geo.files import whole_folder
rename = Path.rename
def move(self, target):
    if self.name == "b" and "new" in self.parts:
        os._exit(9)
    return rename(self, target)
Path.rename = move
with whole_folder(Path({str(folder)!r}), overwrite=True, replaced=["a", "b"]) as new:
    (new / "a").write_text("new")
    (new / "b").write_text("new")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    (folder / "b").write_text("mine")
    (folder / "a").write_text("mine, too")
    with pytest.raises(LksGeoError):
        refuse_full_folder(folder, overwrite=False)
    assert _texts(folder) == {"a": "mine, too", "b": "mine"}


def test_a_file_written_into_a_mixed_set_sees_the_old_one_first(tmp_path: Path) -> None:
    _set(tmp_path, a="old")
    code = f"""
import os
from pathlib import Path
from lks_geo.files import whole_folder
Path.unlink = lambda self, *rest, **more: os._exit(9)
with whole_folder(Path({str(tmp_path)!r}), overwrite=True, replaced=["a"]) as new:
    (new / "b").write_text("new")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with pytest.raises(LksGeoError, match="--overwrite"), whole_file(tmp_path / "a"):
        pass
    assert _texts(tmp_path) == {"a": "old"}


@pytest.mark.parametrize("form", ["folder for a file", "file for a folder", "link for a folder"])
def test_what_is_no_file_of_a_set_is_never_replaced(tmp_path: Path, form: str) -> None:
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    _set(elsewhere, a="mine")
    _set(folder, b="old")
    if form == "folder for a file":
        _set(folder / "a", mine="mine")
    elif form == "file for a folder":
        (folder / "sub").write_text("mine")
    else:
        (folder / "sub").symlink_to(elsewhere)
    before = _texts(folder)

    def make() -> None:
        with whole_folder(folder, overwrite=True, replaced=["b"]) as temporary:
            _set(temporary, **({"a": "new"} if form == "folder for a file" else {}))
            _set(temporary / "sub", a="new")

    with pytest.raises(LksGeoError):
        make()
    assert _texts(folder) == before
    assert _texts(elsewhere) == {"a": "mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    "words",
    [
        ["check", "x.xlsx"], ["boundaries", "info", "x.gpkg"], ["boundaries", "import", "x.gpkg", "-o", "y.parquet"],
        ["boundaries", "import", "kosong", "-o", "y.parquet"], ["coverage", "-o", "x.csv"], ["run", "-o", "sub"],
    ],
)  # fmt: skip
def test_links_in_a_circle_and_empty_folders_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x.xlsx", "x.gpkg", "x.csv", "sub"):
        (tmp_path / name).symlink_to(tmp_path / name)
    (tmp_path / "kosong").mkdir()
    told = [*words[:1], str(shipped.EXAMPLE_REGISTER), *words[1:]] if words[0] == "coverage" else words
    assert run(["-q", *told]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "Maksud Anda" not in message, "the same name once more is no help"
    assert not (tmp_path / "y.parquet").exists()


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").symlink_to(tmp_path / "x.csv")
    with pytest.raises(LksGeoError):
        refuse_existing(tmp_path / "x.csv", overwrite=True)
