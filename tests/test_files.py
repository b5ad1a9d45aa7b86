"""Files are whole or absent, and nothing is overwritten unasked."""

from contextlib import suppress
from pathlib import Path

import pytest

from lks_geo.errors import LksGeoError, RequestError
from lks_geo.files import refuse_existing, require_suffix, whole_file, whole_folder


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
