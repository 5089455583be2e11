"""A browser, and the sites to open in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.browser import essay, sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
GEOMETRY = (HERE / "geometry.js").read_text(encoding="utf-8")
#: Ends once a page has been drawn: its resize observers run with the first frame, after `load`.
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sites are built."""
    return tmp_path_factory.getbasetemp()


@pytest.fixture(scope="session")
def book(base: Path) -> Path:
    """The book of this repository, as HTML."""
    return sites.book(base)


@pytest.fixture(scope="session")
def weighed(base: Path) -> Path:
    """The book with an essay in it whose size is known, as HTML."""
    return essay.book_with_essay(base)


@pytest.fixture(scope="session")
def torture(base: Path) -> Callable[[str], Path]:
    """The pages with notes in every container, by theme."""
    return lambda theme: sites.torture(base, theme)


@pytest.fixture(scope="session")
def chromium(program: Callable[[str, str], str]) -> Iterator[Browser]:
    """The system's Chromium: Playwright's own would be a further download."""
    executable = program("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe(unavailable: Callable[[str], str]) -> str:
    """The source of axe-core."""
    file = sites.NODE_MODULES / "axe-core" / "axe.min.js"
    if not file.is_file():
        unavailable("axe-core is missing: npm ci --ignore-scripts --prefix tests/browser")
    return file.read_text(encoding="utf-8")


@dataclass
class Reader:
    """Somebody who reads pages from disk: whatever a page asks of the network is refused."""

    browser: Browser
    #: What pages asked of other hosts.
    refused: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, file: Path, target: str = "", *, width: int = 1440, **options: Any) -> Page:
        """Open *file* in a window of its own; *target* is what stands behind its name."""
        height: int = options.pop("height", 900)
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)  # a busy machine is slow, not wrong
        self.contexts.append(context)
        context.route(re.compile(r"^(https?|wss?):"), self._refuse)
        page = context.new_page()
        page.goto(f"{file.as_uri()}{target}")
        if options.get("java_script_enabled", True):
            page.evaluate(DRAWN)
        return page

    def _refuse(self, route: Route) -> None:
        self.refused.append(route.request.url)
        route.abort()

    def leave(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    """A reader for one test."""
    reader = Reader(chromium)
    yield reader
    reader.leave()


def look(page: Page, name: str, argument: Any = None) -> Any:
    """Return what the function *name* of ``geometry.js`` sees in *page*."""
    return page.evaluate(f"argument => ({GEOMETRY}).{name}(argument)", argument)
