"""How long an article takes to read."""

from __future__ import annotations

import math
from typing import NamedTuple

from docutils import nodes

from sphinx_marginalia.articles.nodes import article_header
from sphinx_marginalia.core.nodes import StaysInPlace

#: What is no text to read: front matter, the article's own header, numbers of notes, what is for
#: one builder only.
UNREAD = (
    article_header,
    nodes.docinfo,
    nodes.field_list,
    nodes.footnote_reference,
    nodes.label,
    nodes.Invisible,
    nodes.raw,
)


class Amounts(NamedTuple):
    """What there is to read."""

    #: Words of the text, without notes and code.
    words: int
    note_words: int
    code_lines: int


def amounts(document: nodes.document) -> Amounts:
    """Return what there is to read in *document*."""
    words = notes = code = 0
    waiting: list[tuple[nodes.Node, bool]] = [(child, False) for child in document.children]
    while waiting:
        node, noted = waiting.pop()
        if isinstance(node, nodes.Text):
            count = len(node.astext().split())
            words, notes = (words, notes + count) if noted else (words + count, notes)
        elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            code += len(node.astext().splitlines())
        elif not isinstance(node, UNREAD):
            inside = noted or isinstance(node, (nodes.footnote, StaysInPlace))
            waiting += [(child, inside) for child in node.children]
    return Amounts(words, notes, code)


def minutes(words: int, speed: int) -> int:
    """Return the minutes for so many words at *speed* words a minute, at least one."""
    return max(1, math.ceil(words / speed))
