"""How the lines of text of a sheet are drawn, without the layout of matplotlib.

The sheet has measured its lines and knows where each begins. Reports hold thousands of short ones: as artists of their
own, each laid out anew, they took half the time of a page. In a PDF or SVG they stay text, which can be searched. In a
picture they are the outlines of their letters, filled, all lines of a look at once: a third of the time that letter
after letter takes. Writing in which signs change with their neighbours (Arabic, marks over letters) is left to
matplotlib. Lacks: ligatures in pictures ("fi" is an f and an i).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import Kerning, LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

Floats = npt.NDArray[np.float64]
SIZE = 100.0
"""Points at which letters are taken from the font, to be scaled."""
HALO = 0.32
"""How wide the pen of a halo is, as a part of the size of the type."""
ALONE = (range(0x20, 0x590), range(0x1E00, 0x2C00))
"""Where the signs lie that look the same beside whatever others: Latin, Greek, Cyrillic, punctuation, symbols."""


class Line(NamedTuple):
    """One line of text whose baseline begins at (x, y) in data units. `halo` is a colour around the letters."""

    x: float
    y: float
    text: str
    prop: FontProperties
    colour: str
    rotation: float = 0
    halo: str | None = None

    @property
    def look(self) -> tuple[str, str | None, float, bool]:
        """What lines that are drawn at once have in common."""
        return self.colour, self.halo, self.prop.get_size_in_points() if self.halo else 0.0, stands_alone(self.text)


class Words(Artist):
    """All lines of one height in the drawing order."""

    def __init__(self, zorder: float) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.set_zorder(zorder)

    def draw(self, renderer: Any) -> None:
        """Draws the lines; halos first, as thick outlines of the letters."""
        lines = [line for line in self.lines if line.text]
        at = self.get_transform().transform(np.array([line[:2] for line in lines]).reshape(-1, 2))
        is_picture = hasattr(renderer, "buffer_rgba")
        for (colour, halo, size, alone), run in groupby(zip(lines, at, strict=True), lambda one: one[0].look):
            members = list(run)
            outline = _outline(members, renderer.points_to_pixels(1.0)) if alone and (halo or is_picture) else None
            if halo and outline:
                _draw(renderer, outline, halo, pen=size * HALO)
            if is_picture and outline:
                _draw(renderer, outline, colour)
                continue
            for line, (x, y) in members:
                _set(renderer, line, x, y, halo=not alone)
        self.stale = False


def _draw(renderer: Any, outline: Path, colour: str, pen: float = 0.0) -> None:
    """Fills an outline or, with a `pen` so wide (points), draws it."""
    gc = renderer.new_gc()
    gc.set_linewidth(pen)
    gc.set_foreground(to_rgba(colour), isRGBA=True)
    gc.set_joinstyle("round")
    gc.set_snap(False)
    renderer.draw_path(gc, outline, IdentityTransform(), None if pen else to_rgba(colour))
    gc.restore()


def _set(renderer: Any, line: Line, x: float, y: float, *, halo: bool) -> None:
    """Has the renderer set one line at (x, y), which are its pixels or points, upward; its halo too if asked."""
    if renderer.flipy():
        y = renderer.get_canvas_width_height()[1] - y
    gc = renderer.new_gc()
    gc.set_foreground(to_rgba(line.colour), isRGBA=True)
    if line.halo and halo:
        from matplotlib.patheffects import PathEffectRenderer, Stroke

        pen = Stroke(linewidth=line.prop.get_size_in_points() * HALO, foreground=line.halo)
        outline = PathEffectRenderer([pen], renderer)
        outline.draw_text(gc, x, y, line.text, line.prop, line.rotation)
    renderer.draw_text(gc, x, y, line.text, line.prop, line.rotation)
    gc.restore()


@lru_cache(maxsize=20_000)
def stands_alone(text: str) -> bool:
    """Whether each sign of a text looks the same whatever stands beside it."""
    return all(any(ord(sign) in block for block in ALONE) and not unicodedata.combining(sign) for sign in text)


def _outline(lines: Sequence[tuple[Line, Floats]], pixels: float) -> Path:
    """The letters of lines that begin at their places, as one path; `pixels`: how many a point has."""
    vertices: list[Floats] = []
    codes: list[npt.NDArray[Any]] = []
    for line, place in lines:
        file, turn = str(line.prop.get_file()), np.radians(line.rotation)
        letters = [_letter(file, sign) for sign in line.text]
        steps = [one.advance + _kerning(file, one.number, two.number) for one, two in pairwise(letters)]
        starts = np.concatenate([[0.0], np.cumsum(steps)])
        corners = np.concatenate([one.vertices for one in letters])
        corners[:, 0] += np.repeat(starts, [len(one.vertices) for one in letters])
        turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        vertices.append(corners @ turned * (line.prop.get_size_in_points() * pixels / SIZE) + place)
        codes += [one.codes for one in letters]
    return Path(np.concatenate(vertices), np.concatenate(codes))


class _Letter(NamedTuple):
    """A sign of a font at SIZE: its outline, how far the next one stands from its start, its number in the font."""

    vertices: Floats
    codes: npt.NDArray[Any]
    advance: float
    number: Any


@cache
def _letter(file: str, sign: str) -> _Letter:
    face = get_font(file)
    face.set_size(SIZE, 72)
    loaded = face.load_char(ord(sign), flags=LoadFlags.NO_HINTING)
    return _Letter(*face.get_path(), loaded.linearHoriAdvance / 65536, face.get_char_index(ord(sign)))


@cache
def _kerning(file: str, left: Any, right: Any) -> float:
    """How much closer two letters stand at SIZE."""
    face = get_font(file)
    face.set_size(SIZE, 72)
    return face.get_kerning(left, right, Kerning.UNFITTED) / 64
