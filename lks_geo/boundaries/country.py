"""The areas of the whole country by code and name: 38 provinces, 514 kabupaten and kota, 7,285 kecamatan (2025).

Names only, no shapes: what an area outside the map is called, and that a name is one of another province. Gets wrong:
what was founded, renamed or split after Kepmendagri 300.2.2-2138/2025, and names that were in use before.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from lks_geo.shipped import AREA_NAMES

_LENGTHS = {"provinsi": 2, "kabupaten": 5, "kecamatan": 8}


@cache
def country_names(level: str) -> Mapping[str, str]:
    """Kemendagri code with dots -> name, for "provinsi", "kabupaten" or "kecamatan".

    Names are as boundaries have them: "Mamasa" for a kabupaten, "Kota Palopo" for a city.
    """
    with AREA_NAMES.open(encoding="utf-8", newline="") as stream:
        lines = [(line["kode"], line["nama"].removeprefix("Kabupaten ")) for line in csv.DictReader(stream)]
    return {code: name for code, name in lines if len(code) == _LENGTHS[level]}
