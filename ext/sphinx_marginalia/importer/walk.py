"""Walk through the files of a site."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.importer.frontmatter import read
from sphinx_marginalia.importer.report import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.importer.report import Report
    from sphinx_marginalia.importer.site import Article, Settings

SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown")
PAGES = (".html", ".njk", ".liquid", ".11ty.js", ".webc", ".hbs")
#: Folders without articles: what was built, what was installed, what templates are made of.
SKIPPED = frozenset(
    "node_modules vendor _site dist build _includes _layouts _sass _data _plugins _bibliography "
    "bower_components __pycache__".split()
)


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


def files(root: Path) -> Iterator[str]:
    """Yield the files of a site in order, relative to it; links to folders are not followed."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED
        )
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()


def data_files(root: Path, pattern: str) -> list[str]:
    """Return the files with a name like *pattern* that are data, wherever they are."""
    found = []
    for path in sorted(root.rglob(pattern)):
        relative = path.relative_to(root)
        if path.is_file() and not {"node_modules", "_site", "vendor", ".git"} & {*relative.parts}:
            found.append(relative.as_posix())
    return found


class Walker:
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
