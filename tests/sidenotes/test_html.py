"""Notes in a page: both ways linked, valid, each once, wherever they are written."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sphinx_marginalia.testing import build
from tests.sidenotes.reading import errors_in, marks, notes, soup, words

if TYPE_CHECKING:
    from pathlib import Path

DESIGN = ("myst_parser", "sphinx_design", "sphinx_marginalia")

#: A note that has only a line, and one that has whole blocks.
ONE_LINE = "{sidenote}`The note.`"


class Container(NamedTuple):
    """Something that a note is written in, and what must be true of the note in HTML."""

    source: str
    #: A selector of the note by the nearest element that contains it or comes before it.
    note: str


#: ``NOTE`` stands for a note.
CONTAINERS = {
    "a paragraph": Container("Text NOTE more.", "p > span.marginalia-note-in-paragraph"),
    "emphasis": Container(
        "Text **loud NOTE more** end.", "p > strong + span.marginalia-note-in-paragraph"
    ),
    "a nested list": Container(
        "- a\n  - b NOTE\n", "li li > p > span.marginalia-note-in-paragraph"
    ),
    "an enumerated list": Container(
        "1. a\n2. b NOTE\n", "li > p > span.marginalia-note-in-paragraph"
    ),
    "a table cell": Container(
        "| a |\n|---|\n| b NOTE |\n", "table + aside.marginalia-note-below-block"
    ),
    "a table's head": Container(
        "| a NOTE |\n|---|\n| b |\n", "table + aside.marginalia-note-below-block"
    ),
    "a table's title": Container(
        ":::{list-table} Title NOTE\n* - x\n:::\n", "table + aside.marginalia-note-below-block"
    ),
    "a term": Container(
        "Term NOTE\n: Definition.\n", "dl > dd > aside.marginalia-note-after-line:first-child"
    ),
    "a definition": Container(
        "Term\n: Definition NOTE\n", "dd > p > span.marginalia-note-in-paragraph"
    ),
    "a glossary's term": Container(
        ":::{glossary}\nTerm\n  Definition NOTE\n:::\n",
        "dd > p > span.marginalia-note-in-paragraph",
    ),
    "a quotation": Container(
        "> Quoted NOTE\n", ".marginalia-note-frame > blockquote + div > aside"
    ),
    "a figure's caption": Container(
        ":::{figure} x.png\nCaption NOTE\n:::\n", ".marginalia-note-frame > figure + div > aside"
    ),
    "a figure's legend": Container(
        ":::{figure} x.png\nCaption\n\nLegend NOTE\n:::\n",
        ".marginalia-note-frame > figure + div > aside",
    ),
    "an admonition": Container(
        ":::{tip}\nText NOTE\n:::\n", ".marginalia-note-frame > .admonition + div > aside"
    ),
    "an admonition's title": Container(
        ":::{admonition} Title NOTE\nText\n:::\n",
        ".marginalia-note-frame > .admonition + div > aside",
    ),
    "an admonition that closes": Container(
        ":::{admonition} Title\n:collapsible: closed\n\nText NOTE\n:::\n",
        "details p + aside.marginalia-note-below-block",
    ),
    "a topic": Container(
        ":::{topic} Title\nText NOTE\n:::\n", ".marginalia-note-frame > .topic + div > aside"
    ),
    "a sidebar": Container(
        ":::{sidebar} Title\nText NOTE\n:::\n",
        "section > .sidebar > aside.marginalia-note-below-block:last-child",
    ),
    "a figure at a side": Container(
        ":::{figure} x.png\n:align: right\n\nCaption NOTE\n:::\n",
        "section > figure.align-right > figcaption > aside.marginalia-note-below-block",
    ),
    "a figure of full width": Container(
        ":::{figure} x.png\n:class: fullwidth\n\nCaption NOTE\n:::\n",
        "section > figure.fullwidth > figcaption > aside.marginalia-note-below-block",
    ),
    "the caption of code of full width": Container(
        "```{eval-rst}\n.. code-block:: python\n   :caption: C :sidenote:`The note.`\n"
        "   :class: fullwidth\n\n   x\n```\n",
        "section > .literal-block-wrapper.fullwidth > aside.marginalia-note-below-block",
    ),
    "a card": Container(
        ":::{card} Title\nText NOTE\n:::\n", ".marginalia-note-frame > .sd-card + div > aside"
    ),
    "a card's title": Container(
        ":::{card} Title NOTE\nText\n:::\n", ".marginalia-note-frame > .sd-card + div > aside"
    ),
    "a grid of cards": Container(
        "::::{grid} 2\n:::{grid-item-card} Title\nText NOTE\n:::\n::::\n",
        ".marginalia-note-frame > .sd-container-fluid + div > aside",
    ),
    "a tab": Container(
        "::::{tab-set}\n:::{tab-item} Tab\nText NOTE\n:::\n::::\n",
        ".sd-tab-set > .sd-tab-content > p + aside.marginalia-note-below-block",
    ),
    "a tab's title": Container(
        "::::{tab-set}\n:::{tab-item} Tab NOTE\nText\n:::\n::::\n",
        ".marginalia-note-frame > .sd-tab-set + div > aside",
    ),
    "an admonition with a button": Container(
        ":::{note}\n:class: dropdown\n\nText NOTE\n:::\n",
        ".admonition.dropdown > p + aside.marginalia-note-below-block",
    ),
    "a block with a button": Container(
        ":::{container} toggle\n\nText NOTE\n:::\n",
        ".toggle > p + aside.marginalia-note-below-block",
    ),
    "a drop-down": Container(
        ":::{dropdown} Title\nText NOTE\n:::\n", "details p + aside.marginalia-note-below-block"
    ),
    "a drop-down's title": Container(
        ":::{dropdown} Title NOTE\nText\n:::\n",
        "details > :not(summary) > aside.marginalia-note-below-block:first-child",
    ),
    "a heading": Container("## Heading NOTE\n\nText.\n", "h2 + aside.marginalia-note-after-line"),
    "a rubric": Container(
        ":::{rubric} Rubric NOTE\n:::\n", "p.rubric + aside.marginalia-note-after-line"
    ),
    "a pause": Container(
        ":::{pause-and-think} Why?\nText NOTE\n:::\n",
        "details > p > span.marginalia-note-in-paragraph",
    ),
    "a pause's question": Container(
        ":::{pause-and-think} Why NOTE?\nText\n:::\n",
        "details > summary + p + aside.marginalia-note-after-line",
    ),
    "a discussion": Container(
        "::::{pause-and-think} Why?\n:::{discussion}\nText NOTE\n:::\n::::\n",
        "details details > p > span.marginalia-note-in-paragraph",
    ),
    "a key idea": Container(
        ":::{key-idea} Term\nText NOTE\n:::\n",
        ".marginalia-note-frame > .marginalia-key-idea + div > aside",
    ),
    "a key idea's term": Container(
        ":::{key-idea} Term NOTE\nText\n:::\n",
        ".marginalia-note-frame > .marginalia-key-idea + div > aside",
    ),
    "a line block": Container(
        "```{eval-rst}\n| A line :sidenote:`The note.`\n| Another\n```\n",
        ".marginalia-note-frame > .line-block + div > aside",
    ),
    "a field": Container(
        "```{eval-rst}\n:Field: Text :sidenote:`The note.`\n```\n",
        ".marginalia-note-frame > dl.field-list + div > aside",
    ),
    "a code block's caption": Container(
        "```{eval-rst}\n.. code-block:: python\n   :caption: C :sidenote:`The note.`\n\n   x\n```\n",
        ".marginalia-note-frame > .literal-block-wrapper + div > aside",
    ),
    "another list in a quotation in a table": Container(
        "::::{list-table}\n* - > - a NOTE\n::::\n", "table + aside.marginalia-note-below-block"
    ),
}


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_a_note_is_shown_in_the_nearest_position(container: Container, tmp_path: Path) -> None:
    text = f"# T\n\n{container.source.replace('NOTE', ONE_LINE)}\n"
    built = build({"index.md": text, "x.png": ""}, tmp_path, extensions=DESIGN)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["1 The note."]
    assert page.select_one(container.note) in notes(page)
    assert errors_in(page) == []


def everywhere(note: str) -> str:
    """Return a page with *note* in all of the containers that can contain it."""
    sources = [each.source for each in CONTAINERS.values() if "NOTE" in each.source]
    return "\n\n".join(["# T", *(source.replace("NOTE", note) for source in sources), "## End\n"])


def test_a_margin_note_can_be_anywhere(tmp_path: Path) -> None:
    text = everywhere("{marginnote}`The note.`")
    built = build({"index.md": text, "x.png": ""}, tmp_path, extensions=DESIGN)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["The note."] * text.count("The note.")
    assert errors_in(page) == []


def test_a_note_of_many_blocks_can_be_anywhere(tmp_path: Path) -> None:
    text = everywhere("[^NUMBER]")
    blocks = "First block.\n\n- an item\n\n```python\ncode = 1\n```\n\n| a |\n|---|\n| b |\n"
    count = text.count("[^NUMBER]")
    for n in range(count):
        text = text.replace("[^NUMBER]", f"[^n{n}]", 1)
        text += f"\n[^n{n}]: {indent(blocks, '    ').lstrip()}\n"
    built = build(
        {"index.md": text, "x.png": ""}, tmp_path, extensions=DESIGN, sidenotes_from_footnotes=True
    )
    page = soup(built)
    assert built.warnings == ""
    assert [note.name for note in notes(page)] == ["aside"] * count
    assert {len(note.select("p, li, pre, td")) for note in notes(page)} == {7}
    assert errors_in(page) == []


def test_a_note_of_blocks_in_a_sentence_keeps_the_sentence_whole(tmp_path: Path) -> None:
    text = "# T\n\nBefore[^a] after.\n\n[^a]: One.\n\n    Two.\n"
    page = soup(build({"index.md": text}, tmp_path, sidenotes_from_footnotes=True))
    (line,) = page.select(".marginalia-note-paragraph")
    assert line.name == "div"
    assert line["role"] == "paragraph"
    for note in line.select("aside"):
        note.extract()
    assert words(line) == "Before1 after."


def test_what_a_page_with_a_note_says(tmp_path: Path) -> None:
    page = soup(build({"index.md": f"# T\n\nWord{ONE_LINE}.\n"}, tmp_path))
    (mark,), (note,) = marks(page), notes(page)
    for bracket in note.select(".marginalia-note-unstyled"):
        bracket.extract()
    assert str(mark) == (
        '<a class="marginalia-note-mark" href="#sidenote-1" id="sidenote-ref-1" role="doc-noteref">1</a>'
    )
    assert str(note) == (
        '<span class="marginalia-sidenote marginalia-note-in-paragraph" id="sidenote-1" role="doc-footnote">'
        '<a aria-label="1, back to the text" class="marginalia-note-backlink" href="#sidenote-ref-1" '
        'role="doc-backlink">1</a> The note.</span>'
    )


def test_a_note_referred_to_twice_has_two_ways_back(tmp_path: Path) -> None:
    text = "# T\n\nA[^n] b[^n].\n\n:::{note}\nC[^n]\n:::\n\n[^n]: The note.\n"
    page = soup(build({"index.md": text}, tmp_path, sidenotes_from_footnotes=True))
    (note,) = notes(page)
    back = [(link.get_text(), link["href"]) for link in note.select('[role="doc-backlink"]')]
    assert back == [
        ("1", "#id1"),
        ("b", "#id2"),
        ("c", "#id3"),
    ]
    assert [mark["href"] for mark in marks(page)] == ["#n"] * 3
    assert errors_in(page) == []


def test_a_note_referred_to_thirty_times_has_thirty_ways_back(tmp_path: Path) -> None:
    text = f"# T\n\n{' word[^n]' * 30}\n\n[^n]: The note.\n"
    page = soup(build({"index.md": text}, tmp_path, sidenotes_from_footnotes=True))
    assert len(marks(page)) == 30
    assert errors_in(page) == []


def test_a_page_without_notes_is_as_it_was(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\nText.\n"}
    plain = build(files, tmp_path / "plain", extensions=["myst_parser"])
    ours = build(
        files, tmp_path / "ours", extensions=["myst_parser", "sphinx_marginalia.sidenotes"]
    )
    assert soup(ours).select_one('[role="main"]') == soup(plain).select_one('[role="main"]')


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub"])
def test_ordinary_footnotes_beside_notes_keep_their_links(builder: str, tmp_path: Path) -> None:
    text = "# T\n\nWord{sidenote}`Note.` and[^f] again[^f].\n\n[^f]: Footnote.\n"
    page = soup(build({"index.md": text}, tmp_path, builder, version="1", copyright="A"))
    links = page.select("a.footnote-reference, a.brackets")
    assert links
    ids = {tag["id"] for tag in page.select("[id]")}
    fragments = {str(link["href"]).partition("#")[2] for link in page.select('[href*="#"]')}
    assert {fragment for fragment in fragments if fragment} <= ids


BOOK = {
    "index.md": "# Book\n\nWord{sidenote}`Note 0.` and{marginnote}`Margin 0.`\n\n"
    "```{toctree}\none\ntwo/three\n```\n",
    "one.md": "# One{sidenote}`Head 1.`\n\nWord{sidenote}`Note 1.` x[^a] y[^a]\n\n[^a]: Foot 1.\n\n"
    "Beside{marginnote}`Margin 1.`\n",
    "two/three.md": "# Two{sidenote}`Head 2.`\n\nWord{sidenote}`Note 2.` x[^a] y[^a]\n\n"
    "[^a]: Foot 2.\n\nText.\n\n:::{sidenote}\n:name: mine\n\nNamed.\n:::\n",
}


def test_ids_are_unique_where_all_documents_are_one_page(tmp_path: Path) -> None:
    built = build(BOOK, tmp_path, "singlehtml", sidenotes_from_footnotes=True)
    page = soup(built)
    assert built.warnings == ""
    assert errors_in(page) == []
    assert [words(note) for note in notes(page)] == [
        "1 Note 0.", "Margin 0.",
        "1 Head 1.", "2 Note 1.", "3 b Foot 1.", "Margin 1.",
        "1 Head 2.", "2 Note 2.", "3 b Foot 2.", "4 Named.",
    ]  # fmt: skip


def test_an_author_may_use_the_ids_that_notes_would_get(tmp_path: Path) -> None:
    text = "# Sidenote 1\n\nWord{sidenote}`Note.`\n\n## Sidenote ref 1\n\nx{marginnote}`y`\n"
    built = build({"index.md": text}, tmp_path)
    page = soup(built)
    assert built.warnings == ""
    assert errors_in(page) == []
    assert page.select_one("section#sidenote-1 > h1") is not None


def test_epub_tells_what_a_note_is(tmp_path: Path) -> None:
    text = "# T\n\nWord{sidenote}`Note.` and{marginnote}`Margin.`\n\n- item{sidenote}`Second.`\n"
    built = build({"index.md": text}, tmp_path, "epub", version="1", copyright="A")
    page = soup(built)
    assert built.warnings == ""
    assert [mark["epub:type"] for mark in marks(page)] == ["noteref", "noteref"]
    assert [note["epub:type"] for note in page.select('[role="doc-footnote"]')] == ["footnote"] * 2
    assert {note.name for note in notes(page)} == {"aside"}
    assert page.select(".marginalia-note-page") == []
    assert errors_in(page) == []


@pytest.mark.parametrize("theme", ["alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme"])
def test_every_theme_shows_the_notes(theme: str, tmp_path: Path) -> None:
    text = "# T{sidenote}`Head.`\n\nWord{sidenote}`Note.`\n\n:::{note}\nBox{sidenote}`Box.`\n:::\n"
    built = build({"index.md": text}, tmp_path, html_theme=theme)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["1 Head.", "2 Note.", "3 Box."]
    assert errors_in(page) == []


def test_only_alabaster_gets_what_alabaster_needs(tmp_path: Path) -> None:
    text = {"index.md": "# T\n"}
    alabaster = build(text, tmp_path / "a", html_theme="alabaster")
    basic = build(text, tmp_path / "b", html_theme="basic")
    assert (alabaster.out / "_static" / "marginalia-alabaster.css").is_file()
    assert not (basic.out / "_static" / "marginalia-alabaster.css").exists()


def test_what_the_words_of_the_interface_are(tmp_path: Path) -> None:
    page = build({"index.md": "# T\n\nA{marginnote}`m` b{sidenote}`s`\n"}, tmp_path).page()
    assert 'aria-label="Margin note"' in page
    assert 'aria-label="1, back to the text"' in page
