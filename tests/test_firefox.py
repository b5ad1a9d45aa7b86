"""The interactive map in Firefox ESR: each switch pressed once shows there what Chromium shows at the same address."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import DESKTOP, SEEN, chromium, open_file

pytestmark = [pytest.mark.browser, pytest.mark.long]

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
PATIENCE = 300
PREFERENCES = {
    "marionette.port": 0,  # any free one: Firefox writes it into its profile
    "network.proxy.type": 1,  # everything but files goes to a proxy that is not there
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
WATCH = """
    window.asked = [];
    Services.obs.addObserver((channel) => {
        const by = channel.QueryInterface(Ci.nsIChannel).loadInfo.triggeringPrincipal;
        if (by.schemeIs('file')) window.asked.push(channel.URI.spec);
    }, 'http-on-modify-request');
    Services.console.reset();
"""
HEARD = """
    const errors = Services.console.getMessageArray()
        .filter((one) => one instanceof Ci.nsIScriptError && one.sourceName.startsWith('file:'));
    return [...window.asked, ...errors.map((one) => one.errorMessage)];
"""
SETTLED = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))"
CHOOSE = """const select = document.getElementById(arguments[0]); select.value = arguments[1];
    select.dispatchEvent(new Event('change'))"""


@dataclass
class Firefox:
    """A headless Firefox, told what to do over its own remote protocol (a length, a colon, JSON)."""

    wire: socket.socket

    def ask(self, command: str, **values: Any) -> Any:
        words = json.dumps([0, 1, command, values]).encode()
        self.wire.sendall(b"%d:%b" % (len(words), words))
        _, _, error, result = self.hear()
        assert error is None, (command, values, error)
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def hear(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self.wire.recv(1)
        found = b""
        while len(found) < int(size[:-1]):
            found += self.wire.recv(int(size[:-1]) - len(found))
        return json.loads(found)

    def run(self, script: str, *values: Any, of: str = "content") -> Any:
        """A script in the page ("content") or in the browser itself ("chrome")."""
        self.ask("Marionette:SetContext", value=of)
        found = self.ask("WebDriver:ExecuteScript", script=script, args=list(values), newSandbox=False)
        self.ask("Marionette:SetContext", value="content")
        return found

    def settle(self) -> None:
        self.ask("WebDriver:ExecuteAsyncScript", script=SETTLED, args=[])

    def element(self, query: str) -> str:
        return str(self.ask("WebDriver:FindElement", using="css selector", value=query)[ELEMENT])

    def click(self, query: str) -> None:
        self.ask("WebDriver:ElementClick", id=self.element(query))

    def type(self, query: str, text: str) -> None:
        self.ask("WebDriver:ElementSendKeys", id=self.element(query), text=text)


def find_firefox() -> str:
    """The path of an installed Firefox; without one the test is skipped, and fails where CI=true."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no Firefox found, and CI=true: install Debian's package firefox-esr")
    if path is None:
        pytest.skip("no Firefox found (looked for firefox-esr, firefox)")
    return path


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A Firefox with a fresh profile that can reach no network."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [find_firefox(), "--headless", "--marionette", "-remote-allow-system-access", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            port, until = profile / "MarionetteActivePort", time.monotonic() + PATIENCE
            while not (port.is_file() and port.read_text(encoding="ascii").strip()):
                assert process.poll() is None, "Firefox ended before it began"
                assert time.monotonic() < until, "Firefox does not start"
                time.sleep(0.1)
            with socket.create_connection(("127.0.0.1", int(port.read_text(encoding="ascii")))) as wire:
                wire.settimeout(PATIENCE)
                opened = Firefox(wire)
                opened.hear()  # its greeting
                opened.ask("WebDriver:NewSession", capabilities={})
                opened.ask("WebDriver:SetTimeouts", script=PATIENCE * 1000, pageLoad=PATIENCE * 1000)
                yield opened
        finally:
            process.terminate()


def choice(name: str, value: str) -> tuple[str, ...]:
    return ("click", f"label:has(input[name={name}][value='{value}'])")


ACTIONS = (
    *[choice("group", key) for key in ("anak", "disabilitas", "napza", "kekerasan", "lansia")],
    *[choice("map", key) for key in ("jarak_km", "cakupan", "rasio_lks_per_1000", "status")],
    *[choice("reach", key) for key in ("5", "15", "20", "25", "")],
    *[choice("level", key) for key in ("kecamatan", "kabupaten", "desa")],
    ("select", "kabupaten", "76.03"),
    ("click", "#map-a .legend-row"),
    ("select", "kabupaten", ""),
    ("click", "label:has(#accredited)"),
    ("click", "label:has(#accredited)"),
    ("select", "compare", "anak"),
    ("select", "compare", "semua"),
    choice("map", "beda"),
    choice("map", "status"),
    ("type", "#search", "tapalang" + ENTER),
    ("back",),
    ("click", "#ranking li:first-child button"),
    ("back",),
)


def act(page: Firefox, kind: str, *values: str) -> None:
    if kind == "click":
        page.click(values[0])
    elif kind == "select":
        page.run(CHOOSE, *values)
    elif kind == "type":
        page.type(*values)
    else:
        page.ask("WebDriver:Back")
    page.settle()


def test_firefox_shows_what_chromium_shows(sample_set: Path, tmp_path: Path) -> None:
    path = sample_set / "peta.html"
    with firefox(tmp_path) as page:
        page.ask("WebDriver:SetWindowRect", width=DESKTOP["width"], height=DESKTOP["height"] + 90)
        page.run(WATCH, of="chrome")
        page.ask("WebDriver:Navigate", url=path.as_uri())
        page.settle()
        found = []
        for action in ACTIONS:
            act(page, *action)
            found.append(page.run(f"return ({SEEN})()"))
        assert page.run(HEARD, of="chrome") == []
    assert len({json.dumps(seen) for seen in found}) > len(ACTIONS) / 2, "the switches do something"
    with chromium() as browser:
        for action, seen in zip(ACTIONS, found, strict=True):
            opened = open_file(browser, path, f"#{seen['hash']}")
            assert opened.page.evaluate(SEEN) == seen, action
            opened.close()
