"""What a preview shows of each place in a document that a link can lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.links import is_allowed
from sphinx_marginalia.core.nodes import (
    HIDING,
    HtmlElement,
    StaysInPlace,
    ancestors,
    find,
    html_text,
    is_foldable,
    tag_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: The class of what names the place: the title of a section, a term.
TITLE = "marginalia-preview-title"
#: The rows of a table that a preview shows.
ROWS = 6
#: What belongs to the place where it was written: notes and their numbers, controls, entries of an
#: index. Raw HTML may hold scripts.
LEFT_OUT = (
    nodes.Invisible,
    nodes.raw,
    nodes.footnote,
    nodes.footnote_reference,
    nodes.system_message,
    nodes.target,
    nodes.label,
    addnodes.index,
    StaysInPlace,
)
#: What paragraphs are in that say nothing about the section they are in.
ENTRIES = (
    nodes.citation,
    nodes.definition,
    nodes.footnote,
    nodes.figure,
    nodes.table,
    addnodes.desc,
)
#: The most names before the title of a work, with more of which nobody would see it.
NAMES = 8
BLOCKS = (HtmlElement, nodes.paragraph)
FORMULAS = (nodes.math, nodes.math_block)
#: What a text is cut between.
PARTS: tuple[type[Any], ...] = (nodes.Text, *FORMULAS)
#: The roles of an HTML element that is a note, and those of what leads to it and back.
NOTES = frozenset(("doc-footnote", "note"))
NOTE_LINKS = frozenset(("doc-noteref", "doc-backlink"))


def excerpts(document: nodes.document, length: int) -> dict[str, list[nodes.Node]]:
    """Return what to show of each id of *document*, and of the page as a whole under ``""``.

    The nodes are copies. Ids of one place share one list.

    :param document: with its references resolved and its blocks laid out for HTML
    :param length: the most characters of text in each
    """
    by_id: dict[str, list[nodes.Node]] = {}
    for node in find(document, nodes.Element):
        ids = node["ids"]
        of_page = isinstance(node, nodes.section) and "" not in by_id
        if not (ids or of_page) or any(name in by_id for name in ids) or _is_hidden(node):
            continue
        show = next((show for kinds, show in KINDS if isinstance(node, kinds)), None)
        content = shortened(list(show(node)), length) if show else []
        if content:
            names = [*([""] if of_page else []), *ids]
            by_id |= dict.fromkeys(names, content)
    return by_id


def _is_hidden(node: nodes.Element) -> bool:
    return any(around.tagname in HIDING for around in (node, *ancestors(node)))


# Kinds of places


def _section(section: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the title of a section and its first paragraph."""
    for title in section.children[:1]:
        if isinstance(title, nodes.title):
            yield _title(title)
    own = [child for child in section.children if not isinstance(child, nodes.section)]
    # The first that stands by itself, or the first in a list or a block.
    within = [one for child in own for one in find(child, nodes.paragraph) if _is_text(one, child)]
    direct = [child for child in within if child.parent is section]
    yield from _copies([*direct, *within][:1])


def _is_text(paragraph: nodes.Element, block: nodes.Node) -> bool:
    """Return whether a paragraph in *block* is text of a section, not one of many entries."""
    if type(paragraph) is not nodes.paragraph:
        return False
    around = [paragraph, *ancestors(paragraph)]
    around = around[: around.index(block) + 1] if block in around else around
    # A claim must not be shown without its verdict, nor one entry of many for all.
    return not any(
        isinstance(one, ENTRIES) or _is_note(one) or _is_folded(one) for one in around
    ) and not any(one["ids"] for one in around[1:])


def _figure(figure: nodes.Element) -> Iterator[nodes.Node]:
    """Yield a figure without its legend."""
    copy = _copy(figure)
    for legend in find(copy, nodes.legend):
        legend.parent.remove(legend)
    yield copy


