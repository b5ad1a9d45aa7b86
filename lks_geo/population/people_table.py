"""A file of people as observations: how many people of which group, sex, age and year a cell counts, and where.

Tables are found by the register's reader. Wide tables (a column per group or age) and long ones (a row per sex, age,
year or group) become the same observations. A last row that repeats a name and is the sum of the others is a total; a
line of totals that is not their sum is told. Rows of areas that the boundaries don't have are listed, and their cells
not judged.
Gets wrong: a total that stands above its rows and has the name of one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.population.people_cells import BROKEN, FAULTS, NONE, Count, doubtful, read_counts, read_degrees
from lks_geo.population.people_columns import (
    TableReport,
    codes_in_columns,
    field_columns,
    meaning_message,
    people_columns,
    people_tables,
    refuse_spanning,
    title_of,
    titles_of,
    without_footers,
    wrong_totals,
)
from lks_geo.population.people_rows import (
    BY_NAME,
    AreaList,
    Located,
    locate_rows,
    name_of,
    shared_by_bridge,
    under_kecamatan,
    unnumbered,
)
from lks_geo.population.people_words import (
    AGE,
    AREAS,
    BARE,
    CODES,
    ITEM,
    POINT,
    REMARK,
    SEX,
    UNIT,
    YEAR,
    Meaning,
    PeopleWords,
    listed,
)
from lks_geo.register.areas.area_names import marked_names
from lks_geo.settings import Settings
from lks_geo.sheets.open_sheets import open_sheets
from lks_geo.sheets.sheet import CellKind, texts_of
from lks_geo.sheets.sheet_tables import Table
from lks_geo.tables import Boundaries

ESTIMATE = re.compile(r"perkiraan|estimasi|proyeksi|estimate", re.IGNORECASE)  # "Perkiraan BPS"
"""A remark with one of these words marks the numbers of its row as estimates."""

_TITLE_END = re.compile(r"\s+(?:tahun|menurut|per|semester|bulan)\b.*$|\W*(?:19|20)\d{2}.*$", re.IGNORECASE)  # " 2024"
_OBSERVED = ("sheet", "number", "heading", "area", "item", "sex", "low", "high", "year", "people", "verdict", "text",
             "estimate", "former")  # fmt: skip

_TEXTS = ("sheet", "heading", "area", "item", "sex", "verdict", "text", "former")
"""Those of text."""


@dataclass(frozen=True, kw_only=True)
class Observations:
    """All cells of a file that count people of an area of the boundaries.

    `cells`: columns `_OBSERVED`; `low`/`high` -1 for all ages, `year` 0 where none is said, `people` NaN if not known,
    `former` an old code.
    `points`: `lintang`, `bujur` (degrees) by desa. `levels`: how many rows each level has; `by_name`: rows found by
    name. `unplaced`: rows that are no area.
    """

    cells: pd.DataFrame
    points: pd.DataFrame
    reports: tuple[TableReport, ...]
    levels: Mapping[str, int]
    by_name: int
    unplaced: tuple[str, ...]
    notes: tuple[Message, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What was gathered so far."""

    cells: list[pd.DataFrame] = field(default_factory=list)
    points: list[pd.DataFrame] = field(default_factory=list)
    reports: list[TableReport] = field(default_factory=list)
    levels: Counter[str] = field(default_factory=Counter)
    named: int = 0
    by_name: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def read_observations(path: Path, boundaries: Boundaries, settings: Settings) -> Observations:
    """The observations of a file. An `LksGeoError` if no table counts people of areas, or cells are no counts."""
    areas, words, got = AreaList(boundaries), PeopleWords(settings), _Reading()
    for table in people_tables(open_sheets(path), words, path.name):
        _read_table(table, words, areas, got, path.name)
    cells = pd.concat(got.cells, ignore_index=True) if got.cells else pd.DataFrame(columns=list(_OBSERVED))
    cells = cells.astype(dict.fromkeys(_TEXTS, object))
    _refuse_faults(cells, path.name)
    if areas.splits:
        cells, split = shared_by_bridge(cells, areas)
        got.notes += [msg("population.note_split", n=len(split), found=listed(split))] if split else []
    return Observations(
        cells=cells, points=_points(got, path.name), reports=tuple(got.reports), levels=got.levels,
        by_name=got.named, unplaced=tuple(got.unplaced), notes=tuple(_notes(got, cells)),
    )  # fmt: skip


