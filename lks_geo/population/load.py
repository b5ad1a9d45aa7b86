"""The population table of a run: one row per desa of the boundaries, one column per group of the settings.

Which codes a file uses is decided once for the whole file: dots mean Kemendagri, else the system with which more names,
then more rows, agree. Blank means "not known". Text, a negative number, a code twice or an impossible point stop the
work with the rows; codes that no desa has are listed and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from lks_geo import shipped
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.population.numbers import number_style
from lks_geo.population.records import CODE, Records, listed, read_records
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Population, PopulationFrame, source_of

PEOPLE, LAT, LON = "penduduk", "lintang", "bujur"
NAMES = ("desa", "nama", "nama_desa", "desa/kelurahan")
REMARK = "keterangan"
ESTIMATE = re.compile(r"perkiraan|estimasi|proyeksi", re.IGNORECASE)
"""A remark with one of these words marks the numbers of the file as estimates."""

FAR_DEGREES = 0.02
"""A population point farther than this (about 2 km) from its desa gets a note."""

RANGES = {LAT: 90.0, LON: 180.0}


def load_population(path: Path | None, boundaries: Boundaries, settings: Settings) -> Population:
    """People per desa of `boundaries` and group of `settings`; None is the estimate that ships with the project.

    The table needs `kode` (Kemendagri or BPS) and has a column per group key, optional `penduduk`, and `lintang` and
    `bujur` (the population point, degrees). Groups without a column and desa without a row are not known (NaN). Raises
    `LksGeoError` for an unreadable file, no code column, no known code, and for wrong cells, all listed together.
    """
    file = path or shipped.POPULATION
    records = read_records(file)
    fields = list(dict.fromkeys([*(group.key for group in settings.groups), PEOPLE, LAT, LON]))
    present = [field for field in fields if field in records.headings]
    written = _written(records)
    codes = _known_codes(written, records, boundaries, file.name)
    values = _values(records, present, file.name)
    known = values[[code is not None for code in codes]].set_axis([code for code in codes if code is not None])
    if known.empty and path is not None:
        raise LksGeoError.of("population.no_known_code", where=file.name, found=listed(written))
    table = known.reindex(index=boundaries.desa.index, columns=fields).astype("float64").rename_axis("kode")
    unknown = tuple(text for text, code in zip(written, codes, strict=True) if code is None and text)
    remarks = records.column(REMARK) if REMARK in records.headings else []
    source = source_of(file, estimated=any(ESTIMATE.search(str(remark)) for remark in remarks))
    if path is None:
        source = replace(source, vintage="2024", licence="MIT (data/README.md)")
    missing = [group.key for group in settings.groups if group.key not in present]
    return Population(
        table=PopulationFrame(table),
        source=source,
        notes=tuple(_notes(known, table, missing, unknown, boundaries, given=path is not None)),
        unknown_codes=unknown,
    )


def _written(records: Records) -> list[str]:
    """The codes as written; numbers of a spreadsheet without a decimal part."""
    cells = records.column(CODE)
    return [f"{cell:.0f}" if isinstance(cell, float) and cell % 1 == 0 else str(cell or "") for cell in cells]


def _known_codes(written: Sequence[str], records: Records, boundaries: Boundaries, where: str) -> list[str | None]:
    """The code in the boundaries of each record, None where no desa has it."""
    digits = [re.sub(r"\.0$|\D", "", text) for text in written]
    _refuse_twice(digits, records.numbers, where)
    bps = boundaries.desa["kode_bps"].dropna()
    systems: list[Mapping[str, str]] = [{code.replace(".", ""): code for code in boundaries.desa.index if "." in code}]
    if not any(text.count(".") >= 3 for text in written):
        systems.append(dict(zip(bps, bps.index, strict=True)))
    heading = next((name for name in NAMES if name in records.headings), None)
    names = [_fold(cell) for cell in records.column(heading)] if heading else [""] * len(digits)
    real = {code: _fold(name) for code, name in boundaries.desa["nama"].items()}

    def agreement(system: Mapping[str, str]) -> tuple[int, int]:
        matches = [system.get(code) for code in digits]
        same = sum(bool(code) and real[code] == name for code, name in zip(matches, names, strict=True))
        return same, sum(code is not None for code in matches)

    best, *others = sorted(systems, key=agreement, reverse=True)
    for other in others:
        tie = agreement(other) == agreement(best)
        if tie and any(other.get(code) != best.get(code) for code in digits):
            raise LksGeoError.of("population.two_systems", where=where)
    return [best.get(code) for code in digits]


def _refuse_twice(digits: Sequence[str], numbers: Sequence[int], where: str) -> None:
    first: dict[str, int] = {}
    twice = []
    for code, number in zip(digits, numbers, strict=True):
        if len(code) == 10 and code in first:
            twice.append(f"{first[code]} & {number}: {code}")
        first.setdefault(code, number)
    if twice:
        raise LksGeoError.of("population.codes_twice", where=where, n=len(twice), found=listed(twice))


def _values(records: Records, fields: Sequence[str], where: str) -> pd.DataFrame:
    """The numbers of the fields, one row per record; all wrong cells are reported together."""
    cells = {field: records.column(field) for field in fields}
    style = number_style((cell for column in cells.values() for cell in column), semicolons=records.semicolons)
    if style.doubtful:
        raise LksGeoError.of("population.two_readings", where=where)
    wrong: list[tuple[int, str]] = []
    values: dict[str, list[float | None]] = {field: [] for field in fields}
    for at, number in enumerate(records.numbers):
        for field in fields:
            try:
                value = style.read(cells[field][at])
            except ValueError:
                value = np.inf
            if value is not None and not _possible(field, value):
                wrong.append((number, f"{number}: {field} = “{cells[field][at]}”"))
            values[field].append(value)
        if (LAT in fields and values[LAT][at] is not None) != (LON in fields and values[LON][at] is not None):
            wrong.append((number, f"{number}: {LAT}/{LON}"))
    if wrong:
        rows = len({number for number, _ in wrong})
        raise LksGeoError.of("population.bad_cells", where=where, n=rows, found=listed([text for _, text in wrong]))
    return pd.DataFrame(values, dtype="float64", index=range(len(records.numbers)))


def _possible(field: str, value: float) -> bool:
    return abs(value) <= RANGES[field] if field in RANGES else 0 <= value < np.inf


def _notes(
    known: pd.DataFrame,
    table: pd.DataFrame,
    missing: Sequence[str],
    unknown: Sequence[str],
    boundaries: Boundaries,
    *,
    given: bool,
) -> list[Message]:
    if known.empty and not given:
        return [msg("population.note_elsewhere")]
    notes = []
    if missing:
        notes.append(msg("population.note_no_column", names=", ".join(missing)))
    if unknown:
        notes.append(msg("population.note_unknown_codes", n=len(unknown), found=listed(unknown)))
    absent = table.index.difference(known.index)
    if len(absent):
        notes.append(msg("population.note_no_row", n=len(absent), found=listed(list(absent))))
    far = _far_points(table, boundaries)
    if far:
        notes.append(msg("population.note_far_points", n=len(far), found=listed(far)))
    return notes


def _far_points(table: pd.DataFrame, boundaries: Boundaries) -> list[str]:
    """The desa whose population point lies outside them by more than FAR_DEGREES."""
    given = table[LAT].notna()
    if not given.any():
        return []
    points = shapely.points(table.loc[given, LON], table.loc[given, LAT])
    distance = shapely.distance(points, boundaries.desa.loc[given].geometry.values)
    return list(table.index[given][distance > FAR_DEGREES])


def _fold(name: object) -> str:
    return "".join(letter for letter in str(name or "").casefold() if letter.isalnum())
