"""Pauses in a browser: closed until the reader, a link or a search opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

PAUSE = "#folded"
DISCUSSION = f"{PAUSE} > .marginalia-discussion"


@pytest.fixture
def file(torture: Callable[[str], Path]) -> Path:
    return torture("furo") / "index.html"


def is_open(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).evaluate("block => block.open"))


def test_a_pause_and_its_discussion_are_closed_at_first(file: Path, reader: Reader) -> None:
    page = reader.open(file)
    assert not is_open(page, PAUSE)
    assert not is_open(page, DISCUSSION)
    assert not page.get_by_text("A paragraph in a pause.").is_visible()


def test_a_pause_can_be_open_from_the_start(file: Path, reader: Reader) -> None:
    page = reader.open(file)
    assert page.get_by_text("A paragraph in an open pause.").is_visible()


def test_the_keyboard_opens_and_closes_a_pause(file: Path, reader: Reader) -> None:
    page = reader.open(file)
    summary = page.locator(f"{PAUSE} > summary")
    summary.press("Enter")
    assert is_open(page, PAUSE)
    assert not is_open(page, DISCUSSION)
    page.locator(f"{DISCUSSION} > summary").press("Space")
    assert is_open(page, DISCUSSION)
    summary.press("Enter")
    assert not is_open(page, PAUSE)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_opens_the_blocks_it_leads_into(
    file: Path, reader: Reader, javascript: bool
) -> None:
    first = reader.open(file)
    inside = first.locator(f"{DISCUSSION} a.marginalia-note-mark").get_attribute("id")
    page = reader.open(file, f"#{inside}", java_script_enabled=javascript)
    page.wait_for_selector(f"{PAUSE}[open]")
    page.wait_for_selector(f"{DISCUSSION}[open]")


def test_the_words_of_a_search_open_the_blocks_they_stand_in(file: Path, reader: Reader) -> None:
    page = reader.open(file, "?highlight=zugzwang")
    page.wait_for_selector("span.highlighted", state="attached")
    page.wait_for_selector(f"{PAUSE}[open]")
    page.wait_for_selector(f"{DISCUSSION}[open]")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_note_hides_and_shows_with_its_pause(file: Path, reader: Reader, width: int) -> None:
    page = reader.open(file, width=width)
    note = page.locator(f"{PAUSE} .marginalia-sidenote", has_text="lapwing")
    assert not note.is_visible()
    page.locator(f"{PAUSE} > summary").press("Enter")
    if width == 390:
        page.locator(f"{PAUSE} > p a.marginalia-note-mark").last.press("Enter")
    assert note.is_visible()
    page.locator(f"{PAUSE} > summary").press("Enter")
    assert not note.is_visible()