def _read_table(table: Table, words: PeopleWords, areas: AreaList, got: _Reading, where: str) -> None:
    """Adds the observations of one table to what was gathered."""
    columns = field_columns(table)
    meanings = people_columns(table, words, got.notes, where)
    table = without_footers(table, columns, meanings)
    cells = table.records()
    refuse_spanning(table, cells.texts, meanings, where)
    texts = {name: [text or "" for text in texts_of(cells.texts.iloc[:, at])] for name, at in columns.items()}
    if "kode_desa" in texts:
        texts["kode_desa"] = codes_in_columns(table, cells.texts, texts["kode_desa"])
    rows = _area_cells(table, texts, areas)
    numbers = table.sheet.numbers[table.lines].tolist()
    located = locate_rows(rows, areas, where)
    named = [f"{number}: {_row_name(row)}" for number, row in zip(numbers, rows, strict=True)]
    counts = {at: read_counts(cells, at) for at in meanings}
    spoken = [
        bool(row) or any(column[at].people is not None for column in counts.values()) for at, row in enumerate(rows)
    ]
    coded = [any(row.get(name) for name in CODES) for row in rows]
    kept = _kept_rows(located, coded, [name if told else "" for name, told in zip(named, spoken, strict=True)], got)
    said = _row_meanings(texts, words, kept, named, got)
    whole = _sum_row(counts, located, kept)
    keep = [at for at in kept if at in said and at != whole]
    if whole is None and (off := wrong_totals(table, counts, keep)):
        got.notes.append(msg("population.note_total_line", found=listed(off)))
    for at, meaning in meanings.items():
        column = cells.texts.iloc[keep, at]
        if doubtful(column[cells.kinds[keep, at] == CellKind.TEXT].dropna().unique()):
            raise LksGeoError.of("population.two_readings", where=where, heading=title_of(table, at))
        observed = _observed([counts[at][row] for row in keep], [_joined(meaning, said[row]) for row in keep])
        got.cells.append(observed.assign(
            sheet=table.sheet.name or "", number=[numbers[row] for row in keep], heading=title_of(table, at),
            area=[located[row].area or "" for row in keep], former=[located[row].former for row in keep],
            text=[text or "" for text in texts_of(column)],
            estimate=[bool(ESTIMATE.search(texts[REMARK][row])) if REMARK in texts else False for row in keep],
        ))  # fmt: skip
    if all(name in texts for name in POINT):
        desa = [row for row in keep if located[row].level == "desa" and not located[row].former]
        facts = {"area": [located[row].area or "" for row in desa], "number": [numbers[row] for row in desa]}
        got.points.append(pd.DataFrame(facts | {name: [texts[name][row] for row in desa] for name in POINT}))
    got.reports.append(_report(table, columns, meanings, words))


def _observed(counts: Sequence[Count], meanings: Sequence[Meaning]) -> pd.DataFrame:
    """The numbers of one column and whom they count."""
    return pd.DataFrame({
        "item": [meaning.item for meaning in meanings], "sex": [meaning.sex for meaning in meanings],
        "low": [meaning.age.low if meaning.age else -1 for meaning in meanings],
        "high": [meaning.age.high if meaning.age else -1 for meaning in meanings],
        "year": [meaning.year or 0 for meaning in meanings],
        "people": pd.Series([count.people for count in counts], dtype="float64"),
        "verdict": [count.verdict for count in counts],
    })  # fmt: skip


def _report(
    table: Table, columns: Mapping[str, int], meanings: Mapping[int, Meaning], words: PeopleWords
) -> TableReport:
    used = {*columns.values(), *meanings}
    return TableReport(
        sheet=table.sheet.name, header_rows=tuple(table.sheet.numbers[list(table.header_lines)].tolist()),
        columns={title_of(table, at): msg(f"population.field_{name}") for name, at in columns.items()}
        | {title_of(table, at): meaning_message(meaning, words) for at, meaning in meanings.items()},
        unused=tuple(title_of(table, at) for at, parts in enumerate(table.headings) if parts and at not in used),
        rows=len(table.lines), passed_over=table.passed_over,
    )  # fmt: skip


def _area_cells(table: Table, texts: Mapping[str, list[str]], areas: AreaList) -> list[dict[str, str]]:
    """What each row says of its area; what headings, titles and the sheet's name say holds where the row is silent."""
    context: dict[str, str] = {}
    if "kabupaten" not in texts and "kode_desa" not in texts:
        named = {
            level: _TITLE_END.sub("", name) for title in titles_of(table) for level, name in marked_names(title).items()
        }
        context = {level: name for level, name in named.items() if level in ("kabupaten", "kecamatan")}
        sheet = _TITLE_END.sub("", table.sheet.name or "")
        if "kabupaten" not in context and sheet and len(areas.gazetteer.exact("kabupaten", sheet)) == 1:
            context["kabupaten"] = sheet
    rows = []
    for at in range(len(table.lines)):
        row = {name: values[at] for name, values in texts.items() if name in AREAS}
        given = {name: text for name, column in table.areas.items() if (text := column[at]) and name in AREAS}
        rows.append({**context, **given, **{name: unnumbered(text) for name, text in row.items() if text}})
    return rows if "kecamatan" in texts else under_kecamatan(rows)


