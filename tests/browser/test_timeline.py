"""Timelines in a browser: the boxes of real text, in the room there is, by day and by night."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.browser.test_accessibility import LIGHTS, ours, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)
NUMBERS = (3, 17, 200)
IN_THE_BOOK = (
    (Path(__file__).parents[2] / "docs" / "timeline.yaml")
    .read_text(encoding="utf-8")
    .count("title: ")
)
WORDS = (
    "a of the in WWW MMMM illicit Superposition interpretability Verantwortungsbewusstsein "
    "https://example.org/a/long/address/that/has/no/blank Модель Ελληνικά naïve 13 %"
).split()

#: The boxes of each label, of each year and of each name in the legend, of the drawing that is shown.
BOXES = """() => [...document.querySelectorAll("figure.marginalia-timeline")].map(figure => {
  const shown = [...figure.querySelectorAll("svg")].filter(svg => svg.checkVisibility());
  const box = node => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return { left, top, right, bottom, text: node.textContent.trim() };
  };
  const all = selector => shown.flatMap(svg => [...svg.querySelectorAll(selector)].map(box));
  return {
    shown: shown.map(svg => svg.parentElement.className),
    frame: box(shown[0]),
    size: Math.min(...[...shown[0].querySelectorAll("text")].map(
      text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)),
    labels: all("[role=listitem]"),
    lines: all("text"),
  };
})"""


def crowd(number: int) -> str:
    """Return a timeline of *number* milestones, most of them in one year."""
    chosen = random.Random(number)
    entries = []
    for each in range(number):
        year = chosen.choice([1999, 2024, 2025, 2025, 2025])
        date = chosen.choice([str(year), f"{year}-{each % 12 + 1:02}", f"{year}-03..{year + 1}-02"])
        title, text = (" ".join(chosen.choices(WORDS, k=chosen.randint(1, 9))) for _ in "ab")
        entries.append(
            f'- date: {date}\n  title: "{title}"\n  text: "{text}"\n  group: group {each % 6}\n'
            f"  link: https://example.org/{each}\n"
        )
    return "".join(entries)


@pytest.fixture(scope="session")
def crowds(base: Path) -> Path:
    """A page with timelines of different density."""
    blocks = [f":::{{timeline}} {number} milestones\n{crowd(number)}:::\n" for number in NUMBERS]
    files = {"index.md": "# Timelines\n\n" + "\n".join(blocks)}
    built = build(files, base / "timelines", html_theme="furo")
    assert built.warnings == ""
    return built.out / "index.html"


def boxes(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(BOXES)
    return found


def overlaps(found: list[dict[str, Any]]) -> list[str]:
    """Return the texts of each two boxes that cover each other by more than the edge of a letter."""
    by_top = sorted(found, key=lambda box: box["top"])
    pairs = []
    for place, one in enumerate(by_top):
        for other in by_top[place + 1 :]:
            if other["top"] >= one["bottom"] - 1:
                break
            if one["left"] < other["right"] - 1 and other["left"] < one["right"] - 1:
                pairs.append(f"{one['text'][:40]!r} and {other['text'][:40]!r}")
    return pairs


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["crowds", "book"])
def test_no_two_texts_overlap_and_none_leaves_the_frame(
    crowds: Path, book: Path, reader: Reader, name: str, width: int, light: str
) -> None:
    file = crowds if name == "crowds" else book / "field-assessment.html"
    page = reader.open(file, width=width, color_scheme=light)
    figures = boxes(page)
    assert [len(figure["labels"]) for figure in figures] == (
        list(NUMBERS) if name == "crowds" else [IN_THE_BOOK]
    )
    for figure in figures:
        assert figure["shown"] == [
            "marginalia-timeline-narrow" if width == 390 else "marginalia-timeline-wide"
        ]
        assert overlaps(figure["labels"]) == []
        assert overlaps(figure["lines"]) == []
        frame = figure["frame"]
        outside = [
            box["text"]
            for box in figure["lines"] + figure["labels"]
            if box["left"] < frame["left"] - 1 or box["right"] > frame["right"] + 1
            or box["top"] < frame["top"] - 1 or box["bottom"] > frame["bottom"] + 1
        ]  # fmt: skip
        assert outside == []
        assert figure["size"] > 10.5


def test_the_page_does_not_scroll_sideways_on_the_smallest_phone(
    crowds: Path, reader: Reader
) -> None:
    page = reader.open(crowds, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for figure in boxes(page):
        assert overlaps(figure["lines"]) == []


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_a_timeline(
    crowds: Path, reader: Reader, axe: str, width: int, light: str
) -> None:
    page = reader.open(crowds, width=width, color_scheme=light)
    found = ours(violations(page, axe), "furo")
    assert not found, "\n".join(map(str, found))


def test_a_reader_with_a_keyboard_gets_to_each_milestone_once(crowds: Path, reader: Reader) -> None:
    page = reader.open(crowds)
    links = page.evaluate(
        """[...document.querySelectorAll("figure.marginalia-timeline a[href*=example]")]
             .filter(link => link.checkVisibility()).length"""
    )
    assert links == sum(NUMBERS)


def test_assistive_technology_gets_one_of_the_drawings(crowds: Path, reader: Reader) -> None:
    page = reader.open(crowds, width=390)
    assert page.get_by_role("group", name="17 milestones").count() == 1
    assert page.get_by_role("group", name="17 milestones").get_by_role("listitem").count() == 17


def test_a_drawing_needs_no_script_and_no_other_host(crowds: Path, reader: Reader) -> None:
    page = reader.open(crowds, java_script_enabled=False)
    assert page.locator(".marginalia-timeline-wide svg").first.is_visible()
    assert reader.refused == []


def test_on_paper_a_long_timeline_is_a_list(crowds: Path, reader: Reader) -> None:
    page = reader.open(crowds)
    page.emulate_media(media="print")
    shown = page.evaluate(
        """[...document.querySelectorAll("figure.marginalia-timeline")].map(figure =>
             [...figure.querySelectorAll("svg, dl")].filter(each => each.checkVisibility())
               .map(each => each.localName).join())"""
    )
    assert shown[0] == "svg"
    assert shown[2] == "dl"


def test_on_paper_the_lines_of_a_list_begin_below_one_another(crowds: Path, reader: Reader) -> None:
    page = reader.open(crowds)
    page.emulate_media(media="print")
    starts = page.evaluate(
        """[...document.querySelectorAll(".marginalia-timeline-print")]
             .filter(list => list.checkVisibility()).map(list => {
               const words = document.createRange();
               return new Set([...list.querySelectorAll("dt")].map(line => {
                 words.selectNodeContents(line);
                 return Math.round(words.getBoundingClientRect().left);
               })).size;
             })"""
    )
    assert starts
    assert set(starts) == {1}
