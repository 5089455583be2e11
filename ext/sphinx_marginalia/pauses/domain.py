"""What the pages hold of pauses and key ideas, for the lists over the whole book."""

from __future__ import annotations

from typing import NamedTuple

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
    #: The definition of a key idea; empty for a pause.
    body: list[nodes.Node]


class PauseDomain(IndexDomain[TitledRecord]):
    """The questions of each document."""

    name = "marginalia-pauses"
    label = "pause and think"

    def collect(self, document: nodes.document) -> list[TitledRecord]:
        """Return the questions that *document* asks."""
        if not is_used(self.env, pause_and_think):
            return []
        return [
            TitledRecord(pause["ids"][0], _plain(title_of(pause), document), [])
            for pause in find(document, pause_and_think)
            if not _is_hidden(pause)
        ]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* lists all questions."""
        return is_used(self.env, pause_list)


class KeyIdeaDomain(IndexDomain[TitledRecord]):
    """The key ideas of each document."""

    name = "marginalia-key-ideas"
    label = "key idea"

    def collect(self, document: nodes.document) -> list[TitledRecord]:
        """Return the key ideas that *document* explains."""
        if not is_used(self.env, key_idea):
            return []
        return [
            TitledRecord(idea["ids"][0], _plain(title_of(idea), document), _definition(idea))
            for idea in find(document, key_idea)
            if not _is_hidden(idea)
        ]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* lists all key ideas."""
        return is_used(self.env, key_idea_list)


def _plain(title: nodes.title, document: nodes.document) -> list[nodes.Node]:
    kind, *question = title.children
    # A pause without a question is listed by what it is.
    shown = question or [nodes.Text("".join(find(kind, nodes.Text)))]
    words = nodes.title("", "", *(child.deepcopy() for child in shown))
    visitor = SphinxContentsFilter(document)
    words.walkabout(visitor)
    return list(visitor.get_entry_text())


def _definition(idea: nodes.Element) -> list[nodes.Node]:
    """Return a copy of what stands under the term."""
    return excerpt(child for child in idea.children if not isinstance(child, nodes.title))


def _is_hidden(node: nodes.Node) -> bool:
    return any(around.tagname in HIDING for around in ancestors(node))
