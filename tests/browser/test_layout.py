"""How the page around notes is laid out, in the themes that most projects use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.browser.conftest import Reader, look

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORDS = "The lake is still and the reeds stand in it up to their knees. " * 6
LONG_NOTE = "{sidenote}`" + "A long note goes on and on. " * 8 + "`"

WIDE = f"""# Wide things

{WORDS}{LONG_NOTE}

```{{code-block}} text
:class: fullwidth

{"one-long-line-" * 20}
```

:::{{table}} A table
:class: fullwidth

| Reed | Rush | Sedge | Iris | Lily |
| --- | --- | --- | --- | --- |
| green words | brown words | grey words | blue words | white words |
:::

```{{figure}} wide.svg
:class: fullwidth

A wide picture.{{sidenote}}`A note in the caption.`
```

```{{figure}} wide.svg
A picture of the text's width.{{sidenote}}`A note beside it.`
```

```{{image}} wide.svg
:class: fullwidth
```

```{{image}} wide.svg
:class: fullwidth
:width: 2000px
```
"""
SIDES = f"""# Sides

:::{{sidebar}} Herons
A heron waits.{{sidenote}}`A note in the sidebar.`
:::

{WORDS}

{WORDS}

```{{figure}} small.svg
:align: right

A small picture.{{sidenote}}`A note in its caption.`
```

{WORDS}
"""
BOX = f"""# A box

{WORDS}

:::{{note}}
A few words.{LONG_NOTE}
:::

The next paragraph.{{sidenote}}`The next note.`
"""
LISTS = f"""# Lists

{WORDS}

- A reed.{LONG_NOTE}

Between.

- A rush.{{sidenote}}`A short note.`

| Sedge |
| --- |
| Iris |
"""
CLOSED = """# Closed

::::{tab-set}
:::{tab-item} Reeds
Green.{sidenote}`Behind the first tab.`
:::
:::{tab-item} Rushes
Brown.{sidenote}`Behind the second tab.`
:::
::::

:::{admonition} Solution
:class: dropdown

Forty herons.{sidenote}`The answer.`
:::
"""
KINDS = f"""# Letters

{WORDS}

