"""The articles of a project, and what each page shows of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.articles import curriculum
from sphinx_marginalia.articles.blocks import block_of, blocks
from sphinx_marginalia.articles.checks import Fault, faults
from sphinx_marginalia.articles.curriculum import Curriculum
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import article_glossary, learning_path
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE
from sphinx_marginalia.articles.places import Lookup, Place
from sphinx_marginalia.articles.problems import ArticleProblem
from sphinx_marginalia.articles.reading import amounts, minutes
from sphinx_marginalia.articles.terms import Definition, definitions, register, unregister
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import find, is_used
from sphinx_marginalia.core.outdated import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.builders import Builder


class ArticlesDomain(IndexDomain[Article]):
    """The front matter of each article; from it, the curriculum."""

    name = "marginalia-articles"
    label = "articles"
    data_version = 8
    initial_data: ClassVar[dict[str, Any]] = {
        **IndexDomain.initial_data,
        "glossaries": {},
        # The terms that each document refers to, in lower case.
        "references": {},
        # Page and id of each term that is registered with Sphinx, which saves it.
        "terms": {},
    }
    shared = frozenset({"terms"})

    # --- what a document holds ---

    def note_article(self, docname: str, article: Article) -> None:
        """Note the front matter of an article while its document is parsed."""
        self.records[docname] = [article]

    def collect(self, document: nodes.document) -> list[Article]:
        """Return the article that was noted, if *document* is one, with what there is to read."""
        article = self.article(self.env.current_document.docname)
        if article is None:
            return []
        words, note_words, code_lines = amounts(document)
        return [article._replace(words=words, note_words=note_words, code_lines=code_lines)]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows the curriculum."""
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
        if terms:
            self.data["references"][docname] = sorted(terms)

    # --- the curriculum ---

    def article(self, docname: str) -> Article | None:
        """Return the front matter of *docname*, if it is an article."""
        return next(iter(self.records.get(docname, ())), None)

    @property
    def places(self) -> dict[str, list[Place | None]]:
        """Where each prerequisite of an article leads, by the article's document."""
        return self.cached("places", self._places)

    def _places(self) -> dict[str, list[Place | None]]:
        lookup = Lookup(self.env)
        return {
            docname: [lookup.place(docname, item.target) for item in article.prerequisites]
            for docname, (article,) in self.records.items()
        }

    @property
    def following(self) -> dict[str, str]:
        """The document after each article in the curriculum."""
        return self.cached("following", self.curriculum().following)

    @property
    def glossary_page(self) -> str | None:
        """The document with the glossary that terms are linked to."""
        return min(self.data["glossaries"], default=None)

    @property
    def terms(self) -> dict[str, tuple[str, str]]:
        """Page and id of each term, as it is spelled, that Sphinx finds in our glossary."""
        return cast("dict[str, tuple[str, str]]", self.data["terms"])

    def unregister_terms(self) -> None:
        """Remove our terms from Sphinx, which would take one of its own for a duplicate."""
        unregister(self.env.domains.standard_domain, self.terms)
        self.data["terms"] = {}

    def register_terms(self) -> None:
        """Register the terms of all articles with Sphinx, for the role ``term``."""
        self.unregister_terms()
        if self.glossary_page is not None:
            standard = self.env.domains.standard_domain
            terms = definitions(self.curriculum())
            self.data["terms"] = register(standard, self.glossary_page, terms)

    def curriculum(self) -> Curriculum:
        """Return the articles in their order, with what each needs first."""
        return self.cached("curriculum", self._curriculum)

    def _curriculum(self) -> Curriculum:
        known, folders = self.cached("blocks", lambda: blocks(self.env))
        articles = {}
        for docname, (article,) in self.records.items():
            block = article.block or block_of(docname, folders)
            articles[docname] = article._replace(block=block)
        found = Curriculum(known, curriculum.ordered(articles, known))
        for docname in found.articles:
            places = [place for place in self.places.get(docname, ()) if place is not None]
            found.needs[docname] = list(dict.fromkeys(p.docname for p in places if p.docname))
        return found

    # --- what is wrong ---

    def check_consistency(self) -> None:
        """Report what is wrong among the articles."""
        found = self.curriculum()
        for fault in [*self._unknown_prerequisites(found), *faults(found)]:
            line = found.articles[fault.docname].line(fault.key)
            location = f"{self.env.doc2path(fault.docname)}:{line}"
            warn(fault.problem, fault.message, location=location)

    def _unknown_prerequisites(self, found: Curriculum) -> Iterator[Fault]:
        lookup = Lookup(self.env)
        for docname, article in found.articles.items():
            places = self.places.get(docname, ())
            for item, place in zip(article.prerequisites, places, strict=True):
                if place is None:
                    near = lookup.near(item.target)
                    hint = f"did you mean {near!r}?" if near else "name a document or a label"
                    message = f"unknown prerequisite {item.target!r}; {hint}"
                    yield Fault(
                        ArticleProblem.UNKNOWN_PREREQUISITE, message, docname, "prerequisites"
                    )

    # --- what has to be written again ---

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page shows of other articles, and where its terms lead."""
        self.register_terms()
        found = self.curriculum()
        shows: dict[str, list[object]] = {docname: self._around(docname) for docname in found.needs}
        path, glossary = self._path(found), self._glossary(definitions(found))
        for docname in self.data["lists"]:
            shows.setdefault(docname, []).append(path)
        for docname in self.data["glossaries"]:
            shows.setdefault(docname, []).append(glossary)
        places = {spelled.lower(): place for spelled, place in self.terms.items()}
        for docname, terms in self.data["references"].items():
            shows.setdefault(docname, []).append([places.get(term) for term in terms])
        return dict(shows)

    def _around(self, docname: str) -> list[object]:
        """Return what the page of an article shows of other pages."""
        after = self.following.get(docname, "")
        places = [(place, place and self._title(place.docname)) for place in self.places[docname]]
        return [places, after, self._title(after)]

    def _path(self, found: Curriculum) -> str:
        """Return all that a learning path shows."""
        speed = WORDS_PER_MINUTE.value(self.env.config)
        articles = [
            (docname, self._title(docname), article.difficulty, minutes(article.words, speed))
            for docname, article in found.articles.items()
        ]
        drawn = {
            docname: sorted(need for need in needs if need in found.articles)
            for docname, needs in found.needs.items()
        }
        return fingerprint((articles, list(found.by_block()), drawn))

    def _glossary(self, terms: Mapping[str, list[Definition]]) -> str:
        """Return all that a glossary shows."""
        titles = [self._title(entry.docname) for entries in terms.values() for entry in entries]
        return fingerprint((terms, titles, self.terms))

    def _title(self, docname: str) -> str:
        title = self.env.titles.get(docname)
        return title.pformat() if title is not None else ""
