"""Where a site may stand, and the register as it would be with chosen sites in it.

By default every desa of the areas asked for, at its population point; for a sensitive group every kecamatan, at the
centre of its people; or the places of a file of one's own. A site passes every filter in use, serves all groups asked
for and reaches as far as a place whose system is that of the filter (not recorded without one). Beside new sites, an
LKS of the register may be made to count: reactivated, accredited, or given the service (`register_candidates`); never
one that is disguised, nor one without a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray
from lks_geo.locate import people_centres
from lks_geo.measure.ground import Ground
from lks_geo.measure.supply import RANKS, Supply, accredited, places_in_use
from lks_geo.settings import STEPS, Settings
from lks_geo.tables import Boundaries, Population, Register, RegisterFrame

BoolArray = npt.NDArray[np.bool_]

NEW, ACTIVATE, ACCREDIT, ADD = STEPS
AS_GOOD = 0.02
"""A site can replace another if the plan then loses no more than this share of its people."""
KINDS = {"new": NEW, "activate": ACTIVATE, "accredit": ACCREDIT, "add": ADD}
"""What may be done, as the command line calls it: a site at which no LKS of the register stands today; an LKS known to
be inactive active again; one accredited, where only accredited ones count; the service added to one that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Possible sites, the cheapest first and then in the order of their codes, of which none occurs twice.

    `table`: `kode`, `nama`, `kecamatan`, `kabupaten`, `lintang`, `bujur` (degrees), `kode_desa`, `kode_kecamatan`,
    `kode_kabupaten` (NA as far as unknown), `jenis` (KINDS), `biaya`, `lokasi` (see tables.LOCATIONS), `layanan`: the
    services that it will have (group key, system). The `kode` of an LKS of the register is its id.
    """

    table: pd.DataFrame

    def __len__(self) -> int:
        return len(self.table)

    @property
    def lon(self) -> FloatArray:
        return self.table["bujur"].to_numpy(dtype=float)

    @property
    def lat(self) -> FloatArray:
        return self.table["lintang"].to_numpy(dtype=float)

    @property
    def cost(self) -> FloatArray:
        return self.table["biaya"].to_numpy(dtype=float)

    def reach_km(self, settings: Settings) -> FloatArray:
        """How far each reaches for each group of the settings (km, candidates x groups), 0 where it serves it not."""
        which, kinds = pd.factorize(self.table["layanan"])
        km = np.zeros((len(kinds), len(settings.groups)))
        for row, services in enumerate(kinds):
            for number, group in enumerate(settings.groups):
                reaches = [settings.reach_of(group, system) for key, system in services if key == group.key]
                km[row, number] = max(reaches, default=0.0)
        return np.asarray(km[which])

    @property
    def code(self) -> npt.NDArray[np.object_]:
        return self.table["kode"].to_numpy(dtype=object)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSites:
    """The rows of a file of sites: how many there are, how many are candidates, and why others are none. Rows that are
    left are double or too close to another LKS."""

    rows: int
    used: int
    rejected: int
    without_point: int
    outside: int

    @property
    def close(self) -> int:
        """Rows that are double or too close to another LKS."""
        return self.rows - self.used - self.rejected - self.without_point - self.outside


def listed_rows(register: Register, boundaries: Boundaries, asking: BoolArray, candidates: Candidates) -> ListedSites:
    """What became of the rows of a file of sites."""
    places = register.places[~register.places["pendamping"].astype(bool)]
    pointed = places["lintang"].notna() & places["bujur"].notna()
    inside = places["kode_kabupaten"].isin(boundaries.desa["kode_kabupaten"][asking])
    return ListedSites(
        rows=register.counts["baris"], rejected=register.counts["ditolak"], without_point=int((~pointed).sum()),
        outside=int((pointed & ~inside).sum()), used=int(candidates.table["jenis"].eq(NEW).sum()),
    )  # fmt: skip


def desa_candidates(boundaries: Boundaries, ground: Ground, asking: BoolArray, settings: Settings) -> Candidates:
    """Every desa that is `asking`, at its population point."""
    table = _named(boundaries.names("desa")).assign(
        lintang=ground.lat, bujur=ground.lon, kode_desa=boundaries.desa.index.to_numpy(), lokasi="titik"
    )
    return _candidates(table[asking], settings)


def kecamatan_candidates(
    boundaries: Boundaries, population: Population, asking: BoolArray, settings: Settings
) -> Candidates:
    """Every kecamatan with desa that are `asking`, at the centre of its people."""
    codes = sorted(set(boundaries.desa["kode_kecamatan"][asking].dropna()))
    centres = people_centres(codes, boundaries, population)
    table = _named(boundaries.names("kecamatan").loc[codes]).assign(kode_desa=None, lokasi="disamarkan")
    table["kode_kecamatan"] = table["kode"]
    return _candidates(table.join(centres, on="kode"), settings)


def listed_candidates(register: Register, boundaries: Boundaries, inside: set[str], settings: Settings) -> Candidates:
    """The places of a file of sites that have a point in one of the kabupaten `inside` (codes), by their ids.

    Places of the file that are disguised stand at the centre of the people of their kecamatan, once each kecamatan.
    """
    places = register.places
    used = places[places["kode_kabupaten"].isin(inside) & places["lintang"].notna() & places["bujur"].notna()]
    used = used[~used["pendamping"].astype(bool)].drop_duplicates("id")
    table = used[["nama", "lintang", "bujur", "kode_desa", "kode_kecamatan", "kode_kabupaten", "lokasi"]].copy()
    table["kode"] = used["id"].astype(str)
    for level in ("kecamatan", "kabupaten"):
        table[level] = table[f"kode_{level}"].map(boundaries.names(level)["nama"])
    table["nama"] = table["nama"].fillna(table["kecamatan"])
    return _candidates(table, settings)


def register_candidates(
    register: Register, boundaries: Boundaries, inside: set[str], kinds: Sequence[str], settings: Settings
) -> pd.DataFrame:
    """The LKS of the register in the kabupaten `inside` (codes) of which one of `kinds` can be asked, as candidates.

    Each LKS is a candidate of one kind at most: one that would need two steps is none.
    """
    found = []
    keys = {group.key for group in settings.groups}
    for kind in kinds:
        places = _that_could(kind, register, settings)
        open_ = ~places["disamarkan"].astype(bool) & ~places["pendamping"].astype(bool)
        open_ &= places["kode_kabupaten"].isin(inside) & places["lintang"].notna() & places["bujur"].notna()
        places = places[open_ & ~places["lokasi"].eq("tanpa_titik")]
        services = [_services_then(row, kind, keys, settings) for row in places["layanan"]]
        table = places[["nama", "lintang", "bujur", "kode_desa", "kode_kecamatan", "kode_kabupaten", "lokasi"]].copy()
        table["kode"] = places["id"].astype(str)
        table["layanan"] = pd.Series(services, index=table.index, dtype=object)
        for level in ("kecamatan", "kabupaten"):
            table[level] = table[f"kode_{level}"].map(boundaries.names(level)["nama"])
        found.append(table[[bool(row) for row in services]].assign(jenis=kind, biaya=settings.plan_cost(kind)))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _that_could(kind: str, register: Register, settings: Settings) -> pd.DataFrame:
    """The places that would count after a step of this kind and do not today; to add a service, those that count."""
    if kind == ADD:
        places = places_in_use(register, settings)
        return places[places["dihitung"]]
    if (kind == ACTIVATE and not (settings.active_only and register.status_recorded)) or (
        kind == ACCREDIT and not settings.accredited
    ):
        return places_in_use(register, settings).iloc[:0]
    lifted = replace(settings, active_only=False) if kind == ACTIVATE else replace(settings, accredited=False)
    places = places_in_use(register, lifted)
    inactive = (~places["aktif"].astype("boolean")).fillna(value=False).to_numpy(dtype=bool)  # NA is not inactive
    return places[places["dihitung"] & (inactive if kind == ACTIVATE else ~accredited(places, settings))]


def _services_then(
    services: Sequence[tuple[str, str | None]], kind: str, keys: set[str], settings: Settings
) -> tuple[tuple[str, str | None], ...]:
    """The services for the groups asked for that an LKS has after the step; none if it has nothing new to give."""
    own = tuple((key, system) for key, system in services if key in keys and settings.system in (None, system))
    if kind != ADD:
        return own
    missing = sorted(keys - {key for key, _ in own})
    systems = {system for _, system in services}
    system = settings.system or (systems.pop() if len(systems) == 1 else None)
    return (*own, *((key, system) for key in missing)) if missing else ()


def _named(names: pd.DataFrame) -> pd.DataFrame:
    columns = ["nama", "kecamatan", "kabupaten", "kode_kecamatan", "kode_kabupaten"]
    return names[columns].reset_index(names="kode")


def _candidates(table: pd.DataFrame, settings: Settings) -> Candidates:
    services = tuple((group.key, settings.system) for group in settings.groups)
    table = table.assign(jenis=NEW, biaya=settings.plan_cost(NEW))
    table["layanan"] = pd.Series([services] * len(table), index=table.index, dtype=object)
    return ordered(table)


def ordered(table: pd.DataFrame) -> Candidates:
    """The candidates of a table in their order, each code once."""
    table = table.sort_values(["biaya", "kode"], kind="stable").drop_duplicates("kode", ignore_index=True)
    return Candidates(table=table)


def site_id(place: int) -> str:
    """The id of the site of a plan (1, 2, ...) in the register that holds it: of equal distances it is the nearest."""
    return f"+{place:04d}"


def with_sites(register: Register, candidates: Candidates, chosen: Sequence[int], settings: Settings) -> Register:
    """The register with an active LKS at each chosen new site (position), and the other chosen steps done."""
    picked = candidates.table.iloc[list(chosen)]
    register = _with_steps(register, picked[picked["jenis"] != NEW])
    sites = picked[picked["jenis"] == NEW]
    if not len(sites):
        return register
    rows = pd.DataFrame(index=range(len(sites)), columns=register.rows.columns, dtype=object)
    for column in ("lintang", "bujur", "lokasi", "kode_desa", "kode_kecamatan", "kode_kabupaten"):
        rows[column] = sites[column].to_numpy()
    rows["id"] = [site_id(int(place) + 1) for place in np.flatnonzero(picked["jenis"] == NEW)]
    rows["nama"] = rows["id"]
    rows["nomor"] = 0
    rows["layanan"] = sites["layanan"].to_numpy()
    rows["kelompok"] = [tuple(key for key, _ in services) for services in sites["layanan"]]
    for column in ("layanan_lain", "cakupan_wilayah"):
        rows[column] = pd.Series([()] * len(sites), dtype=object)
    rows["hasil"] = "diterima"
    rows["disamarkan"] = (rows["lokasi"] == "disamarkan").astype(bool)
    rows["aktif"], rows["akreditasi"] = True, RANKS[0]
    rows["badan_hukum"] = settings.legal_entity is not False
    rows["perkembangan"] = next(iter(settings.developments), None)
    known = register.rows
    if known.empty:
        return replace(register, rows=RegisterFrame(rows))
    # A column of which the register knows nothing may have any type.
    added = rows.astype({name: kind for name, kind in known.dtypes.items() if known[name].notna().any()})
    return replace(register, rows=RegisterFrame(pd.concat([known, added], ignore_index=True)))


def _with_steps(register: Register, steps: pd.DataFrame) -> Register:
    """The register with the LKS of these candidates active, accredited, or with the services they will have."""
    if not len(steps):
        return register
    rows = register.rows.copy()
    used = rows["id"].where(rows["hasil"] != "ditolak").astype(object)
    for kind, codes in steps.groupby("jenis")["kode"]:
        chosen = used.isin(codes)
        if kind == ACTIVATE:
            rows.loc[chosen, "aktif"] = True
        elif kind == ACCREDIT:
            rows["akreditasi"] = rows["akreditasi"].astype(object).mask(chosen, RANKS[0])
            rows["berlaku_sampai"] = rows["berlaku_sampai"].mask(chosen)
    added = steps[steps["jenis"] == ADD].set_index("kode")["layanan"].to_dict()
    services = [
        tuple(dict.fromkeys((*known, *added.get(code, ())))) for known, code in zip(rows["layanan"], used, strict=True)
    ]
    rows["layanan"] = pd.Series(services, index=rows.index, dtype=object)
    keys = [tuple(dict.fromkeys(key for key, _ in row)) for row in services]
    rows["kelompok"] = rows["kelompok"].mask(used.isin([*added]), pd.Series(keys, index=rows.index, dtype=object))
    return replace(register, rows=RegisterFrame(rows))


def as_supply(candidates: Candidates, supply: Supply, group: int, reach_km: FloatArray) -> Supply:
    """The candidates as places that serve one group, for the distances of a road network."""
    size = len(candidates)
    return replace(
        supply,
        id=candidates.code,
        lon=candidates.lon,
        lat=candidates.lat,
        desa=np.full(size, -1, dtype=np.int64),
        capacity=np.full(size, np.nan),
        sure=np.ones(size, dtype=bool),
        disguised=np.zeros(size, dtype=bool),
        counted=np.ones(size, dtype=bool),
        place=np.arange(size),
        group=np.full(size, group, dtype=np.int64),
        reach_km=reach_km,
    )
