"""What surrounds a map by Indonesian habit: graticule, north arrow, scale bar, stamp, location map, far islands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.borders import COARSE_M, far_islands
from lks_geo.render.figure.map_frame import OUTLINE, MapFrame, desa_shown, transformer
from lks_geo.render.figure.map_paths import View, fit_view, shapes_of
from lks_geo.render.figure.paper import Box, Sheet, Type, shorten, shrink, text_width
from lks_geo.render.figure.topic import Topic

STEPS_MINUTES = (300, 120, 60, 30, 20, 15, 10, 5, 2, 1)
TICK_LOOK = Type(size=5.4, colour=style.INK_SOFT)
GRID = "#93A7B3"
STAMP_COLOUR = style.STATUS_COLOURS["belum_terlayani"]
LOCATION_ZOOM, LOCATION_ALONE = 2.6, 1.12
"""How much more than the province a location map shows: with its neighbours, or without any that are known."""


def graticule(sheet: Sheet, view: View, crs_m: str, texts: Texts) -> None:
    """Ticks and degrees along the four sides, where meridians and parallels cross them, and thin lines between."""
    inverse = transformer(crs_m, True)
    ends: dict[tuple[float, int], list[tuple[float, float]]] = {}
    x = np.linspace(view.x, view.x + view.width, 60)
    y = np.linspace(view.y, view.y + view.height, 60)
    for at, label_at, va in ((view.y + view.height, 1.7, "baseline"), (view.y, -1.7, "top")):
        metres = view.metres(np.column_stack([x, np.full_like(x, at)]))
        lon, _ = inverse.transform(metres[:, 0], metres[:, 1])
        for degree, place in _crossings(lon, x):
            sheet.line([(place, at), (place, at + np.sign(label_at) * 1.2)], style.INK, 0.5)
            sheet.text(place, at + label_at, _degree(texts, degree, "lon"), TICK_LOOK, ha="center", va=va)
            ends.setdefault((degree, 0), []).append((place, at))
    for at, side in ((view.x, -1), (view.x + view.width, 1)):
        metres = view.metres(np.column_stack([np.full_like(y, at), y]))
        _, lat = inverse.transform(metres[:, 0], metres[:, 1])
        for degree, place in _crossings(lat, y):
            sheet.line([(at, place), (at + side * 1.2, place)], style.INK, 0.5)
            x_text = at - 1.7 if side < 0 else at + 3.2
            sheet.text(x_text, place, _degree(texts, degree, "lat"), TICK_LOOK, ha="center", rotation=90)
            ends.setdefault((degree, 1), []).append((at, place))
    for line in ends.values():
        if len(line) == 2:
            sheet.line(line, GRID, 0.3, zorder=1.5)


def _crossings(degrees: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Round degrees that the side passes, each with its place; away from the corners."""
    low, high = float(degrees.min()), float(degrees.max())
    for minutes in STEPS_MINUTES:
        step = minutes / 60
        marks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
        if len(marks) >= 4:
            break
    order = np.argsort(degrees)
    places = np.interp(marks, degrees[order], at[order])
    edge = 6.0
    inside = (at[0] + edge < places) & (places < at[-1] - edge)
    return list(zip(marks[inside].tolist(), places[inside].tolist(), strict=True))


def _degree(texts: Texts, value: float, axis: str) -> str:
    minutes = round(abs(value) * 60)
    side = ("west" if value < 0 else "east") if axis == "lon" else ("south" if value < 0 else "north")
    text = f"{minutes // 60}°{minutes % 60:02d}'"
    return texts(f"figure.degree_{side}", degree=text)


def north_arrow(sheet: Sheet, x: float, y: float, height: float, texts: Texts) -> None:
    """A two-tone needle whose foot is at (x, y)."""
    from matplotlib.patches import Polygon

    half, tail = height * 0.27, height * 0.2
    for side, fill in ((-1, style.INK), (1, "#FFFFFF")):
        corners = [(x, y + height), (x + side * half, y), (x, y + tail)]
        sheet.add(
            Polygon(
                corners, facecolor=fill, edgecolor=style.INK, linewidth=sheet.points(0.6), joinstyle="miter", zorder=5
            )
        )
    sheet.text(x, y + height + 1.0, texts("figure.north"), Type(size=7.5, bold=True), ha="center")


def scale_bar(sheet: Sheet, x: float, y: float, width: float, *, unit_m: float, texts: Texts) -> None:
    """A bar of three or four equal parts in round kilometres, at most `width` long, true to the map."""
    room_km = width * unit_m / 1000
    parts = 3
    step_km = _round_down(room_km / parts)
    if step_km * 4 <= room_km:
        parts = 4
    step = step_km * 1000 / unit_m
    for i in range(parts):
        fill = style.INK if i % 2 == 0 else "#FFFFFF"
        sheet.rect(x + i * step, y, step, 1.4, fill=fill, edge=style.INK, line=0.5)
    look = Type(size=6)
    for i in range(parts + 1):
        number = texts.plain(step_km * i)
        label = texts("figure.km", km=number) if i == parts else number
        end = x + i * step
        shift = (text_width(label, look) - text_width(number, look)) / 2
        sheet.text(end + shift, y - 2.9, label, look, ha="center")


def _round_down(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step * power for step in (1, 2, 2.5, 5) if step * power <= value * 1.0001))


