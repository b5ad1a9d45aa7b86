"""The map as a plain script makes it: `python benchmarks/plain_folium.py DESA OUT.html`.

DESA: GeoParquet with `kode` and polygons in degrees. One choropleth per group and level (5 x 3), the shapes written
anew for each, invented values: what `lks-geo map`, whole process, is held beside.
"""

from __future__ import annotations

import sys

import folium
import geopandas as gpd
import numpy as np

GROUPS = ("anak", "lansia", "disabilitas", "napza", "kekerasan")
LEVELS = {"desa": 13, "kecamatan": 8, "kabupaten": 5}
"""Level -> how many letters of the code name its areas."""


def main(source: str, target: str) -> None:
    desa, rng = gpd.read_parquet(source)[["kode", "geometry"]], np.random.default_rng(1)
    for group in GROUPS:
        desa[group] = rng.random(len(desa))
    chart = folium.Map((-2.5, 119.2), zoom_start=8)
    for level, letters in LEVELS.items():
        areas = desa.assign(kode=desa["kode"].str[:letters]).dissolve("kode", aggfunc="mean").reset_index()
        for group in GROUPS:
            layer = folium.Choropleth(
                areas[["kode", group, "geometry"]].to_json(), data=areas, columns=["kode", group],
                key_on="feature.properties.kode", name=f"{level} {group}", show=False,
            )  # fmt: skip
            layer.add_to(chart)
    folium.LayerControl().add_to(chart)
    chart.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
