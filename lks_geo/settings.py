"""What a user can choose, in one frozen object: flag > settings file (`lks-geo.toml`) > default.

`SETTINGS` is the table of the file's keys; the help, the docs and the checks of a file read it. Keys are Indonesian, as
everything that a user reads and writes. A wrong key or value is a `RequestError` that names the nearest right one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lks_geo.catalogue import DEFAULT_GROUPS, SYMBOLS, Group, named_group
from lks_geo.errors import LksGeoError, RequestError
from lks_geo.messages import LANGUAGES, Message, msg

POPULATION_MODELS = ("area", "point", "grid")
ACCESS_FORMS, SUPPLIES = ("gauss", "2sfca"), ("lks", "kapasitas")
SYSTEMS = ("dalam", "luar")
STEPS = ("baru", "aktifkan", "akreditasi", "tambah")
MOST_SITES = 12  # more do not fit on a slide
DEVELOPMENTS = ("tumbuh", "berkembang", "mandiri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All choices of one run. `reach_km` > 0; `threshold` is the share from which an area counts as reached.

    Filters: `active_only`, `accredited` (rank A, B or C, not expired on `day`), `legal_entity` (None = all), `system`
    (None = all), `developments` (empty = all), `kabupaten` (codes; limits what is shown, never what reaches people).
    `public_addresses`: ids of places whose address is public for their services that are not sensitive.
    `register_complete`: a kabupaten without any row has no LKS (otherwise nothing is known there). `register_day`: from
    when the register is. `emblem`: a picture. `plan_sites`: how many sites reports propose (0: none).
    """

    lang: str = "id"
    groups: tuple[Group, ...] = DEFAULT_GROUPS
    reach_km: float = 10.0
    threshold: float = 0.8
    agency: str = "Dinas Sosial, P3A dan PMD Provinsi Sulawesi Barat"
    title: str = ""
    sources: tuple[str, ...] = ()
    emblem: Path | None = None
    address: str = ""
    register_day: date | None = None
    active_only: bool = True
    accredited: bool = False
    legal_entity: bool | None = None
    system: str | None = None
    developments: tuple[str, ...] = ()
    kabupaten: tuple[str, ...] = ()
    population_model: str = "area"
    population_grid: Path | None = None
    roads: Path | None = None
    bridge: Path | None = None
    access: str = "gauss"
    access_supply: str = "lks"
    show_sensitive: bool = False
    public_addresses: tuple[str, ...] = ()
    register_complete: bool = False
    plan_sites: int = 0
    plan_cost_baru: float = 1.0
    plan_cost_aktifkan: float = 0.2
    plan_cost_akreditasi: float = 0.3
    plan_cost_tambah: float = 0.5
    send_due: date | None = None
    send_to: str = ""
    send_back: str = ""
    day: date = field(default_factory=date.today)

    @property
    def internal(self) -> bool:
        """Whether outputs are for internal use: sensitive groups are shown, or a usual one lost its mark, or a group of
        the user's own that is not sensitive takes the words of a usual sensitive one."""
        usual = {group.key: group for group in DEFAULT_GROUPS if group.sensitive}
        words = {word for group in usual.values() for word in group.words}
        return self.show_sensitive or any(
            group.key in usual or words.intersection(word.casefold() for word in group.words)
            for group in self.groups
            if not group.sensitive
        )

    def group(self, key: str) -> Group:
        """The group of that key; an unknown one is a `RequestError` with the nearest right keys."""
        if found := [group for group in self.groups if group.key == key]:
            return found[0]
        raise unknown("settings.unknown_group", key, [group.key for group in self.groups])

    def plan_cost(self, kind: str) -> float:
        """What a step of a plan (STEPS: new LKS, reactivate, accredit, add a service) costs."""
        return float(getattr(self, f"plan_cost_{kind}"))

    def reach_of(self, group: Group, system: str | None) -> float:
        """Reach in km of a place that serves `group` by `system` ("dalam", "luar", None = not recorded)."""
        by_system = {"dalam": group.reach_inside_km, "luar": group.reach_outside_km}.get(system or "")
        return by_system or group.reach_km or self.reach_km

    def public(self) -> dict[str, Any]:
        """The choices that decide the numbers, as plain JSON values (for the manifest)."""
        plain: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            match value:
                case Path():
                    value = value.name
                case date():
                    value = value.isoformat()
                case tuple() if item.name == "groups":
                    value = [{part.name: getattr(group, part.name) for part in fields(group)} for group in value]
                case tuple():
                    value = list(value)
            plain[item.name] = value
        plain["public_addresses"] = len(self.public_addresses)  # their ids would tell whom these places also serve
        return {name: value for name, value in plain.items() if not name.startswith("send_")}

    def filter_notes(self) -> tuple[Message, ...]:
        """The filters in words, one message each, for printing on every output."""
        notes = [msg("settings.filter_active" if self.active_only else "settings.filter_all")]
        if self.accredited:
            notes.append(msg("settings.filter_accredited", day=self.day))
        if self.legal_entity is not None:
            notes.append(msg("settings.filter_legal" if self.legal_entity else "settings.filter_not_legal"))
        if self.system:
            notes.append(msg(f"settings.filter_system_{self.system}"))
        if self.developments:
            notes.append(msg("settings.filter_development", names=", ".join(self.developments)))
        return tuple(notes)


