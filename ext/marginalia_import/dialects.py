"""The dialects: how a site of each is recognized, and what reads it.

A site has one dialect, and only the modules of that one are imported: a third of the time to start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import import_module
from posixpath import basename
from typing import TYPE_CHECKING, Any

from marginalia_import.discovery import (
    ELEVENTY_FILES,
    JEKYLL_FILES,
    MARKDOWN_SUFFIXES,
    file_inside,
    site_files,
)
from marginalia_import.report import InputError
from marginalia_import.site import SiteContents, SiteFacts
from marginalia_import.tufte_html import is_tufte_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from marginalia_import.discovery import SiteReader
    from marginalia_import.site import Article

ASTRO_FILES = tuple(f"astro.config.{suffix}" for suffix in ("mjs", "ts", "js", "cjs", "mts"))
BOOKDOWN_FILES = ("_bookdown.yml", "_bookdown.yaml")
HUGO_FILES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml", "json")
)
QUARTO_FILES = ("_quarto.yml", "_quarto.yaml")
QUARTZ_FILES = ("quartz.config.ts", "quartz.config.js", "quartz.config.yaml")
TOC_FILES = ("myst.yml", "_toc.yml")
#: What the front matter of ``index.Rmd`` contains if bookdown publishes it.
BOOKDOWN = re.compile(r"^(?:site:\s*[\"']?bookdown|.*\bbookdown::)", re.MULTILINE)
#: A note of Tufte-Jekyll, with an id before its text.
NOTE_WITH_ID = re.compile(r"""\{%-?\s*(?:sidenote|marginnote)\s+['"][\w-]+['"]\s+['"]""")
ELEVENTY_SYNTAX = re.compile(r"""\{%-?\s*(?:sidenote|marginnote|cite)\s+["']|pause-and-think""")


def load(target: str) -> Any:
    """Return what a module of this package has: ``module:name``."""
    module, _, name = target.partition(":")
    return getattr(import_module(f"marginalia_import.{module}"), name)


@dataclass(frozen=True)
class Dialect:
    """A kind of site that its files tell."""

    name: str
    #: The syntax of its articles, as :func:`load` takes it, and the arguments of that.
    syntax: str
    #: Whether a folder is a site of this kind.
    is_used: Callable[[Path], bool]
    #: The suffixes of articles that no other kind of site has.
    suffixes: tuple[str, ...] = ()
    arguments: dict[str, Any] = field(default_factory=dict)

    def single(self, article: Article, parse: Callable[[str], list[str]]) -> SiteContents:
        """Return the contents of a site that is one file."""
        facts = SiteFacts(settings={"numfig": True})
        return SiteContents(
            self.name,
            [article],
            parse,
            reads_tags=False,
            syntax=load(self.syntax)(**self.arguments),
            facts=facts,
            is_myst=self.name == "myst",
        )


def _has(*names: str) -> Callable[[Path], bool]:
    return lambda root: any((root / name).exists() for name in names)


def _is_bookdown(root: Path) -> bool:
    if _has(*BOOKDOWN_FILES)(root):
        return True
    index = file_inside(root, "index.Rmd")
    text = index.read_bytes().decode("utf-8", "replace") if index else ""
    return BOOKDOWN.search(text) is not None


def _is_hugo(root: Path) -> bool:
    names = [name for name in HUGO_FILES if (root / name).is_file()]
    has_own_name = any("hugo." in name or "_default" in name for name in names)
    return has_own_name or bool(names and (root / "content").is_dir())


def _is_obsidian(root: Path) -> bool:
    return (root / ".obsidian").is_dir() or any((root / name).is_file() for name in QUARTZ_FILES)


#: In the order in which they are tried.
DIALECTS = (
    Dialect("quarto", "pandoc:PandocSyntax", _has(*QUARTO_FILES), (".qmd",)),
    Dialect("astro", "mdx:MdxSyntax", _has(*ASTRO_FILES), (".mdx",)),
    Dialect("hugo", "hugo_text:HugoSyntax", _is_hugo),
    Dialect("obsidian", "obsidian:ObsidianSyntax", _is_obsidian),
    Dialect("myst", "myst_text:MystSyntax", _has(*TOC_FILES)),
    Dialect("bookdown", "pandoc:PandocSyntax", _is_bookdown, (".Rmd", ".rmd"), {"bookdown": True}),
)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}
#: What reads a site, as :func:`load` takes it.
READERS = {
    "eleventy": "eleventy:EleventyReader",
    "tufte-jekyll": "jekyll:JekyllReader",
    "tufte-html": "tufte_html:HtmlReader",
    "quarto": "quarto:QuartoReader",
    "astro": "astro:AstroReader",
    "hugo": "hugo:HugoReader",
    "obsidian": "obsidian:ObsidianReader",
    "myst": "myst_site:MystReader",
    "bookdown": "bookdown:BookdownReader",
}


def reader(dialect: str) -> type[SiteReader]:
    """Return what reads a site of a dialect."""
    site_reader: type[SiteReader] = load(READERS[dialect])
    return site_reader


def recognize(source: Path) -> str:
    """Return the dialect of a site or of one file; empty if it is none of these."""
    if source.is_file():
        suffix = source.suffix
        return next((dialect.name for dialect in DIALECTS if suffix in dialect.suffixes), "")
    return next((dialect.name for dialect in DIALECTS if dialect.is_used(source)), "")


def guess_dialect(source: Path) -> str:
    """Return the dialect of a site, by its configuration or else by its articles.

    :raises InputError: it looks like none that is known
    """
    if dialect := recognize(source):
        return dialect
    root = source if source.is_dir() else source.parent
    if any((root / name).is_file() for name in ELEVENTY_FILES):
        return "eleventy"
    package = root / "package.json"
    if package.is_file() and "@11ty/eleventy" in package.read_text("utf-8", "replace"):
        return "eleventy"
    if any((root / name).is_file() for name in JEKYLL_FILES) or (root / "_posts").is_dir():
        return "tufte-jekyll"
    if dialect := _guess_by_articles(root) or "tufte-html" * is_tufte_html(root):
        return dialect
    raise InputError(f"{source} looks like no kind of site that is known: add --dialect")


def _guess_by_articles(root: Path) -> str:
    for path in site_files(root):
        if basename(path) in {"_block.json", "references.json"}:
            return "eleventy"
        if path.endswith(MARKDOWN_SUFFIXES):
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            if NOTE_WITH_ID.search(text):
                return "tufte-jekyll"
            if ELEVENTY_SYNTAX.search(text):
                return "eleventy"
    return ""
