"""What a row says about its area: the names and codes of one row, read together.

The sure area is the smallest that all readings of the evidence share: a desa if everything agrees on one, its
kecamatan or kabupaten if that is all that is certain, none if the evidence shares nothing. What else the row may mean
(`possible`) is kept, so that a point can settle it - never in silence.

Decides: two statements that agree outvote one that does not, but the row stays doubtful. An address fills the levels
that no cell states, if the row has neither a desa nor a code; beside those it is a second opinion.

Gets wrong: a row whose names are all right for one desa and all meant for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lks_geo.register.areas.addresses import AddressNames, read_address, told_part
from lks_geo.register.areas.area_codes import BROKEN, DIGITS, DOTTED, agrees, area_of, read_code
from lks_geo.register.areas.area_names import CODE_FIELDS, Names, names_of, without_codes
from lks_geo.register.areas.gazetteer import EVERYWHERE, Gazetteer
from lks_geo.register.areas.name_search import (
    Facts,
    about,
    abroad_remark,
    find_desa,
    find_provinsi,
    find_upper,
    leave_abroad,
    leave_unchecked,
    note_contested,
)
from lks_geo.register.issues import Remark
from lks_geo.tables import LEVELS

STATED = ("desa", "kecamatan", "kabupaten", "provinsi", *CODE_FIELDS, "alamat")
"""The fields that say in which area a row is, in the order of the arguments of `read_statement`."""


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


def read_statement(cells: Mapping[str, str | None], system: str | None, gazetteer: Gazetteer) -> Statement:
    """The statement of one row: `cells` by field (STATED), `system` of the file's bare digits (see codes.py)."""
    code, address = _undisputed_code(cells, gazetteer), cells.get("alamat")
    if code and not address:
        return Statement(area=code)
    cells = without_codes(cells)
    names = {} if code else _unfolded(names_of(cells), gazetteer)
    by_cells = Statement(area=code) if code else _stated(cells, names, AddressNames(), system, gazetteer)
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


def _undisputed_code(cells: Mapping[str, str | None], gazetteer: Gazetteer) -> str | None:
    """The dotted code of a desa whose row states no other code and no other names than those of the map: there is
    nothing to weigh (most rows of a register kept by program are so)."""
    code = cells.get("kode_desa")
    if code is None or code not in gazetteer.areas or not DOTTED.fullmatch(code):
        return None
    for level in LEVELS:
        coded, text = cells.get(f"kode_{level}"), cells.get(level)
        if coded is None and text is None:
            continue
        area = gazetteer.upper(code, level)
        if coded not in (None, area):
            return None
        if text is not None and not (area and gazetteer.is_called(area, text)):
            return None
    return code


def _unfolded(names: Names, gazetteer: Gazetteer) -> Names:
    """The names of a row; where a cell names larger areas behind its own ("Mamuju, Sulbar", "Bela Tapalang"), all.

    What is nearly one name is one: "Bala Batu" is Ballabatu, not Bala of the city of Batu.
    """
    cut: Names = {}
    larger: Names = {}
    for level, text in names.items():
        if (
            len(text.replace("/", " ").split()) < 2
            or gazetteer.exact(level, text)
            or gazetteer.similar(level, text, EVERYWHERE)
        ):
            continue
        found = read_address(f"{level} {text}", {}, gazetteer)
        if found.stated and gazetteer.exact(level, found.names.get(level, "")):
            cut[level] = found.names[level]
            larger = found.names | larger
    return larger | names | cut


def _above(area: str | None, gazetteer: Gazetteer) -> Names:
    """An area and those above it, by level."""
    codes = {level: gazetteer.upper(area, level) for level in LEVELS} if area else {}
    return {level: code for level, code in codes.items() if code}


def _abroad_address(found: AddressNames, gazetteer: Gazetteer) -> tuple[Remark, ...]:
    return (abroad_remark(*found.abroad, gazetteer, column="alamat"),) if found.abroad else ()


def _stated(
    cells: Mapping[str, str | None], names: Names, found: AddressNames, system: str | None, gazetteer: Gazetteer
) -> Statement:
    """The statement of the `names` of a row; `found` says which of them come from its address."""
    names = dict(names)
    coded, code_remarks = _read_codes(cells, system, gazetteer)
    facts = Facts()
    leave_unchecked(names, facts, gazetteer)
    leave_abroad(names, facts, gazetteer)
    if coded is not None:
        for level in ("kabupaten", "kecamatan", "desa"):
            area = gazetteer.upper(coded, level)
            if area is not None and level not in names:
                facts.codes[level] = area
    find_provinsi(names, facts, gazetteer)
    find_upper("kabupaten", names, facts, gazetteer)
    find_upper("kecamatan", names, facts, gazetteer)
    find_desa(names, facts, gazetteer)
    note_contested(found, facts, gazetteer)
    named = _smallest(facts.codes)
    address = _from_address(
        cells.get("alamat"), {level: names[level] for level in found.names if level in names}, found
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


def _from_address(address: str | None, taken: Names, found: AddressNames) -> tuple[Remark, ...]:
    """One remark on the names taken from an address, another on those of a street or landmark in it."""
    levels = [level for level in LEVELS if level in taken]
    kinds = {
        "wilayah_dari_alamat": [level for level in levels if level not in found.weak],
        "wilayah_dari_jalan": [level for level in levels if level in found.weak],
    }
    return tuple(
        about(jenis, of_kind[0], address, ", ".join(taken[level] for level in of_kind))
        for jenis, of_kind in kinds.items()
        if of_kind
    )


def _with_code(coded: str, named: str | None, names: Names, facts: Facts, gazetteer: Gazetteer) -> Statement:
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


def _against_code(coded: str, named: str | None, names: Names, facts: Facts, gazetteer: Gazetteer) -> Statement:
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
    return (about("wilayah_mirip", "desa", text, gazetteer.areas[coded].name), alone) if near else (None, False)


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