def _row_name(row: Mapping[str, str]) -> str:
    """The code and name by which a message calls a row."""
    codes = (row[name] for name in CODES if row.get(name))
    names = (name for level in ("desa", "kecamatan", "kabupaten") if (name := name_of(row, level)))
    return " ".join(filter(None, (next(codes, ""), next(names, ""))))


def _kept_rows(located: Sequence[Located], coded: Sequence[bool], named: Sequence[str], got: _Reading) -> list[int]:
    """The rows of desa and kecamatan; the others are listed, unless they say nothing (`named` is blank)."""
    kept = []
    for at, row in enumerate(located):
        got.levels[row.level or "-"] += bool(named[at])
        if row.level not in ("desa", "kecamatan"):
            got.unplaced += [named[at]] if named[at] else []
            continue
        kept.append(at)
        got.named += row.by == BY_NAME
        if row.by == BY_NAME and coded[at]:
            got.by_name.append(named[at])
        if row.against or row.alike:
            got.against.append(named[at])
    return kept


def _row_meanings(
    texts: Mapping[str, list[str]],
    words: PeopleWords,
    kept: Sequence[int],
    named: Sequence[str],
    got: _Reading,
) -> dict[int, Meaning]:
    """What the cells of sex, age, year, group and unit say of each row; rows that cannot be read are listed."""
    meanings: dict[int, Meaning] = {}
    for at in kept:
        cell = {name: texts[name][at] for name in (SEX, AGE, YEAR, ITEM, UNIT) if name in texts}
        meaning = words.row_meaning(cell)
        if meaning is None:
            got.unread.append(f"{named[at]} ({', '.join(filter(None, cell.values()))})")
        else:
            meanings[at] = meaning
    return meanings


@cache
def _joined(column: Meaning, row: Meaning) -> Meaning:
    """Whom a cell counts by its column and its row."""
    item = row.item if row.item != BARE else column.item
    return Meaning(item=item, sex=column.sex or row.sex, age=column.age or row.age, year=column.year or row.year)


def _sum_row(counts: Mapping[int, Sequence[Count]], located: Sequence[Located], kept: Sequence[int]) -> int | None:
    """The last row, if its numbers are the sums of the rows above it and its name was there before: the kabupaten
    Mamasa below its kecamatan, one of which is called so too."""
    if len(kept) < 3:
        return None
    *above, last = kept
    if located[last].by != BY_NAME or located[last].area not in {located[row].area for row in above}:
        return None
    sums = {at: sum(column[row].people or 0 for row in above) for at, column in counts.items()}
    told = {at: column[last].people for at, column in counts.items() if column[last].people is not None}
    return last if any(told.values()) and all(sums[at] == people for at, people in told.items()) else None


_RANGES = {"lintang": 90.0, "bujur": 180.0}


def _points(got: _Reading, where: str) -> pd.DataFrame:
    """The population points by desa (degrees). Wrong ones are an `LksGeoError`."""
    written = (
        pd.concat(got.points, ignore_index=True) if got.points else pd.DataFrame(columns=["area", "number", *POINT])
    )
    written = written.drop_duplicates("area").set_index("area")
    values, wrong = pd.DataFrame(index=written.index, columns=list(POINT), dtype="float64"), []
    for area, number, *degrees in written[["number", *POINT]].itertuples(name=None):
        if not any(degrees):
            continue
        for name, text in zip(POINT, degrees, strict=True):
            value = read_degrees(text)
            if value is None or abs(value) > _RANGES[name]:
                wrong.append(f"{number}: {name} = “{text}”")
            else:
                values.at[area, name] = value
    if wrong:
        raise LksGeoError.of("population.bad_points", where=where, n=len(wrong), found=listed(wrong))
    return values


def _refuse_faults(cells: pd.DataFrame, where: str) -> None:
    """Cells that are no count of people."""
    for verdicts, key in (((BROKEN,), "broken_cells"), (FAULTS, "bad_cells")):
        wrong = cells[cells["verdict"].isin(verdicts)]
        if len(wrong):
            found = [
                f"{f'{sheet} ' if sheet else ''}{number}: {heading}{f' = “{text}”' if text else ''}"
                for sheet, number, heading, text in wrong[["sheet", "number", "heading", "text"]].itertuples(
                    index=False
                )
            ]
            rows = len(wrong[["sheet", "number"]].drop_duplicates())
            raise LksGeoError.of(f"population.{key}", where=where, n=rows, found=listed(found))


def _notes(got: _Reading, cells: pd.DataFrame) -> list[Message]:
    notes = got.notes
    for key in ("by_name", "against", "unread"):
        rows = getattr(got, key)
        if rows:
            notes.append(msg(f"population.note_{key}", n=len(rows), found=listed(rows)))
    dashes = int((cells["verdict"] == NONE).sum()) if len(cells) else 0
    if dashes:
        notes.append(msg("population.note_dashes", n=dashes))
    return notes
