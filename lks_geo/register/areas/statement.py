"""What a row says about its area: the names and codes of one row, read together.

The sure area is the smallest that all readings of the evidence share: a desa if everything agrees on one, its
kecamatan or kabupaten if that is all that is certain, none if the evidence shares nothing. What else the row may mean
(`possible`) is kept, so that a point can settle it - never in silence.

Decides: a name is looked for in the stated kecamatan, else in the stated kabupaten. In a kecamatan a similar name is
taken, unless the very name exists elsewhere (Salukonta/Salukona). In a kabupaten only the exact name that exists once
is sure. Two statements that agree outvote one that does not, but the row stays doubtful.

Gets wrong: a row whose names are all right for one desa and all meant for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from lks_geo.messages import msg
from lks_geo.register.areas.addresses import AddressNames, read_address, told_part
from lks_geo.register.areas.area_codes import BROKEN, DIGITS, agrees, area_of, read_code
from lks_geo.register.areas.area_names import CODE_FIELDS, Names, names_of, without_codes
from lks_geo.register.areas.gazetteer import EVERYWHERE, OFFERS, Gazetteer
from lks_geo.register.issues import Remark
from lks_geo.tables import LEVELS

STATED = ("desa", "kecamatan", "kabupaten", "provinsi", *CODE_FIELDS, "alamat")
"""The fields that say in which area a row is, in the order of the arguments of `read_statement`."""


_TWO_DIGITS = re.compile(r"(?<!\d)\d{2}(?!\d)")  # "76 Sulawesi Barat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The area that a row states: `area` the smallest sure one (a code), `possible` what it may mean instead.

    `misspelt`: the desa of the code, if the name that contradicts it is nearly its name, and the remark that then takes
    the place of the contradiction. `address`: the area that the words of the address name without doubt. `cells`: what
    the row states without its address, if the address adds to it.
    """

    area: str | None = None
    possible: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = ()
    misspelt: tuple[str, Remark] | None = None
    address: str | None = None
    cells: Statement | None = None


@dataclass(slots=True)
class _Facts:
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
        self.remarks.append(replace(_about(jenis, level, text, after, **params), choices=choices))


def _about(jenis: str, level: str, text: str | None, after: str | None = None, **params: object) -> Remark:
    """A remark on the name of a level, with the field's name in words."""
    named = {"field": msg(f"register.field_{level}"), **params}
    return Remark(jenis=jenis, kolom=level, sebelum=text, sesudah=after, params=named)


def read_statement(cells: Mapping[str, str | None], system: str | None, gazetteer: Gazetteer) -> Statement:
    """The statement of one row: `cells` by field (STATED), `system` of the file's bare digits (see codes.py)."""
    cells = without_codes(cells)
    names = names_of(cells)
    by_cells = _stated(cells, names, AddressNames(), system, gazetteer)
    address = cells.get("alamat")
    if not address:
        return by_cells
    alone = read_address(told_part(address) or "", {}, gazetteer)
    settled = "desa" in names or any(cells.get(column) for column in CODE_FIELDS)
    if settled or alone.abroad:
        return replace(by_cells, address=alone.stated, remarks=(*by_cells.remarks, *_abroad_address(alone, gazetteer)))
    above = _above(by_cells.area, gazetteer)
    found = read_address(address, above, gazetteer)
    if found.abroad:
        return replace(by_cells, remarks=(*by_cells.remarks, *_abroad_address(found, gazetteer)))
    filled = {level: text for level, text in found.names.items() if level not in names}
    if not filled and not found.contested:
        return replace(by_cells, address=alone.stated)
    whole = _stated(cells, names | filled, found, system, gazetteer)
    return replace(whole, address=alone.stated, cells=by_cells)


def _above(area: str | None, gazetteer: Gazetteer) -> Names:
    """An area and those above it, by level."""
    codes = {level: gazetteer.upper(area, level) for level in LEVELS} if area else {}
    return {level: code for level, code in codes.items() if code}


def _abroad_address(found: AddressNames, gazetteer: Gazetteer) -> tuple[Remark, ...]:
    return (_abroad(*found.abroad, gazetteer, column="alamat"),) if found.abroad else ()


def _abroad(level: str, text: str, gazetteer: Gazetteer, column: str | None = None) -> Remark:
    """The remark that a row states an area outside the map."""
    label = gazetteer.abroad(level, text) or text
    where = {"field": msg(f"register.field_{level}"), "area": "" if label == text else f" ({label})"}
    return Remark(jenis="provinsi_lain", kolom=column or level, sebelum=text, sesudah=label, params=where)


