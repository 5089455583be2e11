"""What a claim *is*, for every builder, and the record of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.excerpt import excerpt, plain_text
from sphinx_marginalia.core.nodes import (
    CITABLE,
    HtmlElement,
    conditions_of,
    find,
    is_used,
    note_use,
)
from sphinx_marginalia.core.stages import ReadStage
from sphinx_marginalia.ledger.vocabulary import CHOICES, keys_in, labels_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    #: The document of a claim, and its record.
    Located = tuple[str, "Claim"]
    #: The words above claims that have a value in common, and these claims.
    Group = tuple[str, Sequence[Located]]

#: The class of each fact, without the name of the fact behind it.
FACT = "marginalia-claim-fact"
#: The classes of what speaks for and against a claim, and of a claim that is refuted.
GROUNDS, REFUTED = "marginalia-claim-grounds", "marginalia-claim-refuted"


#: The type of a reference to a section that is evidence.
SECTION_ROLE = "section"


class claim(HtmlElement, nodes.topic):
    """A sentence that is asserted, and the facts about it.

    ``claim`` is its id, as an author writes it; ``kind``, ``verdict``, ``scale`` and ``reviewed``
    are words, ``evidence`` and ``against`` lists of citation keys and
    of labels of sections, ``search`` one of queries. The
    verdict comes first: nobody should take a refuted sentence for what the book says.
    """

    lets_notes_out = True


class claim_facts(nodes.field_list):
    """The facts about a claim, as fields."""


class claim_table(nodes.table):
    """A table of claims that is not filled yet; its children are its caption."""


class claim_matrix(nodes.table):
    """A table of claims by scale that is not filled yet."""


def evidence_nodes(
    names: Sequence[str], cite: Callable[[Sequence[str]], list[nodes.Node]], here: str
) -> list[nodes.Node]:
    """Return a citation of the works among *names*, then references to the sections.

    :param cite: returns a citation of keys
    :param here: the document that contains it
    """
    keys = keys_in(names)
    parts = cite(keys) if keys else []
    for label in labels_in(names):
        parts += [nodes.Text("; ")] if parts else []
        parts.append(
            addnodes.pending_xref(
                "",
                nodes.inline("", label),
                refdomain="claim",
                reftype=SECTION_ROLE,
                reftarget=label,
                refdoc=here,
                refexplicit=False,
            )
        )
    return parts


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


class Claim(NamedTuple):
    """A claim and the facts about it."""

    #: The id, as an author writes it.
    name: str
    #: Its title in lists, or an empty text.
    title: str
    #: The id of its block in the document.
    node_id: str
    line: int
    kind: str
    verdict: str
    scale: str
    #: The date of the last review, such as 2026-11-23, or an empty text.
    reviewed: str
    #: Citation keys, and labels of sections behind ``ref:``.
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    #: What it says, as plain text.
    text: str
    #: What it says, and what would change its verdict, without notes.
    body: list[nodes.Node]
    would_change: list[nodes.Node]
    #: Queries that would find what would change its verdict.
    search: tuple[str, ...]
    #: The conditions of the ``only`` directives around it.
    only: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All works that it names."""
        return keys_in((*self.evidence, *self.against))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all sections that it names."""
        return labels_in((*self.evidence, *self.against))


def record_claim(block: nodes.Element) -> Claim:
    """Return the record of the claim in *block*."""
    body = excerpt(statement_of(block))
    return Claim(
        name=block["claim"],
        title=block["heading"],
        node_id=block["ids"][0],
        line=block.line or 0,
        kind=block["kind"],
        verdict=block["verdict"],
        scale=block["scale"],
        reviewed=block["reviewed"],
        evidence=tuple(block["evidence"]),
        against=tuple(block["against"]),
        text=plain_text(body),
        body=body,
        would_change=excerpt(would_change_of(block)),
        search=tuple(block["search"]),
        only=conditions_of(block),
    )


def selected(claims: Iterable[Located], wanted: Mapping[str, Sequence[str]]) -> list[Located]:
    """Return the claims that have one of the values wanted of each option.

    :param wanted: values by ``kind``, ``verdict``, ``scale``; keys of works by ``cites``. An option
        without values selects all.
    """
    return [
        (docname, claim)
        for docname, claim in claims
        if all(getattr(claim, name) in wanted[name] for name in CHOICES if wanted[name])
        and (
            not wanted["cites"]
            or set(wanted["cites"]).intersection((*claim.evidence, *claim.against))
        )
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
        for block in find(self.document, claim) if is_used(self.env, claim) else ():
            first = [node for node in statement_of(block) if isinstance(node, nodes.paragraph)][:1]
            if first and block["names"]:
                block[CITABLE] = plain_text(excerpt(first)).removesuffix(".")
                note_use(self.env, CITABLE)
