"""What a set of results is, for whoever gets the folder: `manifest.json` and `datapackage.json`.

The manifest says what went into the set, with what settings and versions, and what came out in total; the data package
(Frictionless, version 2) describes each file that may be handed on and every column of the tables for programs: not the
quality report, whose very size and checksum depend on where hidden places are. Plain values, no time but the day of the
settings, no folders, so that the same inputs and settings give the same bytes.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from lks_geo.catalogue import MEASURES
from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render.export import noted_list, unserved_for_people
from lks_geo.render.frames import CSV_STYLES, stamps, style_for_people, table_frame, table_notes
from lks_geo.said.areas import area_totals
from lks_geo.said.assumptions import definition, reach_note, run_notes, sources, view_notes
from lks_geo.tables import LEVELS, STATUSES, TOTAL, Coverage, Source, source_of

_PACKAGES = ("lks-geo", "geopandas", "shapely", "pyproj", "pandas", "numpy")
PACKAGE = "datapackage.json"
_KINDS = {
    ".html": "text/html", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".gpkg": "application/geopackage+sqlite3", ".qgs": "application/x-qgis-project", ".csv": "text/csv",
    ".png": "image/png", ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
_OF_A_SET = re.compile(  # "peta-anak.png", "Polewali Mandar/laporan.pptx", "datapackage.json"
    r"(?:[\w][^/\\:\x00-\x1f]*/)?(?:peta|cakupan|belum-terlayani|mutu-data|laporan)[\w-]*\.[a-z]{3,4}|datapackage\.json"
)


def write_package(folder: Path, coverage: Coverage, outputs: Sequence[str], *, csv_style: str | None = None) -> None:
    """Writes `datapackage.json` about the `outputs` that stand in `folder`. `csv_style`: of the list of unserved
    desa."""
    texts = Texts(coverage.settings.lang)
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "lks-geo",
        "title": coverage.settings.title or texts("webmap.judul"),
        "description": " · ".join(table_notes(coverage)),
        "version": _version("lks-geo"),
        "sources": [{"title": texts(source)} for source in sources(coverage)],
        "resources": [
            _resource(folder / name, name) | _schema_of(name, coverage, csv_style) for name in sorted(outputs)
        ],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / PACKAGE).write_text(text + "\n", encoding="utf-8", newline="\n")


def _resource(path: Path, name: str) -> dict[str, Any]:
    content = path.read_bytes()
    suffix = path.suffix.lower()
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.casefold()),  # "polewali-mandar-peta.html"
        "path": name,
        "format": suffix[1:],
        "mediatype": _KINDS[suffix],
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
    }


def _schema_of(name: str, coverage: Coverage, csv_style: str | None) -> dict[str, Any]:
    """What is said of the columns of a table for programs, and of the list of unserved desa; nothing of other files."""
    lang = coverage.settings.lang
    if Path(name).suffix == ".gpkg" and "/" not in name:
        frame = table_frame(coverage)
        fields = [*_fields(frame, {}, lang)]
        return {"layer": "cakupan", "schema": {"fields": fields, "primaryKey": ["level", "kode", "kelompok"]}}
    if Path(name).suffix != ".csv":
        return {}
    people = style_for_people(csv_style, lang)
    frame, titles = unserved_for_people(coverage, None) if people else (noted_list(coverage, None), {})
    delimiter, decimal = CSV_STYLES[people or "raw"]
    fields = [*_fields(frame, titles, lang)]
    for field in fields:
        if field["type"] == "number" and decimal != ".":
            field["decimalChar"] = decimal
    dialect = {"delimiter": delimiter} | ({"headerRows": [2], "commentRows": [1]} if people else {})
    return {"type": "table", "encoding": "utf-8", "dialect": dialect, "schema": {"fields": fields}}


def _fields(frame: pd.DataFrame, titles: Mapping[str, str], lang: str) -> Iterator[dict[str, Any]]:
    """The columns by Table Schema; what measures mean is said of them."""
    measures = {measure.key: measure for measure in MEASURES}
    for key, column in frame.items():
        kind = column.dtype.kind if hasattr(column.dtype, "kind") else "O"
        field: dict[str, Any] = {
            "name": titles.get(str(key), str(key)),
            "type": {"i": "integer", "u": "integer", "f": "number", "b": "boolean"}.get(kind, "string"),
        }
        if measure := measures.get(str(key)):
            field |= {"title": measure.title(lang), "description": measure.definition(lang)}
            if unit := measure.unit(lang):
                field["unit"] = unit
            if measure.kind == "share":
                field["constraints"] = {"minimum": 0, "maximum": 1}
        if key == "status":
            field["constraints"] = {"enum": [*STATUSES]}
        yield field


def write_manifest(path: Path, coverage: Coverage, outputs: Sequence[str], *, overwrite: bool = False) -> None:
    """Write the manifest of a set of results. `outputs`: the file names of the set."""
    plain = json.dumps(manifest(coverage, outputs), ensure_ascii=False, indent=2, allow_nan=False)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_text(plain + "\n", encoding="utf-8", newline="\n")


def files_of(manifest_path: Path) -> tuple[str, ...]:
    """The file names of the set that a manifest was written for, itself included; none if it is none of ours."""
    try:
        names = [str(name) for name in json.loads(manifest_path.read_text(encoding="utf-8"))["keluaran"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    return (*filter(_OF_A_SET.fullmatch, names), manifest_path.name)


def note_files(folder: Path, name: str) -> None:
    """A list of the files in a folder with their checksums, as its file `name`."""
    marks = {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}
    (folder / name).write_text(json.dumps(marks, indent=1) + "\n", encoding="utf-8", newline="\n")


def unchanged_files(folder: Path, name: str) -> list[str]:
    """The files that the list `name` in a folder names and that are still as they were, the list included."""
    try:
        marks = json.loads((folder / name).read_text(encoding="utf-8"))
        there = [folder / file for file in marks if Path(file).name == file and (folder / file).is_file()]
        same = [file.name for file in there if sha256(file.read_bytes()).hexdigest() == marks[file.name]]
    except (OSError, ValueError, TypeError, RecursionError):
        return []
    return [*same, name]


def manifest(coverage: Coverage, outputs: Sequence[str]) -> dict[str, Any]:
    """The manifest as plain values."""
    settings = coverage.settings
    texts = Texts(settings.lang)
    return {
        "versi": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "tanggal": settings.day.isoformat(),
        "cap": [texts(mark) for mark in stamps(coverage.register.source, internal=settings.internal)],
        "masukan": {
            "register": _source_facts(coverage.register.source) | {"jumlah": dict(coverage.register.counts)},
            "batas": _source_facts(coverage.boundaries.source) | {"jumlah": _areas(coverage)},
            "penduduk": _source_facts(coverage.population.source)
            | {"kode_tak_dikenal": list(coverage.population.unknown_codes)}
            | ({} if coverage.population.base is None else {"dasar": _source_facts(coverage.population.base)}),
            **{
                name: _source_facts(source_of(path))
                for name, path in (
                    ("jalan", settings.roads),
                    ("latar", settings.context),
                    ("raster_penduduk", settings.population_grid),
                    ("jembatan", settings.bridge),
                )
                if path is not None
            },
        },
        "pengaturan": settings.public(),
        "saringan": [texts(note) for note in settings.filter_notes()],
        "asumsi": {group.key: texts(reach_note(settings, group.key)) for group in coverage.groups},
        "lks": {
            "semua": asdict(coverage.totals[TOTAL]),
            "kelompok": {group.key: asdict(coverage.totals[group.key]) for group in coverage.groups},
        },
        "tidak_dilaporkan": list(coverage.unreported),
        "hasil": {group.key: _group_totals(coverage, group.key) for group in coverage.groups},
        "catatan": [texts(note) for note in (*view_notes(coverage), *run_notes(coverage, cures=True))],
        "ukuran": [
            {"kolom": measure.key, "judul": measure.title(settings.lang), "satuan": measure.unit(settings.lang),
             "arti": definition(measure, settings), "rujukan": measure.source}
            for measure in coverage.measures
        ],
        "keluaran": sorted(outputs),
    }  # fmt: skip


def _source_facts(source: Source) -> dict[str, Any]:
    return {
        "berkas": source.name,
        "sha256": source.sha256,
        "asal": source.origin,
        "tahun": source.vintage,
        "lisensi": source.licence,
        "perkiraan": source.estimated,
        "contoh": source.example,
    }


def _areas(coverage: Coverage) -> dict[str, int]:
    return {level: len(coverage.boundaries.names(level)) for level in LEVELS}


def _group_totals(coverage: Coverage, group: str) -> dict[str, Any]:
    total = area_totals(coverage, group)
    return {
        "baris_tabel": int((coverage.table["kelompok"] == group).sum()),
        "jumlah_desa": total.desa,
        "desa_diketahui": total.desa_known,
        "desa_belum_terlayani": total.desa_unserved,
        "sasaran": total.target,
        "sasaran_lengkap": total.complete,
        "terjangkau": total.reached,
        "belum_terjangkau": total.unreached,
        "cakupan": total.share,
        "cakupan_terendah": total.share_low,
        "cakupan_dari_luas": total.by_area,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
