"""Read a folder of Markdown: a site of MkDocs, a book of mdBook, or notes of no generator.

Its Markdown has the blocks of Python-Markdown and MkDocs, whose text is indented, and the includes
of both: https://squidfunk.github.io/mkdocs-material/reference and https://rust-lang.github.io/mdBook
"""

from __future__ import annotations

import re
from itertools import groupby
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key
from marginalia_import.frontmatter import as_list, as_mapping, as_text, author_names, load_yaml
from marginalia_import.myst.names import CALLOUTS
from marginalia_import.sites import MKDOCS_FILES
from marginalia_import.sites.discovery import (
    MARKDOWN_SUFFIXES,
    REPOSITORY_FILE,
    SiteReader,
    decode,
    file_inside,
    find_data_files,
    site_files,
    slug_of,
)
from marginalia_import.sites.site import Article, SiteContents, SiteFacts
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The folder of the articles, by the file with the settings.
FOLDERS = (("book.toml", "src"), *((name, "docs") for name in MKDOCS_FILES))
#: A tag of YAML that names something of Python, or a variable of the environment.
PYTHON = re.compile(r"!(?:!python/[\w:./]+|ENV\b|relative\b)")
#: A part, or a chapter, in the ``SUMMARY.md`` of mdBook.
SUMMARY = re.compile(
    r"^#+[ \t]+(?P<part>.+)$|\]\(<?(?:\./)?(?P<path>[^()<>\n]+\.md)>?\)", re.MULTILINE
)
#: The plugins of our own names, by those of Python-Markdown.
PLUGINS = {
    "pymdownx.mark": "mark",
    "pymdownx.tilde": "sub",
    "pymdownx.caret": "sup",
    "abbr": "abbr",
}

FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
INCLUDE = re.compile(
    r"""^(?P<indent>[ \t]*)(?:--8<--[ \t]+["'](?P<snippet>[^"'\n:]+)["']"""
    r"|\{\{[ \t]*#include[ \t]+(?P<file>[^\s:{}]+)[ \t]*\}\})[ \t]*$"
)
#: ``!!! note "Title"``, one that is folded, or a tab.
BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<sign>!!!|\?\?\?\+?|===[!+]?)[ \t]+(?P<kind>[a-zA-Z][\w-]*)?[^\n\"]*"
    r'(?:"(?P<title>.*)")?[ \t]*$'
)
#: How deep includes and blocks may nest: a file may include itself.
DEEPEST = 8


#: Lines, each with the number of its line in the article.
Lines = list[tuple[str, int]]


class MarkdownReader(SiteReader):
    """Reads a folder of Markdown."""

    def read(self) -> SiteContents:
        config = self.config()
        book = as_mapping(config.get("book"))
        default = next((name for file, name in FOLDERS if file_inside(self.root, file)), "")
        self.folder = as_text(config.get("docs_dir") or book.get("src")) or default
        summary = self.first_text([join(self.folder, "SUMMARY.md")])
        parts = [*self.navigation(as_list(config.get("nav")))] or [*_summary(summary)]
        listed = {join(self.folder, path) for _, path in parts}
        for path in site_files(self.root):
            if path.startswith(join(self.folder, "")) and path.endswith(MARKDOWN_SUFFIXES):
                self.read_article(path, listed)
        documents = {article.source: article.docname for article in self.articles}
        facts = SiteFacts(
            authors=author_names(book.get("authors") or config.get("site_author")),
            description=as_text(book.get("description") or config.get("site_description")),
        )
        for caption, pages in groupby(parts, lambda part: part[0]):
            paths = [join(self.folder, path) for _, path in pages]
            found = [documents[path] for path in dict.fromkeys(paths) if path in documents]
            facts.parts.append((caption, found))
        url = as_text(config.get("site_url")).rstrip("/")
        return SiteContents(
            self.articles,
            bases=(url,) if url else (),
            roots=(self.folder, ""),
            title=as_text(book.get("title") or config.get("site_name")),
            author=", ".join(facts.authors),
            bibliographies=find_data_files(self.root, "*.bib"),
            plugins=frozenset(new for old, new in PLUGINS.items() if old in str(config)),
            facts=facts,
        )

    def config(self) -> dict[str, Any]:
        """Return the settings of MkDocs, without what only Python can read, or of mdBook."""
        for name in MKDOCS_FILES:
            if values := self.settings(name, lambda text: load_yaml(PYTHON.sub("", text))):
                return values
        return self.settings("book.toml") or {}

    def navigation(self, items: list[Any], part: str = "") -> Iterator[tuple[str, str]]:
        """Yield the pages in the order of the navigation, each with the caption of its part."""
        for item in items:
            for title, value in as_mapping(item).items() or [("", item)]:
                if isinstance(value, list):
                    yield from self.navigation(value, part or str(title))
                elif isinstance(value, str):
                    yield part, value.removeprefix("./")

    def read_article(self, path: str, listed: set[str]) -> None:
        """Add an article, unless it is about the repository; the first page of a folder is one."""
        name = basename(path)
        is_index = name == "README.md" and dirname(path) != self.folder
        if path not in listed and REPOSITORY_FILE.match(name) and not is_index:
            self.skip(path, "about the repository, not part of the site")
            return
        if self.published(path) is None:
            return
        stem = path.removeprefix(join(self.folder, "")).rsplit(".", 1)[0]
        stem = re.sub(r"(?:^|(?<=/))README$", "index", stem)
        docname = self.unique_docname(re.sub(r"[^\w./-]+", "-", stem).strip("-") or "page", path)
        self.articles.append(Article(path, docname, page_key(stem), slug=slug_of(stem)))


