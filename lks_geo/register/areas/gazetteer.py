"""The areas by name and code: which area a word means, inside which other area.

Decides nothing alone: it lists what a name can mean in a scope, exactly or by similarity, and leaves the choice to the
reader of a row (`statement.py`). Two names whose endings differ (Barat/Utara, I/II) are never similar. A similar name
stands alone only if no other name of the scope is nearly as similar.

Gets wrong: a misspelling that happens to be the right name of another area of the same scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from lks_geo.boundaries.country import country_names
from lks_geo.errors import RequestError
from lks_geo.messages import msg
from lks_geo.register.areas.area_names import ABROAD, VARIANTS, aliases_of, is_plain, key, marks
from lks_geo.sheets.folding import words as fold
from lks_geo.tables import LEVELS, PARENT_COLUMNS, Boundaries, Former
from lks_geo.thrift import kept

EVERYWHERE = ""
"""The scope that holds all areas."""

SIMILAR = 80.0
"""Least similarity (0-100) of a name inside its kecamatan or kabupaten."""

SIMILAR_APART = 8.0
"""By how much the most similar name must lead the next one."""


OFFERS, OFFERED = 3, 45.0
"""How many names are offered for one that is not known, and the least similarity (0-100) of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area: code, level, name, its BPS code ("" if unknown) and the codes of the areas above it, nearest first."""

    code: str
    level: str
    name: str
    bps: str
    above: tuple[str, ...]


class Gazetteer:
    """All areas of `boundaries`, by code and by name. `EVERYWHERE` or the code of an upper area is a scope."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.areas: dict[str, Area] = {}
        self.by_bps: dict[str, str] = {}
        self.by_digits: dict[str, str] = {}
        self._names: dict[tuple[str, str], dict[str, list[str]]] = {}
        for level in LEVELS:
            for area in _areas_of(boundaries, level):
                self._add(area)
        for former in boundaries.former:
            self._add_former(former)
        self._named_levels = {area.level for area in self.areas.values() if self.named(area.code)}

    def _add_former(self, former: Former) -> None:
        """An old code and name of an area; where they mean another area today, that one keeps them."""
        area = self.areas.get(former.now)
        if area is None or former.share < 1:  # a part of a desa is not the desa
            return
        codes = self.by_digits if "." in former.code else self.by_bps
        codes.setdefault(former.code.replace(".", ""), area.code)
        if name_key := key(former.name, area.level):
            for scope in (*area.above, EVERYWHERE):
                self._names.setdefault((scope, area.level), {}).setdefault(name_key, [area.code])

    def _add(self, area: Area) -> None:
        self.areas[area.code] = area
        self.by_digits.setdefault(area.code.replace(".", ""), area.code)
        if area.bps:
            self.by_bps.setdefault(area.bps, area.code)
        name_keys = {key(area.name, area.level): None} | dict.fromkeys(aliases_of(area.level, area.name))
        for scope in (*area.above, EVERYWHERE):
            names = self._names.setdefault((scope, area.level), {})
            for name_key in filter(None, name_keys):
                names.setdefault(name_key, []).append(area.code)

    @cached_property
    def _abroad(self) -> dict[str, dict[str, str]]:
        """The provinces and kabupaten of the country that are not on the map: level -> key of the name -> label."""
        provinces = country_names("provinsi")
        names: dict[str, dict[str, str]] = {"kabupaten": {}, "provinsi": {}}
        here = self._names.get((EVERYWHERE, "kabupaten"), {})
        for code, name in country_names("kabupaten").items():
            if code not in self.areas and key(name, "kabupaten") not in here:
                for text in (name, *ABROAD.get(name, ())):
                    names["kabupaten"].setdefault(key(text, "kabupaten"), f"{name}, {provinces[code[:2]]}")
        for folded in [folded for folded in names["kabupaten"] if folded.startswith("kota")]:
            if folded.removeprefix("kota") not in here:
                names["kabupaten"].setdefault(folded.removeprefix("kota"), names["kabupaten"][folded])
        here = self._names.get((EVERYWHERE, "provinsi"), {})
        for code, name in provinces.items():
            if code not in self.areas and key(name, "provinsi") not in here:
                for text in (code, name, *ABROAD.get(name, ())):
                    names["provinsi"][key(text, "provinsi")] = name
        return names

    def abroad(self, level: str, text: str, least: float = SIMILAR) -> str | None:
        """What a name of a kabupaten or province means if that lies outside the map: "Kota Palopo, Sulawesi Selatan"; a
        misspelt name too (`least` below 100), if it is nearer to that than to any name on the map."""
        if self.exact(level, text):
            return None
        folded = key(text, level)
        names = self._abroad[level]
        if folded in names:
            return names[folded]
        if level == "kabupaten" and (province := self._abroad["provinsi"].get(key(text, "provinsi"))):
            return province
        if least >= 100:
            return None
        near = process.extractOne(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=least)
        here = process.extractOne(folded, self._names.get((EVERYWHERE, level), {}).keys(), scorer=fuzz.ratio)
        return names[near[0]] if near and (here is None or near[1] >= here[1]) else None

    def exact(self, level: str, text: str, scope: str = EVERYWHERE) -> tuple[str, ...]:
        """Codes of the areas of a level in a scope that are called `text`, in every way of writing; other names too."""
        names = self._names.get((scope, level), {})
        folded = key(text, level)
        codes = names.get(folded)
        if codes is None and level == "kabupaten" and folded not in self._abroad[level]:
            codes = names.get(key(fold(text).removeprefix("kota "), level)) or names.get("kota" + folded)
        return tuple(codes or ())

    def similar(self, level: str, text: str, scope: str, least: float = SIMILAR) -> tuple[str, ...]:
        """Codes of the areas with a name similar to `text`: one if one name leads clearly, else all that are near."""
        folded = key(text, level)
        names = self._names.get((scope, level), {})
        matches = process.extract(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=least - SIMILAR_APART, limit=8)
        if not matches or matches[0][1] < least:
            return ()
        if level in self._abroad:
            rivals = self._abroad[level].keys()
            if process.extractOne(folded, rivals, scorer=fuzz.ratio, score_cutoff=matches[0][1] - SIMILAR_APART):
                return ()
        # all kabupaten and provinces are known, so that no unknown sister can be meant
        sister = {name: level not in self._abroad and marks(name) != marks(folded) for name, _, _ in matches}
        near = [name for name, score, _ in matches if score > matches[0][1] - SIMILAR_APART]
        if any(sister[name] for name in near):
            near += [name for name, score, _ in matches if score >= least and not sister[name]]
        codes = tuple(dict.fromkeys(code for name in near for code in names[name]))
        return () if len(codes) == 1 and sister[near[0]] else codes

    def nearest(self, level: str, text: str, scope: str) -> tuple[str, ...]:
        """Codes of the areas of a scope whose names come nearest to `text`, the nearest first."""
        names = self._names.get((scope, level), {})
        near = process.extract(key(text, level), names.keys(), scorer=fuzz.ratio, score_cutoff=OFFERED, limit=OFFERS)
        return tuple(dict.fromkeys(code for name, _, _ in near for code in names[name]))[:OFFERS]

    def variant(self, text: str, kecamatan: str) -> str | None:
        """The desa of a kecamatan whose short name there is `text`."""
        for code, (official, short) in VARIANTS.items():
            area = self.areas.get(code)
            known = area is not None and key(area.name, "desa") == key(official, "desa") and kecamatan in area.above
            if known and key(text, "desa") == key(short, "desa"):
                return code
        return None

    def is_called(self, code: str, text: str) -> bool:
        """Whether `text` is the official name of the area and says nothing else."""
        area = self.areas[code]
        folded = key(text, area.level)
        return folded != "" and folded == key(area.name, area.level) and is_plain(text, area.level)

    def named(self, code: str) -> bool:
        """Whether the area has a name; a layer without names of upper areas has their codes instead."""
        return self.areas[code].name not in ("", code)

    def has_names(self, level: str) -> bool:
        """Whether any area of a level has a name."""
        return level in self._named_levels

    def near(self, text: str, code: str) -> tuple[bool, bool]:
        """Whether `text` is nearly the name of that desa and of no desa of its kabupaten outright; and whether no other
        desa of its kecamatan is as near. Endings that tell sisters apart may be what is misspelt."""
        folded, area = key(text, "desa"), self.areas[code]
        score = fuzz.ratio(folded, key(area.name, "desa"))
        wide = self.upper(code, "kabupaten") or EVERYWHERE
        if score < SIMILAR or self.exact("desa", text, wide):
            return False, False
        names = self._names.get((self.upper(code, "kecamatan") or EVERYWHERE, "desa"), {})
        others = [name for name, codes in names.items() if code not in codes]
        best = process.extractOne(folded, others, scorer=fuzz.ratio)
        return True, best is None or best[1] <= score - SIMILAR_APART

    def alike(self, level: str, text: str, code: str) -> bool:
        """Whether `text` is the name of that one area, exactly or similar."""
        name, area = key(text, level), self.areas[code]
        names = (key(area.name, level), *aliases_of(level, area.name))
        if level == "desa" and self.variant(text, self.upper(code, "kecamatan") or "") == code:
            return True
        return any(name == each or (fuzz.ratio(name, each) >= SIMILAR and marks(name) == marks(each)) for each in names)

    def upper(self, code: str, level: str) -> str | None:
        """The code of the area of `level` that `code` is or lies in; None if unknown or if `code` is above it."""
        area = self.areas[code]
        if area.level == level:
            return code
        for above in area.above:
            if self.areas[above].level == level:
                return above
        return None

    def common(self, codes: Iterable[str]) -> str | None:
        """The smallest area that holds all of `codes` (one of them may be it); None if nothing does."""
        lines = [(code, *self.areas[code].above) for code in codes]
        return next((code for code in lines[0] if all(code in line for line in lines)), None) if lines else None

    def holds(self, outer: str, inner: str) -> bool:
        """Whether `inner` is `outer` or lies in it."""
        return outer == inner or outer in self.areas[inner].above

    def label(self, code: str) -> str:
        """The name of an area with the names above it: "Minanga, Bambang, Mamasa"."""
        above = [area for area in self.areas[code].above if self.areas[area].level != "provinsi"]
        return ", ".join(self.areas[area].name or area for area in (code, *above))


