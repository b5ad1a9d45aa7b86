"""Excel and OpenDocument files (.xls, .xlsx, .ods) as sheets. Hidden rows and columns are read like others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.errors import LksGeoError
from lks_geo.register.reading.opendocument import merged_ranges
from lks_geo.register.reading.sheet import Merge, Sheet, text_frame

_BATCH = 20_000


def read_workbook(path: Path) -> list[Sheet]:
    """The worksheets of an Excel or OpenDocument file (chart sheets and macros are none)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        worksheets = [
            (meta.name, meta.visible != calamine.SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        spans = merged_ranges(path) if path.suffix.casefold() == ".ods" else {}
        return [
            _worksheet(book.get_sheet_by_name(name), hidden=hidden, spans=spans.get(name))
            for name, hidden in worksheets
        ]
    except calamine.PasswordError as error:
        raise LksGeoError.of("sheets.password", path=path.name) from error
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error
    except BaseException as error:
        if error.__class__.__name__ != "PanicException":
            raise
        raise LksGeoError.of("sheets.corrupt", path=path.name, kind=path.suffix.casefold()) from error


def _worksheet(sheet, *, hidden: bool, spans: tuple[Merge, ...] | None) -> Sheet:  # type: ignore[no-untyped-def]
    frames: list[pd.DataFrame] = []
    masks: list[npt.NDArray[np.bool_]] = []
    left = sheet.start[1] if sheet.start else 0
    width = (sheet.end[1] + 1 - left) if sheet.end else 0
    for batch in _batches(sheet.iter_rows()):
        frame, mask = text_frame(list(zip(*batch, strict=True)), len(batch))
        frames.append(frame)
        masks.append(mask)
    cells = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=range(width), dtype="str")
    numeric = np.concatenate(masks) if masks else np.zeros((0, width), dtype=np.bool_)
    if left:
        cells = cells.rename(columns=lambda column: column + left)
        cells = cells.reindex(columns=range(left + cells.shape[1])).astype("str")
        numeric = np.pad(numeric, ((0, 0), (left, 0)))
    merged = spans if sheet.merged_cell_ranges is None else tuple((*a, *b) for a, b in sheet.merged_cell_ranges)
    numbers = np.arange(1, len(cells) + 1, dtype=np.int64)
    return Sheet(name=sheet.name, cells=cells, numbers=numbers, numeric=numeric, merged=merged, hidden=hidden)


def _batches(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
