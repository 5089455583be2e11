"""The nodes of pauses and key ideas, which every builder can show."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import HtmlElement


class pause_and_think(HtmlElement, nodes.topic):
    """A question at which the reader stops. ``open`` says whether it is unfolded at first."""

    html_tag = "details"
    lets_notes_out = True


class discussion(HtmlElement, nodes.container):
    """What a pause says after its question."""

    html_tag = "details"
    lets_notes_out = True


class key_idea(HtmlElement, nodes.topic):
    """A term and its definition, in a frame."""


class pause_list(nodes.definition_list):
    """A list of the questions of the whole book, which is filled when a page is written."""


class key_idea_list(nodes.definition_list):
    """A list of the key ideas of the whole book, which is filled when a page is written."""


def title_of(block: nodes.Element) -> nodes.title:
    """Return the title of a pause or a key idea."""
    return next(child for child in block if isinstance(child, nodes.title))


def plain_title(block: nodes.Node) -> str:
    """Return the question of a pause or the term of a key idea, without its label."""
    assert isinstance(block, nodes.Element)
    return title_of(block).astext()
