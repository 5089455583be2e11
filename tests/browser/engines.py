"""Pages in Firefox and in WebKit: visits, each with a script that says what it found.

Playwright drives only its own builds of browsers, which distributions do not ship. Puppeteer drives
Firefox (WebDriver BiDi), and WebKitGTK has a driver (https://www.w3.org/TR/webdriver2/).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent
#: The browser that comes with WebKitGTK's library, in Debian and Ubuntu on any processor.
MINI_BROWSERS = "webkit2gtk-4.*/MiniBrowser"


class Visit(NamedTuple):
    """A page to open, and what to do there."""

    address: str
    #: The width of the window in pixels. WebKitGTK's has 450 at least.
    width: int
    #: The body of an asynchronous function in JavaScript; it returns what JSON can hold.
    script: str


def firefox(visits: Sequence[Visit], program: Callable[[str, str], str]) -> list[Any]:
    """Return what the scripts of *visits* found in Firefox.

    :param program: finds a program, or skips the test
    """
    node, path = program("node", "nodejs npm"), program("firefox", "firefox-esr")
    given = json.dumps([visit._asdict() for visit in visits])
    run = subprocess.run(
        [node, str(HERE / "firefox.mjs"), path, given],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    found: list[Any] = json.loads(run.stdout)
    return found


def webkit(visits: Sequence[Visit], program: Callable[[str, str], str]) -> list[Any]:
    """Return what the scripts of *visits* found in WebKitGTK, on a screen that nobody sees."""
    packages = "webkit2gtk-driver xvfb xauth"
    screen, driver = program("xvfb-run", packages), program("WebKitWebDriver", packages)
    (browser, *_others) = sorted(Path("/usr/lib").glob(f"*/{MINI_BROWSERS}"), reverse=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [screen, "-a", "-s", "-screen 0 1600x1000x24", driver, f"--port={port}"]
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        session = _Session(f"http://127.0.0.1:{port}", str(browser))
        found = [session.visit(each) for each in visits]
        session.close()
        return found
    finally:
        os.killpg(running.pid, 15)
        running.wait(timeout=30)


class _Session:
    """A window of a browser that speaks WebDriver."""

    def __init__(self, driver: str, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._driver = driver
        self._path = ""
        for _ in range(100):
            try:
                value = self._ask("POST", "/session", {"capabilities": wanted})
                break
            except OSError:  # it does not listen yet
                time.sleep(0.2)
        else:
            message = f"{driver} does not answer"
            raise TimeoutError(message)
        self._path = f"/session/{value['sessionId']}"

    def visit(self, visit: Visit) -> Any:
        self._ask("POST", "/window/rect", {"width": visit.width, "height": 900})
        self._ask("POST", "/url", {"url": visit.address})
        script = f"(async () => {{{visit.script}}})().then(arguments[arguments.length - 1])"
        return self._ask("POST", "/execute/async", {"script": script, "args": []})

    def close(self) -> None:
        self._ask("DELETE", "")

    def _ask(self, method: str, path: str, given: object = None) -> Any:
        data = None if given is None else json.dumps(given).encode()
        address = f"{self._driver}{self._path}{path}"
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]
