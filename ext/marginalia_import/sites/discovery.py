"""Find the files and articles of a site: what the readers of all dialects share."""

from __future__ import annotations

import os
import re
from pathlib import Path
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

import yaml

from marginalia_import import frontmatter
from marginalia_import.addresses import first_unused
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, SiteContents, SiteFacts

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown")
#: The sources of other generators, which no reader of these dialects takes.
OTHER_SUFFIXES = (".mdx", ".qmd", ".Rmd", ".rmd", ".ipynb", ".rst", ".org", ".adoc")
#: Files about the repository, not part of the site.
REPOSITORY_FILE = re.compile(r"^(?:[A-Z][A-Z0-9_]+|LICENSE.*|CHANGELOG.*)\.\w+$")
TEMPLATE_SUFFIXES = (".html", ".njk", ".liquid", ".11ty.js", ".webc", ".hbs")
#: Folders without articles: built sites, installed packages, parts of templates.
SKIPPED_FOLDERS = frozenset(
    "node_modules vendor _site dist build _includes _layouts _sass _data _plugins _bibliography "
    "bower_components __pycache__ renv packrat".split()
)
#: The pages that Sphinx and the new project write themselves.
RESERVED_DOCNAMES = ("search", "genindex", "modindex", "py-modindex", "bibliography", "glossary")


