"""The names of one row to areas: where each is looked for, and what becomes of it.

Decides: a name is looked for in the stated kecamatan, else in the stated kabupaten. In a kecamatan a similar name is
taken, unless the very name exists elsewhere (Salukonta/Salukona). In a kabupaten only the exact name that exists once
is sure. A kabupaten that is not known, or one outside the map, keeps equal names of kecamatan and desa from being
taken. A name that stays open is told with where it was looked for and the names that come nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lks_geo.messages import msg
from lks_geo.register.areas.addresses import AddressNames
from lks_geo.register.areas.area_names import Names
from lks_geo.register.areas.gazetteer import EVERYWHERE, OFFERS, Gazetteer
from lks_geo.register.issues import Remark

_TWO_DIGITS = re.compile(r"(?<!\d)\d{2}(?!\d)")  # "76 Sulawesi Barat"


@dataclass(slots=True)
class Facts:
    """What is known so far: a sure code per level, other possible areas, remarks; `unchecked`: names of upper
    areas are stated that the layer cannot check, because it has none."""

    codes: dict[str, str] = field(default_factory=dict)
    possible: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    unchecked: bool = False

    def note(
        self, jenis: str, level: str, text: str, after: str | None = None,
        *, choices: tuple[str, ...] = (), **params: object,
    ) -> None:  # fmt: skip
        self.remarks.append(replace(about(jenis, level, text, after, **params), choices=choices))


def about(jenis: str, level: str, text: str | None, after: str | None = None, **params: object) -> Remark:
    """A remark on the name of a level, with the field's name in words."""
    named = {"field": msg(f"register.field_{level}"), **params}
    return Remark(jenis=jenis, kolom=level, sebelum=text, sesudah=after, params=named)


def abroad_remark(level: str, text: str, gazetteer: Gazetteer, column: str | None = None) -> Remark:
    """The remark that a row states an area outside the map."""
    label = gazetteer.abroad(level, text) or text
    where = {"field": msg(f"register.field_{level}"), "area": "" if label == text else f" ({label})"}
    return Remark(jenis="provinsi_lain", kolom=column or level, sebelum=text, sesudah=label, params=where)


def leave_unchecked(names: Names, facts: Facts, gazetteer: Gazetteer) -> None:
    """Drops the names of upper areas if the layer has no names of that level to compare with."""
    for level in ("kecamatan", "kabupaten", "provinsi"):
        if level in names and not gazetteer.has_names(level) and not gazetteer.exact(level, names[level]):
            del names[level]
            facts.unchecked = facts.unchecked or level != "provinsi"


def leave_abroad(names: Names, facts: Facts, gazetteer: Gazetteer) -> None:
    """Drops all names of a row that states a province or kabupaten outside the map: equal names there are other
    areas."""
    for level in ("provinsi", "kabupaten"):
        text = names.get(level)
        if text and gazetteer.abroad(level, text):
            facts.remarks.append(abroad_remark(level, text, gazetteer))
            names.clear()
            return


