"""Walk through the files of a site."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marginalia_import.frontmatter import read
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marginalia_import.report import Report
    from marginalia_import.site import Article, Settings

SUFFIXES = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown")
PAGES = (".html", ".njk", ".liquid", ".11ty.js", ".webc", ".hbs")
#: Folders without articles: what was built, what was installed, what templates are made of.
SKIPPED = frozenset(
    "node_modules vendor _site dist build _includes _layouts _sass _data _plugins _bibliography "
    "bower_components __pycache__".split()
)


#: Pages that Sphinx makes itself, and those of the new project.
RESERVED = ("search", "genindex", "modindex", "py-modindex", "bibliography", "glossary")


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
            file = Path(folder) / name
            # Neither a link that leads nowhere nor a pipe, which would be waited for.
            if file.is_file():
                yield file.relative_to(root).as_posix()


def own_file(root: Path, path: str) -> Path | None:
    """Return a file of the site, if it is there and no link to one outside."""
    file = root / path
    return file if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None


def data_files(root: Path, pattern: str) -> list[str]:
    """Return the files with a name like *pattern* that are data, wherever they are."""
    found = []
    for path in sorted(root.rglob(pattern)):
        relative = path.relative_to(root)
        if own_file(root, relative.as_posix()) and not {
            "node_modules",
            "_site",
            "vendor",
            ".git",
        } & {*relative.parts}:
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
        self.docnames: set[str] = set(RESERVED)

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

    def free(self, docname: str, source: str) -> str:
        """Return a name for a document that no other has, also where case is not told apart."""
        number, free = 2, docname
        while free.casefold() in self.docnames:
            free, number = f"{docname}-{number}", number + 1
        if free != docname:
            message = f"it is {free}.md now: there is another {docname}"
            self.report.add(Kind.NAME, source, 0, message)
        self.docnames.add(free.casefold())
        return free
