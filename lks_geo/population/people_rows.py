"""Which area each row of a table of people is about: by its code, else by its names.

Decides: bare digits are Kemendagri or BPS codes once for the whole file, by the names that agree, then by the codes
that exist; a dotted code speaks for itself. A code that no area has is looked for by its names only inside the
kecamatan that the code names. An old code of a bridge is that of its desa today.
Gets wrong: a table whose codes and names are right for one area and all meant for another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.population.people_words import CODES
from lks_geo.register.areas.area_codes import BPS, BROKEN, DIGITS, KEMENDAGRI, CodeReading, read_code
from lks_geo.register.areas.area_names import key, marked_names
from lks_geo.register.areas.gazetteer import Gazetteer, gazetteer_of
from lks_geo.register.areas.statement import read_statement
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.tables import LEVELS, Boundaries

Cells = Mapping[str, str]
"""Field (AREAS) -> text of one row, "" where blank."""

BY_CODE, BY_NAME = "kode", "nama"
_KECAMATAN_DIGITS = {KEMENDAGRI: 6, BPS: 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The area of a row (None: none of the boundaries) and its level; whether by code or name; `against`: the row's
    name is not that of its code; `alike`: the name is only similar; `former`: the old code by which it was found."""

    area: str | None = None
    level: str = ""
    by: str = BY_CODE
    against: bool = False
    alike: bool = False
    former: str = ""


class AreaList:
    """The areas of `boundaries` by the codes of both systems, and by name when that is needed."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self.former = {former.code.replace(".", ""): former for former in boundaries.former}
        parts = Counter(former.now for former in boundaries.former)
        self.former_names = {
            (former.now, _desa_key(former.name)) for former in boundaries.former
            if former.code == former.now or (former.share == 1 and parts[former.now] == 1)
        }  # fmt: skip
        """Code and old name of desa that are today what they were, but for name and code."""
        self.splits: dict[str, dict[str, float]] = {}
        for former in boundaries.former:
            if former.share != 1:
                self.splits.setdefault(former.code.replace(".", ""), {})[former.now] = former.share
        self.level: dict[str, str] = {}
        self.name: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {KEMENDAGRI: {}, BPS: {}}
        for level in LEVELS:
            names = boundaries.names(level)
            columns = (names.index.tolist(), names["nama"].tolist(), names["kode_bps"].tolist())
            for code, name, bps in zip(*columns, strict=True):
                self.level[code], self.name[code] = level, name if isinstance(name, str) else ""
                self.codes[KEMENDAGRI if "." in code or level == "provinsi" else BPS][code.replace(".", "")] = code
                if isinstance(bps, str):
                    self.codes[BPS].setdefault(bps, code)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The areas by name."""
        return gazetteer_of(self.boundaries)

    def of(self, reading: CodeReading, system: str | None) -> str | None:
        """The area of a code in a file whose bare digits are of `system`."""
        form = system if reading.form == DIGITS else reading.form
        if form not in self.codes:
            return None
        return self.codes[form].get(reading.digits)

    def named(self, area: str, name: str) -> bool | None:
        """Whether the area has the name or had it by the bridge, outright; None if there is nothing to compare."""
        if is_empty_marker(name) or not self.name[area]:
            return None
        own = key(name, self.level[area])
        return own == key(self.name[area], self.level[area]) or (area, own) in self.former_names


def name_of(cells: Cells, level: str) -> str:
    """The name of its area of a level that a row states."""
    return cells.get(level, "") or cells.get("nama", "")


_NUMBERED = re.compile(r"^(?:\d{1,3}[.)]\s*|0\d\d\s+)(?=[^\W\d])")  # "1. Samkai", "001 Samkai"; not "7 Ulu"


def unnumbered(name: str) -> str:
    """A name without the running number in front of it."""
    return _NUMBERED.sub("", name)


