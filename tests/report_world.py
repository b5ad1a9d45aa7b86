"""Coverages that strain pages: Sulbar as if it had 16 kabupaten with very long names, eight groups and a long agency.

Made once per session.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import pandas as pd
import world

from lks_geo.boundaries import load_boundaries
from lks_geo.catalogue import DEFAULT_GROUPS
from lks_geo.measure import measure_coverage, restrict
from lks_geo.pipeline import World, measure_world, read_world
from lks_geo.request import Request
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Coverage

LONG = "Kepulauan Sangat Panjang Namanya Sekali Lagi Lebih Panjang"
HOSTILE = "$\\frac{1}{2}$ <b>${x}</b>\u202e\x07 =1+1"
MANY = 16


@cache
def boundaries() -> Boundaries:
    """Those that ship with the project; lines and circles that were drawn in them are kept with them."""
    return load_boundaries(None)


@cache
def example(settings: Settings) -> World:
    """All that ships with the project, as other programs get it, within `boundaries`."""
    with patch("lks_geo.boundaries.load_boundaries", lambda _path: boundaries()):
        return read_world(Request(settings=settings, embedded=True))


@cache
def sulbar(lang: str = "id", *, show_sensitive: bool = False) -> Coverage:
    """The example data, as reports get it."""
    settings = Settings(day=world.SETTINGS.day, lang=lang, show_sensitive=show_sensitive)
    return measure_world(example(settings), settings)


@cache
def one_kabupaten(code: str = "76.03") -> Coverage:
    """Mamasa alone, as `--kabupaten` gives it."""
    return restrict(sulbar(), kabupaten=(code,))


@cache
def crowded() -> Coverage:
    """16 kabupaten, long and hostile names, eight groups of which one has no place at all."""
    whole = sulbar()
    desa = whole.boundaries.desa.copy()
    kecamatan = sorted(desa["kode_kecamatan"].unique())
    number = {code: i * MANY // len(kecamatan) + 1 for i, code in enumerate(kecamatan)}
    desa["kode_kabupaten"] = [f"76.{number[code]:02d}" for code in desa["kode_kecamatan"]]
    desa["kabupaten"] = [f"{LONG} {code}" for code in desa["kode_kabupaten"]]
    desa["nama"] = [f"{name} {LONG}" if i % 7 == 0 else name for i, name in enumerate(desa["nama"])]
    desa.loc[desa.index[5], "nama"] = HOSTILE
    desa["kecamatan"] = [f"{name} Panjang Sekali" for name in desa["kecamatan"]]
    boundaries = replace(whole.boundaries, desa=desa, dissolved={})
    more = tuple(
        replace(
            DEFAULT_GROUPS[0], key=key, name_id=f"Kelompok tambahan yang namanya panjang ({key})",
            short_id=f"kelompok tambahan yang namanya panjang sekali ({key})",
        )
        for key in ("satu", "dua", "tiga")
    )  # fmt: skip
    settings = replace(
        whole.settings,
        groups=(*DEFAULT_GROUPS, *more),
        agency="Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak dan Pemberdayaan Masyarakat Desa " * 2,
        sources=("Keputusan yang sangat panjang judulnya tentang batas dan penduduk desa/kelurahan " * 3,),
    )
    table = whole.population.table.copy()
    for key, values in (("satu", 0.0), ("dua", 3.0), ("tiga", pd.NA)):
        table[key] = pd.Series(values, index=table.index, dtype="Float64").astype("float64")
    population = replace(whole.population, table=table)
    register = replace(whole.register, reported=frozenset(desa["kode_kabupaten"]))
    return measure_coverage(register, boundaries, population, settings)
