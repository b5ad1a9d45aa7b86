"""The tables that every output shares, as frames, and the CSV form of a frame.

Single places are listed here and in the quality report only, and here without the disguised ones. A text that starts
with `= + - @` or a control character would be run as a formula when a spreadsheet opens a CSV; it gets a leading
apostrophe there. Values are never rounded here: digits are for display.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, TextIO, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lks_geo.messages import Message, Texts, msg
from lks_geo.said.assumptions import disguise_note, view_notes, view_reported_part
from lks_geo.tables import KEY_COLUMNS, LEVELS, Coverage, Source

PLACE_COLUMNS = (
    "id", "nama", "kelompok", "sistem", "layanan_lain", "dihitung", "aktif", "badan_hukum", "perkembangan",
    "akreditasi", "berlaku_sampai", "kapasitas", "klien", "alamat", "kode_desa", "desa", "kecamatan", "kabupaten",
    "lokasi", "lintang", "bujur", "cakupan_wilayah", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis",
    "hasil",
)  # fmt: skip

CSV_STYLES = {"raw": (",", "."), "intl": (",", "."), "id": (";", ",")}
"""Style -> delimiter and decimal sign."""

Frame = TypeVar("Frame", bound=pd.DataFrame)

_ROWS_AT_ONCE = 50_000
_RISKY_START = r"^[=+\-@\x{0}-\x{1f}\x{7f}-\x{9f}]"  # "=1+1", in the notation of RE2


def table_frame(coverage: Coverage) -> pd.DataFrame:
    """The long coverage table that every table output writes: KEY_COLUMNS, then the measures in their order."""
    keys = [measure.key for measure in coverage.measures]
    return coverage.table[[*KEY_COLUMNS, *keys]].reset_index(drop=True)


def levels_shown(coverage: Coverage) -> list[str]:
    """The levels that the coverage has rows of."""
    present = set(coverage.table["level"].unique())
    return [level for level in LEVELS if level in present]


def places_frame(coverage: Coverage) -> pd.DataFrame:
    """The places that may be listed (PLACE_COLUMNS), by where they lie and their name: lists as text, `desa`,
    `kecamatan`, `kabupaten` where the place lies.

    What the register states about the area is kept beside it in `*_tertulis`. Row numbers of the register are left out,
    because a gap between two of them tells of a place that is not listed.
    """
    places = coverage.listed_places
    frame = pd.DataFrame(places.drop(columns=["kelompok", "layanan_lain", "cakupan_wilayah"]))
    for level in ("desa", "kecamatan", "kabupaten"):
        frame[f"{level}_tertulis"] = frame[level]
        names = coverage.boundaries.names(level)["nama"]
        frame[level] = frame[f"kode_{level}"].map(names).astype("string")
    for column in ("kelompok", "layanan_lain", "cakupan_wilayah"):
        frame[column] = places[column].map(joined).astype("string")
    frame["sistem"] = places["layanan"].map(systems).astype("string")
    order = ["kode_kabupaten", "kode_kecamatan", "kode_desa", "nama", "id"]
    return frame.sort_values(order, kind="stable", ignore_index=True)[list(PLACE_COLUMNS)]


def place_points(coverage: Coverage) -> gpd.GeoDataFrame:
    """The places that may be listed and have a point (PLACE_COLUMNS + Point, EPSG:4326)."""
    places = places_frame(coverage)
    located = places[places["lintang"].notna() & places["bujur"].notna()]
    points = gpd.points_from_xy(located["bujur"], located["lintang"])
    return gpd.GeoDataFrame(located, geometry=points, crs="EPSG:4326")


def disguised_frame(coverage: Coverage) -> pd.DataFrame:
    """How many counted places are disguised: kabupaten, nama (of the kecamatan), kelompok, lks_disamarkan.

    Sums only; kecamatan without one are left out. Sorted by code, then in the order of the groups.
    """
    rows = coverage.table[coverage.table["level"] == "kecamatan"]
    rows = rows[rows["lks_disamarkan"].fillna(0) > 0]
    return rows[["kabupaten", "nama", "kelompok", "lks_disamarkan"]].reset_index(drop=True)


def write_csv_file(path: Path, frame: pd.DataFrame, *, style: str = "intl") -> None:
    """Write a frame as CSV (UTF-8 with BOM, so that Excel reads it). `style`: a key of CSV_STYLES."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        _write_lines(stream, frame, list(frame.columns), style, end="\r\n")


