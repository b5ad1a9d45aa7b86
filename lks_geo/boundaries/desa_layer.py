"""Any readable layers of desa as the desa table: layers chosen, codes, names and shapes put right, all of it told.

What is left out (areas without a code, kecamatan among desa, forest and lakes) is told by name. The code system is
decided once per layer (`village_codes.py`); layers of two systems are refused. Areas without a code get that of the
shipped village of their name, if there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lks_geo.boundaries.country import KIND, found_codes, provisional_codes, upper_names
from lks_geo.boundaries.layer_fields import SourceLayer, labels_of, middles
from lks_geo.boundaries.polygon_repair import COVERAGE_LIMIT, check_desa, listed, to_coverage, to_polygons
from lks_geo.boundaries.village_codes import (
    BPS,
    KEMENDAGRI,
    CodeCells,
    CodeSystem,
    Verdict,
    are_codes,
    decide,
    in_form,
    is_ground,
    odd_codes,
    upper_level,
)
from lks_geo.boundaries.whereabouts import position_notes
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.sheets.folding import compact
from lks_geo.tables import AREA_COLUMNS, LEVELS, PARENT_COLUMNS, DesaFrame

FEW = 0.1
"""The share of odd or broken codes up to which they are named and the layer is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The desa of one or more layers, ready to use, the ground without people, and what was mended or left out."""

    desa: DesaFrame
    ground: gpd.GeoDataFrame
    system: CodeSystem
    notes: tuple[Message, ...]


def _labels(table: pd.DataFrame, where: pd.Series[bool]) -> list[str]:
    return labels_of(table[where.to_numpy()])


def desa_of(
    layers: Sequence[SourceLayer], where: str, *, gap_degrees: float = 0.0, join: bool = False, whole: bool = False
) -> Layer:
    """The desa table of layers: codes in one form, parents from the codes, shapes mended; errors say the cure.

    `join`: features of one code and one name are one desa. `whole`: overlaps are mended however many desa there are.
    """
    notes = [note for layer in layers for note in layer.notes]
    parts, grounds, verdicts = [], [], []
    for layer in layers:
        table, ground = _villages_only(layer, notes)
        if not len(table):
            continue
        grounds.append(ground)
        parts.append(table.assign(_where=layer.where))
        verdicts.append(decide(_cells(table, layer.heading)))
    if not parts:
        raise LksGeoError.of("boundaries.empty", where=where)
    system = _one_system(verdicts, parts, where, notes)
    table = pd.concat(parts, ignore_index=True)
    table = _coded(table, system, notes, where, layers[0].heading)
    table = _each_once(table, where, notes, join=join)
    table["kode"] = in_form(table["kode"], system)
    labels = labels_of(table)
    polygons = to_polygons(table.geometry.to_numpy(), labels)
    usable = ~shapely.is_missing(polygons.shapes)
    if not usable.any():
        raise LksGeoError.of("boundaries.no_polygon", where=where)
    if not usable.all():
        lost = [labels[at] for at in np.flatnonzero(~usable)]
        notes.append(msg("boundaries.note_no_polygon", n=len(lost), found=listed(lost)))
    kept = [labels[at] for at in np.flatnonzero(usable)]
    coverage = to_coverage(polygons.shapes[usable], kept, gap_degrees, limit=None if whole else COVERAGE_LIMIT)
    table = table[usable].set_geometry(coverage.shapes, crs="EPSG:4326")
    table = table[~table.geometry.isna()]
    codes = table["kode"].set_axis(table.index)
    columns = _area_columns(table, codes, system, notes)
    columns.index = pd.Index(codes, name="kode", dtype="str")
    desa = gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs="EPSG:4326").sort_index()
    where_notes = position_notes(middles(desa), desa.index, system, layers[0].crs)
    return Layer(
        desa=check_desa(desa), system=system, ground=gpd.GeoDataFrame(pd.concat(grounds), crs="EPSG:4326"),
        notes=(*where_notes, *notes, *polygons.notes, *coverage.notes),
    )  # fmt: skip


def _villages_only(layer: SourceLayer, notes: list[Message]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The areas that can be desa, and the ground without people; upper levels and ground are told."""
    table = layer.table.reset_index(drop=True)
    levels = table["kode"].map(upper_level, na_action="ignore").astype("object")
    if "level" in table:
        written = table["level"].str.casefold()
        levels = levels.where(~written.isin((*LEVELS[1:], "sekitar")), written)
    if levels.notna().any():
        counts = Counter(levels.dropna())
        found = ", ".join(f"{count} {level}" for level, count in sorted(counts.items()))
        notes.append(msg("boundaries.note_upper", where=layer.where, n=int(levels.notna().sum()), found=found))
    table = table[levels.isna()]
    ground = pd.Series(
        [is_ground(code, name) for code, name in zip(table["kode"].tolist(), _column(table, "nama"), strict=True)],
        index=table.index, dtype=bool,
    )  # fmt: skip
    if ground.any():
        notes.append(msg("boundaries.note_ground", n=int(ground.sum()), found=listed(_labels(table, ground))))
    return table[~ground], table.loc[ground, ["kode", "geometry"]]


