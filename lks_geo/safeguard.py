"""Sensitive groups never show where their places are (DESIGN section 10): which rows are blanked, and what stays.

Whoever handles a coverage or register after this room can print all of it. What it decides:
- A row that serves a sensitive group, alone or beside others, is blanked; so is a row of which no group is known, or a
  service word was not understood, if its name, address or that word speaks of one. It still counts in every number.
- A group that the settings do not know is taken as sensitive.
- Rows of one institution (one id, linked as duplicates, or one name at one place) are blanked together, so no row in
  sight points to a blanked one. A pile of points with a blanked row in it is told without number or names.
- Blanked rows keep one remark that says nothing but the outcome.

What it cannot do: whoever holds the register knows the row by its number; that is intended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from lks_geo.geo import ecef_km
from lks_geo.measure import MEASURES
from lks_geo.measure.people import deciding_share
from lks_geo.measure.status import classify
from lks_geo.messages import msg
from lks_geo.register.cleaning.columns import texts_of
from lks_geo.register.cleaning.duplicates import name_key
from lks_geo.register.meaning.lexicon import Meaning, Phrase, lexicon_of, matched, phrases_of, tokens_of
from lks_geo.settings import Settings
from lks_geo.tables import OUTCOMES, REGISTER_COLUMNS, Coverage, Issue, Register, RegisterFrame

BoolArray = npt.NDArray[np.bool_]
RowKey = tuple[str | None, int]
"""Sheet and row number."""

SHOWN_OF_A_DESA = ("sasaran", "status", "jarak_km")
"""The measures of a sensitive group that a desa shows."""
KEPT_OF_A_ROW = ("lembar", "nomor", "hasil", "kelompok", "aktif", "kode_kecamatan", "kode_kabupaten")
"""The columns of a blanked row that stay."""
DESA_STEP_KM = 5.0

LINKS = frozenset({"baris_ganda", "ganda_berbeda", "nama_mirip"})
"""Remarks whose `sesudah` is the row of the same institution."""
SHARED_IDS = frozenset({"id_bersama", "id_ganda"})
"""Remarks whose `sebelum` is an id that several rows bear."""
UNREAD = frozenset({"layanan_tak_dikenal", "layanan_tanpa_kelompok"})
"""Remarks whose `sebelum` is what a service cell says without naming a known group."""
PILES = frozenset({"titik_bertumpuk", "titik_dua_desa"})
"""Remarks that tell of the other rows on a point."""
PILE_KM = 0.01
NEAR_DEGREES = 0.002

VIOLENCE = "kekerasan"
TELLING_NAMES = """
    wcc | crisis center | crisis centre | pusat krisis | shelter | rpsw | rumah perlindungan sosial wanita
    rumah aman | safe house | p2tp2a | ppa | ktk | rptc
    perlindungan perempuan | perlindungan perempuan & anak
"""
"""Phrases (see service_words.py) that name a place for victims of violence, beside the words of the services."""


def protect(coverage: Coverage) -> Coverage:
    """The coverage with its sensitive groups masked, in its places and register too.

    Unchanged if it is masked already or the settings show sensitive groups.
    """
    if coverage.masked or coverage.settings.show_sensitive:
        return coverage
    hidden = _Hidden.of(coverage.register, coverage.settings)
    return replace(
        coverage,
        table=_mask_table(coverage.table, coverage.settings, hidden.ids),
        places=RegisterFrame(hidden.mask(coverage.places)),
        register=_mask_register(coverage.register, hidden),
        masked=True,
    )


def protect_register(register: Register, settings: Settings) -> Register:
    """The register as a quality report may show it; unchanged if the settings show sensitive groups."""
    if settings.show_sensitive:
        return register
    return _mask_register(register, _Hidden.of(register, settings))


def _mask_table(table: pd.DataFrame, settings: Settings, hidden_ids: Collection[str]) -> pd.DataFrame:
    secret = table["kelompok"].isin([group.key for group in settings.groups if group.sensitive])
    desa = table["level"] == "desa"
    masked = table.assign(
        status=table["status"].mask(secret & desa, _status_by_share(table, settings)),
        jarak_km=_coarse_km(table["jarak_km"], secret & desa, secret & ~desa),
        lks_terdekat=table["lks_terdekat"].mask(table["lks_terdekat"].isin(list(hidden_ids))),
    )
    for name in (measure.key for measure in MEASURES):
        if name not in SHOWN_OF_A_DESA:
            masked[name] = masked[name].mask(secret & desa)
    return masked


def _status_by_share(table: pd.DataFrame, settings: Settings) -> pd.Series[str]:
    target, complete, coverage, share = (
        table[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("sasaran", "sasaran_lengkap", "cakupan", "pangsa_terjangkau")
    )
    deciding = deciding_share(target, complete == 1, coverage, share)
    nobody_inside = np.zeros(len(table), dtype=bool)
    status = classify(target, complete == 1, nobody_inside, deciding, settings.threshold)
    return pd.Series(status, index=table.index, dtype="str")


def _coarse_km(km: pd.Series[float], up_to_step: pd.Series[bool], to_whole: pd.Series[bool]) -> pd.Series[float]:
    """Rounded up to 5 km (a distance of 0 too, or it would say "here"), or to the nearest whole km."""
    stepped = (km / DESA_STEP_KM).apply(np.ceil).clip(lower=1) * DESA_STEP_KM
    return km.mask(up_to_step, stepped).mask(to_whole, (km + 0.5).apply(np.floor))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hidden:
    """The blanked rows of a register: their index labels, ids and row keys; `beside`: rows in sight on their points."""

    rows: pd.Index[int]
    ids: frozenset[str]
    keys: frozenset[RowKey]
    beside: frozenset[RowKey]

    @classmethod
    def of(cls, register: Register, settings: Settings) -> _Hidden:
        rows = register.rows
        keys = _row_keys(rows)
        secret = _secret(register, keys, settings)
        if secret.any():
            secret = _with_institutions(register, keys, secret)
        return cls(
            rows=rows.index[secret],
            ids=frozenset(rows["id"][secret].dropna().astype(str)),
            keys=frozenset(key for key, one in zip(keys, secret, strict=True) if one),
            beside=frozenset(keys[row] for row in _beside(register, keys, secret)),
        )

    def mask(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows (all or some of those of the register) without what must not be seen."""
        hidden = rows.index.isin(self.rows)
        masked = rows.copy()
        for name in REGISTER_COLUMNS:
            if name in ("layanan", "layanan_lain", "cakupan_wilayah"):
                masked[name] = _emptied(rows[name], hidden)
            elif name not in KEPT_OF_A_ROW:
                masked[name] = masked[name].mask(hidden)
        return masked


