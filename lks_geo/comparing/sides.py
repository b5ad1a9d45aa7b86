"""The LKS of two registers as they are compared: names, ids and areas as text, the same text as one number.

Disguised LKS are no part of a side: they are counted, per kecamatan, group and activity.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.geo import FloatArray, IntArray, ecef_km
from lks_geo.register.identity import core_words, name_key
from lks_geo.sheets.folding import compact
from lks_geo.tables import Coverage

BoolArray = npt.NDArray[np.bool_]
AREA_CODES = ("kode_desa", "kode_kecamatan", "kode_kabupaten")
DISGUISED_COLUMNS = ("kode_kecamatan", "kecamatan", "kabupaten", "kelompok", "aktif", "lama", "baru")


@dataclass(frozen=True)
class Side:
    """The LKS of one register that may be paired. `places`: RangeIndex, REGISTER_COLUMNS, none disguised."""

    places: pd.DataFrame

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def telling(self) -> list[tuple[str, ...]]:
        """The words of each name that tell institutions apart."""
        return [core_words(name if isinstance(name, str) else None) for name in self.places["nama"].tolist()]

    @cached_property
    def texts(self) -> dict[str, list[str | None]]:
        """What is compared as text, None where not known: `key`, `core`, `id`, `address`, codes of the areas."""
        keys = [name_key(name) if isinstance(name, str) else "" for name in self.places["nama"].tolist()]
        addresses = [compact(text) if isinstance(text, str) else "" for text in self.places["alamat"].tolist()]
        ids = [text.casefold() if isinstance(text, str) else None for text in self.places["id_tertulis"].tolist()]
        codes = {name: self.places[name].astype(object).where(self.places[name].notna(), None) for name in AREA_CODES}
        return {
            "key": [key or None for key in keys],
            "core": ["".join(words) or key or None for words, key in zip(self.telling, keys, strict=True)],
            "id": ids,
            "address": [text or None for text in addresses],
        } | {name: column.tolist() for name, column in codes.items()}

    @cached_property
    def words(self) -> pd.DataFrame:
        """`row`, `word`: the telling words of each name, each once."""
        rows = np.repeat(np.arange(len(self)), [len(found) for found in self.telling])
        words = pd.Series([word for found in self.telling for word in found], dtype=object)
        return pd.DataFrame({"row": rows, "word": words}).drop_duplicates()

    @cached_property
    def capacity(self) -> FloatArray:
        return self.places["kapasitas"].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def active(self) -> FloatArray:
        """1 active, 0 not, -1 not known."""
        return np.asarray(self.places["aktif"].astype("boolean").to_numpy(dtype=float, na_value=-1), dtype=float)

    @cached_property
    def lon_lat(self) -> FloatArray:
        return self.places[["bujur", "lintang"]].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def located(self) -> BoolArray:
        """Whether there is any point, be it the middle of the desa."""
        known = self.places["lokasi"].ne("tanpa_titik").to_numpy(dtype=bool)
        return np.asarray(known & ~np.isnan(self.lon_lat).any(axis=1))

    @cached_property
    def exact(self) -> BoolArray:
        """Whether the point is the own one of the LKS."""
        return np.asarray(self.located & self.places["lokasi"].isin(["titik", "luar_wilayah"]).to_numpy(dtype=bool))

    @cached_property
    def served(self) -> list[frozenset[str]]:
        """The groups and other services of each LKS."""
        pairs = zip(self.places["kelompok"], self.places["layanan_lain"], strict=True)
        return [frozenset({*groups, *others}) for groups, others in pairs]

    @cached_property
    def xyz(self) -> FloatArray:
        return ecef_km(*np.nan_to_num(self.lon_lat).T)


@dataclass(frozen=True)
class Both:
    """The two sides with their texts as numbers that are the same for the same text, -1 where not known."""

    old: Side
    new: Side

    @cached_property
    def codes(self) -> dict[str, tuple[IntArray, IntArray]]:
        size = len(self.old)
        found = {}
        for name, texts in self.old.texts.items():
            code = pd.factorize(np.array([*texts, *self.new.texts[name]], dtype=object))[0]
            found[name] = code[:size], code[size:]
        return found

    def equal(self, name: str, i: IntArray, j: IntArray) -> BoolArray:
        """Where both are known and equal, pair by pair."""
        one, two = (code[at] for code, at in zip(self.codes[name], (i, j), strict=True))
        return np.asarray((one == two) & (one >= 0), dtype=bool)

    def known(self, name: str, i: IntArray, j: IntArray) -> BoolArray:
        one, two = (code[at] for code, at in zip(self.codes[name], (i, j), strict=True))
        return np.asarray((one >= 0) & (two >= 0), dtype=bool)

    def bearers(self, name: str) -> tuple[FloatArray, FloatArray]:
        """For each LKS of either side how many bear its text, in the register that has more of them; at least 1."""
        codes = self.codes[name]
        size = max((int(code.max(initial=-1)) for code in codes), default=-1) + 2
        counts = np.maximum(*(np.bincount(code + 1, minlength=size) for code in codes)).astype(float)
        counts[0] = 1.0
        return np.maximum(counts[codes[0] + 1], 1.0), np.maximum(counts[codes[1] + 1], 1.0)


class Facts(NamedTuple):
    """What is compared of an LKS, None where not known."""

    id: str
    nama: str | None
    aktif: bool | None
    badan_hukum: bool | None
    perkembangan: str | None
    akreditasi: str | None
    kelompok: tuple[str, ...]
    layanan_lain: tuple[str, ...]
    layanan: tuple[tuple[str, str | None], ...]
    dihitung: bool
    kode_desa: str | None
    kode_kecamatan: str | None
    kode_kabupaten: str | None

    @property
    def finest(self) -> str | None:
        """The code of the finest area that is known."""
        return self.kode_desa or self.kode_kecamatan or self.kode_kabupaten

    @property
    def services(self) -> str:
        """The groups and other services as one text."""
        return "; ".join((*self.kelompok, *self.layanan_lain))


def facts_of(places: pd.DataFrame) -> list[Facts]:
    """The facts of each of the places."""
    columns = [places[name].astype(object) for name in Facts._fields]
    return [*map(Facts._make, zip(*(column.where(column.notna(), None).tolist() for column in columns), strict=True))]


Called = tuple[object, str]
"""Code of the kabupaten and folded name of an LKS."""


def called(places: pd.DataFrame) -> list[Called]:
    """What each row is called and in which kabupaten."""
    names = [name_key(name) if isinstance(name, str) else "" for name in places["nama"].tolist()]
    return list(zip(places["kode_kabupaten"].tolist(), names, strict=True))


def doubles_of(coverage: Coverage, side: Side) -> dict[Called, int]:
    """What the rows are called that another row of this register replaces, and the position in the side of the LKS
    that stands for them."""
    rows = coverage.register.rows
    dropped = rows[(rows["hasil"] == "ditolak") & rows["nama"].notna() & ~rows["disamarkan"].astype(bool)]
    wanted = set(called(dropped))
    return {name: at for at, name in reversed(list(enumerate(called(side.places)))) if name in wanted}


def disguised_counts(old: Coverage, new: Coverage) -> pd.DataFrame:
    """How many disguised LKS each kecamatan has (or kabupaten, or neither, where no more is known), per group and
    activity, in both registers: DISGUISED_COLUMNS, sorted by code, group, activity."""
    parts = []
    for end, coverage in (("lama", old), ("baru", new)):
        places = coverage.places[coverage.places["disamarkan"].astype(bool)]
        keys = pd.DataFrame(
            {
                "kode_kecamatan": places["kode_kecamatan"].fillna(places["kode_kabupaten"]).fillna("").astype(str),
                "kelompok": places["kelompok"],
                "aktif": places["aktif"].astype("boolean"),
            }
        ).explode("kelompok")
        keys["aktif"] = keys["aktif"].map({True: "ya", False: "tidak"}).fillna("tidak diketahui")
        parts.append(keys.fillna("").groupby(["kode_kecamatan", "kelompok", "aktif"]).size().rename(end))
    table = pd.concat(parts, axis=1).fillna(0).astype(int).reset_index()
    boundaries = new.boundaries
    kecamatan, kabupaten = (boundaries.names(level)["nama"] for level in ("kecamatan", "kabupaten"))
    table["kecamatan"] = table["kode_kecamatan"].map(kecamatan)
    table["kabupaten"] = table["kode_kecamatan"].str[:5].map(kabupaten)
    order = {group.key: place for place, group in enumerate(new.groups)}
    table["urutan"] = table["kelompok"].map(order).fillna(len(order))
    return table.sort_values(["kode_kecamatan", "urutan", "aktif"], ignore_index=True)[list(DISGUISED_COLUMNS)]


def without_names(changes: pd.DataFrame, old: Coverage, new: Coverage) -> tuple[pd.DataFrame, int]:
    """The changes without what an LKS is called and where in its kecamatan it stands, if it may have become disguised
    (`hilang` in a kabupaten where some are new among these) or ceased to be (`baru` where some are missing); and how
    many these are.

    Gets wrong: one LKS that is disguised now and another of the same kecamatan and groups that no longer is.
    """
    before, after = (_disguised(coverage) for coverage in (old, new))
    hidden = np.zeros(len(changes), dtype=bool)
    kind = changes["kelas"].map(lambda kinds: kinds[0])
    for kinds, more in ((("hilang", "gabung"), after - before), (("baru", "pecah"), before - after)):
        where = {kabupaten for kabupaten, *_ in more}
        near = np.zeros(len(changes), dtype=bool)
        for end in ("lama", "baru"):
            code = changes[f"kode_{end}"].fillna("").str[:5]
            near |= (code.isin(where) | ((code != "") & ("" in where))).to_numpy(dtype=bool)
        hidden |= kind.isin(kinds).to_numpy(dtype=bool) & near
    if hidden.any():
        texts = [f"{name}_{end}" for name in ("id", "nama") for end in ("lama", "baru")]
        changes = changes.copy()
        changes.loc[hidden, ["id_tetap", *texts]] = None
        for end in ("lama", "baru"):
            changes.loc[hidden, f"kode_{end}"] = changes.loc[hidden, f"kode_{end}"].str[:8]
    return changes, int(hidden.sum())


def _disguised(coverage: Coverage) -> Counter[tuple[str, str, tuple[str, ...]]]:
    """How many LKS are disguised, by kabupaten ("" if not known), kecamatan and groups."""
    places = coverage.places[(coverage.places["disamarkan"] & ~coverage.places["pendamping"]).to_numpy(dtype=bool)]
    codes = (places[name].fillna("").astype(str) for name in ("kode_kabupaten", "kode_kecamatan"))
    return Counter(zip(*codes, places["kelompok"], strict=True))
