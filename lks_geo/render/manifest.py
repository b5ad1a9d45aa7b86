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
from lks_geo.render.frames import stamps
from lks_geo.said.assumptions import definition, reach_note, run_notes
from lks_geo.said.totals import area_totals, view_notes
from lks_geo.tables import LEVELS, TOTAL, Coverage, Source, source_of

_PACKAGES = ("lks-geo", "geopandas", "shapely", "pyproj", "pandas", "numpy")


def write_manifest(path: Path, coverage: Coverage, outputs: Sequence[str], *, overwrite: bool = False) -> None:
    """Write the manifest of a set of results. `outputs`: the file names of the set."""
    plain = json.dumps(manifest(coverage, outputs), ensure_ascii=False, indent=2, allow_nan=False)
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
            | {"kode_tak_dikenal": list(coverage.population.unknown_codes)}
            | ({} if coverage.population.base is None else {"dasar": _source(coverage.population.base)}),
            **{
                name: _source(source_of(path))
                for name, path in (
                    ("jalan", settings.roads),
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
        "hasil": {group.key: _totals(coverage, group.key) for group in coverage.groups},
        "catatan": [texts(note) for note in (*view_notes(coverage), *run_notes(coverage, cures=True))],
        "ukuran": [
            {"kolom": measure.key, "judul": measure.title(settings.lang), "satuan": measure.unit(settings.lang),
             "arti": definition(measure, settings), "rujukan": measure.source}
            for measure in coverage.measures
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
