"""Sensitive groups never show where their places are (DESIGN section 10): what is blanked, and what may stay.

Whoever handles a coverage or register after this room can print all of it. What it decides:
- A place that serves only sensitive groups keeps its sheet, row number, outcome, groups and kecamatan, no more.
- A place that also serves other groups stays visible as a place of those; its sensitive services are taken out as if
  they had never been written. If its name or address gives them away, it is blanked like the first kind.
- A row of which no group is known is blanked if its name or address speaks of a sensitive group.
- A group that the settings do not know is taken as sensitive.
- Remarks on a blanked row keep their kind only; so do remarks on other rows that name it.

What it cannot do: whoever holds the register knows the row by its number; that is intended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.measure import MEASURES
from lks_geo.measure.people import deciding_share
from lks_geo.measure.status import classify
from lks_geo.messages import Message, msg
from lks_geo.settings import Settings
from lks_geo.tables import REGISTER_COLUMNS, Coverage, Issue, Register, RegisterFrame

BoolArray = npt.NDArray[np.bool_]

SHOWN_OF_A_DESA = ("sasaran", "status", "jarak_km")
"""The measures of a sensitive group that a desa shows."""
KEPT_OF_A_ROW = ("lembar", "nomor", "hasil", "layanan", "kelompok", "lokasi", "kode_kecamatan", "kode_kabupaten")
"""The columns of a blanked row that stay (of the groups: the sensitive ones)."""
DESA_STEP_KM = 5.0


def protect(coverage: Coverage) -> Coverage:
    """The coverage with its sensitive groups masked, in its places and register too.

    Unchanged if it is masked already or the settings show sensitive groups.
    """
    if coverage.masked or coverage.settings.show_sensitive:
        return coverage
    rows = _Rows.of(coverage.register.rows, coverage.settings)
    return replace(
        coverage,
        table=_mask_table(coverage.table, coverage.settings, rows.hidden_ids),
        places=RegisterFrame(rows.mask(coverage.places)),
        register=_mask_register(coverage.register, rows),
        masked=True,
    )


def protect_register(register: Register, settings: Settings) -> Register:
    """The register as a quality report may show it; unchanged if the settings show sensitive groups."""
    if settings.show_sensitive:
        return register
    return _mask_register(register, _Rows.of(register.rows, settings))


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
class _Rows:
    """Which rows of a register are blanked (`hidden`) and which lose services (`mixed`): index labels of its rows."""

    hidden: pd.Index[int]
    mixed: pd.Index[int]
    hidden_ids: frozenset[str]
    hidden_names: frozenset[str]
    harmless: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, rows: pd.DataFrame, settings: Settings) -> _Rows:
        harmless = frozenset(group.key for group in settings.groups if not group.sensitive)
        words = _telling_words(settings)
        serves = [_keys(layanan, kelompok) for layanan, kelompok in zip(rows["layanan"], rows["kelompok"], strict=True)]
        secret = np.array([bool(keys - harmless) for keys in serves], dtype=bool)
        open_ = np.array([bool(keys & harmless) for keys in serves], dtype=bool)
        telling = np.array(
            [_mentions(words, *texts) for texts in zip(rows["nama"], rows["alamat"], strict=True)], dtype=bool
        )
        hidden = (secret & (~open_ | telling)) | (~secret & ~open_ & telling)
        return cls(
            hidden=rows.index[hidden],
            mixed=rows.index[secret & ~hidden],
            hidden_ids=frozenset(rows["id"][hidden].dropna().astype(str)),
            hidden_names=frozenset(_fold(name) for name in rows["nama"][hidden].dropna()) - {""},
            harmless=harmless,
            words=words,
        )

    def mask(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows (all or some of those of the register) without what must not be seen."""
        hidden, mixed = rows.index.isin(self.hidden), rows.index.isin(self.mixed)
        masked = rows.copy()
        for name in REGISTER_COLUMNS:
            if name not in KEPT_OF_A_ROW:
                masked[name] = masked[name].mask(hidden)
        masked["layanan"] = self._each(rows["layanan"], hidden, mixed, _key_of_service)
        masked["layanan"] = _tuples(
            masked["layanan"], hidden, lambda services: tuple((key, None) for key, _ in services)
        )
        masked["kelompok"] = self._each(rows["kelompok"], hidden, mixed, str)
        masked["layanan_lain"] = _tuples(rows["layanan_lain"], hidden, lambda _: ())
        masked["layanan_lain"] = _tuples(masked["layanan_lain"], mixed, self._untelling)
        masked["cakupan_wilayah"] = _tuples(rows["cakupan_wilayah"], hidden, lambda _: ())
        return masked

    def _each(
        self, column: pd.Series[Any], hidden: BoolArray, mixed: BoolArray, key: Callable[[Any], str]
    ) -> pd.Series[Any]:
        """Of hidden rows the sensitive entries, of mixed rows the harmless ones."""
        secret = _tuples(column, hidden, lambda some: tuple(one for one in some if key(one) not in self.harmless))
        return _tuples(secret, mixed, lambda some: tuple(one for one in some if key(one) in self.harmless))

    def _untelling(self, services: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(one for one in services if not _mentions(self.words, one))


def _mask_register(register: Register, rows: _Rows) -> Register:
    where = register.rows[["lembar", "nomor"]]
    hidden = _positions(where.loc[rows.hidden])
    mixed = _positions(where.loc[rows.mixed])
    issues = []
    for issue in register.issues:
        place = (issue.lembar, issue.nomor)
        if place in mixed and _mentions(rows.words, *_texts(issue)):
            continue
        tells = place in hidden or _names_hidden(issue, rows)
        issues.append(_mask_issue(issue) if tells else issue)
    return replace(register, rows=RegisterFrame(rows.mask(register.rows)), issues=tuple(issues))


def _mask_issue(issue: Issue) -> Issue:
    return replace(issue, pesan=msg("measure.masked_remark"), sebelum=None, sesudah=None)


def _names_hidden(issue: Issue, rows: _Rows) -> bool:
    texts = _texts(issue)
    return any(text in rows.hidden_ids for text in texts) or _mentions(rows.hidden_names, *texts)


def _texts(issue: Issue) -> list[str]:
    """Every text of a remark, message parameters included."""
    found = [text for text in (issue.sebelum, issue.sesudah) if text]
    pending: list[object] = list(issue.pesan.params.values())
    while pending:
        match pending.pop():
            case Message(params=params):
                pending += params.values()
            case str() as text:
                found.append(text)
            case Mapping() as table:
                pending += table.values()
            case tuple() | list() as several:
                pending += several
    return found


def _telling_words(settings: Settings) -> frozenset[str]:
    texts = [
        text for one in settings.groups if one.sensitive for text in (*one.words, one.key, one.name_id, one.name_en)
    ]
    return frozenset(_fold(text) for text in texts) - {""}


def _mentions(words: Collection[str], *texts: object) -> bool:
    folded = " | ".join(_fold(text) for text in texts if isinstance(text, str))
    return any(word in folded for word in words)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _keys(layanan: object, kelompok: object) -> set[str]:
    return {key for key, _ in _tuple(layanan)} | set(_tuple(kelompok))


def _tuple(value: object) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def _key_of_service(service: tuple[str, str | None]) -> str:
    return service[0]


def _positions(where: pd.DataFrame) -> set[tuple[str | None, int]]:
    sheets = where["lembar"].astype(object).where(where["lembar"].notna(), None)
    return {(sheet, int(row)) for sheet, row in zip(sheets, where["nomor"], strict=True)}


def _tuples(
    column: pd.Series[Any], where: BoolArray, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> pd.Series[Any]:
    """A column of tuples with those at `where` changed."""
    values = np.empty(len(column), dtype=object)
    values[:] = list(column)
    for row in np.flatnonzero(where):
        values[row] = change(_tuple(values[row]))
    return pd.Series(values, index=column.index)
