"""A plan as a file: .csv, .gpkg, .geojson and .parquet for programs, .xlsx for people.

For programs: one row per site, full precision, keys as headings; the GIS formats hold points (EPSG:4326) and, in their
metadata, what must be known to read the numbers. The workbook has the sites with the sentences of the plan, before and
after per kabupaten, and what could replace each site.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from lks_geo.files import whole_file
from lks_geo.messages import Texts
from lks_geo.render import style
from lks_geo.render.book import Book
from lks_geo.render.book_columns import Column
from lks_geo.render.frames import stamped, stamps, with_arrow_texts, write_csv_file
from lks_geo.render.geopackage import fixed_clock
from lks_geo.said.advice import KABUPATEN_COLUMNS, kabupaten_gains, plan_headline, plan_notes, replaceable
from lks_geo.said.areas import place_name
from lks_geo.said.assumptions import counted_note, estimate_note, reach_notes, sources, view_notes
from lks_geo.said.headlines import sentence
from lks_geo.siting.planning import Plan

_KINDS = {
    "urutan": "count", "lintang": "degrees", "bujur": "degrees", "tambahan_terjangkau": "people",
    "total_terjangkau": "people", "cakupan": "share", "sasaran": "people", "terjangkau_kini": "people",
    "terjangkau_rencana": "people", "cakupan_kini": "share", "cakupan_rencana": "share", "biaya": "ratio",
    "biaya_kumulatif": "ratio", "orang_per_biaya": "people",
}  # fmt: skip
_NUMBERS = {"degrees": "0.000000", "share": "0.0%", "ratio": "#,##0.00"}


def write_plan(path: Path, plan: Plan, *, overwrite: bool = False, csv_style: str = "intl") -> None:
    """Write the plan; the suffix decides the format: .csv, .xlsx, .gpkg, .geojson, else GeoParquet."""
    with whole_file(path, overwrite=overwrite) as temporary:
        match path.suffix.lower():
            case ".csv":
                write_csv_file(temporary, stamped(plan.sites, plan.before), style=csv_style)
            case ".xlsx":
                _write_workbook(temporary, plan)
            case ".gpkg":
                _write_layer(temporary, plan, driver="GPKG", layer_metadata=_numbered(told(plan)))
            case ".geojson":
                _write_layer(temporary, plan, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION="7")
            case _:
                _write_parquet(temporary, plan)


def told(plan: Plan) -> list[str]:
    """What must stand beside the sites, in the language of the settings: stamps, headline, notes, assumptions."""
    settings = plan.settings
    texts = Texts(settings.lang)
    marks = stamps(plan.before.register.source, internal=settings.internal)
    estimate = estimate_note(plan.before)
    notes = [
        *plan_notes(plan), *reach_notes(settings), counted_note(settings), *view_notes(plan.before),
        *([] if estimate is None else [estimate]), *sources(plan.before),
    ]  # fmt: skip
    return [*map(texts, marks), sentence(texts, plan_headline(plan)), *(sentence(texts, note) for note in notes)]


def site_points(plan: Plan) -> gpd.GeoDataFrame:
    """The sites with their points (EPSG:4326)."""
    points = gpd.points_from_xy(plan.sites["bujur"], plan.sites["lintang"])
    return gpd.GeoDataFrame(plan.sites, geometry=points, crs="EPSG:4326")


def _numbered(notes: list[str]) -> dict[str, str]:
    return {f"catatan_{place}": note for place, note in enumerate(notes, start=1)}


def _write_layer(path: Path, plan: Plan, **options: Any) -> None:
    import pyogrio

    with fixed_clock(plan.settings):
        pyogrio.write_dataframe(
            site_points(plan), path, layer="rencana", geometry_type="Point", DESCRIPTION=" · ".join(told(plan)),
            **options,
        )  # fmt: skip


def _write_parquet(path: Path, plan: Plan) -> None:
    import pyarrow.parquet as pq

    with_arrow_texts(site_points(plan)).to_parquet(path, index=False)
    table = pq.read_table(path)
    notes = json.dumps(told(plan), ensure_ascii=False)
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), "catatan": notes}), path)


def _write_workbook(path: Path, plan: Plan) -> None:
    settings = plan.settings
    texts = Texts(settings.lang)
    marks = stamps(plan.before.register.source, internal=settings.internal)
    title = settings.title or texts("workbook.title", area=place_name(plan.before))
    book = Book(
        path=path, texts=texts, title=title, agency=settings.agency, day=settings.day,
        stamps=tuple(texts(mark) for mark in marks),
    )  # fmt: skip
    with book:
        _sites_sheet(book, plan)
        _kabupaten_sheet(book, plan)
        if plan.question.with_costs and len(plan.sites):
            _costs_sheet(book, plan)
        if any(plan.substitutes):
            _substitutes_sheet(book, plan)


def _columns(keys: tuple[str, ...], texts: Texts, name: str = "column_nama") -> list[Column]:
    """Columns with their titles; `name`: what the column of names is called."""
    kinds = [_KINDS.get(key, "text") for key in keys]
    titles = [texts(f"siting.{name}" if key == "nama" else f"siting.column_{key}") for key in keys]
    return [
        Column(key=key, title=title, kind=kind, number=_NUMBERS.get(kind, "#,##0"))
        for key, title, kind in zip(keys, titles, kinds, strict=True)
    ]


def _name_of(plan: Plan) -> str:
    """What a site is: a desa, a kecamatan, or one of a file or register."""
    return {"desa": "column_nama", "kecamatan": "column_kecamatan"}.get(plan.unit, "column_lokasi")


def _sites_sheet(book: Book, plan: Plan) -> None:
    """The headline, the sites, then everything that explains them."""
    texts = book.texts
    sheet = book.sheet(texts("siting.sheet_plan"), colour=style.ACCENT)
    frame = plan.sites.assign(
        jenis=[texts(f"siting.kind_{kind}") for kind in plan.sites["jenis"]],
        pengganti=[texts(replaceable(plan, site)) for site in range(len(plan.sites))],
    )
    columns = _columns(tuple(plan.sites.columns), texts, _name_of(plan))
    book.heading(sheet, sentence(texts, plan_headline(plan)))
    below = book.table(sheet, 2, columns, frame, keys=True)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 3)
    widths = [12.0] * len(columns)
    row = below + 1
    for note in told(plan)[len(book.stamps) + 1 :]:
        row = book.note(sheet, row, note, widths=widths)


def _kabupaten_sheet(book: Book, plan: Plan) -> None:
    texts = book.texts
    names = {group.key: group.name(texts.lang) for group in plan.before.groups}
    frame = kabupaten_gains(plan)
    frame = frame.assign(kelompok=frame["kelompok"].map(names))
    columns = _columns(KABUPATEN_COLUMNS, texts, "column_kabupaten")
    sheet = book.sheet(texts("siting.sheet_kabupaten"))
    book.heading(sheet, texts("siting.kabupaten_title"), notes=[texts(note) for note in view_notes(plan.before)])
    book.table(sheet, 2, columns, frame, keys=True)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 3)


def _costs_sheet(book: Book, plan: Plan) -> None:
    """The curve of people over cost: what the first steps reach together, and people for each unit of cost."""
    texts, sites = book.texts, plan.sites
    frame = pd.DataFrame(
        {
            "urutan": sites["urutan"],
            "nama": sites["nama"],
            "jenis": [texts(f"siting.kind_{kind}") for kind in sites["jenis"]],
            "biaya": sites["biaya"],
            "biaya_kumulatif": sites["biaya"].cumsum(),
            "tambahan_terjangkau": sites["tambahan_terjangkau"],
            "total_terjangkau": sites["total_terjangkau"],
            "cakupan": sites["cakupan"],
            "orang_per_biaya": sites["tambahan_terjangkau"] / sites["biaya"],
        }
    )
    columns = _columns(tuple(frame.columns), texts, _name_of(plan))
    sheet = book.sheet(texts("siting.sheet_costs"))
    book.heading(sheet, texts("siting.costs_title"))
    book.table(sheet, 2, columns, frame, keys=True)
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 2)


def _substitutes_sheet(book: Book, plan: Plan) -> None:
    """One row for each site that could stand in the place of a chosen one."""
    texts = book.texts
    rows = [
        (site["urutan"], site["nama"], code, *plan.options.loc[code, ["nama", "kecamatan", "kabupaten"]])
        for site, codes in zip(plan.sites.to_dict("records"), plan.substitutes, strict=True)
        for code in codes
    ]
    keys = ("urutan", "pengganti_of", "kode", "nama", "kecamatan", "kabupaten")
    frame = pd.DataFrame(rows, columns=list(keys))
    titles = {"pengganti_of": "pengganti_of", "nama": _name_of(plan)}
    columns = [Column(key=key, title=texts(f"siting.{titles.get(key, f'column_{key}')}")) for key in keys]
    sheet = book.sheet(texts("siting.sheet_pengganti"))
    book.heading(sheet, texts("siting.pengganti_title"), notes=[texts("siting.pengganti_note")])
    book.table(sheet, 2, columns, frame.assign(urutan=frame["urutan"].astype(str)))
    book.widths(sheet, columns, frame)
    book.repeat_head(sheet, 2, 2)