def unknown(key: str, word: str, allowed: list[str], **params: object) -> RequestError:
    """A `RequestError` for a word that is not among `allowed`, with the nearest ones."""
    from difflib import get_close_matches

    near = get_close_matches(word.casefold(), allowed, n=1, cutoff=0.5)
    hint = msg("settings.nearest", name=near[0]) if near else ""
    return RequestError(msg(key, found=word, allowed=", ".join(allowed), hint=hint, **params))


Parser = Callable[[object], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """One key of the settings file: its name there, the field it fills, how its value is checked; `accepts` and the
    help text are catalogue keys `settings.accepts_*` and `settings.help_<key>`."""

    key: str
    target: str
    parse: Parser
    accepts: str


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _texts(value: object) -> object:
    if isinstance(value, list):
        return tuple(_text(item) for item in value)
    raise TypeError


def _positive(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise ValueError
    return float(value)


def _share(value: object) -> object:
    if not isinstance(number := _positive(value), float) or number > 1:
        raise ValueError
    return number


def _count(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_SITES:
        raise ValueError
    return value


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise TypeError


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
    return value.date() if isinstance(value, datetime) else value


def _colour(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):  # "#C1272D"
        raise ValueError
    return value.upper()


def _file(value: object) -> object:
    return Path(str(_text(value)))


SETTINGS = (
    _choice("bahasa", "lang", LANGUAGES),
    SettingSpec(key="instansi", target="agency", parse=_text, accepts="text"),
    SettingSpec(key="judul", target="title", parse=_text, accepts="text"),
    SettingSpec(key="sumber", target="sources", parse=_texts, accepts="texts"),
    SettingSpec(key="lambang", target="emblem", parse=_file, accepts="file"),
    SettingSpec(key="alamat", target="address", parse=_text, accepts="text"),
    SettingSpec(key="tanggal_register", target="register_day", parse=_day, accepts="day"),
    SettingSpec(key="jangkauan_km", target="reach_km", parse=_positive, accepts="positive"),
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
    SettingSpec(key="jangkauan_km", target="reach_km", parse=_positive, accepts="positive"),
    SettingSpec(key="jangkauan_dalam_panti_km", target="reach_inside_km", parse=_positive, accepts="positive"),
    SettingSpec(key="jangkauan_luar_panti_km", target="reach_outside_km", parse=_positive, accepts="positive"),
    SettingSpec(key="sensitif", target="sensitive", parse=_flag, accepts="flag"),
)
"""Keys of a `[kelompok.<kunci>]` table."""

PLAN_SETTINGS = (
    SettingSpec(key="lokasi", target="plan_sites", parse=_count, accepts="count"),
    *(
        SettingSpec(key=f"biaya_{step}", target=f"plan_cost_{step}", parse=_positive, accepts="positive")
        for step in STEPS
    ),
)
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
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise LksGeoError.of("settings.file_missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LksGeoError.of("settings.file_unreadable", path=str(path), reason=str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise LksGeoError.of("settings.file_not_toml", path=str(path), reason=str(error)) from error
    groups, parts = raw.pop("kelompok", {}), {name: raw.pop(name, {}) for name in _TABLES}
    values = _values(raw, SETTINGS, path.name, extra=("kelompok", *_TABLES))
    for name, part in parts.items():
        if not isinstance(part, dict):
            raise RequestError(msg("settings.not_table", where=path.name, name=name, example=_TABLES[name][0].key))
        values |= _values(part, _TABLES[name], f"{path.name} [{name}]")
    if "population_grid" in values:
        values.setdefault("population_model", "grid")
    return replace(base, **values, groups=_groups(groups, base.groups, path.name))


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
            found = msg("settings.bad_value", where=where, name=key, found=str(value), accepts=accepts)
            raise RequestError(found) from None
    return values


_ACCEPTS = {"text", "texts", "positive", "share", "flag", "day", "file", "colour", "count"}


def _groups(raw: object, base: tuple[Group, ...], where: str) -> tuple[Group, ...]:
    if not isinstance(raw, dict):
        raise RequestError(msg("settings.groups_not_table", where=where))
    groups = {group.key: group for group in base}
    for key, table in raw.items():
        if not isinstance(table, dict):
            raise RequestError(msg("settings.groups_not_table", where=where))
        if not key.isidentifier() or key != key.casefold():
            raise RequestError(msg("settings.bad_group_key", where=where, found=key))
        values = _values(table, GROUP_SETTINGS, f"{where} [kelompok.{key}]")
        if key not in groups and "name_id" not in values:
            raise RequestError(msg("settings.group_without_name", where=where, found=key))
        known = groups.get(key) or named_group(key, values["name_id"], values.get("name_en", values["name_id"]))
        groups[key] = replace(known, **values)
    return tuple(groups.values())
