"""Figures and tables in the margin, figures whose caption is there, and those of full width.

An author gives a class to a directive of docutils, so the figure is a figure everywhere: numbers,
references and lists know it, and a builder without a margin shows it in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes

from sphinx_marginalia.core.nodes import ancestors, element, find, html_block
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
        for name in IN_MARGIN if isinstance(block, nodes.figure) else (MARGIN,):
            if name in block["classes"]:
                block["classes"].remove(name)
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

    A figure whose caption is in the margin only gets the class ``marginalia-note-captioned``.
    """
    is_used = False
    for block, name in [*blocks_for_margin(document)]:
        if not all(map(is_open, ancestors(block))):
            continue
        is_used = True
        block["align"] = "default"
        block.attributes.pop("width", None)
        if name == MARGIN_CAPTION:
            block["classes"].append(IN_MARGIN[name])
            continue
        classes = ["marginalia-marginnote", "marginalia-note-beside-block", IN_MARGIN[MARGIN]]
        holder = element(html_block, "div", classes=classes)
        block.parent.replace(block, holder)
        holder += block
    return is_used


def keep_ids_once(_app: Sphinx, document: nodes.document, _docname: str) -> None:
    """Take the ids of a table from the box that a theme has put around it (``doctree-resolved``).

    Furo repeats them there, which is invalid HTML.
    """
    for table in find(document, nodes.table):
        if isinstance(table.parent, nodes.container):
            table.parent["ids"] = [id_ for id_ in table.parent["ids"] if id_ not in table["ids"]]