def _summary(text: str) -> Iterator[tuple[str, str]]:
    """Yield the chapters in a ``SUMMARY.md``, each with the caption of its part."""
    part = ""
    for match in SUMMARY.finditer(text):
        if match["path"]:
            yield part, match["path"]
        else:
            part = "" if match["part"] == "Summary" else match["part"].strip()


class MarkdownSyntax(Syntax):
    """The Markdown of MkDocs and mdBook."""

    publishing = frozenset("hide icon status template search tags comments social slug".split())
    reads_tags = False
    definition_lists = True
    links_addresses = True
    attribute_list = re.compile(r"\{:?[ \t]*(?=[.#]|[\w-]+=)[^{}\n]*\}")

    def expand(self, root: Path, path: str, text: str) -> tuple[str, list[int]]:
        lines = [(line, number) for number, line in enumerate(text.split("\n"), 1)]
        expanded = _with_blocks(_with_files(root, path, lines, DEEPEST), DEEPEST)
        if expanded == lines:
            return text, []
        return "\n".join(line for line, _ in expanded), [number for _, number in expanded]

    def front_matter(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the entries with the dates of a blog, ``date: {created: …, updated: …}``."""
        if isinstance(dates := values.get("date"), dict):
            values = {**values, "date": dates.get("created"), "updated": dates.get("updated")}
        return super().front_matter({k: value for k, value in values.items() if value is not None})


def _with_files(root: Path, path: str, lines: Lines, depth: int) -> Lines:
    """Return lines with those of the files that they include; unknown ones stay named."""
    out: Lines = []
    for line, number in lines:
        match = INCLUDE.match(line) if depth else None
        name = match["snippet"] or join(dirname(path), match["file"]) if match else ""
        file = file_inside(root, normpath(name)) if match else None
        if match and file:
            text = decode(file.read_bytes(), "replace").rstrip("\n")
            inner = [(match["indent"] + each, number) for each in text.split("\n")]
            out += _with_files(root, name, inner, depth - 1)
        else:
            out.append((line, number))
    return out


def _with_blocks(lines: Lines, depth: int) -> Lines:
    """Return lines with containers of colons for the blocks whose text is indented.

    The colons of a block are more than those of any within.
    """
    out: Lines = []
    at, fence, in_tabs = 0, "", False
    while at < len(lines):
        line, number = lines[at]
        at += 1
        if match := FENCE.match(line):
            fence = match[1] if not fence else "" if match[1].startswith(fence) else fence
        block = BLOCK.match(line) if depth and not fence else None
        if block is None:
            out.append((line, number))
            continue
        start, indent = at, block["indent"]
        while at < len(lines) and (
            not lines[at][0].strip() or lines[at][0].startswith(f"{indent}    ")
        ):
            at += 1
        inner = _with_blocks([(text[4:], place) for text, place in lines[start:at]], depth - 1)
        last, colons = lines[at - 1][1], indent + ":" * (2 * depth + 1)
        following = BLOCK.match(lines[at][0]) if at < len(lines) else None
        is_tab = block["sign"][0] == "="
        if is_tab and not in_tabs:
            out += [("", number), (f"{colons}: tab-set", number)]
        in_tabs = is_tab and following is not None and following["sign"][0] == "="
        opening = (f"{colons} {_name_and_title(block)}".rstrip(), number)
        out += [("", number), opening, ("", number), *inner, (colons, last), ("", last)]
        out += [(f"{colons}:", last), ("", last)] if is_tab and not in_tabs else []
    return out


def _name_and_title(block: re.Match[str]) -> str:
    kind, title = (block["kind"] or "").lower(), block["title"] or ""
    if block["sign"][0] == "=":
        return f"tab-item {title}"
    if block["sign"] == "???":
        return f"details {title or kind.capitalize()}"
    return f"{kind if kind in CALLOUTS else 'note'} {title}"
