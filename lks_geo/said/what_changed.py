"""What a comparison of registers says: the headline, how many LKS changed how, and what must stand beside it; of three
registers or more the line over the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.comparing.changes import CLASSES, Comparison
from lks_geo.comparing.gains import CAUSES
from lks_geo.measure import restrict
from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import kabupaten_names, listed, place_name
from lks_geo.said.assumptions import known_part
from lks_geo.said.small_tables import DASH, Column, SmallTable
from lks_geo.tables import Coverage
from lks_geo.thrift import kept


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


def changes_shown(comparison: Comparison) -> pd.DataFrame:
    """The changes of LKS in the kabupaten and groups in view, before or now."""
    changes, wanted, chosen = comparison.changes, comparison.settings.kabupaten, set(comparison.chosen)
    if wanted:
        inside = [changes[name].fillna("").str[:5].isin(wanted) for name in ("kode_lama", "kode_baru")]
        changes = changes[inside[0] | inside[1]]
    if chosen:
        served = changes["kelompok_lama"].fillna("") + "; " + changes["kelompok_baru"].fillna("")
        changes = changes[[not chosen.isdisjoint(text.split("; ")) for text in served]]
    return changes


def in_view(comparison: Comparison, coverage: Coverage) -> Coverage:
    """One of the two coverages as it is shown: its totals and notes are those of the kabupaten and groups in view."""
    wanted, chosen = comparison.settings.kabupaten, comparison.chosen
    if not wanted and not chosen:
        return coverage
    return kept(coverage, ("in view", wanted, chosen), lambda: restrict(coverage, kabupaten=wanted, groups=chosen))


def class_counts(comparison: Comparison) -> dict[str, int]:
    """How many LKS in view are of each class; a doubtful pair is one."""
    changes = changes_shown(comparison)
    counts = Counter(changes.loc[changes["kandidat"] == 1, "kelas"].explode())
    return {kind: counts[kind] for kind in CLASSES}


def compared_files(comparison: Comparison) -> str:
    """ "register-2025 → register-2026"."""
    return " → ".join(Years(steps=(comparison,)).names)


def counts_sentence(comparison: Comparison) -> Message:
    """ "169 LKS dalam register lama, 171 dalam register baru: 6 baru, 4 hilang, ... 150 tetap."."""
    counts = {kind: number for kind, number in class_counts(comparison).items() if number}
    texts = Texts(comparison.settings.lang)
    parts = [
        texts("comparing.count", number=number, kind=msg(f"comparing.class_{kind}")) for kind, number in counts.items()
    ]
    before, after = (_number(comparison, end) for end in ("lama", "baru"))
    if set(counts) <= {"tetap"}:
        return msg("comparing.no_change", n=after)
    return msg("comparing.counts", n=before, after=after, parts=", ".join(parts))


def _number(comparison: Comparison, end: str) -> int:
    """How many LKS in view a register has, without the disguised ones; those not named are one line each."""
    changes = changes_shown(comparison)
    known = changes[f"id_{end}"].dropna().nunique()
    return int(known + (_unnamed(changes) & changes[f"kode_{end}"].notna()).sum())


def _unnamed(changes: pd.DataFrame) -> pd.Series[bool]:
    return changes["id_lama"].isna() & changes["id_baru"].isna()


def _disguised(comparison: Comparison, coverage: Coverage) -> int:
    """How many places in view are disguised, each once."""
    places, wanted = in_view(comparison, coverage).places, comparison.settings.kabupaten
    hidden = places["disamarkan"].astype(bool) & ~places["pendamping"].astype(bool)
    return int((hidden & (places["kode_kabupaten"].isin(wanted) | (not wanted))).sum())


def comparison_notes(comparison: Comparison, *, meeting: bool = False) -> list[Message]:
    """What must be known to read the numbers: doubts, what is left out, how causes are told apart; in a `meeting`
    without the switches of the program."""
    before, now = (_disguised(comparison, coverage) for coverage in (comparison.old, comparison.new))
    disguised = [msg("comparing.disguised", before=before, n=now)] if before or now else []
    shared = [*_unreported_note(comparison), *disguised, msg("comparing.same_ground"), msg("comparing.causes")]
    return [*_doubts(comparison, meeting=meeting), *shared]


def _doubts(comparison: Comparison, *, meeting: bool) -> Iterator[Message]:
    """What makes these two registers hard to compare."""
    yield from comparison.notes
    changes = changes_shown(comparison)
    if unnamed := int(_unnamed(changes).sum()):
        yield msg("comparing.unnamed", n=unnamed)
    elif comparison.unnamed:
        yield msg("comparing.unnamed_elsewhere")
    doubtful = int(((changes["kandidat"] == 1) & changes["kelas"].map(lambda kinds: "meragukan" in kinds)).sum())
    if doubtful:
        yield msg("comparing.doubtful_met" if meeting else "comparing.doubtful", n=doubtful)


def _unreported_note(comparison: Comparison) -> Iterator[Message]:
    silent = tuple(
        code for code in comparison.unreported if not (shown := comparison.settings.kabupaten) or code in shown
    )
    if silent:
        yield msg("comparing.unreported", names=listed(kabupaten_names(comparison.new, silent)))


@dataclass(frozen=True, kw_only=True)
class Years:
    """Three registers or more, the earliest first: each compared with the next (`steps`), all on one set of boundaries
    and people and without the kabupaten that any of them leaves out."""

    steps: tuple[Comparison, ...]

    @property
    def coverages(self) -> tuple[Coverage, ...]:
        return (self.steps[0].old, *(step.new for step in self.steps))

    @property
    def names(self) -> tuple[str, ...]:
        """What each register is called: its file's name, with its place in the row where two are of one name."""
        stems = [coverage.register.source.name.rpartition(".")[0] for coverage in self.coverages]
        twice = Counter(stems)
        return tuple(stem if twice[stem] == 1 else f"{stem} ({at})" for at, stem in enumerate(stems, start=1))


