"""Tables of claims, for every builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.citations import cite_again
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.excerpt import relocated
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.grid import grid, row
from sphinx_marginalia.ledger.matrix import matrix
from sphinx_marginalia.ledger.nodes import claim_matrix, claim_table
from sphinx_marginalia.ledger.selection import ordered, selected
from sphinx_marginalia.ledger.vocabulary import CHOICES, in_words
from sphinx_marginalia.ledger.words import fact, kind, scale, signed_verdict

if TYPE_CHECKING:
    from sphinx_marginalia.ledger.claims import Claim
    from sphinx_marginalia.ledger.selection import Placed

#: The class of a table of claims.
TABLE = "marginalia-claims"
#: The share of each column in the width of the table.
WIDTHS = (42, 18, 17, 23)


class FillTables(SphinxPostTransform):
    """Fill the tables of claims."""

    # Before references are resolved (10): a table holds many.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill each table of this document."""
        domain = cast("ClaimDomain", self.env.domains[ClaimDomain.name])
        if not domain.may_show(self.env.current_document.docname):
            return
        for place in find(self.document, nodes.table):
            if isinstance(place, claim_table | claim_matrix):
                self._fill(place, domain)

    def _fill(self, place: nodes.table, domain: ClaimDomain) -> None:
        wanted = {name: place[name] for name in (*CHOICES, "cites")}
        claims = selected(domain.claims, wanted)
        if not claims:
            message = "the table of claims is empty: there are none, or its options leave all out"
            warn(CoreProblem.EMPTY_LIST, message, location=place)
            place.parent.remove(place)
            return
        here = document_of(place, self.env.current_document.docname)
        if isinstance(place, claim_matrix):
            body = matrix(claims, place["rows"], domain, here)
        else:
            body = _table(ordered(claims, place["sort"]), domain, here)
        body["classes"] += place["classes"]
        body["ids"], body["names"] = place["ids"], place["names"]
        # A caption, if there is one.
        body[:0] = place.children
        place.replace_self(body)


def _table(claims: list[Placed], domain: ClaimDomain, here: str) -> nodes.table:
    head = (_("Claim"), fact("verdict"), _("Scale, kind"), fact("evidence"))
    rows = [_row(docname, claim, domain, here) for docname, claim in claims]
    return grid(WIDTHS, [[nodes.paragraph("", word)] for word in head], rows, [TABLE])


def _row(docname: str, claim: Claim, domain: ClaimDomain, here: str) -> nodes.row:
    name = domain.reference(docname, claim.node_id, [nodes.Text(in_words(claim.name))], here)
    cells = [
        [
            nodes.paragraph("", "", nodes.strong("", "", name)),
            *relocated(claim.body, docname, domain, here),
        ],
        _lines(signed_verdict(claim.verdict), claim.reviewed),
        _lines(scale(claim.scale), kind(claim.kind)),
        _evidence(claim, domain, here),
    ]
    return row(cells, [row_class(name, getattr(claim, name)) for name in CHOICES])


def row_class(option: str, value: str) -> str:
    """Return the class of the rows of claims that have *value*."""
    return f"marginalia-{option}-{value or 'none'}"


def _lines(*words: str) -> list[nodes.Node]:
    return [nodes.paragraph("", word) for word in words if word]


def _evidence(claim: Claim, domain: ClaimDomain, here: str) -> list[nodes.Node]:
    cell: list[nodes.Node] = []
    if claim.evidence:
        cell.append(nodes.paragraph("", "", *cite_again(domain.env, claim.evidence, here)))
    if claim.against:
        before = nodes.inline("", f"{fact('against')}:", classes=["marginalia-kind"])
        against = cite_again(domain.env, claim.against, here)
        cell.append(nodes.paragraph("", "", before, nodes.Text(" "), *against))
    return cell
