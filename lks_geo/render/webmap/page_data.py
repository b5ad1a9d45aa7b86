"""What the page knows, as plain JSON blocks: the frame of it, areas, borders, values, places.

Blocks are separate so that the page parses only what it shows: a province of thousands of desa starts with kabupaten.
Decides: what leaves the office. Only places that may be listed are written, and only the columns that the cards show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lks_geo.geo import IntArray
from lks_geo.messages import Texts
from lks_geo.render.webmap.map_ground import (
    Grid,
    border_blocks,
    context_lines,
    drawn_areas,
    flat_points,
    insets,
    interior_points,
    land_around,
)
from lks_geo.render.webmap.packed_columns import encode, encode_floats, encode_rows, plain, short
from lks_geo.render.webmap.page_frame import Variants, frame_block
from lks_geo.said.areas import kabupaten_codes
from lks_geo.said.profile import NOWHERE, PARTS, WHOLE, profile_table
from lks_geo.tables import KEY_COLUMNS, PARENT_COLUMNS, UNREPORTED, Coverage

LEVELS = ("desa", "kecamatan", "kabupaten")
"""Levels of the switch."""
STATUSES = (UNREPORTED, "tidak_ada_sasaran", "ada", "terjangkau", "terjangkau_sebagian", "belum_terlayani")
CONTEXT_FACTS = ("name", "km", "all_km")
PLACE_COLUMNS = (
    "id", "nama", "layanan_lain", "aktif", "badan_hukum", "perkembangan", "akreditasi", "berlaku_sampai", "kapasitas",
    "alamat", "lokasi", "hasil", "kode_desa", "kode_kecamatan", "kode_kabupaten",
)  # fmt: skip


def blocks(variants: Variants) -> dict[str, Any]:
    """All blocks by id, in the order of the page."""
    start = variants.start
    texts = Texts(start.settings.lang)
    levels = [level for level in LEVELS if (start.table["level"] == level).any()]
    rows = {level: _codes(start, level) for level in levels}
    drawn = drawn_areas(start.boundaries, levels[0], rows[levels[0]])
    content: dict[str, Any] = {"frame": frame_block(variants, levels)}
    content["ground"] = {
        "grid": {"x0": drawn.grid.x0, "y0": drawn.grid.y0},
        "points": interior_points(start.boundaries, drawn),
        "measured": _population_points(start, rows[levels[0]], drawn.grid),
        "land": land_around(start.boundaries, drawn),
        "insets": insets(start.boundaries, drawn, texts),
    }
    if start.settings.context is not None:
        content["ground"]["context"] = lines = context_lines(start.settings.context, start.boundaries, drawn)
        content["frame"]["sources"].append(texts("webmap.latar_sumber", **{key: lines[key] for key in CONTEXT_FACTS}))
    content["areas"] = {level: _areas(start, level, levels) for level in levels}
    content |= {f"borders-{name}": block for name, block in border_blocks(drawn).items()}
    content |= {f"values-{level}": _values(variants, level, rows[level]) for level in levels}
    content["places"] = _places(variants)
    if variants.plan is None:
        content["profile"] = _profile(start, texts)
    if variants.reaches:
        content["reaches"] = _reaches(variants, rows)
    if levels[0] == "desa" and variants.gains:
        content["gains"] = _gains(variants, rows["desa"])
    return content


def _profile(coverage: Coverage, texts: Texts) -> dict[str, Any]:
    """The profile of the LKS: numbers by kabupaten ("" is all) and group in the order of `columns`, and their names."""
    table = profile_table(coverage)
    columns = [name for name in table.columns if name not in ("kode", "kabupaten", "kelompok")]
    fields = [
        {
            "title": texts(f"webmap.fakta_{'status' if field == 'aktif' else field}"),
            "parts": [{"key": part, "title": texts(f"profile.column_{part}")} for part in parts],
        }
        for field, parts in PARTS.items()
    ]
    by_area: dict[str, Any] = {}
    rows = table[table["kelompok"].isin([group.key for group in coverage.groups]) & (table["kode"] != NOWHERE)]
    for code, group, *numbers in rows[["kode", "kelompok", *columns]].itertuples(index=False):
        by_area.setdefault(code, {})[group] = [None if pd.isna(number) else int(number) for number in numbers]
    codes = kabupaten_codes(coverage)
    if len(codes) == 1:  # its rows are those of all
        by_area.setdefault(codes[0], by_area.get(WHOLE, {}))
    return {"columns": columns, "fields": fields, "table": by_area}


def _gains(variants: Variants, codes: list[str]) -> dict[str, Any]:
    """Whole people whom one more LKS in each desa would reach, per variant and group (not all groups have any)."""
    return {
        key: {str(group): encode(table[group].reindex(codes).round()) for group in table.columns}
        for key, table in variants.gains.items()
    }


def _reaches(variants: Variants, rows: Mapping[str, list[str]]) -> dict[str, Any]:
    """What depends on reach: `table[variant][km][level][group]` holds `pangsa`, `status` (one digit for each area, its
    place in `statuses`) and what does not follow from them: `terjangkau` and `belum` above the desa, and `prioritas`
    where not all desa are shown."""
    start = variants.start
    at = {level: start.boundaries.names(level).index.get_indexer(pd.Index(codes)) for level, codes in rows.items()}
    keys = [group.key for group in variants.start.settings.groups]
    shown = [(number, key) for number, key in enumerate(keys) if key in {group.key for group in start.groups}]
    digit = np.vectorize({status: str(number) for number, status in enumerate(STATUSES)}.__getitem__, otypes=["U1"])

    def column(columns: Mapping[str, Any], level: str, group: int) -> dict[str, Any]:
        def one(name: str) -> Any:
            return columns[name][at[level], group]

        found = {"pangsa": encode_floats(one("pangsa_terjangkau")), "status": "".join(digit(one("status")))}
        if level != "desa":
            found |= {
                "terjangkau": encode_floats(one("terjangkau")),
                "belum": one("desa_belum_terlayani").astype(int).tolist(),
            }
        elif start.settings.kabupaten:
            found["prioritas"] = encode(pd.Series(one("prioritas")))
        return found

    table = {
        key: {
            f"{km:g}": {
                level: {group: column(columns[level], level, number) for number, group in shown} for level in rows
            }
            for km, columns in by_km.items()
        }
        for key, by_km in variants.reaches.items()
    }
    return {"statuses": list(STATUSES), "table": table}


def _codes(coverage: Coverage, level: str) -> list[str]:
    return [str(code) for code in pd.unique(coverage.table.loc[coverage.table["level"] == level, "kode"])]


def _population_points(coverage: Coverage, codes: list[str], grid: Grid) -> list[int] | None:
    """Population points of the user's own file, if every area has one; else None (the interior point is meant)."""
    table = coverage.population.table
    if not set(codes) <= set(table.index) or not {"lintang", "bujur"} <= set(table.columns):
        return None
    points = table.loc[codes, ["bujur", "lintang"]]
    if bool(points.isna().any(axis=None)):
        return None
    return flat_points(grid, points["bujur"].to_numpy(), points["lintang"].to_numpy())


