"""The command `compare`: what it says, what it writes, what it reads back, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from browser import chromium, open_file
from registers import clean_rows, write_register

from lks_geo import pipeline, shipped
from lks_geo.cli.program import run
from lks_geo.comparing.changes import CHANGE_COLUMNS
from lks_geo.comparing.gains import CAUSES, GAIN_COLUMNS
from lks_geo.request import Request

pytestmark = pytest.mark.usefixtures("read_once", "compared_once")

MADE: dict[object, tuple[str, Any]] = {}
"""What was asked of which files -> how texts were held then, and what was made."""


@pytest.fixture
def compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers of the same names and contents are cleaned, and compared, once for all that ask the same of them."""

    def once(make: Callable[..., Any], **apart: Any) -> Callable[..., Any]:
        def made(request: Request, earlier: Sequence[Path], *rest: Any) -> Any:
            files = [path for path in (*earlier, request.register, *rest) if isinstance(path, Path)]
            asked = repr(replace(request, register=None, output=None, overwrite=False, **apart))
            key = (make.__name__, asked, *((path.name, path.exists() and path.read_bytes()) for path in files))
            if key not in MADE:
                found = make(request, earlier, *rest)
                MADE[key] = (pd.get_option("mode.string_storage"), found)
            pd.set_option("mode.string_storage", MADE[key][0])
            return MADE[key][1]

        return made

    monkeypatch.setattr(pipeline, "_all_registers", once(pipeline._all_registers, groups=()))
    monkeypatch.setattr(pipeline, "compared", once(pipeline.compared))


def two_registers(folder: Path) -> tuple[str, str]:
    """Twelve LKS; a year later one is gone, one new, one renamed, one moved and one may be the one or the other."""
    old = clean_rows()
    new = [dict(row) for row in reversed(old)]
    by_id = {row["id"]: row for row in new}
    ids = [row["id"] for row in old]
    new.remove(by_id[ids[0]])
    by_id[ids[1]]["nama"] = "LKS-LU Sejahtera Abadi"
    by_id[ids[2]] |= {
        name: old[3][name] for name in ("lintang", "bujur", "desa", "kecamatan", "kabupaten", "kode_desa")
    }
    by_id[ids[4]]["status_aktif"] = "Tidak aktif"
    new.append(dict(old[9]) | {"id": "LKS-900", "nama": "Panti Jompo Tunas Mekar", "jenis_layanan": "Lansia"})
    for name, rows in (("lama", old), ("baru", new)):
        write_register(folder / f"{name}.csv", rows)
    return str(folder / "lama.csv"), str(folder / "baru.csv")


