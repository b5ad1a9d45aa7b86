"""The proof: moving and renaming places of sensitive groups inside their kecamatan changes no byte of any output.

Every command, in-process, on random registers, under random filters, reaches, models, groups and languages; the
checksum of the register (held still here) and the quality report excepted.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from moved_registers import FORMS, Form, Land, Place, is_public, moved, places, scattered, write, written_id

from lks_geo.boundaries import load_boundaries
from lks_geo.cli.program import run
from lks_geo.tables import Boundaries

pytestmark = pytest.mark.long
SEEDS = range(int(os.environ.get("LKS_GEO_SEEDS", "12")))
QUALITY = "mutu-data.xlsx"
INTERNAL = ("perbaikan-sensitif-internal.xlsx", "baru-internal.xlsx", ".kiriman-internal.json")
"""The form of the sensitive rows, and the register with the answers in it."""
FILTERS = (
    ["--all"], ["--accredited"], ["--reach", "5"], ["--reach", "5,10,15"], ["--population-model", "point"],
    ["--system", "dalam"], ["--kabupaten", "Mamasa"], ["--register-complete"], [],
)  # fmt: skip
COMMANDS = (
    ["run", "{register}", "-o", "{folder}/hasil"],
    ["coverage", "{register}", "-o", "{folder}/c.csv"],
    ["coverage", "{register}", "-o", "{folder}/d.parquet"],
    ["coverage", "{register}", "-o", "{folder}/e.geojson", "--group", "anak", "--level", "kecamatan"],
    ["coverage", "{register}"],
    ["unserved", "{register}", "--group", "kekerasan", "--group", "anak", "-o", "{folder}/u.xlsx"],
    ["unserved", "{register}", "--top", "5"],
    ["profile", "{register}", "-o", "{folder}/f.json"],
    ["profile", "{register}", "--group", "kekerasan", "--group", "anak", "-o", "{folder}/f.csv"],
    ["map", "{register}", "-o", "{folder}/m.svg", "--group", "kekerasan"],
    ["map", "{register}", "-o", "{folder}/m.png", "--level", "kecamatan", "--measure", "jarak_km"],
    ["report", "{register}", "-o", "{folder}/r.pdf"],
    ["plan", "{register}", "--group", "kekerasan", "--sites", "2", "-o", "{folder}/p.csv"],
    ["plan", "{register}", "--group", "kekerasan", "--sites", "2", "-o", "{folder}/p.html"],
    ["plan", "{register}", "--group", "anak", "--sites", "2", "--min-distance", "6", "-o", "{folder}/q.xlsx"],
    ["compare", "{register}", "{later}", "-o", "{folder}/b.csv"],
    ["compare", "{later}", "{register}", "-o", "{folder}/b.json"],
    ["compare", "{register}", "{later}", "-o", "{folder}/b.html"],
    ["compare", "{later}", "{register}", "--group", "kekerasan", "-o", "{folder}/b.pptx"],
    ["compare", "{register}", "{later}", "--group", "kekerasan", "--group", "anak", "-o", "{folder}/b.xlsx"],
    ["compare", "{later}", "{register}", "{later}", "-o", "{folder}/t.json"],
    ["compare", "{register}", "{later}", "{later}", "--group", "kekerasan", "-o", "{folder}/t.pptx"],
    ["send", "{register}", "-o", "{folder}/kirim"],
    ["receive", "{register}", "{folder}/kirim", "-o", "{folder}/baru-internal.xlsx"],
)


@pytest.fixture(scope="module")
def mamasa(tmp_path_factory: pytest.TempPathFactory, sulbar_boundaries: Boundaries) -> Path:
    """The boundaries of two kabupaten, so that many runs stay short."""
    path = tmp_path_factory.mktemp("batas") / "batas.gpkg"
    desa = sulbar_boundaries.desa
    some = desa[desa["kode_kabupaten"].isin(["76.03", "76.06"])].reset_index()
    some[["kode", "kode_bps", "nama", "kecamatan", "kabupaten", "provinsi", "geometry"]].to_file(path)
    return path


@pytest.fixture(autouse=True)
def still_checksum(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum of the register is the one thing that may differ."""
    real = hashlib.file_digest

    def digest(stream: io.BufferedReader, name: str) -> object:
        if Path(stream.name).stem == "register":
            return SimpleNamespace(hexdigest=lambda: "0" * 64)
        return real(stream, name)

    monkeypatch.setattr(hashlib, "file_digest", digest)


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, sulbar_boundaries: Boundaries) -> Path:
    """A raster of people and a net of roads over the two kabupaten, both drawn by chance."""
    import rasterio

    folder = tmp_path_factory.mktemp("jalan")
    west, south, east, north = 118.7, -3.6, 119.9, -1.5
    rng = np.random.default_rng(1)
    people = rng.gamma(0.4, 30, size=(210, 120)).astype("float32")
    shape = {"height": 210, "width": 120, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    shape["transform"] = rasterio.Affine(0.01, 0, west, 0, -0.01, north)
    with rasterio.open(folder / "people.tif", "w", **shape) as raster:
        raster.write(people, 1)
    lines = [[(x, south), (x, north)] for x in np.linspace(west, east, 20)]
    lines += [[(west, y), (east, y)] for y in np.linspace(south, north, 30)]
    geometry = shapely.node(shapely.MultiLineString(lines))
    gpd.GeoDataFrame(geometry=list(geometry.geoms), crs=4326).to_file(folder / "roads.gpkg")
    return folder


@pytest.mark.parametrize("seed", SEEDS)
def test_no_byte_tells_where_in_its_kecamatan(
    seed: int, mamasa: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(seed)
    plan = []
    for command in COMMANDS:
        chosen = FILTERS[int(rng.integers(len(FILTERS)))]
        lang = str(rng.choice(["id", "en"]))
        if command[0] in ("send", "receive"):
            chosen = []  # whatever is counted, the rows to mend are the same
        if command[0] in ("plan", "compare"):
            chosen = [word.partition(",")[0] for word in chosen]  # they use one reach
        plan.append([*command, *chosen, "--lang", lang])
    nothing_tells(seed, plan, FORMS[seed % len(FORMS)], mamasa, tmp_path, capfd)


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_nor_by_roads_a_grid_of_people_or_addresses_that_the_settings_call_public(
    seed: int, mamasa: Path, ways: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    land = Land(load_boundaries(mamasa))
    public = sorted({written_id(place) for place in places(seed, land) if is_public(place)})
    (tmp_path / "setelan.toml").write_text(f"alamat_publik = {public}", encoding="utf-8")
    grid = ["--population-model", "grid", "--population-grid", str(ways / "people.tif")]
    roads = ["--roads", str(ways / "roads.gpkg")]
    plan = [
        ["coverage", "{register}", "-o", "{folder}/g.parquet", *grid],
        ["coverage", "{register}", "-o", "{folder}/j.csv", *roads, "--reach", "8"],
        ["map", "{register}", "-o", "{folder}/g.html", *grid],
        ["unserved", "{register}", "-o", "{folder}/j.xlsx", *roads],
    ]
    plan = [[*command, "--config", str(tmp_path / "setelan.toml")] for command in plan]
    nothing_tells(seed, plan, replace(FORMS[seed // 4 % len(FORMS)], public=False), mamasa, tmp_path, capfd)


def nothing_tells(
    seed: int, plan: list[list[str]], form: Form, boundaries: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Runs the commands on the register of that seed and on the one whose secret places have moved, and compares."""
    land = Land(load_boundaries(boundaries))
    original = places(seed, land)
    registers = {"a": original, "b": scattered(seed, moved(seed, original, land))}
    seen = {}
    for name, found in registers.items():
        folder = tmp_path / name
        register = write(folder / f"register{form.suffix}", found, land, form)
        later = write(folder / "later" / f"register{form.suffix}", a_year_later(seed, found), land, form)
        said = []
        for arguments in plan:
            filled = [word.format(register=register, later=later, folder=folder) for word in arguments]
            day = [] if arguments[0] in ("send", "receive") else ["--date", "2026-11-24"]
            code = run([*filled, "--boundaries", str(boundaries), *day])
            out, err = capfd.readouterr()
            assert code == 0, err
            said.append((out + err).replace(str(folder), ""))
        seen[name] = dict(enumerate(said)) | dict(files(folder))
    assert seen["a"].keys() == seen["b"].keys()
    for what, content in seen["a"].items():
        assert content == seen["b"][what], f"{what} differs"
    names = {place.name.encode() for place in original if place.secret}
    told = b"\n".join(unpacked(content) for content in seen["a"].values() if isinstance(content, bytes))
    assert not [name for name in names if name in told]


def a_year_later(seed: int, found: list[Place]) -> list[Place]:
    """The same institutions but for a few that are gone, secret ones too; others changed what they serve."""
    rng = np.random.default_rng(seed + 30_000)
    gone, changed = ({int(number) for number in rng.choice(30, 4, replace=False)} for _ in range(2))
    return [
        replace(place, fixed=(*place.fixed[:2], "Tidak aktif", *place.fixed[3:]))
        if place.institution in changed
        else place
        for place in found
        if place.institution not in gone
    ]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every output by its path, but the register, the quality report and what is internal."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stem != "register" and path.name not in (QUALITY, *INTERNAL):
            yield str(path.relative_to(folder)), path.read_bytes()


def unpacked(content: bytes) -> bytes:
    """The bytes and those of everything compressed inside."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    parts = [content]
    start = content.find(b"stream\n") if content.startswith(b"%PDF") else -1
    while start >= 0:
        try:
            parts.append(zlib.decompressobj().decompress(content[start + 7 :]))
        except zlib.error:
            parts.append(b"")
        start = content.find(b"\nstream\n", start + 7)
        start = start + 1 if start >= 0 else start
    return b"\n".join(parts)
