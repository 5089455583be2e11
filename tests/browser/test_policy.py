"""The book under the strictest policy of contents: nothing inline, nothing from anywhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.browser import sites
from tests.browser.serving import PUBLISHED, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request, Route

pytestmark = pytest.mark.browser

WATCH = """
document.addEventListener("securitypolicyviolation", event => refusedByPolicy(
  `${location.pathname}: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
#: What a browser fetches for a page by itself.
FETCHED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "object": "data",
    "embed": "src",
    "video": "src",
    "audio": "src",
    "use": "href",
    "image": "href",
}
#: Links that only say where something is.
TOLD = set(
    "alternate author canonical cite-as collection describedby index item license linkset next prev "
    "search type".split()
)
ADDRESS = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s]+)""")


@dataclass
class Guarded:
    """A browser at a site whose host sends the policy; other hosts cannot be reached."""

    browser: Browser
    host: str
    #: What the policy stopped, and what was asked of other hosts.
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def page(self, **options: Any) -> Page:
        """Open a window of its own."""
        context = self.browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], **options
        )
        context.set_default_timeout(20_000)
        context.expose_function("refusedByPolicy", lambda text: self.refused.append(text))  # noqa: PLW0108
        context.add_init_script(WATCH)
        context.route(lambda address: not address.startswith(f"{self.host}/"), self._refuse)
        context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page = context.new_page()
        page.on("requestfailed", self._failed)
        page.on("response", lambda got: got.ok or self.missing.append(got.url))
        page.on("pageerror", lambda error: self.refused.append(f"{page.url}: {error}"))
        return page

    def go(self, page: Page, path: str) -> Page:
        """Open *path* of the site in *page*."""
        page.goto(f"{self.host}/{path}", wait_until="load")
        return page

    def _failed(self, request: Request) -> None:
        # A page that leads on, or is left while search is reading, gives up what it asked for.
        if request.failure != "net::ERR_ABORTED":
            self.missing.append(f"{request.url}: {request.failure}")

    def _refuse(self, route: Route) -> None:
        self.refused.append(f"another host: {route.request.url}")
        route.abort()


@pytest.fixture
def guarded(book: Path, chromium: Browser) -> Iterator[Guarded]:
    """The book, guarded; a test that something was refused in fails."""
    with served(book) as host:
        guarded = Guarded(chromium, host)
        known = len(chromium.contexts)
        yield guarded
        for context in chromium.contexts[known:]:
            context.close()
    assert guarded.refused == []
    assert guarded.missing == []


def pages_of(site: Path) -> list[str]:
    return [str(file.relative_to(site)) for file in sorted(site.rglob("*.html"))]


def shown_in_full(site: Path) -> list[str]:
    """The pages a browser should open: of those made with one template for each section, some."""
    made = ("cite/", "s/")
    pages = pages_of(site)
    sample = [page for kind in made for page in [p for p in pages if p.startswith(kind)][::40]]
    return [page for page in pages if not page.startswith(made)] + sample


# The book


def test_no_page_is_refused_anything_and_none_asks_another_host(
    guarded: Guarded, book: Path
) -> None:
    pages = shown_in_full(book)
    assert len(pages) > 50
    assert {"search.html", "genindex.html", "404.html"} <= set(pages)
    page = guarded.page()
    for path in pages:
        guarded.go(page, path)


def test_the_page_for_what_is_not_found_works_from_any_address(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), f"{PUBLISHED.strip('/')}/404.html")
    assert page.locator("body").get_attribute("data-theme") == "auto"


def test_what_the_policy_forbids_is_seen(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "index.html")
    page.evaluate(
        """() => {
             document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>");
             const image = new Image();
             image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
             fetch("https://example.org/").catch(() => {});
           }"""
    )
    page.wait_for_timeout(100)
    kinds = {text.split(": ", 1)[1].split()[0] for text in guarded.refused}
    assert kinds == {"style-src-attr", "img-src", "connect-src"}
    guarded.refused.clear()


@pytest.mark.parametrize("light", ["light", "dark"])
def test_day_and_night_are_switched_and_remembered(guarded: Guarded, light: str) -> None:
    page = guarded.go(guarded.page(color_scheme=light), "field-assessment.html")
    chosen = {"light": "dark", "dark": "light"}[light]
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".theme-toggle-content button").click()
    assert page.locator("body").get_attribute("data-theme") == chosen
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    guarded.go(page, "index.html")
    assert page.locator("body").get_attribute("data-theme") == chosen
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_search_finds_and_marks(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "search.html?q=probing")
    result = page.locator("#search-results li").filter(has_text="Linear probing").first
    result.locator("p.context").wait_for()
    result.locator("a").first.click()
    page.wait_for_url("**/linear-probing.html*")
    page.locator("span.highlighted").first.wait_for()


def test_the_icon_of_search_is_there(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "index.html")
    mask = page.locator(".sidebar-search-container").evaluate(
        "e => getComputedStyle(e, '::before').maskImage"
    )
    assert mask.endswith('/_static/search.svg")')


def test_code_is_copied(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "contributing/index.html")
    page.locator("div.highlight").first.hover()
    page.locator("button.copybtn").first.click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("git clone https://")


def test_notes_unfold_on_a_phone(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(viewport={"width": 390, "height": 800}), "field-assessment.html")
    mark = page.locator("a.marginalia-note-mark").first
    note = page.locator(".marginalia-sidenote").first
    assert note.is_hidden()
    mark.click()
    assert note.is_visible()
    page.keyboard.press("Escape")
    assert note.is_hidden()


def test_a_pause_opens(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "field-assessment.html")
    pause = page.locator("details.marginalia-pause").first
    pause.locator("summary").first.click()
    assert pause.get_attribute("open") is not None


def test_claims_are_narrowed(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "reference/claims.html")
    rows = page.locator("table.marginalia-claims tbody tr:visible")
    count = rows.count()
    page.locator(".marginalia-ledger-filters").get_by_label("Search").fill("refusal direction")
    assert 0 < rows.count() < count


def test_a_section_is_cited_and_quoted(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "cite/features-and-directions.html")
    page.get_by_role("button", name="Copy: BibTeX").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@incollection{fieldassessment2026-features-and-directions,")
    page.get_by_role("button", name="Copy: APA 7", exact=True).click()
    page.locator("[data-copy=apa]", has_text="✓").wait_for()
    rich = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    assert "<em>" in page.evaluate(rich)
    assert "<em>" not in page.evaluate("navigator.clipboard.readText()")
    page.get_by_label("Words of the section").fill("a linear map of contextual word-vectors")
    link = page.get_by_role("link", name="Link to these words").get_attribute("href")
    assert link is not None
    assert link.endswith(
        "#features-and-directions:~:text=a%20linear%20map%20of%20contextual%20word%2Dvectors"
    )


def test_timelines_and_paths_are_drawn_in_their_colours(guarded: Guarded) -> None:
    page = guarded.go(guarded.page(), "field-assessment.html")
    drawing = page.locator("svg.marginalia-timeline-drawing:visible")
    assert drawing.count() == 1
    fills = drawing.locator("circle").evaluate_all(
        "dots => [...new Set(dots.map(dot => getComputedStyle(dot).fill))]"
    )
    assert len(fills) > 1
    guarded.go(page, "reference/learning-path.html")
    assert page.locator(".marginalia-path-figure").is_visible()


# What is written in pages and style sheets


def fetched(soup: BeautifulSoup) -> Iterator[str]:
    for name, attribute in FETCHED.items():
        for each in soup.find_all(name):
            told = set(each.get("rel") or ()) if name == "link" else set()
            if not told & TOLD and not any(word.startswith("schema.") for word in told):
                yield str(each.get(attribute) or "")
            if srcset := each.get("srcset"):
                yield str(srcset)


def refusable(each: Tag) -> list[str]:
    """What a strict policy refuses in an element: data is no script."""
    found = [
        f"<{each.name} {name}>" for name in each.attrs if name == "style" or name.startswith("on")
    ]
    is_script = each.name == "script" and each.get("type") != "application/ld+json"
    if each.name == "style" or (is_script and not each.get("src")):
        found.append(str(each)[:100])
    return found


def foreign(address: str) -> bool:
    return bool(re.match(r"(?i)(https?:|wss?:|data:|blob:)?//|data:", address.strip()))


def test_nothing_in_a_page_is_inline_or_from_another_host(book: Path) -> None:
    wrong = {}
    for path in pages_of(book):
        soup = BeautifulSoup((book / path).read_text(encoding="utf-8"), "html.parser")
        found = [text for each in soup.find_all(True) for text in refusable(each)]
        if found := found + [each for each in fetched(soup) if foreign(each)]:
            wrong[path] = found
    assert wrong == {}


def test_no_style_sheet_asks_another_host(book: Path) -> None:
    sheets = sorted(book.rglob("*.css"))
    assert sheets
    wrong = {
        (sheet.name, address)
        for sheet in sheets
        for address in ADDRESS.findall(sheet.read_text(encoding="utf-8"))
        if foreign(address) and not address.startswith("data:")
    }
    assert wrong == set()


def test_our_style_sheets_need_no_address_at_all(book: Path) -> None:
    for sheet in (book / "_static").glob("marginalia-*.css"):
        assert ADDRESS.findall(sheet.read_text(encoding="utf-8")) == [], sheet.name


@pytest.mark.parametrize("theme", sites.THEMES)
def test_nothing_of_ours_is_inline_in_any_theme(torture: Callable[[str], Path], theme: str) -> None:
    for path in pages_of(torture(theme)):
        text = (torture(theme) / path).read_text(encoding="utf-8")
        soup = BeautifulSoup(text, "html.parser")
        ours = soup.select("[class*=marginalia], svg[class*=marginalia] *")
        assert [text for each in ours for text in refusable(each)] == [], path
