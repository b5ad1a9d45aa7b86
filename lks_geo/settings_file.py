"""The settings file `lks-geo.toml`: its keys, how each value is checked, and how it is read.

`SETTINGS` is the table of the file's keys; the help, the docs and the checks of a file read it. Keys are Indonesian, as
everything that a user reads and writes. A wrong key or value is a `RequestError` that names the nearest right one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from lks_geo.catalogue import SYMBOLS, Group, named_group
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import CONTROL, LANGUAGES, msg
from lks_geo.settings import (
    ACCESS_FORMS,
    DEVELOPMENTS,
    MOST_KM,
    MOST_SITES,
    POPULATION_MODELS,
    STEPS,
    SUPPLIES,
    SYSTEMS,
    Settings,
    unknown,
)

Parser = Callable[[object], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """One key of the settings file: its name there, the field it fills, how its value is checked; `accepts` and the
    help text are catalogue keys `settings.accepts_*` and `settings.help_<key>`."""

    key: str
    target: str
    parse: Parser
    accepts: str


_LARGEST = 1e15


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip() or CONTROL.search(value):
        raise ValueError
    return value.strip()


def _public_text(value: object) -> object:
    from lks_geo.sheets.personal import masked

    return masked(str(_text(value)))


def _texts(value: object) -> object:
    return tuple(map(_text, _list(value)))


def _public_texts(value: object) -> object:
    return tuple(map(_public_text, _list(value)))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _positive(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LARGEST:
        raise ValueError
    return float(value)


def _km(value: object) -> object:
    if not isinstance(number := _positive(value), float) or number >= MOST_KM:
        raise ValueError
    return number


def _share(value: object) -> object:
    if not isinstance(number := _positive(value), float) or number > 1:
        raise ValueError
    return number


def _count(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_SITES:
        raise ValueError
    return value


def _flag(value: object) -> object:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _choice(key: str, target: str, allowed: Sequence[str]) -> SettingSpec:
    """A key whose value is one of some words."""

    def parse(value: object) -> object:
        if value not in allowed:
            raise ValueError
        return value

    return SettingSpec(key=key, target=target, parse=parse, accepts=", ".join(allowed))


def _developments(value: object) -> object:
    if not isinstance(value, list) or any(item not in DEVELOPMENTS for item in value):
        raise ValueError
    return tuple(value)


def _day(value: object) -> object:
    if isinstance(value, str):
        return date.fromisoformat(value)
    if not isinstance(value, date):
        raise TypeError
    return date(value.year, value.month, value.day)


def _colour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):  # "#C1272D"
        raise ValueError
    return value.upper()


def _file(value: object) -> object:
    return Path(str(_text(value)))


SETTINGS = (
    _choice("bahasa", "lang", LANGUAGES),
    SettingSpec(key="instansi", target="agency", parse=_text, accepts="text"),
    SettingSpec(key="judul", target="title", parse=_public_text, accepts="text"),
    SettingSpec(key="sumber", target="sources", parse=_public_texts, accepts="texts"),
    SettingSpec(key="lambang", target="emblem", parse=_file, accepts="file"),
    SettingSpec(key="alamat", target="address", parse=_text, accepts="text"),
    SettingSpec(key="tanggal_register", target="register_day", parse=_day, accepts="day"),
    SettingSpec(key="jangkauan_km", target="reach_km", parse=_km, accepts="positive"),
    SettingSpec(key="ambang_terjangkau", target="threshold", parse=_share, accepts="share"),
    SettingSpec(key="hanya_aktif", target="active_only", parse=_flag, accepts="flag"),
    SettingSpec(key="hanya_terakreditasi", target="accredited", parse=_flag, accepts="flag"),
    SettingSpec(key="berbadan_hukum", target="legal_entity", parse=_flag, accepts="flag"),
    _choice("sistem", "system", SYSTEMS),
    SettingSpec(key="perkembangan", target="developments", parse=_developments, accepts=", ".join(DEVELOPMENTS)),
    SettingSpec(key="tanggal", target="day", parse=_day, accepts="day"),
    _choice("model_penduduk", "population_model", POPULATION_MODELS),
    SettingSpec(key="raster_penduduk", target="population_grid", parse=_file, accepts="file"),
    SettingSpec(key="jalan", target="roads", parse=_file, accepts="file"),
    SettingSpec(key="latar", target="context", parse=_file, accepts="file"),
    SettingSpec(key="jembatan", target="bridge", parse=_file, accepts="file"),
    _choice("akses", "access", ACCESS_FORMS),
    _choice("akses_pasokan", "access_supply", SUPPLIES),
    SettingSpec(key="tampilkan_sensitif", target="show_sensitive", parse=_flag, accepts="flag"),
    SettingSpec(key="alamat_publik", target="public_addresses", parse=_texts, accepts="texts"),
    SettingSpec(key="register_lengkap", target="register_complete", parse=_flag, accepts="flag"),
)
"""Top-level keys of `lks-geo.toml`."""

GROUP_SETTINGS = (
    SettingSpec(key="nama", target="name_id", parse=_text, accepts="text"),
    SettingSpec(key="nama_en", target="name_en", parse=_text, accepts="text"),
    SettingSpec(key="nama_pendek", target="short_id", parse=_text, accepts="text"),
    SettingSpec(key="nama_pendek_en", target="short_en", parse=_text, accepts="text"),
    SettingSpec(key="definisi", target="definition_id", parse=_text, accepts="text"),
    SettingSpec(key="definisi_en", target="definition_en", parse=_text, accepts="text"),
    SettingSpec(key="sinonim", target="words", parse=_texts, accepts="texts"),
    _choice("simbol", "symbol", SYMBOLS),
    SettingSpec(key="warna", target="colour", parse=_colour, accepts="colour"),
    SettingSpec(key="jangkauan_km", target="reach_km", parse=_km, accepts="positive"),
    SettingSpec(key="jangkauan_dalam_panti_km", target="reach_inside_km", parse=_km, accepts="positive"),
    SettingSpec(key="jangkauan_luar_panti_km", target="reach_outside_km", parse=_km, accepts="positive"),
    SettingSpec(key="sensitif", target="sensitive", parse=_flag, accepts="flag"),
)
"""Keys of a `[kelompok.<kunci>]` table."""

_COSTS = (
    SettingSpec(key=f"biaya_{key}", target=f"plan_cost_{key}", parse=_positive, accepts="positive") for key in STEPS
)
PLAN_SETTINGS = (SettingSpec(key="lokasi", target="plan_sites", parse=_count, accepts="count"), *_COSTS)
"""Keys of the table `[rencana]`."""

SEND_SETTINGS = (
    SettingSpec(key="batas_waktu", target="send_due", parse=_day, accepts="day"),
    SettingSpec(key="kepada", target="send_to", parse=_text, accepts="text"),
    SettingSpec(key="kembali_ke", target="send_back", parse=_text, accepts="text"),
)
"""Keys of the table `[kirim]`."""
_TABLES = {"rencana": PLAN_SETTINGS, "kirim": SEND_SETTINGS}


def load_settings(path: Path | None, base: Settings | None = None) -> Settings:
    """Settings from a TOML file over `base` (default: the defaults). None gives `base` unchanged."""
    base = base or Settings()
    if path is None:
        return base
    raw = read_keys(path)
    groups, parts = raw.pop("kelompok", {}), {name: raw.pop(name, {}) for name in _TABLES}
    values = _values(raw, SETTINGS, path.name, extra=("kelompok", *_TABLES))
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise RequestError(msg("settings.not_table", where=path.name, name=name, example=_TABLES[name][0].key))
        values |= _values(part, _TABLES[name], f"{path.name} [{name}]")
    if "population_grid" in values:
        values.setdefault("population_model", "grid")
    settings = replace(base, **values)
    return replace(settings, groups=_groups(groups, settings.groups, path.name))


def read_keys(path: Path) -> dict[str, Any]:
    """The keys and values of a settings file; every trouble with it is one `LksGeoError`."""
    try:
        if path.exists() and not path.is_file():  # a device, which may never end
            raise LksGeoError.of("settings.file_unreadable", path=str(path))
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise LksGeoError.of("settings.file_large", path=str(path), most=_MOST_BYTES // 1_000_000)
        text = content.decode("utf-8-sig")
        if _DOTTED.search(text):
            raise LksGeoError.of("settings.file_not_toml", path=str(path), line="–")
        return tomli.loads(text)
    except FileNotFoundError:
        raise LksGeoError.of("settings.file_missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LksGeoError.of("settings.file_unreadable", path=str(path)) from error
    except (tomli.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        raise LksGeoError.of("settings.file_not_toml", path=str(path), line=line[1] if line else "–") from error


class InForce(NamedTuple):
    """A key with the value in force as the file would have it (None: not set), and whether the file gave it."""

    table: str
    key: str
    value: str | None
    given: bool


def in_force(settings: Settings, path: Path | None) -> Iterator[InForce]:
    """Every key of the top level and of the tables, in their order; of the groups what is set. `settings`: that of
    `path`."""
    raw = {} if path is None else read_keys(path)
    for name, table in {"": SETTINGS, **_TABLES}.items():
        part = raw.get(name, {}) if name else raw
        for spec in table:
            yield InForce(name, spec.key, _toml(getattr(settings, spec.target)), spec.key in part)
    for group in settings.groups:
        part = raw.get("kelompok", {}).get(group.key, {})
        for spec in GROUP_SETTINGS:
            if (value := _toml(getattr(group, spec.target))) is not None:
                yield InForce(f"kelompok.{group.key}", spec.key, value, spec.key in part)


def _toml(value: object) -> str | None:
    """A value as the file would have it; None if nothing is set."""
    match value:
        case None | "" | ():
            return None
        case bool():
            return str(value).lower()
        case 0:
            return None
        case float():
            return f"{value:g}"
        case tuple():
            return f"[{', '.join(str(_toml(part)) for part in value)}]"
        case str() | Path():
            return json.dumps(str(value), ensure_ascii=False)
    return str(value)


def _shown(value: object) -> str:
    """A value as it is told, no longer than a line or two; a number of thousands of digits can't be written out."""
    try:
        text = str(value)
    except ValueError:
        return "…"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _values(
    raw: Mapping[str, object], table: tuple[SettingSpec, ...], where: str, extra: tuple[str, ...] = ()
) -> dict[str, Any]:
    by_key = {spec.key: spec for spec in table}
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in by_key:
            raise unknown("settings.unknown_key", key, [*by_key, *extra], where=where)
        spec = by_key[key]
        try:
            values[spec.target] = spec.parse(value)
        except (ValueError, TypeError):
            accepts = msg(f"settings.accepts_{spec.accepts}") if spec.accepts in _ACCEPTS else spec.accepts
            shown = _shown(value)
            wrong = "settings.control_signs" if CONTROL.search(shown) else "settings.bad_value"
            found = CONTROL.sub("�", shown)
            raise RequestError(msg(wrong, where=where, name=key, found=found, accepts=accepts)) from None
    return values


