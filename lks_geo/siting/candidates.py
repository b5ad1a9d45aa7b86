"""Where a site may stand, and the register as it would be with chosen sites in it.

By default every desa of the areas asked for, at its population point; for a sensitive group every kecamatan, at the
centre of its people; or the places of a file of one's own. A site passes every filter in use, serves all groups asked
for and reaches as far as a place whose system is that of the filter (not recorded without one).
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
from lks_geo.measure.supply import RANKS, Supply
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Population, Register, RegisterFrame

BoolArray = npt.NDArray[np.bool_]

NEW = "baru"
"""The kind of a site at which no LKS of the register stands today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Possible sites in the order of their codes.

    `table`: `kode`, `nama`, `kecamatan`, `kabupaten`, `lintang`, `bujur` (degrees), `kode_desa`, `kode_kecamatan`,
    `kode_kabupaten` (NA as far as unknown), `jenis`, `lokasi` (see tables.LOCATIONS). `reach_km`: one per group.
    """

    table: pd.DataFrame
    reach_km: FloatArray

    def __len__(self) -> int:
        return len(self.table)

    @property
    def lon(self) -> FloatArray:
        return self.table["bujur"].to_numpy(dtype=float)

    @property
    def lat(self) -> FloatArray:
        return self.table["lintang"].to_numpy(dtype=float)

    @property
    def code(self) -> npt.NDArray[np.object_]:
        return self.table["kode"].to_numpy(dtype=object)


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


def _named(names: pd.DataFrame) -> pd.DataFrame:
    columns = ["nama", "kecamatan", "kabupaten", "kode_kecamatan", "kode_kabupaten"]
    return names[columns].reset_index(names="kode")


def _candidates(table: pd.DataFrame, settings: Settings) -> Candidates:
    return Candidates(
        table=table.assign(jenis=NEW).sort_values("kode", kind="stable", ignore_index=True),
        reach_km=np.array([settings.reach_of(group, settings.system) for group in settings.groups]),
    )


def site_id(place: int) -> str:
    """The id of the site of a plan (1, 2, ...) in the register that holds it: of equal distances it is the nearest."""
    return f"+{place:04d}"


def with_sites(register: Register, candidates: Candidates, chosen: Sequence[int], settings: Settings) -> Register:
    """The register with an active LKS at each chosen candidate (position) that serves all groups of the settings."""
    sites = candidates.table.iloc[list(chosen)]
    services = tuple((group.key, settings.system) for group in settings.groups)
    rows = pd.DataFrame(index=range(len(sites)), columns=register.rows.columns, dtype=object)
    for column in ("lintang", "bujur", "lokasi", "kode_desa", "kode_kecamatan", "kode_kabupaten"):
        rows[column] = sites[column].to_numpy()
    rows["id"] = [site_id(place) for place in range(1, len(sites) + 1)]
    rows["nama"] = rows["id"]
    rows["nomor"] = 0
    for column, value in (("layanan", services), ("kelompok", tuple(key for key, _ in services)),
                          ("layanan_lain", ()), ("cakupan_wilayah", ())):  # fmt: skip
        rows[column] = pd.Series([value] * len(sites), dtype=object)
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


def as_supply(candidates: Candidates, supply: Supply, group: int) -> Supply:
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
        reach_km=np.full(size, candidates.reach_km[group]),
    )
