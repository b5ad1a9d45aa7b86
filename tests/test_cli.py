"""The program as a user meets it: outputs, exit codes, and one or two lines for whatever is wrong."""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import report_world

from lks_geo import result_set, shipped, thrift
from lks_geo.cli.program import _globals_first, run
from lks_geo.messages import Texts
from lks_geo.pipeline import Measured, World, measure_world, no_progress, with_sensitivity
from lks_geo.request import Request
from lks_geo.thrift import second_process

EXAMPLE = str(shipped.EXAMPLE_REGISTER)
ALL_OUTPUTS = {
    "peta.html", "cakupan.xlsx", "cakupan.gpkg", "cakupan.qgs", "belum-terlayani.csv", "mutu-data.xlsx", "laporan.pptx",
    "laporan.pdf", "manifest.json", "datapackage.json",
    *(f"peta-{group}.png" for group in ("anak", "lansia", "disabilitas", "napza", "kekerasan")),
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_run_writes_the_whole_set(sample_set: Path) -> None:
    assert {path.name for path in sample_set.iterdir()} == ALL_OUTPUTS


def test_a_second_run_refuses_with_one_line(sample_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in sample_set.iterdir()}
    assert run(["run", "-o", str(sample_set)]) == 1
    assert len(lines(capsys.readouterr().err)) == 1
    assert {path.name: path.stat().st_mtime_ns for path in sample_set.iterdir()} == before


def test_run_asked_for_one_file_says_what_it_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", EXAMPLE, "-o", "hasil.xlsx"]) == 2
    told = lines(capsys.readouterr().err)
    assert len(told) <= 2
    assert "-o hasil," in told[0]
    assert not Path("hasil.xlsx").exists()


def test_names_longer_than_any_file_are_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 300
    for words in (["check", f"{long}.xlsx"], ["template", "-o", f"{long}.xlsx"], ["check", long], [long, long]):
        assert run(words) in (1, 2), words
        assert 1 <= len(lines(capsys.readouterr().err)) <= 2, words


@pytest.mark.parametrize(
    ("command", "flag"),
    [
        ("map {} -o x.html --paper A3", "--paper"),
        ("map {} -o x.pdf --dpi 300", "--dpi"),
        ("report {} -o x.pdf --editable-maps", "--editable-maps"),
        ("coverage {} -o x.xlsx --csv id", "--csv"),
        ("plan {} --group anak -o x.gpkg --csv raw", "--csv"),
    ],
)
def test_an_option_that_does_nothing_for_a_kind_of_file_is_told(
    command: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command.format(EXAMPLE).split()) == 2
    told = lines(capsys.readouterr().err)
    assert len(told) <= 2
    assert told[0].removeprefix("Galat: ").startswith(f"{flag} tidak berlaku untuk ")


def test_each_kabupaten_has_a_folder_about_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_set, "OWN_OUTPUTS", ("belum-terlayani.csv",))
    outputs, seen = result_set._outputs, {}

    def spied(made: Measured, *rest: Any) -> Any:
        seen[made.world.settings.kabupaten] = made
        return outputs(made, *rest)

    monkeypatch.setattr(result_set, "_outputs", spied)
    coverage = replace(report_world.sulbar(), sensitivity=pd.DataFrame())
    request = Request(settings=coverage.settings, csv_style="raw")
    world = World(
        register=coverage.register, boundaries=coverage.boundaries, population=coverage.population,
        settings=coverage.settings,
    )  # fmt: skip
    made = Measured(world=world, full=coverage, coverage=coverage)
    with second_process() as second:
        written = list(result_set._write_kabupaten(tmp_path, tmp_path, made, request, second, no_progress))
    names = list(coverage.boundaries.names("kabupaten")["nama"])
    assert sorted(written) == sorted(f"{name}/belum-terlayani.csv" for name in names)
    for name in names:
        listed = pd.read_csv(tmp_path / name / "belum-terlayani.csv")
        assert set(listed["kabupaten"]) == {name}
    mamasa = replace(world, settings=replace(coverage.settings, kabupaten=("76.03",)))
    (asked,) = with_sensitivity(mamasa, [measure_world(mamasa, mamasa.settings)])
    for own in (seen[("76.03",)].full, seen[("76.03",)].coverage):
        pd.testing.assert_frame_equal(own.table, asked.table)
        pd.testing.assert_frame_equal(own.sensitivity, asked.sensitivity)
        assert own.totals == asked.totals
    row = asked.sensitivity.query("jangkauan_km == 10 and kelompok == 'lansia'").iloc[0]
    assert row["cakupan"] == pytest.approx(asked.at("kabupaten", "lansia").loc["76.03", "cakupan"])


