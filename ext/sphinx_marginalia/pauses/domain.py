"""The questions and key ideas of all documents, for the lists over the whole book."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from docutils import nodes

from sphinx_marginalia.core.excerpt import excerpt, title_excerpt
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import HIDING, ancestors, conditions_of, find, is_used
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
    #: The conditions of the ``only`` directives around it.
    only: tuple[str, ...]


class TitledDomain(IndexDomain[TitledRecord]):
    """The blocks of one kind in each document."""

    block: ClassVar[type[nodes.Element]]
    listing: ClassVar[type[nodes.Element]]

    def collect(self, document: nodes.document) -> list[TitledRecord]:
        """Return the blocks of *document* that no builder leaves out."""
        if not is_used(self.env, self.block):
            return []
        return [
            TitledRecord(
                block["ids"][0], _title(block, document), self._body(block), conditions_of(block)
            )
            for block in find(document, self.block)
            if not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def _body(self, block: nodes.Element) -> list[nodes.Node]:
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

    def _body(self, block: nodes.Element) -> list[nodes.Node]:
        return excerpt(child for child in block.children if not isinstance(child, nodes.title))


def _title(block: nodes.Element, document: nodes.document) -> list[nodes.Node]:
    title = title_of(block).deepcopy()
    label = title.pop(0)
    # A pause without a question is listed by its label.
    return title_excerpt(title, document) or find(label, nodes.Text)
