"""The empty register: what is chosen from its lists is understood, and a filled one passes without a remark."""

from __future__ import annotations

from itertools import groupby, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_world

from lks_geo.catalogue import DEFAULT_GROUPS, Group
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import LANGUAGES
from lks_geo.register.cleaning.clean import clean
from lks_geo.register.reading.fields import FIELD_BY_KEY, FIELD_KEYS
from lks_geo.register.reading.headings import Headings
from lks_geo.register.reading.raw import read_register
from lks_geo.register.template import COLUMNS, choices, write_template
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries

OWN = Group(
    key="pemulung", name_id="Pemulung", name_en="Scavengers", short_id="pemulung", short_en="scavengers",
    definition_id="-", definition_en="-", words=("pemulung",),
)  # fmt: skip


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return report_world.boundaries()


def _write(path: Path, boundaries: Boundaries, settings: Settings) -> Path:
    write_template(path, boundaries, settings)
    return path


def _fill(path: Path, rows: list[dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=2):
        for column, spec in enumerate(COLUMNS, start=1):
            sheet.cell(number, column).value = row.get(spec.field)
    book.save(path)


def _chosen(boundaries: Boundaries, settings: Settings) -> list[dict[str, Any]]:
    """One row per combination of words, at different desa of the whole province; the last rows are sparse."""
    fields = ("sistem", "status_aktif", "badan_hukum", "perkembangan", "akreditasi")
    words = [choices(field, settings) for field in fields]
    groups = choices("kelompok", settings)
    names = boundaries.names("desa")
    rows: list[dict[str, Any]] = []
    for number, combination in enumerate(product(*words)):
        place = number * 3 % len(names)
        desa, point = names.iloc[place], boundaries.desa.geometry.iloc[place].representative_point()
        area = {level: desa["nama" if level == "desa" else level] for level in ("desa", "kecamatan", "kabupaten")}
        several = groups[number % len(groups) :][: 1 + number % 3]
        rows.append({
            **dict(zip(fields, combination, strict=True)), **area, "id": f"LKS-{number:03}",
            "nama": f"LKS Contoh {number}",
            "kelompok": "; ".join(several), "alamat": f"Jl. Poros No. {number}", "kapasitas": 20 + number,
            "klien": number,
            "lintang": round(point.y, 6), "bujur": round(point.x, 6),
            "cakupan_wilayah": f"Kecamatan {area['kecamatan']}",
        })  # fmt: skip
    rows[-1] |= dict.fromkeys(("sistem", "badan_hukum", "perkembangan", "akreditasi", "kapasitas", "klien", "id"))
    return rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_passes_without_a_word(tmp_path: Path, boundaries: Boundaries, lang: str) -> None:
    settings = Settings(lang=lang, groups=(*DEFAULT_GROUPS, OWN))
    path = _write(tmp_path / "register.xlsx", boundaries, settings)
    rows = _chosen(boundaries, settings)
    _fill(path, rows)
    raw = read_register(path, settings=settings)
    assert len(raw.cells) == len(rows)
    assert raw.notes == ()
    assert raw.sheets[0].unused == ()
    assert set(raw.sheets[0].columns) == {column.field for column in COLUMNS}
    assert [sheet.rows for sheet in raw.sheets[1:]] == [0, 0]
    register = clean(raw, boundaries, settings)
    assert [(issue.nomor, issue.jenis, str(issue.pesan)) for issue in register.issues] == []
    assert register.counts["diterima"] == len(rows)
    assert [note.key for note in register.notes] == ["register.note_running_ids"], (
        "the ids are numbers, one place is disguised"
    )
    names = {group.name(lang): group.key for group in settings.groups}
    served = [{names[word] for word in row["kelompok"].split("; ")} for row in rows]
    assert [set(groups) for groups in register.rows["kelompok"]] == served


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_heading_is_its_field(lang: str) -> None:
    headings = Headings(Settings())
    for column in COLUMNS:
        claim = headings.claim((FIELD_BY_KEY[column.field].title(lang) + " *",))
        assert claim is not None
        assert claim.field == column.field
        assert column.field in FIELD_KEYS


def test_lists_follow_the_choice_before(tmp_path: Path, boundaries: Boundaries) -> None:
    """Excel shows one run of cells per choice, so the words of a choice must stand together, complete and sorted."""
    book = openpyxl.load_workbook(_write(tmp_path / "register.xlsx", boundaries, Settings()))
    lists = book.worksheets[2]
    assert lists.sheet_state == "hidden"
    columns = [[cell.value for cell in column if cell.value is not None] for column in lists.columns]
    names = boundaries.names("desa")
    assert columns[0] == sorted(names["kabupaten"].unique())
    for keys, words, level in ((columns[1], columns[2], "kecamatan"), (columns[3], columns[4], "nama")):
        runs = [key for key, _ in groupby(keys)]
        assert len(runs) == len(set(runs))
        expected = names[["kabupaten", "kecamatan", "nama"]].drop_duplicates(["kabupaten", "kecamatan", level])
        joined = (
            expected["kabupaten"] if level == "kecamatan" else expected["kabupaten"] + " / " + expected["kecamatan"]
        )
        assert sorted(zip(keys, words, strict=True)) == sorted(zip(joined, expected[level], strict=True))
    rules = {
        str(rule.sqref).split(":")[0][0]: rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation
    }
    at = {column.field: chr(ord("A") + number) for number, column in enumerate(COLUMNS)}
    assert f"MATCH(${at['kabupaten']}2," in rules[at["kecamatan"]]
    assert f'${at["kabupaten"]}2&" / "&${at["kecamatan"]}2' in rules[at["desa"]]


def test_the_empty_template_has_no_rows(tmp_path: Path, boundaries: Boundaries) -> None:
    path = _write(tmp_path / "register.xlsx", boundaries, Settings())
    with pytest.raises(LksGeoError) as caught:
        read_register(path, settings=Settings())
    assert caught.value.message.key == "sheets.no_rows"


def test_writing(tmp_path: Path, boundaries: Boundaries) -> None:
    first = _write(tmp_path / "a.xlsx", boundaries, Settings()).read_bytes()
    assert _write(tmp_path / "b.xlsx", boundaries, Settings()).read_bytes() == first
    with pytest.raises(LksGeoError):
        write_template(tmp_path / "a.xlsx", boundaries, Settings())
    write_template(tmp_path / "a.xlsx", boundaries, Settings(lang="en"), overwrite=True)
    with pytest.raises(RequestError):
        write_template(tmp_path / "a.csv", boundaries, Settings())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]
