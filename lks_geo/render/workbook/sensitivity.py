"""The sheet "Kepekaan jangkauan": how the share within reach grows with reach, as a table and a native chart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lks_geo.render import style
from lks_geo.render.book.columns import Column
from lks_geo.render.book.writer import Book
from lks_geo.tables import Coverage

_LINES = ("#16222E", "#6E1036", "#C97A1B", "#1D4B66", "#77539B", "#357B7C")
_MARKS = ("circle", "square", "triangle", "diamond", "x", "plus")


def write_sensitivity(book: Book, sheet: Any, coverage: Coverage) -> None:
    """Fill the sheet from `coverage.sensitivity`: one row per reach, one column per group, shares 0-1."""
    if coverage.sensitivity is None:
        raise ValueError("the coverage carries no sensitivity table")
    texts = book.texts
    frame = share_by_reach(coverage.sensitivity)
    names = {group.key: group.name(texts.lang) for group in coverage.groups if group.key in frame.columns}
    columns = [
        Column(key="jangkauan_km", title=texts("workbook.reach_km"), kind="km", number="0.##", width=16),
        *(Column(key=key, title=name, kind="share", number="0.0%", width=16) for key, name in names.items()),
    ]
    book.heading(sheet, texts("workbook.sensitivity_title"), back=texts("workbook.sheet_ringkasan"))
    book.widths(sheet, columns, frame)
    widths = [16.0] * max(len(columns), 5)
    book.note(sheet, 2, texts("workbook.sensitivity_note", km=coverage.settings.reach_km), widths=widths)
    below = book.table(sheet, 3, columns, frame, filters=False)
    sheet.insert_chart(below + 1, 0, _chart(book, sheet, frame, names), {"object_position": 1})


def share_by_reach(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """One row per `jangkauan_km` (km, rising), one column per group key: share within reach 0-1."""
    wide = sensitivity.pivot_table(index="jangkauan_km", columns="kelompok", values="cakupan", dropna=False)
    return wide.reset_index().rename_axis(columns=None)


def _chart(book: Book, sheet: Any, frame: pd.DataFrame, names: dict[str, str]) -> Any:
    chart = book.chart("scatter", "straight_with_markers")
    first, last, tab = 4, 3 + len(frame), sheet.get_name()
    for place, name in enumerate(names.values(), start=1):
        colour = _LINES[(place - 1) % len(_LINES)]
        mark = {"type": _MARKS[(place - 1) % len(_MARKS)], "size": 6, "fill": {"color": colour}}
        chart.add_series(
            {
                "name": name,
                "categories": [tab, first, 0, last, 0],
                "values": [tab, first, place, last, place],
                "line": {"color": colour, "width": 1.75},
                "marker": mark | {"border": {"color": colour}},
            }
        )
    ruled = {"visible": True, "line": {"color": style.RULE}}
    chart.set_title({"name": book.texts("workbook.sensitivity_title"), "name_font": {"size": 12}})
    chart.set_x_axis({"name": book.texts("workbook.reach_km"), "min": 0, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1, "major_gridlines": ruled})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 360})
    return chart
