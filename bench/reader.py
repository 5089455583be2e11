"""Measure what an essay costs the reader's processor, beside the same page without our files.

    python -m bench.reader

The page of 5,000 words that the browser tests weigh is opened in Chromium with the processor slowed
four times. Of each of several loads the longest task counts, in which a script runs or the page is
parsed, and the longest frame, with the style and layout that Chromium's long tasks leave out: in
both a reader can do nothing. Of all loads the least counts, since whatever else the machine does
can only add to it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
window.told = { "longtask": [], "long-animation-frame": [] };
for (const type in told) {
  new PerformanceObserver(list => told[type].push(...list.getEntries().map(e => e.duration)))
    .observe({ type, buffered: true });
}
"""
#: Neither is told of when it is shorter.
SHORTEST = 50.0
WIDTHS = {"a desktop": 1440, "a phone": 390}


class Longest(NamedTuple):
    """What was longest in a load, in milliseconds."""

    task: float
    frame: float


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.reader", description=__doc__)
    parser.add_argument("--loads", type=int, default=15, help="loads of each page (default: 15)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the ratios into a page")
    options = parser.parse_args(argv)
    rows = ["| window | longest task | longest frame |", "| :-- | --: | --: |"]
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
                print(f"{window}: {ours}, without our files {without}")
                ratios = (f"{mine / other:.2f}" for mine, other in zip(ours, without, strict=True))
                rows.append(f"| {window} | {' | '.join(ratios)} |")
        browser.close()
    print("\n".join(rows))
    if options.page:
        put_into(options.page, NAME, "\n".join(rows))
    return 0


def _longest(browser: Browser, address: str, width: int, loads: int, *, block: bool) -> Longest:
    """Return the longest task and frame, each of the load that is best in that."""
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
        told = page.evaluate("told")
        found.append(Longest(*(max([SHORTEST, *told[kind]]) for kind in told)))
        context.close()
    return Longest(min(load.task for load in found), min(load.frame for load in found))


if __name__ == "__main__":
    sys.exit(main())
