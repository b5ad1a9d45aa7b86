"""From the cells of a register to rows that can be trusted: every row with one outcome and all its remarks.

Decides the order: values and services, what each row states, where its point lies, which rows are one institution, and
what only shows when all rows are seen together (piles of points, ids used twice). A row's outcome is the worst of its
remarks; a row is only rejected if it has no name or another row replaces it. A row without any location is kept: it is
an LKS that somebody must place.

Gets wrong: nothing on its own; see the rooms it calls.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.register.area_lists import AreaList, read_area_list
from lks_geo.register.cells import is_empty_marker
from lks_geo.register.codes import CODE_FIELDS, CodeReading, decide_system, read_code
from lks_geo.register.columns import column, texts_of
from lks_geo.register.coordinates import PointReading, read_points
from lks_geo.register.crowd import give_ids, mark_piles, remark_duplicates, written_ids
from lks_geo.register.duplicates import find_duplicates
from lks_geo.register.gazetteer import Gazetteer
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.place_rows import PlaceWorld, place_rows
from lks_geo.register.raw import RawRegister
from lks_geo.register.service_rows import read_service_rows
from lks_geo.register.statement import STATED, Statement, read_statement
from lks_geo.register.value_rows import read_value_rows, status_recorded
from lks_geo.settings import Settings
from lks_geo.tables import REGISTER_COLUMNS, Boundaries, Register, RegisterFrame

BOX_MARGIN_DEGREES = 0.1
"""How far around the areas a coordinate as written is plausible."""


def clean(raw: RawRegister, boundaries: Boundaries, settings: Settings) -> Register:
    """The register with every row's outcome, place and remarks (see `Register` for columns)."""
    cells = raw.cells.reset_index(drop=True)
    ledger = Ledger(len(cells))
    gazetteer = Gazetteer(boundaries)
    system = _code_system(cells, gazetteer)
    statements = _statements(cells, system, gazetteer)
    readings, written = _points(cells, boundaries)
    rows = pd.concat(
        [
            cells[["nomor"]],
            _texts(cells),
            read_value_rows(raw, ledger),
            read_service_rows(cells, settings, ledger),
            place_rows(statements, readings, written, PlaceWorld.of(boundaries, gazetteer), ledger),
        ],
        axis=1,
    )
    rows["id_tertulis"] = written_ids(cells)
    rows["kode_tertulis"] = pd.array([_stated_desa(one, gazetteer) for one in statements], dtype="str")
    rows["cakupan_wilayah"] = _declared_areas(cells, rows, system, gazetteer, ledger)
    for row in np.flatnonzero(rows["nama"].isna()):
        ledger.add(int(row), Remark(jenis="tanpa_nama", kolom="nama"))
    remark_duplicates(rows, find_duplicates(rows, _contents(cells)), ledger)
    mark_piles(rows, ledger)
    rows["id"] = give_ids(rows, ledger)
    rows["hasil"] = pd.array(ledger.outcomes(), dtype="str")
    rows["lokasi"] = rows["lokasi"].where(rows["hasil"] != "ditolak")
    sheets = [None if pd.isna(sheet) else str(sheet) for sheet in rows["lembar"]]
    return Register(
        rows=RegisterFrame(rows[list(REGISTER_COLUMNS)]),
        issues=ledger.issues(sheets, rows["nomor"].tolist()),
        sheets=raw.sheets,
        source=raw.source,
        status_recorded=status_recorded(raw),
        notes=(*raw.notes, *_notes(cells, system)),
    )


def _texts(cells: pd.DataFrame) -> pd.DataFrame:
    """The fields that stay as written; empty markers ("-") are not known."""
    kept = {"lembar": pd.array(column(cells, "lembar"), dtype="str")}
    for field in ("nama", "alamat", "desa", "kecamatan", "kabupaten"):
        told = [None if text is None or is_empty_marker(text) else text for text in column(cells, field)]
        kept[field] = pd.array(told, dtype="str")
    return pd.DataFrame(kept, index=cells.index)


