"""What became of each row of a register: for the office that keeps it (.xlsx), other tools (.csv), programs (.json).

Every input row is in every format, whatever its outcome. The register must be masked already (`protect_register`): a
row of a sensitive group then shows its sheet and row number only, which is enough for the office that owns it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.errors import RequestError
from lks_geo.files import whole_file
from lks_geo.messages import Texts, catalogue_entries, msg
from lks_geo.register.reading.fields import FIELD_BY_KEY, MARK
from lks_geo.render.cells import joined, plain, systems
from lks_geo.render.frames import write_csv_file
from lks_geo.tables import OUTCOMES, Boundaries, Issue, Register, SheetReport

ROW_COLUMNS = (
    "lembar", "nomor", "hasil", "id", "nama", "kelompok", "jenis_layanan", "sistem", "layanan_lain", "aktif",
    "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "kapasitas", "klien", "alamat", "desa", "kecamatan",
    "kabupaten", "kode_tertulis", "cakupan_wilayah", "lintang", "bujur", "lokasi", "kode_desa", "kode_kecamatan",
    "kode_kabupaten", "masalah",
)  # fmt: skip

ISSUE_COLUMNS = (
    "kabupaten_asal", "hasil", "lembar", "nomor", "id", "nama", "desa", "kecamatan",
    "kolom", "jenis", "pesan", "sebelum", "sesudah", "isian",
)  # fmt: skip

_JSON_COLUMNS = (
    "lembar", "nomor", "id", "nama", "hasil", "kelompok", "aktif", "kode_desa", "kode_kecamatan", "kode_kabupaten",
    "lintang", "bujur", "lokasi",
)  # fmt: skip

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


def write_quality(
    path: Path, register: Register, *, boundaries: Boundaries,
    lang: str = "id", overwrite: bool = False, internal: bool = False,
) -> None:  # fmt: skip
    """Write the quality report of a masked register; the suffix (.xlsx, .csv, .json) decides the form.

    `internal` says that sensitive rows are shown, and stamps the workbook.
    """
    suffix = path.suffix.lower()
    if suffix not in {".xlsx", ".csv", ".json"}:
        raise RequestError(
            msg("export.unknown_suffix", path=path.name, found=path.suffix, allowed=".xlsx, .csv, .json")
        )
    texts = Texts(lang)
    with whole_file(path, overwrite=overwrite) as temporary:
        if suffix == ".json":
            temporary.write_text(_as_text(quality_json(register, lang=lang)), encoding="utf-8", newline="\n")
        elif suffix == ".csv":
            write_csv_file(temporary, rows_frame(register, texts))
        else:
            from lks_geo.render.quality.sheets import write_quality_workbook

            write_quality_workbook(temporary, register, boundaries=boundaries, texts=texts, internal=internal)


def quality_json(register: Register, *, lang: str = "id") -> dict[str, Any]:
    """The report as plain values in the shape of DESIGN section 3: every row, null where not known."""
    texts = Texts(lang)
    issues = issues_by_row(register)
    shown = register.rows.assign(id=_ids(register))
    columns = [plain(shown[name]) for name in _JSON_COLUMNS]
    rows = []
    for cells in zip(*columns, strict=True):
        row = dict(zip(_JSON_COLUMNS, cells, strict=True))
        row["kelompok"] = list(row["kelompok"] or ())
        row["masalah"] = [_issue_json(issue, texts) for issue in issues.get((row["lembar"], row["nomor"]), ())]
        rows.append(row)
    return {
        "sumber": _source_json(register, texts),
        "jumlah": dict(register.counts),
        "kolom": matched_headings(register),
        "baris": rows,
    }


def _as_text(report: dict[str, Any]) -> str:
    """JSON with one line per row of the register: quick to write and to compare."""
    head = {name: value for name, value in report.items() if name != "baris"}
    parts = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in head.items()]
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in report["baris"])
    return "{" + ",\n".join([*parts, f'"baris": [\n{rows}\n]']) + "}\n"


def matched_headings(register: Register) -> dict[str, str]:
    """Field -> heading; where sheets differ, that of the first sheet that has the field."""
    found: dict[str, str] = {}
    for sheet in register.sheets:
        for name, heading in sheet.columns.items():
            found.setdefault(name, heading)
    return found


def issues_by_row(register: Register) -> dict[tuple[str | None, int], list[Issue]]:
    """The remarks of each row by sheet and row number, in their order."""
    found: dict[tuple[str | None, int], list[Issue]] = {}
    for issue in register.issues:
        found.setdefault((issue.lembar, issue.nomor), []).append(issue)
    return found


def rows_frame(register: Register, texts: Texts) -> pd.DataFrame:
    """Every input row (ROW_COLUMNS): lists as text, and all its remarks in words in `masalah`.

    The table is a register again: read back, it says the same. So a point that was only put into its desa is blank.
    """
    rows, issues = register.rows.assign(id=_ids(register)), issues_by_row(register)
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
        [joined(tuple(texts(issue.pesan) for issue in issues.get(row, ())), " | ") for row in _row_keys(rows)],
        index=rows.index, dtype="string",
    )  # fmt: skip
    guessed = rows["lokasi"].eq("perkiraan").fillna(False)
    frame[["lintang", "bujur"]] = frame[["lintang", "bujur"]].mask(guessed)
    return frame[list(ROW_COLUMNS)].reset_index(drop=True)


def issues_frame(register: Register, boundaries: Boundaries, texts: Texts, *, remarks: bool = False) -> pd.DataFrame:
    """The remarks that need a look (ISSUE_COLUMNS), worst first, then as in the register; or the plain `remarks`.

    `kabupaten_asal` is the kabupaten whose office wrote the row: the stated one, else where the place lies.
    """
    rows = register.rows.assign(id=_ids(register))
    offices = _offices(register, boundaries)
    places = {row: place for place, row in enumerate(_row_keys(rows))}
    text = {name: plain(rows[name]) for name in ("id", "nama", "desa", "kecamatan", "hasil")}
    lines = []
    for order, issue in enumerate(register.issues):
        if (issue.hasil == "diterima") is not remarks:
            continue
        place = places[issue.lembar, issue.nomor]
        lines.append(
            {name: text[name][place] for name in ("id", "nama", "desa", "kecamatan", "hasil")}
            | {
                "kabupaten_asal": offices[place],
                "lembar": issue.lembar,
                "nomor": issue.nomor,
                "kolom": field_title(issue.kolom, texts) if issue.kolom else None,
                "jenis": issue.jenis,
                "pesan": texts(issue.pesan),
                "sebelum": issue.sebelum,
                "sesudah": issue.sesudah,
                "isian": _fill_in(issue, texts),
                "_worst": -OUTCOMES.index(text["hasil"][place] or "diterima"),
                "_place": place,
                "_order": order,
            }
        )
    frame = pd.DataFrame(lines, columns=[*ISSUE_COLUMNS, "_worst", "_place", "_order"])
    return frame.sort_values(["_worst", "_place", "_order"])[list(ISSUE_COLUMNS)].reset_index(drop=True)


def field_title(name: str, texts: Texts) -> str:
    """The name of a field of the register in words; `tanda:anak` is the column of check marks of a group."""
    if name.startswith(MARK):
        return texts("quality.field_mark", group=name.removeprefix(MARK).replace(":", ", "))
    if f"quality.field_{name}" in catalogue_entries("quality"):
        return texts(f"quality.field_{name}")
    return FIELD_BY_KEY[name].title(texts.lang) if name in FIELD_BY_KEY else name


def passed_over_text(sheet: SheetReport, texts: Texts) -> str:
    """How many lines of a sheet are no LKS, by kind."""
    return "; ".join(f"{texts(f'sheets.passed_{kind}')}: {texts.number(n)}" for kind, n in sheet.passed_over.items())


def outcome_title(outcome: str, texts: Texts) -> str:
    """The name of an outcome in words."""
    return texts(f"quality.outcome_{outcome}")


def _ids(register: Register) -> pd.Series[str]:
    """The ids that the register itself has."""
    return register.rows["id"].mask(register.rows["id"].isin(register.made_ids))


_SYSTEM_WORDS = {"dalam": "dalam panti", "luar": "luar panti", None: ""}


def _services_text(services: object, others: object) -> str | None:
    """Everything that a row serves in one cell, each group with its own system."""
    if not isinstance(services, tuple) or not isinstance(others, tuple):
        return None
    told = [f"{group} {_SYSTEM_WORDS[system]}".strip() for group, system in services]
    return joined((*told, *others))


def _systems_text(services: object) -> str | None:
    """The systems of a row, if each of its groups has one: of the others the column would say too much."""
    known = isinstance(services, tuple) and all(system for _, system in services)
    return systems(services) if known else None


def _row_keys(rows: pd.DataFrame) -> list[tuple[str | None, int]]:
    return list(zip(plain(rows["lembar"]), plain(rows["nomor"]), strict=True))


def _fill_in(issue: Issue, texts: Texts) -> str:
    if issue.hasil == "diperbaiki":
        return texts("quality.fill_confirm")
    fill = _FILL_BY_FIELD.get(issue.kolom or "", _FILL_BY_KIND.get(issue.jenis, "row"))
    return texts(f"quality.fill_{fill}")


def _offices(register: Register, boundaries: Boundaries) -> list[str | None]:
    names = boundaries.names("kabupaten")["nama"]
    folded = {_folded(name): name for name in names}
    desa = boundaries.names("desa")["kabupaten"]
    rows = register.rows
    by_code = rows["kode_tertulis"].map(desa)
    by_name = rows["kabupaten"].map(lambda text: folded.get(_folded(text)) if isinstance(text, str) else None)
    by_place = rows["kode_kabupaten"].map(names)
    return [a or b or c for a, b, c in zip(plain(by_code), plain(by_name), plain(by_place), strict=True)]


def _folded(name: str) -> str:
    words = name.casefold().replace(".", " ").split()
    return " ".join(word for word in words if word not in {"kab", "kabupaten", "kota"})


def _issue_json(issue: Issue, texts: Texts) -> dict[str, Any]:
    return {
        "kolom": issue.kolom,
        "jenis": issue.jenis,
        "sebelum": issue.sebelum,
        "sesudah": issue.sesudah,
        "pesan": texts(issue.pesan),
    }


def _source_json(register: Register, texts: Texts) -> dict[str, Any]:
    return {
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
