"""The manifest says what went in and what came out, the same every time and nothing about the machine."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from outputs_world import GROUPS, MEASURES, coverage, unreported

from lks_geo.errors import LksGeoError
from lks_geo.render.manifest import PACKAGE, files_of, manifest, write_manifest

OUTPUTS = ("peta.html", "cakupan.xlsx")


def _read(path: Path, **changes: object) -> dict[str, object]:
    write_manifest(path, coverage(**changes), OUTPUTS)
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_inputs_settings_and_totals(tmp_path: Path) -> None:
    found = manifest(coverage(), OUTPUTS)
    assert json.loads(json.dumps(found)) == _read(tmp_path / "manifest.json")
    assert found["masukan"]["register"]["sha256"] == "a" * 64
    assert found["masukan"]["register"]["jumlah"]["baris"] == 6
    assert found["masukan"]["batas"]["jumlah"] == {"desa": 3, "kecamatan": 2, "kabupaten": 2, "provinsi": 1}
    assert found["masukan"]["penduduk"]["perkiraan"] is True
    assert found["pengaturan"]["reach_km"] == 10.0
    assert found["saringan"] == ["hanya LKS aktif"]
    assert found["cap"] == ["DATA CONTOH"]
    assert found["tanggal"] == "2026-11-24"
    assert [one["kolom"] for one in found["ukuran"]] == [measure.key for measure in MEASURES]
    assert found["keluaran"] == ["cakupan.xlsx", "peta.html"]
    assert {"python", "lks-geo", "geopandas", "shapely"} <= found["versi"].keys()


def test_roads_and_grid_are_inputs_with_a_checksum(tmp_path: Path) -> None:
    for name in ("jalan.gpkg", "penduduk.tif"):
        (tmp_path / name).write_bytes(name.encode())
    made = coverage()
    settings = replace(made.settings, roads=tmp_path / "jalan.gpkg", population_grid=tmp_path / "penduduk.tif")
    inputs = manifest(replace(made, settings=settings), OUTPUTS)["masukan"]
    assert inputs["jalan"]["sha256"] == hashlib.sha256(b"jalan.gpkg").hexdigest()
    assert (inputs["raster_penduduk"]["berkas"], len(inputs["raster_penduduk"]["sha256"])) == ("penduduk.tif", 64)
    assert "jalan" not in manifest(made, OUTPUTS)["masukan"]


def test_totals_are_those_of_the_table() -> None:
    found = manifest(coverage(), OUTPUTS)
    row = coverage().at("provinsi", "lansia").iloc[0]
    group = found["hasil"]["lansia"]
    for name in ("jumlah_desa", "desa_belum_terlayani", "sasaran", "terjangkau", "belum_terjangkau", "cakupan"):
        assert group[name] == row[name]
    assert group["baris_tabel"] == 8
    assert found["hasil"]["kekerasan"]["sasaran"] is None
    assert found["lks"]["semua"] == {
        "used": 5, "counted": 3, "in_areas": 2, "tanpa_titik": 0, "luar_wilayah": 1, "doubtful": 1, "approximate": 1,
        "disguised": 1, "status_unknown": 1,
    }  # fmt: skip
    assert found["lks"]["kelompok"]["lansia"]["used"] == 4


def test_a_group_of_any_name_has_its_own_totals() -> None:
    """The key that counts each place once can be no group's key: it was `semua` once."""
    every = replace(GROUPS[0], key="semua")
    full = coverage()
    totals = dict(full.totals) | {"semua": full.totals["lansia"]}
    renamed = full.table["kelompok"].replace("lansia", "semua")
    found = manifest(
        replace(full, settings=replace(full.settings, groups=(every,)), totals=totals,
                table=full.table.assign(kelompok=renamed)),
        OUTPUTS,
    )  # fmt: skip
    assert found["lks"]["semua"]["used"] == 5
    assert found["lks"]["kelompok"] == {"semua": found["lks"]["kelompok"]["semua"]}
    assert found["lks"]["kelompok"]["semua"]["used"] == 4


