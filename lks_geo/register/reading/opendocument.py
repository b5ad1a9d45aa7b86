"""The merged ranges of an .ods file, which its reader does not tell.

Reads the table elements of content.xml as a stream. Gives nothing for a file that it cannot read: the cells themselves
are read elsewhere, and merged ranges only help.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LARGEST = 30_000_000
"""Bytes of content.xml beyond which merged ranges are not looked for (a register is some kilobytes)."""


def merged_ranges(path: Path) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """Sheet name -> (first row, first column, last row, last column) of each merged range, counted from 0."""
    found: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("content.xml").file_size > _LARGEST:
                return found
            with archive.open("content.xml") as stream:
                for _, element in iterparse(stream):
                    if element.tag == f"{_TABLE}table":
                        found[element.get(f"{_TABLE}name", "")] = tuple(_of_table(element))
                        element.clear()
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, ValueError):
        return {}
    return found


def _of_table(table: Element) -> list[tuple[int, int, int, int]]:
    ranges: list[tuple[int, int, int, int]] = []
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
            right = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
            if down > 1 or right > 1:
                ranges.append((row, column, row + down - 1, column + right - 1))
            column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        row += int(line.get(f"{_TABLE}number-rows-repeated", "1"))
    return ranges
