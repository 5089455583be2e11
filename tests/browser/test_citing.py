"""How a reader comes to a reference, and by an old link to a section."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import LIGHTS, violations
from tests.permalinks.books import book as small_book
from tests.permalinks.test_redirects import (
    GONE,
    GONE_LOCK,
    MOON,
    MOVED,
    MOVED_LOCK,
    RENAMED,
    RENAMED_LOCK,
    record,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

MERGED = {
    "moon.md": MOON.partition("(phases)=")[0] + "(month)=\n## A month\n\nFour phases, one shadow.\n"
}
MERGED_LOCK = {
    "phases": record("moon#phases", successor="month"),
    "eclipse": record("moon#eclipse", successor="month"),
    "month": record("moon#month", "A month"),
}
#: What the author did, the link that was printed before, and the text it was about.
OLD_LINKS = {
    "renamed": (RENAMED, RENAMED_LOCK, "moon.html#phases", "A month has four."),
    "renamed, from print": (RENAMED, RENAMED_LOCK, "s/phases.html", "A month has four."),
    "moved": (MOVED, MOVED_LOCK, "moon.html#eclipse", "A shadow falls."),
    "moved, from print": (MOVED, MOVED_LOCK, "s/eclipse.html", "A shadow falls."),
    "page gone": (GONE, GONE_LOCK, "moon.html#phases", "A month has four."),
    "page gone, from print": (GONE, GONE_LOCK, "s/phases.html", "A month has four."),
    "section gone": (GONE, GONE_LOCK, "moon.html#eclipse", "Its numbers were wrong."),
    "two merged": (MERGED, MERGED_LOCK, "moon.html#eclipse", "Four phases, one shadow."),
}


@pytest.mark.parametrize("case", OLD_LINKS)
def test_an_old_link_leads_to_the_text_without_a_script(
    case: str, reader: Reader, tmp_path: Path
) -> None:
    pages, lock, link, words = OLD_LINKS[case]
    built = small_book(tmp_path, pages=pages, lock=lock)
    path, _, fragment = link.partition("#")
    target = f"#{fragment}" if fragment else ""
    page = reader.open(built.out / path, target, java_script_enabled=False)
    if not fragment:
        page.wait_for_url("**#*")  # the page in print leads on by itself
    entry = page.locator(f"li#{fragment} a, li:has(span#{fragment}) a") if fragment else None
    if entry is not None and entry.count():
        entry.first.click()
    shown = page.get_by_text(words)
    assert shown.is_visible()
    box = shown.bounding_box()
    assert box
    assert 0 <= box["y"] <= 900


@cache
def _cite(book: Path) -> Path:
    return book / "cite" / "features-and-directions.html"


def test_the_keyboard_reaches_how_to_cite_a_section(book: Path, reader: Reader) -> None:
    page = reader.open(book / "field-assessment.html")
    link = page.get_by_role(
        "link", name=re.compile("^Cite this section.*: Features and directions$")
    )
    link.focus()
    assert float(link.evaluate("e => getComputedStyle(e).opacity")) == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/cite/features-and-directions.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Features and directions"


def test_the_link_is_no_part_of_the_title(book: Path, reader: Reader) -> None:
    page = reader.open(book / "field-assessment.html")
    assert "Cite" not in page.title()
    assert page.locator(".toc-tree .marginalia-cite").count() == 0


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("light", LIGHTS)
def test_axe_finds_nothing_on_the_page_of_a_section(
    book: Path, reader: Reader, axe: str, width: int, light: str
) -> None:
    page = reader.open(_cite(book), width=width, color_scheme=light)
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_of_a_section_is_whole_without_a_script(book: Path, reader: Reader) -> None:
    page = reader.open(_cite(book), java_script_enabled=False)
    assert page.locator("button:visible, form:visible").count() == 0
    assert "@incollection{fieldassessment2026-features-and-directions," in page.inner_text("main")
    page.get_by_role("link", name="Back to the section").click()
    page.wait_for_url("**/field-assessment.html#features-and-directions")


def test_the_link_shows_when_its_heading_is_pointed_at(reader: Reader, tmp_path: Path) -> None:
    built = small_book(tmp_path, html_theme="alabaster")
    page = reader.open(built.out / "moon.html")
    page.locator("h2", has_text="Phases").hover()
    link = page.get_by_role("link", name="Cite this section: Phases")
    assert float(link.evaluate("e => getComputedStyle(e).opacity")) > 0.5
