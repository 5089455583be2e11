"""How difficult an article is, and how long it takes to read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_marginalia.articles.nodes import article_header
from sphinx_marginalia.core import _
from sphinx_marginalia.core.nodes import StaysInPlace

if TYPE_CHECKING:
    from sphinx_marginalia.articles.frontmatter import Article

#: Not text to read: front matter, the header, numbers of notes, and what is for one builder only.
UNREAD = (
    article_header,
    nodes.docinfo,
    nodes.field_list,
    nodes.footnote_reference,
    nodes.label,
    nodes.Invisible,
    nodes.raw,
)


def with_amounts(article: Article, document: nodes.document) -> Article:
    """Return *article* with how much there is to read in its *document*."""
    words = note_words = code_lines = 0
    waiting: list[tuple[nodes.Node, bool]] = [(child, False) for child in document.children]
    while waiting:
        node, in_note = waiting.pop()
        if isinstance(node, nodes.Text):
            count = len(node.astext().split())
            words, note_words = words + count * (not in_note), note_words + count * in_note
        elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            code_lines += len(node.astext().splitlines())
        elif not isinstance(node, UNREAD):
            is_note = in_note or isinstance(node, (nodes.footnote, StaysInPlace))
            waiting += [(child, is_note) for child in node.children]
    return article._replace(words=words, note_words=note_words, code_lines=code_lines)


def minutes(words: int, speed: int) -> int:
    """Return the minutes for so many words at *speed* words a minute, at least one."""
    return max(1, math.ceil(words / speed))


def difficulty(name: str) -> str:
    """Return a difficulty in the reader's language."""
    return {
        "beginner": _("beginner"),
        "intermediate": _("intermediate"),
        "advanced": _("advanced"),
    }.get(name, name)


def reading_time(article: Article, speed: int) -> list[str]:
    """Return how long an article takes to read, with notes and code counted separately."""
    parts = [_("{minutes} min read").format(minutes=minutes(article.words, speed))]
    if article.note_words:
        parts.append(_("{minutes} min of notes").format(minutes=minutes(article.note_words, speed)))
    if article.code_lines == 1:
        parts.append(_("1 line of code"))
    elif article.code_lines:
        parts.append(_("{lines} lines of code").format(lines=article.code_lines))
    return parts
