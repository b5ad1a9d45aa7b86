"""Reads delimited text (.csv): comma, semicolon or tab; UTF-8 with or without BOM, UTF-16 with BOM, or cp1252.

The delimiter is the one that cuts the first records into the most columns of equal number. A record may run over
several lines inside quotes; its number is the line where it starts. An unclosed quote, which would swallow the rows
below it, is an error that names the line.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from lks_geo.errors import LksGeoError
from lks_geo.register.reading.sheet import BLANKS, Sheet, text_frame

DELIMITERS = (";", ",", "\t")
_SAMPLE = 60
_LONGEST = 60
"""Lines in one record beyond which a quote was left open."""


def read_delimited(path: Path) -> list[Sheet]:
    """The one sheet of a text file (name None)."""
    text = _decoded(path.read_bytes())
    delimiter, text, skipped = _declared(text)
    records, starts = _records(text, delimiter or _delimiter(text), path)
    width = max((len(record) for record in records), default=0)
    for record in records:
        if len(record) < width:
            record.extend([""] * (width - len(record)))
    cells, numeric = text_frame(list(zip(*records, strict=True)), len(records))
    return [Sheet(name=None, cells=cells, numbers=np.array(starts, dtype=np.int64) + skipped, numeric=numeric)]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _declared(text: str) -> tuple[str | None, str, int]:
    """The delimiter of a first line "sep=;" (as Excel writes it), the text after it, and the lines taken off."""
    first, _, rest = text.partition("\n")
    mark = first.strip(BLANKS.replace("\t", "")).strip('"')
    if mark.casefold().startswith("sep=") and len(mark) == 5 and mark[4] in DELIMITERS:
        return mark[4], rest, 1
    return None, text, 0


def _delimiter(text: str) -> str:
    sample = text[:200_000]
    scores: dict[str, tuple[int, int]] = {}
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        with suppress(csv.Error):
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(cell.strip() for cell in record):
                    widths[len(record)] += 1
                if widths.total() >= _SAMPLE:
                    break
        several = {width: count for width, count in widths.items() if width > 1}
        width = max(several, key=lambda width: (several[width] * min(width, 8), width), default=1)
        scores[delimiter] = (several.get(width, 0) * min(width, 8), width)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _records(text: str, delimiter: str, path: Path) -> tuple[list[list[str]], list[int]]:
    records: list[list[str]] = []
    starts: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for record in reader:
            if reader.line_num - line > _LONGEST:
                raise LksGeoError.of("sheets.open_quote", path=path.name, line=line)
            records.append(record)
            starts.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=line) from None
    last_is_long = bool(records) and any("\n" in cell for cell in records[-1])
    if last_is_long and text.count('"') % 2:
        raise LksGeoError.of("sheets.open_quote", path=path.name, line=starts[-1])
    return records, starts
