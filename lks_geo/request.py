"""What one command or call asks for, and how the choices somebody names become typed: settings, groups, a question.

A choice that was not made is None (or empty) and leaves what the settings say. Wrong ones are `RequestError`s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lks_geo.errors import RequestError
from lks_geo.messages import msg
from lks_geo.settings import Settings, unknown
from lks_geo.sheets.folding import words as folded

if TYPE_CHECKING:
    from lks_geo.catalogue import Group
    from lks_geo.siting.scene import Question

SHAPE_SUFFIXES = (".gpkg", ".geojson", ".parquet")
TABLE_SUFFIXES = (".csv", ".xlsx", *SHAPE_SUFFIXES)
LIST_SUFFIXES = (".csv", ".xlsx")
PROFILE_SUFFIXES = (".xlsx", ".csv", ".json")
QUALITY_SUFFIXES = (".xlsx", ".csv", ".json")
PRINTED_SUFFIXES = (".png", ".pdf", ".svg")
MAP_SUFFIXES = (".html", *PRINTED_SUFFIXES)
REPORT_SUFFIXES = (".pptx", ".pdf")
PLAN_SUFFIXES = (*TABLE_SUFFIXES, ".html")
CHANGES_SUFFIXES = (".csv", ".xlsx", ".json", ".html", ".pptx")
RESULT_SUFFIXES = (*TABLE_SUFFIXES, *MAP_SUFFIXES, ".pptx")
"""The kinds of file that each answer can become; of tables, those that hold the shapes of areas."""

USUAL_SITES = 5
"""How many sites a plan proposes where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one command asks for: its files, settings and views.

    Files that are None are those that ship with the project; `register` None is the invented example. `columns`: field
    -> heading. `kabupaten`: names, abbreviations or codes; `groups` (keys) and `levels`: what the result is narrowed
    to, empty = all. `per_kabupaten`: a folder for each kabupaten as well. `bridge`: old codes and names of desa.
    `population_only`: the file of people without the estimate below it. `reaches_km`: those to compare, beside the one
    in use. `csv_style`: of the list of unserved desa. `embedded`: by another program, whose options of pandas stay as
    they are.
    """

    settings: Settings
    register: Path | None = None
    boundaries: Path | None = None
    bridge: Path | None = None
    population: Path | None = None
    population_only: bool = False
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    kabupaten: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    reaches_km: tuple[float, ...] = ()
    csv_style: str | None = None
    per_kabupaten: bool = False
    output: Path | None = None
    overwrite: bool = False
    embedded: bool = False


def request_of(settings: Settings, choices: Mapping[str, Any], *, output: Path | None = None) -> Request:
    """The request of named choices over `settings`; their names are the fields of `Request` and `Settings`, but `reach`
    (km, several are compared) and `columns` (pairs of field and heading)."""
    settings = _chosen(settings, choices)
    return Request(
        settings=settings,
        register=choices.get("register"),
        boundaries=choices.get("boundaries"),
        bridge=settings.bridge,
        population=choices.get("population"),
        population_only=bool(choices.get("population_only")),
        sheet=choices.get("sheet"),
        columns=_columns(choices.get("columns") or ()),
        kabupaten=tuple(part.strip() for word in choices.get("kabupaten") or () for part in word.split(",")),
        groups=group_keys(choices.get("groups") or (), settings),
        levels=tuple(choices.get("levels") or ()),
        reaches_km=choices.get("reach") or (),
        output=output,
        overwrite=bool(choices.get("overwrite")),
    )


def _columns(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Field -> headings; what is repeated for a field comes behind, as "A|B"."""
    columns: dict[str, str] = {}
    for name, heading in pairs:
        columns[name] = f"{columns[name]}|{heading}" if name in columns else heading
    return columns


def _chosen(settings: Settings, choices: Mapping[str, Any]) -> Settings:
    """Settings with the choices over them."""
    chosen: dict[str, Any] = {
        "active_only": choices.get("active"),
        "accredited": choices.get("accredited") or None,
        "legal_entity": choices.get("legal"),
        "system": choices.get("system"),
        "developments": choices.get("developments") or None,
        "day": choices.get("day"),
        "population_model": choices.get("population_model") or ("grid" if choices.get("population_grid") else None),
        "population_grid": choices.get("population_grid"),
        "roads": choices.get("roads"),
        "context": choices.get("context"),
        "bridge": choices.get("bridge"),
        "show_sensitive": choices.get("show_sensitive") or None,
        "register_complete": choices.get("register_complete") or None,
    }
    settings = replace(settings, **{name: value for name, value in chosen.items() if value is not None})
    if settings.population_model == "grid" and settings.population_grid is None:
        raise RequestError(msg("cli.grid_without_file"))
    if choices.get("population_only") and choices.get("population") is None:
        raise RequestError(msg("cli.only_without_file"))
    reaches: tuple[float, ...] | None = choices.get("reach")
    if reaches:
        settings = with_reach(settings, settings.reach_km if settings.reach_km in reaches else reaches[0])
    return settings


