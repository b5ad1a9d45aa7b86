"""Broken and odd inputs without end, and what must hold for each: `python -m tests.fuzz --minutes 5 --seed 1`.

Each case is made from its own seed alone (`KIND:SEED:NUMBER`), so that `--case` makes it again. On a fault its files
are kept, the case is named, and the exit code is 1. What must hold: no error but those with a cure, every row
accounted for, the same rows in another order mean the same, read twice means the same, nothing personal and no name of
a place of a sensitive group in what is shown, an end in time, and no more than 2 GB.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

import geopandas as gpd
import shapely
from browser import CHROMIUM_NAMES, Opened, chromium, open_file
from registers import CELL_DIRT, HEADINGS, LAYOUT_DIRT, PLACE_DIRT, clean_rows, page, soil, write_pages

from lks_geo.boundaries import load_boundaries
from lks_geo.cli.program import run
from lks_geo.errors import LksGeoError
from lks_geo.messages import Texts
from lks_geo.population.targets import load_population
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.fields import FIELDS
from lks_geo.register.reading.raw import read_register
from lks_geo.render.quality_rows import quality_json
from lks_geo.settings import Settings
from lks_geo.settings_file import GROUP_SETTINGS, SETTINGS, load_settings
from lks_geo.tables import OUTCOMES, Boundaries, Population, Register

LONGEST_S, MOST_MB = 60.0, 2000
"""What a case may take of the processor and of memory (one takes a fraction of a second, all together some 400 MB)."""
SECRET_NAME = "Lembaga Sunyi"
ODD = (
    "", " ", "-", "=1+1", "@SUM(A1)", "+", "#N/A", "#REF!", "nan", "NULL", "None", "TRUE", "sda", '"', "'", "\\N", "0",
    "-0", "1e309", "9" * 40, "٣", "½", "²", "\u202eABC", "a\u0301", "\ufeff", "\u200b", "😀", "ß", "İ", "<b>x</b>",
    "{0}", "{n}", "%s", "${x}", "[red]", "\\", "/", ";;;", ",,,", "||", "\t", "a\nb", "a" * 3000, "2026-02-30", "1/0",
    "31/12/9999", "00:00", "-2.5", "119,1", "2°40'", "76.05", "7605012001", "Mamuju", "Kec. Mambi", "Ya", "V", "Lansia",
)  # fmt: skip
"""Cells that broke programs somewhere."""


class FaultError(AssertionError):
    """Something that must hold did not."""


@dataclass
class World:
    """What the cases share, read once, and the folder of the case at hand."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    forms: dict[str, Path] = field(default_factory=dict)
    after: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def boundaries(self) -> Boundaries:
        return load_boundaries(None)

    @cached_property
    def population(self) -> Population:
        return load_population(None, self.boundaries, self.settings)

    @cached_property
    def page(self) -> Opened:
        """A small map in a browser that can reach nothing."""
        home = Path(self.after.enter_context(tempfile.TemporaryDirectory()))
        write_pages(home / "register.xlsx", [page()])
        _command("map", str(home / "register.xlsx"), "-o", str(home / "peta.html"))
        return open_file(self.after.enter_context(chromium()), home / "peta.html")

    def cleaned(self, path: Path) -> Register:
        raw = read_register(path, settings=self.settings)
        return clean(raw, self.boundaries, self.settings, self.population)


LABELS = (
    "Ketua: ", "a.n. ", "PJ: ", "Pengurus – ", "Bu ", "Bapak ", "PJ. ", "CP ", "Wali: ", "Kades: ", "AN: ", "u.p. ",
    "d/a ", "bapak ", "Alm. ", "email: ",
)  # fmt: skip
"""What stands before a name."""

Case = Callable[[random.Random, World], None]


def _number(rng: random.Random, digits: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(digits))


