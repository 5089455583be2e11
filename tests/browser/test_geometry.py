"""Where notes stand: measured in the page, at the widths of a desk, a tablet and a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import sites
from tests.browser.conftest import Reader, look

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = (1440, 1024, 390)
PAGES = [
    ("book", "field-assessment"),
    *((theme, "index") for theme in sites.THEMES),
    ("furo", "restructured"),
    ("alabaster", "crowd"),
    ("furo", "crowd"),
]
SHOWN = {"book": 11, "index": 36, "restructured": 15, "crowd": 200}


@pytest.fixture(scope="session")
def surveys() -> dict[tuple[str, str, int], dict[str, Any]]:
    """What was seen on each page; measuring takes longer than judging."""
    return {}


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=PAGES, ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param  # type: ignore[no-any-return]


def file_of(base: Path, place: tuple[str, str]) -> Path:
    site, page = place
    folder = sites.book(base) if site == "book" else sites.torture(base, site)
    return folder / f"{page}.html"


@pytest.fixture
def seen(
    base: Path,
    chromium: Browser,
    surveys: dict[tuple[str, str, int], dict[str, Any]],
    place: tuple[str, str],
    width: int,
) -> dict[str, Any]:
    """What is seen on a page where every closed block and every folded note has been opened."""
    key = (*place, width)
    if key not in surveys:
        reader = Reader(chromium)
        page = reader.open(file_of(base, place), width=width)
        before = look(page, "survey")
        open_everything(page)
        surveys[key] = {**look(page, "survey"), "unfolded_at_first": before["unfolded"]}
        reader.leave()
    return surveys[key]


def open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true })")
    page.evaluate(
        """for (const mark of document.querySelectorAll("a.marginalia-note-mark[aria-expanded=false]"))
             if (mark.checkVisibility()) mark.click()"""
    )


def test_no_note_lies_over_anything(seen: dict[str, Any]) -> None:
    assert not seen["overlaps"], "\n".join(seen["overlaps"])


def test_no_note_is_cut_off(seen: dict[str, Any]) -> None:
    assert not seen["cutOff"], "\n".join(seen["cutOff"])


def test_no_note_takes_the_room_of_a_table_or_of_code(seen: dict[str, Any]) -> None:
    assert not seen["squeezed"], "\n".join(seen["squeezed"])


def test_the_page_does_not_scroll_sideways(seen: dict[str, Any]) -> None:
    assert seen["scrolls"] == 0


def test_a_note_in_the_margin_begins_beside_its_number(seen: dict[str, Any]) -> None:
    assert not seen["strayed"], "\n".join(seen["strayed"])


def test_every_note_can_be_seen(seen: dict[str, Any], place: tuple[str, str]) -> None:
    assert seen["shown"] >= SHOWN[place[1] if place[0] != "book" else "book"]


def test_a_phone_shows_no_note_until_it_is_opened(seen: dict[str, Any], width: int) -> None:
    if width == 390:
        assert seen["unfolded_at_first"] == 0


def test_a_desk_has_a_margin_for_notes_in_every_theme(seen: dict[str, Any], width: int) -> None:
    if width == 1440:
        assert seen["folded"] == 0


def test_twice_the_zoom_is_half_the_width(base: Path, reader: Reader) -> None:
    page = reader.open(
        file_of(base, ("book", "field-assessment")), width=720, height=450, device_scale_factor=2
    )
    open_everything(page)
    seen = look(page, "survey")
    assert not seen["overlaps"] + seen["cutOff"], "\n".join(seen["overlaps"] + seen["cutOff"])
    assert seen["scrolls"] == 0


@pytest.mark.parametrize("theme", sites.THEMES)
def test_notes_stand_at_the_left_of_text_that_runs_from_right_to_left(
    base: Path, reader: Reader, theme: str
) -> None:
    page = reader.open(file_of(base, (theme, "rtl")))
    # No theme here sets the direction by the language of the site.
    page.evaluate("document.documentElement.dir = 'rtl'")
    seen = look(page, "survey")
    assert not seen["overlaps"] + seen["cutOff"], "\n".join(seen["overlaps"] + seen["cutOff"])
    note, text = (
        page.locator(".marginalia-sidenote").first,
        page.locator(".marginalia-note-text p").first,
    )
    edges = [locator.bounding_box() for locator in (note, text)]
    assert edges[0]["x"] + edges[0]["width"] <= edges[1]["x"]  # type: ignore[index]
