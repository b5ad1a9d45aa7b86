"""The corridor: read -> clean (disguise) -> measure. The only file that knows the order; what `run` writes of it is in
`result_set`.

Heavy rooms are imported where they are used, so that a command pays only for what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from lks_geo.thrift import (
    Second,
    forget,
    give_back,
    in_two_threads,
    is_large,
    keep_little_of,
    keep_some,
    no_collection,
    second_process,
)

if TYPE_CHECKING:
    from lks_geo.comparing.changes import Comparison
    from lks_geo.measure.ground import Ground
    from lks_geo.register.cleaning.clean import Hide
    from lks_geo.siting.planning import Plan
    from lks_geo.siting.scene import Question

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
class _Inputs:
    """What is asked for, and all inputs but the registers; `second` reads the cells of these."""

    request: Request
    second: Second
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


def read_world(request: Request, progress: Progress = no_progress, *, measures: bool = False) -> World:
    """All inputs. Faults of a file are `LksGeoError`s, of rows the register's issues. `measures`: they are going to be
    measured."""
    path = request.register or shipped.EXAMPLE_REGISTER
    with _inputs(request, [path], progress, planes=measures) as inputs:
        return _world(inputs, _next_register(inputs, path, progress))


def _world(inputs: _Inputs, register: Register) -> World:
    return World(
        register=register, boundaries=inputs.boundaries, population=inputs.population, settings=inputs.settings
    )


@contextmanager
def _inputs(
    request: Request, registers: Sequence[Path], progress: Progress, *, planes: bool, long: bool = False
) -> Iterator[_Inputs]:
    """All inputs but the registers, of which the first is asked for (see `_next_register`). Cells of large ones are
    read in a second process, which can't be made for other programs. `planes`: have those of many desa laid out, too.
    `long`: for a work that goes on for long with many arrays."""
    from lks_geo.population.targets import load_population
    from lks_geo.register.cleaning.place_rows import place_world
    from lks_geo.register.reading.raw import open_ahead

    keep_little_of(*registers, request.population, request.boundaries, texts=not request.embedded)
    apart = not request.embedded and any(map(is_large, registers))
    with second_process("lks_geo.register.reading.raw", wanted=apart) as second:
        second.give([partial(open_ahead, registers[0])])
        boundaries = read_boundaries(request.boundaries, progress, request.bridge)
        if long or (planes and apart):
            keep_some()
        _begin_ground(request.output, boundaries, planes=planes)
        settings = _settings_in(boundaries, request)
        _ask(request, registers[0], boundaries, second)
        population = load_population(request.population, boundaries, settings, only=request.population_only)
        place_world(boundaries)
        yield _Inputs(request=request, second=second, boundaries=boundaries, population=population, settings=settings)


def _begin_ground(output: Path | None, boundaries: Boundaries, *, planes: bool) -> None:
    """Begins what measuring, drawing and writing ask of these boundaries alone, beside the reading of the register."""
    from lks_geo.measure.ground import FEW_DESA, begin_planes

    suffix, few = output.suffix.lower() if output is not None else "", len(boundaries.desa) <= FEW_DESA
    if suffix in SHAPE_SUFFIXES:
        boundaries.begin_levels()
    if (few and suffix == ".html") or (planes and not few):
        begin_planes(boundaries)
    if few and suffix == ".html":
        from lks_geo.render.borders import begin_drawing

        begin_drawing(boundaries)


def _settings_in(boundaries: Boundaries, request: Request) -> Settings:
    """The settings of the request with what they mean within these boundaries."""
    from lks_geo.register.areas.gazetteer import kabupaten_codes
    from lks_geo.said.assumptions import agency_of

    settings = replace(request.settings, agency=agency_of(request.settings, boundaries))
    return (
        replace(settings, kabupaten=kabupaten_codes(request.kabupaten, boundaries)) if request.kabupaten else settings
    )


def _ask(request: Request, path: Path, boundaries: Boundaries, second: Second, *, served: bool = True) -> None:
    """Has `second` read the cells of a register."""
    from lks_geo.register.meaning.pairs import box_of
    from lks_geo.register.reading.raw import read_register

    asked = partial(read_register, sheet=request.sheet, columns=request.columns, settings=request.settings)
    second.give([partial(asked, path, served=served, box=box_of(boundaries))])


def _next_register(
    inputs: _Inputs, path: Path, progress: Progress, *, hide: Hide | None = None, then: Path | None = None
) -> Register:
    """The register that was asked for last, every row with its outcome and its place, places of sensitive groups
    disguised; `hide` as `clean` has it. `then`: the register to ask for next; where there is none, the second process
    ends."""
    from lks_geo.register.cleaning.clean import clean

    progress(msg("cli.step_register", name=path.name))
    with no_collection():
        raw = inputs.second.done()[-1]
        if then is None:
            inputs.second.end()
        else:
            _ask(inputs.request, then, inputs.boundaries, inputs.second)
        progress(msg("cli.step_clean", n=len(raw.cells)))
        register = clean(raw, inputs.boundaries, inputs.request.settings, inputs.population, hide)
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
        world = read_world(request, progress, measures=True)
        _forget_reading(world.boundaries)
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

    path = request.register or shipped.EXAMPLE_REGISTER
    with _inputs(request, [path], progress, planes=True, long=True) as inputs:
        world = _world(inputs, _next_register(inputs, path, progress))
        allowed = replace(inputs, request=replace(request, register=sites, sheet=None, columns={}))
        listed = None if sites is None else _listed(allowed, sites, progress)
    progress(msg("cli.step_plan"))
    _forget_reading(world.boundaries)
    with no_collection():
        return make_plan(world.register, world.boundaries, world.population, world.settings, question, listed)


def _listed(inputs: _Inputs, sites: Path, progress: Progress) -> Register:
    """The sites that a file lists; they need not say whom they serve."""
    try:
        _ask(inputs.request, sites, inputs.boundaries, inputs.second)
        return _next_register(inputs, sites, progress)
    except LksGeoError:
        _ask(inputs.request, sites, inputs.boundaries, inputs.second, served=False)
        return _next_register(inputs, sites, progress)


def compared(
    request: Request, earlier: Sequence[Path], pairs: Path | None, progress: Progress = no_progress
) -> tuple[Comparison, ...]:
    """What changed from each register to the next: `earlier` ones, the oldest first, then that of the request;
    `pairs`: a file of settled pairs."""
    from lks_geo.comparing.changes import compare_in_turn
    from lks_geo.comparing.gains import shared_ground
    from lks_geo.measure import measure_coverage

    registers, world = _all_registers(request, earlier, progress)
    _forget_reading(world.boundaries)
    progress(msg("cli.step_compare"))
    groups = tuple(group for group in world.settings.groups if not request.groups or group.key in request.groups)
    settings = replace(world.settings, groups=groups)
    inputs = world.boundaries, world.population, settings
    ground = shared_ground(registers, *inputs)
    with no_collection():
        coverages = in_two_threads(lambda register: measure_coverage(register, *inputs, ground=ground), registers)
        give_back()
        steps = compare_in_turn(coverages, pairs, ground)
    return tuple(replace(step, chosen=tuple(request.groups)) for step in steps)


def _all_registers(request: Request, earlier: Sequence[Path], progress: Progress) -> tuple[list[Register], World]:
    """The `earlier` registers and that of the request, which is read first; what one hides is hidden in all."""
    from lks_geo.register.cleaning.crowd import Kinship

    kin, paths, last = Kinship(), (*earlier, request.register or shipped.EXAMPLE_REGISTER), len(earlier)
    registers: dict[int, Register] = {}
    turns = [last, *range(last)]
    asked = [paths[at] for at in turns]
    with _inputs(request, asked, progress, planes=False, long=True) as inputs:  # planes are made when these are read
        for at, then in zip(turns, [*turns[1:], None], strict=True):
            following = None if then is None else paths[then]
            registers[at] = _next_register(inputs, paths[at], progress, hide=partial(kin.hide, at), then=following)
        for at in kin.behind():
            _ask(request, paths[at], inputs.boundaries, inputs.second)
            registers[at] = _next_register(inputs, paths[at], progress, hide=partial(kin.hide, at))
    return [registers[at] for at in range(last + 1)], _world(inputs, registers[last])


def next_sites(world: World, coverage: Coverage, sites: int, progress: Progress = no_progress) -> Plan:
    """Where so many more LKS would help most the group that is least within reach."""
    from lks_geo.said.headlines import leading_group
    from lks_geo.siting.planning import make_plan
    from lks_geo.siting.scene import Question

    progress(msg("cli.step_plan"))
    question = Question(groups=(leading_group(coverage),), sites=sites)
    return make_plan(world.register, world.boundaries, world.population, coverage.settings, question)
