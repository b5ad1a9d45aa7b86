"""What all readers of cells share: columns as plain lists of text, and each different text read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from lks_geo.sheets.folding import is_empty_marker

Reading = TypeVar("Reading")


def texts_of(series: pd.Series) -> list[str | None]:
    """The values of a text column, None where not known."""
    if isinstance(series.dtype, pd.StringDtype):
        return series.to_numpy(dtype=object, na_value=None).tolist()  # type: ignore[call-overload,no-any-return]
    return [value if isinstance(value, str) else None for value in series.tolist()]


def column(cells: pd.DataFrame, field: str) -> list[str | None]:
    """The cells of a field; all None if the file has no such column."""
    return texts_of(cells[field]) if field in cells.columns else [None] * len(cells)


def blanked(texts: Sequence[str | None]) -> list[str | None]:
    """The texts without those that say nothing ("-", "Belum tersedia")."""
    kept = {text: None if text is None or is_empty_marker(text) else text for text in dict.fromkeys(texts)}
    return [kept[text] for text in texts]


def read_each(texts: Sequence[str | None], reader: Callable[[str | None], Reading]) -> list[Reading]:
    """One reading per text, in order; texts that are equal are read once."""
    known = {text: reader(text) for text in dict.fromkeys(texts)}
    return [known[text] for text in texts]
