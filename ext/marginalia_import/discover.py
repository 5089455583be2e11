"""Find the articles of a site, and what its settings say, without running any of its code."""

from __future__ import annotations

import re
from posixpath import basename
from typing import TYPE_CHECKING

from marginalia_import import eleventy, jekyll
from marginalia_import.site import Article, Settings
from marginalia_import.walk import SUFFIXES, Found, files

if TYPE_CHECKING:
    from pathlib import Path

    from marginalia_import.report import Report

DIALECTS = ("eleventy", "tufte-jekyll")


class SiteError(ValueError):
    """The site cannot be read; the message says why, and what to do."""


def guess_dialect(root: Path) -> str:
    """Return the dialect of a site.

    :raises SiteError: it looks like neither
    """
    if any((root / name).is_file() for name in eleventy.CONFIGS):
        return "eleventy"
    if any((root / name).is_file() for name in jekyll.CONFIGS) or (root / "_posts").is_dir():
        return "tufte-jekyll"
    for path in files(root):
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
        return eleventy.Eleventy(root, report).found()
    return jekyll.Jekyll(root, report).found()


def one_file(path: Path, dialect: str) -> Found:
    """Return what there is where the site is a single file."""
    article = Article(path.name, path.stem, path.stem, slug=path.stem)
    strings = "nunjucks" if dialect == "eleventy" else "shell"
    return Found(Settings(dialect, strings, dollar_math=True), [article])
