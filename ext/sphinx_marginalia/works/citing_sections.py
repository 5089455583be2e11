"""The sections of one document that cite, recorded when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.citations import is_citation
from sphinx_marginalia.core.excerpt import title_excerpt
from sphinx_marginalia.core.nodes import HIDING, ancestors, conditions_of, find, hold
from sphinx_marginalia.core.stages import ReadStage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment
    from sphinx.util.tags import Tags

#: Where the citations in footnotes wait, while a document is read, for its headings to be complete.
FOOTNOTE_CITATIONS = "marginalia-footnote-citations"


class Citing(NamedTuple):
    """A section that cites a work."""

    #: The key of the work, with the prefix that its bibliography gives to keys.
    key: str
    #: The id of the section; empty if the page cites above its first heading.
    node_id: str
    #: The title, as in a table of contents; empty for a page without headings.
    title: tuple[nodes.Node, ...]
    #: Whether it is the page itself: above the first heading, or directly below it.
    is_page: bool
    #: The conditions of the ``only`` directives around the citation.
    only: tuple[str, ...]

    def is_shown(self, tags: Tags) -> bool:
        """Return whether a build with *tags* shows the citation."""
        return hold(self.only, tags)


class RecordFootnoteCitations(SphinxTransform):
    """Record what ``footcite`` cites, and where. It leaves the document as it is.

    That role makes footnotes at once. When the document is complete these may have other names, or
    be sidenotes, and nothing tells them from what an author wrote.
    """

    default_priority = ReadStage.FOOTNOTE_CITATIONS

    def apply(self, **kwargs: Any) -> None:
        """Record each reference to a footnote that cites."""
        names: dict[str, str] = self.env.current_document.get("bibtex_footcite_names") or {}
        keys = {name: key for key, name in names.items()}
        self.env.current_document[FOOTNOTE_CITATIONS] = [
            (keys[reference["refname"]], reference.parent)
            for reference in self.document.autofootnote_refs
            if reference.get("refname") in keys and reference.parent is not None
        ]


def citing_sections(env: BuildEnvironment, document: nodes.document) -> list[Citing]:
    """Return the sections of *document* that cite, in reading order, each once for a work."""
    if not cites(env):
        return []
    sections = find(document, nodes.section)
    citations = list(env.current_document.get(FOOTNOTE_CITATIONS) or ())
    for xref in find(document, addnodes.pending_xref):
        citations += [(key, xref) for key in _keys(xref)]
    # The page comes before its first section.
    order = {id(None): 0} | {id(section): n for n, section in enumerate(sections, start=1)}
    cited = {
        (order[id(section)], key, only): None
        for key, citation in citations
        for section, only in _sections_of(citation)
    }
    titles = {n: _title(n, sections, document) for n, _key, _only in cited}
    # Stable: the works of one section stay in the order they are cited in.
    return [Citing(key, *titles[n], only) for n, key, only in sorted(cited, key=lambda one: one[0])]


def cites(env: BuildEnvironment) -> bool:
    """Return whether the document that has just been read has citations.

    To look at the last one that sphinxcontrib-bibtex noted is much faster than a walk.
    """
    current = env.current_document
    if current.get(FOOTNOTE_CITATIONS):
        return True
    noted = getattr(env.domains.get("cite"), "data", {}).get("citation_refs", [])
    return bool(noted) and noted[-1].docname == current.docname


def _keys(xref: addnodes.pending_xref) -> list[str]:
    """Return the keys that a citation shows; ``cite:empty`` shows none."""
    if not is_citation(xref) or xref["reftype"] == "empty":
        return []
    # Imported here because the package is there only if somebody cites.
    from sphinxcontrib.bibtex.citation_target import parse_citation_targets  # noqa: PLC0415

    return [target.key for target in parse_citation_targets(xref["reftarget"])]


def _sections_of(citation: nodes.Element) -> Iterator[tuple[nodes.section | None, tuple[str, ...]]]:
    """Yield the sections that *citation* is read in, with the conditions for that.

    A footnote is read wherever its number is. A block that may be left out of the book is read
    nowhere. Above the first heading there is no section.
    """
    waiting: list[tuple[nodes.Node, frozenset[str]]] = [(citation, frozenset())]
    seen: set[int] = set()
    for node, only in waiting:
        around = list(ancestors(node))
        if any(block.tagname in HIDING for block in around):
            continue
        only |= set(conditions_of(node))
        # The footnote around it, if something refers to that.
        footnotes = (one for one in around if isinstance(one, nodes.footnote) and one["backrefs"])
        note = next(footnotes, None)
        if note is None:
            section = next((one for one in around if isinstance(one, nodes.section)), None)
            yield section, tuple(sorted(only))
        elif id(note) not in seen:
            seen.add(id(note))
            ids = around[-1].ids if isinstance(around[-1], nodes.document) else {}
            waiting += [(ids[number], only) for number in note["backrefs"] if number in ids]


def _title(
    number: int, sections: list[nodes.section], document: nodes.document
) -> tuple[str, tuple[nodes.Node, ...], bool]:
    """Return id and title of the section with that *number*, and whether it is the page."""
    if not sections:
        return "", (), True
    section = sections[max(number - 1, 0)]
    is_page = number == 0 or (number == 1 and section.parent is document)
    title = section.next_node(nodes.title)
    words = title_excerpt(title, document) if title is not None else ()
    return "" if number == 0 else section["ids"][0], tuple(words), is_page
