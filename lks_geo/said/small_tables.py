"""The small tables that stand beside maps, as text in one language: lists, parts, groups, certainty, reach.

Printed maps draw them, slides turn them into native tables, so that both show the same words and digits. What is not
known is a dash. Where the target of a row is known for some of its desa only, "(k dari n desa)" stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from lks_geo.catalogue import Group
from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import AreaTotals, area_totals, kabupaten_shown, needy_parts, short_place, unserved_list
from lks_geo.said.assumptions import known_part, named_share, row_known_part
from lks_geo.tables import Coverage

DAGGER = "†"
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
    numbers to set in bold; `total` says of how many rows these are the first (None: all)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...] = ()
    strong: tuple[int, ...] = ()
    total: int | None = None

    def first(self, rows: int) -> SmallTable:
        """The table cut to its first rows."""
        if len(self.rows) <= rows:
            return self
        strong = tuple(number for number in self.strong if number < rows)
        total = len(self.rows) if self.total is None else self.total
        return replace(self, rows=self.rows[:rows], codes=self.codes[:rows], strong=strong, total=total)

    def turned(self, heading: str) -> SmallTable:
        """Rows for columns: the heads stand in the first column, under `heading`, where long names have room."""
        columns = (Column(heading, 0.4), *(Column(row[0], 0.2, True) for row in self.rows))
        heads = (column.title for column in self.columns[1:])
        cells = zip(*(row[1:] for row in self.rows), strict=True)
        return SmallTable(columns, tuple((head, *line) for head, line in zip(heads, cells, strict=True)))

    def without_blank(self) -> SmallTable:
        """The table without columns of which no row says anything."""
        used = [j for j in range(len(self.columns)) if any(row[j] for row in self.rows) or not self.rows]
        return replace(
            self,
            columns=tuple(self.columns[j] for j in used),
            rows=tuple(tuple(row[j] for j in used) for row in self.rows),
        )


Cell = Callable[[Any], str]
Made = tuple[str, float, bool, Cell]
"""Heading key, share of the width, number or text, and what stands in a row."""


def small_table(texts: Texts, columns: list[Made], rows: list[Any], **facts: Any) -> SmallTable:
    """A small table of these columns (headings `said.column_<key>`), a line of text for each row."""
    heads = tuple(Column(texts(f"said.column_{key}"), share, number) for key, share, number, _ in columns)
    return SmallTable(heads, tuple(tuple(cell(row) for *_, cell in columns) for row in rows), **facts).without_blank()


def people(texts: Texts, value: object) -> str:
    """A number of people, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.number(float(value))  # type: ignore[arg-type, call-overload]


