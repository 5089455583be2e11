"""The old site: its articles, their addresses, its files, and what its settings say."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from posixpath import dirname
from typing import TYPE_CHECKING

from marginalia_import import addresses
from marginalia_import.inline import Habits
from marginalia_import.links import Links
from marginalia_import.report import Kind
from marginalia_import.rule import Form
from marginalia_import.template import Grammar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from marginalia_import.page import ArticlePage
    from marginalia_import.rule import Rule


@dataclass(frozen=True)
class Article:
    """An article, before it is read."""

    #: Its file, relative to the site.
    source: str
    #: Its document in the new project, without suffix.
    docname: str
    #: Its address in the old site, without slashes at the ends.
    url: str
    #: Other addresses at which it was to be found.
    also: tuple[str, ...] = ()
    #: The name of its block and of itself: the folders it is in.
    block: str = ""
    slug: str = ""
    date: str = ""

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return dirname(self.source)

    @property
    def target(self) -> str:
        """Its file in the new project."""
        return f"{self.docname}.md"


@dataclass(frozen=True)
class Found:
    """Where the file is to which an address leads."""

    #: Relative to the site; None where there is none.
    path: str | None = None
    outside: bool = False


@dataclass(frozen=True)
class Definition:
    """What an article says a term means."""

    term: str
    text: str
    docname: str


@dataclass(frozen=True)
class Settings:
    """What the settings of the old site say about how its articles are to be read."""

    dialect: str
    #: ``nunjucks``, ``liquid`` or ``shell``: how the arguments of tags are written.
    strings: str
    #: Whether ``$…$`` is a formula.
    dollar_math: bool
    #: What addresses may begin with: ``https://example.org``, ``/base``.
    bases: tuple[str, ...] = ()
    #: The folders, relative to the site, whose content is at the root of the built one.
    roots: tuple[str, ...] = ("",)
    title: str = ""
    author: str = ""


@dataclass
class Site:
    """All that is known of the old site when its articles are converted."""

    root: Path
    settings: Settings
    articles: list[Article]
    rules: Mapping[str, Rule]
    #: The key in the new bibliography by the key in the old.
    works: Mapping[str, str] = field(default_factory=dict)
    #: The tags whose names are printed.
    printed_names: frozenset[str] = frozenset()
    #: The files that articles need: where each goes.
    taken: dict[str, str] = field(default_factory=dict)
    #: The glossary: each term with its definitions in MyST and the articles they are from.
    terms: dict[str, list[Definition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.links = Links(self)
        #: The places of the new project that are not to be given to a file.
        self.used = {"references.bib", "_static/imported.css"}
        self.dialect = self.settings.dialect
        self.strings = self.settings.strings
        jekyll = self.dialect == "tufte-jekyll"
        self.habits = Habits(definitions=jekyll, attributes=jekyll)
        verbatim = {
            rule.tag: rule.ending for rule in self.rules.values() if rule.form is Form.VERBATIM
        }
        math = self.settings.dollar_math
        self.grammar = Grammar(not jekyll, not jekyll, verbatim, math, double_inline=jekyll)
        self.grammar_without_tags = Grammar(False, False, {}, math, jekyll, tags=False)
        self._addresses()

    def _addresses(self) -> None:
        self.by_key: dict[str, Article] = {}
        self.by_source = {article.source: article for article in self.articles}
        self.by_folder: dict[str, list[Article]] = defaultdict(list)
        self.by_file = dict(self.by_source)
        by_slug: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles:
            for url in (article.url, *article.also):
                self.by_key.setdefault(addresses.page_key(url), article)
            by_slug[article.slug].append(article)
            stem = article.source.rsplit(".", 1)[0]
            self.by_file.setdefault(stem, article)
            if "_posts/" in stem:
                self.by_file.setdefault(stem.rpartition("_posts/")[2], article)
            self.by_folder[article.folder].append(article)
        self.by_slug = {slug: found for slug, found in by_slug.items() if len(found) == 1}

    # --- articles ---

    def article(self, page: Article, path: str) -> Article | None:
        """Return the article to which *path* leads from *page*."""
        for candidate in self._paths(page, path):
            if candidate in self.by_source:
                return self.by_source[candidate]
        rooted = self._rooted(path)
        if rooted is None:
            rooted = addresses.within(page.url, path)
            if rooted is None:
                return None
        key = addresses.page_key(rooted)
        return self.by_key.get(key) or self._by_ends(key)

    def _by_ends(self, key: str) -> Article | None:
        """Return the article whose folders begin and end as *key* does, which leaves out blocks."""
        first, _, _ = key.partition("/")
        slug = key.rsplit("/", 1)[-1]
        for article in self.by_slug.get(slug, ()):
            folders = (self.root.name, *article.url.split("/"))
            if first in folders[:-1] or first == slug:
                return article
        return None

    def article_by_source(self, path: str) -> Article | None:
        """Return an article by its file, or a post by the name of its file."""
        return self.by_file.get(path.lstrip("/"))

    def _rooted(self, path: str) -> str | None:
        """Return a path from the root of the site, or None where it begins at the page."""
        for base in self.settings.bases:
            if path == base or path.startswith(f"{base.rstrip('/')}/"):
                path = path[len(base.rstrip("/")) :] or "/"
        return path.lstrip("/") if path.startswith("/") else None

    # --- files ---

    def file(self, page: Article, path: str) -> Found:
        """Return the file to which *path* leads from *page*."""
        path, _ = addresses.split(path)
        candidates = list(self._paths(page, path))
        for candidate in candidates:
            if candidate and _is_file(self.root / candidate):
                if not self.inside(self.root / candidate):
                    return Found(outside=True)
                return Found(candidate)
        return Found(outside=not any(candidates))

    def inside(self, file: Path) -> bool:
        """Whether a file is in the site, also when links are followed."""
        return file.resolve().is_relative_to(self.root.resolve())

    def _paths(self, page: Article, path: str) -> Iterable[str | None]:
        """Yield where a file may be, relative to the site; None for a place outside of it."""
        rooted = self._rooted(path)
        if rooted is None:
            yield addresses.within(page.folder, path)
            yield addresses.within(page.url, path)
            rooted = path
        for folder in self.settings.roots:
            yield addresses.within(folder, rooted)
        # An image beside an article is at the article's address in the built site.
        parts = rooted.split("/")
        for count in range(len(parts) - 1, 0, -1):
            key = addresses.page_key("/".join(parts[:count]))
            if owner := self.by_key.get(key) or self._by_ends(key):
                yield addresses.within(owner.folder, "/".join(parts[count:]))

    def take(self, path: str, page: Article) -> str:
        """Have a file copied; return its address as seen from *page*."""
        if path not in self.taken:
            self.taken[path] = self._free(self.place(path))
            self.used.add(self.taken[path])
        target = self.taken[path]
        return addresses.relative(target, dirname(page.docname))

    def _free(self, place: str) -> str:
        """Return a place no other file takes, and that Sphinx neither reads nor runs.

        docutils would read a blank in it as nothing.
        """
        place = re.sub(r"\s+", "-", place)
        if place.lower().endswith((".md", ".markdown", ".rst", "conf.py")):
            place = f"files/{place}.txt"
        name, dot, suffix = place.rpartition(".")
        number, free = 2, place
        while free in self.used:
            free, number = f"{name}-{number}{dot}{suffix}", number + 1
        return free

    def place(self, path: str) -> str:
        """Return where a file of the site goes in the new project."""
        folder = dirname(path)
        while folder:
            if owners := self.by_folder.get(folder):
                return f"{dirname(owners[0].docname)}/{path[len(folder) + 1 :]}".lstrip("/")
            folder = dirname(folder)
        return "/".join(part.lstrip("_") or part for part in path.split("/"))

    # --- terms and works ---

    def term(self, page: ArticlePage, term: str, text: str, line: int) -> None:
        """Note a definition for the glossary; a second one of a term joins the first."""
        known = self.terms.setdefault(" ".join(term.split()).casefold(), [])
        if known:
            message = f"{term!r} is defined in {known[0].docname} too"
            page.report(Kind.TERM, message, line)
        definition = page.without_tags(" ".join(text.split()))
        known.append(Definition(" ".join(term.split()), definition, page.article.docname))

    def nearest_work(self, key: str) -> str:
        """Return the key that is most like *key*."""
        return next(iter(get_close_matches(key, self.works, 1)), "")


def _is_file(path: Path) -> bool:
    """Whether there is a file; a name that is too long, or no name at all, is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
