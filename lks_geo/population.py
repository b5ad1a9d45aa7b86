"""Target people per desa and group: the estimate that ships with the project, or a table of the user's own.

The table of a run has one row per desa of the boundaries and one column per group of the settings. Which codes a file
uses is decided once for the whole file: dots mean Kemendagri, else the system with which more names, then more rows,
agree. Blank means "not known". Text, a negative number, a code twice or an impossible point stop the work with the
rows; codes that no desa has are listed and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo import shipped
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.sheets.folding import compact
from lks_geo.sheets.header import Claim, Parts, Vocabulary
from lks_geo.sheets.number_style import number_style
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.sheet import CellKind, Sheet, cell_text
from lks_geo.sheets.sheet_tables import Table, find_tables
from lks_geo.tables import Boundaries, Population, PopulationFrame, source_of

CODE, NAME, REMARK = "kode", "desa", "keterangan"
PEOPLE, LAT, LON = "penduduk", "lintang", "bujur"
NAMES = (NAME, "nama", "nama desa", "desa/kelurahan")
"""Headings of the name, the surest first."""
ESTIMATE = re.compile(r"perkiraan|estimasi|proyeksi", re.IGNORECASE)  # "Perkiraan BPS"
"""A remark with one of these words marks the numbers of the file as estimates."""

FAR_DEGREES = 0.02
"""A population point farther than this (about 2 km) from its desa gets a note."""

RANGES = {LAT: 90.0, LON: 180.0}
SHOWN = 5
"""How many codes or cells a message names."""

_CODE = re.compile(r"['’]?(?:\d[\s.]*){4,}")  # "76.05.01.1001", "7605"
_NO_DIGIT = re.compile(r"\.0$|\D")  # the dots of "76.05.01.1001", the end of "7605011001.0"


class Columns(Vocabulary):
    """The words of population tables: headings are the keys of groups and fields, and a code makes a record."""

    key = CODE

    def __init__(self, settings: Settings) -> None:
        keys = (CODE, *(group.key for group in settings.groups), PEOPLE, LAT, LON, REMARK)
        self._claims = {compact(name): Claim(NAME, rank) for rank, name in enumerate(NAMES)}
        self._claims |= {compact(name): Claim(name, 0) for name in keys}

    def claim(self, parts: Parts) -> Claim | None:
        """The field of a heading, by the whole of it or by its lowest row."""
        claims = (self._claims.get(compact(text)) for text in (" ".join(parts), *parts[-1:]))
        return next(filter(None, claims), None)

    def is_field_name(self, text: str) -> bool:
        """Whether a text is a heading."""
        return compact(text) in self._claims

    def is_key(self, text: str) -> bool:
        """Whether a text is like the code of an area."""
        return _CODE.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True)
class Records:
    """The records of a file: `texts` by field (str, NA if blank), `kinds` of the same cells, and their row numbers.

    `semicolons`: the file is delimited by semicolons, as programs write where the comma is the decimal sign.
    """

    texts: pd.DataFrame
    kinds: npt.NDArray[np.uint8]
    numbers: tuple[int, ...]
    semicolons: bool

    def column(self, field: str) -> list[str]:
        """The texts of a field, "" where blank; all blank if the file has no such column."""
        return [cell_text(text) for text in self.texts[field]] if field in self.texts else [""] * len(self.numbers)


def read_records(path: Path, settings: Settings) -> Records:
    """The records of the first table with a column of codes; an `LksGeoError` if there is none or it has no records."""
    sheets = open_sheets(path)
    tables = [table for sheet in sheets for table in find_tables(sheet, Columns(settings))[0]]
    if not tables:
        raise LksGeoError.of("population.no_code", where=path.name, found=listed(_first_line(sheets)) or "–")
    table = next((table for table in tables if len(table.lines)), None)
    if table is None:
        raise LksGeoError.of("population.empty", where=path.name)
    return _records(table)


def _records(table: Table) -> Records:
    positions: dict[str, int] = {}
    claims = [(claim.rank, column, claim.field) for column, claim in enumerate(table.header.claims) if claim]
    for _, column, field in sorted(claims):
        positions.setdefault(field, column)
    cells = table.records()
    columns = list(positions.values())
    return Records(
        texts=cells.texts.iloc[:, columns].set_axis(list(positions), axis=1), kinds=cells.kinds[:, columns],
        numbers=tuple(table.sheet.numbers[table.lines].tolist()), semicolons=table.sheet.delimiter == ";",
    )  # fmt: skip


def _first_line(sheets: Sequence[Sheet]) -> list[str]:
    """The first filled line of a file, or the headings that its format names."""
    for sheet in sheets:
        lines = [list(sheet.headings)] if sheet.headings else map(sheet.line, range(len(sheet.cells)))
        if texts := next((kept for line in lines if (kept := [text for text in line if text])), None):
            return texts
    return []


def listed(values: Sequence[str]) -> str:
    """The first few of `values`, as an error shows them."""
    return "; ".join(values[:SHOWN]) + (" …" if len(values) > SHOWN else "")


def load_population(path: Path | None, boundaries: Boundaries, settings: Settings) -> Population:
    """People per desa of `boundaries` and group of `settings`; None is the estimate that ships with the project.

    The table needs `kode` (Kemendagri or BPS) and has a column per group key, optional `penduduk`, and `lintang` and
    `bujur` (the population point, degrees). Groups without a column and desa without a row are not known (NaN). Raises
    `LksGeoError` for an unreadable file, no code column, no known code, and for wrong cells, all listed together.
    """
    file = path or shipped.POPULATION
    records = read_records(file, settings)
    fields = list(dict.fromkeys([*(group.key for group in settings.groups), PEOPLE, LAT, LON]))
    present = [field for field in fields if field in records.texts]
    written = records.column(CODE)
    codes = _known_codes(written, records, boundaries, file.name)
    values = _values(records, present, file.name)
    known = values[[code is not None for code in codes]].set_axis([code for code in codes if code is not None])
    if known.empty and path is not None:
        raise LksGeoError.of("population.no_known_code", where=file.name, found=listed(written))
    table = known.reindex(index=boundaries.desa.index, columns=fields).astype("float64").rename_axis("kode")
    unknown = tuple(text for text, code in zip(written, codes, strict=True) if code is None and text)
    source = source_of(file, estimated=any(map(ESTIMATE.search, records.column(REMARK))))
    if path is None:
        source = replace(source, vintage="2024", licence="MIT (data/README.md)")
    missing = [group.key for group in settings.groups if group.key not in present]
    return Population(
        table=PopulationFrame(table),
        source=source,
        notes=tuple(_notes(known, table, missing, unknown, boundaries, own_file=path is not None)),
        unknown_codes=unknown,
    )


def _known_codes(written: Sequence[str], records: Records, boundaries: Boundaries, where: str) -> list[str | None]:
    """The code in the boundaries of each record, None where no desa has it."""
    digits = [_NO_DIGIT.sub("", text) for text in written]
    _refuse_twice(digits, records.numbers, where)
    bps = boundaries.desa["kode_bps"].dropna()
    systems: list[Mapping[str, str]] = [{code.replace(".", ""): code for code in boundaries.desa.index if "." in code}]
    if not any(text.count(".") >= 3 for text in written):
        systems.append(dict(zip(bps, bps.index, strict=True)))
    names = [compact(name) for name in records.column(NAME)]
    real = {code: compact(name) for code, name in boundaries.desa["nama"].items()}

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
    texts = {field: records.column(field) for field in fields}
    kinds = {field: records.kinds[:, records.texts.columns.get_loc(field)].tolist() for field in fields}
    style = number_style(
        (
            text
            for field in fields
            for text, kind in zip(texts[field], kinds[field], strict=True)
            if kind == CellKind.TEXT
        ),
        semicolons=records.semicolons,
    )
    if style.doubtful:
        raise LksGeoError.of("population.two_readings", where=where)
    wrong: list[tuple[int, str]] = []
    values: dict[str, list[float | None]] = {field: [] for field in fields}
    for at, number in enumerate(records.numbers):
        for field in fields:
            text = texts[field][at]
            try:
                value = style.read(text, kinds[field][at])
            except ValueError:
                value = np.inf
            if value is not None and not _possible(field, value):
                wrong.append((number, f"{number}: {field} = “{text}”"))
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
    own_file: bool,
) -> list[Message]:
    if known.empty and not own_file:
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
    pointed = table[LAT].notna()
    if not pointed.any():
        return []
    points = shapely.points(table.loc[pointed, LON], table.loc[pointed, LAT])
    distance = shapely.distance(points, boundaries.desa.loc[pointed].geometry.values)
    return list(table.index[pointed][distance > FAR_DEGREES])
