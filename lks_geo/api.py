"""The Python door: what the commands do, for notebooks and other programs. `import lks_geo` opens it.

Same rules, words and numbers as the command line, and the same safeguarding: places of sensitive groups are disguised
before anything is measured, and nothing here can tell more of them. Results are read-only; every table is a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from lks_geo import pipeline, result_set, shipped
from lks_geo.catalogue import MAPPED
from lks_geo.errors import RequestError
from lks_geo.files import refuse_inputs, require_suffix
from lks_geo.keywords import READING, Asked, File, Options, one_of, question_from_options, request_from_options
from lks_geo.messages import Texts, msg
from lks_geo.request import CHANGES_SUFFIXES, PLAN_SUFFIXES, QUALITY_SUFFIXES, RESULT_SUFFIXES, Request, group_keys
from lks_geo.settings import Settings
from lks_geo.tables import LEVELS

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

    from lks_geo import tables
    from lks_geo.comparing import changes
    from lks_geo.siting import planning


def example_register() -> Path:
    """The register of invented LKS that ships with lks-geo (outputs are stamped DATA CONTOH).

    >>> example_register().name
    'contoh-register-lks.xlsx'
    """
    return shipped.EXAMPLE_REGISTER


def read_register(path: File | None = None, /, **options: Unpack[Options]) -> Register:
    """Reads and checks a register (.xlsx, .xls, .ods, .csv, .gpkg, .geojson, .parquet; None: the example).

    Every row is kept with its outcome; a file that cannot be used is an `LksGeoError` with what to do.

    >>> register = read_register()
    >>> register.counts["baris"] == len(register.table)
    True
    """
    request = request_from_options(path, options)
    return Register(request=request, world=pipeline.read_world(request), options=options)


def coverage(register: File | Register | None = None, /, **options: Unpack[Options]) -> Coverage:
    """Measures how well every area is covered for every group, from a file, a register already read, or the example.

    A register that was read keeps what it was read with (`settings`, `boundaries`, `population` ...): to change that,
    read it anew.

    >>> lansia = coverage(group="lansia", kabupaten="Mamasa")
    >>> len(lansia.unserved()) == int(lansia.table.query("level == 'desa'")["status"].eq("belum_terlayani").sum())
    True
    """
    if isinstance(register, Register):
        if kept := sorted(READING & options.keys()):
            raise RequestError(msg("api.read_anew", names=", ".join(kept)))
        request = request_from_options(register.request.register, {**register.options, **options})
        return Coverage(request=request, measured=pipeline.measured(request, world=register.world))
    request = request_from_options(register, options)
    return Coverage(request=request, measured=pipeline.measured(request))


Shown = tuple[Sequence[str], pd.DataFrame, Sequence[str]]


class _Shown:
    """What says itself in short, as heads, a table and notes: in a notebook as HTML that runs nothing, else as text."""

    def _shown(self) -> Shown:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        heads, table, notes = self._shown()
        lines = "".join(f"<p><strong>{escape(head)}</strong></p>" for head in heads)
        small = "".join(f"<li>{escape(note)}</li>" for note in notes)
        shown = table.to_html(escape=True, max_rows=20, header=any(table.columns), border=0, na_rep="–")
        return f"{lines}{shown}<ul>{small}</ul>"

    def __repr__(self) -> str:
        heads, table, notes = self._shown()
        shown = table.to_string(max_rows=20, header=any(table.columns), na_rep="–")
        return "\n".join([*heads, shown, *(f"- {note}" for note in notes)])


@dataclass(frozen=True, kw_only=True, repr=False)
class Register(_Shown):
    """A register as it was read: `table`, `issues`, `counts`, and how it goes on: `coverage(register)`."""

    request: Request
    world: pipeline.World
    options: Options

    @property
    def table(self) -> pd.DataFrame:
        """Every row of the file with its outcome (`hasil`) and remarks (`masalah`); of a disguised one nearly nothing.

        RangeIndex; `lintang`, `bujur` in degrees (EPSG:4326), NA where not known.
        """
        from lks_geo.render.quality_rows import rows_frame

        return rows_frame(self.world.register, self._texts)

    @property
    def issues(self) -> pd.DataFrame:
        """What needs a look, the worst first: where it stands, what was read, what was used, what to fill in."""
        from lks_geo.render.quality_rows import issues_frame

        return issues_frame(self.world.register, self.world.boundaries, self._texts)

    @property
    def counts(self) -> dict[str, int]:
        """`baris` (all rows) = diterima + diperbaiki + meragukan + ditolak."""
        return dict(self.world.register.counts)

    def write(self, path: File, *, overwrite: bool = False) -> Path:
        """Writes the report on quality (.xlsx, .csv, .json); returns its path."""
        from lks_geo.render.quality_report import write_quality

        target, settings = _target(path, self.request, QUALITY_SUFFIXES), self.world.settings
        write_quality(
            target, self.world.register, boundaries=self.world.boundaries, lang=settings.lang, overwrite=overwrite,
            internal=settings.internal,
        )  # fmt: skip
        return target

    @property
    def _texts(self) -> Texts:
        return Texts(self.world.settings.lang)

    def _shown(self) -> Shown:
        from lks_geo.render.quality_rows import outcome_title, quality_stamps, reconciled

        texts, register = self._texts, self.world.register
        counts = pd.Series({outcome_title(key, texts): n for key, n in register.counts.items() if key != "baris"})
        marks = quality_stamps(register, texts, internal=self.world.settings.internal)
        return [register.source.name, *marks], counts.to_frame(""), reconciled(register, texts)


@dataclass(frozen=True, kw_only=True, repr=False)
class Coverage(_Shown):
    """How well every area is covered: `table`, `unserved()`, `areas()`, `places`, `map()`, `plan()`, `compare()`,
    `write()`. In a notebook it shows itself in short."""

    request: Request
    measured: pipeline.Measured

    @property
    def result(self) -> tables.Coverage:
        """All that was measured, for programs that need more than this class gives."""
        return self.measured.coverage

    @property
    def table(self) -> pd.DataFrame:
        """One row per level, area and group: KEY_COLUMNS, then the measures (people, shares 0-1, km). NA: not known.

        RangeIndex, sorted by level, code and group; codes are text.
        """
        from lks_geo.render.frames import table_frame

        return table_frame(self.result)

    @property
    def notes(self) -> list[str]:
        """What must be said wherever these numbers are shown: stamps, method, what was left out."""
        from lks_geo.said.assumptions import said_beside

        return list(map(Texts(self.settings.lang), said_beside(self.result)))

    @property
    def sensitivity(self) -> pd.DataFrame | None:
        """The share within reach by kabupaten and group at each `reach` asked for; None if there was one only."""
        table = self.result.sensitivity
        return None if table is None else table.copy()

    @property
    def settings(self) -> Settings:
        return self.result.settings

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The LKS that may be listed and have a point (EPSG:4326), also those outside the kabupaten in view."""
        from lks_geo.render.frames import place_points

        return place_points(self.result)

    def areas(self, level: str = "desa") -> gpd.GeoDataFrame:
        """The rows of `table` of one level with the polygon of each area (EPSG:4326)."""
        from lks_geo.render.export import level_frame

        one_of("level", level, LEVELS)
        return level_frame(self.result, level)

    def unserved(self, group: str | None = None, kabupaten: str | None = None) -> pd.DataFrame:
        """The desa without a service, most people first: of one group or of all in view, of one kabupaten or of all.

        >>> rows = coverage(group="anak").unserved("anak", "Majene")
        >>> rows["kabupaten"].unique().tolist(), rows["no"].tolist() == list(range(1, len(rows) + 1))
        (['Majene'], True)
        """
        from lks_geo.register.areas.gazetteer import kabupaten_codes
        from lks_geo.said.areas import unserved_list

        keys = group_keys([group], self.settings) if group else [shown.key for shown in self.result.groups]
        code = kabupaten_codes((kabupaten,), self.measured.world.boundaries)[0] if kabupaten else None
        lists = [unserved_list(self.result, key, kabupaten=code) for key in keys]
        return pd.concat(lists, ignore_index=True)

    def map(self, group: str | None = None) -> folium.Map:
        """The interactive map as a folium Map, which shows itself in a notebook; it opens with `group`."""
        from lks_geo.render.webmap.page_file import chart
        from lks_geo.render.webmap.page_frame import Variants

        key = group_keys([group], self.settings)[0] if group else None
        variants, gains, reaches = result_set.map_content(self.measured.world, self.measured.full)
        return chart(Variants.from_coverages(variants, key, gains, reaches))

    def plan(self, **question: Unpack[Asked]) -> Plan:
        """Where more LKS help most; without `group` the group that is least within reach.

        >>> places = coverage(kabupaten="Majene").plan(group="lansia", sites=2)
        >>> len(places.table)
        2
        """
        from lks_geo.said.headlines import leading_group

        request = replace(self.request, settings=self.settings)
        asked, allowed = question_from_options(question, self.settings, leading_group(self.result))
        return Plan(request=request, result=pipeline.planned(request, asked, allowed))

    def compare(self, earlier: File, *more: File) -> Comparison:
        """What changed since an earlier register (a file; several: the oldest first)."""
        found = pipeline.compared(self.request, [Path(earlier), *map(Path, more)], None)
        return Comparison(request=self.request, steps=found)

    def write(
        self, path: File, *, overwrite: bool = False, group: str | None = None, level: str = "desa",
        measure: str = "status",
    ) -> Path:  # fmt: skip
        """Writes a file, whole or not at all, and returns its path. The ending says what: tables (.csv, .xlsx, .gpkg,
        .geojson, .parquet), the interactive map (.html), a printed one of one group, level and measure (.png, .svg),
        slides (.pptx), the atlas (.pdf)."""
        target = _target(path, self.request, RESULT_SUFFIXES)
        one_of("level", level, LEVELS[:3])
        one_of("measure", measure, MAPPED)
        key = group_keys([group], self.settings)[0] if group else None
        result_set.write_result(target, self.measured, overwrite=overwrite, group=key, level=level, measure=measure)
        return target

    def _shown(self) -> Shown:
        from lks_geo.said.areas import place_name
        from lks_geo.said.headlines import headline, sentence

        texts, result = Texts(self.settings.lang), self.result
        said = {group.name(texts.lang): sentence(texts, headline(result, group.key)) for group in result.groups}
        return [place_name(result)], pd.Series(said).to_frame(""), self.notes


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan(_Shown):
    """Where more LKS help most: `table`, `map()`, `write()`; `result` has all that was found."""

    request: Request
    result: planning.Plan

    @property
    def table(self) -> pd.DataFrame:
        """The sites in their order: where, how many people each brings within reach, and how many all so far."""
        return self.result.sites.copy()

    def map(self) -> folium.Map:
        """The interactive map with a switch between today and the plan."""
        from lks_geo.render.webmap.page_file import chart
        from lks_geo.render.webmap.page_frame import Variants

        return chart(Variants.of_plan(self.result))

    def write(self, path: File, *, overwrite: bool = False) -> Path:
        """Writes the plan (.xlsx, .csv, .gpkg, .geojson, .parquet, .html); returns its path."""
        target = _target(path, self.request, PLAN_SUFFIXES)
        result_set.write_plan_file(target, self.result, overwrite=overwrite)
        return target

    def _shown(self) -> Shown:
        from lks_geo.render.plan_table import told

        return (), self.table, told(self.result)


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison(_Shown):
    """What changed from register to register: `table`, `gains`, `write()`; `steps` have all that was found."""

    request: Request
    steps: tuple[changes.Comparison, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every LKS of both registers with what became of it (`kelas`); of several steps the last."""
        from lks_geo.render.compare_table import changes_frame

        return changes_frame(self.steps[-1])

    @cached_property
    def gains(self) -> pd.DataFrame:
        """People (or km2) who gained or lost the service, by area, group and cause; of several steps the last."""
        from lks_geo.said.what_changed import gains_shown

        return pd.concat([gains_shown(self.steps[-1], level) for level in LEVELS], ignore_index=True)

    def write(self, path: File, *, overwrite: bool = False) -> Path:
        """Writes what changed (.xlsx, .csv, .json, .html, .pptx); returns its path."""
        target = _target(path, self.request, CHANGES_SUFFIXES)
        result_set.write_changes(target, self.steps, overwrite=overwrite)
        return target

    def _shown(self) -> Shown:
        from lks_geo.render.compare_table import told

        changed = self.table[self.table["kelas"] != "tetap"]
        return (), changed[["kelas", "nama_lama", "nama_baru", "kecamatan", "alasan"]], told(self.steps[-1])


def _target(path: File, request: Request, suffixes: tuple[str, ...]) -> Path:
    """The file to write: of a kind that the answer can become, and none of the inputs."""
    target, settings = Path(path), request.settings
    require_suffix(target, suffixes)
    inputs = (request.register, request.boundaries, request.population, request.bridge)
    refuse_inputs([target], [*inputs, settings.population_grid, settings.roads, settings.context])
    return target