:::{{sidenote}}
A paragraph with a [link](https://example.org).

- An item.

| Cell |
| --- |
| Word |
:::
"""
MARGIN = f"""# Margin

{WORDS}{{sidenote}}`A note before the figure.`

```{{figure}} wide.svg
:figclass: margin
:name: heron

A heron.{{sidenote}}`A note in the caption.`
```

{WORDS}{LONG_NOTE}

:::{{table}} Reeds
:class: margin
:name: reeds

| Reed{{sidenote}}`A note in the table.` | {"Rush" * 40} |
| --- | --- |
| green | brown |
:::

{WORDS}{{sidenote}}`A note after the table.` {WORDS}

{WORDS}

{WORDS}

{WORDS}

```{{figure}} wide.svg
:figclass: margin-caption
:name: lake

The lake.{{sidenote}}`A note beside the picture.`
```

{WORDS}{{sidenote}}`The last note.`
"""
BOXED = """# Boxed

:::::{note}

::::{claim} herons-wait
:kind: capability
:verdict: not-established
:scale: toy
:reviewed: 2026-01-01
:would-change: A heron that runs.

Herons wait.
::::

::::{pause-and-think} Why do they wait?
:::{discussion}
Fish come.
:::
::::
:::::
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="120"/>'
PAGES = {
    "index.md": "# Lake\n\n:::{toctree}\n:glob:\n\n*\n:::\n",
    "wide.md": WIDE,
    "sides.md": SIDES,
    "margin.md": MARGIN,
    "box.md": BOX,
    "lists.md": LISTS,
    "closed.md": CLOSED,
    "letters.md": KINDS,
    "boxed.md": BOXED,
    "bare.md": f"# Bare\n\n{WORDS}{{sidenote}}`The only note.`\n",
    "wide.svg": PICTURE.format(1600),
    "small.svg": PICTURE.format(160),
}

BOXES = """selector => [...document.querySelectorAll(selector)].map(element => {
  const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
  return { left, right, top, bottom, width, height };
})"""


@pytest.fixture(scope="session")
def lakes(base: Path) -> dict[str, Path]:
    """The pages above in each theme."""
    found = {}
    for theme in sites.THEMES:
        folder = base / "layout" / theme
        built = build(PAGES, folder, "html", extensions=sites.EXTENSIONS, html_theme=theme)
        assert built.warnings == ""
        found[theme] = built.out
    return found


@pytest.fixture(params=sites.THEMES)
def lake(request: pytest.FixtureRequest, lakes: dict[str, Path]) -> Path:
    return lakes[request.param]


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(BOXES, selector)
    assert found, selector
    return found


def complaints(page: Page) -> list[str]:
    seen: dict[str, Any] = look(page, "survey")
    sideways = [f"the page scrolls {seen['scrolls']} px"] if seen["scrolls"] else []
    return [*seen["overlaps"], *seen["cutOff"], *sideways]


# Full width


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize(
    "kind", ["div.highlight-text", "table", "figure.fullwidth", "section > img"]
)
def test_full_width_is_text_and_margin_together(
    lake: Path, reader: Reader, kind: str, width: int
) -> None:
    page = reader.open(lake / "wide.html", width=width)
    text = boxes(page, ".marginalia-note-page")[0]
    box = boxes(page, f".marginalia-note-text {kind}")[0]
    assert abs(box["left"] - text["left"]) <= 4  # themes put a shadow or a rule round a table
    assert abs(box["right"] - text["right"]) <= 4


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_wide_things_meet_no_note_and_end_in_the_window(
    lake: Path, reader: Reader, width: int
) -> None:
    page = reader.open(lake / "wide.html", width=width)
    assert complaints(page) == []
    text = boxes(page, ".marginalia-note-page")[0]
    assert all(
        picture["right"] <= text["right"] + 1 for picture in boxes(page, "article img, .body img")
    )


# In the margin


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize("block", ["#heron", "#heron img", "#reeds", "#lake figcaption"])
def test_a_figure_a_table_or_a_caption_is_in_the_margin(
    lake: Path, reader: Reader, block: str, width: int
) -> None:
    page = reader.open(lake / "margin.html", width=width)
    text = boxes(page, ".marginalia-note-text > section > p")[0]
    edge = boxes(page, ".marginalia-note-page")[0]["right"]
    box = boxes(page, block)[0]
    assert text["right"] < box["left"]
    assert box["right"] <= edge + 1


@pytest.mark.parametrize("width", [1440, 1024])
def test_a_caption_in_the_margin_begins_as_high_as_its_picture(
    lake: Path, reader: Reader, width: int
) -> None:
    page = reader.open(lake / "margin.html", width=width)
    picture, caption = boxes(page, "#lake img")[0], boxes(page, "#lake figcaption")[0]
    following = boxes(page, ".marginalia-note-text > section > p")[-1]
    assert abs(picture["top"] - caption["top"]) < 8
    assert picture["bottom"] < following["top"] < picture["bottom"] + 60


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_meets_what_is_in_the_margin(lake: Path, reader: Reader, width: int) -> None:
    page = reader.open(lake / "margin.html", width=width)
    assert complaints(page) == []


def test_on_a_phone_a_margin_figure_is_as_wide_as_the_text(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "margin.html", width=390)
    text = boxes(page, ".marginalia-note-text > section > p")[0]
    picture = boxes(page, "#heron img")[0]
    assert abs(picture["left"] - text["left"]) <= 1
    assert abs(picture["right"] - text["right"]) <= 1


# Sides


@pytest.mark.parametrize("kind", ["aside.sidebar", "figure.align-right"])
def test_text_flows_past_a_box_at_the_side_that_has_a_note(
    lake: Path, reader: Reader, kind: str
) -> None:
    page = reader.open(lake / "sides.html")
    box = boxes(page, kind)[0]
    text = boxes(page, ".marginalia-note-text > section > p")
    beside = [each for each in text if each["top"] < box["bottom"] and each["bottom"] > box["top"]]
    assert beside
    assert all(abs(each["right"] - box["right"]) < 32 for each in beside)
    assert complaints(page) == []


# Boxes and lists


def test_a_box_is_as_high_as_its_text_and_the_next_paragraph_follows_it(
    lake: Path, reader: Reader
) -> None:
    page = reader.open(lake / "box.html")
    box, note = boxes(page, ".admonition")[0], boxes(page, ".marginalia-sidenote")[0]
    following = boxes(page, ".marginalia-note-text > section > p")[-1]
    assert box["height"] < note["height"]
    assert following["top"] - box["bottom"] < 40
    assert abs(note["top"] - box["top"]) < 40
    assert complaints(page) == []


def test_notes_in_lists_that_contain_their_floats_do_not_meet(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "lists.html")
    page.add_style_tag(content=".marginalia-note-page ul, div ol { display: flow-root }")
    assert complaints(page) == []


# Blocks that are closed


def test_a_note_is_hidden_with_its_tab(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "closed.html")
    first, second = page.get_by_text("Behind the first"), page.get_by_text("Behind the second")
    assert first.is_visible()
    assert second.is_hidden()
    page.get_by_text("Rushes").click()
    assert first.is_hidden()
    assert second.is_visible()


def test_a_note_is_hidden_with_a_block_that_a_button_closes(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "closed.html")
    answer = page.get_by_text("The answer.")
    assert answer.is_visible()
    page.add_style_tag(content=".dropdown > :not(.admonition-title) { display: none }")
    assert answer.is_hidden()


# Letters and columns


def test_all_letters_of_notes_have_one_size(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "letters.html")
    page.add_style_tag(content="div p, div li, div table.docutils td, div a { font-size: 21px }")
    sizes = page.evaluate(
        """[...document.querySelectorAll(".marginalia-sidenote, .marginalia-sidenote *")]
             .map(element => getComputedStyle(element).fontSize)"""
    )
    assert set(sizes) == {"13px"}


def test_no_letters_in_a_box_of_small_letters_are_too_small(lake: Path, reader: Reader) -> None:
    page = reader.open(lake / "boxed.html")
    sizes = page.evaluate(
        """[...document.querySelectorAll(".admonition [class*=marginalia-] *")]
             .map(element => parseFloat(getComputedStyle(element).fontSize))"""
    )
    assert min(sizes) >= 12


@pytest.mark.parametrize("caption", ["#heron figcaption", "#lake figcaption"])
def test_the_letters_of_a_caption_in_the_margin_are_as_thick_as_those_of_the_text(
    lake: Path, reader: Reader, caption: str
) -> None:
    page = reader.open(lake / "margin.html")
    weights = [
        page.locator(selector).first.evaluate("element => getComputedStyle(element).fontWeight")
        for selector in (caption, ".marginalia-note-text p")
    ]
    assert weights[0] == weights[1]


def test_text_keeps_its_width_where_a_theme_has_room_beside_it(
    lakes: dict[str, Path], reader: Reader
) -> None:
    page = reader.open(lakes["furo"] / "bare.html")
    assert boxes(page, ".marginalia-note-text > section > p")[0]["width"] > 680
    assert complaints(page) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_icons_beside_a_title_take_no_room_from_the_page(
    lakes: dict[str, Path], reader: Reader, width: int
) -> None:
    page = reader.open(lakes["furo"] / "sides.html", width=width)
    column = boxes(page, "article")[0]
    assert boxes(page, ".marginalia-note-page")[0]["right"] >= column["right"]
    title = page.evaluate(
        """() => { const range = document.createRange();
                   range.selectNodeContents(document.querySelector("h1").firstChild);
                   return range.getBoundingClientRect().right }"""
    )
    assert title <= boxes(page, ".content-icon-container")[0]["left"]


# Styles of a theme for all tables, lists and paragraphs

STYLES = """table.docutils th { background: navy; color: white }
table.docutils td { white-space: nowrap }
div.body table { display: block }
div.body p { text-align: justify }
div.body ol { margin-right: 3em; padding-right: 1em }
"""
STYLED = f"""# Lake

{WORDS}{{sidenote}}`In the text.`

:::{{claim}} still-lake
:kind: capability
:verdict: not-established
:scale: toy
:reviewed: 2026-01-01
:would-change: Wind.

{WORDS}
:::

:::{{claim-table}}
:::

:::{{table}} Reeds and rushes of the lake, and what grows between them
:class: margin
:name: reeds

| a | b |
| --- | --- |
| 1 | 2 |
:::

1. One.{{sidenote}}`In a list.`

{WORDS}

:::{{sidenote}}
Of a block.

Of two paragraphs.
:::
"""


@pytest.fixture(scope="session")
def styled(base: Path) -> Path:
    extensions, files = sites.EXTENSIONS, {"index.md": STYLED}
    built = build(files, base / "styled", extensions=extensions, html_css_files=["../theme.css"])
    assert built.warnings == ""
    (built.out / "theme.css").write_text(STYLES)
    return built.out / "index.html"


def test_a_table_of_claims_can_be_read_in_the_style_of_any_theme(
    styled: Path, reader: Reader
) -> None:
    page = reader.open(styled, width=1100)
    cells = page.locator("table.marginalia-claims :is(th, td)")
    assert cells.evaluate_all("all => new Set(all.map(e => getComputedStyle(e).color)).size") == 1
    assert cells.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length") == 0


def test_a_caption_is_as_wide_as_the_margin_above_a_narrow_table(
    styled: Path, reader: Reader
) -> None:
    page = reader.open(styled, width=1100)
    note = boxes(page, ".marginalia-sidenote")[0]
    assert boxes(page, "#reeds caption")[0]["width"] == pytest.approx(note["width"], abs=2)


def test_notes_begin_in_one_line_and_are_not_justified(styled: Path, reader: Reader) -> None:
    page = reader.open(styled, width=1100)
    assert len({round(box["left"]) for box in boxes(page, ".marginalia-sidenote")}) == 1
    align = page.locator(".marginalia-sidenote p").first.evaluate(
        "e => getComputedStyle(e).textAlign"
    )
    assert align == "start"
