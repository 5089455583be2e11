"""The articles of a project, and what each page shows of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.articles import curriculum
from sphinx_marginalia.articles.blocks import Blocks, block_of, blocks
from sphinx_marginalia.articles.checks import Fault, faults
from sphinx_marginalia.articles.curriculum import Block, Curriculum
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import article_glossary, learning_path
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE
from sphinx_marginalia.articles.places import Lookup, Place
from sphinx_marginalia.articles.reading import amounts, minutes
from sphinx_marginalia.articles.terms import Definition, definitions, take_back, tell
from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.tree import find, is_present
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set


class ArticlesDomain(RecordsDomain[Article]):
    """The front matter of each article; from it, the curriculum."""

    name = "marginalia-articles"
    label = "articles"
    data_version = 6
    initial_data: ClassVar[dict[str, Any]] = {
        # Of these, "lists" are the documents with a learning path.
        **RecordsDomain.initial_data,
        "glossaries": [],
        # The terms that each document refers to, in small letters.
        "asked": {},
        # Worked out when all documents are read, for those that are written after: the blocks and
        # the folders that belong to them, where the prerequisites of each article lead, what
        # follows it, and where Sphinx was told that each term is.
        "blocks": [],
        "folders": {},
        "places": {},
        "following": {},
        "terms": {},
        # What each document shows of others, as a fingerprint, by builder.
        "shown": {},
    }

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
        return is_present(self.env, learning_path)

    def note_doc(self, docname: str, document: nodes.document) -> None:
        """Note the article, the lists that its page shows, and the terms it refers to."""
        super().note_doc(docname, document)
        if is_present(self.env, article_glossary):
            self.data["glossaries"].append(docname)
        asked = {
            reference["reftarget"].lower()
            for reference in find(document, addnodes.pending_xref)
            if reference.get("refdomain") == "std" and reference["reftype"] == "term"
        }
        if asked:
            self.data["asked"][docname] = sorted(asked)

    def held(self, docname: str) -> object:
        """Return the article, what else its page shows, and the terms it refers to."""
        glossary = docname in self.data["glossaries"]
        asked = self.data["asked"].get(docname)
        # What a prerequisite can name without a label.
        headings = [
            (heading["anchorname"], heading.astext())
            for heading in find(self.env.tocs[docname], nodes.reference)
        ]
        return super().held(docname), glossary, asked, headings

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        self.data["asked"].pop(docname, None)
        if docname in self.data["glossaries"]:
            self.data["glossaries"].remove(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        self.data["glossaries"] += sorted(docnames & set(otherdata["glossaries"]))
        for docname in docnames & set(otherdata["asked"]):
            self.data["asked"][docname] = otherdata["asked"][docname]

    # --- the curriculum ---

    def article(self, docname: str) -> Article | None:
        """Return the front matter of *docname*, if it is an article."""
        return next(iter(self.records.get(docname, ())), None)

    @property
    def places(self) -> dict[str, list[Place | None]]:
        """Where each prerequisite of an article leads, by the article's document."""
        return cast("dict[str, list[Place | None]]", self.data["places"])

    @property
    def following(self) -> dict[str, str]:
        """The document after each article in the curriculum."""
        return cast("dict[str, str]", self.data["following"])

    @property
    def glossary_page(self) -> str | None:
        """The document with the glossary that terms are linked to."""
        return min(self.data["glossaries"], default=None)

    @property
    def terms(self) -> dict[str, tuple[str, str]]:
        """Page and id of each term, as it is spelled, that Sphinx finds in our glossary."""
        return cast("dict[str, tuple[str, str]]", self.data["terms"])

    def take_back_terms(self) -> None:
        """Have Sphinx forget our terms: it would take one of its own for a second definition."""
        take_back(self.env.domains.standard_domain, self.terms)
        self.data["terms"] = {}

    def curriculum(self) -> Curriculum:
        """Return the articles in their order, with what each needs first."""
        known: list[Block] = self.data["blocks"]
        articles = {}
        for docname, (article,) in self.records.items():
            block = article.block or block_of(docname, self.data["folders"])
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
                    yield Fault(Problem.UNKNOWN_PREREQUISITE, message, docname, "prerequisites")

    # --- what has to be written again ---

    def made_of(self) -> object:
        """Return the blocks, whose files are no documents, and what the pages can lead to."""
        standard = self.env.domains.standard_domain
        labels = sorted(standard.anonlabels.items()), sorted(standard.labels.items())
        # Ours are there or taken back just now; Sphinx's own come before them.
        ours = self.terms.items()
        terms = [
            (name, place)
            for (kind, name), place in standard.objects.items()
            if kind == "term" and (name, place) not in ours
        ]
        return fingerprint((self._blocks(), labels, sorted(terms)))

    def _blocks(self) -> Blocks:
        return self.worked_out("blocks", lambda: blocks(self.env))

    def outdated(self, builder: str, settings: str = "") -> list[str]:
        """Return :meth:`outdated_lists`; tell Sphinx our terms again, which it was to forget."""
        found = super().outdated(builder, settings)
        if self.glossary_page is not None and not self.terms:
            self._tell_again(definitions(self.curriculum()))
        return found

    def work_out(self) -> None:
        """Work out the curriculum for all that ask for it later."""
        self.data["blocks"], self.data["folders"] = self._blocks()
        lookup = Lookup(self.env)
        self.data["places"] = {
            docname: [lookup.place(docname, item.target) for item in article.prerequisites]
            for docname, (article,) in self.records.items()
        }
        found = self.curriculum()
        self.data["following"] = found.following()
        self._tell_again(definitions(found))

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the documents that show something of others which has changed.

        Each has a fingerprint of just what it shows; that of a document no more there is dropped.
        """
        found = self.curriculum()
        terms = definitions(found)
        shown: dict[str, list[object]] = {docname: self._around(docname) for docname in found.needs}
        path, glossary = self._path(found), self._glossary(terms)
        for docname in self.data["lists"]:
            shown.setdefault(docname, []).append(path)
        for docname in self.data["glossaries"]:
            shown.setdefault(docname, []).append(glossary)
        places = {spelled.lower(): place for spelled, place in self.terms.items()}
        for docname, asked in self.data["asked"].items():
            shown.setdefault(docname, []).append([places.get(term) for term in asked])
        before = self.data["shown"].get(builder, {})
        now = {docname: fingerprint(what) for docname, what in shown.items()}
        self.data["shown"][builder] = now
        return sorted(docname for docname, what in now.items() if before.get(docname) != what)

    def _tell_again(self, terms: Mapping[str, list[Definition]]) -> None:
        """Tell Sphinx where the terms are, instead of what it was told at the last build."""
        self.take_back_terms()
        if self.glossary_page is not None:
            self.data["terms"] = tell(self.env.domains.standard_domain, self.glossary_page, terms)

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