def under_kecamatan(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows in which the column of desa names their kecamatan above them ("Kecamatan Mambi")."""
    above = ""
    for row in rows:
        marked = marked_names(row.get("desa", ""))
        if marked.keys() == {"kecamatan"}:
            above = row["kecamatan"] = marked["kecamatan"]
            del row["desa"]
        elif above:
            row["kecamatan"] = above
    return rows


def locate_rows(rows: Sequence[Cells], areas: AreaList, where: str) -> list[Located]:
    """The area of each row. Bare digits that fit both systems equally, and names most of which contradict their codes,
    are an `LksGeoError`."""
    readings = [_reading(cells) for cells in rows]
    system = _system(rows, readings, areas, where)
    located = [_locate(cells, reading, system, areas) for cells, reading in zip(rows, readings, strict=True)]
    _refuse_contradiction(rows, located, areas, where)
    return located


def _reading(cells: Cells) -> CodeReading | None:
    """The finest code of a row that can be one."""
    for field in CODES:
        text = cells.get(field, "").removeprefix("ID")
        reading = read_code(text) if text else None
        if reading is not None and reading.form != BROKEN and len(reading.digits) >= 4:
            return reading
    return None


def _system(rows: Sequence[Cells], readings: Sequence[CodeReading | None], areas: AreaList, where: str) -> str | None:
    """The system of the bare digits of a file."""
    certain = Counter(reading.form for reading in readings if reading and areas.of(reading, None))
    if certain[KEMENDAGRI] != certain[BPS]:
        return KEMENDAGRI if certain[KEMENDAGRI] > certain[BPS] else BPS
    bare = [
        (cells, reading) for cells, reading in zip(rows, readings, strict=True) if reading and reading.form == DIGITS
    ]
    found = {system: [areas.of(reading, system) for _, reading in bare] for system in areas.codes}

    def agreement(system: str) -> tuple[int, int]:
        same = sum(
            bool(code and areas.named(code, name_of(cells, areas.level[code])))
            for code, (cells, _) in zip(found[system], bare, strict=True)
        )
        return same, sum(code is not None for code in found[system])

    best, other = sorted(areas.codes, key=agreement, reverse=True)
    names, codes = agreement(best)
    if found[best] != found[other] and 2 * agreement(other)[1] > codes and names <= agreement(other)[0]:
        raise LksGeoError.of("population.two_systems", where=where)
    return best if codes else None


def _locate(cells: Cells, reading: CodeReading | None, system: str | None, areas: AreaList) -> Located:
    code = areas.of(reading, system) if reading else None
    if code is not None:
        name = name_of(cells, areas.level[code])
        against = areas.named(code, name) is False and not areas.gazetteer.alike(areas.level[code], name, code)
        return Located(area=code, level=areas.level[code], against=against)
    former = areas.former.get(reading.digits) if reading else None
    if reading is not None and former is not None and former.now in areas.level:
        name = name_of(cells, "desa")
        against = not is_empty_marker(name) and key(name, "desa") not in map(
            _desa_key, (former.name, areas.name[former.now])
        )
        return Located(area=former.now, level="desa", former=reading.digits, against=against)
    if reading is not None:
        return _in_kecamatan(cells, reading, system, areas)
    return _by_names(cells, areas)


def _desa_key(name: str) -> str:
    return key(name, "desa")


def _in_kecamatan(cells: Cells, reading: CodeReading, system: str | None, areas: AreaList) -> Located:
    """The desa of that very name in the kecamatan that an unknown code names."""
    form = (system if reading.form == DIGITS else reading.form) or ""
    kecamatan = areas.codes.get(form, {}).get(reading.digits[: _KECAMATAN_DIGITS.get(form, 0)])
    name = cells.get("desa", "")
    if len(reading.digits) < 10 or kecamatan is None or is_empty_marker(name):
        return Located()
    codes = areas.gazetteer.exact("desa", name, kecamatan)
    return Located(area=codes[0], level="desa", by=BY_NAME) if len(codes) == 1 else Located()


def _by_names(cells: Cells, areas: AreaList) -> Located:
    """The area that the names of a row state for sure."""
    names = {level: text for level in LEVELS if (text := cells.get(level, "")) and not is_empty_marker(text)}
    if not names or not any(map(str.isalpha, "".join(names.values()))):
        return Located()
    statement = read_statement(dict(names), None, areas.gazetteer)
    finest = next(level for level in LEVELS if level in names)
    if statement.area is None or areas.level[statement.area] != finest:
        return Located()
    kinds = {remark.jenis for remark in statement.remarks}
    if kinds & {"provinsi_lain", "wilayah_bertentangan", "wilayah_ganda"}:
        return Located()
    return Located(area=statement.area, level=finest, by=BY_NAME, alike="wilayah_mirip" in kinds)


def _refuse_contradiction(rows: Sequence[Cells], located: Sequence[Located], areas: AreaList, where: str) -> None:
    coded = [
        (cells, row) for cells, row in zip(rows, located, strict=True)
        if row.area and row.by == BY_CODE and not is_empty_marker(name_of(cells, row.level))
    ]  # fmt: skip
    against = [(name_of(cells, row.level), row.area) for cells, row in coded if row.against and row.area]
    if 2 * len(against) > len(coded):
        text, code = against[0]
        raise LksGeoError.of(
            "population.names_contradict", where=where, n=len(against), of=len(coded), code=code,
            name=areas.name[code], found=text,
        )  # fmt: skip


def shared_by_bridge(cells: pd.DataFrame, areas: AreaList) -> tuple[pd.DataFrame, list[str]]:
    """The observations (`area`, `former`, `people`, `estimate`) with those of desa that were split since shared out to
    the parts, as estimates; and the codes of these desa.

    A code that still exists means the whole old desa where no other part of it is in the file.
    """
    held, whole, shared = set(cells["area"]), [], []
    digits = cells["area"].str.replace(".", "", regex=False)
    for code, parts in areas.splits.items():
        own = {area for area in parts if area.replace(".", "") == code}
        rows = (cells["former"] == code) | (
            (digits == code) & (cells["former"] == "") & held.isdisjoint({*parts} - own)
        )
        if rows.any():
            whole.append(code)
            old = cells[rows].assign(former=code, estimate=True)
            shared += [old.assign(area=area, people=old["people"] * share) for area, share in parts.items()]
            cells = cells[~rows]
            digits = digits[~rows]
    return pd.concat([cells, *shared], ignore_index=True), whole
