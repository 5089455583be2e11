"""What a claim *is*, for every builder."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.excerpt import excerpt, plain_text
from sphinx_marginalia.core.nodes import CITABLE, HtmlElement, find, is_used, note_use
from sphinx_marginalia.core.stages import ReadStage

#: The class of each fact, without the name of the fact behind it.
FACT = "marginalia-claim-fact"
#: The classes of what speaks for and against a claim, and of a claim that is refuted.
GROUNDS, REFUTED = "marginalia-claim-grounds", "marginalia-claim-refuted"


class claim(HtmlElement, nodes.topic):
    """A sentence that is asserted, and the facts about it.

    ``claim`` is its id, as an author writes it; ``kind``, ``verdict``, ``scale`` and ``reviewed``
    are words, ``evidence`` and ``against`` lists of citation keys, ``search`` one of queries. The
    verdict comes first: nobody should take a refuted sentence for what the book says.
    """

    lets_notes_out = True


class claim_facts(nodes.field_list):
    """The facts about a claim, as fields."""


class claim_table(nodes.table):
    """A table of claims that is not filled yet; its children are its caption."""


class claim_matrix(nodes.table):
    """A table of claims by scale that is not filled yet."""


def statement_of(block: nodes.Element) -> list[nodes.Node]:
    """Return what a claim says: all of it but the facts."""
    return [child for child in block.children if not isinstance(child, claim_facts)]


def would_change_of(block: nodes.Element) -> list[nodes.Node]:
    """Return what would change the verdict of a claim."""
    return [
        child
        for field in find(block, nodes.field)
        if f"{FACT}-would-change" in field["classes"]
        for child in field[1].children
    ]


class NameClaims(SphinxTransform):
    """Give each claim with an id of its own the title by which it is cited: its first paragraph.

    Before::

        <claim ids="claim-near-stars">
            <paragraph>
                The distance of a near star can be measured.

    After::

        <claim ids="claim-near-stars" citable="The distance of a near star can be measured">
            …
    """

    default_priority = ReadStage.CITABLE_TITLES

    def apply(self, **kwargs: Any) -> None:
        """Set the attribute of every claim."""
        for block in find(self.document, claim) if is_used(self.env, claim) else ():
            first = [node for node in statement_of(block) if isinstance(node, nodes.paragraph)][:1]
            if first and block["names"]:
                block[CITABLE] = plain_text(excerpt(first)).removesuffix(".")
                note_use(self.env, CITABLE)
