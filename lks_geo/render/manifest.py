"""`manifest.json`: what went into a set of results, with what settings and versions, and what came out in total.

Plain values only, no time but the day of the settings, no folders: the same inputs and settings give the same bytes.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render.cells import stamps
from lks_geo.render.frames import shown
from lks_geo.said.assumptions import reach_note
from lks_geo.said.totals import area_totals
from lks_geo.tables import LEVELS, Coverage, Source

_PACKAGES = ("lks-geo", "geopandas", "shapely", "pyproj", "pandas", "numpy")


def write_manifest(path: Path, coverage: Coverage, outputs: Sequence[str], *, overwrite: bool = False) -> None:
    """Write the manifest of a set of results. `outputs`: the file names of the set."""
    plain = json.dumps(manifest(shown(coverage), outputs), ensure_ascii=False, indent=2, allow_nan=False)
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_text(plain + "\n", encoding="utf-8", newline="\n")


def manifest(coverage: Coverage, outputs: Sequence[str]) -> dict[str, Any]:
    """The manifest as plain values."""
    settings = coverage.settings
    texts = Texts(settings.lang)
    return {
        "versi": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "tanggal": settings.day.isoformat(),
        "cap": [texts(mark) for mark in stamps(coverage.register.source, internal=settings.internal)],
        "masukan": {
            "register": _source(coverage.register.source) | {"jumlah": dict(coverage.register.counts)},
            "batas": _source(coverage.boundaries.source) | {"jumlah": _areas(coverage)},
            "penduduk": _source(coverage.population.source)
            | {"kode_tak_dikenal": list(coverage.population.unknown_codes)},
        },
        "pengaturan": settings.public(),
        "saringan": [texts(note) for note in settings.filter_notes()],
        "asumsi": {group.key: texts(reach_note(coverage.settings, group.key)) for group in coverage.groups},
        "lks": {key: asdict(total) for key, total in coverage.totals.items()},
        "hasil": {group.key: _totals(coverage, group.key) for group in coverage.groups},
        "catatan": [texts(note) for note in _notes(coverage)],
        "ukuran": [
            {"kolom": one.key, "judul": one.title(settings.lang), "satuan": one.unit(settings.lang),
             "arti": one.definition(settings.lang), "rujukan": one.source}
            for one in coverage.measures
        ],
        "keluaran": sorted(outputs),
    }  # fmt: skip


def _source(source: Source) -> dict[str, Any]:
    return {
        "berkas": source.name,
        "sha256": source.sha256,
        "tahun": source.vintage,
        "lisensi": source.licence,
        "perkiraan": source.estimated,
        "contoh": source.example,
    }


def _areas(coverage: Coverage) -> dict[str, int]:
    return {level: len(coverage.boundaries.names(level)) for level in LEVELS}


def _totals(coverage: Coverage, group: str) -> dict[str, Any]:
    found = area_totals(coverage, group)
    return {
        "baris_tabel": int((coverage.table["kelompok"] == group).sum()),
        "jumlah_desa": found.desa,
        "desa_belum_terlayani": found.desa_unserved,
        "sasaran": found.target,
        "sasaran_lengkap": found.complete,
        "terjangkau": found.reached,
        "belum_terjangkau": found.unreached,
        "cakupan": found.share,
        "cakupan_terendah": found.share_low,
        "cakupan_dari_luas": found.by_area,
    }


def _notes(coverage: Coverage) -> list[Any]:
    said = (*coverage.boundaries.notes, *coverage.population.notes, *coverage.register.notes, *coverage.notes)
    return list(said)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