@pytest.fixture
def registers(tmp_path: Path) -> tuple[str, str]:
    """The two registers, for a test to change."""
    return two_registers(tmp_path)


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """What changed between the two registers: a file of that ending, made once for each choice of options."""
    registers = two_registers(tmp_path_factory.mktemp("register"))

    @cache
    def made(suffix: str, *options: str) -> Path:
        path = tmp_path_factory.mktemp("perubahan") / f"p{suffix}"
        assert run(["-q", "compare", *registers, *options, "-o", str(path)]) == 0
        return path

    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def test_the_screen_says_what_changed(registers: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", *registers, "--group", "anak", "--group", "lansia"]) == 0
    out = capsys.readouterr().out
    assert "menjadi terlayani" in out
    assert "LKS dalam register lama" in out
    assert "Abadi" in out
    assert "Kedua register diukur pada batas dan jumlah penduduk yang sama" in out


def test_what_is_told_is_of_the_kabupaten_and_groups_asked_for(
    registers: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Elsewhere an LKS of another group is newly disguised, so that one that is gone there is not named."""
    new = pd.read_csv(registers[1], dtype=str)
    new.loc[new["ID LKS"] == "LKS-004", ["Nama LKS", "Jenis Layanan", "ID LKS"]] = [
        "Rumah Aman Pulih",
        "Korban kekerasan",
        "LKS-901",
    ]
    new.to_csv(registers[1], index=False)
    view = ("--kabupaten", "Mamasa", "--group", "lansia")
    assert run(["compare", *registers, *view, "-o", str(tmp_path / "p.json")]) == 0
    told = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert told["lks"]
    assert all("lansia" in f"{row['kelompok_lama']}; {row['kelompok_baru']}" for row in told["lks"])
    assert all("Mamasa" in row["kabupaten"] for row in told["lks"] if row["kelas"] != "pindah")
    out = " ".join(capsys.readouterr().out.split())
    assert "Dibandingkan: lama → baru" in out
    assert "tidak disebut namanya: di kabupatennya" not in out
    assert "Angka per desa tidak ditulis: di luar yang dipilih" in out
    assert not any(row["level"] == "desa" for row in told["cakupan"])
    assert run(["compare", *registers, "-o", str(tmp_path / "all.csv")]) == 0
    assert "tidak disebut namanya: di kabupatennya" in " ".join(capsys.readouterr().out.split())


def test_the_tables_for_programs(changes: Callable[..., Path]) -> None:
    path = changes(".csv")
    lks = pd.read_csv(path, dtype=str)
    assert tuple(lks.columns) == (*CHANGE_COLUMNS, "alasan")
    areas = pd.read_csv(path.with_name("p-cakupan.csv"), dtype={"kode": str})
    assert tuple(areas.columns) == GAIN_COLUMNS
    change = areas["terjangkau_baru"] - areas["terjangkau_lama"]
    assert areas[list(CAUSES)].sum(axis=1).to_numpy() == pytest.approx(change.to_numpy(), abs=1e-6)
    told = json.loads(changes(".json").read_text(encoding="utf-8"))
    assert [row["id_tetap"] for row in told["lks"]] == [None if pd.isna(text) else text for text in lks["id_tetap"]]
    assert len(told["cakupan"]) == len(areas)
    assert {"lama", "baru"} == set(told["sumber"])


def test_the_workbook_is_for_people_and_can_be_given_back(registers: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    assert run(["-q", "--lang", "en", "compare", *registers, "-o", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["Changes of LKS", "Changes of coverage", "Status"]
    changes = list(book["Changes of LKS"].values)
    assert "lama → baru" in str(changes[2][0])
    keys = next(row for row in changes if row[0] == "kelas")
    folded = [part for part in book["Changes of LKS"].column_dimensions.values() if part.hidden]
    assert keys.index("alasan") == min(part.min for part in folded) - 2 < 15
    served = {row[keys.index("kelompok_lama")] for row in changes}
    assert "Persons with disabilities" in served or "People with disabilities" in served, served
    status = [row[0] for row in book["Status"].values][5:]
    assert len([at for at, name in enumerate(status) if at == 0 or status[at - 1] != name]) == len(set(status))
    assert {row[6] for row in book["Changes of coverage"].values} <= {None, "unit", "satuan", "people", "km²"}
    assert run(["-q", "compare", *registers, "--pairs", str(path), "-o", str(tmp_path / "q.csv")]) == 0


@pytest.mark.browser
def test_the_page_shows_the_difference_and_both_sides_and_fetches_nothing(
    browser: Any, registers: tuple[str, str], tmp_path: Path
) -> None:
    text = Path(registers[1]).read_text(encoding="utf-8")
    attack = "Panti <img src=x onerror=alert(1)>"
    Path(registers[1]).write_text(text.replace("Panti Jompo Tunas Mekar", attack), encoding="utf-8")
    path = tmp_path / "p.html"
    assert run(["-q", "compare", *registers, "-o", str(path)]) == 0
    opened = open_file(browser, path)
    page = opened.page
    first = opened.text(".finding")
    page.get_by_role("button", name="Lansia").click()
    assert opened.text(".finding") != first
    assert page.locator("figure").count() == 1
    box = page.locator("figure svg").get_attribute("viewBox")
    page.locator("figure svg").press("+")
    assert page.locator("figure svg").get_attribute("viewBox") != box
    page.locator(".list button").first.click()
    assert "→" in opened.text(".told")
    page.get_by_role("button", name="Berdampingan").click()
    assert page.locator("figure").count() == 2
    assert attack in page.locator("#changes").inner_text()
    assert page.locator("img").count() == 0
    assert opened.requests == opened.messages == []


def test_the_page_has_the_numbers_of_the_table(changes: Callable[..., Path]) -> None:
    html = changes(".html", "--group", "lansia").read_text(encoding="utf-8")
    content = json.loads(html.partition('id="content">')[2].partition("</script>")[0])
    areas = pd.read_csv(changes(".csv", "--group", "lansia").with_name("p-cakupan.csv"), dtype={"kode": str})
    desa = areas[areas["level"] == "desa"].set_index(["nama", "kecamatan"])
    shown = content["groups"][0]
    served = [
        at for at, key in enumerate(shown["change"]) if content["kinds"]["change"][key]["label"] == "menjadi terlayani"
    ]
    assert len(served) == desa["desa_menjadi_terlayani"].sum() > 0
    for at in shown["most"][:5]:
        area = content["areas"][at]
        row = desa.loc[(area["name"], area["where"].partition(", ")[0])]
        assert shown["numbers"][at] == pytest.approx([row["terjangkau_lama"], row["terjangkau_baru"]], abs=0.06)


def test_page_and_slides_open_with_the_group_that_changed_most(registers: tuple[str, str], tmp_path: Path) -> None:
    """Only LKS of the elderly change: first the page shows them, whatever stands first among the groups."""
    from pptx import Presentation

    old, two = pd.read_csv(registers[0], dtype=str), ("--group", "anak", "--group", "lansia")
    old[~old["Jenis Layanan"].str.contains("Lanjut Usia")].to_csv(registers[1], index=False)
    for pair, start in (((registers[0], registers[1]), "Lansia"), ((registers[0], registers[0]), "Anak")):
        for name in ("p.html", "p.pptx"):
            assert run(["-q", "compare", *pair, *two, "-o", str(tmp_path / name), "--overwrite"]) == 0
        html = (tmp_path / "p.html").read_text(encoding="utf-8")
        content = json.loads(html.partition('id="content">')[2].partition("</script>")[0])
        shown = content["groups"][content["start"]]
        assert shown["name"] == start
        assert content["groups"][0]["name"] == "Anak", "the order of the buttons stays"
        slides = Presentation(str(tmp_path / "p.pptx")).slides
        assert slides[0].shapes.title.text_frame.text == shown["headline"]


def test_the_slides_have_the_headline_the_map_and_the_causes(changes: Callable[..., Path]) -> None:
    from pptx import Presentation

    told = json.loads(changes(".json", "--group", "lansia").read_text(encoding="utf-8"))
    finding, method = Presentation(str(changes(".pptx", "--group", "lansia"))).slides
    assert finding.shapes.title.text_frame.text in " ".join(told["catatan"])
    assert any("lama → baru. " in shape.text_frame.text for shape in finding.shapes if shape.has_text_frame)
    assert any(shape._element.tag.endswith("}pic") for shape in finding.shapes)
    table = next(shape.table for shape in finding.shapes if shape.has_table)
    gained = [row for row in told["cakupan"] if row["level"] == "kabupaten"]
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert {row["nama"]: round(row["bertambah"]) for row in gained} == {
        name: int(cells[name].replace(".", "")) for name in cells if name != "kabupaten"
    }
    assert not any("--" in shape.text_frame.text for shape in method.shapes if shape.has_text_frame)


def answered(path: Path, first: str, second: str, answer: str) -> Path:
    """The table of changes with one more line: the answer to whether two LKS are one."""
    changes = pd.read_csv(path, dtype=str)
    line = {"id_lama": first, "id_baru": second, "keputusan": answer}
    target = path.with_name(f"{answer}.csv")
    pd.concat([changes, pd.DataFrame([line])]).to_csv(target, index=False, sep=";")
    return target


def test_what_is_compared_with_the_example_says_so(registers: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    assert run(["-q", "compare", str(shipped.EXAMPLE_REGISTER), registers[1], "-o", str(path)]) == 0
    assert "DATA CONTOH" in json.loads(path.read_text(encoding="utf-8"))["catatan"][0]


def test_settled_pairs_hold_and_ids_last(
    registers: tuple[str, str], changes: Callable[..., Path], tmp_path: Path
) -> None:
    path, second = tmp_path / "p.csv", tmp_path / "q.csv"
    path.write_bytes(changes(".csv").read_bytes())
    before = pd.read_csv(path, dtype=str)
    gone = before[before["kelas"] == "hilang"]["id_lama"].iloc[0]
    fresh = before[before["kelas"] == "baru"]["id_baru"].iloc[0]
    pairs = answered(path, gone, fresh, "sama")
    assert run(["-q", "compare", *registers, "--pairs", str(pairs), "-o", str(second)]) == 0
    after = pd.read_csv(second, dtype=str)
    joined = after[(after["id_lama"] == gone) & (after["id_baru"] == fresh)].iloc[0]
    assert joined["keputusan"] == "sama"
    assert joined["id_tetap"] == gone
    third = tmp_path / "r.csv"
    assert run(["-q", "compare", registers[1], registers[1], "--pairs", str(second), "-o", str(third)]) == 0
    next_year = pd.read_csv(third, dtype=str)
    assert set(next_year["kelas"]) == {"tetap"}
    assert next_year.set_index("id_baru").loc[fresh, "id_tetap"] == gone
    parted = answered(
        path,
        before[before["kelas"] == "tetap"]["id_lama"].iloc[0],
        before[before["kelas"] == "tetap"]["id_baru"].iloc[0],
        "beda",
    )
    assert run(["-q", "compare", *registers, "--pairs", str(parted), "-o", str(tmp_path / "s.csv")]) == 0
    counts = pd.read_csv(tmp_path / "s.csv", dtype=str)["kelas"].value_counts()
    assert counts["hilang"] == (before["kelas"] == "hilang").sum() + 1


@pytest.mark.parametrize(("backward", "kind"), [(False, "gabung"), (True, "pecah")])
def test_a_row_that_one_register_drops_as_a_duplicate_is_not_gone(backward: bool, kind: str, tmp_path: Path) -> None:
    """Two LKS of one name in two desa; a year later both rows are of one place, and the second is dropped."""
    where = ("desa", "kecamatan", "kabupaten", "kode_desa", "lintang", "bujur")
    old, new = clean_rows(), clean_rows()
    other = next(row for row in old if row["kabupaten"] == old[2]["kabupaten"] and row["desa"] != old[2]["desa"])
    old.append(dict(old[2]) | {"id": "LKS-800", "kapasitas": 77} | {name: other[name] for name in where})
    new.append(dict(old[2]) | {"id": "LKS-800", "kapasitas": 77})
    files = [str(write_register(tmp_path / f"{name}.csv", rows).path) for name, rows in (("a", old), ("b", new))]
    path = tmp_path / "p.csv"
    assert run(["-q", "compare", *(files[::-1] if backward else files), "-o", str(path)]) == 0
    counts = pd.read_csv(path)["kelas"].value_counts()
    assert counts.to_dict() == {"tetap": len(new) - 1, kind: 1}
    assert pd.read_csv(path)["alasan"].str.contains("ganda").sum() == 1


def test_the_id_that_lasts_is_read_back_a_year_later(
    registers: tuple[str, str], changes: Callable[..., Path], tmp_path: Path
) -> None:
    """The office copies `id_tetap` beside its own numbers, which it gives anew each year; a new LKS has none yet."""
    told = (
        pd.read_csv(changes(".csv"), dtype=str).dropna(subset=["id_baru", "id_tetap"]).set_index("id_baru")["id_tetap"]
    )
    second, third = tmp_path / "kedua.csv", tmp_path / "ketiga.csv"
    table = pd.read_csv(registers[1], dtype=str)
    table["id tetap"] = table["ID LKS"].map(told)
    table.to_csv(second, index=False)
    table = table.iloc[::-1].assign(**{"ID LKS": [f"LKS/{at:03}/2027" for at in range(len(table))]})
    table.loc[table.index[3], "id tetap"] = None
    table.loc[table.index[5], "Lintang"] = "tidak tahu"
    table.to_csv(third, index=False)
    assert run(["-q", "check", str(third), "-o", str(tmp_path / "mutu.json")]) == 0
    ids = [row["id"] for row in json.loads((tmp_path / "mutu.json").read_text(encoding="utf-8"))["baris"]]
    assert set(ids) == {*table["id tetap"].dropna(), "LKS/003/2027"}
    assert run(["-q", "compare", str(second), str(third), "-o", str(tmp_path / "q.csv")]) == 0
    later = pd.read_csv(tmp_path / "q.csv", dtype=str)
    kept = later.dropna(subset=["id_lama"])
    assert (kept["id_tetap"].dropna() == kept["id_lama"][kept["id_tetap"].notna()]).all()
    assert set(later["kelas"]) <= {"tetap", "meragukan"}
    assert run(["-q", "send", str(third), "-o", str(tmp_path / "kirim")]) == 0
    target = tmp_path / "baru.xlsx"
    assert run(["-q", "receive", str(third), str(tmp_path / "kirim"), "-o", str(target)]) == 0
    again = pd.read_excel(target, dtype=str, engine="openpyxl")
    assert again["id tetap"].dropna().tolist() == table["id tetap"].dropna().tolist()


def names_told(told: dict[str, list[dict[str, str | None]]]) -> set[str | None]:
    return {row[f"{name}_{end}"] for row in told["lks"] for name in ("id", "nama") for end in ("lama", "baru")}


@pytest.mark.parametrize(
    ("renamed", "backward"),
    [
        ("Rumah Aman Sejati", False),
        (None, True),
        pytest.param("Rumah Aman Sejati", True, marks=pytest.mark.long),
        pytest.param(None, False, marks=pytest.mark.long),
    ],
)
def test_who_is_disguised_in_one_register_is_disguised_in_both(
    renamed: str | None, backward: bool, tmp_path: Path
) -> None:
    """The third LKS serves victims a year later, by its id or its name, and one that did is gone: counts stay equal."""
    old, new = clean_rows(), clean_rows()
    hidden = dict(old[2]) | {"id": "LKS-700", "nama": "Panti Tersembunyi", "jenis_layanan": "Korban kekerasan"}
    old.append(hidden)
    new[2] |= {"jenis_layanan": "Korban kekerasan", **({"nama": renamed} if renamed else {"id": "LKS-701"})}
    files = [str(write_register(tmp_path / f"{name}.csv", rows).path) for name, rows in (("a", old), ("b", new))]
    path = tmp_path / "p.json"
    assert run(["-q", "compare", *(files[::-1] if backward else files), "-o", str(path)]) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert names_told(told).isdisjoint({old[2]["id"], old[2]["nama"], renamed or "-"})
    assert {row["kelas"] for row in told["lks"]} == {"tetap"}


def test_numbers_that_are_given_anew_join_no_lks_to_a_disguised_one(tmp_path: Path) -> None:
    old, new = clean_rows(), clean_rows()
    new[2] |= {"jenis_layanan": "Korban kekerasan", "nama": "Panti Tersembunyi"}
    for at, row in enumerate(reversed(new)):
        row["id"] = old[at]["id"]
    files = [str(write_register(tmp_path / f"{name}.csv", rows).path) for name, rows in (("a", old), ("b", new))]
    path = tmp_path / "p.json"
    assert run(["-q", "compare", *files, "-o", str(path)]) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    others = {str(row["nama"]) for at, row in enumerate(old) if at != 2}
    assert others <= names_told(told)


@pytest.fixture
def years(registers: tuple[str, str], tmp_path: Path) -> list[str]:
    """Three registers: in the last one kabupaten is left out, and an LKS serves another group."""
    third = [row | {"jenis_layanan": "Lansia"} if at == 3 else row for at, row in enumerate(clean_rows())]
    write_register(tmp_path / "terbaru.csv", [row for row in third if row["kabupaten"] != third[0]["kabupaten"]])
    return [*registers, str(tmp_path / "terbaru.csv")]


def test_the_line_is_that_of_each_coverage_and_its_steps_add_up(years: list[str], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert run(["-q", "compare", *years, "-o", str(path)]) == 0
    line = pd.read_csv(path, dtype={"kode": str})
    steps = pd.read_csv(tmp_path / "t-langkah.csv")
    silent = clean_rows()[0]["kabupaten"]
    assert silent not in set(line["nama"])
    kabupaten = line[line["level"] == "kabupaten"]
    for at, register in enumerate(years, start=1):
        target = tmp_path / f"c{at}.csv"
        assert run(["-q", "coverage", register, "--level", "kabupaten", "-o", str(target)]) == 0
        own = pd.read_csv(target, dtype={"kode": str}).set_index(["kode", "kelompok"])
        rows = kabupaten[kabupaten["urutan"] == at].set_index(["kode", "kelompok"])
        own = own.loc[rows.index]
        people = rows["satuan"] == "orang"
        assert rows["desa_belum_terlayani"].tolist() == own["desa_belum_terlayani"].tolist()
        assert rows["lks"].tolist() == (own["jumlah_lks"] + own["lks_tanpa_titik"].fillna(0)).tolist()
        assert rows["terjangkau"][people].to_numpy() == pytest.approx(own["terjangkau"][people].to_numpy())
        assert rows["cakupan"].to_numpy() == pytest.approx(own["cakupan"].to_numpy())
    whole = line[line["level"] == "semua"].set_index(["urutan", "kelompok"])["terjangkau"]
    gained = steps.set_index(["urutan", "kelompok"])
    for (at, group), row in gained.iterrows():
        assert row[list(CAUSES)].sum() == pytest.approx(whole[at + 1, group] - whole[at, group], abs=1e-6)
    assert gained["bertambah"].abs().sum() > 0


def test_the_line_counts_lks_off_the_map(registers: tuple[str, str], tmp_path: Path) -> None:
    table = pd.read_csv(registers[0], dtype=str)
    away = table.iloc[[1]].assign(
        **{"ID LKS": "LKS-77", "Nama LKS": "LKS-LU Jauh", "Lintang": "-8.5", "Bujur": "115.2"}
    )
    places = ["Desa/Kelurahan", "Kecamatan", "Kabupaten", "Kode Desa"]
    paths = [str(tmp_path / f"{name}.csv") for name in ("a", "b")]
    table.to_csv(paths[0], index=False)
    pd.concat([table, away.assign(**dict.fromkeys(places))]).to_csv(paths[1], index=False)
    path = tmp_path / "t.csv"
    assert run(["-q", "compare", registers[0], *paths, "--group", "lansia", "-o", str(path)]) == 0
    line = pd.read_csv(path)
    counted = line[line["level"] == "semua"]["lks"].tolist()
    assert counted == [counted[0], counted[0], counted[0] + 1]
    assert line[line["level"] == "kabupaten"].groupby("urutan")["lks"].sum().nunique() == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".pptx", ".html", ".json"])
def test_the_line_over_the_years_in_every_format(
    suffix: str, years: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"t{suffix}"
    assert run(["compare", *years, "--group", "lansia", "-o", str(path)]) == 0
    told = capsys.readouterr().out.splitlines()[0].partition("; desa")[0]
    match suffix:
        case ".xlsx":
            book = openpyxl.load_workbook(path)
            assert len(book["Perkembangan"]._charts) == 1
            found = "\n".join(str(cell.value) for cell in book["Perkembangan"]["A"])
        case ".pptx":
            from pptx import Presentation

            slides = list(Presentation(str(path)).slides)
            chart = next(shape.chart for shape in slides[0].shapes if shape.has_chart)
            assert len(chart.plots[0].categories) == len(years)
            found = slides[1].shapes.title.text_frame.text
        case _:
            found = path.read_text(encoding="utf-8")
    assert told in found


@pytest.mark.browser
def test_the_line_over_the_years_is_whole_on_a_phone(browser: Any, years: list[str], tmp_path: Path) -> None:
    """Numbers that a table hides at the edge of the window would be read as other numbers."""
    path = tmp_path / "t.html"
    assert run(["-q", "compare", *years, "--group", "lansia", "-o", str(path)]) == 0
    page = browser.new_page(viewport={"width": 360, "height": 640}, offline=True)
    page.goto(path.as_uri())
    assert page.evaluate("[...document.querySelectorAll('.scroll')].map((e) => e.scrollWidth - e.clientWidth)") == [
        0,
        0,
    ]
    heads = page.locator("table").first.locator("th").all_text_contents()
    cells = page.locator("tbody tr").first.locator("td").evaluate_all("all => all.map((e) => e.dataset.head)")
    assert cells == heads


@pytest.mark.parametrize(
    "dirt",
    [
        ["comma_decimals_lat", "comma_decimals_lon", "snake_headings"],
        ["dms_lat", "dms_lon", "status_upper"],
        ["undotted_codes", "kab_prefix", "upper_desa"],
    ],
)
def test_the_same_register_written_otherwise_has_not_changed(dirt: list[str], tmp_path: Path) -> None:
    write_register(tmp_path / "a.xlsx")
    write_register(tmp_path / "b.csv", dirt=dirt, delimiter=";")
    target = tmp_path / "p.csv"
    assert run(["-q", "compare", str(tmp_path / "a.xlsx"), str(tmp_path / "b.csv"), "-o", str(target)]) == 0
    assert set(pd.read_csv(target)["kelas"]) == {"tetap"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a;b\n1;2\n", "id_lama"),
        ("id_lama;id_baru;keputusan\nX;Y;mungkin\n", "mungkin"),
        ("id_lama;id_baru\n{0};{0}\n{0};{1}\n", "{0}"),
    ],
)
def test_a_file_of_pairs_that_says_nothing_is_refused(
    content: str, told: str, registers: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [row["id"] for row in clean_rows()[6:8]]
    pairs = tmp_path / "pasangan.csv"
    pairs.write_text(content.format(*ids), encoding="utf-8")
    assert run(["compare", *registers, "--pairs", str(pairs)]) == 1
    assert told.format(*ids) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["-o", "x.docx"], 2, ".html"),
        (["--reach", "5,10"], 2, "--reach"),
        (["--pairs", "tidak-ada.csv"], 1, "tidak-ada.csv"),
        (["register-3.csv", "--pairs", "pasangan.csv"], 2, "dua register"),
    ],
)
def test_what_cannot_be_done_is_told(
    words: list[str], code: int, told: str, registers: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", *registers, *words]) == code
    assert told in capsys.readouterr().err


def test_old_codes_are_understood_through_the_bridge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, code in (("lama", "76.05.01.2999"), ("baru", "76.05.01.1001")):
        lines = ("Nama LKS,Jenis Layanan,Kode Desa", f"Panti Satu,Anak,{code}", "Panti Dua,Lansia,76.05.01.1002")
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    bridge = tmp_path / "jembatan.csv"
    bridge.write_text("kode_lama,nama_lama,kode_baru,jenis\n76.05.01.2999,Lama,76.05.01.1001,gabung\n")
    files = [str(tmp_path / "lama.csv"), str(tmp_path / "baru.csv")]
    kept = "cakupan dari 51,7 % menjadi 51,7 %"
    assert run(["compare", *files, "--bridge", str(bridge)]) == 0
    assert kept in " ".join(capsys.readouterr().out.split())
    target = tmp_path / "p.json"
    assert run(["-q", "compare", *files, "--bridge", str(bridge), "-o", str(target)]) == 0
    used = json.loads(target.read_text(encoding="utf-8"))["jembatan"]
    facts = ("kode_lama", "kode_baru", "baris_lama", "baris_baru")
    assert [[row[name] for name in facts] for row in used] == [["76.05.01.2999", "76.05.01.1001", 1, 0]]
    assert run(["compare", *files]) == 0
    assert kept not in " ".join(capsys.readouterr().out.split())
