"""The corridor: read -> clean (disguise) -> measure. The only file that knows the order; what `run` writes of it is in
`result_set`.

Heavy rooms are imported where they are used, so that a command pays only for what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lks_geo import shipped
from lks_geo.errors import LksGeoError
from lks_geo.messages import Message, msg
from lks_geo.request import SHAPE_SUFFIXES, Request
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Coverage, Population, Register, source_of
from lks_geo.thrift import begun, forget, give_back, keep_little_of, keep_some, no_collection

if TYPE_CHECKING:
    import pandas as pd

    from lks_geo.comparing.changes import Comparison
    from lks_geo.measure import AtReach
    from lks_geo.measure.ground import Ground
    from lks_geo.population.targets import PeopleFile
    from lks_geo.register.cleaning.clean import Hide
    from lks_geo.siting.planning import Plan
    from lks_geo.siting.scene import Question

    Filters = tuple[bool, bool]
    ByReach = dict[Filters, Mapping[float, AtReach]]
    MapContent = tuple[dict[Filters, Coverage], dict[Filters, pd.DataFrame], ByReach]

Progress = Callable[[Message], None]

REACHES_KM = (5.0, 10.0, 15.0, 20.0, 25.0)
"""Reaches (km) for which the share served is shown beside the one in use, because reach is an assumption."""


def no_progress(_step: Message) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All inputs, read and checked, and the settings with the kabupaten asked for as codes."""

    register: Register
    boundaries: Boundaries
    population: Population
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The inputs and the coverage made from them; `full` before groups and levels narrowed it."""

    world: World
    full: Coverage
    coverage: Coverage


def read_boundaries(path: Path | None, progress: Progress = no_progress, bridge: Path | None = None) -> Boundaries:
    """The boundaries in use; with a bridge they know their old codes and names."""
    from lks_geo.boundaries import load_boundaries, read_bridge

    keep_little_of(path)
    progress(msg("cli.step_boundaries"))
    boundaries = load_boundaries(path)
    return replace(boundaries, former=read_bridge(bridge)) if bridge else boundaries


def write_bridge(
    old: Path, new: Path | None, target: Path, settings: Settings, *, population: Path | None, overwrite: bool
) -> Mapping[str, int]:
    """Writes what became of the desa of `old` in `new` (None: those that ship); returns how many of each kind."""
    from lks_geo.boundaries import bridge, load_boundaries
    from lks_geo.boundaries import write_bridge as write
    from lks_geo.population.targets import load_population

    after = load_boundaries(new)
    people = load_population(population, after, settings).table["penduduk"]
    table = bridge(load_boundaries(old), after, people)
    write(target, table, overwrite=overwrite)
    return {str(kind): int(count) for kind, count in table["jenis"].value_counts().items()}


def read_world(
    request: Request, progress: Progress = no_progress, hide: Hide | None = None, *, long: bool = False
) -> World:
    """All inputs; `hide` as `clean` has it. Faults of a file are `LksGeoError`s, of rows the register's issues. `long`:
    for a work that goes on for long with many arrays."""
    from lks_geo.population.targets import load_population

    keep_little_of(request.register, request.population, request.boundaries, texts=not request.embedded)
    boundaries = read_boundaries(request.boundaries, progress, request.bridge)
    if long:
        keep_some()
    if request.output is not None and request.output.suffix.lower() in SHAPE_SUFFIXES:
        boundaries.begin_levels()
    if request.output is not None and request.output.suffix.lower() == ".html":
        _begin_ground(boundaries)
    settings = _settings_in(boundaries, request)
    population = load_population(request.population, boundaries, settings, only=request.population_only)
    register = _read_register(request, boundaries, population, progress, hide=hide)
    return World(register=register, boundaries=boundaries, population=population, settings=settings)


def _begin_ground(boundaries: Boundaries) -> None:
    """Begins what measuring and drawing ask of these boundaries alone, beside the reading of the register."""
    from lks_geo.measure.ground import FEW_DESA, begin_planes
    from lks_geo.render.webmap.map_ground import begin_drawing

    if len(boundaries.desa) <= FEW_DESA:
        begin_planes(boundaries)
        begin_drawing(boundaries)


def _settings_in(boundaries: Boundaries, request: Request) -> Settings:
    """The settings of the request with what they mean within these boundaries."""
    from lks_geo.register.areas.gazetteer import kabupaten_codes
    from lks_geo.said.assumptions import agency_of

    settings = replace(request.settings, agency=agency_of(request.settings, boundaries))
    return (
        replace(settings, kabupaten=kabupaten_codes(request.kabupaten, boundaries)) if request.kabupaten else settings
    )


def check_people(path: Path, boundaries: Boundaries, settings: Settings) -> tuple[PeopleFile, Population, Population]:
    """A table of people as it was read, the people that it counts alone, and over the estimate that ships."""
    from lks_geo.population.targets import population_of, read_people, shipped_estimate

    file, estimate = read_people(path, boundaries, settings), shipped_estimate(boundaries, settings)
    own, used = (population_of(file, path, estimate, boundaries, settings, only=only) for only in (True, False))
    return file, own, used


def _read_register(
    request: Request, boundaries: Boundaries, population: Population, progress: Progress, *, served: bool = True,
    hide: Hide | None = None,
) -> Register:  # fmt: skip
    """The register, every row with its outcome and its place, places of sensitive groups disguised."""
    from lks_geo.register.cleaning.clean import clean
    from lks_geo.register.reading.raw import read_register

    path, settings = request.register or shipped.EXAMPLE_REGISTER, request.settings
    progress(msg("cli.step_register", name=path.name))
    with no_collection():
        raw = read_register(
            path, sheet=request.sheet, columns=request.columns, settings=settings, served=served, boundaries=boundaries
        )
        progress(msg("cli.step_clean", n=len(raw.cells)))
        register = clean(raw, boundaries, settings, population, hide)
    if register.source.sha256 == source_of(shipped.EXAMPLE_REGISTER).sha256:
        register = replace(register, source=replace(register.source, example=True))
    return register


def _forget_reading(boundaries: Boundaries) -> None:
    """Lets go of what only the reading of registers asks: of a country a fifth of a gigabyte."""
    from lks_geo.register.identity import forget_names

    forget_names()
    forget(boundaries, "place_world", "gazetteer")
    give_back()


def measured(
    request: Request, progress: Progress = no_progress, *, sensitivity: bool = False, world: World | None = None
) -> Measured:
    """Reads the inputs and measures, limited to the kabupaten, groups and levels of the request.

    `sensitivity`: add the table of reaches even when only one reach was asked for. `world`: the inputs, if they were
    read already by a request that differs in what is measured only.
    """
    from lks_geo.measure import restrict

    if world is None:
        world = read_world(request, progress)
    else:
        world = replace(world, settings=_settings_in(world.boundaries, request))
    full = measure_world(world, world.settings, progress)
    if sensitivity or len(request.reaches_km) > 1:
        full = with_sensitivity(world, [full], request.reaches_km)[0]
    narrow = bool(request.groups or request.levels)
    coverage = restrict(full, groups=request.groups, levels=request.levels) if narrow else full
    return Measured(world=world, full=full, coverage=coverage)


def measure_world(
    world: World, settings: Settings, progress: Progress = no_progress, *, ground: Ground | None = None
) -> Coverage:
    """The coverage of every area and group; limited to `settings.kabupaten` if any. `ground`: if known already."""
    from lks_geo.measure import measure_coverage, restrict

    progress(msg("cli.step_measure"))
    coverage = measure_coverage(world.register, world.boundaries, world.population, settings, ground=ground)
    give_back()
    return restrict(coverage, kabupaten=settings.kabupaten) if settings.kabupaten else coverage


def with_sensitivity(world: World, coverages: Sequence[Coverage], reaches_km: Sequence[float] = ()) -> list[Coverage]:
    """Coverages of the same world, each with the table of how the share served in its kabupaten grows with reach; the
    reach in use is always in it."""
    from lks_geo.measure import reach_sensitivity

    settings, views = world.settings, [coverage.settings.kabupaten for coverage in coverages]
    reaches = sorted({*(reaches_km or REACHES_KM), settings.reach_km})
    tables = reach_sensitivity(world.register, world.boundaries, world.population, settings, reaches, views)
    return [replace(coverage, sensitivity=table) for coverage, table in zip(coverages, tables, strict=True)]


def planned(request: Request, question: Question, sites: Path | None = None, progress: Progress = no_progress) -> Plan:
    """The answer to where next; `sites`: a file of the sites that are allowed, read as a register is."""
    from lks_geo.siting.planning import make_plan

    world = read_world(request, progress, long=True)
    listed = None
    if sites is not None:
        allowed = replace(request, register=sites, sheet=None, columns={})
        try:
            listed = _read_register(allowed, world.boundaries, world.population, progress)
        except LksGeoError:  # sites need not say whom they serve
            listed = _read_register(allowed, world.boundaries, world.population, progress, served=False)
    progress(msg("cli.step_plan"))
    _forget_reading(world.boundaries)
    with no_collection():
        return make_plan(world.register, world.boundaries, world.population, world.settings, question, listed)


def compared(
    request: Request, earlier: Sequence[Path], pairs: Path | None, progress: Progress = no_progress
) -> tuple[Comparison, ...]:
    """What changed from each register to the next: `earlier` ones, the oldest first, then that of the request;
    `pairs`: a file of settled pairs."""
    from lks_geo.comparing.changes import compare_in_turn
    from lks_geo.comparing.gains import shared_ground
    from lks_geo.measure import measure_coverage
    from lks_geo.register.cleaning.crowd import Kinship

    kin, paths = Kinship(), (*earlier, request.register)
    world = read_world(request, progress, partial(kin.hide, len(earlier)), long=True)

    def read(at: int) -> Register:
        asked = replace(request, register=paths[at])
        return _read_register(asked, world.boundaries, world.population, progress, hide=partial(kin.hide, at))

    registers = [*map(read, range(len(earlier))), world.register]
    for at in kin.behind():
        registers[at] = read(at)
    _forget_reading(world.boundaries)
    progress(msg("cli.step_compare"))
    groups = tuple(group for group in world.settings.groups if not request.groups or group.key in request.groups)
    settings = replace(world.settings, groups=groups)
    inputs = world.boundaries, world.population, settings
    ground = shared_ground(registers, *inputs)
    coverages = []
    with no_collection():
        for register in registers:
            coverages.append(measure_coverage(register, *inputs, ground=ground))
            give_back()
        steps = compare_in_turn(coverages, pairs, ground)
    return tuple(replace(step, chosen=tuple(request.groups)) for step in steps)


def next_sites(world: World, coverage: Coverage, sites: int, progress: Progress = no_progress) -> Plan:
    """Where so many more LKS would help most the group that is least within reach."""
    from lks_geo.said.headlines import leading_group
    from lks_geo.siting.planning import make_plan
    from lks_geo.siting.scene import Question

    progress(msg("cli.step_plan"))
    question = Question(groups=(leading_group(coverage),), sites=sites)
    return make_plan(world.register, world.boundaries, world.population, coverage.settings, question)


def next_gains(world: World, variants: Mapping[tuple[bool, bool], Coverage]) -> dict[tuple[bool, bool], pd.DataFrame]:
    """How many people one more LKS in each desa would reach, for the filters of each variant (desa x groups)."""
    from lks_geo.siting.demand import one_site_gains

    views = [coverage.settings for coverage in variants.values()]
    return dict(zip(variants, one_site_gains(world.register, world.boundaries, world.population, views), strict=False))


def measure_variants(
    world: World, first: Coverage, progress: Progress = no_progress
) -> dict[tuple[bool, bool], Coverage]:
    """One coverage per setting of the filters that the interactive map can switch: (active only, accredited); `first`,
    that of the settings in use, comes first, and the map opens with it."""
    from lks_geo.measure.ground import survey
    from lks_geo.measure.supply import filter_choices

    settings, ground = first.settings, survey(world.boundaries, world.population)
    variants = {(settings.active_only, settings.accredited): first}
    for key, filters in filter_choices(world.register, settings).items():
        if key not in variants:
            variants[key] = measure_world(world, filters, progress, ground=ground)
    return variants


def write_map(
    path: Path,
    world: World,
    coverage: Coverage,
    *,
    overwrite: bool,
    group: str | None = None,
    progress: Progress = no_progress,
    reaches: Callable[[], ByReach] | None = None,
) -> None:
    """The interactive map with all its filter settings; it opens with `group`. `reaches`: as `map_content` has it."""
    from lks_geo.render.webmap.page_file import write_map as write

    variants, gains, by_reach = map_content(world, coverage, progress, reaches)
    progress(msg("cli.step_write", name=path.name))
    write(path, variants, overwrite=overwrite, group=group, gains=gains, reaches=by_reach)


def map_content(
    world: World, coverage: Coverage, progress: Progress = no_progress, reaches: Callable[[], ByReach] | None = None
) -> MapContent:
    """All that the interactive map can show, each by (active only, accredited only): the coverages, how many people one
    more LKS in each desa would reach, and what depends on reach, which may have been begun (`begin_reaches`)."""
    reaches = reaches or begin_reaches(world, coverage.settings)
    variants = measure_variants(world, coverage, progress)
    return variants, next_gains(world, variants), reaches()


def begin_reaches(world: World, settings: Settings) -> Callable[[], ByReach]:
    """Begins to measure what depends on reach, for all filters of the map, in a thread; what is returned waits for
    it."""
    from lks_geo.measure import measure_at_reaches
    from lks_geo.measure.supply import filter_choices

    views = filter_choices(world.register, settings)
    inputs = (world.register, world.boundaries, world.population)
    found = begun(partial(measure_at_reaches, *inputs, tuple(views.values()), REACHES_KM))
    return lambda: dict(zip(views, found(), strict=False))


def own_name(name: str, settings: Settings) -> str:
    """A file or folder name that the tool chooses itself: "peta.html", for internal use "peta-internal.html"."""
    path = Path(name)
    return f"{path.stem}-internal{path.suffix}" if settings.internal else name