def _personal(rng: random.Random) -> tuple[str, str]:
    """A cell with something personal inside, and what must not be left of it (digits and letters only)."""
    mobile = f"8{rng.choice('1235')}{rng.choice('12358')}{_number(rng, 8)}"
    name = "".join(rng.choice("bcdfgklmnprst") + rng.choice("aiueo") for _ in range(4)).title()
    gap = rng.choice(["", "-", " ", ".", "_", "\u00a0", " - "])
    groups = gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    spelled, secret = rng.choice((
        (f"{rng.choice(['0', '+62', '62', '+62 ', '+62(0)'])}{groups}", mobile),
        (f"NIK 7601014101{mobile[:6]}", f"7601014101{mobile[:6]}"),
        (f"BRI 0012-01-{mobile[:6]}-50-8", mobile[:6]),
        (f"{name.lower()}{rng.choice(['@', '(at)', ' @ '])}contoh.id", name.lower()),
        (f"wa.me/62{mobile}", mobile),
        (f"{rng.choice(LABELS)}{name}", name),
    ))  # fmt: skip
    return f"{rng.choice(['', 'Jl. Poros 3, ', 'Jl. Poros (', 'Blok A; '])}{spelled}", secret


def _kept_out(secrets: Sequence[str], shown: str) -> None:
    bare = "".join(mark for mark in shown if mark.isalnum())
    for secret in secrets:
        if secret in bare:
            raise FaultError(f"shown: {secret}")


def _sound(register: Register) -> str:
    """What must hold of any register; its quality report as text."""
    outcomes = Counter(register.rows["hasil"])
    if not set(outcomes) <= set(OUTCOMES) or outcomes.total() != register.counts["baris"]:
        raise FaultError(f"rows do not reconcile: {outcomes}, {register.counts}")
    if register.counts["baris"] != sum(register.counts[name] for name in OUTCOMES):
        raise FaultError(f"counts do not add up: {register.counts}")
    if sum(sheet.rows for sheet in register.sheets) != len(register.rows):
        raise FaultError("rows of the sheets are not the rows of the register")
    points = register.rows[["lintang", "bujur"]].dropna()
    if not (points["lintang"].between(-90, 90) & points["bujur"].between(-180, 180)).all():
        raise FaultError("a point off the globe")
    return json.dumps(quality_json(register), ensure_ascii=False, sort_keys=True)


def registers(rng: random.Random, world: World, extra: Sequence[str] = ()) -> None:
    """Registers with dirt in cells and layout, odd cells and personal data."""
    rows = clean_rows(rng.choice((1, 2, 6, 12, 14)))
    secrets = []
    for row in rows:
        if rng.random() < 0.3:
            row["alamat"], secret = _personal(rng)
            secrets.append(secret)
        if rng.random() < 0.1:
            row["nama"], row["jenis_layanan"] = f"{SECRET_NAME} {len(secrets)}", "Korban kekerasan"
    plain = rng.random() < 0.4
    pool = [*CELL_DIRT, *PLACE_DIRT] if plain else [*CELL_DIRT, *PLACE_DIRT, *LAYOUT_DIRT]
    dirt = {*rng.sample(pool, rng.randrange(4)), *extra} - {"address_with_phone"}
    if not plain:
        for _ in range(rng.randrange(6)):
            row, key = rng.choice(rows), rng.choice([*HEADINGS])
            if key != "jenis_layanan" or not str(row["nama"]).startswith(SECRET_NAME):  # else it is secret no more
                row[key] = rng.choice(ODD)
    dirt -= {"areas_in_address", "no_street"}  # they write into the address
    path = world.folder / f"register{rng.choice(['.csv', '.csv', '.xlsx', '.ods'])}"
    try:
        sheet = soil(page(rows), sorted(dirt))
    except (KeyError, TypeError, ValueError, AttributeError):
        return  # dirt that does not go with an odd cell
    try:
        write_pages(path, [sheet], delimiter=rng.choice(",;\t"))
    except Exception:
        return  # nor do the libraries that write such files
    register = world.cleaned(path)
    shown = _sound(register)
    _kept_out([*secrets, "".join(SECRET_NAME.split())], shown)
    if shown != _sound(world.cleaned(path)):
        raise FaultError("read twice, told otherwise")
    if plain:
        _order_free(rng, world, rows, sorted(dirt), register)


def _order_free(rng: random.Random, world: World, rows: list[Any], dirt: list[str], register: Register) -> None:
    other = world.folder / "shuffled.csv"
    write_pages(other, [soil(page(rng.sample(rows, len(rows))), dirt)])
    again = world.cleaned(other)

    def told(one: Register) -> Counter[tuple[str, ...]]:
        used = one.rows[one.rows["hasil"] != "ditolak"]
        return Counter(map(tuple, used[["nama", "lokasi", "kode_desa"]].astype("str").to_numpy()))

    if told(register) != told(again):
        raise FaultError(
            f"another order, another result: {told(register) - told(again)} {told(again) - told(register)}"
        )


