"""What only shows when all rows are seen together: replaced rows, piles of points, ids.

Decides: three or more names on one point, or two stated desa on one point, are doubtful; two LKS at one address are not.
Two rows of one id that are one institution with different services are told apart by their row numbers; so are two
institutions with one id, which is a doubt. Ids that start again in every sheet are that sheet's numbering and get its
name in front. A row without an id is called by its row number ("B12").
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from lks_geo.register.cells import is_empty_marker
from lks_geo.register.duplicates import SAME_ID_NAME, Duplicates, name_key
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.names import key
from lks_geo.register.value_rows import column

SAME_POINT_DIGITS = 5
"""Decimals of a degree (1 m) to which two points are one."""

PILE = 3
"""From how many names on one point the point is in doubt."""

_NUMBERING = re.compile(r"\d{1,4}")


def written_ids(cells: pd.DataFrame) -> pd.Series:
    """The ids as the file means them, text or NA: `12.0` is 12; numbers that start again per sheet get the sheet's name."""
    texts = [None if is_empty_marker(text) else re.sub(r"\.0$", "", text.strip()) for text in column(cells, "id")]
    ids = pd.Series(texts, index=cells.index, dtype="str")
    sheets = cells["lembar"].astype("str")
    table = pd.DataFrame({"sheet": sheets.fillna(""), "id": ids}).dropna(subset="id")
    numbered = bool(len(table)) and all(_NUMBERING.fullmatch(text) for text in table["id"])
    if numbered and table["id"].duplicated().any() and not table.duplicated().any():
        return (sheets + "-" + ids).where(sheets.notna(), ids)
    return ids


def remark_duplicates(rows: pd.DataFrame, found: Duplicates, ledger: Ledger) -> None:
    """Puts what `find_duplicates` found on the ledger, with the numbers of the other rows."""
    for row, best in found.replaced.items():
        ledger.add(row, Remark(jenis="baris_ganda", kolom="nama", sesudah=_where(rows, row, best)))
    for row, other in found.unclear.items():
        ledger.add(row, Remark(jenis="ganda_berbeda", kolom="nama", sesudah=_where(rows, row, other)))
    for row, first in found.alike.items():
        params: dict[str, object] = {"name": rows["nama"].iat[first]}
        where = _where(rows, row, first)
        ledger.add(row, Remark(jenis="nama_mirip", kolom="nama", sebelum=rows["nama"].iat[row], sesudah=where, params=params))


def _where(rows: pd.DataFrame, row: int, other: int) -> str:
    """The row number of `other`, with its sheet if that is not the sheet of `row`."""
    sheet, own, number = rows["lembar"].iat[other], rows["lembar"].iat[row], str(rows["nomor"].iat[other])
    return number if pd.isna(sheet) or sheet == own else f"{sheet}!{number}"


def mark_piles(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Remarks on points that three or more names share, or that rows with different stated desa share."""
    used = rows[(ledger.outcomes() != "ditolak") & rows["lokasi"].isin(["titik", "luar_wilayah"])]
    at = [used["lintang"].round(SAME_POINT_DIGITS), used["bujur"].round(SAME_POINT_DIGITS)]
    shared = used[pd.concat(at, axis=1).duplicated(keep=False).to_numpy()]
    if shared.empty:
        return
    at = [shared["lintang"].round(SAME_POINT_DIGITS), shared["bujur"].round(SAME_POINT_DIGITS)]
    for _, members in shared.groupby(at, sort=True):
        names = {name_key(name) for name in members["nama"]}
        desa = _stated_desa(members)
        for row in members.index:
            if len(names) >= PILE:
                ledger.add(int(row), Remark(jenis="titik_bertumpuk", kolom="koordinat", params={"count": len(names)}))
            if len(desa) > 1:
                listed = ", ".join(desa)
                ledger.add(int(row), Remark(jenis="titik_dua_desa", kolom="desa", sebelum=listed))


def _stated_desa(members: pd.DataFrame) -> list[str]:
    """The different desa that rows state, as written: by code where it is known, else by name."""
    seen: dict[str, str] = {}
    keys = set()
    known = members["kode_tertulis"].notna()
    for code, text in members.loc[known, ["kode_tertulis", "desa"]].itertuples(index=False):
        seen.setdefault(code, code if pd.isna(text) else text)
        keys.add("" if pd.isna(text) else key(text, "desa"))
    for text in members.loc[~known, "desa"].dropna():
        if key(text, "desa") not in keys:
            seen.setdefault(key(text, "desa"), text)
    return sorted(seen.values())


def give_ids(rows: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """One id per row, unique among the rows in use: as written, else made from the row number."""
    used = ledger.outcomes() != "ditolak"
    written = rows["id_tertulis"]
    taken = set(written.dropna())
    ids = written.astype(object).where(written.notna(), None).tolist()
    for _, members in rows[used].groupby("id_tertulis", sort=True):
        if len(members) > 1:
            _tell_apart(rows, members, ids, taken, ledger)
    several = rows["lembar"].nunique(dropna=False) > 1
    for row in np.flatnonzero(written.isna()):
        sheet = rows["lembar"].iat[row]
        number = f"B{rows['nomor'].iat[row]}"
        ids[row] = _free(f"{sheet}-{number}" if several and not pd.isna(sheet) else number, taken)
    return pd.Series(pd.array(ids, dtype="str"), index=rows.index)


def _tell_apart(
    rows: pd.DataFrame, members: pd.DataFrame, ids: list[str | None], taken: set[str], ledger: Ledger
) -> None:
    """New ids for all but the first of the rows in use that share one."""
    first = min(members.index, key=lambda row: (name_key(rows["nama"].iat[row]), rows["nomor"].iat[row], row))
    own = name_key(rows["nama"].iat[first])
    one_institution = all(fuzz.ratio(own, name_key(name)) >= SAME_ID_NAME for name in members["nama"])
    jenis = "id_bersama" if one_institution else "id_ganda"
    for row in members.index:
        if row != first:
            ids[row] = _free(f"{ids[row]}-{rows['nomor'].iat[row]}", taken)
        if row != first or not one_institution:
            before = rows["id_tertulis"].iat[row]
            ledger.add(int(row), Remark(jenis=jenis, kolom="id", sebelum=before, sesudah=ids[row]))


def _free(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first number behind it that makes it new; then it is taken."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    taken.add(found)
    return found
