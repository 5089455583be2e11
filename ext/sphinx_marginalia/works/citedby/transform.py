"""What a bibliography shows of the sections that cite its works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.works.citedby.domain import CitedByDomain
from sphinx_marginalia.works.citedby.mentions import told_apart
from sphinx_marginalia.works.options import CITED_BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.works.citedby.citations import Citing

#: What an entry is: in a bibliography with labels, and in one that is a list.
ENTRIES = (nodes.citation, nodes.list_item)
CLASS = "marginalia-cited-by"


class ShowCitedBy(SphinxPostTransform):
    """Name under each work of a bibliography the sections that cite it.

    Before::

        <citation ids="ref-deep">
            <label>
                Ada and Bell 2020
            <paragraph>
                Alice Ada and Bob Bell. A Deep Look.

    After::

        <citation ids="ref-deep">
            <label>
                Ada and Bell 2020
            <paragraph>
                Alice Ada and Bob Bell. A Deep Look.
            <paragraph classes="marginalia-cited-by">
                Cited in:
                <reference>
                    What a probe shows
    """

    # After sphinxcontrib-bibtex has made the entries (5), before references are resolved (10).
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Go through the entries of this document."""
        domain = cast("CitedByDomain", self.env.domains[CitedByDomain.name])
        if not CITED_BY.value(self.config):
            return
        docname = self.env.current_document.docname
        if not domain.may_show(docname):
            return
        for entry, key in self._entries(domain):
            if key in domain.places:
                added = told_apart(domain.mentions(key))
                line = _cited_in(entry["docname"], domain.places[key], added)
                _append(entry, line)
                if line.next_node(nodes.math):
                    # For MathJax, which Sphinx loads where formulas are.
                    self.env.domains.math_domain.data["has_equations"][docname] = True

    def _entries(self, domain: CitedByDomain) -> Iterator[tuple[nodes.Element, str]]:
        """Yield the entries of bibliographies, each with the key of its work."""
        for entry in find(self.document, *ENTRIES):
            # An entry knows its document, also where a PDF puts many documents into one.
            works = domain.entries.get(entry.get("docname", ""), {})
            for id_ in entry["ids"]:
                if id_ in works:
                    yield entry, works[id_]


def _append(entry: nodes.Element, line: nodes.paragraph) -> None:
    """Put *line* at the end of *entry*.

    sphinxcontrib-bibtex keeps its nodes: in the second of two PDFs an entry has the line of the
    first, whose links lead into that.
    """
    for child in list(entry.children):
        if isinstance(child, nodes.paragraph) and CLASS in child["classes"]:
            entry.remove(child)
    entry += line


def _cited_in(docname: str, places: list[tuple[str, Citing]], added: list[str]) -> nodes.paragraph:
    """Return the line under an entry in *docname*; *added* tells equal titles apart."""
    # Not for translators: it is made of titles, which they have elsewhere.
    line = nodes.paragraph(classes=[CLASS], translatable=False)
    line += nodes.Text(_("Cited in:"))
    for n, ((page, citing), more) in enumerate(zip(places, added, strict=True)):
        # A title may hold commas.
        line += nodes.Text("; " if n else " ")
        line += _link(docname, page, citing, more)
    return line


def _link(docname: str, page: str, citing: Citing, more: str) -> addnodes.pending_xref:
    """Return a reference to a section, which the domain resolves for each builder."""
    words = nodes.inline("", "", *(node.deepcopy() for node in citing.title))
    if not words.children:
        words += nodes.Text(page)
    if more:
        words += nodes.Text(f" ({more})")
    return addnodes.pending_xref(
        "",
        words,
        refdomain=CitedByDomain.name,
        reftype="section",
        reftarget=citing.node_id,
        refdoc=docname,
        refexplicit=True,
        todoc=page,
        is_page=citing.is_page,
    )
