"""What results become: the files of one answer, as their ending says, and the whole set that `run` writes.

The set is about all areas and, if asked for, has a folder about each kabupaten for its office: all files or none,
written in a temporary folder that takes its place at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lks_geo.files import refuse_inputs, whole_folder
from lks_geo.messages import msg
from lks_geo.pipeline import (
    REACHES_KM,
    Measured,
    Progress,
    World,
    measure_world,
    measured,
    next_sites,
    no_progress,
    with_sensitivity,
)
from lks_geo.request import Request, own_name
from lks_geo.tables import Coverage
from lks_geo.thrift import Second, begun, give_back, second_process

if TYPE_CHECKING:
    import pandas as pd

    from lks_geo.comparing.changes import Comparison
    from lks_geo.measure import AtReach
    from lks_geo.settings import Settings
    from lks_geo.siting.planning import Plan

    Filters = tuple[bool, bool]
    ByReach = dict[Filters, Mapping[float, AtReach]]
    MapContent = tuple[dict[Filters, Coverage], dict[Filters, pd.DataFrame], ByReach]

TABLE_OUTPUTS = ("cakupan.xlsx", "cakupan.gpkg", "belum-terlayani.csv", "mutu-data.xlsx")
"""Outputs of `run` that could also be somebody's input."""

OWN_OUTPUTS = ("peta.html", "cakupan.xlsx", "laporan.pptx")
"""What the folder of a kabupaten holds."""

_PRINTED, _SLIDES = (".png", ".pdf"), (".pptx",)
"""Kinds of file that a second process makes of the set, and of the folder of a kabupaten: about half of the work."""

_NEEDED_THERE = ("lks_geo.render.atlas", "lks_geo.render.figure.printed_map", "matplotlib.backends.backend_pdf")

Write = Callable[[Path], object]

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')  # "Kep. A/B"
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # "Aux"


def write_everything(folder: Path, request: Request, progress: Progress = no_progress) -> tuple[Coverage, list[Path]]:
    """The whole set of results into `folder`: all files, or none."""
    from lks_geo.render.manifest import PACKAGE, files_of, write_manifest, write_package

    older = files_of(folder / "manifest.json")
    with second_process(*_NEEDED_THERE) as second:
        results = measured(request, progress, sensitivity=True)
        with whole_folder(folder, overwrite=request.overwrite, replaced=older) as temporary:
            settings = results.world.settings
            outputs = {own_name(name, settings): write for name, write in _outputs(results, request, progress)}
            _write_all(temporary, outputs, second, _PRINTED, progress)
            names = [*outputs]
            if request.per_kabupaten:
                names += _write_kabupaten(temporary, folder, results, request, second, progress)
            handed_on = [
                name for name in names if not name.startswith("mutu-data")
            ]  # its checksum depends on hidden places
            write_package(temporary, results.coverage, handed_on, csv_style=request.csv_style)
            names.append(PACKAGE)
            write_manifest(temporary / "manifest.json", results.coverage, names)
    return results.coverage, [folder / name for name in (*names, "manifest.json")]


def _write_all(
    folder: Path, outputs: Mapping[str, Write], second: Second, kinds: Sequence[str], progress: Progress
) -> None:
    """Writes the outputs (name -> writer) into `folder`, those of the `kinds` of file in the second process."""
    given = [name for name in outputs if Path(name).suffix in kinds]
    second.give([partial(outputs[name], folder / name) for name in given])
    for name, write in outputs.items():
        if name not in given:
            progress(msg("cli.step_write", name=name))
            write(folder / name)
            give_back()
    if given:
        progress(msg("cli.step_write", name=", ".join(given)))
    second.done()


def _write_kabupaten(
    temporary: Path, folder: Path, made: Measured, request: Request, second: Second, progress: Progress
) -> Iterator[str]:
    """A folder of each kabupaten with the files of `OWN_OUTPUTS` about it; yields the names of the files."""
    from lks_geo.measure import restrict
    from lks_geo.said.areas import kabupaten_codes, kabupaten_names

    codes = kabupaten_codes(made.coverage)
    called = safe_names(dict(zip(codes, kabupaten_names(made.coverage, tuple(codes)), strict=True)))
    inputs = (request.register, request.boundaries, request.population, request.bridge)
    views = with_sensitivity(made.world, [restrict(made.full, kabupaten=(code,)) for code in codes], request.reaches_km)
    for code, full in zip(codes, views, strict=True):
        name, settings = called[code], replace(made.world.settings, kabupaten=(code,))
        coverage = restrict(full, groups=request.groups, levels=request.levels)
        own = Measured(world=replace(made.world, settings=settings), full=full, coverage=coverage)
        place = f"{name}-internal" if settings.internal else name
        (temporary / place).mkdir()
        outputs = {
            f"{place}/{own_name(file, settings)}": write
            for file, write in _outputs(own, request, progress)
            if file in OWN_OUTPUTS
        }
        refuse_inputs([folder / name for name in outputs], inputs)
        _write_all(temporary, outputs, second, _SLIDES, progress)
        yield from outputs


