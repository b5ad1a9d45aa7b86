"""What an address says of its area: the names in it, by level, and how sure each is.

Decides: streets and landmarks don't count ("Jl. Desa Lama", "Samping Kantor Kec. Mamuju"); among the rest the last name
of a level does, and a known one before an unknown one. A part without a word for its level is an area only if it is, as
a whole, the name of one below the level that is sure: "Orobatu" before "Kec. Tapalang". Two known areas of one level,
each with its word, are both told and neither is taken.

Gets wrong: a hamlet or a block that is called like another desa of its kecamatan and stands alone in its part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lks_geo.register.areas.area_names import LEVEL_WORD, Names
from lks_geo.register.areas.gazetteer import EVERYWHERE, Gazetteer
from lks_geo.tables import LEVELS

_CITY = re.compile(r"\bkota\s", re.IGNORECASE)  # "Kota Palopo"
_OR_CITY = re.compile(r"\b(kab|kabupaten)\.?\s*/\s*kota\b", re.IGNORECASE)  # "Kab/Kota Mamuju"
_NO_AREA = re.compile(  # "Indonesia", "Kode Pos 91511", "91511", "RT. 01/RW. 02"
    r"\b(?:republik\s+)?indonesia\b|\bkode\s*pos\b\W*\d*|(?<![\d.,])\d{5}(?![\d.,])"
    r"|\bR\.?[TW]\b\.?\s*:?\s*[\dIVX]+(?:\s*/\s*(?:R\.?W\.?\s*)?[\dIVX]+)?\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"[,;\n()|]|/(?!\d)|(?<=\w{6})\.\s(?=\S)")  # "Mamuju, ", "Orobatu. Kec"
_DASH = re.compile(r"\s[-–—]\s")  # "Orobatu - Tapalang"; in a street, "Jl. Poros Palu - Mamuju", it cuts nothing
_NUMBER = re.compile(  # "No. 12 B", "KM 3,5", "Blok C2"
    r"\b(?:no|nomor|nmr|km|blok|lt|lantai)\b\.?\s*[\dIVX]*\w?\d*(?:[.,/-]\d+)?[a-z]?\b", re.IGNORECASE
)
_STREETS = frozenset(["jl", "jln", "jalan", "gang", "gg", "lorong", "lr", "poros", "raya", "lintas", "trans"])
_LANDMARKS = """
    komp komplek kompleks perumahan perum btn
    kantor balai aula lapangan pasar simpang simpangan sp pertigaan perempatan samping depan belakang dekat sebelah
    seberang sekitar menuju arah ke jembatan terminal puskesmas pustu polindes posyandu polsek koramil sekolah masjid
    mesjid gereja pura pos gerbang gapura batas perbatasan ujung eks bekas dermaga pelabuhan makam kuburan tpu gedung
    rumah rumdis kepala camat lurah kades bupati sd sdn sdk mi min smp smpn mts mtsn sma sman smk smkn ma man slb tk
    paud kb ra tpa universitas kampus bank toko warung hotel spbu pantai sungai gunung bukit bandara stadion taman
"""
_PASS = """
    dusun dsn lingkungan lingk ling link kampung kp kpg blok rt rw dukuh banjar no nomor km lantai
