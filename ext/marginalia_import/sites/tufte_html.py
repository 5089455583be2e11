"""Read a site of HTML pages with Tufte CSS or distill: each page is an article."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from marginalia_import.addresses import page_key
from marginalia_import.html import parse_html
from marginalia_import.sites.discovery import SiteReader, find_data_files, site_files, slug_of
from marginalia_import.sites.site import Article, SiteContents
from marginalia_import.syntax import Syntax
from marginalia_import.visible_text import blank

if TYPE_CHECKING:
    from pathlib import Path

#: What only a page with margin notes has.
EVIDENCE = re.compile(
    r"""tufte[\w.-]*\.css|class=["']?[^"'>]*\b(?:sidenote|marginnote)\b|<(?:d|dt)-article\b"""
)
SUFFIXES = (".html", ".htm", ".xhtml")
HEAD = re.compile(r"<head\b.*?</head\s*>", re.DOTALL | re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.DOTALL | re.IGNORECASE)


def is_tufte_html(root: Path) -> bool:
    """Whether a page at the root of a folder, or one folder below, has margin notes."""
    paths = (path for path in site_files(root) if path.endswith(SUFFIXES) and path.count("/") < 2)
    return any(EVIDENCE.search((root / path).read_text("utf-8", "replace")) for path in paths)


class HtmlSyntax(Syntax):
    """The Markdown that an article of HTML becomes first."""

    definition_lists = True

    def visible(self, text: str) -> str:
        return COMMENT.sub(blank, text)


class HtmlReader(SiteReader):
    """Reads a folder of HTML pages."""

    def read(self) -> SiteContents:
        for path in site_files(self.root):
            if path.endswith(SUFFIXES) and self.is_inside(path):
                self.read_page(path)
        return SiteContents(
            self.articles,
            dollar_math=True,
            bibliographies=find_data_files(self.root, "*.bib"),
        )

    def read_page(self, path: str) -> None:
        if self.is_service_page(path, {}):
            return
        stem = path.rpartition(".")[0]
        # A folder of one page, `on-tides/index.html`, is one article; so is the front page.
        docname = "home" if stem == "index" else stem
        docname = self.unique_docname(docname, path)
        self.articles.append(Article(path, docname, page_key(path), slug=slug_of(stem)))


def read_page(text: str) -> tuple[str, dict[str, str], int]:
    """Return the body of a page, what its head says of it, and the first line of the body."""
    head, body = HEAD.search(text), BODY.search(text)
    facts: dict[str, str] = {}
    tree = parse_html(head[0]) if head else None
    for element in tree.find("title", "meta") if tree else ():
        if element.tag == "title":
            facts.setdefault("title", " ".join(unescape(element.text).split()))
            continue
        name = element.attributes.get("name", "").lower()
        if name in {"description", "author", "date"}:
            facts[name] = " ".join(element.attributes.get("content", "").split())
    facts = {name: value for name, value in facts.items() if value}
    if re.search(r"<h1\b", text):
        facts.pop("title", None)  # the heading is the title
    if body is None:
        return HEAD.sub(lambda match: "\n" * match[0].count("\n"), text), facts, 1
    return body[1], facts, text.count("\n", 0, body.start(1)) + 1
