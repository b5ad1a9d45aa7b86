"""Takes docs/peta.png, the picture of the README: the interactive map of the sample data, opened at the older people.

Needs the extra `dev` and a Chromium (the one that CHROMIUM names, else one of the PATH). Argument: where to write.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from lks_geo import shipped
from lks_geo.cli.program import run

PICTURE = Path(__file__).parent.parent / "docs" / "peta.png"
SIZE = {"width": 1440, "height": 900}
COLOURS = 128
DAY = "2026-11-24"


def main(target: Path) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found. Install it, or name it in CHROMIUM.")
    with TemporaryDirectory() as folder:
        page_file, shot = Path(folder) / "peta.html", Path(folder) / "peta.png"
        if run(["map", str(shipped.EXAMPLE_REGISTER), "--group", "lansia", "--date", DAY, "-o", str(page_file)]):
            sys.exit(1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=300_000)
            page = browser.new_page(viewport=SIZE)
            page.goto(page_file.as_uri(), timeout=300_000)
            page.locator(".legend-row").first.wait_for(state="attached", timeout=300_000)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            page.screenshot(path=shot, timeout=300_000)
            browser.close()
        Image.open(shot).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
