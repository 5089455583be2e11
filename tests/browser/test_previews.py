"""Previews as a reader meets them: with a pointer, with the keyboard, with a finger, on paper."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.browser.conftest import look
from tests.browser.serving import STRICT, served
from tests.browser.test_accessibility import LIGHTS, ours, violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

CARD = ".marginalia-preview-card"
SHEET = "dialog.marginalia-preview-sheet"
KILOBYTE = 1000
#: For the inline scripts of themes, and for axe.
LENIENT = "default-src * 'unsafe-inline' 'unsafe-eval' data:"
#: The kinds of places in the book: a page with a link to one, the link, and what the preview has.
KINDS = {
    "work": ("field-assessment.html", "#ref-olah2020zoom", "Chris Olah"),
    "claim": ("field-assessment.html", "#claim-probes-in-products", "supported"),
    "term": ("small.html", "#term-rope", "What a bucket hangs on"),
    "figure": ("small.html", "#fig-rope", "A rope in a well"),
    "equation": ("methods/refusal-direction.html", "#equation-eq-ablation", "(1)"),
    "section": ("methods/circuit-tracing.html", "#problems-uniqueness", "not unique Suppose every"),
    "page": ("methods/circuit-tracing.html", "activation-patching.html", "Activation patching"),
    "note": ("small.html", "other.html#sidenote-1", "Deep down"),
}
SMALL = {
    "index.md": "# Home\n\n```{toctree}\nsmall\nother\n```\n",
    "small.md": """\
# Small

