"""What only shows when all rows are seen together: replaced rows, piles of points, ids.

Decides: three or more names on one point, or two stated desa, are doubtful; two LKS at one address are not. Two rows of
one id that are one institution with different services are told apart by a number; so are two institutions with one
id, which is a doubt. Ids that start again in every sheet are that sheet's numbering and get its name in front; ids that
start again for institutions of other names or other kabupaten are none. Of the rows on one point with two stated desa
those are in doubt whose desa is not that of the point. A row without an id is called by its area and a number, by name
("76.05.01.1001-2"), never by its row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from lks_geo.geo import FloatArray, distance_km, distinct_rows, ecef_km, linked, near_each_other
from lks_geo.messages import Message, msg
from lks_geo.register.areas.area_names import key
from lks_geo.register.areas.gazetteer import Gazetteer
from lks_geo.register.cleaning.disguise import BoolArray, Secrecy, disguised_ids, hidden_rows, institutions
from lks_geo.register.cleaning.duplicates import Duplicates
from lks_geo.register.identity import SAME_ID_NAME, name_key, spoken_names, unnamed
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.reading.column_content import holds_only_status, is_axis, told
from lks_geo.register.reading.headings import TAKEN
from lks_geo.register.reading.raw import TITLES
from lks_geo.sheets.folding import words as fold
from lks_geo.sheets.sheet import blanked, column, texts_of
from lks_geo.sheets.sheet_tables import HEADING

SAME_POINT_KM = 0.001
"""How far apart two points may be to be one."""

PILE = 3
"""From how many names on one point the point is in doubt."""

RESTARTS = 2
"""How many numbers must stand twice in a sheet, for institutions of other names, if the numbering starts again."""

_NUMBERING = re.compile(r"\d{1,4}")  # "12"
_RUNNING = re.compile(r"(?<!\d)\d{1,4}(?!\d)")  # "057" of "LKS/057/2025"


def written_ids(cells: pd.DataFrame, kabupaten: pd.Series, secret: npt.NDArray[np.bool_]) -> pd.Series:
    """The ids as the file means them, text or NA: `12.0` is 12; numbers that start again per sheet name their sheet,
    and ids that start again within a sheet, for other names or another stated `kabupaten`, are none. `secret` rows
    don't decide.
    """
    texts = [text if text is None else text.strip().removesuffix(".0") for text in blanked(column(cells, "id"))]
    ids = pd.Series(texts, index=cells.index, dtype="str")
    sheets = cells["lembar"].astype("str")
    names = [name_key(name) for name in column(cells, "nama")]
    told = {"sheet": sheets.fillna(""), "id": ids, "name": names, "kabupaten": kabupaten}
    table = pd.DataFrame(told)[~secret].dropna(subset="id")
    if table.empty:
        return ids
    bearers = table.groupby(["sheet", "id"]).agg(
        size=("name", "size"), names=("name", "nunique"), areas=("kabupaten", "nunique")
    )
    differs = (bearers["names"] > 1) | (bearers["areas"] > 1)
    shared, differing = int((bearers["size"] > 1).sum()), int(differs.sum())
    if differing >= RESTARTS and differing * 2 > shared and differing * 10 >= len(table):
        return pd.Series(None, index=cells.index, dtype="str")
    listed = table["id"].tolist()
    numbering = all(map(_NUMBERING.fullmatch, listed))
    if not numbering and len({_RUNNING.sub("#", text, count=1) for text in listed}) == 1:
        several = table.groupby("id")["name"].agg(["size", "nunique"]).query("size > 1")
        numbering = bool((several["nunique"] > 1).mean() > MOSTLY)
    if numbering and table["id"].duplicated().any() and not (bearers["size"] > 1).any():
        return (sheets + "-" + ids).where(sheets.notna(), ids)
    return ids


MOSTLY = 0.7
"""From what share of its values an unused column could be a field."""
_COULD_BE = ("kabupaten", "kecamatan", "desa")


def unused_columns(spare: pd.DataFrame, fields: Collection[str], gazetteer: Gazetteer) -> tuple[Message, ...]:
    """Remarks on columns of no field that hold what the file has no column for: names or codes of areas, degrees of a
    point, words of activity.

    `spare`: cells of these columns by heading; `fields`: those that the file has. Says which `--column` would use it.
    """
    notes = []
    open_axes = {"lintang", "bujur", "koordinat"}.isdisjoint(fields)
    for heading in spare.columns:
        counts = told(spare[heading])
        levels = [level for level in _COULD_BE if level not in fields and _names(counts, level, gazetteer)]
        axes = [name for name in ("lintang", "bujur") if open_axes and counts and is_axis(spare[heading], name)]
        coded = (
            [] if any(field.startswith("kode_") for field in fields) or not _codes(counts, gazetteer) else ["kode_desa"]
        )
        status = [] if "status_aktif" in fields or not holds_only_status(spare[heading]) else ["status_aktif"]
        found = {"area": levels, "point": axes, "code": coded, "status": status}
        kinds = [(kind, field) for kind, of_kind in found.items() for field in of_kind[:1]]
        notes += [msg(f"register.note_unused_{kind}", heading=heading, field=field) for kind, field in kinds[:1]]
    return tuple(notes)


def _names(counts: Mapping[str, int], level: str, gazetteer: Gazetteer) -> bool:
    """Whether most of the values are names of areas of a level."""
    known = sum(count for text, count in counts.items() if gazetteer.exact(level, text))
    return known > 1 and known >= MOSTLY * sum(counts.values())


def _codes(counts: Mapping[str, int], gazetteer: Gazetteer) -> bool:
    """Whether most of the values are codes of desa of the map."""
    digits = {text: re.sub(r"\D", "", text) for text in counts}  # "76.05.01.1001"
    both = gazetteer.by_digits, gazetteer.by_bps
    known = [text for text, code in digits.items() if len(code) == 10 and any(code in codes for codes in both)]
    return len(known) > 1 and sum(counts[text] for text in known) >= MOSTLY * sum(counts.values())


def remark_duplicates(rows: pd.DataFrame, duplicates: Duplicates, ledger: Ledger) -> None:
    """Puts what `find_duplicates` found on the ledger, with the numbers of the other rows."""
    names, sheets, numbers = texts_of(rows["nama"]), texts_of(rows["lembar"]), rows["nomor"].tolist()

    def where(row: int, other: int) -> str:
        """The row number of `other`, with its sheet if that is not the sheet of `row`."""
        same = sheets[other] is None or sheets[other] == sheets[row]
        return str(numbers[other]) if same else f"{sheets[other]}!{numbers[other]}"

    for row, best in duplicates.replaced.items():
        ledger.add(row, Remark(jenis="baris_ganda", kolom="nama", sesudah=where(row, best)))
    for row, other in duplicates.unclear.items():
        ledger.add(row, Remark(jenis="ganda_berbeda", kolom="nama", sesudah=where(row, other)))
    for row, first in duplicates.alike.items():
        name = {"name": names[first]}
        ledger.add(
            row, Remark(jenis="nama_mirip", kolom="nama", sebelum=names[row], sesudah=where(row, first), params=name)
        )


def mark_piles(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Remarks on points that three or more names share, or that rows with different stated desa share."""
    real = rows["lokasi"].isin(["titik", "luar_wilayah"]) & ~rows["disamarkan"]
    used = rows[(ledger.outcomes() != "ditolak") & real]
    if used.empty:
        return
    spot = _spots(used["lintang"].to_numpy(dtype=float), used["bujur"].to_numpy(dtype=float))
    shared = np.bincount(spot)[spot] > 1
    piles: dict[int, list[_Stated]] = {}
    told = zip(*(texts_of(used[name][shared]) for name in _Stated._fields[1:]), strict=True)
    for at, row, texts in zip(spot[shared].tolist(), used.index[shared].tolist(), told, strict=True):
        piles.setdefault(at, []).append(_Stated(row, *texts))
    for members in piles.values():
        names = {name_key(member.nama) for member in members}
        desa = _stated_desa(members)
        for member in members:
            if len(names) >= PILE:
                remark = Remark(jenis="titik_bertumpuk", kolom="koordinat", params={"count": len(names)})
                ledger.add(member.row, remark)
            at_home = member.kode_tertulis is not None and member.kode_tertulis == member.kode_desa
            if len(desa) > 1 and not at_home:
                ledger.add(member.row, Remark(jenis="titik_dua_desa", kolom="desa", sebelum=", ".join(desa)))


