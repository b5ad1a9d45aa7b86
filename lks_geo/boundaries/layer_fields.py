"""Which layers of a source are those of desa, and which of their columns is which field.

Every polygon layer with village codes is taken, the others are told. Of several columns that could be the code, the
first whose cells are village codes is taken (KODE beside KODE_DESA); where no known heading fits, a column full of
village codes is. Codes in four columns are put together. What Google Earth keeps in the description of a feature is
taken out of it. Gets wrong: a layer of another theme that has village codes for each of its polygons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lks_geo.boundaries.layer_files import RawLayer, open_layers
from lks_geo.boundaries.polygon_repair import listed, refuse_many_corners
from lks_geo.boundaries.village_codes import DIGITS, are_codes, digits_of, is_blank, joined_parts, upper_level
from lks_geo.boundaries.whereabouts import INDONESIA, check_country
from lks_geo.errors import LksGeoError
from lks_geo.geo import FloatArray
from lks_geo.messages import Message, msg
from lks_geo.sheets.folding import compact
from lks_geo.tables import LEVELS


def _termed(*terms: str) -> list[str]:
    """What areas are called in one province, bare and behind "nama": "gampong", "namagampong" (Aceh)."""
    return [word for term in terms for word in (term, f"nama{term}")]


HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kode": (
        "kode", "kodedesa", "kdepum", "kodekemendagri", "kodedagri", "kodedukcapil", "kodewilayah", "kodewil",
        "kodekel", "kodekels", "kodekeldesa", "kodedesakel", "kodekelurahan", "kddesa", "villagecode", "adm4pcode",
        "iddesa", "idkel", "cc4", "shapeiso", "kdebps", "kodebps", "idbps", "idsls", "idsubsls", "kodesls",
    ),
    "nama": (
        "nama", "namadesa", "desa", "namobj", "wadmkd", "desakelur", "desakelurahan", "keldesa", "kelurahan", "namakel",
        "namakelurahan", "namadesakel", "nmdesa", "namadesak", "village", "adm4en", "adm4name", "adm4id", "name4",
        "shapename", "name", *_termed("kalurahan", "gampong", "nagari", "pekon", "tiyuh", "lembang", "ohoi", "kampung"),
    ),
    "kecamatan": (
        "kecamatan", "namakecamatan", "namakecam", "namakec", "wadmkc", "district", "adm3en", "adm3name", "adm3id",
        "nmkec", "name3", "kec", *_termed("distrik", "kapanewon", "kemantren"),
    ),
    "kabupaten": (
        "kabupaten", "namakabupaten", "namakabup", "namakab", "nmkab", "kabkota", "kabupatenkota", "namakabkota",
        "kabupatenk", "kotakab", "wadmkk", "regency", "adm2en", "adm2name", "adm2id", "name2", "kab",
    ),
    "provinsi": (
        "provinsi", "namaprovinsi", "namaprovi", "namaprov", "namaprop", "propinsi", "wadmpr", "province", "adm1en",
        "adm1name", "adm1id", "nmprov", "name1", "prov",
    ),
    "kode_bps": ("kodebps", "kdebps", "iddesabps", "bps"),
    "kode_kecamatan": ("kodekecamatan", "kodekec", "kdcpum", "idkec", "adm3pcode", "districtcode", "cc3", "kdcbps"),
    "level": ("level",),
}  # fmt: skip
"""Headings (letters and digits only, lower case) by field, the surest first: this project's own, then those of
Kemendagri, BIG, OCHA, BPS, Dukcapil (cut to ten letters), GADM, geoBoundaries and Google Earth."""

BELOW_DESA = ("idsls", "idsubsls", "kodesls")
"""Headings of areas inside a desa, whose codes begin with that of the desa (BPS)."""

_PAIR = re.compile(r"<t[dh][^>]*>\s*(.*?)\s*</t[dh]>\s*<td[^>]*>\s*(.*?)\s*</td>", re.IGNORECASE | re.DOTALL)
"""One row of the table in a description: "<td>KODE_DESA</td><td>7601012001</td>"."""
_BREAK = re.compile(r"\n|<br ?/?>|</(?:li|p|div|tr|h\d)>", re.IGNORECASE)  # between the lines of a description
_LINE = re.compile(r"\s*([\w /.]{2,30}?)\s*[:=]\s*(.+?)\s*")  # one of them, without its tags: "KODE_DESA: 7601012001"
_TAG = re.compile(r"<[^>]+>")  # "<b>", "</font>"


@dataclass(frozen=True, kw_only=True)
class LayerColumns:
    """The fields of a layer as text (NA where blank), each with its heading; `kode` are digits, NA where blank."""

    cells: pd.DataFrame
    headings: Mapping[str, str]

    def column(self, field: str) -> pd.Series[str] | None:
        """A field, None if the layer has none."""
        return self.cells.get(field, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerChoice:
    """What a user says about the sources: names of columns and layers, and their CRS. None and empty: found out."""

    code_column: str | None = None
    name_column: str | None = None
    layers: tuple[str, ...] = ()
    crs: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceLayer:
    """One layer of desa in EPSG:4326: `table` has `kode` (digits, NA if blank), the other fields, `geometry`."""

    where: str
    table: gpd.GeoDataFrame
    heading: str
    crs: pyproj.CRS
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A layer with its columns and what it is: desa, names (without codes), an upper level, or what it lacks."""

    raw: RawLayer
    kind: str
    columns: LayerColumns | None = None


