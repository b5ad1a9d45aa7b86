"""Where the files that ship with the project are: in the checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "shipped"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

BOUNDARIES = _ROOT / "boundaries" / "sulbar-2025.parquet"
AREA_NAMES = _ROOT / "boundaries" / "nama-wilayah.csv"
KABUPATEN_BOXES = _ROOT / "boundaries" / "letak-kabupaten.csv"
POPULATION = _ROOT / "data" / "penduduk-desa-2024.csv"
EXAMPLE_REGISTER = _ROOT / "data" / "contoh-register-lks.xlsx"
