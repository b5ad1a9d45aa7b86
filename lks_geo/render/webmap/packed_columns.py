"""Columns of a table as short JSON that gives back every number to the last bit.

Each column takes the shortest of a few forms, all read by `templates/js/columns.js`:

    null                                    all NA
    {"all": v}                              one value everywhere
    [v, ...]                                plain values, null for NA
    {"most": v, "at": [...], "are": [...]}  one value with exceptions
    {"most": v, "at": [...], "f64": "..."}  the same, the exceptions as doubles
    {"words": [...], "at": [...]}           texts by number, -1 for NA
    {"f64": "..."}                          base64 of little-endian doubles, NaN for NA
    {"rule": true, "at": [...], "are": [...]}  follows from other columns of the row by `RULES`, with exceptions

A rule is used only where it gives the very same double, so the page computes the same number as the table.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Plain = npt.NDArray[Any]
Rule = Callable[[Mapping[str, npt.NDArray[Any]]], Floats]


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


RULES: Mapping[str, Rule] = {
    "terjangkau": lambda row: row["sasaran"] * row["pangsa_terjangkau"],
    "belum_terjangkau": lambda row: row["sasaran"] - row["terjangkau"],
    "cakupan": lambda row: np.where(
        np.isnan(row["sasaran"]), row["pangsa_terjangkau"], _ratio(row["terjangkau"], row["sasaran"])
    ),
    "cakupan_terendah": lambda row: row["cakupan"],
    "rasio_lks_per_1000": lambda row: _ratio(row["jumlah_lks"] * 1000.0, row["sasaran"]),
    "rasio_kapasitas_per_1000": lambda row: _ratio(row["kapasitas"] * 1000.0, row["sasaran"]),
    "desa_belum_terlayani": lambda row: (row["status"] == "belum_terlayani").astype(np.float64),
}
"""Column -> what it is where nothing else is said. `templates/js/columns.js` has the same rules."""


def short(value: object) -> str:
    """JSON without blanks; the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encode(column: pd.Series[Any]) -> Any:
    """One column as a JSON value."""
    return min(_forms(plain(column)), key=lambda form: len(short(form)))


def plain(column: pd.Series[Any]) -> Plain:
    """A column as doubles (NaN: NA), or as truth values or texts (None: NA)."""
    truth = pd.api.types.is_bool_dtype(column.dtype)
    if pd.api.types.is_numeric_dtype(column.dtype) and not truth:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    kind, known = bool if truth else str, column.notna().to_numpy()
    values = np.full(len(column), None, dtype=object)
    values[known] = [kind(value) for value in column.to_numpy(dtype=object)[known]]
    return values


def encode_rows(rows: Mapping[str, Plain], done: dict[object, str] | None = None) -> dict[str, str]:
    """All columns as JSON texts, as `plain` gives them, those with a rule by their rule where that is shorter.

    `done` keeps what was encoded, for columns that come again.
    """
    done = {} if done is None else done
    numbers = {name: values for name, values in rows.items() if name == "status" or values.dtype != object}
    columns = {}
    for name, values in rows.items():
        try:
            rule = RULES[name](numbers) if name in RULES and name in numbers else None
        except KeyError:
            rule = None
        same = tuple(values) if values.dtype == object else (values.tobytes(), None if rule is None else rule.tobytes())
        if same not in done:
            done[same] = min(map(short, _forms(values, rule)), key=len)
        columns[name] = done[same]
    return columns


def _forms(values: Plain, rule: Floats | None = None) -> list[Any]:
    """The forms that a column could take; `rule` is what its rule would give, if it has one."""
    if values.dtype != object:
        return [None] if np.isnan(values).all() else _number_forms(values, rule)
    known = next((value for value in values if value is not None), None)
    if known is None:
        return [None]
    return (_plain_forms if isinstance(known, bool) else _text_forms)(values.tolist())


def encode_floats(values: Floats) -> Any:
    """Doubles of which many may be the same, quickly."""
    if len(values) == 0:
        return []
    most = float(max((0.0, 1.0), key=lambda one: int((values == one).sum())))
    at = np.flatnonzero(values != most)
    if len(at) > 0.75 * len(values):
        return {"f64": _doubles(values)}
    return {"most": most, "at": _steps(at.tolist()), "f64": _doubles(values[at])}


def _doubles(values: Floats) -> str:
    return base64.b64encode(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()).decode("ascii")


def _plain_forms(values: list[Any]) -> list[Any]:
    if all(value == values[0] for value in values):
        return [{"all": values[0]}]
    forms: list[Any] = [values]
    most = Counter(values).most_common(1)[0][0]
    at = [number for number, value in enumerate(values) if value != most]
    if len(at) < len(values) * 0.6:
        forms.append({"most": most, "at": _steps(at), "are": [values[number] for number in at]})
    return forms


def _text_forms(values: list[str | None]) -> list[Any]:
    forms = _plain_forms(values)
    words = sorted({value for value in values if value is not None})
    if len(words) < len(values):
        number = {word: position for position, word in enumerate(words)}
        forms.append({"words": words, "at": [-1 if value is None else number[value] for value in values]})
    return forms


def _number_forms(values: Floats, rule: Floats | None) -> list[Any]:
    unknown = np.isnan(values)
    forms: list[Any] = []
    if rule is not None:
        off = np.flatnonzero(~((rule == values) | (np.isnan(rule) & unknown)))
        if len(off) == 0:
            return [{"rule": True}]
        forms.append({"rule": True, "at": _steps(off.tolist()), "are": _numbers(values[off])})
    if len(values) > 8:
        forms.append({"f64": _doubles(values)})
    if not forms or len(np.unique(values[~unknown])) < 0.7 * len(values) or _whole(values[~unknown]).all():
        forms += _plain_forms(_numbers(values))
    return forms


def _whole(values: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((values == np.floor(values)) & (np.abs(values) < 2**53))


def _numbers(values: Floats) -> list[int | float | None]:
    """Plain JSON numbers, whole ones without a decimal point, None for NaN."""
    whole = _whole(values)
    return [
        None if value != value else int(value) if is_whole else value  # noqa: PLR0124  # NaN is not itself
        for value, is_whole in zip(values.tolist(), whole.tolist(), strict=True)
    ]


def _steps(positions: list[int]) -> list[int]:
    """Growing positions as differences, which are shorter to write."""
    return [now - before for before, now in zip([0, *positions], positions, strict=False)]
