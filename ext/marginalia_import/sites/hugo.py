"""Read a site of Hugo: its articles, sections and settings. Its templates are not run.

What the settings mean: https://gohugo.io/configuration/ and https://gohugo.io/content-management/
"""

from __future__ import annotations

from itertools import product
from posixpath import basename, dirname, splitext
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key, permalink_key
from marginalia_import.frontmatter import as_list, as_mapping, as_text, author_names
from marginalia_import.frontmatter import read as read_front_matter
from marginalia_import.sites import HUGO_FILES
from marginalia_import.sites.discovery import (
    MARKDOWN_SUFFIXES,
    SiteReader,
    find_data_files,
    site_files,
    slug_of,
)
from marginalia_import.sites.site import ESCAPED_MATH, Article, SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folders of a site that it publishes at its root.
ROOTS = ("static", "assets", "content")
OTHER_LANGUAGE = "another language: set defaultContentLanguage to {!r} to import it"


class HugoReader(SiteReader):
    """Reads a site of Hugo."""

    def read(self) -> SiteContents:
        self.config = self.read_config()
        self.content = as_text(self.config.get("contentDir")).strip("/") or "content"
        self.facts = SiteFacts()
        files = [path for path in site_files(self.root) if path.startswith(f"{self.content}/")]
        for path in files:
            if path.endswith(MARKDOWN_SUFFIXES) and self.is_inside(path):
                self.read_article(path)
            elif path.endswith((".html", ".org", ".adoc", ".Rmd")):
                self.skip(path, "not an article in Markdown")
        params = as_mapping(self.config.get("params"))
        author = self.config.get("author") or params.get("author") or params.get("authors")
        self.facts.authors = author_names(author)
        self.facts.description = as_text(params.get("description"))
        url = as_text(self.config.get("baseURL") or self.config.get("baseurl")).rstrip("/")
        base = "/" + url.partition("://")[2].partition("/")[2] if "://" in url else ""
        return SiteContents(
            self.articles,
            bases=tuple(text for text in (url, base.rstrip("/")) if text),
            roots=("", self.content, *ROOTS),
            math_signs=ESCAPED_MATH | self.passthrough_signs(),
            title=as_text(self.config.get("title")),
            author=", ".join(self.facts.authors),
            blocks=self.blocks,
            bibliographies=find_data_files(self.root, "*.bib"),
            facts=self.facts,
        )

    def read_config(self) -> dict[str, Any]:
        """Return the settings; of several files the first counts, and some parts may be apart."""
        config: dict[str, Any] = {}
        for name in HUGO_FILES:
            values = self.settings(name)
            config = {**(values or {}), **config}
        for name, suffix in product(
            ("params", "languages", "markup"), ("toml", "yaml", "yml", "json")
        ):
            if part := self.settings(f"config/_default/{name}.{suffix}"):
                config.setdefault(name, part)
        languages = as_mapping(config.get("languages"))
        default = as_text(config.get("defaultContentLanguage") or "en")
        self.main = main = default if default in languages else next(iter(languages), "")
        self.others = {*languages} - {main}
        for language, values in languages.items():
            folder = as_text(as_mapping(values).get("contentDir")).strip("/")
            if folder and language != main:
                self.skip(f"{folder}/", OTHER_LANGUAGE.format(language))
        return {**as_mapping(languages.get(main)), **config}

    def passthrough_signs(self) -> frozenset[str]:
        """Return what begins a formula by the settings, besides dollars."""
        values = self.config
        for key in ("markup", "goldmark", "extensions", "passthrough"):
            values = as_mapping(values.get(key))
        groups = as_mapping(values.get("delimiters")).values()
        signs = {str(as_list(pair)[0]) for group in groups for pair in as_list(group) if pair}
        return frozenset(signs & {r"\(", r"\["} if values.get("enable") is True else ())

    def read_article(self, path: str) -> None:
        """Add an article; a page of a section is one if it has a text."""
        values = self.front_matter(path)
        below = path[len(self.content) + 1 :]
        # A translation has its language in its name, ``tides.de.md``.
        stem = below.rsplit(".", 1)[0].removesuffix(f".{self.main}")
        is_list = basename(stem) == "_index"
        if is_list:
            self.read_section(dirname(below), values)
            stem = stem[: -len("_index")] + "index"
        reason = self.reason_to_skip(path, values, is_list=is_list)
        if reason:
            self.skip(path, reason)
            return
        docname = self.unique_docname(stem.lower() if is_list else stem, path)
        folder = dirname(stem)
        slug = slug_of(stem)
        section = folder.split("/")[0] if folder else ""
        urls = [*self.urls(values, stem, slug)]
        block = section if folder else ""
        self.articles.append(
            Article(
                path,
                docname,
                urls[0],
                tuple(urls[1:]),
                block,
                slug,
                str(values.get("date") or "")[:10],
            )
        )
        for alias in as_list(values.get("aliases")):
            old = str(alias) if str(alias).startswith("/") else f"/{folder}/{alias}"
            self.facts.redirects[old] = docname

    def reason_to_skip(self, path: str, values: dict[str, Any], *, is_list: bool) -> str:
        """Return why a file is no article, or nothing."""
        language = splitext(splitext(path)[0])[1].removeprefix(".")
        if language in self.others:
            return OTHER_LANGUAGE.format(language)
        if values.get("draft") is True:
            return "draft: true"
        if values.get("headless") is True:
            return "headless: true"
        body = read_front_matter(self.text_of(path))[1]
        return "the page of a list, without text" if is_list and not body.strip() else ""

    def read_section(self, folder: str, values: dict[str, Any]) -> None:
        """Read title and order of a section, which becomes a block."""
        if folder and "/" not in folder:
            order = values.get("weight")
            settings = {"title": as_text(values.get("title")), "order": order}
            self.blocks[folder] = {key: value for key, value in settings.items() if value}

    def urls(self, values: dict[str, Any], stem: str, slug: str) -> Iterator[str]:
        """Yield the possible addresses of an article: its own, the site's pattern, its path."""
        if isinstance(url := values.get("url"), str):
            yield page_key(url)
        name = as_text(values.get("slug")) or slug
        section = stem.split("/", maxsplit=1)[0] if "/" in stem else ""
        permalinks = as_mapping(self.config.get("permalinks"))
        patterns = {**as_mapping(permalinks.get("page")), **permalinks}
        if isinstance(pattern := patterns.get(section), str):
            names = {
                "slug": name, "title": name,
                "filename": slug, "contentbasename": slug, "slugorfilename": name,
                "slugorcontentbasename": name, "section": section,
            }  # fmt: skip
            yield permalink_key(pattern, str(values.get("date") or "")[:10], names)
        path = stem.removesuffix("/index")
        yield page_key(f"{dirname(path)}/{name}".lower())
        yield page_key(path)