def _mutated(rng: random.Random, text: str) -> str:
    """The text with some of its characters changed, doubled or left out."""
    marks = list(text)
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(marks) + 1)
        marks[at : at + rng.randrange(2)] = rng.choice(["", " ", "\n", "/", "(", ")", ".", "-", "x", "É", *marks[:1]])
    return "".join(marks)


def headings(rng: random.Random, world: World) -> None:
    """Rows of anything below and above rows of headings."""
    words = [word for spec in FIELDS for word in (spec.title_id, spec.title_en, *spec.synonyms[:6])]
    width = rng.randrange(1, 14)
    lines = [[rng.choice((*ODD, "")) for _ in range(width)] for _ in range(rng.randrange(4))]
    lines += [[_mutated(rng, rng.choice(words)) for _ in range(width)] for _ in range(rng.randrange(1, 3))]
    if rng.random() < 0.7:
        lines[-1][:2] = ["Nama LKS", "Layanan"]
    cells = (*ODD, "LKS Kasih", "Anak", "Lansia", "Aktif", "Mambi", "081234567890", "7603011002", "-2.94", "119.1")
    lines += [[rng.choice(cells) for _ in range(width)] for _ in range(rng.randrange(30))]
    path = world.folder / "headings.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)
    _sound(world.cleaned(path))


def coordinates(rng: random.Random, world: World) -> None:
    """Cells of the marks and words of coordinates."""
    parts = [*"0123456789.,-+°'\" :;NSEW/|", "LS", "BT", "LU", "Lat", "Long:", "2", "118", "119.1", "-2.5", "40", "3d",
             "E+02", "POINT (", ")", "@", "!4d", "−", "º", "′", "\n", "mE", "50S", "9704512", "741234"]  # fmt: skip
    path = world.folder / "coordinates.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Nama LKS", "Layanan", "Kabupaten", "Lintang", "Bujur", "Koordinat"])
        for number in range(60):
            three = ("".join(rng.choices(parts, k=rng.randrange(12))) for _ in range(3))
            writer.writerow([f"LKS {number}", "Anak", "Mamasa", *three])
    register = world.cleaned(path)
    _sound(register)
    if len(register.rows) != 60:
        raise FaultError(f"60 rows, {len(register.rows)} told of")


def settings(rng: random.Random, world: World) -> None:
    """Settings files with right and wrong keys and values."""
    values = (
        '"x"', "1", "-1", "0", "1e400", "nan", "true", "[]", '["a", ""]', "2026-05-01", '"2026-13-01"', '"#C1272D"',
        '""', '"\\u0000"', "{a = 1}", "0.8", "12", '"id"', '"en"', '"gauss"', f'"{"a" * 500}"',
    )  # fmt: skip
    lines = [f"{rng.choice(SETTINGS).key} = {rng.choice(values)}" for _ in range(rng.randrange(4))]
    for _ in range(rng.randrange(3)):
        table = rng.choice(["kelompok.odha", "kelompok.anak", "kelompok.semua", "kirim", "rencana", "x", "kelompok"])
        lines.append(f"[{table}]")
        lines += [f"{rng.choice(GROUP_SETTINGS).key} = {rng.choice(values)}" for _ in range(rng.randrange(4))]
    path = world.folder / "lks-geo.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = load_settings(path)
    json.dumps(loaded.public())
    for note in loaded.filter_notes():
        Texts(loaded.lang)(note)


def boundaries(rng: random.Random, world: World) -> None:
    """Layers of squares with all that goes wrong in them."""
    shapes: list[Any] = []
    for at in range(rng.randrange(1, 8)):
        west, south = 119 + at % 3 * 0.1, -3 + at // 3 * 0.1
        box = shapely.box(west, south, west + rng.choice([0.1, 0.1001, 0.0]), south + 0.1)
        bow = shapely.Polygon([(west, south), (west + 0.1, south + 0.1), (west + 0.1, south), (west, south + 0.1)])
        others = [bow, None, shapely.Polygon(), shapely.Point(west, south), box.boundary]
        shapes.append(rng.choice([box, box, box, *others]))
    count = len(shapes)
    codes = [
        rng.choice([f"76.03.01.{1001 + at}", f"760301{1001 + at}", "76.03.01.1001", "", "x"]) for at in range(count)
    ]
    columns = {"kode": codes, "nama": [rng.choice(("Satu", "Dua", *ODD[:20])) for _ in codes]}
    columns |= {name: ["Mambi"] * count for name in rng.sample(["kecamatan", "kabupaten", "provinsi", "kode_bps"], 2)}
    if rng.random() < 0.2:
        del columns[rng.choice([*columns])]
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs=rng.choice(["EPSG:4326", "EPSG:32750", "EPSG:4326", None]))
    path = world.folder / f"batas{rng.choice(['.gpkg', '.geojson', '.shp'])}"
    try:
        layer.to_file(path)
    except Exception:
        return  # the writer refuses it
    desa = load_boundaries(path).desa
    if desa.index.has_duplicates or not desa.geometry.is_valid.all():
        raise FaultError("desa that are no valid areas")


