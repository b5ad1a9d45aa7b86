"""From the cells of a register to rows that can be trusted: every row with one outcome and all its remarks.

Decides the order: services, what each row states, where its point lies, values; then places of sensitive groups are
disguised, and only then is asked which rows are one institution, and
what only shows when all rows are seen together (piles of points, ids used twice). A row's outcome is the worst of its
remarks; a row is only rejected if it has no name or another row replaces it. A row without any location is kept: it is
an LKS that somebody must place.

Gets wrong: nothing on its own; see the rooms it calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.locate import people_centres
from lks_geo.messages import Message, msg
from lks_geo.register.areas.addresses import told_part, without_street
from lks_geo.register.areas.area_codes import (
    DIGITS,
    CodeEvidence,
    bridged_codes,
    codes_in,
    decide_system,
    read_code,
)
from lks_geo.register.areas.area_names import CODE_FIELDS
from lks_geo.register.areas.file_areas import joined_codes, told_once, with_context, without_strange_codes
from lks_geo.register.areas.gazetteer import Gazetteer, gazetteer_of
from lks_geo.register.areas.statement import STATED, Statement, read_statement
from lks_geo.register.cleaning.crowd import (
    give_ids,
    mark_piles,
    remark_duplicates,
    running_ids,
    unused_columns,
    without_names,
    written_ids,
)
from lks_geo.register.cleaning.disguise import (
    Centres,
    Secrecy,
    alike_rows,
    as_disguised,
    disguise,
    disguised_ids,
    hidden_rows,
    secrecy,
)
from lks_geo.register.cleaning.duplicates import find_duplicates
from lks_geo.register.cleaning.place_rows import declared_areas, place_rows, place_world
from lks_geo.register.cleaning.service_rows import left_over, moved_notes, read_service_rows
from lks_geo.register.cleaning.value_rows import RowPoint, read_point_rows, read_value_rows, status_recorded
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.reading.headings import SAID, TAKEN
from lks_geo.register.reading.raw import TITLES, RawRegister
from lks_geo.settings import Settings
from lks_geo.sheets.folding import is_empty_marker
from lks_geo.sheets.sheet import blanked, column, texts_of
from lks_geo.tables import REGISTER_COLUMNS, Boundaries, Population, Register, RegisterFrame
from lks_geo.thrift import give_back

Hide = Callable[[pd.DataFrame, Secrecy], npt.NDArray[np.bool_]]
"""From rows and what is known of their secrecy to which are to be disguised."""


def clean(
    raw: RawRegister, boundaries: Boundaries, settings: Settings, population: Population | None = None,
    hide: Hide | None = None,
) -> Register:  # fmt: skip
    """The register with every row's outcome, place and remarks (see `Register` for columns).

    `population` says where the people of a kecamatan live, to whose centre its disguised places go; without it people
    are taken as evenly spread. `hide`: see `Kinship`.
    """
    gazetteer = gazetteer_of(boundaries)
    world = place_world(boundaries)
    elsewhere = hidden_elsewhere(raw, boundaries, settings, population)
    raw, services, known, ledger = _services_told(raw, settings, elsewhere)
    cells = raw.cells
    points = read_point_rows(cells, boundaries, world.locator)
    plain = [point.plain_desa for point in points]
    biased = alike_rows(cells, known.secret)
    cells, told = _with_file_areas(cells, raw, plain, biased, gazetteer)
    system = _code_system(cells, plain, biased, gazetteer)
    statements, shared = told_once(_statements(cells, plain, system, gazetteer), biased, gazetteer)
    rows = pd.concat(
        [
            cells[["nomor"]],
            _texts(cells),
            read_value_rows(raw, ledger),
            services,
            place_rows(statements, points, world, ledger),
        ],
        axis=1,
    )
    areas = [statement.area for statement in statements]
    for level in ("kabupaten", "kecamatan"):
        upper = {area: area and gazetteer.upper(area, level) for area in set(areas)}
        rows[f"{level}_tertulis"] = pd.array([upper[area] for area in areas], "str")
    rows["id_tertulis"] = written_ids(cells, rows["kabupaten_tertulis"], biased)
    counted = bool(rows["id_tertulis"].isna().all()) and any(blanked(column(cells, "id")))
    stated = (_stated_desa(*both, gazetteer) for both in zip(statements, points, strict=True))
    rows["kode_tertulis"] = pd.array(list(stated), dtype="str")
    del points, stated  # so many small values
    hidden = (hide or hidden_rows)(rows, known)
    rows["cakupan_wilayah"] = declared_areas(cells, rows, hidden, system, gazetteer, ledger)
    for row in np.flatnonzero(rows["nama"].isna()):
        ledger.add(int(row), Remark(jenis="tanpa_nama", kolom="nama"))
    centres = partial(people_centres, boundaries=boundaries, population=population)
    rows, withheld = disguise(rows, hidden, known, centres, gazetteer, ledger, elsewhere.names)
    reported = _reported(cells, statements, rows, gazetteer)
    del statements, plain, world
    give_back()
    doubtful = ledger.rows_with(("titik_bertentangan", "titik_luar_bertentangan", "kode_lawan_nama", "kode_nama_titik"))
    apart = column(cells, TAKEN)
    remark_duplicates(rows, find_duplicates(rows, partial(_contents, cells, rows), doubtful, apart), ledger)
    mark_piles(rows, ledger)
    numbered = bool(rows["disamarkan"].any()) and running_ids(rows)
    rows["id"] = give_ids(rows.assign(id_tertulis=None) if numbered else rows, ledger)
    rows.loc[rows["disamarkan"], "id_tertulis"] = rows.loc[rows["disamarkan"], "nama"] = pd.NA
    rows["hasil"] = pd.array(ledger.outcomes(), dtype="str")
    rows["lokasi"] = rows["lokasi"].where(rows["hasil"] != "ditolak")
    kept = rows[list(REGISTER_COLUMNS)]
    nameless = rows["id_tertulis"].isna() | numbered
    about_ids = [msg("register.note_counted_ids")] * counted + [msg("register.note_running_ids")] * numbered
    seen = ~(biased | known.secret)
    unused = unused_columns(raw.spare.reset_index(drop=True).loc[seen[: len(raw.spare)]], cells.columns, gazetteer)
    left = (*left_over(services["sisa"][seen]), *moved_notes(cells, services, settings, seen))
    notes = (*raw.notes, *_notes(cells, system), *told, *shared, *about_ids, *left, *unused)
    return Register(
        rows=RegisterFrame(kept),
        issues=ledger.issues(texts_of(rows["lembar"]), rows["nomor"].tolist(), list(cells.columns)),
        sheets=raw.sheets,
        source=raw.source,
        status_recorded=status_recorded(raw),
        made_ids=frozenset(rows["id"][nameless].tolist()),
        companions=_companions(kept, withheld, settings, centres, gazetteer),
        reported=reported,
        bridged=bridged_codes(cells[~hidden], boundaries.former, gazetteer),
        notes=notes,
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the sheets that were not picked tell of the picked rows: which are of a secret institution (`rows`), and
    the `names` of all disguised places."""

    rows: npt.NDArray[np.bool_]
    names: tuple[str | None, ...] = ()


