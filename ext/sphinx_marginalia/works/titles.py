"""Citations in titles, where other pages show the title: in tables of contents and references.

Sphinx copies a title when its document is read, for tables of contents and for the texts of
references. Citations cannot be resolved then, and in the copies nobody resolves them later: a
reader would see the citation key. So their words are filled in when all documents are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.citations import WORDS_OF, is_citation
from sphinx_marginalia.core.excerpt import title_excerpt
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.works.citing_sections import cites
from sphinx_marginalia.works.domain import WorksDomain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class CitingTitle(NamedTuple):
    """A title or a caption that cites."""

    #: The ids of what has the title.
    ids: tuple[str, ...]
    #: Its content, with placeholders for the citations.
    title: tuple[nodes.Node, ...]


class CitingTitlesDomain(IndexDomain[CitingTitle]):
    """The titles that cite, by the document they are in."""

    name = "marginalia-citing-titles"
    label = "titles that cite"

    def collect(self, document: nodes.document) -> list[CitingTitle]:
        """Return the titles of *document* that cite."""
        titles = find(document, nodes.title, nodes.caption) if cites(self.env) else ()
        return [
            CitingTitle(tuple(title.parent["ids"]), tuple(title_excerpt(title, document)))
            for title in titles
            if any(map(is_citation, find(title, addnodes.pending_xref)))
        ]

    def words(self, record: CitingTitle) -> str:
        """Return a title in words."""
        title = nodes.title("", "", *(node.deepcopy() for node in record.title))
        domain_of(self.env, WorksDomain).fill_words(title)
        return title.astext()

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return the words for every page, since any page can refer to a title."""
        words = [self.words(record) for _docname, record in self.in_reading_order()]
        return dict.fromkeys(self.env.found_docs, words) if words else {}

    def fill(self) -> None:
        """Put the words of citations into the copies of titles."""
        labels = self.env.domains.standard_domain.labels
        by_id = {(docname, id_): name for name, (docname, id_, _title) in labels.items()}
        for docname, record in self.in_reading_order():
            for id_ in record.ids:
                if name := by_id.get((docname, id_)):
                    labels[name] = (docname, id_, self.words(record))
        for docname in self.records:
            self._fill_trees(
                tree[docname]
                for tree in (self.env.tocs, self.env.titles, self.env.longtitles)
                if docname in tree
            )

    def _fill_trees(self, trees: Iterable[nodes.Element]) -> None:
        works = domain_of(self.env, WorksDomain)
        for tree in trees:
            for citation in find(tree, nodes.inline):
                # What Sphinx leaves of a reference in a copy: its classes, and its target as text.
                if {"xref", "cite"} <= {*citation["classes"]}:
                    role = citation["classes"][-1].removeprefix("cite-")
                    # The role without a domain is that in parentheses.
                    citation[WORDS_OF] = ["p" if role == "cite" else role, citation.astext()]
                    citation["classes"] = []
                if WORDS_OF in citation:
                    # It stays a placeholder: its words may differ in the next build.
                    text = nodes.Text(works.words(*citation[WORDS_OF]))
                    citation.replace_self(nodes.inline("", "", text, **citation.attributes))


def fill_titles(app: Sphinx, env: BuildEnvironment) -> None:
    """Put the words of citations into the copies of titles (``env-updated``)."""
    if domain_of(env, WorksDomain).is_used:
        domain_of(env, CitingTitlesDomain).fill()
