"""What the cells of a column say about its field, where the heading leaves it open.

Values that have a reader of their own (status, legal form, accreditation, stage) are told by that reader, all other
fields by what their cells look like (`fields.HINTS`). A column called "Status" is the active status, also if it is
blank or unreadable, unless most of its cells speak for another field.
Gets wrong: "Status" with nothing but "Ya" and "Tidak" is the active status, whatever the office meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd

from lks_geo.register.meaning.cell_text import fold, is_empty_marker
from lks_geo.register.meaning.values import names_status, read_accreditation, read_development, read_legal, read_status
from lks_geo.register.reading.fields import HINTS

READERS: dict[str, Callable[[str], bool]] = {
    "status_aktif": names_status,
    "badan_hukum": lambda text: read_legal(text).legal is not None or "badan hukum" in fold(text),
    "akreditasi": lambda text: read_accreditation(text).rank is not None or "akreditasi" in fold(text),
    "perkembangan": lambda text: read_development(text).stage is not None,
}
"""Whether a cell is a value of the field."""
_INSTEAD = ("badan_hukum", "akreditasi", "perkembangan")
"""What offices also call "Status"."""
_SEEN = 500


def fits(cells: pd.Series, name: str) -> bool:
    """Whether most of the cells look like values of the field."""
    filled = cells.dropna().iloc[:_SEEN]
    if filled.empty:
        return False
    if name in READERS:
        return sum(map(READERS[name], filled)) >= 0.6 * len(filled)
    pattern = HINTS.get(name)
    if pattern is None:
        return False
    return sum(bool(pattern.search(text.strip().casefold())) for text in filled) >= 0.6 * len(filled)


def status_field(cells: pd.Series, taken: Collection[str]) -> str:
    """The field of a column called "Status": another one than the active status only if most of the cells are values of
    it, more of them speak for it alone than for the active status alone, and no other column is that field."""
    counts = _counts(cells)
    total = sum(counts.values())
    for name in _INSTEAD:
        if name in taken:
            continue
        fitting = {text: count for text, count in counts.items() if READERS[name](text)}
        alone = sum(count for text, count in fitting.items() if read_status(text).active is None)
        against = sum(n for text, n in counts.items() if text not in fitting and read_status(text).active is not None)
        if sum(fitting.values()) * 2 > total and alone > against:
            return name
    return "status_aktif"


def unreadable_status(cells: pd.Series) -> tuple[int, int]:
    """How many of the filled cells no reader takes for an active status, and how many are filled."""
    counts = _counts(cells)
    return sum(count for text, count in counts.items() if not read_status(text).understood), sum(counts.values())


def holds_only_status(cells: pd.Series) -> bool:
    """Whether every filled cell is a word of the active status ("Aktif", "Vakum"), and one at least is filled."""
    counts = _counts(cells)
    return bool(counts) and all(map(names_status, counts))


def _counts(cells: pd.Series) -> dict[str, int]:
    """The different texts of a column and how often each stands, without those that say nothing."""
    counts = cells.value_counts(sort=False).to_dict()
    return {str(text): int(count) for text, count in counts.items() if not is_empty_marker(str(text))}
