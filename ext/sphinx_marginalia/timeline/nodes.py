"""What a timeline is, for every builder: a figure of a list of definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator


class timeline_figure(nodes.figure):
    """A timeline with its caption. ``alt`` describes it in words."""


class timeline(nodes.definition_list):
    """The milestones, in the order of their dates. ``groups`` are the names of their groups."""


class milestone(nodes.definition_list_item):
    """A date, and what happened.

    ``date`` is the date as it is written, if it is one; ``group`` is the name of its group.
    """


class milestone_title(nodes.strong):
    """The title of a milestone."""


class milestone_text(nodes.inline):
    """The text of a milestone."""


def add_nodes(app: Sphinx) -> None:
    """Register the nodes; the figure is numbered like all other figures."""
    for node in (timeline, milestone, milestone_title, milestone_text):
        app.add_node(node)
    app.add_enumerable_node(timeline_figure, "figure", override=True, latex=(_visit, _depart))


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    # A float must fit on one page and a list may be longer; in a minipage, Sphinx writes a caption
    # that needs no float.
    node["flows"] = any(isinstance(child, timeline) for child in node)
    if node["flows"]:
        latex.in_minipage += 1
        latex.body.append("\n\n\\begingroup\n")
    else:
        latex.visit_figure(node)


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    if node["flows"]:
        latex.in_minipage -= 1
        latex.body.append("\n\\endgroup\n\n")
    else:
        latex.depart_figure(node)
