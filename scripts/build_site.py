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


def main() -> int:
    built = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict", "--clean"], cwd=ROOT, check=False
    )
    if built.returncode:
        return built.returncode
    faults = []
    for page in sorted(SITE.rglob("*.html")):
        up = "../" * (len(page.relative_to(SITE).parts) - 1)
        text = page.read_text(encoding="utf-8").replace(FETCHED, up + SHIPPED)
        page.write_text(text, encoding="utf-8")
        faults += [f"{page.relative_to(SITE)}: {found}" for found in _FOREIGN.findall(_NO_LOAD.sub("<nothing", text))]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
