"""The old site: its articles and settings, and where the addresses in an article lead."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Any, NamedTuple

from marginalia_import import addresses
from marginalia_import.html import element_tags
from marginalia_import.rules import TagForm, parse_liquid
from marginalia_import.tokens import Grammar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from marginalia_import.rules import Rule
    from marginalia_import.syntax import Syntax

#: Markdown removes a backslash of these, and MathJax reads the rest.
ESCAPED_MATH = frozenset({r"\\(", r"\\["})


@dataclass(frozen=True)
class Article:
    """An article, before it is read."""

    #: Its file, relative to the site.
    source: str
    #: Its document in the new project, without suffix.
    docname: str
    #: Its address in the old site, without slashes at the ends.
    url: str
    #: Its other addresses.
    aliases: tuple[str, ...] = ()
    #: The folder names of its block and of itself.
    block: str = ""
    slug: str = ""
    date: str = ""

    @property
    def folder(self) -> str:
        """The folder of its source file."""
        return dirname(self.source)

    @property
    def target(self) -> str:
        """Its file in the new project."""
        return f"{self.docname}{'.ipynb' if self.source.endswith('.ipynb') else '.md'}"


class Definition(NamedTuple):
    """The definition of a term by an article, in MyST."""

    term: str
    text: str
    docname: str


@dataclass
class Bibliography:
    """The works of a site."""

    #: BibTeX.
    text: str = ""
    #: The key in ``text`` by the key in the old site.
    keys: dict[str, str] = field(default_factory=dict)
    #: What could not be read or had to be changed: the key, and the message.
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class SiteFacts:
    """What a site says about itself, besides title and author, for its new project."""

    authors: list[str] = field(default_factory=list)
    description: str = ""
    licence: str = ""
    #: Settings of ``conf.py`` by name.
    settings: dict[str, Any] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=list)
    #: The old navigation: the documents of each part by its caption, in order.
    parts: list[tuple[str, list[str]]] = field(default_factory=list)
    #: The documents whose sections have numbers: those of one part.
    numbered: frozenset[str] = frozenset()
    #: Extensions of MyST-Parser besides those of every import.
    markdown: list[str] = field(default_factory=list)
    #: Whether an article lists the works that are cited.
    has_bibliography: bool = False
    #: Whether the title in the front matter of an article is its heading.
    title_is_heading: bool = False
    #: Files to copy to the same place: those that articles in MyST name in their own ways.
    files: list[str] = field(default_factory=list)
    #: The files of a site whose articles name them without a folder, by name in lower case.
    files_by_name: dict[str, str] = field(default_factory=dict)
    #: Addresses of old pages, and the document that each became.
    redirects: dict[str, str] = field(default_factory=dict)


@dataclass
class SiteContents:
    """What a site consists of, and the settings that decide how its articles are read."""

    articles: list[Article]
    #: Whether its tags are those of Liquid, whose strings have no escapes.
    is_liquid: bool = False
    #: Whether ``$…$`` is a formula.
    dollar_math: bool = True
    #: What else begins a formula: :data:`ESCAPED_MATH`, or the same with one backslash.
    math_signs: frozenset[str] = frozenset()
    #: What addresses may begin with: ``https://example.org``, ``/base``.
    bases: tuple[str, ...] = ()
    #: The folders, relative to the site, that are published at its root.
    roots: tuple[str, ...] = ("",)
    title: str = ""
    author: str = ""
    #: The settings of each block by its folder: title and order.
    blocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The bibliographies, relative to the site.
    bibliographies: list[str] = field(default_factory=list)
    #: The plugins of Markdown the site has: ``mark``, ``sub``, ``sup``.
    plugins: frozenset[str] = frozenset()
    facts: SiteFacts = field(default_factory=SiteFacts)
    #: Whether an id names one thing of the whole site, as in a book.
    has_global_ids: bool = False
    #: The tags of notes whose id the site prints.
    printed_ids: frozenset[str] = frozenset()


@dataclass
class Site:
    """The old site while its articles are converted."""

    root: Path
    dialect: str
    syntax: Syntax
    contents: SiteContents
    rules: Mapping[str, Rule]
    #: The keys of the bibliography: the new by the old.
    citation_keys: Mapping[str, str]
    #: The files to copy into the new project: the target by the source.
    copied_files: dict[str, str] = field(default_factory=dict)
    #: The definitions of each term, by the term in lower case.
    terms: dict[str, list[Definition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        contents, syntax = self.contents, self.syntax
        self.parse_arguments = parse_liquid if contents.is_liquid else syntax.parse_arguments
        #: The paths in the new project that no copied file may have.
        self.used_targets = {"references.bib", "_static/imported.css", *contents.facts.files}
        rules = [rule for rule in self.rules.values() if rule.form is TagForm.VERBATIM]
        verbatim = {rule.tag: rule.end_tag for rule in rules}
        self.grammar = Grammar(
            syntax.kramdown, verbatim, contents.dollar_math, syntax.reads_tags, contents.math_signs
        )
        self.grammar_without_tags = replace(self.grammar, read_tags=False)
        #: The rules for HTML elements, and what finds the elements.
        self.element_rules = {
            name.lower() if name[0] == "<" else name: rule
            for name, rule in self.rules.items()
            if name[0] in "<."
        }
        self.element_tags = element_tags(self.element_rules)
        self._index_articles()

    def _index_articles(self) -> None:
        self.by_key: dict[str, Article] = {}
        self.by_source = {article.source: article for article in self.contents.articles}
        self.by_folder: dict[str, list[Article]] = defaultdict(list)
        #: By path with and without suffix; posts also by their file name alone.
        self.by_file = dict(self.by_source)
        by_slug: dict[str, list[Article]] = defaultdict(list)
        for article in self.contents.articles:
            for url in (article.url, *article.aliases):
                self.by_key.setdefault(addresses.page_key(url), article)
            by_slug[article.slug].append(article)
            stem = article.source.rsplit(".", 1)[0]
            self.by_file.setdefault(stem, article)
            if "_posts/" in stem:
                self.by_file.setdefault(stem.rpartition("_posts/")[2], article)
            self.by_folder[article.folder].append(article)
        self.by_unique_slug = {slug: same[0] for slug, same in by_slug.items() if len(same) == 1}

    # Articles

    def find_article(self, article: Article, path: str) -> Article | None:
        """Return the article to which *path* leads from *article*."""
        for candidate in self._candidates(article, path):
            if candidate in self.by_source:
                return self.by_source[candidate]
        rooted = self._from_root(path)
        if rooted is None and (rooted := addresses.join_inside(article.url, path)) is None:
            return None
        key = addresses.page_key(rooted)
        return (
            self.by_key.get(key)
            or self._article_by_ends(key)
            or self._article_beside(article, path)
        )

    def article_named(self, article: Article, path: str) -> Article | None:
        """Return the article that a tag in *article* names by its file, with or without suffix."""
        stem = re.sub(r"(?:/_?index)?(?:\.md)?$", "", path.strip("/"))
        return (
            self.by_file.get(path.lstrip("/"))
            or self.find_article(article, path)
            or self.by_key.get(stem.lower())
            or self.by_unique_slug.get(stem)
        )

    def _article_beside(self, article: Article, path: str) -> Article | None:
        """Return the article whose page is beside that of *article*, as pages with a suffix are."""
        beside = addresses.join_inside(article.folder, path)
        return self.by_key.get(addresses.page_key(beside)) if beside and path else None

    def _article_by_ends(self, key: str) -> Article | None:
        """Return the article with the first and last folder of *key*; some links omit the rest."""
        first, _, _ = key.partition("/")
        slug = key.rsplit("/", 1)[-1]
        if article := self.by_unique_slug.get(slug):
            folders = (slug, self.root.name, *article.url.split("/")[:-1])
            return article if first in folders else None
        return None

    def _from_root(self, path: str) -> str | None:
        """Return a path relative to the root of the site; None if it is relative to the page."""
        for base in self.contents.bases:
            if path == base or path.startswith(f"{base.rstrip('/')}/"):
                path = path[len(base.rstrip("/")) :] or "/"
        return path.lstrip("/") if path.startswith("/") else None

    # Files

    def read_include(self, name: str) -> str | None:
        """Return the text of an include; None if the site has no such file."""
        folders = ("_includes", *(f"{root}/_includes".lstrip("/") for root in self.contents.roots))
        names = (name, *(f"{name}{suffix}" for suffix in (".html", ".liquid", ".md")))
        for path in (f"{folder}/{each}" for folder in folders for each in names):
            if not name or not os.path.isfile(self.root / path):  # noqa: PTH113
                continue
            file = (self.root / path).resolve()
            if file.is_relative_to(self.root.resolve()):
                return file.read_text(encoding="utf-8", errors="replace")
        return None

    def find_file(self, article: Article, address: str) -> tuple[str, bool]:
        """Return the file to which an address leads, and whether that is out of the site.

        :return: the path relative to the site, empty if there is no such file
        """
        path, _ = addresses.split_address(address)
        candidates = list(self._candidates(article, path))
        for candidate in candidates:
            # A path that is too long or not valid is no file for os.path.
            if candidate and os.path.isfile(self.root / candidate):  # noqa: PTH113
                file = (self.root / candidate).resolve()  # also where it is a link
                inside = file.is_relative_to(self.root.resolve())
                return (candidate, False) if inside else ("", True)
        return "", not any(candidates)

    def _candidates(self, article: Article, path: str) -> Iterator[str | None]:
        """Yield the paths of which one may be the file, relative to the site; None outside it."""
        rooted = self._from_root(path)
        if rooted is None:
            yield addresses.join_inside(article.folder, path)
            yield addresses.join_inside(article.url, path)
            rooted = path
        for folder in self.contents.roots:
            yield addresses.join_inside(folder, rooted)
        # The old site published the files beside an article at the article's address.
        parts = rooted.split("/")
        for count in range(len(parts) - 1, 0, -1):
            key = addresses.page_key("/".join(parts[:count]))
            if owner := self.by_key.get(key) or self._article_by_ends(key):
                yield addresses.join_inside(owner.folder, "/".join(parts[count:]))

    def copy_file(self, path: str, article: Article) -> str:
        """Mark a file of the site to be copied; return its address as seen from *article*."""
        if path not in self.copied_files:
            self.copied_files[path] = self._unique_target(self._target(path))
            self.used_targets.add(self.copied_files[path])
        return relpath(self.copied_files[path], dirname(article.docname))

    def _target(self, path: str) -> str:
        """Return the path of a file in the new project: beside its article, if it has one."""
        folder = dirname(path)
        while folder:
            if owners := self.by_folder.get(folder):
                return f"{dirname(owners[0].docname)}/{path[len(folder) + 1 :]}".lstrip("/")
            folder = dirname(folder)
        return "/".join(part.lstrip("_") or part for part in path.split("/"))

    def _unique_target(self, path: str) -> str:
        """Return a path that no other file has, and that Sphinx neither reads nor runs.

        It is in ASCII without spaces, because docutils removes those from the address of an image,
        and MyST does not decode it.
        """
        path = addresses.plain_path(path)
        if path.lower().endswith((".md", ".markdown", ".rst", "conf.py")):
            path = f"files/{path}.txt"
        name, dot, suffix = path.rpartition(".")
        return addresses.first_unused(name, self.used_targets.__contains__, dot + suffix)

    # Terms

    def define_term(self, term: str, text: str, docname: str) -> str:
        """Add a definition to the glossary.

        :param text: the definition in MyST
        :return: the document that defined the term first, if another one did
        """
        term = " ".join(term.split())
        definitions = self.terms.setdefault(term.casefold(), [])
        definitions.append(Definition(term, text, docname))
        return definitions[0].docname if len(definitions) > 1 else ""
