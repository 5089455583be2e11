"""What is known of a claim when its document has been read."""

from __future__ import annotations

from typing import NamedTuple

from docutils import nodes

from sphinx_marginalia.core.excerpt import excerpt
from sphinx_marginalia.core.excerpt import plain_text as words
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.ledger.nodes import claim, statement_of, would_change_of
from sphinx_marginalia.ledger.vocabulary import in_words
from sphinx_marginalia.ledger.words import verdict


class Claim(NamedTuple):
    """A claim, with what is known of it."""

    #: The id, as an author writes it.
    name: str
    #: The id of its block in the document.
    node_id: str
    line: int
    kind: str
    verdict: str
    scale: str
    #: The date of the last review, as 2026-11-23, or nothing.
    reviewed: str
    #: Citation keys.
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    #: Those of them that were in no file of works when the document was read.
    unknown: tuple[str, ...]
    #: What it says, and what would change its verdict, as plain text.
    text: str
    would_change: str
    #: What it says, without notes.
    body: list[nodes.Node]

    @property
    def keys(self) -> tuple[str, ...]:
        """All works that it names."""
        return (*self.evidence, *self.against)

    @property
    def title(self) -> str:
        """A name to read, with the verdict."""
        return titled(self.name, self.verdict)


class Summary(NamedTuple):
    """What most builds need of a claim."""

    name: str
    node_id: str
    line: int
    verdict: str
    #: All works that it names, and those that were unknown.
    keys: tuple[str, ...]
    unknown: tuple[str, ...]
    #: A digest of what references to the claim show.
    shown: str


def summary(claim: Claim) -> Summary:
    """Return the summary of a claim."""
    shown = fingerprint((claim.node_id, claim.verdict, claim.text))
    return Summary(
        claim.name, claim.node_id, claim.line, claim.verdict, claim.keys, claim.unknown, shown
    )


def titled(name: str, verdict_: str) -> str:
    """Return the id of a claim as it is read, with the verdict behind it."""
    return f"{in_words(name)} ({verdict(verdict_)})" if verdict_ else in_words(name)


def claim_title(block: nodes.Node) -> str:
    """Return what a label of a claim is shown as."""
    assert isinstance(block, nodes.Element)
    return titled(block["claim"], block["verdict"])


def record(block: claim) -> Claim:
    """Return what is known of the claim in *block*."""
    body = excerpt(statement_of(block))
    return Claim(
        name=block["claim"],
        node_id=block["ids"][0],
        line=block.line or 0,
        kind=block["kind"],
        verdict=block["verdict"],
        scale=block["scale"],
        reviewed=block["reviewed"],
        evidence=tuple(block["evidence"]),
        against=tuple(block["against"]),
        unknown=tuple(block["unknown"]),
        text=words(body),
        would_change=words(excerpt(would_change_of(block))),
        body=body,
    )
