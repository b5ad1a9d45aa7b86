"""What areas are called, which of them a view shows, the lists of those that lack services, and their totals.

A list of desa holds those that are `belum_terlayani`, in the order of `prioritas`, numbered `no` 1, 2, 3 within what is
listed; `prioritas` itself is the rank in the province. A list in any other order has no `no`. Totals of an area sum
the kabupaten that the register reports, and only these: nothing is known of the others. People rest on the desa whose
target is known; `known_part` (`assumptions`) says so wherever they are read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lks_geo.messages import Message, Texts, msg
from lks_geo.tables import Coverage
from lks_geo.thrift import kept

MOST_NAMES = 6
"""More names in one sentence than this are read by nobody, and no page has room for them."""
_KINDS = ("Kabupaten ", "KABUPATEN ", "Kab. ", "Provinsi ", "PROVINSI ")


def short_place(name: str) -> str:
    """The name of an area without the word "Kabupaten" or "Provinsi" (a "Kota" keeps its word)."""
    for word in _KINDS:
        name = name.removeprefix(word)
    return name


def kabupaten_shown(coverage: Coverage, kabupaten: str | None = None) -> tuple[str, ...]:
    """Codes of the kabupaten in view: that one, else the chosen ones; empty if all areas are shown."""
    return (kabupaten,) if kabupaten else coverage.settings.kabupaten


def kabupaten_codes(coverage: Coverage) -> list[str]:
    """Every kabupaten in view, in the order of the codes."""
    codes = coverage.boundaries.names("kabupaten").index
    wanted = coverage.settings.kabupaten
    return [str(code) for code in codes if not wanted or code in wanted]


def kabupaten_names(coverage: Coverage, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The short names of kabupaten, in the order of their codes."""
    names = coverage.boundaries.names("kabupaten")["nama"].astype(str)
    return tuple(short_place(name) for name in names[names.index.isin(codes)])


def listed(names: tuple[str, ...]) -> Message:
    """Names in a row; of many only the first, and how many more there are."""
    if len(names) <= MOST_NAMES:
        return msg("said.plain", text=", ".join(names))
    return msg("said.and_more", names=", ".join(names[:MOST_NAMES]), n=len(names) - MOST_NAMES)


def place_name(coverage: Coverage, kabupaten: str | None = None) -> str:
    """What the area shown is called: the kabupaten, the chosen kabupaten, or the province(s)."""
    wanted = kabupaten_shown(coverage, kabupaten)
    names = coverage.boundaries.names("kabupaten" if wanted else "provinsi")["nama"].astype(str)
    chosen = names[names.index.isin(wanted)] if wanted else names
    return ", ".join(sorted(short_place(name) for name in chosen))


def rows_of(coverage: Coverage, level: str, group: str) -> pd.DataFrame:
    """`coverage.at`, kept for the next page."""
    return kept(coverage, ("rows", level, group), lambda: coverage.at(level, group))


