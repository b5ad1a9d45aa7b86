"""Columns of a table as short JSON that gives back every number to the last bit.

Each column takes the shortest of a few forms, all read by `templates/js/columns.js`:

    null                                    all NA
    {"all": v}                              one value everywhere
    [v, ...]                                plain values, null for NA
    {"most": v, "at": [...], "are": [...]}  one value with exceptions
    {"words": [...], "at": [...]}           texts by number, -1 for NA
    {"f64": "..."}                          base64 of little-endian doubles, NaN for NA
    {"rule": true, "at": [...], "are": [...]}  follows from other columns of the row by `RULES`, with exceptions

A rule is used only where it gives the very same double, so the page computes the same number as the table.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Rule = Callable[[Mapping[str, Floats]], Floats]


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
}
"""Column -> what it is where nothing else is said. `templates/js/columns.js` has the same rules."""


def short(value: object) -> str:
    """JSON without blanks; the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encode(column: pd.Series[Any], rule: Floats | None = None) -> Any:
    """One column as a JSON value; `rule` is what its rule would give, if it has one."""
    if column.isna().all():
        return None
    if pd.api.types.is_bool_dtype(column.dtype):
        return _shortest(_plain_forms([None if pd.isna(value) else bool(value) for value in column]))
    if pd.api.types.is_numeric_dtype(column.dtype):
        return _shortest(_number_forms(column.to_numpy(dtype=np.float64, na_value=np.nan), rule))
    return _shortest(_text_forms([None if pd.isna(value) else str(value) for value in column]))


def encode_rows(frame: pd.DataFrame) -> dict[str, Any]:
    """All columns of `frame`, those with a rule by their rule where that is shorter."""
    numbers = {
        name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name].dtype)
    }
    found = {}
    for name in frame.columns:
        rule = None
        if name in RULES and name in numbers:
            try:
                rule = RULES[name](numbers)
            except KeyError:
                rule = None
        found[str(name)] = encode(frame[name], rule)
    return found


def _shortest(forms: list[Any]) -> Any:
    return min(forms, key=lambda form: len(short(form)))


def _plain_forms(values: list[Any]) -> list[Any]:
    if all(value == values[0] for value in values):
        return [{"all": values[0]}]
    forms: list[Any] = [values]
    counted = pd.Series(values, dtype=object).value_counts(dropna=False)
    most = counted.index[0]
    most = None if pd.isna(most) else most
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
    plain = [None if np.isnan(value) else _number(float(value)) for value in values]
    forms = _plain_forms(plain)
    if len(values) > 8:
        doubles = np.where(np.isnan(values), np.nan, values).astype("<f8")
        forms.append({"f64": base64.b64encode(doubles.tobytes()).decode("ascii")})
    if rule is not None:
        at = np.flatnonzero(~((rule == values) | (np.isnan(rule) & np.isnan(values)))).tolist()
        forms.append({"rule": True, "at": _steps(at), "are": [plain[number] for number in at]} if at else {"rule": True})
    return forms


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _steps(positions: list[int]) -> list[int]:
    """Growing positions as differences, which are shorter to write."""
    return [now - before for before, now in zip([0, *positions], positions, strict=False)]
