"""``article-glossary``: the terms that articles define, as Sphinx's own glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.header import link_to
from sphinx_marginalia.articles.nodes import article_glossary
from sphinx_marginalia.articles.places import Place
from sphinx_marginalia.articles.terms import definitions
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find, note_use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.articles.terms import Definition


class ArticleGlossaryDirective(SphinxDirective):
    """The terms of all articles."""

    def run(self) -> list[nodes.Node]:
        """Return the place for them, which is filled when all documents are read."""
        note_use(self.env, article_glossary)
        place = article_glossary()
        self.set_source_info(place)
        return [place]


def unregister_terms(app: Sphinx, env: BuildEnvironment, docnames: object) -> None:
    """Remove the terms of the last build before Sphinx reads what may define them too.

    :param docnames: documents that are read, or the name of one that is removed
    """
    if docnames:
        domain_of(env, ArticlesDomain).unregister_terms()


class FillGlossaries(SphinxPostTransform):
    """Fill the places for the terms of all articles."""

    # Before references are resolved (10).
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Fill every glossary."""
        current = self.env.current_document.docname
        domain = cast("ArticlesDomain", self.env.domains[ArticlesDomain.name])
        if not domain.may_show(current, "glossaries"):
            return
        places = find(self.document, article_glossary)
        if not places:
            return
        found = definitions(domain.curriculum())
        # Only the first glossary of a project is linked to; an id can be in a page once.
        ids = {spelled: node_id for spelled, (_page, node_id) in domain.terms.items()}
        for place in places:
            linked = document_of(place, current) == domain.glossary_page
            if found:
                items = self._items(found, ids if linked else {})
                listed = nodes.definition_list("", *items, classes=["glossary"])
                place.parent.replace(place, addnodes.glossary("", listed))
            else:
                message = "the glossary is empty: no article defines a term"
                warn(CoreProblem.EMPTY_LIST, message, location=place)
                place.parent.remove(place)
            ids = {} if linked else ids

    def _items(
        self, found: Mapping[str, list[Definition]], ids: Mapping[str, str]
    ) -> Iterator[nodes.Node]:
        for entries in found.values():
            spelled = entries[0].term
            node_ids = [ids[spelled]] if spelled in ids else []
            body = nodes.definition()
            for entry in entries:
                source = nodes.inline("", _("From:"), classes=["marginalia-kind"])
                link = link_to(self.env, Place(entry.docname))
                body += nodes.paragraph("", entry.definition)
                body += nodes.paragraph(
                    "", "", source, nodes.Text(" "), link, classes=["marginalia-term-source"]
                )
            yield nodes.definition_list_item("", nodes.term("", spelled, ids=node_ids), body)
