"""The file of a deck: an office's template on the way in, the same bytes for the same content on the way out."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from lks_geo.errors import LksGeoError

FONT = "Arial"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"


def use_font(presentation: Any) -> None:
    """Arial in the theme of the bundled template: every office has it or its twin of the same widths."""
    part = presentation.slide_masters[0].part.part_related_by(_THEME)
    part._blob = re.sub(rb'(<a:latin typeface=")[^"]*(")', rb"\g<1>" + FONT.encode() + rb"\g<2>", part.blob)


def same_bytes(presentation: Any, day: date) -> bytes:
    """The file with that day as its only date: of its parts, and of the workbooks behind its charts."""
    stream = BytesIO()
    presentation.save(stream)
    return _fixed_zip(stream.getvalue(), f"{day.isoformat()}T00:00:00Z".encode())


def _fixed_zip(data: bytes, moment: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = _fixed_zip(part, moment)
            elif name == "docProps/core.xml":
                part = re.sub(rb"(W3CDTF\">)[^<]*(<)", rb"\g<1>" + moment + rb"\g<2>", part)
            new.writestr(zipfile.ZipInfo(name, ZIP_DATE), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def read_template(path: Path) -> Any:
    """A presentation of the office as a template: its sizes and layouts, without its slides."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        presentation = Presentation(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise LksGeoError.of("slides.bad_template", path=str(path)) from error
    ids = presentation.slides._sldIdLst
    for entry in list(ids):
        presentation.part.drop_rel(entry.rId)
        ids.remove(entry)
    return presentation
