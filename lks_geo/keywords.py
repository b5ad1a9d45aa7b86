"""The options of the Python door, by the names of the command line: what they are, and how they become a request.

A wrong name or value is a `RequestError` that names the nearest right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Day  # noqa: N812 (`date` is an option here)
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

from lks_geo.errors import RequestError
from lks_geo.messages import LANGUAGES, msg
from lks_geo.request import Request, question_of, request_of
from lks_geo.settings import DEVELOPMENTS, MOST_KM, POPULATION_MODELS, SYSTEMS, Settings
from lks_geo.settings_file import load_settings
from lks_geo.siting.candidates import KINDS
from lks_geo.siting.scene import Question
from lks_geo.tables import LEVELS

File = str | Path
Words = str | Sequence[str]


class Options(TypedDict, total=False):
    """What can be chosen, by the names of the command line; whatever is left out is as the settings say.

    For reading: `settings` (a TOML file), `lang` ("id", "en"), `sheet`, `columns` (field -> heading), `boundaries`,
    `bridge`, `population`, `population_only`, `show_sensitive` (internal use only).
    For measuring: `kabupaten` and `group` (names, keys or codes), `level` (desa, kecamatan, kabupaten, provinsi),
    `reach` (km; several are compared), `active` (False: all, whatever their status), `accredited`, `legal`, `system`
    (dalam, luar), `development` (tumbuh, berkembang, mandiri), `date` (what is valid is judged on that day),
    `population_model` (area, point, grid), `population_grid`, `roads`, `context`, `register_complete`.
    """

    settings: File
    lang: str
    sheet: str
    columns: Mapping[str, str]
    boundaries: File
    bridge: File
    population: File
    population_only: bool
    show_sensitive: bool
    kabupaten: Words
    group: Words
    level: Words
    reach: float | Sequence[float]
    active: bool
    accredited: bool
    legal: bool
    system: str
    development: Words
    date: str | Day
    population_model: str
    population_grid: File
    roads: File
    context: File
    register_complete: bool


class Asked(TypedDict, total=False):
    """What a plan is asked, by the names of the command line: `group`; one of `sites` (how many), `target` (share of
    the people to reach, 0-1), `phases` (sites in each), `budget`; `kinds` (new, activate, accredit, add), `candidates`
    (a file of the only sites allowed), `min_distance` (km), `fair`, `robust` (km), `capacity` (people), `weights`
    (group -> what a person counts)."""

    group: Words
    sites: int
    target: float
    phases: Sequence[int]
    budget: float
    kinds: Words
    candidates: File
    min_distance: float
    fair: bool
    robust: Sequence[float]
    capacity: float
    weights: Mapping[str, float]


READING = frozenset((
    "settings", "lang", "sheet", "columns", "boundaries", "bridge", "population", "population_only", "show_sensitive",
))  # fmt: skip
"""The options that decide what is read; a register that was read keeps them."""


def request_from_options(register: File | None, options: Options) -> Request:
    """The request of options: each checked, then under the names of the room below."""
    chosen: dict[str, Any] = _known(options, Options)
    settings = load_settings(Path(chosen["settings"]) if chosen.get("settings") else None)
    if lang := chosen.pop("lang", None):
        settings = replace(settings, lang=one_of("lang", lang, LANGUAGES))
    for name in ("boundaries", "bridge", "population", "population_grid", "roads", "context"):
        chosen[name] = Path(chosen[name]) if chosen.get(name) is not None else None
    for name, allowed in (("system", SYSTEMS), ("population_model", POPULATION_MODELS)):
        if chosen.get(name) is not None:
            one_of(name, chosen[name], allowed)
    levels, developments = words_in(chosen.pop("level", ())), words_in(chosen.pop("development", ()))
    for name, words, known in (("level", levels, LEVELS), ("development", developments, DEVELOPMENTS)):
        for word in words:
            one_of(name, word, known)
    chosen |= {
        "register": None if register is None else Path(register),
        "groups": words_in(chosen.pop("group", ())),
        "kabupaten": words_in(chosen.get("kabupaten")),
        "levels": levels,
        "developments": developments,
        "day": _day(chosen.pop("date", None)),
        "reach": _reaches(chosen.get("reach")),
        "columns": tuple((chosen.get("columns") or {}).items()),
    }
    return replace(request_of(settings, chosen), embedded=True)


def question_from_options(asked: Asked, settings: Settings, usual_group: str) -> tuple[Question, Path | None]:
    """What a plan is asked, of `usual_group` where no group is named, and the file of the only sites allowed."""
    chosen = _known(asked, Asked)
    kinds, candidates = words_in(chosen.pop("kinds", ())), chosen.pop("candidates", None)
    for kind in kinds:
        one_of("kinds", kind, KINDS)
    chosen |= {
        "groups": words_in(chosen.pop("group", ())) or (usual_group,),
        "kinds": tuple(kind for name, kind in KINDS.items() if name in kinds),
        "weights": tuple(chosen.pop("weights", {}).items()),
    }
    return question_of(chosen, settings), None if candidates is None else Path(candidates)


def _known(options: Mapping[str, Any], kind: type) -> dict[str, Any]:
    """The options as a plain dict; one that nobody knows is a `RequestError` with the nearest right one."""
    for name in options:
        one_of("", name, kind.__annotations__)
    return dict(options)


def one_of(name: str, word: str, allowed: Iterable[str]) -> str:
    """The word, if it is one of those allowed."""
    known = list(allowed)
    if word in known:
        return word
    near = get_close_matches(str(word), known, n=1, cutoff=0.5)
    hint = msg("settings.nearest", name=near[0]) if near else ""
    key = "api.bad_choice" if name else "api.unknown_option"
    raise RequestError(msg(key, name=name, found=str(word), allowed=", ".join(known), hint=hint))


def words_in(words: Words | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def _reaches(reach: float | Sequence[float] | None) -> tuple[float, ...]:
    """Reaches in km, rising."""
    if reach is None:
        return ()
    numbers = tuple(map(float, reach)) if isinstance(reach, Sequence) else (float(reach),)
    if not all(0 < number < MOST_KM for number in numbers):
        raise RequestError(msg("cli.not_positive", found=str(reach)))
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise RequestError(msg("cli.not_rising", found=str(reach)))
    return numbers


def _day(day: str | Day | None) -> Day | None:
    try:
        return Day.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        raise RequestError(msg("cli.not_day", found=str(day))) from None
