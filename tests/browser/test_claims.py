"""The ledger of the book, as a reader uses it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.browser import sites
from tests.browser.conftest import look
from tests.browser.test_accessibility import LIGHTS, ours, violations
from tests.ledger.claims import book as small_book

if TYPE_CHECKING:
    from collections.abc import Callable
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
    assert page.locator(".marginalia-ledger-filters input:checked").count() == 1


def rows(page: Page, selector: str) -> list[str]:
    texts: list[str] = page.locator(selector).evaluate_all(
        "rows => rows.filter(row => !row.hidden).map(row => row.querySelector('strong').innerText)"
    )
    return texts


SORT, GROUP = "Sort by", "Group by"
HEADINGS = "table.marginalia-claims .marginalia-claim-group"


def counted(headings: list[str]) -> int:
    """Return how many claims the headings of all groups say that there are."""
    return sum(int(heading.rpartition("(")[2].rstrip(")")) for heading in headings)


def test_a_reader_sorts_the_claims(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book))
    names = rows(page, ROWS)
    page.get_by_label(GROUP).select_option("")
    assert rows(page, HEADINGS) == []
    page.get_by_label(SORT).select_option(label="Title")
    by_title = rows(page, ROWS)
    assert sorted(by_title) == sorted(names)
    assert by_title == sorted(by_title, key=str.casefold)
    claim, verdict = (page.locator("table.marginalia-claims th").nth(n) for n in (0, 1))
    assert claim.get_attribute("aria-sort") == "ascending"
    page.get_by_label(SORT).select_option(label="Latest review first")
    assert claim.get_attribute("aria-sort") is None
    assert verdict.get_attribute("aria-sort") == "other"
    dates = page.locator(f"{ROWS} td:nth-child(2) p:last-child").all_inner_texts()
    assert dates == sorted(dates, reverse=True)
    status = page.locator(".marginalia-ledger-filters [role=status]")
    said = f"{len(names)} of {len(names)} claims · Sort by: Latest review first · Group by: Nothing"
    assert status.inner_text() == said


def test_a_reader_groups_the_claims_and_narrows_the_groups(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book))
    count = page.locator(ROWS).count()
    page.get_by_label(GROUP).select_option(label="Page")
    headings = rows(page, HEADINGS)
    assert len(headings) > 5
    assert counted(headings) == count
    assert any(heading.startswith("Linear probing (") for heading in headings)
    search(page).fill("refusal direction")
    narrowed = rows(page, HEADINGS)
    assert 0 < len(narrowed) < len(headings)
    assert counted(narrowed) == len(rows(page, ROWS))
    search(page).fill("")
    page.get_by_label(GROUP).select_option(label="Verdict")
    verdicts = [heading.partition(" (")[0] for heading in rows(page, HEADINGS)]
    assert verdicts[:3] == ["✓ supported", "± contested", "? not established"]


def test_the_keyboard_sorts_too(book: Path, reader: Reader) -> None:
    page = reader.open(ledger(book), width=390)
    page.get_by_label(SORT).focus()
    page.keyboard.press("T")  # Title
    page.keyboard.press("Tab")
    page.keyboard.press("N")  # Nothing
    names = rows(page, ROWS)
    assert names == sorted(names, key=str.casefold)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


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
    page.get_by_label(GROUP).select_option("page")
    assert ours(violations(page, axe), "furo") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", sites.THEMES)
def test_the_lists_can_be_read_and_used_in_any_theme(
    theme: str, tmp_path: Path, reader: Reader
) -> None:
    built = small_book(tmp_path, html_theme=theme)
    for light in LIGHTS:
        page = reader.open(built.out / "list.html", width=390, color_scheme=light)
        page.get_by_label(SORT).select_option(label="Title")
        assert rows(page, ROWS) == ["Far stars", "Near stars", "Odd stars"]
        for name in ("sort", "group"):
            field = f".marginalia-ledger-filters [data-type={name}] select"
            assert look(page, "contrast", field) >= 4.5
            box = page.locator(field).bounding_box()
            assert box
            assert 0 <= box["x"] < box["x"] + box["width"] <= 390


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


def test_no_letter_is_drawn_in_the_pdf_of_a_printed_table(
    book: Path, reader: Reader, program: Callable[[str, str], str], tmp_path: Path
) -> None:
    reader.open(ledger(book)).pdf(path=tmp_path / "claims.pdf", format="A4")
    command = [program("pdffonts", "poppler-utils"), str(tmp_path / "claims.pdf")]
    fonts = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(fonts.splitlines()) > 4
    assert "Type 3" not in fonts
