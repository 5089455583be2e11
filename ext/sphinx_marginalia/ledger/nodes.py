"""What a claim *is*, for every builder."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import HtmlElement

#: The class of each fact, and a hyphen before its name.
FACT = "marginalia-fact"
WOULD_CHANGE = f"{FACT}-would-change"


class claim(HtmlElement, nodes.topic):
    """A sentence that is asserted, and behind it what is known of it.

    ``claim`` is its id, as it is written; ``kind``, ``verdict``, ``scale`` and ``reviewed`` are
    words, ``evidence`` and ``against`` lists of citation keys.
    """

    html_tag = "div"
    lets_notes_out = True


class claim_facts(nodes.field_list):
    """What is known of a claim, as fields."""


class claim_table(nodes.table):
    """The place for a table of claims."""


class claim_matrix(nodes.table):
    """The place for claims by scale."""


def facts_of(block: nodes.Element) -> claim_facts:
    """Return the facts of a claim."""
    return next(child for child in block if isinstance(child, claim_facts))


def statement_of(block: nodes.Element) -> list[nodes.Node]:
    """Return what a claim says: all of it but the facts."""
    return [child for child in block.children if not isinstance(child, claim_facts)]


def would_change_of(block: nodes.Element) -> list[nodes.Node]:
    """Return what would change the verdict of a claim."""
    return [
        child
        for field in facts_of(block)
        if isinstance(field, nodes.field) and WOULD_CHANGE in field["classes"]
        for child in field[1].children
    ]
