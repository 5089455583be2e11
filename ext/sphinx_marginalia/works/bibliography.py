"""The sections that cite a work, under its entry in the bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.works.cited_by import CitedByDomain
from sphinx_marginalia.works.mentions import additions
from sphinx_marginalia.works.options import CITED_BY

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASS = "marginalia-cited-by"
#: What an entry is: in a bibliography with labels, and in one that is a list.
ENTRIES = (nodes.citation, nodes.list_item)


class ListCitingSections(SphinxPostTransform):
    """List under each work of a bibliography the sections that cite it.

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
                <pending_xref reftarget="what-a-probe-shows">
                    What a probe shows
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        """Add a line to each entry of this document."""
        domain = domain_of(self.env, CitedByDomain)
        docname = self.env.current_document.docname
        if not CITED_BY.value(self.config) or not domain.may_show(docname, "bibliographies"):
            return
        for entry, key in self._entries(domain):
            if key in domain.sections:
                line = _line(domain, key, entry["docname"])
                _append(entry, line)
                if line.next_node(nodes.math):
                    # For MathJax, which Sphinx loads on pages with formulas.
                    self.env.domains.math_domain.data["has_equations"][docname] = True

    def _entries(self, domain: CitedByDomain) -> Iterator[tuple[nodes.Element, str]]:
        """Yield the entries of bibliographies, each with the key of its work."""
        for entry in find(self.document, *ENTRIES):
            # An entry knows its document, also if a PDF puts many documents into one.
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


def _line(domain: CitedByDomain, key: str, here: str) -> nodes.paragraph:
    """Return the line under the entry of the work *key* in the document *here*."""
    # Not for translators: it consists of titles, which they have elsewhere.
    line = nodes.paragraph("", _("Cited in:"), classes=[CLASS], translatable=False)
    separator = " "
    sections, added = domain.sections[key], additions(domain.mentions(key))
    for (docname, citing), addition in zip(sections, added, strict=True):
        title = [node.deepcopy() for node in citing.title] or [nodes.Text(docname)]
        if addition:
            title.append(nodes.Text(f" ({addition})"))
        link = domain.reference(docname, citing.node_id, title, here)
        link["is_page"] = citing.is_page
        line += [nodes.Text(separator), link]
        separator = "; "  # A title may contain commas.
    return line
