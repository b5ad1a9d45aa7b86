"""The register as a KoboToolbox form: a valid XLSForm whose answers, exported in any style, are read as a register."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lks_geo.cli.program import run

pytestmark = pytest.mark.usefixtures("read_once")

Sheets = tuple[pd.DataFrame, pd.DataFrame]
GROUPS = ("anak", "lansia", "disabilitas", "napza", "kekerasan")
ANSWERS: list[dict[str, Any]] = [
    {"id_lks": "K-7", "nama": "LKSA Kasih Bunda", "kelompok": ("anak",), "status_aktif": "aktif", "kapasitas": 30,
     "kode_kabupaten": "76.03", "kode_kecamatan": "76.03.01", "kode_desa": "76.03.01.1002",
     "koordinat": (-2.946669, 119.13793)},
    {"id_lks": "K-8", "nama": "Panti Melati", "kelompok": ("anak", "lansia"), "status_aktif": "tidak_aktif",
     "kapasitas": None, "kode_kabupaten": "76.02", "kode_kecamatan": "76.02.12", "kode_desa": "76.02.12.2004",
     "koordinat": None},
    {"id_lks": "K-9", "nama": "LKSPD Mandiri", "kelompok": ("disabilitas",), "status_aktif": "aktif", "kapasitas": 12,
     "kode_kabupaten": "76.05", "kode_kecamatan": "76.05.08", "kode_desa": "76.05.08.1001",
     "koordinat": (-3.545469, 118.993715)},
]  # fmt: skip
PATHS = {
    "id_lks": "identitas", "nama": "identitas", "kelompok": "layanan", "status_aktif": "layanan",
    "kapasitas": "layanan", "kode_kabupaten": "lokasi", "kode_kecamatan": "lokasi", "kode_desa": "lokasi",
    "koordinat": "lokasi",
}  # fmt: skip


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kobo") / "formulir.xlsx"
    assert run(["-q", "template", "--kind", "kobo", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def sheets(form: Path) -> Sheets:
    """The questions by name, and the choices by list and name."""
    survey = pd.read_excel(form, sheet_name="survey", dtype=str, engine="openpyxl").set_index("name")
    choices = pd.read_excel(form, sheet_name="choices", dtype=str, engine="openpyxl").set_index(["list_name", "name"])
    return survey, choices


def test_the_form_is_valid(form: Path) -> None:
    from pyxform.xls2xform import convert

    converted = convert(str(form), validate=False)
    assert "<geopoint>" not in converted.xform
    for name in ("koordinat", "kode_desa", "kelompok", "status_aktif"):
        assert f"/{name}" in converted.xform
    choices = pd.read_excel(form, sheet_name="choices", dtype=str, engine="openpyxl")
    assert not choices.duplicated(["list_name", "name"]).any()
    assert choices["name"].notna().all()
    desa = choices[choices["list_name"] == "desa"]
    assert len(desa) == 648
    assert set(desa["kecamatan"]) <= set(choices.loc[choices["list_name"] == "kecamatan", "name"])


def export(sheets: Sheets, *, labels: bool, separator: str, split: bool) -> pd.DataFrame:
    """The answers as KoboToolbox exports them: names or labels, paths of groups or not, choices in columns too."""
    survey, choices = sheets
    label = next(name for name in survey.columns if name.startswith("label::Bahasa"))

    def heading(name: str) -> str:
        own = survey.loc[name, label] if labels else name
        group = survey.loc[PATHS[name], label].iloc[0] if labels else PATHS[name]
        return f"{group}{separator}{own}" if separator else own

    def chosen(name: str, answer: str) -> str:
        lists = {"status_aktif": "status_aktif", "kelompok": "kelompok"}
        return choices.loc[(lists.get(name, name.removeprefix("kode_")), answer), label] if labels else answer

    rows = []
    for number, answer in enumerate(ANSWERS):
        row: dict[str, Any] = {"start": "2026-02-01T08:00:00.000+08:00", "end": "2026-02-01T08:20:00.000+08:00"}
        for name, value in answer.items():
            title = heading(name)
            if name == "kelompok":
                row[title] = " ".join(chosen(name, group) for group in value)
                if split:
                    row |= {f"{title}{separator or '/'}{chosen(name, g)}": int(g in value) for g in GROUPS}
            elif name == "koordinat":
                row[title] = f"{value[0]} {value[1]} 14 4.9" if value else None
                for at, part in enumerate(("latitude", "longitude")):
                    row[f"_{title}_{part}"] = value[at] if value else None
                row |= {f"_{title}_altitude": 14 if value else None, f"_{title}_precision": 4.9 if value else None}
            elif name in ("id_lks", "nama", "kapasitas"):
                row[title] = value
            else:
                row[title] = chosen(name, value)
        row |= {"_id": 5000 + number, "_uuid": f"0b7c-{number}", "_submission_time": "2026-02-01T00:21:00",
                "_status": "submitted_via_web", "_index": number + 1}  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize(
    ("labels", "separator"),
    [(False, ""), (False, "/"), (False, "."), (False, "_"), (True, ""), (True, "/"), (True, "_")],
)
def test_every_export_is_a_register(
    sheets: Sheets, labels: bool, split: bool, separator: str, suffix: str, tmp_path: Path
) -> None:
    path, target = tmp_path / f"ekspor{suffix}", tmp_path / "mutu.json"
    table = export(sheets, labels=labels, separator=separator, split=split)
    if suffix == ".csv":
        table.to_csv(path, index=False, sep=";")
    else:
        table.to_excel(path, index=False)
    assert_read(path, target)


def assert_read(path: Path, target: Path) -> None:
    assert run(["-q", "check", str(path), "-o", str(target)]) == 0
    found = json.loads(target.read_text(encoding="utf-8"))
    assert "_id" not in json.dumps(found.get("catatan", []))
    assert found["jumlah"]["ditolak"] == found["jumlah"]["meragukan"] == 0
    for row, answer in zip(found["baris"], ANSWERS, strict=True):
        assert row["id"] == answer["id_lks"]
        assert row["nama"] == answer["nama"]
        assert tuple(row["kelompok"]) == answer["kelompok"]
        assert row["aktif"] is (answer["status_aktif"] == "aktif")
        assert row["kode_desa"] == answer["kode_desa"]
        assert row["lokasi"] == ("titik" if answer["koordinat"] else "perkiraan")


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("separator", ["", "/"])
def test_columns_of_the_server_and_a_point_in_one_cell(
    sheets: Sheets, labels: bool, separator: str, tmp_path: Path
) -> None:
    """An export without the columns of each axis, with those that servers and phones add."""
    table = export(sheets, labels=labels, separator=separator, split=False)
    axes = ("latitude", "longitude", "altitude", "precision")
    table = table.drop(columns=[name for name in table.columns if name.startswith("_") and name.endswith(axes)])
    added = {
        "deviceid": "ee.humanitarian:abc", "username": "petugas1", "phonenumber": None, "today": "2026-02-01",
        "catatan_pembuka": None, "__version__": "vQ12", "_notes": None, "_tags": None, "_validation_status": None,
        "_submitted_by": "petugas1", "meta/instanceID": "uuid:1", "formhub/uuid": "abc",
    }  # fmt: skip
    path = tmp_path / "ekspor.csv"
    table.assign(**added).to_csv(path, index=False, sep=";")
    assert_read(path, tmp_path / "mutu.json")
