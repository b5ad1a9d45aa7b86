"""Target people per desa and group: the estimate that ships with the project, and over it a table of the user's own.

A number of the file replaces the estimate of that desa and group; a blank keeps it. Numbers of kecamatan without any
desa in the file are shared out by the estimate and stay estimates. The estimate is for Sulawesi Barat only.
Gets wrong: desa that grew or emptied since the estimate, where a kecamatan is shared out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz

from lks_geo import shipped
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.population.people_words import PEOPLE, POINT, item_name, listed
from lks_geo.register.areas.area_names import key
from lks_geo.register.areas.gazetteer import SIMILAR
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Population, PopulationFrame, Source, source_of

if TYPE_CHECKING:
    from lks_geo.population.people_sums import People
    from lks_geo.population.people_table import Observations

FAR_DEGREES = 0.02
"""A population point farther than this (about 2 km) from its desa gets a note."""

FAR_FROM_ESTIMATE = 5.0
"""A group whose numbers together are this many times the estimate of the same desa, or this part of it, gets a note."""


@dataclass(frozen=True, kw_only=True)
class PeopleFile:
    """A file as it was read: its observations, and the people that they make (desa and kecamatan)."""

    observed: Observations
    people: People


@dataclass(frozen=True, kw_only=True)
class Known:
    """People by desa and field, which of them are estimates, and what must be told."""

    table: pd.DataFrame
    estimated: pd.DataFrame
    notes: tuple[Message, ...] = ()


def read_people(path: Path, boundaries: Boundaries, settings: Settings) -> PeopleFile:
    """The people that a file counts, by the areas of `boundaries`, also by their old codes if a bridge gives them.

    An `LksGeoError` for a file without people or areas, for areas none of which is in the boundaries, and for wrong
    cells, all listed together.
    """
    from lks_geo.population.people_sums import people_of
    from lks_geo.population.people_table import read_observations

    observed = read_observations(path, boundaries, settings)
    if observed.cells.empty:
        upper = observed.levels.get("kabupaten", 0) + observed.levels.get("provinsi", 0)
        fault = "only_upper" if upper else "no_known_area"
        raise LksGeoError.of(f"population.{fault}", where=path.name, found=listed(observed.unplaced))
    return PeopleFile(observed=observed, people=people_of(observed, settings, path.name))


def check_people(path: Path, boundaries: Boundaries, settings: Settings) -> tuple[PeopleFile, Population, Population]:
    """A table of people as it was read, the people that it counts alone, and over the estimate that ships."""
    file, estimate = read_people(path, boundaries, settings), shipped_estimate(boundaries, settings)
    own, used = (population_of(file, path, estimate, boundaries, settings, only=only) for only in (True, False))
    return file, own, used


def load_population(
    path: Path | None,
    boundaries: Boundaries,
    settings: Settings,
    *,
    only: bool = False,
) -> Population:
    """People per desa of `boundaries` and group of `settings`; None is the estimate that ships with the project.

    `only`: the file alone, without the estimate below it. People that neither knows
    are NaN; `lintang` and `bujur` (degrees) are NaN where no population point is given. Raises as `read_people`.
    """
    estimate = shipped_estimate(boundaries, settings)
    if path is None:
        return _shipped(estimate, boundaries, settings)
    file = read_people(path, boundaries, settings)
    return population_of(file, path, estimate, boundaries, settings, only=only)


def population_of(
    file: PeopleFile, path: Path, estimate: Known | None, boundaries: Boundaries, settings: Settings, *, only: bool
) -> Population:
    """The people of a file over the estimate; `only`: without it, but kecamatan are shared out by it."""
    own = _of_desa(file, estimate, boundaries, settings)
    base = _blank(boundaries, settings) if estimate is None or only else estimate
    table = own.table.fillna(base.table)
    estimated = own.estimated.where(own.table[own.estimated.columns].notna(), base.estimated)
    filled = own.table.isna() & base.table.notna()
    year = file.people.year
    source = replace(source_of(path, estimated=bool(own.estimated.to_numpy().any())), vintage=str(year) if year else "")
    notes = [*file.observed.notes, *file.people.notes, *own.notes]
    notes += _notes(file, own, table, base, boundaries, settings)
    notes += _like_shares(own, settings) if estimate is None else _far_from_estimate(own, estimate, settings)
    if estimate is None and table[[group.key for group in settings.groups]].isna().any(axis=None):
        notes.append(msg("population.note_alone"))
    return Population(
        table=PopulationFrame(table),
        source=source,
        notes=tuple(notes),
        unknown_codes=file.observed.unplaced,
        estimates=estimated,
        base=_shipped_source() if filled[[group.key for group in settings.groups]].to_numpy().any() else None,
    )


def _fields(settings: Settings) -> list[str]:
    return list(dict.fromkeys([*(group.key for group in settings.groups), PEOPLE, *POINT]))


def _blank(boundaries: Boundaries, settings: Settings) -> Known:
    """Nothing is known."""
    fields = _fields(settings)
    table = pd.DataFrame(np.nan, index=boundaries.desa.index, columns=fields).rename_axis("kode")
    return Known(table=table, estimated=pd.DataFrame(False, index=table.index, columns=fields[:-2]))


def shipped_estimate(boundaries: Boundaries, settings: Settings) -> Known | None:
    """The estimate that ships, by Kemendagri or BPS code; None if the boundaries have none of its desa.

    A desa of another name than the estimate's is another desa: its people are not known. If most names differ, the
    codes are of another place.
    """
    written = pd.read_csv(shipped.POPULATION, dtype={"kode": "str"}, index_col="kode")
    desa, known = boundaries.desa, _blank(boundaries, settings)
    codes = pd.Series(desa.index, index=desa.index)
    if not desa.index.intersection(written.index).size:
        codes = desa["kode_bps"].map(_codes_by_bps()) if (desa["kode_provinsi"] == _PROVINCE).any() else codes
    codes = codes[codes.isin(written.index)]
    names = zip(written.loc[codes, "desa"], desa.loc[codes.index, "nama"], strict=True)
    same = np.array([_same_desa(name, other) for name, other in names], dtype=bool)
    if 2 * same.sum() <= len(codes):
        return None
    people = written.reindex(codes[same]).set_axis(codes.index[same])
    fields = [field for field in known.estimated.columns if field in people]
    known.table.loc[people.index, fields] = people[fields].astype("float64")
    known.estimated[fields] = known.table[fields].notna()
    other = [f"{code} {name}" for code, name in desa.loc[codes.index[~same], "nama"].items()]
    return replace(
        known, notes=(msg("population.note_other_desa", n=len(other), found=listed(other)),) if other else ()
    )


_PROVINCE = "76"


def _codes_by_bps() -> dict[str, str]:
    """BPS code -> Kemendagri code of the desa that ship."""
    codes = pd.read_parquet(shipped.BOUNDARIES, columns=["kode", "kode_bps", "level"])
    codes = codes[(codes["level"] == "desa") & codes["kode_bps"].notna()]
    return dict(zip(codes["kode_bps"], codes["kode"], strict=True))


def _same_desa(name: str, other: object) -> bool:
    """Whether two names may be those of one desa; a layer without names says nothing against it."""
    if not isinstance(other, str) or not other or other == name:
        return True
    first, second = key(name, "desa"), key(other, "desa")
    return first == second or fuzz.ratio(first, second) >= SIMILAR


def _shipped_source() -> Source:
    return source_of(shipped.POPULATION, estimated=True, vintage="2024", licence="MIT (data/README.md)")


def _shipped(estimate: Known | None, boundaries: Boundaries, settings: Settings) -> Population:
    if estimate is None:
        nothing = _blank(boundaries, settings)
        return Population(
            table=PopulationFrame(nothing.table), source=Source(name="", sha256=""), estimates=nothing.estimated,
            notes=(msg("population.note_elsewhere"),),
        )  # fmt: skip
    return Population(
        table=PopulationFrame(estimate.table), source=_shipped_source(), notes=estimate.notes,
        estimates=estimate.estimated,
    )  # fmt: skip


def _of_desa(file: PeopleFile, estimate: Known | None, boundaries: Boundaries, settings: Settings) -> Known:
    """The people of a file by desa, those of kecamatan shared out."""
    blank, people = _blank(boundaries, settings), file.people
    own = people.counts.reindex(blank.table.index)
    flags = people.estimated.reindex(blank.table.index, fill_value=False).astype(bool)
    notes = _share_out(own, flags, people, estimate, boundaries, settings)
    table = own.reindex(columns=blank.table.columns).astype("float64")
    points = file.observed.points.reindex(blank.table.index)
    table[list(POINT)] = points[list(POINT)].astype("float64")
    estimated = flags.reindex(columns=blank.estimated.columns, fill_value=False).astype(bool)
    return Known(table=table, estimated=estimated, notes=tuple(notes))


def _share_out(
    own: pd.DataFrame, flags: pd.DataFrame, people: People, estimate: Known | None, boundaries: Boundaries,
    settings: Settings,
) -> list[Message]:  # fmt: skip
    """Fills `own` and `flags` with the people of kecamatan of which the file has no desa; others are subtotals."""
    parents = boundaries.desa["kode_kecamatan"]
    upper = set(parents.dropna())
    kecamatan = people.counts.loc[[code for code in people.counts.index if code in upper]]
    shared: set[str] = set()
    left: set[str] = set()
    off: list[str] = []
    members = parents.groupby(parents).groups if len(kecamatan) else {}
    for item in kecamatan.columns:
        for code, total in kecamatan[item].dropna().items():
            desa = members[str(code)]
            known = own.loc[desa, item]
            if known.notna().any():
                off += [str(code)] if known.notna().all() and abs(known.sum() - total) > 0.5 else []
                continue
            weights = _weights(str(item), desa, own, estimate)
            if weights is None:
                left.add(str(code))
                continue
            own.loc[desa, item] = weights / weights.sum() * total
            flags.loc[desa, item] = True
            shared.add(str(code))
    notes = [msg("population.note_shared", n=len(shared), found=listed(sorted(shared)))] if shared else []
    notes += [msg("population.note_not_shared", n=len(left), found=listed(sorted(left)))] if left else []
    off = sorted(set(off))
    return notes + ([msg("population.note_subtotal", n=len(off), found=listed(off))] if off else [])


def _weights(item: str, desa: pd.Index, own: pd.DataFrame, estimate: Known | None) -> pd.Series | None:
    """By what the people of a kecamatan are shared out: the estimate of the group, else of everybody."""
    candidates = [] if estimate is None else [estimate.table.loc[desa, item]] if item in estimate.table else []
    candidates += [own.loc[desa, PEOPLE]] if PEOPLE in own and item != PEOPLE else []
    candidates += [] if estimate is None else [estimate.table.loc[desa, PEOPLE]]
    return next((weights for weights in candidates if weights.notna().all() and weights.sum() > 0), None)


def _notes(
    file: PeopleFile, own: Known, table: pd.DataFrame, base: Known, boundaries: Boundaries, settings: Settings
) -> list[Message]:
    """What the file leaves to the estimate or unknown, and what looks wrong."""
    notes = []
    groups = [group.key for group in settings.groups]
    missing = [key for key in groups if own.table[key].isna().all()]
    for known, note in ((True, "note_no_column_estimate"), (False, "note_no_column")):
        named = [key for key in missing if table[key].notna().any() == known]
        if named:
            notes.append(msg(f"population.{note}", names=", ".join(named)))
    kept = {key: int((own.table[key].isna() & table[key].notna()).sum()) for key in groups if key not in missing}
    blank = {key: int(table[key].isna().sum()) for key in groups if key not in missing}
    for counts, note in ((kept, "note_kept"), (blank, "note_blank")):
        some = ", ".join(f"{group} {n}" for group, n in counts.items() if n)
        if some:
            notes.append(msg(f"population.{note}", found=some, of=len(table)))
    if file.observed.unplaced:
        unplaced = file.observed.unplaced
        notes.append(msg("population.note_unplaced", n=len(unplaced), found=listed(unplaced)))
    far = _far_points(table, boundaries)
    if far:
        notes.append(msg("population.note_far_points", n=len(far), found=listed(far)))
    return notes


def _far_points(table: pd.DataFrame, boundaries: Boundaries) -> list[str]:
    """The desa whose population point lies outside them by more than FAR_DEGREES."""
    pointed = table[list(POINT)].notna().all(axis=1)
    if not pointed.any():
        return []
    points = shapely.points(table.loc[pointed, "bujur"], table.loc[pointed, "lintang"])
    distance = shapely.distance(points, boundaries.desa.loc[pointed].geometry.values)
    return list(table.index[pointed][distance > FAR_DEGREES])


def _far_from_estimate(own: Known, base: Known, settings: Settings) -> list[Message]:
    """Groups whose numbers look like shares, or like thousands."""
    notes = []
    for item in base.estimated.columns:
        both = own.table[item].notna() & base.table[item].notna()
        here, there = own.table.loc[both, item].sum(), base.table.loc[both, item].sum()
        if both.sum() > 2 and not there / FAR_FROM_ESTIMATE <= here <= there * FAR_FROM_ESTIMATE:
            notes.append(msg("population.note_far", item=item_name(item, settings), found=here, estimate=there))
    return notes


def _like_shares(own: Known, settings: Settings) -> list[Message]:
    """Children or everybody, no more than a hundred in any of many desa: per cent, it seems."""
    small = [
        item
        for item in ("anak", PEOPLE)
        if item in own.table and own.table[item].count() >= _MANY and own.table[item].max() <= 100
    ]
    return [msg("population.note_shares", item=item_name(item, settings)) for item in small]


_MANY = 5
