"""Takes every picture of the docs from the sample data, in both languages, into docs/pictures/.

Needs the extra `dev` and a Chromium (the one that CHROMIUM names, else one of the PATH). Argument: where to write. The
command windows are drawn around what the program really printed; they are no pictures of a Windows machine.
"""

import html
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from lks_geo import shipped
from lks_geo.messages import LANGUAGES

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
DAY = "2026-11-24"
LINES = 40  # of a command window
PATIENCE = 300_000  # ms: a busy machine is no fault
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WINDOW = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; display: inline-block; background: #101c26; color: #e6edf3; }}
p {{ margin: 0; padding: 6px 14px; background: #dfe5ea; color: #1b2933; font: 13px sans-serif; }}
pre {{ margin: 0; padding: 12px 14px; font: 14px/1.4 "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  max-width: 104ch; }}
b {{ color: #ffd479; font-weight: normal; }}
</style><p>Windows PowerShell</p><pre>(.venv) PS C:\\lks-geo&gt; <b>{command}</b>
{text}</pre>"""


def printed(folder: Path, lang: str, command: str) -> str:
    """The first lines that a command prints, talk and data together, in a window of 100 columns."""
    done = subprocess.run(
        [sys.executable, "-m", "lks_geo", "--lang", lang, *command.split()],
        cwd=folder, env={**os.environ, "COLUMNS": "100"}, check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return "\n".join(done.stdout.splitlines()[:LINES])


def kept(shot: Path, target: Path, width: int | None = None) -> None:
    """A small copy: 256 colours, the most common as they are, the others near; and no wider than asked."""
    picture = Image.open(shot).convert("RGB")
    if width and picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    common = [part for _, colour in counted[:128] for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(common + picture.quantize(128, method=Image.Quantize.FASTOCTREE).getpalette())
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)


def settled(page: Page) -> None:
    """Two frames later, everything that was asked for is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def as_opened(page: Page) -> None:
    page.locator(".legend-row").first.wait_for(state="attached", timeout=PATIENCE)


def with_a_card(page: Page) -> None:
    """The card of the first desa of the list."""
    as_opened(page)
    page.locator("#ranking button").first.click(timeout=PATIENCE)
    settled(page)


def shown(browser: Browser, url: str, target: Path, size: dict[str, int], act: Callable[[Page], None]) -> None:
    """The picture of a page after something was done on it."""
    page = browser.new_page(viewport=size)
    page.goto(url, timeout=PATIENCE)
    act(page)
    settled(page)
    with TemporaryDirectory() as folder:
        page.screenshot(path=Path(folder) / "shot.png", timeout=PATIENCE)
        kept(Path(folder) / "shot.png", target)
    page.close()


def window(browser: Browser, folder: Path, target: Path, command: str, text: str) -> None:
    """The picture of a command window with what a command printed."""
    sheet = folder / "window.html"
    sheet.write_text(WINDOW.format(command=html.escape(f"lks-geo {command}"), text=html.escape(text)), encoding="utf-8")
    page = browser.new_page()
    page.goto(sheet.as_uri(), timeout=PATIENCE)
    page.locator("body").screenshot(path=folder / "shot.png", timeout=PATIENCE)
    kept(folder / "shot.png", target)
    page.close()


def pictures(browser: Browser, folder: Path, lang: str, to: Path) -> None:
    """All pictures of one language."""
    register = folder / "register.xlsx"
    shutil.copyfile(shipped.EXAMPLE_REGISTER, register)
    talk = printed(folder, lang, f"run --date {DAY}")
    window(browser, folder, to / f"terminal-run-{lang}.png", "run", talk)
    talk = printed(folder, lang, "check register.xlsx -o mutu.xlsx")
    window(browser, folder, to / f"terminal-check-{lang}.png", "check register.xlsx -o mutu.xlsx", talk)
    printed(folder, lang, f"map register.xlsx --group lansia --date {DAY} -o peta-{lang}.html")
    url = (folder / f"peta-{lang}.html").as_uri()
    shown(browser, url, to / f"map-{lang}.png", DESKTOP, as_opened)
    shown(browser, url, to / f"card-{lang}.png", DESKTOP, with_a_card)
    shown(browser, url, to / f"phone-{lang}.png", PHONE, as_opened)
    paper = f"--group anak --kabupaten Majene --paper a3 --dpi 80 --date {DAY}"
    printed(folder, lang, f"map register.xlsx {paper} -o majene-{lang}.png")
    kept(folder / f"majene-{lang}.png", to / f"majene-{lang}.png", 1100)


def main(to: Path) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found. Install it, or name it in CHROMIUM.")
    to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=PATIENCE)
        for lang in LANGUAGES:
            with TemporaryDirectory() as folder:
                pictures(browser, Path(folder), lang, to)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
