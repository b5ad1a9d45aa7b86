"""A sheet of paper to draw on in millimetres, with text that is measured before it is set.

Every sheet is 210 units high whatever the paper (A4: one unit is one millimetre; A3: 1.41), so that one layout serves
all papers and only the width differs. Type is DejaVu Sans, which comes with matplotlib: the same on every machine.
Text is never parsed as mathematics. Signs that the font lacks (Han, private use, broken text) are shown as a visible
stand-in, not by a font of the machine, so that a page has the same bytes everywhere.
Widths are measured without hinting; the screen may differ from them by about one per cent.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lks_geo.render.style import INK

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PAPERS = {"a4": (297.0, 210.0), "a3": (420.0, 297.0), "16:9": (338.6667, 190.5)}
"""Landscape, width and height in mm."""

HEIGHT = 210.0
POINT = 25.4 / 72
LEADING = 1.32
DESCENT = 0.24
ASCENT = 0.76
ELLIPSIS = "…"
STAND_IN = "\ufffd"
"""What is printed for a sign that the font lacks."""
UNSEEN = ("Cc", "Cf")
"""Categories of signs that are never seen: controls, and marks of direction and joining."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a text stands on the sheet (units, y upward)."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str = ""

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two boxes come closer than `gap`."""
        return (
            self.x0 < other.x1 + gap
            and other.x0 < self.x1 + gap
            and self.y0 < other.y1 + gap
            and other.y0 < self.y1 + gap
        )

    def inside(self, other: Box, slack: float = 0.0) -> bool:
        """Whether this box lies wholly in the other one."""
        return (
            self.x0 >= other.x0 - slack
            and self.x1 <= other.x1 + slack
            and self.y0 >= other.y0 - slack
            and self.y1 <= other.y1 + slack
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """How a text looks: size in points (of A4), weight, colour. `any_sign`: it is shown by a program that has fonts for
    signs that ours lacks, such as Han."""

    size: float
    bold: bool = False
    colour: str = INK
    any_sign: bool = False


@cache
def font(bold: bool = False) -> FontProperties:
    """The bundled font of that weight, by file: no font search, no cache."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name))


@lru_cache(maxsize=500)
def sized_font(size: float, bold: bool) -> FontProperties:
    """The font at a size in points."""
    prop = font(bold).copy()
    prop.set_size(size)
    return prop


@cache
def _glyphs() -> frozenset[int]:
    """The signs that every weight has: a text may be set in any of them."""
    regular, bold = (_face(weight).get_charmap() for weight in (False, True))
    return frozenset(regular) & frozenset(bold)


@lru_cache(maxsize=20_000)
def clean_text(text: str) -> str:
    """The text as it is printed: one line, and every sign one that the font has.

    White space becomes a blank, what is never seen is left out, what the font lacks becomes the plain letters it
    stands for ("\U0001d5e3" is a "P") or else STAND_IN.
    """
    return "".join(map(_printed, unicodedata.normalize("NFC", text))).strip()


@lru_cache(maxsize=20_000)
def office_text(text: str) -> str:
    """The text as an office program gets it: as `clean_text`, but signs that our font lacks stay, if they are any."""
    signs = unicodedata.normalize("NFC", text)
    return "".join(sign if _is_foreign(sign) else _printed(sign) for sign in signs).strip()


@lru_cache(maxsize=5_000)
def _is_foreign(sign: str) -> bool:
    return ord(sign) not in _glyphs() and unicodedata.category(sign)[0] in "LMNPS"


def as_set(text: str, look: Type) -> str:
    """The text as it is set in that look."""
    return office_text(text) if look.any_sign else clean_text(text)


@lru_cache(maxsize=5_000)
def _printed(sign: str) -> str:
    if sign.isspace():
        return sign if sign == "\u00a0" else " "
    if unicodedata.category(sign) in UNSEEN or "VARIATION SELECTOR" in unicodedata.name(sign, ""):
        return ""
    for form in (sign, unicodedata.normalize("NFKC", sign)):
        if all(ord(part) in _glyphs() for part in form):
            return form
    return STAND_IN


@cache
def _face(bold: bool) -> Any:
    from matplotlib.font_manager import get_font

    return get_font(str(font(bold).get_file()))


@cache
def _advances(bold: bool) -> dict[str, float]:
    """Advances measured so far."""
    return {}


@lru_cache(maxsize=50_000)
def _width_at_100(text: str, bold: bool) -> float:
    """Sum of the advances of the signs; kerning is left out, which makes it a trifle too wide, not too narrow."""
    from matplotlib.ft2font import LoadFlags

    face, known = _face(bold), _advances(bold)
    for sign in text:
        if sign not in known:
            face.set_size(100, 72)
            known[sign] = (
                100.0
                if ord(sign) not in _glyphs()
                else face.load_char(ord(sign), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
            )
    return sum(known[sign] for sign in text)


def text_width(text: str, look: Type) -> float:
    """Width in units (mm on A4) of the text as it is set; a sign that the font lacks is as wide as it is high."""
    return _width_at_100(as_set(text, look), look.bold) * look.size / 100 * POINT


def shorten(text: str, look: Type, width: float) -> str:
    """The text cut to `width` with an ellipsis; whole if it fits."""
    text = as_set(text, look)
    if text_width(text, look) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + ELLIPSIS, look) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, look: Type, width: float, lines: int | None = None) -> list[str]:
    """The text broken at blanks into lines of at most `width`; with `lines`, the last one is shortened."""
    wrapped: list[str] = []
    for word in as_set(text, look).split(" "):
        joined = f"{wrapped[-1]} {word}" if wrapped else word
        if wrapped and text_width(joined, look) <= width:
            wrapped[-1] = joined
        else:
            wrapped.append(word)
    if lines is not None and len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], " ".join(wrapped[lines - 1 :])]
    return [shorten(line, look, width) for line in wrapped]


