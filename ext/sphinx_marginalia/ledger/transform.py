"""The title that a claim is cited by."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.excerpt import excerpt
from sphinx_marginalia.core.excerpt import plain_text as words
from sphinx_marginalia.core.nodes import CITABLE, find, is_used, note_use
from sphinx_marginalia.ledger.nodes import claim, statement_of


class NameClaims(SphinxTransform):
    """Say of each claim by what title it is cited: its first paragraph."""

    # When the words are those that are shown: translated (20), and without notes (621).
    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Name every claim that has an id of its own."""
        if not is_used(self.env, claim):
            return
        for block in find(self.document, claim):
            first = [node for node in statement_of(block) if isinstance(node, nodes.paragraph)][:1]
            if first and block["names"]:
                block[CITABLE] = words(excerpt(first)).removesuffix(".")
                note_use(self.env, CITABLE)
