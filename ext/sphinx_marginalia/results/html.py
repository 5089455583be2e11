"""Live figures on web pages: a place to draw in beside the picture, and the data behind it."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import WEB_BUILDERS, builder_of
from sphinx_marginalia.core.nodes import element, find, html_block, html_inline, html_text
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.results.directives import DATA, SCRIPTS, TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.core.nodes import HtmlElement
    from sphinx_marginalia.results.domain import LiveFile
    from sphinx_marginalia.results.numbers import Column

#: The class of a live figure, and the start of those of its parts.
CLASS = "marginalia-live-figure"


class LayOutLiveFigures(SphinxPostTransform):
    """Give each live figure a place in which its script draws, and its table.

    Before::

        <figure live_data="…" live_scripts="…" live_table="…">
            <image alt="A curve." uri="rise.svg">
            <caption>
                …

    After::

        <figure classes="marginalia-live-figure" …>
            <html_block tag="div" html="{'data-script': '…', 'data-files': '[…]'}">
                <html_block tag="div" classes="marginalia-live-figure-picture">
                    <image alt="A curve." uri="rise.svg">
                <html_block tag="div" classes="marginalia-live-figure-canvas">
                <html_text tag="button" classes="marginalia-live-figure-start">
                <html_block tag="details" classes="marginalia-live-figure-data">
                    …
            <caption>
                …

    The parts are in one block, because docutils expects the caption to be the second node. A book
    on paper or in an EPUB has the picture alone.
    """

    default_priority = WriteStage.BLOCK_LAYOUT
    builders = WEB_BUILDERS

    def run(self, **kwargs: Any) -> None:
        for figure in find(self.document, nodes.figure):
            if TABLE in figure:
                self._lay_out(figure)

    def _lay_out(self, figure: nodes.figure) -> None:
        picture = figure[0]
        parts: list[nodes.Node] = [_part("picture", picture)]
        attributes: dict[str, str] = {}
        if scripts := figure.get(SCRIPTS):
            alt = next((image["alt"] for image in find(picture, nodes.image) if "alt" in image), "")
            named = {"role": "group", "aria_label": alt} if alt else {}
            # The focus is there after the button was pressed, unless the script draws controls.
            parts.append(_part("canvas", tabindex="-1", **named))
            parts.append(_start())
            files = json.dumps([self._address(file) for file in figure[DATA]])
            attributes = {"data_script": self._address(scripts[0]), "data_files": files}
        if figure[TABLE] or figure.get(DATA):
            parts.append(self._table(figure[TABLE], figure.get(DATA, [])))
        figure["classes"].append(CLASS)
        figure[0] = element(html_block, "div", *parts, classes=[f"{CLASS}-frame"], **attributes)

    def _address(self, file: LiveFile) -> str:
        """Return the address of *file* for this page; it changes when the file does."""
        builder = builder_of(self.env)
        is_one_page = builder.name == "singlehtml"
        here = "" if is_one_page else builder.get_target_uri(self.env.current_document.docname)
        return f"{relative_uri(here, quote(file.target))}?v={file.version}"

    def _table(self, columns: Sequence[Column], data: Sequence[LiveFile]) -> HtmlElement:
        """Return the data behind the figure, folded: a table, and links to the files."""
        parts: list[nodes.Node] = [element(html_text, "summary", nodes.Text(_("Data")))]
        if columns:
            # Wide tables are scrolled, also with the keyboard.
            scrolled = {"role": "group", "aria_label": _("Data"), "tabindex": "0"}
            parts.append(_part("table", _grid(columns), **scrolled))
        links: list[nodes.Node] = []
        for file in data:
            name = nodes.Text(file.target.rpartition("/")[2])
            links += [nodes.Text(", "), element(html_inline, "a", name, href=self._address(file))]
        if links:
            parts.append(element(html_text, "p", *links[1:]))
        return element(html_block, "details", *parts, classes=[f"{CLASS}-data"])


def _part(name: str, *children: nodes.Node, **attributes: str) -> HtmlElement:
    return element(html_block, "div", *children, classes=[f"{CLASS}-{name}"], **attributes)


def _start() -> HtmlElement:
    """Return the button of a figure that a reader has come to before its script had drawn."""
    words = nodes.Text(_("Try it"))
    return element(html_text, "button", words, type="button", classes=[f"{CLASS}-start"])


def _grid(columns: Sequence[Column]) -> nodes.table:
    """Return a table of *columns*, which may have different lengths."""
    rows = zip_longest(*(column.cells for column in columns), fillvalue="")
    head = nodes.thead("", _row(column.header for column in columns))
    body = nodes.tbody("", *map(_row, rows))
    specs = [nodes.colspec(colwidth=1) for _column in columns]
    group = nodes.tgroup("", *specs, head, body, cols=len(columns))
    return nodes.table("", group, classes=["colwidths-auto"])


def _row(texts: Any) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))
