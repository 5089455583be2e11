"""Where the citations of a document stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from docutils.transforms.references import Footnotes
from sphinx import addnodes
from sphinx.transforms import SphinxContentsFilter, SphinxTransform

from sphinx_marginalia.core.nodes import HIDING, ancestors, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

#: Where the citations in footnotes wait, while a document is read, for its headings to be complete.
FOOTCITES = "marginalia-footcites"


class Citing(NamedTuple):
    """A section that cites a work."""

    #: The key of the work, with the prefix that its bibliography gives to keys.
    key: str
    #: The id of the section; empty where the page cites above its first heading.
    node_id: str
    #: The title, as in a table of contents; empty for a page without headings.
    title: tuple[nodes.Node, ...]
    #: Whether it is the page itself: above the first heading, or directly below it.
    is_page: bool
    #: The conditions of the ``only`` directives that the citation stands in.
    only: tuple[str, ...]


class NoteFootcites(SphinxTransform):
    """Note what ``footcite`` cites, and where.

    It makes footnotes at once. When the document is complete these may have other names, or be
    sidenotes, and nothing tells them from what an author wrote.
    """

    # Before docutils numbers footnotes, and before sidenotes are made of them (that + 1).
    default_priority = Footnotes.default_priority - 2

    def apply(self, **kwargs: Any) -> None:
        """Note each reference to a footnote that cites."""
        names: dict[str, str] = self.env.current_document.get("bibtex_footcite_names") or {}
        keys = {name: key for key, name in names.items()}
        self.env.current_document[FOOTCITES] = [
            (keys[reference["refname"]], reference.parent)
            for reference in self.document.autofootnote_refs
            if reference.get("refname") in keys and reference.parent is not None
        ]


def citing_sections(env: BuildEnvironment, document: nodes.document) -> list[Citing]:
    """Return the sections of *document* that cite, in reading order, each once for a work."""
    if not _cites(env):
        return []
    sections = find(document, nodes.section)
    citations: list[tuple[str, nodes.Element]] = list(env.current_document.get(FOOTCITES) or ())
    for xref in find(document, addnodes.pending_xref):
        citations += [(key, xref) for key in _keys(xref)]
    # The page comes before its first section.
    order = {id(None): 0} | {id(section): n for n, section in enumerate(sections, start=1)}
    found = {
        (order[id(section)], key, only): None
        for key, citation in citations
        for section, only in _standing(citation)
    }
    places = {n: _place(n, sections, document) for n, _, _ in found}
    # Stable: the works of one section stay in the order they are cited in.
    return [
        Citing(key, *places[n], only) for n, key, only in sorted(found, key=lambda found: found[0])
    ]


def _cites(env: BuildEnvironment) -> bool:
    """Return whether the document that has just been read has citations.

    To look at the last one that sphinxcontrib-bibtex noted is much faster than a walk.
    """
    current = env.current_document
    if current.get(FOOTCITES):
        return True
    noted = env.domains["cite"].data["citation_refs"] if "cite" in env.domains else []
    return bool(noted) and noted[-1].docname == current.docname


def _keys(xref: addnodes.pending_xref) -> list[str]:
    """Return the keys that a citation shows; ``cite:empty`` shows none."""
    if xref.get("refdomain") != "cite" or xref["reftype"] == "empty":
        return []
    # Imported here because the package is there only where somebody cites.
    from sphinxcontrib.bibtex.citation_target import parse_citation_targets  # noqa: PLC0415

    return [target.key for target in parse_citation_targets(xref["reftarget"])]


def _standing(citation: nodes.Element) -> Iterator[tuple[nodes.section | None, tuple[str, ...]]]:
    """Yield the sections that *citation* is read in, with the conditions for that.

    One in a footnote is read wherever the footnote's number stands. One in a block that may be left
    out of the book is read nowhere. Above the first heading there is no section.
    """
    waiting: list[tuple[nodes.Node, frozenset[str]]] = [(citation, frozenset())]
    seen: set[int] = set()
    for node, only in waiting:
        around = list(ancestors(node))
        if any(block.tagname in HIDING for block in around):
            continue
        only |= {block["expr"] for block in around if isinstance(block, addnodes.only)}
        note = next((block for block in around if _has_number(block)), None)
        if note is None:
            section = next((block for block in around if isinstance(block, nodes.section)), None)
            yield section, tuple(sorted(only))
        elif id(note) not in seen:
            seen.add(id(note))
            ids = around[-1].ids if isinstance(around[-1], nodes.document) else {}
            waiting += [(ids[number], only) for number in note["backrefs"] if number in ids]


def _has_number(block: nodes.Element) -> bool:
    """Return whether *block* is a footnote that something refers to."""
    return isinstance(block, nodes.footnote) and bool(block["backrefs"])


def _place(
    number: int, sections: list[nodes.section], document: nodes.document
) -> tuple[str, tuple[nodes.Node, ...], bool]:
    """Return id and title of the section with that *number*, and whether it is the page."""
    if not sections:
        return "", (), True
    section = sections[max(number - 1, 0)]
    is_page = number == 0 or (number == 1 and section.parent is document)
    return "" if number == 0 else section["ids"][0], _title(section, document), is_page


def _title(section: nodes.section, document: nodes.document) -> tuple[nodes.Node, ...]:
    """Return the words of the heading, without notes and links."""
    title = section.next_node(nodes.title)
    if title is None:
        return ()
    visitor = SphinxContentsFilter(document)
    title.walkabout(visitor)
    return tuple(visitor.get_entry_text())
