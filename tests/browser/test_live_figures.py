"""Live figures in a browser: loaded near the window, under a strict policy, and never on paper."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia import results
from sphinx_marginalia.testing import build
from tests.browser.serving import served
from tests.contract.examples import DOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

#: Draws a control and a value of each of its data.
SCRIPT = """\
import { say } from "./words.js";
export default async function (figure, [tides, weights]) {
  const button = document.createElement("button");
  button.textContent = say(tides.data.hour.length, new Uint8Array(weights)[0]);
  button.addEventListener("click", () => { button.textContent = "pressed"; });
  figure.dataset.width = figure.clientWidth;
  figure.append(button);
}
"""
FIGURE = """
:::{{live-figure}} tides.svg
:name: fig-{name}
:alt: A curve of {name}.
:script: {script}
:data: tides, weights.bin
:table: hour, height

The tide of {name}.
:::
"""
FAR = "\n".join(f"Line {number} of the way.\n" for number in range(300))
PAGE = "\n".join(
    [
        "# Tides",
        FIGURE.format(name="near", script="tides.js, words.js"),
        FIGURE.format(name="broken", script="broken.js"),
        FAR,
        FIGURE.format(name="far", script="tides.js, words.js"),
        FAR,
    ]
)
FILES = {
    "index.md": PAGE,
    "plain.md": "---\norphan: true\n---\n\n# Plain\n",
    "tides.svg": DOT,
    "tides.js": SCRIPT,
    "words.js": "export const say = (...numbers) => `live ${numbers.join(' ')}`;\n",
    "broken.js": 'export default (figure) => { figure.append("half"); throw new Error("stopped half-way"); };\n',
    "results/tides.json": json.dumps({"data": {"hour": [0, 6, 12], "height": [1, 2, 1]}}),
}
WATCH = """
window.refusals = [];
document.addEventListener("securitypolicyviolation", event => {
  // A theme may have styles and scripts of its own in its pages.
  const figure = event.target.closest?.("figure");
  if (figure || event.blockedURI != "inline") refusals.push(`${event.blockedURI} ${figure?.id}`);
});
"""
START = ".marginalia-live-figure-start"
PICTURE, CANVAS = ".marginalia-live-figure-picture", ".marginalia-live-figure-canvas"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    (folder / "source").mkdir()
    (folder / "source" / "weights.bin").write_bytes(b"\x07\x00")
    built = build(FILES, folder, extensions=("myst_parser", "sphinx_marginalia.results"))
    assert built.warnings == ""
    return built.out


@pytest.fixture
def visit(site: Path, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of the site, which is served under a strict policy."""
    with served(site) as host:
        contexts = []

        def go(path: str = "index.html", **options: object) -> Page:
            context = chromium.new_context(viewport={"width": 900, "height": 700}, **options)  # type: ignore[arg-type]
            context.set_default_timeout(20_000)
            context.add_init_script(WATCH)
            contexts.append(context)
            page = context.new_page()
            page.goto(f"{host}/{path}", wait_until="load")
            return page

        yield go
        for context in contexts:
            context.close()


def near(page: Page) -> Locator:
    """Start the figure that is in the window at once, and return the button that its script makes."""
    page.locator(f"#fig-near {START}").click()
    return page.locator(f"#fig-near {CANVAS} button")


def requested(page: Page) -> list[str]:
    """Return the names of the scripts and data that the page has loaded for its figures."""
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)"
    )
    return [name.rpartition("/")[2] for name in names if "live-figures" in name]


def test_a_figure_in_the_window_is_live_when_its_button_is_pressed(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    start = page.get_by_role("button", name="Try it")
    start.wait_for()
    assert page.locator("#fig-near img").is_visible()
    page.keyboard.press("Tab")
    start.focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="live 3 7")
    assert button.is_visible()
    assert button.evaluate("button => button === document.activeElement")
    assert page.locator(f"#fig-near {PICTURE}").is_hidden()
    assert start.count() == 0
    assert int(page.locator(f"#fig-near {CANVAS}").get_attribute("data-width") or 0) > 100


