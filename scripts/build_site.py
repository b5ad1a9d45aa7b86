"""Builds the documentation site into site/, strictly: broken links and anchors are faults. Needs the extra `docs`.

The site asks for nothing from the internet, so that a folder of it can be handed on: the one script that the builder
would fetch for the search is replaced by the copy in site_theme/; all else that is foreign is a fault.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SITE = ROOT / "site"
FETCHED = "https://unpkg.com/iframe-worker/shim"
SHIPPED = "assets/iframe-worker.js"
_FOREIGN = re.compile(r"""<(?:script|img|link)\b[^>]*?(?:src|href)="(https?://[^"]+)""")  # '<img src="https://...'
_NO_LOAD = re.compile(r'<link\b[^>]*rel="(?:canonical|alternate)"')  # names a page and loads nothing


def nav() -> list[list[str]]:
    """The pages of the site, section by section: Bahasa Indonesia, English, for developers."""
    parts = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    sections = re.split(r"^  - .*:$", parts, flags=re.MULTILINE)[1:]  # "  - English:"
    return [re.findall(r": (\S+\.(?:md|ipynb))$", section, re.MULTILINE) for section in sections]


def with_twin(text: str, page: str, twins: dict[str, str]) -> str:
    """A page with a link to itself in the other language, above its title."""
    twin = twins.get(page)
    if twin is None:
        return text
    lang, name = ("en", "English") if twin.startswith("en/") else ("id", "Bahasa Indonesia")
    href = "../" * page.count("/") + twin
    return text.replace("<h1", f'<p class="twin"><a href="{href}" hreflang="{lang}" lang="{lang}">{name}</a></p><h1', 1)


def main() -> int:
    built = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict", "--clean"], cwd=ROOT, check=False
    )
    if built.returncode:
        return built.returncode
    bahasa, english = ([Path(page).with_suffix(".html").as_posix() for page in pages] for pages in nav()[:2])
    twins = dict(zip(bahasa + english, english + bahasa, strict=True))
    faults = []
    for page in sorted(SITE.rglob("*.html")):
        name = page.relative_to(SITE).as_posix()
        text = page.read_text(encoding="utf-8").replace(FETCHED, "../" * name.count("/") + SHIPPED)
        page.write_text(with_twin(text, name, twins), encoding="utf-8")
        faults += [f"{name}: {found}" for found in _FOREIGN.findall(_NO_LOAD.sub("<nothing", text))]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
