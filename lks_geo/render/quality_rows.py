"""What became of each row of a register, as tables and as plain values: the content of the quality report.

Every input row is there, whatever its outcome. Of a disguised row only its sheet and number, its outcome, how sure its
location is and the kinds of fault are told: enough for the office that keeps the register to mend it, and nothing for
anybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.messages import Texts, catalogue_entries, msg
from lks_geo.register.areas.file_areas import offices
from lks_geo.register.reading.fields import FIELD_BY_KEY, MARK
from lks_geo.render.frames import joined, plain, stamps, systems
from lks_geo.said.profile import rows_told
from lks_geo.tables import OUTCOMES, Boundaries, Issue, Register, SheetReport

ROW_COLUMNS = (
    "lembar", "nomor", "hasil", "id", "nama", "kelompok", "jenis_layanan", "sistem", "layanan_lain", "aktif",
    "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "kapasitas", "klien", "alamat", "desa", "kecamatan",
    "kabupaten", "kode_tertulis", "cakupan_wilayah", "lintang", "bujur", "lokasi", "kode_desa", "kode_kecamatan",
    "kode_kabupaten", "masalah",
)  # fmt: skip

ISSUE_COLUMNS = (
    "posisi", "kode_asal", "kabupaten_asal", "hasil", "lembar", "nomor", "id", "nama", "desa", "kecamatan",
    "kolom", "jenis", "pesan", "sebelum", "sesudah", "isian", "pilihan",
)  # fmt: skip

_JSON_COLUMNS = (
    "lembar", "nomor", "id", "nama", "hasil", "kelompok", "aktif", "kode_desa", "kode_kecamatan", "kode_kabupaten",
    "lintang", "bujur", "lokasi",
)  # fmt: skip

TOLD_OF_DISGUISED = ("lembar", "nomor", "hasil", "lokasi", "disamarkan")
"""The columns of a disguised row that are told."""

CHECK_LOCATION = "periksa_lokasi"
"""The kind that stands for all faults of a disguised row that could tell where it stands. It gives the row no outcome,
but somebody must mend it."""

_FILL_IN = {
    "point": ("lintang", "bujur", "koordinat", "lokasi"),
    "area": ("desa", "kecamatan", "kabupaten", "kode_desa", "kode_tertulis", "kode_kecamatan", "kode_kabupaten"),
    "services": ("kelompok", "layanan", "jenis_layanan", "layanan_lain"),
    "system": ("sistem",),
    "active": ("aktif", "status_aktif"),
    "legal": ("badan_hukum",),
    "development": ("perkembangan",),
    "accreditation": ("akreditasi", "berlaku_sampai"),
    "people": ("kapasitas", "klien"),
    "identity": ("id", "nama"),
    "served": ("cakupan_wilayah",),
}
"""What the office should fill in, by the field that a remark is about."""

_FILL_BY_KIND = {
    "titik_dari_desa": "point",
    "hanya_wilayah": "point",
    "tanpa_lokasi": "point",
    "layanan_kosong": "services",
    "status_tanpa_kolom": "active",
}
"""The same for remarks on a field that the file lacks."""

_FILL_BY_FIELD = {name: fill for fill, names in _FILL_IN.items() for name in names}


def quality_json(register: Register, *, lang: str = "id", internal: bool = False) -> dict[str, Any]:
    """The report as plain values: source, counts, headings and every row with its remarks, null where not known."""
    return quality_head(register, lang=lang, internal=internal) | {"baris": list(quality_lines(register, lang=lang))}


def quality_head(register: Register, *, lang: str = "id", internal: bool = False) -> dict[str, Any]:
    """The report as plain values, without its rows."""
    return {
        "sumber": _source_json(register, Texts(lang), internal=internal),
        "jumlah": dict(register.counts),
        "kolom": matched_headings(register),
    }


def quality_lines(register: Register, *, lang: str = "id") -> Iterator[dict[str, Any]]:
    """The rows of the report one by one."""
    texts, issues, told = Texts(lang), issues_by_row(register), told_rows(register)
    columns = [plain(told[name]) for name in _JSON_COLUMNS]
    for place, cells in enumerate(zip(*columns, strict=True)):
        row = dict(zip(_JSON_COLUMNS, cells, strict=False))
        row["kelompok"] = list(row["kelompok"] or ())
        row["masalah"] = [_issue_json(issue, texts) for issue in issues.get(place, ())]
        yield row


def quality_stamps(register: Register, texts: Texts, *, internal: bool) -> tuple[str, ...]:
    """What every page of the report must say: whom it is for, and that data are invented or for internal use."""
    return tuple(texts(mark) for mark in (msg("quality.for_owner"), *stamps(register.source, internal=internal)))


def told_rows(register: Register) -> pd.DataFrame:
    """The rows with what may be told of them: ids as written, of disguised ones nearly nothing."""
    rows = register.rows
    shown = rows.assign(id=rows["id_tertulis"])
    hidden = rows["disamarkan"].to_numpy(dtype=bool)
    for name in shown.columns:
        if name in _TUPLES:
            shown[name] = _emptied(shown[name], hidden)
        elif name not in TOLD_OF_DISGUISED:
            shown[name] = shown[name].mask(hidden)
    return shown


_TUPLES = ("layanan", "kelompok", "layanan_lain", "cakupan_wilayah")


def _emptied(column: pd.Series[Any], where: np.ndarray) -> pd.Series[Any]:
    """A column of tuples, empty at `where`."""
    values = np.empty(len(column), dtype=object)
    values[:] = [() if gone else value for value, gone in zip(column, where, strict=True)]
    return pd.Series(values, index=column.index)


def matched_headings(register: Register) -> dict[str, str]:
    """Field -> heading; where sheets differ, that of the first sheet that has the field."""
    headings: dict[str, str] = {}
    for sheet in register.sheets:
        for name, heading in sheet.columns.items():
            headings.setdefault(name, heading)
    return headings


def issues_by_row(register: Register) -> dict[int, list[Issue]]:
    """The remarks of each row by its position in the register, in their order."""
    by_row: dict[int, list[Issue]] = {}
    for issue in register.issues:
        by_row.setdefault(issue.posisi, []).append(issue)
    return by_row


def rows_frame(register: Register, texts: Texts) -> pd.DataFrame:
    """Every input row (ROW_COLUMNS): lists as text, and all its remarks in words in `masalah`.

    The table is a register again: read back, it says the same (but for disguised rows). So a point that was only put
    into its desa is blank.
    """
    rows, issues = told_rows(register), issues_by_row(register)
    frame = pd.DataFrame(rows.drop(columns=["layanan", "kelompok", "layanan_lain", "cakupan_wilayah"]))
    for name in ("kelompok", "layanan_lain", "cakupan_wilayah"):
        frame[name] = rows[name].map(joined).astype("string")
    frame["jenis_layanan"] = pd.Series(
        [_services_text(*cells) for cells in zip(rows["layanan"], rows["layanan_lain"], strict=True)],
        index=rows.index, dtype="string",
    )  # fmt: skip
    frame["berlaku_sampai"] = pd.to_datetime(rows["berlaku_sampai"]).dt.strftime("%Y-%m-%d").astype("string")
    frame["sistem"] = rows["layanan"].map(_systems_text).astype("string")
    frame["masalah"] = pd.Series(
        [joined(tuple(texts(issue.pesan) for issue in issues.get(row, ())), " | ") for row in range(len(rows))],
        index=rows.index, dtype="string",
    )  # fmt: skip
    guessed = rows["lokasi"].eq("perkiraan").fillna(False)
    frame[["lintang", "bujur"]] = frame[["lintang", "bujur"]].mask(guessed)
    return frame[list(ROW_COLUMNS)].reset_index(drop=True)


def issues_frame(register: Register, boundaries: Boundaries, texts: Texts, *, remarks: bool = False) -> pd.DataFrame:
    """The remarks that need a look (ISSUE_COLUMNS), worst first, then as in the register; or the plain `remarks`.

    Those on disguised rows are kinds only, whatever their outcome.

    `kode_asal` and `kabupaten_asal` are the kabupaten whose office wrote the row: the stated one, else where the place
    lies.
    """
    rows = told_rows(register)
    homes = offices(register.rows, boundaries)
    names = boundaries.names("kabupaten")["nama"]
    shown = {name: plain(rows[name]) for name in ("id", "nama", "desa", "kecamatan", "hasil")}
    lines = []
    for issue in register.issues:
        if (issue.hasil == "diterima" and issue.jenis != CHECK_LOCATION) is not remarks:
            continue
        place = issue.posisi
        office = homes[place]
        lines.append(
            {name: values[place] for name, values in shown.items()}
            | {
                "posisi": place,
                "kode_asal": office,
                "kabupaten_asal": None if office is None else names[office],
                "lembar": issue.lembar,
                "nomor": issue.nomor,
                "kolom": field_title(issue.kolom, texts) if issue.kolom else None,
                "jenis": issue.jenis,
                "pesan": texts(issue.pesan),
                "sebelum": issue.sebelum,
                "sesudah": issue.sesudah,
                "isian": _fill_in(issue, texts),
                "pilihan": tuple(name.replace(", ", " / ") for name in issue.pilihan) or None,
                "_worst": -OUTCOMES.index(shown["hasil"][place] or "diterima"),
            }
        )
    frame = pd.DataFrame(lines, columns=[*ISSUE_COLUMNS, "_worst"])
    return frame.sort_values(["_worst", "posisi"], kind="stable")[list(ISSUE_COLUMNS)].reset_index(drop=True)


def fault_counts(register: Register, boundaries: Boundaries, kabupaten: Sequence[str] = ()) -> pd.DataFrame:
    """How many remarks need a look, by office and kind, worst first: kode_asal, kabupaten_asal, hasil, jenis, jumlah.

    For outputs that others read too: no row, and nothing of disguised rows, whose faults could tell where they stand.
    `kabupaten` (codes) leaves out the other offices.
    """
    rows = register.rows
    homes = offices(rows, boundaries)
    public = ~rows["disamarkan"].to_numpy(dtype=bool)
    names = boundaries.names("kabupaten")["nama"]
    counts = Counter(
        (homes[issue.posisi], issue.hasil, issue.jenis)
        for issue in register.issues
        if public[issue.posisi] and issue.hasil != "diterima"
    )
    lines = [
        (office, None if office is None else names[office], outcome, kind, count)
        for (office, outcome, kind), count in counts.items()
        if not kabupaten or office in kabupaten
    ]
    lines.sort(key=lambda line: (line[0] is None, line[0] or "", -OUTCOMES.index(line[2]), -line[4], line[3]))
    return pd.DataFrame(lines, columns=["kode_asal", "kabupaten_asal", "hasil", "jenis", "jumlah"])


def field_title(name: str, texts: Texts) -> str:
    """The name of a field of the register in words; `tanda:anak` is the column of check marks of a group."""
    if name.startswith(MARK):
        return texts("quality.field_mark", group=name.removeprefix(MARK).replace(":", ", "))
    if f"quality.field_{name}" in catalogue_entries("quality"):
        return texts(f"quality.field_{name}")
    return FIELD_BY_KEY[name].title(texts.lang) if name in FIELD_BY_KEY else name


def passed_over_text(sheet: SheetReport, texts: Texts) -> str:
    """How many lines of a sheet are no LKS, by kind."""
    return "; ".join(
        f"{texts(f'sheets.passed_{kind}')}: {texts.number(count)}" for kind, count in sheet.passed_over.items()
    )


def reconciled(register: Register, texts: Texts, kabupaten: Sequence[str] = ()) -> list[str]:
    """ "169 baris = 120 diterima + ...": every row has one outcome; of some kabupaten (codes), and how many rows have
    none that is known."""
    counts = rows_told(register, kabupaten)
    lines = [texts("quality.reconcile", n=counts["baris"], **{key: counts[key] for key in OUTCOMES})]
    nowhere = counts["tanpa_kabupaten"]
    return [*lines, texts("quality.rows_without_kabupaten", n=nowhere)] if nowhere else lines


def outcome_title(outcome: str, texts: Texts) -> str:
    """The name of an outcome in words."""
    return texts(f"quality.outcome_{outcome}")


_SYSTEM_WORDS = {"dalam": "dalam panti", "luar": "luar panti", None: ""}


def _services_text(services: object, others: object) -> str | None:
    """Everything that a row serves in one cell, each group with its own system."""
    if not isinstance(services, tuple) or not isinstance(others, tuple):
        return None
    services_by_system = [f"{group} {_SYSTEM_WORDS[system]}".strip() for group, system in services]
    return joined((*services_by_system, *others))


def _systems_text(services: object) -> str | None:
    """The systems of a row, if each of its groups has one: of the others the column would say too much."""
    known = isinstance(services, tuple) and all(system for _, system in services)
    return systems(services) if known else None


def _fill_in(issue: Issue, texts: Texts) -> str:
    if issue.hasil == "diperbaiki":
        return texts("quality.fill_confirm")
    fill = _FILL_BY_FIELD.get(issue.kolom or "", _FILL_BY_KIND.get(issue.jenis, "row"))
    groups = issue.pesan.params.get("groups")
    return texts(f"quality.fill_{fill}", groups=f": {groups}" if groups else "")


def _issue_json(issue: Issue, texts: Texts) -> dict[str, Any]:
    return {
        "kolom": issue.kolom,
        "jenis": issue.jenis,
        "sebelum": issue.sebelum,
        "sesudah": issue.sesudah,
        "pesan": texts(issue.pesan),
    }


def _source_json(register: Register, texts: Texts, *, internal: bool) -> dict[str, Any]:
    return {
        "cap": list(quality_stamps(register, texts, internal=internal)),
        "nama": register.source.name,
        "sha256": register.source.sha256,
        "contoh": register.source.example,
        "status_dicatat": register.status_recorded,
        "lembar": [
            {
                "nama": sheet.name,
                "baris": sheet.rows,
                "baris_judul": list(sheet.header_rows),
                "dilewati": dict(sheet.passed_over),
                "kolom_tidak_dipakai": list(sheet.unused),
                "kolom_dihapus": {heading: texts(why) for heading, why in sheet.dropped.items()},
            }
            for sheet in register.sheets
        ],
        "catatan": [texts(note) for note in register.notes],
    }
