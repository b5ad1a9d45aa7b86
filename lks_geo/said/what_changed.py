"""What a comparison of two registers says: the headline, how many LKS changed how, and what must stand beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lks_geo.comparing.changes import CLASSES, Comparison
from lks_geo.comparing.gains import CAUSES
from lks_geo.memo import kept
from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import kabupaten_names, listed, place_name
from lks_geo.said.totals import known_part
from lks_geo.tables import Coverage


def gains_shown(comparison: Comparison, level: str) -> pd.DataFrame:
    """The gains of a level in the kabupaten in view; of a province none, if only some kabupaten are."""
    rows = comparison.gains[comparison.gains["level"] == level]
    wanted = comparison.settings.kabupaten
    if not wanted:
        return rows
    inside = comparison.new.boundaries.names(level)["kode_kabupaten"].reindex(rows["kode"]).isin(wanted)
    return rows[inside.to_numpy(dtype=bool)]


def totals_of(comparison: Comparison, group: str) -> pd.Series[float]:
    """The numbers of one group over all desa in view: what `gains` has, summed; shares from the sums."""
    return kept(comparison, ("totals", group), lambda: _totals_of(comparison, group))


def _totals_of(comparison: Comparison, group: str) -> pd.Series[float]:
    desa = gains_shown(comparison, "desa")
    desa = desa[desa["kelompok"] == group]
    names = ["sasaran", "luas_km2", "terjangkau_lama", "terjangkau_baru", "bertambah", "berkurang", *CAUSES]
    names += ["desa_menjadi_terlayani", "desa_kehilangan_layanan"]
    total = desa[names].sum()
    total["desa"], total["diketahui"] = len(desa), int(desa["sasaran"].notna().sum())
    total["km2"] = float(desa["satuan"].eq("km2").all())
    whole = total["luas_km2"] if total["km2"] else total["sasaran"]
    total["cakupan_lama"], total["cakupan_baru"] = (
        total[f"terjangkau_{end}"] / whole if whole else float("nan") for end in ("lama", "baru")
    )
    return total


def headline(comparison: Comparison, group: str) -> Message:
    """ "Mamasa: 4 desa/kelurahan menjadi terlayani, 2 kehilangan layanan LKS anak"."""
    total = totals_of(comparison, group)
    gained, lost = int(total["desa_menjadi_terlayani"]), int(total["desa_kehilangan_layanan"])
    name = comparison.settings.group(group).short(comparison.settings.lang)
    kind = "headline" if gained or lost else "headline_none"
    finding = msg(f"comparing.{kind}", gained=gained, lost=lost, group=name)
    return msg("said.placed", place=place_name(comparison.new), finding=finding)


def people_sentence(comparison: Comparison, group: str) -> Message | None:
    """How many people (km2) were gained and lost, and the coverage before and after; None where neither is known."""
    total = totals_of(comparison, group)
    if total[["cakupan_lama", "cakupan_baru"]].isna().any():
        return None
    facts = {
        "more": float(total["bertambah"]), "less": float(total["berkurang"]),
        "before": float(total["cakupan_lama"]), "after": float(total["cakupan_baru"]),
        "group": comparison.settings.group(group).short(comparison.settings.lang),
    }  # fmt: skip
    if total["km2"]:
        return msg("comparing.area", **facts)
    return msg("comparing.people", **facts, known=known_part(int(total["diketahui"]), int(total["desa"])))


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


def changes_shown(comparison: Comparison) -> pd.DataFrame:
    """The changes of LKS in the kabupaten and groups in view."""
    changes, wanted = comparison.changes, comparison.settings.kabupaten
    if wanted:
        inside = [changes[name].fillna("").str[:5].isin(wanted) for name in ("kode_lama", "kode_baru")]
        changes = changes[inside[0] | inside[1]]
    return changes


def counts_sentence(comparison: Comparison) -> Message:
    """ "169 LKS dalam register lama, 171 dalam register baru: 6 baru, 4 hilang, ... 150 tetap."."""
    changes = changes_shown(comparison)
    changes = changes[changes["kandidat"] == 1]
    counts = changes["kelas"].explode().value_counts()
    texts = Texts(comparison.settings.lang)
    parts = [
        texts("comparing.count", number=int(counts[kind]), kind=msg(f"comparing.class_{kind}"))
        for kind in CLASSES
        if counts.get(kind, 0)
    ]
    before, after = (_number(comparison, end) for end in ("lama", "baru"))
    if set(counts.index) <= {"tetap"}:
        return msg("comparing.no_change", n=after)
    return msg("comparing.counts", n=before, after=after, parts=", ".join(parts))


def _number(comparison: Comparison, end: str) -> int:
    """How many LKS in view a register has, without the disguised ones; those not named are one line each."""
    changes = changes_shown(comparison)
    known = changes[f"id_{end}"].dropna().nunique()
    return int(known + (changes["id_lama"].isna() & changes["id_baru"].isna() & changes[f"kode_{end}"].notna()).sum())


def _disguised(coverage: Coverage) -> int:
    """How many places in view are disguised, each once."""
    places, wanted = coverage.places, coverage.settings.kabupaten
    hidden = places["disamarkan"].astype(bool) & ~places["pendamping"].astype(bool)
    return int((hidden & (places["kode_kabupaten"].isin(wanted) | (not wanted))).sum())


def comparison_notes(comparison: Comparison, *, meeting: bool = False) -> list[Message]:
    """What must be known to read the numbers: doubts, what is left out, how causes are told apart; in a `meeting`
    without the switches of the program."""
    notes = list(comparison.notes)
    changes = changes_shown(comparison)
    doubtful = int(((changes["kandidat"] == 1) & changes["kelas"].map(lambda kinds: "meragukan" in kinds)).sum())
    if doubtful:
        notes.append(msg("comparing.doubtful_met" if meeting else "comparing.doubtful", n=doubtful))
    silent = tuple(
        code for code in comparison.unreported if not (shown := comparison.settings.kabupaten) or code in shown
    )
    if silent:
        notes.append(msg("comparing.unreported", names=listed(kabupaten_names(comparison.new, silent))))
    before, now = (_disguised(coverage) for coverage in (comparison.old, comparison.new))
    if before or now:
        notes.append(msg("comparing.disguised", before=before, n=now))
    return [*notes, msg("comparing.same_ground"), msg("comparing.causes")]
