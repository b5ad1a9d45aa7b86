"""Lines of text as matplotlib draws them, without its layout: the sheet has measured them and knows where each begins.

Reports hold thousands of short lines; without the layout of each, and so many small artists, a page takes half the
time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import PathEffectRenderer, Stroke


class Line(NamedTuple):
    """One line of text whose baseline begins at (x, y) in data units. `halo` is a colour around the letters."""

    x: float
    y: float
    text: str
    prop: FontProperties
    colour: str
    rotation: float = 0
    halo: str | None = None


class Words(Artist):
    """All lines of one height in the drawing order."""

    def __init__(self, zorder: float) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.set_zorder(zorder)

    def draw(self, renderer: Any) -> None:
        """Draws the lines; the halo of each first, as thick outlines of its letters."""
        transform, height = self.get_transform(), renderer.get_canvas_width_height()[1]
        for line in self.lines:
            if not line.text:
                continue
            x, y = transform.transform((line.x, line.y))
            if renderer.flipy():
                y = height - y
            gc = renderer.new_gc()
            gc.set_foreground(to_rgba(line.colour), isRGBA=True)
            if line.halo:
                outline = Stroke(linewidth=line.prop.get_size_in_points() * 0.32, foreground=line.halo)
                PathEffectRenderer([outline], renderer).draw_text(gc, x, y, line.text, line.prop, line.rotation)
            renderer.draw_text(gc, x, y, line.text, line.prop, line.rotation)
            gc.restore()
        self.stale = False