def hidden_elsewhere(
    raw: RawRegister, boundaries: Boundaries, settings: Settings, population: Population | None = None
) -> Elsewhere:
    """See `Elsewhere`: the whole file is cleaned, and nothing else of it is kept."""
    size = len(raw.cells)
    found = [Elsewhere(np.zeros(size, dtype=bool))]
    if raw.beside.empty or settings.show_sensitive:
        return found[0]

    def keep(rows: pd.DataFrame, known: Secrecy) -> npt.NDArray[np.bool_]:
        hidden = hidden_rows(rows, known)
        found.append(Elsewhere(hidden[:size], tuple(texts_of(rows["nama"][hidden]))))
        return hidden

    clean(raw.whole(), boundaries, settings, population, keep)
    return found[-1]


def _services_told(
    raw: RawRegister, settings: Settings, elsewhere: Elsewhere
) -> tuple[RawRegister, pd.DataFrame, Secrecy, Ledger]:
    """The register without the names of secret rows in the cells of others, its services, which rows are secret, and
    the remarks on all that, which hold no such name."""
    cells = raw.cells.reset_index(drop=True)
    ledger = Ledger(len(cells))
    services = read_service_rows(cells, settings, ledger)
    known = secrecy(cells, services, raw.source.name, settings, ledger)
    known = replace(known, secret=known.secret | elsewhere.rows, public=known.public & ~elsewhere.rows)
    told = without_names(cells, known.secret, elsewhere.names)
    if told is not cells:
        ledger = Ledger(len(told))
        services = read_service_rows(told, settings, ledger)
        secrecy(told, services, raw.source.name, settings, ledger)  # for its remarks: who is secret stands above
    return replace(raw, cells=told), services, known, ledger


