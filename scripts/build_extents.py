"""Compiles boundaries/letak-kabupaten.csv: the box of every kabupaten, in degrees (see scripts/README.md).

Takes a GeoParquet of all desa of Indonesia (`kode`, `geometry`); that file is not part of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np

OUTPUT = Path(__file__).resolve().parents[1] / "boundaries" / "letak-kabupaten.csv"


def main(source: Path, output: Path = OUTPUT) -> None:
    """Reads the desa and writes the boxes, sorted by code."""
    desa = gpd.read_parquet(source, columns=["kode", "geometry"])
    edges = desa.geometry.bounds.assign(kode=desa["kode"].str[:5])
    boxes = edges.groupby("kode").agg({"minx": "min", "miny": "min", "maxx": "max", "maxy": "max"})
    boxes[["minx", "miny"]] = np.floor(boxes[["minx", "miny"]] * 100) / 100
    boxes[["maxx", "maxy"]] = np.ceil(boxes[["maxx", "maxy"]] * 100) / 100
    boxes.columns = ["barat", "selatan", "timur", "utara"]
    boxes.to_csv(output, float_format="%.2f", lineterminator="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