def test_names_of_folders_are_those_that_windows_takes() -> None:
    names = {"1": "Aux", "2": "Kep. A/B", "3": "Kota X", "4": "kota x", "5": "Biasa.", "6": "com1.txt"}
    assert result_set.safe_names(names) == {
        "1": "Aux 1", "2": "Kep. A B", "3": "Kota X 3", "4": "kota x 4", "5": "Biasa", "6": "com1.txt 6",
    }  # fmt: skip


@pytest.mark.long
def test_same_input_same_bytes(sample_set: Path) -> None:
    """Also in another folder, and with what it says on screen: README's command, `lks-geo run`, writes just these."""
    assert run(["run", "--date", "2026-11-24"]) == 0
    again = Path("outputs") / shipped.EXAMPLE_REGISTER.stem
    assert {path.name for path in again.iterdir()} == ALL_OUTPUTS
    assert [name for name in ALL_OUTPUTS if (sample_set / name).read_bytes() != (again / name).read_bytes()] == []


@pytest.fixture
def ready_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process begins as the copy of one that has all modules: to import them takes longer than a register."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["lks_geo.register.reading.raw"])
        monkeypatch.setattr(multiprocessing, "get_context", lambda _kind: context)


def test_how_texts_are_held_changes_no_byte(
    tmp_path: Path, ready_processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one kabupaten: most rows of the register are from others."""
    desa, some = gpd.read_parquet(shipped.BOUNDARIES), tmp_path / "batas.parquet"
    desa[desa["kode_kabupaten"] == "76.05"].to_parquet(some)
    for folder, most in (("python", 2**40), ("pyarrow", 0)):
        monkeypatch.setattr(thrift, "_LARGE_FILE", most)
        monkeypatch.setattr(thrift, "keep_little", lambda: None)
        (tmp_path / folder).mkdir()
        with pd.option_context("mode.string_storage", "auto"):
            for name, command in (
                ("cakupan.parquet", ["coverage"]), ("cakupan.gpkg", ["coverage"]), ("peta.html", ["map"]),
                ("mutu.json", ["check"]), ("perubahan.csv", ["compare", EXAMPLE]),
                ("rencana.parquet", ["plan", "--kabupaten", "Majene", "--group", "lansia", "--sites", "2"]),
            ):  # fmt: skip
                asked = ["-q", *command, EXAMPLE, "--boundaries", str(some), "-o", str(tmp_path / folder / name)]
                assert run(asked) == 0
            assert pd.get_option("mode.string_storage") == folder
    for path in (tmp_path / "python").iterdir():
        assert path.read_bytes() == (tmp_path / "pyarrow" / path.name).read_bytes(), path.name


@pytest.fixture
def large(ready_processes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every register is a large one, and this machine has two processors."""
    monkeypatch.setattr(thrift, "_LARGE_FILE", 0)
    monkeypatch.setattr(thrift, "_processors", lambda: 2)
    monkeypatch.setattr(thrift, "keep_little", lambda: None)


def test_large_registers_are_read_in_a_second_process(
    tmp_path: Path, large: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lks_geo.register.reading.raw.open_sheets", lambda _path: pytest.fail("it was opened here"))
    for command in (["check", EXAMPLE], ["compare", EXAMPLE, EXAMPLE]):
        assert run(["-q", *command, "-o", str(tmp_path / "x.csv"), "--overwrite"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(thrift, "_processors", lambda: 1)
    with pytest.raises(pytest.fail.Exception):
        run(["--debug", "check", EXAMPLE, "-o", str(tmp_path / "y.csv")])


@pytest.mark.parametrize("text", ["", "Nama,Alamat\nLKS A,Jalan B\n", "\0\0"])
def test_what_is_wrong_with_a_large_register_is_told_as_of_a_small_one(
    text: str, tmp_path: Path, large: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, told = tmp_path / "lks.csv", []
    path.write_text(text, encoding="utf-8")
    for most in (-1, 2**40):
        monkeypatch.setattr(thrift, "_LARGE_FILE", most)
        told.append((run(["check", str(path)]), capsys.readouterr()))
    assert told[0] == told[1]
    assert told[0][0] == 1


def test_the_manifest_says_what_went_in(sample_set: Path) -> None:
    manifest = json.loads((sample_set / "manifest.json").read_text(encoding="utf-8"))
    assert str(sample_set) not in json.dumps(manifest)
    assert "DATA CONTOH" in json.dumps(manifest, ensure_ascii=False)


def test_coverage_has_every_area_and_group(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    assert run(["-q", "coverage", EXAMPLE, "-o", str(target)]) == 0
    table = pd.read_csv(target, dtype={"kode": "str", "kode_bps": "str"})
    assert len(table) == (648 + 69 + 6 + 1) * 5
    assert list(table.columns[:7]) == ["level", "kode", "kode_bps", "nama", "kecamatan", "kabupaten", "kelompok"]
    assert table.groupby("level").size().to_dict() == {"desa": 3240, "kecamatan": 345, "kabupaten": 30, "provinsi": 5}


def test_coverage_without_output_is_csv_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-q", "coverage", EXAMPLE, "--level", "provinsi", "--group", "Lansia"]) == 0
    written = lines(capsys.readouterr().out)
    assert len(written) == 2
    assert "Sulawesi Barat" in written[1]


def test_unserved_lists_only_the_kabupaten(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["unserved", EXAMPLE, "--group", "lansia", "--kabupaten", "mamasa", "--top", "5"]) == 0
    shown = capsys.readouterr().out
    assert "belum terlayani LKS lansia" in shown
    assert shown.count("Mamasa") >= 5
    assert "Polewali Mandar" not in shown


def test_check_strict_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mutu.json"
    code = run(["check", EXAMPLE, "--strict", "-o", str(target)])
    report = json.loads(target.read_text(encoding="utf-8"))
    counts = report["jumlah"]
    assert counts["baris"] == 169
    assert counts["baris"] == sum(counts[outcome] for outcome in ("diterima", "diperbaiki", "meragukan", "ditolak"))
    assert code == (1 if counts["meragukan"] + counts["ditolak"] else 0)
    assert "diterima" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "none.xlsx"], 1, "none.xlsx"),
        (["coverage", EXAMPLE, "--group", "lansai"], 2, "lansia"),
        (["coverage", EXAMPLE, "--kabupaten", "Mamsa"], 2, "Mamasa"),
        (["coverage", EXAMPLE, "--reach", "0"], 2, "--reach"),
        (["coverage", EXAMPLE, "--reach", "7,5"], 2, "7.5"),
        (["coverage", EXAMPLE, "-o", EXAMPLE, "--overwrite"], 2, "masukan"),
        (["check", EXAMPLE, "-o", EXAMPLE, "--overwrite"], 2, "masukan"),
        (["coverage", EXAMPLE, "--column", "lintang"], 2, "lintang=Y"),
        (["coverage", EXAMPLE, "--population-model", "grid"], 2, "--population-grid"),
        (["coverage", EXAMPLE, "-o", "x.doc"], 2, ".csv"),
        (["coverage", EXAMPLE, "-o", "x.csv", "--boundaries", "none.gpkg"], 1, "none.gpkg"),
        (["coverage", EXAMPLE, "-o", "x.csv", "--population", "none.csv"], 1, "none.csv"),
        (["--config", "none.toml", "check", EXAMPLE], 1, "none.toml"),
        (["map"], 2, "REGISTER"),
        (["chek", EXAMPLE], 2, "chek"),
        (["check", EXAMPLE, "--strickt"], 2, "--strict"),
        (["check", EXAMPLE, "--sheet", "Lembar9"], 2, "Lembar9"),
    ],
)
def test_troubles_are_told_in_two_lines(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(arguments) == code
    output = capsys.readouterr()
    assert said in output.err
    assert "Traceback" not in output.err
    assert "tak terduga" not in output.err
    assert 1 <= len(lines(output.err)) <= 2
    assert output.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_end_is_shortened_on_the_screen_and_whole_in_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Panti " + "Melati " * 500
    register, table = tmp_path / "lks.csv", tmp_path / "mutu.json"
    register.write_text(f"Nama LKS,Layanan,Kabupaten\n{name},Ajaib,Mamasa\n", encoding="utf-8")
    assert run(["check", str(register), "-o", str(table)]) == 0
    assert max(map(len, capsys.readouterr().err.splitlines())) < 500
    assert json.loads(table.read_text("utf-8"))["baris"][0]["nama"] == name.strip()


@pytest.mark.parametrize("sign", ["\udcff", "\x1b[31m", "\x07"])
@pytest.mark.parametrize(
    "words", [["send", EXAMPLE, "-o", "k", "--to"], ["boundaries", "import", "b.gpkg", "-o", "b.parquet", "--licence"]]
)
def test_words_that_no_document_can_hold_are_refused(
    words: list[str], sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, f"Dinas {sign} Sosial"]) == 2
    told = capsys.readouterr().err
    assert words[-1] in told
    assert sign not in told


def test_a_register_gives_no_commands_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sign = "\x1b]0;X\x07\x9b2J"
    odd = tmp_path / f"reg{sign}.csv"
    row = f"{sign}LKS Mekar{sign},anak,-2.6{sign},118.9,Kari{sign}ng,Mamuju{sign}"
    odd.write_text(f"nama,kelompok,lintang,bujur,desa,kabupaten,s{sign}\n{row},x\n", encoding="utf-8")
    (tmp_path / "tanpa.csv").write_text(f"a{sign},b\n{sign},1\n", encoding="utf-8")
    words = (["check", str(odd)], ["check", "tanpa.csv"], ["profile", str(odd)], ["coverage", str(odd), "-o", "c.csv"])
    for command in (*words, ["check", f"tidak-ada{sign}.csv"]):
        assert run(command) in (0, 1)
        assert not set("\x1b\x07\x9b") & set("".join(capfd.readouterr())), command
    assert not set(b"\x1b\x07") & set(Path("c.csv").read_bytes())


def test_a_file_that_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.xlsx", "a.csv", "a.gpkg", "a.parquet", "a.xls", "a.ods", "a.geojson"):
        (tmp_path / name).write_bytes(b"\x00\x01not a table")
        assert run(["check", name]) == 1
        assert 1 <= len(lines(capsys.readouterr().err)) <= 2


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other permissions there")
def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(["-q", "coverage", EXAMPLE, "-o", "file/x.csv"]) == 1
    assert len(lines(capsys.readouterr().err)) == 1
    assert run(["-q", "run", "-o", "file"]) == 1


def test_run_never_replaces_its_own_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = tmp_path / "cakupan.xlsx"
    register.write_bytes(shipped.EXAMPLE_REGISTER.read_bytes())
    assert run(["run", str(register), "-o", str(tmp_path), "--overwrite"]) == 2
    assert "cakupan.xlsx" in capsys.readouterr().err
    assert register.read_bytes() == shipped.EXAMPLE_REGISTER.read_bytes()


def test_the_language_of_the_settings_file_holds_for_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "en.toml").write_text('bahasa = "en"\n', encoding="utf-8")
    assert run(["--config", "en.toml", "coverage", EXAMPLE, "--group", "x"]) == 2
    assert "Unknown group" in capsys.readouterr().err


def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    indonesian = capsys.readouterr().out
    assert run(["run", "--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "Cara pakai:" in indonesian
    assert "Pilihan:" in indonesian
    assert "Usage:" in english
    assert "Replace existing results." in english


def test_english_help_is_english(capsys: pytest.CaptureFixture[str]) -> None:
    run(["coverage", "--lang", "en", "--help"])
    assert "FIELD=HEADING" in (text := capsys.readouterr().out)
    assert "JUDUL" not in text


@pytest.mark.parametrize(("words", "meant"), [
    (["cek"], "check"), (["chek"], "check"), (["Peta"], "map"), (["unserved", "--kelompok", "lansia"], "--group"),
    (["unserved", "--groep", "lansia"], "--group"), (["map", "--bahasa", "en"], "--lang"),
])  # fmt: skip
def test_words_that_people_type_lead_to_the_command(
    words: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert f"Mungkin maksud Anda: {meant}" in capsys.readouterr().err


def test_nothing_is_suggested_without_cause(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["xyzzy"]) == 2
    assert "Mungkin" not in capsys.readouterr().err


def test_global_options_may_follow_the_command() -> None:
    moved = _globals_first(["run", "a", "--lang", "en", "-q", "--", "-v"])
    assert moved == ["--lang", "en", "-q", "run", "a", "--", "-v"]
    assert _globals_first(["run", "--config=x.toml"]) == ["--config=x.toml", "run"]


def test_the_program_is_quick_to_help() -> None:
    """`--help` must not import the heavy libraries."""
    import subprocess

    code = (
        "import sys; from lks_geo.cli.program import run; run(['--help']);"
        "print([m for m in ('pandas', 'geopandas', 'matplotlib', 'folium', 'scipy', 'babel') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.rstrip().endswith("[]")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_goes_away_is_no_trouble() -> None:
    words = [sys.executable, "-m", "lks_geo", "settings", "--all"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(words, stdout=gone, stderr=subprocess.PIPE, check=False, cwd=Path(__file__).parent.parent)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["settings"], ["--help"], ["boundaries", "info"]])
def test_standard_output_that_cannot_be_written_is_told_as_that(words: list[str]) -> None:
    command = [sys.executable, "-m", "lks_geo", *words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr.splitlines()) == (1, [Texts()("cli.lost_output")])
