"""What a file says of its areas as a whole: in titles, tabs and its name, and by code columns taken together.

Decides: a title or tab that names a kabupaten or kecamatan speaks for the rows below it that have no column for it,
unless more of their names and points lie elsewhere than there; the file's name only if some of them lie there. Digits
of provinsi, kabupaten, kecamatan and desa in columns of their own are one code. A code column without a single code of
the map is another system's and left aside. Secret rows have no say.

Gets wrong: a title that names the kabupaten of the author, over rows without desa, kecamatan and points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.messages import Message, msg
from lks_geo.register.areas.addresses import parts_of
from lks_geo.register.areas.area_codes import BROKEN, read_code
from lks_geo.register.areas.area_names import CODE_FIELDS
from lks_geo.register.areas.gazetteer import Gazetteer, gazetteer_of
from lks_geo.register.areas.statement import Statement
from lks_geo.register.reading.raw import PARTS, TITLES
from lks_geo.sheets.sheet import blanked, column, texts_of
from lks_geo.tables import LEVELS, Boundaries, RegisterFrame

_NOT_WORDS = re.compile(r"[\W\d_]+")  # "_2024." of "data_lks_majene_2024."
_NAMES_AREA = re.compile(r"\b(?:kab|kec|kota|prov)", re.IGNORECASE)  # "DATA LKS KABUPATEN MAJENE"
_SCIENTIFIC = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)  # "7,6E+09"
_FEW, _NEARLY_ALL, _MOST_WORDS = 3, 0.9, 4

BoolArray = npt.NDArray[np.bool_]


def offices(rows: RegisterFrame, boundaries: Boundaries) -> list[str | None]:
    """The code of the kabupaten whose office wrote each row: by the stated code, the stated name, or the place."""
    gazetteer = gazetteer_of(boundaries)
    desa = boundaries.names("desa")["kode_kabupaten"]
    by_name = {}
    for text in rows["kabupaten"].dropna().unique():
        codes = gazetteer.exact("kabupaten", text)
        by_name[text] = codes[0] if len(codes) == 1 else None
    cells = (rows["kode_tertulis"].map(desa), rows["kabupaten"].map(by_name), rows["kode_kabupaten"])
    return [code or name or place for code, name, place in zip(*map(texts_of, cells), strict=True)]


def with_context(
    cells: pd.DataFrame, file_name: str, points: Sequence[str | None], secret: BoolArray, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """The cells with the kabupaten, kecamatan or other province that titles, tabs or the file's name give to rows
    without such a column, and a note that lists them; `points`: the desa that plain points lie in."""
    named: list[str] = []
    levels = ("kecamatan", "kabupaten", "provinsi")
    added: dict[str, list[str | None]] = {level: column(cells, level) for level in levels}
    tables: dict[tuple[str, str], list[int]] = {}
    for row, (tab, titles) in enumerate(zip(column(cells, "lembar"), column(cells, TITLES), strict=True)):
        lines = (titles or "").rsplit(PARTS, maxsplit=1)[-1].splitlines()
        title = " ; ".join(line for line in lines if _NAMES_AREA.search(line))
        tables.setdefault((tab or "", title), []).append(row)
    for (tab, title), rows in tables.items():
        blank = [level for level, texts in added.items() if not any(texts[row] for row in rows)]
        voters = [row for row in rows if not secret[row]]
        for text, is_sure in _context_texts(title, tab, file_name):
            found = _area_in_text(text, gazetteer)
            if (
                found is None
                or found[0] not in blank
                or not _fits(found, voters, cells, points, gazetteer, sure=is_sure)
            ):
                continue
            level, name = found
            for row in rows:
                added[level][row] = name
            named.append(name)
            break
    filled = {level: pd.array(texts, dtype="str") for level, texts in added.items() if level in cells or any(texts)}
    told = ", ".join(dict.fromkeys(named))
    return cells.assign(**filled), (msg("register.note_area_from_title", list=told),) if told else ()


def _context_texts(title: str, tab: str, file_name: str) -> Iterator[tuple[str, bool]]:
    """The texts around a table, the surest first, and whether one of them is believed without a row that agrees."""
    yield title, True
    yield tab, True
    yield file_name.rsplit(".", maxsplit=1)[0], False


def _area_in_text(text: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """The smallest area that a title or a name of a sheet or file names, as (level, name): with a word for its level,
    or alone in the text; None if it names none or two of one level."""
    plain = _NOT_WORDS.sub(" ", text).strip()
    if not plain:
        return None
    for level in ("kabupaten", "kecamatan"):
        if len(gazetteer.exact(level, plain)) == 1:
            return level, plain
    worded = {
        (part.level, name)
        for part in parts_of(_NOT_WORDS.sub(" ", text))
        if part.level in LEVELS[1:] and (name := _leading_name(part.level, part.text.split(), gazetteer))
    }
    for level in LEVELS[1:]:
        names = [name for of, name in worded if of == level]
        if names:
            return (
                None
                if len(names) > 1 or (level == "provinsi" and gazetteer.exact(level, names[0]))
                else (level, names[0])
            )
    words = plain.split()
    runs = (_leading_name("kabupaten", words[start:], gazetteer, known_only=True) for start in range(len(words)))
    named = {name for name in runs if name}
    longest = {name for name in named if not any(name != other and other.startswith(name) for other in named)}
    return ("kabupaten", longest.pop()) if len(longest) == 1 else None


def _leading_name(level: str, words: Sequence[str], gazetteer: Gazetteer, *, known_only: bool = False) -> str | None:
    """The longest beginning of some words that is the name of an area of a level."""
    for cut in range(min(_MOST_WORDS, len(words)), 0, -1):
        text = " ".join(words[:cut])
        if len(gazetteer.exact(level, text)) == 1:
            return text
        if level != "kecamatan" and not known_only and gazetteer.abroad(level, text, least=100):
            return text
    return None


def _fits(
    found: tuple[str, str], rows: Collection[int], cells: pd.DataFrame, points: Sequence[str | None],
    gazetteer: Gazetteer, *, sure: bool,
) -> bool:  # fmt: skip
    """Whether as many names and points of the rows lie in an area as elsewhere."""
    area = next(iter(gazetteer.exact(*found)), None)
    names = {level: column(cells, level) for level in ("desa", "kecamatan") if level != found[0]}
    votes: Counter[bool] = Counter()
    for row in rows:
        if (desa := points[row]) is not None:
            votes[area is not None and gazetteer.holds(area, desa)] += 1
        for level, texts in names.items():
            text = texts[row]
            if text and (codes := gazetteer.exact(level, text)):
                votes[area is None or any(gazetteer.holds(area, code) for code in codes)] += 1
    return votes[True] >= votes[False] and (sure or votes[True] > 0)


def joined_codes(cells: pd.DataFrame, secret: BoolArray, gazetteer: Gazetteer) -> pd.DataFrame:
    """The cells with codes in parts put together: 76, 02, 02, 2003 in four columns are 76.02.02.2003, and 7, 605, 10, 1
    of the other system alike. The provinsi may be missing if the map has only one."""
    parts = {field: blanked(column(cells, field)) for field in ("kode_provinsi", *CODE_FIELDS)}
    digits = {field: [text.strip().removesuffix(".0") if text else None for text in parts[field]] for field in parts}
    open_texts = {
        field: [text for text, hidden in zip(texts, secret, strict=True) if text and not hidden]
        for field, texts in digits.items()
    }
    lengths = {field: max(map(len, texts), default=0) for field, texts in open_texts.items()}
    plain = all(text.isascii() and text.isdecimal() for texts in open_texts.values() for text in texts)
    if not plain or not 0 < lengths["kode_kecamatan"] <= 3 or lengths["kode_desa"] > 4:
        return cells
    provinces = [area.code for area in gazetteer.areas.values() if area.level == "provinsi"]
    bps = lengths["kode_kecamatan"] == 3 or 0 < lengths["kode_desa"] <= 3
    widths = (3, 3) if bps else (2, 4)
    joined: dict[str, list[str | None]] = {field: [] for field in CODE_FIELDS}
    for provinsi, desa, kecamatan, kabupaten in zip(*digits.values(), strict=True):
        first = (provinsi or (provinces[0] if len(provinces) == 1 else "")) if kabupaten and len(kabupaten) <= 2 else ""
        upper = f"{first}{kabupaten.zfill(2)}" if kabupaten else ""
        whole = len(upper) == 4 and bool(kecamatan)
        middle = f"{upper[:2]}.{upper[2:]}.{(kecamatan or '').zfill(widths[0])}" if whole else None
        joined["kode_kabupaten"].append(f"{upper[:2]}.{upper[2:]}" if len(upper) == 4 and not bps else None)
        joined["kode_kecamatan"].append(middle if not bps else middle and middle.replace(".", ""))
        joined["kode_desa"].append(f"{middle}.{desa.zfill(widths[1])}" if middle and desa else None)
    return cells.assign(**{field: pd.array(joined[field], dtype="str") for field in CODE_FIELDS})


def without_strange_codes(
    cells: pd.DataFrame, headings: Mapping[str, str], secret: BoolArray, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """The cells without code columns in which no value is a code of the map, and a note on each."""
    provinces = {code for code, area in gazetteer.areas.items() if area.level == "provinsi"}
    strange = []
    for name in [field for field in CODE_FIELDS if field in cells.columns]:
        texts = {text for text, hidden in zip(column(cells, name), secret, strict=True) if text and not hidden}
        known = any(
            reading.form != BROKEN and (reading.digits in gazetteer.by_digits or reading.digits in gazetteer.by_bps)
            for reading in map(read_code, texts)
            if reading
        )
        if known:
            continue
        readings = [reading for text in texts if (reading := read_code(text))]
        near = sum(reading.digits[:2] in provinces or bool(_SCIENTIFIC.search(reading.digits)) for reading in readings)
        if len(readings) >= _FEW and near * 2 < len(readings):
            strange.append(name)
    notes = tuple(msg("register.note_codes_strange", heading=headings.get(name, name)) for name in strange)
    return (cells.drop(columns=strange) if strange else cells), notes


def told_once(
    statements: Sequence[Statement], secret: BoolArray, gazetteer: Gazetteer
) -> tuple[list[Statement], tuple[Message, ...]]:
    """The statements without the remark that nearly all rows share: that they are of one other province."""
    provinces = [
        next((str(r.sesudah).rsplit(", ", maxsplit=1)[-1] for r in one.remarks if r.jenis == "provinsi_lain"), None)
        for one in statements
    ]
    counted = Counter(name for name, hidden in zip(provinces, secret, strict=True) if not hidden)
    name, rows = max(((name, rows) for name, rows in counted.items() if name), key=lambda two: two[1], default=("", 0))
    if rows < _FEW or rows < _NEARLY_ALL * counted.total():
        return list(statements), ()
    kept = [
        replace(one, remarks=tuple(remark for remark in one.remarks if remark.jenis != "provinsi_lain"))
        if province == name else one
        for one, province in zip(statements, provinces, strict=True)
    ]  # fmt: skip
    here = ", ".join(area.name for area in gazetteer.areas.values() if area.level == "provinsi" and area.name)
    return kept, (msg("register.note_other_province", area=name, n=rows, map=here),)