_LINE = re.compile(r"at line (\d+)")  # "Expected '=' after a key in a key/value pair (at line 3, column 5)"
_DOTTED = re.compile(  # a.a.a and so on, which takes hours
    r"""(?<![\w"'-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){50}"""
)
_MOST_BYTES, _LONGEST = 1_000_000, 200
"""Bytes of a settings file, and letters of a value that is told."""
_RESERVED = ("semua", "constructor")
"""No keys of groups: the total of all, and what every object of the map's script has."""

_ACCEPTS = {"text", "texts", "positive", "share", "flag", "day", "file", "colour", "count"}


def _groups(raw: object, base: tuple[Group, ...], where: str) -> tuple[Group, ...]:
    if not isinstance(raw, dict):
        raise RequestError(msg("settings.groups_not_table", where=where))
    groups = {group.key: group for group in base}
    for key, table in raw.items():
        if not isinstance(table, dict):
            raise RequestError(msg("settings.groups_not_table", where=where))
        if key in _RESERVED:
            raise RequestError(msg("settings.group_key_taken", where=where, found=key))
        if not key.isidentifier() or key != key.casefold() or key.startswith("_"):
            raise RequestError(msg("settings.bad_group_key", where=where, found=key))
        values = _values(table, GROUP_SETTINGS, f"{where} [kelompok.{key}]")
        if key not in groups and "name_id" not in values:
            raise RequestError(msg("settings.group_without_name", where=where, found=key))
        name, nth = values.get("name_id", ""), len(groups) - len(base)
        known = groups.get(key) or named_group(key, name, values.get("name_en", name), nth)
        groups[key] = replace(known, **values)
    return tuple(groups.values())
