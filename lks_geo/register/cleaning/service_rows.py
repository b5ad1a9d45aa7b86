"""Whom each row serves: the service cells, the check-mark columns and the system column of a row, taken together.

Decides: the groups of all cells count; a system told with a group wins over the system column; a row whose cells name
no group is kept without one. A word that fills a whole column is no doubt on the rows whose groups are known all the
same; like the words left over beside a group it is told once, for the file (`left_over`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.catalogue import DEFAULT_GROUPS, Group
from lks_geo.messages import Message, msg
from lks_geo.register.issues import Ledger, Remark
from lks_geo.register.meaning.lexicon import words_of
from lks_geo.register.meaning.services import DENIALS, Service, ServicesReading, read_services, read_system
from lks_geo.settings import SYSTEMS, Settings
from lks_geo.sheets.folding import fold, is_empty_marker, read_tick
from lks_geo.sheets.sheet import column, read_each

MARK = "tanda:"
_NO_SYSTEM = frozenset(("lainnya", "lain", "lain-lain", "lain lain", "dan lain-lain", "dll"))
"""Answers of a system column that are understood and name none."""
_SYSTEM_MARKS = {"dp": "dalam", "lp": "luar", "dalam": "dalam", "luar": "luar"}


_LIST_ENDS = re.compile(r"[;,/+&|\n]")  # "dalam; luar"


def read_service_rows(cells: pd.DataFrame, settings: Settings, ledger: Ledger) -> pd.DataFrame:
    """Columns `layanan`, `kelompok`, `layanan_lain` (tuples, see `Register`) and `sisa` (words that are no doubt
    although nobody knows what they say), index of `cells`."""
    fields = [name for name in ("kelompok", "jenis_layanan") if name in cells.columns]
    texts = {name: column(cells, name) for name in (*fields, "sistem")}
    readings = {name: read_each(texts[name], lambda text: read_services(text, settings)) for name in fields}
    order = [group.key for group in settings.groups]
    marked = _marked(cells, order, ledger)
    filling = {word for name in fields for word in _filling(readings[name])}
    known: dict[tuple[object, ...], _RowServices] = {}
    rows: list[_RowServices] = []
    for row, said in enumerate(zip(*texts.values(), map(tuple, marked), strict=True)):
        if said not in known:
            told = {name: texts[name][row] for name in texts}
            known[said] = _taken_together(
                told, {name: readings[name][row] for name in fields}, said[-1], filling, order
            )
        rows.append(known[said])
        for remark in known[said].remarks:
            ledger.add(row, remark)
    columns = {
        "layanan": [row.services for row in rows],
        "kelompok": [row.groups for row in rows],
        "layanan_lain": [row.others for row in rows],
        "sisa": [row.left for row in rows],
    }
    return pd.DataFrame({name: pd.Series(values, index=cells.index, dtype=object) for name, values in columns.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowServices:
    """What all cells of a row say together: its services and their groups, others, words left over, remarks."""

    services: tuple[Service, ...]
    groups: tuple[str, ...]
    others: tuple[str, ...]
    left: tuple[str, ...]
    remarks: tuple[Remark, ...]


def _taken_together(
    texts: dict[str, str | None], readings: dict[str, ServicesReading], marked: Sequence[Service],
    filling: Collection[str], order: list[str],
) -> _RowServices:  # fmt: skip
    systems = _system(texts["sistem"])
    services = [*_all_of("services", readings), *marked]
    others = tuple(dict.fromkeys(_all_of("other", readings)))
    ignored = set(filling).intersection(_all_of("unknown", readings)) if services or others else set()
    served = _joined(services, systems or _all_of("systems", readings), order)
    remarks = [*_word_remarks(readings, ignored, order), *_system_remarks(texts["sistem"], systems, services)]
    if not served and not others:
        remarks += _nothing_remarks(readings, texts, order)
    return _RowServices(
        services=served,
        groups=tuple(dict.fromkeys(group for group, _ in served)),
        others=others,
        left=tuple(dict.fromkeys([*_all_of("rest", readings), *sorted(ignored)])),
        remarks=tuple(remarks),
    )


def _all_of(part: str, readings: dict[str, ServicesReading]) -> list[Any]:
    """What all cells of a row say, of one part of their readings."""
    return [item for reading in readings.values() for item in getattr(reading, part)]


FILLS = 0.9
"""From what share of its filled cells a word fills a column."""
FEW_ROWS = 3
MOST_TOLD = 6


def _filling(readings: Sequence[ServicesReading]) -> list[str]:
    """The unknown words that stand in nearly all filled cells of a column."""
    counts = Counter(word for reading in readings for word in reading.unknown)
    filled = sum(not reading.empty for reading in readings)
    return [word for word, count in counts.items() if count >= max(FEW_ROWS, FILLS * filled)]


def left_over(words: pd.Series) -> tuple[Message, ...]:
    """One remark on the commonest words that were left over (`sisa` of the rows whose words may be told)."""
    counts = Counter(word for row in words for word in row if DENIALS.isdisjoint(fold(word).split()))
    if not counts:
        return ()
    commonest = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_TOLD]
    more = " …" if len(counts) > MOST_TOLD else ""
    return (
        msg(
            "register.note_left_over",
            words="; ".join(commonest) + more,
            n=sum(not counts.keys().isdisjoint(row) for row in words),
        ),
    )


def _asking(order: list[str]) -> dict[str, object]:
    """What the text needs of a remark that asks for the group: the keys of all."""
    return {"groups": ", ".join(order)}


def _word_remarks(readings: dict[str, ServicesReading], ignored: Collection[str], order: list[str]) -> Iterator[Remark]:
    for field, reading in readings.items():
        unknown = [word for word in reading.unknown if word not in ignored]
        for written, understood in reading.inferred:
            yield Remark(jenis="layanan_mirip", kolom=field, sebelum=written, sesudah=understood)
        for jenis, words in (("layanan_tak_dikenal", unknown), ("layanan_lain", reading.other)):
            if words:
                yield Remark(jenis=jenis, kolom=field, sebelum="; ".join(words), params=_asking(order))


def _nothing_remarks(
    readings: dict[str, ServicesReading], texts: dict[str, str | None], order: list[str]
) -> Iterator[Remark]:
    """A row that serves no group: its cells are blank, or say nothing about whom it serves."""
    general = [texts[name] or "" for name, reading in readings.items() if not reading.empty and not reading.unknown]
    if general:
        field, told = next(iter(readings)), "; ".join(general)
        yield Remark(jenis="layanan_tanpa_kelompok", kolom=field, sebelum=told, params=_asking(order))
    elif not any(reading.unknown for reading in readings.values()):
        yield Remark(jenis="layanan_kosong", kolom="kelompok", params=_asking(order))


def _system(text: str | None) -> tuple[str, ...]:
    """The systems of a cell; it may list them ("dalam; luar")."""
    whole = read_system(text)
    parts = {system for part in _LIST_ENDS.split(text or "") for system in read_system(part)}
    return whole or tuple(system for system in SYSTEMS if system in parts)


def _system_remarks(text: str | None, systems: Sequence[str], services: list[Service]) -> Iterator[Remark]:
    """A system column that cannot be taken at its word: unreadable, or against what the groups' own cells say."""
    of_groups = {system for _, system in services if system}
    if of_groups and systems and of_groups.isdisjoint(systems):
        yield Remark(jenis="sistem_bertentangan", kolom="sistem", sebelum=text)
    elif not systems and not is_empty_marker(text) and fold(text) not in _NO_SYSTEM:
        yield Remark(jenis="sistem_tak_dikenal", kolom="sistem", sebelum=text)


