"""A real Chromium without network for the tests that open a page, and what it complains about while it is open."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
UNUSED = (  # of a window: two pages of Chromium's own for what an address line suggests, and calls to the net
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "MediaRouter", "OptimizationHints",
    "PreconnectToSearch", "NetworkTimeServiceQuerying", "HttpsUpgrades",
)  # fmt: skip
ARGUMENTS = ["--no-sandbox", f"--disable-features={','.join(UNUSED)}"]
PATIENCE_MS = 300_000
"""How long a page may take for anything: only a page that hangs is given up, a busy machine is waited for."""
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SEEN = """() => {
    const checked = (name) => document.querySelector(`input[name=${name}]:checked`)?.value ?? '';
    const painted = {};
    for (const path of document.querySelectorAll('#map-a .ground > g > g:not(.off):not(.around) .fills path')) {
        const kind = path.getAttribute('class');
        if (!kind.includes('faded')) painted[kind] = (painted[kind] ?? 0) + 1;
    }
    return {
        ...Object.fromEntries(['group', 'level', 'map', 'reach', 'order'].map((name) => [name, checked(name)])),
        ...Object.fromEntries(['active', 'accredited'].map((name) => [name, document.getElementById(name).checked])),
        ...Object.fromEntries(['kabupaten', 'compare'].map((name) => [name, document.getElementById(name).value])),
        only: document.querySelector('#map-a .legend-row[aria-pressed=true]')?.dataset.class ?? '',
        legend: [...document.querySelectorAll('#map-a .legend-row')].map((e) =>
            [e.dataset.class, e.querySelector('.count').textContent]),
        list: [...document.querySelectorAll('#ranking [data-code]')].map((e) => e.dataset.code),
        big: document.querySelector('#finding .big')?.textContent ?? '0',
        card: document.getElementById('card').hidden ? '' : document.getElementById('card').textContent,
        maps: document.querySelectorAll('.map-view').length,
        hash: window.location.hash.slice(1),
        painted,
    };
}"""
"""What the map of a register says by its controls, legend, list, card, address and colours."""


def find_chromium() -> str:
    """The path of an installed Chromium; without one the test is skipped, and fails where CI=true."""
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    if os.environ.get("CI") == "true":
        pytest.fail("no Chromium found, and CI=true: install Debian's package chromium")
    pytest.skip("no Chromium found (looked for " + ", ".join(CHROMIUM_NAMES) + ")")


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=PATIENCE_MS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Opened:
    """A page and what went wrong on it: `requests` beside the file itself, `messages` of the console and errors."""

    page: Any
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    spare: list[Opened] | None = None

    def settled(self) -> Opened:
        """After everything that was asked for has been drawn: the page is built, and two frames have been painted.

        Never `wait_for_function`: it evaluates text again and again, which the policy of the page rightly forbids.
        """
        self.page.locator(".legend-row").first.wait_for(state="attached")
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    def close(self) -> None:
        """A page of a usual kind is left blank, without history and pointer, and opens the next file."""
        if self.spare is None:
            self.page.context.close()
            return
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.page.context.new_cdp_session(self.page).send("Page.resetNavigationHistory")
        self.spare.append(self)


SPARE: WeakKeyDictionary[Any, list[Opened]] = WeakKeyDictionary()
"""The pages of a browser that were closed, to be opened again: a new one costs almost as much as a map on it."""


def open_file(
    browser: Any, path: Path, address: str = "", viewport: dict[str, int] | None = None, **context: Any
) -> Opened:
    """A file on a blank page that can reach no network; `address` is its hash with the #."""
    spare = SPARE.setdefault(browser, [])
    if context:
        opened = _blank(browser, **context)
    else:
        opened = spare.pop() if spare else _blank(browser)
        opened.spare = spare
    opened.requests, opened.messages = [], []
    opened.page.set_viewport_size(viewport or DESKTOP)
    opened.page.goto(path.as_uri() + address)
    opened.requests = [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))]
    return opened.settled()


def _blank(browser: Any, **context: Any) -> Opened:
    made = browser.new_context(offline=True, accept_downloads=True, **context)
    made.set_default_timeout(PATIENCE_MS)
    made.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    opened = Opened(made.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("console", lambda message: opened.messages.append(f"{message.type}: {message.text}"))
    opened.page.on("pageerror", lambda error: opened.messages.append(f"error: {error}"))
    return opened


def open_modules(browser: Any, html: str, folder: Path) -> Any:
    """A page with the data of a map but not its script; `import('/js/<name>.js')` gives the modules of `folder`."""
    data = "".join(re.findall(r'<script type="application/json".*?</script>', html, flags=re.DOTALL))

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/js/"):
            route.fulfill(path=folder / path.removeprefix("/js/"), content_type="text/javascript; charset=utf-8")
        else:
            route.fulfill(body=f"<!doctype html>{data}", content_type="text/html; charset=utf-8")

    made = browser.new_context(offline=True)
    made.set_default_timeout(PATIENCE_MS)
    made.route("**/*", answer)
    page = made.new_page()
    page.goto("http://modules.test/")
    return page