def _column(table: pd.DataFrame, field: str) -> pd.Series[str]:
    """A field of a table, all NA if it has none."""
    return table[field] if field in table else pd.Series(pd.NA, index=table.index, dtype="str")


def _cells(table: pd.DataFrame, heading: str) -> CodeCells:
    table = table[are_codes(table["kode"])]
    optional = {name: table.get(column, None) for name, column in _CELLS.items()}
    return CodeCells(digits=table["kode"], written=_column(table, "kode_tertulis"), heading=heading, **optional)


_CELLS = {"parents": "kode_kecamatan", "kecamatan": "kecamatan", "kabupaten": "kabupaten", "nama": "nama"}


def _one_system(
    verdicts: Sequence[Verdict], parts: Sequence[pd.DataFrame], where: str, notes: list[Message]
) -> CodeSystem:
    """The system of all layers: that of the sure ones, which must agree; else what most desa look like, told."""
    desa: dict[tuple[str, bool], int] = Counter()
    example: dict[str, str] = {}
    for verdict, part in zip(verdicts, parts, strict=True):
        desa[verdict.system.key, verdict.sure] += len(part)
        if verdict.sure:
            example.setdefault(verdict.system.key, str(part["_where"].iloc[0]))
    if len(example) > 1:
        raise LksGeoError.of("boundaries.two_systems", where=where, found=example["kemendagri"], other=example["bps"])
    if example:
        return KEMENDAGRI if "kemendagri" in example else BPS
    system = max((KEMENDAGRI, BPS), key=lambda one: desa[one.key, False])
    if parts and are_codes(pd.concat([part["kode"] for part in parts])).any():
        notes.append(msg("boundaries.note_unsure_system", system=msg(f"boundaries.system_{system.key}")))
    return system


def _coded(
    table: gpd.GeoDataFrame, system: CodeSystem, notes: list[Message], where: str, heading: str
) -> gpd.GeoDataFrame:
    """The areas with a code; blank ones found by BPS code or name where that village ships, all others told."""
    good = are_codes(table["kode"])
    broken = table["kode"].notna() & ~good
    if broken.sum() > max(1, FEW * len(table)):
        wrong = list(table.loc[broken, "kode_tertulis"])
        raise LksGeoError.of("boundaries.bad_codes", where=where, n=len(wrong), found=listed(wrong))
    if not good.all():
        table = table.copy()
        note, found = "note_found_codes", found_codes(table, ~good, bps=system is BPS)
        if found.empty and not good.any():
            note, (found, own) = "note_provisional", provisional_codes(table[~good], own=not heading)
            if own:
                notes.append(msg("boundaries.note_own_kecamatan", n=len(own), found=listed(own)))
        table.loc[found.index, "kode"] = found
        good |= table.index.isin(found.index)
        if len(found):
            coded = table.assign(kode=in_form(table["kode"], system))
            names = _labels(coded, pd.Series(table.index.isin(found.index), index=table.index))
            notes.append(msg(f"boundaries.{note}", n=len(found), found=listed(names)))
        names = _labels(table.assign(kode=table["kode_tertulis"].where(broken) if broken.any() else None), ~good)
        if not good.any():
            raise LksGeoError.of(
                "boundaries.blank_codes", where=where, n=len(names), name=heading or "–", found=listed(names)
            )
        if names:
            notes.append(msg("boundaries.note_no_code", n=len(names), found=listed(names)))
        table = table[good]
    odd = odd_codes(table["kode"], system)
    if odd.sum() > max(1, FEW * len(table)):
        raise LksGeoError.of("boundaries.mixed_codes", where=where, found=listed(list(table.loc[odd, "kode_tertulis"])))
    if odd.any():
        notes.append(msg("boundaries.note_odd_code", n=int(odd.sum()), found=listed(_labels(table, odd))))
    return table