def rows_shown(coverage: Coverage, level: str, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """The rows of a level and group (index `kode`) that lie in the kabupaten in view, reported or not."""
    rows = rows_of(coverage, level, group)
    wanted = kabupaten_shown(coverage, kabupaten)
    if not wanted:
        return rows
    key = ("shown", level, group, wanted)
    return kept(coverage, key, lambda: rows[_inside(coverage, level, rows.index, wanted)])


def rows_reported(coverage: Coverage, level: str, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """`rows_shown` without the kabupaten from which the register has no row; of a province with any: none."""
    rows = rows_shown(coverage, level, group, kabupaten)
    if not coverage.unreported:
        return rows
    return rows.iloc[:0] if level == "provinsi" else rows[~_inside(coverage, level, rows.index, coverage.unreported)]


def _inside(coverage: Coverage, level: str, index: pd.Index[str], wanted: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which areas lie in the kabupaten."""

    def look_up() -> pd.Series[bool]:
        return coverage.boundaries.names(level)["kode_kabupaten"].isin(wanted)

    return np.asarray(kept(coverage, ("inside", level, wanted), look_up).reindex(index, fill_value=False), dtype=bool)


UNSERVED_COLUMNS = (
    "kelompok", "no", "prioritas", "kode", "kode_bps", "nama", "kecamatan", "kabupaten",
    "sasaran", "belum_terjangkau", "jarak_km", "lks_terdekat", "nama_lks_terdekat",
)  # fmt: skip

DISGUISED = "disamarkan "
"""How the id of a disguised place begins; the code of its kecamatan follows: "disamarkan 76.05.01"."""


def unserved_list(
    coverage: Coverage, group: str, *, kabupaten: str | None = None, top: int | None = None
) -> pd.DataFrame:
    """The unserved desa of one group in view (UNSERVED_COLUMNS): the first `top`, of one kabupaten (code), or all."""
    rows = rows_reported(coverage, "desa", group, kabupaten)
    rows = rows[(rows["status"] == "belum_terlayani").fillna(False).to_numpy(dtype=bool)]
    rows = rows.sort_values("prioritas", kind="stable")
    rows = (rows if top is None else rows.head(top)).reset_index()
    rows["no"] = np.arange(1, len(rows) + 1)
    rows["nama_lks_terdekat"] = rows["lks_terdekat"].map(nearest_names(coverage)).astype("string")
    return rows[list(UNSERVED_COLUMNS)]


def unserved_lists(coverage: Coverage, *, top: int | None = None) -> pd.DataFrame:
    """`unserved_list` of every group, one after the other; `no` and `top` are those of each group."""
    return pd.concat([unserved_list(coverage, group.key, top=top) for group in coverage.groups], ignore_index=True)


def nearest_names(coverage: Coverage) -> dict[str, str]:
    """What to call the place of an id in `lks_terdekat`: its name; of a disguised one only its kecamatan."""
    return kept(coverage, "nearest names", lambda: _nearest_names(coverage))


def _nearest_names(coverage: Coverage) -> dict[str, str]:
    listed = coverage.listed_places.dropna(subset=["id"]).drop_duplicates("id")
    names = dict(zip(listed["id"].astype(str), listed["nama"].astype("string").fillna(""), strict=True))
    texts = Texts(coverage.settings.lang)
    for code, name in coverage.boundaries.names("kecamatan")["nama"].astype(str).items():
        names[f"{DISGUISED}{code}"] = texts(msg("said.nearest_disguised", kecamatan=name))
    return names


def needy_parts(coverage: Coverage, group: str, *, level: str, kabupaten: str | None = None) -> pd.DataFrame:
    """Kecamatan or kabupaten in view (index `kode`), most unreached people first, else most unserved desa.

    Only reported ones, and parts whose people are not known come last.
    """
    rows = rows_reported(coverage, level, group, kabupaten)
    people = rows["belum_terjangkau"].astype("float64").fillna(-1.0).to_numpy()
    desa = rows["desa_belum_terlayani"].astype("float64").fillna(0).to_numpy()
    return rows.iloc[np.lexsort((np.arange(len(rows)), -desa, -people))]


AREA_CHANGES = ("served", "more", "same", "less", "lost", "unknown")
"""What became of an area for a group: served now (desa), more people (or km2) within reach, ..., not compared."""
_NOTHING = 0.5
"""People, or hundredths of the area, below which nothing changed for an area."""


def area_changes(rows: pd.DataFrame) -> pd.Series[str]:
    """Of rows of `gains` which of AREA_CHANGES each is, same index."""
    limit = np.where(rows["satuan"] == "km2", rows["luas_km2"] * _NOTHING / 100, _NOTHING)
    change = (rows["bertambah"] - rows["berkurang"]).to_numpy(dtype=float, na_value=np.nan)
    desa = (rows["level"] == "desa").to_numpy(dtype=bool)
    served, lost = (
        (rows[f"desa_{name}"] > 0).to_numpy(dtype=bool) for name in ("menjadi_terlayani", "kehilangan_layanan")
    )
    found = np.select(
        [np.isnan(change), desa & served, desa & lost, change > limit, change < -limit],
        ["unknown", "served", "lost", "more", "less"],
        "same",
    )
    return pd.Series(found, index=rows.index, dtype="str")


REACHED = ("terjangkau", "ada")


class Worst(NamedTuple):
    """The parts with most people in unserved desa (`by_people`), or most unserved desa where the people of some are not
    known. `kind`: `all` (only `first` has any), `one` or `two` (most are in `first`, or in both), None where naming
    parts would say nothing: there is one, or `two` are all."""

    kind: str | None
    first: str = ""
    second: str = ""
    by_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTotals:
    """The numbers of one group in one kabupaten, or in all that is shown: over the reported kabupaten only.

    `desa` are all of them; `desa_known` those with a known target. `classed`: their classes (`desa_partly` ...) are
    known too, that is, the table has rows of desa. `target`: people with a known target (None: none known),
    `unserved_people` those of them in unserved desa, `reached` those within reach. `share`: cakupan 0-1 (None: not
    known), by area where `by_area`; `share_low` without uncertain places. `counted`: counted places that serve the
    group. `worst`: the parts (kabupaten, or kecamatan of one kabupaten) to name first.
    `kabupaten`, `reported`: how many are in view and how many of them the register reports; `unreported`: the others.
    """

    group: str
    desa: int
    desa_unserved: int
    desa_partly: int
    desa_reached: int
    desa_without_target: int
    desa_without_data: int
    desa_known: int
    classed: bool
    target: float | None
    unserved_people: float | None
    reached: float | None
    unreached: float | None
    share: float | None
    share_low: float | None
    by_area: bool
    counted: int
    worst: Worst
    kabupaten: int
    reported: int
    unreported: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the target of every desa is known."""
        return self.desa_known == self.desa


def area_totals(coverage: Coverage, group: str, kabupaten: str | None = None) -> AreaTotals:
    """The totals of one group in one kabupaten (code), or in all that is shown."""
    return kept(coverage, ("totals", group, kabupaten), lambda: _area_totals(coverage, group, kabupaten))


def _area_totals(coverage: Coverage, group: str, kabupaten: str | None) -> AreaTotals:
    desa = rows_reported(coverage, "desa", group, kabupaten)
    upper = summed_rows(coverage, group, kabupaten)
    status = desa["status"].astype("string").fillna("").to_numpy(dtype=object)
    unserved, count = status == "belum_terlayani", Counter(status.tolist())
    targets = desa["sasaran"].astype("float64")
    shown = [kabupaten] if kabupaten else kabupaten_codes(coverage)
    missing = tuple(code for code in shown if code in coverage.unreported)
    share, share_low = _shares(coverage, upper)
    classed = bool(len(desa))
    return AreaTotals(
        group=group,
        desa=len(desa) if classed else int(upper["jumlah_desa"].sum()),
        desa_unserved=count["belum_terlayani"] if classed else int(upper["desa_belum_terlayani"].sum()),
        desa_partly=count["terjangkau_sebagian"],
        desa_reached=sum(count[reached] for reached in REACHED),
        desa_without_target=count["tidak_ada_sasaran"],
        desa_without_data=count[""],
        desa_known=int(targets.notna().sum()) if classed else int(upper["desa_diketahui"].sum()),
        classed=classed,
        target=_sum(upper["sasaran"]),
        unserved_people=_sum(targets[unserved]) if unserved.any() else None,
        reached=_sum(upper["terjangkau"]),
        unreached=_sum(upper["belum_terjangkau"]),
        share=share,
        share_low=share_low,
        by_area=bool(upper["sasaran"].isna().all()),
        counted=_counted(coverage, group, upper, one=kabupaten is not None),
        worst=_worst(desa, unserved, "kecamatan" if len(shown) == 1 else "kabupaten"),
        kabupaten=len(shown),
        reported=len(shown) - len(missing),
        unreported=kabupaten_names(coverage, missing),
    )


def summed_rows(coverage: Coverage, group: str, kabupaten: str | None = None) -> pd.DataFrame:
    """The rows whose people add up to the reported part of what is shown: as few, and as high, as the table has."""
    levels = ["kabupaten", "kecamatan", "desa"]
    if not (kabupaten or coverage.settings.kabupaten or coverage.unreported):
        levels.insert(0, "provinsi")
    by_level = (rows_reported(coverage, level, group, kabupaten) for level in levels)
    return next((rows for rows in by_level if len(rows)), rows_of(coverage, "desa", group).iloc[:0])


def _sum(values: pd.Series[float]) -> float | None:
    known = values.to_numpy(dtype="float64", na_value=np.nan)
    known = known[~np.isnan(known)]
    return float(known.sum()) if len(known) else None


def _shares(coverage: Coverage, rows: pd.DataFrame) -> tuple[float | None, float | None]:
    """Coverage and its low end over several rows: of the people, or of the area where no people are known."""
    if len(rows) <= 1:
        return _sum(rows["cakupan"]), _sum(rows["cakupan_terendah"])
    weight = rows["sasaran"].astype("float64").fillna(0)
    if rows["sasaran"].isna().all():
        shapes = coverage.boundaries.level(str(rows["level"].iloc[0])).geometry.to_crs(coverage.boundaries.crs_m)
        weight = pd.Series(shapely.area(np.asarray(shapes.reindex(rows.index))), index=rows.index)
    total = float(weight.sum())
    if total <= 0:
        return None, None
    share, low = (rows[name].astype("float64").where(weight > 0, 0.0) for name in ("cakupan", "cakupan_terendah"))
    return float((share * weight).sum() / total), float((low * weight).sum() / total)


def _counted(coverage: Coverage, group: str, rows: pd.DataFrame, *, one: bool) -> int:
    """Counted places: of the view, as its totals have them; of `one` kabupaten inside it, those of its `rows`."""
    if one:
        return int(sum(_sum(rows[name]) or 0 for name in ("jumlah_lks", "lks_tanpa_titik")))
    return coverage.totals[group].counted if group in coverage.totals else 0


def _worst(desa: pd.DataFrame, unserved: npt.NDArray[np.bool_], part: str) -> Worst:
    parts = desa[part].nunique()
    lacking = pd.DataFrame({"part": desa[part].astype(str), "people": desa["sasaran"]})[unserved]
    by = lacking.groupby("part", sort=True)["people"]
    order = pd.DataFrame({"people": by.sum().astype("float64"), "desa": by.size()})
    by_people = bool(lacking["people"].notna().all() and order["people"].any())
    ranks = ["people", "desa"] if by_people else ["desa"]
    order = order.sort_values(ranks, ascending=False, kind="stable")
    names = [short_place(name) for name in order.index]
    if not names or parts == 1:
        return Worst(None)
    if len(names) == 1:
        return Worst("all", names[0])
    return Worst("one", names[0], "", by_people) if parts == 2 else Worst("two", names[0], names[1], by_people)
