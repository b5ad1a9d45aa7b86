"""Time and size of the interactive map against a plain folium script: `python benchmarks/bench_map.py [FOLDER]`.

The plain script does what most do: one choropleth layer per group and level (5 x 3), the shapes written anew for each,
with tooltips, on the same simplified shapes. Ours holds all measures and all filter settings. Both start from the same
coverage; the time to get there is shown apart. Pages are left in FOLDER (default: a temporary one).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import folium

from lks_geo import pipeline
from lks_geo.render.borders import drawing
from lks_geo.render.style import NO_DATA, NO_DATA_COLOUR, STATUS_COLOURS
from lks_geo.render.webmap.page_file import write_map
from lks_geo.settings import Settings
from lks_geo.tables import Coverage

LEVELS = ("desa", "kecamatan", "kabupaten")
COLOURS = STATUS_COLOURS | {NO_DATA: NO_DATA_COLOUR}
FIELDS = ["nama", "status", "sasaran", "jarak_km", "cakupan", "belum_terjangkau"]


def plain(path: Path, coverage: Coverage) -> None:
    """A map as a plain script makes it."""
    chart = folium.Map(location=(-2.5, 119.3), zoom_start=8)
    for group in coverage.groups:
        for level in LEVELS:
            shapes = drawing(coverage.boundaries, level, 110.0)[["geometry"]]
            rows = shapes.join(coverage.at(level, group.key)[FIELDS])
            rows["status"] = rows["status"].astype(object).where(rows["status"].notna(), NO_DATA)
            layer = folium.GeoJson(
                rows.to_json(),
                name=f"{group.key} {level}",
                style_function=lambda area: {"fillColor": COLOURS[area["properties"]["status"]], "weight": 0.5},
                tooltip=folium.GeoJsonTooltip(fields=FIELDS),
                show=False,
            )
            layer.add_to(chart)
    folium.LayerControl().add_to(chart)
    chart.save(str(path))


def timed(what: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{what:<34} {time.perf_counter() - start:6.2f} s")


def main(folder: Path) -> None:
    settings = Settings()
    world = pipeline.read_world(pipeline.Request(settings=settings))
    coverage = pipeline.measure_world(world, settings)
    variants = pipeline.measure_variants(world, coverage)
    theirs, ours = folder / "folium.html", folder / "peta.html"
    timed("plain folium, one filter setting", lambda: plain(theirs, coverage))
    timed(f"write_map, {len(variants)} filter settings", lambda: write_map(ours, variants, overwrite=True))
    for path in (theirs, ours):
        print(f"{path.name:<34} {path.stat().st_size / 1e6:6.2f} MB")
    command = [
        sys.executable,
        "-m",
        "lks_geo",
        "map",
        str(pipeline.shipped.EXAMPLE_REGISTER),
        "-o",
        str(ours),
        "--overwrite",
    ]
    timed("lks-geo map, whole process", lambda: subprocess.run(command, check=True, capture_output=True))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
