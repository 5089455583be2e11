"""Claims in a PDF: Sphinx's block with a frame, kept together where it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sphinx_marginalia.ledger.nodes import claim

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.body.append("\n\\needspace{5\\baselineskip}")
    # Sphinx writes no label for a topic, so nothing could refer to one.
    latex.body.append(latex.hypertarget_to(node, anchor=True))
    latex.visit_topic(node)


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).depart_topic(node)


def setup(app: Sphinx) -> None:
    """Register the block once more, for LaTeX."""
    app.add_node(claim, override=True, latex=(_visit, _depart))
