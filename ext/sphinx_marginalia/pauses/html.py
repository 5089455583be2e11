"""Pauses and key ideas in HTML and EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.elements import HtmlElement, element, html_inline, html_text
from sphinx_marginalia.pauses.nodes import discussion, key_idea, pause_and_think, title_of
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
        for pause in self.document.findall(pause_and_think):
            _dress(pause, "marginalia-pause", opened=opened or pause["open"])
            _swap(title_of(pause), element(html_text, "summary"))
        for block in self.document.findall(discussion):
            stray = not isinstance(block.parent, pause_and_think)
            _dress(block, "marginalia-discussion", opened=stray)
            _swap(cast("nodes.Element", block[0]), element(html_text, "summary"))
        for idea in self.document.findall(key_idea):
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
    summary += title.children
    title.parent.replace(title, summary)