YEAR_COLUMNS = (
    "urutan", "register", "level", "kode", "nama", "kelompok", "lks", "desa", "desa_belum_terlayani", "satuan",
    "sasaran", "luas_km2", "desa_diketahui", "terjangkau", "cakupan",
)  # fmt: skip
"""`level`: kabupaten, or semua (all in view). `lks`: counted ones, also without a point, and disguised ones; of all,
also those off the map, if no kabupaten is chosen."""
STEP_COLUMNS = (
    "urutan", "dari", "ke", "kelompok", "satuan", "desa_menjadi_terlayani", "desa_kehilangan_layanan", "bertambah",
    "berkurang", *CAUSES,
)  # fmt: skip
_ADDED_UP = ["lks", "desa", "desa_belum_terlayani", "sasaran", "luas_km2", "desa_diketahui", "terjangkau"]


def year_table(years: Years) -> pd.DataFrame:
    """The line over the years (YEAR_COLUMNS): first of all in view, then of each kabupaten; by group, then register."""
    parts = [_year_rows(years, at).assign(urutan=at + 1, register=name) for at, name in enumerate(years.names)]
    rows = pd.concat(parts, ignore_index=True)
    keys = ["urutan", "register", "kelompok", "satuan"]
    whole = rows.groupby(keys, sort=False)[_ADDED_UP].sum(min_count=1).reset_index()
    whole["lks"] = [_counted(years, at - 1, key) for at, key in zip(whole["urutan"], whole["kelompok"], strict=True)]
    whole = whole.assign(level="semua", kode="", nama=place_name(years.coverages[-1]))
    table = pd.concat([whole, rows], ignore_index=True)
    ground = table["luas_km2"].where(table["satuan"] == "km2", table["sasaran"])
    table["cakupan"] = table["terjangkau"] / ground.where(ground > 0)
    order = {group.key: at for at, group in enumerate(years.coverages[-1].groups)}
    table["of_group"] = table["kelompok"].map(order)
    return table.sort_values(["kode", "of_group", "urutan"], ignore_index=True)[list(YEAR_COLUMNS)]


def _counted(years: Years, at: int, group: str) -> int:
    """How many LKS in view count for a group, wherever they are, without the kabupaten that are not compared."""
    last, places = years.steps[-1], years.coverages[at].places
    serves = np.fromiter((group in keys for keys in places["kelompok_dihitung"]), dtype=bool, count=len(places))
    shown = places["kode_kabupaten"].isin(last.settings.kabupaten) | (not last.settings.kabupaten)
    return int((serves & shown & ~places["kode_kabupaten"].isin(last.unreported)).sum())


def highest_share(table: pd.DataFrame) -> float:
    """Where an axis of shares ends, so that small changes are seen; a fifth of it is a round number."""
    top = table.loc[table["level"] == "semua", "cakupan"].max()
    return next((end for end in (0.1, 0.25, 0.5) if top * 1.1 <= end), 1.0)


def line_names(years: Years) -> dict[str, str]:
    """What the line of each group is called: "Lansia", "Korban NAPZA (luas)" where it is the share of the area."""
    texts = Texts(years.steps[-1].settings.lang)
    rows = step_table(years)
    by_area = set(rows.loc[rows["satuan"] == "km2", "kelompok"])
    names = {group.key: group.name(texts.lang) for group in years.steps[-1].new.groups}
    return {key: name + texts("said.of_area") if key in by_area else name for key, name in names.items()}


def _year_rows(years: Years, at: int) -> pd.DataFrame:
    """The numbers of every kabupaten in view and group in one register."""
    step, end = years.steps[max(at - 1, 0)], "baru" if at else "lama"
    rows = gains_shown(step, "kabupaten").set_index(["kode", "kelompok"])
    table = years.coverages[at].table
    measured = table[table["level"] == "kabupaten"].set_index(["kode", "kelompok"]).loc[rows.index]
    numbers = {
        "lks": measured["jumlah_lks"] + measured["lks_tanpa_titik"].fillna(0), "desa": measured["jumlah_desa"],
        "desa_belum_terlayani": measured["desa_belum_terlayani"], "desa_diketahui": measured["desa_diketahui"],
        "terjangkau": rows[f"terjangkau_{end}"],
    }  # fmt: skip
    named = rows[["nama", "satuan", "sasaran", "luas_km2"]].assign(level="kabupaten")
    return named.assign(**{name: column.astype(float) for name, column in numbers.items()}).reset_index()