class _Stated(NamedTuple):
    """What a row of a pile is called, the desa that it states, by code and as written, and the desa that it lies in."""

    row: int
    nama: str | None
    kode_tertulis: str | None
    desa: str | None
    kode_desa: str | None


def _spots(lat: FloatArray, lon: FloatArray) -> npt.NDArray[np.int64]:
    """A number per point, the same for all points that lie on each other."""
    different, spot = distinct_rows(np.column_stack([lat, lon]))
    close = near_each_other(ecef_km(different[:, 1], different[:, 0]), SAME_POINT_KM)
    return linked(close, len(different))[spot]


def _stated_desa(members: Sequence[_Stated]) -> list[str]:
    """The different desa that rows state, as written: by code where it is known, else by name."""
    seen: dict[str, str] = {}
    coded = [member for member in members if member.kode_tertulis is not None]
    for member in coded:
        seen.setdefault(member.kode_tertulis or "", member.desa or member.kode_tertulis or "")
    keys = {key(member.desa or "", "desa") for member in coded}
    for text in (member.desa for member in members if member.kode_tertulis is None and member.desa is not None):
        if key(text, "desa") not in keys:
            seen.setdefault(key(text, "desa"), text)
    return sorted(seen.values())


RISING = 0.9
"""From what share of neighbouring rows with a rising number in their ids these are the numbers of the rows."""
FEW_ROWS = 3
CLOSE = 0.5
"""How near neighbours by number must lie, against any two places, if the numbers follow the map."""
FEW_PLACES = 10
_DIGITS = re.compile(r"(\d+)")  # "012" of "LKS-012/2020"
_Chunks = tuple[str | int, ...]


