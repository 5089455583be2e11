"""Read a site of Tufte-Jekyll: its articles, collections and settings. Its code is not run."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key, permalink_key
from marginalia_import.frontmatter import as_list, as_text
from marginalia_import.sites.discovery import (
    JEKYLL_FILES,
    MARKDOWN_SUFFIXES,
    OTHER_SUFFIXES,
    SiteReader,
    file_inside,
    find_data_files,
    site_files,
    slug_of,
)
from marginalia_import.sites.site import ESCAPED_MATH, Article, SiteContents

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})-(.+)$")
NOTE = re.compile(r"""\{%-?\s*(sidenote|marginnote)\s+(['"])(.*?)\2""")
#: The setting of MathJax or KaTeX by which one dollar begins a formula.
ONE_DOLLAR = re.compile(
    r"""(?:inlineMath["']?\s*:\s*\[[^;]*?|left["']?\s*:\s*)["']\$["']""", re.DOTALL
)


class JekyllReader(SiteReader):
    """Reads a site of Tufte-Jekyll."""

    def read(self) -> SiteContents:
        self.config = self.first_settings(JEKYLL_FILES)
        collections = self.config.get("collections")
        names = collections if isinstance(collections, dict | list) else ()
        self.collections = {f"_{name}" for name in names if isinstance(name, str)}
        self.collections_folder = str(self.config.get("collections_dir") or "")
        self.included = {str(name).strip("/") for name in as_list(self.config.get("include"))}
        #: The bibliographies that articles name.
        self.named: set[str] = set()
        for path in site_files(self.root):
            self.read_file(path)
        base = str(self.config.get("baseurl") or "").rstrip("/")
        url = str(self.config.get("url") or "").rstrip("/")
        author = self.config.get("author")
        return SiteContents(
            self.articles,
            dollar_math=self.has_dollar_math(),
            math_signs=ESCAPED_MATH,
            bases=tuple(text for text in (url + base if url else "", url, base) if text),
            roots=("", self.collections_folder),
            title=as_text(self.config.get("title")),
            author=as_text(author.get("name") if isinstance(author, dict) else author),
            bibliographies=self.bibliographies(),
            printed_ids=self.find_printed_ids(),
        )

    # Settings

    def is_excluded(self, path: str) -> bool:
        """Whether the setting ``exclude`` names a file or one of its folders."""
        patterns = [str(pattern).strip("/") for pattern in as_list(self.config.get("exclude"))]
        paths = ["/".join(path.split("/")[: n + 1]) for n in range(path.count("/") + 1)]
        return any(fnmatchcase(part, pattern) for pattern in patterns for part in paths)

    def has_dollar_math(self) -> bool:
        """Whether the pages configure MathJax or KaTeX so that one dollar begins a formula."""
        root = self.root.resolve()
        names = ("_includes", "_layouts", "assets/js", "js")
        folders = [name for name in names if (root / name).resolve().is_relative_to(root)]
        paths = (path for folder in folders for path in sorted((self.root / folder).rglob("*")))
        return any(
            ONE_DOLLAR.search(path.read_text("utf-8", "replace"))
            for path in paths
            if path.suffix in {".html", ".js"}
            and file_inside(self.root, path.relative_to(self.root).as_posix())
            and path.stat().st_size < 10**6
        )

    def bibliographies(self) -> list[str]:
        """Return the bibliography of jekyll-scholar's settings, or else all of the site."""
        scholar = self.config.get("scholar")
        scholar = scholar if isinstance(scholar, dict) else {}
        folder = str(scholar.get("source") or "_bibliography").lstrip("./")
        path = f"{folder}/{scholar.get('bibliography') or 'references.bib'}"
        files = find_data_files(self.root, "*.bib")
        main = [path] if path in files else files
        # A page of distill names its own.
        return [
            *main,
            *(file for file in files if file not in main and basename(file) in self.named),
        ]

    def find_printed_ids(self) -> frozenset[str]:
        """Return the tags of notes whose id is several words in one note of five or more.

        An id is one word. Where it often is a text, the old site printed it.
        """
        counts: dict[str, list[bool]] = {}
        for article in self.articles:
            text = self.text_of(article.source)
            for name, _, first in NOTE.findall(text):
                counts.setdefault(name, []).append(" " in first.strip())
        return frozenset(name for name, texts in counts.items() if sum(texts) * 5 >= len(texts))

    # Articles

    def read_file(self, path: str) -> None:
        """Add an article, or report why the file is none."""
        if not path.endswith(MARKDOWN_SUFFIXES) and not self.is_html_article(path):
            if path.endswith((".html", *OTHER_SUFFIXES)) and not path.startswith("_"):
                self.skip(path, "a template, not an article in Markdown")
            return
        special = next((part for part in dirname(path).split("/") if part.startswith("_")), "")
        converted = {"", "_posts", *self.collections, *self.included}
        if "_drafts" in path.split("/"):
            self.skip(path, "a draft")
        elif self.is_excluded(path):
            self.skip(path, "excluded by the site's settings")
        elif self.collections and special not in converted:
            self.skip(path, f"{special} is not a collection of the site")
        elif self.is_inside(path):
            if special or (self.root / path).read_bytes()[:6].removeprefix(BOM_UTF8)[:3] == b"---":
                self.read_article(path, special)
            else:
                self.skip(path, "without front matter, so Jekyll only copies it")

    def is_html_article(self, path: str) -> bool:
        """Whether a file is a post or a part of a collection that was written in HTML."""
        folder = path.partition("/")[0]
        is_post = folder in {"_posts", *self.collections} or "/_posts/" in path
        return is_post and path.endswith(".html") and bool(self.front_matter(path))

    def read_article(self, path: str, special: str) -> None:
        values = self.front_matter(path)
        if self.is_service_page(path, values):
            return
        if values.get("published") is False:
            self.skip(path, "published: false")
            return
        self.named.add(basename(str(values.get("bibliography") or "")))
        stem = basename(path).rsplit(".", 1)[0]
        post = POST.match(stem)
        date, name = (post[1], post[2]) if post else ("", stem)
        slug = slug_of(f"{dirname(path)}/{name}".lstrip("/"))
        folders = [part.lstrip("_") for part in dirname(path).split("/") if part]
        docname = "/".join([*folders, name])
        if docname.casefold() in self.docnames and date:
            docname = "/".join([*folders, stem])
        if self.collections_folder:
            docname = docname.removeprefix(f"{self.collections_folder}/")
        docname = self.unique_docname(docname, path)
        urls = [url for url in self.urls(values, path, special, slug, date) if url]
        self.articles.append(Article(path, docname, urls[0], tuple(urls[1:]), slug=slug, date=date))

    def default_permalink(self, path: str, special: str) -> object:
        """Return the permalink of a file in the setting ``defaults``; the last one counts."""
        kind = special.lstrip("_") or "pages"
        permalinks = [
            values["permalink"]
            for scope, values in _defaults(self.config)
            if scope.get("type") in {None, "", kind}
            and path.startswith(str(scope.get("path") or "").strip("/"))
            and "permalink" in values
        ]
        return permalinks[-1] if permalinks else None

    def urls(
        self, values: dict[str, Any], path: str, special: str, slug: str, date: str
    ) -> Iterator[str]:
        """Yield the possible addresses of an article: its own, the site's pattern, its path."""
        permalink = values.get("permalink")
        if isinstance(permalink, str):
            yield page_key(permalink)
        patterns = [
            self.default_permalink(path, special),
            self.config.get("permalink"),
            "/:categories/:year/:month/:day/:title",
        ]
        names = _permalink_names(values, special, slug)
        # The permalink of the whole site is one of posts; pages keep their paths.
        for pattern in patterns if special else patterns[:1]:
            if isinstance(pattern, str) and ":" in pattern:
                yield permalink_key(pattern, date, names)
        folders = [part.lstrip("_") for part in dirname(path).split("/")]
        is_index = basename(path).startswith("index.")
        yield page_key("/".join(folders if is_index else [*folders, slug]))
        yield slug


def _defaults(config: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield scope and values of each entry in the setting ``defaults``."""
    entries = config.get("defaults")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            scope, values = entry.get("scope"), entry.get("values")
            if isinstance(scope, dict) and isinstance(values, dict):
                yield scope, values


def _permalink_names(values: dict[str, Any], special: str, slug: str) -> dict[str, str]:
    """Return the values of the placeholders in a permalink (https://jekyllrb.com/docs/permalinks/)."""
    categories = values.get("categories") or values.get("category") or ()
    if not isinstance(categories, list | tuple):
        categories = str(categories).split()
    return {
        "categories": "/".join(map(str, categories)), "collection": special.lstrip("_"),
        "title": slug, "slug": slug, "name": slug, "path": slug,
    }  # fmt: skip