def site_files(root: Path) -> Iterator[str]:
    """Yield the files of a site in order, relative to it, without following links to folders."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS
        )
        prefix = f"{Path(folder).relative_to(root).as_posix()}/".removeprefix("./")
        for name in sorted(names):
            # Neither a dead link nor a pipe, which would block.
            if os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113  (a site has many)
                yield f"{prefix}{name}"


def file_inside(root: Path, path: str) -> Path | None:
    """Return a file of the site; None if it is missing, or a link to a file outside."""
    file = root / path
    return file if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None


def decode(content: bytes, errors: str = "strict") -> str:
    """Return the text of a file in UTF-8, with the line breaks of Python."""
    return re.sub("\r\n?", "\n", content.decode("utf-8-sig", errors))


def find_data_files(root: Path, pattern: str) -> list[str]:
    """Return the data files with names like *pattern* in any folder of the site."""
    ignored = {"node_modules", "_site", "vendor", ".git"}
    paths = (path.relative_to(root) for path in sorted(root.rglob(pattern)))
    return [
        path.as_posix()
        for path in paths
        if not ignored.intersection(path.parts) and file_inside(root, path.as_posix())
    ]


#: Pages that the old generator needed, and that Sphinx has of its own.
SERVICE_PAGE = re.compile(
    r"^(?:404|search|tags?|tag[-_].*|categor(?:y|ies)|archives?|feed|rss|sitemap|offline)$",
    re.IGNORECASE,
)
#: What a page contains that a template or a script fills, and the words of one that is no article.
COMPUTED = re.compile(r"\{%|\{\{|<(?:script|form|input|div)\b|^layout:", re.MULTILINE)
WORDS = re.compile(r"(?<![\w.<{%-])[^\W\d_]+(?=[\s,.;:!?])")
FEW_WORDS = 60
#: What says where a site is: the settings of its generator.
ELEVENTY_FILES = (
    "eleventy.config.js eleventy.config.mjs eleventy.config.cjs eleventy.config.ts .eleventy.js"
    " .eleventy.cjs"
).split()
JEKYLL_FILES = ["_config.yml", "_config.yaml"]


def site_root(source: Path, is_site: Callable[[Path], object]) -> Path:
    """Return the folder of the site: *source*, or the one folder within that has its settings.

    :param is_site: whether a folder has them
    """
    if not source.is_dir() or is_site(source):
        return source
    folders = [
        folder
        for folder in sorted(source.iterdir())
        if folder.is_dir()
        and not folder.is_symlink()
        and not folder.name.startswith(".")
        and folder.name not in SKIPPED_FOLDERS
    ]
    sites = [folder for folder in folders if is_site(folder)]
    return sites[0] if len(sites) == 1 else source


def slug_of(stem: str) -> str:
    """Return the name of an article by its path without suffix; an index has that of its folder."""
    is_index = basename(stem) == "index" and dirname(stem)
    return basename(dirname(stem)) if is_index else basename(stem)


class SiteReader:
    """Read a site of one dialect. A subclass adds what is particular to it."""

    def __init__(self, root: Path, report: Report) -> None:
        self.root = root
        self.report = report
        self.articles: list[Article] = []
        self.blocks: dict[str, dict[str, Any]] = {}
        #: The names in use, in lower case, because some file systems ignore case.
        self.docnames: set[str] = set(RESERVED_DOCNAMES)

    def read(self) -> SiteContents:
        """Return the contents of the site."""
        raise NotImplementedError

    def skip(self, path: str, reason: str) -> None:
        """Report a file that is not converted."""
        self.report.add(Kind.SKIPPED, path, 0, reason)

    def need_myst_nb(self, facts: SiteFacts, path: str) -> None:
        """Let the new project show notebooks, and report what they need."""
        facts.extensions.append("myst_nb")
        facts.settings["nb_execution_mode"] = "off"
        message = "notebooks and cells need myst-nb: pip install myst-nb"
        self.report.add(Kind.CELL, path, 0, message)

    def is_service_page(self, path: str, values: dict[str, Any]) -> bool:
        """Whether an article only serves the old generator: a page of tags, a search."""
        name = basename(path).partition(".")[0]
        if name == "index":
            name = basename(dirname(path))
        is_listing = "pagination" in values or name == "404"
        if not is_listing and SERVICE_PAGE.match(name):
            text = self.text_of(path)
            is_listing = bool(COMPUTED.search(text)) and len(WORDS.findall(text)) < FEW_WORDS
        if is_listing:
            self.skip(path, "a page of the old site's own, such as a search or a list of tags")
        return is_listing

    def published(self, path: str) -> dict[str, Any] | None:
        """Return the front matter of a page; None if the old site did not show it as an article."""
        if not self.is_inside(path):
            return None
        values = self.front_matter(path)
        if values.get("draft") is True:
            self.skip(path, "draft: true")
            return None
        return None if self.is_service_page(path, values) else values

    def is_inside(self, path: str) -> bool:
        """Whether a file is in the site, not a link to one outside, which is reported."""
        if file_inside(self.root, path):
            return True
        self.report.add(Kind.OUTSIDE, path, 0, "it is a link to a file outside the site")
        return False

    def front_matter(self, path: str) -> dict[str, Any]:
        """Return the front matter of an article; empty if it cannot be read."""
        return frontmatter.read(self.text_of(path))[0].values

    def text_of(self, path: str) -> str:
        """Return the text of a file."""
        return decode((self.root / path).read_bytes(), "replace")

    def first_text(self, names: Iterable[str]) -> str:
        """Return the text of the first of some files that the site has, or nothing."""
        return next((self.text_of(name) for name in names if file_inside(self.root, name)), "")

    def first_settings(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the settings in the first of some files that the site has."""
        configs = map(self.settings, names)
        return next((config for config in configs if config is not None), {})

    def settings(
        self, path: str, parse: Callable[[str], Any] | None = None
    ) -> dict[str, Any] | None:
        """Return the settings in a file of the site; None if it contains none.

        A file that cannot be read is reported.

        :param parse: returns its value, by default that for the suffix of its name
        """
        file = file_inside(self.root, path)
        parse = parse or frontmatter.READERS.get(path.rpartition(".")[2], frontmatter.load_yaml)
        try:
            values = parse(file.read_text("utf-8")) if file else None
        except (yaml.YAMLError, ValueError, OSError) as error:
            self.report.add(Kind.FRONT_MATTER, path, 1, f"could not be read: {error}")
            return None
        return values if isinstance(values, dict) else None

    def unique_docname(self, docname: str, source: str) -> str:
        """Return a document name that no other has, and report it if it is not *docname*."""
        docname = re.sub(r"\s*(/|$)\s*", r"\1", docname.strip())  # Sphinx strips names, too
        unique = first_unused(docname, lambda name: name.casefold() in self.docnames)
        if unique != docname:
            message = f"renamed to {unique}.md: {docname} is already in use"
            self.report.add(Kind.NAME, source, 0, message)
        self.docnames.add(unique.casefold())
        return unique
