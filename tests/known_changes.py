"""Two registers of which every change is known: invented LKS at real desa, edited by chance, the truth beside them.

    known = changed(seed, boundaries, ids="renumbered")
    known.old, known.new   # registers
    known.truth            # row number of the old register -> of the new one

Names are made of few words, as those of real LKS are, so that several bear the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from world import place, register_of

from lks_geo.tables import Boundaries, Register

KINDS = ("LKSA", "Panti Asuhan", "LKS-LU", "Yayasan", "Panti Jompo", "LKSPD", "LKS")
WORDS = (
    "Kasih", "Bunda", "Harapan", "Melati", "Nurul", "Iman", "Sejahtera", "Mandiri", "Al", "Ikhlas", "Darul", "Aman",
    "Bina", "Insani", "Cahaya", "Hati", "Mulia", "Sinar", "Pelita", "Tunas", "Bangsa", "Amanah", "Rahmat", "Karya",
    "Permata", "Setia", "Budi", "Luhur", "Wahana", "Citra", "Mekar", "Sari", "Lestari", "Damai", "Abadi", "Jaya",
)  # fmt: skip
GROUPS = ("anak", "lansia", "disabilitas", "napza")
EDITS = ("pindah", "ganti_nama", "layanan", "status", "hilang")
IDS = ("kept", "dropped", "renumbered")

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Known:
    """`truth`: row number of the old register -> of the new one; `edits`: old row number -> what was done."""

    old: Register
    new: Register
    truth: dict[int, int]
    edits: dict[int, tuple[str, ...]]


class _Land:
    """Desa with a point inside, from which a few hundred metres stay inside or do not matter."""

    def __init__(self, boundaries: Boundaries) -> None:
        self.codes = [str(code) for code in boundaries.desa.index]
        self.inside = {
            part: np.array([at for at, code in enumerate(self.codes) if code.startswith(part)])
            for part in {"", *(code[:5] for code in self.codes)}
        }
        self.points = shapely.get_coordinates(shapely.point_on_surface(boundaries.desa.geometry.to_numpy()))

    def spot(self, rng: np.random.Generator, kabupaten: str = "") -> Row:
        at = int(rng.choice(self.inside[kabupaten]))
        lon, lat = self.points[at] + rng.normal(0, 0.004, 2)
        return located(self.codes[at], "titik", float(lon), float(lat))


def located(desa: str | None, how: str, lon: float = np.nan, lat: float = np.nan, kecamatan: str = "") -> Row:
    kecamatan = desa[:8] if desa else kecamatan
    return {
        "kode_desa": desa, "kode_kecamatan": kecamatan, "kode_kabupaten": kecamatan[:5], "lokasi": how,
        "bujur": lon, "lintang": lat,
    }  # fmt: skip


def invented(rng: np.random.Generator, land: _Land, number: int) -> Row:
    """One LKS: most with a point, some known by their desa or kecamatan only."""
    words = " ".join(rng.choice(WORDS, int(rng.integers(1, 4)), replace=False))
    groups = tuple(sorted(rng.choice(GROUPS, 1 + (rng.random() < 0.2), replace=False)))
    row = place(f"S{number}", [(group, None) for group in groups], None)
    row |= land.spot(rng) | {
        "id_tertulis": f"LKS-{number:05d}", "nama": f"{rng.choice(KINDS)} {words}", "aktif": bool(rng.random() < 0.85),
        "kapasitas": int(rng.integers(10, 60)) if rng.random() < 0.6 else None,
        "alamat": f"Jl. {rng.choice(WORDS)} No. {rng.integers(1, 99)}" if rng.random() < 0.6 else None,
    }  # fmt: skip
    sure = rng.random()
    if sure < 0.04:
        row |= located(None, "tanpa_titik", kecamatan=str(row["kode_kecamatan"]))
    elif sure < 0.12:
        at = land.codes.index(str(row["kode_desa"]))
        row |= located(str(row["kode_desa"]), "perkiraan", *land.points[at])
    return row


def edited(rng: np.random.Generator, land: _Land, row: Row, edit: str) -> Row:
    """The row after one change."""
    if edit == "pindah":
        return row | land.spot(rng, str(row["kode_kabupaten"]) if rng.random() < 0.8 else "") | {"alamat": None}
    if edit == "ganti_nama":
        return row | {"nama": f"{rng.choice(KINDS)} {' '.join(rng.choice(WORDS, 2, replace=False))}"}
    if edit == "layanan":
        other = str(rng.choice([group for group in GROUPS if group not in row["kelompok"]]))  # type: ignore[operator]
        groups = (other,) if rng.random() < 0.5 else tuple(sorted((*row["kelompok"], other)))  # type: ignore[misc]
        return row | {"kelompok": groups, "layanan": tuple((group, None) for group in groups)}
    if edit == "status":
        return row | {"aktif": not row["aktif"]}
    return row


def half_altered(rng: np.random.Generator, name: str) -> str:
    """A name as somebody else writes it: another kind, a letter lost, a word lost or added."""
    kind, _, words = name.partition(" ")
    words = words.removeprefix("Asuhan ").removeprefix("Jompo ")
    how = rng.random()
    if how < 0.4 and len(words) > 4:
        at = int(rng.integers(1, len(words) - 1))
        words = words[:at] + words[at + 1 :]
    elif how < 0.6 and " " in words:
        words = words.rpartition(" ")[0]
    elif how < 0.8:
        words += f" {rng.choice(WORDS)}"
    else:
        kind = str(rng.choice(KINDS))
    return f"{kind} {words}".upper()


def changed(
    seed: int, boundaries: Boundaries, *, ids: str, alter: bool = False, size: int = 169, share: float = 0.06
) -> Known:
    """Two registers; `share` of the rows undergo each of EDITS, as many are new. `alter`: half of all names too."""
    rng, land = np.random.default_rng(seed), _Land(boundaries)
    before = [invented(rng, land, number) for number in range(size)]
    after: list[tuple[int | None, Row]] = []
    edits: dict[int, tuple[str, ...]] = {}
    for number, row in enumerate(before):
        done = tuple(edit for edit in EDITS if rng.random() < share)
        edits[number + 2] = done
        if "hilang" not in done:
            for edit in done:
                row = edited(rng, land, row, edit)  # noqa: PLW2901  # edits follow each other
            if alter and rng.random() < 0.5:
                row = row | {"nama": half_altered(rng, str(row["nama"]))}  # noqa: PLW2901  # edits follow each other
            after.append((number, row))
    after += [(None, invented(rng, land, size + number)) for number in range(int(size * share))]
    order = rng.permutation(len(after))
    after = [after[at] for at in order]
    numbers = {"dropped": None, "renumbered": "LKS-{:05d}"}
    for at, (first, row) in enumerate(after):
        text = numbers.get(ids, row["id_tertulis"])
        after[at] = first, row | {"id": f"T{at}", "id_tertulis": text and str(text).format(at)}
    truth = {first + 2: second + 2 for second, (first, _) in enumerate(after) if first is not None}
    return Known(old=register_of(before), new=register_of([row for _, row in after]), truth=truth, edits=edits)
