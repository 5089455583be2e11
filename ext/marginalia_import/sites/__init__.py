"""The dialects: how a site of each is recognized, and what reads it.

A site has one dialect, and only the modules of that one are imported: a third of the time to start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from posixpath import basename
from typing import TYPE_CHECKING, Any

from marginalia_import.report import InputError
from marginalia_import.sites.discovery import (
    ELEVENTY_FILES,
    JEKYLL_FILES,
    MARKDOWN_SUFFIXES,
    REPOSITORY_FILE,
    file_inside,
    site_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ASTRO_FILES = tuple(f"astro.config.{suffix}" for suffix in ("mjs", "ts", "js", "cjs", "mts"))
DOCUSAURUS_FILES = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs"))
BOOKDOWN_FILES = ("_bookdown.yml", "_bookdown.yaml")
LESSON_FILES = ("config.yaml",)
HUGO_FILES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml", "json")
)
MKDOCS_FILES = ("mkdocs.yml", "mkdocs.yaml")
QUARTO_FILES = ("_quarto.yml", "_quarto.yaml")
QUARTZ_FILES = ("quartz.config.ts", "quartz.config.js", "quartz.config.yaml")
TOC_FILES = ("myst.yml", "_toc.yml")
#: What the front matter of ``index.Rmd`` contains if bookdown publishes it.
BOOKDOWN = re.compile(r"^(?:site:\s*[\"']?bookdown|.*\bbookdown::)", re.MULTILINE)
#: What only the articles of a dialect contain, where no settings tell it: a note of Tufte-Jekyll,
#: with an id before its text; tags of Eleventy; a link of a wiki; a citation or an id of Pandoc.
MARKUP = {
    "tufte-jekyll": re.compile(r"""\{%-?\s*(?:sidenote|marginnote)\s+['"][\w-]+['"]\s+['"]"""),
    "eleventy": re.compile(r"""\{%-?\s*(?:sidenote|marginnote|cite)\s+["']|pause-and-think"""),
    "obsidian": re.compile(r"(?<!\w)!?\[\[\w[^\[\]\n]*\]\]"),
    "quarto": re.compile(
        r"\[(?:[^@\[\]\n]* )?-?@[\w:-]+[^\[\]\n]*\](?![(:])|\{#(?:fig|tbl|eq|sec):"
    ),
}
CODE = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?^[ \t>]*\1|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def load(target: str) -> Any:
    """Return what a module of this package has: ``module:name``."""
    module, _, name = target.partition(":")
    return getattr(import_module(f"marginalia_import.{module}"), name)


@dataclass(frozen=True)
class Dialect:
    """A kind of site. What :func:`load` takes is written ``module:name``."""

    name: str
    #: What reads a site.
    reader: str
    #: Whether a folder is a site of this kind by its settings.
    is_used: Callable[[Path], bool]
    #: The syntax of its articles.
    syntax: str = "syntax:Syntax"
    #: The suffixes of articles that no other kind of site has.
    suffixes: tuple[str, ...] = ()
    #: The rules for its tags and elements.
    rules: str = ""


def _has(*names: str) -> Callable[[Path], bool]:
    return lambda root: any((root / name).exists() for name in names)


def _is_bookdown(root: Path) -> bool:
    if _has(*BOOKDOWN_FILES)(root):
        return True
    index = file_inside(root, "index.Rmd")
    text = index.read_bytes().decode("utf-8", "replace") if index else ""
    return BOOKDOWN.search(text) is not None


def _is_lesson(root: Path) -> bool:
    config = file_inside(root, LESSON_FILES[0])
    return bool(config and re.search(rb"(?m)^carpentry:", config.read_bytes()))


def _is_hugo(root: Path) -> bool:
    names = [name for name in HUGO_FILES if (root / name).is_file()]
    has_own_name = any("hugo." in name or "_default" in name for name in names)
    return has_own_name or bool(names and (root / "content").is_dir())


def _is_obsidian(root: Path) -> bool:
    return (root / ".obsidian").is_dir() or any((root / name).is_file() for name in QUARTZ_FILES)


def _is_eleventy(root: Path) -> bool:
    package = file_inside(root, "package.json")
    text = package.read_text("utf-8", "replace") if package else ""
    return _has(*ELEVENTY_FILES)(root) or "@11ty/eleventy" in text


#: In the order in which they are tried.
DIALECTS = (
    Dialect(
        "quarto",
        "sites.quarto:QuartoReader",
        _has(*QUARTO_FILES),
        "pandoc:PandocSyntax",
        suffixes=(".qmd",),
    ),
    Dialect(
        "astro",
        "sites.astro:AstroReader",
        _has(*ASTRO_FILES),
        "mdx:MdxSyntax",
        suffixes=(".mdx",),
        rules="rules.named:ASTRO",
    ),
    Dialect(
        "docusaurus",
        "sites.astro:DocusaurusReader",
        _has(*DOCUSAURUS_FILES),
        "mdx:DocusaurusSyntax",
        rules="rules.named:ASTRO",
    ),
    Dialect("carpentries", "sites.bookdown:LessonReader", _is_lesson, "pandoc:PandocSyntax"),
    Dialect(
        "hugo", "sites.hugo:HugoReader", _is_hugo, "hugo_text:HugoSyntax", rules="rules.named:HUGO"
    ),
    Dialect(
        "obsidian", "sites.obsidian:ObsidianReader", _is_obsidian, "sites.obsidian:ObsidianSyntax"
    ),
    Dialect("myst", "sites.myst:MystReader", _has(*TOC_FILES), "myst.text:MystSyntax"),
    Dialect(
        "bookdown",
        "sites.bookdown:BookdownReader",
        _is_bookdown,
        "sites.bookdown:BookdownSyntax",
        suffixes=(".Rmd", ".rmd"),
    ),
    Dialect(
        "eleventy", "sites.eleventy:EleventyReader", _is_eleventy, rules="rules.builtin:ELEVENTY"
    ),
    Dialect(
        "tufte-jekyll",
        "sites.jekyll:JekyllReader",
        _has(*JEKYLL_FILES, "_posts"),
        "kramdown:KramdownSyntax",
        rules="rules.builtin:TUFTE_JEKYLL",
    ),
    Dialect(
        "markdown",
        "sites.markdown:MarkdownReader",
        _has(*MKDOCS_FILES, "book.toml"),
        "sites.markdown:MarkdownSyntax",
    ),
    # Its articles alone tell it.
    Dialect(
        "tufte-html", "sites.tufte_html:HtmlReader", lambda _: False, "sites.tufte_html:HtmlSyntax"
    ),
)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}