def without_names(cells: pd.DataFrame, secret: BoolArray, elsewhere: Sequence[str | None] = ()) -> pd.DataFrame:
    """The cells with the names of secret rows cut out of those of all others but their addresses, which `disguise`
    blanks: "Karema (belakang …)". The same frame if none says one. A row of the very name of one keeps it.
    `elsewhere`: more such names."""
    named = (text for text, is_secret in zip(column(cells, "nama"), secret, strict=True) if is_secret)
    names = spoken_names([*named, *elsewhere])
    if not names:
        return cells
    ends, longest = {name[-1] for name in names}, max(map(len, names))
    changed: dict[str, list[str | None]] = {}
    for field in cells.columns.difference(["nomor", "lembar", "alamat", HEADING, TITLES, TAKEN], sort=False):
        texts = column(cells, field)
        many = {text for text in set(compress(texts, ~secret)) if text and " " in text}
        near = (text for text in many if not ends.isdisjoint(fold(text).split()))
        plain = {text: unnamed(text, names, longest, own=field == "nama") for text in near}
        if all(text == told for text, told in plain.items()):
            continue
        told = [text if own or not text else plain.get(text, text) for text, own in zip(texts, secret, strict=True)]
        if told != texts:
            changed[field] = told
    texts_by_field = {field: pd.array(texts, dtype="str") for field, texts in changed.items()}
    return cells.assign(**texts_by_field) if changed else cells


class Kinship:
    """Which rows of several registers are hidden: an institution that one of them hides, all hide, so that no
    comparison names what became secret or ceased to be. Ids join them if they last: if most ids that stand in two
    registers stand at one name, rows that are secret apart."""

    def __init__(self) -> None:
        self._rows: dict[int, pd.DataFrame] = {}
        self._hidden: dict[int, BoolArray] = {}

    def hide(self, at: int, rows: pd.DataFrame, known: Secrecy) -> BoolArray:
        """The rows of the register at a place in the row that are hidden, by all that is known of the others so far."""
        part = rows[["nama", "id_tertulis", "kode_kabupaten", "kode_kecamatan"]]
        self._rows[at] = part.assign(at=at, secret=known.secret & ~known.public, own=hidden_rows(rows, known))
        self._hidden[at] = self._together()[at]
        return self._hidden[at]

    def behind(self) -> list[int]:
        """The registers that were read before another one told that some of their rows are to be hidden."""
        found = self._together()
        return [at for at, hidden in self._hidden.items() if (hidden != found[at]).any()]

    def _together(self) -> dict[int, BoolArray]:
        rows = pd.concat(self._rows.values(), ignore_index=True)
        names = pd.Series([name_key(name) for name in texts_of(rows["nama"])])
        seen = rows[~rows["own"]].assign(name=names).dropna(subset="id_tertulis")
        told = seen.groupby("id_tertulis").agg(files=("at", "nunique"), names=("name", "nunique"))
        both = told["names"][told["files"] > 1]
        if (both > 1).sum() * 2 >= len(both):
            rows["id_tertulis"] = rows["id_tertulis"] + "\0" + rows["at"].astype("str")
        label = institutions(rows, kin=True)
        hidden = np.isin(label, label[rows["secret"]])
        return {at: hidden[rows["at"].to_numpy() == at] for at in self._rows}


