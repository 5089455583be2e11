"""Timelines: milestones that are written as data, and shown as a drawing or a list.

The directive ``timeline`` reads YAML, below its name or in a file::

    :::{timeline} How far away the stars are
    - date: 1838
      title: 61 Cygni
      text: the first distance of a star
      cite: bessel1838
    - date: 2013-12..2025-01
      title: Gaia
      text: nearly two *billion* stars
    :::

In the document tree it is a figure of a definition list, which every builder can show::

    <timeline_figure>
        <timeline>
            <milestone date="1838">
                <term>
                    1838
                <definition>
                    <paragraph>
                        <milestone_title>
                            61 Cygni
                        : the first distance of a star (Bessel 1838)
        <caption>
            How far away the stars are

A web page gets two drawings of it, a wide and a narrow one, and shows the one that it has room for;
a PDF gets one. They are drawn after references are resolved, so each milestone links to its source.
The layout is a function of the milestones and of a width.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, add_latex_package
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.timeline.directive import TimelineDirective
from sphinx_marginalia.timeline.nodes import add_nodes
from sphinx_marginalia.timeline.problems import TimelineProblem
from sphinx_marginalia.timeline.transforms import (
    DrawTimelines,
    DrawTimelinesForLatex,
    ListTimelines,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
PROBLEMS = TimelineProblem


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, nodes and transforms of timelines."""
    add_catalog(app)
    add_assets(app, HERE / "marginalia-timeline.css", where=("marginalia-timeline",))
    add_elements(app)
    add_nodes(app)
    add_latex_package(app, "tikz")
    add_syntax(app, {"timeline": TimelineDirective})
    for post_transform in (ListTimelines, DrawTimelines, DrawTimelinesForLatex):
        app.add_post_transform(post_transform)
    return METADATA