def population(rng: random.Random, world: World) -> None:
    """Tables of people with odd codes, headings and numbers."""
    codes = rng.sample([*world.boundaries.desa.index], rng.randrange(1, 12))
    names = [
        "kode",
        *rng.sample(["anak", "lansia", "disabilitas", "penduduk", "L", "P", "0-4", "60+", "Tahun", "x", "nama"], 4),
    ]
    numbers = ("1", "10", "1.234", "1,5", "-3", "-", "...", "", "x", "1e9", "0", "12 orang", "#N/A", "1.000.000", "٣")
    path = world.folder / "penduduk.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=rng.choice(",;"))
        writer.writerow(names if rng.random() < 0.9 else [_mutated(rng, name) for name in names])
        for code in codes:
            shown = rng.choice([code, code, code.replace(".", ""), "", code[:8]])
            writer.writerow([shown, *(rng.choice(numbers[: rng.choice([3, 15])]) for _ in names[1:])])
    people = load_population(path, world.boundaries, world.settings)
    if (people.table.select_dtypes("number").drop(columns=["lintang", "bujur"]) < 0).any(axis=None):
        raise FaultError("fewer than no people")


def _command(*words: str) -> None:
    """A command that may refuse, but not fail."""
    told = StringIO()
    with redirect_stderr(told), redirect_stdout(told):
        code = run(["-q", "--debug", *words])
    if code not in (0, 1, 2):
        raise FaultError(f"exit code {code}")


def replies(rng: random.Random, world: World) -> None:
    """Forms that offices sent back with cells changed, emptied, sheets renamed or rows moved."""
    import openpyxl

    register = world.forms.get("register")
    if register is None:
        home = Path(tempfile.mkdtemp())
        register = world.forms["register"] = home / "register.xlsx"
        write_pages(register, [soil(page(), ["no_points", "upper_desa"])])
        _command("send", str(register), "-o", str(home / "kirim"))
    form = rng.choice(sorted((register.parent / "kirim").rglob("*.xlsx")))
    answer = world.folder / form.name
    book = openpyxl.load_workbook(form)
    for _ in range(rng.randrange(8)):
        sheet = rng.choice(book.worksheets)
        row, column = rng.randrange(1, sheet.max_row + 2), rng.randrange(1, sheet.max_column + 2)
        cell = sheet.cell(row, column)
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = "".join(mark for mark in rng.choice(ODD) if mark.isprintable()) or None
    if rng.random() < 0.2:
        rng.choice(book.worksheets).delete_rows(rng.randrange(1, 12))
    if rng.random() < 0.1:
        rng.choice(book.worksheets).title = "Lembar X"
    book.save(answer)
    _command("receive", str(register), str(answer), "-o", str(world.folder / "register-baru.xlsx"))


def kobo(rng: random.Random, world: World) -> None:
    """Registers as the exports of forms head them."""
    registers(rng, world, extra=("form_headings",))


ADDRESS_KEYS = (
    "kelompok", "tingkat", "ukuran", "kab", "hitung", "titik", "nomor", "lingkaran", "jangkauan", "banding", "urut",
    "kelas", "wilayah", "lks", "peta", "x", "__proto__", "constructor", "",
)  # fmt: skip
CODE = (
    "<img src=x onerror=window.ran=1>", "javascript:window.ran=1", "');window.ran=1//", "toString", "__proto__",
    "hasOwnProperty", "%00", "%E0%A4%A", "%", "a" * 20_000, "anak%3Cscript%3Ewindow.ran=1%3C/script%3E", "NaN", "-1",
    "[object Object]", "1e9", "http://contoh.id/x.js", "//contoh.id", "\u202e", "anak", "lansia", "desa", "kecamatan",
    "cakupan", "76.03", "76.03.01.1002", "1", "5", "semua",
    "-3,119,8", f"{'9' * 400},1,1", "1,-1,99999", "90,180,0",
)  # fmt: skip


