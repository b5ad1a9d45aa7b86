"""The kinds of remarks on rows, the outcome each gives, and the ledger that collects them while a register is cleaned.

`ISSUE_KINDS` is the one table: key (`jenis`) -> outcome. The catalogue has `register.<key>` (what is wrong, what was
assumed, what to do) and `register.kind_<key>` (a title for lists). A row's outcome is the worst of its remarks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lks_geo.messages import Message, msg
from lks_geo.tables import OUTCOMES, Issue

ISSUE_KINDS: dict[str, str] = {
    "tanpa_nama": "ditolak",
    "baris_ganda": "ditolak",
    "layanan_kosong": "meragukan",
    "layanan_tak_dikenal": "meragukan",
    "layanan_tanpa_kelompok": "meragukan",
    "layanan_mirip": "diperbaiki",
    "sistem_tak_dikenal": "meragukan",
    "sistem_bertentangan": "meragukan",
    "layanan_lain": "diterima",
    "status_kosong": "meragukan",
    "status_tak_terbaca": "meragukan",
    "status_tanpa_kolom": "meragukan",
    "isian_tak_terbaca": "meragukan",
    "akreditasi_kedaluwarsa": "diterima",
    "tanggal_tak_terbaca": "meragukan",
    "tanggal_terbalik": "diperbaiki",
    "jumlah_tak_terbaca": "meragukan",
    "jumlah_rentang": "diperbaiki",
    "jumlah_perkiraan": "diterima",
    "id_bersama": "diperbaiki",
    "id_ganda": "meragukan",
    "kode_rusak": "meragukan",
    "kode_tak_dikenal": "meragukan",
    "kode_tak_pasti": "meragukan",
    "kode_lawan_kode": "meragukan",
    "kode_lawan_nama": "meragukan",
    "kode_nama_titik": "meragukan",
    "provinsi_lain": "meragukan",
    "wilayah_tak_dikenal": "meragukan",
    "wilayah_bertentangan": "meragukan",
    "wilayah_ganda": "meragukan",
    "wilayah_mirip": "diperbaiki",
    "wilayah_hanya_mirip": "meragukan",
    "wilayah_tanpa_induk": "meragukan",
    "wilayah_dari_alamat": "diperbaiki",
    "wilayah_dipastikan_titik": "diperbaiki",
    "koordinat_tak_terbaca": "meragukan",
    "koordinat_dua_bacaan": "meragukan",
    "koordinat_berbeda": "meragukan",
    "koordinat_tak_cocok": "meragukan",
    "koordinat_diperbaiki": "diperbaiki",
    "koordinat_tanpa_bukti": "meragukan",
    "koordinat_kasar": "meragukan",
    "titik_bertentangan": "meragukan",
    "titik_di_tepi": "diperbaiki",
    "titik_luar_bertentangan": "meragukan",
    "titik_luar_wilayah": "meragukan",
    "titik_pusat_wilayah": "meragukan",
    "titik_bertumpuk": "meragukan",
    "titik_dua_desa": "meragukan",
    "titik_dari_desa": "diperbaiki",
    "hanya_wilayah": "meragukan",
    "tanpa_lokasi": "meragukan",
    "nama_mirip": "meragukan",
    "ganda_berbeda": "meragukan",
    "cakupan_tak_dikenal": "meragukan",
    "cakupan_mirip": "diperbaiki",
    "disamarkan": "diterima",
    "periksa_baris": "meragukan",
}
"""Kind of remark -> the outcome that it alone gives a row. In the order in which a row's remarks are listed.

The last two stand for others where safeguard.py hides those; `disamarkan` then has the outcome of its row."""

_ORDER = {kind: position for position, kind in enumerate(ISSUE_KINDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark not yet on a row: `kolom` the field it is about, the value as read and as used, what the text needs."""

    jenis: str
    kolom: str | None = None
    sebelum: str | None = None
    sesudah: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


class Ledger:
    """Remarks by row position while a register of `size` rows is cleaned."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: list[tuple[int, Remark]] = []

    def add(self, row: int, remark: Remark) -> None:
        """Puts a remark on the row at position `row`."""
        self._entries.append((row, remark))

    def outcomes(self) -> npt.NDArray[np.object_]:
        """The outcome of every row: the worst of its remarks, `diterima` without any."""
        worst = np.zeros(self._size, dtype=np.int64)
        if self._entries:
            rows = np.array([row for row, _ in self._entries])
            ranks = np.array([OUTCOMES.index(ISSUE_KINDS[remark.jenis]) for _, remark in self._entries])
            np.maximum.at(worst, rows, ranks)
        return np.array(OUTCOMES, dtype=object)[worst]

    def issues(
        self, sheets: Sequence[str | None], numbers: Sequence[int], fields: Collection[str]
    ) -> tuple[Issue, ...]:
        """All remarks as issues, by row and then by kind.

        `sheets` and `numbers` say where each row stands in its file; `fields` are those that the file has.
        """
        told = {remark.kolom for _, remark in self._entries if remark.kolom}
        columns = {name: _column(name, fields) for name in told}
        ordered = sorted(self._entries, key=lambda entry: (entry[0], _ORDER[entry[1].jenis], entry[1].kolom or ""))
        return tuple(
            Issue(
                lembar=sheets[row],
                nomor=int(numbers[row]),
                kolom=columns[remark.kolom] if remark.kolom else None,
                jenis=remark.jenis,
                hasil=ISSUE_KINDS[remark.jenis],
                pesan=_sentence(remark),
                sebelum=remark.sebelum,
                sesudah=remark.sesudah,
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
        found = [own for own in fields if own == name or (name.endswith(":") and own.startswith(name))]
        if found:
            return found[0]
    return None


def _sentence(remark: Remark) -> Message:
    return msg(f"register.{remark.jenis}", before=remark.sebelum or "", after=remark.sesudah or "", **remark.params)
