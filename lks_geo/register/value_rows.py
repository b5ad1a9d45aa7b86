"""The single values of each row: status, legal form, development, accreditation, counts - with remarks on doubtful cells.

Decides: a blank is not known and is no fault, except under a status heading, where it hides whether the place works. A
file without any status column says nothing about status, and all its places count as active.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from lks_geo.register.cells import by_unique
from lks_geo.register.dates import read_date
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.raw import RawRegister
from lks_geo.register.values import (
    AccreditationReading,
    CountReading,
    read_accreditation,
    read_count,
    read_development,
    read_legal,
    read_status,
)


def read_value_rows(raw: RawRegister, ledger: Ledger) -> pd.DataFrame:
    """Columns `aktif`, `badan_hukum`, `perkembangan`, `akreditasi`, `berlaku_sampai`, `kapasitas`, `klien`, `tahun`."""
    cells = raw.cells
    accreditation = by_unique(column(cells, "akreditasi"), read_accreditation)
    return pd.DataFrame(
        {
            "aktif": _active(raw, ledger),
            "badan_hukum": _plain(cells, "badan_hukum", read_legal, "legal", "boolean", ledger),
            "perkembangan": _plain(cells, "perkembangan", read_development, "stage", "str", ledger),
            "akreditasi": _plain(cells, "akreditasi", read_accreditation, "rank", "str", ledger),
            "berlaku_sampai": _valid_until(cells, accreditation, ledger),
            "kapasitas": _count(cells, "kapasitas", ledger),
            "klien": _clients(cells, ledger),
            "tahun": _year(cells, accreditation, ledger),
        },
        index=cells.index,
    )


def column(cells: pd.DataFrame, field: str) -> pd.Series:
    """The cells of a field as text or None; all None if the file has no such column."""
    if field not in cells.columns:
        return pd.Series(None, index=cells.index, dtype=object)
    texts = cells[field].astype(object)
    return texts.where(texts.notna(), None)


def status_recorded(raw: RawRegister) -> bool:
    """Whether any sheet of the file has a status column."""
    return "status_aktif" in raw.cells.columns


def _active(raw: RawRegister, ledger: Ledger) -> pd.Series:
    cells = raw.cells
    if not status_recorded(raw):
        return pd.Series(True, index=cells.index, dtype="boolean")
    with_column = {sheet.name for sheet in raw.sheets if "status_aktif" in sheet.columns}
    texts = column(cells, "status_aktif")
    readings = by_unique(texts, read_status)
    sheets = column(cells, "lembar")
    for row, reading in enumerate(readings):
        if not reading.understood:
            ledger.add(row, Remark(jenis="status_tak_terbaca", kolom="status_aktif", sebelum=texts.iat[row]))
        elif reading.active is None:
            missing = bool(with_column) and sheets.iat[row] not in with_column
            ledger.add(row, Remark(jenis="status_tanpa_kolom" if missing else "status_kosong", kolom="status_aktif"))
    return _column([reading.active for reading in readings], cells, "boolean")


def _plain(
    cells: pd.DataFrame, field: str, reader: Callable[[str | None], object], value: str, dtype: str, ledger: Ledger
) -> pd.Series:
    """One field whose reading has `understood` and a value; what is not understood is remarked on and not known."""
    texts = column(cells, field)
    readings = by_unique(texts, reader)
    for row, reading in enumerate(readings):
        if not getattr(reading, "understood"):
            ledger.add(row, Remark(jenis="isian_tak_terbaca", kolom=field, sebelum=texts.iat[row]))
    return _column([getattr(reading, value) for reading in readings], cells, dtype)


def _column(values: Sequence[object], cells: pd.DataFrame, dtype: str) -> pd.Series:
    return pd.Series(pd.array(list(values), dtype=dtype), index=cells.index)


def _valid_until(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The last day of the accreditation: from its own column, else as the rank's cell tells it."""
    texts = column(cells, "berlaku_sampai")
    days: list[date | None] = []
    for row, reading in enumerate(by_unique(texts, read_date)):
        if not reading.understood:
            ledger.add(row, Remark(jenis="tanggal_tak_terbaca", kolom="berlaku_sampai", sebelum=texts.iat[row]))
        elif reading.kind == "terbalik" and reading.value is not None:
            after = reading.value.isoformat()
            remark = Remark(
                jenis="tanggal_terbalik", kolom="berlaku_sampai", sebelum=texts.iat[row], sesudah=after,
                params={"day": reading.value},
            )  # fmt: skip
            ledger.add(row, remark)
        days.append(reading.value or accreditation[row].expires)
    return pd.Series(pd.to_datetime(pd.Series(days, dtype=object)).to_numpy("datetime64[s]"), index=cells.index)


def _count(cells: pd.DataFrame, field: str, ledger: Ledger) -> pd.Series:
    texts = column(cells, field)
    readings = by_unique(texts, read_count)
    for row, reading in enumerate(readings):
        _remark_count(row, reading, texts.iat[row], field, ledger)
    return _column([reading.value for reading in readings], cells, "Int64")


def _remark_count(row: int, reading: CountReading, text: str | None, field: str, ledger: Ledger) -> None:
    if not reading.understood:
        ledger.add(row, Remark(jenis="jumlah_tak_terbaca", kolom=field, sebelum=text))
    elif reading.kind in ("rentang", "perkiraan"):
        remark = Remark(jenis=f"jumlah_{reading.kind}", kolom=field, sebelum=text, sesudah=str(reading.value))
        ledger.add(row, remark)


def _clients(cells: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Clients: the total column, else men and women together (one of them alone if the other is blank)."""
    total = _count(cells, "klien", ledger)
    parts = pd.concat([_count(cells, name, ledger) for name in ("klien_pria", "klien_perempuan")], axis=1)
    return total.fillna(parts.sum(axis=1, min_count=1).astype("Int64"))


def _year(cells: pd.DataFrame, accreditation: Sequence[AccreditationReading], ledger: Ledger) -> pd.Series:
    """The year that a row is about: its own column, else the year of the accreditation."""
    texts = column(cells, "tahun")
    years: list[int | None] = []
    for row, reading in enumerate(by_unique(texts, read_date)):
        if not reading.understood:
            ledger.add(row, Remark(jenis="tanggal_tak_terbaca", kolom="tahun", sebelum=texts.iat[row]))
        years.append(reading.value.year if reading.value else accreditation[row].year)
    return _column(years, cells, "Int64")


NO_DAY = np.datetime64("NaT", "s")