def with_reach(settings: Settings, reach_km: float) -> Settings:
    """Settings in which every group and system has this reach (km)."""
    groups = tuple(
        replace(group, reach_km=None, reach_inside_km=None, reach_outside_km=None) for group in settings.groups
    )
    return replace(settings, reach_km=reach_km, groups=groups)


def group_keys(words: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Group keys for keys or names in either language; an unknown one is a `RequestError`. Empty stays empty."""
    by_name = {folded(name): group.key for group in settings.groups for name in _names(group)}
    keys = []
    for word in words:
        for part in word.split(","):
            key = by_name.get(folded(part))
            if key is None:
                raise unknown("settings.unknown_group", part.strip(), [group.key for group in settings.groups])
            keys.append(key)
    return tuple(dict.fromkeys(keys))


def _names(group: Group) -> tuple[str, ...]:
    return (group.key, group.name_id, group.name_en, group.short_id, group.short_en, *group.words)


def question_of(choices: Mapping[str, Any], settings: Settings) -> Question:
    """What a plan is asked; the names of choices are the fields of `Question`, but `reach`, `min_distance`, `robust`
    and `weights` (pairs of group and number). Those that contradict each other are a `RequestError`."""
    from lks_geo.siting.scene import Question

    _refuse_contradictions(choices)
    groups = group_keys(choices.get("groups") or (), settings)
    if not groups:
        raise RequestError(msg("siting.no_group", names=", ".join(group.key for group in settings.groups)))
    kinds = choices.get("kinds") or ("baru",)
    hidden = [group.name(settings.lang) for group in settings.groups if group.key in groups and group.sensitive]
    if hidden and kinds != ("baru",) and not settings.show_sensitive:
        raise RequestError(msg("siting.kinds_sensitive", names=", ".join(hidden)))
    if choices.get("capacity") and (len(groups) > 1 or kinds != ("baru",) or settings.roads is not None):
        raise RequestError(msg("siting.capacity_one_group"))
    return Question(
        groups=groups,
        capacity=choices.get("capacity"),
        budget=choices.get("budget"),
        kinds=kinds,
        weights=_weights(choices.get("weights") or (), groups, settings),
        sites=choices.get("sites") or USUAL_SITES,
        target=choices.get("target"),
        phases=choices.get("phases") or (),
        min_distance_km=choices.get("min_distance"),
        fair=bool(choices.get("fair")),
        robust_km=choices.get("robust") or (),
    )


_ONE_OF = (("sites", "target", "phases", "budget"), ("fair", "robust", "capacity"), ("target", "capacity"))


def _refuse_contradictions(choices: Mapping[str, Any]) -> None:
    for names in _ONE_OF:
        chosen = [f"--{name}" for name in names if choices.get(name)]
        if len(chosen) > 1:
            raise RequestError(msg("siting.one_of", first=chosen[0], second=chosen[1]))
    if len(choices.get("reach") or ()) > 1:
        raise RequestError(msg("siting.one_reach"))


def _weights(pairs: Iterable[tuple[str, Any]], groups: tuple[str, ...], settings: Settings) -> dict[str, float]:
    weights = {}
    for name, text in pairs:
        key = group_keys((name,), settings)[0]
        if key not in groups:
            raise RequestError(msg("siting.weight_without_group", name=name))
        try:
            weights[key] = float(text)
        except ValueError:
            weights[key] = math.nan
        if not 0 < weights[key] < math.inf:
            raise RequestError(msg("siting.not_weight", found=f"{name}={text}"))
    return weights


def own_name(name: str, settings: Settings) -> str:
    """A file or folder name that the tool chooses itself: "peta.html", for internal use "peta-internal.html"."""
    path = Path(name)
    return f"{path.stem}-internal{path.suffix}" if settings.internal else name
