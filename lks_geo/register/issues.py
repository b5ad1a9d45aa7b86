"""The kinds of remarks on rows, the outcome each gives, and the ledger that collects them while a register is cleaned.

`ISSUE_KINDS` is the one table: key (`jenis`) -> outcome. The catalogue has `register.<key>` (what is wrong, what was
assumed, what to do) and `register.kind_<key>` (a title for lists). A row's outcome is the worst of its remarks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tomli

from lks_geo.messages import Message, msg
from lks_geo.tables import OUTCOMES, Issue

_KINDS = tomli.loads(Path(__file__).with_name("issue_kinds.toml").read_text(encoding="utf-8"))

ISSUE_KINDS: dict[str, str] = _KINDS["outcome"]
"""Kind of remark -> the outcome that it alone gives a row. In the order in which a row's remarks are listed."""

KEPT_OF_HIDDEN = frozenset(_KINDS["disguised"]["told"])
"""Kinds that say nothing of where a row stands or what it is called; all others become `periksa_lokasi`."""

ASKED: dict[str, tuple[str, ...]] = {kind: tuple(fields) for kind, fields in _KINDS["asked"].items()}
"""Kind of remark -> what the office that keeps the row is asked to fill in."""

NO_ANSWER = frozenset(_KINDS["answers"]["refused"])
"""Kinds of remarks with which the answer of an office is not taken."""

_ORDER = {kind: position for position, kind in enumerate(ISSUE_KINDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark not yet on a row: `kolom` the field it is about, the value as read and as used, what the text needs."""

    jenis: str
    kolom: str | None = None
    sebelum: str | None = None
    sesudah: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    """What the value may mean, the likeliest first."""
    bare: bool = False
    """Only the kind is told, no value."""


class Ledger:
    """Remarks by row position while a register of `size` rows is cleaned."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: list[tuple[int, Remark]] = []
        self._hidden: dict[int, bool] = {}
        self._withheld: dict[int, Collection[str]] = {}

    def add(self, row: int, remark: Remark) -> None:
        """Puts a remark on the row at position `row`."""
        self._entries.append((row, remark))

    def hide(self, located: Mapping[int, bool]) -> None:
        """Leaves only kinds of the remarks on these rows, those to come too; `located`: the kecamatan is known."""
        self._hidden |= located

    def withhold(self, row: int, fields: Collection[str]) -> None:
        """Leaves only kinds of the remarks on these fields of a row."""
        self._withheld[row] = fields

    def rows_with(self, kinds: Collection[str]) -> frozenset[int]:
        """Positions of the rows with a remark of one of these kinds."""
        return frozenset(row for row, remark in self._entries if remark.jenis in kinds)

    def _told(self) -> list[tuple[int, Remark]]:
        """The remarks as they may be told."""
        if not self._hidden and not self._withheld:
            return self._entries
        remarks: dict[tuple[int, str, str | None], tuple[int, Remark]] = {}
        for row, remark in self._entries:
            if row in self._hidden:
                bare = _hidden_remark(remark, located=self._hidden[row])
                remarks.setdefault((row, bare.jenis, bare.kolom), (row, bare))
            elif remark.kolom in self._withheld.get(row, ()):
                remarks.setdefault((row, remark.jenis, remark.kolom), (row, _bare(remark.jenis, remark.kolom)))
            else:
                remarks[row, remark.jenis, f"{len(remarks)}"] = (row, remark)
        return list(remarks.values())

    def outcomes(self) -> npt.NDArray[np.object_]:
        """The outcome of every row: the worst of its remarks, `diterima` without any."""
        worst = np.zeros(self._size, dtype=np.int64)
        remarks = self._told()
        if remarks:
            rows = np.array([row for row, _ in remarks])
            ranks = np.array([OUTCOMES.index(ISSUE_KINDS[remark.jenis]) for _, remark in remarks])
            np.maximum.at(worst, rows, ranks)
        return np.array(OUTCOMES, dtype=object)[worst]

    def issues(
        self, sheets: Sequence[str | None], numbers: Sequence[int], fields: Collection[str]
    ) -> tuple[Issue, ...]:
        """All remarks as issues, by row and then by kind.

        `sheets` and `numbers` say where each row stands in its file; `fields` are those that the file has.
        """
        remarks = self._told()
        columns = {name: _column(name, fields) for name in {remark.kolom for _, remark in remarks if remark.kolom}}
        ordered = sorted(remarks, key=lambda entry: (entry[0], _ORDER[entry[1].jenis], entry[1].kolom or ""))
        return tuple(
            Issue(
                posisi=row,
                lembar=sheets[row],
                nomor=int(numbers[row]),
                kolom=columns[remark.kolom] if remark.kolom else None,
                jenis=remark.jenis,
                hasil=ISSUE_KINDS[remark.jenis],
                pesan=_sentence(remark),
                sebelum=remark.sebelum,
                sesudah=remark.sesudah,
                pilihan=remark.choices,
            )
            for row, remark in ordered
        )


_STANDS_IN = {
    "koordinat": ("lintang", "bujur"),
    "lintang": ("koordinat",),
    "kelompok": ("jenis_layanan", "tanda:"),
    "kode_desa": ("kode_kecamatan", "kode_kabupaten", "desa"),
    "kode_kecamatan": ("kode_desa", "kecamatan"),
    "kode_kabupaten": ("kode_desa", "kabupaten"),
}
"""Fields that a remark names where the file lacks its own; one that ends in a colon stands for all that begin so."""


def _column(field: str, fields: Collection[str]) -> str | None:
    """The field of the file that a remark on `field` is about; None if it has none."""
    for name in (field, *_STANDS_IN.get(field, ())):
        matching = [key for key in fields if key == name or (name.endswith(":") and key.startswith(name))]
        if matching:
            return matching[0]
    return None


def _hidden_remark(remark: Remark, *, located: bool) -> Remark:
    """What may be said of a disguised row."""
    if remark.jenis in KEPT_OF_HIDDEN:
        return _bare(remark.jenis, remark.kolom)
    return _bare("periksa_lokasi" if located else "tanpa_lokasi", None)


def _bare(jenis: str, kolom: str | None) -> Remark:
    return Remark(jenis=jenis, kolom=kolom, bare=True)


def _sentence(remark: Remark) -> Message:
    if remark.bare:
        return msg(f"register.kind_{remark.jenis}")
    return msg(f"register.{remark.jenis}", before=remark.sebelum or "", after=remark.sesudah or "", **remark.params)
