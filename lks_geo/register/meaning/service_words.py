"""The one table of words that registers use for services (`service_words.toml`): phrase -> whom it serves and how."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from lks_geo.settings import SYSTEMS

INSIDE, OUTSIDE = SYSTEMS

_WORDS = tomllib.loads(files(__package__).joinpath("service_words.toml").read_text(encoding="utf-8"))

GROUP_PHRASES: dict[str, str] = _WORDS["group"]
"""Group keys (separated by blanks) -> phrases, separated by `|` or a line break."""

RESIDENTIAL_PHRASES: dict[str, str] = _WORDS["residential"]
"""Phrases that name a home and so the group and the system `dalam`."""

ADULTS = "dewasa"
"""Another service only where no group is named ("disabilitas dewasa" is one of disabilitas)."""

OTHER_PHRASES: dict[str, str] = _WORDS["other"]
"""Known services outside the groups: their name in reports -> phrases."""

SYSTEM_PHRASES: dict[tuple[str, ...], str] = {tuple(key.split()): phrases for key, phrases in _WORDS["system"].items()}
"""Systems -> phrases."""

GENERAL: str = _WORDS["words"]["general"]
"""Known words that name no group."""

NOISE_WORDS: str = _WORDS["words"]["noise"]
"""Words (separated by blanks) that may stand beside a known phrase without meaning anything more."""

SPELLINGS: dict[str, str] = _WORDS["spelling"]
"""Other spellings of single words, and words written as one."""

FALSE_FRIENDS = frozenset(("kecamatan", "rencana", "kurban", "pelayaran", "berencana"))
"""Right words that look like a misspelt known one."""

STRONG_IN_NAMES: str = _WORDS["words"]["strong_in_names"]
"""Phrases that tell the service even within the name of an institution."""
