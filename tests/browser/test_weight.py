"""What a page costs its reader: bytes, time of the processor, and places that move."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from tests.browser import essay
from tests.browser.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

KILOBYTE = 1000
PAGE = "frontiers/measured.html"
#: What this package and the book bring themselves.
OURS = re.compile(r"/_static/(marginalia[-\w]*|book|daylight)\.(css|js)$")
WATCH = """
window.scripts = [];
window.shifts = [];
const seen = (type, note) =>
  new PerformanceObserver(list => list.getEntries().forEach(note)).observe({ type, buffered: true });
seen("long-animation-frame", frame => frame.scripts.forEach(
  script => scripts.push([script.sourceURL.split("?")[0], Math.round(script.duration)])));
seen("layout-shift", shift => shifts.push([shift.value, ...shift.sources.map(
  source => source.node && (source.node.className || source.node.nodeName))]));
"""
#: How often a page is loaded: whatever else the machine does makes some loads slow, none fast.
LOADS = 5


@pytest.fixture(scope="module")
def host(weighed: Path) -> Iterator[str]:
    with served(weighed) as host:
        yield host


def opened(chromium: Browser, address: str, *, slowed: int = 1, **options: Any) -> Page:
    """Open *address* in a window of its own, with the processor slowed down."""
    size = {"width": options.pop("width", 1440), "height": 900}
    context = chromium.new_context(viewport=size, **options)
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(address, wait_until="load")
    return page


# Bytes


def weights(chromium: Browser, host: str, site: Path, path: str) -> dict[str, int]:
    """Return what each file that a browser asks for weighs, compressed."""
    context = chromium.new_context()
    context.route("**/favicon.ico", lambda route: route.abort())
    page = context.new_page()
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(f"{host}/{path}", wait_until="networkidle")
    context.close()
    files = {
        url.partition("?")[0].removeprefix(host)
        for kind, url in asked
        if kind in {"document", "stylesheet", "script"}
    }
    return {
        name: len(gzip.compress((site / name[1:]).read_bytes(), 9, mtime=0))
        for name in sorted(files)
    }


def without_extras(found: dict[str, int]) -> dict[str, int]:
    """Leave out what a project asks for by name, and the list of the book's fonts.

    Their bounds are in ``test_previews``, ``test_search`` and ``test_pauses``, and below.
    """
    extras = ("marginalia-previews", "marginalia-search", "marginalia-pauses-answers", "fonts.css")
    return {name: weight for name, weight in found.items() if not any(e in name for e in extras)}


def test_the_essay_is_as_large_as_it_says(weighed: Path) -> None:
    soup = BeautifulSoup((weighed / PAGE).read_text(encoding="utf-8"), "html.parser")
    assert len(soup.select(".marginalia-sidenote")) == essay.NOTES
    assert len(soup.select(".bibtex-citation a")) == essay.CITATIONS
    assert len(soup.select("math")) == essay.FORMULAS + 1
    assert len(" ".join(soup.select_one("article").stripped_strings).split()) > essay.WORDS


def test_an_essay_of_5000_words_weighs_at_most_60_kilobytes(
    chromium: Browser, host: str, weighed: Path
) -> None:
    found = weights(chromium, host, weighed, PAGE)
    assert f"/{PAGE}" in found
    assert sum(without_extras(found).values()) <= 60 * KILOBYTE, found


def test_of_which_11_kilobytes_are_our_styles_and_scripts(
    chromium: Browser, host: str, weighed: Path
) -> None:
    found = weights(chromium, host, weighed, PAGE)
    ours = {n: weight for n, weight in without_extras(found).items() if OURS.search(n)}
    assert {"/_static/book.css", "/_static/marginalia-sidenotes.css"} <= set(ours)
    assert sum(ours.values()) <= 11 * KILOBYTE, ours


def test_the_fonts_of_a_text_weigh_at_most_120_kilobytes(weighed: Path) -> None:
    # A font is loaded if a character of the page is in its range: this is the most that a page loads.
    sizes = {font.name: font.stat().st_size for font in (weighed / "_static/fonts").glob("*.woff2")}
    assert sizes.pop("math.woff2") <= 60 * KILOBYTE
    assert sum(sizes.values()) <= 120 * KILOBYTE, sizes


def test_a_page_without_formulas_does_not_load_their_font(weighed: Path) -> None:
    for path, has_formulas in ((PAGE, True), ("reference/questions.html", False)):
        text = (weighed / path).read_text(encoding="utf-8")
        assert "fonts/serif.woff2" in text
        assert ("fonts/math.woff2" in text) == has_formulas


def test_every_letter_of_the_essays_is_in_a_font_of_the_book(weighed: Path) -> None:
    css = (weighed / "_static/fonts.css").read_text(encoding="utf-8")
    assert len(css) <= 4 * KILOBYTE  # which is less than one when it is compressed
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", css)
    covered = {
        chr(code)
        for first, last in ranges
        for code in range(int(first, 16), int(last or first, 16) + 1)
    }
    for page in sorted((weighed / "methods").glob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for element in soup.select("math, pre, code, svg"):
            element.decompose()
        letters = {each for each in soup.select_one("article").get_text() if each.isalpha()}
        assert letters <= covered, page.name


def test_a_page_loads_no_file_that_it_has_no_use_for(weighed: Path) -> None:
    text = (weighed / PAGE).read_text(encoding="utf-8")
    for name in ("ledger", "timeline", "sphinx-design", "design-tabs", "copybutton", "clipboard"):
        assert f"_static/marginalia-{name}" not in text
        assert f"_static/{name}" not in text


def test_everything_of_ours_on_a_page_is_styled(weighed: Path) -> None:
    sheets = {
        sheet.name: set(re.findall(r"\.(marginalia-[a-z-]*[a-z])", sheet.read_text("utf-8")))
        for sheet in (weighed / "_static").glob("marginalia-*.css")
    }
    assert len(sheets) > 5
    missing = {}
    for path in sorted(weighed.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        soup = BeautifulSoup(text, "html.parser")
        linked = {name for name in sheets if f"_static/{name}" in text}
        there = {name for each in soup.select("[class]") for name in each["class"]}
        styled = {name for sheet in linked for name in sheets[sheet]}
        wanted = {name for sheet in sheets for name in sheets[sheet]} & there
        if wanted - styled:
            missing[path.name] = wanted - styled
    assert missing == {}


# Time


@pytest.mark.parametrize("width", [1440, 390])
def test_no_script_of_ours_takes_long_where_the_processor_is_four_times_slower(
    chromium: Browser, host: str, width: int
) -> None:
    # How long the browser takes to lay out an essay is its own affair, and the machine's:
    # ``python -m bench reader`` measures it. What a script takes it tells for each by itself.
    seen = []
    for _ in range(LOADS):
        page = opened(chromium, f"{host}/{PAGE}", slowed=4, width=width)
        page.wait_for_timeout(500)
        scripts = page.evaluate("scripts")
        page.context.close()
        seen.append([script for script in scripts if OURS.search(script[0])])
        if not any(duration > 50 for _, duration in seen[-1]):
            return
    pytest.fail(f"our scripts in long frames of {LOADS} loads, in ms: {seen}")


# What moves


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize(
    "path",
    [
        PAGE,
        "index.html",
        "field-assessment.html",
        "methods/linear-probing.html",
        "methods/sparse-autoencoders.html",
        "reference/claims.html",
        "contributing/index.html",
    ],
)
def test_nothing_moves_while_a_page_loads_and_is_read(
    chromium: Browser, host: str, path: str, width: int
) -> None:
    # A page that is painted before all of it has come may move once; what moves by design always does.
    # A table of automatic layout is laid out again by the browser as its rows arrive: a hundredth
    # of the score that https://web.dev/articles/cls calls good (0.1) is a pixel or two.
    seen = []
    for _ in range(LOADS):
        page = opened(chromium, f"{host}/{path}", slowed=4, width=width)
        height = page.evaluate("document.documentElement.scrollHeight")
        for _ in range(0, height, 800):
            page.mouse.wheel(0, 800)
            page.wait_for_timeout(20)
        page.wait_for_timeout(300)
        seen.append(page.evaluate("shifts"))
        page.context.close()
        if sum(score for score, *_ in seen[-1]) < 0.001:
            return
    pytest.fail(str(seen))


# Without a script


def test_an_essay_is_whole_before_any_script_runs(chromium: Browser, host: str) -> None:
    words = []
    for scripts in (True, False):
        page = opened(chromium, f"{host}/{PAGE}", java_script_enabled=scripts)
        words.append(page.locator("article").inner_text())
        assert page.locator(".marginalia-sidenote:visible").count() == essay.NOTES
        assert page.locator("article section:visible").count() == page.locator("section").count()
        page.context.close()
    assert words[0] == words[1]


def test_on_a_phone_a_note_opens_before_any_script_runs(chromium: Browser, host: str) -> None:
    page = opened(chromium, f"{host}/{PAGE}", java_script_enabled=False, width=390)
    note = page.locator(".marginalia-sidenote").first
    assert note.is_hidden()
    page.locator("a.marginalia-note-mark").first.click()
    assert note.is_visible()
    page.context.close()


# Pictures


def test_every_picture_has_its_size_and_is_a_drawing_or_compressed(weighed: Path) -> None:
    pictures = [
        (path.name, picture)
        for path in weighed.rglob("*.html")
        for picture in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")("img")
    ]
    assert len(pictures) >= 10
    for name, picture in pictures:
        assert str(picture["width"]).isdigit(), name
        assert str(picture["height"]).isdigit(), name
        assert str(picture["src"]).endswith((".svg", ".png", ".jpg", ".webp")), name


def test_no_picture_of_the_first_screen_waits_and_all_below_the_second_do(
    chromium: Browser, host: str, weighed: Path
) -> None:
    # A build counts characters: how high a window is, and what a theme puts first, it cannot know.
    with_pictures = [path for path in weighed.rglob("*.html") if "<img" in path.read_text("utf-8")]
    wrong = []
    for path in with_pictures:
        page = opened(chromium, f"{host}/{path.relative_to(weighed)}")
        wrong += page.evaluate(
            """[...document.images]
                 .filter(image => {
                   const screen = image.getBoundingClientRect().top / innerHeight;
                   return image.loading === "lazy" ? screen < 1 : screen > 2;
                 })
                 .map(image => [image.src, image.getBoundingClientRect().top])"""
        )
        page.context.close()
    assert wrong == []
