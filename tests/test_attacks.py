"""Attacks on the disguise with what an ordinary reader has: tables of one run, of two runs, of two registers.

Each attack is written as its author would want it to work; it may find the centre of the people of the kecamatan, which
anybody can compute, and must come no nearer to the true place than that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from raw_rows import Row, a_row, raw_register
from scipy.optimize import least_squares

from lks_geo.geo import distance_km
from lks_geo.locate import Locator, people_centres
from lks_geo.measure import measure_coverage, restrict
from lks_geo.register.cleaning.clean import clean
from lks_geo.render.frames import places_frame
from lks_geo.settings import Settings
from lks_geo.tables import Boundaries, Coverage, Population

pytestmark = pytest.mark.long
SECRET = "kekerasan"
KABUPATEN = "76.03"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hideout:
    """A shelter that also serves children, deep in a corner of its kecamatan; and its kecamatan's centre."""

    truth: Point
    centre: Point
    row: Row
    others: list[Row]


@pytest.fixture(scope="module", params=range(3))
def hideout(request: pytest.FixtureRequest, sulbar_boundaries: Boundaries, sulbar_population: Population) -> Hideout:
    rng = np.random.default_rng(request.param)
    desa = sulbar_boundaries.desa[sulbar_boundaries.desa["kode_kabupaten"] == KABUPATEN]
    kecamatan = str(rng.choice(sorted(set(desa["kode_kecamatan"]))))
    inside = desa[desa["kode_kecamatan"] == kecamatan]
    centre = people_centres([kecamatan], sulbar_boundaries, sulbar_population).iloc[0]
    middle = (centre["bujur"], centre["lintang"])
    points = inside.geometry.representative_point()
    far = [distance_km(*middle, point.x, point.y) for point in points]
    point = points.iloc[int(np.argmax(far))]
    row = a_row(id="X9", nama="Lembaga Sunyi", jenis_layanan="Anak; Korban kekerasan", desa=None, kecamatan=None,
                kabupaten=None, bujur=f"{point.x:.6f}", lintang=f"{point.y:.6f}")  # fmt: skip
    others = []
    for number in range(12):
        spot = desa.geometry.iloc[int(rng.integers(len(desa)))].representative_point()
        service = str(rng.choice(["Anak", "Lansia"]))
        at = {"bujur": f"{spot.x:.6f}", "lintang": f"{spot.y:.6f}"}
        others.append(row | at | {"id": f"O{number}", "nama": f"Panti {number}", "jenis_layanan": service})
    return Hideout((point.x, point.y), middle, row, others)


@pytest.fixture(scope="module")
def measured(
    sulbar_boundaries: Boundaries, sulbar_population: Population, sulbar_settings: Settings
) -> Callable[..., Coverage]:
    def make(*rows: Row, **changes: object) -> Coverage:
        settings = replace(sulbar_settings, **changes)  # type: ignore[arg-type]
        register = clean(raw_register(rows), sulbar_boundaries, settings, sulbar_population)
        return measure_coverage(register, sulbar_boundaries, sulbar_population, settings)

    return make


def homes(coverage: Coverage) -> pd.DataFrame:
    """Where people live, as anybody can look it up: `lon`, `lat` by code."""
    points = coverage.boundaries.desa.geometry.map(lambda shape: shape.point_on_surface())
    return pd.DataFrame({"lon": points.map(lambda p: p.x), "lat": points.map(lambda p: p.y)})


def located_by(points: pd.DataFrame, km: pd.Series, start: Point) -> Point:
    """The point whose distances to `points` are `km`."""
    at = points.loc[km.index]

    def errors(guess: np.ndarray) -> np.ndarray:
        lon, lat = np.full(len(at), guess[0]), np.full(len(at), guess[1])
        return np.asarray(distance_km(at["lon"].to_numpy(), at["lat"].to_numpy(), lon, lat)) - km.to_numpy()

    found = least_squares(errors, start, x_scale=0.01).x
    return float(found[0]), float(found[1])


def no_nearer(found: Point, hideout: Hideout) -> None:
    """The attack found the centre of the kecamatan, and so nothing."""
    to_centre = float(distance_km(*found, *hideout.centre))
    assert to_centre < 0.5, "the attack works on what it is given"
    assert float(distance_km(*hideout.centre, *hideout.truth)) > 2
    assert float(distance_km(*found, *hideout.truth)) > float(distance_km(*hideout.centre, *hideout.truth)) - 0.5


