"""The small tables that stand beside maps, as text in one language: priorities, kabupaten, groups.

Printed maps draw them, slides turn them into native tables, so that both show the same words and digits. What is not
known is a dash, what is hidden for protection is left out as a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from lks_geo.groups import Group
from lks_geo.messages import Texts
from lks_geo.render.figure.topic import Topic
from lks_geo.render.findings import facts, ranked, ranked_parts, short_place
from lks_geo.tables import Coverage

DASH = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a small table: heading, share of the width, and whether it holds numbers (set right)."""

    title: str
    share: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class SmallTable:
    """Columns and rows of text. `codes` are the areas of the rows (for the numbers on the map); `strong` is the row
    numbers to set in bold."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...] = ()
    strong: tuple[int, ...] = ()


def squeezed(needs: list[float], width: float) -> list[float]:
    """Column widths that sum to `width`: narrow columns keep what they need, wide ones share the rest in proportion.

    A column is narrow if it needs no more than an even part of what is left.
    """
    widths = dict.fromkeys(range(len(needs)), 0.0)
    open_columns, left = list(widths), width
    while True:
        narrow = [j for j in open_columns if needs[j] <= left / len(open_columns)]
        if not narrow or len(narrow) == len(open_columns):
            break
        for j in narrow:
            widths[j] = needs[j]
        left -= sum(needs[j] for j in narrow)
        open_columns = [j for j in open_columns if j not in narrow]
    wanted = sum(needs[j] for j in open_columns)
    for j in open_columns:
        widths[j] = needs[j] / wanted * left
    return list(widths.values())


def people(texts: Texts, value: object) -> str:
    """A number of people, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.number(float(value))  # type: ignore[arg-type, call-overload]


def percent(texts: Texts, value: object) -> str:
    """A share with one decimal, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.percent(float(value), 1)  # type: ignore[arg-type, call-overload]


def kilometres(texts: Texts, value: object, digits: int = 1) -> str:
    """A distance, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.number(float(value), digits)  # type: ignore[arg-type, call-overload]


def priority_list(topic: Topic, limit: int) -> pd.DataFrame:
    """The areas to name first (index codes, `urutan`), of the level of the map; kecamatan for masked groups."""
    if topic.level == "desa" and not topic.masked:
        return ranked(topic.coverage, topic.group, kabupaten=topic.kabupaten, limit=limit)
    level = "kecamatan" if topic.level == "desa" else topic.level
    rows = ranked_parts(topic.coverage, topic.group, level=level, kabupaten=topic.kabupaten)
    lacking = rows["desa_belum_terlayani"].fillna(0).to_numpy() > 0
    unreached = rows["belum_terjangkau"].astype("float64").fillna(0).to_numpy() > 0
    return rows[lacking | unreached].head(limit)


def priority_table(topic: Topic, limit: int = 10) -> SmallTable:
    """The list that goes with `priority_list`."""
    rows = priority_list(topic, limit)
    level = topic.level if not (topic.masked and topic.level == "desa") else "kecamatan"
    desa = level == "desa"
    known = rows["belum_terjangkau"].notna().any() if len(rows) else False
    texts = topic.texts
    wide = len(topic.wanted) != 1
    columns = [Column(texts("figure.column_number"), 0.06), Column(texts(f"figure.column_{level}"), 0.31)]
    within = level == "desa" or (level == "kecamatan" and wide)
    if within:
        columns.append(
            Column(texts("figure.column_within" if desa and wide else f"figure.column_within_{level}"), 0.34)
        )
    columns.append(Column(texts("figure.column_km" if desa else "figure.column_unserved"), 0.12, True))
    if known:
        columns.append(Column(texts("figure.column_unreached"), 0.21, True))
    body = []
    for _, row in rows.iterrows():
        cells = [texts.number(int(row["urutan"])), short_place(str(row["nama"]))]
        if within:
            cells.append(_within(row, level, wide))
        cells.append(kilometres(texts, row["jarak_km"]) if desa else _desa(texts, row))
        if known:
            cells.append(people(texts, row["belum_terjangkau"]))
        body.append(tuple(cells))
    return SmallTable(tuple(columns), tuple(body), tuple(str(code) for code in rows.index))


def _within(row: pd.Series[Any], level: str, wide: bool) -> str:
    if level == "kecamatan":
        return short_place(str(row["kabupaten"]))
    return f"{row['kecamatan']}, {short_place(str(row['kabupaten']))}" if wide else str(row["kecamatan"])


def _desa(texts: Texts, row: pd.Series[Any]) -> str:
    return texts("figure.n_of", part=row["desa_belum_terlayani"], whole=row["jumlah_desa"])


