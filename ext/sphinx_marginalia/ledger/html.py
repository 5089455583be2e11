"""Claims in HTML and EPUB, and the form above a table of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import WEB_BUILDERS
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import (
    aside_block,
    element,
    find,
    html_block,
    html_inline,
    html_text,
)
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.ledger.appendix import HISTORY
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.nodes import GROUNDS, claim_facts
from sphinx_marginalia.ledger.tables import MATRIX, TABLE, value_class
from sphinx_marginalia.ledger.vocabulary import CHOICES, VERDICTS, fact_label, signed_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.nodes import HtmlElement


class LayOutClaims(SphinxPostTransform):
    """Turn the facts about a claim into a list whose parts can be side by side.

    Before::

        <claim_facts classes="marginalia-claim-facts">
            <field classes="marginalia-claim-fact-scale">
                <field_name>
                    Scale
                <field_body>
                    <paragraph>
                        toy models

    After::

        <html_block tag="div" classes="marginalia-claim-facts">
            <html_block tag="dl">
                <html_block tag="div" classes="marginalia-claim-fact-scale">
                    <html_text tag="dt">
                        Scale
                    <html_text tag="dd">
                        toy models

    HTML allows a ``<div>`` around a name and its value (WHATWG, the ``dl`` element) for just this.
    """

    default_priority = WriteStage.BLOCK_LAYOUT
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for facts in find(self.document, claim_facts):
            groups = [_group(field) for field in find(facts, nodes.field)]
            # In an element of its own: themes style a list with a class like an API description.
            block = element(html_block, "dl", *groups)
            layout = element(html_block, "div", block, classes=facts["classes"])
            facts.parent.replace(facts, layout)


def _group(field: nodes.field) -> html_block:
    name, body = cast("list[nodes.Element]", field.children)
    children = [child for block in body for child in block.children]
    term = element(html_text, "dt", *name.children)
    value = element(html_text, "dd", *children)
    return element(html_block, "div", term, value, classes=field["classes"])


class FoldDetails(SphinxPostTransform):
    """Fold the grounds of each claim, and in a table its reviews: a reader may not need them.

    Before::

        <html_block tag="div" classes="marginalia-claim-facts marginalia-claim-grounds">
            …
        <bullet_list classes="marginalia-claim-history">
            …

    After::

        <html_block tag="details" classes="marginalia-claim-details">
            <html_text tag="summary">
                Evidence · Would change
            <html_block tag="div" classes="marginalia-claim-facts marginalia-claim-grounds">
                …
        <html_block tag="details" classes="marginalia-claim-history">
            <html_text tag="summary">
                History (2)
            <bullet_list>
                …
    """

    default_priority = WriteStage.BLOCK_CONTROLS
    builders = WEB_BUILDERS

    def run(self, **kwargs: Any) -> None:
        blocks: list[nodes.Element] = find(self.document, html_block, nodes.bullet_list)
        for block in blocks:
            if GROUNDS in block["classes"]:
                names = [term.astext() for term in find(block, html_text) if term["tag"] == "dt"]
                _fold(block, " · ".join(names), "marginalia-claim-details")
            elif HISTORY in block["classes"]:
                block["classes"].remove(HISTORY)
                _fold(block, _("History ({count})").format(count=len(block)), HISTORY)


def _fold(block: nodes.Element, words: str, style: str) -> None:
    details = element(html_block, "details", classes=[style])
    block.replace_self(details)
    details += [element(html_text, "summary", nodes.Text(words)), block]


class LayOutTables(SphinxPostTransform):
    """Leave the widths of columns to the style sheet, and explain the signs of a matrix.

    If a site forbids styles in its pages (a Content Security Policy), a width in the table would
    have no effect. On a phone the signs are alone: their words have no room.

    Before::

        <table classes="marginalia-claim-matrix colwidths-given">

    After::

        <table classes="marginalia-claim-matrix">
        <aside_block tag="div">
            <html_text tag="p" classes="marginalia-claim-legend" aria-hidden="true">
                ✓ supported · ± contested · …
    """

    default_priority = WriteStage.BLOCK_LAYOUT
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for table in find(self.document, nodes.table):
            if not {TABLE, MATRIX}.isdisjoint(table["classes"]):
                table["classes"].remove("colwidths-given")
            if MATRIX in table["classes"]:
                signs = " · ".join(signed_label(name) for name in VERDICTS)
                # Hidden from screen readers: for them the words are in the table.
                legend = element(html_text, "p", nodes.Text(signs), aria_hidden="true")
                legend["classes"] = ["marginalia-claim-legend"]
                table.replace_self([table, element(aside_block, "div", legend)])


class AddFilters(SphinxPostTransform):
    """Put a form above each table of claims with which a reader filters, sorts and groups it.

    It is hidden and has no inputs: the script adds them and shows it. So a page without scripts has
    nothing on it that does not work.

    Before::

        <table classes="marginalia-claims">

    After::

        <html_block tag="div" classes="marginalia-ledger">
            <aside_block tag="form" classes="marginalia-ledger-filters" hidden="hidden">
                …
            <table classes="marginalia-claims">
    """

    default_priority = WriteStage.BLOCK_CONTROLS
    builders = WEB_BUILDERS

    def run(self, **kwargs: Any) -> None:
        for table in find(self.document, nodes.table):
            rows = [row for row in find(table, nodes.row) if "claim" in row]
            if TABLE in table["classes"] and len(rows) > 1:
                ledger = element(html_block, "div", classes=["marginalia-ledger"])
                table.replace_self(ledger)
                ledger += [_form(table, rows, domain_of(self.env, ClaimDomain)), table]


def _form(table: nodes.table, rows: list[nodes.row], domain: ClaimDomain) -> HtmlElement:
    classes = {name for row in rows for name in row["classes"]}
    search = element(html_inline, "label", nodes.Text(_("Search")), data_type="search")
    count = element(html_text, "p", role="status", data_words=_("{shown} of {all} claims"))
    parts = [search, *_groups(classes), *_arrangements(table), count]
    facts = _facts([row["claim"] for row in rows], domain)
    form = element(aside_block, "form", *parts, hidden="hidden", data_facts=facts)
    form["classes"] = ["marginalia-ledger-filters"]
    return form


def _arrangements(table: nodes.table) -> Iterator[HtmlElement]:
    """Yield a label for the order of the rows, and one for what they are grouped by."""
    values = {option: fact_label(option) for option in ("verdict", "scale", "kind")}
    values["page"] = _("Page")
    orders = {
        "order": _("Order of the book"),
        "id": _("Title"),
        **values,
        "latest": _("Latest review first"),
        "reviewed": _("Oldest review first"),
    }
    groups = {"": _("Nothing"), **values}
    for name, words, choices in (("sort", _("Sort by"), orders), ("group", _("Group by"), groups)):
        data = {"data_options": json.dumps(list(choices.items())), "data_value": table[name]}
        yield element(html_inline, "label", nodes.Text(words), data_type=name, **data)


def _facts(names: list[str], domain: ClaimDomain) -> str:
    """Return what the script sorts and groups the claims *names* by, as JSON.

    Of each claim it has the place in the book, the last review, and for each group its number; of
    each group the words.
    """
    order = list(domain.claims)
    pages = list(dict.fromkeys(docname for docname, _claim in domain.claims.values()))
    values = {option: (*choices, "") for option, choices in CHOICES.items()}
    claims = []
    for name in names:
        docname, claim = domain.claims[name]
        numbers = {option: each.index(getattr(claim, option)) for option, each in values.items()}
        place = {"order": order.index(name), "page": pages.index(docname)}
        claims.append({**place, "reviewed": claim.reviewed, **numbers})
    groups = {
        option: [signed_label(value) or fact_label(option) for value in each]
        for option, each in values.items()
    }
    groups["page"] = [domain.env.titles[docname].astext() for docname in pages]
    return json.dumps({"claims": claims, "groups": groups}, ensure_ascii=False)


def _groups(classes: set[str]) -> Iterator[HtmlElement]:
    """Yield for each option the values that the claims in the table have."""
    for option, values in CHOICES.items():
        here = [value for value in values if value_class(option, value) in classes]
        if len(here) > 1:
            labels = []
            for value in here:
                label = element(html_inline, "label", nodes.Text(signed_label(value)))
                label["html"] = {"data-type": "checkbox", "data-value": value_class(option, value)}
                labels.append(label)
            legend = element(html_text, "legend", nodes.Text(fact_label(option)))
            yield element(html_block, "fieldset", legend, *labels)
