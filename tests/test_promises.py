"""Promises of SECURITY.md that no other test holds: no network, no code in data, no entities in XML, the same bytes."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fuzz
import geopandas as gpd
import pandas as pd
import pytest
from registers import clean_rows, page, soil, write_pages

from lks_geo.boundaries import load_boundaries
from lks_geo.cli.program import COMMANDS, run
from lks_geo.errors import LksGeoError
from lks_geo.register.reading.raw import read_register
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries

PACKAGE = Path(__file__).parent.parent / "lks_geo"
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {
    "pickle", "marshal", "shelve", "dill", "joblib", "yaml", "socket", "ssl", "urllib.request", "urllib3",
    "http.client", "requests", "httpx", "ftplib", "xml.sax", "xml.dom", "xml.parsers",
}  # fmt: skip
FORBIDDEN_METHODS = {"read_pickle", "to_pickle", "eval", "system", "popen"}
SAFE = {"resolve_entities": False, "no_network": True}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=module, names=names):
            return [str(module), *(f"{module}.{name.name}" for name in names)]
    return []


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in _nodes(path) if isinstance(node, ast.Call))


def test_no_module_runs_its_input_or_asks_the_net() -> None:
    for path in _modules():
        for node in _nodes(path):
            assert not FORBIDDEN_MODULES & {*_imports(node)}, path
        for call in _calls(path):
            assert getattr(call.func, "id", "") not in FORBIDDEN_CALLS, (path, call.lineno)
            assert getattr(call.func, "attr", "") not in FORBIDDEN_METHODS, (path, call.lineno)


def test_xml_is_read_without_entities_and_network() -> None:
    """Every parser is made with both said, and `fromstring` is given one; `xml.etree` only writes."""
    parsers = 0
    for path in _modules():
        for call in _calls(path):
            owner, name = getattr(getattr(call.func, "value", None), "id", ""), getattr(call.func, "attr", "")
            said = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
            if owner == "etree" and name in ("XMLParser", "iterparse"):
                parsers += 1
                assert said.items() >= SAFE.items(), (path, call.lineno)
            elif name in ("fromstring", "parse", "XML", "iterparse") and owner in ("etree", "Xml"):
                assert (owner, len(call.args)) == ("etree", 2), (path, call.lineno)
            elif name in ("document_fromstring", "fragment_fromstring"):
                assert "parser" in said, (path, call.lineno)
    assert parsers


ENTITY = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "{long}">{more}]>'
BOOK = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="&{name};"><Table>'
    '<Row><Cell><Data ss:Type="String">Nama LKS</Data></Cell><Cell><Data ss:Type="String">Layanan</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">A &{name};</Data></Cell><Cell><Data ss:Type="String">Anak</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&{name};</name><Polygon><outerBoundaryIs>'
    "<LinearRing><coordinates>119,-3 119.1,-3 119.1,-2.9 119,-3</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    "</Placemark></Document></kml>"
)


def _laced(text: str, secret: Path, name: str) -> str:
    """Markup that asks for a file (entity x) or unfolds to 100 * 20^6 characters (entity g)."""
    more = "".join(f'<!ENTITY {one} "{f"&{other};" * 20}">' for one, other in zip("bcdefg", "abcdef", strict=True))
    head = ENTITY.format(secret=secret, long="x" * 100, more=more)
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    return head + text[start:].replace("{name}", name)


def _read_or_refused(path: Path) -> str:
    """All that was read of a file, "" if it was refused."""
    try:
        if path.suffix == ".kml":
            return str(load_boundaries(path).desa["nama"].tolist())
        raw = read_register(path, settings=Settings())
    except LksGeoError:
        return ""
    return raw.cells.to_csv() + str(raw.sheets)


@pytest.mark.parametrize("entity", ["x", "g"])
@pytest.mark.parametrize("kind", [".xlsx", ".ods", ".xls", ".kml"])
def test_entities_open_no_file_and_unfold_nothing(tmp_path: Path, kind: str, entity: str) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("KATA RAHASIA", encoding="utf-8")
    path = tmp_path / f"masukan{kind}"
    if kind in (".xls", ".kml"):
        path.write_text(_laced(BOOK if kind == ".xls" else KML, secret, entity), encoding="utf-8")
    else:
        plain = write_pages(tmp_path / f"bersih{kind}", [page(clean_rows(2))])[0].path
        inside = {".xlsx": ("xl/workbook.xml", "xl/worksheets/sheet1.xml"), ".ods": ("content.xml",)}[kind]
        with zipfile.ZipFile(plain) as before, zipfile.ZipFile(path, "w") as after:
            for name in before.namelist():
                content = before.read(name)
                if name in inside:
                    text = content.decode("utf-8").replace("Data LKS", "Data {name}").replace("Mambi", "&{name};")
                    content = _laced(text.replace("Data {name}", "Data &{name};"), secret, entity).encode("utf-8")
                after.writestr(name, content)
    shown = _read_or_refused(path)
    assert "KATA RAHASIA" not in shown
    assert len(shown) < 100_000


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, sulbar_boundaries: Boundaries) -> Path:
    """A small world, so that all commands are quick: one kabupaten, a register, one a year later, a table of people."""
    folder = tmp_path_factory.mktemp("masukan")
    desa = sulbar_boundaries.desa
    some = desa[desa["kode_kabupaten"] == "76.03"].reset_index()
    some[["kode", "kode_bps", "nama", "kecamatan", "kabupaten", "provinsi", "geometry"]].to_file(folder / "batas.gpkg")
    rows = [row for row in clean_rows(36) if row["kabupaten"] == "Mamasa"]
    rows[-1]["jenis_layanan"] = "Layanan ajaib"  # something to ask the office
    write_pages(folder / "register.xlsx", [soil(page(rows), ["upper_desa", "no_status"])])
    write_pages(folder / "lama.xlsx", [page(rows[:-2])])
    pd.DataFrame({"kode": some["kode"], "anak": 100}).to_csv(folder / "orang.csv", index=False)
    gpd.GeoDataFrame(some[["kode", "nama", "geometry"]]).to_file(folder / "lain.geojson")
    return folder


B = ["--boundaries", "batas.gpkg"]
EVERY_COMMAND = (
    ["run", "register.xlsx", "-o", "hasil", *B],
    ["check", "register.xlsx", "-o", "mutu.xlsx", *B],
    ["coverage", "register.xlsx", "-o", "cakupan.geojson", *B, "--population", "orang.csv"],
    ["unserved", "register.xlsx", "-o", "belum.csv", *B],
    ["profile", "register.xlsx", "-o", "profil.json", *B],
    ["map", "register.xlsx", "-o", "peta.svg", *B],
    ["report", "register.xlsx", "-o", "laporan.pptx", *B],
    ["plan", "register.xlsx", "-o", "rencana.html", "--group", "lansia", "--sites", "2", *B],
    ["compare", "lama.xlsx", "register.xlsx", "-o", "banding.html", *B],
    ["send", "register.xlsx", "-o", "kirim", *B],
    ["receive", "register.xlsx", "kirim", "-o", "register-baru-internal.xlsx", *B],
    ["boundaries", "import", "lain.geojson", "-o", "batas-baru.parquet"],
    ["population", "check", "orang.csv", *B],
    ["template", "-o", "templat.xlsx"],
    ["settings"],
    ["shortcut", "-o", "peta.cmd"],
)
assert {words[0] for words in EVERY_COMMAND} == {*COMMANDS}, "a new command belongs into this list"
EVERY_KIND = (
    *EVERY_COMMAND,
    *(["coverage", "register.xlsx", "-o", f"c{kind}", *B] for kind in (".parquet", ".xlsx", ".gpkg")),
    ["coverage", "register.xlsx", "-o", "c.csv", "--group", "anak", "--reach", "5,10", *B],
    *(["map", "register.xlsx", "-o", f"m{kind}", "--group", "anak", *B] for kind in (".png", ".pdf")),
    *(["profile", "register.xlsx", "-o", f"p{kind}", *B] for kind in (".xlsx", ".csv")),
    *(["check", "register.xlsx", "-o", f"q{kind}", *B] for kind in (".csv", ".json")),
    *(["compare", "lama.xlsx", "register.xlsx", "-o", f"b{kind}", *B] for kind in (".json", ".csv", ".pptx", ".xlsx")),
    *(["plan", "register.xlsx", "-o", f"r{kind}", "--group", "lansia", "--sites", "2", *B]
      for kind in (".csv", ".xlsx", ".gpkg", ".geojson", ".parquet")),
    ["report", "register.xlsx", "-o", "l.pdf", "--group", "anak", *B],
    ["unserved", "register.xlsx", "-o", "u.xlsx", *B],
    ["template", "--population", "-o", "tp.xlsx", *B],
    ["template", "--kind", "kobo", "-o", "tk.xlsx", *B],
    ["boundaries", "bridge", "batas.gpkg", "batas.gpkg", "-o", "jembatan.csv"],
)  # fmt: skip
EARLIER = (
    ["run", "lama.xlsx", "-o", "hasil", "--group", "anak", *B],
    ["send", "register.xlsx", "--due", "2026-12-31", "-o", "kirim", *B],
)
"""What may stand where the outputs of EVERY_COMMAND go."""


@pytest.mark.long
def test_no_command_asks_the_net(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoSocket(socket.socket):
        def __init__(self, family: int = -1, *rest: object, **more: object) -> None:
            assert family == getattr(socket, "AF_UNIX", None), "a socket was opened"
            super().__init__(family, *rest, **more)  # type: ignore[arg-type]

    def no_name(*words: object, **more: object) -> None:
        raise AssertionError(f"a name was looked up: {words}")

    monkeypatch.setattr(socket, "socket", NoSocket)
    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    monkeypatch.setattr(socket, "create_connection", no_name)
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for words in EVERY_COMMAND:
        assert run(["-q", "--debug", *words]) == 0, words


def _keep_to_one_processor() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@pytest.mark.long
def test_same_bytes_in_another_folder_time_zone_locale_and_order_of_hashes(inputs: Path, tmp_path: Path) -> None:
    """Also with one processor, where `run` starts no second process, and where an earlier run left other results."""
    made: list[dict[str, bytes]] = []
    for folder, zone, locale, seed in (("a", "Asia/Makassar", "C", "0"), ("b/c", "America/New_York", "C.UTF-8", "1")):
        here = tmp_path / folder
        shutil.copytree(inputs, here)
        given = {path.name for path in here.iterdir()}
        around = os.environ | {
            "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1790000000",
            "PYTHONPATH": str(PACKAGE.parent),
        }  # fmt: skip
        over = folder != "a"
        again = [[*words, "--overwrite"] if over and words[0] in ("run", "send") else words for words in EVERY_KIND]
        for words in [*EARLIER, *again] if over else again:
            done = subprocess.run(
                [sys.executable, "-m", "lks_geo", "-q", *words], cwd=here, env=around, capture_output=True, check=False,
                preexec_fn=_keep_to_one_processor if over else None,
            )  # fmt: skip
            assert done.returncode == 0, (words, done.stderr)
        files = (path for path in here.rglob("*") if path.is_file() and path.name not in given)
        made.append({str(path.relative_to(here)): path.read_bytes() for path in files})
    one, other = made
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


SECRETS = ("081234500077", "7601014199990001", "rahasia@contoh.id", "Suryaningtyas", "12001034567", "0426213459",
           "1520012345678", "9988776655443")  # fmt: skip


@pytest.mark.long
def test_nothing_personal_in_any_byte_of_any_output(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of free cells, hidden columns, comments, names of sheets and files, headings, titles, lines between rows."""
    import openpyxl

    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    name = "register Bu Suryaningtyas 081234500077.xlsx"
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    sheet = book.worksheets[0]
    sheet.title = "Ibu Suryaningtyas"
    headings = {cell.value: cell.column for cell in sheet[1]}
    told = (
        "Jl. A,081234500077", "Jl. B (0426) 213459", "Ketua: Suryaningtyas; Jl. C", "rahasia@contoh.id",
        "BRI 0012-0010-34567", "NIK 7601014199990001", "Jl. D a.n. Suryaningtyas", "62 812-3450-0077",
    )  # fmt: skip
    for row, text in enumerate(told, start=2):
        for heading in ("Alamat", "Jenis Layanan", "Kecamatan"):
            cell = sheet.cell(row, headings[heading])
            cell.value = f"{cell.value or ''}, {text}"
    sheet.cell(3, headings["Bujur"]).value = "BRI 0012-0010-34567"
    for row, heading, text in (
        (4, "Lintang", 1520012345678), (4, "Bujur", "9988776655443"), (5, "Bujur", "a7601014199990001b"),
    ):  # fmt: skip
        sheet.cell(row, headings[heading]).value = text
    sheet.cell(2, 1).comment = openpyxl.comments.Comment("HP 081234500077", "Suryaningtyas")
    hidden = sheet.max_column + 1
    sheet.cell(1, hidden, "Keterangan HP 081234500077")
    sheet.cell(2, hidden, "Bu Suryaningtyas")
    sheet.column_dimensions[openpyxl.utils.get_column_letter(hidden)].hidden = True
    sheet.insert_rows(1)
    sheet.cell(1, 1, "DATA LKS, Ketua: Suryaningtyas, HP 081234500077")
    sheet.cell(sheet.max_row + 1, 2, "Narahubung: Suryaningtyas (0426) 213459")
    book.save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for words in EVERY_COMMAND:
        if words[0] not in ("receive", "boundaries", "population", "template"):  # the new register keeps its cells
            assert run(["-q", *(name if word == "register.xlsx" else word for word in words)]) == 0, words
    shown = [("screen", "".join(capfd.readouterr()).encode())]
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file() and path.name != name:
            shown.append((path.name, path.read_bytes()))
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    shown += [(f"{path.name}/{part}", archive.read(part)) for part in archive.namelist()]
    assert len(shown) > 50
    between = b" -.()@"
    for where, content in shown:
        bare = content.translate(None, between)
        for secret in SECRETS:
            assert secret.encode().translate(None, between) not in bare, (secret, where)


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_a_few_odd_inputs_of_each_kind(kind: str, tmp_path: Path) -> None:
    """`python -m tests.fuzz` tries them for as long as one likes."""
    world = fuzz.World(folder=tmp_path / "case")
    count = {"settings": 60, "coordinates": 2, "replies": 1}.get(kind, 3)
    with world.after:
        assert {
            name: fault for name in (f"{kind}:0:{n}" for n in range(count)) if (fault := fuzz.try_case(name, world))
        } == {}


def test_the_same_case_is_the_same_input(tmp_path: Path) -> None:
    """A fault that is named can be made again."""
    made = []
    for number in range(2):
        world = fuzz.World(folder=tmp_path / str(number))
        fuzz.try_case("settings:3:4", world)
        made.append(json.dumps([path.read_text("utf-8") for path in world.folder.iterdir()]))
    assert made[0] == made[1]