def recognize(root: Path) -> str:
    """Return the dialect of a folder by its settings; empty if it has none."""
    return next((dialect.name for dialect in DIALECTS if dialect.is_used(root)), "")


def guess_dialect(source: Path) -> str:
    """Return the dialect of a site or of one file, by its settings or else by its articles.

    :raises InputError: it looks like none that is known
    """
    root = source if source.is_dir() else source.parent
    by_suffix = (dialect.name for dialect in DIALECTS if source.suffix in dialect.suffixes)
    if not source.is_dir() and (dialect := next(by_suffix, "")):
        return dialect
    if dialect := recognize(root) or _guess_by_articles(root):
        return dialect
    raise InputError(f"{source} looks like no kind of site that is known: add --dialect")


def _guess_by_articles(root: Path) -> str:
    """Return the dialect of the first article that has markup of one, else that of all."""
    is_markdown = False
    for path in site_files(root):
        if basename(path) in {"_block.json", "references.json"}:
            return "eleventy"
        if path.endswith(MARKDOWN_SUFFIXES) and not REPOSITORY_FILE.match(basename(path)):
            is_markdown = True
            text = CODE.sub("", (root / path).read_text(encoding="utf-8", errors="replace"))
            for dialect, markup in MARKUP.items():
                if markup.search(text):
                    return dialect
    if load("sites.tufte_html:is_tufte_html")(root):
        return "tufte-html"
    return "markdown" * is_markdown
