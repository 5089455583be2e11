"""The facts of a book: ``CITATION.cff``, the front matter of a page, the release. Pure."""

from __future__ import annotations

from sphinx_marginalia.cite_as.book.cff import Book, read
from sphinx_marginalia.cite_as.book.faults import Fault
from sphinx_marginalia.cite_as.book.page import PageFacts, page_facts
from sphinx_marginalia.cite_as.release import Release, describe, expand
from sphinx_marginalia.permalinks.history import GitState

__all__ = [
    "Book",
    "Fault",
    "GitState",
    "PageFacts",
    "Release",
    "describe",
    "expand",
    "page_facts",
    "read",
]
