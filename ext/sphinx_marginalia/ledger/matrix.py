"""How far up the scale claims reach, as a table that is taken in at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.ledger.grid import grid, row
from sphinx_marginalia.ledger.selection import ordered
from sphinx_marginalia.ledger.vocabulary import KINDS, SCALES, SIGNS, VERDICTS, in_words
from sphinx_marginalia.ledger.words import fact, kind, scale, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_marginalia.ledger.claims import Claim
    from sphinx_marginalia.ledger.domain import ClaimDomain
    from sphinx_marginalia.ledger.selection import Placed

#: The class of the table.
MATRIX = "marginalia-claim-matrix"
#: The share of the first column in the width, and of each other.
FIRST, OTHER = 25, 15
#: More signs than these in a row say no more than the number behind them.
MOST_SIGNS = 12


def matrix(claims: Sequence[Placed], rows: str, domain: ClaimDomain, here: str) -> nodes.table:
    """Return a table with a column for each scale; *rows* says what its rows are."""
    scales = [*SCALES]
    # No claim is left out.
    if any(not claim.scale for _docname, claim in claims):
        scales.append("")
    first = _("Claim") if rows == "claims" else fact("kind")
    head = [first, *(scale(name) or _("no scale") for name in scales)]
    made = (
        _by_claim(ordered(claims, "scale"), scales, domain, here)
        if rows == "claims"
        else _by_kind([claim for _docname, claim in claims], scales)
    )
    return grid(
        (FIRST, *[OTHER] * len(scales)),
        [[nodes.paragraph("", word)] for word in head],
        made,
        [MATRIX],
        stub=True,
    )


def _by_claim(
    claims: Iterable[Placed], scales: Sequence[str], domain: ClaimDomain, here: str
) -> Iterable[nodes.row]:
    for docname, claim in claims:
        name = domain.reference(docname, claim.node_id, [nodes.Text(in_words(claim.name))], here)
        cells = [[_mark(claim.verdict, 1)] if claim.scale == column else [] for column in scales]
        yield row([[nodes.paragraph("", "", name)], *cells])


def _by_kind(claims: Sequence[Claim], scales: Sequence[str]) -> Iterable[nodes.row]:
    kinds = [*KINDS, ""]
    for name in kinds:
        of_kind = [claim for claim in claims if claim.kind == name]
        if of_kind:
            cells = [_counted(of_kind, column) for column in scales]
            yield row([[nodes.paragraph("", kind(name) or _("no kind"))], *cells])


def _counted(claims: Iterable[Claim], column: str) -> list[nodes.Node]:
    found = [claim.verdict for claim in claims if claim.scale == column]
    return [_mark(name, found.count(name)) for name in (*VERDICTS, "") if name in found]


def _mark(name: str, count: int) -> nodes.paragraph:
    """Return the sign of a verdict, once for each claim, and the verdict in words."""
    sign = SIGNS.get(name, "–")
    words = verdict(name) or _("no verdict")
    if count > 1:
        words = f"{count} {words}"
    shown = nodes.inline("", sign * min(count, MOST_SIGNS), classes=["marginalia-sign"])
    told = nodes.inline("", words, classes=["marginalia-told"])
    classes = ["marginalia-tally", f"marginalia-verdict-{name}"]
    return nodes.paragraph("", "", shown, nodes.Text(" "), told, classes=classes)