def _secret(register: Register, keys: list[RowKey], settings: Settings) -> BoolArray:
    """The rows that serve a sensitive group, by their services or, where those are not all understood, their words."""
    rows = register.rows
    harmless = frozenset(group.key for group in settings.groups if not group.sensitive)
    words = _Words.of(settings, harmless)
    unread: dict[RowKey, str] = {}
    for issue in register.issues:
        if issue.jenis in UNREAD:
            unread[issue.lembar, issue.nomor] = f"{unread.get((issue.lembar, issue.nomor), '')}; {issue.sebelum}"
    secret = np.zeros(len(rows), dtype=bool)
    told = zip(keys, *(rows[name] for name in ("layanan", "kelompok", "layanan_lain", "nama", "alamat")), strict=True)
    for row, (key, services, groups, others, *texts) in enumerate(told):
        served = {group for group, _ in _tuple(services)} | set(_tuple(groups))
        if served - harmless or any(words.tell(text) for text in _tuple(others)):
            secret[row] = True
        elif not served or key in unread:
            secret[row] = any(words.tell(text) for text in (*texts, unread.get(key)))
    return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The phrases that speak of a sensitive group."""

    phrases: dict[Phrase, Meaning]
    longest: int

    @classmethod
    def of(cls, settings: Settings, harmless: frozenset[str]) -> _Words:
        lexicon = lexicon_of(settings.groups)
        violence = VIOLENCE not in harmless
        found = {
            phrase: meaning
            for phrase, meaning in lexicon.phrases.items()
            if set(meaning.groups) - harmless or (violence and VIOLENCE in (meaning.other or ""))
        }
        if violence:
            found |= dict.fromkeys(phrases_of(TELLING_NAMES), Meaning(groups=(VIOLENCE,)))
        return cls(phrases=found, longest=max((len(phrase) for phrase in found), default=0))

    def tell(self, text: object) -> bool:
        if not self.phrases or not isinstance(text, str):
            return False
        return any(meaning for _, meaning in matched(tokens_of(text), self.phrases, self.longest))


def _with_institutions(register: Register, keys: list[RowKey], secret: BoolArray) -> BoolArray:
    """`secret` with all rows of the institutions that it touches."""
    size = len(secret)
    ends = np.concatenate([np.zeros((0, 2), dtype=np.int64), *_links(register, keys)])
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    return np.isin(label, label[secret])


def _links(register: Register, keys: list[RowKey]) -> Iterator[npt.NDArray[np.int64]]:
    """Pairs of row positions that are one institution, enough to join all of them."""
    rows = register.rows
    at = {key: row for row, key in enumerate(keys)}
    pairs = []
    ids = texts_of(rows["id"])
    shared: list[tuple[str, int]] = [(own, row) for row, own in enumerate(ids) if own is not None]
    for issue in register.issues:
        row = at.get((issue.lembar, issue.nomor))
        if row is None:
            continue
        if issue.jenis in LINKS and issue.sesudah:
            other = at.get(_row_key(issue.sesudah, issue.lembar))
            pairs += [] if other is None else [(row, other)]
        elif issue.jenis in SHARED_IDS and issue.sebelum:
            shared.append((issue.sebelum, row))
    yield np.array(pairs, dtype=np.int64).reshape(-1, 2)
    yield _joined(
        pd.DataFrame({"id": [own for own, _ in shared]}), np.array([row for _, row in shared], dtype=np.int64)
    )
    names = pd.Series([name_key(name) or None for name in texts_of(rows["nama"])], dtype="str")
    every = np.arange(len(rows))
    yield _joined(pd.DataFrame({"name": names, "desa": rows["kode_desa"].array}), every)
    real = rows["lokasi"].isin(["titik", "luar_wilayah"]).to_numpy() | rows["lokasi"].isna().to_numpy()
    lat, lon = (rows[name].where(real).to_numpy(dtype=float) / (2 * NEAR_DEGREES) for name in ("lintang", "bujur"))
    for north in (0.0, 0.5):
        for east in (0.0, 0.5):
            cells = {"name": names, "lat": np.floor(lat + north), "lon": np.floor(lon + east)}
            yield _joined(pd.DataFrame(cells), every)


def _joined(values: pd.DataFrame, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Neighbouring pairs of `rows` with the same values; a value that is not known joins nothing."""
    known = values.notna().all(axis=1).to_numpy()
    group = values[known].groupby(list(values.columns), sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    same = group[order][1:] == group[order][:-1]
    ordered = rows[known][order]
    return np.column_stack([ordered[:-1][same], ordered[1:][same]])


def _beside(register: Register, keys: list[RowKey], secret: BoolArray) -> Iterator[int]:
    """Positions of rows in sight on whose point a remark tells of a pile in which a blanked row lies."""
    at = {key: row for row, key in enumerate(keys)}
    told = {at.get((issue.lembar, issue.nomor), -1) for issue in register.issues if issue.jenis in PILES} - {-1}
    spots = register.rows[["lintang", "bujur"]].to_numpy(dtype=float)
    known = ~np.isnan(spots).any(axis=1)
    seen = np.array(sorted(row for row in told if known[row] and not secret[row]), dtype=np.int64)
    hidden = np.flatnonzero(secret & known)
    if len(seen) and len(hidden):
        tree = cKDTree(ecef_km(spots[hidden, 1], spots[hidden, 0]))
        apart = np.asarray(tree.query(ecef_km(spots[seen, 1], spots[seen, 0]), distance_upper_bound=PILE_KM)[0])
        yield from seen[np.isfinite(apart)].tolist()


def _mask_register(register: Register, hidden: _Hidden) -> Register:
    worst: dict[RowKey, int] = {}
    for issue in register.issues:
        place = (issue.lembar, issue.nomor)
        if place in hidden.keys:
            worst[place] = max(worst.get(place, 0), OUTCOMES.index(issue.hasil))
    issues: list[Issue] = []
    said: set[RowKey] = set()
    for issue in register.issues:
        place = (issue.lembar, issue.nomor)
        if place not in hidden.keys and not (place in hidden.beside and issue.jenis in PILES):
            issues.append(issue)
        elif place not in said:
            said.add(place)
            in_sight = place not in hidden.keys
            outcome = issue.hasil if in_sight else OUTCOMES[worst[place]]
            issues.append(_generic("periksa_baris" if in_sight else "disamarkan", issue, outcome))
    return replace(register, rows=RegisterFrame(hidden.mask(register.rows)), issues=tuple(issues))


def _generic(jenis: str, issue: Issue, outcome: str) -> Issue:
    """A remark that says no more than that the row needs a look."""
    return Issue(
        lembar=issue.lembar,
        nomor=issue.nomor,
        kolom=None,
        jenis=jenis,
        hasil=outcome,
        pesan=msg(f"register.{jenis}"),
    )


def _row_keys(rows: pd.DataFrame) -> list[RowKey]:
    return [(sheet, int(row)) for sheet, row in zip(texts_of(rows["lembar"]), rows["nomor"], strict=True)]


def _row_key(written: str, sheet: str | None) -> RowKey:
    """The row that a remark on a row of `sheet` names: "12", or "Mamuju!12"."""
    other, _, number = written.rpartition("!")
    return (other or sheet, int(number))


def _tuple(value: object) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def _emptied(column: pd.Series[Any], where: BoolArray) -> pd.Series[Any]:
    """A column of tuples, empty at `where`."""
    values = np.empty(len(column), dtype=object)
    values[:] = [() if gone else value for value, gone in zip(column, where, strict=True)]
    return pd.Series(values, index=column.index)
