"""``article-glossary``: the terms that articles define, as Sphinx's own glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.nodes import article_glossary
from sphinx_marginalia.articles.targets import Target
from sphinx_marginalia.articles.terms import definitions
from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find, note_use
from sphinx_marginalia.core.stages import WriteStage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.articles.terms import Definition


class ArticleGlossaryDirective(Directive):
    """The terms of all articles."""

    def make_nodes(self) -> list[nodes.Node]:
        note_use(self.env, article_glossary)
        node = article_glossary()
        self.set_source_info(node)
        return [node]


def unregister_terms(app: Sphinx, env: BuildEnvironment, docnames: object) -> None:
    """Remove the terms of the last build before Sphinx reads what may define them too.

    :param docnames: documents that are read, or the name of one that is removed
    """
    if docnames:
        domain_of(env, ArticlesDomain).unregister_terms()


class FillGlossaries(SphinxPostTransform):
    """Replace each ``article-glossary`` by the terms of all articles.

    Before::

        <article_glossary>

    After::

        <glossary>
            <definition_list classes="glossary">
                <definition_list_item>
                    <term ids="term-parsec">
                    <definition>
                        <paragraph>
                        <paragraph classes="marginalia-term-source">
                            <inline classes="marginalia-term-label">
                            <pending_xref>
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        current = self.env.current_document.docname
        domain = domain_of(self.env, ArticlesDomain)
        if not domain.may_show(current, "glossaries"):
            return
        terms = definitions(domain.curriculum)
        # Only the first glossary of a project is linked to, and a page can have an id only once.
        ids = {spelled: node_id for spelled, (_page, node_id) in domain.terms.items()}
        for node in find(self.document, article_glossary):
            if not terms:
                message = "the glossary is empty: no article defines a term"
                warn(CoreProblem.EMPTY_LIST, message, location=node)
                node.parent.remove(node)
                continue
            is_linked = document_of(node, current) == domain.glossary_page
            items = self._items(terms, ids if is_linked else {})
            listed = nodes.definition_list("", *items, classes=["glossary"])
            node.parent.replace(node, addnodes.glossary("", listed))
            ids = {} if is_linked else ids

    def _items(
        self, terms: Mapping[str, list[Definition]], ids: Mapping[str, str]
    ) -> Iterator[nodes.Node]:
        domain = domain_of(self.env, ArticlesDomain)
        for entries in terms.values():
            spelled = entries[0].term
            node_ids = [ids[entries[0].source]] if entries[0].source in ids else []
            body = nodes.definition()
            for entry in entries:
                label = nodes.inline("", _("From:"), classes=["marginalia-term-label"])
                source = [label, nodes.Text(" "), domain.link(Target(entry.docname))]
                body += nodes.paragraph("", entry.definition)
                body += nodes.paragraph("", "", *source, classes=["marginalia-term-source"])
            yield nodes.definition_list_item("", nodes.term("", spelled, ids=node_ids), body)
