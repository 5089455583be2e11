"""Opening and closing notes: with the keyboard, with a finger, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

MARK = "a.marginalia-note-mark"
FOCUSED = "document.activeElement"
BLOCKS = "'details.marginalia-pause, details.marginalia-discussion, details.sd-dropdown'"
OPEN_BLOCKS = f"document.querySelectorAll({BLOCKS}).forEach(block => {{ block.open = true }})"


def essay(book: Path) -> Path:
    return book / "field-assessment.html"


def note_of(page: Page, mark: Locator) -> Locator:
    return page.locator(f"[id='{(mark.get_attribute('href') or '#')[1:]}']")


def visible_marks(page: Page) -> list[Locator]:
    return [mark for mark in page.locator(MARK).all() if mark.is_visible()]


def tab_through(page: Page, visit: Callable[[Locator], None]) -> list[int]:
    """Press Tab until the page ends, open what is closed, and *visit* each number of a note."""
    visited: list[int] = []
    for _ in range(1000):
        page.keyboard.press("Tab")
        kind, n = page.evaluate(
            f"""[{FOCUSED} === document.body ? "end"
                 : {FOCUSED}.matches("details:not([open]) > summary") ? "closed" : "",
               [...document.querySelectorAll("{MARK}")].indexOf({FOCUSED})]"""
        )
        if kind == "end":
            break
        if kind == "closed":
            page.keyboard.press("Enter")
        elif n >= 0:
            assert n not in visited, "Tab runs in a circle"
            visited.append(n)
            visit(page.locator(MARK).nth(n))
    return visited


def open_and_close(page: Page, mark: Locator) -> None:
    """Open and close the note of the focused *mark* in each way that a keyboard has."""
    note = note_of(page, mark)
    for state in ("true", "false", "true"):
        page.keyboard.press("Enter")
        assert mark.get_attribute("aria-expanded") == state
        assert note.is_visible() == (state == "true")
    if note.locator("a").count():
        page.keyboard.press("Tab")
        assert note.evaluate(f"note => note.contains({FOCUSED})"), "not next to its number"
    page.keyboard.press("Escape")
    assert not note.is_visible()
    assert mark.evaluate(f"mark => mark === {FOCUSED}")


def test_the_keyboard_alone_opens_and_closes_every_note_of_the_essay(
    book: Path, reader: Reader
) -> None:
    page = reader.open(essay(book), width=390)
    visited = tab_through(page, lambda mark: open_and_close(page, mark))
    assert len(visited) == page.locator(MARK).count()


@pytest.mark.parametrize("name", ["index", "restructured"])
def test_the_keyboard_alone_reaches_the_note_of_every_container(
    torture: Callable[[str], Path], reader: Reader, name: str
) -> None:
    page = reader.open(torture("furo") / f"{name}.html", width=390)

    def visit(mark: Locator) -> None:
        note = note_of(page, mark)
        if not note.is_visible():  # a second number of the same note
            page.keyboard.press("Enter")
        assert note.is_visible(), mark.get_attribute("href")

    visited = tab_through(page, visit)
    # The second tab is hidden until it is chosen, and its note's number with it.
    unvisited = set(range(page.locator(MARK).count())) - set(visited)
    assert all(not page.locator(MARK).nth(n).is_visible() for n in unvisited)
    assert len(unvisited) <= 1


def test_the_focus_on_a_number_and_a_back_link_can_be_seen(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), width=390)

    def outline() -> bool:
        return bool(page.evaluate(f"parseFloat(getComputedStyle({FOCUSED}).outlineWidth) >= 2"))

    page.locator(MARK).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert outline()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "marginalia-note-backlink"
    assert outline()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_note_leads_back_to_its_number(book: Path, reader: Reader, width: int) -> None:
    page = reader.open(essay(book), width=width)
    mark = page.locator("#sidenote-ref-3")
    if width == 390:
        mark.press("Enter")
    note_of(page, mark).locator(".marginalia-note-backlink").press("Enter")
    assert page.url.endswith(f"#{mark.get_attribute('id')}")
    # Furo scrolls smoothly: how long that takes is the machine's affair.
    in_view = (
        "e => { const { top } = e.getBoundingClientRect(); return 0 <= top && top <= innerHeight }"
    )
    page.wait_for_function(in_view, arg=mark.element_handle())


def test_a_finger_opens_and_closes_a_note(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), width=390, has_touch=True, is_mobile=True)
    mark = page.locator(MARK).first
    mark.tap()
    assert note_of(page, mark).is_visible()
    mark.tap()
    assert not note_of(page, mark).is_visible()


def test_a_number_is_large_enough_for_a_finger(book: Path, reader: Reader) -> None:
    # WCAG 2.2, 2.5.8: a target in a sentence may be smaller than 24 px, but not a hair's breadth.
    page = reader.open(essay(book), width=390)
    for mark in visible_marks(page):
        box = mark.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 16


def test_in_the_margin_a_number_claims_nothing_about_opening(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), width=1440)
    assert page.locator(f"{MARK}[aria-expanded]").count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(f"document.querySelector('{MARK}').ariaExpanded === 'false'")


def test_the_address_of_a_note_opens_it(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), "#sidenote-3", width=390)
    assert page.locator("#sidenote-3").is_visible()


def test_a_note_opens_where_a_theme_has_drawn_the_page_again(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), width=390)
    page.evaluate(
        "(old => old.replaceWith(old.cloneNode(true)))(document.querySelector('.marginalia-note-page'))"
    )
    mark = visible_marks(page)[0]
    mark.focus()
    open_and_close(page, mark)


@pytest.mark.parametrize("theme", sites.THEMES)
def test_without_javascript_every_number_leads_to_its_note(
    torture: Callable[[str], Path], reader: Reader, theme: str
) -> None:
    page = reader.open(torture(theme) / "index.html", width=390, java_script_enabled=False)
    page.evaluate(OPEN_BLOCKS)
    marks = visible_marks(page)
    assert len(marks) >= 34
    for mark in marks:
        mark.press("Enter")
        assert note_of(page, mark).is_visible(), mark.get_attribute("href")


def test_without_javascript_the_essay_is_whole(book: Path, reader: Reader) -> None:
    page = reader.open(essay(book), width=390, java_script_enabled=False)
    page.evaluate(OPEN_BLOCKS)
    for mark in visible_marks(page):
        mark.press("Enter")
        assert note_of(page, mark).is_visible()


@pytest.mark.parametrize("theme", sites.THEMES)
def test_without_javascript_a_desk_has_its_notes_in_the_margin(
    torture: Callable[[str], Path], reader: Reader, theme: str
) -> None:
    page = reader.open(torture(theme) / "index.html", width=1440, java_script_enabled=False)
    page.evaluate(OPEN_BLOCKS)
    notes = page.locator(".marginalia-sidenote")
    (hidden,) = (note for note in notes.all() if not note.is_visible())
    # A note goes with its tab.
    assert "In the second tab: jackdaw." in (hidden.text_content() or "")