def parts_table(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None) -> SmallTable:
    """Kabupaten (or the kecamatan of one) with LKS, people, share and unserved desa; worst first."""
    texts = Texts(coverage.settings.lang)
    rows = ranked_parts(coverage, group, level=level, kabupaten=kabupaten)
    known = rows["sasaran"].notna().any()
    columns = [
        Column(texts(f"figure.column_{level}"), 0.3),
        Column(texts("figure.column_lks"), 0.12, True),
        Column(texts("figure.column_unserved"), 0.22, True),
    ]
    if known:
        columns.append(Column(texts("figure.column_unreached"), 0.2, True))
    columns.append(Column(texts("figure.column_share" if known else "figure.column_share_area"), 0.18, True))
    body = []
    for _, row in rows.iterrows():
        cells = [short_place(str(row["nama"])), people(texts, row["jumlah_lks"]), _desa(texts, row)]
        if known:
            cells.append(people(texts, row["belum_terjangkau"]))
        cells.append(percent(texts, row["cakupan"]))
        body.append(tuple(cells))
    return SmallTable(tuple(columns), tuple(body), tuple(str(code) for code in rows.index))


def groups_table(
    coverage: Coverage, kabupaten: str | None = None, *, strong: str | None = None, brief: bool = False
) -> SmallTable:
    """One row per group: target people (not if `brief`), people out of reach, share, unserved desa. `strong`: a key."""
    texts = Texts(coverage.settings.lang)
    columns: tuple[Column, ...] = (
        Column(texts("figure.column_group"), 0.34),
        Column(texts("figure.column_target"), 0.16, True),
        Column(texts("figure.column_unreached"), 0.18, True),
        Column(texts("figure.column_share"), 0.14, True),
        Column(texts("figure.column_unserved"), 0.2, True),
    )
    body: list[tuple[str, ...]] = []
    bold = []
    for position, group in enumerate(coverage.groups):
        found = facts(coverage, group.key, kabupaten=kabupaten)
        if group.key == strong:
            bold.append(position)
        share = percent(texts, found.share)
        body.append(
            (
                group.name(texts.lang),
                people(texts, found.target),
                people(texts, found.unreached),
                texts("figure.by_area", share=share) if found.by_area and found.share is not None else share,
                texts("figure.n_of", part=found.unserved, whole=found.desa),
            )
        )
    if brief:
        columns, body = (columns[0], *columns[2:]), [(cells[0], *cells[2:]) for cells in body]
    return SmallTable(columns, tuple(body), tuple(group.key for group in coverage.groups), tuple(bold))


def certainty_table(coverage: Coverage) -> SmallTable:
    """Per group: counted places, how sure they are, and the range of coverage."""
    texts = Texts(coverage.settings.lang)
    keys = ("counted", "doubtful", "approximate", "without", "outside")
    columns = (
        Column(texts("figure.column_group"), 0.3),
        *(Column(texts(f"figure.column_{key}"), 0.13, True) for key in keys),
        Column(texts("figure.column_share"), 0.22, True),
    )
    rows = []
    for group in coverage.groups:
        total = coverage.totals[group.key]
        numbers = (total.counted, total.doubtful, total.approximate, total.tanpa_titik, total.luar_wilayah)
        rows.append(
            (group.name(texts.lang), *(texts.number(number) for number in numbers), _range(coverage, group.key))
        )
    return SmallTable(columns, tuple(rows))


def _range(coverage: Coverage, group: str) -> str:
    texts, found = Texts(coverage.settings.lang), facts(coverage, group)
    if found.share is None or found.share_low is None or abs(found.share - found.share_low) < 0.0005:
        return percent(texts, found.share)
    return texts("figure.range", low=found.share_low, high=found.share)


def share_by_reach(coverage: Coverage, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Group]]:
    """Shares 0-1 with one row per reach (index km, rising) and one column per group; and the groups it has."""
    wide = table.pivot_table(index="jangkauan_km", columns="kelompok", values="cakupan", dropna=False).sort_index()
    return wide, [group for group in coverage.groups if group.key in wide.columns]


def reach_table(coverage: Coverage, table: pd.DataFrame) -> SmallTable:
    """`share_by_reach` as a table."""
    texts = Texts(coverage.settings.lang)
    wide, groups = share_by_reach(coverage, table)
    columns = (
        Column(texts("figure.column_reach"), 0.24),
        *(Column(group.name(texts.lang), 0.2, True) for group in groups),
    )
    rows = tuple(
        (texts("figure.km", km=texts.plain(float(str(reach)))), *(percent(texts, row[group.key]) for group in groups))
        for reach, row in wide.iterrows()
    )
    return SmallTable(columns, rows)
