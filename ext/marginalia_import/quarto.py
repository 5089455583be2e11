"""Read a site of Quarto or bookdown: its articles in the order of the navigation, and its facts.

No code of the site is run. What the settings mean: https://quarto.org/docs/reference and
https://bookdown.org/yihui/bookdown/configuration.html
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key
from marginalia_import.discovery import SiteReader, file_inside, find_data_files, site_files
from marginalia_import.frontmatter import author_names, load_yaml
from marginalia_import.pandoc import PART, PandocSyntax
from marginalia_import.rules import parse_nunjucks
from marginalia_import.site import Article, SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

QUARTO_FILES = ("_quarto.yml", "_quarto.yaml")
BOOKDOWN_FILES = ("_bookdown.yml", "_bookdown.yaml")
SUFFIXES = (".qmd", ".Rmd", ".rmd", ".md")
#: Files about the repository, not part of the site.
REPOSITORY_FILE = re.compile(r"^(?:[A-Z][A-Z_]+|README|LICENSE.*|NEWS|CHANGELOG.*)\.\w+$")
NUMBERED = {"numfig": True}


def is_bookdown(text: str) -> bool:
    """Whether the front matter of ``index.Rmd`` names bookdown as its site."""
    return re.search(r"^(?:site:\s*[\"']?bookdown|.*\bbookdown::)", text, re.MULTILINE) is not None


class PandocReader(SiteReader):
    """What the readers of both have in common."""

    dialect = ""

    def add(self, path: str) -> str:
        """Add an article, and return its document; empty if it is none."""
        if not self.is_inside(path):
            return ""
        stem = path.rsplit(".", 1)[0]
        docname = self.unique_docname(stem, path)
        slug = basename(stem)
        if slug == "index" and dirname(stem):
            slug = basename(dirname(stem))
        self.articles.append(Article(path, docname, page_key(stem), slug=slug))
        return docname

    def contents(self, values: dict[str, Any], facts: SiteFacts, bookdown: bool) -> SiteContents:
        """Return the contents of the site.

        :param values: title, author, address and bibliography
        """
        url = values.get("site-url") or values.get("url")
        facts.settings.update(NUMBERED)
        facts.authors = author_names(values.get("author"))
        facts.description = as_text(values.get("description"))
        facts.licence = as_text(values.get("license"))
        return SiteContents(
            self.dialect,
            self.articles,
            parse_nunjucks,
            reads_tags=False,
            bases=(str(url).rstrip("/"),) if isinstance(url, str) and url else (),
            title=as_text(values.get("title")),
            author=", ".join(facts.authors),
            bibliographies=self.bibliographies(values.get("bibliography")),
            syntax=PandocSyntax(bookdown=bookdown),
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

    dialect = "quarto"

    def read(self) -> SiteContents:
        configs = (self.settings(name, load_yaml) for name in QUARTO_FILES)
        self.config = next((config for config in configs if config is not None), {})
        book, website = (as_mapping(self.config.get(key)) for key in ("book", "website"))
        self.files = [path for path in site_files(self.root) if self.is_rendered(path)]
        facts = SiteFacts()
        if book:
            facts.parts = self.chapters(book)
        else:
            self.pages(facts, website)
        for path in self.files:
            if path not in {article.source for article in self.articles}:
                self.skip(path, "not in the chapters of the book")
        values = {**self.config, **website, **book}
        return self.contents(values, facts, bookdown=False)

    def is_rendered(self, path: str) -> bool:
        """Whether Quarto makes a page of a file."""
        hidden = any(part.startswith(("_", ".")) for part in path.split("/"))
        if hidden or not path.endswith(SUFFIXES):
            if path.endswith(".ipynb") and not hidden:
                self.skip(path, "a notebook: Quarto runs it, this program does not")
            return False
        return not (REPOSITORY_FILE.match(basename(path)) and path.endswith(".md"))

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
                parts.append((caption or "Appendices" if not name else caption, docs))
                if not name:
                    parts[-1] = ("Appendices", docs)
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
        if not path.endswith(SUFFIXES):
            self.skip(path, "a chapter that is not Markdown")
            return []
        docname = self.add(path)
        return [docname] if docname else []

    def title_of(self, path: str) -> str:
        """Return the title of a document in its front matter or first heading."""
        title = as_text(self.front_matter(path).get("title"))
        heading = re.search(r"^#[ \t]+(.+?)[ \t]*(?:\{.*\})?$", self.text_of(path), re.MULTILINE)
        return title or (heading[1] if heading else basename(path).rsplit(".", 1)[0])

    def text_of(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_bytes().decode("utf-8", "replace")

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


class BookdownReader(PandocReader):
    """Reads a book of bookdown."""

    dialect = "bookdown"

    def read(self) -> SiteContents:
        configs = (self.settings(name, load_yaml) for name in BOOKDOWN_FILES)
        config = next((config for config in configs if config is not None), {})
        facts = SiteFacts()
        parts: list[tuple[str, list[str]]] = [("", [])]
        for path in self.paths(config):
            docname = self.add(path)
            text = (self.root / path).read_bytes().decode("utf-8", "replace")
            part = re.compile(PART.pattern, re.MULTILINE).search(text)
            if part and docname:
                parts.append((re.sub(r"[*`\\]", "", part["title"]), [docname]))
            elif docname:
                parts[-1][1].append(docname)
        facts.parts = [(caption, docs) for caption, docs in parts if docs]
        first = next((article.source for article in self.articles), "")
        values = self.front_matter(first) if first else {}
        return self.contents(
            {**values, "title": values.get("title") or config.get("title")}, facts, True
        )

    def paths(self, config: dict[str, Any]) -> list[str]:
        """Return the files of the book in order; what is left out is reported."""
        files = [path for path in site_files(self.root) if path.endswith((".Rmd", ".rmd"))]
        named = config.get("rmd_files")
        if isinstance(named, dict):
            named = named.get("html") or next(iter(named.values()), [])
        wanted = [str(name) for name in [named, *as_list(named)] if isinstance(name, str)]
        subdir = config.get("rmd_subdir")
        folders = {"", *(map(str, as_list(subdir)) if isinstance(subdir, list) else ())}
        if not wanted:
            wanted = [
                path
                for path in files
                if not basename(path).startswith("_")
                and (subdir is True or dirname(path) in folders)
            ]
            wanted.sort(key=lambda path: (basename(path) != "index.Rmd", path))
        elif "index.Rmd" in files and "index.Rmd" not in wanted:
            wanted.insert(0, "index.Rmd")
        for path in files:
            if path not in wanted:
                self.skip(path, "not a file of the book")
        for path in wanted:
            if not file_inside(self.root, path):
                self.skip(path, "a chapter that the site does not have")
        return [path for path in dict.fromkeys(wanted) if file_inside(self.root, path)]


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


def as_mapping(value: object) -> dict[str, Any]:
    """Return a setting that is a mapping; any other value is ignored."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a setting that is a list; a single value counts as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def as_text(value: object) -> str:
    """Return a setting that is a text or a number; any other value is ignored."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