def _table(table: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the first rows of a table, with its caption."""
    copy = _copy(table)
    for body in find(copy, nodes.tbody):
        del body[ROWS:]
    yield copy


def _whole(block: nodes.Element) -> Iterator[nodes.Node]:
    """Yield an equation, a picture or code."""
    yield _copy(block)


def _captioned_code(container: nodes.Element) -> Iterator[nodes.Node]:
    """Yield code with its caption."""
    if "literal-block-wrapper" in container["classes"]:
        yield _copy(container)


def _term(term: nodes.Element) -> Iterator[nodes.Node]:
    """Yield a term and its definition."""
    yield _title(term)
    for definition in find(term.parent, nodes.definition):
        yield from _copies(definition.children)


def _signature(signature: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the name of an object of a programming interface, and the first paragraph about it."""
    yield nodes.paragraph("", "", nodes.literal("", signature.astext().strip()), classes=[TITLE])
    paragraphs = [one for one in find(signature.parent, nodes.paragraph) if not _is_note(one)]
    yield from _copies(paragraphs[:1])


def _entry(entry: nodes.Element) -> Iterator[nodes.Node]:
    """Yield what a bibliography says of a work, without the sections that cite it."""
    for paragraph in _copies(find(entry, nodes.paragraph)[:1]):
        for first in find(paragraph, nodes.Text)[:1]:
            names = str(first).split(", ")
            if len(names) > NAMES:
                fewer = ", ".join([*names[: NAMES - 2], "…", names[-1]])
                first.parent.replace(first, nodes.Text(fewer))
        yield paragraph


def _footnote(note: nodes.Element) -> Iterator[nodes.Node]:
    """Yield the text of a footnote."""
    yield from _copies(note.children)


def _block(block: nodes.Element) -> Iterator[nodes.Node]:
    """Yield a block of a feature or an admonition, without what is folded; or a note."""
    if isinstance(block, nodes.Invisible) and not _is_note(block):
        return
    if isinstance(block, nodes.Inline):
        content = _copies(block.children) if _is_note(block) else []
        yield from [nodes.paragraph("", "", *content)] if content else []
        return
    for child in _copies(block.children):
        if isinstance(child, (nodes.title, html_text)) and tag_of(child) in {"", "summary"}:
            yield _title(child)
        elif not (is_foldable(block) or _is_folded(child)):
            yield child


def _is_folded(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and (tag_of(node) == "details" or is_foldable(node))


def _is_note(node: nodes.Node) -> bool:
    return _role(node) in NOTES


def _role(node: nodes.Node) -> str:
    """Return the ``role`` of an HTML element."""
    html: dict[str, str] = node.get("html", {}) if isinstance(node, nodes.Element) else {}
    return html.get("role", "")


#: How to show a node of each kind; the first that fits.
KINDS: tuple[tuple[tuple[type, ...], Callable[[nodes.Element], Iterator[nodes.Node]]], ...] = (
    ((nodes.section,), _section),
    ((nodes.figure,), _figure),
    ((nodes.table,), _table),
    ((nodes.math_block, nodes.literal_block, nodes.image), _whole),
    ((nodes.term,), _term),
    ((addnodes.desc_signature,), _signature),
    ((nodes.citation, nodes.list_item), _entry),
    ((nodes.footnote,), _footnote),
    ((nodes.Admonition, nodes.topic, HtmlElement), _block),
    ((nodes.container,), _captioned_code),
)


# Copies


def _title(title: nodes.Element) -> nodes.paragraph:
    return nodes.paragraph("", "", *_copies(title.children), classes=[TITLE])


def _copies(children: Sequence[nodes.Node]) -> list[nodes.Node]:
    return [_copy(child) for child in children if not _is_left_out(child)]


def _copy(node: nodes.Node) -> nodes.Node:
    """Return a copy without what belongs to the place, and without the look of blocks.

    A page that shows it may have no style sheet for them.
    """
    copy = node.deepcopy()
    for child in find(copy, nodes.Element):
        if child is not copy and _is_left_out(child):
            child.parent.remove(child)
        elif isinstance(child, BLOCKS) and not isinstance(child, nodes.inline):
            child["classes"] = []
        elif isinstance(child, nodes.reference) and not is_allowed(child.get("refuri", "")):
            child.replace_self(nodes.inline("", "", *child.children))
    return copy


def _is_left_out(node: nodes.Node) -> bool:
    return isinstance(node, LEFT_OUT) or _role(node) in NOTE_LINKS


def shortened(content: list[nodes.Node], length: int) -> list[nodes.Node]:
    """Return *content*, cut after a word and before *length* characters. Formulas are not cut."""
    frame = nodes.container("", *content)
    room = length
    for part in find(frame, *PARTS):
        if isinstance(part.parent, FORMULAS):
            continue
        size = len(part.astext())
        if room <= 0:
            _remove(part)
        elif size > room and isinstance(part, nodes.Text):
            words = str(part)[: room + 1].rpartition(" ")[0] or str(part)[:room]
            part.parent.replace(part, nodes.Text(f"{words.rstrip(' ,;:–—')}…"))
        room -= size
    children = list(frame.children)
    frame.clear()
    return children


def _remove(part: nodes.Node) -> None:
    """Remove *part*, and the elements around it that are empty then."""
    parent = part.parent
    parent.remove(part)
    if not parent.children and parent.parent is not None:
        _remove(parent)
