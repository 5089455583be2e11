"""Tables of claims, for every builder: which claims they show, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of, makes_book
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.excerpt import relocated
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.ledger.appendix import appendix, history, named, works_of, would_change
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.nodes import claim_matrix, claim_table, selected
from sphinx_marginalia.ledger.vocabulary import (
    CHOICES,
    KINDS,
    SCALES,
    SIGNS,
    VERDICTS,
    choice_label,
    fact_label,
    signed_label,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_marginalia.ledger.nodes import Claim, Group, Located

    #: The blocks in a cell.
    Cell = Sequence[nodes.Node]

#: The values of the option ``sort``; ``order`` is that of the book.
SORTS = ("order", "verdict", "scale", "kind", "reviewed", "id")
#: The values of the option ``rows`` of a matrix.
ROWS = ("claims", "kinds")

TABLE = "marginalia-claims"
MATRIX = "marginalia-claim-matrix"
#: A row that says what the claims below it have in common.
GROUP = "marginalia-claim-group"
#: More signs than these in a row say no more than the number behind them.
MOST_SIGNS = 12


def ordered(claims: Iterable[Located], sort: str) -> list[Located]:
    """Return the claims sorted; those that are equal stay in the order of the book."""
    return sorted(claims, key=lambda located: _sort_key(located[1], sort))


def _sort_key(claim: Claim, sort: str) -> tuple[object, ...]:
    if sort in CHOICES:
        options = (sort, "verdict") if sort == "scale" else (sort,)
        # Claims without a value come last.
        return tuple((*CHOICES[each], "").index(getattr(claim, each)) for each in options)
    # A claim that was never reviewed is older than all.
    return {"order": (), "reviewed": (claim.reviewed,), "id": (claim.name,)}[sort]


class FillTables(SphinxPostTransform):
    """Fill the tables of claims.

    Before::

        <claim_table kind="position" sort="order">
            <title>
                The positions

    After::

        <table classes="marginalia-claims">
            <title>
                The positions
            <tgroup>
                …
    """

    default_priority = WriteStage.LISTS

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env, ClaimDomain)
        self.anchored: set[tuple[str, str]] = set()
        if domain.may_show(self.env.current_document.docname):
            for table in find(self.document, nodes.table):
                if isinstance(table, claim_table | claim_matrix):
                    self._fill(table, domain)

    def _fill(self, empty: nodes.table, domain: ClaimDomain) -> None:
        wanted = {name: empty[name] for name in (*CHOICES, "cites")}
        claims = selected(domain.visible.values(), wanted)
        if not claims:
            message = "the table of claims is empty: there are none, or its options leave all out"
            warn(CoreProblem.EMPTY_LIST, message, location=empty)
            empty.parent.remove(empty)
            return
        here = document_of(empty, self.env.current_document.docname)
        if isinstance(empty, claim_matrix):
            table = _matrix(claims, empty["rows"], domain, here)
        else:
            rows = ordered(claims, empty["sort"])
            groups = list(_groups(rows, empty["group"]))
            if empty["appendix"] and makes_book(builder_of(self.env)):
                empty.replace_self(appendix(empty, groups, domain, here, self.anchored))
                return
            table = _table(groups, domain, here)
            # With what a script needs to arrange the rows in another way.
            table["sort"], table["group"] = empty["sort"], empty["group"]
        table["classes"] += empty["classes"]
        table["ids"], table["names"] = empty["ids"], empty["names"]
        # A caption, if there is one.
        table[:0] = empty.children
        empty.replace_self(table)


def _grid(
    widths: Sequence[int], head: Iterable[str], rows: Iterable[nodes.row], kind: str
) -> nodes.table:
    """Return a table of the class *kind*; the first column of a matrix names the rows.

    :param widths: the share of each column in the width of the table
    """
    columns = [nodes.colspec(colwidth=width) for width in widths]
    if kind == MATRIX:
        columns[0]["stub"] = 1
    header = nodes.thead("", _row([nodes.paragraph("", word)] for word in head))
    group = nodes.tgroup("", *columns, header, nodes.tbody("", *rows), cols=len(widths))
    return nodes.table("", group, classes=[kind, "colwidths-given"])


def _row(cells: Iterable[Cell], classes: Sequence[str] = ()) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells), classes=list(classes))


def _groups(claims: Sequence[Located], group: str) -> Iterable[Group]:
    """Yield the words above each group of claims with a value in common, and its claims."""
    if not group:
        yield "", claims
        return
    for value in (*CHOICES[group], ""):
        if of_value := [each for each in claims if getattr(each[1], group) == value]:
            yield f"{signed_label(value) or fact_label(group)} ({len(of_value)})", of_value


def _table(groups: Iterable[Group], domain: ClaimDomain, here: str) -> nodes.table:
    head = (_("Claim"), fact_label("verdict"), _("Scale, kind"), fact_label("evidence"))
    rows = []
    for label, claims in groups:
        rows += [_group_row(label)] if label else []
        rows += [_claim_row(docname, claim, domain, here) for docname, claim in claims]
    return _grid((42, 18, 17, 23), head, rows, TABLE)


def _group_row(label: str) -> nodes.row:
    """Return a row above the claims that have a value in common."""
    words = nodes.paragraph("", "", nodes.strong("", label))
    return nodes.row("", nodes.entry("", words, morecols=3), classes=[GROUP])


def _claim_row(docname: str, claim: Claim, domain: ClaimDomain, here: str) -> nodes.row:
    name = nodes.strong("", "", named(docname, claim, domain, here))
    body = relocated(claim.body, docname, domain, here)
    changes = would_change(docname, claim, domain, here)
    cells = [
        [nodes.paragraph("", "", name), *body, *changes, *history(claim, domain, here)],
        _lines(signed_label(claim.verdict), claim.reviewed),
        _lines(choice_label(claim.scale), choice_label(claim.kind)),
        works_of(claim, domain, here),
    ]
    row = _row(cells, [value_class(option, getattr(claim, option)) for option in CHOICES])
    row["claim"] = claim.name
    return row


def value_class(option: str, value: str) -> str:
    """Return the class of what is shown of claims that have *value*."""
    return f"marginalia-claim-{option}-{value or 'none'}"


def _lines(*words: str) -> Cell:
    return [nodes.paragraph("", word) for word in words if word]


def _matrix(claims: Sequence[Located], rows: str, domain: ClaimDomain, here: str) -> nodes.table:
    """Return a table with a column for each scale; *rows* says what its rows are."""
    # No claim is left out.
    without_scale = [""] if any(not claim.scale for _docname, claim in claims) else []
    scales = [*SCALES, *without_scale]
    widths = (25, *[15] * len(scales))
    names = [choice_label(name) or _("no scale") for name in scales]
    if rows == "claims":
        cells = _rows_of_claims(ordered(claims, "scale"), scales, domain, here)
        return _grid(widths, [_("Claim"), *names], cells, MATRIX)
    cells = _rows_of_kinds([claim for _docname, claim in claims], scales)
    return _grid(widths, [fact_label("kind"), *names], cells, MATRIX)


def _rows_of_claims(
    claims: Iterable[Located], scales: Sequence[str], domain: ClaimDomain, here: str
) -> Iterable[nodes.row]:
    for docname, claim in claims:
        name = nodes.paragraph("", "", named(docname, claim, domain, here))
        cells = [[_tally(claim.verdict, 1)] if claim.scale == scale else [] for scale in scales]
        yield _row([[name], *cells])


def _rows_of_kinds(claims: Sequence[Claim], scales: Sequence[str]) -> Iterable[nodes.row]:
    for kind in (*KINDS, ""):
        of_kind = [claim for claim in claims if claim.kind == kind]
        if of_kind:
            name = nodes.paragraph("", choice_label(kind) or _("no kind"))
            yield _row([[name], *(_tallies(of_kind, scale) for scale in scales)])


def _tallies(claims: Iterable[Claim], scale: str) -> Cell:
    verdicts = [claim.verdict for claim in claims if claim.scale == scale]
    return [_tally(name, verdicts.count(name)) for name in (*VERDICTS, "") if name in verdicts]


def _tally(verdict: str, count: int) -> nodes.paragraph:
    """Return the sign of a verdict, once for each claim, and the verdict in words."""
    words = choice_label(verdict) or _("no verdict")
    signs = nodes.inline("", SIGNS.get(verdict, "–") * min(count, MOST_SIGNS))
    signs["classes"] = ["marginalia-claim-sign"]
    counted = nodes.inline("", f"{count} {words}" if count > 1 else words)
    counted["classes"] = ["marginalia-claim-words"]
    classes = ["marginalia-claim-tally", value_class("verdict", verdict)]
    return nodes.paragraph("", "", signs, nodes.Text(" "), counted, classes=classes)