@pytest.mark.parametrize("group", [SECRET, "anak"])
def test_distances_lead_to_the_centre(group: str, hideout: Hideout, measured: Callable[..., Coverage]) -> None:
    coverage = measured(hideout.row, *hideout.others)
    table = coverage.at("desa", group)
    km = table["jarak_km"][table["lks_terdekat"].str.startswith("disamarkan", na=False)]
    assert len(km) >= 3
    no_nearer(located_by(homes(coverage), km, hideout.centre), hideout)


def test_shares_and_status_at_several_reaches_lead_to_the_centre(
    hideout: Hideout, measured: Callable[..., Coverage]
) -> None:
    """Fits a place whose circles give the shares (and the status) that the tables show, on a grid around the centre."""
    shown = {km: measured(hideout.row, reach_km=km).at("desa", SECRET) for km in (5.0, 10.0, 15.0)}
    lon, lat = hideout.centre
    steps = np.linspace(-0.09, 0.09, 7)
    tried: dict[Point, float] = {}
    for east in steps:
        for north in steps:
            spot = (lon + float(east), lat + float(north))
            guess = hideout.row | {"jenis_layanan": "Lansia", "bujur": f"{spot[0]:.6f}", "lintang": f"{spot[1]:.6f}"}
            fit = 0.0
            for km, table in shown.items():
                mine = measured(guess, reach_km=km).at("desa", "lansia")
                fit += float(((mine["pangsa_terjangkau"] - table["pangsa_terjangkau"]) ** 2).sum())
                fit += float((mine["status"] != table["status"]).sum()) * 1e-3
            tried[spot] = fit
    no_nearer(min(tried, key=lambda spot: tried[spot]), hideout)


def test_two_runs_tell_no_more_than_one(hideout: Hideout, measured: Callable[..., Coverage]) -> None:
    """Filters, a group left out, one kabupaten: where two runs differ, they differ as for a place at the centre."""
    full = measured(hideout.row | {"status_aktif": "Tidak aktif"}, *hideout.others)
    everything = measured(hideout.row | {"status_aktif": "Tidak aktif"}, *hideout.others, active_only=False)
    before, after = full.at("desa", "anak")["jarak_km"], everything.at("desa", "anak")["jarak_km"]
    nearer = after[after < before - 1e-9]
    assert len(nearer) >= 3
    no_nearer(located_by(homes(full), nearer, hideout.centre), hideout)
    narrowed = restrict(everything, groups=["anak"], kabupaten=[KABUPATEN]).at("desa", "anak")
    pd.testing.assert_series_equal(narrowed["jarak_km"], after.loc[narrowed.index])


def test_two_registers_a_month_apart(hideout: Hideout, measured: Callable[..., Coverage]) -> None:
    last_month, now = measured(*hideout.others), measured(hideout.row, *hideout.others)
    before, after = last_month.at("desa", "anak")["jarak_km"], now.at("desa", "anak")["jarak_km"]
    changed = after[(before - after) > 1e-9]
    assert len(changed) >= 3
    no_nearer(located_by(homes(now), changed, hideout.centre), hideout)


def test_places_listed_have_no_gap(hideout: Hideout, measured: Callable[..., Coverage]) -> None:
    """Rows sorted by area with running ids, the shelter between two neighbours of one desa."""
    rows = [row | {"id": f"LKS-{number:03d}"} for number, row in enumerate([*hideout.others, *hideout.others[:6]])]
    rows = [row | {"nama": f"{row['nama']} {row['id']}".replace("LKS-", "nomor ")} for row in rows]
    rows.insert(9, hideout.row | {"id": "LKS-900"})
    rows = [row | {"id": f"LKS-{number:03d}"} for number, row in enumerate(rows)]
    places = places_frame(measured(*rows))
    assert "LKS-009" not in set(places["id"])
    assert not places["id"].str.startswith("LKS").any()
    assert "nomor" not in places.columns
    numbers = places["id"].str.rpartition("-")
    for _, members in numbers.groupby(0):
        counted = sorted(members[2].astype(int))
        assert all(later - earlier == 1 for earlier, later in pairwise(counted))
        assert counted[0] == 1


def test_the_centre_may_lie_anywhere(sulbar_boundaries: Boundaries, sulbar_population: Population) -> None:
    """The point of a disguised place says its kecamatan and no more: one per kecamatan, known without a register."""
    codes = sorted(set(sulbar_boundaries.desa["kode_kecamatan"]))
    centres = people_centres(codes, sulbar_boundaries, sulbar_population)
    assert centres.index.tolist() == codes
    inside = Locator(sulbar_boundaries).assign(centres["bujur"], centres["lintang"])["kode"]
    assert (inside.str[:8].to_numpy() == np.array(codes)).mean() > 0.8