def write_csv(stream: TextIO, coverage: Coverage, *, csv_style: str = "intl") -> None:
    """Write the coverage table as CSV to an open text stream, such as standard output (no BOM)."""
    frame = stamped(table_frame(coverage), coverage)
    _write_lines(stream, frame, list(frame.columns), csv_style, end="\n")


def write_csv_for_people(path: Path, frame: pd.DataFrame, titles: list[str], about: list[str], *, style: str) -> None:
    """Write a frame as CSV for a spreadsheet: a first line `about` it, the titles of its columns, its rows."""
    delimiter, _ = CSV_STYLES[style]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerow([" · ".join(about)])
        _write_lines(stream, frame, titles, style, end="\r\n")


def _write_lines(stream: TextIO, frame: pd.DataFrame, titles: list[str], style: str, *, end: str) -> None:
    """The titles and the rows as lines of CSV; only what needs quotes has them."""
    delimiter, _ = CSV_STYLES[style]
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerow(titles)
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        cells = [_quoted(csv_text(column, style=style), delimiter) for _, column in part.items()]
        lines = pc.binary_join_element_wise(*cells, delimiter, null_handling="replace", null_replacement="")
        stream.write(end.join([*lines.to_pylist(), ""]))


def _quoted(cells: pa.StringArray, delimiter: str) -> pa.StringArray:
    """The cells as CSV has them: in quotes where they hold a sign that means something there."""
    special = pc.match_substring_regex(cells, rf'["\r\n{delimiter}]')
    if not pc.any(special).as_py():
        return cells
    inside = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', inside, '"', ""), cells)


def style_for_people(csv_style: str | None, lang: str) -> str | None:
    """The CSV style of a table for people: that of the language unless "id" was asked for; None: it is for programs."""
    return None if csv_style in ("raw", "intl") else csv_style or ("id" if lang == "id" else "intl")


def stamped(frame: pd.DataFrame, coverage: Coverage) -> pd.DataFrame:
    """A table for programs with DATA CONTOH or INTERNAL, if there is one, in a last column `catatan`."""
    texts = Texts(coverage.settings.lang)
    marks = " · ".join(map(texts, stamps(coverage.register.source, internal=coverage.settings.internal)))
    return frame.assign(catatan=pd.Series(marks, index=frame.index, dtype="str")) if marks else frame


def csv_text(cells: pd.Series, *, style: str) -> pa.StringArray:
    """Every cell as the text that the CSV holds: NA blank, true/false, full precision, whole numbers without ".0"."""
    _, decimal = CSV_STYLES[style]
    column = pa.array(cells, from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        risky = pc.match_substring_regex(text, _RISKY_START)
        if pc.any(risky).as_py():
            text = pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text)
    elif pa.types.is_floating(column.type) and decimal != ".":
        text = pc.replace_substring(text, ".", decimal)
    return text


def with_arrow_texts(frame: Frame) -> Frame:
    """The frame with its texts held by Arrow, so that no file tells how they were held."""
    arrow = pd.StringDtype("pyarrow", na_value=np.nan)
    return frame.astype({name: arrow for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)})


def joined(values: object, between: str = "; ") -> str | None:
    """A tuple of texts as one cell; None if there is nothing in it."""
    return between.join(map(str, values)) or None if isinstance(values, tuple) else None


def systems(layanan: object) -> str | None:
    """The systems (dalam, luar) of a place's services as one cell; None if none is recorded."""
    services = layanan if isinstance(layanan, tuple) else ()
    return joined(tuple(sorted({system for _, system in services if system})))


def plain(column: pd.Series[Any]) -> list[Any]:
    """The cells of a column as plain Python values: None for NA, else texts, numbers, flags, timestamps, tuples."""
    return column.astype(object).where(column.notna(), None).tolist()


def stamps(source: Source, *, internal: bool) -> tuple[Message, ...]:
    """What every page must say: that the register is invented, that the output is for internal use."""
    texts = [msg("style.example")] if source.example else []
    return (*texts, msg("style.internal")) if internal else tuple(texts)


def table_notes(coverage: Coverage, group: str | None = None) -> list[str]:
    """What a table must say beside its numbers, of one group or of all: stamps, kabupaten not reported, disguised
    places."""
    texts = Texts(coverage.settings.lang)
    marks = stamps(coverage.register.source, internal=coverage.settings.internal)
    if group is None:
        notes: tuple[Message | None, ...] = view_notes(coverage)
    else:
        notes = (view_reported_part(coverage), disguise_note(coverage, group))
    return [texts(note) for note in (*marks, *notes) if note is not None]