"""
_OPENERS = _STREETS.union(_LANDMARKS.split())
"""Words that make what follows them a street, a building or a landmark."""
_HAMLETS = frozenset(_PASS.split())
"""Words in front of the name of something smaller than a desa."""
_PLACE_BEHIND = re.compile(  # "Orobatu dusun 2", "Orobatu Jl. Poros"
    r"(?<=\w)\W+(?:dusun|dsn|lingkungan|lingk|rt|rw|jl|jln|jalan|gang|gg)\b", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W_]+(?:['’`-][^\W_]+)*")  # "Ba'ba", "Pao-Pao"
_NAME_ENDS = (_NUMBER, _DASH, _PLACE_BEHIND)
_MOST_WORDS, _NEAR = 8, 30


class Part(NamedTuple):
    """A piece of an address: the level that a word in front of it says ("" if none), its text, and whether it is a
    street or a landmark."""

    level: str
    text: str
    weak: bool


@dataclass(slots=True)
class AddressNames:
    """The names that an address states, by level.

    `names`: to look for. `weak`: the levels that only a street or landmark is called after, `bare`: those without a
    word for their level. `contested`: codes of known desa that contradict each other. `stated`: the smallest area that
    the address names without doubt (a code). `abroad`: level and name of an area outside the map, beside which nothing
    else counts.
    """

    names: Names = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    contested: tuple[str, ...] = ()
    stated: str | None = None
    abroad: tuple[str, str] | None = None


def told_part(address: str | None) -> str | None:
    """What may name areas in an address whose street does not matter: from the first word for a level on, with the word
    before it if that takes it away, else what stands behind a comma; None if there is neither. Twice told is once told.
    """
    if not address:
        return None
    word = LEVEL_WORD.search(address) or _CITY.search(address)
    if word is None:
        _, *behind = address.rsplit(",", maxsplit=3)
        return "," + ",".join(behind) if behind else None
    return _opener(address[: word.start()]) + address[word.start() :]


def without_street(address: str | None) -> str | None:
    """An address without the street that it begins with, so that many rows say the same: "Jl. Melati No. 4, Bela"; what
    stands behind the house number is no street: "Jl. Melati No. 4 Orobatu, Tapalang"."""
    if not address:
        return None
    street, comma, behind = address.partition(",")
    if not comma or not _begins(street, _STREETS) or LEVEL_WORD.search(street):
        return address
    rest = _NUMBER.split(street)[-1].strip() if _NUMBER.search(street) else ""
    return f"{rest},{behind}" if rest else behind


def parts_of(address: str) -> list[Part]:
    """The parts of an address in their order."""
    return [
        part
        for piece in _CUT.split(_NO_AREA.sub(",", _OR_CITY.sub(r"\1", address)))
        for part in _parts(piece)
        if part.text
    ]


def _parts(piece: str) -> Iterator[Part]:
    """The parts between two commas: what stands before the first word for a level, then each word with its name."""
    words = list(LEVEL_WORD.finditer(piece))
    lead = piece[: words[0].start()] if words else piece
    yield from _bare_parts(lead)
    ends = [word.start() for word in words[1:]] + [len(piece)]
    before = lead
    for word, end in zip(words, ends, strict=False):
        named = piece[word.end() : end]
        cut = min(filter(None, (sign.search(named) for sign in _NAME_ENDS)), key=re.Match.start, default=None)
        name = named[: cut.start()] if cut else named
        yield Part(word.lastgroup or "", _trimmed(name), bool(_opener(before)))
        if cut:
            yield from _bare_parts(named[cut.start() if cut.re is _PLACE_BEHIND else cut.end() :])
        before = named


def _bare_parts(text: str) -> Iterator[Part]:
    """Parts without a word for their level: cut at house numbers, behind which something new begins."""
    for piece in _NUMBER.split(text):
        parts = [piece] if _begins(piece, _STREETS) else _DASH.split(piece)
        yield from (Part("", _trimmed(part), _begins(part, _OPENERS | _HAMLETS)) for part in parts)


def _begins(text: str, words: frozenset[str]) -> bool:
    first = _WORDS.search(text.casefold())
    return first is not None and first[0] in words


def _opener(before: str) -> str:
    """The end of a text before a word for a level if it takes the name away: "Kantor ", "Jl. ", "SMP 2 "; else ""."""
    words = _WORDS.findall(before[-_NEAR:].casefold())[-2:]
    numbered = len(words) == 2 and words[1].isdecimal() and words[0] in _OPENERS
    return " ".join([*words, ""]) if numbered else f"{words[-1]} " if words and words[-1] in _OPENERS else ""


def _trimmed(text: str) -> str:
    return " ".join(text.split()).strip(" .:-'\"*")


def read_address(address: str, known: Names, gazetteer: Gazetteer) -> AddressNames:
    """The areas that an address names; `known`: level -> code of what else the row says for sure."""
    parts = [
        part
        for told in parts_of(address)
        for part in _without_upper(told._replace(weak=told.weak and not _is_called(told, gazetteer)), gazetteer)
    ]
    found = AddressNames(abroad=_abroad(parts, gazetteer))
    if found.abroad:
        return found
    codes = dict(known)
    for level in reversed(LEVELS):
        _take_worded(level, parts, codes, found, gazetteer)
    for part in reversed(parts):
        if not (part.level or part.weak):
            _take_bare(part.text, codes, found, gazetteer)
    if "desa" not in found.names and not found.contested:
        _take_misspelt(parts, codes, found, gazetteer)
    for level in reversed(LEVELS):
        _take_weak(level, parts, codes, found, gazetteer)
    sure = [codes[level] for level in LEVELS if level in codes and _is_told(level, found)]
    alone = found.bare >= found.names.keys() and len(found.names) < 2
    found.stated = sure[0] if sure and not alone else None
    found.names = {level: found.names[level] for level in LEVELS if level in found.names and level not in known}
    return found


def _abroad(parts: Sequence[Part], gazetteer: Gazetteer) -> tuple[str, str] | None:
    """The province or kabupaten outside the map that an address names: with "Kab.", "Prov." or "Kota", else where no
    area of the map stands behind it."""
    behind = False
    for part in reversed([part for part in parts if not part.weak]):
        levels = (part.level,) if part.level else LEVELS
        if any(gazetteer.exact(level, part.text) for level in levels if level != "provinsi"):
            if part.level == "kabupaten":
                return None
            behind = True
            continue
        for level in ("kabupaten", "provinsi"):
            label = gazetteer.abroad(level, part.text, least=80 if part.level else 100) if level in levels else None
            city = _CITY.match(part.text) is not None and str(label).startswith("Kota ")
            if label and (part.level or city or not behind):
                return level, part.text
    return None


def _is_called(part: Part, gazetteer: Gazetteer) -> bool:
    """Whether a part that begins like a street is as a whole the name of a desa ("Bukit Samang")."""
    return not part.level and bool(gazetteer.exact("desa", part.text))


def _is_told(level: str, found: AddressNames) -> bool:
    told = level in found.names and level not in found.weak
    return told and not (level == "desa" and level in found.bare)


def _scope(level: str, codes: Names) -> str:
    """The smallest sure area above a level."""
    return next((codes[upper] for upper in LEVELS[LEVELS.index(level) + 1 :] if upper in codes), EVERYWHERE)


def _take_worded(level: str, parts: Sequence[Part], codes: Names, found: AddressNames, gazetteer: Gazetteer) -> None:
    """The last name with a word for the level that is known in the sure area; else the last one."""
    texts = [part.text for part in parts if part.level == level and not part.weak]
    if not texts:
        return
    inside = {text: area for text in texts if len(area := gazetteer.exact(level, text, _scope(level, codes))) == 1}
    different = dict.fromkeys(area[0] for area in inside.values())
    if len(different) > 1:
        if level == "desa":
            found.contested = tuple(different)
        return
    text = next(iter(inside), texts[-1])
    found.names[level] = text
    if different:
        codes.setdefault(level, next(iter(different)))
        _fill_upper(codes[level], codes, gazetteer)


def _fill_upper(code: str, codes: Names, gazetteer: Gazetteer) -> None:
    for level in LEVELS:
        if level not in codes and (upper := gazetteer.upper(code, level)):
            codes[level] = upper


def _take_bare(text: str, codes: Names, found: AddressNames, gazetteer: Gazetteer) -> None:
    """A part without a word for its level, from the last to the first: the largest level that is still open."""
    for level in reversed(LEVELS):
        if level in found.names or found.contested:
            continue
        scope = _scope(level, codes)
        if level == "desa" and scope == EVERYWHERE:
            return
        area = gazetteer.exact(level, text, scope)
        if level in codes and area != (codes[level],):
            continue
        if len(area) == 1:
            found.names[level] = text
            found.bare.add(level)
            codes.setdefault(level, area[0])
            _fill_upper(area[0], codes, gazetteer)
            return
    rival = gazetteer.exact("desa", text, codes["kecamatan"]) if "kecamatan" in codes and "desa" in found.bare else ()
    if len(rival) == 1 and rival[0] != codes.get("desa"):
        found.contested = (codes.pop("desa"), rival[0])
        del found.names["desa"]
        found.bare.remove("desa")


def _take_misspelt(parts: Sequence[Part], codes: Names, found: AddressNames, gazetteer: Gazetteer) -> None:
    """The part right before the kecamatan, if it is nearly the name of one of its desa."""
    if "kecamatan" not in codes or "kecamatan" not in found.names:
        return
    at = next((at for at, part in enumerate(parts) if part.text == found.names["kecamatan"]), 0)
    before = parts[at - 1] if at else None
    if before and not before.level and not before.weak:
        near = gazetteer.similar("desa", before.text, codes["kecamatan"], least=_NEARLY)
        if len(near) == 1:
            found.names["desa"] = before.text
            found.bare.add("desa")


_NEARLY = 85.0
"""Least similarity (0-100) of a part without a word for its level."""


def _take_weak(level: str, parts: Sequence[Part], codes: Names, found: AddressNames, gazetteer: Gazetteer) -> None:
    """The name of a street or landmark, where nothing else names the level and the area above it is sure."""
    scope = _scope(level, codes)
    if level in codes or level in found.names or scope == EVERYWHERE or (level == "desa" and found.contested):
        return
    texts = [part.text for part in parts if part.level == level and part.weak]
    known = {area[0]: text for text in texts if len(area := gazetteer.exact(level, text, scope)) == 1}
    if len(known) == 1:
        code, text = next(iter(known.items()))
        codes[level] = code
        found.names[level] = text
        found.weak.add(level)


def _without_upper(part: Part, gazetteer: Gazetteer) -> Iterator[Part]:
    """A part with the names of larger areas behind its own cut off: "Mamuju Sulawesi Barat", "Binanga Mamuju"."""
    words = part.text.split()
    first = LEVELS.index(part.level) if part.level else 0
    if part.weak or len(words) < 2 or len(words) > _MOST_WORDS:
        yield part
    elif part.level:
        yield from _worded_chain(part, words, first, gazetteer)
    else:
        whole = any(_is_name(level, part.text, gazetteer) for level in LEVELS)
        chain = None if whole else _chain(words, 0, gazetteer)
        yield from chain or [part]


def _worded_chain(part: Part, words: list[str], first: int, gazetteer: Gazetteer) -> Iterator[Part]:
    if _is_name(part.level, part.text, gazetteer):
        yield part
        return
    cuts = range(len(words) - 1, 0, -1)
    tails = {cut: tail for cut in cuts if (tail := _chain(words[cut:], first + 1, gazetteer))}
    named = [cut for cut in tails if _is_name(part.level, " ".join(words[:cut]), gazetteer)]
    cut = max(named) if named else min(tails, default=len(words))
    yield Part(part.level, " ".join(words[:cut]), part.weak)
    yield from tails.get(cut, ())


def _chain(words: list[str], first: int, gazetteer: Gazetteer) -> list[Part] | None:
    """Words that are nothing but names of areas, each of a larger level than the one before it."""
    if not words:
        return []
    for level in LEVELS[first:]:
        for cut in range(len(words), 0, -1):
            text = " ".join(words[:cut])
            if not _is_name(level, text, gazetteer):
                continue
            rest = _chain(words[cut:], LEVELS.index(level) + 1, gazetteer)
            if rest is not None:
                return [Part("", text, weak=False), *rest]
    return None


def _is_name(level: str, text: str, gazetteer: Gazetteer) -> bool:
    if gazetteer.exact(level, text):
        return True
    return level in ("kabupaten", "provinsi") and gazetteer.abroad(level, text, least=100) is not None
