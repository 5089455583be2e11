"""Pauses and key ideas in HTML and EPUB."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import WEB_BUILDERS
from sphinx_marginalia.core.nodes import (
    HtmlElement,
    aside_block,
    element,
    find,
    html_block,
    html_inline,
    html_text,
    inline_decoration,
)
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.pauses.nodes import discussion, key_idea, pause_and_think
from sphinx_marginalia.pauses.options import ANSWERS, OPEN

LIST = "marginalia-pause-list"


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


class AddAnswers(SphinxPostTransform):
    """Put a form for the reader's own answer at the end of each pause, and one above their list.

    Both are hidden, and the first has no inputs: the script adds them and shows it. So a page
    without scripts has nothing on it that does not work.

    Before::

        <pause_and_think>
            …
        <definition_list classes="marginalia-pause-list">

    After::

        <pause_and_think>
            …
            <aside_block tag="form" classes="marginalia-pause-answer" hidden="hidden">
                …
        <html_block tag="div">
            <aside_block tag="form" classes="marginalia-pause-export" hidden="hidden">
                …
            <definition_list classes="marginalia-pause-list">
    """

    default_priority = WriteStage.BLOCK_CONTROLS
    # Not in an EPUB, whose readers keep notes of their own.
    builders = WEB_BUILDERS

    def run(self, **kwargs: Any) -> None:
        """Add the forms, if the project wants them."""
        if not ANSWERS.value(self.config):
            return
        for pause in find(self.document, pause_and_think):
            if pause["ids"]:
                labels = [
                    element(html_inline, "label", nodes.Text(words))
                    for words in (_("Your answer, kept in this browser only"), _("Answered"))
                ]
                pause += _form("marginalia-pause-answer", labels)
        for listing in find(self.document, nodes.definition_list):
            if LIST in listing["classes"]:
                buttons = [
                    element(html_inline, "button", nodes.Text(words), value=value)
                    for value, words in (
                        ("md", _("Save your answers as Markdown")),
                        ("txt", _("as cards for Anki")),
                    )
                ]
                form = _form("marginalia-pause-export", buttons)
                form["html"]["data-answered"] = _("answered")
                block = element(html_block, "div")
                listing.parent.replace(listing, block)
                block += [form, listing]


def _form(name: str, children: list[Any]) -> aside_block:
    return element(aside_block, "form", *children, classes=[name], hidden="hidden")