def _areas(coverage: Coverage, level: str, levels: list[str]) -> dict[str, Any]:
    """Names and codes of one level as in the table, and for each area the positions of its parents."""
    first = coverage.table["kelompok"].iloc[0]
    rows = coverage.table[(coverage.table["level"] == level) & (coverage.table["kelompok"] == first)]
    block: dict[str, Any] = {"size": len(rows)} | {name: encode(rows[name]) for name in KEY_COLUMNS[1:-1]}
    names = coverage.boundaries.names(level).loc[rows["kode"]]
    for upper in levels[levels.index(level) + 1 :]:
        position = {code: number for number, code in enumerate(_codes(coverage, upper))}
        parents = names[PARENT_COLUMNS[upper]]
        block[f"in_{upper}"] = encode(parents.map(position).astype("Int64"))
    return block


def _values(variants: Variants, level: str, codes: list[str]) -> dict[str, Any]:
    """The measures of one level: `pool` holds each encoded column once, `table[variant][group][column]` its number."""
    pool: dict[str, int] = {}
    done: dict[object, str] = {}
    table: dict[str, dict[str, dict[str, int]]] = {}
    for key, coverage in variants.by_key.items():
        at_level = coverage.table[coverage.table["level"] == level]
        columns = {str(name): plain(column) for name, column in at_level.items() if name not in KEY_COLUMNS}
        for group, rows in _rows_of_groups(at_level, codes).items():
            encoded = encode_rows({name: values[rows] for name, values in columns.items()}, done)
            numbers = {name: pool.setdefault(column, len(pool)) for name, column in encoded.items()}
            table.setdefault(key, {})[group] = numbers
    return {"pool": [Raw(column) for column in pool], "table": table}


def _rows_of_groups(table: pd.DataFrame, codes: list[str]) -> dict[str, IntArray]:
    """By group the positions of the rows of the areas `codes`; a variant may hold them in another order."""
    groups, areas = pd.factorize(table["kelompok"]), pd.Index(codes).get_indexer(pd.Index(table["kode"]))
    found = {}
    for number, group in enumerate(groups[1]):
        rows = np.flatnonzero(groups[0] == number)
        found[str(group)] = rows[np.argsort(areas[rows], kind="stable")]
    return found


class Raw(str):
    """Text that already is JSON."""

    __slots__ = ()


def write_json(value: Any) -> str:
    """A block as JSON that can stand inside a script element: no `<`, no line separators that end a JS line."""
    if isinstance(value, dict) and isinstance(value.get("pool"), list):
        pool = ",".join(value["pool"])
        text = f'{{"pool":[{pool}],"table":{short(value["table"])}}}'
    else:
        text = short(value)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _places(variants: Variants) -> dict[str, Any]:
    """The places that may be listed, column by column; the groups that each counts for, per variant, as numbers."""
    start = variants.start
    every = pd.concat([coverage.listed_places for coverage in variants.by_key.values()])
    places = every[~every.index.duplicated()].sort_index()
    places = places[places["id"].notna()]
    order = {group.key: number for number, group in enumerate(start.groups)}
    block: dict[str, Any] = {
        "size": len(places),
        "groups": [[order[key] for key in keys if key in order] for keys in places["kelompok"]],
        "services": [
            [[order[group], system or ""] for group, system in services if group in order]
            for services in places["layanan"]
        ],
    }
    for name in PLACE_COLUMNS:
        block[name] = encode(_shown(places[name]))
    block["lintang"] = encode(places["lintang"].astype("float64").round(6))
    block["bujur"] = encode(places["bujur"].astype("float64").round(6))
    block["counted"] = {
        key: encode(coverage.places["kelompok_dihitung"].reindex(places.index).map(lambda keys: _numbers(keys, order)))
        for key, coverage in variants.by_key.items()
    }
    return block


def _numbers(keys: object, order: Mapping[str, int]) -> str | None:
    """Group keys as the numbers of the groups: "0 2"; None for no group, or a place that the variant does not have."""
    numbers = [str(order[key]) for key in keys if key in order] if isinstance(keys, tuple) else []
    return " ".join(numbers) or None


def _shown(column: Any) -> Any:
    if column.name == "layanan_lain":
        return column.map(lambda names: ", ".join(names) or None)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.strftime("%Y-%m-%d").where(column.notna(), None)
    return column