def _with_file_areas(
    cells: pd.DataFrame, raw: RawRegister, plain: Sequence[str | None], biased: npt.NDArray[np.bool_],
    gazetteer: Gazetteer,
) -> tuple[pd.DataFrame, tuple[Message, ...]]:  # fmt: skip
    """The cells with what the file as a whole says of areas, and notes on it."""
    headings = {field: heading for sheet in reversed(raw.sheets) for field, heading in sheet.columns.items()}
    cells = joined_codes(cells, biased, gazetteer)
    cells, strange = without_strange_codes(cells, headings, biased, gazetteer)
    cells, titled = with_context(cells, raw.source.name, plain, biased, gazetteer)
    return cells, (*strange, *titled)


def _companions(
    rows: pd.DataFrame, withheld: pd.Series, settings: Settings, centres: Centres, gazetteer: Gazetteer
) -> RegisterFrame:
    """The withheld services of the rows in use as disguised rows of their own."""
    withholding = withheld.map(bool).astype(bool) & (rows["hasil"] != "ditolak")
    beside = as_disguised(rows[withholding], centres, gazetteer)
    order = [group.key for group in settings.groups]
    groups = [tuple(key for key in order if key in dict(services)) for services in withheld[withholding]]
    beside = beside.assign(
        layanan=withheld[withholding],
        kelompok=pd.Series(groups, index=beside.index, dtype=object),
        layanan_lain=pd.Series([()] * len(beside), index=beside.index, dtype=object),
    )
    return RegisterFrame(beside.assign(id=disguised_ids(beside)))


def _reported(
    cells: pd.DataFrame, statements: Sequence[Statement], rows: pd.DataFrame, gazetteer: Gazetteer
) -> frozenset[str]:
    """Codes of the kabupaten that any row states or lies in, whatever becomes of the row.

    A disguised row whose kecamatan is known reports no other kabupaten by the name or code of a desa.
    """
    silent = (rows["disamarkan"] & rows["kode_kecamatan"].notna()).tolist()
    told = (statement for statement, is_silent in zip(statements, silent, strict=True) if not is_silent)
    areas = {area for statement in told for area in (statement.area, *statement.possible) if area}
    stated = {text for text in column(cells, "kabupaten") if text and not is_empty_marker(text)}
    named = [gazetteer.exact("kabupaten", text) for text in stated]
    above = {code for area in areas if (code := gazetteer.upper(area, "kabupaten"))}
    lying = rows["kode_kabupaten"].dropna().unique().tolist()
    return frozenset({*above, *lying, *(codes[0] for codes in named if len(codes) == 1)})


def _texts(cells: pd.DataFrame) -> pd.DataFrame:
    """The fields that stay as written; empty markers ("-") are not known."""
    kept = {"lembar": pd.array(column(cells, "lembar"), dtype="str")}
    for field in ("nama", "alamat", "desa", "kecamatan", "kabupaten"):
        kept[field] = pd.array(blanked(column(cells, field)), dtype="str")
    return pd.DataFrame(kept, index=cells.index)