def _stated(
    cells: Mapping[str, str | None], names: Names, found: AddressNames, system: str | None, gazetteer: Gazetteer
) -> Statement:
    """The statement of the `names` of a row; `found` says which of them come from its address."""
    names = dict(names)
    coded, code_remarks = _read_codes(cells, system, gazetteer)
    facts = _Facts()
    _leave_unchecked(names, facts, gazetteer)
    _leave_abroad(names, facts, gazetteer)
    if coded is not None:
        for level in ("kabupaten", "kecamatan", "desa"):
            area = gazetteer.upper(coded, level)
            if area is not None and level not in names:
                facts.codes[level] = area
    _find_provinsi(names, facts, gazetteer)
    _find_upper("kabupaten", names, facts, gazetteer)
    _find_upper("kecamatan", names, facts, gazetteer)
    _find_desa(names, facts, gazetteer)
    _note_contested(found, facts, gazetteer)
    named = _smallest(facts.codes)
    address = tuple(
        _from_address(level, cells["alamat"], names[level], found) for level in found.names if level in names
    )
    if coded is None or not names:
        statement = Statement(
            area=named if coded is None else coded, possible=frozenset(facts.possible), remarks=tuple(facts.remarks)
        )
    else:
        statement = _with_code(coded, named, names, facts, gazetteer)
    below_province = statement.area is not None and gazetteer.areas[statement.area].level != "provinsi"
    return replace(
        statement,
        area=statement.area if below_province else None,
        remarks=(*code_remarks, *address, *statement.remarks),
    )


def _from_address(level: str, address: str | None, text: str, found: AddressNames) -> Remark:
    return _about("wilayah_dari_jalan" if level in found.weak else "wilayah_dari_alamat", level, address, text)


def _note_contested(found: AddressNames, facts: _Facts, gazetteer: Gazetteer) -> None:
    """Several desa of an address, none of which is taken."""
    if found.contested:
        facts.possible.update(found.contested)
        listed = "; ".join(gazetteer.label(code) for code in found.contested)
        facts.note(
            "wilayah_ganda", "desa", " / ".join(gazetteer.areas[code].name for code in found.contested), labels=listed
        )


def _leave_abroad(names: Names, facts: _Facts, gazetteer: Gazetteer) -> None:
    """Drops all names of a row that states a province or kabupaten outside the map: equal names there are other
    areas."""
    for level in ("provinsi", "kabupaten"):
        text = names.get(level)
        if text and gazetteer.abroad(level, text):
            facts.remarks.append(_abroad(level, text, gazetteer))
            names.clear()
            return


def _leave_unchecked(names: Names, facts: _Facts, gazetteer: Gazetteer) -> None:
    """Drops the names of upper areas if the layer has no names of that level to compare with."""
    for level in ("kecamatan", "kabupaten", "provinsi"):
        if level in names and not gazetteer.has_names(level) and not gazetteer.exact(level, names[level]):
            del names[level]
            facts.unchecked = facts.unchecked or level != "provinsi"


def _with_code(coded: str, named: str | None, names: Names, facts: _Facts, gazetteer: Gazetteer) -> Statement:
    """Code and names together: the finer of the two where they agree, what they share where they do not."""
    if agrees(coded, names.items(), gazetteer) is False:
        return _against_code(coded, named, names, facts, gazetteer)
    if gazetteer.areas[coded].level == "desa":
        return Statement(area=coded, remarks=_of_provinsi(facts.remarks))
    kept = [
        remark
        for remark in facts.remarks
        if remark.jenis == "provinsi_lain" or gazetteer.upper(coded, remark.kolom or "") is None
    ]
    finer = named if named and gazetteer.holds(coded, named) else coded
    return Statement(area=finer, possible=frozenset(facts.possible), remarks=tuple(kept))


def _against_code(coded: str, named: str | None, names: Names, facts: _Facts, gazetteer: Gazetteer) -> Statement:
    """Code and names contradict each other: the code, if the name is nearly that of its desa and of no other."""
    misspelt, alone = _misspelt(coded, names, gazetteer)
    if misspelt is not None and alone:
        return Statement(area=coded, remarks=(misspelt, *_of_provinsi(facts.remarks)))
    against = Remark(
        jenis="kode_lawan_nama",
        kolom=f"kode_{gazetteer.areas[coded].level}",
        sebelum=", ".join(names.values()),
        sesudah=coded,
        params={"area": gazetteer.label(coded)},
    )
    areas = [coded, named] if named else [coded]
    return Statement(
        area=gazetteer.common(areas) if named else None,
        possible=frozenset(facts.possible.union(code for code in areas if gazetteer.areas[code].level == "desa")),
        remarks=(against, *facts.remarks),
        misspelt=None if misspelt is None else (coded, misspelt),
    )