def step_table(years: Years) -> pd.DataFrame:
    """What each step changed for each group in all that is in view (STEP_COLUMNS)."""
    rows = []
    for at, step in enumerate(years.steps):
        for group in step.new.groups:
            total = totals_of(step, group.key)
            facts = {"urutan": at + 1, "dari": years.names[at], "ke": years.names[at + 1], "kelompok": group.key}
            rows.append(facts | {"satuan": "km2" if total["km2"] else "orang"} | total.to_dict())
    table = pd.DataFrame(rows)[list(STEP_COLUMNS)]
    counts = ["desa_menjadi_terlayani", "desa_kehilangan_layanan"]
    return table.astype(dict.fromkeys(counts, "int64"))


def year_numbers(years: Years, group: str | None = None) -> SmallTable:
    """What each register has for every group (or one) over all that is in view."""
    rows = year_table(years)
    names = ("kelompok", "register", "lks", "desa_belum_terlayani", "terjangkau", "satuan", "cakupan")
    return _numbers(years, rows[rows["level"] == "semua"], names, group)


def step_numbers(years: Years, group: str | None = None) -> SmallTable:
    """What each step changed for every group (or one) over all that is in view."""
    rows = step_table(years)
    rows["langkah"] = rows["dari"] + " → " + rows["ke"]
    gained = ("desa_menjadi_terlayani", "desa_kehilangan_layanan", "bertambah", "berkurang", "satuan")
    return _numbers(years, rows, ("kelompok", "langkah", *gained), group)


def _numbers(years: Years, table: pd.DataFrame, names: tuple[str, ...], group: str | None) -> SmallTable:
    settings = years.steps[-1].settings
    texts = Texts(settings.lang)
    if group is not None:
        table, names = table[table["kelompok"] == group], tuple(name for name in names if name != "kelompok")

    def told(name: str, value: Any) -> str:
        match name:
            case "kelompok":
                return settings.group(value).name(texts.lang)
            case "satuan":
                return texts("comparing.unit_km2" if value == "km2" else "comparing.unit_people")
            case "cakupan" if pd.notna(value):
                return texts.percent(value, 1)
            case _:
                return value if isinstance(value, str) else DASH if pd.isna(value) else texts.number(value)

    rows = tuple(tuple(told(name, row[name]) for name in names) for row in table.to_dict("records"))
    words = ("kelompok", "register", "langkah", "satuan")
    columns = [Column(texts(f"comparing.column_{name}"), 1.0, name not in words) for name in names]
    return SmallTable(tuple(columns), rows)


def year_sentence(years: Years, group: str) -> Message:
    """ "Lansia: cakupan 51,2 % → 53,0 % → 55,9 %; desa/kelurahan belum terlayani 310 → 301 → 288"."""
    texts = Texts(years.steps[-1].settings.lang)
    rows = year_table(years)
    rows = rows[(rows["level"] == "semua") & (rows["kelompok"] == group)]
    shares = ["–" if pd.isna(share) else texts.percent(share, 1) for share in rows["cakupan"]]
    unserved = [texts.number(number) for number in rows["desa_belum_terlayani"]]
    by_area = bool(rows["satuan"].eq("km2").any())
    known = (
        msg("said.nothing")
        if by_area or rows.empty
        else known_part(*map(int, rows[["desa_diketahui", "desa"]].iloc[-1]))
    )
    return msg(
        "comparing.year_area" if by_area else "comparing.year_people", known=known, shares=" → ".join(shares),
        unserved=" → ".join(unserved), group=years.steps[-1].settings.group(group).name(texts.lang),
    )  # fmt: skip


def step_sentence(years: Years, at: int) -> Message:
    """ "register-2024 → register-2025: 169 LKS dalam register lama, ..."."""
    return msg(
        "comparing.step", before=years.names[at], after=years.names[at + 1], told=counts_sentence(years.steps[at])
    )


def year_notes(years: Years, *, meeting: bool = False) -> list[Message]:
    """What must be known to read the line: doubts of each step, what is left out."""
    last, names = years.steps[-1], years.names
    notes = [
        msg("comparing.step", before=names[at], after=names[at + 1], told=note)
        for at, step in enumerate(years.steps)
        for note in _doubts(step, meeting=meeting)
    ]
    numbers = [_disguised(last, coverage) for coverage in years.coverages]
    if any(numbers):
        notes.append(msg("comparing.years_disguised", numbers=", ".join(map(str, numbers))))
    return [*notes, *_unreported_note(last), msg("comparing.same_ground_years"), msg("comparing.causes")]
