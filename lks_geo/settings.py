"""What a user can choose, in one frozen object: flag > settings file (`settings_file`) > default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lks_geo.catalogue import DEFAULT_GROUPS, Group
from lks_geo.errors import RequestError
from lks_geo.messages import Message, msg

POPULATION_MODELS = ("area", "point", "grid")
ACCESS_FORMS = ("gauss", "2sfca")
SUPPLIES = ("lks", "kapasitas")
SYSTEMS = ("dalam", "luar")
STEPS = ("baru", "aktifkan", "akreditasi", "tambah")
MOST_KM = 20_000.0  # half around the earth
MOST_SITES = 12  # more do not fit on a slide
DEVELOPMENTS = ("tumbuh", "berkembang", "mandiri")


def today() -> date:
    """The day of SOURCE_DATE_EPOCH (seconds since 1970, UTC) where it is set, else that of this computer's clock."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not said:
        return date.today()  # noqa: DTZ011  # the day of the office, by its clock
    try:
        return datetime.fromtimestamp(int(said), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise RequestError(msg("settings.epoch", value=said)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All choices of one run. `reach_km` > 0; `threshold` is the share from which an area counts as reached.

    Filters: `active_only`, `accredited` (rank A, B or C, not expired on `day`), `legal_entity` (None = all), `system`
    (None = all), `developments` (empty = all), `kabupaten` (codes; limits what is shown, never what reaches people).
    `public_addresses`: ids of places whose address is public for their services that are not sensitive.
    `register_complete`: a kabupaten without any row has no LKS (otherwise nothing is known there). `register_day`: from
    when the register is. `emblem`: a picture. `plan_sites`: how many sites reports propose (0: none).
    `plan_cost_...`: see `plan_cost`. `send_...`: see `send`.
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
    context: Path | None = None
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
    day: date = field(default_factory=today)

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
        for group in self.groups:
            if group.key == key:
                return group
        raise unknown("settings.unknown_group", key, [group.key for group in self.groups])

    @property
    def group_names(self) -> dict[str, str]:
        """What every group is called, by its key; also usual ones that are not in view."""
        return {group.key: group.name(self.lang) for group in (*DEFAULT_GROUPS, *self.groups)}

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
