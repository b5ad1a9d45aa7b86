"""Which cells of a register its offices are asked to mend: one question per cell, one parcel per office.

Decides: a row is asked about if one of its remarks has fields in the table `asked` of the kinds of remarks: all that
make it rejected or doubtful, and repairs whose value the office can confirm in one word. Rows go to the kabupaten that
they state or lie in, and within it to the office that a column of the register names. A row that serves a sensitive
group, also one whose address is public, goes into a parcel of its own and into no other; nothing in the other parcels
depends on such rows, so no row has its number there: it is known by `row_keys`.
Gets wrong: two rows that are equal in every cell have keys by their order; it does not matter which is which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from lks_geo.messages import Message, Texts, msg
from lks_geo.register.areas.file_areas import offices
from lks_geo.register.areas.gazetteer import Gazetteer, gazetteer_of
from lks_geo.register.cleaning.clean import clean, hidden_elsewhere
from lks_geo.register.cleaning.crowd import without_names
from lks_geo.register.issues import ASKED
from lks_geo.register.reading.fields import FIELD_BY_KEY, FIELD_KEYS, MARK
from lks_geo.register.reading.headings import TAKEN
from lks_geo.register.reading.raw import TITLES, RawRegister
from lks_geo.register.template import CHOICES, choices
from lks_geo.settings import Settings
from lks_geo.sheets.sheet import column, texts_of
from lks_geo.sheets.sheet_tables import HEADING
from lks_geo.tables import Boundaries, Issue, Population, Register

OFFICE = "kantor"
"""The field of the office that keeps a row."""
POINT = ("lintang", "bujur")
WHERE = frozenset((*POINT, "koordinat", "desa", "kecamatan", "kode_desa"))
"""Fields of which any one says where an LKS is: a blank beside one that was filled in is no open question."""
_AREAS = ("kabupaten", "kecamatan", "desa")
_ELSEWHERE = ("lembar", "nomor", TITLES, TAKEN, HEADING, OFFICE)
"""Columns that say where a row stands in the file, not what it says."""
_OF_ANOTHER_ROW = frozenset(("baris_ganda", "nama_mirip", "ganda_berbeda"))
"""Kinds whose text has the number of another row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One cell to fill in. `row`: position in the register; `key`: see `row_keys`; `field`: a field of the register or
    a column of check marks; `before`: what the cell says now; `why`: the remarks on it; `options`: what may be chosen;
    `where`: names of the areas of the row; `identity`: its written id; `confirm`: a repair that is to be confirmed;
    `place`: where among the questions on its row it comes."""

    row: int
    key: str
    field: str
    name: str | None
    identity: str | None
    where: str
    before: str | None
    why: tuple[Message, ...]
    options: tuple[str, ...] = ()
    confirm: bool = False
    place: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one office is asked. `code`, `name`: its kabupaten (None: not known); `office`: what the register calls it;
    `sensitive`: the rows that serve a sensitive group, of all kabupaten."""

    code: str | None
    name: str | None
    office: str | None
    sensitive: bool
    questions: tuple[Question, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """The positions of its rows."""
        return tuple(dict.fromkeys(question.row for question in self.questions))


@dataclass(frozen=True, kw_only=True)
class RegisterFile:
    """A register and how it is read: which sheet (None: all), which headings."""

    path: Path
    sheet: str | None
    columns: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OpenRegister:
    """A register as its owner may see it: cells as read (`raw`), and without the names of sensitive rows in the cells
    of others (`shown`); cleaned as for everyone (`told`) and with nothing disguised (`whole`), which rows are
    `sensitive`, and the key of each row."""

    raw: RawRegister
    shown: RawRegister
    told: Register
    whole: Register
    sensitive: np.ndarray
    keys: tuple[str, ...]


def open_register(
    raw: RawRegister, told: Register, boundaries: Boundaries, population: Population, settings: Settings
) -> OpenRegister:
    """The register, and all that its owner may see of it; `told` is what `clean` makes of it for everyone."""
    whole = clean(raw, boundaries, replace(settings, show_sensitive=True), population)
    served = [set(one) == set(other) for one, other in zip(told.rows["kelompok"], whole.rows["kelompok"], strict=True)]
    sensitive = told.rows["disamarkan"].to_numpy(dtype=bool) | ~np.array(served, dtype=bool)
    elsewhere = hidden_elsewhere(raw, boundaries, settings, population).names
    shown = replace(raw, cells=without_names(raw.cells.reset_index(drop=True), sensitive, elsewhere))
    return OpenRegister(
        raw=raw, shown=shown, told=told, whole=whole, sensitive=sensitive,
        keys=_row_keys(shown.cells, told, sensitive),
    )  # fmt: skip


def _row_keys(cells: pd.DataFrame, register: Register, sensitive: np.ndarray) -> tuple[str, ...]:
    """What tells each row from the others wherever it stands: a digest of what may be told of its cells."""
    rows = register.rows
    numbered = rows["id"].isin(register.made_ids).to_numpy() & ~sensitive
    no_address = rows["alamat"].isna().to_numpy() & ~sensitive
    names = [name for name in cells.columns if name not in _ELSEWHERE]
    silent = {"id": numbered, "alamat": no_address}
    texts = {name: column(cells, name) for name in names}
    seen: Counter[str] = Counter()
    keys = []
    for row in range(len(cells)):
        said = [
            f"{name}={text}"
            for name in names
            if (text := texts[name][row]) is not None and not (name in silent and silent[name][row])
        ]
        digest = sha256("\x1f".join(said).encode()).hexdigest()[:12]
        seen[digest] += 1
        keys.append(digest if seen[digest] == 1 else f"{digest}x{seen[digest]}")
    return tuple(keys)


def parcels(opened: OpenRegister, boundaries: Boundaries, settings: Settings) -> tuple[Parcel, ...]:
    """What each office is asked, by kabupaten and office; then the rows of no known kabupaten, then sensitive ones."""
    gazetteer = gazetteer_of(boundaries)
    asked = _Asked(opened, boundaries, settings, gazetteer)
    desk = column(opened.shown.cells, OFFICE)
    homes = offices(opened.told.rows, boundaries)
    found: dict[tuple[bool, str | None, str | None], list[Question]] = {}
    for row, issues in sorted(_by_row(opened).items()):
        sensitive = bool(opened.sensitive[row])
        home = None if sensitive else homes[row]
        office = " ".join((desk[row] or "").split()) or None
        questions = list(asked.of_row(row, issues))
        if questions:
            found.setdefault((sensitive, home, None if sensitive else office), []).extend(questions)
    if opened.sensitive.any():
        found.setdefault((True, None, None), [])  # also without a question, which would tell that nothing is wrong
    order = sorted(found, key=lambda key: (key[0], key[1] is None, key[1] or "", key[2] or ""))
    return tuple(
        Parcel(
            code=home, name=gazetteer.areas[home].name if home else None, office=office, sensitive=sensitive,
            questions=tuple(sorted(found[sensitive, home, office], key=_order)),
        )
        for sensitive, home, office in order
    )  # fmt: skip


_ORDER = {name: at for at, name in enumerate(FIELD_KEYS)} | {
    name: FIELD_KEYS.index("desa") + at / len(_AREAS) for at, name in enumerate(_AREAS)
}
"""Fields from the largest area to the smallest, as an address is filled in."""


def _order(question: Question) -> tuple[str, str, str, float]:
    return question.where, question.name or "", question.key, question.place


def _by_row(opened: OpenRegister) -> dict[int, list[Issue]]:
    """The remarks that ask for something, by row: of an ordinary row as everyone is told, of a sensitive one all."""
    found: dict[int, list[Issue]] = {}
    for register, wanted in ((opened.told, ~opened.sensitive), (opened.whole, opened.sensitive)):
        for issue in register.issues:
            if wanted[issue.posisi] and issue.jenis in ASKED:
                found.setdefault(issue.posisi, []).append(issue)
    return found


class _Asked:
    """The questions about the rows of one register."""

    def __init__(self, opened: OpenRegister, boundaries: Boundaries, settings: Settings, gazetteer: Gazetteer) -> None:
        self._opened, self._settings, self._gazetteer = opened, settings, gazetteer
        self._cells = opened.shown.cells
        self._columns = set(self._cells.columns)
        self._desa = boundaries.names("desa")
        self._texts = Texts(settings.lang)
        self._marks = [name for name in self._cells.columns if name.startswith(MARK)]

    def of_row(self, row: int, issues: Sequence[Issue]) -> Iterator[Question]:
        """One question per cell, with all remarks on it."""
        why: dict[str, list[Issue]] = {}
        for issue in issues:
            for name in self._fields(issue):
                why.setdefault(name, []).append(issue)
        rows = self._opened.told.rows if not self._opened.sensitive[row] else self._opened.whole.rows
        told = rows.iloc[row]
        hidden_id = not self._opened.sensitive[row] and told["id"] in self._opened.told.made_ids
        for name, remarks in why.items():
            before = self._before(row, name)
            if name == "alamat" and pd.isna(told["alamat"]):
                continue
            yield Question(
                row=row, key=self._opened.keys[row], field=name,
                name=None if pd.isna(told["nama"]) else str(told["nama"]),
                identity=None if hidden_id or pd.isna(told["id_tertulis"]) else str(told["id_tertulis"]),
                where=", ".join(str(told[level]) for level in reversed(_AREAS) if not pd.isna(told[level])),
                before=before, why=tuple({str(reason): reason for reason in map(_reason, remarks)}.values()),
                options=tuple(self._options(row, name, remarks)),
                confirm=all(issue.hasil == "diperbaiki" for issue in remarks), place=self._place(name, before),
            )  # fmt: skip

    def _place(self, name: str, before: str | None) -> float:
        """Where a question comes. A kecamatan that is understood stands behind the desa, in case it is wrong."""
        if name == "kecamatan" and before is not None and self._gazetteer.exact("kecamatan", before):
            return _ORDER["desa"] + 0.5 / len(_AREAS)
        return _ORDER.get(name, len(FIELD_KEYS))

    def _before(self, row: int, name: str) -> str | None:
        return column(self._cells.iloc[[row]], name)[0]

    def _fields(self, issue: Issue) -> Iterable[str]:
        """The columns that a remark asks for, as this register has them."""
        for name in ASKED[issue.jenis]:
            if name == "titik":
                yield from ("koordinat",) if self._columns.isdisjoint(POINT) and "koordinat" in self._columns else POINT
            elif name == "layanan":
                yield from self._service_fields(issue)
            elif name == "kolom":
                yield from (issue.kolom,) if issue.kolom else ()
            else:
                yield name

    def _service_fields(self, issue: Issue) -> Iterable[str]:
        named = [name for name in (issue.kolom, "kelompok", "jenis_layanan") if name in self._columns]
        plain = [name for name in named if name and not name.startswith(MARK)]
        return plain[:1] or self._marks or ("kelompok",)

    def _options(self, row: int, name: str, remarks: Sequence[Issue]) -> Iterable[str]:
        """What can be chosen in the cell: what is proposed first, then the list of the field."""
        if name.startswith(MARK):
            return [self._texts(f"exchange.{word}") for word in ("yes", "no")]
        if name in (*CHOICES, "kelompok", "jenis_layanan"):
            return choices("kelompok" if name == "jenis_layanan" else name, self._settings)
        proposed = [text for issue in remarks for text in _proposed(issue, name)]
        return list(dict.fromkeys((*proposed, *(self._areas(row, name) if name in _AREAS else ()))))

    def _areas(self, row: int, level: str) -> Iterable[str]:
        """The names of the areas of a level that the row may lie in."""
        if level == "kabupaten":
            return sorted(self._desa["kabupaten"].unique())
        source = self._opened.whole if self._opened.sensitive[row] else self._opened.told
        home = source.rows["kode_kabupaten"].iloc[row]
        stated = self._gazetteer.exact("kabupaten", str(source.rows["kabupaten"].iloc[row]))
        home = stated[0] if len(stated) == 1 else home
        inside = self._desa if pd.isna(home) else self._desa[self._desa["kode_kabupaten"] == home]
        if level == "kecamatan":
            return sorted(inside["kecamatan"].unique())
        near = inside["kode_kecamatan"] == source.rows["kode_kecamatan"].iloc[row]
        return dict.fromkeys((*sorted(inside["nama"][near]), *sorted(inside["nama"][~near])))


def _proposed(issue: Issue, field: str) -> Iterator[str]:
    """The values of a field that a remark proposes: names that are meant, parts of the area or point in use."""
    if field in _AREAS:
        labels = [*issue.pilihan, *([issue.sesudah] if issue.sesudah else [])]
        for parts in (label.split(", ") for label in labels):
            place = len(parts) - len(_AREAS) + _AREAS[::-1].index(field) if len(parts) <= len(_AREAS) else -1
            if 0 <= place < len(parts):
                yield parts[place]
    elif field in POINT and issue.hasil == "diperbaiki" and issue.sesudah and "; " in issue.sesudah:
        yield issue.sesudah.split("; ")[POINT.index(field)]


def _reason(issue: Issue) -> Message:
    """What is wrong, without the number of another row."""
    if issue.jenis not in _OF_ANOTHER_ROW:
        return issue.pesan
    return msg("exchange.as_another", kind=msg(f"register.kind_{issue.jenis}"), name=issue.pesan.params.get("name", ""))


def raw_texts(raw: RawRegister, field: str) -> list[str | None]:
    """The cells of a field as read; all None if the register has no such column."""
    return texts_of(raw.cells[field]) if field in raw.cells else [None] * len(raw.cells)


def with_answers(raw: RawRegister, answers: Mapping[tuple[int, str], str]) -> RawRegister:
    """The register with these answers in its cells."""
    cells = raw.cells.copy()
    for name in sorted({name for _, name in answers}):
        texts = raw_texts(raw, name)
        for (row, other), text in answers.items():
            if other == name:
                texts[row] = text
        cells[name] = pd.Series(pd.array(texts, dtype="str"), index=cells.index)
    sheets = tuple(
        replace(sheet, columns={**{name: name for _, name in answers}, **sheet.columns}) if sheet.columns else sheet
        for sheet in raw.sheets
    )
    unread = {at: kind for at, kind in raw.unread.items() if at not in answers}
    return replace(raw, cells=cells, sheets=sheets, unread=unread)


def titles_of(raw: RawRegister) -> Mapping[str, str]:
    """Field -> heading of the register, the first sheet that has it."""
    return {name: heading for sheet in reversed(raw.sheets) for name, heading in sheet.columns.items()}


def field_name(name: str, texts: Texts) -> str:
    """A field in words; a column of check marks by its group."""
    if name.startswith(MARK):
        return texts("quality.field_mark", group=name.removeprefix(MARK).replace(":", ", "))
    return FIELD_BY_KEY[name].title(texts.lang) if name in FIELD_BY_KEY else name


def place_of(parcel: Parcel, texts: Texts) -> str:
    """What an office is called: "Mamuju", "Mamuju, UPTD II", "kabupaten belum jelas"."""
    if parcel.sensitive:
        return texts("exchange.sensitive_rows")
    return ", ".join(part for part in (parcel.name or texts("exchange.no_kabupaten"), parcel.office) if part)
