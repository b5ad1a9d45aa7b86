"""Whom each row serves: the service cells, the check-mark columns and the system column of a row, taken together.

Decides: the groups of all cells count; a system told with a group wins over the system column; a row whose cells name
no group is kept without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.cell_text import column, fold, is_empty_marker, read_each
from lks_geo.register.meaning.services import Service, ServicesReading, read_services, read_system
from lks_geo.settings import SYSTEMS, Settings

MARK = "tanda:"
_YES = frozenset(
    ("y", "ya", "v", "vv", "x", "1", "true", "benar", "ada", "iya", "yes", "✓", "✔", "√", "☑", "●", "•", "*", "o")
)
_NO = frozenset(("0", "tidak", "tdk", "no", "n", "false", "bukan", "tak", "t", "☐", "✗", "✘"))
_NO_SYSTEM = frozenset(("lainnya", "lain", "lain-lain", "lain lain", "dan lain-lain", "dll"))
"""Answers of a system column that are understood and name none."""
_SYSTEM_MARKS = {"dp": "dalam", "lp": "luar", "dalam": "dalam", "luar": "luar"}


def read_service_rows(cells: pd.DataFrame, settings: Settings, ledger: Ledger) -> pd.DataFrame:
    """Columns `layanan`, `kelompok`, `layanan_lain` (tuples, see `Register`), index of `cells`."""
    fields = [name for name in ("kelompok", "jenis_layanan") if name in cells.columns]
    readings = {name: read_each(column(cells, name), lambda text: read_services(text, settings)) for name in fields}
    systems = read_each(column(cells, "sistem"), _system)
    texts = {name: column(cells, name) for name in (*fields, "sistem")}
    marked = _marked(cells, ledger)
    order = [group.key for group in settings.groups]
    services, groups, others = [], [], []
    for row in range(len(cells)):
        of_row = {name: readings[name][row] for name in fields}
        for name, reading in of_row.items():
            _remark(row, name, reading, ledger)
        told = [service for reading in of_row.values() for service in reading.services] + marked[row]
        of_column = systems[row]
        trouble = _trouble(texts["sistem"][row], of_column, told)
        if trouble:
            ledger.add(row, Remark(jenis=trouble, kolom="sistem", sebelum=texts["sistem"][row]))
        in_cells = [system for reading in of_row.values() for system in reading.systems]
        served = _joined(told, of_column or in_cells, order)
        services.append(served)
        groups.append(tuple(dict.fromkeys(group for group, _ in served)))
        others.append(tuple(dict.fromkeys(name for reading in of_row.values() for name in reading.other)))
        if not served and not others[-1]:
            _remark_nothing(row, of_row, {name: texts[name][row] for name in fields}, ledger)
    frame = {"layanan": services, "kelompok": groups, "layanan_lain": others}
    return pd.DataFrame({name: pd.Series(values, index=cells.index, dtype=object) for name, values in frame.items()})


def _remark(row: int, field: str, reading: ServicesReading, ledger: Ledger) -> None:
    for written, understood in reading.inferred:
        ledger.add(row, Remark(jenis="layanan_mirip", kolom=field, sebelum=written, sesudah=understood))
    if reading.unknown:
        ledger.add(row, Remark(jenis="layanan_tak_dikenal", kolom=field, sebelum="; ".join(reading.unknown)))
    if reading.other:
        ledger.add(row, Remark(jenis="layanan_lain", kolom=field, sebelum="; ".join(reading.other)))


def _remark_nothing(
    row: int, readings: dict[str, ServicesReading], texts: dict[str, str | None], ledger: Ledger
) -> None:
    """A row that serves no group: its cells are blank, or say nothing about whom it serves."""
    general = [texts[name] or "" for name, reading in readings.items() if not reading.empty and not reading.unknown]
    if general:
        ledger.add(row, Remark(jenis="layanan_tanpa_kelompok", kolom=next(iter(readings)), sebelum="; ".join(general)))
    elif not any(reading.unknown for reading in readings.values()):
        ledger.add(row, Remark(jenis="layanan_kosong", kolom="kelompok"))


def _system(text: str | None) -> tuple[str, ...]:
    """The systems of a cell; it may list them ("dalam; luar")."""
    whole = read_system(text)
    parts = {system for part in re.split(r"[;,/+&|\n]", text or "") for system in read_system(part)}
    return whole or tuple(system for system in SYSTEMS if system in parts)


def _trouble(text: str | None, systems: tuple[str, ...], told: list[Service]) -> str | None:
    """The kind of remark if the system column cannot be taken at its word."""
    if not systems:
        return None if text is None or is_empty_marker(text) or fold(text) in _NO_SYSTEM else "sistem_tak_dikenal"
    own = {system for _, system in told if system}
    return "sistem_bertentangan" if own and not own & set(systems) else None


def _joined(told: Iterable[Service], systems: Sequence[str], order: list[str]) -> tuple[Service, ...]:
    """The services of a row, each once, in the order of the groups: (group, None) only where no system is known."""
    by_group: dict[str, set[str]] = {}
    for group, system in told:
        by_group.setdefault(group, set()).update([system] if system else [])
    joined: list[Service] = []
    for group in order:
        if group in by_group:
            known = by_group[group] or set(systems)
            joined += [(group, system) for system in SYSTEMS if system in known] or [(group, None)]
    return tuple(joined)


def _marked(cells: pd.DataFrame, ledger: Ledger) -> list[list[Service]]:
    """Services by check-mark columns (`tanda:anak`, `tanda:anak:dalam`)."""
    found: list[list[Service]] = [[] for _ in range(len(cells))]
    for name in (name for name in cells.columns if name.startswith(MARK)):
        _, group, *system = name.split(":")
        texts = column(cells, name)
        for row, mark in enumerate(read_each(texts, _read_mark)):
            if mark is None:
                remark = Remark(jenis="layanan_tak_dikenal", kolom="kelompok", sebelum=f"{group}: {texts[row]}")
                ledger.add(row, remark)
            elif mark:
                found[row].append((group, system[0] if system else _SYSTEM_MARKS.get(fold(texts[row]))))
    return found


def _read_mark(text: str | None) -> bool | None:
    """Whether a check mark says yes; None if it is neither yes nor no. A number of people above 0 is a yes."""
    plain = fold(text)
    if plain in _YES or plain in _SYSTEM_MARKS:
        return True
    if is_empty_marker(text) or plain.strip(".") in _NO:
        return False
    digits = plain.removesuffix(" orang").removesuffix(".0")
    return int(digits) > 0 if digits.isascii() and digits.isdecimal() else None