def shrink(text: str, look: Type, width: float, smallest: float) -> Type:
    """The same look in the largest size, not below `smallest`, in which the text fits."""
    wide = text_width(text, look)
    if wide <= width:
        return look
    size = max(smallest, look.size * width / wide * 0.995)
    return replace(look, size=size)


def squeezed(needs: list[float], width: float) -> list[float]:
    """Column widths that sum to `width`: narrow columns keep what they need, wide ones share the rest in proportion.

    A column is narrow if it needs no more than an even part of what is left.
    """
    widths = dict.fromkeys(range(len(needs)), 0.0)
    open_columns, left = list(widths), width
    while True:
        narrow = [j for j in open_columns if needs[j] <= left / len(open_columns)]
        if not narrow or len(narrow) == len(open_columns):
            break
        for j in narrow:
            widths[j] = needs[j]
        left -= sum(needs[j] for j in narrow)
        open_columns = [j for j in open_columns if j not in narrow]
    wanted = sum(needs[j] for j in open_columns)
    for j in open_columns:
        widths[j] = needs[j] / wanted * left
    return list(widths.values())


@dataclass
class Sheet:
    """One page. `boxes` remembers every text set, for the test that nothing is cut or covered."""

    paper: str = "a4"
    size_mm: tuple[float, float] | None = None
    figure: Figure = field(init=False)
    axes: Any = field(init=False)
    boxes: list[Box] = field(default_factory=list)
    words: dict[float, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from matplotlib.figure import Figure

        width_mm, height_mm = self.size_mm or PAPERS[self.paper]
        self.unit_mm = height_mm / HEIGHT if self.size_mm is None else 1.0
        self.width, self.height = width_mm / self.unit_mm, height_mm / self.unit_mm
        self.figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), facecolor="white")
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, self.width), ylim=(0, self.height))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        look: Type,
        *,
        ha: str = "left",
        va: str = "baseline",
        rotation: float = 0,
        halo: str | None = None,
        zorder: float = 5,
    ) -> Box:
        """One line of text at (x, y)."""
        from lks_geo.render.figure.lettering import Line, Words

        text = clean_text(text)
        box = text_box(x, y, text, look, ha=ha, va=va, upright=rotation == 0)
        start = (box.x0, box.y0 + look.size * POINT * DESCENT) if rotation == 0 else (x, box.y0)
        prop = sized_font(look.size * self.unit_mm, look.bold)
        if zorder not in self.words:
            self.words[zorder] = self.axes.add_artist(Words(zorder))
        self.words[zorder].lines.append(Line(*start, text, prop, look.colour, rotation, halo))
        self.boxes.append(box)
        return box

    def paragraph(
        self, x: float, y: float, width: float, text: str, look: Type, *, ha: str = "left", lines: int | None = None
    ) -> float:
        """Wrapped text whose first line has its top at `y`; the y below the last line comes back."""
        step = look.size * POINT * LEADING
        at = {"left": x, "center": x + width / 2, "right": x + width}[ha]
        for line in wrap(text, look, width, lines):
            self.text(at, y - look.size * POINT * 0.98, line, look, ha=ha)
            y -= step
        return y

    def line(self, points: list[tuple[float, float]], colour: str = INK, width: float = 0.5, **looks: Any) -> None:
        """A line through points; `width` in points."""
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        looks = dict[str, Any](solid_capstyle="butt", zorder=4) | looks
        self.axes.add_line(Line2D(xs, ys, color=colour, linewidth=width * self.unit_mm, **looks))

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        edge: str | None = None,
        line: float = 0.5,
        **looks: Any,
    ) -> Any:
        """A rectangle from its lower left corner."""
        from matplotlib.patches import Rectangle

        looks = {"zorder": 4} | looks
        patch = Rectangle(
            (x, y), width, height,
            facecolor=fill or "none", edgecolor=edge or "none", linewidth=line * self.unit_mm if edge else 0, **looks,
        )  # fmt: skip
        self.axes.add_patch(patch)
        return patch

    def add(self, artist: Any) -> Any:
        """Any other artist, in units."""
        self.axes.add_artist(artist)
        return artist

    def points(self, width: float) -> float:
        """A line width or size in points of A4 as points on this paper."""
        return width * self.unit_mm


def text_box(
    x: float, y: float, text: str, look: Type, *, ha: str = "left", va: str = "baseline", upright: bool = True
) -> Box:
    """The box of a line of text; ascent and descent are those of capitals with accents and of descenders."""
    width, high = text_width(text, look), look.size * POINT
    if not upright:
        return Box(x - high / 2, y - width / 2, x + high / 2, y + width / 2, text)
    left = {"left": x, "center": x - width / 2, "right": x - width}[ha]
    base = {"baseline": y, "center": y - high * 0.365, "top": y - high * ASCENT}[va]
    return Box(left, base - high * DESCENT, left + width, base + high * ASCENT, text)
