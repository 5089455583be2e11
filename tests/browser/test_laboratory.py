"""The live figures of the laboratory in a browser: right, small, quick, and for everybody."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

from lab import results, stored
from tests.browser.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

LIVE = results.ROOT / "lab" / "live"
PUBLISHED = "_static/live-figures/lab/live"
#: All scripts of the laboratory together, compressed.
BUDGET = 20_000
#: The scripts of one figure, with the modules that they import.
MOST_OF_ONE = 12_000


class Figure(NamedTuple):
    """A live figure, and how a reader changes it: a control, a key, and what the figure says then."""

    page: str
    name: str
    role: str
    control: str
    key: str
    says: str
    #: Whether the figure runs the model, in slices.
    computes: bool = True


FIGURES = [
    Figure(
        "methods/refusal-direction",
        "fig-lab-refusal",
        "radio",
        "remove it",
        "Space",
        "0% to hurt",
    ),
    Figure(
        "methods/activation-patching",
        "fig-lab-patching",
        "radio",
        "logits",
        "Space",
        "on the logits",
    ),
    Figure(
        "methods/activation-engineering",
        "fig-lab-steering",
        "slider",
        "Dose",
        "End",
        "100% of the harmless requests are refused",
    ),
    Figure(
        "methods/linear-probing",
        "fig-lab-probes",
        "radio",
        "second",
        "Space",
        "Replace the second word",
    ),
    Figure(
        "frontiers/detecting-deception",
        "fig-lab-sleeper",
        "slider",
        "Bad requests",
        "End",
        "Of 100 alarms 1.0 are right",
        False,
    ),
    Figure(
        "methods/sparse-autoencoders",
        "fig-lab-dictionaries",
        "combobox",
        "A feature",
        "End",
        "The feature x18",
        False,
    ),
    Figure(
        "methods/model-diffing",
        "fig-lab-crosscoder",
        "radio",
        "BatchTopK",
        "Space",
        "exclusive to chat: 3",
        False,
    ),
    Figure(
        "methods/circuit-tracing",
        "fig-lab-two-hop",
        "combobox",
        "Follow a node",
        "End",
        "The answer, Austin",
        False,
    ),
]
IDS = [figure.name for figure in FIGURES]


def compressed(*scripts: Path) -> int:
    """Return how much a reader downloads: each file is compressed by itself."""
    return sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts)


def test_all_scripts_together_weigh_at_most_20_kilobytes() -> None:
    scripts = sorted(LIVE.glob("*.js"))
    together = b"".join(script.read_bytes() for script in scripts)
    assert len(gzip.compress(together, 9)) <= BUDGET, {one.name: compressed(one) for one in scripts}


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_a_figure_loads_at_most_12_kilobytes(figure: Figure) -> None:
    page = (results.ROOT / "docs" / f"{figure.page}.md").read_text("utf-8")
    option = page.partition(f":name: {figure.name}\n")[2].partition(":script:")[2]
    names = [Path(name.strip()).name for name in option.partition("\n")[0].split(",")]
    assert names
    assert compressed(*(LIVE / name for name in names)) <= MOST_OF_ONE


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_a_figure_names_every_module_that_its_script_imports(figure: Figure) -> None:
    page = (results.ROOT / "docs" / f"{figure.page}.md").read_text("utf-8")
    option = page.partition(f":name: {figure.name}\n")[2].partition(":script:")[2]
    names = {Path(name.strip()).name for name in option.partition("\n")[0].split(",")}
    imported = {
        module
        for name in names
        for module in re.findall(r'from "\./([\w-]+\.js)"', (LIVE / name).read_text("utf-8"))
    }
    assert imported <= names


@pytest.mark.parametrize("script", sorted(LIVE.glob("*.js")), ids=lambda path: path.name)
def test_a_script_asks_for_nothing_from_elsewhere_and_sets_no_style_attribute(script: Path) -> None:
    text = script.read_text("utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert not re.search(r"\bstyle=|[\"']style[\"']|cssText|innerHTML|\beval\b", text)


# In the browser


@pytest.fixture(scope="module")
def host(book: Path) -> Iterator[str]:
    with served(book) as host:
        yield host


@pytest.fixture
def visit(host: str, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of the book, which is served under a strict policy."""
    contexts = []

    def go(path: str, **options: object) -> Page:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{host}/{path}.html", wait_until="load")
        return page

    yield go
    for context in contexts:
        context.close()


def started(page: Page, figure: Figure) -> Locator:
    """Scroll to a figure, and return it when it has said what it shows."""
    place = page.locator(f"#{figure.name}")
    place.scroll_into_view_if_needed()
    drawn = re.compile("marginalia-live-figure-(on|ready)")
    expect(place.locator(".marginalia-live-figure-frame")).to_have_class(drawn, timeout=60_000)
    start = place.locator(".marginalia-live-figure-start")
    if start.is_visible():
        start.click()
    place.locator("[role=status]:not(:empty)").first.wait_for()
    return place


RUN = """async ([module, weights, tokens]) => {
  const { load, run } = await import(new URL(module, document.baseURI));
  const model = load(weights);
  return tokens.map(input => Array.from(run(model, input).logits));
}"""


