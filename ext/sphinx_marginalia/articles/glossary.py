"""``article-glossary``: the terms that articles define, as Sphinx's own glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.articles.domain import ArticlesDomain, Place
from sphinx_marginalia.articles.header import link_to
from sphinx_marginalia.articles.nodes import article_glossary
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class ArticleGlossaryDirective(SphinxDirective):
    """The terms of all articles."""

    def run(self) -> list[nodes.Node]:
        """Return the place for them, which is filled when all documents are read."""
        place = article_glossary()
        self.set_source_info(place)
        return [place]


def terms(domain: ArticlesDomain) -> dict[str, list[tuple[str, str, str]]]:
    """Return term, definition and document of each definition, by the term; sorted."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for docname, article in domain.curriculum().articles.items():
        for term in article.glossary:
            entry = (term.term, term.definition, docname)
            found.setdefault(term.term.casefold(), []).append(entry)
    return dict(sorted(found.items()))


def term_id(term: str) -> str:
    """Return the id of a term on the page of the glossary."""
    return f"term-{nodes.make_id(term) or term.encode().hex()}"


def note_terms(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Tell Sphinx's standard domain of each term, so that the role ``term`` finds it.

    Its own methods would warn of a second definition, which is reported where it is written.
    """
    domain = cast("ArticlesDomain", env.domains[ArticlesDomain.name])
    standard = env.domains.standard_domain
    before: dict[str, str] = domain.data.setdefault("terms", {})
    for spelled in before:
        standard.objects.pop(("term", spelled), None)
        standard.data.get("terms", {}).pop(spelled.casefold(), None)
    page = min(domain.data["glossaries"], default=None)
    noted = {}
    for definitions in terms(domain).values():
        spelled = definitions[0][0]
        if page is not None and ("term", spelled) not in standard.objects:
            standard.objects["term", spelled] = (page, term_id(spelled))
            # What is written in other capitals is looked up here.
            standard.data.setdefault("terms", {})[spelled.casefold()] = (page, term_id(spelled))
            noted[spelled] = page
    domain.data["terms"] = noted
    return []


class FillGlossaries(SphinxPostTransform):
    """Fill the places for the terms of all articles."""

    # Before references are resolved (10).
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Fill every glossary."""
        places = list(self.document.findall(article_glossary))
        if not places:
            return
        domain = cast("ArticlesDomain", self.env.domains[ArticlesDomain.name])
        found = terms(domain)
        for place in places:
            if found:
                listed = nodes.definition_list("", *self._items(found), classes=["glossary"])
                place.parent.replace(place, addnodes.glossary("", listed))
            else:
                message = "the glossary is empty: no article defines a term"
                warn(Problem.EMPTY_LIST, message, location=place)
                place.parent.remove(place)

    def _items(self, found: dict[str, list[tuple[str, str, str]]]) -> Iterator[nodes.Node]:
        for definitions in found.values():
            spelled = definitions[0][0]
            term = nodes.term("", spelled, ids=[term_id(spelled)])
            body = nodes.definition()
            for _spelled, definition, docname in definitions:
                source = nodes.inline("", _("From:"), classes=["marginalia-kind"])
                link = link_to(self.env, Place(docname))
                body += nodes.paragraph("", definition)
                body += nodes.paragraph(
                    "", "", source, nodes.Text(" "), link, classes=["marginalia-term-source"]
                )
            yield nodes.definition_list_item("", term, body)
