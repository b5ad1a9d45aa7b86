"""Builds a `RawRegister` from rows as cells of text, for tests of what cleaning makes of them.

`a_row(...)` is a clean row of a real village; a value None is a blank cell. Columns are those that any row has.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lks_geo.register.reading.raw import RawRegister
from lks_geo.tables import SheetReport, Source

Row = dict[str, str | None]


def a_row(**changes: str | None) -> Row:
    """A clean row: an LKS for children in Saletto (76.02.12.2004), Simboro, Mamuju, with a point inside."""
    row: Row = {
        "id": "L-1",
        "nama": "LKSA Kasih Bunda",
        "jenis_layanan": "LKS Anak Dalam Panti",
        "status_aktif": "Aktif",
        "desa": "Saletto",
        "kecamatan": "Simboro",
        "kabupaten": "Mamuju",
        "lintang": "-2.728276",
        "bujur": "118.839152",
    }
    return row | changes


def raw_register(rows: Sequence[Row], *, sheets: Sequence[str | None] = (), first: int = 2) -> RawRegister:
    """Rows in file order; `sheets` names the sheet of each row (none: the file has no sheets)."""
    names = list(sheets) or [None] * len(rows)
    fields = list(dict.fromkeys(name for row in rows for name in row))
    cells = pd.DataFrame({"lembar": pd.array(names, dtype="str"), "nomor": range(first, first + len(rows))})
    for name in fields:
        cells[name] = pd.array([row.get(name) or None for row in rows], dtype="str")
    reports = [
        SheetReport(
            name=sheet,
            header_rows=(1,),
            columns={name: name for row, own in zip(rows, names, strict=True) if own == sheet for name in row},
            rows=names.count(sheet),
        )
        for sheet in dict.fromkeys(names)
    ]
    return RawRegister(cells=cells, sheets=tuple(reports), source=Source(name="uji.xlsx", sha256=""))
