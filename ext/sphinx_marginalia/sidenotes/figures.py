"""Figures and tables in the margin, figures whose caption is there, and those of full width.

An author gives a class to a directive of docutils, so the figure is a figure everywhere: numbers,
references and lists know it, and a builder without a margin shows it in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes

from sphinx_marginalia.core.nodes import (
    ancestors,
    document_of,
    element,
    find,
    html_block,
    html_inline,
    html_text,
)
from sphinx_marginalia.sidenotes.placement import (
    FULL_WIDTH,
    IN_MARGIN,
    MARGIN,
    MARGIN_CAPTION,
    is_open,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

#: What can be in the margin by its class.
Block = nodes.figure | nodes.table


def pass_classes_on(document: nodes.document) -> None:
    """Give the figure or captioned block around an image or code the class that places that.

    The option ``class`` of a figure belongs to its picture.
    """
    for node in find(document, nodes.image, nodes.literal_block):
        frame = node.parent.parent if isinstance(node.parent, nodes.reference) else node.parent
        if isinstance(frame, nodes.figure) or "literal_block" in frame:
            classes = cast("nodes.Element", node)["classes"]
            for name in (FULL_WIDTH, *IN_MARGIN):
                if name in classes and name not in frame["classes"]:
                    frame["classes"].append(name)
                if name in classes and name in IN_MARGIN:
                    classes.remove(name)


def blocks_for_margin(document: nodes.document) -> Iterator[tuple[Block, str]]:
    """Yield the figures and tables that have one of the classes, each with that, and remove it."""
    pass_classes_on(document)
    blocks: list[Block] = find(document, nodes.figure, nodes.table)
    for block in blocks:
        for name in IN_MARGIN:
            if name in block["classes"]:
                block["classes"].remove(name)
                if name == MARGIN or isinstance(
                    block[0], (nodes.title, nodes.image, nodes.reference)
                ):
                    yield block, name
                break


def lay_out_figures(document: nodes.document) -> bool:
    """Put figures and tables into the margin of a page, and return whether there are any.

    In a box they stay where they are: the box may clip them, and they belong to its text.

    Before::

        <figure classes="margin" align="right" ids="heron">
            <image uri="heron.svg">
            <caption>A heron.

    After::

        <html_block tag="div" classes="marginalia-marginnote … marginalia-note-figure">
            <figure align="default" ids="heron">
                <image uri="heron.svg">
                <caption>A heron.

    A figure whose caption is in the margin only gets the class ``marginalia-note-captioned``, and a
    table becomes such a figure: nothing can float out of a table.
    """
    is_used = False
    for block, name in [*blocks_for_margin(document)]:
        if not all(map(is_open, ancestors(block))):
            continue
        is_used = True
        block["align"] = "default"
        block.attributes.pop("width", None)
        if name == MARGIN_CAPTION:
            framed = block if isinstance(block, nodes.figure) else _framed(block)
            framed["classes"].append(IN_MARGIN[name])
            continue
        classes = ["marginalia-marginnote", "marginalia-note-beside-block", IN_MARGIN[MARGIN]]
        holder = element(html_block, "div", classes=classes)
        block.parent.replace(block, holder)
        holder += block
    return is_used


def _framed(table: nodes.table) -> html_block:
    """Return a figure of *table* whose caption is that of the table, with its number."""
    title = table.pop(0)
    caption = element(html_text, "p", *_number_of(table), *cast("nodes.Element", title).children)
    figure = element(html_block, "figure")
    table.parent.replace(table, figure)
    figure += [table, element(html_block, "figcaption", caption)]
    return figure


def _number_of(table: nodes.table) -> list[nodes.Node]:
    """Return the number of a table as Sphinx would write it, if it has one."""
    env = cast("nodes.document", table.document).settings.env
    name = document_of(table, env.current_document.docname)
    numbers = env.toc_fignumbers.get(name, {}).get("table", {})
    for number in (numbers[id_] for id_ in table["ids"] if id_ in numbers):
        words = env.config.numfig_format["table"] % ".".join(map(str, number))
        return [element(html_inline, "span", nodes.Text(f"{words} "), classes=["caption-number"])]
    return []


def keep_ids_once(_app: Sphinx, document: nodes.document, _docname: str) -> None:
    """Take the ids of a table from the box that a theme has put around it (``doctree-resolved``).

    Furo repeats them there, which is invalid HTML.
    """
    for table in find(document, nodes.table):
        if isinstance(table.parent, nodes.container):
            table.parent["ids"] = [id_ for id_ in table.parent["ids"] if id_ not in table["ids"]]