def safe_names(names: Mapping[str, str]) -> dict[str, str]:
    """Code -> a name for a file or folder that Windows takes too; names that it holds for the same get their code."""
    safe = {code: _NOT_IN_NAMES.sub(" ", name).strip(" .") for code, name in names.items()}
    known = [name.casefold() for name in safe.values()]
    return {
        code: name if name and known.count(name.casefold()) == 1 and not _DEVICES.fullmatch(name) else f"{name} {code}"
        for code, name in safe.items()
    }


def _outputs(made: Measured, request: Request, progress: Progress) -> Iterator[tuple[str, Write]]:
    """Name and writer of each file; the map has all groups and opens with the first of those asked for."""
    from lks_geo.render.atlas import write_atlas
    from lks_geo.render.export import write_table, write_unserved
    from lks_geo.render.figure.printed_map import draw_map
    from lks_geo.render.qgis import write_project
    from lks_geo.render.quality_report import write_quality
    from lks_geo.render.slides import write_slides

    world, coverage = made.world, made.coverage
    settings, opened = coverage.settings, coverage.groups[0].key if request.groups else None
    page = partial(write_map, world=world, coverage=made.full, overwrite=True, group=opened, progress=progress)
    yield "peta.html", page if request.per_kabupaten else partial(_only_page, write=page, world=world)
    yield from ((name, partial(write_table, coverage=coverage, overwrite=True)) for name in TABLE_OUTPUTS[:2])
    project = partial(write_project, coverage=coverage, geopackage=own_name("cakupan.gpkg", settings))
    yield "cakupan.qgs", project
    unserved = partial(write_unserved, coverage=coverage, csv_style=request.csv_style)
    yield "belum-terlayani.csv", partial(unserved, overwrite=True)
    quality = partial(write_quality, register=world.register, boundaries=world.boundaries, lang=settings.lang)
    yield "mutu-data.xlsx", partial(quality, internal=settings.internal, overwrite=True)
    draw = partial(draw_map, coverage=coverage, level="desa", overwrite=True)
    yield from ((f"peta-{group.key}.png", partial(draw, group=group.key)) for group in settings.groups)
    plan = next_sites(world, coverage, settings.plan_sites, progress) if settings.plan_sites else None
    for name, write in (("laporan.pptx", write_slides), ("laporan.pdf", write_atlas)):
        yield name, partial(write, coverage=coverage, plan=plan, each_group=bool(request.groups), overwrite=True)


def _only_page(path: Path, *, write: Write, world: World) -> None:
    """Writes a page, and lets go of what only other pages of the same desa would ask for."""
    from lks_geo.measure.ground import survey
    from lks_geo.measure.reach import forget_left

    write(path)
    forget_left(survey(world.boundaries, world.population))


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


def write_result(
    path: Path, made: Measured, *, overwrite: bool, group: str | None = None, level: str = "desa",
    measure: str = "status",
) -> None:  # fmt: skip
    """A coverage as the ending says: a table, the interactive map, a printed one of a group, slides, the atlas."""
    from lks_geo.render.atlas import write_atlas
    from lks_geo.render.export import write_table
    from lks_geo.render.figure.printed_map import draw_map
    from lks_geo.render.slides import write_slides

    coverage, each = made.coverage, made.coverage.groups != made.full.groups
    match path.suffix.lower():
        case ".html":
            write_map(path, made.world, made.full, group=group, overwrite=overwrite)
        case ".png" | ".svg":
            shown = group or coverage.groups[0].key
            draw_map(path, coverage, group=shown, level=level, measure=measure, overwrite=overwrite)
        case ".pptx":
            write_slides(path, coverage, each_group=each, overwrite=overwrite)
        case ".pdf":
            write_atlas(path, coverage, each_group=each, overwrite=overwrite)
        case _:
            write_table(path, coverage, overwrite=overwrite)


def write_plan_file(path: Path, plan: Plan, *, overwrite: bool, csv_style: str = "raw") -> None:
    """A plan as a map or a table, as the ending says (PLAN_SUFFIXES)."""
    if path.suffix.lower() == ".html":
        from lks_geo.render.webmap.page_file import write_plan_map

        write_plan_map(path, plan, overwrite=overwrite)
        return
    from lks_geo.render.plan_table import write_plan

    write_plan(path, plan, overwrite=overwrite, csv_style=csv_style)


def write_changes(path: Path, steps: Sequence[Comparison], *, overwrite: bool, csv_style: str = "intl") -> None:
    """What changed from register to register, as the ending says (CHANGES_SUFFIXES); several steps as a line over the
    years."""
    from lks_geo.said.what_changed import Years

    years, suffix = Years(steps=tuple(steps)) if len(steps) > 1 else None, path.suffix.lower()
    if suffix in {".html", ".pptx"}:
        from lks_geo.render import compare_page as page

        if years:
            write_years = page.write_years_page if suffix == ".html" else page.write_years_slides
            write_years(path, years, overwrite=overwrite)
        else:
            write = page.write_comparison_page if suffix == ".html" else page.write_comparison_slides
            write(path, steps[0], overwrite=overwrite)
        return
    from lks_geo.render import compare_table as table

    if years:
        table.write_years(path, years, overwrite=overwrite, csv_style=csv_style)
    else:
        table.write_comparison(path, steps[0], overwrite=overwrite, csv_style=csv_style)