def _each_once(table: gpd.GeoDataFrame, where: str, notes: list[Message], *, join: bool) -> gpd.GeoDataFrame:
    """The areas, each code once; features of one code and one name are joined where that is asked for."""
    double = table["kode"].duplicated(keep=False)
    if not double.any():
        return table.reset_index(drop=True)
    twice = table[double]
    names = twice["nama"].map(compact, na_action="ignore").groupby(twice["kode"]).nunique()
    layers = twice.groupby("kode")["_where"].nunique()
    if (layers > 1).any():
        found = listed(sorted(set(twice.loc[twice["kode"].isin(layers.index[layers > 1]), "_where"])))
        example = listed(list(layers.index[layers > 1]))
        raise LksGeoError.of(
            "boundaries.layers_repeat", where=where, n=int((layers > 1).sum()), found=example, layers=found
        )
    if not join or (names > 1).any():
        codes = names.index[names > 1] if (names > 1).any() else names.index
        pairs = [
            f"{code} ({', '.join(twice.loc[twice['kode'] == code, 'nama'].dropna().unique())})" for code in codes[:5]
        ]
        kind = "duplicate_codes" if (names > 1).any() else "codes_in_pieces"
        raise LksGeoError.of(f"boundaries.{kind}", where=where, n=len(codes), found=listed(pairs))
    shapes = to_polygons(twice.geometry.to_numpy(), list(twice["kode"])).shapes
    pieces = pd.Series(shapes, index=twice.index).groupby(twice["kode"])
    joined = {code: shapely.union_all([shape for shape in group if shape is not None]) for code, group in pieces}
    once = table[~table["kode"].duplicated()].reset_index(drop=True)
    geometry = [joined.get(code, shape) for code, shape in zip(once["kode"], once.geometry, strict=True)]
    notes.append(msg("boundaries.note_joined", n=len(joined), features=int(double.sum()), found=listed(list(joined))))
    return once.set_geometry(geometry, crs="EPSG:4326")


def _area_columns(layer: pd.DataFrame, codes: pd.Series[str], system: CodeSystem, notes: list[Message]) -> pd.DataFrame:
    table = parent_codes(codes, system)
    unnamed = []
    for level, column in PARENT_COLUMNS.items():
        named = _column(layer, level).str.replace(KIND, "", regex=True)
        named = named.fillna(table[column].map(upper_names(level, system.lengths[level], bps=system is BPS)))
        if named.isna().any():
            unnamed.append(level)
        table[level] = named.fillna(table[column])
    if unnamed:
        notes.append(msg("boundaries.note_no_names", names=", ".join(unnamed)))
    table["nama"] = _column(layer, "nama").fillna(codes)
    table["kode_bps"] = codes if system is BPS else _column(layer, "kode_bps")
    return table[list(AREA_COLUMNS)].astype("str")


def parent_codes(codes: pd.Series[str], system: CodeSystem) -> pd.DataFrame:
    """The codes of kecamatan, kabupaten and provinsi that each village code begins with."""
    return pd.DataFrame(
        {column: codes.str[: system.lengths[level]] for level, column in PARENT_COLUMNS.items()}, index=codes.index
    )