@pytest.mark.browser
def test_the_browser_computes_the_same_logits_as_numpy(visit: Callable[..., Page]) -> None:
    page = visit("methods/refusal-direction")
    check = json.loads(stored.CHECK.read_text("utf-8"))
    weights = json.loads(stored.LAB_2L.read_text("utf-8"))
    script = f"../{PUBLISHED}/model.js"
    found = page.evaluate(RUN, [script, weights, check["tokens"]])
    assert len(found) == stored.CHECKED_INPUTS
    worst = max(
        abs(one - other)
        for logits, known in zip(found, check["logits"], strict=True)
        for one, other in zip(logits, known, strict=True)
    )
    assert worst < 1e-4


@pytest.mark.browser
@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_a_figure_is_used_with_the_keyboard_and_says_what_it_shows(
    figure: Figure, visit: Callable[..., Page]
) -> None:
    page = visit(figure.page)
    place = started(page, figure)
    said = place.locator("[role=status]").first  # an output has this role, too
    # "100% to hurt" has "0% to hurt" in it.
    words = re.compile(rf"(?<!\d){figure.says}")
    expect(said).not_to_have_text(words)
    control = place.get_by_role(figure.role, name=figure.control, exact=True)  # type: ignore[arg-type]
    control.focus()
    page.keyboard.press(figure.key)
    expect(said).to_have_text(words, timeout=60_000)


@pytest.mark.browser
@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_figure(
    figure: Figure,
    scheme: str,
    visit: Callable[..., Page],
    axe: str,
) -> None:
    page = visit(figure.page, bypass_csp=True, color_scheme=scheme)
    started(page, figure)
    page.evaluate(axe)
    run = f"axe.run('#{figure.name}').then(found => found.violations.map(one => one.id))"
    assert page.evaluate(run) == []


#: A clock that always says that a slice of work is over, and a count of the pauses that follow.
SLICES = """
let clock = 0;
performance.now = () => (clock += 20);
window.pauses = 0;
const later = window.setTimeout;
window.setTimeout = (work, ...rest) => later(work, ...rest, window.pauses += 1);
"""
#: Each figure that computes runs the model more often than this; no run takes 50 milliseconds.
RUNS = 50


@pytest.mark.browser
@pytest.mark.parametrize("figure", [f for f in FIGURES if f.computes], ids=lambda f: f.name)
def test_a_figure_lets_the_browser_go_on_after_each_run_of_the_model(
    figure: Figure, visit: Callable[..., Page]
) -> None:
    page = visit("methods/foundations")
    page.context.add_init_script(SLICES)
    page.goto(page.url.replace("methods/foundations", figure.page))
    page.locator(f"#{figure.name}").scroll_into_view_if_needed()
    # The policy refuses what Playwright would evaluate while it waits.
    for _ in range(600):
        if page.evaluate("pauses") > RUNS:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{figure.name} has paused {page.evaluate('pauses')} times only")


@pytest.mark.browser
@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_a_figure_fits_on_a_phone(figure: Figure, visit: Callable[..., Page]) -> None:
    page = visit(figure.page, viewport={"width": 390, "height": 844})
    started(page, figure)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_without_javascript_and_on_paper_there_is_the_picture(
    figure: Figure, visit: Callable[..., Page]
) -> None:
    plain = visit(figure.page, java_script_enabled=False).locator(f"#{figure.name}")
    assert plain.locator("img").first.is_visible()
    page = visit(figure.page)
    place = started(page, figure)
    assert place.locator("img").first.is_hidden()
    page.emulate_media(media="print")
    assert place.locator("img").first.is_visible()
    assert place.locator("[role=status]").first.is_hidden()


# The two-hop network

SCORE = """async ([module, weights, results, strength]) => {
  const { network, score } = await import(new URL(module, document.baseURI));
  return score(network(weights, results), strength);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("version", ["without", "with"])
def test_the_browser_swaps_states_as_numpy_does(version: str, visit: Callable[..., Page]) -> None:
    page = visit("methods/circuit-tracing")
    known = json.loads((results.RESULTS / "two-hop.json").read_text("utf-8"))
    path = stored.WEIGHTS / f"two-hop-{version}-shortcut.json"
    weights = json.loads(path.read_text("utf-8"))
    for row in known["data"][version]["swaps"]:
        given = [f"../{PUBLISHED}/two-hop.js", weights, known, row["strength"]]
        found = page.evaluate(SCORE, given)
        # Weights with half precision may turn a swap that is nearly undecided.
        one_swap = 1.5 / found["count"]
        assert abs(found["given"] - row["swap_new_capital"]) < one_swap
        assert abs(found["predicted"] - row["predicted_new_capital"]) < one_swap
        assert abs(found["agree"] - row["predicted_right"]) < 2 * one_swap


@pytest.mark.browser
def test_clicking_a_node_of_a_graph_follows_it(visit: Callable[..., Page]) -> None:
    page = visit("methods/circuit-tracing")
    place = started(page, FIGURES[IDS.index("fig-lab-two-hop")])
    place.locator(".lab-node").first.click()
    assert place.get_by_role("combobox", name="Follow a node").input_value() == "the city"
    assert "gives most to" in place.locator("[role=status]").first.inner_text()
