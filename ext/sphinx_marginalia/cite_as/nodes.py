"""What stands in a document until the facts of the book are known."""

from __future__ import annotations

from docutils import nodes


class how_to_cite(nodes.container):
    """The place for the reference of the book."""
