"""The map inside its frame: fills, borders, symbols, priority numbers, names, graticule.

Fills are one compound path per class, borders one collection per kind, so that a province takes a few dozen artists.
Areas outside the kabupaten shown are faded, and neighbours grey, so that no border reads as a coast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from lks_geo.render import style
from lks_geo.render.borders import COARSE_M, DIVIDES, far_islands
from lks_geo.render.figure.label_places import Ground, push_apart, survey
from lks_geo.render.figure.map_paths import Layer, Shapes, View, shapes_of, tolerance_for
from lks_geo.render.figure.paper import Box, Sheet, Type
from lks_geo.render.figure.topic import Topic
from lks_geo.thrift import kept

Floats = npt.NDArray[np.float64]
PRINT_LAND = "#F1F1EF"
OUTLINE = "#3E4C57"
DASH_DOT = (0, (5, 1.6, 1.2, 1.6))
DISC_RADIUS = 2.05
FADE = 0.84
CROWD = 60
SPECK_MM = 1.5
"""An area on a small island takes at least so much of the paper: else a dot of this size stands for it."""
ISLANDS = 0.5
"""With more islets for each area than this, it is a map of islands: coasts are thin lines, or they would hide them."""
LINES = {
    "desa": ("#FFFFFF", 0.22, "solid"),
    "kecamatan": ("#FFFFFF", 0.75, "solid"),
    "kabupaten": (style.INK, 0.95, DASH_DOT),
    "provinsi": (style.INK, 1.2, DASH_DOT),
    "luar": (OUTLINE, 0.75, "solid"),
}
CASING = 2.3


@dataclass
class MapFrame:
    """A window of a sheet with what is drawn in it. `strong` scales symbols and lines (slides are seen from afar)."""

    sheet: Sheet
    view: View
    topic: Topic
    strong: float = 1.0
    clip: Any = None
    ground: Ground = field(init=False)

    def __post_init__(self) -> None:
        view = self.view
        self.clip = self.sheet.rect(view.x, view.y, view.width, view.height, fill="#FFFFFF", zorder=0)
        self.tolerance = tolerance_for(view.unit_m / max(self.sheet.unit_mm, 1.0))
        level = "kabupaten" if self.topic.kabupaten is None else "kecamatan"
        shapes = self.shapes
        owner = kept(shapes, ("ground", level, view), lambda: survey(view, shapes.layer(level, COARSE_M).geometry))
        self.ground = Ground(view, owner)
        self.specks = specks_of(self.topic, view, self.sheet.unit_mm)
        self.islands = self._islets() > ISLANDS * self.topic.inside.sum()

    @property
    def shapes(self) -> Shapes:
        """What the map is painted with."""
        return shapes_of(self.topic.coverage.boundaries)

    def _islets(self) -> int:
        """How many pieces of what is shown are hardly seen on paper."""
        layer = self.shapes.layer(self.topic.level, COARSE_M)
        pieces = shapely.get_parts(layer.geometry[near(self.topic, layer)])
        return int((np.sqrt(shapely.area(pieces)) / self.view.unit_m * self.sheet.unit_mm < SPECK_MM).sum())

    def fills(self) -> None:
        """Neighbours, then the areas by class; those outside the kabupaten shown are faded."""
        around = self.shapes.neighbours_in(self.view)
        self._path(around.path(around.seen(self.view), self.view), PRINT_LAND, zorder=0.5, edge=style.COAST)
        layer = self.shapes.layer(self.topic.level, self.tolerance)
        keys = self.topic.class_of.reindex(layer.index).to_numpy()
        seen = layer.seen(self.view)
        inside = pd.Series(self.topic.inside, index=self.topic.names.index).reindex(layer.index).to_numpy(dtype=bool)
        for kind in self.topic.classes:
            members = (keys == kind.key) & seen
            if kind.key in style.HATCHES:
                self._hatched(layer.path(members & inside, self.view), kind)
                self._path(layer.path(members & ~inside, self.view), PRINT_LAND)
                continue
            self._path(layer.path(members & inside, self.view), kind.colour)
            self._path(layer.path(members & ~inside, self.view), faded(kind.colour))

    def borders(self) -> None:
        """Border lines from the finest kind to the outline; kabupaten borders on a white casing."""
        shapes = self.shapes
        for kind in DIVIDES[DIVIDES.index(self.topic.level) :]:
            lines = shapes.lines(kind, self.tolerance).path(self.view)
            colour, width, dash = LINES[kind]
            width *= 0.4 if self.islands and kind == "luar" else 1
            if kind in ("kabupaten", "provinsi"):
                self._lines(lines, "#FFFFFF", CASING, "solid", zorder=2)
            self._lines(lines, colour, width, dash, zorder=2.1)
        for code in self.topic.wanted:
            lines = shapes.outline("kabupaten", code, self.tolerance, coast=not self.islands).path(self.view)
            self._lines(lines, "#FFFFFF", CASING + 0.9, "solid", zorder=2.2)
            self._lines(lines, style.INK, 1.5, "solid", zorder=2.3)

    def dots(self) -> None:
        """A dot in the colour of its class for each area on an island too small to be seen, those of the gap on top."""
        layer, radius = self.shapes.layer(self.topic.level, COARSE_M), SPECK_MM / 2 / self.sheet.unit_mm
        keys, at = self.topic.class_of.reindex(layer.index).to_numpy(), self.view.units(layer.points)
        from matplotlib.patches import Circle

        for kind in self.topic.classes[::-1]:
            for x, y in at[self.specks & (keys == kind.key) & self._in_view(at)]:
                dot = Circle((x, y), radius * self.strong, facecolor=kind.colour, edgecolor=OUTLINE,
                             linewidth=self.sheet.points(0.3), zorder=2.4)  # fmt: skip
                self.sheet.add(dot)
                self.ground.take(Box(x - radius, y - radius, x + radius, y + radius))

    def symbols(self) -> Floats:
        """The places of the group; their positions in units come back."""
        points = self.topic.points()
        if points.empty:
            return np.zeros((0, 2))
        at = self.units(points["bujur"].to_numpy(float), points["lintang"].to_numpy(float))
        counted = points["dihitung"].to_numpy(dtype=bool)
        seen = self._in_view(at)
        marker = style.MARKERS[self.topic.target_group.symbol]
        for which, face in ((~counted & seen, "#FFFFFF"), (counted & seen, self.topic.target_group.colour)):
            self._markers(at[which], marker, face, 3.6 if seen.sum() <= CROWD else 2.8)
        for x, y in at[seen]:
            self.ground.take(Box(x - 1, y - 1, x + 1, y + 1))
        return at[seen]

    def discs(self, ranked: pd.DataFrame, inset: tuple[Box, View] | None = None) -> None:
        """White discs with the `no` of a list of desa, pushed apart, with a leader where they moved; those of far
        islands in the room and view of their inset."""
        layer = self.shapes.layer(self.topic.level, self.tolerance)
        rows, number = layer.index.get_indexer(pd.Index(ranked["kode"])), ranked["no"].to_numpy()
        points, far = layer.points[rows], np.zeros(len(rows), dtype=bool)
        if inset is not None:
            boundaries = self.topic.coverage.boundaries
            far = far_islands(boundaries, self.topic.level, layer.index, self.topic.kabupaten)[rows] > 0
            room, view = inset
            self._numbered(view.units(points[far]), number[far], face="white", ink=style.INK, room=room, over=1)
        home = self.view.units(points)
        seen = self._in_view(home) & (rows >= 0) & ~far
        self._numbered(home[seen], number[seen], face="white", ink=style.INK)

    def sites(self, planned: pd.DataFrame) -> None:
        """Dark discs with the `urutan` of the sites of a plan, pushed apart."""
        home = self.units(planned["bujur"].to_numpy(float), planned["lintang"].to_numpy(float))
        seen = self._in_view(home)
        self._numbered(home[seen], planned["urutan"].to_numpy()[seen], face=style.ACCENT, ink="white")

    def _numbered(
        self,
        home: Floats,
        numbers: npt.NDArray[np.int64],
        *,
        face: str,
        ink: str,
        room: Box | None = None,
        over: float = 0,
    ) -> None:
        """`room`: where they stay; `over`: how much above the usual order of drawing."""
        if not len(home):
            return
        radius = DISC_RADIUS * self.strong
        at = push_apart(home, radius * 2.15, room or self.ground.frame)
        from matplotlib.patches import Circle

        for (x, y), (home_x, home_y), number in zip(at, home, numbers, strict=True):
            if np.hypot(x - home_x, y - home_y) > radius * 0.9:
                self.sheet.line([(home_x, home_y), (x, y)], style.INK, 0.5, zorder=6 + over)
                self.sheet.add(Circle((home_x, home_y), 0.4, color=style.INK, zorder=6 + over))
            self.sheet.add(
                Circle((x, y), radius, facecolor=face, edgecolor=ink, zorder=6.1 + over,
                       linewidth=self.sheet.points(0.7 * self.strong))
            )  # fmt: skip
            look = Type(size=max((5.6 if number < 100 else 4.6) * self.strong, 5), bold=True, colour=ink)
            self.sheet.text(x, y, str(number), look, ha="center", va="center", zorder=6.2 + over)
            self.ground.take(Box(x - radius, y - radius, x + radius, y + radius))

    def units(self, lon: Floats, lat: Floats) -> Floats:
        """Degrees as units on the sheet."""
        x, y = transformer(self.shapes.crs_m).transform(lon, lat)
        return self.view.units(np.column_stack([x, y]))

    def edge(self, width: float = 0.9) -> None:
        """The frame itself, over everything."""
        view = self.view
        self.sheet.rect(view.x, view.y, view.width, view.height, edge=style.INK, line=width, zorder=8)

    def _in_view(self, at: Floats) -> npt.NDArray[np.bool_]:
        frame = self.ground.frame
        return (at[:, 0] > frame.x0) & (at[:, 0] < frame.x1) & (at[:, 1] > frame.y0) & (at[:, 1] < frame.y1)

    def _lines(self, path: Any, colour: str, width: float, dash: Any, zorder: float) -> None:
        from matplotlib.patches import PathPatch

        if path is None:
            return
        ends = "round" if dash == "solid" else "butt"
        drawn = PathPatch(
            path, facecolor="none", edgecolor=colour, linewidth=self.sheet.points(width * self.strong), linestyle=dash,
            zorder=zorder, capstyle=ends, joinstyle="round",
        )  # fmt: skip
        self.sheet.add(drawn)
        drawn.set_clip_path(self.clip)

    def _path(self, path: Any, colour: str, zorder: float = 1, edge: str | None = None) -> None:
        from matplotlib.patches import PathPatch

        if path is None:
            return
        patch = PathPatch(
            path,
            facecolor=colour,
            edgecolor=edge or "none",
            linewidth=self.sheet.points(0.4) if edge else 0,
            zorder=zorder,
        )
        self.sheet.add(patch)
        patch.set_clip_path(self.clip)

    def _hatched(self, path: Any, kind: style.MapClass) -> None:
        from matplotlib.patches import PathPatch

        if path is None:
            return
        patch = PathPatch(
            path, facecolor=kind.colour, edgecolor=style.HATCH, hatch=style.HATCHES[kind.key], linewidth=0, zorder=1
        )
        self.sheet.add(patch)
        patch.set_clip_path(self.clip)

    def _markers(self, at: Floats, marker: str, face: str, points: float) -> None:
        from matplotlib.lines import Line2D

        if not len(at):
            return
        size = self.sheet.points(points * self.strong)
        for extra, colour in ((2.0, "#FFFFFF"), (0.0, style.INK)):
            drawn = Line2D(
                at[:, 0], at[:, 1], linestyle="none", marker=marker, markersize=size + extra * self.sheet.unit_mm * 0.8,
                markerfacecolor=face if not extra else "#FFFFFF", markeredgecolor=colour,
                markeredgewidth=self.sheet.points(0.7), zorder=5.5,
            )  # fmt: skip
            self.sheet.add(drawn)
            drawn.set_clip_path(self.clip)


def specks_of(topic: Topic, view: View, unit_mm: float) -> npt.NDArray[np.bool_]:
    """Which areas shown are too small to be seen, by the order of the coarse layer; far islands have their inset."""
    layer = shapes_of(topic.coverage.boundaries).layer(topic.level, COARSE_M)
    return np.asarray(near(topic, layer) & hardly_seen(layer, view, unit_mm))


def near(topic: Topic, layer: Layer) -> npt.NDArray[np.bool_]:
    """Which areas of the layer of its level are shown in their place: no setting, no far islands."""
    inside = pd.Series(topic.inside, index=topic.names.index).reindex(layer.index).to_numpy(dtype=bool)
    return np.asarray(inside & (far_islands(topic.coverage.boundaries, topic.level, layer.index, topic.kabupaten) == 0))


def hardly_seen(layer: Layer, view: View, unit_mm: float) -> npt.NDArray[np.bool_]:
    """Which areas are too small on paper: not those of a town, only those on islands of which little is left."""
    area_mm, land_mm = np.sqrt([shapely.area(layer.main_parts), layer.land_m2]) / view.unit_m * unit_mm
    return np.asarray((area_mm < SPECK_MM) & (land_mm < 3 * SPECK_MM))


def desa_shown(topic: Topic) -> npt.NDArray[np.bool_]:
    """Which desa belong to what the map shows; the others are only its setting."""
    kabupaten = topic.coverage.boundaries.desa["kode_kabupaten"]
    return kabupaten.isin(topic.wanted).to_numpy() if topic.wanted else np.ones(len(kabupaten), dtype=bool)


@cache
def transformer(crs_m: str, inverse: bool = False) -> pyproj.Transformer:
    """Degrees to projected metres, or back."""
    ends = (crs_m, "EPSG:4326") if inverse else ("EPSG:4326", crs_m)
    return pyproj.Transformer.from_crs(*ends, always_xy=True)


def faded(colour: str) -> str:
    """The colour mixed with much white, for areas that are only the setting."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * FADE):02X}" for part in parts)
