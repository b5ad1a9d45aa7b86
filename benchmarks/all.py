"""Every speed that is promised, measured: `python benchmarks/all.py [--desa FILE] [--quick] [--runs 3] [--only WORD]`.

Whole processes, files to files, on registers that are made here. FILE is a layer of the desa of the country (GeoParquet
with `kode` and polygons); without it the work on the country is left out. `--quick`: one run each, and of everything
large a twentieth. The result stands in `benchmarks/README.md`, with a chart of how time grows (`growth.svg`): by rows,
and by the corners of the desa, of which the first quarter of the country has fewer for each. The bars are those of a
quiet machine with 2 cores on which `lks-geo --help` takes 0.07 s.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import bench_access
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from bench_check import clean_register, write
from bench_compare import edited, invented
from processes import Cost, costs

from lks_geo import shipped
from lks_geo.boundaries import load_boundaries
from lks_geo.locate import Locator

HERE = Path(__file__).parent
GROUPS = ("anak", "lansia", "disabilitas", "napza", "kekerasan")
TOOL = ("-m", "lks_geo", "--quiet")
USUAL_S = 0.07
"""So long `lks-geo --help` takes on the machine that the bars are for."""
SHARES = (0.005, 0.012, 0.05, 0.25, 1.0)
"""Of the country's desa and of 200,000 rows: from 416 desa and 1,000 rows, and 1,000 desa and 2,400 rows, upwards."""
LONG_S = 30.0
"""Works with this bar, and those without one, run once."""
SMALLER = 20
"""By so much the large inputs are smaller with `--quick`."""

Made = TypeVar("Made")

Growth = dict[tuple[str, str], list[tuple[int, Cost]]]
"""What works of one kind cost, by how many they have of what ("rows", "corners")."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A command and its bars (seconds, GB; NaN: none). `sizes`: how many rows, and corners of desa, for the growth of
    works that share `kind`."""

    title: str
    command: tuple[str, ...]
    seconds: float = float("nan")
    gb: float = float("nan")
    kind: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    """A plain way to the same, as arguments of Python."""
    ratio: float = float("nan")
    last_step: bool = False
    """The bar of time is about the last step that the command tells of (`-v`)."""


