"""Content of one page that is shown on another: without notes, and with links that still work.

A definition that a list repeats, a claim in a table of claims: the words are the same, the numbers
of notes and equations belong to the place where they were written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxContentsFilter
from sphinx.util import docname_join

from sphinx_marginalia.core.citations import citation_words, is_citation
from sphinx_marginalia.core.nodes import StaysInPlace, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sphinx_marginalia.core.index import IndexDomain

#: What is not repeated.
LEFT_OUT = (StaysInPlace, nodes.footnote, nodes.footnote_reference, nodes.system_message)


def excerpt(body: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return a copy of *body* without notes, ids and numbers."""
    copies = [node.deepcopy() for node in body if not isinstance(node, LEFT_OUT)]
    for block in copies:
        for left_out in [node for node in block.findall() if isinstance(node, LEFT_OUT)]:
            left_out.parent.remove(left_out)
        for node in block.findall():
            # A copy that refers to its document would take all of it along into the environment.
            node.document = None  # type: ignore[assignment]  # docutils accepts it
            if isinstance(node, nodes.Element):
                node["ids"] = []
                node["names"] = []
            if isinstance(node, nodes.math_block):
                node["number"] = node["label"] = None
    return copies


def title_excerpt(title: nodes.Element, document: nodes.document) -> list[nodes.Node]:
    """Return a copy of the content of *title*, without notes and links: it will be part of a link.

    A citation in it becomes words when a page that shows it is written.
    """
    copy = title.deepcopy()
    for message in find(copy, nodes.system_message):
        message.parent.remove(message)
    for citation in filter(is_citation, find(copy, addnodes.pending_xref)):
        citation.parent.replace(citation, citation_words(citation))
    visitor = SphinxContentsFilter(document)
    copy.walkabout(visitor)
    return list(visitor.get_entry_text())


def plain_text(body: Sequence[nodes.Node]) -> str:
    """Return an excerpt as plain text on one line, without citations."""
    return " ".join(" ".join(map(_without_citations, body)).split())


def _without_citations(block: nodes.Node) -> str:
    if any(map(is_citation, find(block, addnodes.pending_xref))):
        block = block.deepcopy()
        for citation in filter(is_citation, find(block, addnodes.pending_xref)):
            _remove_with_space(citation)
    return block.astext()


def _remove_with_space(citation: nodes.Element) -> None:
    """Remove a citation and the space before it."""
    parent, index = citation.parent, citation.parent.index(citation)
    before = parent[index - 1] if index else None
    if isinstance(before, nodes.Text):
        parent.replace(before, nodes.Text(before.rstrip()))
    parent.remove(citation)


def relocated(
    body: Iterable[nodes.Node], docname: str, domain: IndexDomain[Any], here: str
) -> list[nodes.Node]:
    """Return a copy of *body* whose links lead to the same places from another document.

    :param docname: the document that *body* was written in
    :param domain: resolves the links that stay within *docname*
    :param here: the document that the copy is shown in
    """
    copies = [node.deepcopy() for node in body]
    for block in copies:
        for xref in find(block, addnodes.pending_xref):
            if xref.get("reftype") in {"doc", "download"}:
                xref["reftarget"] = "/" + docname_join(docname, xref["reftarget"])
            xref["refdoc"] = here
        for link in find(block, nodes.reference):
            if "refid" in link or link.get("refuri", "").startswith("#"):
                target = link.get("refid") or link["refuri"][1:]
                link.parent.replace(link, domain.reference(docname, target, link.children, here))
    return copies
