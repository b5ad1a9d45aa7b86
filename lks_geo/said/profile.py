"""The register's own profile, and the list for the next training.

Every LKS in use is in the profile, whatever the filters count, disguised ones too: they stand only in sums. The parts
of each field, "not known" among them, add up to the LKS of the row. Of the list for the next training (`pembinaan`)
disguised LKS are left out and only counted. What is not known is no reason to be on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import kabupaten_codes, place_name, rows_of, short_place
from lks_geo.said.small_tables import Column, SmallTable
from lks_geo.tables import OUTCOMES, TOTAL, Coverage, Register
from lks_geo.thrift import kept

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.object_]

PARTS = {
    "aktif": ("aktif", "tidak_aktif", "aktif_tidak_diketahui"),
    "badan_hukum": ("berbadan_hukum", "tanpa_badan_hukum", "badan_hukum_tidak_diketahui"),
    "perkembangan": ("tumbuh", "berkembang", "mandiri", "perkembangan_tidak_diketahui"),
    "akreditasi": (
        "akreditasi_a", "akreditasi_b", "akreditasi_c", "akreditasi_kedaluwarsa", "akreditasi_tta", "akreditasi_belum",
        "akreditasi_tidak_diketahui",
    ),
    "sistem": ("dalam_panti", "luar_panti", "dalam_dan_luar_panti", "sistem_tidak_diketahui"),
}  # fmt: skip
"""Field -> the classes that its LKS fall into; A, B and C are those valid on the day, the expired are a class."""

SUMS = ("kapasitas", "klien")
PROFILE_COLUMNS = (
    "kode", "kabupaten", "kelompok", "lks", *(part for parts in PARTS.values() for part in parts),
    *(name for field in SUMS for name in (field, f"{field}_diketahui")),
)  # fmt: skip
"""`kelompok` is a group or `TOTAL`; `kode` is "" for all in view and "-" for LKS of no known kabupaten. `kapasitas` and
`klien` are people (NA: known of no LKS), `*_diketahui` of how many LKS they are known."""
WHOLE, NOWHERE = "", "-"

TRAINING_COLUMNS = (
    "no", "kode_kabupaten", "kabupaten", "kecamatan", "desa", "id", "nama", "kelompok", "alasan", "akreditasi",
    "berlaku_sampai", "bergantung",
)  # fmt: skip
"""`no` counts within the kabupaten; `kelompok` and `alasan` are tuples of keys; `bergantung`: see `_depending`."""
SOON_MONTHS = 12


def profile_table(coverage: Coverage) -> pd.DataFrame:
    """One row per kabupaten in view and group (PROFILE_COLUMNS), led by the rows of all in view; sums of both agree. Of
    a single kabupaten there are only the latter; of one that is not reported nothing is known (NA)."""
    return kept(coverage, "profile", lambda: _profile_table(coverage))


def _profile_table(coverage: Coverage) -> pd.DataFrame:
    places = _in_view(coverage)
    codes = places["kode_kabupaten"].fillna(NOWHERE).astype(str)
    names = coverage.boundaries.names("kabupaten")["nama"].astype(str).map(short_place).to_dict()
    names |= {WHOLE: place_name(coverage), NOWHERE: Texts(coverage.settings.lang)("profile.no_kabupaten")}
    parts = [*kabupaten_codes(coverage), *([NOWHERE] if (codes == NOWHERE).any() else [])]
    areas = [WHOLE, *(parts if len(parts) > 1 else [])]
    rows = []
    summed = {field: places[field].to_numpy(dtype=float, na_value=np.nan) for field in SUMS}
    classes, members = _classes(places, coverage), [*_members(places, coverage)]
    systems = {key: _systems(places, key) for key, _ in members}
    for area in areas:
        inside = np.ones(len(places), dtype=bool) if area == WHOLE else (codes == area).to_numpy()
        for key, chosen in members:
            row = {"kode": area, "kabupaten": names.get(area, area), "kelompok": key}
            counts = _counts(inside & chosen, classes | {"sistem": systems[key]}, summed)
            rows.append(row | (dict.fromkeys(counts) if area in coverage.unreported else counts))
    return pd.DataFrame(rows, columns=list(PROFILE_COLUMNS)).astype(dict.fromkeys(PROFILE_COLUMNS[3:], "Int64"))


def _in_view(coverage: Coverage) -> pd.DataFrame:
    """The places in use that belong to the kabupaten in view."""
    places, wanted = coverage.places, coverage.settings.kabupaten
    return pd.DataFrame(places[places["kode_kabupaten"].isin(wanted)] if wanted else places)


def rows_in_view(coverage: Coverage) -> dict[str, int]:
    """`baris` and one count per outcome, of the rows of the register that lie in the kabupaten in view."""
    return rows_told(coverage.register, coverage.settings.kabupaten)


def rows_told(register: Register, kabupaten: Sequence[str] = ()) -> dict[str, int]:
    """`baris`, one count per outcome and `disamarkan`, of the rows that lie in these kabupaten (codes; none: of all);
    `tanpa_kabupaten`: how many more lie in none that is known."""
    rows, codes = register.rows, register.rows["kode_kabupaten"]
    shown = rows[codes.isin(kabupaten).to_numpy(dtype=bool)] if kabupaten else rows
    by = shown["hasil"].value_counts()
    counts = {"baris": len(shown)} | {outcome: int(by.get(outcome, 0)) for outcome in OUTCOMES}
    nowhere = int(codes.isna().sum()) if kabupaten else 0
    return counts | {"disamarkan": int(shown["disamarkan"].sum()), "tanpa_kabupaten": nowhere}


def _members(places: pd.DataFrame, coverage: Coverage) -> Iterator[tuple[str, Flags]]:
    """All places once, and those of each group; a companion counts for its group only."""
    yield TOTAL, ~places["pendamping"].to_numpy(dtype=bool)
    for group in coverage.groups:
        yield group.key, np.array([group.key in keys for keys in places["kelompok"]], dtype=bool)


def _classes(places: pd.DataFrame, coverage: Coverage) -> dict[str, Classes]:
    """Of each place the class of every field (PARTS) but the system, which is that of the services for a group."""
    rank, day = places["akreditasi"].astype("string"), pd.Timestamp(coverage.settings.day)
    expired = _ranked(places) & (places["berlaku_sampai"] < day)
    values = {
        "aktif": _flagged(places["aktif"], "aktif", "tidak_aktif"),
        "badan_hukum": _flagged(places["badan_hukum"], "berbadan_hukum", "tanpa_badan_hukum"),
        "perkembangan": places["perkembangan"].astype("string"),
        "akreditasi": ("akreditasi_" + rank.str.lower()).mask(expired, "akreditasi_kedaluwarsa"),
    }
    return {field: column.fillna(f"{field}_tidak_diketahui").to_numpy(dtype=object) for field, column in values.items()}


def _systems(places: pd.DataFrame, group: str) -> Classes:
    """Of each place the class of its system for a group, or for all of them (TOTAL)."""
    found = [_system(services, group) or "sistem_tidak_diketahui" for services in places["layanan"]]
    return np.array(found, dtype=object)


def _flagged(flags: pd.Series[Any], yes: str, no: str) -> pd.Series[Any]:
    return flags.astype("boolean").map({True: yes, False: no}).astype("string")


def _system(services: tuple[tuple[str, str | None], ...], group: str) -> str | None:
    known = {system for key, system in services if system and group in (TOTAL, key)}
    return "dalam_dan_luar_panti" if len(known) > 1 else f"{min(known)}_panti" if known else None


def _ranked(places: pd.DataFrame) -> pd.Series[bool]:
    return places["akreditasi"].isin(["A", "B", "C"])


def _counts(chosen: Flags, classes: Mapping[str, Classes], summed: Mapping[str, Floats]) -> dict[str, Any]:
    """The counts of a row: of the places that are chosen, by their classes and sums (NaN: not known)."""
    row: dict[str, Any] = {"lks": int(chosen.sum())}
    for field, parts in PARTS.items():
        found = Counter(classes[field][chosen].tolist())
        row |= {part: found[part] for part in parts}
    for field, values in summed.items():
        known = values[chosen & ~np.isnan(values)]
        row |= {field: int(known.sum()) if len(known) else None, f"{field}_diketahui": len(known)}
    return row


def profile_row(coverage: Coverage, group: str = TOTAL, kode: str = WHOLE) -> pd.Series[Any]:
    """The row of one area and group."""
    table = profile_table(coverage)
    return table[(table["kode"] == kode) & (table["kelompok"] == group)].iloc[0]


def row_names(coverage: Coverage) -> list[str]:
    """What the rows of one area are called: all LKS, then the groups."""
    texts = Texts(coverage.settings.lang)
    return [texts("profile.all_groups"), *(group.name(texts.lang) for group in coverage.groups)]


def profile_headline(coverage: Coverage) -> Message:
    """ "169 LKS: 130 aktif, 110 berbadan hukum; 60 tumbuh, 70 berkembang, 39 mandiri"; of all in view. What is recorded
    of none is said to be not recorded."""
    row, groups = profile_row(coverage), chosen_groups(coverage)
    told = {name: int(row[name]) for name in _TOLD}
    parts = {
        field: msg(f"profile.told_{field}{'_unknown' if 0 < row['lks'] == row[PARTS[field][-1]] else ''}", **told)
        for field in ("aktif", "badan_hukum", "perkembangan")
    }
    key = "profile.headline_of_groups" if groups else "profile.headline"
    return msg(key, **parts, n=int(row["lks"]), groups=groups)


def chosen_groups(coverage: Coverage) -> str:
    """The names of the groups shown, where the register has LKS that serve others only; else ""."""
    shown = {group.key for group in coverage.groups}
    if all(not keys or shown.intersection(keys) for keys in coverage.register.rows["kelompok"]):
        return ""
    return ", ".join(group.short(coverage.settings.lang) for group in coverage.groups)


def profile_small_table(coverage: Coverage) -> SmallTable:
    """The profile of all in view for a page: a column for all LKS and one for each group, a row for each class; of
    those not known only where there are any."""
    texts, table = Texts(coverage.settings.lang), profile_table(coverage)
    rows, names = table[table["kode"] == WHOLE], row_names(coverage)
    heads = [Column("", 0.3), *(Column(name, 0.7 / len(names), True) for name in names)]
    counts = {key: rows[list(parts)].astype(int).sum(axis=1).tolist() for key, parts in _SHORT.items()}
    cells = tuple(
        (texts(f"profile.column_{key}"), *map(texts.number, numbers))
        for key, numbers in counts.items()
        if any(numbers) or not key.endswith("_tidak_diketahui")
    )
    return SmallTable(tuple(heads), cells, strong=(0,))


_SHORT = {
    "lks": ("lks",),
    **{part: (part,) for field in ("aktif", "badan_hukum", "perkembangan") for part in PARTS[field]},
    "akreditasi_berlaku": ("akreditasi_a", "akreditasi_b", "akreditasi_c"),
    "tanpa_akreditasi": ("akreditasi_kedaluwarsa", "akreditasi_tta", "akreditasi_belum"),
    "akreditasi_tidak_diketahui": ("akreditasi_tidak_diketahui",),
}
"""The rows of the small profile: title -> the classes summed in it."""

_TOLD = ("aktif", "berbadan_hukum", "tumbuh", "berkembang", "mandiri")

Reason = Callable[[pd.DataFrame, Coverage], Flags]
REASONS: dict[str, Reason] = {
    "tanpa_badan_hukum": lambda places, _: _known(places["badan_hukum"], False),
    "tanpa_akreditasi": lambda places, _: places["akreditasi"].isin(["belum", "TTA"]).to_numpy(dtype=bool),
    "akreditasi_kedaluwarsa": lambda places, coverage: _ends(places, coverage, soon=False),
    "akreditasi_segera_berakhir": lambda places, coverage: _ends(places, coverage, soon=True),
    "tumbuh": lambda places, _: (places["perkembangan"] == "tumbuh").fillna(False).to_numpy(dtype=bool),
    "tidak_aktif_sendiri": lambda places, coverage: _known(places["aktif"], False) & _alone(places, coverage),
}
"""Why an LKS is on the list for the next training: reason -> test."""


def training_list(coverage: Coverage) -> pd.DataFrame:
    """The LKS that the next training is for (TRAINING_COLUMNS): by kabupaten, most people depending on it first."""
    return kept(coverage, "training", lambda: _training_list(coverage))


def _training_list(coverage: Coverage) -> pd.DataFrame:
    places = _in_view(coverage)
    listed = ~places["disamarkan"].astype(bool) & ~places["pendamping"].astype(bool)
    places = places[listed].copy()
    places["alasan"] = _reasons(places, coverage)
    places["bergantung"] = _depending(places, coverage)
    places = places[places["alasan"].map(bool).astype(bool)]
    for level in ("desa", "kecamatan", "kabupaten"):
        names = coverage.boundaries.names(level)["nama"].astype(str).map(short_place)
        places[level] = places[f"kode_{level}"].map(names).astype("string")
    places["kode_kabupaten"] = places["kode_kabupaten"].fillna(NOWHERE).astype(str)
    order = places.assign(people=-places["bergantung"].fillna(-1.0)).sort_values(
        ["kode_kabupaten", "people", "nama", "id"], kind="stable"
    )
    order["no"] = order.groupby("kode_kabupaten").cumcount() + 1
    return order[list(TRAINING_COLUMNS)].reset_index(drop=True)


def _reasons(places: pd.DataFrame, coverage: Coverage) -> pd.Series[Any]:
    tests = {reason: test(places, coverage) for reason, test in REASONS.items()}
    found = [tuple(reason for reason, hit in tests.items() if hit[place]) for place in range(len(places))]
    return pd.Series(found, index=places.index, dtype=object)


def _known(flags: pd.Series[Any], wanted: bool) -> Flags:
    return (flags.astype("boolean") == wanted).fillna(False).to_numpy(dtype=bool)


def _ends(places: pd.DataFrame, coverage: Coverage, *, soon: bool) -> Flags:
    """Whether a rank has ended before the day, or (`soon`) ends within SOON_MONTHS of it."""
    day, ends = pd.Timestamp(coverage.settings.day), places["berlaku_sampai"]
    ended = ends < day
    within = ~ended & (ends <= day + pd.DateOffset(months=SOON_MONTHS))
    return (_ranked(places) & (within if soon else ended)).to_numpy(dtype=bool)


def _alone(places: pd.DataFrame, coverage: Coverage) -> Flags:
    """Whether the desa where a place stands is unserved for one of its groups."""
    return np.array([bool(len(people)) for people in _unreached(places, coverage)], dtype=bool)


def _unreached(places: pd.DataFrame, coverage: Coverage) -> list[list[float]]:
    """Of each place the people of its desa whom nobody reaches, one number for each of its unserved groups."""
    desa = coverage.table[coverage.table["level"] == "desa"]
    unserved = desa[desa["status"] == "belum_terlayani"].set_index(["kode", "kelompok"])["belum_terjangkau"]
    people = unserved.astype("float64").to_dict()
    return [
        [people[code, key] for key in keys if (code, key) in people]
        for code, keys in zip(places["kode_desa"], places["kelompok"], strict=True)
    ]


def _depending(places: pd.DataFrame, coverage: Coverage) -> pd.Series[float]:
    """People (of all groups) within reach for whom the place is the nearest; of one that is not active those of its
    desa whom nobody reaches. NaN: not known."""
    desa = coverage.table[coverage.table["level"] == "desa"]
    nearest = desa["terjangkau"].astype("float64").groupby(desa["lks_terdekat"].astype("string")).sum(min_count=1)
    people = places["id"].map(nearest).astype("float64")
    unreached = [pd.Series(values, dtype=float).sum(min_count=1) for values in _unreached(places, coverage)]
    return people.mask(_known(places["aktif"], False), pd.Series(unreached, index=places.index, dtype=float))


def training_headline(coverage: Coverage) -> Message:
    """ "Pembinaan: 137 LKS di Sulawesi Barat"."""
    return msg("profile.training_title", n=len(training_list(coverage)), area=place_name(coverage))


def profile_notes(coverage: Coverage, *, listed: bool = False) -> list[Message]:
    """What must stand beside the profile: rejected rows, LKS counted and not listed, desa with several LKS; `listed`:
    beside the list for the next training as well, whose last column it explains."""
    places, counts, groups = _in_view(coverage), rows_in_view(coverage), chosen_groups(coverage)
    key = "profile.counted_of_groups" if groups else "profile.counted"
    notes = [msg(key, n=int(profile_row(coverage)["lks"]), groups=groups)]
    if counts["ditolak"]:
        notes.append(msg("profile.rejected", n=counts["ditolak"], rows=counts["baris"]))
    hidden = places[places["disamarkan"].astype(bool) & ~places["pendamping"].astype(bool)]
    if len(hidden):
        needing = sum(map(bool, _reasons(hidden, coverage)))
        notes.append(msg("profile.disguised", n=len(hidden), needing=needing))
    return [*notes, *([msg("profile.depending")] if listed else []), *_crowded(coverage)]


def _crowded(coverage: Coverage) -> Iterator[Message]:
    """Of each group, in how many desa several LKS stand while other desa are unserved: a fact, and no blame."""
    for group in coverage.groups:
        desa = rows_of(coverage, "desa", group.key)
        several = int((desa["jumlah_lks"].fillna(0) >= 2).sum())
        unserved = int((desa["status"] == "belum_terlayani").sum())
        if several and unserved:
            name = group.name(coverage.settings.lang)
            yield msg("profile.several", group=name, n=several, unserved=unserved)