def note_contested(found: AddressNames, facts: Facts, gazetteer: Gazetteer) -> None:
    """Several desa of an address, none of which is taken."""
    if found.contested:
        facts.possible.update(found.contested)
        listed = "; ".join(gazetteer.label(code) for code in found.contested)
        facts.note(
            "wilayah_ganda", "desa", " / ".join(gazetteer.areas[code].name for code in found.contested), labels=listed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What the areas of a scope say to a name: areas of that very name, similar ones, and the very name outside.

    `parent`: the area that holds the scope is stated and sure, so that one similar name inside it is enough.
    """

    level: str
    text: str
    scope: str
    exact: tuple[str, ...]
    similar: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    parent: bool = True


SURE = ""
VERDICTS: tuple[tuple[Callable[[_Search], object], str, dict[str, str]], ...] = (
    (lambda search: len(search.exact) == 1, SURE, {"kabupaten": "Mamasa"}),
    (lambda search: search.exact, "wilayah_ganda", {"kabupaten": "Mamasa", "desa": "Salubalo"}),
    (lambda search: search.level == "kecamatan" and search.elsewhere and search.parent,
     "wilayah_bertentangan", {"kabupaten": "Mamuju", "kecamatan": "Mambi"}),
    (lambda search: len(search.similar) == 1 and search.parent and not search.elsewhere,
     "wilayah_mirip", {"kabupaten": "Mamuju", "kecamatan": "Simboro", "desa": "Saleto"}),
    (lambda search: search.similar and (search.elsewhere or len(search.similar) > 1),
     "wilayah_ganda", {"kabupaten": "Pasangkayu", "desa": "Sarud"}),
    (lambda search: search.similar, "wilayah_hanya_mirip", {"kabupaten": "Mamuju", "desa": "Saleto"}),
    (lambda search: search.level == "desa" and search.elsewhere,
     "wilayah_bertentangan", {"kabupaten": "Mamuju", "kecamatan": "Simboro", "desa": "Talipukki"}),
    (lambda search: True, "wilayah_tak_dikenal", {"kabupaten": "Negeri Jauh"}),
)  # fmt: skip
"""What becomes of a name that was looked for: the first test that holds, the kind of remark, cells that show it."""


def _judge(search: _Search, facts: Facts, gazetteer: Gazetteer) -> str:
    """The verdict on a name, told as a remark; one sure or similar area is taken."""
    verdict = next(kind for test, kind, _ in VERDICTS if test(search))
    level, text = search.level, search.text
    named = tuple(dict.fromkeys(search.exact or (*search.similar, *search.elsewhere)))
    if verdict in (SURE, "wilayah_mirip"):
        facts.codes[level] = named[0]
    if verdict == "wilayah_mirip":
        facts.note(verdict, level, text, gazetteer.areas[named[0]].name)
    elif verdict == "wilayah_tak_dikenal":
        _note_unknown(level, text, search.scope, facts, gazetteer)
    elif verdict != SURE:
        labels = [gazetteer.label(code) for code in named]
        facts.note(verdict, level, text, labels="; ".join(labels), choices=tuple(labels[:OFFERS]))
    return verdict


def _note_unknown(level: str, text: str, scope: str, facts: Facts, gazetteer: Gazetteer) -> None:
    """The remark on a name that is nowhere in its scope, with the names there that come nearest."""
    where = gazetteer.label(scope) if scope in gazetteer.areas else ""
    looked = msg("register.looked_in", area=where) if where else msg("register.looked_everywhere")
    near = tuple(gazetteer.label(code) for code in gazetteer.nearest(level, text, scope))
    facts.note("wilayah_tak_dikenal", level, text, where=looked, choices=near)


def find_provinsi(names: Names, facts: Facts, gazetteer: Gazetteer) -> None:
    text = names.pop("provinsi", None)
    if text is None:
        return
    codes = gazetteer.exact("provinsi", text) or gazetteer.similar("provinsi", text, EVERYWHERE)
    if not codes and (digits := _TWO_DIGITS.search(text)) and digits[0] in gazetteer.by_digits:
        codes = (gazetteer.by_digits[digits[0]],)
    if len(codes) == 1:
        facts.codes["provinsi"] = codes[0]
    elif not codes:
        _note_unknown("provinsi", text, EVERYWHERE, facts, gazetteer)


def find_upper(level: str, names: Names, facts: Facts, gazetteer: Gazetteer) -> None:
    """The kabupaten or kecamatan that a row names, in the area above it if that is sure."""
    text = names.get(level)
    if text is None:
        return
    kabupaten = facts.codes.get("kabupaten") if level == "kecamatan" else None
    if level == "kecamatan" and kabupaten is None and "kabupaten" in names:
        facts.possible.update(gazetteer.exact(level, text))
        return
    scope = kabupaten or facts.codes.get("provinsi", EVERYWHERE)
    exact = gazetteer.exact(level, text, scope)
    elsewhere = () if exact else gazetteer.exact(level, text)
    similar = () if exact or elsewhere else gazetteer.similar(level, text, scope)
    parent = level == "kabupaten" or kabupaten is not None
    search = _Search(
        level=level, text=text, scope=scope, exact=exact, similar=similar, elsewhere=elsewhere, parent=parent
    )
    verdict = _judge(search, facts, gazetteer)
    if level == "kabupaten":
        return
    if verdict == SURE:
        facts.codes.setdefault("kabupaten", gazetteer.upper(exact[0], "kabupaten") or exact[0])
    elif verdict == "wilayah_bertentangan":
        _weigh_by_desa(names.get("desa", ""), elsewhere, facts, gazetteer)
    elif verdict == "wilayah_hanya_mirip" and gazetteer.exact("desa", names.get("desa", ""), similar[0]):
        facts.codes["kecamatan"] = similar[0]


def _weigh_by_desa(desa: str, elsewhere: tuple[str, ...], facts: Facts, gazetteer: Gazetteer) -> None:
    """The kecamatan is not in the stated kabupaten but in another one: the desa decides between the two, if it can."""
    kabupaten = facts.codes["kabupaten"]
    outside = [code for kecamatan in elsewhere for code in gazetteer.exact("desa", desa, kecamatan)]
    inside = gazetteer.exact("desa", desa, kabupaten)
    if len(outside) == 1 and not inside:
        facts.codes["kecamatan"] = gazetteer.upper(outside[0], "kecamatan") or outside[0]
        facts.codes["kabupaten"] = gazetteer.upper(outside[0], "kabupaten") or outside[0]
    elif outside or not inside:
        facts.possible.update((*outside, *inside) or (kabupaten, *elsewhere))
        facts.codes.pop("kabupaten")


def find_desa(names: Names, facts: Facts, gazetteer: Gazetteer) -> None:
    text = names.get("desa")
    if text is None:
        return
    kecamatan, kabupaten = facts.codes.get("kecamatan"), facts.codes.get("kabupaten")
    scope = kecamatan or kabupaten or facts.codes.get("provinsi", EVERYWHERE)
    exact = gazetteer.exact("desa", text, scope)
    if facts.possible or ("kabupaten" in names and scope not in (kecamatan, kabupaten)):
        facts.possible.update(exact)
        if not exact:
            _note_unknown("desa", text, scope, facts, gazetteer)
    elif exact:
        _judge(_Search(level="desa", text=text, scope=scope, exact=exact), facts, gazetteer)
        if len(exact) > 1:
            facts.possible.update(exact)
        elif not (kecamatan or kabupaten or facts.unchecked):
            facts.note("wilayah_tanpa_induk", "desa", text, gazetteer.label(exact[0]))
    elif kecamatan and (short := gazetteer.variant(text, kecamatan)):
        _judge(_Search(level="desa", text=text, scope=scope, exact=(), similar=(short,)), facts, gazetteer)
    else:
        _desa_not_there(text, scope, facts, gazetteer)


def _desa_not_there(text: str, scope: str, facts: Facts, gazetteer: Gazetteer) -> None:
    """No desa of the scope has the name: a similar one, or the same name in another place, or unknown."""
    in_kecamatan = "kecamatan" in facts.codes
    similar = gazetteer.similar("desa", text, scope) if in_kecamatan or "kabupaten" in facts.codes else ()
    nearby = gazetteer.exact("desa", text, facts.codes.get("kabupaten", EVERYWHERE)) if in_kecamatan else ()
    elsewhere = nearby or gazetteer.exact("desa", text)
    search = _Search(
        level="desa", text=text, scope=scope, exact=(), similar=similar, elsewhere=elsewhere, parent=in_kecamatan
    )
    if _judge(search, facts, gazetteer) != "wilayah_mirip":
        facts.possible.update((*similar, *nearby))
    if nearby:
        facts.codes.pop("kecamatan", None)
