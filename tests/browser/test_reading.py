"""What a reader of the book meets besides notes and previews: lines, motion, other hosts."""

from __future__ import annotations

import json
from statistics import mean
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build
from tests.browser.conftest import look

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

CITATION = ".bibtex-citation"


@pytest.fixture
def essay(book: Path) -> Path:
    return book / "field-assessment.html"


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


# Read aloud

ALOUD = """\
# Wells

Water lies deep,{sidenote}`Thirty *fathoms*.` and is cold.{marginnote}`Except in spring.` So $x = 2$.

:::{key-idea} Depth
Count the rope.
:::

:::{claim} cold
:kind: capability
:verdict: contested
:would-change: a warm well

Well water is warm.
:::

::::{pause-and-think} How deep?
Count first.

:::{discussion}
Thirty.
:::
::::
"""
#: A note comes where its mark is, a verdict before its claim, and a fold is closed and has a name.
HEARD = """\
main:
heading "Wells" [level=1]
paragraph:
text: Water lies deep,
superscript:
link "1":
link "1, back to the text":
text: "1"
text: Thirty
emphasis: fathoms
text: . and is cold.
note: Except in spring.
text: So
math: x = 2
text: .
paragraph:
text: "Key idea:"
term: Depth
paragraph: Count the rope.
term: Verdict
definition: ± contested
term: Kind
definition: capability
paragraph: Well water is warm.
group: Would change
group: "Pause and think: How deep?"
"""


def test_a_page_is_read_aloud_in_order_and_with_names(chromium: Browser, tmp_path: Path) -> None:
    extensions = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.mathml")
    built = build({"index.md": ALOUD}, tmp_path, extensions=extensions)
    page = chromium.new_page()
    page.goto((built.out / "index.html").as_uri())
    tree = page.locator("[role=main]").aria_snapshot()
    page.context.close()
    heard = [line.strip().removeprefix("- ") for line in tree.splitlines()]
    assert [line for line in heard if not line.startswith("/url")] == HEARD.splitlines()