class Bench:
    """The inputs, made in a folder, and the works on them."""

    def __init__(self, folder: Path, desa: Path | None, scale: int) -> None:
        self.folder, self.desa, self.scale = folder, desa, scale
        self.sulbar = load_boundaries(None).desa

    def works(self) -> Iterator[Work]:
        example, target = str(shipped.EXAMPLE_REGISTER), self._target
        plain = self.folder / "sulbar.parquet"
        self.sulbar.reset_index()[["kode", "geometry"]].to_parquet(plain)
        yield Work(title="`--help`", command=("-m", "lks_geo", "--help"), seconds=0.15)
        yield Work(
            title="`map`, Sulbar", seconds=2.0,
            command=(*TOOL, "map", example, "-o", target("peta.html"), "--overwrite"),
            beside=(str(HERE / "plain_folium.py"), str(plain), target("folium.html")), ratio=0.40,
        )  # fmt: skip
        yield Work(
            title="`run`, Sulbar",
            command=(*TOOL, "run", example, "-o", target("all"), "--overwrite"),
            seconds=9.0,
            gb=0.6,
        )
        plan = (*TOOL, "plan", example, "--group", "lansia", "--sites", "10", "-o", target("plan.csv"), "--overwrite")
        yield Work(title="`plan`, Sulbar, 10 sites", command=plan, seconds=4.0)
        old, new = self._pair("sulbar", self.sulbar, 169)
        compare = (*TOOL, "compare", old, new, "-o", target("changes.csv"), "--overwrite")
        yield Work(title="`compare`, 169 rows", command=compare, seconds=3.0)
        if self.desa is not None:
            yield from self._national(self.desa)
        if self.scale == 1:
            tests = ("-m", "pytest", str(HERE.parent / "tests"))
            yield Work(title="the README's tests, after installation", command=tests, seconds=300.0)

    def _national(self, source: Path) -> Iterator[Work]:
        layer = gpd.read_parquet(source).sort_values("kode").reset_index(drop=True)
        layer = layer.iloc[: len(layer) // self.scale]
        for share in SHARES:
            desa, rows = layer.iloc[: round(len(layer) * share)], round(200_000 * share / self.scale)
            path, whole = self.folder / f"desa{rows}.parquet", share == 1
            desa.to_parquet(path)
            known = load_boundaries(path).desa
            register, people = self._register(f"places{rows}", known, rows), self._people(f"people{rows}", known)
            where = ("--boundaries", str(path), "--overwrite")
            check = (*TOOL, "check", register, "-o", self._target("c.json"), *where)
            yield Work(
                title=f"`check`, {rows:,} rows", command=check, kind="check", sizes={"rows": rows},
                **({"seconds": 30.0, "gb": 1.2} if whole else {}),
            )  # fmt: skip
            yield Work(
                title=f"`coverage`, {len(desa):,} desa x {rows:,} rows x 5 groups, to .parquet", kind="coverage",
                command=(*TOOL, "coverage", register, "--population", people, *where, "-o", self._target("c.parquet")),
                sizes={"rows": rows, "corners": int(shapely.get_num_coordinates(desa.geometry).sum())},
                **({"seconds": 45.0, "gb": 2.0} if whole else {}),
            )  # fmt: skip
        plan = ("plan", register, "--sites", "100", "--group", "lansia", "--population-model", "point", "--population")
        yield Work(
            title="`plan`, the country, 100 sites, model point", seconds=30.0, last_step=True,
            command=("-m", "lks_geo", "-v", *plan, people, *where, "-o", self._target("plan.csv")),
        )  # fmt: skip
        number = 100_000 // self.scale
        pair = self._pair("country", known, number)
        yield Work(
            title=f"`compare`, {number:,} x {number:,} rows", seconds=60.0, gb=2.0,
            command=(*TOOL, "compare", *pair, *where, "-o", self._target("changes.csv")),
        )  # fmt: skip
        for title, rows, seconds in (("8,000 desa", 8_000 // self.scale, 20.0), ("the country", len(layer), 240.0)):
            some = self.folder / f"source{rows}.parquet"
            layer.iloc[:rows].to_parquet(some)
            made = ("-o", self._target("made.parquet"), "--overwrite")
            command = (*TOOL, "boundaries", "import", str(some), *made)
            yield Work(title=f"`boundaries import`, {title}", command=command, seconds=seconds, gb=4.0)
        imported = ("--boundaries", self._target("made.parquet"), "--overwrite", "-o", self._target("c.parquet"))
        yield Work(
            title="`coverage` as above, with the boundaries that `boundaries import` made",
            command=(*TOOL, "coverage", register, "--population", people, *imported),
        )

    def _target(self, name: str) -> str:
        return str(self.folder / name)

    def _register(self, name: str, desa: gpd.GeoDataFrame, rows: int) -> str:
        path = self.folder / f"{name}.csv"
        table = clean_register(desa, rows, np.random.default_rng(1))
        write(table, table.shape[1], path)
        return str(path)

    def _people(self, name: str, desa: gpd.GeoDataFrame) -> str:
        people = np.random.default_rng(2).integers(10, 900, (len(desa), len(GROUPS)))
        path = self.folder / f"{name}.csv"
        pd.DataFrame(people, columns=list(GROUPS)).assign(kode_desa=desa.index).to_csv(path, index=False)
        return str(path)

    def _pair(self, name: str, desa: gpd.GeoDataFrame, rows: int) -> tuple[str, str]:
        rng = np.random.default_rng(1)
        before = invented(desa, rows, rng)
        paths = [self.folder / f"{name}-{end}.csv" for end in ("old", "new")]
        for path, table in zip(paths, (before, edited(before, desa, 0.2, "renumbered", rng)[0]), strict=True):
            write(table, table.shape[1], path)
        return str(paths[0]), str(paths[1])


def assigning(points: int) -> str:
    """How long points take to their desa, beside the bare query of an STRtree."""
    boundaries, rng = load_boundaries(None), np.random.default_rng(1)
    shapes = boundaries.desa.geometry.to_numpy()
    near = shapely.get_coordinates(shapely.point_on_surface(shapes))[rng.integers(0, len(shapes), points)]
    lon, lat = (near + rng.normal(0, 0.005, near.shape)).T
    tree, spots = shapely.STRtree(shapes), shapely.points(lon, lat)
    locator = Locator(boundaries)
    locator.assign(lon[:10], lat[:10])
    own, bare = (_timed(work) for work in (lambda: locator.assign(lon, lat),
                                           lambda: tree.query(spots, predicate="intersects")))  # fmt: skip
    return f"| assigning {points:,} points to desa | 1.3 x STRtree | {own:.2f} s | | | {own / bare:.2f} x STRtree |"


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(work: Work, found: Cost, plain: Cost | None, slower: float) -> str:
    """A row of the table; `slower`: how many times slower this machine was than that of the bars."""
    of = " after reading" * work.last_step
    bars = [f"{work.seconds:g} s{of} ({work.seconds * slower:.3g} s)"] * (work.seconds > 0) + [
        f"{work.gb:g} GB"
    ] * (work.gb > 0)  # fmt: skip
    beside = f"after reading: {found.last:.2f} s" if work.last_step else ""
    if plain is not None:
        wall, cpu = found.wall / plain.wall, found.cpu / plain.cpu
        beside = f"{wall:.2f} x plain folium (bar {work.ratio:g} x), {cpu:.2f} x of the processors"
    cells = (work.title, ", ".join(bars), f"{found.wall:.2f} s", f"{found.cpu:.2f} s", f"{found.gb:.2f} GB", beside)
    return f"| {' | '.join(cells)} |"


def of_the_inside(scale: int) -> Iterator[str]:
    """Rows on parts that have bars of their own, beside the plain way."""
    yield alone(assigning, 1_000_000 // scale)
    for title, seconds, beside in alone(bench_access.compared, 20_000 // scale, 10_000 // scale):
        yield f"| {title} | 10 x faster | {seconds:.4f} s | | | {beside} |"
    try:
        import bench_plan
    except ImportError:
        yield "| solving a plan | 1 s | | | | not measured: needs `pip install spopt` |"
    else:
        title, seconds, beside = alone(bench_plan.compared, 10)
        yield f"| {title} | 1 s | {seconds:.2f} s | | | {beside} |"


def alone(work: Callable[..., Made], *sizes: int) -> Made:
    """What `work` gives in a process of its own, whose memory nothing else has warmed."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(work, *sizes).result()


def exponent(steps: list[tuple[int, Cost]], what: str) -> float:
    """By which power of the size time grows; `what`: "wall" or "cpu"."""
    sizes, seconds = [size for size, _ in steps], [getattr(cost, what) for _, cost in steps]
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def n_log_n(steps: list[tuple[int, Cost]]) -> float:
    """The power that n log n would have."""
    sizes = np.log([size for size, _ in steps])
    return float(np.polyfit(sizes, sizes + np.log(sizes), 1)[0])


def chart(growth: Growth, path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "lks-geo"
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    for (kind, unit), steps in growth.items():
        if unit != "rows":
            continue
        sizes, seconds = [size for size, _ in steps], [cost.wall for _, cost in steps]
        axes.loglog(sizes, seconds, marker="o", label=f"{kind}: exponent {exponent(steps, 'wall'):.2f}")
    axes.set(xlabel="rows of the register", ylabel="seconds")
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--desa", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    runs, scale = (1, SMALLER) if chosen.quick else (chosen.runs, 1)
    lines: list[str] = []
    growth: Growth = {}
    about = "**Quick: large inputs are a twentieth of those that the bars are for.** " if chosen.quick else ""
    try:
        measure(chosen, scale, runs, lines, growth)
    except KeyboardInterrupt:
        about += "**Stopped before the end.**"
    if not chosen.only:
        report(lines, growth, about.strip(), runs)


def measure(
    chosen: argparse.Namespace, scale: int, runs: int, lines: list[str], growth: Growth
) -> None:  # fmt: skip
    """Adds what is measured to `lines` and `growth` as it comes. Our modules are compiled first, as installing does."""
    compileall.compile_dir(Path(shipped.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        for work in Bench(Path(folder), chosen.desa, scale).works():
            if chosen.only not in work.title:
                continue
            before = slowness()
            asked = [work.command, work.beside] if work.beside else [work.command]
            found, *plain = costs(asked, runs if work.seconds < LONG_S else 1)
            lines.append(line(work, found, plain[0] if plain else None, (before + slowness()) / 2))
            print(lines[-1], flush=True)
            for unit, size in work.sizes.items():
                growth.setdefault((work.kind, unit), []).append((size, found))
    for row in of_the_inside(scale):
        lines.append(row)
        print(row, flush=True)


def slowness() -> float:
    """How many times slower than the machine of the bars this one is now."""
    return costs([("-m", "lks_geo", "--help")], 9)[0].wall / USUAL_S


def report(lines: list[str], growth: Growth, remark: str, runs: int) -> None:
    """Writes the page and the chart."""
    machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    grown_enough = {kind: steps for kind, steps in growth.items() if len(steps) > 2}
    about = f"{time.strftime('%Y-%m-%d')}, {machine}, " + (f"median of {runs}" if runs > 1 else "one run each")
    grown = [
        f"- `{kind}` grows with the power {exponent(steps, 'wall'):.2f} of its {unit} over all sizes, "
        f"{exponent(steps[-2:], 'wall'):.2f} over the last step; its time of processors with "
        f"{exponent(steps, 'cpu'):.2f} and {exponent(steps[-2:], 'cpu'):.2f} (n log n: {n_log_n(steps[-2:]):.2f})."
        for (kind, unit), steps in grown_enough.items()
    ]
    if grown:
        chart(grown_enough, HERE / "growth.svg")
    page = [
        "# Speed", "",
        "Made by `python benchmarks/all.py --desa FILE` (whole processes, files to files); see there. The bars are for",
        "a quiet machine on which `lks-geo --help` takes 0.07 s; in brackets: here, by its `--help` before and after.",
        "Memory is that of all processes of a command, shared pages counted once. Large works run once.", "",
        f"{about}. {remark}".strip(), "",
        "| work | bar | wall | processors | peak memory | beside |", "|---|---|---|---|---|---|", *lines, "",
        *grown, *([""] * bool(grown)), *(["![How time grows](growth.svg)", ""] * bool(grown)),
        "By hand: `bench_check.py` and `bench_compare.py` (dirty registers, other sizes, how many pairs are right).",
        "",
    ]  # fmt: skip
    (HERE / "README.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
