"""What the commands that need a coverage have in common: options in, inputs read, coverage out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lks_geo import pipeline
from lks_geo.cli.options import (
    GlobalOptions,
    end_talk,
    group_keys,
    kabupaten_codes,
    request_from,
    settings_from,
    talk,
)
from lks_geo.measure import restrict
from lks_geo.tables import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The inputs and the coverage made from them; `full` before `--group` and `--level` narrowed it."""

    world: pipeline.World
    full: Coverage
    coverage: Coverage


def measured(
    common: GlobalOptions, values: Mapping[str, Any], *, targets: Iterable[Path | None] = (), sensitivity: bool = False
) -> Measured:
    """Reads the inputs and measures, limited to `--kabupaten`, `--group` and `--level` where given.

    `targets`: the files to be written, none of which may be an input. `sensitivity`: add the table of reaches even when
    only one reach was asked for.
    """
    settings = settings_from(common, values)
    groups = group_keys(values.get("groups") or (), settings)
    progress = talk(common)
    request = request_from(values, targets)
    world = pipeline.read_world(request, settings, progress)
    settings = replace(settings, kabupaten=kabupaten_codes(values.get("kabupaten") or (), world.boundaries))
    full = pipeline.cover(world, settings, progress)
    reaches = values.get("reach") or ()
    if sensitivity or len(reaches) > 1:
        full = pipeline.with_sensitivity(world, full, reaches)
    end_talk(common)
    levels = tuple(values.get("levels") or ())
    narrowed = restrict(full, groups=groups, levels=levels) if groups or levels else full
    return Measured(world=world, full=full, coverage=narrowed)
