"""The facts of a book: ``CITATION.cff``, the front matter of a page, the release. Pure."""

from __future__ import annotations

from sphinx_marginalia.citing.book.cff import Book, read
from sphinx_marginalia.citing.book.faults import Fault
from sphinx_marginalia.citing.book.page import PageFacts, page_facts
from sphinx_marginalia.citing.book.release import GitState, Release, describe, expand

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
