"""What a reader of the book meets besides notes: citations, lines, motion, other hosts."""

from __future__ import annotations

import json
from statistics import mean
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import look

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

CITATION = ".marginalia-citation"


@pytest.fixture
def essay(book: Path) -> Path:
    return book / "field-assessment.html"


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("how", ["hover", "focus"])
def test_a_citation_shows_its_work(essay: Path, reader: Reader, how: str, light: str) -> None:
    page = reader.open(essay, color_scheme=light)
    citation = page.locator(f"{CITATION} a").first
    if how == "hover":
        citation.hover()
    else:
        citation.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
    card = look(page, "card", CITATION)
    assert "Zoom In" in card["content"]
    assert "2020" in card["content"]
    assert card["opaque"]
    assert card["contrast"] >= 4.5
    page.keyboard.press("Escape")
    assert look(page, "card", CITATION)["content"] == "none"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_card_of_a_citation_leaves_the_window(essay: Path, reader: Reader, width: int) -> None:
    page = reader.open(essay, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true })")
    for n, citation in enumerate(page.locator(f"{CITATION}:visible").all()[::9]):
        citation.locator("a").hover()
        citation.evaluate("link => { link.id = 'hovered' }")
        card = look(page, "card", "#hovered")
        citation.evaluate("link => link.removeAttribute('id')")
        assert card["content"] != "none", n
        assert card["left"] >= 0, n
        assert card["right"] <= width, n
        assert page.evaluate("document.documentElement.scrollWidth") <= width, n


def test_every_citation_leads_to_its_entry_without_javascript(essay: Path, reader: Reader) -> None:
    page = reader.open(essay, java_script_enabled=False)
    page.locator(f"{CITATION} a").first.click()
    page.wait_for_url("**/bibliography*")
    assert page.locator("[id]:target").count() == 1


def test_a_line_of_the_essay_has_55_to_80_characters(essay: Path, reader: Reader) -> None:
    page = reader.open(essay)
    lengths = look(page, "lineLengths", ".marginalia-note-text section > p")
    assert len(lengths) > 100
    assert 55 <= mean(lengths) <= 80


def test_nothing_of_ours_moves_for_readers_who_asked_for_rest(essay: Path, reader: Reader) -> None:
    page = reader.open(essay, reduced_motion="reduce")
    moving = page.evaluate(
        """[...document.querySelectorAll("[class*=marginalia]")]
             .filter(each => {
               const style = getComputedStyle(each);
               const lasts = text => text.split(",").some(part => parseFloat(part) > 0);
               return lasts(style.transitionDuration) || lasts(style.animationDuration);
             })
             .map(each => each.className)"""
    )
    assert moving == []


def test_the_book_does_not_scroll_smoothly_for_readers_who_asked_for_rest(
    essay: Path, reader: Reader
) -> None:
    page = reader.open(essay, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize(("width", "shown"), [(1440, "svg"), (1024, "svg"), (390, "list")])
def test_the_learning_path_is_a_figure_where_there_is_room_and_a_list_on_a_phone(
    book: Path, reader: Reader, width: int, shown: str
) -> None:
    page = reader.open(book / "reference/learning-path.html", width=width)
    figure, steps = (page.locator(f".marginalia-path-{part}") for part in ("figure", "list"))
    assert figure.is_visible() == (shown == "svg")
    assert steps.is_visible() == (shown == "list")
    links = (figure if shown == "svg" else steps).locator("a")
    articles = json.loads((book / "curriculum.json").read_text(encoding="utf-8"))["articles"]
    assert [link.is_visible() for link in links.all()] == [True] * len(articles)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
