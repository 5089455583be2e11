"""Measure what an essay costs the reader's processor, beside the same page without our files.

    python -m bench.reader

The page of 5,000 words that the browser tests weigh is opened in Chromium with the processor slowed
four times. Of each of several loads the longest task counts, the time in which a reader can do
nothing; of all loads the least, since whatever else the machine does can only add to it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from bench.page import put_into
from tests.browser import essay
from tests.browser.conftest import CHROMIUM
from tests.browser.serving import served

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

NAME = "reader"
PAGE = "frontiers/measured.html"
#: The style sheets and scripts of this package and of the book.
OURS = re.compile(r"/_static/(marginalia[-\w]*|book|daylight)\.(css|js)")
WATCH = """
window.tasks = [];
new PerformanceObserver(list => list.getEntries().forEach(task => tasks.push(task.duration)))
  .observe({ type: "longtask", buffered: true });
"""
WIDTHS = {"a desktop": 1440, "a phone": 390}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.reader", description=__doc__)
    parser.add_argument("--loads", type=int, default=15, help="loads of each page (default: 15)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the ratios into a page")
    options = parser.parse_args(argv)
    rows = ["| window | longest task, of that without our files |", "| :-- | --: |"]
    with tempfile.TemporaryDirectory(prefix="bench-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        with served(essay.book_with_essay(Path(name))) as host:
            for window, width in WIDTHS.items():
                ours, without = (
                    _longest(browser, f"{host}/{PAGE}", width, options.loads, block=block)
                    for block in (False, True)
                )
                print(f"{window}: {ours:.0f} ms, without our files {without:.0f} ms")
                rows.append(f"| {window} | {ours / without:.2f} |")
        browser.close()
    print("\n".join(rows))
    if options.page:
        put_into(options.page, NAME, "\n".join(rows))
    return 0


def _longest(browser: Browser, address: str, width: int, loads: int, *, block: bool) -> float:
    """Return the longest task of the best load, in milliseconds; 50 where none is that long."""
    found = []
    for _ in range(loads):
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_init_script(WATCH)
        if block:
            context.route(OURS, lambda route: route.abort())
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(address, wait_until="load")
        page.wait_for_timeout(500)
        found.append(max([50.0, *page.evaluate("tasks")]))
        context.close()
    return min(found)


if __name__ == "__main__":
    sys.exit(main())