def read_source(path: Path, choice: LayerChoice | None = None) -> list[SourceLayer]:
    """The layers of desa of one source; what is left out is in the notes of the first. `LksGeoError`s say the cure."""
    choice = choice or LayerChoice()
    raws = open_layers(path)
    if choice.layers:
        raws = _named(raws, choice.layers, path.name)
    for raw in raws:
        refuse_many_corners(shapely.get_num_coordinates(raw.frame.geometry.to_numpy()), raw.where)
    seen = [_look(raw, choice) for raw in raws]
    taken = [one for one in seen if one.kind == "desa"] or [one for one in seen if one.kind == "names"]
    if not taken:
        raise _no_desa(seen, path.name)
    left = [f"{one.raw.name} ({one.kind})" for one in seen if one.kind != taken[0].kind]
    notes = [msg("boundaries.note_layers_left", n=len(left), found=listed(left))] if left else []
    layers = [_in_degrees(one, choice) for one in taken]
    if notes:
        layers[0] = replace(layers[0], notes=(*notes, *layers[0].notes))
    return layers


def _named(raws: Sequence[RawLayer], names: Sequence[str], where: str) -> list[RawLayer]:
    wanted, held = {name.casefold() for name in names}, {raw.name.casefold() for raw in raws}
    missing = [name for name in names if name.casefold() not in held]
    if missing:
        found = ", ".join(raw.name for raw in raws)
        raise LksGeoError.of("boundaries.no_layer", where=where, name=", ".join(missing), found=found)
    return [raw for raw in raws if raw.name.casefold() in wanted]


def _look(raw: RawLayer, choice: LayerChoice) -> _Seen:
    """What a layer is. The word is shown to people too: field names and level names are the project's own."""
    if raw.frame.empty:
        return _Seen(raw=raw, kind="0")
    shapes = raw.frame.geometry.to_numpy()
    if not (shapely.get_dimensions(shapes) == 2).any():
        return _Seen(raw=raw, kind=", ".join(sorted({str(name) for name in raw.frame.geom_type.dropna()})) or "0")
    columns = columns_of(raw, choice.code_column, choice.name_column)
    digits = columns.column("kode")
    filled = digits.dropna() if digits is not None else pd.Series(dtype="str")
    if are_codes(filled).any():
        return _Seen(raw=raw, columns=columns, kind="desa" if columns.column("nama") is not None else "nama?")
    levels = Counter(level for level in filled.map(upper_level) if level)
    if levels:
        return _Seen(raw=raw, columns=columns, kind=levels.most_common(1)[0][0])
    if len(filled):
        return _Seen(raw=raw, columns=columns, kind="kode?")
    named = columns.column("nama") is not None and columns.column("kecamatan") is not None
    return _Seen(raw=raw, columns=columns, kind="names" if named else "kode?")


def _no_desa(seen: Sequence[_Seen], where: str) -> LksGeoError:
    """Why none of the layers is one of desa."""
    if len(seen) > 1:
        found = "; ".join(f"{one.raw.name} ({one.kind})" for one in seen)
        return LksGeoError.of("boundaries.no_desa_layer", where=where, found=found)
    (one,) = seen
    if one.kind == "0":
        return LksGeoError.of("boundaries.empty", where=where)
    if one.columns is None:
        return LksGeoError.of("boundaries.no_polygon", where=where)
    headings = ", ".join(str(name) for name in one.raw.frame.columns if name != "geometry") or "–"
    code = one.columns.column("kode_tertulis")
    if one.kind in LEVELS and code is not None:
        level, found = msg(f"style.level_{one.kind}"), listed(list(code.dropna()))
        return LksGeoError.of("boundaries.upper_codes", where=where, level=level, found=found)
    if one.kind == "kode?" and code is not None and (known := one.columns.cells["kode"].notna()).any():
        return LksGeoError.of("boundaries.bad_codes", where=where, n=int(known.sum()), found=listed(list(code[known])))
    missing = [field for field in ("kode", "nama") if one.columns.column(field) is None] or ["kode"]
    return LksGeoError.of("boundaries.no_column", where=where, name=", ".join(missing), found=headings)


