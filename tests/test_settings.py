"""The settings file: every key is documented, wrong keys and values are named with the nearest right one."""

import re
from datetime import date
from pathlib import Path

import pytest

from lks_geo.catalogue import OWN_COLOURS
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.settings import Settings
from lks_geo.settings_file import load_settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "lks-geo.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_without_a_file() -> None:
    assert load_settings(None) == Settings()
    assert [group.key for group in Settings().groups] == ["anak", "lansia", "disabilitas", "napza", "kekerasan"]


def test_a_day_may_have_a_time(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "tanggal = 2026-01-31T10:30:00")).day == date(2026, 1, 31)


@pytest.mark.parametrize(("line", "model"), [("", "grid"), ('model_penduduk = "area"\n', "area")])
def test_a_raster_means_the_grid_unless_the_model_is_named(tmp_path: Path, line: str, model: str) -> None:
    settings = load_settings(write(tmp_path, f'{line}raster_penduduk = "penduduk.tif"\n'))
    assert (settings.population_model, settings.population_grid) == (model, Path("penduduk.tif"))


def test_a_whole_file(tmp_path: Path) -> None:
    settings = load_settings(
        write(
            tmp_path,
            """
            bahasa = "en"
            instansi = "Dinas Sosial Contoh"
            jangkauan_km = 12.5
            ambang_terjangkau = 0.7
            hanya_aktif = false
            tanggal = 2026-01-31
            perkembangan = ["mandiri"]

            [kelompok.lansia]
            jangkauan_luar_panti_km = 3
            sensitif = true
            warna = "#1d4b66"

            [kelompok.odha]
            nama = "ODHA"
            sinonim = ["odha", "hiv"]
            """,
        )
    )
    assert (settings.lang, settings.reach_km, settings.threshold) == ("en", 12.5, 0.7)
    assert settings.day == date(2026, 1, 31)
    assert not settings.active_only
    assert settings.developments == ("mandiri",)
    lansia, odha = settings.group("lansia"), settings.group("odha")
    assert lansia.sensitive
    assert settings.reach_of(lansia, "luar") == 3
    assert settings.reach_of(lansia, "dalam") == 12.5
    assert odha.words == ("odha", "hiv")
    assert (lansia.colour, odha.colour) == ("#1D4B66", OWN_COLOURS[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jangkuan_km = 5", "jangkauan_km"),
        ("jangkauan_km = 0", "lebih dari 0"),
        ("jangkauan_km = true", "lebih dari 0"),
        ("ambang_terjangkau = 1.5", "0 sampai 1"),
        ('bahasa = "fr"', "id, en"),
        ("kelompok = 3", "tabel"),
        ("[kelompok.lansia]\nsensitive = true", "sensitif"),
        ("[kelompok.odha]\nsimbol = 'circle'", "nama"),
        ('[kelompok.lansia]\nwarna = "biru"', "#1D4B66"),
        ('tanggal = "besok"', "2026-11-24"),
    ],
)
def test_wrong_keys_and_values_say_the_cure(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(RequestError) as caught:
        load_settings(write(tmp_path, text))
    assert expected in str(caught.value)
    assert "lks-geo.toml" in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LksGeoError, match="tidak ditemukan"):
        load_settings(tmp_path / "none.toml")
    with pytest.raises(LksGeoError, match="TOML"):
        load_settings(write(tmp_path, "a = = 1"))


def test_unknown_group_names_the_nearest() -> None:
    with pytest.raises(RequestError, match="lansia"):
        Settings().group("lansai")


def test_public_settings_are_plain_json() -> None:
    import json

    assert json.loads(json.dumps(Settings().public()))["reach_km"] == 10


@pytest.mark.parametrize(
    "text",
    [
        'judul = "Peta\\u0000"', 'instansi = "Dinas \\u001b[31mSosial"', 'sumber = ["baik", "\\u0085"]',
        '[kelompok.anak]\nnama = "Anak\\u0001"', '[kelompok.semua]\nnama = "Semua"', '[kelompok.__proto__]\nnama = "X"',
        '[kelompok.constructor]\nnama = "X"',
    ],
)  # fmt: skip
def test_signs_and_keys_that_no_output_can_hold_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        load_settings(path)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", str(caught.value))


def test_what_is_wrong_with_the_file_is_told_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    endless = ("a = " + "[" * 5000, "a." * 9000 + "a = 1")
    for text, found in (("judul = Peta\n", "1"), ("a = 1\n\n[b\n", "3"), *((text, "–") for text in endless)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LksGeoError, match=f"(baris {found})"):
            load_settings(path)


def test_a_reach_is_bounded_as_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    for text in ("jangkauan_km = 1e308", "jangkauan_km = 20000", "[kelompok.anak]\njangkauan_luar_panti_km = 1e9"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(RequestError):
            load_settings(path)


@pytest.mark.parametrize(("seconds", "day"), [("1790000000", date(2026, 9, 21)), ("0", date(1970, 1, 1))])
def test_the_day_is_that_of_the_epoch_that_is_set(seconds: str, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert Settings().day == day


@pytest.mark.parametrize("seconds", ["kemarin", "1e9", "9" * 30])
def test_an_epoch_that_is_no_time_is_told(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    with pytest.raises(RequestError, match=r"SOURCE_DATE_EPOCH"):
        Settings()


@pytest.mark.parametrize(
    "text",
    ["jangkauan_km = 0x" + "f" * 5000, f"bahasa = '{'x' * 90_000}'", "# " + "x" * 1_000_001],
    ids=["digits", "long", "large"],
)
def test_settings_beyond_measure_are_told_in_a_line_or_two(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LksGeoError) as caught:
        load_settings(path)
    assert len(str(caught.value)) < 1000
