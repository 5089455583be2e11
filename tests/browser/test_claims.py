"""The ledger of the book, as a reader uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import LIGHTS, ours, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

ROWS = "table.marginalia-claims tbody tr:not(.marginalia-claim-group)"


def ledger(book: Path) -> Path:
    return book / "reference" / "claims.html"


def search(page: Page) -> Locator:
    # The theme has a search of its own.
    return page.locator(".marginalia-ledger-filters").get_by_label("Search")


def shown(page: Page) -> int:
    return page.locator(f"{ROWS}:visible").count()


def test_words_and_check_boxes_narrow_the_table(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book))
    count = page.locator(ROWS).count()
    status = page.locator(".marginalia-ledger-filters [role=status]")
    assert status.inner_text() == f"{count} of {count} claims"
    search(page).fill("refusal DIRECTION")
    few = shown(page)
    assert 0 < few < count
    assert status.inner_text() == f"{few} of {count} claims"
    search(page).fill("")
    page.get_by_label("± contested").check()
    contested = shown(page)
    assert contested == page.locator(f"{ROWS}.marginalia-claim-verdict-contested").count()
    page.get_by_label("? not established").check()
    assert shown(page) > contested
    page.get_by_label("frontier models").check()
    assert page.locator(f"{ROWS}:visible:not(.marginalia-claim-scale-frontier)").count() == 0


def test_the_keyboard_narrows_too_and_sends_nothing(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book))
    search(page).focus()
    page.keyboard.type("probe")
    page.keyboard.press("Enter")
    assert page.url.endswith("claims.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator(".marginalia-ledger-filters :checked").count() == 1


def test_without_a_script_the_whole_table_is_there_and_nothing_that_does_not_work(
    book: Path, reader: Reader
) -> None:
    page = reader.open(ledger(book), java_script_enabled=False)
    assert page.locator(".marginalia-ledger-filters").is_hidden()
    assert shown(page) == page.locator(ROWS).count() > 0


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("light", LIGHTS)
def test_axe_finds_nothing_in_the_ledger(
    book: Path, reader: Reader, axe: str, width: int, light: str
) -> None:
    page = reader.open(ledger(book), width=width, color_scheme=light)
    assert ours(violations(page, axe), "furo") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_a_matrix_is_no_wider_than_its_page(width: int, book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book), width=width)
    for table in page.locator("table.marginalia-claim-matrix, table.marginalia-claims").all():
        box = table.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        # No frame around it scrolls.
        assert table.evaluate("e => e.parentElement.scrollWidth <= e.parentElement.clientWidth + 1")


def test_on_paper_the_table_is_there_and_its_filter_is_not(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book))
    page.emulate_media(media="print")
    assert page.locator(".marginalia-ledger-filters").is_hidden()
    assert shown(page) == page.locator(ROWS).count()
