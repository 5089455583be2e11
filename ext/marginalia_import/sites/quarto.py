"""Read a site of Quarto: its articles in the order of the navigation, and its facts.

No code of the site is run. What the settings mean: https://quarto.org/docs/reference
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from posixpath import basename
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key
from marginalia_import.frontmatter import as_list, as_mapping, as_text, author_names
from marginalia_import.report import Kind
from marginalia_import.sites import QUARTO_FILES
from marginalia_import.sites.discovery import (
    REPOSITORY_FILE,
    SiteReader,
    file_inside,
    find_data_files,
    site_files,
    slug_of,
)
from marginalia_import.sites.notebooks import SUFFIX, is_notebook
from marginalia_import.sites.site import Article, SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".qmd", ".Rmd", ".rmd", ".md")
NUMBERED = {"numfig": True}
APPENDICES = "Appendices"
#: The attributes of a heading without a number.
UNNUMBERED = re.compile(r"\{(?:[^{}]*\.unnumbered\b[^{}]*|(?:[^{}]* )?-(?: [^{}]*)?)\}[ \t]*$")


class PandocReader(SiteReader):
    """What the readers of both have in common."""

    def add(self, path: str) -> str:
        """Add an article, and return its document; empty if it is none."""
        if not self.is_inside(path):
            return ""
        stem = path.rsplit(".", 1)[0]
        docname = self.unique_docname(stem, path)
        self.articles.append(Article(path, docname, page_key(stem), slug=slug_of(stem)))
        return docname

    def number(self, facts: SiteFacts, file: str) -> None:
        """Let the chapters have numbers, unless Sphinx would begin again at each part."""
        sources = {article.docname: article.source for article in self.articles}
        chapters = [(caption, name) for caption, names in facts.parts for name in names]

        def has_number(chapter: tuple[str, str]) -> bool:
            heading = re.search(
                r"^#[ \t]+(?!\((?:PART|APPENDIX))(.+)$",
                self.text_of(sources[chapter[1]]),
                re.MULTILINE,
            )
            is_plain = heading and UNNUMBERED.search(heading[1])
            return chapter[0] != APPENDICES and not is_plain

        runs = [
            (caption, [name for _, name in run])
            for (caption, is_on), run in groupby(chapters, lambda p: (p[0], has_number(p)))
            if is_on
        ]
        if len(runs) == 1:
            facts.numbered = frozenset(runs[0][1])
        else:
            message = "numbers of sections left out: Sphinx would begin each part with 1"
            self.report.add(Kind.FRONT_MATTER, file, 0, message)

    def contents(self, values: dict[str, Any], facts: SiteFacts) -> SiteContents:
        """Return the contents of the site.

        :param values: title, author, address and bibliography
        """
        # Pandoc would read an address as a link.
        url = as_text(values.get("site-url") or values.get("url")).replace("\\:", ":")
        facts.settings.update(NUMBERED)
        facts.authors = author_names(values.get("author"))
        facts.description = as_text(values.get("description"))
        facts.licence = as_text(values.get("license"))
        return SiteContents(
            self.articles,
            bases=(url.rstrip("/"),) if url else (),
            title=as_text(values.get("title")),
            author=", ".join(facts.authors),
            bibliographies=self.bibliographies(values.get("bibliography")),
            facts=facts,
            has_global_ids=True,
        )

    def bibliographies(self, named: object) -> list[str]:
        """Return the bibliographies that the settings name, or else all of the site."""
        names = [named] if isinstance(named, str) else named
        paths = [str(name) for name in names] if isinstance(names, list) else []
        within = [path for path in paths if file_inside(self.root, path)]
        return within or find_data_files(self.root, "*.bib")


class QuartoReader(PandocReader):
    """Reads a site of Quarto: a book, a website, or a folder of documents."""

    def read(self) -> SiteContents:
        self.config = self.first_settings(QUARTO_FILES)
        book, website = (as_mapping(self.config.get(key)) for key in ("book", "website"))
        self.files = [path for path in site_files(self.root) if self.is_rendered(path)]
        facts = SiteFacts()
        if book:
            facts.parts = self.chapters(book)
            html = as_mapping(as_mapping(self.config.get("format")).get("html"))
            if {**html, **self.config}.get("number-sections") is not False:
                self.number(facts, QUARTO_FILES[0])
        else:
            self.pages(facts, website)
        for path in self.files:
            if path not in {article.source for article in self.articles}:
                self.skip(path, "not in the chapters of the book")
        if notebooks := [a.source for a in self.articles if a.source.endswith(SUFFIX)]:
            self.need_myst_nb(facts, notebooks[0])
        values = {**self.config, **website, **book}
        return self.contents(values, facts)

    def is_rendered(self, path: str) -> bool:
        """Whether Quarto makes a page of a file."""
        hidden = any(part.startswith(("_", ".")) for part in path.split("/"))
        if hidden or not self.is_article(path):
            return False
        return not (REPOSITORY_FILE.match(basename(path)) and path.endswith(".md"))

    def is_article(self, path: str) -> bool:
        """Whether a file can be converted; a notebook that cannot be read is reported."""
        if path.endswith(SUFFIX) and not is_notebook(self.text_of(path)):
            self.skip(path, "a notebook that cannot be read")
            return False
        return path.endswith((*SUFFIXES, SUFFIX))

    def chapters(self, book: dict[str, Any]) -> list[tuple[str, list[str]]]:
        """Add the chapters of a book, and return its parts."""
        parts: list[tuple[str, list[str]]] = [("", [])]
        for item in [
            *as_list(book.get("chapters")),
            {"part": ""},
            *as_list(book.get("appendices")),
        ]:
            if isinstance(item, dict) and "part" in item:
                name = str(item["part"] or "")
                docs = self.chapter(name) if name.endswith(SUFFIXES) else []
                caption = self.title_of(name) if docs else name
                for chapter in as_list(item.get("chapters")):
                    docs += self.chapter(chapter)
                parts.append((caption if name else APPENDICES, docs))
            else:
                parts[-1][1].extend(self.chapter(item))
        return [(caption, docs) for caption, docs in parts if docs]

    def chapter(self, item: object) -> list[str]:
        """Add a chapter by its path, and return its document."""
        path = item.get("file") or item.get("href") if isinstance(item, dict) else item
        if not isinstance(path, str):
            return []
        path = path.removeprefix("./")
        if not file_inside(self.root, path):
            self.skip(path, "a chapter that the site does not have")
            return []
        if path in {article.source for article in self.articles}:
            return []
        if not self.is_article(path):
            self.skip(path, "a chapter that is not Markdown")
            return []
        docname = self.add(path)
        return [docname] if docname else []

    def title_of(self, path: str) -> str:
        """Return the title of a document in its front matter or first heading."""
        title = as_text(self.front_matter(path).get("title"))
        heading = re.search(r"^#[ \t]+(.+?)[ \t]*(?:\{.*\})?$", self.text_of(path), re.MULTILINE)
        return title or (heading[1] if heading else basename(path).rsplit(".", 1)[0])

    # A website

    def pages(self, facts: SiteFacts, website: dict[str, Any]) -> None:
        """Add all pages of a website, and the parts of its sidebars."""
        render = [
            str(item) for item in as_list(as_mapping(self.config.get("project")).get("render"))
        ]
        for path in self.files:
            if render and not _is_rendered(path, render):
                self.skip(path, "not rendered by the site's settings")
            elif self.front_matter(path).get("draft") is True:
                self.skip(path, "draft: true")
            else:
                self.add(path)
        self.files = []
        self.by_path = {article.source: article.docname for article in self.articles}
        sidebar = website.get("sidebar")
        bars = sidebar if isinstance(sidebar, list) else [sidebar]
        listed: set[str] = set()
        for bar in bars:
            values = as_mapping(bar)
            docs: list[str] = []
            facts.parts.append((as_text(values.get("title")), docs))
            for caption, paths in self.sidebar(as_list(values.get("contents"))):
                new = [self.by_path[path] for path in paths if path in self.by_path]
                new = [name for name in dict.fromkeys(new) if name not in listed]
                listed.update(new)
                if caption:
                    facts.parts.append((caption, new))
                else:
                    docs += new
        facts.parts = [(caption, docs) for caption, docs in facts.parts if docs]

    def sidebar(self, items: list[Any]) -> Iterator[tuple[str, list[str]]]:
        """Yield the sections of a sidebar: caption, and paths in order."""
        for item in items:
            values = as_mapping(item)
            if "section" in values or "contents" in values:
                caption = as_text(values.get("section") or values.get("text"))
                paths = [caption] if caption.endswith(SUFFIXES) else []
                contents = values.get("contents")
                nested = [contents] if isinstance(contents, str) else as_list(contents)
                for _, more in self.sidebar(nested):
                    paths += more
                first = caption.endswith(SUFFIXES) and file_inside(self.root, caption)
                yield (self.title_of(caption) if first else caption), paths
            else:
                path = str(values.get("href") or values.get("file") or "") if values else str(item)
                yield "", sorted(name for name in self.by_path if _matches(name, path))


def _is_rendered(path: str, patterns: list[str]) -> bool:
    """Whether the last pattern that matches a path includes it."""
    included = all(pattern.startswith("!") for pattern in patterns)
    for pattern in patterns:
        if _matches(path, pattern.removeprefix("!")):
            included = not pattern.startswith("!")
    return included


def _matches(path: str, pattern: str) -> bool:
    """Whether a path is what a pattern or the name of a folder means."""
    pattern = pattern.removeprefix("./").strip("/")
    if pattern in {"auto", ""}:
        return pattern == "auto"
    return path == pattern or fnmatchcase(path, pattern) or path.startswith(f"{pattern}/")