def test_kabupaten_that_are_not_reported_are_named_and_in_no_total() -> None:
    found = manifest(unreported(), OUTPUTS)
    assert found["tidak_dilaporkan"] == ["76.02"]
    assert (found["hasil"]["lansia"]["jumlah_desa"], found["hasil"]["lansia"]["sasaran"]) == (2, 1300)
    assert "1 dari 2 kabupaten ada dalam register (tidak dilaporkan: Timur)" in found["catatan"]


def test_no_folders_and_same_bytes(tmp_path: Path) -> None:
    grid = tmp_path / "dalam" / "penduduk.tif"
    grid.parent.mkdir()
    grid.write_bytes(b"raster")
    for name in ("a.json", "b.json"):
        _read(tmp_path / name, population_grid=grid)
    first = (tmp_path / "a.json").read_bytes()
    assert first == (tmp_path / "b.json").read_bytes()
    assert str(tmp_path).encode() not in first
    assert b"penduduk.tif" in first


def test_internal_and_english() -> None:
    found = manifest(coverage(lang="en", show_sensitive=True), OUTPUTS)
    assert found["cap"] == ["SAMPLE DATA", "INTERNAL"]
    assert found["saringan"] == ["active LKS only"]


def test_existing_manifest_is_refused(tmp_path: Path) -> None:
    _read(tmp_path / "m.json")
    with pytest.raises(LksGeoError, match="--overwrite"):
        _read(tmp_path / "m.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"keluaran": null}', '{"keluaran": 5}', '{"keluaran": ["register.xlsx", ".", "../peta.html", "a/b/peta.png"]}',
        "[" * 100_000, "\x00", '{"keluaran": ["peta\\u0000.html"]}', "{}",
    ],
)  # fmt: skip
def test_only_files_of_a_set_are_taken_from_a_manifest(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    assert files_of(path) in ((), ("manifest.json",))
    path.write_text('{"keluaran": ["peta.html", "peta-anak-internal.png", "Polewali Mandar/cakupan.xlsx"]}')
    assert files_of(path) == ("peta.html", "peta-anak-internal.png", "Polewali Mandar/cakupan.xlsx", "manifest.json")


def test_the_data_package_describes_every_file(sample_set: Path) -> None:
    package = json.loads((sample_set / PACKAGE).read_text(encoding="utf-8"))
    described = {resource["path"]: resource for resource in package["resources"]}
    assert set(described) == {path.name for path in sample_set.iterdir()} - {PACKAGE, "manifest.json", "mutu-data.xlsx"}
    for name, resource in described.items():
        content = (sample_set / name).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    assert "DATA CONTOH" in package["description"]
    with closing(sqlite3.connect(sample_set / "cakupan.gpkg")) as db:
        columns = [row[1] for row in db.execute("pragma table_info(cakupan)") if row[1] not in ("fid", "geom")]
    fields = described["cakupan.gpkg"]["schema"]["fields"]
    assert [field["name"] for field in fields] == columns
    by_name = {field["name"]: field for field in fields}
    assert by_name["cakupan"]["constraints"] == {"minimum": 0, "maximum": 1}
    assert by_name["jarak_km"]["unit"] == "km"
    assert by_name["kode"]["type"] == "string"


def test_the_list_can_be_read_by_its_description(sample_set: Path) -> None:
    package = json.loads((sample_set / PACKAGE).read_text(encoding="utf-8"))
    resource = next(resource for resource in package["resources"] if resource["format"] == "csv")
    dialect, fields = resource["dialect"], resource["schema"]["fields"]
    frame = pd.read_csv(
        sample_set / resource["path"], sep=dialect["delimiter"], encoding="utf-8-sig",
        header=0, skiprows=[row - 1 for row in dialect["commentRows"]], dtype=str,
    )  # fmt: skip
    assert [field["name"] for field in fields] == frame.columns.tolist()
    for field in fields:
        cells = frame[field["name"]].dropna()
        if field["type"] in ("integer", "number"):
            text = cells.str.replace(field.get("decimalChar", "."), ".", regex=False)
            assert text.astype(float).notna().all()
            assert (field["type"] == "integer") <= (text.astype(float) % 1 == 0).all()
