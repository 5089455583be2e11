"""The grounds of claims on paper: in a table that is an appendix, with a line beside the claim.

A web page folds what speaks for and against a claim. Paper cannot, and four lines of references
below each claim stop a reader who only wants to read on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of, makes_book
from sphinx_marginalia.core.citations import cite_again
from sphinx_marginalia.core.excerpt import LEFT_OUT, relocated
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.nodes import GROUNDS, claim, claim_facts, evidence_nodes
from sphinx_marginalia.ledger.review_log import KEPT
from sphinx_marginalia.ledger.vocabulary import choice_label, fact_label, heading, signed_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

    from sphinx_marginalia.ledger.nodes import Claim, Group
    from sphinx_marginalia.ledger.review_log import Review

#: The reviews of a claim.
HISTORY = "marginalia-claim-history"


class page_of(nodes.inline):
    """The page in a PDF on which a target is; its attribute ``target`` is a document and an id."""


def setup(app: Sphinx) -> None:
    """Register what moves the grounds, and the page on which they are."""
    app.add_node(page_of, latex=(_visit_page, None))
    app.add_post_transform(PointToAppendix)


def anchor_of(name: str) -> str:
    """Return the id of the row of a claim in an appendix."""
    return f"claim-{name}.grounds"


def appendix(
    table: nodes.Element,
    groups: Iterable[Group],
    domain: ClaimDomain,
    here: str,
    anchored: set[tuple[str, str]],
) -> list[nodes.Node]:
    """Return claims with all that is known of them as lists, for which a table has no room.

    :param table: the empty table, for its caption and its label
    :param anchored: the documents and claims that have an entry with an anchor already
    """
    blocks: list[nodes.Node] = [nodes.target("", "", ids=table["ids"])] if table["ids"] else []
    blocks += [nodes.rubric("", "", *title.children) for title in find(table, nodes.title)]
    for label, claims in groups:
        blocks += [nodes.rubric("", label)] if label else []
        items = [_item(docname, claim, domain, here, anchored) for docname, claim in claims]
        blocks.append(nodes.definition_list("", *items))
    return blocks


def _item(
    docname: str, claim: Claim, domain: ClaimDomain, here: str, anchored: set[tuple[str, str]]
) -> nodes.Element:
    words = [signed_label(claim.verdict), choice_label(claim.scale), choice_label(claim.kind)]
    facts = "".join(f" · {each}" for each in (*words, claim.reviewed) if each)
    term = nodes.term("", "", named(docname, claim, domain, here), nodes.Text(facts))
    # A table that overlaps with another repeats the entry, but not its anchor.
    if (here, claim.name) not in anchored:
        anchored.add((here, claim.name))
        term.insert(0, nodes.target("", "", ids=[anchor_of(claim.name)], claim=claim.name))
    body = [
        *relocated(claim.body, docname, domain, here),
        *works_of(claim, domain, here, fact_label("evidence")),
        *would_change(docname, claim, domain, here),
        *history(claim, domain, here),
    ]
    return nodes.definition_list_item("", term, nodes.definition("", *body))


def named(docname: str, claim: Claim, domain: ClaimDomain, here: str) -> nodes.Element:
    """Return a link to a claim with its title."""
    return domain.reference(
        docname, claim.node_id, [nodes.Text(heading(claim.name, claim.title))], here
    )


def would_change(docname: str, claim: Claim, domain: ClaimDomain, here: str) -> list[nodes.Node]:
    """Return what would change the verdict of a claim, after a label."""
    changes = relocated(claim.would_change, docname, domain, here)
    for paragraph in changes[:1]:
        label = nodes.emphasis("", f"{fact_label('would-change')}:")
        cast("nodes.Element", paragraph)[:0] = [label, nodes.Text(" ")]
    return changes


def works_of(claim: Claim, domain: ClaimDomain, here: str, label: str = "") -> list[nodes.Node]:
    """Return a paragraph with what speaks for a claim, and one with what speaks against it.

    :param label: the words before what speaks for it
    """
    cite = partial(cite_again, domain.env, here=here)
    return [
        nodes.paragraph("", f"{words}: " if words else "", *evidence_nodes(names, cite, here))
        for words, names in ((label, claim.evidence), (fact_label("against"), claim.against))
        if names
    ]


def history(claim: Claim, domain: ClaimDomain, here: str) -> list[nodes.Node]:
    """Return the reviews of a claim, the latest first, as a list."""
    items = [
        nodes.list_item("", nodes.paragraph("", "", *_review(review, domain, here)))
        for review in domain.history(claim.name)
    ]
    return [nodes.bullet_list("", *items, classes=[HISTORY])] if items else []


def _review(review: Review, domain: ClaimDomain, here: str) -> Iterable[nodes.Node]:
    """Yield a review in words: date, verdict, what was found, the works, the queries."""
    verdict = _("kept") if review.verdict == KEPT else signed_label(review.verdict)
    yield nodes.Text(f"{review.date}: {verdict}. {review.finding}")
    if review.works:
        yield nodes.Text(" ")
        yield from cite_again(domain.env, review.works, here)
        yield nodes.Text(".")
    if review.queries:
        quoted = ", ".join(f"“{query}”" for query in review.queries)
        yield nodes.Text(" " + _("Searched for") + f": {quoted}")


class PointToAppendix(SphinxPostTransform):
    """On paper, put a reference to the appendix in the place of the grounds of a claim.

    Before::

        <claim claim="near-stars">
            …
            <claim_facts classes="marginalia-claim-facts marginalia-claim-grounds">
                <field classes="marginalia-claim-fact-evidence">
                    …

    After::

        <claim claim="near-stars">
            …
            <claim_facts classes="marginalia-claim-facts marginalia-claim-grounds">
                <field classes="marginalia-claim-fact-evidence">
                    <field_name>
                        Evidence
                    <field_body>
                        <paragraph>
                            <pending_xref>
                                with all claims
                            <page_of>

    The grounds stay if the appendix is not in the same PDF, or if they contain a note.
    """

    default_priority = WriteStage.LISTS

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env, ClaimDomain)
        if not domain.appendices or not makes_book(builder_of(self.env)):
            return
        there = domain.appendices
        if builder_of(self.env).format == "latex":
            there = self._entries()
        for block in find(self.document, claim):
            name = block["claim"]
            # Of two claims with the same id, the appendix has the first.
            if name in there and self._is_first(block, domain):
                for facts in find(block, claim_facts):
                    # A note is not repeated in the appendix, so its reference has to stay.
                    if GROUNDS in facts["classes"] and not find(facts, *LEFT_OUT):
                        self._shorten(facts, name, there[name], domain)

    def _is_first(self, block: claim, domain: ClaimDomain) -> bool:
        docname, first = domain.claims[block["claim"]]
        here = document_of(block, self.env.current_document.docname)
        return docname == here and first.node_id in block["ids"]

    def _entries(self) -> dict[str, str]:
        """Return the document of the entry of each claim in this PDF, which is filled by now."""
        here = self.env.current_document.docname
        return {
            term[0]["claim"]: document_of(term, here)
            for term in find(self.document, nodes.term)
            if term.children and isinstance(term[0], nodes.target) and "claim" in term[0]
        }

    def _shorten(self, facts: claim_facts, name: str, appendix: str, domain: ClaimDomain) -> None:
        here = document_of(facts, self.env.current_document.docname)
        words = [nodes.Text(_("with all claims"))]
        link = domain.reference(appendix, anchor_of(name), words, here)
        page = page_of("", target=f"{appendix}:{anchor_of(name)}")
        body = nodes.field_body("", nodes.paragraph("", "", link, page))
        first = cast("nodes.field", facts[0])
        facts[:] = [nodes.field("", first[0], body, classes=first["classes"])]


def _visit_page(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.body.append(rf" (\autopageref*{{{latex.idescape(node['target'])}}})")
    raise nodes.SkipNode
