"""Pauses and key ideas in HTML and EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import (
    HtmlElement,
    element,
    find,
    html_inline,
    html_text,
    inline_decoration,
)
from sphinx_marginalia.pauses.nodes import (
    discussion,
    has_title,
    key_idea,
    pause_and_think,
    title_of,
)
from sphinx_marginalia.pauses.options import OPEN

if TYPE_CHECKING:
    from docutils import nodes


class LayOutPauses(SphinxPostTransform):
    """Make ``<details>`` of pauses and discussions, and ``<dfn>`` of the term of a key idea."""

    # Behind the notes (150), which ask what kind of block they stand in.
    default_priority = 160
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every block of the page."""
        opened = OPEN.value(self.config)
        for block in find(self.document, pause_and_think, discussion, key_idea):
            if isinstance(block, discussion):
                _lay_out_discussion(block)
            # What has none is done: a list of to-dos is laid out on its own, then with its page.
            elif has_title(block) and isinstance(block, pause_and_think):
                _dress(block, "marginalia-pause", opened=opened or block["open"])
                _swap(title_of(block), element(html_text, "summary"))
            elif has_title(block):
                _lay_out_idea(block)


def _lay_out_discussion(block: discussion) -> None:
    if isinstance(block[0], html_text):
        return  # It is done.
    stray = not isinstance(block.parent, pause_and_think)
    _dress(block, "marginalia-discussion", opened=stray)
    _swap(cast("nodes.Element", block[0]), element(html_text, "summary"))


def _lay_out_idea(idea: HtmlElement) -> None:
    _dress(idea, "marginalia-key-idea")
    title = title_of(idea)
    before, *term = title.children
    definition = element(html_inline, "dfn", *term)
    line = element(html_text, "p", before, definition, classes=["marginalia-term"])
    idea.replace(title, line)


def _dress(block: HtmlElement, name: str, *, opened: bool = False) -> None:
    block["classes"].insert(0, name)
    if opened:
        block["html"] = {"open": "open"}


def _swap(title: nodes.Element, summary: nodes.Element) -> None:
    """Replace *title* by *summary*, with the numbers of notes behind it.

    A summary is a button; a link within one cannot be told from it by a screen reader.
    """
    numbers = [node for node in find(title, inline_decoration) if node["tag"] == "sup"]
    for number in numbers:
        number.parent.remove(number)
    summary += title.children
    behind = [element(html_text, "p", *numbers)] if numbers else []
    title.parent.replace(title, [summary, *behind])
