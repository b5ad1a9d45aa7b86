"""The Python door: same numbers, same safeguarding, same refusals as the command line."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path

import folium
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import lks_geo
from lks_geo import api, thrift
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.render.frames import table_frame
from lks_geo.said.areas import unserved_lists
from lks_geo.tables import Coverage
from tests import world

DAY = world.SETTINGS.day
DOCS = Path(__file__).parents[1] / "docs"
SECRET = "Rumah Aman Kenanga Merah"


@pytest.fixture(scope="module")
def register() -> api.Register:
    return lks_geo.read_register(lang="id")


@pytest.fixture(scope="module")
def majene(register: api.Register) -> api.Coverage:
    return lks_geo.coverage(register, kabupaten="Majene", date=DAY)


def test_numbers_are_those_of_the_measuring_room(register: api.Register, sulbar_coverage: Coverage) -> None:
    found = lks_geo.coverage(register, date=DAY.isoformat())
    assert_frame_equal(found.table, table_frame(sulbar_coverage))
    assert_frame_equal(found.unserved(), unserved_lists(sulbar_coverage))
    whole = lks_geo.coverage(date=DAY, group=["lansia", "anak"], level="kecamatan")
    assert set(whole.table["level"]) == {"kecamatan"}
    assert set(whole.table["kelompok"]) == {"lansia", "anak"}


def test_another_program_gets_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """To make one, the program would have to be written so that its first lines can run twice."""
    monkeypatch.setattr(thrift, "_LARGE_FILE", 0)
    monkeypatch.setattr(thrift, "keep_little", lambda: None)
    monkeypatch.setattr(thrift.Second, "_start", lambda *_: pytest.fail("a process was started"))
    assert len(lks_geo.read_register().table)


def test_a_view_shows_its_kabupaten_only(majene: api.Coverage) -> None:
    areas = majene.areas("kecamatan")
    assert areas.crs == "EPSG:4326"
    assert set(areas["kabupaten"]) == {"Majene"}
    assert not areas.geometry.is_empty.any()
    assert set(majene.places["kabupaten"]) > {"Majene"}  # those of neighbours reach into it
    assert majene.unserved("lansia", "Mamasa").empty
    assert len(majene.unserved("Older people")) == majene.table.query(
        "level == 'desa' and kelompok == 'lansia'"
    )["status"].eq("belum_terlayani").sum()  # fmt: skip


def test_several_reaches_are_compared(register: api.Register) -> None:
    found = lks_geo.coverage(register, kabupaten="Majene", group="anak", reach=[5, 10])
    assert found.sensitivity is not None
    assert found.sensitivity["jangkauan_km"].tolist() == [5.0, 10.0]
    assert found.settings.reach_km == 10.0


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"gruop": "anak"}, "“group”"),
        ({"group": "lnsia"}, "“lansia”"),
        ({"level": "kecamtan"}, "“kecamatan”"),
        ({"kabupaten": "Mamasaa"}, "Mamasa"),
        ({"system": "dlam"}, "“dalam”"),
        ({"reach": -1}, "km"),
        ({"reach": [10, 5]}, "menaik"),
        ({"date": "24-11-2026"}, "2026-11-24"),
        ({"lang": "jv"}, "id, en"),
        ({"settings": "tidak-ada.toml"}, "tidak-ada.toml"),
    ],
)
def test_a_wrong_option_names_the_cure(options: dict[str, object], named: str) -> None:
    with pytest.raises(LksGeoError) as refused:
        lks_geo.coverage(**options)  # type: ignore[arg-type]
    assert named in str(refused.value)


def test_what_was_read_cannot_be_changed_afterwards(register: api.Register) -> None:
    with pytest.raises(RequestError, match="population"):
        lks_geo.coverage(register, population="penduduk.xlsx")


def test_places_of_sensitive_groups_are_disguised(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    lines = ["nama,jenis layanan,status,desa,kecamatan,kabupaten,lintang,bujur"]
    lines += [f"{SECRET},korban kekerasan,aktif,Banggae,Banggae,Majene,-3.5401,118.9701"]
    lines += [f"LKS Melati {n},anak,aktif,,Banggae,Majene,-3.54{n}2,118.97{n}1" for n in range(1, 5)]
    path.write_text("\n".join(lines), encoding="utf-8")
    register = lks_geo.read_register(path)
    found = lks_geo.coverage(register, kabupaten="Majene")
    told = [register.table.to_csv(), register.issues.to_csv(), found.table.to_csv(), found.places.to_csv()]
    told += [found.unserved().to_csv()]
    told += [text for part in (register, found) for text in (repr(part), part._repr_html_())]
    assert not [text[:80] for text in told if "Kenanga" in text or "118.9701" in text]
    assert "LKS Melati 1" in told[0]
    shown = lks_geo.read_register(path, show_sensitive=True)
    assert SECRET in shown.table.to_csv()


@pytest.mark.long
def test_a_map_is_the_file_and_shows_itself(majene: api.Coverage, tmp_path: Path) -> None:
    chart = majene.map("anak")
    assert isinstance(chart, folium.Map)
    assert majene.write(tmp_path / "peta.html", group="anak").read_text(encoding="utf-8") == chart.get_root().render()
    shown = chart._repr_html_()
    assert shown.count("<iframe") == 1
    assert "&lt;!DOCTYPE html&gt;" in shown[:3000] or "&lt;!doctype html&gt;" in shown[:3000]


@pytest.mark.parametrize(
    "name",
    [
        "a.csv",
        "a.parquet",
        *(
            pytest.param(f"a.{kind}", marks=pytest.mark.long)
            for kind in ("xlsx", "gpkg", "geojson", "svg", "pptx", "pdf")
        ),
    ],
)
def test_every_ending_is_written_whole(name: str, majene: api.Coverage, tmp_path: Path) -> None:
    path = majene.write(tmp_path / name)
    assert path.stat().st_size > 1000
    with pytest.raises(LksGeoError, match="overwrite"):
        majene.write(path)
    majene.write(path, overwrite=True)


def test_an_input_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("nama,kelompok,lintang,bujur\nLKS Melati,anak,-3.5401,118.9701\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(RequestError, match=r"register\.csv"):
        lks_geo.coverage(path).write(path, overwrite=True)
    assert path.read_bytes() == before
    with pytest.raises(RequestError, match=r"\.pptx"):
        lks_geo.coverage(path).write(tmp_path / "a.docx")


def test_a_plan_and_what_changed(majene: api.Coverage, tmp_path: Path) -> None:
    plan = majene.plan(group="lansia", sites=2)
    assert len(plan.table) == 2
    assert set(plan.table["kabupaten"]) == {"Majene"}
    assert plan.write(tmp_path / "rencana.csv").exists()
    assert isinstance(plan.map(), folium.Map)
    with pytest.raises(RequestError, match="“sites”"):
        majene.plan(sitse=2)  # type: ignore[call-arg]
    same = majene.compare(lks_geo.example_register())
    assert set(same.table["kelas"]) == {"tetap"}
    assert float(same.gains[["bertambah", "berkurang"]].abs().sum().sum()) == 0
    assert json.loads(same.write(tmp_path / "perubahan.json").read_text(encoding="utf-8"))


def test_options_of_pandas_stay_as_they_are(tmp_path: Path) -> None:
    with pd.option_context("mode.string_storage", "auto"):
        lks_geo.coverage(kabupaten="Majene").write(tmp_path / "cakupan.csv")
        assert pd.get_option("mode.string_storage") == "auto"


def test_a_copy_is_given(majene: api.Coverage) -> None:
    table = majene.table
    table["sasaran"] = pd.NA
    assert majene.table["sasaran"].notna().any()


def test_the_command_line_pays_for_none_of_it() -> None:
    asked = "import lks_geo, sys; print('pandas' in sys.modules); lks_geo.coverage; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    assert set(dir(lks_geo)) >= {"coverage", "read_register", "Coverage"}
    with pytest.raises(AttributeError, match="cover_age"):
        lks_geo.cover_age  # noqa: B018  # reading it is what fails


@pytest.mark.long
def test_examples_in_docstrings() -> None:
    for module in (lks_geo, api):
        failed, tried = doctest.testmod(module)
        assert tried
        assert not failed


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_run(path: Path, tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "stored without outputs"
    nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in shown if output["output_type"] in ("error", "stream")]
    assert any("<iframe" in output.get("data", {}).get("text/html", "") for output in shown)
