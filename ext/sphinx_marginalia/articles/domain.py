"""The articles of a project, and what each page shows of others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.articles.blocks import block_of, blocks
from sphinx_marginalia.articles.curriculum import Curriculum, check, diagnostic, ordered
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import (
    article_glossary,
    article_header,
    front_matter_text,
    learning_path,
)
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE, ArticleProblem
from sphinx_marginalia.articles.reading_time import minutes, with_amounts
from sphinx_marginalia.articles.targets import Target, Targets
from sphinx_marginalia.articles.terms import Definition, definitions, register, unregister
from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, Place
from sphinx_marginalia.core.nodes import find, is_used
from sphinx_marginalia.core.outdated import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.builders import Builder

    from sphinx_marginalia.core.diagnostics import Diagnostic


def translations(parent: nodes.Element) -> dict[str, str]:
    """Return the translations of the values in *parent*, by what they translate."""
    return {
        node["text"]: node["translation"]
        for node in parent.children
        if isinstance(node, front_matter_text) and node.get("translation")
    }


class ArticlesDomain(IndexDomain[Article]):
    """The front matter of each article; from it, the curriculum."""

    name = "marginalia-articles"
    label = "articles"
    data_version = 11
    initial_data: ClassVar[dict[str, Any]] = {
        **IndexDomain.initial_data,
        "glossaries": {},
        # The terms that each document refers to, in lower case.
        "references": {},
        # The translated titles of blocks in each document that shows a learning path.
        "block_titles": {},
        # Page and id of each term that is registered with Sphinx, which saves it.
        "terms": {},
    }
    shared = frozenset({"terms"})

    def collect(self, document: nodes.document) -> list[Article]:
        """Return what a transform has recorded of an article, with translations and its length."""
        article = self.article(self.env.current_document.docname)
        if article is None:
            return []
        article = article.translated(translations(document))
        for header in find(document, article_header):
            for description in find(header, nodes.paragraph):
                # Otherwise it is as it is written, without typographic quotes.
                if description.get("translated"):
                    article = article._replace(description=description.astext())
        return [with_amounts(article, document)]

    def shows_list(self, document: nodes.document) -> bool:
        return is_used(self.env, learning_path)

    def note(self, docname: str, document: nodes.document) -> None:
        """Record the article, the lists that its page shows, and the terms it refers to."""
        super().note(docname, document)
        if is_used(self.env, article_glossary):
            self.data["glossaries"][docname] = True
        terms = {
            reference["reftarget"].lower()
            for reference in find(document, addnodes.pending_xref)
            if reference.get("refdomain") == "std" and reference["reftype"] == "term"
        }
        paths = find(document, learning_path) if is_used(self.env, learning_path) else []
        if titles := {text: title for path in paths for text, title in translations(path).items()}:
            self.data["block_titles"][docname] = titles
        if terms:
            self.data["references"][docname] = sorted(terms)

    def article(self, docname: str) -> Article | None:
        """Return the front matter of *docname*, if it is an article."""
        return next(iter(self.records.get(docname, ())), None)

    @cached_property
    def targets(self) -> dict[str, list[Target | None]]:
        """What the prerequisites of each article lead to, by the document of the article."""
        targets = Targets(self.env)
        return {
            docname: [targets.resolve(docname, item.target) for item in article.prerequisites]
            for docname, (article,) in self.records.items()
        }

    def link(self, target: Target, text: str = "") -> nodes.Element:
        """Return a link to *target*, which is resolved for each builder.

        :param text: the text of the link; if it is empty, the title of the target
        """
        if target.uri:
            return nodes.reference("", text or target.uri, refuri=target.uri, internal=False)
        title = self.env.titles.get(target.docname)
        words: list[nodes.Node] = [nodes.Text(text or target.title or target.docname)]
        if not text and not target.title and title is not None:
            words = [child.deepcopy() for child in title.children]
        here = self.env.current_document.docname
        return self.reference(target.docname, target.node_id, words, here)

    @property
    def glossary_page(self) -> str | None:
        """The document with the glossary that terms link to."""
        return min(self.data["glossaries"], default=None)

    @property
    def terms(self) -> dict[str, tuple[str, str]]:
        """Page and id of each term in our glossary, as it is spelled."""
        return cast("dict[str, tuple[str, str]]", self.data["terms"])

    def unregister_terms(self) -> None:
        """Remove our terms from Sphinx, which would take one of its own for a duplicate."""
        unregister(self.env.domains.standard_domain, self.terms)
        self.data["terms"] = {}

    def places(self) -> Iterator[Place]:
        """Yield each registered term with its definitions, for a search of the site."""
        for entries in definitions(self.curriculum).values():
            if target := self.terms.get(entries[0].source):
                text = " ".join(entry.definition for entry in entries)
                yield Place(*target, _("term"), entries[0].term, text)

    def register_terms(self) -> None:
        """Register the terms of all articles with Sphinx, for the role ``term``."""
        self.unregister_terms()
        if self.glossary_page is not None:
            standard = self.env.domains.standard_domain
            terms = definitions(self.curriculum)
            self.data["terms"] = register(standard, self.glossary_page, terms)

    @cached_property
    def curriculum(self) -> Curriculum:
        """The articles in their order, with what each needs first."""
        in_order, folders = blocks(self.env)
        for _docname, titles in sorted(self.data["block_titles"].items()):
            in_order = [b._replace(title=titles.get(b.title, b.title)) for b in in_order]
        articles = {}
        for docname, (article,) in self.records.items():
            block = article.block or block_of(docname, folders)
            articles[docname] = article._replace(block=block)
        articles, needs = ordered(articles, in_order), {}
        for docname in articles:
            documents = [target.docname for target in self.targets[docname] if target]
            needs[docname] = [name for name in dict.fromkeys(documents) if name]
        return Curriculum(in_order, articles, needs)

    def check_consistency(self) -> None:
        course = self.curriculum
        for each in [*self._unknown_prerequisites(course), *check(course)]:
            location = f"{self.env.doc2path(each.source)}:{each.line}"
            warn(each.problem, each.message, location=location)

    def _unknown_prerequisites(self, course: Curriculum) -> Iterator[Diagnostic]:
        targets = Targets(self.env)
        for docname, article in course.articles.items():
            for item, target in zip(article.prerequisites, self.targets[docname], strict=True):
                if target is None:
                    message = f"unknown prerequisite {item.target!r}; {targets.hint(item.target)}"
                    problem = ArticleProblem.UNKNOWN_PREREQUISITE
                    yield diagnostic(problem, message, course, docname, "prerequisites")

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page shows of other articles, and where its terms lead."""
        self.register_terms()
        course = self.curriculum
        shows: dict[str, list[object]] = {name: self._around(name) for name in course.needs}
        path, glossary = self._path(course), self._glossary(definitions(course))
        for docname in self.data["lists"]:
            shows.setdefault(docname, []).append(path)
        for docname in self.data["glossaries"]:
            shows.setdefault(docname, []).append(glossary)
        targets = {spelled.lower(): target for spelled, target in self.terms.items()}
        for docname, terms in self.data["references"].items():
            shows.setdefault(docname, []).append([targets.get(term) for term in terms])
        return dict(shows)

    def _around(self, docname: str) -> list[object]:
        """Return what the page of an article shows of other pages."""
        course = self.curriculum
        after = course.following.get(docname, "")
        pairs = zip(course.articles[docname].prerequisites, self.targets[docname], strict=True)
        targets = [
            (target, item.title or target.title or self._titles.get(target.docname))
            for item, target in pairs
            if target
        ]
        return [targets, after, self._titles.get(after)]

    def _path(self, course: Curriculum) -> str:
        """Return all that a learning path shows."""
        speed = WORDS_PER_MINUTE.value(self.env.config)
        articles = [
            (docname, self._titles[docname], article.difficulty, minutes(article.words, speed))
            for docname, article in course.articles.items()
        ]
        drawn = {
            docname: sorted(need for need in needs if need in course.articles)
            for docname, needs in course.needs.items()
        }
        return fingerprint((articles, list(course.by_block()), drawn))

    def _glossary(self, terms: Mapping[str, list[Definition]]) -> str:
        """Return all that a glossary shows."""
        titles = [self._titles[entry.docname] for entries in terms.values() for entry in entries]
        return fingerprint((terms, titles, self.terms))

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The titles of all documents: many pages show that of one."""
        return {docname: title.pformat() for docname, title in self.env.titles.items()}
