"""Claims in HTML and EPUB, and the means to narrow a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import (
    aside_block,
    element,
    find,
    html_block,
    html_inline,
    html_text,
)
from sphinx_marginalia.ledger.matrix import MATRIX
from sphinx_marginalia.ledger.nodes import claim_facts
from sphinx_marginalia.ledger.table import TABLE, row_class
from sphinx_marginalia.ledger.vocabulary import CHOICES, VERDICTS
from sphinx_marginalia.ledger.words import WORDS, fact, signed_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.nodes import HtmlElement


class LayOutClaims(SphinxPostTransform):
    """Make of the facts of a claim a list whose parts can stand side by side."""

    # Behind the notes (150), which ask what kind of block they stand in.
    default_priority = 160
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every claim of the page."""
        for facts in find(self.document, claim_facts):
            facts.parent.replace(facts, _facts(facts))


def _facts(facts: claim_facts) -> html_block:
    """Return the facts with each name and what it names in a group of their own.

    HTML allows a ``<div>`` around them (WHATWG, the ``dl`` element) for just this.
    """
    groups = []
    for field in find(facts, nodes.field):
        name, body = cast("list[nodes.Element]", field.children)
        children = [child for block in body for child in block.children]
        term = element(html_text, "dt", *name.children)
        told = element(html_text, "dd", *children)
        groups.append(element(html_block, "div", term, told, classes=field["classes"]))
    # Themes give every list that has a class of its own the look of an API description.
    return element(html_block, "div", element(html_block, "dl", *groups), classes=facts["classes"])


class LayOutTables(SphinxPostTransform):
    """Leave the widths of columns to the style sheet, and say what the signs of a matrix mean.

    Where a site forbids styles in its pages (a Content Security Policy), a width in the table would
    not hold. The signs stand alone on a phone, where their words have no room.
    """

    default_priority = 160
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every table of claims."""
        for table in find(self.document, nodes.table):
            if not {TABLE, MATRIX}.isdisjoint(table["classes"]):
                table["classes"].remove("colwidths-given")
            if MATRIX in table["classes"]:
                signs = " · ".join(signed_verdict(name) for name in VERDICTS)
                # Nothing new to those who hear the page: there the words are in the table.
                legend = element(html_text, "p", nodes.Text(signs), aria_hidden="true")
                legend["classes"] = ["marginalia-legend"]
                table.replace_self([table, element(aside_block, "div", legend)])


class AddFilters(SphinxPostTransform):
    """Put above each table of claims what a reader can narrow it by.

    It is hidden, and without the parts that one types in and ticks: the script adds them and shows
    it, so a page without scripts has nothing on it that does not work.
    """

    default_priority = 161
    # Not in an EPUB.
    builders = ("html", "dirhtml", "singlehtml")

    def run(self, **kwargs: Any) -> None:
        """Put a form above each table that is worth it."""
        for table in find(self.document, nodes.table):
            rows = [row for body in find(table, nodes.tbody) for row in find(body, nodes.row)]
            if TABLE in table["classes"] and len(rows) > 1:
                ledger = element(html_block, "div", classes=["marginalia-ledger"])
                table.replace_self(ledger)
                ledger += [_form(rows), table]


def _form(rows: list[nodes.row]) -> HtmlElement:
    found = {name for row in rows for name in row["classes"]}
    search = element(html_inline, "label", nodes.Text(_("Search")), data_type="search")
    count = element(html_text, "p", role="status", data_words=_("{shown} of {all} claims"))
    return element(
        aside_block,
        "form",
        search,
        *_choices(found),
        count,
        classes=["marginalia-filters"],
        hidden="hidden",
    )


def _choices(found: set[str]) -> Iterator[HtmlElement]:
    """Yield the values among which a reader can choose, by option."""
    for option, values in CHOICES.items():
        here = [value for value in values if row_class(option, value) in found]
        if len(here) > 1:
            labels = [
                element(
                    html_inline,
                    "label",
                    nodes.Text(WORDS[option](value)),
                    data_type="checkbox",
                    data_value=row_class(option, value),
                )
                for value in here
            ]
            legend = element(html_text, "legend", nodes.Text(fact(option)))
            yield element(html_block, "fieldset", legend, *labels)
