"""What the page knows of a plan: its sites, what is said of them, and the coverage with them as one more variant.

The page of a plan is the ordinary page with two variants, as it is and with the sites. Decides: that sites are no LKS
(they stand in no list of places and in no count of the register), and that a plan for a sensitive group is shown by
kecamatan and kabupaten only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lks_geo.measure import restrict
from lks_geo.messages import Texts
from lks_geo.said.advice import plan_headline, plan_notes, replaceable
from lks_geo.said.headlines import sentence
from lks_geo.siting.candidates import site_id
from lks_geo.tables import Coverage

if TYPE_CHECKING:
    from lks_geo.siting.planning import Plan

BEFORE, AFTER = "kini", "rencana"
"""The two variants of the page of a plan."""


def coverages(plan: Plan) -> dict[str, Coverage]:
    """The coverage of each variant; the sites are no places of the register."""
    found = {BEFORE: plan.before, AFTER: plan.shown_after}
    if plan.only_kecamatan:
        found = {key: restrict(one, levels=("kecamatan", "kabupaten")) for key, one in found.items()}
    return found


def site_names(plan: Plan) -> dict[str, str]:
    """What the cards call the sites that are the nearest of some desa."""
    texts = Texts(plan.settings.lang)
    return {
        site_id(row["urutan"]): texts("webmap.lokasi_rencana_nama", no=str(row["urutan"]), name=row["nama"])
        for row in plan.sites.to_dict("records")
    }


def plan_block(plan: Plan) -> dict[str, Any]:
    """The plan as the page shows it: sites in their order, the sentences beside them, the names of the variants."""
    texts = Texts(plan.settings.lang)
    return {
        "before": BEFORE,
        "after": AFTER,
        "headline": sentence(texts, plan_headline(plan)),
        "notes": [sentence(texts, note) for note in plan_notes(plan)],
        "unit": plan.unit,
        "sites": [
            {
                "id": site_id(row["urutan"]),
                "code": row["kode"],
                "name": _text(row["nama"]),
                "district": "" if plan.only_kecamatan else _text(row["kecamatan"]),
                "regency": _text(row["kabupaten"]),
                "lat": round(float(row["lintang"]), 6),
                "lon": round(float(row["bujur"]), 6),
                "gain": _number(row["tambahan_terjangkau"]),
                "total": _number(row["total_terjangkau"]),
                "share": _number(row["cakupan"]),
                "kind": texts(f"siting.kind_{row['jenis']}"),
                "replaceable": "" if plan.service else texts(replaceable(plan, place)),
                "substitutes": [[code, str(plan.options.at[code, "nama"])] for code in plan.substitutes[place]],
            }
            for place, row in enumerate(plan.sites.to_dict("records"))
        ],
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