def _code_system(cells: pd.DataFrame, gazetteer: Gazetteer) -> str | None:
    """Kemendagri, BPS or None for the bare digits of this file (see codes.py)."""
    fields = [field for field in CODE_FIELDS if field in cells.columns]
    if not fields:
        return None
    names = [level for level in ("desa", "kecamatan", "kabupaten") if level in cells.columns]
    counted = Counter(zip(*(column(cells, name) for name in (*fields, *names)), strict=True))
    entries: list[tuple[CodeReading, tuple[tuple[str, str], ...], int]] = []
    for values, rows in counted.items():
        told = dict(zip((*fields, *names), values, strict=True))
        stated = tuple((name, text) for name in names if (text := told[name]) and not is_empty_marker(text))
        readings = [reading for field in fields if (reading := read_code(told[field]))]
        entries += [(reading, stated, rows) for reading in readings]
    return decide_system(entries, gazetteer)


def _statements(cells: pd.DataFrame, system: str | None, gazetteer: Gazetteer) -> list[Statement]:
    """What each row states about its area; rows that say the same are read once."""
    told = {field: column(cells, field) for field in STATED}
    told["alamat"] = [None if desa else text for desa, text in zip(told["desa"], told["alamat"], strict=True)]
    known: dict[tuple[str | None, ...], Statement] = {}
    statements = []
    for key in zip(*told.values(), strict=True):
        if key not in known:
            known[key] = read_statement(dict(zip(STATED, key, strict=True)), system, gazetteer)
        statements.append(known[key])
    return statements


def _points(cells: pd.DataFrame, boundaries: Boundaries) -> tuple[list[PointReading], list[str]]:
    """The readings of the coordinate cells, and what stands in them as one text."""
    lon_min, lat_min, lon_max, lat_max = (float(edge) for edge in boundaries.desa.total_bounds)
    margin = BOX_MARGIN_DEGREES
    box = (lon_min - margin, lat_min - margin, lon_max + margin, lat_max + margin)
    told = [column(cells, field) for field in ("lintang", "bujur", "koordinat")]
    written = ["; ".join(text for text in texts if text) for texts in zip(*told, strict=True)]
    series = (pd.Series(texts, dtype="str") for texts in told)
    return read_points(*series, box), written


def _stated_desa(statement: Statement, gazetteer: Gazetteer) -> str | None:
    area = statement.area
    return area if area is not None and gazetteer.areas[area].level == "desa" else None


def _declared_areas(
    cells: pd.DataFrame, rows: pd.DataFrame, system: str | None, gazetteer: Gazetteer, ledger: Ledger
) -> pd.Series:
    """The declared service areas as tuples of codes, with remarks on parts that are not understood."""
    lines = zip(*(texts_of(rows[f"kode_{level}"]) for level in ("desa", "kecamatan", "kabupaten")), strict=True)
    known: dict[tuple[str | None, str | None], AreaList] = {}
    found = []
    for row, (text, line) in enumerate(zip(column(cells, "cakupan_wilayah"), lines, strict=True)):
        near = next((code for code in line if code), None) if text else None
        if (text, near) not in known:
            known[text, near] = read_area_list(text, near, system, gazetteer)
        listed = known[text, near]
        found.append(listed.codes)
        for part, code in listed.similar:
            after = gazetteer.label(code)
            ledger.add(row, Remark(jenis="cakupan_mirip", kolom="cakupan_wilayah", sebelum=part, sesudah=after))
        if listed.unknown:
            unknown = "; ".join(listed.unknown)
            ledger.add(row, Remark(jenis="cakupan_tak_dikenal", kolom="cakupan_wilayah", sebelum=unknown))
    return pd.Series(found, index=rows.index, dtype=object)


def _contents(cells: pd.DataFrame) -> list[str]:
    """All that each row says, as one text, without where it stands."""
    told = [column(cells, name) for name in cells.columns if name not in ("lembar", "nomor")]
    return ["\x1f".join(text or "" for text in texts) for texts in zip(*told, strict=True)] or [""] * len(cells)


def _notes(cells: pd.DataFrame, system: str | None) -> tuple[Message, ...]:
    """What was decided for the file as a whole."""
    notes = [] if "status_aktif" in cells.columns else [msg("register.note_no_status")]
    if any(field in cells.columns for field in CODE_FIELDS):
        notes.append(msg(f"register.note_codes_{system or 'undecided'}"))
    return tuple(notes)