def addresses(rng: random.Random, world: World) -> None:
    """Hashes of the map, and states of its history: none runs, none asks for anything, and the page still answers."""
    opened = world.page
    for _ in range(12):
        parts = (f"{rng.choice(ADDRESS_KEYS)}={rng.choice((*CODE, *ODD))}" for _ in range(rng.randrange(6)))
        state = rng.choice((None, 0, "x", [], {"card": rng.choice(CODE)}, {"__proto__": {"ran": 1}}))
        opened.page.evaluate(SET_ADDRESS, [rng.choice("&;#?").join(parts), state, rng.random() < 0.5])
    ran, usable = opened.page.evaluate(STILL_USABLE)
    if ran or not usable:
        raise FaultError("something ran" if ran else "the page no longer answers")
    if asked := opened.requests + opened.messages:
        opened.requests, opened.messages = [], []
        raise FaultError(f"the page asked or complained: {asked[:3]}")


SET_ADDRESS = """async ([address, state, steps]) => {
    if (steps) window.history.replaceState(state, '');
    window.location.hash = address;
    if (steps) window.dispatchEvent(new PopStateEvent('popstate', { state }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
STILL_USABLE = """async () => {
    const groups = [...document.querySelectorAll('input[name=group]')];
    const before = groups.findIndex((group) => group.checked);
    const next = groups[(before + 1) % groups.length];
    next.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return [window.ran !== undefined || {}.ran !== undefined, before >= 0 && next.checked
        && document.querySelectorAll('.legend-row').length > 0];
}"""

KINDS: dict[str, Case] = {
    "registers": registers, "headings": headings, "coordinates": coordinates, "settings": settings,
    "boundaries": boundaries, "population": population, "replies": replies, "kobo": kobo, "addresses": addresses,
}  # fmt: skip


def try_case(name: str, world: World) -> str:
    """One case by its name: "" if all holds, else what did not."""
    kind = name.partition(":")[0]
    shutil.rmtree(world.folder, ignore_errors=True)
    world.folder.mkdir(parents=True)
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            KINDS[kind](random.Random(name), world)
    except LksGeoError as error:
        if not Texts()(error.message).strip():
            return "an error without words"
    except Exception as error:
        import traceback

        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    if time.process_time() - start > LONGEST_S:
        return f"took longer than {LONGEST_S:.0f} s"
    return "" if _peak_mb() < MOST_MB else f"took more than {MOST_MB} MB"


def _peak_mb() -> float:
    """The most memory that this process ever held; 0 where the system does not tell."""
    if resource is None:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> int:
    """The command line: cases of all kinds in turn until the time is over."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz")
    words.add_argument("--minutes", type=float, default=1.0)
    words.add_argument("--seed", type=int, default=0)
    usual = [kind for kind in KINDS if kind != "addresses" or any(map(shutil.which, CHROMIUM_NAMES))]
    words.add_argument("--kind", choices=[*KINDS], action="append")
    words.add_argument("--case", help="one case again, as it was named")
    words.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "lks-geo-fuzz")
    chosen = words.parse_args()
    world = World(folder=Path(tempfile.mkdtemp()) / "case")
    faults: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    end, number = time.monotonic() + 60 * chosen.minutes, 0
    while time.monotonic() < end:
        for kind in chosen.kind or usual:
            name = chosen.case or f"{kind}:{chosen.seed}:{number}"
            tried[name.partition(":")[0]] += 1
            if fault := try_case(name, world):
                where = fault.rpartition("(")[2]
                faults[where] += 1
                if faults[where] <= 3:
                    kept = chosen.keep / name.replace(":", "-")
                    shutil.copytree(world.folder, kept, dirs_exist_ok=True)
                    print(f"{name}: {fault} -> {kept}", flush=True)
            if chosen.case:
                return 1 if faults else 0
        number += 1
    world.after.close()
    print(f"{tried.total()} cases ({', '.join(f'{n} {kind}' for kind, n in tried.items())}), {faults.total()} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