def _code_system(
    cells: pd.DataFrame, points: Sequence[str | None], secret: npt.NDArray[np.bool_], gazetteer: Gazetteer
) -> str | None:
    """Kemendagri, BPS or None for the bare digits of this file; `points`: the desa that plain points lie in.

    Secret rows have no say: what is decided here is seen in the other rows.
    """
    if secret.any():
        cells, points = (
            cells[~secret],
            [point for point, is_secret in zip(points, secret, strict=True) if not is_secret],
        )
    fields = [field for field in CODE_FIELDS if field in cells.columns]
    if not fields:
        return decide_system(_declared_codes(cells), gazetteer)
    names = [level for level in ("desa", "kecamatan", "kabupaten") if level in cells.columns]
    texts = {name: column(cells, name) for name in (*fields, *names)}
    codes = Counter(text for field in fields for text in texts[field])
    readings = {text: reading for text in codes if (reading := read_code(text))}
    entries = [CodeEvidence(reading=reading, rows=codes[text]) for text, reading in readings.items()]
    entries = [entry for entry in entries if entry.reading.form != DIGITS]
    bare = {text for text, reading in readings.items() if reading.form == DIGITS}
    if not bare:
        return decide_system(entries, gazetteer)
    for (*values, point), rows in Counter(zip(*texts.values(), points, strict=True)).items():
        row = dict(zip(texts, values, strict=True))
        told = [readings[text] for field in fields if (text := row[field]) in bare]
        stated = tuple((name, text) for name in names if told and (text := row[name]) and not is_empty_marker(text))
        entries += [CodeEvidence(reading=reading, names=stated, point=point, rows=rows) for reading in told]
    return decide_system(entries, gazetteer)


def _declared_codes(cells: pd.DataFrame) -> Iterator[CodeEvidence]:
    """The codes of the declared service areas: most places serve their own kabupaten."""
    listed = Counter(zip(column(cells, "cakupan_wilayah"), column(cells, "kabupaten"), strict=True))
    for (text, kabupaten), rows in listed.items():
        stated = () if kabupaten is None or is_empty_marker(kabupaten) else (("kabupaten", kabupaten),)
        for reading in codes_in(text):
            yield CodeEvidence(reading=reading, names=stated, rows=rows)


def _statements(
    cells: pd.DataFrame, points: Sequence[str | None], system: str | None, gazetteer: Gazetteer
) -> list[Statement]:
    """What each row states about its area; equal rows are read once. Of the address of a row with a desa or a point
    only the words for levels count."""
    columns = {field: column(cells, field) for field in STATED}
    settled = zip(columns["desa"], points, columns["alamat"], strict=True)
    columns["alamat"] = [told_part(text) if desa or point else without_street(text) for desa, point, text in settled]
    known: dict[tuple[str | None, ...], Statement] = {}
    statements = []
    for key in zip(*columns.values(), strict=True):
        if key not in known:
            known[key] = read_statement(dict(zip(STATED, key, strict=True)), system, gazetteer)
        statements.append(known[key])
    return statements


def _stated_desa(statement: Statement, point: RowPoint, gazetteer: Gazetteer) -> str | None:
    """The desa that a row states; an address only speaks for a row without a point."""
    area = (statement.cells or statement if point.landings else statement).area
    return area if area is not None and gazetteer.areas[area].level == "desa" else None


_TOLD_OF_DISGUISED = (
    "layanan", "layanan_lain", "aktif", "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "kapasitas",
    "klien", "tahun",
)  # fmt: skip
"""What the content of a disguised row is, so that which of its rows counts tells neither where it stands nor in which
line: values as read, whatever column, tick or section said them."""


def _contents(cells: pd.DataFrame, rows: pd.DataFrame, asked: Sequence[int]) -> list[str]:
    """All that each of the rows says, as one text, without where it stands."""
    cells, rows = cells.iloc[list(asked)], rows.iloc[list(asked)]
    left_out = ("lembar", "nomor", TITLES, TAKEN, SAID)
    said = zip(*(column(cells, name) for name in cells.columns if name not in left_out), strict=True)
    told = zip(*(rows[name].astype(object).tolist() for name in _TOLD_OF_DISGUISED), strict=True)
    return [
        "\x1f".join(map(str, values) if hidden else (text or "" for text in texts))
        for hidden, texts, values in zip(rows["disamarkan"].tolist(), said, told, strict=True)
    ]


def _notes(cells: pd.DataFrame, system: str | None) -> tuple[Message, ...]:
    """What was decided for the file as a whole."""
    notes = [] if "status_aktif" in cells.columns else [msg("register.note_no_status")]
    if any(field in cells.columns and cells[field].notna().any() for field in CODE_FIELDS):
        notes.append(msg(f"register.note_codes_{system or 'undecided'}"))
    return tuple(notes)