def _areas_of(boundaries: Boundaries, level: str) -> Iterable[Area]:
    table = boundaries.names(level)
    parents = [PARENT_COLUMNS[upper] for upper in LEVELS[LEVELS.index(level) + 1 :]]
    columns = [table[name].fillna("").tolist() for name in ("nama", "kode_bps", *parents)]
    for code, name, bps, *above in zip(table.index.tolist(), *columns, strict=True):
        yield Area(code=code, level=level, name=name, bps=bps, above=tuple(upper for upper in above if upper))


def gazetteer_of(boundaries: Boundaries) -> Gazetteer:
    """The gazetteer of these boundaries, made once."""
    return kept(boundaries, "gazetteer", lambda: Gazetteer(boundaries))


def kabupaten_codes(words: Sequence[str], boundaries: Boundaries) -> tuple[str, ...]:
    """Codes of the kabupaten that `words` name (name, abbreviation, code), in the order given, each once.

    An unknown word, and digits without dots that mean two different kabupaten, are a `RequestError`.
    """
    gazetteer = gazetteer_of(boundaries)
    return tuple(dict.fromkeys(_kabupaten(word, gazetteer) for word in words if word.strip()))


def _kabupaten(word: str, gazetteer: Gazetteer) -> str:
    text = word.strip()
    names = [area.name for area in gazetteer.areas.values() if area.level == "kabupaten"]
    if text in gazetteer.areas and gazetteer.areas[text].level == "kabupaten":
        return text
    codes = {table[text] for table in (gazetteer.by_digits, gazetteer.by_bps) if text in table}
    kabupaten = [code for code in sorted(codes) if gazetteer.areas[code].level == "kabupaten"]
    kabupaten = kabupaten or list(gazetteer.exact("kabupaten", text))
    if len(kabupaten) == 1:
        return kabupaten[0]
    if kabupaten:
        listed = "; ".join(f"{code} {gazetteer.areas[code].name}" for code in kabupaten)
        raise RequestError(msg("register.kabupaten_twice", found=text, allowed=listed))
    near = gazetteer.similar("kabupaten", text, EVERYWHERE, least=60)
    hint = msg("settings.nearest", name=gazetteer.areas[near[0]].name) if near else ""
    raise RequestError(msg("register.kabupaten_unknown", found=text, allowed=", ".join(names), hint=hint))