def _of_provinsi(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(remark for remark in remarks if remark.jenis == "provinsi_lain")


def _misspelt(coded: str, names: Names, gazetteer: Gazetteer) -> tuple[Remark | None, bool]:
    """The remark on a desa name that is nearly that of the code's desa, and whether it is the nearest by far."""
    text = names.get("desa")
    upper = [(level, name) for level, name in names.items() if level != "desa"]
    if text is None or gazetteer.areas[coded].level != "desa" or agrees(coded, upper, gazetteer) is False:
        return None, False
    near, alone = gazetteer.near(text, coded)
    return (_about("wilayah_mirip", "desa", text, gazetteer.areas[coded].name), alone) if near else (None, False)


def _smallest(codes: Mapping[str, str]) -> str | None:
    return next((codes[level] for level in ("desa", "kecamatan", "kabupaten") if level in codes), None)


def _read_codes(
    cells: Mapping[str, str | None], system: str | None, gazetteer: Gazetteer
) -> tuple[str | None, tuple[Remark, ...]]:
    """The area that the code columns of a row mean together, and what is wrong with them."""
    remarks, areas = [], []
    for column in CODE_FIELDS:
        reading = read_code(cells.get(column))
        if reading is None:
            continue
        area = area_of(reading, system, gazetteer)
        if area is not None:
            areas.append(area)
            continue
        undecided = reading.form == DIGITS and system is None
        jenis = "kode_rusak" if reading.form == BROKEN else "kode_tak_pasti" if undecided else "kode_tak_dikenal"
        remarks.append(Remark(jenis=jenis, kolom=column, sebelum=cells[column]))
    if not areas:
        return None, tuple(remarks)
    finest = max(areas, key=lambda code: len(gazetteer.areas[code].above))
    if all(gazetteer.holds(area, finest) for area in areas):
        return finest, tuple(remarks)
    remarks.append(Remark(jenis="kode_lawan_kode", kolom="kode_desa", sebelum=", ".join(dict.fromkeys(areas))))
    return gazetteer.common(areas), tuple(remarks)


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


def _judge(search: _Search, facts: _Facts, gazetteer: Gazetteer) -> str:
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


def _note_unknown(level: str, text: str, scope: str, facts: _Facts, gazetteer: Gazetteer) -> None:
    """The remark on a name that is nowhere in its scope, with the names there that come nearest."""
    where = gazetteer.label(scope) if scope in gazetteer.areas else ""
    looked = msg("register.looked_in", area=where) if where else msg("register.looked_everywhere")
    near = tuple(gazetteer.label(code) for code in gazetteer.nearest(level, text, scope))
    facts.note("wilayah_tak_dikenal", level, text, where=looked, choices=near)


def _find_provinsi(names: Names, facts: _Facts, gazetteer: Gazetteer) -> None:
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


def _find_upper(level: str, names: Names, facts: _Facts, gazetteer: Gazetteer) -> None:
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


def _weigh_by_desa(desa: str, elsewhere: tuple[str, ...], facts: _Facts, gazetteer: Gazetteer) -> None:
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


def _find_desa(names: Names, facts: _Facts, gazetteer: Gazetteer) -> None:
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


def _desa_not_there(text: str, scope: str, facts: _Facts, gazetteer: Gazetteer) -> None:
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


def seen_with_point(statement: Statement, desa: str, gazetteer: Gazetteer) -> Statement:
    """The statement once a point lies in `desa`: a name with several meanings is settled if that is one of them, and
    said so; where code and names contradict each other, the point is told as the third."""
    where = gazetteer.label(desa)
    if statement.misspelt is not None and statement.misspelt[0] == desa:
        code, remark = statement.misspelt
        kept = (other for other in statement.remarks if other.kolom != "desa" and other.jenis != "kode_lawan_nama")
        return Statement(area=code, remarks=(remark, *kept))
    remarks = []
    for remark in statement.remarks:
        if remark.jenis == "wilayah_tanpa_induk" and desa == statement.area:
            continue
        if remark.jenis == "wilayah_ganda" and remark.kolom == "desa" and desa in statement.possible:
            remarks.append(replace(remark, jenis="wilayah_dipastikan_titik", sesudah=where, params={}))
        elif remark.jenis == "kode_lawan_nama":
            remarks.append(replace(remark, jenis="kode_nama_titik", params={**remark.params, "point": where}))
        else:
            remarks.append(remark)
    return replace(statement, remarks=tuple(remarks))