def _in_degrees(one: _Seen, choice: LayerChoice) -> SourceLayer:
    raw, columns = one.raw, one.columns
    if columns is None:
        raise LksGeoError.of("boundaries.no_polygon", where=raw.where)
    crs, notes = _crs_of(raw, choice)
    try:
        shapes = raw.frame.geometry.set_crs(crs, allow_override=True).to_crs("EPSG:4326")
    except pyproj.exceptions.ProjError as error:
        raise LksGeoError.of("boundaries.bad_crs", where=raw.where) from error
    table = gpd.GeoDataFrame(columns.cells, geometry=shapes.to_numpy(), crs="EPSG:4326")
    if "kode" not in table:
        table["kode"] = pd.Series(pd.NA, index=table.index, dtype="str")
    digits = table["kode"].dropna()
    check_country(middles(table), digits[are_codes(digits)].tolist(), crs, raw.where)
    if raw.closed:
        names = labels_of(table.iloc[list(raw.closed)])
        notes.append(msg("boundaries.note_closed", n=len(names), found=listed(names)))
    heading = columns.headings.get("kode", "")
    return SourceLayer(where=raw.where, table=table, heading=heading, crs=crs, notes=(*raw.notes, *notes))


def _crs_of(raw: RawLayer, choice: LayerChoice) -> tuple[pyproj.CRS, list[Message]]:
    """The CRS of a layer: what the user says, what the layer names; none is an error that says what would fit."""
    if choice.crs is not None:
        try:
            crs = pyproj.CRS.from_user_input(choice.crs)
        except pyproj.exceptions.CRSError as error:
            raise LksGeoError.of("boundaries.unknown_crs", name=choice.crs) from error
        other = raw.crs is not None and not raw.crs.equals(crs, ignore_axis_order=True)
        name = raw.crs.name if raw.crs is not None else ""
        return crs, [msg("boundaries.note_crs", where=raw.where, found=name, crs=crs.name)] if other else []
    if raw.crs is not None:
        return raw.crs, []
    west, south, east, north = INDONESIA
    left, bottom, right, top = (float(edge) for edge in raw.frame.total_bounds)
    degrees = west <= left <= right <= east and south <= bottom <= top <= north
    kind = "bad_crs" if raw.crs_fault else "no_crs"
    raise LksGeoError.of(f"boundaries.{kind}{'_degrees' if degrees else ''}", where=raw.where)


def middles(table: gpd.GeoDataFrame) -> FloatArray:
    """The middle of the box of each shape, shape (n, 2), in degrees; NaN or infinite where there is none."""
    bounds = shapely.bounds(table.geometry.to_numpy())
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


def labels_of(table: pd.DataFrame) -> list[str]:
    """Areas in a message: code and name, or name and kecamatan (and BPS code), or the row."""
    fields = ("kode", "nama", "kecamatan", "kode_bps")
    parts = [table[field].fillna("").tolist() if field in table else [""] * len(table) for field in fields]
    return [
        f"{code} {name}".strip() if code else _uncoded(str(at + 1), name, kecamatan, bps)
        for at, code, name, kecamatan, bps in zip(table.index, *parts, strict=True)
    ]


def _uncoded(row: str, name: str, kecamatan: str, bps: str) -> str:
    inside = ", ".join(part for part in (kecamatan, bps and f"BPS {bps}") if part)
    return (name or f"#{row}") + (f" ({inside})" if inside else "")


