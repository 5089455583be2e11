"""Claims in HTML and EPUB."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.elements import element, html_block, html_text
from sphinx_marginalia.ledger.nodes import claim_facts


class LayOutClaims(SphinxPostTransform):
    """Make of the facts of a claim a list whose parts can stand side by side."""

    # Behind the notes (150), which ask what kind of block they stand in.
    default_priority = 160
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every claim of the page."""
        for facts in list(self.document.findall(claim_facts)):
            facts.parent.replace(facts, _facts(facts))


def _facts(facts: claim_facts) -> html_block:
    """Return the facts with each name and what it names in a group of their own.

    HTML allows a ``<div>`` around them (WHATWG, the ``dl`` element) for just this.
    """
    groups = []
    for field in facts.findall(nodes.field):
        name, body = cast("list[nodes.Element]", field.children)
        children = [child for block in body for child in block.children]
        groups.append(
            element(
                html_block,
                "div",
                element(html_text, "dt", *name.children),
                element(html_text, "dd", *children),
                classes=field["classes"],
            )
        )
    # Themes give every list that has a class of its own the look of an API description.
    return element(html_block, "div", element(html_block, "dl", *groups), classes=facts["classes"])
