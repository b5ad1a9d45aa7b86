"""The tables and small frozen types that rooms hand to each other, and the checks at their doors.

A frame that came through `check_*` has the columns, index and CRS said here, so no later room checks again.
Codes are text (`76.05.01.1001`), never numbers. Coordinates are EPSG:4326 degrees unless a name ends in `_m` or `_km`.
NA is "not known" and is never the same as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NewType

import geopandas as gpd
import pandas as pd

from lks_geo.catalogue import Group, Measure
from lks_geo.dissolving import dissolve
from lks_geo.messages import Message
from lks_geo.settings import Settings
from lks_geo.sheets.personal import masked_stem
from lks_geo.thrift import begun, kept, remembered

LEVELS = ("desa", "kecamatan", "kabupaten", "provinsi")
"""From small to large. The parent of a level is the next one."""

PARENT_COLUMNS = {"kecamatan": "kode_kecamatan", "kabupaten": "kode_kabupaten", "provinsi": "kode_provinsi"}
_BPS_LENGTHS = {"kecamatan": 7, "kabupaten": 4, "provinsi": 2}

OUTCOMES = ("diterima", "diperbaiki", "meragukan", "ditolak")
"""What became of a row of the register, from good to bad."""

LOCATIONS = ("titik", "perkiraan", "disamarkan", "tanpa_titik", "luar_wilayah")
"""How sure a place stands where it stands. `disamarkan`: somewhere in its kecamatan."""

TOTAL = "*"
"""The key of `Coverage.totals` that counts each place once, whatever it serves. No group can have it."""

UNREPORTED = "tidak_dilaporkan"
"""The status of areas in a kabupaten from which the register has no row: nothing is known there."""

STATUSES = ("belum_terlayani", "terjangkau_sebagian", "terjangkau", "ada", "tidak_ada_sasaran", UNREPORTED)
"""The classes of `status`, gap first. "No data" is never one of them."""

AREA_COLUMNS = (
    "nama", "kode_bps",
    "kode_kecamatan", "kecamatan", "kode_kabupaten", "kabupaten", "kode_provinsi", "provinsi",
)  # fmt: skip

KEY_COLUMNS = ("level", "kode", "kode_bps", "nama", "kecamatan", "kabupaten", "kelompok")
"""The columns of a coverage table before the measures."""

REGISTER_COLUMNS = (
    "lembar", "nomor", "hasil", "id", "id_tertulis", "nama", "layanan", "kelompok", "layanan_lain", "aktif",
    "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "kapasitas", "klien", "alamat", "desa", "kecamatan",
    "kabupaten", "kode_tertulis", "cakupan_wilayah", "lintang", "bujur", "lokasi", "kode_desa", "kode_kecamatan",
    "kode_kabupaten", "disamarkan",
)  # fmt: skip

DesaFrame = NewType("DesaFrame", gpd.GeoDataFrame)
"""Desa: index `kode` (text, unique, sorted), AREA_COLUMNS + `geometry` ((Multi)Polygon, valid, EPSG:4326)."""

RegisterFrame = NewType("RegisterFrame", pd.DataFrame)
"""Every row of a register: RangeIndex, REGISTER_COLUMNS. See `Register`."""

PopulationFrame = NewType("PopulationFrame", pd.DataFrame)
"""Index `kode` (every desa of the boundaries), one float column per group key (people, NaN = not known), `penduduk`,
`lintang`, `bujur` (population point, NaN = use the interior point)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an input came from, for all outputs. `origin` (who made the data), `vintage`, `licence`: free text."""

    name: str
    sha256: str
    origin: str = ""
    vintage: str = ""
    licence: str = ""
    estimated: bool = False
    example: bool = False


def source_of(path: Path, **facts: object) -> Source:
    """The `Source` of a file, or of all in a folder: its name without what is personal, the SHA-256 of its bytes."""
    from hashlib import file_digest, sha256

    if path.is_dir():
        digest = sha256(b"".join(file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file())).hexdigest()
    else:
        with path.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    return Source(name=masked_stem(path.name), sha256=digest, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One remark on one row of a register.

    `posisi` is the place of the row in `Register.rows`. `nomor` is its row number as the file's own program shows it
    (tables side by side share it). `kolom` is the field (a REGISTER_COLUMNS name or None), `jenis` a key of the table
    of issue kinds, `hasil` the outcome that this remark alone gives the row (a plain remark gives `diterima`).
    `sebelum`/`sesudah`: the value as read and as used. `pilihan`: what may be meant instead, the likeliest first.
    """

    posisi: int
    lembar: str | None
    nomor: int
    kolom: str | None
    jenis: str
    hasil: str
    pesan: Message
    sebelum: str | None = None
    sesudah: str | None = None
    pilihan: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReport:
    """What was found in one sheet: where the header stands (row numbers of the file), which heading became which field
    (`columns`), headings nobody claimed (`unused`), columns dropped for naming persons (`dropped`: heading -> why),
    and how many lines were passed over by kind (title, column numbers, section, total, signature, blank, hidden...)."""

    name: str | None
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    unused: tuple[str, ...] = ()
    dropped: Mapping[str, Message] = field(default_factory=dict)
    passed_over: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register after cleaning: every input row with its outcome, and all remarks.

    `rows` columns (REGISTER_COLUMNS), NA where not known:
    `lembar` text, `nomor` int, `hasil` one of OUTCOMES, `nama` text, `id` what outputs call the place (unique among
    used rows that are not disguised), `id_tertulis` its id as written,
    `layanan` tuple of (group key, system) with system "dalam", "luar" or None, `kelompok` tuple of group keys (in the
    order of the settings), `layanan_lain` tuple of known services outside the groups, `aktif`/`badan_hukum` boolean,
    `perkembangan` tumbuh|berkembang|mandiri, `akreditasi` A|B|C|TTA|belum, `berlaku_sampai` datetime64,
    `kapasitas`/`klien` Int64 (people), `alamat` and stated `desa`/`kecamatan`/`kabupaten` text as written,
    `kode_tertulis` the Kemendagri code of the desa the row states (by code or name), `cakupan_wilayah` tuple of area
    codes of any level, `lintang`/`bujur` degrees EPSG:4326 of the point in use (NaN if none), `lokasi` one of LOCATIONS
    (NA for rejected rows), `kode_desa`/`kode_kecamatan`/`kode_kabupaten` where the place lies (NA as far as unknown),
    `disamarkan` bool: the row serves a sensitive group or belongs to a place that does, so nothing about it is finer
    than its kecamatan (`lintang`/`bujur`: the centre of the people there) and it is counted but never listed.
    `made_ids`: the ids that the register does not have, made so that every place can be called by one.
    `companions`: the sensitive services of places whose address is public, as disguised rows (same columns) beside the
    row of the place itself; they count for their group, never as a place of their own.
    `reported`: kabupaten that any row, also a rejected one, states or lies in. `bridged`: old codes stated -> rows.
    """

    rows: RegisterFrame
    issues: tuple[Issue, ...]
    sheets: tuple[SheetReport, ...]
    source: Source
    status_recorded: bool
    made_ids: frozenset[str] = frozenset()
    companions: RegisterFrame | None = None
    reported: frozenset[str] = frozenset()
    bridged: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()

    @cached_property
    def places(self) -> RegisterFrame:
        """The rows in use (not `ditolak`), then the companions; `pendamping` (bool) tells them apart.

        RangeIndex, sorted by where a place lies and its name, so that nothing tells the order of the register.
        """
        used = self.rows[self.rows["hasil"] != "ditolak"].assign(pendamping=False)
        if self.companions is not None and len(self.companions):
            used = pd.concat([used, self.companions.assign(pendamping=True)])
        order = ["kode_kabupaten", "kode_kecamatan", "kode_desa", "nama", "id"]
        return RegisterFrame(used.sort_values(order, kind="stable", ignore_index=True))

    @cached_property
    def counts(self) -> dict[str, int]:
        """`baris` and one count per outcome; they add up."""
        by = self.rows["hasil"].value_counts()
        return {"baris": len(self.rows)} | {outcome: int(by.get(outcome, 0)) for outcome in OUTCOMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What a desa was called and numbered before: old code, old name, and the code that it has `now`; of a desa that
    was split one for each part, with the `share` of its people (0-1) that lives there."""

    code: str
    name: str
    now: str
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """The areas of all four levels. Upper levels are dissolved from the desa, so that levels nest exactly.

    Each level: index `kode`, AREA_COLUMNS (NA below its own level), `geometry` in EPSG:4326. `neighbours` has `nama`
    and `geometry` for the setting of maps; it may be empty. `crs_m` is a projected CRS in metres that fits the data.
    `former`: old codes and names that inputs may still use.
    """

    desa: DesaFrame
    neighbours: gpd.GeoDataFrame
    source: Source
    crs_m: str
    notes: tuple[Message, ...] = ()
    dissolved: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    former: tuple[Former, ...] = ()

    def level(self, level: str) -> gpd.GeoDataFrame:
        """The areas of one level with geometry; dissolved on first use unless the file brought them."""
        return self.desa if level == "desa" else self.begin_levels()()[level]

    @remembered
    def names(self, level: str) -> pd.DataFrame:
        """AREA_COLUMNS of one level, index `kode`, without geometry (cheap at any scale).

        The BPS code of an upper level is the common beginning of the BPS codes of its desa; NA where they disagree.
        """
        if level == "desa":
            return pd.DataFrame(self.desa[list(AREA_COLUMNS)])
        if level in self.dissolved:
            return pd.DataFrame(self.dissolved[level][list(AREA_COLUMNS)])
        position, code = LEVELS.index(level), PARENT_COLUMNS[level]
        first = self.desa[list(AREA_COLUMNS)][~self.desa[code].duplicated()].set_index(code).sort_index()
        first.index.name = "kode"
        first["nama"] = first[level]
        bps = self.desa["kode_bps"].str[: _BPS_LENGTHS[level]].groupby(self.desa[code]).agg(["nunique", "first"])
        first["kode_bps"] = bps["first"].where(bps["nunique"] == 1)
        first[code] = first.index
        for lower in LEVELS[1:position]:
            first[[PARENT_COLUMNS[lower], lower]] = pd.NA
        return first[list(AREA_COLUMNS)].astype("str")

    def begin_levels(self) -> Callable[[], dict[str, gpd.GeoDataFrame]]:
        """Begins to dissolve the upper levels while other work goes on; what is returned waits for them."""
        return kept(self, "levels", lambda: begun(self._upper, patient=True))

    def _upper(self) -> dict[str, gpd.GeoDataFrame]:
        areas, valid = dict(self.dissolved), False
        below: gpd.GeoDataFrame = self.desa
        for level, code in PARENT_COLUMNS.items():
            if level not in areas:
                names, shapes = self.names(level), dissolve(below.geometry, below[code], valid=valid)
                areas[level] = gpd.GeoDataFrame(names, geometry=shapes.reindex(names.index), crs=self.desa.crs)
            below, valid = areas[level], level not in self.dissolved
        return areas