def stamp(sheet: Sheet, right: float, top: float, text: str, size: float = 11) -> Box:
    """DATA CONTOH in a box whose upper right corner is given."""
    look = Type(size=size, bold=True, colour=STAMP_COLOUR)
    width, height = text_width(text, look) + size * 0.3, size * 0.6
    sheet.rect(
        right - width, top - height, width, height, fill="#FFFFFF", edge=STAMP_COLOUR, line=1.4, zorder=7,
    )  # fmt: skip
    sheet.text(right - width / 2, top - height / 2, text, look, ha="center", va="center", zorder=7.1)
    return Box(right - width, top - height, right, top, text)


def location_map(sheet: Sheet, box: Box, topic: Topic) -> None:
    """Where the province lies among its neighbours, and the kabupaten in the province.

    Where no neighbours are known nothing is drawn as sea: land may lie there.
    """
    from matplotlib.collections import PathCollection

    x, y, width, height = box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0
    shapes = shapes_of(topic.coverage.boundaries)
    around, province, kabupaten = (shapes.tiny(level) for level in ("neighbours", "provinsi", "kabupaten"))
    left, bottom, right, top = shapely.total_bounds(province.geometry)
    alone = not len(around.index)
    size = (LOCATION_ALONE if alone else LOCATION_ZOOM) * max((right - left) / width, (top - bottom) / height)
    centre_x, centre_y = (left + right) / 2, (bottom + top) / 2
    bounds = (centre_x - size * width / 2, centre_y - size * height / 2, centre_x + size * width / 2,
              centre_y + size * height / 2)  # fmt: skip
    view, _ = fit_view(bounds, (x, y, width, height), sheet.unit_mm, margins=(0, 0, 0, 0), round_scale=False)
    clip = sheet.rect(x, y, width, height, fill="#FFFFFF" if alone else style.SEA, zorder=3)
    every = np.ones(len(around.index), dtype=bool)
    layers = [
        (around, every, "#DFE1DE", style.COAST),
        (province, np.ones(len(province.index), dtype=bool), "#8FB0C4" if topic.wanted else style.ACCENT, OUTLINE),
        (kabupaten, kabupaten.index.isin(topic.wanted), style.ACCENT, OUTLINE),
    ]
    for layer, which, fill, edge in layers:
        path = layer.path(which & layer.seen(view), view)
        if path is not None:
            drawn = PathCollection([path], facecolors=fill, edgecolors=edge, linewidths=sheet.points(0.3), zorder=3.5)
            sheet.add(drawn)
            drawn.set_clip_path(clip)
    sheet.rect(x, y, width, height, edge=style.INK, line=0.8, zorder=4)


def island_inset(frame: MapFrame) -> tuple[Box, View] | None:
    """An inset for far islands: one circle per island in its class colour, not to scale; its room for numbers and its
    view come back."""
    from matplotlib.patches import Circle

    topic, sheet, texts = frame.topic, frame.sheet, frame.topic.texts
    layer, shown = frame.shapes.layer("desa", COARSE_M), desa_shown(topic)
    far = np.zeros(len(shown), dtype=bool)
    far[shown] = far_islands(topic.coverage.boundaries, "desa", layer.index[shown], topic.kabupaten) > 0
    if not far.any():
        return None
    box = _emptiest_corner(frame)
    x, y, width, height = box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0
    names = topic.coverage.boundaries.desa[far]
    parts, owner = shapely.get_parts(layer.geometry[far], return_index=True)
    spots = shapely.get_coordinates(shapely.centroid(parts))
    bounds = (*spots.min(axis=0), *spots.max(axis=0))
    view, _ = fit_view(bounds, (x, y, width, height), sheet.unit_mm, margins=(4, 4, 4, 9), round_scale=False)
    sheet.rect(x, y, width, height, fill="#FFFFFF", edge=style.INK, line=0.8, zorder=6)
    kecamatan = sorted(set(names["kecamatan"].astype(str)))
    title = kecamatan[0] if len(kecamatan) == 1 else texts("figure.far_islands")
    look = shrink(title, Type(size=6.2, bold=True), width - 3, 5)
    sheet.text(x + 1.5, y + height - 3, shorten(title, look, width - 3), look, zorder=6.5)
    note = texts("figure.islands_note")
    look = shrink(note, Type(size=5.2, colour=style.INK_SOFT), width - 3, 5)
    sheet.text(x + 1.5, y + height - 5.7, note, look, zorder=6.5)
    parents = names.index if topic.level == "desa" else names[f"kode_{topic.level}"]
    classes = topic.class_of.reindex(np.asarray(parents, dtype=object)).to_numpy()
    colours = {kind.key: kind.colour for kind in topic.classes}
    for (spot_x, spot_y), row in zip(view.units(spots), owner, strict=True):
        hatch = style.HATCHES.get(classes[row])
        sheet.add(
            Circle((spot_x, spot_y), 0.75, facecolor=colours[classes[row]], edgecolor=OUTLINE, hatch=hatch,
                   linewidth=sheet.points(0.4), zorder=6.4)
        )  # fmt: skip
    frame.ground.take(box)
    return Box(x - 2, y - 2, x + width + 2, y + height - 4.5), view


def _emptiest_corner(frame: MapFrame) -> Box:
    """Where an inset covers least land and text."""
    view, edge = frame.view, 2.0
    width, height = min(38 * frame.strong, view.width * 0.3), min(27 * frame.strong, view.height * 0.2)
    left, right = view.x + edge, view.x + view.width - width - edge
    low, high = view.y + edge, view.y + view.height - height - edge
    boxes = [Box(x, y, x + width, y + height) for x, y in ((left, high), (left, low), (right, low))]
    ground = frame.ground
    return min(boxes, key=lambda box: ground.share_owned(box) + sum(box.overlaps(other) for other in ground.taken))
