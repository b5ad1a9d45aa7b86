"""Names on the map: kabupaten beside the coast, kecamatan in pills, desa inside their borders, LKS, neighbours in grey.

Order is importance: what comes first takes its place, and a name that finds none is left out, never drawn over another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from lks_geo.render import style
from lks_geo.render.borders import COARSE_M
from lks_geo.render.figure.label_places import led_to, place_beside, place_within
from lks_geo.render.figure.map_frame import MapFrame, transformer
from lks_geo.render.figure.paper import POINT, Box, Type, text_width, wrap
from lks_geo.said.areas import rows_of, rows_shown, short_place
from lks_geo.tables import UNREPORTED
from lks_geo.thrift import kept

SEAS = {
    "makassar": (116.0, -4.8, 119.9, 1.0), "jawa": (105.5, -6.9, 116.4, -3.2), "flores": (117.0, -8.2, 122.5, -6.0),
    "banda": (122.5, -7.8, 131.0, -3.6), "bone": (120.4, -5.5, 121.6, -2.7), "tomini": (120.2, -1.2, 123.4, 0.5),
    "sulawesi": (118.5, 1.6, 125.0, 5.0), "maluku": (124.8, -1.5, 127.2, 3.0), "seram": (127.0, -3.0, 131.5, -1.5),
    "arafura": (131.0, -9.5, 138.0, -5.0), "bali": (114.5, -8.0, 117.0, -7.0), "sawu": (119.0, -10.5, 124.0, -8.9),
    "hindia": (105.0, -12.0, 120.0, -9.0), "karimata": (107.0, -3.0, 110.0, 0.5), "natuna": (105.0, 1.0, 109.0, 4.5),
}  # fmt: skip
"""The seas around: key of their name, and a box (west, south, east, north in degrees) in which no other one lies."""
DARK = ("belum_terlayani", "k4", "k3")
STEP = 0.9
WIDEST_NAME = 42.0


def kabupaten_names(frame: MapFrame, *, size: float = 7.6, capitals: bool = True, counts: bool = True) -> None:
    """The name of each kabupaten shown, off the land where possible, with how many of its desa are unserved."""
    topic, texts = frame.topic, frame.topic.texts
    layer = frame.shapes.layer("kabupaten", COARSE_M)
    names = frame.shapes.names["kabupaten"]["nama"].astype(str).reindex(layer.index)
    desa = rows_shown(topic.coverage, "desa", topic.group)
    parents = topic.coverage.boundaries.desa["kode_kabupaten"].reindex(desa.index)
    unserved = (desa["status"].astype("string") == "belum_terlayani").fillna(False).groupby(parents).sum()
    whole = parents.value_counts()
    order = np.argsort(-(layer.bounds[:, 3] - layer.bounds[:, 1]), kind="stable")
    many = len(order) > 12
    look = Type(size=size * (0.75 if many else 1.0), bold=True)
    small = Type(size=max(look.size * 0.8, 5), colour=style.INK_SOFT)
    high = look.size * POINT
    for row in order.tolist():
        code = layer.index[row]
        if topic.wanted and code not in topic.wanted:
            continue
        name = short_place(names.iloc[row])
        name = name.upper() if capitals else name
        count = texts("figure.count_label", part=int(unserved.get(code, 0)), whole=int(whole.get(code, 0)))
        if code in topic.coverage.unreported:
            count = texts(f"style.status_{UNREPORTED}").lower()
        lines = wrap(name, look, WIDEST_NAME * look.size / 7.6, 2)
        shown = counts and code in whole.index
        width = max(*(text_width(line, look) for line in lines), text_width(count, small) if shown else 0) + 1.2
        tall = high * (1.2 * len(lines) + (1.15 if shown else 0.05))
        box = place_beside(frame.ground, int(row), width, tall)
        if box is None:
            continue
        frame.ground.take(box)
        _leader(frame, int(row), box)
        halo = "#FFFFFF" if frame.ground.share_owned(box) > 0 else None
        middle = (box.x0 + box.x1) / 2
        for i, line in enumerate(lines):
            frame.sheet.text(middle, box.y1 - high * (0.95 + 1.2 * i), line, look, ha="center", halo=halo, zorder=6.8)
        if shown:
            frame.sheet.text(middle, box.y0 + high * 0.28, count, small, ha="center", halo=halo, zorder=6.8)


def _leader(frame: MapFrame, row: int, box: Box) -> None:
    """A line from a name to the middle of its area, where the name stands far from it or nearer to another one."""
    target = led_to(frame.ground, row, box)
    if target is None:
        return
    start = (min(max(target[0], box.x0), box.x1), min(max(target[1], box.y0), box.y1))
    for colour, width in (("#FFFFFF", 1.8), (style.INK, 0.7)):
        frame.sheet.line([start, target], colour, width, zorder=6.7)


def kecamatan_names(frame: MapFrame, *, size: float = 5.6, counts: bool = True) -> None:
    """Pills "Mambi 13/13" on the kecamatan of the kabupaten shown; without `counts` only the names."""
    topic = frame.topic
    layer = frame.shapes.layer("kecamatan", COARSE_M)
    names = frame.shapes.names["kecamatan"].reindex(layer.index)
    desa = rows_shown(topic.coverage, "desa", topic.group, topic.kabupaten)
    parents = topic.coverage.boundaries.desa["kode_kecamatan"].reindex(desa.index)
    unserved = (desa["status"].astype("string") == "belum_terlayani").fillna(False).groupby(parents).sum()
    whole = parents.value_counts()
    wanted = np.flatnonzero((names["kode_kabupaten"] == topic.kabupaten).to_numpy())
    bold, plain = Type(size=size, bold=True), Type(size=size * 0.92)
    for row in sorted(wanted.tolist(), key=lambda area: -shapely.area(layer.geometry[area])):
        code = layer.index[row]
        name = str(names["nama"].iloc[row])
        count = f"{int(unserved.get(code, 0))}/{int(whole.get(code, 0))}" if counts and topic.pills else ""
        first, second = text_width(name, bold), text_width(count, plain)
        width, height = first + (second + 2.4 if count else 1.4), size * POINT * 1.35
        box = place_within(frame.ground, int(row), width, height)
        if box is None:
            continue
        frame.ground.take(box)
        frame.sheet.rect(box.x0, box.y0, width, height, fill="#FFFFFF", alpha=0.88, zorder=6.6)
        base = box.y0 + height * 0.29
        frame.sheet.text(box.x0 + 0.7, base, name, bold, zorder=6.8)
        frame.sheet.text(box.x1 - 0.7, base, count, plain, ha="right", zorder=6.8)


def desa_names(frame: MapFrame, *, sizes: tuple[float, ...] = (5.4, 5.0)) -> None:
    """Names of the desa of the kabupaten shown, most urgent first, in the largest type that finds room."""
    topic = frame.topic
    layer = frame.shapes.layer("desa", frame.tolerance)
    names = frame.shapes.names["desa"].reindex(layer.index)
    wanted = np.flatnonzero(((names["kode_kabupaten"] == topic.kabupaten).to_numpy()) & layer.seen(frame.view))
    urgency = rows_of(topic.coverage, "desa", topic.group)["prioritas"].reindex(layer.index).astype("Float64")
    order = pd.DataFrame({"row": wanted, "first": urgency.iloc[wanted].to_numpy(dtype=float, na_value=np.inf)})
    order["area"] = -shapely.area(layer.geometry[wanted])
    keys = topic.class_of.reindex(layer.index).to_numpy()
    colours = {kind.key: kind.colour for kind in topic.classes}
    for row in order.sort_values(["first", "area"], kind="stable")["row"]:
        dark = keys[row] in DARK
        spot = _room(frame, str(names["nama"].iloc[row]), layer.geometry[row], layer.points[row], sizes)
        if spot is None:
            continue
        x, y, lines, size, whole = spot
        colour, halo = ("#FFFFFF", colours[keys[row]]) if dark else (style.INK, colours.get(keys[row], "#FFFFFF"))
        look = Type(size=size, colour=colour)
        for i, line in enumerate(lines):
            at = y + (len(lines) - 1) * size * POINT * 0.55 - i * size * POINT * 1.1
            frame.sheet.text(x, at, line, look, ha="center", va="center", halo=None if whole else halo, zorder=6.4)


def place_names(frame: MapFrame, *, size: float = 5.0) -> None:
    """Names of the counted LKS beside their symbols, where there is room."""
    points = frame.topic.points()
    points = points[points["dihitung"].to_numpy(dtype=bool) & points["nama"].notna().to_numpy()].sort_values("nama")
    look = Type(size=size, colour=frame.topic.target_group.colour)
    spots = frame.units(points["bujur"].to_numpy(float), points["lintang"].to_numpy(float))
    for (x, y), name in zip(spots, points["nama"].astype(str), strict=True):
        wide, high = text_width(name, look), size * POINT
        for left, middle in ((x + 1.5, y), (x - 1.5 - wide, y), (x - wide / 2, y + 2.2), (x - wide / 2, y - 2.2)):
            box = Box(left, middle - high / 2, left + wide, middle + high / 2)
            if frame.ground.free(box, 0.2):
                frame.ground.take(box)
                frame.sheet.text(left, middle, name, look, va="center", halo="#FFFFFF", zorder=6.3)
                break


def _room(
    frame: MapFrame, name: str, geometry: Any, point: np.ndarray[tuple[int], np.dtype[np.float64]],
    sizes: tuple[float, ...],
) -> tuple[float, float, list[str], float, bool] | None:  # fmt: skip
    """Where a name fits: middle, lines, size, and whether it lies wholly inside; a third of it may leave the desa."""
    x0, y0 = frame.view.units(point[None, :])[0]
    words = name.split(" ")
    forms = [[name]]
    if len(words) > 1:
        cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(" ".join(words[i:]))))
        forms.append([" ".join(words[:cut]), " ".join(words[cut:])])
    for size in sizes:
        look = Type(size=size)
        for lines in forms:
            width = max(text_width(line, look) for line in lines)
            height = size * POINT * (0.95 + 1.1 * (len(lines) - 1))
            for dx, dy in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (0, 2), (0, -2), (2, 0), (-2, 0)):
                x, y = x0 + dx * STEP, y0 + dy * STEP
                box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                if not frame.ground.free(box, 0.25):
                    continue
                share = _inside_share(frame, geometry, box)
                if share >= 0.67:
                    frame.ground.take(box)
                    return x, y, lines, size, share > 0.97
    return None


def _inside_share(frame: MapFrame, geometry: Any, box: Box) -> float:
    corners = frame.view.metres(np.array([[box.x0, box.y0], [box.x1, box.y1]]))
    area = shapely.box(*corners[0], *corners[1])
    if not shapely.intersects_xy(geometry, *corners.mean(axis=0)):
        return 0.0
    inside = shapely.clip_by_rect(geometry, *corners[0], *corners[1])
    return float(shapely.area(inside) / shapely.area(area))


def around_names(frame: MapFrame, *, size: float = 6.0) -> None:
    """Neighbouring provinces, and on the page of a kabupaten the kabupaten around it, in grey."""
    topic, view = frame.topic, frame.view
    if topic.kabupaten is not None:
        layer = frame.shapes.layer("kabupaten", COARSE_M)
        names = frame.shapes.names["kabupaten"]["nama"].astype(str).reindex(layer.index)
        for row in np.flatnonzero(layer.seen(view) & (layer.index != topic.kabupaten)).tolist():
            name = short_place(names.iloc[row]).upper()
            _grey(frame, layer.geometry[row], [name], Type(size=size, colour=style.LAND_LABEL))
    around = frame.shapes.neighbours
    for row in np.flatnonzero(around.seen(view)).tolist():
        words = str(around.index[row]).upper().split(" ")
        lines = [words[0], " ".join(words[1:])] if len(words) > 1 else words
        _grey(frame, around.geometry[row], lines, Type(size=size * 0.95, colour=style.LAND_LABEL))


def sea_names(frame: MapFrame, *, size: float = 6.0) -> None:
    """The seas in view, in their widest spot of water."""
    for key, water in kept(frame.shapes, ("seas", frame.view), lambda: _seas(frame)):
        words = frame.topic.texts(f"figure.sea_{key}").split(" ")
        _grey(frame, water, words, Type(size=size, colour=style.SEA_LABEL))


def _seas(frame: MapFrame) -> list[tuple[str, Any]]:
    """The seas of SEAS that the window shows, without the land (metres); none where the land around is not known."""
    if not len(frame.shapes.neighbours.index):
        return []
    window = shapely.box(*frame.view.bounds_m)
    seas = []
    for key, (west, south, east, north) in SEAS.items():
        x, y = transformer(frame.shapes.crs_m).transform((west, east), (south, north))
        water = shapely.intersection(window, shapely.box(min(x), min(y), max(x), max(y)))
        if shapely.area(water) > 0:
            land = [*frame.shapes.layer("provinsi", COARSE_M).geometry, *frame.shapes.neighbours.geometry]
            around = shapely.union_all(shapely.make_valid(shapely.clip_by_rect(land, *shapely.bounds(water))))
            seas.append((key, shapely.difference(water, around)))
    return seas


def _grey(frame: MapFrame, geometry: Any, lines: list[str], look: Type) -> None:
    """A name in the widest visible spot of a piece of land, if there is room."""
    visible = shapely.clip_by_rect(geometry, *frame.view.bounds_m)
    if shapely.is_empty(visible) or shapely.area(visible) < (14 * frame.view.unit_m) ** 2:
        return
    parts = shapely.get_parts(visible)
    largest = parts[shapely.area(parts).argmax()]
    circle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=frame.view.unit_m * 2))
    x, y = frame.view.units(circle[:1])[0]
    width = max(text_width(line, look) for line in lines)
    step = look.size * POINT * 1.25
    for shift in (0.0, 6.0, -6.0, 12.0, -12.0, 18.0, -18.0):
        box = Box(x - width / 2, y + shift - step * len(lines) / 2, x + width / 2, y + shift + step * len(lines) / 2)
        if frame.ground.free(box, 0.8):
            frame.ground.take(box)
            for i, line in enumerate(lines):
                at = y + shift + (len(lines) - 1) * step / 2 - i * step
                frame.sheet.text(x, at, line, look, ha="center", va="center", zorder=3.2)
            return
