"""Find the articles of a site, and what its settings say, without running any of its code."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename, commonpath, dirname
from typing import TYPE_CHECKING, Any

import yaml

from sphinx_marginalia.importer.addresses import page_key
from sphinx_marginalia.importer.frontmatter import Loader, read
from sphinx_marginalia.importer.report import Kind
from sphinx_marginalia.importer.site import Article, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.importer.report import Report

DIALECTS = ("eleventy", "tufte-jekyll")
SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown")
PAGES = (".html", ".njk", ".liquid", ".11ty.js", ".webc", ".hbs")
#: Folders without articles: what was built, what was installed, what templates are made of.
SKIPPED = frozenset(
    "node_modules vendor _site dist build _includes _layouts _sass _data _plugins _bibliography "
    "bower_components __pycache__".split()
)
#: Files about a repository, not of its site.
ABOUT = re.compile(r"^(?:[A-Z][A-Z0-9_]*|README|LICENSE.*|CHANGELOG.*)\.\w+$")
ELEVENTY_CONFIGS = (
    "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", ".eleventy.js", ".eleventy.cjs",
)  # fmt: skip
JEKYLL_CONFIGS = ("_config.yml", "_config.yaml")
POST = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})-(.+)$")
#: How MathJax or KaTeX is told that one dollar begins a formula.
ONE_DOLLAR = re.compile(r"""(?:inlineMath["']?\s*:\s*\[[^;]*?|left["']?\s*:\s*)["']\$["']""", re.DOTALL)


class SiteError(ValueError):
    """The site cannot be read; the message says why, and what to do."""


@dataclass
class Found:
    """What there is in a site."""

    settings: Settings
    articles: list[Article]
    #: Titles and places of the blocks, by the folder they are.
    blocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Bibliographies, relative to the site.
    bibliographies: list[str] = field(default_factory=list)
    #: Tags of notes whose names are printed.
    printed_names: frozenset[str] = frozenset()


def guess_dialect(root: Path) -> str:
    """Return the dialect of a site.

    :raises SiteError: it looks like neither
    """
    if any((root / name).is_file() for name in ELEVENTY_CONFIGS):
        return "eleventy"
    if any((root / name).is_file() for name in JEKYLL_CONFIGS) or (root / "_posts").is_dir():
        return "tufte-jekyll"
    for path in _files(root):
        if basename(path) in {"_block.json", "references.json"}:
            return "eleventy"
        if path.endswith(SUFFIXES):
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            if re.search(r"""\{%-?\s*(?:sidenote|marginnote)\s+['"][\w-]+['"]\s+['"]""", text):
                return "tufte-jekyll"
            if re.search(r"""\{%-?\s*(?:sidenote|marginnote|cite)\s+["']|pause-and-think""", text):
                return "eleventy"
    raise SiteError("it looks neither like Eleventy nor like Jekyll: say which with --dialect")


def discover(root: Path, dialect: str, report: Report) -> Found:
    """Return what there is in the site at *root*."""
    if dialect == "eleventy":
        return _Eleventy(root, report).found()
    return _Jekyll(root, report).found()


def one_file(path: Path, dialect: str) -> Found:
    """Return what there is where the site is a single file."""
    article = Article(path.name, path.stem, path.stem, slug=path.stem)
    strings = "nunjucks" if dialect == "eleventy" else "shell"
    return Found(Settings(dialect, strings, dollar_math=True), [article])


def _files(root: Path) -> Iterator[str]:
    """Yield the files of a site in order, relative to it; links to folders are not followed."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED
        )
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()


def _data_files(root: Path, pattern: str) -> list[str]:
    """Return the files with a name like *pattern* that are data, wherever they are."""
    found = []
    for path in sorted(root.rglob(pattern)):
        relative = path.relative_to(root)
        if path.is_file() and not {"node_modules", "_site", "vendor", ".git"} & {*relative.parts}:
            found.append(relative.as_posix())
    return found


class _Walker:
    """What both dialects have in common."""

    dialect = ""

    def __init__(self, root: Path, report: Report) -> None:
        self.root = root
        self.report = report
        self.articles: list[Article] = []
        self.blocks: dict[str, dict[str, Any]] = {}
        self.docnames: set[str] = set()

    def skip(self, path: str, why: str) -> None:
        self.report.add(Kind.SKIPPED, path, 0, why)

    def inside(self, path: str) -> bool:
        """Whether a file is in the site itself, not only by a link."""
        if (self.root / path).resolve().is_relative_to(self.root.resolve()):
            return True
        self.report.add(Kind.OUTSIDE, path, 0, "it is a link to a file outside of the site")
        return False

    def head(self, path: str) -> dict[str, Any]:
        """Return the front matter of an article, where it can be read."""
        text = (self.root / path).read_bytes().decode("utf-8", "replace")
        return read(text.removeprefix("\ufeff").replace("\r\n", "\n"))[0].values

    def free(self, docname: str) -> str:
        """Return a name for a document that no other has, also where case is not told apart."""
        number, free = 2, docname
        while free.casefold() in self.docnames:
            free, number = f"{docname}-{number}", number + 1
        self.docnames.add(free.casefold())
        return free


class _Eleventy(_Walker):
    dialect = "eleventy"

    def found(self) -> Found:
        config = next((n for n in ELEVENTY_CONFIGS if (self.root / n).is_file()), None)
        source = (self.root / config).read_text("utf-8", "replace") if config else ""
        setting = re.search(r"""\binput\s*:\s*["']\.?/?([^"']*?)/?["']""", source)
        content = setting[1] if setting and (self.root / setting[1]).is_dir() else ""
        engine = re.search(r"""markdownTemplateEngine\s*:\s*["'](\w+)["']""", source)
        liquid = bool(config) and (engine is None or engine[1] == "liquid")
        paths = [path for path in _files(self.root) if not content or path.startswith(f"{content}/")]
        chosen = [path for path in paths if self.is_article(path, content)]
        top = commonpath([dirname(path) for path in chosen]) if chosen else content
        for path in paths:
            if basename(path) == "_block.json":
                self.block(path)
        while top and top in {dirname(p) for p in chosen if basename(p).startswith("index.")}:
            top = dirname(top)
        # A folder that is a block itself is not taken away from the names of its articles.
        while top and top in self.blocks:
            top = dirname(top)
        for path in chosen:
            self.article(path, content, top)
        settings = Settings(
            "eleventy",
            "liquid" if liquid else "nunjucks",
            dollar_math=True,
            bases=self.bases(source),
            roots=tuple(dict.fromkeys([content, "", "public", "static", "src"])),
            title=_package(self.root).get("name", ""),
        )
        bibliographies = _data_files(self.root, "references.json") or _data_files(self.root, "*.bib")
        blocks = {self.place(folder, top): values for folder, values in self.blocks.items()}
        return Found(settings, self.articles, blocks, bibliographies)

    @staticmethod
    def bases(source: str) -> tuple[str, ...]:
        prefix = re.search(r"""pathPrefix\s*:\s*["'](/[^"']+?)/?["']""", source)
        return (prefix[1],) if prefix else ()

    def is_article(self, path: str, content: str) -> bool:
        if path.endswith(SUFFIXES):
            if dirname(path) == "" and ABOUT.match(basename(path)) and not content:
                self.skip(path, "it is about the repository")
                return False
            return self.inside(path)
        if path.endswith(PAGES) and not basename(path).startswith("_"):
            self.skip(path, "a template, not an article in Markdown")
        return False

    def block(self, path: str) -> None:
        try:
            values = json.loads((self.root / path).read_text("utf-8"))
        except (ValueError, OSError) as error:
            self.report.add(Kind.FRONT_MATTER, path, 1, f"could not be read: {error}")
            return
        if isinstance(values, dict):
            self.blocks[dirname(path)] = values

    @staticmethod
    def place(path: str, top: str) -> str:
        """Return a path of the site as it is below *top*."""
        return path[len(top) + 1 :] if top and path.startswith(f"{top}/") else path

    def article(self, path: str, content: str, top: str) -> None:
        docname = self.free(self.place(path, top).rsplit(".", 1)[0])
        url = page_key(path[len(content) + 1 if content else 0 :].rsplit(".", 1)[0])
        permalink = self.head(path).get("permalink")
        also = (page_key(permalink),) if isinstance(permalink, str) and "{" not in permalink else ()
        folder = dirname(path)
        is_index = basename(path).startswith("index.")
        slug = basename(folder) if is_index and folder else basename(path).rsplit(".", 1)[0]
        parent = folder
        while parent and parent not in self.blocks:
            parent = dirname(parent)
        self.articles.append(Article(path, docname, url, also, basename(parent), slug))


class _Jekyll(_Walker):
    dialect = "tufte-jekyll"

    def found(self) -> Found:
        self.config = self.settings_file()
        names = [name for name in (self.config.get("collections") or {}) if isinstance(name, str)]
        self.collections = {f"_{name}": name for name in names}
        for path in _files(self.root):
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
            title=str(self.config.get("title") or ""),
            author=_author(self.config.get("author")),
        )
        return Found(
            settings,
            self.articles,
            {},
            self.bibliographies(scholar if isinstance(scholar, dict) else {}),
            self.printed_names(),
        )

    def settings_file(self) -> dict[str, Any]:
        for name in JEKYLL_CONFIGS:
            if (self.root / name).is_file():
                try:
                    values = yaml.load((self.root / name).read_text("utf-8"), Loader)  # noqa: S506
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
        elif special and special != "_posts" and self.collections and special not in self.collections:
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
        docname = self.free(wanted)
        urls = [url for url in self.urls(values, path, special, slug, date) if url]
        self.articles.append(
            Article(path, docname, urls[0], tuple(urls[1:]), slug=slug, date=date)
        )

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
        for folder in ("_includes", "_layouts", "assets/js", "js"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in {".html", ".js"} and path.is_file() and path.stat().st_size < 10**6:
                    if ONE_DOLLAR.search(path.read_text("utf-8", "replace")):
                        return True
        return False

    def bibliographies(self, scholar: dict[str, Any]) -> list[str]:
        folder = str(scholar.get("source") or "_bibliography").lstrip("./")
        name = str(scholar.get("bibliography") or "references.bib")
        wanted = f"{folder}/{name}"
        found = _data_files(self.root, "*.bib")
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
    if isinstance(value, dict):
        value = value.get("name")
    return str(value or "")


def _package(root: Path) -> dict[str, Any]:
    try:
        values = json.loads((root / "package.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