def columns_of(layer: RawLayer, code_column: str | None = None, name_column: str | None = None) -> LayerColumns:
    """The fields of a layer; an `LksGeoError` if a column asked for by name is not there."""
    frame = pd.DataFrame(layer.frame.drop(columns="geometry"))
    frame = _with_descriptions(frame)
    texts = {str(name): _text(frame.iloc[:, at]) for at, name in enumerate(frame.columns)}
    texts |= {name: texts[name].str[:DIGITS] for name in texts if compact(name) in BELOW_DESA}
    headings: dict[str, str] = {}
    for field, chosen in (("kode", code_column), ("nama", name_column)):
        if chosen is not None:
            headings[field] = _asked(layer, texts, chosen)
    cells: dict[str, pd.Series[str]] = {}
    code = headings.get("kode") or _code_heading(texts)
    joined = joined_parts(list(texts), texts.__getitem__) if "kode" not in headings else None
    if code is not None and (joined is None or are_codes(digits_of(texts[code])).any()):
        headings["kode"] = code
        cells["kode"] = digits_of(texts[code])
        cells["kode_tertulis"] = texts[code]
    elif joined is not None:
        headings["kode"], cells["kode"], cells["kode_tertulis"] = "+".join(joined[0]), joined[1], joined[1]
    for field in ("nama", "kecamatan", "kabupaten", "provinsi", "kode_bps", "kode_kecamatan", "level"):
        heading = headings.get(field) or _heading_of(texts, field, taken=headings.get("kode"))
        if heading is not None:
            headings[field] = heading
            cells[field] = digits_of(texts[heading]) if field.startswith("kode") else texts[heading]
    return LayerColumns(cells=pd.DataFrame(cells, index=frame.index), headings=headings)


def _asked(layer: RawLayer, texts: Mapping[str, pd.Series[str]], chosen: str) -> str:
    by_lower = {name.casefold(): name for name in texts}
    if chosen.casefold() not in by_lower:
        raise LksGeoError.of("boundaries.no_column", where=layer.where, name=chosen, found=", ".join(texts) or "–")
    return by_lower[chosen.casefold()]


def _code_heading(texts: Mapping[str, pd.Series[str]]) -> str | None:
    """The heading of the codes: a known one with village codes, else any column of them, else one with larger areas."""
    known = [name for wanted in HEADINGS["kode"] for name in texts if compact(name) == wanted]
    filled = {name: digits_of(texts[name]).dropna() for name in known}
    good = [name for name in known if len(filled[name]) and are_codes(filled[name]).mean() >= 0.5]
    if good:
        return max(good, key=lambda name: len(filled[name]) >= len(filled[good[0]]) * 2)
    for name in texts:
        if name not in filled and len(cells := digits_of(texts[name]).dropna()) and are_codes(cells).mean() >= 0.9:
            return name
    return next((name for name in known if filled[name].map(upper_level).notna().any()), known[0] if known else None)


def _heading_of(texts: Mapping[str, pd.Series[str]], field: str, taken: str | None) -> str | None:
    """The first known heading of a field with words (for codes: digits) in most of its cells, else in some."""
    known = [name for wanted in HEADINGS[field] for name in texts if compact(name) == wanted and name != taken]
    filled = {name: _fitting(field, texts[name]) for name in known}
    written = 0.0 if field.startswith("kode") else -1.0  # a name may be a number, a code can't be a word
    best = next((name for name in known if filled[name] >= 0.5), None)
    return best or next((name for name in known if filled[name] > written and texts[name].notna().any()), None)


def _fitting(field: str, cells: pd.Series[str]) -> float:
    """The part of the cells that fit a field."""
    told = cells.value_counts()
    return float(told[[_fits(field, text) for text in told.index.tolist()]].sum() / max(len(cells), 1))


def _fits(field: str, text: object) -> bool:
    if not isinstance(text, str) or is_blank(text):
        return False
    return field.startswith("kode") or any(letter.isalpha() for letter in text)


def _with_descriptions(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns and those that stand in the descriptions of features, as Google Earth keeps them."""
    name = next((str(name) for name in frame.columns if compact(str(name)) == "description"), None)
    if name is None:
        return frame
    facts = [_facts(text) if isinstance(text, str) else {} for text in frame[name]]
    held = {compact(str(heading)) for heading in frame.columns}
    headings = dict.fromkeys(heading for row in facts for heading in row if compact(heading) not in held)
    more = pd.DataFrame({heading: [row.get(heading) for row in facts] for heading in headings}, index=frame.index)
    return pd.concat([frame.drop(columns=name), more], axis=1)


def _facts(description: str) -> dict[str, str]:
    lines = (_LINE.fullmatch(_TAG.sub("", line)) for line in _BREAK.split(description))
    pairs = _PAIR.findall(description) or [line.groups() for line in lines if line]
    plain = ((_TAG.sub("", heading).strip(), _TAG.sub("", value).strip()) for heading, value in pairs)
    return {heading: value for heading, value in plain if heading and value}


def _text(cells: pd.Series) -> pd.Series[str]:
    """Cells as text without blanks around them, NA where empty; whole numbers without a decimal part."""
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all() and cells.abs().max() < 1e18:
        text = cells.astype("Int64").astype("str").str.strip()
    else:
        text = cells.astype("str").str.strip()
    return text.mask((text == "") | cells.isna())
