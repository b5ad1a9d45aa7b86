"""A line of text as matplotlib draws it, without its layout: the sheet has measured it and knows where it begins.

Reports hold thousands of short lines; skipping the layout of each halves the time of a page.
"""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import PathEffectRenderer, Stroke


class Words(Artist):
    """One line of text whose baseline begins at (x, y) in data units. `halo` is a colour around the letters."""

    def __init__(
        self, x: float, y: float, text: str, prop: FontProperties, colour: str, *, rotation: float = 0,
        halo: str | None = None, z: float = 5,
    ) -> None:  # fmt: skip
        super().__init__()
        self.at, self.words, self.prop = (x, y), text, prop
        self.colour, self.rotation, self.halo = to_rgba(colour), rotation, halo
        self.set_zorder(z)

    def draw(self, renderer: Any) -> None:
        """Draws the line; the halo first, as thick outlines of the letters."""
        if not self.words:
            return
        x, y = self.get_transform().transform(self.at)
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        gc = renderer.new_gc()
        gc.set_foreground(self.colour, isRGBA=True)
        self._set_gc_clip(gc)  # type: ignore[attr-defined]
        if self.halo:
            outline = Stroke(linewidth=self.prop.get_size_in_points() * 0.32, foreground=self.halo)
            PathEffectRenderer([outline], renderer).draw_text(gc, x, y, self.words, self.prop, self.rotation)
        renderer.draw_text(gc, x, y, self.words, self.prop, self.rotation)
        gc.restore()
        self.stale = False