def percent(texts: Texts, value: object) -> str:
    """A share with one decimal, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.percent(float(value), 1)  # type: ignore[arg-type, call-overload]


def kilometres(texts: Texts, value: object, digits: int = 1) -> str:
    """A distance, or a dash."""
    return DASH if value is None or pd.isna(value) else texts.number(float(value), digits)  # type: ignore[arg-type, call-overload]


def needy_table(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None, top: int) -> SmallTable:
    """What lacks services first: the list of unserved desa, numbered; of a higher level the parts that lack something,
    most people first, without numbers."""
    if level == "desa":
        return _desa_table(coverage, group, kabupaten, top)
    rows = needy_parts(coverage, group, level=level, kabupaten=kabupaten)
    lacking = rows["desa_belum_terlayani"].fillna(0).to_numpy() > 0
    unreached = rows["belum_terjangkau"].astype("float64").fillna(0).to_numpy() > 0
    rows = rows[lacking | unreached]
    texts, wide = Texts(coverage.settings.lang), len(kabupaten_shown(coverage, kabupaten)) != 1
    columns: list[Made] = [(level, 0.31, False, _name)]
    if level == "kecamatan" and wide:
        columns.append(("kabupaten", 0.34, False, lambda row: short_place(str(row["kabupaten"]))))
    columns += [_unserved(texts), *_unreached(texts, rows)]
    return _of_rows(texts, columns, rows).first(top)


def _desa_table(coverage: Coverage, group: str, kabupaten: str | None, top: int) -> SmallTable:
    texts, wide = Texts(coverage.settings.lang), len(kabupaten_shown(coverage, kabupaten)) != 1
    rows = unserved_list(coverage, group, kabupaten=kabupaten)
    columns: list[Made] = [
        ("number", 0.05, False, lambda row: texts.number(int(row["no"]))),
        ("rank", 0.08, False, lambda row: people(texts, row["prioritas"])),
        ("desa", 0.28, False, _name),
        ("within" if wide else "kecamatan", 0.32, False, lambda row: _within(row, wide)),
        ("km", 0.1, True, lambda row: kilometres(texts, row["jarak_km"])),
        *_unreached(texts, rows),
    ]
    return _of_rows(texts, columns, rows.set_index("kode").head(top), total=len(rows))


def _of_rows(texts: Texts, columns: list[Made], rows: pd.DataFrame, **facts: Any) -> SmallTable:
    codes = tuple(str(code) for code in rows.index)
    return small_table(texts, columns, [row for _, row in rows.iterrows()], codes=codes, **facts)


def _name(row: pd.Series[Any]) -> str:
    return short_place(str(row["nama"]))


def _within(row: pd.Series[Any], wide: bool) -> str:
    return f"{row['kecamatan']}, {short_place(str(row['kabupaten']))}" if wide else str(row["kecamatan"])


def _unserved(texts: Texts) -> Made:
    return (
        "unserved", 0.2, True,
        lambda row: texts("said.n_of", part=row["desa_belum_terlayani"], whole=row["jumlah_desa"]),
    )  # fmt: skip


def _unreached(texts: Texts, rows: pd.DataFrame) -> list[Made]:
    """People out of reach, and on how many desa that rests; nothing where no row has people."""
    if not rows["belum_terjangkau"].notna().any():
        return []
    cells: list[Made] = [("unreached", 0.2, True, lambda row: people(texts, row["belum_terjangkau"]))]
    return [*cells, _known(texts)] if "desa_diketahui" in rows else cells


def _known(texts: Texts) -> Made:
    return ("known", 0.2, True, lambda row: texts(row_known_part(row)).strip())


def parts_table(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None) -> SmallTable:
    """Kabupaten (or the kecamatan of one) with LKS, people, share and unserved desa; most people out of reach first."""
    texts = Texts(coverage.settings.lang)
    rows = needy_parts(coverage, group, level=level, kabupaten=kabupaten)
    share = "share" if rows["sasaran"].notna().any() else "share_area"
    columns: list[Made] = [
        (level, 0.3, False, _name),
        ("lks", 0.12, True, lambda row: people(texts, row["jumlah_lks"])),
        _unserved(texts),
        *_unreached(texts, rows),
        (share, 0.18, True, lambda row: _share(texts, row["cakupan"], share == "share" and pd.isna(row["sasaran"]))),
    ]
    return _of_rows(texts, columns, rows)


def _share(texts: Texts, share: object, by_area: bool) -> str:
    text = percent(texts, share)
    return text + texts("said.of_area") if by_area and text != DASH else text


def groups_table(
    coverage: Coverage, kabupaten: str | None = None, *, strong: str | None = None, brief: bool = False
) -> SmallTable:
    """One row per group: target people, people out of reach, share, unserved desa. `strong`: a key. `brief`: without
    the target, and a "†" for what `known_groups` explains below the table."""
    texts, keys = Texts(coverage.settings.lang), [group.key for group in coverage.groups]

    def named(totals: AreaTotals) -> str:
        return coverage.settings.group(totals.group).name(texts.lang)

    def part(totals: AreaTotals) -> Message:
        return known_part(totals.desa_known, totals.desa)

    columns: list[Made] = [
        ("group", 0.34, False, lambda totals: named(totals) + (DAGGER if brief and texts(part(totals)) else "")),
        ("target", 0.16, True, lambda totals: people(texts, totals.target)),
        ("unreached", 0.18, True, lambda totals: people(texts, totals.unreached)),
        ("known", 0.18, True, lambda totals: texts(part(totals)).strip()),
        ("share", 0.14, True, lambda totals: _share(texts, totals.share, totals.by_area)),
        ("unserved", 0.2, True, lambda totals: _part_of(texts, totals.desa_unserved, totals.desa)),
    ]
    if brief:
        columns = [column for column in columns if column[0] not in ("target", "known")]
    rows = [area_totals(coverage, key, kabupaten) for key in keys]
    return small_table(texts, columns, rows, codes=tuple(keys), strong=(keys.index(strong),) if strong in keys else ())


def known_groups(coverage: Coverage, kabupaten: str | None = None) -> tuple[Message, ...]:
    """ "† Sasaran: Anak (2 dari 3 desa)": the groups whose people are known for some desa only; none: nothing."""
    texts = Texts(coverage.settings.lang)
    parts = {group: texts(_known_of(coverage, group.key, kabupaten)) for group in coverage.groups}
    said = ", ".join(group.name(texts.lang) + part for group, part in parts.items() if part)
    return (msg("said.known_groups", parts=said),) if said else ()


def _part_of(texts: Texts, part: int, whole: int) -> str:
    return texts("said.n_of", part=part, whole=whole) if whole else DASH


def certainty_table(coverage: Coverage) -> SmallTable:
    """Per group: counted places, how sure they are, and the range of coverage."""
    texts = Texts(coverage.settings.lang)
    counts = {"counted": "counted", "doubtful": "doubtful", "approximate": "approximate", "disguised": "disguised",
              "without": "tanpa_titik", "outside": "luar_wilayah"}  # fmt: skip

    def count(name: str) -> Cell:
        return lambda group: texts.number(getattr(coverage.totals[group.key], name))

    columns: list[Made] = [("group", 0.3, False, lambda group: group.name(texts.lang))]
    columns += [(key, 0.12, True, count(name)) for key, name in counts.items()]
    columns.append(("share", 0.22, True, lambda group: _range(coverage, texts, group.key)))
    columns.append(("known", 0.18, True, lambda group: texts(_known_of(coverage, group.key)).strip()))
    return small_table(texts, columns, list(coverage.groups))


def _range(coverage: Coverage, texts: Texts, group: str) -> str:
    totals = area_totals(coverage, group)
    if totals.share is None or totals.share_low is None or abs(totals.share - totals.share_low) < 0.0005:
        return _share(texts, totals.share, totals.by_area)
    text = texts("said.range", low=totals.share_low, high=totals.share)
    return text + texts("said.of_area") if totals.by_area else text


def share_by_reach(coverage: Coverage, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Group]]:
    """Shares 0-1 with one row per reach (index km, rising) and one column per group; and the groups it has."""
    wide = table.pivot_table(index="jangkauan_km", columns="kelompok", values="cakupan", dropna=False).sort_index()
    return wide, [group for group in coverage.groups if group.key in wide.columns]


def _known_of(coverage: Coverage, group: str, kabupaten: str | None = None) -> Message:
    totals = area_totals(coverage, group, kabupaten)
    return known_part(totals.desa_known, totals.desa)


def reach_table(coverage: Coverage, table: pd.DataFrame) -> SmallTable:
    """`share_by_reach` as a table."""
    texts = Texts(coverage.settings.lang)
    wide, groups = share_by_reach(coverage, table)
    columns = (
        Column(texts("said.column_reach"), 0.24),
        *(Column(named_share(coverage, group.key), 0.2, True) for group in groups),
    )
    rows = tuple(
        (texts("said.km", km=float(str(reach))), *(percent(texts, row[group.key]) for group in groups))
        for reach, row in wide.iterrows()
    )
    return SmallTable(columns, rows)


def table_caption(table: SmallTable, level: str) -> Message:
    """What stands over a `needy_table`: how many of how many, and in which order."""
    total = len(table.rows) if table.total is None else table.total
    return msg(f"said.caption_{'desa' if level == 'desa' else 'parts'}", n=len(table.rows), total=total)