def _joined(services: Iterable[Service], systems: Sequence[str], order: list[str]) -> tuple[Service, ...]:
    """The services of a row, each once, in the order of the groups: (group, None) only where no system is known."""
    by_group: dict[str, set[str]] = {}
    for group, system in services:
        by_group.setdefault(group, set()).update([system] if system else [])
    joined: list[Service] = []
    for group in (key for key in order if key in by_group):
        known = by_group[group] or set(systems)
        joined += [(group, system) for system in SYSTEMS if system in known] or [(group, None)]
    return tuple(joined)


def _marked(cells: pd.DataFrame, order: list[str], ledger: Ledger) -> list[list[Service]]:
    """Services by check-mark columns (`tanda:anak`, `tanda:anak:dalam`)."""
    services: list[list[Service]] = [[] for _ in range(len(cells))]
    for name in (name for name in cells.columns if name.startswith(MARK)):
        _, group, *system = name.split(":")
        texts = column(cells, name)
        for row, mark in enumerate(read_each(texts, _read_mark)):
            if mark is None:
                told = f"{group}: {texts[row]}"
                asking = Remark(jenis="layanan_tak_dikenal", kolom="kelompok", sebelum=told, params=_asking(order))
                ledger.add(row, asking)
            elif mark:
                services[row].append((group, system[0] if system else _SYSTEM_MARKS.get(fold(texts[row]))))
    return services


def _read_mark(text: str | None) -> bool | None:
    """As `read_tick`; in the column of a group, a system and a number of people above 0 mean yes as well."""
    tick = read_tick(text)
    if tick is not None:
        return tick
    plain = fold(text)
    digits = plain.removesuffix(" orang").removesuffix(".0")
    return True if plain in _SYSTEM_MARKS else int(digits) > 0 if digits.isascii() and digits.isdecimal() else None


def moved_notes(
    cells: pd.DataFrame, services: pd.DataFrame, settings: Settings, seen: npt.NDArray[np.bool_]
) -> Iterator[Message]:
    """What the settings' own words of groups change: how many of the rows `seen` count for another group than without
    them. `services`: the rows as `read_service_rows` gives them with these settings."""
    if _words(settings.groups) == _words(DEFAULT_GROUPS):
        return
    usual = read_service_rows(cells, replace(settings, groups=DEFAULT_GROUPS), Ledger(len(cells)))["kelompok"]
    names, moved = settings.group_names, Counter[tuple[str, str]]()
    for before, after in zip(usual[seen], services["kelompok"][seen], strict=True):
        left = [key for key in before if key not in after]
        moved.update((old, new) for new in after if new not in before for old in left)
    for (old, new), n in sorted(moved.items()):
        yield msg("register.note_moved", n=n, before=names[old], after=names[new])


def _words(groups: Iterable[Group]) -> dict[str, set[tuple[str, ...]]]:
    return {group.key: set(words_of(group)) for group in groups}
