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
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.pauses.nodes import discussion, key_idea, pause_and_think
from sphinx_marginalia.pauses.options import OPEN

if TYPE_CHECKING:
    from docutils import nodes


class LayOutPauses(SphinxPostTransform):
    """Make ``<details>`` of pauses and discussions, and ``<dfn>`` of the term of a key idea.

    Before::

        <pause_and_think><title>What does a probe show?</title><paragraph>Think of one.
        <key_idea><title>Probe

    After::

        <details class="marginalia-pause"><summary>What does a probe show?</summary>
            <p>Think of one.</p></details>
        <div class="marginalia-key-idea"><p class="marginalia-key-idea-term"><dfn>Probe</dfn></p>
    """

    default_priority = WriteStage.BLOCK_LAYOUT
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every block of the page, once: entries of a list of to-dos come here twice."""
        is_open = OPEN.value(self.config)
        for block in find(self.document, pause_and_think, discussion, key_idea):
            title = cast("nodes.Element", block[0])
            if isinstance(title, html_text):
                continue
            if isinstance(block, discussion):
                stray = not isinstance(block.parent, pause_and_think)
                _make_details(block, title, "marginalia-discussion", is_open=stray)
            elif isinstance(block, pause_and_think):
                _make_details(block, title, "marginalia-pause", is_open=is_open or block["open"])
            else:
                _lay_out_idea(block, title)


def _make_details(block: HtmlElement, title: nodes.Element, name: str, *, is_open: bool) -> None:
    """Make *block* a ``<details>`` with its *title* as ``<summary>``, and marks of notes after it.

    A summary is a button; a screen reader cannot tell a link within one from it.
    """
    block["classes"].insert(0, name)
    if is_open:
        block["html"] = {"open": "open"}
    marks = [node for node in find(title, inline_decoration) if node["tag"] == "sup"]
    for mark in marks:
        mark.parent.remove(mark)
    summary = element(html_text, "summary", *title.children)
    after = [element(html_text, "p", *marks)] if marks else []
    title.parent.replace(title, [summary, *after])


def _lay_out_idea(idea: HtmlElement, title: nodes.Element) -> None:
    idea["classes"].insert(0, "marginalia-key-idea")
    label, *term = title.children
    definition = element(html_inline, "dfn", *term)
    line = element(html_text, "p", label, definition, classes=["marginalia-key-idea-term"])
    idea.replace(title, line)
