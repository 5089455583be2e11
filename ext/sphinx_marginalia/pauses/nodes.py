"""What a pause and a key idea *are*, for every builder."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import HtmlElement, inline_decoration


class pause_and_think(HtmlElement, nodes.topic):
    """A question at which the reader stops. ``open`` says whether it begins unfolded."""

    html_tag = "details"
    lets_notes_out = True


class discussion(HtmlElement, nodes.container):
    """What comes after thinking."""

    html_tag = "details"
    lets_notes_out = True


class key_idea(HtmlElement, nodes.topic):
    """A term and its definition, in a frame."""

    html_tag = "div"


class pause_list(nodes.definition_list):
    """The place where the questions of the whole book are listed."""


class key_idea_list(nodes.definition_list):
    """The place where the key ideas of the whole book are listed."""


def has_title(block: nodes.Element) -> bool:
    """Return whether *block* has a title, which a layout takes away."""
    return any(isinstance(child, nodes.title) for child in block)


def title_of(block: nodes.Element) -> nodes.title:
    """Return the title of a pause or a key idea."""
    return next(child for child in block if isinstance(child, nodes.title))


def spoken_title(block: nodes.Node) -> str:
    """Return the question of a pause or the term of a key idea, without the words before it."""
    assert isinstance(block, nodes.Element)
    return title_of(block).astext()


def said_before(words: str) -> inline_decoration:
    """Return the *words* that stand before a question or a term, and are no part of it."""
    return inline_decoration("", words, tag="span", classes=["marginalia-kind"])