@dataclass(frozen=True, kw_only=True)
class Population:
    """Target people per desa and group (see PopulationFrame).

    `source` has no name if nothing is known. `estimates`: which of the people are estimates (bool; rows as the table,
    columns groups and `penduduk`; None: all, if the source is one). `base`: the estimate that fills what the source
    leaves open. `unknown_codes`: rows of the file that no area has.
    """

    table: PopulationFrame
    source: Source
    notes: tuple[Message, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    estimates: pd.DataFrame | None = None
    base: Source | None = None

    def estimated(self, keys: Sequence[str]) -> pd.DataFrame:
        """Which people of these groups are estimates (bool, by desa); not-known ones are none."""
        people = self.table.reindex(columns=list(keys))
        if self.estimates is None:
            return people.notna() & self.source.estimated
        marks = self.estimates.reindex(index=people.index, columns=list(keys), fill_value=False)
        return marks.astype(bool) & people.notna()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTotals:
    """How the counted places of a view add up: in_areas + tanpa_titik + luar_wilayah = counted.

    `used` are all places (not rejected); `doubtful`, `approximate` and `disguised` count among `counted`.
    """

    used: int
    counted: int
    in_areas: int
    tanpa_titik: int
    luar_wilayah: int
    doubtful: int
    approximate: int
    disguised: int
    status_unknown: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The result: one row per level x area x group, and all that is needed to explain each number.

    `table`: columns level, kode, kode_bps, nama, kecamatan, kabupaten, kelompok, then the measures' keys in the order
    of `measures`; sorted by level (LEVELS), kode, group order. `places`: `Register.places` with `dihitung` (bool:
    passes the filters) and `kelompok_dihitung` (tuple: the groups that it counts for); disguised ones are counted,
    never listed: `listed_places`. `totals`: per group key, and all places under `TOTAL`, of the kabupaten and groups
    shown. `notes` say what the measures had to assume or leave out in this run. `sensitivity` (optional): columns
    `jangkauan_km, kelompok, sasaran, terjangkau, cakupan`, the share served as reach grows, over the reported kabupaten
    shown. `unreported`: codes of the kabupaten shown from which the register has no row.
    """

    table: pd.DataFrame
    places: RegisterFrame
    measures: tuple[Measure, ...]
    settings: Settings
    boundaries: Boundaries
    population: Population
    register: Register
    totals: Mapping[str, PlaceTotals]
    notes: tuple[Message, ...] = ()
    sensitivity: pd.DataFrame | None = None
    unreported: tuple[str, ...] = ()

    @property
    def listed_places(self) -> pd.DataFrame:
        """The places that outputs may list one by one: `places` without the disguised ones."""
        return self.places[~self.places["disamarkan"].astype(bool)]

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.settings.groups

    @property
    def example(self) -> bool:
        """Whether any input is invented, so that every output must say DATA CONTOH."""
        return self.register.source.example

    @remembered
    def estimated(self, group: str | None = None, kabupaten: str | None = None) -> tuple[int, int]:
        """How many areas of the finest level shown have an estimate as target (or as a part of it), and how many have
        a target; of one group, or of all together; in one kabupaten (code), or in all shown."""
        level = next((level for level in LEVELS if (self.table["level"] == level).any()), LEVELS[0])
        rows = self.table[(self.table["level"] == level) & self.table["sasaran"].notna()]
        rows = rows if group is None else rows[rows["kelompok"] == group]
        if kabupaten is not None and level != "provinsi":
            rows = rows[rows["kode"].map(self.boundaries.names(level)["kode_kabupaten"]) == kabupaten]
        return int(rows["sasaran_perkiraan"].fillna(value=False).sum()), len(rows)

    def at(self, level: str, group: str) -> pd.DataFrame:
        """The rows of one level and group, index `kode`."""
        return self.table[(self.table["level"] == level) & (self.table["kelompok"] == group)].set_index("kode")
