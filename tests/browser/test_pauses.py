"""Pauses in a browser: closed until the reader, a link or a search opens them."""

from __future__ import annotations

import gzip
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


# A reader's own answers

ANSWER = ".marginalia-pause-answer"


def answered(book: Path, reader: Reader) -> Page:
    """Answer the first question of the essay, and open the list of questions in the same browser."""
    page = reader.open(book / "field-assessment.html")
    pause = page.locator(f".marginalia-pause:has({ANSWER})").first
    pause.evaluate("block => { block.open = true }")
    pause.get_by_role("textbox").fill("Two\tcables, <both> cut.\nPerhaps.")
    pause.get_by_label("Answered").check()
    page.goto((book / "reference/questions.html").as_uri())
    return page


def saved(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value.path().read_text(encoding="utf-8")


def test_an_answer_stays_and_is_in_the_list_of_questions(book: Path, reader: Reader) -> None:
    page = answered(book, reader)
    assert page.locator(".marginalia-pause-mine").all_text_contents() == [
        "✓ answered: Two\tcables, <both> cut.\nPerhaps."
    ]
    page.go_back()
    pause = page.locator(f".marginalia-pause:has({ANSWER})").first
    pause.evaluate("block => { block.open = true }")
    assert pause.get_by_role("textbox").input_value().startswith("Two")
    assert pause.get_by_label("Answered").is_checked()
    assert reader.refused == []


def test_answers_are_saved_as_markdown_and_as_cards(book: Path, reader: Reader) -> None:
    page = answered(book, reader)
    questions = page.locator(".marginalia-pause-list dd a").all_inner_texts()
    text = saved(page, "Save your answers as Markdown")
    assert text.startswith(f"- [x] {questions[0]}\n\n  Two\tcables, <both> cut.\n  Perhaps.\n")
    assert text.count("- [ ] ") == len(questions) - 1
    first, second, card, end = saved(page, "as cards for Anki").split("\n")
    assert (first, second, end) == ("#separator:tab", "#html:true", "")
    assert card.split("\t") == [questions[0], "Two cables, &#60;both&#62; cut.<br>Perhaps."]


def test_without_a_script_there_is_no_place_for_answers(book: Path, reader: Reader) -> None:
    page = reader.open(book / "reference/questions.html", java_script_enabled=False)
    assert page.locator(".marginalia-pause-export").is_hidden()


def test_the_script_of_answers_weighs_at_most_3_kilobytes(book: Path) -> None:
    script = (book / "_static" / "marginalia-pauses-answers.js").read_bytes()
    assert len(gzip.compress(script, 9, mtime=0)) <= 3000


def test_on_paper_the_grounds_of_claims_are_open_where_only_a_script_can_open_them(
    book: Path, reader: Reader
) -> None:
    page = reader.open(book / "field-assessment.html")
    closed = "document.querySelectorAll('.marginalia-claim-details:not([open])').length"
    before = page.evaluate(closed)
    assert before > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(closed) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(closed) == before
