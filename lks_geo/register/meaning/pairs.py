"""One text that holds a latitude and a longitude: where it can be cut in two, maps links, metric pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

import pyproj

from lks_geo.register.meaning.angles import read_angle

Box = tuple[float, float, float, float]
"""(lon_min, lat_min, lon_max, lat_max) in degrees: what is plausible."""

_SPLITTERS = (
    re.compile(r"\s*;[\s;,]*"),
    re.compile(r"\s*,\s+|\s+,\s*|\s*&\s*|\s+(?:dan|and)\s+"),
    re.compile(r"(?<=[a-z])\s*[,./+]?\s*(?=[\d\-])|(?<=[\d°'\"])\s*[,./]?\s*(?=[a-z])"),
    re.compile(r"\s*/\s*"),
    re.compile(r"\s+"),
    re.compile(r","),
    re.compile(r"(?<=[\d°'\"])\s*(?=[+\-])"),
    re.compile(r"(?<=[\d°'\"])\s*-\s*(?=\d)"),
)
_MOST_LETTERS = 160


def splits(text: str) -> Iterator[list[tuple[str, str]]]:
    """Ways to cut a text in two, one list per kind of separator, the surest first."""
    if len(text) > _MOST_LETTERS:
        return
    for splitter in _SPLITTERS:
        pairs = [(text[: cut.start()].strip(" ,;"), text[cut.end() :].strip(" ,;")) for cut in splitter.finditer(text)]
        yield [(left, right) for left, right in pairs if _has_digit(left) and _has_digit(right)]


def _has_digit(text: str) -> bool:
    return any(letter.isdecimal() for letter in text)


_DECIMAL = r"([+-]?\d{1,3}\.\d+)"
_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_DECIMAL}!4d{_DECIMAL}",
        rf"(?:[?&](?:q|ll|query|destination|daddr|center|cbll)=(?:loc:)?|geo:){_DECIMAL}[,\s+]\s*{_DECIMAL}",
        rf"/(?:search|place|dir)/[^@]*?{_DECIMAL},\+?{_DECIMAL}",
        rf"@{_DECIMAL},{_DECIMAL}",
        rf"mlat={_DECIMAL}.*?mlon={_DECIMAL}",
        rf"#map=\d+(?:\.\d+)?/{_DECIMAL}/{_DECIMAL}",
    )
)
_LINKS_LON_FIRST = (
    re.compile(rf"!2d{_DECIMAL}!3d{_DECIMAL}"),
    re.compile(rf"point\s*(?:z\s*)?\(\s*{_DECIMAL}\s+{_DECIMAL}", re.IGNORECASE),
)
_FORM_APP = re.compile(
    r"\s*(-?\d{1,2}\.\d{3,})[\s,]+(-?\d{1,3}\.\d{3,})[\s,]+-?\d+(?:\.\d+)?(?:[\s,]+\d+(?:\.\d+)?)?\s*"
)


def linked_pair(text: str) -> str | None:
    """The pair in a maps link, a geo URI, a WKT point or a form app's `lat lon altitude accuracy`."""
    plain = unquote(text)
    for link in _LINKS:
        match = link.search(plain)
        if match is not None:
            return f"lat {match[1]} ; lon {match[2]}"
    for link in _LINKS_LON_FIRST:
        match = link.search(plain)
        if match is not None:
            return f"lat {match[2]} ; lon {match[1]}"
    match = _FORM_APP.fullmatch(plain)
    return None if match is None else f"{match[1]} ; {match[2]}"


_PROSE = re.compile(r"[^\W\d_]{3,}")
_ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DETAILED = re.compile(r"\d+[.,]\d{3,}")


def without_words(text: str) -> str:
    """The text without words that no coordinate has, if what is left is written in such detail that it must be one;
    else the text as it is."""
    kept = _PROSE.sub(lambda word: word[0] if read_angle(f"1.5 {word[0]}") else " ", text).strip(" ,;:.")
    detailed = kept.count("°") in (1, 2) or all(_DETAILED.fullmatch(number) for number in _ANY_NUMBER.findall(kept))
    return kept if detailed else text


_METRIC_WORDS = frozenset(
    ("utm", "zona", "zone", "wgs", "m", "me", "mn", "e", "n", "s", "l", "x", "y", "easting", "northing", "koordinat",
     "kordinat", "titik", "dan")
)  # fmt: skip
_METRIC_EXTRAS = frozenset((84.0, *map(float, range(46, 55))))
"""Numbers beside a metric pair: WGS 84 and the zones of Indonesia."""
_METRIC_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GLUED_PAIR = re.compile(r"(?<=\d{6}),(?=\d{6})")


def metric_points(text: str, box: Box) -> list[tuple[float, float]]:
    """(lat, lon) of a UTM easting and northing in either order, in the zones that the box touches, within the box.

    Nothing but the two numbers, UTM words and a zone may stand in the text.
    """
    if "-" in text or not _METRIC_WORDS.issuperset(re.findall(r"[^\W\d_]+", text)):
        return []
    numbers = [_metres(match) for match in _METRIC_NUMBER.findall(_GLUED_PAIR.sub(" ", text))]
    long = [number for number in numbers if number >= 100_000]
    if len(long) != 2 or not _METRIC_EXTRAS.issuperset(number for number in numbers if number < 100_000):
        return []
    found = set()
    for zone in range(int((box[0] + 180) // 6) + 1, int((box[2] + 180) // 6) + 2):
        for south in (True, False):
            for easting, northing in (long, long[::-1]):
                if easting <= 900_000 and northing <= 10_000_000:
                    lon, lat = _utm(zone, south).transform(easting, northing)
                    found.add((lat, lon))
    return sorted((lat, lon) for lat, lon in found if box[0] <= lon <= box[2] and box[1] <= lat <= box[3])


@cache
def _utm(zone: int, south: bool) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(f"EPSG:{(32700 if south else 32600) + zone}", "EPSG:4326", always_xy=True)


def _metres(written: str) -> float:
    """A number with thousands separators, decimal comma or decimal point; the last of two kinds is the decimal one."""
    groups, separators = re.split(r"[.,]", written), re.findall(r"[.,]", written)
    thousands = len(set(separators)) == 1 and all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    if not separators or thousands:
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1])
