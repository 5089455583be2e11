"""What a reader can find in a document: its sections, and what it says of objects such as terms.

Text is collected when a document is read, so parallel builds and later builds have all of it. What
is not known before all documents are read, such as the title of a section that a reference shows,
is a placeholder until the records are written: see :func:`completed`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join

from sphinx_marginalia.core.citations import is_citation
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import HIDING, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: What has no words of its own: numbers of notes, comments, images, formulas set apart.
LEFT_OUT = (
    nodes.Invisible,
    nodes.raw,
    nodes.system_message,
    nodes.footnote_reference,
    nodes.label,
    nodes.math_block,
    nodes.image,
    addnodes.index,
    addnodes.toctree,
    addnodes.only,
)
#: What begins with names that have an id: terms, and objects such as functions.
OBJECTS = (nodes.definition_list_item, addnodes.desc)
#: A placeholder, between characters that no text has: a kind of reference and its target.
PLACEHOLDER = re.compile("\ue000([^\ue000-\ue002]*)\ue002([^\ue000-\ue002]*)\ue001")
#: References whose text is not known while a document is read, by domain and type.
UNKNOWN = {("std", "ref"), ("std", "numref"), ("std", "doc"), ("", "myst"), ("doc", "myst")}


class Passage(NamedTuple):
    """A section of a document, or what it says of an object."""

    #: The id in the page; empty for the page itself.
    node_id: str
    #: The title of a section; empty for an object, which has a name.
    title: str
    #: The titles of the sections around it within the page, outermost first.
    around: tuple[str, ...]
    text: str
    is_section: bool


class SearchDomain(IndexDomain[Passage]):
    """The passages of all documents."""

    name = "marginalia-search"
    label = "search"

    def collect(self, document: nodes.document) -> list[Passage]:
        """Return the passages of *document*."""
        docname = self.env.current_document.docname
        if "nosearch" in self.env.metadata[docname]:
            return []
        return [*sections(document), *objects(document)]


def sections(parent: nodes.Element, around: tuple[str, ...] = ()) -> Iterator[Passage]:
    """Yield the sections in *parent*, each with its own text, in reading order.

    The first is the page, whose address needs no id.
    """
    for number, section in enumerate(child for child in parent if isinstance(child, nodes.section)):
        title, own = "", []
        for child in section.children:
            if isinstance(child, nodes.title):
                title = plain([child])
            elif not isinstance(child, nodes.section):
                own.append(child)
        is_page = not around and number == 0
        node_id = "" if is_page else next(iter(section["ids"]), "")
        yield Passage(node_id, title, around, plain(own), is_section=True)
        yield from sections(section, (*around, title))


def objects(document: nodes.document) -> Iterator[Passage]:
    """Yield what *document* says of terms, and of objects of programming interfaces."""
    for block in find(document, *OBJECTS):
        for name in block.children:
            if isinstance(name, (nodes.term, addnodes.desc_signature)):
                rest = [child for child in block.children if not isinstance(child, type(name))]
                text = plain(rest)
                for node_id in name["ids"]:
                    yield Passage(node_id, "", (), text, is_section=False)


def plain(children: Sequence[nodes.Node]) -> str:
    """Return the words of *children* on one line, with placeholders for what is not known yet."""
    parts: list[str] = []
    for child in children:
        _collect(child, parts)
    return " ".join("".join(parts).split())


def _collect(node: nodes.Node, parts: list[str]) -> None:
    """Append the words of *node* to *parts*. Between two blocks is a space."""
    if isinstance(node, nodes.Text):
        parts.append(str(node))
    elif isinstance(node, LEFT_OUT) or getattr(node, "tagname", "") in HIDING:
        # A note in a heading stands for no space either.
        parts.append("" if isinstance(node, nodes.Inline) else " ")
    elif isinstance(node, addnodes.pending_xref) and _is_unknown(node):
        kind, target = node["reftype"], node["reftarget"]
        if is_citation(node):
            kind = f"cite:{kind}"
        elif kind == "doc":
            target = docname_join(node["refdoc"], target)
        elif node["refdomain"] == "doc":
            kind = "doc"  # of MyST, whose targets are names of documents
        parts.append(f"\ue000{kind}\ue002{target}\ue001")
    else:
        space = "" if isinstance(node, (nodes.Inline, addnodes.pending_xref)) else " "
        parts.append(space)
        for child in node.children:
            _collect(child, parts)
        parts.append(space)


def _is_unknown(reference: nodes.Element) -> bool:
    if is_citation(reference):
        return True
    kind = (reference.get("refdomain") or "", reference.get("reftype"))
    return kind in UNKNOWN and not reference.get("refexplicit")


def completed(text: str, words_of: Callable[[str, str], str]) -> str:
    """Return *text* with words for its placeholders.

    :param words_of: returns the words of a kind of reference and its target
    """
    if "\ue000" not in text:
        return text
    return PLACEHOLDER.sub(lambda match: words_of(*match.groups()), text)
