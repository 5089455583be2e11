"""The questions and key ideas of all documents, for the lists over the whole book."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from docutils import nodes
from sphinx.transforms import SphinxContentsFilter

from sphinx_marginalia.core.excerpt import excerpt
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import HIDING, ancestors, find, is_used
from sphinx_marginalia.pauses.nodes import (
    key_idea,
    key_idea_list,
    pause_and_think,
    pause_list,
    title_of,
)


class TitledRecord(NamedTuple):
    """A pause or a key idea."""

    #: The id of the block in its document.
    node_id: str
    #: The question or the term, without notes and links, as in a table of contents.
    title: list[nodes.Node]
    #: The definition of a key idea; empty for a pause, whose list shows none.
    body: list[nodes.Node]


class TitledDomain(IndexDomain[TitledRecord]):
    """The blocks of one kind in each document."""

    block: ClassVar[type[nodes.Element]]
    listing: ClassVar[type[nodes.Element]]

    def collect(self, document: nodes.document) -> list[TitledRecord]:
        """Return the blocks of *document* that no builder leaves out."""
        if not is_used(self.env, self.block):
            return []
        return [
            TitledRecord(block["ids"][0], _plain_title(block, document), self.body_of(block))
            for block in find(document, self.block)
            if not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def body_of(self, block: nodes.Element) -> list[nodes.Node]:
        """Return what a list shows below the title of *block*."""
        return []

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* lists the blocks of all documents."""
        return is_used(self.env, self.listing)


class PauseDomain(TitledDomain):
    """The questions of each document."""

    name = "marginalia-pauses"
    label = "pause and think"
    block = pause_and_think
    listing = pause_list


class KeyIdeaDomain(TitledDomain):
    """The key ideas of each document."""

    name = "marginalia-key-ideas"
    label = "key idea"
    block = key_idea
    listing = key_idea_list

    def body_of(self, block: nodes.Element) -> list[nodes.Node]:
        """Return a copy of the definition."""
        return excerpt(child for child in block.children if not isinstance(child, nodes.title))


def _plain_title(block: nodes.Element, document: nodes.document) -> list[nodes.Node]:
    label, *children = title_of(block).children
    # A pause without a question is listed by its label.
    children = children or [nodes.Text("".join(find(label, nodes.Text)))]
    title = nodes.title("", "", *(child.deepcopy() for child in children))
    visitor = SphinxContentsFilter(document)
    title.walkabout(visitor)
    return list(visitor.get_entry_text())