def test_a_figure_below_the_window_is_live_when_a_reader_comes_to_it(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    page.locator(f"#fig-near {START}").wait_for()
    button = page.locator(f"#fig-far {CANVAS} button")
    assert page.locator("#fig-far img").is_visible()
    assert button.count() == 0
    page.evaluate("scrollTo(0, document.querySelector('#fig-far').offsetTop - innerHeight - 99)")
    button.wait_for()
    assert page.locator("#fig-far img").is_hidden()


def test_nothing_moves_while_a_figure_becomes_ready(visit: Callable[..., Page]) -> None:
    page = visit()
    after = "document.querySelector('#fig-broken').getBoundingClientRect().top"
    frame = "document.querySelector('#fig-near .marginalia-live-figure-frame').className"
    places = []
    for state in ("off", "drawing", "ready"):
        page.evaluate(f"{frame} = 'marginalia-live-figure-frame marginalia-live-figure-{state}'")
        places.append(page.evaluate(after))
    assert len(set(places)) == 1


def test_the_policy_refuses_nothing_of_a_live_figure(visit: Callable[..., Page]) -> None:
    page = visit()
    near(page)
    assert page.evaluate("refusals") == []


def test_a_control_is_reached_and_used_with_the_keyboard(visit: Callable[..., Page]) -> None:
    page = visit()
    button = near(page)
    page.locator("#fig-near .headerlink").focus()
    page.evaluate("document.activeElement.blur()")
    button.focus()
    page.keyboard.press("Enter")
    assert button.text_content() == "pressed"
    assert page.get_by_role("group", name="A curve of near.").count() == 1


def test_the_focus_in_a_figure_brings_it_to_life(visit: Callable[..., Page]) -> None:
    page = visit()
    # As for a reader whose browser does not scroll to the focus.
    page.evaluate("document.querySelector('#fig-far summary').focus({ preventScroll: true })")
    page.locator(f"#fig-far {CANVAS} button").wait_for(state="attached")


def test_the_data_can_be_opened_with_the_keyboard(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#fig-near summary").focus()
    page.keyboard.press("Enter")
    table = page.locator("#fig-near table")
    table.wait_for()
    assert table.locator("th").all_inner_texts() == ["hour", "height"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "marginalia-live-figure-table"


def test_paper_has_the_picture(visit: Callable[..., Page]) -> None:
    page = visit()
    near(page)
    page.emulate_media(media="print")
    assert page.locator("#fig-near img").is_visible()
    assert page.locator(f"#fig-near {CANVAS} button").is_hidden()
    assert page.locator("#fig-near summary").is_hidden()
    page.emulate_media(media="screen")
    assert page.locator(f"#fig-near {CANVAS} button").is_visible()


def test_without_javascript_the_picture_stays(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("#fig-near img").is_visible()
    assert page.locator(f"#fig-near {CANVAS}").is_hidden()
    page.locator("#fig-near summary").click()
    assert page.locator("#fig-near table").is_visible()


def test_axe_finds_nothing_in_a_live_figure_with_its_data_open(
    visit: Callable[..., Page], axe: str
) -> None:
    page = visit(bypass_csp=True)
    near(page)
    page.locator("#fig-near summary").click()
    page.evaluate(axe)
    run = "axe.run('#fig-near').then(found => found.violations.map(one => one.id))"
    assert page.evaluate(run) == []


def test_a_script_that_fails_leaves_the_picture(visit: Callable[..., Page]) -> None:
    page = visit()
    with page.expect_console_message(lambda message: "half-way" in message.text):
        page.reload()
    near(page)
    assert page.locator("#fig-broken img").is_visible()
    assert page.locator(f"#fig-broken {CANVAS}").text_content() == ""


def test_a_page_read_from_disk_has_the_picture(site: Path, chromium: Browser) -> None:
    page = chromium.new_page()
    with page.expect_console_message(lambda message: "marginalia" in str(message.location)):
        page.goto((site / "index.html").as_uri())
    assert page.locator("#fig-near img").is_visible()
    page.context.close()


def test_a_page_without_live_figures_loads_nothing_for_them(visit: Callable[..., Page]) -> None:
    page = visit("plain.html")
    assert requested(page) == []
    assert page.locator("script[src*=marginalia-results]").count() == 0


def test_a_page_loads_what_its_near_figures_need_and_each_file_once(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    near(page)
    names = requested(page)
    assert {"tides.js", "words.js", "weights.bin", "tides.json"} <= set(names)
    assert names.count("words.js") == 1


def test_the_loader_weighs_less_than_a_kilobyte() -> None:
    loader = Path(results.__file__).parent / "marginalia-results.js"
    assert len(gzip.compress(loader.read_bytes(), mtime=0)) < 1000
