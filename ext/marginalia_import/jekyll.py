"""A site of Tufte-Jekyll: its articles, collections and settings."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

import yaml

from marginalia_import.addresses import page_key
from marginalia_import.frontmatter import Loader
from marginalia_import.report import Kind
from marginalia_import.site import Article, Settings
from marginalia_import.walk import SUFFIXES, Found, Walker, data_files, files, own_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIGS = ("_config.yml", "_config.yaml")
POST = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})-(.+)$")
#: How MathJax or KaTeX is told that one dollar begins a formula.
ONE_DOLLAR = re.compile(
    r"""(?:inlineMath["']?\s*:\s*\[[^;]*?|left["']?\s*:\s*)["']\$["']""", re.DOTALL
)


class Jekyll(Walker):
    """One run over a site of Tufte-Jekyll."""

    dialect = "tufte-jekyll"

    def found(self) -> Found:
        self.config = self.settings_file()
        collections = self.config.get("collections")
        names = collections if isinstance(collections, dict | list) else ()
        names = [name for name in names if isinstance(name, str)]
        self.collections = {f"_{name}": name for name in names}
        self.included = {str(name).strip("/") for name in self.listed("include")}
        for path in files(self.root):
            self.file(path)
        base = str(self.config.get("baseurl") or "").rstrip("/")
        url = str(self.config.get("url") or "").rstrip("/")
        bases = tuple(text for text in (url + base if url else "", url, base) if text)
        scholar = self.config.get("scholar") or {}
        settings = Settings(
            "tufte-jekyll",
            "shell",
            dollar_math=self.one_dollar(),
            bases=bases,
            roots=("", str(self.config.get("collections_dir") or "")),
            title=_text(self.config.get("title")),
            author=_author(self.config.get("author")),
        )
        return Found(
            settings,
            self.articles,
            {},
            self.bibliographies(scholar if isinstance(scholar, dict) else {}),
            self.printed_names(),
        )

    def listed(self, key: str) -> list[Any]:
        """Return a setting that is a list, or a text for a list of one."""
        value = self.config.get(key) or []
        return value if isinstance(value, list) else [value]

    def excluded(self, path: str) -> bool:
        """Whether the site's settings leave a file out."""
        patterns = [str(pattern).strip("/") for pattern in self.listed("exclude")]
        folders = ["/".join(path.split("/")[: n + 1]) for n in range(path.count("/") + 1)]
        return any(fnmatchcase(part, pattern) for pattern in patterns for part in folders)

    def settings_file(self) -> dict[str, Any]:
        for name in CONFIGS:
            if file := own_file(self.root, name):
                try:
                    values = yaml.load(file.read_text("utf-8"), Loader)
                except (yaml.YAMLError, ValueError) as error:
                    self.report.add(Kind.FRONT_MATTER, name, 1, f"could not be read: {error}")
                    return {}
                return values if isinstance(values, dict) else {}
        return {}

    def file(self, path: str) -> None:
        if not path.endswith(SUFFIXES):
            if path.endswith(".html") and not path.startswith("_"):
                self.skip(path, "a template, not an article in Markdown")
            return
        parts = path.split("/")
        special = next((part for part in parts[:-1] if part.startswith("_")), "")
        if "_drafts" in parts:
            self.skip(path, "a draft")
        elif self.excluded(path):
            self.skip(path, "excluded by the site's settings")
        elif self.collections and special not in {"", "_posts", *self.collections, *self.included}:
            self.skip(path, f"{special} is no collection of the site")
        elif not self.inside(path):
            pass
        elif not special and not _has_front_matter(self.root / path):
            self.skip(path, "without front matter, so Jekyll only copies it")
        else:
            self.article(path, special)

    def article(self, path: str, special: str) -> None:
        values = self.head(path)
        if values.get("published") is False:
            self.skip(path, "published: false")
            return
        stem = basename(path).rsplit(".", 1)[0]
        post = POST.match(stem)
        slug = post[2] if post else stem
        date = post[1] if post else ""
        if slug == "index" and dirname(path):
            slug = basename(dirname(path))
        folders = [part.lstrip("_") for part in dirname(path).split("/") if part]
        name = post[2] if post else stem
        wanted = "/".join([*folders, name])
        if wanted.casefold() in self.docnames and date:
            wanted = "/".join([*folders, stem])
        collections_dir = str(self.config.get("collections_dir") or "")
        if collections_dir and wanted.startswith(f"{collections_dir}/"):
            wanted = wanted[len(collections_dir) + 1 :]
        docname = self.free(wanted, path)
        urls = [url for url in self.urls(values, path, special, slug, date) if url]
        self.articles.append(Article(path, docname, urls[0], tuple(urls[1:]), slug=slug, date=date))

    def urls(
        self, values: dict[str, Any], path: str, special: str, slug: str, date: str
    ) -> Iterator[str]:
        """Yield the addresses an article may have: its own, the site's pattern, its path."""
        permalink = values.get("permalink")
        if isinstance(permalink, str):
            yield page_key(permalink)
        kinds = values.get("categories") or values.get("category") or ()
        kinds = kinds.split() if isinstance(kinds, str) else [str(kind) for kind in kinds]
        year, month, day = [*date.split("-"), "", "", ""][:3]
        names = {
            "categories": "/".join(kinds), "year": year, "month": month, "day": day, "title": slug,
            "slug": slug, "name": slug, "collection": special.lstrip("_"), "output_ext": "",
            "i_month": month.lstrip("0"), "i_day": day.lstrip("0"), "short_year": year[2:],
            "path": slug,
        }  # fmt: skip
        patterns = [self.config.get("permalink"), "/:categories/:year/:month/:day/:title"]
        for pattern in patterns if special else patterns[:1]:
            if isinstance(pattern, str) and ":" in pattern:
                filled = re.sub(r":(\w+)", lambda match: names.get(match[1], ""), pattern)
                yield page_key(re.sub(r"/{2,}", "/", filled))
        yield page_key("/".join([*(p.lstrip("_") for p in dirname(path).split("/")), slug]))
        yield slug

    def one_dollar(self) -> bool:
        """Whether the pages tell MathJax or KaTeX that one dollar begins a formula."""
        root = self.root.resolve()
        names = ("_includes", "_layouts", "assets/js", "js")
        folders = [name for name in names if (root / name).resolve().is_relative_to(root)]
        paths = (path for folder in folders for path in sorted((self.root / folder).rglob("*")))
        return any(
            ONE_DOLLAR.search(path.read_text("utf-8", "replace"))
            for path in paths
            if path.suffix in {".html", ".js"}
            and own_file(self.root, path.relative_to(self.root).as_posix())
            and path.stat().st_size < 10**6
        )

    def bibliographies(self, scholar: dict[str, Any]) -> list[str]:
        folder = str(scholar.get("source") or "_bibliography").lstrip("./")
        name = str(scholar.get("bibliography") or "references.bib")
        wanted = f"{folder}/{name}"
        found = data_files(self.root, "*.bib")
        return [wanted] if wanted in found else found

    def printed_names(self) -> frozenset[str]:
        """Return the tags of notes whose first argument often is words, so that it was printed."""
        counts: dict[str, list[int]] = {}
        pattern = re.compile(r"""\{%-?\s*(sidenote|marginnote)\s+(['"])(.*?)\2""")
        for article in self.articles:
            text = (self.root / article.source).read_bytes().decode("utf-8", "replace")
            for name, _, first in pattern.findall(text):
                counts.setdefault(name, []).append(" " in first.strip())
        return frozenset(name for name, words in counts.items() if sum(words) * 5 >= len(words))


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6).lstrip(b"\xef\xbb\xbf").startswith(b"---")


def _author(value: object) -> str:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _text(value: object) -> str:
    """Return a setting that is a text or a number; anything else says nothing."""
    return str(value) if isinstance(value, str | int | float) else ""
