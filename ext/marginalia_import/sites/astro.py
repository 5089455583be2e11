"""Read a site of Astro: its articles in Markdown and MDX. Its code is not run.

Where its pages are: https://docs.astro.build/en/basics/project-structure/
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key
from marginalia_import.sites import ASTRO_FILES, DOCUSAURUS_FILES
from marginalia_import.sites.discovery import (
    MARKDOWN_SUFFIXES,
    SiteReader,
    find_data_files,
    slug_of,
)
from marginalia_import.sites.discovery import site_files as all_files
from marginalia_import.sites.site import Article, SiteContents

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folders with articles; the address of one in a collection begins with its name.
FOLDERS = ("src/content", "src/pages", "src/data", "content")
#: A post, with its date in the name of its file or folder.
POST = re.compile(r"(\d{4}-\d\d-\d\d)-(.+?)(?:/index)?$")
SETTING = re.compile(r"""\b(site|base|url|baseUrl|title)\s*:\s*["']([^"'\n]+)["']""")


class AstroReader(SiteReader):
    """Reads a site of Astro."""

    config_files: tuple[str, ...] = ASTRO_FILES
    folders: tuple[str, ...] = FOLDERS

    def read(self) -> SiteContents:
        config = self.first_text(self.config_files)
        settings = dict(reversed(SETTING.findall(config)))
        for path in all_files(self.root):
            if path.endswith((*MARKDOWN_SUFFIXES, ".mdx")):
                self.read_article(path)
            elif path.startswith("src/pages/") and path.endswith((".astro", ".html")):
                self.skip(path, "a template, not an article in Markdown")
        names = ("site", "base", "url", "baseUrl")
        bases = [settings.get(name, "").rstrip("/") for name in names]
        return SiteContents(
            self.articles,
            dollar_math="math" in config,
            bases=tuple(base for base in bases if base),
            roots=("", "public", "static", "src"),
            title=settings.get("title", ""),
            blocks=self.blocks,
            bibliographies=find_data_files(self.root, "*.bib"),
        )

    def read_article(self, path: str) -> None:
        """Add an article, unless it is about the repository or a draft."""
        folder = next((name for name in self.folders if path.startswith(f"{name}/")), "")
        if not folder:
            self.skip(path, "not in the content of the site")
            return
        if (values := self.published(path)) is None:
            return
        stem = path[len(folder) + 1 :].rsplit(".", 1)[0]
        slug = slug_of(stem)
        first, *others = dict.fromkeys(page_key(url) for url in self.urls(stem, values))
        block = stem.partition("/")[0] if "/" in stem else ""
        date = next((values[k] for k in ("date", "pubDate", "publishDate") if k in values), "")
        docname = self.unique_docname(stem, path)
        self.articles.append(
            Article(path, docname, first, tuple(others), block, slug, _iso_date(date))
        )
        if block:
            self.blocks.setdefault(block, {"title": block.replace("-", " ").capitalize()})

    def urls(self, stem: str, values: dict[str, Any]) -> Iterator[str]:
        """Yield the addresses that an article may have."""
        path = stem.removesuffix("/index")
        collection, _, rest = path.partition("/")
        slug = values.get("slug")
        if isinstance(slug, str):
            yield from (slug, f"{collection}/{slug}")
        if collection == "docs" and rest:
            yield rest
        yield path
        if rest:
            yield rest


class DocusaurusReader(AstroReader):
    """Reads a site of Docusaurus, whose addresses begin with the names of its folders."""

    config_files = DOCUSAURUS_FILES
    folders = ("docs", "blog", "src/pages")

    def read_article(self, path: str) -> None:
        """Add an article. A folder of the documents is a block; a post has its date in its name."""
        folder = next((name for name in self.folders if path.startswith(f"{name}/")), "")
        super().read_article(path)
        if not self.articles or self.articles[-1].source != path or folder == "src/pages":
            return
        article = self.articles[-1]
        post = POST.match(article.docname) if folder == "blog" else None
        stem = POST.sub(r"\2", article.docname)
        urls = (f"{folder}/{article.url}", page_key(f"{folder}/{stem}"))
        block, date = ("blog", post[1]) if post else (article.block, article.date)
        self.articles[-1] = replace(
            article, aliases=(*article.aliases, *urls), block=block, date=date
        )


def _iso_date(value: object) -> str:
    """Return a date of the front matter, which may be a text such as ``Jul 08 2022``."""
    text = str(value or "")
    return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else ""
