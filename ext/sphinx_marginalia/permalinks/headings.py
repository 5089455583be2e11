"""The headings of a document, with the labels that their author gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.citations import is_citation
from sphinx_marginalia.core.nodes import CITABLE, find
from sphinx_marginalia.permalinks.names import DEPTH, Heading, is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Nodes in a title that are not part of its text.
NOT_TEXT = (nodes.footnote_reference, nodes.citation_reference, nodes.system_message)


def sections(document: nodes.document, docname: str) -> list[Heading]:
    """Return the headings of *document*, in order; their source is the file they are written in.

    Their ids are those that an author gave them, without those made from their titles.
    """
    result: list[Heading] = []
    reserved, repeated = _reserved(document), _repeated(document)
    for section, level in _sections(document, 1):
        explicit = {
            document.nameids.get(name) for name in section["names"] if document.nametypes.get(name)
        }
        ids = [repeated.get(node_id, node_id) for node_id in section["ids"]]
        names = tuple(name for name in ids if name in explicit or name in repeated.values())
        title = section[0]
        source = section.source or title.source or document["source"]
        line = section.line or title.line or 0
        first = next(iter(names), "")
        written = _written(document, section, first)
        slug = next((node_id for node_id in section["ids"] if node_id not in names), "")
        pieces = title_parts(title)
        text, parts = "".join(pieces), pieces if len(pieces) > 1 else ()
        heading = Heading(
            first, names, docname, text, level, source, line, written,
            () if result else reserved, slug, parts, next(iter(section["ids"]), ""),
        )  # fmt: skip
        result.append(heading)
    return result


def _repeated(document: nodes.document) -> dict[str, str]:
    """Return the labels that are in *document* twice, by the ids that docutils has made of them.

    It takes such a label from both places, and numbers the second id.
    """
    return {
        target["refid"]: nodes.make_id(name)
        for target in find(document, nodes.target)
        for name in target["dupnames"]
        if "refid" in target and document.nametypes.get(name) and not document.nameids.get(name)
    }


def _reserved(document: nodes.document) -> tuple[str, ...]:
    """Return the names and ids that links and blocks in *document* have, as anchors may be."""
    own = {node_id for section, _ in _sections(document, 1) for node_id in section["ids"]}
    explicit = {name for name, is_explicit in document.nametypes.items() if is_explicit}
    names = {name for name in explicit if document.nameids.get(name) not in own}
    return tuple(sorted(filter(is_name, names | (document.ids.keys() - own))))


def blocks(document: nodes.document, docname: str) -> Iterator[Heading]:
    """Yield the blocks that another feature has marked as citable."""
    for block in [element for element in find(document, nodes.Element) if CITABLE in element]:
        name, source = next(iter(block["ids"]), ""), block.source or document["source"]
        line = block.line or 0
        title = block[CITABLE]
        yield Heading(name, (name,), docname, title, DEPTH, source, line, first_id=name)


def title_parts(title: nodes.Node) -> tuple[str, ...]:
    """Return the text of a title, cut at its formulas: text and the TeX of a formula in turn.

    Citations, footnotes and messages are left out.
    """
    parts = [""]
    for is_formula, text in _title_texts(title):
        if is_formula:
            parts += [text, ""]
        else:
            parts[-1] += text
    return tuple(parts)


def _title_texts(node: nodes.Node) -> Iterator[tuple[bool, str]]:
    """Yield the texts in a title, and whether each is a formula."""
    if isinstance(node, nodes.Element):
        if isinstance(node, NOT_TEXT) or is_citation(node):
            return
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.math):
            for child in node.children:
                yield from _title_texts(child)
            return
    yield isinstance(node, nodes.math), node.astext()


def _sections(parent: nodes.Element, level: int) -> Iterator[tuple[nodes.section, int]]:
    """Yield the sections within *parent* with their levels; those within blocks are no headings."""
    for child in parent.children:
        if isinstance(child, nodes.section):
            yield child, level
            yield from _sections(child, level + 1)
        elif isinstance(child, addnodes.only):
            yield from _sections(child, level)


def _written(document: nodes.document, section: nodes.Element, name: str) -> str:
    """Return the label of which docutils made the id *name*; empty where they are the same."""
    labels = [label for label in section["names"] if document.nameids.get(label) == name]
    return "" if name in labels else str(next(iter(labels), ""))
