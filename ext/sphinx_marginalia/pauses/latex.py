"""Pauses and key ideas in a PDF: Sphinx's titled block, kept together where it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sphinx_marginalia.pauses.nodes import key_idea, pause_and_think

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    # The block may be broken over two pages, but not right after its title.
    latex.body.append("\n\\needspace{6\\baselineskip}")
    # Sphinx writes no label for a topic, so nothing could refer to one.
    latex.body.append(latex.hypertarget_to(node, anchor=True))
    latex.visit_topic(node)


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).depart_topic(node)


def setup(app: Sphinx) -> None:
    """Register the visitors of LaTeX for the blocks."""
    for block in (pause_and_think, key_idea):
        app.add_node(block, override=True, latex=(_visit, _depart))
