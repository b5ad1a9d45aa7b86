"""What one map shows: a group, a level, a measure and an area of a coverage, classed and counted for the legend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lks_geo.catalogue import MAPPED, Group
from lks_geo.errors import RequestError
from lks_geo.messages import Message, Texts, msg
from lks_geo.render import style
from lks_geo.said.areas import kabupaten_shown, rows_of, short_place
from lks_geo.said.assumptions import known_part
from lks_geo.tables import STATUSES, UNREPORTED, Coverage

ALWAYS = STATUSES[:4]


class LegendRow(NamedTuple):
    """One line of a legend: the class, how many areas it has, and their people (None: not known)."""

    kind: style.MapClass
    areas: int
    people: float | None


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What a map is about. `kabupaten` is a code; None shows all areas that the settings show."""

    coverage: Coverage
    group: str
    level: str = "desa"
    kabupaten: str | None = None
    measure: str = "status"

    def __post_init__(self) -> None:
        known = self.coverage.boundaries.names("kabupaten").index
        if self.kabupaten is not None and self.kabupaten not in known:
            raise RequestError(msg("figure.unknown_kabupaten", found=self.kabupaten, allowed=", ".join(known)))
        if self.measure not in MAPPED:
            raise RequestError(msg("figure.unknown_measure", found=self.measure, allowed=", ".join(MAPPED)))

    @cached_property
    def texts(self) -> Texts:
        """The language of the map."""
        return Texts(self.coverage.settings.lang)

    @cached_property
    def target_group(self) -> Group:
        """The group."""
        return self.coverage.settings.group(self.group)

    @cached_property
    def names(self) -> pd.DataFrame:
        """Names and parents of the areas of the level."""
        return self.coverage.boundaries.names(self.level)

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """Codes of the kabupaten shown; empty for all."""
        return kabupaten_shown(self.coverage, self.kabupaten)

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Which areas of the level belong to what is shown; the others are only its setting."""
        if not self.wanted or self.level == "provinsi":
            return np.ones(len(self.names), dtype=bool)
        return self.names["kode_kabupaten"].isin(self.wanted).to_numpy()

    @property
    def pills(self) -> bool:
        """Whether names of kecamatan stand on the map with how many of their desa are unserved."""
        return self.kabupaten is not None and self.kabupaten not in self.coverage.unreported

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The coverage rows of the level and group, one per area of the level (NA where the table has none)."""
        return rows_of(self.coverage, self.level, self.group).reindex(self.names.index)

    @cached_property
    def breaks(self) -> tuple[float, ...]:
        """The breaks between the classes of the measure."""
        return style.class_breaks(self.measure, rows_of(self.coverage, self.level, self.group)[self.measure])

    @cached_property
    def class_of(self) -> pd.Series[str]:
        """The class key of each area of the level; one that is not reported is that, whatever the measure."""
        classes = style.classify(self.measure, self.rows[self.measure], self.breaks)
        unreported = (self.rows["status"] == UNREPORTED).fillna(False).to_numpy(dtype=bool)
        return classes.mask(unreported, UNREPORTED)

    @cached_property
    def classes(self) -> tuple[style.MapClass, ...]:
        """All classes, gap first, what is not reported and what has no data last."""
        kinds = (kind for kind in style.measure_classes(self.measure, self.breaks) if kind.key != UNREPORTED)
        return (*kinds, style.unreported_class(), style.no_data_class())

    @cached_property
    def legend(self) -> tuple[LegendRow, ...]:
        """The legend: special classes only where they occur, `ada` only where the contract has it."""
        inside = self.class_of[self.inside]
        people = self.rows.loc[self.inside, "sasaran"].astype("float64")
        rows = []
        for kind in self.classes:
            members = (inside == kind.key).to_numpy()
            if not members.any() and not self._keeps(kind.key):
                continue
            known = people[members].dropna()
            total = float(known.sum()) if len(known) else (0.0 if not members.any() else None)
            rows.append(LegendRow(kind, int(members.sum()), total))
        return tuple(rows)

    @cached_property
    def known(self) -> Message:
        """On how many desa the people of the legend rest."""
        rows = self.rows[self.inside]
        if self.level == "desa":
            return known_part(int(rows["sasaran"].notna().sum()), len(rows))
        return known_part(int(rows["desa_diketahui"].sum()), int(rows["jumlah_desa"].sum()))

    def _keeps(self, key: str) -> bool:
        if key in style.HATCHES:
            return False
        if self.measure != "status":
            return True
        if key == "ada":
            return self.level == "desa"
        return key in ALWAYS

    @cached_property
    def place(self) -> Message:
        """The area in words, for the title."""
        wanted = self.wanted
        names = self.coverage.boundaries.names("kabupaten" if wanted else "provinsi")["nama"].astype(str)
        chosen = sorted(short_place(name) for name in (names[names.index.isin(wanted)] if wanted else names))
        if wanted and len(chosen) == 1 and chosen[0].startswith("Kota "):
            return msg("figure.place_plain", names=chosen[0])
        key = ("kabupaten" if wanted else "provinsi") + ("" if len(chosen) == 1 else "_many")
        return msg(f"figure.place_{key}", names=", ".join(chosen))

    def points(self) -> pd.DataFrame:
        """Places of the group with a point that may be listed: `nama`, `lintang`, `bujur`, `dihitung`."""
        places = self.coverage.listed_places
        serves, counts = (
            places[name].map(lambda keys: self.group in keys).to_numpy(dtype=bool)
            for name in ("kelompok", "kelompok_dihitung")
        )
        known = places["lintang"].notna() & places["bujur"].notna()
        places = places.assign(dihitung=counts)
        return places[serves & known.to_numpy()][["nama", "lintang", "bujur", "dihitung"]]