A {term}`rope`, {ref}`fig-rope`, {eq}`eq-rope`, {ref}`others <other>`, <a class="reference internal"
href="other.html#sidenote-1">a note</a>, and <a class="reference internal"
href="other.html#nowhere">nothing</a>, [a script](#evil).

{ref}`At the edge of the window is a link with a long text that breaks into lines <other>`.

(evil)=
## Evil

So.
""",
    "other.md": """\
(other)=
# Others

A well.{sidenote}`Deep down.` And the {ref}`small one <evil>`.

:::{figure} rope.svg
:name: fig-rope
A rope in a well.
:::

```{math}
:label: eq-rope
\\frac{l}{2} = d
```

```{glossary}
rope
  What a bucket hangs on.
```
""",
    "rope.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"/>',
}
EXTENSIONS = (
    "myst_parser",
    "sphinx_marginalia",
    "sphinx_marginalia.mathml",
    "sphinx_marginalia.previews",
)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A site with a link to each kind of place, by theme."""
    made: dict[str, Path] = {}

    def site(theme: str = "furo", **config: Any) -> Path:
        name = f"{theme}{sorted(config.items())}"
        if name not in made:
            folder = tmp_path_factory.mktemp("small")
            options = {"html_theme": theme, "html_math_renderer": "mathml", **config}
            built = build(SMALL, folder, extensions=EXTENSIONS, **options)
            assert built.warnings == ""
            made[name] = built.out
        return made[name]

    return site


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a site on a host with a strict policy; nothing may be refused or missing."""
    left: list[Any] = []
    wrong: list[str] = []

    def page_of(site: Path, path: str, *, policy: str = STRICT, **options: Any) -> Page:
        server = served(site, policy)
        host = server.__enter__()
        size = {"width": options.pop("width", 1440), "height": 900}
        context = chromium.new_context(viewport=size, **options)
        context.set_default_timeout(20_000)
        left.extend((server, context))
        context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page = context.new_page()
        page.on("response", lambda got: got.ok or wrong.append(got.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{host}/{path}")
        return page

    yield page_of
    for server, context in zip(left[::2], left[1::2], strict=True):
        context.close()
        server.__exit__(None, None, None)
    assert wrong == []


def link_to(page: Page, target: str) -> Locator:
    """Return the first visible link in the text of *page* that leads to *target*."""
    links = page.locator(f"[role=main] a.internal[href$='{target}']:visible")
    link = links.first
    link.evaluate("link => link.scrollIntoView({ block: 'center' })")
    return link


def by_keyboard(page: Page, link: Locator) -> None:
    """Move the focus to *link* as the Tab key does."""
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")


def site_of(path: str, book: Path, small: Callable[..., Path]) -> Path:
    return small() if path == "small.html" else book


# Kinds of places, and ways to them


@pytest.mark.parametrize("way", ["hover", "focus", "tap"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_link_shows_what_it_leads_to(
    book: Path, small: Callable[..., Path], opened: Callable[..., Page], kind: str, way: str
) -> None:
    path, target, text = KINDS[kind]
    phone = {"width": 390, "has_touch": True, "is_mobile": True} if way == "tap" else {}
    page = opened(site_of(path, book, small), path, **phone)
    link = link_to(page, target)
    if way == "hover":
        link.hover()
    elif way == "focus":
        by_keyboard(page, link)
    else:
        link.tap()
    shown = page.locator(SHEET if way == "tap" else CARD)
    shown.wait_for()
    assert text in " ".join(shown.inner_text().split())
    if kind == "equation":
        assert shown.locator("math").count() == 1
    if kind == "figure":
        assert shown.locator("img").evaluate("image => image.decode().then(() => true)")


def test_a_preview_has_no_id_that_the_page_may_have_too(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html")
    link_to(page, "#fig-rope").hover()
    page.locator(CARD).wait_for()
    assert page.locator(f"{CARD} [id], {CARD} [style], {CARD} script").count() == 0


def test_links_in_a_preview_lead_where_they_did(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html")
    link_to(page, "other.html#other").hover()
    link = page.locator(f"{CARD} a")
    link.wait_for()
    assert str(link.get_attribute("href")).endswith("/small.html#evil")


# WCAG 2.2, 1.4.13: content on hover or focus


def test_a_pointer_can_move_to_the_card_which_stays_until_it_leaves(
    book: Path, opened: Callable[..., Page]
) -> None:
    page = opened(book, "field-assessment.html")
    link_to(page, "#ref-olah2020zoom").hover()
    card = page.locator(CARD)
    card.wait_for()
    box = card.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_timeout(900)
    assert card.is_visible()
    page.mouse.move(3, 3, steps=3)
    card.wait_for(state="detached")


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_escape_closes_the_card_and_moves_nothing(
    book: Path, opened: Callable[..., Page], way: str
) -> None:
    page = opened(book, "field-assessment.html")
    link = link_to(page, "#ref-olah2020zoom")
    link.hover() if way == "hover" else by_keyboard(page, link)
    card = page.locator(CARD)
    card.wait_for()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    if way == "focus":
        assert link.evaluate("link => link === document.activeElement")
    page.wait_for_timeout(700)
    assert card.count() == 0


def test_the_card_describes_its_link_and_is_no_stop_of_the_tab_key(
    book: Path, opened: Callable[..., Page]
) -> None:
    page = opened(book, "field-assessment.html")
    link = link_to(page, "#ref-olah2020zoom")
    by_keyboard(page, link)
    card = page.locator(CARD)
    card.wait_for()
    assert link.get_attribute("aria-describedby") == card.get_attribute("id")
    assert card.get_attribute("role") == "tooltip"
    page.keyboard.press("Tab")
    card.wait_for(state="detached")
    assert link.get_attribute("aria-describedby") is None
    assert page.evaluate("document.activeElement.closest('.marginalia-preview')") is None


def test_a_card_is_closed_before_the_next_link_has_the_focus(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html")
    by_keyboard(page, link_to(page, "#term-rope"))
    page.locator(CARD).wait_for()
    page.evaluate(
        "card => addEventListener('focusin', () => (window.left = !!document.querySelector(card)))",
        CARD,
    )
    page.keyboard.press("Tab")
    assert page.evaluate("window.left") is False


def test_a_click_goes_to_the_place(book: Path, opened: Callable[..., Page]) -> None:
    page = opened(book, "field-assessment.html")
    link_to(page, "#ref-olah2020zoom").click()
    page.wait_for_url("**/bibliography.html#ref-olah2020zoom")


@pytest.mark.parametrize("width", [1440, 1024, 500])
def test_no_card_leaves_the_window(book: Path, opened: Callable[..., Page], width: int) -> None:
    page = opened(book, "field-assessment.html", width=width)
    for link in page.locator("[role=main] p a.internal:visible").all()[:60:6]:
        link.evaluate("link => link.scrollIntoView({ block: 'center' })")
        link.hover()
        page.locator(CARD).wait_for()
        box = page.locator(CARD).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= 900 - box["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.mouse.move(2, 2)
        page.locator(CARD).wait_for(state="detached")


# On a phone


PHONE: dict[str, Any] = {"width": 390, "has_touch": True, "is_mobile": True}


def test_from_the_sheet_one_goes_on(book: Path, opened: Callable[..., Page]) -> None:
    page = opened(book, "field-assessment.html", **PHONE)
    link_to(page, "#ref-olah2020zoom").tap()
    sheet = page.locator(SHEET)
    sheet.wait_for()
    box = sheet.bounding_box()
    assert box is not None
    assert round(box["y"] + box["height"]) == 900
    sheet.get_by_role("link", name="Go there").tap()
    page.wait_for_url("**/bibliography.html#ref-olah2020zoom")


@pytest.mark.parametrize("way", ["button", "Escape", "beside"])
def test_the_sheet_closes_and_the_focus_returns(
    book: Path, opened: Callable[..., Page], way: str
) -> None:
    page = opened(book, "field-assessment.html", **PHONE)
    before = page.url
    link = link_to(page, "#ref-olah2020zoom")
    link.tap()
    sheet = page.locator(SHEET)
    sheet.wait_for()
    assert sheet.evaluate("sheet => sheet.contains(document.activeElement)")
    if way == "button":
        sheet.get_by_role("button", name="Close").tap()
    elif way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.touchscreen.tap(190, 60)
    sheet.wait_for(state="detached")
    assert link.evaluate("link => link === document.activeElement")
    assert page.url == before


def test_a_link_within_the_page_leaves_the_sheet(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html", **PHONE)
    link_to(page, "#evil").tap()
    page.locator(SHEET).get_by_role("link", name="Go there").tap()
    page.wait_for_url("**#evil")
    page.locator(SHEET).wait_for(state="detached")


def test_a_tap_on_what_has_no_preview_goes_on(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html", **PHONE)
    link_to(page, "#nowhere").tap()
    page.wait_for_url("**/other.html#nowhere")


def test_a_button_is_a_way_and_no_reference(book: Path, opened: Callable[..., Page]) -> None:
    page = opened(book, "index.html", **PHONE)
    page.get_by_role("link", name="Begin reading").tap()
    page.wait_for_url("**/field-assessment.html*")


def test_a_tap_goes_on_where_the_data_do_not_come(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html", **PHONE)
    page.route("**/*.previews.json", lambda route: route.abort())
    link_to(page, "#fig-rope").tap()
    page.wait_for_url("**/other.html#fig-rope")


# In any theme


THEMES = (*sites.THEMES, "sphinx_rtd_theme")


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_card_can_be_read_in_any_theme(
    small: Callable[..., Path], opened: Callable[..., Page], theme: str, light: str
) -> None:
    if theme == "sphinx_rtd_theme":
        pytest.importorskip(theme)
    page = opened(small(theme), "small.html", policy=LENIENT, color_scheme=light)
    link_to(page, "other.html#other").hover()
    page.locator(CARD).wait_for()
    page.evaluate("document.getAnimations().forEach(each => each.finish())")
    assert "A well." in page.locator(CARD).inner_text()
    for selector in (f"{CARD} .marginalia-preview-title", f"{CARD} p:last-child"):
        assert look(page, "contrast", selector) >= 4.5


def test_a_card_begins_at_the_right_where_one_reads_from_there(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small("basic"), "small.html")
    page.evaluate("document.documentElement.dir = 'rtl'")
    link = link_to(page, "#evil")
    link.hover()
    page.locator(CARD).wait_for()
    card, at = page.locator(CARD).bounding_box(), link.bounding_box()
    assert card is not None
    assert at is not None
    assert card["x"] < at["x"]
    assert abs(card["x"] + card["width"] - at["x"] - at["width"]) < 10


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("way", ["hover", "tap"])
def test_axe_finds_nothing_while_a_preview_is_open(
    book: Path, opened: Callable[..., Page], axe: str, way: str, light: str
) -> None:
    phone = PHONE if way == "tap" else {}
    page = opened(book, "field-assessment.html", color_scheme=light, policy=LENIENT, **phone)
    link = link_to(page, "#claim-probes-in-products")
    link.tap() if way == "tap" else link.hover()
    page.locator(SHEET if way == "tap" else CARD).wait_for()
    assert ours(violations(page, axe), "furo") == []


# What a page costs, and where there is nothing


def test_a_page_costs_10_kilobytes_more_and_the_data_come_when_they_are_needed(
    book: Path, opened: Callable[..., Page]
) -> None:
    page = opened(book, "field-assessment.html")
    loaded = "performance.getEntriesByType('resource').map(each => each.name)"
    assert not [name for name in page.evaluate(loaded) if "previews" in name and "json" in name]
    files = sorted((book / "_static").glob("marginalia-previews.*"))
    assert [file.suffix for file in files] == [".css", ".js"]
    weights = [len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files]
    assert sum(weights) <= 10 * KILOBYTE, weights
    link_to(page, "#ref-olah2020zoom").hover()
    page.locator(CARD).wait_for()
    data = [name for name in page.evaluate(loaded) if name.endswith(".json")]
    assert 1 <= len(data) <= 2
    for file in book.rglob("*.previews*.json"):
        assert len(gzip.compress(file.read_bytes(), 9)) <= 20 * KILOBYTE, file


def test_a_file_is_loaded_once(small: Callable[..., Path], opened: Callable[..., Page]) -> None:
    page = opened(small(), "small.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for target in ("#fig-rope", "#term-rope", "#equation-eq-rope"):
        link_to(page, target).hover()
        page.locator(CARD).wait_for()
        page.mouse.move(2, 2)
        page.locator(CARD).wait_for(state="detached")
    assert len([url for url in asked if re.search(r"previews.*json$", url)]) == 1


def test_links_are_plain_without_a_server(small: Callable[..., Path], chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto((small() / "small.html").as_uri())
    link_to(page, "#fig-rope").hover()
    page.wait_for_timeout(700)
    assert page.locator(".marginalia-preview").count() == 0
    link_to(page, "#fig-rope").click()
    page.wait_for_url("**/other.html#fig-rope")
    context.close()


def test_nothing_of_it_is_printed(small: Callable[..., Path], opened: Callable[..., Page]) -> None:
    page = opened(small(), "small.html")
    link_to(page, "#fig-rope").hover()
    page.locator(CARD).wait_for()
    page.emulate_media(media="print")
    assert page.locator(CARD).is_hidden()


def test_a_preview_does_not_move_for_readers_who_asked_for_rest(
    small: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(small(), "small.html", reduced_motion="reduce")
    link_to(page, "#fig-rope").hover()
    page.locator(CARD).wait_for()
    assert page.locator(CARD).evaluate("card => card.getAnimations({ subtree: true }).length") == 0