def running_ids(rows: pd.DataFrame) -> bool:
    """Whether the written ids of the rows in sight follow the order of the rows or the map, so that a gap between two
    numbers tells where a disguised row stands."""
    seen = rows[~rows["disamarkan"] & rows["id_tertulis"].notna()]
    ids = [_chunks(text) for text in texts_of(seen["id_tertulis"])]
    steps = [step for one, two in pairwise(ids) if (step := _step(one, two))]
    rising = sum(step > 0 for step in steps)
    if len(ids) >= FEW_ROWS and steps and max(rising, len(steps) - rising) >= RISING * len(steps):
        return True
    return _follow_the_map(sorted(zip(ids, seen["bujur"], seen["lintang"], strict=True)))


def _chunks(text: str | None) -> _Chunks:
    """Texts and numbers of an id by turns: "LKS-012" is ("lks-", 12, "")."""
    return tuple(int(part) if at % 2 else part for at, part in enumerate(_DIGITS.split((text or "").casefold())))


def _step(one: _Chunks, two: _Chunks) -> int:
    """Whether the number in which two ids differ rises (1) or falls (-1); 0 if they differ in a text before it."""
    first = next(((a, b) for a, b in zip(one, two, strict=False) if a != b), ("", ""))
    return 0 if isinstance(first[0], str) or isinstance(first[1], str) else 1 if first[0] < first[1] else -1


def _follow_the_map(places: list[tuple[_Chunks, float, float]]) -> bool:
    """Whether neighbours by number, of (id, lon, lat) in order, are neighbours on the ground."""
    known = [place for place in places if not np.isnan(place[1])]
    if len(known) < FEW_PLACES:
        return False
    lon, lat = np.array([place[1:] for place in known], dtype=float).T
    alike = np.array([_step(one[0], two[0]) != 0 for one, two in pairwise(known)])
    far = len(known) // 2
    anyhow = distance_km(lon[:-far], lat[:-far], lon[far:], lat[far:])
    beside = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])[alike]
    return len(beside) >= FEW_PLACES and float(beside.mean()) < CLOSE * float(anyhow.mean())


def give_ids(rows: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """What each row is called, unique among the rows in use that are not disguised: as written, else made."""
    ids, numbers, hidden = texts_of(rows["id_tertulis"]), rows["nomor"].tolist(), rows["disamarkan"].tolist()
    ids = [None if is_hidden else written for written, is_hidden in zip(ids, hidden, strict=True)]
    free = _FreeIds({written for written in ids if written is not None})
    sharing: dict[str, list[int]] = {}
    for row in np.flatnonzero(ledger.outcomes() != "ditolak").tolist():
        if (written := ids[row]) is not None:
            sharing.setdefault(written, []).append(row)
    names = [name_key(name) for name in texts_of(rows["nama"])]
    stated = texts_of(rows["kabupaten_tertulis"])
    for written in sorted(text for text, members in sharing.items() if len(members) > 1):
        members = sorted(sharing[written], key=lambda row: (names[row], numbers[row], row))
        first, *others = members
        for row in others:
            ids[row] = free.take(written, 2)
        alike = all(fuzz.ratio(names[first], names[row]) >= SAME_ID_NAME for row in others)
        one_institution = alike and len({stated[row] for row in members} - {None}) <= 1
        for row in others if one_institution else members:
            jenis = "id_bersama" if one_institution else "id_ganda"
            ledger.add(row, Remark(jenis=jenis, kolom="id", sebelum=written, sesudah=ids[row]))
    area = rows["kode_desa"].fillna(rows["kode_kecamatan"]).fillna(rows["kode_kabupaten"]).fillna("LKS").tolist()
    nameless = (row for row, written in enumerate(ids) if written is None and not hidden[row])
    for row in sorted(nameless, key=lambda row: (area[row], names[row], row)):
        ids[row] = free.take(area[row], 1)
    unique_ids = pd.Series(pd.array(ids, dtype="str"), index=rows.index)
    return unique_ids.mask(rows["disamarkan"], disguised_ids(rows))


class _FreeIds:
    """Numbered ids that nobody has: "76.05.01.1001-2" where -1 is taken."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next: dict[tuple[str, int], int] = {}

    def take(self, stem: str, first: int) -> str:
        """The stem with the lowest number from `first` on that makes it new; then it is taken."""
        count = self._next.get((stem, first), first)
        while (wanted := f"{stem}-{count}") in self._taken:
            count += 1
        self._taken.add(wanted)
        self._next[stem, first] = count + 1
        return wanted
