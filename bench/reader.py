"""Measure what an essay costs the reader's processor, against the same page without our files.

Chromium opens the page that the browser tests weigh, with the processor slowed four times. While a
task or a frame lasts, a reader can do nothing; only a frame includes style and layout. The least of
all loads counts, since the machine's load can only add to it.
"""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from bench.measure import row
from tests.browser import essay
from tests.browser.conftest import CHROMIUM
from tests.browser.serving import served

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

#: The style sheets and scripts of this package and of the book.
OURS = re.compile(r"/_static/(marginalia[-\w]*|book|daylight)\.(css|js)")
#: Neither is reported when it is shorter than 50 ms.
WATCH = """
window.longest = { "longtask": 50, "long-animation-frame": 50 };
for (const type in longest) {
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    longest[type] = Math.max(longest[type], entry.duration);
  })).observe({ type, buffered: true });
}
"""
WIDTHS = {"a desktop": 1440, "a phone": 390}


def reader(folder: Path, options: Namespace) -> Iterator[str]:
    """Measure, and yield a table."""
    yield from (row("window", "longest task", "longest frame"), row(":--", "--:", "--:"))
    with sync_playwright() as driver, served(essay.book_with_essay(folder)) as host:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        for window, width in WIDTHS.items():
            least = []
            for blocked in (None, OURS):
                loads = [_load(browser, host, width, blocked) for _ in range(options.repeat[0])]
                least.append([*map(min, zip(*loads, strict=True))])
            print(f"{window}: {least[0]} ms, without our files {least[1]} ms", file=sys.stderr)
            yield row(window, *(f"{a / b:.2f}" for a, b in zip(*least, strict=True)))


def _load(browser: Browser, host: str, width: int, blocked: re.Pattern[str] | None) -> list[float]:
    """Return the longest task and the longest frame of a load, in milliseconds."""
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        context.add_init_script(WATCH)
        if blocked:
            context.route(blocked, lambda route: route.abort())
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(f"{host}/frontiers/measured.html", wait_until="load")
        page.wait_for_timeout(500)
        return [float(longest) for longest in page.evaluate("Object.values(longest)")]
