"""Nodes that become one HTML element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

from sphinx_marginalia.core.nodes import (
    HtmlElement,
    add_elements,
    element,
    find,
    html_block,
    html_inline,
    inline_decoration,
)
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

# Elements


class homeless(HtmlElement, nodes.Element):
    """A node that no translator knows."""


class general(HtmlElement, nodes.General, nodes.Element):
    """A node that has a category only."""


class titled(HtmlElement, nodes.topic):
    """A node that every translator knows by its ancestor."""


@pytest.mark.parametrize("node_class", [homeless, general])
def test_a_node_without_a_known_ancestor_is_refused(
    node_class: type[HtmlElement], tmp_path: Path
) -> None:
    app = build({"index.md": "# T\n"}, tmp_path).app
    with docutils_namespace(), pytest.raises(ExtensionError, match=node_class.__name__):
        add_elements(app, node_class)


def test_a_node_with_a_known_ancestor_is_accepted(tmp_path: Path) -> None:
    app = build({"index.md": "# T\n"}, tmp_path).app
    with docutils_namespace():
        add_elements(app, titled)
    assert "titled" in app.registry.translation_handlers["html"]


# Trees


@pytest.mark.parametrize("kind", [nodes.Text, nodes.paragraph, nodes.emphasis, nodes.TextElement])
def test_nodes_are_found_in_reading_order_as_docutils_finds_them(kind: type[nodes.Node]) -> None:
    words = nodes.paragraph("", "one", nodes.emphasis("", "two"), nodes.Text("three"))
    tree = nodes.section("", nodes.title("", "Title"), words, nodes.paragraph("", "four"))
    assert find(tree, kind) == list(tree.findall(kind))
    assert find(words, kind) == list(words.findall(kind))


def test_nodes_of_several_kinds_are_found_together() -> None:
    words = nodes.paragraph("", "", nodes.strong("", "one"), nodes.emphasis("", "two"))
    assert find(words, nodes.emphasis, nodes.strong) == words.children


def test_a_tree_may_be_changed_while_one_goes_through_what_was_found() -> None:
    words = nodes.paragraph("", "", nodes.emphasis("", "one"), nodes.emphasis("", "two"))
    for node in find(words, nodes.emphasis):
        words.remove(node)
    assert not words.children


def test_an_element_has_its_tag_classes_ids_and_attributes() -> None:
    made = element(
        html_block, "aside", nodes.Text("x"), classes=["a"], ids=["b"], aria_label="c", role="note"
    )
    assert (made["tag"], made["classes"], made["ids"]) == ("aside", ["a"], ["b"])
    assert made["html"] == {"aria-label": "c", "role": "note"}
    assert made.astext() == "x"


def test_attributes_and_text_are_escaped(tmp_path: Path) -> None:
    files = {"index.md": '# T\n\n:::{pause-and-think} Is a < b & "c"?\n:class: x\n\nB.\n:::\n'}
    page = build(files, tmp_path).page()
    assert re.search(r"Is a &lt; b &amp; (\"|&quot;)c(\"|&quot;)\?</summary>", page)


def test_a_decoration_is_not_part_of_a_title() -> None:
    title = nodes.title(
        "", "", nodes.Text("Title"), element(inline_decoration, "sup", nodes.Text("1"))
    )
    assert title.astext() == "Title"
    assert nodes.title("", "", element(html_inline, "b", nodes.Text("x"))).astext() == "x"


# Builders that others know


class glade(nodes.inline):
    """A node of another extension."""


def setup(app: Sphinx) -> None:
    """Register visitors under the name of a builder, as sphinxcontrib-youtube does."""
    app.add_node(glade, epub=(lambda *_: None, lambda *_: None))


@pytest.mark.parametrize("order", [1, -1], ids=["before", "after"])
def test_visitors_of_others_for_one_builder_do_not_hide_ours(order: int, tmp_path: Path) -> None:
    added = ["sphinx_marginalia", "tests.core.test_nodes"]
    extensions = ["myst_parser", *added[::order]]
    text = "# T\n\nA.{sidenote}`Note.`\n"
    settings = {"extensions": extensions, "version": "1", "copyright": "A"}
    page = build({"index.md": text}, tmp_path, "epub", **settings).page()
    assert 'epub:type="noteref"' in page
    assert 'href="#sidenote-1"' in page
