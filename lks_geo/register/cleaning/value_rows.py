"""The single values of each row: status, legal form, development, accreditation, counts; remarks on doubtful cells.

Decides: a blank is not known and is no fault, except under a status heading, where it hides whether the place works. A
file without any status column says nothing about status, and all its places count as active. A word that is not
understood in a side field (legal form, development, accreditation, clients) is a remark, no doubt about the place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, Protocol, TypeVar

import pandas as pd

from lks_geo.messages import msg
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.dates import read_date
from lks_geo.register.meaning.values import (
    AccreditationReading,
    CountReading,
    read_accreditation,
    read_count,
    read_development,
    read_legal,
    read_status,
)
from lks_geo.register.reading.raw import RawRegister
from lks_geo.sheets.sheet import CellKind, column, read_each

_SIDE = frozenset(
    ("id", "sistem", "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "tahun", "kapasitas", "klien",
     "klien_pria", "klien_perempuan", "alamat_publik")
)  # fmt: skip
"""Fields whose unknown value makes no row doubtful."""
_UNREAD = {CellKind.FORMULA: "sel_rumus", CellKind.ERROR: "sel_galat"}


def read_value_rows(raw: RawRegister, ledger: Ledger) -> pd.DataFrame:
    """Columns `aktif`, `badan_hukum`, `perkembangan`, `akreditasi`, `berlaku_sampai`, `kapasitas`, `klien`, `tahun`."""
    cells = raw.cells
    headings = {field: heading for sheet in reversed(raw.sheets) for field, heading in sheet.columns.items()}
    for (row, name), kind in raw.unread.items():
        if name not in _SIDE:
            ledger.add(row, Remark(jenis=_UNREAD[kind], kolom=name, params={"heading": headings.get(name, name)}))
    accreditation = _read(cells, "akreditasi", read_accreditation, ledger)
    legal = _read(cells, "badan_hukum", read_legal, ledger)
    development = _read(cells, "perkembangan", read_development, ledger)
    return pd.DataFrame(
        {
            "aktif": _active(raw, ledger),
            "badan_hukum": _column([reading.legal for reading in legal], cells, "boolean"),
            "perkembangan": _column([reading.stage for reading in development], cells, "str"),
            "akreditasi": _ranks(accreditation, cells, ledger),
            "berlaku_sampai": _valid_until(cells, accreditation, ledger),
            "kapasitas": _count(cells, "kapasitas", ledger),
            "klien": _clients(cells, ledger),
            "tahun": _year(cells, accreditation, ledger),
        },
        index=cells.index,
    )


def status_recorded(raw: RawRegister) -> bool:
    """Whether any sheet of the file has a status column."""
    return "status_aktif" in raw.cells.columns


def _active(raw: RawRegister, ledger: Ledger) -> pd.Series:
    cells = raw.cells
    if not status_recorded(raw):
        return pd.Series(True, index=cells.index, dtype="boolean")
    with_column = {sheet.name for sheet in raw.sheets if "status_aktif" in sheet.columns}
    texts = column(cells, "status_aktif")
    readings = read_each(texts, read_status)
    sheets = column(cells, "lembar")
    for row, reading in enumerate(readings):
        if not reading.understood:
            ledger.add(row, Remark(jenis="status_tak_terbaca", kolom="status_aktif", sebelum=texts[row]))
        elif reading.active is None:
            missing = bool(with_column) and sheets[row] not in with_column
            ledger.add(row, Remark(jenis="status_tanpa_kolom" if missing else "status_kosong", kolom="status_aktif"))
    return _column([reading.active for reading in readings], cells, "boolean")


class _Understood(Protocol):
    @property
    def understood(self) -> bool: ...


R = TypeVar("R", bound=_Understood)


def _read(cells: pd.DataFrame, field: str, reader: Callable[[str | None], R], ledger: Ledger) -> list[R]:
    """The readings of one field; what is not understood is remarked on."""
    texts = column(cells, field)
    readings = read_each(texts, reader)
    for row, reading in enumerate(readings):
        if not reading.understood:
            ledger.add(row, _about(field, "isian_tak_terbaca", texts[row]))
    return readings


def _about(field: str, jenis: str, before: str | None, after: str | None = None, **params: object) -> Remark:
    """A remark on a single value, with the field's name in words."""
    named = {"field": msg(f"register.field_{field}"), **params}
    return Remark(jenis=jenis, kolom=field, sebelum=before, sesudah=after, params=named)


def _ranks(readings: Sequence[AccreditationReading], cells: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """The rank; one that the cell itself calls expired, without saying when, counts as none."""
    texts = column(cells, "akreditasi")
    ranks = []
    for row, reading in enumerate(readings):
        over = reading.expired and reading.expires is None
        if over:
            ledger.add(row, _about("akreditasi", "akreditasi_kedaluwarsa", texts[row]))
        ranks.append("belum" if over else reading.rank)
    return _column(ranks, cells, "str")


def _column(values: Sequence[object], cells: pd.DataFrame, dtype: Literal["boolean", "Int64", "str"]) -> pd.Series:
    return pd.Series(list(values), index=cells.index, dtype=dtype)


def _valid_until(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The last day of the accreditation: from its own column, else as the rank's cell tells it."""
    texts = column(cells, "berlaku_sampai")
    days: list[date | None] = []
    for row, reading in enumerate(read_each(texts, read_date)):
        if not reading.understood:
            ledger.add(row, _about("berlaku_sampai", "tanggal_tak_terbaca", texts[row]))
        elif reading.kind == "terbalik" and reading.value is not None:
            day = reading.value
            ledger.add(row, _about("berlaku_sampai", "tanggal_terbalik", texts[row], day.isoformat(), day=day))
        days.append(reading.value or accreditation[row].expires)
    return pd.Series(pd.to_datetime(pd.Series(days, dtype=object)).to_numpy("datetime64[s]"), index=cells.index)


def _count(cells: pd.DataFrame, field: str, ledger: Ledger) -> pd.Series:
    texts = column(cells, field)
    readings = read_each(texts, read_count)
    for row, reading in enumerate(readings):
        _remark_count(row, reading, texts[row], field, ledger)
    return _column([reading.value for reading in readings], cells, "Int64")


def _remark_count(row: int, reading: CountReading, text: str | None, field: str, ledger: Ledger) -> None:
    if not reading.understood:
        ledger.add(row, _about(field, "jumlah_tak_terbaca" if field == "kapasitas" else "klien_tak_terbaca", text))
    elif reading.kind != "tepat":
        ledger.add(row, _about(field, f"jumlah_{reading.kind}", text, str(reading.value)))


def _clients(cells: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Clients: the total column, else men and women together (one of them alone if the other is blank)."""
    total = _count(cells, "klien", ledger)
    parts = pd.concat([_count(cells, name, ledger) for name in ("klien_pria", "klien_perempuan")], axis=1)
    return total.fillna(parts.sum(axis=1, min_count=1).astype("Int64"))


def _year(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The year that a row is about: its own column, else the year of the accreditation."""
    texts = column(cells, "tahun")
    years: list[int | None] = []
    for row, reading in enumerate(read_each(texts, read_date)):
        if not reading.understood:
            ledger.add(row, _about("tahun", "tanggal_tak_terbaca", texts[row]))
        years.append(reading.value.year if reading.value else accreditation[row].year)
    return _column(years, cells, "Int64")
