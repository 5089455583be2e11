"""What axe-core finds, and the contrast of our own colours, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.browser import sites
from tests.browser.conftest import look
from tests.browser.serving import PUBLISHED, served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

LIGHTS = ("light", "dark")


class ThemeFault(NamedTuple):
    """A violation that a theme or another extension causes, not we."""

    theme: str
    rule: str
    #: What the selector that axe reports holds.
    selector: str
    why: str


# fmt: off
THEME_FAULTS = (
    ThemeFault("furo", "landmark-unique", ".sidebar-drawer",
               "Furo's two sidebars are <aside> without a name"),
    ThemeFault("furo", "region", ".back-to-top",
               "Furo's link to the top is in no landmark"),
    ThemeFault("furo", "region", ".visually-hidden",
               "the words of Furo's icons are in no landmark"),
    ThemeFault("furo", "scrollable-region-focusable", ".table-wrapper",
               "Furo's frame of wide tables cannot have the focus"),
    ThemeFault("furo", "scrollable-region-focusable", "pre",
               "Furo's code blocks cannot have the focus"),
    ThemeFault("furo", "scrollable-region-focusable", "#codecell",
               "the same, where sphinx-copybutton gives them an id"),
    ThemeFault("alabaster", "color-contrast", "label[aria-controls=",
               "sphinx-design's labels of tabs are pale"),
    ThemeFault("alabaster", "color-contrast", "pre > .",
               "Alabaster's colours of code are pale"),
    ThemeFault("alabaster", "color-contrast", "footer",
               "Alabaster's footer is pale"),
    ThemeFault("alabaster", "color-contrast", 'a[href$="sphinx-doc.org/"]',
               "Alabaster's footer is pale"),
    ThemeFault("alabaster", "color-contrast", 'a[href$="alabaster.readthedocs.io"]',
               "Alabaster's footer is pale"),
    ThemeFault("alabaster", "color-contrast", ".reference.external",
               "Alabaster's footer is pale"),
    ThemeFault("alabaster", "color-contrast", "_sources/",
               "Alabaster's footer is pale"),
    ThemeFault("alabaster", "heading-order", ".sphinxsidebarwrapper",
               "Alabaster's sidebar begins at the third level"),
    ThemeFault("alabaster", "region", ".footer",
               "Alabaster's footer is no landmark"),
    ThemeFault("alabaster", "scrollable-region-focusable", "pre",
               "Alabaster's code blocks cannot have the focus"),
    ThemeFault("alabaster", "scrollable-region-focusable", "> table",
               "a table wider than Alabaster's column scrolls; Chromium lets it have the focus"),
    ThemeFault("pydata_sphinx_theme", "label-content-name-mismatch", ".search-button",
               "its search button shows more than its name"),
    ThemeFault("sphinx_book_theme", "label-content-name-mismatch", ".search-button",
               "its search button shows more than its name"),
    ThemeFault("sphinx_book_theme", "region", ".sidebar-primary-item",
               "its logo is in no landmark"),
)
# fmt: on


def violations(page: Page, axe: str, **options: Any) -> list[tuple[str, str]]:
    """Return the rules that *page* violates, each with the selector of an element that does.

    :param options: those of ``axe.run``
    """
    # A colour that is fading in, as of sphinx-design's tabs, is not the one a reader gets.
    page.evaluate(
        """for (const each of document.getAnimations()) {
             try { each.finish(); } catch { /* one without an end */ }
           }"""
    )
    page.evaluate(axe)
    options = {"resultTypes": ["violations"], **options}
    result: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
    return [
        (violation["id"], " ".join(map(str, node["target"])))
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def ours(found: list[tuple[str, str]], theme: str) -> list[tuple[str, str]]:
    """Return what is left of *found* without the faults of *theme*."""
    known = [(fault.rule, fault.selector) for fault in THEME_FAULTS if fault.theme == theme]
    return [
        (rule, selector)
        for rule, selector in found
        if not any(rule == its_rule and part in selector for its_rule, part in known)
    ]


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize(
    "name",
    [
        "index",
        "field-assessment",
        "methods/refusal-direction",
        "reference/learning-path",
        "reference/bibliography",
    ],
)
def test_axe_finds_nothing_on_the_pages_of_the_book(
    book: Path, reader: Reader, axe: str, name: str, light: str
) -> None:
    page = reader.open(book / f"{name}.html", color_scheme=light)
    found = ours(violations(page, axe), "furo")
    assert not found, "\n".join(map(str, found))


DOCS = sites.ROOT / "docs"
#: Every page of the book, those that no document is behind, and one of each kind that is made in
#: thousands.
PAGES = [
    *(path.relative_to(DOCS).with_suffix("").as_posix() for path in sorted(DOCS.rglob("*.md"))),
    *("genindex", "search", "cite/causal-effects"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PAGES if "/examples/" not in name])
def test_axe_finds_nothing_on_any_page_at_any_width_by_day_or_night(
    book: Path, reader: Reader, axe: str, name: str
) -> None:
    found = []
    for width in (1440, 390):
        page = reader.open(book / f"{name}.html", width=width, color_scheme="light")
        found += [(width, "light", *each) for each in ours(violations(page, axe), "furo")]
        page.emulate_media(color_scheme="dark")
        # Only colours change at night.
        dark = violations(page, axe, runOnly=["color-contrast"])
        found += [(width, "dark", *each) for each in ours(dark, "furo")]
        page.close()
    assert not found, "\n".join(map(str, found))


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("light", LIGHTS)
def test_axe_finds_nothing_on_the_404_page(
    book: Path, chromium: Browser, axe: str, width: int, light: str
) -> None:
    with served(book, "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:") as host:
        size = {"width": width, "height": 900}
        page = chromium.new_page(viewport=size, color_scheme=light)
        page.goto(f"{host}{PUBLISHED}/404.html")  # its files are named from there
        found = ours(violations(page, axe), "furo")
        page.close()
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("theme", sites.THEMES)
def test_axe_finds_nothing_of_ours_in_any_container(
    torture: Callable[[str], Path], reader: Reader, axe: str, theme: str, light: str
) -> None:
    page = reader.open(torture(theme) / "index.html", color_scheme=light)
    found = ours(violations(page, axe), theme)
    assert not found, "\n".join(map(str, found))


def test_axe_finds_nothing_where_notes_are_open_on_a_phone(
    book: Path, reader: Reader, axe: str
) -> None:
    page = reader.open(book / "field-assessment.html", width=390)
    page.evaluate(
        "document.querySelectorAll('a.marginalia-note-mark').forEach(mark => mark.click())"
    )
    found = ours(violations(page, axe), "furo")
    assert not found, "\n".join(map(str, found))


def test_the_faults_of_themes_are_not_of_our_making() -> None:
    for fault in THEME_FAULTS:
        assert "marginalia" not in fault.selector, fault
        assert fault.why, fault


OUR_TEXT = (
    ".marginalia-sidenote",
    ".marginalia-marginnote",
    ".marginalia-note-backlink",
    ".marginalia-note-mark",
    ".marginalia-pause-label",
    ".marginalia-key-idea-label",
    ".marginalia-key-idea-term",
    ".marginalia-pause > summary",
    ".marginalia-discussion > summary",
    ".marginalia-key-idea p",
)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("theme", sites.THEMES)
def test_our_text_stands_out_from_its_background(
    torture: Callable[[str], Path], reader: Reader, theme: str, light: str, width: int
) -> None:
    page = reader.open(torture(theme) / "index.html", width=width, color_scheme=light)
    page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true })")
    page.evaluate(
        "document.querySelectorAll('a.marginalia-note-mark').forEach(mark => mark.click())"
    )
    ratios = {selector: look(page, "contrast", selector) for selector in OUR_TEXT}
    assert None not in ratios.values()
    assert {text: round(ratio, 2) for text, ratio in ratios.items() if ratio < 4.5} == {}
