"""The lists of areas that lack services, made once for map, print, slides, workbook, CSV and screen.

A list of desa holds those that are `belum_terlayani`, in the order of `prioritas`, numbered `no` 1, 2, 3 within what is
listed; `prioritas` itself is the rank in the province. A list in any other order has no `no`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lks_geo.memo import kept
from lks_geo.messages import Texts, msg
from lks_geo.said.shown_areas import rows_reported
from lks_geo.tables import Coverage

UNSERVED_COLUMNS = (
    "kelompok", "no", "prioritas", "kode", "kode_bps", "nama", "kecamatan", "kabupaten",
    "sasaran", "belum_terjangkau", "jarak_km", "lks_terdekat", "nama_lks_terdekat",
)  # fmt: skip

DISGUISED = "disamarkan "
"""How the id of a disguised place begins; the code of its kecamatan follows: "disamarkan 76.05.01"."""


def unserved_list(
    coverage: Coverage, group: str, *, kabupaten: str | None = None, top: int | None = None
) -> pd.DataFrame:
    """The unserved desa of one group in view (UNSERVED_COLUMNS): the first `top`, of one kabupaten (code), or all."""
    rows = rows_reported(coverage, "desa", group, kabupaten)
    rows = rows[(rows["status"] == "belum_terlayani").fillna(False).to_numpy(dtype=bool)]
    rows = rows.sort_values("prioritas", kind="stable")
    rows = (rows if top is None else rows.head(top)).reset_index()
    rows["no"] = np.arange(1, len(rows) + 1)
    rows["nama_lks_terdekat"] = rows["lks_terdekat"].map(nearest_names(coverage)).astype("string")
    return rows[list(UNSERVED_COLUMNS)]


def unserved_lists(coverage: Coverage, *, top: int | None = None) -> pd.DataFrame:
    """`unserved_list` of every group, one after the other; `no` and `top` are those of each group."""
    return pd.concat([unserved_list(coverage, group.key, top=top) for group in coverage.groups], ignore_index=True)


def nearest_names(coverage: Coverage) -> dict[str, str]:
    """What to call the place of an id in `lks_terdekat`: its name; of a disguised one only its kecamatan."""
    return kept(coverage, "nearest names", lambda: _nearest_names(coverage))


def _nearest_names(coverage: Coverage) -> dict[str, str]:
    listed = coverage.listed_places.dropna(subset=["id"]).drop_duplicates("id")
    found = dict(zip(listed["id"].astype(str), listed["nama"].astype("string").fillna(""), strict=True))
    texts = Texts(coverage.settings.lang)
    for code, name in coverage.boundaries.names("kecamatan")["nama"].astype(str).items():
        found[f"{DISGUISED}{code}"] = texts(msg("said.nearest_disguised", kecamatan=name))
    return found


def needy_parts(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None) -> pd.DataFrame:
    """Kecamatan or kabupaten in view (index `kode`), most unreached people first, else most unserved desa.

    Only reported ones, and parts whose people are not known come last.
    """
    rows = rows_reported(coverage, level, group, kabupaten)
    people = rows["belum_terjangkau"].astype("float64").fillna(-1.0).to_numpy()
    desa = rows["desa_belum_terlayani"].astype("float64").fillna(0).to_numpy()
    return rows.iloc[np.lexsort((np.arange(len(rows)), -desa, -people))]
